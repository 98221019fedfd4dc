"""What would identify a person in a delivery is found in every way of writing it; figures and places are not."""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import huisartsdata as hd
from huisartsdata.fouten import LeveringFout
from huisartsdata.leveringen.persoonlijk import toonbare_naam, verberg_persoonlijk, vind_persoonlijk
from huisartsdata.leveringen.praktijken import read_praktijken
from huisartsdata.uitvoer.tabel import neutralise
from tests.leveringen_boek import maak_boek, schrijf

from .conftest import WORTEL

BOEK = maak_boek()
MAIL, TEL, ZORG, PC, ADRES = "e-mailadres", "telefoonnummer", "AGB-, BIG-", "postcode", "adres"

# text, what it is, and whether it is that among figures too (where a loose number or a postcode is none)
GEVONDEN = [
    ("jan@huisarts.nl", MAIL, True), ("jan＠huisarts．nl", MAIL, True), ("Jan <jan@x.nl>", MAIL, True),
    ("jan @ x.nl", MAIL, True), ("jan(at)x.nl", MAIL, True), ("jan (at) x.nl", MAIL, True), ("jan[at]x.nl", MAIL, True),
    ("jan apenstaartje x punt nl", MAIL, True), ("JAN@X.NL", MAIL, True), ("j\u200ban@x.nl", MAIL, True),
    ("Bel 06—12345678", TEL, True), ("06–12345678", TEL, True), ("06−12345678", TEL, True), ("06―12345678", TEL, True),
    ("T0612345678", TEL, True), ("tel0612345678", TEL, True), ("tel.0612345678", TEL, True), ("tel. 06-12345678", TEL, True),
    ("#0612345678", TEL, True), ("-0612345678", TEL, True), ("06_1234_5678", TEL, True), ("06 - 12 34 56 78", TEL, True),
    ("tel 06/1234 5678", TEL, True), ("06\u200b12345678", TEL, True), ("０６１２３４５６７８", TEL, True), ("٠٦١٢٣٤٥٦٧٨", TEL, True),
    ("0592:123456", TEL, True), ("0592,123456", TEL, True), ("06,12345678", TEL, True), ("x,0592123456", TEL, True),
    ("0031 (0)6 12345678", TEL, True), ("+31(0)6-12345678", TEL, True), ("(+31) 6 12345678", TEL, True),
    ("+31 (0)592 123 456", TEL, True), ("31 6 12345678", TEL, True), ("31612345678", TEL, False),
    ("(0592) 12 34 56", TEL, True), ("06\u00a012345678", TEL, True), ("06  12345678", TEL, True),
    ("AGB 01051234", ZORG, True), ("agbcode: 01.051.234", ZORG, True), ("AGB-nr 0105 1234", ZORG, True),
    ("01051234", ZORG, True), ("vestigingsnr 01051234", ZORG, True), ("Dr. Jansen 01051234", ZORG, True),
    ("jan (01051235)", ZORG, True), ("01.051.235", ZORG, True), ("01-051234", ZORG, True), ("A01051234", ZORG, False),
    ("12345678", ZORG, False), ("612345678", ZORG, False), ("J. Jansen 19051234501", ZORG, False), ("19051234501", ZORG, False),
    ("BIG 19051234501", ZORG, True), ("BIG-registratie van J. de Vries te Assen is 19051234501", ZORG, False),
    ("3311 AB", PC, False), ("3311  AB", PC, False), ("3311\u00a0AB 12", PC, False), ("3311-AB 12", PC, False),
    ("3311ab", PC, False), ("3311ab 12", PC, False), ("3311 ab 12", PC, False), ("3311 Ab, 12a", PC, False),
    ("３３１１ＡＢ", PC, False), ("Contact: Kerkstraat 12, 3311 AB 12 Dordrecht", PC, False),
    ("3311ab 12 T0612345678 01051234", TEL, True), ("Kerkstraat 12", ADRES, False),
]  # fmt: skip

GEEN = [
    "17.942.942", "2024", "2024-01-01", "20240101", "01-02-2024 12:30", "06-12-2024 12:30", "06.12.2024 1234",
    "2024-01-01T06:12:34", "0,0123456789", "0.6123456789", "-.0612345678", "[12,0612345678]", "GM0106 BU01060000",
    "GM0505,WK050512,BU05050101", "BU05050101", "WK010601", "GM0106 123456", "2095 fte", "1 op 10", "02-2024",
    "2024 en 2025", "Regio 2024 De 12 gemeenten", "1200px 10px", "8565 of 10769", "90.012.345 verzekerden",
    "12.345.678,90", "big 5, 2024", "70072ned", "85984NED", "1234ABC", "01 02 2024", "2023 2024", "0-15 jaar", "Noord 2",
    "RHO_DRECHT", "Bergen (NH.)", "'s-Gravenhage 40", "onderweg 3 praktijken", "Zuiderpark 2024", "Kerkstraat 2024",
    "P3311-01", "regel-00002", "verzonnen-08", "1.234.567", "Noord @ Zuid", "Huisartsen in Oost",
]  # fmt: skip


@pytest.mark.parametrize(("tekst", "wat", "altijd"), GEVONDEN)
def test_every_way_of_writing_is_found(tekst, wat, altijd):
    assert wat in (vind_persoonlijk(tekst) or "")
    assert (vind_persoonlijk(tekst, postcode=False) is not None) == altijd


@pytest.mark.parametrize("tekst", GEEN)
def test_figures_dates_codes_and_places_are_nobody(tekst):
    assert vind_persoonlijk(tekst) is None
    assert verberg_persoonlijk(f"Lege kolommen: {tekst}.") == f"Lege kolommen: {tekst}."


def test_no_name_of_a_place_is_somebody():
    """All names of gemeenten, regions, wijken and buurten that ship: what a region of one's own is called like."""
    namen = {
        str(naam)
        for tabel in ("gemeenten", "wijken", "buurten")
        for naam in pq.read_table(WORTEL / f"data/2024/{tabel}.parquet", columns=["naam"])["naam"].to_pylist()
    }
    assert len(namen) > 10_000
    assert {n: wat for n in namen if (wat := vind_persoonlijk(n))} == {}


@pytest.mark.parametrize(
    "stuk", ["0", "06", "06 ", "06-", "+31" + "." * 50, "agb", "a@", "a(at)", "3311 ", "x.", "straat"]
)
def test_a_long_cell_is_searched_in_little_time(stuk):
    tekst = stuk * (200_000 // len(stuk))
    begin = time.process_time()
    vind_persoonlijk(tekst)
    assert time.process_time() - begin < 2.0


# ---------------------------------------------------------------------------- readers


@pytest.mark.parametrize("naam", ["3311ab 12 T0612345678 01051234", "3311  AB", "jan(at)x.nl", "Praktijk 01051234", "Bel 06—12345678",
                                  "#0612345678", "31612345678", "J. Jansen 19051234501", "12345678"])  # fmt: skip
@pytest.mark.parametrize("kolom", ["code", "naam"])
def test_a_region_of_ones_own_is_not_called_so(tmp_path, naam, kolom):
    code, naam_ = (naam, "Noord") if kolom == "code" else ("NOORD", naam)
    pad = schrijf(tmp_path, f'gm_code;code;naam\nGM0505;"{code}";"{naam_}"\n')
    with pytest.raises(LeveringFout, match="hier staat een") as e:
        hd.read_gebieden(pad, gebiedenboek=BOEK)
    assert naam not in str(e.value)
    assert "regel 2" in str(e.value)


def weiger(tmp_path, tekst) -> str:
    with pytest.raises(LeveringFout) as e:
        read_praktijken(schrijf(tmp_path, tekst), gebied="RA0605", gebiedenboek=BOEK)
    return str(e.value)


@pytest.mark.parametrize(
    "sleutel",
    ["01051234", "A01051234", "01.051.235", "01-051-235", "1051234", "19051234501", "2024-00012", "9401AB12", "9401AB", "9401-ab",
     "06-12345678"],
)  # fmt: skip
def test_an_id_is_no_care_number_and_no_postcode(tmp_path, sleutel):
    fout = weiger(tmp_path, f"praktijk_id;postcode;fte\np1;3311;1,8\n{sleutel};3311;1,8\n")
    assert "regel 3" in fout
    assert "gebruik een zelfbedacht nummer" in fout
    assert sleutel not in fout


@pytest.mark.parametrize(
    "sleutel", ["a1", "P3311-01", "regel-00002", "verzonnen-08", "123456", "noord", "R2024-01"]
)
def test_an_id_of_ones_own(tmp_path, sleutel):
    tekst = f"praktijk_id;postcode;fte\n{sleutel};3311;1,8\n"
    lev = read_praktijken(schrijf(tmp_path, tekst), gebied="RA0605", gebiedenboek=BOEK)
    assert lev.tabel.index.tolist() == [sleutel]


@pytest.mark.parametrize(
    "cel",
    ["Kerkstraat 12, 3311 AB", "3311ab 12", "jan(at)x.nl", "vestiging 12345678", "J. Jansen 19051234501"],
)
def test_a_cell_of_text_in_a_list(tmp_path, cel):
    fout = weiger(tmp_path, f'postcode;fte;opmerking\n3311;1,8;"{cel}"\n')
    assert "regel 2, kolom opmerking: (niet getoond) - hier staat een" in fout
    assert cel not in fout


@pytest.mark.parametrize("kop", ["3311AB 12", "06—12345678", "01051234"])
def test_a_header_in_a_list(tmp_path, kop):
    fout = weiger(tmp_path, f"postcode;fte;{kop}\n3311;1,8;x\n")
    assert "kolom 3: (niet getoond)" in fout
    assert kop not in fout


@pytest.mark.parametrize(
    "getallen", [("12345678", "23456789"), ("31612345678", "1,5"), ("19051234501", ""), ("2.345.678", "1")]
)
def test_a_column_of_figures_is_never_refused(tmp_path, getallen):
    rijen = "".join(f"3311;1,8;{g}\n" for g in getallen)
    lev = read_praktijken(
        schrijf(tmp_path, "postcode;fte;omzet\n" + rijen), gebied="RA0605", gebiedenboek=BOEK
    )
    assert len(lev.tabel) == 2


def test_a_postcode_that_is_none_is_not_shown(tmp_path):
    fout = weiger(tmp_path, "postcode;fte\n3311AB1;1,8\n")
    assert "geen postcode" in fout
    assert "3311AB" not in fout


@pytest.mark.parametrize("tekst", [t for t, _, _ in GEVONDEN])
def test_no_remark_repeats_a_line_that_looks_personal(tekst):
    lang = tekst.isdigit() and not tekst.startswith("0")  # a remark may hold a total as long as that
    if lang and len(tekst) < 11:
        return
    zin = verberg_persoonlijk(f"Niet als gegevens gelezen (1 regel tekst): J. Jansen, {tekst}.")
    assert zin == "Niet als gegevens gelezen (1 regel tekst): (niet getoond)."


@pytest.mark.parametrize(
    ("zin", "wordt"),
    [("Lege kolommen: Dr. Jansen.", "Lege kolommen: (niet getoond)."),
     ("De code geldt; deze namen staan zo niet in het register: J. de Vries (GM0106).",
      "De code geldt; deze namen staan zo niet in het register: (niet getoond)."),
     ("Niet als gegevens gelezen (1 regel tekst): VERZONNEN, bel 06-12345678.",
      "Niet als gegevens gelezen (1 regel tekst): VERZONNEN; (niet getoond)."),
     ("Peildatum niet overgenomen uit peildatum 3311 AB 12: daarin staat geen datum.",
      "Een opmerking met tekst uit het bestand: (niet getoond)."),
     ("Regel 9 is een totaalrij van 12 rijen en is weggelaten: personen 17942942.",
      "Regel 9 is een totaalrij van 12 rijen en is weggelaten: personen 17942942.")],
)  # fmt: skip
def test_remarks(zin, wordt):
    assert verberg_persoonlijk(zin) == wordt
    assert verberg_persoonlijk(wordt) == wordt


def test_titles_and_headers_of_a_delivery_of_areas(tmp_path):
    pad = tmp_path / "a.csv"
    pad.write_text(
        "Contact: Kerkstraat 12, 3311 AB 12 Dordrecht\ngebied;naam;fte;3311AB 12\nGM0106;Dr. Jansen 01051234;12;\nGM0114;Emmen;13;\n",
        encoding="utf-8",
    )
    lev = hd.read_nivel(pad, functie="alle")
    tekst = " ".join(lev.opmerkingen) + lev.tabel.to_csv()
    assert not [stuk for stuk in ("Kerkstraat", "3311", "Jansen", "01051234") if stuk in tekst]


# ---------------------------------------------------------------------------- names of files, and formulas

SHA = "1a2b3c4d" + "0" * 56


@pytest.mark.parametrize(
    "naam",
    ["jan@praktijk.nl 06-12345678 AGB 01051234.csv", "aanbod_0612345678.csv", "3311AB.xlsx", "praktijk 01051234.csv", "jan@x.nl.csv",
     "opgave_jan(at)x.nl.xlsx", "19051234501.csv", "Kerkstraat 12.csv"],
)  # fmt: skip
def test_a_file_name_that_holds_particulars_is_replaced(naam):
    uit = toonbare_naam(naam, SHA)
    assert uit == f"levering-1a2b-3c4d{Path(naam).suffix}"
    assert toonbare_naam(uit, SHA) == uit
    assert toonbare_naam(naam) == f"levering{Path(naam).suffix}"


@pytest.mark.parametrize(
    "naam",
    ["nivel_2024-01-01.csv", "praktijken 20240101.xlsx", "RHO Drenthe v2 (1).csv", "GM0106.csv", "", "a"],
)
def test_another_file_name_stands(naam):
    assert toonbare_naam(naam, SHA) == naam


@pytest.mark.parametrize("cijfers", ["06123456", "01051234", "12345678", "3311ab12"])
def test_a_name_of_a_hash_holds_nothing_itself(cijfers):
    naam = toonbare_naam("jan@x.nl.csv", cijfers)
    assert toonbare_naam(naam, cijfers) == naam


@pytest.mark.parametrize(
    ("tekst", "wordt"),
    [("=1+1", "'=1+1"), ('a;"=1+1;b', "a;\"'=1+1;b"), ('a;""=1+1', "a;\"\"'=1+1"), ("a,=1+1", "a,'=1+1"), ("a, =1+1", "a, '=1+1"),
     ("a\t=1", "a\t'=1"), ('a\n"=1', "a\n\"'=1"), ('"=1+1', "\"'=1+1"), ("|=1", "|'=1"), ("a\x0b=1", "a\x0b'=1"),
     ("a\u2028=1", "a\u2028'=1"), ("a,-cmd|' /C x'!A0", "a,'-cmd|' /C x'!A0"), ("a,+1", "a,'+1"), ("a;@x", "a;'@x"), ("＝1", "'＝1"),
     ("﹦1", "'﹦1"), ("a;\u200b=1", "a;\u200b'=1"),
     *((t, t) for t in ("'=1", "Dronter-, Zeeasterweg, -pad", "Berg en Dal", "wie@voorbeeld.nl", "a-b; c-d", "1, 2; 3", "Noord (+ Zuid)"))],
)  # fmt: skip
def test_a_formula_is_text_after_anything_that_is_cut_at(tekst, wordt):
    assert neutralise(tekst) == wordt
    assert neutralise(wordt) == wordt
