"""What in a cell of a delivery would identify a person: refused in cells, left out of every sentence."""

from __future__ import annotations

import re
import unicodedata

VERBORGEN = "(niet getoond)"  # what a message says instead of the cell

_S = r"[\s.\-\u2010\u2011\u2013)/]*"
_NUMMER = (
    ("een e-mailadres", re.compile(r"[^\s@;,<>()]+@[^\s@;,<>()]+\.[^\s@;,<>()]+")),
    (
        "een telefoonnummer",
        # ten digits from the trunk zero on, in any groups; no date with a time and no decimal
        re.compile(
            r"(?<![\w.,#-])(?!\d\d[-.]\d\d[-.](?:19|20)\d\d)"
            rf"(?:(?:\+|00)31{_S}(?:\(0\))?{_S}[1-9]|\(?0[1-9])(?:{_S}\d){{8}}(?!\d|[.,]\d)"
        ),
    ),
    (
        "een AGB-, BIG- of burgerservicenummer",
        re.compile(
            r"\b(?:agb|big|bsn|burgerservicenummer)\w*?\D{0,24}\d(?:[ .-]?\d){7,10}(?!\d)", re.IGNORECASE
        ),
    ),
)
_POSTCODE = ("een postcode van zes tekens", re.compile(r"(?<![\w.])[1-9]\d{3} ?[A-Z]{2}(?![A-Z])"))


def vind_persoonlijk(tekst: str, *, postcode: bool = True) -> str | None:
    """What identifies a person in this text, in Dutch words; None if nothing does.

    Parameters
    ----------
    tekst
        A cell; full-width signs are read as what they show.
    postcode
        Whether a postcode of six counts: in a name it does, in a column of postcodes it does not.

    Examples
    --------
    >>> vind_persoonlijk("Regio Noord, bel (0592) 12 34 56"), vind_persoonlijk("HIS 3311 AB 12")
    ('een telefoonnummer', 'een postcode van zes tekens')
    >>> vind_persoonlijk("Drechtsteden 2024-01-01, 17.942.942 inwoners, 0,612345678")
    """
    vlak = unicodedata.normalize("NFKC", tekst)
    patronen = (*_NUMMER, _POSTCODE) if postcode else _NUMMER
    return next((wat for wat, patroon in patronen if patroon.search(vlak)), None)


def verberg_persoonlijk(zin: str) -> str:
    """A sentence without e-mail addresses and numbers of persons.

    >>> verberg_persoonlijk("Niet als gegevens gelezen (1 regel tekst): vragen aan wie@voorbeeld.nl.")
    'Niet als gegevens gelezen (1 regel tekst): vragen aan (niet getoond)'
    """
    if vind_persoonlijk(zin, postcode=False) is None:
        return zin
    vlak = unicodedata.normalize("NFKC", zin)
    for _, patroon in _NUMMER:
        vlak = patroon.sub(VERBORGEN, vlak)
    return vlak
