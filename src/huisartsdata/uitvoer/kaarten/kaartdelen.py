"""What every map shares before it is drawn: checks, classes, the table behind it, its legend and its words."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, KLEUREN, MM, getal
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator, classify
from huisartsdata.uitvoer.kaarten.kaartpaneel import Kaartlaag, fade, has_rows
from huisartsdata.uitvoer.kaarten.legenda import Legenda, Rij, round_length
from huisartsdata.uitvoer.kaarten.twijfel import classify_doubt, doubt_labels
from huisartsdata.uitvoer.opmaak import Opmaak, Tekstblok, wrap_balanced

if TYPE_CHECKING:
    import geopandas as gpd

    from huisartsdata.uitvoer.figuur import Bronregel
    from huisartsdata.uitvoer.kaarten.kaartindeling import Grenzen

STOK = 24 * MM  # the scale bar is at most this long
ENKELVOUD = {
    "gemeenten": "gemeente",
    "wijken": "wijk",
    "buurten": "buurt",
    "regio's": "regio",
    "provincies": "provincie",
    "gebieden": "gebied",
}
WINDSTREKEN = (  # from south to north, from west to east
    ("zuidwesten", "zuiden", "zuidoosten"),
    ("westen", "midden", "oosten"),
    ("noordwesten", "noorden", "noordoosten"),
)
KOP_DEEL = 0.27  # the heading of the legend may be this part of the page wide


def describe(
    tabel: pd.DataFrame,
    indicator: Indicator,
    *,
    titel: str,
    soort: str,
    aantal: int = 3,
    gebieden: gpd.GeoDataFrame | None = None,
) -> str:
    """Say in words what a map says: the finding, the counts per class, the extremes.

    Parameters
    ----------
    tabel
        The table behind a map: naam, the indicator's column, klasse.
    aantal
        How many areas to name at each end.
    gebieden
        The areas on the map, to say where the highest lie; a column ``gemeente`` names where a wijk is.

    Returns
    -------
    str
        Dutch prose; equal values are named in order of code.
    """
    laag = tabel[indicator.naam].dropna().sort_index().sort_values(kind="stable")
    hoog = tabel[indicator.naam].dropna().sort_index().sort_values(ascending=False, kind="stable")
    gemeente = None if gebieden is None or "gemeente" not in gebieden else gebieden["gemeente"]

    def noem(reeks: pd.Series) -> str:
        namen = tabel.loc[reeks.index, "naam"]
        if gemeente is not None:
            namen = namen + " in " + gemeente.reindex(reeks.index).astype(str)
        paren = zip(namen.tolist(), reeks.tolist(), strict=True)
        return ", ".join(f"{naam} ({indicator.vertel(getal_)})" for naam, getal_ in paren)

    kop = f"Kaart. {titel.rstrip('.')}. {name_subject(indicator)}, {count_areas(len(tabel), soort)}. "
    wat = f" {indicator.getal_is}" if indicator.getal_is else ""
    if len(hoog) > 2 * aantal:
        top = hoog.head(aantal)
        uitersten = f" Hoogste{wat}: {noem(top)}. Laagste: {noem(laag.head(aantal))}."
        if gebieden is not None and hoog.iloc[0] > laag.iloc[0]:
            uitersten += f" De hoogste liggen {place_on_map(gebieden, top.index.tolist())} van de kaart."
    else:
        los = f"{wat[1:2].upper()}{wat[2:]}" or "Waarde"
        uitersten = f" {los}: {noem(hoog)}." if len(hoog) else ""
    stappen = classify_doubt(tabel[indicator.naam], tabel["klasse"], indicator)
    if stappen is not None and (stappen >= 0).any():
        tel = [f"{k}: {int((stappen == n).sum())}" for n, k in enumerate(doubt_labels(indicator))]
        uitersten = f" Binnen onbekend,{wat} {'; '.join(tel)}.{uitersten}"
    return f"{kop}Per klasse: {count_classes(tabel['klasse'])}.{uitersten}"


def count_areas(aantal: int, soort: str) -> str:
    """A number of areas in words.

    Examples
    --------
    >>> count_areas(1, "wijken"), count_areas(13, "wijken"), count_areas(1, "regio's")
    ('1 wijk', '13 wijken', '1 regio')
    """
    return f"{getal(aantal)} {ENKELVOUD.get(soort, soort) if aantal == 1 else soort}"


def place_on_map(gebieden: gpd.GeoDataFrame, codes: Sequence[Hashable]) -> str:
    """In which parts of a map areas lie, on a grid of three by three over all its areas.

    Parameters
    ----------
    gebieden
        All areas of the map.
    codes
        Those asked for; the part of the first is named first.

    Examples
    --------
    >>> import geopandas as gpd
    >>> drie = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 5, 9], [0, 5, 5]), index=["a", "b", "c"])
    >>> place_on_map(drie, ["c"]), place_on_map(drie, ["b", "a"])
    ('in het noordoosten', 'in het noorden en het zuidwesten')
    """
    x0, y0, x1, y1 = map(float, shapely.total_bounds(gebieden.geometry.to_numpy()))
    delen = []
    for vorm in gebieden.geometry.loc[list(codes)]:
        plek = shapely.centroid(vorm)
        kolom = min(2, int(3 * (plek.x - x0) / (x1 - x0))) if x1 > x0 else 1
        rij = min(2, int(3 * (plek.y - y0) / (y1 - y0))) if y1 > y0 else 1
        delen.append(WINDSTREKEN[rij][kolom])
    namen = [f"het {deel}" for deel in dict.fromkeys(delen)]
    return "in " + " en ".join(filter(None, [", ".join(namen[:-1]), namen[-1]]))


def name_subject(indicator: Indicator) -> str:
    """What is shown, as a clause with its unit."""
    los = not indicator.eenheid or indicator.getal_is
    eenheid = "" if los else f" ({indicator.eenheid})"
    return f"Getoond is: {indicator.titel[:1].lower()}{indicator.titel[1:]}{eenheid}"


def count_classes(klassen: pd.Series) -> str:
    """How many areas there are in each class that has any."""
    tel = {str(k): int((klassen == k).sum()) for k in klassen.cat.categories}
    return "; ".join(f"{klasse}: {aantal}" for klasse, aantal in tel.items() if aantal)


def prepare_layer(
    gebieden: gpd.GeoDataFrame,
    waarden: pd.Series,
    indicator: Indicator,
    *,
    onbekend: pd.Series | None,
    buren: gpd.GeoDataFrame | None,
    groepen: pd.Series | None,
    water: gpd.GeoDataFrame | None,
) -> Kaartlaag:
    """Check what is to be drawn and put the areas in classes."""
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
    stappen = classify_doubt(waarden, klassen, indicator)
    return Kaartlaag(gebieden, klassen, buren, buurklassen, groep, water, stappen, thinly_peopled(gebieden))


def thinly_peopled(gebieden: gpd.GeoDataFrame) -> pd.Series | None:
    """Which areas have so few people per km2 that their size would speak louder than they do.

    Returns
    -------
    pandas.Series or None
        Boolean by code; None where `inwoners` is not known, or no area is that empty.
    """
    if "inwoners" not in gebieden:
        return None
    km2 = shapely.area(gebieden.geometry.to_numpy()) / 1e6
    dun = gebieden["inwoners"] < waarde("kaart_dunbevolkt_per_km2") * km2
    return dun if dun.any() else None


def make_table(
    laag: Kaartlaag,
    waarden: pd.Series,
    indicator: Indicator,
    bronregel: Bronregel,
    *,
    status: pd.Series | None,
    leeg: str,
) -> pd.DataFrame:
    """The table behind a map: naam, value, its status, class."""
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


def find_bounds(gebieden: Any, uitsnede: Sequence[float] | None, *, marge: float) -> Grenzen:
    """Bounds of a map in metres: those asked for, or those of the areas with a margin."""
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


def outside_rows(laag: Kaartlaag, indicator: Indicator) -> tuple[Rij, ...]:
    """The rows of the legend for areas where hardly anybody lives and for what lies around, where there are any."""
    # a class in the middle, unless that is the one without a colour of its own
    midden = fade(indicator.kleuren[0 if indicator.onbekende_klassen else len(indicator.kleuren) // 2])
    rijen: list[Rij] = []
    if laag.dunbevolkt is not None:
        grens = getal(waarde("kaart_dunbevolkt_per_km2"))
        donker = fade(indicator.kleuren[-1])
        rijen.append(
            (
                f"lichter: <{grens} mensen/km²",
                {"delen": ({"facecolor": midden}, {"facecolor": donker})},
                (),
            )
        )
    if laag.buurklassen is not None:
        rijen.append(("lichter: buiten het gebied", {"facecolor": midden}, ()))
    elif has_rows(laag.buren):
        rijen.append(("buiten het gebied", {"facecolor": KLEUREN["buur"]}, ()))
    return tuple(rijen)


def make_legend(
    opmaak: Opmaak, indicator: Indicator, rijen: tuple[Rij, ...], kolommen: tuple[str, ...], schaal: float
) -> Legenda:
    """The legend of an indicator at a scale in points per metre."""
    maat = opmaak.formaat
    los = indicator.eenheid in ("", "%") or indicator.eenheid in indicator.titel.lower()
    kop = indicator.titel if los else f"{indicator.titel} ({indicator.eenheid})"
    regels = wrap_balanced(kop, opmaak.breedte * KOP_DEEL, maat.tekst_pt, vet=True)
    stok = round_length(STOK * maat.lijn / schaal)
    return Legenda(Tekstblok(regels, maat.tekst_pt, vet=True), kolommen, rijen, maat, stok, schaal)
