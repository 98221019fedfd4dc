"""What callers of steering and placement may hand in: one clear Dutch refusal instead of a fault further on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from huisartsdata.fouten import ParameterFout
from huisartsdata.model.situatie import Situatie

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
RIJEN = (Sequence, np.ndarray)
KLEINSTE_NORM, GROOTSTE_NORM = 1.0, 1e6  # people per fte; outside it nothing is a norm, and sums overflow


def keur_situatie(situatie: object) -> Situatie:
    """A picture, or a refusal that says how to make one.

    Raises
    ------
    ParameterFout
        For anything else.
    """
    if not isinstance(situatie, Situatie):
        raise ParameterFout(
            f"{situatie!r:.40} is geen situatie; maak er een met hd.landelijke_situatie(...) en geef die mee"
        )
    return situatie


def keur_situaties(situaties: object) -> list[Situatie]:
    """One picture or a row of them, as a list; no two of one function.

    Raises
    ------
    ParameterFout
        For none, for anything that is no picture, or two of one function: their rows could not be told apart.
    """
    lijst = list(situaties) if isinstance(situaties, Sequence) else [situaties]
    if not lijst:
        raise ParameterFout("geef minstens één situatie")
    uit = [keur_situatie(s) for s in lijst]
    if len({s.functie for s in uit}) < len(uit):
        raise ParameterFout(
            "geef van elke functie hooguit één situatie; de rijen zijn anders niet te scheiden"
        )
    return uit


def keur_rij(naam: str, rij: Iterable[T] | object, voorbeeld: str) -> list[Any]:
    """A row of at least one value, each once.

    Raises
    ------
    ParameterFout
        For a single value, an empty row, or a value that stands in it twice.

    Examples
    --------
    >>> keur_rij("jaren", (2028, 2035), "(2028, 2035)")
    [2028, 2035]
    """
    if isinstance(rij, str) or not isinstance(rij, (*RIJEN, range)) or not len(rij):
        raise ParameterFout(f"{naam}={rij!r:.60} kan niet; geef een lijst, bijvoorbeeld {voorbeeld}")
    uit = list(rij)
    if any(x == y for k, x in enumerate(uit) for y in uit[:k]):
        raise ParameterFout(f"{naam}={rij!r:.60} noemt er een dubbel; geef elk één keer")
    return uit


def keur_normen(normen: object) -> list[float]:
    """Norms: people per fte, each once.

    Raises
    ------
    ParameterFout
        For no list, or a norm that is no number of people per fte.
    """
    uit = keur_rij("normen", normen, "(1800, 2095)")
    for n in uit:
        getal = isinstance(n, (int, float, np.number)) and not isinstance(n, bool)
        if not getal or not KLEINSTE_NORM <= n <= GROOTSTE_NORM:
            raise ParameterFout(
                f"normen={normen!r:.60} kan niet; geef mensen per fte, elk van {KLEINSTE_NORM:g} tot "
                f"{GROOTSTE_NORM:g}"
            )
    return [float(n) for n in uit]


def keur_uitkomsten(uitkomsten: object, soort: type[T]) -> Mapping[str, T]:
    """Outcomes by name.

    Raises
    ------
    ParameterFout
        For anything that is no dict of outcomes.
    """
    if not isinstance(uitkomsten, Mapping) or not all(isinstance(u, soort) for u in uitkomsten.values()):
        raise ParameterFout('geef uitkomsten als dict van naam en uitkomst: {"d4": stuurregel(s, "d4")}')
    return uitkomsten
