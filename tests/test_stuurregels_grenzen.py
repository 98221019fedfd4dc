"""Steering rules at their edges: combinations, order, empty areas, doubt, what draws settle, and refusals."""

from __future__ import annotations

import warnings
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import HuisartsdataFout, OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.model.onzekerheid import wilson
from huisartsdata.scenario.maatregelen import sluit, voeg_fte_toe
from huisartsdata.scenario.sturen import regelaanwijzing as ra
from huisartsdata.scenario.sturen.regelafstand import MERKBAAR, Reismeter
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, VERPLAATST
from huisartsdata.scenario.sturen.regelgevolgen import gebiedsbalans, naast_beste, omslagsterkte, sterktereeks
from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar, Stand
from huisartsdata.scenario.sturen.regelopbouw import lees_keuzes, maak_kader, meet_tekort, wijs_aan
from huisartsdata.scenario.sturen.regelschatting import op_schatting, volg_plan
from huisartsdata.scenario.sturen.regelverdeling import verdeelwijzen
from huisartsdata.scenario.sturen.regelvergelijking import _kans_beste
from huisartsdata.scenario.sturen.stuurregels import aanwijzingen, bewijs, stuurregel, vergelijk_regels

VERPLAATSERS = [n for n, d in DEFINITIES.items() if d.doet == VERPLAATST]
MET_STERKTE = [n for n, d in DEFINITIES.items() if any(p.naam == "sterkte" for p in d.parameters)]
WERKZAAM = ["frankrijk", "denemarken", "engeland", "d4", "opleiding_regio"]
NAN = float("nan")


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(norm=2095, functie="zonder_wisselend")


@pytest.fixture(scope="module")
def getrokken(land):
    return vergelijk_regels(land, ["geen", "d4", "frankrijk", "denemarken"], jaren=[2035], trekkingen=24).xs(
        2035, level="jaar"
    ).droplevel(["functie", "norm"])  # fmt: skip


@pytest.fixture(scope="module")
def leeg(land):
    """Urk without people (no need, no inhabitants), and Texel without practices."""
    stil = land.gebied.index[land.gebied["gm_code"] == "GM0184"]
    weg = land.praktijken.index[land.praktijken["gm_code"] == "GM0448"]
    nul = {
        n: getattr(land, n).where(~land.vraag.index.isin(stil), 0.0)
        for n in ("vraag", "vraag_nza", "inwoners")
    }
    return sluit(land.vervang(**nul), list(weg))


# --- together: nothing at zero strength, fte conserved, the order named -----------------------------


@pytest.mark.parametrize("paar", combinations(WERKZAAM, 2), ids="+".join)
def test_two_rules_without_strength_give_the_same_bits(land, paar):
    u = stuurregel(land, list(paar), sterkte=0)
    assert u.situatie is land
    assert (u.verplaatst_fte, u.opgelost_fte, u.reis.verschil) == (0, 0, 0)


def test_all_rules_together_without_strength_give_the_same_bits(land):
    u = stuurregel(land, MET_STERKTE, sterkte=0)
    assert u.situatie is land
    assert u.kosten is None
    assert "niets betaald" in u.kosten_reden
    zonder = [n for n in DEFINITIES if n not in MET_STERKTE]
    assert stuurregel(land, zonder).situatie is land


@pytest.mark.parametrize("paar", combinations(WERKZAAM, 2), ids="+".join)
def test_rules_together_conserve_fte_and_level_whatever_the_order(land, paar):
    heen, terug = (stuurregel(land, list(p), sterkte=1.0) for p in (paar, paar[::-1]))
    for u in (heen, terug):
        assert u.situatie.aanbod_fte == pytest.approx(land.aanbod_fte, abs=1e-8)
        assert u.splitsing_na.niveau == pytest.approx(u.splitsing_voor.niveau, abs=1e-8)
        assert (u.situatie.praktijken["fte"] >= 0).all()
        assert u.verplaatst_fte <= u.stroomgrens
        assert "volgorde" in " ".join(u.waarschuwingen)
    # the order matters, but not for what the pair is worth: less than a tenth of the shortage
    assert abs(heen.opgelost_fte - terug.opgelost_fte) < 0.1 * heen.tekort_voor


def test_level_stays_the_same_in_every_draw(land):
    krap = land.vervang(norm=1800)
    trek = Rekenaar(krap, trekkingen=12)
    voor = meet_tekort(trek, "gemeente", 1800)
    assert voor.niveau.min() > 500
    kader = maak_kader(None, None, None, "gemeente")
    for naam in WERKZAAM:
        keuzes = lees_keuzes(naam, {})
        blind = op_schatting(
            Rekenaar(krap),
            trek,
            keuzes,
            [wijs_aan(Rekenaar(krap), g) for g in keuzes],
            kader=kader,
            jaren=[2035],
        )[2035]
        np.testing.assert_allclose(blind.sum(axis=0), trek.fte.sum(axis=0), rtol=1e-12)
        assert blind.min() >= 0
        np.testing.assert_allclose(meet_tekort(trek, "gemeente", 1800, blind).niveau, voor.niveau, rtol=1e-9)
    u = stuurregel(krap, "denemarken", trekkingen=12).trekkingen
    # the shortage can only fall to the level, in every draw
    assert (u["tekort_na"] >= voor.niveau - 1e-6).all()


def test_the_same_rule_twice_is_refused_for_it_would_count_gps_twice(land):
    with pytest.raises(ParameterFout, match="d4 staat er dubbel in"):
        stuurregel(land, ["d4", "d4"])
    with pytest.raises(ParameterFout, match="dubbel"):
        vergelijk_regels(land, ["d4", "denemarken", "d4"])
    twee = stuurregel(land, ["d4", ("d4", {"sterkte": 0.2})], jaar=2028)
    assert len(twee.parameters) == 2
    # without being told: the year after next in which a rule can work, and the year of the estimates
    assert set(vergelijk_regels(land, ["geen"]).index.get_level_values("jaar")) == {2028, 2035}


def test_the_second_run_gives_the_same_bits(land):
    een, twee = (stuurregel(land, ["d4", "denemarken"], trekkingen=4, seed=9) for _ in range(2))
    pd.testing.assert_frame_equal(een.situatie.praktijken, twee.situatie.praktijken, check_exact=True)
    pd.testing.assert_frame_equal(een.trekkingen, twee.trekkingen, check_exact=True)
    assert een.reis == twee.reis


# --- who is counted as helped, and what it costs ------------------------------------------------------


@pytest.mark.parametrize("naam", [n for n in DEFINITIES if n != "norm"])
def test_people_helped_and_harmed_add_up_to_the_change(land, naam):
    u = stuurregel(land.vervang(norm=1800), naam)
    assert u.mensen_geholpen - u.mensen_benadeeld == pytest.approx(u.mensen_voor - u.mensen_na, abs=1e-3)


def test_another_norm_helps_and_harms_nobody(land):
    u = stuurregel(land, "norm", norm=2350)
    assert u.opgelost_fte > 0
    assert np.isnan(u.mensen_geholpen)
    assert np.isnan(u.mensen_benadeeld)
    t = vergelijk_regels(land, ["norm", "productiviteit"], jaren=[2035]).droplevel(
        ["functie", "norm", "jaar"]
    )
    assert np.isnan(t.loc["norm", "mensen_geholpen"])
    assert t.loc["productiviteit", "mensen_geholpen"] > 0


def test_a_price_never_buys_what_another_rule_did(land):
    alleen = stuurregel(land, "d4")
    samen = stuurregel(land, ["d4", "opleiding_meer"])
    assert samen.kosten.euro == alleen.kosten.euro
    assert samen.mensen_na < alleen.mensen_na  # more people helped for the same euros: not by those euros
    assert alleen.kosten.per_geholpene > 0
    assert samen.kosten.per_geholpene is None
    assert "zonder prijs" in samen.kosten.toelichting
    vroeg = stuurregel(land, "d4", jaar=2027)
    assert vroeg.kosten is None
    assert "niets betaald" in vroeg.kosten_reden
    assert "geen Nederlandse prijs" in stuurregel(land, "belgie").kosten_reden


# --- areas without people, or without a practice --------------------------------------------------------


@pytest.mark.parametrize("naam", VERPLAATSERS)
def test_an_empty_area_is_neither_short_nor_a_fault(leeg, naam):
    per = {"per": "gemeente"} if any(p.naam == "per" for p in DEFINITIES[naam].parameters) else {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        u = stuurregel(leeg, naam, **per)
    assert u.situatie.aanbod_fte == pytest.approx(leeg.aanbod_fte, abs=1e-8)
    assert np.isfinite([u.tekort_na, u.gini_na, u.mensen_na, u.reis.na]).all()
    assert not u.aangewezen.loc["GM0184", "aangewezen"]  # nobody lives there
    assert u.situatie.praktijken["fte"].notna().all()
    if u.aangewezen.loc["GM0448", "aangewezen"] and u.verplaatst_fte > 0:
        assert any("GM0448" in w and "geen praktijk" in w for w in u.waarschuwingen)


def test_comparison_and_designations_hold_with_empty_areas(leeg):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        t = vergelijk_regels(leeg, ["d4", "frankrijk", "denemarken"], jaren=[2035], trekkingen=3)
        a = aanwijzingen(leeg, trekkingen=3)
    assert t.drop(columns="grootste_verliezer").notna().all(axis=None)
    assert a["kans"].between(0, 1).all()


def test_handworked_share_of_lowest_areas_can_be_none_and_all():
    basis = {k: np.array(v, dtype=float)[:, None] for k, v in {
        "binnen": [20, 30, 40], "bereikt": [20, 30, 40], "per_hoofd": [1, 1, 1], "vraag": [5, 5, 5],
        "inwoners": [5, 5, 5], "km2": [1, 1, 1]}.items()}  # fmt: skip
    m = ra.Meting(codes=pd.Index(list("ABC")), norm=2000.0, fte_per_persoon=0.75, **basis)
    for deel, aan in ((0.0, 0), (0.33, 1), (0.67, 2), (1.0, 3)):
        assert ra.wijs_laagste(m, {"aandeel": deel}).aangewezen.sum() == aan


def test_an_unknown_area_of_high_need_is_not_passed_over(land):
    with pytest.raises(OnbekendGebiedFout, match="GM9999"):
        stuurregel(land, "vs", hoge_behoefte=["GM9999"])


# --- distance ---------------------------------------------------------------------------------------


def test_handworked_minutes_to_the_supply_that_people_reach(land):
    """Two hamlets, two practices: a at 0 and 10 minutes, b at 10 and 0; weight 1 at 0 and .5 at 10."""
    bu = land.gebied.index[land.gebied["gm_code"] == "GM0106"][:2]
    p = land.praktijken[land.praktijken["gm_code"] == "GM0106"].iloc[:2]
    p = p.assign(fte=[3.0, 1.0], fte_model=[3.0, 1.0])
    tabel = pd.DataFrame(
        {"van": [*bu, *bu], "naar": [p.index[0]] * 2 + [p.index[1]] * 2, "minuten": [0.0, 10.0, 10.0, 0.0]}
    )
    honderd = pd.Series(100.0, bu)
    s = land.vervang(
        vraag=honderd, vraag_nza=honderd, inwoners=honderd, punten=land.punten[bu], gebied=land.gebied.loc[bu],
        praktijken=p, reistijden=hd.Reistijden.from_table(tabel, grens_minuten=10),
        verval=hd.verval.trap({0.0: 1.0, 10.0: 0.5}), aanbodmodel=None,
    )  # fmt: skip
    # pressure 150 on both; reach .02 and 1/150, of which hamlet 1 gets .02 + .5/150 and hamlet 2 .01 + 1/150
    een = (0.5 / 150 * 10) / (0.02 + 0.5 / 150)
    twee = (0.01 * 10) / (0.01 + 1 / 150)
    meter = Reismeter(s)
    gelijk = meter.effect(pd.Series([2.0, 2.0], p.index))
    assert gelijk.voor == pytest.approx((een + twee) / 2)
    assert gelijk.na == pytest.approx(10 / 3)  # a third of what each reaches lies ten minutes away
    assert gelijk.verschil < 0
    assert gelijk.mensen_dichterbij == 200  # one gemeente
    weg = meter.effect(pd.Series([0.0, 0.0], p.index))
    assert np.isnan(weg.na)
    assert weg.mensen_verder == 0
    with pytest.raises(OnbekendePraktijkFout, match="andere praktijken"):
        meter.effect(pd.Series([1.0], p.index[:1]))


def test_extra_fte_in_proportion_bring_nobody_nearer_and_far_fte_do_the_opposite(land):
    meter, fte = Reismeter(land), land.praktijken["fte"]
    zelfde = meter.effect(fte * 1.1)
    assert zelfde.verschil == pytest.approx(0, abs=1e-12)
    assert (zelfde.mensen_dichterbij, zelfde.mensen_verder, zelfde.verst) == (0, 0, None)
    # take Drenthe's GPs away: its people get farther from what they reach
    drenthe = land.gebied.index[land.gebied["provincie_code"] == "PV22"]
    gm = set(land.gebied.loc[drenthe, "gm_code"])
    minder = meter.effect(fte.where(~land.praktijken["gm_code"].isin(gm), fte * 0.3))
    assert minder.verschil > 0
    assert minder.mensen_verder > 0.5 * land.inwoners[drenthe].sum()
    assert minder.verst in gm
    assert minder.grootste_stijging > MERKBAAR


@pytest.mark.parametrize("naam", WERKZAAM)
def test_distance_stands_beside_every_rule(land, naam):
    u = stuurregel(land, naam)
    assert u.reis == Reismeter(land).effect(u.situatie.praktijken["fte"])
    assert u.reis.voor == pytest.approx(6.493, abs=0.01)  # minutes, the picture's own
    assert u.reis.verschil != 0
    assert u.afstand == u.reis.zin
    assert "naaste praktijk blijft even ver" in u.afstand
    t = vergelijk_regels(land, [naam], jaren=[2035]).iloc[0]
    n = naast_beste(land, {naam: u}).iloc[0]
    for kolom in ("reisminuten_verschil", "mensen_dichterbij", "mensen_verder"):
        assert t[kolom] == pytest.approx(n[kolom], abs=1e-9)


# --- doubt: counted first or not, and what draws can tell ------------------------------------------------


def test_handworked_plan_carried_out_on_other_supply():
    plan = np.array([[10.0], [10.0], [0.0]])
    stand = Stand(np.array([[6.0], [14.0], [0.0]]), np.array([4.0]), np.array([0.0]))
    # of 20 there are really, two fifths leave
    assert volg_plan(np.array([[20.0], [3.0], [2.0]]), plan, stand)[:, 0].tolist() == [12.0, 11.0, 2.0]
    meer = Stand(np.array([[11.0], [11.0], [0.0]]), np.array([0.0]), np.array([2.0]))
    uit = volg_plan(np.array([[20.0], [10.0], [0.0]]), plan, meer)
    assert uit.sum() == pytest.approx(33)  # a tenth more, as planned


def test_steering_on_our_estimate_is_worth_less_than_after_counting(land, getrokken):
    for naam in ("d4", "frankrijk"):
        r = getrokken.loc[naam]
        # designation by the shortage of the draw itself knows what nobody knows today
        assert 0 < r["opgelost_op_schatting"] < 0.5 * r["opgelost_verwacht"]
        assert r["op_schatting_laag"] <= r["opgelost_op_schatting"] <= r["op_schatting_hoog"]
    assert getrokken.loc["geen", "opgelost_op_schatting"] == 0
    # drawing the picture after the measure says the same, but for the fte that its draws gain or lose in all
    u = stuurregel(land, "d4", trekkingen=12)
    na = voeg_fte_toe(land, u.situatie.praktijken["fte"] - land.praktijken["fte"])
    trek = Rekenaar(na, trekkingen=12)
    los = meet_tekort(Rekenaar(land, trekkingen=12), "gemeente", 2095).totaal
    los = los - meet_tekort(trek, "gemeente", 2095).totaal
    speling = np.abs(trek.fte.sum(axis=0) - land.aanbod_fte)
    assert (np.abs(u.trekkingen["opgelost_op_schatting"] - los) <= speling + 1e-6).all()


def test_chances_carry_the_band_that_their_number_of_draws_leaves(getrokken):
    assert (getrokken["trekkingen"] == 24).all()
    for r in getrokken.itertuples():
        assert (r.kans_beste_laag, r.kans_beste_hoog) == pytest.approx(wilson(r.kans_beste * 24, 24))
    assert getrokken["kans_beste"].sum() == pytest.approx(1)
    assert getrokken["kans_beste_op_schatting"].sum() == pytest.approx(1)
    # the number that the documentation names: 0.98 / sqrt(n) for a chance near a half
    for n, half in ((20, 0.22), (100, 0.10), (400, 0.05)):
        laag, hoog = wilson(n / 2, n)
        assert (hoog - laag) / 2 <= half


def test_designations_carry_the_band_too(land):
    t = aanwijzingen(land, ["denemarken"], trekkingen=20)
    for r in t.itertuples():
        assert (r.kans_laag, r.kans_hoog) == pytest.approx(wilson(round(r.kans * 20), 20))
    assert "kans_laag" not in aanwijzingen(land, ["denemarken"], trekkingen=0)


def test_rules_on_one_unknown_share_its_draw():
    d4, frankrijk, wet = (
        lees_keuzes(n, {})[0].getrokken(50, 3).parameters for n in ("d4", "frankrijk", "denemarken")
    )
    np.testing.assert_array_equal(d4["sterkte"], frankrijk["sterkte"])
    np.testing.assert_array_equal(d4["aanlooptijd"], frankrijk["aanlooptijd"])
    # and another unknown has its own
    assert abs(np.corrcoef(d4["sterkte"], wet["sterkte"])[0, 1]) < 0.5
    assert d4["sterkte"].max() <= 0.5


def test_comparing_many_norms_at_once_is_comparing_them_one_by_one(land):
    regels = ["geen", "d4", "denemarken"]
    samen = vergelijk_regels(land, regels, jaren=[2035], normen=[1800, 2095], trekkingen=4)
    for norm in (1800.0, 2095.0):
        los = vergelijk_regels(land, regels, jaren=[2035], normen=[norm], trekkingen=4)
        deel = samen.xs(norm, level="norm", drop_level=False)
        pd.testing.assert_frame_equal(
            deel.drop(columns="kans_beste_alle"), los.drop(columns="kans_beste_alle"), rtol=1e-9, atol=1e-7
        )


# --- the flow --------------------------------------------------------------------------------------


def test_the_flow_of_718_a_year_caps_every_rule_by_2028_and_2035(land):
    starters = 718 * 0.94 / 14_347 * land.aanbod_fte
    verhuizers = waarde("regel_verhuizers") * land.aanbod_fte
    for jaar, jaren in ((2028, 1), (2035, 8)):  # from 2026 + 1 on
        u = stuurregel(land, "d4", jaar=jaar, sterkte=1.0)
        assert u.stroomgrens == pytest.approx(jaren * (starters + verhuizers), rel=1e-9)
        assert u.verplaatst_fte <= u.stroomgrens
    assert stuurregel(land, "d4", instroom=0, verhuizers=0.0).verplaatst_fte == 0
    assert stuurregel(land, "denemarken", jaar=2028).stroomgrens == 0  # two years of preparation
    opleiding = stuurregel(land, "opleiding_regio", jaar=2035)
    assert opleiding.stroomgrens == pytest.approx(
        4.8 * starters, rel=1e-9
    )  # training; movers have had theirs


# --- refusals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("roep", "woord"),
    [
        (lambda s: stuurregel(None, "d4"), "geen situatie"),
        (lambda s: vergelijk_regels(None, ["d4"]), "geen situatie"),
        (lambda s: aanwijzingen(3, ["d4"]), "geen situatie"),
        (lambda s: verdeelwijzen(None), "geen situatie"),
        (lambda s: stuurregel(s, "vs", hoge_behoefte=3), "lijst"),
        (lambda s: stuurregel(s, "vs", hoge_behoefte=None), "lijst"),
        (lambda s: stuurregel(s, "norm", norm=1e-300), "mensen per fte"),
        (lambda s: stuurregel(s, "norm", norm=1e300), "mensen per fte"),
        (lambda s: stuurregel(s, "d4", aanlooptijd=1e9), "jaren"),
        (lambda s: stuurregel(s, "d4", per=[]), "kies uit"),
        (lambda s: stuurregel(s, "opleiding_meer", plaatsen=1e9), "meer dan er huisartsen zijn"),
        (lambda s: stuurregel(s, b"d4"), "bestaat niet"),
        (lambda s: vergelijk_regels([s, s], ["d4"]), "elke functie"),
        (lambda s: vergelijk_regels([], ["d4"]), "minstens één"),
        (lambda s: vergelijk_regels(s, ["d4"], jaren=2035), "lijst"),
        (lambda s: vergelijk_regels(s, ["d4"], jaren=[2035, 2035]), "dubbel"),
        (lambda s: vergelijk_regels(s, ["d4"], normen=[]), "lijst"),
        (lambda s: vergelijk_regels(s, ["d4"], normen=2095), "lijst"),
        (lambda s: vergelijk_regels(s, ["d4"], normen=[2095, 2095]), "dubbel"),
        (lambda s: vergelijk_regels(s, ["d4"], normen=["landelijk"]), "mensen per fte"),
        (lambda s: vergelijk_regels(s, ["d4"], normen=[NAN]), "mensen per fte"),
        (lambda s: aanwijzingen(s, ["opleiding_meer"]), "wijst geen gebieden aan"),
        (lambda s: naast_beste(s, [1]), "dict"),
        (lambda s: naast_beste(s, {"d4": 3}), "dict"),
        (lambda s: sterktereeks(s, ["d4"], sterktes=[0.1, 0.1]), "dubbel"),
        (lambda s: sterktereeks(s, ["d4", "d4"]), "dubbel"),
        (lambda s: sterktereeks(s, ["d4"], sterktes=[]), "lijst"),
        (lambda s: sterktereeks(s, ["d4"], sterktes=["veel"]), "getal"),
        (lambda s: omslagsterkte(pd.DataFrame({"d4": []}), ["d4"], ["d4"]), "minstens"),
        (lambda s: omslagsterkte(pd.DataFrame({"d4": [1.0]}), [], ["d4"]), "minstens"),
        (lambda s: verdeelwijzen(s, ["d4"])["d4"](s, -1.0), "0 of meer"),
        (lambda s: verdeelwijzen(s, ["d4"])["d4"](s, NAN), "0 of meer"),
        (lambda s: verdeelwijzen(s, ["d4"])["d4"](sluit(s, ["P1011-01"]), 1.0), "andere situatie"),
    ],
)  # fmt: skip
def test_bad_input_is_one_dutch_sentence_and_changes_nothing(land, roep, woord):
    voor = land.praktijken.copy()
    with pytest.raises(HuisartsdataFout, match=woord):
        roep(land)
    assert land.praktijken.equals(voor)


def test_outcomes_of_another_picture_are_refused(land):
    u = stuurregel(land, "d4")
    for ander in (land.vervang(norm=1800), sluit(land, ["P1011-01"])):
        with pytest.raises(ParameterFout, match="andere situatie"):
            naast_beste(ander, {"d4": u})
        with pytest.raises(ParameterFout, match="andere situatie"):
            gebiedsbalans(ander, {"d4": u})


def test_one_rule_of_the_yardstick_alone_has_no_chance_of_being_best(land):
    t = vergelijk_regels(land, ["norm"], jaren=[2035], trekkingen=2)
    assert t["kans_beste"].isna().all()
    assert t["kans_beste_laag"].isna().all()


def test_fewer_places_than_entrants_is_said_to_be_no_difference(land):
    u = stuurregel(land, "opleiding_meer", plaatsen=500)
    assert u.situatie is land
    assert any("minder opleiden wordt niet gerekend" in w for w in u.waarschuwingen)


# --- evidence ------------------------------------------------------------------------------------------


def test_the_scottish_odds_ratio_is_about_recruitment_and_no_survey_is_called_more_than_weak():
    kaarten = bewijs()
    schots = kaarten.loc["engeland", "effect"]
    assert "2,33" in schots
    assert "werving, niet over waar iemand later werkt" in schots
    # nothing without a comparison group is called more than weak, and nothing at all strong
    for naam in ("belgie", "opleiding_regio", "geen", "frankrijk", "duitsland", "ruil"):
        assert kaarten.loc[naam, "bewijskracht"] == "zwak"
    assert set(kaarten["bewijskracht"]) == {"matig", "zwak", "geen"}


def test_less_than_one_fte_more_is_better_and_less_than_a_millionth_is_nothing():
    """A rule is best by half an fte as by fifty; only what the arithmetic itself leaves is no difference."""
    draws = {
        "geen": [0.0, 0.0, 0.0, 0.0],
        "d4": [0.5, 50.5, 0.3, 4e-7],
        "frankrijk": [0.2, 50.0, 0.3 + 4e-7, 0.0],
    }
    opgelost = {(2035, r): np.array(x) for r, x in draws.items()}
    kans = _kans_beste(opgelost, 2035, list(draws)).xs(2035)
    assert kans.to_dict() == {"geen": 0.25, "d4": 2.5 / 4, "frankrijk": 0.5 / 4}
