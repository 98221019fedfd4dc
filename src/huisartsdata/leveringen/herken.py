"""Which kind of delivery a file is, told from its columns, and the reader that belongs to it."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import LeveringFout, ParameterFout
from huisartsdata.leveringen.bestand import RuweTabel, lees_tabel
from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
from huisartsdata.leveringen.levering import KOLOMMEN_FOUT, Levering, noem
from huisartsdata.leveringen.nivel import read_nivel
from huisartsdata.leveringen.nivelrijen import HERKEN as HERKEN_NIVEL
from huisartsdata.leveringen.praktijken import HERKEN as HERKEN_PRAKTIJKEN
from huisartsdata.leveringen.praktijken import read_praktijken
from huisartsdata.leveringen.vektis import HERKEN as HERKEN_VEKTIS
from huisartsdata.leveringen.vektis import KOSTEN, read_vektis
from huisartsdata.leveringen.waarden import vouw

if TYPE_CHECKING:
    from huisartsdata.leveringen.tekstbestand import Herken

_SCHEIDING = "|"
GEEN_KOP = "geen kopregel"  # how `lees_tabel` begins its fault when a reader knows none of the columns


@dataclass(frozen=True)
class Leveringsoort:
    """A kind of delivery: its reader's columns, of each of which at least one name must be there."""

    soort: str
    herken: Herken
    nodig: tuple[frozenset[str], ...]
    woorden: str

    def past(self, kolommen: Collection[str]) -> bool:
        """Whether a file with these recognised columns is of this kind."""
        return all(groep & set(kolommen) for groep in self.nodig)


# The most particular first: Vektis's file also has a gemeente and people, a practice list may also have a
# gemeente and fte.
SOORTEN = (
    Leveringsoort(
        "vektis",
        HERKEN_VEKTIS,
        (*(frozenset({k}) for k in ("geslacht", "leeftijdsklasse", "gemeentenaam")), frozenset(KOSTEN)),
        "open data van Vektis: geslacht, leeftijdsklasse, gemeentenaam, aantal_bsn en kosten_huisarts_...",
    ),
    Leveringsoort(
        "praktijken",
        HERKEN_PRAKTIJKEN,
        (frozenset({"postcode"}), frozenset({"fte"})),
        "praktijklijst: postcode en fte",
    ),
    Leveringsoort(
        "nivel",
        HERKEN_NIVEL,
        (frozenset({"gebied", "naam"}), frozenset({"fte", "personen"})),
        "aanbod per gebied: gebied (code) en fte of personen",
    ),
)


def herken_levering(pad: str | os.PathLike[str], *, blad: str | None = None) -> tuple[str, frozenset[str]]:
    """Tell what kind of delivery a file is.

    Parameters
    ----------
    pad
        A csv or xlsx.
    blad
        Sheet of an xlsx with more than one.

    Returns
    -------
    soort, kolommen
        `nivel`, `praktijken` or `vektis`, and the columns that its reader recognises.

    Raises
    ------
    BronFout
        If the file cannot be opened, or is a folder.
    LeveringFout
        If the columns fit none of the three (the message names what each needs), or the file is damaged.
    """
    gezien: RuweTabel | None = None
    stuk: LeveringFout | None = None
    for soort in SOORTEN:
        try:
            ruw = lees_tabel(pad, herken=_los(soort.herken), verwacht=soort.woorden, blad=blad)
        except LeveringFout as fout:
            if not fout.fouten["probleem"].str.startswith(GEEN_KOP).all():
                stuk = stuk or fout
            continue
        kolommen = frozenset(naam.partition(_SCHEIDING)[0] for naam in ruw.plaats)
        if soort.past(kolommen):
            return soort.soort, kolommen
        gezien = gezien or ruw
    if stuk is not None:  # empty, a web page, damaged: the same fault whatever the columns
        raise stuk
    # without a header the first line may hold anything, also names: it is not repeated
    koppen = noem(kop for kop in gezien.koppen if kop) if gezien else ""
    rij = (
        gezien.kop_regel if gezien else 1,
        "(kop)",
        koppen,
        "de kolommen passen bij geen van de drie soorten leveringen",
        f"verwacht wordt {'; of '.join(s.woorden for s in reversed(SOORTEN))}",
    )
    raise LeveringFout(f"{Path(pad).name} is geweigerd", pd.DataFrame([rij], columns=KOLOMMEN_FOUT))


def _los(herken: Herken) -> Herken:
    """Recognise every header by itself: that two mean the same is for the reader of that kind to say."""

    def herken_los(kop: str) -> str | None:
        naam = herken(kop)
        return None if naam is None else f"{naam}{_SCHEIDING}{vouw(kop)}"

    return herken_los


def read_levering(
    pad: str | os.PathLike[str],
    *,
    gebied: str | Collection[str] | None = None,
    peiljaar: int | None = None,
    functie: str | None = None,
    blad: str | None = None,
    gebiedenboek: Gebiedenboek | None = None,
) -> Levering:
    r"""Read a delivery of any kind with the reader that fits its columns.

    Parameters
    ----------
    pad
        csv or xlsx of `read_nivel`, `read_praktijken` or `read_vektis`.
    gebied
        Code, or codes, that a practice list covers entirely; the other kinds tell it themselves.
    peiljaar
        Year of the municipal map that codes or names are of.
    functie
        Which GPs the file counts, for a file that does not say so itself.
    blad
        Sheet of an xlsx with more than one.
    gebiedenboek
        Areas and codes; the snapshot's when not given.

    Raises
    ------
    BronFout
        If the file cannot be opened, or is a folder.
    LeveringFout
        If no reader fits, or the one that does refuses the file.
    ParameterFout
        For a practice list without `gebied`.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> pad = pathlib.Path(tempfile.mkdtemp()) / "verzonnen.csv"
    >>> _ = pad.write_text("postcode;fte\n3311;1,8\n3312;2,6\n")
    >>> read_levering(pad, gebied="GM0505", functie="alle").soort
    'praktijken'
    """
    soort, kolommen = herken_levering(pad, blad=blad)
    boek = gebiedenboek or Gebiedenboek.uit_snapshot()
    if soort == "vektis":
        return read_vektis(pad, peiljaar=peiljaar, blad=blad, gebiedenboek=boek)
    if soort == "praktijken":
        if gebied is None:
            raise ParameterFout(
                f"{Path(pad).name} is een praktijklijst; geef op welk gebied hij helemaal dekt (gebied)"
            )
        return read_praktijken(pad, gebied=gebied, functie=functie, blad=blad, gebiedenboek=boek)
    # the file's own column counts before what the caller says of a file without one
    eigen = None if "functie" in kolommen else functie
    return read_nivel(pad, peiljaar=peiljaar, functie=eigen, blad=blad, gebiedenboek=boek)
