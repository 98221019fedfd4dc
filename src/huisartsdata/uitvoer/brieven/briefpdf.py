"""A brief as pdf through typst: tagged, PDF/UA-1, with alternative texts and its own letters in it.

The letters are as large as four pages allow: the first of `SCHALEN` at which the brief fits. Within a scale a
table may come before the figure beside it, and lists may be kept whole, whichever leaves the fullest pages.
"""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Beeld, Kop, Lijst, Tabel
from huisartsdata.uitvoer.brieven.briefletters import HEEL_WOORD, lettermap, tekenbaar
from huisartsdata.uitvoer.brieven.briefvorm import (
    BOVEN_MM,
    MAX_BLADEN,
    ONDER_MM,
    Bladspiegel,
    Zetting,
    kies_zetting,
    kolombreedtes,
)
from huisartsdata.uitvoer.huisstijl import KLEUREN, LETTER

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.briefinhoud import Blok, Brief

__all__ = ["MAX_BLADEN", "tel_bladen", "to_pdf"]

STANDAARD: Literal["ua-1"] = "ua-1"
BREED_PT = 170 / 25.4 * 72  # A4 less its margins: as wide as the figures are drawn
LINKS_PT, RECHTS_PT = 5.0, 3.0  # within a cell
# The brief travels as json: typst shows its strings as text and never reads them as markup.
SJABLOON = """
#let b = json("brief.json")
#let z = json("zetting.json")
#let pt(x) = x * 1pt
#let (tekst, tabel, klein) = (pt(z.schaal.tekst), pt(z.schaal.tabel), pt(z.schaal.noot))
#set document(title: b.titel, author: "huisartsdata", description: b.vraag, keywords: b.trefwoorden, date: none)
#set text(font: "LETTER", size: tekst, lang: "nl", region: "nl", fill: rgb("TEKST"), hyphenate: false)
#set page(
  paper: "a4",
  margin: (x: 20mm, top: BOVENmm, bottom: 297mm - ONDERmm),
  footer-descent: 6pt,
  footer: context {
    set text(7.5pt, fill: rgb("ZACHT"))
    grid(columns: (1fr, auto), b.titel + " · " + b.datum,
      [#counter(page).display() van #counter(page).final().at(0)])
  },
)
// where something ends up: the layout is chosen by it
#let plek(soort, n) = context [#metadata((soort, n, here().page(), here().position().y.mm()))<plek>]
// a name with a hyphen stays on one line; a box and no other sign, so that it can be searched and copied
#let namen(it) = { show regex("HEEL"): box; it }
#let klein_grijs(t) = text(klein, fill: rgb("ZACHT"), t)
#set par(leading: 0.55em, spacing: 0.7em, justify: false)
#set list(indent: 0pt, body-indent: 0.6em, spacing: 0.5em, marker: [•])
#show heading.where(level: 1): it => block(above: 0pt, below: 6pt, text(17pt, namen(it.body)))
#show heading.where(level: 2): it => block(above: 8pt, below: 4pt, sticky: true, width: 100%,
  stroke: (top: 1pt + rgb("LIJN")), inset: (top: 3.5pt), text(calc.max(11pt, tekst + 1.5pt), namen(it.body)))
#show heading.where(level: 3): it => block(above: 9pt, below: 5pt, sticky: true, text(tekst + 1pt, namen(it.body)))
#show figure.where(kind: image): set align(left)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: it => block(sticky: true, width: 100%, {
  set align(left)
  set text(tabel + 0.5pt)
  par[*#it.supplement #context it.counter.display(it.numbering).* #namen(it.body)]
})
#show figure: set block(spacing: 5.5pt)
#set figure(gap: 4pt)
#show table.cell: set text(tabel)
#show table.cell: set par(leading: 0.42em)
#set table.cell(breakable: z.kort == 0)
#set table(stroke: (x, y) => if y == 0 { (bottom: 0.8pt + rgb("LIJN")) } else { (bottom: 0.4pt + rgb("RASTER")) },
  // wide to the left: a number and the word beside it stay apart
  inset: (left: LINKSpt, right: RECHTSpt, top: 1.8pt, bottom: 2.1pt))
#show raw: set text(lang: "nl", region: "nl")
#let noot(t, n) = block(above: 3pt, below: 5pt, breakable: z.kort == 0, par(klein_grijs([#t#plek("noot", n)])))
#let punten(p, n) = block(breakable: n not in z.heel,
  list(..p.map(t => [#plek("punt", n)#t#plek("punt", n)])))

#heading(level: 1, b.titel)
#par(klein_grijs("Gegevens samengesteld op " + b.datum + " · huisartsdata " + b.versie))
#if b.levering != "" { par(strong(b.levering)) }

#block(above: 8pt, below: 7pt, par(text(tekst + 1pt, style: "italic", namen(b.vraag))))

#block(width: 100%, fill: rgb("#f6f3ef"), stroke: (left: 3pt + rgb("NADRUK")), inset: 7pt,
  par(text(tekst + 1pt, weight: "bold", namen(b.antwoord))))
#punten(b.kernpunten, -1)

#for n in z.volgorde {
  let blok = b.blokken.at(n)
  if blok.soort == "kop" { heading(level: blok.niveau + 1, blok.tekst) }
  else if blok.soort == "gewoon" { par([#blok.tekst#plek("tekst", n)]) }
  else if blok.soort == "nadruk" { par(strong(blok.tekst)) }
  else if blok.soort == "noot" { noot(blok.tekst, n) }
  else if blok.soort == "lijst" { punten(blok.punten, n) }
  else if blok.soort == "beeld" {
    // as large as it was drawn: its letters have the size they were given
    figure(image(blok.bestand, alt: blok.alt, width: 100%),
      caption: [#blok.bijschrift.#plek("beeld", n)], supplement: "Figuur")
  } else if blok.soort == "tabel" {
    // a short table stays on one page with its note; a long one runs on, and repeats its heading
    let kort = blok.rijen.len() <= z.kort
    show figure: set block(breakable: not kort)
    block(breakable: not kort, width: 100%, {
      figure(
        table(
          columns: z.breedtes.at(n).map(x =>
            x * (170mm - blok.kop.len() * (LINKSpt + RECHTSpt)) + LINKSpt + RECHTSpt),
          align: blok.kop.enumerate().map(((n, k)) => if n in blok.getallen { right } else { left }),
          table.header(..blok.kop.map(k => strong(k))),
          ..blok.rijen.map(r => ([#plek("rij", n)#r.at(0)], ..r.slice(1))).flatten(),
        ),
        caption: blok.titel, kind: table, supplement: "Tabel",
      )
      if blok.noot != "" { noot(blok.noot, n) }
    })
  }
}

#heading(level: 2, "Hoe is deze brief gemaakt?")
#terms(separator: [: ], hanging-indent: 0pt, spacing: 0.5em,
  ..b.colofon.map(((naam, waarde)) => terms.item(naam,
    [#if waarde == b.opdracht { raw(waarde) } else { waarde }#plek("colofon", -2)])))
"""


def to_pdf(brief: Brief) -> bytes:
    """Write a brief as pdf; the same bytes every time, without a date and without the system's letters.

    Raises
    ------
    HuisartsdataFout
        When typst refuses it; the message has its reason.
    """
    with tempfile.TemporaryDirectory() as tijdelijk:
        map_ = Path(tijdelijk)
        (map_ / "brief.json").write_text(json.dumps(_inhoud(brief), ensure_ascii=False), encoding="utf-8")
        for n, beeld in enumerate(brief.beelden):
            (map_ / f"beeld{n}.svg").write_bytes(beeld.svg)
        (map_ / "brief.typ").write_text(_sjabloon(), encoding="utf-8")
        zetter = _Zetter(map_, brief)
        return _rijkoppen(zetter.to_pdf(kies_zetting(brief.secties, zetter.meet)))


def _sjabloon() -> str:
    sjabloon = SJABLOON
    for naam in ("TEKST", "ZACHT", "LIJN", "RASTER", "NADRUK"):
        sjabloon = sjabloon.replace(f'"{naam}"', f'"{KLEUREN[naam.casefold()]}"')
    sjabloon = sjabloon.replace("HEEL", HEEL_WOORD.replace("\\", "\\\\")).replace("LETTER", LETTER)
    sjabloon = sjabloon.replace("LINKSpt", f"{LINKS_PT}pt").replace("RECHTSpt", f"{RECHTS_PT}pt")
    return sjabloon.replace("BOVENmm", f"{BOVEN_MM}mm").replace("ONDERmm", f"{ONDER_MM}mm")


class _Zetter:
    """Typst with one brief before it: to measure a way to set it, and to write it."""

    def __init__(self, map_: Path, brief: Brief) -> None:
        import typst

        self._map, self._brief, self._titel = map_, brief, brief.titel
        self._breedtes: dict[float, list[tuple[float, ...]]] = {}
        self._typst = typst.Compiler(
            str(map_ / "brief.typ"), root=str(map_), font_paths=[str(lettermap())], ignore_system_fonts=True
        )

    def meet(self, zetting: Zetting) -> Bladspiegel:
        """Where everything ends up."""
        self._leg_klaar(zetting)
        try:
            plekken = json.loads(self._typst.query("<plek>", field="value"))
        except RuntimeError as e:
            raise self._fout(e) from e
        return Bladspiegel(tuple((str(s), int(n), int(p), float(y)) for s, n, p, y in plekken))

    def to_pdf(self, zetting: Zetting) -> bytes:
        """The pdf."""
        self._leg_klaar(zetting)
        try:
            pdf = self._typst.compile(format="pdf", pdf_standards=[STANDAARD])
        except RuntimeError as e:
            raise self._fout(e) from e
        if not isinstance(pdf, bytes):
            raise HuisartsdataFout(f"de pdf van '{self._titel}' is leeg gebleven")
        return pdf

    def _leg_klaar(self, zetting: Zetting) -> None:
        punt = zetting.schaal.tabel
        if punt not in self._breedtes:
            self._breedtes[punt] = [
                kolombreedtes(t, (BREED_PT - len(t.kop) * (LINKS_PT + RECHTS_PT)) / punt)
                if isinstance(t, Tabel)
                else ()
                for t in self._brief.secties
            ]
        delen = [[x / sum(t) for x in t] for t in self._breedtes[punt]]
        inhoud = asdict(zetting) | {"breedtes": delen}
        (self._map / "zetting.json").write_text(json.dumps(inhoud), encoding="utf-8")

    def _fout(self, e: RuntimeError) -> HuisartsdataFout:
        return HuisartsdataFout(
            f"de pdf van '{self._titel}' is niet te maken ({str(e).splitlines()[0]:.200})"
        )


CEL = re.compile(rb"/S/TD(/P \d+ 0 R/A\[<</O/Table)(/Headers\[\((U\d+)x(\d+)y\d+\)\])")


def _rijkoppen(pdf: bytes) -> bytes:
    """The first cell of every row as the heading of that row.

    Typst has no heading cells for rows. It names the heading of each column in every cell; a reader that finds
    such names looks no further, so they make way for the scopes of columns and rows. Every change has the length
    of what it replaces: the places of objects in the file stay right.
    """

    def vervang(m: re.Match[bytes]) -> bytes:
        soort, scope = (b"/S/TH", b"/Scope/Row") if m[4] == b"0" else (b"/S/TD", b"")
        return soort + m[1] + scope.ljust(len(m[2]))

    return CEL.sub(vervang, pdf)


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
            "levering": brief.levering,
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
