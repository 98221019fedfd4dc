"""The form of a brief: type as large as it fits, full pages, tags that a screen reader follows, names in one piece."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import docx
import numpy as np
import pandas as pd
import pikepdf
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from huisartsdata.uitvoer.brieven import briefpdf
from huisartsdata.uitvoer.brieven.briefdocx import to_docx
from huisartsdata.uitvoer.brieven.briefhtml import to_html
from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Beeld, Brief, Kop, Lijst, Tabel
from huisartsdata.uitvoer.brieven.briefletters import breedte_em
from huisartsdata.uitvoer.brieven.briefpdf import MAX_BLADEN, tel_bladen, to_pdf
from huisartsdata.uitvoer.brieven.briefvorm import (
    BOVEN_MM,
    ONDER_MM,
    SCHALEN,
    Bladspiegel,
    Zetting,
    aantal_regels,
    kies_zetting,
    kolombreedtes,
    to_volgordes,
)
from huisartsdata.uitvoer.huisstijl import MINIMUM_PT

NAAM = "Zuid-Holland Zuid"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="481.889764pt" height="240pt" viewBox="0 0 481.889764 240">'
ZIN = "De dichtstbijzijnde praktijk ligt gemiddeld op 1,0 km en in Nederland op 1,1 km; dat is gemeten. "


def png() -> bytes:
    import matplotlib.image as mi

    uit = io.BytesIO()
    mi.imsave(uit, np.ones((24, 48, 3)), format="png")
    return uit.getvalue()


def beeld(n: int) -> Beeld:
    b = Beeld(f"Afstand per wijk, {NAAM}", f"b{n}", SimpleNamespace(alt_tekst=f"Kaart {n} van {NAAM}."))
    vars(b)["svg"] = SVG + b'<rect width="481" height="239" fill="#eee"/></svg>'
    vars(b)["png"] = png()
    return b


def tabel(n: int, rijen: int = 8, noot: str = "Vergelijk de bronnen niet.") -> Tabel:
    return Tabel(
        titel=f"Kerncijfers {n}, {NAAM}",
        naam=f"t{n}",
        kop=("Gebied", "Inwoners", "Kans op tekort"),
        rijen=tuple((f"Gemeente nummer {i}", f"{i}.000", f"{i}%") for i in range(rijen)),
        data=pd.DataFrame(index=pd.Index(range(rijen), name="n")),
        getallen=(1, 2),
        noot=noot,
    )


def maak(zinnen: int = 1, rijen: int = 8) -> Brief:
    """A brief with two figures and three tables; as much text in it as asked."""
    opdracht = "huisartsdata brief RA1121"
    return Brief(
        titel=f"Huisartsenzorg in de RegioPlus-regio {NAAM}",
        vraag="Is er een tekort en hoe zeker is dat?",
        antwoord=f"Dat is voor {NAAM} niet te zeggen.",
        kernpunten=(ZIN * 2, ZIN, ZIN),
        secties=(
            Kop("Hoe ver is de huisarts?"),
            beeld(0),
            tabel(0),
            Kop("Is er genoeg?"),
            beeld(1),
            tabel(1, rijen),
            tabel(2),
            Lijst((ZIN * zinnen, ZIN * zinnen, ZIN * zinnen, ZIN * zinnen)),
            Kop("Bronnen"),
            Alinea("Deze brief is geen standpunt.", "noot"),
        ),
        colofon=(("Versie", "0.1.0"), ("Opnieuw maken", opdracht)),
        opdracht=opdracht,
        datum="21 november 2026",
        slug="x",
        soort="regioplus",
        versie="0.1.0",
    )


@pytest.fixture(scope="module")
def brief():
    return maak()


@pytest.fixture(scope="module")
def pdf(brief):
    with pikepdf.open(io.BytesIO(to_pdf(brief))) as p:
        yield p


def kinderen(knoop) -> list:
    k = knoop.get("/K", [])
    return [
        x
        for x in (k if isinstance(k, pikepdf.Array) else [k])
        if isinstance(x, pikepdf.Dictionary) and "/S" in x
    ]


def alle(knoop):
    for kind in kinderen(knoop):
        yield kind
        yield from alle(kind)


def soort(knoop) -> str:
    return str(knoop.S)[1:]


def eigenschap(knoop, naam: str):
    a = knoop.get("/A", [])
    return next((x[naam] for x in (a if isinstance(a, pikepdf.Array) else [a]) if naam in x), None)


# pdf: the tree of tags


def test_question_answer_and_notes_are_paragraphs_of_their_own(pdf, brief):
    (document,) = kinderen(pdf.Root.StructTreeRoot)
    soorten = [soort(k) for k in kinderen(document)]
    # title, date, question, answer, the points behind it
    assert soorten[:5] == ["H1", "P", "P", "P", "L"]
    noten = sum(bool(t.noot) for t in brief.tabellen) + 1
    assert soorten.count("P") == 3 + noten
    assert "Span" not in soorten
    bijschriften = [k for k in alle(document) if soort(k) == "Caption"]
    assert len(bijschriften) == 5
    assert all([soort(k) for k in kinderen(b)] == ["P"] for b in bijschriften)


def test_rows_and_columns_have_headings_that_say_which(pdf, brief):
    tabellen = [k for k in alle(pdf.Root.StructTreeRoot) if soort(k) == "Table"]
    assert len(tabellen) == len(brief.tabellen)
    for knoop, bron in zip(tabellen, brief.tabellen, strict=True):
        rijen = [
            [(soort(c), str(eigenschap(c, "/Scope"))) for c in kinderen(r)]
            for r in alle(knoop)
            if soort(r) == "TR"
        ]
        assert rijen[0] == [("TH", "/Column")] * len(bron.kop)
        assert rijen[1:] == [[("TH", "/Row"), *[("TD", "None")] * (len(bron.kop) - 1)]] * len(bron.rijen)
        # a list of headings at a cell would hide the scopes
        assert not any(
            eigenschap(c, "/Headers") for r in alle(knoop) if soort(r) == "TR" for c in kinderen(r)
        )
    assert not pdf.check_pdf_syntax()


def test_every_part_of_a_pdf_is_dutch(pdf):
    assert str(pdf.Root.Lang) == "nl-NL"
    talen = {str(k.Lang) for k in alle(pdf.Root.StructTreeRoot) if "/Lang" in k}
    assert talen <= {"nl-NL"}
    assert any(soort(k) == "Code" for k in alle(pdf.Root.StructTreeRoot))


def test_figures_are_as_large_as_they_were_drawn(pdf):
    figuren = [k for k in alle(pdf.Root.StructTreeRoot) if soort(k) == "Figure"]
    assert len(figuren) == 2
    for f in figuren:
        x0, _, x1, _ = map(float, eigenschap(f, "/BBox"))
        assert x1 - x0 == pytest.approx(170 / 25.4 * 72, abs=0.5)  # 7 pt stays 7 pt


# pdf: how it is laid out


def gekozen(brief: Brief, tmp_path) -> tuple[Zetting, Bladspiegel, bytes]:
    import json

    (tmp_path / "brief.json").write_text(json.dumps(briefpdf._inhoud(brief)))
    (tmp_path / "brief.typ").write_text(briefpdf._sjabloon())
    for n, b in enumerate(brief.beelden):
        (tmp_path / f"beeld{n}.svg").write_bytes(b.svg)
    zetter = briefpdf._Zetter(tmp_path, brief)
    zetting = kies_zetting(brief.secties, zetter.meet)
    return zetting, zetter.meet(zetting), zetter.to_pdf(zetting)


def test_type_is_as_large_as_four_pages_allow(tmp_path):
    maten = []
    for n, zinnen in enumerate((1, 30)):
        (map_ := tmp_path / str(n)).mkdir()
        brief = maak(zinnen, rijen=40)
        zetting, spiegel, pdf_ = gekozen(brief, map_)
        assert spiegel.past and tel_bladen(pdf_) == spiegel.bladen
        maten.append(zetting.schaal.tekst)
    assert maten[0] == SCHALEN[0].tekst
    assert maten[1] < maten[0]


def test_scales_go_down_and_never_below_what_can_be_read():
    for groot, klein in itertools.pairwise(SCHALEN):
        assert groot.tekst > klein.tekst and groot.tabel >= klein.tabel and groot.noot >= klein.noot
    assert min(min(s.tekst, s.tabel, s.noot) for s in SCHALEN) >= MINIMUM_PT
    assert any(s.tekst >= 9.5 and s.tabel >= 8 for s in SCHALEN)


def test_a_table_stays_whole_and_a_long_one_repeats_its_heading(tmp_path):
    brief = maak(4, rijen=60)
    _, spiegel, _ = gekozen(brief, tmp_path)
    bladen = {n: {p for s, m, p, _ in spiegel.plekken if s in ("rij", "noot") and m == n} for n in (2, 5, 6)}
    assert len(bladen[2]) == len(bladen[6]) == 1 and len(bladen[5]) == 2
    assert spiegel.gestrand == 0


def test_every_writer_says_whose_figures_they_are(brief):
    eigen = replace(brief, levering="Gebaseerd op eigen levering x.csv")
    with pikepdf.open(io.BytesIO(to_pdf(eigen))) as p:
        (document,) = kinderen(p.Root.StructTreeRoot)
        assert [soort(k) for k in kinderen(document)][:6] == ["H1", "P", "P", "P", "P", "L"]
    assert eigen.levering in to_html(eigen).decode()
    assert eigen.levering in [p.text for p in docx.Document(io.BytesIO(to_docx(eigen))).paragraphs]


def test_the_same_brief_gives_the_same_bytes(brief):
    assert to_pdf(brief) == to_pdf(brief)


def test_a_hole_and_a_lone_point_cost_and_a_full_page_does_not():
    def spiegel(*plekken: tuple[str, int, int, float]) -> Bladspiegel:
        return Bladspiegel(plekken)

    vol = spiegel(("tekst", 0, 1, ONDER_MM - 5), ("tekst", 1, 2, 60.0))
    gat = spiegel(("tekst", 0, 1, ONDER_MM - 80), ("tekst", 1, 2, 60.0))
    assert vol.kosten == 0 < gat.kosten
    assert gat.leeg_mm == (80.0,) and gat.bladen == 2
    assert gat.gevuld_mm == pytest.approx(ONDER_MM - 80 + 60 - 2 * BOVEN_MM)
    punten = [("punt", 3, p, 280.0) for p in (1, 1, 1, 1, 2, 2)]
    alleen = spiegel(*punten)
    assert alleen.gebroken == (3,) and alleen.gestrand == 1 and alleen.kosten > 0
    assert spiegel(*punten, *[("punt", 3, 2, 30.0)] * 2).gebroken == ()
    doormidden = spiegel(*[("punt", 3, p, 280.0) for p in (1, 1, 1, 1, 1, 2, 2, 2, 2, 2)])
    assert doormidden.gebroken == (3,)
    assert spiegel(("tekst", 0, 1, ONDER_MM + 1)).past
    assert not spiegel(("tekst", 0, 1, ONDER_MM + 40)).past  # off the paper
    assert not spiegel(*(("tekst", 0, p, 100.0) for p in range(1, MAX_BLADEN + 2))).past
    rijen = [("rij", 4, 1, 200.0)] * 9
    assert spiegel(*rijen, ("noot", 4, 1, 205.0)).gestrand == 0
    assert spiegel(*rijen, ("noot", 4, 2, 20.0)).gestrand == 1
    assert spiegel(*rijen, ("rij", 4, 2, 20.0), ("noot", 4, 2, 25.0)).gestrand == 1


def test_other_orders_keep_the_numbers_of_tables_and_figures(brief):
    blokken = brief.secties
    volgordes = to_volgordes(blokken)
    assert volgordes[0] == tuple(range(len(blokken)))
    assert len(set(volgordes)) == len(volgordes) > 4
    for v in volgordes:
        assert sorted(v) == list(range(len(blokken)))
        for soort_ in (Kop, Tabel, Beeld):
            plaatsen = [n for n in v if isinstance(blokken[n], soort_)]
            assert plaatsen == sorted(plaatsen)
        # nothing leaves its part of the brief, and a note at the end stays there
        for k in (0, 3, 8):
            assert set(v[:k]) == set(range(k))
        assert v[-1] == len(blokken) - 1


def test_nothing_fits_and_then_every_table_may_run_on(brief):
    def nooit(_: Zetting) -> Bladspiegel:
        return Bladspiegel((("tekst", 0, 9, 200.0),))

    z = kies_zetting(brief.secties, nooit)
    assert z.kort == 0 and z.schaal == SCHALEN[-1]


def test_a_scale_with_a_hole_gives_way_to_one_without(brief):
    def meet(z: Zetting) -> Bladspiegel:
        onder = ONDER_MM - (120 if z.schaal == SCHALEN[2] else 10)
        if z.schaal in SCHALEN[:2]:
            return Bladspiegel(tuple(("tekst", 0, p, ONDER_MM) for p in range(1, 6)))
        return Bladspiegel((("tekst", 0, 1, onder), ("tekst", 1, 2, 50.0)))

    assert kies_zetting(brief.secties, meet).schaal == SCHALEN[3]


# columns


def test_columns_are_as_wide_as_what_they_hold():
    t = tabel(0)
    ruim = kolombreedtes(t, 60.0)
    assert sum(ruim) == pytest.approx(60.0)
    for n, b in enumerate(ruim):  # every cell on one line
        assert b >= max(breedte_em(rij[n]) for rij in t.rijen)
    lang = Tabel("x", "x", ("Bron", "Aantal"), ((ZIN, "45.000 tot 194.000"), ("kort", "7%")), t.data)
    smal = kolombreedtes(lang, 40.0)
    assert sum(smal) == pytest.approx(40.0)
    assert smal[1] >= breedte_em("45.000 tot 194.000")  # the sentence gives way, it breaks anyhow
    nauw = kolombreedtes(lang, 14.0)
    assert nauw[1] >= breedte_em("194.000")


def test_lines_of_a_table_are_counted_per_row():
    t = Tabel("x", "x", ("Bron", "Aantal"), ((ZIN, "7%"), ("kort", "7%")), tabel(0).data)
    assert aantal_regels(t, (breedte_em(ZIN), 3.0)) == 2
    assert aantal_regels(t, (breedte_em(ZIN) / 2, 3.0)) == 4  # three lines, for lines end at a word


def test_width_of_text_is_that_of_its_letters():
    # advance widths of DejaVu Sans: i 569, m 1995 of 2048 units
    assert breedte_em("im") == pytest.approx((569 + 1995) / 2048, abs=2e-3)
    assert breedte_em("\u6f22") == breedte_em("\ufffd")


# docx


@pytest.fixture(scope="module")
def word(brief):
    return docx.Document(io.BytesIO(to_docx(brief)))


def test_docx_keeps_a_table_with_its_note_and_lists_together(word, brief):
    for t, bron in zip(word.tables, brief.tabellen, strict=True):
        assert all(c.paragraphs[0].paragraph_format.keep_with_next for r in t.rows for c in r.cells)
        assert Paragraph(t._tbl.getnext(), t).text == bron.noot
    lang = docx.Document(io.BytesIO(to_docx(maak(rijen=30)))).tables[1]
    vast = [r.cells[0].paragraphs[0].paragraph_format.keep_with_next for r in lang.rows]
    assert vast[:4] == [True] * 4 and vast[-4:] == [True] * 4 and not any(vast[5:-5])
    hoog = replace(tabel(1), rijen=tuple((ZIN * 4, "1", "2%") for _ in range(10)))
    t = docx.Document(io.BytesIO(to_docx(replace(maak(), secties=(hoog,))))).tables[0]
    assert not all(r.cells[0].paragraphs[0].paragraph_format.keep_with_next for r in t.rows)
    punten = [p.paragraph_format for p in word.paragraphs if p.style.name == "List Bullet"][-4:]
    assert [p.keep_with_next for p in punten] == [True, False, True, False]
    assert all(p.keep_together for p in punten)


def test_docx_type_can_be_read_and_figures_have_their_own_size(word):
    maten = {
        s.font.size.pt for t in word.tables for r in t.rows for c in r.cells for s in c.paragraphs[0].runs
    }
    assert min(maten) >= 8.5
    assert word.styles["Normal"].font.size.pt >= 9.5
    assert all(v.width.mm == pytest.approx(170, abs=0.1) for v in word.inline_shapes)


def test_docx_breaks_no_name_in_its_title(word, brief):
    titel = next(p for p in word.paragraphs if p.style.name == "Title")
    assert titel.text == brief.titel
    assert len(titel._p.findall(f".//{qn('w:noBreakHyphen')}")) == 2  # RegioPlus-regio, Zuid-Holland
    assert word.core_properties.title == brief.titel


# one style in all


def test_captions_read_the_same_everywhere(brief, word):
    html = to_html(brief).decode()
    kaal = re.sub(r"<[^>]+>", "", html)
    gezien = [p for p in word.paragraphs if p.style.name == "Caption"]
    assert len(gezien) == 5
    for p in gezien:
        assert p.text in kaal
        vet = "".join(r.text for r in p.runs if r.bold)
        assert re.fullmatch(r"(Tabel|Figuur) \d\.", vet) and f"<b>{vet}</b>" in html
    assert '<html lang="nl-NL">' in html
    with zipfile.ZipFile(io.BytesIO(to_docx(brief))) as z:
        assert 'w:val="nl-NL"' in z.read("word/styles.xml").decode()


def test_html_keeps_names_whole_and_searchable_and_figures_can_be_enlarged(brief):
    html = to_html(brief).decode()
    assert (
        '<h1>Huisartsenzorg in de <span class="heel">RegioPlus-regio</span> <span class="heel">Zuid-Holland</span>'
        in html
    )
    assert "\u2011" not in html
    for n in (1, 2):
        assert f'id="figuur-{n}"' in html and f'href="#figuur-{n}">Vergroot' in html
        assert f'id="figuur-{n}-klein"' in html and f'href="#figuur-{n}-klein">Verklein' in html
    assert html.count("<img ") == 2  # once in the page
