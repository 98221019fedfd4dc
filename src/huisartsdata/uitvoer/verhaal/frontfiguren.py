"""Charts of the efficient frontier: shortage left after n more fte, best placed, as today, and by rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.scenario.plaatsen.plaatsfront import BESTE, ZOALS_NU
from huisartsdata.uitvoer.grafieken.bandgrafiek import teken_bandgrafiek
from huisartsdata.uitvoer.grafieken.bandpanelen import teken_bandpanelen
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.verhaal.regelnamen import KORT
from huisartsdata.uitvoer.verhaal.stuurfiguren import norm_voluit, stuurbron

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
        ondertitel=f"Dat scheelt {_verschilzin(front, BESTE)}. Tekort over alle gemeenten na extra fte, naar "
        f"verwachting met onze twijfel (zonder extra fte {getal(midden[ZOALS_NU].iloc[0], 0)}; in ons beeld zelf "
        f"{getal(_beeld_nu(front), 0)}); band van 95% om ‘{BESTE}’ en ‘{ZOALS_NU}’; {norm_voluit(situatie)}",
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
    banden = banden.join(_verschillen(front))
    banden.index, punt.index = figuur.tabel.index, figuur.tabel.index
    return replace(figuur, tabel=figuur.tabel.join(banden).join(punt))


def _verschillen(front: pd.DataFrame) -> pd.DataFrame:
    """Shortage minus that of "zoals nu" in the same draw: mean and band per way."""
    delen = {"": "verschil_verwacht", " laag": "verschil_laag", " hoog": "verschil_hoog"}
    return pd.concat(
        [_wijzen(front, k).drop(columns=ZOALS_NU).add_suffix(f" min zoals nu{d}") for d, k in delen.items()],
        axis=1,
    )


def _verschilzin(front: pd.DataFrame, wijze: str) -> str:
    """What a way leaves less than "zoals nu" at the largest amount, with the band of that difference."""
    rij = front[front["wijze"] == wijze].sort_values("fte").iloc[-1]
    minder = sorted(-float(rij[f"verschil_{k}"]) for k in ("laag", "hoog"))
    return f"{getal(-float(rij['verschil_verwacht']), 0)} fte (95%: {getal(minder[0], 0)} tot {getal(minder[1], 0)})"


def _beeld_nu(front: pd.DataFrame) -> float:
    return float(_wijzen(front, "tekort_fte")[ZOALS_NU].iloc[0])


def frontpanelen(front: pd.DataFrame, situatie: Situatie, *, formaat: str = "a4") -> Figuur:
    """The frontier with the band of every way, one panel each."""
    midden, laag, hoog = (_wijzen(front, k) for k in ("verwacht", "laag", "hoog"))
    best = str(front.groupby("wijze")["verschil_verwacht"].last().idxmin())
    naam = f"de {best}" if best == BESTE else KORT.get(best, best)
    return teken_bandpanelen(
        midden,
        laag,
        hoog,
        titel=f"{getal(float(midden.index[-1]), 0)} nieuwe fte lossen het meest op bij {naam}: "
        f"{_verschilzin(front, best)} meer dan wanneer zij gaan waar nu huisartsen zijn",
        ondertitel=f"Tekort na extra fte: verwachting en 95%-band; {norm_voluit(situatie)}",
        bronregel=stuurbron(
            situatie,
            "Alle manieren krijgen dezelfde trekkingen: hun banden schuiven samen op, dus dat zij overlappen zegt "
            "niets over het verschil. De band van het verschil is per trekking genomen",
        ),
        x_naam="fte erbij",
        eenheid="fte",
        formaat=formaat,
    )
