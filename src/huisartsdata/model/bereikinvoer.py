"""Demand and supply as they come in: checked, and put in the order of the travel times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import ContractFout, OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.reistijdtabel import FOUTKOLOMMEN, opsomming
from huisartsdata.model.bereikmatrix import LINEAIR, Bereikmatrix, Vector

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Reeks = pd.Series | pd.DataFrame


def lees_invoer(matrix: Bereikmatrix, vraag: Reeks, aanbod: Reeks) -> tuple[Vector, Vector, NDArray[np.intp]]:
    """Demand and supply by row and column of the matrix, and the row of every label of the demand.

    Raises
    ------
    OnbekendGebiedFout, OnbekendePraktijkFout, ContractFout, ParameterFout
        As `fca` says.
    """
    p_los, s_los = _waarden(vraag, "vraag"), _waarden(aanbod, "aanbod")
    if p_los.ndim == s_los.ndim == 2 and p_los.shape[1] != s_los.shape[1]:
        raise ContractFout(
            "vraag en aanbod hebben niet evenveel trekkingen",
            fouten_tabel(
                [(1, "kolommen", f"{p_los.shape[1]} en {s_los.shape[1]}", "aantal verschilt")],
                "maak ze gelijk",
            ),
        )
    rijen = _plaatsen(matrix.van, vraag.index)
    onbekend = vraag.index[rijen < 0]
    if len(onbekend):
        raise OnbekendGebiedFout(
            f"Deze codes van vraag staan niet in de reistijden: {opsomming(onbekend)}.", list(onbekend)
        )
    if len(rijen) < len(matrix.van):
        gemist = matrix.van.delete(rijen.tolist())
        advies = "vul aan, of beperk de reistijden met reistijden.selecteer(van=vraag.index)"
        raise ContractFout(
            "vraag mist vertrekpunten van de reistijden; zonder hun vraag lijken praktijken te ruim",
            fouten_tabel([(1, "vraag", code, "ontbreekt") for code in gemist], advies),
        )
    kolommen = _plaatsen(matrix.naar, aanbod.index)
    bekend = np.append(matrix.aanwezig, False)  # the place of an unknown id is -1, so the last one
    onbekend = aanbod.index[~bekend[kolommen]]
    if len(onbekend):
        raise OnbekendePraktijkFout(
            f"Deze praktijken van aanbod staan niet in de reistijden: {opsomming(onbekend)}.", list(onbekend)
        )
    if matrix.methode not in LINEAIR and len(kolommen) < matrix.aanwezig.sum():
        raise ParameterFout(
            f"Bij {matrix.methode} hangen de gewichten af van de praktijken die er zijn, en aanbod heeft er "
            "minder. Maak de gewichten opnieuw met bereid_voor(..., praktijken=aanbod.index)."
        )
    p, s = np.empty(p_los.shape), np.zeros((len(matrix.naar), *s_los.shape[1:]))
    p[rijen], s[kolommen] = p_los, s_los
    return p, s, rijen


def _plaatsen(index: pd.Index, labels: pd.Index) -> NDArray[np.intp]:
    if labels.equals(index):  # in the order of the travel times already: no need to look each one up
        return np.arange(len(index))
    return index.get_indexer(labels)


def _waarden(reeks: Reeks, naam: str) -> Vector:
    """The numbers of a Series, or of a frame of draws ordered by its columns, once they are sound."""
    if not isinstance(reeks, (pd.Series, pd.DataFrame)):
        raise ParameterFout(
            f"{naam} is een {type(reeks).__name__}; geef een Series of een DataFrame met trekkingen."
        )
    if not reeks.index.is_unique:
        dubbel = np.flatnonzero(reeks.index.duplicated(keep=False))
        rijen = [(i + 2, naam, reeks.index[i], "code staat er meer dan eens in") for i in dubbel.tolist()]
        raise ContractFout(f"{naam} is geweigerd", fouten_tabel(rijen, "houd per code een waarde over"))
    if isinstance(reeks, pd.DataFrame):
        if not len(reeks.columns) or sorted(map(str, reeks.columns)) != sorted(
            map(str, range(reeks.shape[1]))
        ):
            rij = (1, naam, opsomming(reeks.columns), "kolommen zijn niet 0 tot en met n-1")
            raise ContractFout(
                f"{naam} is geweigerd", fouten_tabel([rij], "geef per trekking een kolom, genummerd vanaf 0")
            )
        reeks = reeks[list(range(reeks.shape[1]))]
    soorten = [reeks.dtype] if isinstance(reeks, pd.Series) else list(reeks.dtypes.unique())
    if len(reeks) and not all(
        pd.api.types.is_numeric_dtype(soort) and not pd.api.types.is_bool_dtype(soort) for soort in soorten
    ):
        rij = (1, naam, ", ".join(map(str, soorten)), "waarden zijn geen getallen")
        raise ContractFout(f"{naam} is geweigerd", fouten_tabel([rij], "zet de waarden om in getallen"))
    waarden = reeks.to_numpy(dtype=np.float64, na_value=np.nan)
    toets_waarden(reeks.index, waarden, naam)
    return waarden


def toets_waarden(index: pd.Index | list[str], waarden: Vector, naam: str) -> None:
    """Refuse values that are missing, negative or infinite, naming every label."""
    if not waarden.size or (waarden.min() >= 0 and np.isfinite(waarden.max())):
        return
    rijen: list[tuple[int, str, object, str]] = []
    for plaats in np.argwhere(~(np.isfinite(waarden) & (waarden >= 0))).tolist():
        waarde = waarden[tuple(plaats)]
        probleem = "ontbreekt" if np.isnan(waarde) else "is negatief" if waarde < 0 else "is oneindig"
        rijen.append((plaats[0] + 2, naam, f"{index[plaats[0]]}: {waarde}", probleem))
    raise ContractFout(f"{naam} is geweigerd", fouten_tabel(rijen, "geef een getal van 0 of hoger"))


def fouten_tabel(rijen: Iterable[tuple[int, str, object, str]], advies: str) -> pd.DataFrame:
    """A table of faults from (line, column, value, problem) with one advice."""
    return pd.DataFrame([(*rij, advies) for rij in rijen], columns=FOUTKOLOMMEN)
