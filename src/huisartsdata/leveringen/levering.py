"""What every reader gives back (`Levering`) and how faults are gathered before one error is raised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import LeveringFout
from huisartsdata.leveringen.persoonlijk import (
    VERBORGEN,
    toonbare_naam,
    verberg_persoonlijk,
    vind_persoonlijk,
)

if TYPE_CHECKING:
    from huisartsdata.bronnen.catalogus import Herkomst

KOLOMMEN_FOUT = ["regel", "kolom", "waarde", "probleem", "advies"]
NAAM_VERBORGEN = "De eigen naam van het bestand is niet getoond"
MAX_WAARDE = 120  # characters of a refused cell kept in the table of faults: a huge field must not travel on


@dataclass(frozen=True, eq=False)
class Levering:
    """A delivery that was read, checked and brought to the package's codes.

    Attributes
    ----------
    tabel
        The data as they may be shown: no count of people under ten, and none that gives one back. The
        columns depend on `soort` and are told by the reader.
    soort
        `nivel`, `praktijken` or `vektis`.
    gebieden
        The area codes that the delivery covers, sorted.
    peildatum
        Year or date the figures are of, as delivered; `onbekend` if neither file nor caller tells it.
    herkomst
        Provenance: file name, sha256 of its bytes, status.
    opmerkingen
        Dutch sentences on everything that was left out, missing, decided or moved while reading.
    apart
        Rows that belong to no area (Vektis has them); None if there are none.
    """

    tabel: pd.DataFrame
    soort: str
    gebieden: tuple[str, ...]
    peildatum: str
    herkomst: Herkomst
    opmerkingen: tuple[str, ...] = ()
    apart: pd.DataFrame | None = field(default=None, repr=False)
    # the shown table and the exact one it was made from: with another `tabel` (replace) these no longer count
    _exact: tuple[pd.DataFrame, pd.DataFrame] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        # titles, notes and names that a reader passes on may hold an address: no sentence does, and no name of a file
        zinnen = tuple(map(verberg_persoonlijk, self.opmerkingen))
        naam = toonbare_naam(self.herkomst.bestand, self.herkomst.sha256)
        if naam != self.herkomst.bestand:
            object.__setattr__(self, "herkomst", replace(self.herkomst, bestand=naam))
            zinnen = (*zinnen, f"{NAAM_VERBORGEN}; het heet hier {naam}.")
        object.__setattr__(self, "opmerkingen", zinnen)

    def exact(self) -> pd.DataFrame:
        """Rows without suppression, for sums and models inside the package; nothing writes them."""
        return self._exact[1] if self._exact is not None and self._exact[0] is self.tabel else self.tabel

    def vingerafdruk(self) -> str:
        """The sha256 of what this delivery makes the package calculate with."""
        return hashlib.sha256(self.exact().to_csv().encode()).hexdigest()

    @property
    def is_verzonnen(self) -> bool:
        """Whether a line of text above the table calls it made up."""
        return any("verzonnen" in o.casefold() for o in self.opmerkingen)

    def __repr__(self) -> str:
        return (
            f"Levering({self.soort}, {len(self.tabel)} rijen, {len(self.gebieden)} gebieden, "
            f"peildatum {self.peildatum}, {len(self.opmerkingen)} opmerkingen)"
        )


_Fout = tuple[int, str, str, str, str]


def _op_regel(fout: _Fout) -> int:
    return fout[0]


class Foutenlijst:
    """Gathers the faults of one file, so that the reader of the error sees them all at once.

    >>> lijst = Foutenlijst("a.csv")
    >>> lijst.meld(3, "fte", "-1", "negatief getal", "verbeter het getal")
    >>> lijst.stop()
    Traceback (most recent call last):
    ...
    huisartsdata.fouten.LeveringFout: a.csv is geweigerd (1 fout)
      regel 3, kolom fte: -1 - negatief getal; verbeter het getal
    """

    def __init__(self, bestand: str) -> None:
        self.bestand = bestand
        self._rijen: list[_Fout] = []
        self._gezien: set[_Fout] = set()

    def __len__(self) -> int:
        return len(self._rijen)

    def meld(self, regel: int, kolom: str, waarde: object, probleem: str, advies: str) -> None:
        """Note one fault; `regel` is the line in the file (1 is the first)."""
        tekst = str(waarde)
        if vind_persoonlijk(tekst, postcode=False):
            tekst = VERBORGEN
        if len(tekst) > MAX_WAARDE:
            tekst = f"{tekst[:MAX_WAARDE]}..."
        rij = (regel, kolom, tekst, probleem, advies)
        if rij not in self._gezien:
            self._gezien.add(rij)
            self._rijen.append(rij)

    def tabel(self) -> pd.DataFrame:
        """All faults so far, by line."""
        rijen = sorted(self._rijen, key=_op_regel)
        return pd.DataFrame(rijen, columns=KOLOMMEN_FOUT)

    def stop(self) -> None:
        """Raise `LeveringFout` if anything was noted."""
        if self._rijen:
            raise LeveringFout(f"{self.bestand} is geweigerd", self.tabel())


def noem(namen: Iterable[object], hoogstens: int = 8) -> str:
    """A short Dutch list for a message: the first few and how many more.

    >>> noem(["a", "b", "c"], hoogstens=2)
    'a, b en nog 1'
    """
    lijst = [str(naam) for naam in namen]
    kort = ", ".join(lijst[:hoogstens])
    return kort if len(lijst) <= hoogstens else f"{kort} en nog {len(lijst) - hoogstens}"
