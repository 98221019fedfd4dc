"""Indicators on maps: their name, unit and class breaks, fixed so that maps compare over years and regions.

The breaks are choices of this project, made once on the 342 gemeenten and 3,393 wijken of 2024. They are
round numbers, not quantiles: a quantile map changes its classes with every year and region, and hides
change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.huisstijl import (
    ARCERING_ONGUNSTIG,
    GEEN_GEGEVENS,
    ONBEKEND,
    PALETTEN,
    getal,
    palet,
    procent,
)

# 1.2 - 1.1 is 0.0999...: what differs less than this from a break counts as the break
DECIMALEN_GELIJK = 9
TE_ONZEKER = "onbekend: te onzeker voor een oordeel"  # also what a chance below 10% is when it is not robust
TWEEZIJDIG = "tweezijdig"


@dataclass(frozen=True)
class Indicator:
    """What a map shows, and in which classes.

    Parameters
    ----------
    naam
        Column name in tables.
    titel
        Name as a reader sees it, above the legend.
    eenheid
        Unit; ``%`` means that values are shares from 0 to 1.
    breekpunten
        Ascending; a value on a break falls in the class above it.
    palet
        One of ``huisstijl.PALETTEN``.
    richting
        ``hoog_ongunstig``, ``hoog_gunstig`` or ``neutraal``.
    decimalen
        Decimals of values and class labels.
    uitleg
        One sentence: what is measured, and how to read it.
    klassenamen
        Own labels, one more than breaks; empty for labels made from the breaks.
    onbekende_klassen
        Numbers of classes that mean "the data do not say": drawn as ``onbekend``, outside the palette.
    twijfelstappen
        Breaks within ``onbekend``, for shades that show which way an area leans; empty for one shade.
    getal_is
        What the numbers are, where the name of the indicator does not say it: ``kans op een tekort``.
    """

    naam: str
    titel: str
    eenheid: str
    breekpunten: tuple[float, ...]
    palet: str
    richting: str
    decimalen: int
    uitleg: str
    klassenamen: tuple[str, ...] = ()
    onbekende_klassen: tuple[int, ...] = ()
    twijfelstappen: tuple[float, ...] = ()
    getal_is: str = ""

    def __post_init__(self) -> None:
        stijgend = all(a < b for a, b in pairwise(self.breekpunten))
        if not self.breekpunten or not stijgend or not all(map(math.isfinite, self.breekpunten)):
            raise HuisartsdataFout(
                f"Breekpunten van {self.naam} moeten eindig zijn en oplopen: {self.breekpunten}."
            )
        if self.palet not in PALETTEN:
            raise HuisartsdataFout(
                f"Onbekend palet {self.palet} bij {self.naam}. Kies uit {', '.join(PALETTEN)}."
            )
        if self.klassenamen and len(self.klassenamen) != len(self.breekpunten) + 1:
            raise HuisartsdataFout(
                f"{self.naam} heeft {len(self.breekpunten) + 1} klassen nodig met een naam."
            )

    def schrijf(self, waarde: float) -> str:
        """Write one value without its unit (a percentage keeps its sign)."""
        return procent(waarde, self.decimalen) if self.eenheid == "%" else getal(waarde, self.decimalen)

    def schrijf_met_eenheid(self, waarde: float) -> str:
        """Write one value with its unit."""
        los = self.schrijf(waarde)
        return los if self.eenheid in ("", "%") or los == GEEN_GEGEVENS else f"{los} {self.eenheid}"

    def vertel(self, waarde: float) -> str:
        """Write one value in a sentence: a share that is not nothing is never 0%, a chance never 0 or 100%."""
        stap = 10.0 ** -(2 + self.decimalen)
        kans = self.naam.startswith("kans_")
        if self.eenheid == "%" and (0 < waarde < stap / 2 or (kans and waarde < stap)):
            return f"minder dan {procent(stap, self.decimalen)}"
        if kans and self.eenheid == "%" and waarde > 1 - stap:
            return f"meer dan {procent(1 - stap, self.decimalen)}"
        return self.schrijf_met_eenheid(waarde)

    @property
    def klassen(self) -> tuple[str, ...]:
        """Class labels, lowest class first; with *tot* the upper edge belongs to the next class."""
        if self.klassenamen:
            return self.klassenamen
        rand = [self.schrijf(b).replace("-", "−") for b in self.breekpunten]
        midden = [f"{a} tot {b}" for a, b in pairwise(rand)]
        return (f"minder dan {rand[0]}", *midden, f"{rand[-1]} en meer")

    @property
    def kleuren(self) -> tuple[str, ...]:
        """Fill colour of each class, lowest first; of a difference red-brown is always the unfavourable side."""
        kleuren = palet(self.palet, len(self.breekpunten) + 1)
        return kleuren[::-1] if self._omgekeerd else kleuren

    @property
    def arceringen(self) -> tuple[str, ...]:
        """Hatch of each class: stripes on the unfavourable side of a difference, nothing elsewhere."""
        aantal = len(self.breekpunten) + 1
        if self.palet != TWEEZIJDIG:
            return ("",) * aantal
        strepen = tuple(ARCERING_ONGUNSTIG if n > aantal // 2 else "" for n in range(aantal))
        return strepen[::-1] if self._omgekeerd else strepen

    @property
    def _omgekeerd(self) -> bool:
        return self.palet == TWEEZIJDIG and self.richting == "hoog_gunstig"

    def als_dict(self) -> dict[str, Any]:
        """Everything about the indicator, for the provenance beside a figure."""
        return {**asdict(self), "klassen": list(self.klassen)}


def classify(waarden: pd.Series, indicator: Indicator, onbekend: pd.Series | None = None) -> pd.Series:
    """Put each value in its class.

    Parameters
    ----------
    waarden
        Numbers by area code; NaN is no data.
    indicator
        The indicator with its breaks.
    onbekend
        Boolean by area code: True where the data cannot say. No data goes before unknown.

    Returns
    -------
    pandas.Series
        Ordered categorical with the index of ``waarden``: the labels of the classes, ``onbekend``, ``geen
        gegevens``.

    Examples
    --------
    >>> km = get_indicator("afstand_huisarts_km")
    >>> list(classify(pd.Series({"GM1": 0.99, "GM2": 1.0, "GM3": float("nan")}), km))
    ['0,7 tot 1,0', '1,0 tot 1,5', 'geen gegevens']
    """
    getallen = waarden.to_numpy(dtype=float, na_value=np.nan)
    if np.isinf(getallen).any():
        codes = ", ".join(map(str, waarden.index[np.isinf(getallen)][:20]))
        raise HuisartsdataFout(
            f"Oneindige waarde bij {codes}. Maak er een getal of een ontbrekende waarde van."
        )
    klassen = list(indicator.klassen)
    for nummer in indicator.onbekende_klassen:
        klassen[nummer] = ONBEKEND
    nummers = np.digitize(np.round(getallen, DECIMALEN_GELIJK), indicator.breekpunten)
    namen = np.array(klassen, dtype=object)[nummers]
    if onbekend is not None:
        namen[onbekend.reindex(waarden.index, fill_value=False).to_numpy(dtype=bool)] = ONBEKEND
    namen[np.isnan(getallen)] = GEEN_GEGEVENS
    volgorde = [*(k for k in klassen if k != ONBEKEND), ONBEKEND, GEEN_GEGEVENS]
    return pd.Series(
        pd.Categorical(namen, categories=volgorde, ordered=True), index=waarden.index, name="klasse"
    )


def get_indicator(naam: str) -> Indicator:
    """Look up an indicator of the house; an unknown name raises with the choices."""
    if naam not in INDICATOREN:
        raise HuisartsdataFout(f"Onbekende indicator: {naam}. Kies uit {', '.join(sorted(INDICATOREN))}.")
    return INDICATOREN[naam]


def _boven(grens: float) -> float:
    # the first number above a limit: makes the limit itself belong to the class below
    return math.nextafter(grens, math.inf)


INDICATOREN: Mapping[str, Indicator] = {
    i.naam: i
    for i in (
        Indicator(
            naam="afstand_huisarts_km",
            titel="Gemiddelde afstand over de weg tot de dichtstbijzijnde huisartsenpraktijk",
            eenheid="km",
            # 5 km and more occurs in wijken only; one set of classes for every level
            breekpunten=(0.7, 1.0, 1.5, 2.0, 3.0, 5.0),
            palet="oranje",
            richting="hoog_ongunstig",
            decimalen=1,
            uitleg="Gemiddelde van alle inwoners van het gebied, gemeten over de weg vanaf hun woonadres.",
        ),
        Indicator(
            naam="verschil_afstand_km",
            titel="Verandering van de afstand tot de dichtstbijzijnde huisartsenpraktijk",
            eenheid="km",
            # symmetric: both limits of a class belong to the class nearest zero
            breekpunten=(-0.5, -0.1, _boven(0.1), _boven(0.5)),
            palet="tweezijdig",
            richting="hoog_ongunstig",
            decimalen=1,
            uitleg="Positief is verder weg dan eerder, negatief is dichterbij.",
            klassenamen=(
                "meer dan 0,5 dichterbij",
                "0,1 tot 0,5 dichterbij",
                "hoogstens 0,1 verschil",
                "0,1 tot 0,5 verder",
                "meer dan 0,5 verder",
            ),
        ),
        Indicator(
            naam="inwoners_per_praktijk",
            titel="Inwoners per huisartsenpraktijk",
            eenheid="inwoners",
            breekpunten=(2500, 3000, 3500, 4500, 6000),
            palet="blauw",
            richting="neutraal",
            decimalen=0,
            uitleg="Inwoners gedeeld door praktijken in het gebied; zegt niets over de grootte ervan.",
        ),
        Indicator(
            naam="inwoners_per_adres",
            titel="Inwoners per adres met een huisartsenpraktijk",
            eenheid="inwoners",
            breekpunten=(3000, 4000, 5000, 7000, 10000),
            palet="blauw",
            richting="neutraal",
            decimalen=0,
            uitleg="Inwoners gedeeld door adressen waar een of meer praktijken zitten.",
        ),
        Indicator(
            naam="aandeel_65_plus",
            titel="Inwoners van 65 jaar en ouder",
            eenheid="%",
            breekpunten=(0.15, 0.18, 0.21, 0.24, 0.27),
            palet="blauw",
            richting="neutraal",
            decimalen=0,
            uitleg="Aandeel van alle inwoners van het gebied.",
        ),
        Indicator(
            naam="bereik_fte_per_10000",
            titel="Bereikbare huisartsenzorg",
            eenheid="fte per 10.000 standaardpatiënten",
            # supply is some 5 (zonder wisselend) or 6 (alle) per 10,000: both must show their spread
            breekpunten=(4.0, 5.0, 5.5, 6.0, 7.0),
            palet="groen",
            richting="hoog_gunstig",
            decimalen=1,
            uitleg="Capaciteit binnen reistijd, verdeeld over iedereen die haar kan bereiken.",
        ),
        Indicator(
            naam="kans_onder_gemiddeld",
            titel="Bereikbare huisartsenzorg tegenover het landelijke gemiddelde",
            eenheid="%",
            breekpunten=(0.1, _boven(0.9)),
            palet="oordeel",
            richting="hoog_ongunstig",
            decimalen=0,
            uitleg="Aandeel van de trekkingen waarin het bereik onder het gemiddelde van het land ligt.",
            klassenamen=(
                "meer dan gemiddeld (kans boven 90%)",
                TE_ONZEKER,
                "minder dan gemiddeld (kans boven 90%)",
            ),
            onbekende_klassen=(1,),
            getal_is="kans op minder dan gemiddeld",
        ),
        Indicator(
            naam="kans_op_tekort",
            titel="Oordeel over een tekort aan huisartsenzorg",
            eenheid="%",
            # tekort is a chance above .9, geen tekort below .1; both limits themselves stay onbekend
            breekpunten=(0.1, _boven(0.9)),
            palet="oordeel",
            richting="hoog_ongunstig",
            decimalen=0,
            uitleg="Aandeel van de trekkingen waarin het gebied tekort komt.",
            klassenamen=(
                "geen tekort (kans onder 10%)",
                TE_ONZEKER,
                "tekort (kans boven 90%)",
            ),
            onbekende_klassen=(1,),
            twijfelstappen=(0.25, 0.5, 0.75),
            getal_is="kans op een tekort",
        ),
        Indicator(
            naam="getroffen_patienten",
            titel="Patiënten van de uitgevallen praktijk",
            eenheid="patiënten",
            breekpunten=(10, 50, 100, 250, 500),
            palet="blauw",
            richting="neutraal",
            decimalen=0,
            uitleg="Verwacht aantal patiënten dat in het gebied woont, over alle trekkingen van de plek.",
        ),
        Indicator(
            naam="afname_bereik",
            titel="Verlies aan bereikbare huisartsenzorg",
            eenheid="%",
            breekpunten=(0.01, 0.02, 0.05, 0.10, 0.20),
            palet="oranje",
            richting="hoog_ongunstig",
            decimalen=0,
            uitleg="Deel van de fte binnen bereik dat na de uitval wegvalt.",
        ),
        Indicator(
            naam="kans_helft_zonder_plek",
            titel="Wat het uitvallen van een praktijk hier zou doen",
            eenheid="%",
            breekpunten=(0.1, _boven(0.9)),
            palet="oordeel",
            richting="hoog_ongunstig",
            decimalen=0,
            uitleg="Aandeel van de trekkingen waarin meer dan de helft van de patiënten geen plek vindt.",
            klassenamen=(
                "plek mogelijk voor helft of meer (kans boven 90%)",
                TE_ONZEKER,
                "meer dan helft zonder plek (kans boven 90%)",
            ),
            onbekende_klassen=(1,),
            getal_is="kans dat meer dan de helft geen plek vindt",
        ),
    )
}
