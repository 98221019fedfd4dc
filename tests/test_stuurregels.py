"""Steering rules: the countries' published examples, conservation, the flow cap, and who loses."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

import huisartsdata as hd
from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.gelijkheid import gelijkheidsbeeld
from huisartsdata.model.onzekerheid import trek_fte
from huisartsdata.scenario.sturen import regelaanwijzing as ra
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, MEETLAT, VERPLAATST
from huisartsdata.scenario.sturen.regelmechaniek import Groei, Verplaatsing, doorloop, instroomaandeel
from huisartsdata.scenario.sturen.regelopbouw import lees_keuzes
from huisartsdata.scenario.sturen.stuurregels import (
    aanwijzingen,
    bewijs,
    regels,
    stuurregel,
    vergelijk_regels,
)
from huisartsdata.schema import STATUSSEN

VERPLAATSERS = [n for n, d in DEFINITIES.items() if d.doet == VERPLAATST]
MET_STERKTE = [n for n, d in DEFINITIES.items() if any(p.naam == "sterkte" for p in d.parameters)]
# without lead time and at full strength everything that a rule can do shows
VOL = {"sterkte": 1.0, "aanlooptijd": 0}


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(norm=2095, functie="zonder_wisselend")


@pytest.fixture(scope="module")
def krap(land):
    return land.vervang(norm=1800)


@pytest.fixture(scope="module")
def getrokken(land):
    return stuurregel(land, "denemarken", trekkingen=24, seed=3, per_tekort="regioplus")


def vol(naam):
    return {k: v for k, v in VOL.items() if any(p.naam == k for p in DEFINITIES[naam].parameters)}


def meting(**velden):
    """Three areas A, B, C and one draw; whatever is not given is plain."""
    basis = {
        "codes": pd.Index(["A", "B", "C"]),
        "binnen": [30.0, 30.0, 30.0],
        "bereikt": [30.0, 30.0, 30.0],
        "per_hoofd": [5e-4] * 3,
        "vraag": [50_000.0] * 3,
        "inwoners": [50_000.0] * 3,
        "km2": [100.0] * 3,
        "norm": 2000.0,
        "fte_per_persoon": 0.75,
    } | velden
    kolom = {k: np.array(v, dtype=float)[:, None] for k, v in basis.items() if isinstance(v, list)}
    return ra.Meting(**(basis | kolom))


def invulling(naam, **eigen):
    return lees_keuzes(naam, eigen)[0].parameters


# --- published examples --------------------------------------------------------------------------


def test_germany_50_000_people_at_1671_need_29_92_and_close_at_32_914():
    mensen, verhouding = 50_000, waarde("regel_duitsland_verhouding")
    assert round(mensen / verhouding, 2) == 29.92
    dicht = waarde("regel_duitsland_boven") / 100 * mensen / verhouding
    assert round(dicht, 3) == 32.914
    assert ra.verzorgingsgraad(dicht, mensen, verhouding) == pytest.approx(110)
    m = meting(binnen=[dicht + 0.001, dicht - 0.001, 0.75 * mensen / verhouding - 0.001])
    a = ra.wijs_duitsland(m, invulling("duitsland"))
    assert [a.klassen[i] for i in a.nummer[:, 0]] == ["gesloten", "open", "onderverzorgd"]
    # exactly on a limit is neither above nor below it
    rand = meting(binnen=[dicht, 0.75 * mensen / verhouding, 30.0])
    assert not ra.wijs_duitsland(rand, invulling("duitsland")).nummer.any()


def test_france_56_fte_per_100_000_give_3_024_consultations():
    assert ra.consulten_per_hoofd(56 / 100_000, waarde("regel_frankrijk_consulten")) == pytest.approx(3.024)
    # 2.5 / 5,400 = 46.3 fte per 100,000
    m = meting(per_hoofd=[46.2e-5, 46.3e-5, 56e-5])
    a = ra.wijs_frankrijk(m, invulling("frankrijk"))
    assert a.aangewezen[:, 0].tolist() == [True, False, False]
    zac = ra.wijs_frankrijk(m, invulling("frankrijk", zac_grens=4))
    assert [zac.klassen[i][:3] for i in zac.nummer[:, 0]] == ["ZIP", "ZAC", "ZAC"]


@pytest.mark.parametrize(
    ("per_100_000", "per_km2", "arm"),
    [(89.9, 500, True), (90, 500, False), (119.9, 124.9, True), (119.9, 125, False), (120, 80, False)],
)
def test_belgium_90_or_120_where_fewer_than_125_live_on_a_km2(per_100_000, per_km2, arm):
    fte = per_100_000 / 100_000 * 50_000 * 0.75
    m = meting(binnen=[fte] * 3, km2=[50_000 / per_km2] * 3)
    assert ra.wijs_belgie(m, invulling("belgie")).aangewezen[0, 0] == arm


@pytest.mark.parametrize(
    ("mensen_per_fte", "hoog", "tekort"),
    [(3500, False, True), (3499, False, False), (3499, True, True), (3001, True, True), (3000, True, False)],
)
def test_united_states_3500_or_above_3000_with_high_need(mensen_per_fte, hoog, tekort):
    m = meting(bereikt=[50_000 / mensen_per_fte] * 3)
    p = invulling("vs", hoge_behoefte=["A"] if hoog else [])
    assert ra.amerikaans_tekort(mensen_per_fte, hoog, verhouding=3500, hoog=3000) == tekort
    assert ra.wijs_vs(m, p).aangewezen[0, 0] == tekort


def test_denmark_1600_patients_per_capacity():
    grens = waarde("regel_denemarken_patienten")
    assert ra.mag_sluiten([1600, 1599, 3200], [1, 1, 2], grens).tolist() == [True, False, True]


def test_handworked_danish_key_gives_each_area_its_share_by_need():
    m = meting(binnen=[40.0, 30.0, 20.0], vraag=[45_000.0, 45_000.0, 90_000.0])
    a = ra.wijs_verdeelsleutel(m, {})
    assert a.doel[:, 0].tolist() == [22.5, 22.5, 45.0]
    assert a.aangewezen[:, 0].tolist() == [False, False, True]


def test_handworked_australian_benchmark_and_english_lowest_share():
    m = meting(bereikt=[40.0, 30.0, 20.0], binnen=[20.0, 30.0, 40.0])
    a = ra.wijs_australie(m, invulling("australie"))
    np.testing.assert_allclose(a.waarde[:, 0], [400 / 3, 100, 200 / 3])
    assert a.aangewezen[:, 0].tolist() == [False, False, True]
    e = ra.wijs_laagste(m, invulling("engeland", aandeel=0.34))
    assert e.aangewezen[:, 0].tolist() == [True, False, False]


def test_handworked_d4_gap_at_the_norm():
    m = meting(bereikt=[20.0, 25.0, 30.0])  # 50,000 at 2,000 need 25
    a = ra.wijs_tekort(m, {})
    assert a.aangewezen[:, 0].tolist() == [True, False, False]
    assert a.doel[0, 0] == pytest.approx(35)  # 30 inside and 5 more


def test_only_two_percent_of_entrants_can_be_bound_by_the_australian_rule():
    # 14 doctors trained abroad of 718 x .94 = 674.92 who start
    (g,) = lees_keuzes("australie", {})
    assert g.sterkte(718) == pytest.approx(14 / 674.92)


# --- machinery, worked by hand ---------------------------------------------------------------------


def test_two_areas_worked_by_hand_year_by_year():
    groep = sparse.csr_array(np.eye(2))
    fte = np.array([[60.0], [40.0]])
    a = ra.wijs_verdeelsleutel(meting(codes=pd.Index(["A", "B"]), binnen=[60.0, 40.0], vraag=[5.0, 5.0]), {})
    stap = Verplaatsing(a, groep, sterkte=0.5, verhuizers=True, vanaf=2026)
    uit = doorloop(fte, [stap], begin=2026, jaren=[2028], instroom=0.04, verhuizers=0.01)
    # a year's flow towards A is 5% of it, of which half goes to B: 60 -> 58.5 -> 57.0375
    np.testing.assert_allclose(uit[2027].fte[:, 0], [58.5, 41.5])
    np.testing.assert_allclose(uit[2028].fte[:, 0], [57.0375, 42.9625])
    np.testing.assert_allclose(uit[2028].verplaatst, 60 - 57.0375)
    half = Verplaatsing(a, groep, sterkte=0.5, verhuizers=False, vanaf=2027.5)
    uit = doorloop(fte, [half], begin=2026, jaren=[2028], instroom=0.04, verhuizers=0.01)
    np.testing.assert_allclose(
        uit[2028].fte[:, 0], [60 - 0.5 * 0.5 * 0.04 * 60, 40.6]
    )  # half a year, entrants


def test_nobody_gives_below_its_floor_or_receives_above_its_target():
    groep = sparse.csr_array(np.eye(2))
    a = ra.wijs_verdeelsleutel(meting(codes=pd.Index(["A", "B"]), binnen=[60.0, 40.0], vraag=[5.0, 5.0]), {})
    stap = Verplaatsing(a, groep, sterkte=1.0, verhuizers=True, vanaf=2026)
    uit = doorloop(np.array([[60.0], [40.0]]), [stap], begin=2026, jaren=[2035], instroom=0.1, verhuizers=0.1)
    np.testing.assert_allclose(uit[2035].fte[:, 0], [50, 50])


def test_two_rules_share_one_flow_by_hand():
    groep = sparse.csr_array(np.eye(2))
    a = ra.wijs_verdeelsleutel(meting(codes=pd.Index(["A", "B"]), binnen=[60.0, 40.0], vraag=[5.0, 5.0]), {})
    een = Verplaatsing(a, groep, sterkte=0.5, verhuizers=True, vanaf=2026)
    uit = doorloop(
        np.array([[60.0], [40.0]]), [een, een], begin=2026, jaren=[2027], instroom=0.04, verhuizers=0.01
    )
    # the first takes half of the 3 fte towards A, the second half of what is left
    np.testing.assert_allclose(uit[2027].verplaatst, 1.5 + 0.75)


def test_extra_entrants_add_and_leave_the_spread_alone():
    fte = np.array([[60.0], [40.0]])
    uit = doorloop(fte, [Groei(0.02, 2026.5)], begin=2026, jaren=[2028], instroom=0.04, verhuizers=0.01)
    np.testing.assert_allclose(uit[2028].toegevoegd, 3.0)  # half a year and a year of 2
    np.testing.assert_allclose(uit[2028].fte[:, 0], [61.8, 41.2])


def test_the_flow_is_that_of_the_capaciteitsorgaan():
    # 718 a year, 94% finish, .7506 fte each: 506.6 fte of 10,769
    assert instroomaandeel(718) * 10_769 == pytest.approx(718 * 0.94 * 0.7506, rel=1e-4)


# --- on the country --------------------------------------------------------------------------------


@pytest.mark.parametrize("naam", VERPLAATSERS)
def test_a_moving_rule_conserves_fte_level_and_the_flow_cap(krap, naam):
    u = stuurregel(krap, naam, jaar=2035, **vol(naam))
    voor, na = krap.praktijken["fte"], u.situatie.praktijken["fte"]
    assert abs(na.sum() - voor.sum()) < 1e-9
    assert (na >= 0).all()
    assert u.splitsing_na.niveau == pytest.approx(u.splitsing_voor.niveau, abs=1e-9)
    assert u.splitsing_voor.niveau > 900  # at 1,800 there are too few: the test is not empty
    assert 0 <= u.verplaatst_fte <= u.stroomgrens
    verschil = (na - voor).abs().sum() / 2
    assert verschil <= u.verplaatst_fte + 1e-9  # what an area gave and got nets out
    assert u.per_gebied["verschil"].sum() == pytest.approx(0, abs=1e-6)
    assert u.toegevoegd_fte == 0
    tekort = hd.tekortbeeld(u.situatie)["tekort_fte"]
    assert u.tekort_na == pytest.approx(tekort.sum(), abs=1e-9)
    assert u.tekort["na"].to_numpy() == pytest.approx(tekort.reindex(u.tekort.index).to_numpy(), abs=1e-9)


@pytest.mark.parametrize(
    "naam", ["denemarken", "frankrijk", "d4", "opleiding_regio", "engeland", "australie"]
)
def test_every_gain_stands_beside_a_loss(land, naam):
    u = stuurregel(land, naam, **vol(naam))
    assert u.verplaatst_fte > 1
    assert u.winnaars["verschil"].sum() == pytest.approx(-u.verliezers["verschil"].sum())
    assert set(u.winnaars.index) <= set(u.aangewezen.index[u.aangewezen["aangewezen"]])
    assert u.mensen_geholpen - u.mensen_benadeeld == pytest.approx(u.mensen_voor - u.mensen_na)


@pytest.mark.parametrize("naam", DEFINITIES)
def test_zero_strength_gives_the_same_picture(land, naam):
    u = stuurregel(land, naam, **({"sterkte": 0} if naam in MET_STERKTE else {}))
    assert u.situatie is land
    assert u.opgelost_fte == 0


def test_zero_strength_gives_the_same_draws(land):
    u = stuurregel(land, ["denemarken", "d4"], sterkte=0, trekkingen=3)
    assert (u.trekkingen["opgelost_fte"] == 0).all()
    pd.testing.assert_frame_equal(
        trek_fte(u.situatie, trekkingen=3, seed=0), trek_fte(land, trekkingen=3, seed=0), check_exact=True
    )


@pytest.mark.parametrize("naam", ["denemarken", "frankrijk", "d4", "engeland"])
def test_more_strength_never_gives_designated_areas_less(land, naam):
    binnen = []
    for sterkte in (0.0, 0.05, 0.3, 1.0):
        u = stuurregel(land, naam, jaar=2033, aanlooptijd=0, sterkte=sterkte)
        aan = u.aangewezen.index[u.aangewezen["aangewezen"]]
        binnen.append(u.per_gebied.loc[aan, "na"].sum())
    assert all(meer >= minder - 1e-9 for minder, meer in pairwise(binnen))  # full is full, up to rounding
    assert binnen[-1] > binnen[0] + 1


def test_later_years_never_move_less_and_before_the_lead_time_nothing_moves(land):
    om = [stuurregel(land, "denemarken", jaar=j).verplaatst_fte for j in (2028, 2029, 2035)]
    assert om[0] == 0 < om[1] <= om[2]
    assert "werkt pas 2 jaar na eind 2026" in " ".join(
        stuurregel(land, "denemarken", jaar=2028).waarschuwingen
    )
    assert stuurregel(land, "opleiding_regio", jaar=2030).verplaatst_fte == 0  # 2026 + 1 + 3.2


def test_equity_is_that_of_the_picture_afterwards(land):
    u = stuurregel(land, "denemarken")
    rang = hd.load_kerncijfers("gemeente")["aandeel_65_plus"]
    voor, na = (gelijkheidsbeeld(s, rangschikking=rang)["waarde"]["gini"] for s in (land, u.situatie))
    assert (u.gini_voor, u.gini_na) == pytest.approx((voor, na), abs=1e-12)
    assert u.gini_na < u.gini_voor  # each region gets its share
    assert stuurregel(land, "productiviteit").gini_na == pytest.approx(voor)  # and this one steers nothing


def test_training_more_adds_what_the_flow_says(land):
    u = stuurregel(land, "opleiding_meer", jaar=2035)
    # 308 more a year, 94%, from 2026 + 1 + 3.2 on: 4.8 years
    personen = (1026 - 718) * 0.94 * 4.8
    assert u.toegevoegd_fte == pytest.approx(personen * 8981 / 14_347, rel=1e-9)
    assert u.situatie.aanbod_fte == pytest.approx(land.aanbod_fte + u.toegevoegd_fte, abs=1e-8)
    assert u.verplaatst_fte == 0


def test_productivity_and_norm_change_the_yardstick_only(krap):
    p = stuurregel(krap, "productiviteit", jaar=2028, groei=0.01)
    assert p.situatie.norm == pytest.approx(1800 * 1.01**2)
    assert p.tekort_na < p.tekort_voor
    assert p.situatie.praktijken.equals(krap.praktijken)
    n = stuurregel(krap, "norm", norm=2095)
    assert n.situatie.norm == 2095
    assert "meetlat" in n.niet_te_modelleren


def test_rules_together_share_the_cap(land):
    samen = stuurregel(land, ["d4", ("denemarken", {"per": "gemeente"})], jaar=2030, **VOL)
    los = [stuurregel(land, n, jaar=2030, **VOL).verplaatst_fte for n in ("d4", "denemarken")]
    assert samen.stroomgrens == stuurregel(land, "d4", jaar=2030, **VOL).stroomgrens
    assert max(los) * 0.5 < samen.verplaatst_fte <= samen.stroomgrens
    assert abs(samen.situatie.aanbod_fte - land.aanbod_fte) < 1e-9
    assert set(samen.aangewezen["regel"]) == {"d4", "denemarken (per=gemeente)"}
    with_meer = stuurregel(land, ["opleiding_meer", "denemarken"], jaar=2035)
    assert with_meer.toegevoegd_fte > 0 < with_meer.verplaatst_fte <= with_meer.stroomgrens


def test_the_picture_is_not_changed(land):
    voor = land.praktijken.copy()
    stuurregel(land, "denemarken")
    assert land.praktijken.equals(voor)


def test_what_belgium_and_america_would_call_short_here(land, krap):
    # 12,246 GPs on 17.9 million are 68 per 100,000 against 90 and 120; 1,998 people per fte against 3,500
    tabel = aanwijzingen(land, ["belgie", "vs"], trekkingen=0)
    assert tabel.loc["belgie"].eval("inwoners * aangewezen").sum() / land.inwoners.sum() > 0.95
    assert not tabel.loc["vs", "aangewezen"].any()
    assert tabel.loc["belgie"].eval("waarde * inwoners").sum() / land.inwoners.sum() == pytest.approx(
        68.25, abs=0.05
    )
    u = stuurregel(land, "vs")
    assert u.situatie is land
    assert any("verandert niets" in w for w in u.waarschuwingen)
    # the danish key does not look at the norm
    een, twee = (aanwijzingen(s, ["denemarken"], trekkingen=0) for s in (land, krap))
    pd.testing.assert_frame_equal(een, twee)


def test_chance_of_being_designated_is_a_share_of_draws(land, getrokken):
    kans = getrokken.aangewezen["kans"]
    assert ((kans * 24).round(9) % 1 == 0).all()
    assert kans.between(0, 1).all()
    aan = getrokken.aangewezen["aangewezen"]
    assert kans[aan].mean() > kans[~aan].mean()
    assert getrokken.aangewezen.loc["RA1323", "naam"] == "West-Brabant"  # the lowest density that Nivel names
    assert kans["RA1323"] > 0.9
    tabel = aanwijzingen(land, ["denemarken"], trekkingen=24, seed=3).loc["denemarken"]
    pd.testing.assert_series_equal(tabel["kans"], kans)
    assert (getrokken.trekkingen["verplaatst_fte"] <= getrokken.stroomgrens).all()
    assert len(getrokken.trekkingen) == 24


def test_draw_k_does_not_depend_on_the_number_of_draws(land, getrokken):
    (g,) = lees_keuzes("d4", {})
    kort, lang = g.getrokken(3, 1).parameters, g.getrokken(9, 1).parameters
    assert kort["sterkte"].tolist() == lang["sterkte"][:3].tolist()
    assert (lang["sterkte"] >= 0).all() and (lang["sterkte"] <= 0.5).all()
    assert lees_keuzes("d4", {"sterkte": 0.2})[0].getrokken(3, 1).parameters["sterkte"] == 0.2
    weinig = stuurregel(land, "denemarken", trekkingen=3, seed=3, per_tekort="regioplus").trekkingen
    np.testing.assert_allclose(getrokken.trekkingen.iloc[:3], weinig, rtol=0, atol=1e-9)


def test_cost_only_where_a_dutch_price_is_sourced(land):
    u = stuurregel(land, "d4", jaar=2035)
    mensen = u.aangewezen.eval("inwoners * aangewezen").sum()
    assert u.kosten.euro == pytest.approx(6.94 * 4 * mensen * 8)  # 2035 - 2026 - 1
    assert u.kosten.per_geholpene == pytest.approx(u.kosten.euro / (u.mensen_voor - u.mensen_na))
    for naam in ("belgie", "engeland", "denemarken"):
        u = stuurregel(land, naam)
        assert u.kosten is None and "geen Nederlandse prijs" in u.kosten_reden


# --- side by side ------------------------------------------------------------------------------------


def test_comparison_agrees_with_the_rule_itself_and_chances_add_up(land):
    t = vergelijk_regels(
        land, ["geen", "denemarken", "d4", ["d4", "denemarken"], "norm"], jaren=[2028, 2035], trekkingen=4
    )
    u = stuurregel(land, "d4", jaar=2035)
    rij = t.loc[("zonder_wisselend", 2095, 2035, "d4")]
    assert rij["opgelost_fte"] == pytest.approx(u.opgelost_fte)
    assert rij["grootste_verliezer"] == u.verliezers["naam"].iloc[0]
    assert rij["deel_van_spreiding"] == pytest.approx(u.opgelost_fte / u.splitsing_voor.spreiding)
    assert (t["opgelost_zwak"] <= t["opgelost_sterk"] + 1e-9).all()
    kans = t["kans_beste"].groupby("jaar").sum()
    np.testing.assert_allclose(kans, 1)
    assert t.xs("norm", level="regel")["kans_beste"].isna().all()
    alle = t.xs(2035, level="jaar")
    assert ((alle["verplaatst_fte"] <= alle["stroomgrens"]) | (alle["stroomgrens"] == 0)).all()
    assert "d4 + denemarken" in t.index.get_level_values("regel")


def test_comparison_over_norms_and_functions(land):
    ander = hd.landelijke_situatie(functie="alle")
    t = vergelijk_regels([land, ander], ["geen", "d4"], jaren=[2035], normen=[1800, 2095], trekkingen=4)
    assert len(t) == 2 * 2 * 2
    assert set(t.index.get_level_values("functie")) == {"alle", "zonder_wisselend"}
    kort = t.xs(1800.0, level="norm")["tekort_voor"] > t.xs(2095.0, level="norm")["tekort_voor"]
    assert kort.all()
    gemiddeld = t.groupby("regel")["kans_beste"].mean()
    assert t["kans_beste_alle"].groupby("regel").first().to_dict() == pytest.approx(gemiddeld.to_dict())


# --- what a rule is made of ----------------------------------------------------------------------------


def test_every_parameter_has_a_source_or_is_an_assumption():
    tabel = regels()
    assert set(tabel.index.get_level_values("regel")) == set(DEFINITIES)
    knoppen = tabel[tabel.index.get_level_values("parameter") != "-"]
    assert knoppen["status"].isin(STATUSSEN).all()
    assert (knoppen["bron"] != "").all()
    gemeten = knoppen[knoppen["status"] == "waargenomen"]
    assert gemeten["bron"].str.len().gt(5).all()
    sterkte = knoppen.xs("sterkte", level="parameter")
    assert (sterkte["status"] == "aanname").all()
    assert (sterkte["laag"] < sterkte["hoog"]).all()
    for d in DEFINITIES.values():
        for p in d.parameters:
            if p.rij and (r := parameter(p.rij)).laag is not None:
                assert r.laag <= r.waarde <= r.hoog, p.rij


def test_every_card_names_sources_and_says_what_it_cannot():
    tabel = bewijs()
    assert list(tabel.index) == list(DEFINITIES)
    assert (tabel.map(len) > 0).all(axis=None)
    for d in DEFINITIES.values():
        assert d.kaart.bronnen, d.naam
        for b in d.kaart.bronnen:
            assert b.url is None or b.url.startswith("https://")
            assert b.naam
    # what was not checked is no fact: it is a knob without a default, and stands on no card
    assert not tabel.map(lambda t: "1:1609" in t or "1.609" in t).any(axis=None)
    assert DEFINITIES["frankrijk"].vul_in({})["zac_grens"] is None


def test_what_cannot_be_modelled_says_so(land):
    u = stuurregel(land, "ruil")
    assert u.situatie is land
    assert "geen fte" in u.niet_te_modelleren
    assert u.aangewezen.empty
    assert stuurregel(land, "geen").opgelost_fte == 0


@pytest.mark.parametrize(
    ("regel", "velden", "tekst"),
    [
        ("zweden", {}, "kies uit geen, duitsland, denemarken"),
        ("duitsland", {"premie": 1}, "kies uit per, verhouding"),
        ("geen", {"sterkte": 1}, "die heeft er geen"),
        ("d4", {"sterkte": 1.5}, "van 0 tot en met 1"),
        ("d4", {"sterkte": float("nan")}, "van 0 of meer"),
        ("d4", {"per": "wijk"}, "kies uit provincie"),
        ("d4", {"jaar": 2025}, "jaar van 2026"),
        ("d4", {"jaar": 2030.5}, "jaar van 2026"),
        ("d4", {"verhuizers": 2}, "aandeel"),
        ("d4", {"instroom": -1}, "personen per jaar"),
        ("d4", {"per_tekort": "buurt"}, "kies uit"),
        ("duitsland", {"behoefte": 1}, "True of False"),
        ("vs", {"hoge_behoefte": "GM0106"}, "lijst"),
        ("duitsland", {"verhouding": "gemiddeld"}, "getal"),
        ([], {}, "bestaat niet"),
        (["d4", ("d4",)], {}, "een naam met een dict"),
        (["d4"], {"premie": 1}, "geen van deze regels"),
        (None, {}, "bestaat niet"),
    ],
)
def test_bad_input_is_refused_in_dutch_with_the_choices(land, regel, velden, tekst):
    with pytest.raises(ParameterFout, match=tekst):
        stuurregel(land, regel, **velden)


def test_rules_that_change_the_yardstick_are_told_from_those_that_move():
    assert [n for n, d in DEFINITIES.items() if d.doet == MEETLAT] == ["productiviteit", "norm"]
    assert "ruil" not in VERPLAATSERS
