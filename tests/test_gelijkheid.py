"""Equity indices: published values, hand-worked cases, the axioms they must obey, and the country."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import huisartsdata as hd
from huisartsdata.fouten import ContractFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.model.gelijkheid import MATEN, gelijkheidsbeeld
from huisartsdata.model.gelijkheidsmaten import concentratie_index, gini, hellingsindex, rangfractie
from huisartsdata.model.onzekerheid import trek_gebieden
from huisartsdata.model.spreidingsmaten import percentielverhouding, splits_theil, theil

# published: vignette of the R package dceasimR, healthy life expectancy in five equal groups
HALE = [52.1, 56.3, 59.8, 63.2, 66.8]
# published: example of the R package ineq, with its Gini and Theil
INEQ = [541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261]

positief = st.floats(0.01, 1000, allow_nan=False)
rijen = st.lists(st.tuples(positief, st.integers(1, 6), st.integers(0, 4)), min_size=5, max_size=25).filter(
    lambda r: len({x[2] for x in r}) >= 3
)


def _uit(r):
    y, g, x = (np.array(k, dtype=float) for k in zip(*r, strict=True))
    return y, g, x


def _alle(y, x, g):
    h, s = hellingsindex(y, x, g), splits_theil(y, x.astype(int).astype(str), g)
    c, p = concentratie_index(y, x, g).index, percentielverhouding(y, g)
    return np.array([h.relatief, c, gini(y, g), s.totaal, s.tussen, s.binnen, p])


# --- values from outside


def test_rangfractie_van_het_engelse_voorbeeld():
    # documentation of phe_sii: 12% and then 10% of the people give ranks .06 and .17
    np.testing.assert_allclose(rangfractie([1, 2, 3], [12, 10, 78])[:2], [0.06, 0.17])


def test_hellingsindex_tegen_gepubliceerde_uitkomst():
    h = hellingsindex(HALE, range(5), standaardfout="klassiek")
    assert h.sii == pytest.approx(18.15, abs=5e-3)
    assert h.standaardfout == pytest.approx(0.4112988, abs=5e-8)
    assert h.relatief == pytest.approx(0.304326, abs=5e-7)
    # same source: intercept 50.57, so that the ratio of the ends is (50.57 + 18.15) / 50.57
    assert h.verhouding == pytest.approx((50.57 + 18.15) / 50.57, abs=2e-4)
    # t(3) at 97.5% is 3.182446 (table)
    assert h.hoog - h.sii == pytest.approx(3.182446 * 0.4112988, abs=1e-5)


def test_concentratie_index_tegen_gepubliceerde_uitkomst():
    assert concentratie_index(HALE, range(5)).index == pytest.approx(0.04869215, abs=5e-9)


def test_gini_en_theil_tegen_gepubliceerde_uitkomst():
    assert gini(INEQ) == pytest.approx(0.462091130267624, abs=1e-14)
    assert theil(INEQ) == pytest.approx(0.3623412, abs=5e-8)
    # documentation of Inequality.jl
    assert theil([8, 5, 1, 3, 5, 6, 7, 6, 3]) == pytest.approx(0.10494562214323544, abs=1e-15)


def test_teken_zoals_in_het_engelse_werk():
    # Asaria and others 2016: 54.0 fte per 100,000 in the most and 57.2 in the least deprived fifth went
    # with +4.2, and 60.5 against 59.9 with -0.7: positive is more for the least deprived
    assert hellingsindex([54.0, 55.6, 56.0, 56.5, 57.2], range(5)).sii > 0
    assert hellingsindex([60.5, 60.2, 60.1, 60.0, 59.9], range(5)).sii < 0


# --- worked by hand


def test_hellingsindex_met_ongelijke_gewichten_met_de_hand():
    # people 2, 1, 1: ranks .25, .625, .875; mean rank .5, mean value (2*1 + 2 + 4) / 4 = 2
    # s_xy = .5*(-.25)(-1) + .25*(.125)(0) + .25*(.375)(2) = .3125; s_xx = .5*.0625 + .25*(.015625 + .140625) = .0703125
    h = hellingsindex([1, 2, 4], [10, 20, 30], [2, 1, 1])
    assert h.sii == pytest.approx(0.3125 / 0.0703125)
    assert h.relatief == pytest.approx(0.3125 / 0.0703125 / 2)


def test_hc3_tegen_de_matrixformule():
    rng = np.random.default_rng(1)
    y, x, g = rng.gamma(4, 1, 40), rng.random(40), rng.integers(1, 50, 40).astype(float)
    a = np.column_stack([np.ones(40), rangfractie(x, g)])
    broodje = np.linalg.inv(a.T @ (g[:, None] * a))
    e = y - a @ (broodje @ a.T @ (g * y))
    hefboom = g * np.einsum("ij,jk,ik->i", a, broodje, a)
    vlees = a.T @ ((g * e / (1 - hefboom))[:, None] ** 2 * a)
    verwacht = np.sqrt((broodje @ vlees @ broodje)[1, 1])
    assert hellingsindex(y, x, g).standaardfout == pytest.approx(verwacht, rel=1e-10)


def test_concentratie_met_de_hand():
    # values 1 and 3: ranks .25 and .75, mean 2: C = 2/2 * mean((-1)(-.25), (1)(.25)) = .25
    # a = y/mu (2R - 1 - C) + 2 - q_below - q: .5(-.75) + 2 - 0 - .25 = 1.375; 1.5(.25) + 2 - .25 - 1 = 1.125
    # Var C = ((1.375^2 + 1.125^2) / 2 - 1.25^2) / 2 = .0078125
    c = concentratie_index([1, 3], [1, 2])
    assert c.index == pytest.approx(0.25)
    assert c.standaardfout == pytest.approx(np.sqrt(0.0078125))


def test_correcties_met_de_hand():
    # share .2 and .6, bounds 0 and 1: mu .4, C = 2/.4 * (.2*.25) = .25
    grens = {"grenzen": (0.0, 1.0)}
    assert concentratie_index([0.2, 0.6], [1, 2], correctie="erreygers", **grens).index == pytest.approx(0.4)
    assert concentratie_index([0.2, 0.6], [1, 2], correctie="wagstaff", **grens).index == pytest.approx(
        0.25 / 0.6
    )
    # Erreygers: the same for attainment and shortfall but for the sign
    ruim = concentratie_index([0.8, 0.4], [1, 2], correctie="erreygers", **grens).index
    assert ruim == pytest.approx(-0.4)


def test_gini_theil_en_percentielen_met_de_hand():
    # everything in one of n areas: Gini (n - 1) / n, Theil ln n
    assert gini([0, 0, 0, 5]) == pytest.approx(0.75)
    assert theil([0, 0, 0, 5]) == pytest.approx(np.log(4))
    # 1 1 | 2 4, mean 2: groups hold shares 1/4 and 3/4, means 1 and 3
    s = splits_theil([1, 1, 2, 4], ["a", "a", "b", "b"])
    assert s.tussen == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    assert s.binnen == pytest.approx(0.75 * (np.log(2 / 3) / 3 + np.log(4 / 3) * 2 / 3))
    assert s.groepen["theil"].iloc[0] == 0
    # weights 1 8 1: a tenth at 1, so P10 is 1; nine tenths at 2 or less, so P90 is 2
    assert percentielverhouding([1, 2, 7], [1, 8, 1]) == pytest.approx(2.0)
    assert np.isnan(percentielverhouding([0, 2, 7]))


# --- axioms


@settings(max_examples=60, deadline=None)
@given(rijen, st.floats(0.01, 100))
def test_schaal_volgorde_en_herhaling(r, c):
    y, g, x = _uit(r)
    basis = _alle(y, x, g)
    np.testing.assert_allclose(_alle(c * y, x, g), basis, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(_alle(y, x, c * g), basis, rtol=1e-8, atol=1e-9)
    om = np.random.default_rng(len(y)).permutation(len(y))
    np.testing.assert_allclose(_alle(y[om], x[om], g[om]), basis, rtol=1e-8, atol=1e-9)
    # replication: an area of weight k is k areas of weight 1 (the point values, not the errors)
    k = g.astype(int)
    los = _alle(np.repeat(y, k), np.repeat(x, k), np.ones(k.sum()))
    np.testing.assert_allclose(los, basis, rtol=1e-8, atol=1e-9)
    # any increasing transformation of the ranking is the same ranking
    np.testing.assert_allclose(_alle(y, np.exp(x), g)[:2], basis[:2], rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(rijen)
def test_grenzen_ontleding_en_teken(r):
    y, g, x = _uit(r)
    s = splits_theil(y, x.astype(int).astype(str), g)
    assert s.tussen + s.binnen == pytest.approx(s.totaal, rel=1e-11, abs=1e-13)
    assert s.tussen >= 0 and s.binnen >= 0
    assert 0 <= gini(y, g) < 1
    assert 0 <= theil(y, g) <= np.log(g.sum() / g.min()) + 1e-12
    c = concentratie_index(y, x, g).index
    assert abs(c) <= gini(y, g) + 1e-12  # no ranking concentrates more than that by the value itself
    assert percentielverhouding(y, g) >= 1
    # turning the ranking round turns the sign and nothing else
    om = hellingsindex(y, -x, g)
    assert om.sii == pytest.approx(-hellingsindex(y, x, g).sii, rel=1e-9, abs=1e-9)
    assert concentratie_index(y, -x, g).index == pytest.approx(-c, rel=1e-9, abs=1e-12)
    # slope and concentration index are one covariance: C = SII * 2 var(R) / mu
    w = g / g.sum()
    var = w @ (rangfractie(x, g) - 0.5) ** 2
    assert c == pytest.approx(hellingsindex(y, x, g).sii * 2 * var / (w @ y), rel=1e-8, abs=1e-11)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1, 100), min_size=4, max_size=12), st.floats(0.05, 0.95))
def test_overdracht_van_rijk_naar_arm_verlaagt(y, deel):
    y = np.sort(np.array(y))
    if y[-1] - y[0] < 1e-3:
        return
    na = y.copy()
    # at most to the middle between the two, so that they do not change places
    na[[0, -1]] += np.array([1, -1]) * deel * (y[-1] - y[0]) / 2
    assert theil(na) < theil(y)
    assert gini(na) < gini(y)


@pytest.mark.parametrize("n", [3, 17])
def test_gelijke_verdeling_is_nul(n):
    y, x, g = np.full(n, 2.7), np.arange(n), np.arange(1, n + 1)
    h = hellingsindex(y, x, g)
    assert abs(h.sii) < 1e-12 and abs(h.verhouding - 1) < 1e-12 and h.standaardfout < 1e-12
    assert abs(concentratie_index(y, x, g).index) < 1e-15
    assert gini(y, g) < 1e-15 and theil(y, g) < 1e-15 and percentielverhouding(y, g) == 1


def test_plaats_zonder_mensen_telt_niet_mee():
    met = hellingsindex([5, 6, 8, 99], [1, 2, 3, 2.5], [2, 1, 1, 0])
    assert met == hellingsindex([5, 6, 8], [1, 2, 3], [2, 1, 1])


def test_interval_dekt_de_waarheid():
    # values whose spread grows with the rank: 95% intervals must hold the true slope 92 to 98 times in 100
    rng = np.random.default_rng(3)
    x = np.arange(60)
    r = rangfractie(x)
    raak = 0
    for _ in range(1000):
        h = hellingsindex(5 + 2 * r + rng.normal(0, 0.2 + r), x)
        raak += h.laag <= 2 <= h.hoog
    assert 920 <= raak <= 980


def test_standaardfout_van_de_concentratie_index_is_de_spreiding_over_steekproeven():
    rng = np.random.default_rng(4)
    indexen, fouten = [], []
    for _ in range(600):
        x = rng.random(150)
        c = concentratie_index(rng.gamma(3, 1 + x), x)
        indexen.append(c.index)
        fouten.append(c.standaardfout)
    assert np.mean(fouten) == pytest.approx(np.std(indexen), rel=0.1)


# --- refusals


def test_series_gaan_op_label():
    y = pd.Series([1.0, 2.0, 4.0], index=list("abc"))
    x = pd.Series([30, 10, 20], index=list("cab"))
    assert hellingsindex(y, x) == hellingsindex([1, 2, 4], [10, 20, 30])
    with pytest.raises(ContractFout, match="andere gebieden"):
        hellingsindex(y, x.rename({"c": "d"}))


@pytest.mark.parametrize(
    ("roep", "melding"),
    [
        (lambda: hellingsindex([1, np.nan, 3], [1, 2, 3]), "geen getal"),
        (lambda: hellingsindex([1, 2, 3], [1, 1, 2]), "drie verschillende"),
        (lambda: hellingsindex([1, 2], [1, 2, 3]), "even lang"),
        (lambda: gini([1, 2], [1, -1]), "negatief"),
        (lambda: gini([0, 0]), "niet meer dan 0"),
        (lambda: theil([-1, 2]), "negatief"),
        (lambda: theil([]), "leeg"),
        (lambda: splits_theil([1, 2], ["a", None]), "zonder groep"),
        (lambda: hellingsindex(None, [1, 2, 3]), "geen rij"),
        (lambda: hellingsindex(3.0, [1, 2, 3]), "geen rij"),
        (lambda: hellingsindex(["a", "b", "c"], [1, 2, 3]), "tekst"),
        (lambda: hellingsindex([1, 2, 3], ["a", "b", "c"]), "tekst"),
        (lambda: hellingsindex([1, 2, 3], [1, 2, 3], ["a", "b", "c"]), "tekst"),
        (lambda: hellingsindex([1e308] * 3, [1, 2, 3]), "te groot"),
        (lambda: gini("abc"), "tekst"),
        (lambda: rangfractie(["a"]), "tekst"),
        (
            lambda: concentratie_index([0.2, 1.6], [1, 2], grenzen=(0, 1), correctie="wagstaff"),
            "buiten de grenzen",
        ),
    ],
)
def test_niet_te_meten_wordt_geweigerd(roep, melding):
    with pytest.raises(ContractFout, match=melding):
        roep()


def test_foute_keuzes():
    with pytest.raises(ParameterFout, match="hc3"):
        hellingsindex([1, 2, 3], [1, 2, 3], standaardfout="hc9")
    with pytest.raises(ParameterFout, match="betrouwbaarheid"):
        hellingsindex([1, 2, 3], [1, 2, 3], betrouwbaarheid=95)
    with pytest.raises(ParameterFout, match="grens"):
        concentratie_index([1, 2], [1, 2], correctie="erreygers")
    with pytest.raises(ParameterFout, match="laag"):
        percentielverhouding([1, 2], laag=0.9, hoog=0.1)
    with pytest.raises(ParameterFout, match="laag"):
        percentielverhouding([1, 2], hoog="veel")
    with pytest.raises(ParameterFout, match="betrouwbaarheid"):
        hellingsindex([1, 2, 3], [1, 2, 3], betrouwbaarheid="veel")
    for grenzen in ((0, 1, 2), ("a", "b"), (np.nan, 5), 3):
        with pytest.raises(ParameterFout, match="grens"):
            concentratie_index([1, 2], [1, 2], grenzen=grenzen, correctie="erreygers")


# --- the country


@pytest.fixture(scope="module")
def situatie():
    return hd.landelijke_situatie()


@pytest.fixture(scope="module")
def oud():
    return hd.load_kerncijfers("gemeente")["aandeel_65_plus"]


def test_beeld_is_de_index_van_bereik_per_zorgvraag(situatie, oud):
    b = gelijkheidsbeeld(situatie, rangschikking=oud)
    t = hd.tekortbeeld(situatie)
    per_nodig = t["bereikt_fte"] / t["nodig_fte"]
    h = hellingsindex(per_nodig, oud, t["nodig_fte"])
    w = b["waarde"]
    assert list(b.index) == list(MATEN)
    assert w["hellingsindex"] == pytest.approx(h.sii, rel=1e-12)
    assert w["gini"] == pytest.approx(gini(per_nodig, t["nodig_fte"]), rel=1e-12)
    assert w["theil_tussen"] + w["theil_binnen"] == pytest.approx(w["theil"], abs=1e-12)
    # the mean of the weighted values is national reach per need, so the relative index is SII / 1.257
    assert w["relatieve_index"] == pytest.approx(h.sii / (t["bereikt_fte"].sum() / t["nodig_fte"].sum()))
    # fte per 100,000 people of 2095 to the fte
    assert w["hellingsindex_per_100000"] == pytest.approx(h.sii * 100_000 / 2095)
    assert b["laag"].isna().all() and (b["dekking"] == 1).all()
    assert b["betekenis"].str.contains("{", regex=False).sum() == 0
    assert "aandeel_65_plus" in b.loc["hellingsindex", "betekenis"]


def test_norm_verandert_alleen_de_hellingsindex(situatie, oud):
    a = gelijkheidsbeeld(situatie, rangschikking=oud)["waarde"]
    b = gelijkheidsbeeld(situatie.vervang(norm=1800), rangschikking=oud)["waarde"]
    pd.testing.assert_series_equal(a.drop("hellingsindex"), b.drop("hellingsindex"))
    assert b["hellingsindex"] == pytest.approx(a["hellingsindex"] * 1800 / 2095)


def test_trekkingen_hangen_niet_af_van_hun_aantal(situatie, oud):
    b = gelijkheidsbeeld(situatie, rangschikking=oud, trekkingen=40, seed=5)
    t = trek_gebieden(situatie, per="gemeente", trekkingen=40, seed=5)
    zelf = [
        gini(t.bereikt[:, k] / t.nodig[:, k], t.nodig[:, k]) for k in range(40)
    ]  # same draws, one index by itself
    assert b.loc["gini", "verwacht"] == pytest.approx(np.mean(zelf), rel=1e-12)
    assert (b["laag"] <= b["verwacht"]).all() and (b["verwacht"] <= b["hoog"]).all()
    assert b.loc["gini", "verwacht"] > b.loc["gini", "waarde"]  # an expectation is smoother than a draw
    een = gelijkheidsbeeld(situatie, rangschikking=oud, trekkingen=1, seed=5)
    assert een.loc["gini", "laag"] == een.loc["gini", "hoog"] == pytest.approx(zelf[0], rel=1e-12)


def test_rijvolgorde_doet_er_niet_toe_en_invoer_blijft_heel(situatie, oud):
    door_elkaar = oud.sample(frac=1, random_state=1)
    kopie = door_elkaar.copy()
    a = gelijkheidsbeeld(situatie, rangschikking=door_elkaar)
    pd.testing.assert_frame_equal(a, gelijkheidsbeeld(situatie, rangschikking=oud))
    pd.testing.assert_series_equal(door_elkaar, kopie)


def test_gelijk_bereik_geeft_nul(situatie, oud):
    # everybody reaches every practice equally: one ratio everywhere
    reis = situatie.reistijden
    dicht = hd.Reistijden.from_table(
        pd.DataFrame({"van": reis.van, "naar": "P", "minuten": 5.0}), naar=["P"], van=reis.van
    )
    p = situatie.praktijken.iloc[:1].rename(index=lambda _: "P").assign(fte=9000.0)
    s = situatie.vervang(praktijken=p, reistijden=dicht, aanbodmodel=None)
    w = gelijkheidsbeeld(s, rangschikking=oud)["waarde"]
    een = ["verhouding_hoog_laag", "p90_p10"]
    np.testing.assert_allclose(w[een], 1, atol=1e-9)
    np.testing.assert_allclose(w.drop(een), 0, atol=1e-9)


def test_wijken_en_ontbrekende_waarden(situatie):
    inkomen = hd.load_wijken()["inkomen_per_inwoner"]
    with pytest.raises(ContractFout, match="niet elk gebied"):
        gelijkheidsbeeld(situatie, per="wijk", rangschikking=inkomen)
    b = gelijkheidsbeeld(situatie, per="wijk", rangschikking=inkomen, ontbrekend="weglaten")
    assert 0.85 < b["dekking"].iloc[0] < 0.95  # CBS leaves 1.5 of 17.9 million people without
    assert b.loc["theil_tussen", "naam"] == "Theil tussen gemeenten"


def test_weigert_wat_niet_te_rangschikken_is(situatie, oud):
    with pytest.raises(ContractFout, match="geen enkel gebied"):
        gelijkheidsbeeld(situatie, rangschikking=oud.rename(index=lambda c: c[2:]))
    with pytest.raises(ContractFout, match="drie verschillende"):
        gelijkheidsbeeld(situatie, rangschikking=oud * 0)
    with pytest.raises(ContractFout, match="één keer"):
        gelijkheidsbeeld(situatie, rangschikking=pd.concat([oud, oud]))
    with pytest.raises(OnbekendGebiedFout, match="gemeente, wijk"):
        gelijkheidsbeeld(situatie, per="buurt", rangschikking=oud)
    with pytest.raises(ParameterFout, match="weglaten"):
        gelijkheidsbeeld(situatie, rangschikking=oud, ontbrekend="nul")
    with pytest.raises(ParameterFout, match="trekkingen"):
        gelijkheidsbeeld(situatie, rangschikking=oud, trekkingen=-1)
