"""The meaning of single cells: numbers in Dutch or English notation, missing and suppressed values.

What can be read in two ways is a fault, unless the rest of its own column settles it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huisartsdata.leveringen.haakjes import herkenner, plat, splits_haken

if TYPE_CHECKING:
    from huisartsdata.leveringen.bestand import RuweTabel
    from huisartsdata.leveringen.levering import Foutenlijst
    from huisartsdata.leveringen.werkblad import Cel

__all__ = ["herkenner"]  # the readers' door; it stands with what it knows of brackets

ALLE = "alle"  # the value of a key column that stands for all its classes together
ONTBREEKT = "ontbreekt"
ONDERDRUKT = "onderdrukt"
WAARGENOMEN = "waargenomen"
AFGELEID = "afgeleid"

# Marks that Dutch statistics publishers use for a value that is not given. A dash is sometimes a zero: it is
# read as missing, and the message says so.
_MISSEND = {"", ".", "..", "...", "x", "-", "–", "*", "n.b.", "nb", "onbekend", "geheim", "missing"}
_ONDERDRUKT = re.compile(r"(?:<|≤|<=|minder dan)\s*(\d+)", re.IGNORECASE)
_TOTAAL = {
    "totaal",
    "totalen",
    "eindtotaal",
    "totaal nederland",
    "nederland",
    "nl",
    "nl00",
    "nl01",
    "landelijk",
    "total",
    "grand total",
    "som",
    "alle",
    "alles",
    "allen",
    "totaal mannen en vrouwen",
    "mannen en vrouwen",
    "m v",
    "alle leeftijden",
    "alle functies",
    "alle huisartsen",
    "alle gemeenten",
    "subtotaal",
}

_GEHEEL = re.compile(r"\d+")
_DECIMAAL = {",": re.compile(r"\d+,\d+"), ".": re.compile(r"\d+\.\d+")}
_GROEPEN = {
    ",": re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"),  # decimal comma: points between thousands
    ".": re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"),
}
_SPATIES = re.compile(r"[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?")
_DATUM = re.compile(r"\d{1,4}[-/](?:\d{1,2}|[a-z]{3})(?:[-/]\d{1,4})?", re.IGNORECASE)
_NAAM = {",": "komma", ".": "punt"}


def vouw(tekst: object) -> str:
    """Text for comparing names of areas: no accents, case, punctuation or suffix between brackets.

    For anything but a name brackets may change what it is: `haakjes.plat` keeps them.

    >>> vouw("'s-Gravenhage"), vouw("Hengelo (O.)"), vouw("SÚDWEST-FRYSLÂN")
    ('s gravenhage', 'hengelo', 'sudwest fryslan')
    """
    zonder = re.sub(r"\([^()]{0,20}\)", " ", str(tekst))
    return plat(zonder)


def is_totaal(cel: Cel) -> bool:
    """Whether a cell says that its row is a total; one with another word between brackets does not.

    >>> is_totaal("Totaal (2024)"), is_totaal("Nederland (totaal)"), is_totaal("totaal (alleen vrouwen)")
    (True, True, False)
    """
    if not isinstance(cel, str):
        return False
    kaal, haken = splits_haken(cel)
    return kaal in _TOTAAL and _TOTAAL.issuperset(haken)


def is_datum(cel: Cel) -> bool:
    """Whether a typed cell is a date or time."""
    return isinstance(cel, dt.date | dt.time | dt.timedelta)


@dataclass(frozen=True)
class Getallen:
    """A column of numbers as read: `waarden` with NaN for missing, a `status` each, and what to tell."""

    waarden: list[float]
    status: list[str]
    decimalen: int
    opmerkingen: tuple[str, ...]


def lees_getallen(tabel: RuweTabel, kolom: str, fouten: Foutenlijst, *, geheel: bool = False) -> Getallen:
    """A column as numbers; every cell that is no number, negative or readable in two ways is a fault.

    The notation is settled per column: a column in which one cell can only be read with a decimal comma
    (`12,5`, `1.234,5`) is read so throughout, likewise with a decimal point; a column with both is refused.
    `1.234` alone is a thousand in a column of counts (`geheel`), where it cannot be a decimal; `12.000` only
    if another cell shows that the column has no decimals. In any other column both are faults.
    """
    kop = tabel.kop(kolom)
    cellen = tabel.kolom(kolom)
    teken, opmerkingen = _decimaalteken(cellen, tabel.regels, kop, geheel, fouten)
    waarden: list[float] = []
    status: list[str] = []
    decimalen = 0
    strepen = 0
    for regel, cel in zip(tabel.regels, cellen, strict=True):
        missend = _missend(cel)
        if missend:
            waarden.append(math.nan)
            status.append(missend)
            strepen += cel in {"-", "–"}
            continue
        getal, cijfers = _getal(cel, teken, regel, kop, fouten)
        if getal < 0:
            fouten.meld(regel, kop, cel, "negatief getal", "verbeter het getal of maak de cel leeg")
        elif geheel and math.isfinite(getal) and getal != math.floor(getal):
            fouten.meld(regel, kop, cel, "geen geheel getal", "aantallen zijn hele getallen; staat hier fte?")
        waarden.append(getal)
        status.append(WAARGENOMEN)
        decimalen = max(decimalen, cijfers)
    for naam, uitleg in ((ONDERDRUKT, "onderdrukt (zoals <5)"), (ONTBREEKT, "leeg of onbekend")):
        if aantal := status.count(naam):
            opmerkingen.append(
                f"Kolom '{kop}': {aantal} cellen {uitleg}; die tellen als ontbrekend, niet als nul."
            )
    if strepen:
        opmerkingen.append(
            f"Kolom '{kop}': {strepen} keer een streepje, gelezen als ontbrekend (niet als nul)."
        )
    return Getallen(waarden, status, decimalen, tuple(opmerkingen))


def _missend(cel: Cel) -> str | None:
    if not isinstance(cel, str):
        return None
    if cel.casefold() in _MISSEND:
        return ONTBREEKT
    return ONDERDRUKT if _ONDERDRUKT.fullmatch(cel) else None


def _decimaalteken(
    cellen: Sequence[Cel], regels: Sequence[int], kop: str, geheel: bool, fouten: Foutenlijst
) -> tuple[str | None, list[str]]:
    """The decimal mark of a column, from the cells that can be read in one way only."""
    bewijs: dict[str, list[int]] = {",": [], ".": []}
    dubbel: list[int] = []
    for nr, cel in enumerate(cellen):
        if isinstance(cel, str):
            tekst = re.sub(r"\s", "", cel) if _SPATIES.fullmatch(cel) else cel
            mag = [t for t in ",." if _DECIMAAL[t].fullmatch(tekst) or _GROEPEN[t].fullmatch(tekst)]
            if len(mag) == 1:
                bewijs[mag[0]].append(nr)
            elif len(mag) == 2:
                dubbel.append(nr)
    if bewijs[","] and bewijs["."]:
        minst = min(",.", key=lambda t: len(bewijs[t]))
        for nr in bewijs[minst]:
            probleem = "deze kolom gebruikt zowel een decimale komma als een decimale punt"
            fouten.meld(regels[nr], kop, cellen[nr], probleem, "schrijf de hele kolom op één manier")
        return None, []
    teken = next((t for t in ",." if bewijs[t]), None)
    if teken and dubbel:
        nr = bewijs[teken][0]
        zin = (
            f"Kolom '{kop}': gelezen met een decimale {_NAAM[teken]}, want '{cellen[nr]}' op regel "
            f"{regels[nr]} kan alleen zo; dat geldt ook voor {len(dubbel)} cellen als '{cellen[dubbel[0]]}'."
        )
        return teken, [zin]
    if teken or not dubbel:
        return teken, []
    if geheel:
        vormen = {"." if "." in str(cellen[nr]) else "," for nr in dubbel}
        # 12.000 can be twelve with three decimals; 1.234 cannot, and a column with decimals holds no plain 56
        zeker = any(not str(cellen[nr]).endswith("000") for nr in dubbel) or any(
            isinstance(cel, str) and _GEHEEL.fullmatch(cel) for cel in cellen
        )
        if len(vormen) == 1 and zeker:
            duizend = vormen.pop()
            voorbeeld = f"Kolom '{kop}': de {_NAAM[duizend]} in '{cellen[dubbel[0]]}'"
            return ("," if duizend == "." else "."), [
                f"{voorbeeld} scheidt duizendtallen: aantallen zijn heel."
            ]
    for nr in dubbel:
        kaal = re.sub(r"[.,]", "", str(cellen[nr]))
        probleem = "kan een duizendtal of een decimaal getal zijn"
        fouten.meld(
            regels[nr],
            kop,
            cellen[nr],
            probleem,
            f"schrijf {kaal} zonder scheiding, of geef een extra decimaal",
        )
    return None, []


def _getal(cel: Cel, teken: str | None, regel: int, kop: str, fouten: Foutenlijst) -> tuple[float, int]:
    """One number and its count of decimals; NaN with a fault noted if it is none."""
    if isinstance(cel, int | float):
        if math.isfinite(cel) and abs(cel) < 1e15:
            return float(cel) + 0.0, len(repr(cel).partition(".")[2]) if cel != int(cel) else 0
        fouten.meld(regel, kop, cel, "geen eindig getal", "verbeter het getal of maak de cel leeg")
        return math.nan, 0
    if is_datum(cel):
        fouten.meld(
            regel, kop, cel, "hier staat een datum en geen getal", "zet de cel op 'Getal' en typ het opnieuw"
        )
        return math.nan, 0
    tekst = str(cel)
    minus = tekst.startswith(("-", "\u2212"))
    kern = tekst[1:] if minus else tekst
    if _SPATIES.fullmatch(kern):
        kern = re.sub(r"[ \u00a0\u202f]", "", kern)
    if len(kern) <= 18 and kern.isascii():
        if _GEHEEL.fullmatch(kern):
            return float(-int(kern) if minus else int(kern)), 0
        if not minus and teken and (_DECIMAAL[teken].fullmatch(kern) or _GROEPEN[teken].fullmatch(kern)):
            duizend = "." if teken == "," else ","
            kern = kern.replace(duizend, "").replace(teken, ".")
            return float(kern), len(kern.partition(".")[2])
        if minus and any(vorm.fullmatch(kern) for vorm in _DECIMAAL.values()):
            return -1.0, 0  # its size does not matter: the caller refuses it for its sign
        if any(vorm.fullmatch(kern) for vorm in (*_DECIMAAL.values(), *_GROEPEN.values())):
            if teken:  # with no mark settled the column's own fault is noted already
                fouten.meld(
                    regel, kop, cel, "past niet bij de notatie van de rest van de kolom", "verbeter het getal"
                )
            return math.nan, 0
    fouten.meld(regel, kop, cel, *_geen_getal(tekst))
    return math.nan, 0


def _geen_getal(tekst: str) -> tuple[str, str]:
    if "%" in tekst:
        return "hier staat een percentage", "lever aantallen, geen percentages"
    if _DATUM.fullmatch(tekst):
        return "dit lijkt een datum", "Excel kan het getal hebben veranderd; typ het opnieuw als getal"
    if tekst.startswith(("=", "+", "@")):
        return "dit lijkt een formule", "plak de cellen als waarden"
    if re.fullmatch(r"\d+(?:[.,]\d+)?e[+-]?\d+", tekst, re.IGNORECASE):
        return "dit is de wetenschappelijke notatie", "schrijf het getal voluit"
    return "dit is geen getal", "typ een getal, of laat de cel leeg als het ontbreekt"
