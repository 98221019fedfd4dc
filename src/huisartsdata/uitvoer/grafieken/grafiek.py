"""Charts: ranked dots with intervals, scatter; names stand at the data, not in a legend.

Views like the maps: a table in, a ``Figuur`` out, with title, source line, table and alternative text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import (
    draw_limits,
    make_axes,
    make_figuur,
    make_page,
    mark_break,
    need,
    style_axis,
    tick_room,
    write,
)
from huisartsdata.uitvoer.huisstijl import KLEUREN, stijl
from huisartsdata.uitvoer.opmaak import clean, measure

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur


def rangorde(
    tabel: pd.DataFrame,
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    nadruk: Collection[str] = (),
    hol: Collection[str] = (),
    grenzen: Mapping[float, str] | None = None,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw areas as dots in order of value, each with its interval.

    An axis that does not begin at nothing has a break at its foot, and says so.

    Parameters
    ----------
    tabel
        Index: codes; ``naam``, ``waarde`` and, if wanted, ``laag`` and ``hoog``. Highest value first,
        ties in order of code; areas without a value are counted in the subtitle, not
        drawn.
    nadruk
        Codes to stress.
    hol
        Codes whose value is no measurement of their own: an open dot.
    grenzen
        Value -> what it is the limit of: a line, with its number along the axis.

    Returns
    -------
    Figuur
        Its table is ``tabel`` in the order drawn.
    """
    need(tabel, ["naam", "waarde"])
    op_orde = tabel.sort_index().sort_values("waarde", ascending=False, kind="stable", na_position="last")
    getekend = op_orde[op_orde["waarde"].notna()]
    leeg = len(op_orde) - len(getekend)
    if not len(getekend):
        raise HuisartsdataFout("Geen enkel gebied heeft een waarde; er is niets te tekenen.")
    onder = f"{ondertitel.rstrip('.')}; zonder gegevens: {leeg}" if leeg else ondertitel
    with stijl(formaat) as maat:
        regel = maat.tekst_pt * 1.5
        blad = make_page(maat, titel, onder, bronregel, hoogte=regel * len(getekend) + maat.tekst_pt * 3)
        namen = [clean(str(n)) for n in getekend["naam"]]
        links = max(
            measure(n, maat.tekst_pt, vet=c in nadruk) for n, c in zip(namen, getekend.index, strict=True)
        )
        ax = make_axes(blad, links=links + maat.tekst_pt, rechts=maat.tekst_pt * 2, onder=maat.tekst_pt * 1.6)
        y = np.arange(len(getekend))[::-1]
        kleuren = [KLEUREN["nadruk"] if code in nadruk else KLEUREN["lijn"] for code in getekend.index]
        if {"laag", "hoog"} <= set(getekend.columns):
            ax.hlines(
                y, getekend["laag"], getekend["hoog"], colors=kleuren, linewidth=1.2 * maat.lijn, alpha=0.55
            )
        vulling = ["white" if c in hol else k for c, k in zip(getekend.index, kleuren, strict=True)]
        ax.scatter(
            getekend["waarde"],
            y,
            s=(4.2 * maat.lijn) ** 2,
            c=vulling,
            edgecolors=kleuren,
            linewidths=0.9 * maat.lijn,
            zorder=3,
        )
        ax.set_ylim(-0.8, len(getekend) - 0.2)
        ax.set_yticks(y, namen, color=KLEUREN["tekst"])
        for label, code in zip(ax.get_yticklabels(), getekend.index, strict=True):
            label.set_fontweight("bold" if code in nadruk else "normal")
        style_axis(ax.xaxis, eenheid, decimalen)
        draw_limits(ax, grenzen or {}, maat)
        mark_break(ax, maat)
        ax.grid(axis="x")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    top = zip(namen[:3], getekend["waarde"].to_numpy(dtype=float), strict=False)
    kop = [f"{naam} {write(waarde, eenheid, decimalen)}" for naam, waarde in top]
    tekst = f"Rangorde van {len(getekend)} gebieden. {titel.rstrip('.')}. Hoogste: {'; '.join(kop)}."
    for plek, uitleg in sorted((grenzen or {}).items()):
        boven = int((getekend["waarde"] > plek).sum())
        streep = f"{clean(uitleg)} ({write(plek, eenheid, decimalen)})"
        tekst += f" Een streep toont {streep}; {boven} {'ligt' if boven == 1 else 'liggen'} erboven."
    return make_figuur(
        blad,
        op_orde,
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="rangorde",
        formaat=formaat,
    )


def spreiding(
    tabel: pd.DataFrame,
    x: str,
    y: str,
    *,
    titel: str,
    bronregel: Bronregel,
    x_naam: str,
    y_naam: str,
    ondertitel: str = "",
    eenheden: Sequence[str] = ("", ""),
    decimalen: Sequence[int] = (0, 0),
    nadruk: Collection[str] = (),
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw two indicators against each other, one dot per area; the stressed ones carry their name.

    Parameters
    ----------
    tabel
        Index: codes; ``naam`` and the columns ``x`` and ``y``.
    x_naam, y_naam
        Names of the axes as a reader sees them.

    Returns
    -------
    Figuur
        Its table has naam, x and y.
    """
    from matplotlib.patheffects import Normal, Stroke

    need(tabel, ["naam", x, y])
    compleet = tabel[["naam", x, y]].dropna(subset=[x, y])
    with stijl(formaat) as maat:
        blad = make_page(maat, titel, ondertitel, bronregel)
        ax = make_axes(
            blad,
            links=tick_room(compleet[y].to_numpy(dtype=float), eenheden[1], decimalen[1], maat),
            rechts=maat.tekst_pt * 2,
            onder=maat.tekst_pt * 1.6,
            boven=maat.tekst_pt * 1.6,
        )
        gewoon = compleet[~compleet.index.isin(nadruk)]
        bijzonder = compleet[compleet.index.isin(nadruk)].sort_index()
        stip: dict[str, Any] = {
            "s": (3.6 * maat.lijn) ** 2,
            "linewidths": 0.4 * maat.lijn,
            "edgecolors": "white",
        }
        ax.scatter(gewoon[x], gewoon[y], color="#8C8C8C", **stip)
        ax.scatter(bijzonder[x], bijzonder[y], color=KLEUREN["nadruk"], zorder=3, **stip)
        for rij in bijzonder.itertuples(index=False):
            naam = clean(str(rij[0]))
            plek = (4 * maat.lijn, 2 * maat.lijn)
            label = ax.annotate(naam, (rij[1], rij[2]), plek, textcoords="offset points", zorder=4)
            label.set_path_effects([Stroke(linewidth=2 * maat.lijn, foreground="white"), Normal()])
        style_axis(ax.xaxis, eenheden[0], decimalen[0])
        style_axis(ax.yaxis, eenheden[1], decimalen[1])
        ax.grid(visible=True)
        ax.set_xlabel(clean(x_naam))
        blad.ax.text(
            blad.links, blad.boven - maat.tekst_pt, clean(y_naam), color=KLEUREN["tekst"], va="baseline"
        )
    tekst = f"Spreidingsdiagram van {len(compleet)} gebieden: {x_naam} tegen {y_naam}. {titel.rstrip('.')}."
    return make_figuur(
        blad,
        tabel[["naam", x, y]],
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="spreiding",
        formaat=formaat,
    )
