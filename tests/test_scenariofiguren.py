"""Figures of the cases: titles computed, the table behind them, texts that follow the numbers."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.schermen.uitvalpaneel import Uitvalrekenaar, uitvalzin
from huisartsdata.uitvoer.verhaal import scenariovormen, toekomstfiguren, uitvalfiguren


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(functie="zonder_wisselend")


@pytest.fixture(scope="module")
def uitval(land):
    return hd.scenario.uitval(land, gm_code="GM0505", patienten=6000, open_aandeel=(0.0, 0.25), trekkingen=60)


def test_the_map_of_who_is_hit_holds_every_patient(uitval):
    k = load_kaartgebied(["GM0505"], niveau="wijk")
    f = uitvalfiguren.getroffenkaart(uitval, k)
    binnen = f.tabel["getroffen_patienten"].sum()
    deel = int(re.search(r"(\d+)% buiten", f.titel)[1]) / 100
    assert deel == pytest.approx(1 - binnen / 6000, abs=0.0051)
    assert "geen uitspraak over een bestaande praktijk" in f.bronregel


def _teksten(figuur):
    """Every text of the sheet, lines joined."""
    return " ".join(" ".join(t.get_text() for ax in figuur.fig.axes for t in ax.texts).split())


def test_the_grid_shows_the_outcome_of_the_outage(uitval):
    f = uitvalfiguren.zonderplekrooster(uitval)
    assert f.tabel.shape == (5, 3)
    waarden = f.tabel.to_numpy()
    # fewer open practices, or less room in each, never places more people
    assert (np.diff(waarden, axis=0) <= 0).all()
    assert (np.diff(waarden, axis=1) <= 0).all()
    assert getal(waarden.max(), 0) in f.titel
    assert "6.000 patiënten van een praktijk in Dordrecht" in f.titel  # no map tells where


def test_the_loss_of_reach_is_between_nothing_and_all(uitval):
    k = load_kaartgebied(["GM0505"], niveau="wijk")
    f = uitvalfiguren.afnamekaart(uitval, k)
    # the figure before and after, and the web map, count the same: unknown where the decays disagree
    telt = (f.tabel["klasse"] != "onbekend") & (f.tabel["afname_bereik"] >= 0.01)
    assert (f.tabel["klasse"] == "onbekend").sum() > 0
    assert f"verliezen {telt.sum()} van de 13 wijken minstens 1%" in f.titel
    assert f.titel == scenariovormen.uitvalverschil(uitval, k).titel == hd.webkaart_uitval(uitval, k).titel
    afname = f.tabel["afname_bereik"]
    assert afname.between(0, 1).all()
    # what the whole gemeente loses lies within what its wijken lose
    e = uitval.effect(per="gemeente").loc["GM0505"]
    assert afname.min() <= 1 - e["bereikt_na"] / e["bereikt_voor"] <= afname.max()


def test_the_course_has_a_panel_per_package_and_tells_patient_months(uitval):
    niets, weer = hd.scenario.verloop(uitval), hd.scenario.verloop(uitval, [hd.scenario.heropening(3)])
    f = uitvalfiguren.verloopgrafiek(uitval, {"niets doen": niets, "heropening": weer})
    assert list(f.tabel.columns) == [
        f"{n} {d}" for n in ("niets doen", "heropening") for d in ("midden", "laag", "hoog")
    ]
    assert (f.tabel["heropening midden"] <= f.tabel["niets doen midden"]).all()
    assert "6.000 patiënten van een praktijk in Dordrecht" in _teksten(f)
    maanden = [float(x.replace(",", ".")) for x in re.findall(r"(\d+,\d) (?:maanden|bij)", f.titel)]
    assert maanden == sorted(maanden, reverse=True)


def test_destinations_add_up_to_the_placed(uitval):
    b = uitvalfiguren.bestemmingen(uitval, hd.load_gemeenten()["naam"])
    assert b["erbij"].sum() == pytest.approx(uitval.trekking["geplaatst"].mean(), rel=1e-9)
    assert b["naam"].notna().all()


def test_all_neighbours_together_take_everyone(land):
    # a place that is given: where it is drawn, each practice counts only the draws in which it is a neighbour
    eerste = land.praktijken.index[land.praktijken["gm_code"] == "GM0505"][0]
    u = hd.scenario.uitval(land, gm_code="GM0505", patienten=4000, praktijk_id=eerste, trekkingen=10)
    b = uitvalfiguren.bestemmingen(u, hd.load_gemeenten()["naam"])
    assert b["nodig_als_alle_open"].sum() == pytest.approx(4000, rel=1e-6)


def test_the_sentence_below_the_sliders_follows_them(land):
    reken = Uitvalrekenaar({"zonder_wisselend": land}, "GM0505")
    waarden = {"patienten": 3000, "grens_minuten": 15, "norm": 2095, "functie": "zonder_wisselend"}
    dicht, open_ = (reken(open_aandeel=a, **waarden) for a in (0.0, 1.0))
    assert uitvalzin(dicht).startswith("**3.000 mensen zonder plek**")
    assert uitvalzin(open_).startswith("**0 mensen zonder plek**")
    assert "3.000, als alle" in uitvalzin(open_)


def test_the_projection_says_both_variants(land):
    f = toekomstfiguren.ramingfiguur(hd.scenario.raming_beide())
    eind = hd.scenario.raming_beide().loc[2035]
    over, kort = -eind["verschil_demografie_fte"], eind["verschil_alle_termen_fte"]
    # not rounded further than where the same two numbers stand elsewhere
    assert f.titel.startswith(f"In 2035 zijn er {getal(over, 0)} fte over of {getal(kort, 0)} fte te weinig")
    assert 220 < over < 235 and 2995 < kort < 3010
    assert {"nodig, alle termen", "nodig, alleen demografie", "aanbod"} == set(f.tabel.columns)


def test_exposure_names_what_is_not_known(land):
    v = hd.scenario.vooruitzicht(land, jaar=2035)
    f = toekomstfiguren.blootstellingfiguur(v, nadruk=("PV22",))
    assert f.titel.startswith("Van 7 van de 12 provincies is de leeftijd van huisartsen niet bekend")
    assert (f.tabel["laag"] <= f.tabel["waarde"]).all()
    assert (f.tabel["waarde"] <= f.tabel["hoog"]).all()
    assert "geen voorspelling" in f.bronregel


def test_the_map_of_last_practices_counts_people(land):
    tabel = hd.scenario.laatste_praktijk(land, minuten=10)
    k = load_kaartgebied("provincie:Drenthe", niveau="wijk")
    f = toekomstfiguren.laatstepraktijkkaart(land, tabel, k, minuten=10)
    zonder, een = f.tabel["inwoners_zonder"].sum(), f.tabel["inwoners_een"].sum()
    assert f.titel == (
        f"{getal(een, 0)} mensen hebben nog maar één praktijk binnen 10 minuten, en {getal(zonder, 0)} hebben er geen"
    )
    # the map shows the people of the title, and every wijk without them says so
    getoond = f.tabel["inwoners_hooguit_een"]
    assert getoond.sum() == pytest.approx(zonder + een, abs=len(getoond))
    assert ((f.tabel["klasse"] == "niemand") == (getoond == 0)).all()
    som = hd.scenario.vat_laatste_samen(tabel, land, per="provincie").loc["PV22", "inwoners_zonder"]
    assert zonder == pytest.approx(som)


@pytest.mark.parametrize(
    ("een", "zonder", "zin"),
    [
        (1015, 0, "1.015 mensen hebben nog maar één praktijk binnen 10 minuten, en niemand heeft er geen"),
        (1, 15, "Eén mens heeft nog maar één praktijk binnen 10 minuten, en 15 hebben er geen"),
        (0, 15, "15 mensen hebben geen praktijk binnen 10 minuten; alle anderen hebben er minstens twee"),
        (0, 0, "Iedereen heeft minstens twee praktijken binnen 10 minuten"),
    ],
)
def test_nobody_is_not_a_number(land, een, zonder, zin):
    k = load_kaartgebied("gemeente:Enschede", niveau="wijk")
    codes = k.gebieden.index
    kolommen = ["praktijken", "inwoners", "laatste", "kans_weg", "kans_weg_laag", "kans_weg_hoog"]
    tabel = pd.DataFrame(0.0, index=codes, columns=[*kolommen, "inwoners_zonder", "inwoners_een"])
    tabel.loc[codes[0], ["inwoners_een", "inwoners_zonder"]] = float(een), float(zonder)
    f = toekomstfiguren.laatstepraktijkkaart(land, tabel, k, minuten=10)
    assert f.titel == zin
    assert (f.tabel["klasse"] != "niemand").sum() == int(een + zonder > 0)


def test_the_months_carry_their_band_in_the_table_alone(uitval):
    f = scenariovormen.maandfiguur(uitval, {"niets doen": hd.scenario.verloop(uitval)})
    laag, midden, hoog = (
        f.tabel[k] for k in ("zonder huisarts_laag", "zonder huisarts", "zonder huisarts_hoog")
    )
    assert (laag <= hoog).all() and midden.between(laag.min(), hoog.max()).all()
    assert "6.000 patiënten van een praktijk in Dordrecht" in _teksten(f)
    # no line over the stack: it would be read as a border between two states
    assert not [x for ax in f.fig.axes for x in ax.lines]


def test_a_satellite_tells_gain_and_loss(land):
    punt = land.punten[land.inwoners[land.gebied["gm_code"] == "GM1731"].idxmax()]
    ids = land.praktijken.index[land.praktijken["gm_code"] == "GM0106"]
    wissel = hd.scenario.dependance(land, land.praktijken.loc[ids, "fte"].idxmax(), punt=punt, fte=0.5)
    zin = toekomstfiguren.locatiezin(wissel)
    assert "en 0 minder" not in zin
    assert zin.endswith("het totaal aan fte blijft gelijk.")


def test_the_exchange_grid_is_per_hundred_thousand(land):
    r = hd.scenario.ruilrooster(land, gebied=["GM0505", "GM0642"], misplaatst=(500, 2000))
    f = toekomstfiguren.ruilfiguur(land, r, naam="Dordrecht en Zwijndrecht")
    assert list(f.tabel.index) == ["500", "2.000"]
    assert (f.tabel.to_numpy() <= 100_000).all()
    assert "100.000" in f.titel


def test_measures_in_a_table_a_reader_understands(uitval):
    naast = hd.scenario.vergelijk(uitval, {"heropening": [hd.scenario.heropening(3)]})
    t = uitvalfiguren.maatregeltabel(naast)
    assert list(t.index) == ["niets doen", "heropening"]
    assert t.loc["heropening", "fte erbij"] == pytest.approx(uitval.fte)
    assert isinstance(t, pd.DataFrame)
    assert not any("_" in k for k in t.columns)
