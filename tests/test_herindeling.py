"""Reorganisations: replayed on CBS's own counts, and refused where shares are missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import (
    ContractFout,
    HuisartsdataFout,
    OnbekendGebiedFout,
    OnbekendPeiljaarFout,
    ParameterFout,
    SplitsingFout,
)
from huisartsdata.gebieden import herindeling

BEVOLKING = hd.load_bevolking()
VERDELING = hd.load_verdeling()


def _jaar(jaar, kolom="inwoners_1_januari"):
    return BEVOLKING.loc[jaar, [kolom]]


@pytest.mark.parametrize("jaar", range(2012, 2023))
def test_31_december_becomes_1_january_to_the_person(jaar):
    # Weesp ended on 24 March 2022: its people are in Amsterdam's count of 31 December already
    oud = _jaar(jaar, "inwoners_31_december").fillna(0)
    nieuw = hd.herindeel(oud, van=jaar, naar=jaar + 1, som=["inwoners_31_december"], verdeling=VERDELING)
    telling = BEVOLKING.loc[jaar + 1, "inwoners_1_januari"]
    assert set(nieuw.index) == set(telling.index)
    assert (nieuw["inwoners_31_december"] - telling).abs().max() < 1e-6


@pytest.mark.parametrize("van", range(2012, 2024))
def test_any_year_to_2024_keeps_the_national_sum(van):
    nieuw = hd.herindeel(_jaar(van), van=van, naar=2024, som=["inwoners_1_januari"], verdeling=VERDELING)
    assert len(nieuw) == 342
    assert list(nieuw.index) == list(hd.load_gemeenten().index)
    assert nieuw["inwoners_1_januari"].sum() == pytest.approx(
        _jaar(van)["inwoners_1_januari"].sum(), abs=1e-6
    )


def test_without_shares_the_divided_gemeenten_are_named():
    with pytest.raises(SplitsingFout) as e:
        hd.herindeel(_jaar(2012), van=2012, naar=2024, som=["inwoners_1_januari"])
    # Haaren, Boarnsterhim, Maasdonk, Littenseradiel and Winsum, and what the series shows beside them
    assert {"GM0788", "GM0055", "GM1671", "GM0140", "GM0053"} <= set(e.value.codes)
    assert "GM0788" in str(e.value) and "load_verdeling" in str(e.value)
    assert isinstance(e.value, ValueError)


def test_a_table_without_divided_gemeenten_needs_no_shares():
    drenthe = [
        c for c in _jaar(2012).index if c in set(hd.load_gebieden("provincie").at["PV22", "gemeenten"])
    ]
    tabel = _jaar(2012).loc[drenthe]
    nieuw = hd.herindeel(tabel, van=2012, naar=2024, som=["inwoners_1_januari"])
    pd.testing.assert_frame_equal(nieuw, tabel)


def test_shares_of_haaren_agree_with_its_postcodes():
    # Haaren's villages and where they went: 5076 Oisterwijk, 5268 Vught, 5296 Boxtel, 5074 Tilburg
    pc4 = hd.load_pc4()["inwoners_2021"].reindex(["5076", "5268", "5296", "5074"])
    deel = VERDELING.loc[(2021, "GM0788"), "aandeel"].reindex(["GM0824", "GM0865", "GM0757", "GM0855"])
    np.testing.assert_allclose(deel.to_numpy(), (pc4 / pc4.sum()).to_numpy(), atol=0.01)


def test_shares_sum_to_one_and_are_positive():
    som = VERDELING["aandeel"].groupby(level=["jaar", "gm_oud"]).sum()
    np.testing.assert_allclose(som, 1, atol=1e-12)
    assert VERDELING["aandeel"].gt(0).all()


def test_means_are_weighted():
    afstand = hd.load_afstand().loc[2012, ["inwoners", "afstand_huisarts_km"]]
    nieuw = hd.herindeel(
        afstand, van=2012, naar=2024, som=["inwoners"], gemiddelde=["afstand_huisarts_km"], gewicht="inwoners",
        verdeling=VERDELING,
    )  # fmt: skip
    voor = np.average(afstand["afstand_huisarts_km"], weights=afstand["inwoners"])
    na = np.average(nieuw["afstand_huisarts_km"], weights=nieuw["inwoners"])
    assert na == pytest.approx(voor, abs=1e-12)
    # Goeree-Overflakkee is Dirksland, Goedereede, Middelharnis and Oostflakkee
    delen = afstand.loc[["GM0504", "GM0511", "GM0559", "GM0580"]]
    verwacht = np.average(delen["afstand_huisarts_km"], weights=delen["inwoners"])
    assert nieuw.at["GM1924", "afstand_huisarts_km"] == pytest.approx(verwacht)
    assert list(nieuw.columns) == list(afstand.columns)


def test_missing_value_stays_missing():
    tabel = _jaar(2012).copy()
    tabel.loc["GM0504"] = np.nan
    nieuw = hd.herindeel(tabel, van=2012, naar=2024, som=["inwoners_1_januari"], verdeling=VERDELING)
    assert nieuw.index[nieuw["inwoners_1_januari"].isna()].tolist() == ["GM1924"]


def test_other_index_levels_are_kept():
    leeftijd = pd.concat({"0-64": _jaar(2020), "65+": _jaar(2020) * 2}, names=["leeftijdsgroep"])
    nieuw = hd.herindeel(leeftijd, van=2020, naar=2024, som=["inwoners_1_januari"], verdeling=VERDELING)
    assert nieuw.index.names == ["leeftijdsgroep", "gm_code"]
    assert len(nieuw) == 2 * 342
    assert nieuw.loc["65+"].sum().item() == pytest.approx(2 * _jaar(2020).sum().item())


def test_the_table_given_is_not_changed():
    tabel = _jaar(2012)
    voor = tabel.copy(deep=True)
    hd.herindeel(tabel, van=2012, naar=2024, som=["inwoners_1_januari"], verdeling=VERDELING)
    pd.testing.assert_frame_equal(tabel, voor)


def test_own_shares_without_year():
    eigen = pd.DataFrame({"gm_oud": ["GM0788"] * 2, "gm_nieuw": ["GM0824", "GM0865"], "aandeel": [0.5, 0.5]})
    nieuw = hd.herindeel(_jaar(2020), van=2020, naar=2024, som=["inwoners_1_januari"], verdeling=eigen)
    haaren = _jaar(2020).loc["GM0788"].item()
    met = hd.herindeel(_jaar(2020), van=2020, naar=2024, som=["inwoners_1_januari"], verdeling=VERDELING)
    verschil = (nieuw - met)["inwoners_1_januari"]
    assert verschil["GM0865"] == pytest.approx(
        haaren * (0.5 - VERDELING.at[(2021, "GM0788", "GM0865"), "aandeel"]), abs=1e-6
    )
    assert verschil.sum() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("wijzig", "fout", "tekst"),
    [
        (lambda t: t.rename(index={"GM0003": "GM9999"}), OnbekendGebiedFout, "GM9999"),
        (lambda t: t.drop("GM0504"), OnbekendGebiedFout, "GM0504"),
        (lambda t: pd.concat([t, t.iloc[:1]]), ContractFout, "meer dan één keer"),
        (lambda t: t.reset_index(), ContractFout, "gm_code"),
        (lambda t: t.assign(x=1.0), ContractFout, "geen regel voor deze kolom"),
        (lambda t: t.astype("str"), ContractFout, "geen getallen"),
    ],
)
def test_doubtful_tables_are_refused(wijzig, fout, tekst):
    with pytest.raises(fout, match=tekst):
        hd.herindeel(
            wijzig(_jaar(2012)), van=2012, naar=2024, som=["inwoners_1_januari"], verdeling=VERDELING
        )


def test_shares_must_sum_to_one():
    eigen = VERDELING.assign(aandeel=VERDELING["aandeel"] * 0.9)
    with pytest.raises(ContractFout, match="tellen niet op tot 1"):
        hd.herindeel(_jaar(2020), van=2020, naar=2024, som=["inwoners_1_januari"], verdeling=eigen)


def test_means_need_a_valid_weight():
    t = hd.load_afstand().loc[2012, ["inwoners", "afstand_huisarts_km"]]
    with pytest.raises(ContractFout, match="gewicht"):
        hd.herindeel(
            t, van=2012, naar=2024, som=["inwoners"], gemiddelde=["afstand_huisarts_km"], verdeling=VERDELING
        )
    t.loc["GM0005", "inwoners"] = -1
    with pytest.raises(ContractFout, match="GM0005"):
        hd.herindeel(
            t, van=2012, naar=2024, som=["inwoners"], gemiddelde=["afstand_huisarts_km"], gewicht="inwoners",
            verdeling=VERDELING,
        )  # fmt: skip


@pytest.mark.parametrize(("van", "naar"), [(2011, 2024), (2024, 2012), (2012, 2026)])
def test_impossible_years(van, naar):
    with pytest.raises(OnbekendPeiljaarFout):
        herindeling.overgang(van, naar)


def test_codes_of_a_year_follow_the_register():
    assert len(herindeling.gemeentecodes(2012)) == 415
    assert len(herindeling.gemeentecodes(2024)) == len(herindeling.gemeentecodes(2025)) == 342
    # De Friese Meren took its new name in July 2015: its code of 1 January 2015 is the old one
    assert "GM1921" in herindeling.gemeentecodes(2015) and "GM1940" in herindeling.gemeentecodes(2016)


WEESP = ["GM0363", "GM0457"]  # Weesp went to Amsterdam on 24 March 2022


def _weesp(**kolommen):
    return pd.DataFrame(kolommen or {"n": [1.0, 2.0]}, index=pd.Index(WEESP, name="gm_code"))


def _per_klasse(rijen):
    index = pd.MultiIndex.from_tuples(rijen, names=["gm_code", "klasse"])
    return pd.DataFrame({"n": np.arange(1.0, len(rijen) + 1)}, index=index)


def test_half_gemeenten_are_found_in_every_class():
    heel = _per_klasse([(c, k) for c in WEESP for k in "mv"])
    assert hd.herindeel(heel, van=2021, naar=2024, som=["n"])["n"].to_dict() == {
        ("GM0363", "m"): 4.0,
        ("GM0363", "v"): 6.0,
    }
    with pytest.raises(OnbekendGebiedFout, match=r"GM0457 \(klasse v\)") as e:
        hd.herindeel(heel.drop(("GM0457", "v")), van=2021, naar=2024, som=["n"])
    assert e.value.codes == ["GM0457"]


def test_missing_class_in_the_index_is_refused():
    with pytest.raises(ContractFout, match="klasse"):
        hd.herindeel(_per_klasse([("GM0106", None), ("GM0106", "v")]), van=2021, naar=2024, som=["n"])


@pytest.mark.parametrize("jaar", [2021, 2021.0, np.int64(2021), np.float64(2021)])
def test_whole_numbers_are_years(jaar):
    assert hd.herindeel(_weesp(), van=jaar, naar=2024, som=["n"])["n"].to_dict() == {"GM0363": 3.0}


@pytest.mark.parametrize("jaar", ["2021", 2021.5, None, True, np.nan, "nu"])
def test_text_is_no_year(jaar):
    for jaren in ({"van": jaar, "naar": 2024}, {"van": 2021, "naar": jaar}):
        with pytest.raises(ParameterFout, match="geen jaartal"):
            hd.herindeel(_weesp(), **jaren, som=["n"])


@pytest.mark.parametrize(
    ("tabel", "som", "fout", "tekst"),
    [
        (_weesp().rename(columns={"n": "gm_oud"}), ["gm_oud"], ContractFout, "gm_oud"),
        (_weesp().rename(columns={"n": "aandeel"}), ["aandeel"], ContractFout, "aandeel"),
        (_per_klasse([("GM0106", "m")]).rename_axis(["gm_code", "gm_nieuw"]), ["n"], ContractFout, "gm_nieuw"),
        (_per_klasse([("GM0106", "m")]).rename_axis(["gm_code", None]), ["n"], ContractFout, "geen naam"),
        (_per_klasse([("GM0106", "m")]).rename_axis(["gm_code", "gm_code"]), ["n"], ContractFout, "gm_code"),
        (_per_klasse([("GM0106", "m")]).rename_axis(["gm_code", "n"]), ["n"], ContractFout, "dubbel"),
        (_weesp().rename(columns={"n": "gm_code"}), ["gm_code"], ContractFout, "gm_code"),
        (pd.concat([_weesp(), _weesp()], axis=1), ["n"], ContractFout, "komt dubbel voor"),
        (pd.concat({"a": _weesp()}, axis=1), ["n"], ContractFout, "lagen"),
        (_weesp(), ["n", "n"], ContractFout, "meer dan één keer"),
        (_weesp(), [], ContractFout, "geen kolom"),
        (_weesp(), "n", ParameterFout, "lijst van kolommen"),
        (_weesp(), None, ParameterFout, "lijst van kolommen"),
        (_weesp()["n"], ["n"], ParameterFout, "to_frame"),
        (None, ["n"], ParameterFout, "NoneType"),
        ({"n": 1}, ["n"], ParameterFout, "dict"),
        (_weesp(n=[np.inf, 1.0]), ["n"], ContractFout, "oneindig"),
    ],
)  # fmt: skip
def test_strange_tables_are_refused_in_dutch(tabel, som, fout, tekst):
    with pytest.raises(fout, match=tekst):
        hd.herindeel(tabel, van=2021, naar=2024, som=som)


def test_nullable_weight_with_a_gap_is_refused():
    tabel = _weesp(n=pd.array([1, None], dtype="Int64"), km=[1.0, 2.0])
    with pytest.raises(ContractFout, match="GM0457"):
        hd.herindeel(tabel, van=2021, naar=2024, som=["n"], gemiddelde=["km"], gewicht="n")
    vol = _weesp(n=pd.array([1, 3], dtype="Int64"), km=[1.0, 2.0])
    uit = hd.herindeel(vol, van=2021, naar=2024, som=["n"], gemiddelde=["km"], gewicht="n")
    assert uit.loc["GM0363"].to_dict() == {"n": 4.0, "km": 1.75}


HAAREN = {"gm_oud": ["GM0788"] * 2, "gm_nieuw": ["GM0824", "GM0865"], "aandeel": [0.5, 0.5]}


@pytest.mark.parametrize(
    ("wijzig", "fout", "tekst"),
    [
        ({"gm_nieuw": ["GM0824", None]}, ContractFout, "ontbreekt in de verdeling"),
        ({"gm_oud": ["GM0788", None]}, ContractFout, "ontbreekt in de verdeling"),
        ({"aandeel": [1.0, np.nan]}, ContractFout, "ontbreekt in de verdeling"),
        ({"aandeel": ["0.5", "0.5"]}, ContractFout, "geen getallen"),
        ({"jaar": ["2021", "2021"]}, ContractFout, "geen getallen"),
        ({"jaar": [2021.5, 2021.5]}, ContractFout, "geen jaartal"),
        ({"gm_oud": ["GM9999"] * 2}, OnbekendGebiedFout, "GM9999"),
        ({"jaar": [2023, 2023]}, OnbekendGebiedFout, "2022 niet bestonden: GM0788"),
        ({"gm_nieuw": ["GM0824", "GM9999"]}, OnbekendGebiedFout, "GM9999"),
    ],
)
def test_doubtful_shares_are_refused(wijzig, fout, tekst):
    with pytest.raises(fout, match=tekst):
        hd.herindeel(
            _jaar(2020),
            van=2020,
            naar=2024,
            som=["inwoners_1_januari"],
            verdeling=pd.DataFrame(HAAREN | wijzig),
        )


@pytest.mark.parametrize("verdeling", [HAAREN, "x", pd.Series([1.0])])
def test_shares_must_be_a_frame(verdeling):
    with pytest.raises(ParameterFout, match="verdeling"):
        hd.herindeel(_jaar(2020), van=2020, naar=2024, som=["inwoners_1_januari"], verdeling=verdeling)


def test_shares_outside_the_years_have_no_part():
    tabel = _jaar(2022)
    met = hd.herindeel(tabel, van=2022, naar=2024, som=list(tabel), verdeling=pd.DataFrame(HAAREN))
    assert met["inwoners_1_januari"].sum() == pytest.approx(tabel["inwoners_1_januari"].sum())


def test_own_shares_stay_when_others_are_not_needed():
    # a table of Brabant, 2012-2024: the country has other divided gemeenten, which are not in it
    codes = ["GM0788", "GM0824", "GM0865", "GM0757", "GM0855"]
    uit = hd.herindeel(
        _jaar(2018).loc[codes],
        van=2018,
        naar=2024,
        som=["inwoners_1_januari"],
        verdeling=pd.DataFrame(HAAREN),
    )
    oud = _jaar(2018)["inwoners_1_januari"]
    assert uit.at["GM0855", "inwoners_1_januari"] == oud["GM0855"]
    assert uit.at["GM0865", "inwoners_1_januari"] == oud["GM0865"] + oud["GM0788"] / 2


def test_a_total_that_changes_is_an_error(monkeypatch):
    monkeypatch.setattr(
        herindeling, "overgang_voor",
        lambda *a: pd.DataFrame({"gm_oud": WEESP, "gm_nieuw": "GM0363", "aandeel": [1.0, 0.5]}),
    )  # fmt: skip
    with pytest.raises(HuisartsdataFout, match="totaal van n verandert"):
        hd.herindeel(_weesp(), van=2021, naar=2024, som=["n"])
