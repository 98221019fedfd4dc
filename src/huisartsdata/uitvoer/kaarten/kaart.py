"""Maps of areas in classes: one map, or a series of small ones that share their classes and scale.

A map is a view: tables in, ``Figuur`` out. Which class an area gets is decided in ``indicatoren``, where
things go in ``kaartindeling``, what a layer looks like in ``kaartlagen``. Title, source line, legend with
counts, class without data and scale bar are not options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, stijl
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator, get_indicator
from huisartsdata.uitvoer.kaarten.kaartdelen import (
    count_classes,
    describe,
    find_bounds,
    make_legend,
    make_table,
    name_subject,
    outside_rows,
    prepare_layer,
)
from huisartsdata.uitvoer.kaarten.kaartindeling import arrange, arrange_grid
from huisartsdata.uitvoer.kaarten.kaartpaneel import class_fills, draw_labels, draw_panel, has_rows
from huisartsdata.uitvoer.kaarten.legenda import Legenda, empty_label, legend_rows
from huisartsdata.uitvoer.opmaak import Opmaak, clean

if TYPE_CHECKING:
    import geopandas as gpd


def gebiedskaart(
    gebieden: gpd.GeoDataFrame,
    waarden: pd.Series,
    indicator: Indicator | str,
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    soort: str = "gemeenten",
    onbekend: pd.Series | None = None,
    status: pd.Series | None = None,
    uitsnede: Sequence[float] | None = None,
    buren: gpd.GeoDataFrame | None = None,
    groepen: pd.Series | None = None,
    water: gpd.GeoDataFrame | None = None,
    labels: gpd.GeoDataFrame | None = None,
    leeg: str = GEEN_GEGEVENS,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw a map of areas coloured by class.

    Parameters
    ----------
    gebieden
        Areas by code, EPSG:28992, with ``naam``; one row per area that counts in the legend.
    waarden
        Numbers by code. Areas without a number are drawn as the class ``leeg``; codes that also occur in
        ``buren`` colour those faintly.
    indicator
        What is shown; a name from ``indicatoren.INDICATOREN`` or an ``Indicator``.
    titel
        The finding, as a sentence.
    bronregel
        Source, peiljaren, norm, functie and status.
    ondertitel
        What is shown, where and when.
    soort
        What the areas are called in the legend: gemeenten, wijken, regio's.
    onbekend
        Boolean by code: the data cannot say.
    status
        Status of each value by code, needed when the source line names more than one.
    uitsnede
        Bounds in metres (xmin, ymin, xmax, ymax); default the areas with a margin.
    buren
        Areas around, for orientation; a column ``naam`` gives their names.
    groepen
        Group of each area by code (its province or gemeente): drawn as a stronger outline.
    water
        Polygons and lines of water; lines are drawn on top, for rivers that are only known as a border.
    labels
        Names to write: geometry (point, or area whose middle is used), ``naam``, and if wanted ``soort``
        (``gebied``, ``plaats`` with a dot, ``buur``, ``water``) and ``gewicht`` (largest placed first).
    leeg
        Name of the class without a number, where it is known why: ``geen praktijk``.
    alt_tekst
        Text for who cannot see the map; default made from the numbers.
    formaat
        ``a4``, ``half`` or ``dia``.

    Returns
    -------
    Figuur
        The map with its table (naam, value, status, class per area) and provenance.

    Raises
    ------
    OnbekendGebiedFout
        If values or groups name codes without an area, or an area occurs twice.
    HuisartsdataFout
        If a value is not a number, or coordinates are not in EPSG:28992.
    """
    maatstaf = get_indicator(indicator) if isinstance(indicator, str) else indicator
    leeg = empty_label(leeg, maatstaf)
    laag = prepare_layer(
        gebieden, waarden, maatstaf, onbekend=onbekend, buren=buren, groepen=groepen, water=water
    )
    tabel = make_table(laag, waarden, maatstaf, bronregel, status=status, leeg=leeg)
    grenzen = find_bounds(gebieden, uitsnede, marge=0.06 if buren is not None else 0.005)
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        rijen = legend_rows(maatstaf, [laag.klassen], leeg=leeg, stappen=[laag.stappen])
        rijen += outside_rows(laag, maatstaf)

        def legenda(schaal: float) -> Legenda:
            return make_legend(opmaak, maatstaf, rijen, (clean(soort),), schaal)

        indeling = arrange(opmaak, grenzen, legenda, gebieden.geometry.to_numpy(), vol=has_rows(laag.buren))
        blad = opmaak.page(indeling.hoogte)
        indeling = indeling.on_page(blad)
        venster = indeling.vensters[0]
        draw_panel(blad.ax, venster, laag, class_fills(maatstaf), maat)
        indeling.legenda.draw(blad.ax, indeling.x, indeling.boven)
        draw_labels(
            blad.ax,
            venster,
            laag,
            labels=labels,
            maat=maat,
            bezet=[indeling.doos],
            vullingen=class_fills(maatstaf),
        )
    tekst = alt_tekst
    if tekst is None:
        tekst = describe(tabel, maatstaf, titel=titel, soort=soort, gebieden=gebieden)
    herkomst = {**bronregel.als_dict(), "soort": "kaart", "indicator": maatstaf.als_dict()}
    return Figuur(blad.fig, tabel, titel, tekst, bronregel.tekst, herkomst, formaat)


def kaartreeks(
    gebieden: gpd.GeoDataFrame | Mapping[str, gpd.GeoDataFrame],
    waarden: Mapping[str, pd.Series],
    indicator: Indicator | str,
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    soort: str = "gemeenten",
    onbekend: Mapping[str, pd.Series] | None = None,
    status: Mapping[str, pd.Series] | None = None,
    uitsnede: Sequence[float] | None = None,
    buren: gpd.GeoDataFrame | None = None,
    groepen: pd.Series | None = None,
    water: gpd.GeoDataFrame | None = None,
    kolommen: int | None = None,
    leeg: str = GEEN_GEGEVENS,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw small maps side by side that share window, scale and classes; the legend counts per panel.

    Parameters
    ----------
    gebieden
        Areas for all panels, or per panel (each year on its own map).
    waarden
        Panel name -> numbers by code, in the order of reading.
    onbekend, status
        As for ``gebiedskaart``, per panel.
    kolommen
        Panels beside each other; default three on paper, four on a slide.
    leeg
        Name of the class without a number, for all panels.

    Returns
    -------
    Figuur
        Its table has one row per panel and area. The other parameters are those of ``gebiedskaart``.
    """
    if not waarden:
        raise HuisartsdataFout("Een kaartreeks heeft minstens een paneel nodig; waarden is leeg.")
    maatstaf = get_indicator(indicator) if isinstance(indicator, str) else indicator
    leeg = empty_label(leeg, maatstaf)
    lagen, tabellen = {}, {}
    for paneel, reeks in waarden.items():
        vlak = gebieden[paneel] if isinstance(gebieden, Mapping) else gebieden
        groep = None if groepen is None else groepen[groepen.index.isin(vlak.index)]
        lagen[paneel] = prepare_layer(
            vlak,
            reeks,
            maatstaf,
            onbekend=(onbekend or {}).get(paneel),
            buren=buren,
            groepen=groep,
            water=water,
        )
        tabellen[paneel] = make_table(
            lagen[paneel], reeks, maatstaf, bronregel, status=(status or {}).get(paneel), leeg=leeg
        )
    tabel = pd.concat(tabellen, names=["paneel"])
    grenzen = find_bounds(
        pd.concat([laag.gebieden[["geometry"]] for laag in lagen.values()]), uitsnede, marge=0.01
    )
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        klassen = [laag.klassen for laag in lagen.values()]
        stappen = [laag.stappen for laag in lagen.values()]
        rijen = legend_rows(maatstaf, klassen, leeg=leeg, stappen=stappen)
        rijen += outside_rows(next(iter(lagen.values())), maatstaf)

        def legenda(schaal: float) -> Legenda:
            return make_legend(opmaak, maatstaf, rijen, tuple(map(clean, waarden)), schaal)

        naast = min(len(lagen), kolommen or (4 if maat.vast else 3))
        indeling = arrange_grid(opmaak, grenzen, legenda, len(lagen), naast)
        blad = opmaak.page(indeling.hoogte)
        indeling = indeling.on_page(blad)
        for (paneel, laag), venster in zip(lagen.items(), indeling.vensters, strict=True):
            kop = maat.tekst_pt * 1.15
            boven = venster.onder + venster.hoogte + kop * 0.5
            blad.ax.text(venster.links, boven, clean(paneel), fontsize=kop, fontweight="bold", va="baseline")
            draw_panel(blad.ax, venster, laag, class_fills(maatstaf), maat)
        indeling.legenda.draw(blad.ax, indeling.x, indeling.boven)
    delen = [f"{p}: {count_classes(t['klasse'])}." for p, t in tabellen.items()]
    zin = f"Kaartreeks. {titel.rstrip('.')}. {name_subject(maatstaf)}. Aantal {soort} per klasse. {' '.join(delen)}"
    tekst = zin if alt_tekst is None else alt_tekst
    herkomst = {**bronregel.als_dict(), "soort": "kaartreeks", "indicator": maatstaf.als_dict()}
    return Figuur(blad.fig, tabel, titel, tekst, bronregel.tekst, herkomst, formaat)
