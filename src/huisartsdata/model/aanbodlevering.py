"""Deliveries as the supply model uses them: which practices there are, what is fixed, which areas hold what.

A delivery replaces the estimate for its area and nothing else. Only fte that count the same GPs as the
picture (`functie`) are taken; persons never become supply here. Contradictions are refused with every fault
listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from huisartsdata.fouten import LeveringFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.leveringen.getaltekst import toon_getal
from huisartsdata.leveringen.kleineaantallen import rekentabel
from huisartsdata.leveringen.levering import KOLOMMEN_FOUT, Levering, noem
from huisartsdata.leveringen.onderdrukking import GRENS

AFGELEID, MODELSCHATTING, WAARGENOMEN = "afgeleid", "modelschatting", "waargenomen"
PRAKTIJKKOLOMMEN = ["pc4", "gm_code", "fte", "fte_status", "ingeschreven", "open_voor_inschrijving"]

# which functions together are a functie; the first set that an area has completely counts
SAMENSTELLING: dict[str, tuple[frozenset[str], ...]] = {
    "alle": (
        frozenset({"alle"}),
        frozenset({"zonder_wisselend", "wisselende_waarnemer"}),
        frozenset({"praktijkhouder", "hidha", "vaste_waarnemer", "wisselende_waarnemer"}),
        frozenset({"praktijkhouder", "hidha", "waarnemer"}),
    ),
    "zonder_wisselend": (
        frozenset({"zonder_wisselend"}),
        frozenset({"praktijkhouder", "hidha", "vaste_waarnemer"}),
    ),
}

LAND = "land"
SLUIT = 1e-9  # totals tie to this share of the national fte
RUIM = 1.3  # a remainder this many times denser or thinner than the country is told to the user

Vec = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
_Fout = tuple[str, object, str, str]


@dataclass(frozen=True)
class Gebiedscijfer:
    """Delivered fte of an area: its code, the gemeenten in it, the value and its status."""

    code: str
    gemeenten: frozenset[str]
    fte: float
    status: str


@dataclass(frozen=True, eq=False)
class Geleverd:
    """All deliveries together.

    Attributes
    ----------
    praktijken
        Every practice there is: the snapshot's outside, the lists' inside delivered practice lists.
    lijst
        Per practice whether it comes from a list.
    gebieden
        Delivered areas, largest first; any two are nested or apart.
    opmerkingen
        Dutch sentences on what was left out.
    """

    praktijken: pd.DataFrame
    lijst: pd.Series
    gebieden: tuple[Gebiedscijfer, ...] = ()
    opmerkingen: tuple[str, ...] = field(default=())


def weiger(melding: str, fouten: Iterable[_Fout]) -> LeveringFout:
    """An error over (kolom, waarde, probleem, advies); there is no line of a file to point at."""
    return LeveringFout(melding, pd.DataFrame([(0, *f) for f in fouten], columns=KOLOMMEN_FOUT))


def keur_tabellen(praktijken: pd.DataFrame, gemeenten: pd.DataFrame) -> None:
    """Refuse tables without the columns of the estimate, with double ids, or that do not belong together."""
    nodig = {"inwoners", "adressen", "regioplus_code"} - set(gemeenten.columns)
    if nodig or "gm_code" not in praktijken:
        wat = ", ".join(sorted(nodig) or ["gm_code (praktijken)"])
        raise ParameterFout(f"kolommen ontbreken: {wat}; tel_adressen(gemeenten, pc4) voegt adressen toe")
    if praktijken.index.has_duplicates or gemeenten.index.has_duplicates:
        raise ParameterFout("een praktijk_id of gm_code staat er twee keer in; maak de index uniek")
    if onbekend := sorted(set(praktijken["gm_code"]) - set(gemeenten.index)):
        raise ParameterFout(f"praktijken in gemeenten die niet in de tabel staan: {noem(onbekend)}")


def verwerk_leveringen(
    praktijken: pd.DataFrame, gemeenten: pd.DataFrame, leveringen: Sequence[Levering], functie: str
) -> Geleverd:
    """Sort the deliveries out.

    Raises
    ------
    LeveringFout
        If a delivery holds no supply, counts other GPs, or contradicts another.
    OnbekendGebiedFout
        For an area that `gemeenten` has in none of its `*_code` columns.
    """
    fouten: list[_Fout] = [
        ("soort", lev.soort, "deze levering bevat geen aanbod", "lever fte per gebied of een praktijklijst")
        for lev in leveringen
        if lev.soort not in ("nivel", "praktijken")
    ]
    lijsten = [lev for lev in leveringen if lev.soort == "praktijken"]
    alle, lijst = _voeg_lijsten_in(praktijken, gemeenten, lijsten, functie, fouten)
    leden = _leden(gemeenten)
    cijfers: dict[str, Gebiedscijfer] = {}
    opmerkingen: list[str] = []
    for lev in leveringen:
        if lev.soort != "nivel":
            continue
        if onbekend := sorted(set(lev.tabel.index) - set(leden)):
            raise OnbekendGebiedFout(
                f"gebieden zonder gemeenten in de tabel: {noem(onbekend)}; geef de indeling mee als kolom "
                "<soort>_code van gemeenten",
                onbekend,
            )
        for cijfer in _gebiedscijfers(lev, leden, functie, fouten, opmerkingen):
            eerder = cijfers.setdefault(cijfer.code, cijfer)
            if eerder.fte != cijfer.fte:
                twee = f"{cijfer.code} is twee keer geleverd, met {eerder.fte:g} en {cijfer.fte:g} fte"
                fouten.append(("gebied", cijfer.code, twee, "laat één van beide leveringen weg"))
    gebieden = sorted(cijfers.values(), key=lambda c: (-len(c.gemeenten), c.code))
    for k, groot in enumerate(gebieden):
        for klein in gebieden[k + 1 :]:
            samen = groot.gemeenten & klein.gemeenten
            if samen == klein.gemeenten == groot.gemeenten and groot.fte != klein.fte:
                zelfde = f"hetzelfde gebied als {groot.code}, maar met een ander aantal fte"
                fouten.append(("gebied", klein.code, zelfde, "laat één van beide weg"))
            elif samen and samen != klein.gemeenten:
                half = f"ligt deels in {groot.code} en deels erbuiten"
                fouten.append(("gebied", klein.code, half, "lever gebieden die in elkaar passen"))
    if fouten:
        raise weiger("de leveringen zijn als aanbod niet bruikbaar", fouten)
    return Geleverd(alle, lijst, tuple(gebieden), tuple(opmerkingen))


def _leden(gemeenten: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Area code -> gemeenten, from the index and every `*_code` column."""
    leden = {str(c): frozenset([str(c)]) for c in gemeenten.index}
    for kolom in gemeenten.columns:
        if str(kolom).endswith("_code"):
            for code, groep in gemeenten[kolom].dropna().groupby(gemeenten[kolom].dropna()):
                leden[str(code)] = frozenset(map(str, groep.index))
    return leden


def _voeg_lijsten_in(
    praktijken: pd.DataFrame,
    gemeenten: pd.DataFrame,
    lijsten: Sequence[Levering],
    functie: str,
    fouten: list[_Fout],
) -> tuple[pd.DataFrame, pd.Series]:
    basis = pd.DataFrame(praktijken.drop(columns="geometry", errors="ignore"))
    basis = basis.reindex(columns=PRAKTIJKKOLOMMEN)
    bezet: set[str] = set()
    delen = []
    for lev in lijsten:
        if onbekend := sorted(set(lev.gebieden) - set(gemeenten.index)):
            raise OnbekendGebiedFout(f"onbekende gemeenten in de praktijklijst: {noem(onbekend)}", onbekend)
        if dubbel := sorted(bezet & set(lev.gebieden)):
            fouten.append(
                ("gebied", noem(dubbel), "twee praktijklijsten over hetzelfde gebied", "laat er één weg")
            )
        bezet |= set(lev.gebieden)
        telt = sorted(set(lev.tabel["functie"])) if "functie" in lev.tabel else ["onbekend"]
        if telt != [functie]:
            fouten.append(_andere_functie("praktijklijst", telt, functie))
        delen.append(lev.tabel.reindex(columns=PRAKTIJKKOLOMMEN))
    over = basis.loc[~basis["gm_code"].isin(bezet)]
    if not delen:
        return over, pd.Series(data=False, index=over.index)
    nieuw = pd.concat(delen)
    if dubbel := sorted(
        set(nieuw.index[nieuw.index.duplicated()]) | set(nieuw.index.intersection(over.index))
    ):
        eigen = "geef elke praktijk een eigen nummer"
        fouten.append(("praktijk_id", noem(dubbel), "dit praktijk_id komt ook elders voor", eigen))
        nieuw = nieuw.loc[~nieuw.index.isin(dubbel)]
    alle = pd.concat([over, nieuw]).rename_axis("praktijk_id")
    return alle, pd.Series(alle.index.isin(nieuw.index), index=alle.index)


def _andere_functie(wat: object, telt: Sequence[str], functie: str) -> _Fout:
    return (
        "functie",
        wat,
        f"telt huisartsen met functie {noem(telt)}, de situatie met functie {functie}",
        f"lever fte van functie {functie}, geef functie= op bij het inlezen of kies een andere situatie",
    )


def _gebiedscijfers(
    lev: Levering,
    leden: dict[str, frozenset[str]],
    functie: str,
    fouten: list[_Fout],
    opmerkingen: list[str],
) -> list[Gebiedscijfer]:
    """Fte per area of this functie, summed over sex and age; areas with a missing or hidden part stay estimates."""
    uit: list[Gebiedscijfer] = []
    leeg: list[str] = []
    klein: list[str] = []
    geweigerd: dict[tuple[str, ...], list[str]] = {}
    tabel = rekentabel(lev, functie)
    for code, deel in tabel.groupby(level=0, sort=True):
        functies = set(deel["functie"])
        keuze = next((s for s in SAMENSTELLING[functie] if s <= functies), None)
        if keuze is None:
            geweigerd.setdefault(tuple(sorted(functies)), []).append(str(code))
            continue
        telt = deel.loc[deel["functie"].isin(keuze)]
        fte = float(telt["fte"].sum(skipna=False))
        if np.isnan(fte):
            weg = lev.exact().loc[[code]]
            gemeten = weg.loc[weg["functie"].isin(keuze), "fte"].notna().all()
            (klein if gemeten else leeg).append(str(code))
            continue
        status = AFGELEID if (telt["fte_status"] == AFGELEID).any() or len(keuze) > 1 else WAARGENOMEN
        uit.append(Gebiedscijfer(str(code), leden[str(code)], fte, status))
    fouten += [_andere_functie(noem(codes), telt, functie) for telt, codes in geweigerd.items()]
    if klein:
        opmerkingen.append(
            f"Voor {len(klein)} gebieden volgt uit de fte (personen maal een factor, of dezelfde fte per huisarts "
            f"als in andere rijen) een aantal van minder dan {GRENS} huisartsen; daar blijft de modelschatting: "
            f"{noem(klein)}. Lever daar gemeten fte, of alleen de functies die meetellen."
        )
    if leeg:
        opmerkingen.append(
            f"Voor {len(leeg)} gebieden is de geleverde fte niet volledig; daar blijft de modelschatting: "
            f"{noem(leeg)}."
        )
    return uit


def verdeel_blokken(
    gebieden: Sequence[Gebiedscijfer], gemeenten: pd.Index, gemeente_van: Ints, vast: Vec, totaal: float
) -> tuple[Ints, Vec]:
    """Smallest delivered area around every practice, and the fte that each such block has left to divide.

    Block 0 is the rest of the country. `gebieden` come largest first; `vast` is delivered fte per practice.

    Raises
    ------
    LeveringFout
        If a block has less than nothing left, or something and nobody to give it to.
    """
    gm_blok = np.zeros(len(gemeenten), dtype=np.intp)
    rest = np.array([totaal, *(c.fte for c in gebieden)])
    for k, cijfer in enumerate(gebieden, start=1):  # largest first
        binnen = gemeenten.isin(sorted(cijfer.gemeenten))
        rest[gm_blok[np.flatnonzero(binnen)[0]]] -= cijfer.fte
        gm_blok[binnen] = k
    blok = gm_blok[gemeente_van]
    bekend = ~np.isnan(vast)
    rest -= np.bincount(blok[bekend], vast[bekend], minlength=len(rest))
    leeg = np.bincount(blok[~bekend], minlength=len(rest)) == 0
    mis = (rest < -SLUIT * totaal) | (leeg & (np.abs(rest) > SLUIT * totaal))
    if mis.any():
        raise weiger(
            "de leveringen passen niet in het totaal eromheen",
            [
                _past_niet(k, gebieden, float(rest[k]), totaal, alles=bool(leeg[k]))
                for k in map(int, np.flatnonzero(mis))
            ],
        )
    return blok, np.where(leeg, 0.0, np.maximum(rest, 0.0))


def _past_niet(
    k: int, gebieden: Sequence[Gebiedscijfer], rest: float, totaal: float, *, alles: bool
) -> tuple[str, object, str, str]:
    """The fault of one block, with the most likely cause."""
    code, geheel = (LAND, totaal) if k == 0 else (gebieden[k - 1].code, gebieden[k - 1].fte)
    if rest < 0:
        meer = (
            f"geleverd is {toon_getal(geheel - rest, 1)} fte, {toon_getal(-100 * rest / geheel, 1)}% meer dan de "
            f"{toon_getal(geheel, 1)} van {code}"
        )
        advies = "telt een huisarts die in twee gebieden werkt twee keer? lever fte naar werkplek"
    elif geheel == rest:
        meer = f"{toon_getal(geheel, 1)} fte geleverd, maar er is geen praktijk om ze over te verdelen"
        advies = "lever een praktijklijst of een groter gebied"
    else:
        meer = f"alles in {code} is geleverd, samen {toon_getal(geheel - rest, 1)} fte en geen {toon_getal(geheel, 1)}"
        advies = "laat het gebied of een van de delen weg"
    if k == 0 and (rest < 0 or alles):
        advies += ", of geef het landelijke totaal van deze levering op met landelijk="
    return "fte", code, meer, advies


def meld_rest(geleverd: Geleverd, g: pd.DataFrame, over: Ints, rest: float, totaal: float) -> list[str]:
    """Tell it when the deliveries leave the rest of the country (gemeenten `over`) an unlikely density."""
    if not (geleverd.gebieden or geleverd.lijst.any()) or not len(over):
        return []
    land = totaal / g["inwoners"].sum()
    in_lijst = geleverd.praktijken.loc[geleverd.lijst]
    # a gemeente whose practices are all delivered has no part in the rest
    vol = set(in_lijst["gm_code"]) - set(in_lijst.loc[in_lijst["fte"].isna(), "gm_code"])
    open_ = g.index[over].difference(pd.Index(sorted(vol)))
    mensen = float(g["inwoners"].reindex(open_).sum())
    verhouding = rest / mensen / land if mensen else 1.0
    if 1 / RUIM <= verhouding <= RUIM:
        return []
    hier, overal = (toon_getal(1e4 * x, 2) for x in (rest / mensen, land))
    per_10000 = f"{hier} fte per 10.000 inwoners over, tegen {overal} landelijk"
    controleer = "controleer functie, peildatum en dubbeltelling"
    return [f"Na de leveringen houdt de rest van het land {per_10000}: {controleer}."]
