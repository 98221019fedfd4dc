"""Maps: classes, counts, places on the page, names, provenance."""

from __future__ import annotations

import csv
import io
import itertools
import json
import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.uitvoer.figuur import Bronregel
from huisartsdata.uitvoer.grafieken.grafiek import rangorde, spreiding
from huisartsdata.uitvoer.grafieken.grafiekblad import spread
from huisartsdata.uitvoer.huisstijl import FORMATEN, GEEN_GEGEVENS, MINIMUM_PT, MM, ONBEKEND
from huisartsdata.uitvoer.kaarten.indicatoren import INDICATOREN, Indicator, classify, get_indicator
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart, kaartreeks
from huisartsdata.uitvoer.kaarten.kaartdelen import thinly_peopled
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.kaarten.kaartindeling import arrange
from huisartsdata.uitvoer.kaarten.kaartlabels import Label, place_labels
from huisartsdata.uitvoer.kaarten.kaartlagen import outline, shared_borders, simplify
from huisartsdata.uitvoer.kaarten.kaartpaneel import fade
from huisartsdata.uitvoer.kaarten.legenda import Legenda, class_rows, legend_rows, round_length
from huisartsdata.uitvoer.opmaak import Opmaak, Tekstblok, clean, measure, wrap

BRON = Bronregel(
    ("CBS, tabel <1> & 2",), {"afstand": "2024", "grenzen": "2024"}, licentie="CC BY 4.0", versie="1.0"
)
AFSTAND = get_indicator("afstand_huisarts_km")


def ruitjes(n: int = 6, zijde: float = 10_000, x0: float = 100_000, y0: float = 400_000) -> gpd.GeoDataFrame:
    """Square country of n x n areas, with names that are trouble."""
    lastig = [
        "$a_1$ en $b$",
        "<script>alert(1)</script>",
        "=1+1",
        "Súdwest-Fryslân",
        "’s-Gravenhage",
        "A\u202eB",
    ]
    vakken = {
        f"GM{i * n + j:04d}": shapely.box(
            x0 + j * zijde, y0 + i * zijde, x0 + (j + 1) * zijde, y0 + (i + 1) * zijde
        )
        for i in range(n)
        for j in range(n)
    }
    namen = [lastig[k] if k < len(lastig) else f"Gemeente {k}" for k in range(n * n)]
    return gpd.GeoDataFrame(
        {"naam": namen}, geometry=list(vakken.values()), index=pd.Index(vakken, name="gm_code"), crs=28992
    )


def waarden(gebieden: gpd.GeoDataFrame) -> pd.Series:
    w = pd.Series(np.linspace(0.3, 6.0, len(gebieden)), index=gebieden.index)
    w.iloc[[3, 7]] = np.nan
    return w


def kaart(**anders):
    g = ruitjes()
    keuzes = {
        "titel": "De huisarts is in het noorden verder weg dan in het zuiden van het land",
        "bronregel": BRON,
        **anders,
    }
    return gebiedskaart(
        keuzes.pop("gebieden", g),
        keuzes.pop("waarden", waarden(g)),
        keuzes.pop("indicator", AFSTAND),
        **keuzes,
    )


def teksten(figuur):
    """All texts of a figure with their box in pixels, as drawn."""
    canvas = FigureCanvasAgg(figuur.fig)
    canvas.draw()
    teken = canvas.get_renderer()
    alles = [
        t for ax in figuur.fig.axes for t in ax.findobj(lambda o: hasattr(o, "get_text") and o.get_visible())
    ]
    return [(t, t.get_window_extent(teken)) for t in alles if t.get_text().strip()]


def zichtbare_teksten(figuur):
    # the page axes are switched off, and ticks beyond the limits of an axis are not drawn
    assen = [as_ for ax in figuur.fig.axes for as_ in (ax.xaxis, ax.yaxis)]
    alle = {id(t) for as_ in assen for tick in as_.get_major_ticks() for t in (tick.label1, tick.label2)}
    getekend = {id(tick.label1) for as_ in assen if as_.axes.axison for tick in as_._update_ticks()}
    return [(t, doos) for t, doos in teksten(figuur) if id(t) not in alle or id(t) in getekend]


def assert_page_is_clean(figuur):
    breed, hoog = figuur.fig.get_size_inches() * figuur.fig.dpi
    gevonden = zichtbare_teksten(figuur)
    assert len(gevonden) > 5
    for t, d in gevonden:
        assert t.get_fontsize() >= MINIMUM_PT
        assert d.x0 >= 0, t.get_text()
        assert d.y0 >= 0, t.get_text()
        assert d.x1 <= breed, t.get_text()
        assert d.y1 <= hoog, t.get_text()
    for (t1, a), (t2, b) in itertools.combinations(gevonden, 2):
        diep = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
        # lines of one paragraph may touch: g of one line, k of the next
        assert min(diep) <= 0.12 * t1.get_fontsize() / 72 * figuur.fig.dpi, (t1.get_text(), t2.get_text())


# classes


@pytest.mark.parametrize(
    ("waarde", "klasse"),
    [
        (0.0, "minder dan 0,7"),
        (0.6999, "minder dan 0,7"),
        (0.7, "0,7 tot 1,0"),
        (1.0, "1,0 tot 1,5"),
        (0.1 + 0.9 - 1e-12, "1,0 tot 1,5"),
        (2.9, "2,0 tot 3,0"),
        (3.0, "3,0 tot 5,0"),
        (5.0, "5,0 en meer"),
        (math.nan, GEEN_GEGEVENS),
    ],
)
def test_a_value_on_a_break_falls_in_the_class_above(waarde, klasse):
    assert classify(pd.Series([waarde], index=["a"]), AFSTAND)["a"] == klasse


@pytest.mark.parametrize(
    ("van", "naar", "klasse"),
    [
        (1.2, 1.1, "hoogstens 0,1 verschil"),
        (1.1, 1.2, "hoogstens 0,1 verschil"),
        (1.0, 1.2, "0,1 tot 0,5 verder"),
        (1.2, 1.0, "0,1 tot 0,5 dichterbij"),
        (1.0, 1.5, "0,1 tot 0,5 verder"),
        (1.5, 1.0, "0,1 tot 0,5 dichterbij"),
        (1.0, 1.6, "meer dan 0,5 verder"),
        (1.6, 1.0, "meer dan 0,5 dichterbij"),
    ],
)
def test_differences_are_judged_the_same_both_ways(van, naar, klasse):
    assert classify(pd.Series([naar - van], index=["a"]), get_indicator("verschil_afstand_km"))["a"] == klasse


@pytest.mark.parametrize(
    ("kans", "klasse"),
    [
        (0.0, "geen"),
        (0.0999, "geen"),
        (0.1, ONBEKEND),
        (0.5, ONBEKEND),
        (0.9, ONBEKEND),
        (0.9001, "tekort"),
        (1.0, "tekort"),
    ],
)
def test_chance_between_one_and_nine_tenths_is_unknown(kans, klasse):
    assert classify(pd.Series([kans], index=["a"]), get_indicator("kans_op_tekort"))["a"].startswith(klasse)


def test_unknown_goes_before_value_and_no_data_before_unknown():
    w = pd.Series({"a": 1.0, "b": math.nan, "c": 1.0})
    uit = classify(w, AFSTAND, pd.Series({"b": True, "a": True}))
    assert uit.to_dict() == {"a": ONBEKEND, "b": GEEN_GEGEVENS, "c": "1,0 tot 1,5"}


def test_infinite_values_are_refused_by_name():
    with pytest.raises(HuisartsdataFout, match="GM0002"):
        classify(pd.Series({"GM0001": 1.0, "GM0002": math.inf}), AFSTAND)


@pytest.mark.parametrize("naam", INDICATOREN)
def test_every_indicator_has_a_label_and_colour_per_class(naam):
    ind = INDICATOREN[naam]
    assert ind.naam == naam
    assert (
        len(ind.klassen)
        == len(ind.kleuren)
        == len(set(ind.kleuren))
        == len(set(ind.klassen))
        == len(ind.breekpunten) + 1
    )
    assert ind.uitleg.endswith(".")


def test_class_labels_are_dutch():
    assert get_indicator("inwoners_per_praktijk").klassen[:2] == ("minder dan 2.500", "2.500 tot 3.000")
    assert get_indicator("aandeel_65_plus").klassen[-1] == "27% en meer"


@pytest.mark.parametrize(
    "anders", [{"breekpunten": (2.0, 1.0)}, {"breekpunten": ()}, {"palet": "jet"}, {"klassenamen": ("a",)}]
)
def test_an_impossible_indicator_is_refused(anders):
    goed = {"breekpunten": (1.0, 2.0), "palet": "groen", "klassenamen": ()}
    with pytest.raises(HuisartsdataFout):
        Indicator("x", "X", "", richting="neutraal", decimalen=0, uitleg="x.", **{**goed, **anders})


# the map


def test_counts_in_the_legend_add_up_to_the_areas():
    g = ruitjes()
    f = kaart(onbekend=pd.Series(True, index=["GM0000", "GM0003"]))
    telling = f.tabel["klasse"].value_counts()
    assert telling.sum() == len(g) == 36
    assert telling[GEEN_GEGEVENS] == 2
    assert telling[ONBEKEND] == 1  # GM0003 has no data at all
    gedrukt = [t.get_text() for t, _ in zichtbare_teksten(f)]
    kop = gedrukt.index("gemeenten")
    aantallen = [int(t) for t in gedrukt[kop + 1 :] if t.isdigit()]
    assert sum(aantallen) == 36
    assert {GEEN_GEGEVENS, ONBEKEND, *AFSTAND.klassen} <= set(gedrukt)


def test_no_data_class_only_where_something_is_missing():
    g = ruitjes()
    gedrukt = {t.get_text() for t, _ in zichtbare_teksten(kaart(waarden=pd.Series(1.0, index=g.index)))}
    assert GEEN_GEGEVENS not in gedrukt
    assert ONBEKEND not in gedrukt


def test_a_known_reason_for_no_number_is_named():
    gewoon, f = kaart(), kaart(leeg="geen praktijk")
    gedrukt = {t.get_text() for t, _ in zichtbare_teksten(f)}
    assert "geen praktijk" in gedrukt and GEEN_GEGEVENS not in gedrukt
    # the same areas in the same colour, under another name
    for klasse, andere in ((GEEN_GEGEVENS, "geen praktijk"), ("1,0 tot 1,5", "1,0 tot 1,5")):
        assert list(f.tabel.index[f.tabel["klasse"] == andere]) == list(
            gewoon.tabel.index[gewoon.tabel["klasse"] == klasse]
        )
    assert "geen praktijk" in f.alt_tekst and GEEN_GEGEVENS not in f.alt_tekst
    assert f.tabel["klasse"].cat.ordered


def test_a_known_reason_in_every_panel():
    g = ruitjes()
    bron = {"2012": waarden(g), "2024": waarden(g)}
    f = kaartreeks(g, bron, "afstand_huisarts_km", titel="T", bronregel=BRON, leeg="geen praktijk")
    assert "geen praktijk" in {t.get_text() for t, _ in zichtbare_teksten(f)}
    assert (f.tabel["klasse"] == "geen praktijk").groupby("paneel").sum().to_dict() == {"2012": 2, "2024": 2}
    assert GEEN_GEGEVENS not in f.alt_tekst


@pytest.mark.parametrize("leeg", ["", "  ", ONBEKEND, "1,0 tot 1,5", None, 3])
def test_the_name_of_no_number_is_no_other_class(leeg):
    with pytest.raises(ParameterFout, match="geen praktijk"):
        kaart(leeg=leeg)


@pytest.mark.parametrize("formaat", FORMATEN)
@pytest.mark.parametrize("vorm", ["los", "met buren", "breed", "hoog"])
def test_nothing_is_cut_off_or_on_top_of_something_else(formaat, vorm):
    g = ruitjes()
    extra = {}
    if vorm == "met buren":
        ring = ruitjes(10, x0=80_000, y0=380_000)
        ring.index = pd.Index([f"B{k}" for k in range(len(ring))])
        g_buren = ring[~ring.geometry.centroid.within(shapely.box(*g.total_bounds))]
        water = gpd.GeoDataFrame(
            geometry=[shapely.LineString([(90_000, 390_000), (170_000, 470_000)])], crs=28992
        )
        extra = {"buren": g_buren, "labels": g, "groepen": pd.Series("a", index=g.index), "water": water}
    elif vorm != "los":
        rek = (4, 1) if vorm == "breed" else (1, 4)
        g = g.set_geometry(g.geometry.scale(*rek, origin=(0, 0)))
        extra = {"labels": g.assign(soort="plaats", geometry=g.geometry.centroid)}
    f = kaart(gebieden=g, waarden=waarden(g), formaat=formaat, ondertitel="Afstand " * 30, **extra)
    assert_page_is_clean(f)
    maat = FORMATEN[formaat]
    breed, hoog = f.fig.get_size_inches() * 25.4
    assert breed == pytest.approx(maat.breedte_mm)
    assert hoog <= maat.hoogte_mm + 0.1
    if maat.vast:
        assert hoog == pytest.approx(maat.hoogte_mm, abs=0.1)


def test_legend_covers_no_land():
    # a triangle leaves one corner free, a square none
    with_corner = shapely.Polygon([(0, 0), (300_000, 0), (300_000, 350_000)])
    opmaak = Opmaak.from_tekst(FORMATEN["a4"], titel="T", ondertitel="", bron="B")

    def legenda(schaal: float) -> Legenda:
        rijen = tuple((k, {"facecolor": "red"}, (10,)) for k in AFSTAND.klassen)
        return Legenda(
            Tekstblok(("Afstand",), 8), ("n",), rijen, FORMATEN["a4"], round_length(24 * MM / schaal), schaal
        )

    for land in (with_corner, shapely.box(0, 0, 300_000, 350_000)):
        uit = arrange(opmaak, land.bounds, legenda, np.array([land]), vol=False)
        op_blad = uit.vensters[0].project(np.array([land]))[0]
        assert not shapely.box(*uit.doos).intersects(op_blad)
        assert uit.doos[0] >= 0
        assert uit.doos[2] <= opmaak.breedte
        assert uit.doos[1] >= -1e-9
    in_hoek = arrange(opmaak, with_corner.bounds, legenda, np.array([with_corner]), vol=False)
    assert in_hoek.vensters[0].schaal == pytest.approx(opmaak.breedte / 300_000)  # as large as without legend


def test_scale_bar_is_as_long_as_it_says():
    f = kaart()
    g = ruitjes()
    blad = f.fig.axes[0]
    stok = next(lijn for lijn in blad.lines if len(lijn.get_xdata()) == 4)
    lengte_pt = stok.get_xdata()[2] - stok.get_xdata()[1]
    tekst = next(t.get_text() for t, _ in zichtbare_teksten(f) if t.get_text().endswith(" km"))
    vlakken = [p for p in blad.patches if p.get_path().vertices.shape[0] > 10]
    land_pt = max(p.get_path().vertices[:, 0].max() for p in vlakken) - min(
        p.get_path().vertices[:, 0].min() for p in vlakken
    )
    land_km = (g.total_bounds[2] - g.total_bounds[0]) / 1000
    assert lengte_pt / land_pt == pytest.approx(float(tekst.removesuffix(" km")) / land_km, rel=2e-3)
    assert lengte_pt <= 24 * MM


def test_areas_cover_the_map_and_keep_their_colour():
    f = kaart()
    canvas = FigureCanvasAgg(f.fig)
    canvas.draw()
    beeld = np.asarray(canvas.buffer_rgba())[..., :3]
    g = ruitjes()
    vlak = next(p for p in f.fig.axes[0].patches if p.get_path().vertices.shape[0] > 10)
    # places of the squares on the page, from the first compound path: lower left area is in the lowest class
    x, y = vlak.get_path().vertices[:, 0].min(), vlak.get_path().vertices[:, 1].min()
    zijde = (vlak.get_path().vertices[1:4].max(axis=0) - vlak.get_path().vertices[1:4].min(axis=0)).max()
    for n, code in enumerate(g.index):
        klasse = f.tabel.at[code, "klasse"]
        if klasse == GEEN_GEGEVENS:
            continue
        px, py = x + (n % 6 + 0.5) * zijde, y + (n // 6 + 0.5) * zijde
        pixel = beeld[beeld.shape[0] - 1 - round(py / 72 * 200), round(px / 72 * 200)]
        kleur = AFSTAND.kleuren[AFSTAND.klassen.index(klasse)]
        assert [*pixel] == [int(kleur[i : i + 2], 16) for i in (1, 3, 5)], code


def test_names_are_text_and_never_run():
    g = ruitjes()
    f = kaart(labels=g, titel="Zorg kost $5 en $6 in <b>Súdwest</b>")
    gedrukt = {t.get_text() for t, _ in zichtbare_teksten(f)}
    assert {
        "$a_1$ en $b$",
        "<script>alert(1)</script>",
        "AB",
        "Zorg kost $5 en $6 in <b>Súdwest</b>",
    } <= gedrukt
    assert not any(t.get_parse_math() for t, _ in zichtbare_teksten(f))


def test_everything_a_reader_needs_is_below_the_map():
    bron = Bronregel(
        ("Nivel",),
        {"fte": "2025", "inwoners": "1 januari 2024"},
        ("modelschatting",),
        norm="2.095 per fte",
        functie="alle",
        licentie="CC0",
        toelichting="Schatting",
        versie="9.9",
    )
    f = kaart(bronregel=bron)
    gedrukt = " ".join(t.get_text() for t, _ in zichtbare_teksten(f))
    verwacht = (
        "Bron: Nivel (CC0). Peiljaren: fte 2025, inwoners 1 januari 2024. Norm: 2.095 per fte. Functie: alle. "
        "Status: modelschatting. Schatting. huisartsdata 9.9."
    )
    assert f.bronregel == verwacht
    for woord in verwacht.split():
        assert woord in gedrukt


def test_source_line_cannot_be_left_out():
    for fout in ({"bron": ()}, {"peiljaren": {}}, {"status": ("geraden",)}, {"bron": "CBS"}):
        with pytest.raises(HuisartsdataFout):
            Bronregel(**{"bron": ("CBS",), "peiljaren": {"a": "2024"}, **fout})


def test_alternative_text_says_what_the_map_says():
    f = kaart(waarden=waarden(ruitjes()).sample(frac=1, random_state=1))
    tekst = f.alt_tekst
    assert tekst.startswith(f"Kaart. {f.titel}. Getoond is: gemiddelde afstand")
    assert "36 gemeenten" in tekst
    assert "geen gegevens: 2" in tekst
    assert "Hoogste: Gemeente 35 (6,0 km), Gemeente 34 (5,8 km)" in tekst
    assert "Laagste: $a_1$ en $b$ (0,3 km)" in tekst
    assert kaart(alt_tekst="Eigen tekst.").alt_tekst == "Eigen tekst."


def test_row_order_does_not_matter():
    g, w = ruitjes(), waarden(ruitjes())
    a = kaart(gebieden=g, waarden=w)
    b = kaart(gebieden=g, waarden=w.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(a.tabel, b.tabel)


def test_inputs_are_left_alone():
    g, w = ruitjes(), waarden(ruitjes())
    g2, w2 = g.copy(), w.copy()
    kaart(gebieden=g, waarden=w, labels=g, groepen=pd.Series("a", index=g.index))
    pd.testing.assert_frame_equal(g, g2)
    pd.testing.assert_series_equal(w, w2)


def test_unknown_and_double_codes_are_named():
    g, w = ruitjes(), waarden(ruitjes())
    with pytest.raises(OnbekendGebiedFout) as fout:
        kaart(waarden=pd.concat([w, pd.Series({"GM9999": 1.0})]))
    assert fout.value.codes == ["GM9999"]
    with pytest.raises(OnbekendGebiedFout, match="GM0000"):
        kaart(waarden=pd.concat([w, w.iloc[:1]]))
    with pytest.raises(HuisartsdataFout, match="28992"):
        kaart(gebieden=g.to_crs(4326))
    with pytest.raises(HuisartsdataFout, match="getallen"):
        kaart(waarden=w.astype(str))
    with pytest.raises(HuisartsdataFout, match="status"):
        kaart(bronregel=Bronregel(("CBS",), {"a": "2024"}, ("waargenomen", "afgeleid")))


def test_files_behind_a_map(tmp_path):
    eerste = kaart(labels=ruitjes()).bewaar(tmp_path / "een", "proef")
    tweede = kaart(labels=ruitjes()).bewaar(tmp_path / "twee", "proef")
    assert set(eerste) == {"png", "svg", "csv", "json"}
    for soort, pad in eerste.items():
        assert pad.read_bytes() == tweede[soort].read_bytes(), soort
    rijen = list(csv.DictReader(io.StringIO(eerste["csv"].read_text())))
    assert len(rijen) == 36
    assert list(rijen[0]) == [
        "gm_code",
        "naam",
        "afstand_huisarts_km",
        "afstand_huisarts_km_status",
        "klasse",
    ]
    assert rijen[2]["naam"] == "'=1+1"
    assert rijen[3]["afstand_huisarts_km"] == rijen[3]["afstand_huisarts_km_status"] == ""
    assert rijen[3]["klasse"] == GEEN_GEGEVENS
    assert rijen[0]["afstand_huisarts_km_status"] == "waargenomen"
    herkomst = json.loads(eerste["json"].read_text())
    for sleutel in (
        "bron",
        "licentie",
        "peiljaren",
        "norm",
        "functie",
        "status",
        "versie",
        "alt_tekst",
        "titel",
    ):
        assert sleutel in herkomst
    assert herkomst["indicator"]["breekpunten"] == [*AFSTAND.breekpunten]
    assert herkomst["csv"]["rijen"] == 36


@pytest.mark.parametrize("naam", ["../x", "a/b", "A B", "", ".verborgen", "x.png", "con:"])
def test_a_name_is_never_a_path(tmp_path, naam):
    with pytest.raises(HuisartsdataFout):
        kaart().bewaar(tmp_path, naam)
    assert not list(tmp_path.iterdir())


def test_status_per_area_reaches_the_table():
    g = ruitjes()
    status = pd.Series("waargenomen", index=g.index)
    status.iloc[1] = "modelschatting"
    f = kaart(bronregel=Bronregel(("CBS",), {"a": "2024"}, ("waargenomen", "modelschatting")), status=status)
    assert f.tabel["afstand_huisarts_km_status"].value_counts().to_dict() == {
        "waargenomen": 33,
        "modelschatting": 1,
    }


# legend


def test_empty_classes_beside_each_other_share_a_row_and_keep_their_colours():
    g = ruitjes()
    w = pd.Series(np.where(np.arange(36) < 30, 0.8, 2.5), index=g.index)
    klassen = classify(w, AFSTAND)
    rijen = legend_rows(AFSTAND, [klassen], leeg=GEEN_GEGEVENS)
    assert [(r[0], r[2]) for r in rijen] == [
        ("minder dan 0,7", (0,)),
        ("0,7 tot 1,0", (30,)),
        ("1,0 tot 2,0", (0,)),
        ("2,0 tot 3,0", (6,)),
        ("3,0 en meer", (0,)),
    ]
    # nothing of the scale is lost: every colour of the house is in its place, whatever the region
    kleuren = [d["facecolor"] for r in rijen for d in r[1].get("delen", (r[1],))]
    assert kleuren == list(AFSTAND.kleuren)
    # the web and the page agree on the classes: only the printed legend is folded
    assert len(class_rows(AFSTAND, [klassen], leeg=GEEN_GEGEVENS)) == len(AFSTAND.klassen)


def test_a_scale_without_any_area_stays_whole():
    leeg = classify(pd.Series([math.nan], index=["a"]), AFSTAND)
    rijen = legend_rows(AFSTAND, [leeg], leeg=GEEN_GEGEVENS)
    assert [r[0] for r in rijen] == [*AFSTAND.klassen, GEEN_GEGEVENS]


OORDEEL = get_indicator("kans_op_tekort")


def oordeel(kansen, twijfel=()):
    g = ruitjes(len(kansen) if len(kansen) < 3 else 2)
    w = pd.Series(kansen, index=g.index[: len(kansen)])
    return kaart(
        gebieden=g, waarden=w, indicator=OORDEEL, onbekend=pd.Series(True, index=list(twijfel), dtype=bool)
    )


def test_unknown_says_why_and_leans_visibly():
    # 8% is unknown as well when it does not hold for other ways of counting: no band is named
    f = oordeel([0.08, 0.14, 0.50, 0.88], twijfel=["GM0000"])
    assert (f.tabel["klasse"] == ONBEKEND).all()
    gedrukt = [t.get_text() for t, _ in zichtbare_teksten(f)]
    assert "onbekend: te onzeker voor een oordeel" in gedrukt
    assert not any("tot en met 90%" in t for t in gedrukt)
    for naam, n in (("onder 25%", 2), ("25% tot 50%", 0), ("50% tot 75%", 1), ("75% en meer", 1)):
        assert gedrukt[gedrukt.index(f"waarvan kans {naam}") + 1] == str(n)
    vol = {p.get_facecolor()[0] for p in f.fig.axes[0].patches if p.get_hatch() == "...." and _breed(p)}
    assert len(vol) == 3  # 14% and 88% do not look the same
    assert "Binnen onbekend, kans op een tekort onder 25%: 2; 25% tot 50%: 0" in f.alt_tekst


def _breed(vlak) -> bool:
    """An area on the map, not a box of the legend."""
    return vlak.get_path().vertices[:, 0].max() > 10


def test_borders_of_unknown_areas_are_dark():
    f = oordeel([0.2, 0.3, 0.4, 0.5])
    randen = [p.get_edgecolor()[0] for p in f.fig.axes[0].patches if not p.get_fill() and _breed(p)]
    assert min(randen) < 0.5


def test_a_verdict_without_doubt_has_no_shades():
    gedrukt = " ".join(t.get_text() for t, _ in zichtbare_teksten(oordeel([0.01, 0.95, 0.02, 0.99])))
    assert "waarvan" not in gedrukt


# areas where hardly anybody lives


def test_an_empty_area_is_lighter_and_the_legend_says_so():
    g = ruitjes()  # 100 km2 each
    grens = waarde("kaart_dunbevolkt_per_km2") * 100
    mensen = pd.Series(5e4, index=g.index)
    mensen.iloc[[0, 35]] = grens - 1
    mensen.iloc[1] = grens
    w = pd.Series(6.0, index=g.index)  # all in the darkest class
    f = kaart(gebieden=g.assign(inwoners=mensen), waarden=w)
    assert "lichter: <10 mensen/km²" in {t.get_text() for t, _ in zichtbare_teksten(f)}
    donker = [p for p in f.fig.axes[0].patches if p.get_path().vertices.shape[0] > 4 * 30]
    assert {tuple(round(255 * c) for c in p.get_facecolor()[:3]) for p in donker} == {
        tuple(int(AFSTAND.kleuren[-1][i : i + 2], 16) for i in (1, 3, 5))
    }
    licht = tuple(int(fade(AFSTAND.kleuren[-1])[i : i + 2], 16) for i in (1, 3, 5))
    bleek = [
        p for p in f.fig.axes[0].patches if tuple(round(255 * c) for c in p.get_facecolor()[:3]) == licht
    ]
    assert any(p.get_path().vertices.shape[0] == 10 for p in bleek)  # two squares of five points
    # the class itself, its count and the table stay as they were
    assert (f.tabel["klasse"] == "5,0 en meer").all()


def test_no_word_on_density_where_nobody_is_so_few():
    g = ruitjes()
    gedrukt = {t.get_text() for t, _ in zichtbare_teksten(kaart(gebieden=g.assign(inwoners=5e4)))}
    assert not any("km²" in t for t in gedrukt)


def test_the_biesbosch_does_not_dominate_dordrecht():
    wijken = load_kaartgebied("GM0505", niveau="wijk").gebieden
    dun = thinly_peopled(wijken)
    assert list(wijken.index[dun]) == ["WK050598"]  # 505 people on 59 km2, CBS 2024
    assert thinly_peopled(load_kaartgebied().gebieden) is None  # no gemeente is that empty


# words


def test_alternative_text_of_chances_says_what_the_number_is_and_never_nought():
    tekst = oordeel([0.0004, 0.14, 0.5, 0.999]).alt_tekst
    assert "(%)" not in tekst
    assert "Kans op een tekort: " in tekst
    assert "(meer dan 99%)" in tekst and "(minder dan 1%)" in tekst and "(0%)" not in tekst
    g = ruitjes(3)
    f = kaart(gebieden=g, waarden=pd.Series(np.linspace(0, 1, 9), index=g.index), indicator=OORDEEL)
    assert "Hoogste kans op een tekort: Gemeente 8 (meer dan 99%)" in f.alt_tekst
    assert "De hoogste liggen in het noordoosten, het noorden en het noordwesten van de kaart." in f.alt_tekst


@pytest.mark.parametrize(
    ("naam", "getal_", "tekst"),
    [
        ("kans_op_tekort", 0.0, "minder dan 1%"),
        ("kans_op_tekort", 1.0, "meer dan 99%"),
        ("kans_op_tekort", 0.01, "1%"),
        ("afname_bereik", 0.0, "0%"),  # a share may be nothing
        ("afname_bereik", 0.001, "minder dan 1%"),
        ("afname_bereik", 1.0, "100%"),
        ("afstand_huisarts_km", 0.66, "0,7 km"),
    ],
)
def test_a_number_in_a_sentence(naam, getal_, tekst):
    assert get_indicator(naam).vertel(getal_) == tekst


def test_one_area_is_singular_and_has_its_value():
    g = ruitjes(1)
    f = kaart(gebieden=g, waarden=pd.Series(1.2, index=g.index), soort="wijken")
    assert ", 1 wijk. " in f.alt_tekst
    assert f.alt_tekst.endswith("Waarde: $a_1$ en $b$ (1,2 km).")


def test_a_wijk_is_told_by_its_gemeente():
    k = load_kaartgebied("PV22", niveau="wijk")
    f = gebiedskaart(
        k.gebieden, k.gebieden["afstand_huisarts_km"], AFSTAND, titel="T", bronregel=BRON, **k.lagen
    )
    assert "Wijk 05 Drijber in Midden-Drenthe (8,3 km)" in f.alt_tekst
    assert "189 wijken" in f.alt_tekst
    assert "De hoogste liggen in het zuiden" in f.alt_tekst  # Drijber lies south of the middle of Drenthe
    assert list(f.tabel["naam"]) == list(k.gebieden["naam"])


# names of water


def test_every_water_has_one_name_the_wide_ones_first():
    for code, breed in (
        ("PV29", {"Westerschelde", "Oosterschelde"}),
        ("RA1121", {"Beneden-Merwede", "Dordtsche Kil"}),
    ):
        gebied = load_kaartgebied(code if code.startswith("PV") else "regioplus:Zuid-Holland Zuid")
        water = gebied.labels[gebied.labels["soort"] == "water"]
        assert breed <= set(water["naam"])
        delen = [d.strip(" )") for n in water["naam"] for d in n.replace(" (", " en ").split(" en ")]
        assert len(delen) == len(set(delen)), code  # the Schelde-Rijnkanaal has three names, and one label
        assert "Noord" not in set(water["naam"])
        op_rang = water.sort_values("gewicht", ascending=False)["naam"].tolist()
        if code == "PV29":
            assert op_rang[0] == "Westerschelde"
            assert op_rang.index("Oosterschelde") < op_rang.index("Spui")


def test_the_waddenzee_is_not_called_marsdiep():
    namen = load_kaartgebied("PV21").labels["naam"]
    assert "IJsselmeer" in set(namen) and "Marsdiep" not in set(namen)


def test_names_of_water_stay_off_dark_areas():
    donker = shapely.STRtree([shapely.box(100, 0, 200, 300)])
    naam = Label("Oude Maas", 150, 150, 8, "water", 0.0, ((60.0, 150.0),))
    ((_, x, _),) = place_labels([naam], (0, 0, 300, 300), donker=donker)
    assert x + naam.breedte / 2 < 100  # the other place along the river
    nergens = shapely.STRtree([shapely.box(0, 0, 300, 300)])
    assert place_labels([naam], (0, 0, 300, 300), donker=nergens) == []
    gebied = Label("Oude Maas", 150, 150, 8, "gebied", 0.0)
    assert place_labels([gebied], (0, 0, 300, 300), donker=nergens)  # bold black is read on anything


def test_a_river_name_on_a_map_lies_on_something_light():
    k = load_kaartgebied("GM0505", niveau="wijk")
    f = gebiedskaart(
        k.gebieden, pd.Series(6.0, index=k.gebieden.index), AFSTAND, titel="T", bronregel=BRON, **k.lagen
    )
    canvas = FigureCanvasAgg(f.fig)
    canvas.draw()
    beeld = np.asarray(canvas.buffer_rgba())[..., :3]
    namen = [(t, d) for t, d in teksten(f) if t.get_fontstyle() == "italic"]
    assert len(namen) >= 4
    for t, d in namen:
        vak = beeld[beeld.shape[0] - int(d.y1) : beeld.shape[0] - int(d.y0), int(d.x0) : int(d.x1)]
        assert np.median(vak) > 150, t.get_text()


# series


@pytest.mark.parametrize("formaat", FORMATEN)
def test_series_counts_per_panel(formaat):
    g = ruitjes()
    reeks = {"2012": waarden(g), "2018": waarden(g) / 2, "2024": waarden(g).fillna(1)}
    f = kaartreeks(g, reeks, AFSTAND, titel="Verder weg", bronregel=BRON, formaat=formaat)
    assert_page_is_clean(f)
    assert f.tabel.groupby("paneel").size().to_dict() == {"2012": 36, "2018": 36, "2024": 36}
    gedrukt = [t.get_text() for t, _ in zichtbare_teksten(f)]
    assert sum(int(t) for t in gedrukt if t.isdigit() and len(t) < 4) == 3 * 36
    assert "2012: minder dan 0,7: 3;" in f.alt_tekst


def test_each_year_on_its_own_map():
    oud, nieuw = ruitjes(6), ruitjes(3, zijde=20_000)
    nieuw.index = pd.Index([f"GM1{k:03d}" for k in range(9)], name="gm_code")
    f = kaartreeks(
        {"2012": oud, "2024": nieuw},
        {"2012": waarden(oud), "2024": pd.Series(1.0, index=nieuw.index)},
        AFSTAND,
        titel="T",
        bronregel=BRON,
    )
    assert f.tabel.groupby("paneel").size().to_dict() == {"2012": 36, "2024": 9}


# parts


def test_labels_never_overlap_and_the_most_important_stay():
    rng = np.random.default_rng(0)
    wensen = [Label(f"Plaats {k}", *rng.uniform(0, 300, 2), 8, "gebied", float(k)) for k in range(120)]
    kader = (0, 0, 300, 300)
    taken = (0.0, 0.0, 80.0, 80.0)
    gezet = place_labels(wensen, kader, [taken])
    assert 20 < len(gezet) < 120
    dozen = [shapely.box(x - n.breedte / 2, y - 4, x + n.breedte / 2, y + 4) for n, x, y in gezet]
    for a, b in itertools.combinations([*dozen, shapely.box(*taken)], 2):
        assert not a.overlaps(b)
        assert not a.contains(b)
    assert all(shapely.box(*kader).contains(d) for d in dozen)
    assert [n.naam for n, _, _ in gezet] == [n.naam for n, _, _ in place_labels(wensen[::-1], kader, [taken])]
    alleen = place_labels(
        [Label("Groot", 150, 150, 8, "gebied", 0.0), Label("Klein", 150, 150, 8, "gebied", 1.0)], kader
    )
    assert (alleen[0][0].naam, alleen[0][1:]) == ("Groot", (150, 150))


def test_names_of_neighbours_stay_out_of_the_areas():
    land = shapely.box(100, 100, 200, 200)
    gezet = place_labels([Label("Buur", 98, 150, 8, "buur", 0.0)], (0, 0, 300, 300), mijd=land)
    for label, x, y in gezet:
        b = label.breedte / 2
        assert not shapely.box(x - b, y - 4, x + b, y + 4).intersects(land)


def test_outline_closes_hairlines_and_keeps_the_border():
    # two halves that miss each other by two metres are one group of 10 x 10 km
    helften = np.array([shapely.box(0, 0, 4_999, 10_000), shapely.box(5_001, 0, 10_000, 10_000)])
    rand = outline(helften, ["a", "a"], schaal=0.001)[0]
    assert rand.length == pytest.approx(40_000, rel=1e-3)
    assert len(outline(helften, ["a", "b"], schaal=0.001)) == 2


def test_simplified_areas_still_share_their_borders():
    t = np.linspace(0, 10_000, 400)
    golf = np.c_[5_000 + 40 * np.sin(t / 90), t]
    links = shapely.Polygon([*golf, (0, 10_000), (0, 0)])
    rechts = shapely.Polygon([*golf, (10_000, 10_000), (10_000, 0)])
    eiland = shapely.MultiPolygon([rechts, shapely.box(20_000, 0, 20_005, 5)])
    dun = simplify(np.array([links, eiland]), schaal=0.001)
    assert shapely.get_num_coordinates(dun).sum() < 60
    assert shapely.area(shapely.union_all(dun)) == pytest.approx(
        1e8, rel=1e-6
    )  # no gap, no overlap, no speck
    assert shapely.area(dun).sum() == pytest.approx(1e8, rel=1e-6)


def test_an_area_smaller_than_a_pixel_does_not_vanish():
    dun = simplify(np.array([shapely.box(0, 0, 5, 5), shapely.box(0, 0, 1e4, 1e4)]), schaal=0.0005)
    assert not shapely.is_empty(dun).any()


def test_shared_border():
    g = ruitjes(2)
    g["naam"] = ["a", "b", "c", "d"]
    lijn = shared_borders(
        g, {("a", "b"): "Maas", ("c", "d"): "Maas", ("a", "d"): "Raakt alleen"}, kolom="naam"
    )
    assert lijn["naam"].tolist() == ["Maas"]
    assert lijn.length.iloc[0] == pytest.approx(20_000)


@pytest.mark.parametrize(
    ("lang", "rond"), [(1.0, 1), (1.99, 1), (2.0, 2), (49_999, 20_000), (50_000, 50_000)]
)
def test_round_lengths(lang, rond):
    assert round_length(lang) == rond


def test_wrapped_lines_fit():
    tekst = "Een huisartsenpraktijk " + "x" * 200 + " in Hardinxveld-Giessendam"
    regels = wrap(tekst, 120, 8)
    assert all(measure(r, 8) <= 120 for r in regels)
    assert "".join(regels).replace(" ", "") == tekst.replace(" ", "")
    assert clean("a\u200fb\x00\tc") == "ab c"


# charts


def _rang(grens=None, hol=(), waarden_=(0.93, 0.91, 0.84, 0.80)):
    t = pd.DataFrame({"naam": [f"G{n}" for n in range(len(waarden_))], "waarde": list(waarden_)})
    return rangorde(
        t.set_axis([f"GM{n}" for n in range(len(t))]),
        titel="T",
        bronregel=BRON,
        eenheid="%",
        grenzen=None if grens is None else {grens: "vrijwel zeker een tekort"},
        hol=hol,
    )


def test_a_limit_has_a_line_and_a_tick():
    f = _rang(0.9)
    gedrukt = [t.get_text().strip() for t, _ in zichtbare_teksten(f)]
    assert "90%" in gedrukt and "vrijwel zeker een tekort" in gedrukt
    as_ = f.fig.axes[1]
    assert [lijn.get_xdata()[0] for lijn in as_.lines if len(set(lijn.get_xdata())) == 1] == [0.9]
    assert "vrijwel zeker een tekort (90%); 2 liggen erboven" in f.alt_tekst
    # a limit beyond all values is on the axis as well
    assert _rang(0.99).fig.axes[1].get_xlim()[1] > 0.99
    assert_page_is_clean(f)


def test_an_axis_that_does_not_begin_at_nothing_says_so():
    def zegt(f):
        return "de as begint niet bij 0" in [t.get_text() for t, _ in zichtbare_teksten(f)]

    assert zegt(_rang())
    assert not zegt(_rang(waarden_=(0.9, 0.5, 0.2, 0.0)))


def test_a_value_that_was_not_measured_is_an_open_dot():
    (stippen,) = [c for c in _rang(hol=["GM1"]).fig.axes[1].collections if len(c.get_offsets()) == 4]
    wit = [tuple(k[:3]) == (1.0, 1.0, 1.0) for k in stippen.get_facecolors()]
    assert wit == [False, True, False, False]


@pytest.mark.parametrize("formaat", FORMATEN)
def test_charts_are_clean_too(formaat, tmp_path):
    g = ruitjes(4)
    tabel = pd.DataFrame({"naam": g["naam"], "waarde": np.r_[np.nan, np.arange(15.0)]}, index=g.index)
    tabel = tabel.assign(laag=tabel["waarde"] - 1, hoog=tabel["waarde"] + 2, ander=tabel["waarde"] ** 2)
    rang = rangorde(tabel, titel="Op volgorde", bronregel=BRON, nadruk=["GM0004"], formaat=formaat)
    wolk = spreiding(
        tabel,
        "waarde",
        "ander",
        titel="Samenhang",
        bronregel=BRON,
        x_naam="x",
        y_naam="y",
        nadruk=["GM0008"],
        formaat=formaat,
    )
    for f in (rang, wolk):
        assert_page_is_clean(f)
        assert f.bewaar(tmp_path, "g")["png"].read_bytes() == f.bewaar(tmp_path, "h")["png"].read_bytes()
    assert rang.tabel.index[:2].tolist() == ["GM0015", "GM0014"]
    assert rang.tabel["waarde"].isna().iloc[-1]
    assert "zonder gegevens: 1" in " ".join(t.get_text() for t, _ in zichtbare_teksten(rang))


def test_spread_keeps_distance_order_and_bounds():
    rng = np.random.default_rng(3)
    for _ in range(50):
        punten = rng.uniform(0, 100, 12).tolist()
        uit = spread(punten, 8.0, 0.0, 100.0)
        assert np.argsort(uit, kind="stable").tolist() == np.argsort(punten, kind="stable").tolist()
        assert np.diff(sorted(uit)).min() >= 8 - 1e-9
        assert min(uit) >= -1e-9
        assert max(uit) <= 100 + 1e-9
