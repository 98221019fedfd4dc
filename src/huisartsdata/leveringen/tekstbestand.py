"""Text files: bytes to text when the encoding is beyond doubt, text to rows when the delimiter is."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from huisartsdata.leveringen.haakjes import TWIJFEL

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Foutenlijst
    from huisartsdata.leveringen.werkblad import Cel, Rij

# The largest known delivery (Vektis per gemeente) has 15,000 rows of 27 columns: 3 MB, 400,000 cells.
MAX_REGELLENGTE = 100_000  # characters of one line: bounds both the number of columns and the size of a field
MAX_KOLOMMEN = 400
MAX_RIJEN = 150_000
MAX_CELLEN = 3_000_000  # about 600 MB of memory and 15 s at worst
MAX_KOPZOEK = 60  # lines in which the header must stand; above it are titles
MIN_KOPPEN = 2  # recognised column names that make a line the header

SCHEIDINGEN = {";": "puntkomma", ",": "komma", "\t": "tab"}
BESTAND = "(bestand)"  # the column of a fault that concerns the whole file
STUURTEKENS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]"
)
# two bytes that are one accented letter in utf-8 and never a pair of letters in cp1252
_UTF8_PAAR = re.compile(rb"[\xc3-\xc5][\x80-\xbf]")

Herken = Callable[[str], str | None]


def ontcijfer(data: bytes, fouten: Foutenlijst) -> tuple[str, str]:
    """Text and its encoding: a BOM decides, else utf-8, else cp1252 if nothing speaks against it."""
    opnieuw = "bewaar het bestand als 'CSV UTF-8'"
    try:
        if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
            fouten.meld(1, BESTAND, "utf-32", "deze tekencodering wordt niet gelezen", opnieuw)
            return "", ""
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return _keur_tekst(data.decode("utf-16"), fouten), "UTF-16"
        if b"\x00" in data:
            regel = data[: data.index(b"\x00")].count(b"\n") + 1
            fouten.meld(regel, BESTAND, "NUL", "het bestand bevat NUL-tekens", opnieuw)
            return "", ""
        return _keur_tekst(data.decode("utf-8-sig"), fouten), "UTF-8"
    except UnicodeDecodeError as fout:
        if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            regel = data[: fout.start].count(b"\n") + 1
            fouten.meld(regel, BESTAND, "", "de tekencodering klopt niet met het begin", opnieuw)
            return "", ""
        if _UTF8_PAAR.search(data):
            regel = data[: fout.start].count(b"\n") + 1
            fouten.meld(regel, BESTAND, "", "UTF-8 en Windows-tekens staan door elkaar", opnieuw)
            return "", ""
    try:
        return _keur_tekst(data.decode("cp1252"), fouten), "Windows-1252"
    except UnicodeDecodeError as fout:
        regel = data[: fout.start].count(b"\n") + 1
        fouten.meld(regel, BESTAND, "", "onbekende tekencodering", opnieuw)
        return "", ""


def _keur_tekst(tekst: str, fouten: Foutenlijst) -> str:
    # counted before anything makes a list of the lines: 40 MB of line ends would take gigabytes
    if max(tekst.count("\n"), tekst.count("\r")) > MAX_RIJEN + MAX_KOPZOEK:
        fouten.meld(MAX_RIJEN + 1, BESTAND, "", _te_groot(), "lever alleen de tabel zelf")
        return ""
    for teken in itertools.islice(STUURTEKENS.finditer(tekst), 20):
        einde = teken.start()
        regel = tekst.count("\n", 0, einde) + tekst.count("\r", 0, einde) - tekst.count("\r\n", 0, einde) + 1
        naam = f"U+{ord(teken.group()):04X}"
        fouten.meld(regel, BESTAND, naam, "onzichtbaar of verboden teken", "verwijder het teken")
    for nr, lijn in enumerate(io.StringIO(tekst, newline=""), start=1):
        if len(lijn) > MAX_REGELLENGTE:
            lang = f"de regel is langer dan {MAX_REGELLENGTE} tekens"
            fouten.meld(nr, BESTAND, lijn[:40], lang, "lever alleen de tabel zelf")
            break
    return tekst


def _te_groot() -> str:
    return f"meer dan {MAX_RIJEN} regels, {MAX_KOLOMMEN} kolommen of {MAX_CELLEN} cellen"


def lees_csv(tekst: str, herken: Herken, fouten: Foutenlijst) -> tuple[list[Rij], int | None, str]:
    """Split into rows; the delimiter is the one under which a header line is recognised."""
    verklaard = re.match(r"sep=(.)\r?\n?", tekst)
    begin = 1 if verklaard else 0
    regels = list(io.StringIO(tekst, newline=""))[begin:]
    kandidaten = (
        [verklaard.group(1)] if verklaard and verklaard.group(1) in SCHEIDINGEN else list(SCHEIDINGEN)
    )
    scores: dict[str, int] = {}
    for scheiding in kandidaten:
        proef = _splits(regels[:MAX_KOPZOEK], scheiding, begin, None)
        plek = zoek_kop(proef, herken)
        if plek is not None:
            scores[scheiding] = len(_herkend(proef[plek][1], herken))
    if not scores:
        return _splits(regels[:MAX_KOPZOEK], kandidaten[0], begin, None), None, kandidaten[0]
    beste = max(scores.values())
    keuzes = [scheiding for scheiding, score in scores.items() if score == beste]
    if len(keuzes) > 1:
        namen = " en ".join(SCHEIDINGEN[scheiding] for scheiding in keuzes)
        fouten.meld(
            1, "(kop)", "", f"niet duidelijk wat de kolommen scheidt: {namen}", "gebruik overal puntkomma's"
        )
        fouten.stop()
    scheiding = keuzes[0]
    rijen = _splits(regels, scheiding, begin, fouten)
    fouten.stop()
    return rijen, zoek_kop(rijen, herken), scheiding


def _splits(regels: list[str], scheiding: str, begin: int, fouten: Foutenlijst | None) -> list[Rij]:
    """Rows with the line each starts on; without `fouten` it stops quietly at the first fault."""
    lezer = csv.reader(regels, delimiter=scheiding, strict=True)
    rijen: list[Rij] = []
    cellen_totaal, start = 0, begin + 1
    advies = "zet aanhalingstekens alleen om een hele cel, of laat ze weg"
    while True:
        try:
            velden = next(lezer, None)
        except csv.Error as fout:
            if fouten is not None:
                fouten.meld(start, BESTAND, fout, "aanhalingsteken niet gesloten of misplaatst", advies)
            return rijen
        if velden is None:
            return rijen
        if fouten is not None and any("\n" in veld or "\r" in veld for veld in velden) and rijen:
            fouten.meld(start, BESTAND, velden[0], "een cel loopt door op de volgende regel", advies)
        rijen.append((start, tuple(re.sub(r"\s*[\r\n]+\s*", " ", veld).strip() for veld in velden)))
        start = begin + lezer.line_num + 1
        cellen_totaal += len(velden)
        te_veel = len(rijen) > MAX_RIJEN or cellen_totaal > MAX_CELLEN or len(velden) > MAX_KOLOMMEN
        if te_veel:
            if fouten is not None:
                fouten.meld(start - 1, BESTAND, len(velden), _te_groot(), "lever alleen de tabel zelf")
            return rijen


def _herkend(cellen: tuple[Cel, ...], herken: Herken) -> set[str]:
    namen = {naam for cel in cellen if isinstance(cel, str) and cel and (naam := herken(cel))}
    return {naam.removeprefix(TWIJFEL) for naam in namen}


def zoek_kop(rijen: list[Rij], herken: Herken) -> int | None:
    """Position of the first line with at least two recognised column names."""
    for plek, (_, cellen) in enumerate(rijen[:MAX_KOPZOEK]):
        if len(_herkend(cellen, herken)) >= MIN_KOPPEN:
            return plek
    return None
