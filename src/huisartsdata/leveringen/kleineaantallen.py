"""Delivered GPs as they may leave: no count under ten, by subtraction, by division or between two functies.

Of a delivery per area three kinds of numbers leave: its rows (`Levering.tabel`), its sum per area for either
`functie` (`toon_sommen`), and the fte with which the supply model calculates (`rekentabel`). All three follow
one plan, made from the exact rows, so that what is hidden does not depend on what was asked first:

- hidden is every count of 1-9 people: in a row, in a sum per area, and in the difference between the two
  functies, which is the number of roaming locums. Zero is nobody and may be shown;
- with it goes what would give it back, if the sums per area, per functie and of the whole file are known:
  it takes `onderdruk`;
- fte that *tell* a count are hidden where the count is: fte made as persons times a factor, and fte of a
  file in which they are persons times one constant. Other fte were measured apart from the count: dividing
  them by a guessed working week gives a range and no number, so they stay;
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
from huisartsdata.leveringen.waarden import AFGELEID, ONDERDRUKT

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Levering

WISSELEND = "wisselende_waarnemer"
FUNCTIES = ("alle", "zonder_wisselend")
MAX_DECIMALEN = 4
_ZEKER = 1e-9

Vlag = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Plan:
    """What of one delivery may be shown.

    Attributes
    ----------
    rij
        Per row whether its count is hidden.
    verraadt
        Per row whether its fte tell the count.
    personen
        Per area (rows) and functie (columns) whether the sum of people may be shown.
    fte
        The same for the sum of fte.
    """

    rij: Vlag
    verraadt: Vlag
    personen: pd.DataFrame
    fte: pd.DataFrame


def maak_plan(tabel: pd.DataFrame) -> Plan:
    """Decide from exact rows (index gebied; personen, fte, functie, perhaps fte_status)."""
    personen = tabel["personen"].to_numpy(dtype=float)
    verraadt = _verraadt(tabel)
    codes = pd.Index(sorted(set(tabel.index)), name="gebied")
    open_ = pd.DataFrame(data=True, index=codes, columns=list(FUNCTIES))
    with np.errstate(invalid="ignore"):
        klein = (personen > 0) & (personen < GRENS)
    if not klein.any():
        return Plan(klein, verraadt, open_, open_.copy())
    wisselend = (tabel["functie"] == WISSELEND).to_numpy()
    rijen = pd.DataFrame({"gebied": tabel.index, "wisselend": wisselend, "personen": personen})
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
    toon = open_.copy()
    toon["alle"] = boven.randen[0].reindex(codes).notna() | ~bekend
    toon["zonder_wisselend"] = ~codes.isin(groepen.loc[dicht & ~groepen["wisselend"], "gebied"])
    fte = toon.copy()
    for functie in FUNCTIES:
        telt = np.ones(len(tabel), dtype=bool) if functie == "alle" else ~wisselend
        raak = pd.Series(telt & verraadt, index=tabel.index).groupby(level=0).any().reindex(codes)
        half = _half(tabel, telt & verraadt, rij).reindex(codes)
        fte[functie] = ~(raak & (~toon[functie] | half))
    return Plan(rij, verraadt, toon, fte)


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
    """Rows whose fte are persons times one number: made so by us, or so in all rows of the functie."""
    if "fte_status" in tabel:
        uit: Vlag = (tabel["fte_status"] == AFGELEID).to_numpy(dtype=bool, copy=True)
    else:
        uit = np.zeros(len(tabel), dtype=bool)
    fte, personen = (tabel[k].to_numpy(dtype=float) for k in ("fte", "personen"))
    bruikbaar = ~uit & np.isfinite(fte) & (personen > 0)
    marge = 0.5 * 10.0 ** -_decimalen(fte[bruikbaar])
    for functie in sorted(set(tabel["functie"])):
        hier = bruikbaar & (tabel["functie"] == functie).to_numpy()
        if len(np.unique(personen[hier])) < 2:  # one row has no constant to divide by
            continue
        laag, hoog = (((fte[hier] + m) / personen[hier]) for m in (-marge, marge))
        if laag.max() <= hoog.min() + _ZEKER:
            uit |= hier
    return uit


def _decimalen(fte: npt.NDArray[np.float64]) -> int:
    return next(
        (d for d in range(MAX_DECIMALEN) if np.allclose(fte, np.round(fte, d), rtol=0, atol=_ZEKER)),
        MAX_DECIMALEN,
    )


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
    if not plan.rij.any():
        return tabel, ""
    uit = tabel.copy()
    fte = plan.rij & plan.verraadt
    for naam, weg in (("personen", plan.rij), ("fte", fte)):
        uit[naam] = uit[naam].mask(weg)
        uit[f"{naam}_status"] = uit[f"{naam}_status"].mask(weg, ONDERDRUKT)
    personen = tabel["personen"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        klein = int((plan.rij & (personen < GRENS)).sum())
    mee = int(plan.rij.sum()) - klein
    zin = (
        f"{klein} keer minder dan {GRENS} huisartsen: die aantallen"
        + (f" en {mee} waaruit ze zouden volgen" if mee else "")
        + " worden nergens getoond"
        + (f", met {int(fte.sum())} keer de fte die eruit volgt." if fte.any() else ".")
    )
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
