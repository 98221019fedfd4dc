"""Practices whose places are uncertain: where each may stand, with what chance, and the expected nearest.

Known per postcode are the number of practices and of addresses, not the places. So each practice stands
in a buurt of its postcode with a chance, homes and practices are blurred within their buurt, a listed
practice may be absent and an unlisted one present; the expectation of the smallest distance is integrated.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import KDTree
from scipy.special import expit, ndtr

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.reisomgeving import KLASSEN, Reisomgeving, straal_km
from huisartsdata.gebieden.water import land_water, omleiden, vak_van

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    Getallen = NDArray[np.float64]
    Indices = NDArray[np.int64]

PLEKKEN_PER_PUNT = 80  # nearest possible places; the chance that none of 80 holds a practice is nil
VERSTE_KM = 60.0  # a place beyond reach by water counts as this far
# a postcode with a practice and without an inhabited buurt: 100 people on 50 ha of a mixed town
ZONDER_BUURT = {"inwoners": 100.0, "adressen": 500.0, "hectare": 50.0, "ouderen": 0.2, "dichtheid": 500.0}
ROOSTER_KM = np.concatenate([[0.0], np.geomspace(0.1, 16, 30)])  # grid of the integral


def _constante(naam: str) -> float:
    return field(default_factory=lambda: waarde(f"reis_naaste_{naam}"))


@dataclass(frozen=True)
class Kansmodel:
    """Chances of practice places; every constant is a row ``reis_naaste_...`` of `data/parameters.csv`.

    A buurt's weight within its postcode: inwoners^inwoners x (adressendichtheid + 20)^adressen x
    dichtheid^dichtheid x (share 65+)^(2 ouderen). A listed postcode holds n^aantal practices, each
    there with chance expit(lijst_0 + lijst_inwoners log(people/3000) + lijst_praktijken log(practices));
    an unlisted one holds one with chance expit(buiten_0 + buiten_inwoners log(people/3000) +
    buiten_afstand log(km to the nearest listed postcode + .3)). Homes are blurred with sd
    blur_punt x radius^straal_macht x (people per km2 / 1000)^straal_dichtheid, practices with sd
    blur_plek x radius.
    """

    inwoners: float = _constante("inwoners")
    adressen: float = _constante("adressen")
    dichtheid: float = _constante("dichtheid")
    ouderen: float = _constante("ouderen")
    aantal: float = _constante("aantal")
    blur_punt: float = _constante("blur_punt")
    blur_plek: float = _constante("blur_plek")
    straal_macht: float = _constante("straal_macht")
    straal_dichtheid: float = _constante("straal_dichtheid")
    lijst_0: float = _constante("lijst_0")
    lijst_inwoners: float = _constante("lijst_inwoners")
    lijst_praktijken: float = _constante("lijst_praktijken")
    buiten_0: float = _constante("buiten_0")
    buiten_inwoners: float = _constante("buiten_inwoners")
    buiten_afstand: float = _constante("buiten_afstand")

    def varianten(self) -> tuple[Kansmodel, ...]:
        """Itself and four others, whose differences tell the regression how sure a place is."""
        return (
            self,
            replace(self, inwoners=0.0, adressen=0.0, dichtheid=0.0, ouderen=0.0),  # every buurt alike
            replace(self, buiten_0=-30.0),  # no unlisted practice
            replace(self, inwoners=2.0, adressen=2.0),  # nearly always in the heaviest buurt
            replace(self, lijst_0=-0.2),  # the list is right half of the time
        )


@dataclass(frozen=True, eq=False)
class NaasteInvoer:
    """Arrays of the estimator: n points (inhabited buurten), m possible places, g postcodes, k pairs.

    `i`, `j` and `route` are the pairs, ordered by point and postcode; `groep` is each place's postcode.
    """

    bu_code: pd.Index
    punt: dict[str, Getallen] = field(repr=False)
    plek: dict[str, Getallen] = field(repr=False)
    postcode: dict[str, Getallen] = field(repr=False)
    groep: Indices = field(repr=False)
    eigen: Indices = field(repr=False)  # each point's own postcode, -1 without
    i: Indices = field(repr=False)
    j: Indices = field(repr=False)
    route: Getallen = field(repr=False)


def maak_invoer(
    buurten: gpd.GeoDataFrame, pc4: gpd.GeoDataFrame, *, omgeving: Reisomgeving | None = None
) -> NaasteInvoer:
    """Points, possible places and the distances between them, over the crossings where water lies between."""
    b = buurten[(buurten["inwoners"] > 0) & buurten.geometry.notna()].sort_index()
    pc4 = pc4.sort_index()
    b = b.assign(
        x=b.geometry.x,
        y=b.geometry.y,
        hectare=b["oppervlakte_land_ha"].fillna(0).clip(lower=1),
        adressen=b["omgevingsadressendichtheid"].fillna(1),
        klasse=b["stedelijkheid"].fillna(KLASSEN),
    )
    b["dichtheid"] = (b["inwoners"] / b["hectare"] * 100).clip(lower=1)
    b["ouderen"] = (b["inwoners_65_plus"].fillna(0) / b["inwoners"]).clip(0.03, 0.6)
    b["jongeren"] = (b["inwoners_0_15"].fillna(0) / b["inwoners"]).clip(0, 0.35)
    kolommen = ["x", "y", "inwoners", "hectare", "adressen", "klasse", "dichtheid", "ouderen", "jongeren"]
    punt = {k: b[k].to_numpy(np.float64) for k in kolommen}

    met = b[b["pc4"].notna()]
    los = pc4[((pc4["praktijken"] > 0) | (pc4["adressen"] > 0)) & ~pc4.index.isin(met["pc4"])]
    plek = {
        k: np.r_[met[k].to_numpy(np.float64), np.full(len(los), ZONDER_BUURT[k])] for k in ZONDER_BUURT
    } | {k: np.r_[met[k].to_numpy(np.float64), getattr(los.geometry, k)] for k in ("x", "y")}
    codes, groep = np.unique(
        np.r_[met["pc4"].to_numpy(object), los.index.to_numpy(object)], return_inverse=True
    )
    groep = groep.astype(np.int64)
    tel = pc4[["praktijken", "adressen"]].reindex(codes).fillna(0)
    mensen = np.bincount(groep, plek["inwoners"])
    postcode = {
        "praktijken": tel["praktijken"].to_numpy(np.float64),
        "adressen": tel["adressen"].to_numpy(np.float64),
        "inwoners": mensen,
        "x": np.bincount(groep, plek["inwoners"] * plek["x"]) / mensen,
        "y": np.bincount(groep, plek["inwoners"] * plek["y"]) / mensen,
    }
    postcode["ander"] = _naar_andere_lijst(postcode)
    omgeving = Reisomgeving() if omgeving is None else omgeving
    i, j, route = _paren(punt, plek, groep, omgeving)
    eigen = pd.Index(codes).get_indexer(b["pc4"].to_numpy(object)).astype(np.int64)
    return NaasteInvoer(b.index, punt, plek, postcode, groep, eigen, i, j, route)


def punten_xy(punten: dict[str, Getallen]) -> Getallen:
    """Coordinates as n x 2."""
    return np.column_stack([punten["x"], punten["y"]])


def _naar_andere_lijst(postcode: dict[str, Getallen]) -> Getallen:
    """Km from the middle of a postcode to that of the nearest other one with a practice."""
    lijst = postcode["adressen"] > 0
    midden = punten_xy(postcode)
    if lijst.sum() < 2:
        raise ParameterFout(
            "pc4 heeft minder dan twee postcodes met een praktijk; de schatter heeft er meer nodig."
        )
    km = KDTree(midden[lijst]).query(midden, k=2)[0] / 1000
    uit: Getallen = np.where(lijst, km[:, 1], km[:, 0])
    return uit


def _paren(
    punt: dict[str, Getallen], plek: dict[str, Getallen], groep: Indices, omgeving: Reisomgeving
) -> tuple[Indices, Indices, Getallen]:
    van, naar = punten_xy(punt), punten_xy(plek)
    meters, j = KDTree(naar).query(van, k=min(PLEKKEN_PER_PUNT, len(naar)))
    i = np.repeat(np.arange(len(van)), j.shape[1])
    j, recht = j.ravel().astype(np.int64), meters.ravel() / 1000
    volgorde = np.lexsort((j, groep[j], i))
    i, j, recht = i[volgorde], j[volgorde], recht[volgorde]
    if not omgeving.water:
        return i, j, recht
    water = land_water(km_per_min=omgeving.km_per_min_wachten, wacht_factor=omgeving.wacht_factor)
    vakken = (
        vak_van(water, van, rand_km=omgeving.rand_km),
        vak_van(water, naar, rand_km=omgeving.rand_km),
    )
    route, _ = omleiden(water, (van, naar), vakken, (i, j), recht)
    return i, j, np.minimum(route, VERSTE_KM)


def verwachte_naaste(invoer: NaasteInvoer, kans: Kansmodel) -> Getallen:
    """Expected straight (or rerouted) km from each point to the nearest practice.

    E[min] is the integral over r of the chance that no practice lies within r. The squared distance
    between a blurred home and a blurred practice is taken as gamma with the right mean and variance, in
    Wilson and Hilferty's normal form. What lies beyond the last grid point (16 km) counts as lying there.
    """
    plek, pc = invoer.plek, invoer.postcode
    lijst = pc["adressen"] > 0
    mensen = np.log(pc["inwoners"] / 3000)
    staat = expit(
        kans.lijst_0
        + kans.lijst_inwoners * mensen
        + kans.lijst_praktijken * np.log(np.maximum(pc["praktijken"], 1))
    )
    buiten = expit(
        kans.buiten_0 + kans.buiten_inwoners * mensen + kans.buiten_afstand * np.log(pc["ander"] + 0.3)
    )
    gewicht = (
        kans.inwoners * np.log(plek["inwoners"])
        + kans.adressen * np.log(plek["adressen"] + 20)
        + kans.dichtheid * np.log(plek["dichtheid"])
        + 2 * kans.ouderen * np.log(plek["ouderen"])
    )
    hoogste = np.full(len(mensen), -np.inf)
    np.maximum.at(hoogste, invoer.groep, gewicht)
    gewicht = np.exp(gewicht - hoogste[invoer.groep])
    gewicht = gewicht / np.bincount(invoer.groep, gewicht)[invoer.groep]
    gewicht = gewicht * np.where(lijst, staat, buiten)[invoer.groep]
    aantal = np.where(lijst, np.maximum(pc["adressen"], 1) ** kans.aantal, 1.0)
    straal = straal_km(invoer.punt["hectare"]) ** kans.straal_macht
    punt = abs(kans.blur_punt) * straal * (invoer.punt["dichtheid"] / 1000) ** kans.straal_dichtheid
    per_plek = np.minimum(abs(kans.blur_plek) * straal_km(plek["hectare"]), 3) + 0.05
    return _verwacht_minimum(invoer, gewicht, aantal, np.minimum(punt, 4) + 0.05, per_plek)


def _verwacht_minimum(
    invoer: NaasteInvoer, gewicht: Getallen, aantal: Getallen, punt: Getallen, plek: Getallen
) -> Getallen:
    mee = aantal[invoer.groep[invoer.j]] * gewicht[invoer.j] > 1e-7
    i, j, route = invoer.i[mee], invoer.j[mee], invoer.route[mee]
    groep = invoer.groep[j]
    s2, d2 = (punt[i] ** 2 + plek[j] ** 2) / 2, route**2
    m = d2 + 2 * s2
    c = (4 * s2**2 + 4 * s2 * d2) / (9 * m * m)
    a = (m ** (-1 / 3) / np.sqrt(c)).astype(np.float32)
    b = ((1 - c) / np.sqrt(c)).astype(np.float32)
    w = gewicht[j].astype(np.float32)
    uit, vorig = np.zeros(len(punt)), np.ones(len(punt))
    koppen = _koppen(i, groep)
    for k in range(1, len(ROOSTER_KM)):
        r, stap = ROOSTER_KM[k], ROOSTER_KM[k] - ROOSTER_KM[k - 1]
        z = a * np.float32(r ** (2 / 3)) - b
        kans = np.zeros_like(z)
        dichtbij = z > -5  # below, the chance is under 3e-7
        kans[dichtbij] = ndtr(z[dichtbij])
        kans *= w
        per_groep, groepen, per_punt, rij = koppen
        binnen = np.add.reduceat(kans, per_groep)
        geen = np.exp(np.add.reduceat(np.log1p(-np.minimum(binnen, 0.9999)) * aantal[groepen], per_punt))
        uit[rij] += (geen + vorig[rij]) / 2 * stap
        vorig[:] = 0
        vorig[rij] = geen
        if k % 5 == 0:  # a point whose nearest is surely found is done
            open_ = np.zeros(len(punt), dtype=bool)
            open_[rij[geen > 3e-4]] = True
            blijft = open_[i]
            if not blijft.any():
                break
            if blijft.mean() < 0.85:
                i, groep, a, b, w = i[blijft], groep[blijft], a[blijft], b[blijft], w[blijft]
                koppen = _koppen(i, groep)
    return uit


def _koppen(i: Indices, groep: Indices) -> tuple[Indices, Indices, Indices, Indices]:
    """Starts of runs of one postcode and which; starts of runs of one point among those and which."""
    per_groep = np.flatnonzero(np.r_[True, (np.diff(i) != 0) | (np.diff(groep) != 0)])
    wie = i[per_groep]
    per_punt = np.flatnonzero(np.r_[True, np.diff(wie) != 0])
    return per_groep, groep[per_groep], per_punt, wie[per_punt]


def kansmodel_van(reeks: pd.Series) -> Kansmodel:
    """A chance model from constants by name (`Kansmodel`'s fields)."""
    return Kansmodel(**{veld.name: float(reeks[veld.name]) for veld in fields(Kansmodel)})
