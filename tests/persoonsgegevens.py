"""What would identify a person or a practice in a text: patterns of e-mail, telephone, care codes, address."""

from __future__ import annotations

import re

PATRONEN = {
    "e-mail address": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b", re.IGNORECASE),
    # nine digits after the trunk zero, in the groups people write; not a piece of a longer number or a decimal
    "telephone number": re.compile(
        r"(?<![\w.,#-])(?:(?:\+|00)31[\s-]?(?:\(0\))?[\s-]?[1-9]|0[1-9])(?:[\s-]?\d){8}(?![\w.,]|-\d)"
    ),
    "AGB code": re.compile(r"\bagb\b\D{0,24}(?<!\d)\d{8}(?!\d)", re.IGNORECASE),
    "BIG number": re.compile(
        r"\bbig\b\D{0,24}(?<!\d)\d{11}(?!\d)|(?<![\w.,])[1-9]9\d{9}01(?![\w.,])", re.IGNORECASE
    ),
    "citizen service number": re.compile(
        r"\b(?:bsn|burgerservicenummer)\b\D{0,24}(?<!\d)\d{9}(?!\d)", re.IGNORECASE
    ),
    "postcode with house number": re.compile(
        r"(?<![\w.])[1-9]\d{3}\s?(?!S[ADS])[A-Z]{2}(?:\s+|\s*[,;\t]\s*)(?:nr\.?\s*|huisnummer\s*)?\d{1,5}\b(?![.,]\d|%)"
    ),
    "postcode of six": re.compile(r"(?<![\w.])[1-9]\d{3}\s(?!S[ADS])[A-Z]{2}(?![\w])"),
}


def vind(tekst: str) -> list[tuple[str, str]]:
    """Every find as (what, text).

    >>> vind("bel 078-6123456 of mail wie@voorbeeld.nl")
    [('e-mail address', 'wie@voorbeeld.nl'), ('telephone number', '078-6123456')]
    >>> vind("3311 AB 12"), vind("17.942.942 inwoners in 2024; GM0505, 12345678 en 0,12345678901")
    ([('postcode with house number', '3311 AB 12'), ('postcode of six', '3311 AB')], [])
    """
    return [
        (naam, gevonden.group()) for naam, patroon in PATRONEN.items() for gevonden in patroon.finditer(tekst)
    ]
