"""What an outage or a rule does to reach under every assumption on travel, and the one sentence on a loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.model.bereikmaten import bereikbeeld
from huisartsdata.model.onzekerheid import vervalreeks
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator, classify, get_indicator

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval

MERKBAAR = 0.01  # a loss of reach below this share is no loss on a map
INDICATOR = "afname_bereik"
AANNAMEN = "over vijf aannames over reisbereidheid"  # what the interval of a change runs over
WAAROM_ONBEKEND = "Onbekend: hangt af van hoe ver mensen gaan"


def reach_before_after(voor: Situatie, na: Situatie, *, per: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Reach per area before and after, a column per decay; the first is the one of the picture itself.

    The five decays of ``vervalreeks`` say whether a change hangs on how far people are taken to go.
    """
    uit = []
    for s in (voor, na):
        kolommen = {"beeld": bereikbeeld(s, per=per)["bereik_fte_per_10000"]}
        for n, verval in enumerate(vervalreeks()):
            kolommen[f"verval_{n}"] = bereikbeeld(s.vervang(verval=verval), per=per)["bereik_fte_per_10000"]
        uit.append(pd.DataFrame(kolommen))
    return uit[0], uit[1]


def unsure_classes(waarden: pd.DataFrame, indicator: Indicator) -> pd.Series:
    """Where one of the decays puts an area on the other side: the classes differ by more than one step."""
    nummers = waarden.apply(lambda kolom: classify(kolom, indicator).cat.codes)
    return (nummers.max(axis=1) - nummers.min(axis=1)) > 1


@dataclass(frozen=True, eq=False)
class Bereikverlies:
    """Loss of reach per area after an outage: what every figure and map of it counts from.

    Attributes
    ----------
    voor, na
        Reach before and after, fte per 10,000, a column per decay.
    verlies
        Share of the reach that is lost, 0 to 1, a column per decay.
    onzeker
        Where the decays disagree by more than one class: the loss is ``onbekend``.
    """

    voor: pd.DataFrame
    na: pd.DataFrame
    verlies: pd.DataFrame
    onzeker: pd.Series

    @property
    def geraakt(self) -> int:
        """Number of areas that surely lose something that shows."""
        return int(((self.verlies["beeld"] >= MERKBAAR) & ~self.onzeker).sum())

    def zin(self, soort: str) -> str:
        """How many areas lose reach, as every title says it; the largest loss is that of the sure ones."""
        alle = len(self.verlies)
        if not self.geraakt:
            return (
                f"verliest geen van de {getal(alle)} {soort} zeker {procent(MERKBAAR)} van het bereik of meer"
            )
        hoogste = float(self.verlies["beeld"][~self.onzeker].max())
        werkwoord = "verliest" if self.geraakt == 1 else "verliezen"
        return (
            f"{werkwoord} {getal(self.geraakt)} van de {getal(alle)} {soort} minstens {procent(MERKBAAR)} van hun "
            f"bereik, de zwaarst geraakte {procent(hoogste)}"
        )

    def rest(self, soort: str) -> str:
        """Of how many areas it cannot be told, and why; empty where there are none."""
        n = int(self.onzeker.sum())
        return f"{WAAROM_ONBEKEND} ({getal(n)} van de {getal(len(self.onzeker))} {soort})" if n else ""


def load_bereikverlies(u: Uitval, index: pd.Index, *, per: str = "wijk") -> Bereikverlies:
    """The loss of reach of the areas in `index` after an outage, under every decay."""
    voor, na = (t.reindex(index) for t in reach_before_after(u.situatie_voor, u.situatie, per=per))
    verlies = (1 - na / voor).fillna(0.0).clip(lower=0.0)
    return Bereikverlies(voor, na, verlies, unsure_classes(verlies, get_indicator(INDICATOR)))
