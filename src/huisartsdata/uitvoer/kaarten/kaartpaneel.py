"""One panel of a map: the layers from the water up to the names, in the order in which they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.huisstijl import ARCERING, KLEUREN, ONBEKEND, Formaat
from huisartsdata.uitvoer.kaarten.kaartlabels import Doos, Label, contrast, draw_label, place_labels
from huisartsdata.uitvoer.kaarten.kaartlagen import (
    Venster,
    draw_shapes,
    fill_style,
    outline,
    simplify,
    type_geometrieen,
)
from huisartsdata.uitvoer.kaarten.twijfel import doubt_style
from huisartsdata.uitvoer.opmaak import clean, measure

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.kaarten.indicatoren import Indicator

VAAG = 0.30  # part of the class colour that a neighbour keeps

_ZONDER = frozenset(ARCERING.values())  # hatches of the classes without a value
LEESBAAR = 3.0  # contrast of large type (WCAG 2.1, 1.4.3); the white halo helps the small
KORTST = 0.7  # of its name: a shorter river has no name, for that would lie on the next water
LANGS = (0.5, 0.35, 0.65, 0.2, 0.8, 0.08, 0.92)  # where along a river its name may stand
FIJN = 4000  # more areas than this get no borders of their own


@dataclass(frozen=True)
class Kaartlaag:
    """Everything a panel draws, in metres, already in classes."""

    gebieden: gpd.GeoDataFrame
    klassen: pd.Series
    buren: gpd.GeoDataFrame | None
    buurklassen: pd.Series | None
    groepen: pd.Series | None
    water: gpd.GeoDataFrame | None
    stappen: pd.Series | None = None  # shade within `onbekend`, -1 elsewhere
    dunbevolkt: pd.Series | None = None  # True where so few people live that the area is drawn lighter


def has_rows(tafel: gpd.GeoDataFrame | None) -> bool:
    """Whether there is anything in an optional table."""
    return tafel is not None and len(tafel) > 0


def fade(kleur: str) -> str:
    """Colour of a class outside the areas the map is about."""
    from matplotlib.colors import to_hex, to_rgb

    r, g, b = (VAAG * deel + 1 - VAAG for deel in to_rgb(kleur))
    return to_hex((r, g, b))


def class_fills(indicator: Indicator) -> dict[str, dict[str, Any]]:
    """Fill style of each class of an indicator, for `draw_panel`."""
    drie = zip(indicator.klassen, indicator.kleuren, indicator.arceringen, strict=True)
    return {klasse: fill_style(klasse, kleur, arcering) for klasse, kleur, arcering in drie}


def draw_panel(
    ax: Axes,
    venster: Venster,
    laag: Kaartlaag,
    vullingen: Mapping[str, Mapping[str, Any]],
    maat: Formaat,
) -> None:
    """Draw all layers but the names; a class without a fill style of its own is `onbekend` or without data."""
    lijn = maat.lijn
    binnen = shapely.box(*venster.grenzen)
    if laag.water is not None:
        _draw_water(ax, venster, laag.water, binnen, lijn=lijn, vlakken=True)
    # areas and neighbours are thinned together, so that their common border stays common
    vlakken = laag.gebieden.geometry.to_numpy()
    rond: type_geometrieen = np.array([], dtype=object)
    zichtbaar = np.array([], dtype=bool)
    if laag.buren is not None and len(laag.buren):
        zichtbaar = laag.buren.geometry.intersects(binnen).to_numpy()
        rond = laag.buren.geometry.to_numpy()[zichtbaar]
    dun = simplify(np.concatenate([vlakken, rond]), venster.schaal)
    vlakken, rond = dun[: len(vlakken)], dun[len(vlakken) :]
    if len(rond):
        buurklassen = None if laag.buurklassen is None else laag.buurklassen[zichtbaar]
        kleuren = {k: str(v["facecolor"]) for k, v in vullingen.items() if v.get("hatch") not in _ZONDER}
        _draw_surroundings(ax, venster, rond, klassen=buurklassen, kleuren=kleuren, lijn=lijn)
    klassen = laag.klassen.to_numpy()
    rand: dict[str, Any] = {
        "edgecolor": KLEUREN["rand"],
        "linewidth": (0.35 if len(vlakken) > 60 else 0.5) * lijn,
    }
    if len(vlakken) > FIJN:  # borders of so many areas would hide the areas
        rand["linewidth"] = 0.1 * lijn
    for klasse in laag.klassen.cat.categories:
        vulling = dict(vullingen[klasse]) if klasse in vullingen else fill_style(klasse, "")
        lijn_om = {**rand, "edgecolor": KLEUREN["onbekend_rand"]} if klasse == ONBEKEND else rand
        for wie, stijl in _split_class(laag, klassen == klasse, vulling):
            deel = vlakken[wie]
            if "hatch" in stijl:  # hatching and border would share the edge colour
                draw_shapes(ax, venster, deel, **stijl)
                if len(vlakken) <= FIJN:
                    draw_shapes(ax, venster, deel, fill=False, **lijn_om)
            else:
                eigen = {"edgecolor": stijl["facecolor"]} if len(vlakken) > FIJN else {}
                draw_shapes(ax, venster, deel, **{**stijl, **rand, **eigen})
    if laag.groepen is not None:
        lijnen = outline(vlakken, laag.groepen.tolist(), venster.schaal)
        if len(rond):  # white on both sides, or the line is lost between two dark classes
            draw_shapes(ax, venster, lijnen, fill=False, edgecolor=KLEUREN["rand"], linewidth=1.5 * lijn)
        draw_shapes(ax, venster, lijnen, fill=False, edgecolor=KLEUREN["lijn"], linewidth=0.6 * lijn)
    if len(rond):
        buiten = outline(vlakken, [""] * len(vlakken), venster.schaal)
        draw_shapes(ax, venster, buiten, fill=False, edgecolor=KLEUREN["tekst"], linewidth=1.0 * lijn)
    if laag.water is not None:
        _draw_water(ax, venster, laag.water, binnen, lijn=lijn, vlakken=False)


def _split_class(
    laag: Kaartlaag, wie: npt.NDArray[np.bool_], vulling: dict[str, Any]
) -> list[tuple[npt.NDArray[np.bool_], dict[str, Any]]]:
    """The areas of a class in groups of one fill: shades of `onbekend`, and lighter where hardly anybody lives."""
    if laag.stappen is not None:
        stap = laag.stappen.to_numpy()
        if (stap[wie] >= 0).any():
            return [(wie & (stap == n), doubt_style(n)) for n in range(int(stap.max()) + 1)]
    if laag.dunbevolkt is None or vulling.get("hatch") in _ZONDER:
        return [(wie, vulling)]
    dun = laag.dunbevolkt.to_numpy()
    return [(wie & ~dun, vulling), (wie & dun, {**vulling, "facecolor": fade(str(vulling["facecolor"]))})]


def _draw_surroundings(
    ax: Axes,
    venster: Venster,
    rond: type_geometrieen,
    *,
    klassen: pd.Series | None,
    kleuren: Mapping[str, str],
    lijn: float,
) -> None:
    if klassen is None:
        draw_shapes(ax, venster, rond, facecolor=KLEUREN["buur"])
    else:
        for klasse in klassen.cat.categories:
            kleur = fade(kleuren[klasse]) if klasse in kleuren else KLEUREN["buur"]
            draw_shapes(ax, venster, rond[(klassen == klasse).to_numpy()], facecolor=kleur)
    draw_shapes(ax, venster, rond, fill=False, edgecolor=KLEUREN["buurrand"], linewidth=0.4 * lijn)


def _draw_water(
    ax: Axes, venster: Venster, water: gpd.GeoDataFrame, binnen: Any, *, lijn: float, vlakken: bool
) -> None:
    vormen = water.geometry.to_numpy()
    vormen = vormen[shapely.intersects(vormen, binnen)]
    vlak = shapely.get_dimensions(vormen) == 2
    if vlakken:
        dun = simplify(vormen[vlak], venster.schaal)
        # an edge of its own colour closes the hairlines between two pieces of the same lake
        draw_shapes(
            ax, venster, dun, facecolor=KLEUREN["water"], edgecolor=KLEUREN["water"], linewidth=0.3 * lijn
        )
    else:
        dun = shapely.simplify(vormen[~vlak], 0.3 / venster.schaal)
        draw_shapes(ax, venster, dun, fill=False, edgecolor=KLEUREN["rivier"], linewidth=2.2 * lijn)


def draw_labels(
    ax: Axes,
    venster: Venster,
    laag: Kaartlaag,
    *,
    labels: gpd.GeoDataFrame | None,
    maat: Formaat,
    bezet: list[Doos],
    vullingen: Mapping[str, Mapping[str, Any]],
) -> None:
    """Write the names asked for, then those of the neighbours; what has no room is left out."""
    wensen = [] if labels is None else _wishes(labels, venster, maat)
    if laag.buren is not None and "naam" in laag.buren:
        wensen += _wishes(laag.buren.assign(soort="buur"), venster, maat)
    if not wensen:
        return
    stippen = [(w.x - 2, w.y - 2, w.x + 2, w.y + 2) for w in wensen if w.soort == "plaats"]
    kader = (
        venster.links + 3,
        venster.onder + 3,
        venster.links + venster.breedte - 3,
        venster.onder + venster.hoogte - 3,
    )
    vlakken = shapely.make_valid(venster.project(laag.gebieden.geometry.to_numpy()))
    donker = shapely.STRtree(vlakken[_too_dark(laag, vullingen)])
    mijd = shapely.union_all(vlakken)
    for label, x, y in place_labels(wensen, kader, [*bezet, *stippen], mijd=mijd, donker=donker):
        draw_label(ax, label, x, y, maat.lijn)


def _too_dark(laag: Kaartlaag, vullingen: Mapping[str, Mapping[str, Any]]) -> npt.NDArray[np.bool_]:
    """Areas on which the blue of the name of a water cannot be read."""
    uit = np.zeros(len(laag.klassen), dtype=bool)
    klassen = laag.klassen.to_numpy()
    for klasse in laag.klassen.cat.categories:
        vulling = dict(vullingen[klasse]) if klasse in vullingen else fill_style(klasse, "")
        for wie, stijl in _split_class(laag, klassen == klasse, vulling):
            if contrast(str(stijl["facecolor"]), KLEUREN["waternaam"]) < LEESBAAR:
                uit |= wie
    return uit


def _wishes(labels: gpd.GeoDataFrame, venster: Venster, maat: Formaat) -> list[Label]:
    volgorde = {"gebied": 0, "plaats": 1, "water": 2, "buur": 3}
    vormen = venster.project(labels.geometry.to_numpy())
    soorten = labels["soort"] if "soort" in labels else pd.Series("gebied", index=labels.index)
    gewicht = (
        labels["gewicht"] if "gewicht" in labels else pd.Series(shapely.area(vormen), index=labels.index)
    )
    rang = gewicht.rank(ascending=False, method="min", na_option="bottom") / (len(labels) + 1)
    wensen = []
    for naam, vorm, soort, plaats in zip(labels["naam"], vormen, soorten, rang, strict=True):
        if soort not in volgorde:
            raise HuisartsdataFout(f"Onbekende soort label: {soort}. Kies uit {', '.join(volgorde)}.")
        if shapely.is_empty(vorm):
            continue
        # the roomiest spot of what is visible of an area; a point is where it is
        midden = shapely.point_on_surface(vorm)
        if shapely.get_dimensions(vorm) == 2:
            midden = shapely.get_point(shapely.maximum_inscribed_circle(vorm, 1.0), 0)
        plekken: tuple[tuple[float, float], ...] = ()
        if soort == "water" and shapely.get_dimensions(vorm) == 1:
            if shapely.length(vorm) < KORTST * measure(clean(str(naam)), maat.klein_pt, cursief=True):
                continue
            midden, *elders = _along(vorm)
            plekken = tuple((float(p.x), float(p.y)) for p in elders)
        grootte = maat.tekst_pt if soort == "gebied" else maat.klein_pt
        x, y = float(shapely.get_x(midden)), float(shapely.get_y(midden))
        rangorde = volgorde[soort] + float(plaats)
        wensen.append(Label(clean(str(naam)), x, y, grootte, soort, rangorde, plekken))
    return wensen


def _along(lijn: Any) -> list[Any]:
    """Points along the longest piece of a line, from its middle outwards."""
    stukken = shapely.get_parts(shapely.line_merge(lijn) if lijn.geom_type == "MultiLineString" else lijn)
    langste = stukken[int(np.argmax(shapely.length(stukken)))]
    return list(shapely.line_interpolate_point(langste, list(LANGS), normalized=True))
