"""The two maps of a brief: how far the nearest practice is, and what can be said about a shortage around here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from huisartsdata.gebieden.register import load_gemeenten
from huisartsdata.model.tekort import GEEN, ONBEKEND, TEKORT
from huisartsdata.uitvoer.brieven.briefinhoud import Beeld
from huisartsdata.uitvoer.brieven.briefletters import tekenbaar
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart
from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied, load_kaartgebied
from huisartsdata.uitvoer.opmaak import clean
from huisartsdata.uitvoer.verhaal.beelden import ENKELVOUD, afstandkaart
from huisartsdata.uitvoer.verhaal.oordelen import oordeelzin
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, modelbronregel

if TYPE_CHECKING:
    import geopandas as gpd

    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld
    from huisartsdata.uitvoer.figuur import Figuur

FORMAAT = "half"  # 170 mm wide, as wide as the text
AANGRENZEND = 50.0  # metres: borders are simplified, what lies this near touches
DELEN = {"provincie_code": "provincie", "regioplus_code": "regio"}
MARGE_WIJK = 0.3  # of the width: a wijk is recognised by what lies around it


def afstandbeeld(b: Gebiedsbeeld) -> Beeld:
    """Map of the road distance, per wijk; of the country per gemeente."""
    naam = tekenbaar(clean(b.naam))
    k = load_kaartgebied(b.gebied.gemeenten, niveau="gemeente" if b.is_land else "wijk", naam=naam)
    if b.gebied.wijken:
        k = _alleen_wijken(k, b.gebied.wijken)
    return Beeld(
        bijschrift=f"Afstand tot de dichtstbijzijnde huisartsenpraktijk per {ENKELVOUD[k.soort]}, {naam}",
        naam="afstand",
        figuur=afstandkaart(k, formaat=FORMAAT),
    )


def _alleen_wijken(k: Kaartgebied, wijken: tuple[str, ...]) -> Kaartgebied:
    """A map of some wijken amid the gemeenten around them."""
    deel = k.gebieden[k.gebieden.index.isin(wijken)]
    x0, y0, x1, y1 = map(float, deel.total_bounds)
    rand = MARGE_WIJK * max(x1 - x0, y1 - y0)
    uitsnede = (x0 - rand, y0 - rand, x1 + rand, y1 + rand)
    vorm = load_gemeenten(detail="regio")[["naam", "geometry"]]
    return replace(
        k,
        gebieden=deel,
        groepen=None if k.groepen is None else k.groepen.reindex(deel.index),
        buren=vorm[vorm.geometry.intersects(shapely.box(*uitsnede))],
        labels=None,
        uitsnede=uitsnede,
    )


def oordeelbeeld(b: Gebiedsbeeld) -> Beeld:
    """Map of the verdict per gemeente: those of the area, or the area amid its neighbours."""
    rond = set(b.omgeving) != set(b.gebied.gemeenten)
    naam = tekenbaar(clean(b.naam)) + (" en omgeving" if rond else "")
    k = load_kaartgebied(b.omgeving, naam=naam)
    # rivers run along borders: they and their names would hide the outline of the area itself
    k = replace(
        k,
        water=k.water[k.water.geom_type.isin(["Polygon", "MultiPolygon"])],
        labels=None if k.labels is None else k.labels[k.labels["soort"] == "gebied"],
    )
    if b.is_land:
        k = replace(k, labels=_besliste_namen(b, k))
    if rond:
        eigen = k.gebieden.index.isin(b.gebied.gemeenten)
        k = replace(k, groepen=pd.Series(eigen.astype(str), index=k.gebieden.index))
        if k.labels is not None:  # the area itself stands out, and is placed first
            zelf, n = k.labels.index.isin(b.gebied.gemeenten), k.labels["naam"]
            namen, gewicht = n.where(~zelf, n.str.upper()), k.labels["gewicht"].where(~zelf, np.inf)
            k = replace(k, labels=k.labels.assign(naam=namen, gewicht=gewicht))
    return Beeld(
        bijschrift=f"Oordeel over een tekort aan huisartsenzorg per gemeente, {naam}",
        naam="oordeel",
        figuur=_oordeelkaart(b, k),
    )


def _besliste_namen(b: Gebiedsbeeld, k: Kaartgebied) -> gpd.GeoDataFrame:
    """Names of the few gemeenten of which it can be told, each beside a dot: they are small on a map of the country."""
    oordeel = b.land.beelden["gemeente"]["oordeel"].reindex(k.gebieden.index)
    wel = k.gebieden.loc[oordeel != ONBEKEND, ["naam", "inwoners", "geometry"]]
    punten = wel.set_geometry(wel.geometry.representative_point())
    # a shortage goes before none: it is what the map is about, and found in small gemeenten
    eerst = punten["inwoners"].where(oordeel[wel.index] != TEKORT, np.inf)
    return punten.assign(gewicht=eerst, soort="plaats")


def _oordeelkaart(b: Gebiedsbeeld, k: Kaartgebied) -> Figuur:
    situatie = b.land.situatie
    deel = b.land.beelden["gemeente"].reindex(k.gebieden.index)
    kort, niet = (getal(int((deel["oordeel"] == o).sum())) for o in (TEKORT, GEEN))
    figuur = gebiedskaart(
        k.gebieden,
        deel["kans_op_tekort"],
        "kans_op_tekort",
        titel=oordeeltitel(b, deel["oordeel"]),
        ondertitel=f"Oordeel bij {getal(situatie.norm, 0)} patiënten per fte, {FUNCTIENAAM[situatie.functie]}: "
        f"{kort} tekort, {niet} geen tekort",
        bronregel=modelbronregel(situatie),
        onbekend=deel["oordeel"] == ONBEKEND,
        formaat=FORMAAT,
        **k.lagen,
    )
    meer = deel[["nodig_fte", "bereikt_fte", "tekort_fte", "oordeel"]]
    return replace(figuur, tabel=figuur.tabel.join(meer))


def _waar(eigen: str, rond: list[str]) -> str:
    """Where the others on the map are: around the gemeente, or with it in a region where they do not all touch it."""
    gm = load_gemeenten()
    raakt = gm.geometry.loc[rond].dwithin(gm.geometry[eigen], AANGRENZEND)
    if raakt.all():
        return "gemeenten eromheen"
    samen = [k for k, wat in DELEN.items() if gm.loc[[*rond, eigen], k].nunique() == 1]
    deel = f"andere gemeenten in de {DELEN[samen[0]]}" if samen else "andere gemeenten op de kaart"
    return deel if len(rond) > 1 else deel.replace("andere gemeenten", "andere gemeente")


def oordeeltitel(b: Gebiedsbeeld, oordeel: pd.Series) -> str:
    """The finding of the map as a sentence: about the gemeente itself, or about those of a region.

    Parameters
    ----------
    b
        The area.
    oordeel
        Verdict per gemeente on the map.
    """
    cijfers = "deze" if b.land.leveringen else "openbare"
    if b.is_gemeente:
        naam = tekenbaar(clean(b.naam))
        zelf = {
            TEKORT: f"{naam} heeft vrijwel zeker een tekort",
            GEEN: f"{naam} heeft vrijwel zeker geen tekort",
            ONBEKEND: f"Of {naam} een tekort heeft, is met {cijfers} cijfers niet te zeggen",
        }[b.oordeel]
        rond = oordeel.drop(list(b.gebied.gemeenten))
        waar = _waar(b.gebied.gemeenten[0], list(rond.index))
        weet = int((rond == ONBEKEND).sum())
        if weet == len(rond):
            rest = "dat geldt ook voor" if b.oordeel == ONBEKEND else "niet te zeggen is het voor"
            return f"{zelf}; {rest} de {getal(weet)} {waar}"
        if weet:
            return f"{zelf}; van de {getal(len(rond))} {waar} is het van {getal(weet)} niet te zeggen"
        return f"{zelf}; van de {getal(len(rond))} {waar} is het wel te zeggen"
    return oordeelzin(oordeel, cijfers=cijfers)
