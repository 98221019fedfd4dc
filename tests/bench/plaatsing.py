"""Speed of placement on the real country, and of the p-median against spopt on one instance.

Run it as a script; pytest does not collect it. Targets stand beside the figures and fail nothing; an
optimum that differs from spopt's, or a second run that differs from the first, stops the run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

import huisartsdata as hd
from huisartsdata.scenario.plaatsen.herverdeling import herverdeel
from huisartsdata.scenario.plaatsen.mediaanmodel import p_mediaan
from huisartsdata.scenario.plaatsen.plaatsfront import grensfront
from huisartsdata.scenario.plaatsen.plaatsing import Plaatsing, plaats
from huisartsdata.scenario.plaatsen.plaatsmodel import plekken_van

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bereik_bench import Meting, prestatierijen

PUNTEN, MEDIANEN = 343, 34  # the size that spopt is compared on
BEURTEN = 3
MINUUT = "60 s"
NORMEN = (2095, 1800)


def alle_metingen() -> list[Meting]:
    """Placement by goal, area and step; moving; the frontier; and the p-median beside spopt."""
    land = hd.landelijke_situatie(functie="zonder_wisselend")
    return [*plaatsingen(land), *overig(land), *tegen_spopt(land)]


def plaatsingen(land: hd.Situatie) -> list[Meting]:
    """100 fte over all places with practices, for each goal; run twice where that is quick."""
    uit = []
    for norm in NORMEN:
        s = land.vervang(norm=norm)
        for per, stap, doel in (
            ("wijk", 0, "tekort"),
            ("wijk", 1.0, "tekort"),
            ("gemeente", 1.0, "tekort"),
            ("wijk", 0, "eerlijk"),
            ("gemeente", 0, "eerlijk"),
            ("gemeente", 1.0, "eerlijk"),
        ):
            p = plaats(s, fte=100, per=per, stap=stap, doel=doel)
            if p.seconden < 10:
                assert p == plaats(s, fte=100, per=per, stap=stap, doel=doel), (
                    "another answer the second time"
                )
            uit.append(_meting(f"{doel}, norm {norm}, per {per}, {_stap(stap)}", p))
    uit.append(_meting("tekort, norm 2095, per wijk, whole steps, 400 fte", plaats(land, fte=400)))
    uit.append(_meting("afstand, 20 practices, 10 minutes", plaats(land, fte=20, doel="afstand")))
    return uit


def overig(land: hd.Situatie) -> list[Meting]:
    """Moving fte, and the frontier with and without draws."""
    h = herverdeel(land, fte=500)
    front = _klok(lambda: grensfront(land))
    wijken = _klok(lambda: grensfront(land, per="wijk"))
    band = _klok(lambda: grensfront(land, trekkingen=200))
    return [
        Meting("moving at most 500 fte, per wijk", f"{h.seconden:.1f} s", MINUUT, "linear program, exact"),
        Meting("frontier, 0 to 1,000 fte by 50, per gemeente", f"{front:.1f} s", MINUUT, "42 points"),
        Meting("the same per wijk", f"{wijken:.1f} s", MINUUT),
        Meting("the same per gemeente with bands from 200 draws", f"{band:.1f} s", MINUUT),
    ]


def mediaangeval(land: hd.Situatie) -> tuple[pd.DataFrame, pd.Series]:
    """343 places with practices spread over the country by postcode, people at the nearest, straight km."""
    plek = plekken_van(land)
    g = land.praktijken.geometry[plek["praktijk_id"]].set_axis(plek.index)
    g = g.iloc[np.linspace(0, len(g) - 1, PUNTEN).round().astype(int)]
    xy = np.column_stack([g.x, g.y])
    bij = KDTree(xy).query(np.column_stack([land.punten.x, land.punten.y]))[1]
    mensen = np.bincount(bij, weights=land.inwoners.reindex(land.punten.index), minlength=PUNTEN)
    km = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) / 1000
    return pd.DataFrame(km, g.index, g.index), pd.Series(mensen, g.index)


def tegen_spopt(land: hd.Situatie) -> list[Meting]:
    """The same instance by both; the optimum must be one.

    Raises
    ------
    AssertionError
        When the two optima differ, or ours is not proven.
    """
    import pulp
    from spopt.locate import PMedian

    km, mensen = mediaangeval(land)

    def zij() -> float:
        model = PMedian.from_cost_matrix(km.to_numpy(), mensen.to_numpy(), MEDIANEN)
        return float(model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1)).problem.objective.value())

    onze, hunne = [], []
    for beurt in range(BEURTEN):
        begin = time.perf_counter()
        uit = p_mediaan(km, mensen, MEDIANEN)
        onze.append(time.perf_counter() - begin)
        if beurt == 0 or hunne[0] < 60:
            begin = time.perf_counter()
            waarde = zij()
            hunne.append(time.perf_counter() - begin)
        assert uit.gap == 0, uit.gap
        assert abs(uit.waarde - waarde) <= 1e-9 * waarde, (uit.waarde, waarde)
    keer = [b / a for a, b in zip(onze, hunne, strict=False)]
    tekst = f"{statistics.median(keer):.0f} times as fast ({min(keer):.0f}-{max(keer):.0f})"
    return [
        Meting(
            f"p-median, {PUNTEN} x {PUNTEN}, p = {MEDIANEN}, against spopt (CBC)",
            tekst,
            "10 times",
            f"{statistics.median(onze):.2f} s against {statistics.median(hunne):.1f} s; the same optimum, gap 0",
        )
    ]


def _meting(wat: str, p: Plaatsing) -> Meting:
    winst = f"{p.beginwaarde:,.4g} to {p.doelwaarde:,.4g}"
    return Meting(f"place {wat}", f"{p.seconden:.1f} s", MINUUT, f"{p.status}, gap {p.gap:.2%}; {winst}")


def _stap(stap: float) -> str:
    return "whole steps" if stap else "any amount"


def _klok(functie: Callable[[], object]) -> float:
    begin = time.perf_counter()
    functie()
    return time.perf_counter() - begin


if __name__ == "__main__":
    print("\n".join(prestatierijen(alle_metingen())))
