"""A practice falls out: everybody counted once, no better with less room, and nothing far away changes."""

from __future__ import annotations

import itertools
import pickle
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

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
from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
from huisartsdata.model import verval
from huisartsdata.model.onzekerheid import trek_fte, wilson
from huisartsdata.scenario.maatregelen import sluit, voeg_fte_toe
from huisartsdata.scenario.wegvallen.praktijkuitval import uitval
from huisartsdata.scenario.wegvallen.uitvalland import kwetsbaarheid
from huisartsdata.scenario.wegvallen.uitvalopbouw import noem_plaats
from huisartsdata.scenario.wegvallen.uitvalplaatsing import (
    grootste_plaatsing,
    kortste_plaatsing,
    verdeel_getroffenen,
    zekere_plaatsing,
)
from huisartsdata.scenario.wegvallen.uitvalveld import trek_loten

VOORBEELDEN = Path(__file__).resolve().parents[1] / "data" / "voorbeelden"
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
    # side by side: no draw may take room or people of another, nor one without any room
    ruimte = np.stack([r, r // 2, 0 * r, r + 1])
    getroffen = np.stack([h, h, h, h // 2])
    uit = grootste_plaatsing(np.isfinite(t), getroffen, ruimte)
    assert uit.tolist() == [kleinste_snede(a, b, t) for a, b in zip(getroffen, ruimte, strict=True)]
    assert grootste_plaatsing(np.isfinite(t), getroffen[:0], ruimte[:0]).tolist() == []


@settings(max_examples=300, deadline=None)
@given(gevallen, st.integers(0, 3))
def test_what_totals_prove_is_the_smallest_cut(geval, keer):
    h, r, t = ontleed(geval)
    # more and less room: both proofs, that of full places and that of everybody placed, are met
    ruimte = np.stack([r, keer * r, r + keer, r // 2])
    zeker = zekere_plaatsing(np.isfinite(t).astype(float), h, ruimte)
    for uitkomst, rij in zip(zeker, ruimte, strict=True):
        assert uitkomst in {-1, kleinste_snede(h, rij, t)}


def test_most_draws_are_settled_by_totals_and_the_rest_by_flow(dordrecht):
    geval, uitkomst = dordrecht.onderbouw.geval, dordrecht.onderbouw.uitkomst
    per_plek = np.stack([uitkomst.per_plek(geval, k) for k in range(len(uitkomst.keuze))])
    stroom = grootste_plaatsing(np.isfinite(geval.minuten), geval.getroffen[uitkomst.keuze], per_plek)
    assert uitkomst.geplaatst.tolist() == stroom.tolist()


@settings(max_examples=200, deadline=None)
@given(gevallen)
def test_the_shortest_plan_equals_an_assignment_person_by_person(geval):
    h, r, t = ontleed(geval)
    plan = kortste_plaatsing(h, r, t)
    assert (plan.sum(axis=1) <= h).all()
    assert (plan.sum(axis=0) <= r).all()
    assert (plan[~np.isfinite(t)] == 0).all()
    assert plan.sum() == grootste_plaatsing(np.isfinite(t), h[None], r[None])[0]
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
    meer = r + np.array(erbij[: len(r)])
    voor, na = grootste_plaatsing(np.isfinite(t), np.stack([h, h]), np.stack([r, meer]))
    assert na >= voor


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


def oude_minuten(u, k):
    """Minutes to the old practice of draw k by row of the case, from the travel times themselves."""
    o, t = u.onderbouw, u.trekking
    tijd = o.situatie.reistijden.selecteer(naar=[t["plaats"][k]]).tabel().set_index("van")["minuten"]
    return tijd.reindex(o.veld.buurten[o.geval.buurten]).to_numpy()


def test_before_and_after_are_about_the_same_people(dordrecht):
    u, plan, n = dordrecht, dordrecht.plan, len(dordrecht.trekking)
    voor, na = np.empty(n), np.empty(n)
    for k in range(n):
        mee = plan.trekking == k
        wie, naar, mensen = plan.buurt[mee], plan.plek[mee], plan.mensen[mee]
        voor[k] = np.average(oude_minuten(u, k)[wie], weights=mensen)
        na[k] = np.average(u.onderbouw.geval.minuten[wie, naar], weights=mensen)
    r = u.reistijd
    assert r.index.tolist() == ["voor", "na", "verschil", "voor_alle"]
    assert r.loc["voor", "midden"] == pytest.approx(np.median(voor), rel=1e-12)
    assert r.loc["na", "midden"] == pytest.approx(np.median(na), rel=1e-12)
    assert r.loc["verschil"].tolist() == pytest.approx(np.quantile(na - voor, [0.5, 0.05, 0.95]).tolist())
    assert r.loc["voor_alle", "midden"] == u.trekking["minuten_voor"].median()


def test_scarce_places_do_not_make_the_way_shorter(land):
    # with hardly a place to be had only who lives next to one is placed, and lived there before
    krap = uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=8, open_aandeel=0.03, opname=0.02)
    assert (krap.zonder_plek > 5000).all()
    assert krap.reistijd.loc["voor", "midden"] != krap.reistijd.loc["voor_alle", "midden"]
    alles = uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=8, open_aandeel=1.0, opname=1.0)
    assert (alles.zonder_plek == 0).all()  # all are placed: the two rows are one
    assert alles.reistijd.loc["voor"].tolist() == pytest.approx(alles.reistijd.loc["voor_alle"].tolist())


def test_crossings_before_count_the_placed_alone(land):
    niemand = uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=3, open_aandeel=0.0)
    assert niemand.overgangen.empty
    u = uitval(land, gm_code=DORDRECHT, patienten=6000, trekkingen=6, opname=0.02, open_aandeel=0.1)
    assert u.overgangen["mensen_voor"].max() <= u.trekking["geplaatst"].mean()
    # a practice on the island: whoever crosses the Oude Maas to it lives on the other side
    plan, o = u.plan, u.onderbouw
    elders = o.veld.gemeente[o.geval.buurten[plan.buurt]] != DORDRECHT
    zwijndrecht = u.overgangen.set_index("naam").reindex(["Zwijndrechtse brug", "Drechttunnel (A16)"])
    assert zwijndrecht["mensen_voor"].sum() <= plan.mensen[elders].sum() / len(u.trekking) + 1e-9


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


def test_the_grid_runs_over_the_range_that_was_given(land):
    r = uitval(land, gm_code=EMMEN, patienten=2000, trekkingen=4, open_aandeel=(0, 0.25)).rooster
    open_ = r.index.get_level_values("open_aandeel").unique()
    assert open_.tolist() == pytest.approx([0, 0.0625, 0.125, 0.1875, 0.25], abs=6e-4)
    assert (r.xs(0.0, level="open_aandeel")["aandeel_zonder_plek"] == 1).all()
    een = uitval(land, gm_code=EMMEN, patienten=2000, trekkingen=4, open_aandeel=0.1).rooster
    assert een.index.get_level_values("open_aandeel").unique()[[0, -1]].tolist() == [0.1, 0.5]


def test_lots_are_even_and_go_with_the_practice():
    ids = np.array([f"P{k:05d}" for k in range(4000)], dtype=object)
    loten = trek_loten(ids, 50, 7).open_
    assert loten.shape == (50, 4000)
    assert loten.min() >= 0
    assert loten.max() < 1
    # 200,000 uniform numbers: mean within 5 standard errors, deciles level, draws and neighbours unrelated
    assert abs(loten.mean() - 0.5) < 5 * np.sqrt(1 / 12 / loten.size)
    assert np.abs(np.histogram(loten, 10, (0, 1))[0] / loten.size - 0.1).max() < 5 * np.sqrt(
        0.09 / loten.size
    )
    assert np.abs(np.corrcoef(loten)[np.triu_indices(50, 1)]).max() < 6 / np.sqrt(4000)
    assert abs(np.corrcoef(loten[:, :-1].ravel(), loten[:, 1:].ravel())[0, 1]) < 5 / np.sqrt(loten.size)
    omgekeerd = trek_loten(ids[::-2], 50, 7).open_
    assert (omgekeerd == loten[:, ::-2]).all()
    assert not np.isclose(trek_loten(ids, 50, 8).open_, loten).any(axis=1).all()


def test_a_practice_that_closes_far_away_changes_nobodys_luck(land, dordrecht):
    p = land.praktijken
    amsterdam = p.index[p["gm_code"] == "GM0363"]
    kleiner = sluit(land, [amsterdam[0]])
    # its fte goes to a colleague, so that the break-even norm of the country stays what it is
    evenveel = voeg_fte_toe(kleiner, pd.Series({amsterdam[1]: p.loc[amsterdam[0], "fte"]}))
    u = uitval(evenveel, gm_code=DORDRECHT, patienten=6000, trekkingen=15, seed=3)
    pd.testing.assert_frame_equal(u.trekking, dordrecht.trekking)
    anders = uitval(kleiner, gm_code=DORDRECHT, patienten=6000, trekkingen=15, seed=3)
    kolommen = ["plaats", "open_aandeel", "opname"]
    pd.testing.assert_frame_equal(anders.trekking[kolommen], dordrecht.trekking[kolommen])
    assert (anders.onderbouw.uitkomst.open_ == dordrecht.onderbouw.uitkomst.open_).all()
    # 1 in 5,000 practices: lists of the whole country are that little longer
    assert (anders.zonder_plek - dordrecht.zonder_plek).abs().max() <= 30


def test_a_decay_without_end_ends_where_the_travel_times_do(land):
    zonder_eind = replace(land, verval=verval.exponentieel(0.2))
    u = uitval(zonder_eind, gm_code=EMMEN, patienten=2000, trekkingen=2)
    assert u.aannames["grens_minuten"]["waarde"] == land.reistijden.grens_minuten
    assert (u.trekking["geplaatst"] + u.zonder_plek == 2000).all()


def test_it_shows_itself_in_one_line(dordrecht):
    assert repr(dordrecht) == "Uitval(GM0505, 6000 patiënten, 3,6 fte, 15 trekkingen)"


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


@pytest.fixture(scope="module")
def geleverd():
    """The country with the invented practice list of the Drechtsteden; Dordrecht: 36,720 people, 19.2 fte."""
    boek = Gebiedenboek.uit_snapshot()
    eigen = boek.met_eigen(hd.read_gebieden(VOORBEELDEN / "verzonnen_gebieden.csv", gebiedenboek=boek))
    levering = hd.read_praktijken(
        VOORBEELDEN / "verzonnen_praktijken_drechtsteden.csv",
        gebied="VERZONNEN_DRECHT",
        functie="alle",
        gebiedenboek=eigen,
    )
    return hd.landelijke_situatie(aanbod=levering)


def dordrechts(s):
    return s.praktijken[s.praktijken["gm_code"] == DORDRECHT]


def test_a_delivered_practice_has_the_size_that_was_delivered(geleverd):
    u = uitval(geleverd, gm_code=DORDRECHT, praktijk_id="verzonnen-08", trekkingen=3)
    assert (u.patienten, u.fte) == (6950, 3.2)
    assert (u.trekking["geplaatst"] + u.zonder_plek == 6950).all()
    for naam in ("patienten", "fte"):
        assert (u.aannames[naam]["status"], u.aannames[naam]["bron"]) == ("waargenomen", "levering")
    assert "het aantal patiënten van de praktijk komt uit een levering" in u.herkomst
    assert not any("van geen praktijk is de omvang waargenomen" in zin for zin in u.herkomst)
    eigen = u.buren[u.buren["gm_code"] == DORDRECHT]
    lijsten = dordrechts(geleverd)["ingeschreven"].drop("verzonnen-08")
    assert eigen["ingeschreven"].sort_index().tolist() == lijsten.tolist()  # the others as they are
    assert (eigen["ingeschreven_status"] == "waargenomen").all()
    assert dordrechts(u.situatie)["fte"].equals(dordrechts(geleverd)["fte"].drop("verzonnen-08"))
    assert (dordrechts(u.situatie)["fte_status"] == "waargenomen").all()
    zelfde = uitval(geleverd, gm_code=DORDRECHT, patienten=6950, praktijk_id="verzonnen-08", trekkingen=3)
    pd.testing.assert_frame_equal(zelfde.trekking, u.trekking)


@pytest.mark.parametrize(
    ("anders", "tekst"),
    [
        ({"praktijk_id": "verzonnen-07", "patienten": 12_000}, "volgens de levering 1770"),
        ({"praktijk_id": "verzonnen-08", "patienten": 6000}, "volgens de levering 6950"),
        ({"praktijk_id": "verzonnen-08", "fte": 1.0}, "volgens de levering 3,2 fte"),
        ({"patienten": None}, "geef patienten="),
    ],
)
def test_a_size_that_the_delivery_contradicts_is_refused(geleverd, anders, tekst):
    with pytest.raises(ParameterFout, match=tekst):
        uitval(geleverd, gm_code=DORDRECHT, trekkingen=2, **anders)


def test_fte_alone_is_held_against_the_patients(geleverd):
    p = geleverd.praktijken
    zonder_lijst = geleverd.vervang(praktijken=p.assign(ingeschreven=np.nan))
    with pytest.raises(ParameterFout, match="past niet bij de 1 fte"):
        uitval(zonder_lijst, gm_code=DORDRECHT, praktijk_id="verzonnen-07", patienten=12_000)
    u = uitval(zonder_lijst, gm_code=DORDRECHT, praktijk_id="verzonnen-07", patienten=2000, trekkingen=2)
    assert u.fte == 1.0


def test_an_imagined_practice_among_delivered_ones_keeps_both_totals(geleverd):
    u = uitval(geleverd, gm_code=DORDRECHT, patienten=6000, trekkingen=5)
    voor = dordrechts(u.situatie_voor)
    assert voor["ingeschreven"].sum() == pytest.approx(36_720, abs=1e-6)
    assert voor["fte"].sum() == pytest.approx(19.2, abs=1e-9)
    assert voor.loc[u.praktijk_id, "ingeschreven"] == 6000
    geval = u.onderbouw.geval
    hier = u.onderbouw.veld.gm_code[geval.praktijken] == DORDRECHT
    assert geval.lijst[:, hier].sum(axis=1) == pytest.approx(36_720 - 6000, abs=1e-6)
    eigen = u.buren["gm_code"] == DORDRECHT
    assert (u.buren.loc[eigen, "ingeschreven_status"] == "aanname").all()
    assert any("naar rato aangepast" in zin for zin in u.herkomst)
    with pytest.raises(ParameterFout, match=r"36\.720 mensen ingeschreven"):
        uitval(geleverd, gm_code=DORDRECHT, patienten=40_000, fte=2.0)


def test_delivered_lists_elsewhere_are_used_as_they_are(geleverd):
    b = uitval(geleverd, gm_code="GM0489", patienten=3000, trekkingen=2, opname=0.1).buren  # Barendrecht
    buurman = b.loc["verzonnen-08"]
    assert (buurman["ingeschreven"], buurman["ruimte"]) == (6950, 695)
    assert buurman["ingeschreven_status"] == "waargenomen"


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
    # reach in the units of the maps, before and after
    for kolom, situatie in (("bereik_voor", dordrecht.situatie_voor), ("bereik_na", dordrecht.situatie)):
        kaart = hd.bereikbeeld(situatie)["bereik_fte_per_10000"].reindex(effect.index)
        np.testing.assert_allclose(effect[kolom], kaart, rtol=1e-9)
    met = dordrecht.effect("regioplus", trekkingen=10)
    assert (met["kans_na"] >= met["kans_voor"]).all()


def test_a_place_is_named_after_its_practice_also_after_the_first_one(dordrecht):
    veld = dordrecht.onderbouw.veld
    namen = [noem_plaats(veld, SimpleNamespace(praktijk=k)) for k in (-1, 0, 1)]
    assert namen == ["punt", veld.ids[0], veld.ids[1]]


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
    assert u.reistijd.loc[["voor", "na", "verschil"]].isna().all(axis=None)
    assert u.reistijd.loc["voor_alle"].notna().all()
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
    with pytest.raises(OnbekendGebiedFout, match=r"geef de code GM0114 \(Emmen\)"):
        uitval(land, gm_code="Emmen", patienten=6000)
    with pytest.raises(OnbekendGebiedFout, match="een code zoals"):
        uitval(land, gm_code="Drenthe", patienten=6000)  # a province
    with pytest.raises(OnbekendePraktijkFout, match="P0000-01"):
        uitval(land, gm_code=DORDRECHT, patienten=6000, praktijk_id="P0000-01")


@pytest.mark.parametrize(
    "anders",
    [
        {"gm_code": [DORDRECHT]},
        {"gm_code": pd.NA},
        {"gm_code": None},
        {"praktijk_id": ["P3311-01"]},
        {"praktijk_id": 3311},
        {"patienten": pd.NA},
        {"patienten": 10**400},
        {"patienten": b"6000"},
        {"fte": pd.NA},
        {"fte": 10**400},
        {"fte": True},
        {"open_aandeel": pd.NA},
        {"open_aandeel": complex(0.2)},
        {"open_aandeel": (0.2,)},
        {"opname": True},
        {"grens_minuten": True},
        {"grens_minuten": 10**400},
        {"seed": 2**64},
        {"punt": Point(105_000, 424_500), "reistijden": "tabel"},
    ],
)
def test_whatever_is_given_the_answer_is_an_error_in_dutch(land, anders):
    with pytest.raises(hd.fouten.HuisartsdataFout, match=r"geef|kan niet|moet"):
        uitval(land, **{"gm_code": DORDRECHT, "patienten": 6000, "trekkingen": 2, **anders})


def test_effect_by_what_is_no_type_of_area(dordrecht):
    with pytest.raises(ParameterFout, match="per="):
        dordrecht.effect(per=["gemeente"])


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
    assert past_niet.drop(columns=["naam", "oordeel", "reden", "trekkingen"]).isna().all().all()
    assert (past_niet["trekkingen"] == 0).all()
    rest = kaart.drop(past_niet.index)
    assert rest["aandeel_zonder_plek"].between(0, 1).all()
    assert (rest["reden"] == "").all()
    assert (rest["trekkingen"] == 12).all()
    assert set(rest["oordeel"]) <= {"vol", "opvangbaar", "onbekend"}


def test_a_worse_signal_of_the_region_can_be_given(kaart, land):
    krap = kwetsbaarheid(land, gm_codes=[EMMEN], patienten=[6000], trekkingen=12, seed=3, open_aandeel=0.2)
    assert krap["zonder_plek"].iloc[0] > kaart.loc[(EMMEN, 6000), "zonder_plek"]
    u = uitval(land, gm_code=EMMEN, patienten=6000, trekkingen=12, seed=3, open_aandeel=0.2)
    assert krap["zonder_plek"].iloc[0] == u.zonder_plek.median()


def test_a_region_may_have_its_own_signal(land):
    landelijk, eigen = (
        kwetsbaarheid(land, gm_codes=[DORDRECHT, EMMEN], patienten=[6000], trekkingen=60, open_aandeel=o)
        for o in (None, {DORDRECHT: (0, 0.25)})
    )
    rij = (DORDRECHT, 6000)
    assert eigen.loc[rij, "oordeel"] != "opvangbaar"
    assert eigen.loc[rij, "aandeel_zonder_plek"] > landelijk.loc[rij, "aandeel_zonder_plek"] + 0.2
    pd.testing.assert_series_equal(eigen.loc[(EMMEN, 6000)], landelijk.loc[(EMMEN, 6000)])
    with pytest.raises(OnbekendGebiedFout, match="geef de code GM0505"):
        kwetsbaarheid(land, patienten=[6000], open_aandeel={"Dordrecht": 0.1})


def test_a_verdict_needs_draws_enough(land):
    kaart = {
        n: kwetsbaarheid(
            land, gm_codes=[EMMEN, DORDRECHT, "GM0518"], patienten=[2000], trekkingen=n, opname=o
        )
        for n, o in ((34, 1.0), (35, 1.0), (36, 0.0))
    }
    assert (kaart[34]["kans_helft"] == 0).all()
    assert (kaart[34]["oordeel"] == "onbekend").all()  # 0 of 34: up to 10.2% by Wilson
    assert (kaart[35]["oordeel"] == "opvangbaar").all()  # 0 of 35: up to 9.9%
    assert (kaart[36]["oordeel"] == "vol").all()


def test_no_verdict_where_the_interval_holds_its_limit(land):
    t = kwetsbaarheid(land, patienten=[3672], gm_codes=sorted(set(land.gebied["gm_code"]))[::12])
    t = t[t["trekkingen"] > 0]
    assert (t["trekkingen"] == 100).all()
    for kans, oordeel in zip(t["kans_helft"], t["oordeel"], strict=True):
        laag, hoog = wilson(round(kans * 100), 100)
        assert oordeel == ("vol" if laag > 0.9 else "opvangbaar" if hoog < 0.1 else "onbekend")
    bijna = t["kans_helft"].between(0.05, 0.1, inclusive="neither")
    assert bijna.any()
    assert (t.loc[bijna, "oordeel"] == "onbekend").all()


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
    for anders in (
        {"patienten": np.int64(3)},
        {"patienten": b"x"},
        {"patienten": []},
        {"patienten": {2000: 1}},
        {"gm_codes": []},
        {"gm_codes": 505},
        {"gm_codes": b"GM0505"},
        {"executor": "x"},
    ):
        with pytest.raises(ParameterFout, match=r"geef|moet"):
            kwetsbaarheid(land, **anders)
