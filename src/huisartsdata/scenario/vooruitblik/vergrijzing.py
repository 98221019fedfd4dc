"""Ageing of demand: who is 50 or older today, some years on, per area.

No published forecast by region and age is used: that of CBS and PBL was withdrawn on 12 July 2023 as
unreliable, "in particular 65+". What is used is who lives where today. So only the *spread* of ageing over
areas is ours (status modelschatting); the national growth is set to the Capaciteitsorgaan's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ContractFout, ParameterFout
from huisartsdata.gebieden.register import load_bevolking, load_leeftijden
from huisartsdata.model.vraag import leeftijdsgewichten
from huisartsdata.schema import LEEFTIJDSGROEPEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie

LEEFTIJD = "leeftijdsgroep"
BREEDTE = 5  # years in an age group
VAST_VANAF = 50  # as in the snapshot: younger people move with study and work, the ages of a place stay
ONDERGRENZEN = tuple(range(0, BREEDTE * len(LEEFTIJDSGROEPEN), BREEDTE))


def sterftetempo(leeftijden: pd.Series, overleden: float, *, helling: float | None = None) -> pd.Series:
    """Deaths per person per year by age group: exp(a + helling x age), with `a` such that deaths add up.

    Parameters
    ----------
    leeftijden
        People by (area, `leeftijdsgroep`) or by `leeftijdsgroep`.
    overleden
        Deaths in a year among them.
    helling
        Growth of the rate per year of age, as a logarithm; default the parameter `raming_sterfte_helling`.

    Returns
    -------
    Series
        By `leeftijdsgroep`.

    Examples
    --------
    >>> mensen = pd.Series(1000.0, index=pd.Index(LEEFTIJDSGROEPEN, name="leeftijdsgroep"))
    >>> round(float((sterftetempo(mensen, 200.0) * mensen).sum()), 6)
    200.0
    """
    per_groep = leeftijden.groupby(level=LEEFTIJD).sum().reindex(list(LEEFTIJDSGROEPEN)).fillna(0.0)
    steil = waarde("raming_sterfte_helling") if helling is None else helling
    vorm = pd.Series(np.exp(steil * (np.array(ONDERGRENZEN) + BREEDTE / 2)), index=per_groep.index)
    uit: pd.Series = vorm * (overleden / float((vorm * per_groep).sum()))
    return uit.rename("sterfte")


def verouder(
    leeftijden: pd.Series, jaren: float, *, sterfte: pd.Series, vanaf: int = VAST_VANAF
) -> pd.Series:
    """People some years on: groups from `vanaf` on move up and die, younger groups stay as they are.

    A step of five years puts each group into the next, less those who die (exp(-5 x the mean rate of the
    two groups)); the last group also keeps its own survivors. The group just under `vanaf` stays and
    feeds the one above it: the places of the young are taken by new young people. Years between steps
    are a straight line. Nobody moves: homes that will be built and people who leave are not in it.

    Parameters
    ----------
    leeftijden
        People by (area, `leeftijdsgroep`).
    jaren
        How many years on, 0 or more.
    sterfte
        From `sterftetempo`.
    vanaf
        First age that is followed; a multiple of five.

    Returns
    -------
    Series
        As `leeftijden`, sorted by area and age.

    Raises
    ------
    ContractFout
        When an age group is unknown, or people are missing or negative.
    ParameterFout
        For a negative number of years, or an age that starts no group.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["a"], LEEFTIJDSGROEPEN], names=["gebied", "leeftijdsgroep"])
    >>> mensen = pd.Series(100.0, index=index)
    >>> ouder = verouder(mensen, 5, sterfte=pd.Series(0.0, index=LEEFTIJDSGROEPEN))
    >>> ouder["a"][["45-49", "70-74", "95+"]].tolist()
    [100.0, 100.0, 200.0]
    """
    if not (isinstance(jaren, (int, float, np.number)) and np.isfinite(jaren) and jaren >= 0):
        raise ParameterFout(f"jaren={jaren!r} kan niet; geef een getal van 0 of meer")
    if vanaf not in ONDERGRENZEN[1:]:
        raise ParameterFout(f"vanaf={vanaf!r} kan niet; geef een veelvoud van 5 tussen 5 en 95")
    _keur(leeftijden)
    breed = leeftijden.unstack(LEEFTIJD).reindex(columns=list(LEEFTIJDSGROEPEN)).fillna(0.0)
    x = breed.to_numpy(dtype=np.float64)
    eerste = ONDERGRENZEN.index(vanaf)
    m = sterfte.reindex(list(LEEFTIJDSGROEPEN)).to_numpy(dtype=np.float64)
    heel, deel = divmod(float(jaren), BREEDTE)
    for _ in range(int(heel)):
        x = _stap(x, m, eerste)
    if deel:
        x = x + (deel / BREEDTE) * (_stap(x, m, eerste) - x)
    index = pd.MultiIndex.from_product([breed.index, breed.columns], names=[breed.index.name, LEEFTIJD])
    return pd.Series(x.ravel(), index=index, name=leeftijden.name)


def vraaggroei_per_gemeente(
    situatie: Situatie,
    jaren: float,
    *,
    gewichten: str = "nivel",
    leeftijden: pd.DataFrame | None = None,
    overleden: float | None = None,
) -> pd.Series:
    """Growth of need by ageing, per gemeente, before the national growth is set.

    Taken per gemeente, not per buurt: the cohorts of a single buurt (a nursing home, a new estate) say
    little about who lives there in ten years.

    Parameters
    ----------
    situatie
        Which buurten belong to which gemeente.
    jaren
        Years on.
    gewichten
        ``"nivel"`` or ``"nza"``, as in `hd.zorgvraag`.
    leeftijden
        People per buurt and age group; default `load_leeftijden`.
    overleden
        Deaths in the country in a year; default those of the last year in `load_bevolking`.

    Returns
    -------
    Series
        By `gm_code`: weighted people then, over weighted people now.

    Raises
    ------
    ParameterFout
        When `leeftijden` is no table of ages, or for years that cannot be.
    """
    if leeftijden is not None and not (
        isinstance(leeftijden, pd.DataFrame)
        and "inwoners" in leeftijden
        and list(leeftijden.index.names) == ["bu_code", LEEFTIJD]
    ):
        raise ParameterFout(
            "leeftijden is geen tabel zoals hd.load_leeftijden(); geef die of laat leeftijden weg"
        )
    tabel = (load_leeftijden() if leeftijden is None else leeftijden)["inwoners"]
    if overleden is None:
        reeks = load_bevolking()["overleden"].groupby(level="jaar").sum()
        overleden = float(reeks.loc[reeks.index.max()])
    gm = situatie.gebied["gm_code"].reindex(tabel.index.get_level_values("bu_code")).to_numpy()
    groep = tabel.index.get_level_values(LEEFTIJD)
    per_gm = tabel.groupby([pd.Index(gm, name="gm_code"), groep]).sum()
    later = verouder(per_gm, jaren, sterfte=sterftetempo(per_gm, overleden))
    gewicht = leeftijdsgewichten(gewichten)

    def gewogen(mensen: pd.Series) -> pd.Series:
        return mensen.unstack(LEEFTIJD).mul(gewicht, axis=1).sum(axis=1)

    uit: pd.Series = gewogen(later) / gewogen(per_gm)
    return uit.rename("groei")


def _stap(x: NDArray[np.float64], m: NDArray[np.float64], eerste: int) -> NDArray[np.float64]:
    """Five years on."""
    uit = x.copy()
    overgang = np.exp(-BREEDTE * (m[:-1] + m[1:]) / 2)
    uit[:, eerste:] = x[:, eerste - 1 : -1] * overgang[eerste - 1 :]
    uit[:, -1] += x[:, -1] * np.exp(-BREEDTE * m[-1])
    return uit


def _keur(leeftijden: pd.Series) -> None:
    groepen = leeftijden.index.get_level_values(LEEFTIJD).unique()
    rijen = [
        (0, LEEFTIJD, g, "onbekende leeftijdsgroep", f"kies uit {', '.join(LEEFTIJDSGROEPEN)}")
        for g in groepen
        if g not in LEEFTIJDSGROEPEN
    ]
    slecht = leeftijden.index[~(leeftijden >= 0)]
    rijen += [(0, "inwoners", c, "geen getal van 0 of meer", "vul het in") for c in slecht[:20]]
    if rijen:
        kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
        raise ContractFout("de leeftijden zijn niet bruikbaar", pd.DataFrame(rijen, columns=kolommen))
