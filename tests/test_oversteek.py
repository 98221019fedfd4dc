"""Crossings on a trip: the engine's own routes, told bridge by bridge."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point

import huisartsdata as hd
from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.oversteek import zoek_oversteken
from huisartsdata.gebieden.reisomgeving import Reisomgeving
from huisartsdata.gebieden.water import land_water, omleiden, vak_van

OUDE_MAAS = {"Zwijndrechtse brug", "Drechttunnel (A16)"}  # Dordrecht - Zwijndrecht
BENEDEN_MERWEDE = {"Papendrechtse brug (N3)"}  # Dordrecht - Papendrecht, by car
ROND_DORDRECHT = (
    OUDE_MAAS
    | BENEDEN_MERWEDE
    | {
        "Kiltunnel (tol)",
        "Moerdijkbrug (A16)",
        "Veer Kop van 't Land",
    }
)  # every way off the island by car


@pytest.fixture(scope="module")
def punten():
    b = hd.load_buurten().query("inwoners > 0")
    return b[b.geometry.notna()]


def reis(punten, van_gm, naar_gm, n=40):
    van = punten.index[punten["gm_code"] == van_gm][:n]
    naar = punten.index[punten["gm_code"] == naar_gm][:n]
    paren = pd.MultiIndex.from_product([van, naar], names=["van", "naar"]).to_frame(index=False)
    uit = zoek_oversteken(punten.geometry, punten.geometry, paren)
    namen = hd.load_overgangen()["naam"].to_dict()
    return uit, [[namen[k] for k in o.split("+") if o] for o in uit["overgangen"]]


@pytest.mark.parametrize(
    ("naar", "water"),
    [("GM0642", OUDE_MAAS), ("GM0590", BENEDEN_MERWEDE)],
    ids=["Zwijndrecht", "Papendrecht"],
)
def test_off_the_island_of_dordrecht_over_the_right_river(punten, naar, water):
    _, ketens = reis(punten, "GM0505", naar)
    assert all(ketens)
    assert {k[0] for k in ketens} <= ROND_DORDRECHT
    # nearly everyone takes the direct way; from the far south of the island a detour may be as short
    assert np.mean([set(k) <= water and len(k) == 1 for k in ketens]) > 0.95


def test_whoever_leaves_dordrecht_crosses_and_whoever_stays_does_not(punten):
    _, binnen = reis(punten, "GM0505", "GM0505")
    assert not any(binnen)
    for buiten in ("GM0531", "GM0523", "GM0482", "GM1963"):  # all around the island
        _, ketens = reis(punten, "GM0505", buiten, n=15)
        assert all(set(k) & ROND_DORDRECHT for k in ketens)


def test_same_way_there_and_back(punten):
    heen, een = reis(punten, "GM0505", "GM0482", n=10)
    terug, twee = reis(punten, "GM0482", "GM0505", n=10)
    volgorde = terug.set_index(["naar", "van"]).index.get_indexer(heen.set_index(["van", "naar"]).index)
    assert np.allclose(heen["route_km"], terug["route_km"].to_numpy()[volgorde], rtol=0, atol=1e-9)
    assert [k[::-1] for k in een] == [twee[v] for v in volgorde]


@pytest.fixture(scope="module")
def steekproef(punten):
    """Pairs over the whole country, near and far."""
    rng = np.random.default_rng(5)
    n = 6000
    paren = pd.DataFrame({"van": rng.choice(punten.index, n), "naar": rng.choice(punten.index, n)})
    return paren, zoek_oversteken(punten.geometry, punten.geometry, paren)


def test_length_and_waiting_are_those_of_the_engine(punten, steekproef):
    paren, uit = steekproef
    o = Reisomgeving()
    water = land_water(km_per_min=o.km_per_min_wachten, wacht_factor=o.wacht_factor)
    xy = np.column_stack([punten.geometry.x, punten.geometry.y])
    i, j = (punten.index.get_indexer(paren[k]) for k in ("van", "naar"))
    recht = np.hypot(*(xy[i] - xy[j]).T) / 1000
    vak = vak_van(water, xy, rand_km=o.rand_km)
    km, wacht = omleiden(water, (xy, xy), (vak, vak), (i, j), recht)
    assert (uit["route_km"] == km).all()
    assert (uit["wacht_min"] == wacht).all()


def test_legs_over_the_named_crossings_add_up_to_the_route(punten, steekproef):
    over = hd.load_overgangen()
    met = steekproef[1][np.isfinite(steekproef[1]["route_km"])].head(1500)
    assert (met["overgangen"].str.count(r"\+") >= 2).any()  # long chains are in it
    factor = Reisomgeving().wacht_factor
    for van, naar, km, wacht, tekst in met[["van", "naar", "route_km", "wacht_min", "overgangen"]].itertuples(
        index=False
    ):
        ids = [k for k in tekst.split("+") if k]
        halten = [punten.geometry[van], *over.geometry.loc[ids], punten.geometry[naar]]
        benen = sum(a.distance(b) for a, b in itertools.pairwise(halten)) / 1000
        assert benen == pytest.approx(km, abs=1e-6)
        assert over.loc[ids, "wachttijd_min"].sum() * factor == pytest.approx(wacht, abs=1e-9)


def test_a_chain_leads_from_compartment_to_compartment(punten, steekproef):
    _, uit = steekproef
    water = land_water(km_per_min=Reisomgeving().km_per_min_wachten)
    xy = np.column_stack([punten.geometry.x, punten.geometry.y])
    vak = pd.Series(np.array(water.vakken)[vak_van(water, xy, rand_km=25)], index=punten.index)
    kanten_van = {k: {a, b} for k, a, b in hd.load_overgangen()[["vak_a", "vak_b"]].itertuples()}
    los = 0
    for van, naar, tekst in uit[["van", "naar", "overgangen"]].itertuples(index=False):
        nu = vak[van]
        for k in (k for k in tekst.split("+") if k):
            assert nu in kanten_van[k]
            (nu,) = kanten_van[k] - {nu}
        los += nu != vak[naar]
        assert nu == vak[naar] or not tekst
    assert los == (np.isinf(uit["route_km"])).sum()


def test_no_ferry_without_cars_is_used(steekproef):
    over = hd.load_overgangen()
    gebruikt = {k for t in steekproef[1]["overgangen"] for k in t.split("+") if k}
    assert (over.loc[sorted(gebruikt), "auto"] == "ja").all()


def test_without_water_nothing_is_crossed(punten):
    paren = pd.DataFrame({"van": punten.index[:5], "naar": punten.index[-5:]})
    uit = zoek_oversteken(punten.geometry, punten.geometry, paren, omgeving=Reisomgeving(water=False))
    assert (uit["overgangen"] == "").all()
    assert (uit["wacht_min"] == 0).all()


def test_bad_input_is_refused(punten):
    paren = pd.DataFrame({"van": ["BU99999999"], "naar": [punten.index[0]]})
    with pytest.raises(OnbekendGebiedFout, match="BU99999999"):
        zoek_oversteken(punten.geometry, punten.geometry, paren)
    with pytest.raises(ParameterFout, match="kolommen"):
        zoek_oversteken(punten.geometry, punten.geometry, paren[["van"]])
    leeg = gpd.GeoSeries([Point()], index=["a"], crs=28992)
    with pytest.raises(ParameterFout, match="coördinaten"):
        zoek_oversteken(leeg, leeg, pd.DataFrame({"van": ["a"], "naar": ["a"]}))
