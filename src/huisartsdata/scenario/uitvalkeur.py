"""What `uitval` refuses, and what it fills in itself: size, place, id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.fouten import OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.scenario.maatregelen import open_praktijk

if TYPE_CHECKING:
    from shapely import Point

    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.uitvalveld import Deel, Veld

NIEUW_ID = "uitval"


def keur_patienten(patienten: object) -> int:
    """A number of patients as a whole number above 0, or an error."""
    heel = isinstance(patienten, (int, np.integer)) and not isinstance(patienten, bool)
    if isinstance(patienten, float) and patienten.is_integer():
        heel = True
    if not heel or int(patienten) <= 0:  # type: ignore[call-overload]
        raise ParameterFout(f"patienten={patienten!r} kan niet; geef een heel getal boven 0")
    return int(patienten)  # type: ignore[call-overload, no-any-return]


def keur_gemeente(situatie: Situatie, gm_code: object) -> None:
    """Refuse a gemeente that the picture does not hold."""
    if gm_code not in set(situatie.gebied["gm_code"]):
        raise OnbekendGebiedFout(
            f"{gm_code!r} is geen gemeente in deze situatie; geef een code zoals GM0505", [str(gm_code)]
        )


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
    getal = isinstance(aandeel, (int, float, np.number)) and not isinstance(aandeel, bool)
    if not getal or not 0 <= aandeel <= 1:
        raise ParameterFout(
            f"{naam}={aandeel!r} kan niet; geef een getal van 0 tot en met 1, of laat het weg"
        )
    return float(aandeel)


def zoek_nummer(veld: Veld, praktijk_id: str, gm_code: str) -> int:
    """Number of a practice in the field; it must stand in the gemeente."""
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
    if reistijden is not None and len(reistijden.naar) == 1:
        return str(reistijden.naar[0])
    naam, volgnummer = NIEUW_ID, 1
    # a closed practice keeps its travel times, and with them its id
    while naam in situatie.praktijken.index or naam in situatie.reistijden.naar:
        volgnummer += 1
        naam = f"{NIEUW_ID}-{volgnummer}"
    return naam


def kies_omvang(
    situatie: Situatie, veld: Veld, patienten: int, fte: float | None, eigen: int | None
) -> tuple[float, str]:
    """Fte of the practice and its status."""
    if fte is None:
        if eigen is not None and situatie.praktijken["fte_status"].iloc[eigen] == "waargenomen":
            return float(veld.fte[eigen]), "waargenomen"
        return patienten / veld.mensen_per_fte, "afgeleid"
    getal = isinstance(fte, (int, float, np.number)) and not isinstance(fte, bool)
    if not getal or not np.isfinite(fte) or fte <= 0:
        raise ParameterFout(f"fte={fte!r} kan niet; geef een getal boven 0, of laat het weg")
    return float(fte), "aanname"


def meet_punt(
    situatie: Situatie, punt: Point, gm_code: str, praktijk_id: str, reistijden: Reistijden | None
) -> Reistijden:
    """Minutes from every buurt to the user's point; the measure that opens practices checks both."""
    met = open_praktijk(situatie, punt=punt, fte=1.0, praktijk_id=praktijk_id, reistijden=reistijden)
    if (gm := met.praktijken.loc[praktijk_id, "gm_code"]) != gm_code:
        raise ParameterFout(f"het punt ligt in {gm}, niet in {gm_code}; kies een punt in de gemeente")
    return met.reistijden.selecteer(naar=[praktijk_id])
