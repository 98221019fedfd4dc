"""Legend of a map: heading, classes with counts per panel, scale bar; measured before it is drawn.

Standing (everything below each other, for a free corner or beside the map) or lying (heading and scale bar at
the left, classes in columns next to it, for the strip below a map).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, KLEUREN, ONBEKEND, Formaat, getal
from huisartsdata.uitvoer.kaarten.indicatoren import TE_ONZEKER
from huisartsdata.uitvoer.kaarten.kaartlagen import fill_style
from huisartsdata.uitvoer.kaarten.twijfel import doubt_labels, doubt_style
from huisartsdata.uitvoer.opmaak import Tekstblok, clean, measure

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.kaarten.indicatoren import Indicator

Rij = tuple[str, dict[str, Any], tuple[int, ...]]  # label, fill style, count per panel (or none at all)


def round_length(meters: float) -> float:
    """Largest of 1, 2 or 5 times a power of ten that is not longer.

    Examples
    --------
    >>> round_length(73_000), round_length(4_999)
    (50000.0, 2000.0)
    """
    macht = 10.0 ** math.floor(math.log10(meters))
    return max(f * macht for f in (1.0, 2.0, 5.0) if f * macht <= meters)


def empty_label(leeg: str, indicator: Indicator) -> str:
    """Name of the class without a number as it is printed.

    Raises
    ------
    ParameterFout
        When it is empty, or the name of another class.
    """
    naam = clean(leeg) if isinstance(leeg, str) else ""
    if not naam or naam in (*indicator.klassen, ONBEKEND):
        raise ParameterFout(
            f"leeg={leeg!r:.40} kan niet; geef gebieden zonder getal een eigen naam, zoals 'geen praktijk'"
        )
    return naam


def class_rows(indicator: Indicator, panelen: Sequence[pd.Series], *, leeg: str) -> tuple[Rij, ...]:
    """Rows of the classes, lowest first, with their count per panel.

    Parameters
    ----------
    panelen
        Per panel the class of each area, as ``indicatoren.classify`` gives them.
    leeg
        Printed name of the class without a number. That class, and ``onbekend``, only have a row where an
        area is in them.
    """
    rijen: list[Rij] = []
    stijlen = zip(indicator.klassen, indicator.kleuren, indicator.arceringen, strict=True)
    for nummer, (klasse, kleur, arcering) in enumerate(stijlen):
        sleutel = ONBEKEND if nummer in indicator.onbekende_klassen else klasse
        aantallen = tuple(int((p == sleutel).sum()) for p in panelen)
        rijen.append((klasse, fill_style(sleutel, kleur, arcering), aantallen))
    for klasse in [GEEN_GEGEVENS] if indicator.onbekende_klassen else [ONBEKEND, GEEN_GEGEVENS]:
        aantallen = tuple(int((p == klasse).sum()) for p in panelen)
        if any(aantallen):
            naam = leeg if klasse == GEEN_GEGEVENS else klasse
            rijen.append((naam, fill_style(klasse, ""), aantallen))
    return tuple(rijen)


def legend_rows(
    indicator: Indicator,
    panelen: Sequence[pd.Series],
    *,
    leeg: str,
    stappen: Sequence[pd.Series | None] = (),
) -> tuple[Rij, ...]:
    """Rows of a printed legend: as `class_rows`, with empty neighbours as one row and shades of ``onbekend``.

    Every class keeps its colour and its place, so that maps compare; two or more classes beside each other
    without an area share one row, with a piece of each colour.

    Parameters
    ----------
    stappen
        Per panel the shade of each area within ``onbekend``, as ``indicatoren.classify_doubt`` gives them.
    """
    rijen = class_rows(indicator, panelen, leeg=leeg)
    aantal = len(indicator.klassen)
    eigen = rijen[:aantal] if indicator.klassenamen else _fold_empty(rijen[:aantal], indicator)
    uit: list[Rij] = []
    for rij in eigen:
        uit.append(rij)
        tinten = doubt_labels(indicator)  # none for an indicator whose doubt has no shades
        if rij[0] == TE_ONZEKER and any(rij[2]) and stappen and tinten:
            uit[-1] = (rij[0], _pieces([doubt_style(n) for n in range(len(tinten))]), rij[2])
            for n, naam in enumerate(tinten):
                tel = tuple(0 if s is None else int((s == n).sum()) for s in stappen)
                uit.append((f"waarvan {indicator.getal_is.split()[0]} {naam}", doubt_style(n), tel))
    return (*uit, *rijen[aantal:])


def _fold_empty(rijen: tuple[Rij, ...], indicator: Indicator) -> tuple[Rij, ...]:
    rand = [indicator.schrijf(b).replace("-", "−") for b in indicator.breekpunten]
    reeksen = [(vol, [*groep]) for vol, groep in groupby(range(len(rijen)), key=lambda n: any(rijen[n][2]))]
    uit: list[Rij] = []
    for vol, nummers in reeksen:
        eerste, laatste = nummers[0], nummers[-1]
        if vol or len(nummers) == 1 or len(nummers) == len(rijen):
            uit.extend(rijen[n] for n in nummers)
            continue
        naam = f"{rand[eerste - 1]} tot {rand[min(laatste, len(rand) - 1)]}"
        if eerste == 0:
            naam = f"minder dan {rand[laatste]}"
        elif laatste == len(rijen) - 1:
            naam = f"{rand[eerste - 1]} en meer"
        uit.append((naam, _pieces([rijen[n][1] for n in nummers]), rijen[eerste][2]))
    return tuple(uit)


def _pieces(stijlen: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Style of a row with a piece of several fills."""
    return {"delen": tuple(stijlen)}


@dataclass(frozen=True)
class Legenda:
    """A legend, ready to be placed.

    Parameters
    ----------
    kop
        Heading.
    kolommen
        Names of the columns of counts.
    rijen
        Classes, lowest first.
    formaat
        Size of the page.
    stok_m, schaal
        Length of the scale bar in metres (0: no bar, where another legend of the page has it), and points per metre.
    stapels
        0 for a standing legend; else the columns of a lying one.
    """

    kop: Tekstblok
    kolommen: tuple[str, ...]
    rijen: tuple[Rij, ...]
    formaat: Formaat
    stok_m: float
    schaal: float
    stapels: int = 0

    def lay_down(self, breedte: float) -> Legenda:
        """Same legend, lying, with as many columns as fit the width in points."""
        over = breedte - self._kopbreedte - self._goot
        passen = int((over + self._goot) // (self._rijbreedte + self._goot))
        # no more columns than are filled: 8 rows in 3 columns of 3, not in 5 of 2
        return replace(self, stapels=max(1, min(passen, math.ceil(len(self.rijen) / 3))))

    @property
    def breedte(self) -> float:
        """Width in points."""
        if not self.stapels:
            return max(self._kopbreedte, self._rijbreedte)
        return self._kopbreedte + self.stapels * (self._rijbreedte + self._goot)

    @property
    def hoogte(self) -> float:
        """Height in points."""
        links = self.kop.hoogte + self._stokhoogte
        if self.stapels:
            return max(links, self._kolomkop + self._diepte * self._regel)
        return links + self._kolomkop + len(self.rijen) * self._regel

    @property
    def _regel(self) -> float:
        return self.formaat.tekst_pt * 1.5

    @property
    def _goot(self) -> float:
        return self.formaat.tekst_pt * 1.8

    @property
    def _vak(self) -> float:
        return self.formaat.tekst_pt * 1.9

    @property
    def _kolomkop(self) -> float:
        return self.formaat.klein_pt * (1.7 if self.stapels else 2.3)

    @property
    def _stokhoogte(self) -> float:
        return self.formaat.klein_pt * 2.0 if self.stok_m else 0.0

    @property
    def _diepte(self) -> int:
        return math.ceil(len(self.rijen) / max(1, self.stapels))

    @property
    def _stok(self) -> float:
        return self.stok_m * self.schaal

    @property
    def _kopbreedte(self) -> float:
        f = self.formaat
        if not self.stok_m:
            return self.kop.breedte
        return max(self.kop.breedte, self._stok + f.klein_pt * 0.5 + measure(self._stoktekst, f.klein_pt))

    @property
    def _stoktekst(self) -> str:
        return f"{getal(self.stok_m / 1000)} km"

    @property
    def _labels(self) -> float:
        return max(measure(rij[0], self.formaat.tekst_pt) for rij in self.rijen)

    @property
    def _tellingen(self) -> tuple[float, ...]:
        f = self.formaat
        return tuple(
            max([measure(k, f.klein_pt), *(measure(getal(r[2][n]), f.tekst_pt) for r in self.rijen if r[2])])
            + f.tekst_pt
            for n, k in enumerate(self.kolommen)
        )

    @property
    def _rijbreedte(self) -> float:
        return self._vak + self.formaat.tekst_pt * 0.6 + self._labels + sum(self._tellingen)

    def draw(self, ax: Axes, x: float, boven: float) -> None:
        """Draw with the upper left corner at (x, boven)."""
        onder = self.kop.draw(ax, x, boven)
        if not self.stapels:
            self._draw_rows(ax, x, onder, self.rijen)
            onder -= self._kolomkop + len(self.rijen) * self._regel
        else:
            begin = x + self._kopbreedte + self._goot
            for n in range(self.stapels):
                stapel = self.rijen[n * self._diepte : (n + 1) * self._diepte]
                self._draw_rows(ax, begin + n * (self._rijbreedte + self._goot), boven, stapel)
        self._draw_scale_bar(ax, x, onder - self._stokhoogte * 0.75)

    def _draw_rows(self, ax: Axes, x: float, boven: float, rijen: tuple[Rij, ...]) -> None:
        from matplotlib.patches import Rectangle

        f = self.formaat
        tekst_x = x + self._vak + f.tekst_pt * 0.6
        einden = tekst_x + self._labels + np.cumsum(self._tellingen)
        if any(aantallen for _, _, aantallen in rijen):
            for naam, rechts in zip(self.kolommen, einden, strict=True):
                y = boven - self._kolomkop + f.klein_pt * 0.7
                ax.text(
                    rechts, y, naam, fontsize=f.klein_pt, color=KLEUREN["zacht"], ha="right", va="baseline"
                )
        y, hoog = boven - self._kolomkop, self._regel * 0.76
        for label, stijl, aantallen in rijen:
            vak = (x, y - self._regel / 2 - hoog / 2)
            delen = stijl.get("delen", (stijl,))
            breed = self._vak / len(delen)
            for n, deel in enumerate(delen):
                plek = (vak[0] + n * breed, vak[1])
                ax.add_patch(Rectangle(plek, breed, hoog, **{"linewidth": 0, **deel}))
            # a thin frame, or the lightest class disappears in the paper
            rand: dict[str, Any] = {"edgecolor": "#8A8A8A", "linewidth": 0.4 * f.lijn}
            ax.add_patch(Rectangle(vak, self._vak, hoog, fill=False, **rand))
            basis = y - self._regel / 2 - f.tekst_pt * 0.36
            ax.text(tekst_x, basis, label, fontsize=f.tekst_pt, ha="left", va="baseline")
            for aantal, rechts in zip(aantallen, einden, strict=False):
                ax.text(rechts, basis, getal(aantal), fontsize=f.tekst_pt, ha="right", va="baseline")
            y -= self._regel

    def _draw_scale_bar(self, ax: Axes, x: float, y: float) -> None:
        if not self.stok_m:
            return
        f = self.formaat
        tik = f.klein_pt * 0.45
        ax.plot(
            [x, x, x + self._stok, x + self._stok],
            [y + tik, y, y, y + tik],
            color=KLEUREN["zacht"],
            linewidth=0.9 * f.lijn,
            solid_capstyle="butt",
            solid_joinstyle="miter",
        )
        rechts = x + self._stok + f.klein_pt * 0.5
        ax.text(
            rechts, y, self._stoktekst, fontsize=f.klein_pt, color=KLEUREN["zacht"], ha="left", va="baseline"
        )
