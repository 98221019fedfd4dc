"""Polygons that share their borders exactly, from received ones that overlap and gape by metres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import BronFout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TOLERANTIE_LAND_M = 200.0  # on a country map of 17 cm one pixel at 300 dpi is about 160 m
TOLERANTIE_REGIO_M = 25.0  # on a region map of 60 km wide one pixel is about 30 m
_ONGEWIJZIGD = "de bestaande gegevens zijn ongewijzigd. Meld het met het logbestand"
MAX_SLIVER_M = 250.0  # generalised wijken leave gaps up to this wide; anything further off is abroad


def schone_dekking(geometrie: NDArray[np.object_], tolerantie: float) -> NDArray[np.object_]:
    """Clean and simplify polygons as one coverage.

    All border lines are noded together on a grid of 1 m, each face goes to the polygon that holds
    it (a thin gap: to the nearest), and the whole is simplified so that neighbours stay neighbours.

    Parameters
    ----------
    geometrie
        Polygons in RD metres.
    tolerantie
        Metres by which a border may move; 0 leaves it.

    Returns
    -------
    ndarray
        A multipolygon per input, in the same order.

    Raises
    ------
    BronFout
        When the result is no valid coverage.
    """
    import shapely

    try:
        heel = _dekking(geometrie, tolerantie)
        goed = bool(shapely.coverage_is_valid(heel))
    except shapely.errors.ShapelyError as e:
        raise BronFout(f"de grenzen vormen geen sluitende kaart ({type(e).__name__}); {_ONGEWIJZIGD}") from e
    if not goed:
        raise BronFout(f"de grenzen vormen na vereenvoudigen geen sluitende kaart; {_ONGEWIJZIGD}")
    return heel


def _dekking(geometrie: NDArray[np.object_], tolerantie: float) -> NDArray[np.object_]:
    import numpy as np
    import shapely
    from shapely import STRtree

    rooster = shapely.make_valid(shapely.set_precision(geometrie, 1.0))
    lijnen = shapely.unary_union(shapely.boundary(rooster), grid_size=1.0)
    vlakken = np.array(shapely.get_parts(shapely.polygonize([lijnen])))
    punten = shapely.point_on_surface(vlakken)
    boom = STRtree(rooster)
    eigenaar = np.full(len(vlakken), -1)
    vlak, polygoon = boom.query(punten, predicate="within")
    volgorde = np.lexsort((polygoon, vlak))[::-1]  # overlap: the lowest row keeps the face
    eigenaar[vlak[volgorde]] = polygoon[volgorde]
    gat = np.flatnonzero(eigenaar < 0)
    # only slivers are filled: a gap is a sliver when it is thin (area small for its perimeter)
    dun = 2 * shapely.area(vlakken[gat]) / shapely.length(vlakken[gat]) < MAX_SLIVER_M
    if dun.any():
        dicht, afstand = boom.query_nearest(punten[gat[dun]], all_matches=False, return_distance=True)
        eigenaar[gat[dun][dicht[0][afstand < MAX_SLIVER_M]]] = dicht[1][afstand < MAX_SLIVER_M]
    heel = np.array(
        [shapely.coverage_union_all(vlakken[eigenaar == k]) for k in range(len(geometrie))], dtype=object
    )
    if tolerantie:
        leeg = shapely.is_empty(heel)
        heel[~leeg] = shapely.coverage_simplify(heel[~leeg], tolerantie)
    return np.array([alleen_vlakken(g) for g in heel], dtype=object)


def alleen_vlakken(g: Any) -> Any:
    """The polygons of a geometry as one multipolygon, without lines, points and slivers of no area."""
    import shapely

    delen = [p for p in shapely.get_parts(g) if p.geom_type == "Polygon" and p.area > 0]
    return shapely.multipolygons(delen) if delen else shapely.MultiPolygon()
