"""Web maps of a what-if: a practice that falls out, and a steering rule; titles are computed, never typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.kaarten.kaartvergelijking import VERSCHIL_BEREIK
from huisartsdata.uitvoer.verhaal.aanwijzing import AANGEWEZEN
from huisartsdata.uitvoer.verhaal.bereikverlies import (
    AANNAMEN,
    INDICATOR,
    load_bereikverlies,
    reach_before_after,
    unsure_classes,
)
from huisartsdata.uitvoer.verhaal.regelnamen import regelnaam
from huisartsdata.uitvoer.verhaal.scenariovormen import MERKBAAR_FTE, ZEKER, designation_chance
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, modelbronregel
from huisartsdata.uitvoer.verhaal.uitvalfiguren import WAT_ALS
from huisartsdata.uitvoer.web.webkaarten import Webkaart, webkaart
from huisartsdata.uitvoer.web.weblagen import Weblaag

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.sturen.regelverslag import Regeluitkomst
    from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval
    from huisartsdata.uitvoer.figuur import Bronregel
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

VERLIES, PATIENTEN = "Verlies aan bereik", "Patiënten van de praktijk"
VOOR, NA = "Bereik voor", "Bereik na"
VERANDERING, AANWIJZING = "Verandering van het bereik", "Aanwijzing volgens de regel"


def webkaart_uitval(u: Uitval, k: Kaartgebied | None = None, **keuzes: Any) -> Webkaart:
    """Web map of a practice that falls out: loss of reach, where its patients live, reach before and after.

    Parameters
    ----------
    u
        The outage, of ``scenario.uitval``.
    k
        Wijken to show; default those of the gemeente.
    **keuzes
        As for ``webkaart``: achtergrond, max_bytes.

    Raises
    ------
    ParameterFout
        If the map has other areas than wijken.
    """
    k = load_kaartgebied([u.gm_code], niveau="wijk") if k is None else k
    _need(k, "wijken")
    index = k.gebieden.index
    gevolg = load_bereikverlies(u, index)
    verlies = gevolg.verlies
    bron = modelbronregel(u.situatie, met_norm=False, toelichting=WAT_ALS)
    mensen = u.getroffen["verwacht"].groupby(u.situatie.gebied["wk_code"]).sum().reindex(index)
    elders = 1 - float(mensen.sum()) / u.patienten
    lagen = {
        VERLIES: Weblaag(
            verlies["beeld"], INDICATOR, bron, waardenaam="verlies", laag=verlies.min(axis=1),
            hoog=verlies.max(axis=1), intervalnaam=AANNAMEN, onbekend=gevolg.onzeker,
            ook={"bereik voor": (VOOR, "bereik"), "bereik na": (NA, "bereik")},
        ),
        PATIENTEN: Weblaag(
            mensen.where(mensen >= 0.5).round(1), "getroffen_patienten", bron, waardenaam="verwacht aantal",
            leeg="geen patiënten",
        ),
        VOOR: _reach(gevolg.voor, bron),
        NA: _reach(gevolg.na, bron),
    }  # fmt: skip
    rest = gevolg.rest(k.soort)
    return webkaart(
        k,
        lagen,
        titel=f"Na de uitval van een praktijk met {getal(u.patienten, 0)} patiënten {gevolg.zin(k.soort)}",
        ondertitel=f"{k.naam}; {getal(u.fte, 1)} fte valt weg; van de patiënten woont naar schatting "
        f"{procent(max(0.0, elders))} buiten de kaart{f'. {rest}' if rest else ''}",
        bronregel=bron,
        **keuzes,
    )


def webkaart_stuurregel(
    situatie: Situatie, uitkomst: Regeluitkomst, k: Kaartgebied | None = None, **keuzes: Any
) -> Webkaart:
    """Web map of a steering rule: who gains and loses reach, whom the rule designates, reach before and after.

    Parameters
    ----------
    situatie
        The picture the rule worked on.
    uitkomst
        Of ``scenario.stuurregel``, with draws.
    k
        Gemeenten to show; default the country.
    **keuzes
        As for ``webkaart``: achtergrond, max_bytes.

    Raises
    ------
    ParameterFout
        If the map has other areas than gemeenten, or the outcome has no draws.
    """
    k = load_kaartgebied() if k is None else k
    _need(k, "gemeenten")
    if "kans" not in uitkomst.aangewezen:
        raise ParameterFout(
            "de uitkomst heeft geen trekkingen, dus is niet te zeggen hoe zeker een aanwijzing is; maak haar met "
            "hd.scenario.stuurregel(situatie, regel, trekkingen=20)"
        )
    index = k.gebieden.index
    voor, na = (t.reindex(index) for t in reach_before_after(situatie, uitkomst.situatie, per="gemeente"))
    delta = na - voor
    kans = designation_chance(uitkomst, index)
    onzeker = unsure_classes(delta, VERSCHIL_BEREIK) | ((kans >= 1 - ZEKER) & (kans <= ZEKER))
    bron = modelbronregel(
        situatie, toelichting="Hoe sterk een regel werkt en wanneer hij begint, zijn aannames"
    )
    fte = _fte_change(situatie, uitkomst).reindex(index)
    lagen = {
        VERANDERING: Weblaag(
            delta["beeld"], VERSCHIL_BEREIK, bron, waardenaam="verandering", laag=delta.min(axis=1),
            hoog=delta.max(axis=1), intervalnaam=AANNAMEN, onbekend=onzeker,
            extra={"verandering van de fte": fte}, ook={"kans op aanwijzing": (AANWIJZING, "kans op aanwijzing")},
        ),
        AANWIJZING: Weblaag(kans, AANGEWEZEN, bron, waardenaam="kans op aanwijzing", leeg="niet in de regel"),
        VOOR: _reach(voor, bron),
        NA: _reach(na, bron),
    }  # fmt: skip
    meer, minder = (int(((d > MERKBAAR_FTE) & ~onzeker).sum()) for d in (delta["beeld"], -delta["beeld"]))
    return webkaart(
        k,
        lagen,
        titel=f"Onder {regelnaam(uitkomst.regel)} gaan {getal(meer)} van de {getal(len(index))} {k.soort} er vrijwel "
        f"zeker op vooruit en {getal(minder)} op achteruit; van {getal(int(onzeker.sum()))} is het niet te zeggen",
        ondertitel=f"Bereik nu en eind {uitkomst.jaar}, {k.naam}; {getal(uitkomst.verplaatst_fte, 0)} fte verplaatst, "
        f"{getal(uitkomst.toegevoegd_fte, 0)} fte erbij; {FUNCTIENAAM[situatie.functie]}",
        bronregel=bron,
        **keuzes,
    )


def _need(k: Kaartgebied, soort: str) -> None:
    if k.soort != soort:
        raise ParameterFout(f"deze webkaart toont {soort}, geen {k.soort}; kies het niveau {soort[:-2]}")


def _reach(bereik: pd.DataFrame, bron: Bronregel) -> Weblaag:
    """Reach as a layer; its interval runs over the decays."""
    return Weblaag(
        bereik["beeld"], "bereik_fte_per_10000", bron, waardenaam="bereik", laag=bereik.min(axis=1),
        hoog=bereik.max(axis=1), intervalnaam=AANNAMEN,
    )  # fmt: skip


def _fte_change(situatie: Situatie, uitkomst: Regeluitkomst) -> pd.Series:
    per = [s.praktijken.groupby("gm_code")["fte"].sum() for s in (situatie, uitkomst.situatie)]
    uit: pd.Series = per[1].sub(per[0], fill_value=0.0)
    return uit
