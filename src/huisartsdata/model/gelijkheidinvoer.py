"""Input of the equity indices: values, weights and ranking side by side, or one clear refusal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import ContractFout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]
    Reeks = pd.Series | Sequence[float] | Matrix


GROOTST = 1e100  # sums of squares beyond it overflow; nothing that is measured comes near


def lees(
    waarde: Reeks, gewicht: Reeks | None, rangschikking: Reeks | None = None, *, alles: bool = False
) -> tuple[Matrix, Matrix, Matrix]:
    """Values, weights and ranking as arrays side by side; areas without people are dropped."""
    y = _cijfers(waarde, "waarde")
    if y.ndim != 1 or not len(y):
        raise maatfout("waarde", "is leeg of geen rij getallen", "geef één getal per gebied")
    g = np.ones(len(y)) if gewicht is None else _getallen(gewicht, waarde, "gewicht")
    r = y if rangschikking is None else _getallen(rangschikking, waarde, "rangschikking")
    for naam, reeks in (("waarde", y), ("gewicht", g), ("rangschikking", r)):
        if (np.abs(reeks) > GROOTST).any():
            raise maatfout(naam, "te groot om mee te rekenen", f"geef getallen onder {GROOTST:g}")
        if not np.isfinite(reeks).all():
            raise maatfout(
                naam, f"{(~np.isfinite(reeks)).sum()} keer geen getal", "vul aan of laat het gebied weg"
            )
    if (g < 0).any() or g.sum() <= 0:
        raise maatfout("gewicht", "negatief, of samen nul", "geef mensen per gebied")
    wel = (g > 0) | alles
    return y[wel], g[wel], r[wel]


def naast(reeks: object, waarde: Reeks, naam: str) -> NDArray[Any]:
    """One input beside the values: Series join on label, other rows on place."""
    if isinstance(reeks, pd.Series) and isinstance(waarde, pd.Series):
        if reeks.index.has_duplicates or not reeks.index.sort_values().equals(waarde.index.sort_values()):
            raise maatfout(naam, "andere gebieden dan waarde", "geef beide voor dezelfde gebieden")
        reeks = reeks.reindex(waarde.index)
    uit = np.asarray(reeks)
    if uit.ndim != 1 or len(uit) != len(waarde):
        raise maatfout(naam, "is niet even lang als waarde", "geef één getal per gebied")
    return uit


def _getallen(reeks: Reeks, waarde: Reeks, naam: str) -> Matrix:
    return _cijfers(naast(reeks, waarde, naam), naam)


def _cijfers(reeks: object, naam: str) -> Matrix:
    try:
        uit: Matrix = np.asarray(reeks, dtype="float64")
    except (TypeError, ValueError) as e:
        raise maatfout(naam, "bevat tekst of is geen rij", "geef één getal per gebied") from e
    return uit


def positief(y: Matrix, g: Matrix) -> float:
    """The weighted mean, which must be more than 0."""
    gemiddeld = float(g @ y / g.sum())
    if gemiddeld <= 0:
        raise maatfout("waarde", "gemiddeld niet meer dan 0", "zonder bereik is er geen verdeling te meten")
    return gemiddeld


def keur_niet_negatief(y: Matrix) -> None:
    """Refuse negative values."""
    if (y < 0).any():
        raise maatfout("waarde", f"{(y < 0).sum()} keer negatief", "geef getallen van 0 of meer")


def maatfout(kolom: str, probleem: str, advies: str) -> ContractFout:
    """One fault of the input as an error; the caller raises it."""
    return ContractFout("de ongelijkheid is niet te meten", fouttabel([(0, kolom, "-", probleem, advies)]))


def fouttabel(rijen: list[tuple[int, str, str, str, str]]) -> pd.DataFrame:
    """Faults as the table that every such error carries."""
    return pd.DataFrame(rijen, columns=["regel", "kolom", "waarde", "probleem", "advies"])
