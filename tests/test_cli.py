"""The command line as a user meets it: Dutch, exit codes, one clear line on failure."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import pytest

import huisartsdata as hd

from .conftest import WORTEL
from .test_werkstroom_keuze import DRECHT, EIGEN, NIVEL, PRAKTIJKEN, VEKTIS, schrijf_boek


def _los(*args, map_=None, **omg):
    """A command as a process of its own, as a user starts it."""
    return subprocess.run(
        [sys.executable, "-m", "huisartsdata.cli", *args],
        capture_output=True, text=True, check=False, env={**os.environ, **omg}, encoding="utf-8", cwd=map_,
    )  # fmt: skip


def _draai(*args, map_=None, **omg):
    """The same in this process: quicker, and our warnings are errors in it too."""
    from huisartsdata import cli

    uit, fout = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as m, redirect_stdout(uit), redirect_stderr(fout):
        for naam, waarde in omg.items():
            m.setenv(naam, waarde)
        if map_ is not None:
            m.chdir(map_)
        m.setattr(sys, "argv", ["huisartsdata", *map(str, args)])
        with pytest.raises(SystemExit) as e:
            cli.main()
    return SimpleNamespace(returncode=int(e.value.code or 0), stdout=uit.getvalue(), stderr=fout.getvalue())


def test_check_on_the_snapshot_is_fine():
    uit = _los("check")
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
    assert _los("--version").stdout.strip() == f"huisartsdata {hd.__version__}"
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
        (["check", "x", "y"], "te veel argumenten: y"),
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


@pytest.fixture
def boeken(tmp_path):
    """A folder with a notebook that listens to the choice of area, and one that does not."""
    map_ = tmp_path / "boeken"
    map_.mkdir()
    schrijf_boek(map_ / "01_land.ipynb", "1 + 1")
    for naam in ("02_ook", "06_eigen_regio"):
        schrijf_boek(
            map_ / f"{naam}.ipynb",
            "import json\nfrom huisartsdata import werkstroom\nk = werkstroom.keuze('provincie:Zeeland')",
            "inhoud = [k.gebied, k.norm, k.functie, [x.herkomst.bestand for x in k.leveringen]]\n"
            f"(k.uit / '{naam}.json').write_text(json.dumps(inhoud))",
        )
    return map_


@pytest.fixture
def opdracht(boeken, tmp_path, monkeypatch, capsys):
    """Run `run` in this process without kernels: gives code, stdout, stderr and what would have run."""
    from huisartsdata import cli, werkstroom
    from huisartsdata.werk import werkreeks

    monkeypatch.chdir(tmp_path)

    def draai(*args, map_=boeken):
        gedraaid = []

        def doe_alsof(taken, uit, *, vraag, **_):
            gedraaid.extend((t.pad.stem, uit.as_posix(), vraag) for t in taken)
            return tuple(werkstroom.Uitkomst(t.pad.name, 1, ()) for t in taken)

        monkeypatch.setattr(werkreeks, "draai_reeks", doe_alsof)
        monkeypatch.setattr(sys, "argv", ["huisartsdata", "run", "--notebooks", str(map_), *map(str, args)])
        with pytest.raises(SystemExit) as e:
            cli.main()
        uit = capsys.readouterr()
        return e.value.code, uit.out, uit.err, gedraaid

    return draai


def test_run_for_an_area_with_a_delivery(boeken, tmp_path):
    """The whole way: files and area on the command line, a kernel, output in the folder of the area."""
    uit = _draai(
        "run", "--notebooks", str(boeken), "--uit", "f", "--gebied", "pv22", "--norm", "2.350", "--functie", "alle",
        "--bestand", os.path.relpath(NIVEL, tmp_path), map_=tmp_path,
    )  # fmt: skip
    assert uit.returncode == 0, uit.stderr
    assert uit.stdout.splitlines() == [
        "gebied: Drenthe (provincie, 12 gemeenten)",
        "bestand: verzonnen_nivel_gemeente.csv, gelezen als nivel, 12 rijen",
        "levering: 12 gebieden met samen 243,5 fte.",
        f"klaar: 1 notebook, 2 bestanden in {Path('f/provincie-drenthe')}",
        f"leeszaal: {Path('f/index.html')}",
    ]
    # the reading room of the whole folder leads to the page of the notebook
    leeszaal = tmp_path / "f" / "index.html"
    assert 'href="provincie-drenthe/notebooks/06_eigen_regio.html"' in leeszaal.read_text(encoding="utf-8")
    map_ = tmp_path / "f" / "provincie-drenthe"
    assert {p.name for p in (tmp_path / "f").iterdir()} == {"index.html", ".leeszaal.json", map_.name}
    gemaakt = {p.relative_to(map_).as_posix() for p in map_.rglob("*") if p.is_file()}
    assert gemaakt == {
        "06_eigen_regio.json",
        "notebooks/06_eigen_regio.html",
        "manifest.json",
        ".looptijden.json",
    }
    assert json.loads((map_ / "06_eigen_regio.json").read_text()) == [
        "provincie:Drenthe",
        2350.0,
        "alle",
        [NIVEL.name],
    ]
    # asked again, in the same words, nothing runs and the area need not be looked up
    weer = _draai(
        "run", "--notebooks", str(boeken), "--uit", "f", "--gebied", "pv22", "--norm", "2.350", "--functie", "alle",
        "--bestand", str(NIVEL), map_=tmp_path,
    )  # fmt: skip
    (regel,) = weer.stdout.splitlines()
    assert (
        regel.startswith("niets veranderd: 1 notebook is al gedraaid en de 2 bestanden") and weer.stderr == ""
    )


def test_which_notebooks_run(opdracht):
    def stammen(*args):
        code, _, fout, gedraaid = opdracht(*args)
        assert code == 0, fout
        return [stam for stam, _, _ in gedraaid]

    assert stammen() == ["01_land", "02_ook", "06_eigen_regio"]
    assert stammen("--gebied", "Vlieland") == ["06_eigen_regio"]
    assert stammen("--norm", "1800") == ["06_eigen_regio"]
    assert stammen("--gebied", "provincie:Zeeland", "--alleen", "02") == ["02_ook"]
    assert stammen("--gebied", "Enschede", "--alleen", "02", "--alleen", "06") == ["02_ook", "06_eigen_regio"]


@pytest.mark.parametrize(
    ("args", "gebied", "map_"),
    [
        (["--gebied", "Dordrecht"], "gemeente:Dordrecht", "figures/dordrecht"),
        (["--gebied", "gm0505,Zwijndrecht"], "GM0505,GM0642", "figures/gm0505-gm0642"),
        (["--gebied", "WK050501"], "WK050501", "figures/wk050501"),
        (["--gebied", "eigen:drechtsteden", "--gebieden", EIGEN], "eigen:VERZONNEN_DRECHT", "figures/eigen-verzonnen_drecht"),
        (["--gebied", ",".join(DRECHT), "--bestand", PRAKTIJKEN, "--functie", "alle"], ",".join(DRECHT), "figures/7-gemeenten-"),
        (["--bestand", NIVEL, "--functie", "alle"], "provincie:Drenthe", "figures/provincie-drenthe"),
        (["--gebied", "Assen", "--bestand", VEKTIS, "--peiljaar", "2024"], "gemeente:Assen", "figures/assen"),
        (["--norm", "landelijk"], None, "figures"),
    ],
)  # fmt: skip
def test_area_and_folder_of_a_run(opdracht, args, gebied, map_):
    code, _, fout, gedraaid = opdracht(*args)
    assert code == 0, fout
    ((_, uit, vraag),) = gedraaid
    assert vraag.gebied == gebied and uit.startswith(map_)


@pytest.mark.parametrize(
    ("args", "deel"),
    [
        (["--gebied", "Drenthe"], "'Drenthe' is niet eenduidig. Kies: provincie:Drenthe (PV22)"),
        (["--gebied", "Nergenshuizen"], "het gebied 'Nergenshuizen' is niet bekend"),
        (["--gebied", "../../etc"], "is niet bekend"),
        (["--gebied", ""], "is niet bekend"),
        (["--gebied", "Dordrecht", "--norm", "0"], "norm '0' kan niet"),
        (["--norm", "veel"], "norm 'veel' kan niet"),
        (["--gebied", "Dordrecht", "--functie", "iedereen"], "functie 'iedereen' kan niet"),
        (["--gebied", "Dordrecht", "--bestand", "nee.csv"], "nee.csv bestaat niet"),
        (["--gebied", "Dordrecht", "--bestand", "."], "geen bestand maar een map"),
        (["--gebied", "Dordrecht", "--bestand", WORTEL / "pyproject.toml"], "onbekend soort bestand"),
        (["--gebied", "Dordrecht", "--bestand", EIGEN], "passen bij geen van de drie soorten leveringen"),
        (["--gebied", "provincie:Zeeland", "--bestand", NIVEL, "--functie", "alle"], "gaat over geen enkele gemeente in Zeeland"),
        (["--gebied", "provincie:Drenthe", "--bestand", NIVEL], "zegt niet welke huisartsen het telt"),
        (["--bestand", PRAKTIJKEN, "--functie", "alle"], "is een praktijklijst; geef met --gebied"),
        (["--gebied", "Dordrecht", "--bestand", VEKTIS], "geef --peiljaar 2024 op"),
        (["--gebied", "eigen:X"], "vraagt om een bestand met eigen gebieden"),
        (["--gebied", "Dordrecht", "--gebieden", EIGEN], "kies als gebied een van de eigen gebieden"),
        (["--gebieden", EIGEN], "--gebieden hoort bij --gebied eigen:NAAM"),
        (["--gebied", "Dordrecht", "--peiljaar", "2020"], "geef die op met --bestand"),
        (["--gebied", "Dordrecht", "--landelijk", "9.998,1"], "geef die op met --bestand"),  # a number, in Dutch
        (["--gebied", "Dordrecht", "--alleen", "01"], "01_land kijkt niet naar --gebied"),
        (["--gebied", "Dordrecht", "--alleen", "77"], "geen notebook begint met 77"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_one_line_before_anything_runs(opdracht, args, deel, tmp_path):
    code, uit, fout, gedraaid = opdracht(*args)
    assert code == 1 and uit == ""
    (regel,) = fout.strip().splitlines()
    assert regel.startswith("fout: ") and deel in regel
    assert not gedraaid and not (tmp_path / "figures").exists()


def test_a_refused_delivery_lists_every_fault(opdracht):
    code, _, fout, gedraaid = opdracht(
        "--gebied",
        "Assen",
        "--functie",
        "alle",
        "--bestand",
        NIVEL.with_name("verzonnen_nivel_met_fouten.csv"),
    )
    kop, *regels = fout.strip().splitlines()
    assert (
        code == 1 and not gedraaid and kop == "fout: verzonnen_nivel_met_fouten.csv is geweigerd (3 fouten)"
    )
    assert [r.split(",")[0].strip() for r in regels] == ["regel 4", "regel 5", "regel 7"]


def test_without_the_notebook_of_an_own_area_another_must_be_chosen(opdracht, tmp_path):
    leeg = tmp_path / "ander"
    leeg.mkdir()
    schrijf_boek(leeg / "02_ook.ipynb", "k = werkstroom.keuze()")
    code, _, fout, _ = opdracht("--gebied", "Vlieland", map_=leeg)
    assert code == 1 and "geen notebook begint met 06_eigen_regio" in fout and "--alleen" in fout
