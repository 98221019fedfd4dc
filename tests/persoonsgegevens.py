"""What would identify a person or a practice in a text: patterns of e-mail, telephone, care codes, address.

A postcode of six is counted without a house number too: outside the towns it may be one farm. In small letters
it is counted only with a house number, and not when the letters are a word or a unit ("2024 en 2025").
"""

from __future__ import annotations

import html
import re
import unicodedata

_S = r"[ \t\u00a0\u202f.\-\u2010-\u2015\u2212]"  # between the groups of a telephone number
_EIND = r"(?!\w|\.\d|-\d)"
# a piece of a longer number, of a decimal, of a colour or of a hash is no number of its own
_BEGIN = r"(?:(?<![\w.,#-])|(?<=[a-z]\.)|(?<=[^\d],))"
_DATUM = r"(?!\d\d[-.]\d\d[-.](?:19|20)\d\d\b)"
_LETTERS = r"(?!S[ADS])[A-Z]{2}"
# two small letters after a number that are a word or a unit
_GEEN = (
    "aan al als am an as at be bij by cc cm co da dd de do du ed ee eg el em en er et eu ex fr fte gb go ha he hr "
    "hz id ie if ik in is it je kb km kw la le ma mb me mi mm mo ms my na nl no np nr nu of oh ok om on op or ot "
    "pc pd ph pp pt px rd re so sq st te th to tp uk un up ur us uu va vs we wk ze zo"
)
_KLEIN = rf"(?!(?:{'|'.join(_GEEN.split())})\b)[a-z]{{2}}"
_PERIODE = r"(?!(?:19|20)\d\d(?:JJ|HJ|KW|MM)\d\d\b)"  # how CBS writes a year, a half, a quarter, a month
_NUMMER = r"(?:nr\.?[ \t]*|huisnummer[ \t]*)?\d{1,5}(?:-?[a-zA-Z]{1,2}|-\d{1,4})?\b(?![.,]\d|%|\w)"

PATRONEN = {
    "e-mail address": re.compile(
        r"(?<![\w.+-])[\w.+-]+(?:@| ?[(\[](?:at|apenstaartje)[)\]] ?)[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b",
        re.IGNORECASE,
    ),
    "telephone number": re.compile(
        "(?=[+(0][0(1-9])(?:"
        + "|".join(
            (
                rf"(?:(?<!\w)\+|{_BEGIN}00)31{_S}?(?:\(0\))?{_S}?[1-9](?:{_S}?\d){{8}}{_EIND}",
                rf"{_BEGIN}0[1-9]\d{{8}}{_EIND}",
                rf"(?<!\w)\(0[1-9]\d?\d?\){_S}?(?:\d{_S}?){{5,7}}\d{_EIND}",
                # after the trunk code of two, three or four: as many as make ten
                rf"(?<![\w.#-]){_DATUM}(?!\d{{10}})06(?:{_S}?\d){{8}}{_EIND}",
                rf"(?<![\w.#-]){_DATUM}0[1-9]\d(?:{_S}|/)(?:\d{_S}?){{6}}\d{_EIND}",
                rf"(?<![\w.#-]){_DATUM}0[1-9]\d\d(?:{_S}|/)(?:\d{_S}?){{5}}\d{_EIND}",
            )
        )
        + ")"
    ),
    "AGB code": re.compile(
        r"\bagb\w*\D{0,24}(?<!\d)\d{2}[ \t-]?\d{6}(?!\d)|(?<![\w.,])\d{2}[ \t-]?\d{6}\W{1,6}agb\b|"
        # by itself: those of GPs and their practices begin with 01, and no number with a zero
        r"(?<![\w.,#/-])01\d{6}(?![\w/-]|[.,]\d)",
        re.IGNORECASE,
    ),
    "BIG number": re.compile(
        r"\bbig\w*\D{0,24}(?<!\d)\d{11}(?!\d)|(?<![\w.,-])[1-9]9\d{7}01(?![\w.,-])", re.IGNORECASE
    ),
    "citizen service number": re.compile(
        r"\b(?:bsn|burgerservicenummer)\w*\D{0,24}(?<!\d)\d(?:[ .]?\d){8}(?!\d)", re.IGNORECASE
    ),
    "postcode with house number": re.compile(
        "|".join(
            (
                rf"(?<![\w.#-]){_PERIODE}[1-9]\d{{3}}[ \t\u00a0]{{0,3}}{_LETTERS}(?:[ \t\u00a0]*[,;\t-][ \t\u00a0]*|[ \t\u00a0]*){_NUMMER}",
                rf"(?<![\w.#-])[1-9]\d{{3}}[ \t\u00a0]?{_KLEIN}(?:[ \t\u00a0]*[,;\t-][ \t\u00a0]*|[ \t\u00a0]+){_NUMMER}",
            )
        )
    ),
    "postcode of six": re.compile(rf"(?<![\w.#-])[1-9]\d{{3}}[ \t\u00a0]{{0,3}}{_LETTERS}(?![\w-])"),
}


def zonder_ingebed(tekst: str) -> str:
    """A page without the pictures and letters packed in it, whose signs come in every order."""
    return re.sub(r"[A-Za-z0-9+/]{60,}={0,2}", "", tekst)


def vind(tekst: str) -> list[tuple[str, str]]:
    """Every find as (what, text); full-width signs and html entities are read as what they show.

    >>> vind("bel 078-6123456 of mail wie@voorbeeld.nl")
    [('e-mail address', 'wie@voorbeeld.nl'), ('telephone number', '078-6123456')]
    >>> vind("3311 AB 12"), vind("17.942.942 inwoners in 2024; GM0505, 12345678 en 0,12345678901")
    ([('postcode with house number', '3311 AB 12'), ('postcode of six', '3311 AB')], [])
    """
    if "&" in tekst:
        tekst = html.unescape(tekst)
    if not tekst.isascii():
        tekst = unicodedata.normalize("NFKC", tekst)
    return [
        (naam, gevonden.group()) for naam, patroon in PATRONEN.items() for gevonden in patroon.finditer(tekst)
    ]
