"""The letters that briefs and figures are drawn with, and what they cannot draw."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

BESTAND = "DejaVuSans.ttf"
GROOT = 1000
VERVANGER = "\N{REPLACEMENT CHARACTER}"
# a name with hyphens that stays on one line in a title: Midden-Drenthe, Zuid-Holland; the longest parts are bounded,
# for what is longer than a line must break somewhere
HEEL_WOORD = r"[^\W\d_]{1,20}(?:-[^\W\d_]{1,20}){1,2}"


def lettermap() -> Path:
    """Folder of the letters that come with matplotlib: the same on every machine."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def _tekens() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(lettermap() / BESTAND)).get_charmap())


@cache
def _letter() -> FT2Font:
    from matplotlib.ft2font import FT2Font

    letter = FT2Font(str(lettermap() / BESTAND))
    letter.set_size(GROOT, 72)  # points at 72 to the inch: a unit is a thousandth of the size
    return letter


@cache
def _breedte(teken: str) -> float:
    from matplotlib.ft2font import LoadFlags

    punt = ord(teken if ord(teken) in _tekens() else VERVANGER)
    return float(_letter().load_char(punt, flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / GROOT


def breedte_em(tekst: str) -> float:
    """Width of a text on one line, in the size of the letter.

    >>> round(breedte_em("m"), 3), breedte_em("")
    (0.974, 0.0)
    """
    return sum(map(_breedte, tekst), start=0.0)


def tekenbaar(tekst: str) -> str:
    """Text with every character that the letter lacks replaced by a mark: seen to be there, and PDF/UA allows it.

    >>> tekenbaar("Súdwest 漢")
    'Súdwest \ufffd'
    """
    return "".join(t if ord(t) in _tekens() else VERVANGER for t in tekst)
