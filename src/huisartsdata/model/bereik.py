"""Reach: how much fte people can get to, by the floating-catchment family.

`fca` answers for one demand and one supply, or for a stack of draws of either. For many questions on
the same travel times prepare the weights once (`bereid_voor`, then `bereken`); to see what one practice
more or less changes, `bereiklokaal` recomputes only around that practice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

import numpy as np
import pandas as pd

from huisartsdata.fouten import HuisartsdataFout, ParameterFout, ReistijdFout
from huisartsdata.model.bereikinvoer import fouten_tabel, lees_invoer
from huisartsdata.model.bereikmatrix import BEHOUDEND, bereid_voor, bereik_van, druk, verhouding

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray
    from scipy import sparse

    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.bereikinvoer import Reeks
    from huisartsdata.model.bereikmatrix import Bereikmatrix, Vector
    from huisartsdata.model.verval import Verval

TOLERANTIE = 1e-9  # relative; rounding over two million pairs stays a thousand times below it
BLOK = 32  # draws multiplied at a time: the block of practices stays in the cache
TAAK = 128  # draws handed to an executor at a time: the weights travel with every task


@overload
def fca(
    vraag: pd.Series,
    aanbod: pd.Series,
    reistijden: Reistijden,
    *,
    methode: str,
    verval: Verval,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> pd.Series: ...
@overload
def fca(
    vraag: pd.DataFrame,
    aanbod: Reeks,
    reistijden: Reistijden,
    *,
    methode: str,
    verval: Verval,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> pd.DataFrame: ...
@overload
def fca(
    vraag: Reeks,
    aanbod: pd.DataFrame,
    reistijden: Reistijden,
    *,
    methode: str,
    verval: Verval,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> pd.DataFrame: ...
@overload
def fca(
    vraag: Reeks,
    aanbod: Reeks,
    reistijden: Reistijden,
    *,
    methode: str,
    verval: Verval,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> Reeks: ...
def fca(
    vraag: Reeks,
    aanbod: Reeks,
    reistijden: Reistijden,
    *,
    methode: str,
    verval: Verval,
    onbereikbaar: str = "fout",
    executor: Executor | None = None,
) -> Reeks:
    """Fte per unit of demand that people reach, across any border.

    With demand P_i, supply S_j and weights a and b of the method (see `bereikmatrix`)::

        R_j = S_j / sum_i a_ij P_i,    A_i = sum_j b_ij R_j

    2sfca, e2sfca, 3sfca and beschikbaarheid conserve fte: sum_i P_i A_i is the fte of the practices that
    are reached, and that is checked on every run. m2sfca does not: what it loses is the price of a bad
    configuration. bfca conserves demand (sum_ij P_i a_ij) and level of service (sum_i A_i = sum_j R_j)
    each, but not fte: with it all times 0 does not give the national ratio, and splitting a demand point
    in two changes the answer. beschikbaarheid is V_i / P_i, which equals e2sfca with the same decay;
    where nobody lives it is the reach that a first resident would have.

    Parameters
    ----------
    vraag
        Demand by `reistijden.van`, in any order: a Series, or a frame of draws with columns 0..n-1. Every
        demand point of the travel times must be in it: a neighbour left out would lend its doctors.
    aanbod
        Fte by `reistijden.naar`, in any order: a Series or a frame of draws. A practice of the travel times
        that is not in it does not exist: nobody chooses it. One with 0 fte does exist.
    reistijden
        Travel minutes.
    methode
        2sfca, e2sfca, 3sfca, m2sfca, bfca or beschikbaarheid. 2sfca uses only the reach of the decay.
    verval
        Decay, see `huisartsdata.verval`.
    onbereikbaar
        What to do with a practice with fte that no demand reaches: "fout" refuses and names it, "nul" leaves
        its fte out.
    executor
        Any `concurrent.futures.Executor`, to spread draws over; the numbers are the same bit for bit.

    Returns
    -------
    Series or DataFrame
        By the index of `vraag`, fte per unit of demand; 0 for people who reach no practice. A frame with
        columns 0..n-1 when either input is one; each column has the bits of that draw alone.

    Raises
    ------
    OnbekendGebiedFout, OnbekendePraktijkFout
        When an id of `vraag` or `aanbod` is missing from the travel times.
    ContractFout
        When a value is missing, negative, infinite or no number, an id stands twice, a demand point is left
        out, or columns of draws do not match.
    ReistijdFout
        When a practice with fte is reached by nobody.
    ParameterFout
        When method, decay or `onbereikbaar` cannot be used.

    Examples
    --------
    >>> from huisartsdata.gebieden.reistijd import Reistijden
    >>> from huisartsdata.model import verval
    >>> tabel = pd.DataFrame(
    ...     {"van": ["a", "a", "b", "b"], "naar": ["p", "q"] * 2, "minuten": [5.0, 15, 25, 8]}
    ... )
    >>> reistijden = Reistijden.from_table(tabel, van=["a", "b", "c"], grens_minuten=30)
    >>> vraag = pd.Series({"a": 1000.0, "b": 2000.0, "c": 500.0})
    >>> aanbod = pd.Series({"p": 1.0, "q": 2.0})
    >>> fca(vraag, aanbod, reistijden, methode="2sfca", verval=verval.binair(30)).round(6).to_dict()
    {'a': 0.001, 'b': 0.001, 'c': 0.0}
    """
    praktijken = aanbod.index if isinstance(aanbod, (pd.Series, pd.DataFrame)) else None
    matrix = bereid_voor(reistijden, verval, methode, praktijken=praktijken)
    return bereken(matrix, vraag, aanbod, onbereikbaar=onbereikbaar, executor=executor)


@overload
def bereken(
    matrix: Bereikmatrix,
    vraag: pd.Series,
    aanbod: pd.Series,
    *,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> pd.Series: ...
@overload
def bereken(
    matrix: Bereikmatrix,
    vraag: pd.DataFrame,
    aanbod: Reeks,
    *,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> pd.DataFrame: ...
@overload
def bereken(
    matrix: Bereikmatrix,
    vraag: Reeks,
    aanbod: pd.DataFrame,
    *,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> pd.DataFrame: ...
@overload
def bereken(
    matrix: Bereikmatrix,
    vraag: Reeks,
    aanbod: Reeks,
    *,
    onbereikbaar: str = ...,
    executor: Executor | None = ...,
) -> Reeks: ...
def bereken(
    matrix: Bereikmatrix,
    vraag: Reeks,
    aanbod: Reeks,
    *,
    onbereikbaar: str = "fout",
    executor: Executor | None = None,
) -> Reeks:
    """As `fca`, with weights prepared by `bereid_voor`."""
    p, s, rijen = lees_invoer(matrix, vraag, aanbod)
    if p.ndim == s.ndim == 1:
        a, _, leeg = reken_een(matrix, p, s)
        meld_onbereikt(matrix, leeg, onbereikbaar)
        return pd.Series(a[rijen], vraag.index, name="bereik")
    a, leeg = _trekkingen(matrix.zonder_nullen(), p, s, executor)
    meld_onbereikt(matrix, leeg, onbereikbaar)
    return pd.DataFrame(a[rijen], vraag.index)


def reken_een(matrix: Bereikmatrix, p: Vector, s: Vector) -> tuple[Vector, Vector, NDArray[np.bool_]]:
    """Reach and pressure for one demand and one supply, and which practices nobody reaches."""
    vraagdruk = druk(matrix.stap1, p)
    a = bereik_van(matrix.stap2, verhouding(s, vraagdruk))
    toets_behoud(matrix.methode, p, s, vraagdruk, a)
    return a, vraagdruk, (s > 0) & (vraagdruk <= 0)


def _trekkingen(
    matrix: Bereikmatrix, p: Vector, s: Vector, executor: Executor | None
) -> tuple[Vector, NDArray[np.bool_]]:
    """All draws, task by task; the split does not depend on who computes them."""
    aantal = p.shape[1] if p.ndim == 2 else s.shape[1]
    vast = druk(matrix.stap1, p) if p.ndim == 1 else None
    delen = [slice(i, min(i + TAAK, aantal)) for i in range(0, aantal, TAAK)]
    taken = [(matrix.methode, (matrix.stap1, matrix.stap2), _deel(p, d), _deel(s, d), vast) for d in delen]
    if executor is None:
        uitkomsten = (_taak(*taak) for taak in taken)
    else:
        uitkomsten = (toekomst.result() for toekomst in [executor.submit(_taak, *taak) for taak in taken])
    a = np.empty((len(matrix.van), aantal))
    leeg = np.zeros(len(matrix.naar), dtype=np.bool_)
    for deel, (deel_a, deel_leeg) in zip(delen, uitkomsten, strict=True):
        a[:, deel] = deel_a
        leeg |= deel_leeg
    return a, leeg


def _taak(
    methode: str,
    stappen: tuple[sparse.csr_array, sparse.csr_array],
    p: Vector,
    s: Vector,
    vast: Vector | None,
) -> tuple[Vector, NDArray[np.bool_]]:
    """Draws of one task, in blocks the cache likes; `vast` is the pressure of an undrawn demand."""
    stap1, stap2 = stappen
    aantal = p.shape[1] if p.ndim == 2 else s.shape[1]
    a = np.empty((stap2.shape[0], aantal))
    leeg = np.zeros(stap2.shape[1], dtype=np.bool_)
    for i in range(0, aantal, BLOK):
        deel = slice(i, min(i + BLOK, aantal))
        pb, sb = _kolommen(_deel(p, deel)), _kolommen(_deel(s, deel))
        vraagdruk = druk(stap1, pb) if vast is None else _kolommen(vast)
        blok = bereik_van(stap2, verhouding(sb, vraagdruk))
        toets_behoud(methode, pb, sb, vraagdruk, blok)
        a[:, deel] = blok
        leeg |= ((sb > 0) & (vraagdruk <= 0)).any(axis=1)
    return a, leeg


def _deel(waarden: Vector, deel: slice) -> Vector:
    return waarden if waarden.ndim == 1 else waarden[:, deel]


def _kolommen(waarden: Vector) -> Vector:
    return waarden[:, None] if waarden.ndim == 1 else np.ascontiguousarray(waarden)


def toets_behoud(methode: str, p: Vector, s: Vector, vraagdruk: Vector, a: Vector) -> None:
    """Nothing infinite, and where the method conserves: fte reached is the fte of reached practices."""
    if not np.isfinite(a).all():
        raise HuisartsdataFout(
            "Het bereik is niet eindig: een praktijk heeft fte bij een vraag van bijna nul. Controleer vraag."
        )
    if methode not in BEHOUDEND:
        return
    bereikt, aanwezig = (p * a).sum(axis=0), (s * (vraagdruk > 0)).sum(axis=0)
    if (np.abs(bereikt - aanwezig) > TOLERANTIE * aanwezig).any():
        raise HuisartsdataFout(
            f"Methode {methode} hoort fte te behouden, maar {np.ravel(aanwezig)[0]:g} fte werd "
            f"{np.ravel(bereikt)[0]:g}. Dit is een fout in het programma: meld hem met deze invoer."
        )


def meld_onbereikt(matrix: Bereikmatrix, leeg: NDArray[np.bool_], onbereikbaar: str) -> None:
    """Name the practices with fte that nobody reaches, unless they may count for nothing."""
    if onbereikbaar not in ("fout", "nul"):
        raise ParameterFout(f"onbereikbaar is {onbereikbaar!r}; kies fout of nul.")
    if onbereikbaar == "nul" or not leeg.any():
        return
    rijen = [
        (i + 2, "naar", matrix.naar[i], "praktijk met fte die niemand bereikt")
        for i in np.flatnonzero(leeg).tolist()
    ]
    advies = "controleer plaats en reistijden, of geef onbereikbaar='nul' om deze fte niet mee te tellen"
    raise ReistijdFout("Niet alle fte is te bereiken", fouten_tabel(rijen, advies))
