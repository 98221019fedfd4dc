"""What `uitval` refuses, and what it fills in itself: size, place, id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.fouten import OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import zoek_gebied
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model.onzekerheid import keur_trekkingen
from huisartsdata.scenario.maatregelen import open_praktijk
from huisartsdata.scenario.wegvallen.uitvalveld import is_getal

if TYPE_CHECKING:
    from shapely import Point

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.wegvallen.uitvalveld import Deel, Veld

NIEUW_ID = "uitval"
MAX_PATIENTEN = 1_000_000  # a list of a million is a slip of the pen
MAX_KEER = 3  # own choice: people per fte this far from the break-even norm are a mistake
MAX_SEED = 2**64  # a seed is the key of the random streams


def keur_patienten(patienten: object) -> int:
    """A number of patients as a whole number above 0, or an error."""
    heel = is_getal(patienten) and float(patienten).is_integer()  # type: ignore[arg-type]
    if not heel or not 0 < patienten <= MAX_PATIENTEN:  # type: ignore[operator]
        raise ParameterFout(f"patienten={patienten!r:.60} kan niet; geef een heel getal boven 0")
    return int(patienten)  # type: ignore[call-overload, no-any-return]


def keur_loting(trekkingen: int, seed: int) -> None:
    """Refuse a number of draws or a seed that makes no sense."""
    keur_trekkingen(trekkingen, seed, minstens=1)
    if seed >= MAX_SEED:
        raise ParameterFout(f"seed={seed!r:.60} is te groot; geef een heel getal onder 2^64")


def keur_gemeente(situatie: Situatie, gm_code: object) -> None:
    """Refuse a gemeente that the picture does not hold; who gives a name is told its code."""
    bekend = set(situatie.gebied["gm_code"])
    if not isinstance(gm_code, str) or gm_code not in bekend:
        raise OnbekendGebiedFout(
            f"{gm_code!r:.60} is geen gemeentecode in deze situatie; geef {raad_code(gm_code, bekend)}",
            [f"{gm_code!s:.60}"],
        )


def raad_code(gm_code: object, bekend: set[str]) -> str:
    """Which code a name stands for, where that is known, else what a code looks like."""
    if isinstance(gm_code, str):
        try:
            _, code, naam = zoek_gebied(gm_code)
        except OnbekendGebiedFout:
            code, naam = "", ""
        if code in bekend:
            return f"de code {code} ({naam})"
    return "een code zoals GM0505"


def keur_deel(aandeel: Deel, naam: str) -> Deel:
    """A share between 0 and 1, a pair (laag, hoog) of them, or nothing."""
    if aandeel is None:
        return None
    if isinstance(aandeel, tuple):
        if len(aandeel) != 2 or not all(isinstance(keur_deel(a, naam), float) for a in aandeel):
            raise ParameterFout(f"{naam}={aandeel!r} kan niet; geef één getal of een paar (laag, hoog)")
        if aandeel[0] > aandeel[1]:
            raise ParameterFout(f"{naam}={aandeel!r} kan niet; het laagste getal komt eerst")
        return float(aandeel[0]), float(aandeel[1])
    if not is_getal(aandeel) or not 0 <= aandeel <= 1:
        raise ParameterFout(
            f"{naam}={aandeel!r:.60} kan niet; geef een getal van 0 tot en met 1, of laat het weg"
        )
    return float(aandeel)


def zoek_nummer(veld: Veld, praktijk_id: str, gm_code: str) -> int:
    """Number of a practice in the field; it must stand in the gemeente."""
    if not isinstance(praktijk_id, str):
        raise OnbekendePraktijkFout(
            f"praktijk_id={praktijk_id!r:.60} kan niet; geef één id uit situatie.praktijken",
            [f"{praktijk_id!s:.60}"],
        )
    plaatsen = np.flatnonzero(veld.ids == praktijk_id)
    if not len(plaatsen):
        raise OnbekendePraktijkFout(
            f"niet in de situatie: {praktijk_id}; kijk in situatie.praktijken", [praktijk_id]
        )
    if veld.gm_code[plaatsen[0]] != gm_code:
        raise ParameterFout(
            f"praktijk {praktijk_id} staat in {veld.gm_code[plaatsen[0]]}, niet in {gm_code}; "
            "geef de gemeente van de praktijk"
        )
    return int(plaatsen[0])


def kies_id(situatie: Situatie, reistijden: Reistijden | None) -> str:
    """A free id for the practice that falls out, or the one that the user's travel times name."""
    if reistijden is not None and not isinstance(reistijden, Reistijden):
        raise ParameterFout("reistijden moet een Reistijden zijn; maak ze met Reistijden.from_table")
    if reistijden is not None and len(reistijden.naar) == 1:
        return str(reistijden.naar[0])
    naam, volgnummer = NIEUW_ID, 1
    # a closed practice keeps its travel times, and with them its id
    while naam in situatie.praktijken.index or naam in situatie.reistijden.naar:
        volgnummer += 1
        naam = f"{NIEUW_ID}-{volgnummer}"
    return naam


def kies_lijst(veld: Veld, patienten: int | None, eigen: int | None) -> tuple[int, str]:
    """People on the list and the status of that number; a delivered list is not to be contradicted."""
    geleverd = np.nan if eigen is None else veld.ingeschreven[eigen]
    if np.isnan(geleverd):
        if patienten is None:
            raise ParameterFout(
                "geef patienten=, of een praktijk_id waarvan een levering het aantal ingeschrevenen geeft"
            )
        return keur_patienten(patienten), "aanname"
    lijst = round(float(geleverd))
    if patienten is not None and keur_patienten(patienten) != lijst:
        raise ParameterFout(
            f"patienten={patienten} kan niet: bij praktijk {veld.ids[eigen]} zijn er volgens de levering {lijst} "
            "ingeschreven; laat patienten weg, of laat praktijk_id weg voor een gedachte praktijk"
        )
    return keur_patienten(lijst), "waargenomen"


def kies_omvang(
    situatie: Situatie, veld: Veld, patienten: int, fte: float | None, eigen: int | None
) -> tuple[float, str, str]:
    """Fte of the practice, its status and its source; delivered fte is not to be contradicted."""
    if fte is not None and (not is_getal(fte) or fte <= 0):
        raise ParameterFout(f"fte={fte!r:.60} kan niet; geef een getal boven 0, of laat het weg")
    status = "" if eigen is None else situatie.praktijken["fte_status"].iloc[eigen]
    if eigen is None or status not in ("waargenomen", "afgeleid"):
        norm = veld.mensen_per_fte
        return (
            (patienten / norm, "afgeleid", "patiënten / omslagnorm")
            if fte is None
            else (float(fte), "aanname", "opgegeven")
        )
    geleverd, wie = float(veld.fte[eigen]), veld.ids[eigen]
    hoeveel = f"{geleverd:g}".replace(".", ",")
    if fte is not None and not np.isclose(fte, geleverd, rtol=1e-9, atol=0):
        raise ParameterFout(
            f"fte={fte:g} kan niet: praktijk {wie} heeft volgens de levering {hoeveel} fte; laat fte weg"
        )
    keer = np.inf if geleverd <= 0 else patienten / geleverd / veld.mensen_per_fte
    if np.isnan(veld.ingeschreven[eigen]) and not 1 / MAX_KEER <= keer <= MAX_KEER:
        raise ParameterFout(
            f"patienten={patienten} past niet bij de {hoeveel} fte die praktijk {wie} volgens de levering "
            "heeft; geef haar eigen aantal, of laat praktijk_id weg voor een gedachte praktijk"
        )
    if geleverd <= 0:
        raise ParameterFout(f"praktijk {wie} heeft volgens de levering geen fte; kies een andere praktijk")
    return geleverd, str(status), "levering"


def meet_punt(
    situatie: Situatie, punt: Point, gm_code: str, praktijk_id: str, reistijden: Reistijden | None
) -> Reistijden:
    """Minutes from every buurt to the user's point; the measure that opens practices checks both."""
    met = open_praktijk(situatie, punt=punt, fte=1.0, praktijk_id=praktijk_id, reistijden=reistijden)
    if (gm := met.praktijken.loc[praktijk_id, "gm_code"]) != gm_code:
        raise ParameterFout(f"het punt ligt in {gm}, niet in {gm_code}; kies een punt in de gemeente")
    return met.reistijden.selecteer(naar=[praktijk_id])
