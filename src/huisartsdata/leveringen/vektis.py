"""Vektis's open Zvw data: insured people and GP cost per gemeente, age and sex.

The file is downloaded by the user: its terms allow research with attribution, not passing it on. It names
gemeenten instead of coding them, on a municipal map that can be later than the year of the figures.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.bronnen.catalogus import Herkomst
from huisartsdata.gebieden.herindelingkeur import als_jaar
from huisartsdata.leveringen.bestand import RuweTabel, lees_tabel
from huisartsdata.leveringen.codes import breng_naar_nu, lees_sleutel
from huisartsdata.leveringen.gebiedenboek import EERSTE_KAART, LAATSTE_KAART, PEILJAAR, Gebiedenboek
from huisartsdata.leveringen.haakjes import herkenner, plat
from huisartsdata.leveringen.klassen import lees_geslacht, lees_leeftijdsklasse
from huisartsdata.leveringen.levering import Foutenlijst, Levering, noem
from huisartsdata.leveringen.onderdrukking import GRENS
from huisartsdata.leveringen.totalen import keur_dubbel
from huisartsdata.leveringen.waarden import (
    ALLE,
    WAARGENOMEN,
    lees_getallen,
)

if TYPE_CHECKING:
    from huisartsdata.leveringen.werkblad import Cel

KOSTEN = [f"kosten_huisarts_{soort}" for soort in ("inschrijftarief", "consult", "mdz", "overig")]
_NAMEN = {
    "geslacht": (),
    "leeftijdsklasse": ("leeftijd",),
    "gemeentenaam": ("gemeente",),
    "aantal": ("aantal_bsn", "aantal verzekerden"),
    "verzekerde_jaren": ("aantal_verzekerdejaren", "aantal verzekerde jaren"),
    "jaar": ("peiljaar",),
    **dict.fromkeys(KOSTEN, ()),
}
HERKEN = herkenner(_NAMEN)
SLEUTELS = ["gebied", "leeftijdsklasse", "geslacht"]

# Shortened names in Vektis's files (seen in the file of 2015) that no folding of the register's name gives.
_VERKORT = {
    "bergen lb": "GM0893",
    "bergen nh": "GM0373",
    "haarlemmerliede ca": "GM0393",
    "kollumerland ca": "GM0079",
    "nuenen ca": "GM0820",
}


def read_vektis(
    pad: str | os.PathLike[str],
    *,
    peiljaar: int | None = None,
    verdeling: pd.DataFrame | None = None,
    herindelen: bool = True,
    blad: str | None = None,
    gebiedenboek: Gebiedenboek | None = None,
) -> Levering:
    """Read Vektis's open data per gemeente, as downloaded.

    Parameters
    ----------
    pad
        The csv: geslacht, leeftijdsklasse, gemeentenaam, aantal_bsn, kosten_huisarts_* and more.
    peiljaar
        Year of the municipal map that the names are of. Not needed for a file of the whole country: only one
        map then has exactly these names.
    verdeling
        Shares for gemeenten divided since that year (gm_oud, gm_nieuw, aandeel).
    herindelen
        False keeps the codes of the file's own map instead of bringing the sums to 2024.
    blad
        Sheet, if it was saved as xlsx.
    gebiedenboek
        Areas and codes; the snapshot's when not given.

    Returns
    -------
    Levering
        `tabel` has index gm_code and columns leeftijdsklasse, geslacht, aantal (insured people),
        verzekerde_jaren, and the kosten_huisarts_* (euro) of the file. Rows without a gemeente are in
        `apart`, in the same columns. Groups that Vektis leaves out (few people) are absent, not zero,
        and so are groups of fewer than ten that it does give.

    Raises
    ------
    LeveringFout
        With every fault: line, column, value and what to do.
    """
    boek = gebiedenboek or Gebiedenboek.uit_snapshot()
    ruw = lees_tabel(
        pad, herken=HERKEN, verwacht="geslacht, leeftijdsklasse, gemeentenaam, aantal_bsn", blad=blad
    )
    fouten = Foutenlijst(ruw.bestand)
    opmerkingen = list(ruw.opmerkingen)
    _keur_kolommen(ruw, fouten, opmerkingen)
    fouten.stop()

    namen = [str(cel) for cel in ruw.kolom("gemeentenaam")]
    jaar = _kaartjaar(namen, ruw, boek, fouten, opmerkingen) if peiljaar is None else als_jaar(peiljaar)
    per_naam = _namentabel(boek.kaart(jaar))
    codes = _lees_namen(namen, ruw, per_naam, jaar=jaar, boek=boek, fouten=fouten)
    klassen = _lees_klassen(ruw, codes, fouten)
    lang = pd.DataFrame({"regel": ruw.regels, "gebied": codes, **klassen})
    waarden = [naam for naam in ("aantal", "verzekerde_jaren", *KOSTEN) if naam in ruw.plaats]
    for naam in waarden:
        gelezen = lees_getallen(ruw, naam, fouten, geheel=naam == "aantal")
        opmerkingen += gelezen.opmerkingen
        lang[naam] = gelezen.waarden
    peildatum = _lees_jaar(ruw, fouten)
    keur_dubbel(lang.loc[lang["gebied"] != ""], sleutels=SLEUTELS, fouten=fouten)
    fouten.stop()
    klein = lang["aantal"].between(1, GRENS - 1)
    if klein.any():  # left out here, they are in no total further on and so follow from none
        lang = lang.loc[~klein]
        opmerkingen.append(
            f"{int(klein.sum())} rijen met minder dan {GRENS} verzekerden zijn weggelaten, met hun kosten: die groepen "
            "zijn onbekend, niet nul."
        )
    zonder = lang["gebied"] == ""

    apart = lang.loc[zonder].drop(columns=["gebied", "regel"]).reset_index(drop=True)
    if len(apart):
        mensen = f"{apart['aantal'].sum():.0f} verzekerden"
        opmerkingen.append(
            f"{len(apart)} rijen zonder gemeente ({mensen}) staan apart, in .apart, en tellen nergens mee."
        )
    heel = lang.loc[~zonder]
    verwacht = heel["gebied"].nunique() * heel["leeftijdsklasse"].nunique() * heel["geslacht"].nunique()
    if verwacht > len(heel):
        weg = (
            f"{verwacht - len(heel)} combinaties van gemeente, leeftijd en geslacht staan niet in het bestand"
        )
        opmerkingen.append(f"{weg}; die zijn onbekend, niet nul.")
    if herindelen:
        tabel, verhaal = breng_naar_nu(
            heel,
            boek=boek,
            peiljaar=jaar,
            sleutels=SLEUTELS[1:],
            som=waarden,
            verdeling=verdeling,
            volledig=False,
            fouten=fouten,
        )
        opmerkingen += verhaal
    else:
        tabel = heel.drop(columns="regel")
    uit = (
        tabel.sort_values(SLEUTELS, kind="stable").rename(columns={"gebied": "gm_code"}).set_index("gm_code")
    )
    uit = uit[["leeftijdsklasse", "geslacht", *waarden]]
    kaart = PEILJAAR if herindelen else jaar
    herkomst = Herkomst(
        bron="Vektis, open databestand Zorgverzekeringswet per gemeente",
        status=WAARGENOMEN,
        peildatum=peildatum,
        bestand=ruw.bestand,
        sha256=ruw.sha256,
        toelichting=f"gemeentelijke indeling van {kaart}; eigen download van de gebruiker",
    )
    return Levering(
        uit,
        "vektis",
        tuple(sorted(set(uit.index))),
        peildatum,
        herkomst,
        tuple(opmerkingen),
        apart if len(apart) else None,
    )


def _keur_kolommen(ruw: RuweTabel, fouten: Foutenlijst, opmerkingen: list[str]) -> None:
    koppen = noem(kop for kop in ruw.koppen if kop)
    for kolom in ("geslacht", "leeftijdsklasse", "gemeentenaam", "aantal"):
        if kolom not in ruw.plaats:
            fouten.meld(
                ruw.kop_regel,
                kolom,
                koppen,
                f"de kolom {kolom} ontbreekt",
                "neem het bestand per gemeente van Vektis",
            )
    if not any(kolom in ruw.plaats for kolom in KOSTEN):
        geen = "er is geen kolom met huisartskosten"
        fouten.meld(ruw.kop_regel, KOSTEN[0], koppen, geen, "neem het bestand per gemeente van Vektis")
    if vreemd := [kop for nr, kop in enumerate(ruw.koppen) if kop and nr not in ruw.plaats.values()]:
        opmerkingen.append(f"Niet gebruikte kolommen: {noem(vreemd, 3)}.")


def _namentabel(kaart: Mapping[str, str]) -> dict[str, list[str]]:
    """Folded name -> codes, with and without the register's suffix (`Hengelo (O.)` is HENGELO at Vektis)."""
    tabel: dict[str, list[str]] = {}
    for code, naam in kaart.items():
        for vorm in {plat(naam), plat(re.sub(r"\(.*\)", "", naam))}:
            tabel.setdefault(vorm, []).append(code)
    for vorm, code in _VERKORT.items():
        if code in kaart:
            tabel[vorm] = [code]
    return tabel


def _kaartjaar(
    namen: list[str], ruw: RuweTabel, boek: Gebiedenboek, fouten: Foutenlijst, opmerkingen: list[str]
) -> int:
    """The year whose map has exactly the gemeenten of the file; a fault asks for it when there is none."""
    gevouwen = {plat(naam) for naam in namen if naam}
    passend = []
    vreemd: dict[int, list[str]] = {}
    for jaar in range(EERSTE_KAART, LAATSTE_KAART + 1):
        tabel = _namentabel(boek.kaart(jaar))
        vreemd[jaar] = sorted(gevouwen - set(tabel))
        codes = {tabel[naam][0] for naam in gevouwen if len(tabel.get(naam, ())) == 1}
        if len(codes) == len(gevouwen) == len(boek.kaart(jaar)):
            passend.append(jaar)
    kaarten = {frozenset(boek.kaart(jaar)) for jaar in passend}
    if len(kaarten) == 1:
        opmerkingen.append(f"De gemeentenamen zijn precies die van {passend[-1]}.")
        return passend[-1]
    niet = f"de {len(gevouwen)} gemeentenamen zijn niet precies die van één jaar"
    minst = min(map(len, vreemd.values()))
    jaren = [jaar for jaar, namen_ in vreemd.items() if len(namen_) == minst]
    reeks = str(jaren[0]) if len(jaren) == 1 else f"{jaren[0]} tot en met {jaren[-1]}"
    if jaren != list(range(jaren[0], jaren[-1] + 1)):
        reeks = noem(jaren, len(jaren))
    past = (
        "alle namen bestaan" if not minst else f"de meeste namen bestaan (niet: {noem(vreemd[jaren[-1]], 5)})"
    )
    # of the years that fit, the map of now needs no moving
    keuze = PEILJAAR if PEILJAAR in jaren else jaren[-1]
    fouten.meld(
        ruw.kop_regel,
        ruw.kop("gemeentenaam"),
        "",
        niet,
        f"geef peiljaar={keuze} op: {past} in {reeks}",
    )
    fouten.stop()
    raise AssertionError


def _lees_namen(
    namen: list[str],
    ruw: RuweTabel,
    per_naam: Mapping[str, list[str]],
    *,
    jaar: int,
    boek: Gebiedenboek,
    fouten: Foutenlijst,
) -> list[str]:
    uit = []
    kop = ruw.kop("gemeentenaam")
    for regel, naam in zip(ruw.regels, namen, strict=True):
        codes = per_naam.get(plat(naam), [])
        if naam and len(codes) != 1:
            raad = boek.waarschijnlijk(naam)
            if codes:
                fouten.meld(
                    regel,
                    kop,
                    naam,
                    f"deze naam hoort bij {noem(codes)}",
                    "zet het achtervoegsel erbij, zoals '(NH.)'",
                )
            else:
                advies = (
                    f"{raad} is een ander jaar; geef het goede peiljaar="
                    if raad
                    else "controleer de naam; verwijder totaalrijen"
                )
                fouten.meld(regel, kop, naam, f"geen gemeente van {jaar}", advies)
        uit.append(codes[0] if naam and len(codes) == 1 else ("" if not naam else f"?{regel}"))
    return uit


def _lees_klassen(ruw: RuweTabel, codes: list[str], fouten: Foutenlijst) -> dict[str, list[str]]:
    """Sex and age class of every row; a row without a gemeente may lack them."""
    uit = {}
    lezers = {"leeftijdsklasse": _leeftijd, "geslacht": _geslacht}
    advies = {"leeftijdsklasse": "schrijf klassen als '0 t/m 4 jaar' of '90+'", "geslacht": "schrijf M of V"}
    for naam, lezer in lezers.items():
        plekken = [
            nr for nr, (cel, code) in enumerate(zip(ruw.kolom(naam), codes, strict=True)) if cel != "" or code
        ]
        cellen = ruw.kolom(naam)
        waarden = lees_sleutel(
            [cellen[nr] for nr in plekken],
            regels=[ruw.regels[nr] for nr in plekken],
            gebieden=[codes[nr] for nr in plekken],
            kop=ruw.kop(naam),
            lezer=lezer,
            fouten=fouten,
            advies=advies[naam],
        )
        kolom = [""] * len(cellen)
        for nr, waarde in zip(plekken, waarden, strict=True):
            kolom[nr] = waarde
        uit[naam] = kolom
    return uit


def _leeftijd(cel: Cel) -> str | None:
    tekst = str(cel)
    if re.fullmatch(r"[0-9]{1,2}", tekst):  # some years give single ages
        return f"{int(tekst)}-{int(tekst)}"
    klasse = lees_leeftijdsklasse(cel)
    return None if klasse == ALLE else klasse


def _geslacht(cel: Cel) -> str | None:
    geslacht = lees_geslacht(cel)
    return geslacht if geslacht in {"M", "V"} else None


def _lees_jaar(ruw: RuweTabel, fouten: Foutenlijst) -> str:
    if "jaar" not in ruw.plaats:
        return "onbekend"
    jaren = sorted({str(cel).removesuffix(".0") for cel in ruw.kolom("jaar") if cel != ""})
    if len(jaren) > 1:
        fouten.meld(
            ruw.kop_regel,
            ruw.kop("jaar"),
            noem(jaren),
            "het bestand bevat meer dan één jaar",
            "lever elk jaar apart",
        )
    return jaren[0] if jaren else "onbekend"
