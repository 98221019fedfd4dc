"""Web maps as files: what stands in them, what does not, and that it is the same every time."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import folium
import folium.plugins
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import huisartsdata as hd
from huisartsdata.fouten import HuisartsdataFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.uitvoer.figuur import Bronregel
from huisartsdata.uitvoer.kaarten.indicatoren import classify, get_indicator
from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied, load_kaartgebied
from huisartsdata.uitvoer.web.webfiguren import webkaart_afstand, webkaart_bereik, webkaart_tekort
from huisartsdata.uitvoer.web.webgeometrie import shape_web, to_geojson
from huisartsdata.uitvoer.web.webinsluiting import WEB, close_folium, compose_page, renumber
from huisartsdata.uitvoer.web.webkaarten import MAX_BYTES, to_frame, toon, webkaart
from huisartsdata.uitvoer.web.weblagen import Weblaag

BRON = Bronregel(("CBS, tabel <1> & 2", "CBS/Kadaster"), {"afstand": "2024"}, versie="1.0")
LASTIG = [
    "<script>window.lek=1</script>",
    'A" onfocus="window.lek=1',
    "</table></body>",
    "A\u202eB\u200f",
    "Súdwest-Fryslân",
    "’s-Gravenhage 'x' & y",
    "=1+1",
    "${7*7}`{{8}}",
    "\u05d0\u05d1 (NH.)",
]


def ruitjes(n: int = 6, zijde: float = 10_000) -> Kaartgebied:
    """A square country with names that are trouble."""
    vakken = [
        shapely.box(
            100_000 + j * zijde, 400_000 + i * zijde, 100_000 + (j + 1) * zijde, 400_000 + (i + 1) * zijde
        )
        for i in range(n)
        for j in range(n)
    ]
    namen = [LASTIG[k] if k < len(LASTIG) else f"Gemeente {k}" for k in range(n * n)]
    index = pd.Index([f"GM{k:04d}" for k in range(n * n)], name="gm_code")
    gebieden = gpd.GeoDataFrame({"naam": namen}, geometry=vakken, index=index, crs=28992)
    water = gpd.GeoDataFrame(geometry=[shapely.box(90_000, 390_000, 100_000, 470_000)], crs=28992)
    return Kaartgebied("Ruitjesland", gebieden, None, None, water, None, None, "gemeenten")


def reeks(k: Kaartgebied, van: float = 0.3, tot: float = 6.0) -> pd.Series:
    return pd.Series(np.linspace(van, tot, len(k.gebieden)), index=k.gebieden.index)


def proef(k: Kaartgebied | None = None, **anders):
    k = k or ruitjes()
    w = reeks(k)
    w.iloc[3] = np.nan
    laag = Weblaag(w, "afstand_huisarts_km", laag=w - 0.1, hoog=w + 0.1, intervalnaam="95%-interval")
    deel = Weblaag(reeks(k, 0.1, 0.3), "aandeel_65_plus")
    return webkaart(
        k, {"Afstand": laag, "Ouderen": deel}, titel="Verder weg in het noorden", bronregel=BRON, **anders
    )


class Lezer(HTMLParser):
    """What a browser would see: tags with attributes, and the text of the cells of the table."""

    def __init__(self, tekst: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.rijen: list[list[str]] = []
        self._in_cel = False
        self.feed(tekst)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rijen.append([])
        if tag in ("td", "th"):
            self.rijen[-1].append("")
            self._in_cel = True

    def handle_endtag(self, tag):
        self._in_cel = self._in_cel and tag not in ("td", "th")

    def handle_data(self, data):
        if self._in_cel:
            self.rijen[-1][-1] += data


@pytest.fixture(scope="module")
def situatie():
    return hd.landelijke_situatie(functie="zonder_wisselend")


def _beelden(codes: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pictures with the columns that the model gives, and known counts: 4 short, 3 not, the rest unknown."""
    kans = pd.Series(np.linspace(0.2, 0.8, len(codes)), index=codes)
    kans.iloc[:4], kans.iloc[4:7] = 0.97, 0.02
    bereik = pd.DataFrame(
        {"bereik_fte_per_10000": 5.0, "laag": 4.0, "hoog": 6.0, "kans_onder_gemiddeld": kans}, index=codes
    )
    oordeel = np.where(kans > 0.9, "tekort", np.where(kans < 0.1, "geen tekort", "onbekend"))
    tekort = pd.DataFrame(
        {
            "kans_op_tekort": kans,
            "oordeel": oordeel,
            "nodig_fte": 10.04,
            "bereikt_fte": 9.5,
            "rang_laag": 1,
            "rang_hoog": 300,
        },
        index=codes,
    )
    return bereik, tekort


# --- what is shipped --------------------------------------------------------------------------------------------


def test_leaflet_is_the_published_release():
    # the integrity values that leafletjs.com prints with its download page for 1.9.4
    gepubliceerd = {
        "leaflet.js": "20nQCchB9co0qIjJZRGuk2/Z9VM+kNiyxNV1lvTlZBo=",
        "leaflet.css": "p4NxAoJBhIIN+hmNHrzRCf9tD/miZyoHS5obTRR9BMY=",
    }
    for naam, verwacht in gepubliceerd.items():
        inhoud = (WEB / "leaflet" / naam).read_bytes()
        assert base64.b64encode(hashlib.sha256(inhoud).digest()).decode() == verwacht
    assert "BSD 2-Clause" in (WEB / "leaflet" / "LICENSE").read_text()


# --- the page ---------------------------------------------------------------------------------------------------


def test_page_has_a_policy_that_allows_its_own_scripts_and_no_network():
    html = proef().html
    beleid = next(a["content"] for t, a in Lezer(html).tags if t == "meta" and a.get("http-equiv"))
    delen = dict(d.strip().split(" ", 1) for d in beleid.split(";"))
    assert delen["default-src"] == "'none'"
    assert delen["img-src"] == "data:"
    assert set(delen) == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}
    for soort, tag in (("script-src", "script"), ("style-src", "style")):
        blokken = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        som = {f"'sha256-{base64.b64encode(hashlib.sha256(b.encode()).digest()).decode()}'" for b in blokken}
        assert som == set(delen[soort].split())
    assert "\r" not in html  # a browser would hash something else


def test_nothing_on_the_page_is_fetched():
    html = proef().html
    haalt = {"src", "srcset", "action", "formaction", "poster", "data", "background", "style"}
    for tag, attrs in Lezer(html).tags:
        assert not haalt & set(attrs), (tag, attrs)
        assert tag not in {"link", "iframe", "img", "base", "object", "embed"}
        assert attrs.get("href", "#").startswith("#")
    adressen = set(re.findall(r"https?://[\w./-]+", html))
    # the name of the svg format, and Leaflet's own name and remarks on browsers
    assert all(re.match(r"https?://(www\.w3\.org/2000/svg|leafletjs\.com|bug)", a) for a in adressen), (
        adressen
    )


def test_names_are_text_and_never_markup():
    k = ruitjes()
    html = proef(k).html
    lezer = Lezer(html)
    assert sum(t == "script" for t, _ in lezer.tags) == 4
    assert not [a for _, a in lezer.tags if any(n.startswith("on") for n in a)]
    namen = {rij[0] for rij in lezer.rijen[2:]}
    opties = {a["value"] for t, a in lezer.tags if t == "option"}
    # direction marks go, all other signs stay
    verwacht = {n.replace("\u202e", "").replace("\u200f", "") for n in k.gebieden["naam"]}
    assert namen == opties == verwacht
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)


def test_title_and_source_are_text():
    k = ruitjes()
    boos = "</title><script>window.lek=1</script>"
    m = webkaart(
        k, {boos: Weblaag(reeks(k), "afstand_huisarts_km")}, titel=boos, ondertitel=boos,
        bronregel=Bronregel((boos,), {boos: "2024"}, versie="1"),
    )  # fmt: skip
    assert sum(t == "script" for t, _ in Lezer(m.html).tags) == 4
    assert "<script>window.lek" not in to_frame(m.html, titel=boos)


def test_table_on_the_page_equals_the_values():
    k = ruitjes()
    m = proef(k)
    rijen = {r[0]: r[1:] for r in Lezer(m.html).rijen[2:]}
    assert len(rijen) == 36
    # 0.3 + 9 * 5.7/35 = 1.766; its interval is 0.1 to each side; the share is 0.1 + 9 * 0.2/35 = 0.151
    assert rijen["Gemeente 9"] == ["1,8", "1,7 tot 1,9", "1,5 tot 2,0", "15%", "15% tot 18%"]
    zonder = k.gebieden["naam"].iloc[3].replace("\u202e", "").replace("\u200f", "")
    assert rijen[zonder][:3] == ["geen gegevens", "–", "geen gegevens"]


def test_legend_counts_every_area_once_per_layer():
    m = proef()
    lijsten = re.findall(r'<ul class="klassen">(.*?)</ul>', m.html, re.DOTALL)
    assert len(lijsten) == 2
    for lijst in lijsten:
        assert sum(int(n) for n in re.findall(r'class="aantal">(\d+)', lijst)) == 36


def test_an_indicator_that_does_not_know_gets_the_hatch_of_unknown():
    k = ruitjes()
    kans = pd.Series(0.5, index=k.gebieden.index)
    kans.iloc[:5], kans.iloc[5:7] = 0.95, 0.01
    m = webkaart(k, {"Oordeel": Weblaag(kans, "kans_op_tekort")}, titel="t", bronregel=BRON)
    klassen = [r["data-k"] for t, r in Lezer(m.html).tags if t == "tr" and "data-k" in r]
    assert [klassen.count(n) for n in "012"] == [2, 29, 5]
    keuzes = json.loads(re.search(r"startWebkaart\(\{[^}]*\},(\{.*\})\);", m.html)[1])
    assert keuzes["lagen"][0]["kleuren"][1] == "url(#patroon-onbekend)"


def test_bytes_are_the_same_again_in_another_process(tmp_path):
    code = (
        f"import sys; sys.path[:0] = [r'{Path(hd.__file__).parents[1]}', r'{Path(__file__).parent}']\n"
        "import test_webkaart as t\n"
        "sys.stdout.buffer.write(t.proef().html.encode())"
    )
    omgeving = {**os.environ, "PYTHONHASHSEED": "7"}
    ander = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=omgeving)
    eerste = proef().html.encode()
    assert ander.stdout == eerste == proef().html.encode()
    assert b"geo_json_2_add(" in eerste  # folium's random names are numbers


def test_saved_files_hold_table_and_provenance(tmp_path):
    m = proef()
    paden = m.bewaar(tmp_path / "uit", "afstand")
    assert sorted(p.name for p in (tmp_path / "uit").iterdir()) == [
        "afstand.csv",
        "afstand.html",
        "afstand.json",
    ]
    assert paden["html"].read_bytes() == m.html.encode()
    rijen = list(csv.DictReader(io.StringIO(paden["csv"].read_text(encoding="utf-8"))))
    assert {r["gm_code"]: r["afstand_huisarts_km"] for r in rijen}["GM0000"] == "0.3"
    assert (
        next(r["naam"] for r in rijen if r["gm_code"] == "GM0006") == "'=1+1"
    )  # no formula for a spreadsheet
    herkomst = json.loads(paden["json"].read_text(encoding="utf-8"))
    assert herkomst["soort"] == "webkaart"
    assert herkomst["leaflet"] == "1.9.4"
    assert set(herkomst["lagen"]) == {"Afstand", "Ouderen"}
    assert herkomst["csv"]["sha256"] == hashlib.sha256(paden["csv"].read_bytes()).hexdigest()
    with pytest.raises(HuisartsdataFout, match="bestandsnaam"):
        m.bewaar(tmp_path, "../weg")


def test_base_map_only_when_asked_for():
    zonder, met = proef().html, proef(achtergrond="pdok").html
    assert "pdok" not in zonder.lower().replace("c.achtergrond", "")
    assert "img-src data: https://service.pdok.nl; base-uri" in met
    assert "default-src 'none'" in met
    assert "Kadaster/PDOK (CC BY 4.0)" in met
    with pytest.raises(ParameterFout, match="achtergrond"):
        proef(achtergrond="osm")


# --- faults -----------------------------------------------------------------------------------------------------


def _maak(k, **velden):
    return webkaart(
        k,
        {"A": Weblaag(**{"waarden": reeks(k), "indicator": "afstand_huisarts_km", **velden})},
        titel="t",
        bronregel=BRON,
    )


def test_bad_layers_are_refused():
    k = ruitjes()
    w = reeks(k)
    with pytest.raises(OnbekendGebiedFout, match="GM9999") as fout:
        _maak(k, waarden=pd.concat([w, pd.Series({"GM9999": 1.0})]))
    assert fout.value.codes == ["GM9999"]
    with pytest.raises(OnbekendGebiedFout, match="dubbel"):
        _maak(k, waarden=pd.concat([w, w.iloc[:1]]))
    with pytest.raises(HuisartsdataFout, match="geen getallen"):
        _maak(k, waarden=w.astype(str))
    with pytest.raises(HuisartsdataFout, match="ondergrens"):
        _maak(k, laag=w + 1, hoog=w)
    with pytest.raises(ParameterFout, match="allebei"):
        _maak(k, laag=w)
    with pytest.raises(ParameterFout, match="al is"):
        _maak(k, extra={"klasse": w})
    with pytest.raises(ParameterFout, match="leeg"):
        webkaart(k, {}, titel="t", bronregel=BRON)
    twee = Bronregel(("CBS",), {"a": "2024"}, status=("waargenomen", "afgeleid"))
    with pytest.raises(HuisartsdataFout, match="status"):
        _maak(k, bronregel=twee)
    with pytest.raises(HuisartsdataFout, match="28992"):
        _maak(SimpleNamespace(**{**vars(k), "gebieden": k.gebieden.to_crs(4326)}))


def test_a_page_that_stays_too_large_is_refused():
    with pytest.raises(HuisartsdataFout, match="Kies gemeenten"):
        proef(max_bytes=100_000)


def test_inputs_stay_as_they_are():
    k = ruitjes()
    voor = k.gebieden.copy()
    w = reeks(k)
    proef(k)
    pd.testing.assert_frame_equal(pd.DataFrame(k.gebieden), pd.DataFrame(voor))
    pd.testing.assert_series_equal(w, reeks(k))


# --- geometry ---------------------------------------------------------------------------------------------------


def test_coordinates_are_those_of_the_earth():
    # the origin of the Dutch grid: the tower in Amersfoort, 52°09'22.178"N 5°23'15.500"E on Bessel,
    # 52.15517 N 5.38721 E on ETRS89
    punt = to_geojson(np.array([shapely.Point(155_000, 463_000)]), 5)["features"][0]["geometry"][
        "coordinates"
    ]
    assert punt == pytest.approx([5.38721, 52.15517], abs=2e-5)


def test_shared_borders_stay_shared():
    k = load_kaartgebied("PV22")
    vorm = shape_web(k, k.gebieden)
    assert len(vorm.vlakken["features"]) == 12
    randen: dict[frozenset, int] = {}
    for kenmerk in vorm.vlakken["features"]:
        g = kenmerk["geometry"]
        delen = g["coordinates"] if g["type"] == "MultiPolygon" else [g["coordinates"]]
        for ring in (r for d in delen for r in d):
            for a, b in itertools.pairwise(ring):
                sleutel = frozenset((tuple(a), tuple(b)))
                randen[sleutel] = randen.get(sleutel, 0) + 1
    assert max(randen.values()) == 2
    # a province of 12 in one piece: the inner borders are most of what there is
    assert sum(n == 2 for n in randen.values()) / len(randen) > 0.4
    assert vorm.grenzen[0][0] < 52.86 < vorm.grenzen[1][0]  # Beilen
    assert vorm.grenzen[0][1] < 6.51 < vorm.grenzen[1][1]


def test_coarser_pages_are_smaller_and_keep_all_areas():
    k = load_kaartgebied("PV22", niveau="wijk")
    fijn, grof = shape_web(k, k.gebieden), shape_web(k, k.gebieden, grofheid=4)
    assert len(json.dumps(grof.vlakken)) < 0.7 * len(json.dumps(fijn.vlakken))
    assert {f["id"] for f in fijn.vlakken["features"]} == set(range(189))
    assert {f["id"] for f in grof.vlakken["features"]} == set(range(189))


def test_a_map_of_one_gemeente_has_its_outline_its_names_and_what_lies_around(situatie):
    k = load_kaartgebied("gemeente:Dordrecht", niveau="wijk")
    m = webkaart_afstand(k)
    assert len(m.html.encode()) < MAX_BYTES
    # neighbours of Dordrecht across the water, and none of them stands for the areas themselves
    vorm = shape_web(k, k.gebieden)
    assert {"Papendrecht", "Sliedrecht", "Drimmelen", "Moerdijk"} <= set(vorm.buurnamen)
    assert "Dordrecht" not in vorm.buurnamen
    lat, lon, ruimte = vorm.buurnamen["Papendrecht"]
    assert lat > vorm.grenzen[1][0] - 0.1 and vorm.grenzen[0][1] < lon < vorm.grenzen[1][1] and ruimte > 0
    # one outline, closed, as large as the gemeente: 99.5 km2 with its water (CBS)
    lijnen = vorm.omtrek["features"]
    assert len(lijnen) == 1
    keuzes = json.loads(re.search(r"startWebkaart\(\{[^}]*\},(\{.*\})\);", m.html)[1])
    assert [naam for *_, naam in keuzes["buurnamen"]] == list(vorm.buurnamen)
    assert [s[3] for s in keuzes["streken"]] == ["Dordrecht"]
    # names as people use them, without the number of Statistics Netherlands
    assert 'data-kort="Dubbeldam"' in m.html
    lijsten = re.findall(r'<ul class="klassen">(.*?)</ul>', m.html, re.DOTALL)
    assert lijsten and all("buiten het gebied" in lijst for lijst in lijsten)
    land = webkaart_afstand(load_kaartgebied())
    assert "buiten het gebied" not in land.html  # the country has nothing around it


def test_a_column_stands_in_the_table_once(situatie):
    k = load_kaartgebied("PV22")
    bereik, tekort = _beelden(k.gebieden.index)
    m = webkaart_bereik(situatie, bereik, k, tekort=tekort)
    koppen = re.findall(r'<th scope="col" class="l\d">(.*?)</th>', m.html)
    assert koppen.count("kans onder gemiddeld") == 1
    # the tooltip of the reach itself still shows the chance that belongs to it
    keuzes = json.loads(re.search(r"startWebkaart\(\{[^}]*\},(\{.*\})\);", m.html)[1])
    laag = next(x for x in keuzes["lagen"] if x["naam"] == "Bereikbare huisartsenzorg")
    [(kop, plaats, _)] = laag["ook"]
    assert kop == "kans onder gemiddeld" == koppen[plaats - 1]
    assert [k for k in m.tabel if "kans_onder" in k and "gemiddeld" in k].count("kans_onder_gemiddeld") == 1
    assert not [k for k in m.tabel if k.endswith("_kans_onder_gemiddeld")]
    with pytest.raises(ParameterFout, match="die is er niet"):
        _maak(k, waarden=reeks(k), ook={"kans": ("Zekerheid", "kans")})


def test_the_range_over_decays_is_named_in_plain_words(situatie):
    u = hd.scenario.uitval(situatie, gm_code="GM0505", patienten=6000, open_aandeel=(0.0, 0.25), trekkingen=5)
    html = hd.webkaart_uitval(u).html
    assert "over vijf aannames over reisbereidheid" in html
    assert "vervallen" not in html
    koppen = re.findall(r'<th scope="col" class="l0">(.*?)</th>', html)
    assert not [k for k in koppen if k.startswith("bereik")]  # before and after have columns of their own


# --- ready-made maps --------------------------------------------------------------------------------------------


def test_country_with_all_layers_is_under_a_megabyte(situatie):
    k = load_kaartgebied()
    bereik, tekort = _beelden(k.gebieden.index)
    m = webkaart_bereik(situatie, bereik, k, tekort=tekort)
    assert len(m.html.encode()) < 1_000_000 == MAX_BYTES
    assert list(m.herkomst["lagen"]) == [
        "Zekerheid van het bereik", "Bereikbare huisartsenzorg", "Oordeel over een tekort", "Afstand tot de huisarts",
    ]  # fmt: skip
    # the title is about how sure it is, and so is the layer that opens
    assert m.titel.startswith("Van 335 van de 342 gemeenten is niet te zeggen of het bereik boven of onder")
    assert "4 van de 342 gemeenten liggen er vrijwel zeker onder, 3 erboven" in m.herkomst["ondertitel"]
    gekozen = [a["value"] for t, a in Lezer(m.html).tags if t == "input" and "checked" in a]
    assert gekozen == ["0"]
    rij = next(r for r in Lezer(m.html).rijen if r[0] == "Midden-Drenthe")
    assert rij[3:5] == ["5,0", "4,0 tot 6,0"]
    # 2.6 km: CBS StatLine 85984NED, Midden-Drenthe
    assert rij[-2:] == ["2,6", "2,0 tot 3,0"]


def test_verdict_map_counts_and_names_norm_and_function(situatie):
    k = load_kaartgebied("PV22")
    _, tekort = _beelden(k.gebieden.index)
    m = webkaart_tekort(situatie, tekort, k)
    assert m.titel.startswith("Van 5 van de 12 gemeenten")
    oordeel = m.tabel["kans_op_tekort_oordeel"].value_counts()
    assert (oordeel["tekort"], oordeel["geen tekort"], oordeel["onbekend"]) == (4, 3, 5)
    assert "Norm: 2.095 patiënten per fte" in m.bronregel
    assert "zonder wisselende waarnemers" in m.html
    # a chance above .9 that the decays disagree on stays unknown, whatever its number says
    anders = tekort.assign(oordeel="onbekend")
    geen = webkaart_tekort(situatie, anders, k)
    assert set(geen.tabel["kans_op_tekort_klasse"]) == {"onbekend"}
    assert geen.titel == "Van geen van de 12 gemeenten is met openbare cijfers te zeggen of er een tekort is"


def test_no_class_without_its_chance_and_none_for_buurten(situatie):
    k = load_kaartgebied("PV22")
    bereik, tekort = _beelden(k.gebieden.index)
    with pytest.raises(ParameterFout, match="trekkingen"):
        webkaart_bereik(situatie, bereik[["bereik_fte_per_10000"]], k)
    with pytest.raises(ParameterFout, match="buurten krijgen geen oordeel"):
        webkaart_tekort(situatie, tekort.drop(columns="oordeel"), k)
    with pytest.raises(ParameterFout, match="hetzelfde niveau"):
        webkaart_tekort(situatie, tekort, load_kaartgebied("PV22", niveau="wijk"))


def test_distance_map_of_a_province():
    k = load_kaartgebied("PV22", niveau="wijk")
    m = webkaart_afstand(k)
    klassen = classify(k.gebieden["afstand_huisarts_km"], get_indicator("afstand_huisarts_km"))
    pd.testing.assert_series_equal(
        m.tabel["afstand_huisarts_km_klasse"].astype(str).sort_index(),
        klassen.astype(str).sort_index(),
        check_names=False,
    )
    assert "(Midden-Drenthe)" in m.html  # wijken are told apart, and found, by their gemeente
    namen = [r[0] for r in Lezer(m.html).rijen[2:]]
    assert len(set(namen)) == len(namen) == 189


# --- plain folium maps, and notebooks ---------------------------------------------------------------------------


def _folium() -> folium.Map:
    m = folium.Map(tiles=None, location=[52.8, 6.5], zoom_start=9)
    folium.GeoJson(to_geojson(ruitjes(2).gebieden.geometry.to_numpy(), 4), tooltip="vak").add_to(m)
    folium.Marker([52.8, 6.5], popup="Beilen").add_to(m)
    return m


def test_a_plain_folium_map_is_closed_too():
    html = close_folium(_folium(), titel="Los")
    assert not [a for _, a in Lezer(html).tags if "src" in a or a.get("href", "#")[0] != "#"]
    assert "default-src 'none'" in html
    assert renumber(html)[1] == {}
    # the same map built again gives the same bytes
    assert close_folium(_folium(), titel="Los") == html


def test_maps_that_need_a_server_are_refused_and_leave_no_trace():
    voor = [*folium.Map.default_js]
    with pytest.raises(HuisartsdataFout, match="openstreetmap"):
        close_folium(folium.Map())
    m = _folium()
    folium.plugins.MarkerCluster().add_to(m)
    with pytest.raises(HuisartsdataFout, match="markercluster"):
        close_folium(m)
    m = _folium()
    folium.Marker([52, 6], icon=folium.CustomIcon("https://example.org/x.png")).add_to(m)
    with pytest.raises(HuisartsdataFout, match=r"example\.org"):
        close_folium(m)
    m = folium.Map(tiles=None)
    folium.TileLayer("//tegels.example/{z}/{x}/{y}.png", attr="x").add_to(m)
    with pytest.raises(HuisartsdataFout, match=r"tegels\.example"):
        close_folium(m)
    assert folium.Map.default_js == voor
    close_folium(_folium())


def test_pages_refuse_addresses_and_broken_scripts():
    goed = {"titel": "t", "stijlen": [], "skripten": ["var a=1"]}
    for lichaam in (
        '<img src="x.png">',
        '<form action="/x">',
        '<a href="https://example.org">x</a>',
        '<video poster="p">',
    ):
        with pytest.raises(HuisartsdataFout, match="internet"):
            compose_page(**goed, lichaam=lichaam)
    with pytest.raises(HuisartsdataFout, match="internet"):
        compose_page(titel="t", stijlen=["a{background:url(x.png)}"], skripten=[], lichaam="")
    with pytest.raises(HuisartsdataFout, match="afbreken"):
        compose_page(titel="t", stijlen=[], skripten=["'</script>'"], lichaam="")
    with pytest.raises(HuisartsdataFout, match="niet mag"):
        compose_page(**goed, lichaam="<script>1</script>")


def test_notebook_shows_the_page_in_a_frame(monkeypatch):
    getoond = []
    monkeypatch.setattr("IPython.display.display", getoond.append)
    m = proef()
    toon(m, hoogte=500)
    toon(_folium())
    assert len(getoond) == 2
    _, attrs = next(t for t in Lezer(getoond[0]._repr_html_()).tags if t[0] == "iframe")
    assert attrs["srcdoc"] == m.html  # unescaped by the reader: the very page
    assert attrs["sandbox"] == "allow-scripts"
    assert attrs["height"] == "500"
    assert attrs["title"] == m.titel
    assert to_frame(m.html, titel=m.titel) == m._repr_html_()
    with pytest.raises(ParameterFout, match="DataFrame"):
        toon(pd.DataFrame())
