"""The reading room: one page that finds every map, table and brief in a folder, without a network."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from html import escape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from huisartsdata.bronnen.catalogus import snapshot
from huisartsdata.fouten import BronFout
from huisartsdata.gebieden.register import load_gemeenten
from huisartsdata.uitvoer.brieven.brief import schrijf_heel
from huisartsdata.uitvoer.brieven.briefhtml import stijlhash
from huisartsdata.uitvoer.brieven.briefreeks import BOEKJE
from huisartsdata.uitvoer.brieven.briefsignalen import dagtekst
from huisartsdata.uitvoer.brieven.landbeeld import SOORTEN as SOORTEN_GEBIED
from huisartsdata.uitvoer.figuur import get_versie
from huisartsdata.uitvoer.opmaak import clean

INDEX = "index.html"
MAX_JSON = 5_000_000  # bytes; a sidecar is a few kB
MAX_CSV = 5_000_000
MAX_GEMEENTEN = 400  # more codes than there are gemeenten are no map of them
GEBIED = re.compile(r"^\W?(?:GM|WK|BU)(\d{4})", re.MULTILINE)  # a code at the start of a row of a csv
BRIEFORDE = (*SOORTEN_GEBIED, "eigen")
SOORTEN = {"brief": "Brieven", "kaart": "Kaarten", "grafiek": "Grafieken", "tabel": "Tabellen"}
LABEL = {
    "html": "lezen", "kaart": "kaart om in te zoeken", "pdf": "pdf", "docx": "Word", "zip": "alles (zip)",
    "png": "beeld (png)", "svg": "beeld (svg)", "csv": "cijfers (csv)", "json": "herkomst (json)",
}  # fmt: skip
VOLGORDE = tuple(LABEL)

CSS = """
body{margin:0 auto;max-width:60rem;padding:1.5rem 1.25rem 4rem;background:#fff;color:#1a1a1a;
font:16px/1.5 "DejaVu Sans",Verdana,Arial,sans-serif;overflow-wrap:break-word}
h1{font-size:1.7rem;margin:0 0 .4rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem;border-top:2px solid #3c3c3c;padding-top:.4rem}
h3{font-size:1rem;margin:0;font-weight:bold}
a{color:#1f4e79}
.zoek{position:sticky;top:0;background:#fff;padding:.6rem 0 .4rem;border-bottom:1px solid #d9d9d9}
.zoek label{font-weight:bold;display:block}
.zoek input[type=search]{font:inherit;width:100%;padding:.4rem;border:1px solid #3c3c3c;box-sizing:border-box}
.soorten{border:0;margin:0;padding:0}
.soorten legend{position:absolute;clip-path:inset(50%)}
.soorten label{display:inline-block;font-weight:normal;margin:.4rem 1rem 0 0}
.zoek p{margin:.2rem 0 0}
ul.lijst{list-style:none;padding:0}
ul.lijst>li{border-bottom:1px solid #d9d9d9;padding:.7rem 0;display:flex;gap:1rem}
ul.lijst>li[hidden],section[hidden]{display:none}
.beeld{flex:0 0 9rem}
.beeld img{width:9rem;height:auto;border:1px solid #d9d9d9}
.zacht{color:#555;font-size:.87rem;margin:.2rem 0}
.bron{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.bestanden{margin:.3rem 0 0;font-size:.93rem}
.bestanden a{margin-right:.9rem;white-space:nowrap}
""".strip()

SCRIPT = """
(function () {
  var veld = document.getElementById("vraag"), telling = document.getElementById("telling");
  var vinkjes = Array.prototype.slice.call(document.querySelectorAll("input[name=soort]"));
  var secties = Array.prototype.slice.call(document.querySelectorAll("section[data-soort]"));
  function kaal(t) { return t.normalize("NFD").replace(/[\\u0300-\\u036f]/g, "").toLowerCase(); }
  function zoek() {
    var woorden = kaal(veld.value).split(/\\s+/).filter(Boolean), aan = {}, raak = 0;
    vinkjes.forEach(function (v) { aan[v.value] = v.checked; });
    secties.forEach(function (s) {
      var hier = 0;
      Array.prototype.forEach.call(s.querySelectorAll("li[data-zoek]"), function (li) {
        var tekst = li.getAttribute("data-zoek");
        var goed = aan[s.getAttribute("data-soort")] &&
          woorden.every(function (w) { return tekst.indexOf(w) >= 0; });
        li.hidden = !goed;
        hier += goed ? 1 : 0;
      });
      s.hidden = hier === 0;
      var telt = s.querySelector("h2 span"), alle = telt.getAttribute("data-alle");
      telt.textContent = hier === Number(alle) ? "(" + alle + ")" : "(" + hier + " van " + alle + ")";
      raak += hier;
    });
    telling.textContent = raak === 1 ? "1 gevonden" : raak + " gevonden";
  }
  veld.addEventListener("input", zoek);
  vinkjes.forEach(function (v) { v.addEventListener("change", zoek); });
  document.querySelector("form").addEventListener("submit", function (e) { e.preventDefault(); });
  document.querySelector("form").hidden = false;
  zoek();
})();
""".strip()


@dataclass(frozen=True)
class Stuk:
    """One thing in the reading room, with the files it comes in."""

    soort: str
    titel: str
    uitleg: str
    plek: str
    bestanden: dict[str, str] = field(default_factory=dict)
    zoek: str = ""
    alt: str = ""
    orde: int = 0


def maak_leeszaal(map_: Path | str) -> Path:
    """Write `index.html` in a folder: everything in it and below it, to search and open.

    Parameters
    ----------
    map_
        Folder of figures, tables and briefs, usually ``figures``.

    Returns
    -------
    Path
        The page. The same folder gives the same bytes.

    Raises
    ------
    BronFout
        When there is no such folder.
    """
    wortel = Path(map_)
    if not wortel.is_dir():
        raise BronFout(f"{wortel} is geen map; draai eerst 'huisartsdata run' of 'huisartsdata brief'")
    pad = wortel / INDEX
    schrijf_heel(pad, to_leeszaal(verzamel(wortel)))
    return pad


def verzamel(wortel: Path) -> tuple[Stuk, ...]:
    """Everything with provenance below a folder; what cannot be read is left out."""
    stukken = []
    for pad in sorted(wortel.rglob("*.json")):
        if any(deel.startswith(".") for deel in pad.relative_to(wortel).parts) or pad.is_symlink():
            continue
        gegevens = _lees(pad)
        if gegevens is None:
            continue
        stuk = _brief(pad, wortel, gegevens) if pad.name == BOEKJE else _figuur(pad, wortel, gegevens)
        if stuk is not None:
            stukken.append(stuk)
    volgorde = list(SOORTEN)
    return tuple(
        sorted(
            stukken,
            key=lambda s: (
                volgorde.index(s.soort),
                s.orde,
                s.plek,
                kaal(s.titel),
                sorted(s.bestanden.values()),
            ),
        )
    )


def _lees(pad: Path) -> dict[str, Any] | None:
    try:
        if pad.stat().st_size > MAX_JSON:
            return None
        d = json.loads(pad.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return d if isinstance(d, dict) else None


def _brief(pad: Path, wortel: Path, d: dict[str, Any]) -> Stuk | None:
    namen = d.get("bestanden")
    if not isinstance(namen, dict):
        return None
    paden = {}
    for soort in VOLGORDE:
        naam = namen.get(soort, {}).get("naam") if isinstance(namen.get(soort), dict) else None
        # a name from a file is no path: it stays in its own folder
        if isinstance(naam, str) and (pad.parent / Path(naam).name).is_file():
            paden[soort] = _link(pad.parent / Path(naam).name, wortel)
    woorden = d.get("trefwoorden") if isinstance(d.get("trefwoorden"), list) else []
    titel, antwoord = _tekst(d.get("titel")) or pad.parent.name, _tekst(d.get("antwoord"))
    soort = _tekst(d.get("soort"))
    zoek = kaal(" ".join([titel, *map(_tekst, woorden or []), soort]))
    orde = BRIEFORDE.index(soort) if soort in BRIEFORDE else len(BRIEFORDE)
    return Stuk("brief", titel, _eerste_zin(antwoord), "", paden, zoek, orde=orde) if paden else None


def _eerste_zin(tekst: str) -> str:
    """The first sentence: it answers by itself, and a list of hundreds stays short."""
    return re.split(r"(?<=\.)\s+(?=[A-Z0-9])", tekst, maxsplit=1)[0]


def _figuur(pad: Path, wortel: Path, d: dict[str, Any]) -> Stuk | None:
    paden = {
        "kaart" if soort == "html" else soort: _link(pad.with_suffix(f".{soort}"), wortel)
        for soort in ("html", "png", "svg", "csv", "json")
        if pad.with_suffix(f".{soort}").is_file()
    }
    if not set(paden) & {"kaart", "png", "csv"}:
        return None
    naam = clean(pad.stem.replace("_", " ").replace("-", " "))
    titel = _tekst(d.get("titel")) or naam[:1].upper() + naam[1:]
    if not set(paden) & {"kaart", "png"}:
        soort = "tabel"
    else:
        soort = "kaart" if "kaart" in _tekst(d.get("soort")) or "kaart" in paden else "grafiek"
    plek = pad.parent.relative_to(wortel).as_posix()
    bron = _tekst(d.get("bronregel")) or _tekst(d.get("noot"))
    plek = "" if plek == "." else clean(plek)
    zoek = kaal(" ".join([titel, naam, plek, bron, *_woorden(d), *_gemeenten(pad.with_suffix(".csv"))]))
    return Stuk(soort, titel, bron, plek, paden, zoek, _tekst(d.get("alt_tekst")))


def _woorden(d: dict[str, Any]) -> list[str]:
    """What else a reader may look for: sources, norm, functie."""
    bronnen = d.get("bronnen") if isinstance(d.get("bronnen"), list) else []
    return [_tekst(x) for x in (*(bronnen or []), d.get("norm"), d.get("functie"), d.get("indicator_titel"))]


def _gemeenten(csv: Path) -> list[str]:
    """Names of the gemeenten that a table is about, also when it counts their wijken or buurten."""
    try:
        if csv.stat().st_size > MAX_CSV:
            return []
        codes = {f"GM{n}" for n in GEBIED.findall(csv.read_text(encoding="utf-8-sig"))}
    except (OSError, ValueError):
        return []
    namen = load_gemeenten()["naam"]
    return sorted(namen[namen.index.isin(codes)]) if len(codes) <= MAX_GEMEENTEN else []


def _tekst(waarde: object) -> str:
    return clean(waarde) if isinstance(waarde, str) else ""


def _link(pad: Path, wortel: Path) -> str:
    return quote(PurePosixPath(pad.relative_to(wortel).as_posix()).as_posix())


def kaal(tekst: str) -> str:
    """Text as it is searched: no case, no diacritics.

    >>> kaal("Súdwest-Fryslân")
    'sudwest-fryslan'
    """
    ontleed = unicodedata.normalize("NFD", tekst)
    return "".join(t for t in ontleed if not unicodedata.combining(t)).lower()


def to_leeszaal(stukken: tuple[Stuk, ...]) -> bytes:
    """The page: all text escaped, its own script only, and nothing from a network."""
    t, s = escape, snapshot()
    scripthash = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    beleid = (
        # pages opened from a disk have no origin: file: is what 'self' is elsewhere
        f"default-src 'none'; img-src 'self' file:; style-src '{stijlhash(CSS)}'; script-src '{scripthash}'; "
        "base-uri 'none'; form-action 'none'"
    )
    aanwezig = [soort for soort in SOORTEN if any(x.soort == soort for x in stukken)]
    vinkjes = "".join(
        f'<label><input type="checkbox" name="soort" value="{soort}" checked> {SOORTEN[soort]}</label>'
        for soort in aanwezig
    )
    delen = [
        "<!doctype html>",
        '<html lang="nl">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{t(beleid, quote=False)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<title>Leeszaal: kaarten, tabellen en brieven over huisartsenzorg</title>",
        f"<style>{CSS}</style>",
        "</head>",
        "<body>",
        "<main>",
        "<h1>Leeszaal huisartsenzorg</h1>",
        (
            f'<p class="zacht">Gegevens van {t(dagtekst(s.gemaakt))} · snapshot {t(s.versie)} · huisartsdata '
            f"{t(get_versie())}. Deze pagina werkt zonder internet.</p>"
        ),
        '<form class="zoek" role="search" hidden>',
        '<label for="vraag">Zoek een gemeente, regio, kaart of onderwerp</label>',
        '<input type="search" id="vraag" autocomplete="off" spellcheck="false">',
        f'<fieldset class="soorten"><legend>Toon</legend>{vinkjes}</fieldset>',
        '<p class="zacht" id="telling" aria-live="polite"></p>',
        "</form>",
        "<noscript><p>Zoeken kan hier met de zoekfunctie van uw browser (Ctrl+F).</p></noscript>",
    ]
    if not stukken:
        delen.append(
            "<p>Er is nog niets. Draai <code>huisartsdata run</code> of <code>huisartsdata brief</code>.</p>"
        )
    for soort in aanwezig:
        rijen = [x for x in stukken if x.soort == soort]
        delen += [
            f'<section data-soort="{soort}" aria-labelledby="kop-{soort}">',
            f'<h2 id="kop-{soort}">{SOORTEN[soort]} <span data-alle="{len(rijen)}">({len(rijen)})</span></h2>',
            '<ul class="lijst">',
            *map(_rij, rijen),
            "</ul>",
            "</section>",
        ]
    delen += ["</main>", f"<script>{SCRIPT}</script>", "</body>", "</html>"]
    return ("\n".join(delen) + "\n").encode()


def _rij(x: Stuk) -> str:
    t = escape
    beeld = (
        f'<div class="beeld"><img loading="lazy" src="{t(x.bestanden["png"])}" alt="{t(x.alt or x.titel)}"></div>'
        if "png" in x.bestanden
        else ""
    )
    links = "".join(
        f'<a href="{t(x.bestanden[k])}" aria-label="{LABEL[k]}: {t(x.titel)}">{LABEL[k]}</a>'
        for k in VOLGORDE
        if k in x.bestanden
    )
    eerste = next(x.bestanden[k] for k in VOLGORDE if k in x.bestanden)
    plek = f'<p class="zacht">Map: {t(x.plek)}</p>' if x.plek else ""
    klas = "zacht" if x.soort == "brief" else "zacht bron"
    uitleg = f'<p class="{klas}">{t(x.uitleg)}</p>' if x.uitleg else ""
    return (
        f'<li data-zoek="{t(x.zoek)}">{beeld}<div><h3><a href="{t(eerste)}">{t(x.titel)}</a></h3>{plek}{uitleg}'
        f'<p class="bestanden">{links}</p></div></li>'
    )
