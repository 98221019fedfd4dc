"""Fte that tell a count, because other rows of the delivery have the same fte per person.

Fte of real people scatter: 30 fte are 36 people here and 42 there, and dividing by a guessed working week gives a
range. But where rows share one ratio (a factor of the publisher, perhaps one per sex, perhaps with exceptions), who
divides 3,0 by the 0,75 of the others reads four people. A row tells its count when

- some ratio fits at least two other rows of its group, more than chance lets fit: each row's fit is as wide as
  the rounding of its fte, and rows that miss by one to three such widths tell how many hit by chance. Where it fits
  every row, one other with another count is enough;
- and who divides by that ratio is right at least one time in two. With `p` the share of the group that has the ratio
  (chance taken off) and `q` the share of all fte that are some whole multiple of it within rounding, that is
  `p / (p + (1 - p) q) >= 1/2`;
- and its own fte are such a multiple, of its count, or of any count under ten where the count is small or not known.

The last does not look at the small count itself, so that fte that are shown do not rule anything out. The groups are
all rows, and those per functie, sex and age class and all combinations of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from huisartsdata.leveringen.onderdrukking import GRENS

if TYPE_CHECKING:
    import pandas as pd

MAX_DECIMALEN = 4
MIN_ANDERE = 2  # one other row has a ratio, but shares it with nobody
GANGBAAR = (
    0.75  # of the rows at this number of decimals: a few longer ones do not hide how the rest was rounded
)
NAAST = 3.0  # rows up to so many half roundings off tell the chance
_KLASSEN = ("functie", "geslacht", "leeftijdsklasse")
_ZEKER = 1e-9

Vlag = npt.NDArray[np.bool_]
Vec = npt.NDArray[np.float64]


def vind_verraders(tabel: pd.DataFrame, telt: Vlag) -> Vlag:
    """Rows whose fte tell their count by a ratio that others share.

    Parameters
    ----------
    tabel
        Exact rows: fte, personen (NaN where not known) and the key columns that the delivery has.
    telt
        The rows to look at and to compare with: those of which the fte were measured.

    Examples
    --------
    >>> import pandas as pd
    >>> t = pd.DataFrame({"personen": [40.0, 60, 20, 4, np.nan], "fte": [30.0, 45, 15.5, 3, 2.6]})
    >>> vind_verraders(t, np.ones(5, dtype=bool)).tolist()
    [True, True, False, True, False]
    """
    fte, personen = (tabel[k].to_numpy(dtype=float) for k in ("fte", "personen"))
    uit = np.zeros(len(tabel), dtype=bool)
    # nobody has no fte per person; where the count is not known, no fte are likely nobody
    with np.errstate(invalid="ignore"):
        telt = telt & np.isfinite(fte) & ((personen > 0) | (np.isnan(personen) & (fte > 0)))
    bekend = telt & np.isfinite(personen)
    if bekend.sum() < MIN_ANDERE:
        return uit
    decimalen = _decimalen(fte)
    for groep in _groepen(tabel):
        hier, basis = telt & groep, bekend & groep
        if basis.sum() >= MIN_ANDERE:
            for d in _afrondingen(decimalen[telt]):
                # a row with more decimals than most was not rounded as coarsely as they
                marge = 0.5 * 10.0 ** -np.maximum(decimalen, d)
                rijen, andere = (_Rijen(fte[m], personen[m], marge[m]) for m in (hier, basis))
                uit[hier] |= _past(rijen, andere, 0.5 * 10.0**-d)
    return uit


@dataclass(frozen=True, eq=False)
class _Rijen:
    """Fte, people (NaN where not known) and the half rounding of each row."""

    fte: Vec
    personen: Vec
    marge: Vec

    def raakt(self, aantal: Vec, laag: float, hoog: float) -> Vlag:
        """Per row whether its fte can be so many people times a ratio in this range."""
        raak: Vlag = (self.fte + self.marge >= aantal * laag - _ZEKER) & (
            self.fte - self.marge <= aantal * hoog + _ZEKER
        )
        return raak


def _groepen(tabel: pd.DataFrame) -> list[Vlag]:
    """Masks of all rows, and of every class of every combination of key columns."""
    kolommen = [k for k in _KLASSEN if k in tabel and tabel[k].nunique() > 1]
    uit = [np.ones(len(tabel), dtype=bool)]
    for aantal in range(1, len(kolommen) + 1):
        for keuze in combinations(kolommen, aantal):
            nummer = tabel.groupby(list(keuze), sort=False).ngroup().to_numpy()
            uit += [nummer == nr for nr in range(nummer.max() + 1)]
    return uit


def _decimalen(fte: Vec) -> npt.NDArray[np.int_]:
    """The decimals that each number shows, at most four."""
    uit = np.full(len(fte), MAX_DECIMALEN)
    for d in reversed(range(MAX_DECIMALEN)):
        uit[np.isclose(fte, np.round(fte, d), rtol=0, atol=_ZEKER)] = d
    return uit


def _afrondingen(decimalen: npt.NDArray[np.int_]) -> set[int]:
    """The decimals to which a column can be rounded: those of its longest number, and of most rows."""
    return {int(decimalen.max()), int(np.quantile(decimalen, GANGBAAR, method="inverted_cdf"))}


def _past(rijen: _Rijen, basis: _Rijen, marge: float) -> Vlag:
    """Which rows are a multiple of a ratio that the rows of the base share; NaN persons fit any small count."""
    uit = np.zeros(len(rijen.fte), dtype=bool)
    eigen = np.isfinite(rijen.personen)
    with np.errstate(invalid="ignore"):
        groot = eigen & (rijen.personen >= GRENS)
    twee = len(np.unique(basis.personen)) > 1
    for laag, hoog, extra in _gedeeld(basis, marge):
        in_basis = eigen & rijen.raakt(rijen.personen, laag, hoog)
        klein = np.zeros(len(uit), dtype=bool)
        for aantal in range(1, GRENS):
            klein |= rijen.raakt(np.full(len(uit), float(aantal)), laag, hoog)
        genoeg = extra - in_basis >= MIN_ANDERE - _ZEKER
        if twee and basis.raakt(basis.personen, laag, hoog).all():
            genoeg[:] = True
        uit |= np.where(groot, in_basis, klein) & genoeg
    return uit


def _gedeeld(rijen: _Rijen, marge: float) -> list[tuple[float, float, float]]:
    """Ratios (lowest, highest) that rows share, and by how many rows more than chance."""
    fte, personen = rijen.fte, rijen.personen
    laag, hoog = (fte - rijen.marge) / personen, (fte + rijen.marge) / personen
    start, eind = np.sort(laag), np.sort(hoog)
    begin = np.unique(start[start > 0])
    tot = eind[np.searchsorted(eind, begin - _ZEKER)]
    diepte = np.searchsorted(start, begin + _ZEKER, "right") - np.searchsorted(eind, begin - _ZEKER)
    # the share at which dividing is right one time in two: p / (p + (1 - p) q) = 1/2
    q = np.minimum(1.0, 2 * marge / begin)
    nodig = np.maximum(MIN_ANDERE, len(fte) * q / (1 + q))
    top = np.append(begin[1:], np.inf) > tot + _ZEKER  # where no other row begins before one ends
    uit = []
    for nr in np.flatnonzero(top & (diepte >= nodig - _ZEKER)):
        mis = np.abs(fte - 0.5 * (begin[nr] + tot[nr]) * personen) / rijen.marge
        raak = (laag <= begin[nr] + _ZEKER) & (hoog >= begin[nr] - _ZEKER)
        extra = float(diepte[nr] - (~raak & (mis <= NAAST + _ZEKER)).sum() / (NAAST - 1))
        if extra >= nodig[nr] - _ZEKER:
            uit.append((float(begin[nr]), float(max(tot[nr], begin[nr])), extra))
    return uit
