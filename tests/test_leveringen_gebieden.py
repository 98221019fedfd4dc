"""The user's own regions."""

from __future__ import annotations

import pytest

from huisartsdata.fouten import LeveringFout
from huisartsdata.leveringen.eigen_gebieden import read_gebieden
from tests.leveringen_boek import maak_boek, schrijf, vindt

BOEK = maak_boek()
KOP = "gm_code;gemeente;code;naam\n"


def test_leest_eigen_gebieden(tmp_path):
    pad = schrijf(
        tmp_path, KOP + "GM0642;Zwijndrecht;DRECHT;Drechtsteden\nGM0505;Dordrecht;DRECHT;Drechtsteden\n"
    )
    tabel = read_gebieden(pad, gebiedenboek=BOEK)
    assert tabel.index.tolist() == ["GM0505", "GM0642"]
    assert set(tabel["code"]) == {"DRECHT"}
    assert BOEK.met_eigen(tabel).gemeenten_van("DRECHT") == {"GM0505", "GM0642"}


@pytest.mark.parametrize(
    ("rij", "woord"),
    [("GM0505;Dordrecht;DRECHT;Drechtsteden", "regel 2"), ("GM0457;Weesp;NOORD;Noord", "bestaat sinds 2022 niet meer"),
     ("Assen;Assen;NOORD;Noord", "GM0106"), ("PV22;Drenthe;NOORD;Noord", "geen gemeente"), ("GM0106;Assen;PV22;Noord", "CBS"),
     ("GM0106;Assen;GM0999;Noord", "CBS"), ("GM0106;Assen;=A1;Noord", "begin met een letter"), ("GM0106;Assen;../x;Noord", "begin met"),
     ("GM0106;Assen;NOORD;", "naam van het gebied ontbreekt"), ("GM0106;Assen;DRECHT;Anders", "heet op regel 2"),
     ("GM0106;Emmen;NOORD;Noord", "is Assen")],
)  # fmt: skip
def test_fouten_met_regel(tmp_path, rij, woord):
    pad = schrijf(tmp_path, KOP + "GM0505;Dordrecht;DRECHT;Drechtsteden\n" + rij + "\n")
    with pytest.raises(LeveringFout) as fout:
        read_gebieden(pad, gebiedenboek=BOEK)
    assert vindt(fout.value, 3, woord)


def test_ontbrekende_kolom(tmp_path):
    with pytest.raises(LeveringFout, match="kolom naam ontbreekt"):
        read_gebieden(schrijf(tmp_path, "gm_code;code\nGM0505;DRECHT\n"), gebiedenboek=BOEK)
