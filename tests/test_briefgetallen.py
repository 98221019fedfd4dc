"""The numbers in briefs: middles of the draws, how sure a name is, and what the sentences may say of them."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.bronnen.catalogus import pakketmap
from huisartsdata.leveringen.eigen_gebieden import read_gebieden
from huisartsdata.model.aanbodprior import maak_ankers
from huisartsdata.model.onzekerheid import wilson
from huisartsdata.model.tekort import ONBEKEND
from huisartsdata.uitvoer.brieven.briefland import (
    grenszin,
    landelijkzinnen,
    landrooster,
    regiotabel,
    splitstabel,
)
from huisartsdata.uitvoer.brieven.brieflevering import leveringpunten
from huisartsdata.uitvoer.brieven.briefsignalen import kies_signalen, modelzin, signaaltabel, tegenspraak
from huisartsdata.uitvoer.brieven.brieftabellen import (
    decimalen,
    kerntabel,
    keuzetabel,
    omgevingstabel,
    roostertabel,
)
from huisartsdata.uitvoer.brieven.brieftekst import (
    antwoordzin,
    bereikpunt,
    kernpunten,
    naamzin,
    onbekendpunten,
    totaalzin,
    zekerheidszinnen,
)
from huisartsdata.uitvoer.brieven.gebiedsbeeld import maak_gebiedsbeeld
from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld
from huisartsdata.werk.werkgebied import zoek_werkgebied

VOORBEELDEN = pakketmap() / "voorbeelden"
WOORDEN = 30  # of a sentence that is read once
WEST_BRABANT, AMSTERDAM, STEDENDRIEHOEK, ZUIDWEST = "RA1323", "RA0616", "RA0206", "RA0308"


@pytest.fixture(scope="module")
def land():
    return maak_landbeeld(trekkingen=1000)


@pytest.fixture(scope="module")
def geleverd():
    gebieden = read_gebieden(VOORBEELDEN / "verzonnen_gebieden.csv")
    drecht = list(gebieden.index[gebieden["code"] == "VERZONNEN_DRECHT"])
    pad = VOORBEELDEN / "verzonnen_praktijken_drechtsteden.csv"
    lev = hd.read_praktijken(pad, gebied=drecht, functie="alle")
    land = maak_landbeeld(norm="landelijk", trekkingen=100, functie="alle", aanbod=[lev])
    return maak_gebiedsbeeld(land, zoek_werkgebied("eigen:VERZONNEN_DRECHT", eigen=gebieden))


def beeld(land, naam):
    return maak_gebiedsbeeld(land, zoek_werkgebied(naam))


# need, reach and people per fte: the middle of the draws


def test_printed_need_and_ratio_lie_inside_their_own_draws(land):
    t, d = land.beelden["gemeente"], land.trekkingen[land.functie]
    for laag, midden, hoog in (
        ("nodig_laag", "nodig_midden", "nodig_hoog"),
        ("bereikt_laag", "bereikt_midden", "bereikt_hoog"),
        ("per_fte_laag", "per_fte_midden", "per_fte_hoog"),
    ):
        assert (t[laag] <= t[midden]).all() and (t[midden] <= t[hoog]).all()
    np.testing.assert_allclose(t["nodig_midden"], np.median(d.nodig, axis=1))
    np.testing.assert_allclose(t["per_fte_midden"], np.median(d.nodig * 2095 / d.bereikt, axis=1))
    # the picture itself stands on one end of what need may be, which is why it is not what a brief prints
    assert ((t["nodig_fte"] > t["nodig_hoog"]) | (t["nodig_fte"] < t["nodig_laag"])).sum() == 342


def test_the_ratio_says_what_it_is_and_follows_from_what_stands_beside_it(land):
    zin = bereikpunt(beeld(land, "provincie:Drenthe"))
    assert "hebben 250 fte nodig (247–252)" in zin and "2.104 patiënten per fte (" in zin
    assert "fte nodig keer 2.095, gedeeld door fte bereikbaar; het is niet inwoners gedeeld door fte" in zin
    nodig, bereikt, per_fte = (
        float(re.search(patroon, zin)[1].replace(".", ""))
        for patroon in (r"hebben (\d+) fte", r"schatting (\d+) fte", r"dat ([\d.]+) patiënten")
    )
    assert nodig * 2095 / bereikt == pytest.approx(per_fte, rel=0.005)


def test_below_one_fte_there_is_no_ratio_and_an_island_has_no_border_to_cross(land):
    zin = bereikpunt(beeld(land, "Vlieland"))
    assert "hebben 0,6 fte nodig. Zij" in zin and "Onder 1 fte" in zin
    assert "patiënten per fte (" not in zin and "grens" not in zin
    assert "ook over de gemeentegrens" in bereikpunt(beeld(land, "Dordrecht"))


def test_tables_print_the_middle_with_one_number_of_decimals_per_column(land):
    assert (decimalen([0.0, 0.0]), decimalen([9.94, 250.0]), decimalen([np.nan, 99.0])) == (0, 1, 1)
    b = beeld(land, "provincie:Drenthe")
    t = omgevingstabel(b)
    emmen = next(r for r in t.rijen if r[0] == "Emmen")
    assert emmen[2] == f"{land.beelden['gemeente'].at['GM0114', 'nodig_midden']:.1f}".replace(".", ",")
    tabellen = [t, roostertabel(b), omgevingstabel(beeld(land, "Nederland")), landrooster(land)]
    for tabel in [*tabellen, regiotabel(land), splitstabel(land)]:
        for kolom, kop in enumerate(tabel.kop):
            if "fte" in kop or "Ruisvloer" in kop:
                cellen = " ".join(r[kolom] for r in tabel.rijen)
                assert len({len(d) for d in re.findall(r"\d(?:,(\d+))?(?![\d.,])", cellen)}) == 1, (
                    kop,
                    cellen,
                )


def test_up_to_fifteen_gemeenten_are_shown_whole(land):
    t = omgevingstabel(beeld(land, "provincie:Zeeland"))
    assert len(t.rijen) == len(t.data) == 13 and "csv-bestand" not in t.noot
    assert len(omgevingstabel(beeld(land, "Vlieland")).rijen) == 12


def test_distances_have_no_more_decimals_than_cbs_gives(land):
    rijen = {r[0]: r for r in kerntabel(beeld(land, "Vlieland")).rijen}
    cellen = [c for naam, r in rijen.items() if naam.startswith("Afstand in") for c in r[1:]]
    assert len(cellen) == 6 and all(re.fullmatch(r"\d,\d(; \d,\d)*", c) for c in cellen)


# verdicts that follow from the words of a source


def test_verdicts_of_named_regions_are_marked_and_others_are_not(land):
    a = maak_ankers()
    assert set(land.genoemd()) == {a.laagste, *a.hoogste}
    t = land.beelden["regioplus"]
    assert set(t.index[t["oordeel"] != ONBEKEND]) == {WEST_BRABANT, AMSTERDAM, STEDENDRIEHOEK, ZUIDWEST}
    tabel = regiotabel(land)
    met = {r[0] for r in tabel.rijen if r[-1].endswith("*")}
    assert met == set(t.loc[[WEST_BRABANT, AMSTERDAM, STEDENDRIEHOEK, ZUIDWEST], "naam"])
    # computed again without the names: only Amsterdam keeps its verdict
    zonder = land.zonder_namen("regioplus")
    assert [round(float(zonder[c]), 2) for c in (WEST_BRABANT, ZUIDWEST, STEDENDRIEHOEK, AMSTERDAM)] == [
        0.35, 0.19, 0.27, 0.01,
    ]  # fmt: skip
    assert "West-Brabant 35%" in tabel.noot and "Amsterdam <1%" in tabel.noot


def test_a_named_region_and_a_gemeente_in_it_say_where_their_verdict_comes_from(land):
    zin = naamzin(beeld(land, WEST_BRABANT))
    assert "volgt uit Nivels tekst" in zin and "de minste huisartsen" in zin and zin.endswith("tekort 35%.")
    amsterdam = naamzin(beeld(land, "Amsterdam"))  # whose verdict stays without the text
    assert "Amsterdam als regio met veel huisartsen" in amsterdam and "volgt uit" not in amsterdam
    assert amsterdam.endswith("Ook zonder die tekst is de kans op een tekort minder dan 1%.")
    assert naamzin(beeld(land, "provincie:Drenthe")) == naamzin(beeld(land, "Dordrecht")) == ""
    cellen = [r[-1] for r in roostertabel(beeld(land, WEST_BRABANT)).rijen]
    # the text asks for a shortage there; the opposite verdict under another norm does not follow from it
    assert "tekort*" in cellen and "geen tekort" in cellen and "geen tekort*" not in cellen


def test_what_is_named_survives_without_the_supply_model(land):
    slank = land.slank()
    assert slank.situatie.aanbodmodel is None
    assert slank.genoemd() == land.genoemd()
    pd.testing.assert_series_equal(slank.zonder_namen("gemeente"), land.zonder_namen("gemeente"))


def test_a_region_that_was_delivered_whole_stands_on_the_delivery(land, geleverd):
    lev = replace(geleverd.land.leveringen[0], gebieden=(WEST_BRABANT, *land.leden("regioplus")[AMSTERDAM]))
    assert set(replace(land, leveringen=(lev,), onthouden={}).genoemd()) == {STEDENDRIEHOEK, ZUIDWEST}


# names at the limit, flips and draws


def test_named_gemeenten_have_their_chance_and_the_expected_number_wrong(land):
    t = land.beelden["gemeente"]
    kort = t[t["oordeel"] == "tekort"]
    zin = grenszin(land)
    for naam, kans in zip(kort["naam"], kort["kans_op_tekort"], strict=True):
        assert f"{naam} ({round(100 * kans)}%)" in zin
    assert f"heeft {(1 - kort['kans_op_tekort']).sum():.1f} van de {len(kort)}".replace(".", ",") in zin
    # Bergen (NH.) by all its draws; the others because too few of the five decays are sure by themselves
    d, ruim = land.trekkingen[land.functie], []
    for code in kort.index:
        rij = d.kort[d.codes.get_loc(code)]
        delen = [rij[d.opzet["verval"] == v] for v in range(5)]
        zeker = sum(wilson(float(x.sum()), len(x))[0] > 0.9 for x in delen)
        if zeker < 4 or wilson(float(rij.sum()), len(rij))[0] <= 0.9:
            ruim.append(kort.at[code, "naam"])
    assert len(ruim) == len(kort) == 3
    assert "Zij liggen allemaal op de grens: met andere trekkingen kan een naam wegvallen" in zin


def test_one_wording_for_a_class(land):
    zinnen = [antwoordzin(beeld(land, n)) for n in (WEST_BRABANT, AMSTERDAM, "Nederland")]
    assert zinnen[0].startswith("Ja, vrijwel zeker") and zinnen[1].startswith("Vrijwel zeker niet")
    assert not any("waarschijnlijk" in z for z in zinnen)


def test_a_norm_that_changes_the_verdict_is_never_called_of_little_weight(land):
    b = beeld(land, "Amsterdam")
    assert set(b.rooster.loc["zonder_wisselend", "oordeel"]) == {"geen tekort", "onbekend"}
    assert "Een andere norm kan het oordeel veranderen: bij 1.800 is de kans 13%" in antwoordzin(b)


def test_flips_count_verdicts_from_the_draws(land):
    from huisartsdata.model.tekort import oordelen

    klassen = pd.DataFrame(
        {
            (f, n): oordelen(land.bij_norm(f, n), "gemeente")["oordeel"]
            for f in ("alle", "zonder_wisselend") for n in (1800, 2095, 2350)
        }
    )  # fmt: skip
    anders = int((klassen.nunique(axis=1) > 1).sum())
    tegen = int(((klassen == "tekort").any(axis=1) & (klassen == "geen tekort").any(axis=1)).sum())
    assert land.oordeelwissel() == (anders, tegen) == (220, 5)
    zinnen = " ".join(zekerheidszinnen(beeld(land, "Vlieland")))
    assert "bij 220 van de 342 gemeenten; bij 5 gaat het van tekort naar geen tekort" in zinnen
    assert (
        "zonder trekkingen toont in Vlieland een tekort bij geen van de 30" in zinnen
        and "geeft 0%" not in zinnen
    )


def test_ranges_within_the_noise_of_draws_are_not_printed_as_differences(land):
    zinnen = " ".join(zekerheidszinnen(beeld(land, "Vlieland")))
    assert "steeds rond 50%" in zinnen and "48%" not in zinnen and "177 tot 342" in zinnen
    # in Drenthe the travel time does move it: 57, 57 and 46% of some 330 draws each
    drenthe = " ".join(zekerheidszinnen(beeld(land, "provincie:Drenthe")))
    assert "46% tot 57%" in drenthe and "rekenen steeds rond 53%" in drenthe
    rij = keuzetabel(beeld(land, "provincie:Drenthe")).rijen[0]
    laag, hoog = wilson(108, 200)
    assert rij[1:] == (f"54% ({round(100 * laag)}–{round(100 * hoog)}%)", "200")


def test_every_draw_adds_up_to_the_country(land):
    zin = totaalzin(beeld(land, "Dordrecht"))
    assert "8.981,0 fte" in zin and "grootste verschil 0,0" in zin and "17.942.942 inwoners" in zin


# model and signals


def test_model_and_signal_are_compared_only_where_the_draws_tell(land):
    for naam, kans in (("Dordrecht", "24%"), ("provincie:Friesland", "55%"), ("provincie:Drenthe", "81%")):
        b = beeld(land, naam)
        zin = modelzin(b)
        if "niet zeggen" in zin:
            assert tegenspraak(b) == "" and "zelfde kant" not in zin
        deel = land.kans_onder_land(b.gebied.gemeenten)
        assert 0.1 < deel < 0.9, kans
        assert "het model kan niet zeggen of het bereik daar lager is dan gemiddeld" in zin
    t = land.trekkingen[land.functie]
    rijen = t.codes.isin(land.leden("regioplus")[AMSTERDAM])
    deel = t.bereikt[rijen].sum(axis=0) / t.nodig[rijen].sum(axis=0) < t.bereikt.sum(axis=0) / t.nodig.sum(
        axis=0
    )
    assert land.kans_onder_land(land.leden("regioplus")[AMSTERDAM]) == deel.mean() < 0.01
    # a region seen full in which the draws do give more reach
    assert "spreekt elkaar tegen" in tegenspraak(beeld(land, "provincie:Noord-Holland"))


def test_the_national_test_says_how_little_it_can_find(land):
    zin = modelzin(beeld(land, "Nederland"))
    assert "Die toets kan bijna niets vinden: 4 van de 28 regio's zijn vol en in 20 is niet gemeten" in zin


def test_areas_have_one_name_throughout(land):
    b = beeld(land, "Dordrecht")
    namen = [r[0] for r in signaaltabel(b, kies_signalen(b)).rijen]
    assert any("Zuid-Holland Zuid (RegioPlus)" in n for n in namen) and "Zuid-Holland-Zuid" not in " ".join(
        namen
    )
    assert "In Fryslân hebben" in modelzin(beeld(land, "Vlieland"))


# the country


def test_the_country_names_the_source_that_finds_a_shortage_and_why_there_is_no_interval(land):
    zinnen = landelijkzinnen(land)
    assert "6,3% onvervulde vraag" in zinnen[0] and "678 fte van alle huisartsen" in zinnen[0]
    assert "geen marge" in zinnen[1] and "in elke trekking gelijk" in zinnen[1]
    assert "Een andere bron ziet landelijk wel een tekort" in antwoordzin(beeld(land, "Nederland"))
    t = landrooster(land)
    extra = {r[0]: r for r in t.rijen if "onvervuld" in r[1]}
    # supply of the published estimate, times 1.063
    assert extra["alle"][2:5] == ("11.447", "10.769", "678")
    assert extra["zonder wisselende"][2:5] == ("9.547", "8.981", "566")


def test_the_noise_floor_is_not_offered_for_subtraction(land):
    t = splitstabel(land)
    assert "waarvan ruis" not in t.kop and "Trek hem niet af" in t.noot and "1.000 trekkingen" in t.noot


# an own delivery


def test_a_thin_list_is_said_on_the_first_page(geleverd):
    (zin,) = leveringpunten(geleverd.land, geleverd.gebied.gemeenten)
    assert zin.startswith(
        "Levering: 32 praktijken met 59,8 fte; de telling van maart 2026 kent daar 86 praktijken. Let op: ontbreken"
    )
    assert kernpunten(geleverd, kies_signalen(geleverd))[0] == zin
    lev = geleverd.land.leveringen[0]
    vol = pd.concat([lev.tabel.set_index(lev.tabel.index + str(k)) for k in range(3)])
    ruim = replace(geleverd.land, leveringen=(replace(lev, tabel=vol),))
    (zin,) = leveringpunten(ruim, geleverd.gebied.gemeenten)
    assert zin == "Levering: 96 praktijken met 179,4 fte; de telling van maart 2026 kent daar 86 praktijken."


def test_with_a_delivery_no_sentence_is_left_that_is_true_without_only(geleverd, land):
    zinnen = " ".join(onbekendpunten(geleverd))
    assert "twee tellingen" not in zinnen and "één manier" in zinnen
    assert "twee tellingen naast elkaar" in " ".join(onbekendpunten(beeld(land, "Dordrecht")))
    toets = modelzin(geleverd)
    assert "niet getoetst" in toets and "%" not in toets and tegenspraak(geleverd) == ""
    assert "Met en zonder" not in roostertabel(geleverd).noot
    assert "met de norm bij" in " ".join(zekerheidszinnen(geleverd))


@pytest.mark.parametrize("naam", ["provincie:Drenthe", "Vlieland", "Dordrecht", WEST_BRABANT, "Nederland"])
def test_sentences_are_short_enough_to_read_once(land, naam):
    b = beeld(land, naam)
    punten = [
        antwoordzin(b),
        *kernpunten(b, kies_signalen(b)),
        *zekerheidszinnen(b),
        modelzin(b),
        totaalzin(b),
    ]
    for punt in punten:
        kaal = re.sub(
            r"\([^()]*(\([^()]*\)[^()]*)*\)", "", punt
        )  # a source in brackets is looked up, not read
        for zin in re.split(r"(?<=[.?!])\s+(?=[A-Z])", kaal):
            assert len(zin.split()) <= WOORDEN, zin
