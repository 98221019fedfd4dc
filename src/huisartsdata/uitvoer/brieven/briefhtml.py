"""A brief as one html file: nothing is fetched, nothing runs, and a screen reader finds its way."""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from typing import TYPE_CHECKING

from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Beeld, Kop, Lijst, Tabel
from huisartsdata.uitvoer.brieven.briefletters import HEEL_WOORD
from huisartsdata.uitvoer.tabel import neutralise

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.briefinhoud import Blok, Brief

CSS = """
:root{color-scheme:light}
body{margin:0 auto;max-width:52rem;padding:1.5rem 1.25rem 4rem;background:#fff;color:#1a1a1a;
font:16px/1.55 "DejaVu Sans",Verdana,Arial,sans-serif;overflow-wrap:break-word}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .3rem}
h2{font-size:1.25rem;margin:2.2rem 0 .6rem;border-top:2px solid #3c3c3c;padding-top:.5rem}
h3{font-size:1.05rem;margin:1.4rem 0 .4rem}
p,ul{margin:.6rem 0}
li{margin:.3rem 0}
.datum,.noot{color:#555;font-size:.85rem}
.vraag{font-size:1.1rem;font-style:italic}
.antwoord{border-left:5px solid #8a2d1b;background:#f6f3ef;padding:.8rem 1rem;font-weight:bold}
figure{margin:1.2rem 0}
img{box-sizing:border-box;max-width:100%;height:auto;border:1px solid #d9d9d9;vertical-align:top}
figcaption,caption{font-size:.85rem;line-height:1.4;text-align:left}
figcaption{margin-top:.3rem}
.heel{white-space:nowrap}
.breed{overflow-x:auto}
.klein,figure:target .groot{display:none}
figure:target .klein{display:inline}
figure:target img{max-width:none;width:66rem}
table{border-collapse:collapse;width:100%;font-size:.82rem;line-height:1.4}
caption{caption-side:top;padding:.3rem 0}
caption span{display:inline-block;position:sticky;left:0;max-width:min(49.5rem,calc(100vw - 2.5rem))}
th,td{border-bottom:1px solid #d9d9d9;padding:.3rem .5rem;text-align:left;vertical-align:top;font-weight:normal}
thead th{border-bottom:2px solid #3c3c3c;font-weight:bold}
.n{text-align:right}
tbody .n{white-space:nowrap}
dt{font-weight:bold;margin-top:.5rem}
dd{margin:0}
code{font-family:"DejaVu Sans Mono",Consolas,monospace;font-size:.9em}
@media print{body{max-width:none;font-size:10pt;padding:0}h2,h3{break-after:avoid}figure,tr{break-inside:avoid}
figcaption a{display:none!important}figure:target img{max-width:100%}}
""".strip()


def stijlhash(css: str) -> str:
    """What a content security policy knows a style by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


def to_html(brief: Brief) -> bytes:
    """Write a brief as one html page.

    Pictures are in it, the content security policy forbids every connection, and all text is escaped.
    """
    t = escape
    punten = "".join(f"<li>{_zin(p)}</li>" for p in brief.kernpunten)
    delen = [
        "<!doctype html>",
        '<html lang="nl-NL">',
        "<head>",
        '<meta charset="utf-8">',
        (
            f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
            f"style-src '{stijlhash(CSS)}'; base-uri 'none'; form-action 'none'\">"
        ),
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="description" content="{t(brief.vraag)} {t(brief.antwoord)}">',
        f'<meta name="generator" content="huisartsdata {t(brief.versie)}">',
        f"<title>{t(brief.titel)}</title>",
        f"<style>{CSS}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{_heel(brief.titel)}</h1>",
        f'<p class="datum">Gegevens samengesteld op {t(brief.datum)} · huisartsdata {t(brief.versie)}</p>',
        *([f"<p><strong>{t(brief.levering)}</strong></p>"] if brief.levering else []),
        f'<p class="vraag">{t(brief.vraag)}</p>',
        f'<p class="antwoord">{t(brief.antwoord)}</p>',
        f"<ul>{punten}</ul>",
        *(_blok(blok, nummer) for blok, nummer in brief.genummerd),
        "<h2>Hoe is deze brief gemaakt?</h2>",
        "<dl>",
        *(f"<dt>{t(n)}</dt><dd>{_waarde(w, code=w == brief.opdracht)}</dd>" for n, w in brief.colofon),
        "</dl>",
        "</main>",
        "</body>",
        "</html>",
    ]
    return ("\n".join(delen) + "\n").encode()


def _waarde(tekst: str, *, code: bool) -> str:
    return f"<code>{escape(tekst)}</code>" if code else _zin(tekst)


def _zin(tekst: str) -> str:
    """Escaped text that may begin with a name: a spreadsheet that opens the page makes a cell of every line."""
    return escape(neutralise(tekst) if neutralise(tekst[:1]) != tekst[:1] else tekst)


def _blok(blok: Blok, nummer: int) -> str:
    t = escape
    match blok:
        case Kop(tekst, niveau):
            return f"<h{niveau + 1}>{_heel(tekst)}</h{niveau + 1}>"
        case Alinea(tekst, soort):
            klas = "" if soort == "gewoon" else f' class="{"noot" if soort == "noot" else "antwoord"}"'
            return f"<p{klas}>{_zin(tekst)}</p>"
        case Lijst(punten):
            return "<ul>" + "".join(f"<li>{_zin(p)}</li>" for p in punten) + "</ul>"
        case Beeld():
            bron = base64.b64encode(blok.png).decode()
            breed, hoog = maten(blok.png)
            # the figure is in the page once; a link makes it large, and it scrolls by itself
            naam = f"figuur-{nummer}"
            links = (
                f'<a class="groot" href="#{naam}">Vergroot figuur {nummer}</a>'
                f'<a class="klein" href="#{naam}-klein">Verklein figuur {nummer}</a>'
            )
            return (
                f'<div id="{naam}-klein"><figure id="{naam}">'
                f'<div class="breed" tabindex="0" role="region" aria-label="Figuur {nummer}">'
                f'<img src="data:image/png;base64,{bron}" width="{breed}" height="{hoog}" '
                f'alt="{t(blok.alt_tekst)}"></div>'
                f"<figcaption><b>Figuur {nummer}.</b> {_heel(blok.bijschrift)}. {links}</figcaption></figure></div>"
            )
        case Tabel():
            return _tabel(blok, nummer)


def _heel(tekst: str) -> str:
    """Escaped text in which a name with a hyphen stays on one line; the hyphen stays one that can be searched."""
    delen = re.split(f"({HEEL_WOORD})", tekst)
    return "".join(
        f'<span class="heel">{escape(d)}</span>' if n % 2 else escape(d) for n, d in enumerate(delen)
    )


def maten(png: bytes) -> tuple[int, int]:
    """Width and height in pixels of a png: two numbers at a fixed place in its header."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def _tabel(tabel: Tabel, nummer: int) -> str:

    def klas(n: int) -> str:
        return ' class="n"' if n in tabel.getallen else ""

    def t(cel: str, n: int | None = None) -> str:
        """A cell as text; a spreadsheet that it is pasted into runs nothing, and a number keeps its sign."""
        return escape(cel if n in tabel.getallen else neutralise(cel))

    kop = "".join(f'<th scope="col"{klas(n)}>{t(k)}</th>' for n, k in enumerate(tabel.kop))
    rijen = "".join(
        f'<tr><th scope="row">{t(rij[0], 0)}</th>'
        + "".join(f"<td{klas(n)}>{t(cel, n)}</td>" for n, cel in enumerate(rij) if n)
        + "</tr>"
        for rij in tabel.rijen
    )
    noot = f'<p class="noot">{escape(tabel.noot)}</p>' if tabel.noot else ""
    # a wide table scrolls by itself, with the keyboard too; the page and the caption stay put
    return (
        f'<div class="breed" tabindex="0" role="region" aria-label="Tabel {nummer}"><table>'
        f"<caption><span><b>Tabel {nummer}.</b> {_heel(tabel.titel)}</span></caption><thead><tr>{kop}</tr></thead>"
        f"<tbody>{rijen}</tbody></table></div>{noot}"
    )
