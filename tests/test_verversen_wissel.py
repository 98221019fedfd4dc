"""A source that changes under a refresh, a user's folder that is half removed, and a log that cannot be written."""

from __future__ import annotations

import copy
import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.bronnen import catalogus, schrijfveilig, uitgangspunt, voorraad
from huisartsdata.bronnen.gegevensmap import genummerd
from huisartsdata.bronnen.uitgangspunt import volgende_versie
from huisartsdata.bronnen.voorraad import Gewijzigd, Voorraad, vers_bij_weigering, zelfde_rijen
from huisartsdata.cli import opdracht_refresh
from huisartsdata.fouten import BronFout

from .nepserver.features import NepPDOK
from .nepserver.opstelling import NIEUW, OUD, boom, fouten, klein_land, opstelling  # noqa: F401

KERN = "90001NED"
TABELLEN = ("gemeenten", "wijken", "buurten")


def _duurder(tabel, *, gewijzigd: str | None):
    """The same table with incomes of half as much again, and perhaps another date."""
    nieuw = copy.deepcopy(tabel)
    kolommen = [k for k in nieuw.kolommen if "Inkomen" in k]
    assert kolommen
    for r in nieuw.rijen:
        r |= {k: round(r[k] * 1.5, 1) for k in kolommen if r.get(k) is not None}
    if gewijzigd:
        nieuw.info["Modified"] = gewijzigd
    return nieuw


class _Wissel:
    """Serves another table from the n-th request for rows on."""

    def __init__(self, o, nummer, nieuw, *, keer=1):
        self.basis, self.nummer, self.nieuw, self.keer, self.geteld = o.cbs.geef, nummer, nieuw, keer, 0

    @property
    def tabellen(self):
        return self.basis.tabellen

    def __call__(self, pad, vraag, adres):
        if f"{KERN}/TypedDataSet" in pad:
            self.geteld += 1
            if self.geteld >= self.nummer and self.keer:
                self.basis.tabellen[KERN] = self.nieuw() if callable(self.nieuw) else self.nieuw
                self.keer -= 1
                self.geteld = 0
        return self.basis(pad, vraag, adres)


def _verhoudingen() -> set[float]:
    """By how much the incomes of all levels moved against the year before, per area, to one decimal."""
    uit: set[float] = set()
    for naam in TABELLEN:
        oud, nieuw = (
            catalogus.open_tabel(naam, peiljaar=j)["inkomen_per_inwoner"].astype(float) for j in (OUD, NIEUW)
        )
        uit |= set((nieuw / oud).dropna().round(1))
    return uit


def _een_regel(code: int, fout: str, *bevat: str) -> str:
    regels = fout.strip().splitlines()
    assert (code, len(regels)) == (1, 1), fout
    assert regels[0].startswith("fout: ")
    for tekst in bevat:
        assert tekst in regels[0], regels[0]
    return regels[0]


# --- the source changes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("datum", ["2030-01-01T00:00:00", None])
@pytest.mark.parametrize("nummer", [2, 4, 6])
def test_a_table_that_changes_during_a_refresh_is_fetched_anew_whole(opstelling, nummer, datum, tel):  # noqa: F811
    with tel.poging("refresh: source changes during the download"):
        gaaf = opstelling.cbs.geef.tabellen[KERN]
        opstelling.cbs.geef = _Wissel(opstelling, nummer, _duurder(gaaf, gewijzigd=datum))
        code, _, fout = opstelling.refresh()
        assert code == 0, fout
        assert _verhoudingen() == {1.5}
        bron = hd.snapshot(NIEUW).bronnen[f"cbs_kerncijfers_{NIEUW}"]
        assert bron.gepubliceerd == (datum or gaaf.info["Modified"])[:10]
        log = (opstelling.map / "verversen.log").read_text(encoding="utf-8")
        assert "alles wordt opnieuw opgehaald" in log


def test_a_table_that_keeps_changing_is_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: source changes during the download"):
        gaaf, nr = opstelling.cbs.geef.tabellen[KERN], iter(range(30, 99))
        opstelling.cbs.geef = _Wissel(
            opstelling, 4, lambda: _duurder(gaaf, gewijzigd=f"20{next(nr)}-01-01T00:00:00"), keer=9
        )
        voor = boom(opstelling.map)
        code, _, fout = opstelling.refresh()
        _een_regel(
            code, fout, f"StatLine-tabel {KERN} is gewijzigd terwijl", "Draai de opdracht later opnieuw"
        )
        assert boom(opstelling.map) == voor
        assert not list((opstelling.map / ".ophalen").rglob("*.gz"))


@pytest.mark.parametrize("na", [1, 4, 5])
def test_kept_parts_of_a_table_that_changed_without_a_new_date_are_dropped(opstelling, na, tel):  # noqa: F811
    with tel.poging("refresh: source changes between two runs"):
        opstelling.stoor("500", f"{KERN}/TypedDataSet", na=na)
        assert opstelling.refresh()[0] == 1
        assert len(list((opstelling.map / ".ophalen").rglob("*.gz"))) == na
        opstelling.cbs.herstel()
        tabellen = opstelling.cbs.geef.tabellen
        tabellen[KERN] = _duurder(tabellen[KERN], gewijzigd=None)
        code, _, fout = opstelling.refresh()
        assert code == 0, fout
        assert _verhoudingen() == {1.5}


def test_one_buurt_that_changed_without_a_new_date_shows_in_its_gemeente(opstelling, tel):  # noqa: F811
    """The part that is asked twice is the one of the gemeenten, whose people are those of the buurten together."""
    with tel.poging("refresh: source changes between two runs"):
        opstelling.stoor("500", f"{KERN}/TypedDataSet", na=5)
        assert opstelling.refresh()[0] == 1
        opstelling.cbs.herstel()
        t = opstelling.tabel(KERN)
        kolom = next(k for k in t.kolommen if k.startswith("HuishoudensTotaal"))
        buurt = next(
            r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU0106") and (r.get(kolom) or 0) > 50
        )
        buurt[kolom] += 45
        for begin in ("GM0106", f"WK{buurt['WijkenEnBuurten'][2:8]}"):
            rij = next(r for r in t.rijen if r["WijkenEnBuurten"].startswith(begin))
            rij[kolom] = (rij.get(kolom) or 0) + 45
        assert opstelling.refresh()[0] == 0
        nieuw = catalogus.open_tabel("buurten", peiljaar=NIEUW)
        assert nieuw.at[buurt["WijkenEnBuurten"].strip(), "huishoudens"] == buurt[kolom]


def test_layers_that_change_during_a_refresh_are_fetched_anew_whole(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: source changes during the download"):
        basis: NepPDOK = opstelling.pdok.geef
        kaarten = {j: dict(v) for j, v in basis.kaarten.items()}
        schuif = kaarten[NIEUW]["buurten"].copy()
        schuif["geometry"] = schuif.geometry.translate(1.0, 0.0)
        kaarten[NIEUW]["buurten"] = schuif
        nieuw, geteld = NepPDOK(kaarten, per_pagina=basis.per_pagina), [0]

        def wissel(pad, vraag, adres):
            geteld[0] += "collections/buurten" in pad
            return (nieuw if geteld[0] >= 3 else basis)(pad, vraag, adres)

        opstelling.pdok.geef = wissel
        code, _, fout = opstelling.refresh("pdok")
        assert code == 0, fout
        assert geteld[0] == 5 + 5
        bewaard = hd.bronnen.ophaalbronnen.bewaarde_grenzen(opstelling.map, NIEUW)[0]["buurten"]
        assert bewaard.geometry.geom_equals_exact(
            schuif.set_index("buurtcode").geometry.reindex(bewaard.index), 0.01
        ).all()


def test_pages_that_announce_another_number_each_are_refused(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: source changes during the download"):
        basis, nr = opstelling.pdok.geef, iter(range(10_000))

        def geef(pad, vraag, adres):
            status, inhoud = basis(pad, vraag, adres)
            return status, json.dumps(json.loads(inhoud) | {"numberMatched": 900 + next(nr)}).encode()

        opstelling.pdok.geef = geef
        code, _, fout = opstelling.refresh("pdok")
        _een_regel(code, fout, "is gewijzigd terwijl", "Draai de opdracht later opnieuw")


def test_the_order_of_rows_says_nothing():
    a, b = {"k": 1, "w": None}, {"w": [1.5], "k": 2}
    assert zelfde_rijen([a, b], [b, dict(reversed(a.items()))])
    assert not zelfde_rijen([a, b], [a])
    assert not zelfde_rijen([a, a, b], [a, b, b])


def test_parts_are_kept_for_a_day_and_the_oldest_is_known(tmp_path, monkeypatch):
    nu = [1_000_000.0]
    monkeypatch.setattr(voorraad.time, "time", lambda: nu[0])
    v = Voorraad(tmp_path)
    for naam in ("b", "a", "c"):
        v.haal(naam, lambda: [{"x": 1}])
        nu[0] += 1
    assert v.oudste(["a", "b", "c"]) == 1
    assert Voorraad(tmp_path).haal("a", list) == [{"x": 1}]
    nu[0] += voorraad.HOUDBAAR_S
    assert Voorraad(tmp_path).haal("a", list) == []
    nu[0] -= 10 * voorraad.HOUDBAAR_S  # a clock that was put back says nothing of the age
    assert Voorraad(tmp_path).haal("c", list) == []


def test_what_keeps_changing_is_asked_twice_and_no_more(tmp_path):
    geteld = []

    def doe():
        geteld.append(1)
        raise Gewijzigd("de tabel")

    with pytest.raises(Gewijzigd, match="de tabel is gewijzigd terwijl"):
        vers_bij_weigering([Voorraad(tmp_path)], doe)
    assert len(geteld) == 2


# --- a user's folder that is half removed --------------------------------------------------------------------


def _leeg(o):
    (o.map / f"{NIEUW}.1").mkdir()


def _zonder_toml(o):
    assert o.refresh()[0] == 0
    (o.map / f"{NIEUW}.1" / "snapshot.toml").unlink()


def _bestand(o):
    (o.map / f"{NIEUW}.1").write_text("x")


def _kapotte_verwijzing(o):
    (o.map / f"{NIEUW}.1").symlink_to(o.map / "nergens")


@pytest.mark.parametrize(
    "maak", [_leeg, _zonder_toml, _bestand, _kapotte_verwijzing], ids=lambda f: f.__name__
)
def test_a_name_that_is_taken_is_passed_over(opstelling, maak, tel):  # noqa: F811
    with tel.poging("refresh: half removed snapshot"):
        maak(opstelling)
        code, uit, fout = opstelling.refresh()
        assert code == 0, fout
        assert f"snapshot {NIEUW}.2 staat in" in uit
        assert hd.snapshot(NIEUW).map.name == f"{NIEUW}.2"
        assert fouten(NIEUW) == []


SCHADE = {
    "table gone": lambda m: (m / "gemeenten.parquet").unlink(),
    "table changed": lambda m: _vervang(m / "gemeenten.parquet", b"x"),
    "table is a folder": lambda m: ((m / "gemeenten.parquet").unlink(), (m / "gemeenten.parquet").mkdir()),
    "toml not to be read": lambda m: _vervang(m / "snapshot.toml", b"\xff"),
    "toml without tables": lambda m: _vervang(m / "snapshot.toml", b"peiljaar = 2026\n"),
}


def _vervang(pad: Path, inhoud: bytes) -> None:
    """The file may be one of many names of the same content."""
    pad.unlink()
    pad.write_bytes(inhoud)


@pytest.mark.parametrize("schade", SCHADE)
def test_a_damaged_snapshot_says_what_helps_and_that_helps(opstelling, schade, tel):  # noqa: F811
    with tel.poging("refresh: damaged snapshot"):
        assert opstelling.refresh()[0] == 0
        SCHADE[schade](opstelling.map / f"{NIEUW}.1")
        with pytest.raises(BronFout, match=f"huisartsdata refresh cbs --peiljaar {NIEUW}") as e:
            catalogus.open_tabel("gemeenten", peiljaar=NIEUW)
        assert "verwijder of hernoem die map" in str(e.value)
        assert "installeer" not in str(e.value)
        code, uit, fout = opstelling.refresh()
        assert code == 0, fout
        assert f"snapshot {NIEUW}.2 staat in" in uit
        assert f"uitgegaan van {OUD}.1" in uit
        assert "een beschadigde snapshot is overgeslagen" in (
            opstelling.map / f"{NIEUW}.2" / catalogus.RAPPORT
        ).read_text(encoding="utf-8")
        assert fouten(NIEUW) == []
        # and now that it is whole: nothing new
        assert "niets veranderd" in opstelling.refresh()[1]


def test_a_damaged_revision_is_replaced_also_when_the_one_before_it_is_up_to_date(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: damaged snapshot"):
        assert opstelling.refresh()[0] == 0
        shutil.copytree(opstelling.map / f"{NIEUW}.1", opstelling.map / f"{NIEUW}.2")
        (opstelling.map / f"{NIEUW}.2" / "wijken.parquet").unlink()
        code, uit, fout = opstelling.refresh()
        assert code == 0, fout
        assert f"snapshot {NIEUW}.3 staat in" in uit
        assert f"uitgegaan van {NIEUW}.1" in uit
        assert fouten(NIEUW) == []
        assert {n: t.sha256 for n, t in hd.snapshot(NIEUW).tabellen.items()} == {
            n: t.sha256 for n, t in catalogus.lees_snapshot(opstelling.map / f"{NIEUW}.1").tabellen.items()
        }


def test_borders_of_a_year_whose_only_snapshot_is_damaged_wait_for_its_figures(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: damaged snapshot"):
        assert opstelling.refresh()[0] == 0
        (opstelling.map / f"{NIEUW}.1" / "wijken.parquet").unlink()
        code, uit, fout = opstelling.refresh("pdok")
        assert code == 0, fout
        assert f"er is nog geen snapshot van {NIEUW}" in uit
        assert not (opstelling.map / f"{NIEUW}.2").exists()
        assert opstelling.refresh()[0] == 0
        assert fouten(NIEUW) == []


def test_the_snapshot_in_force_comes_last_of_its_year(opstelling):  # noqa: F811
    """The user's go before the package's, and among those the highest number."""
    for naam in ("2024.2", "2024.10", "2030"):
        shutil.copytree(opstelling.map / str(OUD), opstelling.map / naam)
    eigen, pakket = opstelling.map, catalogus.pakketmap()
    namen = [pakket / "2024", eigen / "2024.2", eigen / "2024.10", eigen / str(OUD), eigen / "2030"]
    assert catalogus.alle_snapshotmappen() == namen
    volgorde = [p.name for p in uitgangspunt._op_volgorde(namen, 2024)]
    assert volgorde == ["2024.10", "2024.2", "2024", str(OUD), "2030"]
    # none of these is what its name says but the first year's and the embedded one
    gekozen = uitgangspunt.hele_snapshot(2024)
    assert gekozen.snapshot.map == pakket / "2024"
    assert [s.partition(" is onbruikbaar")[0][-7:].strip("/") for s in gekozen.overgeslagen] == [
        "2024.10",
        "2024.2",
    ]


def test_the_embedded_data_are_reinstalled(opstelling, tmp_path):  # noqa: F811
    from huisartsdata.bronnen import gegevensmap

    opstelling.monkeypatch.setattr(gegevensmap, "pakketmap", lambda: tmp_path)
    assert "installeer huisartsdata opnieuw" in gegevensmap.herstel(tmp_path / "2024")


@pytest.mark.parametrize("nummer", ["9999", "10000", "123456789"])
def test_a_number_of_any_length_counts(opstelling, nummer, tel):  # noqa: F811
    with tel.poging("refresh: long number"):
        assert opstelling.refresh()[0] == 0
        (opstelling.map / f"{NIEUW}.1").rename(opstelling.map / f"{NIEUW}.{nummer}")
        assert "niets veranderd" in opstelling.refresh()[1]
        tabellen = opstelling.cbs.geef.tabellen
        tabellen[KERN] = _duurder(tabellen[KERN], gewijzigd=None)
        for _ in range(2):
            code, _, fout = opstelling.refresh()
            assert code == 0, fout
        assert hd.snapshot(NIEUW).map.name == f"{NIEUW}.{int(nummer) + 1}"


def test_other_digits_are_no_number(tmp_path):
    for naam in ("2031.²", "2031.٣", "٢٠٣١", "2031.", "2031.4"):
        (tmp_path / naam).mkdir()
    assert [p.name for _, _, p in genummerd(tmp_path)] == ["2031.4"]
    assert volgende_versie(tmp_path, 2031) == "2031.5"
    assert genummerd(tmp_path / "nergens") == []


# --- things in the way ---------------------------------------------------------------------------------------


def test_a_part_whose_place_is_taken_by_a_folder_is_fetched_again(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: damaged part"):
        opstelling.stoor("500", "TypedDataSet", na=3)
        assert opstelling.refresh()[0] == 1
        opstelling.cbs.herstel()
        deel = next((opstelling.map / ".ophalen").rglob("*.gz"))
        deel.unlink()
        (deel / "diep").mkdir(parents=True)
        code, _, fout = opstelling.refresh()
        assert code == 0, fout


@pytest.mark.parametrize("bestand", ["grenzen.json", "wijken.parquet"])
def test_borders_whose_place_is_taken_by_a_folder_are_fetched_again(opstelling, bestand, tel):  # noqa: F811
    with tel.poging("refresh: damaged part"):
        assert opstelling.refresh("pdok")[0] == 0
        pad = opstelling.map / ".ophalen" / str(NIEUW) / bestand
        pad.unlink()
        pad.mkdir()
        _een_regel(*opstelling.refresh()[::2], "Draai eerst: huisartsdata refresh pdok")
        assert opstelling.refresh("pdok")[0] == 0
        assert opstelling.refresh()[0] == 0


@pytest.mark.parametrize("plek", [".ophalen", f".ophalen/{NIEUW}", f".ophalen/{NIEUW}/cbs"])
def test_a_file_where_a_folder_belongs_is_named(opstelling, plek, tel):  # noqa: F811
    with tel.poging("refresh: disk refuses"):
        pad = opstelling.map / plek
        pad.parent.mkdir(parents=True, exist_ok=True)
        pad.write_text("x")
        regel = _een_regel(*opstelling.refresh()[::2], str(pad), "Verwijder wat daar staat")
        assert "rechten" not in regel
        pad.unlink()
        assert opstelling.refresh()[0] == 0


@pytest.mark.parametrize("naam", ["²", "9" * 40, "٣"])
def test_leftovers_with_a_number_that_is_none_are_told_by_their_age(tmp_path, naam):
    pad = tmp_path / f"{schrijfveilig.KLAARZET}{naam}-a"
    pad.mkdir()
    os.utime(pad, (1.0, 1.0))
    schrijfveilig.ruim_op(tmp_path)
    assert not pad.exists()


@pytest.mark.parametrize("rust", ["²", "٣", "-1", "1e3", "", "Wed, 21 Oct 2026 07:28:00 GMT"])
def test_a_rest_that_is_no_number_is_an_ordinary_wait(opstelling, rust, tel):  # noqa: F811
    from huisartsdata.bronnen import ophalen

    class Antwoord:
        status_code, headers = 429, {"Retry-After": rust}

    class Fout(Exception):
        response = Antwoord()

    with tel.poging("refresh: 429 with Retry-After"):
        assert ophalen._van_status(Fout(), "x").pauze is None
        if rust == "²":
            opstelling.stoor("429", "TypedDataSet", keer=1, koppen={"Retry-After": rust})
            code, _, fout = opstelling.refresh()
            assert code == 0, fout


# --- names and disks -----------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
@pytest.mark.parametrize(
    "woorden",
    [("refresh", "cbs"), ("check",), ("cite",), ("brief", "GM0106"), ("run",)],
    ids=lambda w: w[0],
)
def test_a_data_folder_whose_name_is_no_text_is_one_line(opstelling, tmp_path, woorden, tel):  # noqa: F811
    with tel.poging("refresh: data folder whose name is no text"):
        naam = os.fsdecode(os.fsencode(tmp_path) + b"/v \xff\xe9")
        Path(naam).mkdir()
        opstelling.monkeypatch.setenv("HUISARTSDATA_DATA", naam)
        code, _, fout = opstelling.draai(*woorden)
        _een_regel(code, fout, "HUISARTSDATA_DATA", "geen UTF-8", "hernoem")
        assert opstelling.cbs.verzoeken == []


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_a_home_whose_name_is_no_text_is_no_home(tmp_path, monkeypatch):
    monkeypatch.delenv("HUISARTSDATA_DATA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    assert catalogus.gegevensmappen() == (catalogus.pakketmap(),)
    with pytest.raises(BronFout, match="HUISARTSDATA_DATA"):
        catalogus.gebruikersmap()


def test_other_names_that_are_no_text_are_one_line(opstelling):  # noqa: F811
    def kapot(*_, **__):
        "\udcff".encode()

    opstelling.monkeypatch.setattr("huisartsdata.verversen.ververs", kapot)
    _een_regel(*opstelling.refresh()[::2], "geen UTF-8", "hernoem")


def _vol(*_):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_log_on_a_full_disk_neither_stops_nor_floods(opstelling, tel):  # noqa: F811
    """The handler's stream fails, as that of /dev/full does."""
    with tel.poging("refresh: log on a full disk"):
        opstelling.monkeypatch.setattr(opdracht_refresh._Logbestand, "flush", _vol)
        code, uit, fout = opstelling.refresh()
        assert (code, uit.count("staat in")) == (0, 1), fout
        regels = fout.strip().splitlines()
        assert len(regels) == 1, fout
        assert regels[0].startswith("let op: het logbestand")
        assert "de schijf is vol" in regels[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("droog", [(), ("--dry-run",)])
def test_a_log_on_a_device_that_is_full(opstelling, droog, tel):  # noqa: F811
    with tel.poging("refresh: log on a full disk"):
        code, _, fout = opstelling.refresh("cbs", "--logbestand", "/dev/full", *droog)
        assert code == 0
        assert fout.strip().splitlines() == [
            "let op: het logbestand /dev/full is niet volledig (de schijf is vol); dat hield niets tegen"
        ]


def test_a_disk_that_is_full_for_log_and_data_is_one_line(opstelling, tel):  # noqa: F811
    with tel.poging("refresh: log on a full disk"):
        opstelling.monkeypatch.setattr(opdracht_refresh._Logbestand, "flush", _vol)
        opstelling.monkeypatch.setattr(schrijfveilig, "schrijf", _vol)
        _een_regel(*opstelling.refresh()[::2], "de schijf met", "is vol", "Maak ruimte")


def test_a_full_disk_outside_a_refresh_says_so(opstelling):  # noqa: F811
    opstelling.monkeypatch.setattr("huisartsdata.bronnen.catalogus.snapshot", _vol)
    _een_regel(*opstelling.draai("check")[::2], "de schijf is vol; maak ruimte")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_to_a_full_disk_is_one_line():
    with Path("/dev/full").open("wb") as vol:
        uit = subprocess.run(
            [sys.executable, "-m", "huisartsdata.cli", "cite"],
            stdout=vol,
            stderr=subprocess.PIPE,
            check=False,
        )
    _een_regel(uit.returncode, uit.stderr.decode(), "de schijf is vol; maak ruimte")


# --- a refresh while somebody works --------------------------------------------------------------------------


def test_a_reader_sees_the_old_snapshot_or_the_new_while_a_refresh_publishes(opstelling, tel):  # noqa: F811
    """A thread opens every table of the newest year without a pause while two refreshes publish."""
    with tel.poging("refresh: somebody reads meanwhile"):
        assert opstelling.refresh()[0] == 0
        gezien: dict[str, str] = {}
        fouten_: list[Exception] = []
        einde = threading.Event()

        def lees():
            while not einde.is_set():
                try:
                    s = hd.snapshot(NIEUW)
                    gezien[s.map.name] = s.hash
                    for naam in TABELLEN:
                        assert isinstance(catalogus.open_uit(s, naam), pd.DataFrame)
                    time.sleep(0.001)
                except Exception as e:  # noqa: BLE001 - told by the test
                    fouten_.append(e)
                    return

        draad = threading.Thread(target=lees)
        draad.start()
        try:
            tabellen = opstelling.cbs.geef.tabellen
            for _ in range(2):
                tabellen[KERN] = _duurder(tabellen[KERN], gewijzigd=None)
                assert opstelling.refresh()[0] == 0
        finally:
            time.sleep(0.3)
            einde.set()
            draad.join(10)
        assert fouten_ == []
        assert set(gezien) == {f"{NIEUW}.{n}" for n in (1, 2, 3)}
        assert len(set(gezien.values())) == 3
