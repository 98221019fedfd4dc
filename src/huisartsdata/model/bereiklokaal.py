"""Reach after a local change: only the demand points around a practice are summed again.

Closing a practice, or giving it another fte, changes one value of R and with it the reach of the people
around it. Their sums are taken again, whole and in the same order, so that the answer equals that of
`fca` bit for bit (subtracting a term would not) at a fraction of its cost. Made for sweeps: what would
the loss of each practice do?
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd

from huisartsdata.fouten import OnbekendePraktijkFout, ParameterFout
from huisartsdata.gebieden.reistijdtabel import opsomming
from huisartsdata.model.bereik import meld_onbereikt, reken_een, toets_behoud
from huisartsdata.model.bereikinvoer import lees_invoer, toets_waarden
from huisartsdata.model.bereikmatrix import LINEAIR, bereid_voor, bereik_van, verhouding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray
    from scipy import sparse

    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.bereikmatrix import Bereikmatrix, Vector
    from huisartsdata.model.verval import Verval


GEEN_RIJEN = np.empty(0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Bereikbasis:
    """One answer with all that is needed to recompute it around a practice; made by `maak_basis`.

    Attributes
    ----------
    bereik
        The answer of `fca`, by the index of the demand.
    reistijden, matrix, onbereikbaar
        What it was made with.
    rijen
        Row of the travel times for every label of `bereik`.
    per_rij, vraag
        Reach and demand by row of the travel times.
    aanbod, vraagdruk, ratio
        Supply, weighted demand and R by column of the travel times.
    gewichten
        Step 2 without stored zeros: with a decay that ends before the travel times do, most of a row
        weighs nothing, and adding nothing leaves the bits of a sum as they are.
    kolombegin, kolomrijen
        For every practice the rows it weighs in, one after another.
    """

    bereik: pd.Series
    reistijden: Reistijden
    matrix: Bereikmatrix
    onbereikbaar: str
    rijen: NDArray[np.intp]
    per_rij: Vector
    vraag: Vector
    aanbod: Vector
    vraagdruk: Vector
    ratio: Vector
    gewichten: sparse.csr_array
    kolombegin: NDArray[np.int32]
    kolomrijen: NDArray[np.int32]


def maak_basis(
    vraag: pd.Series,
    aanbod: pd.Series,
    reistijden: Reistijden,
    *,
    methode: str,
    verval: Verval,
    onbereikbaar: str = "fout",
) -> Bereikbasis:
    """Answer `fca` once and keep what `fca_zonder` and `fca_met` need. Parameters as `fca`, without draws."""
    if any(isinstance(reeks, pd.DataFrame) for reeks in (vraag, aanbod)):
        raise ParameterFout("Een basis kent geen trekkingen; geef vraag en aanbod elk als Series.")
    praktijken = aanbod.index if isinstance(aanbod, pd.Series) else None
    matrix = bereid_voor(reistijden, verval, methode, praktijken=praktijken)
    p, s, rijen = lees_invoer(matrix, vraag, aanbod)
    a, vraagdruk, leeg = reken_een(matrix, p, s)
    meld_onbereikt(matrix, leeg, onbereikbaar)
    gewichten = matrix.zonder_nullen().stap2
    return Bereikbasis(
        pd.Series(a[rijen], vraag.index, name="bereik"),
        reistijden,
        matrix,
        onbereikbaar,
        rijen,
        a,
        p,
        s,
        vraagdruk,
        verhouding(s, vraagdruk),
        gewichten,
        *_kolomrijen(gewichten),
    )


def fca_zonder(basis: Bereikbasis, praktijk_ids: Iterable[str]) -> pd.Series:
    """Reach after closing practices; equal, bit for bit, to `fca` without them.

    For 2sfca, e2sfca, m2sfca and beschikbaarheid only the demand points around the practices are summed
    again, in the same order. In 3sfca and bfca a closure changes the choices of everyone around and with
    them the pressure on other practices: those are computed in full.

    Parameters
    ----------
    basis
        The answer before.
    praktijk_ids
        Practices to close.

    Returns
    -------
    Series
        By the index of the demand.

    Raises
    ------
    OnbekendePraktijkFout
        With every id that is not in the base.
    """
    ids = list(dict.fromkeys(praktijk_ids))
    if basis.matrix.methode in LINEAIR:
        return fca_met(basis, dict.fromkeys(ids, 0.0))
    oud, s = basis.matrix, basis.aanbod.copy()
    s[_plaatsen(basis, ids)] = 0
    blijft = oud.naar[oud.aanwezig].drop(ids)
    matrix = bereid_voor(basis.reistijden, oud.verval, oud.methode, praktijken=blijft)
    a, _, leeg = reken_een(matrix, basis.vraag, s)
    meld_onbereikt(matrix, leeg, basis.onbereikbaar)
    return pd.Series(a[basis.rijen], basis.bereik.index, name="bereik")


def fca_met(basis: Bereikbasis, fte: Mapping[str, float]) -> pd.Series:
    """Reach after giving some practices another fte; equal, bit for bit, to `fca` with that supply.

    Local for every method: the weights do not depend on how much fte a practice has, 0 included.

    Parameters
    ----------
    basis
        The answer before.
    fte
        New fte of each practice that changes.

    Returns
    -------
    Series
        By the index of the demand.

    Raises
    ------
    OnbekendePraktijkFout
        With every id that is not in the base.
    ContractFout
        When an fte is missing, negative or infinite.
    ReistijdFout
        When a practice gets fte that nobody reaches.
    """
    plaatsen = _plaatsen(basis, list(fte))
    nieuw = np.array(list(fte.values()), dtype=np.float64)
    toets_waarden(list(fte), nieuw, "aanbod")
    ratio, s = basis.ratio.copy(), basis.aanbod.copy()
    s[plaatsen] = nieuw
    ratio[plaatsen] = verhouding(nieuw, basis.vraagdruk[plaatsen])
    meld_onbereikt(basis.matrix, (s > 0) & (basis.vraagdruk <= 0), basis.onbereikbaar)
    delen = [basis.kolomrijen[basis.kolombegin[j] : basis.kolombegin[j + 1]] for j in plaatsen]
    geraakt = delen[0] if len(delen) == 1 else np.unique(np.concatenate([*delen, GEEN_RIJEN]))
    a = basis.per_rij.copy()
    a[geraakt] = bereik_van(basis.gewichten[geraakt], ratio)
    toets_behoud(basis.matrix.methode, basis.vraag, s, basis.vraagdruk, a)
    return pd.Series(a[basis.rijen], basis.bereik.index, name="bereik")


def _kolomrijen(matrix: sparse.csr_array) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    kolommen = matrix.tocsc()
    return kolommen.indptr, kolommen.indices


def _plaatsen(basis: Bereikbasis, ids: list[str]) -> list[int]:
    naar, aanwezig = basis.matrix.naar, basis.matrix.aanwezig
    plaatsen = [cast("int", naar.get_loc(code)) if code in naar else -1 for code in ids]
    onbekend = [code for code, i in zip(ids, plaatsen, strict=True) if i < 0 or not aanwezig[i]]
    if onbekend:
        raise OnbekendePraktijkFout(f"Niet in het aanbod van de basis: {opsomming(onbekend)}.", onbekend)
    return plaatsen
