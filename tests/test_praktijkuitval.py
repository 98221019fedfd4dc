"""A practice falls out: everybody counted once, no better with less room, and nothing far away changes."""

from __future__ import annotations

import itertools
import pickle
from concurrent.futures import Executor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from shapely import Point

import huisartsdata as hd
from huisartsdata.fouten import OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model.onzekerheid import trek_fte
from huisartsdata.scenario.praktijkuitval import uitval
from huisartsdata.scenario.uitvalland import kwetsbaarheid
from huisartsdata.scenario.uitvalplaatsing import (
    grootste_plaatsing,
    kortste_plaatsing,
    maak_stroomnet,
    verdeel_getroffenen,
)

DORDRECHT, EMMEN, VLIELAND, ROZENDAAL = "GM0505", "GM0114", "GM0096", "GM0277"
ONEINDIG = np.inf


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie()


@pytest.fixture(scope="module")
def dordrecht(land):
    return uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=15, seed=3)


# -- placement: small cases against brute force ------------------------------------------------------

gevallen = st.integers(1, 4).flatmap(
    lambda k: st.tuples(
        st.lists(
            st.tuples(
                st.integers(0, 5),
                st.lists(st.sampled_from([1.0, 2.5, 4.0, 7.0, ONEINDIG]), min_size=k, max_size=k),
            ),
            min_size=1,
            max_size=4,
        ),
        st.lists(st.integers(0, 5), min_size=k, max_size=k),
    )
)


def ontleed(geval):
    rijen, ruimte = geval
    return np.array([h for h, _ in rijen]), np.array(ruimte), np.array([t for _, t in rijen])


def kleinste_snede(h, r, t) -> int:
    """Min over sets of places: their room, plus everyone who can also go elsewhere."""
    kan = np.isfinite(t)
    k = len(r)
    return min(
        sum(r[j] for j in deel) + h[[bool(set(np.flatnonzero(rij)) - set(deel)) for rij in kan]].sum()
        for n in range(k + 1)
        for deel in itertools.combinations(range(k), n)
    )


@settings(max_examples=200, deadline=None)
@given(gevallen)
def test_most_people_placed_is_the_smallest_cut(geval):
    h, r, t = ontleed(geval)
    assert grootste_plaatsing(maak_stroomnet(np.isfinite(t)), h, r) == kleinste_snede(h, r, t)


@settings(max_examples=200, deadline=None)
@given(gevallen)
def test_the_shortest_plan_equals_an_assignment_person_by_person(geval):
    h, r, t = ontleed(geval)
    plan = kortste_plaatsing(h, r, t)
    assert (plan.sum(axis=1) <= h).all()
    assert (plan.sum(axis=0) <= r).all()
    assert (plan[~np.isfinite(t)] == 0).all()
    assert plan.sum() == grootste_plaatsing(maak_stroomnet(np.isfinite(t)), h, r)
    straf = 1e6
    mensen, plekken = np.repeat(np.arange(len(h)), h), np.repeat(np.arange(len(r)), r)
    kosten = np.where(np.isfinite(t), t, straf)[np.ix_(mensen, plekken)]
    i, j = linear_sum_assignment(kosten)
    geplaatst = kosten[i, j] < straf
    assert plan.sum() == geplaatst.sum()
    gekozen = np.where(plan > 0, t, 0.0)
    assert (plan * gekozen).sum() == pytest.approx(kosten[i, j][geplaatst].sum(), abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(gevallen, st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_more_room_never_leaves_more_people_out(geval, erbij):
    h, r, t = ontleed(geval)
    net = maak_stroomnet(np.isfinite(t))
    meer = r + np.array(erbij[: len(r)])
    assert grootste_plaatsing(net, h, meer) >= grootste_plaatsing(net, h, r)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0, 1)), min_size=1, max_size=8), st.floats(0, 1))
def test_a_list_is_spread_to_the_last_person_and_over_no_more_than_there_are(rijen, deel):
    mensen = np.array([m for m, _ in rijen])
    gewicht = np.array([0.0 if g < 0.05 else g for _, g in rijen])
    aantal = int(deel * mensen[gewicht > 0].sum())
    uit = verdeel_getroffenen(mensen, gewicht, aantal)
    assert uit.sum() == aantal
    assert ((uit >= 0) & (uit <= mensen)).all()
    assert (uit[gewicht == 0] == 0).all()


def test_a_list_follows_people_times_weight():
    uit = verdeel_getroffenen(np.array([1000, 1000, 500]), np.array([0.4, 0.1, 0.2]), 60)
    assert uit.tolist() == [40, 10, 10]  # 400 : 100 : 100


# -- a real gemeente ---------------------------------------------------------------------------------


def test_the_size_is_said_in_three_ways(dordrecht):
    # 6,000 / 3,672, / 2,095 and / 1,666: methods of the study
    assert dordrecht.maten["gemiddelde_praktijken"] == pytest.approx(1.634, abs=5e-4)
    assert dordrecht.maten["normpraktijken"] == pytest.approx(2.864, abs=5e-4)
    assert dordrecht.maten["fte_omslag"] == pytest.approx(3.601, abs=5e-4)
    assert dordrecht.fte == dordrecht.maten["fte_omslag"]


def test_everybody_hit_is_placed_or_not_and_none_twice(dordrecht, land):
    t = dordrecht.trekking
    assert (t["geplaatst"] + t["zonder_plek"] == 6000).all()
    assert (t[["geplaatst", "zonder_plek"]] >= 0).all().all()
    assert dordrecht.getroffen["patienten"].sum() == 6000
    assert dordrecht.getroffen["verwacht"].sum() == pytest.approx(6000, abs=1e-6)
    inwoners = land.inwoners.reindex(dordrecht.getroffen.index)
    assert (dordrecht.getroffen["patienten"] <= inwoners).all()
    plan = dordrecht.plan
    per_trekking = np.bincount(plan.trekking, weights=plan.mensen, minlength=len(t))
    assert (per_trekking == t["geplaatst"]).all()
    geval, uitkomst = dordrecht.onderbouw.geval, dordrecht.onderbouw.uitkomst
    for k in range(len(t)):
        mee = plan.trekking == k
        naar = np.bincount(plan.plek[mee], weights=plan.mensen[mee], minlength=len(geval.plekken))
        assert (naar <= uitkomst.per_plek(geval, k)).all()
        van = np.bincount(plan.buurt[mee], weights=plan.mensen[mee], minlength=len(geval.buurten))
        assert (van <= geval.getroffen[uitkomst.keuze[k]]).all()
    assert dordrecht.buren["erbij"].sum() == pytest.approx(t["geplaatst"].mean(), rel=1e-12)


def test_who_is_hit_lives_near_and_nobody_goes_beyond_the_limit(dordrecht, land):
    grens = land.verval.grens
    raak = dordrecht.getroffen[dordrecht.getroffen["patienten"] > 0]
    assert raak["minuten"].max() <= grens
    plan = dordrecht.plan
    assert dordrecht.onderbouw.geval.minuten[plan.buurt, plan.plek].max() <= grens
    assert (dordrecht.minuten_na <= grens).all()


def test_neighbours_without_room_limits_share_everyone(dordrecht, land):
    praktijk = land.praktijken.index[land.praktijken["gm_code"] == DORDRECHT][0]
    vast = uitval(land, gm_code=DORDRECHT, patienten=6000, praktijk_id=praktijk, trekkingen=2, open_aandeel=1)
    assert vast.buren["nodig_als_alle_open"].sum() == pytest.approx(6000, rel=1e-12)
    # with every door open the two questions are one
    assert np.allclose(vast.buren["nodig_als_open"], vast.buren["nodig_als_alle_open"], rtol=1e-12, atol=0)
    b = dordrecht.buren
    # a practice that is open where others are closed carries the more
    dichtbij = b.head(20)
    assert dichtbij["nodig_als_open"].mean() > 1.5 * dichtbij["nodig_als_alle_open"].mean()
    assert (b["erbij_hoog"] >= b["erbij_laag"]).all()
    assert b["ingeschreven_status"].eq("modelschatting").all()


def test_off_the_island_over_the_bridges(dordrecht):
    over = dordrecht.overgangen
    # Oude Maas to Zwijndrecht, Beneden Merwede to Papendrecht
    assert {"Zwijndrechtse brug", "Drechttunnel (A16)", "Papendrechtse brug (N3)"} <= set(over["naam"])
    assert (over["mensen"] <= dordrecht.trekking["geplaatst"].mean()).all()
    assert (over["mensen_hoog"] >= over["mensen_laag"]).all()


def test_who_goes_to_zwijndrecht_from_dordrecht_crosses_the_oude_maas(dordrecht, land):
    plan, o = dordrecht.plan, dordrecht.onderbouw
    gm_van = land.gebied["gm_code"].reindex(o.veld.buurten[o.geval.buurten[plan.buurt]]).to_numpy()
    op_plek = np.array(
        [o.veld.gm_code[o.geval.praktijken[o.geval.op_plek == j][0]] for j in range(len(o.geval.plekken))]
    )
    heen = plan.mensen[(gm_van == DORDRECHT) & (op_plek[plan.plek] == "GM0642")].sum()
    terug = plan.mensen[(gm_van == "GM0642") & (op_plek[plan.plek] == DORDRECHT)].sum()
    oude_maas = (
        dordrecht.overgangen.set_index("naam")
        .loc[["Zwijndrechtse brug", "Drechttunnel (A16)"], "mensen"]
        .sum()
    )
    assert heen > 0
    assert oude_maas >= (heen + terug) / len(dordrecht.trekking) - 1e-9


@pytest.mark.parametrize("naam", ["open_aandeel", "opname"])
def test_more_openness_or_room_never_leaves_more_people_out(land, naam):
    vast = {"open_aandeel": 0.37, "opname": 0.05}
    vorige = None
    for waarde in (0.0, 0.02, 0.1, 0.3, 0.6, 1.0):
        u = uitval(land, gm_code=EMMEN, patienten=6000, trekkingen=8, **{**vast, naam: waarde})
        if vorige is None:
            assert (u.zonder_plek == 6000).all()
        else:
            assert (u.zonder_plek <= vorige).all()
        vorige = u.zonder_plek
    assert (vorige < 6000).all()


def test_the_grid_falls_along_both_axes(land):
    r = uitval(land, gm_code=EMMEN, patienten=6000, trekkingen=6).rooster["zonder_plek"].unstack("opname")
    assert r.shape == (5, 3)
    assert r.index.tolist() == pytest.approx([0.24, 0.305, 0.37, 0.435, 0.5])  # 24 to 50% in the signals
    assert (r.diff().dropna() <= 0).all().all()
    assert (r.diff(axis=1).iloc[:, 1:] <= 0).all().all()


def test_same_seed_same_answer_and_more_draws_change_no_earlier_one(land, dordrecht):
    meer = uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=25, seed=3)
    pd.testing.assert_frame_equal(meer.trekking.iloc[:15], dordrecht.trekking, check_exact=True)
    anders = uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=15, seed=4)
    assert not anders.trekking["open_aandeel"].equals(dordrecht.trekking["open_aandeel"])
    weer = uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=15, seed=3)
    pd.testing.assert_series_equal(weer.minuten_na, dordrecht.minuten_na, check_exact=True)
    pd.testing.assert_frame_equal(weer.buren, dordrecht.buren, check_exact=True)


def test_known_doors_stay_open_or_closed(land):
    p = land.praktijken
    hier = p["gm_code"] == EMMEN
    open_ = p["open_voor_inschrijving"].mask(hier, "nee")
    dicht = land.vervang(praktijken=p.assign(open_voor_inschrijving=open_))
    u = uitval(dicht, gm_code=EMMEN, patienten=2000, trekkingen=4, open_aandeel=1.0)
    b = u.buren
    assert (b.loc[b["gm_code"] == EMMEN, ["kans_open", "erbij"]] == 0).all().all()
    assert (b.loc[b["gm_code"] != EMMEN, "kans_open"] == 1).all()


def test_a_delivered_list_is_used_as_it_is(land):
    p = land.praktijken
    hier = p["gm_code"] == EMMEN
    bekend = land.vervang(praktijken=p.assign(ingeschreven=p["ingeschreven"].mask(hier, 2500.0)))
    b = uitval(bekend, gm_code=EMMEN, patienten=6000, trekkingen=3, opname=0.1).buren
    eigen = b[b["gm_code"] == EMMEN]
    assert (eigen["ingeschreven"] == 2500).all()
    assert (eigen["ruimte"] == 250).all()
    assert (eigen["ingeschreven_status"] == "waargenomen").all()


# -- the pictures ------------------------------------------------------------------------------------


def test_before_keeps_the_fte_and_after_lacks_exactly_that_of_the_practice(dordrecht, land):
    voor, na = dordrecht.situatie_voor, dordrecht.situatie
    assert voor.aanbod_fte == pytest.approx(land.aanbod_fte, abs=1e-9)
    assert na.aanbod_fte == pytest.approx(land.aanbod_fte - dordrecht.fte, abs=1e-9)
    per_gm = [s.praktijken.groupby("gm_code")["fte"].sum() for s in (land, voor, na)]
    assert np.allclose(per_gm[0], per_gm[1], rtol=0, atol=1e-9)
    weg = per_gm[1] - per_gm[2]
    assert weg[DORDRECHT] == pytest.approx(dordrecht.fte, abs=1e-9)
    assert (weg.drop(DORDRECHT) == 0).all()
    assert len(voor.praktijken) == len(land.praktijken)  # it stands for one of them


def test_closing_takes_that_fte_away_in_every_draw_of_supply(dordrecht):
    voor = trek_fte(dordrecht.situatie_voor, trekkingen=12, seed=1)
    na = trek_fte(dordrecht.situatie, trekkingen=12, seed=1)
    assert np.allclose(voor.sum() - na.sum(), dordrecht.fte, rtol=0, atol=1e-8)
    assert (voor.loc[na.index] == na).all().all()


def test_what_lies_beyond_the_limit_of_the_decay_keeps_its_bits(dordrecht):
    voor, na = dordrecht.situatie_voor, dordrecht.situatie
    bereik = [
        hd.fca(s.vraag, s.praktijken["fte"], s.reistijden, methode=s.methode, verval=s.verval)
        for s in (voor, na)
    ]
    tijd = voor.reistijden.selecteer(naar=[dordrecht.praktijk_id]).tabel().set_index("van")["minuten"]
    dichtbij = bereik[0].index.isin(tijd.index[tijd <= voor.verval.grens])
    assert (bereik[0] == bereik[1])[~dichtbij].all()
    assert (bereik[0] > bereik[1])[dichtbij].all()


def test_effect_tells_only_the_areas_that_change(dordrecht):
    effect = dordrecht.effect()
    assert effect.index[0] == DORDRECHT  # largest loss first
    assert (effect["bereikt_na"] < effect["bereikt_voor"]).all()
    # a conserving method: what is lost in all areas together is the fte of the practice
    assert (effect["bereikt_voor"] - effect["bereikt_na"]).sum() == pytest.approx(dordrecht.fte, abs=1e-8)
    assert set(effect.index) < set(dordrecht.situatie.gebied["gm_code"])
    assert (effect["tekort_erbij"] >= 0).all()
    met = dordrecht.effect("regioplus", trekkingen=10)
    assert (met["kans_na"] >= met["kans_voor"]).all()


def test_a_place_that_is_given(land):
    punt = Point(105_000, 424_500)
    u = uitval(land, gm_code=DORDRECHT, patienten=3000, punt=punt, fte=2.0, trekkingen=4)
    assert set(u.trekking["plaats"]) == {u.plaats} == {"punt"}
    assert (u.getroffen["patienten"] == u.getroffen["verwacht"]).all()
    assert u.situatie_voor.aanbod_fte == pytest.approx(land.aanbod_fte, abs=1e-9)
    assert u.situatie_voor.praktijken.geometry[u.praktijk_id] == punt
    assert u.situatie_voor.praktijken.loc[u.praktijk_id, "fte"] == 2.0
    praktijk = land.praktijken.index[land.praktijken["gm_code"] == DORDRECHT][0]
    v = uitval(land, gm_code=DORDRECHT, patienten=3000, praktijk_id=praktijk, trekkingen=4)
    assert set(v.trekking["plaats"]) == {praktijk}
    assert praktijk not in v.buren.index
    assert praktijk not in v.situatie_voor.praktijken.index
    assert u.aannames["plaats"]["waarde"] == "punt"
    assert v.aannames["plaats"]["waarde"] == praktijk


def test_own_travel_times_to_a_point(land):
    punt = Point(105_000, 424_500)
    basis = uitval(land, gm_code=DORDRECHT, patienten=3000, punt=punt, trekkingen=2)
    reis = basis.onderbouw.naar_punt
    traag = Reistijden(reis.van, pd.Index(["post"]), reis.minuten * 1.5, 45.0, reis.herkomst)
    binnen = traag.minuten.copy()
    binnen.data = np.minimum(binnen.data, 30.0)
    traag = Reistijden(reis.van, pd.Index(["post"]), binnen, 30.0, reis.herkomst)
    u = uitval(land, gm_code=DORDRECHT, patienten=3000, punt=punt, reistijden=traag, trekkingen=2)
    assert u.praktijk_id == "post"
    # the minutes are 1.5 times as long, so who is hit lives nearer: each one's time grows by less
    assert (u.trekking["minuten_voor"] > basis.trekking["minuten_voor"]).all()
    assert (u.trekking["minuten_voor"] < 1.5 * basis.trekking["minuten_voor"]).all()


def test_a_second_practice_falls_out_of_the_same_picture(dordrecht):
    tweede = uitval(dordrecht.situatie, gm_code=DORDRECHT, patienten=2000, trekkingen=2)
    assert tweede.praktijk_id == "uitval-2"
    assert tweede.situatie.aanbod_fte == pytest.approx(dordrecht.situatie.aanbod_fte - tweede.fte, abs=1e-9)


def test_the_only_practice_of_an_island_leaves_nobody_to_go_to(land):
    u = uitval(land, gm_code=VLIELAND, patienten=1000, trekkingen=5)
    assert (u.zonder_plek == 1000).all()
    assert u.buren.empty
    assert u.overgangen.empty
    assert u.minuten_na.isna().all()
    assert u.situatie_voor.aanbod_fte == pytest.approx(land.aanbod_fte, abs=1e-9)
    assert u.situatie.aanbod_fte == pytest.approx(land.aanbod_fte - u.fte, abs=1e-9)


def test_nothing_that_goes_in_is_changed(land):
    voor = land.praktijken.copy()
    u = uitval(land, gm_code=EMMEN, patienten=2000, trekkingen=2)
    _ = u.situatie, u.buren
    pd.testing.assert_frame_equal(pd.DataFrame(land.praktijken), pd.DataFrame(voor))


# -- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("patienten", [0, -5, "6000", 1.5, np.nan, None, True, [6000]])
def test_a_number_of_patients_that_makes_no_sense(land, patienten):
    with pytest.raises(ParameterFout, match="patienten"):
        uitval(land, gm_code=DORDRECHT, patienten=patienten)


@pytest.mark.parametrize(
    ("anders", "tekst"),
    [
        ({"open_aandeel": 1.2}, "open_aandeel"),
        ({"opname": "veel"}, "opname"),
        ({"fte": 0}, "fte"),
        ({"fte": 500.0}, "500,0 fte past niet"),
        ({"grens_minuten": 31}, "hooguit 30"),
        ({"grens_minuten": -1}, "grens_minuten"),
        ({"trekkingen": 0}, "trekkingen"),
        ({"seed": -1}, "seed"),
        ({"punt": Point(0, 0)}, "punt"),
        ({"punt": Point(257_000, 533_000)}, "het punt ligt in"),  # Emmen
        ({"punt": Point(105_000, 424_500), "praktijk_id": "P1011-01"}, "niet allebei"),
        ({"praktijk_id": "P1011-01"}, "GM0363"),  # Amsterdam
    ],
)
def test_assumptions_that_make_no_sense(land, anders, tekst):
    with pytest.raises(ParameterFout, match=tekst):
        uitval(land, gm_code=DORDRECHT, patienten=6000, **{"trekkingen": 2, **anders})


def test_unknown_gemeente_and_practice(land):
    with pytest.raises(OnbekendGebiedFout, match="GM9999"):
        uitval(land, gm_code="GM9999", patienten=6000)
    with pytest.raises(OnbekendGebiedFout, match="505"):
        uitval(land, gm_code=505, patienten=6000)
    with pytest.raises(OnbekendePraktijkFout, match="P0000-01"):
        uitval(land, gm_code=DORDRECHT, patienten=6000, praktijk_id="P0000-01")


def test_more_patients_than_an_island_has_people(land):
    with pytest.raises(ParameterFout, match=r"wonen hooguit 1\.255 mensen, minder dan de 6\.000"):
        uitval(land, gm_code=VLIELAND, patienten=6000)
    with pytest.raises(ParameterFout, match="geen praktijk"):
        uitval(land, gm_code=ROZENDAAL, patienten=2000)


# -- the country -------------------------------------------------------------------------------------


class Pekel(Executor):
    """Sends every task through pickle, as another process would get it."""

    def map(self, fn, *series, **_):
        return [fn(*pickle.loads(pickle.dumps(taak))) for taak in zip(*series, strict=True)]


GEMEENTEN = [DORDRECHT, EMMEN, VLIELAND, ROZENDAAL, "GM0642", "GM0339"]


@pytest.fixture(scope="module")
def kaart(land):
    return kwetsbaarheid(land, gm_codes=GEMEENTEN, trekkingen=12, seed=3)


def test_one_row_per_gemeente_and_size(kaart):
    assert kaart.index.names == ["gm_code", "patienten"]
    assert sorted({x for _, x in kaart.index}) == [2000, 3672, 6000]
    assert len(kaart) == 3 * len(GEMEENTEN)
    assert kaart.loc[DORDRECHT, "naam"].unique().tolist() == ["Dordrecht"]


def test_the_map_says_what_the_single_case_says(kaart, land):
    u = uitval(land, gm_code=DORDRECHT, patienten=3672, trekkingen=12, seed=3)
    rij = kaart.loc[(DORDRECHT, 3672)]
    assert rij["zonder_plek"] == u.zonder_plek.median()
    assert rij["aandeel_hoog"] == pytest.approx(u.samenvatting.loc["aandeel_zonder_plek", "hoog"], rel=1e-12)
    assert rij["kans_helft"] == (u.zonder_plek > 1836).mean()
    assert (u.minuten_na.round(9) == round(rij["minuten"], 9)).any()


def test_a_larger_practice_never_leaves_fewer_people_out_in_the_median(kaart):
    zonder = kaart["zonder_plek"].unstack("patienten").loc[[DORDRECHT, EMMEN]]
    assert (zonder.diff(axis=1).iloc[:, 1:] >= 0).all().all()


def test_what_does_not_fit_is_no_number(kaart):
    past_niet = kaart[kaart["oordeel"] == "past niet"]
    assert (VLIELAND, 2000) in past_niet.index  # 1,255 people
    assert past_niet.loc[ROZENDAAL, "reden"].str.contains("geen praktijk").all()
    assert (("GM0339", 6000) in past_niet.index) and (("GM0339", 2000) not in past_niet.index)  # 3.3 fte
    assert past_niet.drop(columns=["naam", "oordeel", "reden"]).isna().all().all()
    rest = kaart.drop(past_niet.index)
    assert rest["aandeel_zonder_plek"].between(0, 1).all()
    assert (rest["reden"] == "").all()
    assert set(rest["oordeel"]) <= {"vol", "opvangbaar", "onbekend"}


def test_a_worse_signal_of_the_region_can_be_given(kaart, land):
    krap = kwetsbaarheid(land, gm_codes=[EMMEN], patienten=[6000], trekkingen=12, seed=3, open_aandeel=0.2)
    assert krap["zonder_plek"].iloc[0] > kaart.loc[(EMMEN, 6000), "zonder_plek"]
    u = uitval(land, gm_code=EMMEN, patienten=6000, trekkingen=12, seed=3, open_aandeel=0.2)
    assert krap["zonder_plek"].iloc[0] == u.zonder_plek.median()


def test_workers_give_the_same_bits(kaart, land):
    elders = kwetsbaarheid(land, gm_codes=GEMEENTEN[::-1], trekkingen=12, seed=3, executor=Pekel())
    pd.testing.assert_frame_equal(elders, kaart, check_exact=True)


def test_bad_sizes_and_gemeenten(land):
    with pytest.raises(ParameterFout, match="lijst"):
        kwetsbaarheid(land, patienten=6000)
    with pytest.raises(ParameterFout, match="patienten"):
        kwetsbaarheid(land, patienten=[6000, -1])
    with pytest.raises(ParameterFout, match="lijst"):
        kwetsbaarheid(land, gm_codes="GM0505")
    with pytest.raises(OnbekendGebiedFout, match="GM9999"):
        kwetsbaarheid(land, gm_codes=["GM9999"])
