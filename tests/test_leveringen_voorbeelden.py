"""The invented examples that ship with the package are read by the package's own loaders."""

from __future__ import annotations

from pathlib import Path

import pytest

import huisartsdata as hd
from huisartsdata.leveringen.gebiedenboek import EERSTE_KAART, LAATSTE_KAART, Gebiedenboek

MAP = Path(__file__).resolve().parents[1] / "data" / "voorbeelden"


@pytest.fixture(scope="module")
def boek() -> Gebiedenboek:
    return Gebiedenboek.uit_snapshot()


def test_elk_voorbeeld_zegt_dat_het_verzonnen_is():
    bestanden = sorted(MAP.iterdir())
    assert len(bestanden) == 6
    for pad in bestanden:
        assert pad.name.startswith("verzonnen_")
        if pad.suffix == ".csv":
            assert b"VERZONNEN" in pad.read_bytes().splitlines()[0]


def test_nivel_per_gemeente(boek):
    levering = hd.read_nivel(MAP / "verzonnen_nivel_gemeente.csv", functie="alle", gebiedenboek=boek)
    assert set(levering.gebieden) == boek.gemeenten_van("PV22")
    assert any("is een totaalrij van 12 rijen" in zin for zin in levering.opmerkingen)
    assert any("VERZONNEN" in zin for zin in levering.opmerkingen)


def test_nivel_per_regio(boek):
    levering = hd.read_nivel(MAP / "verzonnen_nivel_regio.xlsx", gebiedenboek=boek)
    assert len(levering.gebieden) == 28
    assert set(levering.tabel["functie"]) == {"praktijkhouder", "hidha", "vaste_waarnemer"}
    assert levering.peildatum == "2022"


def test_factor_bij_een_volledige_levering(boek):
    pad = MAP / "verzonnen_nivel_regio.xlsx"
    levering = hd.read_nivel(pad, fte_per_persoon=0.75, gebiedenboek=boek)
    assert levering.tabel.equals(hd.read_nivel(pad, gebiedenboek=boek).tabel)


def test_praktijken_en_eigen_gebieden(boek):
    gebieden = hd.read_gebieden(MAP / "verzonnen_gebieden.csv", gebiedenboek=boek)
    assert gebieden["code"].value_counts().to_dict() == {"VERZONNEN_DRECHT": 7, "VERZONNEN_ZO_DRENTHE": 3}
    eigen = boek.met_eigen(gebieden)
    levering = hd.read_praktijken(
        MAP / "verzonnen_praktijken_drechtsteden.csv", gebied="VERZONNEN_DRECHT", gebiedenboek=eigen
    )
    assert len(levering.gebieden) == 7
    assert levering.tabel["fte"].between(1, 3.2).all()


def test_vektis(boek):
    levering = hd.read_vektis(MAP / "verzonnen_vektis.csv", peiljaar=2024, gebiedenboek=boek)
    assert {"GM0106", "GM0164", "GM0373", "GM0820", "GM1900"} < set(levering.gebieden)
    assert levering.apart["aantal"].tolist() == [1240.0]
    with pytest.raises(hd.fouten.LeveringFout, match="peiljaar=2024"):
        hd.read_vektis(MAP / "verzonnen_vektis.csv", gebiedenboek=boek)
    assert levering.tabel["leeftijdsklasse"].nunique() == 19


@pytest.mark.parametrize("jaar", [EERSTE_KAART, 2015, 2018, 2021, 2022, LAATSTE_KAART])
def test_nagespeelde_kaart_is_die_van_het_register(boek, jaar):
    # the replay from the reorganisations alone against the codes in CBS's population series
    los = Gebiedenboek(
        boek.gemeenten, boek.regios, boek.indeling, boek.herindelingen, boek.pc4, boek.verplaats
    )
    assert set(los.kaart(jaar)) == set(boek.kaart(jaar))
    assert len(boek.kaart(jaar)) == {2012: 415, 2015: 393, 2018: 380, 2021: 352, 2022: 345, 2025: 342}[jaar]


def test_three_faults_are_named_with_their_lines(boek):
    with pytest.raises(hd.fouten.LeveringFout) as e:
        hd.read_nivel(MAP / "verzonnen_nivel_met_fouten.csv", functie="alle", gebiedenboek=boek)
    fouten = e.value.fouten
    assert list(fouten.columns) == ["regel", "kolom", "waarde", "probleem", "advies"]
    per_regel = {r.regel: (r.kolom, str(r.waarde)) for r in fouten.itertuples()}
    assert {4, 5, 7} <= set(per_regel)
    assert per_regel[4] == ("gemeentecode", "GM9106")
    assert per_regel[5][0] == "fte" and "-14,6" in per_regel[5][1]
    assert "GM1680" in per_regel[7][1]
