"""The reading room: one page that finds every map, table and brief in a folder, without a network."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path

from huisartsdata.bronnen.catalogus import snapshot
from huisartsdata.fouten import BronFout
from huisartsdata.uitvoer.brieven.brief import schrijf_heel
from huisartsdata.uitvoer.brieven.briefhtml import stijlhash
from huisartsdata.uitvoer.brieven.leesstukken import SOORTEN, VOLGORDE, Stuk, verzamel
from huisartsdata.uitvoer.figuur import get_versie
from huisartsdata.uitvoer.huisstijl import dagtekst, getal

INDEX = "index.html"
LABEL = {
    "html": "lezen", "pagina": "lezen", "kaart": "kaart om in te zoeken", "pdf": "pdf", "docx": "Word",
    "zip": "alles (zip)", "png": "beeld (png)", "svg": "beeld (svg)", "csv": "cijfers (csv)", "json": "herkomst (json)",
}  # fmt: skip

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
.oud{color:#8c1d18;font-weight:bold;font-size:.93rem;margin:.2rem 0}
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


def maak_leeszaal(map_: Path | str) -> Path:
    """Write `index.html` in a folder: everything in it and below it, to search and open.

    What was made from other data than those in force says so.

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
            f'<p class="zacht">Gegevens samengesteld op {t(dagtekst(s.gemaakt))} · snapshot {t(s.versie)} · '
            f"huisartsdata {t(get_versie())}. Deze pagina werkt zonder internet.</p>"
        ),
        '<form class="zoek" role="search" hidden>',
        '<label for="vraag">Zoek een gemeente, regio, kaart of onderwerp</label>',
        '<input type="search" id="vraag" autocomplete="off" spellcheck="false">',
        f'<fieldset class="soorten"><legend>Toon</legend>{vinkjes}</fieldset>',
        '<p class="zacht" id="telling" aria-live="polite"></p>',
        "</form>",
        "<noscript><p>Zoeken kan hier met de zoekfunctie van uw browser (Ctrl+F).</p></noscript>",
    ]
    if oud := sum(bool(x.oud) for x in stukken):
        wat = "1 stuk hieronder is" if oud == 1 else f"{getal(oud)} stukken hieronder zijn"
        delen.append(
            f'<p class="oud">Let op: {wat} met andere gegevens gemaakt dan de huidige. '
            "Zoek op <q>verouderd</q> en maak ze opnieuw voordat u ze gebruikt.</p>"
        )
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
    klas = "zacht" if x.soort in ("brief", "notebook") else "zacht bron"
    uitleg = f'<p class="{klas}">{t(x.uitleg)}</p>' if x.uitleg else ""
    oud = f'<p class="oud">Verouderd: gemaakt met gegevens {t(x.oud)}. Maak dit opnieuw.</p>' if x.oud else ""
    zoek = f"{x.zoek} verouderd" if x.oud else x.zoek
    return (
        f'<li data-zoek="{t(zoek)}">{beeld}<div><h3><a href="{t(eerste)}">{t(x.titel)}</a></h3>{oud}{plek}{uitleg}'
        f'<p class="bestanden">{links}</p></div></li>'
    )
