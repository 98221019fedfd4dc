"""The sentences of a brief: question, answer, what is not known and who is responsible; every number computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2_contingency

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.gebieden.register import LANDNAAM, load_gemeenten
from huisartsdata.model.tekort import GEEN, ONBEKEND, TEKORT, ZEKER
from huisartsdata.uitvoer.brieven.briefinhoud import noem_op, rijen_van
from huisartsdata.uitvoer.brieven.briefland import grenszin, landelijkzinnen, omslagzin
from huisartsdata.uitvoer.brieven.brieflevering import leveringpunten
from huisartsdata.uitvoer.brieven.briefsignalen import brievenzinnen, ruimtezin, tegenspraak
from huisartsdata.uitvoer.brieven.brieftabellen import (
    MEERVOUD,
    MIN_FTE,
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
TOEVAL = 0.05  # differences that draws give by themselves more often than this are no differences


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
        eerste = f"Ja, vrijwel zeker: de kans op een tekort in {naam} is {kanstekst(kans)}, {_norm(b)}."
    elif b.oordeel == GEEN:
        eerste = f"Vrijwel zeker niet: de kans op een tekort in {naam} is {kanstekst(kans)}, {_norm(b)}."
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
        return (
            f"Per gemeente kan het anders zijn; van geen van de {alle} is te zeggen of zij een tekort heeft."
        )
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
    rijen = {r["norm"]: r for r in rijen_van(b.rooster.loc[[b.land.functie]])}
    kansen = {norm: float(r["kans_op_tekort"]) for norm, r in rijen.items()}
    anders = [n for n in (min(b.land.normgetallen), max(b.land.normgetallen)) if n != b.land.norm]
    if not anders:
        return ""
    delen = [f"bij {getal(n, 0)} is de kans {kanstekst(kansen[n])}" for n in anders]
    if len({kanstekst(kansen[n]) for n in anders}) < len(anders):
        delen = [f"bij {noem_op([getal(n, 0) for n in anders])} is de kans {kanstekst(kansen[anders[0]])}"]
    zelf = b.getal("kans_op_tekort")
    veel = max(abs(kansen[n] - zelf) for n in anders) > VEEL
    kantelt = any(rijen[n]["oordeel"] != b.oordeel for n in anders)
    begin = (
        "De norm bepaalt veel"
        if veel
        else "Een andere norm kan het oordeel veranderen"
        if kantelt
        else "Een andere norm verandert hier weinig"
    )
    return f"{begin}: {' en '.join(delen)}."


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
        "genoeg kunnen bereiken"
    )
    return (
        f"{_norm(b).capitalize()} {genoeg}, {waar}. Vrijwel zeker een tekort is er in "
        f"{getal(int(telling['tekort']))}, vrijwel zeker geen tekort in {getal(int(telling['geen tekort']))}. "
        f"Een andere bron ziet landelijk wel een tekort: {procent(waarde('onvervulde_vraag'), 1)} onvervulde vraag. "
        f"{_telling(b)}"
    )


def naamzin(b: Gebiedsbeeld) -> str:
    """That a verdict follows from what the source says of a region, with the chance without it."""
    if b.is_land or not b.genoemd:
        return ""
    regio = str(b.land.beelden["regioplus"].at[b.genoemd, "naam"])
    plek = "met de minste" if b.oordeel == TEKORT else "met veel"
    noemt = f"noemt {regio} als regio {plek} huisartsen, en het model rekent dat mee."
    kans = float(b.land.zonder_namen(b.soort)[b.code]) if b.soort in b.land.beelden else np.nan
    if kans > ZEKER if b.oordeel == TEKORT else kans < 1 - ZEKER:
        return f"Nivels tekst {noemt} Ook zonder die tekst is de kans op een tekort {kanstekst(kans)}."
    zonder = f" Kent het model die tekst niet, dan is de kans op een tekort {kanstekst(kans)}."
    return f"Dit oordeel volgt uit Nivels tekst: die {noemt}" + ("" if np.isnan(kans) else zonder)


def kernpunten(b: Gebiedsbeeld, signalen: pd.DataFrame) -> tuple[str, ...]:
    """The numbers behind the answer; `signalen` from `kies_signalen`."""
    c, heel = (rijen_van(b.kern.loc[[naam]])[0] for naam in (b.kernnaam, LANDNAAM))
    punten = []
    if not b.is_land:
        punten += [*leveringpunten(b.land, b.gebied.gemeenten), bereikpunt(b), naamzin(b)]
    else:
        punten += [
            omslagzin(b.land),
            *landelijkzinnen(b.land),
            *leveringpunten(b.land, b.gebied.gemeenten),
            grenszin(b.land),
        ]
    if np.isfinite(c["afstand_km"]):
        vergelijk = "" if b.is_land else f" (Nederland {getal(heel['afstand_km'], 1)} km)"
        punten.append(
            f"De dichtstbijzijnde praktijk ligt gemiddeld op {getal(c['afstand_km'], 1)} km{vergelijk}; "
            f"{deeltekst(c['deel_ver'])} "
            f"woont in een buurt waar dat {getal(VER_KM)} km of meer is. Dat is afgeleid uit afstanden per buurt "
            "(CBS, op 0,1 km)."
        )
    punten += [ruimtezin(b, signalen), tegenspraak(b), *brievenzinnen(b)]
    return tuple(p for p in punten if p)


def bereikpunt(b: Gebiedsbeeld) -> str:
    """Need, reach and people per fte of an area: the middle of the draws with its band, and what the ratio is."""
    grens = "gemeentegrens" if b.is_gemeente else "grens van het gebied"
    ook = "" if b.is_gemeente and b.is_afgelegen else f", ook over de {grens}"
    nodig, bereikt = (
        f"{fte(b.getal(f'{wat}_midden'))} fte {doe}{_band(b, wat)}"
        for wat, doe in (("nodig", "nodig"), ("bereikt", "bereiken"))
    )
    zin = (
        f"De {getal(b.getal('inwoners'))} inwoners hebben {nodig}. Zij kunnen naar schatting {bereikt}{ook}. "
        "Tussen haakjes staat waar 90% van de trekkingen ligt."
    )
    if min(b.getal("nodig_midden"), b.getal("bereikt_midden")) < MIN_FTE:
        return f"{zin} Onder {getal(MIN_FTE)} fte zegt een aantal patiënten per fte niets."
    laag, hoog = (getal(b.getal(f"per_fte_{x}"), 0) for x in ("laag", "hoog"))
    return (
        f"{zin} Gewogen naar zorgvraag zijn dat {getal(b.getal('per_fte_midden'), 0)} patiënten per fte "
        f"({laag}–{hoog}); gemiddeld in Nederland {getal(b.land.situatie.omslagnorm, 0)}. Dat is per trekking fte "
        f"nodig keer {getal(b.land.norm, 0)}, gedeeld door fte bereikbaar; het is niet inwoners gedeeld door fte."
    )


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
    alle_keuzes = round(w["combinaties"])
    kort = round(w["tekort"] * w["combinaties"])
    if not b.is_land:
        uit.append(
            f"Het beeld zonder trekkingen toont in {wat} een tekort bij {_van(kort, alle_keuzes)} "
            "combinaties van norm, telling en reisbereidheid. Dat is geen kans: de onzekerheid "
            "over het aanbod telt daarin niet mee."
        )
    anders, tegen = b.land.oordeelwissel()
    waarmee = "norm en telling" if len(b.land.situaties) > 1 else "de norm"
    uit.append(
        f"In heel Nederland verschilt het oordeel met {waarmee} bij {_van(anders, n)} gemeenten; "
        f"bij {getal(tegen) if tegen else 'geen'} gaat het van tekort naar geen tekort. Het beeld zonder trekkingen "
        f"kantelt bij {getal(alle)} als ook de reisbereidheid wisselt, en bij {getal(verval)} als alleen die wisselt."
    )
    if not b.is_land:
        uit.append(_keuzezin(b))
    per_keuze = b.keuzes["trekkingen"]
    uit.append(
        f"Elke kans komt uit {getal(b.land.aantal)} trekkingen van het aanbod, de zorgvraag, de reisbereidheid en de "
        f"reistijd samen; een kans per keuze uit {getal(int(per_keuze.min()))} tot "
        f"{getal(int(per_keuze.max()))} daarvan."
    )
    return tuple(uit)


def _van(aantal: int, alle: int) -> str:
    """How many of all, before a plural: "geen van de 30", "alle 30", "10 van de 30"."""
    if aantal == alle:
        return f"alle {getal(alle)}"
    return f"{getal(aantal) if aantal else 'geen'} van de {getal(alle)}"


def _keuzezin(b: Gebiedsbeeld) -> str:
    """The range of the chance over decays, and over travel times: a shorter time acts as a wider limit."""
    verval, tijd = (_van_tot(b.keuzes.loc[[s]]) for s in ("verval", "snelheid"))
    factoren = sorted(f for f in b.land.snelheden if f != 1)
    tijden = f"{getal(factoren[0], 2)} tot {getal(factoren[-1], 2)} keer de reistijd"
    rond = " Kleine verschillen daartussen zijn toeval van de trekkingen." if "rond" in verval + tijd else ""
    if verval == tijd:
        return f"De kans is {verval}, bij elke manier om de reisbereidheid te rekenen en met {tijden}.{rond}"
    return (
        f"De kans is per manier om de reisbereidheid te rekenen {verval}. Met {tijden} (een ruimere of krappere "
        f"grens) is zij {tijd}.{rond}"
    )


def _band(b: Gebiedsbeeld, wat: str) -> str:
    """The band of need or reach in brackets; none where its ends are printed the same."""
    laag, hoog = b.getal(f"{wat}_laag"), b.getal(f"{wat}_hoog")
    return "" if fte(laag) == fte(hoog) else f" ({band(laag, hoog)})"


def _van_tot(t: pd.DataFrame) -> str:
    """The range of a chance over choices; when their draws differ no more than chance makes them, only that."""
    kans, n = t["kans_op_tekort"], t["trekkingen"]
    laag, hoog = kanstekst(float(kans.min())), kanstekst(float(kans.max()))
    if laag == hoog:
        return f"steeds {laag}"
    kort = (kans * n).round()
    toeval = chi2_contingency(np.array([kort, n - kort]))[1] if 0 < kort.sum() < n.sum() else 1.0
    if toeval > TOEVAL:
        return f"steeds rond {kanstekst(float(kort.sum() / n.sum()))}"
    return f"{laag} tot {hoog}"


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
        "Waarneming: hoeveel wisselende waarnemers waar werken, is niet bekend"
        + (
            "; daarom staan twee tellingen naast elkaar."
            if len(b.land.situaties) > 1
            else ". De levering telt de huisartsen op één manier."
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
    som = b.land.trekkingen[b.land.functie].bereikt.sum(axis=0)
    verschil = float(np.abs(som - s.aanbod_fte).max())
    return (
        f"In elke trekking bereiken de {getal(len(t))} gemeenten samen {getal(s.aanbod_fte, 1)} fte, het landelijke "
        f"aanbod (grootste verschil {getal(verschil, 1)}). Samen hebben zij "
        f"{getal(float(t['inwoners'].sum()))} inwoners."
    )
