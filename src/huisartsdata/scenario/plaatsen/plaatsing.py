"""Where to add capacity: the best places for n fte, proven by integer programming (`hd.scenario.plaats`)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.reismodel import bereken_reistijden
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.gebieden.reistijdtabel import opsomming
from huisartsdata.model.tekort import tekortbeeld
from huisartsdata.scenario.invoerkeur import keur_situatie
from huisartsdata.scenario.maatregelen import open_praktijk, voeg_fte_toe
from huisartsdata.scenario.plaatsen.eerlijkmodel import kies_eerlijkst
from huisartsdata.scenario.plaatsen.plaatsafstand import verre_buurten, zoek_dichtbij
from huisartsdata.scenario.plaatsen.plaatsdoelen import (
    Keuze,
    Ruimte,
    kies_minste_tekort,
)
from huisartsdata.scenario.plaatsen.plaatskeur import getal, grenzen_per_plek, hoeveelheid, keur_per
from huisartsdata.scenario.plaatsen.plaatsmodel import SPELING, maak_plaatsmodel, plekken_van

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie

DOELEN = ("tekort", "afstand", "eerlijk")
OPTIMAAL, BEGRENSD = "optimaal", "begrensd"
MAX_STAPPEN = 20_000  # whole steps to place; the search that begins takes them one by one
GAP = 1e-4  # at which the search stops: the usual default of solvers for whole numbers (HiGHS, CPLEX)


@dataclass(frozen=True, eq=False)
class Plaatsing:
    """Where fte were placed, what that changes, and how far at most from the best there is.

    Two placements are equal when everything but `seconden` is.

    Attributes
    ----------
    toegevoegd
        Fte by place (`kandidaat`), those above 0, sorted by code.
    per_praktijk
        The same by `praktijk_id`, as they were added.
    situatie
        The picture after.
    tekort_voor, tekort_na
        Shortage in fte per area of `per`; an area never gets more of it.
    beginwaarde, doelwaarde
        The objective before and after: fte short (tekort), people beyond the limit (afstand), or the
        largest relative shortage of an area (eerlijk).
    gap
        (doelwaarde - proven bound) / doelwaarde. For eerlijk that of the first level.
    doel, per
        What was optimised, over which areas.
    status
        "optimaal" when the search ended within the gap asked for, "begrensd" when it met its fixed number
        of search nodes first: then `gap` says what is proven. For eerlijk about the first level only.
    hoogste
        For eerlijk the largest relative shortages left, one per level; else empty.
    seconden
        Time of the whole call.
    """

    toegevoegd: pd.Series
    per_praktijk: pd.Series
    situatie: Situatie
    tekort_voor: pd.Series
    tekort_na: pd.Series
    beginwaarde: float
    doelwaarde: float
    gap: float
    doel: str
    per: str
    status: str
    hoogste: tuple[float, ...] = ()
    seconden: float = field(default=0.0, compare=False)

    def __eq__(self, other: object) -> bool:
        """The same placement with the same outcome, whatever time it took."""
        if not isinstance(other, Plaatsing):
            return NotImplemented
        reeksen = ("toegevoegd", "per_praktijk", "tekort_voor", "tekort_na")
        return (
            self._kern() == other._kern()
            and all(getattr(self, r).equals(getattr(other, r)) for r in reeksen)
            and self.situatie.praktijken["fte"].equals(other.situatie.praktijken["fte"])
        )

    def __hash__(self) -> int:
        return hash(self._kern())

    def _kern(self) -> tuple[object, ...]:
        uitkomst = (self.beginwaarde, self.doelwaarde, self.gap, self.hoogste)
        return (*uitkomst, self.doel, self.per, self.status)


def plaats(
    situatie: Situatie,
    *,
    fte: float,
    doel: str = "tekort",
    kandidaten: gpd.GeoSeries | None = None,
    maximum: float | Mapping[str, float] | pd.Series | None = None,
    stap: float | None = 1.0,
    per: str = "wijk",
    minuten: float | None = None,
    niveaus: int = 3,
    gap: float = GAP,
    reistijden: Reistijden | None = None,
) -> Plaatsing:
    """Place n fte (practices, training places) where they do most, beside all practices that there are.

    Reach is linear in the fte that is placed, so each objective is a linear program over whole steps, and
    HiGHS proves how far the answer can be from the best. It says what could be reached at most if every
    fte went where it is sent, not what anybody can be made to do.

    Parameters
    ----------
    situatie
        The picture before. Its norm and function decide what is short.
    fte
        Fte to place, all of it.
    doel
        ``"tekort"``: least shortage in fte, over all areas. ``"eerlijk"``: the largest relative shortage
        (shortage / need) least, then the next, for `niveaus` levels, then least shortage; an area that no
        candidate can reach stays as it is and takes a level. ``"afstand"``:
        least people further than `minuten` from a practice; each place that opens gets one step.
    kandidaten
        Points (EPSG:28992) by code for new practices. Default: the distinct places of the practices of
        the picture (2,084 postcodes in the country); for ``"afstand"``, where those change nothing, the
        place of every buurt further than `minuten`.
    maximum
        Most fte per place, one number or one by code; default no limit.
    stap
        Placed fte are multiples of this; 0 or None: any amount. With larger amounts in whole steps over
        small areas the gap asked for is not reached within the fixed search; see `Plaatsing.status`.
    per
        Areas whose shortage counts: ``"wijk"``, ``"gemeente"`` or any other type.
    minuten
        Limit of ``"afstand"``; default parameter `plaatsing_minuten`.
    niveaus
        Levels of ``"eerlijk"``.
    gap
        Relative gap at which the search stops; 0 searches to the end.
    reistijden
        Minutes from every buurt to every one of `kandidaten`; default the built-in engine.

    Returns
    -------
    Plaatsing

    Raises
    ------
    ParameterFout
        For an unknown objective, an amount that is no multiple of the step, limits that leave too little
        room, or candidates that are no points, have an id in use or cannot be reached by anybody.
    OnbekendGebiedFout
        For an unknown type of area.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.plaatsen.plaatsing import plaats
    >>> s = hd.landelijke_situatie(functie="zonder_wisselend")
    >>> best = plaats(s, fte=20, per="gemeente")
    >>> float(best.toegevoegd.sum()), best.status, round(best.beginwaarde - best.doelwaarde, 1)
    (20.0, 'optimaal', 20.0)
    """
    begin = time.perf_counter()
    keur_situatie(situatie)
    per = keur_per(per)
    stap = 0.0 if stap is None else getal(stap, "stap")
    fte = hoeveelheid(fte)
    gap = getal(gap, "gap")
    if stap and fte / stap > MAX_STAPPEN:
        raise ParameterFout(
            f"fte={fte:g} in stappen van {stap:g} zijn meer dan {MAX_STAPPEN} stappen; kies een grotere stap, of "
            "stap=0 voor elk getal"
        )
    if not isinstance(doel, str) or doel not in DOELEN:
        raise ParameterFout(f"doel '{doel}' kan niet; kies uit {', '.join(DOELEN)}")
    if stap and abs(fte / stap - round(fte / stap)) > SPELING * max(1.0, fte / stap):
        raise ParameterFout(
            f"fte={fte:g} is geen veelvoud van stap={stap:g}; kies een andere stap, of stap=0 voor elk getal"
        )
    if not isinstance(niveaus, int) or isinstance(niveaus, bool) or niveaus < 1:
        raise ParameterFout(f"niveaus={niveaus!r} kan niet; geef een heel getal van 1 of meer")
    if doel == "afstand":
        if not stap:
            raise ParameterFout("doel 'afstand' opent praktijken van één stap; geef stap boven 0")
        minuten = waarde("plaatsing_minuten") if minuten is None else getal(minuten, "minuten")
        if kandidaten is None:
            kandidaten = verre_buurten(situatie, minuten)
    elif minuten is not None:
        raise ParameterFout("minuten hoort bij doel 'afstand'; laat het weg")
    if reistijden is not None and kandidaten is None:
        raise ParameterFout("reistijden hoort bij kandidaten; laat het weg of geef kandidaten mee")
    if kandidaten is not None:
        reistijden = _tijden(situatie, kandidaten, reistijden)
    codes = plekken_van(situatie).index if kandidaten is None else kandidaten.index.sort_values()
    ruimte = Ruimte(fte, grenzen_per_plek(maximum, codes, fte), stap)
    if ruimte.hoogste.sum() < ruimte.aantal * (1 - SPELING):
        raise ParameterFout(
            f"binnen maximum is er plaats voor {ruimte.hoogste.sum() * ruimte.eenheid:g} fte, minder dan {fte:g}; "
            "verhoog maximum, geef meer kandidaten of plaats minder"
        )
    if doel == "afstand":
        assert reistijden is not None
        assert minuten is not None
        keuze, voor, na = zoek_dichtbij(situatie, reistijden, codes, ruimte, minuten=minuten, gap=gap)
        hoogste: tuple[float, ...] = ()
    else:
        keuze, voor, na, hoogste = _tekorten(
            situatie, reistijden, ruimte, per=per, doel=doel, niveaus=niveaus, gap=gap
        )
    toegevoegd = pd.Series(keuze.x, pd.Index(codes, name="kandidaat"), name="fte")
    toegevoegd = toegevoegd[toegevoegd > 0]
    nieuw, per_praktijk = _voer_uit(situatie, toegevoegd, kandidaten, reistijden)
    return Plaatsing(
        toegevoegd=toegevoegd,
        per_praktijk=per_praktijk,
        situatie=nieuw,
        tekort_voor=tekortbeeld(situatie, per=per)["tekort_fte"],
        tekort_na=tekortbeeld(nieuw, per=per)["tekort_fte"],
        beginwaarde=voor,
        doelwaarde=na,
        gap=keuze.gap,
        doel=doel,
        per=per,
        status=OPTIMAAL if keuze.af else BEGRENSD,
        hoogste=hoogste,
        seconden=time.perf_counter() - begin,
    )


def _tekorten(
    situatie: Situatie,
    reistijden: Reistijden | None,
    ruimte: Ruimte,
    *,
    per: str,
    doel: str,
    niveaus: int,
    gap: float,
) -> tuple[Keuze, float, float, tuple[float, ...]]:
    if reistijden is None:
        model = maak_plaatsmodel(situatie, per, plekken_van(situatie)["praktijk_id"])
    else:
        ruim = situatie.vervang(reistijden=situatie.reistijden.met_naar(reistijden))
        codes = reistijden.naar
        model = maak_plaatsmodel(ruim, per, pd.Series(codes, codes), nieuw=True)
    niets = np.zeros(len(model.plekken))
    if doel == "tekort":
        keuze = kies_minste_tekort(model, ruimte, gap)
        return keuze, float(model.tekort(niets).sum()), float(model.tekort(keuze.x).sum()), ()
    keuze, top = kies_eerlijkst(model, ruimte, gap, niveaus)
    aandeel = np.divide(
        model.tekort(niets), model.nodig, out=np.zeros_like(model.nodig), where=model.nodig > 0
    )
    return keuze, float(aandeel.max()), float(top[0]), tuple(float(t) for t in top)


def _tijden(situatie: Situatie, kandidaten: gpd.GeoSeries, reistijden: Reistijden | None) -> Reistijden:
    if not isinstance(kandidaten, gpd.GeoSeries) or kandidaten.empty:
        raise ParameterFout("kandidaten moet een GeoSeries met minstens één punt zijn, met codes als index")
    bezet = set(situatie.reistijden.naar) | set(situatie.praktijken.index)
    if dubbel := [c for c in kandidaten.index if c in bezet]:
        raise ParameterFout(
            f"deze kandidaten heten als een praktijk: {opsomming(dubbel)}; geef ze een andere naam"
        )
    if reistijden is not None and not isinstance(reistijden, Reistijden):
        raise ParameterFout(f"reistijden={reistijden!r:.40} kan niet; geef Reistijden, of laat ze weg")
    grens = situatie.reistijden.grens_minuten
    if reistijden is None and grens is None:
        raise ParameterFout(
            "de reistijden hebben geen grens; geef ook die naar de kandidaten mee (reistijden=)"
        )
    if reistijden is None:
        assert grens is not None
        return bereken_reistijden(situatie.punten, kandidaten.sort_index(), grens_minuten=grens)
    if set(reistijden.naar) != set(kandidaten.index):
        raise ParameterFout(
            "reistijden gaan naar andere plekken dan kandidaten; geef voor elke kandidaat een kolom"
        )
    return reistijden


def _voer_uit(
    situatie: Situatie,
    toegevoegd: pd.Series,
    kandidaten: gpd.GeoSeries | None,
    reistijden: Reistijden | None,
) -> tuple[Situatie, pd.Series]:
    """The picture with the fte added, by the primitive measures."""
    if kandidaten is None or reistijden is None:
        # practices on one place share all their minutes: which of them gets the fte changes no reach
        eerste = plekken_van(situatie)["praktijk_id"].reindex(toegevoegd.index)
        erbij = pd.Series(
            toegevoegd.to_numpy(), pd.Index(eerste, name="praktijk_id"), name="fte"
        ).sort_index()
        return voeg_fte_toe(situatie, erbij), erbij
    for code, erbij_fte in toegevoegd.items():
        naam = str(code)
        situatie = open_praktijk(
            situatie,
            punt=kandidaten[naam],
            fte=float(erbij_fte),
            praktijk_id=naam,
            reistijden=reistijden.selecteer(naar=[naam]),
        )
    return situatie, toegevoegd.rename_axis("praktijk_id")
