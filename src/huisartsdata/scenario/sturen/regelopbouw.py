"""From the user's choice of rules to steps of the machinery, and from a state to a shortage."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.sturen.regeldefinities import (
    MEETLAT,
    VOEGT_TOE,
    Definitie,
    zoek_regel,
)
from huisartsdata.scenario.sturen.regelmechaniek import (
    Groei,
    Rekenaar,
    Verplaatsing,
    doorloop,
    instroomaandeel,
    stroomgrens,
)
from huisartsdata.scenario.sturen.regelwaarden import GEBIEDEN

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from huisartsdata.scenario.sturen.regelaanwijzing import Aanwijzing, Meting
    from huisartsdata.scenario.sturen.regelmechaniek import Stand

    Gewezen = tuple[Meting, Aanwijzing] | None
    Matrix = NDArray[np.float64]
    Regelkeuze = str | Sequence[str | tuple[str, Mapping[str, Any]]]

STROOM = 0x5354  # number of the stream of random numbers that is this module's own
ONGEMETEN = ("sterkte", "aandeel_plaatsen", "blijfkans", "aanlooptijd")
VERSTE_JAAR = 2060  # beyond this "today's spread, steered" says nothing


@dataclass(frozen=True)
class Gekozen:
    """One rule with all its values; `label` tells it from the same rule with other values.

    `gegeven` names the values that the user gave; those are never drawn.
    """

    definitie: Definitie
    parameters: Mapping[str, Any]
    label: str
    gegeven: frozenset[str] = frozenset()

    @property
    def wachttijd(self) -> Any:
        """Years between the start and the first GP steered: lead time, and training where it comes first."""
        p = self.parameters
        opleiding = p["opleidingsduur"] if self.definitie.opleiding else 0.0
        return p.get("aanlooptijd", 0.0) + opleiding

    def sterkte(self, instroom: float) -> Any:
        """Share of the steerable flow towards giving areas that goes elsewhere, everything counted."""
        p = self.parameters
        uit = p.get("sterkte", 0.0)
        if "blijfkans" in p:
            uit = uit * p["aandeel_plaatsen"] * p["blijfkans"]
        if "gebonden" in p:  # only doctors trained abroad are bound
            starters = instroom * waarde("regel_rendement")
            uit = uit * (min(1.0, p["gebonden"] / starters) if starters > 0 else 0.0)
        return uit

    def marges(self) -> dict[str, tuple[float, float]]:
        """Bounds of what nobody has measured: strength and lead time, where the user gave no value."""
        if self.definitie.doet == MEETLAT:
            return {}
        uit = {}
        for p in self.definitie.parameters:
            if p.naam in ONGEMETEN and p.naam not in self.gegeven and p.rij is not None:
                rij = parameter(p.rij)
                if rij.laag is not None and rij.hoog is not None:
                    uit[p.naam] = (rij.laag, rij.hoog)
        return uit

    def met(self, **waarden: Any) -> Gekozen:
        """The same rule with other values (numbers, or one per draw)."""
        return replace(self, parameters={**self.parameters, **waarden})

    def getrokken(self, trekkingen: int, seed: int) -> Gekozen:
        """The same rule with strength and lead time drawn evenly between their bounds.

        Draw k depends on (seed, k) and the row of `data/parameters.csv`: rules that rest on one unknown share
        its draw. Drawn apart, two rules that pay would differ by the lot and not by what they do.
        """
        rijen = {p.naam: p.rij for p in self.definitie.parameters}
        eigen = {
            naam: laag + (hoog - laag) * _uniform(trekkingen, seed, str(rijen[naam]))
            for naam, (laag, hoog) in self.marges().items()
        }
        return self.met(**eigen)


def _uniform(trekkingen: int, seed: int, rij: str) -> Matrix:
    kolom = zlib.crc32(rij.encode())  # by name, so that a new row changes no other draw
    return np.array(
        [
            np.random.Generator(np.random.Philox(key=np.uint64(seed), counter=[0, kolom, STROOM, k])).random()
            for k in range(trekkingen)
        ]
    )


@dataclass(frozen=True)
class Kader:
    """What holds for every rule alike: start, entrants in training a year, share that moves, areas of shortage."""

    begin: int
    instroom: float
    verhuizers: float
    per: str

    @property
    def instroomdeel(self) -> float:
        """Share of the fte that starts in a year."""
        return instroomaandeel(self.instroom)


def maak_kader(begin: int | None, instroom: float | None, verhuizers: float | None, per: str) -> Kader:
    """Check what holds for every rule; defaults from `data/parameters.csv`."""
    if per not in GEBIEDEN:
        raise ParameterFout(f"per_tekort={per!r:.40} kan niet; kies uit {', '.join(GEBIEDEN)}")
    uit = Kader(
        int(waarde("regel_begin")) if begin is None else keur_jaar("begin", begin, 2000),
        waarde("regel_instroom") if instroom is None else instroom,
        waarde("regel_verhuizers") if verhuizers is None else verhuizers,
        per,
    )
    for naam, x, hoogste in (("instroom", uit.instroom, np.inf), ("verhuizers", uit.verhuizers, 1.0)):
        if (
            isinstance(x, bool)
            or not isinstance(x, (int, float))
            or not 0 <= x <= hoogste
            or not np.isfinite(x)
        ):
            bereik = (
                "personen per jaar, 0 of meer" if naam == "instroom" else "een aandeel van 0 tot en met 1"
            )
            raise ParameterFout(f"{naam}={x!r} kan niet; geef {bereik}")
    if uit.instroomdeel + uit.verhuizers > 1:
        raise ParameterFout(
            f"instroom={uit.instroom!r} kan niet: meer dan er huisartsen zijn; geef er minder"
        )
    return uit


def keur_jaar(naam: str, jaar: Any, laagste: int) -> int:
    """A whole year from `laagste`.

    Raises
    ------
    ParameterFout
        For anything else.
    """
    heel = isinstance(jaar, (int, np.integer)) and not isinstance(jaar, bool)
    if not heel or not laagste <= jaar <= VERSTE_JAAR:
        raise ParameterFout(
            f"{naam}={jaar!r:.40} kan niet; geef een jaar van {laagste} tot en met {VERSTE_JAAR}"
        )
    return int(jaar)


def lees_keuzes(regel: Regelkeuze, gedeeld: Mapping[str, Any], *, samen: bool = True) -> tuple[Gekozen, ...]:
    """The chosen rules in order; `gedeeld` holds for every rule that has such a parameter.

    Rules that work together (`samen`) must differ: the same one twice would count the same GPs twice.

    Raises
    ------
    ParameterFout
        For an unknown rule or parameter, with the choices.
    """
    if isinstance(regel, str):
        return (_kies(regel, gedeeld, {}),)
    if not isinstance(regel, (list, tuple)) or not regel:
        zoek_regel(regel)
    paren: list[tuple[str, Mapping[str, Any]]] = []
    for r in regel:
        naam, eigen = (r, {}) if isinstance(r, str) else _paar(r)
        paren.append((zoek_regel(naam).naam, eigen))
    bekend = {p.naam for naam, _ in paren for p in zoek_regel(naam).parameters}
    if vreemd := sorted(set(gedeeld) - bekend):
        raise ParameterFout(
            f"geen van deze regels heeft een parameter {', '.join(vreemd)}; kies uit {', '.join(sorted(bekend))}"
        )
    uit = []
    for naam, eigen in paren:
        mee = {p.naam for p in zoek_regel(naam).parameters}
        uit.append(_kies(naam, {k: v for k, v in gedeeld.items() if k in mee}, eigen))
    if samen:
        keur_uniek([g.label for g in uit])
    return tuple(uit)


def keur_uniek(labels: Sequence[str]) -> None:
    """Refuse a rule that stands in a list twice with the same values.

    Raises
    ------
    ParameterFout
        Naming it.
    """
    if dubbel := sorted({x for x in labels if labels.count(x) > 1}):
        raise ParameterFout(
            f"{', '.join(dubbel)} staat er dubbel in: dezelfde huisartsen zouden twee keer tellen; noem elke regel "
            "één keer, of geef er andere parameters bij"
        )


def _paar(r: Any) -> tuple[str, Mapping[str, Any]]:
    if not isinstance(r, Sequence) or len(r) != 2 or not isinstance(r[1], Mapping):
        raise ParameterFout(
            f"regel {r!r:.60} kan niet; geef een naam, of een naam met een dict van parameters"
        )
    return r[0], r[1]


def _kies(naam: str, gedeeld: Mapping[str, Any], eigen: Mapping[str, Any]) -> Gekozen:
    definitie = zoek_regel(naam)
    parameters = definitie.vul_in({**gedeeld, **eigen})
    bij = ", ".join(f"{k}={v}" for k, v in eigen.items())
    if definitie.naam == "frankrijk":  # the French limit as a share of the French mean
        parameters["grens_deel"] = waarde("regel_frankrijk_grens") / parameters["gemiddeld"]
    label = f"{definitie.naam} ({bij})" if bij else definitie.naam
    return Gekozen(definitie, parameters, label, frozenset({*gedeeld, *eigen}))


def wijs_aan(rekenaar: Rekenaar, gekozen: Gekozen) -> Gewezen:
    """Measure the areas of a rule and apply its test; `None` for a rule without areas."""
    wijzer = gekozen.definitie.wijzer
    if wijzer is None:
        return None
    meting = rekenaar.meet(gekozen.parameters["per"], fijn=gekozen.definitie.fijn)
    return meting, wijzer(meting, gekozen.parameters)


def maak_stappen(
    rekenaar: Rekenaar, keuzes: Sequence[Gekozen], gewezen: Sequence[Gewezen], kader: Kader
) -> list[Verplaatsing | Groei]:
    """Steps of the machinery, in the order of the rules; what moves and adds nothing gives none."""
    uit: list[Verplaatsing | Groei] = []
    for g, w in zip(keuzes, gewezen, strict=True):
        vanaf = kader.begin + g.wachttijd
        if w is not None:
            _, groep = rekenaar.groep(g.parameters["per"])
            uit.append(Verplaatsing(w[1], groep, g.sterkte(kader.instroom), g.definitie.verhuizers, vanaf))
        elif g.definitie.doet == VOEGT_TOE:
            extra = g.parameters["sterkte"] * max(0.0, g.parameters["plaatsen"] - kader.instroom)
            uit.append(Groei(instroomaandeel(extra), vanaf))
    return uit


def laat_werken(
    rekenaar: Rekenaar,
    keuzes: Sequence[Gekozen],
    gewezen: Sequence[Gewezen],
    kader: Kader,
    jaren: Sequence[int],
) -> dict[int, Stand]:
    """State of the supply at the end of each year, with the rules at work."""
    return doorloop(
        rekenaar.fte,
        maak_stappen(rekenaar, keuzes, gewezen, kader),
        begin=kader.begin,
        jaren=jaren,
        instroom=kader.instroomdeel,
        verhuizers=kader.verhuizers,
    )


def grens_van(keuzes: Sequence[Gekozen], kader: Kader, jaar: int, totaal: float) -> float:
    """The most fte that these rules could steer by the end of a year: they share one flow."""
    werkend = [g for g in keuzes if g.definitie.wijzer is not None]
    if not werkend:
        return 0.0
    tijd = jaar - kader.begin
    uit = stroomgrens(totaal * kader.instroomdeel, tijd - min(g.wachttijd for g in werkend))
    if verhuizend := [g.wachttijd for g in werkend if g.definitie.verhuizers]:
        uit += stroomgrens(totaal * kader.verhuizers, tijd - min(verhuizend))
    for g in keuzes:  # extra entrants can be steered too, from when they are there
        if "plaatsen" in g.parameters:
            extra = g.parameters["sterkte"] * max(0.0, g.parameters["plaatsen"] - kader.instroom)
            uit += stroomgrens(totaal * instroomaandeel(extra), tijd - g.wachttijd)
    return uit


def nieuwe_norm(norm: float, keuzes: Sequence[Gekozen], kader: Kader, jaar: int) -> float:
    """People per fte at the end of a year: rules that change the yardstick, in order."""
    for g in keuzes:
        p = g.parameters
        if "groei" in p:  # every fte helps more people
            norm *= 1.0 + p["sterkte"] * ((1.0 + p["groei"]) ** max(0, jaar - kader.begin) - 1.0)
        if "norm" in p:
            norm += p["sterkte"] * (p["norm"] - norm)
    return norm


@dataclass(frozen=True, eq=False)
class Tekort:
    """Need and reach per area and draw at one norm."""

    codes: pd.Index
    nodig: Matrix
    bereikt: Matrix
    norm: float

    @property
    def fte(self) -> Matrix:
        """Shortage per area."""
        uit: Matrix = np.maximum(0.0, self.nodig - self.bereikt)
        return uit

    @property
    def totaal(self) -> Matrix:
        """Shortage of the country, per draw."""
        uit: Matrix = self.fte.sum(axis=0)
        return uit

    @property
    def niveau(self) -> Matrix:
        """The part that is too few in all, per draw."""
        uit: Matrix = np.maximum(0.0, self.nodig.sum(axis=0) - self.bereikt.sum(axis=0))
        return uit


def meet_tekort(rekenaar: Rekenaar, per: str, norm: float, fte: Matrix | None = None) -> Tekort:
    """Shortage of the areas with this supply at this norm."""
    codes, vraag, bereikt = rekenaar.bereik(per, fte)
    return Tekort(codes, vraag / norm, bereikt, norm)
