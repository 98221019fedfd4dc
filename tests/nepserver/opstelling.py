"""Fixtures for the tests of a refresh: a small country on disk, its servers, and the command as a user gives it."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from huisartsdata import controle
from huisartsdata.bronnen import catalogus
from huisartsdata.cli import uitvoering

from . import wereld
from .server import Nepserver, Storing

OUD, NIEUW = 2025, 2026
SNEL = {
    "HUISARTSDATA_WACHTTIJD": "30",
    "HUISARTSDATA_TERMIJN": "90",
    "HUISARTSDATA_POGINGEN": "2",
    "HUISARTSDATA_PAUZE": "0.01",
}


def boom(map_: Path) -> dict[str, str]:
    """Every file under a folder with its hash; the log is no data."""
    return {
        str(p.relative_to(map_)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(map_.rglob("*"))
        if p.is_file() and p.name != "verversen.log"
    }


def fouten(jaar: int) -> list[str]:
    """What `huisartsdata check` finds wrong with a year."""
    return [f"{n}: {r}" for n, t in controle.controleer_snapshot(jaar) for r in t.to_dict("records")]


def figuren(map_: Path) -> Path:
    """A folder of figures with a manifest and four briefs, one of them broken."""
    for naam, opdracht in (
        ("assen", "huisartsdata brief GM0106"),
        ("drenthe", "huisartsdata brief PV22 --norm 1900"),
        ("eigen", "huisartsdata brief eigen:RHO --gebieden rho.csv"),
        ("stuk", "huisartsdata"),
    ):
        (map_ / naam).mkdir(parents=True)
        (map_ / naam / "brief.json").write_text(json.dumps({"titel": naam.title(), "opdracht": opdracht}))
    boeken = {
        "01_land.ipynb": {"gegevens": {"2024/gemeenten.parquet": "x"}, "uitvoer": {"a.png": "y"}},
        "05_x.ipynb": {"gegevens": {"2024/feiten.parquet": "x"}, "uitvoer": {"b.png": "y"}},
    }
    (map_ / "manifest.json").write_text(json.dumps({"notebooks": boeken}))
    return map_


@dataclass
class Opstelling:
    """A user's folder with a small snapshot, and both servers."""

    map: Path
    tabellen: dict
    cbs: Nepserver
    pdok: Nepserver
    capsys: pytest.CaptureFixture
    monkeypatch: pytest.MonkeyPatch

    def draai(self, *woorden: str) -> tuple[int, str, str]:
        """Give a command; gives exit code, output and errors."""
        self.monkeypatch.setattr(sys, "argv", ["huisartsdata", *woorden])
        self.capsys.readouterr()
        code = uitvoering._draai()
        uit = self.capsys.readouterr()
        return code, uit.out, uit.err

    def refresh(self, bron: str = "cbs", *woorden: str) -> tuple[int, str, str]:
        return self.draai("refresh", bron, "--peiljaar", str(NIEUW), *woorden)

    def stoor(self, soort: str, pad: str = "", **velden) -> Storing:
        storing = Storing(soort, pad, **velden)
        (self.pdok if "collections" in pad else self.cbs).storingen.append(storing)
        return storing

    def tabel(self, nummer: str):
        """A copy of a served table, to be broken."""
        geef = self.cbs.geef
        geef.tabellen[nummer] = copy.deepcopy(geef.tabellen[nummer])
        return geef.tabellen[nummer]


@pytest.fixture(scope="session")
def klein_land(tmp_path_factory):
    """The small snapshot and its tables, made once."""
    map_ = tmp_path_factory.mktemp("klein")
    with pytest.MonkeyPatch.context() as mp:
        mp.setenv("HUISARTSDATA_DATA", str(map_))
        wereld.klein(map_, jaar=OUD)
        assert fouten(OUD) == []
        tabellen = wereld.tabellen(OUD)
        land = wereld.Land.uit(tabellen, NIEUW, groei=0.01)
        yield map_, tabellen, wereld.cbs(land), wereld.pdok(land, tabellen["water"], per_pagina=200)


@pytest.fixture
def opstelling(klein_land, monkeypatch, capsys):
    sjabloon, tabellen, cbs, pdok = klein_land
    # one place for every test, emptied before each: the same files at the same path are read and hashed once
    werk = sjabloon.parent / "opstelling"
    shutil.rmtree(werk, ignore_errors=True)
    werk.mkdir()
    map_ = werk / "gegevens"
    shutil.copytree(sjabloon, map_, copy_function=os.link)
    monkeypatch.setenv("HUISARTSDATA_DATA", str(map_))
    monkeypatch.chdir(werk)
    # the machine does not lose power during a test: waiting for the disk proves nothing and costs a third
    monkeypatch.setattr(os, "fsync", lambda _handvat: None)
    for naam, waarde in SNEL.items():
        monkeypatch.setenv(naam, waarde)
    with Nepserver(copy.copy(cbs)) as a, Nepserver(copy.copy(pdok), soort="application/geo+json") as b:
        a.geef.tabellen = dict(cbs.tabellen)
        monkeypatch.setenv("HUISARTSDATA_CBS", a.adres)
        monkeypatch.setenv("HUISARTSDATA_PDOK", b.adres)
        yield Opstelling(map_, tabellen, a, b, capsys, monkeypatch)
    if (map_ / str(OUD)).is_dir() and len(list(map_.glob("[0-9]*"))) == 1:
        return
    catalogus._lees_tabel.cache_clear()  # the tables of a new snapshot are nobody's after this
