"""One html file that needs no network: folium's output with Leaflet inside it and a policy that forbids requests.

folium's own pages call half a dozen servers and stay blank where those cannot be reached. Here every address that
folium is known to ask for is replaced by a file of the package or dropped; any address left is an error, and the
browser is told to refuse what would slip through.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.opmaak import clean

WEB = Path(__file__).parent
LEAFLET = "1.9.4"
# names under which folium asks for its scripts and styles; only Leaflet is needed for what these pages show
BEKEND = frozenset(
    {
        "leaflet", "jquery", "bootstrap", "awesome_markers", "leaflet_css", "bootstrap_css", "glyphicons_css",
        "awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css",
    }
)  # fmt: skip
# the two things folium's own scripts ask of jQuery
_DOLLAR = (
    "function $(x){if(typeof x!=='string')return{ready:function(f){f()}};"
    "var t=document.createElement('template');t.innerHTML=x.trim();return Array.from(t.content.childNodes)}"
)
# followed by more in the names of functions: geo_json_<id>_add
_TOEVAL = re.compile(r"\b([a-z][a-z_]*)_([0-9a-f]{32})(?![0-9a-f])")
_ADRES = re.compile(r"(?:https?|wss?|ftp):|[\"'`(]//[\w.-]", re.IGNORECASE)
_VAST_ADRES = ("http://www.w3.org/2000/svg",)  # the name of a format, not an address


class _Adressen(HTMLParser):
    """Attributes of a page that make a browser fetch or send something."""

    def __init__(self) -> None:
        super().__init__()
        self.gevonden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for naam, waarde in attrs:
            haalt = naam in {
                "src",
                "href",
                "srcset",
                "poster",
                "action",
                "formaction",
                "data",
                "ping",
                "background",
            }
            if haalt and not (waarde or "").startswith(("#", "data:")):
                self.gevonden.append(f"<{tag} {naam}={waarde!r:.80}>")


def read_web(naam: str) -> str:
    """A file of the folder `web` as text, lines ended by a newline only: a browser hashes what it parsed."""
    return (WEB / naam).read_text(encoding="utf-8").replace("\r\n", "\n")


def leaflet_js() -> str:
    """Leaflet, without the address of its map for debuggers."""
    return re.sub(r"//# sourceMappingURL=.*", "", read_web("leaflet/leaflet.js")).strip() + "\n"


def leaflet_css() -> str:
    """Leaflet's styles with the images in them."""

    def beeld(gevonden: re.Match[str]) -> str:
        return f"url({_image(gevonden[1])})"

    return re.sub(r"url\(images/([\w-]+\.png)\)", beeld, read_web("leaflet/leaflet.css"))


def _image(naam: str) -> str:
    inhoud = (WEB / "leaflet" / "images" / naam).read_bytes()
    return f"data:image/png;base64,{base64.b64encode(inhoud).decode()}"


def marker_js() -> str:
    """Tell Leaflet where the images of its markers are: inside the page."""
    beelden = {"icon": "marker-icon.png", "iconRetina": "marker-icon-2x.png", "shadow": "marker-shadow.png"}
    tabel = ",".join(f"{naam}:'{_image(pad)}'" for naam, pad in beelden.items())
    return f"L.Icon.Default.prototype._getIconUrl=function(n){{return {{{tabel}}}[n]}};\n"


def renumber(tekst: str) -> tuple[str, Mapping[str, str]]:
    """Replace folium's random ids by numbers in order of appearance: the same bytes every time.

    Returns
    -------
    tuple
        The text, and random name -> name.

    Examples
    --------
    >>> renumber(f"var map_{'a' * 32} = 1; map_{'a' * 32}; geo_json_{'0' * 32}")[0]
    'var map_1 = 1; map_1; geo_json_2'
    """
    nummers: dict[str, int] = {}
    namen: dict[str, str] = {}

    def nieuw(gevonden: re.Match[str]) -> str:
        nummer = nummers.setdefault(gevonden[2], len(nummers) + 1)
        return namen.setdefault(gevonden[0], f"{gevonden[1]}_{nummer}")

    return _TOEVAL.sub(nieuw, tekst), namen


def split_folium(kaart: Any) -> tuple[str, str, Mapping[str, str]]:
    """Render a folium map: its html, its script, and what its names became.

    Raises
    ------
    HuisartsdataFout
        If the map needs a script or style that is not part of the package.
    """
    figuur = kaart.get_root()
    figuur.render()
    vreemd = [
        f"{naam} ({deel.url})"
        for naam, deel in figuur.header._children.items()  # noqa: SLF001 - branca has no other way to list them
        if hasattr(deel, "url") and naam not in BEKEND
    ]
    if vreemd:
        raise HuisartsdataFout(
            f"Deze kaart vraagt bestanden van internet die niet in het pakket zitten: {', '.join(vreemd)}. "
            "Laat die onderdelen weg, of maak de kaart met webkaart()."
        )
    grens = "\x00"
    alles, namen = renumber(grens.join((figuur.html.render(), figuur.script.render())))
    lichaam, skript = alles.split(grens)
    # numbers only stand in these lists; the white between them is a seventh of the file
    skript = re.sub(r"(?<=[\d\]]), (?=[\[\d-])", ",", skript)
    return lichaam.strip(), re.sub(r"\n\s*\n+", "\n", skript).strip(), namen


def compose_page(
    *,
    titel: str,
    lichaam: str,
    stijlen: Sequence[str],
    skripten: Sequence[str],
    losse_stijl: bool = False,
    hosts: Sequence[str] = (),
) -> str:
    """Put a page together under a policy that allows its own parts and nothing else.

    Parameters
    ----------
    titel
        Text of the title; escaped here.
    lichaam
        Html of the body; escaping is the caller's task, addresses are refused.
    stijlen, skripten
        Style sheets and scripts in order. Only scripts with these exact contents will run.
    losse_stijl
        Allow style attributes, which folium's popups use.
    hosts
        Servers that images may come from (a base map the user asked for); empty for none.

    Raises
    ------
    HuisartsdataFout
        If an address is left, or a script or style would end early.
    """
    stijlen = ["\n" + s.strip() + "\n" for s in stijlen]
    skripten = ["\n" + s.strip() + "\n" for s in skripten]
    for deel in skripten:
        if re.search(r"</?script|<!--", deel, re.IGNORECASE):
            raise HuisartsdataFout(
                "Een script van de pagina bevat tekst die het zou afbreken (<script of <!--)."
            )
    if any("</style" in deel.lower() for deel in stijlen) or re.search(r"<script", lichaam, re.IGNORECASE):
        raise HuisartsdataFout("De pagina bevat een script of stijl op een plek waar dat niet mag.")
    _no_addresses(lichaam, stijlen, skripten, hosts)
    stijl = "'unsafe-inline'" if losse_stijl else " ".join(map(_hash, stijlen))
    beleid = (
        f"default-src 'none'; script-src {' '.join(map(_hash, skripten))}; style-src {stijl}; "
        f"img-src {' '.join(('data:', *hosts))}; base-uri 'none'; form-action 'none'"
    )
    licentie = read_web("leaflet/LICENSE").strip()
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="nl">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{beleid}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{escape(clean(titel))}</title>",
            f"<!--\nLeaflet {LEAFLET}\n{licentie}\n-->",
            *(f"<style>{s}</style>" for s in stijlen),
            "</head>",
            "<body>",
            lichaam,
            *(f"<script>{s}</script>" for s in skripten),
            "</body>",
            "</html>\n",
        ]
    )


def _hash(inhoud: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inhoud.encode()).digest()).decode()}'"


def _no_addresses(
    lichaam: str, stijlen: Sequence[str], skripten: Sequence[str], hosts: Sequence[str]
) -> None:
    lezer = _Adressen()
    lezer.feed(lichaam)
    over = list(lezer.gevonden)
    for stijl in stijlen:
        over += re.findall(r"@import[^;]*|url\((?!data:|#|[\"']?#)[^)]*\)?", stijl)
    eigen = leaflet_js().strip()
    for skript in skripten:
        if skript.strip() == eigen:
            continue
        rest = skript
        for vast in (*_VAST_ADRES, *hosts):
            rest = rest.replace(vast, "")
        over += [rest[max(0, g.start() - 5) : g.start() + 70] for g in _ADRES.finditer(rest)]
    if over:
        raise HuisartsdataFout(
            "De kaart vraagt iets van internet; dat kan niet op een gesloten netwerk: "
            f"{'; '.join(' '.join(a.split()) for a in over[:5])}. "
            "Maak de kaart met folium.Map(tiles=None) en zonder plaatjes of lagen van een server."
        )


def close_folium(kaart: Any, *, titel: str = "Kaart") -> str:
    """Turn a plain folium map into a page that needs no network.

    Parameters
    ----------
    kaart
        A `folium.Map` made with ``tiles=None``. Its texts are the caller's: folium does not escape them, the policy
        of the page only keeps them from running.
    titel
        Title of the page.

    Raises
    ------
    HuisartsdataFout
        If the map needs anything from a server.
    """
    lichaam, skript, _ = split_folium(kaart)
    stijl = "html,body{height:100%;margin:0}.folium-map{width:100%;height:100%;min-height:20rem}"
    return compose_page(
        titel=titel,
        lichaam=lichaam,
        stijlen=[leaflet_css(), stijl],
        skripten=[leaflet_js(), _DOLLAR, marker_js(), skript],
        losse_stijl=True,
    )
