"""Scenarios, sources and deliveries in a brief: the same numbers as elsewhere, every input named, nothing overwritten."""

from __future__ import annotations

import io
import json
import math
import re
import subprocess
import sys
import textwrap
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import docx
import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.bronnen.catalogus import pakketmap, snapshot
from huisartsdata.bronnen.parameters import load_parameters, parameter
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.leveringen.eigen_gebieden import read_gebieden
from huisartsdata.leveringen.getaltekst import toon_getal
from huisartsdata.scenario.wegvallen.praktijkuitval import uitval
from huisartsdata.scenario.wegvallen.uitvalplaatsing import grootste_plaatsing
from huisartsdata.uitvoer.brieven.brief import maak_brief
from huisartsdata.uitvoer.brieven.briefboekje import BOEKJE, schrijf_map
from huisartsdata.uitvoer.brieven.briefbronnen import keur, lees_invoer
from huisartsdata.uitvoer.brieven.briefdocx import to_docx
from huisartsdata.uitvoer.brieven.briefhtml import to_html
from huisartsdata.uitvoer.brieven.briefinhoud import Lijst, Tabel
from huisartsdata.uitvoer.brieven.brieflevering import leveringinhoud, leveringtitel, leveringzin
from huisartsdata.uitvoer.brieven.briefpdf import MAX_BLADEN, tel_bladen, to_pdf
from huisartsdata.uitvoer.brieven.briefreeks import maak_alle
from huisartsdata.uitvoer.brieven.briefscenario import keur_scenario, lees_scenario, scenariomap
from huisartsdata.uitvoer.brieven.briefuitval import open_praktijken, plekzinnen, rond
from huisartsdata.uitvoer.brieven.briefzip import to_zip
from huisartsdata.uitvoer.brieven.gebiedsbeeld import maak_gebiedsbeeld
from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld
from huisartsdata.uitvoer.brieven.leeszaal import maak_leeszaal
from huisartsdata.uitvoer.citatie import lees_briefherkomst
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.werk.werkgebied import zoek_werkgebied

VOORBEELDEN = pakketmap() / "voorbeelden"
LIJST = VOORBEELDEN / "verzonnen_praktijken_drechtsteden.csv"
MENSEN = 5900


@pytest.fixture(scope="module")
def land():
    return maak_landbeeld(trekkingen=100)


@pytest.fixture(scope="module")
def dordrecht():
    return zoek_werkgebied("Dordrecht")


@pytest.fixture(scope="module")
def weg(land, dordrecht):
    return lees_scenario(land, dordrecht, f"uitval:{MENSEN}")


@pytest.fixture(scope="module")
def straks(land, dordrecht):
    return lees_scenario(land, dordrecht, "jaar:2035")


@pytest.fixture(scope="module")
def geleverd():
    gebieden = read_gebieden(VOORBEELDEN / "verzonnen_gebieden.csv")
    drecht = list(gebieden.index[gebieden["code"] == "VERZONNEN_DRECHT"])
    return drecht, hd.read_praktijken(LIJST, gebied=drecht, functie="zonder_wisselend")


@pytest.fixture(scope="module")
def scenarios(weg, straks):
    return {"nu": None, "weg": weg, "jaar": straks}


@pytest.fixture(scope="module")
def brieven(land, dordrecht, scenarios):
    """The brief by itself and with either scenario, made once."""
    return {n: maak_brief(land, dordrecht, scenario=s) for n, s in scenarios.items()}


def tabel(brief, naam: str) -> Tabel:
    return next(t for t in brief.tabellen if t.naam == naam)


# a practice falls out: one question, one answer


def notebookband(naam: str, gm_code: str) -> tuple[float, float]:
    """The band of open practices as a notebook writes it down, worked out from its own lines."""
    cellen = json.loads((pakketmap().parent / "notebooks" / naam).read_text(encoding="utf-8"))["cells"]
    regels = "".join("".join(c["source"]) + "\n" for c in cellen if c["cell_type"] == "code").splitlines()
    nodig = [r for r in regels if re.match(r"(LAND|SIGNAAL|OPEN) = ", r)]
    ruimte = {"hd": hd, "parameter": parameter, "GM": gm_code}
    exec("\n".join(nodig), ruimte)
    return ruimte["OPEN"]


@pytest.mark.parametrize("gm_code", ["GM0505", "GM0153"])  # with a signal of its own region, and without
@pytest.mark.parametrize("naam", ["03_dordrecht.ipynb", "06_eigen_regio.ipynb"])
def test_the_share_of_open_practices_is_the_band_of_the_notebooks(land, naam, gm_code):
    hier, zin, _ = open_praktijken(land, gm_code)
    assert hier == notebookband(naam, gm_code)
    assert hier[0] < hier[1]  # a source that says "at least" gives no number
    assert all(f"{100 * x:.0f}%" in zin for x in hier)


def test_people_without_a_place_are_those_of_the_notebook_and_a_lower_limit(land, weg):
    zelf = uitval(land.situatie, gm_code="GM0505", patienten=MENSEN, open_aandeel=(0.0, 0.25))
    plek = zelf.samenvatting.loc["zonder_plek"]
    assert (round(plek["midden"], -2), plek["laag"], round(plek["hoog"], -2)) == (3600, 0, 5700)
    zin = weg.zinnen[1]
    assert "minstens 3.600 van de 5.900 mensen (90% van de trekkingen: 0 tot 5.700)" in zin
    assert "Wie zelf moet bellen, vindt minder" in zin
    assert "minstens 3.600 van de 5.900 mensen" in weg.kern
    # no share beside the number: two roundings of one thing cannot contradict each other
    assert "%" not in zin.replace("90%", "")
    np.testing.assert_allclose(weg.punten["na de uitval"].bereikt.sum(), land.situatie.aanbod_fte - zelf.fte)


@pytest.mark.parametrize(("mensen", "van", "wordt"), [(3623, 5900, 3600), (127, 500, 130), (49, 5900, 0)])
def test_people_are_rounded_by_the_size_of_the_practice(mensen, van, wordt):
    assert rond(mensen, van) == wordt


def test_nobody_without_a_place_is_no_minimum_of_nought():
    band = pd.DataFrame({"midden": [0.0], "laag": [0.0], "hoog": [310.0]}, index=["zonder_plek"])
    zin, kern = plekzinnen(band.rename_axis("maat"), 2000)
    assert "niemand zonder plek (90% van de trekkingen: 0 tot 300)" in zin and "minstens" not in zin
    assert kern == ""
    zin, kern = plekzinnen((band + 500.0).clip(upper=500.0).rename_axis("maat"), 500)
    assert zin.startswith(kern) and kern.startswith("Geen van de 500 mensen vindt dan")


# sentences


def test_a_range_of_outcomes_says_what_it_hangs_on(brieven, straks):
    b = brieven["jaar"]
    kansen = tabel(b, "scenario").data["kans_op_tekort"].iloc[1:]
    laag, hoog = (f"{100 * x:.0f}%" if 0.01 <= x <= 0.99 else "" for x in (kansen.min(), kansen.max()))
    assert f"en in 2035 {laag}" in b.kernpunten[0] and f"{hoog}" in b.kernpunten[0]
    assert " tot " in b.kernpunten[0] and "afhankelijk van de groei van de vraag." in b.kernpunten[0]
    # caveats one by one, none in small print
    lijst = b.secties[b.secties.index(tabel(b, "scenario")) + 1]
    assert isinstance(lijst, Lijst) and len(lijst.punten) >= 4
    assert all(len(p.split()) <= 45 for p in (*straks.zinnen, *b.kernpunten[0].split(". ")))


def test_the_table_of_a_scenario_is_the_middle_of_the_draws(land, brieven):
    data = tabel(brieven["jaar"], "scenario").data
    t = land.trekkingen[land.functie]
    rij = list(t.codes).index("GM0505")
    assert data.at["nu", "nodig_midden"] == pytest.approx(np.median(t.nodig[rij]))
    assert data.at["nu", "bereikt_midden"] == pytest.approx(np.median(t.bereikt[rij]))


def test_a_size_typed_with_a_thousands_point_is_thousands():
    assert keur_scenario("uitval:6.000") == ("uitval", 6000.0)
    assert keur_scenario("erbij:2,5") == keur_scenario("erbij:2.5") == ("erbij", 2.5)


def test_no_digit_of_a_scenario_is_lost(land, dordrecht):
    s = lees_scenario(land, dordrecht, "erbij:1,23456789")
    assert keur_scenario(s.vraag) == ("erbij", 1.23456789)


# every input in the sources


@pytest.fixture(scope="module")
def gebruikt():
    """Every constant and table that a run asks for, in a process where nothing was read before."""
    code = """
        import importlib, json, sys
        from types import MappingProxyType
        p = importlib.import_module("huisartsdata.bronnen.parameters")
        c = importlib.import_module("huisartsdata.bronnen.catalogus")
        gevraagd, tabellen, echt, open_tabel = set(), set(), p.load_parameters(), c.open_tabel
        class Volg(dict):
            def __getitem__(self, naam):
                gevraagd.add(naam)
                return dict.__getitem__(self, naam)
        volg = Volg(echt)
        p.load_parameters = lambda: volg
        def open_en_tel(naam, *a, **k):
            tabellen.add(naam)
            return open_tabel(naam, *a, **k)
        c.open_tabel = open_en_tel
        from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld
        from huisartsdata.uitvoer.brieven.briefscenario import lees_scenario
        from huisartsdata.uitvoer.brieven.brief import maak_brief
        from huisartsdata.werk.werkgebied import zoek_werkgebied
        w = zoek_werkgebied("Dordrecht")
        land = maak_landbeeld(trekkingen=100)
        uit = {"land": sorted(gevraagd)}
        for naam, vraag in (("uitval", "uitval:5900"), ("jaar", "jaar:2035")):
            gevraagd.clear()
            lees_scenario(land, w, vraag)
            uit[naam] = sorted(gevraagd)
        maak_brief(land, w)
        tabellen.discard("signalen")
        uit["tabellen"] = sorted(tabellen)
        print(json.dumps(uit))
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def namen(groepen) -> set[str]:
    return {str(r["naam"]) for g in groepen for r in g.regels}


def test_every_constant_that_a_run_uses_is_in_the_sources_and_no_other(land, dordrecht, gebruikt):
    genoemd = namen(lees_invoer(maak_gebiedsbeeld(land, dordrecht))) & set(load_parameters())
    assert genoemd == set(gebruikt["land"])
    assert {
        "aanbod_spreiding_regio",
        "aanbod_praktijk_cv",
        "reis_factor",
        "aanbod_praktijkgewicht",
    } <= genoemd


def test_every_source_of_a_table_that_a_run_opens_is_in_the_sources(land, dordrecht, gebruikt):
    genoemd = namen(lees_invoer(maak_gebiedsbeeld(land, dordrecht)))
    s = snapshot()
    nodig = {bron for t in gebruikt["tabellen"] for bron in s.tabellen[t].bronnen}
    # health is a column of the tables of buurten and gemeenten that no brief reads; facts have their own source
    nodig -= {
        "rivm_gezondheid_buurt",
        "rivm_gezondheid_gemeente",
        "gepubliceerde_feiten",
        "cbs_bevolkingsontwikkeling",
    }
    assert nodig <= genoemd
    assert {"nhs_england_2019", "ons_2018"} <= genoemd


def test_every_constant_of_a_scenario_is_in_its_sources(land, dordrecht, weg, straks, gebruikt):
    al = namen(lees_invoer(maak_gebiedsbeeld(land, dordrecht)))
    # the share of open practices is the region's own, and its source gives no single number; how age weighs on
    # leaving is of no number in a brief
    elders = {"uitval": {"open_aandeel", "open_signaal_marge"}, "jaar": {"raming_leeftijdsdoorwerking"}}
    for naam, s in (("uitval", weg), ("jaar", straks)):
        assert set(gebruikt[naam]) - elders[naam] <= al | namen(s.bronnen), naam
    assert any("Zuid-Holland Zuid" in g.bron and g.status == "afgeleid, B" for g in weg.bronnen)
    assert any(r.get("waarde") == MENSEN for g in weg.bronnen for r in g.regels)
    # the rows of the forecast, with their values
    raming = {
        str(r["naam"]).split(" ")[0]: r["waarde"] for g in straks.bronnen for r in g.regels if "waarde" in r
    }
    assert raming["onv_vraag_midden"] == pytest.approx(parameter("onvervulde_vraag").waarde, abs=1e-3)


def test_the_list_in_the_zip_is_whole_and_the_rows_of_the_brief_name_its_publishers(
    land, dordrecht, weg, brieven
):
    brief = brieven["weg"]
    t = tabel(brief, "bronnen")
    with zipfile.ZipFile(io.BytesIO(to_zip(brief))) as z:
        (naam,) = [n for n in z.namelist() if n.endswith("_bronnen.csv")]
        lijst = pd.read_csv(io.BytesIO(z.read(naam)))
    assert set(lijst["naam"]) == namen(lees_invoer(maak_gebiedsbeeld(land, dordrecht))) | namen(weg.bronnen)
    assert lijst[["gegeven", "naam", "status", "kwaliteit", "bron"]].notna().all().all()
    p = parameter("aanbod_spreiding_regio")
    rij = lijst.set_index("naam").loc[p.naam]
    assert (rij["waarde"], rij["laag"], rij["hoog"]) == (p.waarde, p.laag, p.hoog)
    rijen = {r[0]: r[1] for r in t.rijen}
    uitgevers = (
        "Nivel",
        "NZa",
        "LHV",
        "SWOV",
        "TomTom",
        "Capaciteitsorgaan",
        "NHS England",
        "ZorgkaartNederland",
    )
    for gegeven, groep in lijst.groupby("gegeven"):
        for wie in uitgevers:
            if groep["bron"].str.startswith(wie).any():
                assert wie in rijen[gegeven], (gegeven, wie)
    assert all(len(r[1]) <= 110 for r in t.rijen)


def test_distances_of_earlier_years_are_a_source_only_where_they_are_shown(land, brieven):
    eigen = read_gebieden(VOORBEELDEN / "verzonnen_gebieden.csv")
    for b in (brieven["nu"], maak_brief(land, zoek_werkgebied("eigen:VERZONNEN_DRECHT", eigen=eigen))):
        getoond = any(r[0].startswith("Afstand in 20") for r in tabel(b, "kerncijfers").rijen)
        assert ("Afstand, eerder" in [r[0] for r in tabel(b, "bronnen").rijen]) is getoond


def test_quality_runs_from_best_to_worst():
    assert keur([{"status": "aanname", "kwaliteit": k} for k in "DBC"]) == "aanname, B–D"


def test_a_brief_with_a_scenario_and_all_its_sources_fits(land, straks, brieven):
    assert tel_bladen(to_pdf(brieven["weg"])) <= MAX_BLADEN
    for gebied in ("provincie:Zeeland", "Nederland"):
        b = maak_brief(land, zoek_werkgebied(gebied), scenario=straks)
        assert tel_bladen(to_pdf(b)) <= MAX_BLADEN, gebied


def test_an_unmeasured_region_and_one_measured_with_a_single_number_name_their_sources(land):
    _, zin, bron = open_praktijken(land, "GM0114")  # Emmen
    assert namen([bron]) == {"open_aandeel"} and "de landelijke band" in zin
    _, _, bron = open_praktijken(land, "GM0153")  # Enschede: the signal of Overijssel
    assert "open_signaal_marge" in namen([bron]) and "Overijssel" in bron.bron


# deliveries


def test_a_delivery_is_named_with_what_it_holds_beside_what_is_counted(geleverd, tmp_path):
    drecht, lev = geleverd
    land = maak_landbeeld(trekkingen=100, aanbod=[lev])
    zin = leveringzin(land, drecht)
    n, fte = len(lev.tabel), float(lev.tabel["fte"].sum())
    telling = int(hd.load_kerncijfers("gemeente").loc[drecht, "praktijken"].sum())
    assert f"{n} praktijken met {getal(fte, 1)} fte" in zin and f"kent daar {telling} praktijken" in zin
    assert (n, round(fte, 1), telling) == (32, 59.8, 86)
    assert LIJST.name in zin and "niet door ons gecontroleerd" in zin and "VERZONNEN" in zin
    assert "Let op" in zin  # 32 of 86
    b = maak_brief(land, zoek_werkgebied("Dordrecht"))
    assert b.levering == leveringtitel(land) and b.levering[:-1] in zin
    assert LIJST.name in b.levering and "VERZONNEN" in b.levering
    assert "gemaakt met een eigen levering, openbare cijfers en een model" in b.secties[-1].tekst
    paden = schrijf_map(land, zoek_werkgebied("Dordrecht"), tmp_path / "d", soorten=["html"])
    html = paden["html"].read_text(encoding="utf-8")
    assert html.index("<h1>") < html.index("Gebaseerd op eigen levering") < html.index('class="antwoord"')
    assert "Gebaseerd op eigen levering" in maak_leeszaal(tmp_path).read_text(encoding="utf-8")
    assert [r[1] for r in tabel(b, "bronnen").rijen if r[0].startswith("Eigen levering")]


def test_without_a_delivery_there_is_no_such_sentence(land, brieven):
    assert brieven["nu"].levering == leveringtitel(land) == leveringzin(land, ["GM0505"]) == ""


def test_every_kind_of_file_has_the_delivery_under_the_title(brieven):
    b = replace(brieven["nu"], levering="Gebaseerd op eigen levering proef.csv.", secties=())
    alineas = [p.text for p in docx.Document(io.BytesIO(to_docx(b))).paragraphs]
    assert 0 < alineas.index(b.levering) < alineas.index(b.antwoord)
    met, zonder = (len(to_pdf(x)) for x in (b, replace(b, levering="")))
    assert met > zonder
    html = to_html(b).decode()
    assert html.index("<h1>") < html.index(b.levering) < html.index('class="antwoord"')


def test_an_area_outside_the_list_says_so(geleverd):
    _, lev = geleverd
    zin = leveringzin(SimpleNamespace(leveringen=[lev], functie="alle"), ["GM0106"])
    assert "andere gemeenten dan deze" in zin and "32 praktijken" not in zin


def test_figures_per_area_that_can_hardly_be_whole_say_so(tmp_path):
    """Emmen counts 32 practices; 5.1 fte for all of them is a file that is not whole, 60 is not."""
    pad = tmp_path / "nivel.csv"
    for fte, let_op in (("5,1", True), ("60,2", False)):
        pad.write_text(f"gebied;personen;fte\nGM0114;75;{fte}\n", encoding="utf-8")
        lev = hd.read_nivel(pad, functie="alle")
        zin = leveringinhoud(lev, ["GM0114"], functie="alle")
        assert zin.startswith(f"1 gebied met samen {fte} fte. ") or not let_op
        assert ("Let op" in zin and "kent er 32 praktijken" in zin) == let_op
        assert "Let op" not in leveringinhoud(lev, ["GM0106"], functie="alle")  # it is about another place


def test_a_file_that_does_not_call_itself_made_up_is_not_called_so(tmp_path, geleverd):
    echt = tmp_path / "lijst.csv"
    echt.write_text("\n".join(LIJST.read_text(encoding="utf-8").splitlines()[1:]), encoding="utf-8")
    assert not hd.read_praktijken(echt, gebied=geleverd[0], functie="alle").is_verzonnen
    assert geleverd[1].is_verzonnen


# files


def test_a_scenario_does_not_overwrite_the_brief_without_it(land, dordrecht, scenarios, brieven, tmp_path):
    for n, s in scenarios.items():
        schrijf_map(land, dordrecht, tmp_path / brieven[n].slug, scenario=s, soorten=["html"])
    mappen = ["dordrecht", "dordrecht-jaar-2035", "dordrecht-uitval-5900"]
    assert sorted(p.name for p in tmp_path.iterdir()) == mappen
    titels = [json.loads((tmp_path / m / BOEKJE).read_text(encoding="utf-8"))["titel"] for m in mappen]
    assert titels == [
        "Huisartsenzorg in de gemeente Dordrecht",
        "Huisartsenzorg in de gemeente Dordrecht: vooruitblik naar 2035",
        "Huisartsenzorg in de gemeente Dordrecht: als een praktijk met 5.900 patiënten uitvalt",
    ]
    leeszaal = maak_leeszaal(tmp_path).read_text(encoding="utf-8")
    assert all(t in leeszaal for t in titels)
    einde = ["GM0505 --trekkingen 100", "--scenario jaar:2035", "--scenario uitval:5900"]
    for map_, titel, e in zip(mappen, titels, einde, strict=True):
        h = lees_briefherkomst(tmp_path / map_)
        assert h.titel == titel and h.opdracht.endswith(e)


def test_a_series_with_a_scenario_goes_on_where_it_stopped(land, tmp_path):
    vlieland = zoek_werkgebied("Vlieland")
    for scenario, naam in ((None, "vlieland"), ("erbij:0,5", "vlieland-erbij-0_5")):
        eerst, dan = (
            maak_alle(tmp_path, [vlieland], landbeeld=land, soorten=["html"], scenario=scenario, processen=1)
            for _ in range(2)
        )
        assert (eerst.gemaakt, dan.gemaakt, dan.overgeslagen) == ((naam,), (), (naam,))
        assert (tmp_path / naam / f"{naam}.html").is_file()


@pytest.mark.parametrize("tekst", ["jaar:2035", "uitval:6000", "erbij:2,5", "erbij:25", "erbij:-2,5"])
def test_folders_of_scenarios_are_plain_names_of_their_own(tekst):
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*", scenariomap(tekst))
    assert scenariomap("erbij:2,5") != scenariomap("erbij:25") != scenariomap("erbij:-25")


def test_tables_in_the_zip_carry_their_status(brieven):
    with zipfile.ZipFile(io.BytesIO(to_zip(brieven["jaar"]))) as z:
        csvs = [n for n in z.namelist() if n.startswith("tabel") and n.endswith(".csv")]
        status = {n: pd.read_csv(io.BytesIO(z.read(n)))["status"] for n in csvs}
        boekjes = {n: json.loads(z.read(n.replace(".csv", ".json")))["status"] for n in csvs}
    assert len(csvs) >= 7 and all(s.notna().all() for s in status.values()) and all(boekjes.values())
    per_naam = {n.split("_", 1)[1][:-4]: s for n, s in boekjes.items()}
    assert per_naam["normen"] == "modelschatting" and per_naam["scenario"] == "modelschatting met aannames"
    assert per_naam["kerncijfers"].startswith("waargenomen") and per_naam["signalen"] == "waargenomen"


# limits


@pytest.mark.parametrize(
    ("keuze", "fout"),
    [
        ({"trekkingen": 99}, ParameterFout),
        ({"trekkingen": 150.0}, ParameterFout),
        ({"waarheden": 1.5}, ParameterFout),
        ({"waarheden": 0}, ParameterFout),
        ({"regios": "RA0102"}, ParameterFout),
        ({"regios": ["RA9999"]}, OnbekendGebiedFout),
    ],
)
def test_the_value_of_information_refuses_what_would_end_in_nothing(land, keuze, fout):
    with pytest.raises(fout, match="geef"):
        hd.waarde_van_informatie(land.situatie, **{"trekkingen": 100, "waarheden": 1} | keuze)


def test_a_placement_counts_right_up_to_its_limit_and_refuses_beyond():
    reikt = np.array([[True, False], [True, True]])
    veel = 2_000_000_000
    mensen = np.array([[veel, 0], [veel, 147_483_647]])  # together more than one number of 32 bits holds
    plek = np.array([[10 * veel, 0], [veel + 5, 7]])
    assert grootste_plaatsing(reikt, mensen, plek).tolist() == [veel, veel + 12]
    with pytest.raises(HuisartsdataFout, match="geef er minder"):
        grootste_plaatsing(reikt, np.array([[veel, veel]]), np.array([[veel, veel]]))


def test_numbers_in_messages_have_a_decimal_comma():
    assert (toon_getal(9998.1), toon_getal(8981.0, 1), toon_getal(11.349, 1)) == ("9998,1", "8981,0", "11,3")
    assert math.isclose(float(toon_getal(math.pi).replace(",", ".")), math.pi, rel_tol=1e-9)
