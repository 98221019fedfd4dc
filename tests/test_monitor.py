"""People without a GP by source, never as one; the path to zero; what each lever would have to be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import huisartsdata as hd
from huisartsdata.bronnen.parameters import load_parameters, parameter
from huisartsdata.fouten import ContractFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.model.monitor import BEGRIPPEN, pad_naar_nul, wat_moet_waar_zijn, zonder_huisarts
from huisartsdata.model.vrijeplaatsen import KNOPPEN, aannamen, plaatsen_per_jaar, vrije_ruimte

INWONERS = 17_942_942  # CBS, 1 January 2024


@pytest.fixture(scope="module")
def bronnen():
    return zonder_huisarts()


@pytest.fixture(scope="module")
def pad():
    return pad_naar_nul()


@pytest.fixture(scope="module")
def knoppen():
    return wat_moet_waar_zijn()


# --- the sources side by side


def test_elke_bron_staat_er_met_haar_eigen_getal(bronnen):
    # published: Rekenkamer 2 April 2025; Nivel/Ipsos 25 October 2024; Independer 26 November 2025
    verwacht = {
        "zonder_huisarts": (45_000, 194_000, "Rekenkamer", "personen"),
        "wil_andere_huisarts": (732_000, 732_000, "Rekenkamer", "personen"),
        "volwassenen_niet_ingeschreven": (37_000, 37_000, "Nivel", "personen 18+"),
        "volwassenen_willen_wisselen": (600_000, 600_000, "Nivel", "personen 18+"),
        "aandeel_zegt_geen_huisarts": (7, 7, "Independer", "procent"),
    }
    for indicator, (laag, hoog, wie, eenheid) in verwacht.items():
        rij = bronnen[bronnen["indicator"] == indicator]
        assert len(rij) == 1
        r = rij.iloc[0]
        assert (r["laag"], r["hoog"]) == (laag, hoog)
        assert wie in r["bron"] and r["eenheid"].startswith(eenheid)
    # the mediation list has three dates; each gives one bound ("ruim", "nog geen")
    lijst = bronnen[bronnen["indicator"] == "wachtenden_zorgbemiddeling"].set_index("peildatum")
    assert lijst.loc["2024-12", "hoog"] == 6900 and np.isnan(lijst.loc["2024-12", "laag"])
    assert lijst.loc["2024-01", "laag"] == 5200 and np.isnan(lijst.loc["2024-01", "hoog"])


def test_elke_rij_zegt_wie_wat_en_wanneer(bronnen):
    kolommen = ["bron", "definitie", "peildatum", "eenheid", "wie", "kwaliteit"]
    assert bronnen[kolommen].notna().all().all()
    assert set(bronnen["kwaliteit"]) <= set("ABCD")
    assert bronnen.index.is_unique
    assert list(bronnen["peildatum"].str[:4]) == sorted(bronnen["peildatum"].str[:4], reverse=True)
    # who want another GP have one: not what the goal is about
    wil = bronnen["indicator"].str.contains("wil|zoekend")
    assert not bronnen.loc[wil, "telt_voor_d3"].any() and bronnen.loc[~wil, "telt_voor_d3"].all()


def test_elk_signaal_over_mensen_zonder_huisarts_is_benoemd():
    # a new signal on people without a GP must not vanish: it needs an entry, or a reason here
    s = hd.load_signalen()
    elders = {
        "praktijken_met_patientenstop",
        "patientenstop_gedeeltelijk_of_volledig",
        "praktijken_met_patientenstop_kwalitatief",
        "patientenstop_volledig",
        "patienten_andere_huisarts_gezocht",  # other practices were sought before theirs closed
        "patienten_dreigend_zonder_huisarts",
        "patienten_praktijk_zonder_opvolger",
        "brieven_patientenruil",
        "genoemd_als_tekortregio_door_minister",
    }
    assert set(s["indicator"]) == set(BEGRIPPEN) | elders


def test_per_gebied_en_niet_gemeten():
    breda = zonder_huisarts(gebied="GM0758")
    assert breda["laag"].tolist() == [5000.0]
    with pytest.raises(OnbekendGebiedFout, match=r"niet gemeten in 'GM0106'.*GM0758"):
        zonder_huisarts(gebied="GM0106")


def test_invoer_blijft_heel_en_volgorde_maakt_niet_uit(bronnen):
    s = hd.load_signalen().sample(frac=1, random_state=2)
    kopie = s.copy()
    pd.testing.assert_frame_equal(zonder_huisarts(s).sort_index(), bronnen.sort_index())
    pd.testing.assert_frame_equal(s, kopie)


# --- never as one


def test_nergens_een_som_of_gemiddelde_over_bronnen(bronnen, pad, knoppen):
    starts = pad.xs(2026, level="jaar").groupby(["start", "grens"])["zonder"].first().index
    # one row per source and bound, each known by its own signal
    assert {i for i, _ in starts} <= set(bronnen.index)
    for tabel in (pad, knoppen):
        assert set(tabel.index.get_level_values("start")) <= set(bronnen.index)
        assert tabel["bron"].isin(bronnen["bron"]).all()
    per_bron = knoppen.groupby(["start", "grens"])["personen"].first()
    begin = {*bronnen["laag"].dropna(), *bronnen["hoog"].dropna()}
    procent = {i for i in bronnen.index if bronnen.loc[i, "eenheid"] == "procent"}
    for (bron, _), personen in per_bron.items():
        assert personen in begin or bron in procent
    # a source gives the same numbers alone as among the others: nothing is pooled
    for bron in sorted({i for i, _ in starts}):
        alleen = pad_naar_nul(start=bronnen.loc[[bron]])
        pd.testing.assert_frame_equal(alleen.sort_index(), pad.loc[[bron]].sort_index())


def test_alleen_bronnen_over_mensen_zonder_en_elke_met_haar_laatste_getal(bronnen, pad):
    gebruikt = bronnen.loc[pad.index.get_level_values("start").unique()]
    assert gebruikt["telt_voor_d3"].all() and gebruikt["indicator"].is_unique
    lijst = gebruikt[gebruikt["indicator"] == "wachtenden_zorgbemiddeling"]
    assert lijst["peildatum"].tolist() == ["2024-12"]


# --- the sum of places


def test_plaatsen_met_de_hand():
    a = aannamen(
        instroom_per_jaar=700,
        fte_nieuw=0.75,
        aandeel_vast=0.8,
        patienten_per_fte=2000,
        uitstroom_per_jaar=0.03,
        demografie_per_jaar=0.01,
        overige_vraag_per_jaar=0,
    )
    p = plaatsen_per_jaar(a)
    assert p.index.tolist() == [2026, 2027, 2028]
    # 700 x .75 x .8 x 2000 = 840,000 in; 3% of 17,942,942 = 538,288.26 out; 1% = 179,429.42 growth
    assert p["plaatsen_in"].tolist() == pytest.approx([840_000] * 3)
    assert p.loc[2026, "plaatsen_uit"] == pytest.approx(538_288.26)
    assert p.loc[2027, "plaatsen_uit"] == pytest.approx(0.03 * (INWONERS + 840_000 - 538_288.26))
    assert p["vraaggroei"].tolist() == pytest.approx([179_429.42] * 3)
    assert p["netto_plaatsen"].to_numpy() == pytest.approx(
        (p["plaatsen_in"] - p["plaatsen_uit"] - p["vraaggroei"]).to_numpy()
    )


def test_extra_patienten_per_fte_tellen_een_keer():
    zonder, met = (plaatsen_per_jaar(aannamen(extra_patienten_per_fte=x)) for x in (0, 30))
    verschil = met["plaatsen_in"] - zonder["plaatsen_in"]
    # 30 people at 8,981 fte with a fixed population, over three years
    assert verschil.sum() == pytest.approx(30 * 8_981)
    assert verschil.nunique() == 1


def test_aannames_volgen_uit_de_feiten_van_het_capaciteitsorgaan():
    f = hd.load_feiten()
    f = f[(f["thema"] == "raming") & (f["periode"].astype(str) == "2025")]
    f = f[f["groep"] != "Jaar"].set_index("indicator")["waarde"]
    a = aannamen()
    entree = f["n_inopleiding_perjaar"] * f["intern_rendement"] * f["extern_rendement_totaal_1jaar"]
    assert a.instroom_per_jaar == pytest.approx(entree + f["n_buitenland"], abs=0.5)
    vrouw = f["per_vrouw_opleiding"]
    assert a.fte_nieuw == pytest.approx(vrouw * f["fte_vrouw_basis"] + (1 - vrouw) * f["fte_man_basis"])
    assert 1 - (1 - a.uitstroom_per_jaar) ** 5 == pytest.approx(f["uitstroom_totaal_basis_vijf"], abs=5e-4)
    assert a.demografie_per_jaar * 5 == pytest.approx(f["demo_5_midden"])
    assert a.overige_vraag_per_jaar == f["totale_zorgvraag_excl_ATV_midden"]
    zzp, dienst, los = (
        f[f"werkzaam_{s}_TBO"] * f[f"fte_{s}"] for s in ("zelfstandig", "loondienst", "wiss-waarnemer")
    )
    assert a.aandeel_vast == pytest.approx((zzp + dienst) / (zzp + dienst + los), abs=1e-4)
    assert a.patienten_per_fte == pytest.approx(INWONERS / (zzp + dienst), abs=1)


def test_elke_aanname_is_een_rij_met_bereik_en_bron():
    namen = {n for n in load_parameters() if n.startswith("d3_")}
    assert namen == {f"d3_{n}" for n in KNOPPEN} | {"d3_aandeel_volwassenen"}
    for n in namen:
        p = parameter(n)
        assert p.laag is not None and p.hoog is not None and p.laag <= p.waarde <= p.hoog
        assert p.bron and p.status in {"waargenomen", "afgeleid", "modelschatting", "aanname"}
        if p.status == "aanname":
            assert p.bron.startswith("Eigen keuze") and p.kwaliteit == "D"


def test_aandeel_volwassenen_uit_de_leeftijden():
    n = hd.load_leeftijden()["inwoners"].groupby("leeftijdsgroep").sum()
    jong = n[["0-4", "5-9", "10-14"]].sum() + 0.6 * n["15-19"]
    assert parameter("d3_aandeel_volwassenen").waarde == pytest.approx(1 - jong / n.sum(), abs=1e-3)


# --- the path


def test_pad_met_de_hand():
    # 500 x 200 = 100,000 places a year come in, none go: a quarter of them is 25,000
    keuze = {
        "instroom_per_jaar": 500,
        "fte_nieuw": 1,
        "aandeel_vast": 1,
        "patienten_per_fte": 200,
        "uitstroom_per_jaar": 0,
        "demografie_per_jaar": 0,
        "aandeel_naar_zonder": 0.25,
    }
    p = pad_naar_nul(start=pd.Series({"zelf": 60_000}), vraag=["demografie"], **keuze)
    p = p.loc[("zelf", "punt", "demografie")]
    assert p["zonder"].tolist() == pytest.approx([35_000, 10_000, 0])
    assert p["naar_zonder"].tolist() == pytest.approx([25_000, 25_000, 10_000])
    assert p["recht"].tolist() == pytest.approx([40_000, 20_000, 0])


def test_pad_van_het_land(pad):
    eind = pad.xs(2028, level="jaar")["zonder"]
    # a negative balance turns nobody out and helps nobody: with all growth of need every path is level
    alles = pad.xs("alle_termen", level="vraag")
    assert (alles["netto_plaatsen"] < 0).all() and (alles["naar_zonder"] == 0).all()
    laag, hoog = (eind.xs((g, "demografie"), level=("grens", "vraag")) for g in ("laag", "hoog"))
    beide = laag.index.intersection(hoog.index)
    assert (laag[beide] <= hoog[beide]).all()
    assert (pad["zonder_gunstig"] <= pad["zonder"]).all() and (pad["zonder"] <= pad["zonder_ongunstig"]).all()
    assert (pad["zonder"] >= 0).all()
    assert (pad.groupby(["start", "grens", "vraag"])["zonder"].diff().dropna() <= 0).all()
    # 7% of adults to 7% of everybody
    i = pad.loc["S037"].xs(2028, level="jaar")["recht"].index
    assert set(i.get_level_values("grens")) == {"laag", "hoog"}


@settings(max_examples=40, deadline=None)
@given(st.floats(1, 2e6), st.floats(0, 1), st.floats(300, 1500))
def test_wie_verdwijnt_kreeg_een_plaats(begin, aandeel, instroom):
    p = pad_naar_nul(
        start=pd.Series({"x": begin}), aandeel_naar_zonder=aandeel, instroom_per_jaar=instroom, tot=2031
    )
    for _, d in p.groupby(level=["start", "grens", "vraag"]):
        assert d["naar_zonder"].sum() + d["zonder"].iloc[-1] == pytest.approx(begin, abs=1e-6)
        ruimte = aandeel * d["netto_plaatsen"].clip(lower=0)
        assert (d["naar_zonder"] <= ruimte + 1e-6).all()


# --- what would have to be true


def test_gevonden_stand_brengt_het_pad_juist_op_nul(knoppen):
    starts = {"S032": "hoog", "S037": "laag"}
    for (bron, grens, variant, knop), r in knoppen.iterrows():
        if starts.get(bron) != grens or np.isnan(r["nodig"]) or r["oordeel"] == "al genoeg":
            continue
        begin = pd.Series({"x": r["personen"]})
        eind = pad_naar_nul(start=begin, vraag=[variant], **{knop: r["nodig"]})["zonder"].iloc[-1]
        assert eind == pytest.approx(0, abs=1e-3)
        # a little less of the lever leaves people without
        minder = r["nodig"] * (0.999 if KNOPPEN[knop].meer_is_beter else 1.001)
        rest = pad_naar_nul(start=begin, vraag=[variant], **{knop: minder})["zonder"].iloc[-1]
        assert rest > 0


def test_aandeel_met_de_hand(knoppen, pad):
    # share needed = people / net places of the three years, whatever the share is now
    netto = pad.loc[("S032", "hoog", "demografie"), "netto_plaatsen"].sum()
    nodig = knoppen.loc[("S032", "hoog", "demografie", "aandeel_naar_zonder"), "nodig"]
    assert nodig == pytest.approx(194_000 / netto, rel=1e-9)
    oordeel = knoppen.loc[("S037", "laag", "demografie", "aandeel_naar_zonder"), "oordeel"]
    assert oordeel == "kan niet met deze knop alleen"  # 1.0 million people, 0.3 million places


def test_oordeel_volgt_uit_de_getallen(knoppen):
    for (_, _, _, knop), r in knoppen.iterrows():
        beter = KNOPPEN[knop].meer_is_beter
        if r["oordeel"] == "al genoeg":
            assert r["nodig"] <= r["nu"] if beter else r["nodig"] >= r["nu"]
        elif r["oordeel"] == "kan niet met deze knop alleen":
            assert np.isnan(r["nodig"])
        else:
            assert (r["laag"] <= r["nodig"] <= r["hoog"]) == (r["oordeel"] == "binnen de bandbreedte")
    # shares above one do not exist
    grens = knoppen.xs("aandeel_naar_zonder", level="knop")["nodig"].dropna()
    assert (grens <= 1).all()


def test_geen_plaatsen_dan_helpt_verdelen_niet(knoppen):
    alles = knoppen.xs(("alle_termen", "aandeel_naar_zonder"), level=("vraag", "knop"))
    assert (alles["oordeel"] == "kan niet met deze knop alleen").all()


# --- refusals


@pytest.mark.parametrize(
    ("keuze", "melding"),
    [
        ({"instroom": 700}, "onbekende aanname instroom"),
        ({"aandeel_naar_zonder": 1.2}, "aandeel_naar_zonder=1.2"),
        ({"uitstroom_per_jaar": -0.1}, "uitstroom"),
        ({"fte_nieuw": float("nan")}, "fte_nieuw"),
        ({"tot": 2025}, "later jaar"),
        ({"vraag": ["demo"]}, "demografie, alle_termen"),
        ({"vraag": "demografie"}, "lijst"),
        ({"vraag": 3}, "lijst"),
        ({"vraag": ["demografie", "demografie"]}, "lijst"),
        ({"tot": "2028"}, "jaar van 2000"),
        ({"tot": 2028.5}, "jaar van 2000"),
        ({"tot": 10**9}, "jaar van 2000"),
        ({"vanaf": float("nan")}, "jaar van 2000"),
    ],
)
@pytest.mark.parametrize("functie", [pad_naar_nul, wat_moet_waar_zijn])
def test_foute_keuzes(functie, keuze, melding):
    with pytest.raises(ParameterFout, match=melding):
        functie(start=pd.Series({"x": 1000.0}), **keuze)


@pytest.mark.parametrize(
    ("start", "melding"),
    [
        (pd.Series({"x": -5.0}), "0 of meer"),
        (pd.Series({"x": np.nan}), "0 of meer"),
        (pd.Series([1.0, 2.0], index=["x", "x"]), "dubbel"),
        (pd.Series(dtype=float), "leeg"),
        (pd.DataFrame({"bron": ["x"], "laag": [1.0]}), "kolom ontbreekt"),
        (
            pd.DataFrame({"bron": ["x"], "laag": [9.0], "hoog": [3.0], "eenheid": ["personen"]}),
            "meer dan hoog",
        ),
    ],
)
def test_foute_beginstand(start, melding):
    with pytest.raises(ContractFout, match=melding):
        pad_naar_nul(start=start)


@pytest.mark.parametrize("signalen", [pd.DataFrame(), [1], "signalen.csv"])
def test_geen_tabel_van_signalen(signalen):
    with pytest.raises(ParameterFout, match="load_signalen"):
        hd.zonder_huisarts(signalen)


def test_ruimte_over_jaren_die_niet_bestaan():
    with pytest.raises(ParameterFout, match="later jaar"):
        vrije_ruimte(aannamen(), vanaf=2025, tot=2020)
