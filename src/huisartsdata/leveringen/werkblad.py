"""The safe reading of one xlsx sheet: the zip is judged before anything in it is parsed."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import Any

from huisartsdata.fouten import LeveringFout
from huisartsdata.leveringen.levering import Foutenlijst, noem

# Deliveries have at most some ten thousand rows: a few MB unpacked. openpyxl reads about 3 MB of xml a
# second.
MAX_UITGEPAKT = 64_000_000  # bytes of all parts together
MAX_DELEN = 2_000  # parts in the zip; Excel writes some twenty
MAX_VERHOUDING = 300  # unpacked against packed, of a part above 1 MB; Excel's own sheets stay under 60
MAX_CELLEN = 400_000  # cells in one sheet: about ten seconds of reading
MAX_CELTEKST = 32_767  # characters in a cell: Excel's own limit
MAX_KOLOM = 400  # a wider table is no delivery

Cel = str | int | float | dt.date | dt.time | dt.timedelta
Rij = tuple[int, tuple[Cel, ...]]

_BLOK = 1 << 20
_CEL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_VERBODEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
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


@dataclass(frozen=True)
class Werkblad:
    """The filled cells of one sheet, as rows with their sheet row number."""

    rijen: tuple[Rij, ...]
    samengevoegd: tuple[tuple[int, str], ...]  # (last row, range) of merged cells
    opmerkingen: tuple[str, ...]


def lees_werkblad(data: bytes, fouten: Foutenlijst, blad: str | None) -> Werkblad:
    """Read one sheet of an xlsx file held in memory.

    Numbers stay numbers, text stays text, dates stay dates, a percentage becomes text with its sign.

    Raises
    ------
    LeveringFout
        With every formula, error value, hidden row or column, and for anything unsafe in the file.
    """
    _keur_zip(data, fouten)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styling it does not know; no data is lost by it
            warnings.simplefilter("ignore")
            return _lees(data, fouten, blad)
    except LeveringFout:
        raise
    except Exception as fout:  # noqa: BLE001 - openpyxl and its xml parsers raise many classes on a damaged file
        fouten.meld(1, "(bestand)", type(fout).__name__, *_ONLEESBAAR)
    fouten.stop()
    raise AssertionError


_ONLEESBAAR = (
    "het Excel-bestand is beschadigd of geen echte .xlsx",
    "open het in Excel en bewaar het opnieuw",
)


def _keur_zip(data: bytes, fouten: Foutenlijst) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as zipbestand:
            delen = zipbestand.infolist()
            _keur_delen(delen, fouten)
            fouten.stop()
            for deel in delen:
                _keur_inhoud(zipbestand, deel, fouten)
    except LeveringFout:
        raise
    except Exception as fout:  # noqa: BLE001 - zipfile, zlib and lzma errors share no base class
        fouten.meld(1, "(bestand)", type(fout).__name__, *_ONLEESBAAR)
    fouten.stop()


def _keur_delen(delen: list[zipfile.ZipInfo], fouten: Foutenlijst) -> None:
    kleiner = "plak alleen de tabel als waarden in een nieuw bestand"
    namen = [deel.filename.casefold() for deel in delen]
    if len(delen) > MAX_DELEN:
        fouten.meld(1, "(bestand)", len(delen), f"bevat meer dan {MAX_DELEN} onderdelen", kleiner)
    if len(set(namen)) < len(namen):
        fouten.meld(1, "(bestand)", "", "bevat twee onderdelen met dezelfde naam", kleiner)
    totaal = sum(deel.file_size for deel in delen)
    if totaal > MAX_UITGEPAKT:
        fouten.meld(
            1, "(bestand)", totaal, f"is uitgepakt groter dan {MAX_UITGEPAKT // 1_000_000} MB", kleiner
        )
    for deel in delen:
        if deel.flag_bits & 0x1:
            fouten.meld(
                1, "(bestand)", deel.filename, "is met een wachtwoord beveiligd", "haal de beveiliging eraf"
            )
        if deel.file_size > _BLOK and deel.file_size > MAX_VERHOUDING * max(deel.compress_size, 1):
            fouten.meld(1, "(bestand)", deel.filename, "is verdacht sterk ingepakt (zipbom)", kleiner)
    for sleutel, (probleem, advies) in _GEVAARLIJK.items():
        if any(sleutel in naam for naam in namen):
            fouten.meld(1, "(bestand)", sleutel.rstrip("/"), probleem, advies)
    if "[content_types].xml" not in namen:
        fouten.meld(1, "(bestand)", "", *_ONLEESBAAR)


def _keur_inhoud(zipbestand: zipfile.ZipFile, deel: zipfile.ZipInfo, fouten: Foutenlijst) -> None:
    """Stream one part: no document type or entity in it, no disguised encoding, not too many cells."""
    if not deel.filename.casefold().endswith((".xml", ".rels", ".vml")):
        return
    is_blad = "worksheets/" in deel.filename.casefold()
    cellen, rest, eerste = 0, b"", True
    with zipbestand.open(deel) as stroom:
        while blok := stroom.read(_BLOK):
            if eerste and (b"\x00" in blok[:8] or blok[:2] in (b"\xff\xfe", b"\xfe\xff")):
                fouten.meld(1, "(bestand)", deel.filename, *_ONLEESBAAR)
                return
            eerste = False
            samen = rest + blok
            if _VERBODEN.search(samen) or (b"macroEnabled" in samen and deel.filename.startswith("[")):
                fouten.meld(
                    1,
                    "(bestand)",
                    deel.filename,
                    "bevat macro's of xml-verwijzingen",
                    _GEVAARLIJK["vbaproject"][1],
                )
                return
            if is_blad:
                cellen += len(_CEL.findall(samen)) - len(_CEL.findall(rest))
            rest = samen[-64:]
    if cellen > MAX_CELLEN:
        fouten.meld(
            1,
            "(bestand)",
            cellen,
            f"een werkblad heeft meer dan {MAX_CELLEN} cellen",
            "lever alleen de tabel zelf",
        )


def _lees(data: bytes, fouten: Foutenlijst, blad: str | None) -> Werkblad:
    import openpyxl  # type: ignore[import-untyped,unused-ignore]

    boek: Any = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    gevuld = {vel.title: vel for vel in boek.worksheets if any(_gevulde_cellen(vel))}
    vel = _kies_blad(gevuld, fouten, blad)
    opmerkingen = []
    if len(gevuld) > 1:
        rest = [naam for naam in gevuld if naam != vel.title]
        opmerkingen.append(f"Alleen werkblad '{vel.title}' is gelezen; niet gelezen: {noem(rest)}.")
    cellen = list(_gevulde_cellen(vel))
    lang = next((cel for cel in cellen if isinstance(cel.value, str) and len(cel.value) > MAX_CELTEKST), None)
    if lang is not None:  # one huge text, shared by many cells, would cost its length at every look
        te_lang = f"meer dan {MAX_CELTEKST} tekens in een cel"
        fouten.meld(lang.row, lang.column_letter, lang.value[:40], te_lang, "lever alleen de tabel zelf")
        fouten.stop()
    laatste = max(cel.column for cel in cellen)
    if laatste > MAX_KOLOM:
        ver = max(cellen, key=lambda cel: cel.column)
        fouten.meld(
            ver.row,
            ver.column_letter,
            ver.value,
            f"staat voorbij kolom {MAX_KOLOM}",
            "verwijder losse cellen",
        )
        fouten.stop()
    _keur_verborgen(vel, cellen, fouten)
    rijen: dict[int, list[Cel]] = {}
    for cel in cellen:
        rijen.setdefault(cel.row, [""] * laatste)[cel.column - 1] = _waarde(cel, fouten)
    samengevoegd = tuple(sorted((bereik.max_row, str(bereik)) for bereik in vel.merged_cells.ranges))
    # empty sheet rows between filled ones are kept as rows, so that they are counted like in a csv
    leeg: tuple[Cel, ...] = ("",) * laatste
    eerste, einde = min(rijen), max(rijen)
    if einde - eerste > MAX_CELLEN:
        fouten.meld(einde, "(rij)", "", "er staat een losse cel ver onder de tabel", "verwijder losse cellen")
        fouten.stop()
    return Werkblad(
        tuple((nr, tuple(rijen[nr]) if nr in rijen else leeg) for nr in range(eerste, einde + 1)),
        samengevoegd,
        tuple(opmerkingen),
    )


def _gevulde_cellen(vel: Any) -> Any:
    # iter_rows would walk the whole rectangle up to the last cell: a stray cell in XFD1048576 makes
    # that 17 billion
    for cel in vel._cells.values():  # noqa: SLF001
        waarde = cel.value
        if isinstance(waarde, str) and len(waarde) <= MAX_CELTEKST and not waarde.strip():
            continue
        if waarde is not None:
            yield cel


def _kies_blad(gevuld: dict[str, Any], fouten: Foutenlijst, blad: str | None) -> Any:
    if blad is not None and blad in gevuld:
        return gevuld[blad]
    if blad is not None:
        fouten.meld(1, "(werkblad)", blad, "dit werkblad is er niet of is leeg", f"kies uit: {noem(gevuld)}")
    elif not gevuld:
        fouten.meld(1, "(bestand)", "", "het bestand is leeg", "lever een tabel met een kopregel")
    elif len(gevuld) > 1:
        verborgen = [naam for naam, vel in gevuld.items() if vel.sheet_state != "visible"]
        extra = f" (verborgen: {noem(verborgen)})" if verborgen else ""
        fouten.meld(
            1,
            "(werkblad)",
            noem(gevuld),
            f"er staan gegevens op {len(gevuld)} werkbladen{extra}",
            "geef het goede werkblad op met blad=, of bewaar dat blad als eigen bestand",
        )
    else:
        return next(iter(gevuld.values()))
    fouten.stop()
    raise AssertionError


def _keur_verborgen(vel: Any, cellen: list[Any], fouten: Foutenlijst) -> None:
    rijen = {nr for nr, rij in vel.row_dimensions.items() if rij.hidden}
    kolommen: set[int] = set()
    for kolom in vel.column_dimensions.values():
        if kolom.hidden and kolom.min and kolom.max:
            kolommen.update(range(kolom.min, min(kolom.max, MAX_KOLOM) + 1))
    advies = "maak alles zichtbaar of verwijder wat niet bij de levering hoort"
    for nr in sorted(rijen & {cel.row for cel in cellen}):
        fouten.meld(nr, "(rij)", "", "deze rij is verborgen of weggefilterd maar bevat gegevens", advies)
    letters = {cel.column: cel.column_letter for cel in cellen}
    for nr in sorted(kolommen & set(letters)):
        fouten.meld(1, letters[nr], "", "deze kolom is verborgen maar bevat gegevens", advies)


def _waarde(cel: Any, fouten: Foutenlijst) -> Cel:
    """The typed value of a cell; formulas and error values are faults."""
    waarde = cel.value
    plek = f"{cel.column_letter} (cel {cel.coordinate})"
    if cel.data_type == "f":
        tekst = waarde if isinstance(waarde, str) else type(waarde).__name__
        fouten.meld(cel.row, plek, tekst, "hier staat een formule", "plak de cellen als waarden")
        return ""
    if cel.data_type == "e":
        fouten.meld(
            cel.row, plek, waarde, "hier staat een foutwaarde van Excel", "verbeter de cel of maak haar leeg"
        )
        return ""
    if isinstance(waarde, bool):
        return "WAAR" if waarde else "ONWAAR"
    if isinstance(waarde, int | float):
        if "%" in str(cel.number_format):
            return f"{waarde * 100:g}%"
        return waarde
    if isinstance(waarde, dt.date | dt.time | dt.timedelta):
        return waarde
    return str(waarde)
