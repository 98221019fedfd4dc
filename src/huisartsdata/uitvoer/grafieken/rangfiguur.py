"""Places in a ranking with their interval: rank 1 on top, a dash as long as the doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import make_axes, make_figuur, make_page, need, style_axis
from huisartsdata.uitvoer.huisstijl import KLEUREN, getal, stijl
from huisartsdata.uitvoer.opmaak import clean, measure

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur


def teken_rangen(
    tabel: pd.DataFrame,
    *,
    plaatsen: int,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    x_naam: str = "plaats",
    nadruk: Collection[str] = (),
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw the place of each area in a ranking, with the interval of that place.

    Parameters
    ----------
    tabel
        Index: codes; ``naam``, ``rang``, ``rang_laag`` and ``rang_hoog``. First place on top.
    plaatsen
        How many places there are.
    x_naam
        Name of the axis: what is ranked, and what first place means.
    nadruk
        Codes to stress.

    Returns
    -------
    Figuur
        Its table is `tabel` in the order drawn. The other parameters are those of ``kaart.gebiedskaart``.

    Raises
    ------
    HuisartsdataFout
        When there is nothing to draw, or a place lies outside the ranking.
    """
    kolommen = ["rang", "rang_laag", "rang_hoog"]
    need(tabel, ["naam", *kolommen])
    t = tabel.sort_index().sort_values("rang", kind="stable")
    if t.empty or t[kolommen].isna().any(axis=None):
        raise HuisartsdataFout("Geef minstens een gebied, en voor elk gebied rang, rang_laag en rang_hoog.")
    if float(t[kolommen].min().min()) < 1 or float(t[kolommen].max().max()) > plaatsen:
        raise HuisartsdataFout(f"Een rang ligt buiten 1 tot en met {plaatsen}.")
    with stijl(formaat) as maat:
        pt = maat.tekst_pt
        blad = make_page(maat, titel, ondertitel, bronregel, hoogte=pt * 1.5 * len(t) + pt * 5)
        namen = [clean(str(n)) for n in t["naam"]]
        links = max(measure(n, pt, vet=c in nadruk) for n, c in zip(namen, t.index, strict=True))
        ax = make_axes(blad, links=links + pt, rechts=pt * 2, onder=pt * 1.6)
        y = np.arange(len(t))[::-1]
        kleuren = [KLEUREN["nadruk"] if c in nadruk else KLEUREN["lijn"] for c in t.index]
        ax.hlines(y, t["rang_laag"], t["rang_hoog"], colors=kleuren, linewidth=2.4 * maat.lijn, alpha=0.45)
        ax.scatter(t["rang"], y, s=(4.2 * maat.lijn) ** 2, color=kleuren, zorder=3)
        ax.set_ylim(-0.8, len(t) - 0.2)
        ax.set_xlim(1 - plaatsen * 0.01, plaatsen * 1.01)
        ax.set_yticks(y, namen, color=KLEUREN["tekst"])
        for label, code in zip(ax.get_yticklabels(), t.index, strict=True):
            label.set_fontweight("bold" if code in nadruk else "normal")
        style_axis(ax.xaxis, "", 0)
        ax.set_xticks([1, *(w for w in ax.get_xticks() if 1 < w < plaatsen * 0.93), plaatsen])
        ax.set_xlabel(clean(x_naam))
        ax.grid(axis="x")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    rijen = zip(namen[:5], t["rang"], t["rang_laag"], t["rang_hoog"], strict=False)
    wie = "; ".join(f"{n} plaats {getal(r, 0)} ({getal(a, 0)} tot {getal(b, 0)})" for n, r, a, b in rijen)
    tekst = f"Rangorde van {len(t)} gebieden met het interval van hun plaats. {titel.rstrip('.')}. Bovenaan: {wie}."
    return make_figuur(
        blad,
        t,
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="rangen",
        formaat=formaat,
    )
