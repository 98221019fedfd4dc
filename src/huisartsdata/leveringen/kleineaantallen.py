"""Delivered GPs as they may leave: no count under ten, by subtraction, by division or between two functies.

Of a delivery per area three kinds of numbers leave: its rows (`Levering.tabel`), its sum per area for either
`functie` (`toon_sommen`), and the fte with which the supply model calculates (`rekentabel`). All three follow
one plan, made from the exact rows, so that what is hidden does not depend on what was asked first:

- hidden is every count of 1-9 people: in a row, in a sum per area, and in the difference between the two
  functies, which is the number of roaming locums. Zero is nobody and may be shown;
- with it goes what would give it back, if the sums per area, per functie and of the whole file are known:
  it takes `onderdruk`;
- fte that *tell* a count are hidden where the count is, also where the publisher hid it (`<5`): fte made as
  persons times a factor, and fte that are a multiple of a ratio that other rows share (`verhoudingen`). Other
  fte were measured apart from the count: dividing them by a guessed working week gives a range and no number,
  so they stay;
- in an area with such a row the fte go as the counts go, row by row and sum by sum: with one row of fte less
  the sum of the area would give them back;
- where several factors were used, sums of fte and of persons together are equations in the parts. Then the
  fte of an area in which a part is hidden go nowhere.

An area whose fte tell a hidden count stays an estimate in the supply model: a gemeente with one practice
would otherwise print them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from huisartsdata.leveringen.onderdrukking import GRENS, onderdruk
from huisartsdata.leveringen.verhoudingen import vind_verraders
from huisartsdata.leveringen.waarden import AFGELEID, ONDERDRUKT

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Levering

WISSELEND = "wisselende_waarnemer"
FUNCTIES = ("alle", "zonder_wisselend")
_ZEKER = 1e-9

Vlag = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Plan:
    """What of one delivery may be shown.

    Attributes
    ----------
    rij
        Per row whether its count is hidden.
    rij_fte
        Per row whether its fte are hidden.
    personen
        Per area (rows) and functie (columns) whether the sum of people may be shown.
    fte
        The same for the sum of fte.
    """

    rij: Vlag
    rij_fte: Vlag
    personen: pd.DataFrame
    fte: pd.DataFrame


def maak_plan(tabel: pd.DataFrame) -> Plan:
    """Decide from exact rows (index gebied; personen, fte, functie, perhaps fte_status)."""
    personen = tabel["personen"].to_numpy(dtype=float)
    codes = pd.Index(sorted(set(tabel.index)), name="gebied")
    wisselend = (tabel["functie"] == WISSELEND).to_numpy()
    rij, toon = _personenplan(tabel.index, personen, wisselend, codes)
    verraadt = _verraadt(tabel)
    # a count that the publisher hid is hidden as much as one of ours
    verborgen = rij | np.isnan(personen)
    raak = verraadt & verborgen
    if not raak.any() and toon.all(axis=None):
        return Plan(rij, raak, toon, toon.copy())
    mee = codes.isin(tabel.index[raak])
    fte = _toon_fte(tabel, rij, verraadt, toon, mee)
    if (~fte.all(axis=1)).sum() == 1 and len(buren := codes[~toon.all(axis=1) & fte.all(axis=1)]):
        # the one sum of fte that is hidden would be that of the file minus the others: the smallest goes too
        som = tabel["fte"].groupby(level=0).sum().reindex(buren)
        mee |= codes == som.idxmin()
        fte = _toon_fte(tabel, rij, verraadt, toon, mee)
    rij_fte = raak | (verborgen & tabel.index.isin(codes[mee]))
    return Plan(rij, rij_fte & tabel["fte"].notna().to_numpy(), toon, fte)


def _personenplan(
    index: pd.Index, personen: npt.NDArray[np.float64], wisselend: Vlag, codes: pd.Index
) -> tuple[Vlag, pd.DataFrame]:
    """Per row whether its count is hidden; per area and functie whether the sum of people may be shown."""
    toon = pd.DataFrame(data=True, index=codes, columns=list(FUNCTIES))
    with np.errstate(invalid="ignore"):
        klein = (personen > 0) & (personen < GRENS)
    if not klein.any():
        return klein, toon
    rijen = pd.DataFrame({"gebied": index, "wisselend": wisselend, "personen": personen})
    per_groep = rijen.groupby(["gebied", "wisselend"])
    groepen = per_groep["personen"].sum(skipna=False).reset_index()
    boven = onderdruk(groepen, kolom="personen", randen=[["gebied"], ["wisselend"], []], toon_nul=True)
    dicht = (boven.tabel["personen"].isna() & groepen["personen"].notna()).to_numpy()
    nummer = per_groep.ngroup().to_numpy()
    rij = klein.copy()
    for nr in np.flatnonzero(dicht | (np.bincount(nummer, klein) > 0)):
        plek = np.flatnonzero(nummer == nr)
        rij[plek] |= _rijen(personen[plek], klein[plek], groep_dicht=bool(dicht[nr]))
    bekend = groepen.groupby("gebied")["personen"].sum(skipna=False).reindex(codes).notna()
    toon["alle"] = boven.randen[0].reindex(codes).notna() | ~bekend
    toon["zonder_wisselend"] = ~codes.isin(groepen.loc[dicht & ~groepen["wisselend"], "gebied"])
    return rij, toon


def _toon_fte(
    tabel: pd.DataFrame, rij: Vlag, verraadt: Vlag, toon: pd.DataFrame, mee: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    """Per area and functie whether the sum of fte may be shown; in the areas of `mee` as that of people."""
    wisselend = (tabel["functie"] == WISSELEND).to_numpy()
    fte = toon.copy()
    for functie in FUNCTIES:
        telt = np.ones(len(tabel), dtype=bool) if functie == "alle" else ~wisselend
        per = pd.DataFrame(
            {"raak": telt & verraadt, "onbekend": telt & tabel["personen"].isna().to_numpy()},
            index=tabel.index,
        )
        per = per.groupby(level=0).any().reindex(toon.index)
        half = _half(tabel, telt & verraadt, rij).reindex(toon.index)
        # a sum of people that is not known hides nothing by itself, so the fte beside it could tell a part
        fte[functie] = ~(
            (per["raak"] & half) | ((per["raak"] | mee) & ~toon[functie]) | (mee & per["onbekend"])
        )
    return fte


def _rijen(personen: npt.NDArray[np.float64], klein: Vlag, *, groep_dicht: bool) -> Vlag:
    """Which rows of one area and functie group are hidden, when their sum is known or hidden."""
    if klein.any():
        deel = onderdruk(pd.DataFrame({"n": personen}), kolom="n", toon_nul=True).tabel["n"]
        verborgen: Vlag = deel.isna().to_numpy() & ~np.isnan(personen)
        return verborgen
    uit = np.zeros(len(personen), dtype=bool)
    if groep_dicht:  # the rows would add up to the hidden sum; without one of them they do not
        uit[np.argmin(np.where(personen > 0, personen, np.inf))] = True
    return uit


def _half(tabel: pd.DataFrame, telt: Vlag, rij: Vlag) -> pd.Series:
    """Areas of which a counted part is hidden and the parts have different fte per person."""
    verhouding = (tabel["fte"] / tabel["personen"].where(tabel["personen"] > 0)).where(telt)
    per = verhouding.groupby(level=0)
    breedte = per.max() - per.min()
    verborgen = pd.Series(rij & telt, index=tabel.index).groupby(level=0).any()
    return (breedte > _ZEKER) & verborgen


def _verraadt(tabel: pd.DataFrame) -> Vlag:
    """Rows whose fte tell their count: made from it by us, or by a ratio that rows of the file share."""
    if "fte_status" in tabel:
        afgeleid: Vlag = (tabel["fte_status"] == AFGELEID).to_numpy(dtype=bool, copy=True)
    else:
        afgeleid = np.zeros(len(tabel), dtype=bool)
    return afgeleid | vind_verraders(tabel, ~afgeleid)


def verberg(tabel: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Exact rows as they may be shown, and a Dutch sentence on what was hidden (empty if nothing was).

    Examples
    --------
    >>> t = pd.DataFrame({"personen": [3.0, 40, 60], "personen_status": "waargenomen", "fte": [2.25, 30, 45],
    ...                   "fte_status": "afgeleid", "functie": "alle"}, index=["GM1", "GM2", "GM3"])
    >>> dicht, zin = verberg(t)
    >>> dicht["personen"].tolist(), dicht["fte"].tolist()
    ([nan, nan, 60.0], [nan, nan, 45.0])
    """
    plan = maak_plan(tabel)
    fte = plan.rij_fte
    if not plan.rij.any() and not fte.any():
        return tabel, ""
    uit = tabel.copy()
    for naam, weg in (("personen", plan.rij), ("fte", fte)):
        uit[naam] = uit[naam].mask(weg)
        uit[f"{naam}_status"] = uit[f"{naam}_status"].mask(weg, ONDERDRUKT)
    personen = tabel["personen"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        klein = int((plan.rij & (personen < GRENS)).sum())
    mee = int(plan.rij.sum()) - klein
    beide = int((fte & plan.rij).sum())
    zinnen = []
    if klein:
        zinnen.append(
            f"{klein} keer minder dan {GRENS} huisartsen: die aantallen"
            + (f" en {mee} waaruit ze zouden volgen" if mee else "")
            + " worden nergens getoond"
            + (f", met {beide} keer de fte die eruit volgt." if beide else ".")
        )
    if alleen := int(fte.sum()) - beide:
        zinnen.append(
            f"{alleen} keer is een aantal in het bestand verborgen dat uit de fte zou volgen, want fte per huisarts "
            "is er hetzelfde als in andere rijen: die fte worden nergens getoond."
        )
    zin = " ".join(zinnen)
    return uit, zin


def toon_sommen(levering: Levering, functie: str) -> pd.DataFrame:
    """Sums of fte and persons per area for a functie; what may not be shown is NaN.

    The sums of `alle` and `zonder_wisselend` may stand beside each other: their difference is no small count.
    """
    exact = levering.exact()
    plan = maak_plan(exact)
    t = exact if functie == "alle" else exact[exact["functie"] != WISSELEND]
    per = t.groupby(level=0)
    # an unknown part makes a count unknown; of fte the known parts are summed, as everywhere
    som = pd.DataFrame({"fte": per["fte"].sum(min_count=1), "personen": per["personen"].sum(skipna=False)})
    som["personen"] = som["personen"].where(plan.personen[functie].reindex(som.index))
    som["fte"] = som["fte"].where(plan.fte[functie].reindex(som.index))
    return som


def rekentabel(levering: Levering, functie: str) -> pd.DataFrame:
    """The exact rows for the supply model; fte that would tell a hidden count are NaN, for the whole area."""
    exact = levering.exact()
    mag = maak_plan(exact).fte[functie].reindex(exact.index).to_numpy(dtype=bool)
    return exact if mag.all() else exact.assign(fte=exact["fte"].where(mag))
