"""The answer to D3.5: bounds that hold, a split that adds up, advice that follows the findings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.tekort import ZEKER, tekortbeeld
from huisartsdata.scenario.antwoord.beslissing import Bevindingen, advies, beslistabel
from huisartsdata.scenario.antwoord.splitsbereik import (
    DELEN,
    bovengrens,
    kans_meer,
    normreeks,
    splits,
    splits_over_keuzes,
)
from huisartsdata.scenario.antwoord.spreidingsantwoord import beantwoord
from huisartsdata.scenario.plaatsen.herverdeling import herverdeel
from huisartsdata.scenario.plaatsen.plaatsfront import BESTE, ZOALS_NU, grensfront
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, VERPLAATST
from huisartsdata.scenario.sturen.regelgevolgen import (
    gebiedsbalans,
    gelijkheid_naast,
    naast_beste,
    omslagsterkte,
    sterktereeks,
)
from huisartsdata.scenario.sturen.regelverdeling import verdeelwijzen
from huisartsdata.scenario.sturen.stuurregels import stuurregel

# what the advice rests on, on both sides of every limit
NU = Bevindingen(
    deel_niveau=0.0, tekort_fte=186.0, spreiding_laag=337.0, ruisvloer=343.0, deel_beoordeeld=0.02,
    sterkte_geld=float("nan"), omslag_sterkte=0.017, deel_eerste_jaar=0.14, paden_op_nul=0.25,
    kans_boven_ruis=0.83, kans_opleiden=0.75, kans_verplaatsen=0.24,
)  # fmt: skip
ANDERS = Bevindingen(
    deel_niveau=0.95, tekort_fte=1041.0, spreiding_laag=400.0, ruisvloer=343.0, deel_beoordeeld=0.8,
    sterkte_geld=0.3, omslag_sterkte=0.017, deel_eerste_jaar=0.7, paden_op_nul=1.0, kans_boven_ruis=0.95,
    kans_opleiden=0.1, kans_verplaatsen=0.7,
)  # fmt: skip


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(norm=2095, functie="zonder_wisselend")


@pytest.fixture(scope="module")
def antwoord(land):
    return beantwoord([land], normen=(1800, 2095), regels=["geen", "d4", "denemarken", "opleiding_meer", "vs"],
                      regeltrekkingen=4)  # fmt: skip


# --- no rule does better than the best


@pytest.mark.parametrize("norm", [2095, 1800])
@pytest.mark.parametrize("regel", [n for n, d in DEFINITIES.items() if d.doet == VERPLAATST])
def test_moving_at_full_strength_never_beats_the_best_redistribution(land, norm, regel):
    s = land.vervang(norm=norm)
    bekend = {p.naam for p in DEFINITIES[regel].parameters}
    vol = {k: v for k, v in {"sterkte": 1.0, "aanlooptijd": 0}.items() if k in bekend}
    u = stuurregel(s, regel, jaar=2035, **vol)
    beste = herverdeel(s, fte=u.verplaatst_fte, per="gemeente")
    assert beste.doelwaarde <= u.tekort_na + 1e-6
    assert beste.verplaatst <= u.verplaatst_fte + 1e-6
    # moving never changes the level
    assert u.splitsing_na.niveau == pytest.approx(u.splitsing_voor.niveau, abs=1e-6)
    assert u.situatie.aanbod_fte == pytest.approx(s.aanbod_fte)


def test_no_rule_is_above_the_best_and_the_flow_caps_all(antwoord):
    n = antwoord.naast
    assert set(n.index) == {"d4", "denemarken", "opleiding_meer"}  # the American limit moves nothing here
    assert (n["tekort_beste"] <= n["tekort_na"] + 1e-6).all()
    assert n["benut"].between(0, 1 + 1e-9).all()
    verplaatst = n[n["verplaatst_fte"] > 0]
    assert (verplaatst["verplaatst_fte"] <= verplaatst["stroomgrens"]).all()
    # a rule that moves takes from somebody; one that adds from nobody
    assert (verplaatst["gebieden_minder"] > 0).all()
    assert n.loc["opleiding_meer", "gebieden_minder"] == 0


def test_placing_as_a_rule_designates_never_beats_the_best_placement(land):
    front = grensfront(land, fte=[0, 150, 1000], regels=verdeelwijzen(land)).set_index(["wijze", "fte"])[
        "tekort_fte"
    ]
    for wijze in (ZOALS_NU, "d4", "frankrijk", "denemarken"):
        for n in (0.0, 150.0, 1000.0):
            assert front[BESTE, n] <= front[wijze, n] + 1e-6
    # places that are short do more than places where GPs already are
    assert front["d4", 150.0] < front[ZOALS_NU, 150.0]


def test_room_of_designated_areas_is_filled_before_the_rest(land):
    na = verdeelwijzen(land, ["d4"])["d4"](land, 20.0)
    erbij = (na.praktijken["fte"] - land.praktijken["fte"]).groupby(land.praktijken["gm_code"]).sum()
    kort = tekortbeeld(land)["tekort_fte"] > 0
    assert erbij.sum() == pytest.approx(20.0)
    # also less than one fte goes there whole
    klein = verdeelwijzen(land, ["d4"])["d4"](land, 0.5).praktijken["fte"] - land.praktijken["fte"]
    assert klein.sum() == pytest.approx(0.5)
    assert klein[~kort.reindex(land.praktijken["gm_code"]).to_numpy()].abs().max() == pytest.approx(0.0)
    assert erbij[~kort.reindex(erbij.index)].abs().max() == pytest.approx(0.0)
    # within an area as supply lies: every practice grows by the same share
    groei = (na.praktijken["fte"] / land.praktijken["fte"]).groupby(land.praktijken["gm_code"])
    assert (groei.max() - groei.min()).max() < 1e-12
    assert groei.max().max() > 1.01
    # where nothing is short nowhere is designated, and all lands as supply lies
    ruim = land.vervang(norm=5000.0)
    overal = verdeelwijzen(ruim, ["d4"])["d4"](ruim, 30.0).praktijken["fte"] / ruim.praktijken["fte"]
    assert overal.to_numpy() == pytest.approx(1 + 30.0 / ruim.aanbod_fte)
    with pytest.raises(ParameterFout, match="wijst geen gebieden aan; kies uit duitsland"):
        verdeelwijzen(land, ["opleiding_meer"])


# --- the split


def test_the_split_is_that_of_the_country_and_adds_up(land):
    t = splits_over_keuzes([land], trekkingen=12)
    assert t.index.get_level_values("norm").unique().tolist() == list(normreeks()) == [1800, 2095, 2350]
    for norm in normreeks():
        d = t.loc[("zonder_wisselend", norm)]
        echt = hd.ontleed_tekort(land.vervang(norm=norm), trekkingen=12)
        gedeeld = ["niveau", "tussen", "binnen", "tekort"]
        pd.testing.assert_frame_equal(
            d.loc[gedeeld, ["fte", "verwacht", "laag", "hoog", "ruisvloer"]],
            echt.loc[gedeeld],
            check_names=False,
        )
        assert d.loc["spreiding", "fte"] == pytest.approx(d.loc[["tussen", "binnen"], "fte"].sum())
        assert (d["verval_laag"] <= d["fte"] + 1e-9).all()
        assert (d["fte"] <= d["verval_hoog"] + 1e-9).all()
    g = bovengrens(t)
    # 17,942,942 people at 1,800 against 8,981 fte
    assert g.loc[("zonder_wisselend", 1800.0), "niveau"] == pytest.approx(17_942_942 / 1800 - 8981, abs=1.0)
    assert list(t.loc[("zonder_wisselend", 1800.0)].index) == list(DELEN)


def test_handworked_chance_that_one_country_shows_more_than_another():
    delen, ruis = np.array([[3.0, 5.0, 9.0]]), np.array([[4.0, 2.0, 9.0]])
    # settings 0, 0 and 1: pairs 3 against 2 and 5 against 4; the third has nobody to be set against
    assert kans_meer(delen, ruis, [0, 0, 1]).tolist() == [1.0]
    # never with its own noise: 3 against 4 is no pair
    assert kans_meer(delen, ruis, [0, 0, 0]).tolist() == [pytest.approx((1 + 0 + 1 + 0 + 1 + 1) / 6)]
    assert np.isnan(kans_meer(delen, ruis, [0, 1, 2])).all()
    zelfde = np.full((1, 4), 2.0)
    assert kans_meer(zelfde, zelfde, [0, 0, 0, 0]).tolist() == [0.5]


def test_a_country_of_equal_density_is_not_told_from_its_own_noise():
    rng = np.random.default_rng(5)
    niets, wel = (rng.lognormal(0, 0.1, (1, 400)) for _ in range(2))
    groep = np.arange(400) % 15
    assert kans_meer(niets, wel, groep)[0] == pytest.approx(0.5, abs=0.06)
    assert kans_meer(niets + 1, wel, groep)[0] > 0.99
    # decay that shifts both is no difference: the lowest of one lies far below the mean of the other
    verval = 0.2 * (groep % 5)
    schuift = kans_meer(niets + 0.3 + verval, wel + verval, groep)[0]
    assert schuift > 0.95
    assert np.quantile(niets + 0.3 + verval, 0.025) < (wel + verval).mean()


def test_the_chance_that_decides_stays_on_its_side_over_seeds(antwoord):
    kop = antwoord.grens_bij()
    assert antwoord.bevindingen.kans_boven_ruis == kop["kans_boven_ruis"]
    assert 0.75 < kop["kans_boven_ruis"] < ZEKER  # .81 to .85 over five seeds, never near .9
    assert antwoord.splitsing["kans_boven_ruis"].xs("niveau", level="deel").isna().all()
    rest = antwoord.splitsing["kans_boven_ruis"].drop("niveau", level="deel")
    assert rest.between(0, 1).all()


def test_a_split_of_nothing_or_twice_the_same_function_is_refused(land):
    for situaties, normen in (
        ([], None), (None, None), ([land, land], None), ([land], [0.0]), ([land], []), ([land], 2095),
        ([land], ["a"]), ([land], [2095, 2095]),
    ):  # fmt: skip
        with pytest.raises(ParameterFout):
            splits_over_keuzes(situaties, normen=normen)
    for per in (("gemeente",), ("straat", "gemeente"), "gemeente", None):
        with pytest.raises(ParameterFout, match="twee soorten"):
            splits_over_keuzes([land], per=per)
    with pytest.raises(ParameterFout, match="binnen het eerste"):
        splits_over_keuzes([land], per=("gemeente", "provincie"))


# --- strength, balance, equity


def test_strength_only_helps_and_nothing_happens_without_it(land):
    r = sterktereeks(land, sterktes=(0.0, 0.02, 0.1, 1.0))
    assert r.iloc[0].abs().max() == pytest.approx(0.0)
    assert (r.diff().dropna() >= -1e-6).all().all()
    omslag = omslagsterkte(r, ["d4"], ["denemarken"])
    assert 0 < omslag < 0.1  # money at 10% solves more here, so the order turns below that
    assert np.isnan(omslagsterkte(r * [0, 0, 1], ["d4"], ["denemarken"]))
    with pytest.raises(ParameterFout, match="mist vs"):
        omslagsterkte(r, ["vs"], ["d4"])


@pytest.mark.parametrize("per", ["regioplus", "provincie"])
def test_what_some_gain_others_lose(land, antwoord, per):
    b = gebiedsbalans(land, antwoord.uitkomsten, per=per)
    assert b["aanbod_fte"].sum() == pytest.approx(land.aanbod_fte)
    assert b["d4"].sum() == pytest.approx(0.0, abs=1e-6)
    assert b["d4"].min() < 0 < b["d4"].max()
    assert b["opleiding_meer"].sum() == pytest.approx(antwoord.uitkomsten["opleiding_meer"].toegevoegd_fte)


def test_equity_of_the_picture_stands_first_and_adding_evenly_changes_no_inequality(land, antwoord):
    oud = hd.load_kerncijfers("gemeente")["aandeel_65_plus"]
    g = gelijkheid_naast(land, {"opleiding_meer": antwoord.uitkomsten["opleiding_meer"]}, rangschikking=oud)
    assert g.index.get_level_values("regel").unique().tolist() == ["nu", "opleiding_meer"]
    assert (g.loc["nu", "verschil"] == 0).all()
    # extra fte spread as supply lies: the same shares, so the same Gini and Theil
    assert g.loc[("opleiding_meer", "gini"), "verschil"] == pytest.approx(0.0, abs=1e-9)
    assert g.loc[("opleiding_meer", "theil"), "verschil"] == pytest.approx(0.0, abs=1e-9)


# --- the answer and its advice


def test_the_answer_follows_its_parts(antwoord, land):
    assert antwoord.situatie is land
    assert antwoord.jaren == (2028, 2035)
    kop = antwoord.grens.loc[("zonder_wisselend", 2095.0)]
    assert kop["tekort"] == pytest.approx(tekortbeeld(land)["tekort_fte"].sum())
    assert antwoord.bevindingen.tekort_fte == kop["tekort"]
    assert antwoord.bevindingen.deel_niveau == 0.0
    # by the end of 2028 no law works yet: two years of preparation after 2026
    assert antwoord.regels(2028).loc["denemarken", "opgelost_fte"] == 0.0
    assert antwoord.regels(2035).loc["d4", "opgelost_fte"] == pytest.approx(
        antwoord.naast.loc["d4", "opgelost_fte"]
    )
    k = antwoord.kans_beste(2035)
    kop = antwoord.koploper(2035)
    for sleutel, r in kop.iterrows():
        assert r["kans"] == k[sleutel].max()
        assert r["kans_laag"] <= r["kans"] <= r["kans_hoog"]
    # four draws settle nothing unless all four say the same
    assert (kop["beslist"] <= (kop["kans"] > 0.9)).all()
    assert (k.sum() <= 1 + 1e-9).all()
    wijst = antwoord.aantal_aangewezen()
    assert (wijst[["zeker_wel", "zeker_niet", "onbekend"]].sum(axis=1) == wijst["gebieden"]).all()
    assert not antwoord.paden.empty


def test_too_few_draws_or_a_lead_norm_outside_the_norms_is_refused(land):
    with pytest.raises(ParameterFout, match="minstens 100"):
        beantwoord([land], trekkingen=50)
    with pytest.raises(ParameterFout, match="staat niet in normen"):
        beantwoord([land], normen=(1800,))
    with pytest.raises(ParameterFout, match="minstens één situatie"):
        beantwoord([])
    for fout, woord in (
        ({"trekkingen": "a"}, "heel getal"), ({"regeltrekkingen": 0}, "heel getal"), ({"normen": ["x"]}, "per fte"),
        ({"jaren": []}, "lijst"), ({"jaren": [1990]}, "2026"), ({"regels": "d4"}, "lijst"),
        ({"regels": ["d4", "d4"]}, "dubbel"), ({"regels": ["opleiding_meer"]}, "gebieden aanwijst"),
        ({"regels": ["zweden"]}, "kies uit"),
    ):  # fmt: skip
        with pytest.raises(ParameterFout, match=woord):
            beantwoord([land], **fout)


@pytest.mark.parametrize("b", [NU, ANDERS])
def test_every_finding_in_the_table_would_change_the_advice(b):
    t = beslistabel(b)
    assert (t["advies_nu"] != t["advies_dan"]).all()
    assert t["wie"].str.len().gt(0).all()
    assert set(t["onderdeel"]) == set(advies(b))


@pytest.mark.parametrize(
    ("veld", "onderdeel"),
    [
        ("deel_niveau", "meer of anders"),
        ("kans_boven_ruis", "aanwijzen op verschillen"),
        ("deel_beoordeeld", "aanwijzen per gemeente"),
        ("kans_opleiden", "sturen of opleiden"),
        ("sterkte_geld", "welke regel"),
        ("deel_eerste_jaar", "op tijd"),
        ("paden_op_nul", "doel van D3"),
    ],
)
def test_switching_a_finding_changes_its_line_of_the_table_and_no_other(veld, onderdeel):
    anders = replace(NU, **{veld: getattr(ANDERS, veld)})
    voor, na = beslistabel(NU), beslistabel(anders)
    gewisseld = {o for o in advies(NU) if advies(NU)[o] != advies(anders)[o]}
    assert gewisseld == {onderdeel}
    nu = na.loc[na["onderdeel"] == onderdeel]
    assert set(nu["advies_nu"]).isdisjoint(voor.loc[voor["onderdeel"] == onderdeel, "advies_nu"])
    assert (nu["advies_nu"] != nu["advies_dan"]).all()


def test_advice_knows_that_there_may_be_nothing_to_steer_and_that_money_may_be_measured():
    assert "geen tekort" in advies(replace(NU, tekort_fte=0.2))["meer of anders"]
    # a share of exactly 90 or 10% of the paths is not yet a verdict
    assert {advies(replace(NU, paden_op_nul=p))["doel van D3"] for p in (0.9, 0.1, 0.5)} == {
        advies(NU)["doel van D3"]
    }
    assert "geld lost dan minder op" in advies(replace(NU, sterkte_geld=0.001))["welke regel"]
    # money that never solves as much as a law: whatever is measured, choose the law
    nooit = replace(NU, sterkte_geld=0.9, omslag_sterkte=float("nan"))
    assert "bindende" in advies(nooit)["welke regel"]
    with pytest.raises(ParameterFout, match="deel_niveau=2"):
        replace(NU, deel_niveau=2)
    for veld, waarde in (("tekort_fte", -1), ("ruisvloer", float("nan")), ("paden_op_nul", "veel")):
        with pytest.raises(ParameterFout, match=veld):
            replace(NU, **{veld: waarde})
    # the lower end of the band against the mean of the floor decides nothing any more
    assert advies(replace(NU, spreiding_laag=1e6)) == advies(NU)
    assert (
        "Vraag eerst cijfers" in advies(replace(NU, kans_boven_ruis=float("nan")))["aanwijzen op verschillen"]
    )


def test_the_first_two_lines_of_advice_do_not_clash():
    # spreading it is, and steering is the way: but only after a count, which the next line asks for
    assert advies(NU)["meer of anders"].endswith("als eerst is geteld.")
    assert advies(NU)["aanwijzen op verschillen"].startswith("Vraag eerst cijfers")


def test_who_wins_on_our_estimate_is_a_finding_of_the_comparison(antwoord):
    b, t = antwoord.bevindingen, antwoord.regels(2035)["kans_beste_op_schatting"]
    assert b.kans_opleiden == t["opleiding_meer"]
    assert b.kans_verplaatsen == t[["d4", "denemarken"]].max()
    rij = antwoord.beslistabel.loc["kans dat meer opleiden het meeste oplost, op onze schatting"]
    assert (rij["nu"], rij["omslag"]) == (b.kans_opleiden, b.kans_verplaatsen)
    # the rule that wins there is the one that the chance sentence names
    wint = antwoord.koploper(2035).loc[("zonder_wisselend", 2095.0), "op_schatting"] == "opleiding_meer"
    assert wint == ("Zonder telling lost meer opleiden" in rij["advies_nu"])
    leeg = replace(NU, kans_opleiden=float("nan"))
    assert "niet uitgerekend" in advies(leeg)["sturen of opleiden"]
    t = beslistabel(leeg)
    assert (t["advies_nu"] != t["advies_dan"]).all()


def test_what_is_no_finding_and_what_has_no_shape_is_refused():
    for vreemd in (None, {}, 3):
        with pytest.raises(ParameterFout, match="geef Bevindingen"):
            advies(vreemd)
        with pytest.raises(ParameterFout, match="geef Bevindingen"):
            beslistabel(vreemd)
    drie, twee, samen = np.ones((3, 1)), np.ones((2, 1)), np.ones((1, 3))
    for nodig, bereikt, groot in ((drie, twee, samen), (twee, twee, samen), (drie[:, 0], drie[:, 0], samen),
                                  (None, drie, samen), (drie, drie, None), (drie, np.ones((3, 2)), samen)):  # fmt: skip
        with pytest.raises(ParameterFout, match="een rij per gebied"):
            splits(nodig, bereikt, groot)


def test_the_frontier_sets_each_way_beside_today_draw_by_draw(land):
    f = grensfront(land, fte=[0, 200], regels=verdeelwijzen(land, ["d4"]), trekkingen=12).set_index(
        ["wijze", "fte"]
    )
    kolommen = ["verschil_verwacht", "verschil_laag", "verschil_hoog"]
    assert (f.loc[ZOALS_NU, kolommen] == 0).all().all()
    assert f.xs(0.0, level="fte")[kolommen].abs().max().max() == pytest.approx(0.0, abs=1e-9)
    for wijze in (BESTE, "d4"):
        r = f.loc[(wijze, 200.0)]
        assert r["verschil_verwacht"] == pytest.approx(r["verwacht"] - f.loc[(ZOALS_NU, 200.0), "verwacht"])
        assert r["verschil_laag"] <= r["verschil_verwacht"] <= r["verschil_hoog"]
        # doubt moves both together: the difference is surer than either
        assert r["verschil_hoog"] - r["verschil_laag"] < (r["hoog"] - r["laag"]) / 2


def test_the_same_fte_added_is_held_against_the_best_placement(land, antwoord):
    rij = naast_beste(land, {"opleiding_meer": antwoord.uitkomsten["opleiding_meer"]}).loc["opleiding_meer"]
    front = grensfront(land, fte=[rij["toegevoegd_fte"]]).set_index("wijze")["tekort_fte"]
    assert rij["tekort_beste"] == pytest.approx(front[BESTE], abs=1e-6)
    # spread as supply lies: that is what training more without steering does
    assert rij["tekort_na"] == pytest.approx(front[ZOALS_NU], rel=1e-6)
