"""Time of a picture with draws: 342 gemeenten, on one core and spread over two processes.

Run it as a script; pytest does not collect it. Targets stand beside the figures and fail nothing; numbers
that differ between one and two processes do stop the run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from copy import copy
from multiprocessing import get_context
from pathlib import Path

import pandas as pd

import huisartsdata as hd
from huisartsdata.model.aanbod import trek_aanbod

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bereik_bench import Meting, prestatierijen

TREKKINGEN = 1000
KERNEN = 2
BEURTEN = 3


def alle_metingen() -> list[Meting]:
    """A picture, its draws by one and by two processes, ten times the draws, and supply alone."""
    maken = [_klok(hd.landelijke_situatie) for _ in range(BEURTEN)]
    situatie = hd.landelijke_situatie()
    model = situatie.aanbodmodel
    assert model is not None

    def beeld(trekkingen: int, executor: Executor | None = None) -> pd.DataFrame:
        vers = situatie.vervang(aanbodmodel=copy(model))  # a copy has not kept its draws
        return hd.tekortbeeld(vers, per="gemeente", trekkingen=trekkingen, seed=0, executor=executor)

    een, twee, tien, aanbod = [], [], [], []
    with ProcessPoolExecutor(KERNEN, mp_context=get_context("spawn")) as executor:
        list(executor.map(_wek, range(2 * KERNEN)))
        pd.testing.assert_frame_equal(
            pd.DataFrame(beeld(200, executor)), pd.DataFrame(beeld(200)), check_exact=True
        )
        for _ in range(BEURTEN):
            een.append(_klok(lambda: beeld(TREKKINGEN)))
            twee.append(_klok(lambda: beeld(TREKKINGEN, executor)))
            tien.append(_klok(lambda: beeld(10 * TREKKINGEN)))
            aanbod.append(_klok(lambda: trek_aanbod(copy(model), trekkingen=TREKKINGEN, seed=0)))
    gemeenten = situatie.gebied["gm_code"].nunique()
    return [
        Meting("the picture of the country, without draws", _s(maken), "reported"),
        Meting(f"{gemeenten} gemeenten with {TREKKINGEN:,} draws, one core", _s(een), "reported", "nothing spread"),
        Meting(
            f"{gemeenten} gemeenten with {TREKKINGEN:,} draws, {KERNEN} processes",
            _s(twee),
            "5 s on two cores",
            f"{_keer(een, twee)} times as fast as one core; equal bits; starting the processes not counted",
        ),
        Meting(
            f"{10 * TREKKINGEN:,} draws against {TREKKINGEN:,}, one core",
            f"{_keer(tien, een)} times the time",
            "about 10",
            f"{_s(tien)}; below 10 where what is made once per decay and speed weighs",
        ),
        Meting(f"{TREKKINGEN:,} draws of supply alone", _s(aanbod), "reported", f"{len(model.praktijken):,} practices"),
    ]  # fmt: skip


def _wek(nummer: int) -> int:
    """Make a new process import what it needs before the clock runs."""
    hd.verval.binair(1)
    hd.tekortbeeld.__module__  # noqa: B018
    return nummer


def _klok(functie: Callable[[], object]) -> float:
    begin = time.perf_counter()
    functie()
    return time.perf_counter() - begin


def _s(tijden: list[float]) -> str:
    return f"{statistics.median(tijden):.2f} s ({min(tijden):.2f}-{max(tijden):.2f})"


def _keer(boven: list[float], onder: list[float]) -> str:
    delen = [a / b for a, b in zip(boven, onder, strict=True)]
    return f"{statistics.median(delen):.2f} ({min(delen):.2f}-{max(delen):.2f})"


if __name__ == "__main__":
    print("\n".join(prestatierijen(alle_metingen())))
