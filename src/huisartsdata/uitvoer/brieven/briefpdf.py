"""A brief as pdf through typst: tagged, PDF/UA-1, with alternative texts and its own letters in it."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Beeld, Kop, Lijst, Tabel
from huisartsdata.uitvoer.brieven.briefletters import lettermap, tekenbaar
from huisartsdata.uitvoer.huisstijl import KLEUREN, LETTER

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.briefinhoud import Blok, Brief

STANDAARD: Literal["ua-1"] = "ua-1"
KORT = 12  # rows that are kept on one page
MAX_BLADEN = 4
# The brief travels as json: typst shows its strings as text and never reads them as markup.
SJABLOON = """
#let b = json("brief.json")
#set document(title: b.titel, author: "huisartsdata", description: b.vraag, keywords: b.trefwoorden, date: none)
#set text(font: "LETTER", size: 8.6pt, lang: "nl", region: "nl", fill: rgb("TEKST"), hyphenate: false)
#set page(
  paper: "a4",
  margin: (x: 20mm, top: 15mm, bottom: 16mm),
  footer: context {
    set text(7.5pt, fill: rgb("ZACHT"))
    grid(columns: (1fr, auto), b.titel + " · " + b.datum,
      [#counter(page).display() van #counter(page).final().at(0)])
  },
)
#set par(leading: 0.55em, spacing: 0.7em, justify: false)
#set list(indent: 0pt, body-indent: 0.6em, spacing: 0.5em, marker: [•])
#show heading.where(level: 1): it => block(above: 0pt, below: 6pt, text(17pt, it.body))
#show heading.where(level: 2): it => block(above: 9pt, below: 5pt, sticky: true, width: 100%,
  stroke: (top: 1pt + rgb("LIJN")), inset: (top: 4pt), text(11pt, it.body))
#show heading.where(level: 3): it => block(above: 9pt, below: 5pt, sticky: true, text(10pt, it.body))
#show figure.caption: set text(8pt)
#show figure.caption: set align(left)
#show figure.where(kind: image): set align(left)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: it => block(sticky: true, width: 100%, it)
#show figure: set block(spacing: 7pt)
#show table.cell: set text(7.1pt)
#show table.cell: set par(leading: 0.42em)
#set table(stroke: (x, y) => if y == 0 { (bottom: 0.8pt + rgb("LIJN")) } else { (bottom: 0.4pt + rgb("RASTER")) },
  // wide to the left: a number and the word beside it stay apart
  inset: (left: 5pt, right: 3pt, y: 1.9pt))
#let noot(t) = block(above: 3pt, below: 6pt, text(7.2pt, fill: rgb("ZACHT"), t))

#heading(level: 1, b.titel)
#text(8pt, fill: rgb("ZACHT"), "Gegevens van " + b.datum + " · huisartsdata " + b.versie)

#block(above: 9pt, below: 8pt, text(10pt, style: "italic", b.vraag))

#block(width: 100%, fill: rgb("#f6f3ef"), stroke: (left: 3pt + rgb("NADRUK")), inset: 8pt,
  text(10pt, weight: "bold", b.antwoord))
#list(..b.kernpunten)

#for blok in b.blokken {
  if blok.soort == "kop" { heading(level: blok.niveau + 1, blok.tekst) }
  else if blok.soort == "gewoon" { par(blok.tekst) }
  else if blok.soort == "nadruk" { par(strong(blok.tekst)) }
  else if blok.soort == "noot" { noot(blok.tekst) }
  else if blok.soort == "lijst" { list(..blok.punten) }
  else if blok.soort == "beeld" {
    figure(image(blok.bestand, alt: blok.alt, width: 95%), caption: blok.bijschrift + ".", supplement: "Figuur")
  } else if blok.soort == "tabel" {
    // a short table stays on one page with its note; a long one runs on, and repeats its heading
    let kort = blok.rijen.len() <= KORT
    show figure: set block(breakable: not kort)
    block(breakable: not kort, width: 100%, {
      figure(
        table(
          columns: blok.breedtes.map(x => x * 1fr),
          align: blok.kop.enumerate().map(((n, k)) => if n in blok.getallen { right } else { left }),
          table.header(..blok.kop.map(k => strong(k))),
          ..blok.rijen.flatten(),
        ),
        caption: blok.titel, kind: table, supplement: "Tabel",
      )
      if blok.noot != "" { noot(blok.noot) }
    })
  }
}

#heading(level: 2, "Hoe is deze brief gemaakt?")
#terms(separator: [: ], hanging-indent: 0pt, spacing: 0.5em,
  ..b.colofon.map(((naam, waarde)) => terms.item(naam, if waarde == b.opdracht { raw(waarde) } else { waarde })))
"""


def to_pdf(brief: Brief) -> bytes:
    """Write a brief as pdf; the same bytes every time, without a date and without the system's letters.

    Raises
    ------
    HuisartsdataFout
        When typst refuses it; the message has its reason.
    """
    sjabloon = SJABLOON
    for naam in ("TEKST", "ZACHT", "LIJN", "RASTER", "NADRUK"):
        sjabloon = sjabloon.replace(f'"{naam}"', f'"{KLEUREN[naam.casefold()]}"')
    with tempfile.TemporaryDirectory() as tijdelijk:
        map_ = Path(tijdelijk)
        inhoud = _inhoud(brief)
        (map_ / "brief.json").write_text(json.dumps(inhoud, ensure_ascii=False), encoding="utf-8")
        for n, beeld in enumerate(brief.beelden):
            (map_ / f"beeld{n}.svg").write_bytes(beeld.svg)
        sjabloon = sjabloon.replace("LETTER", LETTER)
        pdf = _zet(map_, sjabloon.replace("KORT", str(KORT)), brief.titel)
        if tel_bladen(pdf) > MAX_BLADEN:  # then every table may run on, and no page ends half empty
            pdf = _zet(map_, sjabloon.replace("KORT", "0"), brief.titel)
    return pdf


def _zet(map_: Path, sjabloon: str, titel: str) -> bytes:
    import typst

    (map_ / "brief.typ").write_text(sjabloon, encoding="utf-8")
    try:
        pdf = typst.compile(
            str(map_ / "brief.typ"),
            root=str(map_),
            font_paths=[str(lettermap())],
            ignore_system_fonts=True,
            format="pdf",
            pdf_standards=[STANDAARD],
        )
    except RuntimeError as e:
        raise HuisartsdataFout(
            f"de pdf van '{titel}' is niet te maken ({str(e).splitlines()[0]:.200})"
        ) from e
    if not isinstance(pdf, bytes):
        raise HuisartsdataFout(f"de pdf van '{titel}' is leeg gebleven")
    return pdf


def tel_bladen(pdf: bytes) -> int:
    """Number of pages of a pdf that typst wrote: its page objects stand open in the file."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def _inhoud(brief: Brief) -> dict[str, Any]:
    blokken, beelden = [], 0
    for blok in brief.secties:
        d = _blok(blok, beelden)
        beelden += isinstance(blok, Beeld)
        blokken.append(d)
    uit: dict[str, Any] = _tekenbaar(
        {
            "titel": brief.titel,
            "vraag": brief.vraag,
            "antwoord": brief.antwoord,
            "datum": brief.datum,
            "versie": brief.versie,
            "opdracht": brief.opdracht,
            "kernpunten": list(brief.kernpunten),
            "trefwoorden": list(brief.trefwoorden),
            "colofon": [list(c) for c in brief.colofon],
            "blokken": blokken,
        }
    )
    return uit


def _blok(blok: Blok, beelden: int) -> dict[str, Any]:
    match blok:
        case Kop(tekst, niveau):
            return {"soort": "kop", "tekst": tekst, "niveau": niveau}
        case Alinea(tekst, soort):
            return {"soort": soort, "tekst": tekst}
        case Lijst(punten):
            return {"soort": "lijst", "punten": list(punten)}
        case Beeld():
            return {
                "soort": "beeld",
                "bestand": f"beeld{beelden}.svg",
                "alt": blok.alt_tekst,
                "bijschrift": blok.bijschrift,
            }
        case Tabel():
            return {
                "soort": "tabel",
                "titel": blok.titel,
                "kop": list(blok.kop),
                "rijen": [list(r) for r in blok.rijen],
                "getallen": list(blok.getallen),
                "breedtes": list(blok.breedtes or (1.0,) * len(blok.kop)),
                "noot": blok.noot,
            }


def _tekenbaar(iets: Any) -> Any:
    if isinstance(iets, str):
        return tekenbaar(iets)
    if isinstance(iets, list):
        return [_tekenbaar(x) for x in iets]
    if isinstance(iets, dict):
        return {k: _tekenbaar(v) for k, v in iets.items()}
    return iets
