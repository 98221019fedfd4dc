"""Fte beside a hidden count do not tell it: not by a ratio that most rows share, one per sex, or beside `<5`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.leveringen.kleineaantallen import maak_plan, rekentabel, toon_sommen
from huisartsdata.leveringen.onderdrukking import GRENS
from huisartsdata.leveringen.verhoudingen import vind_verraders

UITSCHIETER = "gebied;personen;fte\nGM0106;40;30\nGM0114;60;45\nGM0109;4;3\nGM0118;20;15,5\nGM0119;8;6\n"
BRON_VERBERGT = "gebied;personen;fte\nGM0106;40;30\nGM0114;60;45\nGM0109;<5;3\nGM0118;20;15\nGM0119;28;21\n"


def _lees(tmp_path, tekst):
    pad = tmp_path / "lev.csv"
    pad.write_text(tekst, encoding="utf-8")
    return hd.read_nivel(pad, functie="alle")


def test_one_exception_does_not_show_the_fte_of_few_people(tmp_path):
    lev = _lees(tmp_path, UITSCHIETER)
    weg = ["GM0109", "GM0119"]
    assert lev.tabel.index[lev.tabel["fte"].isna()].tolist() == weg
    assert lev.tabel.loc[weg, "fte_status"].tolist() == ["onderdrukt"] * 2
    for functie in ("alle", "zonder_wisselend"):
        som = toon_sommen(lev, functie)["fte"]
        assert som.index[som.isna()].tolist() == weg
        assert rekentabel(lev, functie)["fte"].isna().tolist() == som.isna().tolist()
    assert "met 2 keer de fte die eruit volgt" in " ".join(lev.opmerkingen)


def test_a_count_that_the_source_hides_does_not_follow_from_its_fte(tmp_path):
    lev = _lees(tmp_path, BRON_VERBERGT)
    assert lev.tabel["fte"].isna().to_dict() == {c: c == "GM0109" for c in lev.gebieden}
    assert lev.tabel.loc["GM0109", ["personen_status", "fte_status"]].tolist() == ["onderdrukt"] * 2
    assert np.isnan(toon_sommen(lev, "alle").loc["GM0109", "fte"])
    assert np.isnan(rekentabel(lev, "alle").loc["GM0109", "fte"])
    assert "1 keer is een aantal in het bestand verborgen" in " ".join(lev.opmerkingen)
    # fte that are no multiple of the others' ratio tell nothing and stay
    anders = _lees(tmp_path, BRON_VERBERGT.replace("<5;3", "<5;2,6"))
    assert anders.tabel["fte"].notna().all()


@pytest.mark.parametrize("tekst", [UITSCHIETER, BRON_VERBERGT], ids=["uitschieter", "bron verbergt"])
def test_the_estimate_stays_in_the_supply_of_such_a_gemeente(tmp_path, tekst):
    lev = _lees(tmp_path, tekst)
    s = hd.landelijke_situatie(functie="alle", aanbod=lev)
    fte = s.praktijken["fte"].groupby(s.praktijken["gm_code"]).sum()
    assert fte["GM0109"] != pytest.approx(3.0, abs=0.05)
    assert fte["GM0106"] == pytest.approx(30.0)
    assert any("minder dan 10 huisartsen; daar blijft de modelschatting" in h for h in s.herkomst)


def test_a_factor_per_sex_recovers_no_hidden_count(tmp_path):
    rng = np.random.default_rng(1)
    gm = hd.load_gemeenten()
    codes = gm.index[gm["inwoners"] > 40_000][:30]
    waar, regels = {}, ["gebied;geslacht;personen;fte"]
    for code in codes:
        for sekse, factor in (("M", 0.9), ("V", 0.7)):
            waar[code, sekse] = n = int(rng.integers(3, 45))
            regels.append(f"{code};{sekse};{n};{n * factor:.1f}".replace(".", ","))
    t = _lees(tmp_path, "\n".join(regels) + "\n").tabel.reset_index()
    verborgen = t[t["personen"].isna()]
    assert len(verborgen) >= sum(n < GRENS for n in waar.values()) > 0
    gezien = t[t["personen"].notna()]
    factor = (gezien["fte"] / gezien["personen"]).groupby(gezien["geslacht"]).median()
    gok = (verborgen["fte"] / verborgen["geslacht"].map(factor)).round()
    echt = [waar[sleutel] for sleutel in zip(verborgen["gebied"], verborgen["geslacht"], strict=True)]
    assert (gok == echt).sum() == 0
    assert gezien["fte"].notna().all()


def test_a_longer_decimal_in_one_row_does_not_hide_the_rounding_of_the_rest():
    personen = np.array([41.0, 57, 63, 38, 22, 7])
    fte = np.round(0.73 * personen, 1)
    fte[4] = 19.27
    uit = vind_verraders(pd.DataFrame({"personen": personen, "fte": fte}), np.ones(6, dtype=bool))
    assert uit[5] and not uit[4]


def test_two_rows_share_nothing_but_a_constant_file_tells():
    def verraadt(personen, fte):
        return vind_verraders(
            pd.DataFrame({"personen": personen, "fte": fte}), np.ones(len(fte), dtype=bool)
        ).tolist()

    assert verraadt([3.0, 40], [2.25, 30.0]) == [True, True]
    assert verraadt([40.0, np.nan], [30.0, 3.0]) == [False, False]
    assert verraadt([3.0, 40, 60, 70], [2.25, 30, 51.15, 44.07]) == [False] * 4


def _registratie(rng, gebieden, klassen, decimalen):
    """A register of people who each have their own hours: counts per area and class, and the sum of their fte."""
    rijen = []
    for nr in range(gebieden):
        aantal = max(1, int(rng.lognormal(np.log(26), 0.7)))
        for klasse, n in enumerate(rng.multinomial(aantal, np.full(klassen, 1 / klassen))):
            if n:
                fte = round(float(rng.choice(np.arange(3, 11) / 10, n).sum()), decimalen)
                rijen.append((f"G{nr}", f"k{klasse}", float(n), fte))
    return pd.DataFrame(rijen, columns=["gebied", "geslacht", "personen", "fte"]).set_index("gebied")


@pytest.mark.parametrize(("klassen", "decimalen"), [(1, 1), (2, 1), (8, 1), (1, 0), (2, 0)])
def test_fte_of_a_real_register_of_the_country_stay(klassen, decimalen):
    klein = verraden = 0
    for zaad in range(4):
        t = _registratie(np.random.default_rng(zaad), 342, klassen, decimalen)
        weinig = (t["personen"] < GRENS).to_numpy()
        klein += weinig.sum()
        verraden += (vind_verraders(t, np.ones(len(t), dtype=bool)) & weinig).sum()
    assert klein > 60
    assert verraden <= 0.02 * klein


def test_a_share_of_made_up_fte_in_a_register_is_found():
    """A fifth of the rows filled in with a factor: who divides is right most times, in those rows only."""
    rng = np.random.default_rng(3)
    t = _registratie(rng, 342, 1, 1)
    gevuld = np.arange(len(t)) % 5 == 0
    t.loc[gevuld, "fte"] = np.round(0.8 * t.loc[gevuld, "personen"], 1)
    uit, klein = vind_verraders(t, np.ones(len(t), dtype=bool)), (t["personen"] < GRENS).to_numpy()
    assert uit[gevuld & klein].all()
    assert uit[~gevuld & klein].mean() < 0.3


def test_a_row_that_tells_is_not_read_from_the_sum_of_its_area():
    """4 people hide with 12 whose fte are their own: those fte would leave 3,0 of the sum of the area."""
    t = pd.DataFrame(
        {
            "personen": [4.0, 12, 30, 40, 60, 80, 20, 44],
            "fte": [3.0, 10.13, 22.5, 30, 45, 60, 15, 33],
            "functie": "alle",
            "geslacht": list("MVMVMVMV"),
        },
        index=pd.Index(["A", "A", "B", "B", "C", "C", "D", "D"], name="gebied"),
    )
    plan = maak_plan(t)
    assert plan.rij.tolist() == [True, True] + [False] * 6
    assert plan.rij_fte.tolist() == [True, True] + [False] * 6
    assert plan.fte.all(axis=None) and plan.personen.all(axis=None)
