"""Reistijden: taken in from a table with every fault named, frozen, and cut and joined by id."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from huisartsdata.fouten import OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout, ReistijdFout
from huisartsdata.gebieden.reistijd import Reisbron, Reistijden


def _tabel(*rijen: tuple[object, object, object]) -> pd.DataFrame:
    return pd.DataFrame(rijen, columns=["van", "naar", "minuten"])


@pytest.fixture
def gaaf() -> pd.DataFrame:
    return _tabel(("b", "q", 8.0), ("a", "p", 0.0), ("a", "q", 15.0), ("b", "p", 25.0))


@pytest.fixture
def reistijden(gaaf: pd.DataFrame) -> Reistijden:
    return Reistijden.from_table(gaaf, van=["a", "b", "c"], grens_minuten=30, motor="OSRM", versie="5.27")


def test_een_opgeslagen_nul_is_een_tijd(reistijden: Reistijden) -> None:
    assert reistijden.minuten.nnz == 4
    assert reistijden.minuten.toarray().tolist() == [[0, 15], [25, 8], [0, 0]]
    assert reistijden.minuten[[0]].nnz == 2  # a to p takes 0 minutes
    assert list(reistijden.wezen) == ["c"]


def test_herkomst_reist_mee(reistijden: Reistijden) -> None:
    assert reistijden.herkomst == Reisbron("OSRM", "5.27")
    assert reistijden.herkomst.beschrijving == "reistijden: OSRM 5.27"
    assert Reisbron("r5py", toelichting="spits").beschrijving == "reistijden: r5py (spits)"


def test_tabel_en_terug(reistijden: Reistijden) -> None:
    tabel = reistijden.tabel()
    assert tabel.to_numpy().tolist() == [["a", "p", 0.0], ["a", "q", 15.0], ["b", "p", 25.0], ["b", "q", 8.0]]
    terug = Reistijden.from_table(tabel, van=reistijden.van, grens_minuten=30, motor="OSRM", versie="5.27")
    assert terug == reistijden


def test_volgorde_van_regels_doet_er_niet_toe(gaaf: pd.DataFrame) -> None:
    assert Reistijden.from_table(gaaf) == Reistijden.from_table(gaaf.sample(frac=1, random_state=3))
    assert Reistijden.from_table(gaaf, van=["b", "a"]) != Reistijden.from_table(
        gaaf
    )  # the list sets the order


def test_invoer_blijft_heel_en_uitvoer_zit_dicht(gaaf: pd.DataFrame) -> None:
    kopie = gaaf.copy()
    reistijden = Reistijden.from_table(gaaf)
    pd.testing.assert_frame_equal(gaaf, kopie)
    matrix = sparse.csr_array(np.array([[1.0, 2.0]]))
    eigen = Reistijden(pd.Index(["a"]), pd.Index(["p", "q"]), matrix)
    matrix.data[0] = 99  # the caller's array stays his own
    assert eigen.minuten.data.tolist() == [1.0, 2.0]
    for bron in (reistijden, eigen, pickle.loads(pickle.dumps(eigen))):
        with pytest.raises(ValueError, match="read-only"):
            bron.minuten.data[0] = 3
        with pytest.raises(AttributeError):
            bron.grens_minuten = 5  # type: ignore[misc]


def test_gelijkheid_en_pickle(reistijden: Reistijden, gaaf: pd.DataFrame) -> None:
    terug = pickle.loads(pickle.dumps(reistijden))
    assert terug == reistijden
    assert hash(terug) == hash(reistijden)
    anders = gaaf.assign(minuten=gaaf["minuten"].replace(8.0, 8.5))
    assert Reistijden.from_table(gaaf) != Reistijden.from_table(anders)
    assert Reistijden.from_table(gaaf) != Reistijden.from_table(gaaf, grens_minuten=30)
    assert Reistijden.from_table(gaaf) != Reistijden.from_table(gaaf, motor="OSRM")
    assert reistijden != "reistijden"


def test_wat_voorbij_de_grens_ligt_valt_af(gaaf: pd.DataFrame) -> None:
    kort = Reistijden.from_table(gaaf, grens_minuten=15)
    assert kort.minuten.nnz == 3  # 15 itself stays, 25 goes
    assert kort.grens_minuten == 15.0
    assert Reistijden.from_table(gaaf).grens_minuten is None


def test_alle_fouten_in_een_keer_met_hun_regel() -> None:
    tabel = _tabel(
        ("a", "p", 5.0),  # line 2: sound
        ("a", "q", np.nan),
        ("b", "p", -1.0),
        ("b", "q", np.inf),
        ("x", "p", 5.0),
        ("a", "z", 5.0),
        ("a", "p", 6.0),
        (None, "p", 5.0),
        ("b", "", 5.0),
    )
    with pytest.raises(ReistijdFout) as fout:
        Reistijden.from_table(tabel, van=["a", "b", "c"], naar=["p", "q", "r"])
    gevonden = fout.value.fouten[["regel", "kolom", "probleem"]].to_numpy().tolist()
    assert gevonden == [
        [1, "naar", "praktijk zonder reistijd"],
        [2, "van, naar", "paar staat er meer dan eens in"],
        [3, "minuten", "tijd ontbreekt"],
        [4, "minuten", "tijd is negatief"],
        [5, "minuten", "tijd is oneindig"],
        [6, "van", "code staat niet in van="],
        [7, "naar", "code staat niet in naar="],
        [8, "van, naar", "paar staat er meer dan eens in"],
        [9, "van", "code ontbreekt"],
        [10, "naar", "code ontbreekt"],
    ]
    assert fout.value.fouten["waarde"].iloc[0] == "r"
    assert isinstance(fout.value, ValueError)
    assert "regel 6, kolom van: x - code staat niet in van=" in str(fout.value)


@pytest.mark.parametrize(
    ("tabel", "regel", "probleem"),
    [
        (_tabel(("a", "p", 5.0)).drop(columns="minuten"), 1, "kolom ontbreekt"),
        (_tabel(("a", "p", "5,5")), 2, "tijd is geen getal"),
        (_tabel(("a", "p", "5.5")), 2, "tijd is geen getal"),
        (_tabel(("a", "p", True)), 2, "tijd is geen getal"),
        (_tabel((106, "p", 5.0), (107, "p", 5.0)), 1, "codes zijn getallen in plaats van tekst"),
        (_tabel(("a", 3, 5.0), ("a", "p", 4.0)), 2, "code is geen tekst"),
    ],
)
def test_een_fout_per_soort(tabel: pd.DataFrame, regel: int, probleem: str) -> None:
    with pytest.raises(ReistijdFout) as fout:
        Reistijden.from_table(tabel)
    assert fout.value.fouten[["regel", "probleem"]].to_numpy().tolist() == [[regel, probleem]]


def test_gemengde_kolom_noemt_alleen_de_foute_regel() -> None:
    with pytest.raises(ReistijdFout) as fout:
        Reistijden.from_table(_tabel(("a", "p", 5.0), ("a", "q", "acht"), ("b", "p", 3)))
    assert fout.value.fouten["regel"].tolist() == [3]


def test_gehele_minuten_mogen() -> None:
    reistijden = Reistijden.from_table(_tabel(("a", "p", 5), ("b", "p", 7)))
    assert reistijden.minuten.data.dtype == np.float64
    assert reistijden.minuten.data.tolist() == [5.0, 7.0]


@pytest.mark.parametrize(
    ("velden", "melding"),
    [
        ({"van": pd.Index([1])}, "codes als tekst"),
        ({"naar": pd.Index(["p", "p"])}, "meer dan eens: p"),
        ({"naar": pd.Index(["p"])}, "vorm"),
        ({"minuten": sparse.csr_array(np.array([[-1.0, 2.0]]))}, "negatieve"),
        ({"minuten": sparse.csr_array(np.array([[np.nan, 2.0]]))}, "ontbrekende"),
        ({"grens_minuten": 1.5}, "boven de grens"),
        ({"grens_minuten": -1}, "grens_minuten is -1"),
    ],
)
def test_de_klasse_zelf_weigert_ook(velden: dict[str, object], melding: str) -> None:
    goed = {
        "van": pd.Index(["a"]),
        "naar": pd.Index(["p", "q"]),
        "minuten": sparse.csr_array(np.array([[1.0, 2.0]])),
    }
    assert Reistijden(**goed).minuten.nnz == 2
    with pytest.raises(ParameterFout, match=melding):
        Reistijden(**{**goed, **velden})


def test_een_dubbel_paar_in_de_matrix_wordt_niet_opgeteld() -> None:
    dubbel = sparse.csr_array((np.array([1.0, 2.0]), np.array([0, 0]), np.array([0, 2])), shape=(1, 1))
    with pytest.raises(ParameterFout, match="meer dan eens"):
        Reistijden(pd.Index(["a"]), pd.Index(["p"]), dubbel)


def test_selecteer_houdt_nullen_en_volgorde(reistijden: Reistijden) -> None:
    deel = reistijden.selecteer(van=["b", "a"], naar=["q", "p"])
    assert deel.tabel().to_numpy().tolist() == [
        ["b", "q", 8.0],
        ["b", "p", 25.0],
        ["a", "q", 15.0],
        ["a", "p", 0.0],
    ]
    assert deel.herkomst == reistijden.herkomst
    assert reistijden.selecteer(van=reistijden.van, naar=reistijden.naar) == reistijden


def test_weghalen_en_terugzetten_geeft_hetzelfde() -> None:
    rng = np.random.default_rng(7)
    vol = sparse.random_array((20, 9), density=0.4, rng=rng, format="csr")
    vol.data = np.round(vol.data * 30)  # zeros among them
    alles = Reistijden(
        pd.Index([f"b{i}" for i in range(20)]), pd.Index([f"p{i}" for i in range(9)]), vol, 30, Reisbron("x")
    )
    assert (alles.minuten.data == 0).any()
    ids = ["p4", "p1"]
    zonder = alles.zonder_naar(ids)
    assert list(zonder.naar) == ["p0", "p2", "p3", "p5", "p6", "p7", "p8"]
    uit = alles.selecteer(van=list(reversed(alles.van)), naar=ids)
    assert zonder.met_naar(uit).selecteer(naar=alles.naar) == alles


def test_samenvoegen_noemt_beide_motoren(reistijden: Reistijden) -> None:
    nieuw = Reistijden.from_table(
        _tabel(("c", "r", 4.0)), van=["c", "a", "b"], grens_minuten=30, motor="rekenmotor"
    )
    samen = reistijden.met_naar(nieuw)
    assert samen.tabel().tail(1).to_numpy().tolist() == [["c", "r", 4.0]]
    assert samen.herkomst.motor == "OSRM 5.27 + rekenmotor"
    with pytest.raises(ParameterFout, match="staan er al in: r"):
        samen.met_naar(nieuw)
    with pytest.raises(ParameterFout, match="vertrekpunten"):
        reistijden.met_naar(nieuw.selecteer(van=["a", "c"]))
    with pytest.raises(ParameterFout, match="grenzen verschillen"):
        reistijden.met_naar(Reistijden.from_table(_tabel(("c", "r", 4.0)), van=["c", "a", "b"]))


def test_onbekende_codes_bij_selecteren(reistijden: Reistijden) -> None:
    with pytest.raises(OnbekendePraktijkFout) as fout:
        reistijden.zonder_naar(["p", "x", "y"])
    assert fout.value.codes == ["x", "y"]
    with pytest.raises(OnbekendGebiedFout) as gebied:
        reistijden.selecteer(van=["a", "z"])
    assert gebied.value.codes == ["z"]
