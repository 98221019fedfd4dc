"""The page of a web map: controls, legends, table and the map's own html, as text that cannot become code.

The table is where all texts of a page stand; the script reads its tooltips from there. Without a script the page
still has its title, legends, table and source.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from typing import Any

from huisartsdata.uitvoer.huisstijl import ARCERING, GEEN_GEGEVENS, KLEUREN, ONBEKEND, getal
from huisartsdata.uitvoer.kaarten.kaartlagen import fill_style
from huisartsdata.uitvoer.opmaak import clean

# a hatched class -> name of its pattern in the page
BUITEN = "buiten het gebied"
PATROON = {ONBEKEND: "patroon-onbekend", GEEN_GEGEVENS: "patroon-leeg"}


@dataclass(frozen=True)
class Kolom:
    """One column of the table: heading, unit (added in tooltips), texts by row, and whether they are numbers."""

    kop: str
    eenheid: str
    cellen: Sequence[str]
    getal: bool = True


@dataclass(frozen=True)
class Klasse:
    """A row of the legend: label, fill (a colour or ``url(#pattern)``) and how many areas are in it."""

    label: str
    vulling: str
    aantal: int


@dataclass(frozen=True)
class Bladlaag:
    """A layer as the page shows it; `klasse` holds the number of the class of each row.

    `ook` holds what its tooltip shows of other layers: label, name of that layer, heading of its column.
    """

    naam: str
    waardenaam: str
    kop: str
    uitleg: str
    samenvatting: str
    klassen: Sequence[Klasse]
    klasse: Sequence[int]
    kolommen: Sequence[Kolom]
    voet: Sequence[str]
    bron_kort: str
    bronregel: str
    ook: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True)
class Blad:
    """Everything a page says; `buiten` when there is anything around the areas."""

    titel: str
    ondertitel: str
    soort: str
    enkelvoud: str
    namen: Sequence[str]
    korte_namen: Sequence[str]
    groepen: Sequence[str]
    lagen: Sequence[Bladlaag]
    buiten: bool = False


def fill(klasse: str, kleur: str) -> str:
    """Fill of a class on the page: its colour, or the pattern of a class without a value."""
    return f"url(#{PATROON[klasse]})" if klasse in PATROON else str(fill_style(klasse, kleur)["facecolor"])


def text(tekst: object) -> str:
    """Any text as harmless html: no markup, no control or direction marks."""
    return escape(clean(str(tekst)))


def safe_json(inhoud: Any) -> str:
    """Json that can stand inside a script: ascii only, and no ``<`` that could end it."""
    kort = json.dumps(inhoud, ensure_ascii=True, separators=(",", ":"), allow_nan=False, sort_keys=True)
    return kort.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def build_body(blad: Blad, kaart: str) -> str:
    """Html of the page around folium's own html of the map."""
    radios = "\n".join(
        f'<label class="laagkeuze"><input type="radio" name="laag" value="{n}"{" checked" if not n else ""}> '
        f"<span>{text(laag.naam)}</span></label>"
        for n, laag in enumerate(blad.lagen)
    )
    opties = dict.fromkeys([*sorted({g for g in blad.groepen if g}), *blad.namen])
    lijst = "".join(f'<option value="{text(naam)}">' for naam in opties)
    return f"""<a class="sla-over" href="#tabel">Naar de tabel met alle cijfers</a>
{_patterns()}
<div class="blad">
<header>
<h1>{text(blad.titel)}</h1>
<p class="onder">{text(blad.ondertitel)}</p>
</header>
<main>
<div class="werkvlak">
<div class="keuze">
<fieldset><legend>Kies wat de kaart toont</legend>
{radios}
</fieldset>
<div class="zoek" role="search">
<label for="zoek">Zoek een {text(blad.enkelvoud)}</label>
<div class="zoekrij"><input type="text" id="zoek" list="gebieden" autocomplete="off" spellcheck="false">
<button type="button" id="zoekknop">Zoek</button></div>
<datalist id="gebieden">{lijst}</datalist>
<button type="button" id="heel">Toon de hele kaart</button>
<p class="melding" id="melding" role="status" aria-live="polite"></p>
</div>
</div>
<section class="kaartvak" id="kaartvak" aria-label="Kaart">
<div class="kaartvlak">{kaart}</div>
<noscript><p class="leeg">Voor de kaart is JavaScript nodig. Alle cijfers staan in de tabel.</p></noscript>
</section>
<section class="sleutel" aria-label="Legenda">
{"".join(_legend(n, laag, blad.soort, buiten=blad.buiten) for n, laag in enumerate(blad.lagen))}
</section>
<section class="gekozen" id="gekozen" aria-label="Gekozen gebied" hidden></section>
</div>
{_sources(blad.lagen)}
<section class="tabel" aria-labelledby="tabelkop">
<h2 id="tabelkop">Alle cijfers</h2>
{_table(blad)}
</section>
</main>
</div>"""


def _patterns() -> str:
    """The two hatches, as svg that costs no space on the page."""
    leeg, weet = KLEUREN["geen_gegevens"], KLEUREN["onbekend"]
    streep, stip = KLEUREN["geen_gegevens_arcering"], KLEUREN["onbekend_arcering"]
    assert set(ARCERING) == set(PATROON)  # a class drawn hatched on paper is hatched here too
    return (
        '<svg width="0" height="0" class="verborgen" aria-hidden="true" focusable="false"><defs>'
        f'<pattern id="{PATROON[GEEN_GEGEVENS]}" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{leeg}"/>'
        f'<path d="M0 0V6" stroke="{streep}" stroke-width="1.6"/></pattern>'
        f'<pattern id="{PATROON[ONBEKEND]}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{weet}"/><circle cx="2" cy="2" r="0.9" fill="{stip}"/>'
        f'<circle cx="5" cy="5" r="0.9" fill="{stip}"/></pattern></defs></svg>'
    )


def _sample(vulling: str) -> str:
    return (
        f'<svg aria-hidden="true" focusable="false"><rect width="100%" height="100%" fill="{vulling}"/></svg>'
    )


def _legend(nummer: int, laag: Bladlaag, soort: str, *, buiten: bool) -> str:
    rijen = "\n".join(
        f"<li>{_sample(k.vulling)}<span>{text(k.label)}</span> "
        f'<span class="aantal">{getal(k.aantal)}<span class="verborgen"> {text(soort)}</span></span></li>'
        for k in laag.klassen
    )
    if buiten:
        rijen += f"\n<li>{_sample(KLEUREN['buur'])}<span>{BUITEN}</span></li>"
    return f"""<div id="sleutel-{nummer}"{" hidden" if nummer else ""}>
<h2>{text(laag.kop)}</h2>
<ul class="klassen">
{rijen}
</ul>
<p class="uitleg">{text(laag.uitleg)} Het getal achter een klasse is het aantal {text(soort)}.</p>
<p class="verborgen" id="samenvatting-{nummer}">{text(laag.samenvatting)}</p>
</div>
"""


def _sources(lagen: Sequence[Bladlaag]) -> str:
    """Source line of each layer; one line where they are the same."""
    regels: dict[str, list[int]] = {}
    for n, laag in enumerate(lagen):
        regels.setdefault(laag.bronregel, []).append(n)
    if len(regels) == 1:
        return f'<p class="bron">{text(lagen[0].bronregel)}</p>'
    return "\n".join(
        f'<p class="bron" data-l="{" ".join(map(str, nummers))}">'
        f"<strong>{text('; '.join(lagen[n].naam for n in nummers))}.</strong> {text(regel)}</p>"
        for regel, nummers in regels.items()
    )


def _table(blad: Blad) -> str:
    eerste = "".join(
        f'<th scope="colgroup" colspan="{len(laag.kolommen)}" class="l{n}">{text(laag.naam)}</th>'
        for n, laag in enumerate(blad.lagen)
    )
    tweede = "".join(
        f'<th scope="col" class="l{n}">{text(k.kop)}{f" ({text(k.eenheid)})" if k.eenheid else ""}</th>'
        for n, laag in enumerate(blad.lagen)
        for k in laag.kolommen
    )
    alle = [k for laag in blad.lagen for k in laag.kolommen]
    rijen = []
    for r, naam in enumerate(blad.namen):
        nummers = " ".join(str(laag.klasse[r]) for laag in blad.lagen)
        groep = f' data-g="{text(blad.groepen[r])}"' if blad.groepen[r] else ""
        kort = f' data-kort="{text(blad.korte_namen[r])}"' if blad.korte_namen[r] != naam else ""
        cellen = "".join(f"<td{' class=n' if k.getal else ''}>{text(k.cellen[r])}</td>" for k in alle)
        plek = "0" if not r else "-1"
        rijen.append(
            f'<tr data-k="{nummers}"{groep}{kort}><th scope="row"><button type="button" tabindex="{plek}">'
            f"<bdi>{text(naam)}</bdi></button></th>{cellen}</tr>"
        )
    regels = "\n".join(rijen)
    return f"""<div class="tabelvak" id="tabel" tabindex="0" role="region" aria-labelledby="tabelkop">
<table>
<caption>{getal(len(blad.namen))} {text(blad.soort)}.
<span class="alleen-scherm">Kies een naam om het gebied op de kaart te zien; pijltjestoetsen lopen door de namen.</span>
<span class="alleen-druk">Afgedrukt is de laag die in beeld is.</span></caption>
<thead><tr><th scope="col" rowspan="2">{text(blad.enkelvoud.capitalize())}</th>{eerste}</tr>
<tr>{tweede}</tr></thead>
<tbody>
{regels}
</tbody>
</table>
</div>"""


def print_css(lagen: Sequence[Bladlaag]) -> str:
    """On paper the table has the columns of the layer that is shown: all of them do not fit a page."""
    breed = [len(laag.kolommen) for laag in lagen]
    eind = [1 + n for n in accumulate(breed)]
    regels = []
    for n, laatste in enumerate(eind):
        eerste = laatste - breed[n] + 1
        ander = f'body[data-laag]:not([data-laag="{n}"])'
        regels.append(
            f"{ander} .l{n}, {ander} td:nth-child(n+{eerste}):nth-child(-n+{laatste}) {{ display: none; }}"
        )
    return "@media print {\n" + "\n".join(regels) + "\n}" if len(lagen) > 1 else ""


def settings(
    blad: Blad, *, labels: Any, streken: Any, buurnamen: Any, grenzen: Any, max_zoom: int, achtergrond: str
) -> dict[str, Any]:
    """What the script needs to know beside the table."""
    kolom = 1
    lagen: list[dict[str, Any]] = []
    plek: dict[tuple[str, str], tuple[int, str]] = {}
    for laag in blad.lagen:
        plaatsen = [[clean(k.kop), kolom + i, clean(k.eenheid)] for i, k in enumerate(laag.kolommen)]
        plek |= {(laag.naam, k.kop): (kolom + i, clean(k.eenheid)) for i, k in enumerate(laag.kolommen)}
        kolom += len(laag.kolommen)
        lagen.append(
            {
                "naam": clean(laag.naam),
                "waardenaam": clean(laag.waardenaam),
                "kleuren": [k.vulling for k in laag.klassen],
                "kolommen": plaatsen,
                "voet": [clean(v) for v in laag.voet],
                "bron": clean(laag.bron_kort),
            }
        )
    for uit, laag in zip(
        lagen, blad.lagen, strict=True
    ):  # what stands in the table once, a tooltip may show twice
        uit["ook"] = [[clean(kop), *plek[van, kolom_]] for kop, van, kolom_ in laag.ook]
    return {
        "lagen": lagen,
        "labels": labels,
        "streken": streken,
        "buurnamen": buurnamen,
        "grenzen": grenzen,
        "soort": clean(blad.soort),
        "maxZoom": max_zoom,
        "rand": KLEUREN["rand"],
        "achtergrond": achtergrond,
        "kleuren": {n: KLEUREN[n] for n in ("buur", "buurrand", "water", "rivier", "lijn")},
    }
