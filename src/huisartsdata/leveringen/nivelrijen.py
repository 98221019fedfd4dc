"""The rows of a supply delivery: column names, functions, keys and values, each cell checked."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.leveringen.bestand import titeldatum
from huisartsdata.leveringen.codes import keur_naam, lees_code, lees_sleutel, vertaal_nummers
from huisartsdata.leveringen.haakjes import TWIJFEL, herkenner, plat
from huisartsdata.leveringen.klassen import lees_geslacht, lees_leeftijdsklasse
from huisartsdata.leveringen.levering import Foutenlijst, noem
from huisartsdata.leveringen.totalen import TOTAAL
from huisartsdata.leveringen.waarden import (
    ALLE,
    ONTBREEKT,
    Getallen,
    is_totaal,
    lees_getallen,
    vouw,
)

if TYPE_CHECKING:
    from huisartsdata.leveringen.bestand import RuweTabel
    from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
    from huisartsdata.leveringen.werkblad import Cel

SLEUTELS = ["gebied", "functie", "geslacht", "leeftijdsklasse"]
ZONDER_WISSELEND = "zonder_wisselend"

_NAMEN = {
    "gebied": (
        "gebiedscode",
        "code",
        "gm_code",
        "gemeentecode",
        "regiocode",
        "code regio",
        "code gemeente",
        "regioplus code",
        "provinciecode",
        "pv_code",
        "gebied code",
        "regios code",
        "statcode",
    ),
    "naam": (
        "gebiedsnaam",
        "gemeente",
        "gemeentenaam",
        "regio",
        "regionaam",
        "regio's",
        "provincie",
        "provincienaam",
        "regioplus",
        "statnaam",
        "naam gemeente",
        "naam regio",
    ),
    "gebiedsoort": ("soort gebied", "soort", "niveau"),
    "personen": (
        "aantal personen",
        "huisartsen",
        "aantal huisartsen",
        "aantal",
        "personen huisartsen",
        "aantal huisartsen werkzaam",
        "huisartsen werkzaam",
        "aantal werkzame huisartsen",
        "werkzame huisartsen",
        "hoofden",
    ),
    "fte": (
        "fte's",
        "aantal fte",
        "fte huisartsen",
        "voltijdsequivalenten",
        "vte",
        "totaal fte",
        "fte werkzaam",
        "aantal fte werkzaam",
        "werkzame fte",
        "aantal werkzame fte",
        "fte werkzame huisartsen",
    ),
    "functie": ("functiegroep", "positie", "type huisarts", "werkzaam als", "soort huisarts"),
    "geslacht": ("sekse",),
    "leeftijdsklasse": ("leeftijd", "leeftijdsgroep", "leeftijdscategorie"),
    "peildatum": ("jaar", "peiljaar", "datum", "meetjaar"),
}
FUNCTIES = {
    "praktijkhouder": (
        "praktijkhouders",
        "praktijkeigenaar",
        "zelfstandig gevestigd",
        "zelfstandig gevestigde huisarts",
        "zelfstandig gevestigde huisartsen",
        "gevestigd",
        "pho",
    ),
    "hidha": ("hidhas", "hidha's", "in loondienst", "loondienst", "huisarts in dienst van een huisarts"),
    "waarnemer": ("waarnemers", "waarnemend huisarts", "waarnemend huisartsen"),
    "vaste_waarnemer": (
        "vaste waarnemers",
        "vast waarnemer",
        "vaste waarnemend huisarts",
        "waarnemer (vast)",
        "waarnemers (vast)",
    ),
    "wisselende_waarnemer": (
        "wisselende waarnemers",
        "wisselend waarnemer",
        "wisselend waarnemers",
        "waarnemer (wisselend)",
        "waarnemers (wisselend)",
    ),
    ZONDER_WISSELEND: (
        "zonder wisselende waarnemers",
        "zonder wisselend waarnemers",
        "excl wisselende waarnemers",
        "exclusief wisselende waarnemers",
    ),
    "onbekend": (),
}
# A class that holds others: beside one of its parts people count twice.
OMVAT = {
    "waarnemer": {"vaste_waarnemer", "wisselende_waarnemer"},
    ZONDER_WISSELEND: {"praktijkhouder", "hidha", "waarnemer", "vaste_waarnemer"},
}
HERKEN = herkenner(_NAMEN)
_FUNCTIE = herkenner(FUNCTIES)


def lees_functie(cel: Cel) -> str | None:
    """One of the functions, `alle`, or None if it is none of them."""
    if is_totaal(cel):
        return ALLE
    functie = _FUNCTIE(cel) if isinstance(cel, str) and cel else None
    return None if functie is None or functie.startswith(TWIJFEL) else functie


def keur_kolommen(ruw: RuweTabel, fouten: Foutenlijst, opmerkingen: list[str]) -> None:
    """Area codes and at least one value must be there; a name column that holds codes is the code column."""
    koppen = noem(kop for kop in ruw.koppen if kop)
    if "gebied" not in ruw.plaats and "naam" in ruw.plaats:
        cellen = [cel for cel in ruw.kolom("naam") if isinstance(cel, str) and not is_totaal(cel)]
        if cellen and all(re.fullmatch(r"[A-Z]{2}\d{2,4}", cel) for cel in cellen):
            ruw.plaats["gebied"] = ruw.plaats.pop("naam")
    if "gebied" not in ruw.plaats and "naam" not in ruw.plaats:
        fouten.meld(
            ruw.kop_regel,
            "gebied",
            koppen,
            "de kolom met gebiedscodes ontbreekt",
            "voeg een kolom 'gebied' toe met codes",
        )
    if "fte" not in ruw.plaats and "personen" not in ruw.plaats:
        fouten.meld(
            ruw.kop_regel,
            "fte",
            koppen,
            "er is geen kolom fte of personen",
            "noem de kolom 'fte' of 'personen'",
        )
    if vreemd := [kop for nr, kop in enumerate(ruw.koppen) if kop and nr not in ruw.plaats.values()]:
        opmerkingen.append(f"Niet gebruikte kolommen: {noem(vreemd)}.")


def lees_rijen(
    ruw: RuweTabel,
    *,
    boek: Gebiedenboek,
    kaart: dict[str, str],
    peiljaar: int,
    functie: str | None,
    fouten: Foutenlijst,
    meld: list[str],
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Every row with its keys and values; a row whose area is not understood has gebied ''."""
    kolom = "gebied" if "gebied" in ruw.plaats else "naam"
    gebieden: list[str] = []
    namen = ruw.kolom("naam") if "naam" in ruw.plaats else [""] * len(ruw.rijen)
    vreemde_namen = []
    nummers = vertaal_nummers(ruw.kolom(kolom), namen, kaart) if kolom == "gebied" else {}
    if nummers:
        meld.append(
            f"Kolom '{ruw.kop(kolom)}': {len(nummers)} losse nummers gelezen als gemeentecode, want elke naam past "
            f"erbij ({', '.join(list(nummers.values())[:2])}). Schrijf liever de code."
        )
    for nr, (regel, cel, naam) in enumerate(zip(ruw.regels, ruw.kolom(kolom), namen, strict=True)):
        cel = nummers.get(nr, cel)
        # "Totaal Drenthe" beside an empty code; that it is the total of the rows is checked later
        if cel == "" and (is_totaal(naam) or vouw(naam).startswith("totaal ")):
            gebieden.append(TOTAAL)
            continue
        code = lees_code(
            cel, regel=regel, kop=ruw.kop(kolom), boek=boek, kaart=kaart, peiljaar=peiljaar, fouten=fouten
        )
        gebieden.append(code or "")
        if (
            code
            and kolom != "naam"
            and not keur_naam(
                code, naam, regel=regel, kop=ruw.kop("naam") if naam else "", boek=boek, fouten=fouten
            )
        ):
            vreemde_namen.append(f"{naam} ({code})")
    if vreemde_namen:
        meld.append(f"De code geldt; deze namen staan zo niet in het register: {noem(vreemde_namen)}.")
    _keur_gebiedsoort(ruw, gebieden, boek, fouten)
    velden: dict[str, list[str]] = {}
    lezers = {"functie": lees_functie, "geslacht": lees_geslacht, "leeftijdsklasse": lees_leeftijdsklasse}
    advies = {
        "functie": f"kies uit: alle, {noem(FUNCTIES, 12)}",
        "geslacht": "schrijf M, V, totaal of onbekend",
        "leeftijdsklasse": "schrijf klassen als '40-44', '65+', '<40' of 'totaal'",
    }
    for naam, lezer in lezers.items():
        if naam not in ruw.plaats:
            continue
        velden[naam] = lees_sleutel(
            ruw.kolom(naam),
            regels=ruw.regels,
            gebieden=gebieden,
            kop=ruw.kop(naam),
            lezer=lezer,
            fouten=fouten,
            advies=advies[naam],
        )
    if "functie" in velden and functie is not None and set(velden["functie"]) != {functie}:
        fouten.meld(
            ruw.kop_regel,
            ruw.kop("functie"),
            functie,
            "het bestand heeft zelf een kolom functie",
            "laat functie= weg",
        )
    if "functie" not in velden and functie is None:
        meld.append("Het bestand zegt niet welke huisartsen het telt (functie onbekend); geef functie= op.")
    leeg = len(ruw.rijen)
    getallen = {
        naam: lees_getallen(ruw, naam, fouten, geheel=naam == "personen")
        if naam in ruw.plaats
        else Getallen([math.nan] * leeg, [ONTBREEKT] * leeg, 0, ())
        for naam in ("personen", "fte")
    }
    for gelezen in getallen.values():
        meld += gelezen.opmerkingen
    lang = pd.DataFrame(
        {
            "regel": ruw.regels,
            "gebied": gebieden,
            "functie": velden.get("functie", [functie or "onbekend"] * leeg),
            "geslacht": velden.get("geslacht", [ALLE] * leeg),
            "leeftijdsklasse": velden.get("leeftijdsklasse", [ALLE] * leeg),
            "personen": getallen["personen"].waarden,
            "personen_status": getallen["personen"].status,
            "fte": getallen["fte"].waarden,
            "fte_status": getallen["fte"].status,
        }
    )
    return lang, {naam: gelezen.decimalen for naam, gelezen in getallen.items()}


def _keur_gebiedsoort(ruw: RuweTabel, gebieden: list[str], boek: Gebiedenboek, fouten: Foutenlijst) -> None:
    if "gebiedsoort" not in ruw.plaats:
        return
    for regel, code, cel in zip(ruw.regels, gebieden, ruw.kolom("gebiedsoort"), strict=True):
        soort = boek.soorten.get(code, "gemeente")
        if code and code != TOTAAL and cel != "" and plat(cel) != plat(soort):
            fouten.meld(
                regel, ruw.kop("gebiedsoort"), cel, f"{code} is een {soort}", "verbeter de soort of de code"
            )


def lees_peildatum(ruw: RuweTabel, peiljaar: int | None, fouten: Foutenlijst, meld: list[str]) -> str:
    """The one reference date of the file (column, else title), else the year of its map, else `onbekend`."""
    titel, opmerking = titeldatum(ruw.titels)
    if opmerking:
        meld.append(opmerking)
    if "peildatum" not in ruw.plaats:
        return titel or ("onbekend" if peiljaar is None else str(peiljaar))
    waarden: dict[str, int] = {}
    for regel, cel in zip(ruw.regels, ruw.kolom("peildatum"), strict=True):
        tekst = str(cel).removesuffix(" 00:00:00").removesuffix(".0")
        if tekst:
            waarden.setdefault(tekst, regel)
    if len(waarden) > 1:
        for tekst, regel in waarden.items():
            fouten.meld(
                regel,
                ruw.kop("peildatum"),
                tekst,
                "het bestand bevat meer dan één peildatum",
                "lever elk jaar apart",
            )
    datum = next(iter(waarden), titel or "onbekend")
    jaren = [re.findall(r"\d{4}", tekst) for tekst in (datum, titel or datum)]
    if len(waarden) == 1 and all(jaren) and jaren[0] != jaren[1]:
        anders = f"de titel zegt peildatum {titel}"
        fouten.meld(waarden[datum], ruw.kop("peildatum"), datum, anders, "maak ze gelijk")
    return datum
