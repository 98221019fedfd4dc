"""What in a cell of a delivery would identify a person: refused in cells, left out of every sentence.

A name alone cannot be told from a place. So no text of a delivery but the names of own regions goes out, and a
sentence that quotes a line of the file loses the whole quotation when anything in it looks personal.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

VERBORGEN = "(niet getoond)"  # what a message says instead of the cell

_S = r"[ .\-)/]{0,6}"  # between the groups of a telephone number, after `_vlak`
_VRIJ = r"(?:(?<![\w.,#-])|(?<=[A-Za-z],))"  # no piece of a word, a decimal or a longer number
_EIND = r"(?!\w|[.,]\d)"
_DATUM = r"(?!\d\d[-.]\d\d[-.](?:19|20)\d\d)"
_BEL = r"(?<![A-Za-z0-9])(?:tel[a-z]*|mob[a-z]*|gsm|bel|fax|[tm])[.:]? ?"
_ZORGNUMMER = "een AGB-, BIG- of burgerservicenummer"
_TELEFOON = "een telefoonnummer"

# What no number, date or code of an area looks like: looked for in every cell, also among figures.
_STRENG = (
    ("een e-mailadres", re.compile(r"(?<=[^\s@;,<>()])@[^\s@;,<>()]+\.[^\s@;,<>()]+")),
    (
        "een e-mailadres",  # written around: jan (at) praktijk punt nl
        re.compile(
            r"(?<=\w) ?(?:@|[(\[{<] ?(?:at|apenstaart(?:je)?|@) ?[)\]}>]| (?:at|apenstaart(?:je)?) ) ?[\w-]{1,63}"
            r"(?:\.| ?[(\[{<] ?(?:dot|punt|\.) ?[)\]}>] ?| (?:dot|punt) )[a-z]{2}",
            re.IGNORECASE,
        ),
    ),
    (
        _TELEFOON,
        # ten digits from the trunk zero on, in any groups; no date with a time and no decimal
        re.compile(
            rf"(?:{_VRIJ}|{_BEL})(?:{_DATUM}|(?=\+))"
            rf"(?:(?:(?:\+|00)31{_S}\(?0?\)?|31[ -])[ .\-/]{{0,3}}[1-9]|\(?0[1-9])(?:{_S}\d){{8}}(?!\d|[.,]\d)"
        ),
    ),
    # without a space after any word or sign, and with an odd sign after the area's digits
    (
        _TELEFOON,
        re.compile(rf"(?<![A-Za-z0-9.,])(?:[A-Za-z]{{1,12}}[.:#]?|[#-]{{1,3}})0[1-9]\d{{8}}{_EIND}"),
    ),
    (
        _TELEFOON,
        re.compile(
            rf"{_VRIJ}(?:06 ?[:,;] ?\d(?:{_S}\d){{7}}|0[1-9]\d ?[:,;] ?\d(?:{_S}\d){{6}}|"
            rf"0[1-9]\d\d ?[:,;] ?\d(?:{_S}\d){{5}}){_EIND}"
        ),
    ),
    (
        _ZORGNUMMER,
        re.compile(
            r"\b(?:agb|big|bsn|burgerservicenummer)\w*?\D{0,24}\d(?:[ .-]?\d){7,10}(?!\d)", re.IGNORECASE
        ),
    ),
    # the AGB codes of GPs and their practices begin with 01, and a number never begins with a zero
    (_ZORGNUMMER, re.compile(rf"(?<![\w.,-]){_DATUM}0\d[ .-]?\d{{3}}[ .-]?\d{{3}}(?!\w|[.,-]\d)")),
)
# two small letters after a number that are a word or a unit
_WOORD = (
    "aan al als am an as at be bij by cc cm co da dd de do du ed ee eg el em en er et eu ex fr fte gb go ha he hr "
    "hz id ie if ik in is it je kb km kw la le ma mb me mi mm mo ms my na nl no np nr nu of oh ok om on op or ot "
    "pc pd ph pp pt px rd re so sq st te th to tp uk un up ur us uu va vs we wk ze zo"
)
_KLEIN = rf"(?!(?i:{'|'.join(_WOORD.split())})\b)[A-Za-z]{{2}}"
_PC = "een postcode van zes tekens"
# What a number or a code might look like: looked for in names and in cells of text.
_TEKST = (
    (_PC, re.compile(r"(?<![\w.])[1-9]\d{3}[ -]{0,3}[A-Z]{2}(?![A-Z])")),
    (_PC, re.compile(rf"(?<![\w.#])[1-9]\d{{3}}{_KLEIN}(?![A-Za-z])")),
    (_PC, re.compile(rf"(?<![\w.#])[1-9]\d{{3}} {_KLEIN}[ ,;-]{{1,3}}\d{{1,5}}[a-z]?\b(?![.,]\d|%)")),
    (
        "een adres",
        re.compile(
            r"\b(?!onderweg)[a-z]{3,30}(?:straat|laan|plein|gracht|kade|singel|steeg|weg) "
            r"(?!(?:19|20)\d\d\b)\d{1,4}[a-z]?\b(?![.,]\d|%)",
            re.IGNORECASE,
        ),
    ),
    (_TELEFOON, re.compile(rf"(?<![\w.,-])31[1-9]\d{{8}}{_EIND}")),
    (_ZORGNUMMER, re.compile(r"(?<![\w.,-])[1-9]9\d{7}01(?!\w|[.,-]\d)")),
    (_ZORGNUMMER, re.compile(r"(?<![A-Za-z0-9])(?!BU)[A-Za-z]{1,3}[ .-]?0\d[ .-]?\d{3}[ .-]?\d{3}(?!\d)")),
)
# Any number as long as a care number, but for a date: nothing that is called something is called so.
_LOS = (
    _ZORGNUMMER,
    re.compile(
        rf"(?<![\w.,-])(?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))\d{{8,11}}{_EIND}"
    ),
)
_PERSOON = (
    "een naam",
    re.compile(
        r"\b(?:[Dd]rs?|[Dd]hr|[Mm]w|[Mm]evr|[Pp]rof)\b\.? ?[A-Z]|"
        r"(?<![\w.])(?!N\.V|B\.V|U\.A)(?:[A-Z]\. ?){1,4}(?:(?:van|de|den|der|ter|ten) ){0,3}[A-Z][a-z]"
    ),
)


def _vlak(tekst: str) -> str:
    """Signs as what they show: one kind of digit, dash and space; nothing invisible."""
    if not tekst.isascii():
        los = unicodedata.normalize("NFKC", tekst)
        tekst = "".join(_teken(t) for t in los if unicodedata.category(t) != "Cf")
    return " ".join(tekst.replace("_", " ").split())


def _teken(teken: str) -> str:
    if teken.isdecimal():
        return str(unicodedata.decimal(teken))
    return "-" if teken == "\u2212" or unicodedata.category(teken) == "Pd" else teken


def vind_persoonlijk(tekst: str, *, postcode: bool = True) -> str | None:
    """What identifies a person in this text, in Dutch words; None if nothing does.

    Parameters
    ----------
    tekst
        A cell; full-width signs, odd dashes and digits are read as what they show.
    postcode
        Whether it is a name or a text, in which a postcode of six, an address or a loose number of 8 to 11
        digits counts; among figures and in a column of postcodes they do not.

    Examples
    --------
    >>> vind_persoonlijk("Regio Noord, bel (0592) 12 34 56"), vind_persoonlijk("HIS 3311 AB 12")
    ('een telefoonnummer', 'een postcode van zes tekens')
    >>> vind_persoonlijk("Drechtsteden 2024-01-01, 17.942.942 inwoners, 0,612345678")
    >>> vind_persoonlijk("12345678"), vind_persoonlijk("12345678", postcode=False)
    ('een AGB-, BIG- of burgerservicenummer', None)
    """
    vlak = _vlak(tekst)
    patronen = (*_STRENG, *_TEKST, _LOS) if postcode else _STRENG
    return next((wat for wat, patroon in patronen if patroon.search(vlak)), None)


def _in_zin(tekst: str) -> bool:
    """Whether a sentence of ours quotes something personal; our own totals may be long numbers."""
    vlak = _vlak(tekst)
    return any(patroon.search(vlak) for _, patroon in (*_STRENG, *_TEKST, _PERSOON))


def verberg_persoonlijk(zin: str) -> str:
    """A sentence without what it quotes of a file, when anything in that looks personal.

    Only that a file calls itself made up is kept of it.

    >>> verberg_persoonlijk("Niet als gegevens gelezen (1 regel tekst): Dorpsstraat 12, 3311 AB.")
    'Niet als gegevens gelezen (1 regel tekst): (niet getoond).'
    >>> verberg_persoonlijk("Kolom '06-12345678': 2 keer een streepje, gelezen als ontbrekend.")
    'Kolom (niet getoond): 2 keer een streepje, gelezen als ontbrekend.'
    """
    if not _in_zin(zin):
        return zin
    begin, dubbelepunt, _ = zin.partition(": ")
    if dubbelepunt and not _in_zin(begin):
        verzonnen = "VERZONNEN; " if "verzonnen" in zin.casefold() else ""
        return f"{begin}: {verzonnen}{VERBORGEN}."
    zonder = re.sub(r"'[^']*'", VERBORGEN, zin)
    return f"Een opmerking met tekst uit het bestand: {VERBORGEN}." if _in_zin(zonder) else zonder


def toonbare_naam(bestand: str, sha256: str = "") -> str:
    """A file's name as it may stand in what goes out: its own, or one of its hash when that looks personal.

    Parameters
    ----------
    bestand
        Name of the file, or a path.
    sha256
        Hash of its bytes; the first eight digits make the name.

    Examples
    --------
    >>> toonbare_naam("praktijken_2024-01-01.csv", "1a2b3c4d5e")
    'praktijken_2024-01-01.csv'
    >>> toonbare_naam("jan@a.nl 06-12345678.csv", "1a2b3c4d5e"), toonbare_naam("AGB 01-012345.xlsx")
    ('levering-1a2b-3c4d.csv', 'levering.xlsx')
    """
    pad = Path(bestand)
    delen = (*pad.parts[:-1], pad.stem)  # `.nl 06-12345678.csv` is read without its ending
    eigen = re.fullmatch(r"levering(?:-[0-9a-f]{4}){2}", pad.stem)
    if eigen or not any(vind_persoonlijk(d) for d in delen):
        return bestand
    soort = pad.suffix if re.fullmatch(r"\.[A-Za-z]{1,5}", pad.suffix) else ""
    return "-".join(filter(None, ("levering", sha256[:4], sha256[4:8]))) + soort
