"""The square legend of a map of two indicators, and its nine colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.uitvoer.huisstijl import ARCERING, KLEUREN, ONBEKEND, getal
from huisartsdata.uitvoer.kaarten.legenda import Legenda, Rij
from huisartsdata.uitvoer.opmaak import Tekstblok, measure, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.kaarten.indicatoren import Indicator

KLASSEN = 3  # per axis
# light; high on the first axis; high on the second; high on both
HOEKEN = ("#F3F0EA", "#E6781E", "#4A7BD9", "#3A2030")
GRIJZEN = ("#ECECEC", "#CDCDCD", "#A9A9A9")  # first axis known, second not
NIET_GEMETEN = "niet gemeten"


def kruispalet() -> tuple[tuple[str, ...], ...]:
    """The nine colours: ``kruispalet()[j][i]`` is class i of the first axis, class j of the second.

    Examples
    --------
    >>> kruispalet()[0][0], kruispalet()[2][2]
    ('#f3f0ea', '#3a2030')
    """
    from matplotlib.colors import to_hex, to_rgb

    nul, een, twee, beide = (np.array(to_rgb(k)) for k in HOEKEN)
    deel = np.linspace(0, 1, KLASSEN)
    return tuple(
        tuple(
            str(to_hex((1 - u) * (1 - v) * nul + u * (1 - v) * een + (1 - u) * v * twee + u * v * beide))
            for u in deel
        )
        for v in deel
    )


@dataclass(frozen=True)
class Kruislegenda(Legenda):
    """A square of nine classes with their counts, and a row for what was not measured.

    Parameters
    ----------
    assen
        The two indicators.
    tellingen
        Count of each class: ``tellingen[j][i]``; row 3 is what was not measured on the second axis.
    onder_naam
        Name of that row.
    """

    assen: tuple[Indicator, ...] = ()
    tellingen: tuple[tuple[int, ...], ...] = ()
    onder_naam: str = NIET_GEMETEN

    def lay_down(self, breedte: float) -> Kruislegenda:  # noqa: ARG002 - a square is a square
        """The same legend: it does not lie down."""
        return self

    @property
    def breedte(self) -> float:
        """Width in points."""
        f = self.formaat
        as_ = max(measure(r, f.klein_pt) for r in self._x_kop)
        return max(
            self._kopbreedte, self._links + KLASSEN * self._cel, self._links + as_, self._rijbreedte_onder
        )

    @property
    def hoogte(self) -> float:
        """Height in points."""
        vast = self.kop.hoogte + self._goot + len(self._y_kop) * self._klein + self._vierkant
        voet = self._x_labels * self._klein + len(self._x_kop) * self._klein + self.formaat.klein_pt
        return vast + voet + len(self.rijen) * self._regel + self._stokhoogte

    @property
    def _klein(self) -> float:
        return self.formaat.klein_pt * 1.3

    @property
    def _goot(self) -> float:
        return self.formaat.klein_pt * 0.8

    @property
    def _cel(self) -> float:
        f = self.formaat
        los = [deel for k in self.assen[0].klassen for deel in self._split(k)]
        return max(f.tekst_pt * 3.4, *(measure(deel, f.klein_pt) + f.klein_pt * 0.8 for deel in los))

    @property
    def _celhoogte(self) -> float:
        return self.formaat.tekst_pt * 2.3

    @property
    def _vierkant(self) -> float:
        extra = self._celhoogte + self._goot if any(self.tellingen[KLASSEN]) else 0.0
        return KLASSEN * self._celhoogte + extra

    @property
    def _links(self) -> float:
        f = self.formaat
        namen = [*self.assen[1].klassen, *([self.onder_naam] if any(self.tellingen[KLASSEN]) else [])]
        return max(measure(n, f.tekst_pt) for n in namen) + f.tekst_pt * 0.7

    @property
    def _x_labels(self) -> int:
        return max(len(self._split(k)) for k in self.assen[0].klassen)

    def _split(self, klasse: str) -> tuple[str, ...]:
        return wrap(klasse, self.formaat.klein_pt * 5.6, self.formaat.klein_pt)

    @property
    def _x_kop(self) -> tuple[str, ...]:
        as_ = self.assen[0]
        los = as_.eenheid in ("", "%") or as_.eenheid in as_.titel.lower()
        titel = as_.titel if los else f"{as_.titel} ({as_.eenheid})"
        f = self.formaat
        return wrap(f"→ {titel}", max(KLASSEN * self._cel, f.klein_pt * 12), f.klein_pt)

    @property
    def _y_kop(self) -> tuple[str, ...]:
        f = self.formaat
        return wrap(f"↑ {self.assen[1].titel}", self._links + KLASSEN * self._cel, f.klein_pt)

    @property
    def _rijbreedte_onder(self) -> float:
        f = self.formaat
        return max((self._vak + f.tekst_pt * 3 + measure(r[0], f.tekst_pt) for r in self.rijen), default=0.0)

    def draw(self, ax: Axes, x: float, boven: float) -> None:
        """Draw with the upper left corner at (x, boven)."""
        f = self.formaat
        y = self.kop.draw(ax, x, boven) - self._goot
        y = Tekstblok(self._y_kop, f.klein_pt, kleur=KLEUREN["zacht"]).draw(ax, x, y) - f.klein_pt * 0.1
        x0 = x + self._links
        kleuren = kruispalet()
        for j in reversed(range(KLASSEN)):
            y -= self._celhoogte
            for i in range(KLASSEN):
                self._draw_cell(ax, x0 + i * self._cel, y, {"facecolor": kleuren[j][i]}, self.tellingen[j][i])
            self._write_row(ax, x0, y, self.assen[1].klassen[j])
        if any(self.tellingen[KLASSEN]):
            y -= self._celhoogte + self._goot
            for i in range(KLASSEN):
                self._draw_cell(ax, x0 + i * self._cel, y, grey_style(i), self.tellingen[KLASSEN][i])
            self._write_row(ax, x0, y, self.onder_naam)
        for i, klasse in enumerate(self.assen[0].klassen):
            for n, regel in enumerate(self._split(klasse)):
                midden = x0 + (i + 0.5) * self._cel
                ax.text(
                    midden, y - (n + 1) * self._klein, regel, fontsize=f.klein_pt, ha="center", va="baseline"
                )
        y -= self._x_labels * self._klein + f.klein_pt * 0.3
        y = Tekstblok(self._x_kop, f.klein_pt, kleur=KLEUREN["zacht"]).draw(ax, x0, y) - f.klein_pt * 0.5
        for rij in self.rijen:
            self._draw_row(ax, x, y, rij)
            y -= self._regel
        self._draw_scale_bar(ax, x, y - self._stokhoogte * 0.75)

    def _draw_cell(self, ax: Axes, x: float, y: float, vulling: Mapping[str, Any], aantal: int) -> None:
        from matplotlib.colors import to_rgb
        from matplotlib.patches import Rectangle

        f, hoog = self.formaat, self._celhoogte
        ax.add_patch(Rectangle((x, y), self._cel, hoog, **{"linewidth": 0, **vulling}))
        rand: dict[str, Any] = {"edgecolor": "white", "linewidth": 0.8 * f.lijn}
        ax.add_patch(Rectangle((x, y), self._cel, hoog, fill=False, **rand))
        tekst = getal(aantal)
        if "hatch" in vulling:  # a number among dots is no number
            breed = measure(tekst, f.tekst_pt) + f.tekst_pt * 0.7
            plek = (x + (self._cel - breed) / 2, y + hoog / 2 - f.tekst_pt * 0.65)
            ax.add_patch(
                Rectangle(plek, breed, f.tekst_pt * 1.3, facecolor=vulling["facecolor"], linewidth=0)
            )
        r, g, b = to_rgb(vulling["facecolor"])
        licht = 0.299 * r + 0.587 * g + 0.114 * b
        kleur = "white" if licht < 0.5 else KLEUREN["tekst"]
        ax.text(
            x + self._cel / 2, y + hoog / 2 - f.tekst_pt * 0.36, tekst,
            fontsize=f.tekst_pt, color=kleur, ha="center", va="baseline",
        )  # fmt: skip

    def _write_row(self, ax: Axes, x0: float, y: float, naam: str) -> None:
        f = self.formaat
        basis = y + self._celhoogte / 2 - f.tekst_pt * 0.36
        ax.text(x0 - f.tekst_pt * 0.6, basis, naam, fontsize=f.tekst_pt, ha="right", va="baseline")

    def _draw_row(self, ax: Axes, x: float, y: float, rij: Rij) -> None:
        from matplotlib.patches import Rectangle

        label, vulling, aantallen = rij
        f = self.formaat
        vak = (x, y - self._regel * 0.88)
        ax.add_patch(Rectangle(vak, self._vak, self._regel * 0.76, **{"linewidth": 0, **vulling}))
        rand: dict[str, Any] = {"edgecolor": "#8A8A8A", "linewidth": 0.4 * f.lijn}
        ax.add_patch(Rectangle(vak, self._vak, self._regel * 0.76, fill=False, **rand))
        tekst = f"{label}: {getal(aantallen[0])}" if aantallen else label
        basis = y - self._regel / 2 - f.tekst_pt * 0.36
        ax.text(x + self._vak + f.tekst_pt * 0.6, basis, tekst, fontsize=f.tekst_pt, va="baseline")


def grey_style(nummer: int) -> dict[str, Any]:
    """Fill of class `nummer` of the first axis where the second was not measured."""
    return {
        "facecolor": GRIJZEN[nummer],
        "edgecolor": KLEUREN["onbekend_arcering"],
        "hatch": ARCERING[ONBEKEND],
    }
