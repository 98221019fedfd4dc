"""The parts of a map: window, polygons, outlines, scale bar, legend, labels.

Everything is drawn on a page in points (see ``opmaak``); a ``Venster`` brings metres of the national grid
(EPSG:28992) to points. Parts know nothing of indicators or classes: they get colours and texts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from huisartsdata.uitvoer.huisstijl import ARCERING, GEEN_GEGEVENS, KLEUREN, ONBEKEND, Formaat, getal
from huisartsdata.uitvoer.opmaak import REGEL, Tekstblok, clean, measure

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Pad

type_geometrieen = npt.NDArray[np.object_]
VEREENVOUDIG_PT = 0.17  # 0.06 mm on paper, less than the thinnest border: about 100 m on a map of the country
_AFRONDEN = 2  # decimals of a point: a hundredth is invisible at any size and halves the svg


@dataclass(frozen=True)
class Venster:
    """Part of the country on part of the page: ``schaal`` in points per metre, corner in metres and points."""

    xmin: float
    ymin: float
    schaal: float
    links: float
    onder: float
    breedte: float
    hoogte: float

    @property
    def grenzen(self) -> tuple[float, float, float, float]:
        """Bounds in metres."""
        return (self.xmin, self.ymin, self.xmin + self.breedte / self.schaal, self.ymin + self.hoogte / self.schaal)

    def project(self, geometrieen: type_geometrieen) -> type_geometrieen:
        """Cut geometries to the window and bring them to points on the page."""
        rand = 3 / self.schaal  # a little outside, so that no border is drawn along the frame
        x0, y0, x1, y1 = self.grenzen
        binnen = shapely.clip_by_rect(geometrieen, x0 - rand, y0 - rand, x1 + rand, y1 + rand)

        def naar_punten(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            plaats = (xy - [self.xmin, self.ymin]) * self.schaal + [self.links, self.onder]
            return np.round(plaats, _AFRONDEN)

        uit: type_geometrieen = shapely.transform(binnen, naar_punten)
        return uit


def to_path(geometrieen: type_geometrieen) -> Pad | None:
    """Make one compound path of polygons or lines on the page; None when nothing is left."""
    from matplotlib.path import Path as Pad

    delen = shapely.get_parts(geometrieen[~shapely.is_empty(geometrieen)])
    delen = shapely.get_parts(delen)  # a collection may hold multipolygons
    vlak = shapely.get_dimensions(delen) == 2
    ringen = [*shapely.get_rings(shapely.orient_polygons(delen[vlak]))]
    lijnen = [*delen[shapely.get_dimensions(delen) == 1]]
    punten: list[npt.NDArray[np.float64]] = []
    codes: list[npt.NDArray[np.uint8]] = []
    for stuk, dicht in [*((r, True) for r in ringen), *((r, False) for r in lijnen)]:
        xy = shapely.get_coordinates(stuk)
        anders = np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]  # rounding makes neighbours fall together
        xy = xy[anders]
        if len(xy) < (4 if dicht else 2):
            continue
        code = np.full(len(xy), Pad.LINETO, dtype=np.uint8)
        code[0] = Pad.MOVETO
        if dicht:
            code[-1] = Pad.CLOSEPOLY
        punten.append(xy)
        codes.append(code)
    return Pad(np.concatenate(punten), np.concatenate(codes)) if punten else None


def draw_shapes(ax: Axes, venster: Venster, geometrieen: type_geometrieen, **stijl: Any) -> None:
    """Draw polygons or lines within the window."""
    from matplotlib.patches import PathPatch, Rectangle

    pad = to_path(venster.project(geometrieen))
    if pad is None:
        return
    vlak = PathPatch(pad, **{"linewidth": 0, "joinstyle": "round", "capstyle": "round", **stijl})
    ax.add_patch(vlak)
    kader = Rectangle((venster.links, venster.onder), venster.breedte, venster.hoogte, transform=ax.transData)
    vlak.set_clip_path(kader)


def fill_style(klasse: str, kleur: str) -> dict[str, Any]:
    """Fill of a class; the two classes without a value get their own colour and hatching."""
    if klasse not in ARCERING:
        return {"facecolor": kleur, "edgecolor": "none"}
    sleutel = {GEEN_GEGEVENS: "geen_gegevens", ONBEKEND: "onbekend"}[klasse]
    # the hatch takes the edge colour; with a line width of nothing no edge is drawn
    return {"facecolor": KLEUREN[sleutel], "edgecolor": KLEUREN[f"{sleutel}_arcering"], "hatch": ARCERING[klasse]}


def simplify(gebieden: type_geometrieen, schaal: float) -> type_geometrieen:
    """Take away detail that cannot be seen at this scale (points per metre); shared borders stay shared."""
    tolerantie = VEREENVOUDIG_PT / schaal
    if not len(gebieden):
        return gebieden
    vlakken = gebieden.copy()
    for n in np.flatnonzero(~np.isin(shapely.get_type_id(gebieden), (3, 6))):  # polygon, multipolygon
        delen = shapely.get_parts(gebieden[n])
        vlakken[n] = shapely.union_all(delen[shapely.get_dimensions(delen) == 2])
    dun: type_geometrieen = shapely.coverage_simplify(vlakken, tolerantie)
    # an islet smaller than the tolerance may vanish altogether: keep the area as it was
    weg = shapely.is_empty(dun) & ~shapely.is_empty(gebieden)
    dun[weg] = gebieden[weg]
    return dun


def outline(gebieden: type_geometrieen, groepen: Sequence[Any]) -> type_geometrieen:
    """Outline of each group of areas (provinces out of gemeenten): cheap, along the borders already drawn."""
    sleutels = np.asarray([str(g) for g in groepen], dtype=object)
    lijnen = [shapely.boundary(shapely.union_all(gebieden[sleutels == s])) for s in sorted(set(sleutels))]
    return np.array(lijnen, dtype=object)


def round_length(meters: float) -> float:
    """Largest of 1, 2 or 5 times a power of ten that is not longer.

    Examples
    --------
    >>> round_length(73_000), round_length(4_999)
    (50000.0, 2000.0)
    """
    macht = 10.0 ** math.floor(math.log10(meters))
    return max(f * macht for f in (1.0, 2.0, 5.0) if f * macht <= meters)


@dataclass(frozen=True)
class Legenda:
    """Legend with counts, measured before it is drawn; ``rijen`` holds label, fill style, counts per column."""

    kop: Tekstblok
    kolommen: tuple[str, ...]
    rijen: tuple[tuple[str, dict[str, Any], tuple[int, ...]], ...]
    extra: tuple[tuple[str, dict[str, Any]], ...]
    formaat: Formaat
    stok_m: float
    schaal: float

    @property
    def regel(self) -> float:
        """Height of a row in points."""
        return self.formaat.tekst_pt * 1.55

    @property
    def _vak(self) -> float:
        return self.formaat.tekst_pt * 1.9

    @property
    def _labels(self) -> float:
        namen = [*(r[0] for r in self.rijen), *(e[0] for e in self.extra)]
        return max(measure(naam, self.formaat.tekst_pt) for naam in namen)

    @property
    def _kolom(self) -> tuple[float, ...]:
        f = self.formaat
        return tuple(
            max([measure(k, f.klein_pt), *(measure(getal(r[2][n]), f.tekst_pt) for r in self.rijen)]) + f.tekst_pt
            for n, k in enumerate(self.kolommen)
        )

    @property
    def breedte(self) -> float:
        """Width in points."""
        tabel = self._vak + self.formaat.tekst_pt * 0.6 + self._labels + sum(self._kolom)
        return max(self.kop.breedte, tabel, self._stok + measure("000 km", self.formaat.klein_pt) * 1.6)

    @property
    def _stok(self) -> float:
        return self.stok_m * self.schaal

    @property
    def hoogte(self) -> float:
        """Height in points."""
        aantal = len(self.rijen) + len(self.extra)
        return self.kop.hoogte + self.formaat.klein_pt * 2.2 + aantal * self.regel + self.formaat.tekst_pt * 3.4

    def draw(self, ax: Axes, x: float, boven: float) -> None:
        """Draw with the upper left corner at (x, boven)."""
        f = self.formaat
        y = self.kop.draw(ax, x, boven) - f.klein_pt * 1.5
        tekst_x = x + self._vak + f.tekst_pt * 0.6
        einden = tekst_x + self._labels + np.cumsum(self._kolom)
        for naam, rechts in zip(self.kolommen, einden, strict=True):
            ax.text(rechts, y, naam, fontsize=f.klein_pt, color=KLEUREN["zacht"], ha="right", va="baseline")
        y -= f.klein_pt * 0.7
        for label, stijl, aantallen in self.rijen:
            self._row(ax, x, tekst_x, y, label, stijl)
            for aantal, rechts in zip(aantallen, einden, strict=True):
                ax.text(rechts, y - self.regel * 0.72, getal(aantal), fontsize=f.tekst_pt, ha="right", va="baseline")
            y -= self.regel
        for label, stijl in self.extra:
            self._row(ax, x, tekst_x, y, label, stijl)
            y -= self.regel
        self._scale_bar(ax, x, y - f.tekst_pt * 1.2)

    def _row(self, ax: Axes, x: float, tekst_x: float, y: float, label: str, stijl: dict[str, Any]) -> None:
        from matplotlib.patches import Rectangle

        hoog = self.regel * 0.74
        onder = y - self.regel * 0.5 - hoog / 2
        ax.add_patch(Rectangle((x, onder), self._vak, hoog, **{"linewidth": 0, **stijl}))
        ax.add_patch(  # a thin frame, or the lightest class disappears in the paper
            Rectangle((x, onder), self._vak, hoog, fill=False, edgecolor="#8A8A8A", linewidth=0.4 * self.formaat.lijn)
        )
        ax.text(tekst_x, y - self.regel * 0.72, label, fontsize=self.formaat.tekst_pt, ha="left", va="baseline")

    def _scale_bar(self, ax: Axes, x: float, y: float) -> None:
        f = self.formaat
        lijn: dict[str, Any] = {"color": KLEUREN["zacht"], "linewidth": 0.9 * f.lijn, "solid_capstyle": "butt"}
        tik = f.klein_pt * 0.45
        ax.plot([x, x, x + self._stok, x + self._stok], [y + tik, y, y, y + tik], **lijn)
        tekst = f"{getal(self.stok_m / 1000)} km"
        opmaak: dict[str, Any] = {"fontsize": f.klein_pt, "color": KLEUREN["zacht"], "va": "baseline"}
        ax.text(x + self._stok + f.klein_pt * 0.5, y - f.klein_pt * 0.1, tekst, ha="left", **opmaak)


@dataclass(frozen=True)
class Label:
    """A name that wants a place: anchor in points, size, weight in the queue (lower goes first)."""

    naam: str
    x: float
    y: float
    maat: float
    soort: str
    rang: float

    @property
    def breedte(self) -> float:
        """Width in points."""
        return measure(self.naam, self.maat, vet=self.soort == "gebied", cursief=self.soort == "water")


Doos = tuple[float, float, float, float]


def _overlaps(a: Doos, b: Doos) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def place_labels(labels: Iterable[Label], kader: Doos, bezet: Iterable[Doos] = ()) -> list[tuple[Label, float, float]]:
    """Give names a place, the most important first; a name without room is left out.

    Parameters
    ----------
    labels
        Names with their anchors.
    kader
        Box all names must stay within: x0, y0, x1, y1 in points.
    bezet
        Boxes that are taken.

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
            schuif = [(zij, 0.0), (-zij, 0.0), (0.0, op), (0.0, -op), (zij, op), (-zij, op), (zij, -op), (-zij, -op)]
        else:
            stap = [0.0, 0.5, -0.5, 1.0, -1.0, 1.6, -1.6]
            schuif = sorted(
                ((dx * b * 0.4, dy * h) for dx in stap[:5] for dy in stap), key=lambda d: (math.hypot(*d), d[1], d[0])
            )
        for dx, dy in schuif:
            x, y = label.x + dx, label.y + dy
            doos = (x - b / 2, y - h / 2, x + b / 2, y + h / 2)
            binnen = kader[0] <= doos[0] and kader[1] <= doos[1] and doos[2] <= kader[2] and doos[3] <= kader[3]
            if binnen and not any(_overlaps(doos, ander) for ander in vol):
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
        ax.plot([label.x], [label.y], "o", ms=label.maat * 0.36, color=KLEUREN["tekst"], mec="white", mew=0.5 * lijn)


def shared_borders(gebieden: gpd.GeoDataFrame, paren: Mapping[tuple[str, str], str], *, kolom: str) -> gpd.GeoDataFrame:
    """Border lines between pairs of areas, for rivers that run along a border.

    Parameters
    ----------
    gebieden
        Areas in EPSG:28992.
    paren
        Pair of areas -> name of what runs between them; pairs with one name become one line.
    kolom
        Column the pairs refer to.

    Returns
    -------
    geopandas.GeoDataFrame
        ``naam`` and the line; pairs that do not touch give nothing.
    """
    import geopandas as gpd

    vorm = dict(zip(gebieden[kolom], gebieden.geometry, strict=True))
    lijnen: dict[str, list[Any]] = {}
    for (a, b), naam in paren.items():
        grens = shapely.intersection(shapely.boundary(vorm[a]), shapely.boundary(vorm[b]))
        stukken = [s for s in shapely.get_parts(grens) if shapely.get_dimensions(s) == 1]
        if stukken:
            lijnen.setdefault(naam, []).extend(stukken)
    samen = [shapely.line_merge(shapely.union_all(stukken)) for stukken in lijnen.values()]
    return gpd.GeoDataFrame({"naam": list(lijnen)}, geometry=samen, crs=gebieden.crs)
