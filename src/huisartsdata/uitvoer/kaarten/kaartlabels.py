"""Names on a map: each gets a place where it covers no other name, or none."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import shapely

from huisartsdata.uitvoer.huisstijl import KLEUREN
from huisartsdata.uitvoer.opmaak import REGEL, clean, measure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Doos = tuple[float, float, float, float]  # x0, y0, x1, y1 in points


@dataclass(frozen=True)
class Label:
    """A name that wants a place: anchor in points, size, weight in the queue (lower goes first)."""

    naam: str
    x: float
    y: float
    maat: float
    soort: str
    rang: float
    plekken: tuple[tuple[float, float], ...] = ()  # other anchors, for what is long: tried in this order

    @property
    def breedte(self) -> float:
        """Width in points."""
        return measure(self.naam, self.maat, vet=self.soort == "gebied", cursief=self.soort == "water")


def contrast(een: str, ander: str) -> float:
    """Contrast of two hex colours, 1 to 21 (WCAG 2.1).

    Examples
    --------
    >>> round(contrast("#000000", "#FFFFFF"), 3)
    21.0
    """
    licht = []
    for kleur in (een, ander):
        kanalen = [int(kleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in kanalen)
        licht.append(0.2126 * r + 0.7152 * g + 0.0722 * b)
    return (max(licht) + 0.05) / (min(licht) + 0.05)


def _overlaps(a: Doos, b: Doos) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place_labels(
    labels: Iterable[Label],
    kader: Doos,
    bezet: Iterable[Doos] = (),
    *,
    mijd: Any = None,
    donker: shapely.STRtree | None = None,
) -> list[tuple[Label, float, float]]:
    """Give names a place, the most important first; a name without room is left out.

    Parameters
    ----------
    labels
        Names with their anchors.
    kader
        Box all names must stay within: x0, y0, x1, y1 in points.
    bezet
        Boxes that are taken.
    mijd
        Geometry on the page that names of neighbours stay away from: the areas the map is about.
    donker
        Areas on the page that names of water stay away from: too dark to read blue on.

    Returns
    -------
    list
        Label with the centre of its text; no two boxes overlap. The order of the input does not matter.
    """
    vol = list(bezet)
    geplaatst = []
    for label in sorted(labels, key=lambda n: (n.rang, n.naam, n.x, n.y)):
        b, h = label.breedte + 2, label.maat * REGEL
        if label.soort == "plaats":  # beside the dot, never on it
            zij, op = b / 2 + label.maat * 0.45, h * 0.75
            schuif = [
                (zij, 0.0),
                (-zij, 0.0),
                (0.0, op),
                (0.0, -op),
                (zij, op),
                (-zij, op),
                (zij, -op),
                (-zij, -op),
            ]
        elif label.soort == "water":  # along the water and close to it, or it names the next one
            schuif = [(0.0, 0.0), (0.0, h * 0.6), (0.0, -h * 0.6), (b * 0.2, 0.0), (-b * 0.2, 0.0)]
        else:
            stap = [0.0, 0.5, -0.5, 1.0, -1.0, 1.6, -1.6]
            schuif = sorted(
                ((dx * b * 0.4, dy * h) for dx in stap[:5] for dy in stap),
                key=lambda d: (math.hypot(*d), d[1], d[0]),
            )
        ankers = ((label.x, label.y), *label.plekken)
        for (ax, ay), (dx, dy) in product(ankers, schuif):
            x, y = ax + dx, ay + dy
            doos = (x - b / 2, y - h / 2, x + b / 2, y + h / 2)
            binnen = (
                kader[0] <= doos[0] and kader[1] <= doos[1] and doos[2] <= kader[2] and doos[3] <= kader[3]
            )
            if not binnen or any(_overlaps(doos, ander) for ander in vol):
                continue
            vlak = shapely.box(*doos)
            if label.soort == "buur" and mijd is not None and shapely.intersects(mijd, vlak):
                continue
            if label.soort == "water" and donker is not None and donker.query(vlak, "intersects").size:
                continue
            vol.append(doos)
            geplaatst.append((label, x, y))
            break
    return geplaatst


def draw_label(ax: Axes, label: Label, x: float, y: float, lijn: float) -> None:
    """Write a name with a white halo."""
    from matplotlib.patheffects import Normal, Stroke

    kleur = {"buur": KLEUREN["zacht"], "water": KLEUREN["waternaam"]}.get(label.soort, KLEUREN["tekst"])
    tekst = ax.text(
        x,
        y - label.maat * 0.36,
        clean(label.naam),
        fontsize=label.maat,
        fontweight="bold" if label.soort == "gebied" else "normal",
        fontstyle="italic" if label.soort == "water" else "normal",
        color=kleur,
        ha="center",
        va="baseline",
    )
    tekst.set_path_effects([Stroke(linewidth=1.7 * lijn, foreground="white", alpha=0.85), Normal()])
    if label.soort == "plaats":
        ax.plot(
            [label.x],
            [label.y],
            "o",
            ms=label.maat * 0.36,
            color=KLEUREN["tekst"],
            mec="white",
            mew=0.5 * lijn,
        )
