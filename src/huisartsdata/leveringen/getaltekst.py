"""Numbers as people type them."""

from __future__ import annotations

import math
import re

from huisartsdata.fouten import ParameterFout

_DUIZENDEN = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?")
_KOMMA = re.compile(r"-?\d+,\d+")


def toon_getal(getal: float, decimalen: int | None = None) -> str:
    """A number as it stands in a Dutch message: a decimal comma, and no thousands point to take for one.

    >>> toon_getal(9998.1), toon_getal(8981.0, 1), toon_getal(0.25)
    ('9998,1', '8981,0', '0,25')
    """
    return (f"{getal:.10g}" if decimalen is None else f"{getal:.{decimalen}f}").replace(".", ",")


def lees_getal(tekst: str) -> float:
    """A number in Dutch or plain notation; ``6.000`` is six thousand, for nobody types three decimals here.

    Raises
    ------
    ParameterFout
        For what is no number.

    Examples
    --------
    >>> [lees_getal(x) for x in ("6.000", "1.997,6", "9998,1", "9998.1", "-2,5")]
    [6000.0, 1997.6, 9998.1, 9998.1, -2.5]
    """
    kaal = tekst.strip()
    if _DUIZENDEN.fullmatch(kaal):
        kaal = kaal.replace(".", "")
    if _KOMMA.fullmatch(kaal):
        kaal = kaal.replace(",", ".")
    try:
        getal = float(kaal) if re.fullmatch(r"[+-]?\d+(\.\d+)?", kaal) else math.nan
    except ValueError:  # more digits than python reads
        getal = math.nan
    if not math.isfinite(getal):
        raise ParameterFout(f"'{tekst:.40}' is geen getal; geef een getal als 6000, 6.000 of 2,5")
    return getal
