"""What placement takes: an amount of fte, a type of area, and limits per place; or one clear refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.reistijdtabel import opsomming
from huisartsdata.model.onzekerheid import NIVEAUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_FTE = 100_000  # ten times the country's: more is a typing error


def grenzen_per_plek(maximum: object, codes: pd.Index, fte: float) -> NDArray[np.float64]:
    """Most fte per place, from one number or one by code; never more than is placed in all."""
    if maximum is None:
        return np.full(len(codes), fte)
    if isinstance(maximum, (pd.Series, Mapping)):
        gegeven = pd.Series(maximum)
        if gegeven.index.has_duplicates:
            dubbel = gegeven.index[gegeven.index.duplicated()]
            raise ParameterFout(f"maximum noemt dubbel: {opsomming(dubbel)}; geef elke plek één keer")
        reeks = gegeven.reindex(codes)
        uit = pd.to_numeric(reeks, errors="coerce").to_numpy(dtype="float64")
        slecht = reeks.index[~(uit >= 0)]
        if len(slecht):
            raise ParameterFout(
                f"maximum mist een getal van 0 of meer voor: {opsomming(slecht)}; vul het aan"
            )
        grenzen: NDArray[np.float64] = np.minimum(uit, fte)
        return grenzen
    return np.full(len(codes), min(getal(maximum, "maximum"), fte))


def keur_per(per: object) -> str:
    """A type of area, or a refusal that lists them."""
    if not isinstance(per, str):
        raise ParameterFout(f"per={per!r:.40} kan niet; kies uit {', '.join(NIVEAUS)}")
    return per


def hoeveelheid(gegeven: object) -> float:
    """Fte to place or to move: a number that the country could hold."""
    fte = getal(gegeven, "fte")
    if fte > MAX_FTE:
        raise ParameterFout(
            f"fte={fte:g} kan niet: het land heeft er zo'n tienduizend; is dit een aantal patiënten?"
        )
    return fte


def getal(gegeven: object, naam: str) -> float:
    """A number of 0 or more, or an error that names it."""
    goed = isinstance(gegeven, (int, float, np.integer, np.floating)) and not isinstance(gegeven, bool)
    if not goed or not np.isfinite(gegeven) or gegeven < 0:  # type: ignore[call-overload, operator]
        raise ParameterFout(f"{naam}={gegeven!r} kan niet; geef een getal van 0 of meer")
    return float(gegeven)  # type: ignore[arg-type]
