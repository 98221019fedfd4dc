"""What the servers serve: StatLine tables and PDOK layers in their real shape, made from a snapshot of ours.

The shape (columns, types, units, padding, groups) is that of the recorded tables; the figures are the snapshot's, with
changes whose size the tests know.
"""

from __future__ import annotations

import copy
import json
import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd

from huisartsdata.bronnen import catalogus, snapshotboek
from huisartsdata.bronnen.snapshotboek import Tabelopgave
from huisartsdata.schema import LEEFTIJDSGROEPEN

from .features import NepPDOK
from .odata import NepCBS, Neptabel

OPNAME = Path(__file__).resolve().parents[1] / "data" / "odata_v3"
STAMMEN = {
    "AantalInwoners": "inwoners", "k_0Tot15Jaar": "inwoners_0_15", "k_65JaarOfOuder": "inwoners_65_plus",
    "HuishoudensTotaal": "huishoudens", "GemiddeldInkomenPerInwoner": "inkomen_per_inwoner",
    "AfstandTotHuisartsenpraktijk": "afstand_huisarts_km", "OppervlakteLand": "oppervlakte_land_ha",
    "MateVanStedelijkheid": "stedelijkheid", "Omgevingsadressendichtheid": "omgevingsadressendichtheid",
}  # fmt: skip
GROEPEN = {
    "Arbeidsmarktregio's": None, "COROP-gebieden": "corop", "GGD-regio's": "ggdregio", "Provincies": "provincie",
    "RegioPlus-arbeidsmarktregio's": "regioplus", "Veiligheidsregio's": "veiligheidsregio",
}  # fmt: skip
BINNEN = ("gemeenten", "wijken", "buurten")


def opname(naam: str) -> dict:
    return json.loads((OPNAME / f"{naam}.json").read_text(encoding="utf-8"))


def tabellen(peiljaar: int) -> dict:
    """Every table of a snapshot, by name."""
    return {n: catalogus.open_tabel(n, peiljaar=peiljaar) for n in catalogus.snapshot(peiljaar).tabellen}


def klein(map_: Path, *, provincie: str = "PV22", jaar: int = 2025) -> catalogus.Snapshot:
    """A whole snapshot of one province, small enough to refresh in a blink: written as any other."""
    t = tabellen(2024)
    gm = t["gemeenten"].index[t["gemeenten"]["provincie_code"] == provincie]
    uit = {n: t[n].loc[t[n].index.isin(gm)] for n in ("gemeenten", "gemeentegrenzen_regio")}
    uit |= {n: t[n][t[n]["gm_code"].isin(gm)] for n in ("wijken", "water", "buurten", "pc4")}
    uit["praktijken"] = t["praktijken"][
        t["praktijken"]["pc4"].isin(uit["pc4"].index) & t["praktijken"]["gm_code"].isin(gm)
    ]
    tel = uit["praktijken"]["pc4"].value_counts().reindex(uit["pc4"].index).fillna(0)
    uit["pc4"] = uit["pc4"].assign(praktijken=tel.astype("float64"))
    bu = uit["buurten"].index
    uit["leeftijden"] = t["leeftijden"][t["leeftijden"].index.get_level_values(0).isin(bu)]
    uit["buurtvlakken"] = t["buurtvlakken"][t["buurtvlakken"].index.isin(bu)]
    a = t["afstand"][t["afstand"].index.get_level_values("gm_code").isin(gm)].reset_index()
    uit["afstand"] = (
        a.assign(jaar=a["jaar"].replace({2024: jaar})).set_index(["jaar", "gm_code"]).sort_index()
    )
    h = t["herindelingen"].reset_index()
    samen = pd.DataFrame([{  # a merger that did not happen, for the year after
        "jaar": jaar + 1, "gm_oud": "GM1730", "naam_oud": "Tynaarlo", "gm_nieuw": "GM0106", "naam_nieuw": "Assen",
        "bron": "verzonnen", "status": "aanname"}])  # fmt: skip
    uit["herindelingen"] = (
        pd.concat([h, samen]).set_index(["jaar", "gm_oud"]).sort_index()[t["herindelingen"].columns]
    )
    vorige = catalogus.snapshot(2024)
    opgaven = {
        n: Tabelopgave(uit.get(n), s.bronnen, s.status, "uitsnede") for n, s in vorige.tabellen.items()
    }
    kop = {
        "versie": f"{jaar}.1", "peiljaar": jaar, "gemaakt": "2026-01-01", "inwoners": float(uit["gemeenten"]["inwoners"].sum())
    }  # fmt: skip
    snapshotboek.schrijf_snapshot(map_ / str(jaar), vorige=vorige, tabellen=opgaven, bronnen={}, kop=kop)
    return catalogus.snapshot(jaar)


@dataclass
class Land:
    """A country in a year, as CBS would publish it."""

    jaar: int
    gemeenten: pd.DataFrame
    wijken: pd.DataFrame
    buurten: pd.DataFrame
    per_pc4: pd.DataFrame
    titels: dict[str, str] = field(default_factory=dict)

    @classmethod
    def uit(cls, t: dict, jaar: int, *, groei: float = 0.0) -> Land:
        """The country of these tables; `groei` adds that share of its people to each gemeente's largest buurt."""
        gm, wk, bu = (t[n].copy() for n in BINNEN)
        grootste = bu.groupby("gm_code")["inwoners"].idxmax()
        for code, b in grootste.items() if groei else ():
            erbij = 5 * max(1, round(gm.at[code, "inwoners"] * groei / 5))
            for tabel, rij in ((gm, code), (wk, bu.at[b, "wk_code"]), (bu, b)):
                tabel.loc[rij, ["inwoners", "inwoners_65_plus"]] += erbij
        leeftijd = t["leeftijden"]["inwoners"].unstack()[list(LEEFTIJDSGROEPEN)]
        pc4 = leeftijd.groupby(t["buurten"]["pc4"].reindex(leeftijd.index)).sum().round(0)
        return cls(jaar, gm, wk, bu, pc4)

    def voeg_samen(self, oud: str, nieuw: str) -> Land:
        """One gemeente goes into another: its wijken and buurten get codes of the other."""
        letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        wk_map = {
            w: f"WK{nieuw[2:]}{next(letters)}0" for w in self.wijken.index[self.wijken["gm_code"] == oud]
        }
        bu_map = {b: f"BU{wk_map[w][2:]}{b[-2:]}" for b, w in self.buurten["wk_code"].items() if w in wk_map}
        for t, vertaal in ((self.wijken, wk_map), (self.buurten, bu_map)):
            t.index = t.index.map(lambda c, v=vertaal: v.get(c, c))
            t["gm_code"] = t["gm_code"].replace({oud: nieuw})
        self.buurten["wk_code"] = self.buurten["wk_code"].map(lambda w: wk_map.get(w, w))
        for k in ("inwoners", "inwoners_0_15", "inwoners_65_plus"):
            self.gemeenten.loc[nieuw, k] += self.gemeenten.at[oud, k]
        vorm = self.gemeenten.geometry.loc[[oud, nieuw]].union_all()
        self.gemeenten = self.gemeenten.drop(index=oud)
        self.gemeenten.loc[[nieuw], "geometry"] = gpd.GeoSeries([vorm], index=[nieuw], crs=self.gemeenten.crs)
        return self


def _getal(w, soort):
    return None if w is None or math.isnan(w) else int(w) if soort == "Long" else round(float(w), 1)


def kerncijfers(land: Land, tabel_id: str, *, nieuwe_kolom: str = "ZijInstromers") -> Neptabel:
    """Kerncijfers wijken en buurten: the recorded columns, one more than in 2020, so that every number differs."""
    o = opname("84799NED")
    eigen, teller = [], 0
    erbij = {"odata.type": "Cbs.OData.Topic", "Type": "Topic", "Title": nieuwe_kolom, "Datatype": "Long", "Unit": "aantal",
             "ParentID": 6, "Key": f"{nieuwe_kolom}_0"}  # fmt: skip
    for p in o["DataProperties"]:
        rij = [erbij, p] if nieuwe_kolom and p["Key"] == "AantalInwoners_5" else [p]
        for r in copy.deepcopy(rij):
            if r.get("Datatype"):
                teller += 1
                r["Key"] = re.sub(r"_\d+$", f"_{teller}", r["Key"])
            eigen.append(r)
    kolom = {re.sub(r"_\d+$", "", p["Key"]): p for p in eigen if p.get("Datatype")}
    rijen, dim = [], []

    def voeg(code, titel, gm_naam, soort, waarden):
        r = {"ID": len(rijen), "WijkenEnBuurten": code.ljust(10), kolom["Gemeentenaam"]["Key"]: gm_naam.ljust(40),
             kolom["SoortRegio"]["Key"]: soort.ljust(10), kolom["Codering"]["Key"]: code.ljust(10)}  # fmt: skip
        for stam, naam in STAMMEN.items():
            r[kolom[stam]["Key"]] = _getal(waarden.get(naam), kolom[stam]["Datatype"])
        pc = waarden.get("pc4")
        r[kolom["MeestVoorkomendePostcode"]["Key"]] = (pc if isinstance(pc, str) else ".").rjust(10)
        rijen.append(r)
        gm = f"GM{code[2:6]}" if code[:2] != "NL" else ""
        dim.append(
            {
                "Key": code.ljust(10),
                "Title": titel,
                "Description": None,
                "Municipality": gm,
                "DetailRegionCode": code,
            }
        )

    gm = land.gemeenten
    som = {k: float(gm[k].sum()) for k in ("inwoners", "inwoners_0_15", "inwoners_65_plus")}
    voeg("NL00", "Nederland", "Nederland", "Land", som)
    naam = gm["naam"]
    for tabel, soort in ((gm, "Gemeente"), (land.wijken, "Wijk"), (land.buurten, "Buurt")):
        kolommen = [k for k in (*STAMMEN.values(), "pc4") if k in tabel]
        for code, titel, waarden in zip(
            tabel.index, tabel["naam"], tabel[kolommen].to_dict("records"), strict=True
        ):
            titel = f"Wijk {code[6:8] if code[6:8].isdigit() else '00'} {titel}" if soort == "Wijk" else titel
            voeg(code, titel, naam.get(f"GM{code[2:6]}", ""), soort, waarden)
    info = o["TableInfos"][0] | {
        "Identifier": tabel_id, "Title": f"Kerncijfers wijken en buurten {land.jaar}", "Period": str(land.jaar),
        "Modified": f"{land.jaar}-06-30T02:00:00", "RecordCount": len(rijen),
    }  # fmt: skip
    return Neptabel(info, eigen, {"WijkenEnBuurten": dim}, rijen)


def gebieden(land: Land, tabel_id: str) -> Neptabel:
    """Gebieden in Nederland: per region type a group with Code_n and Naam_n."""
    eigen = [{"odata.type": "Cbs.OData.GeoDimension", "ID": 0, "ParentID": None, "Type": "GeoDimension", "Key": "RegioS",
              "Title": "Regio's", "Datatype": None, "Unit": None}]  # fmt: skip
    rijen = [{"ID": n, "RegioS": c.ljust(6)} for n, c in enumerate(land.gemeenten.index)]
    teller = 0
    for groep, soort in GROEPEN.items():
        nr = len(eigen)
        eigen.append({"odata.type": "Cbs.OData.TopicGroup", "ID": nr, "ParentID": None, "Type": "TopicGroup", "Key": "",
                      "Title": groep, "Datatype": None, "Unit": None})  # fmt: skip
        for stam in ("Code", "Naam"):
            teller += 1
            sleutel = f"{stam}_{teller}"
            eigen.append({"odata.type": "Cbs.OData.Topic", "ID": len(eigen), "ParentID": nr, "Type": "Topic",
                          "Key": sleutel, "Title": stam, "Datatype": "String", "Unit": "code"})  # fmt: skip
            for r in rijen:
                gm = land.gemeenten.loc[r["RegioS"].strip()]
                waarde = "AM22" if soort is None else gm[f"{soort}_code" if stam == "Code" else soort]
                r[sleutel] = waarde.ljust(6) if stam == "Code" else waarde.ljust(50)
    dim = [{"Key": c.ljust(6), "Title": n, "Description": ""} for c, n in land.gemeenten["naam"].items()]
    info = {"Identifier": tabel_id, "Title": f"Gebieden in Nederland {land.jaar}", "Modified": f"{land.jaar}-01-05T02:00:00",
            "Language": "nl", "RecordCount": len(rijen)}  # fmt: skip
    return Neptabel(info, eigen, {"RegioS": dim}, rijen)


def _topic(sleutel, soort, eenheid):
    return {"odata.type": "Cbs.OData.Topic", "ID": 9, "ParentID": None, "Type": "Topic", "Key": sleutel, "Title": sleutel,
            "Datatype": soort, "Unit": eenheid}  # fmt: skip


def nabijheid(land: Land) -> Neptabel:
    """Distances per region of several years in one table."""
    rijen = [
        {
            "ID": 0,
            "RegioS": c.ljust(6),
            "Perioden": f"{j}JJ00",
            "AfstandTotHuisartsenpraktijk_1": _getal(km, "Double"),
        }
        for j in (land.jaar - 1, land.jaar)
        for c, km in land.gemeenten["afstand_huisarts_km"].items()
    ]
    dims = {
        "RegioS": [{"Key": c.ljust(6), "Title": n} for c, n in land.gemeenten["naam"].items()],
        "Perioden": [
            {"Key": f"{j}JJ00", "Title": str(j), "Status": "Definitief"} for j in (land.jaar - 1, land.jaar)
        ],
    }
    info = {"Identifier": "80305ned", "Title": "Nabijheid voorzieningen; afstand locatie, regionale cijfers",
            "Modified": "2026-02-02T02:00:00", "Language": "nl", "RecordCount": len(rijen)}  # fmt: skip
    return Neptabel(info, [_topic("AfstandTotHuisartsenpraktijk_1", "Double", "km")], dims, rijen)


def leeftijden(land: Land, *, jaren: tuple[int, ...] = ()) -> Neptabel:
    """People by sex, five-year age and PC4; totals and one age of a year beside the groups."""
    jaren = jaren or (land.jaar - 1, land.jaar)
    titels = {"10000": "Totaal", "10010": "0 jaar"} | {
        str(70100 + 100 * n): ("95 jaar of ouder" if g == "95+" else f"{5 * n} tot {5 * n + 5} jaar")
        for n, g in enumerate(LEEFTIJDSGROEPEN)
    }
    groep = dict(zip(LEEFTIJDSGROEPEN, list(titels)[2:], strict=True))
    rijen = [
        {"ID": 0, "Geslacht": "T001038", "Leeftijd": groep[g].ljust(8), "Postcode": p.ljust(6), "Perioden": f"{jaren[-1]}JJ00",
         "Bevolking_1": int(n)}
        for g in LEEFTIJDSGROEPEN
        for p, n in land.per_pc4[g].items()
    ]  # fmt: skip
    rijen += [
        rijen[0] | {"Geslacht": "3000   "},
        rijen[0] | {"Postcode": "NL01  "},
        rijen[0] | {"Perioden": f"{jaren[0]}JJ00"},
    ]
    dims = {
        "Geslacht": [
            {"Key": k, "Title": n}
            for k, n in (("T001038", "Totaal mannen en vrouwen"), ("3000   ", "Mannen"))
        ],
        "Leeftijd": [{"Key": k.ljust(8), "Title": n} for k, n in titels.items()],
        "Postcode": [{"Key": p.ljust(6), "Title": p} for p in ["NL01", *land.per_pc4.index]],
        "Perioden": [{"Key": f"{j}JJ00", "Title": str(j), "Status": "Definitief"} for j in jaren],
    }
    info = {"Identifier": "83502NED", "Title": "Bevolking; geslacht, leeftijd en viercijferige postcode, 1 januari",
            "Modified": "2026-03-03T02:00:00", "Language": "nl", "RecordCount": len(rijen)}  # fmt: skip
    return Neptabel(info, [_topic("Bevolking_1", "Long", "aantal")], dims, rijen)


def cbs(land: Land, *, per_pagina: int = 10_000) -> NepCBS:
    """The whole catalogue for a year, with the table of the year before for its columns."""
    vorig = opname("84799NED")
    vorig["TableInfos"][0] |= {
        "Identifier": "90000NED",
        "Title": f"Kerncijfers wijken en buurten {land.jaar - 1}",
    }
    return NepCBS(
        [
            Neptabel.uit_opname(opname("83583NED")),
            Neptabel.uit_opname(vorig),
            kerncijfers(land, "90001NED"),
            gebieden(land, "90002NED"),
            nabijheid(land),
            leeftijden(land),
        ],
        per_pagina=per_pagina,
    )


def pdok(land: Land, water: gpd.GeoDataFrame, *, per_pagina: int = 1000) -> NepPDOK:
    """The three layers of a year; a buurt is a small square around its point, as nobody else needs more."""
    gm, wk, bu = land.gemeenten, land.wijken, land.buurten
    naam = gm["naam"]

    def laag(tabel, soort, vorm, nat):
        code = {"gemeente": tabel.index, "wijk": tabel.index, "buurt": tabel.index}[soort]
        velden = {f"{soort}code": code, f"{soort}naam": tabel.get("naam", "Water")}
        gm_code = [f"GM{c[2:6]}" for c in code]
        velden |= {"gemeentecode": gm_code, "gemeentenaam": [naam.get(c, "") for c in gm_code], "water": nat}
        return gpd.GeoDataFrame(velden, geometry=list(vorm), index=range(len(tabel)), crs="EPSG:28992")

    nat = laag(water, "wijk", water.geometry, "JA")
    punt = bu.geometry.fillna(
        gpd.GeoSeries(bu["gm_code"].map(gm.geometry.representative_point()), crs=bu.crs)
    )
    lagen = {
        "gemeenten": laag(gm, "gemeente", gm.geometry, "NEE"),
        "wijken": pd.concat([laag(wk, "wijk", wk.geometry, "NEE"), nat], ignore_index=True),
        "buurten": laag(bu, "buurt", punt.buffer(40, cap_style="square"), "NEE"),
    }
    return NepPDOK({land.jaar: lagen}, per_pagina=per_pagina)
