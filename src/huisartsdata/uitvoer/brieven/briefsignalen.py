"""What is observed around an area: stops, waiting lists, people without a GP; and the model beside it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import OnbekendGebiedFout
from huisartsdata.gebieden.register import LANDCODE, load_gemeenten, load_signalen
from huisartsdata.model.monitor import zonder_huisarts
from huisartsdata.model.tekort import ZEKER
from huisartsdata.model.typologie import NIET_GEMETEN
from huisartsdata.uitvoer.brieven.briefinhoud import Tabel, noem_op, rijen_van
from huisartsdata.uitvoer.brieven.brieftabellen import kanstekst
from huisartsdata.uitvoer.brieven.landbeeld import SOORTEN
from huisartsdata.uitvoer.huisstijl import dagtekst, getal, procent

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld

STOP = "stop"
VOLLEDIG = "patientenstop_volledig"  # part of another row
GROOT = ("land", "RegioPlus-regio", "provincie")  # what the brief of the country has room for
# indicator -> what it counts, in words
WAT = {
    "praktijken_met_patientenstop": "praktijken met een patiëntenstop",
    "praktijken_met_patientenstop_kwalitatief": "praktijken met een patiëntenstop",
    "patientenstop_gedeeltelijk_of_volledig": "praktijken met een gehele of gedeeltelijke patiëntenstop",
    "patientenstop_volledig": "praktijken met een volledige patiëntenstop",
    "inwoners_zonder_huisarts": "inwoners zonder huisarts",
    "wachtlijst_huisarts": "mensen op een wachtlijst van huisartsen",
    "patienten_zonder_huisarts": "patiënten die hun huisarts verloren",
    "patienten_andere_huisarts_gezocht": "patiënten voor wie een andere huisarts is gezocht",
    "patienten_dreigend_zonder_huisarts": "patiënten die hun huisarts dreigden te verliezen",
    "patienten_praktijk_zonder_opvolger": "patiënten van een praktijk zonder opvolger",
    "brieven_patientenruil": "brieven om van praktijk te ruilen",
    "genoemd_als_tekortregio_door_minister": "door de minister genoemd als tekortregio",
}
ZEKER_TOEVAL = 0.05  # below this chance the model's agreement with signals is more than luck
DORDRECHT, DRENTHE = "GM0505", "PV22"


def kies_signalen(b: Gebiedsbeeld) -> pd.DataFrame:
    """Signals of every area that overlaps this one, the latest of each kind, and the national stop beside it."""
    s = load_signalen()
    leden = {c: set(g) for soort in SOORTEN for c, g in b.land.leden(soort).items()}
    eigen = set(b.gebied.gemeenten)
    s = s[s["indicator"].isin(list(WAT))].copy()
    deel = s["gebied"].map(lambda c: len(leden[c] & eigen) / len(leden[c]) if c in leden else 0.0)
    # the smaller the area beyond this one, the more it says
    s["omvang"] = s["gebied"].map(lambda c: len(leden.get(c, ())))
    land = s["gebied"] == LANDCODE
    s["zelfde"] = (deel == 1) & (s["omvang"] == len(eigen))
    raak = (deel > 0) & ~land
    if b.is_land:
        raak |= land | s["gebied"].isna()
    else:
        raak |= land & s["indicator"].isin(["praktijken_met_patientenstop"])
    s = s[raak].sort_values("peildatum", kind="stable")
    sleutel = s["gebied"].fillna(s["gebiedsnaam"])
    s = s[~pd.DataFrame({"g": sleutel, "i": s["indicator"]}).duplicated(keep="last")]
    volgorde = s["gebied"].eq(LANDCODE) != b.is_land  # the country last in a region's brief, first in its own
    return s.assign(achteraan=volgorde).sort_values(
        ["achteraan", "zelfde", "omvang", "peildatum", "gebiedsnaam"],
        ascending=[True, False, True, False, True],
        kind="stable",
    )


def _waarde(r: dict[str, Any]) -> str:
    if r["eenheid"] == "kwalitatief":
        return str(r["waarde_tekst"])
    if r["eenheid"] == "ja":
        return "ja"
    maat = "%" if r["eenheid"] == "procent" else ""
    midden, laag, hoog = (float(r[k]) for k in ("waarde", "waarde_laag", "waarde_hoog"))
    if math.isfinite(midden):
        return getal(midden) + maat
    return _aantal(laag, hoog) + maat


def signaaltabel(b: Gebiedsbeeld, s: pd.DataFrame) -> Tabel:
    """What was measured, where, when, by whom, and how good that is; `s` from `kies_signalen`."""
    toon = s[s["gebiedsoort"].isin(GROOT) & (s["indicator"] != VOLLEDIG)] if b.is_land else s
    groepen: dict[tuple[str, ...], list[str]] = {}
    for r in rijen_van(toon):
        soort = str(r["gebiedsoort"]).removesuffix("-regio")
        wat = WAT[r["indicator"]].removeprefix("praktijken met een ")
        sleutel = (soort, wat, _waarde(r), dagtekst(r["peildatum"]), r["bron"], r["kwaliteit"])
        groepen.setdefault(sleutel, []).append(_naam(b, r))
    # areas of which one source says the same share a row
    rijen = tuple((f"{noem_op(namen)} ({soort})", *rest) for (soort, *rest), namen in groepen.items())
    kolommen = ["gebied", "gebiedsnaam", "indicator", "peildatum", "waarde", "waarde_laag", "waarde_hoog",
                "waarde_tekst", "n", "eenheid", "bron", "kwaliteit", "opmerking"]  # fmt: skip
    return Tabel(
        titel=f"Signalen uit {b.naam} en de regio's eromheen" if not b.is_land else "Signalen uit het land",
        naam="signalen",
        kop=("Gebied", "Wat is gemeten", "Waarde", "Wanneer", "Bron", "Kwaliteit"),
        rijen=rijen,
        data=s[kolommen],
        getallen=(2,),
        noot="Procenten zijn delen van de praktijken. Elke bron meet op zijn eigen manier: vergelijk bronnen niet met "
        "elkaar. De vraag naar patiëntenstops veranderde tussen 2018 en 2024. Signalen tellen niet mee in "
        "het model; zij toetsen het."
        + (" Signalen van gemeenten en streken staan in het csv-bestand." if b.is_land else ""),
    )


def _naam(b: Gebiedsbeeld, r: dict[str, Any]) -> str:
    """Name of the area of a signal as the rest of the brief writes it; as the source does where it is no area."""
    for soort in SOORTEN:
        if r["gebied"] in b.land.beelden[soort].index:
            return str(b.land.beelden[soort].at[r["gebied"], "naam"])
    return str(r["gebiedsnaam"])


def ruimtezin(b: Gebiedsbeeld, signalen: pd.DataFrame) -> str:
    """One sentence: whether people can get in, as far as it was measured."""
    s = signalen
    s = s[s["indicator"].str.contains(STOP) & (s["gebied"] != LANDCODE)]
    eigen = s[s["zelfde"] & (not b.gebied.wijken)]
    if b.is_land:
        land = signalen
        land = land[(land["gebied"] == LANDCODE) & (land["indicator"] == "praktijken_met_patientenstop")]
        r = rijen_van(land)[-1]
        return f"Landelijk had {_waarde(r)} van de praktijken een patiëntenstop ({_bron(r)})."
    if len(eigen):
        r = rijen_van(eigen)[0]
        return f"In {b.naam} {_hoeveel(r)} ({_bron(r)})."
    niet = f"Of mensen in {b.naam} terechtkunnen bij een praktijk, is daar zelf niet gemeten"
    if s.empty:
        return f"{niet}, en ook niet in de regio's eromheen."
    zinnen = [f"In {_naam(b, r)} {_hoeveel(r)} ({_bron(r)})." for r in rijen_van(s.head(2))]
    return f"{niet}. Wel gemeten is: {zinnen[0][0].lower()}{zinnen[0][1:]} {' '.join(zinnen[1:])}".strip()


def _hoeveel(r: dict[str, Any]) -> str:
    wat = str(WAT[str(r["indicator"])]).removeprefix("praktijken met ")
    if r["eenheid"] == "kwalitatief":
        return f"hadden {_waarde(r)} praktijken {wat}"
    return f"had {_waarde(r)} van de praktijken {wat}"


def _bron(r: dict[str, Any]) -> str:
    return f"{r['bron']}, {dagtekst(str(r['peildatum']))}, kwaliteit {r['kwaliteit']}"


def modelzin(b: Gebiedsbeeld) -> str:
    """Whether model and signals agree for the regions of this area; and over the country as a whole."""
    heel = _landzin(b)
    if b.is_land or b.land.leveringen:
        return f"Model naast signalen. {heel}"
    zinnen = list(dict.fromkeys(z for z, _ in vergelijkingen(b)))
    if not zinnen:
        zinnen = [f"Voor de regio van {b.naam} is geen signaal gemeten om het model aan te toetsen."]
    return f"Model naast signalen. {' '.join(zinnen)} {heel}"


def _landzin(b: Gebiedsbeeld) -> str:
    """The test of the model over all regions, and how little it can find."""
    if b.land.leveringen:
        return (
            "Met een eigen levering is niet getoetst: zij bepaalt het aanbod hier en verschuift fte elders."
        )
    tabel, toets = b.land.signaaltest
    if toets["kans"] < ZEKER_TOEVAL:
        return f"Voor het land als geheel bevestigt het model de signalen (kans op toeval {procent(toets['kans'])})."
    leeg = int((tabel["ruimte"] == NIET_GEMETEN).sum())
    return (
        "Voor het land als geheel bevestigt het model de signalen niet: zo veel overeenkomst komt bij toeval in "
        f"{procent(toets['kans'])} van de gevallen voor. Die toets kan bijna niets vinden: {getal(toets['vol'])} van "
        f"de {getal(len(tabel))} regio's zijn vol en in {getal(leeg)} is niet gemeten."
    )


def tegenspraak(b: Gebiedsbeeld) -> str:
    """The sentences in which model and signals disagree; empty when they do not."""
    zinnen = list(dict.fromkeys(z for z, tegen in vergelijkingen(b) if tegen))
    return f"Let op. {' '.join(zinnen)}" if zinnen else ""


def vergelijkingen(b: Gebiedsbeeld) -> list[tuple[str, bool]]:
    """Per region of the area with a signal: model beside it, and whether the two surely disagree."""
    uit, gezien = [], []
    if b.land.leveringen:  # then it would be the delivery that is compared, not the model
        return []
    for soort in ("regioplus", "provincie"):
        # the one region of this type that the area lies in
        for code, leden in b.land.leden(soort).items():
            plek = {str(k): v for k, v in b.land.ruimte(soort).loc[code].to_dict().items()}
            binnen = set(b.gebied.gemeenten) <= set(leden)
            # one area under two names, as Friesland and Fryslân, is told once
            if binnen and leden not in gezien and plek["ruimte"] != NIET_GEMETEN:
                gezien.append(leden)
                uit.append(_vergelijk(b, soort, code, plek))
    return uit


def _vergelijk(b: Gebiedsbeeld, soort: str, code: str, plek: dict[str, Any]) -> tuple[str, bool]:
    kans = b.land.kans_onder_land(b.land.leden(soort)[code])
    weet = not 1 - ZEKER <= kans <= ZEKER
    meer = kans < 1 - ZEKER
    provincies = {leden: c for c, leden in b.land.leden("provincie").items()}
    leden = b.land.leden(soort)[code]
    # one area under two names, as Friesland and Fryslân, has that of its province everywhere
    per, eigen = ("provincie", provincies[leden]) if leden in provincies else (soort, code)
    naam, vol = str(b.land.beelden[per].at[eigen, "naam"]), plek["ruimte"] == "vol"
    if plek["ruimte"] not in ("vol", "relatief open"):
        deel = getal(float(plek["stop_laag"]))
        return f"In {naam} had {deel}% van de praktijken een stop; dat zegt te weinig voor een toets.", False
    stop = f"In {naam} hebben {'veel' if vol else 'relatief weinig'} praktijken een stop"
    if not weet:
        niet = "het model kan niet zeggen of het bereik daar lager is dan gemiddeld"
        return f"{stop}; {niet} (kans {procent(kans)}).", False
    model = f"ziet het model {'meer' if meer else 'minder'} bereik dan gemiddeld"
    tegen = vol == meer
    slot = (
        "dat spreekt elkaar tegen"
        if tegen and vol
        else "dat wijst niet dezelfde kant op"
        if tegen
        else "dat wijst dezelfde kant op"
    )
    return f"{stop} en {model} (kans {kanstekst(1 - kans if meer else kans)}); {slot}.", tegen


def zondertabel(b: Gebiedsbeeld) -> Tabel:
    """People without a GP by every source, side by side; with what was counted in the area itself."""
    t = zonder_huisarts()
    for code in b.gebied.gemeenten if not b.is_land else ():
        try:
            t = pd.concat([zonder_huisarts(gebied=code).assign(gebied=code), t])
        except OnbekendGebiedFout:
            continue
    t["gebied"] = t["gebied"].fillna(LANDCODE) if "gebied" in t else LANDCODE
    t = t[(t["gebied"] != LANDCODE) | ~t.duplicated(["indicator"], keep="first")]
    namen = load_gemeenten()["naam"]
    rijen = []
    for r in rijen_van(t):
        aantal = _aantal(r["laag"], r["hoog"]) + ("%" if str(r["eenheid"]).startswith("procent") else "")
        waar = "" if r["gebied"] == LANDCODE else f"{namen[r['gebied']]}: "
        rijen.append((waar + r["definitie"], aantal, dagtekst(r["peildatum"]), r["bron"], r["kwaliteit"]))
    return Tabel(
        titel="Mensen zonder huisarts of op zoek naar een andere: elke bron apart",
        naam="zonder_huisarts",
        kop=("Wat de bron telt", "Aantal", "Wanneer", "Bron", "Kwaliteit"),
        rijen=tuple(rijen),
        data=t,
        getallen=(1,),
        noot="De bronnen tellen verschillende mensen en verschillen meer dan een factor tien. Tel ze niet op en "
        "neem geen gemiddelde. Landelijk, tenzij er een gemeente bij staat.",
    )


def _aantal(laag: float, hoog: float) -> str:
    if math.isnan(laag):
        return f"hoogstens {getal(hoog)}"
    if math.isnan(hoog):
        return f"minstens {getal(laag)}"
    return getal(laag) if laag == hoog else f"{getal(laag)} tot {getal(hoog)}"


def brievenzinnen(b: Gebiedsbeeld) -> tuple[str, ...]:
    """What the ministry's own papers say of the two cases, where the area holds one."""
    drenthe = set(b.land.leden("provincie")[DRENTHE])
    uit = []
    if DORDRECHT in b.gebied.gemeenten:
        p = parameter("patienten_dordrecht")
        uit.append(
            f"Dordrecht: op 12 december 2025 konden bijna {getal(p.waarde)} patiënten niet terecht bij hun eigen "
            f"praktijk, doordat een praktijkhoudend huisarts uitviel ({p.bron}). "
            "Meer zegt de brief niet over die praktijk, en wij ook niet."
        )
    if drenthe & set(b.gebied.gemeenten):
        uit.append(
            "Drenthe: de nota van het ministerie van VWS van 27 mei 2026 herkent en erkent het signaal van een "
            "huisarts over een tekort in de regio Drenthe. Zij noemt geen cijfers."
        )
    return tuple(uit)
