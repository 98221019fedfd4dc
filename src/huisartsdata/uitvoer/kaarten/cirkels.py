"""Circles for a cartogram: as large as their people, beside each other, near where they are; nothing random.

D. Dorling, "Area Cartograms: Their Use and Creation", CATMOG 59, 1996: circles start at their true place, push each
other aside where they overlap, and are drawn back. Here they are drawn back to their own place, and to the
neighbours of their own group so that a group (a province) stays together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import shapely

from huisartsdata.fouten import HuisartsdataFout

if TYPE_CHECKING:
    from huisartsdata.uitvoer.kaarten.kaartlagen import type_geometrieen

type_getallen = npt.NDArray[np.float64]
VULLING = 0.62  # circles together, as part of the land: the densest part of the country still finds room
STAPPEN = 400
NASTAPPEN = 4000  # at most; stops when no two overlap
TERUG, SAMEN = 0.03, 0.05  # how strongly a circle is drawn to its place and to its neighbours, per step
HERZIEN = 10  # steps after which is looked again which circles lie near each other
KIER = 0.03  # of the mean radius: white between circles


def measure_radii(mensen: type_getallen, oppervlak: float, *, vulling: float = VULLING) -> type_getallen:
    """Radii so that areas are in proportion to people and together fill a part of an area.

    Examples
    --------
    >>> r = measure_radii(np.array([1.0, 4.0]), 100.0)
    >>> round(float(r[1] / r[0]), 6), round(float((np.pi * r**2).sum()), 6)
    (2.0, 62.0)
    """
    if not (np.isfinite(mensen).all() and (mensen >= 0).all() and mensen.sum() > 0):
        raise HuisartsdataFout(
            "Een cartogram heeft voor elk gebied een aantal inwoners nodig: geen leegte, niet negatief, niet alles nul."
        )
    return np.asarray(np.sqrt(mensen / mensen.sum() * oppervlak * vulling / np.pi), dtype=np.float64)


def place_circles(
    plaatsen: type_getallen, stralen: type_getallen, groepen: Sequence[Any], buren: npt.NDArray[np.intp]
) -> type_getallen:
    """Move circles apart until no two overlap; the same answer every time, whatever the order of the rows.

    Parameters
    ----------
    plaatsen
        True places, n x 2.
    stralen
        Radii.
    groepen
        Group of each: neighbours within a group pull harder.
    buren
        Pairs of circles whose areas touch, m x 2.

    Returns
    -------
    ndarray
        Places, n x 2. A circle without people stays where it is and pushes nobody.
    """
    volgorde = np.lexsort((stralen, plaatsen[:, 1], plaatsen[:, 0]))
    terug = np.empty_like(volgorde)
    terug[volgorde] = np.arange(len(volgorde))
    xy, r = plaatsen[volgorde].astype(np.float64), stralen[volgorde]
    groep = np.asarray([str(g) for g in groepen], dtype=object)[volgorde]
    paren = np.sort(terug[np.asarray(buren, dtype=np.intp).reshape(-1, 2)], axis=1)
    paren = np.unique(paren, axis=0)
    begin = xy.copy()
    xy += _nudge(len(xy)) * r.mean() * 1e-3  # two circles on one spot need a direction to part in
    kier, telt = KIER * float(r.mean()), r > 0
    kracht = (
        np.where(groep[paren[:, 0]] == groep[paren[:, 1]], SAMEN, SAMEN / 5) if len(paren) else np.empty(0)
    )
    dichtbij = _near(xy, r)
    for stap in range(STAPPEN + NASTAPPEN):
        if stap % HERZIEN == 0:
            dichtbij = _near(xy, r)
        rust = max(0.0, 1 - stap / STAPPEN)
        if rust:
            xy = xy + rust * TERUG * (begin - xy)
            xy = _draw_together(xy, r, paren, kracht * rust, kier)
        xy, diepst = _push(xy, r, dichtbij, kier)
        if not rust and diepst < kier and _push(xy, r, _near(xy, r), kier)[1] < kier:
            break
    else:
        raise HuisartsdataFout(
            "De cirkels van het cartogram passen niet naast elkaar; kies een kleinere vulling."
        )
    xy[~telt] = begin[~telt]
    return xy[terug]


def _nudge(aantal: int) -> type_getallen:
    hoek = np.arange(aantal) * np.pi * (3 - np.sqrt(5))  # golden angle: no two in one direction
    return np.column_stack([np.cos(hoek), np.sin(hoek)])


def _draw_together(
    xy: type_getallen, r: type_getallen, paren: npt.NDArray[np.intp], kracht: type_getallen, kier: float
) -> type_getallen:
    """Neighbours that lie apart come nearer, in proportion to the gap."""
    if not len(paren):
        return xy
    i, j = paren.T
    tussen = xy[j] - xy[i]
    ver = np.hypot(*tussen.T)
    gat = np.maximum(0.0, ver - (r[i] + r[j] + kier))
    stap = tussen * (kracht * gat / np.maximum(ver, 1e-9) / 2)[:, None]
    schuif = np.zeros_like(xy)
    np.add.at(schuif, i, stap)
    np.add.at(schuif, j, -stap)
    return xy + np.clip(schuif, -r.mean(), r.mean())


def _near(xy: type_getallen, r: type_getallen) -> npt.NDArray[np.intp]:
    """Pairs that touch or may do so soon: the only ones that need looking at."""
    ver = np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
    telt = r > 0
    bijna = (ver < r[:, None] + r[None, :] + 2 * r.mean()) & telt[:, None] & telt[None, :]
    return np.argwhere(np.triu(bijna, 1))


def _push(
    xy: type_getallen, r: type_getallen, paren: npt.NDArray[np.intp], kier: float
) -> tuple[type_getallen, float]:
    """One step apart for all that overlap; the small one gives way most. Also the deepest overlap."""
    if not len(paren):
        return xy, 0.0
    i, j = paren.T
    tussen = xy[j] - xy[i]
    ver = np.hypot(*tussen.T)
    diep = np.maximum(0.0, r[i] + r[j] + kier - ver)
    deel = r[j] ** 2 / (r[i] ** 2 + r[j] ** 2)
    duw = tussen * (diep * 0.6 / np.maximum(ver, 1e-9))[:, None]
    schuif = np.zeros_like(xy)
    np.add.at(schuif, i, -duw * deel[:, None])
    np.add.at(schuif, j, duw * (1 - deel)[:, None])
    return xy + schuif, float(diep.max())


def draw_territories(
    xy: type_getallen, stralen: type_getallen, groepen: Sequence[Any], *, punten: int = 16
) -> dict[str, Any]:
    """Ground of each group around its circles: apart from each other, in one piece where the circles are.

    Every place belongs to the group of the nearest circle edge, within a margin around all circles.
    """
    telt = stralen > 0
    hoek = np.linspace(0, 2 * np.pi, punten, endpoint=False)
    rand = (
        xy[telt, None, :] + stralen[telt, None, None] * np.stack([np.cos(hoek), np.sin(hoek)], axis=-1)[None]
    )
    wie = np.repeat(np.flatnonzero(telt), punten)
    marge = float(stralen[telt].mean())
    cirkels = shapely.buffer(shapely.points(xy[telt]), stralen[telt], quad_segs=8)
    samen = shapely.union_all(shapely.buffer(cirkels, marge))
    samen = shapely.buffer(
        shapely.buffer(samen, marge), -1.6 * marge
    )  # bays close, the edge lies near the circles
    samen = shapely.multipolygons(
        [shapely.polygons(shapely.get_exterior_ring(p)) for p in shapely.get_parts(samen)]
    )
    los = np.round(rand.reshape(-1, 2), 3)
    los, eerste = np.unique(los, axis=0, return_index=True)
    cellen = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(shapely.points(los)), extend_to=samen)
    )
    punt, cel = shapely.STRtree(cellen).query(shapely.points(los), predicate="intersects")
    # an edge point may share its cell with one a hair away: the neighbour on the same circle stands for it
    gekend, waar = np.unique(punt, return_index=True)
    eigen = cel[waar]
    sleutel = np.asarray([str(groepen[k]) for k in wie[eerste[gekend]]], dtype=object)
    # all edges within a circle meet in its centre: too fine to join without a little overlap
    ruim = shapely.buffer(cellen, 1e-3 * marge, quad_segs=1)
    return {
        str(g): shapely.intersection(shapely.union_all(ruim[eigen[sleutel == g]]), samen)
        for g in sorted(set(sleutel))
    }


def touching(vlakken: type_geometrieen) -> npt.NDArray[np.intp]:
    """Pairs of areas that touch, m x 2, each once."""
    i, j = shapely.STRtree(vlakken).query(vlakken, predicate="intersects")
    uit: npt.NDArray[np.intp] = np.column_stack([i, j])[i < j]
    return uit
