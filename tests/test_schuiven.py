"""Sliders: Dutch labels with units, pure functions called with their values, errors as one line, headless."""

from __future__ import annotations

import inspect
import sys

import nbformat
import pytest
from IPython.display import Markdown
from nbclient import NotebookClient

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import HuisartsdataFout, ParameterFout
from huisartsdata.uitvoer.schermen import schuiven
from huisartsdata.uitvoer.schermen.schuiven import (
    keuze_functie,
    paneel,
    schuif_grens,
    schuif_norm,
    schuif_open_aandeel,
    schuif_patienten,
    schuifpaneel,
)

from .test_werkstroom_keuze import schrijf_boek

ALLE = (schuif_norm, schuif_patienten, schuif_open_aandeel, schuif_grens, keuze_functie)


@pytest.fixture
def getoond(monkeypatch):
    """What was displayed, in order; text of Markdown as text."""
    lijst = []
    monkeypatch.setattr(
        "IPython.display.display", lambda x: lijst.append(x.data if isinstance(x, Markdown) else x)
    )
    return lijst


@pytest.mark.parametrize("maak", ALLE)
def test_every_control_tells_its_unit_and_waits_until_it_is_let_go(maak):
    w = maak()
    assert "(" in w.description and len(w.tooltip) > 20
    assert getattr(w, "continuous_update", False) is False
    assert getattr(w, "tabbable", None) is not False  # stays reachable by keyboard
    assert inspect.signature(maak).parameters["start"].default in (None, "zonder_wisselend")


def test_start_values_are_the_sourced_parameters():
    assert schuif_norm().value == waarde("norm_tarief")
    assert schuif_patienten().value == waarde("patienten_dordrecht")
    assert schuif_grens().value == waarde("verval_grens")
    assert schuif_open_aandeel().value == waarde("open_aandeel")
    assert keuze_functie().value == "zonder_wisselend"


def test_range_holds_the_published_norms_and_any_start():
    w = schuif_norm()
    for naam in ("norm_lhv", "norm_tarief", "norm_tarief_2013", "norm_tarief_2012"):
        assert w.min <= waarde(naam) <= w.max
    assert (schuif_norm(3000).max, schuif_norm(3000).value) == (3000, 3000)
    assert schuif_grens().max == 30  # a picture has no times beyond


def test_share_is_shown_in_percent_and_given_as_a_share():
    w = schuif_open_aandeel(0.37)
    assert (w.label, w.value) == ("37%", 0.37)
    p = parameter("open_aandeel")
    assert f"{100 * p.laag:.0f} tot {100 * p.hoog:.0f}%" in w.tooltip
    waarden = [w_ for _, w_ in w.options]
    assert waarden == sorted(waarden) and waarden[0] == 0 and waarden[-1] == 1


@pytest.mark.parametrize(
    ("maak", "start"),
    [
        (schuif_norm, "landelijk"), (schuif_norm, True), (schuif_norm, float("nan")), (schuif_norm, 2.095),
        (schuif_open_aandeel, 37), (schuif_open_aandeel, -0.1), (keuze_functie, "iedereen"), (schuif_grens, float("inf")),
    ],
)  # fmt: skip
def test_start_that_makes_no_sense_is_refused(maak, start):
    with pytest.raises(ParameterFout, match="kan niet"):
        maak(start)


def test_headless_shows_the_outcome_at_the_start_values_and_no_widget(getoond):
    gezien = []

    def reken(norm, functie):
        gezien.append((norm, functie))
        return norm * 2

    paneel(reken, lambda x: f"uitkomst {x}", norm=schuif_norm(2000), functie=keuze_functie("alle"))
    assert gezien == [(2000, "alle")]
    assert getoond == [
        "*Uitkomst bij norm (inwoners per fte): 2.000, functie (wie telt mee): alle huisartsen.*",
        "uitkomst 4000",
    ]
    # a view that shows itself gives nothing back: nothing is displayed twice
    getoond.clear()
    paneel(lambda norm: norm, lambda _: None, norm=schuif_norm())
    assert len(getoond) == 1


def test_headless_is_deterministic(getoond):
    for _ in range(2):
        schuifpaneel(lambda open_aandeel: open_aandeel, open_aandeel=schuif_open_aandeel())
    assert getoond[:2] == getoond[2:]


def test_headless_error_is_loud(getoond):
    def reken(norm):
        raise ParameterFout("dit kan niet")

    with pytest.raises(ParameterFout):
        schuifpaneel(reken, norm=schuif_norm())


def test_no_slider_or_something_else_is_refused():
    with pytest.raises(ParameterFout, match="geen schuiven"):
        schuifpaneel(lambda: 1)
    with pytest.raises(ParameterFout, match="norm is geen schuif"):
        schuifpaneel(lambda norm: norm, norm=2095)


def test_missing_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(
        HuisartsdataFout, match=r"'ipywidgets' ontbreekt.*installeer huisartsdata\[notebook\]"
    ):
        schuif_norm()


def test_name_of_the_function_may_be_the_name_of_a_slider(getoond):
    schuifpaneel(lambda functie, reken, toon: f"{functie} {reken} {toon}",
                 functie=keuze_functie(), reken=schuif_grens(), toon=schuif_grens(10))  # fmt: skip
    assert getoond[-1] == "zonder_wisselend 15 10"


def test_a_live_panel_follows_its_slider_and_shows_an_error_as_one_line(tmp_path, monkeypatch):
    """In a real kernel: moving a slider renews the outcome, and an error leaves the panel alive."""
    monkeypatch.delenv(schuiven.ZONDER_SCHERM, raising=False)
    pad = schrijf_boek(
        tmp_path / "01_live.ipynb",
        "from huisartsdata.fouten import ParameterFout\n"
        "from huisartsdata.uitvoer.schermen.schuiven import schuif_norm, schuifpaneel\n"
        "def reken(norm):\n"
        "    if norm > 2400: raise ParameterFout('norm te hoog\\nkies lager')\n"
        "    return f'nodig {10000 / norm:.1f}'\n"
        "w = schuif_norm(2000)\n"
        "schuifpaneel(reken, norm=w)",
        "w.value = 2500",
        "w.value = 1600",
    )
    boek = nbformat.read(pad, as_version=4)
    # a time limit: an Output widget once left the client waiting for ever
    klant = NotebookClient(boek, timeout=60, kernel_name="python3", extra_arguments=["--log-level=ERROR"])
    gezien = []
    with klant.setup_kernel():
        for i, cel in enumerate(boek.cells):
            klant.execute_cell(cel, i)
            staat = klant.widget_state.values()
            (regel,) = [s["value"] for s in staat if s["_model_name"] == "HTMLModel"]
            uit = boek.cells[0].outputs[-1]["data"]  # renewed in place, whichever cell moved the slider
            gezien.append((uit.get("text/markdown") or uit["text/plain"], regel))
    assert gezien == [
        ("nodig 5.0", "Uitkomst bij norm (inwoners per fte): 2.000."),
        ("Dit kan niet: norm te hoog kies lager", "Uitkomst bij norm (inwoners per fte): 2.500."),
        ("nodig 6.2", "Uitkomst bij norm (inwoners per fte): 1.600."),
    ]
    # the cell itself shows the sliders
    assert any("application/vnd.jupyter.widget-view+json" in u.get("data", {}) for u in boek.cells[0].outputs)


def test_the_outage_panel_draws_its_map_only_for_who_can_move_a_slider(getoond, monkeypatch):
    import huisartsdata as hd
    from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
    from huisartsdata.uitvoer.schermen import uitvalpaneel

    s = hd.landelijke_situatie(functie="zonder_wisselend")
    kaart = load_kaartgebied(["GM0505"], niveau="wijk")
    uitvalpaneel.toon_uitvalpaneel({s.functie: s}, "GM0505", 6000, kaart=kaart)
    assert "mensen zonder plek" in getoond[-1] and "<img" not in getoond[-1]
    # what somebody at the sliders sees: another outage is another picture, with its own alternative text
    teksten = [
        uitvalpaneel._zin_met_kaart(
            uitvalpaneel.Uitvalrekenaar({s.functie: s}, "GM0505")(
                patienten=n, open_aandeel=0.4, grens_minuten=15, norm=2095, functie=s.functie
            ),
            kaart,
        )
        for n in (2000, 6000)
    ]
    assert all(t.count("<img src=") == 1 and 'alt="Kaart.' in t for t in teksten)
    assert teksten[0].split("<img")[1] != teksten[1].split("<img")[1]
