"""Reach: published values, edge cases, what is refused, and equal bits whichever way it is computed."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from huisartsdata.fouten import (
    ContractFout,
    HuisartsdataFout,
    OnbekendePraktijkFout,
    OnbekendGebiedFout,
    ParameterFout,
    ReistijdFout,
)
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model import bereik, verval
from huisartsdata.model.bereik import bereken, fca
from huisartsdata.model.bereiklokaal import fca_met, fca_zonder, maak_basis
from huisartsdata.model.bereikmatrix import LINEAIR, METHODEN, bereid_voor

MISSEND = float("nan")
LANGZAAM = verval.trap({10: 1.0, 20: 0.68, 30: 0.22})


def _reistijden(tijden: list[list[float]], grens: float | None = None) -> Reistijden:
    tabel = pd.DataFrame(
        [(f"b{i}", f"p{j}", t) for i, rij in enumerate(tijden) for j, t in enumerate(rij) if not np.isnan(t)],
        columns=["van", "naar", "minuten"],
    )
    return Reistijden.from_table(tabel, van=[f"b{i}" for i in range(len(tijden))], grens_minuten=grens)


def _vraag(*waarden: float) -> pd.Series:
    return pd.Series(waarden, [f"b{i}" for i in range(len(waarden))], dtype=float)


def _aanbod(*waarden: float) -> pd.Series:
    return pd.Series(waarden, [f"p{i}" for i in range(len(waarden))], dtype=float)


# --- published values -------------------------------------------------------------------------------

ACESO = [[5.0, 5.0], [10.0, 0.0], [15.0, 15.0]]  # the distances in aceso's own tests, P = S = 1


def test_aceso_2sfca() -> None:
    uit = fca(_vraag(1, 1, 1), _aanbod(1, 1), _reistijden(ACESO), methode="2sfca", verval=verval.binair(6))
    assert uit.tolist() == [1.5, 0.5, 0.0]


def test_aceso_3sfca_met_huffgewichten() -> None:
    # aceso takes 1 over the distance as Huff weight, 1e8 at distance 0
    huff = verval.macht(-1, 1e-8, 1, None)
    matrix = bereid_voor(_reistijden(ACESO), verval.binair(6), "3sfca", keuzeverval=huff)
    uit = bereken(matrix, _vraag(1, 1, 1), _aanbod(1, 1))
    assert uit.to_numpy() == pytest.approx([4 / 3, 2 / 3, 0], rel=1e-12)
    assert uit["b2"] == 0


def test_aceso_3sfca_zonder_eigen_keuzeverval() -> None:
    # both practices of the first row are equally far, so equal weights give the same answer
    uit = fca(_vraag(1, 1, 1), _aanbod(1, 1), _reistijden(ACESO), methode="3sfca", verval=verval.binair(6))
    assert uit.to_numpy() == pytest.approx([4 / 3, 2 / 3, 0], rel=1e-12)


SOUKHOV = [[15.0, 30.0, 100.0], [30.0, 15.0, 100.0], [100.0, 100.0, 15.0]]
SOUKHOV_VRAAG = _vraag(50_000, 150_000, 10_000)
SOUKHOV_AANBOD = _aanbod(100_000, 100_000, 10_000)


def test_soukhov_2023_beschikbaarheid() -> None:
    uit = fca(
        SOUKHOV_VRAAG,
        SOUKHOV_AANBOD,
        _reistijden(SOUKHOV),
        methode="beschikbaarheid",
        verval=verval.exponentieel(0.1),
    )
    beschikbaar = uit * SOUKHOV_VRAAG
    assert beschikbaar.round().tolist() == [66833, 133203, 9963]
    assert beschikbaar.to_numpy() == pytest.approx([66833.4657709, 133203.3628639, 9963.1713652], rel=1e-11)
    assert beschikbaar.sum() == pytest.approx(210_000, rel=1e-14)


def test_soukhov_2023_bfca() -> None:
    uit = fca(
        SOUKHOV_VRAAG,
        SOUKHOV_AANBOD,
        _reistijden(SOUKHOV),
        methode="bfca",
        verval=verval.exponentieel(0.1),
    )
    assert uit.round(8).tolist() == [1.33666257, 0.88801937, 0.99705324]


ONBEREIKBAAR = [[5.0, 15.0], [25.0, 8.0], [MISSEND, MISSEND]]


@pytest.mark.parametrize(
    ("methode", "functie", "verwacht"),
    [
        ("2sfca", verval.binair(30), [0.001, 0.001, 0]),
        ("e2sfca", LANGZAAM, [0.00120191, 0.00089905, 0]),
        ("e2sfca", verval.trap({5: 1.0, 10: 0.3, 15: 0.1}), [0.00128571, 0.00085714, 0]),
    ],
)
def test_onbereikbaren_krijgen_nul(methode: str, functie: verval.Verval, verwacht: list[float]) -> None:
    vraag = _vraag(1000, 2000, 500)
    uit = fca(vraag, _aanbod(1, 2), _reistijden(ONBEREIKBAAR, 30), methode=methode, verval=functie)
    assert uit.round(8).tolist() == verwacht
    assert (uit * vraag).sum() == pytest.approx(3, rel=1e-14)


@pytest.mark.parametrize("methode", METHODEN)
def test_m2sfca_en_alle_andere_met_de_hand(methode: str) -> None:
    # w = [[1, .68], [.22, 1], [0, 0]]; pressure 1440 and 2680 for e2sfca
    w = np.array([[1, 0.68], [0.22, 1], [0, 0]])
    p, s = np.array([1000.0, 2000, 500]), np.array([1.0, 2])
    per_rij = np.divide(w, w.sum(1, keepdims=True), out=np.zeros_like(w), where=w > 0)
    a, b = {
        "2sfca": (np.sign(w), np.sign(w)),
        "e2sfca": (w, w),
        "3sfca": (per_rij * w, per_rij * w),
        "m2sfca": (w, w**2),
        "bfca": (per_rij, w / w.sum(0)),
        "beschikbaarheid": (w, w),
    }[methode]
    uit = fca(_vraag(*p), _aanbod(*s), _reistijden(ONBEREIKBAAR, 30), methode=methode, verval=LANGZAAM)
    assert uit.to_numpy() == pytest.approx(b @ (s / (p @ a)), rel=1e-13)


# --- what a method does not do ----------------------------------------------------------------------


def test_m2sfca_verliest_fte() -> None:
    vraag = _vraag(1000, 2000, 500)
    uit = fca(vraag, _aanbod(1, 2), _reistijden(ONBEREIKBAAR, 30), methode="m2sfca", verval=LANGZAAM)
    assert (uit * vraag).sum() < 3 - 0.1


def test_bfca_behoudt_fte_niet_maar_wel_vraag_en_niveau() -> None:
    vraag, aanbod, reistijden = _vraag(1000, 2000, 500), _aanbod(1, 2), _reistijden(ONBEREIKBAAR, 30)
    uit = fca(vraag, aanbod, reistijden, methode="bfca", verval=LANGZAAM)
    assert abs((uit * vraag).sum() - 3) > 0.01
    vraagdruk = bereid_voor(reistijden, LANGZAAM, "bfca").stap1.T @ vraag.to_numpy()
    assert vraagdruk.sum() == pytest.approx(3000, rel=1e-14)  # the 500 reach no practice
    assert uit.sum() == pytest.approx((aanbod.to_numpy() / vraagdruk).sum(), rel=1e-14)


def test_bfca_mist_de_landelijke_verhouding_als_alles_naast_de_deur_is() -> None:
    reistijden = _reistijden([[0.0, 0.0]] * 3)
    uit = fca(_vraag(1000, 2000, 500), _aanbod(1, 2), reistijden, methode="bfca", verval=LANGZAAM)
    # wcol = 1/3 and wrow = 1/2 turn S/P into 2/3 of it
    assert uit.to_numpy() == pytest.approx([2 / 3 * 3 / 3500] * 3, rel=1e-14)


def test_bfca_verandert_als_een_vertrekpunt_wordt_gesplitst() -> None:
    heel = fca(
        _vraag(900, 2000), _aanbod(1, 2), _reistijden([[5.0, 15], [25, 8]]), methode="bfca", verval=LANGZAAM
    )
    delen = _reistijden([[5.0, 15], [25, 8], [5, 15]])
    half = fca(_vraag(450, 2000, 450), _aanbod(1, 2), delen, methode="bfca", verval=LANGZAAM)
    assert abs(half["b0"] / heel["b0"] - 1) > 0.1


# --- edges ------------------------------------------------------------------------------------------


def test_een_opgeslagen_nul_telt_als_dichtbij() -> None:
    uit = fca(_vraag(10), _aanbod(1), _reistijden([[0.0]]), methode="e2sfca", verval=verval.gauss(5, 30))
    assert uit.tolist() == [0.1]


def test_2sfca_gebruikt_alleen_de_reikwijdte_van_het_verval() -> None:
    argumenten = (_vraag(1000, 2000, 500), _aanbod(1, 2), _reistijden(ONBEREIKBAAR, 30))
    stap = fca(*argumenten, methode="2sfca", verval=LANGZAAM)
    pd.testing.assert_series_equal(stap, fca(*argumenten, methode="2sfca", verval=verval.binair(30)))


@pytest.mark.parametrize("methode", METHODEN)
def test_geen_vraag_geeft_nooit_oneindig(methode: str) -> None:
    reistijden = _reistijden([[5.0, MISSEND], [MISSEND, 5.0]], 30)
    with pytest.raises(ReistijdFout) as fout:
        fca(_vraag(100, 0), _aanbod(1, 2), reistijden, methode=methode, verval=LANGZAAM)
    assert fout.value.fouten["waarde"].tolist() == ["p1"]
    uit = fca(_vraag(100, 0), _aanbod(1, 2), reistijden, methode=methode, verval=LANGZAAM, onbereikbaar="nul")
    assert uit.tolist() == [0.01, 0.0]
    niemand = fca(
        _vraag(0, 0), _aanbod(1, 2), reistijden, methode=methode, verval=LANGZAAM, onbereikbaar="nul"
    )
    assert niemand.tolist() == [0.0, 0.0]


def test_een_praktijk_die_niemand_bereikt_wordt_genoemd() -> None:
    reistijden = Reistijden(
        pd.Index(["b0"]), pd.Index(["p0", "p1", "p2"]), sparse.csr_array(np.array([[5.0, 0, 0]])), 30
    )
    aanbod = _aanbod(1, 2, 0)  # p2 has no fte, so nothing is lost there
    with pytest.raises(ReistijdFout, match="p1") as fout:
        fca(_vraag(100), aanbod, reistijden, methode="e2sfca", verval=LANGZAAM)
    assert fout.value.fouten["waarde"].tolist() == ["p1"]
    uit = fca(_vraag(100), aanbod, reistijden, methode="e2sfca", verval=LANGZAAM, onbereikbaar="nul")
    assert uit.tolist() == [0.01]
    trekkingen = pd.DataFrame({0: aanbod * 0, 1: aanbod})
    with pytest.raises(ReistijdFout, match="p1"):
        fca(_vraag(100), trekkingen, reistijden, methode="e2sfca", verval=LANGZAAM)
    with pytest.raises(ParameterFout, match="kies fout of nul"):
        fca(_vraag(100), aanbod, reistijden, methode="e2sfca", verval=LANGZAAM, onbereikbaar="weg")


@pytest.mark.parametrize("methode", METHODEN)
def test_een_praktijk_buiten_het_aanbod_bestaat_niet(methode: str) -> None:
    zonder = fca(
        _vraag(1000, 2000, 500),
        _aanbod(1, 2).drop("p0"),
        _reistijden(ONBEREIKBAAR, 30),
        methode=methode,
        verval=LANGZAAM,
    )
    nooit = fca(
        _vraag(1000, 2000, 500),
        _aanbod(1, 2).drop("p0"),
        _reistijden(ONBEREIKBAAR, 30).zonder_naar(["p0"]),
        methode=methode,
        verval=LANGZAAM,
    )
    pd.testing.assert_series_equal(zonder, nooit, check_exact=True)


def test_een_lege_praktijk_trekt_in_3sfca_nog_wel_mensen() -> None:
    reistijden = _reistijden([[5.0, 5.0], [MISSEND, 5.0]], 30)
    leeg = fca(_vraag(100, 100), _aanbod(0, 1), reistijden, methode="3sfca", verval=LANGZAAM)
    dicht = fca(_vraag(100, 100), _aanbod(0, 1).drop("p0"), reistijden, methode="3sfca", verval=LANGZAAM)
    assert leeg.to_numpy() == pytest.approx([0.5 / 150, 1 / 150])
    assert dicht.to_numpy() == pytest.approx([1 / 200, 1 / 200])


@pytest.mark.parametrize("methode", METHODEN)
def test_geen_enkele_praktijk_geeft_nul(methode: str) -> None:
    uit = fca(_vraag(1, 2, 3), _aanbod(), _reistijden(ONBEREIKBAAR, 30), methode=methode, verval=LANGZAAM)
    assert uit.tolist() == [0, 0, 0]


# --- labels and values ------------------------------------------------------------------------------


def test_volgorde_van_vraag_en_aanbod_doet_er_niet_toe() -> None:
    reistijden = _reistijden(ONBEREIKBAAR, 30)
    vraag, aanbod = _vraag(1000, 2000, 500), _aanbod(1, 2)
    recht = fca(vraag, aanbod, reistijden, methode="e2sfca", verval=LANGZAAM)
    om = fca(vraag[::-1], aanbod[::-1], reistijden, methode="e2sfca", verval=LANGZAAM)
    assert list(om.index) == ["b2", "b1", "b0"]
    pd.testing.assert_series_equal(om[::-1], recht, check_exact=True)


def test_onbekende_codes_worden_genoemd() -> None:
    reistijden = _reistijden(ONBEREIKBAAR, 30)
    with pytest.raises(OnbekendGebiedFout, match="b3") as fout:
        fca(_vraag(1, 2, 3, 4), _aanbod(1, 2), reistijden, methode="2sfca", verval=LANGZAAM)
    assert fout.value.codes == ["b3"]
    with pytest.raises(OnbekendePraktijkFout, match="p2") as praktijk:
        fca(_vraag(1, 2, 3), _aanbod(1, 2, 3), reistijden, methode="2sfca", verval=LANGZAAM)
    assert praktijk.value.codes == ["p2"]


def test_een_vergeten_vertrekpunt_wordt_genoemd() -> None:
    with pytest.raises(ContractFout, match="selecteer") as fout:
        fca(_vraag(1, 2), _aanbod(1, 2), _reistijden(ONBEREIKBAAR, 30), methode="2sfca", verval=LANGZAAM)
    assert fout.value.fouten["waarde"].tolist() == ["b2"]


@pytest.mark.parametrize("waarde", [np.nan, -1.0, np.inf, -np.inf])
def test_onmogelijke_waarden_worden_met_hun_code_genoemd(waarde: float) -> None:
    reistijden = _reistijden(ONBEREIKBAAR, 30)
    with pytest.raises(ContractFout, match="b1") as fout:
        fca(_vraag(1, waarde, 3), _aanbod(1, 2), reistijden, methode="2sfca", verval=LANGZAAM)
    assert fout.value.fouten["regel"].tolist() == [3]
    trekkingen = pd.DataFrame({0: _aanbod(1, 2), 1: _aanbod(1, waarde)})
    with pytest.raises(ContractFout, match="p1"):
        fca(_vraag(1, 2, 3), trekkingen, reistijden, methode="2sfca", verval=LANGZAAM)


def test_verkeerde_vormen_worden_geweigerd() -> None:
    reistijden, vraag, aanbod = _reistijden(ONBEREIKBAAR, 30), _vraag(1, 2, 3), _aanbod(1, 2)

    def reken(v: object, a: object) -> object:
        return fca(v, a, reistijden, methode="2sfca", verval=LANGZAAM)  # type: ignore[call-overload]

    with pytest.raises(ContractFout, match="meer dan eens") as dubbel:
        reken(pd.concat([vraag, vraag.iloc[:1]]), aanbod)
    # lines as a spreadsheet counts them, the heading is the first: both rows with the doubled code
    assert dubbel.value.fouten["regel"].tolist() == [2, len(vraag) + 2]
    with pytest.raises(ContractFout, match="geen getallen"):
        reken(vraag.astype(str), aanbod)
    with pytest.raises(ContractFout, match="geen getallen"):
        reken(vraag > 1, aanbod)
    with pytest.raises(ParameterFout, match="geef een Series"):
        reken(vraag.to_numpy(), aanbod)
    with pytest.raises(ParameterFout, match="geef een Series"):
        reken(vraag, {"p0": 1.0})
    with pytest.raises(ContractFout, match="0 tot en met n-1"):
        reken(pd.DataFrame({1: vraag, 2: vraag}), aanbod)
    with pytest.raises(ContractFout, match="evenveel trekkingen"):
        reken(pd.DataFrame({0: vraag, 1: vraag}), pd.DataFrame({0: aanbod}))
    assert isinstance(reken(vraag.astype("Int64"), aanbod), pd.Series)


def test_methode_en_verval_worden_getoetst() -> None:
    argumenten = (_vraag(1, 2, 3), _aanbod(1, 2), _reistijden(ONBEREIKBAAR, 30))
    with pytest.raises(ParameterFout, match="kies uit 2sfca, e2sfca"):
        fca(*argumenten, methode="4sfca", verval=LANGZAAM)
    for te_ver in (verval.exponentieel(0.1), verval.binair(30.5), verval.gauss(5, None)):
        with pytest.raises(ParameterFout, match="verder dan 30 minuten"):
            fca(*argumenten, methode="e2sfca", verval=te_ver)
    nul_op_het_eind = verval.trap({10: 1.0, 45: 0.0})
    assert fca(*argumenten, methode="e2sfca", verval=nul_op_het_eind, onbereikbaar="nul")["b0"] > 0
    with pytest.raises(ParameterFout, match="hoort bij methode 3sfca"):
        bereid_voor(argumenten[2], LANGZAAM, "e2sfca", keuzeverval=LANGZAAM)


def test_gewichten_van_een_ander_aanbod_worden_niet_hergebruikt() -> None:
    reistijden = _reistijden(ONBEREIKBAAR, 30)
    alles = bereid_voor(reistijden, LANGZAAM, "3sfca")
    with pytest.raises(ParameterFout, match=r"praktijken=aanbod\.index"):
        bereken(alles, _vraag(1, 2, 3), _aanbod(1, 2).drop("p0"))
    deel = bereid_voor(reistijden, LANGZAAM, "e2sfca", praktijken=pd.Index(["p0"]))
    with pytest.raises(OnbekendePraktijkFout, match="p1"):
        bereken(deel, _vraag(1, 2, 3), _aanbod(1, 2))


def test_een_fout_in_het_behoud_blijft_niet_stil(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bereik, "bereik_van", lambda matrix, ratio: 1.001 * (matrix @ ratio))
    argumenten = (_vraag(1000, 2000, 500), _aanbod(1, 2), _reistijden(ONBEREIKBAAR, 30))
    for methode in sorted(set(METHODEN) - {"m2sfca", "bfca"}):
        with pytest.raises(HuisartsdataFout, match="hoort fte te behouden"):
            fca(*argumenten, methode=methode, verval=LANGZAAM)


# --- draws, executors, local recomputation: the same bits -------------------------------------------

AANTAL = 140  # over the edge of a block (32) and of a task (128)


@pytest.fixture(scope="module")
def stad() -> tuple[pd.Series, pd.Series, Reistijden]:
    """Sixty buurten and twenty-five practices, some far from everything, drawn once."""
    rng = np.random.default_rng(20240101)
    buurten, praktijken = rng.uniform(0, 40, (60, 2)), rng.uniform(0, 40, (25, 2))
    minuten = np.hypot(*(buurten[:, None, :] - praktijken[None, :, :]).transpose(2, 0, 1))
    i, j = np.nonzero(minuten <= 30)
    matrix = sparse.csr_array((minuten[i, j], (i, j)), shape=minuten.shape)
    van, naar = pd.Index([f"b{k:02}" for k in range(60)]), pd.Index([f"p{k:02}" for k in range(25)])
    vraag = pd.Series(rng.uniform(100, 5000, 60), van)
    return vraag, pd.Series(rng.uniform(0.2, 6, 25), naar), Reistijden(van, naar, matrix, 30)


def _trek(reeks: pd.Series, seed: int) -> pd.DataFrame:
    factoren = np.random.default_rng(seed).lognormal(0, 0.3, (len(reeks), AANTAL))
    return pd.DataFrame(factoren * reeks.to_numpy()[:, None], reeks.index)


@pytest.mark.parametrize("methode", METHODEN)
@pytest.mark.parametrize("getrokken", ["aanbod", "vraag", "beide"])
@pytest.mark.parametrize("functie", [LANGZAAM, verval.gauss(6, 15)], ids=["trap", "gauss met nullen"])
def test_een_trekking_geeft_de_bits_van_die_reeks_alleen(
    stad: tuple[pd.Series, pd.Series, Reistijden], methode: str, getrokken: str, functie: verval.Verval
) -> None:
    vraag, aanbod, reistijden = stad
    v = _trek(vraag, 1) if getrokken != "aanbod" else vraag
    a = _trek(aanbod, 2) if getrokken != "vraag" else aanbod
    samen = fca(v, a, reistijden, methode=methode, verval=functie)
    assert isinstance(samen, pd.DataFrame)
    assert list(samen.columns) == list(range(AANTAL))
    for k in (0, 31, 32, 127, 128, AANTAL - 1):
        vk = v[k] if isinstance(v, pd.DataFrame) else v
        ak = a[k] if isinstance(a, pd.DataFrame) else a
        los = fca(vk, ak, reistijden, methode=methode, verval=functie)
        pd.testing.assert_series_equal(samen[k], los, check_exact=True, check_names=False)
    een = fca(
        v.iloc[:, [0]] if isinstance(v, pd.DataFrame) else v,
        a.iloc[:, [0]] if isinstance(a, pd.DataFrame) else a,
        reistijden,
        methode=methode,
        verval=functie,
    )
    pd.testing.assert_frame_equal(een, samen[[0]], check_exact=True)


def test_trekkingen_gaan_op_kolomnaam(stad: tuple[pd.Series, pd.Series, Reistijden]) -> None:
    vraag, aanbod, reistijden = stad
    v, a = _trek(vraag, 1), _trek(aanbod, 2)
    recht = fca(v, a, reistijden, methode="e2sfca", verval=LANGZAAM)
    om = fca(v, a[a.columns[::-1]], reistijden, methode="e2sfca", verval=LANGZAAM)
    pd.testing.assert_frame_equal(om, recht, check_exact=True)


@pytest.mark.parametrize("werkers", [1, 2, 5])
def test_aantal_werkers_verandert_geen_bit(
    stad: tuple[pd.Series, pd.Series, Reistijden], werkers: int
) -> None:
    vraag, aanbod, reistijden = stad
    v, a = _trek(vraag, 1), _trek(aanbod, 2)
    alleen = fca(v, a, reistijden, methode="e2sfca", verval=LANGZAAM)
    with ThreadPoolExecutor(werkers) as executor:
        samen = fca(v, a, reistijden, methode="e2sfca", verval=LANGZAAM, executor=executor)
    pd.testing.assert_frame_equal(samen, alleen, check_exact=True)


def test_andere_processen_geven_dezelfde_bits(stad: tuple[pd.Series, pd.Series, Reistijden]) -> None:
    vraag, aanbod, reistijden = stad
    a = _trek(aanbod, 2)
    alleen = fca(vraag, a, reistijden, methode="3sfca", verval=LANGZAAM)
    with ProcessPoolExecutor(2) as executor:
        samen = fca(vraag, a, reistijden, methode="3sfca", verval=LANGZAAM, executor=executor)
    pd.testing.assert_frame_equal(samen, alleen, check_exact=True)


@pytest.mark.parametrize("methode", METHODEN)
@pytest.mark.parametrize("ids", [["p07"], ["p00", "p24", "p13"], []])
def test_sluiten_is_gelijk_aan_het_volle_antwoord(
    stad: tuple[pd.Series, pd.Series, Reistijden], methode: str, ids: list[str]
) -> None:
    vraag, aanbod, reistijden = stad
    basis = maak_basis(vraag, aanbod, reistijden, methode=methode, verval=LANGZAAM)
    voor = basis.bereik.copy()
    vol = fca(vraag, aanbod.drop(ids), reistijden, methode=methode, verval=LANGZAAM)
    pd.testing.assert_series_equal(fca_zonder(basis, ids), vol, check_exact=True)
    pd.testing.assert_series_equal(basis.bereik, voor, check_exact=True)  # the base is not touched
    if methode in LINEAIR:  # where a closed practice and an empty one are the same thing
        terug = fca_met(basis, aanbod[ids].to_dict())
        pd.testing.assert_series_equal(terug, voor, check_exact=True)


@pytest.mark.parametrize("methode", METHODEN)
def test_fte_erbij_is_gelijk_aan_het_volle_antwoord(
    stad: tuple[pd.Series, pd.Series, Reistijden], methode: str
) -> None:
    vraag, aanbod, reistijden = stad
    basis = maak_basis(vraag, aanbod, reistijden, methode=methode, verval=LANGZAAM)
    nieuw = aanbod.copy()
    nieuw[["p03", "p19"]] = [9.5, 0.0]
    vol = fca(vraag, nieuw, reistijden, methode=methode, verval=LANGZAAM)
    pd.testing.assert_series_equal(fca_met(basis, {"p03": 9.5, "p19": 0.0}), vol, check_exact=True)


def test_lokaal_rekenen_weigert_wat_het_niet_kent(stad: tuple[pd.Series, pd.Series, Reistijden]) -> None:
    vraag, aanbod, reistijden = stad
    basis = maak_basis(vraag, aanbod.drop("p01"), reistijden, methode="e2sfca", verval=LANGZAAM)
    for ids in (["p01"], ["p99"]):
        with pytest.raises(OnbekendePraktijkFout) as fout:
            fca_zonder(basis, ids)
        assert fout.value.codes == ids
    with pytest.raises(ContractFout, match="p02"):
        fca_met(basis, {"p02": -1})
    with pytest.raises(ParameterFout, match="geen trekkingen"):
        maak_basis(_trek(vraag, 1), aanbod, reistijden, methode="e2sfca", verval=LANGZAAM)  # type: ignore[arg-type]


def test_invoer_verandert_niet(stad: tuple[pd.Series, pd.Series, Reistijden]) -> None:
    vraag, aanbod, reistijden = stad
    voor = (vraag.copy(), aanbod.copy(), reistijden.minuten.copy())
    for methode in METHODEN:
        fca(vraag, aanbod, reistijden, methode=methode, verval=LANGZAAM)
        fca(_trek(vraag, 1), aanbod, reistijden, methode=methode, verval=LANGZAAM)
    pd.testing.assert_series_equal(vraag, voor[0], check_exact=True)
    pd.testing.assert_series_equal(aanbod, voor[1], check_exact=True)
    assert (reistijden.minuten != voor[2]).nnz == 0
