"""Briefs as other programs see them: LibreOffice opens the docx, poppler reads the pdf, a browser the html.

A test whose program is not installed is skipped with the reason, except on a build server (CI=true), where that is
a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from huisartsdata.uitvoer.brieven.brief import maak_brief, schrijf_brief
from huisartsdata.uitvoer.brieven.briefboekje import schrijf_map
from huisartsdata.uitvoer.brieven.briefinhoud import Kop
from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld
from huisartsdata.uitvoer.brieven.leeszaal import maak_leeszaal
from huisartsdata.werk.werkgebied import zoek_werkgebied

AXE = Path(__file__).parent / "web" / "axe" / "axe.min.js"
KANTOOR = ("soffice", "libreoffice")
BROWSER = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
TEKST = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABEL = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
BEELD = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
SOORTEN = ("Dordrecht", "Nederland")


def nodig(*namen: str) -> str:
    """Path of a program; without it the test is skipped, or fails on a build server."""
    pad = next((p for n in namen if (p := shutil.which(n))), None)
    if pad is None:
        reden = f"no {' or '.join(namen)} found"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reden)
        pytest.skip(reden)
    return pad


@pytest.fixture(scope="module")
def land():
    return maak_landbeeld(trekkingen=100)


@pytest.fixture(scope="module", params=SOORTEN)
def geschreven(request, land, tmp_path_factory):
    """A brief and its files."""
    brief = maak_brief(land, zoek_werkgebied(request.param))
    return brief, schrijf_brief(brief, tmp_path_factory.mktemp("brief"), soorten=["html", "pdf", "docx"])


def zet_om(pad, soort: str):
    """What LibreOffice makes of a file; with a profile of its own, so that an open office does no harm."""
    profiel = (pad.parent / "profiel").as_uri()
    subprocess.run(
        [nodig(*KANTOOR), f"-env:UserInstallation={profiel}", "--headless", "--convert-to", soort,
         "--outdir", str(pad.parent / "om"), str(pad)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return pad.parent / "om" / f"{pad.stem}.{soort}"


def test_libreoffice_keeps_headings_tables_images_and_alternative_texts(geschreven):
    brief, paden = geschreven
    with zipfile.ZipFile(zet_om(paden["docx"], "odt")) as z:
        boom = ET.fromstring(z.read("content.xml"))
        beelden = [n for n in z.namelist() if n.startswith("Pictures/")]
    koppen = ["".join(h.itertext()) for h in boom.iter(f"{TEKST}h")]
    assert [k for k in koppen if k != brief.titel] == [
        *(b.tekst for b in brief.secties if isinstance(b, Kop)),
        "Hoe is deze brief gemaakt?",
    ]
    tabellen = list(boom.iter(f"{TABEL}table"))
    assert len(tabellen) == len(brief.tabellen) and len(beelden) == len(brief.beelden)
    for t, bron in zip(tabellen, brief.tabellen, strict=True):
        cellen = ["".join(c.itertext()) for c in t.iter(f"{TABEL}table-cell")]
        assert cellen == [*bron.kop, *(c for rij in bron.rijen for c in rij)]
        assert list(t.iter(f"{TABEL}table-header-rows"))
    assert [d.text for d in boom.iter(f"{SVG}desc")] == [b.alt_tekst for b in brief.beelden]
    # captions count by themselves
    reeksen = [s.get(f"{TEKST}name") for s in boom.iter(f"{TEKST}sequence")]
    assert reeksen.count("Figuur") == 2 and reeksen.count("Tabel") == len(brief.tabellen)


def tekst_van(pdf, *opties: str) -> str:
    uit = subprocess.run(
        [nodig("pdftotext"), *opties, str(pdf), "-"], check=True, capture_output=True, timeout=60
    )
    return uit.stdout.decode()


def plat(tekst: str) -> str:
    """Text without white space or the hyphens of broken words: a line may break anywhere."""
    return re.sub(r"[\s\u00ad\u200b]", "", tekst)


def test_docx_made_into_pdf_holds_all_text(geschreven):
    brief, paden = geschreven
    alles = plat(tekst_van(zet_om(paden["docx"], "pdf"), "-raw"))
    for deel in (brief.titel, brief.vraag, brief.antwoord, *brief.kernpunten):
        assert plat(deel) in alles


def test_pdf_text_can_be_taken_out_and_no_table_is_cut_off(geschreven):
    brief, paden = geschreven
    alles = plat(tekst_van(paden["pdf"], "-raw"))
    for deel in (brief.titel, brief.vraag, brief.antwoord, *brief.kernpunten, brief.opdracht):
        assert plat(deel) in alles
    # cells break over lines, in the order of the page: word by word
    for t in brief.tabellen:
        for cel in (*t.kop, *(c for rij in t.rijen for c in rij)):
            assert all(plat(w) in alles for w in cel.split()), (t.naam, cel)
    # every word lies within the margins (20 mm left and right, in points), and none over another
    bladen = re.findall(
        r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', tekst_van(paden["pdf"], "-bbox"), re.DOTALL
    )
    assert 2 <= len(bladen) <= 4
    for breed, hoog, inhoud in bladen:
        assert (round(float(breed)), round(float(hoog))) == (595, 842)
        for x0, y0, x1, y1 in re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"', inhoud
        ):
            assert float(x0) >= 56 and float(x1) <= 595 - 55 and float(y0) > 35 and float(y1) < 842 - 20


def test_a_name_with_a_hyphen_stays_on_one_line_and_can_be_searched(land, tmp_path):
    brief = maak_brief(land, zoek_werkgebied("regioplus:Zuid-Holland Zuid"))
    pad = schrijf_brief(brief, tmp_path, soorten=["pdf"])["pdf"]
    regels = [r.strip() for r in tekst_van(pad, "-layout", "-l", "1").splitlines()]
    titel = regels[: next(n for n, r in enumerate(regels) if r.startswith("Gegevens samengesteld op"))]
    assert [t for t in titel if t] == ["Huisartsenzorg in de RegioPlus-regio", "Zuid-Holland Zuid"]
    # with a hyphen as it is typed, and nothing unseen around it
    assert not {"\u2011", "\u2060", "\u200b"} & set("".join(regels))


def test_names_are_text_in_the_body_of_a_pdf(land, tmp_path):
    """What a name holds is shown, and neither run as markup nor able to turn the text around."""
    naam = '<script>alert(\'x\')</script> "A & B" S\u00fadwest \u202eom\u200f $x$ #let *b* _c_ @d [e] \\f ~ #image("/etc/passwd")'
    w = SimpleNamespace(
        gebied="x", naam=naam, soort="eigen", gemeenten=("GM0114", "GM0109"), wijken=(), slug="x"
    )
    brief = maak_brief(land, w)
    alles = plat(tekst_van(schrijf_brief(brief, tmp_path, soorten=["pdf"])["pdf"], "-raw"))
    kaal = naam.replace("\u202e", "").replace("\u200f", "")
    assert alles.count(plat(kaal)) >= 3  # title, question, answer
    for t in brief.tabellen:
        assert plat(t.titel) in alles
    assert "\u202e" not in alles and "\u200f" not in alles and "root:" not in alles


REEKS = """
import multiprocessing, sys
from huisartsdata.uitvoer.brieven.briefreeks import alle_gebieden, maak_alle
from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld
from huisartsdata.werk.werkgebied import to_slug

def meld(klaar, alle, naam):
    print(klaar, *(p.pid for p in multiprocessing.active_children()), flush=True)

if __name__ == "__main__":
    gebieden = alle_gebieden(to_slug, soorten=["provincie"])[:int(sys.argv[2])]
    r = maak_alle(sys.argv[1], gebieden, landbeeld=maak_landbeeld(trekkingen=100), soorten=["html"], meld=meld)
    print(len(r.gemaakt), len(r.overgeslagen), len(r.mislukt))
"""


def leeft(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_killed_run_leaves_no_process_behind_and_goes_on_where_it_was(tmp_path):
    (tmp_path / "reeks.py").write_text(REEKS)
    opdracht = [sys.executable, str(tmp_path / "reeks.py"), str(tmp_path / "uit"), "6"]
    with subprocess.Popen(opdracht, stdout=subprocess.PIPE, text=True) as p:
        werkers = [int(w) for w in p.stdout.readline().split()[1:]]
        p.send_signal(signal.SIGKILL)
    assert len(werkers) == 2
    einde = time.monotonic() + 60
    while any(map(leeft, werkers)) and time.monotonic() < einde:
        time.sleep(0.2)
    assert not any(map(leeft, werkers))
    uit = subprocess.run(opdracht, capture_output=True, text=True, check=True, timeout=300).stdout
    gemaakt, overgeslagen, mislukt = map(int, uit.splitlines()[-1].split())
    assert (gemaakt + overgeslagen, mislukt) == (6, 0) and overgeslagen >= 1
    assert len(list((tmp_path / "uit").rglob("*.html"))) == 6


@pytest.fixture(scope="module")
def blad():
    pad = nodig(*BROWSER)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        reden = "playwright is not installed"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reden)
        pytest.skip(reden)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path=pad, args=["--headless", "--no-sandbox", "--disable-gpu"])
        pagina = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
        pagina.klachten = []
        pagina.on("console", lambda m: pagina.klachten.append(m.text))
        pagina.on("pageerror", lambda e: pagina.klachten.append(str(e)))
        pagina.on("request", lambda r: r.url.startswith(("http", "ws")) and pagina.klachten.append(r.url))
        yield pagina
        browser.close()


def test_html_opens_in_a_browser_and_asks_nothing(geschreven, blad):
    _, paden = geschreven
    blad.klachten.clear()
    blad.goto(paden["html"].as_uri())
    assert not blad.klachten
    maten = blad.evaluate("[...document.images].map(i => [i.complete, i.naturalWidth, i.alt.length])")
    assert len(maten) == 2 and all(klaar and breed > 1000 and alt > 40 for klaar, breed, alt in maten)
    # the style is applied (its hash is right), and nothing sticks out of the page, also on a phone
    assert blad.evaluate("getComputedStyle(document.querySelector('.antwoord')).fontWeight") == "700"
    for breedte in (1200, 380):
        blad.set_viewport_size({"width": breedte, "height": 900})
        assert blad.evaluate("document.documentElement.scrollWidth") <= breedte
    blad.set_viewport_size({"width": 1200, "height": 900})


def test_on_a_phone_a_figure_can_be_enlarged_and_captions_stay_in_sight(geschreven, blad):
    brief, paden = geschreven
    blad.set_viewport_size({"width": 400, "height": 850})
    blad.goto(paden["html"].as_uri())
    breedte = "document.images[0].getBoundingClientRect().width"
    assert blad.evaluate(breedte) <= 400
    blad.click("text=Vergroot figuur 1")
    # 7 of the 482 points that a figure is wide, as pixels on the screen
    assert blad.evaluate(breedte) * 7 / 482 >= 12
    assert blad.evaluate("document.documentElement.scrollWidth") <= 400
    blad.click("text=Verklein figuur 1")
    assert blad.evaluate(breedte) <= 400
    # however far a table is scrolled, its caption is where the reader is
    blad.evaluate("document.querySelectorAll('.breed').forEach(d => d.scrollLeft = d.scrollWidth)")
    opschriften = blad.evaluate(
        "[...document.querySelectorAll('caption > span')].map(s => {const r = s.getBoundingClientRect();"
        "return [r.left, r.right]})"
    )
    assert len(opschriften) == len(brief.tabellen)
    assert all(0 <= links < rechts <= 400 for links, rechts in opschriften)
    blad.set_viewport_size({"width": 1200, "height": 900})


def fouten(blad) -> list[str]:
    """Faults of accessibility that axe finds on the page."""
    blad.evaluate(AXE.read_text(encoding="utf-8"))
    uit = blad.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {n['html'][:120]}" for v in uit["violations"] for n in v["nodes"]]


def test_axe_finds_no_fault_in_brief_and_reading_room(geschreven, blad):
    _, paden = geschreven
    blad.goto(paden["html"].as_uri())
    assert fouten(blad) == []
    blad.goto(maak_leeszaal(paden["html"].parent).as_uri())
    assert fouten(blad) == []


def test_the_reading_room_searches_offline(land, blad, tmp_path):
    for naam in ("Vlieland", "Súdwest-Fryslân", "provincie:Drenthe"):
        w = zoek_werkgebied(naam)
        schrijf_map(land, w, tmp_path / "briefs" / w.slug, soorten=["html"])
    brief = maak_brief(land, SimpleNamespace(gebied="x", naam="<b>'\"&", soort="eigen", gemeenten=("GM0114",),
                                             wijken=(), slug="x"))  # fmt: skip
    brief.beelden[0].figuur.bewaar(tmp_path, "kaart")
    blad.klachten.clear()
    blad.goto(maak_leeszaal(tmp_path).as_uri())
    zichtbaar = "[...document.querySelectorAll('li[data-zoek]')].filter(l => l.offsetParent).map(l => l.querySelector('h3').innerText)"
    assert len(blad.evaluate(zichtbaar)) == 4
    blad.fill("#vraag", "sudwest")
    assert blad.evaluate(zichtbaar) == ["Huisartsenzorg in de gemeente Súdwest-Fryslân"]
    assert blad.inner_text("#telling") == "1 gevonden"
    blad.fill("#vraag", "EMMEN provincie")  # a gemeente in the region, and words in any order
    assert blad.evaluate(zichtbaar) == ["Huisartsenzorg in de provincie Drenthe"]
    blad.fill("#vraag", "bestaat niet")
    assert blad.evaluate(zichtbaar) == [] and blad.inner_text("#telling") == "0 gevonden"
    blad.fill("#vraag", "")
    blad.uncheck("input[value=brief]")
    assert len(blad.evaluate(zichtbaar)) == 1 and "<b>'\"&" in blad.evaluate(zichtbaar)[0]
    assert not blad.klachten
    blad.check("input[value=brief]")
    assert blad.evaluate("document.images[0].loading") == "lazy"
    blad.click("text=Huisartsenzorg in de gemeente Vlieland")
    assert blad.title() == "Huisartsenzorg in de gemeente Vlieland"
