"""What-ifs: does a slider answer in a blink, and what do the national runs take?"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import huisartsdata as hd
from huisartsdata.uitvoer.schermen.uitvalpaneel import Uitvalrekenaar, uitvalzin

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bereik_bench import Meting, prestatierijen

BEURTEN = 7
DOEL_SCHUIF = 0.3  # seconds: what still feels like an answer at once


def _mediaan(doe: Callable[[], object], beurten: int = BEURTEN) -> tuple[float, float, float]:
    tijden = []
    for _ in range(beurten):
        begin = time.perf_counter()
        doe()
        tijden.append(time.perf_counter() - begin)
    return statistics.median(tijden), min(tijden), max(tijden)


def scenariometingen() -> list[Meting]:
    """Seconds of the what-ifs on the whole country, beside their target."""
    s = hd.landelijke_situatie(functie="zonder_wisselend")
    reken = Uitvalrekenaar({"zonder_wisselend": s}, "GM0505")
    stand = iter(range(3000, 9000, 100))  # every turn another size: a slider that moves

    def schuif() -> str:
        u = reken(
            patienten=next(stand), open_aandeel=0.2, grens_minuten=15, norm=2095, functie="zonder_wisselend"
        )
        return uitvalzin(u)

    begin = time.perf_counter()
    heel = hd.tekortbeeld(s)
    basis = time.perf_counter() - begin
    assert len(heel) == 342
    rijen: list[tuple[str, Callable[[], object], int, str]] = [
        ("a slider of the outage panel moves (50 draws, Dordrecht)", schuif, BEURTEN, f"{DOEL_SCHUIF} s"),
        ("outlook to 2035, whole country", lambda: hd.scenario.vooruitzicht(s, jaar=2035), 3, "-"),
        ("exchange, 100,000 people, whole country", lambda: hd.scenario.ruil(s), 2, "-"),
        (
            "vulnerability, 342 gemeenten x 3 sizes, 100 draws",
            lambda: hd.scenario.kwetsbaarheid(s, trekkingen=100),
            1,
            "60 s",
        ),
    ]
    uit = []
    for wat, doe, beurten, doel in rijen:
        midden, laag, hoog = _mediaan(doe, beurten)
        uit.append(
            Meting(
                wat,
                f"{midden:.2f} s ({laag:.2f}-{hoog:.2f})",
                doel,
                f"{midden / basis:.2f} times one national picture of shortage in the same run",
            )
        )
    return uit


if __name__ == "__main__":
    print("\n".join(prestatierijen(scenariometingen())))
