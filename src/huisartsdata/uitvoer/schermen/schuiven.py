"""Sliders in a notebook: what-if by hand, with Dutch labels and units, usable by keyboard.

A panel calls a pure function with the values of its sliders and shows what comes back. Without a live front
end (`huisartsdata run`, a plain script) it shows the outcome at the start values and no sliders.
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import HuisartsdataFout, ParameterFout

ZONDER_SCHERM = "HUISARTSDATA_ZONDER_SCHERM"  # set by a headless run: nobody is there to move a slider

# Own choice of reach: published norms (1,800-2,350) and the break-even norms (1,666 and 1,998) lie within.
NORM_VAN, NORM_TOT, NORM_STAP = 1500, 2600, 5
# Own choice: from a solo practice on part of the week to a large health centre.
PATIENTEN_VAN, PATIENTEN_TOT, PATIENTEN_STAP = 500, 15_000, 100
# Own choice: the travel times of a picture go no further than 30 minutes.
GRENS_VAN, GRENS_TOT = 5, 30
PROCENT_STAP = 5
FUNCTIES = {"zonder wisselende waarnemers": "zonder_wisselend", "alle huisartsen": "alle"}


def _widgets() -> Any:
    try:
        return import_module("ipywidgets")
    except ModuleNotFoundError as e:
        raise HuisartsdataFout(
            f"het pakket '{e.name}' ontbreekt en zonder zijn er geen schuiven; "
            "installeer huisartsdata[notebook]"
        ) from e


def _opmaak(omschrijving: str, uitleg: str) -> dict[str, Any]:
    """What every control has: a label with its unit that is not cut off, and an explanation."""
    return {
        "description": omschrijving,
        "tooltip": uitleg,
        "style": {"description_width": "16em"},
        "layout": {"width": "38em", "max_width": "100%"},
    }


def _schuif(start: float, grenzen: tuple[int, int], stap: int, *, omschrijving: str, uitleg: str) -> Any:
    """A slider over whole numbers that reaches at least to its start value."""
    van, tot = grenzen
    if isinstance(start, str | bool) or not van / 100 <= start <= tot * 100:
        raise ParameterFout(
            f"beginwaarde {start!r:.40} kan niet bij '{omschrijving}'; geef een getal zoals {van}"
        )
    begin = round(start)
    return _widgets().IntSlider(
        value=begin,
        min=min(van, begin),
        max=max(tot, begin),
        step=stap,
        # computing takes seconds: only when the handle is let go, not at every step
        continuous_update=False,
        **_opmaak(omschrijving, uitleg),
    )


def schuif_norm(start: float | None = None) -> Any:
    """Slider for the norm, in people per fte; `start` defaults to the norm in the tariff.

    Raises
    ------
    ParameterFout
        For a start that is no number: of a national average give `situatie.norm`.
    """
    return _schuif(
        waarde("norm_tarief") if start is None else start,
        (NORM_VAN, NORM_TOT),
        NORM_STAP,
        omschrijving="Norm (inwoners per fte)",
        uitleg="Hoeveel inwoners één voltijds huisarts kan helpen. Verplaats met de pijltjestoetsen of typ een getal.",
    )


def schuif_patienten(start: float | None = None) -> Any:
    """Slider for the size of a practice, in patients; `start` defaults to the 6,000 of Dordrecht."""
    return _schuif(
        waarde("patienten_dordrecht") if start is None else start,
        (PATIENTEN_VAN, PATIENTEN_TOT),
        PATIENTEN_STAP,
        omschrijving="Grootte praktijk (patiënten)",
        uitleg="Hoeveel patiënten bij de praktijk staan ingeschreven.",
    )


def schuif_grens(start: float | None = None) -> Any:
    """Slider for the cut-off of travel time, in minutes by car; `start` defaults to the model's own."""
    return _schuif(
        waarde("verval_grens") if start is None else start,
        (GRENS_VAN, GRENS_TOT),
        1,
        omschrijving="Grens reistijd (minuten)",
        uitleg="Praktijken verder dan dit aantal minuten met de auto tellen niet mee.",
    )


def schuif_open_aandeel(start: float | None = None) -> Any:
    """Slider for the share of practices that take patients: shown in percent, its value a share (0-1).

    `start` defaults to the published share; the explanation gives the range of the signals.
    """
    p = parameter("open_aandeel")
    begin = p.waarde if start is None else start
    if isinstance(begin, str | bool) or not 0 <= begin <= 1:
        raise ParameterFout(f"open aandeel {begin!r:.40} kan niet; geef een deel van 0 tot en met 1")
    # a step of one percent there where the start is, so that it is kept as it was given
    procenten = sorted({*range(0, 101, PROCENT_STAP), round(100 * begin)})
    bereik = (
        "" if p.laag is None or p.hoog is None else f" Signalen: {100 * p.laag:.0f} tot {100 * p.hoog:.0f}%."
    )
    return _widgets().SelectionSlider(
        options=[(f"{procent}%", procent / 100) for procent in procenten],
        value=round(100 * begin) / 100,
        continuous_update=False,
        **_opmaak(
            "Open praktijken (% van alle)",
            f"Welk deel van de praktijken nieuwe patiënten aanneemt.{bereik}",
        ),
    )


def keuze_functie(start: str = "zonder_wisselend") -> Any:
    """Dropdown for which GPs count as fte: its value is ``zonder_wisselend`` or ``alle``."""
    if start not in FUNCTIES.values():
        raise ParameterFout(f"functie {start!r:.40} kan niet; kies uit {', '.join(FUNCTIES.values())}")
    return _widgets().Dropdown(
        options=list(FUNCTIES.items()),
        value=start,
        **_opmaak("Functie (wie telt mee)", "Welke huisartsen als fte meetellen. Hoort altijd bij een norm."),
    )


def is_live() -> bool:
    """Whether somebody can move a slider here: a notebook's kernel that `run` did not start."""
    if os.environ.get(ZONDER_SCHERM):
        return False
    try:
        from IPython import get_ipython
    except ModuleNotFoundError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def paneel(reken: Callable[..., Any], toon: Callable[[Any], Any], /, **schuiven: Any) -> None:
    """Show sliders above the outcome at their values, and renew it when one is moved.

    Parameters
    ----------
    reken
        Pure function: called with the value of every slider under the name it has here.
    toon
        Shows what `reken` gave; a figure, table or sentence that it gives back is displayed.
    **schuiven
        Controls by the name of `reken`'s argument: those of this module, or any of ipywidgets with a value.

    Raises
    ------
    ParameterFout
        Without any control, or for something without a value.
    HuisartsdataFout
        Without a live front end, what `reken` raises: a run has to fail loudly. In a live notebook it is
        shown as one line below the sliders instead.
    """
    if zonder := [naam for naam, w in schuiven.items() if not hasattr(w, "value")]:
        raise ParameterFout(f"{', '.join(zonder)} is geen schuif; maak hem met schuif_norm() of een andere")
    if not schuiven:
        raise ParameterFout("er zijn geen schuiven gegeven; geef er een, zoals norm=schuif_norm()")
    from IPython.display import Markdown, display

    if not is_live():
        display(Markdown(f"*{html.escape(_stand(schuiven))}.*"))  # type: ignore[no-untyped-call]
        beeld = _beeld(reken, toon, schuiven)
        if beeld is not None:
            display(beeld)  # type: ignore[no-untyped-call]
        return
    regel = _widgets().HTML()
    bak = _widgets().VBox([*schuiven.values(), regel])
    display(bak)  # type: ignore[no-untyped-call]
    # a display of its own, renewed in place: an Output widget would leave a headless run waiting for ever
    scherm = display(Markdown(""), display_id=True)  # type: ignore[no-untyped-call]

    def opnieuw(_: object = None) -> None:
        regel.value = "Bezig met rekenen…"  # the outcome below is still that of the old values
        try:
            beeld = _beeld(reken, toon, schuiven)
        except HuisartsdataFout as e:
            beeld = _Tekst(f"Dit kan niet: {' '.join(str(e).split())}")
        scherm.update(Markdown("") if beeld is None else beeld)  # type: ignore[no-untyped-call]
        regel.value = html.escape(f"{_stand(schuiven)}.")

    for schuif in schuiven.values():
        schuif.observe(opnieuw, names="value")
    opnieuw()


class _Tekst:
    """A line shown as plain text, never as html."""

    def __init__(self, tekst: str) -> None:
        self.tekst = tekst

    def __repr__(self) -> str:
        return self.tekst


def schuifpaneel(functie: Callable[..., Any], /, **schuiven: Any) -> None:
    """Show sliders above what one function of their values gives back: a figure, a table, a text.

    Examples
    --------
    >>> schuifpaneel(lambda norm: f"bij {norm}", norm=schuif_norm(2000))
    <IPython.core.display.Markdown object>
    <IPython.core.display.Markdown object>
    """
    paneel(functie, _geef_door, **schuiven)


def _geef_door(uitkomst: Any) -> Any:
    return uitkomst


def _beeld(reken: Callable[..., Any], toon: Callable[[Any], Any], schuiven: dict[str, Any]) -> Any:
    """What to display at the values of the sliders; None: nothing."""
    from IPython.display import Markdown

    beeld = toon(reken(**{naam: schuif.value for naam, schuif in schuiven.items()}))
    return Markdown(beeld) if isinstance(beeld, str) else beeld  # type: ignore[no-untyped-call]


def _stand(schuiven: dict[str, Any]) -> str:
    """The values in words: what an outcome is of, also for who cannot see the handles."""
    return "Uitkomst bij " + ", ".join(_zeg(naam, schuif) for naam, schuif in schuiven.items())


def _zeg(naam: str, schuif: Any) -> str:
    from huisartsdata.uitvoer.huisstijl import getal

    wat = getattr(schuif, "description", "") or naam
    gekozen = getattr(schuif, "label", None)  # of a choice; the number itself of a slider
    if gekozen is None:
        is_getal = isinstance(schuif.value, int | float) and not isinstance(schuif.value, bool)
        gekozen = (
            getal(schuif.value, 0 if isinstance(schuif.value, int) else 2) if is_getal else str(schuif.value)
        )
    return f"{wat[:1].lower()}{wat[1:]}: {gekozen}"
