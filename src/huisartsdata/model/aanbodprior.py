"""Priors of the supply model: what is published about regions, and how far an estimate may be off.

Every number stands in `data/parameters.csv` with its source (names `aanbod_*`); here they get a shape.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import BronFout, ParameterFout

Functie = Literal["alle", "zonder_wisselend"]
FUNCTIES: tuple[Functie, ...] = get_args(Functie)
Paar = tuple[float, float]


@dataclass(frozen=True)
class Anker:
    """A published density of one region relative to the country.

    `log_verhouding` is log(region / country), `sd` its error on that scale.
    """

    regio: str
    log_verhouding: float
    sd: float


@dataclass(frozen=True)
class Ankers:
    """What is published about the regions: a range, who is lowest, who is high, single values.

    Attributes
    ----------
    laag, hoog, landelijk
        Lowest, highest and national density in one unit, each rounded to plus or minus `afronding`; without
        them (None) the spread comes from the prior only.
    dubbeltelling
        Low and high of a uniform: how much the regional figures add up to above the national one, because
        a GP counts in every region where he works.
    laagste, hoogste
        The region called lowest; the regions called high, each taken to lie in the upper quarter.
    onbenoemd
        Odds to 1 that a region which is not called high is the highest.
    waarden
        Single published values, in fte.
    """

    laag: float | None = None
    hoog: float | None = None
    landelijk: float | None = None
    afronding: float = 0.05
    dubbeltelling: Paar = (0.0, 0.0)
    laagste: str | None = None
    hoogste: tuple[str, ...] = ()
    onbenoemd: float = 0.01
    waarden: tuple[Anker, ...] = ()

    def zonder(self, naam: str) -> Ankers:
        """The same without one anchor: a region's code, or `marge` for the range itself.

        Without one of the high regions the text no longer names them all, so `onbenoemd` becomes 1.

        >>> Ankers(hoogste=("RA0616",)).zonder("RA0616").onbenoemd
        1.0
        """
        if naam == "marge":
            return replace(self, laag=None, hoog=None, landelijk=None)
        hoogste = tuple(r for r in self.hoogste if r != naam)
        return replace(
            self,
            laagste=None if self.laagste == naam else self.laagste,
            hoogste=hoogste,
            onbenoemd=1.0 if hoogste != self.hoogste else self.onbenoemd,
            waarden=tuple(a for a in self.waarden if a.regio != naam),
        )


@dataclass(frozen=True)
class AanbodPrior:
    """Priors of the hierarchical supply model, all proper; a `Paar` is the low and high of a uniform.

    Attributes
    ----------
    gewicht
        Mean, sd, low and high of the truncated normal weight w on practices beside people.
    tau
        Log-uniform range of the sd between regions (log density, persons).
    wissel, definitie
        rho and s_def: slope and sd of the step from published persons to fte of the functie asked for.
    fout_vast, fout_per_praktijk
        a and b of the error variance of an area within its region, a + b / size.
    factor
        Median and log-sd of k, with which that error travels to another country and kind of place.
    schaal
        eta: whether size counts practices (1) or people (0).
    personen_per_praktijk
        People per practice where a and b were measured; turns people into size.
    praktijk_cv
        Coefficient of variation of fte between practices of one gemeente.
    ankers
        What is published about the regions.
    rooster
        Cells of the posterior's grid over tau, w and lam.
    """

    gewicht: tuple[float, float, float, float]
    tau: Paar
    wissel: Paar
    definitie: Paar
    fout_vast: float
    fout_per_praktijk: float
    factor: Paar
    schaal: Paar
    personen_per_praktijk: float
    praktijk_cv: Paar
    ankers: Ankers = field(default_factory=Ankers)
    rooster: tuple[int, int, int] = (20, 7, 3)


def maak_prior(functie: str) -> AanbodPrior:
    """The Dutch prior for the GPs that count as `functie`.

    Raises
    ------
    ParameterFout
        For another functie than `alle` or `zonder_wisselend`.

    Examples
    --------
    >>> maak_prior("alle").gewicht
    (0.17, 0.06, 0.05, 0.35)
    >>> maak_prior("alle").definitie > maak_prior("zonder_wisselend").definitie
    True
    """
    keur_functie(functie)
    laag, hoog = _grenzen("aanbod_praktijkgewicht")
    return AanbodPrior(
        gewicht=(waarde("aanbod_praktijkgewicht"), waarde("aanbod_praktijkgewicht_sd"), laag, hoog),
        tau=_grenzen("aanbod_spreiding_regio"),
        wissel=_grenzen("aanbod_personen_naar_fte"),
        definitie=_grenzen(f"aanbod_fout_definitie_{functie}"),
        fout_vast=waarde("aanbod_fout_vast"),
        fout_per_praktijk=waarde("aanbod_fout_per_praktijk"),
        factor=(waarde("aanbod_foutfactor"), waarde("aanbod_foutfactor_sd")),
        schaal=_grenzen("aanbod_maat"),
        personen_per_praktijk=waarde("aanbod_personen_per_praktijk_engeland"),
        praktijk_cv=_grenzen("aanbod_praktijk_cv"),
        ankers=maak_ankers(),
    )


def maak_ankers() -> Ankers:
    """What is published about the 28 RegioPlus regions.

    VZinfo (Nivel, 2022) names West-Brabant as lowest and Amsterdam, Stedendriehoek & Noord-Veluwe and
    Zuid-West Gelderland as high; the names are taken to have today's borders. Zeeland and Friesland are a
    province and a region each; their value of 2016 is old and of doubtful unit, so its error is wide.
    """
    oud = Anker(
        "RA1222",
        math.log(waarde("aanbod_dichtheid_zeeland_2016") / waarde("aanbod_dichtheid_land_2016")),
        waarde("aanbod_dichtheid_2016_sd"),
    )
    friesland = math.log(waarde("aanbod_dichtheid_friesland_2016") / waarde("aanbod_dichtheid_land_2016"))
    return Ankers(
        laag=waarde("aanbod_dichtheid_laagste"),
        hoog=waarde("aanbod_dichtheid_hoogste"),
        landelijk=waarde("aanbod_dichtheid_land"),
        afronding=waarde("aanbod_dichtheid_afronding"),
        dubbeltelling=_grenzen("aanbod_dubbeltelling"),
        laagste="RA1323",
        hoogste=("RA0616", "RA0206", "RA0308"),
        onbenoemd=waarde("aanbod_hoogste_onbenoemd"),
        waarden=(oud, replace(oud, regio="RA0103", log_verhouding=friesland)),
    )


def keur_functie(functie: str) -> None:
    """Refuse a functie for which there is no national total."""
    if functie not in FUNCTIES:
        raise ParameterFout(f"functie '{functie}' bestaat niet; kies uit {', '.join(FUNCTIES)}")


def _grenzen(naam: str) -> Paar:
    p = parameter(naam)
    if p.laag is None or p.hoog is None:
        raise BronFout(f"parameter '{naam}' heeft geen laag en hoog; vul ze in data/parameters.csv in")
    return p.laag, p.hoog
