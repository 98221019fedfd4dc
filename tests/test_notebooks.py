"""Notebooks carry no outputs, open in English, hold no typed results, and run."""

from __future__ import annotations

import json
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from huisartsdata import werkstroom

from .conftest import WORTEL

PADEN = werkstroom.notebooks(WORTEL / "notebooks")
MAX_REGELS = 16  # statements in a cell; what grows past this belongs in the library


@pytest.mark.parametrize("pad", PADEN, ids=lambda p: p.stem)
def test_notebook_is_stored_without_outputs(pad):
    boek = json.loads(pad.read_text(encoding="utf-8"))
    for cel in boek["cells"]:
        if cel["cell_type"] == "code":
            assert cel["outputs"] == []
            assert cel["execution_count"] is None
    assert boek["metadata"]["kernelspec"]["name"] == "python3"


@pytest.mark.parametrize("pad", PADEN, ids=lambda p: p.stem)
def test_notebook_opens_with_an_english_abstract_and_a_dutch_question(pad):
    eerste = "".join(json.loads(pad.read_text(encoding="utf-8"))["cells"][0]["source"])
    kop, *rest = [r for r in eerste.splitlines() if r.strip()]
    assert kop.startswith("# ")
    assert all(r.startswith("*") and r.rstrip().endswith("*") for r in rest[:3])
    assert "**Vraag.**" in eerste


@pytest.mark.parametrize("pad", PADEN, ids=lambda p: p.stem)
def test_logic_lives_in_the_library(pad):
    for cel in json.loads(pad.read_text(encoding="utf-8"))["cells"]:
        bron = "".join(cel["source"])
        if cel["cell_type"] == "code":
            assert not re.search(r"^\s*(def|class|for|while) ", bron, re.MULTILINE), bron
            assert len([r for r in bron.splitlines() if r.strip()]) <= MAX_REGELS, bron


def test_notebooks_run_and_write_the_canonical_maps(tmp_path):
    # two at a time, each in its own process and folder; the longest first
    paden = list(reversed(PADEN))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processen:
        klaar = list(processen.map(werkstroom.voer_uit, paden, [tmp_path / p.stem for p in paden]))
    geschreven = {b for u in klaar for b in u.bestanden}
    kaarten = {p for p in geschreven if p.endswith(".png")}
    assert {
        f"canoniek/{n}.png"
        for n in ("land_afstand_2024", "drenthe_afstand_wijken_2024", "drechtsteden_afstand_buurten_2024")
    } <= kaarten
    # every picture has its vector form, the table behind it and its provenance
    for p in kaarten:
        assert {p[:-3] + e for e in ("svg", "csv", "json")} <= geschreven
    for pad in PADEN:
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
