"""What becomes of a group of people month by month: states on top of each other, measures in a strip below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.grafieken.grafiekblad import make_page, style_axis, tick_room
from huisartsdata.uitvoer.huisstijl import KLEUREN, MM, getal, palet, stijl
from huisartsdata.uitvoer.opmaak import Tekstblok, clean, measure, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.huisstijl import Formaat
    from huisartsdata.uitvoer.opmaak import Blad

PANEELHOOGTE = 46 * MM
STREPEN = 6  # bars of doubt in a panel
LAAGSTE = 5.0  # a panel lower than this, in sizes of type, says nothing


@dataclass(frozen=True)
class Strook:
    """A measure on a timeline: sure from `vanaf` on, at the earliest from `vroegst`; until `tot`, or it stays."""

    naam: str
    vroegst: float
    vanaf: float
    tot: float | None = None


def teken_maandverloop(
    standen: Mapping[str, pd.DataFrame],
    *,
    titel: str,
    bronregel: Bronregel,
    band: Mapping[str, pd.DataFrame] | None = None,
    stroken: Mapping[str, Sequence[Strook]] | None = None,
    ondertitel: str = "",
    x_naam: str = "maanden",
    bandnaam: str = "90% van de trekkingen",
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw what becomes of a group of people month by month: states on top of each other, a panel per case.

    Parameters
    ----------
    standen
        Panel -> people per state (columns, the same in every panel, worst first) by month; they add up to the
        group in every month.
    band
        Panel -> `laag` and `hoog` of the first state by month.
    stroken
        Panel -> measures, drawn as a strip below.

    Returns
    -------
    Figuur
        Its table has one row per panel and month. The other parameters are those of ``kaart.gebiedskaart``.

    Raises
    ------
    HuisartsdataFout
        When panels differ in states or months, or a month loses people.
    """
    eerste, tabel = _keur(standen, band)
    kolommen = min(2 if formaat == "a4" else 4, len(standen))
    rijen = -(-len(standen) // kolommen)
    x = eerste.index.to_numpy(dtype=float)
    kleuren = state_colours(len(eerste.columns))
    with stijl(formaat) as maat:
        t = maat.tekst_pt
        stroken = stroken or {}
        lagen = max((len(stroken.get(n, ())) for n in standen), default=0)
        strook = lagen * t * 1.7 + (t * 0.6 if lagen else 0)
        marge, goot = tick_room(eerste.sum(axis=1).to_numpy(), "", 0, maat), t * 1.6
        vast = (
            maat.breedte_mm * MM * 0.94 - marge - t
        )  # a little less than the page is wide, whatever its margin
        koppen = {n: wrap(clean(n), (vast - (kolommen - 1) * goot) / kolommen, t, vet=True) for n in standen}
        kop = t * (0.7 + 1.2 * max(len(k) for k in koppen.values()))
        buiten = kop + t * 3.6 + strook  # heading, numbers and name of the axis, measures
        sleutel = t * 2.2
        blad = make_page(
            maat, titel, ondertitel, bronregel,
            hoogte=rijen * (PANEELHOOGTE * maat.lijn + buiten) + sleutel,
        )  # fmt: skip
        per = (blad.hoogte - sleutel) / rijen
        breed = (blad.breedte - marge - t - (kolommen - 1) * goot) / kolommen
        w, h = blad.ax.get_xlim()[1], blad.ax.get_ylim()[1]
        hoog = per - buiten
        if hoog < LAAGSTE * t:
            raise HuisartsdataFout(
                f"Op formaat {formaat} passen geen {len(standen)} panelen onder elkaar; kies minder panelen of een "
                "ander formaat."
            )
        for n, (naam, stand) in enumerate(standen.items()):
            kolom = n % kolommen
            links = blad.links + marge + kolom * (breed + goot)
            boven = blad.boven - (n // kolommen) * per
            Tekstblok(koppen[naam], t, vet=True).draw(blad.ax, links, boven)
            ax = blad.fig.add_axes((links / w, (boven - kop - hoog) / h, breed / w, hoog / h))
            ax.stackplot(x, stand.to_numpy(dtype=float).T, colors=kleuren, linewidth=0)
            if band is not None:
                _band(ax, x, band[naam], maat)
            _assen(ax, x, float(eerste.sum(axis=1).max()), hoog=hoog, breed=breed, maat=maat)
            if kolom:  # one set of numbers for a row of panels with one axis
                ax.set_yticklabels([])
            ax.set_xlabel(clean(x_naam), labelpad=1)
            _stroken(blad, ax, stroken.get(naam, ()), boven - kop - hoog - t * 3.4, maat)
        _standsleutel(blad, [clean(str(k)) for k in eerste.columns], kleuren, bandnaam if band else "", maat)
    laatste = {n: s.iloc[-1] for n, s in standen.items()}
    delen = [
        f"{clean(n)}: " + ", ".join(f"{k} {getal(v, 0)}" for k, v in s.items()) for n, s in laatste.items()
    ]
    tekst = f"Vlakgrafiek per maand. {titel.rstrip('.')}. In maand {getal(x[-1])}: {'; '.join(delen)}."
    herkomst = {**bronregel.als_dict(), "soort": "maandverloop"}
    return Figuur(blad.fig, tabel, titel, alt_tekst or tekst, bronregel.tekst, herkomst, formaat)


def _assen(ax: Axes, x: np.ndarray, top: float, *, hoog: float, breed: float, maat: Formaat) -> None:
    """As many numbers along the axes as there is room for."""
    from matplotlib.ticker import MaxNLocator

    style_axis(ax.yaxis, "", 0)
    style_axis(ax.xaxis, "", 0)
    ax.yaxis.set_major_locator(
        MaxNLocator(nbins=int(np.clip(hoog / (maat.tekst_pt * 2.6), 2, 6)), integer=True)
    )
    ax.xaxis.set_major_locator(
        MaxNLocator(nbins=int(np.clip(breed / (maat.tekst_pt * 3.2), 2, 6)), integer=True)
    )
    ax.set_xlim(float(x[0]), float(x[-1]))
    ax.set_ylim(0, top)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def state_colours(aantal: int) -> list[str]:
    """Colours of states, worst first: dark red, yellow, blue; apart also in grey."""
    vast = [palet("oranje", 6)[4], palet("oranje", 6)[1]]
    return [*vast, palet("blauw", 5)[2], *palet("lijnen", aantal)][:aantal]


def _band(ax: Axes, x: np.ndarray, band: pd.DataFrame, maat: Formaat) -> None:
    """A few upright bars: lines along the months would read as borders of yet more states."""
    laag, hoog = (band[k].to_numpy(dtype=float) for k in ("laag", "hoog"))
    waar = np.unique(np.linspace(0, len(x) - 1, 2 * STREPEN + 1).round().astype(int)[1::2])
    for kleur, dikte in (("white", 2.8), (KLEUREN["tekst"], 1.1)):
        ax.vlines(x[waar], laag[waar], hoog[waar], colors=kleur, linewidth=dikte * maat.lijn, zorder=3)
    for rand in (laag, hoog):
        ax.plot(x[waar], rand[waar], "_", color=KLEUREN["tekst"], ms=maat.tekst_pt * 0.7, zorder=4)


def _stroken(blad: Blad, ax: Axes, stroken: Sequence[Strook], boven: float, maat: Formaat) -> None:
    """Measures below the axis: light where it may have begun, dark where it has."""
    from matplotlib.patches import Rectangle

    t = maat.tekst_pt
    naar_blad = blad.ax.transData.inverted()
    einde = ax.get_xlim()[1]

    def plek(maand: float) -> float:
        return float(naar_blad.transform(ax.transData.transform((min(maand, einde), 0.0)))[0])

    for n, s in enumerate(stroken):
        y = boven - (n + 1) * t * 1.7 + t * 0.2
        tot = einde if s.tot is None else s.tot
        for van, naar, kleur in ((s.vroegst, s.vanaf, "#D9D9D9"), (s.vanaf, tot, "#9A9A9A")):
            if naar > van:
                ax_breed = plek(naar) - plek(van)
                blad.ax.add_patch(Rectangle((plek(van), y), ax_breed, t * 1.35, facecolor=kleur, linewidth=0))
        naam = clean(s.naam)
        begin = min(plek(s.vroegst) + t * 0.3, plek(einde) - measure(naam, maat.klein_pt))
        blad.ax.text(begin, y + t * 0.4, naam, fontsize=maat.klein_pt, va="baseline")


def _standsleutel(
    blad: Blad, namen: Sequence[str], kleuren: Sequence[str], bandnaam: str, maat: Formaat
) -> None:
    from matplotlib.patches import Rectangle

    x, y, k = blad.links, blad.onder + maat.klein_pt * 0.2, maat.klein_pt
    for naam, kleur in zip(namen, kleuren, strict=True):
        rand: dict[str, Any] = {"facecolor": kleur, "edgecolor": "#8A8A8A", "linewidth": 0.4 * maat.lijn}
        blad.ax.add_patch(Rectangle((x, y - k * 0.1), 1.6 * k, k, **rand))
        blad.ax.text(x + 2.1 * k, y, naam, fontsize=k, va="baseline")
        x += 2.1 * k + measure(naam, k) + 1.6 * k
    if bandnaam:
        for xs, ys in (([0, 0], [-0.2, 1.0]), ([-0.35, 0.35], [1.0, 1.0]), ([-0.35, 0.35], [-0.2, -0.2])):
            blad.ax.plot(
                [x + (0.6 + d) * k for d in xs],
                [y + d * k for d in ys],
                color=KLEUREN["tekst"],
                linewidth=1.1 * maat.lijn,
            )
        blad.ax.text(x + 1.7 * k, y, f"{namen[0]}: {clean(bandnaam)}", fontsize=k, va="baseline")


def _keur(
    standen: Mapping[str, pd.DataFrame], band: Mapping[str, pd.DataFrame] | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The first panel, and all panels as one table."""
    eerste = next(iter(standen.values()), None)
    if eerste is None or eerste.empty:
        raise HuisartsdataFout("Geef minstens een paneel met maanden.")
    for naam, stand in standen.items():
        if not (stand.columns.equals(eerste.columns) and stand.index.equals(eerste.index)):
            raise HuisartsdataFout(f"Paneel '{clean(naam)}' heeft andere maanden of standen dan het eerste.")
        som = stand.sum(axis=1)
        if float(som.max() - som.min()) > 1e-6 * max(1.0, float(som.max())):
            raise HuisartsdataFout(
                f"In paneel '{clean(naam)}' tellen de standen niet in elke maand op tot evenveel mensen."
            )
    tabel = pd.concat(standen, names=["paneel", "maand"])
    if band:
        grens = pd.concat(
            {n: band[n].add_prefix(f"{eerste.columns[0]}_") for n in standen}, names=["paneel", "maand"]
        )
        tabel = tabel.join(grens)
    return eerste, tabel
