"""Spread of values, without a ranking: Theil with its split over groups, and a ratio of percentiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.model.gelijkheidinvoer import keur_niet_negatief, lees, maatfout, naast, positief

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.gelijkheidinvoer import Matrix, Reeks

AFRONDING = 1e-12  # relative; sums of shares are equal up to this


def theil(waarde: Reeks, gewicht: Reeks | None = None) -> float:
    """Theil's T: the weighted mean of (y / mu) ln(y / mu); 0 is equal, a value of 0 adds nothing.

    Raises
    ------
    ContractFout
        For missing or negative values, or a mean that is not positive.

    Examples
    --------
    >>> round(theil([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]), 7)
    0.3623412
    """
    y, g, _ = lees(waarde, gewicht)
    keur_niet_negatief(y)
    return _theil(y, g, positief(y, g))


def _theil(y: Matrix, g: Matrix, gemiddeld: float) -> float:
    s = y / gemiddeld
    # s ln s + 1 - s is the same on average and loses no digits near equality
    term = s * np.log(np.where(s > 0, s, 1.0)) + 1 - s
    return max(0.0, float(g @ term / g.sum()))


@dataclass(frozen=True, eq=False)
class Theilsplitsing:
    """Theil in two parts that add up: between groups and within them.

    `groepen`: per group `aandeel_mensen`, `aandeel_waarde` and its own `theil`.
    """

    totaal: float
    tussen: float
    binnen: float
    groepen: pd.DataFrame


def splits_theil(
    waarde: Reeks, groep: pd.Series | Sequence[str] | NDArray[Any], gewicht: Reeks | None = None
) -> Theilsplitsing:
    """Split Theil's T: T = sum_k s_k ln(mu_k / mu) (between) + sum_k s_k T_k (within).

    s_k is the share of group k in the total value, T_k its own Theil. Both parts are computed from
    their own formula; their sum is the total.

    Parameters
    ----------
    waarde, gewicht
        As for `theil`.
    groep
        Group of each area.

    Raises
    ------
    ContractFout
        As for `theil`, and for an area without a group.

    Examples
    --------
    >>> s = splits_theil([1, 1, 2, 4], ["a", "a", "b", "b"])
    >>> bool(abs(s.tussen + s.binnen - s.totaal) < 1e-15)
    True
    """
    labels = naast(groep, waarde, "groep")
    nummers, namen = pd.factorize(labels, sort=True)
    if (nummers < 0).any():
        raise maatfout("groep", "gebied zonder groep", "geef elk gebied een groep")
    y, g, k = lees(waarde, gewicht, nummers.astype("float64"))
    keur_niet_negatief(y)
    gemiddeld = positief(y, g)
    rijen = []
    for nummer, naam in enumerate(namen):
        deel = k == nummer
        if not deel.any():
            continue
        gk, yk = g[deel], y[deel]
        eigen = float(gk @ yk / gk.sum())
        rijen.append(
            (
                naam,
                gk.sum() / g.sum(),
                float(gk @ yk) / float(g @ y),
                _theil(yk, gk, eigen) if eigen > 0 else 0.0,
            )
        )
    groepen = pd.DataFrame(rijen, columns=["groep", "aandeel_mensen", "aandeel_waarde", "theil"])
    groepen = groepen.set_index("groep")
    p, s = groepen["aandeel_mensen"].to_numpy(), groepen["aandeel_waarde"].to_numpy()
    return Theilsplitsing(
        totaal=_theil(y, g, gemiddeld),
        tussen=_theil(s / p, p, 1.0),
        binnen=float(s @ groepen["theil"].to_numpy()),
        groepen=groepen,
    )


def percentielverhouding(
    waarde: Reeks, gewicht: Reeks | None = None, *, hoog: float = 0.9, laag: float = 0.1
) -> float:
    """Ratio of two weighted percentiles (default P90 / P10); NaN when the lower one is 0.

    A percentile p is the lowest value that at least a share p of the people have or stay below.

    Raises
    ------
    ContractFout
        For missing or negative values.
    ParameterFout
        When not 0 < laag < hoog <= 1.

    Examples
    --------
    >>> percentielverhouding([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    9.0
    """
    if not all(isinstance(x, (int, float)) for x in (laag, hoog)) or not 0 < laag < hoog <= 1:
        raise ParameterFout(f"laag={laag!r} en hoog={hoog!r} kan niet; geef 0 < laag < hoog <= 1")
    y, g, _ = lees(waarde, gewicht)
    keur_niet_negatief(y)
    volgorde = np.argsort(y, kind="stable")
    som = np.cumsum(g[volgorde]) / g.sum()
    plaats = np.minimum(np.searchsorted(som, np.array([laag, hoog]) - AFRONDING), len(y) - 1)
    onder, boven = y[volgorde][plaats].tolist()
    return float(boven / onder) if onder > 0 else float("nan")
