"""The folder of one brief: its files, and a booklet that says what they were made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from huisartsdata.bronnen.catalogus import bestandshash
from huisartsdata.uitvoer.brieven.brief import SOORTEN, maak_brief, maak_map, schrijf_brief, schrijf_heel

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.briefinhoud import Briefgebied
    from huisartsdata.uitvoer.brieven.briefscenario import Scenario
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

BOEKJE = "brief.json"  # what a folder holds, and what it was made from


def schrijf_map(
    landbeeld: Landbeeld,
    gebied: Briefgebied,
    map_: Path | str,
    *,
    soorten: Sequence[str] = SOORTEN,
    scenario: Scenario | None = None,
    bestanden: Sequence[str] = (),
    gebiedenbestand: str = "",
    peiljaar: int | None = None,
    vinger: str | None = None,
) -> dict[str, Path]:
    """Make one brief and write it with its `brief.json`, which the reading room and a next run read.

    Parameters
    ----------
    landbeeld, gebied, scenario, bestanden, gebiedenbestand, peiljaar
        As for `maak_brief`.
    map_, soorten
        As for `schrijf_brief`.
    vinger
        Fingerprint of the brief, where it is known.

    Returns
    -------
    dict
        Kind -> path.

    Raises
    ------
    BronFout
        When the folder cannot be used, or the data changed since the picture was made.
    """
    map_ = maak_map(map_)
    brief = maak_brief(
        landbeeld,
        gebied,
        scenario=scenario,
        bestanden=bestanden,
        gebiedenbestand=gebiedenbestand,
        peiljaar=peiljaar,
    )
    (map_ / BOEKJE).unlink(missing_ok=True)  # a run that stops now leaves no promise behind
    paden = schrijf_brief(brief, map_, soorten=soorten)
    vraag = (scenario.vraag or scenario.vinger) if scenario else ""
    inhoud = {
        "titel": brief.titel,
        "vraag": brief.vraag,
        "antwoord": brief.antwoord,
        "soort": brief.soort,
        "trefwoorden": list(brief.trefwoorden),
        "datum": brief.datum,
        "versie": brief.versie,
        "opdracht": brief.opdracht,
        "levering": brief.levering,
        "vinger": vinger
        or vingerafdruk(
            landbeeld,
            gebied,
            scenario=vraag,
            bestanden=bestanden,
            gebiedenbestand=gebiedenbestand,
            peiljaar=peiljaar,
        ),
        "snapshot": brief.snapshot.versie,
        "hash": brief.snapshot.hash,
        "bestanden": {s: {"naam": p.name, "sha256": bestandshash(p)} for s, p in paden.items()},
    }
    tekst = json.dumps(inhoud, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    schrijf_heel(map_ / BOEKJE, tekst.encode())
    return paden


def vingerafdruk(
    landbeeld: Landbeeld,
    gebied: Briefgebied,
    *,
    scenario: str = "",
    bestanden: Sequence[str] = (),
    gebiedenbestand: str = "",
    peiljaar: int | None = None,
) -> str:
    """Hash of everything that the bytes of a brief depend on; the files themselves are in that of the picture."""
    delen = [
        landbeeld.vinger,
        gebied.gebied,
        gebied.naam,
        gebied.soort,
        gebied.gemeenten,
        gebied.wijken,
        gebied.slug,
        scenario,
        *bestanden,
        gebiedenbestand,
        str(peiljaar or ""),
    ]
    return hashlib.sha256(json.dumps(delen, ensure_ascii=False).encode()).hexdigest()


def is_klaar(map_: Path, vinger: str, soorten: Sequence[str] = SOORTEN) -> bool:
    """Whether a folder holds exactly this brief, whole."""
    try:
        boekje = json.loads((map_ / BOEKJE).read_text(encoding="utf-8"))
        if boekje["vinger"] != vinger:
            return False
        bestanden = boekje["bestanden"]
        return all(
            bestandshash(map_ / Path(bestanden[s]["naam"]).name) == bestanden[s]["sha256"] for s in soorten
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
