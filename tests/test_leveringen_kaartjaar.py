"""The year of the municipal map: the caller's, else the file's own; never another one in silence."""

from __future__ import annotations

import pytest

import huisartsdata as hd
from huisartsdata.fouten import LeveringFout
from huisartsdata.leveringen.bestand import lees_tabel
from huisartsdata.leveringen.kaartjaar import kies_kaartjaar
from huisartsdata.leveringen.levering import Foutenlijst
from huisartsdata.leveringen.nivel import read_nivel
from huisartsdata.leveringen.nivelrijen import HERKEN
from tests.leveringen_boek import maak_boek, schrijf, vindt

BOEK = maak_boek()  # Eemsdelta and Oisterwijk changed in 2021, Amsterdam in 2022
NU = "GM0106;3,5"
OUD = "GM0363;100,5\nGM0457;5,5"  # Amsterdam and Weesp


def kies(tmp_path, tekst, gevraagd=None):
    ruw = lees_tabel(schrijf(tmp_path, tekst), herken=HERKEN, verwacht="")
    fouten, zinnen = Foutenlijst(ruw.bestand), []
    jaar = kies_kaartjaar(ruw, gevraagd, boek=BOEK, fouten=fouten, meld=zinnen)
    fouten.stop()
    return jaar, " ".join(zinnen)


@pytest.mark.parametrize(
    "kop",
    ["# Peildatum: 1 januari {}\ngebied;fte\n", "Peildatum: 31-12-{}\ngebied;fte\n", "Peiljaar: {}\ngebied;fte\n",
     "Jaar;{}\ngebied;fte\n"],
)  # fmt: skip
def test_jaar_uit_de_titel(tmp_path, kop):
    jaar, zin = kies(tmp_path, kop.format(2021) + OUD + "\n")
    assert jaar == 2021
    assert "gemeentelijke indeling van 2021" in zin
    onder = f"gebied;fte\n{OUD}\n# Peildatum: 1 januari 2021\n"  # a comment under the table too
    assert kies(tmp_path, onder)[0] == 2021
    assert kies(tmp_path, kop.format(2023) + NU + "\n") == (2024, "")  # the same map


@pytest.mark.parametrize("cel", ["2021", "2021-01-01", "1 januari 2021", "01-01-2021"])
def test_jaar_uit_een_kolom(tmp_path, cel):
    tekst = f"gebied;peildatum;fte\nGM0363;{cel};100,5\nGM0457;{cel};5,5\n"
    assert kies(tmp_path, tekst)[0] == 2021
    assert read_nivel(schrijf(tmp_path, tekst), gebiedenboek=BOEK).tabel["fte"].to_dict() == {"GM0363": 106.0}


def test_levering_wordt_op_haar_eigen_indeling_gelezen(tmp_path):
    pad = schrijf(tmp_path, f"# Peildatum: 1 januari 2021\ngebied;fte\n{OUD}\n")
    levering = read_nivel(pad, gebiedenboek=BOEK)
    assert levering.tabel["fte"].to_dict() == {"GM0363": 106.0}
    assert levering.peildatum == "1 januari 2021"
    assert any("gelezen op de gemeentelijke indeling van 2021" in zin for zin in levering.opmerkingen)
    # half of a gemeente is not the whole of it
    with pytest.raises(LeveringFout, match="GM0457 ontbreekt"):
        read_nivel(
            schrijf(tmp_path, "# Peildatum: 1 januari 2021\ngebied;fte\nGM0363;100,5\n"), gebiedenboek=BOEK
        )


def test_jaar_dat_de_aanroep_tegenspreekt(tmp_path):
    tekst = f"titel\n# Peildatum: 1 januari 2020\ngebied;fte\n{OUD}\n"
    with pytest.raises(LeveringFout) as fout:
        kies(tmp_path, tekst, 2021)
    assert vindt(fout.value, 1, "het bestand zegt peildatum 2020, de aanroep peiljaar=2021")
    with pytest.raises(LeveringFout) as fout:
        read_nivel(
            schrijf(tmp_path, f"gebied;jaar;fte\n{NU.replace(';', ';2020;')}\n"),
            peiljaar=2024,
            gebiedenboek=BOEK,
        )
    assert vindt(fout.value, 2, "geef peiljaar=2020 op")
    assert kies(tmp_path, tekst, 2020) == (2020, "")


def test_codes_die_later_zijn_gemaakt(tmp_path):
    # Eemsdelta is of 2021: the figures of 2020 stand on the map of now
    tekst = "# Peildatum: 1 januari 2020\ngebied;fte\nGM1979;20,5\n"
    for gevraagd in (None, 2024):
        jaar, zin = kies(tmp_path, tekst, gevraagd)
        assert jaar == 2024
        assert "de gemeentecodes zijn van 2024" in zin


@pytest.mark.parametrize("jaar", [2009, 2031])
def test_jaar_zonder_kaart_wordt_gemeld(tmp_path, jaar):
    tekst = f"# Peildatum: 1 januari {jaar}\ngebied;fte\n{NU}\n"
    gekozen, zin = kies(tmp_path, tekst)
    assert gekozen == 2024
    assert f"van {jaar}" in zin
    assert kies(tmp_path, tekst, 2024) == (2024, "")


def test_zonder_gemeenten_of_jaar_verandert_niets(tmp_path):
    assert kies(tmp_path, "# Peildatum: 1 januari 2020\ncode;fte\nPV22;300,5\n") == (2024, "")
    assert kies(tmp_path, "# Peildatum: 1 januari 2020\ncode;fte\nPV22;300,5\n", 2021) == (2021, "")
    assert kies(tmp_path, f"gebied;fte\n{NU}\n") == (2024, "")
    assert kies(tmp_path, "gebied;jaar;fte\nGM0106;2020;3,5\nGM0114;2021;3,5\n") == (
        2024,
        "",
    )  # refused further on


def test_met_het_boek_van_de_snapshot(tmp_path):
    # Boxtel got a part of Haaren in 2021: its code is the same, the gemeente is not
    pad = schrijf(tmp_path, "# Peildatum: 1 januari 2019\ngebied;fte\nGM0757;10,5\n")
    with pytest.raises(LeveringFout, match="herindelen van de indeling van 2019 lukt niet"):
        hd.read_nivel(pad, functie="alle")
    with pytest.raises(LeveringFout, match="geef peiljaar=2019 op"):
        hd.read_nivel(pad, functie="alle", peiljaar=2024)
