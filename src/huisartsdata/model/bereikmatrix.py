"""The weights of the floating-catchment family on a sparse table of travel times.

Every method of the family is two sparse products with a division between them::

    R_j = S_j / sum_i a_ij P_i        step 1: fte per unit of demand that leans on practice j
    A_i = sum_j b_ij R_j              step 2: fte per unit of demand that people at i reach

and the methods differ in a and b only. With w the decay (0 beyond its cut-off):

================  =====================================  ==========================
method            a (step 1)                             b (step 2)
================  =====================================  ==========================
2sfca             1 where w > 0                          a
e2sfca            w                                      a
3sfca             w^2 / sum_j w                          a
m2sfca            w                                      w^2
bfca              w / sum_j w                            w / sum_i w
beschikbaarheid   w                                      a
================  =====================================  ==========================

Sources: Luo & Wang 2003 (2sfca), Luo & Qi 2009 (e2sfca), Wan, Zou & Sternberg 2012 (3sfca; its
selection weight G = w / sum_j w, over the practices within the cut-off), Delamater 2013 (m2sfca),
Paez, Higgins & Vivona 2019 (bfca), Soukhov et al. 2023 (beschikbaarheid: spatial availability, per
head algebraically equal to e2sfca with the same decay).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from huisartsdata.fouten import ParameterFout

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.verval import Verval

METHODEN = ("2sfca", "e2sfca", "3sfca", "m2sfca", "bfca", "beschikbaarheid")
BEHOUDEND = frozenset({"2sfca", "e2sfca", "3sfca", "beschikbaarheid"})
"""Methods with sum_i P_i A_i = sum of the fte of the practices that are reached."""
LINEAIR = frozenset({"2sfca", "e2sfca", "m2sfca", "beschikbaarheid"})
"""Methods whose weights do not change when a practice closes: A is linear in the supply."""

Vector = NDArray[np.float64]
MAX_DEEL_NUL = 0.1  # share of pairs with weight 0 from which dropping them pays for the copy


@dataclass(frozen=True, eq=False)
class Bereikmatrix:
    """The two weight matrices of one method, ready for any number of demands and supplies.

    Attributes
    ----------
    methode, verval
        What the weights stand for.
    van, naar
        Ids of rows and columns, as in the travel times.
    aanwezig
        Per column whether the practice takes part; all of them unless `bereid_voor` got `praktijken`.
    stap1, stap2
        Weights a and b (van x naar); the same object when a = b.
    """

    methode: str
    verval: Verval
    van: pd.Index
    naar: pd.Index
    aanwezig: NDArray[np.bool_]
    stap1: sparse.csr_array
    stap2: sparse.csr_array

    def zonder_nullen(self) -> Bereikmatrix:
        """Without stored zeros, when they are many enough to slow a long run down; same sums."""
        nullen = 1 - np.count_nonzero(self.stap1.data) / max(self.stap1.nnz, 1)
        if nullen <= MAX_DEEL_NUL:
            return self
        stap1 = self.stap1.copy()
        stap1.eliminate_zeros()
        stap2 = stap1
        if self.stap2 is not self.stap1:
            stap2 = self.stap2.copy()
            stap2.eliminate_zeros()
        return Bereikmatrix(self.methode, self.verval, self.van, self.naar, self.aanwezig, stap1, stap2)


def bereid_voor(
    reistijden: Reistijden,
    verval: Verval,
    methode: str,
    *,
    praktijken: pd.Index | None = None,
    keuzeverval: Verval | None = None,
) -> Bereikmatrix:
    """Compute the weights of a method once, for use with many demands or supplies.

    Parameters
    ----------
    reistijden
        Travel minutes.
    verval
        Decay. 2sfca uses its reach only: all within it weigh 1.
    methode
        One of `METHODEN`.
    praktijken
        The practices that exist; all of `reistijden.naar` when left out. It matters for 3sfca and bfca,
        where people choose between the practices there are.
    keuzeverval
        For 3sfca: a decay of its own for the selection weights G (Huff), within the reach of `verval`;
        `verval` itself when left out.

    Raises
    ------
    ParameterFout
        When the method is unknown, or the decay reaches beyond the cut-off of the travel times.
    """
    if methode not in METHODEN:
        raise ParameterFout(f"Onbekende methode {methode!r}; kies uit {', '.join(METHODEN)}.")
    if keuzeverval is not None and methode != "3sfca":
        raise ParameterFout(f"keuzeverval hoort bij methode 3sfca, niet bij {methode}. Laat het weg.")
    _toets_reikwijdte(reistijden, verval)
    aanwezig = np.full(len(reistijden.naar), True)
    if praktijken is not None and not praktijken.equals(reistijden.naar):
        plaatsen = reistijden.naar.get_indexer(praktijken)
        aanwezig = np.full(len(reistijden.naar), False)
        aanwezig[plaatsen[plaatsen >= 0]] = True
    w = verval(reistijden.minuten.data)
    if methode not in LINEAIR and not aanwezig.all():  # elsewhere a practice without fte adds nothing
        w *= aanwezig[reistijden.minuten.indices]
    patroon = reistijden.minuten
    if methode == "2sfca":
        a = b = _matrix(patroon, (w > 0).astype(np.float64))
    elif methode == "3sfca":
        keuze = w if keuzeverval is None else keuzeverval(patroon.data) * (w > 0)
        a = b = _matrix(patroon, _deel_per_rij(patroon, keuze) * w)
    elif methode == "m2sfca":
        a, b = _matrix(patroon, w), _matrix(patroon, w * w)
    elif methode == "bfca":
        a, b = _matrix(patroon, _deel_per_rij(patroon, w)), _matrix(patroon, _deel_per_kolom(patroon, w))
    else:
        a = b = _matrix(patroon, w)
    return Bereikmatrix(methode, verval, reistijden.van, reistijden.naar, aanwezig, a, b)


def druk(stap1: sparse.csr_array, vraag: Vector) -> Vector:
    """Weighted demand on every practice: a^T P, for a vector or a C-ordered block of draws.

    scipy adds the terms of a column in the order of the rows for a vector and for a block alike, so a
    draw gives the same bits alone and in a block.
    """
    uit: Vector = stap1.T @ vraag
    return uit


def verhouding(aanbod: Vector, vraagdruk: Vector) -> Vector:
    """Supply over pressure, for practices or for any other pair of arrays; 0 where the pressure is 0."""
    vorm = np.broadcast_shapes(aanbod.shape, vraagdruk.shape)
    uit: Vector = np.divide(aanbod, vraagdruk, out=np.zeros(vorm), where=vraagdruk > 0)
    return uit


def bereik_van(stap2: sparse.csr_array, ratio: Vector) -> Vector:
    """Fte per unit of demand that people reach: b R, for a vector or a C-ordered block of draws."""
    uit: Vector = stap2 @ ratio
    return uit


def _toets_reikwijdte(reistijden: Reistijden, verval: Verval) -> None:
    grens = reistijden.grens_minuten
    if grens is not None and verval.reikwijdte > grens:
        raise ParameterFout(
            f"Het verval ({verval.beschrijving}) telt ook praktijken verder dan {grens:g} minuten mee, maar "
            "daar houden de reistijden op. Geef het verval een lagere grens of bereken reistijden tot verder."
        )


def _matrix(patroon: sparse.csr_array, gewichten: Vector) -> sparse.csr_array:
    gewichten.flags.writeable = False
    matrix = sparse.csr_array((gewichten, patroon.indices, patroon.indptr), shape=patroon.shape)
    matrix.has_sorted_indices = True
    matrix.has_canonical_format = True
    return matrix


def _deel_per_rij(patroon: sparse.csr_array, w: Vector) -> Vector:
    som = _matrix(patroon, w.view()) @ np.ones(patroon.shape[1])
    noemer = np.repeat(som, np.diff(patroon.indptr))
    return verhouding(w, noemer)


def _deel_per_kolom(patroon: sparse.csr_array, w: Vector) -> Vector:
    noemer = (_matrix(patroon, w.view()).T @ np.ones(patroon.shape[0]))[patroon.indices]
    return verhouding(w, noemer)
