"""Need: published weights, one national total, and the effect of the switches."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import ContractFout, ParameterFout
from huisartsdata.model.vraag import factor_gezondheid, factor_inkomen, leeftijdsgewichten

BUURTEN = hd.load_buurten()


@pytest.fixture(scope="module")
def vraag():
    return hd.zorgvraag(BUURTEN)


def test_weights_are_the_published_ones():
    w = leeftijdsgewichten()
    assert w[["0-4", "5-9", "10-14", "20-24", "40-44", "45-49", "60-64", "65-69", "75-79", "85-89", "95+"]].tolist() == [
        3.5, 2.3, 2.3, 3.6, 3.6, 4.4, 4.4, 6.0, 8.9, 13.3, 13.3
    ]  # fmt: skip
    assert w["15-19"] == pytest.approx((3 * 2.3 + 2 * 3.6) / 5)
    nza = leeftijdsgewichten("nza")
    assert nza[["0-4", "60-64", "65-69", "75-79", "85-89"]].tolist() == [21.94, 21.94, 25.82, 38.88, 61.14]


def test_national_sum_is_the_population(vraag):
    assert vraag.sum() == pytest.approx(17_942_942, abs=1e-3)
    for schakels in (
        {"gezondheid": True},
        {"inkomen": True},
        {"gewichten": "nza"},
        {"gezondheid": True, "inkomen": True},
    ):
        assert hd.zorgvraag(BUURTEN, **schakels).sum() == pytest.approx(17_942_942, abs=1e-3)


def test_a_subset_gives_the_values_of_the_whole(vraag):
    deel = BUURTEN[BUURTEN["gm_code"] == "GM0505"].sample(frac=1, random_state=1)
    pd.testing.assert_series_equal(hd.zorgvraag(deel), vraag.reindex(deel.index))


def test_contacts_per_person_agree_with_the_published_average():
    # all ages together 4.4 contacts (2017); the population of 2024 is older, so a little more
    inwoners = hd.load_leeftijden()["inwoners"].groupby(level=1).sum()
    gemiddeld = np.average(leeftijdsgewichten().reindex(inwoners.index), weights=inwoners)
    assert 4.3 < gemiddeld < 4.8


def test_old_gemeenten_need_more_and_nza_halves_the_spread(vraag):
    gm = hd.load_gemeenten()
    per_hoofd = vraag.groupby(BUURTEN["gm_code"]).sum() / gm["inwoners"]
    oud = gm["inwoners_65_plus"] / gm["inwoners"]
    assert per_hoofd.corr(oud) > 0.95
    nza = hd.zorgvraag(BUURTEN, gewichten="nza").groupby(BUURTEN["gm_code"]).sum() / gm["inwoners"]
    assert 0.4 < nza.std() / per_hoofd.std() < 0.65


def test_switches_change_what_they_say():
    inkomen, gezond = factor_inkomen(BUURTEN), factor_gezondheid(BUURTEN)
    mensen = BUURTEN["inwoners"].fillna(0)
    for factor in (inkomen, gezond):
        assert np.average(factor, weights=mensen) == pytest.approx(1, abs=0.01)
        assert factor.between(0.5, 1.8).all()
    gm_inkomen = hd.load_gemeenten()["inkomen_per_inwoner"].reindex(BUURTEN["gm_code"]).to_numpy()
    arm, rijk = gm_inkomen < np.nanquantile(gm_inkomen, 0.1), gm_inkomen > np.nanquantile(gm_inkomen, 0.9)
    assert inkomen[arm].mean() > inkomen[rijk].mean()
    slecht = BUURTEN["goed_ervaren_gezondheid"] < 65
    assert gezond[slecht].mean() > 1


def test_input_is_not_changed_and_bad_input_is_named():
    voor = BUURTEN.copy(deep=True)
    hd.zorgvraag(BUURTEN)
    pd.testing.assert_frame_equal(
        pd.DataFrame(BUURTEN.drop(columns="geometry")), pd.DataFrame(voor.drop(columns="geometry"))
    )
    with pytest.raises(ContractFout, match="BU99999999"):
        hd.zorgvraag(BUURTEN.rename(index={BUURTEN.index[0]: "BU99999999"}))
    with pytest.raises(ContractFout, match="meer dan één keer"):
        hd.zorgvraag(pd.concat([BUURTEN.iloc[:1], BUURTEN.iloc[:1]]))
    with pytest.raises(ParameterFout, match="nivel, nza"):
        hd.zorgvraag(BUURTEN, gewichten="x")


def test_a_table_of_ages_must_be_complete():
    leeftijden = hd.load_leeftijden()
    for fout in (
        leeftijden.iloc[:100_000],
        leeftijden.assign(inwoners=-leeftijden["inwoners"]),
        leeftijden.assign(inwoners=np.nan),
    ):
        with pytest.raises(ContractFout, match="leeftijden zijn niet bruikbaar"):
            hd.zorgvraag(BUURTEN, leeftijden=fout)


def test_health_follows_the_stated_ratio():
    # of two buurten with the same ages, the factor follows (1 + u) / (1 + u_age) at a ratio of 2
    f = factor_gezondheid(BUURTEN)
    u = 1 - BUURTEN["goed_ervaren_gezondheid"] / 100
    oud = (BUURTEN["inwoners_65_plus"] / BUURTEN["inwoners"]).round(2)
    groep = pd.DataFrame({"f": f, "u": 1 + u, "oud": oud}).dropna()
    groep = groep[groep["oud"] == 0.2]
    assert (groep["f"] / groep["u"]).std() / (groep["f"] / groep["u"]).mean() < 0.01


def test_need_beside_insurers_records():
    levering = hd.read_vektis("data/voorbeelden/verzonnen_vektis.csv", peiljaar=2024)
    v = hd.vergelijk_met_vektis(levering)
    jaren = levering.tabel["verzekerde_jaren"].groupby(level="gm_code").sum()
    for kolom in v:
        assert np.average(v[kolom], weights=jaren.reindex(v.index)) == pytest.approx(1)
    # the weights follow age: a gemeente with older insured has more of each
    assert v["nivel"].corr(v["nza"], method="spearman") > 0.5
    with pytest.raises(ParameterFout, match="geen levering van Vektis"):
        hd.vergelijk_met_vektis(
            hd.read_nivel("data/voorbeelden/verzonnen_nivel_gemeente.csv", functie="alle")
        )
