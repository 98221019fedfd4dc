"""What a manifest claims is checked: whose a file is, which folder an area has, edits by hand, what was read where."""

from __future__ import annotations

import json
import os
import shutil
import sys

import pytest

from huisartsdata import werkstroom
from huisartsdata.fouten import BronFout
from huisartsdata.werk import werkcontrole, werkkernel, werkleeszaal, werkmanifest, werkreeks, werkstand
from huisartsdata.werk.werkboek import vraagstand
from huisartsdata.werk.werklezers import bestandsstempel
from huisartsdata.werk.werkmanifest import Manifest, keur_vorm, lees_manifest, zegel
from huisartsdata.werk.werkopname import lees_opname, zoek_geleverd
from huisartsdata.werk.werkreeks import maak_plan
from huisartsdata.werk.werkvraag import Werkvraag

from .test_herhaling import hier, nepreeks  # noqa: F401 - fixtures
from .test_werkstroom_keuze import schrijf_boek


def _uitslag(map_):
    return {o.bestand: o.uitslag for o in werkcontrole.vergelijk_met_manifest(map_)}


@pytest.fixture
def run(nepreeks, hier):  # noqa: F811
    """`huisartsdata run` on notebooks that write what their only cell says; gives stdout."""
    _, figuren = nepreeks
    boeken = figuren.parent / "boeken"

    def draai(*args, code=0, **inhouden):
        for naam, tekst in inhouden.items():
            schrijf_boek(boeken / f"{naam.removeprefix('n')}.ipynb", tekst)
        gaf, uit, fout = hier("run", "--notebooks", boeken, "--uit", figuren, *args)
        assert gaf == code, fout
        return uit

    return draai, boeken, figuren


# --- the folder of an area -----------------------------------------------------------------------------------

KEUZE = "keuze(\n)=1"  # text that listens to the choice, and writes nothing odd


@pytest.fixture
def gebied(run, monkeypatch):
    """The same for an area: notebook 06."""
    draai, boeken, figuren = run
    monkeypatch.setattr(werkstroom, "heeft_keuze", lambda _: True)
    schrijf_boek(boeken / "06_eigen_regio.ipynb", "a.csv=goed")
    return lambda *args: draai("--gebied", "GM0106", *args), figuren


def test_a_copy_of_the_folder_of_an_area_is_not_looked_at(gebied):
    draai, figuren = gebied
    assert "klaar: 1 notebook" in draai()
    assert draai().startswith("niets veranderd") and len(draai().splitlines()) == 1
    assen = figuren / "assen"
    shutil.copytree(assen, figuren / "aaa-kopie")
    (assen / "a.csv").write_text("X", encoding="utf-8")
    uit = draai()
    assert "uitvoer a.csv is anders dan gemaakt" in uit and "klaar: 1 notebook" in uit
    assert (assen / "a.csv").read_text(encoding="utf-8") == "goed"
    shutil.rmtree(assen)
    assert f"klaar: 1 notebook, 1 bestanden in {assen}" in draai()
    assert (assen / "a.csv").is_file()


def test_a_renamed_folder_of_an_area_is_made_anew_under_its_own_name(gebied):
    draai, figuren = gebied
    draai()
    (figuren / "assen").rename(figuren / "assen-2024")
    assert "klaar: 1 notebook" in draai() and (figuren / "assen" / "a.csv").is_file()


def test_a_norm_without_an_area_is_not_answered_by_a_folder_below(run, monkeypatch):
    """Figures with another norm go to the folder itself; one below it with the same question is another run."""
    draai, boeken, figuren = run
    monkeypatch.setattr(werkstroom, "heeft_keuze", lambda _: True)
    schrijf_boek(boeken / "06_eigen_regio.ipynb", "a.csv=goed")
    draai("--norm", "1800", "--uit", figuren / "onder")
    assert "klaar: 1 notebook" in draai("--norm", "1800")
    assert (figuren / "a.csv").is_file()


# --- whose a file is -----------------------------------------------------------------------------------------


def test_a_file_that_a_later_notebook_gives_up_is_made_again_by_the_earlier_one_at_once(run):
    draai, _, figuren = run
    uit = draai(n01_a="a.csv=van 01", n02_b="a.csv=van 02")
    assert "let op: 01_a en 02_b schrijven a.csv; in de map staat dat van 02_b" in uit
    assert (figuren / "a.csv").read_text() == "van 02"
    assert draai().startswith("niets veranderd: 2 notebooks")
    uit = draai(n02_b="b.csv=van 02")
    assert "02_b draait opnieuw: het notebook is veranderd" in uit and "01_a draait opnieuw" in uit
    assert "klaar: 2 notebooks" in uit and "let op" not in uit
    assert (figuren / "a.csv").read_text() == "van 01" and (figuren / "b.csv").read_text() == "van 02"
    assert set(_uitslag(figuren).values()) == {"gelijk"}
    assert draai().startswith("niets veranderd")


def test_both_change_in_one_run_and_the_file_is_of_who_still_writes_it(run):
    draai, _, figuren = run
    draai(n01_a="a.csv=1", n02_b="a.csv=2")
    draai(n01_a="a.csv=3", n02_b="b.csv=2")
    assert (figuren / "a.csv").read_text() == "3" and set(_uitslag(figuren).values()) == {"gelijk"}
    assert draai().startswith("niets veranderd")


def test_files_of_a_notebook_that_is_gone_are_told_until_they_are_gone_too(run, hier):  # noqa: F811
    draai, boeken, figuren = run
    draai(n01_a="a.csv=1", n02_b="a.csv=2\nb.csv=2")
    (boeken / "02_b.ipynb").unlink()
    zin = "staan ook bestanden van 02_b.ipynb, niet gevonden in"
    assert zin in draai()
    code, uit, _ = hier("check", "--figures", figuren, "--snel", "--notebooks", boeken)
    assert code == 0 and zin in uit and "gelijk: b.csv" in uit
    (figuren / "b.csv").unlink()  # what cannot be made again is no fault for ever
    uit = draai()
    assert zin not in uit and (figuren / "a.csv").read_text() == "1"  # of the first one again
    assert _uitslag(figuren) == {"a.csv": "gelijk", "index.html": "gelijk"}


# --- a manifest that was edited ------------------------------------------------------------------------------


def _bewerk(map_, doe, *, zegelen=False):
    pad = map_ / "manifest.json"
    d = json.loads(pad.read_text(encoding="utf-8"))
    doe(d)
    if zegelen:
        d["zegel"] = zegel(d)
    pad.write_text(json.dumps(d), encoding="utf-8")


def test_layout_is_no_edit(run):
    draai, _, figuren = run
    draai(n01_a="a.csv=1")
    _bewerk(figuren, lambda d: None)
    assert draai().startswith("niets veranderd")


@pytest.mark.parametrize(
    "doe",
    [
        lambda d: d.update(snapshot={"versie": "1999.9", "peiljaar": 1999, "hash": "0" * 64}),
        lambda d: d.update(huisartsdata="9.9.9", broncode="f" * 64),
        lambda d: d["notebooks"]["01_a.ipynb"].update(zaden=[666]),
        lambda d: d["notebooks"]["01_a.ipynb"].update(modules={}),
        lambda d: d["notebooks"]["01_a.ipynb"]["uitvoer"].pop("b.csv"),
        lambda d: d.pop("zegel"),
        lambda d: d.update(zegel=None),
    ],
)  # fmt: skip
def test_any_edit_of_a_manifest_reruns_and_is_gone(run, hier, doe):  # noqa: F811
    draai, boeken, figuren = run
    draai(n01_a="a.csv=1\nb.csv=1")
    goed = (figuren / "manifest.json").read_bytes()
    _bewerk(figuren, doe)
    (figuren / "b.csv").write_text("vervalst", encoding="utf-8")
    assert lees_manifest(figuren) == Manifest()
    for snel in ([], ["--snel"]):
        code, _, fout = hier("check", "--figures", figuren, "--notebooks", boeken, *snel)
        assert code == 1 and "manifest.json" in fout and "is na de laatste run veranderd" in fout
        assert len(fout.strip().splitlines()) == 1
    uit = draai()
    assert f"manifest.json in {figuren} is na de laatste run veranderd; alles draait opnieuw" in uit
    assert (figuren / "manifest.json").read_bytes() == goed and (figuren / "b.csv").read_text() == "1"
    assert draai().startswith("niets veranderd")


def test_a_manifest_of_an_earlier_form_reruns_once_and_says_why(run):
    draai, _, figuren = run
    draai(n01_a="a.csv=1")
    _bewerk(figuren, lambda d: (d.update(vorm=1), d.pop("zegel")))
    assert "is van een eerdere versie van huisartsdata; alles draait opnieuw" in draai()
    assert keur_vorm(figuren) == "" and draai().startswith("niets veranderd")


def _met_gegevens(d):
    """As of a notebook that read the snapshot and the parameters that are in force."""
    nu = werkstand.stand_van_zaken()
    d |= nu
    d["notebooks"]["01_a.ipynb"]["gegevens"] = {
        "2024/snapshot.toml": werkstand.Nu().gegevens("2024/snapshot.toml"),
        "parameters.csv": nu["parameters"],
    }


@pytest.mark.parametrize(
    "lieg",
    [
        lambda d: d["snapshot"].update(versie="1999.9"),
        lambda d: d["snapshot"].update(hash="0" * 64),
        lambda d: d.update(parameters="0" * 64),
        lambda d: d.update(huisartsdata="9.9.9"),
        lambda d: d["notebooks"]["01_a.ipynb"].update(modules={}),
    ],
)
def test_a_head_that_contradicts_what_was_read_reruns_though_it_is_sealed(run, lieg):
    draai, _, figuren = run
    draai(n01_a="a.csv=1")
    _bewerk(figuren, _met_gegevens, zegelen=True)
    assert draai().startswith("niets veranderd")
    _bewerk(figuren, lieg, zegelen=True)
    assert "01_a draait opnieuw: manifest.json spreekt zichzelf tegen" in draai()


def test_a_file_that_nobody_claims_is_named_by_both_checks(run, hier):  # noqa: F811
    draai, boeken, figuren = run
    draai(n01_a="a.csv=1")
    (figuren / "z.csv").write_text("x", encoding="utf-8")
    for snel in ([], ["--snel"]):
        _, uit, _ = hier("check", "--figures", figuren, "--notebooks", boeken, *snel)
        assert "hoort er niet bij: z.csv" in uit.splitlines()


def test_the_advice_of_a_check_is_one_that_helps(run, hier, monkeypatch):  # noqa: F811
    """What a run would call unchanged is to be run all the same; a folder of an area is made from its parent."""
    draai, boeken, figuren = run
    draai(n01_a="a.csv=1")
    (figuren / "a.csv").write_text("2", encoding="utf-8")
    _, _, fout = hier("check", "--figures", figuren, "--notebooks", boeken)
    assert f"draai 'huisartsdata run --uit {figuren} --notebooks {boeken}' om te herstellen" in fout
    d = json.loads((figuren / "manifest.json").read_text(encoding="utf-8"))
    d["notebooks"]["01_a.ipynb"]["uitvoer"]["a.csv"] = werkstand.catalogus.bestandshash(figuren / "a.csv")
    _bewerk(figuren, lambda e: e.update(d), zegelen=True)  # as if it read something that is not tracked
    _, _, fout = hier("check", "--figures", figuren, "--notebooks", boeken)
    assert f"--notebooks {boeken} --opnieuw' om te herstellen" in fout
    stand = {**d["notebooks"]["01_a.ipynb"], "gebiedsmap": "figuren", "vraag": {"gebied": "GM0106"}}
    _bewerk(figuren, lambda e: e["notebooks"].update({"01_a.ipynb": stand}), zegelen=True)
    assert werkcontrole.herstel_met(figuren) == f"huisartsdata run --gebied GM0106 --uit {figuren.parent}"


# --- the reading room ----------------------------------------------------------------------------------------


def test_the_reading_room_is_made_again_when_it_is_gone_edited_or_behind(run, hier):  # noqa: F811
    draai, boeken, figuren = run
    draai(n01_a="a.csv=1")
    index = figuren / "index.html"
    goed = index.read_bytes()
    for stuk, woord in ((lambda: index.write_text("onzin"), "anders"), (index.unlink, "ontbreekt")):
        stuk()
        assert _uitslag(figuren)["index.html"] == woord
        for snel in ([], ["--snel"]):
            code, uit, _ = hier("check", "--figures", figuren, "--notebooks", boeken, *snel)
            assert code == 1 and f"{woord}: index.html" in uit
        uit = draai()
        assert uit.startswith("niets veranderd") and f"leeszaal: {index}" in uit
        assert index.read_bytes() == goed and _uitslag(figuren)["index.html"] == "gelijk"
        assert "leeszaal" not in draai()
    (figuren / "briefs" / "assen").mkdir(parents=True)
    (figuren / "briefs" / "assen" / "brief.json").write_text("{}", encoding="utf-8")
    assert not werkleeszaal.leeszaal_klopt(figuren)
    (figuren / ".leeszaal.json").write_text("[" * 100_000, encoding="utf-8")
    assert not werkleeszaal.leeszaal_klopt(figuren)


def test_a_reading_room_that_may_not_be_written_is_one_line_and_no_failure(run, monkeypatch):
    draai, _, figuren = run
    draai(n01_a="a.csv=1")
    (figuren / "index.html").unlink()

    def weigert(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(werkleeszaal, "werk_leeszaal_bij", weigert)
    uit = draai()
    assert uit.splitlines()[1].endswith("is niet te schrijven (geen toegang); de figuren zijn wel in orde")


# --- what is tracked ------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="places of unix")
@pytest.mark.parametrize(
    ("pad", "gevolgd"),
    [
        ("/dev/shm/x.csv", True),
        ("/run/media/jan/STICK/x.csv", True),
        ("/run/user/1000/gvfs/smb-share:server=s,share=d/x.csv", True),
        ("~/.local/share/onderzoek/x.csv", True),
        ("~/.cache/ophaal/x.csv", True),
        ("~/.config/onderzoek/x.toml", True),
        ("~/gegevens/x.csv", True),
        ("~/.cache/matplotlib/fontlist-v390.json", False),
        ("~/.cache/fontconfig/a.cache-9", False),
        ("~/.config/matplotlib/matplotlibrc", False),
        ("~/.local/share/jupyter/kernels/python3/kernel.json", False),
        ("~/.local/lib/python3.11/site-packages/x.py", False),
        ("~/.ipython/profile_default/ipython_config.py", False),
        ("/proc/self/stat", False),
        ("/etc/localtime", False),
        ("/run/systemd/resolve/resolv.conf", False),
    ],
)
def test_what_lies_where_is_of_the_analyst_or_of_the_system(monkeypatch, pad, gevolgd):
    for naam in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", *werkkernel._JUPYTER):
        monkeypatch.delenv(naam, raising=False)
    assert os.path.expanduser(pad).startswith(werkkernel._buiten()) is not gevolgd  # noqa: PTH111


def test_caches_of_libraries_are_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    weg = werkkernel._buiten()
    assert f"{tmp_path}/matplotlib/".startswith(weg) and not f"{tmp_path}/onderzoek/".startswith(weg)
    monkeypatch.setenv("XDG_CACHE_HOME", "hier")  # a relative one does not count
    assert os.path.expanduser("~/.cache/matplotlib/x").startswith(werkkernel._buiten())  # noqa: PTH111


def test_a_delivery_that_was_replaced_before_it_was_read_is_not_taken_for_the_one_asked(tmp_path):
    """The question holds the hash of when it was asked; putting the first one back must run again."""
    levering, boek = tmp_path / "eigen.csv", tmp_path / "06.ipynb"
    levering.write_text("oud", encoding="utf-8")
    vraag = Werkvraag("GM0106", (levering,), gebieden=levering)
    stand = vraagstand(vraag)
    geleverd = zoek_geleverd(vraag, stand)
    assert geleverd == {levering.resolve(): stand["bestanden"][0]["sha256"]}

    def gelezen():
        regel = {str(levering): bestandsstempel(levering)}
        (tmp_path / "o.json").write_text(
            json.dumps({"modules": [], "zaden": [], "bestanden": regel}), encoding="utf-8"
        )
        return lees_opname(tmp_path / "o.json", boek, {}, geleverd)["bestanden"]

    assert gelezen() == {}
    levering.write_text("nieuw", encoding="utf-8")
    assert gelezen() == {"eigen.csv": werkstand.catalogus.bestandshash(levering)}


def test_a_folder_whose_notebooks_are_all_gone_has_an_empty_manifest_that_is_no_fault(run):
    draai, boeken, figuren = run
    draai(n01_a="a.csv=1")
    (boeken / "01_a.ipynb").unlink()
    (figuren / "a.csv").unlink()
    assert "klaar: 1 notebook" in draai(n02_b="b.csv=1")
    assert _uitslag(figuren) == {"b.csv": "gelijk", "index.html": "gelijk"}
    werkmanifest.schrijf_manifest(figuren, Manifest())
    assert keur_vorm(figuren) == ""


def test_a_picture_attached_to_a_cell_is_part_of_the_notebook(tmp_path):
    pad = schrijf_boek(tmp_path / "01_x.ipynb", "1")
    zonder = werkstand.boekhash(pad)
    boek = json.loads(pad.read_text(encoding="utf-8"))
    sommen = {zonder}
    for beeld in ("AAAA", "BBBB"):
        boek["cells"][0]["attachments"] = {"x.png": {"image/png": beeld}}
        pad.write_text(json.dumps(boek), encoding="utf-8")
        sommen.add(werkstand.boekhash(pad))
    assert len(sommen) == 3
    boek["cells"][0]["attachments"] = {}
    pad.write_text(json.dumps(boek), encoding="utf-8")
    assert werkstand.boekhash(pad) == zonder


def test_the_seal_is_over_everything_but_itself(run):
    draai, _, figuren = run
    draai(n01_a="a.csv=1")
    d = json.loads((figuren / "manifest.json").read_text(encoding="utf-8"))
    assert d["zegel"] == zegel(d) and d["vorm"] == werkmanifest.VORM
    assert maak_plan(werkstroom.notebooks(figuren.parent / "boeken"), figuren, {}).taken == ()
    assert werkreeks.heeft_gebiedsmap({"norm": 1800}) is False
    with pytest.raises(BronFout, match=r"geen bruikbaar manifest\.json"):
        werkcontrole.lees_bestaand(figuren.parent)


def test_what_only_tests_need_is_no_change(monkeypatch):
    """Making the environment for the tests after a first run makes nothing again; another pandas does."""
    from importlib import metadata

    from huisartsdata.werk import werkstand

    lees, echt = werkstand.omgeving.__wrapped__, metadata.version  # without its memory
    nu = lees()
    for pakket, zelfde in (("pytest", True), ("distributed", True), ("spopt", True), ("pandas", False)):
        monkeypatch.setattr(metadata, "version", lambda n, p=pakket: "0.0" if n == p else echt(n))
        assert (lees() == nu) == zelfde, pakket
