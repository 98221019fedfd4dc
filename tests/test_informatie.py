"""Signals beside the model, reach for whom, what a delivery settles: totals, directions, and honest limits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import ParameterFout
from huisartsdata.model import informatie, onzekerheid
from huisartsdata.model.typologie import ruimte
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.verhaal import gevoeligheidstabellen, tekortfiguren
from huisartsdata.uitvoer.verhaal.oordelen import oordeelzin


@pytest.fixture(scope="module")
def situatie():
    return hd.landelijke_situatie(functie="zonder_wisselend")


def test_room_is_observed_or_not_measured():
    r = ruimte("regioplus")
    # the Rekenkamer names four regions with at least three in four practices closed
    assert (r["ruimte"] == "vol").sum() == 4
    assert (
        r.at["RA1121", "ruimte"] == "vol"
        and r.at["RA1121", "stop_laag"] == 75
        and np.isnan(r.at["RA1121", "stop_hoog"])
    )
    # Drenthe's province and RegioPlus region are the same gemeenten, so the province's signal holds
    assert r.at["RA0102", "ruimte"] == "relatief open"
    assert (r["ruimte"] == "niet gemeten").sum() == 20
    assert r.loc[r["ruimte"] != "niet gemeten", "bron"].notna().all()


def test_the_two_cases_are_typed_by_observation():
    t = hd.typeer("regioplus")
    assert t.at["RA0102", "type"] == "ver, relatief open"
    assert t.at["RA1121", "type"] == "dichtbij, vol"


def test_model_is_tested_by_signals_and_says_its_norm(situatie):
    beeld = hd.tekortbeeld(situatie, per="regioplus")
    tabel, toets = hd.model_tegen_signaal(situatie, beeld, herhalingen=2_000)
    assert toets["vol"] == 4 and toets["norm"] == 2095
    assert 0 < toets["kans"] <= 1
    assert len(tabel) == 28
    # the same test on a reach that is low exactly where regions are full must find it
    gemaakt = beeld.assign(bereikt_fte=beeld["nodig_fte"] * np.where(tabel["ruimte"] == "vol", 0.5, 1.0))
    assert hd.model_tegen_signaal(situatie, gemaakt, herhalingen=2_000)[1]["kans"] < 0.01


def test_reach_is_the_national_ratio_on_average(situatie):
    b = hd.bereikbeeld(situatie, trekkingen=40)
    v = situatie.vraag.groupby(situatie.gebied["gm_code"]).sum()
    assert np.average(b["bereik_fte_per_10000"], weights=v) == pytest.approx(
        8_981 / 17_942_942 * 1e4, rel=1e-6
    )
    assert (b["laag"] <= b["hoog"]).all()
    assert b["kans_onder_gemiddeld"].between(0, 1).all()


def test_newcomers_reach_less_and_less_surely(situatie):
    alle = hd.bereikbeeld(situatie, trekkingen=40)
    nieuw = hd.bereikbeeld(situatie, wie="nieuwkomers", trekkingen=40)
    deel = (nieuw["bereik_fte_per_10000"] / alle["bereik_fte_per_10000"]).median()
    assert 0.24 < deel < 0.5  # the range that the signals give for practices that take patients
    breed = (nieuw["hoog"] - nieuw["laag"]) / nieuw["bereik_fte_per_10000"]
    smal = (alle["hoog"] - alle["laag"]) / alle["bereik_fte_per_10000"]
    assert (breed > smal).mean() > 0.9
    dicht = situatie.praktijken.assign(open_voor_inschrijving="nee")
    niets = hd.bereikbeeld(situatie.vervang(praktijken=dicht), wie="nieuwkomers", trekkingen=3)
    assert niets["bereik_fte_per_10000"].abs().max() == 0
    iedereen = hd.bereikbeeld(
        situatie.vervang(praktijken=dicht.assign(open_voor_inschrijving="ja")), wie="nieuwkomers"
    )
    np.testing.assert_allclose(iedereen["bereik_fte_per_10000"], alle["bereik_fte_per_10000"])
    with pytest.raises(ParameterFout):
        hd.bereikbeeld(situatie, wie="buren")


def test_a_delivery_never_settles_fewer_and_more_detail_settles_more(situatie):
    w = hd.waarde_van_informatie(situatie, trekkingen=150, waarheden=4, regios=["RA0102"])
    assert set(w.index) == {
        "geen",
        "nivel_regioplus",
        "nivel_gemeente",
        "praktijken_land",
        "praktijken_RA0102",
    }
    assert w.at["nivel_gemeente", "beslist"] > 100
    assert w.at["nivel_gemeente", "beslist"] > 3 * w.at["nivel_regioplus", "beslist"]
    assert w.at["praktijken_RA0102", "erbij"] >= 0
    assert w["juist"].dropna().between(0.85, 1).all()


def test_delivered_draws_hold_the_truth_and_the_national_total(situatie):
    fte = onzekerheid.trek_fte(situatie, trekkingen=6, seed=2)
    echt = fte.iloc[:, 0]
    gm = situatie.praktijken["gm_code"]
    binnen = gm.isin(hd.load_gebieden("provincie").at["PV22", "gemeenten"])
    na = pd.DataFrame(
        informatie._stem_af(
            fte.iloc[:, 1:].to_numpy(), echt.to_numpy(), pd.factorize(gm)[0], binnen.to_numpy()
        ),
        index=fte.index,
    )
    np.testing.assert_allclose(na.sum(), echt.sum())
    doel = echt[binnen].groupby(gm[binnen]).sum()
    np.testing.assert_allclose(
        na[binnen].groupby(gm[binnen]).sum(), np.repeat(doel.to_numpy()[:, None], 5, axis=1)
    )


def test_supply_is_the_largest_source_of_doubt(situatie):
    v = hd.variantiebijdragen(situatie, trekkingen=60)
    assert (v["belangrijkste"] == "aanbod").mean() > 0.9
    assert (v.drop(columns="belangrijkste") >= 0).all().all()


def test_look_back_does_not_flatter_the_model(situatie):
    t = hd.terugblik(situatie, herhalingen=4_000)
    assert list(t.index) == ["GM0114", "GM0080", "GM1901", "GM0758", "alle"]
    assert t.at["alle", "percentiel"] == pytest.approx(t["percentiel"].iloc[:4].mean())
    assert t["percentiel"].between(0, 100).all()
    assert 0.05 < t.at["alle", "kans"] < 0.95


def test_flips_lie_between_never_and_always(situatie):
    w = hd.wisselingen({n: situatie.vervang(norm=n) for n in (500, 2095, 9000)})
    assert (w["combinaties"] == 15).all()
    assert w["wisselt"].all()  # at 500 everyone is short, at 9,000 nobody
    assert not hd.wisselingen({"x": situatie.vervang(norm=9000)})["wisselt"].any()


def test_random_zones_are_connected_and_complete():
    buren = {0: [1], 1: [0, 2], 2: [1, 3], 3: [2], 4: []}
    zone = gevoeligheidstabellen._groei(buren, 2, np.random.default_rng(1))
    assert set(zone[:4]) <= {0, 1} and zone[4] == -1  # an island is left to its nearest neighbour
    from itertools import pairwise

    assert sum(a != b for a, b in pairwise(zone[:4])) <= 1  # on a line two connected zones meet once


def test_norm_grid_holds_the_published_figures(situatie):
    r = tekortfiguren.normrooster({"zonder_wisselend": situatie}, trekkingen=100)
    naam = "zonder wisselende waarnemers"
    assert round(r.at[(naam, 1800), "nodig_fte"]) == 9_968
    assert round(r.at[(naam, 1998), "niveau_fte"]) == 0
    assert (r[["tekort", "onbekend", "geen tekort"]].sum(axis=1) == 342).all()


def test_the_title_of_the_map_of_verdicts_is_a_sentence(situatie):
    k = load_kaartgebied("PV22")
    beeld = hd.tekortbeeld(situatie, trekkingen=20).loc[k.gebieden.index]
    geen = tekortfiguren.oordeelkaart(situatie, beeld.assign(oordeel="onbekend"), k)
    assert geen.titel == "Van geen van de 12 gemeenten is met openbare cijfers te zeggen of er een tekort is"
    deel = pd.Series(["tekort"] * 2 + ["geen tekort"] * 10)
    assert oordeelzin(deel, "wijken") == (
        "In 2 van de 12 wijken is er vrijwel zeker een tekort, in 10 vrijwel zeker niet"
    )
    # one area is no "van de 1"
    assert [oordeelzin(pd.Series([o])) for o in ("onbekend", "tekort", "geen tekort")] == [
        "Of deze gemeente een tekort heeft, is met openbare cijfers niet te zeggen",
        "Deze gemeente heeft vrijwel zeker een tekort", "Deze gemeente heeft vrijwel zeker geen tekort",
    ]  # fmt: skip


def test_source_line_names_every_reference_date(situatie):
    regel = tekortfiguren.modelbronregel(situatie)
    tekst = regel.tekst
    # plain words in print, the technical name in the provenance beside the figure
    assert "gauss" not in tekst
    assert regel.als_dict()["techniek"].startswith("e2sfca, gauss (sigma")
    binair = situatie.vervang(verval=hd.verval.binair(10))
    assert "binnen 10 minuten telt elke praktijk even zwaar" in tekortfiguren.modelbronregel(binair).tekst
    for deel in (
        "maart 2026",
        "1 januari 2024",
        "2021",
        "2025",
        "2022",
        "2017",
        "2.095",
        "zonder wisselende",
        "modelschatting",
        "na 15 minuten telt er geen",
        "CC BY 4.0",
        "grens tellen niet mee",
    ):
        assert deel in tekst, deel


def test_split_per_region_and_switches(situatie):
    d = gevoeligheidstabellen.splits_per_regio(situatie.vervang(norm=1800), trekkingen=60)
    assert len(d) == 28 and (d.filter(regex="_fte$") >= -1e-9).all().all()
    beeld = hd.tekortbeeld(situatie.vervang(norm=1800), per="regioplus")
    np.testing.assert_allclose(d["regio_fte"], beeld["tekort_fte"])
    assert (
        (d["regio_verval_laag"] <= d["regio_fte"] + 1e-9) & (d["regio_fte"] <= d["regio_verval_hoog"] + 1e-9)
    ).all()
    e = gevoeligheidstabellen.schakeleffect(situatie)
    assert (e["laagste"] < 0).all() and (e["hoogste"] > 0).all() and e.abs().max().max() < 0.35
