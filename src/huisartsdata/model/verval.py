"""Decay: how much a practice counts for people who live some minutes away from it.

A decay is a frozen value: it compares, hashes and pickles, so it can stand in a source line, be a
key, and travel to another process. Five forms cover the literature: the all-or-nothing catchment
(Luo & Wang 2003), steps (Luo & Qi 2009), the Gaussian, the exponential and the power function. All
of them give 0 beyond their cut-off and include its edge (t <= grens).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.fouten import ParameterFout

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

BLOK = 32_768  # values handled at a time: 256 kB of float64, so that the passes stay in the cache
MAX_INT8 = np.iinfo(np.int8).max


@dataclass(frozen=True)
class Verval:
    """A decay function; make one with `binair`, `trap`, `gauss`, `exponentieel` or `macht`.

    Attributes
    ----------
    naam
        The form: binair, trap, gauss, exponentieel or macht.
    parameters
        Pairs of (name, value); for a trap pairs of (edge in minutes, weight), edges rising.
    grens
        Cut-off in minutes, included; None means that there is none.
    """

    naam: str
    parameters: tuple[tuple[str | float, float], ...]
    grens: float | None

    def __call__(self, minuten: ArrayLike) -> NDArray[np.float64]:
        """Weights of travel times in minutes (any shape); the result has the same shape.

        >>> trap({10: 1.0, 20: 0.68, 30: 0.22})([0, 10, 10.1, 30, 31]).tolist()
        [1.0, 1.0, 0.68, 0.22, 0.0]
        """
        tijden = np.asarray(minuten, dtype=np.float64)
        plat = tijden.ravel()
        gewichten = np.empty(plat.shape)
        for begin in range(0, len(plat), BLOK):
            deel = slice(begin, begin + BLOK)
            self._vul(plat[deel], gewichten[deel])
        return gewichten.reshape(tijden.shape)

    def _vul(self, t: NDArray[np.float64], uit: NDArray[np.float64]) -> None:
        if self.naam == "trap":
            _vul_trap(t, uit, self.parameters)
            return
        p = {str(naam): waarde for naam, waarde in self.parameters}
        if self.naam == "binair":
            uit.fill(1.0)
        elif self.naam == "gauss":
            np.multiply(t, t, out=uit)
            np.exp(np.divide(uit, -2.0 * p["sigma"] ** 2, out=uit), out=uit)
        elif self.naam == "exponentieel":
            np.exp(np.multiply(t, -p["beta"], out=uit), out=uit)
        elif self.naam == "macht":
            np.power(np.maximum(t, p["minimum"]) / p["schaal"], p["alpha"], out=uit)
        else:
            raise ParameterFout(
                f"Onbekende vervalvorm {self.naam!r}; kies binair, trap, gauss, exponentieel of macht."
            )
        if self.grens is not None:
            np.multiply(uit, t <= self.grens, out=uit)

    @property
    def reikwijdte(self) -> float:
        """The longest time in minutes with a weight above 0; infinite without a cut-off.

        >>> trap({10: 1.0, 30: 0.0}).reikwijdte
        10.0
        """
        if self.naam == "trap":
            return max(float(rand) for rand, gewicht in self.parameters if gewicht > 0)
        return math.inf if self.grens is None else self.grens

    @property
    def beschrijving(self) -> str:
        """The decay in Dutch, for a source line.

        >>> gauss(8, 30).beschrijving
        'gauss (sigma 8 minuten), tot en met 30 minuten'
        """
        if self.naam == "trap":
            treden = ", ".join(
                f"{_getal(gewicht)} tot en met {_getal(float(rand))}" for rand, gewicht in self.parameters
            )
            return f"trap: {treden} minuten"
        p = {str(naam): _getal(waarde) for naam, waarde in self.parameters}
        tot = "zonder grens" if self.grens is None else f"tot en met {_getal(self.grens)} minuten"
        vorm = {
            "binair": "binair, zonder afname",
            "gauss": "gauss (sigma {sigma} minuten)",
            "exponentieel": "exponentieel (beta {beta} per minuut)",
            "macht": "macht (exponent {alpha}, minimum {minimum} en schaal {schaal} minuten)",
        }[self.naam]
        return f"{vorm.format(**p)}, {tot}"


def binair(grens: float) -> Verval:
    """Everyone within the cut-off counts fully: w = 1 for t <= grens (Luo & Wang 2003).

    Parameters
    ----------
    grens
        Cut-off in minutes, included.

    Raises
    ------
    ParameterFout
        When the cut-off is negative or not finite.

    Examples
    --------
    >>> binair(15)([14.9, 15, 15.1]).tolist()
    [1.0, 1.0, 0.0]
    """
    return Verval("binair", (), _niet_negatief("grens", grens))


def trap(gewichten: Mapping[float, float] | Mapping[int, float]) -> Verval:
    """Steps: the weight of the first edge >= t, 0 beyond the last edge (Luo & Qi 2009).

    Parameters
    ----------
    gewichten
        Weight by edge in minutes, for instance {10: 1.0, 20: 0.68, 30: 0.22}.

    Raises
    ------
    ParameterFout
        Without edges, with a negative or infinite one, or when weights rise or are all 0.

    Examples
    --------
    >>> trap({5: 1.0, 10: 0.3, 15: 0.1}).grens
    15.0
    """
    if not isinstance(gewichten, Mapping) or not gewichten:
        raise ParameterFout("trap vraagt gewichten per rand in minuten, bijvoorbeeld {10: 1.0, 20: 0.68}.")
    treden = tuple(
        sorted(
            (_niet_negatief("een rand van trap", rand), _niet_negatief("een gewicht van trap", gewicht))
            for rand, gewicht in gewichten.items()
        )
    )
    hoogten = [gewicht for _, gewicht in treden]
    if hoogten != sorted(hoogten, reverse=True):
        raise ParameterFout(
            f"De gewichten van trap mogen niet stijgen met de reistijd: {dict(treden)}. Draai ze om."
        )
    if hoogten[0] == 0:
        raise ParameterFout("Alle gewichten van trap zijn 0: dan telt niemand mee. Geef een gewicht boven 0.")
    return Verval("trap", treden, treden[-1][0])


def gauss(sigma: float, grens: float | None) -> Verval:
    """Bell shape: w = exp(-t^2 / (2 sigma^2)), 0 beyond the cut-off.

    Parameters
    ----------
    sigma
        Width in minutes; at t = sigma the weight is 0.607.
    grens
        Cut-off in minutes, included; None for none.

    Raises
    ------
    ParameterFout
        When sigma is not above 0 or the cut-off is negative.

    Examples
    --------
    >>> gauss(20, 60)([0, 20, 40, 61]).round(6).tolist()
    [1.0, 0.606531, 0.135335, 0.0]
    """
    return Verval("gauss", (("sigma", _positief("sigma", sigma)),), _grens(grens))


def exponentieel(beta: float, grens: float | None = None) -> Verval:
    """Constant decline: w = exp(-beta t), 0 beyond the cut-off.

    Parameters
    ----------
    beta
        Decline per minute, above 0.
    grens
        Cut-off in minutes, included; None for none.

    Raises
    ------
    ParameterFout
        When beta is not above 0 or the cut-off is negative.

    Examples
    --------
    >>> exponentieel(0.1)([0, 15]).round(6).tolist()
    [1.0, 0.22313]
    """
    return Verval("exponentieel", (("beta", _positief("beta", beta)),), _grens(grens))


def macht(alpha: float, minimum: float, schaal: float, grens: float | None) -> Verval:
    """Power function: w = (max(t, minimum) / schaal) ** alpha, 0 beyond the cut-off.

    Parameters
    ----------
    alpha
        Exponent, 0 or below (-1 is one over the time).
    minimum
        Shortest time in minutes that still makes a difference, above 0: at t = 0 a negative power
        would be infinite.
    schaal
        Time in minutes at which the weight is 1, above 0.
    grens
        Cut-off in minutes, included; None for none.

    Raises
    ------
    ParameterFout
        When a parameter has a value outside these ranges.

    Examples
    --------
    >>> macht(-2, 1, 20, 60)([0, 1, 2, 20, 40]).round(9).tolist()
    [400.0, 400.0, 100.0, 1.0, 0.25]
    """
    exponent = _eindig("alpha", alpha)
    if exponent > 0:
        raise ParameterFout(
            f"alpha is {_getal(exponent)}: dan stijgt het gewicht met de reistijd. Geef -alpha."
        )
    parameters = (
        ("alpha", exponent),
        ("minimum", _positief("minimum", minimum)),
        ("schaal", _positief("schaal", schaal)),
    )
    return Verval("macht", parameters, _grens(grens))


def _vul_trap(
    t: NDArray[np.float64], uit: NDArray[np.float64], treden: tuple[tuple[str | float, float], ...]
) -> None:
    # the number of edges not yet passed is the step: counting comparisons is four times as fast as a
    # search. A missing time passes no comparison and weighs 0.
    binnen = np.empty(t.shape, dtype=np.bool_)
    stap = np.zeros(t.shape, dtype=np.int8 if len(treden) < MAX_INT8 else np.intp)
    for rand, _ in treden:
        np.less_equal(t, rand, out=binnen)
        np.add(stap, binnen.view(np.int8), out=stap)
    hoogten = np.array([0.0] + [gewicht for _, gewicht in reversed(treden)])
    np.take(hoogten, stap, out=uit, mode="clip")


def _eindig(naam: str, waarde: float) -> float:
    try:
        getal = float(waarde)
    except (TypeError, ValueError):
        raise ParameterFout(f"{naam} is {waarde!r}; geef een getal.") from None
    if not math.isfinite(getal):
        raise ParameterFout(f"{naam} is {waarde!r}; geef een eindig getal.")
    return getal


def _niet_negatief(naam: str, waarde: float) -> float:
    getal = _eindig(naam, waarde)
    if getal < 0:
        raise ParameterFout(f"{naam} is {_getal(getal)}; geef een getal van 0 of hoger.")
    return getal


def _positief(naam: str, waarde: float) -> float:
    getal = _eindig(naam, waarde)
    if getal <= 0:
        raise ParameterFout(f"{naam} is {_getal(getal)}; geef een getal boven 0.")
    return getal


def _grens(grens: float | None) -> float | None:
    return None if grens is None else _niet_negatief("grens", grens)


def _getal(waarde: float) -> str:
    return f"{waarde:g}".replace(".", ",")
