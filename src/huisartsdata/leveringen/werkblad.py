"""The reading of one xlsx sheet, after its zip was judged."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from dataclasses import dataclass
from typing import Any

from huisartsdata.fouten import LeveringFout
from huisartsdata.leveringen.levering import Foutenlijst, noem
from huisartsdata.leveringen.xlsxzip import MAX_CELLEN, ONLEESBAAR, keur_zip

MAX_ROOSTER = 3_000_000  # rows times columns of the table: what a csv may hold too
MAX_CELTEKST = 32_767  # characters in a cell: Excel's own limit
MAX_KOLOM = 400  # a wider table is no delivery

Cel = str | int | float | dt.date | dt.time | dt.timedelta
Rij = tuple[int, tuple[Cel, ...]]


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
    keur_zip(data, fouten)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styling it does not know; no data is lost by it
            warnings.simplefilter("ignore")
            return _lees(data, fouten, blad)
    except LeveringFout:
        raise
    except Exception as fout:  # noqa: BLE001 - openpyxl and its xml parsers raise many classes on a damaged file
        fouten.meld(1, "(bestand)", type(fout).__name__, *ONLEESBAAR)
    fouten.stop()
    raise AssertionError


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
    if len({cel.row for cel in cellen}) * laatste > MAX_ROOSTER:
        ver = max(cellen, key=lambda cel: cel.column)
        fouten.meld(
            ver.row, ver.column_letter, ver.value, "staat ver naast de tabel", "verwijder losse cellen"
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
