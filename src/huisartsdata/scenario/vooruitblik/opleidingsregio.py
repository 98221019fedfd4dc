"""What a training place adds: fte, years later, and only if who is trained there stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.scenario.maatregelen import open_praktijk, voeg_fte_toe
from huisartsdata.scenario.vooruitblik.ramingopzet import (
    LAATSTE_JAAR,
    afgerond_tussen,
    keur_drietal,
    keur_jaar,
    kies_parameters,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Point

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.vooruitblik.ramingopzet import Ramingparameters

    Vector = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Opleidingsuitkomst:
    """What `opleidingsplaats` gives: a table (laag, midden, hoog) and the picture of the middle."""

    tabel: pd.DataFrame
    situatie: Situatie
    toelichting: str


def opleidingsplaats(
    situatie: Situatie,
    *,
    jaar_start: int,
    jaar: int,
    praktijk_id: str | None = None,
    gm_code: str | None = None,
    punt: Point | None = None,
    plaatsen: float = 1.0,
    blijft: tuple[float, float, float] | None = None,
    parameters: Ramingparameters | None = None,
) -> Opleidingsuitkomst:
    """What training places in a region yield there by a year to come.

    completed = plaatsen x years of intake that have completed x completion; working = completed x yield
    of the years since, as in the national forecast; in the region = working x share that stays;
    fte = that x fte per GP. The share that stays is an assumption with a wide range: no Dutch figure was
    found, and foreign outcomes (Scotland's odds ratio of 2.33) come from another system.

    Parameters
    ----------
    situatie
        The picture before.
    jaar_start, jaar
        First year of intake (1 January), and horizon.
    praktijk_id, gm_code, punt
        Where they settle: one of the three. In a gemeente the fte is divided as its practices' is.
    plaatsen
        Trainees that start there every year; at most as many as start in the whole country.
    blijft
        Share that stays, as (laag, midden, hoog); default the parameter `opleiding_blijft_in_regio`.
    parameters
        Of the forecast.

    Returns
    -------
    Opleidingsuitkomst
        `tabel` by laag, midden, hoog: `afgerond`, `werkzaam`, `blijft`, `in_regio` (persons), `fte`.
        The fte comes on top of the picture's supply: with the same number of places in the country they
        come from elsewhere.

    Raises
    ------
    ParameterFout
        For a year, a number or a share that cannot be, or not exactly one place.
    OnbekendGebiedFout, OnbekendePraktijkFout
        When the place is not in the picture.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> s = hd.landelijke_situatie()
    >>> u = opleidingsplaats(s, gm_code="GM1731", plaatsen=2, jaar_start=2027, jaar=2035)
    >>> u.tabel["fte"].round(2).tolist()
    [1.32, 3.3, 5.28]
    """
    p = kies_parameters(parameters)
    keur_jaar(jaar_start, p.basisjaar, LAATSTE_JAAR, "jaar_start")
    keur_jaar(jaar, jaar_start, LAATSTE_JAAR)
    getal = isinstance(plaatsen, (int, float, np.number)) and not isinstance(plaatsen, bool)
    if not getal or not 0 < plaatsen <= p.instroom:
        raise ParameterFout(
            f"plaatsen={plaatsen!r} kan niet; geef een getal boven 0 en hooguit {p.instroom:g}: "
            "zoveel mensen beginnen er per jaar in het hele land"
        )
    kansen = keur_drietal("blijft", blijft, "opleiding_blijft_in_regio")
    lang = afgerond_tussen(jaar_start, jaar, duur=p.duur)
    # whoever completed is on average half the period out of training
    werkzaam = sum(g.aandeel_opleiding * _gemiddeld(g.werkt, lang) for g in p.groepen)
    fte_per = sum(g.aandeel_opleiding * _gemiddeld(g.werkt, lang) * g.fte for g in p.groepen)
    afgerond = float(plaatsen) * lang * p.intern
    tabel = pd.DataFrame(
        {
            "afgerond": afgerond,
            "werkzaam": afgerond * werkzaam,
            "blijft": kansen,
            "in_regio": [afgerond * werkzaam * k for k in kansen],
            "fte": [afgerond * fte_per * k for k in kansen],
        },
        index=pd.Index(["laag", "midden", "hoog"], name="aanname"),
    )
    doel = _doel(praktijk_id, gm_code, punt)
    na = _voeg_toe(situatie, doel, float(tabel["fte"].loc["midden"]))
    tekst = (
        f"Wie in {jaar_start} begint, is na {_nl(p.duur)} jaar opgeleid; in {jaar} zijn er {_nl(afgerond)} mensen "
        f"opgeleid. Hoeveel daarvan in de regio blijft, is een aanname van {100 * kansen[0]:.0f} tot "
        f"{100 * kansen[2]:.0f}%: een Nederlands cijfer is niet gevonden. Komen de plaatsen van elders, dan verliest "
        "die plek wat hier wordt gewonnen."
    )
    return Opleidingsuitkomst(tabel, na, tekst)


def _nl(x: float) -> str:
    return f"{x:.1f}".replace(".", ",")


def _gemiddeld(werkt: Callable[[Vector], Vector], jaren: float) -> float:
    """Mean yield over everyone who completed in the last `jaren` years."""
    if jaren <= 0:
        return 1.0
    stappen = (np.arange(200) + 0.5) / 200 * jaren
    return float(np.mean(werkt(stappen)))


def _doel(praktijk_id: str | None, gm_code: str | None, punt: Point | None) -> tuple[str, object]:
    gekozen = [
        (n, w)
        for n, w in (("praktijk_id", praktijk_id), ("gm_code", gm_code), ("punt", punt))
        if w is not None
    ]
    if len(gekozen) != 1:
        raise ParameterFout("geef één plek: praktijk_id, gm_code of punt")
    soort, waar = gekozen[0]
    if soort != "punt" and not isinstance(waar, str):
        raise ParameterFout(f"{soort}={waar!r} kan niet; geef één code als tekst")
    return gekozen[0]


def _voeg_toe(situatie: Situatie, doel: tuple[str, object], fte: float) -> Situatie:
    soort, waar = doel
    p = situatie.praktijken
    if soort == "punt":
        return open_praktijk(situatie, punt=waar, fte=fte) if fte > 0 else situatie
    if soort == "praktijk_id":
        return voeg_fte_toe(situatie, pd.Series({waar: fte}))
    hier = p.loc[p["gm_code"] == waar, "fte"]
    if waar not in set(situatie.gebied["gm_code"]):
        raise OnbekendGebiedFout(
            f"gemeente {waar} staat niet in de situatie; controleer de code", [str(waar)]
        )
    if not hier.sum() > 0:
        raise ParameterFout(f"in {waar} staat geen praktijk met fte; geef een punt voor een nieuwe praktijk")
    return voeg_fte_toe(situatie, hier / float(hier.sum()) * fte)
