"""Picture, shortage, split and sureness: published test values, totals in every draw, the same bits again."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import ContractFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.model import onzekerheid
from huisartsdata.model.tekort import beeld_zonder_trekkingen, oordelen


@pytest.fixture(scope="module")
def situatie():
    return hd.landelijke_situatie(functie="zonder_wisselend")


# --- outside values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nodig", "aanwezig", "verwacht"),
    [((10, 10, 10), (14, 8, 6), (6, 2, 4)), ((10, 10, 10), (14, 10, 6), (4, 0, 4)), ((5,), (9,), (0, 0, 0))],
)
def test_split_of_the_worked_examples(nodig, aanwezig, verwacht):
    s = hd.splits_tekort(nodig, aanwezig)
    assert (s.tekort, s.niveau, s.spreiding) == verwacht


def test_split_looks_up_by_label_and_refuses_what_does_not_match():
    n, a = pd.Series({"x": 10.0, "y": 10, "z": 10}), pd.Series({"z": 6.0, "x": 14, "y": 8})
    assert hd.splits_tekort(n, a) == hd.splits_tekort([10, 10, 10], [14, 8, 6])
    for fout in (a.rename({"z": "q"}), a.iloc[:2], a * np.nan, -a):
        with pytest.raises(ContractFout):
            hd.splits_tekort(n, fout)
    with pytest.raises(ContractFout):
        hd.splits_tekort([1, 2], [1])


@pytest.mark.parametrize(
    ("n", "band"),
    [(0, (0, 3.688879)), (3, (0.618672, 8.767273)), (9, (4.115373, 17.084803)), (10, (4.787450, 18.391459))],
)
def test_stability_band_of_counts(n, band):
    np.testing.assert_allclose(hd.stabiliteitsband(n), band, atol=1.5e-6)
    reeks = hd.stabiliteitsband(pd.Series({"GM0505": n, "GM0106": 50}))
    np.testing.assert_allclose(reeks.loc["GM0505"], band, atol=1.5e-6)
    assert list(reeks.columns) == ["laag", "hoog"]


@pytest.mark.parametrize(("k", "n", "band"), [(6, 10, (0.312674, 0.831820)), (3, 4, (0.300642, 0.954413))])
def test_wilson_interval(k, n, band):
    np.testing.assert_allclose(onzekerheid.wilson(k, n), band, atol=1e-6)


@pytest.mark.parametrize("fout", [-1, 2.5, float("nan")])
def test_counts_that_are_none(fout):
    with pytest.raises(ParameterFout):
        hd.stabiliteitsband(fout)


# --- the picture -------------------------------------------------------------------------------


def test_national_totals_follow_norm_and_function(situatie):
    assert situatie.aanbod_fte == pytest.approx(8_981, abs=1e-6)
    assert situatie.vraag.sum() == pytest.approx(17_942_942, abs=1e-3)
    assert round(situatie.nodig_fte) == 8_565
    assert round(situatie.omslagnorm) == 1_998
    assert round(situatie.vervang(norm=1800).nodig_fte) == 9_968
    assert round(situatie.vervang(norm=2350).nodig_fte) == 7_635
    alle = hd.landelijke_situatie(reistijden=situatie.reistijden)
    assert alle.aanbod_fte == pytest.approx(10_769, abs=1e-6)
    assert round(alle.omslagnorm) == 1_666
    landelijk = situatie.vervang(norm="landelijk")
    assert landelijk.nodig_fte == pytest.approx(landelijk.aanbod_fte)


def test_replacing_leaves_the_picture_as_it_was(situatie):
    voor = situatie.norm
    ander = situatie.vervang(norm=1800)
    assert (situatie.norm, ander.norm) == (voor, 1800)
    pd.testing.assert_frame_equal(pd.DataFrame(ander.praktijken), pd.DataFrame(situatie.praktijken))
    ander.praktijken.loc[ander.praktijken.index[0], "fte"] = 999.0
    assert situatie.praktijken["fte"].max() < 100
    for fout in (
        {"norm": 0},
        {"norm": "x"},
        {"norm": float("nan")},
        {"norm": None},
        {"norm": True},
        {"methode": "x"},
        {"functie": "alle"},
        {"bestaat_niet": 1},
    ):
        with pytest.raises(ParameterFout):
            situatie.vervang(**fout)


def test_unknown_choices_are_refused():
    for fout in ({"functie": "sommige"}, {"aanbodmodel": "x"}, {"norm": -1}):
        with pytest.raises(ParameterFout):
            hd.landelijke_situatie(**fout)


@pytest.mark.parametrize(
    "per", ["land", "provincie", "regioplus", "corop", "ggdregio", "gemeente", "wijk", "buurt"]
)
def test_totals_tie_for_every_type_of_area(situatie, per):
    b = hd.tekortbeeld(situatie, per=per)
    assert b["nodig_fte"].sum() == pytest.approx(situatie.nodig_fte)
    assert b["bereikt_fte"].sum() == pytest.approx(situatie.aanbod_fte)
    if per not in ("wijk", "buurt"):
        assert b["aanbod_fte"].sum() == pytest.approx(situatie.aanbod_fte)
        assert b["inwoners"].sum() == 17_942_942
    assert (b["tekort_fte"] == (b["nodig_fte"] - b["bereikt_fte"]).clip(lower=0)).all()
    assert b["naam"].notna().all()
    assert b.index.name == "gebied"


def test_area_reach_is_the_sum_over_its_buurten(situatie):
    """The aggregated kernel against the plain one: fca per buurt, then people-weighted."""
    s = situatie
    per_hoofd = hd.fca(s.vraag, s.praktijken["fte"], s.reistijden, methode=s.methode, verval=s.verval)
    som = (per_hoofd * s.vraag).groupby(s.gebied["gm_code"]).sum()
    np.testing.assert_allclose(hd.tekortbeeld(s)["bereikt_fte"], som, rtol=1e-9)


def test_finer_areas_never_have_less_shortage(situatie):
    # netting within an area can only hide shortage: the very reason why one number misleads
    s = situatie.vervang(norm=1950)
    tekorten = [
        hd.tekortbeeld(s, per=p)["tekort_fte"].sum()
        for p in ("land", "regioplus", "gemeente", "wijk", "buurt")
    ]
    assert all(a <= b + 1e-9 for a, b in pairwise(tekorten))


def test_lower_norm_never_lowers_a_shortage(situatie):
    streng, ruim = hd.tekortbeeld(situatie.vervang(norm=1800)), hd.tekortbeeld(situatie.vervang(norm=2350))
    assert (streng["tekort_fte"] >= ruim["tekort_fte"]).all()


def test_unknown_area_type(situatie):
    with pytest.raises(OnbekendGebiedFout):
        hd.tekortbeeld(situatie, per="straat")
    for fout in (
        {"trekkingen": -1},
        {"trekkingen": 2.5},
        {"trekkingen": 5, "seed": -1},
        {"trekkingen": 10**9},
    ):
        with pytest.raises(ParameterFout):
            hd.tekortbeeld(situatie, **fout)
    with pytest.raises(ParameterFout):
        onzekerheid.trek_gebieden(situatie, per="land", trekkingen=2, vervalset=[])


# --- draws -------------------------------------------------------------------------------------


def test_every_draw_ties_to_the_national_totals(situatie):
    t = onzekerheid.trek_gebieden(situatie, per="gemeente", trekkingen=40, seed=3)
    np.testing.assert_allclose(t.bereikt.sum(axis=0), 8_981, rtol=1e-9)
    np.testing.assert_allclose(t.nodig.sum(axis=0), situatie.nodig_fte, rtol=1e-9)
    assert set(t.opzet["verval"]) == set(range(5)) and set(t.opzet["snelheid"]) == set(range(3))


def test_draws_are_the_same_bits_for_any_number_and_any_workers(situatie):
    heel = onzekerheid.trek_gebieden(situatie, per="regioplus", trekkingen=24, seed=5)
    half = onzekerheid.trek_gebieden(situatie, per="regioplus", trekkingen=12, seed=5)
    assert (heel.bereikt[:, :12] == half.bereikt).all() and (heel.nodig[:, :12] == half.nodig).all()
    with ThreadPoolExecutor(3) as draden, ProcessPoolExecutor(2) as processen:
        for executor in (draden, processen):
            ook = onzekerheid.trek_gebieden(
                situatie, per="regioplus", trekkingen=24, seed=5, executor=executor
            )
            assert (ook.bereikt == heel.bereikt).all()
    anders = onzekerheid.trek_gebieden(situatie, per="regioplus", trekkingen=12, seed=6)
    assert not (anders.bereikt == half.bereikt).all()


def test_verdict_follows_the_chance(situatie):
    b = hd.tekortbeeld(situatie, trekkingen=200, seed=1)
    assert b["kans_op_tekort"].between(0, 1).all()
    assert (b.loc[b["oordeel"] == "tekort", "kans_op_tekort"] > 0.9).all()
    assert (b.loc[b["oordeel"] == "geen tekort", "kans_op_tekort"] < 0.1).all()
    assert (b.loc[b["kans_op_tekort"].between(0.1, 0.9), "oordeel"] == "onbekend").all()
    assert (b["rang_laag"] <= b["rang_hoog"]).all()
    assert b["rang_laag"].min() == 1 and b["rang_hoog"].max() == 342
    # what the public data carry, at the tariff norm: a few dozen of 342 at most, and not Dordrecht
    assert b.at["GM0505", "oordeel"] == "onbekend"
    assert (b["oordeel"] != "onbekend").sum() < 60
    pd.testing.assert_frame_equal(b, hd.tekortbeeld(situatie, trekkingen=200, seed=1))


def test_a_clear_surplus_and_a_clear_shortage_are_called_so(situatie):
    ruim = hd.tekortbeeld(situatie.vervang(norm=9000), trekkingen=150)
    krap = hd.tekortbeeld(situatie.vervang(norm=400), trekkingen=150)
    assert (ruim["oordeel"] == "geen tekort").mean() > 0.99
    assert (krap["oordeel"] == "tekort").mean() > 0.99


def test_no_verdict_for_a_buurt(situatie):
    t = onzekerheid.trek_gebieden(situatie, per="buurt", trekkingen=4)
    assert "oordeel" not in oordelen(t, "buurt")


# --- the split ---------------------------------------------------------------------------------


def test_nested_split_adds_up_and_has_a_noise_floor(situatie):
    for norm in (1800, 2095, "landelijk"):
        s = situatie.vervang(norm=norm)
        d = hd.ontleed_tekort(s, trekkingen=60)
        assert d.loc[["niveau", "tussen", "binnen"], "fte"].sum() == pytest.approx(d.at["tekort", "fte"])
        assert d.at["niveau", "fte"] == pytest.approx(max(0, s.nodig_fte - s.aanbod_fte), abs=1e-6)
        assert (d["fte"] >= -1e-9).all()
        assert d.at["tekort", "fte"] == pytest.approx(hd.tekortbeeld(s)["tekort_fte"].sum())
        assert ((d["laag"] <= d["verwacht"] + 1e-9) & (d["verwacht"] <= d["hoog"] + 1e-9)).all()
        # noise alone makes distribution: a country of equal density is not free of it
        assert d.at["binnen", "ruisvloer"] > 10


def test_split_needs_two_nested_types(situatie):
    for per in (
        "gemeente",
        ("gemeente", "regioplus"),
        ("provincie", "regioplus"),
        ("x", "gemeente"),
        ("land",),
    ):
        with pytest.raises(ParameterFout):
            hd.ontleed_tekort(situatie, per=per)
    fijn = hd.ontleed_tekort(situatie, per=("gemeente", "wijk"))["fte"]
    grof = hd.ontleed_tekort(situatie, per=("regioplus", "gemeente"))["fte"]
    assert fijn["niveau"] == pytest.approx(grof["niveau"], abs=1e-6)
    assert fijn["tekort"] >= grof["tekort"]


def test_equal_density_has_no_level_and_no_distribution(situatie):
    """Needs and reach in one ratio everywhere: nothing to split."""
    punt = beeld_zonder_trekkingen(situatie, "gemeente")
    s = hd.splits_tekort(punt.nodig[:, 0], punt.nodig[:, 0])
    assert (s.tekort, s.niveau, s.spreiding) == (0, 0, 0)


# --- deliveries --------------------------------------------------------------------------------


def test_a_delivery_replaces_its_area_and_nothing_else(situatie):
    levering = hd.read_nivel("data/voorbeelden/verzonnen_nivel_gemeente.csv", functie="zonder_wisselend")
    met = hd.landelijke_situatie(functie="zonder_wisselend", aanbod=levering, reistijden=situatie.reistijden)
    per_gm = met.praktijken["fte"].groupby(met.praktijken["gm_code"]).sum()
    for gebied, fte in levering.tabel["fte"].items():
        assert per_gm[gebied] == pytest.approx(fte)
    assert met.aanbod_fte == pytest.approx(8_981)
    elders = ~met.praktijken["gm_code"].isin(levering.gebieden)
    verhouding = met.praktijken.loc[elders, "fte"] / situatie.praktijken.loc[elders, "fte"]
    assert verhouding.std() < 1e-6
    t = onzekerheid.trek_fte(met, trekkingen=8, seed=0)
    in_gebied = t.groupby(met.praktijken["gm_code"]).sum().loc[list(levering.gebieden)]
    assert in_gebied.std(axis=1).max() < 1e-9


# --- what must never count for nothing -----------------------------------------------------------


def test_a_practice_without_fte_stays_without_it_in_every_draw(situatie):
    p = situatie.praktijken
    dicht = p["gm_code"] == "GM0505"
    half = situatie.vervang(praktijken=p.assign(fte=p["fte"].mask(dicht, p["fte"] / 2)))
    leeg = situatie.vervang(praktijken=p.assign(fte=p["fte"].mask(dicht, 0.0)))
    voor = onzekerheid.trek_fte(situatie, trekkingen=50, seed=1)
    assert (onzekerheid.trek_fte(leeg, trekkingen=50, seed=1)[dicht] == 0).all().all()
    np.testing.assert_allclose(onzekerheid.trek_fte(half, trekkingen=50, seed=1)[dicht], voor[dicht] / 2)
    meer = situatie.vervang(praktijken=p.assign(fte=p["fte"] + dicht * 1.0))
    np.testing.assert_allclose(onzekerheid.trek_fte(meer, trekkingen=50, seed=1)[dicht], voor[dicht] + 1)
    pd.testing.assert_frame_equal(onzekerheid.trek_fte(leeg, trekkingen=50, seed=1)[~dicht], voor[~dicht])


@pytest.mark.parametrize(
    "velden",
    [
        lambda s: {"vraag": s.vraag.mask(s.gebied["gm_code"] == "GM0505"), "vraag_nza": s.vraag_nza},
        lambda s: {"vraag": s.vraag.iloc[1:]},
        lambda s: {"praktijken": s.praktijken.assign(fte=-1.0)},
        lambda s: {"praktijken": s.praktijken.assign(fte=np.nan)},
        lambda s: {"praktijken": s.praktijken.rename(index={s.praktijken.index[0]: "nieuw"})},
        lambda s: {"reistijden": s.reistijden.zonder_naar(list(s.praktijken.index[:3]))},
        lambda s: {"reistijden": s.reistijden.selecteer(van=s.reistijden.van[5:])},
    ],
)
def test_a_picture_that_would_lose_people_or_fte_is_refused(situatie, velden):
    with pytest.raises(ContractFout, match="situatie klopt niet"):
        situatie.vervang(**velden(situatie))


def test_supply_given_per_draw_must_be_whole(situatie):
    fte = pd.DataFrame({0: situatie.praktijken["fte"]})
    for fout in (
        fte * np.nan,
        fte - 100,
        fte.iloc[1:],
        fte.rename(index={fte.index[0]: "x"}),
        fte.join(fte, rsuffix="b"),
    ):
        with pytest.raises(hd.fouten.HuisartsdataFout):
            onzekerheid.trek_gebieden(situatie, per="land", trekkingen=1, fte=fout)


def test_a_verdict_needs_enough_draws_and_four_of_five_decays(situatie):
    ruim = situatie.vervang(norm=9000)
    assert (hd.tekortbeeld(ruim, trekkingen=50)["oordeel"] == "onbekend").all()
    n = 200
    opzet = pd.DataFrame({"verval": np.arange(n) % 5, "snelheid": 0, "zorgvraag": 0.5})
    # short in every draw of three decays and in 80% of two others: 92% in all, but not in four decays
    kort = np.where(opzet["verval"] < 3, True, np.arange(n) % 25 < 20)
    t = onzekerheid.Trekkingen(pd.Index(["a"]), np.ones((1, n)), np.where(kort, 0.5, 1.5)[None, :], opzet, 5)
    assert t.kort.mean() > 0.9
    assert oordelen(t, "gemeente")["oordeel"].tolist() == ["onbekend"]
    t = onzekerheid.Trekkingen(pd.Index(["a"]), np.ones((1, n)), np.full((1, n), 0.5), opzet, 5)
    assert oordelen(t, "gemeente")["oordeel"].tolist() == ["tekort"]


def test_equal_up_to_rounding_is_no_shortage(situatie):
    b = hd.tekortbeeld(situatie.vervang(norm="landelijk"), per="land", trekkingen=120)
    assert b["kans_op_tekort"].tolist() == [0.0]


def test_a_picture_tells_itself_in_one_line():
    s = hd.landelijke_situatie()
    bewoond = int((hd.load_buurten()["inwoners"] > 0).sum())
    assert repr(s) == (
        f"Situatie(norm=2095, functie='alle', methode='e2sfca', 4866 praktijken, 10769.0 fte, {bewoond} buurten)"
    )
