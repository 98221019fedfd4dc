"""Speed of reach on the real country, against pysal `access` and against memory itself.

Run it as a script; pytest does not collect it. Two things that are compared are timed in turns within one
run, and the ratio is taken per turn, so that a busy machine shifts both; what is printed is the median
ratio with its smallest and largest. Targets stand beside the figures and fail nothing; the oracle does: an
answer that differs from `access` where that is right stops the run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core: ratios that do not depend on the machine's

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model import verval
from huisartsdata.model.bereik import fca
from huisartsdata.model.bereiklokaal import fca_zonder, maak_basis

TRAP = {10: 1.0, 20: 0.68, 30: 0.22}
GAUSS = (4.5, 15.0)  # sigma and cut-off in minutes
TREKKINGEN = 1000
PC6_PUNTEN = 470_000  # demand points of a country by full postcode
BYTES_PER_PAAR = 8 + 8 + 2 * (8 + 4)  # minutes read, weights written, weights and columns read twice

T = TypeVar("T")
Land = tuple[pd.Series, pd.Series, Reistijden]


@dataclass(frozen=True)
class Meting:
    """One figure of the report: what was measured, the outcome with its spread, and the target."""

    wat: str
    uitkomst: str
    doel: str
    toelichting: str = ""


def prestatierijen(metingen: list[Meting]) -> list[str]:
    """The lines of a Markdown table, header included, for docs/prestaties.md."""
    kop = ["| What | Measured | Target | Note |", "|---|---|---|---|"]
    return kop + [f"| {m.wat} | {m.uitkomst} | {m.doel} | {m.toelichting} |" for m in metingen]


def alle_metingen(land: Land) -> list[Meting]:
    """Every measurement, the largest first: peak memory is a high-water mark of the process."""
    minuten = land[2].minuten
    n, m = minuten.shape
    kop = Meting("country", f"{n:,} x {m:,}, {minuten.nnz:,} pairs", "1.5-1.9 million pairs")
    orakel(land)
    return [
        kop,
        *schaal(land),
        *tegen_access(land),
        tegen_geheugen(land),
        *trekkingen(land),
        *sluiten(land, "steps to 30 minutes", verval.trap(TRAP)),
        *sluiten(land, "Gaussian to 15 minutes", verval.gauss(*GAUSS)),
    ]


def orakel(land: Land) -> None:
    """Equal to pysal `access` to 1e-9 where that is right: 2SFCA, E2SFCA, and 3SFCA without far pairs.

    Raises
    ------
    AssertionError
        With the method that differs.
    """
    from access import weights

    vraag, aanbod, reistijden = land
    zonder = {"methode": "2sfca", "verval": verval.binair(20.0)}
    stap = weights.step_fn(TRAP)
    gevallen = {
        "2sfca": (zonder, lambda a: a.two_stage_fca(name="x", max_cost=20)),
        "e2sfca": (
            {"methode": "e2sfca", "verval": verval.trap(TRAP)},
            lambda a: a.enhanced_two_stage_fca(name="x", max_cost=30, weight_fn=stap),
        ),
        "e2sfca, gauss": (
            {"methode": "e2sfca", "verval": verval.gauss(*GAUSS)},
            lambda a: a.enhanced_two_stage_fca(
                name="x", max_cost=GAUSS[1], weight_fn=weights.gaussian(GAUSS[0])
            ),
        ),
        "3sfca": (
            {"methode": "3sfca", "verval": verval.trap(TRAP)},
            lambda a: a.three_stage_fca(name="x", max_cost=30, weight_fn=stap),
        ),
    }
    for naam, (argumenten, hun) in gevallen.items():
        ons = fca(vraag, aanbod, reistijden, onbereikbaar="nul", **argumenten)
        anders = hun(_access(land)).iloc[:, 0].reindex(vraag.index)
        bereikbaar = anders.notna()  # unreachable people are NaN there and 0 here
        assert (ons[~bereikbaar] == 0).all(), naam
        np.testing.assert_allclose(ons[bereikbaar], anders[bereikbaar], rtol=1e-9, err_msg=naam)


def tegen_access(land: Land, beurten: int = 5) -> list[Meting]:
    """E2SFCA, decay weights included, on the same pairs: steps over all of them, and a Gaussian that ends early.

    `access` drops pairs beyond the cut-off first, so that the Gaussian leaves it a fifth of the work; here
    they are weighed and multiplied like the others.
    """
    from access import weights

    gereed = _access(land)
    gevallen = {
        "steps to 30 minutes": (verval.trap(TRAP), 30, weights.step_fn(TRAP), "at least 300"),
        "Gaussian to 15 minutes": (verval.gauss(*GAUSS), GAUSS[1], weights.gaussian(GAUSS[0]), "reported"),
    }
    uit = []
    for wat, (ons_verval, grens, functie, doel) in gevallen.items():
        ons, ander, verhouding = _om_beurten(
            lambda v=ons_verval: _e2sfca(land, v),
            lambda g=grens, f=functie: gereed.enhanced_two_stage_fca(name="x", max_cost=g, weight_fn=f),
            beurten,
            herhaal=7,
        )
        uit.append(
            Meting(
                f"E2SFCA with decay ({wat}) against pysal access",
                f"{verhouding} times",
                doel,
                f"{ons} against {ander}",
            )
        )
    return uit


def tegen_geheugen(land: Land, beurten: int = 15) -> Meting:
    """E2SFCA against copying as many bytes as it must move."""
    aantal = land[2].minuten.nnz * BYTES_PER_PAAR // 2  # a copy reads and writes: half the bytes each
    bron, doel = np.ones(aantal // 8), np.empty(aantal // 8)
    ander, ons, verhouding = _om_beurten(
        lambda: np.copyto(doel, bron), lambda: _e2sfca(land), beurten, herhaal=1
    )
    return Meting(
        "E2SFCA with decay against copying the same bytes",
        f"{verhouding} times",
        "at most 3",
        f"{ons} against {ander} for {BYTES_PER_PAAR} bytes a pair",
    )


def trekkingen(land: Land, aantal: int = TREKKINGEN) -> list[Meting]:
    """Cost of a draw in a stack against one run alone: supply drawn, and supply and need drawn."""
    vraag, aanbod, reistijden = land
    rng = np.random.default_rng(1)

    def trek(reeks: pd.Series) -> pd.DataFrame:
        return pd.DataFrame(
            rng.lognormal(0, 0.2, (len(reeks), aantal)) * reeks.to_numpy()[:, None], reeks.index
        )

    getrokken_aanbod = trek(aanbod)
    uit = []
    for wat, v in (("supply", vraag), ("supply and need", trek(vraag))):
        een, stapel, verhouding = _om_beurten(
            lambda v=v: fca(
                v,
                getrokken_aanbod,
                reistijden,
                methode="e2sfca",
                verval=verval.trap(TRAP),
                onbereikbaar="nul",
            ),
            lambda: _e2sfca(land),
            beurten=3,
            herhaal=1,
            delen=aantal,
        )
        doel = "at least 5" if wat == "supply" else "reported"
        uit.append(
            Meting(
                f"{aantal:,} draws of {wat}, per draw against alone",
                f"{verhouding} times cheaper",
                doel,
                f"{een} a draw against {stapel}",
            )
        )
    return uit


def sluiten(land: Land, wat: str, v: verval.Verval, aantal: int = 40, beurten: int = 5) -> list[Meting]:
    """Closing one practice around it only, against the full answer; equal bit for bit.

    Both times are those of the whole public call, the check of conservation and the Series included. In a
    sweep every practice is closed after another, as it is used; alone, a full run in between has emptied the
    processor's cache, which the local one then pays for.
    """
    vraag, aanbod, reistijden = land
    basis = maak_basis(vraag, aanbod, reistijden, methode="e2sfca", verval=v, onbereikbaar="nul")
    gekozen = np.random.default_rng(2).choice(aanbod.index, aantal, replace=False)
    resten = {praktijk: aanbod.drop(praktijk) for praktijk in gekozen}

    def vol(praktijk: str) -> pd.Series:
        return fca(vraag, resten[praktijk], reistijden, methode="e2sfca", verval=v, onbereikbaar="nul")

    gewichten = basis.gewichten
    per_rij = np.diff(gewichten.indptr)
    geraakt = [
        per_rij[basis.kolomrijen[basis.kolombegin[j] : basis.kolombegin[j + 1]]].sum()
        / len(reistijden.minuten.data)
        for j in reistijden.naar.get_indexer(gekozen)
    ]
    alleen, ronde_lokaal, ronde_vol = [], [], []
    for praktijk in gekozen:
        tijd_lokaal, een = _klok(lambda p=praktijk: fca_zonder(basis, [p]))
        tijd_vol, ander = _klok(lambda p=praktijk: vol(p))
        pd.testing.assert_series_equal(een, ander, check_exact=True)
        alleen.append(tijd_vol / tijd_lokaal)
    for _ in range(beurten):
        ronde_lokaal.append(_klok(lambda: [fca_zonder(basis, [p]) for p in gekozen])[0] / aantal)
        ronde_vol.append(_klok(lambda: [vol(p) for p in gekozen])[0] / aantal)
    ronde = [b / a for a, b in zip(ronde_lokaal, ronde_vol, strict=True)]
    return [
        Meting(
            f"closing one practice ({wat}) in a sweep, local against full",
            f"{_spreiding(ronde)} times",
            "at least 20",
            f"{_ms(ronde_lokaal)} against {_ms(ronde_vol)} each, {aantal} practices, equal bits",
        ),
        Meting(
            f"the same, each alone after a full run ({wat})",
            f"{_spreiding(alleen)} times",
            "at least 20",
            f"a closure sums {np.mean(geraakt):.1%} of all pairs again, {max(geraakt):.1%} at most",
        ),
    ]


def schaal(land: Land) -> list[Meting]:
    """Best time per million pairs from a tenth of the country to full postcodes, and the peak of memory.

    The best of several, since here one run stands for itself. Once the pairs outgrow the processor's cache
    the time per pair steps up once, and stays there.
    """
    factoren = [0.1, 0.33, 1.0, 3.3, 10.0, PC6_PUNTEN / len(land[0])]
    uit = []
    for factor in factoren:
        stuk = _geschaald(land, factor)
        tijd = min(_klok(lambda s=stuk: _e2sfca(s))[0] for _ in range(5 if factor > 1 else 15))
        paren = stuk[2].minuten.nnz
        uit.append(
            Meting(
                f"E2SFCA, {len(stuk[0]):,} demand points",
                f"{tijd / paren * 1e9:.2f} ms per million pairs",
                "linear in pairs",
                f"{paren:,} pairs, {_ms([tijd])}",
            )
        )
        del stuk
    piek = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    uit.append(Meting("peak memory of all that, making the pairs included", f"{piek:.1f} GB", "under 4"))
    return uit


def _e2sfca(land: Land, v: verval.Verval | None = None) -> pd.Series:
    vraag, aanbod, reistijden = land
    v = verval.trap(TRAP) if v is None else v
    return fca(vraag, aanbod, reistijden, methode="e2sfca", verval=v, onbereikbaar="nul")


def _geschaald(land: Land, factor: float) -> Land:
    """Fewer or more demand points: every buurt repeated with times that differ by up to a minute."""
    vraag, aanbod, reistijden = land
    doel = round(len(vraag) * factor)
    rijen = (
        np.sort(np.arange(doel) % len(vraag))
        if factor > 1
        else np.linspace(0, len(vraag) - 1, doel, dtype=int)
    )
    matrix = reistijden.minuten[rijen]
    afwijking = np.random.default_rng(3).random(matrix.nnz)
    np.subtract(afwijking, 0.5, out=afwijking)
    np.add(matrix.data, afwijking, out=matrix.data)
    np.clip(matrix.data, 0, reistijden.grens_minuten, out=matrix.data)
    for deel in (matrix.data, matrix.indices, matrix.indptr):
        deel.flags.writeable = False  # what is locked is not copied
    van = pd.Index([f"b{i:06}" for i in range(doel)])
    herhaald = Reistijden(van, reistijden.naar, matrix, reistijden.grens_minuten, reistijden.herkomst)
    op_rij = vraag.reindex(reistijden.van).to_numpy()[rijen]
    return pd.Series(op_rij, van), aanbod, herhaald


def _access(land: Land) -> Any:
    from access import Access

    vraag, aanbod, reistijden = land
    paren = reistijden.tabel()
    return Access(
        demand_df=pd.DataFrame({"vraag": vraag}).rename_axis("id"),
        demand_value="vraag",
        supply_df=pd.DataFrame({"fte": aanbod}).rename_axis("id"),
        supply_value="fte",
        cost_df=paren,
        cost_origin="van",
        cost_dest="naar",
        cost_name="minuten",
    )


def _om_beurten(
    een: Callable[[], object], ander: Callable[[], object], beurten: int, *, herhaal: int, delen: int = 1
) -> tuple[str, str, str]:
    """Median times of both and the ratio ander / een, taken in turns; `delen` divides the first."""
    een(), ander()  # warm
    tijden_een, tijden_ander = [], []
    for _ in range(beurten):
        tijden_een.append(statistics.median(_klok(een)[0] for _ in range(herhaal)) / delen)
        tijden_ander.append(_klok(ander)[0])
    verhoudingen = [b / a for a, b in zip(tijden_een, tijden_ander, strict=True)]
    return _ms(tijden_een), _ms(tijden_ander), _spreiding(verhoudingen)


def _klok(functie: Callable[[], T]) -> tuple[float, T]:
    begin = time.perf_counter()
    uit = functie()
    return time.perf_counter() - begin, uit


def _ms(tijden: list[float]) -> str:
    return f"{statistics.median(tijden) * 1e3:,.2f} ms"


def _spreiding(waarden: list[float]) -> str:
    return f"{statistics.median(waarden):.3g} ({min(waarden):.3g}-{max(waarden):.3g})"


def _land() -> Land:
    """Inhabited buurten, practices and default travel times, through the public loaders."""
    import huisartsdata as hd
    from huisartsdata.gebieden.reismodel import bereken_reistijden

    buurten, praktijken = hd.load_buurten(), hd.load_praktijken()
    bewoond = buurten[(buurten["inwoners"] > 0) & buurten.geometry.notna()]
    reistijden = bereken_reistijden(bewoond.geometry, praktijken.geometry, grens_minuten=30)
    aanbod = pd.Series(2.2, praktijken.index)  # the level does not matter here
    return bewoond["inwoners"].astype(float), aanbod, reistijden


if __name__ == "__main__":
    print("\n".join(prestatierijen(alle_metingen(_land()))))
