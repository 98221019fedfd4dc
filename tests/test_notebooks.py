"""Notebooks carry no outputs, open in English, hold no typed results, and run."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

import huisartsdata as hd
from huisartsdata import werkstroom

from .conftest import WORTEL

PADEN = werkstroom.notebooks(WORTEL / "notebooks")
START = WORTEL / "notebooks" / "start.ipynb"  # leads to the others; `run` leaves it alone
ALLE = [*PADEN, START]
MAX_REGELS = 16  # statements in a cell; what grows past this belongs in the library


@pytest.mark.parametrize("pad", ALLE, ids=lambda p: p.stem)
def test_notebook_is_stored_without_outputs(pad):
    boek = json.loads(pad.read_text(encoding="utf-8"))
    for cel in boek["cells"]:
        if cel["cell_type"] == "code":
            assert cel["outputs"] == []
            assert cel["execution_count"] is None
    assert boek["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize("pad", ALLE, ids=lambda p: p.stem)
def test_notebook_opens_with_an_english_abstract_and_a_dutch_question(pad):
    eerste = "".join(json.loads(pad.read_text(encoding="utf-8"))["cells"][0]["source"])
    kop, *rest = [r for r in eerste.splitlines() if r.strip()]
    assert kop.startswith("# ")
    assert all(r.startswith("*") and r.rstrip().endswith("*") for r in rest[:3])
    assert "**Vraag.**" in eerste


@pytest.mark.parametrize("pad", ALLE, ids=lambda p: p.stem)
def test_logic_lives_in_the_library(pad):
    for cel in json.loads(pad.read_text(encoding="utf-8"))["cells"]:
        bron = "".join(cel["source"])
        if cel["cell_type"] == "code":
            assert not re.search(r"^\s*(def|class|for|while) ", bron, re.MULTILINE), bron
            assert len([r for r in bron.splitlines() if r.strip()]) <= MAX_REGELS, bron


CANONIEK = {
    f"canoniek/{n}.png"
    for n in ("land_afstand_2024", "drenthe_afstand_wijken_2024", "drechtsteden_afstand_buurten_2024")
}


# the longest first, each a group of its own, so that two workers share them evenly
@pytest.mark.parametrize(
    "pad", [pytest.param(p, id=p.stem, marks=pytest.mark.xdist_group(p.stem)) for p in reversed(ALLE)]
)
def test_notebook_runs_and_every_picture_has_its_table_and_provenance(pad, tmp_path):
    geschreven = {*werkstroom.voer_uit(pad, tmp_path / "uit").bestanden}
    kaarten = {p for p in geschreven if p.endswith(".png")}
    for p in kaarten:
        assert {p[:-3] + e for e in ("svg", "csv", "json")} <= geschreven
    assert kaarten or pad.stem in ("start", "00_gegevens")  # words and tables only
    if pad.stem.startswith("01"):
        assert kaarten >= CANONIEK
    pagina = (tmp_path / "uit" / "notebooks" / f"{pad.stem}.html").read_text(encoding="utf-8")
    assert f"huisartsdata {hd.__version__}" in pagina
    assert "default-src 'none'" in pagina
    assert not re.search(r"<link\b|\bsrc=.?https?:", pagina)
    boek = json.loads(pad.read_text(encoding="utf-8"))
    assert all(not c.get("outputs") for c in boek["cells"]), "running changes the stored notebook"


def test_a_failing_notebook_is_named_with_its_cell(tmp_path):
    boek = json.loads(PADEN[0].read_text(encoding="utf-8"))
    cel = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": [],
    }
    boek["cells"] = [boek["cells"][0], cel | {"source": ["1 / 0"]}]
    pad = tmp_path / "99_stuk.ipynb"
    pad.write_text(json.dumps(boek), encoding="utf-8")
    with pytest.raises(werkstroom.NotebookFout, match=r"99_stuk\.ipynb stopte in cel 2: ZeroDivisionError"):
        werkstroom.voer_uit(pad, tmp_path / "uit")


def test_the_error_of_a_notebook_stands_with_the_others():
    from huisartsdata import fouten

    assert werkstroom.NotebookFout is fouten.NotebookFout
    assert issubclass(fouten.NotebookFout, fouten.HuisartsdataFout)


def _proza(pad) -> str:
    cellen = json.loads(pad.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cellen if c["cell_type"] == "markdown")


def test_the_start_page_is_no_part_of_a_run_and_leads_to_every_notebook():
    assert START not in PADEN
    verwijzingen = re.findall(r"\]\(([^)]*)\)", _proza(START))
    assert {p.name for p in PADEN} == {*verwijzingen}


@pytest.mark.parametrize("pad", ALLE, ids=lambda p: p.stem)
def test_every_link_of_a_notebook_leads_to_a_file_beside_it(pad):
    for doel in re.findall(r"\]\(([^)]*)\)", _proza(pad)):
        assert not re.match(r"[a-z]+:|/|\.\.", doel), doel
        assert (pad.parent / doel).is_file(), doel


def test_commands_on_the_start_page_exist():
    hulp = subprocess.run(
        [sys.executable, "-m", "huisartsdata.cli", "--help"], capture_output=True, text=True, check=True, encoding="utf-8"
    ).stdout  # fmt: skip
    for opdracht in re.findall(r"`huisartsdata (\w+)", _proza(START)):
        assert re.search(rf"^  {opdracht} ", hulp, re.MULTILINE), opdracht


def test_what_the_start_page_says_about_figures(tmp_path):
    from huisartsdata.uitvoer.schermen.startblad import figurenzin, gegevenszin

    s = hd.snapshot()
    assert f"**{s.peiljaar}**" in gegevenszin() and s.versie in gegevenszin() and s.hash[:8] in gegevenszin()
    assert "nog geen figuren" in figurenzin(tmp_path) == figurenzin(tmp_path / "nee").replace("/nee", "")
    (tmp_path / "a.png").write_bytes(b"")
    (tmp_path / "a.json").write_text(json.dumps({"hash": s.hash}))
    assert figurenzin(tmp_path) == f"In `{tmp_path}` staat 1 figuur, van deze gegevens gemaakt."
    (tmp_path / "b.png").write_bytes(b"")
    (tmp_path / "b.json").write_text("{}")
    assert "Bij 1 figuur of tabel staat niet" in figurenzin(tmp_path)
    (tmp_path / "b.json").write_text(json.dumps({"hash": "0" * 64}))
    assert figurenzin(tmp_path).startswith(
        "**Let op:** in"
    ) and "staat 1 figuur of tabel van andere" in figurenzin(tmp_path)


@pytest.fixture(scope="module")
def kern():
    """A kernel as JupyterLab starts it, in which huisartsdata is imported and nothing else."""
    from jupyter_client.manager import start_new_kernel

    beheer, klant = start_new_kernel(kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    klant.execute_interactive("import huisartsdata as hd", timeout=60, output_hook=print)
    yield klant
    klant.stop_channels()
    beheer.shutdown_kernel(now=True)


def test_tab_completes_every_public_name_before_anything_is_loaded(kern):
    antwoord = kern.complete("hd.", 3, reply=True, timeout=60)["content"]
    namen = {m.removeprefix("hd.") for m in antwoord["matches"]}
    assert {n for n in hd.__all__ if not n.startswith("_")} <= namen
    antwoord = kern.complete("hd.load_ge", 10, reply=True, timeout=60)["content"]
    assert {m.rpartition(".")[2] for m in antwoord["matches"]} >= {"load_gebieden", "load_gemeenten"}


@pytest.mark.parametrize(
    ("naam", "delen"),
    [
        ("hd.tekortbeeld", ["situatie", "trekkingen", "Parameters", "Returns"]),
        ("hd.bladertabel", ["decimalen", "Parameters", "Examples"]),
        ("hd.scenario.uitval", ["gm_code", "patienten", "Parameters"]),
        ("hd.Situatie", ["Attributes", "norm"]),
        ("hd.scenario", ["what if"]),
    ],
)
def test_a_question_mark_gives_signature_and_docstring(kern, naam, delen):
    antwoord = kern.inspect(naam, len(naam), reply=True, timeout=60)["content"]
    assert antwoord["found"], naam
    tekst = re.sub(r"\x1b\[[0-9;]*m", "", antwoord["data"]["text/plain"])
    assert ("Signature:" in tekst or "Init signature:" in tekst) == (naam != "hd.scenario")
    for deel in delen:
        assert deel.lower() in tekst.lower(), (naam, deel)


def test_every_public_name_explains_itself():
    for naam in hd.__all__:
        doc = getattr(hd, naam).__doc__ or ""
        assert len(doc.strip()) > 20, naam
