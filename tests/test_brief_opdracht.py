"""`huisartsdata brief` as a user meets it: files, a command that repeats itself, and one Dutch line for every mistake."""

from __future__ import annotations

import importlib.util
import json
import shlex
import shutil
import sys
from types import SimpleNamespace

import pytest

from huisartsdata.bronnen.catalogus import pakketmap
from huisartsdata.cli import main
from huisartsdata.uitvoer.brieven import briefreeks, landbeeld

VOORBEELDEN = pakketmap() / "voorbeelden"
VEKTIS = VOORBEELDEN / "verzonnen_vektis.csv"
GEMAAKT = {}  # picture by its choices: a test of the command needs no new one each time


@pytest.fixture
def draai(monkeypatch, capsys, tmp_path):
    """Run the command in this process, in an empty folder; gives exit code, what it said and its errors."""
    maak = landbeeld.maak_landbeeld

    def maak_een_keer(**keuze):
        sleutel = repr({n: w for n, w in keuze.items() if n != "aanbod"}) + str(
            [lev.herkomst.sha256 for lev in keuze["aanbod"]]
        )
        if sleutel not in GEMAAKT:
            GEMAAKT[sleutel] = maak(**keuze)
        return GEMAAKT[sleutel]

    monkeypatch.setattr(landbeeld, "maak_landbeeld", maak_een_keer)
    monkeypatch.chdir(tmp_path)

    def een(*woorden):
        monkeypatch.setattr(sys, "argv", ["huisartsdata", "brief", *map(str, woorden)])
        with pytest.raises(SystemExit) as slot:
            main()
        uit = capsys.readouterr()
        regels = [r for r in uit.err.splitlines() if r.strip() and "━" not in r]
        return SimpleNamespace(code=slot.value.code, out=uit.out, err=regels)

    return een


def _een_fout(uit, *woorden, code=1):
    assert uit.code == code, uit.err
    assert len(uit.err) == 1 and uit.err[0].startswith("fout: "), uit.err
    assert all(w in uit.err[0] for w in woorden), uit.err[0]
    assert "Traceback" not in uit.err[0]


def test_a_gemeente_gets_its_brief_and_a_place_in_the_reading_room(draai, tmp_path):
    uit = draai("Vlieland", "--trekkingen", 100, "--uit", "f")
    assert (uit.code, uit.err) == (0, [])
    map_ = tmp_path / "f" / "briefs" / "vlieland"
    namen = {"vlieland.html", "vlieland.pdf", "vlieland.docx", "vlieland.zip", "brief.json"}
    assert {p.name for p in map_.iterdir()} == namen
    assert (map_ / "vlieland.pdf").read_bytes().startswith(b"%PDF")
    for soort in ("html", "pdf", "docx", "zip"):
        assert f"geschreven: f/briefs/vlieland/vlieland.{soort}" in uit.out
    leeszaal = (tmp_path / "f" / "index.html").read_text(encoding="utf-8")
    assert 'href="briefs/vlieland/vlieland.pdf"' in leeszaal and "leeszaal: f/index.html" in uit.out
    assert (
        json.loads((map_ / "brief.json").read_text())["opdracht"]
        == "huisartsdata brief GM0096 --trekkingen 100"
    )


def test_the_command_in_the_brief_makes_the_same_bytes_again(draai, tmp_path):
    for naam in ("verzonnen_praktijken_drechtsteden.csv", "verzonnen_gebieden.csv"):
        shutil.copy(VOORBEELDEN / naam, tmp_path)
    keuzes = (
        "eigen:VERZONNEN_DRECHT", "--gebieden", "verzonnen_gebieden.csv", "--bestand",
        "verzonnen_praktijken_drechtsteden.csv", "--norm", "1.997,5", "--functie", "zonder_wisselend",
        "--trekkingen", "100", "--seed", "7", "--peiljaar", "2024", "--scenario", "erbij:2,5", "--soorten", "html,pdf",
    )  # fmt: skip
    uit = draai(*keuzes, "--uit", "een")
    assert uit.code == 0
    assert "32 praktijken met 59,8 fte; de telling van maart 2026 kent daar 86 praktijken" in uit.out
    een = tmp_path / "een" / "briefs" / "eigen-verzonnen_drecht-erbij-2_5"
    opdracht = json.loads((een / "brief.json").read_text())["opdracht"]
    for deel in ("--norm 1997.5", "--functie zonder_wisselend", "--trekkingen 100", "--seed 7", "--peiljaar 2024",
                 "--gebieden verzonnen_gebieden.csv", "--bestand verzonnen_praktijken_drechtsteden.csv",
                 "--scenario erbij:2.5"):  # fmt: skip
        assert deel in opdracht
    assert opdracht in (een / f"{een.name}.html").read_text(encoding="utf-8")
    assert draai(*shlex.split(opdracht)[2:], "--soorten", "html,pdf", "--uit", "twee").code == 0
    twee = tmp_path / "twee" / "briefs" / een.name
    for pad in een.iterdir():
        assert pad.read_bytes() == (twee / pad.name).read_bytes(), pad.name


def test_all_areas_go_on_where_they_stopped(draai, monkeypatch, tmp_path):
    alle = briefreeks.alle_gebieden
    gevraagd = []

    def paar(naar_slug, *, soorten):
        gevraagd.append(soorten)
        return [g for g in alle(naar_slug, soorten=soorten) if g.slug in ("vlieland", "provincie-drenthe")]

    monkeypatch.setattr(briefreeks, "alle_gebieden", paar)
    keuze = ("--alle", "--trekkingen", 100, "--soorten", "html", "--uit", "f", "--processen", 1)
    uit = draai(*keuze)
    assert (uit.code, uit.err) == (0, [])
    assert "2 gemaakt, 0 waren er al" in uit.out
    assert set(gevraagd[0]) >= {"land", "gemeente", "provincie", "regioplus"}
    (tmp_path / "f" / "briefs" / "vlieland" / "vlieland.html").unlink()
    assert "1 gemaakt, 1 waren er al" in draai(*keuze).out
    assert "2 gemaakt, 0 waren er al" in draai(*keuze, "--opnieuw").out
    # a practice falls out in a gemeente only
    uit = draai(*keuze, "--scenario", "uitval:500")
    assert "1 gemaakt" in uit.out and gevraagd[-1] == ("gemeente",)


def test_a_failed_brief_among_all_is_one_line(draai, monkeypatch):
    fout = [briefreeks.Gebied("gemeente:Mis", "Mis", "gemeente", ("GM9999",), "mis")]
    monkeypatch.setattr(briefreeks, "alle_gebieden", lambda *_, **__: fout)
    uit = draai("--alle", "--trekkingen", 100, "--soorten", "html", "--processen", 1)
    _een_fout(uit, "1 van de 1 brieven zijn niet gelukt: mis", "GM9999")


@pytest.mark.parametrize(
    ("woorden", "melding"),
    [
        ((), "geef een gebied op"),
        (("Nergenshuizen",), "Nergenshuizen"),
        (("provincie:Nergens",), "Nergens"),
        (("<script>alert(1)</script>",), "script"),
        (("Dordrecht", "--alle"), "niet allebei"),
        (("--alle", "--gebieden", "x.csv"), "officiële gebieden"),
        (("Dordrecht", "--scenario", "oorlog:3"), "jaar:2035, uitval:6000"),
        (("Dordrecht", "--scenario", "jaar:ooit"), "jaar:2035"),
        (("Dordrecht", "--norm", "veel"), "norm 'veel'"),
        (("Dordrecht", "--functie", "dokters"), "functie 'dokters'"),
        (("Dordrecht", "--trekkingen", "5"), "minstens 100"),
        (("Dordrecht", "--seed", "-1"), "--seed -1"),
        (("Dordrecht", "--soorten", "html,odt"), "'odt' kan niet; kies uit html, pdf, docx, zip"),
        (("Dordrecht", "--soorten", ","), "'niets' kan niet"),
        (("Dordrecht", "--peiljaar", "2020"), "--bestand"),
        (("Dordrecht", "--bestand", "weg.csv"), "weg.csv"),
        (("eigen:X",), "--gebieden"),
        (("Dordrecht", "--peiljaar", "2024", "--bestand", str(VEKTIS)), "geen aanbod"),
    ],
)
def test_every_mistake_is_one_line_before_anything_is_computed(
    draai, monkeypatch, tmp_path, woorden, melding
):
    if "--trekkingen" not in woorden:
        monkeypatch.setattr(landbeeld, "maak_landbeeld", lambda **_: pytest.fail("computed"))
    _een_fout(draai(*woorden), melding)
    assert not list(tmp_path.rglob("*.html"))


def test_a_scenario_that_does_not_fit_the_area_is_one_line(draai):
    _een_fout(
        draai("provincie:Drenthe", "--scenario", "uitval:6000", "--trekkingen", 100),
        "in één gemeente",
        "Drenthe",
    )


def test_a_folder_that_cannot_be_written_is_one_line(draai, monkeypatch, tmp_path):
    (tmp_path / "bestand").write_text("")
    _een_fout(draai("Vlieland", "--uit", "bestand"), "kies een andere map")
    monkeypatch.setattr("os.access", lambda *_: False)
    _een_fout(draai("Vlieland", "--uit", "op slot"), "kan niet worden geschreven", "andere map")


@pytest.mark.parametrize(("soort", "pakket"), [("pdf", "typst"), ("docx", "docx")])
def test_a_missing_package_names_the_extra(draai, monkeypatch, soort, pakket):
    vind = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda n, *a: None if n == pakket else vind(n, *a))
    _een_fout(draai("Vlieland", "--soorten", soort), f"'{pakket}' ontbreekt; installeer huisartsdata[brief]")


def test_the_help_is_dutch(draai):
    uit = draai("--help")
    assert uit.code == 0
    for woord in (
        "Gebruik: huisartsdata brief [OPTIES] [GEBIED]",
        "--scenario",
        "--alle",
        "--landelijk",
        "Opties:",
    ):
        assert woord in uit.out
    assert not {"Usage", "Options", "default", "Show this"} & set(uit.out.replace(":", " ").split())
