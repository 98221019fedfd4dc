"""One case: a practice of one size in one gemeente. Who is hit from each place, and what every draw gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.wegvallen.uitvalplaatsing import (
    grootste_plaatsing,
    verdeel_getroffenen,
    zekere_plaatsing,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huisartsdata.scenario.wegvallen.uitvalveld import Loten, Veld

    Getallen = NDArray[np.float64]
    Aantallen = NDArray[np.int64]

PUNT = "punt"  # what stands where a practice id would, for a point of the user


@dataclass(frozen=True, eq=False)
class Kandidaat:
    """One place where the practice may be.

    Attributes
    ----------
    praktijk
        Number of the practice whose place it takes; -1 for a point of the user.
    gm_code
        Its gemeente.
    minuten
        Minutes of every buurt to it (inf: out of reach).
    gewicht
        Decay of those minutes.
    blijft
        Fte that stays at the practice itself: nothing, unless it is the only one of the gemeente.
    factor
        What is left of the fte of the gemeente's other practices.
    lijstfactor
        What is left of the lists of the gemeente's other practices where a delivery gives lists there, so
        that as many people are registered as were; None where nothing is delivered and lists follow fte.
    lijst_blijft
        People who stay on the list of the practice itself, where it is the only one.
    """

    praktijk: int
    gm_code: str
    minuten: Getallen
    gewicht: Getallen
    blijft: float
    factor: float
    lijstfactor: float | None = None
    lijst_blijft: float = 0.0


@dataclass(frozen=True, eq=False)
class Geval:
    """A practice of one size in one gemeente, with every place it may have.

    Attributes
    ----------
    patienten
        People on its list.
    kandidaten
        Where it may be.
    buurten, plekken
        Rows and places of the field that matter.
    minuten
        Minutes between them; inf beyond the limit.
    getroffen, minuten_voor
        Per candidate (rows) and buurt: people hit, and their minutes to the old practice.
    praktijken, op_plek
        Practices on those places, and which place (column of `minuten`).
    lijst
        Per candidate (rows) and practice: people on the list, 0 for the practice that falls out.
    """

    patienten: int
    kandidaten: tuple[Kandidaat, ...]
    buurten: Aantallen
    plekken: Aantallen
    minuten: Getallen
    getroffen: Aantallen
    minuten_voor: Getallen
    praktijken: Aantallen
    op_plek: Aantallen
    lijst: Getallen


def zoek_kandidaten(
    veld: Veld,
    gm_code: str,
    patienten: int,
    fte: float,
    *,
    praktijken: Sequence[int] | None = None,
    punt_minuten: Getallen | None = None,
) -> tuple[Kandidaat, ...]:
    """Places that the practice may have, with what the gemeente's other practices give to make its size.

    Raises
    ------
    ParameterFout
        When the gemeente has no practice, fewer people live within reach of every place than the
        practice has patients, or the gemeente has not the fte or the registered people that go with it.
    """
    hier = np.flatnonzero(veld.gm_code == gm_code)
    if not len(hier):
        raise ParameterFout(f"{gm_code} heeft geen praktijk; kies een andere gemeente")
    totaal = float(veld.fte[hier].sum())
    geleverd = bool(np.isfinite(veld.ingeschreven[hier]).any())
    lijsten = np.where(
        np.isnan(veld.ingeschreven[hier]), veld.fte[hier] * veld.mensen_per_fte, veld.ingeschreven[hier]
    )
    keuze = hier if praktijken is None else np.asarray(praktijken, dtype=np.int64)
    per_plek: dict[int, tuple[Getallen, Getallen, int]] = {}
    uit, meeste, te_klein = [], 0, False
    for nummer in [-1] if punt_minuten is not None else keuze.tolist():
        plek = -1 if nummer < 0 else int(veld.plek[nummer])
        if plek not in per_plek:
            minuten = veld.minuten_naar(nummer) if punt_minuten is None else punt_minuten
            gewicht = veld.verval(np.where(np.isfinite(minuten), minuten, 0.0)) * np.isfinite(minuten)
            per_plek[plek] = minuten, gewicht, int(veld.mensen[gewicht > 0].sum())
        minuten, gewicht, mensen = per_plek[plek]
        meeste = max(meeste, mensen)
        eigen = 0.0 if nummer < 0 else float(veld.fte[nummer])
        if len(hier) == 1 and nummer >= 0:  # nobody to share with: what is over stays there
            past, blijft, factor = fte <= totaal, totaal - fte, 1.0
        else:
            past, blijft = fte < totaal, 0.0
            anderen = totaal - eigen
            factor = 1.0 if fte == eigen or anderen <= 0 else 1.0 - (fte - eigen) / anderen
        lijstfactor, lijst_blijft = None, 0.0
        if geleverd:
            eigen_lijst = 0.0 if nummer < 0 else float(lijsten[hier == nummer].sum())
            lijstfactor, lijst_blijft = _deel_lijst(eigen_lijst, float(lijsten.sum()), patienten)
            if len(hier) > 1 or nummer < 0:
                lijst_blijft = 0.0
            te_klein |= past and (lijstfactor < 0 or lijst_blijft < 0)
            past &= lijstfactor >= 0 and lijst_blijft >= 0
        if past and mensen >= patienten:
            uit.append(
                Kandidaat(nummer, gm_code, minuten, gewicht, blijft, factor, lijstfactor, lijst_blijft)
            )
    if meeste < patienten:
        raise ParameterFout(
            f"binnen bereik van een praktijk in {gm_code} wonen hooguit {_getal(meeste)} mensen, minder dan "
            f"de {_getal(patienten)} patiënten; kies een kleinere praktijk of een andere plek"
        )
    if not uit and te_klein:
        raise ParameterFout(
            f"een praktijk van {_getal(patienten)} patiënten past niet in {gm_code}: bij alle praktijken samen "
            f"zijn daar {_getal(float(lijsten.sum()))} mensen ingeschreven; kies een kleinere praktijk"
        )
    if not uit:
        raise ParameterFout(
            f"een praktijk van {_getal(fte, 1)} fte past niet in {gm_code}: alle praktijken samen hebben daar "
            f"{_getal(totaal, 1)} fte; kies een kleinere praktijk of geef fte= zelf"
        )
    return tuple(uit)


def _deel_lijst(eigen: float, totaal: float, patienten: int) -> tuple[float, float]:
    """What is left of the other lists when a practice gets its size, and of its own when it is alone."""
    blijft = eigen - patienten if abs(eigen - patienten) >= 1 else 0.0  # rounded to a whole person
    anderen = totaal - eigen
    if blijft == 0 or anderen <= 0:
        return 1.0, blijft
    return 1.0 + blijft / anderen, blijft


def maak_geval(veld: Veld, patienten: int, kandidaten: tuple[Kandidaat, ...]) -> Geval:
    """Who is hit from each place, and where they can go."""
    per_plek: dict[int, Aantallen] = {}
    for k in kandidaten:
        if id(k.gewicht) not in per_plek:
            per_plek[id(k.gewicht)] = verdeel_getroffenen(veld.mensen, k.gewicht, patienten)
    getroffen = np.stack([per_plek[id(k.gewicht)] for k in kandidaten])
    buurten = np.flatnonzero(getroffen.any(axis=0))
    lokaal = veld.rijen[buurten].tocoo()
    binnen = lokaal.data <= veld.grens
    i, j, t = lokaal.coords[0][binnen], lokaal.coords[1][binnen], lokaal.data[binnen]
    plekken, kolom = np.unique(j, return_inverse=True)
    minuten = np.full((len(buurten), len(plekken)), np.inf)
    minuten[i, kolom] = t
    praktijken = np.flatnonzero(np.isin(veld.plek, plekken))
    return Geval(
        patienten=patienten,
        kandidaten=kandidaten,
        buurten=buurten,
        plekken=plekken,
        minuten=minuten,
        getroffen=getroffen[:, buurten],
        minuten_voor=np.stack([k.minuten[buurten] for k in kandidaten]),
        praktijken=praktijken,
        op_plek=np.searchsorted(plekken, veld.plek[praktijken]),
        lijst=_lijsten(veld, kandidaten, praktijken),
    )


def _lijsten(veld: Veld, kandidaten: Sequence[Kandidaat], praktijken: Aantallen) -> Getallen:
    """Lists per candidate and practice in the picture before: as delivered, else by fte."""
    model = veld.fte[praktijken] * veld.mensen_per_fte
    geleverd = veld.ingeschreven[praktijken]
    uit = np.empty((len(kandidaten), len(praktijken)))
    for rij, k in zip(uit, kandidaten, strict=True):
        hier = veld.gm_code[praktijken] == k.gm_code
        rij[:] = np.where(np.isnan(geleverd), model, geleverd)
        rij[hier] *= k.factor if k.lijstfactor is None else k.lijstfactor
        rij[praktijken == k.praktijk] = 0.0
    return uit


@dataclass(frozen=True, eq=False)
class Uitkomst:
    """What happens per draw (rows).

    Attributes
    ----------
    keuze
        Number of the candidate.
    open_aandeel, opname
        As drawn.
    open_
        Which practices of the case are open.
    ruimte
        People each of them takes.
    geplaatst
        People who find a place.
    """

    keuze: Aantallen
    open_aandeel: Getallen
    opname: Getallen
    open_: NDArray[np.bool_]
    ruimte: Aantallen
    geplaatst: Aantallen

    def per_plek(self, geval: Geval, trekking: int) -> Aantallen:
        """Room per place in one draw."""
        return tel_per_plek(geval, self.ruimte[trekking])


def tel_per_plek(geval: Geval, ruimte: Aantallen) -> Aantallen:
    """Room of practices, added up per place."""
    return np.bincount(geval.op_plek, weights=ruimte, minlength=len(geval.plekken)).astype(np.int64)


def trek_uitkomst(
    veld: Veld, geval: Geval, loten: Loten, open_aandeel: Getallen, opname: Getallen
) -> Uitkomst:
    """Place, open practices, room and placement of every draw.

    Parameters
    ----------
    veld, geval, loten
        The field, the case and the lots.
    open_aandeel, opname
        One value per draw.
    """
    keuze = np.floor(loten.plaats * len(geval.kandidaten)).astype(np.int64)
    bekend = veld.bekend[geval.praktijken]
    open_ = np.where(np.isnan(bekend), loten.open_[:, geval.praktijken] < open_aandeel[:, None], bekend > 0)
    lijst = geval.lijst[keuze]
    open_ = open_ & (lijst > 0)
    ruimte = np.where(open_, np.floor(opname[:, None] * lijst + 1e-9), 0.0).astype(np.int64)
    return Uitkomst(keuze, open_aandeel, opname, open_, ruimte, _plaats(geval, keuze, ruimte))


def _plaats(geval: Geval, keuze: Aantallen, ruimte: Aantallen) -> Aantallen:
    """How many find a place in each draw: by proof where that settles it, else by maximum flow."""
    per_plek = np.zeros((len(keuze), len(geval.plekken)), dtype=np.int64)
    for rij, r in zip(per_plek, ruimte, strict=True):
        rij[:] = tel_per_plek(geval, r)
    bereik = np.isfinite(geval.minuten)
    uit = np.full(len(keuze), -1, dtype=np.int64)
    for c in np.unique(keuze):
        mee = keuze == c
        uit[mee] = zekere_plaatsing(bereik.astype(np.float64), geval.getroffen[c], per_plek[mee])
    open_ = np.flatnonzero(uit < 0)
    uit[open_] = grootste_plaatsing(bereik, geval.getroffen[keuze[open_]], per_plek[open_])
    return uit


def _getal(waarde: float, decimalen: int = 0) -> str:
    """A number as Dutch readers write it: 1.234,5."""
    return f"{waarde:,.{decimalen}f}".translate(str.maketrans(",.", ".,"))
