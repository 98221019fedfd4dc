"""The page of a figure: title above, content in the middle, source line below, all measured in points.

Text is measured before anything is drawn, so that the page is made as high as its content and nothing is cut
off. A page is one matplotlib axes that covers the figure, with one point (1/72 inch) as its unit.
"""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from huisartsdata.uitvoer.huisstijl import KLEUREN, LETTER, MM, Formaat

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

REGEL = 1.28  # line height as a multiple of the type size
_MARGE = 2.0  # points around the page: ink of italics and outlines may stick out a little


def clean(tekst: str) -> str:
    r"""Make text fit for drawing: one line, without control and direction marks that could turn it around.

    Examples
    --------
    >>> clean("Bergen\u202e (NH.)\n")
    'Bergen (NH.)'
    """
    zichtbaar = "".join(" " if t in "\n\t\r" else t for t in unicodedata.normalize("NFC", tekst))
    zichtbaar = "".join(t for t in zichtbaar if unicodedata.category(t) not in ("Cc", "Cf", "Co", "Cs"))
    return " ".join(zichtbaar.split())


@lru_cache(maxsize=4096)
def measure(tekst: str, maat: float, *, vet: bool = False, cursief: bool = False) -> float:
    """Width of a line of text in points at a type size in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    letter = FontProperties(
        family=LETTER, size=maat, weight="bold" if vet else "normal", style="italic" if cursief else "normal"
    )
    breedte, _, _ = TextToPath().get_text_width_height_descent(tekst, letter, ismath=False)
    return float(breedte)


def wrap(tekst: str, breedte: float, maat: float, *, vet: bool = False) -> tuple[str, ...]:
    """Break text in lines that fit a width in points; a word that is too long is cut."""
    regels: list[str] = []
    regel = ""
    for woord in clean(tekst).split():
        proef = f"{regel} {woord}" if regel else woord
        if measure(proef, maat, vet=vet) <= breedte:
            regel = proef
            continue
        if regel:
            regels.append(regel)
        while len(woord) > 1 and measure(woord, maat, vet=vet) > breedte:
            eind = len(woord) - 1
            while eind > 1 and measure(woord[:eind], maat, vet=vet) > breedte:
                eind -= 1
            regels.append(woord[:eind])
            woord = woord[eind:]
        regel = woord
    return (*regels, regel) if regel else tuple(regels)


def wrap_balanced(tekst: str, breedte: float, maat: float, *, vet: bool = False) -> tuple[str, ...]:
    """Break text in as few lines as fit, about equally long: no single word on the last line."""
    regels = wrap(tekst, breedte, maat, vet=vet)
    for deel in range(50, 100, 2):
        smal = wrap(tekst, breedte * deel / 100, maat, vet=vet)
        if len(smal) == len(regels):
            return smal
    return regels


@dataclass(frozen=True)
class Tekstblok:
    """Lines of text of one size, measured."""

    regels: tuple[str, ...]
    maat: float
    vet: bool = False
    kleur: str = KLEUREN["tekst"]

    @property
    def hoogte(self) -> float:
        """Height in points."""
        return len(self.regels) * self.maat * REGEL

    @property
    def breedte(self) -> float:
        """Width of the widest line in points."""
        return max((measure(r, self.maat, vet=self.vet) for r in self.regels), default=0.0)

    def draw(self, ax: Axes, x: float, boven: float) -> float:
        """Draw with the upper left corner at (x, boven); returns the y of the lower edge."""
        for nummer, regel in enumerate(self.regels):
            ax.text(
                x,
                boven - self.maat * (REGEL * nummer + 1.0),
                regel,
                fontsize=self.maat,
                fontweight="bold" if self.vet else "normal",
                color=self.kleur,
                ha="left",
                va="baseline",
            )
        return boven - self.hoogte


@dataclass(frozen=True)
class Blad:
    """A page that is ready to be drawn on: the figure and the rectangle left for content, in points."""

    fig: Figure
    ax: Axes
    links: float
    onder: float
    breedte: float
    hoogte: float

    @property
    def boven(self) -> float:
        """Upper edge of the content."""
        return self.onder + self.hoogte


@dataclass(frozen=True)
class Opmaak:
    """Title, subtitle and source line of a page, measured before its height is known."""

    formaat: Formaat
    titel: Tekstblok
    ondertitel: Tekstblok
    bron: Tekstblok

    @classmethod
    def from_tekst(cls, formaat: Formaat, *, titel: str, ondertitel: str, bron: str) -> Opmaak:
        """Break the texts to the width of the page."""
        breedte = formaat.breedte_mm * MM - 2 * _marge(formaat)
        f = formaat
        return cls(
            f,
            Tekstblok(wrap_balanced(titel, breedte, f.titel_pt, vet=True), f.titel_pt, vet=True),
            Tekstblok(wrap(ondertitel, breedte, f.ondertitel_pt), f.ondertitel_pt, kleur=KLEUREN["zacht"]),
            Tekstblok(wrap(bron, breedte, f.klein_pt), f.klein_pt, kleur=KLEUREN["zacht"]),
        )

    @property
    def breedte(self) -> float:
        """Width for content in points."""
        return self.formaat.breedte_mm * MM - 2 * _marge(self.formaat)

    @property
    def kop(self) -> float:
        """Height of title and subtitle with the white below them."""
        return self.titel.hoogte + self.ondertitel.hoogte + self.formaat.tekst_pt * 1.1

    @property
    def voet(self) -> float:
        """Height of the source line with the white above it."""
        return self.bron.hoogte + self.formaat.tekst_pt * 1.1

    @property
    def ruimte(self) -> float:
        """The most height there is for content, in points."""
        return self.formaat.hoogte_mm * MM - self.kop - self.voet - 2 * _marge(self.formaat)

    def page(self, hoogte: float) -> Blad:
        """Make the figure, as high as its content (a slide: as high as a slide), and draw the texts."""
        from matplotlib.figure import Figure

        f, marge = self.formaat, _marge(self.formaat)
        inhoud = self.ruimte if f.vast else hoogte
        breed = f.breedte_mm * MM
        hoog = math.ceil((inhoud + self.kop + self.voet + 2 * marge) * 10) / 10  # tenths: see kaartlagen
        fig = Figure(figsize=(breed / 72, hoog / 72), dpi=f.dpi)
        ax = fig.add_axes((0, 0, 1, 1), xlim=(0, breed), ylim=(0, hoog))
        ax.set_axis_off()
        onder = self.titel.draw(ax, marge, hoog - marge)
        self.ondertitel.draw(ax, marge, onder)
        self.bron.draw(ax, marge, marge + self.bron.hoogte)
        return Blad(fig, ax, marge, marge + self.voet, self.breedte, inhoud)


def _marge(formaat: Formaat) -> float:
    # a figure on paper stands between the margins of the page; a slide has no page around it
    return 9 * MM if formaat.vast else _MARGE
