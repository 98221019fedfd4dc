"""Sex and age classes as deliveries write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huisartsdata.leveringen.haakjes import plat, zonder_tijd
from huisartsdata.leveringen.waarden import ALLE, is_totaal

if TYPE_CHECKING:
    from huisartsdata.leveringen.werkblad import Cel

MAX_LEEFTIJD = 120
_MAN = {"m", "man", "mannen", "mannelijk", "m man", "man m"}
_VROUW = {"v", "vrouw", "vrouwen", "vrouwelijk", "v vrouw", "vrouw v"}


def lees_geslacht(cel: Cel) -> str | None:
    """`M`, `V`, `alle` or `onbekend`; None if it is none of them.

    >>> lees_geslacht("Vrouwen"), lees_geslacht("totaal"), lees_geslacht("2")
    ('V', 'alle', None)
    """
    kern = plat(zonder_tijd(str(cel)))
    if kern in _MAN or kern in _VROUW:
        return "M" if kern in _MAN else "V"
    if is_totaal(cel):
        return ALLE
    return "onbekend" if kern == "onbekend" else None


def lees_leeftijdsklasse(cel: Cel) -> str | None:
    """An age class as `40-44`, `65+` or `alle`; None if it is none of them.

    >>> [lees_leeftijdsklasse(tekst) for tekst in ("40 t/m 44 jaar", "40 tot 45 jaar", "<40", "40")]
    ['40-44', '40-44', '0-39', None]
    """
    if is_totaal(cel):
        return ALLE
    if not isinstance(cel, str):
        return None
    kern = re.sub(r"\s*(?:jaar|jr)\.?(?=\s|$)", "", cel.strip().casefold()).strip()
    if gevonden := re.fullmatch(r"(\d{1,3})\s*(-|–|t/m|tot en met|tot)\s*(\d{1,3})", kern):
        laag, hoog = int(gevonden[1]), int(gevonden[3]) - (gevonden[2] == "tot")
        return f"{laag}-{hoog}" if laag <= hoog <= MAX_LEEFTIJD else None
    if gevonden := re.fullmatch(r"(?:<|jonger dan|tot)\s*(\d{1,3})", kern):
        return f"0-{int(gevonden[1]) - 1}" if 0 < int(gevonden[1]) <= MAX_LEEFTIJD else None
    if gevonden := re.fullmatch(r"(\d{1,3})\s*(?:\+|e\.?o\.?|(?:en|of) ouder)", kern):
        return f"{int(gevonden[1])}+" if int(gevonden[1]) <= MAX_LEEFTIJD else None
    return None


def grenzen(klasse: str) -> tuple[int, int]:
    """Lowest and highest age of a class as `lees_leeftijdsklasse` writes it.

    >>> grenzen("40-44"), grenzen("65+")
    ((40, 44), (65, 120))
    """
    if klasse == ALLE:
        return 0, MAX_LEEFTIJD
    if klasse.endswith("+"):
        return int(klasse[:-1]), MAX_LEEFTIJD
    laag, _, hoog = klasse.partition("-")
    return int(laag), int(hoog)
