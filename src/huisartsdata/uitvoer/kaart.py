"""Maps of areas in classes: one map, or a series of small ones that share their classes and scale.

A map is a view: tables in, ``Figuur`` out. Which class an area gets is decided in ``indicatoren``, where
things go in ``kaartindeling``, what a layer looks like in ``kaartlagen``. Title, source line, legend with
counts, class without data and scale bar are not options.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, KLEUREN, MM, stijl
from huisartsdata.uitvoer.indicatoren import Indicator, classify, get_indicator
from huisartsdata.uitvoer.kaartindeling import Grenzen, arrange, arrange_grid
from huisartsdata.uitvoer.kaartpaneel import Kaartlaag, draw_labels, draw_panel, fade, has_rows
from huisartsdata.uitvoer.legenda import Legenda, Rij, class_rows, empty_label, round_length
from huisartsdata.uitvoer.opmaak import Opmaak, Tekstblok, clean, wrap_balanced

if TYPE_CHECKING:
    import geopandas as gpd

STOK = 24 * MM  # the scale bar is at most this long
KOP_DEEL = 0.27  # the heading of the legend may be this part of the page wide


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
    laag = _prepare(gebieden, waarden, maatstaf, onbekend=onbekend, buren=buren, groepen=groepen, water=water)
    tabel = _table(laag, waarden, maatstaf, bronregel, status=status, leeg=leeg)
    grenzen = _bounds(gebieden, uitsnede, marge=0.06 if buren is not None else 0.005)
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        rijen = class_rows(maatstaf, [laag.klassen], leeg=leeg) + _outside(laag, maatstaf)

        def legenda(schaal: float) -> Legenda:
            return _legend(opmaak, maatstaf, rijen, (clean(soort),), schaal)

        indeling = arrange(opmaak, grenzen, legenda, gebieden.geometry.to_numpy(), vol=has_rows(laag.buren))
        blad = opmaak.page(indeling.hoogte)
        indeling = indeling.on_page(blad)
        venster = indeling.vensters[0]
        draw_panel(blad.ax, venster, laag, maatstaf, maat)
        indeling.legenda.draw(blad.ax, indeling.x, indeling.boven)
        draw_labels(blad.ax, venster, laag, labels=labels, maat=maat, bezet=[indeling.doos])
    tekst = describe(tabel, maatstaf, titel=titel, soort=soort) if alt_tekst is None else alt_tekst
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
        lagen[paneel] = _prepare(
            vlak,
            reeks,
            maatstaf,
            onbekend=(onbekend or {}).get(paneel),
            buren=buren,
            groepen=groep,
            water=water,
        )
        tabellen[paneel] = _table(
            lagen[paneel], reeks, maatstaf, bronregel, status=(status or {}).get(paneel), leeg=leeg
        )
    tabel = pd.concat(tabellen, names=["paneel"])
    grenzen = _bounds(
        pd.concat([laag.gebieden[["geometry"]] for laag in lagen.values()]), uitsnede, marge=0.01
    )
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        klassen = [laag.klassen for laag in lagen.values()]
        rijen = class_rows(maatstaf, klassen, leeg=leeg) + _outside(next(iter(lagen.values())), maatstaf)

        def legenda(schaal: float) -> Legenda:
            return _legend(opmaak, maatstaf, rijen, tuple(map(clean, waarden)), schaal)

        naast = min(len(lagen), kolommen or (4 if maat.vast else 3))
        indeling = arrange_grid(opmaak, grenzen, legenda, len(lagen), naast)
        blad = opmaak.page(indeling.hoogte)
        indeling = indeling.on_page(blad)
        for (paneel, laag), venster in zip(lagen.items(), indeling.vensters, strict=True):
            kop = maat.tekst_pt * 1.15
            boven = venster.onder + venster.hoogte + kop * 0.5
            blad.ax.text(venster.links, boven, clean(paneel), fontsize=kop, fontweight="bold", va="baseline")
            draw_panel(blad.ax, venster, laag, maatstaf, maat)
        indeling.legenda.draw(blad.ax, indeling.x, indeling.boven)
    delen = [f"{p}: {_counts(t['klasse'])}." for p, t in tabellen.items()]
    zin = (
        f"Kaartreeks. {titel.rstrip('.')}. {_subject(maatstaf)}. Aantal {soort} per klasse. {' '.join(delen)}"
    )
    tekst = zin if alt_tekst is None else alt_tekst
    herkomst = {**bronregel.als_dict(), "soort": "kaartreeks", "indicator": maatstaf.als_dict()}
    return Figuur(blad.fig, tabel, titel, tekst, bronregel.tekst, herkomst, formaat)


def describe(tabel: pd.DataFrame, indicator: Indicator, *, titel: str, soort: str, aantal: int = 3) -> str:
    """Say in words what a map says: the finding, the counts per class, the extremes.

    Parameters
    ----------
    tabel
        The table behind a map: naam, the indicator's column, klasse.
    aantal
        How many areas to name at each end.

    Returns
    -------
    str
        Dutch prose; equal values are named in order of code.
    """
    waarden = tabel[indicator.naam].dropna().sort_index().sort_values(kind="stable")

    def noem(reeks: pd.Series) -> str:
        namen = tabel.loc[reeks.index, "naam"].tolist()
        paren = zip(namen, reeks.tolist(), strict=True)
        return ", ".join(f"{naam} ({indicator.schrijf_met_eenheid(waarde)})" for naam, waarde in paren)

    kop = f"Kaart. {titel.rstrip('.')}. {_subject(indicator)}, {len(tabel)} {soort}. "
    uitersten = ""
    if len(waarden) > 2 * aantal:
        hoog = tabel[indicator.naam].dropna().sort_index().sort_values(ascending=False, kind="stable")
        uitersten = f" Hoogste: {noem(hoog.head(aantal))}. Laagste: {noem(waarden.head(aantal))}."
    return f"{kop}Per klasse: {_counts(tabel['klasse'])}.{uitersten}"


def _subject(indicator: Indicator) -> str:
    eenheid = f" ({indicator.eenheid})" if indicator.eenheid else ""
    return f"Getoond is: {indicator.titel[:1].lower()}{indicator.titel[1:]}{eenheid}"


def _counts(klassen: pd.Series) -> str:
    tel = {str(k): int((klassen == k).sum()) for k in klassen.cat.categories}
    return "; ".join(f"{klasse}: {aantal}" for klasse, aantal in tel.items() if aantal)


def _prepare(
    gebieden: gpd.GeoDataFrame,
    waarden: pd.Series,
    indicator: Indicator,
    *,
    onbekend: pd.Series | None,
    buren: gpd.GeoDataFrame | None,
    groepen: pd.Series | None,
    water: gpd.GeoDataFrame | None,
) -> Kaartlaag:
    for wat, tafel in (("gebieden", gebieden), ("buren", buren), ("water", water)):
        if tafel is not None and tafel.crs is not None and tafel.crs.to_epsg() != 28992:
            raise HuisartsdataFout(
                f"De coordinaten van {wat} zijn niet in EPSG:28992. Gebruik .to_crs(28992)."
            )
    for wat, index in (("gebieden", gebieden.index), ("waarden", waarden.index)):
        dubbel = sorted(set(index[index.duplicated()].astype(str)))
        if dubbel:
            raise OnbekendGebiedFout(f"Codes komen dubbel voor in {wat}: {', '.join(dubbel[:20])}.", dubbel)
    if not len(gebieden):
        raise HuisartsdataFout("Er zijn geen gebieden om te tekenen.")
    if buren is not None:
        buren = buren[~buren.index.isin(gebieden.index)]
    bekend = gebieden.index if buren is None else gebieden.index.union(buren.index)
    for wat, tafel in (("waarden", waarden), ("onbekend", onbekend), ("groepen", groepen)):
        vreemd = [] if tafel is None else sorted(map(str, tafel.index.difference(bekend)))
        if vreemd:
            raise OnbekendGebiedFout(
                f"{wat} noemt {len(vreemd)} codes zonder gebied op de kaart: {', '.join(vreemd[:20])}. "
                f"Geef alleen de gebieden van de kaart: {wat}[{wat}.index.isin(gebieden.index)].",
                vreemd,
            )
    if not pd.api.types.is_numeric_dtype(waarden):
        raise HuisartsdataFout(f"De waarden zijn geen getallen maar {waarden.dtype}. Zet ze eerst om.")
    klassen = classify(waarden.reindex(gebieden.index), indicator, onbekend)
    buurklassen = None
    if buren is not None and buren.index.isin(waarden.index).any():
        buurklassen = classify(waarden.reindex(buren.index), indicator, onbekend)
    groep = None if groepen is None else groepen.reindex(gebieden.index)
    return Kaartlaag(gebieden, klassen, buren, buurklassen, groep, water)


def _table(
    laag: Kaartlaag,
    waarden: pd.Series,
    indicator: Indicator,
    bronregel: Bronregel,
    *,
    status: pd.Series | None,
    leeg: str,
) -> pd.DataFrame:
    index = laag.gebieden.index
    if status is None and len(bronregel.status) > 1:
        raise HuisartsdataFout(
            f"De bronregel noemt meer dan een status ({', '.join(bronregel.status)}). "
            "Geef status= per gebied."
        )
    getallen = waarden.reindex(index).astype(float)
    per_gebied = pd.Series(bronregel.status[0], index=index) if status is None else status.reindex(index)
    return pd.DataFrame(
        {
            "naam": laag.gebieden["naam"].astype(str) if "naam" in laag.gebieden else index.astype(str),
            indicator.naam: getallen,
            f"{indicator.naam}_status": per_gebied.where(getallen.notna()),
            "klasse": laag.klassen.cat.rename_categories({GEEN_GEGEVENS: leeg}),
        }
    ).rename_axis(index.name or "gebied")


def _bounds(gebieden: Any, uitsnede: Sequence[float] | None, *, marge: float) -> Grenzen:
    if uitsnede is not None:
        x0, y0, x1, y1 = map(float, uitsnede)
        if not (x0 < x1 and y0 < y1):
            raise HuisartsdataFout(
                f"De uitsnede moet xmin < xmax en ymin < ymax hebben, niet {tuple(uitsnede)}."
            )
        return x0, y0, x1, y1
    x0, y0, x1, y1 = map(float, shapely.total_bounds(gebieden.geometry.to_numpy()))
    rand = marge * max(x1 - x0, y1 - y0)
    return x0 - rand, y0 - rand, x1 + rand, y1 + rand


def _outside(laag: Kaartlaag, indicator: Indicator) -> tuple[Rij, ...]:
    """The row of the legend for what lies around, if anything does."""
    if laag.buurklassen is not None:
        midden = indicator.kleuren[len(indicator.kleuren) // 2]
        return (("lichter: buiten het gebied", {"facecolor": fade(midden)}, ()),)
    if has_rows(laag.buren):
        return (("buiten het gebied", {"facecolor": KLEUREN["buur"]}, ()),)
    return ()


def _legend(
    opmaak: Opmaak, indicator: Indicator, rijen: tuple[Rij, ...], kolommen: tuple[str, ...], schaal: float
) -> Legenda:
    maat = opmaak.formaat
    los = indicator.eenheid in ("", "%") or indicator.eenheid in indicator.titel.lower()
    kop = indicator.titel if los else f"{indicator.titel} ({indicator.eenheid})"
    regels = wrap_balanced(kop, opmaak.breedte * KOP_DEEL, maat.tekst_pt, vet=True)
    stok = round_length(STOK * maat.lijn / schaal)
    return Legenda(Tekstblok(regels, maat.tekst_pt, vet=True), kolommen, rijen, maat, stok, schaal)
