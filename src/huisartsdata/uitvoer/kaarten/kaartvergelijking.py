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
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator, get_indicator
from huisartsdata.uitvoer.kaarten.kaartdelen import (
    count_classes,
    find_bounds,
    make_legend,
    make_table,
    name_subject,
    outside_rows,
    prepare_layer,
)
from huisartsdata.uitvoer.kaarten.kaartindeling import TUSSEN, Grenzen
from huisartsdata.uitvoer.kaarten.kaartlagen import Venster
from huisartsdata.uitvoer.kaarten.kaartpaneel import class_fills, draw_panel
from huisartsdata.uitvoer.kaarten.legenda import Legenda, empty_label, legend_rows
from huisartsdata.uitvoer.opmaak import Opmaak, Tekstblok, clean, wrap_balanced

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd

    from huisartsdata.uitvoer.kaarten.kaartpaneel import Kaartlaag

PANELEN = ("voor", "na", "verschil")
SMALLE_KOP = 17.0  # width of the heading of a legend in small type, in sizes of type
KLEINST = 6.0  # a map narrower than this, in sizes of type, shows nothing
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
class Kraplegenda(Legenda):
    """A legend in small type with its lines close together: a slide and half a page have room for no other."""

    @property
    def _regel(self) -> float:
        return self.formaat.tekst_pt * 1.3


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
    samen = legend_rows(
        maten[0],
        [laag.klassen for laag in lagen[:2]],
        leeg=leeg,
        stappen=[laag.stappen for laag in lagen[:2]],
    ) + outside_rows(lagen[0], maten[0])
    los = legend_rows(maten[2], [lagen[2].klassen], leeg=leeg, stappen=[lagen[2].stappen])

    def eerste(schaal: float) -> Legenda:
        return _krap(make_legend(opmaak, maten[0], samen, (clean(namen[0]), clean(namen[1])), schaal))

    def tweede(schaal: float) -> Legenda:
        gewoon = make_legend(opmaak, maten[2], los, (clean(soort),), schaal)
        return _krap(replace(gewoon, stok_m=0.0))  # one bar for three maps of one scale

    return eerste, tweede


def _krap(legenda: Legenda) -> Legenda:
    """The legend as it is on a page; in small type where there is less room."""
    f = legenda.formaat
    if f.naam == "a4":
        return legenda
    tekst = " ".join(legenda.kop.regels)
    kop = Tekstblok(wrap_balanced(tekst, SMALLE_KOP * f.klein_pt, f.klein_pt, vet=True), f.klein_pt, vet=True)
    return Kraplegenda(
        kop, legenda.kolommen, legenda.rijen, replace(f, tekst_pt=f.klein_pt), legenda.stok_m, legenda.schaal
    )


def _plan(
    opmaak: Opmaak, grenzen: Grenzen, legendas: tuple[Callable[[float], Legenda], Callable[[float], Legenda]]
) -> _Plan:
    """The largest of four layouts: legends below, beside (stacked or next to each other), or two by two with them."""
    w, h = grenzen[2] - grenzen[0], grenzen[3] - grenzen[1]
    breed, hoog, f = opmaak.breedte, opmaak.ruimte, opmaak.formaat
    tussen, kop = TUSSEN * f.lijn, f.tekst_pt * 2.0
    een, twee = (teken(breed / w / 3) for teken in legendas)
    naast, rij_breed = max(een.breedte, twee.breedte), een.breedte + tussen + twee.breedte
    onder, samen = max(een.hoogte, twee.hoogte), een.hoogte + tussen + twee.hoogte
    schalen = {
        "onder": min((breed - 2 * tussen) / 3 / w, (hoog - kop - tussen - onder) / h) * (rij_breed <= breed),
        "naast": min((breed - naast - 3 * tussen) / 3 / w, (hoog - kop) / h) * (samen <= hoog),
        "twee": min((breed - rij_breed - 3 * tussen) / 3 / w, (hoog - kop) / h) * (onder <= hoog),
        "vier": min(
            (breed - naast - tussen) / w, (breed - tussen) / 2 / w, (hoog - 2 * kop - tussen) / 2 / h
        ),
    }
    if samen > schalen["vier"] * h + kop + (hoog - 2 * kop - tussen) / 2:
        schalen["vier"] = 0.0
    vorm = max(schalen, key=lambda k: schalen[k])
    schaal = schalen[vorm]
    pw, ph = w * schaal, h * schaal
    if pw < KLEINST * f.tekst_pt:
        raise ParameterFout(
            f"op formaat {f.naam} passen drie kaarten met hun legenda niet; kies een ander formaat"
        )
    nodig = {
        "onder": kop + ph + tussen + onder,
        "naast": max(ph + kop, samen),
        "twee": max(ph + kop, onder),
        "vier": max(2 * (ph + kop) + tussen, ph + kop + tussen + samen),
    }
    inhoud = hoog if f.vast else nodig[vorm]
    boven = inhoud - kop
    rij = tuple((n * (pw + tussen), boven) for n in range(3))
    if vorm == "vier":
        lager, links = boven - ph - tussen - kop, pw + tussen
        blokken = ((links, lager + kop), (links, lager + kop - een.hoogte - tussen))
        return _Plan(schaal, ((0.0, boven), (links, boven), (0.0, lager)), blokken, inhoud)
    if vorm == "onder":
        y = boven - ph - tussen
        # the second legend stands below the third panel, unless it would run off the page
        x = max(een.breedte + tussen, min(2 * (pw + tussen), breed - twee.breedte))
        return _Plan(schaal, rij, ((0.0, y), (x, y)), inhoud)
    x = 3 * (pw + tussen)
    tweede = (x, inhoud - een.hoogte - tussen) if vorm == "naast" else (x + een.breedte + tussen, inhoud)
    return _Plan(schaal, rij, ((x, inhoud), tweede), inhoud)
