"""What a map of a region needs around it: its areas, neighbours, water, outlines and names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely

from huisartsdata.bronnen.catalogus import PEILJAAR
from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import (
    LANDNAAM,
    gebiedskolommen,
    load_buurten,
    load_buurtvlakken,
    load_gemeenten,
    load_water,
    load_wijken,
    zoek_gebied,
)
from huisartsdata.gebieden.water import load_barrieres, load_rivieren

if TYPE_CHECKING:
    import geopandas as gpd

Niveau = Literal["gemeente", "wijk", "buurt"]
MAX_NAMEN = 3  # more names than this make no title
MIN_RIVIER = 0.05  # of the width: a shorter piece is a corner of the map
MARGE = 0.07  # of the width: enough to see which gemeenten lie around
BREED = ("zeearm", "meer")  # barriers that are wider than any river: named first
LANGER_DAN_ZIJN_NAAM = ("Marsdiep",)  # its line runs on through the Waddenzee, which has another name
WATERNAAM = {"Noord": "De Noord"}  # a name that would read as a point of the compass
SOORTNAMEN = {"gemeente": "gemeenten", "wijk": "wijken", "buurt": "buurten"}


@dataclass(frozen=True, eq=False)
class Kaartgebied:
    """Layers of a map of one region; `lagen` goes into `kaart.gebiedskaart` as keywords."""

    naam: str
    gebieden: gpd.GeoDataFrame
    buren: gpd.GeoDataFrame | None
    groepen: pd.Series | None
    water: gpd.GeoDataFrame
    labels: gpd.GeoDataFrame | None
    uitsnede: tuple[float, float, float, float] | None
    soort: str

    @property
    def lagen(self) -> dict[str, Any]:
        """Keywords of `gebiedskaart`, without areas and values."""
        return {
            "buren": self.buren,
            "groepen": self.groepen,
            "water": self.water,
            "labels": self.labels,
            "uitsnede": self.uitsnede,
            "soort": self.soort,
        }


def load_kaartgebied(
    gebied: str | Iterable[str] = "land:Nederland",
    *,
    niveau: Niveau = "gemeente",
    naam: str = "",
    peiljaar: int = PEILJAAR,
) -> Kaartgebied:
    """Gather the layers of a map.

    Parameters
    ----------
    gebied
        Code, gemeente name or ``soort:naam``, or several codes of gemeenten.
    niveau
        Areas to colour: ``gemeente``, ``wijk``, or ``buurt`` where buurt polygons are at hand
        (Drenthe and the Drechtsteden).
    naam
        Name of the region; else its own, or the names of the gemeenten given.

    Raises
    ------
    OnbekendGebiedFout
        For an unknown area, or a region without buurt polygons.
    ParameterFout
        For an unknown level, or no gemeenten at all.

    Examples
    --------
    >>> k = load_kaartgebied("PV22", niveau="wijk")
    >>> k.naam, k.soort, len(k.gebieden)
    ('Drenthe', 'wijken', 189)
    """
    if not isinstance(niveau, str) or niveau not in SOORTNAMEN:
        raise ParameterFout(f"niveau {niveau!r:.40} kan niet; kies uit {', '.join(SOORTNAMEN)}")
    if isinstance(gebied, str):
        soort, code, gevonden = zoek_gebied(gebied, peiljaar=peiljaar)
        grof = load_gemeenten(peiljaar=peiljaar)
        van_gebied = gebiedskolommen(soort, grof)[0]
        gemeenten = list(grof.index[van_gebied == code])
        naam = naam or gevonden
    else:
        grof = load_gemeenten(peiljaar=peiljaar)
        gemeenten = _gemeenten(gebied, grof, peiljaar)
        naam = naam or _noem(sorted(grof.loc[gemeenten, "naam"]), len(grof))
    if len(gemeenten) == len(grof):
        return _land(grof, niveau, naam, peiljaar)
    fijn = load_gemeenten(peiljaar=peiljaar, detail="regio")
    eigen = fijn.loc[gemeenten]
    vlakken, gm_code = _vlakken(niveau, gemeenten, fijn, peiljaar)
    if niveau != "gemeente" and len(gemeenten) > 1:
        vlakken = vlakken.assign(gemeente=gm_code.map(grof["naam"]))
    x0, y0, x1, y1 = map(float, eigen.total_bounds)
    rand = MARGE * max(x1 - x0, y1 - y0)
    uitsnede = (x0 - rand, y0 - rand, x1 + rand, y1 + rand)
    raakt = fijn.geometry.intersects(shapely.box(*uitsnede))
    namen = eigen[["naam", "inwoners", "geometry"]].rename(columns={"inwoners": "gewicht"})
    lijnen = _rivieren(uitsnede, peiljaar)
    water = load_water(peiljaar=peiljaar)[["geometry"]]
    labels = pd.concat([namen.assign(soort="gebied"), _waternamen(lijnen, water, uitsnede, peiljaar)])
    return Kaartgebied(
        naam=naam,
        gebieden=vlakken,
        buren=fijn.loc[raakt & ~fijn.index.isin(gemeenten), ["naam", "geometry"]],
        groepen=None if niveau == "gemeente" else gm_code,
        water=pd.concat([water, lijnen[["geometry"]]]),
        labels=labels,
        uitsnede=uitsnede,
        soort=SOORTNAMEN[niveau],
    )


def _rivieren(uitsnede: tuple[float, float, float, float], peiljaar: int) -> gpd.GeoDataFrame:
    """Rivers within the map: lines along the middle of the water, for orientation."""
    rivieren = load_rivieren(peiljaar=peiljaar)[["naam", "geometry"]].clip(shapely.box(*uitsnede))
    return rivieren[rivieren.length > MIN_RIVIER * (uitsnede[2] - uitsnede[0])]


def _waternamen(
    rivieren: gpd.GeoDataFrame,
    water: gpd.GeoDataFrame,
    uitsnede: tuple[float, float, float, float],
    peiljaar: int,
) -> gpd.GeoDataFrame:
    """Names of water on the map, each once: sea arms and lakes first, then rivers, the longest first.

    A name that shares a part with a longer water is left out: after "Bergsche Maas en Amer" no "Hollandsch
    Diep en Amer", for which part of the line would be which is not known.
    """
    import geopandas as gpd

    vak = shapely.box(*uitsnede)
    breed = load_barrieres(peiljaar=peiljaar)
    breed = breed[breed["soort"].isin(BREED) & ~breed["naam"].isin(LANGER_DAN_ZIJN_NAAM)]
    breed = breed.loc[breed.intersects(vak), ["naam", "geometry"]]
    nat = water.geometry.to_numpy()
    nat = shapely.clip_by_rect(nat[shapely.intersects(nat, vak)], *uitsnede)
    lang = uitsnede[2] - uitsnede[0]
    uit: list[tuple[str, Any, float]] = []
    gehad: set[str] = set()
    for reeks, voorrang in ((breed, 1e6), (rivieren, 0.0)):
        vormen = {str(n): shapely.union_all(g.geometry.to_numpy()) for n, g in reeks.groupby("naam")}
        if voorrang and len(nat):  # the middle line of an arm runs on into the sea: only what lies in water
            delen = {n: shapely.intersection(nat, lijn) for n, lijn in vormen.items()}
            vormen = {n: shapely.union_all(d[shapely.length(d) > 0]) for n, d in delen.items()}
        for naam, vorm in sorted(vormen.items(), key=lambda nv: (-nv[1].length, nv[0])):
            delen_ = _naamdelen(naam)
            if delen_ & gehad or vorm.length <= MIN_RIVIER * lang:
                continue
            gehad |= delen_
            uit.append((WATERNAAM.get(naam, naam), vorm, voorrang + vorm.length))
    namen, lijnen, gewicht = zip(*uit, strict=True) if uit else ((), (), ())
    return gpd.GeoDataFrame(
        {"naam": list(namen), "gewicht": list(gewicht), "soort": "water"},
        geometry=list(lijnen),
        crs=water.crs,
    )


def _naamdelen(naam: str) -> set[str]:
    """The waters in one name.

    >>> sorted(_naamdelen("Eendracht (Schelde-Rijnkanaal)"))
    ['Eendracht', 'Schelde-Rijnkanaal']
    """
    return {d.strip(" )") for d in naam.replace(" (", " en ").split(" en ")}


def _gemeenten(gebied: Iterable[str], grof: gpd.GeoDataFrame, peiljaar: int) -> list[str]:
    """The codes given, each once, sorted."""
    if not isinstance(gebied, Iterable):
        raise ParameterFout(f"geef een gebied of codes van gemeenten, geen {type(gebied).__name__}")
    codes = list(gebied)
    if not codes:
        raise ParameterFout("er zijn geen gemeenten gegeven; geef minstens één code, zoals GM0106")
    if vreemd := [str(c) for c in codes if not isinstance(c, str) or c not in grof.index]:
        raise OnbekendGebiedFout(f"geen gemeentecodes van {peiljaar}: {', '.join(vreemd[:20])}", vreemd)
    return sorted(set(codes))


def _noem(namen: list[str], alle: int) -> str:
    """What a few gemeenten are called together."""
    if len(namen) == alle:
        return LANDNAAM
    if len(namen) > MAX_NAMEN:
        return f"{len(namen)} gemeenten"
    *eerste, laatste = namen
    return f"{', '.join(eerste)} en {laatste}" if eerste else laatste


def _land(grof: gpd.GeoDataFrame, niveau: Niveau, naam: str, peiljaar: int) -> Kaartgebied:
    if niveau == "buurt":
        vlakken = benaderde_buurten(peiljaar=peiljaar)
    else:
        vlakken = grof if niveau == "gemeente" else load_wijken(peiljaar=peiljaar)
    if niveau != "gemeente":  # a wijk is told by its gemeente
        vlakken = vlakken.assign(gemeente=vlakken["gm_code"].map(grof["naam"]))
    provincie = grof["provincie_code"]
    return Kaartgebied(
        naam=naam,
        gebieden=vlakken,
        buren=None,
        groepen=provincie if niveau == "gemeente" else vlakken["gm_code"].map(provincie),
        water=load_water(peiljaar=peiljaar)[["geometry"]],
        labels=None,
        uitsnede=None,
        soort=SOORTNAMEN[niveau],
    )


def _vlakken(
    niveau: Niveau, gemeenten: list[str], fijn: gpd.GeoDataFrame, peiljaar: int
) -> tuple[gpd.GeoDataFrame, pd.Series]:
    if niveau == "gemeente":
        eigen = fijn.loc[gemeenten]
        return eigen, pd.Series(eigen.index, index=eigen.index)
    if niveau == "wijk":
        wijken = load_wijken(peiljaar=peiljaar)
        wijken = wijken[wijken["gm_code"].isin(gemeenten)]
        return wijken, wijken["gm_code"]
    punten = load_buurten(peiljaar=peiljaar)
    punten = punten[punten["gm_code"].isin(gemeenten)]
    vorm = load_buurtvlakken(peiljaar=peiljaar).geometry
    if zonder := sorted(set(punten.loc[~punten.index.isin(vorm.index), "gm_code"])):
        raise OnbekendGebiedFout(
            f"buurtvlakken zijn er alleen voor Drenthe en de Drechtsteden, niet voor {', '.join(zonder)}; "
            "kies niveau 'wijk'",
            zonder,
        )
    buurten = punten.set_geometry(vorm.reindex(punten.index))
    return buurten, buurten["gm_code"]


def benaderde_buurten(*, peiljaar: int = PEILJAAR) -> gpd.GeoDataFrame:
    """Every buurt as the part of its wijk that lies nearest to its point: for maps of the country only.

    Polygons of buurten are at hand for two regions; on a map of the country these cells differ from
    them by less than a line is wide.
    """
    buurten = load_buurten(peiljaar=peiljaar)
    buurten = buurten[buurten.geometry.notna()]
    wijken = load_wijken(peiljaar=peiljaar).geometry
    vormen = pd.Series(index=buurten.index, dtype="object")
    for wk_code, groep in buurten.groupby("wk_code"):
        wijk = wijken[wk_code]
        if len(groep) == 1:
            vormen[groep.index[0]] = wijk
            continue
        punten = groep.geometry.to_numpy()
        cellen = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(punten), extend_to=wijk))
        punt, cel = shapely.STRtree(cellen).query(punten, predicate="intersects")
        eigen = shapely.intersection(cellen[cel[np.unique(punt, return_index=True)[1]]], wijk)
        for code, vorm in zip(groep.index, eigen, strict=True):
            vormen[code] = vorm
    import geopandas as gpd

    vlak = [
        shapely.multipolygons(
            [d for d in shapely.get_parts(shapely.make_valid(g)) if d.geom_type == "Polygon"]
        )
        for g in shapely.set_precision(vormen.to_numpy(), 1.0)
    ]
    return buurten.set_geometry(gpd.GeoSeries(vlak, index=buurten.index, crs=buurten.crs))
