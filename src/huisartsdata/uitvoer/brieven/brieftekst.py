"""The sentences of a brief: question, answer, what is not known and who is responsible; every number computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.gebieden.register import LANDNAAM, load_gemeenten
from huisartsdata.model.tekort import GEEN, ONBEKEND, TEKORT, ZEKER
from huisartsdata.uitvoer.brieven.briefinhoud import noem_op, rijen_van
from huisartsdata.uitvoer.brieven.briefsignalen import brievenzinnen, ruimtezin, tegenspraak
from huisartsdata.uitvoer.brieven.brieftabellen import (
    MEERVOUD,
    SOORTNAAM,
    band,
    fte,
    kanstekst,
    landtabel,
    zonder_afstand,
)
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.beelden import VER_KM, deeltekst

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld


VEEL = 0.2  # a chance that another norm moves further than this hangs on the norm


def aanduiding(b: Gebiedsbeeld) -> str:
    """The area with what it is: "de gemeente Dordrecht"."""
    naam, soort = b.naam, SOORTNAAM.get(b.soort, "")
    if b.is_land or not soort:
        return naam
    if naam.startswith("Zorgkantoor "):
        return f"de regio van {naam}"
    return f"{'het' if soort.endswith('gebied') else 'de'} {soort} {naam}"


def vraagzin(b: Gebiedsbeeld) -> str:
    """The question of the brief."""
    waar = ", waar," if b.is_land else ""
    return f"Is er in {aanduiding(b)} een tekort aan huisartsenzorg{waar} en hoe zeker is dat?"


def _norm(b: Gebiedsbeeld) -> str:
    return f"bij een norm van {getal(b.land.norm, 0)} patiënten per fte"


def antwoordzin(b: Gebiedsbeeld) -> str:
    """The answer: the first sentence answers by itself, the others say what it hangs on."""
    if b.is_land:
        return _landantwoord(b)
    kans, naam = b.getal("kans_op_tekort"), b.naam
    bron = "deze" if b.land.leveringen else "openbare"
    if b.oordeel == TEKORT:
        eerste = f"Ja, zeer waarschijnlijk: de kans op een tekort in {naam} is {kanstekst(kans)}, {_norm(b)}."
    elif b.oordeel == GEEN:
        eerste = (
            f"Zeer waarschijnlijk niet: de kans op een tekort in {naam} is {kanstekst(kans)}, {_norm(b)}."
        )
    elif 1 - ZEKER <= kans <= ZEKER:
        eerste = (
            f"Dat is met {bron} cijfers niet te zeggen: de kans op een tekort in {naam} is {kanstekst(kans)}, "
            f"{_norm(b)}."
        )
    else:
        eerste = (
            f"Dat is niet zeker te zeggen: de kans op een tekort in {naam} is {kanstekst(kans)}, {_norm(b)}, maar "
            "die uitkomst hangt af van hoe ver mensen willen reizen."
        )
    return " ".join(z for z in (eerste, _telling(b), _normzin(b), _binnenzin(b)) if z)


def _binnenzin(b: Gebiedsbeeld) -> str:
    """That a region as a whole says nothing of its parts."""
    if len(b.gebied.gemeenten) == 1 or b.gebied.wijken:
        return ""
    telling = b.deelgebieden(b.gebied.gemeenten)["oordeel"].value_counts()
    tekort, geen, weet = (int(telling.get(o, 0)) for o in (TEKORT, GEEN, ONBEKEND))
    aantal, alle = len(b.gebied.gemeenten), getal(len(b.gebied.gemeenten))
    if aantal in (tekort, geen):
        return f"Alle {alle} gemeenten hebben vrijwel zeker {'een' if tekort else 'geen'} tekort."
    if weet == aantal:
        return f"Per gemeente kan het anders zijn, maar dat is voor geen van de {alle} gemeenten te zeggen."
    delen = [
        f"vrijwel zeker {wat} tekort is er in {getal(n)}" for n, wat in ((tekort, "een"), (geen, "geen")) if n
    ]
    rest = f"; van {getal(weet)} is het niet te zeggen" if weet else ""
    return f"Per gemeente kan het anders zijn: {' en '.join(delen)} van de {alle} gemeenten{rest}."


def _telling(b: Gebiedsbeeld) -> str:
    wie = {
        "zonder_wisselend": "Wisselende waarnemers tellen niet mee.",
        "alle": "Alle huisartsen tellen mee.",
    }
    return wie[b.land.functie]


def _normzin(b: Gebiedsbeeld) -> str:
    """What another norm would make of it."""
    kansen = {r["norm"]: float(r["kans_op_tekort"]) for r in rijen_van(b.rooster.loc[[b.land.functie]])}
    anders = [n for n in (min(b.land.normgetallen), max(b.land.normgetallen)) if n != b.land.norm]
    if not anders:
        return ""
    delen = [f"bij {getal(n, 0)} is de kans {kanstekst(kansen[n])}" for n in anders]
    if len({kanstekst(kansen[n]) for n in anders}) < len(anders):
        delen = [f"bij {noem_op([getal(n, 0) for n in anders])} is de kans {kanstekst(kansen[anders[0]])}"]
    zelf = b.getal("kans_op_tekort")
    veel = max(abs(kansen[n] - zelf) for n in anders) > VEEL
    return f"{'De norm bepaalt veel' if veel else 'Een andere norm verandert hier weinig'}: {' en '.join(delen)}."


def _landantwoord(b: Gebiedsbeeld) -> str:
    s = b.land.situatie
    rijen = rijen_van(landtabel(b.land))
    telling = next(r for r in rijen if (r["functie"], r["norm"]) == (b.land.functie, b.land.norm))
    alle = sum(int(telling[o]) for o in (TEKORT, ONBEKEND, GEEN))
    tekort = s.nodig_fte - s.aanbod_fte
    genoeg = (
        f"zijn er landelijk {fte(tekort)} fte te weinig"
        if tekort > 0.5
        else "zijn er landelijk genoeg huisartsen"
    )
    waar = (
        f"maar voor {getal(int(telling['onbekend']))} van de {getal(alle)} gemeenten is niet te zeggen of zij "
        " genoeg kunnen bereiken"
    )
    return (
        f"{_norm(b).capitalize()} {genoeg}, {waar}. Vrijwel zeker een tekort is er in "
        f"{getal(int(telling['tekort']))}, vrijwel zeker geen tekort in {getal(int(telling['geen tekort']))}. "
        f"{_telling(b)}"
    )


def _omslagzin(b: Gebiedsbeeld) -> str:
    """The break-even norm per way of counting: the answer that needs no choice of norm."""
    wie = {"zonder_wisselend": "zonder wisselende waarnemers", "alle": "als alle huisartsen tellen"}
    omslag = " of ".join(f"{getal(s.omslagnorm, 0)} ({wie[f]})" for f, s in b.land.situaties.items())
    return (
        f"Het omslagpunt ligt landelijk bij {omslag} patiënten per fte: bij een lagere norm zijn er te weinig "
        "huisartsen."
    )


def kernpunten(b: Gebiedsbeeld, signalen: pd.DataFrame) -> tuple[str, ...]:
    """The numbers behind the answer; `signalen` from `kies_signalen`."""
    c, heel = (rijen_van(b.kern.loc[[naam]])[0] for naam in (b.kernnaam, LANDNAAM))
    punten = []
    if not b.is_land:
        grens = "gemeentegrens" if b.is_gemeente else "grens van het gebied"
        punten.append(
            f"De {getal(b.getal('inwoners'))} inwoners hebben {fte(b.getal('nodig_fte'))} fte nodig en kunnen naar "
            f"schatting {fte(b.getal('bereikt_fte'))} fte bereiken, ook over de {grens} (90% van de trekkingen: "
            f"{band(b.getal('bereikt_laag'), b.getal('bereikt_hoog'))}). Dat is {getal(_per_fte(b), 0)} "
            "patiënten per fte "
            f"({getal(b.getal('per_fte_laag'), 0)}–{getal(b.getal('per_fte_hoog'), 0)}); gemiddeld in Nederland "
            f"{getal(b.land.situatie.omslagnorm, 0)}."
        )
    else:
        punten.append(_omslagzin(b))
        namen = b.deelgebieden()
        kort = list(namen.loc[namen["oordeel"] == TEKORT, "naam"])
        if kort:
            punten.append(f"Vrijwel zeker een tekort: {noem_op(kort)}.")
    if np.isfinite(c["afstand_km"]):
        vergelijk = "" if b.is_land else f" (Nederland {getal(heel['afstand_km'], 1)} km)"
        punten.append(
            f"De dichtstbijzijnde praktijk ligt gemiddeld op {getal(c['afstand_km'], 1)} km{vergelijk}; "
            f"{deeltekst(c['deel_ver'])} "
            f"woont in een buurt waar dat {getal(VER_KM)} km of meer is. Dat is gemeten, niet geschat."
        )
    punten += [ruimtezin(b, signalen), tegenspraak(b), *brievenzinnen(b)]
    return tuple(p for p in punten if p)


def _per_fte(b: Gebiedsbeeld) -> float:
    return b.getal("nodig_fte") * b.land.norm / b.getal("bereikt_fte") if b.getal("bereikt_fte") else np.nan


def zekerheidszinnen(b: Gebiedsbeeld) -> tuple[str, ...]:
    """Rank, flips and draws in words."""
    alle, verval = (b.land.wissel(alleen_verval=x) for x in (False, True))
    n = len(b.land.beelden["gemeente"])
    uit = []
    if "aantal" in b.cijfers and not b.is_land:
        uit.append(
            f"Van de {getal(b.getal('aantal'))} {MEERVOUD[b.soort]} ligt {b.naam} met 95% kans tussen plaats "
            f"{getal(b.getal('rang_laag'))} en {getal(b.getal('rang_hoog'))} (1 is het grootste tekort naar behoefte)."
        )
    elif b.gebied.wijken:
        uit.append("Een ranglijst is er alleen van hele gemeenten en regio's; van wijken niet.")
    elif not b.is_land:
        uit.append(f"{b.naam} is geen officiële indeling; een plaats op een ranglijst is er daarom niet.")
    w = b.wissel
    wat = "de gemeenten samen" if b.gebied.wijken else b.naam
    uit.append(
        f"Van de {getal(w['combinaties'])} combinaties van norm, telling en reisbereidheid geeft "
        f"{procent(w['tekort'])} een "
        f"tekort in {wat}. Over heel Nederland verandert het oordeel bij {getal(alle)} van de {getal(n)} "
        "gemeenten met "
        f"die keuzes, en bij {getal(verval)} als alleen de reisbereidheid wisselt."
    )
    if not b.is_land:
        uit.append(_keuzezin(b))
    uit.append(
        f"Elke kans komt uit {getal(b.land.aantal)} trekkingen van het aanbod, de zorgvraag, de "
        "reisbereidheid en de reistijd "
        "samen."
    )
    return tuple(uit)


def _keuzezin(b: Gebiedsbeeld) -> str:
    """The range of the chance over decays, and over travel times: a shorter time acts as a wider limit."""
    kans = b.keuzes["kans_op_tekort"]
    verval, tijd = (_van_tot(kans[s]) for s in ("verval", "snelheid"))
    factoren = sorted(f for f in b.land.snelheden if f != 1)
    return (
        f"De kans is per manier om de reisbereidheid te rekenen {verval}, en met {getal(factoren[0], 2)} tot "
        f"{getal(factoren[-1], 2)} keer de reistijd (een ruimere of krappere grens) {tijd}."
    )


def _van_tot(kansen: pd.Series) -> str:
    laag, hoog = kanstekst(float(kansen.min())), kanstekst(float(kansen.max()))
    return f"steeds {laag}" if laag == hoog else f"{laag} tot {hoog}"


def onbekendpunten(b: Gebiedsbeeld) -> tuple[str, ...]:
    """What is not known, and what would help."""
    geleverd = bool(b.land.leveringen)
    waar = "per gemeente of praktijk" if b.is_land else f"in {b.naam}"
    aanbod = (
        "Uren: buiten de aangeleverde gebieden is niet openbaar hoeveel fte een praktijk heeft; dat is een schatting."
        if geleverd
        else f"Uren: hoeveel fte er {waar} werkt, is niet openbaar. Het aanbod is een schatting uit "
        "de spreiding die "
        "Nivel per regio publiceert en uit waar praktijken zitten."
    )
    buurten, mensen = zonder_afstand(b)
    punten = [
        aanbod,
        "Lijsten: wie waar staat ingeschreven en hoeveel plaatsen vrij zijn, is niet openbaar.",
        (
            "Waarneming: hoeveel wisselende waarnemers waar werken, is niet bekend; daarom staan twee "
            "tellingen naast elkaar."
        ),
        (
            "Grens en reistijd: praktijken in België en Duitsland tellen niet mee. Reistijden zijn geschat "
            "uit afstand, omweg "
            "en water, zonder wegennet en zonder openbaar vervoer."
        ),
        (
            "Leeftijd en gezondheid: leeftijden per buurt zijn die van 2021, op de aantallen van 2024 "
            "gebracht; contacten per "
            "leeftijd zijn van 2017. Verschillen in gezondheid binnen een leeftijd tellen niet mee."
        ),
    ]
    if buurten:
        punten.append(
            f"Afstand: voor {getal(buurten)} {'buurt' if buurten == 1 else 'buurten'} met samen "
            f"{getal(mensen)} inwoners geeft "
            "CBS geen afstand."
        )
    punten.append(
        "Wat helpt: een praktijklijst met fte van de regionale huisartsenorganisatie, of de fte per regio "
        "van Nivel. Met "
        "zo'n bestand maakt dezelfde opdracht deze brief opnieuw."
        if not geleverd
        else "Geleverd: "
        + "; ".join(f"{lev.herkomst.bestand} ({lev.soort})" for lev in b.land.leveringen)
        + "."
    )
    return tuple(punten)


def verantwoordelijkpunten(b: Gebiedsbeeld) -> tuple[str, ...]:
    """Who has to act, as the ministry's papers say."""
    punten = [
        (
            "De zorgaanbieder zorgt dat de zorg doorgaat; de Inspectie Gezondheidszorg en Jeugd (IGJ) ziet "
            "daarop toe. De "
            "zorgverzekeraar heeft zorgplicht; de Nederlandse Zorgautoriteit (NZa) ziet daarop toe (brief van "
            "de minister van "
            "VWS aan de Tweede Kamer, 12 december 2025)."
        ),
        (
            "Valt een praktijk uit, dan zoeken de verzekeraar en de regionale huisartsenorganisatie (RHO) "
            "met de praktijk een "
            "oplossing: heropenen, overnemen of een nieuwe praktijk (dezelfde brief)."
        ),
        (
            "Het aanbod van huisartsen is een gezamenlijke verantwoordelijkheid van verzekeraars, "
            "zorgaanbieders en VWS. Op "
            "27 mei 2026 liep het onderzoek naar sturen op spreiding nog (AZWA, maatregel D3.5; nota van die "
            "dag, kenmerk 4388048-1098673-CZ)."
        ),
    ]
    gm = load_gemeenten().loc[list(b.gebied.gemeenten)]
    if b.soort == "zorgkantoorregio":
        punten.append(
            "Let op: een zorgkantoorregio is een indeling van de langdurige zorg (kaart van 2019). De zorgplicht voor "
            "huisartsenzorg ligt bij elke zorgverzekeraar apart."
        )
    elif not b.is_land:
        regio = sorted(set(gm["zorgkantoorregio"]))
        waar = f" ({regio[0]})" if len(regio) == 1 else ""
        punten.append(
            f"De zorgkantoorregio{waar} is een indeling van de langdurige zorg (kaart van 2019); zij wijst "
            "niet aan welke "
            "verzekeraar voor de huisartsenzorg aan zet is."
        )
    return tuple(punten)


def totaalzin(b: Gebiedsbeeld) -> str:
    """That the parts add up to the whole."""
    s, t = b.land.situatie, b.land.beelden["gemeente"]
    bereikt, mensen = float(t["bereikt_fte"].sum()), float(t["inwoners"].sum())
    return (
        f"De bereikte fte van de {getal(len(t))} gemeenten tellen op tot {getal(bereikt, 1)}, het landelijke aanbod "
        f"(verschil {getal(bereikt - s.aanbod_fte, 1)}); hun inwoners tot {getal(mensen)}."
    )
