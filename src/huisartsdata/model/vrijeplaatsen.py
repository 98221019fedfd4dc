"""Places with GPs that come free and are taken per year: assumptions, levers and the sum.

Counted in people. The defaults are the rows ``d3_...`` of the parameters, from the 2025 estimate of the
Capaciteitsorgaan where it has them, and own choices where nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout

if TYPE_CHECKING:
    from numpy.typing import NDArray

DOELJAAR = 2028  # AZWA D3, 31 August 2025: zero by the end of this year
VROEGST, LAATST = 2000, 2100  # years that a path may span: beyond them it says nothing
BEGINJAAR = 2025  # the parameters of the Capaciteitsorgaan; the first year of a path is the next


@dataclass(frozen=True)
class Aannames:
    """What a path rests on; each default is the row ``d3_<name>`` of the parameters.

    Attributes
    ----------
    instroom_per_jaar
        GPs who start to work per year, after training and from abroad.
    fte_nieuw
        Fte of a new GP.
    aandeel_vast
        Share of that fte with a fixed population (no roaming locum).
    patienten_per_fte
        People per fte with a fixed population, for newcomers.
    uitstroom_per_jaar
        Share of the GPs, and so of the places, that leaves in a year.
    extra_patienten_per_fte
        People that every fte with a fixed population takes on once, spread evenly over the years.
    demografie_per_jaar, overige_vraag_per_jaar
        Growth of need per year as a share of the first year's (linear, as the Capaciteitsorgaan counts).
    aandeel_naar_zonder
        Share of the places that come free on balance that goes to people without a GP.
    """

    instroom_per_jaar: float
    fte_nieuw: float
    aandeel_vast: float
    patienten_per_fte: float
    uitstroom_per_jaar: float
    extra_patienten_per_fte: float
    demografie_per_jaar: float
    overige_vraag_per_jaar: float
    aandeel_naar_zonder: float


@dataclass(frozen=True)
class Knop:
    """A lever: in words, its widest possible range, and whether more of it means more free places."""

    naam: str
    minimum: float
    maximum: float
    meer_is_beter: bool


KNOPPEN = {
    "instroom_per_jaar": Knop(
        "huisartsen die per jaar beginnen te werken (opleiding duurt ruim drie jaar)",
        0,
        np.inf,
        meer_is_beter=True,
    ),
    "fte_nieuw": Knop("fte per nieuwe huisarts", 0, 1, meer_is_beter=True),
    "aandeel_vast": Knop("aandeel van de nieuwe fte met vaste patiënten", 0, 1, meer_is_beter=True),
    "patienten_per_fte": Knop("patiënten per fte van nieuwe huisartsen", 0, np.inf, meer_is_beter=True),
    "uitstroom_per_jaar": Knop("aandeel huisartsen dat per jaar stopt", 0, 1, meer_is_beter=False),
    "extra_patienten_per_fte": Knop(
        "patiënten die elke fte er eenmalig bij neemt", 0, np.inf, meer_is_beter=True
    ),
    "demografie_per_jaar": Knop("groei van de zorgvraag door demografie", 0, 1, meer_is_beter=False),
    "overige_vraag_per_jaar": Knop("overige groei van de zorgvraag", 0, 1, meer_is_beter=False),
    "aandeel_naar_zonder": Knop(
        "aandeel van de vrije plaatsen voor mensen zonder huisarts", 0, 1, meer_is_beter=True
    ),
}


def aannamen(**keuzes: float) -> Aannames:
    """The assumptions of a path: the parameters, with your own choices in their place.

    Raises
    ------
    ParameterFout
        For an unknown name, or a value outside what is possible.

    Examples
    --------
    >>> aannamen(patienten_per_fte=2095).patienten_per_fte
    2095.0
    """
    if vreemd := sorted(set(keuzes) - set(KNOPPEN)):
        raise ParameterFout(f"onbekende aanname {', '.join(vreemd)}; kies uit {', '.join(KNOPPEN)}")
    for naam, getal in keuzes.items():
        k = KNOPPEN[naam]
        soort = isinstance(getal, (int, float, np.number)) and not isinstance(getal, bool)
        if not soort or not np.isfinite(getal) or not k.minimum <= getal <= k.maximum:
            raise ParameterFout(
                f"{naam}={getal!r} kan niet; geef een getal van {k.minimum:g} tot {k.maximum:g}"
            )
    return Aannames(**{n: float(keuzes.get(n, waarde(f"d3_{n}"))) for n in KNOPPEN})


def plaatsen_per_jaar(a: Aannames, *, vanaf: int = BEGINJAAR, tot: int = DOELJAAR) -> pd.DataFrame:
    """Places that come free and are taken per year, in people.

    in = entrants x fte x share with fixed population x people per fte (+ extra people of those who
    work now); uit = share that leaves x places; vraaggroei = growth of need; netto = in - uit -
    vraaggroei. Places at the start: every inhabitant one.

    Parameters
    ----------
    a
        The assumptions.
    vanaf, tot
        Year of the starting position, and last year.

    Returns
    -------
    DataFrame
        Index `jaar`; `plaatsen_in`, `plaatsen_uit`, `vraaggroei`, `netto_plaatsen`.

    Raises
    ------
    ParameterFout
        When `tot` is not after `vanaf`.

    Examples
    --------
    >>> plaatsen_per_jaar(aannamen(overige_vraag_per_jaar=0)).loc[2026].round(-3).astype(int).tolist()
    [853000, 589000, 154000, 110000]
    """
    jaren_na(vanaf, tot)
    kolommen = ["plaatsen_in", "plaatsen_uit", "vraaggroei", "netto_plaatsen"]
    jaren = pd.Index(range(vanaf + 1, tot + 1), name="jaar")
    return pd.DataFrame(_stroom(a, len(jaren)), columns=kolommen, index=jaren)


def vrije_ruimte(a: Aannames, *, vanaf: int = BEGINJAAR, tot: int = DOELJAAR) -> float:
    """Places for people without a GP over all years together; a year with a negative balance gives none."""
    netto = _stroom(a, jaren_na(vanaf, tot))[:, 3]
    return float(a.aandeel_naar_zonder * np.maximum(0.0, netto).sum())


def jaren_na(vanaf: object, tot: object) -> int:
    """Years from a starting position to a goal.

    Raises
    ------
    ParameterFout
        For what is no year between `VROEGST` and `LAATST`, or a goal that is not after the start.
    """
    for naam, jaar in (("vanaf", vanaf), ("tot", tot)):
        heel = isinstance(jaar, (int, np.integer)) and not isinstance(jaar, bool)
        if not heel or not VROEGST <= int(str(jaar)) <= LAATST:
            raise ParameterFout(
                f"{naam}={jaar!r:.40} kan niet; geef een jaar van {VROEGST} tot en met {LAATST}"
            )
    duur = int(str(tot)) - int(str(vanaf))
    if duur < 1:
        raise ParameterFout(f"tot={tot} ligt niet na vanaf={vanaf}; geef een later jaar")
    return duur


def _stroom(a: Aannames, jaren: int) -> NDArray[np.float64]:
    mensen = waarde("inwoners_2024")
    nieuw = a.instroom_per_jaar * a.fte_nieuw * a.aandeel_vast * a.patienten_per_fte
    extra = a.extra_patienten_per_fte * waarde("fte_landelijk_zonder_wisselend") / jaren
    plaatsen, uit = mensen, np.empty((jaren, 4))
    for stap in range(jaren):
        erbij, eraf = nieuw + extra, a.uitstroom_per_jaar * plaatsen
        groei = mensen * (_vraag(a, stap + 1) - _vraag(a, stap))
        uit[stap] = erbij, eraf, groei, erbij - eraf - groei
        plaatsen += erbij - eraf
    return uit


def _vraag(a: Aannames, jaren: int) -> float:
    return (1 + a.demografie_per_jaar * jaren) * (1 + a.overige_vraag_per_jaar * jaren)
