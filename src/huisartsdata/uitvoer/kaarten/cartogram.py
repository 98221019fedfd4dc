"""Map by people: a circle per area, as large as the number of people who live there.

On an ordinary map a large empty area catches the eye. Here every person takes as much paper. Circles stand near
where the areas are (see ``cirkels``); groups such as provinces are the faint ground below them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import GEEN_GEGEVENS, KLEUREN, getal, stijl
from huisartsdata.uitvoer.kaarten.cirkels import draw_territories, measure_radii, place_circles, touching
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator, get_indicator
from huisartsdata.uitvoer.kaarten.kaartdelen import (
    describe,
    find_bounds,
    make_legend,
    make_table,
    prepare_layer,
)
from huisartsdata.uitvoer.kaarten.kaartindeling import arrange
from huisartsdata.uitvoer.kaarten.kaartlabels import Label, draw_label, place_labels
from huisartsdata.uitvoer.kaarten.kaartlagen import draw_shapes, fill_style
from huisartsdata.uitvoer.kaarten.kaartpaneel import class_fills
from huisartsdata.uitvoer.kaarten.legenda import Legenda, Rij, class_rows, empty_label, round_length
from huisartsdata.uitvoer.opmaak import Opmaak, clean, measure

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from matplotlib.axes import Axes

    from huisartsdata.uitvoer.huisstijl import Formaat
    from huisartsdata.uitvoer.kaarten.kaartlabels import Doos
    from huisartsdata.uitvoer.kaarten.kaartlagen import Venster

STAD = 90_000  # areas with more people carry their name where there is room
NAAMDEEL = 2.4  # a name this many times as wide as its circle would lie over others: left out


@dataclass(frozen=True)
class Cirkellegenda(Legenda):
    """A legend with circles of round numbers of people in place of a scale bar.

    Parameters
    ----------
    mensen
        Numbers of people, largest first.
    straal
        Radius in metres of one person.
    """

    mensen: tuple[float, ...] = ()
    straal: float = 0.0

    @property
    def _stralen(self) -> list[float]:
        return [self.straal * float(np.sqrt(n)) * self.schaal for n in self.mensen]

    @property
    def _stokhoogte(self) -> float:
        return 2 * max(self._stralen) + self.formaat.klein_pt * 2.6

    @property
    def _kopbreedte(self) -> float:
        f = self.formaat
        namen = max(measure(self._noem(n), f.klein_pt) for n in self.mensen)
        return max(self.kop.breedte, 2 * max(self._stralen) + f.klein_pt * 1.2 + namen)

    def _noem(self, aantal: float) -> str:
        return f"{getal(aantal, 0)} inwoners"

    def _draw_scale_bar(self, ax: Axes, x: float, y: float) -> None:
        from matplotlib.patches import Circle

        f = self.formaat
        onder = y - self._stokhoogte * 0.25 + f.klein_pt * 0.6
        groot = max(self._stralen)
        hoogten: list[float] = []
        for r in self._stralen:  # largest first; names stay a line apart
            top = onder + 2 * r
            hoogten.append(top if not hoogten else min(top, hoogten[-1] - f.klein_pt * 1.25))
        for n, r, hoogte in zip(self.mensen, self._stralen, hoogten, strict=True):
            rand: dict[str, Any] = {"edgecolor": KLEUREN["zacht"], "linewidth": 0.7 * f.lijn}
            ax.add_patch(Circle((x + groot, onder + r), r, fill=False, **rand))
            rechts = x + 2 * groot + f.klein_pt * 0.8
            ax.plot(
                [x + groot, rechts - f.klein_pt * 0.2], [onder + 2 * r, hoogte],
                color=KLEUREN["raster"], linewidth=0.6 * f.lijn, zorder=0,
            )  # fmt: skip
            ax.text(
                rechts, hoogte - f.klein_pt * 0.36, self._noem(n), fontsize=f.klein_pt, color=KLEUREN["zacht"],
                va="baseline",
            )  # fmt: skip


def teken_cartogram(
    gebieden: gpd.GeoDataFrame,
    waarden: pd.Series,
    indicator: Indicator | str,
    *,
    titel: str,
    bronregel: Bronregel,
    inwoners: pd.Series | None = None,
    ondertitel: str = "",
    soort: str = "gemeenten",
    onbekend: pd.Series | None = None,
    status: pd.Series | None = None,
    groepen: pd.Series | None = None,
    nadruk: tuple[str, ...] = (),
    leeg: str = GEEN_GEGEVENS,
    alt_tekst: str | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Draw a circle per area, coloured by class, its area in proportion to the people.

    Parameters
    ----------
    gebieden
        Areas by code, EPSG:28992, with ``naam``.
    inwoners
        People by code; default the column ``inwoners`` of `gebieden`.
    groepen
        Group of each area by code (its province): stays together, and is drawn as faint ground.
    nadruk
        Codes whose name is written whatever their size.

    Returns
    -------
    Figuur
        Its table also has the people, and where each circle stands (`x_m`, `y_m`, `straal_m`) and how far that is
        from its true place (`verplaatst_m`). The other parameters are those of ``kaart.gebiedskaart``.

    Raises
    ------
    HuisartsdataFout
        If an area has no number of people.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> gm = hd.load_gemeenten().query("provincie == 'Drenthe'")
    >>> bron = Bronregel(("CBS",), {"afstand": "2024"}, versie="1.0")
    >>> f = teken_cartogram(gm, gm["afstand_huisarts_km"], "afstand_huisarts_km", titel="T", bronregel=bron)
    >>> len(f.tabel), bool((f.tabel["straal_m"] > 0).all())
    (12, True)
    """
    maatstaf = get_indicator(indicator) if isinstance(indicator, str) else indicator
    leeg = empty_label(leeg, maatstaf)
    laag = prepare_layer(
        gebieden, waarden, maatstaf, onbekend=onbekend, buren=None, groepen=groepen, water=None
    )
    tabel = make_table(laag, waarden, maatstaf, bronregel, status=status, leeg=leeg)
    if inwoners is None and "inwoners" not in gebieden:
        raise HuisartsdataFout("Een cartogram heeft inwoners nodig: geef inwoners= of een kolom inwoners.")
    mensen = (gebieden["inwoners"] if inwoners is None else inwoners).reindex(gebieden.index).astype(float)
    groep = (
        ["" for _ in gebieden.index]
        if groepen is None
        else groepen.reindex(gebieden.index).astype(str).tolist()
    )
    vlakken = gebieden.geometry.to_numpy()
    waar = shapely.get_coordinates(shapely.centroid(vlakken))
    straal = measure_radii(np.asarray(mensen, dtype=np.float64), float(shapely.area(vlakken).sum()))
    xy = place_circles(waar, straal, groep, touching(vlakken))
    tabel = tabel.assign(
        inwoners=mensen, x_m=xy[:, 0], y_m=xy[:, 1], straal_m=straal, verplaatst_m=np.hypot(*(xy - waar).T)
    )
    cirkels = shapely.buffer(shapely.points(xy), straal, quad_segs=16)
    grond = draw_territories(xy, straal, groep)
    grenzen = find_bounds(gebieden.set_geometry(cirkels), None, marge=0.02)
    rijen = _rijen(laag.klassen, mensen, maatstaf, leeg)
    with stijl(formaat) as maat:
        opmaak = Opmaak.from_tekst(maat, titel=titel, ondertitel=ondertitel, bron=bronregel.tekst)
        rond = round_length(float(mensen.max()))
        per_mens = float((straal / np.sqrt(mensen.to_numpy()))[mensen.to_numpy() > 0][0])

        def legenda(schaal: float) -> Legenda:
            gewoon = make_legend(opmaak, maatstaf, rijen, (clean(soort), "inwoners"), schaal)
            delen = {k: getattr(gewoon, k) for k in gewoon.__dataclass_fields__}
            return Cirkellegenda(**delen, mensen=(rond, rond / 5, rond / 50), straal=per_mens)

        land = np.array(list(grond.values()), dtype=object)
        indeling = arrange(opmaak, grenzen, legenda, land, vol=False)
        blad = opmaak.page(indeling.hoogte)
        indeling = indeling.on_page(blad)
        venster = indeling.vensters[0]
        rand: dict[str, Any] = {"edgecolor": KLEUREN["buurrand"], "linewidth": 0.8 * maat.lijn}
        if groepen is not None:
            draw_shapes(blad.ax, venster, land, facecolor=KLEUREN["buur"], **rand)
        vullingen = class_fills(maatstaf)
        for klasse in laag.klassen.cat.categories:
            deel = cirkels[(laag.klassen == klasse).to_numpy()]
            draw_shapes(blad.ax, venster, deel, **(vullingen.get(klasse) or fill_style(klasse, "")))
            # a thin edge, or the lightest class disappears in the ground
            draw_shapes(blad.ax, venster, deel, fill=False, edgecolor="#8A8A8A", linewidth=0.35 * maat.lijn)
        indeling.legenda.draw(blad.ax, indeling.x, indeling.boven)
        _names(blad.ax, venster, tabel, nadruk=nadruk, maat=maat, bezet=indeling.doos)
    deel = mensen.groupby(laag.klassen.astype(str)).sum() / mensen.sum()
    aandelen = "; ".join(
        f"{k}: {getal(100 * float(deel[k]), 0)}%" for k in laag.klassen.cat.categories if k in deel
    )
    zin = describe(tabel, maatstaf, titel=titel, soort=soort, gebieden=gebieden)
    zin = zin.replace("Kaart.", "Cartogram naar inwoners.", 1)
    tekst = f"{zin} Deel van de inwoners per klasse: {aandelen}." if alt_tekst is None else alt_tekst
    herkomst = {**bronregel.als_dict(), "soort": "cartogram", "indicator": maatstaf.als_dict()}
    return Figuur(blad.fig, tabel, titel, tekst, bronregel.tekst, herkomst, formaat)


def _rijen(klassen: pd.Series, mensen: pd.Series, indicator: Indicator, leeg: str) -> tuple[Rij, ...]:
    """Rows of the legend with two counts: areas, and the people in them."""
    namen = [*indicator.klassen]
    uit = []
    for label, vulling, aantallen in class_rows(indicator, [klassen], leeg=leeg):
        n = namen.index(label) if label in namen else -1
        sleutel = GEEN_GEGEVENS if label == leeg else label
        if n in indicator.onbekende_klassen:
            sleutel = "onbekend"
        wie = (klassen == sleutel).to_numpy()
        uit.append((label, vulling, (*aantallen, round(float(mensen[wie].sum())))))
    return tuple(uit)


def _names(
    ax: Axes, venster: Venster, tabel: pd.DataFrame, *, nadruk: tuple[str, ...], maat: Formaat, bezet: Doos
) -> None:
    """Names of the large areas and the stressed ones, in or at their circles."""
    wie = tabel[(tabel["inwoners"] >= STAD) | tabel.index.isin(nadruk)]
    wensen = []
    for code, naam, mensen, x, y, straal in zip(
        wie.index, wie["naam"], wie["inwoners"], wie["x_m"], wie["y_m"], wie["straal_m"], strict=True
    ):
        px = (x - venster.xmin) * venster.schaal + venster.links
        py = (y - venster.ymin) * venster.schaal + venster.onder
        rang = (0.0 if code in nadruk else 1.0) + 1 / (1 + float(mensen))
        label = Label(clean(str(naam)), px, py, maat.klein_pt, "gebied" if code in nadruk else "naam", rang)
        if code in nadruk or label.breedte <= NAAMDEEL * 2 * straal * venster.schaal:
            wensen.append(label)
    kader = (venster.links, venster.onder, venster.links + venster.breedte, venster.onder + venster.hoogte)
    for label, x, y in place_labels(wensen, kader, [bezet]):
        draw_label(ax, label, x, y, maat.lijn)
