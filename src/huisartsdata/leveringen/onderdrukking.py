"""Small counts of people are hidden before anything is shown, also where subtraction would give them back."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from huisartsdata.leveringen.waarden import ONDERDRUKT, WAARGENOMEN

GRENS = (
    10  # counts of people below this identify; a rule of the project, stricter than the 5 of many publishers
)
MIN_SAMEN = 2  # one hidden count under a shown total is that total minus the rest
_NUL = 1e-9


@dataclass(frozen=True, eq=False)
class Onderdrukking:
    """A table whose small counts are hidden, with the margins that may be shown beside it.

    Attributes
    ----------
    tabel
        The table, hidden counts as NaN, and `<kolom>_status` (waargenomen, onderdrukt).
    randen
        Per margin the totals by its columns, hidden ones as NaN.
    primair, secundair
        How many values were hidden for themselves, and how many to protect those.
    """

    tabel: pd.DataFrame
    randen: tuple[pd.Series[float], ...]
    primair: int
    secundair: int


def onderdruk(
    tabel: pd.DataFrame,
    *,
    kolom: str,
    randen: Sequence[Sequence[str]] = ((),),
    grens: int = GRENS,
    toon_nul: bool = False,
) -> Onderdrukking:
    """Hide counts below `grens`, and as many others as it takes that no hidden one can be computed.

    A hidden value can be computed if it is fixed by the shown values and the shown totals, in any
    combination: that is a linear system, and it is fixed when every vector of the system's null space is zero
    there. While one is, the smallest shown value that shares a total with it is hidden as well. Totals below
    `grens` are hidden too, and guarded likewise. A shown total never covers hidden values that sum to less
    than `grens`.

    Parameters
    ----------
    tabel
        One row per group of people; not changed.
    kolom
        The counts. NaN is already hidden.
    randen
        For each margin that is shown (or known) its columns; `()` is the total of the whole table.
    grens
        The lowest count that may be shown.
    toon_nul
        Whether an empty group may be shown as zero.

    Examples
    --------
    >>> t = pd.DataFrame({"gebied": ["A", "A", "A", "B"], "n": [4, 12, 30, 50]})
    >>> onderdruk(t, kolom="n", randen=[["gebied"]]).tabel["n"].tolist()
    [nan, nan, 30.0, 50.0]
    """
    waarden = tabel[kolom].to_numpy(dtype=float, copy=True)
    groepen = [_groepen(tabel, list(rand)) for rand in randen]
    klein = _klein(waarden, grens, toon_nul)
    verborgen = klein | np.isnan(waarden)
    matrices, totalen, dicht = [], [], []
    for nummers, sleutels in groepen:
        matrix = np.zeros((len(sleutels), len(waarden)))
        matrix[nummers, np.arange(len(waarden))] = 1.0
        som = matrix @ np.nan_to_num(waarden)
        open_ = matrix @ np.isnan(waarden) > 0
        matrices.append(matrix)
        totalen.append(np.where(open_, np.nan, som))
        dicht.append(_klein(som, grens, toon_nul) | open_)
    alles = np.vstack(matrices) if matrices else np.zeros((0, len(waarden)))
    totaal = np.concatenate(totalen) if totalen else np.zeros(0)
    rand_dicht = np.concatenate(dicht) if dicht else np.zeros(0, dtype=bool)
    rand_van = (
        np.repeat(np.arange(len(matrices)), [len(m) for m in matrices])
        if matrices
        else np.zeros(0, dtype=int)
    )
    primair = int(klein.sum() + rand_dicht.sum())
    _bescherm(_Stand(waarden, totaal, alles, rand_van, verborgen, rand_dicht, grens))

    uit = tabel.copy()
    uit[kolom] = np.where(verborgen, np.nan, waarden)
    uit[f"{kolom}_status"] = np.where(verborgen, ONDERDRUKT, WAARGENOMEN)
    reeksen = []
    for nr, (_, sleutels) in enumerate(groepen):
        zicht = np.where(rand_dicht[rand_van == nr], np.nan, totaal[rand_van == nr])
        reeksen.append(pd.Series(zicht, index=_index(sleutels, list(randen[nr])), name=kolom))
    secundair = int(verborgen.sum() - np.isnan(waarden).sum() + rand_dicht.sum()) - primair
    return Onderdrukking(uit, tuple(reeksen), primair, secundair)


def _klein(waarden: np.ndarray, grens: int, toon_nul: bool) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        klein: np.ndarray = waarden < grens
        return klein & (waarden != 0) if toon_nul else klein


def _groepen(tabel: pd.DataFrame, rand: list[str]) -> tuple[np.ndarray, list[tuple[Hashable, ...]]]:
    if not rand:
        return np.zeros(len(tabel), dtype=int), [()]
    sleutels = list(map(tuple, tabel[rand].to_numpy(dtype=object).tolist()))
    volgorde = {sleutel: nr for nr, sleutel in enumerate(dict.fromkeys(sleutels))}
    return np.array([volgorde[sleutel] for sleutel in sleutels], dtype=int), list(volgorde)


def _index(sleutels: list[tuple[Hashable, ...]], rand: list[str]) -> pd.Index:
    if not rand:
        return pd.Index(["totaal"])
    if len(rand) == 1:
        return pd.Index([sleutel[0] for sleutel in sleutels], name=rand[0])
    return pd.MultiIndex.from_tuples(sleutels, names=rand)


@dataclass(frozen=True, eq=False)
class _Stand:
    """What is hidden so far; the arrays are worked on in place, inside `onderdruk` only."""

    waarden: np.ndarray
    totaal: np.ndarray
    alles: np.ndarray  # totals x cells: 1 where the cell is in the total
    rand_van: np.ndarray  # total -> number of its margin
    verborgen: np.ndarray  # per cell
    rand_dicht: np.ndarray  # per total
    grens: int


def _bescherm(stand: _Stand) -> None:
    """Hide more until nothing hidden is fixed by what is shown."""
    while True:
        doelen = _te_weinig(stand) or _te_weinig_randen(stand)
        if doelen is None:
            doelen = _herleidbaar(stand.alles, stand.verborgen, stand.rand_dicht)
        if doelen is None:
            return
        cellen, randen = doelen
        kandidaten = np.flatnonzero(cellen & ~stand.verborgen)
        if len(kandidaten):
            # the smallest loses least; the earliest of equals, so that the outcome does not depend on chance
            stand.verborgen[kandidaten[np.argmin(stand.waarden[kandidaten])]] = True
            continue
        # no shown cell is left to mix with: the totals over the exposed ones must go
        zichtbaar = np.flatnonzero(randen & ~stand.rand_dicht)
        if not len(zichtbaar):
            return
        stand.rand_dicht[zichtbaar[np.argmin(stand.totaal[zichtbaar])]] = True


def _te_weinig(stand: _Stand) -> tuple[np.ndarray, np.ndarray] | None:
    """A shown total whose hidden cells together are one cell or a small count: its cells, and itself."""
    som = stand.alles @ np.where(stand.verborgen, np.nan_to_num(stand.waarden), 0.0)
    aantal = stand.alles @ stand.verborgen.astype(float)
    fout = np.flatnonzero(~stand.rand_dicht & (aantal > 0) & ((aantal < MIN_SAMEN) | (som < stand.grens)))
    if not len(fout):
        return None
    eigen = np.zeros(len(stand.alles), dtype=bool)
    eigen[fout[0]] = True
    return stand.alles[fout[0]] > 0, eigen


def _te_weinig_randen(stand: _Stand) -> tuple[np.ndarray, np.ndarray] | None:
    """A shown total made up of other totals, the hidden of which together are a small count: those totals."""
    omvang = stand.alles.sum(axis=1)
    overlap = stand.alles @ stand.alles.T
    geen = np.zeros(stand.alles.shape[1], dtype=bool)
    for groot in np.flatnonzero(~stand.rand_dicht):
        for rand in np.unique(stand.rand_van):
            binnen = (stand.rand_van == rand) & (overlap[groot] > 0)
            if stand.rand_van[groot] == rand or (overlap[groot, binnen] < omvang[binnen]).any():
                continue
            dicht = binnen & stand.rand_dicht
            if dicht.any() and stand.totaal[dicht].sum() < stand.grens:
                eigen = binnen & ~stand.rand_dicht
                if not eigen.any():
                    eigen[groot] = True
                return geen, eigen
    return None


def _herleidbaar(
    alles: np.ndarray, verborgen: np.ndarray, rand_dicht: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """A hidden cell or total that the shown totals fix: the cells to mix it with, and the totals to hide."""
    plek = np.flatnonzero(verborgen)
    zicht = alles[~rand_dicht][:, plek]
    vrij = np.zeros((len(alles), 0))  # per total what the hidden cells leave free in it, per free direction
    for deel in _samenhang(zicht):
        kern = _nulruimte(zicht[:, deel])
        vast = np.flatnonzero(np.abs(kern).sum(axis=1) < _NUL)
        if len(vast):
            door = alles[:, plek[deel[vast[0]]]] > 0
            return (alles[door & ~rand_dicht] > 0).any(axis=0), door
        vrij = np.hstack([vrij, alles[:, plek[deel]] @ kern])
    for nr in np.flatnonzero(rand_dicht & (np.abs(vrij).sum(axis=1) < _NUL)):
        rij = alles[nr, plek]
        if not rij.any():  # every cell under the hidden total is shown
            return alles[nr] > 0, np.zeros(len(alles), dtype=bool)
        gebruikt = np.zeros(len(alles), dtype=bool)
        gebruikt[~rand_dicht] = np.abs(np.linalg.lstsq(zicht.T, rij, rcond=None)[0]) > _NUL
        return np.zeros(alles.shape[1], dtype=bool), gebruikt
    return None


def _samenhang(zicht: np.ndarray) -> list[np.ndarray]:
    """Groups of hidden cells that no shown total links: each is a linear system of its own."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    if not zicht.shape[1]:
        return []
    schaars = csr_matrix(zicht)
    _, nummers = connected_components(schaars.T @ schaars, directed=False)
    return [np.flatnonzero(nummers == nr) for nr in range(int(nummers.max()) + 1)]


def _nulruimte(matrix: np.ndarray) -> np.ndarray:
    """Columns that span the directions in which the hidden cells can change unseen."""
    matrix = matrix[matrix.any(axis=1)]
    if not len(matrix):
        return np.eye(matrix.shape[1])
    _, enkel, rechts = np.linalg.svd(matrix, full_matrices=True)
    rang = int((enkel > _NUL * max(matrix.shape)).sum())
    kern: np.ndarray = rechts[rang:].T
    return kern
