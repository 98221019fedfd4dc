"""A comma between cells that was the comma of a number: `29,5` without quotes is two cells.

Such a row is as wide as its header again when a last, empty cell was left out. Nothing in it then tells that 29 is
not the number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from huisartsdata.leveringen.haakjes import plat

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Foutenlijst
    from huisartsdata.leveringen.werkblad import Rij

# Columns with numbers that may have decimals, and counts; of both a thousands comma can split one.
_MAAT = {"fte", "verzekerde_jaren"}
_AANTAL = {"personen", "ingeschreven", "aantal"}
# Their readers take no bare digits, or only those of a real postcode.
_KEURT_ZELF = {"gebied", "gm_code", "postcode", "functie", "geslacht", "leeftijdsklasse", "gebiedsoort",
               "open_voor_inschrijving"}  # fmt: skip
_TELLING = re.compile(
    r"\b(?:aantal|inwoners|inwonertal|bevolking|patienten|verzekerden|huishoudens|oppervlakte)\b"
)
_HEEL = re.compile(r"-?\d+|[1-9]\d{0,2}(?:[. \u00a0\u202f]\d{3})+")
_PUNT = re.compile(r"\d*\.\d+")
_KOMMA = re.compile(r"[\d.]*,(\d+)")
_CIJFERS = re.compile(r"\d+")
_JAARTAL = re.compile(r"(?:19|20)\d\d")
MAX_DECIMALEN = 3  # as delivered; more than that is a count when its header says so
Paar = tuple[int, str, str]  # line, whole number, digits beside it
ADVIES = "bewaar het bestand met puntkomma's, of zet getallen met een komma tussen aanhalingstekens"


def keur_breedte(rijen: Sequence[Rij], breed: int, fouten: Foutenlijst) -> None:
    """Rows of a comma file with more cells than the header: the first is a fault, also if the last cells are empty.

    A cell with something in it beyond the header is a fault already, of its own.
    """
    te_breed = [(regel, cellen) for regel, cellen in rijen if len(cellen) > breed]
    if te_breed and not len(fouten):
        regel, cellen = te_breed[0]
        meer = f"{len(cellen)} cellen naast {breed} koppen, in {len(te_breed)} van {len(rijen)} rijen"
        fouten.meld(
            regel, "(rij)", cellen[0], f"een komma in een getal kan de rij hebben gesplitst: {meer}", ADVIES
        )


def keur_decimalen(
    rijen: Sequence[Rij],
    koppen: Sequence[str],
    plaats: Mapping[str, int],
    lijnen: Mapping[int, str],
    fouten: Foutenlijst,
) -> list[str]:
    """Number columns of a comma file beside which stand digits that may be their decimals.

    Parameters
    ----------
    rijen, koppen, plaats
        The table; every row as wide as the header.
    lijnen
        Line number -> the line as in the file, of those with quotes: around a cell they show that it is whole.
    fouten
        The first such row of a column is a fault.

    Returns
    -------
    list of str
        Remarks on a column of whole numbers beside a count that may be what it says.
    """
    namen = {nr: naam.partition("|")[0] for naam, nr in plaats.items()}
    opmerkingen = []
    for nr, naam in namen.items():
        if nr + 1 >= len(koppen) or not _is_getal(naam):
            continue
        buur = namen.get(nr + 1, "")
        paren = _paren(rijen, nr, lijnen, naast_getal=_is_getal(buur))
        if not paren or buur in _KEURT_ZELF:
            continue
        raak = [paar for paar in paren if len(paar[2]) > 1 and paar[2].startswith("0")]
        raak = raak or (
            _te_klein(paren, naam, buur) if _is_getal(buur) else _los(paren, naam, buur, koppen[nr + 1])
        )
        if raak:
            regel, getal, _ = raak[0]
            probleem = (
                f"de cijfers in de cel ernaast kunnen de decimalen van dit getal zijn ({len(raak)} rijen)"
            )
            fouten.meld(regel, koppen[nr], getal, probleem, ADVIES)
        elif naam in _MAAT and buur in _AANTAL:
            opmerkingen.append(
                f"Kolom '{koppen[nr]}' heeft alleen hele getallen, naast die van '{koppen[nr + 1]}'. "
                "Zijn dat de decimalen, bewaar het bestand dan met puntkomma's."
            )
    return opmerkingen


def _is_getal(naam: str) -> bool:
    return naam in _MAAT or naam in _AANTAL or naam.startswith("kosten_")


def _paren(rijen: Sequence[Rij], nr: int, lijnen: Mapping[int, str], *, naast_getal: bool) -> list[Paar]:
    """Every row in which a whole number has bare digits after it.

    None if another cell shows that the column keeps its decimals in the cell: with a point, or with a comma between
    quotes (then digits beside that are no longer than those decimals still count, unless it is a number there too).
    """
    kolom = [str(cellen[nr]) for _, cellen in rijen]
    if any(_PUNT.fullmatch(cel) and not _HEEL.fullmatch(cel) for cel in kolom):
        return []
    komma = [len(m[1]) for cel in kolom if (m := _KOMMA.fullmatch(cel))]
    if komma and naast_getal:
        return []
    paren = []
    for regel, cellen in rijen:
        getal, rest = str(cellen[nr]), str(cellen[nr + 1])
        lijn = lijnen.get(regel, "")
        los = f'"{getal}"' not in lijn and f'"{rest}"' not in lijn
        if (
            los
            and _HEEL.fullmatch(getal)
            and _CIJFERS.fullmatch(rest)
            and len(rest) <= max(komma, default=99)
        ):
            paren.append((regel, getal, rest))
    return paren


def _los(paren: list[Paar], naam: str, buur: str, kop: str) -> list[Paar]:
    """Rows whose digits, in a column of text or one that is not used, may belong to the number."""
    kort = all(len(rest) <= MAX_DECIMALEN for _, _, rest in paren)
    if naam in _AANTAL:  # a count is split at its thousands only
        return paren if all(len(rest) == MAX_DECIMALEN for _, _, rest in paren) else []
    if buur in {"peildatum", "jaar"}:
        return [paar for paar in paren if not _JAARTAL.fullmatch(paar[2])]
    if _TELLING.search(plat(kop)):  # of an island 950, but never of any place 5
        return paren if kort else [paar for paar in paren if len(paar[2]) < MAX_DECIMALEN]
    return paren


def _te_klein(paren: list[Paar], naam: str, buur: str) -> list[Paar]:
    """Rows in which the number beside is too small for what it would be of, if it were no decimals."""
    langste = max(len(rest) for _, _, rest in paren)
    if buur == "personen" and naam in _MAAT:
        klein = [paar for paar in paren if int(paar[2]) < int(re.sub(r"\D", "", paar[1]))]
        return klein or (paren if langste == 1 else [])
    if buur == "ingeschreven":  # a practice has some 2,000 people per fte
        return paren if langste <= MAX_DECIMALEN else []
    if buur.startswith("kosten_") and naam not in _AANTAL:
        return paren if langste < MAX_DECIMALEN and any(int(rest) for *_, rest in paren) else []
    return []
