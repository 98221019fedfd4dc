"""The package as a whole: nothing loads early, names are found, wheel and locks are what they say."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
import yaml

import huisartsdata as hd

from .conftest import WORTEL
from .omgeving import omgeving

ZWAAR = ("numpy", "pandas", "geopandas", "scipy", "matplotlib", "pandera", "distributed", "dask", "folium")


def _python(code, **omg):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **omg}
    ).stdout


def test_import_loads_nothing_heavy():
    code = f"import huisartsdata, sys; print([m for m in {ZWAAR!r} if m in sys.modules])"
    assert _python(code).strip() == "[]"
    code = f"import huisartsdata as hd, sys; dir(hd); hd.fouten.BronFout; print([m for m in {ZWAAR!r} if m in sys.modules])"
    assert _python(code).strip() == "[]"


def test_every_public_name_exists_and_the_stub_agrees():
    stub = ast.parse((WORTEL / "src/huisartsdata/__init__.pyi").read_text(encoding="utf-8"))
    namen = {a.asname or a.name for n in stub.body if isinstance(n, ast.ImportFrom) for a in n.names}
    namen |= {
        n.target.id for n in stub.body if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
    }
    assert namen == set(hd.__all__) == set(dir(hd))
    for naam in hd.__all__:
        assert getattr(hd, naam) is getattr(hd, naam)
        if callable(getattr(hd, naam)):
            assert getattr(hd, naam).__doc__, naam
    with pytest.raises(AttributeError):
        hd.bestaat_niet  # noqa: B018


def test_modules_and_functions_never_share_a_name():
    modules = {p.stem for p in (WORTEL / "src/huisartsdata").rglob("*.py")}
    for pad in (WORTEL / "src/huisartsdata").rglob("*.py"):
        functies = {
            n.name for n in ast.parse(pad.read_text(encoding="utf-8")).body if isinstance(n, ast.FunctionDef)
        }
        assert not functies & {pad.stem}, pad
    assert "utils" not in modules


def test_environment_yml_follows_pyproject():
    tekst = (WORTEL / "environment.yml").read_text(encoding="utf-8")
    assert tekst == omgeving()
    env = yaml.safe_load(tekst)
    conda = {re.match(r"[\w-]+", d).group() for d in env["dependencies"] if isinstance(d, str)}
    pip = {re.match(r"[\w-]+", d).group() for d in env["dependencies"][-1]["pip"] if d != "-e ."}
    assert {"pandas", "geopandas", "matplotlib", "jupyterlab", "folium"} <= conda
    assert "cbsodata" in pip
    assert not conda & pip
    assert env["channels"] == ["conda-forge"]


@pytest.mark.parametrize("slot", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_every_dependency_with_hashes_and_no_address(slot):
    tekst = (WORTEL / slot).read_text(encoding="utf-8")
    assert not re.search(r"index-url|find-links|trusted-host|https?://|file:|/home/|/" + "root/", tekst)
    vast = {re.sub(r"[-_.]+", "-", n).lower() for n in re.findall(r"^([\w.-]+)==", tekst, re.MULTILINE)}
    project = tomllib.loads((WORTEL / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = ["notebook", "brief", "refresh"] + (["cluster", "dev"] if "dev" in slot else [])
    eisen = project["dependencies"] + [e for x in extras for e in project["optional-dependencies"][x]]
    nodig = {re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", e).group()).lower() for e in eisen}
    assert nodig <= vast
    assert tekst.count("--hash=sha256:") > len(vast)


def test_dev_lock_pins_the_same_versions_as_the_run_lock():
    def versies(slot):
        return set(
            re.findall(r"^([\w.-]+==[\w.+!-]+)", (WORTEL / slot).read_text(encoding="utf-8"), re.MULTILINE)
        )

    assert versies("requirements.lock") <= versies("requirements-dev.lock")


def test_wheel_from_another_folder_loads_the_same_tables(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=WORTEL, check=True, capture_output=True,
    )  # fmt: skip
    (wiel,) = tmp_path.glob("*.whl")
    leeg = tmp_path / "leeg"
    with zipfile.ZipFile(wiel) as z:
        namen = z.namelist()
        z.extractall(leeg)
    assert "huisartsdata/data/parameters.csv" in namen
    assert "huisartsdata/py.typed" in namen
    assert any(n.startswith("huisartsdata/notebooks/") for n in namen)
    assert not [n for n in namen if n.endswith("data/bouw.py") or ".ipynb_checkpoints" in n]
    code = (
        "import huisartsdata as hd, json; s = hd.snapshot(); "
        "print(json.dumps([hd.__file__, s.hash, len(hd.load_gemeenten()), float(hd.load_gemeenten()['inwoners'].sum())]))"
    )
    uit = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(leeg)},
    ).stdout  # fmt: skip
    bestand, hash_, n, som = json.loads(uit)
    assert bestand.startswith(str(leeg))
    assert (hash_, n, som) == (hd.snapshot().hash, 342, 17_942_942)


def _gevolgd():
    uit = subprocess.run(["git", "ls-files", "-z"], cwd=WORTEL, capture_output=True, check=False).stdout
    return [WORTEL / n for n in uit.decode().split("\0") if n and (WORTEL / n).is_file()]


def test_repository_speaks_of_itself_alone():
    """No path of a machine, no address of a package registry, in any tracked text file."""
    # written in pieces so that this file does not match itself
    patroon = re.compile(
        "|".join(
            [
                "/" + "work/",
                r"\.\./" + "shared",
                "pypi" + r"\.org",
                "files\\.python" + "hosted",
                "/" + "root/",
            ]
        )
    )
    raak = []
    for pad in _gevolgd():
        if (
            pad.suffix in {".py", ".md", ".toml", ".yml", ".ipynb", ".lock", ".csv", ".cfg", ""}
            and pad.stat().st_size < 5e6
        ):
            for i, regel in enumerate(pad.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if patroon.search(regel):
                    raak.append(f"{pad.name}:{i}")
    assert raak == []


def test_licence_text_is_the_published_one():
    tekst = (WORTEL / "LICENSE").read_bytes()
    # Apache License 2.0 as the Apache Software Foundation publishes it
    assert (
        hashlib.sha256(tekst).hexdigest()
        == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    )
