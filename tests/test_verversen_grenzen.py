"""What a refresh keeps to: its own server, one at a time, settings that can be kept, and what it says of other years."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading

import pytest

import huisartsdata as hd
from huisartsdata import verversbrieven, verversen
from huisartsdata.bronnen import catalogus, ophalen, statline, vergelijking
from huisartsdata.bronnen.ophalen import Verbinding, op_server
from huisartsdata.bronnen.schrijfveilig import alleen
from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.werk import werkkernel

from .nepserver.opstelling import NIEUW, OUD, boom, figuren, klein_land, opstelling  # noqa: F401
from .nepserver.server import Nepserver

INFO = "90001NED/TableInfos"


def _geweigerd(o, *bevat, bron="cbs", woorden=()):
    """One line, and nothing of the user's data differs."""
    voor = {k: v for k, v in boom(o.map).items() if not k.startswith(".ophalen/")}
    code, uit, fout = o.refresh(bron, *woorden)
    assert code == 1, uit
    (regel,) = fout.strip().splitlines()
    for tekst in bevat:
        assert tekst in regel, regel
    assert {k: v for k, v in boom(o.map).items() if not k.startswith(".ophalen/")} == voor


# --- its own server -------------------------------------------------------------------------------------------


@pytest.fixture
def elders():
    """Another server, which must never be asked anything."""
    with Nepserver(lambda *_: (200, b'{"value": []}')) as server:
        yield server
        assert server.verzoeken == []


@pytest.mark.parametrize("pad", ["TypedDataSet", "WijkenEnBuurten"])
def test_a_next_page_of_cbs_on_another_server_is_not_followed(opstelling, elders, pad, tel):  # noqa: F811
    nep = opstelling.cbs.geef

    def geef(hier, vraag, adres):
        status, inhoud = nep(hier, vraag, adres)
        if hier == f"/ODataFeed/odata/90001NED/{pad}":
            d = json.loads(inhoud)
            d["odata.nextLink"] = f"{elders.adres}{hier}?$skip=1"
            inhoud = json.dumps(d).encode()
        return status, inhoud

    with tel.poging("refresh: next page on another server"):
        opstelling.cbs.geef = geef
        _geweigerd(opstelling, "een andere server", "--adres")


def test_a_request_that_was_given_up_still_keeps_to_its_server(elders, tel):
    door = threading.Event()
    eerste = threading.Event()

    def traag(*_):
        eerste.set()
        door.wait(20)  # longer than the client waits in all; then a next page elsewhere
        return 200, json.dumps({"value": [], "odata.nextLink": f"{elders.adres}/x"}).encode()

    with tel.poging("refresh: next page elsewhere after giving up"), Nepserver(traag) as server:
        v = Verbinding(cbs=server.adres, wachttijd=30, termijn=0.2, pogingen=1, pauze=0.01)
        with pytest.raises(BronFout, match="geen volledig antwoord"):
            statline.entiteit("90001NED", "TableInfos", v)
        assert eerste.wait(5)
        (draad,) = [d for d in threading.enumerate() if d.name == "ophalen"]
        door.set()
        draad.join(10)
        assert not draad.is_alive() and elders.verzoeken == []


@pytest.mark.parametrize("bron", ["cbs", "pdok"])
def test_a_redirect_to_another_server_is_not_followed(opstelling, elders, bron, tel):  # noqa: F811
    with tel.poging("refresh: redirect to another server"):
        opstelling.stoor(
            "302", "collections/wijken" if bron == "pdok" else INFO, koppen={"Location": f"{elders.adres}/x"}
        )
        _geweigerd(opstelling, "een andere server", bron=bron)


def test_a_redirect_on_the_same_server_is_followed(opstelling):  # noqa: F811
    from urllib.parse import quote

    doel = f"{opstelling.cbs.adres}/ODataFeed/odata/90001NED/TableInfos?{quote('$format')}=json&terug=1"
    opstelling.stoor("302", INFO, keer=1, koppen={"Location": doel})
    assert opstelling.refresh("cbs", "--dry-run")[0] == 0
    assert any("terug=1" in v for v in opstelling.cbs.verzoeken)


@pytest.mark.parametrize(
    ("server", "url", "uit"),
    [
        ("https://a.nl", "http://a.nl/x?y=1", "https://a.nl/x?y=1"),  # CBS writes http in its own links
        ("https://a.nl/pad", "https://A.nl:443/x", "https://A.nl:443/x"),
        ("http://a.nl", "https://a.nl/x", "https://a.nl/x"),
        ("http://a.nl:8080", "http://a.nl:8080/x", "http://a.nl:8080/x"),
    ],
)
def test_the_same_server_in_other_words(server, url, uit):
    assert op_server(url, server) == uit


@pytest.mark.parametrize(
    "url",
    [
        "https://b.nl/x", "https://a.nl.b.nl/", "https://a.nl@b/", "https://a.nl:8443/", "http://a.nl:8080/",
        "ftp://a.nl/", "file:///etc/passwd", "//b.nl/x", "https://a.nl:port/", "https://[::1/", "", "javascript:x",
    ],
)  # fmt: skip
def test_another_server_in_any_words_is_refused(url):
    with pytest.raises(BronFout, match="andere server"):
        op_server(url, "https://a.nl")


# --- answers that nobody foresaw --------------------------------------------------------------------------------


PDOKVORMEN = ({"links": [1]}, {"links": 7}, {"features": [None]}, {"features": [{"properties": []}]})
CBSVORMEN = (
    {"value": [[]]},
    {"value": [{"Title": {"a": 1}, "RecordCount": "x", "Key": 3, "ID": []}]},
    {"value": {}},
    {"odata.nextLink": 5},
    {"odata.nextLink": None},
)
CBSDELEN = ("TableInfos", "DataProperties", "WijkenEnBuurten", "TypedDataSet")


@pytest.mark.parametrize(
    ("bron", "deel", "bederf"),
    [("pdok", "", v) for v in PDOKVORMEN] + [("cbs", d, v) for d in CBSDELEN for v in CBSVORMEN],
)
def test_json_of_another_shape_is_one_line(opstelling, bron, deel, bederf, tel):  # noqa: F811
    server = getattr(opstelling, bron)
    nep = server.geef

    def geef(hier, vraag, adres):
        status, inhoud = nep(hier, vraag, adres)
        if bron == "pdok" or hier.endswith(f"NED/{deel}"):
            inhoud = json.dumps(json.loads(inhoud) | bederf).encode()
        return status, inhoud

    opstelling.monkeypatch.setenv("HUISARTSDATA_POGINGEN", "1")
    with tel.poging("refresh: json of another shape"):
        server.geef = geef
        if bederf == {"odata.nextLink": None}:  # an empty address is no next page
            assert opstelling.refresh("cbs", "--dry-run")[0] == 0
        else:
            _geweigerd(opstelling, bron=bron)


def test_names_from_a_source_cannot_turn_the_report_around():
    assert vergelijking._lijst(["Sint\n| Anna\x1b[31m", "B\u202e"]) == "Sint / Anna[31m, B"


# --- one at a time ------------------------------------------------------------------------------------------------


def test_a_second_refresh_waits_for_the_first(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: two at the same time"), alleen(opstelling.map, bezig="-"):
        _geweigerd(opstelling, "ververst de gegevens", "wacht tot die klaar is")
        assert opstelling.refresh("cbs", "--dry-run")[0] == 0  # a trial touches nothing
    assert opstelling.refresh()[0] == 0
    assert {p.name for p in opstelling.map.iterdir()} == {str(OUD), f"{NIEUW}.1", ".ophalen", "verversen.log"}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL as Unix has it")
def test_who_is_killed_lets_go(tmp_path, tel):
    script = (
        "import sys, time; from pathlib import Path; from huisartsdata.bronnen.schrijfveilig import alleen\n"
        "with alleen(Path(sys.argv[1]), bezig='x'): print('vast', flush=True); time.sleep(60)"
    )
    with tel.poging("refresh: two at the same time"):
        kind = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert kind.stdout.readline() == "vast\n"
        with pytest.raises(BronFout, match="bezet"), alleen(tmp_path, bezig="bezet"):
            pass
        kind.send_signal(signal.SIGKILL)
        kind.wait(20)
        kind.stdout.close()
        with alleen(tmp_path, bezig="bezet"):
            assert list(tmp_path.iterdir()) == []


# --- settings and folders -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("veld", ["wachttijd", "termijn", "pogingen", "pauze"])
@pytest.mark.parametrize("waarde", [float("inf"), float("nan"), -1, 1e12])
def test_a_time_that_nothing_can_wait_is_refused(veld, waarde):
    with pytest.raises(ParameterFout, match=veld):
        Verbinding(**{veld: waarde})


@pytest.mark.parametrize("jaar", ["0", "-5", "99999"])
def test_a_year_that_is_none_is_refused_and_not_replaced(opstelling, jaar):  # noqa: F811
    code, _, fout = opstelling.draai("refresh", "cbs", "--peiljaar", jaar)
    assert (code, opstelling.cbs.verzoeken) == (1, [])
    assert f"peiljaar {jaar} kan niet" in fout


def test_a_note_that_cannot_be_added_to_is_said_before_anything_is_fetched(opstelling):  # noqa: F811
    (opstelling.map.parent / "a.md").write_bytes(b"\xff\xfe\x00")
    for pad in (opstelling.map.parent / "a.md", opstelling.map):
        _geweigerd(opstelling, "--notitie", woorden=("--notitie", str(pad)))
    assert opstelling.cbs.verzoeken == []


@pytest.fixture
def zonder_thuis(monkeypatch):
    """A user without a home: a container that runs under a number nobody registered."""
    pwd = pytest.importorskip("pwd")

    def niemand(*_):
        raise KeyError("uid")

    monkeypatch.setattr(pwd, "getpwuid", niemand)
    for naam in ("HOME", "XDG_DATA_HOME", "HUISARTSDATA_DATA"):
        monkeypatch.delenv(naam, raising=False)


def test_without_a_home_the_embedded_data_serve_and_a_refresh_asks_for_a_folder(
    zonder_thuis, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert hd.snapshot().versie == "2024.1"
    assert len(hd.load_gemeenten()) == 342
    assert catalogus.gegevensmappen() == (catalogus.pakketmap(),)
    with pytest.raises(BronFout, match="HUISARTSDATA_DATA"):
        catalogus.gebruikersmap()
    assert werkkernel._gegevensmap() == ""
    parameters = str(catalogus.pakketmap() / "parameters.csv")
    assert not werkkernel._hoort_er_niet_bij(parameters, werkkernel._buiten(), "/x", werkkernel._pakketmap())
    assert list(tmp_path.iterdir()) == []  # no folder that is called ~


def test_a_relative_data_folder_is_the_same_from_everywhere(tmp_path, monkeypatch):
    (tmp_path / "eigen").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HUISARTSDATA_DATA", "eigen")
    assert catalogus.gebruikersmap() == tmp_path / "eigen"


# --- what moves ---------------------------------------------------------------------------------------------------


def test_a_snapshot_of_another_year_says_that_the_figures_stay(opstelling):  # noqa: F811
    uit = opstelling.refresh("cbs", "--dry-run")[1]  # also where no figures lie
    assert f"rekenen met peiljaar 2024. Deze snapshot van {NIEUW} verandert ze niet" in uit
    assert f"hd.load_gemeenten(peiljaar={NIEUW})" in uit


def test_a_brief_is_compared_with_the_choices_it_was_made_with(tmp_path, monkeypatch):
    """A brief without --functie counts other GPs than the model does by itself; one with own files is not ours."""
    opdrachten = {
        "gewoon": "GM0106", "alle": "GM0106 --functie alle", "norm": "GM0106 --norm 1900",
        "eigen": "GM0106 --functie alle --bestand rho.csv", "raar": "GM0106 --norm x", "gek": "GM0106 --functie zzz",
    }  # fmt: skip
    for naam, woorden in opdrachten.items():
        (tmp_path / naam).mkdir()
        boekje = {"titel": f"{naam}\n\x1b[31m", "opdracht": f"huisartsdata brief {woorden}"}
        (tmp_path / naam / "brief.json").write_text(json.dumps(boekje))
    (tmp_path / "manifest.json").write_text(
        json.dumps({"notebooks": {"a": [], "b": {"gegevens": 3}, "c": None}})
    )
    gevraagd = []

    def reken(keuzes, map_):
        gevraagd.append(list(keuzes))
        return [{"GM0106": {"inwoners": 10.0 + 5 * (map_ is not None), "nodig_fte": 1.0}} for _ in keuzes]

    monkeypatch.setattr(verversbrieven, "CIJFERS", {"inwoners": (0, ""), "nodig_fte": (1, " fte")})
    monkeypatch.setattr(verversbrieven, "_reken", reken)
    regels = verversbrieven.brieven_die_bewegen(tmp_path, 2024, {"gemeenten"}, nieuwe_map=tmp_path)
    assert gevraagd[0] == [("", "alle"), ("", "zonder_wisselend"), ("1900", "zonder_wisselend")]
    assert regels[:3] == [
        f"- brief {n} [31m (GM0106): inwoners van 10 naar 15 (+5)" for n in ("alle", "gewoon", "norm")
    ]
    assert regels[3:] == [
        "- brieven met eigen bestanden, niet vergeleken: 1 (eigen [31m (GM0106))",
        "- brieven waarvan de opdracht niet te lezen is, niet vergeleken: 2 (gek/brief.json; raar/brief.json)",
    ]


def test_the_figures_of_a_report_are_those_of_a_brief(monkeypatch, capsys):
    import io

    from huisartsdata.uitvoer.brieven.landbeeld import FUNCTIE

    assert verversbrieven.FUNCTIE == FUNCTIE
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps([["", FUNCTIE]])))
    monkeypatch.setattr(verversbrieven, "SOORTEN", ("land",))
    verversbrieven.druk_cijfers()
    (cijfers,) = json.loads(capsys.readouterr().out)
    beeld = hd.tekortbeeld(hd.landelijke_situatie(functie=FUNCTIE), per="land")
    assert cijfers["NL01"]["bereikt_fte"] == pytest.approx(beeld["bereikt_fte"].sum())


# --- patience, progress, log --------------------------------------------------------------------------------------


def _wachttijden(pauze, pogingen=6):
    """What `haal` waits between its tries on a server that stays down, without waiting it."""
    import stamina

    gewacht = []

    def kapot():
        raise TimeoutError

    with pytest.MonkeyPatch.context() as mp:
        mp.setattr("tenacity.nap.time.sleep", gewacht.append)
        stamina.instrumentation.set_on_retry_hooks([])
        try:
            with pytest.raises(BronFout, match="geen volledig antwoord"):
                ophalen.haal(kapot, wat="x", verbinding=Verbinding(pauze=pauze, pogingen=pogingen))
        finally:
            stamina.instrumentation.set_on_retry_hooks(None)
    return gewacht


def test_waits_double_and_differ_by_chance():
    reeksen = [_wachttijden(2.0) for _ in range(20)]
    for reeks in reeksen:
        assert len(reeks) == 5  # no wait after the last try
        for nr, wacht in enumerate(reeks):
            assert 2.0 * 2**nr <= wacht <= 2.0 * 2**nr + 2.0  # the doubled wait and up to one `pauze` more
    for per_poging in zip(*reeksen, strict=True):
        erbij = [w - min(per_poging) for w in per_poging]
        assert len(set(per_poging)) == 20  # clients that fell together do not come back together
        assert max(erbij) > 0.5
    assert max(_wachttijden(20.0)) == 60.0
    assert _wachttijden(0.0) == [0.0] * 5


def test_progress_names_every_part_once_also_of_a_resumed_download(opstelling):  # noqa: F811
    def loop(bron):
        gemeld = []
        verversen.ververs(bron, peiljaar=NIEUW, meld=gemeld.append, figuren=None)
        return gemeld

    opstelling.stoor("reset", "TypedDataSet", na=4)
    with pytest.raises(BronFout):
        loop("cbs")
    opstelling.cbs.herstel()
    gemeld = loop("cbs")
    assert gemeld == [
        "kerncijfers", *(f"tabel 90001NED, deel {n} van 6" for n in range(1, 7)),
        "gebieden", "tabel 90002NED, deel 1 van 1",
        "nabijheid", "tabel 80305ned, deel 1 van 1",
        "leeftijden", *(f"tabel 83502NED, deel {n} van 20" for n in range(1, 21)),
    ]  # fmt: skip
    assert loop("pdok") == [
        "gemeenten", "gemeenten, pagina 1", "wijken", "wijken, pagina 1",
        "buurten", *(f"buurten, pagina {n}" for n in range(1, 5)),
    ]  # fmt: skip


def test_the_log_names_each_request_and_try_and_no_row(opstelling, tel):  # noqa: F811
    """Rows carry words that stand nowhere else; none of them, and no header, is in the log."""
    t = opstelling.tabel("90001NED")
    for r in t.dimensies["WijkenEnBuurten"]:
        if r["Key"].startswith("BU"):
            r["Title"] = "Zeldzaamwoord"
    inwoners = next(k for k in t.kolommen if k.startswith("AantalInwoners"))
    getallen = {str(r[inwoners]) for r in t.rijen if (r.get(inwoners) or 0) > 9_999}
    opstelling.monkeypatch.setenv("HTTP_PROXY", "http://jan:geheim@127.0.0.1:9")
    opstelling.monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    log = opstelling.map / "verversen.log"
    with tel.poging("refresh: what the log holds"):
        opstelling.stoor("500", "TypedDataSet.*'BU01'", keer=1)
        opstelling.stoor("reset", "83502NED/TypedDataSet", na=3)
        assert opstelling.refresh()[0] == 1
        opstelling.cbs.storingen.clear()
        assert opstelling.refresh()[0] == 0
        assert opstelling.refresh("pdok")[0] == 0
        tekst = log.read_text(encoding="utf-8")
        regels = [r.partition(" ")[2].partition(" ")[2] for r in tekst.splitlines()]
        # one line per try: as many as were asked
        gevraagd = [
            v
            for v in opstelling.cbs.verzoeken + opstelling.pdok.verzoeken
            if not v.endswith(("NED/", "ned/"))
        ]
        pogingen = [r for r in regels if ": poging " in r]
        assert len(pogingen) == len(gevraagd)
        wat = "INFO StatLine-tabel 90001NED, onderdeel TypedDataSet (startswith(WijkenEnBuurten,'BU01'))"
        assert [r for r in pogingen if r.startswith(wat)] == [
            f"{wat}: poging 1 van 2",
            f"{wat}: poging 2 van 2",
        ]
        assert "INFO PDOK, buurten 2026, pagina 4: poging 1 van 2" in pogingen
        assert sum(r.startswith("WARNING") and "een storing (500)" in r for r in regels) == 1
        assert sum(r.startswith("WARNING") and "de verbinding brak af" in r for r in regels) == 2
        # six parts of the key figures, one each of the next two tables, three of the ages: kept
        assert "INFO onderdelen: 17 opgehaald, 11 hergebruikt" in regels
        for verboden in ("Zeldzaamwoord", "geheim", "User-Agent", "Authorization", "Accept", '"value"'):
            assert verboden not in tekst
        assert not getallen & set(re.findall(r"\d+", tekst))
    with tel.poging("refresh: what the log holds"):
        # a fault of the rows names its place and the cell, not the row
        rij = next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU"))
        rij[inwoners] = "vijf"
        assert opstelling.refresh()[0] == 1
        tekst = log.read_text(encoding="utf-8")
        assert f"bevat bij {rij['WijkenEnBuurten'].strip()} geen getal maar 'vijf'" in tekst
        assert "Zeldzaamwoord" not in tekst


def test_a_password_has_no_place_in_an_address(opstelling, tmp_path, tel):  # noqa: F811
    with tel.poging("refresh: password in the address"):
        for adres in ("https://jan:geheim@a.nl", "https://jan@a.nl", "https://jan:geheim@a.nl/?x"):
            code, uit, fout = opstelling.refresh("cbs", "--adres", adres)
            assert (code, len(fout.strip().splitlines())) == (1, 1)
            assert "geheim" not in fout + uit
    with tel.poging("refresh: password in the address"):
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login jan password geheim\n")
        netrc.chmod(0o600)
        opstelling.monkeypatch.setenv("NETRC", str(netrc))
        koppen = []
        for server in (opstelling.cbs, opstelling.pdok):
            klas = server.server.RequestHandlerClass
            echt = klas.do_GET
            opstelling.monkeypatch.setattr(
                klas,
                "do_GET",
                lambda zelf, e=echt: (koppen.append(zelf.headers["Authorization"]), e(zelf))[1],
            )
        assert opstelling.refresh()[0] == 0
        assert opstelling.refresh("pdok")[0] == 0
        assert len(koppen) > 40
        assert set(koppen) == {"Basic amFuOmdlaGVpbQ=="}
        alles = b"".join(p.read_bytes() for p in opstelling.map.rglob("*") if p.is_file())
        assert b"geheim" not in alles
        assert b"amFuOmdlaGVpbQ" not in alles
