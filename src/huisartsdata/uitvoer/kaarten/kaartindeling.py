"""Where map and legend go on the page: the map as large as can be, the legend never over land.

Pure arithmetic on bounds in metres (EPSG:28992) and room in points; nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import shapely

from huisartsdata.uitvoer.huisstijl import MM
from huisartsdata.uitvoer.kaarten.kaartlagen import Venster, type_geometrieen

if TYPE_CHECKING:
    from collections.abc import Callable

    from huisartsdata.uitvoer.kaarten.legenda import Legenda
    from huisartsdata.uitvoer.opmaak import Blad, Opmaak

TUSSEN = 5 * MM  # white between map and legend

Grenzen = tuple[float, float, float, float]


@dataclass(frozen=True)
class Indeling:
    """Windows of the panels, legend with its upper left corner, height of the content; in points."""

    vensters: tuple[Venster, ...]
    legenda: Legenda
    x: float
    boven: float
    hoogte: float

    @property
    def doos(self) -> Grenzen:
        """Box of the legend."""
        return (self.x, self.boven - self.legenda.hoogte, self.x + self.legenda.breedte, self.boven)

    def on_page(self, blad: Blad) -> Indeling:
        """Move from the corner of the content to the corner of the page."""
        vensters = tuple(
            replace(v, links=v.links + blad.links, onder=v.onder + blad.onder) for v in self.vensters
        )
        return replace(self, vensters=vensters, x=self.x + blad.links, boven=self.boven + blad.onder)


def arrange(
    opmaak: Opmaak,
    grenzen: Grenzen,
    legenda: Callable[[float], Legenda],
    land: type_geometrieen,
    *,
    vol: bool,
) -> Indeling:
    """Place one map and its legend.

    In a free corner if there is one, else beside or below the map, whichever leaves the larger map.

    Parameters
    ----------
    opmaak
        The page.
    grenzen
        Bounds that must be on the map, in metres.
    legenda
        Gives the standing legend at a scale in points per metre.
    land
        Areas that the legend may not cover.
    vol
        The surroundings fill the window: there is no free corner, and left-over room shows more of them.
    """
    x0, y0, x1, y1 = grenzen
    w, h, breed, hoog = x1 - x0, y1 - y0, opmaak.breedte, opmaak.ruimte
    vast, tussen = opmaak.formaat.vast, TUSSEN * opmaak.formaat.lijn
    schaal = min(breed / w, hoog / h)
    if not vol:
        hoek = _corner(
            grenzen, schaal, hoog if vast else h * schaal, legenda(schaal), land=land, opmaak=opmaak
        )
        if hoek is not None:
            return hoek
    blok = legenda(schaal)
    plat = blok.lay_down(breed)
    naast = min((breed - blok.breedte - tussen) / w, hoog / h)
    onder = min(breed / w, (hoog - plat.hoogte - tussen) / h)
    if naast >= onder or (vast and not vol):
        blok = legenda(naast)
        kaart_breed = breed - blok.breedte - tussen if vol else w * naast
        kaart_hoog = hoog if vast and vol else h * naast
        inhoud = hoog if vast else max(kaart_hoog, blok.hoogte)
        venster = _window(
            grenzen, naast, links=0.0, onder=inhoud - kaart_hoog, breedte=kaart_breed, hoogte=kaart_hoog
        )
        return Indeling((venster,), blok, kaart_breed + tussen, inhoud, inhoud)
    plat = legenda(onder).lay_down(breed)
    kaart_breed = breed if vol else w * onder
    kaart_hoog = hoog - plat.hoogte - tussen if vast and vol else h * onder
    inhoud = hoog if vast else kaart_hoog + tussen + plat.hoogte
    links = (breed - kaart_breed) / 2
    venster = _window(
        grenzen, onder, links=links, onder=inhoud - kaart_hoog, breedte=kaart_breed, hoogte=kaart_hoog
    )
    return Indeling((venster,), plat, 0.0, inhoud - kaart_hoog - tussen, inhoud)


def _corner(
    grenzen: Grenzen, schaal: float, inhoud: float, blok: Legenda, *, land: type_geometrieen, opmaak: Opmaak
) -> Indeling | None:
    breed, tussen = opmaak.breedte, TUSSEN * opmaak.formaat.lijn
    hoogte = (grenzen[3] - grenzen[1]) * schaal
    if blok.hoogte > inhoud:
        return None
    over = breed - (grenzen[2] - grenzen[0]) * schaal
    lucht = tussen / 2
    # the map in the middle when there is room, else to the other side of the legend
    for deel in (0.5, 1.0):
        for links, op in ((True, True), (False, True), (True, False), (False, False)):
            schuif = over * (deel if links else 1 - deel)
            venster = Venster(grenzen[0] - schuif / schaal, grenzen[1], schaal, 0.0, 0.0, breed, hoogte)
            x = 0.0 if links else breed - blok.breedte
            boven = inhoud if op else blok.hoogte
            vak = shapely.box(x - lucht, boven - blok.hoogte - lucht, x + blok.breedte + lucht, boven + lucht)
            if not shapely.intersects(venster.project(land), vak).any():
                return Indeling((venster,), blok, x, boven, inhoud)
    return None


def arrange_grid(
    opmaak: Opmaak, grenzen: Grenzen, legenda: Callable[[float], Legenda], aantal: int, naast: int
) -> Indeling:
    """Place panels of one size in rows, room for a heading above each, and one legend beside or below."""
    x0, y0, x1, y1 = grenzen
    w, h, breed, hoog = x1 - x0, y1 - y0, opmaak.breedte, opmaak.ruimte
    rijen = -(-aantal // naast)
    tussen, kop = TUSSEN * opmaak.formaat.lijn, opmaak.formaat.tekst_pt * 2.0
    staand = legenda(breed / w / naast)
    liggend = staand.lay_down(breed)

    def past(ruimte_breed: float, ruimte_hoog: float) -> float:
        return min((ruimte_breed - (naast - 1) * tussen) / naast / w, (ruimte_hoog / rijen - kop) / h)

    rechts, onder = past(breed - staand.breedte - tussen, hoog), past(breed, hoog - liggend.hoogte - tussen)
    schaal = max(rechts, onder)
    blok = legenda(schaal) if rechts >= onder else legenda(schaal).lay_down(breed)
    stap_x, stap_y = w * schaal + tussen, h * schaal + kop
    panelen = rijen * stap_y
    nodig = max(panelen, blok.hoogte) if rechts >= onder else panelen + tussen + blok.hoogte
    inhoud = hoog if opmaak.formaat.vast else nodig
    vensters = tuple(
        _window(
            grenzen,
            schaal,
            links=n % naast * stap_x,
            onder=inhoud - (n // naast + 1) * stap_y,
            breedte=w * schaal,
            hoogte=h * schaal,
        )
        for n in range(aantal)
    )
    x, boven = (naast * stap_x, inhoud) if rechts >= onder else (0.0, inhoud - panelen - tussen)
    return Indeling(vensters, blok, x, boven, inhoud)


def _window(
    grenzen: Grenzen, schaal: float, *, links: float, onder: float, breedte: float, hoogte: float
) -> Venster:
    # room that is left over shows more surroundings, the same on both sides
    extra_x = breedte / schaal - (grenzen[2] - grenzen[0])
    extra_y = hoogte / schaal - (grenzen[3] - grenzen[1])
    return Venster(grenzen[0] - extra_x / 2, grenzen[1] - extra_y / 2, schaal, links, onder, breedte, hoogte)
