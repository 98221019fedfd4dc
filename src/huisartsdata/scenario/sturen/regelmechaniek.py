"""The machinery behind steering rules: measuring areas, and moving entrants and movers year by year.

Only GPs who start or move can be steered. With T the fte of the country, e the share of T that starts in
a year and v the share that moves, e T + v T is the flow of a year. Without a rule the flow settles as
today's supply lies, which keeps the spread. A rule redirects a share of the flow that would have gone to
areas that give, to areas that receive, in proportion to their room. Everything is relative to a constant
total: growth or decline of the country as a whole is the outlook's business, not that of a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.gebieden.register import load_buurten, load_gebieden
from huisartsdata.model.onzekerheid import (
    deel_in,
    gebiedscodes,
    maak_kern,
    opzet,
    snelheidsfactoren,
    trek_fte,
    trek_gebieden,
    vervalreeks,
)
from huisartsdata.scenario.invoerkeur import keur_situatie
from huisartsdata.scenario.sturen.regelaanwijzing import Meting, deel

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.onzekerheid import Gebiedskern
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.sturen.regelaanwijzing import Aanwijzing

    Matrix = NDArray[np.float64]

KLEIN = 1e-12  # fte below which there is no room and nothing to move


def instroomaandeel(personen: float) -> float:
    """Share of the national fte that starts in a year, from the people who enter training.

    Scale-free, so that it holds for either function and for a part of the country: 718 x .94 / 14,347.
    """
    return personen * waarde("regel_rendement") / waarde("huisartsen_alle_personen")


def fte_per_persoon(functie: str) -> float:
    """Fte per working GP of a function."""
    if functie == "alle":
        return waarde("fte_per_huisarts_alle")
    return waarde("fte_landelijk_zonder_wisselend") / waarde("huisartsen_zonder_wisselend_personen")


class Rekenaar:
    """Need and reach of one picture: as itself (one column), or in draws.

    What draws have in common is made once per type of area and kept.

    Attributes
    ----------
    situatie
        The picture; without draws its need is that of the picture alone.
    fte
        Supply per practice (rows) and draw (columns).
    """

    def __init__(
        self, situatie: Situatie, *, trekkingen: int = 0, seed: int = 0, executor: Executor | None = None
    ) -> None:
        keur_situatie(situatie)
        self.getrokken = trekkingen > 0
        self.seed, self.executor = seed, executor
        if self.getrokken:
            self.situatie = situatie
            fte = trek_fte(situatie, trekkingen=trekkingen, seed=seed, executor=executor)
            self._verval, self._snelheid = vervalreeks(), snelheidsfactoren()
        else:
            self.situatie = situatie.vervang(vraag_nza=situatie.vraag)
            fte = situatie.praktijken[["fte"]]
            self._verval, self._snelheid = (situatie.verval,), (1.0,)
        self.fte: Matrix = fte.to_numpy(dtype="float64")
        self._kernen: dict[str, dict[tuple[int, int], Gebiedskern]] = {}
        self._metingen: dict[tuple[str, bool], Meting] = {}
        self._namen: dict[str, pd.Series] = {}
        self._indelingen: dict[str, tuple[pd.Index, NDArray[np.intp]]] = {}
        self._groepen: dict[str, tuple[pd.Index, sparse.csr_array]] = {}

    def zet_norm(self, norm: float | str) -> None:
        """Go on with another norm: need changes, reach does not."""
        self.situatie = self.situatie.vervang(norm=norm)

    def bereik(self, per: str, fte: Matrix | None = None) -> tuple[pd.Index, Matrix, Matrix]:
        """Areas, their standardised patients and the fte they reach, per draw."""
        if per not in self._kernen and per != "buurt":  # kernels of all buurten would fill the memory
            self._kernen[per] = self._maak_kernen(per)
        stand = self.fte if fte is None else fte
        t = trek_gebieden(
            self.situatie,
            per=per,
            trekkingen=stand.shape[1],
            seed=self.seed,
            executor=self.executor,
            vervalset=self._verval,
            snelheden=self._snelheid,
            fte=pd.DataFrame(stand, index=self.situatie.praktijken.index),
            kernen=self._kernen.get(per),
            indeling=self._indeling(per),
        )
        return t.codes, t.nodig * self.situatie.norm, t.bereikt

    def _maak_kernen(self, per: str) -> dict[tuple[int, int], Gebiedskern]:
        """Kernels of the settings that these draws use: a few draws do not use them all."""
        s = self.situatie
        index, groep = self._indeling(per)
        plan = opzet(
            self.fte.shape[1],
            self.seed,
            aantal_vervallen=len(self._verval),
            aantal_snelheden=len(self._snelheid),
        )
        return {
            (v, f): maak_kern(s, self._verval[v], self._snelheid[f], groep, len(index))
            for v, f in sorted(set(zip(plan["verval"], plan["snelheid"], strict=True)))
        }

    def _indeling(self, per: str) -> tuple[pd.Index, NDArray[np.intp]]:
        if per not in self._indelingen:
            self._indelingen[per] = deel_in(self.situatie, per)
        return self._indelingen[per]

    def namen(self, per: str) -> pd.Series:
        """Names of the areas by code; read once, for the register hands out a copy each time."""
        if per not in self._namen:
            self._namen[per] = load_gebieden(per)["naam"]
        return self._namen[per]

    def groep(self, per: str) -> tuple[pd.Index, sparse.csr_array]:
        """Areas and the 0/1 matrix of areas by practices that says which practice lies where."""
        if per not in self._groepen:
            self._groepen[per] = self._maak_groep(per)
        return self._groepen[per]

    def _maak_groep(self, per: str) -> tuple[pd.Index, sparse.csr_array]:
        s = self.situatie
        codes = gebiedscodes(s, per)
        index = pd.Index(sorted(codes.unique()), name="gebied")
        van_gm = codes.groupby(s.gebied["gm_code"]).first()
        rij = index.get_indexer(pd.Index(van_gm.reindex(s.praktijken["gm_code"])))
        kolom = np.flatnonzero(rij >= 0)
        vorm = (len(index), len(rij))
        return index, sparse.csr_array((np.ones(len(kolom)), (rij[kolom], kolom)), shape=vorm)

    def meet(self, per: str, *, fijn: bool = False) -> Meting:
        """Everything that rules look at; `fijn` also averages reach over the inhabitants of buurten."""
        if (per, fijn) not in self._metingen:
            self._metingen[per, fijn] = self._meet(per, fijn=fijn)
        return replace(self._metingen[per, fijn], norm=self.situatie.norm)

    def _meet(self, per: str, *, fijn: bool) -> Meting:
        s = self.situatie
        codes, vraag, bereikt = self.bereik(per)
        index, groep = self.groep(per)
        buurtgebied = gebiedscodes(s, per)
        inwoners = s.inwoners.groupby(buurtgebied).sum().reindex(index).to_numpy(dtype="float64")
        hectare = load_buurten()["oppervlakte_land_ha"].reindex(s.gebied.index)
        km2 = hectare.groupby(buurtgebied).sum().reindex(index).to_numpy(dtype="float64") / 100.0
        per_hoofd = deel(bereikt, vraag, 0.0)
        if fijn:
            per_hoofd = self._gemiddeld_bereik(buurtgebied, index)
        return Meting(
            codes=codes,
            binnen=np.asarray(groep @ self.fte),
            bereikt=bereikt,
            per_hoofd=per_hoofd,
            vraag=vraag,
            inwoners=inwoners[:, None],
            km2=km2[:, None],
            norm=s.norm,
            fte_per_persoon=fte_per_persoon(s.functie),
        )

    def _gemiddeld_bereik(self, buurtgebied: pd.Series, index: pd.Index) -> Matrix:
        buurten, vraag, bereikt = self.bereik("buurt")
        mensen = self.situatie.inwoners.reindex(buurten).to_numpy(dtype="float64")
        rij = index.get_indexer(pd.Index(buurtgebied.reindex(buurten)))
        gewicht = sparse.csr_array((mensen, (rij, np.arange(len(rij)))), shape=(len(index), len(rij)))
        som = np.asarray(gewicht @ deel(bereikt, vraag, 0.0))
        uit: Matrix = deel(som, np.asarray(gewicht.sum(axis=1))[:, None], 0.0)
        return uit


@dataclass(frozen=True, eq=False)
class Verplaatsing:
    """One rule at work: which areas, how strongly, on whom and from when.

    `sterkte` is the share of the flow towards areas that give which goes elsewhere; `verhuizers` says
    whether it also holds for GPs who move, `vanaf` is the (broken) year in which it starts to work.
    Strength and start may differ per draw.
    """

    aanwijzing: Aanwijzing
    groep: sparse.csr_array
    sterkte: Matrix | float
    verhuizers: bool
    vanaf: Matrix | float


@dataclass(frozen=True, eq=False)
class Groei:
    """Extra entrants: a share of today's fte a year from `vanaf`, spread as the supply lies."""

    aandeel: Matrix | float
    vanaf: Matrix | float


@dataclass(frozen=True, eq=False)
class Stand:
    """Supply per practice and draw at the end of a year, and what it took (per draw)."""

    fte: Matrix
    verplaatst: Matrix
    toegevoegd: Matrix


def stroomgrens(per_jaar: float, jaren: float) -> float:
    """Fte that can be steered in so many years, given the fte that starts or moves in one.

    >>> round(stroomgrens(500.0, 1.5)), stroomgrens(500.0, -1)
    (750, 0.0)
    """
    return per_jaar * max(0.0, jaren)


def doorloop(
    fte: Matrix,
    stappen: Sequence[Verplaatsing | Groei],
    *,
    begin: int,
    jaren: Sequence[int],
    instroom: float,
    verhuizers: float,
) -> dict[int, Stand]:
    """Let rules work year by year, in order, on one shared flow.

    Parameters
    ----------
    fte
        Supply per practice (rows) and draw (columns) at the end of `begin`.
    stappen
        Rules at work; an earlier one takes from the flow first.
    begin, jaren
        Year in which everything starts, and years of which the state at the end is asked.
    instroom, verhuizers
        Shares of the fte that start and that move in a year.

    Returns
    -------
    dict
        State by year.
    """
    s = fte
    verplaatst = np.zeros(fte.shape[1])
    totaal = fte.sum(axis=0)
    toegevoegd = np.zeros(fte.shape[1])
    uit = {begin: Stand(s, verplaatst, toegevoegd)}
    for jaar in range(begin + 1, max([*jaren, begin]) + 1):
        vast = s * (totaal / s.sum(axis=0))  # extra entrants do not make the others more
        stroom = [instroom * vast, verhuizers * vast]
        for stap in stappen:
            tijd = np.clip(jaar - np.asarray(stap.vanaf), 0.0, 1.0)
            if not tijd.any():
                continue
            if isinstance(stap, Groei):
                extra = stap.aandeel * tijd * vast
                stroom[0] = stroom[0] + extra
                s, toegevoegd = s + extra, toegevoegd + extra.sum(axis=0)
            else:
                s, stroom, om = _verplaats(s, stroom, stap, tijd)
                verplaatst = verplaatst + om
        uit[jaar] = Stand(s, verplaatst, toegevoegd)
    return uit


def _verplaats(
    s: Matrix, stroom: list[Matrix], stap: Verplaatsing, tijd: Matrix
) -> tuple[Matrix, list[Matrix], Matrix]:
    """One rule in one year: take from the flow of areas that give, add to areas with room."""
    a, groep = stap.aanwijzing, stap.groep
    binnen = np.asarray(groep @ s)
    ruimte = np.where(a.ontvangt & (binnen > 0), np.maximum(a.doel - binnen, 0.0), 0.0)
    deze = stroom[0] + stroom[1] if stap.verhuizers else stroom[0]
    mee = stap.sterkte * tijd * deze
    kan = np.asarray(groep @ mee)
    overschot = np.maximum(binnen - a.bodem, 0.0)
    rem = np.where(
        a.geeft, np.minimum(1.0, np.divide(overschot, kan, out=np.zeros_like(kan), where=kan > KLEIN)), 0.0
    )
    aanbod, plek = (kan * rem).sum(axis=0), ruimte.sum(axis=0)
    om = np.minimum(aanbod, plek)
    om = np.where((aanbod > KLEIN) & (plek > KLEIN), om, 0.0)
    weg = rem * np.divide(om, aanbod, out=np.zeros_like(om), where=aanbod > KLEIN)
    erbij = ruimte * np.divide(om, plek, out=np.zeros_like(om), where=plek > KLEIN)
    fractie = np.asarray(groep.T @ weg)  # share of the steerable flow that leaves each practice
    groei = np.asarray(groep.T @ np.divide(erbij, binnen, out=np.zeros_like(erbij), where=binnen > 0))
    nieuw = s - mee * fractie + s * groei
    over = 1.0 - stap.sterkte * tijd * fractie
    return nieuw, [stroom[0] * over, stroom[1] * over if stap.verhuizers else stroom[1]], om
