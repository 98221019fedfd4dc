"""The default travel engine: car minutes between points without a road network.

Straight line x detour by urbanity, an own term inside each buurt, and wide water that is crossed only at
its bridges, tunnels, dams and ferries. Coordinates are RD metres (EPSG:28992), distances km. The constants
are rows of `data/parameters.csv` (prefix ``reis_``); how they were found and how far they hold stands in
docs/besluiten/0003-reistijden.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.spatial import KDTree

from huisartsdata.bronnen.catalogus import PEILJAAR, open_tabel, snapshot
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.reisomgeving import KLASSEN, Reisomgeving, straal_km
from huisartsdata.gebieden.reistijd import Reisbron, Reistijden
from huisartsdata.gebieden.reistijdtabel import opsomming
from huisartsdata.gebieden.water import Water, land_water, omleiden, vak_van

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Getallen = NDArray[np.float64]
    Indices = NDArray[np.int64]

RD_EPSG = 28992
BLOK = 5000  # demand points at a time: the pairs of one block fit in some 200 MB


@dataclass(frozen=True, eq=False)
class Plekken:
    """Points as arrays: RD metres (n x 2), urbanity class 1-5 and radius of the own buurt in km."""

    xy: Getallen
    klasse: Indices
    straal: Getallen

    def __getitem__(self, keuze: Indices | slice) -> Plekken:
        return Plekken(self.xy[keuze], self.klasse[keuze], self.straal[keuze])

    def __len__(self) -> int:
        return len(self.xy)


def vind_paren(van: Getallen, naar: Getallen, straal_m: float) -> tuple[Indices, Indices, Getallen]:
    """All pairs of points within a straight distance, ordered by van and then naar.

    Places that several practices share are searched once.

    Parameters
    ----------
    van, naar
        Points, n x 2, metres.
    straal_m
        Largest distance, included.

    Returns
    -------
    tuple
        Places in `van`, places in `naar` and metres, per pair.

    Examples
    --------
    >>> i, j, m = vind_paren(np.zeros((1, 2)), np.array([[9.0, 0.0], [3.0, 4.0], [3.0, 4.0]]), 5.0)
    >>> j.tolist(), m.tolist()
    ([1, 2], [5.0, 5.0])
    """
    if not len(van) or not len(naar):
        leeg = np.empty(0, dtype=np.int64)
        return leeg, leeg, np.empty(0)
    uniek, groep = _uniek(naar)
    i, u, meters = _zoek(van, uniek, straal_m)
    return _spreid_uit(i, u, groep, meters)


def _zoek(van: Getallen, naar: Getallen, straal_m: float) -> tuple[Indices, Indices, Getallen]:
    """Pairs of distinct places, ordered."""
    blok = KDTree(van).sparse_distance_matrix(KDTree(naar), straal_m, output_type="ndarray")
    sleutel = blok["i"] * len(naar) + blok["j"]
    volgorde = np.argsort(sleutel)
    i, j = np.divmod(sleutel[volgorde], len(naar))
    return i, j, blok["v"][volgorde]


def _uniek(rijen: Getallen) -> tuple[Getallen, Indices]:
    """Distinct rows in order of first appearance, and the number of each row's."""
    uniek, eerste, groep = np.unique(rijen, axis=0, return_index=True, return_inverse=True)
    rang = np.argsort(eerste)
    nieuw = np.empty(len(rang), dtype=np.int64)
    nieuw[rang] = np.arange(len(rang))
    return uniek[rang], nieuw[groep.ravel()]


def _spreid_uit(
    i: Indices, u: Indices, groep: Indices, waarden: Getallen
) -> tuple[Indices, Indices, Getallen]:
    """From pairs with a place to pairs with each practice on it; ordered pairs give ordered pairs."""
    leden = np.argsort(groep, kind="stable")
    in_blokken = len(leden) == 0 or bool((np.diff(leden) > 0).all())
    aantal = np.bincount(groep)
    begin = np.cumsum(aantal) - aantal
    keer = aantal[u]
    eind = np.cumsum(keer)
    # the k-th pair of a place takes the k-th practice on it
    j = np.repeat(begin[u] - (eind - keer), keer)
    j += np.arange(len(j))
    i, waarden = np.repeat(i, keer), np.repeat(waarden, keer)
    if not in_blokken:  # practices on one place do not follow each other: neither do the pairs
        j = leden[j]
        volgorde = np.lexsort((j, i))
        i, j, waarden = i[volgorde], j[volgorde], waarden[volgorde]
    return i, j, waarden


def weg_km(omgeving: Reisomgeving, route: Getallen, van: Plekken, naar: Plekken) -> Getallen:
    """Road km of pairs from their route km; `van` and `naar` hold one row per pair. Symmetric."""
    vast, omweg = np.array(omgeving.vast_km) / 2, np.array(omgeving.omweg) / 2
    a, b = van.klasse - 1, naar.klasse - 1
    eigen = omgeving.spreiding**2 * (van.straal**2 + naar.straal**2)
    return (vast[a] + vast[b]) + (omweg[a] + omweg[b]) * np.sqrt(route**2 + eigen)


def rijminuten(omgeving: Reisomgeving, km: Getallen, van: Plekken, naar: Plekken) -> Getallen:
    """Minutes of pairs from their road km, waiting not included: half of the local km at each end."""
    half = 30 / np.array(omgeving.snelheid)
    lokaal = np.minimum(km, omgeving.lokaal_km)
    rijden = lokaal * (half[van.klasse - 1] + half[naar.klasse - 1])
    return omgeving.vast_min + omgeving.factor * (rijden + (km - lokaal) * (60 / omgeving.snelheid_weg))


def afstanden(
    van: Plekken,
    naar: Plekken,
    grens_minuten: float,
    omgeving: Reisomgeving,
    water: Water | None,
) -> tuple[Indices, Indices, Getallen, Getallen]:
    """All pairs within the cut-off, ordered by van and naar: places, road km and minutes.

    Raises
    ------
    ParameterFout
        With the rows of points too far outside the map.
    """
    straal_m = omgeving.zoekafstand(grens_minuten) * 1000 * (1 + 1e-9)
    vakken = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
    if water is not None:
        vakken = (
            vak_van(water, van.xy, rand_km=omgeving.rand_km),
            vak_van(water, naar.xy, rand_km=omgeving.rand_km),
        )
    delen: list[tuple[Indices, Indices, Getallen, Getallen]] = []
    for begin in range(0, len(van) if len(naar) else 0, BLOK):
        i, j, meters = _zoek(van.xy[begin : begin + BLOK], naar.xy, straal_m)
        i, recht = i + begin, meters / 1000
        # water only lengthens a trip, so what is too far along the straight line is out
        binnen = rijminuten(omgeving, weg_km(omgeving, recht, van[i], naar[j]), van[i], naar[j])
        mee = binnen <= grens_minuten
        i, j, recht = i[mee], j[mee], recht[mee]
        wacht = np.zeros(len(i))
        if water is not None:
            recht, wacht = omleiden(water, (van.xy, naar.xy), vakken, (i, j), recht)
        km = weg_km(omgeving, recht, van[i], naar[j])
        tijd = rijminuten(omgeving, km, van[i], naar[j]) + wacht
        blijft = tijd <= grens_minuten
        delen.append((i[blijft], j[blijft], km[blijft], tijd[blijft]))
    if not delen:
        leeg = np.empty(0, dtype=np.int64)
        return leeg, leeg, np.empty(0), np.empty(0)
    i, j, km, tijd = (np.concatenate(deel) for deel in zip(*delen, strict=True))
    return i, j, km, tijd


def bereken_reistijden(
    van: gpd.GeoSeries,
    naar: gpd.GeoSeries,
    *,
    grens_minuten: float = 30,
    omgeving: Reisomgeving | None = None,
) -> Reistijden:
    """Car minutes between all points within a cut-off.

    A model, no road network: good for shares and catchments, not for one address. Its nearest practice
    correlates .85 with CBS's road distance over buurten (docs/besluiten/0003-reistijden.md). Ferries count
    with an assumed wait; no traffic, no toll, no road abroad.

    Parameters
    ----------
    van, naar
        Points in EPSG:28992, indexed by unique id (text).
    grens_minuten
        Cut-off, included. Pairs beyond it are not stored.
    omgeving
        Settings; default those of `data/parameters.csv`.

    Returns
    -------
    Reistijden
        In the order of `van` and `naar`; `.herkomst` names the engine and a hash of its settings.

    Raises
    ------
    ParameterFout
        When a geometry is missing, is no point or lies too far outside the map (each id named), when
        the coordinates are not RD, when an id stands twice or is no text, or when the cut-off is no
        number of 0 or more.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> dordrecht = hd.load_buurten().query("gm_code == 'GM0505' and inwoners > 0").geometry
    >>> praktijken = hd.load_praktijken().query("pc4 == '3311'").geometry
    >>> reistijden = bereken_reistijden(dordrecht, praktijken, grens_minuten=30)
    >>> reistijden.herkomst.motor, reistijden.minuten.shape[0] == len(dordrecht)
    ('huisartsdata hemelsbreed+water', True)
    """
    if not isinstance(grens_minuten, (int, float)) or not (np.isfinite(grens_minuten) and grens_minuten >= 0):
        raise ParameterFout(f"grens_minuten is {grens_minuten}; geef een getal van 0 of hoger.")
    omgeving = Reisomgeving() if omgeving is None else omgeving
    water = None
    if omgeving.water:
        water = land_water(km_per_min=omgeving.km_per_min_wachten, wacht_factor=omgeving.wacht_factor)
    punten = {naam: _controleer(reeks, naam) for naam, reeks in (("van", van), ("naar", naar))}
    if water is not None:
        for naam, reeks in (("van", van), ("naar", naar)):
            buiten = vak_van(water, punten[naam], rand_km=omgeving.rand_km) < 0
            if buiten.any():
                raise ParameterFout(
                    f"{naam}: deze punten liggen meer dan {omgeving.rand_km:g} km buiten de kaart: "
                    f"{opsomming(reeks.index[buiten])}. Controleer de coördinaten of laat ze weg."
                )
    plek_van = zoek_plekken(van.index, punten["van"], omgeving)
    plek_naar = zoek_plekken(naar.index, punten["naar"], omgeving)
    kern = np.column_stack([plek_naar.xy, plek_naar.klasse, plek_naar.straal])
    uniek, groep = _uniek(kern) if len(kern) else (kern, np.empty(0, dtype=np.int64))
    plaats = Plekken(uniek[:, :2], uniek[:, 2].astype(np.int64), uniek[:, 3])
    i, u, _, tijd = afstanden(plek_van, plaats, float(grens_minuten), omgeving, water)
    i, j, tijd = _spreid_uit(i, u, groep, tijd)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(i, minlength=len(van)))])
    soort = np.int32 if len(j) <= np.iinfo(np.int32).max else np.int64
    delen = (tijd, j.astype(soort), indptr.astype(soort))
    for deel in delen:
        deel.flags.writeable = False  # what is locked is not copied
    matrix = sparse.csr_array(delen, shape=(len(van), len(naar)))
    return Reistijden(van.index, naar.index, matrix, float(grens_minuten), reisbron(omgeving))


def zoek_plekken(index: pd.Index, xy: Getallen, omgeving: Reisomgeving) -> Plekken:
    """Urbanity class and buurt radius of points: as given in `omgeving`, else of the nearest known place.

    Known places are the snapshot's buurt points and the bewoonde middens of its postcodes.
    """
    boom, klasse, straal = _bekende_plekken(snapshot().hash)
    dichtbij = boom.query(xy)[1] if len(xy) else np.empty(0, dtype=np.int64)
    k, r = klasse[dichtbij], straal[dichtbij]
    if omgeving.plekken is not None:
        gegeven = pd.DataFrame(omgeving.plekken, columns=["id", "k", "r"]).set_index("id")
        eigen = gegeven.index.get_indexer(index)
        raak = eigen >= 0
        k[raak] = gegeven["k"].to_numpy()[eigen[raak]]
        r[raak] = gegeven["r"].to_numpy()[eigen[raak]]
    return Plekken(xy, k, r)


@cache
def _bekende_plekken(_hash: str) -> tuple[KDTree, Indices, Getallen]:
    buurten, pc4 = open_tabel("buurten", peiljaar=PEILJAAR), open_tabel("pc4", peiljaar=PEILJAAR)
    b = buurten[buurten.geometry.notna()]
    xy = np.column_stack([np.r_[b.geometry.x, pc4.geometry.x], np.r_[b.geometry.y, pc4.geometry.y]])
    klasse = np.r_[b["stedelijkheid"].fillna(KLASSEN), pc4["stedelijkheid"]].astype(np.int64)
    straal = np.r_[straal_km(b["oppervlakte_land_ha"].to_numpy()), pc4["straal_km"]]
    # a postcode of one buurt lies on that buurt: the buurt, which comes first, speaks for both
    _, eerste = np.unique(xy, axis=0, return_index=True)
    eerste = np.sort(eerste)
    return KDTree(xy[eerste]), klasse[eerste], straal[eerste]


def reisbron(omgeving: Reisomgeving) -> Reisbron:
    """Engine and version of these settings: the package's version and a hash of settings and data."""
    from huisartsdata import __version__

    tabellen = snapshot().tabellen
    gegevens = [tabellen[n].sha256 for n in ("barrieres", "buurten", "overgangen", "pc4", "vakken")]
    instelling = [(veld.name, getattr(omgeving, veld.name)) for veld in fields(omgeving)]
    som = hashlib.sha256(repr((instelling, gegevens)).encode()).hexdigest()
    motor = "huisartsdata hemelsbreed+water" if omgeving.water else "huisartsdata hemelsbreed"
    return Reisbron(motor, f"{__version__}-{som[:8]}")


def _controleer(punten: gpd.GeoSeries, naam: str) -> Getallen:
    """Coordinates of a GeoSeries of RD points, after checking ids, system and shape."""
    import geopandas as gpd

    if not isinstance(punten, gpd.GeoSeries):
        raise ParameterFout(f"{naam} moet een GeoSeries met punten zijn; geef bijvoorbeeld buurten.geometry.")
    if punten.crs is None or punten.crs.to_epsg() != RD_EPSG:
        stelsel = "geen coördinatenstelsel" if punten.crs is None else punten.crs.to_string()
        raise ParameterFout(f"{naam} heeft {stelsel}; zet de punten om met .to_crs({RD_EPSG}).")
    vreemd = [w for w in punten.index if not isinstance(w, str)]
    if vreemd:
        raise ParameterFout(f"{naam} moet codes als tekst in de index hebben, geen {opsomming(vreemd)}.")
    dubbel = punten.index[punten.index.duplicated()].unique()
    if len(dubbel):
        raise ParameterFout(f"{naam} bevat deze codes meer dan eens: {opsomming(dubbel)}.")
    leeg = punten.isna() | punten.is_empty
    if leeg.any():
        raise ParameterFout(
            f"{naam}: {int(leeg.sum())} zonder punt: {opsomming(punten.index[leeg])}. Laat ze weg of vul aan."
        )
    geen = punten.index[punten.geom_type != "Point"]
    if len(geen):
        raise ParameterFout(f"{naam}: dit zijn geen punten: {opsomming(geen)}. Neem bijvoorbeeld het midden.")
    xy = np.column_stack([punten.x.to_numpy(np.float64), punten.y.to_numpy(np.float64)])
    if not np.isfinite(xy).all():
        fout = punten.index[~np.isfinite(xy).all(axis=1)]
        raise ParameterFout(f"{naam}: coördinaten zonder getal: {opsomming(fout)}. Laat ze weg of vul aan.")
    return xy
