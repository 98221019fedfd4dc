"""The choice of a notebook: areas, deliveries, norm; the command line against the notebook's own; files recognised."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata import werkstroom
from huisartsdata.fouten import BronFout, HuisartsdataFout, LeveringFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import zoek_gebied
from huisartsdata.leveringen.herken import SOORTEN, herken_levering, read_levering
from huisartsdata.schema import REGIOSOORTEN
from huisartsdata.uitvoer.schermen.schuiven import ZONDER_SCHERM
from huisartsdata.werk.werkgebied import gebied_van_gemeenten, to_slug, zoek_werkgebied
from huisartsdata.werk.werkkeuze import lees_keuze, lees_norm
from huisartsdata.werk.werkvraag import VARIABELEN, Werkvraag

from .conftest import WORTEL

MAP = WORTEL / "data" / "voorbeelden"
NIVEL = MAP / "verzonnen_nivel_gemeente.csv"
NIVEL_REGIO = MAP / "verzonnen_nivel_regio.xlsx"
PRAKTIJKEN = MAP / "verzonnen_praktijken_drechtsteden.csv"
VEKTIS = MAP / "verzonnen_vektis.csv"
EIGEN = MAP / "verzonnen_gebieden.csv"
DRECHT = ("GM0482", "GM0505", "GM0523", "GM0531", "GM0590", "GM0610", "GM0642")


@pytest.fixture(autouse=True)
def _eigen_map(tmp_path, monkeypatch):
    monkeypatch.setenv(werkstroom.FIGUURVARIABELE, str(tmp_path / "figuren"))
    for variabele in VARIABELEN.values():
        monkeypatch.delenv(variabele, raising=False)


# --- areas ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tekst", "naam", "soort", "aantal", "niveau", "vlakken", "slug"),
    [
        ("provincie:Drenthe", "Drenthe", "provincie", 12, "gemeente", 12, "provincie-drenthe"),
        ("Dordrecht", "Dordrecht", "gemeente", 1, "wijk", 13, "dordrecht"),
        ("PV29", "Zeeland", "provincie", 13, "gemeente", 13, "provincie-zeeland"),
        ("gemeente:Enschede", "Enschede", "gemeente", 1, "wijk", 10, "enschede"),
        ("provincie:Flevoland", "Flevoland", "provincie", 6, "gemeente", 6, "provincie-flevoland"),
        ("Vlieland", "Vlieland", "gemeente", 1, "wijk", 1, "vlieland"),
        ("GM0642, Dordrecht", "Dordrecht en Zwijndrecht", "gemeenten", 2, "wijk", 22, "gm0505-gm0642"),
        ("wk050502,WK050501", "Binnenstad en Noordflank (Dordrecht)", "wijken", 1, "wijk", 2, "wk050501-wk050502"),
        ("Nuenen, Gerwen en Nederwetten", "Nuenen, Gerwen en Nederwetten", "gemeente", 1, "wijk", 3, "nuenen-gerwen-en-nederwetten"),
    ],
)  # fmt: skip
def test_keuze_of_every_kind_of_area(tekst, naam, soort, *, aantal, niveau, vlakken, slug):
    k = werkstroom.keuze(tekst)
    assert (k.naam, k.soort, len(k.gemeenten), k.niveau, k.slug) == (naam, soort, aantal, niveau, slug)
    kaart = k.kaart()
    assert (kaart.naam, len(kaart.gebieden)) == (naam, vlakken)
    assert k.uit.is_dir() and k.uit == werkstroom.figuurmap() / slug
    # the buurten are those of the area: their people add up to its own, but for CBS's rounding to 5
    bu = hd.load_buurten().loc[k.buurten]
    eigen = kaart.gebieden["inwoners"].sum()
    assert abs(bu["inwoners"].sum() - eigen) <= 5 * len(bu)
    assert (bu["inwoners"] > 0).all()
    # asked again by its own name it is the same
    assert werkstroom.keuze(k.gebied).gemeenten == k.gemeenten


def test_every_area_has_a_slug_of_its_own_that_is_no_path():
    slugs = {}
    gevonden = {}
    for soort in ("gemeente", *REGIOSOORTEN, "land"):
        for code, naam in hd.load_gebieden(soort)["naam"].items():
            slugs[code] = to_slug(naam if soort in ("gemeente", "land") else f"{soort}-{naam}")
            gevonden[code] = f"{soort}:{naam}"
    assert len(set(slugs.values())) == len(slugs) > 450
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", s) for s in slugs.values())
    assert "canoniek" not in slugs.values()
    for code in np.random.default_rng(1).choice(sorted(gevonden), 25, replace=False):
        assert zoek_gebied(gevonden[code])[1] == code  # the text of a choice finds its area again


@pytest.mark.parametrize("tekst", ["../../etc", "..", "/", "C:\\x", "a\x00b", "CON", "$(ls)", "", "💥"])
def test_slug_of_anything_is_harmless(tekst):
    assert re.fullmatch(r"[a-z0-9][a-z0-9_-]*", to_slug(tekst))


def test_many_codes_get_a_short_slug_that_depends_on_all_of_them():
    wijken = hd.load_wijken()
    codes = wijken.index[wijken["gm_code"] == "GM0505"].tolist()
    een, ander = zoek_werkgebied(",".join(codes)), zoek_werkgebied(",".join(codes[:-1]))
    assert een.slug.startswith("13-wijken-") and ander.slug.startswith("12-wijken-")
    assert zoek_werkgebied(",".join([*codes[::-1], codes[0]])) == een  # order and doubles do not matter
    assert zoek_werkgebied(",".join(DRECHT)).naam == "Dordrecht en 6 andere gemeenten"
    assert zoek_werkgebied("GM0505,Dordrecht").soort == "gemeente"


@pytest.mark.parametrize(
    ("tekst", "deel"),
    [
        ("Drenthe", "Kies: provincie:Drenthe (PV22); regioplus:Drenthe (RA0102)"),
        ("GM0505,Bergen", "'Bergen' is niet eenduidig. Kies: gemeente:Bergen (NH.)"),
        ("WK050501,WK999999", "geen wijkcodes van 2024: WK999999"),
        ("GM0505,WK050501", "wijken en gemeenten gaan niet samen"),
        ("GM0505,PV22", "'PV22' is geen gemeente maar provincie:Drenthe"),
        ("eigen:Drechtsteden", "vraagt om een bestand met eigen gebieden"),
        ("../../etc", "is niet bekend"),
        ("", "is niet bekend"),
    ],
)
def test_unknown_or_ambiguous_area_is_one_line_with_choices(tekst, deel, tmp_path):
    with pytest.raises(OnbekendGebiedFout) as e:
        werkstroom.keuze(tekst)
    assert deel in str(e.value) and "\n" not in str(e.value)
    assert not list((tmp_path / "figuren").glob("*"))  # nothing is made for an area that is none


def test_own_regions_by_code_or_name():
    op_code = werkstroom.keuze("eigen:VERZONNEN_DRECHT", gebieden=EIGEN)
    op_naam = werkstroom.keuze("eigen:drechtsteden", gebieden=EIGEN)
    assert op_code.gemeenten == op_naam.gemeenten == DRECHT
    assert op_code.gebied == op_naam.gebied == "eigen:VERZONNEN_DRECHT"
    assert op_code.uit.name == "eigen-verzonnen_drecht" and op_code.soort == "eigen"
    with pytest.raises(
        OnbekendGebiedFout, match=r"Kies: eigen:VERZONNEN_DRECHT .*eigen:VERZONNEN_ZO_DRENTHE"
    ):
        werkstroom.keuze("eigen:Texel", gebieden=EIGEN)
    with pytest.raises(ParameterFout, match="kies als gebied een van de eigen gebieden"):
        werkstroom.keuze("Dordrecht", gebieden=EIGEN)


def test_own_region_whose_name_is_a_path_stays_in_the_folder(tmp_path):
    pad = tmp_path / "eigen.csv"
    pad.write_text("gm_code;code;naam\nGM0505;X1;../../weg\n", encoding="utf-8")
    k = werkstroom.keuze("eigen:X1", gebieden=pad)
    assert k.naam == "../../weg" and k.uit == tmp_path / "figuren" / "eigen-x1"


def test_map_of_wijken_shows_only_these_and_what_lies_around():
    k = werkstroom.keuze("WK050501,WK050502")
    kaart = k.kaart()
    assert set(kaart.gebieden.index) == {"WK050501", "WK050502"}
    assert "GM0505" in kaart.buren.index  # the rest of Dordrecht is no white hole
    x0, y0, x1, y1 = kaart.uitsnede
    a0, b0, a1, b1 = kaart.gebieden.total_bounds
    assert x0 < a0 and y0 < b0 and x1 > a1 and y1 > b1
    fijn = k.kaart("buurt")
    assert set(k.buurten) <= set(fijn.gebieden.index)
    assert set(fijn.gebieden["wk_code"]) == {"WK050501", "WK050502"}
    with pytest.raises(ParameterFout, match="geen kaart per gemeente"):
        k.kaart("gemeente")


def test_gemeenten_that_are_a_region_together_are_called_after_it():
    assert gebied_van_gemeenten(hd.load_gebieden("provincie").at["PV29", "gemeenten"]) == "provincie:Zeeland"
    assert gebied_van_gemeenten(["GM0642", "GM0505"]) == "GM0505,GM0642"


# --- norm and functie ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("norm", "uit"),
    [(2095, 2095.0), ("2095", 2095.0), ("2.095", 2095.0), ("1997,6", 1997.6), ("2.095,5", 2095.5), (" landelijk ", "landelijk")],
)  # fmt: skip
def test_norm_in_dutch_and_plain_notation(norm, uit):
    assert lees_norm(norm) == uit


@pytest.mark.parametrize("norm", [True, 0, -1, 2.095, "2,095", "nan", "inf", "", "abc", float("nan"), 1e9])
def test_norm_that_is_none_is_refused(norm):
    with pytest.raises(ParameterFout, match=r"geef inwoners per fte, zoals 2095"):
        lees_norm(norm)


def test_defaults_are_the_norm_of_the_tariff_without_roaming_locums():
    k = werkstroom.keuze()
    assert (k.gebied, k.norm, k.functie, k.leveringen, k.vektis) == ("gemeente:Enschede", 2095.0, "zonder_wisselend", (), None)  # fmt: skip
    with pytest.raises(ParameterFout, match="kies uit alle, zonder_wisselend"):
        werkstroom.keuze(functie="iedereen")


# --- the notebook's own choice against the command line ---------------------------------------------------


def test_the_command_line_comes_before_the_notebook(monkeypatch):
    for naam, w in Werkvraag(gebied="PV29", norm="1800").omgeving().items():
        monkeypatch.setenv(naam, w)
    k = werkstroom.keuze("provincie:Drenthe", bestanden=NIVEL, functie="alle", norm=2350)
    assert (k.naam, k.norm, k.functie) == ("Zeeland", 1800.0, "alle")
    assert k.leveringen == ()  # another area: not the deliveries of the notebook's own
    assert k.uit == werkstroom.figuurmap()  # the folder of the run is that of the area


def test_norm_alone_leaves_area_and_deliveries_of_the_notebook(monkeypatch):
    monkeypatch.setenv("HUISARTSDATA_NORM", "1800")
    k = werkstroom.keuze("provincie:Drenthe", bestanden=[NIVEL], functie="alle")
    assert (k.naam, k.norm, len(k.leveringen)) == ("Drenthe", 1800.0, 1)
    assert k.uit == werkstroom.figuurmap() / "provincie-drenthe"


def test_a_question_survives_the_environment(tmp_path, monkeypatch):
    monkeypatch.chdir(MAP)
    vraag = Werkvraag(
        "eigen:X", (Path(NIVEL.name), PRAKTIJKEN), "landelijk", "alle", Path(EIGEN.name), 2023, 9000.5
    )
    terug = Werkvraag.from_omgeving(vraag.omgeving())
    # relative paths became absolute: a kernel runs in another folder
    assert terug.bestanden == (NIVEL.resolve(), PRAKTIJKEN.resolve()) and terug.gebieden == EIGEN.resolve()
    assert (terug.gebied, terug.norm, terug.functie, terug.peiljaar, terug.landelijk) == ("eigen:X", "landelijk", "alle", 2023, 9000.5)  # fmt: skip
    assert Werkvraag.from_omgeving({}).leeg and Werkvraag().omgeving() == {}
    with pytest.raises(ParameterFout, match="hernoem het"):
        Werkvraag(bestanden=(tmp_path / f"a{os.pathsep}b.csv",)).omgeving()


# --- deliveries ----------------------------------------------------------------------------------------------


def test_each_example_is_recognised_by_its_columns():
    assert [herken_levering(p)[0] for p in (NIVEL, NIVEL_REGIO, PRAKTIJKEN, VEKTIS)] == [
        "nivel", "nivel", "praktijken", "vektis",
    ]  # fmt: skip


def test_read_levering_gives_what_the_reader_itself_gives():
    for lev, zelf in (
        (read_levering(NIVEL, functie="alle"), hd.read_nivel(NIVEL, functie="alle")),
        (read_levering(PRAKTIJKEN, gebied=DRECHT, functie="alle"), hd.read_praktijken(PRAKTIJKEN, gebied=DRECHT, functie="alle")),
        (read_levering(VEKTIS, peiljaar=2024), hd.read_vektis(VEKTIS, peiljaar=2024)),
    ):  # fmt: skip
        pd.testing.assert_frame_equal(lev.tabel, zelf.tabel)
        assert (lev.soort, lev.gebieden, lev.herkomst) == (zelf.soort, zelf.gebieden, zelf.herkomst)
    # a file that says itself which GPs it counts is not overruled
    assert set(read_levering(NIVEL_REGIO, functie="alle").tabel["functie"]) == {"praktijkhouder", "hidha", "vaste_waarnemer"}  # fmt: skip
    with pytest.raises(ParameterFout, match="is een praktijklijst"):
        read_levering(PRAKTIJKEN)


def _schrijf(tmp_path, tekst, naam="x.csv"):
    pad = tmp_path / naam
    pad.write_bytes(tekst if isinstance(tekst, bytes) else tekst.encode())
    return pad


@pytest.mark.parametrize(
    ("kop", "soort"),
    [
        ("gemeente;postcode;fte\nDordrecht;3311;1,5", "praktijken"),  # also a gemeente and fte
        ("Regio;Jaar\n2024;x\npostcode;fte;ingeschreven\n3311;1,5;2000", "praktijken"),  # titles above it
        ("gm_code;geslacht;leeftijd;personen\nGM0106;M;40-44;3", "nivel"),
        ("geslacht;leeftijdsklasse;gemeentenaam;aantal;kosten_huisarts_consult\nM;0 t/m 4 jaar;ASSEN;9;1", "vektis"),
        ("id;nummer;gebied;fte\n1;2;GM0106;3", "nivel"),  # two names for one column of another reader
    ],
)  # fmt: skip
def test_files_that_look_like_two_kinds(tmp_path, kop, soort):
    assert herken_levering(_schrijf(tmp_path, kop + "\n"))[0] == soort


@pytest.mark.parametrize(
    "tekst",
    [
        "gm_code;code;naam\nGM0505;X;Y\n",
        "postcode;ingeschreven\n3311;2000\n",
        "geslacht;leeftijdsklasse;gemeentenaam\nM;0-4;ASSEN\n",
        "a;b\n1;2\n",
        "zomaar een tekst zonder tabel\n",
    ],
)
def test_wrong_file_names_the_three_sets_of_columns(tmp_path, tekst):
    with pytest.raises(LeveringFout) as e:
        read_levering(_schrijf(tmp_path, tekst))
    assert len(e.value.fouten) == 1
    for soort in SOORTEN:
        assert soort.woorden in str(e.value)
    assert "Jansen" not in str(e.value)


def test_without_a_header_the_contents_are_not_repeated(tmp_path):
    with pytest.raises(LeveringFout) as e:
        read_levering(_schrijf(tmp_path, "Verzonnen Naam;verzonnen@voorbeeld.nl\n"))
    assert "Verzonnen" not in str(e.value)


@pytest.mark.parametrize(
    ("maak", "fout", "deel"),
    [
        (lambda m: m, BronFout, "geen bestand maar een map"),
        (lambda m: m / "nee.csv", BronFout, "bestaat niet"),
        (lambda m: _schrijf(m, ""), LeveringFout, "het bestand is leeg"),
        (lambda m: _schrijf(m, "<html></html>"), LeveringFout, "webpagina"),
        (lambda m: _schrijf(m, b"PK\x03\x04stuk", "x.xlsx"), LeveringFout, "x.xlsx is geweigerd"),
        (lambda m: _schrijf(m, "fte;gebied\n1,0;GM0106;9\n"), LeveringFout, "kolom zonder naam"),
        (lambda m: _schrijf(m, "fte;gebied\n", "x.pdf"), LeveringFout, "onbekend soort bestand"),
    ],
)
def test_folder_empty_or_damaged_file_says_that_and_not_the_columns(tmp_path, maak, fout, deel):
    with pytest.raises(fout) as e:
        read_levering(maak(tmp_path))
    assert deel in str(e.value) and "drie soorten" not in str(e.value)


def test_a_delivery_changes_the_supply_of_its_area_and_vektis_is_kept_apart():
    k = werkstroom.keuze("provincie:Drenthe", bestanden=[NIVEL, VEKTIS, NIVEL], functie="alle", peiljaar=2024)
    assert [lev.soort for lev in k.leveringen] == ["nivel"]  # given twice, read once
    assert k.vektis is not None and k.vektis.soort == "vektis"
    geleverd = k.leveringen[0].tabel["fte"]
    s = k.situatie()
    per_gm = s.praktijken.groupby("gm_code")["fte"].sum()
    pd.testing.assert_series_equal(per_gm[geleverd.index], geleverd, check_names=False, rtol=1e-9)
    assert s.functie == "alle" and s.norm == 2095
    assert k.situatie(norm=1800, reistijden=s.reistijden).norm == 1800
    assert set(k.buurten) <= set(s.vraag.index)


def test_area_follows_from_the_delivery_when_none_is_asked():
    k = werkstroom.keuze(None, bestanden=NIVEL, functie="alle")
    assert (k.gebied, len(k.gemeenten)) == ("provincie:Drenthe", 12)
    with pytest.raises(ParameterFout, match="geef met --gebied op"):
        werkstroom.keuze(None, bestanden=NIVEL_REGIO, landelijk=9998.1)  # the whole country
    with pytest.raises(ParameterFout, match="geef met --gebied op"):
        werkstroom.keuze(None, bestanden=VEKTIS, peiljaar=2024)
    with pytest.raises(ParameterFout, match="is een praktijklijst"):
        werkstroom.keuze(None, bestanden=PRAKTIJKEN, functie="alle")


def test_a_complete_delivery_brings_its_own_national_total():
    with pytest.raises(LeveringFout, match="landelijk="):
        werkstroom.keuze("provincie:Zeeland", bestanden=NIVEL_REGIO)
    totaal = hd.read_nivel(NIVEL_REGIO).tabel["fte"].sum()
    k = werkstroom.keuze("provincie:Zeeland", bestanden=NIVEL_REGIO, landelijk=totaal)
    assert k.situatie().aanbod_fte == pytest.approx(totaal, rel=1e-12)


@pytest.mark.parametrize(
    ("wat", "deel"),
    [
        ({"standaard": "provincie:Zeeland", "bestanden": NIVEL, "functie": "alle"}, "gaat over geen enkele gemeente in Zeeland"),
        ({"standaard": "provincie:Drenthe", "bestanden": NIVEL}, "zegt niet welke huisartsen het telt"),
        ({"standaard": "Dordrecht", "bestanden": PRAKTIJKEN, "functie": "alle"}, "buiten het opgegeven gebied"),
        ({"standaard": "provincie:Drenthe", "bestanden": NIVEL_REGIO, "functie": "alle"}, "telt huisartsen met functie"),
        ({"standaard": "Assen", "bestanden": MAP / "verzonnen_nivel_met_fouten.csv", "functie": "alle"}, "GM9106"),
        ({"standaard": "Assen", "bestanden": VEKTIS}, "peiljaar=2024"),
    ],
)  # fmt: skip
def test_deliveries_that_do_not_fit_are_refused_at_once(wat, deel):
    with pytest.raises(HuisartsdataFout) as e:
        werkstroom.keuze(**wat)
    assert deel in str(e.value)


def test_two_files_of_vektis_are_one_too_many(tmp_path):
    twee = _schrijf(tmp_path, VEKTIS.read_bytes(), "verzonnen_twee.csv")
    with pytest.raises(ParameterFout, match="hoogstens één"):
        werkstroom.keuze("Dordrecht", bestanden=[VEKTIS, twee], peiljaar=2024)


def test_practice_list_of_own_region_replaces_its_practices():
    k = werkstroom.keuze("eigen:VERZONNEN_DRECHT", bestanden=PRAKTIJKEN, gebieden=EIGEN, functie="alle")
    p = k.situatie().praktijken
    binnen = p[p["gm_code"].isin(DRECHT)]
    assert len(binnen) == 32 and binnen["fte"].sum() == pytest.approx(
        k.leveringen[0].tabel["fte"].sum(), rel=1e-9
    )


def test_nothing_is_written_by_looking_up_a_choice(tmp_path):
    k = lees_keuze(Werkvraag("Vlieland"), tmp_path / "nergens")
    assert k.uit == tmp_path / "nergens" / "vlieland" and not k.uit.parent.exists()


# --- a run ---------------------------------------------------------------------------------------------------


def schrijf_boek(pad: Path, *cellen: str) -> Path:
    """A notebook with these code cells."""
    leeg = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": []}
    boek = {
        "cells": [leeg | {"id": f"c{i}", "source": [bron]} for i, bron in enumerate(cellen)],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "p", "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    pad.write_text(json.dumps(boek), encoding="utf-8")
    return pad


def test_voer_uit_hands_the_choice_over_and_not_what_the_shell_holds(tmp_path, monkeypatch):
    boek = schrijf_boek(
        tmp_path / "06_eigen_regio.ipynb",
        "import json\nfrom huisartsdata import werkstroom\nk = werkstroom.keuze('provincie:Zeeland')",
        "(k.uit / 'keuze.json').write_text(json.dumps([k.gebied, k.norm, k.functie, len(k.leveringen)]))",
    )
    monkeypatch.setenv("HUISARTSDATA_GEBIED", "Vlieland")
    vraag = Werkvraag("provincie:Drenthe", (NIVEL,), "2.350", "alle")
    uitkomst = werkstroom.voer_uit(boek, tmp_path / "uit", vraag=vraag)
    assert uitkomst.bestanden == ("keuze.json", "notebooks/06_eigen_regio.html")
    assert json.loads((tmp_path / "uit" / "keuze.json").read_text()) == [
        "provincie:Drenthe",
        2350.0,
        "alle",
        1,
    ]
    zonder = schrijf_boek(
        tmp_path / "07_zonder.ipynb",
        "import os, pathlib\nuit = pathlib.Path(os.environ['HUISARTSDATA_FIGUREN'])",
        "(uit / 'x').write_text(' '.join(n for n in os.environ if n in "
        + repr([*VARIABELEN.values(), ZONDER_SCHERM])
        + "))",
    )
    werkstroom.voer_uit(zonder, tmp_path / "los")
    assert (tmp_path / "los" / "x").read_text() == ZONDER_SCHERM  # not Vlieland


def test_a_notebook_that_listens_to_the_command_line_is_known(tmp_path):
    wel = schrijf_boek(tmp_path / "06_a.ipynb", "k = werkstroom.keuze('Enschede')")
    niet = schrijf_boek(tmp_path / "01_b.ipynb", "# de keuze van de lezer\nx = 'keuze'")
    assert werkstroom.heeft_keuze(wel) and not werkstroom.heeft_keuze(niet)
