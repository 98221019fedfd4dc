"""Before, after and the difference: three panels of one region, two sets of fixed classes, two legends.

Before and after share their classes and so one legend, with a count for each; the difference has its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, stijl
from huisartsdata.uitvoer.indicatoren import Indicator, get_indicator
from huisartsdata.uitvoer.kaartdelen import (
    count_classes,
    find_bounds,
    make_legend,
    make_table,
    name_subject,
    outside_rows,
    prepare_layer,
)
from huisartsdata.uitvoer.kaartindeling import TUSSEN, Grenzen
from huisartsdata.uitvoer.kaartlagen import Venster
from huisartsdata.uitvoer.kaartpaneel import class_fills, draw_panel
from huisartsdata.uitvoer.legenda import Legenda, class_rows, empty_label
from huisartsdata.uitvoer.opmaak import Opmaak, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

    from huisartsdata.uitvoer.kaartpaneel import Kaartlaag

PANELEN = ("voor", "na", "verschil")
VERSCHIL_BEREIK = Indicator(
    naam="verschil_bereik_fte_per_10000",
    titel="Verandering van de bereikbare huisartsenzorg",
    eenheid="fte per 10.000 standaardpatiënten",
    # symmetric: both limits of a class belong to the class nearest zero
    breekpunten=(-0.5, -0.1, 0.1 + 1e-8, 0.5 + 1e-8),
    palet="tweezijdig",
    richting="hoog_gunstig",
    decimalen=1,
    uitleg="Bereikbare huisartsenzorg na min voor; negatief is minder.",
    klassenamen=(
        "meer dan 0,5 minder",
        "0,1 tot 0,5 minder",
        "hoogstens 0,1 verschil",
        "0,1 tot 0,5 meer",
        "meer dan 0,5 meer",
    ),
)


@dataclass(frozen=True)
class _Plan:
    """Where panels and legends go, in points from the lower left corner of the content."""

    schaal: float
    panelen: tuple[tuple[float, float], ...]  # left and upper edge of each panel
    legendas: tuple[tuple[float, float], ...]
    hoogte: float


def teken_verschil(
    gebieden: gpd.GeoDataFrame,
    voor: pd.Series,
    na: pd.Series,
    indicator: Indicator | str,
    verschil: Indicator | str,
    *,
    titel: str,
    bronregel: Bronregel,
    waarden_verschil: pd.Series | None = None,
    ondertitel: str = "",
    soort: str = "gemeenten",
    namen: tuple[str, str, str] = PANELEN,
    onbekend: Mapping[str, pd.Series] | None = None,
    status: Mapping[str, pd.Series] | None = None,
    uitsnede: Sequence[float] | None = None,
    buren: gpd.GeoDataFrame | None = None,
    groepen: pd.Series | None = None,
    water: gpd.GeoDataFrame | None = None,
    leeg: str = GEEN_GEGEVENS,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw before, after and difference beside each other.

    Parameters
    ----------
    gebieden
        Areas by code, EPSG:28992, with ``naam``.
    voor, na
        Numbers by code.
    indicator, verschil
        Classes of the two, and of their difference.
    waarden_verschil
        What the third panel shows; default `na` min `voor`. A loss in percent, for example.
    namen
        Headings of the three panels.
    onbekend, status
        As for ``kaart.gebiedskaart``, per panel (`voor`, `na`, `verschil`).

    Returns
    -------
    Figuur
        Its table has one row per panel and area. The other parameters are those of ``kaart.gebiedskaart``.

    Raises
    ------
    ParameterFout
        If `onbekend` or `status` names a panel that is not there.
    """
    maten = [get_indicator(m) if isinstance(m, str) else m for m in (indicator, indicator, verschil)]
    if vreemd := sorted({*(onbekend or {}), *(status or {})} - set(PANELEN)):
        raise ParameterFout(f"onbekend of status noemt panelen die er niet zijn: {', '.join(vreemd)}")
    leeg = empty_label(leeg, maten[0])
    delta = na - voor if waarden_verschil is None else waarden_verschil
    lagen, tabellen = [], {}
    for paneel, reeks, maat_ in zip(PANELEN, (voor, na, delta), maten, strict=True):
        laag = prepare_layer(
            gebieden, reeks, maat_, onbekend=(onbekend or {}).get(paneel), buren=buren, groepen=groepen, water=water
        )  # fmt: skip
        laag = replace(laag, buurklassen=None)
        tabel = make_table(laag, reeks, maat_, bronregel, status=(status or {}).get(paneel), leeg=leeg)
        tabellen[paneel] = tabel.assign(klasse=tabel["klasse"].astype(str))
        lagen.append(laag)
    grenzen = find_bounds(gebieden, uitsnede, marge=0.01)
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        tekenaars = _legendas(opmaak, lagen, maten, namen=namen, leeg=leeg, soort=soort)
        plan = _plan(opmaak, grenzen, tekenaars)
        blad = opmaak.page(plan.hoogte)
        breed = (grenzen[2] - grenzen[0]) * plan.schaal
        hoog = (grenzen[3] - grenzen[1]) * plan.schaal
        kop = maat.tekst_pt * 1.15
        for naam, laag, maat_, (x, boven) in zip(namen, lagen, maten, plan.panelen, strict=True):
            links, onder = blad.links + x, blad.onder + boven - hoog
            venster = Venster(grenzen[0], grenzen[1], plan.schaal, links, onder, breed, hoog)
            blad.ax.text(
                links, onder + hoog + kop * 0.5, clean(naam), fontsize=kop, fontweight="bold", va="baseline"
            )
            draw_panel(blad.ax, venster, laag, class_fills(maat_), maat)
        for teken, (x, boven) in zip(tekenaars, plan.legendas, strict=True):
            teken(plan.schaal).draw(blad.ax, blad.links + x, blad.onder + boven)
    delen = [f"{n}: {count_classes(laag.klassen)}." for n, laag in zip(namen, lagen, strict=True)]
    zin = (
        f"Drie kaarten: {', '.join(map(clean, namen))}. {titel.rstrip('.')}. {name_subject(maten[0])}; en: "
        f"{name_subject(maten[2]).removeprefix('Getoond is: ')}. Aantal {soort} per klasse. {' '.join(delen)}"
    )
    herkomst = {
        **bronregel.als_dict(), "soort": "verschilkaart", "indicator": maten[0].als_dict(),
        "verschil": maten[2].als_dict(),
    }  # fmt: skip
    uit = pd.concat(tabellen, names=["paneel"])
    return Figuur(
        blad.fig, uit, titel, zin if alt_tekst is None else alt_tekst, bronregel.tekst, herkomst, formaat
    )


def _legendas(
    opmaak: Opmaak,
    lagen: Sequence[Kaartlaag],
    maten: Sequence[Indicator],
    *,
    namen: tuple[str, str, str],
    leeg: str,
    soort: str,
) -> tuple[Callable[[float], Legenda], Callable[[float], Legenda]]:
    """The two legends, each as a function of the scale."""
    samen = class_rows(maten[0], [laag.klassen for laag in lagen[:2]], leeg=leeg) + outside_rows(
        lagen[0], maten[0]
    )
    los = class_rows(maten[2], [lagen[2].klassen], leeg=leeg)

    def eerste(schaal: float) -> Legenda:
        return make_legend(opmaak, maten[0], samen, (clean(namen[0]), clean(namen[1])), schaal)

    def tweede(schaal: float) -> Legenda:
        return make_legend(opmaak, maten[2], los, (clean(soort),), schaal)

    return eerste, tweede


def _plan(
    opmaak: Opmaak, grenzen: Grenzen, legendas: tuple[Callable[[float], Legenda], Callable[[float], Legenda]]
) -> _Plan:
    """The largest of three layouts: in a row above the legends, in a row beside them, two by two with them."""
    w, h = grenzen[2] - grenzen[0], grenzen[3] - grenzen[1]
    breed, hoog, f = opmaak.breedte, opmaak.ruimte, opmaak.formaat
    tussen, kop = TUSSEN * f.lijn, f.tekst_pt * 2.0
    een, twee = (teken(breed / w / 3) for teken in legendas)
    naast = max(een.breedte, twee.breedte)
    onder = max(een.hoogte, twee.hoogte)
    samen = een.hoogte + tussen + twee.hoogte
    past = een.breedte + tussen + twee.breedte <= breed
    schalen = {
        "onder": min((breed - 2 * tussen) / 3 / w, (hoog - kop - tussen - onder) / h) if past else 0.0,
        "naast": min((breed - naast - 3 * tussen) / 3 / w, (hoog - kop) / h) if samen <= hoog else 0.0,
        "vier": min(
            (breed - max(naast, 0) - tussen) / w, (breed - tussen) / 2 / w, (hoog - 2 * kop - tussen) / 2 / h
        ),
    }
    if samen > hoog or samen > schalen["vier"] * h + kop + (hoog - 2 * kop - tussen) / 2:
        schalen["vier"] = 0.0
    vorm = max(schalen, key=lambda k: schalen[k])
    schaal = schalen[vorm]
    pw, ph = w * schaal, h * schaal
    if vorm == "vier":
        nodig = 2 * (ph + kop) + tussen
        nodig = max(nodig, ph + kop + tussen + samen)
        inhoud = hoog if f.vast else nodig
        boven = inhoud - kop
        lager = boven - ph - tussen - kop
        links = pw + tussen
        return _Plan(
            schaal, ((0.0, boven), (links, boven), (0.0, lager)),
            ((links, lager + kop), (links, lager + kop - een.hoogte - tussen)), inhoud,
        )  # fmt: skip
    if vorm == "naast":
        inhoud = hoog if f.vast else max(ph + kop, samen)
        rij = tuple((n * (pw + tussen), inhoud - kop) for n in range(3))
        x = 3 * (pw + tussen)
        return _Plan(schaal, rij, ((x, inhoud), (x, inhoud - een.hoogte - tussen)), inhoud)
    inhoud = hoog if f.vast else kop + ph + tussen + onder
    rij = tuple((n * (pw + tussen), inhoud - kop) for n in range(3))
    y = inhoud - kop - ph - tussen
    # the second legend stands below the third panel, unless it would run off the page
    x = max(een.breedte + tussen, min(2 * (pw + tussen), breed - twee.breedte))
    return _Plan(schaal, rij, ((0.0, y), (x, y)), inhoud)
