"""Web maps that are ready made: reach, shortage and distance, with how sure they are; titles are computed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.kerncijfers import load_kerncijfers
from huisartsdata.uitvoer.figuur import Bronregel
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.kaarten.indicatoren import get_indicator
from huisartsdata.uitvoer.ouderdom import gebruikt
from huisartsdata.uitvoer.verhaal.beelden import (
    GEEN_LICENTIE,
    GRENZEN,
    GRENZEN_BUURT,
    LICENTIE_KORT,
    UITLEG_LEEG,
    VER_KM,
    deel_ver,
)
from huisartsdata.uitvoer.verhaal.oordelen import bereikoordeel, oordeelzin
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, modelbronregel
from huisartsdata.uitvoer.web.webkaarten import Webkaart, webkaart
from huisartsdata.uitvoer.web.weblagen import Weblaag

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

BEREIK, ZEKERHEID = "Bereikbare huisartsenzorg", "Zekerheid van het bereik"
OORDEEL, AFSTAND = "Oordeel over een tekort", "Afstand tot de huisarts"
OUDEREN, PER_PRAKTIJK = "Inwoners van 65 jaar en ouder", "Inwoners per praktijk"
ONDER = "kans onder gemiddeld"
INTERVAL = "90%-interval"  # what `bereikbeeld` gives


def webkaart_bereik(
    situatie: Situatie,
    beeld: pd.DataFrame,
    k: Kaartgebied,
    *,
    tekort: pd.DataFrame | None = None,
    **keuzes: Any,
) -> Webkaart:
    """Web map of reach: the estimate with its interval, how sure it is, and the distance beside it.

    Parameters
    ----------
    situatie
        The picture that `beeld` was made from.
    beeld
        From ``bereikbeeld``, with draws.
    k
        Areas of the same level as `beeld`.
    tekort
        From ``tekortbeeld`` with draws, for a layer with the verdict.
    **keuzes
        As for ``webkaart``: achtergrond, max_bytes.

    Raises
    ------
    ParameterFout
        If a picture has no draws, or another level than the map.
    """
    lagen = _reach_layers(situatie, beeld, k)
    lagen = {n: lagen[n] for n in (ZEKERHEID, BEREIK)}  # the title is about how sure it is: that opens
    if tekort is not None:
        lagen |= _verdict_layer(situatie, tekort, k)
    titel, rest = bereikoordeel(lagen[ZEKERHEID].waarden, k.soort)
    land = situatie.aanbod_fte / float(situatie.vraag.sum()) * 10_000
    return webkaart(
        k,
        {**lagen, **_distance_layer(k)},
        titel=titel,
        ondertitel=f"{rest}. Bereikbare huisartsenzorg, {k.naam}; landelijk gemiddelde {getal(land, 1)} fte per "
        f"10.000 standaardpatiënten, {FUNCTIENAAM[situatie.functie]}",
        bronregel=modelbronregel(situatie, met_norm=False),
        **keuzes,
    )


def webkaart_tekort(
    situatie: Situatie,
    beeld: pd.DataFrame,
    k: Kaartgebied,
    *,
    bereik: pd.DataFrame | None = None,
    **keuzes: Any,
) -> Webkaart:
    """Web map of the verdict: tekort, geen tekort or onbekend, with the numbers behind it.

    Parameters
    ----------
    situatie
        The picture that `beeld` was made from.
    beeld
        From ``tekortbeeld``, with draws; not for buurten, which get no verdict.
    k
        Areas of the same level as `beeld`.
    bereik
        From ``bereikbeeld`` with draws, for the layers of reach and its sureness.
    **keuzes
        As for ``webkaart``: achtergrond, max_bytes.

    Raises
    ------
    ParameterFout
        If a picture has no draws or no verdict, or another level than the map.
    """
    lagen = _verdict_layer(situatie, beeld, k)
    if bereik is not None:
        lagen |= _reach_layers(situatie, bereik, k)
    oordeel = beeld["oordeel"].reindex(k.gebieden.index)
    kort, niet = (int((oordeel == o).sum()) for o in ("tekort", "geen tekort"))
    return webkaart(
        k,
        {**lagen, **_distance_layer(k)},
        titel=oordeelzin(oordeel.dropna(), k.soort),
        ondertitel=f"{k.naam}, bij {getal(situatie.norm, 0)} patiënten per fte, {FUNCTIENAAM[situatie.functie]}: "
        f"{getal(kort)} tekort, {getal(niet)} geen tekort",
        bronregel=modelbronregel(situatie),
        **keuzes,
    )


def webkaart_afstand(k: Kaartgebied, **keuzes: Any) -> Webkaart:
    """Web map of the road distance to the nearest practice, with the share of older people beside it.

    Examples
    --------
    >>> from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
    >>> webkaart_afstand(load_kaartgebied("PV22")).titel[:40]
    'In Drenthe woont 25% van de mensen in ee'
    """
    g = k.gebieden
    lagen = _distance_layer(k)
    deel = g["inwoners_65_plus"] / g["inwoners"].where(g["inwoners"] > 0)
    mensen = _cbs(k, {"inwoners": "1 januari 2024"}, status="afgeleid")
    lagen[OUDEREN] = Weblaag(deel, "aandeel_65_plus", mensen, extra={"inwoners": g["inwoners"]})
    if k.soort == "gemeenten":
        t = load_kerncijfers("gemeente").reindex(g.index)
        lagen[PER_PRAKTIJK] = Weblaag(
            t["inwoners_per_praktijk"],
            "inwoners_per_praktijk",
            _cbs(
                k,
                {"praktijken": "11 maart 2026", "inwoners": "1 januari 2024"},
                "praktijktelling_2026",
                status="afgeleid",
                uitleg="Een praktijk kan één huisarts hebben of tien: dit meet geen tekort",
            ),
            extra={"praktijken": t["praktijken"]},
            leeg="geen praktijk",
        )
    codes = set(g.get("gm_code", pd.Series(g.index, index=g.index)))
    return webkaart(
        k,
        lagen,
        titel=f"In {k.naam} woont {procent(deel_ver(codes))} van de mensen in een buurt waar de huisarts gemiddeld "
        f"{getal(VER_KM, 0)} km of verder weg is",
        ondertitel=f"Afstand over de weg tot de dichtstbijzijnde praktijk, {k.soort}, 2024",
        bronregel=_cbs(k, {"afstand en inwoners": "1 januari 2024"}),
        **keuzes,
    )


def _reach_layers(situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied) -> dict[str, Weblaag]:
    deel = _rows(beeld, k, ("bereik_fte_per_10000", "laag", "hoog", "kans_onder_gemiddeld"), "bereikbeeld")
    bron = modelbronregel(situatie, met_norm=False)
    kans = deel["kans_onder_gemiddeld"]
    return {
        BEREIK: Weblaag(
            deel["bereik_fte_per_10000"],
            "bereik_fte_per_10000",
            bron,
            laag=deel["laag"],
            hoog=deel["hoog"],
            intervalnaam=INTERVAL,
            ook={ONDER: (ZEKERHEID, ONDER)},
        ),
        ZEKERHEID: Weblaag(kans, "kans_onder_gemiddeld", bron, waardenaam=ONDER),
    }


def _verdict_layer(situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied) -> dict[str, Weblaag]:
    nodig = ("kans_op_tekort", "oordeel", "nodig_fte", "bereikt_fte", "rang_laag", "rang_hoog")
    deel = _rows(beeld, k, nodig, "tekortbeeld")
    # a chance above 90% stays onbekend where the decays disagree: the class must not name the chance
    indicator = replace(
        get_indicator("kans_op_tekort"),
        klassenamen=(
            "geen tekort (kans onder 10%)",
            "onbekend: te onzeker voor een oordeel",
            "tekort (kans boven 90%)",
        ),
    )
    rang = [
        f"{getal(a)} tot {getal(b)}" if pd.notna(a) else None
        for a, b in zip(deel["rang_laag"], deel["rang_hoog"], strict=True)
    ]
    return {
        OORDEEL: Weblaag(
            deel["kans_op_tekort"],
            indicator,
            modelbronregel(situatie),
            waardenaam="kans op tekort",
            oordeel=deel["oordeel"],
            onbekend=deel["oordeel"] == "onbekend",
            extra={
                "nodig (fte)": deel["nodig_fte"],
                "binnen bereik (fte)": deel["bereikt_fte"],
                f"rang van {getal(len(beeld))} (95%)": pd.Series(rang, index=deel.index),
            },
        )
    }


def _distance_layer(k: Kaartgebied) -> dict[str, Weblaag]:
    if "afstand_huisarts_km" not in k.gebieden:
        return {}
    km = k.gebieden["afstand_huisarts_km"]
    uitleg = UITLEG_LEEG if km.isna().any() else ""
    bron = _cbs(k, {"afstand en inwoners": "1 januari 2024"}, uitleg=uitleg)
    return {AFSTAND: Weblaag(km, "afstand_huisarts_km", bron)}


def _rows(beeld: pd.DataFrame, k: Kaartgebied, kolommen: tuple[str, ...], maker: str) -> pd.DataFrame:
    """The rows of the map; no class on a map without the chance that it is wrong."""
    if mist := [c for c in kolommen if c not in beeld]:
        uitleg = (
            "buurten krijgen geen oordeel; kies gemeenten of wijken"
            if mist == ["oordeel"]
            else f"maak het beeld met {maker}(situatie, per=..., trekkingen=200)"
        )
        raise ParameterFout(f"het beeld heeft geen {', '.join(mist)}; {uitleg}")
    if not k.gebieden.index.isin(beeld.index).any():
        raise ParameterFout(
            f"het beeld heeft geen van de {k.soort} op de kaart; maak het met {maker}(situatie, per=...) van "
            "hetzelfde niveau"
        )
    return beeld.reindex(k.gebieden.index)[list(kolommen)]


def _cbs(
    k: Kaartgebied, peiljaren: dict[str, str], *bronnen: str, status: str = "waargenomen", uitleg: str = ""
) -> Bronregel:
    s = gebruikt()
    namen = [*bronnen, "cbs_kerncijfers_2024"]
    citaties = [
        f"{b.citatie} ({LICENTIE_KORT.get(b.licentie, GEEN_LICENTIE)})" for b in (s.bronnen[n] for n in namen)
    ]
    grenzen = GRENZEN_BUURT if k.soort == "buurten" else GRENZEN
    return Bronregel((*citaties, f"{grenzen} (CC BY 4.0)"), peiljaren, status=(status,), toelichting=uitleg)
