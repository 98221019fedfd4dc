"""Placement: equal to brute force on small cases, to the indicator on the country, and never beaten."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, combinations_with_replacement, product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

import huisartsdata as hd
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.model.onzekerheid import trek_gebieden
from huisartsdata.scenario.maatregelen import open_praktijk, sluit, voeg_fte_toe
from huisartsdata.scenario.plaatsen.herverdeling import herverdeel
from huisartsdata.scenario.plaatsen.mediaanmodel import p_mediaan
from huisartsdata.scenario.plaatsen.plaatsafstand import mensen_verder_dan
from huisartsdata.scenario.plaatsen.plaatsdoelen import Ruimte, zoek_voorzet
from huisartsdata.scenario.plaatsen.plaatsfront import BESTE, ZOALS_NU, grensfront
from huisartsdata.scenario.plaatsen.plaatsing import plaats
from huisartsdata.scenario.plaatsen.plaatsmodel import maak_plaatsmodel, plekken_van

PLEKKEN = 6  # small case: so many places around Dordrecht
GELIJK = 1e-6  # fte; model and indicator, solver and brute force


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(functie="zonder_wisselend")


@pytest.fixture(scope="module")
def krap(land):
    return land.vervang(norm=1800)


def uitsnede(land, bu, p):
    """These buurten with these practices: the rest falls away."""
    return land.vervang(
        vraag=land.vraag[bu],
        vraag_nza=land.vraag_nza[bu],
        inwoners=land.inwoners[bu],
        punten=land.punten[bu],
        gebied=land.gebied.loc[bu],
        praktijken=p,
        reistijden=land.reistijden.selecteer(van=bu, naar=p.index),
        aanbodmodel=None,
    )


@pytest.fixture(scope="module")
def klein(land):
    """Dordrecht, Papendrecht and Zwijndrecht with the practices of six postcodes: the rest falls away."""
    bu = land.gebied.index[land.gebied["gm_code"].isin(["GM0505", "GM0590", "GM0642"])]
    p = land.praktijken[land.praktijken["gm_code"].isin(["GM0505", "GM0590", "GM0642"])]
    houd = sorted(p["pc4"].unique())[:: max(1, p["pc4"].nunique() // PLEKKEN)][:PLEKKEN]
    p = p[p["pc4"].isin(houd)]
    p = p.assign(fte=p["fte"] * 0.8, fte_model=p["fte"] * 0.8)
    return uitsnede(land, bu, p)


def model_van(s, per="wijk"):
    return maak_plaatsmodel(s, per, plekken_van(s)["praktijk_id"])


def verdelingen(n, plekken, maximum):
    """Every way to put n steps on the places, at most `maximum` on one."""
    for keuze in combinations_with_replacement(range(plekken), n):
        x = np.bincount(keuze, minlength=plekken).astype(float)
        if x.max() <= maximum:
            yield x


# --- brute force ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "stap", "maximum"), [(1, 1.0, 9), (4, 1.0, 9), (5, 1.0, 2), (6, 0.5, 3)])
@pytest.mark.parametrize("norm", [1000, 1400])
def test_least_shortage_equals_brute_force(klein, n, stap, maximum, norm):
    s = klein.vervang(norm=norm)
    m = model_van(s)
    beste = min(m.tekort(x * stap).sum() for x in verdelingen(n, PLEKKEN, maximum))
    p = plaats(s, fte=n * stap, stap=stap, maximum=maximum * stap, gap=0)
    assert p.doelwaarde == pytest.approx(beste, abs=GELIJK)
    assert p.gap == 0
    assert p.status == "optimaal"
    assert p.beginwaarde > p.doelwaarde
    ongeveer = plaats(s, fte=n * stap, stap=stap, maximum=maximum * stap)
    assert ongeveer.doelwaarde <= beste * (1 + 1e-4) + GELIJK


@pytest.mark.parametrize(("n", "stap"), [(1, 1.0), (3, 1.0), (5, 1.0), (12, 0.25)])
@pytest.mark.parametrize("norm", [1000, 1400])
def test_fairest_equals_brute_force_level_by_level(klein, n, stap, norm):
    s = klein.vervang(norm=norm)
    m = model_van(s)

    def sleutel(x):
        tekort = m.tekort(x * stap)
        top = np.sort(tekort / m.nodig)[::-1][:3]
        return (*np.round(top, 7), tekort.sum())

    beste = min(sleutel(x) for x in verdelingen(n, PLEKKEN, n))
    p = plaats(s, fte=n * stap, stap=stap, doel="eerlijk", gap=0)
    np.testing.assert_allclose(p.hoogste, beste[:3], atol=2e-7)
    assert p.tekort_na.sum() == pytest.approx(beste[3], abs=1e-5)
    assert p.doelwaarde == p.hoogste[0]
    assert p.gap == pytest.approx(0, abs=1e-6)
    # any amount can only be fairer
    assert plaats(s, fte=n * stap, doel="eerlijk", stap=None).doelwaarde <= p.doelwaarde + GELIJK


@pytest.mark.parametrize("seed", [4, 7, 8, 16, 28])
def test_fairest_equals_brute_force_where_places_compete(land, seed):
    """Six practices anywhere in three gemeenten: the largest shortage moves from place to place as steps are added."""
    rng = np.random.default_rng(seed)
    gemeenten = ["GM0505", "GM0590", "GM0642"]
    bu = land.gebied.index[land.gebied["gm_code"].isin(gemeenten)]
    alle = land.praktijken[land.praktijken["gm_code"].isin(gemeenten)]
    houd = rng.choice(sorted(alle["pc4"].unique()), PLEKKEN, replace=False)
    p = alle[alle["pc4"].isin(houd)].groupby("pc4").head(1)
    # so few practices: the shortage must be one that 8 fte can turn
    s = uitsnede(land, bu, p).vervang(norm=int(rng.choice([15_000, 20_000, 25_000])))
    m = model_van(s)

    def sleutel(x):
        return (*np.round(np.sort(m.tekort(x) / m.nodig)[::-1][:3], 6),)

    beste, keuze = min((sleutel(x), tuple(x)) for x in verdelingen(8, PLEKKEN, 8))
    uit = plaats(s, fte=8, doel="eerlijk", gap=0)
    np.testing.assert_allclose(uit.hoogste, beste, atol=2e-6)
    assert 0 <= uit.gap <= 2**-16  # sixteen halvings of a range that is no larger than the answer
    assert sum(k > 0 for k in keuze) == 3  # a case in which all go to one place says nothing


@pytest.mark.parametrize(("p_plekken", "minuten"), [(1, 3), (2, 3), (3, 2.5), (2, 4)])
def test_least_people_far_equals_brute_force(klein, p_plekken, minuten):
    s = sluit(klein, list(klein.praktijken.index[2:]))
    ver = mensen_verder_dan(s, minuten)
    kandidaten = s.punten[ver.sort_values(ascending=False).index[:12]]
    kandidaten.index = [f"k{i:02d}" for i in range(12)]
    tijden = hd.bereken_reistijden(s.punten, kandidaten)
    dicht = pd.DataFrame(np.inf, s.punten.index, kandidaten.index)
    for rij in tijden.tabel().itertuples():
        dicht.loc[rij.van, rij.naar] = rij.minuten
    dekt = (dicht <= minuten).to_numpy()
    over = ver.reindex(s.punten.index).to_numpy()
    beste = min(over[~dekt[:, list(c)].any(axis=1)].sum() for c in combinations(range(12), p_plekken))
    p = plaats(s, fte=p_plekken, doel="afstand", minuten=minuten, kandidaten=kandidaten, gap=0)
    assert p.doelwaarde == pytest.approx(beste)
    assert p.beginwaarde == pytest.approx(ver.sum())
    assert mensen_verder_dan(p.situatie, minuten).sum() == pytest.approx(beste)
    assert p.gap == pytest.approx(0, abs=1e-6)


def test_moving_fte_is_at_least_as_good_as_every_step_on_a_grid(klein):
    s = klein.vervang(norm=1200)
    m, aanwezig = model_van(s), plekken_van(s)["fte"].to_numpy()
    h = herverdeel(s, fte=2.0)
    stappen = [np.array(d) * 0.5 for d in product(range(-4, 5), repeat=PLEKKEN) if sum(d) == 0]
    rooster = [x for x in stappen if x.clip(0).sum() <= 2 and (aanwezig + x >= 0).all()]
    beste = min(m.tekort(x).sum() for x in rooster)
    assert len(rooster) > 1000
    assert h.doelwaarde <= beste + GELIJK
    # a step of .5 is at most .5 per place from any amount, and one fte changes shortage by one at most
    assert h.doelwaarde >= beste - 0.5 * PLEKKEN
    assert h.verplaatst <= 2 + GELIJK


def test_p_median_equals_brute_force_whatever_the_order():
    rng = np.random.default_rng(5)
    for n, p in ((9, 1), (10, 3), (11, 5), (8, 8)):
        punten = [f"v{i:02d}" for i in range(n)]
        plek = [f"p{i:02d}" for i in range(n)]
        tijd = pd.DataFrame(rng.random((n, n)).round(2), punten, plek)
        last = pd.Series(rng.integers(0, 9, n) * 1.0, punten)
        beste = min(
            float((tijd.iloc[:, list(c)].min(axis=1) * last).sum()) for c in combinations(range(n), p)
        )
        uit = p_mediaan(tijd, last, p)
        assert uit.waarde == pytest.approx(beste)
        assert uit.gap == 0
        assert len(uit.gekozen) == p
        assert set(uit.toewijzing) <= set(uit.gekozen)
        schud = p_mediaan(tijd.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2), last, p)
        assert schud.gekozen.equals(uit.gekozen)
        assert schud.toewijzing.sort_index().equals(uit.toewijzing)
        dichtst = tijd[uit.gekozen].min(axis=1)
        assert [tijd.loc[v, k] for v, k in uit.toewijzing.items()] == pytest.approx(list(dichtst))


def test_p_median_of_the_country_is_proven_and_beats_any_sample(land):
    punten = land.punten.iloc[::150]
    xy = np.c_[punten.x, punten.y] / 1000
    km = pd.DataFrame(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)), punten.index, punten.index)
    last = land.inwoners[punten.index].astype(float)
    uit = p_mediaan(km, last, 9)
    rng = np.random.default_rng(0)
    anders = [(km.iloc[:, rng.choice(len(km), 9, False)].min(axis=1) * last).sum() for _ in range(200)]
    assert uit.gap == 0
    assert uit.waarde < min(anders)


# --- model and indicator agree; what is placed is in the picture ---------------------------------


@pytest.mark.parametrize("per", ["gemeente", "wijk"])
@pytest.mark.parametrize("stap", [1.0, None])
@pytest.mark.parametrize("norm", [1800, 2095])
def test_the_country_model_and_indicator_agree(land, per, stap, norm):
    s = land.vervang(norm=norm)
    p = plaats(s, fte=30, per=per, stap=stap)
    na = hd.tekortbeeld(p.situatie, per=per)["tekort_fte"]
    assert na.sum() == pytest.approx(p.doelwaarde, abs=GELIJK)
    assert p.tekort_voor.sum() == pytest.approx(p.beginwaarde, abs=GELIJK)
    pd.testing.assert_series_equal(na, p.tekort_na)
    assert (p.tekort_na <= p.tekort_voor + GELIJK).all()
    assert p.toegevoegd.sum() == pytest.approx(30, abs=1e-9)
    assert p.situatie.aanbod_fte - s.aanbod_fte == pytest.approx(30, abs=1e-8)
    assert s.aanbod_fte == pytest.approx(8_981, abs=1e-6)
    assert p.status == "optimaal"
    assert p.gap <= 1e-4
    if stap:
        assert (p.toegevoegd % stap == 0).all()


def test_reach_is_linear_in_what_is_placed(krap):
    m = model_van(krap, "gemeente")
    plek = plekken_van(krap)
    rng = np.random.default_rng(2)
    x = np.zeros(len(plek))
    x[rng.choice(len(x), 40, replace=False)] = rng.random(40) * 5
    for factor in (1.0, 3.0):
        erbij = pd.Series(x * factor, plek["praktijk_id"].to_numpy())
        beeld = hd.tekortbeeld(voeg_fte_toe(krap, erbij), per="gemeente")
        np.testing.assert_allclose(beeld["bereikt_fte"], m.bereikt + m.kern @ (x * factor), rtol=1e-10)
    np.testing.assert_allclose(m.kern.sum(axis=0), 1.0, atol=1e-12)  # E2SFCA conserves every fte
    assert m.kern.nnz < 0.05 * np.prod(m.kern.shape)


def test_the_country_has_2084_places_and_each_shares_its_travel_times(land):
    plek = plekken_van(land)
    assert len(plek) == land.praktijken["pc4"].nunique() == 2_084
    assert plek["fte"].sum() == pytest.approx(land.aanbod_fte)
    assert plek.index.is_monotonic_increasing
    assert plek.index.is_unique
    # which practice of a place gets the fte changes nothing
    groot = land.praktijken.groupby("pc4").size().idxmax()
    ids = land.praktijken.index[land.praktijken["pc4"] == groot]
    een, twee = (
        hd.tekortbeeld(voeg_fte_toe(land, pd.Series({i: 3.0})), per="wijk")["bereikt_fte"]
        for i in (ids[0], ids[-1])
    )
    np.testing.assert_allclose(een, twee, atol=1e-9)


def test_new_places_open_as_practices_and_keep_to_their_limits(krap):
    punten = gpd.GeoSeries(
        [Point(105_000, 425_000), Point(240_000, 540_000), Point(60_000, 395_000)],
        index=["dordrecht", "drenthe", "zeeland"],
        crs=28992,
    )
    p = plaats(
        krap, fte=5, kandidaten=punten, maximum={"dordrecht": 2, "drenthe": 3, "zeeland": 1}, per="gemeente"
    )
    assert (
        p.toegevoegd <= pd.Series({"dordrecht": 2.0, "drenthe": 3.0, "zeeland": 1.0})[p.toegevoegd.index]
    ).all()
    assert p.toegevoegd.sum() == 5
    nieuw = p.situatie.praktijken.loc[list(p.toegevoegd.index)]
    assert (nieuw["fte"] == p.toegevoegd).all()
    assert len(p.situatie.praktijken) == len(krap.praktijken) + len(p.toegevoegd)
    assert hd.tekortbeeld(p.situatie)["tekort_fte"].sum() == pytest.approx(p.doelwaarde, abs=GELIJK)
    met_de_hand = krap
    for code in ("dordrecht", "drenthe", "zeeland"):
        if code in p.toegevoegd:
            met_de_hand = open_praktijk(
                met_de_hand, punt=punten[code], fte=p.toegevoegd[code], praktijk_id=code
            )
    pd.testing.assert_series_equal(
        hd.tekortbeeld(met_de_hand)["bereikt_fte"], hd.tekortbeeld(p.situatie)["bereikt_fte"]
    )
    zelfde = plaats(
        krap,
        fte=5,
        kandidaten=punten.iloc[::-1],
        maximum=pd.Series({"zeeland": 1, "drenthe": 3, "dordrecht": 2}),
        per="gemeente",
        reistijden=hd.bereken_reistijden(krap.punten, punten),
    )
    assert zelfde == p


# --- never worse, never another answer -----------------------------------------------------------


@pytest.mark.parametrize("per", ["gemeente", "wijk"])
def test_no_placement_of_as_many_fte_is_better(land, per):
    m, n = model_van(land, per), 40
    p = plaats(land, fte=n, per=per)
    los = plaats(land, fte=n, per=per, stap=0)
    rng = np.random.default_rng(7)
    fte, kort = plekken_van(land)["fte"].to_numpy(), m.kern.T @ np.maximum(m.gat, 0)
    kansen = (np.ones(len(fte)), fte, kort, kort**3)  # anywhere, as today, where short, where shortest
    anders = [
        m.tekort(rng.multinomial(n, k / k.sum()).astype(float)).sum() for k in kansen for _ in range(50)
    ]
    anders += [m.tekort(n * k / k.sum()).sum() for k in kansen]
    anders.append(m.tekort(zoek_voorzet(m, Ruimte(n, np.full(len(fte), n), 1.0))).sum())
    assert los.doelwaarde <= min(anders) + GELIJK
    assert los.doelwaarde <= p.doelwaarde + GELIJK
    assert p.doelwaarde * (1 - 1e-4) <= min(anders)
    assert p.doelwaarde < min(anders[:-1])
    # the bound holds: whole steps cannot beat any amount
    assert p.doelwaarde * (1 - p.gap) <= p.doelwaarde


def test_the_same_answer_twice_and_in_any_order(land):
    een = plaats(land, fte=25, per="gemeente")
    twee = plaats(land, fte=25, per="gemeente")
    assert een == twee
    assert hash(een) == hash(twee)
    assert een != plaats(land, fte=24, per="gemeente")
    # one thing that differs is enough, and the time that it took is none
    assert een == replace(een, seconden=een.seconden + 1)
    assert een != replace(een, gap=een.gap + 0.5)
    assert een != replace(een, tekort_na=een.tekort_na + 1)
    assert een != replace(een, situatie=land)
    pd.testing.assert_series_equal(een.toegevoegd, twee.toegevoegd, check_exact=True)
    schud = land.praktijken.sample(frac=1, random_state=3).index
    anders = land.vervang(reistijden=land.reistijden.selecteer(naar=schud))
    pd.testing.assert_series_equal(plaats(anders, fte=25, per="gemeente").toegevoegd, een.toegevoegd)
    assert herverdeel(land, fte=25, per="gemeente") == herverdeel(land, fte=25, per="gemeente")
    assert een.seconden > 0


def test_ties_go_to_the_largest_relative_shortage_and_spare_fte_to_the_lowest_reach(land, krap):
    # at 1800 nearly all is short, so where 20 fte go changes the total nowhere: it should go where it is worst
    p = plaats(krap, fte=20, per="gemeente", stap=None)
    beeld = hd.tekortbeeld(krap)
    aandeel = beeld["tekort_fte"] / beeld["nodig_fte"]
    geholpen = (p.tekort_voor - p.tekort_na) > 0.5
    assert p.beginwaarde - p.doelwaarde == pytest.approx(20, abs=1e-3)
    assert aandeel[geholpen].min() > aandeel.median()
    # more than the shortage: what is left over evens out reach and does not pile up on the first code
    ruim = plaats(land, fte=600, per="gemeente", stap=None)
    assert ruim.doelwaarde == pytest.approx(0, abs=1e-4)
    per_hoofd = hd.tekortbeeld(ruim.situatie).eval("bereikt_fte / nodig_fte")
    assert per_hoofd.std() < hd.tekortbeeld(land).eval("bereikt_fte / nodig_fte").std() / 1.5
    assert ruim.toegevoegd.max() < 60


def test_nothing_to_place_changes_nothing(land):
    p = plaats(land, fte=0, per="gemeente")
    assert p.situatie is land
    assert p.doelwaarde == p.beginwaarde
    assert p.toegevoegd.empty
    genoeg = plaats(land.vervang(norm=4000), fte=3, per="gemeente")
    assert (genoeg.beginwaarde, genoeg.doelwaarde, genoeg.gap) == (0, 0, 0)
    assert genoeg.toegevoegd.sum() == 3


# --- moving, and the frontier --------------------------------------------------------------------


@pytest.mark.parametrize("norm", [1800, 2095])
def test_moving_keeps_the_total_and_bounds_every_rule(land, norm):
    s = land.vervang(norm=norm)
    h = herverdeel(s, fte=60, per="gemeente")
    assert h.verschuiving.sum() == pytest.approx(0, abs=1e-9)
    assert h.situatie.aanbod_fte == pytest.approx(s.aanbod_fte, abs=1e-8)
    assert h.situatie.praktijken["fte"].min() >= 0
    assert h.verplaatst <= 60 + GELIJK
    assert h.tekort_na.sum() == pytest.approx(h.doelwaarde, abs=GELIJK)
    assert h.doelwaarde < h.beginwaarde
    # fte that come from nowhere do at least as much as fte that are missed elsewhere
    assert plaats(s, fte=60, per="gemeente", stap=0).doelwaarde <= h.doelwaarde + GELIJK
    # no random move of 60 fte from surplus to shortage leaves less
    m, fte = model_van(s, "gemeente"), plekken_van(s)["fte"].to_numpy()
    rng = np.random.default_rng(4)
    druk = m.kern.T @ (m.gat / m.nodig)
    for _ in range(100):
        naar = rng.multinomial(60, np.exp(9 * druk) / np.exp(9 * druk).sum()).astype(float)
        van = fte * np.exp(-9 * druk) * rng.random(len(fte))
        van = np.minimum(van * 60 / van.sum(), fte)
        assert h.doelwaarde <= m.tekort(naar * van.sum() / 60 - van).sum() + GELIJK
    # all free to move: the level of the national split and no more, where places allow it
    vrij = herverdeel(s, fte=s.aanbod_fte, per="gemeente")
    niveau = max(0.0, s.nodig_fte - s.aanbod_fte)
    assert vrij.doelwaarde == pytest.approx(niveau, abs=1e-3)
    assert vrij.doelwaarde <= h.doelwaarde + GELIJK


def test_frontier_falls_ever_slower_and_is_never_above_a_rule(land):
    def naar_drenthe(s, n):
        ids = s.praktijken.index[s.praktijken["gm_code"] == "GM1731"]
        return voeg_fte_toe(s, pd.Series(n / len(ids), ids))

    aantallen = list(range(0, 301, 50))
    front = grensfront(land, fte=aantallen, regels={"naar Midden-Drenthe": naar_drenthe})
    t = front.pivot(index="fte", columns="wijze", values="tekort_fte")
    assert list(front["wijze"].unique()) == [BESTE, ZOALS_NU, "naar Midden-Drenthe"]
    assert (t[BESTE].diff().dropna() <= GELIJK).all()
    assert (t[BESTE].diff().diff().dropna() >= -GELIJK).all()
    assert (t.sub(t[BESTE], axis=0) >= -GELIJK).all(axis=None)
    assert t.loc[0].nunique() == 1
    for n in (50, 200):
        los = plaats(land, fte=n, per="gemeente", stap=None)
        assert t.loc[n, BESTE] == pytest.approx(los.doelwaarde, abs=GELIJK)
        evenredig = voeg_fte_toe(land, land.praktijken["fte"] * (n / land.aanbod_fte))
        assert t.loc[n, ZOALS_NU] == pytest.approx(hd.tekortbeeld(evenredig)["tekort_fte"].sum(), abs=GELIJK)


def test_frontier_bands_judge_one_choice_over_the_draws(land):
    k = 60
    front = grensfront(land, fte=[0, 100], trekkingen=k, seed=1).set_index(["wijze", "fte"])
    assert (front["laag"] <= front["verwacht"]).all()
    assert (front["verwacht"] <= front["hoog"]).all()
    assert front.loc[(BESTE, 0)].equals(front.loc[(ZOALS_NU, 0)])
    # the same as drawing the picture after the measure
    na = plaats(land, fte=100, per="gemeente", stap=None).situatie
    t = trek_gebieden(na, per="gemeente", trekkingen=k, seed=1)
    som = np.maximum(t.verschil, 0).sum(axis=0)
    assert front.loc[(BESTE, 100), "verwacht"] == pytest.approx(som.mean(), rel=1e-6)
    # doubt takes part of the gain, never all of it
    winst = front.loc[(BESTE, 0)] - front.loc[(BESTE, 100)]
    assert 0 < winst["verwacht"] < winst["tekort_fte"]


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fout", "woord"),
    [
        ({"fte": -1}, "fte"),
        ({"fte": float("nan")}, "fte"),
        ({"fte": "tien"}, "fte"),
        ({"fte": True}, "fte"),
        ({"fte": 2.5}, "veelvoud"),
        ({"fte": 1, "stap": -1}, "stap"),
        ({"fte": 1, "doel": "snel"}, "afstand"),
        ({"fte": 10, "maximum": 0.001}, "maximum"),
        ({"fte": 10, "maximum": {"1011": 5}}, "maximum"),
        ({"fte": 1, "minuten": 5}, "minuten"),
        ({"fte": 1, "niveaus": 0}, "niveaus"),
        ({"fte": 1e9}, "tienduizend"),
        ({"fte": 1, "stap": 1e-9}, "stappen"),
        ({"fte": 10, "stap": 0.0001}, "stappen"),
        ({"fte": 1, "per": ["wijk"]}, "kies uit"),
        ({"fte": 1, "doel": ["tekort"]}, "kies uit"),
        ({"fte": 1, "maximum": pd.Series([1.0, 2.0], ["1011", "1011"])}, "dubbel"),
        (
            {
                "fte": 1,
                "kandidaten": gpd.GeoSeries([Point(105e3, 425e3)], index=["x"], crs=28992),
                "reistijden": 3,
            },
            "reistijden",
        ),
        ({"fte": 1, "gap": -1}, "gap"),
        ({"fte": 1, "doel": "afstand", "stap": 0}, "stap"),
        ({"fte": 1, "doel": "afstand", "minuten": 29}, "niemand"),
        ({"fte": 1, "doel": "afstand", "minuten": 31}, "30"),
        ({"fte": 1, "kandidaten": ["1011"]}, "GeoSeries"),
        ({"fte": 1, "kandidaten": gpd.GeoSeries([Point(5, 52)], index=["x"], crs=4326)}, "28992"),
        ({"fte": 1, "kandidaten": gpd.GeoSeries([], crs=28992)}, "punt"),
        (
            {"fte": 1, "kandidaten": gpd.GeoSeries([Point(105e3, 425e3)], index=["P1011-01"], crs=28992)},
            "praktijk",
        ),
    ],
)
def test_what_cannot_be_placed_is_refused_in_dutch(land, fout, woord):
    with pytest.raises(ParameterFout, match=woord):
        plaats(land, **fout)


def test_other_refusals(land):
    with pytest.raises(OnbekendGebiedFout):
        plaats(land, fte=1, per="straat")
    punt = gpd.GeoSeries([Point(105_000, 425_000)], index=["x"], crs=28992)
    with pytest.raises(ParameterFout, match="bfca"):
        plaats(land.vervang(methode="bfca"), fte=1, kandidaten=punt)
    with pytest.raises(ParameterFout, match="reistijden"):
        plaats(land, fte=1, reistijden=land.reistijden)
    with pytest.raises(ParameterFout, match="andere plekken"):
        plaats(land, fte=1, kandidaten=punt, reistijden=land.reistijden)
    zee = gpd.GeoSeries([Point(10_000, 400_000)], index=["zee"], crs=28992)
    ver = pd.DataFrame({"van": [land.punten.index[0]], "naar": ["zee"], "minuten": [29.0]})
    tijden = hd.Reistijden.from_table(ver, van=land.punten.index, grens_minuten=30)
    with pytest.raises(ParameterFout, match="niemand kan komen"):
        plaats(land, fte=1, kandidaten=zee, reistijden=tijden)
    with pytest.raises(ParameterFout, match="voegt"):
        grensfront(land, fte=[1], regels={"niets": lambda s, n: s})
    with pytest.raises(ParameterFout):
        grensfront(land, fte=[], regels={})
    for roep in (
        lambda: plaats(None, fte=1),
        lambda: herverdeel(None, fte=1),
        lambda: grensfront(None),
        lambda: herverdeel(land, fte=1e9),
        lambda: herverdeel(land, fte=1, per=None),
        lambda: herverdeel(land, fte=1, maximum=pd.Series([1.0, 1.0], ["1011", "1011"])),
        lambda: grensfront(land, fte=None),
        lambda: grensfront(land, fte="100"),
        lambda: grensfront(land, fte=[1], per=3),
        lambda: grensfront(land, fte=[1], regels=["d4"]),
        lambda: grensfront(land, fte=[1], regels={"a": 3}),
        lambda: grensfront(land, fte=[1], regels={"a": lambda s, n: None}),
    ):
        with pytest.raises(ParameterFout):
            roep()
    with pytest.raises(ParameterFout, match="fte"):
        herverdeel(land, fte=-1)
    tijd = pd.DataFrame([[0.0, 1.0]], ["v"], ["a", "b"])
    for slecht in (
        (tijd, pd.Series({"v": 1.0}), 0),
        (tijd, pd.Series({"v": 1.0}), 3),
        (tijd, pd.Series({"w": 1.0}), 1),
        (tijd * np.nan, pd.Series({"v": 1.0}), 1),
        (-tijd - 1, pd.Series({"v": 1.0}), 1),
        (tijd, pd.Series({"v": -1.0}), 1),
        (None, pd.Series({"v": 1.0}), 1),
        (tijd, {"v": 1.0}, 1),
        (tijd.astype(object).replace(0.0, "x"), pd.Series({"v": 1.0}), 1),
        (tijd, pd.Series({"v": "x"}), 1),
    ):
        with pytest.raises(HuisartsdataFout):
            p_mediaan(*slecht)
