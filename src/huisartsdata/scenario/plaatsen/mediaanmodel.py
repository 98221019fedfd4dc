"""The p-median: p places so that people travel least in all, solved to the proven optimum.

Three steps, as in the literature (Beasley 1993; Avella, Sassano and Vasil'ev 2007):

1. a good answer: greedy, then swaps of an open and a closed place until none helps (Teitz and Bart 1968);
2. a bound: with multipliers u_i for "everybody goes somewhere", place j is worth
   rho_j = sum_i min(0, c_ij - u_i), and sum_i u_i + the p lowest rho_j is a lower bound; subgradient
   steps raise it;
3. what bound and answer together exclude is left out, exactly; HiGHS solves the small rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.reistijdtabel import opsomming
from huisartsdata.scenario.plaatsen.plaatsmodel import SPELING, Programma, Rijen, gat_van

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Vector = NDArray[np.float64]
    Plaatsen = NDArray[np.intp]

STAPPEN = 600  # subgradient steps; the rest of the gap is HiGHS's
OM_DE = 25  # subgradient steps between two tries for a better answer
GEDULD = 20  # steps without a better bound before the step is halved


@dataclass(frozen=True, eq=False)
class Mediaan:
    """The chosen places and who goes where.

    Attributes
    ----------
    gekozen
        Codes of the chosen places, sorted.
    toewijzing
        Nearest chosen place by demand point; the lower code among equally near ones.
    waarde
        Sum of weight x minutes.
    gap
        Relative distance to the proven bound; 0 at the optimum.
    """

    gekozen: pd.Index
    toewijzing: pd.Series
    waarde: float
    gap: float


def p_mediaan(minuten: pd.DataFrame, gewicht: pd.Series, p: int) -> Mediaan:
    """The p places with the least weighted travel time in all, proven.

    Parameters
    ----------
    minuten
        Minutes (or km) from every demand point (rows) to every place (columns), all filled in.
    gewicht
        People or demand by demand point.
    p
        Number of places.

    Returns
    -------
    Mediaan

    Raises
    ------
    ParameterFout
        For a missing or negative time or weight, other demand points in the two, or a p that does not fit.

    Examples
    --------
    >>> tijden = pd.DataFrame({"a": [0.0, 4.0, 9.0], "b": [4.0, 0.0, 5.0], "c": [9.0, 5.0, 0.0]}, index=list("xyz"))
    >>> beste = p_mediaan(tijden, pd.Series({"x": 1.0, "y": 1.0, "z": 3.0}), 2)
    >>> list(beste.gekozen), beste.waarde, beste.gap
    (['a', 'c'], 4.0, 0.0)
    """
    tijden, last, codes, punten = _lees(minuten, gewicht, p)
    kosten = tijden * last[:, None]
    keuze = _wissel(kosten, _gretig(kosten, p))
    stand = _begrens(kosten, p, keuze)
    keuze, boven, onder = stand.keuze, stand.boven, stand.onder
    if boven - onder > SPELING * max(1.0, boven):
        keuze, boven, onder = _maak_af(kosten, p, stand)
    keuze = np.sort(keuze)
    naar = keuze[tijden[:, keuze].argmin(axis=1)]
    return Mediaan(
        gekozen=codes[keuze],
        toewijzing=pd.Series(codes[naar], punten, name="plek").reindex(minuten.index),
        waarde=float(kosten[np.arange(len(kosten)), naar].sum()),
        gap=gat_van(boven, onder),
    )


def _lees(minuten: pd.DataFrame, gewicht: pd.Series, p: int) -> tuple[Matrix, Vector, pd.Index, pd.Index]:
    """Arrays in order of code, so that the order of the input changes nothing."""
    if not isinstance(minuten, pd.DataFrame) or not isinstance(gewicht, pd.Series):
        raise ParameterFout("geef minuten als tabel (DataFrame) en gewicht als reeks (Series), met codes")
    if minuten.index.has_duplicates or minuten.columns.has_duplicates or gewicht.index.has_duplicates:
        raise ParameterFout("een vertrekpunt of plek staat er dubbel in; houd er één")
    anders = minuten.index.symmetric_difference(gewicht.index)
    if len(anders):
        raise ParameterFout(f"niet in minuten en gewicht allebei: {opsomming(anders)}; geef dezelfde punten")
    punten, codes = minuten.index.sort_values(), minuten.columns.sort_values()
    try:
        tijden = minuten.loc[punten, codes].to_numpy(dtype="float64")
        last = gewicht.reindex(punten).to_numpy(dtype="float64")
    except (TypeError, ValueError) as e:
        raise ParameterFout("minuten en gewicht hebben overal een getal nodig; haal tekst weg") from e
    if not (
        np.isfinite(tijden).all() and (tijden >= 0).all() and np.isfinite(last).all() and (last >= 0).all()
    ):
        raise ParameterFout("minuten en gewicht hebben overal een getal van 0 of meer nodig; vul ze aan")
    heel = isinstance(p, (int, np.integer)) and not isinstance(p, bool)
    if not heel or not 1 <= p <= len(codes) or not len(punten):
        raise ParameterFout(f"p={p!r} kan niet; geef een heel getal van 1 tot en met {len(codes)}")
    return tijden, last, codes, punten


def _gretig(kosten: Matrix, p: int) -> Plaatsen:
    """One place after another, each the one that helps most."""
    beste = np.full(len(kosten), np.inf)
    keuze: list[int] = []
    for _ in range(p):
        totaal = np.minimum(beste[:, None], kosten).sum(axis=0)
        totaal[keuze] = np.inf
        keuze.append(int(totaal.argmin()))
        beste = np.minimum(beste, kosten[:, keuze[-1]])
    return np.array(keuze)


def _wissel(kosten: Matrix, keuze: Plaatsen) -> Plaatsen:
    """Best swap of an open and a closed place until none helps."""
    keuze = keuze.copy()
    rij = np.arange(len(kosten))
    while len(keuze) < kosten.shape[1]:
        afstand = kosten[:, keuze]
        eerste = afstand.argmin(axis=1)
        d1 = afstand[rij, eerste]
        if len(keuze) > 1:
            afstand = afstand.copy()
            afstand[rij, eerste] = np.inf
            d2 = afstand.min(axis=1)
        else:
            d2 = np.full(len(kosten), np.inf)
        winst = np.maximum(d1[:, None] - kosten, 0.0)
        # who loses his place goes to the second or to the newcomer, whichever is nearer
        verlies = np.minimum(d2[:, None], kosten) - np.minimum(d1[:, None], kosten)
        bij = sparse.csr_array((np.ones(len(rij)), (eerste, rij)), shape=(len(keuze), len(rij)))
        verschil = bij @ verlies - winst.sum(axis=0)
        verschil[:, keuze] = np.inf
        weg, erin = np.unravel_index(int(verschil.argmin()), verschil.shape)
        if verschil[weg, erin] >= -SPELING * max(1.0, d1.sum()):
            break
        keuze[weg] = erin
    return keuze


@dataclass(frozen=True, eq=False)
class _Stand:
    """The best answer so far, and the multipliers with the highest bound."""

    keuze: Plaatsen
    boven: float
    u: Vector
    rho: Vector
    onder: float


def _begrens(kosten: Matrix, p: int, keuze: Plaatsen) -> _Stand:
    """Raise the bound by subgradient steps; now and then the places it likes are a start for swaps."""
    boven = _totaal(kosten, keuze)
    # the second best place of everybody: a start that lets several places compete
    u = np.partition(kosten, min(1, kosten.shape[1] - 1), axis=1)[:, :2].max(axis=1)
    beste, stap, stil = (u, np.zeros(kosten.shape[1]), -np.inf), 1.5, 0
    for ronde in range(STAPPEN):
        verschil = np.minimum(kosten - u[:, None], 0.0)
        rho = verschil.sum(axis=0)
        open_ = np.argsort(rho, kind="stable")[:p]
        onder = float(u.sum() + rho[open_].sum())
        if ronde % OM_DE == OM_DE - 1:
            andere = _wissel(kosten, open_)
            if _totaal(kosten, andere) < boven:
                keuze, boven = andere, _totaal(kosten, andere)
        if onder > beste[2] + SPELING * max(1.0, abs(onder)):
            beste, stil = (u.copy(), rho, onder), 0
        else:
            stil += 1
            if stil >= GEDULD:
                stap, stil, u = stap / 2, 0, beste[0].copy()
                continue
        richting = 1.0 - (verschil[:, open_] < 0).sum(axis=1)
        norm = float(richting @ richting)
        if not norm or boven - onder <= SPELING * max(1.0, boven):
            break
        u = u + stap * (boven - onder) / norm * richting
    return _Stand(keuze, boven, *beste)


def _totaal(kosten: Matrix, keuze: Plaatsen) -> float:
    return float(kosten[:, keuze].min(axis=1).sum())


def _maak_af(kosten: Matrix, p: int, stand: _Stand) -> tuple[Plaatsen, float, float]:
    """The rest by HiGHS: only places and pairs that a better answer than the present one could hold."""
    keuze, boven, u, rho, onder = stand.keuze, stand.boven, stand.u, stand.rho, stand.onder
    ruimte = boven - onder + SPELING * max(1.0, boven)
    orde = np.sort(rho)
    plek = np.flatnonzero(rho - orde[p - 1] <= ruimte)
    zeker = np.flatnonzero((rho <= orde[p - 1]) & (orde[min(p, len(rho) - 1)] - rho > ruimte))
    # sending i to j costs at least c_ij - u_i above the bound
    deel = kosten[:, plek]
    i, j = np.nonzero(deel - u[:, None] <= ruimte)
    n, m, paren = len(kosten), len(plek), len(i)
    k = np.arange(paren)
    toe = sparse.csr_array((np.ones(paren), (i, m + k)), shape=(n, m + paren))
    open_ = sparse.csr_array(
        (np.r_[np.ones(paren), -np.ones(paren)], (np.r_[k, k], np.r_[m + k, j])), shape=(paren, m + paren)
    )
    som = sparse.csr_array(np.r_[np.ones(m), np.zeros(paren)][None, :])
    rijen = Rijen(toe, np.ones(n), np.ones(n))
    rijen = rijen.samen(Rijen(open_, np.full(paren, -np.inf), np.zeros(paren)))
    rijen = rijen.samen(Rijen(som, np.array([float(p)]), np.array([float(p)])))
    vast = Rijen(
        sparse.csr_array(
            (np.ones(len(zeker)), (np.arange(len(zeker)), np.searchsorted(plek, zeker))),
            shape=(len(zeker), m + paren),
        ),
        np.ones(len(zeker)),
        np.ones(len(zeker)),
    )
    prog = Programma(
        np.r_[np.zeros(m), deel[i, j]],
        rijen.samen(vast),
        np.ones(m + paren),
        geheel=np.arange(m + paren) < m,
        knopen=2**31 - 1,
    )
    uit = prog.zoek()
    if not len(uit.x):  # nothing better exists among what was left
        return keuze, boven, boven
    gevonden = plek[uit.x[:m] > 1 / 2]
    waarde = _totaal(kosten, gevonden)
    if waarde < boven:
        keuze, boven = gevonden, waarde
    return keuze, boven, min(boven, max(onder, uit.grens))
