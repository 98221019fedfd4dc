"""Shades within ``onbekend``: of an area that cannot be told, which way it leans, always under the dots."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.uitvoer.huisstijl import ONBEKEND, TWIJFELGRIJZEN
from huisartsdata.uitvoer.kaarten.indicatoren import DECIMALEN_GELIJK
from huisartsdata.uitvoer.kaarten.kaartlagen import fill_style

if TYPE_CHECKING:
    from huisartsdata.uitvoer.kaarten.indicatoren import Indicator


def classify_doubt(waarden: pd.Series, klassen: pd.Series, indicator: Indicator) -> pd.Series | None:
    """Shade of each area within ``onbekend``, from 0; -1 for an area in another class.

    Parameters
    ----------
    waarden
        Numbers by area code.
    klassen
        Class of each area, as `classify` gives it.

    Returns
    -------
    pandas.Series or None
        None for an indicator without shades.
    """
    if not indicator.twijfelstappen:
        return None
    getallen = waarden.reindex(klassen.index).to_numpy(dtype=float, na_value=np.nan)
    stap = np.digitize(np.round(getallen, DECIMALEN_GELIJK), indicator.twijfelstappen)
    return pd.Series(np.where((klassen == ONBEKEND).to_numpy(), stap, -1), index=klassen.index)


def doubt_labels(indicator: Indicator) -> tuple[str, ...]:
    """Labels of the shades, lowest first; none for an indicator without shades.

    Examples
    --------
    >>> from huisartsdata.uitvoer.kaarten.indicatoren import get_indicator
    >>> doubt_labels(get_indicator("kans_op_tekort"))
    ('onder 25%', '25% tot 50%', '50% tot 75%', '75% en meer')
    """
    if not indicator.twijfelstappen:
        return ()
    rand = [indicator.schrijf(b) for b in indicator.twijfelstappen]
    return (f"onder {rand[0]}", *(f"{a} tot {b}" for a, b in pairwise(rand)), f"{rand[-1]} en meer")


def doubt_style(stap: int) -> dict[str, Any]:
    """Fill of a shade, from 0: its grey under the dots of ``onbekend``."""
    return {**fill_style(ONBEKEND, ""), "facecolor": TWIJFELGRIJZEN[stap]}
