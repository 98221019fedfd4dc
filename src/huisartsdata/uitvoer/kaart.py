"""Maps of areas in classes: one map, or a series of small ones that share their classes and scale.

A map is a view: tables in, ``Figuur`` out. Which class an area gets is decided in ``indicatoren``; what a part
looks like in ``kaartlagen``. Title, source line, legend with counts, class without data and scale bar are not
options.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, KLEUREN, MM, ONBEKEND, Formaat, stijl
from huisartsdata.uitvoer.indicatoren import Indicator, classify, get_indicator
from huisartsdata.uitvoer.kaartlagen import (
    Doos,
    Label,
    Legenda,
    Venster,
    draw_label,
    draw_shapes,
    fill_style,
    outline,
    place_labels,
    round_length,
    simplify,
    to_path,
    type_geometrieen,
)
from huisartsdata.uitvoer.opmaak import Blad, Opmaak, Tekstblok, clean, wrap

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

TUSSEN = 5 * MM  # white between map and legend
STOK = 24 * MM  # the scale bar is at most this long
KOP_DEEL = 0.27  # the heading of the legend may be this part of the page wide
VAAG = 0.30  # part of the class colour that a neighbour keeps


@dataclass(frozen=True)
class _Laag:
    """Everything a panel draws, in metres, already in classes."""

    gebieden: gpd.GeoDataFrame
    klassen: pd.Series
    buren: gpd.GeoDataFrame | None
    buurklassen: pd.Series | None
    groepen: pd.Series | None
    water: gpd.GeoDataFrame | None


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
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw a map of areas coloured by class.

    Parameters
    ----------
    gebieden
        Areas by code, EPSG:28992, with ``naam``; one row per area that counts in the legend.
    waarden
        Numbers by code. Areas without a number are drawn as ``geen gegevens``; codes that also occur in
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
    laag = _prepare(gebieden, waarden, maatstaf, onbekend, buren, groepen, water)
    tabel = _table(laag, waarden, maatstaf, bronregel, status)
    grenzen = _bounds(gebieden, uitsnede, marge=0.06 if buren is not None else 0.005)
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        rijen = _rows(maatstaf, [laag.klassen])

        def legenda(schaal: float) -> Legenda:
            return _legend(maat, maatstaf, rijen, (soort,), schaal, opmaak.breedte, laag)

        venster, doos, hoogte = _arrange(opmaak, grenzen, legenda, laag)
        blad = opmaak.page(hoogte)
        venster, doos = _on_page(venster, doos, blad)
        _draw_panel(blad.ax, venster, laag, maatstaf, maat)
        legenda(venster.schaal).draw(blad.ax, doos[0], doos[3])
        _draw_labels(blad.ax, venster, laag, labels, maat, [doos])
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

    Returns
    -------
    Figuur
        Its table has one row per panel and area. The other parameters are those of ``gebiedskaart``.
    """
    if not waarden:
        raise HuisartsdataFout("Een kaartreeks heeft minstens een paneel nodig; waarden is leeg.")
    maatstaf = get_indicator(indicator) if isinstance(indicator, str) else indicator
    lagen, tabellen = {}, {}
    for paneel, reeks in waarden.items():
        vlak = gebieden[paneel] if isinstance(gebieden, Mapping) else gebieden
        groep = None if groepen is None else groepen[groepen.index.isin(vlak.index)]
        lagen[paneel] = _prepare(vlak, reeks, maatstaf, (onbekend or {}).get(paneel), buren, groep, water)
        tabellen[paneel] = _table(lagen[paneel], reeks, maatstaf, bronregel, (status or {}).get(paneel))
    tabel = pd.concat(tabellen, names=["paneel"])
    grenzen = _bounds(pd.concat([laag.gebieden[["geometry"]] for laag in lagen.values()]), uitsnede, marge=0.01)
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        rijen = _rows(maatstaf, [laag.klassen for laag in lagen.values()])
        eerste = next(iter(lagen.values()))

        def legenda(schaal: float) -> Legenda:
            return _legend(maat, maatstaf, rijen, tuple(map(clean, waarden)), schaal, opmaak.breedte, eerste)

        naast = min(len(lagen), kolommen or (4 if maat.vast else 3))
        vensters, plek, hoogte = _grid(opmaak, grenzen, legenda, len(lagen), naast)
        blad = opmaak.page(hoogte)
        for (paneel, laag), los in zip(lagen.items(), vensters, strict=True):
            venster, _ = _on_page(los, (0, 0, 0, 0), blad)
            kop = maat.tekst_pt * 1.15
            boven = venster.onder + venster.hoogte + kop * 0.6
            blad.ax.text(venster.links, boven, clean(paneel), fontsize=kop, fontweight="bold", va="baseline")
            _draw_panel(blad.ax, venster, laag, maatstaf, maat)
        legenda(vensters[0].schaal).draw(blad.ax, blad.links + plek[0], blad.onder + plek[1])
    delen = [f"{p}: {_counts(t['klasse'])}." for p, t in tabellen.items()]
    tekst = f"Kaartreeks. {titel.rstrip('.')}. {_subject(maatstaf)}. Aantal {soort} per klasse. {' '.join(delen)}"
    herkomst = {**bronregel.als_dict(), "soort": "kaartreeks", "indicator": maatstaf.als_dict()}
    return Figuur(blad.fig, tabel, titel, tekst if alt_tekst is None else alt_tekst, bronregel.tekst, herkomst, formaat)


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

    def noem(codes: pd.Index) -> str:
        return ", ".join(f"{tabel.at[c, 'naam']} ({indicator.schrijf_met_eenheid(waarden[c])})" for c in codes)

    kop = f"Kaart. {titel.rstrip('.')}. {_subject(indicator)}, {len(tabel)} {soort}. "
    uitersten = ""
    if len(waarden) > 2 * aantal:
        hoog = waarden.iloc[::-1].sort_values(ascending=False, kind="stable").index[:aantal]
        uitersten = f" Hoogste: {noem(hoog)}. Laagste: {noem(waarden.index[:aantal])}."
    return f"{kop}Per klasse: {_counts(tabel['klasse'])}.{uitersten}"


def _subject(indicator: Indicator) -> str:
    eenheid = f" ({indicator.eenheid})" if indicator.eenheid else ""
    return f"Getoond is: {indicator.titel[:1].lower()}{indicator.titel[1:]}{eenheid}"


def _counts(klassen: pd.Series) -> str:
    tel = klassen.value_counts(sort=False)
    return "; ".join(f"{k}: {n}" for k, n in tel.items() if n)


def _prepare(
    gebieden: gpd.GeoDataFrame,
    waarden: pd.Series,
    indicator: Indicator,
    onbekend: pd.Series | None,
    buren: gpd.GeoDataFrame | None,
    groepen: pd.Series | None,
    water: gpd.GeoDataFrame | None,
) -> _Laag:
    for wat, tafel in (("gebieden", gebieden), ("buren", buren), ("water", water)):
        if tafel is not None and tafel.crs is not None and tafel.crs.to_epsg() != 28992:
            raise HuisartsdataFout(f"De coordinaten van {wat} zijn niet in EPSG:28992. Gebruik .to_crs(28992).")
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
    return _Laag(gebieden, klassen, buren, buurklassen, groep, water)


def _table(
    laag: _Laag, waarden: pd.Series, indicator: Indicator, bronregel: Bronregel, status: pd.Series | None
) -> pd.DataFrame:
    index = laag.gebieden.index
    if status is None and len(bronregel.status) > 1:
        raise HuisartsdataFout(
            f"De bronregel noemt meer dan een status ({', '.join(bronregel.status)}). Geef status= per gebied."
        )
    getallen = waarden.reindex(index).astype(float)
    per_gebied = pd.Series(bronregel.status[0], index=index) if status is None else status.reindex(index)
    return pd.DataFrame(
        {
            "naam": laag.gebieden["naam"].astype(str) if "naam" in laag.gebieden else index.astype(str),
            indicator.naam: getallen,
            f"{indicator.naam}_status": per_gebied.where(getallen.notna()),
            "klasse": laag.klassen,
        }
    ).rename_axis(index.name or "gebied")


def _bounds(gebieden: Any, uitsnede: Sequence[float] | None, *, marge: float) -> tuple[float, float, float, float]:
    if uitsnede is not None:
        x0, y0, x1, y1 = map(float, uitsnede)
        if not (x0 < x1 and y0 < y1):
            raise HuisartsdataFout(f"De uitsnede moet xmin < xmax en ymin < ymax hebben, niet {tuple(uitsnede)}.")
        return x0, y0, x1, y1
    x0, y0, x1, y1 = map(float, shapely.total_bounds(gebieden.geometry.to_numpy()))
    rand = marge * max(x1 - x0, y1 - y0)
    return x0 - rand, y0 - rand, x1 + rand, y1 + rand


def _rows(indicator: Indicator, panelen: Sequence[pd.Series]) -> tuple[tuple[str, dict[str, Any], tuple[int, ...]], ...]:
    rijen = []
    for nummer, (klasse, kleur) in enumerate(zip(indicator.klassen, indicator.kleuren, strict=True)):
        sleutel = ONBEKEND if nummer in indicator.onbekende_klassen else klasse
        rijen.append((klasse, fill_style(sleutel, kleur), tuple(int((p == sleutel).sum()) for p in panelen)))
    over = [GEEN_GEGEVENS] if indicator.onbekende_klassen else [ONBEKEND, GEEN_GEGEVENS]
    for klasse in over:
        aantallen = tuple(int((p == klasse).sum()) for p in panelen)
        if any(aantallen):
            rijen.append((klasse, fill_style(klasse, ""), aantallen))
    return tuple(rijen)


def _legend(
    maat: Formaat,
    indicator: Indicator,
    rijen: tuple[tuple[str, dict[str, Any], tuple[int, ...]], ...],
    kolommen: tuple[str, ...],
    schaal: float,
    breedte: float,
    laag: _Laag,
) -> Legenda:
    los = indicator.eenheid in ("", "%") or indicator.eenheid in indicator.titel.lower()
    kop = indicator.titel if los else f"{indicator.titel} ({indicator.eenheid})"
    regels = wrap(kop, breedte * KOP_DEEL, maat.tekst_pt, vet=True)
    extra: list[tuple[str, dict[str, Any]]] = []
    if laag.buurklassen is not None:
        midden = indicator.kleuren[len(indicator.kleuren) // 2]
        extra.append(("lichter: buiten het gebied", {"facecolor": _fade(midden)}))
    elif laag.buren is not None and len(laag.buren):
        extra.append(("buiten het gebied", {"facecolor": KLEUREN["buur"]}))
    stok = round_length(STOK * maat.lijn / schaal)
    return Legenda(Tekstblok(regels, maat.tekst_pt, vet=True), kolommen, rijen, tuple(extra), maat, stok, schaal)


def _arrange(
    opmaak: Opmaak,
    grenzen: tuple[float, float, float, float],
    legenda: Callable[[float], Legenda],
    laag: _Laag,
) -> tuple[Venster, Doos, float]:
    """Choose where the legend goes so that the map is as large as can be and the legend covers no land.

    In a free corner if there is one, else beside or below the map, whichever leaves the larger map. Places
    are relative to the lower left corner of the content.
    """
    x0, y0, x1, y1 = grenzen
    w, h, breed, hoog = x1 - x0, y1 - y0, opmaak.breedte, opmaak.ruimte
    vol = laag.buren is not None and len(laag.buren) > 0
    tussen = TUSSEN * opmaak.formaat.lijn

    schaal = min(breed / w, hoog / h)
    blok = legenda(schaal)
    inhoud = hoog if opmaak.formaat.vast else h * schaal
    if not vol and blok.hoogte < inhoud:
        land = laag.gebieden.geometry.to_numpy()
        for links, boven in ((True, True), (False, True), (True, False), (False, False)):
            over = breed - w * schaal
            venster = Venster(x0 - (over if links else 0.0) / schaal, y0, schaal, 0.0, 0.0, breed, h * schaal)
            x = 0.0 if links else breed - blok.breedte
            y = inhoud if boven else blok.hoogte
            lucht = tussen / 2
            vak = shapely.box(x - lucht, y - blok.hoogte - lucht, x + blok.breedte + lucht, y + lucht)
            if not shapely.intersects(venster.project(land), vak).any():
                return venster, (x, y - blok.hoogte, x + blok.breedte, y), inhoud

    naast = min((breed - blok.breedte - tussen) / w, hoog / h)
    onder = min(breed / w, (hoog - blok.hoogte - tussen) / h)
    if naast >= onder:
        blok = legenda(naast)
        kaart_breed = breed - blok.breedte - tussen if vol else w * naast
        kaart_hoog = hoog if opmaak.formaat.vast and vol else h * naast
        inhoud = hoog if opmaak.formaat.vast else max(kaart_hoog, blok.hoogte)
        venster = _window(grenzen, naast, 0.0, inhoud - kaart_hoog, kaart_breed, kaart_hoog)
        x = kaart_breed + tussen
        return venster, (x, inhoud - blok.hoogte, x + blok.breedte, inhoud), inhoud
    blok = legenda(onder)
    kaart_breed, kaart_hoog = breed if vol else w * onder, h * onder
    inhoud = hoog if opmaak.formaat.vast else kaart_hoog + tussen + blok.hoogte
    venster = _window(grenzen, onder, 0.0, inhoud - kaart_hoog, kaart_breed, kaart_hoog)
    boven = inhoud - kaart_hoog - tussen
    return venster, (0.0, boven - blok.hoogte, blok.breedte, boven), inhoud


def _grid(
    opmaak: Opmaak,
    grenzen: tuple[float, float, float, float],
    legenda: Callable[[float], Legenda],
    aantal: int,
    naast: int,
) -> tuple[list[Venster], tuple[float, float], float]:
    """Windows of the panels and upper left corner of the legend, relative to the content's lower left."""
    x0, y0, x1, y1 = grenzen
    w, h, breed, hoog = x1 - x0, y1 - y0, opmaak.breedte, opmaak.ruimte
    rijen = -(-aantal // naast)
    tussen, kop = TUSSEN * opmaak.formaat.lijn, opmaak.formaat.tekst_pt * 2.2
    blok = legenda(breed / w / naast)

    def past(ruimte_breed: float, ruimte_hoog: float) -> float:
        return min((ruimte_breed - (naast - 1) * tussen) / naast / w, (ruimte_hoog / rijen - kop) / h)

    rechts, onder = past(breed - blok.breedte - tussen, hoog), past(breed, hoog - blok.hoogte - tussen)
    schaal = max(rechts, onder)
    stap_x, stap_y = w * schaal + tussen, h * schaal + kop
    panelen = rijen * stap_y
    nodig = max(panelen, blok.hoogte) if rechts >= onder else panelen + tussen + blok.hoogte
    inhoud = hoog if opmaak.formaat.vast else nodig
    vensters = [
        _window(grenzen, schaal, n % naast * stap_x, inhoud - (n // naast + 1) * stap_y, w * schaal, h * schaal)
        for n in range(aantal)
    ]
    plek = (naast * stap_x, inhoud) if rechts >= onder else (0.0, inhoud - panelen - tussen)
    return vensters, plek, inhoud


def _window(
    grenzen: tuple[float, float, float, float], schaal: float, links: float, onder: float, breedte: float, hoogte: float
) -> Venster:
    # room that is left over shows more surroundings, the same on both sides
    extra_x = breedte / schaal - (grenzen[2] - grenzen[0])
    extra_y = hoogte / schaal - (grenzen[3] - grenzen[1])
    return Venster(grenzen[0] - extra_x / 2, grenzen[1] - extra_y / 2, schaal, links, onder, breedte, hoogte)


def _on_page(venster: Venster, doos: Doos, blad: Blad) -> tuple[Venster, Doos]:
    dx, dy = blad.links, blad.onder
    v = venster
    geschoven = Venster(v.xmin, v.ymin, v.schaal, v.links + dx, v.onder + dy, v.breedte, v.hoogte)
    return geschoven, (doos[0] + dx, doos[1] + dy, doos[2] + dx, doos[3] + dy)


def _fade(kleur: str) -> str:
    from matplotlib.colors import to_hex, to_rgb

    return to_hex(VAAG * np.array(to_rgb(kleur)) + (1 - VAAG) * np.ones(3))


def _draw_panel(ax: Axes, venster: Venster, laag: _Laag, indicator: Indicator, maat: Formaat) -> None:
    lijn = maat.lijn
    binnen = shapely.box(*venster.grenzen)
    if laag.water is not None:
        _draw_water(ax, venster, laag.water, binnen, lijn, vlakken=True)
    # areas and neighbours are thinned together, so that their common border stays common
    vlakken = laag.gebieden.geometry.to_numpy()
    rond: type_geometrieen = np.array([], dtype=object)
    zichtbaar = np.array([], dtype=bool)
    if laag.buren is not None and len(laag.buren):
        zichtbaar = laag.buren.geometry.intersects(binnen).to_numpy()
        rond = laag.buren.geometry.to_numpy()[zichtbaar]
    dun = simplify(np.concatenate([vlakken, rond]), venster.schaal)
    vlakken, rond = dun[: len(vlakken)], dun[len(vlakken) :]
    kleuren = dict(zip(indicator.klassen, indicator.kleuren, strict=True))
    if len(rond):
        if laag.buurklassen is None:
            draw_shapes(ax, venster, rond, facecolor=KLEUREN["buur"])
        else:
            klassen = laag.buurklassen.to_numpy()[zichtbaar]
            for klasse in laag.buurklassen.cat.categories:
                kleur = _fade(kleuren[klasse]) if klasse in kleuren else KLEUREN["buur"]
                draw_shapes(ax, venster, rond[klassen == klasse], facecolor=kleur)
        draw_shapes(ax, venster, rond, fill=False, edgecolor=KLEUREN["buurrand"], linewidth=0.4 * lijn)
    klassen = laag.klassen.to_numpy()
    for klasse in laag.klassen.cat.categories:
        draw_shapes(ax, venster, vlakken[klassen == klasse], **fill_style(klasse, kleuren.get(klasse, "")))
    rand = 0.35 if len(vlakken) > 60 else 0.5
    draw_shapes(ax, venster, vlakken, fill=False, edgecolor=KLEUREN["rand"], linewidth=rand * lijn)
    if laag.water is not None:
        _draw_water(ax, venster, laag.water, binnen, lijn, vlakken=False)
    if laag.groepen is not None:
        lijnen = outline(vlakken, laag.groepen.tolist())
        draw_shapes(ax, venster, lijnen, fill=False, edgecolor=KLEUREN["lijn"], linewidth=0.55 * lijn)
    if len(rond):
        buiten = outline(vlakken, [""] * len(vlakken))
        draw_shapes(ax, venster, buiten, fill=False, edgecolor=KLEUREN["tekst"], linewidth=1.0 * lijn)


def _draw_water(
    ax: Axes, venster: Venster, water: gpd.GeoDataFrame, binnen: Any, lijn: float, *, vlakken: bool
) -> None:
    vormen = water.geometry.to_numpy()
    vormen = vormen[shapely.intersects(vormen, binnen)]
    vlak = shapely.get_dimensions(vormen) == 2
    if vlakken:
        dun = simplify(vormen[vlak], venster.schaal)
        # an edge of its own colour closes the hairlines between two pieces of the same lake
        draw_shapes(ax, venster, dun, facecolor=KLEUREN["water"], edgecolor=KLEUREN["water"], linewidth=0.3 * lijn)
    else:
        dun = shapely.simplify(vormen[~vlak], 0.3 / venster.schaal)
        draw_shapes(ax, venster, dun, fill=False, edgecolor=KLEUREN["rivier"], linewidth=2.6 * lijn)


def _draw_labels(
    ax: Axes, venster: Venster, laag: _Laag, labels: gpd.GeoDataFrame | None, maat: Formaat, bezet: list[Doos]
) -> None:
    wensen = [] if labels is None else _wishes(labels, venster, maat, laag.gebieden)
    if laag.buren is not None and "naam" in laag.buren:
        wensen += _wishes(laag.buren.assign(soort="buur"), venster, maat, laag.gebieden)
    stippen = [(w.x - 2, w.y - 2, w.x + 2, w.y + 2) for w in wensen if w.soort == "plaats"]
    kader = (
        venster.links + 3,
        venster.onder + 3,
        venster.links + venster.breedte - 3,
        venster.onder + venster.hoogte - 3,
    )
    for label, x, y in place_labels(wensen, kader, [*bezet, *stippen]):
        draw_label(ax, label, x, y, maat.lijn)


def _wishes(labels: gpd.GeoDataFrame, venster: Venster, maat: Formaat, gebieden: gpd.GeoDataFrame) -> list[Label]:
    volgorde = {"gebied": 0, "plaats": 1, "water": 2, "buur": 3}
    vormen = venster.project(labels.geometry.to_numpy())
    soorten = labels["soort"] if "soort" in labels else pd.Series("gebied", index=labels.index)
    gewicht = labels["gewicht"] if "gewicht" in labels else pd.Series(shapely.area(vormen), index=labels.index)
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
