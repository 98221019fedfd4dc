"""How sure a designation is: the classes of its maps, and the count that stands in their titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.model.tekort import ZEKER
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator

if TYPE_CHECKING:
    import pandas as pd

WEL, NIET, ONZEKER = "vrijwel zeker wel", "vrijwel zeker niet", "te onzeker om te zeggen"
AANGEWEZEN = Indicator(
    naam="kans_aangewezen",
    titel="Kans dat de regel dit gebied aanwijst",
    eenheid="%",
    breekpunten=(1 - ZEKER, float(np.nextafter(ZEKER, 1.0))),
    palet="oordeel",
    richting="neutraal",
    decimalen=0,
    uitleg="Aandeel van de trekkingen waarin de regel het gebied zou aanwijzen.",
    klassenamen=(f"{NIET} (kans onder 10%)", ONZEKER, f"{WEL} (kans boven 90%)"),
    onbekende_klassen=(1,),
)


def tel_aanwijzing(kans: pd.Series) -> dict[str, int]:
    """How many areas are in each class of the map; areas without a chance are in none.

    >>> import pandas as pd
    >>> tel_aanwijzing(pd.Series([0.05, 0.1, 0.9, 0.95]))
    {'vrijwel zeker wel': 1, 'vrijwel zeker niet': 1, 'te onzeker om te zeggen': 2}
    """
    wel, niet = int((kans > ZEKER).sum()), int((kans < AANGEWEZEN.breekpunten[0]).sum())
    return {WEL: wel, NIET: niet, ONZEKER: int(kans.notna().sum()) - wel - niet}
