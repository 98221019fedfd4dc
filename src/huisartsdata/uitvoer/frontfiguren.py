"""Charts of the efficient frontier: shortage left after n more fte, best placed, as today, and by rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.scenario.plaatsfront import BESTE, ZOALS_NU
from huisartsdata.uitvoer.bandgrafiek import teken_bandgrafiek
from huisartsdata.uitvoer.bandpanelen import teken_bandpanelen
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.regelnamen import KORT
from huisartsdata.uitvoer.stuurfiguren import norm_voluit, stuurbron

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.figuur import Figuur


def _wijzen(front: pd.DataFrame, kolom: str) -> pd.DataFrame:
    uit = front.pivot(index="fte", columns="wijze", values=kolom)
    orde = list(dict.fromkeys(front["wijze"]))
    return uit[orde].rename(columns={k: KORT.get(str(k), str(k)) for k in orde})


def frontfiguur(front: pd.DataFrame, situatie: Situatie, *, formaat: str = "a4") -> Figuur:
    """Shortage left at n more fte: best placed, spread as today, and where rules designate.

    Parameters
    ----------
    front
        Of `grensfront`, with draws. Lines are the expectation over the draws; the bands of the best and of
        today's spread are drawn, all others are in the table and in `frontpanelen`.
    situatie
        The picture.
    """
    midden, laag, hoog = (_wijzen(front, k) for k in ("verwacht", "laag", "hoog"))
    n = float(midden.index[-1])
    met_band = [BESTE, ZOALS_NU]
    figuur = teken_bandgrafiek(
        midden,
        laag[met_band],
        hoog[met_band],
        titel=f"Met {getal(n, 0)} fte erbij blijft naar verwachting {getal(midden[ZOALS_NU].iloc[-1], 0)} fte "
        "tekort over "
        f"als zij gaan waar nu huisartsen zijn, en {getal(midden[BESTE].iloc[-1], 0)} bij de beste plaatsing",
        ondertitel="Tekort over alle gemeenten na extra fte, naar verwachting met onze twijfel (zonder extra fte "
        f"{getal(midden[ZOALS_NU].iloc[0], 0)}; in ons beeld zelf {getal(_beeld_nu(front), 0)}); banden 95%; "
        f"{norm_voluit(situatie)}",
        bronregel=stuurbron(
            situatie,
            "De beste plaatsing is gekozen op het verwachte beeld. Regels: nieuwe fte naar de gebieden die de "
            "regel aanwijst",
        ),
        x_naam="fte erbij",
        eenheid="fte",
        formaat=formaat,
    )
    punt = _wijzen(front, "tekort_fte").add_suffix(" (beeld zelf)")
    rest = [k for k in midden if k not in met_band]
    banden = laag[rest].add_suffix(" laag").join(hoog[rest].add_suffix(" hoog"))
    banden.index, punt.index = figuur.tabel.index, figuur.tabel.index
    return replace(figuur, tabel=figuur.tabel.join(banden).join(punt))


def _beeld_nu(front: pd.DataFrame) -> float:
    return float(_wijzen(front, "tekort_fte")[ZOALS_NU].iloc[0])


def frontpanelen(front: pd.DataFrame, situatie: Situatie, *, formaat: str = "a4") -> Figuur:
    """The frontier with the band of every way, one panel each."""
    midden, laag, hoog = (_wijzen(front, k) for k in ("verwacht", "laag", "hoog"))
    for t in (midden, laag, hoog):  # short numbers, that do not run into the next panel
        t.index = pd.Index(t.index.to_numpy(dtype="float64") / 100)
    verschil = float(midden.iloc[-1].max() - midden.iloc[-1].min())
    breedte = float((hoog - laag).iloc[-1].mean())
    return teken_bandpanelen(
        midden,
        laag,
        hoog,
        titel=f"Waar {getal(100 * float(midden.index[-1]), 0)} nieuwe fte gaan werken, scheelt tot "
        f"{getal(verschil, 0)} fte tekort; hoeveel er bij elke manier overblijft, kan {getal(breedte, 0)} fte "
        "uiteenlopen",
        ondertitel=f"Tekort na extra fte: verwachting en 95%-band; {norm_voluit(situatie)}",
        bronregel=stuurbron(
            situatie,
            "Alle manieren krijgen dezelfde trekkingen: hun banden schuiven samen op, dus dat zij overlappen zegt "
            "niets over het verschil",
        ),
        x_naam="fte erbij, in honderden",
        eenheid="fte",
        formaat=formaat,
    )
