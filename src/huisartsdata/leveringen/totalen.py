"""Totals rows in a delivery: compared with what they add up and left out; and nothing counted double."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.leveringen.getaltekst import toon_getal
from huisartsdata.leveringen.klassen import grenzen
from huisartsdata.leveringen.waarden import ALLE

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Foutenlijst

TOTAAL = "(totaal)"  # the area of a totals row
ZEKER = 1e-6  # rounding of binary fractions in xlsx, far below any written decimal


def splits_totalen(
    lang: pd.DataFrame,
    *,
    sleutels: Sequence[str],
    waarden: Mapping[str, int],
    koppen: Mapping[str, str],
    fouten: Foutenlijst,
) -> tuple[pd.DataFrame, list[str]]:
    """Take the totals rows out of a long table after comparing each with the rows under it.

    Parameters
    ----------
    lang
        Column `regel`, the key columns (first the area) and the value columns (NaN is missing).
    sleutels
        Key columns; `(totaal)` in the first and `alle` in the others stand for all classes together. A column
        that says `alle` on every row has no totals in it.
    waarden
        Value column -> number of decimals written. A total may differ from its sum by the rounding of its
        parts, half a unit of the last decimal each; counts (no decimals) must tie exactly.
    koppen
        Value column -> header, for the faults.

    Returns
    -------
    tuple
        The rows that are no totals, and a Dutch sentence per totals row.
    """
    is_alle = pd.DataFrame({sleutel: lang[sleutel].isin([ALLE, TOTAAL]) for sleutel in sleutels})
    for sleutel in sleutels[1:]:
        if is_alle[sleutel].all():
            is_alle[sleutel] = False
    telt_op = is_alle.any(axis=1)
    blad = lang.loc[~telt_op]
    opmerkingen: list[str] = []
    for plek, rij in zip(lang.index[telt_op], lang.loc[telt_op].to_dict("records"), strict=True):
        onder = pd.Series(data=True, index=blad.index)
        for sleutel in sleutels:
            if not is_alle.loc[plek, sleutel]:
                onder &= blad[sleutel] == rij[sleutel]
        deel = blad.loc[onder]
        regel = int(rij["regel"])
        if deel.empty:
            zonder = "deze totaalrij heeft geen rijen waarvan zij het totaal is"
            fouten.meld(
                regel,
                str(sleutels[0]),
                rij[sleutels[0]],
                zonder,
                "lever ook de onderdelen, of verwijder de rij",
            )
            continue
        uitkomst = [
            _vergelijk(deel, rij, kolom=kolom, cijfers=cijfers, koppen=koppen, fouten=fouten)
            for kolom, cijfers in waarden.items()
        ]
        opmerkingen.append(
            f"Regel {regel} is een totaalrij van {len(deel)} rijen en is weggelaten: {'; '.join(uitkomst)}."
        )
    return blad, opmerkingen


def _vergelijk(
    deel: pd.DataFrame,
    rij: Mapping[Hashable, object],
    *,
    kolom: str,
    cijfers: int,
    koppen: Mapping[str, str],
    fouten: Foutenlijst,
) -> str:
    totaal = float(str(rij[kolom]))
    onbekend = int(deel[kolom].isna().sum())
    som = float(deel[kolom].sum())
    kop = koppen[kolom]
    if np.isnan(totaal):
        return f"{kop} ontbreekt in de totaalrij"
    marge = ZEKER + (0.5 * 10.0**-cijfers * (len(deel) + 1) if cijfers else 0.0)
    if onbekend:
        if som > totaal + marge:
            te_veel = f"de bekende rijen tellen al op tot {toon_getal(som)}"
            fouten.meld(
                int(str(rij["regel"])),
                kop,
                toon_getal(totaal),
                te_veel,
                "verbeter het totaal of een van de rijen",
            )
        return f"{kop} niet na te rekenen, {onbekend} waarden ontbreken"
    if abs(som - totaal) > marge:
        scheelt = f"het totaal klopt niet: de rijen tellen op tot {toon_getal(som)}"
        fouten.meld(
            int(str(rij["regel"])),
            kop,
            toon_getal(totaal),
            scheelt,
            "verbeter het totaal of vul ontbrekende rijen aan",
        )
    return f"{kop} klopt"


def keur_dubbel(lang: pd.DataFrame, *, sleutels: Sequence[str], fouten: Foutenlijst) -> None:
    """Every row whose key occurred on an earlier line is a fault."""
    eerste = lang.groupby(list(sleutels), sort=False)["regel"].transform("min")
    for rij, begin in zip(lang.to_dict("records"), eerste, strict=True):
        if rij["regel"] != begin:
            sleutel = " / ".join(str(rij[naam]) for naam in sleutels if rij[naam] not in {ALLE, "onbekend"})
            fouten.meld(
                int(rij["regel"]),
                str(sleutels[0]),
                sleutel,
                f"dubbele rij: dit staat ook op regel {int(begin)}",
                "laat er één staan",
            )


def keur_leeftijden(lang: pd.DataFrame, *, rest: Sequence[str], fouten: Foutenlijst) -> None:
    """Age classes that overlap within one area and class of the other keys would count people twice."""
    if lang["leeftijdsklasse"].nunique() < 2:
        return
    for _, groep in lang.groupby(list(rest), sort=False):
        klassen = sorted({(grenzen(str(klasse)), str(klasse)) for klasse in groep["leeftijdsklasse"]})
        hoogste, vorige = -1, ""
        for (laag, hoog), klasse in klassen:
            if laag <= hoogste:
                regels = groep.loc[groep["leeftijdsklasse"] == klasse, "regel"]
                overlap = f"overlapt met de leeftijdsklasse {vorige} van hetzelfde gebied"
                fouten.meld(
                    int(regels.iloc[0]),
                    "leeftijdsklasse",
                    klasse,
                    overlap,
                    "lever klassen die elkaar niet overlappen",
                )
            if hoog > hoogste:
                hoogste, vorige = hoog, klasse


def keur_niveau(lang: pd.DataFrame, *, soorten: Mapping[str, str], fouten: Foutenlijst) -> str:
    """The one type of area in the table; rows of any other type are faults."""
    soort = lang["gebied"].map(dict(soorten))
    telling = soort.value_counts()
    if telling.empty:
        return "onbekend"
    gangbaar = str(telling.index[0])
    for rij, is_soort in zip(lang.to_dict("records"), soort, strict=True):
        if isinstance(is_soort, str) and is_soort != gangbaar:
            mengsel = f"dit is een {is_soort}, de rest is {gangbaar}: dan telt iedereen dubbel"
            advies = "lever elk niveau in een eigen bestand"
            fouten.meld(int(rij["regel"]), "gebied", rij["gebied"], mengsel, advies)
    return gangbaar
