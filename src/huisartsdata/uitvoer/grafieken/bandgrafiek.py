"""Lines with their uncertainty as a band, along months, years or an amount."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import (
    make_axes,
    make_figuur,
    make_page,
    name_ends,
    note,
    style_axis,
    tick_room,
    write,
    zijn_jaren,
)
from huisartsdata.uitvoer.huisstijl import KLEUREN, palet, stijl
from huisartsdata.uitvoer.opmaak import clean, measure

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur
    from huisartsdata.uitvoer.huisstijl import Formaat
    from huisartsdata.uitvoer.opmaak import Blad

LIJNSTIJLEN = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)), (0, (9, 3)), (0, (3, 1, 1, 1, 1, 1)))


def teken_bandgrafiek(
    midden: pd.DataFrame,
    laag: pd.DataFrame | None = None,
    hoog: pd.DataFrame | None = None,
    *,
    titel: str,
    bronregel: Bronregel,
    x_naam: str,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    nadruk: Collection[str] = (),
    grenzen: Mapping[float, str] | None = None,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw series with bands; each has its own colour, line style and name at its end.

    Parameters
    ----------
    midden
        Index: numbers along the horizontal axis; one column per series.
    laag, hoog
        The ends of the bands, with the same index; series without a band may be left out.
    x_naam
        Name of the horizontal axis.
    eenheid
        Unit of the values; ``%`` means shares from 0 to 1.
    nadruk
        Series to stress; the others turn grey and lose their band.
    grenzen
        Value on the horizontal axis -> what happens there.

    Returns
    -------
    Figuur
        Its table holds for every series its value and, where given, `laag` and `hoog`. The other
        parameters are those of ``kaart.gebiedskaart``.

    Raises
    ------
    HuisartsdataFout
        When there is nothing to draw, a name occurs twice, or a band has another index.
    """
    if midden.empty or midden.columns.has_duplicates or midden.index.has_duplicates:
        raise HuisartsdataFout("Geef minstens een reeks; elke plaats en elke naam komt een keer voor.")
    if (laag is None) != (hoog is None):
        raise HuisartsdataFout("Een band heeft een onderkant en een bovenkant nodig: geef laag en hoog.")
    if laag is not None and hoog is not None:
        if not (laag.index.equals(midden.index) and hoog.index.equals(midden.index)):
            raise HuisartsdataFout("De band heeft andere plaatsen dan de lijn; gebruik dezelfde index.")
        if vreemd := sorted(map(str, (set(laag) | set(hoog)) - set(midden))):
            raise HuisartsdataFout(f"Een band zonder lijn: {', '.join(vreemd)}.")
    if weg := sorted(set(nadruk) - set(midden.columns)):
        raise HuisartsdataFout(f"nadruk noemt reeksen die er niet zijn: {', '.join(weg)}.")
    tabel = _tabel(midden, laag, hoog).rename_axis(x_naam)
    x = midden.index.to_numpy(dtype=float)
    eind = midden.iloc[-1].dropna()
    with stijl(formaat) as maat:
        blad = make_page(maat, titel, ondertitel, bronregel)
        namen = {k: f"{clean(str(k))} {write(eind[k], eenheid, decimalen)}" for k in eind.index}
        rechts = max((measure(n, maat.tekst_pt, vet=k in nadruk) for k, n in namen.items()), default=0)
        getoond = [
            k for k in midden.columns if laag is not None and k in laag and (k in nadruk or not nadruk)
        ]
        sleutel = _sleutelregels(getoond, blad.breedte, maat)
        ax = make_axes(
            blad,
            links=tick_room(tabel.to_numpy(dtype=float), eenheid, decimalen, maat),
            rechts=rechts + maat.tekst_pt,
            onder=maat.tekst_pt * 1.6,
            boven=maat.tekst_pt * 1.6 * len(sleutel),
        )
        kleuren = dict(zip(midden.columns, palet("lijnen", len(midden.columns)), strict=True))
        if nadruk:
            kleuren = {k: KLEUREN["nadruk"] if k in nadruk else "#9A9A9A" for k in midden.columns}
        for n, kolom in enumerate(midden.columns):
            boven = kolom in nadruk
            if laag is not None and hoog is not None and kolom in getoond:
                ax.fill_between(
                    x,
                    laag[kolom].to_numpy(dtype=float),
                    hoog[kolom].to_numpy(dtype=float),
                    color=kleuren[kolom],
                    alpha=0.16,
                    linewidth=0,
                )
            ax.plot(
                x,
                midden[kolom].to_numpy(dtype=float),
                color=kleuren[kolom],
                linestyle=LIJNSTIJLEN[n % len(LIJNSTIJLEN)],
                zorder=3 if boven else 2,
            )
        vormen = {k: LIJNSTIJLEN[n % len(LIJNSTIJLEN)] for n, k in enumerate(midden.columns)}
        _teken_sleutel(blad, sleutel, kleuren, vormen, maat)
        top, dal = np.nanmax(tabel.to_numpy(dtype=float)), np.nanmin(tabel.to_numpy(dtype=float))
        ax.set_ylim(min(0.0, float(dal)), float(top) * 1.08 if top > 0 else 1.0)
        ax.set_xlim(float(x.min()), float(x.max()) if x.max() > x.min() else float(x.min()) + 1)
        style_axis(ax.yaxis, eenheid, decimalen)
        style_axis(ax.xaxis, "", 0)
        if zijn_jaren(x):
            ax.xaxis.set_major_formatter(lambda jaar, _: f"{jaar:.0f}")  # a year has no thousands point
        ax.set_xlabel(clean(x_naam))
        ax.grid(axis="y")
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        name_ends(ax, blad, eind, namen=namen, kleuren=kleuren, nadruk=nadruk, maat=maat)
        for plek, uitleg in sorted((grenzen or {}).items()):
            ax.axvline(plek, color=KLEUREN["zacht"], linewidth=0.7 * maat.lijn, linestyle=(0, (3, 2)))
            note(ax, plek, f" {clean(uitleg)}", maat.klein_pt)
    tekst = f"Lijngrafiek met banden, {x_naam} {x.min():.0f} tot en met {x.max():.0f}. {titel.rstrip('.')}. "
    tekst += "Laatste waarden: " + "; ".join(_eindtekst(tabel, k, namen) for k in eind.index) + "."
    return make_figuur(
        blad,
        tabel,
        titel=titel,
        alt_tekst=alt_tekst or tekst,
        bronregel=bronregel,
        soort="bandgrafiek",
        formaat=formaat,
    )


def _sleutelregels(namen: list[Any], breedte: float, maat: Formaat) -> list[list[Any]]:
    """Which bands are named on each line above the chart."""
    regels: list[list[Any]] = []
    over = 0.0
    for naam in namen:
        nodig = measure(f"band: {clean(str(naam))}", maat.tekst_pt) + 4.5 * maat.tekst_pt
        if not regels or nodig > over:
            regels.append([])
            over = breedte
        regels[-1].append(naam)
        over -= nodig
    return regels


def _teken_sleutel(
    blad: Blad,
    regels: list[list[Any]],
    kleuren: Mapping[Any, str],
    vormen: Mapping[Any, Any],
    maat: Formaat,
) -> None:
    """The name of every band beside a piece of it."""
    from matplotlib.patches import Rectangle

    pt = maat.tekst_pt
    for n, namen in enumerate(regels):
        x, y = blad.links, blad.boven - pt * (1.0 + 1.6 * n)
        for naam in namen:
            eigen: dict[str, Any] = {"color": kleuren[naam]}
            blad.ax.add_patch(Rectangle((x, y - pt * 0.2), pt * 2, pt, alpha=0.16, linewidth=0, **eigen))
            blad.ax.plot([x, x + pt * 2], [y + pt * 0.3] * 2, linestyle=vormen[naam], **eigen)
            tekst = f"band: {clean(str(naam))}"
            blad.ax.text(x + pt * 2.5, y, tekst, color=KLEUREN["tekst"], va="baseline")
            x += measure(tekst, pt) + 4.5 * pt


def _tabel(midden: pd.DataFrame, laag: pd.DataFrame | None, hoog: pd.DataFrame | None) -> pd.DataFrame:
    kolommen = {}
    for naam in midden.columns:
        kolommen[str(naam)] = midden[naam]
        if laag is not None and hoog is not None and naam in laag:
            kolommen[f"{naam} laag"], kolommen[f"{naam} hoog"] = laag[naam], hoog[naam]
    return midden.iloc[:, :0].assign(**kolommen)


def _eindtekst(tabel: pd.DataFrame, naam: str, namen: Mapping[str, str]) -> str:
    laatste = tabel.iloc[-1]
    if f"{naam} laag" not in tabel:
        return namen[naam]
    return f"{namen[naam]} (van {write(laatste[f'{naam} laag'], '', 0)} tot {write(laatste[f'{naam} hoog'], '', 0)})"
