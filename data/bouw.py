"""Build the embedded snapshot `data/2024/` from a folder of gathered inputs.

    python data/bouw.py INPUTS

INPUTS is the folder that holds `cbs/`, `gebieden/`, `nivel/`, `aanbod/` and `rivm/` as received;
what was made by hand (water, crossings, calibration) lies in `data/handwerk/`.
The script is the only thing that ever reads that folder; what it writes is in the contracts of
`huisartsdata.schema` and is all that the library needs at run time. Run it twice on the same inputs
and the same bytes come out.
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from huisartsdata import schema
from huisartsdata.bronnen.dekking import (
    TOLERANTIE_LAND_M,
    TOLERANTIE_REGIO_M,
    alleen_vlakken,
    schone_dekking,
)
from huisartsdata.bronnen.leeftijdsopbouw import GROEPEN, JONG, OUD, ouder

RD = "EPSG:28992"
PEILJAAR = 2024
VERSIE = "2024.1"
GEMAAKT = "2026-11-21"
HIER = Path(__file__).resolve().parent
LEEFTIJDJAAR = 2021  # of the ages per postcode

# CBS's numbering of the veiligheidsregio's; the input has codes only
VEILIGHEIDSREGIO = dict(
    zip(
        [f"VR{i:02d}" for i in range(1, 26)],
        [
            "Groningen",
            "Fryslân",
            "Drenthe",
            "IJsselland",
            "Twente",
            "Noord- en Oost-Gelderland",
            "Gelderland-Midden",
            "Gelderland-Zuid",
            "Utrecht",
            "Noord-Holland Noord",
            "Zaanstreek-Waterland",
            "Kennemerland",
            "Amsterdam-Amstelland",
            "Gooi en Vechtstreek",
            "Haaglanden",
            "Hollands Midden",
            "Rotterdam-Rijnmond",
            "Zuid-Holland Zuid",
            "Zeeland",
            "Midden- en West-Brabant",
            "Brabant-Noord",
            "Brabant-Zuidoost",
            "Limburg-Noord",
            "Zuid-Limburg",
            "Flevoland",
        ],
        strict=True,
    )
)


def gebieden(invoer: Path) -> dict[str, pd.DataFrame]:
    kern = pd.read_csv(invoer / "cbs/kwb2024_gemeente.csv", dtype={"gemeentecode": str})
    regio = pd.read_csv(invoer / "gebieden/gemeente_regio_2024.csv").set_index("gm_code")
    plus = pd.read_csv(invoer / "gebieden/gemeente_regioplus_2025.csv").set_index("gm_code")
    vlak = gpd.read_file(invoer / "gebieden/gemeenten_2024_rd.gpkg").set_index("gm_code").sort_index()
    gm = kern.set_index("gemeentecode").sort_index()
    gm.index.name = "gm_code"

    def eigen_codes(naam: pd.Series, letters: str) -> pd.Series:
        # no official code in the input: ours count the names in alphabetical order
        vast = {n: f"{letters}{i:02d}" for i, n in enumerate(sorted(naam.unique()), 1)}
        return naam.map(vast)

    t = pd.DataFrame(index=gm.index)
    t["naam"] = gm["gemeente"]
    t["provincie_code"], t["provincie"] = regio["pv_code"], regio["provincie"]
    t["regioplus_code"], t["regioplus"] = plus["regioplus_code"], plus["regioplus"]
    t["corop_code"], t["corop"] = regio["cr_code"], regio["corop"]
    t["ggdregio_code"], t["ggdregio"] = eigen_codes(regio["ggdregio"], "GGD"), regio["ggdregio"]
    t["veiligheidsregio_code"] = regio["vr_code"]
    t["veiligheidsregio"] = regio["vr_code"].map(VEILIGHEIDSREGIO)
    zk = regio["zorgkantoorregio_2019"]
    t["zorgkantoorregio_code"], t["zorgkantoorregio"] = eigen_codes(zk, "ZK"), zk
    t["stedelijkheid"] = regio["stedelijkheid"].astype("float64")
    for naar, van in {
        "inwoners": "inwoners",
        "inwoners_0_15": "inwoners0tot15",
        "inwoners_65_plus": "inwoners65plus",
        "afstand_huisarts_km": "afstandHuisarts",
        "omgevingsadressendichtheid": "adressendichtheid",
        "inkomen_per_inwoner": "inkomenPerInwoner",
        "goed_ervaren_gezondheid": "goedErvarenGezondheid",
    }.items():
        t[naar] = gm[van].astype("float64")

    w = gpd.read_file(invoer / "gebieden/wijken_2024_rd.gpkg").set_index("wijkcode").sort_index()
    w = w[~(w.geometry.is_empty | w.geometry.isna())]
    w = w[w.index != "WK099899"]  # "Buitenland": not an area
    kw = pd.read_csv(invoer / "cbs/kwb2024_wijk.csv").set_index("wijkcode").sort_index()
    fijn = schone_dekking(w.geometry.to_numpy(), TOLERANTIE_REGIO_M)
    w = w.set_geometry(gpd.GeoSeries(fijn, index=w.index, crs=RD))
    droog = w.index.isin(kw.index)
    wijken = gpd.GeoDataFrame(
        {
            "naam": kw["wijk"],
            "gm_code": kw["gemeentecode"],
            "inwoners": kw["inwoners"].astype("float64"),
            "inwoners_0_15": kw["inwoners0tot15"].astype("float64"),
            "inwoners_65_plus": kw["inwoners65plus"].astype("float64"),
            "afstand_huisarts_km": kw["afstandHuisarts"].astype("float64"),
            "inkomen_per_inwoner": kw["inkomenPerInwoner"].astype("float64"),
            "stedelijkheid": kw["stedelijkheid"].astype("float64"),
        },
        geometry=gpd.GeoSeries(w.geometry.reindex(kw.index), crs=RD),
        crs=RD,
    )
    wijken.index.name = "wk_code"
    leeg = wijken.geometry.isna()
    if leeg.any():
        raise SystemExit(f"wijken without polygon: {list(wijken.index[leeg])}")
    water = gpd.GeoDataFrame({"gm_code": w.loc[~droog, "gemeentecode"]}, geometry=w.geometry[~droog], crs=RD)
    water.index.name = "wk_code"

    grof = schone_dekking(vlak.geometry.to_numpy(), TOLERANTIE_LAND_M)
    gemeenten = gpd.GeoDataFrame(t, geometry=gpd.GeoSeries(grof, index=vlak.index, crs=RD), crs=RD)
    # region detail: the union of a gemeente's land wijken, so that both levels share their borders
    samen = wijken.geometry.groupby(wijken["gm_code"]).agg(lambda s: shapely.coverage_union_all(s.to_numpy()))
    regiodetail = gpd.GeoDataFrame(geometry=[alleen_vlakken(g) for g in samen], index=samen.index, crs=RD)
    return {
        "gemeenten": gemeenten,
        "gemeentegrenzen_regio": gpd.GeoDataFrame(regiodetail[["geometry"]], crs=RD),
        "wijken": wijken,
        "water": water,
    }


def buurten(invoer: Path) -> gpd.GeoDataFrame:
    b = pd.read_csv(invoer / "cbs/kwb2024_buurt.csv", dtype={"postcode": str})
    b = b.set_index("buurtcode").sort_index()
    punt = gpd.GeoSeries(gpd.points_from_xy(b["rd_x"], b["rd_y"]), index=b.index, crs=RD)
    punt[b["rd_x"].isna()] = None
    f8 = {
        "inwoners": "inwoners",
        "inwoners_0_15": "inwoners0tot15",
        "inwoners_65_plus": "inwoners65plus",
        "afstand_huisarts_km": "afstandHuisarts",
        "stedelijkheid": "stedelijkheid",
        "omgevingsadressendichtheid": "adressendichtheid",
        "oppervlakte_land_ha": "oppervlakteLandHa",
        "huishoudens": "huishoudens",
        "inkomen_per_inwoner": "inkomenPerInwoner",
        "goed_ervaren_gezondheid": "gez_goedErvarenGezondheid",
    }
    t = pd.DataFrame(
        {"naam": b["buurt"], "wk_code": b["wijkcode"], "gm_code": b["gemeentecode"], "pc4": b["postcode"]}
        | {naar: b[van].astype("float64") for naar, van in f8.items()}
    )
    t.index.name = "bu_code"
    return gpd.GeoDataFrame(t, geometry=punt, crs=RD)


def buurtvlakken(invoer: Path, bekend: pd.Index) -> gpd.GeoDataFrame:
    """Buurt polygons of the two case regions: sketch maps only."""
    zuid = gpd.read_file(invoer / "gebieden/buurten_drechtsteden_2023_rd.gpkg")
    zuid = zuid.rename(columns={"buurtcode": "bu_code"}).assign(bron="cbs_buurten_drechtsteden_2023")
    noord = gpd.read_file(invoer / "gebieden/buurten_drenthe_2024_benaderd_rd.gpkg")
    noord = noord.assign(bron="cbs_buurten_drenthe_2024_benaderd")
    delen = []
    for deel in (noord, zuid):
        deel = deel[deel["bu_code"].isin(bekend)].set_index("bu_code").sort_index()
        deel = deel.set_geometry(
            gpd.GeoSeries(schone_dekking(deel.geometry.to_numpy(), 15.0), index=deel.index, crs=RD)
        )
        delen.append(deel[["bron", "geometry"]])
    return gpd.GeoDataFrame(pd.concat(delen).sort_index(), crs=RD)


def aanbod(invoer: Path, gemeenten: pd.DataFrame, bu: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    """`pc4` (counts, and place, urbanity and radius of where its people live) and `praktijken` (one row each)."""
    punt = pd.read_csv(invoer / "gebieden/pc4_2021_punten.csv", dtype={"postcode": str}).set_index("postcode")
    tel = pd.read_csv(invoer / "aanbod/praktijken_per_pc4_2026.csv", dtype={"pc4": str}).set_index("pc4")
    # the count file writes six names without CBS's suffix; each is unique once the suffix is cut
    kaal = gemeenten["naam"].str.replace(r" \((?:L|NH|O|Z|ZH)\.\)$", "", regex=True)
    code = pd.Series(kaal.index, index=kaal.to_numpy())
    for naam in tel["gemeente_2023"].unique():
        if naam in set(gemeenten["naam"]):
            code[naam] = gemeenten.index[gemeenten["naam"] == naam][0]
    code = code[~code.index.duplicated()]
    t = pd.DataFrame(index=punt.index.sort_values())
    t.index.name = "pc4"
    t["gm_code"] = tel["gemeente_2023"].map(code).reindex(t.index).fillna(punt["gm_2024_grootste_overlap"])
    t["inwoners_2021"] = punt["inwoners"].astype("float64")
    t["praktijken"] = tel["praktijken"].reindex(t.index).fillna(0).astype("float64")
    t["adressen"] = tel["adressen"].reindex(t.index).fillna(0).astype("float64")
    plek = bewoonde_plek(bu, t.index, punt)
    t[["stedelijkheid", "straal_km"]] = plek[["stedelijkheid", "straal_km"]]
    pc4 = gpd.GeoDataFrame(t, geometry=gpd.points_from_xy(plek["x"].round(), plek["y"].round()), crs=RD)

    rij = pc4.loc[np.repeat(pc4.index, pc4["praktijken"].astype(int))]
    nummer = rij.groupby(level=0).cumcount() + 1
    prak = gpd.GeoDataFrame(
        {
            "pc4": rij.index.to_numpy(),
            "gm_code": rij["gm_code"].to_numpy(),
            "fte": np.nan,
            "fte_status": pd.array([None] * len(rij), dtype="str"),
            "ingeschreven": np.nan,
            "open_voor_inschrijving": "onbekend",
        },
        index=pd.Index([f"P{p}-{n:02d}" for p, n in zip(rij.index, nummer, strict=True)], name="praktijk_id"),
        geometry=rij.geometry.to_numpy(),
        crs=RD,
    )
    return {"pc4": pc4, "praktijken": prak}


# a practice stands among dwellings more often than people alone would say: weighing buurten by
# inhabitants x (addresses per km2 + 20) fits CBS's distances best; the 20 keeps rural buurten in
DICHTHEID_ERBIJ = 20.0
STRAAL_ZONDER_BUURT_KM = (
    0.399  # circle of 50 ha: 141 PC4s, 9 of them with a practice, name no inhabited buurt
)


def bewoonde_plek(bu: gpd.GeoDataFrame, pc4: pd.Index, punt: pd.DataFrame) -> pd.DataFrame:
    """Where people live in each PC4: centre, urbanity class of its heaviest buurt, mean buurt radius (km)."""
    b = bu[bu.geometry.notna() & bu["pc4"].notna() & (bu["inwoners"] > 0)].sort_index()
    gewicht = b["inwoners"] * (b["omgevingsadressendichtheid"].fillna(1) + DICHTHEID_ERBIJ)
    straal = straal_km(b["oppervlakte_land_ha"])
    som = (
        pd.DataFrame(
            {"g": gewicht, "x": gewicht * b.geometry.x, "y": gewicht * b.geometry.y, "s": gewicht * straal}
        )
        .groupby(b["pc4"])
        .sum()
    )
    zwaarst = gewicht.groupby(b["pc4"]).idxmax()
    t = pd.DataFrame(index=pc4)
    t["x"] = (som["x"] / som["g"]).reindex(pc4).fillna(punt["rd_x"])
    t["y"] = (som["y"] / som["g"]).reindex(pc4).fillna(punt["rd_y"])
    t["stedelijkheid"] = b["stedelijkheid"].fillna(5).reindex(zwaarst).set_axis(zwaarst.index).reindex(pc4)
    t["straal_km"] = (som["s"] / som["g"]).round(3).reindex(pc4).fillna(STRAAL_ZONDER_BUURT_KM)
    leeg = t["stedelijkheid"].isna()
    boom = STRtree(b.geometry.to_numpy())
    dichtbij = boom.nearest(shapely.points(t.loc[leeg, ["x", "y"]].to_numpy()))
    t.loc[leeg, "stedelijkheid"] = b["stedelijkheid"].fillna(5).to_numpy()[dichtbij]
    return t


def straal_km(oppervlakte_ha: pd.Series) -> pd.Series:
    """Radius of the circle with a buurt's land area; 1 ha at least."""
    return np.sqrt(oppervlakte_ha.fillna(0).clip(lower=1) / 100 / np.pi)


# --- water and travel: tables made by hand, in data/handwerk/ -----------------------------------

# for drawing: water up to twice BREEDTE_M wide between land is river, beyond KUST_M off the coast it is sea
BREEDTE_M, KUST_M = 1200.0, 300.0
OOSTRAND_X = 115_000.0  # east of it the barrier around the Krimpenerwaard is a land border


def handwerk(wijken: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
    def lees(naam: str, index: str) -> pd.DataFrame:
        return pd.read_csv(HIER / "handwerk" / f"{naam}.csv", index_col=index).sort_index()

    def tekst(t: pd.DataFrame, kolommen: list[str]) -> pd.DataFrame:
        t = t.astype(dict.fromkeys(kolommen, "str"))
        t.index = t.index.astype("str")
        return t

    vakken = lees("vakken", "vak")
    vakken = gpd.GeoDataFrame(
        tekst(vakken[["naam"]], ["naam"]),
        geometry=gpd.points_from_xy(vakken["rd_x"], vakken["rd_y"]),
        crs=RD,
    )
    b = lees("barrieres", "barriere_id")
    namen = ["naam", "vak_a", "vak_b", "soort", "bron"]
    barrieres = gpd.GeoDataFrame(tekst(b[namen], namen), geometry=shapely.from_wkt(b["lijn"]), crs=RD)
    o = lees("overgangen", "overgang_id")
    namen = ["naam", "vak_a", "vak_b", "soort", "auto", "bron", "opmerking"]
    o[namen] = o[namen].fillna("")
    overgangen = gpd.GeoDataFrame(
        tekst(o[namen], namen).assign(
            wachttijd_min=o["wachttijd_min"].astype("float64"), open_sinds=o["open_sinds"].astype("float64")
        ),
        geometry=gpd.points_from_xy(o["rd_x"], o["rd_y"]),
        crs=RD,
    )
    land = shapely.coverage_union_all(wijken.geometry.to_numpy())
    land = shapely.buffer(shapely.buffer(land.simplify(50), BREEDTE_M), KUST_M - BREEDTE_M)
    nat = barrieres[barrieres["soort"].isin(["rivier", "kanaal"])]
    lijn = nat.geometry.intersection(land)
    rand = nat["naam"].str.contains(" en oostrand")
    lijn[rand] = lijn[rand].intersection(shapely.box(0, 0, OOSTRAND_X, 1e6))
    lijn = lijn.groupby(nat["naam"].str.replace(" en oostrand.*", "", regex=True)).agg(_een_lijn)
    rivieren = gpd.GeoDataFrame(geometry=gpd.GeoSeries(lijn), crs=RD).explode(index_parts=False)
    rivieren = rivieren[rivieren.length > KUST_M].rename_axis("naam").reset_index()
    rivieren["naam"] = rivieren["naam"].astype("str")
    rivieren.index = pd.Index([f"R{i:03d}" for i in range(1, len(rivieren) + 1)], name="rivier_id")
    k = lees("kalibratie_reistijd", "stap")
    k = tekst(k, ["omschrijving", "soort"]).astype({"buurten": "float64", "gemeenten": "float64"})
    c = lees("naaste_coefficienten", "kenmerk")
    return {
        "vakken": vakken,
        "barrieres": barrieres,
        "overgangen": overgangen,
        "rivieren": rivieren[["naam", "geometry"]],
        "reiskalibratie": k,
        "naaste_coefficienten": tekst(c, []).astype("float64"),
    }


def _een_lijn(lijnen: gpd.GeoSeries) -> shapely.Geometry:
    delen = [d for g in lijnen for d in shapely.get_parts(g) if d.geom_type == "LineString"]
    return shapely.line_merge(shapely.multilinestrings(delen))


def leeftijden(invoer: Path, bu: pd.DataFrame, gm: pd.DataFrame, wk: pd.DataFrame) -> pd.DataFrame:
    """People per buurt and five-year age group: the 2021 ages of its PC4 in the 2024 totals.

    Within 0-14, 15-64 and 65+ the five-year shares are those of the buurt's PC4 in 2021 (where CBS
    hides them: of all PC4s of the gemeente), from 50 on brought three years further (`ouder`). The three bands are CBS's of 2024 per buurt; where it
    hides a band the wijk's share is taken, then the gemeente's. Last the bands are scaled per
    gemeente to CBS's unrounded 2024 bands while every buurt keeps its published total (iterative
    proportional fitting).
    """
    a = pd.read_csv(invoer / "cbs/bevolking_pc4_leeftijd_2021.csv", dtype={"postcode": str})
    pc = a.pivot(index="postcode", columns="leeftijd", values="inwoners")[GROEPEN]
    b = bu[bu["inwoners"] > 0]
    pc = ouder(pc, PEILJAAR - LEEFTIJDJAAR)
    per_pc = pc.reindex(b["pc4"]).set_axis(b.index)
    gm_van_pc = b.groupby("pc4")["gm_code"].agg(lambda s: s.mode().iat[0])
    per_gm = pc.reindex(gm_van_pc.index).groupby(gm_van_pc).sum()
    land = pc.sum()
    banden = [JONG, GROEPEN[3:13], OUD]
    binnen = pd.DataFrame(index=b.index, columns=GROEPEN, dtype="float64")
    for band in banden:
        deel = per_pc[band].div(per_pc[band].sum(axis=1).replace(0, np.nan), axis=0)
        reserve = per_gm[band].div(per_gm[band].sum(axis=1), axis=0).reindex(b["gm_code"]).set_axis(b.index)
        binnen[band] = deel.fillna(reserve).fillna(land[band] / land[band].sum())

    def aandeel(kolom: str) -> pd.Series:
        eigen = b[kolom] / b["inwoners"]
        wijk = (wk[kolom] / wk["inwoners"]).reindex(b["wk_code"]).set_axis(b.index)
        gem = (gm[kolom] / gm["inwoners"]).reindex(b["gm_code"]).set_axis(b.index)
        return eigen.fillna(wijk).fillna(gem)

    # columns by name: integer labels that get a gap filled later are mishandled by pandas 3.1
    jong, oud = aandeel("inwoners_0_15").clip(0, 1), aandeel("inwoners_65_plus").clip(0, 1)
    teveel = (jong + oud).clip(lower=1)
    jong, oud = jong / teveel, oud / teveel
    band = pd.DataFrame({"jong": jong, "midden": 1 - jong - oud, "oud": oud})
    band = band.clip(lower=1e-6).mul(b["inwoners"], axis=0)
    doel = pd.DataFrame(
        {
            "jong": gm["inwoners_0_15"],
            "midden": gm["inwoners"] - gm["inwoners_0_15"] - gm["inwoners_65_plus"],
            "oud": gm["inwoners_65_plus"],
        }
    )
    doel = doel.div(gm["inwoners"], axis=0).mul(b.groupby("gm_code")["inwoners"].sum(), axis=0)
    for _ in range(200):
        band = band.mul((doel / band.groupby(b["gm_code"]).sum()).reindex(b["gm_code"]).set_axis(b.index))
        band = band.mul(b["inwoners"] / band.sum(axis=1), axis=0)
    afwijking = (band.groupby(b["gm_code"]).sum() - doel).abs().to_numpy().max()
    print(f"leeftijden: largest deviation from a gemeente's band {afwijking:.4f} people")
    for k, groepen in zip(band.columns, banden, strict=True):
        binnen[groepen] = binnen[groepen].mul(band[k], axis=0)
    lang = (
        binnen.rename_axis("bu_code")
        .rename_axis("leeftijdsgroep", axis=1)
        .stack()
        .rename("inwoners")
        .to_frame()
    )
    lang["inwoners"] = lang["inwoners"].round(3)
    lang["status"] = "afgeleid"
    return lang


def reeksen(invoer: Path) -> dict[str, pd.DataFrame]:
    d = pd.read_csv(invoer / "cbs/bevolkingsontwikkeling_2012_2023.csv")
    d.columns = pd.Index(
        [
            "gm_code",
            "naam",
            "jaar",
            "inwoners_1_januari",
            "geboren",
            "overleden",
            "gevestigd",
            "vertrokken",
            "inwoners_31_december",
        ]
    )
    d["gm_code"] = d["gm_code"].str.strip()
    d = d[d["gm_code"].str.startswith("GM") & d["inwoners_1_januari"].notna()]
    bevolking = d.set_index(["jaar", "gm_code"]).sort_index().astype(dict.fromkeys(d.columns[3:], "float64"))
    a = pd.read_csv(invoer / "cbs/afstand_huisarts_gemeente.csv")
    a = a[a["gemeentecode"] != "GM9999"]  # CBS's row for "unknown": no people, no distance
    a.columns = pd.Index(["jaar", "gm_code", "naam", "inwoners", "afstand_huisarts_km"])
    afstand = (
        a.set_index(["jaar", "gm_code"])
        .sort_index()
        .astype({"inwoners": "float64", "afstand_huisarts_km": "float64"})
    )
    return {"bevolking": bevolking, "afstand": afstand}


def herindelingen(invoer: Path, bevolking: pd.DataFrame, gm: pd.DataFrame) -> dict[str, pd.DataFrame]:
    h = pd.read_csv(invoer / "gebieden/herindelingen_2010_2026.csv", dtype={"datum": str})
    # CBS's tables stand on the map of 1 January: a change later in a year holds from the next
    h["jaar"] = h["datum"].str[:4].astype(int) + (h["datum"].str[4:] != "0101")
    h["status"] = np.where(h["jaar"] > 2024, "aanname", "waargenomen")
    h = h.set_index(["jaar", "gm_oud"])[["naam_oud", "gm_nieuw", "naam_nieuw", "bron", "status"]].sort_index()
    return {"herindelingen": h, "verdeling": verdelingen(invoer, h, bevolking, gm)}


# People who went elsewhere than to the one successor of the register, read off the population
# series: (people on 1 January) - (people of the predecessors on 31 December before). The pairs
# follow from the signs; where one year has several flows at a gemeente the villages' postcodes say
# which part came from whom.
STROMEN: list[tuple[int, str, str]] = [
    (2014, "GM0055", "GM0074"), (2014, "GM0055", "GM1900"), (2014, "GM0055", "GM1921"),
    (2014, "GM0051", "GM0074"), (2014, "GM0267", "GM0203"), (2014, "GM1740", "GM0281"),
    (2014, "GM0394", "GM0363"), (2015, "GM1671", "GM0828"), (2017, "GM0040", "GM0014"),
    (2018, "GM0140", "GM0080"), (2018, "GM0140", "GM1949"), (2018, "GM1930", "GM0530"),
    (2018, "GM0855", "GM0785"), (2019, "GM0053", "GM1969"), (2019, "GM0171", "GM0184"),
    (2019, "GM0268", "GM1945"), (2020, "GM0599", "GM1621"), (2021, "GM0788", "GM0757"),
    (2021, "GM0788", "GM0855"), (2021, "GM0788", "GM0865"),
]  # fmt: skip
# Haskerdijken (8468) and Nieuwebrug (8469) went from Skarsterlân to Heerenveen in 2014, beside
# Akkrum, Nes and Aldeboarn from Boarnsterhim: both arrive in one figure, so their people of 2021
# set the part of Skarsterlân and the remainder is Boarnsterhim's.
PC4_SKARSTERLAN_NAAR_HEERENVEEN = ["8468", "8469"]


def verdelingen(invoer: Path, h: pd.DataFrame, bevolking: pd.DataFrame, gm: pd.DataFrame) -> pd.DataFrame:
    punt = pd.read_csv(invoer / "gebieden/pc4_2021_punten.csv", dtype={"postcode": str}).set_index("postcode")
    skarsterlan = float(punt["inwoners"].reindex(PC4_SKARSTERLAN_NAAR_HEERENVEEN).sum())
    stroom: dict[tuple[int, str, str], float] = {}
    for jaar in sorted({s[0] for s in STROMEN}):
        voor = bevolking.loc[jaar - 1, "inwoners_31_december"]
        na = gm["inwoners"] if jaar == 2024 else bevolking.loc[jaar, "inwoners_1_januari"]
        opvolger = h.loc[jaar, "gm_nieuw"] if jaar in h.index.get_level_values(0) else pd.Series(dtype=str)
        samen = voor.groupby(voor.index.map(lambda c, o=opvolger: o.get(c, c))).sum()
        sprong = (na - samen.reindex(na.index)).loc[lambda s: s != 0]
        for j, oud, nieuw in [s for s in STROMEN if s[0] == jaar]:
            if (oud, nieuw) == ("GM0051", "GM0074"):
                stroom[j, oud, nieuw] = skarsterlan
            elif (oud, nieuw) == ("GM0055", "GM0074"):
                stroom[j, oud, nieuw] = sprong[nieuw] - skarsterlan
            elif (oud, nieuw) == ("GM0055", "GM1921"):
                stroom[j, oud, nieuw] = sprong[nieuw] + skarsterlan
            else:
                stroom[j, oud, nieuw] = sprong[nieuw]
    rijen = []
    for jaar, oud in sorted({s[:2] for s in STROMEN}):
        totaal = float(bevolking.loc[(jaar - 1, oud), "inwoners_31_december"])
        weg = {n: v for (j, o, n), v in stroom.items() if (j, o) == (jaar, oud)}
        eigen = h["gm_nieuw"].get((jaar, oud), oud)
        soort = "opgeheven en verdeeld" if eigen != oud else "grenscorrectie"
        methode = "stroom in de bevolkingsreeks"
        if jaar == 2014 and oud in ("GM0055", "GM0051"):
            methode += ", gesplitst naar inwoners per postcode (2021)"
        for nieuw, mensen in {eigen: totaal - sum(weg.values()), **weg}.items():
            rijen.append((jaar, oud, nieuw, mensen / totaal, mensen, soort, methode))
    t = pd.DataFrame(rijen, columns=["jaar", "gm_oud", "gm_nieuw", "aandeel", "inwoners", "soort", "methode"])
    return t.set_index(["jaar", "gm_oud", "gm_nieuw"]).sort_index()


# --- published facts ---------------------------------------------------------------------------

FEITBESTANDEN = {
    "capaciteitsorgaan_parameters": "raming",
    "huisartsen_landelijk_reeks": "aantallen",
    "norm_tarief_praktijk": "norm",
    "opleiding_en_instroom": "opleiding",
    "patientenstops": "patiëntenstop",
    "regio_feiten": "regio",
    "tekort_en_wachtlijsten": "tekort",
    "zorgvraag_gewichten": "zorgvraag",
}
# Nothing here may name a practice, a chain of practices or a person, and the cleaning must not either:
# it removes by form. A minister keeps his office, a researcher his institute.
ANONIEM = [
    (r"(?i)\bminister [A-Z]\w+", "de minister"),
    (r"\b[A-Z]\w+ \((UMC [^)]+)\)", r"\1"),
]
# publishers whose page titles name no practice; of all other addresses only the part up to a number stays
UITGEVERS = (
    "nivel", "cbs", "rivm", "vzinfo", "staatvenz", "volksgezondheidenzorg", "nza", "rijksoverheid", "capaciteitsorgaan",
    "ipsos-publiek", "lhv", "huisartsopleiding", "achterstandsfonds", "trendbureaudrenthe", "nji", "zorgenz",
)  # fmt: skip


def _schoon_tekst(s: pd.Series) -> pd.Series:
    for patroon, nieuw in ANONIEM:
        s = s.str.replace(patroon, nieuw, regex=True)
    return s.str.strip()


def _schoon_url(url: str) -> str:
    if url in ("", "nan", "None"):
        return ""
    schema_, _, rest = url.partition("://")
    host, *pad = rest.split("/")
    if any(u in host for u in UITGEVERS):
        return url
    for n, deel in enumerate(pad):
        nummer = re.search(r"\d{4,}", deel)
        if nummer:
            if re.fullmatch(r"\d+|\d+-.*", deel):
                return "/".join([f"{schema_}://{host}", *pad[:n], nummer.group()])
            break
    return f"{schema_}://{host}"


def _getal(s: pd.Series) -> pd.Series:
    return pd.to_numeric(s, errors="coerce")


def feiten(invoer: Path, gebied_van_naam: dict[tuple[str, str], str]) -> pd.DataFrame:
    delen = []
    for bestand, thema in FEITBESTANDEN.items():
        d = pd.read_csv(invoer / f"nivel/{bestand}.csv", dtype=str)
        t = pd.DataFrame({"thema": thema}, index=d.index)
        t["gebiedsnaam"] = d.get("regio", "Nederland")
        t["gebiedsoort"] = d.get("regiotype", "land")
        t["indicator"] = d["indicator"] if "indicator" in d else d["variabele"]
        groep = d["groep"] if "groep" in d else d["categorie"] if "categorie" in d else d.get("indeling")
        t["groep"] = groep if groep is not None else None
        t["periode"] = next(d[k] for k in ("peildatum", "periode", "jaar", "ramingsjaar") if k in d)
        if "peildatum" in d:  # a date that the source does not give must not hide the year it does give
            vaag = ~d["peildatum"].str.contains(r"\d{4}", na=False)
            t["periode"] = t["periode"].mask(vaag, d["jaar"] + " (peildag onbekend)")
        t["waarde_tekst"] = d["waarde"]
        t["waarde"] = _getal(d["waarde"])
        t["eenheid"] = d["eenheid"]
        t["bron"], t["url"], t["via"] = d["bron"], d["url"], d["via"]
        t["kwaliteit"] = d["betrouwbaarheid"]
        toelichting = d["toelichting"] if "toelichting" in d else d.get("opmerking")
        t["opmerking"] = toelichting if toelichting is not None else None
        if "aard" in d:
            t["opmerking"] = t["opmerking"].fillna("").str.cat(d["aard"].fillna(""), sep="; ").str.strip("; ")
        delen.append(t)
    t = pd.concat(delen, ignore_index=True)
    for k in (
        "gebiedsnaam",
        "gebiedsoort",
        "indicator",
        "groep",
        "waarde_tekst",
        "bron",
        "via",
        "opmerking",
        "eenheid",
    ):
        t[k] = _schoon_tekst(t[k].astype("str"))
    dorp = t["indicator"].str.replace(r"_[A-Z].*$", "", regex=True)  # a village is no indicator
    t["indicator"] = t["indicator"].mask(t["thema"] == "tekort", dorp)
    # where one practice is meant, what is said of it beyond the number goes
    plaatselijk = (t["thema"] == "tekort") & ~t["gebiedsoort"].isin(["land", "provincie"])
    t["bron"] = t["bron"].mask(plaatselijk, t["bron"].str.replace(r"\s*\([^)\d]*\)$", "", regex=True))
    t["opmerking"] = t["opmerking"].mask(
        plaatselijk & t["opmerking"].str.contains("sinds|opvolger", na=False), ""
    )
    t["url"] = [_schoon_url(u) for u in t["url"].fillna("").astype("str")]
    # one address leads to a page about something else; better none than a wrong one
    t["url"] = t["url"].mask(t["indicator"] == "genoemd_als_tekortregio_door_minister", "")
    # "idem" points at the row above in the received file; here every row stands alone
    idem = t["bron"].str.startswith("idem", na=False)
    vorig = t["bron"].mask(idem).ffill()
    t["bron"] = vorig.where(~idem, vorig + t["bron"].str[4:].fillna(""))
    t["gebied"] = [
        gebied_van_naam.get((s, n)) for s, n in zip(t["gebiedsoort"], t["gebiedsnaam"], strict=True)
    ]
    t["feit_id"] = [f"F{i:04d}" for i in range(1, len(t) + 1)]
    geschat = (
        t["opmerking"].str.endswith("raming", na=False)
        | t["eenheid"].str.contains("schatting", na=False)
        | t["indicator"].str.contains("verwacht|advies|groei_|verandering_|scenario", na=False)
    )
    t["status"] = np.select([t["kwaliteit"] == "D", geschat], ["afgeleid", "modelschatting"], "waargenomen")
    kolommen = ["thema", "gebied", "gebiedsoort", "gebiedsnaam", "indicator", "groep", "periode", "waarde",
                "waarde_tekst", "eenheid", "status", "bron", "url", "via", "kwaliteit", "opmerking"]  # fmt: skip
    t = t.set_index("feit_id")[kolommen]
    tekst = [k for k in kolommen if k != "waarde"]
    t[tekst] = t[tekst].astype("str").replace({"": None, "nan": None, "None": None})
    return t.astype({"waarde": "float64"} | dict.fromkeys(tekst, "str"))


def gebiedsnamen(gm: pd.DataFrame) -> dict[tuple[str, str], str]:
    namen: dict[tuple[str, str], str] = {("land", "Nederland"): "NL01"}
    namen |= {("gemeente", n): c for c, n in gm["naam"].items()}
    namen |= {("provincie", n): c for c, n in zip(gm["provincie_code"], gm["provincie"], strict=True)}
    namen[("provincie", "Friesland")] = namen[("provincie", "Fryslân")]
    plus = dict(zip(gm["regioplus"], gm["regioplus_code"], strict=True))
    for bericht, eigen in {
        "Zuid-Holland-Zuid": "Zuid-Holland Zuid",
        "Gooi- en Vechtstreek": "Gooi- en Vechtstreek",
        "Amersfoort en omgeving": "Amersfoort en omgeving",
        "Haaglanden": "Haaglanden en Nieuwe Waterweg Noord",
        "Noord-Holland Noord": "Noord-Holland Noord",
        "RegioPlus minimum (West-Brabant)": "West-Brabant",
    }.items():
        namen[("RegioPlus-regio", bericht)] = plus[eigen]
    return namen


SIGNAALINDICATOREN = (
    "patientenstop", "wachtenden", "wachtlijst", "zonder_huisarts", "andere_huisarts", "zonder_of_zoekend",
    "niet_ingeschreven", "willen_wisselen", "geen_huisarts", "praktijk_zonder_opvolger", "tekortregio", "brieven_patientenruil",
)  # fmt: skip
STEEKPROEF = {"1.145 praktijken": 1145.0, "1.521 praktijken": 1521.0, "Ipsos I&O": 10853.0}
ONDERGRENS, BOVENGRENS = r"\((?:ruim|minstens|meer dan)\)", r"\((?:nog geen|hooguit|bijna)\)"


def signalen(f: pd.DataFrame) -> pd.DataFrame:
    """Observed signals per area: patient stops, waiting lists, people without a GP. Never model input."""
    s = f[
        f["thema"].isin(["patiëntenstop", "tekort"])
        & f["indicator"].str.contains("|".join(SIGNAALINDICATOREN))
    ].copy()
    s = s[~s["opmerking"].str.contains("zwakke bron", na=False)]  # a weblog is no signal to type a region by
    s["peildatum"] = s["periode"]
    ondergrens = s["indicator"].str.contains("ondergrens") | s["eenheid"].str.contains(ONDERGRENS)
    bovengrens = s["indicator"].str.contains("bovengrens") | s["eenheid"].str.contains(BOVENGRENS)
    s["eenheid"] = s["eenheid"].str.replace(rf" *(?:{ONDERGRENS}|{BOVENGRENS})", "", regex=True)
    s["waarde_laag"] = s["waarde"].where(ondergrens)
    s["waarde_hoog"] = s["waarde"].where(bovengrens)
    s["waarde"] = s["waarde"].mask(ondergrens | bovengrens)
    s["indicator"] = s["indicator"].str.replace("_ondergrens|_bovengrens", "", regex=True)
    # a lower and an upper bound of one estimate are one signal with a range
    sleutel = ["gebiedsnaam", "indicator", "peildatum", "bron", "url"]
    hoog = s[bovengrens].rename_axis("feit").reset_index().set_index(sleutel)["waarde_hoog"]
    paar = pd.MultiIndex.from_frame(s[sleutel])
    s["waarde_hoog"] = s["waarde_hoog"].where(~ondergrens, hoog.reindex(paar).to_numpy())
    s["waarde_tekst"] = s["waarde_tekst"].where(
        ~(ondergrens & s["waarde_hoog"].notna()),
        s["waarde_tekst"] + " tot " + s["waarde_hoog"].map("{:.0f}".format),
    )
    s = s[~(bovengrens & paar.isin(pd.MultiIndex.from_frame(s.loc[ondergrens, sleutel])))]
    s["n"] = np.nan
    for tekst, n in STEEKPROEF.items():
        # n is the national sample; per province it was not published, so only national rows get it
        s.loc[s["bron"].str.contains(tekst, regex=False) & (s["gebied"] == "NL01"), "n"] = n
    s = s.rename_axis("feit_id").reset_index()
    s.index = pd.Index([f"S{i:03d}" for i in range(1, len(s) + 1)], name="signaal_id")
    return s[["gebied", "gebiedsoort", "gebiedsnaam", "indicator", "peildatum", "waarde", "waarde_laag", "waarde_hoog",
              "waarde_tekst", "n", "eenheid", "status", "bron", "url", "kwaliteit", "opmerking", "feit_id"]]  # fmt: skip


def engeland() -> pd.DataFrame:
    """English local authorities of 2019, on which the supply estimate is tested.

    Made from the received tables without City of London and Isles of Scilly; `adressen` are distinct
    small areas with a practice; the counties are a hand-made table.
    """
    t = pd.read_csv(HIER / "engeland/lad_2019.csv").set_index("lad_code").sort_index()
    return t.astype(dict.fromkeys(t.columns.drop("graafschap"), "float64"))


# --- writing -----------------------------------------------------------------------------------


def sha256(pad: Path) -> str:
    return hashlib.sha256(pad.read_bytes()).hexdigest()


TABELBRONNEN = {
    "gemeenten": [
        "cbs_gebiedsindelingen_2024",
        "cbs_kerncijfers_2024",
        "gemeente_regio_2024",
        "cbs_regioplus_2025",
        "rivm_gezondheid_gemeente",
    ],
    "gemeentegrenzen_regio": ["cbs_wijk_en_buurtkaart_2024"],
    "wijken": ["cbs_wijk_en_buurtkaart_2024", "cbs_kerncijfers_2024"],
    "water": ["cbs_wijk_en_buurtkaart_2024"],
    "buurten": ["cbs_kerncijfers_2024", "rivm_gezondheid_buurt"],
    "buurtvlakken": ["cbs_buurten_drechtsteden_2023", "cbs_buurten_drenthe_2024_benaderd"],
    "leeftijden": ["cbs_bevolking_pc4_2021", "cbs_kerncijfers_2024"],
    "pc4": ["cbs_pc4_2021", "praktijktelling_2026", "cbs_kerncijfers_2024"],
    "praktijken": ["praktijktelling_2026", "cbs_kerncijfers_2024"],
    "bevolking": ["cbs_bevolkingsontwikkeling"],
    "afstand": ["cbs_nabijheid_reeks"],
    "herindelingen": ["rvig_tabel33"],
    "verdeling": ["rvig_tabel33", "cbs_bevolkingsontwikkeling", "cbs_pc4_2021"],
    "feiten": ["gepubliceerde_feiten"],
    "engeland_lad": ["nhs_england_2019", "ons_2018"],
    "signalen": ["gepubliceerde_feiten"],
    "vakken": ["eigen_watertabel", "cbs_wijk_en_buurtkaart_2024"],
    "barrieres": ["eigen_watertabel", "cbs_wijk_en_buurtkaart_2024"],
    "overgangen": ["eigen_watertabel", "cbs_wijk_en_buurtkaart_2024"],
    "rivieren": ["eigen_watertabel", "cbs_wijk_en_buurtkaart_2024"],
    "reiskalibratie": ["eigen_kalibratie_reistijd", "cbs_kerncijfers_2024", "praktijktelling_2026"],
    "naaste_coefficienten": ["eigen_kalibratie_reistijd", "cbs_kerncijfers_2024", "praktijktelling_2026"],
}
TABELSTATUS = {
    "leeftijden": "afgeleid",
    "verdeling": "afgeleid",
    "water": "waargenomen",
    "vakken": "afgeleid",
    "barrieres": "afgeleid",
    "overgangen": "aanname",
    "rivieren": "afgeleid",
    "reiskalibratie": "modelschatting",
    "naaste_coefficienten": "modelschatting",
}


# columns whose status differs from that of their table
KOLOMSTATUS = {
    "gemeenten": {
        "regioplus": "afgeleid", "ggdregio": "afgeleid", "zorgkantoorregio": "aanname",
        "goed_ervaren_gezondheid": "waargenomen",
    },
    "buurten": {"goed_ervaren_gezondheid": "modelschatting", "pc4": "afgeleid"},
    "praktijken": {"geometry": "afgeleid"},
    "pc4": {"geometry": "afgeleid"},
}  # fmt: skip


def bouw(invoer: Path, uit: Path) -> None:
    tabellen: dict[str, pd.DataFrame] = gebieden(invoer)
    gm = tabellen["gemeenten"]
    tabellen["buurten"] = buurten(invoer)
    tabellen["buurtvlakken"] = buurtvlakken(invoer, tabellen["buurten"].index)
    tabellen |= aanbod(invoer, gm, tabellen["buurten"])
    tabellen |= handwerk(tabellen["wijken"])
    tabellen["leeftijden"] = leeftijden(invoer, tabellen["buurten"], gm, tabellen["wijken"])
    tabellen |= reeksen(invoer)
    tabellen |= herindelingen(invoer, tabellen["bevolking"], gm)
    tabellen["feiten"] = feiten(invoer, gebiedsnamen(gm))
    tabellen["signalen"] = signalen(tabellen["feiten"])
    tabellen["engeland_lad"] = engeland()
    uit.mkdir(parents=True, exist_ok=True)
    regels = [f'versie = "{VERSIE}"', f"peiljaar = {PEILJAAR}", f'gemaakt = "{GEMAAKT}"', ""]
    for naam, tabel in sorted(tabellen.items()):
        schema.controleer(tabel, naam)
        pad = uit / f"{naam}.parquet"
        if isinstance(tabel, gpd.GeoDataFrame):
            tabel.to_parquet(pad, compression="zstd", compression_level=15, schema_version="1.1.0")
        else:
            tabel.to_parquet(pad, compression="zstd", compression_level=15)
        bron = ", ".join(f'"{b}"' for b in TABELBRONNEN[naam])
        regels += [
            f"[tabellen.{naam}]",
            f'bestand = "{pad.name}"',
            f'sha256 = "{sha256(pad)}"',
            f"rijen = {len(tabel)}",
            f"bronnen = [{bron}]",
            f'status = "{TABELSTATUS.get(naam, "waargenomen")}"',
        ]
        if naam in KOLOMSTATUS:
            regels += [f"[tabellen.{naam}.kolomstatus]"]
            regels += [f'{k} = "{v}"' for k, v in KOLOMSTATUS[naam].items()]
        regels.append("")
        print(f"{naam:24s} {len(tabel):7d} rows {pad.stat().st_size / 1e3:9.0f} kB")
    (uit / "snapshot.toml").write_text("\n".join(regels), encoding="utf-8", newline="\n")
    for pad in sorted((HIER / "bronnen").glob("*.toml")):
        b = tomllib.loads(pad.read_text(encoding="utf-8"))
        for ontvangen, hash_ in b.get("ontvangen", {}).items():
            if sha256(invoer / ontvangen) != hash_:
                raise SystemExit(f"{pad.name}: {ontvangen} differs from the file this source describes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    bouw(Path(sys.argv[1]), HIER / str(PEILJAAR))
