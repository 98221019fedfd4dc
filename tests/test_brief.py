"""Briefs: the numbers, what every brief must say, the four kinds of file, and a run of many."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shlex
import zipfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

import docx
import numpy as np
import pandas as pd
import pikepdf
import pytest
from docx.oxml.ns import qn

import huisartsdata as hd
from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.catalogus import pakketmap, snapshot
from huisartsdata.fouten import BronFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.kerncijfers import load_kerncijfers
from huisartsdata.leveringen.eigen_gebieden import read_gebieden
from huisartsdata.model.informatie import wisselingen
from huisartsdata.model.tekort import ontleed_tekort, tekortbeeld
from huisartsdata.uitvoer.brieven import brief as brief_module
from huisartsdata.uitvoer.brieven import briefboekje
from huisartsdata.uitvoer.brieven import landbeeld as landbeeld_module
from huisartsdata.uitvoer.brieven.brief import maak_brief, opdrachtregel, schrijf_brief
from huisartsdata.uitvoer.brieven.briefbeelden import oordeeltitel
from huisartsdata.uitvoer.brieven.briefboekje import BOEKJE, is_klaar, schrijf_map, vingerafdruk
from huisartsdata.uitvoer.brieven.briefdocx import to_docx
from huisartsdata.uitvoer.brieven.briefhtml import to_html
from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Beeld, Kop, Lijst, Tabel
from huisartsdata.uitvoer.brieven.briefpdf import to_pdf
from huisartsdata.uitvoer.brieven.briefreeks import alle_gebieden, maak_alle
from huisartsdata.uitvoer.brieven.briefscenario import lees_scenario
from huisartsdata.uitvoer.brieven.brieftabellen import kanscel, kanstekst
from huisartsdata.uitvoer.brieven.brieftekst import antwoordzin
from huisartsdata.uitvoer.brieven.briefzip import to_zip
from huisartsdata.uitvoer.brieven.gebiedsbeeld import maak_gebiedsbeeld
from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld
from huisartsdata.uitvoer.brieven.leeszaal import maak_leeszaal
from huisartsdata.uitvoer.citatie import lees_briefherkomst
from huisartsdata.uitvoer.ouderdom import VerouderdWaarschuwing, lees_gegevens
from huisartsdata.uitvoer.verhaal.gebiedssom import leden_van, voeg_samen
from huisartsdata.werk.werkgebied import to_slug, zoek_werkgebied

from .test_herhaling_figuren import _publiceer

VOORBEELDEN = pakketmap() / "voorbeelden"
KINDS = ("Dordrecht", "Vlieland", "provincie:Drenthe", "RA1121", "Nederland", "eigen:VERZONNEN_ZO_DRENTHE")
LASTIG = "<script>alert('x')</script> \"A & B\" Súdwest \u202eom\u200f $x$ #let *b* _c_ @d [e] \\f ~ 漢 🏥"
KAAL = "<script>alert('x')</script> \"A & B\" Súdwest om $x$ #let *b* _c_ @d [e] \\f ~ 漢 🏥"


@pytest.fixture(scope="module")
def land():
    return maak_landbeeld(trekkingen=120)


@pytest.fixture(scope="module")
def eigen():
    return read_gebieden(VOORBEELDEN / "verzonnen_gebieden.csv")


@pytest.fixture(scope="module")
def brieven(land, eigen):
    """The six kinds, made once; each writer runs once per brief."""
    return {g: maak_brief(land, zoek_werkgebied(g, eigen=eigen)) for g in KINDS}


@pytest.fixture(scope="module", params=KINDS)
def brief(request, brieven):
    return brieven[request.param]


def teksten(brief) -> str:
    """All text of a brief, as the model holds it."""
    delen = [brief.titel, brief.vraag, brief.antwoord, *brief.kernpunten]
    for b in brief.secties:
        match b:
            case Kop(tekst) | Alinea(tekst):
                delen.append(tekst)
            case Lijst(punten):
                delen += punten
            case Tabel():
                delen += [b.titel, *b.kop, *(c for r in b.rijen for c in r), b.noot]
            case Beeld():
                delen += [b.bijschrift, b.figuur.bronregel, b.figuur.alt_tekst]
    return "\n".join([*delen, *(x for paar in brief.colofon for x in paar)])


def tabel(brief, naam: str) -> Tabel:
    return next(t for t in brief.tabellen if t.naam == naam)


def gebied(naam="Nergens", soort="eigen", gemeenten=("GM0114",), slug="nergens", wijken=()):
    return SimpleNamespace(
        gebied="eigen:X", naam=naam, soort=soort, gemeenten=gemeenten, slug=slug, wijken=wijken
    )


# the numbers


@pytest.mark.parametrize("per", ["regioplus", "provincie", "land"])
def test_regions_cut_from_one_set_of_draws_equal_those_drawn_by_themselves(land, per):
    zelf = tekortbeeld(land.situatie, per=per, trekkingen=land.aantal, seed=land.seed)
    uit = land.beelden[per]
    for kolom in ("kans_op_tekort", "rang_laag", "rang_hoog", "oordeel"):
        assert uit[kolom].tolist() == zelf[kolom].tolist()
    for kolom in ("inwoners", "nodig_fte", "aanbod_fte", "bereikt_fte", "tekort_fte"):
        np.testing.assert_allclose(uit[kolom], zelf[kolom], rtol=1e-9, atol=1e-9)


def test_parts_add_up_to_the_country(land):
    t = land.beelden["gemeente"]
    assert t["inwoners"].sum() == 17_942_942
    np.testing.assert_allclose(t["bereikt_fte"].sum(), 8981, rtol=1e-9)
    samen = voeg_samen(land.trekkingen["alle"], leden_van("land"))
    np.testing.assert_allclose(samen.bereikt, 10_769, rtol=1e-9)  # every draw, whatever decay or speed


def test_flips_are_those_of_the_model(land):
    normen = {f"{f} {n}": s.vervang(norm=n) for f, s in land.situaties.items() for n in (1800, 2095, 2350)}
    zelf = wisselingen(normen)
    uit = land.wisselkans(leden_van("gemeente"))
    assert (uit["combinaties"] == 30).all()
    pd.testing.assert_series_equal(uit["tekort"], zelf["tekort"], check_names=False)
    assert uit["wisselt"].tolist() == zelf["wisselt"].tolist()


def test_key_figures_equal_those_of_the_register(land):
    b = maak_gebiedsbeeld(land, zoek_werkgebied("provincie:Drenthe"))
    bron = load_kerncijfers("provincie").loc["PV22"]
    rij = b.kern.loc["Drenthe"]
    for hier, daar in {"inwoners": "inwoners", "praktijken": "praktijken", "afstand_km": "afstand_huisarts_km",
                       "inwoners_per_praktijk": "inwoners_per_praktijk"}.items():  # fmt: skip
        assert rij[hier] == pytest.approx(bron[daar], rel=1e-12)


def test_own_region_is_the_sum_of_its_gemeenten_and_has_no_rank(land, eigen):
    b = maak_gebiedsbeeld(land, zoek_werkgebied("eigen:VERZONNEN_ZO_DRENTHE", eigen=eigen))
    delen = land.beelden["gemeente"].loc[list(b.gebied.gemeenten)]
    for kolom in ("inwoners", "nodig_fte", "bereikt_fte", "aanbod_fte"):
        assert b.getal(kolom) == pytest.approx(delen[kolom].sum(), rel=1e-9)
    assert "rang_laag" not in b.cijfers and b.code == "eigen"
    t = land.trekkingen[land.functie]
    rijen = t.codes.isin(b.gebied.gemeenten)
    assert b.getal("kans_op_tekort") == (t.nodig[rijen].sum(0) > t.bereikt[rijen].sum(0)).mean()


def test_wijken_as_an_area(land):
    w = zoek_werkgebied("WK050501,WK050502")
    alles = zoek_werkgebied(",".join(hd.load_wijken().query("gm_code == 'GM0505'").index))
    b, heel = maak_gebiedsbeeld(land, w), maak_gebiedsbeeld(land, alles)
    assert b.getal("inwoners") == hd.load_wijken().loc[list(w.wijken), "inwoners"].sum()
    gemeente = land.beelden["gemeente"].loc["GM0505"]
    # all wijken of a gemeente are the gemeente, draw by draw
    for kolom in ("nodig_fte", "bereikt_fte", "bereikt_laag", "bereikt_hoog", "kans_op_tekort"):
        assert heel.getal(kolom) == pytest.approx(gemeente[kolom], rel=1e-9)


def test_a_higher_norm_never_raises_the_chance(brieven):
    for naam in KINDS[:4]:
        for _, deel in tabel(brieven[naam], "normen").data.groupby(level="functie"):
            assert deel["kans_op_tekort"].is_monotonic_decreasing


def test_unknown_gemeenten_are_refused(land):
    with pytest.raises(OnbekendGebiedFout, match="GM9999"):
        maak_gebiedsbeeld(land, gebied(gemeenten=("GM9999",)))
    with pytest.raises(OnbekendGebiedFout):
        maak_gebiedsbeeld(land, gebied(gemeenten=()))


@pytest.mark.parametrize(
    ("keuze", "woord"), [({"trekkingen": 99}, "100"), ({"functie": "alles"}, "zonder_wisselend")]
)
def test_too_few_draws_and_unknown_functie_are_refused(keuze, woord):
    with pytest.raises(ParameterFout, match=woord):
        maak_landbeeld(**{"trekkingen": 100, **keuze})


@pytest.mark.parametrize(
    ("kans", "tekst", "cel"),
    [(0, "minder dan 1%", "<1%"), (1, "meer dan 99%", ">99%"), (0.5, "50%", "50%"), (np.nan, "–", "–")],
)
def test_draws_never_prove_a_certainty(kans, tekst, cel):
    assert (kanstekst(kans), kanscel(kans)) == (tekst, cel)


# what every brief says (methods, section 6)


def test_every_brief_says_what_it_must(brief):
    alles = teksten(brief)
    for deel in (
        "2.095 patiënten per fte", "isselende waarnemers", "Kwaliteit: A van de bron zelf",
        "1 januari 2024", "11 maart 2026", "2021", "2017", "2022", "2025",  # every input its own year
        "2012, 2018, 2019", "na de breuk", "breuk met onbekende oorzaak",
        "8.981,0 fte, het landelijke aanbod", "17.942.942", "trekkingen", "van de 342 gemeenten",
        "Inspectie Gezondheidszorg en Jeugd (IGJ)", "Nederlandse Zorgautoriteit (NZa)", "12 december 2025",
        "regionale huisartsenorganisatie (RHO)", "27 mei 2026", "zorgplicht",
        "niet openbaar", "wie waar staat ingeschreven", "België en Duitsland", "wisselende waarnemers waar werken",
        "45.000 tot 194.000", "37.000", "732.000", "600.000", "hoogstens 6.900", "7%", "Tel ze niet op",
        "huisartsdata brief ",
    ):  # fmt: skip
        if deel.startswith(("2012", "na de breuk", "breuk met")) and "verzonnen" in brief.titel:
            continue  # a region of one's own has no series of years
        assert deel in alles, deel


def test_the_range_over_norms_functions_decays_and_travel_times_is_there(brieven):
    t = tabel(brieven["Dordrecht"], "normen")
    assert {(f, round(n)) for f, n in t.data.index} == {
        (f, n) for f, omslag in (("zonder_wisselend", 1998), ("alle", 1666)) for n in (1800, 2095, 2350, omslag)
    }  # fmt: skip
    assert len(tabel(brieven["Dordrecht"], "keuzes").rijen) == 5 + 3
    assert tabel(brieven["Dordrecht"], "keuzes").data["trekkingen"].groupby(level=0).sum().tolist() == [
        120,
        120,
    ]


def test_the_first_sentence_answers(land, brieven):
    for naam in KINDS[:4]:
        w = zoek_werkgebied(naam)
        b = maak_gebiedsbeeld(land, w)
        eerste = brieven[naam].antwoord.split(". ")[0]
        assert f"de kans op een tekort in {w.naam} is {kanstekst(b.getal('kans_op_tekort'))}" in eerste
        begin = {"tekort": "Ja", "geen tekort": "Vrijwel zeker niet", "onbekend": "Dat is "}
        assert eerste.startswith(begin[b.oordeel])


def test_every_verdict_has_its_own_answer(land):
    t = land.beelden["gemeente"]
    scheef = t[(t["oordeel"] == "onbekend") & ~t["kans_op_tekort"].between(0.1, 0.9)]
    codes = {*t.groupby("oordeel").head(2).index, *scheef.index[:2]}
    alle = alle_gebieden(to_slug, soorten=["gemeente"])
    beelden = [maak_gebiedsbeeld(land, g) for g in alle if g.gemeenten[0] in codes]
    begin = {"tekort": "Ja, vrijwel", "geen tekort": "Vrijwel zeker niet"}
    for b in beelden:
        zin, kans = antwoordzin(b), b.getal("kans_op_tekort")
        if b.oordeel == "onbekend":
            buiten = kans < 0.1 or kans > 0.9
            assert zin.startswith(
                "Dat is niet zeker te zeggen" if buiten else "Dat is met openbare cijfers niet"
            )
        else:
            assert zin.startswith(begin[b.oordeel])
    assert {b.oordeel for b in beelden} == {"tekort", "geen tekort", "onbekend"}


def test_the_country_leads_with_the_break_even_norm_and_counts_verdicts(brieven):
    b = brieven["Nederland"]
    assert "1.998 (zonder wisselende waarnemers) of 1.666 (als alle huisartsen tellen)" in b.kernpunten[0]
    t = tabel(b, "normen").data
    assert (t[["tekort", "onbekend", "geen tekort"]].sum(axis=1) == 342).all()
    # need against supply of the published estimates (Capaciteitsorgaan 2025)
    assert round(t.loc[("zonder_wisselend", 1800.0), "niveau_fte"]) == 9968 - 8981
    assert t.loc[("alle", 2095.0), "niveau_fte"] == 0
    d = tabel(b, "splitsing").data["verwacht"].unstack("deel")
    np.testing.assert_allclose(d[["niveau", "tussen", "binnen"]].sum(axis=1), d["tekort"])
    assert len(tabel(b, "regios").rijen) == 28


def test_cases_are_told_in_the_words_of_the_papers_only(brieven):
    assert "bijna 6.000 patiënten" in teksten(brieven["Dordrecht"])
    assert "Meer zegt de brief niet over die praktijk" in teksten(brieven["Dordrecht"])
    assert "nota van het ministerie van VWS van 27 mei 2026 herkent" in teksten(brieven["provincie:Drenthe"])
    assert "bijna 6.000" not in teksten(brieven["Vlieland"])


def test_signals_stand_apart_and_unmeasured_is_said(brieven):
    assert "is daar zelf niet gemeten" in teksten(brieven["Vlieland"])
    assert "minstens 75%" in teksten(brieven["Dordrecht"])
    rijen = tabel(brieven["provincie:Drenthe"], "signalen").rijen
    assert rijen[0][:4] == ("Drenthe (provincie)", "patiëntenstop", "relatief weinig", "2024")
    assert "Signalen tellen niet mee in het model" in tabel(brieven["Dordrecht"], "signalen").noot
    # one area under two names is compared once
    assert teksten(brieven["Vlieland"]).count("hebben relatief weinig praktijken een stop") <= 2


def test_the_command_finds_the_same_area(brieven, land):
    for naam in KINDS[:5]:
        delen = shlex.split(brieven[naam].opdracht)
        assert delen[:2] == ["huisartsdata", "brief"]
        assert zoek_werkgebied(delen[2]).gemeenten == zoek_werkgebied(naam).gemeenten
    assert "--trekkingen 120" in brieven["Dordrecht"].opdracht
    w = zoek_werkgebied(
        "eigen:VERZONNEN_ZO_DRENTHE", eigen=read_gebieden(VOORBEELDEN / "verzonnen_gebieden.csv")
    )
    eigen = maak_brief(land, w, gebiedenbestand="mijn regio's.csv").opdracht
    assert shlex.split(eigen)[2:4] == ["eigen:VERZONNEN_ZO_DRENTHE", "--trekkingen"]
    assert shlex.split(eigen)[-2:] == ["--gebieden", "mijn regio's.csv"]


def test_every_choice_stands_in_the_command(land):
    b = maak_gebiedsbeeld(replace(land, landelijk=9000.25), zoek_werkgebied("Dordrecht"))
    woorden = shlex.split(opdrachtregel(b, bestanden=["mijn lijst.csv"], peiljaar=2023))
    assert woorden[:3] == ["huisartsdata", "brief", "GM0505"]
    opties = dict(zip(woorden[3::2], woorden[4::2], strict=True))
    assert opties == {
        "--trekkingen": "120", "--bestand": "mijn lijst.csv", "--peiljaar": "2023", "--landelijk": "9000.25",
    }  # fmt: skip


# the maps


def test_the_map_of_verdicts_says_what_it_found(land):
    b = maak_gebiedsbeeld(land, zoek_werkgebied("provincie:Drenthe"))
    codes = list(b.gebied.gemeenten)
    for oordelen, titel in (
        (["onbekend"] * 12, "Van geen van de 12 gemeenten is met openbare cijfers te zeggen of er een tekort is"),
        (["tekort"] * 12, "Alle 12 gemeenten hebben vrijwel zeker een tekort"),
        (["geen tekort"] * 12, "Alle 12 gemeenten hebben vrijwel zeker geen tekort"),
        (["tekort"] + ["onbekend"] * 11,
         "Van 11 van de 12 gemeenten is met openbare cijfers niet te zeggen of er een tekort is"),
        (["tekort"] * 5 + ["geen tekort"] * 7,
         "In 5 van de 12 gemeenten is er vrijwel zeker een tekort, in 7 vrijwel zeker niet"),
    ):  # fmt: skip
        assert oordeeltitel(b, pd.Series(oordelen, index=codes)) == titel
    een = maak_gebiedsbeeld(land, zoek_werkgebied("Assen"))
    rond = pd.Series("onbekend", index=list(een.omgeving))
    n = len(rond) - 1
    assert een.oordeel == "onbekend"
    assert oordeeltitel(een, rond) == (
        f"Of Assen een tekort heeft, is met openbare cijfers niet te zeggen; dat geldt ook voor de {n} gemeenten eromheen"
    )
    rond[next(c for c in rond.index if c != "GM0106")] = "tekort"
    assert oordeeltitel(een, rond).endswith(
        f"; van de {n} gemeenten eromheen is het van {n - 1} niet te zeggen"
    )


def test_a_map_of_distance_counts_what_it_colours(land, brieven):
    """One wijk, its gemeente and the country: each title the share of its own people, counted by buurt."""
    bu = hd.load_buurten()
    bu = bu[bu["afstand_huisarts_km"].notna()]
    for naam, binnen, eenheid in (
        ("WK050501", bu["wk_code"] == "WK050501", "wijk"),
        ("Dordrecht", bu["gm_code"] == "GM0505", "wijk"),
        ("Nederland", bu["gm_code"].str.startswith("GM"), "gemeente"),
    ):
        ver = binnen & (bu["afstand_huisarts_km"] >= 2)
        deel = bu.loc[ver, "inwoners"].sum() / bu.loc[binnen, "inwoners"].sum()
        beeld = (brieven[naam] if naam in brieven else maak_brief(land, zoek_werkgebied(naam))).beelden[0]
        wie = "niemand" if deel == 0 else f"{round(100 * deel)}% van de mensen"
        assert f" woont {wie} in een buurt waar de huisarts gemiddeld 2 km" in beeld.figuur.titel
        assert f" per {eenheid}, " in beeld.bijschrift
    assert len(maak_brief(land, zoek_werkgebied("WK050501")).beelden[0].figuur.tabel) == 1


def test_series_and_split_of_the_picture_are_those_of_the_model(land):
    for soort in ("land", "regioplus", "gemeente"):
        pd.testing.assert_frame_equal(land.reeks(soort), hd.load_afstandreeks(soort))
    per = ("regioplus", "gemeente")
    zelf = ontleed_tekort(land.situatie, per=per, trekkingen=120)
    pd.testing.assert_frame_equal(land.splitsing().xs(per, level=("groot", "klein")), zelf)
    with pytest.raises(ParameterFout, match="getrokken"):
        ontleed_tekort(land.situatie, per=per, trekkingen=121, getrokken=land.trekkingen[land.functie])


# html


class Lezer(HTMLParser):
    """Elements in order, with attributes and the text inside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elementen: list[tuple[str, dict]] = []
        self.tekst: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elementen.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.tekst.append(data)

    def alle(self, tag: str) -> list[dict]:
        return [a for t, a in self.elementen if t == tag]


def test_html_is_one_file_that_asks_nothing_and_reads_aloud(brief):
    html = to_html(brief).decode()
    p = Lezer(html)
    assert p.alle("html") == [{"lang": "nl-NL"}] and len(p.alle("h1")) == 1
    assert not p.alle("script") and not p.alle("link") and not p.alle("iframe")
    assert all(a["src"].startswith("data:image/png;base64,") and len(a["alt"]) > 40 for a in p.alle("img"))
    assert len(p.alle("img")) == len(p.alle("figcaption")) == 2
    assert len(p.alle("table")) == len(p.alle("caption")) == len(brief.tabellen)
    assert {a.get("scope") for a in p.alle("th")} == {"col", "row"}
    assert sum(a["scope"] == "row" for a in p.alle("th")) == sum(len(t.rijen) for t in brief.tabellen)
    beleid = next(a["content"] for a in p.alle("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert beleid.startswith("default-src 'none'; img-src data:;") and "http" not in beleid
    stijl = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert base64.b64encode(hashlib.sha256(stijl.encode()).digest()).decode() in beleid
    assert not re.search(r"(src|href)=.?(https?:)?//", html)


# pdf


@pytest.fixture(scope="module")
def pdf(brief):
    return to_pdf(brief)


def elementen(knoop):
    """Every element below a node of the structure tree."""
    kinderen = knoop.get("/K", [])
    for kind in kinderen if isinstance(kinderen, pikepdf.Array) else [kinderen]:
        if isinstance(kind, pikepdf.Dictionary) and "/S" in kind:
            yield kind
            yield from elementen(kind)


def test_pdf_is_tagged_pdf_ua_with_its_letters_in_it(brief, pdf):
    with pikepdf.open(io.BytesIO(pdf)) as p:
        assert 2 <= len(p.pages) <= 4
        assert bool(p.Root.MarkInfo.Marked) and str(p.Root.Lang).lower().startswith("nl")
        assert p.Root.ViewerPreferences.DisplayDocTitle
        with p.open_metadata() as xmp:
            assert xmp["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
            assert xmp["dc:title"] == brief.titel
        assert not {"/CreationDate", "/ModDate"} & set(p.docinfo.keys())
        soorten = [str(e.S) for e in elementen(p.Root.StructTreeRoot)]
        koppen = [b for b in brief.secties if isinstance(b, Kop)]
        assert soorten.count("/H1") == 1 and soorten.count("/H2") == len(koppen) + 1
        assert soorten.count("/Table") == len(brief.tabellen)
        # headings of columns (repeated ones are artifacts, so each counts once) and of rows
        assert soorten.count("/TH") == sum(len(t.kop) + len(t.rijen) for t in brief.tabellen)
        assert soorten.count("/TD") == sum((len(t.kop) - 1) * len(t.rijen) for t in brief.tabellen)
        alt = [str(e.get("/Alt", "")) for e in elementen(p.Root.StructTreeRoot) if str(e.S) == "/Figure"]
        for beeld in brief.beelden:
            assert beeld.alt_tekst in alt
        lettertypen = [
            o for o in p.objects if isinstance(o, pikepdf.Dictionary) and o.get("/Type") == "/FontDescriptor"
        ]
        assert lettertypen
        for letter in lettertypen:
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(letter.keys()), letter.FontName
            assert "DejaVu" in str(letter.FontName)
        for o in p.objects:  # text can be taken out again
            if isinstance(o, pikepdf.Dictionary) and o.get("/Subtype") == "/Type0":
                assert "/ToUnicode" in o


# docx


def test_docx_has_real_headings_captions_tables_and_alternative_texts(brief):
    inhoud = to_docx(brief)
    d = docx.Document(io.BytesIO(inhoud))
    stijlen = [(p.style.name, p.text) for p in d.paragraphs]
    koppen = [b.tekst for b in brief.secties if isinstance(b, Kop)]
    assert [t for s, t in stijlen if s == "Heading 1"] == [*koppen, "Hoe is deze brief gemaakt?"]
    assert [t for s, t in stijlen if s == "Title"] == [brief.titel]
    bijschriften = [t for s, t in stijlen if s == "Caption"]
    assert len(bijschriften) == len(brief.tabellen) + len(brief.beelden)
    assert bijschriften[0] == f"Figuur 1. {brief.beelden[0].bijschrift}."
    assert len(d.tables) == len(brief.tabellen)
    for t, bron in zip(d.tables, brief.tabellen, strict=True):
        assert [c.text for c in t.rows[0].cells] == list(bron.kop)
        assert [[c.text for c in r.cells] for r in t.rows[1:]] == [list(r) for r in bron.rijen]
        assert t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [s._inline.docPr.get("descr") for s in d.inline_shapes] == [b.alt_tekst for b in brief.beelden]
    xml = d.element.xml
    assert xml.count("SEQ Figuur") == 2 and xml.count("SEQ Tabel") == len(brief.tabellen)
    assert d.core_properties.title == brief.titel and d.core_properties.language == "nl-NL"
    with zipfile.ZipFile(io.BytesIO(inhoud)) as z:
        assert {i.date_time for i in z.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert 'w:val="nl-NL"' in z.read("word/styles.xml").decode()
        assert not [n for n in z.namelist() if "thumbnail" in n]


# zip


def test_zip_has_every_figure_table_and_provenance(brief):
    with zipfile.ZipFile(io.BytesIO(to_zip(brief))) as z:
        namen = set(z.namelist())
        for n, b in enumerate(brief.beelden, 1):
            basis = f"figuur{n}_{b.naam}"
            assert {f"{basis}.{x}" for x in ("png", "svg", "csv", "json")} <= namen
            assert json.loads(z.read(f"{basis}.json"))["bronregel"] == b.figuur.bronregel
        for n, t in enumerate(brief.tabellen, 1):
            csv = z.read(f"tabel{n}_{t.naam}.csv")
            herkomst = json.loads(z.read(f"tabel{n}_{t.naam}.json"))
            assert herkomst["csv"]["sha256"] == hashlib.sha256(csv).hexdigest()
            assert herkomst["opdracht"] == brief.opdracht and herkomst["hash"] == hd.snapshot().hash
            assert len(pd.read_csv(io.BytesIO(csv))) == len(t.data)
        assert brief.antwoord in z.read("LEESMIJ.txt").decode()
        assert all("/" not in n and not n.startswith(".") for n in namen)


# the same bytes, hostile names


def test_the_same_bytes_again(land, brieven, tmp_path):
    weer = maak_brief(land, zoek_werkgebied("Vlieland"))
    een = schrijf_brief(brieven["Vlieland"], tmp_path / "a")
    twee = schrijf_brief(weer, tmp_path / "b")
    assert list(een) == ["html", "pdf", "docx", "zip"]
    for soort, pad in een.items():
        assert pad.read_bytes() == twee[soort].read_bytes(), soort


@pytest.fixture(scope="module")
def lastig(land):
    return maak_brief(land, gebied(naam=LASTIG, gemeenten=("GM0114", "GM0109"), slug="lastig"))


def test_names_are_text_in_the_model_and_html(lastig):
    assert KAAL in lastig.titel and not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", teksten(lastig))
    html = to_html(lastig).decode()
    p = Lezer(html)
    assert not p.alle("script") and KAAL in "".join(p.tekst)
    assert "\u202e" not in html and "\u200f" not in html


def test_names_are_text_in_pdf_docx_and_zip(lastig):
    with pikepdf.open(io.BytesIO(to_pdf(lastig))) as p, p.open_metadata() as xmp:
        # what the letter does not have is replaced, and seen to be replaced
        assert xmp["dc:title"] == f"Huisartsenzorg in {KAAL}".replace("漢", "\ufffd").replace("🏥", "\ufffd")
    d = docx.Document(io.BytesIO(to_docx(lastig)))
    assert d.paragraphs[0].text == f"Huisartsenzorg in {KAAL}"
    with zipfile.ZipFile(io.BytesIO(to_zip(lastig))) as z:
        assert all(re.fullmatch(r"[A-Za-z0-9_.]+", n) for n in z.namelist())


@pytest.mark.parametrize("naam", ["=1+1", "@SUM(A1)", "+31", "-2"])
def test_a_name_is_no_formula_in_a_csv(land, naam):
    b = maak_brief(land, gebied(naam=naam))
    with zipfile.ZipFile(io.BytesIO(to_zip(b))) as z:
        csv = z.read("tabel1_kerncijfers.csv").decode()
    assert f"\n'{naam}," in csv and f"\n{naam}," not in csv


def test_an_own_region_may_be_called_nederland(land):
    b = maak_gebiedsbeeld(land, gebied(naam="Nederland"))
    assert b.kern.index.tolist() == ["Nederland (dit gebied)", "Nederland"]
    assert b.kern["inwoners"].tolist() == [land.beelden["gemeente"].at["GM0114", "inwoners"], 17_942_942]
    assert maak_brief(land, gebied(naam="Nederland")).kernpunten


# norm, delivery, scenario


def test_a_delivery_replaces_supply_and_is_named():
    functie, gebieden = "alle", read_gebieden(VOORBEELDEN / "verzonnen_gebieden.csv")
    drecht = list(gebieden.index[gebieden["code"] == "VERZONNEN_DRECHT"])
    pad = VOORBEELDEN / "verzonnen_praktijken_drechtsteden.csv"
    lev = hd.read_praktijken(pad, gebied=drecht, functie=functie)
    land = maak_landbeeld(norm="landelijk", trekkingen=100, functie=functie, aanbod=[lev])
    assert set(land.situaties) == {functie}  # the other functie counts other GPs
    b = maak_brief(land, zoek_werkgebied("Dordrecht"))
    eigen = lev.tabel[lev.tabel["gm_code"] == "GM0505"]["fte"].sum()
    assert land.beelden["gemeente"].at["GM0505", "aanbod_fte"] == pytest.approx(eigen)
    assert (
        "--norm landelijk --functie alle" in b.opdracht and "landelijk gemiddelde van dit beeld" in teksten(b)
    )
    assert "openbare cijfers niet te zeggen: de kans" not in b.antwoord
    assert f"--bestand {lev.herkomst.bestand}" in b.opdracht and lev.herkomst.bestand in teksten(b)
    assert {f for f, _ in tabel(b, "normen").data.index} == {functie}


def test_scenarios_stand_beside_the_picture_now(land):
    w = zoek_werkgebied("Dordrecht")
    erbij = lees_scenario(land, w, "erbij:5")
    b = maak_brief(land, w, scenario=erbij)
    nu, na = (tabel(b, "scenario").data.iloc[k] for k in (0, 1))
    assert (
        na["kans_op_tekort"] < nu["kans_op_tekort"]
        and nu["bereikt_midden"] < na["bereikt_midden"] < nu["bereikt_midden"] + 5
    )
    np.testing.assert_allclose(erbij.trekkingen["plus 5 fte"].bereikt.sum(0), 8981 + 5, rtol=1e-9)
    assert b.opdracht.endswith("--scenario erbij:5")
    assert "geen voorspelling" in tabel(b, "scenario").noot
    # who reads the first page only, reads the outcome too
    assert b.kernpunten[0].startswith("Wat als er in Dordrecht 5 fte bij komt? De kans op een tekort is nu ")
    assert [f"{c}%" for c in re.findall(r"(\d+)%", b.kernpunten[0])] == [
        r[-1] for r in tabel(b, "scenario").rijen
    ]
    straks = maak_brief(land, w, scenario=lees_scenario(land, w, "jaar:2035"))
    assert [r[0] for r in tabel(straks, "scenario").rijen] == [
        "nu", "2035, alleen bevolking", "2035, alle groei van de vraag",
    ]  # fmt: skip
    # the wijken themselves have another chance, which stands in the answer
    wijken = zoek_werkgebied("WK050501,WK050502")
    deel = maak_brief(land, wijken, scenario=lees_scenario(land, wijken, "erbij:5")).kernpunten[0]
    assert "De kans op een tekort in de gemeente als geheel is nu " in deel
    assert straks.kernpunten[0].startswith("Vooruitblik naar 2035: de kans op een tekort is nu ")
    laag, hoog = (r[-1] for r in tabel(straks, "scenario").rijen[1:])
    assert f"in 2035 {laag} tot {hoog}, afhankelijk van de groei van de vraag" in straks.kernpunten[0]
    assert "230 fte over" in teksten(straks) and "3.000 fte te weinig" in teksten(straks)
    weg = maak_brief(land, w, scenario=lees_scenario(land, w, "uitval:6000"))
    assert "1,6 keer een gemiddelde praktijk" in teksten(weg) and "geen bestaande praktijk" in teksten(weg)
    with pikepdf.open(io.BytesIO(to_pdf(straks))) as p:
        assert len(p.pages) <= 4


@pytest.mark.parametrize(
    "tekst", ["", "jaar", "jaar:nooit", "uitval:1.5", "erbij:nan", "erbij:0", "norm:3", "erbij:1e9"]
)
def test_scenarios_that_make_no_sense_are_refused(land, tekst):
    with pytest.raises(ParameterFout):
        lees_scenario(land, zoek_werkgebied("Dordrecht"), tekst)
    with pytest.raises(ParameterFout, match="gemeente"):
        lees_scenario(land, zoek_werkgebied("provincie:Drenthe"), "uitval:6000")


# many


def test_all_areas_have_a_folder_of_their_own_named_as_the_command_line_does():
    alle = alle_gebieden(to_slug)
    assert len(alle) == len({g.slug for g in alle}) == 1 + 12 + 28 + 40 + 25 + 25 + 32 + 342
    assert {
        sum(len(g.gemeenten) for g in alle if g.soort == s) for s in ("land", "provincie", "gemeente")
    } == {342}
    for g in alle[:: len(alle) // 12]:
        w = zoek_werkgebied(g.gebied)
        assert (w.slug, w.naam, w.soort, w.gemeenten) == (g.slug, g.naam, g.soort, g.gemeenten)


def test_many_in_parallel_give_the_bytes_of_one_and_are_skipped_when_there(land, tmp_path):
    gebieden = [zoek_werkgebied(g) for g in ("Vlieland", "provincie:Flevoland")]
    gemeld = []
    r = maak_alle(
        tmp_path / "a", gebieden, landbeeld=land, soorten=["html", "docx"], processen=2,
        meld=lambda klaar, alle, naam: gemeld.append((klaar, alle)),
    )  # fmt: skip
    assert r.gemaakt == ("provincie-flevoland", "vlieland") and not r.mislukt and not r.overgeslagen
    assert gemeld == [(1, 2), (2, 2)]
    een = schrijf_map(land, gebieden[0], tmp_path / "b" / "vlieland", soorten=["html", "docx"])
    for pad in [*een.values(), tmp_path / "b" / "vlieland" / BOEKJE]:
        assert pad.read_bytes() == (tmp_path / "a" / "vlieland" / pad.name).read_bytes()
    weer = maak_alle(tmp_path / "a", gebieden, landbeeld=land, soorten=["html"], processen=1)
    assert weer.overgeslagen == ("vlieland", "provincie-flevoland") and not weer.gemaakt
    # a file that was touched, or a kind that is not there yet, is made again
    (tmp_path / "a" / "vlieland" / "vlieland.html").write_text("weg")
    weer = maak_alle(tmp_path / "a", gebieden, landbeeld=land, soorten=["html"], processen=1)
    assert weer.gemaakt == ("vlieland",)
    boekje = json.loads((tmp_path / "a" / "vlieland" / BOEKJE).read_text())
    assert is_klaar(tmp_path / "a" / "vlieland", boekje["vinger"], ["html"])
    assert not is_klaar(tmp_path / "a" / "vlieland", boekje["vinger"], ["pdf"])
    # other data are another brief
    assert vingerafdruk(replace(land, vinger="anders"), gebieden[0]) != vingerafdruk(land, gebieden[0])


def test_one_area_that_fails_does_not_stop_the_others(land, tmp_path):
    gebieden = [gebied(gemeenten=("GM9999",), slug="mis"), zoek_werkgebied("Vlieland")]
    r = maak_alle(tmp_path, gebieden, landbeeld=land, soorten=["html"], processen=1)
    assert r.gemaakt == ("vlieland",) and "GM9999" in r.mislukt["mis"]


def test_runs_that_cannot_be_are_refused(land, tmp_path):
    vlieland = zoek_werkgebied("Vlieland")
    with pytest.raises(ParameterFout, match="vlieland"):
        maak_alle(tmp_path, [vlieland, vlieland], landbeeld=land)
    with pytest.raises(ParameterFout, match="processen=0"):
        maak_alle(tmp_path, [vlieland], landbeeld=land, processen=0)
    (tmp_path / "bestand").write_text("")
    with pytest.raises(BronFout, match="andere map"):
        maak_alle(tmp_path / "bestand", [vlieland], landbeeld=land, processen=1)
    b = maak_brief(land, vlieland)
    with pytest.raises(ParameterFout, match="epub"):
        schrijf_brief(b, tmp_path, soorten=["epub"])
    with pytest.raises(ParameterFout):
        schrijf_brief(b, tmp_path, soorten=[])


# the reading room


@pytest.fixture(scope="module")
def leeszaal(land, brieven, tmp_path_factory):
    map_ = tmp_path_factory.mktemp("figures")
    schrijf_map(land, zoek_werkgebied("Vlieland"), map_ / "briefs" / "vlieland", soorten=["html", "pdf"])
    figuur = brieven["Dordrecht"].beelden[0].figuur
    figuur.bewaar(map_ / "dordrecht", "afstand")
    replace(figuur, titel=f"Kaart {LASTIG}").bewaar(map_, "lastig")
    (map_ / "kapot.json").write_text("{")
    (map_ / "lijst.json").write_text("[1]")
    (map_ / "vreemd").mkdir()
    (map_ / "vreemd" / BOEKJE).write_text(
        json.dumps({"titel": "x", "bestanden": {"pdf": {"naam": "../../etc/passwd"}}})
    )
    return maak_leeszaal(map_)


def test_the_reading_room_lists_everything_and_every_link_leads_somewhere(leeszaal):
    p = Lezer(leeszaal.read_text(encoding="utf-8"))
    links = {unquote(a["href"]) for a in p.alle("a")}
    assert links and all((leeszaal.parent / x).is_file() for x in links)
    assert {"briefs/vlieland/vlieland.pdf", "dordrecht/afstand.csv", "lastig.png"} <= links
    assert not [x for x in links if ".." in x]
    assert p.alle("html") == [{"lang": "nl"}] and len(p.alle("h1")) == len(p.alle("script")) == 1
    assert all(a.get("alt") for a in p.alle("img"))
    zoek = [a["data-zoek"] for a in p.alle("li") if "data-zoek" in a]
    assert len(zoek) == 3 and all(z == z.lower() for z in zoek)
    assert any("gm0096" in z for z in zoek) and any("sudwest" in z for z in zoek)


def test_the_reading_room_knows_which_gemeenten_a_map_is_about(land, brieven, tmp_path):
    brieven["provincie:Drenthe"].beelden[0].figuur.bewaar(
        tmp_path, "afstand"
    )  # per wijk: no gemeente by name
    for naam in ("Vlieland", "provincie:Drenthe"):
        w = zoek_werkgebied(naam)
        schrijf_map(land, w, tmp_path / w.slug, soorten=["html"])
    html = maak_leeszaal(tmp_path).read_text(encoding="utf-8")
    zoek = [a["data-zoek"] for a in Lezer(html).alle("li") if "data-zoek" in a]
    # regions before gemeenten; each map is found by the gemeenten in it
    assert ["vlieland" in z for z in zoek] == [False, True, False]
    assert ["midden-drenthe" in z for z in zoek] == [True, False, True]
    # one sentence of the answer: a list of hundreds stays short
    assert "De norm bepaalt veel" in brieven["provincie:Drenthe"].antwoord and "De norm bepaalt" not in html


def test_the_reading_room_leads_to_the_pages_of_notebooks(tmp_path):
    bladen = tmp_path / "provincie-drenthe" / "notebooks"
    bladen.mkdir(parents=True)
    kop = "<title>06 · Uw &lt;eigen&gt; gebied</title><p><strong>Vraag.</strong> Hoe staat het <em>hier</em>?</p>"
    (bladen / "06_eigen_regio.html").write_text(f"<html>{kop}</html>", encoding="utf-8")
    (bladen / "07.html").write_bytes(b"\xff\xfe")  # no text
    (tmp_path / "los.html").write_text("<title>niet van ons</title>")
    p = Lezer(maak_leeszaal(tmp_path).read_text(encoding="utf-8"))
    assert [unquote(a["href"]) for a in p.alle("a")] == [
        "provincie-drenthe/notebooks/06_eigen_regio.html"
    ] * 2
    tekst = "".join(p.tekst)
    assert (
        "06 · Uw <eigen> gebied" in tekst and "Hoe staat het hier?" in tekst and "niet van ons" not in tekst
    )
    assert "Verhalen (1)" in tekst


def test_the_reading_room_says_what_is_older_than_its_data(land, brieven, tmp_path):
    figuur = brieven["Vlieland"].beelden[0].figuur
    figuur.bewaar(tmp_path, "nieuw")
    schrijf_map(land, zoek_werkgebied("Vlieland"), tmp_path / "briefs" / "vlieland", soorten=["html"])
    html = maak_leeszaal(tmp_path).read_text(encoding="utf-8")
    assert "erouderd" not in html and "Let op" not in html
    figuur.bewaar(tmp_path, "oud")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "01.html").write_text("<title>01</title>")
    (tmp_path / "manifest.json").write_text(json.dumps({"snapshot": {"hash": "0" * 64, "versie": "2023.1"}}))
    for pad in (tmp_path / "oud.json", tmp_path / "briefs" / "vlieland" / BOEKJE):
        inhoud = json.loads(pad.read_text(encoding="utf-8"))
        assert inhoud["hash"] == snapshot().hash
        pad.write_text(json.dumps(inhoud | {"hash": "0" * 64, "snapshot": "<2023.1>"}), encoding="utf-8")
    p = Lezer(maak_leeszaal(tmp_path).read_text(encoding="utf-8"))
    tekst = "".join(p.tekst)
    assert "Let op: 3 stukken hieronder zijn met andere gegevens gemaakt dan de huidige" in tekst
    assert tekst.count("Verouderd: gemaakt met gegevens <2023.1>. Maak dit opnieuw.") == 2
    zoek = [a["data-zoek"] for a in p.alle("li") if "data-zoek" in a]
    assert sorted(z.endswith(" verouderd") for z in zoek) == [False, True, True, True]


@pytest.fixture
def ververs(tmp_path, monkeypatch):
    """Puts a newer snapshot in force; the briefs of this file are made from the one before it."""
    (tmp_path / "gegevens").mkdir()
    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path / "gegevens"))
    return lambda: _publiceer(tmp_path / "gegevens")


def test_no_brief_is_made_of_a_picture_and_newer_data(land, tmp_path, ververs):
    ververs()
    melding = (
        r"de gegevens zijn veranderd .*\(snapshot 2024.1, nu 2024.2\); begin opnieuw bij het landelijke beeld"
    )
    vlieland = zoek_werkgebied("Vlieland")
    with pytest.raises(BronFout, match=melding):
        maak_brief(land, vlieland)
    with pytest.raises(BronFout, match=melding):
        schrijf_map(land, vlieland, tmp_path / "uit" / "vlieland", soorten=["html"])
    with pytest.raises(BronFout, match=melding):
        maak_alle(tmp_path / "uit", [vlieland], landbeeld=land, soorten=["html"], processen=1)
    assert not list((tmp_path / "uit").rglob("*.*"))


@pytest.mark.parametrize("tijdens", ["maak_gebiedsbeeld", "schrijf_brief"])
def test_a_refresh_while_a_brief_is_made_is_refused_or_said(land, tmp_path, ververs, monkeypatch, tijdens):
    """Before its numbers are complete it is refused; after that it names the data in it."""
    kamer = brief_module if tijdens == "maak_gebiedsbeeld" else briefboekje
    echt, vlieland, uit = getattr(kamer, tijdens), zoek_werkgebied("Vlieland"), tmp_path / "uit"

    def eerst_verversen(*a, **k):
        ververs()
        return echt(*a, **k)

    monkeypatch.setattr(kamer, tijdens, eerst_verversen)
    if tijdens == "maak_gebiedsbeeld":
        with pytest.raises(BronFout, match="de gegevens zijn veranderd"):
            schrijf_map(land, vlieland, uit, soorten=["html"])
        assert not list(uit.rglob("*.*"))
        return
    with pytest.warns(
        VerouderdWaarschuwing, match="brief 'vlieland' is gemaakt met snapshot 2024.1 .*opnieuw"
    ):
        schrijf_map(land, vlieland, uit, soorten=["html"])
    d = json.loads((uit / BOEKJE).read_text(encoding="utf-8"))
    assert (d["snapshot"], d["hash"]) == ("2024.1", land.snapshot.hash)
    assert "Verouderd: gemaakt met gegevens 2024.1." in maak_leeszaal(uit).read_text(encoding="utf-8")


def test_a_brief_written_after_a_refresh_names_the_data_in_it_everywhere(brieven, tmp_path, ververs):
    brief, oud = brieven["Vlieland"], brieven["Vlieland"].snapshot
    voor = to_zip(brief), to_docx(brief)
    ververs()
    assert snapshot().hash != oud.hash
    assert (to_zip(brief), to_docx(brief)) == voor  # not a byte of the new data in it
    with pytest.warns(VerouderdWaarschuwing, match="brief 'vlieland' is gemaakt met snapshot 2024.1"):
        paden = schrijf_brief(brief, tmp_path / "uit", soorten=["html", "zip"])
    with zipfile.ZipFile(paden["zip"]) as z:
        for naam in (n for n in z.namelist() if n.endswith(".json")):
            d = json.loads(z.read(naam))
            assert (d["snapshot"], d["hash"]) == (oud.versie, oud.hash), naam
    for pad in paden.values():
        assert any("nu geldt snapshot 2024.2" in r for r in lees_briefherkomst(pad).regels())


def test_the_national_picture_is_of_one_snapshot(ververs, monkeypatch):
    """A refresh during the draws: the picture is refused, not half of it old."""
    stil = SimpleNamespace(norm=2095.0, functie="alle")
    for naam in ("landelijke_situatie", "trek_gebieden", "maak_vervalpunt", "_beeld"):
        monkeypatch.setattr(landbeeld_module, naam, lambda *_, **__: stil)
    monkeypatch.setattr(landbeeld_module, "model_tegen_signaal", lambda *_, **__: ververs())
    with pytest.raises(BronFout, match="de gegevens zijn veranderd"):
        maak_landbeeld()


def test_the_reading_room_and_the_refresh(land, brieven, tmp_path, ververs):
    """What is there before a refresh is marked after it; what is made after it, is not."""
    uit = tmp_path / "uit"
    figuur = brieven["Vlieland"].beelden[0].figuur
    figuur.bewaar(uit, "voor")
    schrijf_map(land, zoek_werkgebied("Vlieland"), uit / "vlieland", soorten=["html"])
    (uit / "diep.json").write_text("[" * 100_000, encoding="utf-8")
    assert "erouderd" not in maak_leeszaal(uit).read_text(encoding="utf-8")
    ververs()
    with pytest.warns(VerouderdWaarschuwing, match="getekend met snapshot 2024.1"):
        figuur.bewaar(uit, "na")
    catalogus._GELEZEN.clear()  # a new process
    replace(figuur, gegevens=lees_gegevens()).bewaar(uit, "nieuw")
    html = maak_leeszaal(uit).read_text(encoding="utf-8")
    assert "Let op: 3 stukken hieronder zijn met andere gegevens gemaakt" in html
    assert html.count("Verouderd: gemaakt met gegevens 2024.1.") == 3


def test_the_reading_room_forbids_the_network_and_escapes(leeszaal):
    html = leeszaal.read_text(encoding="utf-8")
    beleid = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
    assert beleid.startswith("default-src 'none'") and "http" not in beleid and "unsafe" not in beleid
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html and "\u202e" not in html


def test_the_reading_room_gives_the_same_bytes_and_knows_an_empty_folder(leeszaal, tmp_path):
    eerst = leeszaal.read_bytes()
    assert maak_leeszaal(leeszaal.parent).read_bytes() == eerst
    assert "Er is nog niets" in maak_leeszaal(tmp_path).read_text(encoding="utf-8")
    with pytest.raises(BronFout, match="geen map"):
        maak_leeszaal(tmp_path / "nergens")


def test_files_are_written_whole_or_not_at_all(brieven, tmp_path):
    paden = schrijf_brief(brieven["Vlieland"], tmp_path, soorten=["html"])
    assert [p.name for p in tmp_path.iterdir()] == ["vlieland.html"]
    assert Path(paden["html"]).stat().st_mode & 0o777 == 0o644
