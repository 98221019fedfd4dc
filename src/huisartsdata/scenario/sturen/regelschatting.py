"""Steering on our own estimate, judged in every draw: what a rule does while nobody has counted the fte.

Draws of a rule by itself (`vergelijk_regels`, `stuurregel`) let it act on the supply of the draw: whoever
carries it out has counted. Here it designates and moves on the expected picture, the only one there is today,
and the outcome is counted in each draw. The difference is what counting first is worth to steering.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.scenario.sturen.regelmechaniek import KLEIN, Stand, doorloop
from huisartsdata.scenario.sturen.regelopbouw import maak_stappen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar
    from huisartsdata.scenario.sturen.regelopbouw import Gekozen, Gewezen, Kader

    Matrix = NDArray[np.float64]


def op_schatting(
    punt: Rekenaar,
    trek: Rekenaar,
    keuzes: Sequence[Gekozen],
    gewezen: Sequence[Gewezen],
    *,
    kader: Kader,
    jaren: Sequence[int],
) -> dict[int, Matrix]:
    """Supply in every draw when rules act on the expected picture.

    Parameters
    ----------
    punt, trek
        The picture itself, and its draws.
    keuzes
        Rules; strength and lead time may differ per draw.
    gewezen
        Designations on the picture itself.
    kader, jaren
        As for `laat_werken`.

    Returns
    -------
    dict
        Fte per practice (rows) and draw (columns), by year.
    """
    plan = np.repeat(punt.fte, trek.fte.shape[1], axis=1)
    standen = doorloop(
        plan,
        maak_stappen(punt, keuzes, gewezen, kader),
        begin=kader.begin,
        jaren=jaren,
        instroom=kader.instroomdeel,
        verhuizers=kader.verhuizers,
    )
    return {jaar: volg_plan(trek.fte, plan, standen[jaar]) for jaar in jaren}


def volg_plan(echt: Matrix, plan: Matrix, stand: Stand) -> Matrix:
    """Carry out a plan made on other supply: the planned share leaves, and arrives in the planned proportions.

    Fte are conserved: what arrives in all is what left, and what the plan added as a share of all supply.

    Parameters
    ----------
    echt
        Supply there really is, per practice and draw.
    plan, stand
        Supply that the plan started from, and what it makes of that.

    Examples
    --------
    >>> plan = np.array([[10.0], [10.0]])
    >>> na = Stand(np.array([[8.0], [12.0]]), np.array([2.0]), np.array([0.0]))
    >>> volg_plan(np.array([[20.0], [5.0]]), plan, na).tolist()  # a fifth of 20 leaves
    [[16.0], [9.0]]
    """
    verschil = stand.fte - plan
    minder, meer = np.maximum(-verschil, 0.0), np.maximum(verschil, 0.0)
    weg = echt * np.divide(minder, plan, out=np.zeros_like(plan), where=plan > 0)
    erbij = weg.sum(axis=0) + stand.toegevoegd / plan.sum(axis=0) * echt.sum(axis=0)
    som = meer.sum(axis=0)
    uit: Matrix = echt - weg + meer * np.divide(erbij, som, out=np.zeros_like(som), where=som > KLEIN)
    return uit
