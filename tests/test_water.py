"""Compartments and crossings: facts of the country, closed lines, and cheapest ways against an oracle."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import csgraph

import huisartsdata as hd
from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.gebieden import water as w

KM_PER_MIN = 0.6


@pytest.fixture(scope="module")
def land():
    return w.land_water(km_per_min=KM_PER_MIN)


@pytest.fixture(scope="module")
def buurten():
    b = hd.load_buurten()
    return b[b.geometry.notna()]


@pytest.fixture(scope="module")
def vak(land, buurten):
    nummers = w.vak_van(land, np.column_stack([buurten.geometry.x, buurten.geometry.y]))
    return pd.Series([land.vakken[k] for k in nummers], buurten.index)


def test_every_buurt_lies_in_exactly_one_compartment(land, buurten):
    assert len(buurten) == 14_566
    punt, _ = shapely.STRtree(land.vlakken).query(buurten.geometry.to_numpy(), predicate="intersects")
    assert (np.bincount(punt, minlength=len(buurten)) == 1).all()


def test_compartments_hold_the_people_that_CBS_counts_there(buurten, vak):
    mensen = buurten["inwoners"].groupby(vak).sum()
    # the island of Dordrecht is the gemeente: 122,070 people, apart from rounding per buurt
    assert set(buurten.index[vak == "DOR"]) == set(buurten.index[buurten["gm_code"] == "GM0505"])
    assert abs(mensen["DOR"] - 122_070) <= 30
    op_naam = hd.load_gemeenten().reset_index().set_index("naam")
    for naam, code in (("Texel", "TEX"), ("Ameland", "AME"), ("Terschelling", "TER"), ("Vlieland", "VLI"),
                       ("Schiermonnikoog", "SCH"), ("Noord-Beveland", "NBV"), ("Hoeksche Waard", "HWA"),
                       ("Schouwen-Duiveland", "SCD"), ("Goeree-Overflakkee", "GOE")):  # fmt: skip
        assert set(vak[buurten["gm_code"] == op_naam.at[naam, "gm_code"]]) == {code}, naam
        assert abs(mensen[code] - op_naam.at[naam, "inwoners"]) <= 120, naam
    assert set(
        vak[buurten["gm_code"].isin(op_naam.loc[["Almere", "Lelystad", "Dronten", "Zeewolde"], "gm_code"])]
    ) == {"FLE"}
    # 12 people live in a buurt without a point
    assert mensen.sum() == buurten["inwoners"].sum() > 17_942_000


def test_lines_close_and_a_missing_one_is_refused(land):
    assert len(land.vakken) == len(land.vlakken) == len(w.load_vakken()) == 29
    assert shapely.area(land.vlakken).sum() == pytest.approx(290_000 * 330_000)
    barrieres = w.load_barrieres()
    for weg in ("DOR-IJM-1", "ALB-MWN-1"):
        with pytest.raises(BronFout, match="sluiten"):
            w.maak_water(barrieres.drop(weg), w.load_overgangen(), w.load_vakken(), km_per_min=KM_PER_MIN)


def test_crossings_lie_on_the_water_they_cross(land):
    o = w.load_overgangen()
    vlak = dict(zip(land.vakken, land.vlakken, strict=True))
    los = o[["vak_a", "vak_b"]].map(vlak.get)
    ver = np.maximum(
        *(shapely.distance(o.geometry.to_numpy(), los[k].to_numpy()) for k in ("vak_a", "vak_b"))
    )
    gelegd = o["bron"].str.contains("op de barrière gelegd").to_numpy()
    assert ver[gelegd].max() < 1  # rounded to metres
    # dams and long bridges: the middle was estimated, of the two longest dikes (32 and 27 km) roughly
    vast = (o["soort"] != "veer").to_numpy()
    assert set(o["naam"][vast & (ver > 2500)]) == {"Afsluitdijk (A7)", "Houtribdijk (N307)"}
    assert ver[vast].max() < 6000
    assert o.loc[o["soort"] != "veer", "wachttijd_min"].eq(0).all()
    assert o.loc[o["soort"] == "veer", "wachttijd_min"].gt(0).all()


def test_crossing_that_opened_after_the_reference_year_is_flagged():
    o = w.load_overgangen().set_index("naam")
    assert o.at["Maasdeltatunnel (A24)", "open_sinds"] == 2024
    assert "7 december 2024" in o.at["Maasdeltatunnel (A24)", "opmerking"]
    assert o["open_sinds"].notna().sum() == 1
    assert o["bron"].str.contains("algemene kennis, niet nagezocht bij de beheerder").all()


def test_every_compartment_but_the_walkers_islands_is_reached_by_car(land):
    bereikt = {land.vakken[k] for k in np.r_[land.a, land.b]}
    assert set(land.vakken) - bereikt == {"VLI", "SCH"}


def _graaf(land):
    """Cost between crossings by another algorithm: Dijkstra over crossings that share a compartment."""
    n = len(land.xy)
    km = np.hypot(*(land.xy[:, None] - land.xy).transpose(2, 0, 1))
    zelf = np.diag(land.wacht)
    naast = np.array(
        [[bool({land.a[p], land.b[p]} & {land.a[q], land.b[q]}) for q in range(n)] for p in range(n)]
    )
    kost = np.where(naast, km + KM_PER_MIN * (zelf[:, None] + zelf) / 2, 0)
    np.fill_diagonal(kost, 0)
    return csgraph.dijkstra(kost) + KM_PER_MIN * (zelf[:, None] + zelf) / 2


def test_cheapest_ways_equal_dijkstra(land, buurten):
    kost = _graaf(land)
    np.testing.assert_allclose(land.km + KM_PER_MIN * land.wacht, kost, rtol=1e-12)
    # and so do whole trips, from Dordrecht and Zeeland to anywhere near
    rng = np.random.default_rng(4)
    van = buurten[buurten["gm_code"].isin(["GM0505", "GM1676", "GM0512"])].sample(40, random_state=1)
    naar = buurten[buurten.geometry.x.lt(140_000) & buurten.geometry.y.between(370_000, 460_000)].sample(
        60, random_state=2
    )
    a, b = (np.column_stack([t.geometry.x, t.geometry.y]) for t in (van, naar))
    i, j = np.divmod(rng.permutation(40 * 60), 60)
    va, vb = w.vak_van(land, a), w.vak_van(land, b)
    recht = np.hypot(*(a[i] - b[j]).T) / 1000
    km, wacht = w.omleiden(land, (a, b), (va, vb), (i, j), recht)
    zelfde = va[i] == vb[j]
    assert zelfde.any() and (~zelfde).sum() > 500
    np.testing.assert_array_equal(km[zelfde], recht[zelfde])
    assert (wacht[zelfde] == 0).all()
    for k in np.flatnonzero(~zelfde):
        uit = [c for c in range(len(land.xy)) if va[i[k]] in (land.a[c], land.b[c])]
        in_ = [c for c in range(len(land.xy)) if vb[j[k]] in (land.a[c], land.b[c])]
        ga = np.hypot(*(land.xy[uit] - a[i[k]] / 1000).T)
        kom = np.hypot(*(land.xy[in_] - b[j[k]] / 1000).T)
        beste = (ga[:, None] + kost[np.ix_(uit, in_)] + kom).min()
        assert km[k] + KM_PER_MIN * wacht[k] == pytest.approx(beste, rel=1e-12)
    assert (km >= recht - 1e-9).all()
    terug = w.omleiden(land, (b, a), (vb, va), (j, i), recht)
    np.testing.assert_allclose(terug, (km, wacht), rtol=1e-9)


def test_ferry_costs_its_wait_once():
    vakken = gpd.GeoDataFrame({"naam": ["l", "r"]}, index=pd.Index(["LLL", "RRR"], name="vak"),
                              geometry=gpd.points_from_xy([1e5, 2e5], [4e5, 4e5]), crs=28992)  # fmt: skip
    lijn = shapely.LineString([(145_000, 290_000), (145_000, 640_000)])
    barrieres = gpd.GeoDataFrame({"naam": ["m"]}, index=["LLL-RRR-1"], geometry=[lijn], crs=28992)
    overgangen = gpd.GeoDataFrame(
        {"vak_a": "LLL", "vak_b": "RRR", "auto": ["ja", "ja", "nee"], "wachttijd_min": [10.0, 0.0, 5.0]},
        geometry=gpd.points_from_xy([145_000] * 3, [400_000, 410_000, 400_000]), crs=28992)  # fmt: skip
    een, twee = np.array([[144_000.0, 400_000.0]]), np.array([[146_000.0, 400_000.0]])
    nul = np.array([0])
    for per_min, factor, verwacht in ((0.6, 1.0, (2.0, 10.0)), (0.6, 2.0, (2.0, 20.0)), (5.0, 1.0, (2 * np.hypot(1, 10), 0.0)),
                                      (0.0, 1.0, (2.0, 10.0))):  # fmt: skip
        water = w.maak_water(barrieres, overgangen, vakken, km_per_min=per_min, wacht_factor=factor)
        vakje = [w.vak_van(water, xy) for xy in (een, twee)]
        km, wacht = w.omleiden(water, (een, twee), vakje, (nul, nul), np.array([2.0]))
        assert (km[0], wacht[0]) == pytest.approx(verwacht)


def test_no_crossing_is_no_way(land):
    schier, holwerd = np.array([[208_000.0, 610_500.0]]), np.array([[188_000.0, 597_000.0]])
    nul = np.array([0])
    vakken = [w.vak_van(land, xy) for xy in (schier, holwerd)]
    assert [land.vakken[v[0]] for v in vakken] == ["SCH", "NOO"]
    km, wacht = w.omleiden(land, (schier, holwerd), vakken, (nul, nul), np.array([24.0]))
    assert np.isinf(km[0]) and wacht[0] == 0


def test_points_outside_the_map(land):
    xy = np.array([[105_000.0, 424_500.0], [292_000.0, 500_000.0], [400_000.0, 500_000.0]])
    assert w.vak_van(land, xy).tolist()[1:] == [-1, -1]
    namen = [land.vakken[k] if k >= 0 else None for k in w.vak_van(land, xy, rand_km=25)]
    assert namen == ["DOR", "NOO", None]
    assert w.vak_van(land, np.empty((0, 2))).tolist() == []
    with pytest.raises(ParameterFout, match="n bij 2"):
        w.vak_van(land, np.zeros(4))


def test_rivers_for_drawing_are_inland_lines():
    r = w.load_rivieren()
    assert {"Oude Maas", "Dordtsche Kil", "Waal", "IJssel", "Noord"} <= set(r["naam"])
    assert not r["naam"].str.contains("zee$|meer$|schelde$|oostrand|grens").any()
    assert set(r.geom_type) == {"LineString"} and r.crs.to_epsg() == 28992
    # Dordrecht lies where three rivers meet: all within a kilometre of Groothoofd
    groothoofd = shapely.Point(105_200, 425_900)
    dichtbij = set(r.loc[r.distance(groothoofd) < 1000, "naam"])
    assert dichtbij == {"Oude Maas", "Noord", "Beneden-Merwede"}
