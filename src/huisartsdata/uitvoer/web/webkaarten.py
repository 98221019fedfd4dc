"""Maps for a browser: one html file that asks nothing of any network, with the table and provenance behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.fouten import HuisartsdataFout, ParameterFout
from huisartsdata.gebieden.register import load_gebieden, load_gemeenten
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.opmaak import clean
from huisartsdata.uitvoer.ouderdom import lees_gegevens, waarschuw_bij_bewaren
from huisartsdata.uitvoer.tabel import keur_naam, write_tabel
from huisartsdata.uitvoer.web.webgeometrie import Webvorm, shape_web
from huisartsdata.uitvoer.web.webinsluiting import (
    LEAFLET,
    close_folium,
    compose_page,
    leaflet_css,
    leaflet_js,
    read_web,
    split_folium,
)
from huisartsdata.uitvoer.web.webkaartblad import Blad, build_body, print_css, safe_json, settings
from huisartsdata.uitvoer.web.weblagen import (
    Weblaag,
    check_layer,
    check_shared,
    layer_columns,
    name_areas,
    number_columns,
    sort_areas,
    write_layer,
)

if TYPE_CHECKING:
    from huisartsdata.uitvoer.figuur import Bronregel
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

MAX_BYTES = 1_000_000  # a page that is mailed and opened in a notebook: larger ones are refused
GROFHEDEN = (1.0, 1.6, 2.5, 4.0)  # less detail, step by step, until a page fits
MAX_ZOOM = 13  # closer than this the simplified borders are no longer true
HOOGTE = 760  # pixels in a notebook
ENKELVOUD = {"gemeenten": "gemeente", "wijken": "wijk", "buurten": "buurt", "regio's": "regio"}
WIJKNUMMER = re.compile(r"^Wijk \d+ (?=\S)")  # CBS puts its number before the name that people use
PDOK = "https://service.pdok.nl"
PDOK_TEGELS = f"{PDOK}/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{{z}}/{{x}}/{{y}}.png"
PDOK_BRON = "Achtergrond: BRT-A, Kadaster/PDOK (CC BY 4.0)"


@dataclass(frozen=True, eq=False)
class Webkaart:
    """A page with a map, the table behind it and its provenance; nothing in it changes.

    In a notebook it shows itself, as ``toon`` does.
    """

    html: str
    tabel: pd.DataFrame
    titel: str
    bronregel: str
    herkomst: Mapping[str, Any]
    gegevens: Mapping[str, Any] = field(default_factory=lees_gegevens)

    def bewaar(self, map_: Path | str, naam: str) -> dict[str, Path]:
        """Write html, csv and json; the same bytes when written again.

        Warns (`VerouderdWaarschuwing`) when the data in force are no longer those that the map was made from; the
        json then names the data in the map.

        Parameters
        ----------
        map_
            Folder; made when it is not there.
        naam
            File name without extension: lower case letters, digits, ``-`` and ``_``.

        Returns
        -------
        dict
            Extension -> path.

        Raises
        ------
        HuisartsdataFout
            If the name could be a path or give trouble on another system.
        """
        keur_naam(naam)
        basis = Path(map_) / naam
        waarschuw_bij_bewaren(
            self.gegevens, f"kaart '{naam}'", hoe="gemaakt", doe="maak de kaart opnieuw voor u haar gebruikt"
        )
        herkomst = {**self.gegevens, **self.herkomst, "titel": self.titel, "bronregel": self.bronregel}
        csv, sidecar = write_tabel(self.tabel, basis, herkomst=herkomst)
        pagina = basis.with_name(basis.name + ".html")
        pagina.write_bytes(self.html.encode())
        return {"html": pagina, "csv": csv, "json": sidecar}

    def _repr_html_(self) -> str:
        return to_frame(self.html, titel=self.titel)


@dataclass(frozen=True)
class _Weergave:
    html: str

    def _repr_html_(self) -> str:
        return self.html


def to_frame(pagina: str, *, titel: str, hoogte: int = HOOGTE) -> str:
    """A page as part of another one: an iframe with the page inside it, which may run its own scripts only."""
    return (
        f'<div><iframe title="{escape(clean(titel))}" sandbox="allow-scripts" width="100%" height="{hoogte}" '
        f'style="border:1px solid #c9c7c2" srcdoc="{escape(pagina)}"></iframe></div>'
    )


def toon(kaart: Any, *, hoogte: int = HOOGTE) -> None:
    """Show a web map in a notebook, also on a closed network.

    Parameters
    ----------
    kaart
        A ``Webkaart``, or a plain ``folium.Map`` made with ``tiles=None``.
    hoogte
        Height in pixels.

    Raises
    ------
    ParameterFout
        If it is neither.
    HuisartsdataFout
        If a folium map needs something from a server.
    """
    from IPython.display import display

    if isinstance(kaart, Webkaart):
        pagina, titel = kaart.html, kaart.titel
    elif hasattr(kaart, "get_root") and hasattr(kaart, "fit_bounds"):
        titel = "Kaart"
        pagina = close_folium(kaart, titel=titel)
    else:
        raise ParameterFout(f"toon toont een Webkaart of een folium.Map, geen {type(kaart).__name__}")
    display(_Weergave(to_frame(pagina, titel=titel, hoogte=hoogte)))  # type: ignore[no-untyped-call]


def webkaart(
    kaartgebied: Kaartgebied,
    lagen: Mapping[str, Weblaag],
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    achtergrond: str = "geen",
    max_bytes: int = MAX_BYTES,
) -> Webkaart:
    """Make a page with a map of areas in classes, one layer at a time.

    Parameters
    ----------
    kaartgebied
        Areas and what lies around, from ``load_kaartgebied``.
    lagen
        Name as the reader sees it -> layer; the first is shown first.
    titel
        The finding, as a sentence.
    bronregel
        Source, peiljaren, norm, functie and status; layers may have their own.
    ondertitel
        What is shown, where and when.
    achtergrond
        ``geen``, or ``pdok`` for the grey base map of PDOK: the page then fetches images from
        service.pdok.nl and nothing else, and is blank below the areas on a closed network.
    max_bytes
        The page is simplified until it is smaller than this.

    Returns
    -------
    Webkaart
        The page (``html``), its table (naam, and per layer value, ends of the interval, class, verdict, status) and
        provenance.

    Raises
    ------
    OnbekendGebiedFout
        If a layer names codes that are not on the map, or twice.
    HuisartsdataFout
        If a value is not a number, an interval does not hold its value's order, or the page stays too large.

    Examples
    --------
    >>> from huisartsdata.uitvoer.figuur import Bronregel
    >>> from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
    >>> k = load_kaartgebied("PV22")
    >>> afstand = Weblaag(k.gebieden["afstand_huisarts_km"], "afstand_huisarts_km")
    >>> bron = Bronregel(("CBS",), {"afstand": "2024"})
    >>> m = webkaart(k, {"Afstand": afstand}, titel="Afstand tot de huisarts", bronregel=bron)
    >>> "Midden-Drenthe" in m.html, "https://" in m.html.split("</head>")[1].split("<script>")[0]
    (True, False)
    """
    if not lagen:
        raise ParameterFout("een webkaart heeft minstens een laag nodig; lagen is leeg")
    if achtergrond not in ("geen", "pdok"):
        raise ParameterFout(f"achtergrond {achtergrond!r:.40} kan niet; kies uit geen, pdok")
    gebieden = sort_areas(kaartgebied.gebieden)
    namen, groepen = name_areas(gebieden)
    tabel = pd.DataFrame({"naam": gebieden["naam"].astype(str)}).rename_axis(gebieden.index.name or "gebied")
    bladlagen, beschrijving = [], {}
    for naam, laag in lagen.items():
        regel = laag.bronregel or bronregel
        klassen = check_layer(naam, laag, gebieden.index, regel)
        kolommen = layer_columns(laag, regel, klassen, gebieden.index)
        tabel = tabel.join(number_columns(kolommen, set(tabel.columns)))
        bladlagen.append(write_layer(naam, laag, regel, klassen, namen, soort=kaartgebied.soort))
        beschrijving[naam] = {"indicator": laag.maatstaf.als_dict(), "bronregel": regel.als_dict()}
    blad = Blad(
        titel=titel,
        ondertitel=ondertitel,
        soort=kaartgebied.soort,
        enkelvoud=ENKELVOUD.get(kaartgebied.soort, "gebied"),
        namen=namen,
        korte_namen=[WIJKNUMMER.sub("", clean(n)) for n in gebieden["naam"].astype(str)],
        groepen=groepen,
        lagen=bladlagen,
        buiten=kaartgebied.buren is not None and len(kaartgebied.buren) > 0,
    )
    check_shared(bladlagen)
    pagina = build_body(blad, "")  # where the table alone is too large, no border needs to be simplified
    for grofheid in GROFHEDEN if len(pagina.encode()) < max_bytes else ():
        pagina = _page(blad, shape_web(kaartgebied, gebieden, grofheid=grofheid), achtergrond)
        if len(pagina.encode()) < max_bytes:
            break
    else:
        raise HuisartsdataFout(
            f"De webkaart wordt {getal(len(pagina.encode()) / 1e6, 1)} MB of meer; {getal(max_bytes / 1e6, 1)} MB kan. "
            "Kies gemeenten in plaats van wijken, een kleiner gebied of minder lagen."
        )
    herkomst = {
        **bronregel.als_dict(), "soort": "webkaart", "lagen": beschrijving, "ondertitel": ondertitel,
        "leaflet": LEAFLET, "achtergrond": achtergrond,
    }  # fmt: skip
    return Webkaart(pagina, tabel, titel, bronregel.tekst, herkomst)


def _page(blad: Blad, vorm: Webvorm, achtergrond: str) -> str:
    import folium

    pdok = achtergrond == "pdok"
    kaart = folium.Map(
        tiles=None, location=vorm.grenzen[0], zoom_control=False, attribution_control=False,
        zoom_snap=0.1, zoom_delta=1, wheel_px_per_zoom_level=100, min_zoom=5, max_zoom=MAX_ZOOM,
    )  # fmt: skip
    if pdok:
        folium.TileLayer(PDOK_TEGELS, attr=PDOK_BRON, max_zoom=MAX_ZOOM, control=False).add_to(kaart)
    lagen = {}
    for naam in ("buren", "water", "vlakken", "omtrek", "rivieren"):
        inhoud = getattr(vorm, naam)
        if inhoud and inhoud["features"]:
            lagen[naam] = folium.GeoJson(inhoud, smooth_factor=0.4, control=False).add_to(kaart)
    lichaam, skript, namen = split_folium(kaart)
    delen = {"kaart": kaart, **lagen}
    inhoud = ",".join(f"{naam}:{namen[deel.get_name()]}" for naam, deel in delen.items())
    keuzes = settings(
        blad,
        labels=vorm.labels,
        streken=_group_names(vorm),
        buurnamen=[[*plek, clean(naam)] for naam, plek in vorm.buurnamen.items()],
        grenzen=vorm.grenzen,
        max_zoom=MAX_ZOOM,
        achtergrond=PDOK_BRON if pdok else "",
    )
    return compose_page(
        titel=blad.titel,
        lichaam=build_body(blad, lichaam),
        stijlen=[leaflet_css(), read_web("webkaart.css"), print_css(blad.lagen)],
        skripten=[
            leaflet_js(), skript, read_web("webkaart.js"), f"startWebkaart({{{inhoud}}},{safe_json(keuzes)});",
        ],
        hosts=[PDOK] if pdok else [],
    )  # fmt: skip


def _group_names(vorm: Webvorm) -> list[list[object]]:
    """Names of the provinces or gemeenten that the areas lie in, for orientation, with their places."""
    namen = pd.concat([load_gebieden("provincie")["naam"], load_gemeenten()["naam"]])
    return [[*plek, clean(namen[code])] for code, plek in vorm.streken.items() if code in namen.index]
