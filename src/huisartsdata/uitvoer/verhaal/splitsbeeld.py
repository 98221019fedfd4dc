"""Ranges beside their noise floor: what the picture says, what it is with doubt, and what doubt alone would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.grafieken.grafiekblad import (
    make_axes,
    make_figuur,
    make_page,
    need,
    style_axis,
    write,
)
from huisartsdata.uitvoer.huisstijl import KLEUREN, stijl
from huisartsdata.uitvoer.opmaak import clean, measure

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from huisartsdata.uitvoer.figuur import Bronregel, Figuur

KOLOMMEN = ("waarde", "waarde_laag", "waarde_hoog", "verwacht", "laag", "hoog", "ruisvloer")
SLEUTEL = ("ons beeld", "met twijfel, 95%", "ruisvloer: twijfel alleen")
VLOER = "#D9D4C7"


def teken_ruisbeeld(
    tabel: pd.DataFrame,
    *,
    titel: str,
    bronregel: Bronregel,
    ondertitel: str = "",
    eenheid: str = "",
    nadruk: Collection[str] = (),
    namen: tuple[str, str, str] = SLEUTEL,
    formaat: str = "a4",
) -> Figuur:
    """Draw per row the picture (open dot, thin line), the expectation with doubt (dot, line) and the noise floor (bar).

    Parameters
    ----------
    tabel
        `naam`, and in one unit `waarde` with `waarde_laag` and `waarde_hoog`, `verwacht` with `laag` and
        `hoog`, and `ruisvloer`. Drawn in the order of the rows.
    nadruk
        Index labels to stress.
    namen
        What open dot, dot and bar are, where they are something else.

    Returns
    -------
    Figuur
        Its table is `tabel`.

    Raises
    ------
    HuisartsdataFout
        When a column is missing or there is nothing to draw.
    """
    need(tabel, ["naam", *KOLOMMEN])
    goed = np.isfinite(tabel[list(KOLOMMEN)].to_numpy(dtype=float))
    # a row without any number has a name and nothing beside it
    if not goed.any() or (goed.any(axis=1) & ~goed.all(axis=1)).any():
        raise HuisartsdataFout(
            "Er is niets te tekenen, of een getal ontbreekt; vraag de splitsing met trekkingen."
        )
    with stijl(formaat) as maat:
        rij = maat.tekst_pt * 2.6
        sleutel = maat.tekst_pt * 1.9
        blad = make_page(
            maat, titel, ondertitel, bronregel, hoogte=rij * len(tabel) + maat.tekst_pt * 3 + sleutel
        )
        rijnamen = [clean(str(n)) for n in tabel["naam"]]
        vet = [c in nadruk for c in tabel.index]
        links = (
            max(measure(n, maat.tekst_pt, vet=v) for n, v in zip(rijnamen, vet, strict=True)) + maat.tekst_pt
        )
        ax = make_axes(blad, links=links, rechts=maat.tekst_pt * 2.5, boven=sleutel)
        y = np.arange(len(tabel))[::-1].astype(float)
        kleur = [KLEUREN["nadruk"] if v else KLEUREN["lijn"] for v in vet]
        vloer = ax.barh(y, tabel["ruisvloer"], height=0.62, color=VLOER, linewidth=0, zorder=1)
        boven, onder = y + 0.14, y - 0.14
        ax.hlines(boven, tabel["laag"], tabel["hoog"], colors=kleur, linewidth=1.8 * maat.lijn, zorder=2)
        stip = ax.scatter(tabel["verwacht"], boven, s=(4.2 * maat.lijn) ** 2, color=kleur, zorder=3)
        ax.hlines(
            onder,
            tabel["waarde_laag"],
            tabel["waarde_hoog"],
            colors=kleur,
            linewidth=0.8 * maat.lijn,
            zorder=2,
        )
        open_: dict[str, Any] = {
            "s": (3.8 * maat.lijn) ** 2,
            "facecolor": "white",
            "linewidths": 1.0 * maat.lijn,
            "zorder": 3,
        }
        rond = ax.scatter(tabel["waarde"], onder, edgecolors=kleur, **open_)
        ax.set_ylim(-0.6, len(tabel) - 0.4)
        uiterst = float(np.nanmax(tabel[list(KOLOMMEN)].to_numpy(dtype=float)))
        ax.set_xlim(left=-0.015 * uiterst if uiterst > 0 else -1.0)  # room for half a dot at zero
        ax.set_yticks(y, rijnamen, color=KLEUREN["tekst"])
        for label, v in zip(ax.get_yticklabels(), vet, strict=True):
            label.set_fontweight("bold" if v else "normal")
        style_axis(ax.xaxis, eenheid, 0)
        ax.grid(axis="x", zorder=0)
        ax.set_axisbelow(True)
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        blad.fig.legend(
            handles=[rond, stip, vloer],
            labels=[clean(n) for n in namen],
            loc="upper left",
            bbox_to_anchor=(0.0, (blad.boven + maat.tekst_pt * 0.4) / blad.ax.get_ylim()[1]),
            ncols=3,
            frameon=False,
            handletextpad=0.5,
            columnspacing=1.6,
            borderaxespad=0.0,
        )
    eerst = tabel.iloc[0]
    tekst = (
        f"Bereiken naast elkaar, {len(tabel)} rijen. {titel.rstrip('.')}. Eerste rij: {rijnamen[0]}, {namen[0]} "
        f"{write(eerst['waarde'], eenheid, 0)}, {namen[1]} {write(eerst['verwacht'], eenheid, 0)}, {namen[2]} "
        f"{write(eerst['ruisvloer'], eenheid, 0)}."
    )
    return make_figuur(
        blad, tabel, titel=titel, alt_tekst=tekst, bronregel=bronregel, soort="ruisbeeld", formaat=formaat
    )
