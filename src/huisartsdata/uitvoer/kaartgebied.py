"""What a map of a region needs around it: its areas, neighbours, water, outlines and names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import shapely

from huisartsdata.bronnen.catalogus import PEILJAAR
from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import (
    gebiedskolommen,
    load_buurten,
    load_buurtvlakken,
    load_gemeenten,
    load_water,
    load_wijken,
    zoek_gebied,
)

if TYPE_CHECKING:
    import geopandas as gpd

Niveau = Literal["gemeente", "wijk", "buurt"]
MARGE = 0.07  # of the width: enough to see which gemeenten lie around
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
    gebied: str | Collection[str] = "land:Nederland",
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
        Name of the region where several gemeenten are given.

    Raises
    ------
    OnbekendGebiedFout
        For an unknown area, or a region without buurt polygons.

    Examples
    --------
    >>> k = load_kaartgebied("PV22", niveau="wijk")
    >>> k.naam, k.soort, len(k.gebieden)
    ('Drenthe', 'wijken', 189)
    """
    if niveau not in SOORTNAMEN:
        raise ParameterFout(f"niveau '{niveau}' kan niet; kies uit {', '.join(SOORTNAMEN)}")
    if isinstance(gebied, str):
        soort, code, gevonden = zoek_gebied(gebied, peiljaar=peiljaar)
        grof = load_gemeenten(peiljaar=peiljaar)
        van_gebied = gebiedskolommen(soort, grof)[0]
        gemeenten = list(grof.index[van_gebied == code])
        naam = naam or gevonden
    else:
        grof = load_gemeenten(peiljaar=peiljaar)
        if vreemd := sorted(set(gebied) - set(grof.index)):
            raise OnbekendGebiedFout(f"geen gemeentecodes van {peiljaar}: {', '.join(vreemd)}", vreemd)
        gemeenten = sorted(gebied)
    if len(gemeenten) == len(grof):
        return _land(grof, niveau, naam, peiljaar)
    fijn = load_gemeenten(peiljaar=peiljaar, detail="regio")
    eigen = fijn.loc[gemeenten]
    vlakken, gm_code = _vlakken(niveau, gemeenten, fijn, peiljaar)
    x0, y0, x1, y1 = map(float, eigen.total_bounds)
    rand = MARGE * max(x1 - x0, y1 - y0)
    uitsnede = (x0 - rand, y0 - rand, x1 + rand, y1 + rand)
    raakt = fijn.geometry.intersects(shapely.box(*uitsnede))
    labels = eigen[["naam", "inwoners", "geometry"]].rename(columns={"inwoners": "gewicht"})
    return Kaartgebied(
        naam=naam,
        gebieden=vlakken,
        buren=fijn.loc[raakt & ~fijn.index.isin(gemeenten), ["naam", "geometry"]],
        groepen=None if niveau == "gemeente" else gm_code,
        water=load_water(peiljaar=peiljaar)[["geometry"]],
        labels=labels,
        uitsnede=uitsnede,
        soort=SOORTNAMEN[niveau],
    )


def _land(grof: gpd.GeoDataFrame, niveau: Niveau, naam: str, peiljaar: int) -> Kaartgebied:
    if niveau == "buurt":
        raise OnbekendGebiedFout(
            "buurtvlakken zijn er alleen voor Drenthe en de Drechtsteden; kies niveau 'wijk'"
        )
    vlakken = grof if niveau == "gemeente" else load_wijken(peiljaar=peiljaar)
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
