"""Sentences and numbers that stand in more than one place say the same: one shortage, one count, one rounding."""

from __future__ import annotations

import json
import re

import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.scenario.plaatsen.plaatsfront import grensfront
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.verhaal import beelden, stuurfiguren
from huisartsdata.uitvoer.verhaal.aanwijzing import AANGEWEZEN, NIET, ONZEKER, WEL, tel_aanwijzing
from huisartsdata.uitvoer.verhaal.oordelen import bereikoordeel, namenzin
from huisartsdata.uitvoer.verhaal.vormbeelden import splitswaterval
from huisartsdata.uitvoer.web import webscenario

from .conftest import WORTEL

N = 60


@pytest.fixture(scope="module")
def land():
    return hd.landelijke_situatie(functie="zonder_wisselend")


# --- one shortage, one total


def test_the_shortage_is_one_number_whatever_figure_it_stands_in(land):
    front = grensfront(land, fte=[0], trekkingen=N)
    waterval = splitswaterval(land, trekkingen=N)
    heel = float(waterval.tabel["waarde"].iloc[-1])
    assert front["verwacht"].to_list() == pytest.approx([heel, heel])
    delen = waterval.tabel["waarde"].iloc[:-1].sum()
    assert delen == pytest.approx(heel)
    # the picture is smoother than any country it stands for: no figure may call it a maximum
    assert waterval.tabel["beeld"].iloc[-1] < waterval.tabel["laag"].iloc[-1] < heel


BEELDEN = ("01_landelijk_beeld", "02_drenthe", "04_spreiding_d35", "05_gevoeligheid", "06_eigen_regio")


def _code(naam: str) -> str:
    boek = json.loads((WORTEL / "notebooks" / f"{naam}.ipynb").read_text(encoding="utf-8"))
    return "\n".join("".join(c["source"]) for c in boek["cells"] if c["cell_type"] == "code")


def test_every_notebook_counts_its_verdicts_in_as_many_draws():
    gezien: set[int] = set()
    for naam in BEELDEN:
        code = _code(naam)
        vast = {n: int(x) for n, x in re.findall(r"^(TREKKINGEN) = (\d+)", code, re.MULTILINE)}
        per_gemeente = re.findall(r"tekortbeeld\((?:situatie|vast|s), trekkingen=(\w+)", code)
        splits = re.findall(r"splitswaterval\([^\n]*trekkingen=(\w+)", code)
        front = re.findall(r"(?:grensfront|beantwoord|maak_partijtabellen)\([^\n]*?\btrekkingen=(\w+)", code)
        for x in (*per_gemeente, *splits, *front):
            gezien.add(vast[x] if x in vast else int(x))
    assert gezien == {1000}


@pytest.mark.parametrize("naam", BEELDEN)
def test_no_notebook_calls_the_part_to_distribute_a_maximum(naam):
    boek = json.loads((WORTEL / "notebooks" / f"{naam}.ipynb").read_text(encoding="utf-8"))
    proza = " ".join("".join(c["source"]) for c in boek["cells"] if c["cell_type"] == "markdown")
    assert not re.search(r"hoogstens (te sturen|oplossen)", proza)


# --- names at the limit


def test_a_name_at_the_limit_is_called_so():
    t = pd.DataFrame(
        {
            "naam": ["Ver", "Net", "Niet", "Weet"],
            "kans_op_tekort": [0.96, 0.91, 0.001, 0.5],
            "oordeel": ["tekort", "tekort", "geen tekort", "onbekend"],
        },
        index=["a", "b", "c", "d"],
    )
    zin = namenzin(t, 1000)
    # Wilson's 95% interval of 910 in 1,000 is 0.8907 to 0.9262; that of 960 is 0.9460 to 0.9705
    assert "Ver (96%), Net (91%, op de grens)" in zin
    assert "Naar verwachting is 0,1 van deze 2 fout." in zin  # 0.04 + 0.09
    assert "Vrijwel zeker geen tekort: Niet (meer dan 99%). Naar verwachting is 0,0 van deze 1 fout." in zin
    assert "Weet" not in zin
    # with ten times the draws the same chance is settled
    assert zin.endswith("Op de grens: met andere trekkingen kan de naam wegvallen.")
    assert "op de grens" not in namenzin(t, 10_000).lower()
    assert namenzin(t[t["oordeel"] == "onbekend"], 1000) == "Geen van de 1 gemeenten krijgt een oordeel."


# --- reach: one sentence for figure and web map


@pytest.mark.parametrize(
    ("kansen", "titel", "onder"),
    [
        ([0.5] * 10, "Van geen van de 10 wijken is te zeggen", "Bij alle is de kans"),
        (
            [0.95, 0.92, 0.5],
            "Van 1 van de 3 wijken is niet te zeggen",
            "2 van de 3 wijken liggen er vrijwel zeker onder, geen enkele erboven",
        ),
        (
            [0.05, 0.01],
            "Van alle 2 wijken is vrijwel zeker te zeggen",
            "Geen enkele van de 2 wijken ligt er vrijwel zeker onder, 2 erboven",
        ),
    ],
)
def test_what_is_known_of_reach_is_one_sentence(kansen, titel, onder):
    zin, rest = bereikoordeel(pd.Series(kansen), "wijken")
    assert zin.startswith(titel)
    assert rest.startswith(onder)
    assert " 0 " not in f" {zin} {rest} "


def test_a_limit_itself_is_no_sureness():
    assert bereikoordeel(pd.Series([0.9, 0.1, float("nan")]), "wijken")[0].startswith(
        "Van geen van de 2 wijken"
    )
    assert tel_aanwijzing(pd.Series([0.9, 0.1])) == {WEL: 0, NIET: 0, ONZEKER: 2}


# --- designation


def test_one_indicator_of_designation_for_figure_and_web_map():
    assert stuurfiguren.AANGEWEZEN is webscenario.AANGEWEZEN is AANGEWEZEN
    assert all("vrijwel zeker" in AANGEWEZEN.klassenamen[k] for k in (0, 2))
    assert AANGEWEZEN.klassenamen[1] == ONZEKER


# --- years that may not be compared


def test_the_year_after_the_break_stands_apart():
    f = beelden.afstandreekskaart(load_kaartgebied("PV22"))
    assert list(dict.fromkeys(f.tabel.index.get_level_values("paneel"))) == [
        "2012",
        "2018",
        "2024, na de breuk",
    ]
    plek = {}
    for ax in f.fig.axes:
        for tekst in ax.texts:
            if tekst.get_text() in ("2012", "2018", "2024, na de breuk"):
                plek.setdefault(tekst.get_text(), tekst.get_window_extent().y0)
    # the two that may be compared are on one height, the third is lower
    assert plek["2012"] == pytest.approx(plek["2018"], abs=1)
    assert plek["2024, na de breuk"] < plek["2012"] - 20
