"""Web maps in a real browser without a network: they render, say what the table says, and ask nothing of anybody.

Needs Chromium. Without one these tests are skipped, except on a build server (CI=true), where that is a failure.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import huisartsdata as hd
from huisartsdata.uitvoer.figuur import Bronregel
from huisartsdata.uitvoer.huisstijl import procent
from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied, load_kaartgebied
from huisartsdata.uitvoer.web.webfiguren import webkaart_afstand, webkaart_bereik, webkaart_tekort
from huisartsdata.uitvoer.web.webgeometrie import to_geojson
from huisartsdata.uitvoer.web.webinsluiting import close_folium
from huisartsdata.uitvoer.web.webkaarten import to_frame, webkaart
from huisartsdata.uitvoer.web.weblagen import Weblaag

NAMEN = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXE = Path(__file__).parent / "web" / "axe" / "axe.min.js"
SOORTEN = ("bereik", "tekort", "afstand", "wijken", "uitval", "stuurregel", "namen")
LASTIG = [
    "<script>window.lek=1</script>",
    '"><img src=x onerror=window.lek=1>',
    "</table></body>",
    "A\u202eB\u200f",
    "Súdwest-Fryslân",
    "’s-Gravenhage 'x' & y",
    "${window.lek=1}`",
    "\u05d0\u05d1 (NH.)",
    "Gewoon",
]
MM = 96 / 25.4  # pixels of css in a millimetre
BREED, SMAL = {"width": 1280, "height": 900}, {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def chromium():
    reden = ""
    pad = next((p for n in NAMEN if (p := shutil.which(n))), None)
    if pad is None:
        reden = f"no Chromium found ({', '.join(NAMEN)}); on Debian: apt install chromium"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        reden = "playwright is not installed: pip install -r requirements-dev.lock"
    if reden:
        if os.environ.get("CI") == "true":
            pytest.fail(reden)
        pytest.skip(reden)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=pad, args=OPTIES)  # a fresh profile each time
        yield browser
        browser.close()


@contextmanager
def bekijk(browser, pad: Path, *, venster=BREED, wacht=True, **keuzes):
    """Open a file without a network; on leaving, nothing may have been asked, logged or thrown."""
    context = browser.new_context(
        viewport=venster, offline=True, locale="nl-NL", **{"reduced_motion": "reduce", **keuzes}
    )
    verzoeken, meldingen = [], []
    context.on("request", lambda r: verzoeken.append(r.url))
    pagina = context.new_page()
    pagina.on("console", lambda m: meldingen.append(f"{m.type}: {m.text}"))
    pagina.on("pageerror", lambda f: meldingen.append(str(f)))
    pagina.meldingen = meldingen
    pagina.goto(pad.as_uri())
    if wacht:
        pagina.wait_for_selector("html[data-klaar]", state="attached")
    try:
        yield pagina
        assert [u for u in verzoeken if not u.startswith("data:")] == [pad.as_uri()]
        assert meldingen == []
        assert pagina.evaluate("window.lek") is None
    finally:
        context.close()


def _ruitjes() -> Kaartgebied:
    n = 3
    vakken = [
        shapely.box(2e5 + j * 1e4, 5e5 + i * 1e4, 2e5 + j * 1e4 + 1e4, 5e5 + i * 1e4 + 1e4)
        for i in range(n)
        for j in range(n)
    ]
    index = pd.Index([f"GM{i:04d}" for i in range(n * n)], name="gm_code")
    gebieden = gpd.GeoDataFrame({"naam": LASTIG}, geometry=vakken, index=index, crs=28992)
    return Kaartgebied("Ruitjes", gebieden, None, None, gebieden.iloc[:0], None, None, "gemeenten")


@pytest.fixture(scope="module")
def paginas(tmp_path_factory) -> dict[str, Path]:
    """Every kind of web map, as files."""
    s = hd.landelijke_situatie(functie="zonder_wisselend")
    land, drenthe, ruitjes = load_kaartgebied(), load_kaartgebied("PV22", niveau="wijk"), _ruitjes()
    bereik = hd.bereikbeeld(s, per="gemeente", trekkingen=20)
    codes = land.gebieden.index
    kans = pd.Series(np.linspace(0.2, 0.8, len(codes)), index=codes)
    kans["GM1731"], kans["GM0106"] = 0.95, 0.05
    tekort = pd.DataFrame(
        {
            "kans_op_tekort": kans,
            "oordeel": np.where(kans > 0.9, "tekort", np.where(kans < 0.1, "geen tekort", "onbekend")),
            "nodig_fte": 17.25,
            "bereikt_fte": 14.75,
            "rang_laag": 6,
            "rang_hoog": 327,
        },
        index=codes,
    )
    u = hd.scenario.uitval(s, gm_code="GM0505", patienten=6000, open_aandeel=(0, 0.25), trekkingen=20)
    regel = hd.scenario.stuurregel(s, "d4", trekkingen=10)
    boos = "<script>window.lek=1</script>"
    w = pd.Series(np.linspace(0.5, 4, 9), index=ruitjes.gebieden.index)
    w.iloc[8] = np.nan
    kaarten = {
        "bereik": webkaart_bereik(s, bereik, land, tekort=tekort),
        "tekort": webkaart_tekort(s, tekort, land, bereik=bereik),
        "afstand": webkaart_afstand(land),
        "wijken": webkaart_afstand(drenthe),
        "uitval": hd.webkaart_uitval(u),
        "stuurregel": hd.webkaart_stuurregel(s, regel),
        "namen": webkaart(
            ruitjes,
            {
                boos: Weblaag(
                    w, "afstand_huisarts_km", laag=w - 0.25, hoog=w + 0.25, intervalnaam="95%-interval"
                ),
                "Oordeel": Weblaag(
                    w / 5, "kans_op_tekort", oordeel=pd.Series(LASTIG, index=w.index), extra={boos: w}
                ),
            },
            titel=boos,
            ondertitel=boos,
            bronregel=Bronregel((boos, "CBS"), {boos: "2024"}, norm=boos, functie=boos, versie="1"),
        ),
    }
    map_ = tmp_path_factory.mktemp("web")
    return {naam: kaart.bewaar(map_, naam)["html"] for naam, kaart in kaarten.items()}


def vakken(pagina) -> list[str]:
    """Fill of every area on the map, in order of the table."""
    return pagina.evaluate(
        "(() => { const u = {}; geo().eachLayer(l => u[l.feature.id] = l.getElement().getAttribute('fill')); return Object.values(u); "
        "function geo() { return Object.values(window).find(v => v instanceof L.GeoJSON && v.getLayers()[0].getTooltip()); } })()"
    )


def zoek(pagina, tekst: str, *, wacht: int = 0) -> str:
    pagina.fill("#zoek", tekst)
    pagina.press("#zoek", "Enter")
    pagina.wait_for_timeout(wacht)
    return pagina.inner_text("#melding")


@pytest.mark.parametrize("soort", SOORTEN)
def test_every_kind_renders_without_network(chromium, paginas, soort):
    with bekijk(chromium, paginas[soort]) as p:
        rijen = p.locator("#tabel tbody tr").count()
        assert rijen == {"wijken": 189, "uitval": 13, "namen": 9}.get(soort, 342)
        fills = vakken(p)
        assert len(fills) == rijen
        # what the map shows is what the legend counts
        sleutel = p.evaluate(
            "Array.from(document.querySelectorAll('#sleutel-0 li:has(.aantal)')).map(li => [li.querySelector('rect').getAttribute('fill'), li.querySelector('.aantal').firstChild.data])"
        )
        assert {k: fills.count(k) for k, _ in sleutel} == {k: int(n) for k, n in sleutel}
        # a part of the country says what lies around it: a row of the legend, and names that stand in view whole
        buren = p.locator(".gebiedsnaam .buurnaam").all_inner_texts()
        assert bool(buren) == (p.locator("#sleutel-0", has_text="buiten het gebied").count() > 0)
        assert bool(buren) == (soort in ("wijken", "uitval"))
        doos = p.locator("#kaartvak").bounding_box()
        assert all(
            doos["x"] <= b["x"] and b["x"] + b["width"] <= doos["x"] + doos["width"]
            for b in (n.bounding_box() for n in p.locator(".gebiedsnaam .buurnaam").all())
        )
        assert doos["width"] > 800
        assert doos["height"] > 500
        vlakken = p.evaluate(
            "(() => { const m = document.querySelector('.folium-map').getBoundingClientRect(); let n = 0;"
            "document.querySelectorAll('path.leaflet-interactive').forEach(e => { const r = e.getBoundingClientRect();"
            "if (r.width > 0 && r.left >= m.left - 1 && r.right <= m.right + 1 && r.top >= m.top - 1 && r.bottom <= m.bottom + 1) n++; }); return n; })()"
        )
        assert vlakken == rijen  # all areas lie within the map
        assert p.evaluate("document.documentElement.lang") == "nl"


@pytest.fixture
def server():
    """A server on this machine that counts who asks it something."""
    gevraagd: list[str] = []

    class Antwoord(BaseHTTPRequestHandler):
        def do_GET(self):
            gevraagd.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()

        def log_message(self, *_):
            pass

    luisteraar = ThreadingHTTPServer(("127.0.0.1", 0), Antwoord)
    draad = threading.Thread(target=luisteraar.serve_forever)
    draad.start()
    yield f"http://127.0.0.1:{luisteraar.server_port}", gevraagd
    luisteraar.shutdown()
    draad.join()
    luisteraar.server_close()


def test_what_would_ask_the_network_is_stopped_by_the_page_itself(chromium, paginas, server, tmp_path):
    # with a network, so that only the policy of the page stands in the way
    adres, gevraagd = server
    pogingen = (
        f"fetch('{adres}/fetch')",
        f"new Promise((g, f) => {{ const e = new Image(); e.onload = g; e.onerror = f; e.src = '{adres}/img'; }})",
        f"new Promise((g, f) => {{ const e = document.createElement('script'); e.onload = g; e.onerror = f; e.src = '{adres}/js'; document.head.append(e); }})",
        f"new Promise((g, f) => {{ const e = document.createElement('link'); e.rel = 'stylesheet'; e.onload = g; e.onerror = f; e.href = '{adres}/css'; document.head.append(e); }})",
    )
    vrij = tmp_path / "vrij.html"
    vrij.write_text("<!DOCTYPE html><title>zonder beleid</title>")
    uitkomsten = {}
    for naam, pad in (("vrij", vrij), ("kaart", paginas["namen"])):
        gevraagd.clear()
        context = chromium.new_context()
        p = context.new_page()
        p.goto(pad.as_uri())
        for poging in pogingen:
            p.evaluate(f"({poging}).then(() => 1, () => 0)")
        p.evaluate("document.body.innerHTML += '<img src=x onerror=\"window.lek=2\">'")
        p.wait_for_timeout(100)
        uitkomsten[naam] = {*gevraagd} - {"/favicon.ico"}, p.evaluate("window.lek || 0")
        context.close()
    assert uitkomsten["vrij"] == ({"/fetch", "/img", "/js", "/css"}, 2)  # the attempts are real ones
    assert uitkomsten["kaart"] == (set(), 0)


def test_tooltip_reads_right(chromium, paginas):
    km = load_kaartgebied().gebieden.loc["GM1731", "afstand_huisarts_km"]
    assert km == 2.6  # CBS StatLine 85984NED, Midden-Drenthe
    with bekijk(chromium, paginas["bereik"]) as p:
        zoek(p, "Midden-Drenthe")
        regels = p.inner_text(".leaflet-tooltip").split("\n")
        assert regels[0] == "Midden-Drenthe"
        assert re.fullmatch(r"Kans onder gemiddeld: \d+%", regels[1])
        p.get_by_label("Bereikbare huisartsenzorg").check()
        regels = p.inner_text(".leaflet-tooltip").split("\n")
        assert re.fullmatch(r"Bereikbare huisartsenzorg: \d,\d fte per 10\.000 standaardpatiënten", regels[1])
        assert re.fullmatch(r"90%-interval: \d,\d tot \d,\d", regels[2])
        assert re.fullmatch(r"Kans onder gemiddeld: \d+%", regels[4])  # from the column of the other layer
        assert "Status: modelschatting" in regels
        assert "Functie: zonder wisselende waarnemers" in regels
        assert any(r.startswith("Bron: ZorgkaartNederland") for r in regels)
        p.get_by_label("Oordeel over een tekort").check()
        assert p.inner_text(".leaflet-tooltip").split("\n")[:6] == [
            "Midden-Drenthe", "Kans op tekort: 95%", "Oordeel: tekort", "Nodig (fte): 17,3", "Binnen bereik (fte): 14,8",
            "Rang van 342 (95%): 6 tot 327",
        ]  # fmt: skip
        assert "Norm: 2.095 patiënten per fte; functie: zonder wisselende waarnemers" in p.inner_text(
            ".leaflet-tooltip"
        )
        p.get_by_label("Afstand tot de huisarts").check()
        assert p.inner_text(".leaflet-tooltip").split("\n")[1:3] == [
            "Afstand tot de huisarts: 2,6 km",
            "Klasse: 2,0 tot 3,0",
        ]


def test_an_outage_reads_right(chromium, paginas):
    tabel = pd.read_csv(paginas["uitval"].with_suffix(".csv")).set_index("wk_code")
    with bekijk(chromium, paginas["uitval"]) as p:
        assert zoek(p, "Wijk 10 Dubbeldam").startswith("Wijk 10 Dubbeldam (Dordrecht).")
        regels = p.inner_text(".leaflet-tooltip").split("\n")
        rij = tabel.loc["WK050510"]
        assert regels[1] == f"Verlies: {procent(rij['afname_bereik'])}"
        laag, hoog = (procent(rij[f"afname_bereik_{k}"]) for k in ("laag", "hoog"))
        assert regels[2] == f"Over vijf aannames over reisbereidheid: {laag} tot {hoog}"
        assert laag != hoog
        assert [p.locator('input[name="laag"]').nth(n).evaluate("e => e.parentNode.textContent.trim()") for n in range(4)] == [
            "Verlies aan bereik", "Patiënten van de praktijk", "Bereik voor", "Bereik na",
        ]  # fmt: skip
        # the what-if must not be read as a statement about a practice
        assert "geen uitspraak over een bestaande praktijk" in p.inner_text("body")
        voor = vakken(p)
        p.get_by_label("Patiënten van de praktijk").check()
        assert vakken(p) != voor


def test_a_steering_rule_says_what_it_cannot_say(chromium, paginas):
    tabel = pd.read_csv(paginas["stuurregel"].with_suffix(".csv"))
    onbekend = tabel["verschil_bereik_fte_per_10000_klasse"] == "onbekend"
    # who is designated hangs on the draws: wherever they do not agree, no gain or loss is claimed
    wankel = tabel["kans_aangewezen"].between(0.1, 0.9)
    assert onbekend[wankel].all()
    assert 0 < onbekend.sum() < 342
    with bekijk(chromium, paginas["stuurregel"]) as p:
        assert vakken(p).count("url(#patroon-onbekend)") == onbekend.sum()
        assert f"van {onbekend.sum()} is het niet te zeggen" in p.inner_text("h1")
        zoek(p, "Midden-Drenthe")
        tekst = p.inner_text(".leaflet-tooltip")
        assert "Kans op aanwijzing:" in tekst
        assert "Verandering van de fte:" in tekst
        p.get_by_label("Aanwijzing volgens de regel").check()
        assert p.inner_text("#melding").startswith("Midden-Drenthe. Kans op aanwijzing: ")


def test_tooltip_follows_the_mouse(chromium, paginas):
    with bekijk(chromium, paginas["wijken"]) as p:
        doos = p.locator(".folium-map").bounding_box()
        p.mouse.move(doos["x"] + doos["width"] / 2, doos["y"] + doos["height"] / 2)
        p.mouse.move(doos["x"] + doos["width"] / 2 + 3, doos["y"] + doos["height"] / 2 + 3)
        naam, waarde = p.inner_text(".leaflet-tooltip").split("\n")[:2]
        cellen = p.locator("#tabel tbody tr", has_text=naam).first.locator("td").all_inner_texts()
        assert waarde == f"Afstand tot de huisarts: {cellen[0]} km"


def test_layers_switch(chromium, paginas):
    with bekijk(chromium, paginas["bereik"]) as p:
        eerste = vakken(p)
        radios = p.locator('input[name="laag"]')
        assert radios.count() == 4
        radios.nth(0).focus()
        p.keyboard.press("ArrowDown")  # as with any group of radio buttons
        p.keyboard.press("ArrowDown")
        assert radios.nth(2).is_checked()
        oordeel = vakken(p)
        assert oordeel != eerste
        rijen = p.locator("#tabel tbody tr").evaluate_all("r => r.map(x => x.cells[0].textContent.trim())")
        assert oordeel.count("url(#patroon-onbekend)") == 340
        assert oordeel[rijen.index("Midden-Drenthe")] != oordeel[rijen.index("Assen")]
        assert [p.locator(f"#sleutel-{n}").is_visible() for n in range(4)] == [False, False, True, False]
        assert "Oordeel over een tekort" in p.inner_text("#melding")


def test_search_finds_and_announces(chromium, paginas):
    with bekijk(chromium, paginas["afstand"], reduced_motion="no-preference") as p:
        assert p.locator("#melding").get_attribute("aria-live") == "polite"
        assert (
            zoek(p, "midden-drenthe")
            == "Midden-Drenthe. Afstand tot de huisarts: 2,6 km; Klasse: 2,0 tot 3,0."
        )
        plek = p.locator('path[stroke="#134a7c"]').bounding_box()
        kaart = p.locator(".folium-map").bounding_box()
        assert plek["width"] > 0.2 * kaart["width"]  # zoomed in
        assert kaart["x"] < plek["x"]
        assert plek["x"] + plek["width"] < kaart["x"] + kaart["width"]
        assert "Midden-Drenthe" in p.inner_text("#gekozen")
        assert zoek(p, "sudwest").startswith("Súdwest-Fryslân.")  # without accents
        assert zoek(p, "'s-gravenhage").startswith("'s-Gravenhage.")
        assert re.match(r"\d+ gebieden gevonden: .*Bergen \(", zoek(p, "bergen"))
        assert zoek(p, "Atlantis") == "Geen gebied gevonden met de naam “Atlantis”."
        assert zoek(p, "  ") == "Typ de naam van een gebied."
        p.click("#heel")
        assert p.locator("#gekozen").is_hidden()


def test_search_by_gemeente_on_a_map_of_wijken(chromium, paginas):
    with bekijk(chromium, paginas["wijken"]) as p:
        assert zoek(p, "Midden-Drenthe") == "Midden-Drenthe: 17 wijken in beeld."
        assert zoek(p, "wijk 00 beilen").startswith("Wijk 00 Beilen (Midden-Drenthe).")


def test_the_keyboard_reaches_everything(chromium, paginas):
    with bekijk(chromium, paginas["wijken"]) as p:
        waar = "document.activeElement.id || document.activeElement.name || document.activeElement.className || document.activeElement.textContent"
        p.keyboard.press("Tab")
        assert p.evaluate("document.activeElement.className") == "sla-over"
        assert p.locator(".sla-over").bounding_box()["x"] >= 0  # shown when it has the focus
        gezien = []
        for _ in range(12):
            p.keyboard.press("Tab")
            gezien.append(p.evaluate(waar))
            if gezien[-1] == "tabel":
                break
        orde = [
            next(i for i, g in enumerate(gezien) if g.startswith(w))
            for w in ("laag", "zoek", "heel", "map_", "tabel")
        ]
        assert orde == sorted(orde)
        p.keyboard.press("Tab")  # one stop for 189 names
        eerste = p.evaluate("document.activeElement.textContent")
        p.keyboard.press("ArrowDown")
        tweede = p.evaluate("document.activeElement.textContent")
        assert eerste != tweede
        p.keyboard.press("Enter")
        assert p.inner_text("#melding").startswith(tweede)
        assert (
            p.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        )  # focus can be seen
        p.locator(".sla-over").focus()
        p.keyboard.press("Enter")
        assert p.evaluate(waar) == "tabel"


def test_names_come_out_as_text_everywhere(chromium, paginas):
    netjes = [n.replace("\u202e", "").replace("\u200f", "") for n in LASTIG]
    with bekijk(chromium, paginas["namen"]) as p:
        assert p.title() == p.inner_text("h1") == "<script>window.lek=1</script>"
        assert set(p.locator("#tabel tbody th").all_inner_texts()) == set(netjes)
        assert set(p.locator("#gebieden option").evaluate_all("o => o.map(x => x.value)")) == set(netjes)
        for radio in (0, 1):
            p.locator('input[name="laag"]').nth(radio).check()
            for naam in netjes:
                assert zoek(p, naam).startswith(naam + ".")
                assert (
                    p.locator(".leaflet-tooltip").last.inner_text().split("\n")[0] == naam
                )  # the one before fades
                assert p.inner_text("#gekozen h2") == naam
        borden = set(p.locator(".gebiedsnaam").all_inner_texts())
        assert borden <= set(netjes)
        assert p.locator("img").count() == 0
        assert p.locator("script").count() == 4


def _axe(pagina) -> list[str]:
    # rows are all built alike; forty of them take a tenth of the time of 342
    pagina.evaluate("document.querySelectorAll('#tabel tbody tr:nth-child(n+41)').forEach(r => r.remove())")
    pagina.evaluate(AXE.read_text(encoding="utf-8"))
    uit = pagina.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert len(uit["passes"]) > 10  # it did look
    return [
        f"{v['id']} ({v['impact']}): {json.dumps(v['nodes'][0]['html'])[:200]}"
        for v in uit["violations"]
        if v["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize(
    ("soort", "venster"),
    [*((s, BREED) for s in SOORTEN), ("tekort", SMAL), ("wijken", SMAL)],
    ids=[*SOORTEN, "tekort-smal", "wijken-smal"],
)
def test_axe_finds_no_serious_fault(chromium, paginas, soort, venster):
    with bekijk(chromium, paginas[soort], venster=venster) as p:
        assert _axe(p) == []
        if soort == "wijken":  # also with another layer and a chosen area
            p.locator('input[name="laag"]').last.check()
            p.fill("#zoek", p.locator("#tabel tbody th").nth(4).inner_text())
            p.press("#zoek", "Enter")
            assert _axe(p) == []


def test_narrow_screen_needs_no_sideways_scrolling(chromium, paginas):
    with bekijk(chromium, paginas["bereik"], venster=SMAL) as p:
        assert p.evaluate("document.documentElement.scrollWidth") <= 390
        assert p.locator(".folium-map").bounding_box()["width"] > 340
        # targets are large enough for a thumb: WCAG 2.2, 2.5.8
        for doos in (r.bounding_box() for r in p.locator(".laagkeuze, #zoek, button:visible").all()[:8]):
            assert doos["height"] >= 24


def test_print_shows_map_legend_table_and_source(chromium, paginas):
    with bekijk(chromium, paginas["tekort"]) as p:
        p.locator('input[name="laag"]').nth(3).check()
        p.evaluate("dispatchEvent(new Event('beforeprint'))")
        p.emulate_media(media="print")
        for weg in (".keuze", ".leaflet-control-zoom", ".sla-over"):
            assert p.locator(weg).first.is_hidden()
        for er in (".folium-map", "#sleutel-3", "#tabel table"):
            assert p.locator(er).is_visible()
        bronnen = p.locator(".bron:visible").all_inner_texts()
        assert len(bronnen) == 1  # of the layer that is shown
        assert bronnen[0].startswith("Afstand tot de huisarts. Bron: CBS StatLine")
        assert p.locator("#sleutel-0").is_hidden()
        p.evaluate("document.querySelector('input[name=laag]').click()")  # the longest source line
        p.set_viewport_size({"width": round(182 * MM), "height": 1000})  # A4 between its margins
        eind = max(
            b["y"] + b["height"]
            for d in p.locator("#kaartvak, .sleutel, .bron:visible").all()
            if (b := d.bounding_box())
        )
        assert eind < 269 * MM  # everything about the map on one sheet
        zichtbaar = p.locator("#tabel tbody tr").first.locator("td:visible").count()
        assert zichtbaar == 5  # the columns of the layer that is shown; all layers do not fit a page
        assert p.locator(".folium-map").bounding_box()["width"] < 700  # within A4
        assert p.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_page_works_inside_a_notebook(chromium, paginas, tmp_path):
    pagina = paginas["wijken"].read_text(encoding="utf-8")
    blad = tmp_path / "notebook.html"
    blad.write_text(
        f"<!DOCTYPE html><html lang=nl><title>n</title><body>{to_frame(pagina, titel='k')}</body></html>",
        encoding="utf-8",
    )
    with bekijk(chromium, blad, wacht=False) as p:
        vlak = p.frame_locator("iframe")
        vlak.locator("html[data-klaar]").wait_for(state="attached")
        assert vlak.locator("path.leaflet-interactive").count() == 189
        vlak.locator(".sla-over").focus()
        p.keyboard.press("Enter")
        assert vlak.locator("#tabel").count() == 1  # the link did not lead to the notebook's own address
        vlak.locator("#zoek").fill("Midden-Drenthe")
        vlak.locator("#zoek").press("Enter")
        assert vlak.locator("#melding").inner_text() == "Midden-Drenthe: 17 wijken in beeld."


def test_plain_folium_map_renders_closed(chromium, tmp_path):
    m = folium.Map(tiles=None, location=[52.5, 6], zoom_start=8)
    folium.GeoJson(
        to_geojson(_ruitjes().gebieden.geometry.to_numpy(), 4),
        tooltip="vak",
        style_function=lambda _: {"color": "red"},
    ).add_to(m)
    folium.Marker([52.5, 6], popup="Beilen", tooltip="hier").add_to(m)
    folium.LayerControl().add_to(m)
    pad = tmp_path / "los.html"
    pad.write_bytes(close_folium(m, titel="Los").encode())
    with bekijk(chromium, pad, wacht=False) as p:
        p.wait_for_selector("path.leaflet-interactive")
        assert p.locator("path.leaflet-interactive").count() == 9
        assert (
            p.locator(".leaflet-marker-icon").evaluate("e => e.naturalWidth") == 25
        )  # Leaflet's own marker, embedded
        p.locator(".leaflet-marker-icon").click()
        assert p.inner_text(".leaflet-popup-content").strip() == "Beilen"


def test_maps_without_a_base_map_say_so_and_with_one_ask_only_that_server(chromium, tmp_path):
    k = _ruitjes()
    w = pd.Series(1.0, index=k.gebieden.index)
    m = webkaart(
        k,
        {"A": Weblaag(w, "afstand_huisarts_km")},
        titel="t",
        bronregel=Bronregel(("CBS",), {"a": "2024"}),
        achtergrond="pdok",
    )
    pad = m.bewaar(tmp_path, "pdok")["html"]
    context = chromium.new_context()
    verzoeken = []
    p = context.new_page()
    p.route(
        "**/*",
        lambda r: (
            r.continue_()
            if r.request.url.startswith("file:")
            else (verzoeken.append(r.request.url), r.abort())
        ),
    )
    p.goto(pad.as_uri())
    p.wait_for_selector("html[data-klaar]", state="attached")
    p.wait_for_timeout(300)
    assert verzoeken
    assert {u.split("/")[2] for u in verzoeken} == {"service.pdok.nl"}
    assert "Kadaster/PDOK" in p.inner_text(".leaflet-control-attribution")
    context.close()
