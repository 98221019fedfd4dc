"""The supply estimate: totals in every draw, same bits, deliveries, anchors; values that were published."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.bronnen.catalogus import Herkomst
from huisartsdata.fouten import LeveringFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import load_pc4
from huisartsdata.leveringen.levering import Levering
from huisartsdata.model.aanbod import (
    _foutvariantie,
    gelijk_aanbod,
    maak_aanbodmodel,
    tel_adressen,
    trek_aanbod,
    verwacht_aanbod,
)
from huisartsdata.model.aanbodprior import FUNCTIES, Ankers, maak_prior
from huisartsdata.model.aanbodregio import rooster_cellen, trek_regio
from huisartsdata.model.aanbodtoets import databijdrage, hyperparameters, laat_anker_weg, trek_regiodichtheid

TOTALEN = {"alle": 10769.0, "zonder_wisselend": 8981.0}  # Capaciteitsorgaan 2025
HERKOMST = Herkomst("verzonnen", "waargenomen", "2025")


@pytest.fixture(scope="module")
def nl():
    return hd.load_praktijken(), tel_adressen(hd.load_gemeenten(), load_pc4())


@pytest.fixture(scope="module")
def model(nl):
    return maak_aanbodmodel(*nl, functie="alle")


@pytest.fixture(scope="module")
def trekking(model):
    return trek_aanbod(model, trekkingen=60, seed=3)


def nivel(fte: dict[str, float], *, functie="alle", status="waargenomen", **kolommen) -> Levering:
    """An invented delivery per area, as read_nivel gives it."""
    tabel = pd.DataFrame(
        {"gebiedsoort": "x", "personen": np.nan, "personen_status": "ontbreekt", "fte": list(fte.values()),
         "fte_status": status, "functie": functie, "geslacht": "alle", "leeftijdsklasse": "alle"} | kolommen,
        index=pd.Index(list(fte), name="gebied"),
    )  # fmt: skip
    return Levering(tabel, "nivel", tuple(sorted(set(fte))), "2025", HERKOMST)


def lijst(
    fte: dict[str, float], gebieden, *, gm="GM0505", pc4="3311", functie: str | None = "alle"
) -> Levering:
    """An invented practice list, as read_praktijken gives it with a functie."""
    waarden = list(fte.values())
    tabel = pd.DataFrame(
        {"pc4": pc4, "gm_code": gm, "fte": waarden,
         "fte_status": ["ontbreekt" if np.isnan(w) else "waargenomen" for w in waarden],
         "ingeschreven": 2000.0, "open_voor_inschrijving": "ja"},
        index=pd.Index(list(fte), name="praktijk_id"),
    )  # fmt: skip
    if functie:
        tabel["functie"] = functie
    return Levering(tabel, "praktijken", tuple(sorted(gebieden)), "2025", HERKOMST)


def per(nl, kolom, reeks, model=None):
    p = (nl[0] if model is None else model.praktijken)["gm_code"].reindex(reeks.index)
    return reeks.groupby(p if kolom == "gm" else p.map(nl[1][kolom])).sum()


# --- totals and bits ---------------------------------------------------------------------------


@pytest.mark.parametrize("functie", FUNCTIES)
def test_elke_trekking_sluit_op_het_landelijke_totaal(nl, functie):
    m = maak_aanbodmodel(*nl, functie=functie)
    d = trek_aanbod(m, trekkingen=40, seed=0)
    np.testing.assert_allclose(d.sum(), TOTALEN[functie], rtol=1e-9)
    assert (d > 0).all().all() and d.shape == (4866, 40) and list(d.columns) == list(range(40))
    assert d.index.equals(nl[0].index)
    for punt in (verwacht_aanbod(m), gelijk_aanbod(m)):
        assert punt.sum() == pytest.approx(TOTALEN[functie], rel=1e-12)
        assert punt.index.equals(nl[0].index) and punt.name == "fte"
    assert set(m.status) == {"modelschatting"}


def test_zelfde_bits_bij_elk_aantal_trekkingen_en_werkers(model, trekking):
    pd.testing.assert_frame_equal(
        trekking.iloc[:, :7], trek_aanbod(model, trekkingen=7, seed=3), check_exact=True
    )
    for soort in (ProcessPoolExecutor, ThreadPoolExecutor):
        with soort(2) as pool:
            d = trek_aanbod(model, trekkingen=130, seed=3, executor=pool)
        pd.testing.assert_frame_equal(d.iloc[:, :60], trekking, check_exact=True)
        assert d.shape == (4866, 130)
    assert not np.allclose(trekking[0], trek_aanbod(model, trekkingen=1, seed=4)[0])
    assert trek_aanbod(model, trekkingen=0, seed=0).shape == (4866, 0)
    assert len({tuple(trekking[k].iloc[:3]) for k in trekking}) == 60


def test_the_grid_of_the_prior_is_of_midpoints_from_end_to_end(model):
    prior = model.regio.prior
    cellen = rooster_cellen(prior)
    kt, kw, kl = prior.rooster
    assert [len(c) for c in cellen] == [kt * kw * kl] * 4
    for waarden, (laag, hoog), k in (
        (np.log(cellen[0]), np.log(prior.tau), kt),
        (cellen[1], prior.gewicht[2:], kw),
        (cellen[2], (0.0, 1.0), kl),
    ):
        # k cells of equal width, each by its middle
        verwacht = laag + (np.arange(k) + 0.5) / k * (hoog - laag)
        np.testing.assert_allclose(np.unique(np.round(waarden, 12)), verwacht, rtol=1e-9, atol=1e-9)


def test_a_draw_lies_anywhere_in_its_cell_of_the_grid_and_not_only_in_the_middle(model):
    prior = model.regio.prior
    _, kw, kl = prior.rooster
    laag, hoog = prior.gewicht[2:]
    t = [trek_regio(model.regio, np.random.default_rng(k)) for k in range(300)]
    u = np.array([x.u for x in t])
    # where in the cell is told by one uniform each: within k cells from end to end it is what is left after the whole cells
    for waarde, k, plek in (
        (np.array([(x.gewicht - laag) / (hoog - laag) for x in t]), kw, 2),
        (np.array([x.menging for x in t]), kl, 3),
    ):
        assert waarde.min() >= 0 and waarde.max() <= 1
        verschil = waarde * k - u[:, plek]
        np.testing.assert_allclose(verschil, np.round(verschil), atol=1e-9)
        assert len(np.unique(waarde)) == 300


def test_of_one_practice_the_error_is_twice_that_of_two(model):
    prior = model.regio.prior
    m = SimpleNamespace(
        regio=model.regio, aantal=np.array([0.0, 1.0, 2.0, 4.0]), inwoners=np.full(4, 20_000.0)
    )
    per = (_foutvariantie(m, 1.0) - prior.fout_vast) / prior.fout_per_praktijk
    np.testing.assert_allclose(per, [1, 1, 1 / 2, 1 / 4], rtol=1e-12)  # without a practice as with one


def test_draws_are_kept_and_nobody_can_change_what_is_kept(model):
    een = trek_aanbod(model, trekkingen=9, seed=5)
    zoals = een.copy(deep=True)
    een.iloc[0, 0] = -1.0
    een["nieuw"] = 0.0
    pd.testing.assert_frame_equal(trek_aanbod(model, trekkingen=9, seed=5), zoals, check_exact=True)
    # made again by a model that has kept nothing: a copy, or one that was sent to another process
    for vers in (copy.copy(model), pickle.loads(pickle.dumps(model))):
        assert "afgeleid" not in vars(vers)
        pd.testing.assert_frame_equal(trek_aanbod(vers, trekkingen=9, seed=5), zoals, check_exact=True)
    assert len(model.afgeleid) <= 2


def test_volgorde_van_de_rijen_doet_er_niet_toe(nl, model, trekking):
    p, g = (x.sample(frac=1, random_state=1) for x in nl)
    anders = maak_aanbodmodel(p, g, functie="alle")
    d = trek_aanbod(anders, trekkingen=5, seed=3)
    assert d.index.equals(p.index)
    pd.testing.assert_frame_equal(d.loc[nl[0].index], trekking.iloc[:, :5], check_exact=True)
    pd.testing.assert_series_equal(
        verwacht_aanbod(anders).loc[nl[0].index], verwacht_aanbod(model), check_exact=True
    )


def test_verwachting_is_het_gemiddelde_van_de_trekkingen(nl, model):
    v = verwacht_aanbod(model)
    d = per(nl, "gm", trek_aanbod(model, trekkingen=3000, seed=11))
    z = (d.mean(axis=1) - per(nl, "gm", v)) / (d.std(axis=1) / 3000**0.5)
    # 341 z-scores: their spread is 1 if the formula has no error of its own, and none is far out
    assert abs(z.mean()) < 0.5 and z.std() < 1.3 and z.abs().max() < 4.5
    assert (d.mean(axis=1) / per(nl, "gm", v) - 1).abs().median() < 0.005
    assert v.groupby(nl[0]["gm_code"]).nunique().max() == 1


def test_gelijk_is_zoals_gepubliceerd_onhoudbaar(nl, model):
    """Equal practices give Almere 3.6 and Midden-Drenthe 3.9 fte per 10,000 against 6.0 for the country."""
    q = 1e4 * per(nl, "gm", gelijk_aanbod(model)) / nl[1]["inwoners"]
    assert q["GM0034"] == pytest.approx(3.55, abs=0.1) and q["GM1731"] == pytest.approx(3.9, abs=0.05)
    h = 1e4 * per(nl, "gm", verwacht_aanbod(model)) / nl[1]["inwoners"]
    assert h[["GM0034", "GM1731"]].between(5.4, 6.0).all()
    assert np.log(h.dropna()).std() < 0.25 * np.log(q.dropna()).std()


def test_invoer_wordt_niet_veranderd(nl):
    p, g = (x.copy(deep=True) for x in nl)
    trek_aanbod(
        maak_aanbodmodel(p, g, functie="alle", leveringen=[nivel({"RA0102": 300.0})]), trekkingen=2, seed=0
    )
    pd.testing.assert_frame_equal(p, nl[0])
    pd.testing.assert_frame_equal(g, nl[1])


@pytest.mark.parametrize(
    "kw",
    [
        {"functie": "iedereen"},
        {"functie": "alle", "landelijk": -1.0},
        {"functie": "alle", "landelijk": np.nan},
    ],
)
def test_onzinnige_invoer(nl, kw):
    with pytest.raises(ParameterFout):
        maak_aanbodmodel(*nl, **kw)


def test_onvolledige_tabellen_en_trekkingen(nl, model):
    with pytest.raises(ParameterFout, match="adressen"):
        maak_aanbodmodel(nl[0], nl[1].drop(columns="adressen"), functie="alle")
    with pytest.raises(ParameterFout, match="GM0106"):
        maak_aanbodmodel(nl[0], nl[1].drop(index="GM0106"), functie="alle")
    drenthe = nl[1][nl[1]["regioplus_code"] == "RA0102"]
    met = nl[0][nl[0]["gm_code"].isin(drenthe.index)]
    with pytest.raises(ParameterFout, match="ankers noemen"):
        maak_aanbodmodel(met, drenthe, functie="alle", landelijk=300.0)
    with pytest.raises(ParameterFout, match="twee keer"):
        maak_aanbodmodel(pd.concat([nl[0], nl[0].iloc[:1]]), nl[1], functie="alle")
    for kw in ({"trekkingen": -1, "seed": 0}, {"trekkingen": 1, "seed": -1}):
        with pytest.raises(ParameterFout):
            trek_aanbod(model, **kw)


# --- deliveries per area -----------------------------------------------------------------------


def test_levering_vervangt_haar_gebied_en_niets_anders(nl, model, trekking):
    lever = nivel({"RA0102": 300.0, "RA1121": 240.0, "GM0505": 80.0, "GM0344": 200.0, "GM0277": 0.0})
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=[lever])
    d = trek_aanbod(m, trekkingen=60, seed=3)
    np.testing.assert_allclose(d.sum(), 10769.0, rtol=1e-9)
    for reeks in (d, verwacht_aanbod(m).to_frame(), gelijk_aanbod(m).to_frame()):
        for code, kolom in {
            "RA0102": "regioplus_code",
            "RA1121": "regioplus_code",
            "GM0505": "gm",
            "GM0344": "gm",
        }.items():
            np.testing.assert_allclose(
                per(nl, kolom, reeks).loc[code], lever.tabel.at[code, "fte"], rtol=1e-9
            )
    gm = nl[0]["gm_code"]
    elders = ~gm.map(nl[1]["regioplus_code"]).isin(["RA0102", "RA1121"]) & (gm != "GM0344")
    for binnen in (elders, gm == "GM0505", gm.map(nl[1]["regioplus_code"]) == "RA0102"):
        v = d[binnen] / trekking[binnen]
        np.testing.assert_allclose(v, np.broadcast_to(v.iloc[0], v.shape), rtol=1e-9)
    assert m.regio.cumulatief.tobytes() == model.regio.cumulatief.tobytes()


def test_alle_regios_geleverd(nl, trekking):
    regios = per(nl, "regioplus_code", trekking[0])
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel(regios.to_dict())])
    d = trek_aanbod(m, trekkingen=3, seed=9)
    np.testing.assert_allclose(per(nl, "regioplus_code", d[2]), regios, rtol=1e-9)
    teveel = nivel((regios * 1.012).to_dict())
    with pytest.raises(
        LeveringFout, match=r"1[.,]2% meer dan de 10769.0 van land; telt een huisarts die in twee"
    ):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[teveel])
    ruim = maak_aanbodmodel(*nl, functie="alle", leveringen=[teveel], landelijk=float(regios.sum() * 1.012))
    assert trek_aanbod(ruim, trekkingen=1, seed=0)[0].sum() == pytest.approx(10769 * 1.012)
    with pytest.raises(LeveringFout, match="landelijk="):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel((regios * 0.99).to_dict())])


def test_provincie_om_regio_om_gemeente(nl):
    """Deliveries of three levels, nested: the finer one is subtracted from the one around it."""
    leveringen = [nivel({"PV28": 2200.0}), nivel({"RA1121": 240.0}), nivel({"GM0505": 80.0})]
    if set(nl[1].loc[nl[1]["regioplus_code"] == "RA1121", "provincie_code"]) != {"PV28"}:
        with pytest.raises(LeveringFout, match="deels"):
            maak_aanbodmodel(*nl, functie="alle", leveringen=leveringen)
        leveringen = [leveringen[0], leveringen[2]]
    d = trek_aanbod(maak_aanbodmodel(*nl, functie="alle", leveringen=leveringen), trekkingen=4, seed=0)
    np.testing.assert_allclose(per(nl, "provincie_code", d).loc["PV28"], 2200.0, rtol=1e-9)
    np.testing.assert_allclose(per(nl, "gm", d).loc["GM0505"], 80.0, rtol=1e-9)


@pytest.mark.parametrize(
    ("fte", "tekst"),
    [
        ({"GM0277": 2.0}, "GM0277.*geen praktijk"),  # Rozendaal has none
        ({"RA0102": 10.0, "GM0114": 50.0}, "RA0102"),
        ({"RA0102": 99999.0}, "meer dan de 10769"),
    ],
)
def test_wat_niet_past_wordt_geweigerd(nl, fte, tekst):
    with pytest.raises(LeveringFout, match=tekst) as e:
        maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel(fte)])
    assert list(e.value.fouten) == ["regel", "kolom", "waarde", "probleem", "advies"]


def test_onbekend_of_overlappend_gebied(nl):
    with pytest.raises(OnbekendGebiedFout, match="XX01"):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel({"XX01": 1.0})])
    eigen = nl[1].assign(eigen_code=pd.Series({"GM0505": "D1", "GM0106": "D1"}))
    maak_aanbodmodel(nl[0], eigen, functie="alle", leveringen=[nivel({"D1": 120.0})])
    with pytest.raises(LeveringFout, match="deels in"):
        maak_aanbodmodel(nl[0], eigen, functie="alle", leveringen=[nivel({"D1": 120.0, "RA0102": 300.0})])
    with pytest.raises(LeveringFout, match="twee keer"):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel({"GM0505": 80.0}), nivel({"GM0505": 81.0})])
    # one area under two codes, one value: no contradiction
    zelfde = {"PV29": 240.0, "RA1222": 240.0}
    d = trek_aanbod(maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel(zelfde)]), trekkingen=1, seed=0)
    assert per(nl, "provincie_code", d[0])["PV29"] == pytest.approx(240.0)


@pytest.mark.parametrize(
    ("geleverd", "gevraagd"),
    [
        ("alle", "zonder_wisselend"),
        ("zonder_wisselend", "alle"),
        ("onbekend", "alle"),
        ("praktijkhouder", "alle"),
    ],
)
def test_een_andere_functie_wordt_geweigerd(nl, geleverd, gevraagd):
    with pytest.raises(LeveringFout, match=f"functie {geleverd}, de situatie met functie {gevraagd}"):
        maak_aanbodmodel(*nl, functie=gevraagd, leveringen=[nivel({"RA0102": 300.0}, functie=geleverd)])
    with pytest.raises(LeveringFout, match="functie"):
        maak_aanbodmodel(*nl, functie=gevraagd, leveringen=[lijst({"a": 1.0}, ["GM0505"], functie=geleverd)])


def test_delen_die_samen_de_functie_zijn(nl):
    """Holders, employed and fixed locums are `zonder_wisselend`; with the roaming ones `alle`."""
    rijen = [
        ("praktijkhouder", 150.0),
        ("hidha", 50.0),
        ("vaste_waarnemer", 40.0),
        ("wisselende_waarnemer", 30.0),
    ]
    tabel = pd.concat([nivel({"RA0102": f}, functie=n).tabel for n, f in rijen])
    lev = replace(nivel({"RA0102": 1.0}), tabel=tabel)
    for functie, fte in {"zonder_wisselend": 240.0, "alle": 270.0}.items():
        m = maak_aanbodmodel(*nl, functie=functie, leveringen=[lev])
        assert [(c.code, c.fte, c.status) for c in m.gebieden] == [("RA0102", fte, "afgeleid")]


def test_personen_worden_nooit_fte(nl, model):
    """Persons without fte leave the model's estimate; fte made of persons by the reader is `afgeleid`."""
    personen = nivel(
        {"RA0102": np.nan, "GM0505": 80.0}, status=["ontbreekt", "waargenomen"], personen=[400.0, 110.0]
    )
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=[personen])
    assert [c.code for c in m.gebieden] == ["GM0505"] and "RA0102" in m.opmerkingen[0]
    gemaakt = nivel({"RA0102": 300.0}, status="afgeleid", personen=[400.0])
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=[gemaakt])
    assert m.gebieden[0].status == "afgeleid"
    # of two sexes one is suppressed: the sum is not known
    half = pd.concat([nivel({"GM0505": 40.0}).tabel, nivel({"GM0505": np.nan}, status="onderdrukt").tabel])
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=[replace(personen, tabel=half)])
    assert m.gebieden == () and "GM0505" in m.opmerkingen[0]


def test_vektis_is_geen_aanbod(nl):
    with pytest.raises(LeveringFout, match="geen aanbod"):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[replace(nivel({"GM0505": 1.0}), soort="vektis")])


def test_een_onwaarschijnlijke_rest_wordt_gemeld(nl, trekking):
    regios = per(nl, "regioplus_code", trekking[0]).drop("RA0102")
    goed = maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel(regios.to_dict())])
    assert goed.opmerkingen == ()
    krap = maak_aanbodmodel(*nl, functie="alle", leveringen=[nivel((regios * 1.02).to_dict())])
    assert "dubbeltelling" in krap.opmerkingen[0]


# --- practice lists ----------------------------------------------------------------------------


def test_praktijklijst_vervangt_de_praktijken_van_haar_gebied(nl, model, trekking):
    lev = lijst({"P3311-01": 2.5, "b": 3.0, "c": np.nan}, ["GM0505"])
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=[lev])
    d = trek_aanbod(m, trekkingen=60, seed=3)
    assert set(m.praktijken.index[m.praktijken["gm_code"] == "GM0505"]) == {"P3311-01", "b", "c"}
    assert len(m.praktijken) == 4866 - 36 + 3 and d.index.equals(m.praktijken.index)
    assert (d.loc["P3311-01"] == 2.5).all() and (d.loc["b"] == 3.0).all()
    np.testing.assert_allclose(d.sum(), 10769.0, rtol=1e-9)
    elders = nl[0].index[nl[0]["gm_code"] != "GM0505"]
    v = d.loc[elders] / trekking.loc[elders]
    np.testing.assert_allclose(v, np.broadcast_to(v.iloc[0], v.shape), rtol=1e-9)
    status = m.status
    assert status[["P3311-01", "b", "c"]].to_list() == ["waargenomen", "waargenomen", "modelschatting"]
    assert d.loc["c"].std() > 0.5 and verwacht_aanbod(m)["c"] == pytest.approx(d.loc["c"].mean(), rel=0.25)
    assert verwacht_aanbod(m)["b"] == gelijk_aanbod(m)["b"] == 3.0


def test_praktijklijst_met_gebiedscijfer(nl):
    """The practice without fte gets what the area has left, and is then derived."""
    leveringen = [lijst({"a": 40.0, "b": 30.0, "c": np.nan}, ["GM0505"]), nivel({"GM0505": 80.0})]
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=leveringen)
    np.testing.assert_allclose(trek_aanbod(m, trekkingen=5, seed=0).loc["c"], 10.0)
    assert m.status["c"] == "afgeleid"
    with pytest.raises(LeveringFout, match="70,0 fte"):
        maak_aanbodmodel(
            *nl, functie="alle", leveringen=[lijst({"a": 40.0, "b": 30.0}, ["GM0505"]), leveringen[1]]
        )


def test_praktijklijst_in_een_gemeente_zonder_praktijk(nl, trekking):
    """Rozendaal has no practice in the snapshot; a list may bring one, with or without fte."""
    lev = lijst({"r1": 1.2, "r2": np.nan}, ["GM0277"], gm="GM0277", pc4="6891")
    m = maak_aanbodmodel(*nl, functie="alle", leveringen=[lev])
    d = trek_aanbod(m, trekkingen=60, seed=3)
    assert (d.loc["r1"] == 1.2).all() and (d.loc["r2"] > 0).all() and d.loc["r2"].mean() < 2
    v = d.loc[nl[0].index] / trekking
    np.testing.assert_allclose(v, np.broadcast_to(v.iloc[0], v.shape), rtol=1e-9)


def test_praktijklijsten_die_botsen(nl):
    een = lijst({"a": 2.0}, ["GM0505"])
    ander = lijst({"a": 2.0}, ["GM0106"], gm="GM0106", pc4="9401")
    with pytest.raises(LeveringFout, match="ook elders"):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[een, ander])
    with pytest.raises(LeveringFout, match="hetzelfde gebied"):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[een, lijst({"b": 2.0}, ["GM0505"])])
    with pytest.raises(LeveringFout, match="ook elders"):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[lijst({"P1011-01": 2.0}, ["GM0505"])])
    with pytest.raises(LeveringFout, match="functie onbekend"):
        maak_aanbodmodel(*nl, functie="alle", leveringen=[lijst({"b": 2.0}, ["GM0505"], functie=None)])


# --- the regional posterior --------------------------------------------------------------------


def test_gepubliceerde_uitersten_komen_terug(model):
    """West-Brabant low, the three named regions high; no other region is told to be an extreme."""
    t = trek_regiodichtheid(model, trekkingen=800).mean(axis=1)
    assert t.idxmin() == "RA1323" and set(t.nlargest(3).index) == {"RA0616", "RA0206", "RA0308"}
    # log(7.8 / 6.0) over the expected range of 28 normals, 4.03, is .065
    assert hyperparameters(model).loc[("tau", "na"), "gemiddeld"] == pytest.approx(0.065, abs=0.006)
    som = (np.exp(trek_regiodichtheid(model, trekkingen=20)).mul(model.regio.inwoners, axis=0)).sum()
    np.testing.assert_allclose(som, model.regio.inwoners.sum(), rtol=1e-12)


def test_zonder_zijn_anker_voorspelt_het_model_een_regio_niet(model):
    """The finding that the record states: practices and addresses tell nothing of the named regions."""
    w = laat_anker_weg(model, trekkingen=400)
    assert list(w.index) == ["RA1323", "RA0616", "RA0206", "RA0308", "RA1222", "RA0103"]
    assert (w["kans_laagste"] < 0.15).all() and w["kans_boven_land"].between(0.3, 0.7).all()
    assert ((w["zonder_p05"] < w["met"]) & (w["met"] < w["zonder_p95"])).all()


def test_deel_uit_data(model):
    b = databijdrage(model, trekkingen=600)
    assert len(b) == 28 and b["deel_data"].between(-0.1, 0.8).all()
    genoemd = ["RA1323", "RA1222", "RA0103"]
    assert b.loc[genoemd, "deel_data"].min() > b.drop(genoemd)["deel_data"].median()
    # in most regions assumption carries more than four fifths of what is left
    assert b["deel_data"].median() < 0.25 and b["deel_praktijken"].median() < 0.1
    np.testing.assert_allclose(b["deel_praktijken"] + b["deel_ankers"], b["deel_data"], atol=1e-12)


def test_ordestatistieken():
    """Range only: the exact posterior of tau agrees with range / W, W the range of 28 standard normals."""
    codes = [f"G{k:02d}" for k in range(28)]
    g = pd.DataFrame({"inwoners": 6e5, "adressen": 10.0, "regioplus_code": codes}, index=codes)
    p = pd.DataFrame({"gm_code": np.repeat(codes, 10)}, index=[f"p{k:03d}" for k in range(280)])
    prior = replace(
        maak_prior("alle"),
        ankers=Ankers(laag=6.0, hoog=7.8, landelijk=6.84),
        gewicht=(0.0, 0.0, 0.0, 0.0),
        rooster=(200, 1, 1),
        tau=(0.02, 0.3),
    )
    m = maak_aanbodmodel(p, g, functie="alle", prior=prior, landelijk=1000.0)
    breedte = np.ptp(np.random.default_rng(1).standard_normal((40000, 28)), axis=1)
    tau = hyperparameters(m).loc[("tau", "na"), "gemiddeld"]
    assert tau == pytest.approx((np.log(7.8 / 6.0) / breedte).mean(), rel=0.06)


def test_alle_priors_zijn_eigenlijk():
    """Every prior is a bounded uniform, a truncated normal or a lognormal: finite and in order."""
    for functie in FUNCTIES:
        p = maak_prior(functie)
        for laag, hoog in (p.tau, p.wissel, p.definitie, p.schaal, p.praktijk_cv, p.ankers.dubbeltelling):
            assert 0 <= laag < hoog < 2
        midden, sd, laag, hoog = p.gewicht
        assert 0 < laag < midden < hoog < 1 and sd > 0 and p.factor[0] == 1.0 and p.factor[1] > 0
        assert p.tau[0] > 0
        assert (p.ankers.laag, p.ankers.hoog, p.ankers.landelijk) == (6.0, 7.8, 6.7)
