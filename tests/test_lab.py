"""A real JupyterLab on this machine, seen through a real browser: the start page, tables, sliders and web maps.

Needs Chromium and JupyterLab. Without one these tests are skipped, except on a build server (CI=true), where that
is a failure.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from huisartsdata import werkstroom
from huisartsdata.cli import opdracht_lab

from .conftest import WORTEL

NAMEN = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIES = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
AXE = WORTEL / "tests" / "web" / "axe" / "axe.min.js"
TOKEN = "alleen-voor-deze-toets"
LUS = ("127.0.0.1", "localhost", "::1")
PANEEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
FOUT = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type='application/vnd.jupyter.stderr']"
WACHT = 60_000  # ms; a busy machine starts slowly

PROEF = """import pandas as pd
import huisartsdata as hd
gm = hd.load_gemeenten()
gm.loc["GM0106", "naam"] = '<img src=x onerror="window.lek=1"><script>window.lek=1</script>'
hd.bladertabel(gm[["naam", "provincie", "inwoners"]], titel="Gemeenten")"""
TWEEDE = 'hd.bladertabel(pd.DataFrame({"deel": [0.5, 0.25, None]}, index=pd.Index(list("abc"), name="x")), delen=["deel"])'
SCHUIF = """from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.schermen.uitvalpaneel import toon_uitvalpaneel
s = hd.landelijke_situatie(functie="zonder_wisselend")
toon_uitvalpaneel({s.functie: s}, "GM0505", 6000, kaart=load_kaartgebied(["GM0505"], niveau="wijk"))"""
KAART = """from huisartsdata.uitvoer.web.webfiguren import webkaart_afstand
hd.toon(webkaart_afstand(load_kaartgebied("PV22", niveau="gemeente")))"""


def _reden() -> str:
    if not any(shutil.which(n) for n in NAMEN):
        return f"no Chromium found ({', '.join(NAMEN)}); on Debian: apt install chromium"
    for pakket in ("playwright", "jupyterlab", "itables", "ipywidgets"):
        if find_spec(pakket) is None:
            return f"{pakket} is not installed: pip install -r requirements-dev.lock"
    return ""


@pytest.fixture(scope="module")
def chromium():
    if reden := _reden():
        if os.environ.get("CI") == "true":
            pytest.fail(reden)
        pytest.skip(reden)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        pad = next(q for n in NAMEN if (q := shutil.which(n)))
        browser = p.chromium.launch(executable_path=pad, args=OPTIES)
        yield browser
        browser.close()


def _omgeving(map_: Path) -> dict[str, str]:
    """An environment in which nothing of the tester's own Jupyter is seen or changed."""
    instellingen = map_ / "config"
    for m in (instellingen, map_ / "gebruiker"):
        m.mkdir(parents=True)
    # a container often has no user but root
    (instellingen / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": {"allow_root": True}}))
    weg = {
        "JUPYTER_CONFIG_PATH",
        "JUPYTER_PATH",
        "JUPYTER_PORT",
        werkstroom.FIGUURVARIABELE,
        "HUISARTSDATA_ZONDER_SCHERM",
    }
    return {k: v for k, v in os.environ.items() if k not in weg} | {
        "HOME": str(map_), "JUPYTER_CONFIG_DIR": str(instellingen), "JUPYTER_DATA_DIR": str(map_ / "data"),
        "JUPYTER_RUNTIME_DIR": str(map_ / "runtime"), "JUPYTERLAB_WORKSPACES_DIR": str(map_ / "ws"),
        "JUPYTERLAB_SETTINGS_DIR": str(map_ / "settings"), "IPYTHONDIR": str(map_ / "ipython"),
        "JUPYTER_TOKEN": TOKEN, "HUISARTSDATA_DATA": str(map_ / "gebruiker"), "PYTHONUTF8": "1",
    }  # fmt: skip


def _vrije_poort() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@contextmanager
def draai_lab(werkmap: Path, *opties: str):
    """`huisartsdata lab`, as a user starts it in a folder; gives its process and the port it listens on."""
    poort = _vrije_poort()
    omgeving = _omgeving(werkmap.with_name(f"{werkmap.name}-thuis-{poort}"))
    werkmap.mkdir(exist_ok=True)
    log = werkmap.with_name(f"{werkmap.name}-{poort}.log")
    with log.open("wb") as uit:
        proces = subprocess.Popen(
            [sys.executable, "-m", "huisartsdata.cli", "lab", "--zonder-browser", "--poort", str(poort), *opties],
            cwd=werkmap, env=omgeving, stdout=uit, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        _wacht_op(poort, proces, log)
        yield proces, poort, log
    finally:
        proces.terminate()
        try:
            proces.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(proces.pid, signal.SIGKILL)


def _wacht_op(poort: int, proces, log: Path) -> None:
    tot = time.monotonic() + WACHT / 1000
    while time.monotonic() < tot:
        assert proces.poll() is None, log.read_text()
        try:
            if _vraag(poort, "api/status")["started"]:
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not start: {log.read_text()}")


def _vraag(poort: int, pad: str):
    vraag = urllib.request.Request(
        f"http://127.0.0.1:{poort}/{pad}", headers={"Authorization": f"token {TOKEN}"}
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(vraag, timeout=10) as a:
        return json.load(a)


@pytest.fixture(scope="module")
def lab(chromium, tmp_path_factory):
    """A running lab whose folder also holds a notebook of ours with one of everything."""
    werkmap = tmp_path_factory.mktemp("lab") / "werk map"  # with a space, as people have
    boek = new_notebook(
        cells=[new_markdown_cell("# Proef"), *map(new_code_cell, (PROEF, TWEEDE, SCHUIF, KAART, "'klaar'"))],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    (werkmap / "notebooks").mkdir(parents=True)
    nbformat.write(boek, werkmap / "notebooks" / "proef.ipynb")
    with draai_lab(werkmap) as (_, poort, log):
        yield werkmap, poort, log


@contextmanager
def open_lab(browser, poort: int, pad: str, **keuzes):
    """A page of the lab; on leaving, nothing went past this machine and nothing of ours was logged or thrown."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="nl-NL", **keuzes)
    verzoeken, meldingen = [], []
    context.on("request", lambda r: verzoeken.append(r.url))
    p = context.new_page()
    p.on(
        "console", lambda m: m.type == "error" and meldingen.append(f"{m.text} ({m.location.get('url', '')})")
    )
    p.on("pageerror", lambda f: meldingen.append(str(f)))
    p.set_default_timeout(WACHT)
    # without the tabs of the test before
    p.goto(f"http://127.0.0.1:{poort}/{pad}?token={TOKEN}{'&reset' if pad else ''}")
    p.wait_for_selector(f"{PANEEL} .jp-RenderedMarkdown h1")
    try:
        yield p
        naar = {urlsplit(u).hostname for u in verzoeken if not u.startswith(("data:", "blob:", "about:"))}
        assert naar <= {*LUS}, naar
        assert meldingen == []
        assert p.evaluate("window.lek") is None
    finally:
        context.close()


def draai_alles(p) -> None:
    """Run all cells through the menu, and wait until every one of them has its number."""
    # the kernel is there before anything is asked of it
    p.wait_for_selector(
        ".jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status='idle']", state="attached"
    )
    p.click(".lm-MenuBar-item:has-text('Run')")
    p.click(".lm-Menu-item[data-command='runmenu:run-all']")
    cellen = f"{PANEEL} .jp-CodeCell .jp-InputPrompt"
    p.wait_for_function(
        f"(() => {{ const c = [...document.querySelectorAll('{cellen}')].map(e => e.textContent.trim());"
        r"return c.length && (c.every(t => /\[\d+\]/.test(t)) || "
        f'document.querySelector("{FOUT}")); }})()'
    )


def fouten(p) -> list[str]:
    return p.locator(FOUT).all_inner_texts()


def kolom(p, tabel, nummer: int) -> list[str]:
    return tabel.locator(f"tbody tr td:nth-child({nummer})").all_inner_texts()


def wordt(lees, verwacht) -> None:
    """A page answers a moment after a click: wait for it, and say what stood there when it never came."""
    tot = time.monotonic() + WACHT / 1000
    while lees() != verwacht and time.monotonic() < tot:
        time.sleep(0.05)
    assert lees() == verwacht


def test_the_start_page_leads_to_every_notebook_and_runs(chromium, lab):
    werkmap, poort, _ = lab
    with open_lab(chromium, poort, "") as p:  # the page that the command opens
        assert "Begin hier" in p.locator(".jp-RenderedMarkdown h1").first.inner_text()
        verwijzingen = {a.rsplit("/", 1)[-1].split("?")[0] for a in p.eval_on_selector_all(".jp-RenderedMarkdown a[href]", "e => e.map(a => a.getAttribute('href'))")}  # fmt: skip
        assert {b.name for b in werkstroom.notebooks(WORTEL / "notebooks")} <= verwijzingen
        assert not p.locator(".Toastify__toast").count()  # nobody is asked about news
        draai_alles(p)
        assert fouten(p) == []
        tabel = p.locator("table[data-blader][data-klaar]").first
        tabel.wait_for()
        assert "Rij 1 tot en met" in p.locator(".hd-blader .dt-info").first.inner_text()
        assert str((werkmap / "figures").resolve()) in p.locator(PANEEL).text_content()
        assert toegankelijk(p, ".jp-NotebookPanel .jp-RenderedMarkdown", ".hd-blader") == []
        # a link opens the notebook in the lab itself
        p.locator(".jp-RenderedMarkdown a", has_text="06 · Uw eigen gebied").first.click()
        p.wait_for_selector(f"{PANEEL} h1:has-text('Uw eigen gebied')")
        assert p.locator(".lm-TabBar-tab", has_text="06_eigen_regio").count()


def toegankelijk(p, *stukken: str) -> list[str]:
    """Faults that axe finds in the parts of a page that are ours; the rest is JupyterLab's."""
    p.evaluate(AXE.read_text(encoding="utf-8"))
    # headings and landmarks are of a whole page, and a cell is none
    keuzes = (
        "{resultTypes: ['violations'], rules: {'heading-order': {enabled: false}, region: {enabled: false}}}"
    )
    uit = p.evaluate(f"s => axe.run({{include: s.map(x => [x])}}, {keuzes})", list(stukken))
    return [f"{v['id']}: {n['html'][:160]}" for v in uit["violations"] for n in v["nodes"]]


@pytest.fixture(scope="module")
def proef(chromium, lab):
    """The notebook with one of everything, after all its cells ran."""
    _, poort, _ = lab
    with open_lab(chromium, poort, "lab/tree/notebooks/proef.ipynb") as p:
        draai_alles(p)
        p.wait_for_selector("table[data-blader][data-klaar]")
        yield p


def test_all_cells_ran(proef):
    assert fouten(proef) == []
    assert "klaar" in proef.locator(".jp-OutputArea-output").last.inner_text()


def test_a_table_sorts_by_number_and_by_word(proef):
    tabel = proef.locator("table[data-blader]").first
    kop = tabel.locator("thead th")
    assert kop.all_inner_texts() == ["gm_code", "naam", "provincie", "inwoners"]
    assert proef.locator(".hd-blader caption").first.inner_text() == "Gemeenten"
    for kant in ("ascending", "descending"):
        kop.nth(3).click()
        wordt(lambda: kop.nth(3).get_attribute("aria-sort"), kant)
    # CBS, 1 January 2024
    wordt(lambda: kolom(proef, tabel, 2)[:4], ["Amsterdam", "Rotterdam", "'s-Gravenhage", "Utrecht"])
    wordt(lambda: kolom(proef, tabel, 4)[:1], ["931.298"])
    kop.nth(2).locator("[tabindex='0']").focus()
    proef.keyboard.press("Enter")  # by keyboard too, which does not start typing in the cell
    wordt(lambda: kolom(proef, tabel, 3)[:1], ["Drenthe"])


def test_a_table_searches_without_accents_and_says_so_in_dutch(proef):
    tabel, zoek = (
        proef.locator("table[data-blader]").first,
        proef.locator(".hd-blader .dt-search input").first,
    )
    info = proef.locator(".hd-blader .dt-info").first
    zoek.fill("sudwest")
    wordt(lambda: kolom(proef, tabel, 2), ["Súdwest-Fryslân"])
    wordt(info.inner_text, "Rij 1 tot en met 1 van 1 (gezocht in 342 rijen)")
    zoek.press("Escape")
    zoek.fill("nergenshuizen")
    wordt(lambda: kolom(proef, tabel, 1), ["Geen rij past bij deze zoekopdracht."])
    zoek.fill("<script>")  # text of a file stays text
    wordt(lambda: [k[:10] for k in kolom(proef, tabel, 2)], ["<img src=x"])
    assert tabel.locator("tbody script, tbody img").count() == 0
    zoek.fill("")
    wordt(info.inner_text, "Rij 1 tot en met 10 van 342")
    namen = proef.locator(".hd-blader").first.locator("button, select, label").all_inner_texts()
    assert not re.search(r"search|entries|next|show", " ".join(namen), re.IGNORECASE)


def test_a_table_filters_per_column(proef):
    vak = proef.locator(".hd-blader").first
    info = vak.locator(".dt-info")
    vak.locator("summary").click()
    vak.get_by_label("provincie", exact=True).select_option(label="Drenthe")
    wordt(info.inner_text, "Rij 1 tot en met 10 van 12 (gezocht in 342 rijen)")
    vak.get_by_label("inwoners, vanaf").fill("100.000")
    wordt(lambda: kolom(proef, proef.locator("table[data-blader]").first, 2), ["Emmen"])
    wordt(lambda: vak.locator("summary").inner_text(), "Filter per kolom (2 actief)")
    vak.get_by_label("inwoners, vanaf").fill("veel")
    wordt(lambda: vak.get_by_label("inwoners, vanaf").get_attribute("aria-invalid"), "true")
    vak.get_by_role("button", name="Alle filters wissen").click()
    wordt(info.inner_text, "Rij 1 tot en met 10 van 342")


def test_axe_finds_no_fault_in_a_table(proef):
    proef.locator(".hd-blader summary").first.click()  # with its filters open
    assert toegankelijk(proef, ".hd-blader") == []
    proef.locator(".hd-blader summary").first.click()


def test_missing_values_stand_last_either_way(proef):
    tabel = proef.locator("table[data-blader]").nth(1)
    assert (
        proef.locator(".hd-blader").nth(1).locator("input, summary").count() == 0
    )  # three rows need no search
    kop = tabel.locator("thead th").nth(1)
    kop.click()
    wordt(lambda: kolom(proef, tabel, 2), ["25,0%", "50,0%", "–"])
    kop.click()
    wordt(lambda: kolom(proef, tabel, 2), ["50,0%", "25,0%", "–"])


def test_the_script_is_carried_once_and_no_address_is_in_it(proef, lab):
    cellen = nbformat.read(_bewaar(proef, lab), as_version=4).cells
    html = ["".join(u.data.get("text/html", "") for u in c.get("outputs", []) if "data" in u) for c in cellen]
    assert ['laadBladertabel("' in h for h in html] == [False, True, False, False, False, False]
    assert len(html[1]) < 500_000 and len(html[2]) < 20_000
    assert not re.search(r"https?://", html[2])


def _bewaar(p, lab) -> Path:
    pad = lab[0] / "notebooks" / "proef.ipynb"
    voor = pad.stat().st_mtime_ns
    p.locator(f"{PANEEL} .jp-Notebook").first.click(position={"x": 5, "y": 5})
    p.keyboard.press("Control+s")
    for _ in range(100):
        if pad.stat().st_mtime_ns != voor:
            break
        p.wait_for_timeout(100)
    assert pad.stat().st_mtime_ns != voor
    p.wait_for_timeout(300)
    return pad


def test_a_slider_moves_and_the_figure_follows(proef):
    cel = proef.locator(".jp-CodeCell", has_text="toon_uitvalpaneel({")
    beeld = cel.locator("img[alt^='Kaart.']")
    beeld.wait_for()
    voor = beeld.get_attribute("src")
    assert voor.startswith("data:image/png;base64,")
    assert "Uitkomst bij grootte praktijk (patiënten): 6.000, " in cel.text_content()
    greep = cel.locator(".noUi-handle").first
    greep.focus()
    proef.keyboard.press("ArrowRight")
    anders = "v => document.querySelector(\"img[alt^='Kaart.']\").getAttribute('src') !== v"
    proef.wait_for_function(anders, arg=voor)
    proef.wait_for_function("document.body.textContent.includes('grootte praktijk (patiënten): 6.100, ')")
    # and with the mouse, to another place
    voor = beeld.get_attribute("src")
    greep.scroll_into_view_if_needed()
    doos = greep.bounding_box()
    proef.mouse.move(doos["x"] + doos["width"] / 2, doos["y"] + doos["height"] / 2)
    proef.mouse.down()
    proef.mouse.move(doos["x"] + 60, doos["y"] + doos["height"] / 2, steps=4)
    proef.mouse.up()
    proef.wait_for_function(anders, arg=voor)


def test_the_web_map_shows_in_the_lab(proef):
    kader = proef.locator("iframe[srcdoc]")
    kader.scroll_into_view_if_needed()
    pagina = proef.frame_locator("iframe[srcdoc]")
    pagina.locator("html[data-klaar]").wait_for(state="attached")
    assert pagina.locator("path.leaflet-interactive").count() >= 12
    pagina.locator("#zoek").fill("Midden-Drenthe")
    pagina.locator("#zoek").press("Enter")
    pagina.locator(".leaflet-tooltip", has_text="Midden-Drenthe").wait_for()


def test_tables_live_again_when_the_saved_notebook_is_opened_anew(chromium, lab, proef):
    _bewaar(proef, lab)
    with open_lab(chromium, lab[1], "lab/tree/notebooks/proef.ipynb") as p:
        p.wait_for_selector("table[data-blader][data-klaar]")
        zoek = p.locator(".hd-blader .dt-search input").first
        zoek.fill("vlieland")
        wordt(lambda: kolom(p, p.locator("table[data-blader]").first, 2), ["Vlieland"])


def test_a_port_that_is_taken_gives_the_next_one(lab, tmp_path):
    _, poort, log = lab
    assert "JupyterLab opent" in log.read_text()
    omgeving = _omgeving(tmp_path / "thuis")
    proces = subprocess.Popen(
        [sys.executable, "-m", "huisartsdata.cli", "lab", "--zonder-browser", "--poort", str(poort), "--map", str(tmp_path / "elders")],
        cwd=tmp_path, env=omgeving, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        tot = time.monotonic() + WACHT / 1000
        while (
            not (gevonden := list((tmp_path / "thuis" / "runtime").glob("jpserver-*.json")))
            and time.monotonic() < tot
        ):
            assert proces.poll() is None
            time.sleep(0.3)
        staat = json.loads(gevonden[0].read_text())
        assert staat["port"] != poort
        _wacht_op(staat["port"], proces, log)
        assert {b["name"] for b in _vraag(staat["port"], "api/contents/elders")["content"]} >= {
            "start.ipynb",
            "06_eigen_regio.ipynb",
        }
    finally:
        proces.terminate()
        assert proces.wait(30) is not None
    # the end of the command is the end of the server
    with pytest.raises(OSError):
        _vraag(staat["port"], "api/status")


def test_nothing_of_it_asks_for_news_or_versions(lab):
    _, poort, _ = lab
    assert opdracht_lab.START in {b["name"] for b in _vraag(poort, "api/contents/notebooks")["content"]}
    instelling = _vraag(poort, "lab/api/settings/@jupyterlab/apputils-extension:notification")
    opgelegd = instelling["schema"]["properties"]
    assert opgelegd["fetchNews"]["default"] == "false"
    assert opgelegd["checkForUpdates"]["default"] is False
    assert _vraag(poort, "lab/api/news")["news"] == []
    assert _vraag(poort, "lab/api/update")["notification"] is None


@pytest.fixture
def opdracht(monkeypatch, capsys):
    """`lab` in this process without a JupyterLab: gives exit code, stderr, its command and its environment."""
    from huisartsdata import cli

    def draai(*args):
        gestart = []

        def doe_alsof(opdracht, omgeving):
            gestart.append((opdracht, omgeving))
            return 0

        monkeypatch.setattr(opdracht_lab, "_wacht", doe_alsof)
        monkeypatch.setattr(sys, "argv", ["huisartsdata", "lab", *map(str, args)])
        with pytest.raises(SystemExit) as e:
            cli.main()
        return e.value.code, capsys.readouterr().err, gestart

    return draai


def test_what_the_command_starts(opdracht, tmp_path, monkeypatch):
    hier, elders = tmp_path / "hier", tmp_path / "elders"
    hier.mkdir()
    monkeypatch.chdir(hier)
    monkeypatch.delenv(werkstroom.FIGUURVARIABELE, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "eigen")
    code, fout, [(regel, omgeving)] = opdracht()
    assert code == 0 and "start.ipynb" in fout
    # the folder of the command is in sight, so that figures and own files are
    assert f"--ServerApp.root_dir={hier}" in regel
    assert "--LabApp.default_url=/lab/tree/notebooks/start.ipynb" in regel
    assert omgeving[werkstroom.FIGUURVARIABELE] == str(hier / "figures")
    assert omgeving["JUPYTER_CONFIG_PATH"].split(os.pathsep)[1] == "eigen"
    assert "--no-browser" not in regel
    _, _, [(regel, _)] = opdracht("--map", elders, "--zonder-browser", "--poort", "9000", "--", "--ip=::1")
    assert {f"--ServerApp.root_dir={elders}", "--LabApp.default_url=/lab/tree/start.ipynb", "--no-browser", "--ServerApp.port=9000"} <= {*regel}  # fmt: skip
    assert regel[-1] == "--ip=::1"


def test_all_notebooks_come_along_and_own_work_stays(opdracht, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    eigen = tmp_path / "notebooks" / "start.ipynb"
    eigen.write_text("van mij")
    assert opdracht()[0] == 0
    assert eigen.read_text() == "van mij"
    assert {p.name for p in eigen.parent.iterdir()} == {
        p.name for p in (WORTEL / "notebooks").glob("*.ipynb")
    }
    eigen.unlink()
    opdracht()
    assert eigen.read_bytes() == (WORTEL / "notebooks" / "start.ipynb").read_bytes()


def test_what_the_user_can_mend_is_one_line(opdracht, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bestand").write_text("x")
    for args, deel in (
        (["werkmap"], "'werkmap' is geen optie van JupyterLab; een werkmap geeft u op met --map"),
        (["--poort", "0"], "ongeldige waarde voor --poort"),
        (["--map", "bestand"], "bestand en geen map"),
    ):
        code, fout, gestart = opdracht(*args)
        assert code in (1, 2) and not gestart
        (regel,) = fout.strip().splitlines()
        assert regel.startswith("fout: ") and deel in regel
    monkeypatch.setattr("importlib.util.find_spec", lambda naam, *_: None)
    code, fout, gestart = opdracht()
    assert (code, fout.strip()) == (
        1,
        "fout: het pakket 'jupyterlab' ontbreekt; installeer huisartsdata[notebook]",
    )
    assert not gestart and not (tmp_path / "notebooks").exists()
