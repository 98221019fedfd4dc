"""The safe reading of a user's csv or xlsx into rows of cells with their line numbers.

A path is opened once, its bytes are read up to a limit and hashed, and everything after works on those bytes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from huisartsdata.fouten import BronFout
from huisartsdata.leveringen.gespleten import keur_breedte, keur_decimalen
from huisartsdata.leveringen.haakjes import MAANDEN, TWIJFEL
from huisartsdata.leveringen.levering import Foutenlijst, noem
from huisartsdata.leveringen.tekstbestand import (
    BESTAND,
    SCHEIDINGEN,
    STUURTEKENS,
    Herken,
    lees_csv,
    ontcijfer,
    zoek_kop,
)
from huisartsdata.leveringen.werkblad import Cel, Rij, lees_werkblad

MAX_BYTES = 40_000_000  # the largest known delivery (Vektis per gemeente) has 3 MB

_PEILDATUM = re.compile(
    r"#?\s*(?:peildatum|(?:peil|meet)?jaar)\s*:?\s+(?P<datum>"
    rf"(?P<dag>\d{{1,2}})(?: (?P<naam>{'|'.join(MAANDEN)}) |-(?P<maand>\d{{1,2}})-)"
    r"(?P<jaar>\d{4})|(?P<j2>\d{4})-(?P<m2>\d{2})-(?P<d2>\d{2})|(?P<los>\d{4}))(?: 00:00:00)?\.?",
    re.IGNORECASE,
)
_VOETNOOT = re.compile(r"(bron|toelichting|noot|voetnoot|let op|opmerking|\*|©|\(c\))", re.IGNORECASE)


@dataclass(frozen=True)
class RuweTabel:
    """A file as rows of cells: text, or a typed value where xlsx holds one.

    Attributes
    ----------
    koppen
        Header text of every column, as in the file.
    plaats
        Recognised column name -> its position.
    rijen
        The data rows with their line in the file (the sheet row for xlsx).
    titels
        The lines of text above the header, and those under it that begin with #.
    """

    bestand: str
    sha256: str
    kop_regel: int
    koppen: tuple[str, ...]
    plaats: dict[str, int]
    rijen: tuple[Rij, ...]
    opmerkingen: tuple[str, ...]
    titels: tuple[str, ...] = ()

    def kop(self, kolom: str) -> str:
        """The header of a recognised column as the user wrote it."""
        return self.koppen[self.plaats[kolom]]

    def kolom(self, kolom: str) -> list[Cel]:
        """All cells of a recognised column, in the order of the rows."""
        nr = self.plaats[kolom]
        return [cellen[nr] for _, cellen in self.rijen]

    @cached_property
    def regels(self) -> list[int]:
        """The line number of every row."""
        return [regel for regel, _ in self.rijen]


def lees_tabel(
    pad: str | os.PathLike[str], *, herken: Herken, verwacht: str, blad: str | None = None
) -> RuweTabel:
    """Read a csv or xlsx file safely into rows of cells.

    Parameters
    ----------
    pad
        A csv, tsv or txt (utf-8, utf-16 with BOM, cp1252; delimiter `;`, `,` or tab), or an xlsx.
    herken
        Header text -> the reader's column name, or None.
    verwacht
        The columns that the reader wants, in words, for the message when no header is found.
    blad
        The sheet of an xlsx with more than one filled sheet.

    Raises
    ------
    BronFout
        If there is no such file, or it cannot be opened.
    LeveringFout
        For everything that makes the contents doubtful.
    """
    bestand = _als_pad(pad)
    data = _lees_bytes(bestand)
    fouten = Foutenlijst(bestand.name)
    _keur_soort(data, bestand.suffix.casefold(), fouten)
    fouten.stop()
    lijnen: dict[int, str] | None = None
    if bestand.suffix.casefold() == ".xlsx":
        vel = lees_werkblad(data, fouten, blad)
        _keur_tekens(vel.rijen, fouten)
        rijen = [(nr, tuple(_schoon(cel) for cel in cellen)) for nr, cellen in vel.rijen]
        kop = zoek_kop(rijen, herken)
        opmerkingen = list(vel.opmerkingen)
        for laatste, bereik in vel.samengevoegd:
            if kop is not None and laatste >= rijen[kop][0]:
                fouten.meld(
                    laatste, bereik, "", "samengevoegde cellen in de tabel", "splits ze en vul elke cel"
                )
    else:
        tekst, codering = ontcijfer(data, fouten)
        fouten.stop()
        rijen, kop, scheiding = lees_csv(tekst, herken, fouten)
        if scheiding == ",":
            regels = enumerate(io.StringIO(tekst, newline=""), start=1)
            lijnen = {nr: lijn for nr, lijn in regels if '"' in lijn}
        opmerkingen = [f"Gelezen als {codering}, gescheiden door {SCHEIDINGEN[scheiding]}."]
    if kop is None:
        eerste = " | ".join(str(cel) for _, cellen in rijen[:1] for cel in cellen)
        regel = rijen[0][0] if rijen else 1
        fouten.meld(
            regel, "(kop)", eerste, "geen kopregel met bekende kolomnamen gevonden", f"verwacht: {verwacht}"
        )
        fouten.stop()
        raise AssertionError
    tabel = _bouw(
        rijen,
        kop,
        herken=herken,
        fouten=fouten,
        opmerkingen=opmerkingen,
        bestand=bestand.name,
        sha256=hashlib.sha256(data).hexdigest(),
        lijnen=lijnen,
    )
    fouten.stop()
    return tabel


def _als_pad(pad: object) -> Path:
    naam = os.fspath(pad) if isinstance(pad, str | os.PathLike) else None
    if not isinstance(naam, str) or not naam.strip():
        raise BronFout(f"geef de naam van een .csv of .xlsx op, geen {type(pad).__name__} {pad!r:.40}")
    return Path(naam)


def titeldatum(titels: Iterable[str]) -> tuple[str | None, str | None]:
    """The date in a title line `Peildatum: 1 januari 2024` or `Jaar: 2024`, as written; or why it is not taken.

    Only a line that says nothing else is read: a date in a sentence may be of something else.

    >>> titeldatum(["Aanbod per gemeente", "# Peildatum: 1 januari 2024"])
    ('1 januari 2024', None)
    """
    regels = [titel for titel in titels if "peildatum" in titel.casefold() or _PEILDATUM.fullmatch(titel)]
    gevonden = [_datum(regel) for regel in regels]
    if not regels or (None not in gevonden and len(set(gevonden)) == 1):
        return (gevonden[0] if gevonden else None), None
    uitleg = "daarin staat niet één datum die zeker de peildatum is"
    return None, f"Peildatum niet overgenomen uit {noem(regels, 2)}: {uitleg}."


def _datum(regel: str) -> str | None:
    gevonden = _PEILDATUM.fullmatch(regel)
    if gevonden is None:
        return None
    dag, naam, jaar = gevonden["dag"], gevonden["naam"], gevonden["jaar"]
    maand = MAANDEN.index(naam.casefold()) + 1 if naam else int(gevonden["maand"] or gevonden["m2"] or 1)
    try:
        dt.date(int(jaar or gevonden["j2"] or gevonden["los"]), maand, int(dag or gevonden["d2"] or 1))
    except ValueError:  # 31 februari
        return None
    return gevonden["datum"]


def _lees_bytes(bestand: Path) -> bytes:
    try:
        er = bestand.exists()
    except (OSError, ValueError) as fout:  # a name too long, a folder without access
        raise BronFout(f"{bestand.name:.60} is niet te openen; controleer de map en de naam") from fout
    if not er:
        raise BronFout(f"{bestand.name} bestaat niet; controleer de map en de naam van het bestand")
    if not bestand.is_file():  # also keeps out pipes and devices, which would never end
        raise BronFout(f"{bestand.name} is geen bestand maar een map of apparaat; geef een .csv of .xlsx op")
    try:
        with bestand.open("rb") as stroom:
            data = stroom.read(MAX_BYTES + 1)
    except OSError as fout:
        advies = "sluit het in Excel en probeer opnieuw"
        raise BronFout(f"{bestand.name} kan niet worden geopend ({fout.strerror}); {advies}") from fout
    return data


def _keur_soort(data: bytes, achtervoegsel: str, fouten: Foutenlijst) -> None:
    """The extension and the first bytes must tell the same story."""
    begin = data[:512].lstrip().lower()
    if not data.strip():
        fouten.meld(1, BESTAND, "", "het bestand is leeg", "lever een tabel met een kopregel")
    elif len(data) > MAX_BYTES:
        groot = f"het bestand is groter dan {MAX_BYTES // 1_000_000} MB"
        fouten.meld(1, BESTAND, "", groot, "lever alleen de tabel zelf")
    elif achtervoegsel in {".xlsm", ".xlsb", ".xltm", ".xls", ".ods"}:
        oud = "dit soort bestand wordt niet gelezen (macro's of een oud formaat)"
        fouten.meld(1, BESTAND, achtervoegsel, oud, "bewaar het in Excel als .xlsx of als .csv")
    elif data[:4] == b"\xd0\xcf\x11\xe0":
        oud = "dit is een oude of beveiligde Excel-map"
        fouten.meld(1, BESTAND, achtervoegsel, oud, "bewaar het zonder wachtwoord als .xlsx")
    elif begin.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"%pdf", b"{\\rtf")):
        web = "dit is een webpagina, xml of pdf en geen tabel"
        fouten.meld(1, BESTAND, achtervoegsel, web, "bewaar de tabel als .xlsx of .csv")
    elif (data[:4] == b"PK\x03\x04") != (achtervoegsel == ".xlsx"):
        anders = "de inhoud past niet bij de naam van het bestand"
        fouten.meld(1, BESTAND, achtervoegsel, anders, "bewaar het opnieuw als .xlsx of .csv")
    elif achtervoegsel not in {".xlsx", ".csv", ".tsv", ".txt"}:
        fouten.meld(1, BESTAND, achtervoegsel, "onbekend soort bestand", "bewaar het als .xlsx of .csv")


def _keur_tekens(rijen: tuple[Rij, ...], fouten: Foutenlijst) -> None:
    for nr, cellen in rijen:
        for kolom, cel in enumerate(cellen):
            if isinstance(cel, str) and (teken := STUURTEKENS.search(cel)):
                naam = f"U+{ord(teken.group()):04X}"
                fouten.meld(
                    nr, f"kolom {kolom + 1}", naam, "onzichtbaar of verboden teken", "verwijder het teken"
                )


def _schoon(cel: Cel) -> Cel:
    return cel.strip() if isinstance(cel, str) else cel  # also strips no-break spaces


def _bouw(
    rijen: list[Rij],
    kop: int,
    *,
    herken: Herken,
    fouten: Foutenlijst,
    opmerkingen: list[str],
    bestand: str,
    sha256: str,
    lijnen: dict[int, str] | None,
) -> RuweTabel:
    """Rows below the header as a table: every row as wide as the header, what is left out is told.

    `lijnen` are the lines with quotes of a file with commas between its cells, in which a number may have been split.
    """
    kop_regel = rijen[kop][0]
    koppen = tuple(" ".join(str(cel).split()) for cel in rijen[kop][1])
    plaats: dict[str, int] = {}
    for nr, tekst in enumerate(koppen):
        naam = herken(tekst) if tekst else None
        if naam is None:
            continue
        if naam.startswith(TWIJFEL):
            haken = "de tekst tussen haakjes kan er iets anders van maken"
            advies = "laat die tekst weg als er hetzelfde mee bedoeld is; verwijder anders de kolom"
            fouten.meld(kop_regel, tekst, tekst, haken, advies)
            continue
        if naam in plaats:
            dubbel = f"deze kolom betekent hetzelfde als '{koppen[plaats[naam]]}'"
            fouten.meld(kop_regel, tekst, tekst, dubbel, "laat er één staan")
        plaats.setdefault(naam, nr)
    boven = [" ".join(str(cel) for cel in cellen if cel != "") for _, cellen in rijen[:kop]]
    titels = tuple(tekst for tekst in boven if tekst)
    notities = list(titels)
    data: list[Rij] = []
    heel: list[Rij] = []
    leeg = 0
    laatste = max(
        (nr for nr, (_, cellen) in enumerate(rijen) if sum(cel != "" for cel in cellen) > 1), default=kop
    )
    for nr, (regel, cellen) in enumerate(rijen[kop + 1 :], start=kop + 1):
        gevuld = [cel for cel in cellen if cel != ""]
        if not gevuld:
            leeg += 1
        elif (len(gevuld) == 1 and str(cellen[0]).startswith("#")) or (
            nr > laatste and len(gevuld) == 1 and isinstance(cellen[0], str) and _VOETNOOT.match(cellen[0])
        ):
            notities.append(" ".join(str(cel) for cel in gevuld))
        else:
            breed = _pas(regel, cellen, koppen, fouten)
            data.append((regel, breed))
            heel.append((regel, cellen))
    if lijnen is not None:
        keur_breedte(heel, len(koppen), fouten)
        if not len(fouten):
            opmerkingen += keur_decimalen(data, koppen, plaats, lijnen, fouten)
    if notities:
        regels = "regel" if len(notities) == 1 else "regels"
        opmerkingen.append(
            f"Niet als gegevens gelezen ({len(notities)} {regels} tekst): {noem(notities, 3)}."
        )
    if leeg:
        opmerkingen.append(f"Lege regels overgeslagen: {leeg}.")
    if not data and not len(fouten):
        fouten.meld(
            kop_regel, "(kop)", koppen[0], "onder de kopregel staan geen gegevens", "lever minstens één rij"
        )
    if not len(fouten):
        gevuld_in = {nr for _, cellen in data for nr, cel in enumerate(cellen) if cel != ""}
        if zonder := [tekst for nr, tekst in enumerate(koppen) if tekst and nr not in gevuld_in]:
            opmerkingen.append(f"Lege kolommen: {noem(zonder)}.")
    # a comment under the table says as much as one above it
    tekst_om = (*titels, *(tekst for tekst in notities[len(titels) :] if tekst.startswith("#")))
    return RuweTabel(bestand, sha256, kop_regel, koppen, plaats, tuple(data), tuple(opmerkingen), tekst_om)


def _pas(
    regel: int, cellen: tuple[Cel, ...], koppen: tuple[str, ...], fouten: Foutenlijst
) -> tuple[Cel, ...]:
    """One row, as wide as the header; a cell outside a named column is a fault."""
    if len(cellen) < len(koppen):
        kort = f"de rij heeft {len(cellen)} cellen, de kop heeft er {len(koppen)}"
        fouten.meld(regel, "(rij)", cellen[0], kort, "zet op elke rij evenveel scheidingstekens")
        return (
            cellen  # not filled up: the delivery is refused, and a wide header would cost its width per row
        )
    for nr, cel in enumerate(cellen):
        if cel != "" and (nr >= len(koppen) or not koppen[nr]):
            zonder = "deze cel staat in een kolom zonder naam"
            advies = "geef de kolom een naam, of zet een getal met een komma tussen aanhalingstekens"
            fouten.meld(regel, f"kolom {nr + 1}", cel, zonder, advies)
    return cellen[: len(koppen)]
