"""The efficient frontier: shortage left after n more fte, best placed, spread as today, and by rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.model.onzekerheid import keur_trekkingen, maak_kernen, trek_fte, trek_gebieden
from huisartsdata.model.tekort import tekortbeeld
from huisartsdata.scenario.invoerkeur import keur_rij, keur_situatie
from huisartsdata.scenario.maatregelen import voeg_fte_toe
from huisartsdata.scenario.plaatsen.plaatsdoelen import Tekortprogramma
from huisartsdata.scenario.plaatsen.plaatskeur import grenzen_per_plek, hoeveelheid, keur_per
from huisartsdata.scenario.plaatsen.plaatsmodel import SPELING, maak_plaatsmodel, plekken_van

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.onzekerheid import Gebiedskern
    from huisartsdata.model.situatie import Situatie

    Regel = Callable[[Situatie, float], Situatie]
    Kernen = Mapping[tuple[int, int], Gebiedskern]

BESTE, ZOALS_NU = "beste plaatsing", "zoals nu"
STANDAARD_FTE = tuple(range(0, 1001, 50))
BAND = (0.025, 0.975)


def grensfront(
    situatie: Situatie,
    *,
    fte: Sequence[float] = STANDAARD_FTE,
    per: str = "gemeente",
    regels: Mapping[str, Regel] | None = None,
    maximum: float | Mapping[str, float] | pd.Series | None = None,
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Shortage left at n more fte: best placed, spread as supply is today, and as rules place them.

    "beste plaatsing" is the optimum of `plaats` for any amount per place, so no rule that adds n fte to
    places with a practice leaves less, and it falls ever more slowly. The difference with "zoals nu" is
    what good spreading of newcomers is worth at most.

    The band tells how each choice fares when the picture is wrong: the choice is made once, on the
    expected picture, and judged in every draw of supply, need, decay and speed. It is not made anew per
    draw, for nobody who decides knows the draw.

    Parameters
    ----------
    situatie
        The picture before.
    fte
        Amounts to place, each 0 or more.
    per
        Areas whose shortage counts.
    regels
        Further ways by name: a function of the picture and n that gives a picture with n fte more.
    maximum
        Most fte per place in the best placement.
    trekkingen, seed, executor
        Draws for the bands, as in `tekortbeeld`; 0 leaves them out.

    Returns
    -------
    DataFrame
        One row per way and amount: `wijze`, `fte`, `tekort_fte` (of the picture); with draws `verwacht`
        (mean), `laag` and `hoog` (2.5% and 97.5%), and `verschil_verwacht`, `verschil_laag` and `verschil_hoog`:
        the same of its shortage minus that of "zoals nu" in the same draw. Bands of two ways overlap because
        doubt moves both together; the difference says whether one leaves less.

    Raises
    ------
    ParameterFout
        For an amount below 0 or beyond what `maximum` leaves room for, or a rule that does not add what
        it was given (rules that move fte are held against `herverdeel`).

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.plaatsen.plaatsfront import grensfront
    >>> front = grensfront(hd.landelijke_situatie(functie="zonder_wisselend"), fte=[0, 100])
    >>> front.round().set_index(["wijze", "fte"])["tekort_fte"].astype(int).to_dict()
    {('beste plaatsing', 0.0): 186, ('beste plaatsing', 100.0): 88, ('zoals nu', 0.0): 186, ('zoals nu', 100.0): 161}
    """
    keur_trekkingen(trekkingen, seed)
    keur_situatie(situatie)
    per = keur_per(per)
    aantallen = sorted({hoeveelheid(n) for n in keur_rij("fte", _lijst(fte), "range(0, 1001, 50)")})
    if not isinstance(regels or {}, Mapping) or not all(callable(r) for r in (regels or {}).values()):
        raise ParameterFout(
            "geef regels als dict van naam en functie; verdeelwijzen(situatie) maakt er zo een"
        )
    if {BESTE, ZOALS_NU} & set(regels or {}):
        raise ParameterFout(f"'{BESTE}' en '{ZOALS_NU}' zijn al in gebruik; geef regels een eigen naam")
    plekken = plekken_van(situatie)
    model = maak_plaatsmodel(situatie, per, plekken["praktijk_id"])
    hoog = grenzen_per_plek(maximum, plekken.index, aantallen[-1])
    if hoog.sum() < aantallen[-1] * (1 - SPELING):
        raise ParameterFout(
            f"binnen maximum is plaats voor {hoog.sum():g} fte, minder dan {aantallen[-1]:g}; verhoog maximum"
        )
    kernen, basis = None, None
    if trekkingen:
        kernen = maak_kernen(situatie, per)
        basis = trek_fte(situatie, trekkingen=trekkingen, seed=seed, executor=executor)
    nu = situatie.praktijken["fte"]
    rijen: list[dict[str, object]] = []
    tekorten: list[NDArray[np.float64]] = []  # per row, over the draws
    programma = Tekortprogramma(model, hoog)
    for n in aantallen:  # each solved from the basis of the one before
        x, _ = programma.los_op(n)
        best = pd.Series(x, pd.Index(plekken["praktijk_id"])).reindex(nu.index).fillna(0.0)
        evenredig = nu * (n / situatie.aanbod_fte)
        uitkomst = {BESTE: float(model.tekort(x).sum()), ZOALS_NU: _tekort(situatie, per, evenredig)}
        for wijze, erbij in ((BESTE, best), (ZOALS_NU, evenredig)):
            rij: dict[str, object] = {"wijze": wijze, "fte": n, "tekort_fte": uitkomst[wijze]}
            if basis is not None:
                t = trek_gebieden(
                    situatie,
                    per=per,
                    trekkingen=trekkingen,
                    seed=seed,
                    fte=basis.add(erbij, axis=0),
                    kernen=kernen,
                    executor=executor,
                )
                tekorten.append(np.maximum(t.verschil, 0.0).sum(axis=0))
            rijen.append(rij)
        for naam, regel in (regels or {}).items():
            na = _pas_toe(situatie, naam, regel, n)
            rij = {"wijze": naam, "fte": n, "tekort_fte": float(tekortbeeld(na, per=per)["tekort_fte"].sum())}
            if trekkingen:
                zelfde = na.reistijden is situatie.reistijden and na.vraag.equals(situatie.vraag)
                t = trek_gebieden(
                    na,
                    per=per,
                    trekkingen=trekkingen,
                    seed=seed,
                    kernen=kernen if zelfde else None,
                    executor=executor,
                )
                tekorten.append(np.maximum(t.verschil, 0.0).sum(axis=0))
            rijen.append(rij)
    uit = pd.DataFrame(rijen)
    if trekkingen:
        uit = uit.join(_banden(uit, np.stack(tekorten)))
    volgorde = [BESTE, ZOALS_NU, *(regels or {})]
    return uit.iloc[np.lexsort((uit["fte"], uit["wijze"].map(volgorde.index)))].reset_index(drop=True)


def _lijst(fte: object) -> object:
    """A single amount as a row of one, and amounts without repeats."""
    if isinstance(fte, (int, float)):
        return [fte]
    return (
        list(dict.fromkeys(fte))
        if isinstance(fte, (Sequence, np.ndarray)) and not isinstance(fte, str)
        else fte
    )


def _tekort(situatie: Situatie, per: str, erbij: pd.Series) -> float:
    na = voeg_fte_toe(situatie, erbij)
    return float(tekortbeeld(na, per=per)["tekort_fte"].sum())


def _pas_toe(situatie: Situatie, naam: str, regel: Regel, n: float) -> Situatie:
    na = keur_situatie(regel(situatie, n))
    erbij = na.aanbod_fte - situatie.aanbod_fte
    if abs(erbij - n) > SPELING * max(1.0, situatie.aanbod_fte):
        raise ParameterFout(
            f"regel '{naam}' voegt {erbij:g} fte toe in plaats van {n:g}; vergelijk alleen gelijke aantallen "
            "(regels die fte verplaatsen horen bij herverdeel)"
        )
    return na


def _banden(uit: pd.DataFrame, tekorten: NDArray[np.float64]) -> pd.DataFrame:
    """Mean and band of every row's shortage, and of its difference with "zoals nu" at that amount, draw by draw."""
    zoals_nu = {n: i for i, (w, n) in enumerate(zip(uit["wijze"], uit["fte"], strict=True)) if w == ZOALS_NU}
    verschil = tekorten - tekorten[[zoals_nu[n] for n in uit["fte"]]]
    kolommen = {}
    for voor, waarden in (("", tekorten), ("verschil_", verschil)):
        kolommen[f"{voor}verwacht"] = waarden.mean(axis=1)
        kolommen[f"{voor}laag"], kolommen[f"{voor}hoog"] = np.quantile(waarden, BAND, axis=1)
    return pd.DataFrame(kolommen, index=uit.index)
