"""The command line as a user meets it: Dutch, exit codes, one clear line on failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import huisartsdata as hd


def _draai(*args, **omg):
    return subprocess.run(
        [sys.executable, "-m", "huisartsdata.cli", *args],
        capture_output=True, text=True, check=False, env={**os.environ, **omg}, encoding="utf-8",
    )  # fmt: skip


def test_check_on_the_snapshot_is_fine():
    uit = _draai("check")
    assert uit.returncode == 0, uit.stderr
    assert "alles in orde" in uit.stdout
    assert hd.snapshot().hash[:16] in uit.stdout


def test_check_on_a_broken_snapshot_fails_and_names_the_file(kopie):
    pad = kopie / "praktijken.parquet"
    pad.write_bytes(pad.read_bytes()[:-10])
    uit = _draai("check", HUISARTSDATA_DATA=str(kopie.parent))
    assert uit.returncode == 1
    assert "praktijken.parquet" in uit.stderr
    assert "Traceback" not in uit.stderr
    assert uit.stderr.strip().splitlines()[-1].startswith("fout: ")


def test_run_fails_with_one_line_when_a_notebook_fails(tmp_path):
    cel = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "execution_count": None,
        "outputs": [],
        "source": ["raise ValueError('stuk')"],
    }
    boek = {
        "cells": [cel],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "p", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (tmp_path / "01_stuk.ipynb").write_text(json.dumps(boek))
    uit = _draai("run", "--notebooks", str(tmp_path), "--uit", str(tmp_path / "f"))
    assert uit.returncode == 1
    assert "fout: 01_stuk.ipynb stopte in cel 1: ValueError: stuk" in uit.stderr
    assert "Traceback" not in uit.stderr


def test_unknown_notebook_or_folder_is_one_line(tmp_path):
    uit = _draai("run", "--alleen", "77", "--uit", str(tmp_path))
    assert uit.returncode == 1 and uit.stderr.startswith("fout: geen notebook begint met 77")
    uit = _draai("run", "--notebooks", str(tmp_path), "--uit", str(tmp_path))
    assert uit.returncode == 1 and "geen notebooks gevonden" in uit.stderr


def test_cite_names_every_source_and_licence():
    uit = _draai("cite")
    assert uit.returncode == 0
    for b in hd.snapshot().bronnen.values():
        assert b.citatie in uit.stdout and b.licentie in uit.stdout


def test_version_and_help():
    assert _draai("--version").stdout.strip() == f"huisartsdata {hd.__version__}"
    for opdracht in ("run", "lab", "check", "cite"):
        hulp = _draai(opdracht, "--help")
        assert hulp.returncode == 0 and "--help" in hulp.stdout
    assert _draai("check", "--peiljaar", "1999").returncode == 1


def _een_regel(uit, code):
    assert uit.returncode == code, uit.stderr
    # the progress bar of `run` may stand above it
    regels = [r for r in uit.stderr.splitlines() if "━" not in r and r.strip()]
    assert len(regels) == 1 and regels[0].startswith("fout: "), uit.stderr
    assert "Traceback" not in uit.stderr
    return regels[0]


@pytest.mark.parametrize(
    ("opdracht", "tekst"),
    [
        (["--onzin"], "onbekende optie --onzin; zie huisartsdata --help"),
        (["check", "--pieljaar", "3"], "onbekende optie --pieljaar (bedoelt u --peiljaar?); zie huisartsdata check --help"),
        (["chek"], "onbekende opdracht chek (bedoelt u check?); zie huisartsdata --help"),
        (["check", "--peiljaar", "x"], "ongeldige waarde voor --peiljaar"),
        (["check", "--peiljaar"], "optie --peiljaar"),
        (["check", "y"], "te veel argumenten: y"),
    ],
)  # fmt: skip
def test_wrong_use_is_one_dutch_line(opdracht, tekst):
    assert tekst in _een_regel(_draai(*opdracht), 2)


def test_help_is_dutch():
    for opdracht in ([], ["--help"], ["run", "--help"]):
        uit = _draai(*opdracht)
        assert uit.returncode == 0
        assert "Gebruik: huisartsdata" in uit.stdout and "Toon deze uitleg." in uit.stdout
        assert not {"Usage", "Options", "exit."} & set(uit.stdout.replace(":", " ").split())


def test_check_of_year_zero_is_not_the_default_year():
    assert "peiljaar 0" in _een_regel(_draai("check", "--peiljaar", "0"), 1)


@pytest.mark.parametrize("alleen", [[""], [" "], ["00", "77"]])
def test_run_refuses_a_choice_that_matches_nothing(alleen, tmp_path):
    keuzes = [x for a in alleen for x in ("--alleen", a)]
    assert "geen notebook begint met" in _een_regel(_draai("run", *keuzes, "--uit", str(tmp_path)), 1)


def test_folders_that_are_files(tmp_path):
    bestand = tmp_path / "bestand"
    bestand.write_text("x")
    assert "bestand en geen map" in _een_regel(_draai("lab", "--map", str(bestand)), 1)
    assert "bestand en geen map" in _een_regel(_draai("run", "--uit", str(bestand)), 1)
    assert "bestand en geen map" in _een_regel(_draai("run", "--uit", str(bestand / "x")), 1)
    assert "is geen map" in _een_regel(_draai("check", HUISARTSDATA_DATA=str(bestand)), 1)


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no /proc")
def test_folder_where_nothing_can_be_written():
    assert "niet te gebruiken" in _een_regel(_draai("run", "--uit", "/proc/figuren"), 1)


@pytest.mark.parametrize(
    "inhoud", ["{}", "geen json", "[]", "", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}']
)
def test_broken_notebook_is_one_line(inhoud, tmp_path):
    (tmp_path / "01_stuk.ipynb").write_text(inhoud)
    uit = _draai("run", "--notebooks", str(tmp_path), "--uit", str(tmp_path / "f"))
    assert "01_stuk.ipynb is geen leesbaar notebook" in _een_regel(uit, 1)


@pytest.mark.parametrize("inhoud", ["", "peiljaar = 2024\n", "[tabellen.gemeenten]\n", "= ="])
def test_broken_snapshot_is_one_line(inhoud, kopie):
    (kopie / "snapshot.toml").write_text(inhoud)
    for opdracht in ("check", "cite"):
        regel = _een_regel(_draai(opdracht, HUISARTSDATA_DATA=str(kopie.parent)), 1)
        assert str(kopie) in regel and "verwijder of hernoem" in regel


def test_an_error_of_the_system_is_one_line(monkeypatch, capsys):
    from huisartsdata import cli, werkstroom

    def weiger(_):
        raise PermissionError(13, "Permission denied", "ergens")

    monkeypatch.setattr(werkstroom, "notebooks", weiger)
    monkeypatch.setattr(sys, "argv", ["huisartsdata", "run"])
    with pytest.raises(SystemExit) as e:
        cli.main()
    assert e.value.code == 1
    assert "fout: ergens is niet te lezen of te schrijven (geen toegang)" in capsys.readouterr().err
