"""Bands and grids: the table behind them, readable numbers, nothing cut off, names as text."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.figuur import Bronregel
from huisartsdata.uitvoer.grafieken.bandgrafiek import teken_bandgrafiek
from huisartsdata.uitvoer.grafieken.bandpanelen import teken_bandpanelen
from huisartsdata.uitvoer.grafieken.roostergrafiek import DONKER, _licht, teken_rooster

BRON = Bronregel(("CBS, 85984NED",), {"afstand": "2024"}, versie="1")
MIDDEN = pd.DataFrame({"niets": np.linspace(6000, 4000, 13), "<script>waarneming": np.linspace(3000, 0, 13)})


def _op_het_blad(f) -> None:
    """Every visible text of a figure lies within it."""
    canvas = FigureCanvasAgg(f.fig)
    canvas.draw()
    breed, hoog = f.fig.bbox.width, f.fig.bbox.height
    eigen = [t for ax in f.fig.axes for t in ax.texts]
    assen = [ax for ax in f.fig.axes if ax.axison]
    bij_assen = [ax.xaxis.label for ax in assen]
    for ax in assen:  # a tick beyond the limits has a label that is not drawn
        for label, plek, (van, tot) in (
            *((lb, lb.get_position()[0], sorted(ax.get_xlim())) for lb in ax.get_xticklabels()),
            *((lb, lb.get_position()[1], sorted(ax.get_ylim())) for lb in ax.get_yticklabels()),
        ):
            bij_assen += [label] if van <= plek <= tot else []
    for tekst in (t for t in [*eigen, *bij_assen] if t.get_text().strip()):
        doos = tekst.get_window_extent(canvas.get_renderer())
        assert doos.x0 >= -1, tekst.get_text()
        assert doos.x1 <= breed + 1, tekst.get_text()
        assert doos.y0 >= -1, tekst.get_text()
        assert doos.y1 <= hoog + 1, tekst.get_text()


@pytest.mark.parametrize("formaat", ["a4", "half", "dia"])
def test_a_band_chart_keeps_its_numbers_and_its_texts_on_the_page(formaat, tmp_path):
    f = teken_bandgrafiek(
        MIDDEN,
        MIDDEN[["niets"]] * 0.8,
        MIDDEN[["niets"]] * 1.2,
        titel="Zonder maatregel houdt na een jaar twee derde geen vaste huisarts",
        bronregel=BRON,
        x_naam="maanden na de uitval",
        formaat=formaat,
    )
    assert list(f.tabel.columns) == ["niets", "niets laag", "niets hoog", "<script>waarneming"]
    assert f.tabel["niets hoog"].iloc[-1] == 4800
    assert "niets 4.000 (van 3.200 tot 4.800)" in f.alt_tekst
    _op_het_blad(f)
    een, twee = (f.bewaar(tmp_path / n, "band") for n in ("a", "b"))
    assert all(een[k].read_bytes() == twee[k].read_bytes() for k in een)


def _geschreven(f) -> list[str]:
    return [t.get_text() for ax in f.fig.axes for t in ax.texts]


@pytest.mark.parametrize("formaat", ["a4", "half", "dia"])
def test_every_band_is_named(formaat):
    namen = [f"reeks met een lange naam {n}" for n in range(6)]
    midden = pd.DataFrame({n: np.linspace(10, k, 5) for k, n in enumerate(namen)})
    met = namen[:5]
    f = teken_bandgrafiek(
        midden,
        midden[met] - 1,
        midden[met] + 1,
        titel="T",
        bronregel=BRON,
        x_naam="x",
        eenheid="fte",
        formaat=formaat,
    )
    assert [t for t in _geschreven(f) if t.startswith("band: ")] == [f"band: {n}" for n in met]
    _op_het_blad(f)
    zonder = teken_bandgrafiek(midden, titel="T", bronregel=BRON, x_naam="x", formaat=formaat)
    assert not any(t.startswith("band: ") for t in _geschreven(zonder))


@pytest.mark.parametrize("formaat", ["a4", "half", "dia"])
def test_panels_explain_themselves_where_one_is_missing_and_their_numbers_stay_apart(formaat):
    midden = pd.DataFrame(
        {f"manier {n}": np.linspace(400, 50 * n, 9) for n in range(5)}, index=pd.Index(range(0, 2001, 250))
    )
    f = teken_bandpanelen(
        midden,
        midden * 0.5,
        midden * 1.5,
        titel="T",
        bronregel=BRON,
        x_naam="fte erbij",
        eenheid="fte",
        formaat=formaat,
    )
    assert "lijn en band" in _geschreven(f)
    f.fig.canvas.draw()
    teken = FigureCanvasAgg(f.fig).get_renderer()
    for ax in f.fig.axes[1:]:
        dozen = [t.get_window_extent(teken) for t in ax.get_xticklabels() if t.get_text()]
        assert [t.get_text() for t in ax.get_xticklabels()][-1] == "2.000"
        assert all(a.x1 < b.x0 for a, b in pairwise(dozen))
    _op_het_blad(f)
    vol = teken_bandpanelen(
        midden.iloc[:, :3],
        midden.iloc[:, :3],
        midden.iloc[:, :3],
        titel="T",
        bronregel=BRON,
        x_naam="x",
        formaat=formaat,
    )
    assert "lijn en band" not in _geschreven(vol)


def test_a_grid_does_not_say_that_much_is_bad():
    t = pd.DataFrame([[0.0, 1.0]], ["a"], ["b", "c"])
    f = teken_rooster(t, titel="T", bronregel=BRON, rij_naam="a", kolom_naam="b")
    meest = f.fig.axes[-1].patches[-1].get_facecolor()[:3]
    assert meest[2] > meest[0]  # blue: how much, neither good nor bad


def test_years_have_no_thousands_point():
    jaren = MIDDEN.set_index(pd.Index(range(2025, 2038)))
    f = teken_bandgrafiek(jaren, titel="T", bronregel=BRON, x_naam="jaar")
    f.fig.canvas.draw()
    teksten = [t.get_text() for ax in f.fig.axes for t in ax.get_xticklabels()]
    assert "2030" in teksten or "2028" in teksten
    assert not any("2.0" in t for t in teksten)


@pytest.mark.parametrize(
    ("mis", "woord"),
    [
        ({"midden": MIDDEN.iloc[:0]}, "minstens een reeks"),
        ({"midden": MIDDEN, "laag": MIDDEN}, "onderkant en een bovenkant"),
        ({"midden": MIDDEN, "laag": MIDDEN.iloc[1:], "hoog": MIDDEN}, "zelfde index"),
        ({"midden": MIDDEN[["niets"]], "laag": MIDDEN, "hoog": MIDDEN}, "band zonder lijn"),
        ({"midden": MIDDEN, "nadruk": ["iets"]}, "nadruk"),
    ],
)
def test_what_cannot_be_drawn_is_refused(mis, woord):
    with pytest.raises(HuisartsdataFout, match=woord):
        teken_bandgrafiek(titel="T", bronregel=BRON, x_naam="x", **mis)


@pytest.mark.parametrize("formaat", ["a4", "half", "dia"])
def test_every_cell_of_a_grid_shows_its_number_with_contrast(formaat):
    t = pd.DataFrame([[4500.0, 800.0], [1200.0, np.nan]], ["24%", "50%"], ["5%", "20%"])
    f = teken_rooster(
        t, titel="Mensen zonder plek", bronregel=BRON, rij_naam="open", kolom_naam="extra", formaat=formaat
    )
    as_ = f.fig.axes[-1]
    cellen = [x.get_text() for x in as_.texts]
    assert cellen == ["4.500", "800", "1.200", "–"]
    for tekst, vlak in zip(as_.texts, as_.patches, strict=True):
        kleur = "#{:02x}{:02x}{:02x}".format(*(round(255 * c) for c in vlak.get_facecolor()[:3]))
        licht = _licht(kleur)
        wit = tekst.get_color() == "white"
        verhouding = 1.05 / (licht + 0.05) if wit else (licht + 0.05) / (_licht("#1A1A1A") + 0.05)
        assert verhouding >= 3.9, (tekst.get_text(), kleur)  # bold enough at this size; black text is #1A1A1A
        assert wit == (licht < DONKER)
    _op_het_blad(f)
    assert f.tabel.equals(t.rename_axis("open"))


def test_an_empty_grid_is_refused():
    with pytest.raises(HuisartsdataFout, match="geen enkel getal"):
        teken_rooster(pd.DataFrame([[np.nan]]), titel="T", bronregel=BRON, rij_naam="a", kolom_naam="b")
