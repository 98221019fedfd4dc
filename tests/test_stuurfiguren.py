"""Figures, sentences and party tables of D3.5: titles computed, totals tie, nothing of Nivel that is not published."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import huisartsdata as hd
from huisartsdata.fouten import HuisartsdataFout, LeveringFout, ParameterFout
from huisartsdata.model.monitor import pad_naar_nul, zonder_huisarts
from huisartsdata.scenario.antwoord.spreidingsantwoord import beantwoord
from huisartsdata.scenario.plaatsen.plaatsfront import grensfront
from huisartsdata.scenario.sturen.regelgevolgen import gelijkheid_naast
from huisartsdata.scenario.sturen.regelverdeling import verdeelwijzen
from huisartsdata.uitvoer.figuur import Bronregel
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.verhaal import doelfiguren, frontfiguren, stuurfiguren, stuurtabellen, stuurtekst
from huisartsdata.uitvoer.verhaal.beelden import voorbeeldmap
from huisartsdata.uitvoer.verhaal.partijtabellen import (
    BUITEN,
    PARTIJEN,
    maak_partijtabellen,
    met_levering,
    naast_nivel,
    partijregels,
    sluit_aan,
    toon_aansluiting,
    toon_partij,
)
from huisartsdata.uitvoer.verhaal.splitsbeeld import KOLOMMEN, teken_ruisbeeld

INWONERS = 17_942_942  # CBS, 1 January 2024


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(norm=2095, functie="zonder_wisselend")


@pytest.fixture(scope="module")
def antwoord(land):
    regels = ["geen", "d4", "frankrijk", "denemarken", "opleiding_meer", "belgie"]
    return beantwoord([land], normen=(1800, 2095), regels=regels, regeltrekkingen=4)


@pytest.fixture(scope="module")
def front(land):
    return grensfront(land, fte=[0, 500, 1000], regels=verdeelwijzen(land, ["d4"]), trekkingen=6)


@pytest.fixture(scope="module")
def tabellen(antwoord):
    return maak_partijtabellen(antwoord, eigen=hd.read_gebieden(voorbeeldmap() / "verzonnen_gebieden.csv"))


# --- party tables


def test_every_party_table_ties_to_the_national_totals(tabellen, land):
    assert set(tabellen) == set(PARTIJEN)
    t = sluit_aan(tabellen, land)
    assert (t["inwoners"] == INWONERS).all()
    for kolom in ("nodig_fte", "aanbod_fte"):
        assert t[kolom].to_numpy() == pytest.approx(t.loc["land", kolom])
    assert t.loc["land", "nodig_fte"] == pytest.approx(INWONERS / 2095)
    rest = t.drop("land")
    assert rest["bereikt_fte"].to_numpy() == pytest.approx(land.aanbod_fte)
    assert rest["tekort_gemeenten_fte"].to_numpy() == pytest.approx(rest["tekort_gemeenten_fte"].iloc[0])
    assert t["gebieden"].to_dict() == {"land": 1, "provincie": 12, "gemeente": 342, "regioplus": 28, "ggdregio": 25,
                                       "zorgkantoorregio": 32, "rho": 3}  # fmt: skip


@pytest.mark.parametrize("soort", ["provincie", "gemeente", "regioplus", "zorgkantoorregio"])
def test_a_party_table_is_the_picture_of_those_areas(tabellen, land, soort):
    t, beeld = tabellen[soort], hd.tekortbeeld(land, per=soort)
    kolommen = ["inwoners", "nodig_fte", "aanbod_fte", "bereikt_fte", "tekort_fte"]
    pd.testing.assert_frame_equal(t[kolommen].sort_index(), beeld[kolommen].sort_index(), check_names=False)
    assert set(t["oordeel"]) <= {"tekort", "geen tekort", "onbekend"}
    # a rule that moves leaves the sum as it is; designations are those of the rule
    assert t["d4_fte"].sum() == pytest.approx(0.0, abs=1e-6)
    assert t["aangewezen_d4"].sum() == tabellen["gemeente"]["aangewezen_d4"].sum() > 0


def test_own_regions_keep_the_rest_of_the_country_in_sight(tabellen):
    rho = tabellen["rho"]
    assert rho.loc[BUITEN, "naam"] == "buiten de eigen indeling"
    assert "verzonnen" in rho.loc["VERZONNEN_DRECHT", "naam"]
    eigen = hd.read_gebieden(voorbeeldmap() / "verzonnen_gebieden.csv")
    leden = eigen.index[eigen["code"] == "VERZONNEN_DRECHT"]
    assert rho.loc["VERZONNEN_DRECHT", "inwoners"] == hd.load_gemeenten().loc[leden, "inwoners"].sum()


def test_without_a_mapping_there_is_no_table_of_rhos(antwoord):
    assert "rho" not in maak_partijtabellen(antwoord, trekkingen=2)
    with pytest.raises(ParameterFout, match="missen code, naam"):
        maak_partijtabellen(antwoord, eigen=pd.DataFrame(index=["GM0106"]), trekkingen=2)


def test_the_long_term_care_map_says_whose_duty_it_is_not():
    assert "elke verzekeraar" in PARTIJEN["zorgkantoorregio"].let_op


# --- ours against Nivel's


def test_only_what_is_published_stands_beside_ours(land):
    t = naast_nivel(land, trekkingen=40)
    # Nivel 2022 through VZinfo: the lowest region by name, 6.0 against 6.7 in the country
    assert t["gepubliceerd_per_10000"].dropna().to_dict() == {"RA1323": 6.0}
    assert t.loc["RA1323", "gepubliceerd_index"] == pytest.approx(100 * 6.0 / 6.7)
    hoog = t.index[t["gepubliceerd"].fillna("").str.startswith("genoemd als hoog")]
    assert sorted(hoog) == ["RA0206", "RA0308", "RA0616"]
    assert t["gepubliceerd"].notna().sum() == 6  # those, the lowest, and Zeeland and Friesland in 2016
    assert not [k for k in t if k.startswith("nivel_")]
    # the Court of Audit (2025) calls four regions "at least 75%"
    assert (t["patientenstop"] == "minstens 75,0%").sum() == 4
    assert t["onze_fte"].sum() == pytest.approx(land.aanbod_fte)
    assert t["onze_fte"].between(t["laag"], t["hoog"]).all()
    gewogen = np.average(t["onze_index"], weights=t["inwoners"])
    assert gewogen == pytest.approx(100.0)


def test_a_delivery_fills_every_region(land):
    levering = hd.read_nivel(voorbeeldmap() / "verzonnen_nivel_regio.xlsx")
    t = naast_nivel(land, levering, trekkingen=40)
    geleverd = levering.tabel.groupby(level=0)["fte"].sum()
    assert t["nivel_fte"].sort_index().to_numpy() == pytest.approx(geleverd.sort_index().to_numpy())
    assert (
        t[["nivel_fte", "nivel_per_10000", "nivel_index", "verschil_index", "binnen_band"]]
        .notna()
        .all()
        .all()
    )
    assert np.average(t["nivel_index"], weights=t["inwoners"]) == pytest.approx(100.0)
    # added later or at once: the same
    pd.testing.assert_frame_equal(met_levering(naast_nivel(land, trekkingen=40), levering, land), t)
    # the published side stays as it was
    assert t["gepubliceerd_per_10000"].notna().sum() == 1


def test_our_own_figure_as_a_delivery_lies_in_our_band(land):
    levering = hd.read_nivel(voorbeeldmap() / "verzonnen_nivel_regio.xlsx")
    eigen = naast_nivel(land, trekkingen=40)["onze_fte"]
    zelfde = levering.tabel[levering.tabel["functie"] == "praktijkhouder"].copy()
    zelfde["fte"] = eigen.reindex(zelfde.index).to_numpy()
    t = naast_nivel(land, replace(levering, tabel=zelfde), trekkingen=40)
    assert t["verschil_index"].abs().max() == pytest.approx(0.0, abs=1e-9)
    assert t["binnen_band"].all()
    # three regions with too few people to show: of the others the difference is still nothing, though those three
    # are no average regions
    laagste = (eigen / t["inwoners"]).nsmallest(3).index
    zelfde = zelfde.assign(personen=np.where(zelfde.index.isin(laagste), 4.0, 200.0), fte_status="afgeleid")
    deel = naast_nivel(land, replace(levering, tabel=zelfde), trekkingen=40)
    verborgen = deel["nivel_index"].isna()
    assert verborgen[laagste].all() and 3 <= verborgen.sum() <= 4
    assert deel["verschil_index"].abs().max() == pytest.approx(0.0, abs=1e-9)
    assert deel["binnen_band"].dropna().all()
    assert not np.allclose(deel["nivel_index"].dropna(), deel["onze_index"][~verborgen])  # of all regions


def test_another_delivery_is_refused(land):
    gemeenten = hd.read_nivel(voorbeeldmap() / "verzonnen_nivel_gemeente.csv", functie="alle")
    with pytest.raises(LeveringFout, match="geen cijfers per RegioPlus-regio"):
        naast_nivel(land, gemeenten, trekkingen=2)
    half = hd.read_nivel(voorbeeldmap() / "verzonnen_nivel_regio.xlsx")
    with pytest.raises(LeveringFout, match="niet elke RegioPlus-regio"):
        naast_nivel(land, replace(half, tabel=half.tabel.drop("RA1323")), trekkingen=2)


# --- figures


def test_the_frontier_names_what_the_best_placement_leaves(front, land):
    f = frontfiguren.frontfiguur(front, land)
    eind = front[front["fte"] == 1000].set_index("wijze")["verwacht"]
    assert getal(eind["zoals nu"], 0) in f.titel
    assert getal(eind["beste plaatsing"], 0) in f.titel
    assert {"zoals nu", "zoals nu laag", "D4 laag", "D4 (beeld zelf)"} <= set(f.tabel)
    # the difference between the two, with a band of its own: their bands overlap
    r = front[(front["fte"] == 1000) & (front["wijze"] == "beste plaatsing")].iloc[0]
    minst, meest = getal(-r["verschil_hoog"], 0), getal(-r["verschil_laag"], 0)
    zin = f"{getal(-r['verschil_verwacht'], 0)} fte (95%: {minst} tot {meest})"
    getekend = " ".join(t.get_text() for t in f.fig.findobj(Text))
    assert f"Dat scheelt {zin}" in " ".join(getekend.split())
    assert {"beste plaatsing min zoals nu", "D4 min zoals nu laag"} <= set(f.tabel)
    p = frontfiguren.frontpanelen(front, land)
    assert "95%: " in p.titel
    assert p.tabel.index.tolist() == [0.0, 500.0, 1000.0]
    assert (p.tabel["D4 laag"] <= p.tabel["D4 hoog"]).all()


def test_the_bound_figure_holds_the_lead_and_its_range(antwoord):
    f = stuurfiguren.splitsfiguur(antwoord)
    assert set(f.tabel.index) == {"zonder_wisselend_1800", "zonder_wisselend_2095"}
    assert getal(f.tabel["waarde_hoog"].max(), 0) in f.titel
    # picture, doubt and noise floor stand together, and the title says which of the two wins
    assert f.tabel["ruisvloer"].to_numpy() == pytest.approx(antwoord.grens["ruisvloer"].reindex(
        [("zonder_wisselend", 2095.0), ("zonder_wisselend", 1800.0)]).to_numpy())  # fmt: skip
    assert "bij geen enkele keuze" in f.titel
    helder = replace(antwoord, splitsing=antwoord.splitsing.assign(kans_boven_ruis=0.95))
    assert "bij 2 van de 2 keuzes" in stuurfiguren.splitsfiguur(helder).titel
    # one figure over all norms and functions names neither as its own
    assert "Norm:" not in f.bronregel
    assert "Functie:" not in f.bronregel


@pytest.mark.parametrize("jaar", [2028, 2035])
def test_the_rules_figure_says_what_rules_that_move_do_at_most(antwoord, jaar):
    f = stuurfiguren.regelfiguur(antwoord, jaar)
    assert "geen" not in f.tabel.index
    assert (f.tabel["waarde_laag"] <= f.tabel["waarde"]).all()
    assert (f.tabel["waarde"] <= f.tabel["waarde_hoog"]).all()
    schuift = f.tabel.drop("opleiding_meer")
    assert f": {getal(schuift['waarde'].max(), 0)} van de" in f.titel
    assert f"Eind {jaar} " in f.titel  # a year has no thousands point
    # the picture alone would claim too much: what steering on it brings stands in the title
    beste = schuift.loc[schuift["waarde"].idxmax()]
    assert f.titel.endswith(
        f"{getal(beste['op_schatting_laag'], 0)} tot {getal(beste['op_schatting_hoog'], 0)}"
    )
    t = antwoord.regels(jaar)
    pd.testing.assert_series_equal(f.tabel["na_telling"], t["opgelost_verwacht"].reindex(f.tabel.index),
                                   check_names=False)  # fmt: skip


def test_a_row_without_numbers_has_no_dot_and_half_a_row_is_refused():
    tabel = pd.DataFrame({"naam": ["a", "b"], **{k: [1.0, np.nan] for k in KOLOMMEN}}, index=["a", "b"])
    keuzes = {
        "titel": "T",
        "bronregel": Bronregel(("CBS",), {"x": "2024"}, status=("waargenomen",)),
        "eenheid": "fte",
    }
    f = teken_ruisbeeld(tabel, namen=("een", "twee", "drie"), **keuzes)
    assert f.tabel["waarde"].isna().tolist() == [False, True]
    for fout in (tabel.assign(waarde=[1.0, 2.0]), tabel.iloc[1:]):
        with pytest.raises(HuisartsdataFout, match="niets te tekenen"):
            teken_ruisbeeld(fout, namen=("een", "twee", "drie"), **keuzes)


def test_a_rule_without_effect_says_why(antwoord):
    vroeg = stuurfiguren.regelfiguur(antwoord, 2028).tabel["naam"]
    laat = stuurfiguren.regelfiguur(antwoord, 2035).tabel["naam"]
    assert vroeg["denemarken"].endswith(": werkt nog niet")
    assert laat["denemarken"] == "Denemarken (bindend)"
    assert laat["belgie"].endswith(
        ": wijst bijna iedereen aan"
    )  # 90 or 120 GPs per 100,000 is no Dutch measure


def test_the_noise_figure_refuses_what_it_cannot_draw(antwoord):
    bron = Bronregel(("proef",), {"proef": "2024"})
    leeg = stuurfiguren.splitsfiguur(antwoord).tabel.assign(ruisvloer=np.nan)
    with pytest.raises(HuisartsdataFout, match="met trekkingen"):
        teken_ruisbeeld(leeg, titel="proef", bronregel=bron)


def test_the_chance_of_being_best_is_shown_per_norm(antwoord):
    f = stuurfiguren.kansfiguur(antwoord, 2035)
    assert list(f.tabel.columns) == ["1.800 vast", "2.095 vast"]
    assert (f.tabel.sum() <= 1 + 1e-9).all()


def test_the_maps_of_losers_balance(antwoord):
    k = load_kaartgebied("land:Nederland")
    f = stuurfiguren.verlieskaarten(antwoord, k, ("d4", "denemarken"))
    assert len(f.tabel) == 2 * 342
    waarde = f.tabel.select_dtypes("number").iloc[:, 0]
    assert waarde.min() < 0 < waarde.max()
    # title and legend count by one measure
    verlies = f.tabel.reset_index()
    naam = next(k for k in verlies if verlies[k].isin(["D4"]).any())
    kolom = f.tabel.select_dtypes("number").columns[0]
    n = (verlies[kolom] < -0.1).groupby(verlies[naam]).sum()
    assert f"{n['D4']} gemeenten bij D4 en {n['Denemarken']} bij Denemarken" in f.titel
    # the picture's own winners and losers are not sure, and the map says of how many
    kans = antwoord.aanwijzingen.loc["d4", "kans"]
    getekend = " ".join(" ".join(t.get_text() for t in f.fig.findobj(Text)).split())
    assert f"D4 {getal(int(kans.between(0.1, 0.9).sum()))}" in getekend and "in ons beeld zelf" in getekend


def test_the_map_of_designations_counts_what_is_not_sure(antwoord):
    k = load_kaartgebied("land:Nederland")
    f = stuurfiguren.aanwijskaart(antwoord, k, "d4")
    kans = antwoord.aanwijzingen.loc["d4", "kans"]
    onzeker = int(((kans >= 0.1) & (kans <= 0.9)).sum())
    # title, legend and classes are about one thing: whether the rule would designate; nobody does so today
    assert f.titel.startswith(
        f"Van {getal(onzeker)} van de 342 gemeenten is niet te zeggen of D4 hen zou aanwijzen"
    )
    telling = f.tabel["klasse"].astype(str).value_counts()
    assert telling["onbekend"] == onzeker
    for klasse, n in (
        ("vrijwel zeker wel", int((kans > 0.9).sum())),
        ("vrijwel zeker niet", int((kans < 0.1).sum())),
    ):
        assert f"{getal(n) if n else 'geen enkele'} {klasse}" in f.titel
        assert sum(telling.get(k, 0) for k in telling.index if k.startswith(klasse)) == n
    assert "terecht" not in f.titel


def test_the_strength_figure_calls_it_unmeasured(antwoord):
    f = stuurfiguren.sterktefiguur(antwoord)
    assert "niemand gemeten" in f.titel
    assert set(f.tabel) == {"D4", "Frankrijk", "Denemarken"}
    nooit = replace(antwoord, bevindingen=replace(antwoord.bevindingen, omslag_sterkte=float("nan")))
    assert "bij geen enkele sterkte" in stuurfiguren.sterktefiguur(nooit).titel


def test_the_path_figure_keeps_every_source_and_bound_apart():
    paden, bronnen = pad_naar_nul(), zonder_huisarts()
    f = doelfiguren.padfiguur(paden, bronnen)
    beginstanden = paden.index.droplevel(["vraag", "jaar"]).unique()
    assert len(f.tabel) == len(beginstanden)
    assert f.tabel.to_numpy().min() >= 0
    assert f.tabel.to_numpy().max() <= 1 + 1e-9
    assert "Eind 2028" in f.titel
    # fewest first, and three rows of one source are told apart
    mensen = [float(n.split(":")[0].replace(".", "")) for n in f.tabel.index]
    assert mensen == sorted(mensen)
    assert f.tabel.index[0] == "6.900: Algemene Rekenkamer, hulpvragen bij verzekeraars"
    assert f.tabel.index.is_unique
    # favourable is never worse than unfavourable
    assert (f.tabel["weinig +"] <= f.tabel["weinig −"] + 1e-9).all()


# --- words


def test_the_page_computes_its_numbers_and_hides_no_doubt(antwoord):
    tekst = stuurtekst.antwoordpagina(antwoord)
    kop = antwoord.grens.loc[("zonder_wisselend", 2095.0)]
    assert f"en dus te sturen, is **{getal(kop['hoogstens'], 0)} fte**" in tekst
    # a number below its own expectation is no maximum
    assert kop["hoogstens"] < kop["laag"] < kop["verwacht"]
    assert not re.search(r"(hoogstens|hooguit) \**" + re.escape(getal(kop["hoogstens"], 0)), tekst)
    assert getal(kop["ruisvloer"], 0) in tekst
    assert "is geen bevinding" in tekst
    # what a rule at its strongest would do stands beside what was assumed
    sterk = antwoord.regels(2028)["opgelost_sterk"].max()
    assert f"{getal(sterk, 0)} als elke regel zo sterk werkt als kan" in tekst
    assert "nan" not in tekst.lower().replace("aannam", "")
    assert len(tekst.split()) < 720  # one page
    # what doubt about the supply and the strength makes of the best rule stands beside the number
    beste = antwoord.regels(2035).drop("opleiding_meer")["opgelost_fte"].idxmax()
    rij = antwoord.regels(2035).loc[beste]
    assert f"({getal(rij['opgelost_laag'], 0)} tot {getal(rij['opgelost_hoog'], 0)})" in tekst
    assert f"({getal(rij['op_schatting_laag'], 0)} tot {getal(rij['op_schatting_hoog'], 0)})" in tekst
    # and the advice comes first
    assert tekst.index("Wat volgt hieruit") < tekst.index("Hoeveel is er te sturen")
    assert all(zin in tekst for zin in antwoord.beslistabel["advies_nu"])
    assert all(z.endswith((";", ".")) for z in stuurtekst.niet_te_weten(antwoord))


def test_the_noise_sentence_turns_with_the_floor(antwoord):
    laag = antwoord.splitsing.assign(kans_boven_ruis=0.95)
    hoog = antwoord.splitsing.assign(kans_boven_ruis=0.6)
    assert "groter dan" in stuurtekst.ruiszin(replace(antwoord, splitsing=laag))
    assert "niet te scheiden" in stuurtekst.ruiszin(replace(antwoord, splitsing=hoog))


def test_tables_to_show_hold_every_rule_that_does_anything(antwoord, land):
    effect = stuurtabellen.effecttabel(antwoord)
    assert len(effect) == len(antwoord.uitkomsten) == 4
    # a rule that adds takes from nobody
    mensen = stuurtabellen.mensentabel(antwoord)
    assert mensen["verliest het meest (fte)"].isna().to_dict()["meer opleiden (voegt toe)"]
    anders = mensen["tekort daarna"] - mensen["tekort nu (× 1.000 mensen)"]
    assert anders.to_numpy() == pytest.approx((mensen["gaan achteruit"] - mensen["gaan vooruit"]).to_numpy())
    assert mensen["euro per geholpene"].notna().sum() == 1
    per_jaar = effect[["opgelost eind 2028", "opgelost eind 2035"]]
    assert (per_jaar.iloc[:, 0] <= per_jaar.iloc[:, 1] + 1e-9).all()
    # a Dutch price is known for D4 only
    assert "Voor 3 andere regels" in stuurtekst.kostenzin(antwoord)
    wet = stuurtabellen.wettabel(antwoord)
    assert wet["wat er voor nodig is"].notna().all()
    assert wet.loc["België (premie)", "zou nu aanwijzen"] == "342 van 342 gemeenten"
    assert wet.loc["Denemarken (bindend)", "zou nu aanwijzen"].endswith("van 28 RegioPlus-regio's")
    balans = stuurtabellen.balanstabel(antwoord)
    assert balans["D4"].is_monotonic_increasing
    assert balans.drop(columns=["fte nu", "meer opleiden"]).sum().to_numpy() == pytest.approx(0.0, abs=1e-6)
    besluit = stuurtabellen.besluittabel(antwoord)
    assert (besluit["nu"] == "niet gemeten").sum() == 2
    grens = stuurtabellen.grenstabel(antwoord)
    assert len(grens) == 2
    delen = stuurtabellen.splitstabel(antwoord)["ons beeld"]
    assert delen.iloc[:3].sum() == pytest.approx(delen.iloc[4])  # level + between + within = the shortage
    assert delen.iloc[1:3].sum() == pytest.approx(delen.iloc[3])
    oud = hd.load_kerncijfers("gemeente")["aandeel_65_plus"]
    g = gelijkheid_naast(land, {"d4": antwoord.uitkomsten["d4"]}, rangschikking=oud, trekkingen=4)
    t = stuurtabellen.gelijkheidstabel(g)
    assert list(t.index) == ["nu", "D4 (geld van verzekeraars)"]
    assert "aandeel ouderen" in stuurtabellen.gelijkheidszin(g, "aandeel ouderen")


def test_more_intake_and_all_places_never_leave_more_people():
    t = doelfiguren.padvarianten()
    basis, beide = t["zoals aangenomen"], t["beide"]
    assert (beide <= basis + 1e-6).all()
    assert (t["alle vrije plaatsen"] <= basis + 1e-6).all()
    assert (basis <= t["mensen nu"] + 1e-6).all()


def test_levers_count_every_starting_position_once():
    knoppen = hd.wat_moet_waar_zijn()
    t = doelfiguren.knoptabel(knoppen)
    beginstanden = len(knoppen.index.droplevel(["vraag", "knop"]).unique())
    telling = t.drop(columns=["nu", "laag", "hoog"]).sum(axis=1)
    assert (telling == beginstanden).all()
    assert t.index[0][0] == "weinig: meer en oudere mensen"
    zin = doelfiguren.knopzin(knoppen)
    al = (knoppen["oordeel"] == "al genoeg").groupby(level=["vraag", "start", "grens"]).all()
    for vraag, naam in (("demografie", "weinig"), ("alle_termen", "veel")):
        assert (
            f"groeit de zorgvraag {naam}, dan halen {al.loc[vraag].sum()} van de {beginstanden}"
            in zin.lower()
        )


def test_the_path_table_follows_the_paths():
    paden, bronnen = pad_naar_nul(), zonder_huisarts()
    t = doelfiguren.padtabel(paden, bronnen)
    assert list(t.columns) == ["nu", "eind 2026", "eind 2027", "eind 2028"]
    assert (t.diff(axis=1).iloc[:, 1:] <= 1e-9).all().all()
    eind = paden["zonder"].groupby(level=["start", "grens", "vraag"]).last()
    assert t["eind 2028"].sum() == pytest.approx(eind.sum(), abs=100 * len(t))
    naast = doelfiguren.bronnentabel(bronnen)
    assert len(naast) == len(bronnen)  # every source, none merged
    assert naast["gaat over D3"].tolist() == sorted(naast["gaat over D3"])  # "ja" before "nee"


def test_party_tables_have_words_for_a_reader(tabellen, land):
    t = toon_partij(tabellen["provincie"], jaar=2035)
    assert "D4: fte erbij tot 2035" in t
    assert not [k for k in t if "_" in str(k)]
    regels = partijregels(tabellen)
    assert regels.count("\n") == len(tabellen) - 1
    assert "niet de huisarts" in regels
    assert toon_aansluiting(sluit_aan(tabellen, land)).index[0] == "Nederland"


def test_nivel_s_units_are_kept_apart(land):
    zin = stuurtekst.nivelzin(naast_nivel(land, trekkingen=4))
    assert "6,0 tot 7,8 **personen**" in zin
    assert "land 6,7" in zin
    assert "Personen en fte zijn niet hetzelfde" in zin


def test_the_number_of_draws_stands_beside_the_chance(antwoord):
    assert stuurtekst.trekkingen_van(antwoord) == 4
    assert "4 trekkingen" in stuurtekst.aannamezin(antwoord)
    k = antwoord.koploper(2035)
    zin = stuurtekst.kanszin(antwoord)
    assert f"bij {int(k['beslist'].sum())} van de {len(k)} keuzes" in zin
    # Wilson's band of 4 draws is wide, and the sentence says how wide
    breed = float((k["kans_hoog"] - k["kans_laag"]).max()) / 2
    assert breed > 0.2
    assert f"zo'n {getal(100 * breed, 0)} procentpunt" in zin


def test_steering_on_an_estimate_stands_beside_steering_on_a_count(antwoord):
    beste = antwoord.regels(2035).drop("opleiding_meer").sort_values("opgelost_fte").iloc[-1]
    zin = stuurtekst.regelzin(antwoord)
    assert f"naar verwachting {getal(beste['opgelost_op_schatting'], 0)} (" in zin
    t = stuurtabellen.effecttabel(antwoord)
    assert {"met twijfel, aanbod geteld (95%)", "met twijfel, op onze schatting (95%)"} <= set(t)
    # distance: no rule opens a practice, the supply that people reach may lie nearer or farther
    afstand = stuurtabellen.afstandstabel(antwoord)
    assert len(afstand) == len(t)
    assert (afstand[["minuten nu", "minuten daarna"]] > 0).all().all()
