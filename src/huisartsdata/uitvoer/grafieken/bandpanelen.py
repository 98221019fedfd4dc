"""Small multiples of lines with bands: one panel per case, the same axes in all, so that bands never overlap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import (
    make_figuur,
    make_page,
    style_axis,
    tick_room,
    write,
    zijn_jaren,
)
from huisartsdata.uitvoer.huisstijl import KLEUREN, MM, stijl
from huisartsdata.uitvoer.opmaak import clean, measure, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur
    from huisartsdata.uitvoer.opmaak import Blad

PANEELHOOGTE = 36 * MM
KOLOMMEN = 3
SLEUTELBREEDTE = 2.4  # piece of line and band in the reading guide, in sizes of type


def _streepjes(begin: float, eind: float) -> list[float]:
    """Few places for ticks (a panel is narrow), the first and the last value among them.

    >>> _streepjes(0, 10), _streepjes(2024, 2035), _streepjes(0, 12), _streepjes(3, 3)
    ([0.0, 5.0, 10.0], [2024.0, 2028.0, 2032.0, 2035.0], [0.0, 4.0, 8.0, 12.0], [3.0])
    """
    breed = eind - begin
    if breed <= 0:
        return [float(begin)]
    for stukken in (3, 4, 2, 5):
        if breed % stukken == 0:
            return [begin + k * breed / stukken for k in range(stukken + 1)]
    stap = max(1.0, float(np.ceil(breed / 3)))
    uit = [float(begin + k * stap) for k in range(int(breed // stap) + 1)]
    return [*(x for x in uit if eind - x > stap / 2), float(eind)]


def _zet_streepjes(ax: Axes, x: NDArray[np.float64], breedte: float, pt: float) -> None:
    """Ticks from the first to the last value, whose numbers stay under their own panel and apart."""
    plekken = _streepjes(float(x.min()), float(x.max()))
    letters = 0.0 if zijn_jaren(x) else sum(measure(write(p, "", 0), pt) + pt for p in plekken)
    if letters > breedte:  # the outer two stand within the panel, and take room from their neighbours
        plekken = [plekken[0], (plekken[0] + plekken[-1]) / 2, plekken[-1]]
    ax.set_xticks(plekken)
    if zijn_jaren(x):
        ax.xaxis.set_major_formatter(lambda jaar, _: f"{jaar:.0f}")
    namen = ax.get_xticklabels()
    namen[0].set_horizontalalignment("left")
    if len(namen) > 1:
        namen[-1].set_horizontalalignment("right")


def _teken_leeswijzer(
    blad: Blad, links: float, boven: float, breedte: float, *, x_naam: str, eenheid: str
) -> None:
    """How to read a panel, in the place of one that is not there."""
    from matplotlib import rcParams
    from matplotlib.patches import Rectangle

    pt = float(rcParams["font.size"])
    lang, y = SLEUTELBREEDTE * pt, boven - pt
    doos = Rectangle((links, y - pt * 0.3), lang, pt * 1.2, color=KLEUREN["lijn"], alpha=0.18, linewidth=0)
    blad.ax.add_patch(doos)
    blad.ax.plot([links, links + lang], [y + pt * 0.3] * 2, color=KLEUREN["nadruk"])
    blad.ax.text(links + lang + pt * 0.6, y, "lijn en band", color=KLEUREN["tekst"], va="baseline")
    wat = {"": "", "%": " (procent)"}.get(eenheid, f" ({eenheid})")
    zin = f"Alle panelen hebben dezelfde assen: omhoog de waarde{wat} vanaf 0, naar rechts {x_naam}."
    for n, regel in enumerate(wrap(clean(zin), breedte, pt)):
        blad.ax.text(links, y - pt * 1.4 * (n + 1.3), regel, color=KLEUREN["zacht"], va="baseline")


def teken_bandpanelen(
    midden: pd.DataFrame,
    laag: pd.DataFrame,
    hoog: pd.DataFrame,
    *,
    titel: str,
    bronregel: Bronregel,
    x_naam: str,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw every series with its band in a panel of its own.

    Parameters
    ----------
    midden, laag, hoog
        Index: numbers along the horizontal axis; one column per panel, the same in all three.
    x_naam
        Name of the horizontal axis.
    eenheid
        Unit of the values; ``%`` means shares from 0 to 1.

    Returns
    -------
    Figuur
        Its table holds for every panel `midden`, `laag` and `hoog`. The other parameters are those of
        ``kaart.gebiedskaart``.

    Raises
    ------
    HuisartsdataFout
        When there is nothing to draw or the three tables differ in shape.
    """
    zelfde = all(t.index.equals(midden.index) and t.columns.equals(midden.columns) for t in (laag, hoog))
    if midden.empty or midden.columns.has_duplicates or not zelfde:
        raise HuisartsdataFout(
            "Geef midden, laag en hoog met dezelfde rijen en kolommen, en minstens een reeks."
        )
    x = midden.index.to_numpy(dtype=float)
    kolommen = min(KOLOMMEN, len(midden.columns))
    rijen = -(-len(midden.columns) // kolommen)
    drie = {"midden": midden, "laag": laag, "hoog": hoog}
    tabel = pd.DataFrame(
        {f"{k} {d}": t[k] for k in midden.columns for d, t in drie.items()}, index=midden.index
    )
    alle = tabel.to_numpy(dtype=float)
    top = float(np.nanmax(alle))
    with stijl(formaat) as maat:
        regel = maat.tekst_pt * 1.3
        marge = tick_room(alle, eenheid, decimalen, maat)
        goot = maat.tekst_pt * 1.6
        rechts = maat.tekst_pt  # half a number sticks out beyond the last tick
        breed_per = (maat.breedte_mm * MM - marge - rechts - goot * (kolommen - 1)) / kolommen
        koppen = {k: wrap(clean(str(k)), breed_per, maat.tekst_pt, vet=True) for k in midden.columns}
        kop = regel * max(map(len, koppen.values())) + maat.tekst_pt * 0.6
        hoog_per = PANEELHOOGTE + kop + maat.tekst_pt * 2.2
        blad = make_page(maat, titel, ondertitel, bronregel, hoogte=hoog_per * rijen + regel * 1.4)
        hoog_per = (blad.hoogte - regel * 1.4) / rijen  # a slide has less room than asked for
        breed, hoogte = blad.ax.get_xlim()[1], blad.ax.get_ylim()[1]
        breed_per = (blad.breedte - marge - rechts - goot * (kolommen - 1)) / kolommen
        for n, naam in enumerate(midden.columns):
            r, k = divmod(n, kolommen)
            links = blad.links + marge + k * (breed_per + goot)
            boven = blad.boven - r * hoog_per
            onder = boven - hoog_per + maat.tekst_pt * 2.2
            doos = (links / breed, onder / hoogte, breed_per / breed, (boven - kop - onder) / hoogte)
            ax = blad.fig.add_axes(doos)
            for i, tekst in enumerate(koppen[naam]):
                y = boven - maat.tekst_pt - i * regel
                blad.ax.text(links, y, tekst, fontweight="bold", color=KLEUREN["tekst"], va="baseline")
            ax.fill_between(x, laag[naam], hoog[naam], color=KLEUREN["lijn"], alpha=0.18, linewidth=0)
            ax.plot(x, midden[naam], color=KLEUREN["nadruk"])
            ax.set_ylim(0, top * 1.05 if top > 0 else 1.0)
            ax.set_xlim(float(x.min()), float(x.max()) if x.max() > x.min() else float(x.min()) + 1)
            style_axis(ax.yaxis, eenheid, decimalen)
            style_axis(ax.xaxis, "", 0)
            _zet_streepjes(ax, x, breed_per * 0.8, maat.tekst_pt)
            ax.grid(axis="y")
            ax.spines["left"].set_visible(False)
            ax.tick_params(axis="y", length=0, labelleft=k == 0)
        if vrij := kolommen * rijen - len(midden.columns):  # the last row has room: say how to read a panel
            links = blad.links + marge + (kolommen - vrij) * (breed_per + goot)
            boven = blad.boven - (rijen - 1) * hoog_per - kop
            _teken_leeswijzer(
                blad, links, boven, vrij * (breed_per + goot) - goot, x_naam=x_naam, eenheid=eenheid
            )
        blad.ax.text(
            blad.links + marge,  # under the first panel, where reading begins
            blad.onder + maat.tekst_pt * 0.2,
            clean(x_naam),
            ha="left",
            va="baseline",
            color=KLEUREN["tekst"],
        )
    eind = "; ".join(
        f"{k} {write(midden[k].iloc[-1], eenheid, decimalen)} (van {write(laag[k].iloc[-1], eenheid, decimalen)} "
        f"tot {write(hoog[k].iloc[-1], eenheid, decimalen)})"
        for k in midden.columns
    )
    tekst = f"{len(midden.columns)} lijngrafieken met een band, {x_naam}. {titel.rstrip('.')}. Aan het eind: {eind}."
    return make_figuur(
        blad,
        tabel.rename_axis(x_naam),
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="bandpanelen",
        formaat=formaat,
    )
