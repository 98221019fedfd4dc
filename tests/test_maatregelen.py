"""Primitive measures: reversible to the bit, additive, and refused when they make no sense."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely import Point

import huisartsdata as hd
from huisartsdata.fouten import ContractFout, OnbekendePraktijkFout, ParameterFout, ReistijdFout
from huisartsdata.model.onzekerheid import trek_fte

DORDRECHT = "GM0505"
TABELLEN = ("vraag", "vraag_nza", "inwoners", "punten", "gebied", "praktijken")


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(functie="zonder_wisselend")


def gelijk(een, twee) -> bool:
    tabellen = all(getattr(een, n).equals(getattr(twee, n)) for n in TABELLEN)
    orde = een.praktijken.index.equals(twee.praktijken.index)
    soorten = een.praktijken.dtypes.equals(twee.praktijken.dtypes)
    losse = all(
        getattr(een, n) == getattr(twee, n) for n in ("norm", "verval", "methode", "functie", "herkomst")
    )
    return bool(tabellen and orde and soorten and losse and een.reistijden is twee.reistijden)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 4865), min_size=1, max_size=40, unique=True))
def test_reopening_what_closed_gives_the_same_bits(land, nummers):
    ids = list(land.praktijken.index[nummers])
    dicht = hd.scenario.sluit(land, ids)
    assert dicht.aanbod_fte == pytest.approx(
        land.aanbod_fte - land.praktijken.loc[ids, "fte"].sum(), abs=1e-9
    )
    assert not set(ids) & set(dicht.praktijken.index)
    assert gelijk(hd.scenario.heropen(dicht, land.praktijken.loc[ids]), land)


def test_indicators_after_reopening_are_the_same_bits_with_draws(land):
    ids = list(land.praktijken.index[land.praktijken["gm_code"] == DORDRECHT][:5])
    terug = hd.scenario.heropen(hd.scenario.sluit(land, ids), land.praktijken.loc[reversed(ids)])
    een, twee = (hd.tekortbeeld(s, per="provincie", trekkingen=20) for s in (land, terug))
    pd.testing.assert_frame_equal(een, twee, check_exact=True)


def test_a_closure_leaves_the_supply_in_every_draw(land):
    ids = list(land.praktijken.index[land.praktijken["gm_code"] == DORDRECHT][:3])
    voor = trek_fte(land, trekkingen=10, seed=4)
    na = trek_fte(hd.scenario.sluit(land, ids), trekkingen=10, seed=4)
    verschil = voor.sum() - na.sum()
    assert np.allclose(verschil, voor.loc[ids].sum(), rtol=0, atol=1e-6)
    assert (verschil > 0).all()


def test_a_closure_beyond_the_cut_off_changes_nothing_here(land):
    # Den Helder is more than an hour from Maastricht
    ver = list(land.praktijken.index[land.praktijken["gm_code"] == "GM0400"])
    voor = hd.tekortbeeld(land)
    na = hd.tekortbeeld(hd.scenario.sluit(land, ver))
    assert na.loc["GM0935"].equals(voor.loc["GM0935"])
    assert na.loc["GM0400", "bereikt_fte"] < voor.loc["GM0400", "bereikt_fte"]


def test_measures_change_neither_the_picture_nor_what_they_are_given(land):
    voor = land.praktijken.copy()
    fte = pd.Series({land.praktijken.index[0]: 1.0})
    hd.scenario.voeg_fte_toe(land, fte)
    hd.scenario.sluit(land, [land.praktijken.index[0]])
    hd.scenario.open_praktijk(land, punt=Point(105_000, 425_000), fte=1)
    assert land.praktijken.equals(voor)
    assert list(fte) == [1.0]


def test_nothing_asked_gives_the_same_picture(land):
    assert hd.scenario.sluit(land, []) is land
    assert hd.scenario.heropen(land, land.praktijken.iloc[:0]) is land
    assert hd.scenario.voeg_fte_toe(land, pd.Series({land.praktijken.index[0]: 0.0})) is land
    assert gelijk(hd.scenario.verander_productiviteit(land, 1), land)


def test_a_new_practice_adds_its_fte_once_and_serves_people_around(land):
    nieuw = hd.scenario.open_praktijk(land, punt=Point(105_000, 425_000), fte=2.5)
    assert nieuw.aanbod_fte == pytest.approx(land.aanbod_fte + 2.5, abs=1e-9)
    assert nieuw.praktijken.loc["nieuw-1", ["fte_status", "gm_code"]].tolist() == ["aanname", DORDRECHT]
    assert nieuw.praktijken.dtypes.equals(land.praktijken.dtypes)
    voor, na = (hd.tekortbeeld(s, per="land")["bereikt_fte"].iloc[0] for s in (land, nieuw))
    assert na - voor == pytest.approx(2.5, abs=1e-6)
    per = hd.tekortbeeld(nieuw)["bereikt_fte"] - hd.tekortbeeld(land)["bereikt_fte"]
    assert per.idxmax() == DORDRECHT
    assert (per > -1e-9).all(), "one more practice never lowers reach"
    tweede = hd.scenario.open_praktijk(nieuw, punt=Point(106_000, 424_000), fte=1)
    assert "nieuw-2" in tweede.praktijken.index
    # and closing it again leaves the supply as it was
    dicht = hd.scenario.sluit(tweede, ["nieuw-1", "nieuw-2"])
    assert dicht.praktijken.equals(land.praktijken)
    # in every draw it has its own fte
    assert (trek_fte(nieuw, trekkingen=5, seed=0).loc["nieuw-1"] == 2.5).all()


def test_fte_goes_up_by_what_is_added(land):
    ids = land.praktijken.index[:2]
    meer = hd.scenario.voeg_fte_toe(land, pd.Series([0.4, -0.3], ids))
    assert (meer.praktijken["fte"] - land.praktijken["fte"])[ids].to_numpy() == pytest.approx([0.4, -0.3])
    assert meer.praktijken["fte"].iloc[2:].equals(land.praktijken["fte"].iloc[2:])
    verschil = trek_fte(meer, trekkingen=8, seed=1) - trek_fte(land, trekkingen=8, seed=1)
    assert np.allclose(verschil.loc[ids[0]], 0.4)


def test_norm_and_productivity(land):
    assert hd.scenario.verander_norm(land, 1800).norm == 1800
    assert hd.scenario.verander_norm(land, "landelijk").norm == pytest.approx(land.omslagnorm)
    assert hd.scenario.verander_productiviteit(land, 1.1).nodig_fte == pytest.approx(land.nodig_fte / 1.1)


FOUT = [
    (lambda s: hd.scenario.sluit(s, ["bestaat-niet"]), OnbekendePraktijkFout, "bestaat-niet"),
    (lambda s: hd.scenario.sluit(s, s.praktijken.index[0]), ParameterFout, "lijst"),
    (lambda s: hd.scenario.sluit(s, list(s.praktijken.index)), ParameterFout, "alle praktijken"),
    (lambda s: hd.scenario.heropen(s, s.praktijken.iloc[:1]), ParameterFout, "al open"),
    (lambda s: hd.scenario.heropen(s, pd.DataFrame({"fte": [1.0]})), ContractFout, "loc"),
    (lambda s: hd.scenario.heropen(s, s.praktijken.iloc[:1].set_axis(["x"])), ContractFout, "situatie"),
    (lambda s: hd.scenario.open_praktijk(s, punt=Point(4.7, 51.8), fte=1), ParameterFout, "RD"),
    (lambda s: hd.scenario.open_praktijk(s, punt=Point(), fte=1), ParameterFout, "RD"),
    (lambda s: hd.scenario.open_praktijk(s, punt="Dordrecht", fte=1), ParameterFout, "RD"),
    (lambda s: hd.scenario.open_praktijk(s, punt=Point(10_000, 500_000), fte=3), ReistijdFout, "niemand"),
    (lambda s: hd.scenario.open_praktijk(s, punt=Point(155_000, 520_000), fte=3), ReistijdFout, "niemand"),
    (lambda s: hd.scenario.open_praktijk(s, punt=Point(250_000, 400_000), fte=3), ReistijdFout, "niemand"),
    (
        lambda s: hd.scenario.open_praktijk(s, punt=Point(105_000, 425_000), fte=1e12),
        ParameterFout,
        "hooguit",
    ),
    (lambda s: hd.scenario.sluit(s, None), ParameterFout, "lijst"),
    (lambda s: hd.scenario.open_praktijk(s, punt=Point(105_000, 425_000), fte=0), ParameterFout, "fte"),
    (lambda s: hd.scenario.open_praktijk(s, punt=Point(105_000, 425_000), fte="2"), ParameterFout, "fte"),
    (
        lambda s: hd.scenario.open_praktijk(
            s, punt=Point(105_000, 425_000), fte=1, praktijk_id=s.praktijken.index[0]
        ),
        ParameterFout,
        "bestaat al",
    ),
    (lambda s: hd.scenario.voeg_fte_toe(s, pd.Series({"x": 1.0})), OnbekendePraktijkFout, "x"),
    (
        lambda s: hd.scenario.voeg_fte_toe(s, pd.Series({s.praktijken.index[0]: -99.0})),
        ContractFout,
        "onder 0",
    ),
    (
        lambda s: hd.scenario.voeg_fte_toe(s, pd.Series({s.praktijken.index[0]: np.nan})),
        ContractFout,
        "geen getal",
    ),
    (
        lambda s: hd.scenario.voeg_fte_toe(s, pd.Series({s.praktijken.index[0]: "veel"})),
        ContractFout,
        "getal",
    ),
    (lambda s: hd.scenario.voeg_fte_toe(s, {"x": 1.0}), ContractFout, "Series"),
    (
        lambda s: hd.scenario.voeg_fte_toe(s, pd.Series([1.0, 1.0], [s.praktijken.index[0]] * 2)),
        ContractFout,
        "dubbel",
    ),
    (lambda s: hd.scenario.verander_norm(s, -1), ParameterFout, "norm"),
    (lambda s: hd.scenario.verander_productiviteit(s, 0), ParameterFout, "factor"),
]


@pytest.mark.parametrize(("doe", "fout", "woord"), FOUT)
def test_bad_input_is_refused_and_changes_nothing(land, doe, fout, woord):
    voor = land.praktijken.copy()
    with pytest.raises(fout, match=woord):
        doe(land)
    assert land.praktijken.equals(voor)
