"""The embedded tables: declared hash, rows and contract; published totals; faults named with their row."""

from __future__ import annotations

import re
import tomllib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import huisartsdata as hd
from huisartsdata import controle, schema
from huisartsdata.bronnen import catalogus, parameters
from huisartsdata.fouten import BronFout, ContractFout, OnbekendPeiljaarFout

from .conftest import WORTEL

SNAPSHOT = hd.snapshot()


@pytest.mark.parametrize("naam", sorted(SNAPSHOT.tabellen))
def test_table_has_declared_hash_rows_and_contract(naam):
    t = SNAPSHOT.tabellen[naam]
    assert catalogus.bestandshash(SNAPSHOT.map / t.bestand) == t.sha256
    tabel = catalogus.open_tabel(naam)
    assert len(tabel) == t.rijen
    schema.controleer(tabel, naam)


def test_every_contract_has_a_table_and_every_file_is_registered():
    assert set(schema.CONTRACTEN) == set(SNAPSHOT.tabellen)
    bestanden = {p.name for p in SNAPSHOT.map.iterdir()}
    assert bestanden == {t.bestand for t in SNAPSHOT.tabellen.values()} | {"snapshot.toml"}


def test_embedded_data_stay_under_12_megabyte():
    grootte = sum(p.stat().st_size for p in (WORTEL / "data").rglob("*") if p.is_file())
    assert grootte < 12e6


@pytest.mark.parametrize("pad", sorted((WORTEL / "data/bronnen").glob("*.toml")), ids=lambda p: p.stem)
def test_every_source_is_complete_and_used(pad):
    b = catalogus.bron(pad.stem)
    for veld in (
        "producent",
        "titel",
        "citatie",
        "licentie",
        "peildatum",
        "gepubliceerd",
        "geraadpleegd",
        "drager",
    ):
        assert getattr(b, veld), veld
    assert b.status in schema.STATUSSEN
    assert all(re.fullmatch(r"[0-9a-f]{64}", h) for _, h in b.ontvangen)
    assert any(pad.stem in t.bronnen for t in SNAPSHOT.tabellen.values())


def test_published_totals():
    gm = hd.load_gemeenten()
    assert len(gm) == 342
    assert (gm["provincie"] == "Drenthe").sum() == 12
    assert gm["inwoners"].sum() == 17_942_942
    assert gm.loc[["GM0106", "GM0114", "GM0505"], "inwoners"].tolist() == [69_701, 109_346, 122_070]
    assert gm.loc[gm["provincie_code"] == "PV22", "inwoners"].sum() == 504_129
    assert len(hd.load_praktijken()) == 4_866
    assert hd.load_pc4()["praktijken"].gt(0).sum() == 2_084
    assert len(hd.load_wijken()) == 3_393
    assert hd.load_wijken()["inwoners"].sum() == 17_942_715
    assert hd.load_buurten()["inwoners"].sum() == 17_942_915
    assert len(hd.load_water()) == 81


def test_published_distances():
    gm = hd.load_gemeenten()
    land = np.average(gm["afstand_huisarts_km"], weights=gm["inwoners"])
    assert round(land, 2) == 1.08
    op_naam = gm.set_index("naam")["afstand_huisarts_km"]
    assert (op_naam["Midden-Drenthe"], op_naam["Dordrecht"], op_naam["Zwijndrecht"]) == (2.6, 0.9, 0.7)
    reeks = hd.load_afstand().loc[2024, "afstand_huisarts_km"]
    pd.testing.assert_series_equal(reeks, gm["afstand_huisarts_km"].rename_axis("gm_code"), check_names=False)


def test_population_series_ties_to_national_counts():
    som = hd.load_bevolking()["inwoners_1_januari"].groupby("jaar").sum()
    assert som[2012] == 16_730_348
    assert som[2021] == 17_475_415
    assert som[2023] == 17_811_291


@pytest.mark.parametrize(
    ("per", "aantal"),
    [("land", 1), ("provincie", 12), ("regioplus", 28), ("corop", 40), ("ggdregio", 25), ("veiligheidsregio", 25),
     ("zorgkantoorregio", 32), ("gemeente", 342)],
)  # fmt: skip
def test_region_types_partition_the_country(per, aantal):
    g = hd.load_gebieden(per)
    assert len(g) == aantal
    assert g["inwoners"].sum() == 17_942_942
    alle = [c for codes in g["gemeenten"] for c in codes]
    assert sorted(alle) == sorted(hd.load_gemeenten().index)


def test_named_regions_of_the_two_cases():
    plus = hd.load_gebieden("regioplus")
    drenthe = plus[plus["naam"] == "Drenthe"].iloc[0]
    assert set(drenthe["gemeenten"]) == set(hd.load_gebieden("provincie").at["PV22", "gemeenten"])
    zuid = plus[plus["naam"] == "Zuid-Holland Zuid"].iloc[0]
    assert "GM0505" in zuid["gemeenten"]
    veiligheid = hd.load_gebieden("veiligheidsregio")
    assert veiligheid.at["VR18", "naam"] == "Zuid-Holland Zuid"
    assert "GM0505" in veiligheid.at["VR18", "gemeenten"]


def test_ages_are_people_not_weights():
    leeftijden = hd.load_leeftijden()
    bu = hd.load_buurten()
    per_buurt = leeftijden["inwoners"].groupby(level="bu_code").sum()
    assert (per_buurt - bu["inwoners"].reindex(per_buurt.index)).abs().max() < 0.1
    # CBS's unrounded bands per gemeente are met, apart from the rounding of its buurten
    band = leeftijden["inwoners"].unstack()
    oud = band[[g for g in band if int(g.split("-")[0].rstrip("+")) >= 65]].sum(axis=1)
    gm = hd.load_gemeenten()
    per_gm = oud.groupby(bu["gm_code"].reindex(oud.index)).sum()
    assert (per_gm / gm["inwoners_65_plus"] - 1).abs().max() < 0.02
    assert abs(per_gm.sum() / gm["inwoners_65_plus"].sum() - 1) < 1e-5


def test_shared_borders_stay_shared():
    assert shapely.coverage_is_valid(hd.load_gemeenten().geometry.to_numpy())
    samen = pd.concat([hd.load_wijken().geometry, hd.load_water().geometry])
    assert shapely.coverage_is_valid(samen.to_numpy())
    # both detail levels are the same gemeenten
    grof, fijn = hd.load_gemeenten(), hd.load_gemeenten(detail="regio")
    gelijk = grof.geometry.intersection(fijn.geometry).area / grof.geometry.union(fijn.geometry).area
    assert gelijk.median() > 0.97
    wijken = hd.load_wijken()
    assert (wijken.dissolve("gm_code").area - fijn.area).abs().max() < 1.0


def test_no_names_addresses_or_people_in_practices():
    kolommen = set(hd.load_praktijken().columns)
    assert kolommen == {
        "pc4",
        "gm_code",
        "fte",
        "fte_status",
        "ingeschreven",
        "open_voor_inschrijving",
        "geometry",
    }
    # no finer than the postcode: every practice of a PC4 lies at one point
    punten = hd.load_praktijken().assign(wkt=lambda t: t.geometry.to_wkt())
    assert (punten.groupby("pc4")["wkt"].nunique() == 1).all()
    assert hd.load_praktijken()["fte"].isna().all()


def test_signals_carry_source_and_grade():
    s = hd.load_signalen()
    assert s["bron"].notna().all()
    assert set(s["kwaliteit"]) <= set("ABCD")
    zonder = s[(s["indicator"] == "zonder_huisarts") & (s["gebied"] == "NL01")].iloc[0]
    assert (zonder["waarde_laag"], zonder["waarde_hoog"]) == (45_000, 194_000)
    assert pd.isna(zonder["waarde"])
    stop = s[(s["gebied"] == "RA1121") & s["indicator"].str.contains("stop")].iloc[0]
    assert stop["waarde_laag"] == 75 and pd.isna(stop["waarde"])


def test_loaders_give_copies():
    gm = hd.load_gemeenten()
    gm["inwoners"] = 0
    gm.loc["GM0106", "naam"] = "x"
    assert hd.load_gemeenten()["inwoners"].sum() == 17_942_942
    assert hd.load_gemeenten().at["GM0106", "naam"] == "Assen"


def test_unknown_year_lists_what_there_is():
    with pytest.raises(OnbekendPeiljaarFout, match="2024") as e:
        hd.load_gemeenten(peiljaar=1999)
    assert e.value.codes == ["1999"]
    assert isinstance(e.value, KeyError)


def test_changed_file_is_refused_and_named(kopie):
    pad = kopie / "gemeenten.parquet"
    pad.write_bytes(pad.read_bytes() + b"x")
    with pytest.raises(BronFout, match=r"gemeenten\.parquet"):
        hd.load_gemeenten()
    fouten = dict(controle.controleer_snapshot())
    assert fouten["bestanden en hashes"]["onderdeel"].tolist() == ["gemeenten.parquet"]
    pad.unlink()
    with pytest.raises(BronFout, match="ontbreekt"):
        hd.load_gemeenten()


def _schrijf(map_, naam, tabel):
    """Overwrite a table and its hash: a fault that only contracts, totals and joins can find."""
    pad = map_ / f"{naam}.parquet"
    tabel.to_parquet(pad)
    toml = map_ / "snapshot.toml"
    tekst = toml.read_text(encoding="utf-8")
    oud = tomllib.loads(tekst)["tabellen"][naam]["sha256"]
    toml.write_text(tekst.replace(oud, catalogus.bestandshash(pad)), encoding="utf-8")


def test_check_names_every_fault_with_its_row(kopie):
    gm = hd.load_gemeenten()
    gm.iloc[4, gm.columns.get_loc("inwoners")] = -5
    _schrijf(kopie, "gemeenten", gm)
    bu = hd.load_buurten()
    bu.iloc[9, bu.columns.get_loc("wk_code")] = "WK999999"
    _schrijf(kopie, "buurten", bu)
    fouten = dict(controle.controleer_snapshot())
    contract = fouten["contracten"]
    assert ("gemeenten", 5, "-5.0") in set(
        zip(contract["onderdeel"], contract["regel"], contract["waarde"], strict=True)
    )
    assert "gemeenten" in set(fouten["totalen"]["onderdeel"])
    koppel = fouten["koppelingen"]
    assert ("buurten", 10, "WK999999") in set(
        zip(koppel["onderdeel"], koppel["regel"], koppel["waarde"], strict=True)
    )


def _toml(map_, van, naar):
    pad = map_ / "snapshot.toml"
    tekst = pad.read_text(encoding="utf-8")
    assert van in tekst
    pad.write_text(tekst.replace(van, naar, 1), encoding="utf-8")


def test_check_misses_a_table_that_is_not_registered(kopie):
    tekst = (kopie / "snapshot.toml").read_text(encoding="utf-8")
    begin = tekst.index("[tabellen.wijken]")
    einde = tekst.find("[tabellen.", begin + 1)
    (kopie / "snapshot.toml").write_text(
        tekst[:begin] + (tekst[einde:] if einde > 0 else ""), encoding="utf-8"
    )
    fouten = dict(controle.controleer_snapshot())
    assert fouten["contracten"][["onderdeel", "probleem"]].to_numpy().tolist() == [
        ["wijken", "de tabel ontbreekt in snapshot.toml"]
    ]
    assert fouten["totalen"].empty and fouten["koppelingen"].empty


def test_one_corrupt_table_hides_no_other_fault(kopie):
    # one file that no reader opens but whose hash is declared, one with another hash, one that lacks a
    # column, and a fault in the people of a fourth
    bu = hd.load_buurten()
    bu.iloc[9, bu.columns.get_loc("inwoners")] += 1000
    pc4 = hd.load_pc4().drop(columns="praktijken")
    _schrijf(kopie, "buurten", bu)
    _schrijf(kopie, "pc4", pc4)
    (kopie / "vakken.parquet").write_bytes(b"geen parquet")
    _toml(kopie, SNAPSHOT.tabellen["vakken"].sha256, catalogus.bestandshash(kopie / "vakken.parquet"))
    (kopie / "wijken.parquet").write_bytes(b"x")
    fouten = dict(controle.controleer_snapshot())
    assert list(fouten) == list(controle.STAPPEN)
    assert fouten["bestanden en hashes"]["onderdeel"].tolist() == ["wijken.parquet"]
    contract = fouten["contracten"]
    assert set(contract["onderdeel"]) == {"vakken", "pc4"}
    assert (contract["onderdeel"] == "vakken").sum() == 1
    totalen = fouten["totalen"]
    assert set(totalen["onderdeel"]) == {"buurten", "leeftijden"}
    assert str(bu["gm_code"].iloc[9]) in set(totalen["waarde"])
    alles = pd.concat(fouten.values())
    assert not alles.duplicated().any()


@pytest.mark.parametrize(
    ("van", "naar", "tekst"),
    [
        ("peiljaar = 2024", "peiljaar = 2023", "peiljaar 2023"),
        ("peiljaar = 2024", "", "'peiljaar' ontbreekt"),
        ('bestand = "afstand.parquet"', 'bestand = "../2024/afstand.parquet"', "geen losse bestandsnaam"),
        ('bestand = "afstand.parquet"', 'bestand = "/etc/passwd"', "geen losse bestandsnaam"),
        ('bestand = "afstand.parquet"', 'bestand = ".."', "geen losse bestandsnaam"),
        ('bestand = "afstand.parquet"', "bestand = 3", "geen losse bestandsnaam"),
        ('bronnen = ["cbs_nabijheid_reeks"]', 'bronnen = ["../bronnen/x"]', "geen losse bestandsnaam"),
        ("rijen = 2179", 'rijen = "veel"', "onbruikbaar"),
        ('versie = "2024.1"', "versie = ", "onbruikbaar"),
    ],
)
def test_corrupt_user_snapshot_names_its_folder_and_what_to_do(kopie, van, naar, tekst):
    _toml(kopie, van, naar)
    with pytest.raises(BronFout, match=tekst) as e:
        hd.snapshot()
    assert str(kopie) in str(e.value)
    assert "verwijder of hernoem die map" in str(e.value)


@pytest.mark.parametrize("inhoud", ["", "tabellen = 3\n", "peiljaar = 2024\n", "\x00"])
def test_empty_or_partial_user_snapshot(kopie, inhoud):
    (kopie / "snapshot.toml").write_text(inhoud, encoding="utf-8")
    with pytest.raises(BronFout, match="verwijder of hernoem die map"):
        hd.load_gemeenten()


def test_national_total_of_the_snapshot_itself(kopie):
    _toml(kopie, "peiljaar = 2024", "peiljaar = 2024\ninwoners = 17942943")
    with pytest.raises(BronFout, match="-1 inwoners"):
        hd.load_gemeenten()
    assert dict(controle.controleer_snapshot())["totalen"]["onderdeel"].tolist() == ["gemeenten"]
    _toml(kopie, "17942943", "17942942")
    assert len(hd.load_gemeenten()) == 342


def test_year_without_a_national_total(kopie):
    ander = kopie.parent / "2023"
    kopie.rename(ander)
    _toml(ander, "peiljaar = 2024", "peiljaar = 2023")
    with pytest.raises(BronFout, match="inwoners van 2023 is niet bekend"):
        hd.load_gemeenten(peiljaar=2023)
    _toml(ander, "peiljaar = 2023", "peiljaar = 2023\ninwoners = 17942942")
    assert len(hd.load_gemeenten(peiljaar=2023)) == 342


def test_users_folder_must_be_one(tmp_path, monkeypatch):
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path / "weg"))
    with pytest.raises(BronFout, match="bestaat niet"):
        hd.snapshot()
    (tmp_path / "bestand").write_text("x")
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path / "bestand"))
    with pytest.raises(BronFout, match="is geen map"):
        hd.snapshot()


def test_tilde_in_the_users_folder(kopie, monkeypatch):
    monkeypatch.setenv("HOME", str(kopie.parent.parent))
    monkeypatch.setenv("USERPROFILE", str(kopie.parent.parent))
    monkeypatch.setenv("HUISARTSDATA_DATA", "~/data")
    assert hd.snapshot().map == kopie


def test_constants_are_read_only():
    p = parameters.load_parameters()
    with pytest.raises(TypeError):
        p["norm_tarief"] = None
    assert not hasattr(p, "pop")


def test_provenance_of_an_unknown_table():
    with pytest.raises(BronFout, match="kies uit"):
        catalogus.herkomst("onzin")


def test_contract_reports_all_faults_at_once():
    tabel = hd.load_praktijken().astype({"pc4": "object"})
    tabel.loc["P1011-01", "pc4"] = "0123"
    tabel.loc["P1012-02", "fte"] = -1.0
    tabel = tabel.astype({"pc4": "str"})
    with pytest.raises(ContractFout) as e:
        schema.controleer(tabel, "praktijken")
    regels = {(r.kolom, str(r.waarde)) for r in e.value.fouten.itertuples()}
    assert regels == {("pc4", "0123"), ("fte", "-1.0")}
    assert "pc4" in str(e.value) and "regel" in str(e.value)


def test_contract_wants_rd_geometry():
    with pytest.raises(ContractFout, match="28992"):
        schema.controleer(hd.load_pc4().to_crs(4326), "pc4")
    assert isinstance(hd.load_pc4(), gpd.GeoDataFrame)


def test_user_snapshot_is_looked_at_first(kopie):
    assert hd.snapshot().map == kopie
    assert hd.snapshot().hash == SNAPSHOT.hash


def test_every_constant_has_unit_status_and_source():
    for p in parameters.load_parameters().values():
        assert p.eenheid and p.bron, p.naam
        assert p.status in schema.STATUSSEN
        assert p.kwaliteit in "ABCD"
    assert parameters.waarde("norm_tarief") == 2095
    alle = parameters.waarde("huisartsen_alle_personen") * parameters.waarde("fte_per_huisarts_alle")
    assert round(alle) == parameters.waarde("fte_landelijk_alle")
    with pytest.raises(BronFout, match="bestaat_niet"):
        parameters.parameter("bestaat_niet")


def test_constants_agree_with_the_published_facts():
    f = hd.load_feiten()
    p25 = f[(f["thema"] == "raming") & (f["periode"] == "2025")].set_index("indicator")["waarde"]
    assert p25["aanbod_personen"] == parameters.waarde("huisartsen_alle_personen")
    assert p25["onv_vraag_midden"] == parameters.waarde("onvervulde_vraag")
    vast = (
        p25["werkzaam_zelfstandig_TBO"] * p25["fte_zelfstandig"]
        + p25["werkzaam_loondienst_TBO"] * p25["fte_loondienst"]
    )
    assert round(vast) == parameters.waarde("fte_landelijk_zonder_wisselend")
    contacten = f[f["indicator"] == "contacten_huisartsenpraktijk_per_ingeschrevene"]
    contacten = contacten[contacten["periode"] == "2017"].set_index("groep")["waarde"]
    for groep, waarde in contacten.drop("totaal").items():
        assert parameters.waarde("contacten_" + groep.replace("-", "_").replace("+", "_plus")) == waarde


def test_citation_names_every_source():
    tekst = catalogus.citeer("gemeenten")
    assert "CBS" in tekst and "CC BY 4.0" in tekst and "RegioPlus" in tekst
    assert str(hd.snapshot()).count("\n") >= len(SNAPSHOT.bronnen)
    with pytest.raises(BronFout, match="kies uit"):
        catalogus.citeer("onzin")


def test_facts_keep_their_year():
    f = hd.load_feiten()
    reeks = f[(f["groep"] == "herziene_indeling_2025") & (f["indicator"] == "hidha_vaste_waarnemer")]
    assert reeks["periode"].str.extract(r"(\d{4})")[0].nunique() == len(reeks)
    assert f["periode"].str.contains(r"\d{4}").all()


def test_bounds_are_bounds_and_estimates_are_called_so():
    s = hd.load_signalen()
    assert not s["eenheid"].str.contains("ruim|nog geen|minstens|meer dan", na=False).any()
    wacht = s[s["indicator"] == "wachtenden_zorgbemiddeling"].set_index("peildatum")
    assert wacht.at["2024-01", "waarde_laag"] == 5200 and wacht.at["2024-12", "waarde_hoog"] == 6900
    assert wacht["waarde"].isna().all()
    assert (s.loc[s["indicator"] == "zonder_huisarts", "status"] == "modelschatting").all()


def test_addresses_of_news_media_are_cut_to_their_number():
    """A page title may name a practice: of other addresses than publishers' only the number stays."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("bouw", WORTEL / "data/bouw.py")
    bouw = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bouw)
    assert (
        bouw._schoon_url("https://www.krant.nl/nieuws/123456/praktijk-jansen-stopt")
        == "https://www.krant.nl/nieuws/123456"
    )
    assert bouw._schoon_url("https://www.krant.nl/zorg/praktijk-jansen-stopt") == "https://www.krant.nl"
    assert bouw._schoon_url("https://www.nivel.nl/nl/publicatie/x") == "https://www.nivel.nl/nl/publicatie/x"
    for url in hd.load_feiten()["url"].dropna():
        assert bouw._schoon_url(url) == url


def test_ageing_keeps_people_and_makes_the_old_older():
    oud = hd.load_leeftijden()["inwoners"].unstack().sum()
    # the baby boom of 1946 was 74 in 2021 and 77 in 2024: 75-79 grows, 70-74 shrinks against 2021
    assert oud["75-79"] / oud["70-74"] > 0.75
