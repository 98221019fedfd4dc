"""Least shortage, solved exactly by HiGHS, and what every objective of placement shares.

Placed fte are x_c = step k_c on place c; step 0 means any amount. Among placements that leave the same
shortage the one that reaches areas with the largest relative shortage wins, and then the lower code:
with a large shortage everywhere, thousands of placements are equally good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from huisartsdata.scenario.plaatsen.plaatsmodel import SPELING, Programma, Rijen, gat_van

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.scenario.plaatsen.plaatsmodel import Plaatsmodel

    Vector = NDArray[np.float64]

TIK = 1e-3  # weight of code order against relative shortage, over the whole range of codes
WINST = 1e-9  # fte: a smaller gain is rounding
RONDES = 50  # of the local search; it stops by itself when nothing improves


@dataclass(frozen=True, eq=False)
class Ruimte:
    """What may be placed: `fte` in all, at most `hoog` per place, in steps (0: any amount)."""

    fte: float
    hoog: Vector
    stap: float

    @property
    def eenheid(self) -> float:
        """Fte per unit of the variables."""
        return self.stap or 1.0

    @property
    def aantal(self) -> float:
        """Units to place."""
        return float(round(self.fte / self.stap)) if self.stap else self.fte

    @property
    def hoogste(self) -> Vector:
        """Units per place, at most."""
        per_plek = np.minimum(self.hoog, self.fte)
        return np.floor(per_plek / self.stap + SPELING) if self.stap else per_plek


@dataclass(frozen=True, eq=False)
class Keuze:
    """Fte per place, the proven bound on the objective, its gap, and whether the search ended on it."""

    x: Vector
    grens: float
    gap: float
    af: bool


def codekosten(plekken: int) -> Vector:
    """Cost per unit that makes the lower code win a tie, and nothing else."""
    uit: Vector = TIK * np.arange(plekken) / max(plekken, 1)
    return uit


def tekortrijen(m: Plaatsmodel, ruimte: Ruimte, kort: NDArray[np.intp], schaal: Vector) -> Rijen:
    """Rows s_g / schaal_g + sum K x / schaal_g >= gap_g / schaal_g for short areas; last row: all is placed."""
    kern = sparse.diags_array(1 / schaal) @ m.kern[kort] * ruimte.eenheid
    gebieden, plekken = kern.shape
    links = sparse.csr_array(sparse.hstack([kern, sparse.eye_array(gebieden)]))
    som = sparse.csr_array(np.r_[np.ones(plekken), np.zeros(gebieden)][None, :])
    gat = m.gat[kort] / schaal
    rijen = Rijen(links, gat, np.full(gebieden, np.inf))
    return rijen.samen(Rijen(som, np.array([ruimte.aantal]), np.array([ruimte.aantal])))


def gehele_stappen(ruimte: Ruimte, plekken: int, totaal: int) -> NDArray[np.bool_] | None:
    """Which variables are whole: the placed steps, when there are steps."""
    return np.arange(totaal) < plekken if ruimte.stap else None


def naar_fte(k: Vector, ruimte: Ruimte) -> Vector:
    """Variables to fte: whole steps exactly; other amounts without dust and adding up."""
    if ruimte.stap:
        return np.round(k) * ruimte.stap
    x = np.clip(np.where(k < WINST, 0.0, k), 0.0, ruimte.hoog)
    totaal = x.sum()
    return x * (ruimte.fte / totaal) if totaal else x


class Tekortprogramma:
    """Least shortage for any amounts, solved again and again for other totals from the basis before.

    Variables: x per place, s (shortage) per short area, v per area. v_g = max(0, L need_g - reach_g)
    against the level L at which all fte would be spread evenly, at least 1: it only settles ties, so
    that fte nobody is short of go where reach is lowest and not where the lowest code is.
    """

    def __init__(self, m: Plaatsmodel, hoog: Vector) -> None:
        self.m, self.hoog = m, hoog
        self.kort = np.flatnonzero(m.gat > 0)
        g, n, c = len(self.kort), len(m.gebieden), len(m.plekken)
        vorm = [[m.kern[self.kort], sparse.eye_array(g), None], [m.kern, None, sparse.eye_array(n)]]
        delen = sparse.csr_array(sparse.block_array(vorm))
        sommen = np.stack([np.r_[np.ones(c), np.zeros(g + n)], np.r_[np.zeros(c), np.ones(g), np.zeros(n)]])
        gat = m.gat[self.kort]
        rijen = Rijen(delen, np.r_[gat, m.gat], np.full(g + n, np.inf)).samen(
            Rijen(sparse.csr_array(sommen), np.array([0.0, -np.inf]), np.array([0.0, np.inf]))
        )
        self._eerst = np.r_[np.zeros(c), np.ones(g), np.zeros(n)]
        nood = gat / m.nodig[self.kort]
        self._tie = np.r_[codekosten(c), nood / nood.max(initial=WINST), np.ones(n)]
        self._programma = Programma(self._eerst, rijen, np.r_[hoog, gat, np.full(n, np.inf)])

    def los_op(self, fte: float) -> tuple[Vector, float]:
        """Fte per place and the least shortage for a total."""
        p, m, g, c = self._programma, self.m, len(self.kort), len(self.m.plekken)
        vlak = max(1.0, (m.bereikt.sum() + fte) / m.nodig.sum())
        for i, eis in enumerate(vlak * m.nodig - m.bereikt):
            p.zet_rij(g + i, eis, np.inf)
        laatste = g + len(m.gebieden)
        p.zet_rij(laatste, fte, fte)
        p.zet_rij(laatste + 1, -np.inf, np.inf)
        p.zet_kosten(self._eerst)
        minste = p.los_op().waarde if g else 0.0
        p.zet_rij(laatste + 1, -np.inf, minste + SPELING * max(1.0, minste))
        p.zet_kosten(self._tie)
        return naar_fte(p.los_op().x[:c], Ruimte(fte, self.hoog, 0.0)), minste


def kies_minste_tekort(m: Plaatsmodel, ruimte: Ruimte, gap: float) -> Keuze:
    """Least shortage over all areas together.

    Any amount: solved twice, the second time for the ties with the shortage held. Whole steps: half of
    the gap is given to the ties, so that the whole stays within it; steps that change nothing go where
    reach is lowest.
    """
    if not ruimte.stap:
        x, grens = Tekortprogramma(m, ruimte.hoog).los_op(ruimte.fte)
        return Keuze(x, grens, gat_van(float(m.tekort(x).sum()), grens), af=True)
    kort = np.flatnonzero(m.gat > 0)
    plekken = len(m.plekken)
    k, grens, af = zoek_voorzet(m, ruimte), 0.0, True
    if len(kort):
        nood, eps = m.gat[kort] / m.nodig[kort], gap / 2
        hoog = np.r_[ruimte.hoogste, m.gat[kort]]
        p = Programma(
            np.r_[np.zeros(plekken), 1 + eps * nood / nood.max()],
            tekortrijen(m, ruimte, kort, np.ones(len(kort))),
            hoog,
            geheel=gehele_stappen(ruimte, plekken, len(hoog)),
            gap=gap - eps,
        )
        uit = p.los_op(np.r_[k, m.tekort(k * ruimte.stap)[kort]])
        k, af = np.round(uit.x[:plekken]), uit.af
        # sum s <= sum (1 + eps nood) s <= (1 + eps) sum s: a bound on the tilted sum bounds the plain one
        grens = uit.grens / (1 + eps)
    x = verdeel_rest(m, ruimte, k) * ruimte.stap
    return Keuze(x, grens, gat_van(float(m.tekort(x).sum()), grens), af)


def verdeel_rest(m: Plaatsmodel, ruimte: Ruimte, k: Vector) -> Vector:
    """Take away the steps that change no shortage and put them where reach per need is lowest."""
    kern = sparse.csc_array(m.kern * ruimte.stap)
    k, bereik = k.copy(), m.bereikt + kern @ k
    rest = 0
    for c in np.flatnonzero(k):
        deel = slice(kern.indptr[c], kern.indptr[c + 1])
        gebied, erbij = kern.indices[deel], kern.data[deel]
        # an area keeps its shortage only while what is left still covers its need
        over = (bereik[gebied] - m.nodig[gebied])[erbij > 0] / erbij[erbij > 0]
        los = int(min(k[c], np.floor(max(0.0, over.min(initial=np.inf)) + SPELING)))
        k[c] -= los
        bereik[gebied] -= los * erbij
        rest += los
    nodig = np.maximum(m.nodig, WINST)
    for _ in range(rest):
        gemiddeld = kern.T @ (bereik / nodig) / kern.sum(axis=0)
        laagste = int(np.argmin(np.where(k < ruimte.hoogste, gemiddeld, np.inf)))
        k[laagste] += 1
        bereik += kern[:, [laagste]].toarray()[:, 0]
    return k


def zoek_voorzet(m: Plaatsmodel, ruimte: Ruimte, *, begin: Vector | None = None) -> Vector:
    """A good placement in whole steps to begin the search from: greedy, then moving single steps.

    With `begin` only what is left is placed, greedily. It proves nothing; the bound is HiGHS's.
    """
    kern = sparse.csc_array(m.kern * ruimte.stap)
    rijen = kern.tocsr()
    ip, ix, da = kern.indptr, kern.indices, kern.data
    plek = np.repeat(np.arange(len(m.plekken)), np.diff(ip))
    k = np.zeros(len(m.plekken)) if begin is None else begin.copy()
    hoogste = ruimte.hoogste

    def winst(rest: Vector) -> Vector:
        gewicht = np.clip(rest[ix], 0, da)
        uit: Vector = np.bincount(plek, weights=gewicht, minlength=len(k)).astype(np.float64)
        return uit

    def herzie(w: Vector, rest: Vector, c: int) -> None:
        gebieden = ix[ip[c] : ip[c + 1]]
        for b in np.unique(rijen[gebieden].indices):
            deel = slice(ip[b], ip[b + 1])
            w[b] = np.clip(rest[ix[deel]], 0, da[deel]).sum()

    def verzet(w: Vector, rest: Vector, c: int, teken: int) -> None:
        deel = slice(ip[c], ip[c + 1])
        rest[ix[deel]] -= teken * da[deel]
        k[c] += teken
        herzie(w, rest, c)

    rest = m.gat - kern @ k
    w = winst(rest)
    for _ in range(int(ruimte.aantal - k.sum())):
        verzet(w, rest, int(np.argmax(np.where(k < hoogste, w, -1.0))), 1)
    for _ in range(0 if begin is not None else RONDES):
        beter = False
        for c in np.flatnonzero(k):
            terug = (w.copy(), rest.copy())
            verzet(w, rest, int(c), -1)
            doel = int(np.argmax(np.where(k < hoogste, w, -1.0)))
            if w[doel] > w[c] + WINST:
                verzet(w, rest, doel, 1)
                beter = True
            else:
                w, rest = terug
                k[c] += 1
        if not beter:
            break
    return k
