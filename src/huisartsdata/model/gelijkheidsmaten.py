"""Equity indices: how unequal values are, and whether they follow a ranking.

Pure functions on values, weights and a ranking. Rank 0 is the lowest value of the ranking, rank 1 the
highest; equal values share one rank, so that no result depends on the order of the rows. Series are
joined on their labels, other rows on place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from huisartsdata.fouten import ParameterFout
from huisartsdata.model.gelijkheidinvoer import keur_niet_negatief, lees, maatfout, positief

if TYPE_CHECKING:
    from huisartsdata.model.gelijkheidinvoer import Matrix, Reeks

STANDAARDFOUTEN = ("hc3", "klassiek")
CORRECTIES = ("geen", "erreygers", "wagstaff")
MIN_RANGEN = 3  # a line through two ranks has no error
AFRONDING = 1e-12  # relative; sums of shares are equal up to this


def rangfractie(rangschikking: Reeks, gewicht: Reeks | None = None) -> Matrix:
    """Fractional rank (ridit): the share of people ranked below, plus half of those ranked the same.

    Parameters
    ----------
    rangschikking
        What areas are ranked by, lowest first.
    gewicht
        People per area; default all the same.

    Returns
    -------
    ndarray
        Between 0 and 1, in the order of `rangschikking`; its weighted mean is 0.5.

    Raises
    ------
    ContractFout
        For missing values or negative weights.

    Examples
    --------
    >>> rangfractie([1, 2, 3], [12, 10, 78]).round(2).tolist()
    [0.06, 0.17, 0.61]
    """
    _, g, r = lees(rangschikking, gewicht, rangschikking, alles=True)
    return _rang(r, g)


def _rang(r: Matrix, g: Matrix) -> Matrix:
    _, groep = np.unique(r, return_inverse=True)
    deel = np.bincount(groep, weights=g) / g.sum()
    uit: Matrix = (np.cumsum(deel) - deel / 2)[groep]
    return uit


@dataclass(frozen=True)
class Helling:
    """The slope index of inequality and what goes with it.

    Attributes
    ----------
    sii
        Fitted value at the highest rank minus that at the lowest, in the unit of the values.
    standaardfout, laag, hoog
        Of the slope: how well a straight line fits the areas, not sampling error.
    relatief
        `sii` over the weighted mean.
    verhouding
        Fitted value at the highest rank over that at the lowest; NaN when the lowest is not positive.
    """

    sii: float
    standaardfout: float
    laag: float
    hoog: float
    relatief: float
    verhouding: float


def hellingsindex(
    waarde: Reeks,
    rangschikking: Reeks,
    gewicht: Reeks | None = None,
    *,
    betrouwbaarheid: float = 0.95,
    standaardfout: str = "hc3",
) -> Helling:
    """Slope index of inequality (SII) with its relative forms.

    Weighted least squares of the value on the fractional rank, weights = people; the SII is the
    slope. Positive: more where the ranking is high. Ranked from most to least deprived, that is the
    sign of Asaria and others (BMJ Open 2016;6:e008783), who found 4.2 and later -0.7 fte per
    100,000, and of the method of the English public health tools. Interval: Student's t on n - 2
    degrees of freedom with error HC3 (areas differ in spread; MacKinnon and White 1985) or the
    classical error of weighted least squares.

    Parameters
    ----------
    waarde
        Value per area.
    rangschikking
        What areas are ranked by, lowest first (income: least well-off first).
    gewicht
        People per area (or standardised patients); default all the same.
    betrouwbaarheid
        Of the interval, between 0 and 1.
    standaardfout
        ``"hc3"`` or ``"klassiek"``.

    Raises
    ------
    ContractFout
        For missing values, fewer than three different ranks, or a mean that is not positive.
    ParameterFout
        For an unknown kind of error or a confidence outside 0-1.

    Examples
    --------
    >>> h = hellingsindex([52.1, 56.3, 59.8, 63.2, 66.8], [1, 2, 3, 4, 5], standaardfout="klassiek")
    >>> round(h.sii, 2), round(h.standaardfout, 4), round(h.relatief, 4)
    (18.15, 0.4113, 0.3043)
    """
    if standaardfout not in STANDAARDFOUTEN:
        raise ParameterFout(
            f"standaardfout '{standaardfout}' kan niet; kies uit {', '.join(STANDAARDFOUTEN)}"
        )
    if not isinstance(betrouwbaarheid, (int, float)) or not 0 < betrouwbaarheid < 1:
        raise ParameterFout(
            f"betrouwbaarheid={betrouwbaarheid!r} kan niet; geef een getal tussen 0 en 1, zoals 0.95"
        )
    y, g, r = lees(waarde, gewicht, rangschikking)
    x = _rang(r, g)
    if len(np.unique(x)) < MIN_RANGEN:
        raise maatfout(
            "rangschikking",
            "minder dan drie verschillende waarden",
            "neem een kenmerk dat gebieden onderscheidt",
        )
    gemiddeld = positief(y, g)
    w = g / g.sum()
    dx = x - w @ x
    s_xx = w @ dx**2
    helling = float(w @ (dx * y) / s_xx)
    rest = y - gemiddeld - helling * dx
    if standaardfout == "klassiek":
        fout = float(np.sqrt((w @ rest**2) / (len(y) - 2) / s_xx))
    else:
        # leverage of an area whose weight is nearly everything is 1: its residual is 0 by force
        hefboom = np.minimum(w + w * dx**2 / s_xx, 1 - AFRONDING)
        fout = float(np.sqrt((((w * dx) * rest / (1 - hefboom)) ** 2).sum()) / s_xx)
    marge = float(stats.t.ppf((1 + betrouwbaarheid) / 2, len(y) - 2)) * fout
    onder = gemiddeld - helling * float(w @ x)
    return Helling(
        sii=helling,
        standaardfout=fout,
        laag=helling - marge,
        hoog=helling + marge,
        relatief=helling / gemiddeld,
        verhouding=(onder + helling) / onder if onder > 0 else float("nan"),
    )


@dataclass(frozen=True)
class Concentratie:
    """A concentration index with its standard error and 95% interval."""

    index: float
    standaardfout: float
    laag: float
    hoog: float


def concentratie_index(
    waarde: Reeks,
    rangschikking: Reeks,
    gewicht: Reeks | None = None,
    *,
    grenzen: tuple[float, float] | None = None,
    correctie: str = "geen",
) -> Concentratie:
    """Concentration index: twice the covariance of value and rank, over the mean.

    C = 2 cov(h, R) / mu. Sign: positive when the value is concentrated where the ranking is high,
    negative where it is low (O'Donnell and others, World Bank 2008). Standard error by Kakwani,
    Wagstaff and Van Doorslaer (1997): Var C = [sum f a^2 - (1 + C)^2] / n with
    a = h/mu (2R - 1 - C) + 2 - q_below - q, q the ordinate of the concentration curve; with unequal
    weights n is the effective number (sum w)^2 / sum w^2.

    Parameters
    ----------
    waarde, rangschikking, gewicht
        As for `hellingsindex`; no value may be negative.
    grenzen
        Lowest and highest value that can occur, for a correction. Reach has no upper bound.
    correctie
        ``"geen"``, or for bounded values ``"erreygers"`` (4 mu C / (b - a)) or ``"wagstaff"``
        ((b - a) mu C / ((b - mu)(mu - a))).

    Raises
    ------
    ContractFout
        For missing or negative values, or values outside `grenzen`.
    ParameterFout
        For an unknown correction, or one without bounds.

    Examples
    --------
    >>> round(concentratie_index([52.1, 56.3, 59.8, 63.2, 66.8], [1, 2, 3, 4, 5]).index, 8)
    0.04869215
    """
    if correctie not in CORRECTIES:
        raise ParameterFout(f"correctie '{correctie}' kan niet; kies uit {', '.join(CORRECTIES)}")
    if correctie != "geen" and not _zijn_grenzen(grenzen):
        raise ParameterFout(
            f"correctie '{correctie}' is alleen voor waarden met een laagste en hoogste grens; geef grenzen=(0, 1)"
        )
    y, g, r = lees(waarde, gewicht, rangschikking)
    keur_niet_negatief(y)
    gemiddeld = positief(y, g)
    factor = 1.0
    if grenzen is not None and correctie != "geen":
        a, b = grenzen
        if y.min() < a or y.max() > b:
            raise maatfout("waarde", f"ligt buiten de grenzen {a} en {b}", "geef de juiste grenzen")
        if correctie == "erreygers":
            factor = 4 * gemiddeld / (b - a)
        elif a < gemiddeld < b:
            factor = (b - a) * gemiddeld / ((b - gemiddeld) * (gemiddeld - a))
        else:
            raise maatfout("waarde", "alle waarden liggen op een grens", "gebruik een index zonder correctie")
    index, fout = _concentratie(y, g, r, gemiddeld)
    index, fout = index * factor, fout * factor
    marge = float(stats.norm.ppf(0.975)) * fout
    return Concentratie(index, fout, index - marge, index + marge)


def _zijn_grenzen(grenzen: object) -> bool:
    """Two numbers, the lower first."""
    if not isinstance(grenzen, (tuple, list)) or len(grenzen) != 2:
        return False
    return all(isinstance(g, (int, float, np.number)) for g in grenzen) and bool(grenzen[0] < grenzen[1])


def _concentratie(y: Matrix, g: Matrix, r: Matrix, gemiddeld: float) -> tuple[float, float]:
    w, x = g / g.sum(), _rang(r, g)
    index = float(2 / gemiddeld * (w @ ((y - gemiddeld) * (x - 0.5))))
    _, groep = np.unique(r, return_inverse=True)
    stap = np.bincount(groep, weights=w * y) / gemiddeld
    q = np.cumsum(stap)
    a = y / gemiddeld * (2 * x - 1 - index) + 2 - (2 * q - stap)[groep]
    variantie = (w @ a**2 - (1 + index) ** 2) * float(w @ w)
    return index, float(np.sqrt(max(variantie, 0.0)))


def gini(waarde: Reeks, gewicht: Reeks | None = None) -> float:
    """Gini: the concentration index of values ranked by themselves; 0 is equal, towards 1 all in one area.

    Raises
    ------
    ContractFout
        For missing or negative values, or a mean that is not positive.

    Examples
    --------
    >>> round(gini([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]), 7)
    0.4620911
    """
    y, g, _ = lees(waarde, gewicht)
    keur_niet_negatief(y)
    return max(0.0, _concentratie(y, g, y, positief(y, g))[0])
