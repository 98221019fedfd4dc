"""Decay: the formulas, their edges, and what is refused."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from huisartsdata.fouten import HuisartsdataFout, ParameterFout
from huisartsdata.model import verval

ALLE = [
    verval.binair(30),
    verval.trap({10: 1.0, 20: 0.68, 30: 0.22}),
    verval.gauss(10, 30),
    verval.exponentieel(0.1, 30),
    verval.macht(-1.5, 1, 10, 30),
]


def test_trap_neemt_het_gewicht_van_de_eerste_rand() -> None:
    trap = verval.trap({20: 0.68, 30: 0.22, 10: 1.0})  # Luo & Qi 2009, given in no order
    tijden = [0, 9.999, 10, 10.001, 20, 20.001, 30, 30.001, 1000]
    assert trap(tijden).tolist() == [1.0, 1.0, 1.0, 0.68, 0.68, 0.22, 0.22, 0.0, 0.0]


def test_franse_trap_van_2012() -> None:
    assert verval.trap({5: 1.0, 10: 0.3, 15: 0.1})([5, 10, 15, 15.1]).tolist() == [1.0, 0.3, 0.1, 0.0]


def test_gauss_op_sigma_en_twee_sigma() -> None:
    # at sigma e to the power -1/2, at twice sigma e to the power -2
    assert verval.gauss(20, 60)([0, 20, 40]) == pytest.approx([1, 0.6065306597126334, 0.1353352832366127])


def test_exponentieel_zonder_grens_loopt_door() -> None:
    functie = verval.exponentieel(0.1)
    assert functie([15, 100]) == pytest.approx([0.22313016014842982, 4.5399929762484854e-05], rel=1e-14)
    assert functie.grens is None
    assert functie.reikwijdte == math.inf


def test_macht_met_exponent_nul_weegt_alles_gelijk_tot_de_grens() -> None:
    assert verval.macht(0, 1, 1, 30)([0, 1, 30, 30.1]).tolist() == [1.0, 1.0, 1.0, 0.0]


def test_macht_kent_een_kortste_tijd() -> None:
    functie = verval.macht(-2, 1, 20, 60)
    assert functie([0, 1, 2, 20, 40, 60, 61]) == pytest.approx([400, 400, 100, 1, 0.25, 1 / 9, 0])


@pytest.mark.parametrize("functie", ALLE, ids=lambda f: f.naam)
def test_grens_hoort_erbij_en_daarbuiten_is_nul(functie: verval.Verval) -> None:
    op, voorbij = functie([30.0, np.nextafter(30.0, 31.0)])
    assert op > 0
    assert voorbij == 0
    assert functie.grens == 30
    assert functie.reikwijdte == 30


@pytest.mark.parametrize("functie", ALLE, ids=lambda f: f.naam)
def test_daalt_nooit_omhoog(functie: verval.Verval) -> None:
    gewichten = functie(np.linspace(0, 40, 4001))
    assert (np.diff(gewichten) <= 0).all()


@pytest.mark.parametrize("functie", ALLE, ids=lambda f: f.naam)
def test_vorm_en_blokken_veranderen_niets(functie: verval.Verval) -> None:
    tijden = np.random.default_rng(1).uniform(0, 40, size=(3, 40_000))
    samen = functie(tijden)
    assert samen.shape == tijden.shape
    los = np.array([functie(tijd)[()] for tijd in tijden[:, :50].ravel()]).reshape(3, 50)
    assert (samen[:, :50] == los).all()
    assert (samen[:, -50:] == functie(np.asfortranarray(tijden[:, -50:]))).all()


@pytest.mark.parametrize("functie", ALLE, ids=lambda f: f.naam)
def test_is_een_waarde(functie: verval.Verval) -> None:
    assert pickle.loads(pickle.dumps(functie)) == functie
    assert len({functie, pickle.loads(pickle.dumps(functie))}) == 1
    with pytest.raises(AttributeError):
        functie.grens = 5  # type: ignore[misc]


def test_invoer_blijft_heel() -> None:
    tijden = np.array([5.0, 25.0])
    for functie in ALLE:
        functie(tijden)
    assert tijden.tolist() == [5.0, 25.0]


def test_ontbrekende_tijd_weegt_niet_in_een_trap() -> None:
    assert verval.trap({10: 1.0})([np.nan]).tolist() == [0.0]


def test_laatste_trede_nul_telt_niet_als_reikwijdte() -> None:
    assert verval.trap({10: 1.0, 20: 0.0}).reikwijdte == 10


def test_trap_met_zeer_veel_treden() -> None:
    trap = verval.trap({rand: 1 / rand for rand in range(1, 201)})
    assert trap([0.5, 1, 150, 199.5, 200, 201]).tolist() == [1.0, 1.0, 1 / 150, 1 / 200, 1 / 200, 0.0]


def test_beschrijving_is_nederlands() -> None:
    assert [functie.beschrijving for functie in ALLE] == [
        "binair, zonder afname, tot en met 30 minuten",
        "trap: 1 tot en met 10, 0,68 tot en met 20, 0,22 tot en met 30 minuten",
        "gauss (sigma 10 minuten), tot en met 30 minuten",
        "exponentieel (beta 0,1 per minuut), tot en met 30 minuten",
        "macht (exponent -1,5, minimum 1 en schaal 10 minuten), tot en met 30 minuten",
    ]
    assert verval.exponentieel(0.1).beschrijving == "exponentieel (beta 0,1 per minuut), zonder grens"


@pytest.mark.parametrize(
    ("maak", "melding"),
    [
        (lambda: verval.binair(-1), "grens is -1"),
        (lambda: verval.binair(math.inf), "eindig"),
        (lambda: verval.binair("ver"), "geef een getal"),  # type: ignore[arg-type]
        (lambda: verval.trap({}), "trap vraagt"),
        (lambda: verval.trap([10, 20]), "trap vraagt"),  # type: ignore[arg-type]
        (lambda: verval.trap({10: -0.1}), "gewicht van trap is -0,1"),
        (lambda: verval.trap({-5: 1.0}), "rand van trap is -5"),
        (lambda: verval.trap({10: math.nan}), "eindig"),
        (lambda: verval.trap({10: 0.5, 20: 0.6}), "niet stijgen"),
        (lambda: verval.trap({10: 0.0}), "Alle gewichten van trap zijn 0"),
        (lambda: verval.gauss(0, 30), "sigma is 0"),
        (lambda: verval.gauss(5, -30), "grens is -30"),
        (lambda: verval.exponentieel(-0.1), "beta is -0,1"),
        (lambda: verval.macht(1, 1, 1, 30), "stijgt"),
        (lambda: verval.macht(-1, 0, 1, 30), "minimum is 0"),
        (lambda: verval.macht(-1, 1, 0, 30), "schaal is 0"),
        (lambda: verval.Verval("kubus", (), 30.0)([1.0]), "Onbekende vervalvorm"),
    ],
)
def test_onzinnige_parameters_worden_geweigerd(maak, melding: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ParameterFout, match=melding) as fout:
        maak()
    assert isinstance(fout.value, HuisartsdataFout)
    assert isinstance(fout.value, ValueError)
