"""Vektis's form: gemeenten by name, on a map of its own, with a row that has no gemeente."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from huisartsdata.fouten import HuisartsdataFout, LeveringFout, OnbekendGebiedFout
from huisartsdata.leveringen.vektis import KOSTEN, read_vektis
from tests.leveringen_boek import GEMEENTEN, maak_boek, schrijf, verplaats, vindt

BOEK = maak_boek()
KOP = "GESLACHT;LEEFTIJDSKLASSE;GEMEENTENAAM;AANTAL_BSN;AANTAL_VERZEKERDEJAREN;KOSTEN_FARMACIE;" + ";".join(
    map(str.upper, KOSTEN)
)


def bouw(namen, extra=()) -> bytes:
    getallen = "1.00;2000.25;1000.50;30.00;700.75"
    rijen = [
        f"{geslacht};{klasse};{naam.upper()};{100 + nr};{99.5 + nr};{getallen}"
        for nr, naam in enumerate(namen)
        for geslacht in "MV"
        for klasse in (" 0 t/m  4 jaar", "90+")
    ]
    return ("\n".join([KOP, *rijen, *extra]) + "\n").encode("latin-1")


def lees(tmp_path, inhoud, **opties):
    return read_vektis(schrijf(tmp_path, inhoud), gebiedenboek=BOEK, **opties)


def weiger(tmp_path, inhoud, **opties) -> LeveringFout:
    with pytest.raises(LeveringFout) as fout:
        lees(tmp_path, inhoud, **opties)
    return fout.value


def test_leest_namen_klassen_en_kosten(tmp_path):
    levering = lees(tmp_path, bouw(["Assen", "Hengelo", "Rijswijk", "Bergen NH"]), peiljaar=2024)
    assert levering.gebieden == ("GM0106", "GM0164", "GM0373", "GM0603")
    assert levering.tabel["aantal"].sum() == 4 * (100 + 101 + 102 + 103)
    assert levering.tabel["kosten_huisarts_inschrijftarief"].sum() == 16 * 2000.25
    assert set(levering.tabel["leeftijdsklasse"]) == {"0-4", "90+"}
    assert "kosten_farmacie" not in levering.tabel


def test_peiljaar_volgt_uit_alle_namen_van_een_kaart(tmp_path):
    namen = [
        naam.replace("Bergen (L.)", "Bergen LB").replace("Bergen (NH.)", "Bergen NH")
        for naam in GEMEENTEN.values()
    ]
    levering = lees(tmp_path, bouw([*namen, "Weesp"]))
    assert any("precies die van 2021" in zin for zin in levering.opmerkingen)
    # Weesp went to Amsterdam; the total stays
    assert levering.tabel["aantal"].sum() == 4 * sum(100 + nr for nr in range(len(namen) + 1))
    assert "GM0457" not in levering.gebieden
    assert vindt(weiger(tmp_path, bouw(["Assen"])), 1, "peiljaar=")


def test_melding_noemt_het_peiljaar_dat_past(tmp_path):
    # Weesp is there until the map of 2021, Eemsdelta from 2021 on
    assert vindt(
        weiger(tmp_path, bouw(["Weesp", "Eemsdelta"])), 1, "geef peiljaar=2021 op: alle namen bestaan in 2021"
    )
    assert vindt(
        weiger(tmp_path, bouw(["Assen"])),
        1,
        "geef peiljaar=2024 op: alle namen bestaan in 2012 tot en met 2025",
    )
    fout = weiger(tmp_path, bouw(["Assen", "Nergenshuizen"]))
    assert vindt(fout, 1, "geef peiljaar=2024 op: de meeste namen bestaan (niet: nergenshuizen)")


@pytest.mark.parametrize("jaar", ["x", "2021", 2021.5])
def test_peiljaar_dat_geen_jaar_is(tmp_path, jaar):
    with pytest.raises(HuisartsdataFout, match="geen jaartal"):
        lees(tmp_path, bouw(["Assen"]), peiljaar=jaar)


def test_groep_die_een_deel_mist_is_onbekend(tmp_path):
    # Weesp went to Amsterdam; without Weesp's women of 90+ those of both together are not known
    rijen = bouw(["Amsterdam", "Weesp", "Assen"]).splitlines()
    rijen = [r for r in rijen if not (b"WEESP" in r and r.startswith(b"V;90+"))]
    levering = lees(tmp_path, b"\n".join(rijen) + b"\n", peiljaar=2021)
    amsterdam = levering.tabel.loc["GM0363"].set_index(["geslacht", "leeftijdsklasse"])["aantal"]
    assert amsterdam.to_dict() == {("M", "0-4"): 201.0, ("M", "90+"): 201.0, ("V", "0-4"): 201.0}
    assert len(levering.tabel.loc["GM0106"]) == 4
    assert any("1 keer: in groepen van samengevoegde gemeenten" in zin for zin in levering.opmerkingen)


def test_eigen_kaart_behouden(tmp_path):
    assert lees(tmp_path, bouw(["Amsterdam", "Weesp"]), peiljaar=2021, herindelen=False).gebieden == (
        "GM0363",
        "GM0457",
    )


def test_verdeelde_gemeente(tmp_path):
    inhoud = bouw(["Haaren", "Oisterwijk", "Tilburg"])
    assert vindt(weiger(tmp_path, inhoud, peiljaar=2020), 2, "GM0788 (Haaren)")
    delen = pd.DataFrame({"gm_oud": "GM0788", "gm_nieuw": ["GM0824", "GM0855"], "aandeel": [0.25, 0.75]})
    tabel = lees(tmp_path, inhoud, peiljaar=2020, verdeling=delen).tabel
    assert tabel["aantal"].groupby("gm_code").sum().to_dict() == {"GM0824": 504.0, "GM0855": 708.0}


def test_rij_zonder_gemeente_staat_apart(tmp_path):
    levering = lees(tmp_path, bouw(["Assen"], [";;;299;250.50;1.00;50.00;40.00;3.00;2.00"]), peiljaar=2024)
    assert levering.tabel["aantal"].sum() == 400
    assert levering.apart["aantal"].tolist() == [299.0]
    assert any("299 verzekerden" in zin for zin in levering.opmerkingen)


def test_weggelaten_groepen_zijn_onbekend(tmp_path):
    inhoud = bouw(["Assen", "Emmen"]).rsplit(b"\n", 2)[0] + b"\n"
    assert any("1 combinaties" in zin for zin in lees(tmp_path, inhoud, peiljaar=2024).opmerkingen)


@pytest.mark.parametrize(
    ("rij", "woord"),
    [("M;90+;NERGENSHUIZEN;50;49.00;1.00;1.00;1.00;1.00;1.00", "geen gemeente van 2024"),
     ("M;90+;WEESP;50;49.00;1.00;1.00;1.00;1.00;1.00", "GM0457"), ("M;90+;BERGEN;50;49.00;1.00;1.00;1.00;1.00;1.00", "GM0893"),
     ("X;90+;EMMEN;50;49.00;1.00;1.00;1.00;1.00;1.00", "M of V"), ("M;oud;EMMEN;50;49.00;1.00;1.00;1.00;1.00;1.00", "klassen als"),
     (";;EMMEN;50;49.00;1.00;1.00;1.00;1.00;1.00", "leeg"), ("M;90+;ASSEN;50;49.00;1.00;1.00;1.00;1.00;1.00", "dubbele rij"),
     ("M;90+;EMMEN;-5;49.00;1.00;1.00;1.00;1.00;1.00", "negatief")],
)  # fmt: skip
def test_fouten_met_regel(tmp_path, rij, woord):
    assert vindt(weiger(tmp_path, bouw(["Assen"], [rij]), peiljaar=2024), 6, woord)


def test_bestand_zonder_huisartskosten(tmp_path):
    fout = weiger(
        tmp_path, b"GESLACHT;LEEFTIJDSKLASSE;GEMEENTENAAM;AANTAL_BSN\nM;90+;ASSEN;50\n", peiljaar=2024
    )
    assert vindt(fout, 1, "huisartskosten")


def test_losse_leeftijden(tmp_path):
    inhoud = bouw(["Assen"]).replace(b" 0 t/m  4 jaar", b"7")
    assert set(lees(tmp_path, inhoud, peiljaar=2024).tabel["leeftijdsklasse"]) == {"7-7", "90+"}


def test_groepen_van_minder_dan_tien_zijn_weggelaten(tmp_path):
    """With their costs, which would tell how many there are; a merged gemeente's group is then unknown too."""
    klein = "M;5-9;ASSEN;9;8.50;1.00;1.00;1.00;1.00;1.00"
    levering = lees(tmp_path, bouw(["Assen"], [klein, klein.replace("ASSEN;9", "EMMEN;10")]), peiljaar=2024)
    assert levering.tabel["aantal"].tolist() == [100.0] * 4 + [10.0]
    assert set(levering.tabel.loc["GM0106", "leeftijdsklasse"]) == {"0-4", "90+"}
    assert any("1 rijen met minder dan 10 verzekerden" in zin for zin in levering.opmerkingen)
    delen = [
        klein.replace("ASSEN", naam).replace(";9;", f";{n};") for naam, n in (("AMSTERDAM", 50), ("WEESP", 9))
    ]
    levering = lees(tmp_path, bouw(["Amsterdam", "Weesp"], delen), peiljaar=2021)
    assert "5-9" not in set(levering.tabel["leeftijdsklasse"])


def test_ontbrekende_kolom_en_twee_jaren(tmp_path):
    zonder = bouw(["Assen"]).replace(b"GEMEENTENAAM", b"PLAATS")
    assert vindt(weiger(tmp_path, zonder, peiljaar=2024), 1, "de kolom gemeentenaam ontbreekt")
    regels = bouw(["Assen"]).splitlines()
    met_jaar = [regels[0] + b";JAAR", *(r + b";202%d" % (nr % 2) for nr, r in enumerate(regels[1:]))]
    assert vindt(
        weiger(tmp_path, b"\n".join(met_jaar) + b"\n", peiljaar=2024), 1, "meer dan \u00e9\u00e9n jaar"
    )
    een_jaar = [regels[0] + b";JAAR", *(r + b";2021" for r in regels[1:])]
    assert lees(tmp_path, b"\n".join(een_jaar) + b"\n", peiljaar=2024).peildatum == "2021"


def test_herindeling_die_niet_uitkomt_wordt_geweigerd(tmp_path):
    """The reader counts before and after itself: a mover that loses people is noticed."""
    lek = dataclasses.replace(BOEK, verplaats=lambda *stuk: verplaats(*stuk) * 0.99)
    with pytest.raises(LeveringFout) as fout:
        read_vektis(schrijf(tmp_path, bouw(["Amsterdam", "Weesp"])), peiljaar=2021, gebiedenboek=lek)
    assert vindt(fout.value, 1, "het totaal verandert door de herindeling")

    def mist(*_):
        raise OnbekendGebiedFout("ontbreekt: GM0457", ["GM0457"])

    with pytest.raises(LeveringFout) as fout:
        read_vektis(
            schrijf(tmp_path, bouw(["Amsterdam", "Weesp"])),
            peiljaar=2021,
            gebiedenboek=dataclasses.replace(BOEK, verplaats=mist),
        )
    assert vindt(fout.value, 1, "deze gemeenten ontbreken")
