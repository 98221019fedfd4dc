"""Which areas a country's rule would call short or closed, on Dutch figures: pure functions on arrays.

Every function works on columns of draws as well as on the picture itself (one column), so that the
chance of being designated comes from the same lines as the designation.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.fouten import OnbekendGebiedFout

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Masker = NDArray[np.bool_]

LANDELIJK = "landelijk"  # a foreign threshold brought to the Dutch average
GELIJK = 1e-9  # relative; equal up to rounding is not below a threshold


@dataclass(frozen=True, eq=False)
class Meting:
    """What rules look at, per area (rows) and draw (columns).

    Attributes
    ----------
    codes
        Areas.
    binnen, bereikt
        Fte of the practices inside, and fte that the people reach across borders.
    per_hoofd
        Fte reached per standardised patient, the mean over inhabitants of the buurten (only where a
        rule asks for it, else reach over need of the area as a whole).
    vraag
        Standardised patients; the national sum is the population.
    inwoners, km2
        People and square kilometres of land, one column.
    norm, fte_per_persoon
        Of the picture.
    """

    codes: pd.Index
    binnen: Matrix
    bereikt: Matrix
    per_hoofd: Matrix
    vraag: Matrix
    inwoners: Matrix
    km2: Matrix
    norm: float
    fte_per_persoon: float


@dataclass(frozen=True, eq=False)
class Aanwijzing:
    """Outcome of a rule's test: per area and draw.

    Attributes
    ----------
    waarde, drempel
        What is compared, in the unit of the rule.
    klassen, nummer
        Names of the classes and which one an area is in.
    aangewezen
        Short under this rule.
    ontvangt, geeft
        Where steered GPs may go, and where they would have gone.
    doel, bodem
        Fte inside at which an area receives no more, and below which it gives no more.
    """

    waarde: Matrix
    drempel: Matrix
    klassen: tuple[str, ...]
    nummer: NDArray[np.int64]
    aangewezen: Masker
    ontvangt: Masker
    geeft: Masker
    doel: Matrix
    bodem: Matrix


def deel(teller: Any, noemer: Any, leeg: float) -> Matrix:
    """Ratio where nobody may live or work: 0 over 0 is `leeg`, anything else over 0 is infinite.

    >>> deel([2.0, 0.0, 1.0], [4.0, 0.0, 0.0], 1.0).tolist()
    [0.5, 1.0, inf]
    """
    t, n = np.broadcast_arrays(np.asarray(teller, dtype=np.float64), np.asarray(noemer, dtype=np.float64))
    uit: Matrix = np.divide(t, n, out=np.where(t > 0, np.inf, leeg), where=n > 0)
    return uit


Wijzer = Callable[[Meting, Mapping[str, Any]], Aanwijzing]


# --- the published formulas ----------------------------------------------------------------------


def verzorgingsgraad(artsen: Any, mensen: Any, verhouding: float) -> Any:
    """German degree of supply in percent: doctors x ratio / people x 100.

    Examples
    --------
    >>> round(50_000 / 1671, 2), round(float(verzorgingsgraad(32.9144225, 50_000, 1671)), 4)
    (29.92, 110.0)
    """
    return deel(np.asarray(artsen) * verhouding, mensen, 1.0) * 100.0


def consulten_per_hoofd(fte_per_hoofd: Any, consulten_per_fte: float) -> Any:
    """French accessibility (APL): consultations per standardised head per year.

    >>> round(consulten_per_hoofd(56 / 100_000, 5_400), 3)
    3.024
    """
    return fte_per_hoofd * consulten_per_fte


def huisartsarm(
    per_100_000: Any, inwoners_per_km2: Any, *, dichtheid: float, dunbevolkt: float, grens_km2: float
) -> Any:
    """Belgian test on headcount: below 90 GPs per 100,000, or below 120 where thinly populated.

    >>> bool(huisartsarm(100, 80, dichtheid=90, dunbevolkt=120, grens_km2=125))
    True
    """
    grens = np.where(np.asarray(inwoners_per_km2) < grens_km2 * (1 - GELIJK), dunbevolkt, dichtheid)
    return np.asarray(per_100_000) < grens * (1 - GELIJK)


def amerikaans_tekort(mensen_per_fte: Any, hoge_behoefte: Any, *, verhouding: float, hoog: float) -> Any:
    """American test: people per fte at least 3,500, or above 3,000 with unusually high need.

    >>> [bool(amerikaans_tekort(x, h, verhouding=3500, hoog=3000)) for x, h in
    ...  [(3500, False), (3499, False), (3499, True), (3000, True)]]
    [True, False, True, False]
    """
    x = np.asarray(mensen_per_fte)
    return (x >= verhouding * (1 - GELIJK)) | ((x > hoog * (1 + GELIJK)) & np.asarray(hoge_behoefte))


def mag_sluiten(patienten: Any, plaatsen: Any, grens: float) -> Any:
    """Danish limit until 2025: a practice may refuse newcomers from 1,600 patients per capacity.

    >>> bool(mag_sluiten(3200, 2, 1600)), bool(mag_sluiten(3199, 2, 1600))
    (True, False)
    """
    return np.asarray(patienten) >= np.asarray(plaatsen) * grens * (1 - GELIJK)


# --- designations --------------------------------------------------------------------------------


def wijs_duitsland(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """Closed above the upper degree, under-supplied below the lower; who is kept out goes to open areas."""
    mensen = m.vraag if p["behoefte"] else np.broadcast_to(m.inwoners, m.vraag.shape)
    verhouding = p["verhouding"]
    if verhouding == LANDELIJK:
        verhouding = mensen.sum(axis=0) / m.binnen.sum(axis=0)
    graad = verzorgingsgraad(m.binnen, mensen, verhouding)
    grens = p["boven"] / 100.0 * mensen / verhouding
    dicht, onder = graad > p["boven"] * (1 + GELIJK), graad < p["onder"] * (1 - GELIJK)
    return Aanwijzing(
        waarde=graad,
        drempel=np.full_like(graad, float(p["onder"])),
        klassen=("open", "onderverzorgd", "gesloten"),
        nummer=np.where(dicht, 2, np.where(onder, 1, 0)),
        aangewezen=onder,
        ontvangt=~dicht,
        geeft=dicht,
        doel=grens,
        bodem=grens,
    )


def wijs_verdeelsleutel(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """Each area's share of the national fte by need: Denmark's model, and training places by region."""
    del p
    eigen = m.vraag * (m.binnen.sum(axis=0) / m.vraag.sum(axis=0))
    graad = deel(m.binnen, eigen, 1.0) * 100.0
    onder = graad < 100.0 * (1 - GELIJK)
    return Aanwijzing(
        waarde=graad,
        drempel=np.full_like(graad, 100.0),
        klassen=("op of boven zijn deel", "onder zijn deel"),
        nummer=onder.astype(np.int64),
        aangewezen=onder,
        ontvangt=onder,
        geeft=~onder,
        doel=eigen,
        bodem=eigen,
    )


def wijs_frankrijk(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """Zones by reach: the mean over inhabitants of consultations within reach, against the limit."""
    apl = consulten_per_hoofd(m.per_hoofd, p["consulten"])
    grens = np.full(apl.shape[1], np.nan)
    if p["grens"] == LANDELIJK:
        # the French limit as a share of the French mean, of the Dutch mean
        grens[:] = (apl * m.inwoners).sum(axis=0) / m.inwoners.sum() * p["grens_deel"]
    else:
        grens[:] = float(p["grens"])
    zip_ = (apl < grens * (1 - GELIJK)) & (m.vraag > 0)
    nummer = zip_.astype(np.int64)
    klassen: tuple[str, ...] = ("geen zone", "ZIP")
    if p["zac_grens"] is not None:
        klassen = (*klassen, "ZAC (grens ongecontroleerd)")
        nummer = np.where(~zip_ & (apl < float(p["zac_grens"])), 2, nummer)
    gat = (grens - apl) / p["consulten"] * m.vraag
    uit = _prikkel(m, apl, grens, klassen, kort=zip_, gat=gat)
    return replace(uit, nummer=nummer)


def wijs_belgie(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """Headcount per 100,000 people against a limit that is higher where few people live."""
    per_km2 = np.divide(m.inwoners, m.km2, out=np.full_like(m.inwoners, np.inf), where=m.km2 > 0)
    mensen = np.broadcast_to(np.maximum(m.inwoners, 1.0), m.binnen.shape)
    dichtheid = m.binnen / m.fte_per_persoon / mensen * 100_000.0
    grens = np.where(per_km2 < p["inwoners_km2"] * (1 - GELIJK), p["dunbevolkt"], p["dichtheid"])
    arm = huisartsarm(
        dichtheid,
        per_km2,
        dichtheid=p["dichtheid"],
        dunbevolkt=p["dunbevolkt"],
        grens_km2=p["inwoners_km2"],
    )
    gat = (grens - dichtheid) / 100_000.0 * mensen * m.fte_per_persoon
    return _prikkel(m, dichtheid, grens, ("geen premie", "huisartsarm"), kort=arm, gat=gat)


def wijs_vs(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """People per fte within reach against the American ratio; high need only where the user says so."""
    mensen = np.broadcast_to(m.inwoners, m.bereikt.shape)
    verhouding = deel(mensen, m.bereikt, 0.0)
    hoog: Collection[str] = p["hoge_behoefte"] or ()
    if vreemd := sorted(set(hoog) - set(m.codes)):
        raise OnbekendGebiedFout(f"hoge_behoefte noemt onbekende gebieden: {', '.join(vreemd[:20])}", vreemd)
    behoefte = np.asarray(m.codes.isin(list(hoog)))[:, None]
    tekort = amerikaans_tekort(verhouding, behoefte, verhouding=p["verhouding"], hoog=p["verhouding_hoog"])
    grens = np.where(behoefte, p["verhouding_hoog"], p["verhouding"]).astype(np.float64)
    gat = mensen / grens - m.bereikt
    return _prikkel(m, verhouding, grens, ("geen tekort", "HPSA"), kort=tekort, gat=gat)


def wijs_australie(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """Reach per standardised patient against a share of the national mean."""
    landelijk = m.bereikt.sum(axis=0) / m.vraag.sum(axis=0)
    graad = deel(m.bereikt, m.vraag * landelijk, 1.0) * 100.0
    grens = np.full_like(graad, 100.0 * p["peil"])
    onder = graad < grens * (1 - GELIJK)
    gat = p["peil"] * m.vraag * landelijk - m.bereikt
    return _prikkel(m, graad, grens, ("boven het peil", "DPA"), kort=onder, gat=gat)


def wijs_laagste(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """The lowest share of areas by fte inside per standardised patient (stand-in for unfilled places)."""
    eigen = m.vraag * (m.binnen.sum(axis=0) / m.vraag.sum(axis=0))
    graad = deel(m.binnen, eigen, 1.0) * 100.0
    # the first that is not among them is the limit: none of them for a share of 0, all of them for 1
    op_rij = np.concatenate([np.sort(graad, axis=0), np.full((1, graad.shape[1]), np.inf)])
    grens = op_rij[round(p["aandeel"] * len(graad))]
    laag = graad < grens
    gat = eigen - m.binnen
    return _prikkel(m, graad, grens, ("geen toeslag", "weinig huisartsen"), kort=laag, gat=gat)


def wijs_tekort(m: Meting, p: Mapping[str, Any]) -> Aanwijzing:
    """Areas where need at the norm exceeds reach: where insurers would put D4 money."""
    del p
    nodig = m.vraag / m.norm
    gat = nodig - m.bereikt
    kort = gat > GELIJK * nodig
    graad = np.divide(m.bereikt, nodig, out=np.ones_like(nodig), where=nodig > 0) * 100.0
    return _prikkel(m, graad, np.full_like(graad, 100.0), ("geen tekort", "tekort"), kort=kort, gat=gat)


def _prikkel(
    m: Meting, waarde: Matrix, drempel: Matrix, klassen: tuple[str, ...], *, kort: Masker, gat: Matrix
) -> Aanwijzing:
    """An incentive: it draws from every area that is not designated, and has no floor there.

    An area where nobody lives is never short.
    """
    kort = kort & (m.vraag > 0)
    doel = m.binnen + np.where(kort, np.maximum(gat, 0.0), 0.0)
    return Aanwijzing(
        waarde=waarde,
        drempel=np.broadcast_to(drempel, waarde.shape),
        klassen=klassen,
        nummer=kort.astype(np.int64),
        aangewezen=kort,
        ontvangt=kort,
        geeft=~kort,
        doel=doel,
        bodem=np.zeros_like(doel),
    )
