"""A refresh brings a year in from servers in CBS's and PDOK's real shape, and lays it beside the old one."""

from __future__ import annotations

import subprocess
import sys

import cbsodata
import numpy as np
import pandas as pd
import pytest
import shapely

import huisartsdata as hd
from huisartsdata.bronnen import catalogus, kerncijfers_cbs, statline
from huisartsdata.bronnen.ophalen import Verbinding
from huisartsdata.bronnen.statlinekeur import koppel
from huisartsdata.bronnen.uitgangspunt import volgende_versie
from huisartsdata.bronnen.voorraad import Voorraad
from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.schema import LEEFTIJDSGROEPEN

from .nepserver import wereld
from .nepserver.odata import NepCBS, Neptabel
from .nepserver.opstelling import NIEUW, OUD, boom, figuren, fouten, klein_land, opstelling  # noqa: F401
from .nepserver.server import Nepserver

MAP = f"{NIEUW}.1"


def _v(server, **opties):
    return Verbinding(
        cbs=server.adres, pdok=server.adres, **{"wachttijd": 2, "pogingen": 1, "pauze": 0.01, **opties}
    )


# --- the server is a real one for the real client ----------------------------------------------------------


def test_the_client_reads_the_recorded_table_over_pages():
    opname = wereld.opname("84799NED")
    with Nepserver(NepCBS([Neptabel.uit_opname(opname)], per_pagina=4)) as server:
        argumenten = {"catalog_url": server.adres.removeprefix("http://"), "timeout": 5}
        cbsodata.options.use_https = False
        try:
            lijst = cbsodata.get_table_list(**argumenten)
            rijen = cbsodata.get_meta("84799NED", "TypedDataSet", **argumenten)
            namen = cbsodata.get_data("84799NED", **argumenten)
        finally:
            cbsodata.options.use_https = True
        assert [t["Identifier"] for t in lijst] == ["84799NED"]
        assert rijen == opname["TypedDataSet"]
        # get_data puts names where the codes were, which is why it is not used
        assert namen[1]["WijkenEnBuurten"] == "Aa en Hunze"
        assert sum("TypedDataSet" in p for p in server.verzoeken) >= len(rijen) / 4


def test_a_filter_needs_the_padded_key():
    with Nepserver(NepCBS([Neptabel.uit_opname(wereld.opname("84799NED"))])) as server:
        v = _v(server)
        kaal = statline.entiteit("84799NED", "TypedDataSet", v, filter_="WijkenEnBuurten eq 'GM1680'")
        sleutels = {k.strip(): k for k in statline.dimensie("84799NED", "WijkenEnBuurten", v)}
        assert sleutels["GM1680"] == "GM1680    "
        filter_ = statline.is_gelijk("WijkenEnBuurten", sleutels["GM1680"])
        vol = statline.entiteit(
            "84799NED", "TypedDataSet", v, kolommen=["WijkenEnBuurten", "AantalInwoners_5"], filter_=filter_
        )
        assert kaal == []
        assert vol == [{"WijkenEnBuurten": "GM1680    ", "AantalInwoners_5": 25445}]


def test_recorded_columns_are_found_by_stem_and_their_units_hold():
    opname = wereld.opname("84799NED")
    gevonden = koppel(opname["DataProperties"], kerncijfers_cbs.KERNCIJFERS, "84799NED")
    assert gevonden["afstand_huisarts_km"] == "AfstandTotHuisartsenpraktijk_105"
    assert gevonden["inwoners_65_plus"] == "k_65JaarOfOuder_12"
    # the year after has other numbers and the same columns
    later = wereld.kerncijfers(wereld.Land.uit(wereld.tabellen(2024), 2025), "X").eigenschappen
    assert (
        koppel(later, kerncijfers_cbs.KERNCIJFERS, "X")["afstand_huisarts_km"]
        == "AfstandTotHuisartsenpraktijk_106"
    )


def test_recorded_rows_are_read_with_stripped_codes_and_empty_cells(tmp_path):
    opname = wereld.opname("84799NED")
    with Nepserver(NepCBS([Neptabel.uit_opname(opname)])) as server:
        v = _v(server)
        t = statline.haal_rijen(
            statline.beschrijf("84799NED", v), kerncijfers_cbs.KERNCIJFERS, ("WijkenEnBuurten",), [""],
            verbinding=v, voorraad=Voorraad(tmp_path),
        )  # fmt: skip
    assert t.at["GM1680", "inwoners"] == 25445
    assert t.at["NL00", "inwoners"] == 17407585
    assert t["afstand_huisarts_km"].isna().all()  # CBS had not filled it yet
    assert t.loc[t.index.str.startswith("BU"), "pc4"].str.fullmatch(r"\d{4}").all()
    assert pd.isna(t.at["GM1680", "pc4"])


def test_settings_of_the_client_are_put_back():
    voor = (cbsodata.options.use_https, cbsodata.options.requests, cbsodata.options.catalog_url)
    with Nepserver(NepCBS([])) as server:
        assert statline.catalogus_tabellen("Kerncijfers", _v(server)) == []
    assert (cbsodata.options.use_https, cbsodata.options.requests, cbsodata.options.catalog_url) == voor


# --- a whole refresh ------------------------------------------------------------------------------------------


def test_a_new_year_lies_beside_the_old_one_and_passes_check(opstelling):  # noqa: F811
    voor = boom(opstelling.map)
    code, _uit, fout = opstelling.refresh()
    assert code == 0, fout
    na = boom(opstelling.map)
    assert {k: v for k, v in na.items() if k in voor} == voor  # nothing of the old was touched
    assert {k.split("/")[0] for k in na.keys() - voor.keys()} == {MAP}
    assert catalogus.beschikbare_peiljaren() == [2024, OUD, NIEUW]
    assert fouten(NIEUW) == fouten(OUD) == []
    code, check, _ = opstelling.draai("check", "--peiljaar", str(NIEUW))
    assert code == 0
    assert "alles in orde" in check
    # the figures are those served: one per cent more people, in the largest buurt of each gemeente
    gm, was = (catalogus.open_tabel("gemeenten", peiljaar=j) for j in (NIEUW, OUD))
    erbij = (5 * np.maximum(1, (was["inwoners"] * 0.01 / 5).round())).astype(float)
    pd.testing.assert_series_equal(gm["inwoners"], was["inwoners"] + erbij, check_names=False)
    assert hd.snapshot(NIEUW).inwoners == gm["inwoners"].sum()
    afstand = catalogus.open_tabel("afstand", peiljaar=NIEUW)
    assert set(afstand.index.get_level_values("jaar")) >= {OUD, NIEUW}
    # ages add up to the new people; the 65+ band moved with them
    leeftijd = catalogus.open_tabel("leeftijden", peiljaar=NIEUW)["inwoners"]
    bu = catalogus.open_tabel("buurten", peiljaar=NIEUW)["inwoners"]
    assert (leeftijd.groupby(level=0).sum() - bu[bu > 0]).abs().max() < 0.05
    oud = leeftijd.unstack()[list(LEEFTIJDSGROEPEN[13:])].sum().sum()
    assert oud == pytest.approx(gm["inwoners_65_plus"].sum(), rel=2e-3)


def test_provenance_says_what_is_new_and_what_was_taken_over(opstelling):  # noqa: F811
    assert opstelling.refresh()[0] == 0
    s = hd.snapshot(NIEUW)
    assert s.bronnen[f"cbs_kerncijfers_{NIEUW}"].tabel_id == "90001NED"
    assert s.tabellen["buurten"].bronnen == (f"cbs_kerncijfers_{NIEUW}", "rivm_gezondheid_buurt")
    assert f"cbs_gebieden_{NIEUW}" in s.tabellen["gemeenten"].bronnen
    assert s.tabellen["leeftijden"].bronnen == (f"cbs_kerncijfers_{NIEUW}", f"cbs_bevolking_pc4_{NIEUW}")
    # practices are not of CBS: the same file, hash and source
    assert s.tabellen["praktijken"] == hd.snapshot(OUD).tabellen["praktijken"]
    rapport = (s.map / catalogus.RAPPORT).read_text(encoding="utf-8")
    assert f"| praktijken | 135 | 135 | overgenomen uit snapshot {OUD}.1 |" in rapport
    assert "praktijken en postcodes houden dus hun telling en plek" in rapport
    assert "nieuw: ZijInstromers" in rapport
    assert "| inwoners (personen) | 504.129 | 509.164 | +5.035 | 12 |" in rapport
    assert catalogus.citeer("buurten", peiljaar=NIEUW).startswith(
        f"CBS StatLine, Kerncijfers wijken en buurten {NIEUW}"
    )


def test_dry_run_shows_the_report_and_writes_nothing(opstelling):  # noqa: F811
    voor = boom(opstelling.map)
    code, uit, fout = opstelling.refresh("cbs", "--dry-run")
    assert code == 0, fout
    assert "| inwoners (personen) | 504.129 | 509.164 | +5.035 | 12 |" in uit
    assert "niets geschreven" in uit
    assert boom(opstelling.map) == voor
    assert sorted(p.name for p in opstelling.map.iterdir()) == [str(OUD)]
    assert not list(opstelling.map.parent.glob("*.log"))


def test_the_same_again_changes_nothing_and_a_revision_gets_a_number(opstelling):  # noqa: F811
    assert opstelling.refresh()[0] == 0
    voor = boom(opstelling.map)
    code, uit, _ = opstelling.refresh()
    assert code == 0
    assert "niets veranderd" in uit
    assert boom(opstelling.map) == voor
    t = opstelling.tabel("90001NED")
    kolom = next(k for k in t.kolommen if k.startswith("HuishoudensTotaal"))
    rij = next(r for r in t.rijen if r["WijkenEnBuurten"].startswith("BU") and r.get(kolom))
    rij[kolom] += 5
    code, uit, _ = opstelling.refresh()
    assert code == 0, uit
    assert hd.snapshot(NIEUW).versie == f"{NIEUW}.2"
    assert hd.snapshot(NIEUW).map.name == f"{NIEUW}.2"
    assert {k: v for k, v in boom(opstelling.map).items() if k in voor} == voor
    assert fouten(NIEUW) == []


def test_without_a_year_the_newest_of_the_catalogue_is_taken(opstelling):  # noqa: F811
    code, uit, fout = opstelling.draai("refresh", "cbs")
    assert code == 0, fout
    assert f"snapshot {NIEUW}.1 staat in" in uit


def test_a_year_that_is_not_there_names_those_that_are(opstelling):  # noqa: F811
    code, _, fout = opstelling.draai("refresh", "cbs", "--peiljaar", "2031")
    assert code == 1
    assert "geen tabel 'Kerncijfers wijken en buurten 2031' (wel: 2025, 2026)" in fout


def test_a_table_number_may_be_given(opstelling):  # noqa: F811
    opstelling.tabel("90001NED").info["Title"] = "Iets anders"
    assert opstelling.refresh()[0] == 1
    code, _, fout = opstelling.refresh("cbs", "--tabel", "kerncijfers=90001NED")
    assert code == 0, fout


def test_figures_that_are_not_published_yet_are_taken_over_and_said(opstelling):  # noqa: F811
    t = opstelling.tabel("90001NED")
    leeg = [
        k for k in t.kolommen if k.startswith(("AfstandTotHuisartsenpraktijk", "GemiddeldInkomenPerInwoner"))
    ]
    for r in t.rijen:
        for k in leeg:
            r.pop(k, None)
    code, uit, fout = opstelling.refresh()
    assert code == 0, fout
    assert "buurten: 'inkomen_per_inwoner' is nog niet gepubliceerd en overgenomen" in uit
    gm, was = (catalogus.open_tabel("gemeenten", peiljaar=j) for j in (NIEUW, OUD))
    # distances per gemeente come from the other table of CBS
    pd.testing.assert_series_equal(gm["afstand_huisarts_km"], was["afstand_huisarts_km"])
    assert NIEUW in catalogus.open_tabel("afstand", peiljaar=NIEUW).index.get_level_values("jaar")
    bronnen = hd.snapshot(NIEUW).tabellen["buurten"].bronnen
    assert {f"cbs_kerncijfers_{NIEUW}", "cbs_kerncijfers_2024"} <= set(bronnen)
    s = hd.snapshot(NIEUW)
    assert s.bronnen[f"cbs_nabijheid_{NIEUW}"].tabel_id == "80305ned"
    assert s.tabellen["afstand"].bronnen == (f"cbs_nabijheid_{NIEUW}", "cbs_nabijheid_reeks")
    assert f"cbs_nabijheid_{NIEUW}" in s.tabellen["gemeenten"].bronnen


def test_ages_of_an_earlier_year_grow_older(opstelling):  # noqa: F811
    t = opstelling.tabel("83502NED")
    t.dimensies["Perioden"] = [{"Key": f"{OUD}JJ00", "Title": str(OUD)}]
    for r in t.rijen:
        r["Perioden"] = f"{OUD}JJ00"
    t.rijen[:] = t.rijen[:-1]
    code, uit, fout = opstelling.refresh()
    assert code == 0, fout
    assert f"naar postcode van {OUD}, op de totalen van {NIEUW} gebracht" in uit
    assert fouten(NIEUW) == []


def test_boundaries_and_a_merger(opstelling, klein_land):  # noqa: F811
    tabellen = klein_land[1]
    land = wereld.Land.uit(tabellen, NIEUW).voeg_samen("GM1730", "GM0106")
    opstelling.cbs.geef.tabellen = wereld.cbs(land).tabellen
    opstelling.pdok.geef = wereld.pdok(land, tabellen["water"], per_pagina=150)
    code, _, fout = opstelling.refresh()
    assert code == 1
    assert f"huisartsdata refresh pdok --peiljaar {NIEUW}" in fout  # the new codes have no border yet
    code, uit, fout = opstelling.refresh("pdok")
    assert code == 0, fout
    assert f"Draai nu: huisartsdata refresh cbs --peiljaar {NIEUW}" in uit
    vooraf = len(opstelling.cbs.verzoeken)
    code, uit, fout = opstelling.refresh()
    assert code == 0, fout
    # those figures were kept, but for one part per table that tells whether they still hold
    assert sum("TypedDataSet" in p for p in opstelling.cbs.verzoeken[vooraf:]) == 4
    assert "- vervallen: Tynaarlo (GM1730)" in uit
    assert fouten(NIEUW) == []
    gm, was = (catalogus.open_tabel("gemeenten", peiljaar=j) for j in (NIEUW, OUD))
    assert len(gm) == 11
    assert gm.at["GM0106", "inwoners"] == was.loc[["GM0106", "GM1730"], "inwoners"].sum()
    praktijken = catalogus.open_tabel("praktijken", peiljaar=NIEUW)["gm_code"].value_counts()
    toen = catalogus.open_tabel("praktijken", peiljaar=OUD)["gm_code"].value_counts()
    assert praktijken["GM0106"] == toen["GM0106"] + toen["GM1730"]
    wijken = catalogus.open_tabel("wijken", peiljaar=NIEUW)
    assert shapely.coverage_is_valid(wijken.geometry.to_numpy())
    assert wijken.area.sum() == pytest.approx(
        catalogus.open_tabel("wijken", peiljaar=OUD).area.sum(), rel=1e-3
    )
    assert "pdok_grenzen_2026" in hd.snapshot(NIEUW).tabellen["wijken"].bronnen


def test_new_boundaries_of_a_year_that_is_there(opstelling):  # noqa: F811
    assert opstelling.refresh()[0] == 0
    code, _uit, fout = opstelling.refresh("pdok")
    assert code == 0, fout
    assert sum("wijken/items" in p for p in opstelling.pdok.verzoeken) == 1 + 1
    # 679 at 200 a page, and the first once more
    assert sum("buurten/items" in p for p in opstelling.pdok.verzoeken) == 4 + 1
    assert fouten(NIEUW) == []
    a, b = (catalogus._lees_snapshot(opstelling.map / f"{NIEUW}.{n}" / "snapshot.toml", 0) for n in (1, 2))
    assert a.tabellen["leeftijden"] == b.tabellen["leeftijden"]
    assert a.tabellen["wijken"].sha256 != b.tabellen["wijken"].sha256
    assert b.inwoners == a.inwoners


def test_another_year_moves_no_brief_and_says_so(opstelling):  # noqa: F811
    figuren(opstelling.map.parent / "figures")
    code, uit, fout = opstelling.refresh("cbs", "--dry-run")
    assert code == 0, fout
    assert f"rekenen met peiljaar 2024. Deze snapshot van {NIEUW} verandert ze niet" in uit


def test_note_and_log(opstelling):  # noqa: F811
    notitie = opstelling.map.parent / "snapshots.md"
    notitie.write_text("# Snapshots\n")
    assert opstelling.refresh("cbs", "--notitie", str(notitie))[0] == 0
    tekst = notitie.read_text(encoding="utf-8")
    assert tekst.startswith("# Snapshots\n\n## Snapshot 2026.1 (peiljaar 2026)")
    log = (opstelling.map / "verversen.log").read_text(encoding="utf-8")
    assert "StatLine-tabel 90001NED" in log
    assert "snapshot 2026.1 staat in" in log


# --- settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adres", ["opendata.cbs.nl", "ftp://x", "https://", "https://x/?a=b"])
def test_an_address_that_is_none_is_refused(adres):
    with pytest.raises(ParameterFout, match="geen serveradres"):
        Verbinding(cbs=adres)


def test_options_go_before_the_environment(monkeypatch):
    monkeypatch.setenv("HUISARTSDATA_CBS", "http://a")
    monkeypatch.setenv("HUISARTSDATA_POGINGEN", "7")
    assert Verbinding.uit_omgeving(cbs="http://b") == Verbinding(cbs="http://b", pogingen=7)
    assert Verbinding.uit_omgeving().cbs == "http://a"
    monkeypatch.setenv("HUISARTSDATA_POGINGEN", "veel")
    with pytest.raises(ParameterFout, match="HUISARTSDATA_POGINGEN is geen getal"):
        Verbinding.uit_omgeving()


@pytest.mark.parametrize(
    "woorden",
    [("kadaster",), ("cbs", "--tabel", "kern"), ("cbs", "--tabel", "x=1"), ("cbs", "--pogingen", "0")],
)
def test_a_wrong_question_is_one_line(opstelling, woorden):  # noqa: F811
    code, _, fout = opstelling.draai("refresh", *woorden)
    assert code == 1
    assert len(fout.strip().splitlines()) == 1
    assert opstelling.cbs.verzoeken == []


def test_a_published_folder_is_never_overwritten(tmp_path):
    from huisartsdata.bronnen.schrijfveilig import publiceer

    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with pytest.raises(BronFout, match="wordt niet overschreven"):
        publiceer(tmp_path / "a", tmp_path / "b")


def test_analysis_never_touches_the_network(tmp_path):
    """The country's picture in a process where making a socket raises, with the refresh not even imported."""
    script = """
import socket, sys
class Verboden(socket.socket):
    def __init__(self, *a, **k): raise RuntimeError("netwerk")
socket.socket = Verboden
socket.create_connection = socket.getaddrinfo = lambda *a, **k: (_ for _ in ()).throw(RuntimeError("netwerk"))
import huisartsdata as hd
beeld = hd.tekortbeeld(hd.landelijke_situatie(), per="provincie")
print(len(beeld), int(beeld["inwoners"].sum()))
print([m for m in ("requests", "cbsodata", "stamina", "urllib3") if m in sys.modules])
"""
    uit = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert uit.stdout.split("\n")[:2] == ["12 17942942", "[]"], uit.stderr


def test_the_higher_number_of_a_year_counts(tmp_path, monkeypatch):
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path))
    for naam in ("2031", "2031.2", "2031.10", "2031.x", "20310", ".klaar-1"):
        (tmp_path / naam).mkdir()
        tekst = f'versie = "{naam}"\npeiljaar = 2031\ngemaakt = "x"\n[tabellen]\n'
        (tmp_path / naam / "snapshot.toml").write_text(tekst)
    assert hd.snapshot(2031).versie == "2031.10"
    assert [nr for _, nr, _ in catalogus.snapshotmappen(tmp_path)] == [0, 2, 10]
    assert volgende_versie(tmp_path, 2031) == "2031.11"
    assert volgende_versie(tmp_path, 2024) == "2024.2"  # the embedded one is 2024.1
