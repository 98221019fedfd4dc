"""Every fault of server, line, table and disk: one Dutch line, the old snapshot as it was, a rerun that succeeds."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import textwrap
import time

import geopandas as gpd
import pytest
from shapely.errors import GEOSException

from huisartsdata.bronnen import pdok, schrijfveilig
from huisartsdata.bronnen.voorraad import Voorraad

from .conftest import WORTEL
from .nepserver.features import RD, NepPDOK
from .nepserver.opstelling import NIEUW, OUD, boom, fouten, klein_land, opstelling  # noqa: F401

RIJEN, CATALOGUS, INFO = "90001NED/TypedDataSet.*BU", "ODataCatalog", "90001NED/TableInfos"
WIJKEN = "collections/wijken"
HERVRAAGD = {
    "cbs": 4,
    "pdok": 3,
}  # of each table and layer the oldest part, to see that nothing changed meanwhile


def _vast(alles: dict[str, str]) -> dict[str, str]:
    """All files but the parts of a download, which come and go."""
    return {k: v for k, v in alles.items() if not k.endswith(".json.gz")}


def _mislukt(o, *bevat: str, bron: str = "cbs") -> str:
    """The refresh fails as it should: one line that says what and what to do, and nothing to be seen of it."""
    voor = _vast(boom(o.map))
    code, uit, fout = o.refresh(bron)
    assert code == 1, uit
    regels = fout.strip().splitlines()
    assert len(regels) == 1, fout
    assert regels[0].startswith("fout: ")
    for tekst in bevat:
        assert tekst in regels[0]
    assert any(w in regels[0] for w in ("ongewijzigd", "Draai", "controleer", "haal eerst")), regels[0]
    na = boom(o.map)
    assert _vast({k: v for k, v in na.items() if k in voor}) == voor  # the old snapshot: byte for byte
    # new files are parts of a download, out of sight of every loader
    assert all(k.startswith(".ophalen/") for k in na.keys() - voor.keys())
    assert not list(o.map.glob(f"{schrijfveilig.KLAARZET}*"))
    return regels[0]


def _lukt(o, bron: str = "cbs", *, controle: bool = False) -> None:
    """Without the fault the same command succeeds; it publishes nothing that does not pass check."""
    code, _, fout = o.refresh(bron)
    assert code == 0, fout
    if controle:
        assert fouten(NIEUW) == fouten(OUD) == []


# --- the line and the server ---------------------------------------------------------------------------------

NETFOUTEN = {
    "no answer": ("stil", "geen volledig antwoord binnen de tijd"),
    "slow drip": ("druppel", "geen volledig antwoord binnen de tijd"),
    "reset in mid-body": ("reset", "de verbinding brak af"),
    "closed in mid-body": ("dicht", "de verbinding brak af"),
    "status 500": ("500", "de server heeft een storing (500)"),
    "status 404": ("404", "bestaat niet op de server (404)"),
    "status 403": ("403", "de server weigert de vraag (403)"),
    "status 429": ("429", "de server vraagt om rust (429)"),
    "html page with status 200": ("html", "een webpagina in plaats van gegevens"),
    "truncated json": ("afgekapt", "geen volledige, geldige JSON"),
    "invalid json": ("ongeldig", "geen volledige, geldige JSON"),
    "json without content": ("leeg", "geen volledige, geldige JSON"),
}


@pytest.mark.parametrize(
    ("klasse", "waar"), [(k, w) for k in NETFOUTEN for w in (CATALOGUS, INFO, RIJEN, WIJKEN)]
)
def test_a_fault_of_the_line_is_one_line_and_harms_nothing(opstelling, klasse, waar, tel):  # noqa: F811
    soort, melding = NETFOUTEN[klasse]
    bron = "pdok" if waar == WIJKEN else "cbs"
    if soort in ("stil", "druppel"):
        opstelling.monkeypatch.setenv("HUISARTSDATA_TERMIJN", "0.6")
        opstelling.monkeypatch.setenv("HUISARTSDATA_WACHTTIJD", "0.3" if soort == "stil" else "5")
    with tel.poging(f"refresh: {klasse}"):
        opstelling.stoor(soort, waar)
        _mislukt(opstelling, melding, bron=bron)
        if waar == RIJEN:  # the whole way once per class
            opstelling.cbs.herstel()
            opstelling.monkeypatch.setenv("HUISARTSDATA_TERMIJN", "90")
            opstelling.monkeypatch.setenv("HUISARTSDATA_WACHTTIJD", "30")
            _lukt(opstelling, controle=klasse == "reset in mid-body")


@pytest.mark.parametrize("soort", ["500", "reset", "html", "afgekapt"])
def test_a_fault_that_passes_is_tried_again(opstelling, soort, tel):  # noqa: F811
    with tel.poging("refresh: fault once, then fine"):
        opstelling.stoor(soort, "TypedDataSet", keer=1)
        opstelling.stoor(soort, INFO, keer=1)
        _lukt(opstelling)


def test_a_page_that_is_not_there_is_not_asked_again(opstelling):  # noqa: F811
    opstelling.stoor("404", INFO)
    _mislukt(opstelling, "404")
    assert sum("TableInfos" in p for p in opstelling.cbs.verzoeken) == 1


def test_a_server_that_asks_for_rest_gets_it(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: 429 with Retry-After"):
        opstelling.stoor("429", INFO, keer=1, koppen={"Retry-After": "1"})
        begin = time.monotonic()
        _lukt(opstelling)
        assert time.monotonic() - begin >= 1.0
    with tel.poging("refresh: 429 with Retry-After"):
        opstelling.stoor("429", INFO, koppen={"Retry-After": "86400"})  # a day is the user's to wait
        begin = time.monotonic()
        _mislukt(opstelling, "429", "later opnieuw")
        assert time.monotonic() - begin < 60


def test_nobody_at_the_address(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: connection refused"):
        opstelling.monkeypatch.setenv("HUISARTSDATA_CBS", "http://127.0.0.1:9")
        _mislukt(opstelling, "geen verbinding")


def test_a_broken_download_goes_on_where_it_stopped(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: resume of a broken download"):
        opstelling.stoor("reset", "TypedDataSet", na=6)
        _mislukt(opstelling, "blijft bewaard")
        delen = list((opstelling.map / ".ophalen" / str(NIEUW) / "cbs").glob("*.json.gz"))
        assert len(delen) == 6
        # a part that went bad on the disk is fetched again, never read
        delen[0].write_bytes(delen[0].read_bytes()[:-20])
        opstelling.cbs.herstel()
        _lukt(opstelling)
        gevraagd = [p for p in opstelling.cbs.verzoeken if "TypedDataSet" in p]
        assert len(gevraagd) == 28 - 5 + HERVRAAGD["cbs"]
        assert len(set(gevraagd)) == 28 - 5 + 1  # of the key figures one that was kept is asked again
    with tel.poging("refresh: resume of a broken download"):
        opstelling.stoor("reset", "collections/buurten", na=2)
        _mislukt(opstelling, "pagina 3", bron="pdok")
        opstelling.pdok.herstel()
        _lukt(opstelling, "pdok")
        assert len([p for p in opstelling.pdok.verzoeken if "buurten/items" in p]) == 4 - 2 + 1


def test_a_table_that_changed_meanwhile_is_fetched_anew(opstelling):  # noqa: F811
    opstelling.stoor("reset", "TypedDataSet", na=6)
    _mislukt(opstelling, "blijft bewaard")
    opstelling.cbs.herstel()
    opstelling.tabel("90001NED").info["Modified"] = "2027-01-01T02:00:00"
    _lukt(opstelling)
    assert len([p for p in opstelling.cbs.verzoeken if "90001NED/TypedDataSet" in p]) == 6 + 1


RIJENDEEL = [{"code": f"BU0106{n:04d}", "inwoners": n * 37 % 991, "naam": "Ruiten\u00eb"} for n in range(120)]


@pytest.mark.parametrize("masker", [0xFF, 0x01])
def test_a_part_with_a_byte_that_flipped_is_fetched_again(tmp_path, monkeypatch, masker, tel):
    monkeypatch.setattr(os, "fsync", lambda _handvat: None)
    monkeypatch.setattr(time, "time", lambda: 1.8e9)  # a part holds its time: as many bytes on every run
    Voorraad(tmp_path).haal("a", lambda: RIJENDEEL)
    (pad,) = tmp_path.iterdir()
    goed, gelezen = pad.read_bytes(), 0
    for plek in range(0, len(goed), 3):
        with tel.poging("refresh: damaged part"):
            pad.write_bytes(goed[:plek] + bytes([goed[plek] ^ masker]) + goed[plek + 1 :])
            voorraad = Voorraad(tmp_path)
            # other rows than were kept: what comes is either one, whole, and never a mixture
            uit = voorraad.haal("a", list)
            assert uit == ([] if voorraad.opgehaald else RIJENDEEL)
            gelezen += voorraad.hergebruikt
    assert gelezen <= 5  # some bits of gzip's head and of its last byte say nothing of the rows


def test_a_damaged_part_does_not_stop_a_refresh(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: damaged part"):
        opstelling.stoor("reset", "TypedDataSet", na=6)
        _mislukt(opstelling, "blijft bewaard")
        opstelling.cbs.herstel()
        delen = sorted((opstelling.map / ".ophalen").rglob("*.gz"))
        for n, deel in enumerate(delen):  # each at another place
            b = bytearray(deel.read_bytes())
            b[10 + (len(b) - 19) * n // 5] ^= 0xFF
            deel.write_bytes(b)
        _lukt(opstelling)
        assert len([p for p in opstelling.cbs.verzoeken if "TypedDataSet" in p]) == 28 + HERVRAAGD["cbs"]


# --- what no check foresaw -------------------------------------------------------------------------------------


EIGENFOUTEN = {
    ZeroDivisionError("x"): "zitten anders in elkaar dan verwacht (ZeroDivisionError)",
    RecursionError("x"): "zitten anders in elkaar dan verwacht (RecursionError)",
    GEOSException("x"): "zitten anders in elkaar dan verwacht (GEOSException)",
    NotImplementedError("x"): "een fout in huisartsdata zelf (NotImplementedError)",
    AssertionError("x"): "een fout in huisartsdata zelf (AssertionError)",
    StopIteration("x"): "een fout in huisartsdata zelf (StopIteration)",
    OSError(
        errno.EIO, "Input/output error", "/x/y"
    ): "/x/y is niet te lezen of te schrijven (Input/output error)",
    MemoryError(): "er is te weinig geheugen",
}


@pytest.mark.parametrize(
    ("fout", "waar"),
    [
        (f, w)
        for f in EIGENFOUTEN
        for w in ("cbs", "pdok")
        if w == "cbs" or type(f) in (GEOSException, MemoryError)
    ],
    ids=lambda f: f if isinstance(f, str) else type(f).__name__,
)
def test_an_error_that_nobody_foresaw_is_one_line(opstelling, fout, waar, tel):  # noqa: F811
    def kapot(*_):
        raise fout

    naam = "bouw_gebieden" if waar == "cbs" else "keur_grenzen"
    with tel.poging("refresh: error that nobody foresaw"):
        with pytest.MonkeyPatch.context() as mp:
            mp.setattr(f"huisartsdata.bronnen.opbouw.{naam}", kapot)
            regel = _mislukt(opstelling, EIGENFOUTEN[fout], bron=waar)
        log = opstelling.map / "verversen.log"
        if not isinstance(fout, (OSError, MemoryError)):
            assert f"Meld het met het logbestand {log}" in regel
        tekst = log.read_text(encoding="utf-8")
        assert "Traceback" in tekst
        assert type(fout).__name__ in tekst
        # what says nothing of the data leaves the parts, and those are used
        bewaard = isinstance(fout, (OSError, MemoryError))
        assert bool(list((opstelling.map / ".ophalen").rglob("*.gz"))) == bewaard
        getattr(opstelling, waar).herstel()
        _lukt(opstelling, waar)
        gevraagd = [p for p in getattr(opstelling, waar).verzoeken if "TypedDataSet" in p or "/items" in p]
        assert len(gevraagd) == HERVRAAGD[waar] + (0 if bewaard else {"cbs": 28, "pdok": 6}[waar])


@pytest.mark.parametrize("fout", [AssertionError, MemoryError])
@pytest.mark.parametrize("waar", ["catalogus_tabellen", "_rijen"])
def test_an_error_while_asking_is_one_line_too(opstelling, waar, fout, tel):  # noqa: F811
    def kapot(*_):
        raise fout

    with tel.poging("refresh: error that nobody foresaw"), pytest.MonkeyPatch.context() as mp:
        mp.setattr(f"huisartsdata.bronnen.statline.{waar}", kapot)
        _mislukt(opstelling, "(AssertionError)" if fout is AssertionError else "te weinig geheugen")


def test_who_breaks_it_off_is_told_so_and_keeps_what_came_in(opstelling, tel):  # noqa: F811
    def stop(*_):
        raise KeyboardInterrupt

    with tel.poging("refresh: broken off by the user"):
        voor = boom(opstelling.map)
        with pytest.MonkeyPatch.context() as mp:
            mp.setattr("huisartsdata.bronnen.opbouw.bouw_gebieden", stop)
            code, _, fout = opstelling.refresh()
        assert (code, fout.strip()) == (130, "afgebroken")
        na = boom(opstelling.map)
        assert {k: v for k, v in na.items() if k in voor} == voor
        assert len(na) - len(voor) == 28
        opstelling.cbs.herstel()
        _lukt(opstelling)
        assert sum("TypedDataSet" in p for p in opstelling.cbs.verzoeken) == HERVRAAGD["cbs"]


# --- the tables ----------------------------------------------------------------------------------------------


def _eigenschap(t, stam):
    return next(p for p in t.eigenschappen if p.get("Datatype") and p["Key"].rpartition("_")[0] == stam)


def _weg(t):
    t.eigenschappen.remove(_eigenschap(t, "AfstandTotHuisartsenpraktijk"))


def _hernoemd(t):
    _eigenschap(t, "AantalInwoners")["Key"] = "AantalInwonersTotaal_5"


def _dubbel(t):
    t.eigenschappen.append({**_eigenschap(t, "AantalInwoners"), "Key": "AantalInwoners_205"})


def _ander_type(t):
    _eigenschap(t, "HuishoudensTotaal")["Datatype"] = "String"


def _tekst_als_getal(t):
    kolom = _eigenschap(t, "HuishoudensTotaal")["Key"]
    rij = next(r for r in t.rijen if r.get(kolom))
    rij[kolom] = str(rij[kolom])


def _andere_eenheid(t):
    _eigenschap(t, "AfstandTotHuisartsenpraktijk")["Unit"] = "m"


def _euro(t):
    _eigenschap(t, "GemiddeldInkomenPerInwoner")["Unit"] = "euro"


def _gemeente_minder(t):
    t.rijen.remove(next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("GM")))


def _gemeente_nergens(t):
    rij = next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("GM"))
    t.rijen.remove(rij)
    t.dimensies["WijkenEnBuurten"] = [
        d for d in t.dimensies["WijkenEnBuurten"] if d["Key"] != rij["WijkenEnBuurten"]
    ]
    t.info["RecordCount"] -= 1
    for kolom in (
        "AantalInwoners",
        "k_0Tot15Jaar",
        "k_65JaarOfOuder",
    ):  # so cleverly that the total ties again
        k = _eigenschap(t, kolom)["Key"]
        t.rijen[0][k] -= rij[k]


def _minder_rijen(t):
    t.info["RecordCount"] += 3


def _buurt_minder(t):
    t.rijen.remove(next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU")))


def _dubbele_rij(t):
    t.rijen.append(dict(next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU"))))
    t.info["RecordCount"] += 1


def _dubbele_sleutel(t):
    t.dimensies["WijkenEnBuurten"].append(dict(t.dimensies["WijkenEnBuurten"][5]))


def _land(t):
    t.rijen[0][_eigenschap(t, "AantalInwoners")["Key"]] += 1


def _wijken(t):
    kolom = _eigenschap(t, "AantalInwoners")["Key"]
    for r in t.rijen:
        if r["WijkenEnBuurten"].startswith("WK0106") and r.get(kolom):
            r[kolom] += 100


def _geen_land(t):
    t.rijen.pop(0)
    t.dimensies["WijkenEnBuurten"].pop(0)
    t.info["RecordCount"] -= 1


def _onmogelijk(t):
    kolom = _eigenschap(t, "MateVanStedelijkheid")["Key"]
    next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU") and r.get(kolom))[kolom] = 9


def _zonder_sleutel(t):
    next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU"))["WijkenEnBuurten"] = "BU          "


TABELFOUTEN = [
    ("column gone", _weg, "kolom 'AfstandTotHuisartsenpraktijk' ontbreekt"),
    ("column renamed", _hernoemd, "kolom 'AantalInwoners' ontbreekt (hernoemd tot 'AantalInwonersTotaal'?)"),
    ("column twice", _dubbel, "kolom 'AantalInwoners' staat er 2 keer in"),
    ("column retyped", _ander_type, "kolom 'HuishoudensTotaal' is van type String in plaats van een getal"),
    ("column retyped", _tekst_als_getal, "geen getal maar"),
    ("unit changed", _andere_eenheid, "heeft eenheid 'm' in plaats van 'km'"),
    ("unit changed", _euro, "heeft eenheid 'euro' in plaats van 'x 1 000 euro'"),
    ("fewer gemeenten than the year has", _gemeente_minder, "staan in de lijst en niet in de cijfers"),
    ("fewer gemeenten than the year has", _gemeente_nergens, "11 gemeenten in de kerncijfers en 12 in"),
    ("fewer rows than announced", _minder_rijen, "aangekondigd"),
    ("fewer rows than announced", _buurt_minder, "staan in de lijst en niet in de cijfers"),
    ("duplicate keys", _dubbele_rij, "sleutels staan er dubbel in"),
    ("duplicate keys", _dubbele_sleutel, "staat dubbel in de lijst"),
    ("total that does not tie", _land, "'inwoners' telt over de gemeenten op tot"),
    ("total that does not tie", _wijken, "komen niet door de controle"),
    ("total that does not tie", _geen_land, "geen enkele rij voor heel Nederland"),
    ("value out of range", _onmogelijk, "komen niet door de controle"),
    ("row without a key", _zonder_sleutel, ""),
]  # fmt: skip


@pytest.mark.parametrize("geval", TABELFOUTEN, ids=lambda g: g[1].__name__)
def test_a_table_that_is_not_what_it_should_be_is_refused(opstelling, klein_land, geval, tel):  # noqa: F811
    klasse, breek, melding = geval
    with tel.poging(f"refresh: {klasse}"):
        breek(opstelling.tabel("90001NED"))
        _mislukt(opstelling, melding)
        assert not list(opstelling.map.glob(f"{NIEUW}*"))
    with tel.poging("refresh: rerun once a refused table is mended"):
        heel = klein_land[2].tabellen["90001NED"]
        assert heel.info["Modified"] == opstelling.tabel("90001NED").info["Modified"]  # not dated anew
        opstelling.cbs.geef.tabellen["90001NED"] = heel
        _lukt(opstelling)


def _per_antwoord(server, pad, bederf, keer=None):
    """Every answer (or the first `keer`) whose address holds `pad` goes through `bederf`; gives the sound server."""
    gaaf, gezien = server.geef, []

    def geef(hier, vraag, adres):
        status, inhoud = gaaf(hier, vraag, adres)
        if pad in f"{hier}?{vraag.get('$filter', '')}" and (keer is None or len(gezien) < keer):
            gezien.append(hier)
            d = json.loads(inhoud)
            bederf(d)
            inhoud = json.dumps(d).encode()
        return status, inhoud

    geef.tabellen = getattr(gaaf, "tabellen", None)
    server.geef = geef
    return gaaf


def test_a_row_that_was_lost_in_one_answer_is_there_at_the_next_run(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: rerun once a refused table is mended"):
        _per_antwoord(opstelling.cbs, "startswith(WijkenEnBuurten,'BU", lambda d: d["value"].pop(), keer=1)
        _mislukt(opstelling, "staan in de lijst en niet in de cijfers")
        assert not list((opstelling.map / ".ophalen").rglob("*.gz"))
        _lukt(opstelling)


def test_parts_of_an_earlier_run_that_are_refused_are_fetched_anew_at_once(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: rerun once a refused table is mended"):
        _per_antwoord(opstelling.cbs, "startswith(WijkenEnBuurten,'BU", lambda d: d["value"].pop(), keer=1)
        opstelling.stoor("reset", "TypedDataSet", na=4)
        _mislukt(opstelling, "blijft bewaard")
        assert len(list((opstelling.map / ".ophalen").rglob("*.gz"))) == 4  # one of them lacks a row
        opstelling.cbs.herstel()
        _lukt(opstelling)
        # the rest of the key figures, then all over again
        gevraagd = [p for p in opstelling.cbs.verzoeken if "TypedDataSet" in p]
        assert len(gevraagd) == 6 - 4 + 1 + 28 + HERVRAAGD["cbs"]
        assert "geweigerd met 4 onderdelen van een eerdere keer" in (
            opstelling.map / "verversen.log"
        ).read_text(encoding="utf-8")


def test_what_is_wrong_with_rows_and_reused_parts_is_asked_twice_and_no_more(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: fewer rows than announced"):
        _per_antwoord(opstelling.cbs, "startswith(WijkenEnBuurten,'BU", lambda d: d["value"].pop())
        opstelling.stoor("reset", "TypedDataSet", na=4)
        _mislukt(opstelling, "blijft bewaard")
        opstelling.cbs.herstel()
        _mislukt(opstelling, "staan in de lijst en niet in de cijfers")
        assert len([p for p in opstelling.cbs.verzoeken if "TypedDataSet" in p]) == 6 - 4 + 1 + 6 + 1


def test_rows_outside_the_list_and_numbers_without_end_are_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: row outside the list"):
        t = opstelling.tabel("90001NED")
        t.rijen.append(
            next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU"))
            | {"WijkenEnBuurten": "BU01060099"}
        )
        t.info["RecordCount"] += 1
        _mislukt(opstelling, "1 codes staan in de cijfers en niet in de lijst (BU01060099)")
    with tel.poging("refresh: value out of range"):
        t.rijen.pop()
        t.info["RecordCount"] -= 1
        kolom = _eigenschap(t, "HuishoudensTotaal")["Key"]
        next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU"))[kolom] = 10**400
        _mislukt(opstelling, "geen getal maar 1000")


def test_areas_without_their_groups_are_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: column gone"):
        t = opstelling.tabel("90002NED")
        next(p for p in t.eigenschappen if p["Title"].startswith("RegioPlus"))["Title"] = "Zorgregio's"
        _mislukt(opstelling, "kolom 'Code' van 'RegioPlus' ontbreekt")
    with tel.poging("refresh: value out of range"):
        t = opstelling.cbs.geef.tabellen["90002NED"] = opstelling.tabel("90002NED")
        next(p for p in t.eigenschappen if p["Title"].startswith("Zorgregio"))["Title"] = (
            "RegioPlus-arbeidsmarktregio's"
        )
        sleutel = next(k for k in t.kolommen if k.startswith("Code") and t.rijen[0][k].startswith("RA"))
        t.rijen[0][sleutel] = "22    "
        _mislukt(opstelling, "gemeenten zonder geldige regioplus")


def test_ages_in_other_groups_are_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: column renamed"):
        t = opstelling.tabel("83502NED")
        for d in t.dimensies["Leeftijd"]:
            d["Title"] = d["Title"].replace("0 tot 5 jaar", "0 tot 4 jaar")
        _mislukt(opstelling, "de leeftijdsgroepen zijn anders")


# --- boundaries ----------------------------------------------------------------------------------------------


def _kaart(o, laag, maak):
    geef: NepPDOK = o.pdok.geef
    lagen = {j: dict(v) for j, v in geef.kaarten.items()}
    lagen[NIEUW][laag] = maak(lagen[NIEUW][laag].copy())
    o.pdok.geef = NepPDOK(lagen, per_pagina=geef.per_pagina)


def test_a_code_that_comes_twice_at_pdok_is_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: duplicate keys"):
        _kaart(opstelling, "gemeenten", lambda k: gpd.GeoDataFrame(k.iloc[[0, *range(len(k))]], crs=k.crs))
        _mislukt(opstelling, "codes komen dubbel voor", bron="pdok")


def _vierkant(*punten):
    return {"type": "Polygon", "coordinates": [[*punten, punten[0]]]}


HOEK = ([230_000.0, 550_000.0], [230_100.0, 550_000.0], [230_100.0, 550_100.0], [230_000.0, 550_100.0])
VORMFOUTEN = {
    "NaN": _vierkant(HOEK[0], [230_100.0, float("nan")], *HOEK[2:]),
    "infinity": _vierkant(HOEK[0], [float("inf"), 550_000.0], *HOEK[2:]),
    "digits without end": _vierkant(HOEK[0], [10**400, 550_000], *HOEK[2:]),
    "text": _vierkant(HOEK[0], ["x", "y"], *HOEK[2:]),
    "empty": {"type": "Polygon", "coordinates": []},
    "empty parts": {"type": "MultiPolygon", "coordinates": []},
    "two points": {"type": "Polygon", "coordinates": [[*HOEK[:2]]]},
    "no area": _vierkant(*HOEK[:2]),
    "null": None,
    "no geometry": 7,
    "Point": {"type": "Point", "coordinates": HOEK[0]},
    "LineString": {"type": "LineString", "coordinates": [*HOEK]},
    "collection": {"type": "GeometryCollection", "geometries": [_vierkant(*HOEK)]},
    "unknown type": {"type": "Vlak", "coordinates": []},
}


def test_a_shape_that_is_no_area_is_none(tel):
    for vorm in VORMFOUTEN.values():
        with tel.poging("refresh: shape that is no area"):
            assert pdok._vlak(vorm) is None


@pytest.mark.parametrize("vorm", ["NaN", "empty", "two points", "null", "Point"])
def test_a_shape_that_is_no_area_is_refused_and_read_once_it_is_mended(opstelling, vorm, tel):  # noqa: F811
    with tel.poging("refresh: shape that is no area"):
        gaaf = _per_antwoord(
            opstelling.pdok, WIJKEN, lambda d: d["features"][0].update(geometry=VORMFOUTEN[vorm])
        )
        _mislukt(opstelling, "1 gebieden zonder geldig vlak (WK", bron="pdok")
    with tel.poging("refresh: rerun once refused borders are mended"):
        opstelling.pdok.geef = gaaf
        _lukt(opstelling, "pdok")


def _dubbele_code(d):
    d["features"][1]["properties"].update(d["features"][0]["properties"])


GRENSFOUTEN = {
    "duplicate keys": (_dubbele_code, "codes komen dubbel voor"),
    "coordinates in degrees": (
        lambda d: d["features"][0].update(geometry=_vierkant([5, 52], [5, 53], [6, 53])), "niet in RD"
    ),
    "column gone": (lambda d: d["features"][0]["properties"].pop("wijkcode"), "mist 'wijkcode'"),
    "row without a key": (lambda d: d["features"][0]["properties"].update(wijkcode=None), "mist 'wijkcode'"),
    "fewer rows than announced": (lambda d: d.update(numberMatched=999), "999 aangekondigd"),
    "area without border": (
        lambda d: d["features"][0].update(geometry=d["features"][1]["geometry"]), "liggen onder een ander"
    ),
}  # fmt: skip


@pytest.mark.parametrize("jaar_is_er", [False, True])
@pytest.mark.parametrize("klasse", GRENSFOUTEN)
def test_borders_that_are_refused_are_read_once_they_are_mended(opstelling, klasse, jaar_is_er, tel):  # noqa: F811
    bederf, melding = GRENSFOUTEN[klasse]
    if jaar_is_er:
        _lukt(opstelling)
    with tel.poging(f"refresh: {klasse}"):
        gaaf = _per_antwoord(opstelling.pdok, WIJKEN, bederf)
        _mislukt(opstelling, melding, bron="pdok")
        assert not list((opstelling.map / ".ophalen").rglob("*.*"))  # neither pages nor layers are kept
    with tel.poging("refresh: rerun once refused borders are mended"):
        opstelling.pdok.geef = gaaf
        _lukt(opstelling, "pdok")


def test_a_ring_that_crosses_itself_is_its_areas():
    vlinder = _vierkant(HOEK[0], HOEK[2], HOEK[1], HOEK[3])
    vlak = pdok._vlak(vlinder)
    assert (vlak.is_valid, vlak.geom_type, vlak.area) == (True, "MultiPolygon", 5000.0)
    assert pdok._vlak(_vierkant(*HOEK)).area == 10_000.0


def test_a_page_whose_address_is_gone_starts_afresh(opstelling, tel):  # noqa: F811
    """A next page is an address of one moment: a later run may find that the server knows it no more."""
    with tel.poging("refresh: next page that is gone"):
        opstelling.stoor("reset", "collections/buurten", na=2)
        _mislukt(opstelling, "pagina 3", bron="pdok")
        opstelling.pdok.herstel()
        opstelling.stoor("404", "collections/buurten.*cursor=400", keer=1)
        _lukt(opstelling, "pdok")
        assert len([p for p in opstelling.pdok.verzoeken if "buurten/items" in p]) == 1 + 4 + 1
    with tel.poging("refresh: next page that is gone"):
        opstelling.pdok.herstel()
        opstelling.stoor("404", "collections/buurten.*cursor=400")
        _mislukt(opstelling, "pagina 2 verwijst naar een pagina die er niet is", bron="pdok")


def test_coordinates_that_are_not_rd_are_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: coordinates in degrees"):
        geef = opstelling.pdok.geef
        opstelling.pdok.geef = lambda pad, vraag, adres: geef(
            pad, {k: w for k, w in vraag.items() if w != RD}, adres
        )
        _mislukt(opstelling, "niet in RD (EPSG:28992)", bron="pdok")


def test_a_count_that_does_not_tie_at_pdok_is_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: fewer rows than announced"):
        geef = opstelling.pdok.geef
        extra = b'"numberMatched": 999, "type"'
        opstelling.pdok.geef = lambda *a: (200, geef(*a)[1].replace(b'"type"', extra, 1))
        _mislukt(opstelling, "999 aangekondigd", bron="pdok")
        opstelling.pdok.geef = geef
        _lukt(opstelling, "pdok")


def test_pages_that_go_elsewhere_or_round_are_refused(opstelling, tel):  # noqa: F811
    geef = opstelling.pdok.geef
    with tel.poging("refresh: next page on another server"):
        opstelling.pdok.geef = lambda p, v, a: (200, geef(p, v, "http://elders.example")[1])
        _mislukt(opstelling, "een andere server (elders.example)", bron="pdok")
    with tel.poging("refresh: pages without an end"):
        opstelling.monkeypatch.setattr("huisartsdata.bronnen.pdok.MAX_PAGINAS", 5)
        opstelling.pdok.geef = lambda p, v, a: geef(p, v | {"cursor": "0"}, a)
        _mislukt(opstelling, "houden niet op", bron="pdok")


@pytest.mark.parametrize("bestand", ["grenzen.json", "wijken.parquet"])
def test_kept_borders_that_are_damaged_are_not_passed_over(opstelling, bestand, tel):  # noqa: F811
    with tel.poging("refresh: damaged part"):
        _lukt(opstelling, "pdok")
        pad = opstelling.map / ".ophalen" / str(NIEUW) / bestand
        pad.write_bytes(pad.read_bytes().replace(b"CBS", b"CBX").replace(b"PAR1", b"PAR2"))
        _mislukt(opstelling, f"de bewaarde grenzen van {NIEUW} zijn beschadigd", "Draai eerst")
        _lukt(opstelling, "pdok")
        _lukt(opstelling)


def test_an_area_without_a_border_is_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: area without border"):
        _kaart(opstelling, "wijken", lambda k: k[k["wijkcode"] != "WK010600"])
        assert opstelling.refresh("pdok")[0] == 0
        _mislukt(opstelling, "wijken van de kerncijfers hebben bij PDOK geen grens (WK010600)")


# --- the disk ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nummer", [1, 2, 29, 30, 40, 52])
def test_a_disk_that_fills_up_leaves_the_old_snapshot(opstelling, nummer, tel):  # noqa: F811
    """The n-th write fails: 28 parts of the download come first, then 22 tables, the report and the toml."""
    echt, teller = schrijfveilig.schrijf, [0]

    def vol(pad, inhoud):
        teller[0] += 1
        if teller[0] == nummer:
            pad.write_bytes(inhoud[: len(inhoud) // 2])  # what a full disk keeps of it
            raise OSError(errno.ENOSPC, "No space left on device", str(pad))
        echt(pad, inhoud)

    with tel.poging("refresh: disk full"):
        with pytest.MonkeyPatch.context() as mp:
            for plek in ("schrijfveilig", "snapshotboek"):
                mp.setattr(f"huisartsdata.bronnen.{plek}.schrijf", vol)
            _mislukt(opstelling, "is vol", "Maak ruimte")
        assert teller[0] == nummer
        if nummer in (2, 52):
            _lukt(opstelling)


@pytest.mark.parametrize("fout", [errno.EACCES, errno.EROFS, errno.EIO])
def test_a_disk_that_refuses_is_one_line(opstelling, fout, tel):  # noqa: F811
    def weiger(pad, inhoud):
        raise OSError(fout, os.strerror(fout), str(pad))

    with tel.poging("refresh: disk refuses"):
        opstelling.monkeypatch.setattr("huisartsdata.bronnen.snapshotboek.schrijf", weiger)
        _mislukt(opstelling, "kan niet worden geschreven", "HUISARTSDATA_DATA")


def test_a_real_disk_that_is_full(tmp_path, tel):
    """A file system of half a megabyte: the writer meets it without any help of the test."""
    schijf = tmp_path / "schijf"
    schijf.mkdir()
    script = textwrap.dedent(
        f"""
        import os, sys
        from pathlib import Path
        from huisartsdata.bronnen.schrijfveilig import klaarzetmap, publiceer, schrijf, schrijffouten, vervang
        from huisartsdata.fouten import BronFout
        m = Path({str(schijf)!r})
        vervang(m / "oud", b"oud")
        for doe in ("vervang", "map"):
            try:
                if doe == "vervang":
                    vervang(m / "oud", bytes(2_000_000))
                else:
                    with klaarzetmap(m) as k, schrijffouten(m):
                        (k / "x").mkdir()
                        for n in range(9):
                            schrijf(k / "x" / str(n), bytes(100_000))
                        publiceer(k / "x", m / "x")
            except BronFout as e:
                print(e)
            print(sorted(p.name for p in m.iterdir()), (m / "oud").read_bytes())
        """
    )
    mount = f'mount -t tmpfs -o size=512k tmpfs {schijf} && exec {sys.executable} -c "$SCRIPT"'
    proef = (
        subprocess.run(
            ["unshare", "-rm", "sh", "-c", f"mount -t tmpfs -o size=512k tmpfs {schijf}"],
            capture_output=True,
            check=False,
        )
        if sys.platform == "linux"
        else None
    )
    if proef is None or proef.returncode:
        pytest.skip("no file system of one's own can be mounted here")
    with tel.poging("refresh: real file system full"):
        uit = subprocess.run(
            ["unshare", "-rm", "sh", "-c", mount], capture_output=True, text=True, check=False, cwd=WORTEL,
            env={**os.environ, "SCRIPT": script},
        )  # fmt: skip
        regels = uit.stdout.splitlines()
        assert len(regels) == 4, uit.stderr
        assert all("is vol" in r for r in regels[::2])
        assert regels[1] == regels[3] == "['oud'] b'oud'"


# --- leftovers -----------------------------------------------------------------------------------------------


def test_leftovers_of_killed_runs_go_and_those_of_living_ones_stay(tmp_path):
    dood = subprocess.Popen([sys.executable, "-c", ""])
    dood.wait()
    for naam in (f"{schrijfveilig.KLAARZET}{dood.pid}-a", f"{schrijfveilig.KLAARZET}{os.getpid()}-b", "2024"):
        (tmp_path / naam).mkdir()
    (tmp_path / f"{schrijfveilig.KLAARZET}{dood.pid}-c").write_text("x")
    with schrijfveilig.klaarzetmap(tmp_path) as pad:
        assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
            [f"{schrijfveilig.KLAARZET}{os.getpid()}-b", "2024", pad.name]
        )
    assert not pad.exists()


def test_a_log_that_cannot_be_written_is_one_line(opstelling):  # noqa: F811
    (opstelling.map / "verversen.log").mkdir()
    _mislukt(opstelling, "kan niet worden geschreven")
