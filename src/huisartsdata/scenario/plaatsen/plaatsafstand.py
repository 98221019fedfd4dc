"""Distance: where practices should open so that the fewest people live beyond some minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.plaatsen.plaatsdoelen import Keuze, Ruimte, gehele_stappen
from huisartsdata.scenario.plaatsen.plaatsmodel import SPELING, Programma, Rijen, gat_van

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.situatie import Situatie

    Vector = NDArray[np.float64]


def mensen_verder_dan(situatie: Situatie, minuten: float) -> pd.Series:
    """People who live further than `minuten` from every practice with fte; by `bu_code`, 0 elsewhere."""
    p = situatie.praktijken
    reis = situatie.reistijden
    if reis.grens_minuten is not None and minuten > reis.grens_minuten:
        raise ParameterFout(
            f"minuten={minuten:g} kan niet: de reistijden houden op bij {reis.grens_minuten:g} minuten"
        )
    open_ = np.zeros(len(reis.naar), dtype=bool)
    open_[reis.naar.get_indexer(p.index[p["fte"] > 0])] = True
    dichtbij = _aantal_binnen(reis.minuten, minuten, open_) > 0
    ver = pd.Series(np.where(dichtbij, 0.0, 1.0), reis.van).reindex(situatie.inwoners.index)
    return (situatie.inwoners * ver).rename("mensen")


def _aantal_binnen(tijden: sparse.csr_array, minuten: float, open_: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Number of open practices within the limit, per row."""
    binnen = (tijden.data <= minuten) & open_[tijden.indices]
    rij = np.repeat(np.arange(tijden.shape[0]), np.diff(tijden.indptr))
    return np.bincount(rij[binnen], minlength=tijden.shape[0])


def verre_buurten(situatie: Situatie, minuten: float) -> gpd.GeoSeries:
    """The places of all buurten beyond the limit, as candidates for a new practice."""
    mensen = mensen_verder_dan(situatie, minuten)
    ver = situatie.punten[mensen[mensen > 0].index.sort_values()]
    if ver.empty:
        raise ParameterFout(
            f"niemand woont verder dan {minuten:g} minuten van een praktijk; kies minder minuten"
        )
    bezet = set(situatie.reistijden.naar)
    return ver.set_axis([vrije_id(f"nieuw-{code}", bezet) for code in ver.index])


def vrije_id(code: str, bezet: set[str]) -> str:
    """The code itself, or with the first number behind it that is free."""
    return next(i for n in range(1, len(bezet) + 2) if (i := code if n == 1 else f"{code}-{n}") not in bezet)


def zoek_dichtbij(
    situatie: Situatie, reistijden: Reistijden, codes: pd.Index, ruimte: Ruimte, *, minuten: float, gap: float
) -> tuple[Keuze, float, float]:
    """The choice, and people beyond the limit before and after."""
    mensen = mensen_verder_dan(situatie, minuten)
    ver = mensen.index[mensen > 0].sort_values()
    tijden = reistijden.selecteer(van=ver, naar=codes).minuten
    binnen = (tijden.data <= minuten).astype(np.float64)
    dekking = sparse.csr_array((binnen, tijden.indices.copy(), tijden.indptr.copy()), shape=tijden.shape)
    dekking.eliminate_zeros()
    gewicht = mensen[ver].to_numpy()
    keuze = kies_dichtbij(dekking, gewicht, ruimte, gap)
    blijft = dekking @ (keuze.x > 0).astype(np.float64) == 0
    return keuze, float(gewicht.sum()), float(gewicht[blijft].sum())


def kies_dichtbij(dekking: sparse.csr_array, mensen: Vector, ruimte: Ruimte, gap: float) -> Keuze:
    """Least people left beyond reach (maximal covering location; Church and ReVelle 1974).

    Every place that opens gets one step; steps left over when all who can be covered are go to the opened
    places in order of code.

    Parameters
    ----------
    dekking
        0/1 matrix of demand points that are far now (rows) and places (columns).
    mensen
        People per demand point.
    """
    punten, plekken = dekking.shape
    aan = ruimte.hoogste >= 1
    rijen = Rijen(
        sparse.csr_array(sparse.hstack([dekking, sparse.eye_array(punten)])),
        np.ones(punten),
        np.full(punten, np.inf),
    )
    som = sparse.csr_array(np.r_[np.ones(plekken), np.zeros(punten)][None, :])
    rijen = rijen.samen(Rijen(som, np.zeros(1), np.array([ruimte.aantal])))
    hoog = np.r_[aan.astype(np.float64), np.ones(punten)]
    # less than the gap in all: a place that covers nobody stays shut, and the lower code wins
    tik = min(gap, SPELING) * max(mensen.sum(), 1.0) / max(ruimte.aantal, 1.0)
    kosten = np.r_[tik * (1 + np.arange(plekken) / max(plekken, 1)) / 2, mensen]
    p = Programma(kosten, rijen, hoog, geheel=gehele_stappen(ruimte, plekken, len(hoog)), gap=gap)
    uit = p.los_op()
    open_ = np.round(uit.x[:plekken])
    over = ruimte.aantal - open_.sum()
    x = open_.copy()
    volgorde = np.concatenate([np.flatnonzero(open_), np.flatnonzero(aan & (open_ == 0))])
    while over > 0:
        for c in volgorde:
            if over > 0 and x[c] < ruimte.hoogste[c]:
                x[c] += 1
                over -= 1
    ver = float(mensen @ ((dekking @ (x > 0)) == 0))
    grens = min(max(uit.grens - tik * ruimte.aantal, 0.0), ver)
    return Keuze(x * ruimte.stap, grens, gat_van(ver, grens), uit.af)
