"""The counting behind docs/betrouwbaarheid.md, and the table itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from .betrouwbaarheid import DOCUMENT, lees, schrijf
from .conftest import WORTEL

MINSTENS = 300  # bad deliveries, the least that the tests must put to the readers

TOETS = """
import pytest

@pytest.mark.parametrize("nr", range(5))
def test_a(nr, tel):
    tel("even" if nr % 2 == 0 else "odd")

def test_b(tel):
    with tel.poging("odd"):
        assert False
"""


def _draai(map_, *opties):
    """Run a small project with the same plugin and its own document."""
    tests = map_ / "tests"
    if not tests.exists():
        tests.mkdir()
        (map_ / "docs").mkdir()
        (tests / "__init__.py").write_text("")
        (tests / "test_x.py").write_text(TOETS)
        bron = (WORTEL / "tests/betrouwbaarheid.py").read_text(encoding="utf-8")
        (tests / "betrouwbaarheid.py").write_text(bron, encoding="utf-8")
        kop = "from .betrouwbaarheid import pytest_addoption, pytest_configure, tel\n"
        (tests / "conftest.py").write_text(kop)
    # only the plugin for workers: the others take a second each to load
    opdracht = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "xdist",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
    ]
    alleen = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    waar = [] if any(optie.startswith("tests/") for optie in opties) else ["tests"]
    return subprocess.run(
        [*opdracht, *waar, *opties], cwd=map_, env=alleen, capture_output=True, text=True, check=False
    )


def test_two_workers_add_up_to_one_table(tmp_path):
    _draai(tmp_path, "--schrijf-betrouwbaarheid", "-n", "2")
    document = tmp_path / "docs/betrouwbaarheid.md"
    geschreven = document.read_text(encoding="utf-8")
    assert lees(geschreven) == {("test_x.py", "even"): (3, 3), ("test_x.py", "odd"): (3, 2)}
    _draai(tmp_path, "--schrijf-betrouwbaarheid", "-n", "0")
    assert document.read_text(encoding="utf-8") == geschreven
    # a table that was typed fails the run, also where every test passes
    (tmp_path / "tests/test_x.py").write_text(TOETS.replace("assert False", "assert True"))
    klaar = _draai(tmp_path, "--schrijf-betrouwbaarheid", "-n", "0")
    assert klaar.returncode == 0
    assert _draai(tmp_path, "--toets-betrouwbaarheid", "-n", "0").returncode == 0
    document.write_text(
        document.read_text(encoding="utf-8").replace("| 3 | 3 |", "| 4 | 4 |"), encoding="utf-8"
    )
    anders = _draai(tmp_path, "--toets-betrouwbaarheid", "-n", "0")
    assert anders.returncode == 1
    assert "is not what this run counted" in anders.stdout


def test_a_skipped_test_does_not_hide_the_other_rows_of_its_file(tmp_path):
    goed = TOETS.replace("assert False", "assert True")
    _draai(tmp_path)
    (tmp_path / "tests/test_x.py").write_text(goed)
    assert _draai(tmp_path, "--schrijf-betrouwbaarheid", "-n", "0").returncode == 0
    zonder = goed.replace("def test_b(tel):", "def test_b(tel):\n    pytest.skip('no unshare here')")
    (tmp_path / "tests/test_x.py").write_text(zonder)
    assert _draai(tmp_path, "--toets-betrouwbaarheid", "-n", "0").returncode == 0  # two odd where three were
    for meer in (
        zonder.replace("range(5)", "range(7)"),  # four even where three stand in the table
        zonder.replace('"even"', '"round"'),  # a class that does not stand there
    ):
        (tmp_path / "tests/test_x.py").write_text(meer)
        assert _draai(tmp_path, "--toets-betrouwbaarheid", "-n", "0").returncode == 1


def test_rows_of_files_that_did_not_run_stay(tmp_path):
    _draai(tmp_path, "--schrijf-betrouwbaarheid", "-n", "0")
    (tmp_path / "tests/test_y.py").write_text("def test_c(tel):\n    tel('other')\n")
    _draai(
        tmp_path, "--schrijf-betrouwbaarheid", "-n", "0", "tests/test_y.py", "--deselect", "tests/test_x.py"
    )
    rijen = lees((tmp_path / "docs/betrouwbaarheid.md").read_text(encoding="utf-8"))
    assert rijen["test_y.py", "other"] == (1, 1)
    assert rijen["test_x.py", "even"] == (3, 3)


def test_the_table_in_the_repository_is_a_written_one():
    tekst = DOCUMENT.read_text(encoding="utf-8")
    rijen = lees(tekst)
    assert schrijf(rijen) == tekst
    for (toets, klasse), (geprobeerd, gehouden) in rijen.items():
        assert gehouden == geprobeerd > 0, klasse
        bron = (WORTEL / "tests" / toets).read_text(encoding="utf-8")
        assert re.search(r"\btel\b", bron), toets
    slecht = sum(
        n
        for (toets, _), (n, _) in rijen.items()
        if toets in {"test_slechte_invoer.py", "test_leveringen_fuzz.py"}
    )
    assert slecht >= MINSTENS
