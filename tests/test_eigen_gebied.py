"""The notebook of your own area runs for six kinds of area, without edits."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from huisartsdata import werkstroom
from huisartsdata.werk.werkgebied import zoek_werkgebied
from huisartsdata.werk.werkvraag import Werkvraag

from .conftest import WORTEL

PADEN = werkstroom.notebooks(WORTEL / "notebooks")
GEBIEDEN = (
    "provincie:Drenthe",
    "gemeente:Dordrecht",
    "provincie:Zeeland",
    "gemeente:Enschede",
    "provincie:Flevoland",
    "gemeente:Vlieland",
)


def _eigen_gebied(gebied: str, map_: Path) -> tuple[str, ...]:
    (boek,) = [p for p in PADEN if p.stem == werkstroom.EIGEN_REGIO]
    return werkstroom.voer_uit(boek, map_, vraag=Werkvraag(gebied=gebied)).bestanden


def test_the_notebook_of_your_own_area_runs_everywhere_without_edits(tmp_path):
    # a region, a city, a province of islands, a border city, a polder, and an island with one practice
    mappen = [tmp_path / str(n) for n in range(len(GEBIEDEN))]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processen:
        for gebied, bestanden in zip(GEBIEDEN, processen.map(_eigen_gebied, GEBIEDEN, mappen), strict=True):
            slug = zoek_werkgebied(gebied).slug
            namen = {p.rsplit("/", 1)[-1] for p in bestanden}
            for wat in ("afstand", "bereik_zekerheid", "uitval_rooster", "laatste_praktijk"):
                assert {f"{slug}_{wat}.{e}" for e in ("png", "svg", "csv", "json")} <= namen, gebied
