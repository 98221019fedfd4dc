"""What a brief is made of: text, tables and figures, computed once and written by four writers.

Everything in it is plain text: no writer reads markup in it, so a name stays a name whatever stands in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from huisartsdata.bronnen.catalogus import Snapshot, snapshot
from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.huisstijl import to_png, to_svg
from huisartsdata.uitvoer.opmaak import clean

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.uitvoer.figuur import Figuur

Regel = Mapping[str, str | float | None]  # an input by column
Schoon = TypeVar("Schoon", bound="Alinea | Kop | Lijst | Tabel | Beeld | Brief")


class Briefgebied(Protocol):
    """The area a brief is about; a `Werkgebied` and a `Keuze` are such areas."""

    @property
    def gebied(self) -> str:
        """How to ask for it: ``soort:naam``, or codes joined by commas."""

    @property
    def naam(self) -> str:
        """As it stands in titles."""

    @property
    def soort(self) -> str:
        """``gemeente``, a region type, ``land``, ``gemeenten``, ``wijken`` or ``eigen``."""

    @property
    def gemeenten(self) -> tuple[str, ...]:
        """Codes, sorted."""

    @property
    def wijken(self) -> tuple[str, ...]:
        """Codes, when the area is less than its gemeenten."""

    @property
    def slug(self) -> str:
        """Name for a folder."""


@dataclass(frozen=True)
class Invoer:
    """A group of inputs: one row of the table of sources, and every input in it.

    Attributes
    ----------
    gegeven, bron, peiljaar, status
        The row: what it gives, its sources, their dates, and status with quality.
    regels
        The inputs one by one, by column: `naam`, `waarde`, `eenheid`, `laag`, `hoog`, `status`, `kwaliteit`,
        `bron`, `peildatum`, `url` and `toelichting`; what an input does not have is left out.
    """

    gegeven: str
    bron: str
    peiljaar: str
    status: str
    regels: tuple[Regel, ...] = ()


@dataclass(frozen=True)
class Kop:
    """A heading: 1 for a part of the brief, 2 within one."""

    tekst: str
    niveau: int = 1


@dataclass(frozen=True)
class Alinea:
    """A paragraph; `soort` is "gewoon", "noot" (small) or "nadruk" (the answer)."""

    tekst: str
    soort: str = "gewoon"


@dataclass(frozen=True)
class Lijst:
    """Points, each a sentence or two."""

    punten: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Tabel:
    """A table as it is read, and the data behind it as they are calculated with.

    Attributes
    ----------
    titel
        Caption, without its number.
    naam
        File name of its csv, without extension.
    kop
        Heading of each column; the first column names the row.
    rijen
        Text of every cell.
    data
        The numbers, index named.
    getallen
        Columns (0-based) that are aligned to the right.
    noot
        What a reader must know, below the table.
    status
        Of the numbers, for whoever takes the csv without the brief; empty where it follows from `naam`.
    """

    titel: str
    naam: str
    kop: tuple[str, ...]
    rijen: tuple[tuple[str, ...], ...]
    data: pd.DataFrame
    getallen: tuple[int, ...] = ()
    noot: str = ""
    status: str = ""

    def __post_init__(self) -> None:
        if any(len(rij) != len(self.kop) for rij in self.rijen):
            raise HuisartsdataFout(f"tabel '{self.naam}': elke rij heeft {len(self.kop)} cellen nodig")


@dataclass(frozen=True, eq=False)
class Beeld:
    """A figure with its caption (without number) and file name (without extension)."""

    bijschrift: str
    naam: str
    figuur: Figuur

    @cached_property
    def png(self) -> bytes:
        """The picture in pixels, drawn once for all writers."""
        f = self.figuur
        return to_png(f.fig, titel=f.titel, alt_tekst=f.alt_tekst, formaat=f.formaat)

    @cached_property
    def svg(self) -> bytes:
        """The picture in lines."""
        f = self.figuur
        return to_svg(f.fig, titel=f.titel, alt_tekst=f.alt_tekst, formaat=f.formaat)

    @property
    def alt_tekst(self) -> str:
        """Text for who cannot see it."""
        return clean(self.figuur.alt_tekst)


Blok = Kop | Alinea | Lijst | Tabel | Beeld


@dataclass(frozen=True, eq=False)
class Brief:
    """A brief of two to four pages.

    Attributes
    ----------
    titel, vraag, antwoord
        What it is about, what was asked, and the answer: its first sentence answers by itself.
    kernpunten
        The numbers behind the answer, each a sentence.
    secties
        Everything else, in order.
    colofon
        Name and value: version, data, settings.
    opdracht
        The command that makes the brief again.
    datum
        Date of the snapshot, as text: the same data give the same bytes on any day.
    slug
        File name without extension.
    soort, trefwoorden
        What the reading room sorts and searches by.
    levering
        What the user delivered that it rests on, in one sentence; it stands under the title.
    snapshot
        The data it was made from, which all its files name, also when they are written after a refresh.
    """

    titel: str
    vraag: str
    antwoord: str
    kernpunten: tuple[str, ...]
    secties: tuple[Blok, ...]
    colofon: tuple[tuple[str, str], ...]
    opdracht: str
    datum: str
    slug: str
    soort: str
    trefwoorden: tuple[str, ...] = ()
    versie: str = field(default="")
    levering: str = ""
    snapshot: Snapshot = field(default_factory=snapshot, repr=False)

    @property
    def tabellen(self) -> tuple[Tabel, ...]:
        """The tables, in order."""
        return tuple(b for b in self.secties if isinstance(b, Tabel))

    @property
    def beelden(self) -> tuple[Beeld, ...]:
        """The figures, in order."""
        return tuple(b for b in self.secties if isinstance(b, Beeld))

    @property
    def genummerd(self) -> Iterator[tuple[Blok, int]]:
        """Every block with its number: tables and figures are counted apart, the rest is 0."""
        tellers: dict[type, int] = {}
        for blok in self.secties:
            nummer = 0
            if isinstance(blok, Tabel | Beeld):
                nummer = tellers[type(blok)] = tellers.get(type(blok), 0) + 1
            yield blok, nummer


def schoon(iets: Schoon) -> Schoon:
    r"""The same block or brief with all its text fit to print: no control or direction marks, one line.

    >>> schoon(Alinea("Bergen\u202e\n(NH.)")).tekst
    'Bergen (NH.)'
    """
    velden: dict[str, Any] = {f.name: _schoon(getattr(iets, f.name)) for f in fields(iets)}
    return replace(iets, **velden)


def _schoon(waarde: object) -> object:
    if isinstance(waarde, str):
        return clean(waarde)
    if isinstance(waarde, Kop | Alinea | Lijst | Tabel | Beeld):
        return schoon(waarde)
    if isinstance(waarde, tuple):
        return tuple(_schoon(w) for w in waarde)
    return waarde


def rijen_van(tabel: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as dictionaries, the index among the columns.

    >>> import pandas as pd
    >>> rijen_van(pd.DataFrame({"x": [1]}, index=pd.Index(["a"], name="code")))
    [{'code': 'a', 'x': 1}]
    """
    rijen: list[dict[str, Any]] = tabel.reset_index().to_dict("records")  # type: ignore[assignment]
    return rijen


def noem_op(namen: Sequence[str]) -> str:
    """Names as a Dutch enumeration.

    >>> noem_op(["Zwolle"]), noem_op(["a", "b", "c"])
    ('Zwolle', 'a, b en c')
    """
    *eerste, laatste = namen
    return f"{', '.join(eerste)} en {laatste}" if eerste else laatste
