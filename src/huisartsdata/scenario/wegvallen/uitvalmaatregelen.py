"""What can be done when a practice falls out: the kinds of measures, their moments, and where.

From the letter of the minister of VWS to parliament (12 December 2025, on Dordrecht) come the *kinds* of
measures and *who* acts, nothing more: for the short term the regional GP organisation (RHO) and the
insurer provide daytime locum care at the out-of-hours post; for the longer term the practice reopens, is
taken over, or a new practice starts, and insurer and RHO find the solution together with the practice.
Continuity is first of all up to the provider (supervised by IGJ) and the insurer (supervised by NZa).
The letter holds no fte, no months and no shares: every number in a measure is an assumption of its maker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.reismodel import bereken_reistijden
from huisartsdata.model.bereik import fca
from huisartsdata.model.bereiklokaal import fca_met, maak_basis
from huisartsdata.model.bereikmatrix import LINEAIR
from huisartsdata.scenario.maatregelen import open_praktijk
from huisartsdata.scenario.wegvallen.uitvalveld import is_getal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval

    Getallen = NDArray[np.float64]

Bereik = float | tuple[float, float]

WAARNEMING, HEROPENING, OVERNAME, NIEUW = "waarneming", "heropening", "overname", "nieuwe_praktijk"
BRIEF = "Minister van VWS, brief aan de Tweede Kamer van 12 december 2025"
WIE: Mapping[str, str] = MappingProxyType(
    {
        WAARNEMING: "RHO en zorgverzekeraar bieden overdag waarneming op de huisartsenspoedpost",
        HEROPENING: "zorgverzekeraar en RHO, in overleg met de praktijk",
        OVERNAME: "zorgverzekeraar en RHO, in overleg met de praktijk",
        NIEUW: "zorgverzekeraar en RHO, in overleg met de praktijk",
    }
)
TOEZICHT = (
    "zorgaanbieder en zorgverzekeraar zijn eerst verantwoordelijk; IGJ ziet toe op de zorgaanbieder, "
    "NZa op de zorgverzekeraar"
)
STROOM = 5  # number of the random stream of this scenario
# one uniform number each per draw, always in this order; a new one may only be added at the end
LOTEN = (
    "inschrijftempo",
    "mensen_per_fte",
    *(f"{soort}.{veld}" for soort in WIE for veld in ("vanaf_maand", "tot_maand", "fte", "aandeel")),
)
MAX_MAANDEN = 600  # 50 years: further than any such plan, and small enough for memory
MAX_FTE = 10_000  # about all GPs there are: more is a slip of the pen


@dataclass(frozen=True)
class Maatregel:
    """One measure; make it with `waarneming`, `heropening`, `overname` or `nieuwe_praktijk`.

    A pair (laag, hoog) is uncertain: drawn evenly between the two, both included, months as whole
    numbers. All measures of one kind share their luck within a draw, in every package: what is drawn
    does not depend on what else is done, so that packages compare draw by draw.

    Attributes
    ----------
    soort
        `waarneming`, `heropening`, `overname` or `nieuwe_praktijk`.
    vanaf_maand
        First month in which it works; 0 is the month in which the practice falls out.
    tot_maand
        First month in which it works no more (cover only); None: it stays.
    fte
        Full-time GPs (cover, new practice).
    aandeel
        Share of the lost practice's patients that it takes back (reopening, take-over).
    punt
        Where (new practice), in RD metres; None: near enough for all.
    extra
        Whether its fte comes on top of the supply. False: it is taken from patients elsewhere.

    Raises
    ------
    ParameterFout
        For a kind, month, fte or share that makes no sense, or `extra` that is no True or False.
    """

    soort: str
    vanaf_maand: Bereik
    tot_maand: Bereik | None = None
    fte: Bereik | None = None
    aandeel: Bereik | None = None
    punt: Point | None = None
    extra: bool = True

    def __post_init__(self) -> None:
        if self.soort not in WIE:
            raise ParameterFout(f"soort '{self.soort}' kan niet; kies uit {', '.join(WIE)}")
        if not isinstance(self.extra, (bool, np.bool_)):
            raise ParameterFout(f"extra={self.extra!r:.60} kan niet; geef True (extra) of False (verplaatst)")
        heeft = "aandeel" if self.soort in (HEROPENING, OVERNAME) else "fte"
        for veld in ("fte", "aandeel"):
            waarde = getattr(self, veld)
            if (waarde is not None) != (veld == heeft):
                raise ParameterFout(f"{self.soort} heeft een {heeft} nodig, en geen {veld}")
            if waarde is not None:
                keur_bereik(waarde, veld, hoogste=1.0 if veld == "aandeel" else MAX_FTE)
        keur_bereik(self.vanaf_maand, "vanaf_maand", heel=True)
        if self.punt is not None and (self.soort != NIEUW or not isinstance(self.punt, Point)):
            raise ParameterFout("alleen een nieuwe praktijk heeft een punt: een shapely Point in RD-meters")
        if self.tot_maand is None:
            return
        if self.soort != WAARNEMING:
            raise ParameterFout(f"{self.soort} blijft; alleen waarneming heeft een laatste maand")
        keur_bereik(self.tot_maand, "tot_maand", heel=True)
        if grenzen(self.tot_maand)[0] < grenzen(self.vanaf_maand)[1]:
            raise ParameterFout(
                f"tot_maand={self.tot_maand} ligt voor vanaf_maand={self.vanaf_maand}; kies een later einde"
            )

    @property
    def beschrijving(self) -> str:
        """One Dutch phrase for tables.

        >>> waarneming(2, tot=12).beschrijving
        'waarneming 2 fte vanaf maand 0 tot maand 12 (verplaatst)'
        >>> nieuwe_praktijk((9, 18), 1.5).beschrijving
        'nieuwe praktijk 1,5 fte vanaf maand 9 à 18'
        """
        delen = [self.soort.replace("_", " ")]
        if self.fte is not None:
            delen.append(f"{_tekst(self.fte)} fte")
        elif self.aandeel is not None and self.aandeel != 1:
            delen.append(f"van {_tekst(self.aandeel, keer=100)}% van de patiënten")
        delen.append(f"vanaf maand {_tekst(self.vanaf_maand)}")
        if self.tot_maand is not None:
            delen.append(f"tot maand {_tekst(self.tot_maand)}")
        if self.extra == (self.soort == WAARNEMING):
            delen.append("(extra)" if self.extra else "(verplaatst)")
        elif self.soort == WAARNEMING:
            delen.append("(verplaatst)")
        return " ".join(delen)


def waarneming(
    fte: Bereik, *, vanaf: Bereik = 0, tot: Bereik | None = None, extra: bool = False
) -> Maatregel:
    """Daytime locum cover at the out-of-hours post: helps people, gives them no fixed practice.

    Locums are part of the supply that is counted, so cover moves fte: with ``extra=False`` as many people
    elsewhere miss it. `tot` is the first month without cover.

    >>> waarneming((1, 2), tot=12).fte
    (1, 2)
    """
    return Maatregel(WAARNEMING, vanaf, tot_maand=tot, fte=fte, extra=extra)


def heropening(maand: Bereik, *, aandeel: Bereik = 1.0) -> Maatregel:
    """The practice opens again, for `aandeel` of its patients: those without one by then return.

    >>> heropening((6, 12)).beschrijving
    'heropening vanaf maand 6 à 12'
    """
    return Maatregel(HEROPENING, maand, aandeel=aandeel)


def overname(maand: Bereik, *, aandeel: Bereik = 1.0, extra: bool = True) -> Maatregel:
    """Another GP takes the practice over, for `aandeel` of its patients.

    With ``extra=False`` the successor leaves patients elsewhere.
    """
    return Maatregel(OVERNAME, maand, aandeel=aandeel, extra=extra)


def nieuwe_praktijk(
    maand: Bereik, fte: Bereik, *, punt: Point | None = None, extra: bool = True
) -> Maatregel:
    """A new practice starts, and takes people who have none up to its fte times the people per fte.

    With a `punt` it takes at most the people who live within the reach of the decay from there. With
    ``extra=False`` its GPs leave patients elsewhere.
    """
    return Maatregel(NIEUW, maand, fte=fte, punt=punt, extra=extra)


def grenzen(bereik: Bereik) -> tuple[float, float]:
    """Lowest and highest value of a number (twice itself) or a pair."""
    return bereik if isinstance(bereik, tuple) else (bereik, bereik)


def keur_bereik(
    bereik: object,
    naam: str,
    *,
    heel: bool = False,
    laagste: float = 0.0,
    hoogste: float = np.inf,
    los: bool = False,
) -> None:
    """Refuse what is no number from `laagste` to `hoogste`, nor (unless `los`) a pair of such numbers."""
    paar = bereik if isinstance(bereik, tuple) and not los else (bereik, bereik)
    goed = len(paar) == 2 and all(
        is_getal(x) and laagste <= x <= hoogste and (not heel or float(x).is_integer()) for x in paar
    )
    if not goed or paar[0] > paar[1]:
        soort = "een heel getal" if heel else "een getal"
        tot = "of meer" if hoogste == np.inf else f"tot en met {hoogste:g}"
        of = "" if los else ", of een paar (laag, hoog)"
        raise ParameterFout(f"{naam}={bereik!r:.80} kan niet; geef {soort} van {laagste:g} {tot}{of}")


def trek_loten(trekkingen: int, seed: int) -> dict[str, Getallen]:
    """Uniform numbers by name (see `LOTEN`) for every draw; draw k is the same however many there are."""
    rijen = np.empty((trekkingen, len(LOTEN)))
    for k in range(trekkingen):
        bron = np.random.Philox(key=np.uint64(seed), counter=[0, 0, STROOM, k])
        rijen[k] = np.random.Generator(bron).random(len(LOTEN))
    return dict(zip(LOTEN, rijen.T, strict=True))


def kies(bereik: Bereik, lot: Getallen, *, heel: bool = False) -> Getallen:
    """Values between the two ends of a pair, by their lots; a number gives itself in every draw."""
    laag, hoog = grenzen(bereik)
    if heel:
        return np.minimum(laag + np.floor(lot * (hoog - laag + 1)), hoog)
    return np.minimum(laag + lot * (hoog - laag), hoog)


def deel_binnen_bereik(uitval: Uitval, punt: Point) -> float:
    """Share of the patients of the lost practice within the reach of the decay from a point."""
    s = uitval.situatie
    mensen = uitval.getroffen["patienten"]
    plek = gpd.GeoSeries([punt], index=["punt"], crs=s.punten.crs)
    ver = s.verval.reikwijdte if s.reistijden.grens_minuten is None else s.reistijden.grens_minuten
    reis = bereken_reistijden(s.punten.loc[mensen.index], plek, grens_minuten=min(s.verval.reikwijdte, ver))
    binnen = np.diff(reis.minuten.indptr) > 0
    return float(mensen.to_numpy()[binnen].sum() / mensen.sum())


def beste_plek(
    uitval: Uitval, *, fte: float, kandidaten: gpd.GeoSeries | None = None, aantal: int = 10
) -> pd.DataFrame:
    """Where a new practice is nearest to the people who lost theirs, and what it does to the shortage.

    Parameters
    ----------
    uitval
        The practice that fell out.
    fte
        Full-time GPs of the new practice.
    kandidaten
        Points to try, by code, in RD metres, such as where the people of each PC4 live; those that nobody
        of the patients reaches within the decay are left out. Default: the buurten of the patients.
    aantal
        For how many of the nearest the change in shortage is computed.

    Returns
    -------
    DataFrame
        Index `plek`, nearest first, equal ones by code: `minuten` (mean of the patients; who cannot get
        there within the limit of the travel times counts for that limit), `mensen_binnen_bereik`
        (patients within the reach of the decay), and for the first `aantal` of them, NaN below:
        `bereikt_erbij_fte` (what the gemeente's people reach more), `tekort_fte` (shortage of the gemeente
        with it), `minder_tekort_fte` and `minder_tekort_land_fte` (how much less shortage in the gemeente,
        and in all gemeenten together). Shortage is that of the picture after the outage, at its norm.

    Raises
    ------
    ParameterFout
        For an fte or number that makes no sense, candidates that are no points by code, or none within reach.
    """
    keur_bereik(fte, "fte", laagste=np.nextafter(0, 1), hoogste=MAX_FTE, los=True)
    keur_bereik(aantal, "aantal", heel=True, los=True)
    s, mensen = uitval.situatie, uitval.getroffen["patienten"]
    mensen = mensen[mensen > 0]
    if kandidaten is None:
        kandidaten = s.punten.loc[mensen.index]
    if isinstance(kandidaten, gpd.GeoDataFrame):
        kandidaten = kandidaten.geometry
    if not isinstance(kandidaten, gpd.GeoSeries):
        raise ParameterFout("kandidaten moet een GeoSeries van punten in RD-meters zijn, met codes als index")
    grens = s.reistijden.grens_minuten or s.verval.reikwijdte
    reis = bereken_reistijden(s.punten.loc[mensen.index], kandidaten, grens_minuten=grens)
    m = reis.minuten.tocoo()
    p = mensen.to_numpy(dtype="float64")[m.coords[0]]
    n = len(reis.naar)
    # everyone starts at the limit; who gets there sooner takes minutes off
    winst = np.bincount(m.coords[1], weights=p * (grens - m.data), minlength=n)
    binnen = np.bincount(m.coords[1], weights=p * (m.data <= s.verval.reikwijdte), minlength=n)
    uit = pd.DataFrame(
        {"minuten": grens - winst / float(mensen.sum()), "mensen_binnen_bereik": binnen},
        index=reis.naar.rename("plek"),
    )
    uit = uit[uit["mensen_binnen_bereik"] > 0].sort_index().sort_values("minuten", kind="stable")
    if uit.empty:
        raise ParameterFout(
            "geen enkele kandidaat ligt binnen bereik van de patiënten; kies punten dichterbij"
        )
    top = uit.index[: int(aantal)]
    return uit.join(_effect(s, uitval.gm_code, kandidaten.loc[top], float(fte), grens))


def _effect(s: Situatie, gm_code: str, plekken: gpd.GeoSeries, fte: float, grens: float) -> pd.DataFrame:
    """Change in reach and shortage per candidate, exact and one at a time."""
    gm = s.gebied["gm_code"]
    nodig = s.vraag.groupby(gm).sum() / s.norm

    def tel(bereik: pd.Series) -> tuple[float, float, float]:
        bereikt = (s.vraag * bereik).groupby(gm).sum()
        tekort = np.maximum(0.0, nodig - bereikt)
        return float(bereikt[gm_code]), float(tekort[gm_code]), float(tekort.sum())

    aanbod = s.praktijken["fte"]
    if s.methode in LINEAIR:
        # all candidates at once without fte: nothing changes until one of them gets its own
        kaal = plekken.set_axis(pd.Index([f"kandidaat {c}" for c in plekken.index], dtype="str"))
        reis = bereken_reistijden(s.punten, kaal, grens_minuten=grens)
        basis = maak_basis(
            s.vraag,
            pd.concat([aanbod, pd.Series(0.0, index=kaal.index)]),
            s.reistijden.met_naar(reis),
            methode=s.methode,
            verval=s.verval,
        )
        voor = tel(basis.bereik)
        na = [tel(fca_met(basis, {code: fte})) for code in kaal.index]
    else:
        voor = tel(fca(s.vraag, aanbod, s.reistijden, methode=s.methode, verval=s.verval))
        na = []
        for punt in plekken:
            n = open_praktijk(s, punt=punt, fte=fte)
            na.append(
                tel(fca(n.vraag, n.praktijken["fte"], n.reistijden, methode=n.methode, verval=n.verval))
            )
    tabel = np.array(na).reshape(-1, 3)
    return pd.DataFrame(
        {
            "bereikt_erbij_fte": tabel[:, 0] - voor[0],
            "tekort_fte": tabel[:, 1],
            "minder_tekort_fte": voor[1] - tabel[:, 1],
            "minder_tekort_land_fte": voor[2] - tabel[:, 2],
        },
        index=plekken.index,
    )


def _tekst(bereik: Bereik, keer: float = 1.0) -> str:
    laag, hoog = (f"{keer * x:g}".replace(".", ",") for x in grenzen(bereik))
    return laag if laag == hoog else f"{laag} à {hoog}"
