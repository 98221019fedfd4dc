"""What a practice list may not hold, for it would make a person or a practice known: columns, cells and ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from huisartsdata.leveringen.haakjes import plat
from huisartsdata.leveringen.persoonlijk import VERBORGEN, vind_persoonlijk

if TYPE_CHECKING:
    from huisartsdata.leveringen.bestand import RuweTabel
    from huisartsdata.leveringen.levering import Foutenlijst

_PRIVE = re.compile(
    r"\b(?:naam|namen|\w*naam|huisarts|huisartsen|dokter|arts|e ?mail|mail|mailadres|tel|telefoon\w*|"
    r"mobiel\w*|agb\w*|big\w*|\w*adres|straat\w*|huisnummer\w*|huisnr|toevoeging|website|url|bsn|"
    r"geboorte\w*|contact\w*|praktijkhouder\w*|kvk\w*|vestigingsn\w*|uzi\w*|iban)\b"
)
# figures and places, which identify nobody
_GEEN_PERSOON = re.compile(r"\b(?:aantal|fte|gemeente\w*|plaats\w*|woonplaats\w*|regio\w*)\b")
# AGB codes have 8 digits, of which Excel drops the zero of 01 in front, BSN 9, BIG numbers 11; in any groups
_ZORGCODE = re.compile(r"(?:\D?\d){8,}|(?<!\d)1\d{6}(?!\d)")
_POSTCODE = re.compile(r"(?<!\d)[1-9]\d{3}[_.-]?[A-Za-z]{2}(?![A-Za-z])")
_CIJFERS = ("postcode", "fte", "ingeschreven")  # columns of figures and codes, read as such
_GETAL = re.compile(r"[-+]?\d[\d.,]*")
EIGEN_NUMMER = "gebruik een zelfbedacht nummer, zoals P12"


def keur_prive(ruw: RuweTabel, fouten: Foutenlijst) -> None:
    """Columns and cells that identify a person are faults; their contents never reach a message."""
    herkend = set(ruw.plaats.values())
    koppen = list(ruw.koppen)
    sleutel = ruw.plaats.get("praktijk_id")
    for nr, kop in enumerate(ruw.koppen):
        if wat := vind_persoonlijk(kop):
            koppen[nr] = f"kolom {nr + 1}"
            fouten.meld(ruw.kop_regel, koppen[nr], VERBORGEN, f"hier staat {wat}", "geef de kolom een naam")
        elif nr not in herkend and _PRIVE.search(plat(kop)) and not _GEEN_PERSOON.search(plat(kop)):
            persoonlijk = "deze kolom kan een persoon of praktijk herkenbaar maken"
            fouten.meld(ruw.kop_regel, kop, kop, persoonlijk, "verwijder deze kolom")
    cijfers = {ruw.plaats[naam] for naam in _CIJFERS if naam in ruw.plaats}
    for nr, kop in enumerate(koppen):
        kolom = [(regel, cellen[nr]) for regel, cellen in ruw.rijen if isinstance(cellen[nr], str)]
        tekst = nr not in cijfers and not all(_GETAL.fullmatch(str(cel)) for _, cel in kolom if cel)
        for regel, cel in kolom:
            if wat := vind_persoonlijk(str(cel), postcode=tekst):
                advies = EIGEN_NUMMER if nr == sleutel else "verwijder het"
                fouten.meld(regel, kop, VERBORGEN, f"hier staat {wat}", advies)


def lijkt_persoonlijk(sleutel: str) -> str | None:
    """What an id of a practice looks like that it may not be, in Dutch words; None for one made up by oneself.

    A name is not recognised: ids are for choosing a practice, and go out nowhere.

    >>> lijkt_persoonlijk("01-012345"), lijkt_persoonlijk("3311AB"), lijkt_persoonlijk("P3311-01")
    ('een AGB-, BIG- of burgerservicenummer', 'een postcode van zes tekens', None)
    """
    if _ZORGCODE.search(sleutel):
        return "een AGB-, BIG- of burgerservicenummer"
    return "een postcode van zes tekens" if _POSTCODE.search(sleutel) else None
