"""Shapes of a web map: simplified in metres, brought to degrees, written as GeoJSON with few digits.

The only place where coordinates leave EPSG:28992. Features carry their row number and nothing else, so that no
name or code from a file gets into the script of a page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.kaarten.kaartlagen import VEREENVOUDIG_PT, outline, simplify

if TYPE_CHECKING:
    import geopandas as gpd

    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

type_geometrieen = npt.NDArray[np.object_]
SCHERM = 1500  # pixels: the height at which a whole map still looks sharp, zoomed in twice on a usual screen
GRAAD_M = 111_000  # metres in a degree of latitude, for the number of digits only
MIN_TOLERANTIE_M = 5.0
NAAST = 0.35  # of the margin around: as far as names of neighbours are looked for, so that they stand in view
LABEL_BUITEN = 0.35  # a name may stick out of the largest circle in its area by this part


@dataclass(frozen=True)
class Webvorm:
    """Shapes of a page, as GeoJSON.

    `labels` holds latitude, longitude and room in metres for the name of each area, `streken` the same for each
    group of areas by its code, `buurnamen` for what lies around by its name. `omtrek` is the outline of each group,
    or of all areas together where something lies around them.
    """

    vlakken: dict[str, Any]
    buren: dict[str, Any] | None
    omtrek: dict[str, Any] | None
    water: dict[str, Any] | None
    rivieren: dict[str, Any] | None
    labels: list[list[float]]
    streken: dict[str, list[float]]
    buurnamen: dict[str, list[float]]
    grenzen: list[list[float]]


def shape_web(k: Kaartgebied, gebieden: gpd.GeoDataFrame, *, grofheid: float = 1.0) -> Webvorm:
    """Bring the layers of a map to what a web page needs.

    Parameters
    ----------
    k
        The layers around; its own order of areas does not matter.
    gebieden
        The areas in the order of the page's table, EPSG:28992.
    grofheid
        Factor on the tolerance: 2 takes away twice as much detail.

    Returns
    -------
    Webvorm
        Shapes in EPSG:4326, rounded to a tenth of the tolerance; shared borders stay shared.

    Raises
    ------
    HuisartsdataFout
        If coordinates are not in EPSG:28992, or there are no areas.
    """
    for wat, tafel in (("gebieden", gebieden), ("buren", k.buren), ("water", k.water)):
        if tafel is not None and tafel.crs is not None and tafel.crs.to_epsg() != 28992:
            raise HuisartsdataFout(
                f"De coordinaten van {wat} zijn niet in EPSG:28992. Gebruik .to_crs(28992)."
            )
    vormen = gebieden.geometry.to_numpy()
    if not len(vormen) or shapely.is_empty(vormen).all():
        raise HuisartsdataFout("Er zijn geen gebieden om te tekenen.")
    x0, y0, x1, y1 = map(float, shapely.total_bounds(vormen))
    tolerantie = max(MIN_TOLERANTIE_M, max(x1 - x0, y1 - y0) / SCHERM) * grofheid
    schaal = VEREENVOUDIG_PT / tolerantie  # `simplify` thinks in points of a page
    cijfers = max(3, math.ceil(math.log10(GRAAD_M / tolerantie)) + 1)
    rand = 0.25 * max(x1 - x0, y1 - y0)
    venster = (x0 - rand, y0 - rand, x1 + rand, y1 + rand)
    dun = simplify(vormen, schaal)
    groepen = None if k.groepen is None else k.groepen.reindex(gebieden.index)
    buren, buurnamen = None, {}
    if k.buren is not None:
        buiten = k.buren[~k.buren.index.isin(gebieden.index)]
        buren = to_geojson(
            simplify(shapely.clip_by_rect(buiten.geometry.to_numpy(), *venster), schaal), cijfers
        )
        if "naam" in buiten:
            beeld = (x0 - NAAST * rand, y0 - NAAST * rand, x1 + NAAST * rand, y1 + NAAST * rand)
            zicht = shapely.clip_by_rect(buiten.geometry.to_numpy(), *beeld)
            vol = shapely.area(zicht) > tolerantie**2
            plekken = _labels(zicht[vol], tolerantie)
            buurnamen = dict(zip(buiten["naam"].astype(str)[vol], plekken, strict=True))
    water = shapely.clip_by_rect(k.water.geometry.to_numpy(), *venster)
    vlak = shapely.get_dimensions(water) == 2
    omtrek, streken = None, {}
    samen_een = groepen is None or groepen.nunique() <= 1
    if groepen is not None or buren is not None:
        delen = [""] * len(dun) if samen_een or groepen is None else groepen.tolist()
        lijnen = shapely.simplify(outline(dun, delen, schaal), 0.4 * tolerantie)
        omtrek = to_geojson(lijnen, cijfers)
    if groepen is not None:
        codes = sorted(set(groepen.dropna().astype(str)))
        samen = [shapely.coverage_union_all(dun[(groepen == code).to_numpy()]) for code in codes]
        streken = dict(zip(codes, _labels(np.array(samen, dtype=object), tolerantie), strict=True))
    return Webvorm(
        vlakken=to_geojson(dun, cijfers),
        buren=buren,
        omtrek=omtrek,
        water=to_geojson(simplify(water[vlak], schaal / 2), cijfers),
        rivieren=to_geojson(shapely.simplify(water[~vlak], tolerantie), cijfers),
        labels=_labels(dun, tolerantie),
        streken=streken,
        buurnamen=buurnamen,
        grenzen=_bounds(x0, y0, x1, y1),
    )


def to_geojson(vormen: type_geometrieen, cijfers: int) -> dict[str, Any] | Any:
    """Shapes in EPSG:28992 as a FeatureCollection in degrees; `id` is the position, empty ones are left out.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> to_geojson(np.array([shapely.Point(155000, 463000)]), 2)["features"][0]["geometry"]["coordinates"]
    [5.39, 52.16]
    """
    import geopandas as gpd

    graden = gpd.GeoSeries(vormen, crs=28992).to_crs(4326).to_numpy()
    kenmerken = []
    for nummer, vorm in enumerate(graden):
        coordinaten = None if vorm is None else _round(vorm, cijfers)
        if coordinaten is not None:
            kenmerken.append({"type": "Feature", "id": nummer, "properties": {}, "geometry": coordinaten})
    return {"type": "FeatureCollection", "features": kenmerken}


def _round(vorm: Any, cijfers: int) -> dict[str, Any] | None:
    """Geometry of one feature with rounded coordinates; points that fall together become one."""
    delen = shapely.get_parts(shapely.get_parts(vorm))
    vlakken = [r for d in delen if d.geom_type == "Polygon" if (r := _rings(d, cijfers))]
    if vlakken:
        if len(vlakken) == 1:
            return {"type": "Polygon", "coordinates": vlakken[0]}
        return {"type": "MultiPolygon", "coordinates": vlakken}
    lijnen = [lijn for d in delen if d.geom_type == "LineString" if len(lijn := _line(d.coords, cijfers)) > 1]
    if lijnen:
        return {"type": "MultiLineString", "coordinates": lijnen}
    punt = [d for d in delen if d.geom_type == "Point" and not d.is_empty]
    return {"type": "Point", "coordinates": _line(punt[0].coords, cijfers)[0]} if punt else None


def _rings(vlak: Any, cijfers: int) -> list[list[list[float]]]:
    ringen = [_line(r.coords, cijfers) for r in (vlak.exterior, *vlak.interiors)]
    return [r for r in ringen if len(r) > 3] if len(ringen[0]) > 3 else []


def _line(coords: Any, cijfers: int) -> list[list[float]]:
    xy = np.round(np.asarray(coords, dtype=float)[:, :2], cijfers)
    anders = np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]
    uit: list[list[float]] = xy[anders].tolist()
    return uit


def _labels(vormen: type_geometrieen, tolerantie: float) -> list[list[float]]:
    """Middle of the largest circle that fits in each area, and its radius: where a name can stand."""
    import geopandas as gpd

    stralen = [shapely.maximum_inscribed_circle(v, tolerance=4 * tolerantie) for v in vormen]
    midden = gpd.GeoSeries([shapely.Point(s.coords[0]) for s in stralen], crs=28992).to_crs(4326)
    ruimte = [round(s.length * (1 + LABEL_BUITEN)) for s in stralen]
    return [[round(p.y, 4), round(p.x, 4), r] for p, r in zip(midden, ruimte, strict=True)]


def _bounds(x0: float, y0: float, x1: float, y1: float) -> list[list[float]]:
    import geopandas as gpd

    graden = gpd.GeoSeries([shapely.box(x0, y0, x1, y1)], crs=28992).to_crs(4326).total_bounds
    lon0, lat0, lon1, lat1 = (round(float(g), 4) for g in graden)
    return [[lat0, lon0], [lat1, lon1]]
