"""Water as an obstacle: land compartments (vakken), and the cheapest way over bridges, tunnels and ferries.

Barrier lines divide the plane into compartments; a point's compartment is one point-in-polygon, so no
line is intersected per pair. A pair in two compartments travels over the cheapest chain of crossings.
Coordinates are RD metres (EPSG:28992), distances km, times minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from huisartsdata.bronnen.catalogus import PEILJAAR, open_tabel, snapshot
from huisartsdata.fouten import BronFout, ParameterFout

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Getallen = NDArray[np.float64]
    Indices = NDArray[np.int64]

# the box of RD coordinates: it closes the compartments along the sea and the national border
RD_VAK = (0.0, 300_000.0, 290_000.0, 630_000.0)
BLOK = 2_000_000  # point x crossing distances held at once: 16 MB


@dataclass(frozen=True, eq=False)
class Water:
    """Compartments, and the cheapest way between every two crossings.

    Attributes
    ----------
    vakken
        Codes of the compartments; the numbers below count in this order.
    vlakken
        Their polygons, one per compartment.
    xy
        Crossings, km.
    a, b
        Compartment on either side of each crossing.
    km
        Length of the cheapest way from crossing to crossing.
    wacht
        Minutes of waiting and sailing on that way, both ends included.
    km_per_min
        Kilometres that weigh as much as a minute of waiting when the way is chosen.
    """

    vakken: tuple[str, ...]
    vlakken: NDArray[np.object_]
    xy: Getallen
    a: Indices
    b: Indices
    km: Getallen
    wacht: Getallen
    km_per_min: float


def load_vakken(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Land compartments between wide waters, each with one point inside (index `vak`, `naam`)."""
    return open_tabel("vakken", peiljaar=peiljaar)


def load_barrieres(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Lines that are crossed only at a crossing: `naam`, `vak_a`, `vak_b`, `soort`, `bron`."""
    return open_tabel("barrieres", peiljaar=peiljaar)


def load_overgangen(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Bridges, tunnels, dams and ferries: `naam`, the compartments on both sides, wait in minutes.

    `auto` is "nee" for a ferry without cars; `open_sinds` is a year where a crossing is newer than the
    reference year. Names are general knowledge, not checked with the authority that manages the road.

    Examples
    --------
    >>> tunnel = load_overgangen().set_index("naam").loc["Drechttunnel (A16)"]
    >>> tunnel["vak_a"], tunnel["vak_b"], tunnel["soort"]
    ('IJM', 'DOR', 'tunnel')
    """
    return open_tabel("overgangen", peiljaar=peiljaar)


def load_rivieren(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Middle lines of wide rivers and canals, for drawing: `naam`, LineString; no lake and no sea.

    Examples
    --------
    >>> "Oude Maas" in set(load_rivieren()["naam"])
    True
    """
    return open_tabel("rivieren", peiljaar=peiljaar)


def maak_water(
    barrieres: gpd.GeoDataFrame,
    overgangen: gpd.GeoDataFrame,
    vakken: gpd.GeoDataFrame,
    *,
    km_per_min: float,
    wacht_factor: float = 1.0,
    auto: bool = True,
) -> Water:
    """Turn barrier lines into compartments, and crossings into a table of cheapest ways.

    The way between two crossings that share a compartment is their straight distance plus half of each
    one's wait; longer ways are found with Floyd and Warshall's algorithm on km + km_per_min x minutes.

    Parameters
    ----------
    barrieres, overgangen, vakken
        As `load_barrieres`, `load_overgangen` and `load_vakken` give them.
    km_per_min
        Kilometres that weigh as much as a minute of waiting.
    wacht_factor
        Multiplies every wait.
    auto
        Only crossings for cars.

    Raises
    ------
    BronFout
        When the lines do not close, so that a compartment holds no point of `vakken`, or two.
    """
    lijnen = barrieres.sort_index().geometry.to_numpy()
    net = shapely.union_all([*lijnen, shapely.box(*RD_VAK).exterior])
    stukken = np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(net))), dtype=np.object_)
    vakken = vakken.sort_index()
    punt, stuk = shapely.STRtree(stukken).query(vakken.geometry.to_numpy(), predicate="within")
    if not len(stukken) == len(vakken) == len(punt) == len(np.unique(stuk)):
        raise BronFout(
            f"de barrières maken {len(stukken)} vakken, maar er zijn er {len(vakken)} met een naam; "
            "laat de lijnen op elkaar en op de rand sluiten en geef elk vak één punt"
        )
    vlakken = np.empty(len(vakken), dtype=np.object_)
    vlakken[punt] = stukken[stuk]
    shapely.prepare(vlakken)

    o = overgangen.sort_index()
    o = o[o["auto"] == "ja"] if auto else o
    nummer = {vak: k for k, vak in enumerate(vakken.index)}
    a = o["vak_a"].map(nummer).to_numpy(dtype=np.int64)
    b = o["vak_b"].map(nummer).to_numpy(dtype=np.int64)
    xy = np.column_stack([o.geometry.x, o.geometry.y]) / 1000
    km, wacht = _goedkoopste_wegen(
        xy, a, b, o["wachttijd_min"].to_numpy(np.float64) * wacht_factor, km_per_min
    )
    return Water(tuple(vakken.index), vlakken, xy, a, b, km, wacht, km_per_min)


def _goedkoopste_wegen(
    xy: Getallen, a: Indices, b: Indices, wacht: Getallen, km_per_min: float
) -> tuple[Getallen, Getallen]:
    """Km and waiting minutes of the cheapest way between all crossings (both ends' waits included)."""
    naast = (a[:, None] == a) | (a[:, None] == b) | (b[:, None] == a) | (b[:, None] == b)
    helft = (wacht[:, None] + wacht) / 2
    km = np.where(naast, meet_afstand(xy, xy), np.inf)
    kost, tijd = km + helft * km_per_min, helft.copy()
    for matrix in (kost, tijd, km):
        np.fill_diagonal(matrix, 0.0)
    for k in range(len(xy)):
        via = kost[:, k, None] + kost[k]
        beter = via < kost
        kost = np.where(beter, via, kost)
        km = np.where(beter, km[:, k, None] + km[k], km)
        tijd = np.where(beter, tijd[:, k, None] + tijd[k], tijd)
    return km, tijd + helft


def land_water(*, km_per_min: float, wacht_factor: float = 1.0, peiljaar: int = PEILJAAR) -> Water:
    """Water of the snapshot, made once per setting."""
    s = snapshot(peiljaar)
    hashes = tuple(s.tabellen[naam].sha256 for naam in ("barrieres", "overgangen", "vakken"))
    return _land_water(km_per_min, wacht_factor, peiljaar, hashes)


@cache
def _land_water(km_per_min: float, wacht_factor: float, peiljaar: int, _hashes: tuple[str, ...]) -> Water:
    tabellen = (
        load_barrieres(peiljaar=peiljaar),
        load_overgangen(peiljaar=peiljaar),
        load_vakken(peiljaar=peiljaar),
    )
    return maak_water(*tabellen, km_per_min=km_per_min, wacht_factor=wacht_factor)


def vak_van(water: Water, xy: Getallen, *, rand_km: float = 0.0) -> Indices:
    """Compartment number of each point; on a border the lower one.

    Parameters
    ----------
    water
        The compartments.
    xy
        Points, n x 2, RD metres.
    rand_km
        A point outside the box belongs to the nearest compartment when that is no further than this;
        else its number is -1.

    Examples
    --------
    >>> water = land_water(km_per_min=0.6)
    >>> [water.vakken[k] for k in vak_van(water, np.array([[105000.0, 424500.0], [104000.0, 426500.0]]))]
    ['DOR', 'IJM']
    """
    if xy.ndim != 2 or xy.shape[1] != 2:
        raise ParameterFout(f"punten moeten een tabel van n bij 2 zijn, niet {xy.shape}.")
    uit = np.full(len(xy), -1, dtype=np.int64)
    punten = shapely.points(xy)
    boom = shapely.STRtree(water.vlakken)
    punt, vlak = boom.query(punten, predicate="intersects")
    uit[punt[::-1]] = vlak[::-1]  # on a border the first hit stays; query gives points in order
    buiten = np.flatnonzero(uit < 0)
    if len(buiten) and rand_km > 0:
        raak, afstand = boom.query_nearest(punten[buiten], all_matches=False, return_distance=True)
        dichtbij = afstand <= rand_km * 1000
        uit[buiten[raak[0][dichtbij]]] = raak[1][dichtbij]
    return uit


def omleiden(
    water: Water,
    punten: tuple[Getallen, Getallen],
    vakken: tuple[Indices, Indices],
    paren: tuple[Indices, Indices],
    recht: Getallen,
) -> tuple[Getallen, Getallen]:
    """Lead pairs in different compartments over the cheapest crossings.

    Parameters
    ----------
    water
        Compartments and crossings.
    punten
        Points of departure and of arrival, RD metres.
    vakken
        Their compartments, as `vak_van` gives them.
    paren
        Pairs: places in the one and in the other.
    recht
        Straight km of each pair.

    Returns
    -------
    tuple
        Km and waiting minutes per pair; km is inf where no crossing leads.
    """
    i, j = paren
    km, wacht = recht.astype(np.float64, copy=True), np.zeros(len(recht))
    anders = np.flatnonzero(vakken[0][i] != vakken[1][j])
    if not len(anders):
        return km, wacht
    n = len(water.vakken)
    sleutel = (vakken[0][i[anders]] * n + vakken[1][j[anders]]).astype(np.int32)
    volgorde = np.argsort(sleutel, kind="stable")
    grenzen = np.flatnonzero(np.diff(sleutel[volgorde])) + 1
    van_km, naar_km = punten[0] / 1000, punten[1] / 1000
    for deel in np.split(anders[volgorde], grenzen):
        vi, vj = vakken[0][i[deel[0]]], vakken[1][j[deel[0]]]
        uit = np.flatnonzero((water.a == vi) | (water.b == vi))
        in_ = np.flatnonzero((water.a == vj) | (water.b == vj))
        if not len(uit) or not len(in_):
            km[deel] = np.inf
            continue
        wie, rij = np.unique(i[deel], return_inverse=True)
        doel, kolom = np.unique(j[deel], return_inverse=True)
        kost, kost_km, eerste = tot_laatste(water, van_km[wie], uit, in_)
        laatste = meet_afstand(water.xy[in_], naar_km[doel])
        for begin in range(0, len(deel), BLOK // len(in_) + 1):
            stuk = slice(begin, begin + BLOK // len(in_) + 1)
            r, k = rij[stuk], kolom[stuk]
            beste = kost[0, r] + laatste[0, k]
            via = np.zeros(len(r), dtype=np.intp)
            for c in range(1, len(in_)):
                nu = kost[c, r] + laatste[c, k]
                via[nu < beste] = c
                np.minimum(beste, nu, out=beste)
            paar = deel[stuk]
            km[paar] = kost_km[via, r] + laatste[via, k]
            wacht[paar] = water.wacht[eerste[via, r], in_[via]]
    return km, wacht


def tot_laatste(
    water: Water, van_km: Getallen, uit: Indices, in_: Indices
) -> tuple[Getallen, Getallen, Indices]:
    """From each point to each last crossing (crossings x points): cost, km, first crossing."""
    ga = meet_afstand(water.xy[uit], van_km)
    vorm, kolom = (len(in_), len(van_km)), np.arange(len(van_km))
    kost, kost_km, eerste = np.empty(vorm), np.empty(vorm), np.empty(vorm, dtype=np.int64)
    for k, c in enumerate(in_):
        weg = water.km[uit, c]
        alles = ga + (weg + water.km_per_min * water.wacht[uit, c])[:, None]
        m = alles.argmin(axis=0)
        kost[k], kost_km[k], eerste[k] = alles[m, kolom], ga[m, kolom] + weg[m], uit[m]
    return kost, kost_km, eerste


def meet_afstand(een: Getallen, twee: Getallen) -> Getallen:
    """Distances, len(een) x len(twee)."""
    return np.hypot(een[:, 0, None] - twee[:, 0], een[:, 1, None] - twee[:, 1])
