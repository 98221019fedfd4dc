"""Columns of a StatLine table matched by stem, with their unit and type checked against its metadata.

StatLine numbers its columns, and the number differs per year: `AfstandTotHuisartsenpraktijk_105` of
one year is `AfstandTotHuisartsenpraktijk_110` of the next. The stem before the number is what stays.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import BronFout

if TYPE_CHECKING:
    import pandas as pd

GETALTYPEN = ("Long", "Integer", "Int", "Double", "Float", "Decimal")
MAX_GENOEMD = 5  # names in a message; the log holds all


@dataclass(frozen=True)
class Kolomwens:
    """A column we need: its stem at StatLine, our name, and the unit its metadata must state.

    `eenheid` None is a text column.
    """

    stam: str
    naam: str
    eenheid: str | None


def stam(kolom: str) -> str:
    """Name of a column without the number that differs per year.

    >>> stam("k_65JaarOfOuder_12"), stam("RegioS")
    ('k_65JaarOfOuder', 'RegioS')
    """
    return re.sub(r"_\d+$", "", kolom)


def weiger(tabel: str, problemen: Sequence[str]) -> BronFout:
    """One line on a table that is not what it should be."""
    rest = len(problemen) - MAX_GENOEMD
    genoemd = "; ".join(problemen[:MAX_GENOEMD]) + (f"; en nog {rest}" if rest > 0 else "")
    return BronFout(
        f"StatLine-tabel {tabel} wijkt af: {genoemd}. De bestaande gegevens zijn ongewijzigd; "
        "zie docs/verversen.md, of geef een andere tabel op met --tabel"
    )


def koppel(
    eigenschappen: Sequence[Mapping[str, Any]], wensen: Iterable[Kolomwens], tabel: str
) -> dict[str, str]:
    """Find each wanted column by its stem.

    Parameters
    ----------
    eigenschappen
        Rows of DataProperties: `Key`, `Type`, `Datatype`, `Unit`.
    wensen
        What is needed.
    tabel
        Name of the table, for messages.

    Returns
    -------
    dict
        Our name -> column of this table.

    Raises
    ------
    BronFout
        With every column that is gone, renamed, retyped, doubled, or in another unit.

    Examples
    --------
    >>> koppel([{"Key": "AantalInwoners_5", "Datatype": "Long", "Unit": "aantal"}],
    ...        [Kolomwens("AantalInwoners", "inwoners", "aantal")], "84799NED")
    {'inwoners': 'AantalInwoners_5'}
    """
    kolommen = {str(r["Key"]): r for r in eigenschappen if r.get("Key") and r.get("Datatype")}
    stammen: dict[str, list[str]] = {}
    for k in kolommen:
        stammen.setdefault(stam(k), []).append(k)
    uit: dict[str, str] = {}
    problemen: list[str] = []
    for w in wensen:
        gevonden = stammen.get(w.stam, [])
        if len(gevonden) != 1:
            lijkt = difflib.get_close_matches(w.stam, stammen, n=1, cutoff=0.6)
            tip = f" (hernoemd tot '{lijkt[0]}'?)" if lijkt and not gevonden else ""
            problemen.append(
                f"kolom '{w.stam}' ontbreekt{tip}"
                if not gevonden
                else f"kolom '{w.stam}' staat er {len(gevonden)} keer in"
            )
            continue
        r = kolommen[gevonden[0]]
        soort, eenheid = str(r.get("Datatype")), " ".join(str(r.get("Unit") or "").split())
        if w.eenheid is None:
            if soort != "String":
                problemen.append(f"kolom '{w.stam}' is van type {soort} in plaats van tekst")
        elif soort not in GETALTYPEN:
            problemen.append(f"kolom '{w.stam}' is van type {soort} in plaats van een getal")
        elif eenheid != w.eenheid:
            problemen.append(f"kolom '{w.stam}' heeft eenheid '{eenheid}' in plaats van '{w.eenheid}'")
        uit[w.naam] = gevonden[0]
    if problemen:
        raise weiger(tabel, problemen)
    return uit


def zet_om(
    rijen: Sequence[Mapping[str, Any]],
    koppeling: Mapping[str, str],
    wensen: Iterable[Kolomwens],
    sleutels: Sequence[str],
    tabel: str,
) -> pd.DataFrame:
    """Rows as they came to a frame under our names, keys stripped and unique.

    Raises
    ------
    BronFout
        For a column that is not in the rows, a value that is no number, or a key that comes twice.
    """
    import pandas as pd

    problemen: list[str] = []
    data: dict[str, Any] = {}
    for s in sleutels:
        waarden = [r.get(s) for r in rijen]
        if any(not isinstance(w, str) or not w.strip() for w in waarden):
            problemen.append(f"sleutel '{s}' ontbreekt in een of meer rijen")
        data[s] = [str(w).strip() for w in waarden]
    for w in wensen:
        kolom = koppeling[w.naam]
        if any(kolom not in r for r in rijen):
            problemen.append(f"kolom '{kolom}' ontbreekt in een of meer rijen")
            continue
        if w.eenheid is None:
            data[w.naam] = [
                None if r[kolom] is None or str(r[kolom]).strip() in ("", ".") else str(r[kolom]).strip()
                for r in rijen
            ]
        else:
            fout = [r for r in rijen if not (r[kolom] is None or _is_getal(r[kolom]))]
            if fout:
                waar = fout[0].get(sleutels[0], "?")
                problemen.append(
                    f"kolom '{kolom}' bevat bij {str(waar).strip()} geen getal maar {fout[0][kolom]!r:.20}"
                )
                continue
            data[w.naam] = [math.nan if r[kolom] is None else float(r[kolom]) for r in rijen]
    codes = list(zip(*(data[s] for s in sleutels), strict=True))
    if dubbel := [" ".join(k) for k, n in Counter(codes).items() if n > 1]:
        problemen.append(f"{len(dubbel)} sleutels staan er dubbel in ({', '.join(dubbel[:3])})")
    if problemen:
        raise weiger(tabel, problemen)
    tekst = [*sleutels, *(w.naam for w in wensen if w.eenheid is None)]
    frame = pd.DataFrame(data).astype(dict.fromkeys(tekst, "str"))
    return frame.set_index(list(sleutels)).sort_index()


def _is_getal(w: Any) -> bool:
    try:
        return isinstance(w, (int, float)) and not isinstance(w, bool) and math.isfinite(w)
    except OverflowError:  # digits without end are a number to JSON
        return False


def kolomverschil(oud: Iterable[str], nieuw: Iterable[str]) -> tuple[list[str], list[str]]:
    """Stems that came and stems that went.

    >>> kolomverschil(["Mannen_6", "Vrouwen_7"], ["Mannen_6", "Zij_instromers_8"])
    (['Zij_instromers'], ['Vrouwen'])
    """
    a, b = {stam(k) for k in oud}, {stam(k) for k in nieuw}
    return sorted(b - a), sorted(a - b)
