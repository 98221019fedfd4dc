"""Speed of the travel engine on the real country, against a bare neighbour query by the best library.

Run it as a script; pytest does not collect it. What is compared is timed in turns within one run and the
ratio taken per turn; printed are the median with smallest and largest. Targets stand beside the figures
and fail nothing; a pair that the library finds and the engine does not stops the run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

import huisartsdata as hd
from huisartsdata.gebieden.reismodel import bereken_reistijden, vind_paren
from huisartsdata.gebieden.reisomgeving import Reisomgeving

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bereik_bench import Meting, prestatierijen

BEURTEN = 15


def alle_metingen() -> list[Meting]:
    """Finding pairs against three bare queries, then whole tables of travel times."""
    buurten, praktijken = hd.load_buurten(), hd.load_praktijken()
    punten = buurten.geometry[buurten.geometry.notna()]
    van = np.column_stack([punten.x, punten.y])
    naar = np.column_stack([praktijken.geometry.x, praktijken.geometry.y])
    straal_m = Reisomgeving().zoekafstand(30) * 1000
    uit = _tegen_query("places of postcodes", van, naar, straal_m)
    los = naar + np.random.default_rng(1).uniform(-200, 200, naar.shape)  # every practice at its own place
    uit += _tegen_query("places all different", van, los, straal_m)
    for wat, omgeving in (("with water", Reisomgeving()), ("without water", Reisomgeving(water=False))):
        tijden = [
            _klok(lambda o=omgeving: bereken_reistijden(punten, praktijken.geometry, omgeving=o))
            for _ in range(5)
        ]
        paren = bereken_reistijden(punten, praktijken.geometry, omgeving=omgeving).minuten.nnz
        uit.append(
            Meting(
                f"travel times of the country within 30 minutes, {wat}",
                f"{statistics.median(tijden):.2f} s ({min(tijden):.2f}-{max(tijden):.2f})",
                "a few seconds",
                f"{len(punten):,} x {len(praktijken):,}, {paren:,} pairs",
            )
        )
    piek = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    uit.append(Meting("peak memory of all that", f"{piek:.2f} GB", "modest"))
    return uit


def _tegen_query(wat: str, van: np.ndarray, naar: np.ndarray, straal_m: float) -> list[Meting]:
    """Pairs as ordered arrays with distances, against bare queries of a ready-made tree."""
    bomen = cKDTree(van), cKDTree(naar)
    bare = {
        "cKDTree.sparse_distance_matrix": lambda: bomen[0].sparse_distance_matrix(
            bomen[1], straal_m, output_type="ndarray"
        ),
        "cKDTree.query_ball_point": lambda: bomen[1].query_ball_point(van, straal_m, return_sorted=False),
        "cKDTree.query_ball_tree": lambda: bomen[0].query_ball_tree(bomen[1], straal_m),
    }
    gevonden = vind_paren(van, naar, straal_m)
    hun = next(iter(bare.values()))()
    volgorde = np.lexsort((hun["j"], hun["i"]))
    assert np.array_equal(gevonden[0], hun["i"][volgorde]) and np.array_equal(gevonden[1], hun["j"][volgorde])
    uit = []
    for naam, query in bare.items():
        verhoudingen, ons, ander = [], [], []
        for _ in range(BEURTEN if "sparse" in naam else 5):
            ons.append(_klok(lambda: vind_paren(van, naar, straal_m)))
            ander.append(_klok(query))
            verhoudingen.append(ons[-1] / ander[-1])
        uit.append(
            Meting(
                f"all pairs within {straal_m / 1000:.1f} km, {wat}, against {naam}",
                f"{statistics.median(verhoudingen):.2f} ({min(verhoudingen):.2f}-{max(verhoudingen):.2f}) times its time",
                "under 2",
                f"{statistics.median(ons) * 1e3:.0f} against {statistics.median(ander) * 1e3:.0f} ms, {len(gevonden[0]):,} pairs",
            )
        )
    return uit


def _klok(functie: Callable[[], object]) -> float:
    begin = time.perf_counter()
    functie()
    return time.perf_counter() - begin


if __name__ == "__main__":
    print("\n".join(prestatierijen(alle_metingen())))
