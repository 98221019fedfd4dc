"""Bad deliveries of every class: refused with the fault that belongs to it, in bounded time and memory, or read right.

Made by hand and by seeded generators; the oracle is an independent sum of the whole numbers a file was made from.
What a class tried and held goes to docs/betrouwbaarheid.md.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import random
import re
import subprocess
import sys
import time
import zipfile
from html import escape

import docx
import openpyxl
import pandas as pd
import pytest

from huisartsdata.fouten import HuisartsdataFout, LeveringFout
from huisartsdata.leveringen.eigen_gebieden import read_gebieden
from huisartsdata.leveringen.herken import read_levering
from huisartsdata.leveringen.nivel import read_nivel
from huisartsdata.leveringen.praktijken import read_praktijken
from huisartsdata.leveringen.vektis import KOSTEN, read_vektis
from huisartsdata.uitvoer.brieven.brief import schrijf_brief
from huisartsdata.uitvoer.brieven.briefdocx import to_docx
from huisartsdata.uitvoer.brieven.briefhtml import to_html
from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Brief, Kop
from huisartsdata.uitvoer.notebook import toon_tabel
from huisartsdata.uitvoer.tabel import to_csv
from huisartsdata.werk.werkgebied import to_slug
from tests.leveringen_boek import GEMEENTEN, PC4, maak_boek, schrijf

from .conftest import WORTEL

BOEK = maak_boek()
MAX_SECONDEN = 5.0  # a small file takes milliseconds
MAX_CPU, MAX_MB = 20.0, 400.0  # of any file below the limits; measured on the worst: 6 s and 305 MB
KOP = b"gebied;personen;fte\n"
RIJ = b"GM0106;40;29,5\n"
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def lees(pad, **opties):
    """Read and fail when it takes too long."""
    begin = time.process_time()
    try:
        return read_nivel(pad, gebiedenboek=BOEK, **opties)
    finally:
        assert time.process_time() - begin < MAX_SECONDEN


def keur(tel, klasse, pad, verwacht, lezer=lees):
    """One attempt: refused with a word in its faults, or the right sum of fte."""
    with tel.poging(klasse):
        if isinstance(verwacht, str):
            with pytest.raises(LeveringFout) as fout:
                lezer(pad)
            tabel = fout.value.fouten
            tekst = (
                tabel["kolom"] + " " + tabel["waarde"] + " " + tabel["probleem"] + " " + tabel["advies"]
            ).str
            assert tekst.contains(verwacht, regex=False).any(), (verwacht, str(fout.value))
            assert (tabel["regel"] >= 1).all()
            assert (tabel[["probleem", "advies"]] != "").all(axis=None)
        else:
            assert lezer(pad).tabel["fte"].sum() == pytest.approx(verwacht, rel=0, abs=1e-9)


# ---------------------------------------------------------------------------- text files by hand

UTF8, LATIN = "GM0106;Assén;29,5\n".encode(), "GM0114;Emmén;45,1\n".encode("latin-1")
NAAM = b"gebied;naam;fte\n"
CSV = {
    "csv: NUL bytes": [
        (KOP + b"GM0106;4\x000;29,5\n", "NUL"),
        (b"\x00" + KOP + RIJ, "NUL"),
        (KOP + RIJ + b"\x00" * 1000, "NUL"),
        ((KOP + RIJ).decode().encode("utf-16-le"), "NUL"),  # utf-16 without its mark
        ((KOP + RIJ).decode().encode("utf-16-be"), "NUL"),
    ],
    "csv: encodings": [
        (NAAM + UTF8, 29.5),
        (b"\xef\xbb\xbf" + NAAM + UTF8, 29.5),
        (NAAM + LATIN, 45.1),
        ((NAAM + UTF8).decode().encode("utf-16"), 29.5),
        (NAAM + UTF8 + LATIN, "door elkaar"),
        (b"\xef\xbb\xbf" + NAAM + LATIN, "bewaar het bestand"),
        (b"\xff\xfe" + NAAM + UTF8, "bewaar het bestand"),
        (NAAM + UTF8 + b"\xef\xbb\xbf" + b"GM0114;Emmen;45,1\n", "U+FEFF"),
        (b"\xef\xbb\xbf\xef\xbb\xbf" + NAAM + UTF8, "U+FEFF"),
        ((NAAM + UTF8).decode().encode("utf-32"), "tekencodering"),
        (NAAM + b"GM0106;Ass\x81n;29,5\n", "onbekende tekencodering"),
        (NAAM + b"GM0106;Assen;29\xa05\n", "geen getal"),
    ],
    "csv: unclosed and misplaced quotes": [
        (KOP + b'"GM0106;40;29,5\n', "aanhalingsteken"),
        (KOP + b'GM0106;40;"29,5\n' + RIJ * 3, "aanhalingsteken"),
        (KOP + b'GM0106;"40;29,5\nGM0114;6"0;45,1\n', "aanhalingsteken"),
        (KOP + b'"GM0106"x;40;29,5\n', "aanhalingsteken"),
        (KOP + b'GM0106;"40\n";29,5\n', "loopt door"),
        (KOP + b'"GM0106";"40";"29,5"\n', 29.5),
    ],
    "csv: columns without end": [
        (b"gebied;fte" + b";" * 90_000 + b"\nGM0106;29,5\n", "400 kolommen"),
        (b"gebied;fte" + b";" * 900_000 + b"\nGM0106;29,5\n", "langer dan"),
        (KOP + b"GM0106;40;29,5" + b";1" * 500 + b"\n", "400 kolommen"),
        (KOP + b"GM0106;40;29,5;9\n", "kolom zonder naam"),
        (KOP + b"GM0106;40\n", "de kop heeft er 3"),
    ],
    "csv: headers twice or of another quantity": [
        (b"gebied;fte;fte\nGM0106;29,5;29,5\n", "betekent hetzelfde"),
        (b"gebied;fte;FTE's\nGM0106;29,5;1,5\n", "betekent hetzelfde"),
        (b"gebied;gm_code;fte\nGM0106;GM0106;29,5\n", "betekent hetzelfde"),
        (b"gebied;fte %\nGM0106;29,5\n", "geen kop"),
        (b"gebied;naam;fte (per 10.000)\nGM0106;Assen;5,5\n", "geen kolom fte"),
        ("gebied;naam;Δ fte\nGM0106;Assen;5,5\n".encode(), "geen kolom fte"),
        (b"gebied;naam;fte (x 10)\nGM0106;Assen;5,5\n", "geen kolom fte"),
        (b"gebied;naam;fte (2023)\nGM0106;Assen;5,5\n", 5.5),
        (b"GM0106;40;29,5\n", "geen kop"),
        (KOP, "geen gegevens"),
    ],
    "csv: commas that split a number": [
        (b"gebied,personen,fte,opmerking\nGM0106,40,29,5,\n", "5 cellen naast 4 koppen"),
        (b"gebied,personen,fte,opmerking\nGM0106,40,29,5\n", "de decimalen"),
        (b"gebied,fte,personen\nGM0106,29,5\n", "de decimalen"),
        (b"gebied,fte,naam\nGM0106,29,5\n", "de decimalen"),
        (b"gebied,fte,jaar\nGM0106,29,5\n", "de decimalen"),
        (b"gebied,fte,\nGM0106,29,5\n", "kolom zonder naam"),
        (b'gebied,personen,fte,opmerking\nGM0106,40,"29,5",5\n', 29.5),
        (b"gebied,personen,fte,opmerking\nGM0106,40,29.5,5\n", 29.5),
        (b"gebied,fte,personen\nGM0106,29,40\n", 29.0),
    ],
    "csv: brackets that make it something else": [
        *((f"gebied;fte ({woord})\nGM0106;2,5\n".encode(), "tussen haakjes")
          for woord in ("duizend", "vacatures", "uren", "mannen", "raming", "personen")),
        (b"gebied;huisartsen (fte)\nGM0106;12\n", "tussen haakjes"),
        (b"gebied;functie;fte\nGM0106;hidha (vacature);2,5\n", "onbekende klasse"),
        (b"gebied;geslacht;fte\nGM0106;totaal (alleen vrouwen);2,5\n", "onbekende klasse"),
        (b"gebied;naam;fte\nGM0893;Bergen (NH.);2,5\n", "is Bergen (L.)"),
        (b"gebied;fte (1 januari 2024)\nGM0106;29,5\n", 29.5),
    ],
    "csv: thousands separators": [
        (b"gebied;fte\nGM0106;1.234\nGM0114;2.345\n", "duizendtal of een decimaal"),
        (b"gebied;fte\nGM0106;1,234\n", "duizendtal of een decimaal"),
        (b"gebied;fte\nGM0106;1.234,5\nGM0114;2.345\n", 3579.5),
        (b"gebied;fte\nGM0106;1,234.5\nGM0114;2,345\n", 3579.5),
        (b"gebied;fte\nGM0106;1.23.456\n", "geen getal"),
        (b"gebied;fte\nGM0106;1'234\n", "geen getal"),
        (b"gebied;fte\nGM0106;1.234,5\nGM0114;10.5\n", "zowel een decimale komma"),
        ("gebied;fte\nGM0106;1\u00a0234,5\n".encode(), 1234.5),
        ("gebied;fte\nGM0106;1\u202f234,5\n".encode(), 1234.5),
        (b"gebied;fte\nGM0106;12 34\n", "geen getal"),
        (b"gebied;fte\nGM0106;01.234,5\n", "geen getal"),
    ],
    "csv: percent signs": [
        (b"gebied;fte\nGM0106;29,5%\n", "percentage"),
        (b"gebied;fte\nGM0106;29,5 %\n", "percentage"),
        (b"gebied;fte\nGM0106;%29\n", "percentage"),
        ("gebied;fte\nGM0106;29‰\n".encode(), "geen getal"),
    ],
    "csv: infinities, exponents, not a number": [
        (f"gebied;fte\nGM0106;{tekst}\n".encode(), woord)
        for tekst, woord in [
            ("inf", "geen getal"), ("-inf", "geen getal"), ("Infinity", "geen getal"), ("∞", "geen getal"),
            ("nan", "geen getal"), ("1e400", "wetenschappelijke"), ("1E5", "wetenschappelijke"), ("2,5e1", "wetenschappelijke"),
            ("0x1F", "geen getal"), ("1_000", "geen getal"), ("9" * 400, "geen getal"), ("#DEEL/0!", "geen getal"),
            ("-0", 0.0), ("١٢", "geen getal"), ("１２", "geen getal"), ("²", "geen getal"),
        ]
    ],
    "csv: dates for numbers": [
        (f"gebied;fte\nGM0106;{tekst}\n".encode(), "datum")
        for tekst in ("3-4-2024", "2024-04-03", "3/4", "4-mrt", "03-04", "1-jan-24")
    ],
    "csv: minus signs of other kinds": [
        (b"gebied;fte\nGM0106;-5,5\n", "negatief"),
        ("gebied;fte\nGM0106;\u22125,5\n".encode(), "negatief"),
        ("gebied;fte\nGM0106;\u20135,5\n".encode(), "geen getal"),
        ("gebied;fte\nGM0106;\u20105,5\n".encode(), "geen getal"),
        ("gebied;fte\nGM0106;\ufe635,5\n".encode(), "geen getal"),
        (b"gebied;fte\nGM0106;(5,5)\n", "geen getal"),
        (b"gebied;fte\nGM0106;5,5-\n", "geen getal"),
        (b"gebied;fte\nGM0106;- 5,5\n", "geen getal"),
    ],
    "csv: marks that turn or hide text": [
        (f"gebied;fte\nGM0106{teken};29,5\n".encode(), f"U+{ord(teken):04X}")
        for teken in "\u200b\u200e\u200f\u202a\u202d\u202e\u2060\u2066\u2069\ufeff\x1b\x7f"
    ],
    "csv: cells that begin like a formula": [
        (f"gebied;fte\nGM0106;{cel}\n".encode(), woord)
        for cel, woord in [
            ("=1+1", "formule"), ("+29", "formule"), ("@SOM(A1)", "formule"), ("=HYPERLINK(1)", "formule"),
            ("=cmd|'/c calc'!A0", "formule"), ("-2+3", "geen getal"), ("\t=29", "geen kop"),
        ]
        if "\t" not in cel
    ] + [(f"gebied;fte\n{cel};29,5\n".encode(), "gebiedscode") for cel in ("=GM0106", "+GM0106", "@GM0106", "-GM0106")],
    "csv: another kind of file": [
        (b"", "leeg"), (b" \r\n\t\n", "leeg"), (b"<html><table></table></html>", "webpagina"), (b"%PDF-1.7\n", "pdf"),
        (b'<?xml version="1.0"?><a/>', "webpagina"), (b"{\\rtf1 gebied}", "geen tabel"), (b"PK\x03\x04" + b"0" * 99, "past niet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "beveiligde"),
    ],
    "csv: codes and names that do not fit": [
        (f"gebied;naam;fte\n{rij};29,5\n".encode(), woord)
        for rij, woord in [
            ("GM9999;", "onbekende gebiedscode"), ("GM0106;Emmen", "is Assen"), ("106;", "GM0106"), ("Assen;", "GM0106"),
            ("GM0457;", "bestaat sinds 2022 niet meer"), ("../../etc/passwd;", "gebiedscode"), ("<script>;", "gebiedscode"),
            ("GM0106' OR 1=1;", "gebiedscode"), ("$(rm -rf);", "gebiedscode"), ("G\u041c0106;", "gebiedscode"), (";", "ontbreekt"),
        ]
    ],
    "csv: totals and double rows": [
        (KOP + RIJ + RIJ, "dubbele rij"),
        (KOP + RIJ + b"Totaal;41;29,5\n", "tellen op tot 40"),
        (KOP + RIJ + b"Totaal;40;30,5\n", "klopt niet"),
        (KOP + RIJ + b"Totaal;40;29,5\n", 29.5),
        (KOP + RIJ + b"PV22;40;29,5\n", "dubbel"),
        (KOP + b"Totaal;40;29,5\n", "totaal"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("klasse", CSV)
def test_text_files(tmp_path, tel, klasse):
    for inhoud, verwacht in CSV[klasse]:
        keur(tel, klasse, schrijf(tmp_path, inhoud), verwacht)


# ---------------------------------------------------------------------------- workbooks by hand

RIJEN = [["gebied", "personen", "fte"], ["GM0106", 40, 29.5], ["GM0114", 60, 45.1]]
BLAD = "xl/worksheets/sheet1.xml"


def werkmap(rijen=RIJEN, **cellen) -> bytes:
    boek = openpyxl.Workbook()
    for rij in rijen:
        boek.active.append(rij)
    for plek, waarde in cellen.items():
        boek.active[plek] = waarde
    stroom = io.BytesIO()
    boek.save(stroom)
    return stroom.getvalue()


HEEL = werkmap()
MIDDEN = HEEL.index(
    b"PK\x01\x02"
)  # the zip's own list of parts; eight bytes on stands whether one is encrypted


def verpak(delen) -> bytes:
    """The workbook with parts added, or replaced by what a function makes of them."""
    uit = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(HEEL)) as bron, zipfile.ZipFile(uit, "w", zipfile.ZIP_DEFLATED) as doel:
        for naam in bron.namelist():
            if naam not in delen:
                doel.writestr(naam, bron.read(naam))
        for naam, inhoud in delen.items():
            doel.writestr(naam, inhoud(bron.read(naam)) if callable(inhoud) else inhoud)
    return uit.getvalue()


def na(tekst: str) -> bytes:
    """The sheet with xml after its cells."""
    return verpak({BLAD: lambda bron: bron.replace(b"</sheetData>", b"</sheetData>" + tekst.encode())})


def vel(lichaam: str, kop: str = "") -> bytes:
    return verpak(
        {BLAD: f'{kop}<worksheet xmlns="{NS}"><sheetData>{lichaam}</sheetData></worksheet>'.encode()}
    )


def met_getal(tekst: str) -> bytes:
    return verpak({BLAD: lambda bron: bron.replace(b"<v>29.5</v>", f"<v>{tekst}</v>".encode())})


def met(doe) -> bytes:
    boek = openpyxl.load_workbook(io.BytesIO(HEEL))
    doe(boek)
    stroom = io.BytesIO()
    boek.save(stroom)
    return stroom.getvalue()


def _lol(soort: str) -> str:
    regels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE {soort} [<!ENTITY a0 "lol">{regels}]>'


def XLSX() -> dict:
    """Made when asked for: some take a moment."""
    alles = "A1:XFD1048576"
    return {
        "xlsx: zip bomb": [
            (verpak({f"xl/deel{n}.bin": b"\0" * 20_000_000 for n in range(4)}), "uitgepakt groter"),
            (verpak({"xl/media/beeld.xml": b"a" * 20_000_000}), "zipbom"),
            (verpak({BLAD: b"<a>" + b" " * 30_000_000 + b"</a>"}), "zipbom"),
            (verpak({f"xl/d{n}.bin": b"" for n in range(2100)}), "meer dan 2000 onderdelen"),
        ],
        "xlsx: ranges that fill memory": [
            (na(f'<mergeCells><mergeCell ref="{alles}"/></mergeCells>'), "samengevoegd bereik"),
            (na("<mergeCells><mergeCell ref='$A$9:$XFD$1048576'/></mergeCells>"), "samengevoegd bereik"),
            (na('<mergeCells><mergeCell ref="&#65;9:XFD1048576"/></mergeCells>'), "samengevoegd bereik"),
            (na(f'<hyperlinks><hyperlink ref="{alles}" location="a"/></hyperlinks>'), "koppeling"),
            (na('<mergeCells><mergeCell ref="A:XFD"/></mergeCells>'), "beschadigd"),
            (na(f'<conditionalFormatting sqref="{alles}"><cfRule type="expression" priority="1"><formula>1</formula></cfRule></conditionalFormatting>'), 74.6),
        ],
        "xlsx: too many rows, cells, styles": [
            (vel("<row/>" * 150_001), "meer dan 150000 rijen"),
            (vel("<row>" + "".join(f'<c s="{n % 997}"/>' for n in range(400_001)) + "</row>"), "meer dan 400000 cellen"),
            (verpak({"xl/styles.xml": f'<styleSheet xmlns="{NS}"><cellXfs>{"<xf/>" * 200_001}</cellXfs></styleSheet>'.encode()}), "onderdelen in de opmaak"),
            (met(lambda b: b.active.__setitem__("XFD1048576", 1)), "voorbij kolom"),
            (met(lambda b: b.active.__setitem__("A1048576", 1)), "ver onder de tabel"),
            (vel("".join(f'<row r="{n}"><c r="A{n}"><v>{n % 97}</v></c></row>' for n in range(1, 7502)).replace('<c r="A1"', '<c r="OJ1"><v>1</v></c><c r="A1"')), "ver naast de tabel"),
            (vel(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"ab" * 20_000}</t></is></c></row>'), "meer dan 32767 tekens"),
        ],
        "xlsx: billion laughs and other xml tricks": [
            (verpak({BLAD: (_lol("worksheet") + f'<worksheet xmlns="{NS}">&a9;</worksheet>').encode()}), "xml-verwijzingen"),
            (verpak({"xl/sharedStrings.xml": (_lol("sst") + f'<sst xmlns="{NS}"><si><t>&a9;</t></si></sst>').encode()}), "xml-verwijzingen"),
            (verpak({BLAD: b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'}), "xml-verwijzingen"),
            (verpak({"xl/deel.bin": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "xml-verwijzingen"),
            (verpak({BLAD: "<worksheet/>".encode("utf-16")}), "beschadigd"),
            (verpak({BLAD: b'<?xml version="1.0" encoding="cp037"?>' + '<!DOCTYPE a [<!ENTITY b "c">]><a/>'.encode("cp037")}), "beschadigd"),
            (verpak({BLAD: b"<worksheet><sheetData><row"}), "beschadigd"),
            (verpak({"xl/workbook.xml": b"niets"}), "beschadigd"),
            (vel('<row r="1"><c r="A1" s="99999"><v>1</v></c></row>'), "beschadigd"),
            (vel('<row r="1"><c r="A1" t="inlineStr"><is><t>a\u200bb</t></is></c></row>'), "U+200B"),
        ],
        "xlsx: macros, links, hidden sources": [
            (verpak({"xl/vbaProject.bin": b"x"}), "macro"),
            (verpak({"XL/VBAPROJECT.BIN": b"x"}), "macro"),
            (verpak({"[Content_Types].xml": lambda b: b.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")}), "macro"),
            (verpak({"xl/externalLinks/externalLink1.xml": b"<a/>"}), "andere werkmappen"),
            (verpak({"xl/connections.xml": b"<a/>"}), "andere bron"),
            (verpak({"xl/pivotCache/pivotCacheDefinition1.xml": b"<a/>"}), "draaitabel"),
            (verpak({"xl/embeddings/oleObject1.bin": b"x"}), "ingesloten"),
            (verpak({"xl/activeX/activeX1.xml": b"<a/>"}), "besturingselementen"),
        ],
        "xlsx: names in the zip that are paths": [
            (verpak({naam: b"<a/>"}), "als een pad")
            for naam in ("../../etc/kwaad.xml", "xl/../../kwaad.xml", "/etc/kwaad.xml", "xl\\..\\..\\kwaad.xml", "C:/kwaad.xml")
        ],
        "xlsx: encrypted, old, cut off": [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"E\0n\0c\0r\0y\0p\0t\0e\0d\0" * 99, "beveiligde"),
            (HEEL[: MIDDEN + 8] + b"\x01" + HEEL[MIDDEN + 9 :], "wachtwoord"),
            *[(HEEL[: int(len(HEEL) * deel)], "beschadigd") for deel in (0.01, 0.3, 0.7, 0.95, 0.999)],
            (b"PK\x03\x04", "beschadigd"),
            (verpak({"[Content_Types].xml": b""}), "beschadigd"),
        ],
        "xlsx: merged cells and hidden rows": [
            (met(lambda b: b.active.merge_cells("A2:A3")), "samengevoegde cellen"),
            (met(lambda b: b.active.merge_cells("B2:C2")), "samengevoegde cellen"),
            (met(lambda b: setattr(b.active.row_dimensions[2], "hidden", True)), "verborgen"),
            (met(lambda b: setattr(b.active.column_dimensions["C"], "hidden", True)), "verborgen"),
        ],
        "xlsx: formulas and error values": [
            *[(met(lambda b, f=f: b.active.__setitem__("C3", f)), "formule") for f in ("=SUM(C2:C2)", "=1+1", '=HYPERLINK("x")', '=WEBSERVICE("x")')],
            *[(met(lambda b, f=f: b.active.__setitem__("C3", f)), "foutwaarde") for f in ("#N/A", "#DIV/0!", "#REF!")],
        ],
        "xlsx: dates and texts for numbers": [
            (werkmap(C3=dt.date(2024, 4, 3)), "datum"), (werkmap(C3=dt.time(12)), "datum"),
            (werkmap(C3=dt.timedelta(days=2)), "datum"), (werkmap(A3=dt.date(2024, 4, 3)), "datum"), (werkmap(C3=True), "geen getal"),
            (werkmap(C3="45,1"), 74.6), (werkmap(C3="45.1"), 74.6), (werkmap(C3="1.234"), "duizendtal"), (werkmap(A3=114), "GM0114"),
            (werkmap(B3=60.5), "geheel"), (werkmap(C3="-45,1"), "negatief"), (werkmap(C3=-45.1), "negatief"), (werkmap(C3="veel"), "geen getal"),
        ],
        "xlsx: numbers beyond bounds": [
            (met_getal("1e400"), "geen eindig getal"), (met_getal("1E308"), "geen eindig getal"), (met_getal("INF"), "beschadigd"),
            (met_getal("nan"), "beschadigd"), (met_getal("2_9"), "beschadigd"), (met_getal("\u0662\u0669"), "beschadigd"), (met_getal("-0"), 45.1),
            (met_getal("29,5"), "beschadigd"), (met_getal("2.95e1"), 74.6),
        ],
        "xlsx: other sheets": [
            (met(lambda b: b.create_sheet("Ander").append(["gebied", "fte"])), "2 werkbladen"),
            (met(lambda b: (b.create_sheet("Geheim").append(["x"]), setattr(b["Geheim"], "sheet_state", "veryHidden"))), "verborgen: Geheim"),
            (met(lambda b: b.create_sheet("Leeg")), 74.6),
            (werkmap([]), "leeg"),
            (werkmap([["datum", "temperatuur"], ["maandag", 12]]), "geen kop"),
        ],
        "xlsx: one cell twice": [
            (verpak({BLAD: lambda b: b.replace(b"</sheetData>", b'<row r="2"><c r="C2"><v>30</v></c></row></sheetData>')}), "twee keer"),
            (verpak({BLAD: lambda b: b.replace(b"</sheetData>", b'<row r="9"><c r="c2"><v>30</v></c></row></sheetData>')}), "twee keer"),
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def mappen():
    return XLSX()


XLSX_KLASSEN = [
    "xlsx: zip bomb", "xlsx: ranges that fill memory", "xlsx: too many rows, cells, styles",
    "xlsx: billion laughs and other xml tricks", "xlsx: macros, links, hidden sources", "xlsx: names in the zip that are paths",
    "xlsx: encrypted, old, cut off", "xlsx: merged cells and hidden rows", "xlsx: formulas and error values",
    "xlsx: dates and texts for numbers", "xlsx: numbers beyond bounds", "xlsx: other sheets", "xlsx: one cell twice",
]  # fmt: skip


@pytest.mark.parametrize("klasse", XLSX_KLASSEN)
def test_workbooks(tmp_path, tel, klasse, mappen):
    assert list(mappen) == XLSX_KLASSEN
    for inhoud, verwacht in mappen[klasse]:
        keur(tel, klasse, schrijf(tmp_path, inhoud, "levering.xlsx"), verwacht)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["levering.xlsx"], "a reader writes nothing"


# ---------------------------------------------------------------------------- large files, in a process with bounds


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="address space is bounded and measured on Linux"
)
def test_large_files_stay_within_bounds(tmp_path, tel):
    rij = b"GM0114;3,5" + b";x" * 18 + b"\n"
    groot = {
        "regel200.csv": [KOP, b"GM0106;", b"9" * 20_000_000, *[b"9" * 20_000_000] * 9, b"\n"],
        "regel39.csv": [KOP, b"GM0106;", b"9" * 39_000_000, b"\n"],
        "kolommen.csv": [b"gebied;fte", b";" * 5_000_000, b"\nGM0106;3,5\n"],
        "leegregels.csv": [KOP, RIJ, b"\n" * 39_000_000],
        "regels.csv": [KOP, RIJ, b"a\n" * 19_000_000],
        "stuur.csv": [KOP, b"GM0106;40;3,5 " + b"\x01" * 90_000 + b"\n"],
        "quote.csv": [KOP, b'"', RIJ * 100_000],
        "cellen.csv": [b"gebied;fte" + b";k" * 18 + b"\n", rij * 100_000],
        "fouten.csv": [KOP, b"GM9999;x1;y1\n" * 140_000],
        "breed.csv": [
            b";".join(b"k%d" % n for n in range(397)) + b";gebied;personen;fte\n",
            b"1;2\n" * 140_000,
        ],
    }
    for naam, delen in groot.items():
        with (tmp_path / naam).open("wb") as stroom:
            stroom.writelines(delen)
    # many small rows and one far cell: each row would become as wide as the farthest
    ruit = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 100_001))
    hoek = ruit.replace('<c r="A1"><v>1</v></c>', '<c r="A1"><v>1</v></c><c r="OH1"><v>1</v></c>')
    (tmp_path / "hoek.xlsx").write_bytes(vel(hoek))
    paden = sorted(str(pad) for pad in tmp_path.iterdir())
    klaar = subprocess.run(
        [sys.executable, str(WORTEL / "tests/begrensd.py"), *paden],
        capture_output=True,
        text=True,
        check=True,
    )
    uit = {regel["pad"]: regel for regel in map(json.loads, klaar.stdout.splitlines())}
    assert len(uit) == len(paden)
    for naam, regel in uit.items():
        with tel.poging("large files: time and memory"):
            assert regel.get("fout") == "LeveringFout", regel
            assert regel["seconden"] < MAX_CPU, regel
            assert regel["mb"] < MAX_MB, regel
            assert regel["tekens"] < 5_000, "a message fits a screen"
        (tmp_path / naam).unlink()


# ---------------------------------------------------------------------------- generated, with an independent sum


def _getal(heel: int, decimalen: int, teken: str) -> str:
    voor, na_ = divmod(heel, 10**decimalen)
    return f"{voor}{teken}{na_:0{decimalen}d}" if decimalen else str(voor)


BEDERF = {
    "generated practice lists": [
        (lambda r: [r[0], "9999", *r[2:]], "postcodetabel"), (lambda r: [r[0], "331", *r[2:]], "geen postcode"),
        (lambda r: [r[0], "9401", *r[2:]], "buiten het opgegeven gebied"), (lambda r: ["", *r[1:]], "praktijk_id ontbreekt"),
        (lambda r: ["01234567", *r[1:]], "AGB"), (lambda r: ["=1+1", *r[1:]], "geen bruikbaar praktijk_id"),
        (lambda r: ["../weg", *r[1:]], "geen bruikbaar praktijk_id"), (lambda r: ["<b>x</b>", *r[1:]], "geen bruikbaar praktijk_id"),
        (lambda r: [*r[:2], "-1,5", *r[3:]], "negatief"), (lambda r: [*r[:2], "180", *r[3:]], "onwaarschijnlijk hoog"),
        (lambda r: [*r[:3], "12,5", r[4]], "geheel"), (lambda r: [*r[:4], "soms"], "ja, nee of onbekend"),
        (lambda r: r[:3], "de kop heeft er 5"), (lambda r: [*r[:4], "wie@voorbeeld.nl"], "e-mailadres"), (lambda r: [*r[:4], "06 12345678"], "telefoonnummer"),
    ],
    "generated Vektis files": [
        (lambda r: ["X", *r[1:]], "M of V"), (lambda r: [r[0], "oud", *r[2:]], "klassen als"), (lambda r: [*r[:2], "NERGENSHUIZEN", *r[3:]], "geen gemeente"),
        (lambda r: [*r[:2], "WEESP", *r[3:]], "GM0457"), (lambda r: [*r[:3], "-5", *r[4:]], "negatief"), (lambda r: [*r[:3], "5,5", *r[4:]], "geheel"),
        (lambda r: [*r[:4], "=1+1"], "formule"), (lambda r: [*r[:4], "12%"], "percentage"), (lambda r: r[:4], "de kop heeft er 5"),
        (lambda r: ["", *r[1:]], "leeg"),
    ],
}  # fmt: skip


def _lijst(kans: random.Random) -> tuple[list[str], list[list[str]], float]:
    postcodes = [pc for pc, gm in PC4.items() if gm in {"GM0505", "GM0642"}]
    rijen, som = [], 0
    for nr in range(kans.randint(4, 9)):
        fte = kans.randint(0, 400)
        som += fte
        letters = kans.choice(["", " AB", "cd"])
        rijen.append(
            [
                f"p{nr}",
                kans.choice(postcodes) + letters,
                _getal(fte, 2, ","),
                str(kans.randint(0, 5000)),
                kans.choice(["ja", "nee", ""]),
            ]
        )
    return ["praktijk_id", "postcode", "fte", "ingeschreven", "open"], rijen, som / 100


def _vektis(kans: random.Random) -> tuple[list[str], list[list[str]], float]:
    namen = kans.sample([n for n in GEMEENTEN.values() if "(" not in n], kans.randint(2, 5))
    rijen, som = [], 0
    for naam in namen:
        for geslacht in "MV":
            for klasse in ("0 t/m 4 jaar", "90+"):
                cent = kans.randint(0, 10**7)
                som += cent
                rijen.append(
                    [geslacht, klasse, naam.upper(), str(kans.randint(10, 4000)), _getal(cent, 2, ",")]
                )
    return ["geslacht", "leeftijdsklasse", "gemeentenaam", "aantal_bsn", KOSTEN[0]], rijen, som / 100


SOORTEN = {
    "generated practice lists": (
        _lijst,
        "fte",
        lambda pad: read_praktijken(pad, gebied="RA0605", gebiedenboek=BOEK),
    ),
    "generated Vektis files": (
        _vektis,
        KOSTEN[0],
        lambda pad: read_vektis(pad, peiljaar=2024, gebiedenboek=BOEK),
    ),
}


@pytest.mark.parametrize("klasse", SOORTEN)
def test_generated_lists_good_and_bad(tmp_path, tel, klasse):
    maak, kolom, lezer = SOORTEN[klasse]
    for zaad in range(60):
        kans = random.Random(zaad)
        kop, rijen, som = maak(kans)
        scheiding = kans.choice(";\t")

        def bewaar(alles, kop=kop, scheiding=scheiding):
            return schrijf(tmp_path, "\n".join(scheiding.join(rij) for rij in [kop, *alles]) + "\n")

        with tel.poging(f"{klasse}, good"):
            assert lezer(bewaar(rijen)).tabel[kolom].sum() == pytest.approx(som, rel=0, abs=1e-6)
        plek = kans.randrange(len(rijen))
        doe, woord = BEDERF[klasse][zaad % len(BEDERF[klasse])]
        slecht = [doe(rij) if nr == plek else rij for nr, rij in enumerate(rijen)]
        with tel.poging(f"{klasse}, one bad row"):
            with pytest.raises(LeveringFout) as fout:
                lezer(bewaar(slecht))
            tabel = fout.value.fouten
            raak = tabel["regel"] == plek + 2
            tekst = tabel["kolom"] + " " + tabel["waarde"] + " " + tabel["probleem"] + " " + tabel["advies"]
            assert tekst[raak].str.contains(woord, regex=False).any(), (slecht, str(fout.value))


def test_generated_workbooks_with_one_bad_cell(tmp_path, tel):
    """The same numbers as were put in, or the row of the bad cell."""
    slecht = [
        (dt.date(2024, 1, 2), "datum"), ("12%", "percentage"), ("=A1", "formule"), (-3, "negatief"), ("1e5", "wetenschappelijke"),
        ("x y", "geen getal"), (True, "geen getal"), ("#REF!", "foutwaarde"), (1e16, "eindig"), ("\u22123", "negatief"),
    ]  # fmt: skip
    for zaad in range(60):
        kans = random.Random(1000 + zaad)
        codes = kans.sample(sorted(GEMEENTEN), kans.randint(2, 9))
        achtsten = [kans.randint(1, 900) for _ in codes]  # eighths are exact in binary
        rijen = [["gebied", "fte"], *([code, n / 8] for code, n in zip(codes, achtsten, strict=True))]
        pad = schrijf(tmp_path, werkmap(rijen), "levering.xlsx")
        with tel.poging("generated workbooks, good"):
            assert lees(pad).tabel["fte"].sum() == sum(achtsten) / 8
        regel = kans.randrange(2, len(rijen) + 1)
        waarde, woord = slecht[zaad % len(slecht)]
        pad = schrijf(tmp_path, werkmap(rijen, **{f"B{regel}": waarde}), "levering.xlsx")
        with tel.poging("generated workbooks, one bad cell"):
            with pytest.raises(LeveringFout) as fout:
                lees(pad)
            tabel = fout.value.fouten
            assert tabel["regel"].tolist() == [regel]
            assert (tabel["waarde"] + " " + tabel["probleem"]).str.contains(woord, regex=False).all(), str(
                fout.value
            )


def test_damaged_bytes_never_change_a_sum_in_silence(tmp_path, tel):
    """Bytes dropped, doubled, swapped or replaced: refused, told, or the same numbers."""
    goed = b"gebied;personen;fte\n" + b"".join(
        f"{c};{20 + n};{15 + n},5\n".encode() for n, c in enumerate(sorted(GEMEENTEN)[:6])
    )
    som = sum(15.5 + n for n in range(6))
    goed += f"Totaal;{sum(20 + n for n in range(6))};{str(som).replace('.', ',')}\n".encode()
    for zaad in range(200):
        kans = random.Random(5000 + zaad)
        stuk = bytearray(goed)
        for _ in range(kans.randint(1, 3)):
            plek = kans.randrange(len(stuk))
            daad = kans.randrange(4)
            if daad == 0:
                del stuk[plek]
            elif daad == 1:
                stuk.insert(plek, stuk[plek])
            elif daad == 2:
                stuk[plek], stuk[plek - 1] = stuk[plek - 1], stuk[plek]
            else:
                stuk[plek] = kans.choice(b'0123456789;,."\n\r\t -=+@%\x00\xff\xe9')
        with tel.poging("generated csv with damaged bytes"):
            try:
                levering = lees(schrijf(tmp_path, bytes(stuk)))
            except HuisartsdataFout:
                continue
            verteld = " ".join(levering.opmerkingen)
            gelijk = math.isclose(levering.tabel["fte"].sum(), som, abs_tol=1e-9)
            # a row that became a comment, a missing mark, a totals row that lost its name: the sentences say so
            assert gelijk or "niet als nul" in verteld or "Niet als gegevens" in verteld, bytes(stuk)


# ---------------------------------------------------------------------------- names are data


KWAAD = ["=HYPERLINK(1)", "+1", "-1", "@x", "\uff1d1", "<script>alert(1)</script>", "../../weg", "$(ls)"]


def test_names_leave_as_text(tmp_path, tel):
    """A region's name stays as written: no formula in csv, no markup in html or docx, and no path of its own."""
    rijen = [
        f"{gm};E{nr};{naam}" for nr, (gm, naam) in enumerate(zip(sorted(GEMEENTEN), KWAAD, strict=False))
    ]
    tabel = read_gebieden(
        schrijf(tmp_path, "gm_code;code;naam\n" + "\n".join(rijen) + "\n"), gebiedenboek=BOEK
    )
    assert tabel["naam"].tolist() == KWAAD
    uit = to_csv(tabel).decode().splitlines()
    for naam, regel in zip(KWAAD, uit[1:], strict=True):
        with tel.poging("names that look like formulas, html, paths, commands"):
            cel = regel.split(",", 2)[2]
            assert not cel.startswith(tuple("=+-@\uff1d"))
            assert naam in cel

            brief = Brief(
                naam,
                naam,
                naam,
                (naam,),
                (Kop(naam), Alinea(naam)),
                ((naam, naam),),
                naam,
                "2024",
                to_slug(naam),
                "eigen",
            )
            bladen = [to_html(brief).decode(), toon_tabel(pd.DataFrame({naam: [naam]})).html]
            for pagina in bladen:
                assert "alert(1)" not in "".join(re.findall(r"<script.*?</script>", pagina, re.DOTALL))
                assert escape(naam, quote=False) in pagina
            document = docx.Document(io.BytesIO(to_docx(brief)))
            assert document.paragraphs[0].text == naam
            with zipfile.ZipFile(io.BytesIO(to_docx(brief))) as z:
                xml = z.read("word/document.xml").decode()
            assert "<script" not in xml and "instrText" not in xml  # no markup, no field that runs

            paden = schrijf_brief(brief, tmp_path / "uit" / to_slug(naam), soorten=("html", "docx"))
            binnen = (tmp_path / "uit").resolve()
            for pad in paden.values():
                assert pad.resolve().parent.parent == binnen
                assert re.fullmatch(r"[a-z0-9_.-]+", pad.name) and not pad.name.startswith((".", "-"))


def test_every_table_goes_out_through_one_door(tmp_path, tel):
    """Cells of an unused column never come along, whatever they begin with."""
    for teken in "=+-@":
        with tel.poging("cells that begin with = + - @ in a delivery"):
            tekst = f"gebied;personen;fte;opmerking\nGM0106;40;29,5;{teken}cmd\n"
            levering = read_levering(schrijf(tmp_path, tekst), gebiedenboek=BOEK)
            assert "cmd" not in to_csv(levering.tabel).decode()
            assert "cmd" not in " ".join(levering.opmerkingen)
