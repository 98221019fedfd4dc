"""The safe reading of files: encodings, broken csv, and xlsx that hides or does something."""

from __future__ import annotations

import datetime as dt
import io
import os
import time
import zipfile

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from huisartsdata.fouten import BronFout, LeveringFout
from huisartsdata.leveringen import bestand, tekstbestand, xlsxzip
from huisartsdata.leveringen.nivel import read_nivel
from tests.leveringen_boek import maak_boek, schrijf, vindt

BOEK = maak_boek()
GOED = "gebied;naam;personen;fte\nGM0106;Assén;40;29,5\nGM0114;Emmen;60;45,1\n"


def lees(pad, **opties):
    return read_nivel(pad, gebiedenboek=BOEK, **opties)


def weiger(pad, **opties) -> LeveringFout:
    with pytest.raises(LeveringFout) as fout:
        lees(pad, **opties)
    return fout.value


def map_boek(rijen, **bladen) -> openpyxl.Workbook:
    boek = openpyxl.Workbook()
    vel = boek.active
    for rij in rijen:
        vel.append(rij)
    for naam, meer in bladen.items():
        extra = boek.create_sheet(naam)
        for rij in meer:
            extra.append(rij)
    return boek


def bewaar(tmp_path, boek, naam="levering.xlsx"):
    boek.save(tmp_path / naam)
    return tmp_path / naam


RIJEN = [["gebied", "personen", "fte"], ["GM0106", 40, 29.5], ["GM0114", 60, 45.1]]


def verpak(tmp_path, boek, delen, naam="levering.xlsx"):
    """The workbook with parts added or replaced in its zip."""
    stroom = io.BytesIO()
    boek.save(stroom)
    with zipfile.ZipFile(stroom) as bron, zipfile.ZipFile(tmp_path / naam, "w", zipfile.ZIP_DEFLATED) as doel:
        for deel in bron.infolist():
            if deel.filename not in delen:
                doel.writestr(deel.filename, bron.read(deel.filename))
        for pad, inhoud in delen.items():
            doel.writestr(pad, inhoud)
    return tmp_path / naam


class TestTekst:
    @pytest.mark.parametrize("codering", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
    @pytest.mark.parametrize("einde", ["\n", "\r\n", "\r"])
    def test_coderingen_en_regeleinden(self, tmp_path, codering, einde):
        pad = schrijf(tmp_path, GOED.replace("\n", einde).encode(codering))
        assert lees(pad).tabel["fte"].sum() == pytest.approx(74.6)

    @pytest.mark.parametrize("scheiding", [";", ",", "\t"])
    def test_scheidingen(self, tmp_path, scheiding):
        pad = schrijf(tmp_path, GOED.replace(",", ".").replace(";", scheiding))
        assert lees(pad).tabel["fte"].sum() == pytest.approx(74.6)

    def test_sep_regel_van_excel(self, tmp_path):
        assert vindt(weiger(schrijf(tmp_path, "sep=;\n" + GOED.replace("29,5", "-29,5"))), 3, "negatief")

    def test_decimale_komma_tussen_aanhalingstekens(self, tmp_path):
        pad = schrijf(tmp_path, 'gebied,fte\nGM0106,"29,5"\n"GM0114","45,1"\n')
        assert lees(pad).tabel["fte"].sum() == pytest.approx(74.6)

    @pytest.mark.parametrize(
        ("inhoud", "regel", "woord"),
        [
            (b"", 1, "leeg"),
            (b"   \n\n", 1, "leeg"),
            (b"gebied;fte\nGM0106;3\x005\n", 2, "NUL"),
            (b"gebied;naam;fte\nGM0106;Ass\xc3\xa9n;3,5\nGM0114;Emm\xe9n;4,5\n", 3, "door elkaar"),
            (b"\xef\xbb\xbfgebied;naam;fte\nGM0106;Ass\xe9n;3,5\n", 2, "begin"),
            (b"gebied;naam;fte\nGM0106;Ass\x81n;3,5\n", 2, "onbekende tekencodering"),
            ("gebied;fte\nGM0106;3,5\nGM0114\u200b;4,5\n".encode(), 3, "U+200B"),
            (b"gebied;fte\nGM0106;3,5\x1b\n", 2, "U+001B"),
            (b'gebied;fte\n"GM0106;3,5\nGM0114;4,5\n', 2, "aanhalingsteken"),
            (b'gebied;fte\n"GM0106;3,5\nGM0114";4,5\n', 2, "loopt door"),
            (b'gebied;fte\n"GM0106"x;3,5\n', 2, "aanhalingsteken"),
            (b"<html><table><tr><td>gebied</td></tr></table></html>", 1, "webpagina"),
            (b"%PDF-1.7 ...", 1, "pdf"),
            (b"PK\x03\x04niets", 1, "past niet bij de naam"),
            (b"gebied;fte\n", 1, "geen gegevens"),
            ("gebied;fte\n".encode("utf-32"), 1, "tekencodering"),
        ],
    )  # fmt: skip
    def test_kapotte_tekst(self, tmp_path, inhoud, regel, woord):
        assert vindt(weiger(schrijf(tmp_path, inhoud)), regel, woord)

    @pytest.mark.parametrize("naam", ["a.xls", "a.xlsm", "a.xlsb", "a.ods", "a.pkl", "a.html", "a"])
    def test_andere_soorten_bestand(self, tmp_path, naam):
        assert len(weiger(schrijf(tmp_path, GOED, naam)).fouten) == 1

    def test_html_met_de_naam_van_een_excelbestand(self, tmp_path):
        assert vindt(weiger(schrijf(tmp_path, "<html><table></table></html>", "a.xlsx")), 1, "webpagina")

    def test_oude_of_beveiligde_excelmap(self, tmp_path):
        assert vindt(
            weiger(schrijf(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "a.xlsx")),
            1,
            "beveiligde",
        )

    def test_miljoenen_kolommen(self, tmp_path):
        begin = time.monotonic()
        fout = weiger(schrijf(tmp_path, "gebied;fte" + ";" * 3_000_000 + "\nGM0106;3,5\n"))
        assert vindt(fout, 1, "langer dan")
        assert time.monotonic() - begin < 10

    def test_reusachtig_veld(self, tmp_path):
        assert vindt(
            weiger(schrijf(tmp_path, "gebied;fte\nGM0106;3,5\nGM0114;" + "9" * 2_000_000 + "\n")),
            3,
            "langer dan",
        )

    def test_te_veel_rijen_en_te_groot(self, tmp_path, monkeypatch):
        monkeypatch.setattr(tekstbestand, "MAX_RIJEN", 100)
        assert vindt(
            weiger(schrijf(tmp_path, "gebied;fte\n" + "GM0106;3,5\n" * 200)), 101, "meer dan 100 regels"
        )
        monkeypatch.setattr(bestand, "MAX_BYTES", 50)
        assert vindt(weiger(schrijf(tmp_path, GOED)), 1, "groter dan")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes exist on POSIX only")
    def test_een_pijp_wordt_niet_geopend(self, tmp_path):
        os.mkfifo(tmp_path / "pijp.csv")
        with pytest.raises(BronFout, match="map of apparaat"):
            lees(tmp_path / "pijp.csv")

    def test_tekst_blijft_tekst(self, tmp_path):
        # what looks like a formula in an unused column is neither read nor run
        pad = schrijf(tmp_path, 'gebied;fte;opmerking\nGM0106;3,5;=HYPERLINK("x")\n'.replace('"', ""))
        tabel = lees(pad).tabel
        assert tabel["fte"].tolist() == [3.5]
        assert "HYPERLINK" not in tabel.to_csv()


class TestXlsx:
    def test_leest_getallen_zonder_notatievraag(self, tmp_path):
        levering = lees(bewaar(tmp_path, map_boek([*RIJEN, ["GM0119", 1234, 1.234]])))
        assert levering.tabel["fte"].sum() == pytest.approx(75.834, abs=1e-12)
        assert levering.tabel["personen"].sum() == 1334

    def test_titels_boven_de_kop(self, tmp_path):
        boek = map_boek([["Aanbod van huisartsen"], [], *RIJEN])
        boek.active.merge_cells("A1:C1")
        assert lees(bewaar(tmp_path, boek)).tabel["fte"].sum() == pytest.approx(74.6)

    def test_regel_is_de_rij_van_het_werkblad(self, tmp_path):
        boek = map_boek([["titel"], [], ["gebied", "fte"], ["GM0106", 3.5], ["GM0114", -4.5]])
        assert vindt(weiger(bewaar(tmp_path, boek)), 5, "negatief")

    @pytest.mark.parametrize(
        ("cel", "waarde", "woord"),
        [
            ("C3", "=SUM(C2:C2)", "formule"),
            ("C3", ArrayFormula("C3:C3", "=C2*2"), "formule"),
            ("C3", "#N/A", "foutwaarde"),
            ("C3", dt.date(2024, 4, 3), "datum"),
            ("A3", dt.date(2024, 4, 3), "datum"),
            ("C3", dt.time(12, 30), "datum"),
            ("C3", True, "geen getal"),
            ("A3", 114, "GM0114"),
            ("B3", 12.5, "geheel"),
        ],
    )  # fmt: skip
    def test_cellen(self, tmp_path, cel, waarde, woord):
        boek = map_boek(RIJEN)
        boek.active[cel] = waarde
        assert vindt(weiger(bewaar(tmp_path, boek)), 3, woord)

    def test_tekst_die_met_is_begint_is_geen_formule(self, tmp_path):
        boek = map_boek([["gebied", "fte", "notitie"], ["GM0106", 3.5, "x"]])
        boek.active["C2"].value, boek.active["C2"].data_type = "=1+1", "s"
        assert lees(bewaar(tmp_path, boek)).tabel["fte"].sum() == 3.5

    def test_percentage(self, tmp_path):
        boek = map_boek(RIJEN)
        boek.active["C3"].number_format = "0.0%"
        assert vindt(weiger(bewaar(tmp_path, boek)), 3, "percentage")

    def test_datum_in_leeftijdsklasse(self, tmp_path):
        boek = map_boek([["gebied", "leeftijd", "fte"], ["GM0106", dt.date(2024, 4, 3), 3.5]])
        assert vindt(weiger(bewaar(tmp_path, boek)), 2, "Excel heeft hier een datum van gemaakt")

    def test_samengevoegde_cellen(self, tmp_path):
        boek = map_boek(RIJEN)
        boek.active.merge_cells("A2:A3")
        assert vindt(weiger(bewaar(tmp_path, boek)), 3, "A2:A3")

    def test_verborgen_rij_en_kolom(self, tmp_path):
        boek = map_boek(RIJEN)
        boek.active.row_dimensions[2].hidden = True
        boek.active.column_dimensions["B"].hidden = True
        fout = weiger(bewaar(tmp_path, boek))
        assert vindt(fout, 2, "verborgen")
        assert vindt(fout, 1, "kolom is verborgen")

    def test_twee_bladen(self, tmp_path):
        pad = bewaar(tmp_path, map_boek(RIJEN, Ander=[["gebied", "fte"], ["GM0505", 9.5]]))
        assert vindt(weiger(pad), 1, "Sheet, Ander")
        levering = lees(pad, blad="Ander")
        assert levering.gebieden == ("GM0505",)
        assert any("niet gelezen: Sheet" in zin for zin in levering.opmerkingen)
        assert vindt(weiger(pad, blad="Weg"), 1, "kies uit: Sheet, Ander")

    def test_verborgen_blad_en_leeg_blad(self, tmp_path):
        boek = map_boek(RIJEN, Leeg=[])
        assert len(lees(bewaar(tmp_path, boek)).tabel) == 2
        boek["Leeg"].append(["geheim"])
        boek["Leeg"].sheet_state = "veryHidden"
        assert vindt(weiger(bewaar(tmp_path, boek)), 1, "verborgen: Leeg")
        assert vindt(weiger(bewaar(tmp_path, map_boek([]), "leeg.xlsx")), 1, "leeg")

    def test_losse_cel_in_de_verste_hoek(self, tmp_path):
        begin = time.monotonic()
        boek = map_boek(RIJEN)
        boek.active["XFD1048576"] = 1
        assert vindt(weiger(bewaar(tmp_path, boek)), 1048576, "voorbij kolom")
        boek = map_boek(RIJEN)
        boek.active["A1048576"] = 1
        assert vindt(weiger(bewaar(tmp_path, boek)), 1048576, "ver onder de tabel")
        assert time.monotonic() - begin < 5

    @pytest.mark.parametrize(
        ("deel", "inhoud", "woord"),
        [
            ("xl/vbaProject.bin", b"x", "macro"),
            ("xl/externalLinks/externalLink1.xml", b"<a/>", "andere werkmappen"),
            ("xl/connections.xml", b"<a/>", "andere bron"),
            ("xl/pivotCache/pivotCacheDefinition1.xml", b"<a/>", "draaitabel"),
            ("xl/embeddings/oleObject1.bin", b"x", "ingesloten"),
            ("xl/worksheets/sheet1.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml-verwijzingen"),
            ("xl/worksheets/sheet1.xml", "<worksheet/>".encode("utf-16"), "beschadigd"),
            ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", "beschadigd"),
            ("xl/workbook.xml", b"niets", "beschadigd"),
            ("xl/media/beeld.xml", b"a" * 20_000_000, "zipbom"),
        ],
    )  # fmt: skip
    def test_gevaarlijke_inhoud(self, tmp_path, deel, inhoud, woord):
        assert vindt(weiger(verpak(tmp_path, map_boek(RIJEN), {deel: inhoud})), 1, woord)

    def test_zipbom_wordt_niet_uitgepakt(self, tmp_path):
        begin = time.monotonic()
        pad = verpak(tmp_path, map_boek(RIJEN), {f"xl/deel{nr}.bin": b"\0" * 30_000_000 for nr in range(4)})
        assert pad.stat().st_size < 1_000_000
        fout = weiger(pad)
        assert vindt(fout, 1, "uitgepakt groter dan 64 MB")
        assert time.monotonic() - begin < 10

    def test_te_veel_cellen_en_delen(self, tmp_path, monkeypatch):
        monkeypatch.setitem(xlsxzip._GRENZEN, "c", (8, "cellen"))
        assert vindt(weiger(bewaar(tmp_path, map_boek(RIJEN))), 1, "meer dan 8 cellen")
        monkeypatch.setattr(xlsxzip, "MAX_DELEN", 3)
        assert vindt(weiger(bewaar(tmp_path, map_boek(RIJEN))), 1, "meer dan 3 onderdelen")

    def test_reusachtige_tekst_die_veel_cellen_delen(self, tmp_path):
        begin = time.monotonic()
        lang = b'<t xml:space="preserve"> ' + b" " * 5_000_000 + b"x</t>"
        ruw = (
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>'
            + lang
            + b"</si></sst>"
        )
        cellen = b"".join(
            b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (nr, nr) for nr in range(1, 2001)
        )
        vel = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        delen = {
            "xl/sharedStrings.xml": ruw,
            "xl/worksheets/sheet1.xml": vel + cellen + b"</sheetData></worksheet>",
        }
        fout = weiger(verpak(tmp_path, map_boek(RIJEN), delen))
        assert vindt(fout, 1, "meer dan 32767 tekens") or vindt(fout, 1, "zipbom")
        assert time.monotonic() - begin < 5

    def test_macro_in_een_xlsx_genoemde_werkmap(self, tmp_path):
        inhoud = b'<?xml version="1.0"?><Types><Default ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
        assert vindt(weiger(verpak(tmp_path, map_boek(RIJEN), {"[Content_Types].xml": inhoud})), 1, "macro")

    def test_afgekapt_bestand(self, tmp_path):
        pad = bewaar(tmp_path, map_boek(RIJEN))
        heel = pad.read_bytes()
        for einde in (10, 100, len(heel) // 2, len(heel) - 5):
            pad.write_bytes(heel[:einde])
            assert vindt(weiger(pad), 1, "beschadigd")
