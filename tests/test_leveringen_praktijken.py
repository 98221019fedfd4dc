"""A region's practice list: read, kept to the area, and free of anything that identifies a person."""

from __future__ import annotations

import math

import pytest

from huisartsdata.fouten import LeveringFout, OnbekendGebiedFout
from huisartsdata.leveringen.praktijken import read_praktijken
from tests.leveringen_boek import maak_boek, schrijf, vindt

BOEK = maak_boek()
KOP = "praktijk_id;postcode;fte;ingeschreven;open\n"


def lees(tmp_path, tekst, gebied="RA0605"):
    return read_praktijken(schrijf(tmp_path, tekst), gebied=gebied, gebiedenboek=BOEK)


def weiger(tmp_path, tekst, gebied="RA0605") -> LeveringFout:
    with pytest.raises(LeveringFout) as fout:
        lees(tmp_path, tekst, gebied)
    return fout.value


def test_leest_een_lijst(tmp_path):
    levering = lees(tmp_path, KOP + "a1;3311 AB;1,8;3.650;ja\na2;3312;2,25;4.100;dicht\na3;3331cd;.;;\n")
    tabel = levering.tabel
    assert tabel["pc4"].to_dict() == {"a1": "3311", "a2": "3312", "a3": "3331"}
    assert tabel["gm_code"].to_dict() == {"a1": "GM0505", "a2": "GM0505", "a3": "GM0642"}
    assert tabel["fte"].tolist()[:2] == [1.8, 2.25]
    assert math.isnan(tabel.loc["a3", "fte"])
    assert tabel["fte_status"].to_dict() == {"a1": "waargenomen", "a2": "waargenomen", "a3": "ontbreekt"}
    assert tabel["ingeschreven"].tolist()[:2] == [3650, 4100]
    assert tabel["open_voor_inschrijving"].tolist() == ["ja", "nee", "onbekend"]
    assert levering.gebieden == ("GM0505", "GM0642")


def test_pc6_blijft_nergens_bewaard(tmp_path):
    levering = lees(tmp_path, KOP + "a1;3311 XQ;1,8;3650;ja\n")
    alles = levering.tabel.to_csv() + " ".join(levering.opmerkingen) + repr(levering.herkomst)
    assert "XQ" not in alles


def test_gebied_als_lijst_en_zonder_praktijk(tmp_path):
    levering = lees(tmp_path, KOP + "a1;3311;1,8;3650;ja\n", gebied=["GM0505", "GM0642"])
    assert any("GM0642 (Zwijndrecht)" in zin for zin in levering.opmerkingen)
    with pytest.raises(OnbekendGebiedFout, match="GM0505"):
        lees(tmp_path, KOP, gebied="Dordrecht")
    with pytest.raises(OnbekendGebiedFout):
        lees(tmp_path, KOP, gebied=[])


def test_zonder_eigen_nummer(tmp_path):
    assert lees(tmp_path, "postcode;fte\n3311;1,8\n3311;1,9\n").tabel.index.tolist() == [
        "regel-00002",
        "regel-00003",
    ]


@pytest.mark.parametrize(
    ("rij", "woord"),
    [("a1;9401;1,8;3650;ja", "GM0106 (Assen), buiten"), ("a1;3999;1,8;3650;ja", "staat niet in de postcodetabel"),
     ("a1;331;1,8;3650;ja", "geen postcode"), ("a1;;1,8;3650;ja", "geen postcode"), ("a1;3311;-1,8;3650;ja", "negatief"),
     ("a1;3311;1,8;3650,5;ja", "geheel"), ("a1;3311;1,8;3650;misschien", "ja, nee of onbekend"),
     (";3311;1,8;3650;ja", "praktijk_id ontbreekt"), ("praktijk om de hoek;3311;1,8;3650;ja", "geen bruikbaar praktijk_id"),
     ("=cmd;3311;1,8;3650;ja", "geen bruikbaar praktijk_id"), ("01012345;3311;1,8;3650;ja", "AGB"),
     ("goed;3311;1,8;3650;ja", "regel 2")],
)  # fmt: skip
def test_fouten_met_regel(tmp_path, rij, woord):
    assert vindt(weiger(tmp_path, KOP + "goed;3311;2,5;3000;nee\n" + rij + "\n"), 3, woord)


@pytest.mark.parametrize(
    "kop",
    [
        "Naam praktijk",
        "praktijknaam",
        "Huisarts",
        "E-mail",
        "e-mailadres",
        "Telefoonnummer",
        "AGB-code",
        "Adres",
        "BIG-nummer",
    ],
)
def test_kolommen_over_personen_worden_geweigerd(tmp_path, kop):
    fout = weiger(tmp_path, f"postcode;fte;{kop}\n3311;1,8;geheim\n")
    assert vindt(fout, 1, "verwijder deze kolom")
    assert "geheim" not in str(fout)


@pytest.mark.parametrize(
    "cel",
    ["wie@voorbeeld.nl", "078-6123456", "06 12345678", "+31 6 12345678", "0592-123456.", "06-12345678, thuis", "(0592) 123456",
     "06.12.34.56.78", "AGB 01-012345"],
)  # fmt: skip
def test_contactgegevens_in_een_cel(tmp_path, cel):
    fout = weiger(tmp_path, f"postcode;fte;opmerking\n3311;1,8;bel {cel}\n")
    assert vindt(fout, 2, "hier staat een ")
    assert cel not in str(fout)


@pytest.mark.parametrize(
    "cel", ["17.942.942", "01-02-2024 12:30", "0,612345678", "2024-01-01", "GM0505", "1 op 10"]
)
def test_een_cijfer_is_geen_contactgegeven(tmp_path, cel):
    assert len(lees(tmp_path, f"postcode;fte;opmerking\n3311;1,8;{cel}\n").tabel) == 1


def test_plaats_en_aantallen_zijn_geen_personen(tmp_path):
    levering = lees(tmp_path, "postcode;fte;Gemeentenaam;aantal huisartsen\n3311;1,8;Dordrecht;2\n")
    assert "Niet gebruikte kolommen: Gemeentenaam, aantal huisartsen." in levering.opmerkingen


def test_patientenstop_zegt_het_omgekeerde(tmp_path):
    assert vindt(weiger(tmp_path, "postcode;fte;patiëntenstop\n3311;1,8;ja\n"), 1, "omgekeerde")


def test_totaalrij(tmp_path):
    rijen = KOP + "a1;3311;1,8;3650;ja\na2;3312;2,2;4100;nee\n"
    assert len(lees(tmp_path, rijen + "Totaal;;4,0;7750;\n").tabel) == 2
    assert vindt(weiger(tmp_path, rijen + "Totaal;;4,0;7751;\n"), 4, "tellen op tot 7750")


def test_ontbrekende_kolommen(tmp_path):
    assert vindt(weiger(tmp_path, "praktijk_id;open\na1;ja\n"), 1, "postcode ontbreekt")


def test_onwaarschijnlijk_veel_fte(tmp_path):
    # the largest health centres have some 20 fte
    assert lees(tmp_path, KOP + "a1;3311;60;3650;ja\n").tabel["fte"].tolist() == [60.0]
    fout = weiger(tmp_path, KOP + "a1;3311;1,5;3650;ja\na2;3312;180;4100;nee\n")
    assert vindt(fout, 3, "onwaarschijnlijk hoog")
    # their total may be
    rijen = "".join(f"a{n};3311;20,5;3650;ja\n" for n in range(4))
    assert len(lees(tmp_path, KOP + rijen + "Totaal;;82,0;14600;\n").tabel) == 4


@pytest.mark.parametrize("gebied", [None, 5, [None], ["GM0505", 5]])
def test_gebied_dat_geen_code_is(tmp_path, gebied):
    with pytest.raises(OnbekendGebiedFout):
        lees(tmp_path, KOP + "a1;3311;1,8;3650;ja\n", gebied=gebied)


def test_peildatum_in_de_titel(tmp_path):
    tekst = "Peildatum: 1 maart 2025\n" + KOP + "a1;3311;1,8;3650;ja\n"
    assert lees(tmp_path, tekst).peildatum == "1 maart 2025"
    eigen = read_praktijken(schrijf(tmp_path, tekst), gebied="RA0605", peildatum="2026", gebiedenboek=BOEK)
    assert eigen.peildatum == "2026"


def test_minder_dan_tien_ingeschrevenen_worden_niet_overgenomen(tmp_path):
    """Nor can they be had back: a total in the file is checked with them, and is not kept."""
    rijen = KOP + "a1;3311;1,8;9;ja\na2;3312;2,2;4100;nee\na3;3312;0,5;10;nee\na4;3331;0,5;0;ja\n"
    levering = lees(tmp_path, rijen + "Totaal;;5,0;4119;\n")
    assert levering.tabel["ingeschreven"].dropna().to_dict() == {"a2": 4100.0, "a3": 10.0, "a4": 0.0}
    assert any("1 keer minder dan 10 mensen" in zin for zin in levering.opmerkingen)
    assert "4119" not in " ".join(levering.opmerkingen) + levering.tabel.to_csv()
    assert vindt(weiger(tmp_path, rijen + "Totaal;;5,0;4118;\n"), 6, "tellen op tot 4119")
