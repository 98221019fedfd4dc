"""The command line as a user meets it: Dutch, exit codes, one clear line on failure."""

from __future__ import annotations

import json
import os
import subprocess
import sys

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
