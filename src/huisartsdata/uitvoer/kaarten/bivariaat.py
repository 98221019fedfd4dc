"""Two things on one map: three classes of each make nine colours, with a square legend that counts.

The nine colours run between four corners: light, orange along one side, blue along the other, dark where both
are high. They were chosen so that every pair stays apart for readers with a colour vision deficiency; a test
holds that. What is known of the first but not of the second has greys with the dots of ``onbekend``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, ONBEKEND, stijl
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator, classify
from huisartsdata.uitvoer.kaarten.kaartdelen import KOP_DEEL, STOK, find_bounds, outside_rows, prepare_layer
from huisartsdata.uitvoer.kaarten.kaartindeling import arrange
from huisartsdata.uitvoer.kaarten.kaartlagen import fill_style
from huisartsdata.uitvoer.kaarten.kaartpaneel import draw_labels, draw_panel, has_rows
from huisartsdata.uitvoer.kaarten.kruislegenda import (
    KLASSEN,
    NIET_GEMETEN,
    Kruislegenda,
    grey_style,
    kruispalet,
)
from huisartsdata.uitvoer.kaarten.legenda import Legenda, Rij, round_length
from huisartsdata.uitvoer.opmaak import Opmaak, Tekstblok, clean, wrap_balanced

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd


def teken_bivariaat(
    gebieden: gpd.GeoDataFrame,
    x: pd.Series,
    y: pd.Series,
    *,
    x_as: Indicator,
    y_as: Indicator,
    titel: str,
    bronregel: Bronregel,
    kop: str,
    ondertitel: str = "",
    soort: str = "gemeenten",
    niet_gemeten: str = NIET_GEMETEN,
    onbekend: pd.Series | None = None,
    status: tuple[str, str] = ("waargenomen", "waargenomen"),
    uitsnede: Sequence[float] | None = None,
    buren: gpd.GeoDataFrame | None = None,
    groepen: pd.Series | None = None,
    water: gpd.GeoDataFrame | None = None,
    labels: gpd.GeoDataFrame | None = None,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw a map of two indicators at once, three classes of each.

    Parameters
    ----------
    gebieden
        Areas by code, EPSG:28992, with ``naam``.
    x, y
        Numbers by code. Without `x` an area has no data; with `x` and without `y` it is drawn in grey with
        dots, as `niet_gemeten`.
    x_as, y_as
        The two indicators, with two breaks each.
    kop
        Heading of the legend: what the two are together.
    onbekend
        Boolean by code: the data cannot say in which class an area falls.
    status
        Status of `x` and of `y`.

    Returns
    -------
    Figuur
        Its table has both numbers, both classes and their status per area. The other parameters are those of
        ``kaart.gebiedskaart``.

    Raises
    ------
    ParameterFout
        If an axis has not exactly three classes.
    """
    for as_ in (x_as, y_as):
        if len(as_.klassen) != KLASSEN:
            raise ParameterFout(
                f"as {as_.naam} heeft {len(as_.klassen)} klassen; een bivariate kaart heeft er per as {KLASSEN}"
            )
    laag = prepare_layer(gebieden, x, x_as, onbekend=None, buren=buren, groepen=groepen, water=water)
    prepare_layer(gebieden, y, y_as, onbekend=onbekend, buren=buren, groepen=None, water=None)
    tabel = _tabel(gebieden, x, y, x_as, y_as, onbekend=onbekend, niet_gemeten=niet_gemeten, status=status)
    klassen = pd.Series(pd.Categorical(tabel["klasse"], sorted(set(tabel["klasse"]))), index=tabel.index)
    laag = replace(laag, klassen=klassen, buurklassen=None, stappen=None, dunbevolkt=None)
    vullingen = class_styles(x_as, y_as, niet_gemeten)
    tellingen = tuple(
        tuple(int((klassen == f"{a}; {b}").sum()) for a in x_as.klassen)
        for b in (*y_as.klassen, niet_gemeten)
    )
    grenzen = find_bounds(gebieden, uitsnede, marge=0.06 if buren is not None else 0.005)
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        rijen: tuple[Rij, ...] = tuple(
            (k, fill_style(k, ""), (n,))
            for k in (ONBEKEND, GEEN_GEGEVENS)
            if (n := int((klassen == k).sum()))
        )
        rijen += outside_rows(laag, x_as)

        def legenda(schaal: float) -> Legenda:
            regels = wrap_balanced(kop, opmaak.breedte * KOP_DEEL * 1.15, maat.tekst_pt, vet=True)
            stok = round_length(STOK * maat.lijn / schaal)
            return Kruislegenda(
                Tekstblok(regels, maat.tekst_pt, vet=True), (), rijen, maat, stok, schaal,
                assen=(x_as, y_as), tellingen=tellingen, onder_naam=niet_gemeten,
            )  # fmt: skip

        indeling = arrange(opmaak, grenzen, legenda, gebieden.geometry.to_numpy(), vol=has_rows(buren))
        blad = opmaak.page(indeling.hoogte)
        indeling = indeling.on_page(blad)
        draw_panel(blad.ax, indeling.vensters[0], laag, vullingen, maat)
        indeling.legenda.draw(blad.ax, indeling.x, indeling.boven)
        draw_labels(
            blad.ax,
            indeling.vensters[0],
            laag,
            labels=labels,
            maat=maat,
            bezet=[indeling.doos],
            vullingen=vullingen,
        )
    herkomst = {
        **bronregel.als_dict(), "soort": "bivariate kaart", "x_as": x_as.als_dict(), "y_as": y_as.als_dict(),
    }  # fmt: skip
    tekst = (
        describe_pairs(tabel, titel=titel, soort=soort, assen=(x_as, y_as))
        if alt_tekst is None
        else alt_tekst
    )
    return Figuur(blad.fig, tabel, titel, tekst, bronregel.tekst, herkomst, formaat)


def class_styles(x_as: Indicator, y_as: Indicator, niet_gemeten: str) -> dict[str, dict[str, Any]]:
    """Fill style of every class: `x class; y class`."""
    kleuren = kruispalet()
    uit = {
        f"{a}; {b}": {"facecolor": kleuren[j][i], "edgecolor": "none"}
        for j, b in enumerate(y_as.klassen)
        for i, a in enumerate(x_as.klassen)
    }
    return uit | {f"{a}; {niet_gemeten}": grey_style(i) for i, a in enumerate(x_as.klassen)}


def describe_pairs(tabel: pd.DataFrame, *, titel: str, soort: str, assen: tuple[Indicator, Indicator]) -> str:
    """Say in words what a map of two indicators says: the finding, and per class which areas, or how many."""
    delen = []
    for klasse, groep in tabel.groupby("klasse", observed=True):
        namen = groep["naam"].sort_index().tolist()
        wie = f"{len(namen)} ({', '.join(namen)})" if len(namen) <= KLASSEN else str(len(namen))
        delen.append(f"{klasse}: {wie}")
    x, y = (as_.titel[:1].lower() + as_.titel[1:] for as_ in assen)
    return (
        f"Kaart van twee dingen tegelijk. {titel.rstrip('.')}. Getoond zijn: {x}, en {y}, "
        f"{len(tabel)} {clean(soort)}. Per klasse: {'; '.join(delen)}."
    )


def _tabel(
    gebieden: gpd.GeoDataFrame,
    x: pd.Series,
    y: pd.Series,
    x_as: Indicator,
    y_as: Indicator,
    *,
    onbekend: pd.Series | None,
    niet_gemeten: str,
    status: tuple[str, str],
) -> pd.DataFrame:
    index = gebieden.index
    a, b = (reeks.reindex(index).astype(float) for reeks in (x, y))
    x_klasse = classify(a, x_as).astype(str)
    y_klasse = classify(b, y_as).astype(str).where(b.notna(), niet_gemeten)
    klasse = (x_klasse + "; " + y_klasse).where(a.notna(), GEEN_GEGEVENS)
    if onbekend is not None:
        twijfel = onbekend.reindex(index, fill_value=False).astype(bool) & a.notna()
        klasse = klasse.mask(twijfel, ONBEKEND)
    return pd.DataFrame(
        {
            "naam": gebieden["naam"].astype(str) if "naam" in gebieden else index.astype(str),
            x_as.naam: a,
            f"{x_as.naam}_status": pd.Series(status[0], index=index).where(a.notna()),
            f"{x_as.naam}_klasse": x_klasse,
            y_as.naam: b,
            f"{y_as.naam}_status": pd.Series(status[1], index=index).where(b.notna()),
            f"{y_as.naam}_klasse": y_klasse,
            "klasse": klasse,
        }
    ).rename_axis(index.name or "gebied")
