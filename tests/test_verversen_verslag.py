"""What a refresh tells: the report and its note, which figures and briefs move, and no password in what it keeps."""

from __future__ import annotations

import base64
import errno
import json
import os
import sys

import pandas as pd
import pytest
import requests

from huisartsdata import verversbrieven
from huisartsdata.bronnen import catalogus, schrijfveilig
from huisartsdata.bronnen.ophalen import Verbinding, maak_sessie
from huisartsdata.bronnen.vergelijking import KERNCIJFERS, schrijf_rapport, vergelijk
from huisartsdata.cli import opdracht_refresh
from huisartsdata.verversen import Uitkomst

from .nepserver.opstelling import NIEUW, OUD, boom, klein_land, opstelling  # noqa: F401
from .nepserver.server import Nepserver

KOP = f"## Snapshot {NIEUW}.1 (peiljaar {NIEUW})"


# --- a name or password in an address ------------------------------------------------------------------------


@pytest.mark.parametrize("bron", ["cbs", "pdok"])
@pytest.mark.parametrize(
    "adres",
    ["http://jan:geheim@127.0.0.1:1", "jan:geheim@127.0.0.1", "https://jan:ge/geheim@x", "https://geheim@x"],
)
@pytest.mark.parametrize("optie", [True, False])
def test_an_address_with_a_password_is_refused_and_not_repeated(opstelling, bron, adres, optie):  # noqa: F811
    voor = boom(opstelling.map)
    if not optie:
        opstelling.monkeypatch.setenv(f"HUISARTSDATA_{bron.upper()}", adres)
    # the address of the other server goes into the same connection
    for gevraagd in (bron,) if optie else ("cbs", "pdok"):
        code, uit, fout = opstelling.refresh(gevraagd, *(("--adres", adres) if optie else ()))
        assert code == 1
        assert len(fout.splitlines()) == 1
        assert ("--adres" if optie else f"HUISARTSDATA_{bron.upper()}") in fout
        assert "geef het zonder" in fout
        assert "geheim" not in uit + fout
    assert opstelling.cbs.verzoeken == opstelling.pdok.verzoeken == []
    assert boom(opstelling.map) == voor
    assert not (opstelling.map / "verversen.log").exists()


def test_an_option_without_a_password_goes_before_a_setting_with_one(opstelling):  # noqa: F811
    opstelling.monkeypatch.setenv("HUISARTSDATA_CBS", "http://jan:geheim@127.0.0.1:1")
    code, _, fout = opstelling.refresh("cbs", "--dry-run", "--adres", opstelling.cbs.adres)
    assert code == 0, fout


@pytest.mark.parametrize("klaar", [True, False])
def test_a_server_is_asked_with_what_netrc_says(tmp_path, monkeypatch, klaar):
    """The advice that a refused address gives works, also for a client that prepares its own requests."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login jan password geheim\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Nepserver(lambda *_: (200, b"{}")) as server, maak_sessie(server.adres) as sessie:
        vraag = requests.Request("GET", server.adres).prepare()
        antwoord = sessie.send(vraag, timeout=5) if klaar else sessie.get(server.adres, timeout=5)
    assert antwoord.request.headers["Authorization"] == f"Basic {base64.b64encode(b'jan:geheim').decode()}"


def test_a_password_of_a_proxy_is_in_no_file(opstelling):  # noqa: F811
    for naam in ("HTTP_PROXY", "http_proxy"):
        opstelling.monkeypatch.setenv(naam, "http://jan:geheim@127.0.0.1:9")
    for naam in ("NO_PROXY", "no_proxy"):
        opstelling.monkeypatch.delenv(naam, raising=False)
    code, uit, fout = opstelling.refresh("pdok")
    assert code == 1
    assert "geen verbinding" in fout
    log = (opstelling.map / "verversen.log").read_text(encoding="utf-8")
    assert "gestopt" in log
    assert "geheim" not in uit + fout + log


# --- the note ------------------------------------------------------------------------------------------------


def test_a_dry_run_shows_the_note_and_writes_none(opstelling):  # noqa: F811
    notitie = opstelling.map.parent / "snapshots.md"
    notitie.write_text("# Snapshots\n")
    voor = boom(opstelling.map.parent)
    code, uit, fout = opstelling.refresh("cbs", "--dry-run", "--notitie", str(notitie))
    assert code == 0, fout
    assert f"# Snapshot {NIEUW}.1 (peiljaar {NIEUW})" in uit
    assert f"{notitie} is niet gewijzigd; zonder --dry-run komt dit verslag erachter" in uit
    assert boom(opstelling.map.parent) == voor


@pytest.mark.parametrize("waar", ["bestand/n.md", "bestand/map/n.md", "x" * 300])
def test_a_place_that_takes_no_note_is_said_before_anything_is_fetched(opstelling, waar):  # noqa: F811
    (opstelling.map.parent / "bestand").write_text("x")
    voor = boom(opstelling.map.parent)
    code, uit, fout = opstelling.refresh("cbs", "--notitie", str(opstelling.map.parent / waar))
    assert (code, uit, opstelling.cbs.verzoeken) == (1, "", [])
    assert len(fout.splitlines()) == 1
    assert "daar kan niet worden geschreven" in fout
    assert boom(opstelling.map.parent) == voor


def test_a_folder_or_file_that_may_not_be_written_takes_no_note(opstelling):  # noqa: F811
    dicht = opstelling.map.parent / "dicht"
    dicht.mkdir()
    (open_ := opstelling.map.parent / "vast.md").write_text("x")
    open_.chmod(0o444)
    dicht.chmod(0o555)
    try:
        if os.access(dicht, os.W_OK):
            pytest.skip("this user may write everywhere")
        for pad in (dicht / "n.md", dicht / "verder" / "n.md", open_):
            code, _, fout = opstelling.refresh("cbs", "--notitie", str(pad))
            assert code == 1
            assert "daar kan niet worden geschreven" in fout
    finally:
        dicht.chmod(0o755)
    assert opstelling.cbs.verzoeken == []


def test_a_note_that_fails_after_all_says_that_the_snapshot_is_there(opstelling):  # noqa: F811
    notitie = opstelling.map.parent / "notities" / "n.md"
    with pytest.MonkeyPatch.context() as mp:
        echt = schrijfveilig.vervang

        def vol(pad, inhoud):
            if pad.name == "n.md":
                with schrijfveilig.schrijffouten(pad.parent):
                    raise OSError(errno.ENOSPC, "No space left on device")
            echt(pad, inhoud)

        mp.setattr(schrijfveilig, "vervang", vol)
        code, uit, fout = opstelling.refresh("cbs", "--notitie", str(notitie))
    nieuw = opstelling.map / f"{NIEUW}.1"
    assert code == 1
    assert nieuw.is_dir()
    assert "| inwoners (personen) | 504.129 | 509.164 | +5.035 | 12 |" in uit  # the report is not lost
    assert len(fout.splitlines()) == 1
    assert f"snapshot {NIEUW}.1 staat in {nieuw}, maar het verslag kon niet aan {notitie}" in fout
    assert str(nieuw / catalogus.RAPPORT) in fout
    assert "ongewijzigd" not in fout
    assert "HUISARTSDATA_DATA" not in fout
    # what the message advises: the same command again adds the note, and once
    code, uit, fout = opstelling.refresh("cbs", "--notitie", str(notitie))
    assert code == 0, fout
    assert "niets veranderd" in uit
    assert f"het verslag van snapshot {NIEUW}.1 is toegevoegd aan {notitie}" in uit
    tekst = notitie.read_text(encoding="utf-8")
    assert tekst.startswith(KOP)
    assert "| inwoners (personen) | 504.129 | 509.164 | +5.035 | 12 |" in tekst
    code, uit, _ = opstelling.refresh("cbs", "--notitie", str(notitie))
    assert code == 0
    assert "staat er al in" in uit
    assert notitie.read_text(encoding="utf-8") == tekst


def test_a_run_that_changes_nothing_adds_the_note_that_is_lacking(opstelling):  # noqa: F811
    assert opstelling.refresh()[0] == 0
    notitie = opstelling.map.parent / "n.md"
    code, uit, _ = opstelling.refresh("cbs", "--dry-run", "--notitie", str(notitie))
    assert code == 0
    assert f"# Snapshot {NIEUW}.1 (peiljaar {NIEUW})" in uit  # shown, as a dry run does
    assert not notitie.exists()
    code, uit, _ = opstelling.refresh("cbs", "--notitie", str(notitie))
    assert notitie.read_text(encoding="utf-8").startswith(KOP)
    # a snapshot without a report, as the embedded one, has none to add
    (opstelling.map / f"{NIEUW}.1" / catalogus.RAPPORT).unlink()
    code, uit, _ = opstelling.refresh("cbs", "--notitie", str(notitie.with_name("leeg.md")))
    assert code == 0
    assert f"snapshot {NIEUW}.1 heeft geen verslag" in uit
    assert not notitie.with_name("leeg.md").exists()


def test_boundaries_of_a_year_without_a_snapshot_have_no_report_to_note(opstelling):  # noqa: F811
    notitie = opstelling.map.parent / "n.md"
    code, uit, fout = opstelling.refresh("pdok", "--notitie", str(notitie))
    assert code == 0, fout
    assert f"{notitie} is niet gewijzigd: er is nog geen verslag" in uit
    assert not notitie.exists()


def test_what_somebody_writes_in_the_notes_meanwhile_stays(opstelling):  # noqa: F811
    (notitie := opstelling.map.parent / "echt.md").write_text("# Snapshots\n")
    (verwijzing := notitie.with_name("n.md")).symlink_to(notitie)
    geef = opstelling.cbs.geef
    echt = type(geef).__call__

    def terwijl(zelf, *vraag):
        notitie.write_text("# Snapshots\n\nEen regel erbij.\n")
        return echt(zelf, *vraag)

    opstelling.monkeypatch.setattr(type(geef), "__call__", terwijl)
    assert opstelling.refresh("cbs", "--notitie", str(verwijzing))[0] == 0
    assert notitie.read_text(encoding="utf-8").startswith(f"# Snapshots\n\nEen regel erbij.\n\n{KOP}")
    assert verwijzing.is_symlink()


def test_the_note_is_written_also_when_nobody_reads_the_output_to_its_end(tmp_path, monkeypatch):
    notitie = tmp_path / "n.md"

    def dicht(*_, **__):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(opdracht_refresh.typer, "echo", dicht)
    uit = Uitkomst(f"{KOP[1:]}\n\nx\n", tmp_path, f"{NIEUW}.1", "snapshot")
    with pytest.raises(BrokenPipeError):
        opdracht_refresh._toon(uit, notitie, droog=False)
    assert notitie.read_text(encoding="utf-8") == f"{KOP}\n\nx\n"


def test_a_log_that_cannot_be_written_names_its_option(opstelling):  # noqa: F811
    (opstelling.map.parent / "bestand").write_text("x")
    code, _, fout = opstelling.refresh(
        "cbs", "--logbestand", str(opstelling.map.parent / "bestand" / "x.log")
    )
    assert (code, opstelling.cbs.verzoeken) == (1, [])
    assert "--logbestand" in fout
    assert "HUISARTSDATA_DATA" not in fout


def test_a_dry_run_writes_the_log_it_is_asked_for(opstelling):  # noqa: F811
    log = opstelling.map.parent / "proef.log"
    assert opstelling.refresh("cbs", "--dry-run", "--logbestand", str(log))[0] == 0
    assert "StatLine-tabel 90001NED" in log.read_text(encoding="utf-8")
    assert sorted(p.name for p in opstelling.map.iterdir()) == [str(OUD)]


# --- gemeenten that come, go and change their name -------------------------------------------------------------


def _gemeenten(namen: dict[str, str], inwoners: float = 1000.0) -> dict[str, pd.DataFrame]:
    t = pd.DataFrame({k: inwoners for k, *_ in KERNCIJFERS.values()}, index=list(namen))
    return {"gemeenten": t.assign(naam=list(namen.values()))}


def _rapport(oud, nieuw) -> list[str]:
    return schrijf_rapport(
        vergelijk(oud, nieuw),
        kop={"versie": "2026.1", "peiljaar": 2026, "gemaakt": "2026-11-22"},
        vorige="2025.1", herkomst={}, kolommen=((), ()), opmerkingen=(), brieven=(),
    ).splitlines()  # fmt: skip


def test_the_report_names_gemeenten_that_come_go_and_change_their_name():
    oud = _gemeenten({"GM0001": "Een", "GM0002": "Twee", "GM0003": "Drie", "GM0004": "Vier"})
    nieuw = _gemeenten({"GM0001": "Een", "GM0003": "Drie aan Zee", "GM0005": "Vijf", "GM0006": "Zes|\nx"})
    regels = _rapport(oud, nieuw)
    assert "- erbij: Vijf (GM0005), Zes/ x (GM0006)" in regels
    assert "- vervallen: Twee (GM0002), Vier (GM0004)" in regels
    assert "- andere naam: Drie werd Drie aan Zee (GM0003)" in regels
    v = vergelijk(oud, nieuw)
    assert v.erbij == {"GM0005": "Vijf", "GM0006": "Zes|\nx"}
    assert list(v.gemeenten.index) == ["GM0001", "GM0003"]  # only those in both have a difference


def test_the_report_says_none_where_the_gemeenten_stay():
    t = _gemeenten({"GM0001": "Een"})
    regels = _rapport(t, t)
    assert {"- erbij: geen", "- vervallen: geen", "- andere naam: geen"} <= set(regels)


def test_another_name_at_the_source_is_told(opstelling):  # noqa: F811
    t = opstelling.tabel("90001NED")
    kolom = next(k for k in t.kolommen if k.startswith("Gemeentenaam"))
    for d in t.dimensies["WijkenEnBuurten"]:
        if d["Key"].startswith("GM0106"):
            d["Title"] = "Assen aan de Aa"
    for r in t.rijen:
        if r[kolom].strip() == "Assen":
            r[kolom] = "Assen aan de Aa".ljust(40)
    for nummer in ("90002NED",):
        gebieden = opstelling.tabel(nummer)
        for d in next(iter(gebieden.dimensies.values())):
            if str(d["Key"]).startswith("GM0106"):
                d["Title"] = "Assen aan de Aa"
    code, uit, fout = opstelling.refresh("cbs", "--dry-run")
    assert code == 0, fout
    assert "- andere naam: Assen werd Assen aan de Aa (GM0106)" in uit


# --- figures and briefs ----------------------------------------------------------------------------------------


def _manifest(map_, boeken):
    map_.mkdir(parents=True, exist_ok=True)
    (map_ / "manifest.json").write_text(
        boeken if isinstance(boeken, str) else json.dumps({"notebooks": boeken})
    )


def _brief(map_, naam, opdracht):
    (map_ / naam).mkdir(parents=True)
    (map_ / naam / "brief.json").write_text(
        json.dumps({"titel": naam.title(), "opdracht": f"huisartsdata brief {opdracht}"})
    )


def _boek(*gegevens):
    return {"gegevens": dict.fromkeys(gegevens, "x"), "uitvoer": {"a.png": "y", "b.png": "y"}}


def _bewegen(map_, veranderd=("gemeenten",)):
    return verversbrieven.brieven_die_bewegen(map_, 2024, set(veranderd), nieuwe_map=map_)


def test_figures_of_a_run_for_one_area_are_named(tmp_path):
    _manifest(
        tmp_path / "gm0505", {"06_eigen_regio.ipynb": _boek("2024/gemeenten.parquet", "parameters.csv")}
    )
    regel = "- notebook gm0505/06_eigen_regio.ipynb: bestanden 2, gemaakt uit gemeenten"
    assert _bewegen(tmp_path) == [regel]
    _manifest(tmp_path, {"../01\n.ipynb": _boek("2024.2/gemeenten.parquet", "2024.2/wijken.parquet")})
    # the whole country first; a name is no path, and no line either
    wortel = "- notebook ../01 .ipynb: bestanden 2, gemaakt uit gemeenten, wijken"
    assert _bewegen(tmp_path, ("gemeenten", "wijken")) == [wortel, regel]


def test_figures_of_another_year_or_of_another_table_are_not(tmp_path):
    _manifest(
        tmp_path,
        {"a.ipynb": _boek("2026.1/gemeenten.parquet", "bronnen/gemeenten.toml", "2024/water.parquet")},
    )
    _manifest(tmp_path / ".klaar-1", {"b.ipynb": _boek("2024/gemeenten.parquet")})
    assert _bewegen(tmp_path) == []


@pytest.mark.parametrize("inhoud", ["{", "[]", "", "[" * 100_000])
def test_a_manifest_that_cannot_be_read_is_named(tmp_path, inhoud):
    _manifest(tmp_path / "gm0505", inhoud)
    (regel,) = _bewegen(tmp_path)
    assert regel.startswith("- gm0505/manifest.json is niet te lezen")


def test_a_folder_of_figures_that_is_not_there_is_said(tmp_path):
    (regel,) = _bewegen(tmp_path / "figurs")
    assert "figurs; geef met --figuren" in regel
    assert verversbrieven.brieven_die_bewegen(None, 2024, {"gemeenten"}, nieuwe_map=tmp_path) == []


def _rij(inwoners, nodig, bereikt):
    return dict(
        zip(verversbrieven.CIJFERS, (inwoners, nodig, bereikt, max(0.0, nodig - bereikt)), strict=True)
    )


@pytest.fixture
def gerekend(monkeypatch):
    """Two gemeenten, one of which has room; a wijk; a gemeente that goes."""
    oud = {"GM0106": _rij(10.0, 5.0, 4.0), "GM0114": _rij(20.0, 10.0, 11.5), "GM1730": _rij(7.0, 1.0, 1.0),
           "WK010600": _rij(6.0, 3.0, 2.0)}  # fmt: skip
    nieuw = {**oud, "GM0106": _rij(14.0, 7.0, 4.0), "WK010600": _rij(8.0, 4.0, 2.0)}
    del nieuw["GM1730"]
    monkeypatch.setattr(
        verversbrieven, "_reken", lambda keuzes, map_: [oud if map_ is None else nieuw for _ in keuzes]
    )


def test_briefs_of_several_gemeenten_and_of_a_wijk_are_compared(tmp_path, gerekend):
    _brief(tmp_path, "samen", "GM0106,GM0114")
    _brief(tmp_path, "wijk", "WK010600 --trekkingen 200")
    wijk, samen = sorted(_bewegen(tmp_path), key=len)
    assert wijk == (
        "- brief Wijk (WK010600): inwoners van 6 naar 8 (+2); nodig van 3,0 naar 4,0 fte (+1,0); "
        "tekort van 1,0 naar 2,0 fte (+1,0)"
    )
    # the shortage is that of the area as a whole: 15 needed and 15.5 reached, not 1 short in a part of it
    assert samen == (
        "- brief Samen (GM0106, GM0114): inwoners van 30 naar 34 (+4); nodig van 15,0 naar 17,0 fte (+2,0); "
        "tekort van 0,0 naar 1,5 fte (+1,5)"
    )


def test_briefs_that_are_not_compared_are_named_per_reason(tmp_path, gerekend):
    for naam, opdracht in {
        "tynaarlo": "GM1730", "met": "GM0106,GM1730", "nergens": "GM9999", "drecht": "eigen:D --gebieden d.csv",
        "rho": "GM0106 --functie alle --bestand rho.csv", "raar": "GM0106 --norm x", "gelijk": "GM0114",
    }.items():  # fmt: skip
        _brief(tmp_path, naam, opdracht)
    (tmp_path / "leeg").mkdir()
    (tmp_path / "leeg" / "brief.json").write_text("")
    assert _bewegen(tmp_path) == [
        "- brieven waarvan deze cijfers gelijk blijven: 1",
        "- brieven met eigen bestanden, niet vergeleken: 2 (Drecht (eigen:D); Rho (GM0106))",
        "- brieven over een gebied dat niet in de huidige snapshot staat, niet vergeleken: 1 (Nergens (GM9999))",
        "- brieven over een gebied dat vervalt, niet vergeleken: 2 (Met (GM0106, GM1730); Tynaarlo (GM1730))",
        "- brieven waarvan de opdracht niet te lezen is, niet vergeleken: 2 (leeg/brief.json; raar/brief.json)",
    ]


def test_a_brief_with_a_scenario_is_compared_without_it_and_says_so(tmp_path, gerekend):
    _brief(tmp_path, "assen", "GM0106 --scenario jaar:2035")
    assert _bewegen(tmp_path)[0].startswith(
        "- brief Assen (GM0106; zonder het scenario): inwoners van 10 naar 14"
    )


def test_a_long_list_of_briefs_that_are_not_compared_says_how_many_more(tmp_path, gerekend):
    for n in range(12):
        _brief(tmp_path, f"b{n:02}", "GM1730")
    (regel,) = _bewegen(tmp_path)
    assert "niet vergeleken: 12 (B00 (GM1730); " in regel
    assert regel.endswith("; B09 (GM1730); en nog 2)")


def test_briefs_with_own_files_are_named_also_when_the_others_could_not_be_computed(tmp_path, monkeypatch):
    monkeypatch.setattr(verversbrieven, "_reken", lambda *_: [])
    _brief(tmp_path, "a", "GM0106")
    _brief(tmp_path, "b", "eigen:D --gebieden d.csv")
    een, twee = _bewegen(tmp_path)
    assert een.startswith("De cijfers van 1 brieven konden niet worden vergeleken")
    assert twee == "- brieven met eigen bestanden, niet vergeleken: 1 (B (eigen:D))"


def test_areas_of_parts_have_the_figures_that_a_brief_gives_them(monkeypatch, capsys):
    """Against what a brief itself computes: a wijk, wijken over a border, and gemeenten."""
    import io

    import huisartsdata as hd
    from huisartsdata.model.tekort import beeld_zonder_trekkingen
    from huisartsdata.uitvoer.verhaal.gebiedssom import maak_vervalpunt, voeg_samen

    keuze = ("", verversbrieven.FUNCTIE)
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps([keuze])))
    verversbrieven.druk_cijfers()
    (cijfers,) = json.loads(capsys.readouterr().out)
    s = hd.landelijke_situatie(functie=verversbrieven.FUNCTIE)
    for wijken in (["WK010600"], ["WK010600", "WK011401"]):
        punt = voeg_samen(beeld_zonder_trekkingen(s, "wijk"), {"eigen": tuple(wijken)})
        gevonden = verversbrieven._samen(wijken, cijfers)
        assert gevonden["inwoners"] == hd.load_wijken().loc[wijken, "inwoners"].sum()
        assert gevonden["nodig_fte"] == pytest.approx(float(punt.nodig[0, 0]))
        assert gevonden["bereikt_fte"] == pytest.approx(float(punt.bereikt[0, 0]))
    # where nobody lives nothing is needed: that is a wijk, and no unknown area
    leeg = hd.load_wijken().query("inwoners.isna()").index[0]
    assert verversbrieven._samen([leeg], cijfers) == dict.fromkeys(verversbrieven.CIJFERS, 0.0)
    p, samen = maak_vervalpunt(s), ["GM0106", "GM0114"]
    gevonden = verversbrieven._samen(samen, cijfers)
    nodig, bereikt = float(p.vraag[samen].sum()) / s.norm, float(p.bereikt.loc[samen].iloc[:, 0].sum())
    assert gevonden["nodig_fte"] == pytest.approx(nodig)
    assert gevonden["tekort_fte"] == pytest.approx(max(0.0, nodig - bereikt))


def test_the_default_addresses_hold_nothing_that_is_refused():
    assert "@" not in Verbinding().cbs + Verbinding().pdok
