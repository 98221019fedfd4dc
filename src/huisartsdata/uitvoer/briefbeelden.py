"""The two maps of a brief: how far the nearest practice is, and what can be said about a shortage around here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.uitvoer.beelden import afstandkaart
from huisartsdata.uitvoer.briefinhoud import Beeld, noem_op
from huisartsdata.uitvoer.briefletters import tekenbaar
from huisartsdata.uitvoer.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.opmaak import clean
from huisartsdata.uitvoer.tekortfiguren import oordeelkaart

if TYPE_CHECKING:
    from huisartsdata.uitvoer.gebiedsbeeld import Gebiedsbeeld

FORMAAT = "half"  # 170 mm wide, as wide as the text


def afstandbeeld(b: Gebiedsbeeld) -> Beeld:
    """Map of the road distance, per wijk; of the country per gemeente."""
    naam, eigen = tekenbaar(clean(b.naam)), b.gebied.gemeenten
    if b.gebied.wijken:  # the gemeenten around the wijken give the map its place
        naam = noem_op(list(b.land.beelden["gemeente"].loc[list(eigen), "naam"]))
    k = load_kaartgebied(eigen, niveau="gemeente" if b.is_land else "wijk", naam=naam)
    if b.gebied.wijken:
        binnen = k.gebieden.index.isin(b.gebied.wijken)
        k = replace(k, groepen=pd.Series(binnen.astype(str), index=k.gebieden.index))
    eenheid = k.soort.removesuffix("en")
    return Beeld(
        bijschrift=f"Afstand tot de dichtstbijzijnde huisartsenpraktijk per {eenheid}, {naam}",
        naam="afstand",
        figuur=afstandkaart(k, formaat=FORMAAT),
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
    if rond:
        eigen = k.gebieden.index.isin(b.gebied.gemeenten)
        k = replace(k, groepen=pd.Series(eigen.astype(str), index=k.gebieden.index))
    return Beeld(
        bijschrift=f"Oordeel over een tekort aan huisartsenzorg per gemeente, {naam}",
        naam="oordeel",
        figuur=oordeelkaart(b.land.situatie, b.land.beelden["gemeente"], k, formaat=FORMAAT),
    )
