"""The parts of a map that follow the ground: window, polygons, outlines, borders.

Everything is drawn on a page in points (see ``opmaak``); a ``Venster`` brings metres of the national grid
(EPSG:28992) to points. Parts know nothing of indicators or classes: they get colours and texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from huisartsdata.uitvoer.huisstijl import ARCERING, GEEN_GEGEVENS, KLEUREN, ONBEKEND

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Pad

type_geometrieen = npt.NDArray[np.object_]
VEREENVOUDIG_PT = 0.3  # 0.1 mm on paper, as thin as the thinnest border: about 150 m on a map of the country
_SNAP_M = 1.0  # borders that differ less than this from each other are the same border
_AFRONDEN = 1  # decimals of a point: a tenth is a 30th of a millimetre, and keeps the svg small


@dataclass(frozen=True)
class Venster:
    """Part of the country on part of the page: ``schaal`` in points per metre, corner in both."""

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
        return (
            self.xmin,
            self.ymin,
            self.xmin + self.breedte / self.schaal,
            self.ymin + self.hoogte / self.schaal,
        )

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
        anders = np.r_[
            True, (np.diff(xy, axis=0) != 0).any(axis=1)
        ]  # rounding makes neighbours fall together
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
    ax.add_artist(
        vlak
    )  # add_patch would work out its extent, which nobody asks for and takes longer than drawing
    kader = Rectangle((venster.links, venster.onder), venster.breedte, venster.hoogte, transform=ax.transData)
    vlak.set_clip_path(kader)


def fill_style(klasse: str, kleur: str, arcering: str = "") -> dict[str, Any]:
    """Fill of a class; the two classes without a value get their own colour and hatching."""
    if klasse not in ARCERING:
        if arcering:
            return {"facecolor": kleur, "edgecolor": KLEUREN["ongunstig_arcering"], "hatch": arcering}
        return {"facecolor": kleur, "edgecolor": "none"}
    sleutel = {GEEN_GEGEVENS: "geen_gegevens", ONBEKEND: "onbekend"}[klasse]
    # the hatch takes the edge colour; with a line width of nothing no edge is drawn
    return {
        "facecolor": KLEUREN[sleutel],
        "edgecolor": KLEUREN[f"{sleutel}_arcering"],
        "hatch": ARCERING[klasse],
    }


def simplify(gebieden: type_geometrieen, schaal: float) -> type_geometrieen:
    """Take away detail that cannot be seen at this scale (points per metre); shared borders stay shared.

    Parts smaller than a speck go, unless they are all there is of an area.
    """
    if not len(gebieden):
        return gebieden
    tolerantie = VEREENVOUDIG_PT / schaal
    vlakken = np.array([_only_polygons(vorm, (1.5 * tolerantie) ** 2) for vorm in gebieden], dtype=object)
    dun: type_geometrieen = shapely.coverage_simplify(
        shapely.set_precision(vlakken, _SNAP_M, mode="pointwise"), tolerantie
    )
    # an area smaller than the tolerance may vanish altogether: keep it as it was
    weg = shapely.is_empty(dun) & ~shapely.is_empty(gebieden)
    dun[weg] = gebieden[weg]
    return dun


def _only_polygons(vorm: Any, kleinste: float) -> Any:
    delen = shapely.get_parts(shapely.get_parts(vorm))
    delen = delen[shapely.get_dimensions(delen) == 2]
    if len(delen) > 1:
        oppervlak = shapely.area(delen)
        delen = delen[(oppervlak >= kleinste) | (oppervlak == oppervlak.max())]
    return shapely.multipolygons(delen)


def outline(gebieden: type_geometrieen, groepen: Sequence[Any], schaal: float) -> type_geometrieen:
    """Outline of each group of areas (provinces out of gemeenten).

    Neighbours that should share a border often miss each other by a hair; what is narrower than can be seen
    is closed before the line is drawn, or it would show as dashes inside the group.
    """
    kier = VEREENVOUDIG_PT / schaal
    sleutels = np.asarray([str(g) for g in groepen], dtype=object)
    ruim = shapely.buffer(gebieden, kier, quad_segs=2, join_style="mitre")
    lijnen = []
    for sleutel in sorted(set(sleutels)):
        dicht = shapely.buffer(
            shapely.union_all(ruim[sleutels == sleutel]), -kier, quad_segs=2, join_style="mitre"
        )
        zonder_sprieten = shapely.buffer(dicht, -kier, quad_segs=2, join_style="mitre")
        zonder_sprieten = shapely.buffer(zonder_sprieten, kier, quad_segs=2, join_style="mitre")
        lijnen.append(shapely.boundary(shapely.simplify(zonder_sprieten, 0.3 * kier)))
    return np.array(lijnen, dtype=object)


def shared_borders(
    gebieden: gpd.GeoDataFrame, paren: Mapping[tuple[str, str], str], *, kolom: str
) -> gpd.GeoDataFrame:
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
