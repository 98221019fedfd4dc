"""The finding of a map of verdicts, as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huisartsdata.model.tekort import GEEN, ONBEKEND, TEKORT
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.verhaal.beelden import ENKELVOUD

if TYPE_CHECKING:
    import pandas as pd


def oordeelzin(oordeel: pd.Series, soort: str = "gemeenten", *, cijfers: str = "openbare") -> str:
    """What verdicts say together: of how many areas it can be told, and else what they are.

    Parameters
    ----------
    oordeel
        Verdict per area: tekort, geen tekort or onbekend.
    soort
        What the areas are, in the plural.
    cijfers
        Which figures it is told from.

    Examples
    --------
    >>> import pandas as pd
    >>> oordeelzin(pd.Series(["onbekend"] * 9))
    'Van geen van de 9 gemeenten is met openbare cijfers te zeggen of er een tekort is'
    """
    alle, tellingen = len(oordeel), oordeel.value_counts()
    kort, geen, weet = (int(tellingen.get(o, 0)) for o in (TEKORT, GEEN, ONBEKEND))
    if alle == 1:
        deze = f"deze {ENKELVOUD.get(soort, 'regio')}"
        if weet:
            return f"Of {deze} een tekort heeft, is met {cijfers} cijfers niet te zeggen"
        return f"{deze.capitalize()} heeft vrijwel zeker {'een' if kort else 'geen'} tekort"
    if weet == alle:
        return f"Van geen van de {getal(alle)} {soort} is met {cijfers} cijfers te zeggen of er een tekort is"
    if alle in (kort, geen):
        return f"Alle {getal(alle)} {soort} hebben vrijwel zeker {'een' if kort else 'geen'} tekort"
    if weet:
        return (
            f"Van {getal(weet)} van de {getal(alle)} {soort} is met {cijfers} cijfers niet te zeggen of er "
            "een tekort is"
        )
    return (
        f"In {getal(kort)} van de {getal(alle)} {soort} is er vrijwel zeker een tekort, in {getal(geen)} "
        "vrijwel zeker niet"
    )
