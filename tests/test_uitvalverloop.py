"""The months after a practice falls out: nobody lost, more never worse, moved fte adds none."""

from __future__ import annotations

import re
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

import huisartsdata as hd
from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.bereik import fca
from huisartsdata.model.verval import exponentieel
from huisartsdata.scenario.maatregelen import open_praktijk
from huisartsdata.scenario.wegvallen.praktijkuitval import uitval
from huisartsdata.scenario.wegvallen.uitvalmaatregelen import (
    LOTEN,
    Maatregel,
    beste_plek,
    deel_binnen_bereik,
    heropening,
    kies,
    nieuwe_praktijk,
    overname,
    trek_loten,
    waarneming,
)
from huisartsdata.scenario.wegvallen.uitvalverloop import NIETS, tel_verloop, vergelijk, verloop

DORDRECHT = "GM0505"
DELEN = ("zonder", "tijdelijk", "vast")
N = 12  # draws of the small cases


def klein(patienten=6000, fte=3.6, zonder_plek=None):
    """Of the outage only these fields are read where no place is asked for."""
    if zonder_plek is None:
        zonder_plek = np.linspace(0, patienten, N)
    return SimpleNamespace(
        patienten=patienten, fte=fte, zonder_plek=pd.Series(zonder_plek, dtype="float64"), aannames={}
    )


def bereik(laagste, hoogste, *, heel=False):
    getal = st.integers(laagste, hoogste) if heel else st.floats(laagste, hoogste)
    return getal | st.tuples(getal, getal).map(lambda p: (min(p), max(p)))


def cover(fte, vanaf, duur, extra):
    eind = None if duur is None else int(np.max(vanaf)) + duur
    return waarneming(fte, vanaf=vanaf, tot=eind, extra=extra)


MAAND = bereik(0, 40, heel=True)
MAATREGEL = st.one_of(
    st.builds(cover, bereik(0, 6), MAAND, st.none() | st.integers(0, 30), st.booleans()),
    st.builds(lambda m, a: heropening(m, aandeel=a), MAAND, bereik(0, 1)),
    st.builds(lambda m, a, e: overname(m, aandeel=a, extra=e), MAAND, bereik(0, 1), st.booleans()),
    st.builds(lambda m, f, e: nieuwe_praktijk(m, f, extra=e), MAAND, bereik(0, 6), st.booleans()),
)
PAKKET = st.lists(MAATREGEL, max_size=4)
UITVAL = st.builds(
    lambda n, fte, delen: klein(n, fte, [d * n for d in delen]),
    st.integers(1, 20_000),
    st.floats(0.1, 12),
    st.lists(st.floats(0, 1), min_size=1, max_size=8),
)
TEMPO = st.none() | bereik(0, 1)


def bits(v):
    frames = (v.zonder, v.tijdelijk, v.vast, v.elders_minder, v.maanden, v.fte_verplaatst)
    return b"".join(f.to_numpy().tobytes() for f in frames) + v.patientmaanden.to_numpy().tobytes()


# --- properties --------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(UITVAL, PAKKET, TEMPO, st.integers(1, 36), st.integers(0, 9))
def test_every_patient_is_counted_once_in_every_month_and_draw(u, pakket, tempo, maanden, seed):
    v = verloop(u, pakket, maanden=maanden, inschrijftempo=tempo, seed=seed)
    som = v.zonder + v.tijdelijk + v.vast
    assert (som == u.patienten).all(axis=None)  # exactly: no tolerance
    assert all((getattr(v, deel) >= 0).all(axis=None) for deel in DELEN)
    assert (v.vast.diff().iloc[1:] >= 0).all(axis=None)  # who has a practice keeps it
    assert list(v.zonder.index) == list(range(maanden + 1))
    assert v.maanden[[f"{deel}_verwacht" for deel in DELEN]].sum(axis=1).to_numpy() == pytest.approx(
        u.patienten, rel=1e-12
    )


@settings(deadline=None, max_examples=40)
@given(UITVAL, PAKKET, MAATREGEL, st.data(), st.integers(0, 9))
def test_one_measure_more_never_leaves_more_people_without(u, pakket, erbij, data, seed):
    plek = data.draw(st.integers(0, len(pakket)))
    minder = verloop(u, pakket, seed=seed)
    meer = verloop(u, [*pakket[:plek], erbij, *pakket[plek:]], seed=seed)
    assert (meer.zonder.to_numpy() <= minder.zonder.to_numpy()).all()
    assert (meer.vast.to_numpy() >= minder.vast.to_numpy()).all()


@settings(deadline=None, max_examples=40)
@given(UITVAL, PAKKET, st.integers(0, 9), st.integers(1, 12))
def test_an_earlier_practice_is_never_worse(u, pakket, seed, later):
    vroeg, laat = ([*pakket, nieuwe_praktijk((m, m + 4), 2)] for m in (3, 3 + later))
    een, twee = (verloop(u, p, seed=seed).zonder.to_numpy() for p in (vroeg, laat))
    assert (een <= twee).all()


@settings(deadline=None, max_examples=40)
@given(UITVAL, PAKKET, st.integers(0, 9))
def test_cover_of_no_fte_gives_the_same_bits_as_none(u, pakket, seed):
    een = verloop(u, pakket, seed=seed)
    for niets in (waarneming(0), waarneming(0, vanaf=(1, 3), tot=(5, 9), extra=True), nieuwe_praktijk(2, 0)):
        assert bits(verloop(u, [niets, *pakket], seed=seed)) == bits(een)


@settings(deadline=None, max_examples=40)
@given(UITVAL, PAKKET, st.integers(1, 24), st.integers(1, 50), st.integers(0, 9))
def test_a_measure_after_the_horizon_changes_nothing(u, pakket, maanden, later, seed):
    een = verloop(u, pakket, maanden=maanden, seed=seed)
    te_laat = maanden + later
    for m in (
        waarneming(3, vanaf=te_laat),
        heropening(te_laat),
        overname((te_laat, te_laat + 9), extra=False),
        nieuwe_praktijk(te_laat, (1, 5)),
    ):
        assert bits(verloop(u, [*pakket, m], maanden=maanden, seed=seed)) == bits(een)


@settings(deadline=None, max_examples=40)
@given(UITVAL, bereik(0.05, 1), st.integers(0, 9))
def test_doing_nothing_ends_where_the_outage_ends(u, tempo, seed):
    # at a pace of .05 a month the room is used up after 20 months
    v = verloop(u, [], inschrijftempo=tempo, maanden=24, seed=seed)
    assert v.zonder.loc[0].eq(u.patienten).all()
    assert v.zonder.loc[24].to_numpy() == pytest.approx(u.zonder_plek.to_numpy(), abs=1e-6)
    assert (v.tijdelijk == 0).all(axis=None)
    assert (v.elders_minder == 0).all(axis=None)


def test_whole_people_end_exactly_where_the_outage_ends():
    u = klein(zonder_plek=[0, 1, 2345, 5999, 6000])
    assert verloop(u).zonder.loc[24].tolist() == [0, 1, 2345, 5999, 6000]


@settings(deadline=None, max_examples=40)
@given(UITVAL, bereik(0, 6), st.integers(0, 10), st.integers(0, 10), st.integers(0, 9))
def test_moved_cover_never_helps_more_people_than_miss_it_elsewhere(u, fte, vanaf, duur, seed):
    v = verloop(u, [waarneming(fte, vanaf=vanaf, tot=vanaf + duur)], seed=seed)
    assert (v.tijdelijk.to_numpy() <= v.elders_minder.to_numpy() + 1e-6).all()
    assert (v.elders_minder.loc[vanaf + duur :] == 0).all(axis=None)
    extra = verloop(u, [waarneming(fte, vanaf=vanaf, tot=vanaf + duur, extra=True)], seed=seed)
    assert (extra.elders_minder == 0).all(axis=None)
    assert extra.zonder.equals(v.zonder)  # it makes no difference to these patients, only elsewhere


@settings(deadline=None, max_examples=40)
@given(UITVAL, PAKKET, st.integers(0, 9))
def test_a_draw_does_not_depend_on_how_many_there_are(u, pakket, seed):
    alle = verloop(u, pakket, seed=seed)
    eerste = verloop(u, pakket, seed=seed, trekkingen=1)
    assert eerste.zonder[0].equals(alle.zonder[0])
    assert eerste.patientmaanden[0] == alle.patientmaanden[0]


def test_draws_lie_in_their_ranges_and_both_ends_occur():
    loten = trek_loten(400, seed=3)
    assert set(loten) == set(LOTEN)
    maanden = kies((6, 9), loten["heropening.vanaf_maand"], heel=True)
    assert set(maanden) == {6, 7, 8, 9}
    gelijkmatig = kies((6, 9), np.arange(400) / 400, heel=True)
    assert np.bincount(gelijkmatig.astype(int)).tolist() == [0] * 6 + [100] * 4
    fte = kies((1.0, 2.0), loten["waarneming.fte"])
    assert 1.0 <= fte.min() < 1.02
    assert 1.98 < fte.max() <= 2.0
    assert abs(np.corrcoef(loten["waarneming.fte"], loten["inschrijftempo"])[0, 1]) < 0.2
    assert not np.array_equal(trek_loten(400, seed=4)["inschrijftempo"], loten["inschrijftempo"])


# --- by hand -----------------------------------------------------------------------------------------


def test_a_case_worked_out_by_hand():
    # 6,000 people, room for 2,000 at a quarter of it a month; 2 fte of 1,500 cover in months 1 to 5,
    # and a new practice of 1 fte (1,500) from month 6
    u = klein(fte=4.0, zonder_plek=[4000.0])
    v = verloop(u, [waarneming(2, vanaf=1, tot=6), nieuwe_praktijk(6, 1)], inschrijftempo=0.25, maanden=8)
    assert v.vast[0].tolist() == [0, 500, 1000, 1500, 2000, 2000, 3500, 3500, 3500]
    assert v.tijdelijk[0].tolist() == [0, 3000, 3000, 3000, 3000, 3000, 0, 0, 0]
    assert v.zonder[0].tolist() == [6000, 2500, 2000, 1500, 1000, 1000, 2500, 2500, 2500]
    assert v.elders_minder[0].tolist() == [0, 3000, 3000, 3000, 3000, 3000, 0, 0, 0]
    # months 0 to 7; the state at the horizon lasts no month
    assert v.patientmaanden[0] == 6000 + 2500 + 2000 + 1500 + 1000 + 1000 + 2500 + 2500
    assert v.patientmaanden_zonder["midden"] == v.patientmaanden[0]
    assert v.fte_verplaatst["midden"].tolist() == [0, 2, 2, 2, 2, 2, 0, 0, 0]
    assert v.maanden["fte_toegevoegd_midden"].tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1]


def test_cover_gives_nobody_a_fixed_practice():
    u = klein()
    zonder, met = verloop(u), verloop(u, [waarneming(3, tot=12)])
    assert met.vast.equals(zonder.vast)
    assert met.zonder.loc[12:].equals(zonder.zonder.loc[12:])


def test_reopening_takes_at_most_its_share_and_brings_back_its_fte():
    u = klein(fte=4.0, zonder_plek=[6000.0])
    half = verloop(u, [heropening(3, aandeel=0.5)])
    assert half.zonder.loc[24, 0] == 3000
    assert half.maanden["fte_terug_midden"].loc[[2, 3]].tolist() == [0, 2]
    beide = verloop(u, [heropening(3), overname(5)])
    assert beide.maanden["fte_terug_midden"].max() == 4  # one practice: no more than was lost
    assert (half.maanden["fte_verplaatst_midden"] == 0).all()


def test_people_per_fte_is_that_of_the_lost_practice_unless_given():
    u = klein(6000, 4.0, [6000.0])
    assert verloop(u, [nieuwe_praktijk(0, 1)]).vast.loc[0, 0] == 1500
    assert verloop(u, [nieuwe_praktijk(0, 1)], mensen_per_fte=2095).vast.loc[0, 0] == 2095


def test_intervals_are_ninety_percent_of_the_draws():
    u = klein(zonder_plek=np.arange(0, 101) * 60.0)
    m = verloop(u, [], inschrijftempo=1.0).maanden.loc[24]
    # 101 evenly spaced values: the 5th, 50th and 95th percentile are values 5, 50 and 95
    assert m[["zonder_laag", "zonder_midden", "zonder_hoog"]].tolist() == pytest.approx([300, 3000, 5700])


def test_assumptions_say_what_is_chosen_and_what_is_drawn():
    p = parameter("uitval_inschrijftempo")
    assert (p.status, p.kwaliteit) == ("aanname", "D")
    assert p.laag < p.waarde < p.hoog
    a = verloop(klein(), [waarneming((1, 2), tot=12)]).aannames
    assert (a["inschrijftempo"]["waarde"], a["inschrijftempo"]["laag"]) == (None, p.laag)
    assert (a["1. waarneming, fte"]["laag"], a["1. waarneming, fte"]["hoog"]) == (1, 2)
    assert a["1. waarneming, tot_maand"]["waarde"] == 12
    assert all(rij["status"] == "aanname" and rij["bron"] for rij in a.values())


# --- side by side ------------------------------------------------------------------------------------


def test_packages_are_compared_with_doing_nothing_in_each_draw():
    u = klein(fte=4.0, zonder_plek=[4000.0, 2000.0, 0.0])
    t = vergelijk(
        u,
        {
            "dekking": [waarneming(4, tot=12)],
            "open": [heropening(6)],
            "beide": [waarneming(4, tot=12), heropening(6)],
        },
        inschrijftempo=1.0,
    )
    assert list(t.index) == [NIETS, "dekking", "open", "beide"]
    # nothing: 6,000 in month 0, then what finds no place for 23 months
    assert t.loc[NIETS, "patientmaanden_midden"] == 6000 + 23 * 2000
    assert t.loc["dekking", "patientmaanden_midden"] == 12 * 2000
    assert t.loc["open", "patientmaanden_midden"] == 6000 + 5 * 2000
    assert t.loc["beide", "patientmaanden_midden"] == 0
    assert t.loc[NIETS, "kans_beter"] == 0
    assert t.loc["dekking", "kans_beter"] == 1  # month 0 counts in every draw
    # the draw in which all find a place needs no reopening
    assert t.loc["open", "kans_beter"] == pytest.approx(2 / 3)
    # what cover takes away elsewhere: 4 fte of 1,500 for 12 months
    assert t.loc["dekking", "elders_midden"] == 12 * 6000
    assert t.loc["dekking", "netto_hoog"] <= 0  # moved fte adds none
    assert t.loc["dekking", "kans_netto_beter"] == 0  # so all of what is won here is lost elsewhere
    assert (t["kans_netto_beter"] <= t["kans_beter"]).all()
    assert t.loc["open", "kans_netto_beter"] == t.loc["open", "kans_beter"]  # takes nothing from elsewhere
    assert t.loc[NIETS, "kans_netto_beter"] == 0
    assert (t["fte_verplaatst"] == [0, 4, 0, 4]).all()
    assert (t["fte_terug"] == [0, 0, 4, 4]).all()


def test_the_month_of_solution_is_one_without_a_relapse():
    u = klein(fte=4.0, zonder_plek=[4000.0] * 20)
    t = vergelijk(
        u,
        {
            "dekking": [waarneming(4, tot=12)],
            "dekking en open": [waarneming(4, tot=12), heropening(12)],
            "open": [heropening((6, 12))],
            "altijd": [waarneming(4)],
        },
        maanden=24,
    )
    assert t.loc["dekking", "wanneer"] == "niet binnen 24 maanden"
    assert np.isnan(t.loc["dekking", "maand_midden"])
    assert (t.loc["dekking", "kans_opgelost"], t.loc["open", "kans_opgelost"]) == (0, 1)
    assert t.loc["dekking en open", "wanneer"] == "maand 0"
    assert t.loc["altijd", "wanneer"] == "maand 0"
    assert t.loc["altijd", "einde_midden"] == 4000  # helped, and still without a fixed practice
    assert 6 <= t.loc["open", "maand_laag"] <= t.loc["open", "maand_hoog"] <= 12
    assert re.fullmatch(
        r"maand \d+ \(90% van de trekkingen: maand \d+ – maand \d+\)", t.loc["open", "wanneer"]
    )
    deels = vergelijk(klein(zonder_plek=[0.0] * 9 + [6000.0]), {}, inschrijftempo=0.5)
    assert deels["wanneer"].tolist() == ["maand 2 (90% van de trekkingen: maand 2 – niet binnen 24 maanden)"]


def test_solved_is_fewer_than_five_percent_and_not_five():
    op, onder = klein(100, 1.0, [5.0]), klein(100, 1.0, [4.0])
    assert vergelijk(op, {})["kans_opgelost"].tolist() == [0]
    # room for 96 at .2 a month: 19.2 a month, all of it after five
    assert vergelijk(onder, {}, inschrijftempo=0.2)["wanneer"].tolist() == ["maand 5"]


def test_who_acts_and_the_source_are_those_of_the_letter():
    t = vergelijk(klein(), {"alles": [waarneming(1), heropening(6), overname(9), nieuwe_praktijk(12, 1)]})
    assert "RHO" in t.loc["alles", "wie"]
    assert "zorgverzekeraar" in t.loc["alles", "wie"]
    assert "IGJ" in t.loc["alles", "toezicht"]
    assert "NZa" in t.loc["alles", "toezicht"]
    assert "12 december 2025" in t.loc["alles", "bron"]
    assert "eigen aannames" in t.loc["alles", "bron"]


def test_an_empty_package_of_the_user_is_not_added_twice():
    assert list(vergelijk(klein(), {"zo laten": []}).index) == ["zo laten"]


# --- refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("maak", "tekst"),
    [
        (lambda: waarneming(-1), "fte=-1"),
        (lambda: waarneming(float("nan")), "fte=nan"),
        (lambda: waarneming(1e9), "tot en met 10000"),
        (lambda: waarneming((2, 1)), "paar"),
        (lambda: waarneming((1, 2, 3)), "paar"),
        (lambda: waarneming("2"), "fte='2'"),
        (lambda: waarneming(True), "fte=True"),
        (lambda: waarneming(pd.NA), "fte=<NA>"),
        (lambda: waarneming(10**400), "fte=1000"),
        (lambda: waarneming(1, vanaf=6, tot=3), "ligt voor"),
        (lambda: waarneming(2, tot=12, extra="nee"), "extra='nee'"),
        (lambda: overname(2, extra=1), "extra=1"),
        (lambda: nieuwe_praktijk(2, 1, extra=None), "extra=None"),
        (lambda: heropening(2.5), "heel getal"),
        (lambda: heropening(-1), "vanaf_maand=-1"),
        (lambda: heropening(3, aandeel=1.5), "tot en met 1"),
        (lambda: nieuwe_praktijk(3, 1, punt="hier"), "Point"),
        (lambda: Maatregel("sluiting", 0, fte=1), "kies uit"),
        (lambda: Maatregel("heropening", 0, fte=1), "aandeel nodig"),
        (lambda: Maatregel("overname", 0, tot_maand=4, aandeel=1.0), "blijft"),
        (lambda: verloop(klein(), waarneming(1)), "lijst"),
        (lambda: verloop(klein(), ["waarneming"]), "lijst"),
        (lambda: verloop(klein(), maanden=0), "maanden=0"),
        (lambda: verloop(klein(), maanden=10**9), "tot en met 600"),
        (lambda: verloop(klein(), inschrijftempo=2), "inschrijftempo=2"),
        (lambda: verloop(klein(), mensen_per_fte=0), "mensen_per_fte=0"),
        (lambda: verloop(klein(), trekkingen=N + 1), f"heeft {N} trekkingen"),
        (lambda: verloop(klein(), maanden=(1, 2)), r"maanden=\(1, 2\) kan niet; geef een heel getal"),
        (lambda: verloop(klein(), trekkingen=(1, 2)), r"trekkingen=\(1, 2\) kan niet"),
        (lambda: verloop(klein(), maanden=pd.NA), "maanden=<NA>"),
        (lambda: verloop(klein(), inschrijftempo=pd.NA), "inschrijftempo=<NA>"),
        (lambda: verloop("Dordrecht"), "is geen uitval"),
        (lambda: verloop(klein(), seed=2**64), "2\\^64"),
        (lambda: verloop(klein(), seed=-1), "seed=-1"),
        (lambda: vergelijk(klein(), [[waarneming(1)]]), "dict"),
        (lambda: vergelijk(klein(), {"a": waarneming(1)}), "lijst"),
        (lambda: vergelijk(klein(), {NIETS: [waarneming(1)]}), "andere naam"),
    ],
)
def test_what_makes_no_sense_is_refused(maak, tekst):
    with pytest.raises(ParameterFout, match=tekst):
        maak()


def test_nothing_that_is_given_changes():
    u = klein()
    voor = u.zonder_plek.copy()
    pakket = [waarneming(1), heropening(4)]
    verloop(u, pakket)
    assert u.zonder_plek.equals(voor)
    assert pakket == [waarneming(1), heropening(4)]


def test_it_shows_itself_in_one_line():
    v = verloop(klein(), [waarneming(1), heropening(4)], maanden=18)
    assert repr(v) == f"Verloop(6000 patiënten, 2 maatregelen, 18 maanden, {N} trekkingen)"
    assert "geen maatregelen" in repr(verloop(klein()))


def test_a_point_within_reach_of_a_decay_without_end(dordrecht):
    s = dordrecht.situatie.vervang(verval=exponentieel(0.2))
    u = SimpleNamespace(situatie=s, getroffen=dordrecht.getroffen)
    plek = s.punten.loc[dordrecht.getroffen["patienten"].idxmax()]
    assert deel_binnen_bereik(u, plek) == 1


def test_the_core_is_plain_arrays():
    zonder, tijdelijk, vast = tel_verloop(
        10, np.array([4.0, 10.0]), np.array([0.5, 1.0]), np.zeros((3, 2)), np.ones((3, 2))
    )
    assert zonder.tolist() == [[9, 9], [7, 0], [5, 0]]
    assert tijdelijk.tolist() == [[1, 1], [1, 0], [1, 0]]
    assert vast.tolist() == [[0, 0], [2, 10], [4, 10]]


# --- Dordrecht ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dordrecht():
    land = hd.landelijke_situatie(functie="zonder_wisselend")
    return uitval(land, gm_code=DORDRECHT, patienten=6000)


def test_dordrecht_ends_at_its_own_outcome_and_measures_help(dordrecht):
    niets = verloop(dordrecht)
    assert niets.zonder.loc[24].to_numpy() == pytest.approx(dordrecht.zonder_plek.to_numpy(), abs=0)
    t = vergelijk(
        dordrecht,
        {
            "waarneming": [waarneming(2, tot=12)],
            "heropening": [heropening((6, 12))],
            "nieuw": [nieuwe_praktijk((9, 18), 2)],
            "samen": [waarneming(2, tot=12), heropening((6, 12)), nieuwe_praktijk((9, 18), 2)],
        },
    )
    assert t.loc["samen", "patientmaanden_midden"] <= t.drop(index="samen")["patientmaanden_midden"].min()
    assert (t["patientmaanden_hoog"] <= 24 * 6000).all()
    assert t.loc["waarneming", "netto_hoog"] <= 1e-6
    assert t.loc["waarneming", "einde_midden"] == t.loc[NIETS, "einde_midden"]
    assert set(dordrecht.aannames) <= set(niets.aannames)


def test_the_best_places_are_near_and_their_effect_is_that_of_the_indicator(dordrecht):
    pc4 = hd.load_pc4()
    t = beste_plek(dordrecht, fte=2, kandidaten=pc4, aantal=5)
    assert t["minuten"].is_monotonic_increasing
    assert t["mensen_binnen_bereik"].between(0, 6000, inclusive="right").all()
    assert pc4.loc[t.index[0], "gm_code"] == DORDRECHT
    assert t["tekort_fte"].notna().sum() == 5
    n = open_praktijk(dordrecht.situatie, punt=pc4.loc[t.index[0], "geometry"], fte=2)
    voor, na = (hd.tekortbeeld(s).loc[DORDRECHT] for s in (dordrecht.situatie, n))
    assert t["bereikt_erbij_fte"].iloc[0] == pytest.approx(na["bereikt_fte"] - voor["bereikt_fte"], abs=1e-9)
    assert t["tekort_fte"].iloc[0] == pytest.approx(na["tekort_fte"], abs=1e-9)
    # two fte more are reached by somebody, so no gemeente can gain more than two
    assert t["bereikt_erbij_fte"].iloc[:5].between(0, 2, inclusive="right").all()


def test_the_answer_does_not_depend_on_the_order_of_candidates(dordrecht):
    punten = dordrecht.situatie.punten.loc[dordrecht.getroffen.index[:8]]
    een = beste_plek(dordrecht, fte=1, kandidaten=punten, aantal=2)
    twee = beste_plek(dordrecht, fte=1, kandidaten=punten.iloc[::-1], aantal=2)
    pd.testing.assert_frame_equal(een, twee)
    plek = punten.iloc[[0, 0]].set_axis(["b", "a"])
    assert list(beste_plek(dordrecht, fte=1, kandidaten=plek, aantal=0).index) == ["a", "b"]


def test_another_method_gives_the_same_as_opening_the_practice(dordrecht):
    s = dordrecht.situatie.vervang(methode="3sfca")
    u = SimpleNamespace(situatie=s, getroffen=dordrecht.getroffen, gm_code=DORDRECHT)
    plek = s.punten.loc[dordrecht.getroffen.index[:1]]
    t = beste_plek(u, fte=2, kandidaten=plek, aantal=1)
    n = open_praktijk(s, punt=plek.iloc[0], fte=2)
    gm = s.gebied["gm_code"] == DORDRECHT
    na, voor = (
        (b.vraag * fca(b.vraag, b.praktijken["fte"], b.reistijden, methode=b.methode, verval=b.verval))[
            gm
        ].sum()
        for b in (n, s)
    )
    assert t["bereikt_erbij_fte"].iloc[0] == pytest.approx(na - voor, abs=1e-9)


def test_a_new_practice_far_away_takes_nobody(dordrecht):
    groningen = Point(233_500, 582_000)
    dichtbij = dordrecht.situatie.punten.loc[dordrecht.getroffen["patienten"].idxmax()]
    assert deel_binnen_bereik(dordrecht, groningen) == 0
    assert 0 < deel_binnen_bereik(dordrecht, dichtbij) <= 1
    niets, ver = verloop(dordrecht), verloop(dordrecht, [nieuwe_praktijk(0, 5, punt=groningen)])
    assert ver.vast.equals(niets.vast)
    naast = verloop(dordrecht, [nieuwe_praktijk(0, 5, punt=dichtbij)])
    assert naast.patientmaanden_zonder["verwacht"] < niets.patientmaanden_zonder["verwacht"]


def test_candidates_that_make_no_sense_are_refused(dordrecht):
    ver = gpd.GeoSeries([Point(233_500, 582_000)], index=["9711"], crs=28992)
    with pytest.raises(ParameterFout, match="binnen bereik"):
        beste_plek(dordrecht, fte=1, kandidaten=ver)
    with pytest.raises(ParameterFout, match="fte"):
        beste_plek(dordrecht, fte=0)
    with pytest.raises(ParameterFout, match="aantal"):
        beste_plek(dordrecht, fte=1, aantal=-1)
    for anders in (
        {"fte": (1, 2)},
        {"fte": True},
        {"fte": 1, "aantal": (1, 2)},
        {"fte": 1, "kandidaten": "x"},
    ):
        with pytest.raises(ParameterFout, match=r"geef een|GeoSeries"):
            beste_plek(dordrecht, **anders)
    with pytest.raises(ParameterFout):
        beste_plek(dordrecht, fte=1, kandidaten=ver.to_crs(4326))
