"""Travel times between where people live and where practices are, as a frozen sparse table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.fouten import OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout, ReistijdFout
from huisartsdata.gebieden.geheugen import Geheugen
from huisartsdata.gebieden.reistijdtabel import opsomming, reistijd_fouten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

# The settings of one picture (5 decays x 3 speeds) for six types of area, and its own; a kernel of gemeenten is 0.8 MB.
MAX_AFGELEID = 96


@dataclass(frozen=True)
class Reisbron:
    """Where travel times come from: it goes into every source line made with them.

    Attributes
    ----------
    motor
        Engine that computed the times.
    versie
        Its version, or that of its road data.
    toelichting
        Anything a reader must know, in Dutch.
    """

    motor: str = "onbekend"
    versie: str = ""
    toelichting: str = ""

    @property
    def beschrijving(self) -> str:
        """One Dutch phrase for a source line.

        >>> Reisbron("OSRM", "5.27").beschrijving
        'reistijden: OSRM 5.27'
        """
        tekst = f"reistijden: {self.motor} {self.versie}".rstrip()
        return f"{tekst} ({self.toelichting})" if self.toelichting else tekst


@dataclass(frozen=True, eq=False)
class Reistijden:
    """Travel minutes within a cut-off; frozen, and so are the arrays inside.

    Attributes
    ----------
    van
        Ids of the demand points: the rows.
    naar
        Ids of the practices: the columns.
    minuten
        Sparse matrix (scipy csr_array, float64) of van x naar. A stored 0 is a time of 0 minutes; what
        is not stored cannot be reached within the cut-off.
    grens_minuten
        Cut-off of the search, included. None: nothing was cut off, so a pair that is missing cannot be
        reached at all.
    herkomst
        Engine and version.

    Examples
    --------
    >>> tabel = pd.DataFrame({"van": ["a", "b"], "naar": ["p", "p"], "minuten": [0.0, 12.5]})
    >>> reistijden = Reistijden.from_table(tabel, van=["a", "b", "c"], grens_minuten=30)
    >>> reistijden.minuten.nnz, list(reistijden.wezen)
    (2, ['c'])
    """

    van: pd.Index
    naar: pd.Index
    minuten: sparse.csr_array
    grens_minuten: float | None = None
    herkomst: Reisbron = Reisbron()

    def __post_init__(self) -> None:
        """Bring ids and times into one form, check them, and lock the arrays.

        Raises
        ------
        ParameterFout
            When shape, ids, times or cut-off do not fit together.
        """
        van, naar = _ids(self.van, "van"), _ids(self.naar, "naar")
        minuten = _vergrendel(self.minuten)
        if minuten.shape != (len(van), len(naar)):
            raise ParameterFout(
                f"minuten heeft vorm {minuten.shape}, maar er zijn {len(van)} vertrekpunten en "
                f"{len(naar)} praktijken. Geef per vertrekpunt een rij en per praktijk een kolom."
            )
        tijden = minuten.data
        if len(tijden) and not (tijden.min() >= 0 and np.isfinite(tijden.max())):
            raise ParameterFout(
                "minuten bevat een ontbrekende, negatieve of oneindige tijd. Laat zulke paren weg."
            )
        grens = _grens(self.grens_minuten)
        if grens is not None and len(tijden) and tijden.max() > grens:
            raise ParameterFout(
                f"minuten bevat een tijd van {tijden.max():g}, boven de grens van {grens:g} minuten. "
                "Laat die paren weg of verhoog grens_minuten."
            )
        for naam, waarde in (("van", van), ("naar", naar), ("minuten", minuten), ("grens_minuten", grens)):
            object.__setattr__(self, naam, waarde)

    def __eq__(self, other: object) -> bool:
        """Same ids in the same order, same times, cut-off and origin."""
        if not isinstance(other, Reistijden):
            return NotImplemented
        return (
            self.grens_minuten == other.grens_minuten
            and self.herkomst == other.herkomst
            and self.van.equals(other.van)
            and self.naar.equals(other.naar)
            and np.array_equal(self.minuten.indptr, other.minuten.indptr)
            and np.array_equal(self.minuten.indices, other.minuten.indices)
            and np.array_equal(self.minuten.data, other.minuten.data)
        )

    def __hash__(self) -> int:
        """Cheap, from shape, number of pairs, cut-off and origin."""
        return hash((self.minuten.shape, self.minuten.nnz, self.grens_minuten, self.herkomst))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        """Pickle through the constructor: numpy forgets that an array was locked."""
        return type(self), (self.van, self.naar, self.minuten, self.grens_minuten, self.herkomst)

    @classmethod
    def from_table(
        cls,
        tabel: pd.DataFrame,
        *,
        van: Iterable[str] | None = None,
        naar: Iterable[str] | None = None,
        grens_minuten: float | None = None,
        motor: str = "onbekend",
        versie: str = "",
    ) -> Reistijden:
        """Take the table of any outside engine (r5py, OSRM, Valhalla) after checking all of it.

        A practice of `naar` without a row is a fault: it would vanish from the supply. A demand point
        of `van` without a row is allowed, since people can live out of reach of every practice: it gets
        an empty row and stands in `wezen`. Rows beyond `grens_minuten` are left out.

        Parameters
        ----------
        tabel
            Columns van, naar (text) and minuten (number, 0 or more); further columns are ignored.
        van, naar
            Full lists of ids, which also set the order. Without them: the ids in the table, sorted.
        grens_minuten
            Cut-off of the engine's search; None when it had none.
        motor, versie
            Engine and version, for the source line.

        Raises
        ------
        ReistijdFout
            With every fault and the line it is on: a missing column, an id that is missing, not text or
            not in the list, a time that is missing, negative, infinite or no number, a pair that stands
            twice, a practice without a row.
        """
        grens = _grens(grens_minuten)
        lijsten = {
            naam: None if lijst is None else _ids(lijst, naam)
            for naam, lijst in (("van", van), ("naar", naar))
        }
        fouten = reistijd_fouten(tabel, van=lijsten["van"], naar=lijsten["naar"])
        if len(fouten):
            raise ReistijdFout("De reistijdtabel is geweigerd", fouten)
        return cls._van_gave_tabel(tabel, lijsten["van"], lijsten["naar"], grens, Reisbron(motor, versie))

    @classmethod
    def _van_gave_tabel(
        cls,
        tabel: pd.DataFrame,
        van: pd.Index | None,
        naar: pd.Index | None,
        grens: float | None,
        herkomst: Reisbron,
    ) -> Reistijden:
        rijen = _ids(sorted(tabel["van"].unique()), "van") if van is None else van
        kolommen = _ids(sorted(tabel["naar"].unique()), "naar") if naar is None else naar
        tijden = tabel["minuten"].to_numpy(dtype=np.float64)
        binnen = np.full(len(tijden), True) if grens is None else tijden <= grens
        i, j = rijen.get_indexer(pd.Index(tabel["van"])), kolommen.get_indexer(pd.Index(tabel["naar"]))
        matrix = sparse.csr_array((tijden[binnen], (i[binnen], j[binnen])), shape=(len(rijen), len(kolommen)))
        return cls(rijen, kolommen, matrix, grens, herkomst)

    @cached_property
    def afgeleid(self) -> Geheugen:
        """What was derived from these times and is asked again; a copy or a pickle starts without it."""
        return Geheugen(MAX_AFGELEID)

    @property
    def wezen(self) -> pd.Index:
        """Ids of demand points without any practice within the cut-off."""
        return self.van.take(np.flatnonzero(np.diff(self.minuten.indptr) == 0))

    def tabel(self) -> pd.DataFrame:
        """All pairs as a table (van, naar, minuten), ordered as the rows and columns are."""
        rijen = np.repeat(np.arange(len(self.van)), np.diff(self.minuten.indptr))
        return pd.DataFrame(
            {
                "van": self.van.take(rijen),
                "naar": self.naar.take(self.minuten.indices),
                "minuten": self.minuten.data.copy(),
            }
        )

    def selecteer(self, *, van: Iterable[str] | None = None, naar: Iterable[str] | None = None) -> Reistijden:
        """Only these demand points and practices, in the order given.

        Raises
        ------
        OnbekendGebiedFout, OnbekendePraktijkFout
            With every id that is not in the table.
        """
        matrix, rijen, kolommen = self.minuten, self.van, self.naar
        if van is not None:
            rijen = _ids(van, "van")
            matrix = matrix[_plaatsen(self.van, rijen, OnbekendGebiedFout)]
        if naar is not None:
            kolommen = _ids(naar, "naar")
            matrix = _kies_kolommen(matrix, _plaatsen(self.naar, kolommen, OnbekendePraktijkFout))
        return Reistijden(rijen, kolommen, matrix, self.grens_minuten, self.herkomst)

    def zonder_naar(self, praktijk_ids: Iterable[str]) -> Reistijden:
        """Without these practices; the others keep their order.

        Raises
        ------
        OnbekendePraktijkFout
            With every id that is not in the table.
        """
        weg = _ids(praktijk_ids, "naar")
        plaatsen = _plaatsen(self.naar, weg, OnbekendePraktijkFout)
        return self.selecteer(naar=self.naar.delete(plaatsen.tolist()))

    def met_naar(self, andere: Reistijden) -> Reistijden:
        """With the practices of `andere` after its own; demand points are matched by id.

        Practices taken out and put back return to their places by
        ``r.zonder_naar(ids).met_naar(r.selecteer(naar=ids)).selecteer(naar=r.naar)``, which equals r.

        Raises
        ------
        ParameterFout
            When a practice is in both, or the demand points or cut-offs differ.
        """
        dubbel = self.naar.intersection(andere.naar)
        if len(dubbel):
            raise ParameterFout(f"Deze praktijken staan er al in: {opsomming(dubbel)}.")
        if len(self.van) != len(andere.van) or not self.van.isin(andere.van).all():
            raise ParameterFout("De twee reistijdtabellen hebben niet dezelfde vertrekpunten (van).")
        if self.grens_minuten != andere.grens_minuten:
            raise ParameterFout(
                f"De grenzen verschillen: {self.grens_minuten} en {andere.grens_minuten} minuten. "
                "Bereken beide tabellen met dezelfde grens."
            )
        naast = andere.minuten[andere.van.get_indexer(self.van)]
        matrix = sparse.hstack([self.minuten, naast], format="csr")
        herkomst = (
            self.herkomst if self.herkomst == andere.herkomst else _samen(self.herkomst, andere.herkomst)
        )
        return Reistijden(self.van, self.naar.append(andere.naar), matrix, self.grens_minuten, herkomst)


def _ids(waarden: Iterable[str], naam: str) -> pd.Index:
    """An index of unique texts; anything else is refused."""
    lijst = waarden if isinstance(waarden, pd.Index) else pd.Index(list(waarden), dtype="object")
    gaaf = lijst.dtype == "str" and not lijst.hasnans
    vreemd = [] if gaaf else [waarde for waarde in lijst if not isinstance(waarde, str)]
    if vreemd:
        raise ParameterFout(f"{naam} moet uit codes als tekst bestaan, maar bevat: {opsomming(vreemd)}.")
    dubbel = lijst[lijst.duplicated()].unique()
    if len(dubbel):
        raise ParameterFout(f"{naam} bevat deze codes meer dan eens: {opsomming(dubbel)}.")
    return pd.Index(lijst, dtype="str", name=naam)


def _vergrendel(minuten: sparse.csr_array) -> sparse.csr_array:
    """A sorted float64 csr_array with locked arrays; the caller's own arrays stay as they are."""
    matrix = sparse.csr_array(minuten, dtype=np.float64)
    if matrix.nnz and not matrix.has_canonical_format:
        matrix = matrix.copy()
        opgeslagen = matrix.nnz
        matrix.sum_duplicates()
        if matrix.nnz != opgeslagen:
            raise ParameterFout("minuten bevat een paar meer dan eens. Houd per paar een tijd over.")
    soort = np.int32 if matrix.nnz <= np.iinfo(np.int32).max else np.int64  # half the bytes to stream
    delen = [matrix.data, matrix.indices.astype(soort, copy=False), matrix.indptr.astype(soort, copy=False)]
    delen = [deel.copy() if deel.flags.writeable else deel for deel in delen]
    for deel in delen:
        deel.flags.writeable = False
    gave = sparse.csr_array((delen[0], delen[1], delen[2]), shape=matrix.shape)
    gave.has_sorted_indices = True
    gave.has_canonical_format = True
    return gave


def _kies_kolommen(matrix: sparse.csr_array, plaatsen: NDArray[np.intp]) -> sparse.csr_array:
    """Columns by place, stored zeros included (an index with a list may drop them)."""
    nieuw = np.full(matrix.shape[1], -1, dtype=np.int32)
    nieuw[plaatsen] = np.arange(len(plaatsen), dtype=np.int32)
    kolom = nieuw[matrix.indices]
    blijft = kolom >= 0
    indptr = np.concatenate([[0], np.cumsum(blijft)])[matrix.indptr].astype(matrix.indptr.dtype)
    gekozen = sparse.csr_array(
        (matrix.data[blijft], kolom[blijft], indptr), shape=(matrix.shape[0], len(plaatsen))
    )
    gekozen.sort_indices()
    return gekozen


def _plaatsen(
    index: pd.Index, ids: pd.Index, fout: type[OnbekendGebiedFout | OnbekendePraktijkFout]
) -> NDArray[np.intp]:
    plaatsen = index.get_indexer(ids)
    onbekend = ids[plaatsen < 0]
    if len(onbekend):
        raise fout(f"Niet in de reistijden: {opsomming(onbekend)}. Controleer de codes.", list(onbekend))
    return plaatsen


def _grens(grens: float | None) -> float | None:
    if grens is None:
        return None
    if not (np.isfinite(grens) and grens >= 0):
        raise ParameterFout(
            f"grens_minuten is {grens}; geef een getal van 0 of hoger, of None voor geen grens."
        )
    return float(grens)


def _samen(een: Reisbron, twee: Reisbron) -> Reisbron:
    delen = [bron.beschrijving.removeprefix("reistijden: ") for bron in (een, twee)]
    return Reisbron(" + ".join(dict.fromkeys(delen)))
