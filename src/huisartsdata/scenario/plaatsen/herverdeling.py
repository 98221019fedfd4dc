"""The most that any steering of n fte could do: move them from where they are to where they serve best."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.model.tekort import tekortbeeld
from huisartsdata.scenario.invoerkeur import keur_situatie
from huisartsdata.scenario.maatregelen import voeg_fte_toe
from huisartsdata.scenario.plaatsen.plaatsdoelen import WINST, codekosten
from huisartsdata.scenario.plaatsen.plaatskeur import grenzen_per_plek, hoeveelheid, keur_per
from huisartsdata.scenario.plaatsen.plaatsmodel import (
    SPELING,
    Programma,
    Rijen,
    maak_plaatsmodel,
    plekken_van,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.plaatsen.plaatsmodel import Plaatsmodel

    Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Herverdeling:
    """The best spreading after moving at most n fte.

    Attributes
    ----------
    verschuiving
        Change in fte by place, negative where fte leave; sums to 0. Places without a change are left out.
    situatie
        The picture after; its supply in all is that of before.
    tekort_voor, tekort_na
        Shortage in fte per area of `per`; an area that gives may be short of more.
    beginwaarde, doelwaarde
        Shortage in all, before and after.
    verplaatst
        Fte that move: what was allowed, or fewer when no further move helps.
    per
        Type of area.
    seconden
        Time of the whole call.
    """

    verschuiving: pd.Series
    situatie: Situatie
    tekort_voor: pd.Series
    tekort_na: pd.Series
    beginwaarde: float
    doelwaarde: float
    verplaatst: float
    per: str
    seconden: float = field(default=0.0, compare=False)

    def __eq__(self, other: object) -> bool:
        """The same moves with the same outcome, whatever time it took."""
        if not isinstance(other, Herverdeling):
            return NotImplemented
        reeksen = ("verschuiving", "tekort_voor", "tekort_na")
        return self._kern() == other._kern() and all(
            getattr(self, r).equals(getattr(other, r)) for r in reeksen
        )

    def __hash__(self) -> int:
        return hash(self._kern())

    def _kern(self) -> tuple[object, ...]:
        return self.beginwaarde, self.doelwaarde, self.verplaatst, self.per


def herverdeel(
    situatie: Situatie,
    *,
    fte: float,
    per: str = "wijk",
    maximum: float | Mapping[str, float] | pd.Series | None = None,
) -> Herverdeling:
    """Move at most n fte between the places of practices so that the least shortage is left.

    No rule that moves as many fte between these places can leave less: an upper bound on what steering
    can do at this size of areas, not a forecast. Solved exactly as a linear program (any amount moves);
    among the best the fewest fte move, then codes decide.

    Parameters
    ----------
    situatie
        The picture before.
    fte
        Most fte that move.
    per
        Areas whose shortage counts.
    maximum
        Most fte that one place may gain; default no limit.

    Raises
    ------
    ParameterFout
        For an amount or limit below 0.
    OnbekendGebiedFout
        For an unknown type of area.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.plaatsen.herverdeling import herverdeel
    >>> s = hd.landelijke_situatie(functie="zonder_wisselend")
    >>> h = herverdeel(s, fte=50, per="gemeente")
    >>> round(h.verplaatst, 6), round(h.situatie.aanbod_fte - s.aanbod_fte, 6)
    (50.0, 0.0)
    """
    begin = time.perf_counter()
    keur_situatie(situatie)
    per, fte = keur_per(per), hoeveelheid(fte)
    plekken = plekken_van(situatie)
    model = maak_plaatsmodel(situatie, per, plekken["praktijk_id"])
    hoog = grenzen_per_plek(maximum, plekken.index, fte)
    x = _verschuif(model, plekken["fte"].to_numpy(), hoog, fte)
    verschuiving = pd.Series(x, model.plekken, name="fte")
    nieuw = voeg_fte_toe(situatie, _per_praktijk(situatie, plekken, verschuiving))
    return Herverdeling(
        verschuiving=verschuiving[verschuiving != 0],
        situatie=nieuw,
        tekort_voor=tekortbeeld(situatie, per=per)["tekort_fte"],
        tekort_na=tekortbeeld(nieuw, per=per)["tekort_fte"],
        beginwaarde=float(model.tekort(np.zeros(len(x))).sum()),
        doelwaarde=float(model.tekort(x).sum()),
        verplaatst=float(x[x > 0].sum()),
        per=per,
        seconden=time.perf_counter() - begin,
    )


def _verschuif(m: Plaatsmodel, aanwezig: Vector, hoog: Vector, fte: float) -> Vector:
    """Change per place: variables plus, minus and shortage; then the fewest moves at that shortage."""
    gebieden, plekken = m.kern.shape
    links = sparse.csr_array(sparse.hstack([m.kern, -m.kern, sparse.eye_array(gebieden)]))
    een, nul = np.ones(plekken), np.zeros(plekken)
    nullen, enen = np.zeros(gebieden), np.ones(gebieden)
    sommen = np.stack([np.r_[een, -een, nullen], np.r_[een, nul, nullen], np.r_[nul, nul, enen]])
    rijen = Rijen(links, m.gat, np.full(gebieden, np.inf)).samen(
        Rijen(sparse.csr_array(sommen), np.array([0.0, 0.0, -np.inf]), np.array([0.0, fte, np.inf]))
    )
    grenzen = np.r_[hoog, np.minimum(aanwezig, fte), m.nodig]
    p = Programma(np.r_[nul, nul, enen], rijen, grenzen)
    beste = p.los_op().waarde
    p.zet_rij(gebieden + 2, -np.inf, beste + SPELING * max(1.0, beste))
    volgorde = codekosten(plekken)
    p.zet_kosten(np.r_[een + volgorde, volgorde, nullen])
    uit = p.los_op().x[: 2 * plekken]
    x = uit[:plekken] - uit[plekken:]
    x[np.abs(x) < WINST] = 0.0
    x = np.maximum(x, -aanwezig)
    erbij, eraf = x[x > 0].sum(), -x[x < 0].sum()
    # what goes equals what comes to the last bit that a sum can hold
    if erbij and eraf:
        kleinste = min(erbij, eraf, fte)
        x = np.where(x > 0, x * (kleinste / erbij), x * (kleinste / eraf))
    else:
        x = np.zeros(plekken)
    uitkomst: Vector = x
    return uitkomst


def _per_praktijk(situatie: Situatie, plekken: pd.DataFrame, verschuiving: pd.Series) -> pd.Series:
    """Changes by practice: what comes goes to the first of a place, what leaves by share of its fte."""
    p = situatie.praktijken
    eerste = pd.Series(plekken.index, pd.Index(plekken["praktijk_id"]))
    punt = p.geometry.to_wkb()
    plek = punt.map(pd.Series(eerste.to_numpy(), punt.loc[eerste.index].to_numpy()))
    bij = verschuiving.reindex(plek).set_axis(p.index)
    totaal = plekken["fte"].reindex(plek).set_axis(p.index)
    aandeel = (p["fte"] / totaal.where(totaal > 0, 1.0)).clip(upper=1.0)
    weg = np.maximum(bij.clip(upper=0) * aandeel, -p["fte"])
    komt = bij.clip(lower=0).where(p.index.isin(plekken["praktijk_id"]), 0.0)
    uit: pd.Series = weg + komt
    return uit[uit != 0]
