"""Tables of a new snapshot from what StatLine and PDOK gave and what the last snapshot holds.

Pure functions on frames. What could not be had is taken over from the last snapshot and said so in
`Opbouw.opmerkingen`; what must not be guessed is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.dekking import (
    TOLERANTIE_LAND_M,
    TOLERANTIE_REGIO_M,
    alleen_vlakken,
    schone_dekking,
)
from huisartsdata.bronnen.leeftijdsopbouw import GROEPEN, ouder, verdeel_leeftijden, vorm_uit_pc4
from huisartsdata.bronnen.schrijfveilig import Onderbroken
from huisartsdata.fouten import BronFout

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from huisartsdata.bronnen.kerncijfers_cbs import CbsGegevens

OVERGENOMEN_KOLOMMEN = ("ggdregio_code", "ggdregio", "zorgkantoorregio_code", "zorgkantoorregio")
MAX_VERSCHUIVING_M = 1000.0  # a buurt's point further than this from its new border is no longer its place


@dataclass
class Opbouw:
    """New tables by name, and what a reader must know of them.

    `bronnen` names per table what it was made of, in words of the caller.
    """

    tabellen: dict[str, Any] = field(default_factory=dict)
    opmerkingen: list[str] = field(default_factory=list)


def opvolgers(herindelingen: pd.DataFrame, van: int, naar: int) -> dict[str, str]:
    """Old to new gemeente code over the changes after `van` up to and including `naar`."""
    uit: dict[str, str] = {}
    rijen = herindelingen.reset_index().sort_values(["jaar", "gm_oud"])
    for jaar, oud, nieuw in zip(rijen["jaar"], rijen["gm_oud"], rijen["gm_nieuw"], strict=True):
        if van < int(jaar) <= naar and oud != nieuw:
            uit = {k: (nieuw if w == oud else w) for k, w in uit.items()} | {str(oud): str(nieuw)}
    return uit


def bouw_gebieden(
    cbs: CbsGegevens, oud: Mapping[str, Any], grenzen: Mapping[str, gpd.GeoDataFrame] | None, oud_jaar: int
) -> Opbouw:
    """Gemeenten, wijken, buurten and borders of the year.

    Parameters
    ----------
    cbs
        What StatLine gave.
    oud
        Tables of the last snapshot.
    grenzen
        Layers of PDOK; without them the old borders serve where the codes are the same.
    oud_jaar
        Reference year of the last snapshot.

    Raises
    ------
    BronFout
        When an area is new and has no border, or a gemeente has no predecessor.
    """
    uit = Opbouw()
    kern = cbs.kern.tabel
    gm, wk, bu = (kern[kern.index.str.startswith(s)] for s in ("GM", "WK", "BU"))
    codes = {"gemeenten": gm.index, "wijken": wk.index, "buurten": bu.index}
    vlak = bouw_grenzen(uit, codes, oud, grenzen, cbs.peiljaar)
    volgt = opvolgers(oud["herindelingen"], oud_jaar, cbs.peiljaar)
    gemeenten = _gemeenten(uit, cbs, gm, oud["gemeenten"], volgt)
    uit.tabellen["gemeenten"] = _kaart(gemeenten, vlak["gemeenten"], oud["gemeenten"])
    wijken = _met_ouders(wk, naam=wk["titel"].str.replace(r"^Wijk \d\d ", "", regex=True), index="wk_code")
    uit.tabellen["wijken"] = _kaart(
        _vul_aan(uit, wijken, oud["wijken"], "wijken"), vlak["wijken"], oud["wijken"]
    )
    buurten = _met_ouders(bu, naam=bu["titel"], index="bu_code")
    buurten["wk_code"] = "WK" + buurten.index.str[2:8]
    buurten["goed_ervaren_gezondheid"] = oud["buurten"]["goed_ervaren_gezondheid"].reindex(buurten.index)
    buurten["pc4"] = buurten["pc4"].where(
        buurten["pc4"].str.fullmatch(r"[1-9]\d{3}").fillna(False).astype(bool)
    )
    uit.tabellen["buurten"] = _kaart(
        _vul_aan(uit, buurten, oud["buurten"], "buurten"), vlak["buurten"], oud["buurten"]
    )
    uit.tabellen |= {k: vlak[k] for k in ("gemeentegrenzen_regio", "water") if k in vlak}
    uit.tabellen["leeftijden"] = _leeftijden(uit, cbs, oud["leeftijden"])
    uit.tabellen["afstand"] = _afstand(uit, cbs, oud["afstand"])
    _koppel_over(uit, oud, volgt)
    return uit


def bouw_alleen_grenzen(oud: Mapping[str, Any], grenzen: Mapping[str, gpd.GeoDataFrame], jaar: int) -> Opbouw:
    """The tables of a snapshot with new borders; nothing else moves."""
    uit = Opbouw()
    namen = ("gemeenten", "wijken", "buurten")
    vlak = bouw_grenzen(uit, {n: oud[n].index for n in namen}, oud, grenzen, jaar)
    for naam in namen:
        uit.tabellen[naam] = _kaart(oud[naam], vlak[naam], oud[naam])
    uit.tabellen |= {k: vlak[k] for k in ("gemeentegrenzen_regio", "water")}
    return uit


def keur_grenzen(oud: Mapping[str, Any], grenzen: Mapping[str, gpd.GeoDataFrame], jaar: int) -> None:
    """Build the borders of a year that has no snapshot yet, to see that they can be kept for its figures.

    Raises
    ------
    BronFout
        When no map can be made of them.
    """
    codes = {naam: laag.index[~laag["water"]] for naam, laag in grenzen.items()}
    bouw_grenzen(Opbouw(), codes, oud, grenzen, jaar)


def _met_ouders(t: pd.DataFrame, *, naam: pd.Series, index: str) -> pd.DataFrame:
    uit = t.drop(columns="titel").rename_axis(index)
    return uit.assign(naam=naam.astype("str"), gm_code="GM" + uit.index.str[2:6])


def _vul_aan(uit: Opbouw, nieuw: pd.DataFrame, oud: pd.DataFrame, tabel: str) -> pd.DataFrame:
    """Columns that the source has not filled yet are those of the last snapshot, and that is said."""
    for k in ("afstand_huisarts_km", "inkomen_per_inwoner"):
        if nieuw[k].isna().all() and k in oud:
            nieuw[k] = oud[k].reindex(nieuw.index)
            uit.opmerkingen.append(
                f"{tabel}: '{k}' is nog niet gepubliceerd en overgenomen uit de vorige snapshot"
            )
    return nieuw


def _kaart(t: pd.DataFrame, vorm: gpd.GeoSeries, als: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The columns of the last snapshot's table, in its order, with geometry."""
    import geopandas as gpd

    kolommen = [k for k in als.columns if k != "geometry"]
    return gpd.GeoDataFrame(
        t[kolommen], geometry=gpd.GeoSeries(vorm.reindex(t.index), crs=als.crs), crs=als.crs
    )


def _gemeenten(
    uit: Opbouw, cbs: CbsGegevens, gm: pd.DataFrame, oud: pd.DataFrame, volgt: Mapping[str, str]
) -> pd.DataFrame:
    t = gm.drop(columns=["titel", "pc4"]).rename_axis("gm_code").assign(naam=gm["titel"].astype("str"))
    t = t.join(cbs.gebieden.tabel)
    voorgangers = {c: [o for o, n in volgt.items() if n == c and o in oud.index] for c in t.index}
    mist = []
    for c in t.index:
        eigen = [c] if c in oud.index else voorgangers[c]
        if not eigen:
            mist.append(c)
            continue
        grootste = oud.loc[eigen, "inwoners"].idxmax()
        t.loc[c, list(OVERGENOMEN_KOLOMMEN)] = oud.loc[grootste, list(OVERGENOMEN_KOLOMMEN)].to_numpy()
        gewicht = oud.loc[eigen, "inwoners"]
        t.loc[c, "goed_ervaren_gezondheid"] = float(
            (oud.loc[eigen, "goed_ervaren_gezondheid"] * gewicht).sum() / gewicht.sum()
        )
    if mist:
        raise BronFout(
            f"{len(mist)} nieuwe gemeenten hebben geen voorganger in de tabel herindelingen ({', '.join(mist[:5])}); "
            "de bestaande gegevens zijn ongewijzigd. Werk huisartsdata bij"
        )
    uit.opmerkingen.append(
        "gemeenten: GGD-regio, zorgkantoorregio en ervaren gezondheid zijn overgenomen uit de vorige snapshot"
    )
    if cbs.nabijheid is not None and t["afstand_huisarts_km"].isna().all():
        t["afstand_huisarts_km"] = cbs.nabijheid.tabel["afstand_huisarts_km"].reindex(t.index)
    return _vul_aan(uit, t, oud, "gemeenten")


def bouw_grenzen(
    uit: Opbouw,
    codes_van: Mapping[str, pd.Index],
    oud: Mapping[str, Any],
    grenzen: Mapping[str, gpd.GeoDataFrame] | None,
    jaar: int,
) -> dict[str, Any]:
    """Geometry of the areas in `codes_van`: from PDOK's layers, else the old one where the codes are the same.

    Returns
    -------
    dict
        `gemeenten`, `wijken`, `buurten` (GeoSeries) and with new layers `water` and
        `gemeentegrenzen_regio` (tables).
    """
    if grenzen is None:
        for naam, codes in codes_van.items():
            nieuw, weg = codes.difference(oud[naam].index), oud[naam].index.difference(codes)
            if len(nieuw) or (len(weg) and naam != "buurten"):
                genoemd = ", ".join([*nieuw[:3], *weg[:3]])
                raise Onderbroken(  # the figures wait for the borders
                    f"{len(nieuw)} {naam} van {jaar} hebben nog geen grens en {len(weg)} zijn vervallen ({genoemd}); "
                    f"haal eerst de grenzen op met: huisartsdata refresh pdok --peiljaar {jaar}"
                )
        uit.opmerkingen.append("grenzen: overgenomen uit de vorige snapshot (de codes zijn dezelfde)")
        return {naam: oud[naam].geometry for naam in ("gemeenten", "wijken", "buurten")}
    import geopandas as gpd
    import shapely

    crs = oud["gemeenten"].crs
    gm, wk, bu = (codes_van[k] for k in ("gemeenten", "wijken", "buurten"))
    laag = {k: v[~v["water"]] if k != "wijken" else v for k, v in grenzen.items()}
    for naam, codes in codes_van.items():
        if len(mist := codes.difference(laag[naam].index)):
            raise BronFout(
                f"{len(mist)} {naam} van de kerncijfers hebben bij PDOK geen grens ({', '.join(mist[:3])}); "
                f"de bestaande gegevens zijn ongewijzigd. Draai huisartsdata refresh pdok --peiljaar {jaar} opnieuw"
            )
    # water has no row in the key figures; where PDOK repeats a code for its water, the land counts
    wijk = laag["wijken"].sort_values("water", kind="stable")
    wijk = wijk[~wijk.index.duplicated()].sort_index()
    fijn = gpd.GeoSeries(
        schone_dekking(wijk.geometry.to_numpy(), TOLERANTIE_REGIO_M), index=wijk.index, crs=crs
    )
    nat = wijk[~wijk.index.isin(wk) & ~shapely.is_empty(fijn.to_numpy())]
    water = gpd.GeoDataFrame({"gm_code": nat["gm_code"].astype("str")}, geometry=fijn[nat.index], crs=crs)
    gemeente = laag["gemeenten"].loc[gm].sort_index()
    grof = schone_dekking(gemeente.geometry.to_numpy(), TOLERANTIE_LAND_M)
    droog = fijn[wk]
    leeg = [*gemeente.index[shapely.is_empty(grof)], *droog.index[shapely.is_empty(droog.to_numpy())]]
    if leeg:
        raise BronFout(
            f"{len(leeg)} gebieden van {jaar} liggen onder een ander of zijn kleiner dan een meter "
            f"({', '.join(leeg[:3])}); de bestaande gegevens zijn ongewijzigd. "
            f"Draai huisartsdata refresh pdok --peiljaar {jaar} opnieuw"
        )
    samen = droog.groupby("GM" + droog.index.str[2:6]).agg(
        lambda s: alleen_vlakken(shapely.coverage_union_all(s.to_numpy()))
    )
    regio = gpd.GeoDataFrame(geometry=list(samen), index=samen.index.rename("gm_code"), crs=crs)
    return {
        "gemeenten": gpd.GeoSeries(grof, index=gemeente.index, crs=crs),
        "wijken": droog,
        "water": water.rename_axis("wk_code"),
        "gemeentegrenzen_regio": regio,
        "buurten": _buurtpunten(uit, laag["buurten"].loc[bu].geometry, oud["buurten"].geometry),
    }


def _buurtpunten(uit: Opbouw, vlak: gpd.GeoSeries, oud: gpd.GeoSeries) -> gpd.GeoSeries:
    """A known buurt keeps its point while it lies in or near its border; another gets one inside."""
    punt = oud.reindex(vlak.index)
    houdt = (punt.distance(vlak, align=False) <= MAX_VERSCHUIVING_M) & punt.notna()
    uit.opmerkingen.append(f"buurten: {int((~houdt).sum())} punten zijn nieuw bepaald uit de grenzen")
    return punt.where(houdt, vlak.representative_point())


def _leeftijden(uit: Opbouw, cbs: CbsGegevens, oud: pd.DataFrame) -> pd.DataFrame:
    bu = uit.tabellen["buurten"]
    if cbs.leeftijd is not None and cbs.leeftijdjaar is not None:
        vorm = vorm_uit_pc4(bu, ouder(cbs.leeftijd.tabel, cbs.peiljaar - cbs.leeftijdjaar))
        uit.opmerkingen.append(
            f"leeftijden: naar postcode van {cbs.leeftijdjaar}, op de totalen van {cbs.peiljaar} gebracht"
        )
    else:
        vorm = oud["inwoners"].unstack()[GROEPEN]
        uit.opmerkingen.append(
            "leeftijden: geen nieuwe cijfers per postcode; de verdeling binnen de buurt is die van de vorige snapshot"
        )
    return verdeel_leeftijden(bu, uit.tabellen["wijken"], uit.tabellen["gemeenten"], vorm)


def _afstand(uit: Opbouw, cbs: CbsGegevens, oud: pd.DataFrame) -> pd.DataFrame:
    """The series with this year's row per gemeente, where CBS published the distances."""
    import pandas as pd

    gm = uit.tabellen["gemeenten"]
    km = cbs.kern.tabel["afstand_huisarts_km"].reindex(gm.index)
    if km.isna().all() and cbs.nabijheid is not None:
        km = cbs.nabijheid.tabel["afstand_huisarts_km"].reindex(gm.index)
    if km.isna().any():
        uit.opmerkingen.append(f"afstand: de reeks heeft nog geen jaar {cbs.peiljaar}")
        return oud
    rest = oud[oud.index.get_level_values("jaar") != cbs.peiljaar]
    nu = gm[["naam", "inwoners"]].assign(afstand_huisarts_km=km)
    nu.index = pd.MultiIndex.from_arrays([[cbs.peiljaar] * len(nu), nu.index], names=["jaar", "gm_code"])
    reeks: pd.DataFrame = pd.concat([rest, nu]).sort_index()
    return reeks


def _koppel_over(uit: Opbouw, oud: Mapping[str, Any], volgt: Mapping[str, str]) -> None:
    """Practices and postcodes of gemeenten that went follow their successor; sketches of buurten that went fall out."""
    codes, buurten = set(uit.tabellen["gemeenten"].index), uit.tabellen["buurten"].index
    for naam in ("praktijken", "pc4"):
        if not set(oud[naam]["gm_code"]) <= codes:
            t = oud[naam].copy()
            t["gm_code"] = t["gm_code"].replace(dict(volgt)).astype("str")
            if wees := sorted(set(t["gm_code"]) - codes):
                raise BronFout(
                    f"de tabel '{naam}' verwijst naar vervallen gemeenten zonder opvolger ({', '.join(wees[:5])}); "
                    "de bestaande gegevens zijn ongewijzigd. Werk huisartsdata bij"
                )
            uit.tabellen[naam] = t
            uit.opmerkingen.append(f"{naam}: overgenomen; gemeentecodes omgezet naar hun opvolger")
    schets = oud["buurtvlakken"]
    if not schets.index.isin(buurten).all():
        uit.tabellen["buurtvlakken"] = schets[schets.index.isin(buurten)]
        uit.opmerkingen.append(
            f"buurtvlakken: {int((~schets.index.isin(buurten)).sum())} vervallen buurten weggelaten"
        )
