"""Area codes in a delivery: read as CBS writes them, recognised with their history, brought to 2024."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from huisartsdata.fouten import OnbekendGebiedFout, SplitsingFout
from huisartsdata.leveringen.gebiedenboek import PEILJAAR, Gebiedenboek
from huisartsdata.leveringen.haakjes import plat
from huisartsdata.leveringen.levering import Foutenlijst, noem
from huisartsdata.leveringen.totalen import TOTAAL
from huisartsdata.leveringen.waarden import ALLE, is_datum, is_totaal, vouw
from huisartsdata.leveringen.werkblad import Cel

if TYPE_CHECKING:
    import pandas as pd

AANGEVULD = "aangevuld"  # column: 1 for a class that the file does not give for a gemeente
MATE = 1e-9  # relative: sums before and after a reorganisation must agree to the bits of a float


def lees_code(
    cel: Cel,
    *,
    regel: int,
    kop: str,
    boek: Gebiedenboek,
    kaart: dict[str, str],
    peiljaar: int,
    fouten: Foutenlijst,
) -> str | None:
    """A code as known on the map of `peiljaar`, `(totaal)` for a totals row, None with a fault otherwise.

    Only padding is forgiven. A bare number or a name is a fault whose advice names the probable code.
    """
    tekst = str(cel).strip()
    if is_totaal(cel):
        return TOTAAL
    if tekst in kaart or (tekst in boek.soorten and boek.soorten[tekst] != "gemeente"):
        return tekst
    if is_datum(cel):
        fouten.meld(
            regel,
            kop,
            cel,
            "hier staat een datum en geen code",
            "zet de kolom op 'Tekst' en plak de codes opnieuw",
        )
    elif not tekst:
        fouten.meld(
            regel, kop, "", "de gebiedscode ontbreekt", "vul een code in zoals GM0106, PV22 of RA0102"
        )
    elif tekst in boek.vervallen:
        sinds, naam = boek.vervallen[tekst]
        if peiljaar >= sinds:
            fouten.meld(
                regel,
                kop,
                tekst,
                f"code {tekst} ({naam}) bestaat sinds {sinds} niet meer",
                f"geef peiljaar={sinds - 1} op, dan wordt herindeeld",
            )
    elif tekst in boek.ontstaan:
        sinds = boek.ontstaan[tekst]
        fouten.meld(
            regel,
            kop,
            tekst,
            f"code {tekst} ({boek.naam(tekst)}) bestaat pas sinds {sinds}, niet in peiljaar {peiljaar}",
            "geef het peiljaar van de gemeentelijke indeling op met peiljaar=",
        )
    elif raad := boek.waarschijnlijk(tekst):
        soort = "een los nummer" if re.fullmatch(r"[0-9.]+", tekst) else "een naam"
        fouten.meld(regel, kop, tekst, f"dit is {soort} en geen code", f"bedoelt u {raad}? Schrijf de code")
    else:
        klein = tekst.upper().replace(" ", "")
        raad = (
            f"bedoelt u {klein}?"
            if klein in boek.soorten
            else "gebruik de codes van het CBS, zoals GM0106 of PV22"
        )
        fouten.meld(regel, kop, tekst, "onbekende gebiedscode", raad)
    return None


def vertaal_nummers(cellen: Sequence[Cel], namen: Sequence[Cel], kaart: dict[str, str]) -> dict[int, str]:
    """Position -> code, for bare CBS numbers (106 is GM0106) that are beyond doubt; else nothing.

    They are when the name beside every code and number of the column is that of the gemeente.
    """
    uit: dict[int, str] = {}
    for nr, (cel, naam) in enumerate(zip(cellen, namen, strict=True)):
        tekst = str(cel).strip()
        if not tekst or is_totaal(cel):
            continue
        nummer = re.fullmatch(r"([0-9]{1,4})(?:\.0+)?", tekst)
        code = f"GM{int(nummer[1]):04d}" if nummer else tekst
        if code not in kaart or not isinstance(naam, str) or not zelfde_naam(kaart[code], naam):
            return {}
        if nummer:
            uit[nr] = code
    return uit


def zelfde_naam(eigen: str, naam: str) -> bool:
    """Whether a name is the register's own; its suffix may be left out, but no other stand there.

    >>> [zelfde_naam("Bergen (L.)", naam) for naam in ("BERGEN", "Bergen (L)", "Bergen (NH.)")]
    [True, True, False]
    """
    return plat(eigen) == plat(naam) if "(" in naam else vouw(eigen) == vouw(naam)


def keur_naam(code: str, naam: Cel, *, regel: int, kop: str, boek: Gebiedenboek, fouten: Foutenlijst) -> bool:
    """Whether the name beside a code is the area's own; the name of another area of that type is a fault."""
    if not isinstance(naam, str) or not naam or code == TOTAAL:
        return True
    anders = [
        ander
        for ander in boek.op_naam(naam)
        if ander != code and boek.soorten.get(ander) == boek.soorten.get(code)
    ]
    zelf = zelfde_naam(boek.naam(code), naam)
    # beside the code of Bergen (L.) "Bergen (NH.)" is another gemeente, "Bergen (Limburg)" only written otherwise
    ander_achtervoegsel = any(plat(boek.naam(ander)) == plat(naam) for ander in anders)
    if anders and not zelf and (ander_achtervoegsel or vouw(boek.naam(code)) != vouw(naam)):
        fouten.meld(
            regel,
            kop,
            naam,
            f"code {code} is {boek.naam(code)}, niet {naam}",
            f"verbeter de code of de naam ({noem(anders)})",
        )
    return zelf


def breng_naar_nu(
    lang: pd.DataFrame,
    *,
    boek: Gebiedenboek,
    peiljaar: int,
    sleutels: Sequence[str],
    som: Sequence[str],
    verdeling: pd.DataFrame | None,
    volledig: bool,
    fouten: Foutenlijst,
) -> tuple[pd.DataFrame, list[str]]:
    """Sums per gemeente on an older map -> the map of 2024.

    A gemeente made of several needs them all, else its sum is silently too low: with `volledig` each missing
    part is a fault, per class of the other keys; without, only parts absent altogether are, and a class that
    one of the parts lacks is left out of the result: it is not known. A sum with a missing part (NaN) is
    missing. Divided gemeenten without shares are faults, by name and line.
    """
    gelijk = boek.kaart(peiljaar) == boek.kaart(PEILJAAR)
    if gelijk or lang.empty:
        return lang.drop(columns="regel"), []
    oorsprong = {doel: delen for doel, delen in boek.oorsprong(peiljaar).items() if delen != {doel}}
    _keur_volledig(lang, oorsprong, boek, sleutels if volledig else (), fouten)
    fouten.stop()
    if not volledig:
        lang = _vul_aan(lang, sleutels)
        som = [*som, AANGEVULD]
    oud = (
        lang.rename(columns={"gebied": "gm_code"}).set_index(["gm_code", *sleutels])[list(som)].astype(float)
    )
    try:
        nieuw = boek.verplaats(oud, peiljaar, list(som), verdeling)
    except SplitsingFout as fout:
        for code in fout.codes:
            regels = lang.loc[lang["gebied"] == code, "regel"]
            fouten.meld(
                int(regels.iloc[0]) if len(regels) else 1,
                "gebied",
                code,
                f"{code} ({boek.naam(code)}) is na {peiljaar} over meer gemeenten verdeeld",
                "geef de aandelen op met verdeling=hd.load_verdeling(), of lever de gemeenten van nu",
            )
    except OnbekendGebiedFout as fout:
        fouten.meld(
            1,
            "gebied",
            noem(fout.codes),
            f"herindelen van de indeling van {peiljaar} lukt niet: deze gemeenten ontbreken",
            "lever ze ook, of lever de gemeenten van nu",
        )
    fouten.stop()
    heel = [kolom for kolom in som if not oud[kolom].isna().any()]
    scheelt = (nieuw[heel].sum() - oud[heel].sum()).abs() > MATE * oud[heel].sum().abs().clip(lower=1.0)
    for kolom in scheelt.index[scheelt]:
        fouten.meld(1, str(kolom), "", "het totaal verandert door de herindeling", "controleer het peiljaar")
    fouten.stop()
    tabel = nieuw.reset_index().rename(columns={"gm_code": "gebied"})
    extra = []
    if not volledig:
        onbekend = tabel.pop(AANGEVULD) > 0
        gedeeld = onbekend & tabel["gebied"].isin(oorsprong)
        tabel = tabel[~onbekend].reset_index(drop=True)
        if gedeeld.any():
            weg = "in groepen van samengevoegde gemeenten ontbreekt een deel: die groepen zijn weggelaten"
            extra = [f"{int(gedeeld.sum())} keer: {weg} (onbekend, niet nul)."]
    verdwenen = sorted(set(lang["gebied"]) - set(boek.gemeenten))
    wat = f"samengevoegd of hernoemd: {noem(boek.voluit(str(code)) for code in verdwenen)}"
    wat = wat if verdwenen else "geen van de codes is vervallen"
    tekst = f"Van de gemeentelijke indeling van {peiljaar} naar {PEILJAAR} gebracht"
    return tabel, [
        f"{tekst}; {wat}.",
        *extra,
    ]


def _vul_aan(lang: pd.DataFrame, sleutels: Sequence[str]) -> pd.DataFrame:
    """Every gemeente with every class; an added row has no values, and 1 in a column that says so."""
    klassen = lang[list(sleutels)].drop_duplicates()
    rooster = lang[["gebied"]].drop_duplicates().merge(klassen, how="cross")
    vol = rooster.merge(lang, on=["gebied", *sleutels], how="left")
    return vol.assign(**{AANGEVULD: vol["regel"].isna().astype(float)}).fillna({"regel": 1})


def _keur_volledig(
    lang: pd.DataFrame,
    oorsprong: dict[str, frozenset[str]],
    boek: Gebiedenboek,
    sleutels: Sequence[str],
    fouten: Foutenlijst,
) -> None:
    aanwezig = set(lang["gebied"])
    for doel, delen in oorsprong.items():
        er = delen & aanwezig
        # a gemeente that only gained a divided one's part is whole without it if none of the parts
        # is delivered
        if not er:
            continue
        regel = int(lang.loc[lang["gebied"].isin(er), "regel"].iloc[0])
        kop = f"{doel} ({boek.naam(doel)}) bestaat uit {noem(sorted(delen))}"
        if delen - er:
            weg = noem(sorted(delen - er))
            fouten.meld(
                regel,
                "gebied",
                noem(sorted(er)),
                f"{kop}; {weg} ontbreekt",
                "lever alle delen, of de gemeenten van nu",
            )
            continue
        if not sleutels:
            continue
        sets: dict[str, set[tuple[str, ...]]] = {
            str(code): {tuple(map(str, rij)) for rij in groep[list(sleutels)].to_numpy()}
            for code, groep in lang.loc[lang["gebied"].isin(er)].groupby("gebied")
        }
        alles: set[tuple[str, ...]] = set().union(*sets.values())
        for code, combinaties in sets.items():
            for mist in sorted(alles - combinaties):
                klasse = " / ".join(deel for deel in mist if deel not in {ALLE, "onbekend"})
                fouten.meld(
                    regel,
                    "gebied",
                    code,
                    f"{kop}; voor {code} ontbreekt {klasse}",
                    "voeg de rij toe (0 als er niemand is)",
                )


Lezer = Callable[[Cel], str | None]


def lees_sleutel(
    cellen: Sequence[Cel],
    *,
    regels: Sequence[int],
    gebieden: Sequence[str | None],
    kop: str,
    lezer: Lezer,
    fouten: Foutenlijst,
    advies: str,
) -> list[str]:
    """A key column through its reader; empty only on a totals row, where it means `alle`."""
    uit = []
    for cel, regel, gebied in zip(cellen, regels, gebieden, strict=True):
        if cel == "" and gebied == TOTAAL:
            uit.append(ALLE)
            continue
        waarde = lezer(cel)
        if waarde is None:
            if is_datum(cel):
                fouten.meld(
                    regel,
                    kop,
                    cel,
                    "Excel heeft hier een datum van gemaakt",
                    f"zet de kolom op 'Tekst'; {advies}",
                )
            else:
                fouten.meld(regel, kop, cel, "onbekende klasse" if cel != "" else "de cel is leeg", advies)
        uit.append(waarde if waarde is not None else f"?{regel}")
    return uit
