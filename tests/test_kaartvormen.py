"""Bivariate map, before/after/difference, cartogram, waterfall, timelines and ranks: right, readable, the same twice."""

from __future__ import annotations

import inspect
import itertools
import json
from html.parser import HTMLParser

import nbformat
import numpy as np
import pandas as pd
import pytest
import shapely

import huisartsdata as hd
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.uitvoer.brieven import briefbeelden
from huisartsdata.uitvoer.grafieken.maandverloop import Strook, state_colours, teken_maandverloop
from huisartsdata.uitvoer.grafieken.rangfiguur import teken_rangen
from huisartsdata.uitvoer.grafieken.tijdlijn import teken_tijdlijn
from huisartsdata.uitvoer.grafieken.waterval import teken_waterval
from huisartsdata.uitvoer.huisstijl import FORMATEN, getal
from huisartsdata.uitvoer.kaarten.bivariaat import teken_bivariaat
from huisartsdata.uitvoer.kaarten.cartogram import teken_cartogram
from huisartsdata.uitvoer.kaarten.cirkels import draw_territories, measure_radii, place_circles, touching
from huisartsdata.uitvoer.kaarten.indicatoren import get_indicator
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.kaarten.kaartvergelijking import VERSCHIL_BEREIK, teken_verschil
from huisartsdata.uitvoer.kaarten.kruislegenda import kruispalet
from huisartsdata.uitvoer.notebook import toon_figuur
from huisartsdata.uitvoer.verhaal.scenariovormen import maandfiguur, regelverschil, uitvalverschil
from huisartsdata.uitvoer.verhaal.vormbeelden import (
    BEREIK_AS,
    RUIMTE_AS,
    afstandcartogram,
    afstandtijdlijn,
    normreeks,
    rangintervallen,
    ruimtekaart,
    splitswaterval,
)
from tests.conftest import WORTEL
from tests.test_huisstijl import ZICHT, lab
from tests.test_kaart import BRON, assert_page_is_clean, ruitjes, zichtbare_teksten

# the least CIE76 difference between two of nine fills: that of the published orange-blue 3x3 scheme of J. Stevens,
# "Bivariate Choropleth Maps" (2015), measured with the same matrices, is 15.4
MIN_VERSCHIL = 20.0


def gedrukt(figuur) -> list[str]:
    return [t.get_text() for t, _ in zichtbare_teksten(figuur)]


def reeks(g, laag=0.2, hoog=8.0) -> pd.Series:
    return pd.Series(np.linspace(laag, hoog, len(g)), index=g.index)


def bivariaat(formaat="a4", **anders):
    g = ruitjes()
    x, y = reeks(g, 0.5, 2.5), pd.Series(np.arange(36) % 3, index=g.index, dtype=float)
    x.iloc[5], y.iloc[[0, 10, 35]] = np.nan, np.nan
    keuzes = {"x_as": BEREIK_AS, "y_as": RUIMTE_AS, "titel": "Ver of vol", "kop": "Aantal", "bronregel": BRON}
    return teken_bivariaat(g, x, y, formaat=formaat, **{**keuzes, **anders})


def verschil(formaat="a4", buren=None, **anders):
    g = ruitjes()
    voor = reeks(g, 3.0, 8.0)
    na = voor + np.linspace(-1, 1, 36)
    keuzes = {"titel": "Meer en minder", "bronregel": BRON, "buren": buren, **anders}
    return teken_verschil(g, voor, na, "bereik_fte_per_10000", VERSCHIL_BEREIK, formaat=formaat, **keuzes)


def cartogram(formaat="a4", **anders):
    g = ruitjes()
    mensen = pd.Series(np.geomspace(1e3, 1e6, 36), index=g.index)
    groepen = pd.Series([f"P{k // 12}" for k in range(36)], index=g.index)
    keuzes = {"titel": "Veel mensen", "bronregel": BRON, "inwoners": mensen, "groepen": groepen, **anders}
    return teken_cartogram(g, reeks(g, 0.3, 6.0), "afstand_huisarts_km", formaat=formaat, **keuzes)


SPLITSING = pd.DataFrame(
    {"waarde": [2.0, 1.0, 3.0, 6.0], "laag": [0.0, 0.5, 1.0, 4.0], "hoog": [3.0, 2.0, 5.0, 9.0],
     "ruisvloer": [0.0, 0.5, 2.0, np.nan]},
    index=["niveau: te weinig $1$", "tussen regio's", "binnen regio's, tussen gemeenten", "tekort"],
)  # fmt: skip


def waterval(formaat="half", **anders):
    keuzes = {"totaal": "tekort", "titel": "Zes te weinig", "bronregel": BRON, "eenheid": "fte", **anders}
    return teken_waterval(SPLITSING, formaat=formaat, **keuzes)


def tijdlijn(formaat="half", **anders):
    t = pd.DataFrame(
        {"Drenthe": [1.0, 1.1, 1.3, 1.3], "Zeeland $2$": [1.0, 1.1, 1.5, 1.5]}, index=[2012, 2019, 2022, 2024]
    )
    keuzes = {"titel": "Een breuk", "bronregel": BRON, "eenheid": "km", "decimalen": 1,
              "breuken": {(2019, 2022): "breuk: niet vergelijkbaar"}, **anders}  # fmt: skip
    return teken_tijdlijn(t, formaat=formaat, **keuzes)


def standen(eind=0.0) -> pd.DataFrame:
    zonder = np.linspace(6000, eind, 25)
    return pd.DataFrame({"zonder": zonder, "tijdelijk": (6000 - zonder) / 3, "vast": (6000 - zonder) * 2 / 3},
                        index=pd.RangeIndex(25, name="maand"))  # fmt: skip


def maanden(formaat="a4", **anders):
    alle = {"niets doen": standen(5000.0), "waarneming en een nieuwe praktijk": standen()}
    band = {n: pd.DataFrame({"laag": s["zonder"] * 0.5, "hoog": s["zonder"]}) for n, s in alle.items()}
    stroken = {
        "waarneming en een nieuwe praktijk": [
            Strook("waarneming", 0, 0, 12),
            Strook("nieuwe praktijk", 9, 18),
        ]
    }
    keuzes = {"titel": "Sneller", "bronregel": BRON, "band": band, "stroken": stroken, **anders}
    return teken_maandverloop(alle, formaat=formaat, **keuzes)


def rangen(formaat="a4", **anders):
    g = ruitjes(4)
    t = pd.DataFrame(
        {"naam": g["naam"], "rang": np.arange(1, 17), "rang_laag": 1, "rang_hoog": np.arange(85, 101)}
    )
    return teken_rangen(t, plaatsen=100, titel="Op volgorde", bronregel=BRON, formaat=formaat, **anders)


VORMEN = {
    "bivariaat": bivariaat, "verschil": verschil, "cartogram": cartogram, "waterval": waterval, "tijdlijn": tijdlijn,
    "maanden": maanden, "rangen": rangen,
}  # fmt: skip


@pytest.mark.parametrize("formaat", FORMATEN)
@pytest.mark.parametrize("vorm", VORMEN)
def test_nothing_is_cut_off_or_on_top_of_something_else(vorm, formaat):
    f = VORMEN[vorm](formaat)
    assert_page_is_clean(f)
    if formaat != "dia":
        assert f.fig.get_size_inches()[1] * 25.4 <= FORMATEN[formaat].hoogte_mm + 0.1


@pytest.mark.parametrize("vorm", VORMEN)
def test_files_are_the_same_when_made_again(vorm, tmp_path):
    een, twee = (VORMEN[vorm]().bewaar(tmp_path, n) for n in ("een", "twee"))
    for soort in ("png", "svg", "csv"):
        assert een[soort].read_bytes() == twee[soort].read_bytes(), soort
    assert een["json"].read_text().replace("een.csv", "twee.csv") == twee["json"].read_text()


@pytest.mark.parametrize("vorm", VORMEN)
def test_everything_a_reader_needs_is_on_it(vorm):
    f = VORMEN[vorm]()
    tekst = " ".join(gedrukt(f))
    for deel in ("Bron: CBS, tabel <1> & 2", "Peiljaren:", "Status: waargenomen", "huisartsdata 1.0"):
        assert deel in tekst
    assert f.titel in f.alt_tekst
    assert len(f.alt_tekst) > len(f.titel) + 60
    assert f.herkomst["soort"]
    assert f._repr_png_()[1]["alt"] == f.alt_tekst


# bivariate


def test_nine_colours_stay_apart_for_every_eye():
    kleuren = [k for rij in kruispalet() for k in rij]
    for naam, matrix in ZICHT.items():
        punten = [lab(k, matrix) for k in kleuren]
        assert (
            min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(punten, 2)) > MIN_VERSCHIL
        ), naam
    # light to dark along both axes: readable in grey
    licht = np.array([[lab(k)[0] for k in rij] for rij in kruispalet()])
    assert (np.diff(licht, axis=0) < -10).all()
    assert (np.diff(licht, axis=1) < -10).all()


def test_square_counts_every_area_once():
    f = bivariaat()
    tel = f.tabel["klasse"].value_counts()
    assert tel.sum() == 36
    assert tel["geen gegevens"] == 1
    cellen = [int(t) for t in gedrukt(f) if t.isdigit()]
    assert len(cellen) == 12
    assert sum(cellen) == 35
    assert "geen gegevens: 1" in gedrukt(f)
    assert f.tabel["klasse"].str.endswith("niet gemeten").sum() == 3
    # what was not measured has no value and no status: never a class of its own making
    leeg = f.tabel["ruimte_klasse"].isna()
    assert f.tabel.loc[leeg, "ruimte_klasse_status"].isna().all()


def test_an_unsure_area_is_in_no_class_of_the_square():
    g = ruitjes()
    twijfel = pd.Series(data=True, index=g.index[:4])
    f = bivariaat(onbekend=twijfel)
    assert (f.tabel["klasse"].iloc[:4] == "onbekend").all()
    assert "onbekend: 4" in gedrukt(f)


def test_an_axis_has_three_classes():
    with pytest.raises(ParameterFout, match="7 klassen"):
        bivariaat(x_as=get_indicator("afstand_huisarts_km"))


def test_map_of_reach_and_room_says_what_the_signals_say():
    # Algemene Rekenkamer 2025: four RegioPlus regions with at least 75% stops, three with relatively few
    f = ruimtekaart()
    tel = f.tabel["ruimte_klasse_klasse"].value_counts()
    assert tel.to_dict() == {"niet gemeten": 20, "vol: vanaf 75%": 4, "relatief open": 3, "deels vol": 1}
    assert (
        f.tabel.loc["RA1121", "klasse"] == "minder dan 1,0; vol: vanaf 75%"
    )  # Dordrecht's region: near and full
    assert f.tabel.loc["RA0102", "klasse"] == "ver: vanaf 1,5; relatief open"  # Drenthe: far and open
    assert "in 20 van de 28 is de ruimte niet gemeten" in f.titel
    assert "signalen 2024, december 2025." in f.bronregel
    assert "ver: vanaf 1,5; relatief open: 3 (Drenthe, Friesland, Zeeland)" in f.alt_tekst
    assert_page_is_clean(f)


# before, after, difference


def test_third_panel_is_the_difference_and_counts_add_up():
    f = verschil()
    t = f.tabel
    getallen = t["bereik_fte_per_10000"]
    assert t.loc["verschil", "verschil_bereik_fte_per_10000"].to_numpy() == pytest.approx(
        (getallen.loc["na"] - getallen.loc["voor"]).to_numpy()
    )
    assert t.groupby("paneel").size().to_dict() == {"voor": 36, "na": 36, "verschil": 36}
    aantallen = [int(s) for s in gedrukt(f) if s.isdigit()]
    assert sum(aantallen) == 3 * 36
    assert sum(s.endswith(" km") for s in gedrukt(f)) == 1  # one bar: the maps have one scale


@pytest.mark.parametrize("formaat", FORMATEN)
def test_difference_with_surroundings_is_clean(formaat):
    assert_page_is_clean(verschil(formaat, buren=ruitjes(8, x0=90_000, y0=390_000).add_prefix("x_").rename(
        columns={"x_geometry": "geometry", "x_naam": "naam"}).set_geometry("geometry").rename(index=lambda c: f"B{c}")))  # fmt: skip


def test_equal_pictures_differ_nowhere():
    g = ruitjes()
    f = teken_verschil(
        g, reeks(g), reeks(g), "bereik_fte_per_10000", VERSCHIL_BEREIK, titel="T", bronregel=BRON
    )
    assert set(f.tabel.loc["verschil", "klasse"]) == {"hoogstens 0,1 verschil"}


def test_unknown_panel_and_unknown_area_are_named():
    with pytest.raises(ParameterFout, match="straks"):
        verschil(onbekend={"straks": pd.Series(dtype=bool)})
    g = ruitjes()
    with pytest.raises(OnbekendGebiedFout, match="GM9999"):
        teken_verschil(
            g,
            reeks(g),
            pd.Series({"GM9999": 1.0}),
            "bereik_fte_per_10000",
            VERSCHIL_BEREIK,
            titel="T",
            bronregel=BRON,
        )


# cartogram


def _overlap(xy, r) -> float:
    ver = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    diep = r[:, None] + r[None] - ver
    np.fill_diagonal(diep, -1.0)
    return float(diep.max())


def test_no_two_circles_overlap_and_order_does_not_matter():
    rng = np.random.default_rng(5)
    xy, r = rng.uniform(0, 100, (60, 2)), rng.uniform(1, 9, 60)
    xy[7] = xy[8]  # two on one spot
    groep = [f"g{k % 4}" for k in range(60)]
    buren = np.argwhere(np.triu(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) < 12, 1))
    uit = place_circles(xy, r, groep, buren)
    assert _overlap(uit, r) <= 0
    anders = rng.permutation(60)
    waar = np.argsort(anders)
    zelfde = place_circles(xy[anders], r[anders], [groep[k] for k in anders], waar[buren])
    assert zelfde == pytest.approx(uit[anders], abs=1e-6)


def test_a_lone_circle_stays_and_an_empty_one_pushes_nobody():
    xy, r = np.array([[0.0, 0.0], [100.0, 0.0], [100.0, 1.0]]), np.array([5.0, 5.0, 0.0])
    uit = place_circles(xy, r, ["a", "b", "b"], np.empty((0, 2), dtype=int))
    assert uit == pytest.approx(xy, abs=0.1)
    assert uit[2].tolist() == [100.0, 1.0]


@pytest.mark.parametrize("mensen", [[1.0, np.nan], [1.0, -1.0], [0.0, 0.0]])
def test_people_are_needed_for_a_cartogram(mensen):
    with pytest.raises(HuisartsdataFout, match="inwoners"):
        measure_radii(np.array(mensen), 10.0)


def test_cartogram_of_the_country_is_true_to_people_and_near_the_places():
    f = afstandcartogram()
    t = f.tabel
    assert t["inwoners"].sum() == 17_942_942  # CBS, 1 January 2024
    # area in proportion to people, everywhere
    assert (t["straal_m"] ** 2 / t["inwoners"]).std() / (t["straal_m"] ** 2 / t["inwoners"]).mean() < 1e-9
    xy, r = t[["x_m", "y_m"]].to_numpy(), t["straal_m"].to_numpy()
    assert _overlap(xy, r) <= 0
    gm = load_kaartgebied().gebieden
    midden = gm.geometry.centroid
    assert t["x_m"].corr(midden.x.reindex(t.index), method="spearman") > 0.98
    assert t["y_m"].corr(midden.y.reindex(t.index), method="spearman") > 0.98
    assert t["verplaatst_m"].median() < 10_000
    # provinces: in one piece on the mainland, and each circle on the ground of its own
    grond = draw_territories(xy, r, gm["provincie_code"].tolist())
    stukken = {p: len(shapely.get_parts(v)) for p, v in grond.items()}
    eilanden = {"PV21": 4, "PV27": 2}  # the Frisian islands, and Texel may stand apart
    assert all(n <= eilanden.get(p, 1) for p, n in stukken.items()), stukken
    op = [grond[p].contains(shapely.Point(*plek)) for p, plek in zip(gm["provincie_code"], xy, strict=True)]
    assert all(op)
    # the title counts what the table holds
    ver = t["afstand_huisarts_km"] >= 1.5
    assert f"{getal(100 * t.loc[ver, 'inwoners'].sum() / t['inwoners'].sum(), 0)}% van de mensen" in f.titel
    assert f"{getal(t.loc[t['klasse'] == '1,5 tot 2,0', 'inwoners'].sum(), 0)}" in gedrukt(f)
    assert_page_is_clean(f)


def test_neighbours_of_a_square_country():
    assert len(touching(ruitjes(3).geometry.to_numpy())) == 20  # 12 sides and 8 corners


# waterfall


def test_waterfall_of_a_known_split():
    # need 10, 10, 10 against supply 14, 8, 6: shortage 6, level 2, distribution 4
    s = hd.splits_tekort([10, 10, 10], [14, 8, 6])
    delen = pd.DataFrame({"waarde": {"niveau": s.niveau, "spreiding": s.spreiding, "tekort": s.tekort}})
    f = teken_waterval(delen, totaal="tekort", titel="T", bronregel=BRON, eenheid="fte")
    assert f.tabel["begin"].tolist() == [0.0, 2.0, 0.0]
    assert f.tabel["eind"].tolist() == [2.0, 6.0, 6.0]
    staven = [p for p in f.fig.axes[1].patches if p.get_width()]
    assert [(p.get_x(), p.get_width()) for p in staven] == [(0, 2), (2, 4), (0, 6)]


def test_waterfall_shows_interval_and_noise_floor():
    f = waterval()
    assert "3 fte (1 tot 5)" in gedrukt(f)
    assert f.tabel.loc["binnen regio's, tussen gemeenten", ["laag_eind", "hoog_eind"]].tolist() == [4.0, 8.0]
    ruis = [(p.get_x(), p.get_width()) for p in f.fig.axes[1].patches if p.get_hatch()]
    assert ruis == [(2.0, 0.5), (3.0, 2.0)]
    assert "waarvan onzekerheid alleen al 2 fte geeft" in f.alt_tekst


def test_a_waterfall_that_does_not_close_is_refused():
    with pytest.raises(HuisartsdataFout, match="moet sluiten"):
        teken_waterval(
            SPLITSING.assign(waarde=[2.0, 1.0, 3.0, 7.0]), totaal="tekort", titel="T", bronregel=BRON
        )
    with pytest.raises(HuisartsdataFout, match="som"):
        teken_waterval(SPLITSING, totaal="som", titel="T", bronregel=BRON)
    with pytest.raises(HuisartsdataFout, match="laag en hoog"):
        teken_waterval(SPLITSING.drop(columns="hoog"), totaal="tekort", titel="T", bronregel=BRON)
    with pytest.raises(HuisartsdataFout, match="niveau"):
        teken_waterval(
            SPLITSING.assign(waarde=[np.nan, 1.0, 3.0, 4.0]), totaal="tekort", titel="T", bronregel=BRON
        )


# timelines


def test_no_line_and_no_value_within_a_break():
    f = tijdlijn()
    lijnen = [[*map(int, lijn.get_xdata())] for lijn in f.fig.axes[1].lines if lijn.get_marker() == "o"]
    assert lijnen == [[2012, 2019], [2022, 2024]] * 2
    with pytest.raises(HuisartsdataFout, match="geen waarden"):
        tijdlijn(breuken={(2012, 2022): "breuk"})
    with pytest.raises(HuisartsdataFout, match="Utrecht"):
        tijdlijn(nadruk=["Utrecht"])


def test_distance_over_the_years_names_the_break():
    f = afstandtijdlijn({"Nederland": ("land", "NL01"), "Drenthe": ("provincie", "PV22")})
    # CBS: 0.95 km in 2012, 0.98 in 2019
    assert f.titel.startswith("Van 2012 tot 2019 ging de afstand in Nederland van 0,95 naar 0,98 km")
    assert "Tussen 2019 en 2022: breuk" in f.alt_tekst


def test_nobody_gets_lost_in_a_month():
    f = maanden()
    som = f.tabel[["zonder", "tijdelijk", "vast"]].sum(axis=1)
    assert som.to_numpy() == pytest.approx(6000)
    kwijt = standen()
    kwijt.iloc[3, 0] -= 10
    with pytest.raises(HuisartsdataFout, match="kwijtgeraakt"):
        teken_maandverloop({"kwijtgeraakt": kwijt}, titel="T", bronregel=BRON)
    with pytest.raises(HuisartsdataFout, match="andere maanden"):
        teken_maandverloop({"a": standen(), "b": standen().iloc[:5]}, titel="T", bronregel=BRON)
    with pytest.raises(HuisartsdataFout, match="minstens een paneel"):
        teken_maandverloop({}, titel="T", bronregel=BRON)
    with pytest.raises(HuisartsdataFout, match="passen geen 24"):
        teken_maandverloop({f"p{k}": standen() for k in range(24)}, titel="T", bronregel=BRON, formaat="half")


def test_doubt_is_upright_bars_from_low_to_high():
    f = maanden()
    ax = f.fig.axes[1]
    assert not any(
        lijn.get_linestyle() not in ("-", "None") for lijn in ax.lines
    )  # no line among the borders
    strepen = [c.get_segments() for c in ax.collections if hasattr(c, "get_segments")]
    assert len(strepen) == 2  # white under black
    assert len(strepen[0]) == 6
    for (maand, onder), (zelfde, boven) in strepen[0]:
        assert maand == zelfde
        assert boven == pytest.approx(6000 - 1000 * maand / 24)  # the ends in that month
        assert onder == pytest.approx(boven / 2)
    assert_page_is_clean(f)


def test_where_the_others_on_the_map_are():
    gm = load_kaartgebied().gebieden
    friesland = [c for c in gm.index[gm["provincie"] == gm.at["GM0096", "provincie"]] if c != "GM0096"]
    assert len(friesland) == 17  # CBS 2024: Fryslân has 18 gemeenten, and none touches Vlieland
    assert briefbeelden._waar("GM0096", friesland) == "andere gemeenten in de provincie"
    naast = gm.index[gm.geometry.dwithin(gm.geometry["GM1731"], 50.0)].drop("GM1731")
    assert briefbeelden._waar("GM1731", list(naast)) == "gemeenten eromheen"


def test_states_stay_apart_for_every_eye():
    for naam, matrix in ZICHT.items():
        punten = [lab(k, matrix) for k in state_colours(3)]
        assert (
            min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(punten, 2)) > MIN_VERSCHIL
        ), naam


# ranks


def test_ranks_stand_in_order_with_their_interval():
    f = rangen()
    assert f.tabel["rang"].tolist() == sorted(f.tabel["rang"])
    (segmenten,) = [c.get_segments() for c in f.fig.axes[1].collections if hasattr(c, "get_segments")]
    assert [(s[0][0], s[1][0]) for s in segmenten][:2] == [(1.0, 85.0), (1.0, 86.0)]
    assert "plaats 1 (1 tot 85)" in f.alt_tekst
    with pytest.raises(HuisartsdataFout, match="buiten 1 tot en met 50"):
        teken_rangen(f.tabel, plaatsen=50, titel="T", bronregel=BRON)


# ready made, on the country


@pytest.fixture(scope="module")
def situatie():
    return hd.landelijke_situatie(functie="zonder_wisselend")


@pytest.fixture(scope="module")
def uitval(situatie):
    return hd.scenario.uitval(
        situatie, gm_code="GM0505", patienten=6000, open_aandeel=(0.0, 0.25), trekkingen=20
    )


def test_waterfall_of_the_country_is_the_nested_split(situatie):
    f = splitswaterval(situatie.vervang(norm=1800), trekkingen=20)
    los = hd.ontleed_tekort(situatie.vervang(norm=1800), trekkingen=20)
    assert f.tabel["waarde"].to_numpy() == pytest.approx(
        los.loc[["niveau", "tussen", "binnen", "tekort"], "verwacht"]
    )
    # 9,968 fte needed at 1,800, 8,981 there: 987 too few, whatever the draw
    assert f.tabel["waarde"].iloc[0] == pytest.approx(987, abs=1)
    assert "987 fte niveau" in f.titel
    # no draw changes the level: it is no noise, and has no interval
    assert f.tabel[["laag", "hoog", "ruisvloer"]].iloc[0].isna().all()
    ruis = [p.get_x() for p in f.fig.axes[1].patches if p.get_hatch()]
    assert len(ruis) == 2 and min(ruis) == pytest.approx(987, abs=1)
    assert "987 fte" in gedrukt(f)  # and no (987 tot 987) behind it
    assert_page_is_clean(f)


def test_norms_beside_each_other_share_their_draws(situatie):
    # as many draws as the map of verdicts and the table of norms: one norm may not get two counts
    boeken = [nbformat.read(p, as_version=4) for p in sorted((WORTEL / "notebooks").glob("0[15]_*.ipynb"))]
    cellen = [c.source for b in boeken for c in b.cells if c.cell_type == "code"]
    (oordeel,), (rooster,), (reeks,) = (
        [c for c in cellen if w in c]
        for w in ("tekort = hd.tekortbeeld(", "tekortfiguren.normrooster(", "vormbeelden.normreeks(")
    )
    assert all("TREKKINGEN = 1000" in "\n".join(c.source for c in b.cells) for b in boeken)
    assert "trekkingen=TREKKINGEN" in oordeel and "trekkingen=TREKKINGEN" in rooster
    assert "trekkingen" not in reeks
    assert inspect.signature(normreeks).parameters["trekkingen"].default == 1000
    f = normreeks(situatie, load_kaartgebied(), trekkingen=20)
    kans = f.tabel["kans_op_tekort"].unstack("paneel")
    assert kans.shape == (342, 3)
    # more people per fte can never make an area shorter
    assert (kans["1.800 per fte"] >= kans["2.095 per fte"]).all()
    assert (kans["2.095 per fte"] >= kans["2.350 per fte"]).all()
    assert_page_is_clean(f)


def test_ranks_of_the_country(situatie):
    beeld = hd.tekortbeeld(situatie, trekkingen=20)
    f = rangintervallen(situatie, beeld, 20)
    assert len(f.tabel) == 20
    assert f.tabel["rang"].tolist() == list(range(1, 21))
    assert (f.tabel["rang_laag"] <= f.tabel["rang_hoog"]).all()
    assert_page_is_clean(f)


def test_outage_before_after_and_loss(uitval):
    f = uitvalverschil(uitval)
    t = f.tabel
    voor, na = (t.loc[p, "bereik_fte_per_10000"] for p in ("voor", "na"))
    assert t.loc["verschil", "afname_bereik"].to_numpy() == pytest.approx((1 - na / voor).to_numpy())
    assert (na <= voor).all()  # nobody gains by a practice that falls out
    telt = (t.loc["verschil", "afname_bereik"] >= 0.01) & (t.loc["verschil", "klasse"] != "onbekend")
    assert f"verliezen {telt.sum()} van de 13 wijken" in f.titel
    assert "geen uitspraak over een bestaande praktijk" in f.bronregel
    assert_page_is_clean(f)


def test_rule_claims_no_gain_where_draws_disagree(situatie):
    uitkomst = hd.scenario.stuurregel(situatie, "d4", trekkingen=5)
    f = regelverschil(situatie, uitkomst)
    t = f.tabel.loc["verschil"]
    wankel = t["kans_aangewezen"].between(0.1, 0.9)
    assert wankel.sum() > 100
    assert (t.loc[wankel, "klasse"] == "onbekend").all()
    assert f"van {(t['klasse'] == 'onbekend').sum()} is het niet te zeggen" in f.titel
    assert_page_is_clean(f)


def test_months_after_an_outage(uitval):
    pakketten = {"niets doen": [], "overname": [hd.scenario.overname((6, 18), aandeel=(0.5, 1.0))]}
    verlopen = {n: hd.scenario.verloop(uitval, m) for n, m in pakketten.items()}
    f = maandfiguur(uitval, verlopen)
    t = f.tabel
    assert t[["zonder huisarts", "bij een waarnemer", "vast ingeschreven"]].sum(
        axis=1
    ).to_numpy() == pytest.approx(6000)
    # without measures the two packages are one until the first take-over
    assert t.loc["niets doen"].iloc[:6].to_numpy() == pytest.approx(t.loc["overname"].iloc[:6].to_numpy())
    assert (
        t.loc["overname", "zonder huisarts"].to_numpy()
        <= t.loc["niets doen", "zonder huisarts"].to_numpy() + 1e-9
    ).all()
    assert "overname" in gedrukt(f)
    assert_page_is_clean(f)


# in a notebook


def test_a_figure_in_a_notebook_keeps_its_alternative_text(caplog):
    from nbconvert import HTMLExporter
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    f = waterval(titel='Zes <te> weinig, "of" niet', alt_tekst='Zes <te> weinig, "of" niet & meer')
    html = toon_figuur(f)._repr_html_()
    cel = new_code_cell("toon_figuur(figuur)", outputs=[new_output("display_data", {"text/html": html})])
    pagina, _ = HTMLExporter(mathjax_url="", require_js_url="").from_notebook_node(new_notebook(cells=[cel]))
    lezer = Beelden()
    lezer.feed(pagina)
    assert lezer.alt == [f.alt_tekst]
    assert "Alternative text is missing" not in caplog.text
    assert toon_figuur("Niets <b>te</b> tonen").html == "<p>Niets &lt;b&gt;te&lt;/b&gt; tonen</p>"
    with pytest.raises(ParameterFout, match="figuur of een zin"):
        toon_figuur(3)


@pytest.mark.parametrize("naam", ["01_landelijk_beeld", "02_drenthe", "03_dordrecht", "05_gevoeligheid"])
def test_notebooks_show_their_figures_with_that_text(naam):
    boek = json.loads((WORTEL / "notebooks" / f"{naam}.ipynb").read_text(encoding="utf-8"))
    bronnen = ["".join(c["source"]) for c in boek["cells"] if c["cell_type"] == "code"]
    getoond = [b.splitlines()[-1] for b in bronnen if "figuur.bewaar(" in b]
    assert len(getoond) >= 3
    assert set(getoond) == {"toon_figuur(figuur)"}


class Beelden(HTMLParser):
    """Alternative texts of the images of a page."""

    def __init__(self):
        super().__init__()
        self.alt = []

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.alt.append(dict(attrs).get("alt"))
