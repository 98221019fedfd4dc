"""A region's own list of practices: where, how much fte, how many registered, open or closed.

Nothing that identifies a person is taken in: the postcode is cut to four digits at reading, and a list with
names, addresses, telephone numbers, e-mail addresses or AGB codes is refused. A practice is known by its own id in
memory only, to choose it by; no figure, brief or table that the package makes names one.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.bronnen.catalogus import Herkomst
from huisartsdata.leveringen.bestand import RuweTabel, lees_tabel, titeldatum
from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
from huisartsdata.leveringen.getaltekst import toon_getal
from huisartsdata.leveringen.haakjes import plat
from huisartsdata.leveringen.levering import Foutenlijst, Levering, noem
from huisartsdata.leveringen.nivelrijen import lees_functie
from huisartsdata.leveringen.onderdrukking import GRENS
from huisartsdata.leveringen.persoonlijk import VERBORGEN, vind_persoonlijk
from huisartsdata.leveringen.praktijkprive import EIGEN_NUMMER, keur_prive, lijkt_persoonlijk
from huisartsdata.leveringen.totalen import TOTAAL, keur_dubbel, splits_totalen
from huisartsdata.leveringen.waarden import ONTBREEKT, WAARGENOMEN, herkenner, is_totaal, lees_getallen

if TYPE_CHECKING:
    from huisartsdata.leveringen.werkblad import Cel

_NAMEN = {
    "praktijk_id": ("praktijkid", "id", "praktijkcode", "praktijknummer", "nummer"),
    "postcode": ("pc4", "pc6", "postcode4", "postcode6", "postcode praktijk"),
    "fte": ("aantal fte", "fte huisartsen", "fte's"),
    "ingeschreven": (
        "ingeschreven patiënten",
        "aantal patiënten",
        "patiënten",
        "ingeschrevenen",
        "ion",
        "aantal ingeschreven",
        "ingeschreven op naam",
    ),
    "open_voor_inschrijving": (
        "open",
        "open voor inschrijving",
        "neemt patiënten aan",
        "inschrijving open",
        "open of dicht",
    ),
}
HERKEN = herkenner(_NAMEN)
# The largest health centres have some 20 fte of GPs: three times that is a decimal comma that was lost.
MAX_FTE_PRAKTIJK = 60.0
_OPEN = {
    "ja": "ja",
    "j": "ja",
    "open": "ja",
    "waar": "ja",
    "nee": "nee",
    "n": "nee",
    "dicht": "nee",
    "gesloten": "nee",
    "onwaar": "nee",
    "onbekend": "onbekend",
    "": "onbekend",
}

_OMGEKEERD = re.compile(r"\b(?:patient\w*stop|stop|gesloten|dicht)\b")
_ID = re.compile(r"(?<!\d)[1-9]\d{3}[_.-]?[A-Za-z]{2}(?![A-Za-z])")
_CIJFERKOLOMMEN = ("postcode", "fte", "ingeschreven")  # figures and codes by themselves, read as such
_GETAL = re.compile(r"[-+]?\d[\d.,]*")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")


def read_praktijken(
    pad: str | os.PathLike[str],
    *,
    gebied: str | Collection[str],
    functie: str | None = None,
    peildatum: str | None = None,
    blad: str | None = None,
    gebiedenboek: Gebiedenboek | None = None,
) -> Levering:
    """Read a practice list that covers all practices of an area.

    Parameters
    ----------
    pad
        csv or xlsx with columns postcode and fte; optional praktijk_id, ingeschreven, open_voor_inschrijving.
    gebied
        Code, or codes, of the gemeenten or regions that the list covers; every practice must lie in it.
    functie
        Which GPs the fte counts: ``alle`` or ``zonder_wisselend``. A picture refuses a list that does
        not say so.
    peildatum
        Date of the list, as it must stand in source lines; else that of a title line `Peildatum: ...`.
    blad
        Sheet of an xlsx with more than one.
    gebiedenboek
        Areas and codes; the snapshot's when not given.

    Returns
    -------
    Levering
        `tabel` has index praktijk_id and columns pc4, gm_code, fte, fte_status, ingeschreven,
        open_voor_inschrijving (ja, nee, onbekend), functie. Without ids of its own a practice is called after its
        line. A list of fewer than ten registered people is not taken over (NaN). `gebieden` holds the
        gemeenten that the list covers, also those without a practice.

    Raises
    ------
    OnbekendGebiedFout
        If `gebied` is no known code.
    LeveringFout
        With every fault: line, column, value and what to do.
    """
    boek = gebiedenboek or Gebiedenboek.uit_snapshot()
    binnen = boek.gemeenten_van(gebied)
    ruw = lees_tabel(pad, herken=HERKEN, verwacht="postcode, fte", blad=blad)
    fouten = Foutenlijst(ruw.bestand)
    opmerkingen = list(ruw.opmerkingen)
    keur_prive(ruw, fouten)
    _keur_kolommen(ruw, fouten, opmerkingen)
    vaste_functie = lees_functie(functie) if functie is not None else None
    if functie is not None and vaste_functie is None:
        fouten.meld(1, "functie", functie, "onbekende functie in de aanroep", "kies alle of zonder_wisselend")
    fouten.stop()

    ids = _lees_ids(ruw, fouten)
    pc4s = _lees_postcodes(ruw, ids, boek, binnen, fouten)
    if any(isinstance(cel, str) and len(cel) > 4 for cel in ruw.kolom("postcode")):
        opmerkingen.append("Van elke postcode zijn alleen de vier cijfers bewaard.")
    fte = lees_getallen(ruw, "fte", fouten)
    opmerkingen += fte.opmerkingen
    for regel, sleutel, getal in zip(ruw.regels, ids, fte.waarden, strict=True):
        if getal > MAX_FTE_PRAKTIJK and sleutel != TOTAAL:
            hoog = "onwaarschijnlijk hoog voor één praktijk"
            fouten.meld(regel, ruw.kop("fte"), toon_getal(getal), hoog, "is een decimale komma weggevallen?")
    lang = pd.DataFrame(
        {"regel": ruw.regels, "praktijk_id": ids, "pc4": pc4s, "fte": fte.waarden, "fte_status": fte.status}
    )
    waarden = {"fte": fte.decimalen}
    lang["ingeschreven"] = float("nan")
    if "ingeschreven" in ruw.plaats:
        ingeschreven = lees_getallen(ruw, "ingeschreven", fouten, geheel=True)
        opmerkingen += ingeschreven.opmerkingen
        lang["ingeschreven"] = ingeschreven.waarden
        waarden["ingeschreven"] = 0
    lang["open_voor_inschrijving"] = _lees_open(ruw, ids, fouten)
    keur_dubbel(lang.loc[~lang["praktijk_id"].isin(["", TOTAAL])], sleutels=["praktijk_id"], fouten=fouten)
    fouten.stop()
    tabel, totalen = splits_totalen(
        lang,
        sleutels=["praktijk_id"],
        waarden=waarden,
        koppen={naam: ruw.kop(naam) for naam in waarden},
        fouten=fouten,
    )
    opmerkingen += totalen
    if tabel.empty:
        fouten.meld(
            ruw.kop_regel, "postcode", "", "er staan geen praktijken in", "lever één rij per praktijk"
        )
    fouten.stop()
    tabel = _verberg_kleine(tabel, ruw, opmerkingen)
    tabel = (
        tabel.assign(gm_code=tabel["pc4"].map(boek.pc4))
        .drop(columns="regel")
        .set_index("praktijk_id")
        .sort_index()
    )
    tabel = tabel[["pc4", "gm_code", "fte", "fte_status", "ingeschreven", "open_voor_inschrijving"]]
    tabel["functie"] = vaste_functie or "onbekend"
    if zonder := sorted(binnen - set(tabel["gm_code"])):
        opmerkingen.append(
            f"In het gebied maar zonder praktijk in de lijst: {noem(map(boek.voluit, zonder))}."
        )
    titel, opmerking = titeldatum(ruw.titels)
    opmerkingen += [opmerking] if opmerking else []
    datum = peildatum or titel or "onbekend"
    status = WAARGENOMEN if (tabel["fte_status"] == WAARGENOMEN).any() else ONTBREEKT
    herkomst = Herkomst(
        bron="praktijklijst van de gebruiker",
        status=status,
        peildatum=datum,
        bestand=ruw.bestand,
        sha256=ruw.sha256,
        toelichting=f"{len(tabel)} praktijken in {len(binnen)} gemeenten",
    )
    return Levering(tabel, "praktijken", tuple(sorted(binnen)), datum, herkomst, tuple(opmerkingen))


def _verberg_kleine(tabel: pd.DataFrame, ruw: RuweTabel, opmerkingen: list[str]) -> pd.DataFrame:
    klein = tabel["ingeschreven"].between(1, GRENS - 1)  # left out, they follow from no total further on
    if klein.any():
        opmerkingen.append(
            f"Kolom '{ruw.kop('ingeschreven')}': {int(klein.sum())} keer minder dan {GRENS} mensen; die aantallen "
            "zijn niet overgenomen en tellen als onbekend."
        )
    return tabel.assign(ingeschreven=tabel["ingeschreven"].mask(klein))


def _keur_kolommen(ruw: RuweTabel, fouten: Foutenlijst, opmerkingen: list[str]) -> None:
    for kolom in ("postcode", "fte"):
        if kolom not in ruw.plaats:
            fouten.meld(
                ruw.kop_regel,
                kolom,
                noem(kop for kop in ruw.koppen if kop),
                f"de kolom {kolom} ontbreekt",
                f"voeg '{kolom}' toe",
            )
    vreemd = []
    for nr, kop in enumerate(ruw.koppen):
        if nr in ruw.plaats.values() or not kop:
            continue
        if _OMGEKEERD.search(plat(kop)):
            omgekeerd = "deze kolom zegt het omgekeerde van 'open voor inschrijving'"
            fouten.meld(
                ruw.kop_regel,
                kop,
                kop,
                omgekeerd,
                "maak er een kolom open_voor_inschrijving van met ja, nee of onbekend",
            )
        else:
            vreemd.append(kop)
    if vreemd:
        opmerkingen.append(f"Niet gebruikte kolommen: {noem(vreemd)}.")


def _lees_ids(ruw: RuweTabel, fouten: Foutenlijst) -> list[str]:
    """The id of every row, `(totaal)` for a totals row."""
    postcodes = ruw.kolom("postcode")
    if "praktijk_id" not in ruw.plaats:
        return [
            TOTAAL if is_totaal(pc) else f"regel-{regel:05d}"
            for regel, pc in zip(ruw.regels, postcodes, strict=True)
        ]
    uit = []
    kop = ruw.kop("praktijk_id")
    for regel, cel, postcode in zip(ruw.regels, ruw.kolom("praktijk_id"), postcodes, strict=True):
        tekst = str(int(cel)) if isinstance(cel, float) and cel.is_integer() else str(cel)
        if is_totaal(cel) or (cel == "" and is_totaal(postcode)):
            uit.append(TOTAAL)
            continue
        if wat := lijkt_persoonlijk(tekst):
            fouten.meld(regel, kop, VERBORGEN, f"dit lijkt {wat}", EIGEN_NUMMER)
        elif not _ID.fullmatch(tekst):
            vorm = "geen bruikbaar praktijk_id" if tekst else "het praktijk_id ontbreekt"
            fouten.meld(
                regel,
                kop,
                VERBORGEN if tekst else "",
                vorm,
                "gebruik een zelfbedacht kort nummer zonder spaties",
            )
        uit.append(tekst)
    return uit


def _lees_postcodes(
    ruw: RuweTabel, ids: list[str], boek: Gebiedenboek, binnen: frozenset[str], fouten: Foutenlijst
) -> list[str]:
    uit = []
    kop = ruw.kop("postcode")
    for regel, sleutel, cel in zip(ruw.regels, ids, ruw.kolom("postcode"), strict=True):
        pc4 = _pc4(cel)
        if sleutel == TOTAAL:
            uit.append("")
            continue
        if pc4 is None:
            fouten.meld(
                regel,
                kop,
                cel if len(str(cel)) < 8 and not vind_persoonlijk(str(cel)) else VERBORGEN,
                "geen postcode",
                "schrijf vier cijfers, zoals 3311",
            )
        elif pc4 not in boek.pc4:
            fouten.meld(
                regel,
                kop,
                pc4,
                "deze postcode staat niet in de postcodetabel (2021)",
                "geef een postcode ernaast op",
            )
        elif boek.pc4[pc4] not in binnen:
            buiten = f"deze postcode ligt in {boek.voluit(boek.pc4[pc4])}, buiten het opgegeven gebied"
            fouten.meld(regel, kop, pc4, buiten, "verwijder de rij of geef een ruimer gebied= op")
        uit.append(pc4 or "")
    return uit


def _pc4(cel: Cel) -> str | None:
    """The four digits of a PC4 or PC6; the letters are dropped here and nowhere kept."""
    tekst = str(int(cel)) if isinstance(cel, float) and cel.is_integer() else str(cel)
    gevonden = re.fullmatch(r"([1-9][0-9]{3})(?:\s*[A-Za-z]{2})?", tekst)
    return gevonden[1] if gevonden else None


def _lees_open(ruw: RuweTabel, ids: list[str], fouten: Foutenlijst) -> list[str]:
    if "open_voor_inschrijving" not in ruw.plaats:
        return ["onbekend"] * len(ruw.rijen)
    uit = []
    for regel, sleutel, cel in zip(ruw.regels, ids, ruw.kolom("open_voor_inschrijving"), strict=True):
        stand = _OPEN.get(plat(cel)) if isinstance(cel, str) else None
        if stand is None and sleutel != TOTAAL:
            fouten.meld(
                regel,
                ruw.kop("open_voor_inschrijving"),
                cel,
                "geen ja, nee of onbekend",
                "schrijf ja, nee of onbekend",
            )
        uit.append(stand or "onbekend")
    return uit
