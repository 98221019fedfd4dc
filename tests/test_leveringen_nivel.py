"""Supply per area: what is read, what is refused, and that every fault is named with its line."""

from __future__ import annotations

import dataclasses
import io
import math

import numpy as np
import openpyxl
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import BronFout, HuisartsdataFout, LeveringFout, OnbekendPeiljaarFout
from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
from huisartsdata.leveringen.nivel import read_nivel
from tests.leveringen_boek import lees_nivel as lees
from tests.leveringen_boek import maak_boek, schrijf, vindt
from tests.leveringen_boek import weiger_nivel as weiger

BOEK = maak_boek()


def test_leest_een_gewone_levering(tmp_path):
    levering = lees(
        tmp_path, "gebied;naam;personen;fte\nGM0106;Assen;40;29,5\nGM0114;Emmen;60;45,1\n", functie="alle"
    )
    assert levering.tabel.index.tolist() == ["GM0106", "GM0114"]
    assert levering.tabel["fte"].tolist() == [29.5, 45.1]
    assert levering.tabel["personen"].tolist() == [40.0, 60.0]
    assert set(levering.tabel["fte_status"]) == {"waargenomen"}
    assert set(levering.tabel["gebiedsoort"]) == {"gemeente"}
    assert (levering.soort, levering.gebieden) == ("nivel", ("GM0106", "GM0114"))
    assert levering.herkomst.bestand == "levering.csv"
    assert len(levering.herkomst.sha256) == 64


def test_noemt_code_getal_en_dubbele_rij_met_hun_regels(tmp_path):
    fout = weiger(tmp_path, "gebied;fte\nGM0106;29,5\nGM9999;3,0\nGM0114;-4,5\nGM0119;8,0\nGM0106;29,5\n")
    assert vindt(fout, 3, "onbekende gebiedscode")
    assert vindt(fout, 4, "negatief")
    assert vindt(fout, 6, "regel 2")
    assert len(fout.fouten) == 3


@pytest.mark.parametrize(
    ("cel", "raad"),
    [("106", "GM0106 (Assen)"), ("0106", "GM0106 (Assen)"), ("Assen", "GM0106 (Assen)"), ("Hengelo", "GM0164"),
     ("Bergen", "GM0893"), ("gm0106", "GM0106"), ("Utrecht", "PV26"), ("", "vul een code in")],
)  # fmt: skip
def test_nummer_of_naam_wordt_geweigerd_met_de_waarschijnlijke_code(tmp_path, cel, raad):
    fout = weiger(tmp_path, f"gebied;fte\nGM0114;3,5\n{cel};4,5\n")
    assert vindt(fout, 3, raad)
    assert len(fout.fouten) == 1


def test_namen_zonder_codes_worden_geweigerd(tmp_path):
    fout = weiger(tmp_path, "gemeente;fte\nAssen;3,5\nRijswijk;4,5\n")
    assert vindt(fout, 2, "GM0106")
    assert vindt(fout, 3, "GM0603")


class TestLosseNummers:
    def test_naam_neemt_de_twijfel_weg(self, tmp_path):
        levering = lees(
            tmp_path,
            "code;gemeente;fte\n106;Assen;3,5\n0114;EMMEN;4,5\n164;Hengelo;5,5\nGM0119;Meppel;1,5\n;Totaal;15,0\n",
        )
        assert levering.gebieden == ("GM0106", "GM0114", "GM0119", "GM0164")
        assert any("3 losse nummers gelezen als gemeentecode" in zin for zin in levering.opmerkingen)

    @pytest.mark.parametrize(
        "rij", ["114;Assen;4,5", "114;;4,5", "9999;Emmen;4,5", "22;Drenthe;4,5", "114,0;Emmen;4,5", "PV22;Drenthe;4,5"]
    )  # fmt: skip
    def test_een_naam_die_niet_past_weigert_alles(self, tmp_path, rij):
        fout = weiger(tmp_path, f"code;gemeente;fte\n106;Assen;3,5\n{rij}\n")
        assert vindt(fout, 2, "GM0106 (Assen)")

    def test_xlsx(self, tmp_path):
        werkmap = openpyxl.Workbook()
        for rij in (["code", "gemeente", "fte"], [106, "Assen", 3.5], [114.0, "Emmen", 4.5]):
            werkmap.active.append(rij)
        werkmap.save(tmp_path / "a.xlsx")
        assert read_nivel(tmp_path / "a.xlsx", gebiedenboek=BOEK).gebieden == ("GM0106", "GM0114")


class TestPeildatumInTitel:
    TEKST = "{}\ngebied;fte\nGM0106;3,5\n"

    @pytest.mark.parametrize(
        ("titel", "datum"),
        [("Peildatum: 1 januari 2024", "1 januari 2024"), ("# peildatum: 1 Januari 2024;", "1 januari 2024"),
         ("Peildatum 2024-01-01", "2024-01-01"), ("Peildatum: 01-01-2024.", "01-01-2024"), ("peildatum: 2023", "2023"),
         ("Peildatum;2023", "2023")],
    )  # fmt: skip
    def test_alleen_de_datum(self, tmp_path, titel, datum):
        levering = lees(tmp_path, self.TEKST.format(titel))
        assert levering.peildatum.casefold() == levering.herkomst.peildatum.casefold() == datum

    @pytest.mark.parametrize(
        "titel",
        ["Peildatum: 31 februari 2024", "Peildatum van de inwoners: 1 januari 2024", "Peildatum: begin 2024",
         "Peildatum: 2023\nPeildatum: 2024", "Peildatum: 1 januari 2024 of later"],
    )  # fmt: skip
    def test_twijfel_wordt_gemeld(self, tmp_path, titel):
        levering = lees(tmp_path, self.TEKST.format(titel))
        assert levering.peildatum == "onbekend"
        assert any("Peildatum niet overgenomen" in zin for zin in levering.opmerkingen)

    def test_kolom_en_titel(self, tmp_path):
        tekst = "Peildatum: 1 januari {}\ngebied;jaar;fte\nGM0106;2022;3,5\n"
        assert lees(tmp_path, tekst.format(2022)).peildatum == "2022"
        assert vindt(weiger(tmp_path, tekst.format(2023)), 3, "de titel zegt peildatum 1 januari 2023")

    def test_titel_gaat_voor_het_jaar_van_de_kaart(self, tmp_path):
        assert lees(tmp_path, self.TEKST.format("Peildatum: 2022"), peiljaar=2023).peildatum == "2022"


@pytest.mark.parametrize(
    ("kop", "kolom"),
    [("Aantal fte werkzaam", "fte"), ("fte werkzaam", "fte"), ("Aantal huisartsen", "personen")],
)
def test_gangbare_koppen(tmp_path, kop, kolom):
    ander = "fte" if kolom == "personen" else "personen"
    tabel = lees(tmp_path, f"gebied;{ander};{kop}\nGM0106;40;40\n").tabel
    assert tabel[kolom].tolist() == [40.0]
    # beside a column that means the same it is not clear which one counts
    assert vindt(weiger(tmp_path, f"gebied;{kolom};{kop}\nGM0106;40;40\n"), 1, "betekent hetzelfde")


@pytest.mark.parametrize(
    "pad", [None, 5, io.StringIO("gebied;fte\nGM0106;3,5\n"), b"a.csv", "", " ", ["a.csv"]]
)
def test_pad_dat_geen_pad_is(pad):
    with pytest.raises(BronFout, match="geef de naam van een"):
        read_nivel(pad, gebiedenboek=BOEK)


@pytest.mark.parametrize("pad", ["x" * 5000 + ".csv", "a\0b.csv"])
def test_onmogelijke_naam(pad):
    with pytest.raises(BronFout):
        read_nivel(pad, gebiedenboek=BOEK)


@pytest.mark.parametrize("jaar", ["x", "2021", 2021.5, True, [2021]])
def test_peiljaar_dat_geen_jaar_is(tmp_path, jaar):
    with pytest.raises(HuisartsdataFout, match="geen jaartal"):
        lees(tmp_path, "gebied;fte\nGM0106;3,5\n", peiljaar=jaar)
    assert lees(tmp_path, "gebied;fte\nGM0106;3,5\n", peiljaar=np.int64(2021)).peildatum == "2021"


def test_code_en_naam_die_elkaar_tegenspreken(tmp_path):
    fout = weiger(tmp_path, "gebied;naam;fte\nGM0106;Emmen;3,5\n")
    assert vindt(fout, 2, "code GM0106 is Assen")


def test_opvulling_om_codes_mag(tmp_path):
    levering = lees(tmp_path, "gebied;fte\n GM0106 ;29,5\nGM0114   ;45,1\n")
    assert levering.gebieden == ("GM0106", "GM0114")


class TestTotaalrijen:
    def test_kloppend_totaal_wordt_weggelaten_en_gemeld(self, tmp_path):
        levering = lees(tmp_path, "gebied;personen;fte\nGM0106;40;29,5\nGM0114;60;45,1\nTotaal;100;74,6\n")
        assert levering.tabel["fte"].sum() == pytest.approx(74.6)
        assert any("Regel 4 is een totaalrij" in zin for zin in levering.opmerkingen)

    def test_totaal_dat_niet_klopt(self, tmp_path):
        fout = weiger(tmp_path, "gebied;personen;fte\nGM0106;40;29,5\nGM0114;60;45,1\nNederland;101;74,6\n")
        assert vindt(fout, 4, "tellen op tot 100")

    def test_totaal_binnen_de_afronding(self, tmp_path):
        tekst = "gebied;fte\nGM0106;29,5\nGM0114;45,1\nTotaal;74,{}\n"
        assert lees(tmp_path, tekst.format(7)).tabel["fte"].sum() == pytest.approx(74.6)
        assert vindt(weiger(tmp_path, tekst.format(9)), 4, "klopt niet")

    def test_geslacht_totaal_telt_niet_dubbel(self, tmp_path):
        tekst = "gebied;geslacht;personen;fte\nGM0106;M;10;8,0\nGM0106;V;20;14,5\nGM0106;Totaal;30;22,5\n"
        levering = lees(tmp_path, tekst + "Totaal;M;10;8,0\nTotaal;;30;22,5\n")
        assert levering.tabel["personen"].sum() == 30
        assert sorted(levering.tabel["geslacht"]) == ["M", "V"]

    @pytest.mark.parametrize("naam", ["Totaal Drenthe", "Totaal provincie Drenthe", "TOTAAL REGIO NOORD"])
    def test_totaal_met_een_naam_en_zonder_code(self, tmp_path, naam):
        tekst = "gebied;naam;fte\nGM0106;Assen;29,5\nGM0114;Emmen;45,1\n;{};{}\n"
        levering = lees(tmp_path, tekst.format(naam, "74,6"))
        assert levering.tabel["fte"].sum() == pytest.approx(74.6)
        assert any("Regel 4 is een totaalrij" in zin for zin in levering.opmerkingen)
        assert vindt(weiger(tmp_path, tekst.format(naam, "80,6")), 4, "klopt niet")
        assert vindt(weiger(tmp_path, tekst.format("Totaalzorg", "74,6")), 4, "gebiedscode ontbreekt")

    def test_totaal_zonder_onderdelen(self, tmp_path):
        fout = weiger(tmp_path, "gebied;geslacht;fte\nGM0106;M;8,0\nGM0106;V;9,5\nGM0114;totaal;7,5\n")
        assert vindt(fout, 4, "geen rijen waarvan")

    def test_onderdrukte_cel_en_totaal(self, tmp_path):
        levering = lees(tmp_path, "gebied;personen;fte\nGM0106;40;29,5\nGM0119;<5;3,5\nTotaal;43;33,0\n")
        assert any("niet na te rekenen" in zin for zin in levering.opmerkingen)
        fout = weiger(tmp_path, "gebied;personen;fte\nGM0106;40;29,5\nGM0119;<5;3,5\nTotaal;39;33,0\n")
        assert vindt(fout, 4, "tellen al op tot 40")


@pytest.mark.parametrize("cel", [".", "x", "X", "-", "", "..", "n.b."])
def test_ontbrekend_is_geen_nul(tmp_path, cel):
    levering = lees(tmp_path, f"gebied;personen;fte\nGM0106;40;29,5\nGM0119;{cel};3,5\n")
    assert math.isnan(levering.tabel.loc["GM0119", "personen"])
    assert levering.tabel.loc["GM0119", "personen_status"] == "ontbreekt"
    assert any("1 cellen leeg of onbekend" in zin for zin in levering.opmerkingen)


@pytest.mark.parametrize("cel", ["<5", "< 5", "≤5", "<10"])
def test_onderdrukt_houdt_zijn_status(tmp_path, cel):
    tabel = lees(tmp_path, f"gebied;personen;fte\nGM0106;40;29,5\nGM0119;{cel};3,5\n").tabel
    assert math.isnan(tabel.loc["GM0119", "personen"])
    assert tabel.loc["GM0119", "personen_status"] == "onderdrukt"


@pytest.mark.parametrize(
    ("cel", "woord"),
    [("-3,5", "negatief"), ("12%", "percentage"), ("3-4", "datum"), ("1e3", "wetenschappelijke"), ("NaN", "geen getal"),
     ("inf", "geen getal"), ("=1+1", "formule"), ("3,5 fte", "geen getal"), ("+4", "formule"), ("٣", "geen getal")],
)  # fmt: skip
def test_wat_geen_getal_is(tmp_path, cel, woord):
    fout = weiger(tmp_path, f"gebied;fte\nGM0114;3,5\nGM0106;{cel}\n")
    assert vindt(fout, 3, woord)


class TestGetalnotatie:
    @pytest.mark.parametrize(
        ("cellen", "som"),
        [(["1.234,5", "10,25"], 1244.75), (["1,234.5", "10.25"], 1244.75), (["1.234", "10,5"], 1244.5),
         (["1.234", "10.5"], 11.734), (["12", "13"], 25.0), (["1 234,5", "1,5"], 1236.0), (["0,125", "2"], 2.125)],
    )  # fmt: skip
    def test_kolom_beslist(self, tmp_path, cellen, som):
        tekst = f"gebied;fte\nGM0106;{cellen[0]}\nGM0114;{cellen[1]}\n"
        assert lees(tmp_path, tekst).tabel["fte"].sum() == pytest.approx(som, abs=1e-12)

    def test_dubbelzinnig_wordt_geweigerd(self, tmp_path):
        fout = weiger(tmp_path, "gebied;fte\nGM0106;1.234\nGM0114;2.345\n")
        assert vindt(fout, 2, "duizendtal of een decimaal")
        assert len(fout.fouten) == 2

    def test_twee_notaties_in_een_kolom(self, tmp_path):
        fout = weiger(tmp_path, "gebied;fte\nGM0106;12.5\nGM0114;13,5\nGM0119;14,5\n")
        assert vindt(fout, 2, "zowel een decimale komma als een decimale punt")

    def test_ronde_duizendtallen_zonder_bewijs(self, tmp_path):
        # twelve with three decimals or twelve thousand: only a cell without decimals tells
        assert vindt(
            weiger(tmp_path, "gebied;personen;fte\nGM0106;12.000;9,5\nGM0114;7.000;5,5\n"), 2, "duizendtal"
        )
        tabel = lees(tmp_path, "gebied;personen;fte\nGM0106;12.000;9,5\nGM0114;700;5,5\n").tabel
        assert tabel["personen"].sum() == 12_700

    def test_aantallen_hebben_geen_decimalen(self, tmp_path):
        levering = lees(tmp_path, "gebied;personen;fte\nGM0106;1.234;900,5\nGM0114;56;45,5\n")
        assert levering.tabel["personen"].sum() == 1290
        assert any("duizendtallen" in zin for zin in levering.opmerkingen)
        assert vindt(weiger(tmp_path, "gebied;personen;fte\nGM0106;12,5;9,5\n"), 2, "geen geheel getal")


class TestPersonenEnFte:
    def test_personen_zonder_fte(self, tmp_path):
        fout = weiger(tmp_path, "gebied;personen\nGM0106;40\n")
        assert vindt(fout, 1, "fte_per_persoon=")

    def test_afgeleid(self, tmp_path):
        levering = lees(tmp_path, "gebied;personen\nGM0106;40\nGM0119;<5\n", fte_per_persoon=0.75)
        assert levering.tabel.loc["GM0106", "fte"] == 30.0
        assert levering.tabel.loc["GM0106", "fte_status"] == "afgeleid"
        assert math.isnan(levering.tabel.loc["GM0119", "fte"])
        assert levering.tabel.loc["GM0119", "fte_status"] == "onderdrukt"
        assert levering.herkomst.status == "afgeleid"

    def test_afgeleid_per_functie(self, tmp_path):
        tekst = "gebied;functie;personen\nGM0106;praktijkhouder;10\nGM0106;hidha;10\n"
        factor = {"praktijkhouder": 0.75, "hidha": 0.5}
        assert lees(tmp_path, tekst, fte_per_persoon=factor).tabel["fte"].sum() == 12.5
        assert vindt(weiger(tmp_path, tekst, fte_per_persoon={"hidha": 0.5}), 1, "praktijkhouder")

    @pytest.mark.parametrize("factor", [0.0, -1.0, 2.5, math.nan])
    def test_onzinnige_factor(self, tmp_path, factor):
        assert vindt(weiger(tmp_path, "gebied;personen\nGM0106;40\n", fte_per_persoon=factor), 1, "factor")

    def test_meer_dan_twee_fte_per_persoon(self, tmp_path):
        assert lees(tmp_path, "gebied;personen;fte\nGM0106;10;20,0\n").tabel["fte"].sum() == 20
        assert vindt(weiger(tmp_path, "gebied;personen;fte\nGM0106;10;20,1\n"), 2, "2 fte per persoon")

    @pytest.mark.parametrize(
        "factor", ["0,75", "0.75", True, [0.75], {"onbekend": "0,75"}, {"onbekend": None}]
    )
    def test_factor_moet_een_getal_zijn(self, tmp_path, factor):
        fout = weiger(tmp_path, "gebied;personen\nGM0106;40\n", fte_per_persoon=factor)
        assert vindt(fout, 1, "geen bruikbare factor")

    @pytest.mark.parametrize("factor", [0.75, np.float64(0.75), {"hidha": 0.5}])
    def test_factor_bij_volledige_fte_verandert_niets(self, tmp_path, factor):
        tekst = "gebied;personen;fte\nGM0106;40;29,5\nGM0114;60;45,1\n"
        levering = lees(tmp_path, tekst, fte_per_persoon=factor)
        pd.testing.assert_frame_equal(levering.tabel, lees(tmp_path, tekst).tabel)
        assert any("niet gebruikt" in zin for zin in levering.opmerkingen)
        assert levering.herkomst.status == "waargenomen"

    def test_factor_alleen_voor_functies_die_hem_nodig_hebben(self, tmp_path):
        tekst = "gebied;functie;personen;fte\nGM0106;hidha;10;.\nGM0106;praktijkhouder;10;8,5\n"
        tabel = lees(tmp_path, tekst, fte_per_persoon={"hidha": 0.5}).tabel
        assert sorted(tabel["fte"]) == [5.0, 8.5]
        assert sorted(tabel["fte_status"]) == ["afgeleid", "waargenomen"]


class TestAannemelijk:
    BOEK = dataclasses.replace(BOEK, inwoners={"GM0106": 70_000.0, "GM0114": 109_000.0, "GM0109": 900.0,
                                               "GM0118": 56_000.0, "GM0119": 36_000.0})  # fmt: skip

    def weiger(self, tmp_path, tekst):
        with pytest.raises(LeveringFout) as fout:
            read_nivel(schrijf(tmp_path, tekst), gebiedenboek=self.BOEK)
        return fout.value

    def test_weggevallen_komma(self, tmp_path):
        # 30 fte per 10,000 people is 210 in Assen; the country has about 6
        goed = schrijf(tmp_path, "gebied;fte\nGM0106;209,5\n")
        assert read_nivel(goed, gebiedenboek=self.BOEK).tabel["fte"].sum() == 209.5
        assert vindt(
            self.weiger(tmp_path, "gebied;fte\nGM0114;45,1\nGM0106;295\n"), 3, "onwaarschijnlijk hoog"
        )

    def test_duizendtal_dat_een_decimaal_was(self, tmp_path):
        # 1.234 is read as a thousand because 10,5 has a comma; nobody meant 1,234 fte
        assert vindt(
            self.weiger(tmp_path, "gebied;fte\nGM0106;1.234\nGM0114;10,5\n"), 2, "onwaarschijnlijk hoog"
        )

    def test_som_over_de_klassen(self, tmp_path):
        tekst = "gebied;geslacht;fte\nGM0106;M;120,5\nGM0106;V;110,5\n"
        assert vindt(self.weiger(tmp_path, tekst), 2, "231 fte in GM0106 (Assen), 70000 inwoners")

    def test_regio(self, tmp_path):
        # the five gemeenten have 271,900 people together
        assert vindt(self.weiger(tmp_path, "code;fte\nPV22;900,5\n"), 2, "onwaarschijnlijk hoog")

    def test_klein_gebied_mag(self, tmp_path):
        pad = schrijf(tmp_path, "gebied;fte\nGM0109;4,5\n")
        assert read_nivel(pad, gebiedenboek=self.BOEK).tabel["fte"].sum() == 4.5


class TestNiveaus:
    def test_gemengde_niveaus(self, tmp_path):
        fout = weiger(tmp_path, "gebied;fte\nGM0106;20,5\nGM0114;30,5\nPV22;51,0\n")
        assert vindt(fout, 4, "provincie")

    def test_regio_en_provincie(self, tmp_path):
        assert set(lees(tmp_path, "code;fte\nRA0102;300,5\nRA0605;20,5\n").tabel["gebiedsoort"]) == {
            "regioplus"
        }
        assert lees(tmp_path, "code;fte\nPV22;300,5\n").gebieden == ("PV22",)

    def test_gebiedsoort_in_het_bestand(self, tmp_path):
        assert vindt(weiger(tmp_path, "code;gebiedsoort;fte\nPV22;gemeente;300,5\n"), 2, "is een provincie")

    def test_eigen_gebieden(self, tmp_path):
        eigen = pd.DataFrame({"code": ["OOST", "OOST"], "naam": "Oost"}, index=["GM0106", "GM0114"])
        pad = schrijf(tmp_path, "code;fte\nOOST;30,5\n")
        assert set(read_nivel(pad, gebiedenboek=BOEK.met_eigen(eigen)).tabel["gebiedsoort"]) == {"eigen"}


class TestKlassen:
    def test_functie_geslacht_leeftijd(self, tmp_path):
        tekst = "gebied;functie;geslacht;leeftijd;fte\nGM0106;Zelfstandig gevestigd;mannen;<40 jaar;3,5\n"
        tabel = lees(
            tmp_path, tekst + "GM0106;HIDHA;vrouw;40 t/m 49 jaar;4,5\nGM0106;hidha;V;50+;1,5\n"
        ).tabel
        assert sorted(tabel["leeftijdsklasse"]) == ["0-39", "40-49", "50+"]
        assert sorted(tabel["functie"]) == ["hidha", "hidha", "praktijkhouder"]

    @pytest.mark.parametrize(
        ("kop", "cel", "woord"),
        [("geslacht", "2", "M, V"), ("leeftijd", "45324", "klassen als"), ("functie", "tandarts", "kies uit"), ("geslacht", "", "leeg")],
    )  # fmt: skip
    def test_onbekende_klasse(self, tmp_path, kop, cel, woord):
        assert vindt(weiger(tmp_path, f"gebied;{kop};fte\nGM0106;{cel};3,5\n"), 2, woord)

    def test_overlappende_klassen(self, tmp_path):
        tekst = "gebied;leeftijd;fte\nGM0106;50+;3,5\nGM0106;60+;1,5\n"
        assert vindt(weiger(tmp_path, tekst), 3, "overlapt")

    def test_geheel_naast_deel(self, tmp_path):
        tekst = "gebied;functie;fte\nGM0106;waarnemer;3,5\nGM0106;vaste waarnemer;1,5\n"
        assert vindt(weiger(tmp_path, tekst), 2, "omvat vaste_waarnemer")

    def test_functie_uit_de_aanroep(self, tmp_path):
        tekst = "gebied;fte\nGM0106;3,5\n"
        assert set(lees(tmp_path, tekst, functie="zonder_wisselend").tabel["functie"]) == {"zonder_wisselend"}
        zonder = lees(tmp_path, tekst)
        assert set(zonder.tabel["functie"]) == {"onbekend"}
        assert any("geef functie= op" in zin for zin in zonder.opmerkingen)
        assert vindt(weiger(tmp_path, tekst, functie="bakker"), 1, "bakker")


class TestHerindeling:
    def test_oude_code_zonder_peiljaar(self, tmp_path):
        fout = weiger(tmp_path, "gebied;fte\nGM0363;100,5\nGM0457;5,5\n")
        assert vindt(fout, 3, "code GM0457 (Weesp) bestaat sinds 2022 niet meer")
        assert vindt(fout, 3, "geef peiljaar=2021 op, dan wordt herindeeld")

    def test_met_peiljaar_behoudt_het_totaal(self, tmp_path):
        levering = lees(
            tmp_path, "gebied;personen;fte\nGM0363;130;100,5\nGM0457;7;5,5\nGM0106;10;8,0\n", peiljaar=2021
        )
        assert levering.tabel["fte"].to_dict() == {"GM0106": 8.0, "GM0363": 106.0}
        assert levering.tabel["personen"].sum() == 147
        assert any("GM0457 (Weesp)" in zin for zin in levering.opmerkingen)
        assert levering.peildatum == "2021"

    def test_nieuwe_code_in_een_oud_jaar(self, tmp_path):
        assert vindt(
            weiger(tmp_path, "gebied;fte\nGM1979;100,5\n", peiljaar=2020), 2, "bestaat pas sinds 2021"
        )

    def test_half_geleverde_gemeente(self, tmp_path):
        fout = weiger(tmp_path, "gebied;fte\nGM0003;3,5\nGM0010;4,5\n", peiljaar=2020)
        assert vindt(fout, 2, "GM0024 ontbreekt")

    def test_ontbrekende_klasse_van_een_deel(self, tmp_path):
        tekst = "gebied;geslacht;fte\nGM0363;M;50,5\nGM0363;V;60,5\nGM0457;M;5,5\n"
        assert vindt(weiger(tmp_path, tekst, peiljaar=2021), 2, "voor GM0457 ontbreekt V")

    def test_onderdrukt_deel_maakt_de_som_onderdrukt(self, tmp_path):
        tekst = "gebied;personen;fte\nGM0363;130;100,5\nGM0457;<5;2,5\nGM0106;.;8,0\n"
        tabel = lees(tmp_path, tekst, peiljaar=2021).tabel
        assert tabel["personen"].isna().all()
        assert tabel["personen_status"].to_dict() == {"GM0106": "ontbreekt", "GM0363": "onderdrukt"}

    def test_verdeelde_gemeente(self, tmp_path):
        tekst = "gebied;fte\nGM0788;10,5\nGM0824;20,5\n"
        assert vindt(weiger(tmp_path, tekst, peiljaar=2020), 2, "GM0788 (Haaren)")
        delen = pd.DataFrame({"gm_oud": "GM0788", "gm_nieuw": ["GM0824", "GM0855"], "aandeel": [0.5, 0.5]})
        tabel = lees(tmp_path, tekst, peiljaar=2020, verdeling=delen).tabel
        assert tabel["fte"].to_dict() == {"GM0824": 25.75, "GM0855": 5.25}

    def test_onbekend_peiljaar(self, tmp_path):
        with pytest.raises(OnbekendPeiljaarFout):
            lees(tmp_path, "gebied;fte\nGM0106;3,5\n", peiljaar=1999)


class TestVorm:
    def test_titels_voetnoten_lege_rijen_en_kolommen(self, tmp_path):
        tekst = "# verzonnen;;;\nAanbod van huisartsen;;;\n;;;\ngebied;fte;leeg;\nGM0106;3,5;;\n;;;\nGM0114;4,5;;\n;;;\nBron: verzonnen;;;\n"
        levering = lees(tmp_path, tekst)
        assert levering.tabel["fte"].sum() == 8.0
        samen = " ".join(levering.opmerkingen)
        assert "Bron: verzonnen" in samen
        assert "Lege regels overgeslagen: 2" in samen
        assert "Lege kolommen: leeg" in samen

    def test_regelnummers_lopen_vanaf_het_begin_van_het_bestand(self, tmp_path):
        assert vindt(weiger(tmp_path, "titel\n\ngebied;fte\nGM0106;3,5\nGM0114;-1,5\n"), 5, "negatief")

    def test_foutwaarde_in_de_codekolom_is_geen_commentaar(self, tmp_path):
        assert vindt(weiger(tmp_path, "gebied;fte\nGM0106;3,5\n#N/B;4,5\n"), 3, "onbekende gebiedscode")

    def test_kolom_zonder_naam(self, tmp_path):
        assert vindt(weiger(tmp_path, "gebied,fte,\nGM0106,3,5\n"), 2, "kolom zonder naam")

    def test_te_korte_rij(self, tmp_path):
        assert vindt(weiger(tmp_path, "gebied;personen;fte\nGM0106;3\n"), 2, "de kop heeft er 3")

    def test_twee_kolommen_met_dezelfde_betekenis(self, tmp_path):
        assert vindt(weiger(tmp_path, "gebied;fte;aantal fte\nGM0106;3,5;4,5\n"), 1, "betekent hetzelfde")

    def test_twee_peildata(self, tmp_path):
        assert vindt(
            weiger(tmp_path, "gebied;jaar;fte\nGM0106;2022;3,5\nGM0114;2023;3,5\n"),
            3,
            "meer dan één peildatum",
        )
        assert lees(tmp_path, "gebied;jaar;fte\nGM0106;2022;3,5\n").peildatum == "2022"

    def test_alleen_totalen(self, tmp_path):
        assert len(weiger(tmp_path, "gebied;fte\nNederland;3,5\n").fouten) >= 1

    def test_geen_kop(self, tmp_path):
        assert vindt(weiger(tmp_path, "GM0106;3,5\n"), 1, "geen kopregel")

    def test_ongebruikte_kolommen_worden_gemeld(self, tmp_path):
        levering = lees(tmp_path, "gebied;fte;inwoners\nGM0106;3,5;69000\n")
        assert "Niet gebruikte kolommen: inwoners." in levering.opmerkingen

    def test_bestand_dat_er_niet_is(self, tmp_path):
        with pytest.raises(BronFout, match="bestaat niet"):
            read_nivel(tmp_path / "weg.csv", gebiedenboek=BOEK)
        with pytest.raises(BronFout, match="map of apparaat"):
            read_nivel(tmp_path, gebiedenboek=BOEK)


def test_met_het_boek_van_de_snapshot(tmp_path):
    pad = schrijf(tmp_path, "gebied;personen;fte\nGM0363;130;100,5\nGM0457;7;5,5\nGM0505;70;50,0\n")
    # the codes of 2021, moved by the package's own reorganisations
    levering = hd.read_nivel(pad, peiljaar=2021, functie="alle")
    assert levering.gebieden == ("GM0363", "GM0505")
    assert np.isclose(levering.tabel["fte"].sum(), 156.0, rtol=0, atol=1e-9)
    with pytest.raises(LeveringFout, match=r"GM0457 \(Weesp\) bestaat sinds 202\d niet meer"):
        hd.read_nivel(pad)


def test_boek_van_de_snapshot_kent_inwoners_van_vroeger_en_nu(tmp_path):
    boek = Gebiedenboek.uit_snapshot()
    assert boek.inwoners_van("GM0106") == 69_701
    assert boek.inwoners_van("PV22") == 504_129
    assert boek.inwoners_van("GM0457") == hd.load_bevolking().at[(2022, "GM0457"), "inwoners_1_januari"]
    with pytest.raises(LeveringFout, match="onwaarschijnlijk hoog"):
        hd.read_nivel(schrijf(tmp_path, "gebied;fte\nGM0106;2950\n"), functie="alle", gebiedenboek=boek)
