"""The default travel engine on the real country: known trips, all pairs and no other, refusals."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.distance import cdist

import huisartsdata as hd
from huisartsdata.fouten import HuisartsdataFout, ParameterFout
from huisartsdata.gebieden import reismodel as rm
from huisartsdata.gebieden import water as w
from huisartsdata.gebieden.reisomgeving import Reisomgeving, straal_km
from huisartsdata.gebieden.reistijd import Reistijden


@pytest.fixture(scope="module")
def buurten():
    b = hd.load_buurten()
    return b[b.geometry.notna()]


@pytest.fixture(scope="module")
def praktijken():
    return hd.load_praktijken()


@pytest.fixture(scope="module")
def land(buurten, praktijken):
    return rm.bereken_reistijden(buurten.geometry, praktijken.geometry)


def _rit(buurten, van, naar, omgeving=None):
    """Straight km, road km and minutes between two buurten given as (gemeente, name)."""
    gm = hd.load_gemeenten()["naam"]
    punten = []
    for gemeente, naam in (van, naar):
        rij = buurten[(buurten["gm_code"].map(gm) == gemeente) & (buurten["naam"] == naam)]
        assert len(rij) == 1, (gemeente, naam)
        punten.append(rij.geometry)
    omgeving = omgeving or Reisomgeving()
    xy = [np.column_stack([p.x, p.y]) for p in punten]
    plekken = [rm.zoek_plekken(p.index, x, omgeving) for p, x in zip(punten, xy, strict=True)]
    water = w.land_water(km_per_min=omgeving.km_per_min_wachten)
    _, _, km, minuten = rm.afstanden(*plekken, 300.0, omgeving, water)
    reistijden = rm.bereken_reistijden(*punten, grens_minuten=300, omgeving=omgeving)
    assert reistijden.minuten.data.tolist() == minuten.tolist()
    return float(np.hypot(*(xy[0] - xy[1])[0])) / 1000, float(km[0]), float(minuten[0])


@pytest.mark.parametrize(
    ("van", "naar", "weg", "tijd"),
    [
        # over the Papendrechtse brug, though the far bank is half a kilometre away
        (("Dordrecht", "Stadswerven"), ("Papendrecht", "Het Eiland"), (3.5, 5), (8, 13)),
        # through the Westerscheldetunnel, 6.6 km long
        (("Terneuzen", "Binnenstad-Java"), ("Borsele", "Kern Ellewoutsdijk"), (6.6, 25), (10, 30)),
        (("Rotterdam", "Rozenburg"), ("Maassluis", "Taanschuurpolder"), (4, 12), (8, 25)),
    ],
)
def test_trips_over_water(buurten, van, naar, weg, tijd):
    _, km, minuten = _rit(buurten, van, naar)
    assert weg[0] <= km <= weg[1]
    assert tijd[0] <= minuten <= tijd[1]


def test_far_bank_is_much_further_by_road_than_straight(buurten):
    recht, km, _ = _rit(buurten, ("Dordrecht", "Stadswerven"), ("Papendrecht", "Het Eiland"))
    assert recht < 0.6 and km > 6 * recht
    droog = Reisomgeving(water=False)
    p = buurten[buurten["naam"].isin(["Stadswerven"]) & (buurten["gm_code"] == "GM0505")].geometry
    q = buurten[buurten["naam"].isin(["Het Eiland"]) & (buurten["gm_code"] == "GM0590")].geometry
    zonder = rm.bereken_reistijden(p, q, omgeving=droog)
    met = rm.bereken_reistijden(p, q)
    assert zonder.minuten.data[0] < 5
    assert met.minuten.data[0] > 8
    assert zonder.herkomst.motor == "huisartsdata hemelsbreed" != met.herkomst.motor


def test_texel_is_beyond_half_an_hour_by_car_ferry(buurten, praktijken, land):
    texel = buurten.index[(buurten["gm_code"] == "GM0448")]
    elders = praktijken.index[praktijken["gm_code"] != "GM0448"]
    assert len(texel) and land.selecteer(van=texel, naar=elders).minuten.nnz == 0
    eigen = praktijken.index[praktijken["gm_code"] == "GM0448"]
    assert land.selecteer(van=texel, naar=eigen).minuten.nnz > 0
    helder = praktijken[praktijken["gm_code"] == "GM0400"].geometry
    uur = rm.bereken_reistijden(buurten.loc[texel].geometry, helder, grens_minuten=90)
    assert 55 < uur.minuten.data.min() < 75  # 50 minutes of waiting and sailing are in it


def test_country_has_plausible_reach(buurten, praktijken, land):
    assert land.minuten.shape == (14_566, 4_866)
    assert 2.5e6 < land.minuten.nnz < 4.5e6
    assert land.minuten.data.max() <= 30
    mensen = buurten["inwoners"].reindex(land.van).fillna(0).to_numpy()
    naaste = np.full(len(land.van), np.inf)
    np.minimum.at(naaste, np.repeat(np.arange(len(naaste)), np.diff(land.minuten.indptr)), land.minuten.data)
    binnen = mensen[naaste <= 15].sum() / mensen.sum()
    assert binnen > 0.999  # in 2007 CBS counted under 1% beyond 5 km
    # without a practice within half an hour: nobody but on islands that a walker reaches
    wees = buurten.loc[land.wezen]
    assert set(wees["gm_code"][wees["inwoners"] > 0]) <= {"GM0088", "GM0096"}
    # CBS counted over 20 practices within 5 km of road, on average (2019)
    omgeving = Reisomgeving()
    van, naar = (
        rm.zoek_plekken(t.index, np.column_stack([t.geometry.x, t.geometry.y]), omgeving)
        for t in (buurten, praktijken)
    )
    i, _, km, _ = rm.afstanden(
        van, naar, 30.0, omgeving, w.land_water(km_per_min=omgeving.km_per_min_wachten)
    )
    vijf = np.bincount(i[km <= 5], minlength=len(buurten))
    assert 18 < np.average(vijf, weights=mensen) < 32


def test_no_pair_is_missed_and_none_is_too_far(buurten, praktijken, land):
    rng = np.random.default_rng(7)
    nabij_water = np.flatnonzero(buurten["gm_code"].isin(["GM0505", "GM0590", "GM0642", "GM0503", "GM0448"]))
    rijen = np.unique(np.r_[rng.choice(len(buurten), 60, replace=False), rng.choice(nabij_water, 40)])
    omgeving = Reisomgeving()
    water = w.land_water(km_per_min=omgeving.km_per_min_wachten)
    b = buurten.iloc[rijen]
    van = rm.zoek_plekken(b.index, np.column_stack([b.geometry.x, b.geometry.y]), omgeving)
    naar = rm.zoek_plekken(
        praktijken.index, np.column_stack([praktijken.geometry.x, praktijken.geometry.y]), omgeving
    )
    i, j = (k.ravel() for k in np.meshgrid(np.arange(len(van)), np.arange(len(naar)), indexing="ij"))
    recht = cdist(van.xy, naar.xy).ravel() / 1000
    vakken = [w.vak_van(water, p.xy) for p in (van, naar)]
    route, wacht = w.omleiden(water, (van.xy, naar.xy), vakken, (i, j), recht)
    # the formula of the docstring, written out anew
    vast, omweg, snel = (np.array(r) for r in (omgeving.vast_km, omgeving.omweg, omgeving.snelheid))
    u, v = van.klasse[i] - 1, naar.klasse[j] - 1
    km = (vast[u] + vast[v]) / 2 + (omweg[u] + omweg[v]) / 2 * np.sqrt(
        route**2 + 0.16 * van.straal[i] ** 2 + 0.16 * naar.straal[j] ** 2
    )
    einde = np.minimum(km, 4) / 2
    tijd = 2 + einde / snel[u] * 60 + einde / snel[v] * 60 + np.maximum(km - 4, 0) / 62 * 60 + wacht
    verwacht = np.where(tijd <= 30, tijd, np.nan).reshape(len(van), len(naar))
    assert (vakken[0][i] != vakken[1][j])[tijd <= 30].sum() > 5000  # pairs across water are among them
    gevonden = np.full(verwacht.shape, np.nan)
    deel = land.minuten[rijen]
    gevonden[np.repeat(np.arange(len(rijen)), np.diff(deel.indptr)), deel.indices] = deel.data
    np.testing.assert_array_equal(np.isnan(gevonden), np.isnan(verwacht))
    np.testing.assert_allclose(gevonden, verwacht, rtol=1e-12)


def test_same_bits_again_and_in_any_order(buurten, praktijken, land):
    assert rm.bereken_reistijden(buurten.geometry, praktijken.geometry) == land
    van, naar = (
        buurten.sample(3000, random_state=1).geometry,
        praktijken.sample(frac=1, random_state=2).geometry,
    )
    anders = rm.bereken_reistijden(van, naar)
    assert anders == land.selecteer(van=van.index, naar=naar.index)
    assert anders.minuten.has_canonical_format


def test_symmetric(buurten, praktijken):
    van = buurten[buurten["gm_code"].isin(["GM0505", "GM0642", "GM0590"])].geometry
    naar = praktijken[praktijken["gm_code"].isin(["GM0505", "GM0642", "GM0590", "GM0482"])].geometry
    heen, terug = rm.bereken_reistijden(van, naar), rm.bereken_reistijden(naar, van)
    assert heen.minuten.nnz == terug.minuten.nnz > 1000
    np.testing.assert_allclose(heen.minuten.toarray(), terug.minuten.toarray().T, rtol=1e-12)


@given(
    van=hnp.arrays(np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.integers(0, 40)),
    naar=hnp.arrays(np.float64, st.tuples(st.integers(0, 12), st.just(2)), elements=st.integers(0, 40)),
    straal=st.integers(0, 60),
)
def test_pairs_equal_brute_force(van, naar, straal):
    i, j, meters = rm.vind_paren(van, naar, float(straal))
    alle = cdist(van, naar) if len(van) and len(naar) else np.empty((len(van), len(naar)))
    waar_i, waar_j = np.nonzero(alle <= straal)
    np.testing.assert_array_equal(i, waar_i)
    np.testing.assert_array_equal(j, waar_j)
    np.testing.assert_allclose(meters, alle[waar_i, waar_j], rtol=1e-15)


@pytest.mark.parametrize("anders", [{"factor": 0.5}, {"vast_min": 0.0}, {"lokaal_km": 0.0}, {"snelheid_weg": 20.0},
                                    {"vast_km": (0.0,) * 5, "spreiding": 0.0}, {"omweg": (1.0, 1.1, 1.2, 1.3, 1.4)}])  # fmt: skip
def test_search_radius_holds_under_any_setting(buurten, praktijken, anders):
    o = Reisomgeving(**anders)
    b = buurten.sample(15, random_state=5)
    van, naar = (
        rm.zoek_plekken(t.index, np.column_stack([t.geometry.x, t.geometry.y]), o) for t in (b, praktijken)
    )
    i, j = (k.ravel() for k in np.meshgrid(np.arange(len(van)), np.arange(len(naar)), indexing="ij"))
    route = cdist(van.xy, naar.xy).ravel() / 1000
    tijd = rm.rijminuten(o, rm.weg_km(o, route, van[i], naar[j]), van[i], naar[j])
    for grens in (1.0, 12.0, 30.0):
        gevonden = rm.afstanden(van, naar, grens, o, None)
        assert len(gevonden[0]) == (tijd <= grens).sum()


def test_slower_traffic_reaches_no_further(buurten, praktijken):
    van, naar = buurten.sample(200, random_state=6).geometry, praktijken.sample(800, random_state=6).geometry
    snel = rm.bereken_reistijden(van, naar).minuten
    traag = rm.bereken_reistijden(van, naar, omgeving=Reisomgeving(factor=1.2)).minuten
    assert 0 < traag.nnz < snel.nnz
    rij, kolom = traag.nonzero()
    assert (traag[rij, kolom] > snel[rij, kolom]).all()
    korter = rm.bereken_reistijden(van, naar, grens_minuten=15)
    assert korter.minuten.nnz == (snel.data <= 15).sum()


def test_settings_travel_to_the_source_line(buurten, praktijken):
    van, naar = buurten.geometry.iloc[:3], praktijken.geometry.iloc[:3]
    een, twee, drie = (
        rm.bereken_reistijden(van, naar, omgeving=o).herkomst
        for o in (None, Reisomgeving(), Reisomgeving(factor=1.1))
    )
    assert een == twee != drie
    assert een.motor == "huisartsdata hemelsbreed+water"
    assert een.versie.startswith(hd.__version__ + "-")
    assert len({hash(Reisomgeving()), hash(Reisomgeving(vast_min=3.0))}) == 2


def test_given_class_and_radius_count(buurten, praktijken):
    van = buurten.geometry.iloc[:40]
    naar = praktijken.geometry[praktijken["gm_code"] == buurten["gm_code"].iloc[0]]
    basis = rm.bereken_reistijden(van, naar)
    zelfde = pd.DataFrame(
        {
            "stedelijkheid": buurten["stedelijkheid"].fillna(5),
            "straal_km": straal_km(buurten["oppervlakte_land_ha"]),
        }
    ).loc[van.index]
    assert (
        rm.bereken_reistijden(van, naar, omgeving=Reisomgeving().met_plekken(zelfde)).minuten != basis.minuten
    ).nnz == 0
    land = Reisomgeving().met_plekken(zelfde.assign(stedelijkheid=5, straal_km=3.0))
    anders = rm.bereken_reistijden(van, naar, omgeving=land)
    assert anders.minuten.nnz and anders.herkomst != basis.herkomst
    with pytest.raises(ParameterFout, match="klasse"):
        Reisomgeving().met_plekken(zelfde.assign(stedelijkheid=6))


def test_practices_on_a_postcode_get_the_postcodes_class_and_radius(praktijken):
    pc4 = hd.load_pc4()
    p = rm.zoek_plekken(
        praktijken.index, np.column_stack([praktijken.geometry.x, praktijken.geometry.y]), Reisomgeving()
    )
    eigen = pc4.reindex(praktijken["pc4"])
    # where a postcode is one buurt, both stand at one place and are one place
    assert (p.klasse == eigen["stedelijkheid"]).mean() > 0.999
    assert np.isclose(p.straal, eigen["straal_km"], atol=6e-4).mean() > 0.999


def test_empty_sides(buurten, praktijken):
    leeg = buurten.geometry.iloc[:0]
    for van, naar in (
        (leeg, praktijken.geometry),
        (buurten.geometry.iloc[:5], praktijken.geometry.iloc[:0]),
        (leeg, leeg),
    ):
        uit = rm.bereken_reistijden(van, naar)
        assert (
            isinstance(uit, Reistijden)
            and uit.minuten.shape == (len(van), len(naar))
            and uit.minuten.nnz == 0
        )
    kort = rm.bereken_reistijden(buurten.geometry.iloc[:5], praktijken.geometry, grens_minuten=0)
    assert kort.minuten.nnz == 0 and kort.grens_minuten == 0


def test_zero_minutes_stay_stored(buurten):
    punt = buurten.geometry.iloc[:1]
    gratis = Reisomgeving(vast_km=(0.0,) * 5, spreiding=0.0, vast_min=0.0)
    uit = rm.bereken_reistijden(punt, punt, omgeving=gratis)
    assert uit.minuten.nnz == 1 and uit.minuten.data[0] == 0


def test_inputs_are_left_alone(buurten, praktijken):
    van, naar = buurten.geometry.iloc[:5].copy(), praktijken.geometry.iloc[:5].copy()
    rm.bereken_reistijden(van, naar)
    assert van.geom_equals(buurten.geometry.iloc[:5]).all() and naar.index.equals(praktijken.index[:5])


def test_buurten_without_a_point_are_named(praktijken):
    alle = hd.load_buurten().geometry
    zonder = list(alle.index[alle.isna()])
    assert len(zonder) == 8
    with pytest.raises(HuisartsdataFout) as e:
        rm.bereken_reistijden(alle, praktijken.geometry)
    assert all(code in str(e.value) for code in zonder) and "8 zonder punt" in str(e.value)


def test_refusals(buurten, praktijken):
    van, naar = buurten.geometry.iloc[:3], praktijken.geometry.iloc[:3]
    gevallen = [
        (van.to_crs(4326), naar, "to_crs"),
        (gpd.GeoSeries(van.to_numpy(), index=van.index), naar, "geen coördinatenstelsel"),
        (pd.concat([van, van.iloc[:1]]), naar, "meer dan eens"),
        (van.reset_index(drop=True), naar, "codes als tekst"),
        (van.to_frame(), naar, "GeoSeries"),
        (van, naar.buffer(10), "geen punten"),
        (
            van,
            gpd.GeoSeries(gpd.points_from_xy([np.nan] * 3, [4e5] * 3), index=naar.index, crs=28992),
            "zonder|getal",
        ),
    ]
    for een, twee, melding in gevallen:
        with pytest.raises(ParameterFout, match=melding):
            rm.bereken_reistijden(een, twee)
    for grens in (-1, np.nan, np.inf, None, "30"):
        with pytest.raises(ParameterFout, match="grens_minuten"):
            rm.bereken_reistijden(van, naar, grens_minuten=grens)
    for fout in (
        {"factor": 0},
        {"omweg": (1.2,) * 4},
        {"vast_min": -1},
        {"snelheid": (np.nan,) * 5},
        {"snelheid_weg": 0},
    ):
        with pytest.raises(ParameterFout, match=next(iter(fout))):
            Reisomgeving(**fout)


def test_points_abroad(praktijken):
    ver = gpd.GeoSeries(
        gpd.points_from_xy([280_000, 300_000, 900_000], [470_000] * 3), index=["x", "net", "ver"], crs=28992
    )
    with pytest.raises(ParameterFout, match="25 km buiten de kaart: ver"):
        rm.bereken_reistijden(ver, praktijken.geometry)
    uit = rm.bereken_reistijden(ver.drop("ver"), praktijken.geometry)
    assert uit.minuten.shape[0] == 2
