"""What every chart shares: a page, axes with Dutch numbers, names at the ends of lines, the finished figure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import KLEUREN, MM, Formaat, getal, procent
from huisartsdata.uitvoer.opmaak import Blad, Opmaak, clean, measure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

HOOGTE = 85 * MM  # height of the drawing on paper, where the page has room for it


def spread(plaatsen: Sequence[float], afstand: float, laag: float, hoog: float) -> list[float]:
    """Push places apart until each is ``afstand`` from the next, within bounds, order kept.

    Examples
    --------
    >>> spread([5.0, 5.0, 20.0], 4.0, 0.0, 30.0)
    [3.0, 7.0, 20.0]
    """
    volgorde = sorted(range(len(plaatsen)), key=lambda n: (plaatsen[n], n))
    groepen: list[tuple[float, int]] = []  # centre, size
    for n in volgorde:
        groepen.append((plaatsen[n], 1))
        while (
            len(groepen) > 1
            and groepen[-1][0] - groepen[-2][0] < afstand * (groepen[-1][1] + groepen[-2][1]) / 2
        ):
            (m1, a1), (m2, a2) = groepen[-2:]
            groepen[-2:] = [((m1 * a1 + m2 * a2) / (a1 + a2), a1 + a2)]
    vlak = [m + afstand * (k - (a - 1) / 2) for m, a in groepen for k in range(a)]
    for k, plek in enumerate(vlak):
        vlak[k] = max(plek, laag + afstand * k)
    for k in range(len(vlak) - 1, -1, -1):
        vlak[k] = min(vlak[k], hoog - afstand * (len(vlak) - 1 - k))
    uit = [0.0] * len(plaatsen)
    for n, plek in zip(volgorde, vlak, strict=True):
        uit[n] = plek
    return uit


def need(tabel: pd.DataFrame, kolommen: Sequence[str]) -> None:
    """Refuse a table without these columns."""
    weg = [k for k in kolommen if k not in tabel.columns]
    if weg:
        raise HuisartsdataFout(
            f"De tabel mist de kolommen {', '.join(weg)}; aanwezig: {', '.join(tabel.columns)}."
        )


def write(waarde: float, eenheid: str, decimalen: int) -> str:
    """A number with its unit; ``%`` means a share from 0 to 1."""
    if eenheid == "%":
        return procent(waarde, decimalen)
    return f"{getal(waarde, decimalen)} {eenheid}".rstrip()


def make_page(
    maat: Formaat, titel: str, ondertitel: str, bronregel: Bronregel, hoogte: float = HOOGTE
) -> Blad:
    """Lay out a page: title, subtitle, room for the drawing, source line."""
    opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
    return opmaak.page(min(hoogte, opmaak.ruimte))


def make_axes(blad: Blad, *, links: float, rechts: float, onder: float = 0.0, boven: float = 0.0) -> Axes:
    """Axes on the page, with room for names at its sides."""
    from matplotlib import rcParams

    breed, hoog = blad.ax.get_xlim()[1], blad.ax.get_ylim()[1]
    tekst = 2.2 * float(rcParams["xtick.labelsize"])  # room for the labels below the axis
    return blad.fig.add_axes(
        (
            (blad.links + links) / breed,
            (blad.onder + tekst + onder) / hoog,
            (blad.breedte - links - rechts) / breed,
            (blad.hoogte - tekst - onder - boven) / hoog,
        )
    )


def tick_room(waarden: Any, eenheid: str, decimalen: int, maat: Formaat) -> float:
    """Width that the numbers along the vertical axis need."""
    # ticks are rounder than the values but may lie one step beyond them
    uiterste = float(np.nanmax(np.abs(waarden))) * 1.2
    return measure(write(-uiterste, eenheid, decimalen), maat.tekst_pt) + maat.tekst_pt


def style_axis(as_: Any, eenheid: str, decimalen: int) -> None:
    """Dutch numbers and few ticks."""
    from matplotlib.ticker import MaxNLocator

    as_.set_major_locator(MaxNLocator(nbins=6, integer=decimalen == 0 and eenheid != "%"))
    as_.set_major_formatter(lambda waarde, _: write(waarde, eenheid, decimalen))


def note(ax: Axes, x: float, tekst: str, maat: float) -> None:
    """Write a note at the top of the axes."""
    ax.text(
        x, 1.0, tekst, transform=ax.get_xaxis_transform(), fontsize=maat, color=KLEUREN["zacht"], va="top"
    )


def draw_limits(ax: Axes, grenzen: Mapping[float, str], maat: Formaat) -> None:
    """Lines at limits along the horizontal axis, each with a tick of its own; the axis reaches them all.

    Parameters
    ----------
    grenzen
        Value -> what it is the limit of.
    """
    if not grenzen:
        return
    laag, hoog = ax.get_xlim()
    rand = 0.03 * (hoog - laag)
    laag, hoog = min(laag, min(grenzen) - rand), max(hoog, max(grenzen) + rand)
    streepjes = [w for w in ax.get_xticks() if laag <= w <= hoog]
    ver = 0.09 * (hoog - laag)  # a number needs this much room
    streepjes = [w for w in streepjes if all(abs(w - g) > ver for g in grenzen)]
    ax.set_xticks(sorted([*streepjes, *grenzen]))
    ax.set_xlim(laag, hoog)
    for plek, uitleg in sorted(grenzen.items()):
        ax.axvline(plek, color=KLEUREN["tekst"], linewidth=0.9 * maat.lijn, linestyle=(0, (4, 2)), zorder=1)
        note(ax, plek, f" {clean(uitleg)}", maat.klein_pt)
    midden = sum(ax.get_xlim()) / 2
    for tekst in ax.texts[-len(grenzen) :]:  # a note right of the middle stands left of its line
        if tekst.get_position()[0] > midden:
            tekst.set(ha="right", text=tekst.get_text().strip() + " ")


def mark_break(ax: Axes, maat: Formaat) -> None:
    """Say that the horizontal axis does not begin at nothing, where all it shows is above nothing."""
    laag, _ = ax.get_xlim()
    if laag <= 0:
        return
    for schuif in (0.008, 0.018):
        ax.plot(
            [schuif - 0.005, schuif + 0.005],
            [-0.5 * maat.tekst_pt / _hoogte_pt(ax), 0.5 * maat.tekst_pt / _hoogte_pt(ax)],
            transform=ax.transAxes,
            color=KLEUREN["tekst"],
            linewidth=1.0 * maat.lijn,
            clip_on=False,
        )
    ax.set_xlabel("de as begint niet bij 0", loc="left", fontsize=maat.klein_pt, color=KLEUREN["zacht"])


def _hoogte_pt(ax: Axes) -> float:
    return float(ax.bbox.height / ax.figure.dpi * 72)


def name_ends(
    ax: Axes,
    blad: Blad,
    eind: pd.Series,
    *,
    namen: Mapping[Any, str],
    kleuren: Mapping[Any, str],
    nadruk: Collection[str],
    maat: Formaat,
) -> None:
    """Names of series at their ends, pushed apart where they would collide."""
    naar_blad = blad.ax.transData.inverted()
    punten = [naar_blad.transform(ax.transData.transform((0.0, float(w))))[1] for w in eind]
    kant = naar_blad.transform(ax.transAxes.transform([(1.0, 0.0), (1.0, 1.0)]))
    hoogten = spread(punten, maat.tekst_pt * 1.25, kant[0][1], kant[1][1])
    for kolom, y in zip(eind.index, hoogten, strict=True):
        blad.ax.text(
            kant[0][0] + maat.tekst_pt * 0.5,
            y - maat.tekst_pt * 0.36,
            namen[kolom],
            color=kleuren[kolom] if kolom in nadruk or not nadruk else KLEUREN["zacht"],
            fontweight="bold" if kolom in nadruk else "normal",
            va="baseline",
        )


def make_figuur(
    blad: Blad,
    tabel: pd.DataFrame,
    *,
    titel: str,
    alt_tekst: str,
    bronregel: Bronregel,
    soort: str,
    formaat: str,
) -> Figuur:
    """The figure with its table, alternative text and provenance."""
    herkomst = {**bronregel.als_dict(), "soort": soort}
    index = str(tabel.index.name or "gebied")
    return Figuur(blad.fig, tabel.rename_axis(index), titel, alt_tekst, bronregel.tekst, herkomst, formaat)


def zijn_jaren(x: np.ndarray) -> bool:
    """Whether numbers along an axis are years: a year has no thousands point."""
    return bool(x.min() >= 1900 and x.max() <= 2200)
