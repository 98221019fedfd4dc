"""Reach: what must hold for any country, per method (hypothesis)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model import verval
from huisartsdata.model.bereik import fca
from huisartsdata.model.bereikmatrix import BEHOUDEND, METHODEN

VERVALLEN = (
    verval.binair(30),
    verval.binair(12.5),
    verval.trap({10: 1.0, 20: 0.68, 30: 0.22}),
    verval.trap({5: 1.0, 10: 0.3, 15: 0.1}),
    verval.gauss(9, 30),
    verval.exponentieel(0.1, 30),
    verval.macht(-1.2, 1, 10, 30),
)
# with these a time of 0 weighs 1, so that M2SFCA loses nothing on the spot
VOL_OP_NUL = VERVALLEN[:-1]
# Rounding: sums of a hundred terms at most; 1e-10 leaves room and no error of method hides below it
RELATIEF = 1e-10
MONOTOON_IN_VRAAG = METHODEN  # also BFCA: its weights do not depend on the number of residents
ZONDER_BFCA = [methode for methode in METHODEN if methode != "bfca"]

rustig = settings(max_examples=60, deadline=None, derandomize=True)


@dataclass(frozen=True)
class Land:
    """A small country: minutes (NaN: out of reach), demand, supply and a decay."""

    minuten: np.ndarray
    vraag: np.ndarray
    aanbod: np.ndarray
    verval: verval.Verval


@st.composite
def landen(
    trek: st.DrawFn, *, bewoond: bool = False, vervallen: tuple[verval.Verval, ...] = VERVALLEN
) -> Land:
    """Up to nine demand points and six practices; edges of steps and unreachable pairs come often."""
    n, m = trek(st.integers(1, 9)), trek(st.integers(1, 6))
    tijd = st.one_of(
        st.sampled_from([0.0, 5.0, 10.0, 12.5, 15.0, 20.0, 30.0, float("nan")]), st.floats(0, 30, width=32)
    )
    mensen = st.floats(1, 20_000) if bewoond else st.one_of(st.just(0.0), st.floats(1, 20_000))
    minuten = trek(st.lists(tijd, min_size=n * m, max_size=n * m))
    return Land(
        np.array(minuten).reshape(n, m),
        np.array(trek(st.lists(mensen, min_size=n, max_size=n))),
        np.array(trek(st.lists(st.one_of(st.just(0.0), st.floats(0.1, 20)), min_size=m, max_size=m))),
        trek(st.sampled_from(vervallen)),
    )


def _reistijden(minuten: np.ndarray) -> Reistijden:
    i, j = np.nonzero(~np.isnan(minuten))
    matrix = sparse.csr_array((minuten[i, j], (i, j)), shape=minuten.shape)  # keeps its zeros
    return Reistijden(_codes("b", minuten.shape[0]), _codes("p", minuten.shape[1]), matrix, 30)


def _codes(letter: str, aantal: int) -> pd.Index:
    return pd.Index([f"{letter}{k}" for k in range(aantal)])


def _fca(land: Land, methode: str, **anders: np.ndarray) -> np.ndarray:
    minuten = anders.get("minuten", land.minuten)
    vraag, aanbod = anders.get("vraag", land.vraag), anders.get("aanbod", land.aanbod)
    uit = fca(
        pd.Series(vraag, _codes("b", len(vraag))),
        pd.Series(aanbod, _codes("p", len(aanbod))),
        _reistijden(minuten),
        methode=methode,
        verval=land.verval,
        onbereikbaar="nul",
    )
    return uit.to_numpy()


def _bereikte_fte(land: Land) -> float:
    gewicht = np.where(np.isnan(land.minuten), 0, land.verval(np.nan_to_num(land.minuten)))
    return float(land.aanbod[(gewicht * land.vraag[:, None]).sum(axis=0) > 0].sum())


@pytest.mark.parametrize("methode", METHODEN)
@rustig
@given(landen(), st.floats(0.01, 100))
def test_vraag_en_aanbod_samen_schalen_verandert_niets(methode: str, land: Land, factor: float) -> None:
    geschaald = _fca(land, methode, vraag=land.vraag * factor, aanbod=land.aanbod * factor)
    assert geschaald == pytest.approx(_fca(land, methode), rel=RELATIEF)


@pytest.mark.parametrize("methode", METHODEN)
@rustig
@given(landen(), st.randoms(use_true_random=False))
def test_volgorde_van_punten_verandert_niets(methode: str, land: Land, toeval: object) -> None:
    rijen, kolommen = list(range(len(land.vraag))), list(range(len(land.aanbod)))
    toeval.shuffle(rijen)  # type: ignore[attr-defined]
    toeval.shuffle(kolommen)  # type: ignore[attr-defined]
    geschud = _fca(
        land,
        methode,
        minuten=land.minuten[rijen][:, kolommen],
        vraag=land.vraag[rijen],
        aanbod=land.aanbod[kolommen],
    )
    assert geschud == pytest.approx(_fca(land, methode)[rijen], rel=RELATIEF)


@pytest.mark.parametrize("methode", METHODEN)
@rustig
@given(landen(), st.data())
def test_een_fte_erbij_verlaagt_niemands_bereik(methode: str, land: Land, data: st.DataObject) -> None:
    j = data.draw(st.integers(0, len(land.aanbod) - 1))
    meer = land.aanbod + (np.arange(len(land.aanbod)) == j)
    assert (_fca(land, methode, aanbod=meer) >= _fca(land, methode)).all()


@pytest.mark.parametrize("methode", METHODEN)
@rustig
@given(landen())
def test_wie_niets_bereikt_krijgt_nul_en_niemand_oneindig(methode: str, land: Land) -> None:
    uit = _fca(land, methode)
    gewicht = np.where(np.isnan(land.minuten), 0, land.verval(np.nan_to_num(land.minuten)))
    assert np.isfinite(uit).all()
    assert (uit >= 0).all()
    assert (uit[(gewicht == 0).all(axis=1)] == 0).all()


@pytest.mark.parametrize("methode", sorted(BEHOUDEND))
@rustig
@given(landen())
def test_fte_blijft_behouden(methode: str, land: Land) -> None:
    uit = _fca(land, methode)
    assert (land.vraag * uit).sum() == pytest.approx(_bereikte_fte(land), rel=RELATIEF)


@rustig
@given(landen(vervallen=VOL_OP_NUL))
def test_m2sfca_verliest_fte_of_houdt_die_gelijk(land: Land) -> None:
    assert (land.vraag * _fca(land, "m2sfca")).sum() <= _bereikte_fte(land) * (1 + RELATIEF)


@pytest.mark.parametrize("methode", MONOTOON_IN_VRAAG)
@rustig
@given(landen(bewoond=True), st.data())
def test_een_inwoner_erbij_verhoogt_niemands_bereik(methode: str, land: Land, data: st.DataObject) -> None:
    # inhabited: the first resident near an idle practice does bring its fte into reach
    i = data.draw(st.integers(0, len(land.vraag) - 1))
    meer = land.vraag + (np.arange(len(land.vraag)) == i)
    assert (_fca(land, methode, vraag=meer) <= _fca(land, methode) * (1 + RELATIEF)).all()


@pytest.mark.parametrize("methode", ZONDER_BFCA)
@rustig
@given(landen(vervallen=VOL_OP_NUL))
def test_alles_naast_de_deur_geeft_de_landelijke_verhouding(methode: str, land: Land) -> None:
    nergens_ver = np.zeros_like(land.minuten)
    totaal = land.vraag.sum()
    verwacht = land.aanbod.sum() / totaal if totaal else 0.0
    uit = _fca(land, methode, minuten=nergens_ver)
    assert uit == pytest.approx(np.full(len(land.vraag), verwacht), rel=RELATIEF)


@pytest.mark.parametrize("methode", ZONDER_BFCA)
@rustig
@given(landen(), st.data(), st.floats(0, 1))
def test_een_vertrekpunt_splitsen_verandert_niets(
    methode: str, land: Land, data: st.DataObject, deel: float
) -> None:
    i = data.draw(st.integers(0, len(land.vraag) - 1))
    vraag = np.append(land.vraag, land.vraag[i] * (1 - deel))
    vraag[i] *= deel
    minuten = np.vstack([land.minuten, land.minuten[i]])
    heel, gesplitst = _fca(land, methode), _fca(land, methode, minuten=minuten, vraag=vraag)
    assert gesplitst == pytest.approx(np.append(heel, heel[i]), rel=RELATIEF)


@rustig
@given(landen())
def test_beschikbaarheid_is_per_hoofd_e2sfca(land: Land) -> None:
    # V_i from its own formula (Soukhov et al. 2023), against the two-step answer
    w = np.where(np.isnan(land.minuten), 0, land.verval(np.nan_to_num(land.minuten)))
    totaal = land.vraag.sum()
    fp = land.vraag / totaal if totaal else land.vraag
    som = w.sum(axis=0)
    fc = np.divide(w, som, out=np.zeros_like(w), where=som > 0)
    samen = fp[:, None] * fc
    noemer = samen.sum(axis=0)
    v = (np.divide(samen, noemer, out=np.zeros_like(w), where=noemer > 0) * land.aanbod).sum(axis=1)
    assert _fca(land, "beschikbaarheid") * land.vraag == pytest.approx(v, rel=RELATIEF)
    assert (_fca(land, "beschikbaarheid") == _fca(land, "e2sfca")).all()
