"""The estimator of the nearest practice and the pair model against CBS's distances, gemeenten held out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad

import huisartsdata as hd
from huisartsdata.bronnen.parameters import load_parameters, waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden import naaste, naastekans
from huisartsdata.gebieden.reisomgeving import Reisomgeving

from .bench import kalibratie

TABEL = ["correlatie", "mae_km", "spearman"]


@pytest.fixture(scope="module")
def ij():
    return kalibratie.Ijking()


@pytest.fixture(scope="module")
def km():
    return naaste.naaste_afstand()


@pytest.fixture(scope="module")
def tabel():
    return naaste.kalibratietabel()


def test_estimator_meets_all_three_targets_on_gemeenten_it_never_saw(ij, tabel):
    assert len(ij.y) == 13_806 and len(np.unique(ij.gm)) == 342
    ee = kalibratie.verwachtingen_per_vouw(ij)
    voorspeld = ij.achtergehouden(lambda k: kalibratie.schatter(ij, ee[k]), kalibratie.RIDGE)
    correlatie, mae, spearman = ij.maten(voorspeld)
    assert correlatie >= 0.88
    assert mae <= 0.35
    assert spearman >= 0.90
    # what the notebook shows is what comes out
    np.testing.assert_allclose((correlatie, mae, spearman), tabel.loc["10", TABEL].astype(float), atol=5e-4)


def test_pair_model_meets_the_error_target_only_and_the_baseline_none(ij, tabel):
    paren = kalibratie.maak_paren(ij)
    voorspeld, constanten = kalibratie.paarmodel(ij, paren)
    model, kaal = ij.maten(voorspeld), ij.maten(kalibratie.hemelsbreed(ij, paren))
    np.testing.assert_allclose(model, (0.850, 0.327, 0.866), atol=2e-3)
    np.testing.assert_allclose(kaal, (0.819, 0.438, 0.793), atol=2e-3)
    assert model[0] < 0.88 and model[1] <= 0.35 and model[2] < 0.90
    assert kaal[0] < model[0] and kaal[1] > model[1] and kaal[2] < model[2]
    np.testing.assert_allclose(model, tabel.loc["12", TABEL].astype(float), atol=5e-4)
    np.testing.assert_allclose(kaal, tabel.loc["00", TABEL].astype(float), atol=5e-4)
    # the constants in use are those of all gemeenten
    np.testing.assert_allclose(constanten, Reisomgeving().vast_km, atol=2e-3)


def test_shipped_constants_are_those_of_all_gemeenten():
    alle = kalibratie.kansen_per_vouw().loc["alle"]
    for naam, gevonden in alle.items():
        assert waarde(f"reis_naaste_{naam}") == pytest.approx(gevonden, abs=1e-4), naam
    assert {p for p in load_parameters() if p.startswith("reis_naaste_")} == {
        f"reis_naaste_{n}" for n in alle.index
    }


def test_table_shows_targets_ceiling_and_interval(tabel):
    assert set(tabel["soort"]) == {"achtergehouden", "plafond", "andere invoer", "95%-interval"}
    vast = tabel[tabel["soort"] == "achtergehouden"]
    assert vast["buurten"].eq(13_806).all() and vast["gemeenten"].eq(342).all()
    assert tabel.at["10", "correlatie"] == vast["correlatie"].max()
    # a learned model on the same inputs does no better: the inputs hold no more
    assert tabel.at["P1", "correlatie"] - tabel.at["10", "correlatie"] < 0.005
    assert (
        tabel.at["10 laag", "correlatie"] < tabel.at["10", "correlatie"] < tabel.at["10 hoog", "correlatie"]
    )


def test_estimates_agree_with_CBS_where_people_are_many(km):
    b = hd.load_buurten().loc[km.index]
    cbs = b["afstand_huisarts_km"]
    bekend = cbs.notna()

    def gemiddeld(s, rijen):
        return np.average(s[rijen], weights=b["inwoners"][rijen])

    assert gemiddeld(km, bekend) == pytest.approx(gemiddeld(cbs, bekend), abs=0.005)  # 1.08 km
    # published per gemeente: Dordrecht .9, Zwijndrecht .7, Midden-Drenthe 2.6
    for code, gepubliceerd in (("GM0505", 0.9), ("GM0642", 0.7), ("GM1731", 2.6)):
        assert gemiddeld(km, bekend & (b["gm_code"] == code)) == pytest.approx(gepubliceerd, abs=0.2)
    alle = hd.load_buurten()
    assert km.index.equals(alle.index[(alle["inwoners"] > 0) & alle.geometry.notna()])
    assert km.between(0, 20).all()


def test_closing_the_only_practice_of_a_village_is_felt_there(km):
    pc4, b = hd.load_pc4(), hd.load_buurten().loc[km.index]
    dorp = "9422"  # Smilde, the only practice of its postcode
    assert pc4.at[dorp, "praktijken"] == 1
    zonder = pc4.copy()
    zonder.loc[dorp, ["praktijken", "adressen"]] = 0
    verschil = naaste.naaste_afstand(zonder) - km
    eigen = b["pc4"] == dorp
    assert np.average(verschil[eigen], weights=b["inwoners"][eigen]) > 1
    ver = b.geometry.distance(b.geometry[eigen].union_all().centroid) > 30_000
    assert verschil[ver].abs().max() < 1e-9
    assert pc4.at[dorp, "praktijken"] == 1  # the caller's table is left alone


def test_row_order_does_not_matter(km):
    opnieuw = naaste.naaste_afstand(
        hd.load_pc4().sample(frac=1, random_state=1), buurten=hd.load_buurten().sample(frac=1, random_state=2)
    )
    pd.testing.assert_series_equal(opnieuw.reindex(km.index), km, check_exact=True)


def test_impossible_counts_are_named():
    pc4 = hd.load_pc4()
    for kolom, fout in (("praktijken", -1.0), ("adressen", np.nan), ("adressen", 0.0)):
        kapot = pc4.copy()
        kapot.loc["3311", kolom] = fout
        with pytest.raises(ParameterFout, match="3311"):
            naaste.naaste_afstand(kapot)
    with pytest.raises(ParameterFout, match="twee postcodes"):
        naaste.naaste_afstand(pc4.assign(praktijken=0.0, adressen=0.0))


def _invoer(route, groep, n=1):
    """One point, places at `route` km in postcodes `groep`."""
    k = len(route)
    een = np.ones(max(groep) + 1)
    return naastekans.NaasteInvoer(
        pd.Index(["b"] * n), {"x": np.zeros(n)}, {"x": np.zeros(k)}, {"x": een}, np.array(groep), np.array([0]),
        np.zeros(k, dtype=np.int64), np.arange(k), np.array(route, dtype=float))  # fmt: skip


def _verwacht(route, groep, gewicht, aantal=None, blur=0.01):
    invoer = _invoer(route, groep)
    aantal = np.ones(max(groep) + 1) if aantal is None else np.array(aantal, dtype=float)
    klein = np.full(len(route), blur)
    return naastekans._verwacht_minimum(invoer, np.array(gewicht, dtype=float), aantal, klein[:1], klein)[0]


def test_expected_minimum_of_sure_and_unsure_places():
    # the grid grows by 1.19 a step, so a sharp distance is known to half of that
    grof = 0.1
    assert _verwacht([2.0], [0], [0.9999]) == pytest.approx(2, rel=grof)
    # one practice that stands at 1 or 3 km with equal chance
    assert _verwacht([1.0, 3.0], [0, 0], [0.5, 0.4999]) == pytest.approx(2, rel=grof)
    # two independent ones: nearest at 1 unless both are at 3, so .75 x 1 + .25 x 3
    assert _verwacht([1.0, 3.0], [0, 0], [0.5, 0.4999], aantal=[2]) == pytest.approx(1.5, rel=grof)
    assert _verwacht([1.0, 3.0, 1.0, 3.0], [0, 0, 1, 1], [0.5, 0.4999] * 2) == pytest.approx(1.5, rel=grof)
    # a sure one nearby hides all else
    assert _verwacht([0.5, 4.0], [0, 1], [0.9999, 0.9999]) == pytest.approx(0.5, rel=grof)


def test_blur_is_the_distance_between_two_normal_clouds():
    # distance of a normal point (variance s2 per axis) to a fixed one at d: Rice, mean by integration
    d, s2 = 1.5, 0.3**2
    from scipy.special import ive

    def dichtheid(r):
        return r / s2 * np.exp(-((r - d) ** 2) / (2 * s2)) * ive(0, r * d / s2)

    gemiddeld = quad(lambda r: r * dichtheid(r), 0, 6)[0]
    blur = np.sqrt(s2)  # half of it at either end
    assert _verwacht([d], [0], [0.9999], blur=blur) == pytest.approx(gemiddeld, abs=0.03)
