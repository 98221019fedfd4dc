"""A figure remembers its data: what is older than the data says so; a brief tells how to cite it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata import werkstroom
from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.catalogus import bestandshash
from huisartsdata.bronnen.snapshotboek import Tabelopgave, schrijf_snapshot
from huisartsdata.fouten import BronFout
from huisartsdata.uitvoer import figuur as figuurmodule
from huisartsdata.uitvoer.citatie import lees_briefherkomst
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.ouderdom import VerouderdWaarschuwing, embed_figuur, lees_gegevens, verouderd
from huisartsdata.uitvoer.verhaal.beelden import bewaar_tabel
from huisartsdata.uitvoer.web.webkaarten import Webkaart


@pytest.fixture
def figuur():
    from matplotlib.figure import Figure

    fig = Figure(figsize=(2, 1))
    fig.subplots().plot([1, 2])
    regel = Bronregel(("CBS, 85984NED",), {"afstand": "2024"}, versie="1.0")
    tabel = pd.DataFrame({"x": [1.5]}, index=pd.Index(["GM0106"], name="gm_code"))
    return Figuur(fig, tabel, "Titel <b>", 'Beeld met "tekst"', regel.tekst, regel.als_dict(), "half")


def _ververs(kopie):
    """Another hash in the user's snapshot, as after a refresh; the table itself is not opened here."""
    toml = kopie / "snapshot.toml"
    som = hd.snapshot().tabellen["feiten"].sha256
    toml.write_text(toml.read_text(encoding="utf-8").replace(som, "0" * 64), encoding="utf-8")


def test_sidecar_holds_the_hash_of_the_snapshot(figuur, tmp_path):
    pad = figuur.bewaar(tmp_path, "f")["json"]
    d = json.loads(pad.read_text(encoding="utf-8"))
    assert (d["snapshot"], d["hash"]) == (hd.snapshot().versie, hd.snapshot().hash)
    bewaar_tabel(figuur.tabel, tmp_path, "t")
    assert json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["hash"] == d["hash"]
    assert verouderd(tmp_path).empty


def test_picture_is_drawn_once_for_file_and_screen(figuur, tmp_path, monkeypatch):
    keren = []
    echt = figuurmodule.to_png
    monkeypatch.setattr(figuurmodule, "to_png", lambda *a, **k: keren.append(1) or echt(*a, **k))
    pad = figuur.bewaar(tmp_path, "f")["png"]
    assert figuur._repr_png_()[0] == pad.read_bytes()
    assert figuur.bewaar(tmp_path, "g")["png"].read_bytes() == pad.read_bytes()
    assert len(keren) == 1
    assert replace(figuur, titel="Anders").bewaar(tmp_path, "h")["png"].read_bytes() != pad.read_bytes()


def test_figure_drawn_before_a_refresh_says_so_when_saved(figuur, tmp_path, kopie):
    oud = hd.snapshot().hash
    _ververs(kopie)
    with pytest.warns(
        VerouderdWaarschuwing, match="figuur 'f' is getekend met snapshot .* teken de figuur opnieuw"
    ):
        paden = figuur.bewaar(tmp_path / "uit", "f")
    assert json.loads(paden["json"].read_text(encoding="utf-8"))["hash"] == oud != hd.snapshot().hash


def _publiceer(map_):
    """A new snapshot beside the one in force, as a refresh leaves it: one table differs."""
    vorige = hd.snapshot()
    feiten = hd.load_feiten().iloc[1:]
    opgaven = {
        n: Tabelopgave(feiten if n == "feiten" else None, t.bronnen, t.status, "proef")
        for n, t in vorige.tabellen.items()
    }
    kop = {"versie": "2024.2", "peiljaar": 2024, "gemaakt": "2026-11-22", "inwoners": 17942942.0}
    schrijf_snapshot(map_ / "2024.2", vorige=vorige, tabellen=opgaven, bronnen={}, kop=kop)
    assert hd.snapshot().versie == "2024.2"


@pytest.fixture
def ververs(tmp_path, monkeypatch):
    """Refresh as another process does: what the refresh itself reads is no reading of this one."""
    (tmp_path / "gegevens").mkdir()
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path / "gegevens"))

    def doe():
        gelezen = {jaar: dict(per) for jaar, per in catalogus._GELEZEN.items()}
        _publiceer(tmp_path / "gegevens")
        catalogus._GELEZEN.clear()
        catalogus._GELEZEN.update(gelezen)

    return doe


def _webkaart():
    tabel = pd.DataFrame({"x": [1]}, index=pd.Index(["GM0106"], name="gm_code"))
    return Webkaart("<html></html>", tabel, "Titel", "Bron", {})


def _opnieuw(figuur):
    return Figuur(
        figuur.fig, figuur.tabel, figuur.titel, figuur.alt_tekst, figuur.bronregel, figuur.herkomst, "half"
    )


def _zij(pad):
    return json.loads(pad.read_text(encoding="utf-8"))


def test_what_is_drawn_after_a_refresh_from_frames_of_before_it_carries_the_old_hash(
    figuur, tmp_path, ververs
):
    """The frames in memory are those of the first snapshot, whatever is in force at drawing and saving."""
    hd.load_gemeenten()
    oud = hd.snapshot()
    ververs()
    uit = tmp_path / "uit"
    with pytest.warns(
        VerouderdWaarschuwing, match=f"tabel 't' is gemaakt met snapshot {oud.versie} en de gegevens zijn"
    ):
        bewaar_tabel(figuur.tabel, uit, "t")
    with pytest.warns(
        VerouderdWaarschuwing, match=f"figuur 'f' is getekend met snapshot {oud.versie} .*opnieuw"
    ):
        _opnieuw(figuur).bewaar(uit, "f")
    with pytest.warns(VerouderdWaarschuwing, match=f"kaart 'k' is gemaakt met snapshot {oud.versie}"):
        _webkaart().bewaar(uit, "k")
    for naam in "tfk":
        d = _zij(uit / f"{naam}.json")
        assert (d["snapshot"], d["hash"]) == (oud.versie, oud.hash) != (oud.versie, hd.snapshot().hash)
        assert "gelezen" not in d
    assert dict(verouderd(uit)["oordeel"]) == dict.fromkeys("fkt", "verouderd")


def test_tables_of_two_snapshots_in_one_process_are_both_named(figuur, tmp_path, ververs):
    een = hd.load_feiten()
    oud = hd.snapshot()
    ververs()
    assert len(hd.load_feiten()) == len(een) - 1  # nothing old is given for something new
    nu = hd.snapshot()
    uit = tmp_path / "uit"
    melding = f"met snapshot {oud.versie} en 2024.2 en in dit proces zijn gegevens van voor en na een verversing gelezen"
    with pytest.warns(VerouderdWaarschuwing, match=melding):
        _opnieuw(figuur).bewaar(uit, "f")
    with pytest.warns(VerouderdWaarschuwing, match=melding):
        bewaar_tabel(figuur.tabel, uit, "t")
    for naam in "ft":
        d = _zij(uit / f"{naam}.json")
        assert d["hash"] == oud.hash
        assert [(g["peiljaar"], g["hash"]) for g in d["gelezen"]] == [(2024, oud.hash), (2024, nu.hash)]
    assert list(verouderd(uit)["snapshot"]) == [f"{oud.versie} en 2024.2"] * 2
    with pytest.warns(VerouderdWaarschuwing, match=f"gemaakt met snapshot {oud.versie} en 2024.2"):
        embed_figuur(uit / "f")
    shutil.rmtree(nu.map)  # the earlier one is in force again: half of the data is still of the other
    assert hd.snapshot().hash == oud.hash and len(verouderd(uit)) == 2


def test_another_year_that_was_refreshed_is_named_too(figuur, tmp_path, monkeypatch):
    """The hash is of the lead year; what else was read stands beside it as soon as it is no longer in force."""
    nu = hd.snapshot()
    ander = replace(nu, versie="2023.1", peiljaar=2023)
    monkeypatch.setattr(catalogus, "_GELEZEN", {2023: {ander.hash: ander}, 2024: {nu.hash: nu}})
    with pytest.warns(
        VerouderdWaarschuwing, match="snapshot 2023.1 en 2024.1 en de gegevens zijn daarna veranderd"
    ):
        pad = _opnieuw(figuur).bewaar(tmp_path, "f")["json"]
    d = _zij(pad)
    assert d["hash"] == nu.hash and [g["peiljaar"] for g in d["gelezen"]] == [2023, 2024]
    assert list(verouderd(tmp_path)["oordeel"]) == ["verouderd"]


def test_a_process_that_began_after_the_refresh_says_nothing(figuur, tmp_path, ververs):
    ververs()
    hd.load_feiten()
    hd.load_gemeenten()
    uit = tmp_path / "uit"
    paden = _opnieuw(figuur).bewaar(uit, "f")
    bewaar_tabel(figuur.tabel, uit, "t")
    _webkaart().bewaar(uit, "k")
    assert {_zij(p)["hash"] for p in (paden["json"], uit / "t.json", uit / "k.json")} == {hd.snapshot().hash}
    assert verouderd(uit).empty


def test_a_snapshot_that_was_only_looked_at_is_not_read(tmp_path, ververs):
    hd.load_gemeenten()
    oud = hd.snapshot()
    ververs()
    assert [s.hash for s in catalogus.gelezen()] == [oud.hash]
    with catalogus.kijk_eerst_in(tmp_path / "gegevens"):
        catalogus.open_tabel("feiten")
    assert [s.hash for s in catalogus.gelezen()] == [oud.hash]
    shutil.rmtree(tmp_path / "gegevens" / "2024.2")
    assert lees_gegevens() == {"snapshot": oud.versie, "hash": oud.hash}


def test_folder_with_old_figures_is_listed_warned_for_and_not_embedded_in_silence(
    figuur, tmp_path, kopie, monkeypatch
):
    map_ = tmp_path / "figuren"
    figuur.bewaar(map_, "kaart")
    bewaar_tabel(figuur.tabel, map_ / "sub", "tabel")
    (map_ / "los.png").write_bytes(b"x")
    (map_ / "los.json").write_text('{"titel": "van elders"}', encoding="utf-8")
    (map_ / "manifest.json").write_text("{}", encoding="utf-8")  # beside no figure: no sidecar
    monkeypatch.setenv(werkstroom.FIGUURVARIABELE, str(map_))
    assert list(verouderd(map_)["oordeel"]) == ["onbekend"]
    werkstroom.figuurmap()  # no warning: warnings are errors here
    assert "Let op" not in embed_figuur(map_ / "kaart.png")

    _ververs(kopie)
    oud = verouderd(map_)
    assert oud["oordeel"].to_dict() == {"kaart": "verouderd", "los": "onbekend", "sub/tabel": "verouderd"}
    assert oud.loc["kaart", "titel"] == "Titel <b>"
    with pytest.warns(
        VerouderdWaarschuwing, match="2 figuren en tabellen zijn ouder dan de gegevens: kaart, sub/tabel"
    ):
        assert werkstroom.figuurmap() == map_
    with pytest.warns(
        VerouderdWaarschuwing, match=r"kaart\.png: Let op: deze figuur is gemaakt met snapshot"
    ):
        html = embed_figuur(map_ / "kaart")
    assert 'role="alert"' in html and "Maak de figuur opnieuw" in html
    assert "Titel &lt;b&gt;" in html and 'alt="Beeld met &quot;tekst&quot;"' in html
    with pytest.warns(VerouderdWaarschuwing, match="niet bekend"):
        embed_figuur(map_ / "los.png")


def test_folder_or_figure_that_is_not_there(tmp_path):
    with pytest.raises(BronFout, match="is geen map"):
        verouderd(tmp_path / "nee")
    with pytest.raises(BronFout, match="bestaat niet"):
        embed_figuur(tmp_path / "nee.png")
    (tmp_path / "x.png").write_bytes(b"")
    (tmp_path / "x.json").write_text("{kapot", encoding="utf-8")
    assert list(verouderd(tmp_path)["oordeel"]) == ["onbekend"]


# --- citing a brief -------------------------------------------------------------------------------------------


def _brief(map_, *, som=None):
    """A brief as `huisartsdata brief` leaves it: html, pdf, zip, and the booklet beside them."""
    s = hd.snapshot()
    som = som or s.hash
    map_.mkdir(parents=True, exist_ok=True)
    (map_ / "drenthe.html").write_text(
        f'<!doctype html><html lang="nl"><body><h1>Huisartsenzorg in Drenthe &amp; co</h1><table><caption>Tabel 1. Kern</caption>'
        "<tbody><tr><th>a</th><td>geen bron</td></tr></tbody></table><table><caption>Tabel 6. Alle invoer van deze brief</caption>"
        "<tbody><tr><th>Inwoners</th><td>CBS, 85984NED</td><td>2024</td></tr><tr><th>Afstand</th><td>CBS, 85984NED</td>"
        "<td>2024</td></tr><tr><th>Norm</th><td>NZa, tarief</td><td>2018</td></tr></tbody></table><dl><dt>Versie</dt>"
        f"<dd>huisartsdata 9.9; gegevens {s.versie} van 22 november 2026, hash {som[:16]}</dd><dt>Opnieuw maken</dt>"
        "<dd><code>huisartsdata brief PV22</code></dd></dl></body></html>",
        encoding="utf-8",
    )
    (map_ / "drenthe.pdf").write_bytes(b"%PDF-1.7 verzonnen")
    inhoud = {
        "brief": "Huisartsenzorg in Drenthe", "opdracht": "huisartsdata brief PV22", "versie": "9.9", "snapshot": s.versie,
        "hash": som, "gegevens_van": "22 november 2026", "bronnen": ["CBS, 85984NED", "NZa, tarief"],
    }  # fmt: skip
    with zipfile.ZipFile(map_ / "drenthe.zip", "w") as z:
        z.writestr("herkomst.json", json.dumps(inhoud))
    bestanden = {
        p.suffix[1:]: {"naam": p.name, "sha256": bestandshash(p)} for p in sorted(map_.glob("drenthe.*"))
    }
    boekje = {
        "titel": "Huisartsenzorg in Drenthe",
        "opdracht": "huisartsdata brief PV22",
        "versie": "9.9",
        "bestanden": bestanden,
    }
    (map_ / "brief.json").write_text(json.dumps(boekje), encoding="utf-8")
    return map_


@pytest.mark.parametrize("naam", ["drenthe.zip", "drenthe.html", "drenthe.pdf", "brief.json", "."])
def test_a_brief_is_cited_from_any_of_its_files(tmp_path, naam):
    s = hd.snapshot()
    h = lees_briefherkomst(_brief(tmp_path / "b") / naam)
    assert h.titel.startswith("Huisartsenzorg in Drenthe") and h.versie == "9.9" and not h.gewijzigd
    kop, hoe, *rest = h.regels()
    assert (
        f"huisartsdata 9.9, snapshot {s.versie} (hash {s.hash[:16]}), gegevens van 22 november 2026." in kop
    )
    assert hoe == "Gemaakt met: huisartsdata brief PV22"
    assert rest == ["Bronnen:", "- CBS, 85984NED.", "- NZa, tarief."]


def test_a_brief_of_other_data_or_edited_by_hand_says_so(tmp_path, monkeypatch, capsys):
    from huisartsdata import cli

    map_ = _brief(tmp_path / "b", som="f" * 64)
    (map_ / "drenthe.pdf").write_bytes(b"%PDF-1.7 mooier")
    monkeypatch.setattr(sys, "argv", ["huisartsdata", "cite", str(map_ / "drenthe.pdf")])
    with pytest.raises(SystemExit) as e:
        cli.main()
    uit = capsys.readouterr().out
    assert not e.value.code
    assert "Let op: het bestand is veranderd nadat huisartsdata het maakte." in uit
    assert "Let op: de gegevens zijn sindsdien veranderd; nu geldt snapshot" in uit


def test_what_is_no_brief_is_one_line(tmp_path):
    (tmp_path / "x.html").write_text("<h1>Iets anders</h1>", encoding="utf-8")
    (tmp_path / "x.zip").write_bytes(b"PK kapot")
    (tmp_path / "y.json").write_text("[]", encoding="utf-8")
    for naam in ("x.html", "x.zip", "y.json", "."):
        with pytest.raises(BronFout, match="is geen brief van huisartsdata"):
            lees_briefherkomst(tmp_path / naam)
    with pytest.raises(BronFout, match="bestaat niet"):
        lees_briefherkomst(tmp_path / "nee.pdf")


@pytest.mark.parametrize("naam", [".", "./", "../b", ""])
def test_a_brief_is_cited_from_inside_its_own_folder(tmp_path, monkeypatch, capsys, naam):
    monkeypatch.chdir(_brief(tmp_path / "b"))
    code, uit, fout = _cite(monkeypatch, capsys, naam)
    if naam:
        assert not code and uit.startswith("Huisartsenzorg in Drenthe. huisartsdata 9.9, snapshot")
    else:  # an empty setting in a script is no brief, whatever lies here
        assert (code, uit) == (1, "") and fout.startswith("fout: de naam van de brief is leeg")


def test_a_folder_is_not_cited_from_what_lies_beside_it(tmp_path):
    _brief(tmp_path)
    (tmp_path / "drenthe").mkdir()
    with pytest.raises(BronFout, match="is geen brief"):
        lees_briefherkomst(tmp_path / "drenthe")


def test_a_brief_without_page_or_zip_still_says_that_its_data_changed(tmp_path):
    boekje = {
        "titel": "Assen",
        "opdracht": "huisartsdata brief GM0106",
        "snapshot": "2023.1",
        "hash": "f" * 64,
    }
    (tmp_path / "brief.json").write_text(json.dumps(boekje), encoding="utf-8")
    regels = lees_briefherkomst(tmp_path).regels()
    assert "snapshot 2023.1 (hash ffffffffffffffff)" in regels[0]
    assert regels[-1].startswith("Let op: de gegevens zijn sindsdien veranderd; nu geldt snapshot")


def _cite(monkeypatch, capsys, *wat):
    from huisartsdata import cli

    monkeypatch.setattr(sys, "argv", ["huisartsdata", "cite", *wat])
    with pytest.raises(SystemExit) as e:
        cli.main()
    return e.value.code or 0, *capsys.readouterr()


def test_whatever_is_given_to_cite_is_one_line(tmp_path, monkeypatch, capsys, tel):
    """No brief, no folder, no name: one Dutch line, and never the wait for a pipe that nobody writes to."""
    goed = {"titel": "T", "opdracht": "x"}
    boekjes = {
        "leeg": "", "lijst": "[1]", "getal": "9" * 100_000, "veld": json.dumps(goed)[:-1] + ', "n": ' + "9" * 10_000 + "}",
        "diep": "[" * 200_000, "dieper": '{"titel":' * 100_000, "utf": b"\xff\xfe{", "nul": "\0", "soort": '{"titel": 1, "opdracht": [2]}',
    }  # fmt: skip
    for naam, inhoud in boekjes.items():
        (tmp_path / naam).mkdir()
        (tmp_path / naam / "brief.json").write_bytes(inhoud if isinstance(inhoud, bytes) else inhoud.encode())
    (tmp_path / "map" / "brief.json").mkdir(parents=True)
    for naam, inhoud in {
        "x.html": "<![x<!doctype [ <&#99999999999;", "y.html": "<div>" * 100_000, "x.zip": "PK", "x.pdf": "%", "x": ""
    }.items():  # fmt: skip
        (tmp_path / "map" / naam).write_text(inhoud, encoding="utf-8")
    (tmp_path / "mapzip" / "x.zip").mkdir(parents=True)
    (tmp_path / "kapot").symlink_to("nergens")
    (tmp_path / "lus").symlink_to("lus")
    dicht = tmp_path / "dicht"
    dicht.mkdir()
    dicht.chmod(0)
    namen = [
        "", ".", "..", "/", "./.", "../..", "~", "-", "nergens", os.devnull, "dicht", "dicht/x.pdf", "kapot", "lus", "lus/x",
        "x" * 5000, "a/" * 3000, "a\0b", "a\nb", "\u202ex", "\ud800", "map/brief.json", "map/x", "mapzip/x.zip", *boekjes,
        *(f"map/x.{s}" for s in ("html", "zip", "pdf")), "map/y.html", *(f"{n}/." for n in boekjes), "leeg/..",
    ]  # fmt: skip
    if hasattr(os, "mkfifo"):
        (tmp_path / "pijp").mkdir()
        for naam in ("brief.json", "x.zip", "x.html"):
            os.mkfifo(tmp_path / "pijp" / naam)
        namen += ["pijp", "pijp/brief.json", "pijp/x.zip", "pijp/x.html"]
    monkeypatch.chdir(tmp_path)
    try:
        for naam in namen:
            with tel.poging("what is given to cite and is no brief"):
                code, uit, fout = _cite(monkeypatch, capsys, naam)
                assert (code, uit) == (1, ""), naam
                assert fout.startswith("fout: ") and fout.count("\n") == 1 and fout[:-1].isprintable(), naam
                assert len(fout) < 500 and ";" in fout, naam
    finally:
        dicht.chmod(0o755)


def test_a_folder_that_may_not_be_read_is_one_line(tmp_path, monkeypatch):
    def weiger(_pad):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(tmp_path), "exists", weiger)
    with pytest.raises(BronFout, match=r"x\.pdf is niet te lezen \(geen toegang\); geef"):
        lees_briefherkomst(tmp_path / "x.pdf")


def test_a_real_brief_is_cited_from_its_page_and_its_zip(tmp_path):
    from huisartsdata.uitvoer.brieven.briefhtml import to_html
    from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Brief, Kop
    from huisartsdata.uitvoer.brieven.briefzip import to_zip

    s = hd.snapshot()
    velden = dict.fromkeys(Brief.__dataclass_fields__, "x")
    velden |= {
        "titel": "Huisartsenzorg in Zeeland", "kernpunten": ("a",), "secties": (Kop("Kop"), Alinea("tekst")), "trefwoorden": (),
        "snapshot": s,
        "colofon": (("Versie", f"huisartsdata 0.1.0; gegevens {s.versie} van 1 mei 2026, hash {s.hash[:16]}"), ("Opnieuw maken", "huisartsdata brief PV29")),
        "opdracht": "huisartsdata brief PV29", "versie": "0.1.0", "datum": "1 mei 2026",
    }  # fmt: skip
    brief = Brief(**velden)
    (tmp_path / "z.html").write_bytes(to_html(brief))
    (tmp_path / "z.zip").write_bytes(to_zip(brief))
    for naam in ("z.html", "z.zip"):
        h = lees_briefherkomst(tmp_path / naam)
        assert (h.titel, h.versie, h.snapshot, h.hash[:16]) == (
            "Huisartsenzorg in Zeeland",
            "0.1.0",
            s.versie,
            s.hash[:16],
        )
        assert h.opdracht == "huisartsdata brief PV29" and h.datum == "1 mei 2026"
    assert len(lees_briefherkomst(tmp_path / "z.zip").bronnen) == len({b.citatie for b in s.bronnen.values()})


def test_sidecars_and_booklets_edited_by_hand_are_read_or_not(tmp_path, tel):
    """Whatever stands in them: listed as stale or unknown, cited or refused in one line, never a crash."""
    import random

    from huisartsdata.uitvoer.ouderdom import embed_figuur, lees_herkomst, verouderd

    from .test_herhaling import _bederf

    zijbestand = {
        "hash": "0" * 64,
        "snapshot": "2023.1",
        "titel": "Kaart",
        "alt_tekst": "a",
        "bronregel": "b",
        "gelezen": [{"peiljaar": 2024, "snapshot": "2023.1", "hash": "0" * 64}],
    }
    boekje = {
        "titel": "Assen", "opdracht": "huisartsdata brief GM0106", "versie": "1", "datum": "2026-01-01",
        "bestanden": {"html": {"naam": "assen.html", "sha256": "0"}, "pdf": {"naam": "assen.pdf", "sha256": "0"}},
    }  # fmt: skip
    (tmp_path / "kaart.png").write_bytes(b"\x89PNG")
    (tmp_path / "assen.pdf").write_bytes(b"%PDF")
    rng = random.Random(8)
    for nr in range(150):
        with tel.poging("provenance beside a figure or brief edited by hand"):
            tekst = json.dumps(_bederf(zijbestand, rng)) if nr else "[" * 200_000
            (tmp_path / "kaart.json").write_text(tekst, encoding="utf-8")
            (oordeel,) = verouderd(tmp_path).loc[["kaart"], "oordeel"]
            assert oordeel == (
                "verouderd"
                if isinstance((lees_herkomst(tmp_path / "kaart") or {}).get("hash"), str)
                else "onbekend"
            )
            with pytest.warns(UserWarning, match="Let op"):
                html = embed_figuur(tmp_path / "kaart")
            assert 'role="alert"' in html
        with tel.poging("provenance beside a figure or brief edited by hand"):
            tekst = json.dumps(_bederf(boekje, rng)) if nr else "[" * 200_000
            (tmp_path / "brief.json").write_text(tekst, encoding="utf-8")
            try:
                regels = lees_briefherkomst(tmp_path / "assen.pdf").regels()
            except BronFout as e:
                regels = (str(e),)
            assert all(r.isprintable() for r in regels)
