"""The fairest placement: the largest relative shortage as small as can be, then the next, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from huisartsdata.scenario.plaatsen.plaatsdoelen import (
    Keuze,
    Ruimte,
    Tekortprogramma,
    codekosten,
    gehele_stappen,
    naar_fte,
    tekortrijen,
    verdeel_rest,
    zoek_voorzet,
)
from huisartsdata.scenario.plaatsen.plaatsmodel import (
    AFRONDING,
    SPELING,
    Programma,
    Rijen,
    gat_van,
    zoekknopen,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.scenario.plaatsen.plaatsmodel import Plaatsmodel

    Vector = NDArray[np.float64]

HALVERINGEN = 16  # of the range of the largest shortage: to 1/65,536 of it when all are settled
DEEL_HALVERING = 10  # part of the search nodes that each halving gets
DEEL_NIVEAU = 40  # and each level: bounds come from the halving


def kies_eerlijkst(m: Plaatsmodel, ruimte: Ruimte, gap: float, niveaus: int) -> tuple[Keuze, Vector]:
    """Fairest: the largest relative shortage least, then the next, for some levels; then least shortage.

    Level k minimises the sum of the k largest relative shortages with the sums of the levels before it
    held (Ogryczak and Sliwinski 2003: sum of the k largest r = min over t of k t + sum max(0, r - t)).
    That is the lexicographic order of the sorted shortages, for whole steps too, without guessing which
    area is the worst. In whole steps the bound of level 1 comes from `begrens_hoogste`.

    Returns
    -------
    tuple
        The choice (bound and gap of the first level) and the largest relative shortages left.
    """
    kort = np.flatnonzero(m.gat > 0)
    plekken, g = len(m.plekken), len(kort)
    if not g:
        x = Tekortprogramma(m, ruimte.hoog).los_op(ruimte.fte)[0]
        if ruimte.stap:
            x = verdeel_rest(m, ruimte, zoek_voorzet(m, ruimte)) * ruimte.stap
        return Keuze(x, 0.0, 0.0, af=True), np.zeros(1)
    nodig = m.nodig[kort]
    rijen = tekortrijen(m, ruimte, kort, nodig)
    hoog = np.r_[ruimte.hoogste, m.gat[kort] / nodig]
    grens, start = 0.0, None
    knopen = max(1, zoekknopen(g) // DEEL_NIVEAU) if ruimte.stap else None
    if ruimte.stap:
        grens, k_start = begrens_hoogste(m, ruimte, kort, gap)
        start = np.r_[k_start, m.tekort(k_start * ruimte.stap)[kort] / nodig]
    for k in range(1, min(niveaus, g) + 1):
        n = rijen.matrix.shape[1]
        extra = 1 + (g if k > 1 else 0)  # t, and d_g >= r_g - t (level 1 needs no d)
        blok = sparse.hstack(
            [
                sparse.csr_array((g, plekken)),
                sparse.eye_array(g),
                sparse.csr_array((g, n - plekken - g)),
                sparse.csr_array(-np.ones((g, 1))),
                *([-sparse.eye_array(g)] if k > 1 else []),
            ]
        )
        boven = Rijen(sparse.csr_array(blok), np.full(g, -np.inf), np.zeros(g))
        kosten = np.r_[np.zeros(n), float(k), np.ones(extra - 1)]
        hoog = np.r_[hoog, np.full(extra, np.inf)]
        rijen = Rijen(_breder(rijen.matrix, extra), rijen.laag, rijen.hoog).samen(boven)
        if start is not None:
            r = start[plekken : plekken + g]
            t = np.sort(r)[g - k]
            start = np.r_[start, t, np.maximum(r - t, 0)[: extra - 1]]
        houd = sparse.csr_array(kosten[None, :])
        onder = grens * (1 - SPELING) if k == 1 else -np.inf
        rijen = rijen.samen(Rijen(houd, np.array([onder]), np.array([np.inf])))
        geheel = gehele_stappen(ruimte, plekken, len(hoog))
        uit = Programma(kosten, rijen, hoog, geheel=geheel, gap=gap, knopen=knopen).los_op(start)
        if k == 1:
            grens = max(grens, uit.grens)
        start = uit.x if ruimte.stap else None
        rijen.hoog[-1] = uit.waarde + SPELING * max(1.0, uit.waarde)
    kosten = np.zeros(len(hoog))
    kosten[plekken : plekken + g] = nodig
    if not ruimte.stap:
        kosten[:plekken] = codekosten(plekken) * SPELING
    geheel = gehele_stappen(ruimte, plekken, len(hoog))
    uit = Programma(kosten, rijen, hoog, geheel=geheel, gap=gap, knopen=knopen).los_op(start)
    x = naar_fte(uit.x[:plekken], ruimte)
    top = np.sort(m.tekort(x)[kort] / nodig)[::-1][:niveaus]
    gat = gat_van(float(top[0]), grens)
    return Keuze(x, grens, gat, af=gat <= max(gap, AFRONDING)), top


def begrens_hoogste(
    m: Plaatsmodel, ruimte: Ruimte, kort: NDArray[np.intp], gap: float
) -> tuple[float, Vector]:
    """A proven lower bound on the largest relative shortage in whole steps, and a good placement.

    For a given limit t the fewest steps that bring every area to it is a covering problem in whole
    numbers, whose bound rounds up; when it needs more steps than there are, t cannot be reached. Halving
    on t closes in far faster than branching on the largest shortage itself.
    """
    nodig = m.nodig[kort]
    kern = sparse.csr_array(sparse.diags_array(1 / nodig) @ m.kern[kort] * ruimte.stap)
    gat = m.gat[kort] / nodig
    plekken = kern.shape[1]

    def hoogste(k: Vector) -> float:
        return float(np.maximum(gat - kern @ k, 0).max())

    # without whole steps: a bound that costs nothing
    los = tekortrijen(m, ruimte, kort, nodig)
    t_rij = sparse.hstack(
        [sparse.csr_array((len(kort), plekken)), sparse.eye_array(len(kort)), -np.ones((len(kort), 1))]
    )
    rijen = Rijen(_breder(los.matrix, 1), los.laag, los.hoog).samen(
        Rijen(sparse.csr_array(t_rij), np.full(len(kort), -np.inf), np.zeros(len(kort)))
    )
    hoog = np.r_[ruimte.hoogste, gat, np.inf]
    laag = Programma(np.r_[np.zeros(plekken + len(kort)), 1.0], rijen, hoog).los_op().waarde
    beste = zoek_voorzet(m, ruimte)
    boven = hoogste(beste)
    twijfel: tuple[float, float] | None = None  # limits that the search could not settle
    for _ in range(HALVERINGEN):
        delen = [(laag, boven)] if twijfel is None else [(laag, twijfel[0]), (twijfel[1], boven)]
        a, b = max(delen, key=lambda d: d[1] - d[0])
        if b - a <= max(gap * boven, AFRONDING):
            break
        t = (a + b) / 2
        eis = Rijen(kern, gat - t, np.full(len(kort), np.inf))
        p = Programma(
            np.ones(plekken),
            eis,
            ruimte.hoogste,
            geheel=np.full(plekken, fill_value=True),
            knopen=zoekknopen(len(kort)) // DEEL_HALVERING,
            doel=ruimte.aantal + 0.5,
        )
        uit = p.zoek()
        if uit.grens > ruimte.aantal + AFRONDING:
            laag, twijfel = t, None if twijfel and t > twijfel[0] else twijfel
        elif uit.waarde <= ruimte.aantal + AFRONDING:
            k = zoek_voorzet(m, ruimte, begin=np.round(uit.x))
            if hoogste(k) < boven:
                beste, boven = k, hoogste(k)
            twijfel = None if twijfel and t < twijfel[1] else twijfel
        else:
            twijfel = (min(t, twijfel[0]), max(t, twijfel[1])) if twijfel else (t, t)
    return laag, beste


def _breder(matrix: sparse.csr_array, extra: int) -> sparse.csr_array:
    leeg = sparse.csr_array((matrix.shape[0], extra))
    return sparse.csr_array(sparse.hstack([matrix, leeg]))
