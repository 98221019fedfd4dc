"""Which bridges, tunnels, dams and ferries a trip uses, by the travel engine's own water.

`water.omleiden` chooses the cheapest first and last crossing of a trip; the crossings between them follow
from the table of cheapest ways. Nothing is chosen anew here: lengths are those of the engine, bit for bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.catalogus import PEILJAAR
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.reisomgeving import Reisomgeving
from huisartsdata.gebieden.reistijdtabel import opsomming
from huisartsdata.gebieden.water import (
    land_water,
    load_overgangen,
    meet_afstand,
    omleiden,
    tot_laatste,
    vak_van,
)

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from huisartsdata.gebieden.water import Water

    Getallen = NDArray[np.float64]
    Indices = NDArray[np.int64]

SCHEIDING = "+"
TOLERANTIE_KM = 1e-9  # rounding of sums of legs; crossings lie metres apart


def zoek_oversteken(
    van: gpd.GeoSeries,
    naar: gpd.GeoSeries,
    paren: pd.DataFrame,
    *,
    omgeving: Reisomgeving | None = None,
) -> pd.DataFrame:
    """Crossings on the way of each pair, in the order of the trip.

    Parameters
    ----------
    van, naar
        Points in RD metres, indexed by unique id.
    paren
        Columns `van` and `naar`: ids of those points.
    omgeving
        Settings of the travel engine; default those of `data/parameters.csv`. Without water there is
        nothing to cross.

    Returns
    -------
    DataFrame
        By the index of `paren`: `van`, `naar`, `route_km` (straight legs over the crossings; inf where no
        crossing leads), `wacht_min` (waiting and sailing) and `overgangen`: ids joined by "+", "" when
        both lie in one compartment or no crossing leads.

    Raises
    ------
    OnbekendGebiedFout
        With every id of `paren` that has no point.
    ParameterFout
        When `paren` lacks a column, or a point is missing.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> van = gpd.GeoSeries([Point(105_000, 424_500)], index=["Dordrecht"], crs=28992)
    >>> naar = gpd.GeoSeries([Point(107_500, 427_500)], index=["Papendrecht"], crs=28992)
    >>> trip = zoek_oversteken(van, naar, pd.DataFrame({"van": ["Dordrecht"], "naar": ["Papendrecht"]}))
    >>> load_overgangen().loc[trip["overgangen"], "naam"].tolist()
    ['Papendrechtse brug (N3)']
    """
    if not {"van", "naar"} <= set(paren.columns):
        raise ParameterFout("paren heeft de kolommen van en naar nodig")
    omgeving = Reisomgeving() if omgeving is None else omgeving
    i, j = _plaatsen(van, paren["van"], "van"), _plaatsen(naar, paren["naar"], "naar")
    van_xy, naar_xy = _coordinaten(van), _coordinaten(naar)
    recht = np.hypot(*(van_xy[i] - naar_xy[j]).T) / 1000
    uit = paren[["van", "naar"]].assign(route_km=recht, wacht_min=0.0, overgangen="")
    if not omgeving.water or not len(paren):
        return uit
    water = land_water(km_per_min=omgeving.km_per_min_wachten, wacht_factor=omgeving.wacht_factor)
    vakken = (
        vak_van(water, van_xy, rand_km=omgeving.rand_km),
        vak_van(water, naar_xy, rand_km=omgeving.rand_km),
    )
    km, wacht = omleiden(water, (van_xy, naar_xy), vakken, (i, j), recht)
    via_km, eerste, laatste = _via(water, (van_xy, naar_xy), vakken, (i, j))
    om = eerste >= 0
    if not (via_km[om] == km[om]).all() or not np.isinf(km[(vakken[0][i] != vakken[1][j]) & ~om]).all():
        raise HuisartsdataFout("de overgangen horen niet bij de route; meld deze fout met de invoer")
    namen = _ids(water)
    keten = {
        (f, c): SCHEIDING.join(namen[k] for k in _keten(water, f, c))
        for f, c in set(zip(eerste[om].tolist(), laatste[om].tolist(), strict=True))
    }
    tekst = [keten.get((f, c), "") for f, c in zip(eerste.tolist(), laatste.tolist(), strict=True)]
    return uit.assign(route_km=km, wacht_min=wacht, overgangen=pd.Series(tekst, index=uit.index, dtype="str"))


def _via(
    water: Water,
    punten: tuple[Getallen, Getallen],
    vakken: tuple[Indices, Indices],
    paren: tuple[Indices, Indices],
) -> tuple[Getallen, Indices, Indices]:
    """Km, first and last crossing of each pair; -1 where none is used. As `omleiden` chooses them."""
    i, j = paren
    km = np.full(len(i), np.inf)
    eerste, laatste = np.full(len(i), -1, dtype=np.int64), np.full(len(i), -1, dtype=np.int64)
    anders = np.flatnonzero(vakken[0][i] != vakken[1][j])
    n = len(water.vakken)
    sleutel = vakken[0][i[anders]] * n + vakken[1][j[anders]]
    for stel in np.unique(sleutel):
        vi, vj = divmod(int(stel), n)
        rijen = anders[sleutel == stel]
        uit = np.flatnonzero((water.a == vi) | (water.b == vi))
        in_ = np.flatnonzero((water.a == vj) | (water.b == vj))
        if not len(uit) or not len(in_):
            continue
        wie, r = np.unique(i[rijen], return_inverse=True)
        doel, k = np.unique(j[rijen], return_inverse=True)
        kost, kost_km, begin = tot_laatste(water, punten[0][wie] / 1000, uit, in_)
        naar = meet_afstand(water.xy[in_], punten[1][doel] / 1000)
        via = (kost[:, r] + naar[:, k]).argmin(axis=0)  # the first of equals, as `omleiden` keeps it
        leidt = np.isfinite(kost_km[via, r])
        km[rijen] = kost_km[via, r] + naar[via, k]
        eerste[rijen] = np.where(leidt, begin[via, r], -1)
        laatste[rijen] = np.where(leidt, in_[via], -1)
    return km, eerste, laatste


def _keten(water: Water, van: int, naar: int) -> list[int]:
    """Crossings on the cheapest way from one to another, both ends included.

    From each crossing the next is the one whose leg plus cheapest rest adds up to the cheapest way.
    """
    eigen = np.diag(water.wacht)
    helft = (eigen[:, None] + eigen) / 2
    naast = (water.a[:, None] == water.a) | (water.a[:, None] == water.b)
    naast |= (water.b[:, None] == water.a) | (water.b[:, None] == water.b)
    kost = water.km + water.km_per_min * (water.wacht - helft)
    been = np.where(naast, meet_afstand(water.xy, water.xy) + water.km_per_min * helft, np.inf)
    keten, nu = [van], van
    while nu != naar:
        rest = been[nu] + kost[:, naar]
        rest[keten] = np.inf
        nu = naar if rest[naar] <= kost[nu, naar] + TOLERANTIE_KM else int(rest.argmin())
        if not np.isfinite(rest[nu]):
            raise HuisartsdataFout("de keten van overgangen sluit niet; meld deze fout met de invoer")
        keten.append(nu)
    return keten


def _ids(water: Water) -> list[str]:
    """Ids of the crossings in the order of `water`."""
    tabel = load_overgangen(peiljaar=PEILJAAR).sort_index()
    tabel = tabel[tabel["auto"] == "ja"]
    xy = np.column_stack([tabel.geometry.x, tabel.geometry.y]) / 1000
    if xy.shape != water.xy.shape or not (xy == water.xy).all():
        raise HuisartsdataFout("de overgangen horen niet bij dit water; meld deze fout met de invoer")
    return [str(k) for k in tabel.index]


def _plaatsen(punten: gpd.GeoSeries, ids: pd.Series, naam: str) -> Indices:
    plaatsen: Indices = punten.index.get_indexer(pd.Index(ids)).astype(np.int64)
    vreemd = sorted({str(k) for k in ids[plaatsen < 0]})
    if vreemd:
        raise OnbekendGebiedFout(f"{naam}: geen punt bij {opsomming(vreemd)}; geef ze mee", vreemd)
    return plaatsen


def _coordinaten(punten: gpd.GeoSeries) -> Getallen:
    xy = np.column_stack([punten.x.to_numpy(np.float64), punten.y.to_numpy(np.float64)])
    if not np.isfinite(xy).all():
        raise ParameterFout("er zijn punten zonder coördinaten; vul ze aan of laat ze weg")
    return xy
