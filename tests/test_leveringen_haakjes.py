"""Text between brackets in headers, classes and names: it is never left out where it makes something else of it."""

from __future__ import annotations

import pytest

from huisartsdata.fouten import LeveringFout
from huisartsdata.leveringen.herken import read_levering
from huisartsdata.leveringen.kleineaantallen import toon_sommen
from huisartsdata.leveringen.praktijken import read_praktijken
from tests.leveringen_boek import lees_nivel as lees
from tests.leveringen_boek import maak_boek, schrijf, vindt
from tests.leveringen_boek import weiger_nivel as weiger

BOEK = maak_boek()


@pytest.mark.parametrize(
    "haken",
    ["duizend", "vacatures", "uren", "mannen", "raming", "in duizenden", "x", "personen", "hidha", "concept", "raming 2030"],
)  # fmt: skip
def test_ander_woord_achter_fte_wordt_geweigerd(tmp_path, haken):
    for tekst in (
        f"gebied;naam;fte ({haken})\nGM0106;Assen;2,5\n",
        f"gebied;naam;FTE({haken})\nGM0106;Assen;2,5\n",
    ):
        fout = weiger(tmp_path, tekst, functie="alle")
        assert len(fout.fouten) == 1
        # a number or a word that says so makes it a column that is not read at all
        assert vindt(fout, 1, haken)
        with pytest.raises(LeveringFout):
            read_levering(schrijf(tmp_path, tekst), functie="alle", gebiedenboek=BOEK)


def test_melding_noemt_de_kop_en_zegt_wat_te_doen(tmp_path):
    fout = weiger(tmp_path, "gebied;fte;personen (wachtlijst)\nGM0106;2,5;4\n")
    assert fout.fouten["kolom"].tolist() == ["personen (wachtlijst)"]
    assert vindt(fout, 1, "tussen haakjes")
    assert vindt(fout, 1, "verwijder anders de kolom")


@pytest.mark.parametrize(
    "kop",
    ["fte (2024)", "fte (1 januari 2024)", "fte (per 1-1-2024)", "fte (peildatum 2024-01-01)", "fte (aantal)", "fte (FTE)",
     "fte (Nivel)", "fte (werkzame huisartsen)", "aantal (fte)", "fte (totaal) (2024)", "fte ()"],
)  # fmt: skip
def test_onschuldige_haakjes(tmp_path, kop):
    tabel = lees(tmp_path, f"gebied (code);{kop}\nGM0106;2,5\n").tabel
    assert tabel["fte"].tolist() == [2.5]


@pytest.mark.parametrize("kop", ["huisartsen (fte)", "personen (fte)", "hoofden (in fte)"])
def test_eenheid_van_een_andere_kolom(tmp_path, kop):
    assert vindt(weiger(tmp_path, f"gebied;{kop}\nGM0106;12\n", fte_per_persoon=0.75), 1, "tussen haakjes")


@pytest.mark.parametrize("haken", ["duizend", "wachtlijst", "honderden", "fte"])
def test_ingeschreven(tmp_path, haken):
    pad = schrijf(tmp_path, f"postcode;fte;ingeschreven ({haken})\n9401;2,5;24\n9402;1,5;18\n")
    with pytest.raises(LeveringFout, match="tussen haakjes"):
        read_praktijken(pad, gebied="GM0106", functie="alle", gebiedenboek=BOEK)


class TestKlassen:
    TEKST = (
        "gebied;functie;fte\nGM0106;praktijkhouder;20\nGM0106;hidha;5\nGM0106;{};4\n"
        "GM0114;praktijkhouder;20\nGM0114;hidha;5\n"
    )

    def test_wisselende_waarnemer_telt_niet_mee_zonder_wisselend(self, tmp_path):
        levering = lees(tmp_path, self.TEKST.format("waarnemer (wisselend)"))
        assert toon_sommen(levering, "zonder_wisselend").loc["GM0106", "fte"] == 25
        assert toon_sommen(levering, "alle").loc["GM0106", "fte"] == 29

    @pytest.mark.parametrize(
        "cel", ["waarnemer (zzp)", "hidha (vacature)", "alle (excl. wisselend)", "totaal (mannen)"]
    )
    def test_klasse_met_een_ander_woord(self, tmp_path, cel):
        assert vindt(weiger(tmp_path, self.TEKST.format(cel)), 4, "onbekende klasse")

    @pytest.mark.parametrize(
        ("kop", "cel"),
        [("geslacht", "M (deels)"), ("geslacht", "totaal (alleen vrouwen)"), ("leeftijd", "totaal (65+)"), ("leeftijd", "40-44 (mannen)")],
    )  # fmt: skip
    def test_andere_sleutels(self, tmp_path, kop, cel):
        assert vindt(weiger(tmp_path, f"gebied;{kop};fte\nGM0106;{cel};3,5\n"), 2, "onbekende klasse")

    def test_totaalrij(self, tmp_path):
        tekst = "gebied;fte\nGM0106;10,5\nGM0114;12,5\n{};23,0\n"
        for naam in ("Totaal (2024)", "Nederland (totaal)", "Totaal"):
            assert lees(tmp_path, tekst.format(naam)).tabel["fte"].sum() == 23
        for naam in ("Totaal (2 gemeenten)", "Totaal (mannen)"):
            assert vindt(weiger(tmp_path, tekst.format(naam)), 4, "gebiedscode")


class TestNamen:
    def test_achtervoegsel_van_een_andere_gemeente(self, tmp_path):
        fout = weiger(tmp_path, "gebied;naam;fte\nGM0893;Bergen (NH.);10\n")
        assert vindt(fout, 2, "code GM0893 is Bergen (L.), niet Bergen (NH.)")
        assert vindt(weiger(tmp_path, "code;naam;fte\n893;Bergen (NH.);10\n"), 2, "GM0893 (Bergen (L.))")

    @pytest.mark.parametrize("naam", ["Bergen (L.)", "Bergen (l)", "Bergen"])
    def test_eigen_naam(self, tmp_path, naam):
        levering = lees(tmp_path, f"gebied;naam;fte\nGM0893;{naam};10\n")
        assert not any("staan zo niet in het register" in zin for zin in levering.opmerkingen)

    @pytest.mark.parametrize("naam", ["Assen (alleen noord)", "Bergen (Limburg)"])
    def test_ander_achtervoegsel_wordt_gemeld(self, tmp_path, naam):
        code = "GM0106" if naam.startswith("A") else "GM0893"
        levering = lees(tmp_path, f"gebied;naam;fte\n{code};{naam};10\n")
        assert any(f"{naam} ({code})" in zin for zin in levering.opmerkingen)
