"""An xlsx judged before it is read: its zip, and every xml part in it as a stream, with bounds on what it holds.

openpyxl builds whatever a part asks for: one line of xml that merges all cells of a sheet takes all memory. So each
part is walked through first by the xml parser itself, which sees names and ranges as openpyxl will.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, NoReturn
from xml.parsers import expat

from huisartsdata.fouten import LeveringFout

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Foutenlijst

# Deliveries have at most some ten thousand rows: a few MB unpacked. openpyxl reads about 3 MB of xml a
# second.
MAX_UITGEPAKT = 64_000_000  # bytes of all parts together
MAX_DELEN = 2_000  # parts in the zip; Excel writes some twenty
MAX_VERHOUDING = 300  # unpacked against packed, of a part above 1 MB; Excel's own sheets stay under 60
MAX_CELLEN = (
    400_000  # cells in all sheets together, and cells under merges and links: about ten seconds of reading
)
MAX_RIJEN = 150_000  # rows in all sheets together
MAX_TEKSTEN = 3 * MAX_CELLEN  # values and texts
MAX_OVERIG = 200_000  # any other elements: styles, names, rules; Excel's own limit of styles is 65,490

ONLEESBAAR = (
    "het Excel-bestand is beschadigd of geen echte .xlsx",
    "open het in Excel en bewaar het opnieuw",
)
_BLOK = 1 << 20
_GEVAARLIJK = {
    "vbaproject": ("bevat macro's", "bewaar het als gewoon .xlsx zonder macro's"),
    "externallinks/": ("verwijst naar andere werkmappen", "plak de cellen als waarden in een nieuw bestand"),
    "connections.xml": (
        "haalt gegevens op uit een andere bron",
        "plak de cellen als waarden in een nieuw bestand",
    ),
    "pivotcache": (
        "bevat een draaitabel met verborgen brongegevens",
        "plak de cellen als waarden in een nieuw bestand",
    ),
    "activex": ("bevat besturingselementen", "plak de cellen als waarden in een nieuw bestand"),
    "embeddings/": ("bevat ingesloten bestanden", "plak de cellen als waarden in een nieuw bestand"),
}
_KLEINER = "plak alleen de tabel als waarden in een nieuw bestand"
# encodings in which every ascii byte means itself; another one could hide what is looked for
_CODERINGEN = {None, "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}
_GETAL = re.compile(r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?\s*")
_BEREIK = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_GRENZEN = {
    "c": (MAX_CELLEN, "cellen"),
    "row": (MAX_RIJEN, "rijen"),
    "tekst": (MAX_TEKSTEN, "waarden"),
    "overig": (MAX_OVERIG, "onderdelen in de opmaak"),
}
_TEKSTEN = {"v", "t", "is", "si", "f"}


def keur_zip(data: bytes, fouten: Foutenlijst) -> None:
    """Refuse an xlsx that is damaged, dangerous, or larger inside than a delivery can be.

    Raises
    ------
    LeveringFout
        With every fault found before the first part that cannot be trusted.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zipbestand:
            delen = zipbestand.infolist()
            _keur_delen(delen, fouten)
            fouten.stop()
            telling = dict.fromkeys(_GRENZEN, 0)
            for deel in delen:
                with zipbestand.open(deel) as stroom:
                    _Deel(deel.filename, telling, fouten).lees(stroom)
    except LeveringFout:
        raise
    except Exception as fout:  # noqa: BLE001 - zipfile, zlib, lzma and expat errors share no base class
        fouten.meld(1, "(bestand)", type(fout).__name__, *ONLEESBAAR)
    fouten.stop()


def _keur_delen(delen: list[zipfile.ZipInfo], fouten: Foutenlijst) -> None:
    namen = [deel.filename.casefold() for deel in delen]
    if len(delen) > MAX_DELEN:
        fouten.meld(1, "(bestand)", len(delen), f"bevat meer dan {MAX_DELEN} onderdelen", _KLEINER)
    if len(set(namen)) < len(namen):
        fouten.meld(1, "(bestand)", "", "bevat twee onderdelen met dezelfde naam", _KLEINER)
    totaal = sum(deel.file_size for deel in delen)
    if totaal > MAX_UITGEPAKT:
        fouten.meld(
            1, "(bestand)", totaal, f"is uitgepakt groter dan {MAX_UITGEPAKT // 1_000_000} MB", _KLEINER
        )
    for deel in delen:
        if deel.flag_bits & 0x1:
            fouten.meld(
                1, "(bestand)", deel.filename, "is met een wachtwoord beveiligd", "haal de beveiliging eraf"
            )
        if deel.file_size > _BLOK and deel.file_size > MAX_VERHOUDING * max(deel.compress_size, 1):
            fouten.meld(1, "(bestand)", deel.filename, "is verdacht sterk ingepakt (zipbom)", _KLEINER)
        if (
            ".." in deel.filename.replace("\\", "/").split("/")
            or deel.filename[:1] in "/\\"
            or ":" in deel.filename
        ):
            fouten.meld(
                1, "(bestand)", deel.filename, "een onderdeel heet als een pad buiten het bestand", _KLEINER
            )
    for sleutel, (probleem, advies) in _GEVAARLIJK.items():
        if any(sleutel in naam for naam in namen):
            fouten.meld(1, "(bestand)", sleutel.rstrip("/"), probleem, advies)
    if "[content_types].xml" not in namen:
        fouten.meld(1, "(bestand)", "", *ONLEESBAAR)


class _Deel:
    """One part as a stream: no document type, no other encoding, no cell twice, and counts within bounds."""

    def __init__(self, naam: str, telling: dict[str, int], fouten: Foutenlijst) -> None:
        self.naam, self.telling, self.fouten = naam, telling, fouten
        self.cellen: set[str] = set()
        self.soort: str | None = None  # type of the cell that is being read
        self.waarde: list[str] | None = None  # its text so far, of a number or an index
        self.parser = expat.ParserCreate()
        self.parser.XmlDeclHandler = self._kop
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._einde

    def lees(self, stroom: IO[bytes]) -> None:
        """Walk through; whatever its name, a part that looks like xml is one, for openpyxl may read it as such."""
        blok = stroom.read(_BLOK)
        begin = blok[:256].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not begin.startswith(b"<") and not self.naam.casefold().endswith((".xml", ".rels", ".vml")):
            return
        if b"\x00" in blok[:8] or blok[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self._weiger(self.naam, *ONLEESBAAR)
        while blok:
            # content types are plain text; a sheet with macros says so there
            if self.naam.startswith("[") and b"macroEnabled" in blok:
                self._weiger(self.naam, *_GEVAARLIJK["vbaproject"])
            self.parser.Parse(blok, False)
            blok = stroom.read(_BLOK)
        self.parser.Parse(b"", True)

    def _weiger(self, waarde: object, probleem: str, advies: str, regel: int = 1) -> NoReturn:
        self.fouten.meld(regel, "(bestand)", waarde, probleem, advies)
        self.fouten.stop()
        raise AssertionError

    def _kop(self, _versie: str, codering: str | None, _los: int) -> None:
        if (codering.casefold() if codering else None) not in _CODERINGEN:
            self._weiger(self.naam, *ONLEESBAAR)

    def _doctype(self, *_: object) -> None:
        self._weiger(self.naam, "bevat macro's of xml-verwijzingen", _GEVAARLIJK["vbaproject"][1])

    def _begin(self, naam: str, eigen: Mapping[str, str]) -> None:
        naam = naam.rpartition(":")[2]
        groep = naam if naam in {"c", "row"} else "tekst" if naam in _TEKSTEN else "overig"
        self.telling[groep] += 1
        grens, woord = _GRENZEN[groep]
        if self.telling[groep] > grens:
            self._weiger(self.naam, f"bevat meer dan {grens} {woord}", "lever alleen de tabel zelf")
        if naam == "c":
            self.soort = eigen.get("t", "n")
            plek = eigen.get("r", "").upper()
            if plek and plek in self.cellen:
                regel = int(re.sub(r"\D", "", plek) or 1)
                self._weiger(plek, "deze cel staat twee keer in het bestand", ONLEESBAAR[1], regel)
            self.cellen.add(plek)
        elif naam == "v" and self.soort in {"n", "s"}:
            self.waarde = []
            self.parser.CharacterDataHandler = self.waarde.append
        elif naam in {"mergeCell", "hyperlink"}:
            self._bereik(eigen.get("ref", ""))

    def _einde(self, naam: str) -> None:
        if self.waarde is not None and naam.rpartition(":")[2] == "v":
            tekst, self.waarde, self.parser.CharacterDataHandler = "".join(self.waarde), None, None
            # openpyxl would read 2_9 as 29
            if tekst.strip() and not _GETAL.fullmatch(tekst):
                self._weiger(tekst, *ONLEESBAAR)

    def _bereik(self, ref: str) -> None:
        """Guard against ranges: openpyxl makes every cell of a merged or linked range."""
        gevonden = _BEREIK.fullmatch(ref.strip())
        if gevonden is None:
            self._weiger(ref, *ONLEESBAAR)
        if gevonden[3]:
            breed = abs(_kolom(gevonden[3]) - _kolom(gevonden[1])) + 1
            self.telling["c"] += breed * (abs(int(gevonden[4]) - int(gevonden[2])) + 1)
            if self.telling["c"] > MAX_CELLEN:
                groot = f"een samengevoegd bereik of een koppeling maakt meer dan {MAX_CELLEN} cellen"
                self._weiger(ref, groot, _KLEINER)


def _kolom(letters: str) -> int:
    nummer = 0
    for letter in letters.upper():
        nummer = nummer * 26 + ord(letter) - 64
    return nummer
