"""One panel of a map: the layers from the water up to the names, in the order in which they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.huisstijl import KLEUREN, Formaat
from huisartsdata.uitvoer.kaarten.kaartlabels import Doos, Label, draw_label, place_labels
from huisartsdata.uitvoer.kaarten.kaartlagen import (
    Venster,
    draw_shapes,
    fill_style,
    outline,
    simplify,
    type_geometrieen,
)
from huisartsdata.uitvoer.opmaak import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.kaarten.indicatoren import Indicator

VAAG = 0.30  # part of the class colour that a neighbour keeps

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
    paren = zip(indicator.klassen, indicator.kleuren, strict=True)
    return {klasse: fill_style(klasse, kleur) for klasse, kleur in paren}


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
        kleuren = {klasse: str(v["facecolor"]) for klasse, v in vullingen.items() if "hatch" not in v}
        _draw_surroundings(ax, venster, rond, klassen=buurklassen, kleuren=kleuren, lijn=lijn)
    klassen = laag.klassen.to_numpy()
    rand: dict[str, Any] = {
        "edgecolor": KLEUREN["rand"],
        "linewidth": (0.35 if len(vlakken) > 60 else 0.5) * lijn,
    }
    if len(vlakken) > FIJN:  # borders of so many areas would hide the areas
        rand["linewidth"] = 0.1 * lijn
    for klasse in laag.klassen.cat.categories:
        deel = vlakken[klassen == klasse]
        vulling = dict(vullingen[klasse]) if klasse in vullingen else fill_style(klasse, "")
        if "hatch" in vulling:  # hatching and border would share the edge colour
            draw_shapes(ax, venster, deel, **vulling)
            if len(vlakken) <= FIJN:
                draw_shapes(ax, venster, deel, fill=False, **rand)
        else:
            eigen = {"edgecolor": vulling["facecolor"]} if len(vlakken) > FIJN else {}
            draw_shapes(ax, venster, deel, **{**vulling, **rand, **eigen})
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
    mijd = shapely.union_all(shapely.make_valid(venster.project(laag.gebieden.geometry.to_numpy())))
    for label, x, y in place_labels(wensen, kader, [*bezet, *stippen], mijd=mijd):
        draw_label(ax, label, x, y, maat.lijn)


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
        grootte = maat.tekst_pt if soort == "gebied" else maat.klein_pt
        x, y = float(shapely.get_x(midden)), float(shapely.get_y(midden))
        wensen.append(Label(clean(str(naam)), x, y, grootte, soort, volgorde[soort] + float(plaats)))
    return wensen
