"""What a parameter of a steering rule may be: each check gives the value back, or says what it should be."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.onzekerheid import NIVEAUS
from huisartsdata.scenario.invoerkeur import GROOTSTE_NORM, KLEINSTE_NORM
from huisartsdata.scenario.sturen.regelaanwijzing import LANDELIJK

GEBIEDEN = tuple(n for n in NIVEAUS if n not in ("wijk", "buurt", "land"))  # a practice is known by gemeente
LANGSTE_WACHT = 50  # years; a longer lead time is a typing error, and longer than a career


def keur_niet_negatief(naam: str, x: Any) -> float:
    """A number of 0 or more."""
    if isinstance(x, bool) or not isinstance(x, Real) or not 0 <= float(x) < float("inf"):
        raise ParameterFout(f"{naam}={x!r} kan niet; geef een getal van 0 of meer")
    return float(x)


def keur_positief(naam: str, x: Any) -> float:
    """A number above 0."""
    if keur_niet_negatief(naam, x) == 0:
        raise ParameterFout(f"{naam}=0 kan niet; geef een getal boven 0")
    return float(x)


def keur_aandeel(naam: str, x: Any) -> float:
    """A share from 0 to 1."""
    if keur_niet_negatief(naam, x) > 1:
        raise ParameterFout(f"{naam}={x!r} kan niet; geef een aandeel van 0 tot en met 1")
    return float(x)


def keur_jaren(naam: str, x: Any) -> float:
    """Years of waiting."""
    if keur_niet_negatief(naam, x) > LANGSTE_WACHT:
        raise ParameterFout(f"{naam}={x!r} kan niet; geef jaren, van 0 tot en met {LANGSTE_WACHT}")
    return float(x)


def keur_personen(naam: str, x: Any) -> float:
    """People a year: no more than there are GPs."""
    if keur_niet_negatief(naam, x) > waarde("huisartsen_alle_personen"):
        raise ParameterFout(f"{naam}={x!r} kan niet: meer dan er huisartsen zijn; geef er minder")
    return float(x)


def keur_een_norm(naam: str, x: Any) -> float:
    """People per fte."""
    if not KLEINSTE_NORM <= keur_positief(naam, x) <= GROOTSTE_NORM:
        raise ParameterFout(f"{naam}={x!r} kan niet; geef mensen per fte, bijvoorbeeld 2095")
    return float(x)


def keur_landelijk(naam: str, x: Any) -> float | str:
    """A number above 0, or "landelijk": brought to the Dutch average."""
    return LANDELIJK if isinstance(x, str) and x == LANDELIJK else keur_positief(naam, x)


def keur_of_niets(naam: str, x: Any) -> float | None:
    """A number above 0, or nothing."""
    return None if x is None else keur_positief(naam, x)


def keur_gebied(naam: str, x: Any) -> str:
    """A type of area of which practices are known."""
    if not isinstance(x, str) or x not in GEBIEDEN:
        raise ParameterFout(f"{naam}={x!r} kan niet; kies uit {', '.join(GEBIEDEN)}")
    return str(x)


def keur_ja_nee(naam: str, x: Any) -> bool:
    """True or False."""
    if not isinstance(x, bool):
        raise ParameterFout(f"{naam}={x!r} kan niet; geef True of False")
    return x


def keur_codes(naam: str, x: Any) -> tuple[str, ...]:
    """Codes of areas."""
    reeks = isinstance(x, Iterable) and not isinstance(x, (str, bytes))
    if not reeks or not all(isinstance(c, str) for c in x):
        raise ParameterFout(f"{naam}={x!r} kan niet; geef een lijst van gebiedscodes")
    return tuple(x)
