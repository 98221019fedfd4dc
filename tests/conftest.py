"""Shared fixtures: a copy of the snapshot that may be broken, and no user folder in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from huisartsdata.bronnen import catalogus

# hooks and the fixture `tel`, which counts what docs/betrouwbaarheid.md shows
from .betrouwbaarheid import pytest_addoption, pytest_configure, tel  # noqa: F401

WORTEL = Path(__file__).resolve().parents[1]
# What takes longest starts first, so that no worker is left with it at the end.
EERST = (
    "test_notebooks.py", "test_herhaling.py", "test_stuurfiguren.py", "test_spreidingsantwoord.py", "test_stuurregels.py",
    "test_naaste.py", "test_plaatsing.py", "test_uitruil.py", "test_praktijkuitval.py", "test_brief.py", "test_toekomst.py",
    "test_verversen_fouten.py", "test_briefscenario.py", "test_verversen.py", "test_verversen_grenzen.py", "test_informatie.py",
    "test_tekort.py", "test_scenariofiguren.py", "test_slechte_invoer.py", "test_leveringen_fuzz.py",
)  # fmt: skip


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """With `--dist loadgroup` a file stays on one worker, unless its tests name groups of their own."""
    items.sort(key=lambda item: EERST.index(item.path.name) if item.path.name in EERST else len(EERST))
    if getattr(config.option, "loadgroup", False):
        for item in items:
            if item.get_closest_marker("xdist_group") is None:
                item.add_marker(pytest.mark.xdist_group(item.path.relative_to(config.rootpath).as_posix()))


@pytest.fixture(autouse=True)
def _lege_gebruikersmap(tmp_path_factory, monkeypatch):
    # a refreshed snapshot on the tester's machine must not decide what is tested
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path_factory.mktemp("gebruiker")))


@pytest.fixture(autouse=True)
def _niets_gelezen(monkeypatch):
    # every test is a process of its own here: what another one read of a changed snapshot is not its provenance
    monkeypatch.setattr(catalogus, "_GELEZEN", {})


@pytest.fixture
def kopie(tmp_path, monkeypatch) -> Path:
    """A copy of the embedded snapshot in the user's folder, which is looked at first."""
    shutil.copytree(WORTEL / "data" / "2024", tmp_path / "data" / "2024")
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "2024"
