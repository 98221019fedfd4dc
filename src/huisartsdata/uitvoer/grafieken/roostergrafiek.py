"""A grid of outcomes over two assumptions: every cell its number, darker where it is larger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import make_axes, make_figuur, make_page, write
from huisartsdata.uitvoer.huisstijl import KLEUREN, MM, palet, stijl
from huisartsdata.uitvoer.opmaak import clean, measure, wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.patches import Rectangle

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur

TRAPPEN = 7  # shades: the number in the cell tells the rest
DONKER = 0.179  # relative luminance at which black and white contrast equally (WCAG 2.1)


def teken_rooster(
    tabel: pd.DataFrame,
    *,
    titel: str,
    bronregel: Bronregel,
    rij_naam: str,
    kolom_naam: str,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    verloop: str = "blauw",
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw a table as a grid of coloured cells with their numbers.

    Parameters
    ----------
    tabel
        Numbers; index and columns are the labels of the rows and columns. A missing value is an
        empty cell.
    rij_naam, kolom_naam
        What the rows and the columns are.
    eenheid
        ``%`` means shares from 0 to 1; another unit belongs in the title.
    verloop
        Palette of the house; the default says how much, not whether that is good or bad.

    Returns
    -------
    Figuur
        Its table is `tabel`.

    Raises
    ------
    HuisartsdataFout
        When there is no number to draw.
    """
    getallen = tabel.to_numpy(dtype=float)
    if not tabel.size or not np.isfinite(getallen).any():
        raise HuisartsdataFout("Het rooster heeft geen enkel getal; er is niets te tekenen.")
    rijen, kolommen = tabel.shape
    with stijl(formaat) as maat:
        namen = wrap(
            f"Rijen: {clean(rij_naam)}. Kolommen: {clean(kolom_naam)}.", maat.breedte_mm * MM, maat.tekst_pt
        )
        boven = maat.tekst_pt * (1.35 * len(namen) + 2.2)
        hoogte = maat.tekst_pt * (2.4 * rijen + 2.2) + boven
        blad = make_page(maat, titel, ondertitel, bronregel, hoogte=hoogte)
        links = max(measure(clean(str(r)), maat.tekst_pt) for r in tabel.index) + maat.tekst_pt * 1.5
        ax = make_axes(blad, links=links, rechts=0.0, boven=boven)
        laag, hoog = float(np.nanmin(getallen)), float(np.nanmax(getallen))
        kleuren = palet(verloop, TRAPPEN)
        for r in range(rijen):
            for k in range(kolommen):
                w = getallen[r, k]
                deel = 0.5 if hoog == laag else (w - laag) / (hoog - laag)
                kleur = (
                    KLEUREN["geen_gegevens"]
                    if np.isnan(w)
                    else kleuren[min(TRAPPEN - 1, int(deel * TRAPPEN))]
                )
                ax.add_patch(_cel(k, r, kleur))
                ax.text(
                    k + 0.5,
                    r + 0.5,
                    "–" if np.isnan(w) else write(w, eenheid, decimalen),
                    ha="center",
                    va="center_baseline",
                    color="white" if _licht(kleur) < DONKER else KLEUREN["tekst"],
                )
        ax.set_xlim(0, kolommen)
        ax.set_ylim(rijen, 0)
        ax.set_xticks(np.arange(kolommen) + 0.5, [clean(str(k)) for k in tabel.columns])
        ax.set_yticks(np.arange(rijen) + 0.5, [clean(str(r)) for r in tabel.index])
        ax.xaxis.tick_top()
        ax.tick_params(length=0, labelcolor=KLEUREN["tekst"])
        for rand in ax.spines.values():
            rand.set_visible(False)
        for n, regel in enumerate(namen):
            y = blad.boven - maat.tekst_pt * (1.0 + 1.35 * n)
            blad.ax.text(blad.links, y, regel, color=KLEUREN["tekst"], va="baseline")
    uiterste = f"Kleinste {write(laag, eenheid, decimalen)}, grootste {write(hoog, eenheid, decimalen)}"
    tekst = f"Rooster van {rij_naam} tegen {kolom_naam}. {titel.rstrip('.')}. {uiterste}."
    return make_figuur(
        blad,
        tabel.rename_axis(rij_naam),
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="rooster",
        formaat=formaat,
    )


def _cel(k: int, r: int, kleur: str) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((k, r), 1, 1, facecolor=kleur, edgecolor="white", linewidth=1.2)


def _licht(kleur: str) -> float:
    """Relative luminance (WCAG 2.1) of a hex colour, 0 black to 1 white."""
    kanalen = [int(kleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in kanalen)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
