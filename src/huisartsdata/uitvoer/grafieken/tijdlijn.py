"""Timelines: series over years or months, with the breaks in them made visible."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import (
    make_axes,
    make_figuur,
    make_page,
    name_ends,
    style_axis,
    tick_room,
    write,
    zijn_jaren,
)
from huisartsdata.uitvoer.huisstijl import KLEUREN, getal, palet, stijl
from huisartsdata.uitvoer.opmaak import clean, measure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur
    from huisartsdata.uitvoer.huisstijl import Formaat
    from huisartsdata.uitvoer.opmaak import Blad


def teken_tijdlijn(
    reeksen: pd.DataFrame,
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    breuken: Mapping[tuple[float, float], str] | None = None,
    nadruk: Collection[str] = (),
    alt_tekst: str | None = None,
    formaat: str = "half",
) -> Figuur:
    """Draw series over time; within a break there is no line, and the ground is hatched.

    Parameters
    ----------
    reeksen
        Index: years or months; one column per series.
    breuken
        (last time before, first time after) -> what changed. What lies before and after cannot be compared.
    nadruk
        Series to stress; the others turn grey.

    Returns
    -------
    Figuur
        Its table is `reeksen`. The other parameters are those of ``kaart.gebiedskaart``.

    Raises
    ------
    HuisartsdataFout
        When there is nothing to draw, or a break has a value within it.
    """
    if reeksen.empty or reeksen.columns.has_duplicates or reeksen.index.has_duplicates:
        raise HuisartsdataFout(
            "Geef minstens een reeks; elk tijdstip en elke naam van een reeks komt een keer voor."
        )
    if weg := sorted(set(nadruk) - set(reeksen.columns)):
        raise HuisartsdataFout(f"nadruk noemt reeksen die er niet zijn: {', '.join(weg)}.")
    tabel = reeksen.sort_index().rename_axis(str(reeksen.index.name or "jaar"))
    x = tabel.index.to_numpy(dtype=float)
    for (van, tot), uitleg in (breuken or {}).items():
        if not van < tot or ((x > van) & (x < tot)).any():
            raise HuisartsdataFout(
                f"De breuk '{clean(uitleg)}' van {van:g} tot {tot:g} moet oplopen en geen waarden in zich hebben."
            )
    deel = np.searchsorted(sorted(tot for _, tot in breuken or {}), x, side="right")
    eind = tabel.ffill().iloc[-1].dropna()
    with stijl(formaat) as maat:
        blad = make_page(maat, titel, ondertitel, bronregel)
        namen = {k: f"{clean(str(k))} {write(eind[k], eenheid, decimalen)}" for k in eind.index}
        rechts = max(measure(n, maat.tekst_pt, vet=k in nadruk) for k, n in namen.items())
        alle = tabel.to_numpy(dtype=float)
        ax = make_axes(
            blad, links=tick_room(alle, eenheid, decimalen, maat), rechts=rechts + maat.tekst_pt,
            boven=maat.klein_pt * 2.2 if breuken else 0.0,
        )  # fmt: skip
        kleuren = dict(zip(tabel.columns, palet("lijnen", len(tabel.columns)), strict=True))
        if nadruk:
            kleuren = {k: KLEUREN["nadruk"] if k in nadruk else "#9A9A9A" for k in tabel.columns}
        for kolom in tabel.columns:
            for d in np.unique(deel):
                stuk = tabel.loc[deel == d, kolom].dropna()
                ax.plot(
                    stuk.index.to_numpy(dtype=float), stuk.to_numpy(dtype=float), color=kleuren[kolom], marker="o",
                    ms=3 * maat.lijn, zorder=4 if kolom in nadruk else 3,
                )  # fmt: skip
        top, dal = float(np.nanmax(alle)), float(np.nanmin(alle))
        ax.set_ylim(min(0.0, dal * 1.08), top * 1.08 if top > 0 else 1.0)
        rand = 0.02 * max(float(x[-1] - x[0]), 1.0)
        ax.set_xlim(float(x[0]) - rand, float(x[-1]) + rand)
        style_axis(ax.yaxis, eenheid, decimalen)
        ax.set_xticks(x if len(x) <= 9 else x[:: -(-len(x) // 9)])
        jaren = zijn_jaren(x)
        ax.xaxis.set_major_formatter(lambda w, _: f"{w:.0f}" if jaren else getal(w))
        ax.grid(axis="y")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        for (van, tot), uitleg in sorted((breuken or {}).items()):
            _breuk(ax, blad, (van, tot), clean(uitleg), maat)
        name_ends(ax, blad, eind, namen=namen, kleuren=kleuren, nadruk=nadruk, maat=maat)
    breuk = "".join(f" Tussen {a:g} en {b:g}: {clean(u)}." for (a, b), u in sorted((breuken or {}).items()))
    eerste = "; ".join(
        f"{clean(str(k))} van {write(float(tabel[k].dropna().iloc[0]), eenheid, decimalen)} naar "
        f"{write(float(eind[k]), eenheid, decimalen)}"
        for k in eind.index
    )
    tekst = f"Tijdlijn, {x[0]:g} tot en met {x[-1]:g}. {titel.rstrip('.')}. Eerste en laatste waarde: {eerste}.{breuk}"
    return make_figuur(
        blad,
        tabel,
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="tijdlijn",
        formaat=formaat,
    )


def _breuk(ax: Axes, blad: Blad, waar: tuple[float, float], uitleg: str, maat: Formaat) -> None:
    """Hatched ground between the last time before a break and the first after it, its meaning above."""
    van, tot = waar
    rand = 0.12 * (tot - van)
    ax.axvspan(
        van + rand, tot - rand, facecolor="#F4F4F4", edgecolor="#D0D0D0", hatch="////", linewidth=0, zorder=2
    )
    naar_blad = blad.ax.transData.inverted()
    midden = naar_blad.transform(ax.transData.transform(((van + tot) / 2, 0.0)))[0]
    kant = naar_blad.transform(ax.transAxes.transform([(0.0, 1.0), (1.0, 1.0)]))
    half = measure(uitleg, maat.klein_pt) / 2
    midden = min(max(midden, kant[0][0] + half), kant[1][0] - half)
    blad.ax.text(
        midden, kant[0][1] + maat.klein_pt * 0.7, uitleg, fontsize=maat.klein_pt, color=KLEUREN["zacht"],
        ha="center", va="baseline",
    )  # fmt: skip
