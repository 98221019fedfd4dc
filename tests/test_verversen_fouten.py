"""Every fault of server, line, table and disk: one Dutch line, the old snapshot as it was, a rerun that succeeds."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
import time

import geopandas as gpd
import pytest

from huisartsdata.bronnen import schrijfveilig

from .conftest import WORTEL
from .nepserver.features import RD, NepPDOK
from .nepserver.opstelling import NIEUW, OUD, boom, fouten, klein_land, opstelling  # noqa: F401

RIJEN, CATALOGUS, INFO = "90001NED/TypedDataSet.*BU", "ODataCatalog", "90001NED/TableInfos"
WIJKEN = "collections/wijken"


def _mislukt(o, *bevat: str, bron: str = "cbs", voor: dict[str, str] | None = None) -> str:
    """The refresh fails as it should: one line that says what and what to do, and nothing to be seen of it."""
    voor = boom(o.map) if voor is None else voor
    code, uit, fout = o.refresh(bron)
    assert code == 1, uit
    regels = fout.strip().splitlines()
    assert len(regels) == 1, fout
    assert regels[0].startswith("fout: ")
    for tekst in bevat:
        assert tekst in regels[0]
    assert any(w in regels[0] for w in ("ongewijzigd", "Draai", "controleer", "haal eerst")), regels[0]
    na = boom(o.map)
    assert {k: v for k, v in na.items() if k in voor} == voor  # the old snapshot: byte for byte
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
        assert len(gevraagd) == len(set(gevraagd)) == 28 - 5
    with tel.poging("refresh: resume of a broken download"):
        opstelling.stoor("reset", "collections/buurten", na=2)
        _mislukt(opstelling, "pagina 3", bron="pdok")
        opstelling.pdok.herstel()
        _lukt(opstelling, "pdok")
        assert len([p for p in opstelling.pdok.verzoeken if "buurten/items" in p]) == 4 - 2


def test_a_table_that_changed_meanwhile_is_fetched_anew(opstelling):  # noqa: F811
    opstelling.stoor("reset", "TypedDataSet", na=6)
    _mislukt(opstelling, "blijft bewaard")
    opstelling.cbs.herstel()
    opstelling.tabel("90001NED").info["Modified"] = "2027-01-01T02:00:00"
    _lukt(opstelling)
    assert len([p for p in opstelling.cbs.verzoeken if "90001NED/TypedDataSet" in p]) == 6


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


@pytest.mark.parametrize(
    ("klasse", "breek", "melding"), TABELFOUTEN, ids=lambda x: getattr(x, "__name__", None)
)
def test_a_table_that_is_not_what_it_should_be_is_refused(opstelling, klasse, breek, melding, tel):  # noqa: F811
    with tel.poging(f"refresh: {klasse}"):
        breek(opstelling.tabel("90001NED"))
        _mislukt(opstelling, melding)
        assert not list(opstelling.map.glob(f"{NIEUW}*"))


def test_after_a_refused_table_a_mended_one_is_read(opstelling, klein_land):  # noqa: F811
    _land(opstelling.tabel("90001NED"))
    _mislukt(opstelling, "Nederland heeft")
    # the publisher mends the table and dates it anew; what was kept of the wrong one is not used
    opstelling.cbs.geef.tabellen["90001NED"] = klein_land[2].tabellen["90001NED"]
    opstelling.tabel("90001NED").info["Modified"] = "2026-07-02T02:00:00"
    _lukt(opstelling)


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
