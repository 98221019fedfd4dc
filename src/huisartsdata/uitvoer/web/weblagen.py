"""Layers of a web map: checked, put in classes, and written out as the texts of a page and the columns of a table."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import load_gemeenten
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, ONBEKEND, getal
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator, classify, get_indicator
from huisartsdata.uitvoer.kaarten.kaartdelen import describe
from huisartsdata.uitvoer.kaarten.legenda import class_rows, empty_label
from huisartsdata.uitvoer.opmaak import clean
from huisartsdata.uitvoer.web.webkaartblad import Bladlaag, Klasse, Kolom, fill

if TYPE_CHECKING:
    import geopandas as gpd

    from huisartsdata.uitvoer.figuur import Bronregel

STREEP = "–"  # no value
KORT = 2  # more reference dates than this are read below the map, not in a tooltip


@dataclass(frozen=True, eq=False)
class Weblaag:
    """One layer of a web map: what an area shows when the layer is chosen.

    Parameters
    ----------
    waarden
        Numbers by area code; NaN, or no row, is no data.
    indicator
        Its name, unit, classes and colours; a name from ``indicatoren.INDICATOREN`` or an ``Indicator``.
    bronregel
        Source of this layer; default that of the map.
    waardenaam
        What the number is called in the tooltip, where that is not the name of the layer: ``kans op tekort``.
    laag, hoog
        Ends of the interval by code, both or neither.
    intervalnaam
        What the interval is: ``90%-interval``.
    oordeel
        Verdict by code, as text.
    onbekend
        Boolean by code: the data cannot say.
    status
        Status by code, needed when the source line names more than one.
    extra
        Heading -> further values by code, for tooltip and table. Whole numbers and texts are shown as they are,
        other numbers with one decimal.
    ook
        Label -> (other layer, heading of its column) that the tooltip of this layer shows too; the table has
        such a column once, under its own layer.
    leeg
        Name of the class without a number.
    """

    waarden: pd.Series
    indicator: Indicator | str
    bronregel: Bronregel | None = None
    waardenaam: str = ""
    laag: pd.Series | None = None
    hoog: pd.Series | None = None
    intervalnaam: str = "interval"
    oordeel: pd.Series | None = None
    onbekend: pd.Series | None = None
    status: pd.Series | None = None
    extra: Mapping[str, pd.Series] = field(default_factory=dict)
    ook: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    leeg: str = GEEN_GEGEVENS

    @property
    def maatstaf(self) -> Indicator:
        """The indicator itself."""
        return get_indicator(self.indicator) if isinstance(self.indicator, str) else self.indicator


def sort_areas(gebieden: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Areas in the order a reader looks for them: by name without accents and leading marks, then by code."""
    dubbel = sorted(set(gebieden.index[gebieden.index.duplicated()].astype(str)))
    if dubbel:
        raise OnbekendGebiedFout(f"Codes komen dubbel voor in gebieden: {', '.join(dubbel[:20])}.", dubbel)
    if "naam" not in gebieden:
        gebieden = gebieden.assign(naam=gebieden.index.astype(str))

    def sleutel(naam: str) -> str:
        los = unicodedata.normalize("NFD", clean(naam)).casefold()
        return "".join(t for t in los if t.isalnum() or t == " ").strip()

    volgorde = sorted(
        zip(map(sleutel, gebieden["naam"].astype(str)), gebieden.index.astype(str), strict=True)
    )
    return gebieden.set_axis(gebieden.index.astype(str)).loc[[code for _, code in volgorde]]


def name_areas(gebieden: gpd.GeoDataFrame) -> tuple[list[str], list[str]]:
    """Name of each area as it is looked for, all different, and the gemeente around it (empty for gemeenten)."""
    kort = [clean(n) or code for n, code in zip(gebieden["naam"].astype(str), gebieden.index, strict=True)]
    groepen = [""] * len(kort)
    if "gm_code" in gebieden and gebieden.index.name != "gm_code":
        gemeenten = load_gemeenten()["naam"]
        groepen = [clean(n) if isinstance(n, str) else "" for n in gebieden["gm_code"].map(gemeenten)]
    namen = [f"{n} ({g})" if g else n for n, g in zip(kort, groepen, strict=True)]
    tel = pd.Series(namen).str.casefold().value_counts()
    return [
        f"{n} ({code})" if tel[n.casefold()] > 1 else n for n, code in zip(namen, gebieden.index, strict=True)
    ], groepen


def check_layer(naam: str, laag: Weblaag, index: pd.Index, regel: Bronregel) -> pd.Series:
    """Refuse what would show wrongly; the class of each area."""
    reeksen = {
        "waarden": laag.waarden, "laag": laag.laag, "hoog": laag.hoog, "oordeel": laag.oordeel,
        "onbekend": laag.onbekend, "status": laag.status,
        **{f"extra {clean(kop)}": reeks for kop, reeks in laag.extra.items()},
    }  # fmt: skip
    for wat, reeks in reeksen.items():
        if reeks is None:
            continue
        slecht = {
            "dubbel": sorted(set(map(str, reeks.index[reeks.index.duplicated()]))),
            "niet op de kaart": sorted(map(str, reeks.index.difference(index))),
        }
        for probleem, codes in slecht.items():
            if codes:
                raise OnbekendGebiedFout(
                    f"Laag '{clean(naam)}': {wat} heeft {len(codes)} codes die {probleem} staan: "
                    f"{', '.join(codes[:20])}. Geef elk gebied van de kaart hoogstens een keer.",
                    codes,
                )
    getallen = {w: r for w in ("waarden", "laag", "hoog") if (r := reeksen[w]) is not None}
    for wat, reeks in getallen.items():
        if not pd.api.types.is_numeric_dtype(reeks):
            raise HuisartsdataFout(
                f"Laag '{clean(naam)}': {wat} zijn geen getallen maar {reeks.dtype}. Zet ze eerst om."
            )
    if (laag.laag is None) != (laag.hoog is None):
        raise ParameterFout(f"laag '{clean(naam)}': geef laag= en hoog= allebei, of geen van beide")
    if laag.laag is not None and laag.hoog is not None:
        om = laag.laag.reindex(index) > laag.hoog.reindex(index)
        if om.any():
            raise HuisartsdataFout(
                f"Laag '{clean(naam)}': de ondergrens ligt boven de bovengrens bij {', '.join(index[om][:20])}."
            )
    if laag.status is None and len(regel.status) > 1:
        raise HuisartsdataFout(
            f"De bronregel van '{clean(naam)}' noemt meer dan een status ({', '.join(regel.status)}). "
            "Geef status= per gebied."
        )
    return classify(laag.waarden.reindex(index), laag.maatstaf, laag.onbekend)


def check_shared(lagen: Sequence[Bladlaag]) -> None:
    """Refuse a layer that shows a column of another layer which is not there."""
    koppen = {(laag.naam, k.kop) for laag in lagen for k in laag.kolommen}
    for laag in lagen:
        for kop, van, kolom in laag.ook:
            if (van, kolom) not in koppen:
                raise ParameterFout(
                    f"laag '{clean(laag.naam)}' toont bij '{clean(kop)}' de kolom '{clean(kolom)}' van laag "
                    f"'{clean(van)}', maar die is er niet"
                )


def layer_columns(laag: Weblaag, regel: Bronregel, klassen: pd.Series, index: pd.Index) -> pd.DataFrame:
    """The layer as columns of the table: numbers as numbers."""
    n, m = laag.maatstaf.naam, laag.maatstaf
    waarden = laag.waarden.reindex(index).astype(float)
    uit: dict[str, pd.Series] = {n: waarden}
    for einde, reeks in (("laag", laag.laag), ("hoog", laag.hoog)):
        if reeks is not None:
            uit[f"{n}_{einde}"] = reeks.reindex(index).astype(float)
    uit[f"{n}_klasse"] = klassen.cat.rename_categories({GEEN_GEGEVENS: empty_label(laag.leeg, m)})
    if laag.oordeel is not None:
        uit[f"{n}_oordeel"] = laag.oordeel.reindex(index)
    status = pd.Series(regel.status[0], index=index) if laag.status is None else laag.status.reindex(index)
    uit[f"{n}_status"] = status.where(waarden.notna())
    for kop, reeks in laag.extra.items():
        kolom = re.sub(r"[^a-z0-9]+", "_", f"{n} {kop}".lower()).strip("_")
        if kolom in uit:
            raise ParameterFout(
                f"extra '{clean(kop)}' geeft kolom {kolom}, die er al is; kies een andere kop"
            )
        uit[kolom] = reeks.reindex(index)
    return pd.DataFrame(uit)


def number_columns(kolommen: pd.DataFrame, bezet: set[str]) -> pd.DataFrame:
    """Two layers of one indicator get a number behind their columns."""
    nummer = 1
    while bezet & set(kolommen.columns if nummer == 1 else [f"{k}_{nummer}" for k in kolommen.columns]):
        nummer += 1
    return kolommen if nummer == 1 else kolommen.add_suffix(f"_{nummer}")


def write_layer(
    naam: str, laag: Weblaag, regel: Bronregel, klassen: pd.Series, namen: list[str], *, soort: str
) -> Bladlaag:
    """The layer as texts."""
    m, index = laag.maatstaf, klassen.index
    leeg = empty_label(laag.leeg, m)
    rijen = class_rows(m, [klassen], leeg=leeg)
    sleutels = [ONBEKEND if k in m.onbekende_klassen else s for k, s in enumerate(m.klassen)]
    sleutels += [GEEN_GEGEVENS if rij[0] == leeg else rij[0] for rij in rijen[len(sleutels) :]]
    vulling = [fill(s, k) for s, k in zip(sleutels, (*m.kleuren, "", ""), strict=False)]
    nummer = {sleutel: n for n, sleutel in enumerate(sleutels)}
    per_rij = [nummer[k] for k in klassen.astype(str)]
    waarden = laag.waarden.reindex(index).astype(float)
    los = m.eenheid in ("", "%")
    kolommen = [
        Kolom(
            laag.waardenaam or ("aandeel" if m.eenheid == "%" else "waarde"),
            "" if los else m.eenheid,
            [leeg if pd.isna(w) else m.schrijf(w) for w in waarden],
        )
    ]
    if laag.laag is not None and laag.hoog is not None:
        paren = zip(
            laag.laag.reindex(index).astype(float), laag.hoog.reindex(index).astype(float), strict=True
        )
        cellen = [
            STREEP if pd.isna(a) or pd.isna(b) else f"{m.schrijf(a)} tot {m.schrijf(b)}" for a, b in paren
        ]
        kolommen.append(Kolom(laag.intervalnaam, "", cellen))
    if laag.oordeel is None:
        kolommen.append(Kolom("klasse", "", [rijen[k][0] for k in per_rij], getal=False))
    else:
        kolommen.append(Kolom("oordeel", "", _texts(laag.oordeel.reindex(index)), getal=False))
    for kop, reeks in laag.extra.items():
        is_getal = pd.api.types.is_numeric_dtype(reeks)
        kolommen.append(Kolom(kop, "", _texts(reeks.reindex(index)), getal=is_getal))
    if laag.status is not None:
        kolommen.append(Kolom("status", "", _texts(laag.status.reindex(index)), getal=False))
    getallen = pd.DataFrame({"naam": namen, m.naam: waarden.to_numpy(), "klasse": klassen.array}, index=index)
    kop = m.titel if los or m.eenheid in m.titel.lower() else f"{m.titel} ({m.eenheid})"
    return Bladlaag(
        naam=naam,
        waardenaam=laag.waardenaam or naam,
        kop=kop,
        uitleg=m.uitleg,
        samenvatting=describe(getallen, m, titel=naam, soort=soort),
        klassen=[Klasse(rij[0], v, rij[2][0]) for rij, v in zip(rijen, vulling, strict=True)],
        klasse=per_rij,
        kolommen=kolommen,
        voet=_foot(regel, status=laag.status is None),
        bron_kort=_short_source(regel),
        bronregel=regel.tekst,
        ook=[(kop, *plek) for kop, plek in laag.ook.items()],
    )


def _short_source(regel: Bronregel) -> str:
    """The first source, without its licence, which stands in the source line; how many more there are."""
    anderen = len(regel.bron) - 1
    eerste = re.sub(r"\s*\([^()]*\)$", "", regel.bron[0])
    return f"Bron: {eerste}" + (f" en {anderen} andere, zie onder de kaart" if anderen else "")


def _foot(regel: Bronregel, *, status: bool) -> list[str]:
    """Last lines of a tooltip: status (where it is one for all), norm and functie, reference dates, source."""
    normen = [
        f"norm: {regel.norm}" if regel.norm else "",
        f"functie: {regel.functie}" if regel.functie else "",
    ]
    peil = ", ".join(f"{k} {v}" for k, v in regel.peiljaren.items())
    regels = (
        f"Status: {', '.join(regel.status)}" if status else "",
        "; ".join(filter(None, normen)).capitalize(),
        f"Peil: {peil}" if len(regel.peiljaren) <= KORT else "",
        _short_source(regel),
    )
    return [r for r in regels if r]


def _texts(reeks: pd.Series) -> list[str]:
    """Values as they are shown; a dash where there is none."""
    if pd.api.types.is_bool_dtype(reeks):
        return ["ja" if w else "nee" for w in reeks]
    if pd.api.types.is_numeric_dtype(reeks):
        heel = bool((reeks.dropna() % 1 == 0).all())
        return [STREEP if pd.isna(w) else getal(float(w), 0 if heel else 1) for w in reeks]
    return [STREEP if pd.isna(w) else str(w) for w in reeks]
