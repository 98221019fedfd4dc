"""New fte spread as a steering rule would: for the frontier, where every way places the same number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.invoerkeur import keur_situatie
from huisartsdata.scenario.maatregelen import voeg_fte_toe
from huisartsdata.scenario.plaatsen.plaatskeur import getal
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES
from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar
from huisartsdata.scenario.sturen.regelopbouw import lees_keuzes, wijs_aan

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie

    Regel = Callable[[Situatie, float], Situatie]

STANDAARD = ("d4", "frankrijk", "denemarken")


def verdeelwijzen(
    situatie: Situatie, regels: Sequence[str | tuple[str, Mapping[str, Any]]] = STANDAARD
) -> dict[str, Regel]:
    """Ways to place n new fte as rules would, for `grensfront`.

    The fte go to the areas that the rule designates today, in proportion to their room, and within an area
    as supply lies. What is more than their room goes over the country as supply lies. So a way tells how well
    a rule's *test* finds where fte do most; strength and lead time play no part.

    Parameters
    ----------
    situatie
        The picture that designates.
    regels
        Rules that designate, or (rule, parameters) pairs.

    Raises
    ------
    ParameterFout
        For an unknown rule, or one that designates nothing.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.sturen.regelverdeling import verdeelwijzen
    >>> s = hd.landelijke_situatie(functie="zonder_wisselend")
    >>> na = verdeelwijzen(s, ["d4"])["d4"](s, 100.0)
    >>> round(na.aanbod_fte - s.aanbod_fte, 6)
    100.0
    """
    keur_situatie(situatie)
    keuzes = lees_keuzes(regels if isinstance(regels, str) else list(regels), {})
    if niet := sorted(g.label for g in keuzes if g.definitie.wijzer is None):
        kan = ", ".join(n for n, d in DEFINITIES.items() if d.wijzer is not None)
        raise ParameterFout(f"{', '.join(niet)} wijst geen gebieden aan; kies uit {kan}")
    punt = Rekenaar(situatie)
    nu = situatie.praktijken["fte"].to_numpy(dtype="float64")
    uit: dict[str, Regel] = {}
    for g in keuzes:
        gewezen = wijs_aan(punt, g)
        assert gewezen is not None
        a = gewezen[1]
        _, groep = punt.groep(g.parameters["per"])
        binnen = np.asarray(groep @ nu)
        ruimte = np.where(a.ontvangt[:, 0] & (binnen > 0), np.maximum(a.doel[:, 0] - binnen, 0.0), 0.0)
        per_fte = np.divide(ruimte, binnen, out=np.zeros_like(ruimte), where=binnen > 0)
        ruimte_per_praktijk = pd.Series(np.asarray(groep.T @ per_fte) * nu, situatie.praktijken.index)
        uit[g.label] = partial(_plaats, ruimte=ruimte_per_praktijk)
    return uit


def _plaats(situatie: Situatie, fte: float, *, ruimte: pd.Series) -> Situatie:
    """First the room of designated areas (per practice), then as supply lies."""
    if not ruimte.index.equals(situatie.praktijken.index):
        raise ParameterFout("deze manier hoort bij een andere situatie; maak haar opnieuw met verdeelwijzen")
    fte = getal(fte, "fte")
    gericht = min(fte, float(ruimte.sum()))
    nu = situatie.praktijken["fte"]
    erbij = pd.Series(0.0, index=nu.index)
    if gericht > 0:
        erbij += ruimte * (gericht / ruimte.sum())
    erbij += nu * ((fte - gericht) / situatie.aanbod_fte)
    return voeg_fte_toe(situatie, erbij)
