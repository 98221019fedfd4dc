"""The user's own regions (an RHO, the Drechtsteden): which gemeente belongs to which region."""

from __future__ import annotations

import os
import re

import pandas as pd

from huisartsdata.leveringen.bestand import lees_tabel
from huisartsdata.leveringen.codes import keur_naam, lees_code
from huisartsdata.leveringen.gebiedenboek import PEILJAAR, Gebiedenboek
from huisartsdata.leveringen.levering import Foutenlijst
from huisartsdata.leveringen.persoonlijk import VERBORGEN, vind_persoonlijk
from huisartsdata.leveringen.totalen import TOTAAL, keur_dubbel
from huisartsdata.leveringen.waarden import herkenner

_NAMEN = {
    "gm_code": ("gemeentecode", "code gemeente", "statcode"),
    "gemeente": ("gemeentenaam", "naam gemeente", "statnaam"),
    "code": ("gebiedscode", "regiocode", "code regio", "code gebied"),
    "naam": ("gebiedsnaam", "regio", "regionaam", "gebied", "naam regio", "naam gebied"),
}
_HERKEN = herkenner(_NAMEN)
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,19}")
_OFFICIEEL = re.compile(r"(?:GM|WK|BU|PV|CR|VR|GG|ZK|RA|NL)\d+")


def read_gebieden(
    pad: str | os.PathLike[str], *, blad: str | None = None, gebiedenboek: Gebiedenboek | None = None
) -> pd.DataFrame:
    """Read the user's own regions.

    Parameters
    ----------
    pad
        csv or xlsx with columns gm_code, code (short, the user's own) and naam of the region; a column
        gemeente with the gemeente's name is checked against the code.
    blad
        Sheet of an xlsx with more than one.
    gebiedenboek
        Areas and codes; the snapshot's when not given.

    Returns
    -------
    DataFrame
        Index gm_code; columns code, naam. A gemeente is in one region; gemeenten in none are absent. A name is
        free text and leaves as text (no formula, no markup); one with an e-mail address, a telephone or care
        number, a loose number of 8 to 11 digits, an address or a postcode of six is refused, for it would stand
        above maps and briefs. The name of a person is not recognised: do not use one.

    Raises
    ------
    LeveringFout
        With every fault: line, column, value and what to do.
    """
    boek = gebiedenboek or Gebiedenboek.uit_snapshot()
    ruw = lees_tabel(pad, herken=_HERKEN, verwacht="gm_code, code, naam", blad=blad)
    fouten = Foutenlijst(ruw.bestand)
    for kolom in ("gm_code", "code", "naam"):
        if kolom not in ruw.plaats:
            fouten.meld(ruw.kop_regel, kolom, "", f"de kolom {kolom} ontbreekt", f"voeg '{kolom}' toe")
    fouten.stop()
    kaart = boek.kaart(PEILJAAR)
    gemeenten = ruw.kolom("gemeente") if "gemeente" in ruw.plaats else [""] * len(ruw.rijen)
    rijen: list[tuple[int, str, str, str]] = []
    eerste: dict[str, tuple[int, str]] = {}
    for regel, gm, gemeente, eigen, cel in zip(
        ruw.regels, ruw.kolom("gm_code"), gemeenten, ruw.kolom("code"), ruw.kolom("naam"), strict=True
    ):
        code = lees_code(
            gm, regel=regel, kop=ruw.kop("gm_code"), boek=boek, kaart=kaart, peiljaar=PEILJAAR, fouten=fouten
        )
        if code == TOTAAL or (code and code not in kaart):
            fouten.meld(regel, ruw.kop("gm_code"), gm, "dit is geen gemeente", "geef per gemeente één rij")
            code = None
        if code and gemeente:
            keur_naam(code, gemeente, regel=regel, kop=ruw.kop("gemeente"), boek=boek, fouten=fouten)
        sleutel, naam = (
            str(int(t)) if isinstance(t, float) and t.is_integer() else str(t) for t in (eigen, cel)
        )
        prive = {kop: vind_persoonlijk(tekst) for kop, tekst in (("code", sleutel), ("naam", naam))}
        for kop, wat in prive.items():
            if wat:  # it would stand above maps and briefs
                fouten.meld(
                    regel, ruw.kop(kop), VERBORGEN, f"hier staat {wat}", "geef het gebied een eigen naam"
                )
        if any(prive.values()):
            continue
        if not isinstance(eigen, str) or not _CODE.fullmatch(sleutel):
            vorm = "geen bruikbare gebiedscode"
            fouten.meld(
                regel,
                ruw.kop("code"),
                eigen,
                vorm,
                "begin met een letter; hoogstens 20 letters, cijfers, - of _",
            )
        elif _OFFICIEEL.fullmatch(sleutel) or sleutel in boek.soorten:
            fouten.meld(
                regel,
                ruw.kop("code"),
                eigen,
                "dit is een code van het CBS",
                "kies een eigen code, zoals RHO_DRECHT",
            )
        if not naam:
            fouten.meld(regel, ruw.kop("naam"), "", "de naam van het gebied ontbreekt", "vul een naam in")
        begin = eerste.setdefault(sleutel, (regel, naam))
        if begin[1] != naam:
            fouten.meld(
                regel,
                ruw.kop("naam"),
                naam,
                f"{sleutel} heet op regel {begin[0]} '{begin[1]}'",
                "geef één naam per code",
            )
        if code:
            rijen.append((regel, code, sleutel, naam))
    tabel = pd.DataFrame(rijen, columns=["regel", "gm_code", "code", "naam"])
    keur_dubbel(tabel, sleutels=["gm_code"], fouten=fouten)
    fouten.stop()
    return tabel.drop(columns="regel").set_index("gm_code").sort_index()
