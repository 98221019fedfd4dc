"""What a brief says of the files that it rests on: how much they hold, beside what is counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huisartsdata.gebieden.kerncijfers import load_kerncijfers
from huisartsdata.leveringen.levering import NAAM_VERBORGEN
from huisartsdata.uitvoer.huisstijl import getal

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Levering
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

WEINIG_FTE = (
    0.5  # own choice: fte per counted practice (the country has 1.8); with less, some are probably missing
)
WEINIG = 0.8  # a list with less than this of the practices that are counted is probably not whole


def leveringtitel(land: Landbeeld) -> str:
    """Under the title of a brief: that it rests on files of the user, by name; what they hold stands below it."""
    return " ".join(f"{_begin(lev)}." for lev in land.leveringen)


def leveringzin(land: Landbeeld, gemeenten: Sequence[str]) -> str:
    """What was delivered for an area, in one or two sentences; empty without a delivery."""
    return " ".join(
        f"{_begin(lev)}: {leveringinhoud(lev, gemeenten, functie=land.functie)}" for lev in land.leveringen
    )


def leveringpunten(land: Landbeeld, gemeenten: Sequence[str]) -> tuple[str, ...]:
    """The same for the first page, where the files are named under the title already; one point each."""
    return tuple(
        f"Levering: {leveringinhoud(lev, gemeenten, functie=land.functie)}" for lev in land.leveringen
    )


def _begin(lev: Levering) -> str:
    verzonnen = "; het bestand noemt zichzelf VERZONNEN" if lev.is_verzonnen else ""
    verbergt = any(zin.startswith(NAAM_VERBORGEN) for zin in lev.opmerkingen)
    verborgen = f"; {NAAM_VERBORGEN[0].lower()}{NAAM_VERBORGEN[1:]}" if verbergt else ""
    return f"Gebaseerd op eigen levering {lev.herkomst.bestand} (niet door ons gecontroleerd{verzonnen}{verborgen})"


def leveringinhoud(lev: Levering, gemeenten: Sequence[str], *, functie: str) -> str:
    """What a delivery of supply holds for an area, beside the practices that are counted there; in sentences.

    They begin to warn ("Let op") where the delivery is so small that it is probably not whole.
    """
    return _praktijken(lev, gemeenten) if lev.soort == "praktijken" else _gebieden(lev, gemeenten, functie)


def _praktijken(lev: Levering, gemeenten: Sequence[str]) -> str:
    hier = sorted(set(gemeenten) & set(lev.gebieden))
    if not hier:
        return (
            "praktijken in andere gemeenten dan deze. Hier verandert alleen wat er voor de rest van Nederland "
            "overblijft."
        )
    lijst = lev.tabel[lev.tabel["gm_code"].isin(hier)]
    telling = int(load_kerncijfers("gemeente").loc[hier, "praktijken"].sum())
    leeg = int(lijst["fte"].isna().sum())
    fte = f"{getal(float(lijst['fte'].sum()), 1)} fte" + (f" ({getal(leeg)} zonder fte)" if leeg else "")
    deel = (
        ""
        if len(hier) == len(set(gemeenten))
        else f" in {getal(len(hier))} van de {getal(len(set(gemeenten)))} gemeenten"
    )
    zin = (
        f"{getal(len(lijst))} praktijken met {fte}{deel}; de telling van maart 2026 kent daar {getal(telling)} "
        "praktijken."
    )
    if len(lijst) >= WEINIG * telling:
        return zin
    return (
        f"{zin} Let op: ontbreken er praktijken in de lijst, dan is het aanbod hier te laag en de kans op een "
        "tekort te hoog; hun fte rekent het model dan elders toe."
    )


def _gebieden(lev: Levering, gemeenten: Sequence[str], functie: str) -> str:
    t = lev.tabel
    telt = t["functie"] == functie
    if not telt.any():  # delivered by kind of GP, or without a word about it
        telt = ~t["functie"].str.startswith("wisselend") | (functie == "alle")
    rijen = t.loc[telt, "fte"]
    aantal, verborgen = len(lev.gebieden), int(rijen.isna().sum())
    zin = f"{getal(aantal)} {'gebied' if aantal == 1 else 'gebieden'} met samen {getal(float(rijen.sum()), 1)} fte"
    # what tells of fewer than ten people is not shown, and so not in the sum either
    zin += (
        f"; zonder {getal(verborgen)} kleine aantallen die niet getoond mogen worden." if verborgen else "."
    )
    hier = sorted(set(gemeenten) & set(rijen.index[rijen.notna()]) - set(rijen.index[rijen.isna()]))
    telling = int(load_kerncijfers("gemeente").loc[hier, "praktijken"].sum())
    fte = float(rijen.loc[hier].sum())
    if fte >= WEINIG_FTE * telling:
        return zin
    return (
        f"{zin} Let op: hier zijn dat {getal(fte, 1)} fte, en de telling van maart 2026 kent er {getal(telling)} "
        "praktijken; is de levering niet volledig, dan is het aanbod hier te laag en de kans op een tekort te hoog."
    )
