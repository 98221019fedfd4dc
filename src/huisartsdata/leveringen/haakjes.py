"""Text between brackets in a header or class: left out only where it cannot make it something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

TWIJFEL = "?"  # before a column name: the header is of that column only if its brackets say nothing

MAANDEN = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december",
)  # fmt: skip
_HAKEN = re.compile(r"\(([^()]*)\)")
_JAAR = r"(?:19|20)\d\d"
_TIJD = re.compile(
    rf"\(\s*(?:(?:stand |situatie )?per |peildatum:? |(?:peil)?jaar:? )?"
    rf"(?:\d{{1,2}} (?:{'|'.join(MAANDEN)}) {_JAAR}|\d{{1,2}}-\d{{1,2}}-{_JAAR}|{_JAAR}-\d\d-\d\d|{_JAAR})\s*\)",
    re.IGNORECASE,
)
# A header with a sign or a remark that makes it another quantity: `fte %`, `fte (per 10.000 inwoners)`,
# `personen (x 1.000)`.
_ANDERE_MAAT = re.compile(
    r"[%‰Δ∆±+×=<>^]|\([^()]*(?:\d|\bper\b|\bx\b|procent|promille|aandeel|index|groei|mutatie|verschil|gemiddeld)",
    re.IGNORECASE,
)
_OVERAL = {
    "", "code", "naam", "klasse", "groep", "categorie", "cbs", "nivel", "vektis", "bron cbs", "bron nivel",
    "bron vektis", "verplicht", "optioneel",
}  # fmt: skip
_HUISARTSEN = {"huisartsen", "alle huisartsen", "werkzame huisartsen", "werkzaam", "totaal", "alle", "aantal"}
_EURO = {"euro", "eur", "in euro", "in euro s"}  # the sign itself folds to nothing
# What may stand between brackets after the name of a column: its own unit, and what is meant anyway.
_EIGEN: dict[str, set[str]] = {
    "fte": {"fte", "fte s", "in fte", "aantal fte", "vte", "voltijdsequivalenten", *_HUISARTSEN},
    "personen": {"personen", "in personen", "aantal personen", "hoofden", *_HUISARTSEN},
    "ingeschreven": {"patienten", "aantal patienten", "personen", "mensen", "aantal"},
    "aantal": {"verzekerden", "personen", "aantal"},
    "verzekerde_jaren": {"jaren", "aantal"},
    "leeftijdsklasse": {"jaar", "jaren", "in jaren"},
    "geslacht": {"m v", "man vrouw", "mannen vrouwen"},
    "open_voor_inschrijving": {"ja nee", "j n"},
}


def plat(tekst: object) -> str:
    """Text without accents, case and punctuation; what stands between brackets stays, as words.

    >>> plat("Hengelo (O.)"), plat("fte (in dienst)")
    ('hengelo o', 'fte in dienst')
    """
    los = "".join(t for t in unicodedata.normalize("NFKD", str(tekst)) if not unicodedata.combining(t))
    return re.sub(r"[^a-z0-9]+", " ", los.casefold()).strip()


def zonder_tijd(tekst: str) -> str:
    """Text without the years and dates between brackets: they say when, not what.

    >>> zonder_tijd("fte (1 januari 2024)"), zonder_tijd("fte (2023)"), zonder_tijd("fte (raming 2030)")
    ('fte', 'fte', 'fte (raming 2030)')
    """
    return _TIJD.sub(" ", tekst).strip()


def splits_haken(tekst: str) -> tuple[str, list[str]]:
    """The text outside brackets, and what stands in them; both folded.

    >>> splits_haken("Fte (in dienst)")
    ('fte', ['in dienst'])
    """
    kort = zonder_tijd(tekst)
    return plat(_HAKEN.sub(" ", kort)), [plat(deel) for deel in _HAKEN.findall(kort)]


def herkenner(namen: Mapping[str, Iterable[str]]) -> Callable[[str], str | None]:
    """A function from header text to column name, from the ways in which each column is written.

    A header that names another quantity is not recognised, whatever word it begins with. One whose brackets
    may make it another quantity gives the name with `TWIJFEL` before it, to refuse it by.

    >>> herken = herkenner({"fte": ["aantal fte"], "personen": ["aantal"]})
    >>> [herken(kop) for kop in ("Aantal FTE", "fte (2023)", "aantal (fte)", "fte (per 10.000)", "fte %")]
    ['fte', 'fte', 'fte', None, None]
    >>> herken("fte (uren)"), herken("personen (fte)")
    ('?fte', '?personen')
    """
    tabel = {plat(vorm): kolom for kolom, vormen in namen.items() for vorm in (kolom, *vormen)}

    def herken(kop: str) -> str | None:
        kort = zonder_tijd(kop)
        if _ANDERE_MAAT.search(kort):
            return None
        if heel := tabel.get(plat(kort)):
            return heel
        kaal, haken = splits_haken(kort)
        kolom = tabel.get(kaal)
        if kolom is None:
            return None
        mag = _OVERAL | _EIGEN.get(kolom, set()) | (_EURO if kolom.startswith("kosten_") else set())
        return kolom if mag.issuperset(haken) else f"{TWIJFEL}{kolom}"

    return herken
