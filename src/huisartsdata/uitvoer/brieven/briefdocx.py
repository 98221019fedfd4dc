"""A brief as a Word document that is meant to be edited: real headings, captions, tables and alternative texts."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Beeld, Kop, Lijst, Tabel
from huisartsdata.uitvoer.brieven.briefletters import HEEL_WOORD
from huisartsdata.uitvoer.brieven.briefvorm import aantal_regels, kolombreedtes
from huisartsdata.uitvoer.brieven.briefzip import pak_in
from huisartsdata.uitvoer.huisstijl import KLEUREN
from huisartsdata.uitvoer.tabel import neutralise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huisartsdata.uitvoer.brieven.briefinhoud import Blok, Brief

TAAL = "nl-NL"
LETTER = "Arial"  # on every machine with Word; LibreOffice has one of the same widths
BREEDTE_MM = 170.0
TEKST_PT, TABEL_PT, KLEIN_PT = 9.5, 8.5, 8.0
CELMARGE_PT = 2.5
MAX_TITEL = 255  # characters that Word accepts in a property
MAX_BIJEEN = 14  # rows that are kept on one page; a longer table may run on, its heading repeats
MAX_REGELS = 20  # and lines of those rows: more would leave half a page empty
BEGIN = 4  # rows of a long table that stay with its heading, and with its note
PUNT_MM = 25.4 / 72


def to_docx(brief: Brief) -> bytes:
    """Write a brief as docx; the same bytes every time."""
    import docx

    doc = docx.Document()
    _pagina(doc, brief)
    _stijlen(doc)
    _eigenschappen(doc, brief)
    _kop(doc, brief.titel, "Title")
    _klein(doc.add_paragraph(f"Gegevens samengesteld op {brief.datum} · huisartsdata {brief.versie}"))
    if brief.levering:
        doc.add_paragraph().add_run(brief.levering).bold = True
    doc.add_paragraph().add_run(brief.vraag).italic = True
    doc.add_paragraph(brief.antwoord, style="Intense Quote")
    _lijst(doc, brief.kernpunten)
    for blok, nummer in brief.genummerd:
        _blok(doc, blok, nummer)
    doc.add_paragraph("Hoe is deze brief gemaakt?", style="Heading 1")
    for naam, waarde in brief.colofon:
        p = doc.add_paragraph()
        p.paragraph_format.keep_together = True
        p.add_run(f"{naam}: ").bold = True
        stuk = p.add_run(waarde)
        if waarde == brief.opdracht:
            stuk.font.name = "Courier New"
    uit = io.BytesIO()
    doc.save(uit)
    with zipfile.ZipFile(uit) as z:  # packed again, for the library writes the time of day
        return pak_in({n: z.read(n) for n in z.namelist()})


def _blok(doc: Any, blok: Blok, nummer: int) -> None:
    match blok:
        case Kop(tekst, niveau):
            _kop(doc, tekst, f"Heading {niveau}")
        case Alinea(tekst, soort):
            p = doc.add_paragraph(tekst, style="Intense Quote" if soort == "nadruk" else None)
            if soort == "noot":
                _klein(p)
        case Lijst(punten):
            _lijst(doc, punten)
        case Beeld():
            _beeld(doc, blok, nummer)
        case Tabel():
            _tabel(doc, blok, nummer)


def _kop(doc: Any, tekst: str, stijl: str) -> None:
    """A title or heading; a name with a hyphen in it stays on one line."""
    from docx.oxml import OxmlElement

    p = doc.add_paragraph(style=stijl)
    for deel in re.split(f"({HEEL_WOORD})", tekst):
        woorden = deel.split("-") if re.fullmatch(HEEL_WOORD, deel) else [deel]
        stuk = p.add_run(woorden[0])
        for woord in woorden[1:]:
            stuk._r.append(OxmlElement("w:noBreakHyphen"))  # noqa: SLF001 - the library only reads it
            stuk.add_text(woord)


def _lijst(doc: Any, punten: Sequence[str]) -> None:
    """Points; none breaks over two pages, and neither the first nor the last stands alone on one."""
    for n, punt in enumerate(punten):
        opmaak = doc.add_paragraph(punt, style="List Bullet").paragraph_format
        opmaak.keep_together = True
        opmaak.keep_with_next = n < len(punten) - 1 and n in (0, len(punten) - 2)


def _pagina(doc: Any, brief: Brief) -> None:
    from docx.shared import Mm

    s = doc.sections[0]
    s.page_width, s.page_height = Mm(210), Mm(297)
    s.left_margin = s.right_margin = Mm((210 - BREEDTE_MM) / 2)
    s.top_margin = s.bottom_margin = Mm(15)
    s.footer_distance = Mm(7)
    p = s.footer.paragraphs[0]
    p.add_run(f"{brief.titel} · {brief.datum} · bladzijde ")
    _veld(p, "PAGE", "1")
    p.add_run(" van ")
    _veld(p, "NUMPAGES", "4")
    _klein(p)


def _stijlen(doc: Any) -> None:
    """House style on Word's own styles, so that an editor keeps working with them."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    donker = RGBColor.from_string(KLEUREN["tekst"].lstrip("#"))
    maten = {
        "Normal": (TEKST_PT, False, donker, 0, 4),
        "Title": (18, True, donker, 0, 2),
        "Heading 1": (12.5, True, donker, 12, 3),
        "Heading 2": (10.5, True, donker, 8, 2),
        "Caption": (TABEL_PT, False, donker, 4, 3),
        "Intense Quote": (10.5, True, donker, 4, 6),
        "List Bullet": (TEKST_PT, False, donker, 0, 3),
    }
    for naam, (maat, vet, kleur, voor, na) in maten.items():
        stijl = doc.styles[naam]
        stijl.font.size, stijl.font.bold, stijl.font.color.rgb = Pt(maat), vet, kleur
        stijl.font.italic = False
        stijl.paragraph_format.space_before, stijl.paragraph_format.space_after = Pt(voor), Pt(na)
        stijl.paragraph_format.widow_control = True
        stijl.font.name = LETTER
        letters = stijl.element.get_or_add_rPr().get_or_add_rFonts()
        for soort in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # a theme goes before a name
            letters.attrib.pop(qn(f"w:{soort}"), None)
        for soort in ("ascii", "hAnsi", "cs", "eastAsia"):
            letters.set(qn(f"w:{soort}"), LETTER)
    citaat = doc.styles["Intense Quote"].paragraph_format
    citaat.left_indent = citaat.right_indent = Pt(8)
    _rand(doc.styles["Title"], None)
    _rand(doc.styles["Intense Quote"], KLEUREN["nadruk"].lstrip("#"))
    for taal in doc.styles.element.iter(qn("w:lang")):
        taal.set(qn("w:val"), TAAL)


def _rand(stijl: Any, kleur: str | None) -> None:
    """One line at the left of a paragraph, or none, in place of the template's blue ones."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    ppr = stijl.element.get_or_add_pPr()
    for oud in ppr.findall(qn("w:pBdr")):
        for lijn in list(oud):
            oud.remove(lijn)
        if kleur is None:
            ppr.remove(oud)
            continue
        lijn = OxmlElement("w:left")
        for naam, waarde in {"val": "single", "sz": "24", "space": "8", "color": kleur}.items():
            lijn.set(qn(f"w:{naam}"), waarde)
        oud.append(lijn)


def _lijnen(eigenschappen: Any) -> None:
    """Thin lines between the rows of a table and none between its columns."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    randen = OxmlElement("w:tblBorders")
    for kant in ("top", "left", "bottom", "right", "insideH", "insideV"):
        lijn = OxmlElement(f"w:{kant}")
        soort = "none" if kant in ("left", "right", "insideV") else "single"
        kleur = KLEUREN["raster" if kant == "insideH" else "lijn"].lstrip("#")
        for naam, waarde in {"val": soort, "sz": "4", "space": "0", "color": kleur}.items():
            lijn.set(qn(f"w:{naam}"), waarde)
        randen.append(lijn)
    # the order of elements is fixed: borders come before the layout, margins after it
    eigenschappen.insert_element_before(randen, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    marges = OxmlElement("w:tblCellMar")
    for kant in ("left", "right"):
        marge = OxmlElement(f"w:{kant}")
        marge.set(qn("w:w"), f"{CELMARGE_PT * 20:.0f}")  # twentieths of a point
        marge.set(qn("w:type"), "dxa")
        marges.append(marge)
    eigenschappen.insert_element_before(marges, "w:tblLook", "w:tblCaption", "w:tblDescription")


def _eigenschappen(doc: Any, brief: Brief) -> None:
    p = doc.core_properties
    moment = dt.datetime.fromisoformat(brief.snapshot.gemaakt)
    p.title, p.subject = brief.titel[:MAX_TITEL], brief.vraag[:MAX_TITEL]
    p.author = p.last_modified_by = "huisartsdata"
    p.comments = f"huisartsdata {brief.versie}"
    p.keywords = ", ".join(brief.trefwoorden)[:MAX_TITEL]
    p.language, p.revision, p.category, p.identifier = TAAL, 1, "brief", brief.opdracht[:MAX_TITEL]
    p.created = p.modified = p.last_printed = moment
    # the library's template has a picture of another document
    rels = doc.part.package.rels
    for sleutel in [k for k, r in rels.items() if r.reltype.endswith("/thumbnail")]:
        del rels[sleutel]


def _klein(p: Any) -> None:
    from docx.shared import Pt, RGBColor

    for stuk in p.runs:
        stuk.font.size = Pt(KLEIN_PT)
        stuk.font.color.rgb = RGBColor.from_string(KLEUREN["zacht"].lstrip("#"))


def _veld(p: Any, opdracht: str, waarde: str) -> None:
    """A field that Word keeps up to date: a page number, the number of a caption."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for soort in ("begin", None, "separate", "waarde", "end"):
        stuk = p.add_run()
        if soort is None:
            tekst = OxmlElement("w:instrText")
            tekst.set(qn("xml:space"), "preserve")
            tekst.text = f" {opdracht} "
            stuk._r.append(tekst)  # noqa: SLF001 - the library has no fields
        elif soort == "waarde":
            stuk.text = waarde
        else:
            teken = OxmlElement("w:fldChar")
            teken.set(qn("w:fldCharType"), soort)
            stuk._r.append(teken)  # noqa: SLF001


def _bijschrift(doc: Any, soort: str, nummer: int, tekst: str, *, boven: bool) -> None:
    p = doc.add_paragraph(style="Caption")
    p.add_run(f"{soort} ")
    _veld(p, f"SEQ {soort} \\* ARABIC", str(nummer))
    p.add_run(".")
    for stuk in p.runs:
        stuk.bold = True
    p.add_run(f" {tekst}")
    p.paragraph_format.keep_with_next = boven


def _beeld(doc: Any, beeld: Beeld, nummer: int) -> None:
    from docx.shared import Mm

    p = doc.add_paragraph()
    p.paragraph_format.keep_with_next = True
    plaatje = p.add_run().add_picture(io.BytesIO(beeld.png), width=Mm(BREEDTE_MM))
    kader = plaatje._inline  # noqa: SLF001 - the library has no alternative text
    for kant in ("distT", "distB", "distL", "distR"):  # else LibreOffice keeps 3 mm around it
        kader.set(kant, "0")
    eigenschap = kader.docPr
    eigenschap.set("descr", beeld.alt_tekst)
    eigenschap.set("title", beeld.bijschrift)
    eigenschap.set("name", f"Figuur {nummer}")
    _bijschrift(doc, "Figuur", nummer, f"{beeld.bijschrift}.", boven=False)


def _tabel(doc: Any, tabel: Tabel, nummer: int) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    _bijschrift(doc, "Tabel", nummer, tabel.titel, boven=True)
    em = TABEL_PT * PUNT_MM  # of a letter wider than Arial: no word breaks, whatever stands in for it
    marges = 2 * CELMARGE_PT * PUNT_MM
    delen = kolombreedtes(tabel, (BREEDTE_MM - marges * len(tabel.kop)) / em)
    breedtes = [Mm(d * em + marges) for d in delen]
    heel = len(tabel.rijen) <= MAX_BIJEEN and aantal_regels(tabel, delen) <= MAX_REGELS
    t = doc.add_table(rows=1 + len(tabel.rijen), cols=len(tabel.kop), style="Table Grid")
    t.autofit = False
    for kolom, breedte in zip(t.columns, breedtes, strict=True):
        kolom.width = breedte
    for r, (rij, tekst) in enumerate(zip(t.rows, (tabel.kop, *tabel.rijen), strict=True)):
        kenmerken = rij._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no heading rows
        kenmerken.append(OxmlElement("w:cantSplit"))
        if r == 0:
            kenmerken.append(OxmlElement("w:tblHeader"))
        for n, (cel, waarde) in enumerate(zip(rij.cells, tekst, strict=True)):
            cel.width = breedtes[n]
            p = cel.paragraphs[0]
            p.paragraph_format.space_after = Pt(1)
            p.paragraph_format.keep_with_next = _blijft_bij_volgende(tabel, r, heel=heel)
            if n in tabel.getallen:
                p.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            # people paste a table of Word into a spreadsheet; numbers keep their sign
            stuk = p.add_run(waarde if n in tabel.getallen else neutralise(waarde))
            stuk.font.size, stuk.font.bold = Pt(TABEL_PT), r == 0
    eigen = t._tbl.tblPr  # noqa: SLF001
    _lijnen(eigen)
    for naam, waarde in (("w:tblCaption", tabel.titel), ("w:tblDescription", tabel.noot)):
        if waarde:
            element = OxmlElement(naam)
            element.set(qn("w:val"), waarde)
            eigen.append(element)
    noot = doc.add_paragraph(tabel.noot)
    noot.paragraph_format.space_before = Pt(2)
    noot.paragraph_format.keep_together = True
    _klein(noot)


def _blijft_bij_volgende(tabel: Tabel, rij: int, *, heel: bool) -> bool:
    """Whether a row (0 is the heading) stays with the one after it; the last one stays with the note."""
    n = len(tabel.rijen)
    if rij == n:
        return bool(tabel.noot)
    return heel or rij < BEGIN or rij > n - BEGIN
