"""Outlook: published values, the balance of stock and flow, what moves and what is conserved."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import (
    BronFout,
    ContractFout,
    HuisartsdataFout,
    OnbekendePraktijkFout,
    OnbekendGebiedFout,
    ParameterFout,
)
from huisartsdata.model.onzekerheid import trek_fte
from huisartsdata.scenario.vooruitblik import (
    blootstelling,
    landelijkeraming,
    nabijheid,
    ramingopzet,
    vergrijzing,
)
from huisartsdata.scenario.vooruitblik.locaties import dependance, gedeelde_praktijk
from huisartsdata.scenario.vooruitblik.opleidingsregio import opleidingsplaats
from huisartsdata.scenario.vooruitblik.toekomst import vooruitzicht

GROEPEN = vergrijzing.LEEFTIJDSGROEPEN
DRENTHE = "PV22"


@pytest.fixture(scope="module")
def situatie():
    return hd.landelijke_situatie()


@pytest.fixture(scope="module")
def p():
    return ramingopzet.ramingparameters()


@pytest.fixture(scope="module")
def straks(situatie):
    return vooruitzicht(situatie, jaar=2035)


@pytest.fixture(scope="module")
def ver_weg(situatie):
    """The largest buurt of Zuidoost-Drenthe without a practice within ten minutes."""
    n = nabijheid.praktijken_nabij(situatie, minuten=10)
    hier = situatie.gebied["gm_code"].isin(["GM0109", "GM0114", "GM1681"])
    return situatie.inwoners[(n == 0) & hier].idxmax()


# --- the country: values from outside -----------------------------------------------------------


def test_2035_is_what_the_methods_say():
    beide = landelijkeraming.raming_beide(tot=2035).loc[2035]
    assert beide["voorraad_fte"] == pytest.approx(12_650, rel=0.01)
    assert beide["nodig_demografie_fte"] == pytest.approx(12_430, rel=0.005)
    assert beide["nodig_alle_termen_fte"] == pytest.approx(15_660, rel=0.005)
    assert beide["verschil_demografie_fte"] < 0 < beide["verschil_alle_termen_fte"]  # the sign is a choice


def test_length_of_training_does_not_matter_while_intake_stays_the_same():
    drie, twee = (landelijkeraming.raming(tot=2035, duur=d)["voorraad_fte"] for d in (3.0, 3.2))
    pd.testing.assert_series_equal(drie, twee, rtol=1e-12)
    assert drie.loc[2035] == pytest.approx(12_650, rel=0.01)


def test_beyond_the_last_published_year_the_last_slope_goes_on():
    for g in ramingopzet.ramingparameters().groepen:
        for lijn, jaren, punten in (
            (g.weg, ramingopzet.UITSTROOM_JAREN, g.uitstroom),
            (g.werkt, ramingopzet.RENDEMENT_JAREN, g.rendement),
        ):
            assert [float(lijn(j)) for j in jaren] == pytest.approx(list(punten))
            per_jaar = (punten[-1] - punten[-2]) / (jaren[-1] - jaren[-2])
            assert float(lijn(jaren[-1] + 3)) == pytest.approx(punten[-1] + 3 * per_jaar)
        assert (float(g.weg(0)), float(g.werkt(0))) == (0.0, 1.0)


def test_published_points_of_2025(p):
    r = landelijkeraming.raming(parameters=p)
    assert r.loc[2025, "voorraad_fte"] == pytest.approx(10_769, abs=1)
    assert r.loc[2025, "verschil_fte"] == pytest.approx(678, abs=1)  # unmet demand, 6.3%
    assert p.per_jaar == pytest.approx(0.026)  # the sum stands in the source beside its terms
    feiten = hd.load_feiten()
    samen = feiten[
        (feiten["indicator"] == "totale_zorgvraag_excl_ATV_midden") & (feiten["periode"] == "2025")
    ]
    assert p.per_jaar == pytest.approx(samen["waarde"].iloc[0])


def test_women_and_men_apart_add_up_to_the_published_totals(p):
    apart = ramingopzet.ramingparameters(naar_geslacht=True)
    assert apart.fte == pytest.approx(p.fte, rel=1e-3)
    for jaren in (5, 10, 15, 20):
        weg = sum(g.personen * g.weg(jaren) for g in apart.groepen) / p.groepen[0].personen
        assert weg == pytest.approx(p.groepen[0].weg(jaren), abs=6e-4)  # published with four decimals
    for jaren in (1, 5, 10, 15):
        werkt = sum(g.aandeel_opleiding * g.werkt(jaren) for g in apart.groepen)
        assert werkt == pytest.approx(p.groepen[0].werkt(jaren), abs=6e-4)


def test_published_advice_of_1026_follows_from_the_published_rules():
    tabel = landelijkeraming.evenwichtstabel()
    eigen = tabel[tabel["eigen_regels"]].set_index("jaar")
    assert eigen.loc[2043, "instroom"] == pytest.approx(1026, rel=0.005)
    assert eigen.loc[2043, "dichtstbij"]
    # the same file names an earlier year too, in which the same rules give a third more
    assert list(eigen.index) == [2037, 2043]
    assert eigen.loc[2037, "instroom"] == pytest.approx(1365, rel=0.005)
    samen = tabel[~tabel["naar_geslacht"] & (tabel["jaar"] == 2043)]["instroom"]
    assert samen.min() == pytest.approx(960, rel=0.015)
    assert samen.max() == pytest.approx(1325, rel=0.015)
    tekst = landelijkeraming.verklaar_evenwicht(tabel)
    assert "advies is 1.026" in tekst
    assert "trends die 10 jaar duren" in tekst
    assert "1.365 bij evenwicht in 2037" in tekst
    assert "hangt van deze keuzes af: 48 combinaties" in tekst
    zonder = landelijkeraming.verklaar_evenwicht(landelijkeraming.evenwichtstabel(variant="demografie"))
    assert "niet mee te vergelijken" in zonder
    assert "trends" not in zonder  # there are none in this variant
    # with demography only, fewer than today's 718 are enough
    assert landelijkeraming.evenwichtsinstroom(variant="demografie") < 718


def test_balancing_intake_balances(p):
    for jaar, variant in ((2037, "alle_termen"), (2043, "alle_termen"), (2043, "demografie")):
        x = landelijkeraming.evenwichtsinstroom(jaar=jaar, variant=variant, duur=3.0, trendjaren=12)
        r = landelijkeraming.raming(
            tot=jaar, variant=variant, duur=3.0, trendjaren=12, instroom=x, parameters=p
        )
        assert r.loc[jaar, "verschil_fte"] == pytest.approx(0, abs=1e-6)


# --- the country: properties --------------------------------------------------------------------


@pytest.mark.parametrize("naar_geslacht", [False, True])
@pytest.mark.parametrize(
    ("duur", "vanaf", "instroom"), [(3.0, 2027, 1026), (3.2, 2025, 500), (3.6, 2028.5, None)]
)
def test_stock_is_stock_before_less_out_plus_in(naar_geslacht, duur, vanaf, instroom):
    p = ramingopzet.ramingparameters(naar_geslacht=naar_geslacht)
    r = landelijkeraming.raming(tot=2045, duur=duur, vanaf=vanaf, instroom=instroom, parameters=p)
    erbij = r[["instroom_opleiding_fte", "instroom_nieuw_fte", "instroom_buitenland_fte"]].sum(axis=1)
    balans = r["voorraad_fte"].shift() - r["uitstroom_fte"] + erbij
    np.testing.assert_allclose(balans.iloc[1:], r["voorraad_fte"].iloc[1:], rtol=1e-12)
    assert (r["uitstroom_fte"].iloc[1:] > 0).all()
    # all who were in training in 2025 complete once
    in_opleiding = sum(g.aandeel_opleiding * g.fte for g in p.groepen) * 718 * duur * p.intern
    assert r["instroom_opleiding_fte"].sum() == pytest.approx(in_opleiding)


def test_longer_horizon_more_need_and_a_shorter_run_is_the_start_of_a_longer_one():
    lang = landelijkeraming.raming_beide(tot=2043)
    nodig = lang[["nodig_demografie_fte", "nodig_alle_termen_fte"]]
    assert (nodig.diff().iloc[1:] > 0).all(axis=None)
    pd.testing.assert_frame_equal(landelijkeraming.raming_beide(tot=2030), lang.loc[:2030])


def test_more_intake_is_seen_only_after_training():
    meer, nu = (landelijkeraming.raming(instroom=x)["voorraad_fte"] for x in (1026, None))
    verschil = meer - nu
    assert (verschil.loc[:2030] == 0).all()  # 2027 + 3.2 years
    assert (verschil.loc[2031:].diff().dropna() > 0).all()


def test_variants_without_terms_are_equal(p):
    kaal = ramingopzet.zonder_termen(p)
    r = landelijkeraming.raming_beide(parameters=kaal)
    pd.testing.assert_series_equal(r["nodig_demografie_fte"], r["nodig_alle_termen_fte"], check_names=False)
    met = landelijkeraming.raming_beide(parameters=p, trendjaren=0)
    pd.testing.assert_series_equal(
        met["nodig_demografie_fte"], met["nodig_alle_termen_fte"], check_names=False
    )


@pytest.mark.parametrize(
    "fout",
    [
        {"tot": 2025},
        {"tot": 2046},
        {"tot": 2030.5},
        {"variant": "hoog"},
        {"instroom": -1},
        {"duur": np.nan},
        {"vanaf": 2020},
    ],
)
def test_arguments_that_cannot_be(fout):
    with pytest.raises(ParameterFout, match=r"kan niet; (kies|geef)"):
        landelijkeraming.raming(**fout)


def test_intake_that_comes_too_late_to_balance_is_refused():
    with pytest.raises(ParameterFout, match="nog niet opgeleid"):
        landelijkeraming.evenwichtsinstroom(jaar=2030)
    with pytest.raises(ParameterFout, match="beide varianten"):
        landelijkeraming.raming_beide(variant="demografie")


def test_missing_fact_is_named():
    feiten = hd.load_feiten()
    with pytest.raises(BronFout, match="intern_rendement"):
        ramingopzet.ramingparameters(feiten[feiten["indicator"] != "intern_rendement"])


# --- ageing ------------------------------------------------------------------------------------


def _mensen(**groepen):
    index = pd.MultiIndex.from_product([["a"], GROEPEN], names=["gebied", "leeftijdsgroep"])
    uit = pd.Series(0.0, index=index, name="inwoners")
    for groep, n in groepen.items():
        uit["a", groep] = n
    return uit


ZONDER_STERFTE = pd.Series(0.0, index=GROEPEN)


def test_cohorts_move_up_and_the_young_stay():
    mensen = _mensen(**{"45-49": 100.0, "60-64": 40.0, "95+": 3.0})
    ouder = vergrijzing.verouder(mensen, 10, sterfte=ZONDER_STERFTE)["a"]
    assert ouder[["45-49", "50-54", "55-59", "70-74", "95+"]].tolist() == [100, 100, 100, 40, 3]
    assert ouder["60-64"] == 0
    half = vergrijzing.verouder(mensen, 2.5, sterfte=ZONDER_STERFTE)["a"]
    assert half[["50-54", "60-64", "65-69"]].tolist() == [50, 20, 20]
    pd.testing.assert_series_equal(vergrijzing.verouder(mensen, 0, sterfte=ZONDER_STERFTE), mensen)


def test_deaths_add_up_and_take_people_away():
    per_groep = hd.load_leeftijden()["inwoners"].groupby(level="leeftijdsgroep").sum()
    overleden = hd.load_bevolking()["overleden"].groupby(level="jaar").sum().loc[2023]
    tempo = vergrijzing.sterftetempo(per_groep, overleden)
    assert (tempo * per_groep).sum() == pytest.approx(169_521)  # CBS, deaths of 2023
    assert 0.015 < tempo["70-74"] < 0.03 < tempo["80-84"] < 0.08  # Dutch life tables: about .02 and .06
    mensen = _mensen(**{"80-84": 100.0})
    over = vergrijzing.verouder(mensen, 5, sterfte=tempo)["a"]
    assert (
        over["85-89"] == over.sum() == pytest.approx(100 * np.exp(-2.5 * (tempo["80-84"] + tempo["85-89"])))
    )


def test_ages_that_do_not_fit_are_refused():
    with pytest.raises(ContractFout):
        vergrijzing.verouder(-_mensen(**{"0-4": 1.0}), 5, sterfte=ZONDER_STERFTE)
    with pytest.raises(ContractFout):
        vergrijzing.verouder(_mensen().rename({"0-4": "0-9"}), 5, sterfte=ZONDER_STERFTE)
    # a whole country of wrong rows is not listed: the first twenty show what is the matter
    veel = pd.concat([-_mensen(**dict.fromkeys(GROEPEN, 1.0)).rename({"a": n}) for n in "ab"])
    with pytest.raises(ContractFout) as fout:
        vergrijzing.verouder(veel, 5, sterfte=ZONDER_STERFTE)
    assert [r.waarde for r in fout.value.fouten.itertuples()] == list(veel.index[:20]) and len(veel) > 20
    for fout in ({"jaren": -1}, {"jaren": np.nan}, {"jaren": 5, "vanaf": 52}):
        with pytest.raises(ParameterFout):
            vergrijzing.verouder(_mensen(), **fout, sterfte=ZONDER_STERFTE)


# --- the picture then ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("jaar", "variant", "groei"), [(2030, "demografie", 1.043), (2035, "alle_termen", 1.086 * 1.26)]
)
def test_national_totals_are_the_forecasts(situatie, jaar, variant, groei):
    v = vooruitzicht(situatie, jaar=jaar, variant=variant)
    for naam in ("vraag", "vraag_nza"):
        straks, nu = getattr(v.situatie, naam), getattr(situatie, naam)
        assert straks.sum() == pytest.approx(nu.sum() * groei, rel=1e-9)
    land = landelijkeraming.raming(tot=jaar)["voorraad_fte"]
    assert v.situatie.aanbod_fte == pytest.approx(
        situatie.aanbod_fte * land.loc[jaar] / land.loc[2025], rel=1e-9
    )
    assert v.situatie.norm == situatie.norm
    assert list(v.beide.index) == ["demografie", "alle_termen"]
    assert v.beide.loc[variant, "nodig_norm_fte"] == pytest.approx(v.situatie.nodig_fte, rel=1e-9)
    assert v.beide.loc[variant, "patienten_per_fte"] == pytest.approx(v.situatie.omslagnorm, rel=1e-9)
    assert {f"nodig_{x}_fte" for x in ramingopzet.VARIANTEN} <= set(v.land)


def test_spread_of_supply_stays_and_the_picture_itself_too(situatie, straks):
    oud, nieuw = situatie.praktijken["fte"], straks.situatie.praktijken["fte"]
    verhouding = nieuw / oud
    assert np.ptp(verhouding) < 1e-12
    assert (straks.situatie.praktijken["fte_status"] == "modelschatting").all()
    assert situatie.aanbod_fte == pytest.approx(10_769)  # not touched


def test_older_gemeenten_grow_less_because_their_people_die(situatie, straks):
    groei = (straks.situatie.vraag / situatie.vraag).groupby(situatie.gebied["gm_code"]).first()
    assert groei["GM0034"] == groei.max()  # Almere, a new town whose people reach the older ages together
    assert groei["GM0417"] == groei.min()  # Laren (NH.), among the oldest gemeenten


def test_variants_differ_by_one_factor_everywhere(situatie, straks):
    alle = vooruitzicht(situatie, jaar=2035, variant="alle_termen")
    factor = alle.situatie.vraag / straks.situatie.vraag
    np.testing.assert_allclose(factor[straks.situatie.vraag > 0], 1.26, rtol=1e-9)
    pd.testing.assert_series_equal(alle.regio["index"], straks.regio["index"])


def test_sureness_works_on_the_picture_then(straks):
    t = hd.tekortbeeld(straks.situatie, per="land", trekkingen=3, seed=1)
    assert t["bereikt_fte"].iloc[0] == pytest.approx(straks.situatie.aanbod_fte)
    assert "Dat de raming zelf kan afwijken, zit er niet in" in " ".join(straks.toelichting)


def test_draws_of_a_later_year_spread_in_proportion(situatie, straks):
    nu, dan = (trek_fte(s, trekkingen=6, seed=3) for s in (situatie, straks.situatie))
    factor = straks.situatie.aanbod_fte / situatie.aanbod_fte
    assert factor > 1.1
    np.testing.assert_allclose(dan, nu * factor, rtol=1e-12)
    # a measure taken before goes along: what was added, what was taken away, and what is new
    meer = hd.scenario.voeg_fte_toe(situatie, pd.Series({"P7841-01": 1.0, "P7851-01": -0.5}))
    meer = hd.scenario.open_praktijk(meer, punt=situatie.punten.iloc[0], fte=2.0)
    nu, dan = (trek_fte(s, trekkingen=4, seed=3) for s in (meer, vooruitzicht(meer, jaar=2035).situatie))
    np.testing.assert_allclose(dan, nu * factor, rtol=1e-12)


def test_without_roaming_locums_the_growth_is_the_same(situatie):
    vast = hd.landelijke_situatie(functie="zonder_wisselend")
    v, w = vooruitzicht(vast, jaar=2030), vooruitzicht(situatie, jaar=2030)
    assert v.beide.loc["demografie", "groei_aanbod"] == w.beide.loc["demografie", "groei_aanbod"]
    assert "zonder wisselende waarnemers" in " ".join(v.toelichting)


def test_sources_and_what_was_not_used_are_told(straks):
    assert straks.status == "modelschatting"
    assert any("Capaciteitsorgaan" in b and "F0024" in b for b in straks.bronnen)
    tekst = " ".join(straks.toelichting)
    assert "12 juli 2023 ingetrokken" in tekst
    assert "2,6% per jaar, 10 jaar lang" in tekst


@pytest.mark.parametrize(
    "fout", [{"jaar": 2025}, {"jaar": 2044}, {"jaar": "2030"}, {"jaar": 2030, "variant": "laag"}]
)
def test_years_and_variants_that_cannot_be(situatie, fout):
    with pytest.raises(ParameterFout, match="kan niet; kies"):
        vooruitzicht(situatie, **fout)


# --- exposure -----------------------------------------------------------------------------------


def test_exposure_of_drenthe_is_its_published_ages_on_the_national_curve(situatie, straks):
    drenthe = straks.blootstelling(per="provincie").loc[DRENTHE]
    assert drenthe["aandeel_vertrek"] == pytest.approx(0.2799 * 46.5 / 39.6)
    assert drenthe["aandeel_vertrek_laag"] == pytest.approx(0.2799)
    assert drenthe["aandeel_vertrek_hoog"] == pytest.approx(0.2799 * (46.5 / 39.6) ** 1.5)
    assert drenthe["fte_risico"] == pytest.approx(drenthe["fte"] * drenthe["aandeel_vertrek"])
    # RegioPlus Drenthe is the province, exactly its twelve gemeenten
    assert straks.regio.loc["RA0102", "fte_risico"] == pytest.approx(drenthe["fte_risico"])
    assert drenthe["status"] == "modelschatting"
    assert "fte_verwacht" not in straks.regio


def test_ages_of_five_provinces_and_nothing_made_up_for_the_rest(situatie, straks):
    v = blootstelling.leeftijdsverhouding()
    assert v["verhouding"].round(3).to_dict() == {
        "PV21": 1.097, "PV22": 1.174, "PV24": 1.442, "PV26": 0.859, "PV29": 1.389,
    }  # fmt: skip
    b = straks.blootstelling(per="provincie")
    zuid = b.loc["PV28"]
    assert zuid["leeftijden"] == "geen regionaal cijfer"
    # four of the five lie above the country, so what is left for the others lies below it
    onbekend = b[~b.index.isin(v.index)]
    assert onbekend["aandeel_vertrek"].to_numpy() == pytest.approx(zuid["aandeel_vertrek"])
    assert 0.27 < zuid["aandeel_vertrek"] < 0.2799
    # and none is more certain than the provinces that do have ages
    assert zuid["aandeel_vertrek_laag"] == pytest.approx(0.2799 * (34.0 / 39.6) ** 1.5)
    assert zuid["aandeel_vertrek_hoog"] == pytest.approx(0.2799 * (57.1 / 39.6) ** 1.5)
    assert zuid["aandeel_vertrek_hoog"] == pytest.approx(b["aandeel_vertrek_hoog"].max())
    assert zuid["aandeel_vertrek_laag"] == pytest.approx(b["aandeel_vertrek_laag"].min())


def test_growth_by_ageing_alone_stands_beside_the_national_factor(situatie, straks):
    land = straks.blootstelling(per="land").iloc[0]
    assert land["groei_vraag"] == pytest.approx(0.086)  # Capaciteitsorgaan, demography after ten years
    ouder = vergrijzing.vraaggroei_per_gemeente(situatie, 10)
    nu = situatie.vraag.groupby(situatie.gebied["gm_code"]).sum()
    assert land["groei_vergrijzing"] == pytest.approx((ouder * nu).sum() / nu.sum() - 1)
    drenthe = straks.blootstelling(per="provincie").loc[DRENTHE]
    hier = hd.load_gebieden("provincie").loc[DRENTHE, "gemeenten"]
    gewogen = (ouder * nu)[list(hier)].sum() / nu[list(hier)].sum() - 1
    assert drenthe["groei_vergrijzing"] == pytest.approx(gewogen)
    assert drenthe["vraag"] == pytest.approx(nu[list(hier)].sum())
    # one factor for the whole country is all that stands between the two
    b = straks.blootstelling(per="gemeente")
    factor = (1 + b["groei_vraag"]) / (1 + b["groei_vergrijzing"])
    assert np.ptp(factor) < 1e-9
    alleen = f"{100 * land['groei_vergrijzing']:.1f}".replace(".", ",")
    assert f"met {alleen}% groeien; de rest van de 8,6%" in " ".join(straks.toelichting)


@pytest.mark.parametrize("per", ["land", "provincie", "gemeente"])
def test_exposure_adds_up_and_keeps_its_order(situatie, straks, per):
    b = straks.blootstelling(per=per)
    assert b["fte"].sum() == pytest.approx(situatie.aanbod_fte)
    assert (b["fte_risico_laag"] <= b["fte_risico"]).all()
    assert (b["fte_risico"] <= b["fte_risico_hoog"]).all()
    assert (b["fte_risico_hoog"] <= b["fte"]).all()
    assert b["fte_risico"].sum() == pytest.approx(0.2799 * situatie.aanbod_fte)  # the country's, no more
    assert b["fte_risico"].sum() == pytest.approx(straks.regio["fte_risico"].sum())
    assert b["naam"].notna().all()
    with pytest.raises(OnbekendGebiedFout):
        straks.blootstelling(per="wijk")


def test_forecast_of_fte_only_where_a_delivery_covers_the_area(situatie):
    fte = situatie.praktijken["fte"].groupby(situatie.praktijken["gm_code"]).sum()
    drenthe = hd.load_gebieden("provincie").loc[DRENTHE, "gemeenten"]
    vertrek = pd.Series(0.5, index=list(drenthe))
    v = vooruitzicht(situatie, jaar=2030, vertrek=vertrek)
    rij = v.regio.loc["RA0102"]
    assert rij["fte_verwacht"] == pytest.approx(fte[list(drenthe)].sum() - 6)
    assert rij["fte_verwacht_status"] == "afgeleid"
    assert v.regio["fte_verwacht"].notna().sum() == 1
    per_praktijk = situatie.praktijken.loc[situatie.praktijken["gm_code"].isin(drenthe), "fte"] * 0.1
    w = vooruitzicht(situatie, jaar=2030, vertrek=per_praktijk)
    assert w.regio.loc["RA0102", "fte_vertrek"] == pytest.approx(per_praktijk.sum())
    # one gemeente short: no figure, not a smaller one
    assert vooruitzicht(situatie, jaar=2030, vertrek=vertrek.iloc[1:]).regio["fte_verwacht"].isna().all()


def test_delivery_that_does_not_fit(situatie):
    def met(reeks):
        return vooruitzicht(situatie, jaar=2030, vertrek=pd.Series(reeks))

    with pytest.raises(OnbekendGebiedFout):
        met({"GM9999": 1.0})
    with pytest.raises(OnbekendePraktijkFout):
        met({"P0000-01": 1.0})
    for fout in (-1.0, np.nan, 1e6, True, "1", pd.NA):
        with pytest.raises(ContractFout):
            met({"GM1731": fout})
    with pytest.raises(ParameterFout):
        vooruitzicht(situatie, jaar=2030, vertrek=pd.Series(dtype=float))


# --- locations ----------------------------------------------------------------------------------


def test_satellite_moves_fte_and_brings_a_door_nearer(situatie, ver_weg):
    punt = situatie.punten[ver_weg]
    w = dependance(situatie, "P7841-01", punt=punt, fte=1.0)
    assert abs(w.situatie.aanbod_fte - situatie.aanbod_fte) < 1e-9
    assert w.locaties["fte"].sum() == pytest.approx(situatie.praktijken.loc["P7841-01", "fte"], abs=1e-12)
    assert w.buurten.loc[ver_weg, "minuten_na"] < w.buurten.loc[ver_weg, "minuten_voor"]
    assert w.buurten.loc[ver_weg, "minuten_voor"] > 10
    s = w.samenvatting
    assert s["mensen_nader_minuten"] >= situatie.inwoners[ver_weg]
    assert s["mensen_verder_minuten"] == 0  # the practice stays where it is
    assert s["mensen_meer_bereik"] > 0 < s["mensen_minder_bereik"]  # what one gains another loses
    wint = nabijheid.verliest_laatste(situatie, w.situatie, minuten=10)
    assert wint["krijgt"].sum() >= situatie.inwoners[ver_weg]
    assert wint["verliest"].sum() == 0


def _totalen_blijven(voor, na, n=20):
    """The draws after, for which the country has what it had, draw by draw."""
    eerst, dan = (trek_fte(s, trekkingen=n, seed=5) for s in (voor, na))
    np.testing.assert_allclose(dan.sum(), eerst.sum(), rtol=1e-12)
    ander = voor.praktijken.index.intersection(na.praktijken.index)
    return eerst, dan, ander


def test_satellite_keeps_the_uncertainty_and_the_total_of_every_draw(situatie, ver_weg):
    punt = situatie.punten[ver_weg]
    fte = float(situatie.praktijken.loc["P7841-01", "fte"])
    w = dependance(situatie, "P7841-01", punt=punt, fte=0.25 * fte)
    eerst, dan, ander = _totalen_blijven(situatie, w.situatie)
    np.testing.assert_allclose(dan.loc["nieuw-1"], 0.25 * eerst.loc["P7841-01"], rtol=1e-12)
    np.testing.assert_allclose(dan.loc["P7841-01"], 0.75 * eerst.loc["P7841-01"], rtol=1e-12)
    rest = ander.drop("P7841-01")
    pd.testing.assert_frame_equal(dan.loc[rest], eerst.loc[rest], check_exact=True)
    # all of it moved, then part of that moved on, and what was added along the way goes along
    heel = dependance(situatie, "P7841-01", punt=punt, fte=fte)
    _, dan, _ = _totalen_blijven(situatie, heel.situatie)
    assert (dan.loc["P7841-01"] == 0).all()
    assert dan.loc["nieuw-1"].std() == pytest.approx(eerst.loc["P7841-01"].std(), rel=1e-9)
    meer = hd.scenario.voeg_fte_toe(heel.situatie, pd.Series({"nieuw-1": 1.5}))
    verder = dependance(meer, "nieuw-1", punt=situatie.punten.iloc[0], fte=1.0)
    _totalen_blijven(meer, verder.situatie)
    # in a later year too
    straks = vooruitzicht(verder.situatie, jaar=2035)
    factor = straks.situatie.aanbod_fte / verder.situatie.aanbod_fte
    np.testing.assert_allclose(
        trek_fte(straks.situatie, trekkingen=4, seed=5),
        trek_fte(verder.situatie, trekkingen=4, seed=5) * factor,
        rtol=1e-12,
    )
    # draws never depend on how many there are
    pd.testing.assert_frame_equal(
        trek_fte(verder.situatie, trekkingen=2, seed=5),
        trek_fte(verder.situatie, trekkingen=4, seed=5).iloc[:, :2],
        check_exact=True,
    )


def test_shared_practice_keeps_the_uncertainty_and_the_total_of_every_draw(situatie, ver_weg):
    ids = list(situatie.praktijken.index[situatie.praktijken["pc4"].isin(["7841", "7851"])])
    gewijzigd = hd.scenario.voeg_fte_toe(situatie, pd.Series({ids[0]: 2.0, ids[1]: -0.3}))
    gewijzigd = hd.scenario.open_praktijk(gewijzigd, punt=situatie.punten[ver_weg], fte=1.5)
    for s, samen in ((situatie, ids), (gewijzigd, [*ids, "nieuw-1"])):
        punten = [s.punten[ver_weg], s.praktijken.geometry[ids[0]]]
        plekken = gedeelde_praktijk(s, samen, punten=punten, aandelen=[0.3, 0.7])
        eerst, dan, _ = _totalen_blijven(s, plekken.situatie)
        organisatie = eerst.loc[samen].sum()
        np.testing.assert_allclose(dan.loc[plekken.locaties.index[0]], 0.3 * organisatie, rtol=1e-12)
        assert dan.loc[plekken.locaties.index].sum().std() > 0
        blijft = gedeelde_praktijk(s, samen)
        _, dan, _ = _totalen_blijven(s, blijft.situatie)
        deel = blijft.locaties["aandeel"]
        np.testing.assert_allclose(dan.loc[samen], np.outer(deel.loc[samen], organisatie), rtol=1e-9)
    # without a model of supply everything is known exactly
    gelijk = hd.landelijke_situatie(aanbodmodel="gelijk")
    w = dependance(gelijk, ids[0], punt=situatie.punten[ver_weg], fte=0.5)
    assert (trek_fte(w.situatie, trekkingen=2, seed=0).loc["nieuw-1"] == 0.5).all()


def test_results_show_themselves_in_one_line(situatie, straks, ver_weg):
    w = dependance(situatie, "P7841-01", punt=situatie.punten[ver_weg], fte=0.5)
    for uit, woord in ((straks, "jaar=2035"), (w, "2 locaties")):
        assert woord in repr(uit)
        assert len(repr(uit)) < 150


def test_satellite_that_cannot_be(situatie, ver_weg):
    punt = situatie.punten[ver_weg]
    with pytest.raises(ParameterFout, match="fte verplaatsen kan niet"):
        dependance(situatie, "P7841-01", punt=punt, fte=50)
    with pytest.raises(OnbekendePraktijkFout):
        dependance(situatie, "P0000-01", punt=punt, fte=0.5)


def test_shared_practice_keeps_its_fte(situatie, ver_weg):
    ids = situatie.praktijken.index[situatie.praktijken["pc4"].isin(["7841", "7851"])]
    totaal = situatie.praktijken.loc[ids, "fte"].sum()
    blijft = gedeelde_praktijk(situatie, ids)
    assert blijft.locaties["fte"].sum() == pytest.approx(totaal, abs=1e-12)
    assert blijft.samenvatting[["mensen_nader_minuten", "mensen_verder_minuten"]].eq(0).all()
    punten = [situatie.punten[ver_weg], *situatie.praktijken.geometry[ids]]
    w = gedeelde_praktijk(situatie, ids, punten=punten, aandelen=[0.2, 0.5, 0.3])
    assert abs(w.locaties["fte"].sum() - totaal) < 1e-12
    assert abs(w.situatie.aanbod_fte - situatie.aanbod_fte) < 1e-9
    assert w.locaties["aandeel"].tolist() == pytest.approx([0.2, 0.5, 0.3])
    assert not set(ids) & set(w.situatie.praktijken.index)
    assert w.samenvatting["mensen_nader_eigen"] >= situatie.inwoners[ver_weg]
    # by people nearby: the village far from any practice gets its part, and shares add up
    mensen = gedeelde_praktijk(situatie, ids, punten=punten)
    assert mensen.locaties["aandeel"].sum() == pytest.approx(1)
    assert (mensen.locaties["aandeel"] > 0).all()
    # counted again: the need of the buurten that have a location as the nearest practice of all, ties shared
    na = mensen.situatie
    minuten = na.reistijden.minuten.tocsr()
    kolom = na.reistijden.naar.get_indexer(mensen.locaties.index)
    buurten = np.unique(minuten.tocsc()[:, kolom].indices)
    tabel = minuten[buurten].toarray()
    tabel[tabel == 0] = np.inf
    open_ = na.reistijden.naar.isin(na.praktijken.index[na.praktijken["fte"] > 0])
    eerste = tabel <= tabel[:, open_].min(axis=1, keepdims=True) + 1e-6
    vraag = situatie.vraag.reindex(na.reistijden.van[buurten]).to_numpy()
    per = (eerste[:, kolom] * (vraag / eerste[:, open_].sum(axis=1))[:, None]).sum(axis=0)
    assert mensen.locaties["aandeel"].to_numpy() == pytest.approx(per / per.sum(), rel=1e-9)
    assert np.ptp(per) > 0.1 * per.max()


def test_shared_practice_in_fewer_places_takes_doors_away(situatie):
    ids = situatie.praktijken.index[situatie.praktijken["pc4"].isin(["7841", "7851"])]
    w = gedeelde_praktijk(situatie, ids, punten=[situatie.praktijken.geometry["P7851-01"]])
    assert w.samenvatting["mensen_verder_minuten"] > 0
    assert w.samenvatting["verlies_minuten"] > 0
    assert w.samenvatting["fte_na"] == pytest.approx(w.samenvatting["fte_voor"], abs=1e-9)
    assert nabijheid.verliest_laatste(situatie, w.situatie, minuten=5)["verliest"].sum() > 0


def test_shared_practice_that_cannot_be(situatie):
    ids = ["P7841-01", "P7851-01"]
    for fout in ({"aandelen": [0.5, 0.6]}, {"aandelen": [1.0]}, {"aandelen": [1.5, -0.5]}, {"punten": []}):
        with pytest.raises(ParameterFout):
            gedeelde_praktijk(situatie, ids, **fout)
    for fout in ({"punten": 5}, {"aandelen": 5}, {"aandelen": ["x", "y"]}, {"aandelen": [True, False]}):
        with pytest.raises(ParameterFout):
            gedeelde_praktijk(situatie, ids, **fout)
    for fout in ("P7841-01", [], 5, None, [["P7841-01"]], [pd.NA]):
        with pytest.raises(ParameterFout):
            gedeelde_praktijk(situatie, fout)
    with pytest.raises(OnbekendePraktijkFout):
        gedeelde_praktijk(situatie, ["P0000-01"])


def test_training_places_yield_years_later_and_in_a_range(situatie):
    u = opleidingsplaats(situatie, gm_code="GM0114", plaatsen=5, jaar_start=2027, jaar=2035)
    assert u.tabel["afgerond"].iloc[0] == pytest.approx(5 * (2035 - 2027 - 3.2) * 0.94)
    assert u.tabel["fte"].is_monotonic_increasing
    per = u.tabel["fte"] / u.tabel["in_regio"]
    assert per.to_numpy() == pytest.approx(0.7506)
    erbij = u.situatie.praktijken["fte"] - situatie.praktijken["fte"]
    assert erbij.sum() == pytest.approx(u.tabel.loc["midden", "fte"])
    assert set(situatie.praktijken.loc[erbij.index[erbij > 0], "gm_code"]) == {"GM0114"}
    te_vroeg = opleidingsplaats(situatie, gm_code="GM0114", jaar_start=2027, jaar=2030)
    assert (te_vroeg.tabel["fte"] == 0).all()
    assert te_vroeg.situatie is situatie
    nieuw = opleidingsplaats(
        situatie, punt=situatie.punten.iloc[0], jaar_start=2026, jaar=2035, blijft=(1, 1, 1)
    )
    assert nieuw.tabel["fte"].nunique() == 1
    assert nieuw.situatie.praktijken.loc["nieuw-1", "fte"] == pytest.approx(nieuw.tabel.loc["midden", "fte"])


@pytest.mark.parametrize(
    "fout",
    [{}, {"gm_code": "GM0114", "praktijk_id": "P7841-01"}, {"gm_code": "GM9999"}, {"praktijk_id": "P0000-01"},
     {"gm_code": "GM0114", "plaatsen": 0}, {"gm_code": "GM0114", "plaatsen": True}, {"gm_code": "GM0114", "plaatsen": 1e12},
     {"gm_code": "GM0114", "plaatsen": pd.NA}, {"gm_code": "GM0114", "blijft": 5.0}, {"gm_code": "GM0114", "blijft": ("a", "b", "c")},
     {"gm_code": "GM0114", "parameters": []}, {"gm_code": ["GM0114"]}, {"praktijk_id": pd.NA}, {"gm_code": "GM0114", "blijft": (0.5, 0.2, 0.8)}, {"gm_code": "GM0114", "jaar": 2020}],
)  # fmt: skip
def test_training_place_that_cannot_be(situatie, fout):
    with pytest.raises(HuisartsdataFout):
        opleidingsplaats(situatie, **({"jaar_start": 2027, "jaar": 2035} | fout))


# --- the last practice --------------------------------------------------------------------------


@pytest.mark.parametrize("per", ["wijk", "buurt"])
def test_people_of_the_areas_are_all_people(situatie, per):
    t = nabijheid.laatste_praktijk(situatie, minuten=10, per=per)
    assert t["inwoners"].sum() == situatie.inwoners.sum()
    assert (t["inwoners_zonder"] + t["inwoners_een"] <= t["inwoners"]).all()
    assert t["naam"].notna().all()
    met = t["kans_weg"].notna()
    assert (t.loc[met, "kans_weg_laag"] <= t.loc[met, "kans_weg"]).all()
    assert (t.loc[met, "kans_weg"] <= t.loc[met, "kans_weg_hoog"]).all()
    assert (t.loc[~met, "inwoners_zonder"] == t.loc[~met, "inwoners"]).all()
    assert not any("praktijk_id" in str(k) for k in t)
    samen = nabijheid.vat_laatste_samen(t, situatie, per="provincie")
    assert samen["inwoners"].sum() == situatie.inwoners.sum()
    assert samen["inwoners_een"].sum() == t["inwoners_een"].sum()


def test_chance_follows_from_number_and_curve(situatie):
    kans = nabijheid.sluitkansen(jaar=2035, kans=(0.1, 0.3, 0.6))
    assert kans["hoog"] == pytest.approx(0.2799 * 0.6)  # every practice solo
    maten = nabijheid.praktijkmaten(personen=14_347)
    assert sum(maten.values()) == pytest.approx(1)
    # as many GPs as there are, in as many practices as Nivel counted
    assert sum(n * d for n, d in maten.items()) * 4837 == pytest.approx(14_347)
    t = nabijheid.laatste_praktijk(situatie, minuten=10, per="buurt")
    n = nabijheid.praktijken_nabij(situatie, minuten=10)
    een, drie = t.index[n.reindex(t.index) == 1][0], t.index[n.reindex(t.index) == 3][0]
    q = nabijheid.sluitkansen(jaar=2035)
    assert t.loc[een, "kans_weg"] == pytest.approx(q["midden"])
    assert t.loc[drie, "kans_weg_hoog"] == pytest.approx(q["hoog"] ** 3)
    assert t.loc[een, "laatste"]
    assert not t.loc[drie, "laatste"]


def test_numbers_and_minutes_agree_with_the_travel_times(situatie):
    tabel = situatie.reistijden.tabel()
    telling = tabel[tabel["minuten"] <= 10].groupby("van").size().reindex(situatie.vraag.index, fill_value=0)
    assert (nabijheid.praktijken_nabij(situatie, minuten=10) == telling).all()
    naaste = tabel.groupby("van")["minuten"].min().reindex(situatie.vraag.index)
    pd.testing.assert_series_equal(nabijheid.minuten_naar(situatie), naaste, check_names=False)
    # a practice without fte is no door
    dicht = hd.scenario.voeg_fte_toe(situatie, -situatie.praktijken.loc[["P7841-01"], "fte"])
    weg = hd.scenario.sluit(situatie, ["P7841-01"])
    assert (nabijheid.praktijken_nabij(dicht) == nabijheid.praktijken_nabij(weg)).all()


def test_long_distances_in_drenthe(situatie):
    """Drenthe has 3% of people and several times its part of those without a practice within ten minutes."""
    samen = nabijheid.vat_laatste_samen(nabijheid.laatste_praktijk(situatie, minuten=10), situatie)
    zonder = samen["inwoners_zonder"] / samen["inwoners_zonder"].sum()
    mensen = samen["inwoners"] / samen["inwoners"].sum()
    assert zonder[DRENTHE] == zonder.max()
    assert zonder[DRENTHE] / mensen[DRENTHE] > 5
    assert samen.loc[DRENTHE, "gebieden_laatste"] > samen.loc["PV28", "gebieden_laatste"]


def test_middle_chance_is_said_to_be_a_low_guess():
    kans = nabijheid.sluitkansen(jaar=2035)
    # were partners to go together, a practice of any size would close as a solo one does
    assert kans["midden"] < kans["hoog"] / 5
    assert "eerder te laag" in nabijheid.TOELICHTING_SLUITKANS


@pytest.mark.parametrize(
    "fout",
    [{"minuten": 0}, {"minuten": 60}, {"minuten": pd.NA}, {"kans": (0.5, 0.4, 0.9)}, {"kans": 5.0},
     {"kans": (pd.NA, 0.3, 0.5)}, {"kans": (False, False, True)}, {"jaar": 2025}, {"jaar": pd.NA}],
)  # fmt: skip
def test_last_practice_arguments_that_cannot_be(situatie, fout):
    with pytest.raises(ParameterFout):
        nabijheid.laatste_praktijk(situatie, **fout)


def test_other_levels_are_refused(situatie):
    for per in ("gemeente", [], pd.NA):
        with pytest.raises(OnbekendGebiedFout):
            nabijheid.laatste_praktijk(situatie, per=per)


@pytest.mark.parametrize(
    "aanroep",
    [
        lambda s: vooruitzicht(s, jaar=2030, parameters=[]),
        lambda s: vooruitzicht(s, jaar=2030, parameters="x"),
        lambda s: vooruitzicht(s, jaar=2030, feiten=5),
        lambda s: vooruitzicht(s, jaar=2030, feiten=pd.DataFrame({"x": [1]})),
        lambda s: vooruitzicht(s, jaar=2030, leeftijden=5),
        lambda s: vooruitzicht(s, jaar=2030, variant=pd.NA),
        lambda s: vooruitzicht(s, jaar=pd.NA),
        lambda s: vooruitzicht(s, jaar=2030, vertrek=5),
        lambda s: vooruitzicht(s, jaar=2030).blootstelling(per=[]),
        lambda s: dependance(s, ["P7841-01"], punt=s.punten.iloc[0], fte=0.5),
        lambda s: dependance(s, "P7841-01", punt=5, fte=0.5),
        lambda s: dependance(s, "P7841-01", punt=s.punten.iloc[0], fte=pd.NA),
        lambda _: landelijkeraming.raming(parameters={}),
        lambda _: landelijkeraming.evenwichtsinstroom(duur="x"),
        lambda _: landelijkeraming.evenwichtsinstroom(vanaf=pd.NA),
        lambda _: landelijkeraming.evenwichtsinstroom(parameters=0),
        lambda _: landelijkeraming.evenwichtstabel(duren=3.0),
        lambda _: landelijkeraming.evenwichtstabel(trendjaren=["x"]),
        lambda _: landelijkeraming.evenwichtstabel(jaar="2043"),
        lambda _: landelijkeraming.evenwichtstabel(feiten=[]),
        lambda _: landelijkeraming.verklaar_evenwicht(None),
        lambda _: nabijheid.sluitkansen(feiten=5),
        lambda _: blootstelling.leeftijdsverhouding(5),
    ],
)
def test_arguments_of_a_wrong_kind_are_our_own_errors(situatie, aanroep):
    with pytest.raises(HuisartsdataFout):
        aanroep(situatie)
