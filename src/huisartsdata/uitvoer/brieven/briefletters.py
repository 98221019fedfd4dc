"""The letters that briefs and figures are drawn with, and what they cannot draw."""

from __future__ import annotations

from functools import cache
from pathlib import Path

BESTAND = "DejaVuSans.ttf"
VERVANGER = "\N{REPLACEMENT CHARACTER}"


def lettermap() -> Path:
    """Folder of the letters that come with matplotlib: the same on every machine."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


@cache
def _tekens() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(lettermap() / BESTAND)).get_charmap())


def tekenbaar(tekst: str) -> str:
    """Text with every character that the letter lacks replaced by a mark: seen to be there, and PDF/UA allows it.

    >>> tekenbaar("Súdwest 漢")
    'Súdwest \ufffd'
    """
    return "".join(t if ord(t) in _tekens() else VERVANGER for t in tekst)
