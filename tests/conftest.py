"""Shared fixtures: a copy of the snapshot that may be broken, and no user folder in the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

# hooks and the fixture `tel`, which counts what docs/betrouwbaarheid.md shows
from .betrouwbaarheid import pytest_addoption, pytest_configure, tel  # noqa: F401

WORTEL = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _lege_gebruikersmap(tmp_path_factory, monkeypatch):
    # a refreshed snapshot on the tester's machine must not decide what is tested
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path_factory.mktemp("gebruiker")))


@pytest.fixture
def kopie(tmp_path, monkeypatch) -> Path:
    """A copy of the embedded snapshot in the user's folder, which is looked at first."""
    shutil.copytree(WORTEL / "data" / "2024", tmp_path / "data" / "2024")
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "2024"
