"""Charts: lines over years, ranked dots with intervals, scatter; names stand at the data, not in a legend.

Views like the maps: a table in, a ``Figuur`` out, with title, source line, table and alternative text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import KLEUREN, MM, Formaat, getal, palet, procent, stijl
from huisartsdata.uitvoer.opmaak import Blad, Opmaak, clean, measure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

HOOGTE = 85 * MM  # height of the drawing on paper, where the page has room for it


def lijngrafiek(
    reeksen: pd.DataFrame,
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    nadruk: Collection[str] = (),
    breuken: Mapping[int, str] | None = None,
    vanaf_nul: bool = True,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw series over years, each with its name at its end.

    Parameters
    ----------
    reeksen
        Index: years; one column per series; NaN leaves a gap.
    eenheid
        Unit; ``%`` means shares from 0 to 1.
    nadruk
        Series to stress; the others turn grey.
    breuken
        Year -> what changed: lines stop before it, so that a break in a series stays visible.
    vanaf_nul
        Start the axis at zero.

    Returns
    -------
    Figuur
        Its table is ``reeksen``, years as index. The other parameters are those of ``kaart.gebiedskaart``.
    """
    if reeksen.empty or reeksen.columns.has_duplicates or reeksen.index.has_duplicates:
        raise HuisartsdataFout(
            "Geef minstens een reeks; elk jaar en elke naam van een reeks komt een keer voor."
        )
    vreemd = sorted(set(nadruk) - set(reeksen.columns))
    if vreemd:
        raise HuisartsdataFout(f"nadruk noemt reeksen die er niet zijn: {', '.join(vreemd)}.")
    tabel = reeksen.sort_index().rename_axis(str(reeksen.index.name or "jaar"))
    jaren = [int(j) for j in tabel.index]
    eind = tabel.ffill().iloc[-1].dropna()
    with stijl(formaat) as maat:
        blad = _page(maat, titel, ondertitel, bronregel)
        namen = {k: f"{clean(str(k))} {_write(eind[k], eenheid, decimalen)}" for k in eind.index}
        rechts = (
            max((measure(n, maat.tekst_pt, vet=k in nadruk) for k, n in namen.items()), default=0)
            + maat.tekst_pt
        )
        ax = _axes(
            blad, links=_tick_room(tabel.to_numpy(dtype=float), eenheid, decimalen, maat), rechts=rechts
        )
        kleuren = dict(zip(tabel.columns, palet("lijnen", len(tabel.columns)), strict=True))
        if nadruk:
            kleuren = {k: KLEUREN["nadruk"] if k in nadruk else "#9A9A9A" for k in tabel.columns}
        delen = np.searchsorted(sorted(breuken or {}), jaren, side="right")
        for kolom in tabel.columns:
            for deel in np.unique(delen):
                stuk = tabel.loc[delen == deel, kolom]
                los: dict[str, Any] = {
                    "marker": "o",
                    "ms": 3 * maat.lijn,
                    "color": kleuren[kolom],
                    "zorder": 3 if kolom in nadruk else 2,
                }
                ax.plot(stuk.index.astype(int), stuk.to_numpy(dtype=float), **los)
        hoog = float(np.nanmax(tabel.to_numpy(dtype=float)))
        if vanaf_nul:
            ax.set_ylim(
                min(0.0, float(np.nanmin(tabel.to_numpy(dtype=float)))), hoog * 1.08 if hoog > 0 else 1.0
            )
        ax.set_xlim(jaren[0] - 0.3, jaren[-1] + 0.3)
        ax.set_xticks(_years(jaren))
        _style_axis(ax.yaxis, eenheid, decimalen)
        ax.xaxis.set_major_formatter(lambda jaar, _: f"{jaar:.0f}")
        ax.grid(axis="y")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        _name_ends(ax, blad, eind, namen=namen, kleuren=kleuren, nadruk=nadruk, maat=maat)
        for jaar, uitleg in sorted((breuken or {}).items()):
            ax.axvline(jaar - 0.5, color=KLEUREN["zacht"], linewidth=0.7 * maat.lijn, linestyle=(0, (3, 2)))
            _note(ax, jaar - 0.5, f" {clean(uitleg)}", maat.klein_pt)
    tekst = f"Lijngrafiek, {jaren[0]} tot en met {jaren[-1]}. {titel.rstrip('.')}. Laatste waarden: " + (
        "; ".join(namen.values()) + "."
    )
    return _figuur(
        blad,
        tabel,
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="lijngrafiek",
        formaat=formaat,
    )


def rangorde(
    tabel: pd.DataFrame,
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    nadruk: Collection[str] = (),
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw areas as dots in order of value, each with its interval.

    Parameters
    ----------
    tabel
        Index: codes; ``naam``, ``waarde`` and, if wanted, ``laag`` and ``hoog``. Highest value first,
        ties in order of code; areas without a value are counted in the subtitle, not
        drawn.
    nadruk
        Codes to stress.

    Returns
    -------
    Figuur
        Its table is ``tabel`` in the order drawn.
    """
    _need(tabel, ["naam", "waarde"])
    op_orde = tabel.sort_index().sort_values("waarde", ascending=False, kind="stable", na_position="last")
    getekend = op_orde[op_orde["waarde"].notna()]
    leeg = len(op_orde) - len(getekend)
    if not len(getekend):
        raise HuisartsdataFout("Geen enkel gebied heeft een waarde; er is niets te tekenen.")
    onder = f"{ondertitel.rstrip('.')}; zonder gegevens: {leeg}" if leeg else ondertitel
    with stijl(formaat) as maat:
        regel = maat.tekst_pt * 1.5
        blad = _page(maat, titel, onder, bronregel, hoogte=regel * len(getekend) + maat.tekst_pt * 3)
        namen = [clean(str(n)) for n in getekend["naam"]]
        links = max(
            measure(n, maat.tekst_pt, vet=c in nadruk) for n, c in zip(namen, getekend.index, strict=True)
        )
        ax = _axes(blad, links=links + maat.tekst_pt, rechts=maat.tekst_pt * 2)
        y = np.arange(len(getekend))[::-1]
        kleuren = [KLEUREN["nadruk"] if code in nadruk else KLEUREN["lijn"] for code in getekend.index]
        if {"laag", "hoog"} <= set(getekend.columns):
            ax.hlines(
                y, getekend["laag"], getekend["hoog"], colors=kleuren, linewidth=1.2 * maat.lijn, alpha=0.55
            )
        ax.scatter(getekend["waarde"], y, s=(4.2 * maat.lijn) ** 2, color=kleuren, zorder=3)
        ax.set_ylim(-0.8, len(getekend) - 0.2)
        ax.set_yticks(y, namen, color=KLEUREN["tekst"])
        for label, code in zip(ax.get_yticklabels(), getekend.index, strict=True):
            label.set_fontweight("bold" if code in nadruk else "normal")
        _style_axis(ax.xaxis, eenheid, decimalen)
        ax.grid(axis="x")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
    top = zip(namen[:3], getekend["waarde"].to_numpy(dtype=float), strict=False)
    kop = [f"{naam} {_write(waarde, eenheid, decimalen)}" for naam, waarde in top]
    tekst = f"Rangorde van {len(getekend)} gebieden. {titel.rstrip('.')}. Hoogste: {'; '.join(kop)}."
    return _figuur(
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

    _need(tabel, ["naam", x, y])
    compleet = tabel[["naam", x, y]].dropna(subset=[x, y])
    with stijl(formaat) as maat:
        blad = _page(maat, titel, ondertitel, bronregel)
        ax = _axes(
            blad,
            links=_tick_room(compleet[y].to_numpy(dtype=float), eenheden[1], decimalen[1], maat),
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
        _style_axis(ax.xaxis, eenheden[0], decimalen[0])
        _style_axis(ax.yaxis, eenheden[1], decimalen[1])
        ax.grid(visible=True)
        ax.set_xlabel(clean(x_naam))
        blad.ax.text(
            blad.links, blad.boven - maat.tekst_pt, clean(y_naam), color=KLEUREN["tekst"], va="baseline"
        )
    tekst = f"Spreidingsdiagram van {len(compleet)} gebieden: {x_naam} tegen {y_naam}. {titel.rstrip('.')}."
    return _figuur(
        blad,
        tabel[["naam", x, y]],
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="spreiding",
        formaat=formaat,
    )


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


def _need(tabel: pd.DataFrame, kolommen: Sequence[str]) -> None:
    weg = [k for k in kolommen if k not in tabel.columns]
    if weg:
        raise HuisartsdataFout(
            f"De tabel mist de kolommen {', '.join(weg)}; aanwezig: {', '.join(tabel.columns)}."
        )


def _write(waarde: float, eenheid: str, decimalen: int) -> str:
    if eenheid == "%":
        return procent(waarde, decimalen)
    return f"{getal(waarde, decimalen)} {eenheid}".rstrip()


def _page(maat: Formaat, titel: str, ondertitel: str, bronregel: Bronregel, hoogte: float = HOOGTE) -> Blad:
    opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
    return opmaak.page(min(hoogte, opmaak.ruimte))


def _axes(blad: Blad, *, links: float, rechts: float, onder: float = 0.0, boven: float = 0.0) -> Axes:
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


def _tick_room(waarden: Any, eenheid: str, decimalen: int, maat: Formaat) -> float:
    # ticks are rounder than the values but may lie one step beyond them
    uiterste = float(np.nanmax(np.abs(waarden))) * 1.2
    return measure(_write(-uiterste, eenheid, decimalen), maat.tekst_pt) + maat.tekst_pt


def _style_axis(as_: Any, eenheid: str, decimalen: int) -> None:
    from matplotlib.ticker import MaxNLocator

    as_.set_major_locator(MaxNLocator(nbins=6, integer=decimalen == 0 and eenheid != "%"))
    as_.set_major_formatter(lambda waarde, _: _write(waarde, eenheid, decimalen))


def _years(jaren: Sequence[int]) -> list[int]:
    stap = -(-len(jaren) // 9)
    return list(jaren[::-1][::stap][::-1])


def _note(ax: Axes, x: float, tekst: str, maat: float) -> None:
    ax.text(
        x, 1.0, tekst, transform=ax.get_xaxis_transform(), fontsize=maat, color=KLEUREN["zacht"], va="top"
    )


def _name_ends(
    ax: Axes,
    blad: Blad,
    eind: pd.Series,
    *,
    namen: Mapping[Any, str],
    kleuren: Mapping[Any, str],
    nadruk: Collection[str],
    maat: Formaat,
) -> None:
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


def _figuur(
    blad: Blad,
    tabel: pd.DataFrame,
    *,
    titel: str,
    alt_tekst: str,
    bronregel: Bronregel,
    soort: str,
    formaat: str,
) -> Figuur:
    herkomst = {**bronregel.als_dict(), "soort": soort}
    index = str(tabel.index.name or "gebied")
    return Figuur(blad.fig, tabel.rename_axis(index), titel, alt_tekst, bronregel.tekst, herkomst, formaat)
