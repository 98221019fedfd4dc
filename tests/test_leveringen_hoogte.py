"""A delivery with more people, or more fte made of them, than an area can have is refused."""

from __future__ import annotations

import pytest

import huisartsdata as hd
from huisartsdata.fouten import LeveringFout


def _weiger(tmp_path, tekst, **opties):
    pad = tmp_path / "lev.csv"
    pad.write_text(tekst, encoding="utf-8")
    with pytest.raises(LeveringFout) as fout:
        hd.read_nivel(pad, functie="alle", **opties)
    return fout.value


def test_people_with_decimals_are_not_read_as_thousands(tmp_path):
    fout = _weiger(tmp_path, "gebied;personen\nGM0106;40.250\nGM0114;60.125\n", fte_per_persoon=0.75)
    assert fout.fouten["regel"].tolist() == [2, 3]
    assert set(fout.fouten["kolom"]) == {"personen"}
    assert "onwaarschijnlijk hoog: 40250 personen in GM0106 (Assen)" in str(fout)
    assert "decimaal getal of een datum" in str(fout)


def test_the_serial_number_of_a_date_is_no_number_of_people(tmp_path):
    fout = _weiger(tmp_path, "gebied;personen;fte\nGM0114;60;45\nGM0106;45413;30\n")
    assert fout.fouten[["regel", "kolom"]].to_numpy().tolist() == [[3, "personen"]]


def test_fte_made_with_a_factor_have_the_bound_of_delivered_fte(tmp_path):
    # 140 people are possible in Assen (some 70,000 inhabitants), 280 fte are not: 30 per 10,000 is 210
    fout = _weiger(tmp_path, "gebied;personen\nGM0106;140\n", fte_per_persoon=2)
    assert "280 fte in GM0106 (Assen)" in str(fout) and "geef een kleinere factor" in str(fout)


def test_some_more_people_than_fte_on_an_island_are_possible(tmp_path):
    pad = tmp_path / "lev.csv"
    pad.write_text("gebied;personen;fte\nGM0088;9;3\nGM0096;6;2,5\n", encoding="utf-8")
    assert hd.read_nivel(pad, functie="alle").exact()["personen"].tolist() == [9.0, 6.0]


@pytest.mark.parametrize("factor", [None, 0.75])
def test_an_old_code_gets_the_bound_of_its_people_now(tmp_path, factor):
    tekst = "gebied;personen\nGM0003;45413\n" if factor else "gebied;personen;fte\nGM0003;45413;30\n"
    fout = _weiger(tmp_path, tekst, peiljaar=2020, fte_per_persoon=factor)
    assert "onwaarschijnlijk hoog: 45413 personen" in str(fout)
