"""Waterfall: parts that add up to a total, each starting where the one before ends, with interval and noise floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import (
    make_axes,
    make_figuur,
    make_page,
    need,
    style_axis,
    write,
)
from huisartsdata.uitvoer.huisstijl import ARCERING, KLEUREN, ONBEKEND, palet, stijl
from huisartsdata.uitvoer.opmaak import clean, measure, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur
    from huisartsdata.uitvoer.huisstijl import Formaat
    from huisartsdata.uitvoer.opmaak import Blad

SLUIT = 1e-6  # parts and total may differ by this much
STAAF, RIJ = 0.52, 4.6  # height of a bar as part of a row; height of a row in sizes of type


def teken_waterval(
    delen: pd.DataFrame,
    *,
    totaal: str,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    eenheid: str = "",
    decimalen: int = 0,
    intervalnaam: str = "95%-interval",
    alt_tekst: str | None = None,
    formaat: str = "half",
) -> Figuur:
    """Draw parts and their total as a waterfall.

    Parameters
    ----------
    delen
        Index: names of the parts in order of reading, and last or anywhere the row `totaal`; ``waarde``, and if wanted
        ``laag`` and ``hoog`` (of the part itself) and ``ruisvloer`` (what noise alone gives).
    totaal
        Name of the row that the others add up to.
    intervalnaam
        What ``laag`` and ``hoog`` are.

    Returns
    -------
    Figuur
        Its table is `delen` with where each bar begins and ends. The other parameters are those of
        ``kaart.gebiedskaart``.

    Raises
    ------
    HuisartsdataFout
        When the parts do not add up to the total, or something is missing.

    Examples
    --------
    >>> from huisartsdata.uitvoer.figuur import Bronregel
    >>> delen = pd.DataFrame({"waarde": [2.0, 4.0, 6.0]}, index=["niveau", "spreiding", "tekort"])
    >>> bron = Bronregel(("voorbeeld",), {"fte": "2025"}, versie="1.0")
    >>> f = teken_waterval(delen, totaal="tekort", titel="Tekort van 6 fte", bronregel=bron, eenheid="fte")
    >>> f.tabel["begin"].tolist()
    [0.0, 2.0, 0.0]
    """
    tabel = _leg(delen, totaal)
    heeft = {k: k in tabel and bool(tabel[k].notna().any()) for k in ("laag", "ruisvloer")}
    with stijl(formaat) as maat:
        t = maat.tekst_pt
        namen = [
            wrap(clean(str(n)), maat.breedte_mm * 72 / 25.4 * 0.24, t, vet=n == totaal) for n in tabel.index
        ]
        links = max(measure(r, t, vet=True) for n in namen for r in n) + t
        cijfers = [_cijfer(rij, eenheid, decimalen, interval=heeft["laag"]) for _, rij in tabel.iterrows()]
        rechts = max(measure(c, t, vet=True) for c in cijfers) + 1.5 * t
        sleutel = 2.6 * t
        blad = make_page(maat, titel, ondertitel, bronregel, hoogte=RIJ * t * len(tabel) + 3 * t + sleutel)
        ax = make_axes(blad, links=links, rechts=rechts, onder=sleutel)
        _staven(ax, tabel, totaal, heeft=heeft, maat=maat)
        einden = [
            tabel["begin"],
            tabel["eind"],
            *([tabel["laag_eind"], tabel["hoog_eind"]] if heeft["laag"] else []),
        ]
        laagst, hoogst = (float(f(pd.concat(einden))) for f in (np.nanmin, np.nanmax))
        marge = 0.02 * max(hoogst - laagst, 1e-9)
        ax.set_xlim(min(0.0, laagst - marge * (laagst < 0)), hoogst + marge if hoogst > 0 else 1.0)
        _teksten(ax, blad, tabel, totaal, namen=namen, cijfers=cijfers, maat=maat)
        style_axis(ax.xaxis, eenheid, decimalen)
        ax.grid(axis="x")
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        ax.axvline(0, color=KLEUREN["zacht"], linewidth=0.8 * maat.lijn)
        _sleutel(blad, heeft=heeft, intervalnaam=intervalnaam, maat=maat)
    zinnen = [f"{n}: {c}" for n, c in zip(tabel.index, cijfers, strict=True)]
    if heeft["ruisvloer"]:
        zinnen = [
            z
            if pd.isna(r)
            else f"{z}, waarvan onzekerheid alleen al {write(float(r), eenheid, decimalen)} geeft"
            for z, r in zip(zinnen, tabel["ruisvloer"], strict=True)
        ]
    band = f" Tussen haakjes het {intervalnaam}." if heeft["laag"] else ""
    tekst = f"Watervalgrafiek. {titel.rstrip('.')}. {'; '.join(zinnen)}.{band}"
    return make_figuur(
        blad, tabel.rename_axis("deel"), titel=titel, alt_tekst=alt_tekst or tekst, bronregel=bronregel,
        soort="waterval", formaat=formaat,
    )  # fmt: skip


def _leg(delen: pd.DataFrame, totaal: str) -> pd.DataFrame:
    """Begin and end of every bar; the total last."""
    need(delen, ["waarde"])
    if totaal not in delen.index or delen.index.has_duplicates or len(delen) < 2:
        raise HuisartsdataFout(
            f"Een waterval heeft delen nodig en een rij '{clean(totaal)}'; elke naam komt een keer voor."
        )
    if ("laag" in delen) != ("hoog" in delen):
        raise HuisartsdataFout("Een interval heeft een onderkant en een bovenkant nodig: geef laag en hoog.")
    if delen["waarde"].isna().any():
        leeg = ", ".join(map(str, delen.index[delen["waarde"].isna()]))
        raise HuisartsdataFout(f"Zonder waarde is er geen waterval; leeg is: {leeg}.")
    uit = pd.concat([delen.drop(index=totaal), delen.loc[[totaal]]]).astype(float)
    los = uit["waarde"].iloc[:-1]
    som = float(los.sum())
    if abs(som - float(uit["waarde"].iloc[-1])) > SLUIT * max(1.0, abs(som)):
        raise HuisartsdataFout(
            f"De delen tellen op tot {som:.6g}, maar '{clean(totaal)}' is {uit['waarde'].iloc[-1]:.6g}. "
            "Een waterval moet sluiten."
        )
    uit["begin"] = [*(los.cumsum() - los), 0.0]
    uit["eind"] = uit["begin"] + uit["waarde"]
    if "laag" in uit:
        uit["laag_eind"], uit["hoog_eind"] = uit["begin"] + uit["laag"], uit["begin"] + uit["hoog"]
    return uit


def _cijfer(rij: pd.Series, eenheid: str, decimalen: int, *, interval: bool) -> str:
    tekst = write(float(rij["waarde"]), eenheid, decimalen)
    if not interval or pd.isna(rij["laag"]):
        return tekst
    return (
        f"{tekst} ({write(float(rij['laag']), '', decimalen)} tot {write(float(rij['hoog']), '', decimalen)})"
    )


def _staven(ax: Axes, tabel: pd.DataFrame, totaal: str, *, heeft: dict[str, bool], maat: Formaat) -> None:
    y = np.arange(len(tabel))[::-1]
    kleuren = [KLEUREN["lijn"] if n == totaal else palet("blauw", 5)[2] for n in tabel.index]
    ax.barh(y, tabel["waarde"], STAAF, left=tabel["begin"], color=kleuren, linewidth=0)
    if heeft["ruisvloer"]:
        vloer = tabel["ruisvloer"].clip(upper=tabel["waarde"].abs()).to_numpy(dtype=float)
        for plek, begin, breed in zip(y, tabel["begin"], vloer, strict=True):
            if breed > 0:
                ax.barh(plek, breed, STAAF, left=begin, **_ruis())
    for n in range(len(tabel) - 1):  # the next bar begins where this one ends
        eind = tabel["eind"].iloc[n]
        ax.plot(
            [eind, eind], [y[n] - STAAF / 2, y[n + 1] + STAAF / 2], color=KLEUREN["zacht"],
            linewidth=0.7 * maat.lijn, linestyle=(0, (3, 2)),
        )  # fmt: skip
    if heeft["laag"]:
        streep: dict[str, Any] = {"color": KLEUREN["tekst"], "linewidth": 1.1 * maat.lijn}
        hoogte = y - STAAF / 2 - 0.1  # below the bar, or it is lost in a dark one
        ax.hlines(hoogte, tabel["laag_eind"], tabel["hoog_eind"], **streep)
        for einde in ("laag_eind", "hoog_eind"):
            ax.vlines(tabel[einde], hoogte - 0.06, hoogte + 0.06, **streep)
    ax.set_ylim(-0.75, len(tabel) - 0.5)


def _ruis() -> dict[str, Any]:
    return {
        "facecolor": KLEUREN["onbekend"], "edgecolor": KLEUREN["onbekend_arcering"],
        "hatch": ARCERING[ONBEKEND], "linewidth": 0,
    }  # fmt: skip


def _teksten(
    ax: Axes,
    blad: Blad,
    tabel: pd.DataFrame,
    totaal: str,
    *,
    namen: Sequence[tuple[str, ...]],
    cijfers: Sequence[str],
    maat: Formaat,
) -> None:
    """Names at the left, numbers in a column at the right."""
    naar_blad = blad.ax.transData.inverted()
    rechts = naar_blad.transform(ax.transAxes.transform((1.0, 0.0)))[0]
    t = maat.tekst_pt
    for n, (naam, regels, cijfer) in enumerate(zip(tabel.index, namen, cijfers, strict=True)):
        y = naar_blad.transform(ax.transData.transform((0.0, len(tabel) - 1 - n)))[1]
        dik = "bold" if naam == totaal else "normal"
        for k, regel in enumerate(regels):
            op = y + (len(regels) / 2 - k - 1) * t * 1.28 + t * 0.28
            blad.ax.text(blad.links, op, regel, fontsize=t, fontweight=dik, va="baseline")
        blad.ax.text(rechts + t, y - t * 0.36, cijfer, fontsize=t, fontweight=dik, va="baseline")


def _sleutel(blad: Blad, *, heeft: dict[str, bool], intervalnaam: str, maat: Formaat) -> None:
    """One line that says what hatching and whisker mean."""
    from matplotlib.patches import Rectangle

    x, y, k = blad.links, blad.onder + maat.klein_pt * 0.3, maat.klein_pt
    if heeft["ruisvloer"]:
        blad.ax.add_patch(Rectangle((x, y - k * 0.1), 2 * k, k, **_ruis()))
        tekst = "ruisvloer: wat de onzekerheid over het aanbod alleen al geeft"
        blad.ax.text(x + 2.6 * k, y, tekst, fontsize=k, color=KLEUREN["zacht"], va="baseline")
        x += 2.6 * k + measure(tekst, k) + 2 * k
    if heeft["laag"]:
        streep: dict[str, Any] = {"color": KLEUREN["tekst"], "linewidth": 1.1 * maat.lijn}
        blad.ax.plot([x, x + 2 * k], [y + k * 0.35] * 2, **streep)
        for einde in (x, x + 2 * k):
            blad.ax.plot([einde] * 2, [y + k * 0.1, y + k * 0.6], **streep)
        tekst = f"{intervalnaam} van dit deel"
        blad.ax.text(x + 2.6 * k, y, tekst, fontsize=k, color=KLEUREN["zacht"], va="baseline")
