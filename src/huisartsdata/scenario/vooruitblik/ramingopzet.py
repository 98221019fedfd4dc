"""The published parameters of the national forecast, as one frozen object.

They are rows of the table of facts; what those lack (women and men apart after 15 and 20 years, the year from
which intake can change, the year until which trends go on) are rows of `data/parameters.csv` from the same
source file. Curves run in straight lines between their published points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.gebieden.register import load_feiten

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

VARIANTEN = ("demografie", "alle_termen")
TERMEN = ("epi", "soc", "vak", "eff", "hor", "tijd", "ver")
RAMINGSJAAR = "2025"
LAATSTE_JAAR = 2045  # the outflow curve ends twenty years after the base year
UITSTROOM_JAREN, RENDEMENT_JAREN = (5, 10, 15, 20), (1, 5, 10, 15)
FEITKOLOMMEN = (
    "thema",
    "gebied",
    "gebiedsoort",
    "indicator",
    "groep",
    "periode",
    "waarde",
    "bron",
    "kwaliteit",
)
TELWOORD = {5: "vijf", 10: "tien", 15: "vijftien", 20: "twintig"}


@dataclass(frozen=True)
class Ramingsgroep:
    """GPs with one pattern of leaving and working: all of them, or women and men apart.

    Attributes
    ----------
    naam
        "totaal", "vrouw" or "man".
    personen, fte
        Working GPs in the base year, and fte per GP.
    uitstroom
        Share that has left after 5, 10, 15 and 20 years.
    rendement
        Share that works as a GP 1, 5, 10 and 15 years after training.
    aandeel_opleiding, aandeel_buitenland
        Share of this group in those who start training, and in those who come from abroad.
    """

    naam: str
    personen: float
    fte: float
    uitstroom: tuple[float, ...]
    rendement: tuple[float, ...]
    aandeel_opleiding: float
    aandeel_buitenland: float

    def weg(self, jaren: float | Vector) -> Vector:
        """Share of those who work in the base year that has left after so many years."""
        return _lijn(jaren, (0, *UITSTROOM_JAREN), (0.0, *self.uitstroom))

    def werkt(self, jaren: float | Vector) -> Vector:
        """Share of those trained that works as a GP so many years later."""
        return _lijn(jaren, (0, *RENDEMENT_JAREN), (1.0, *self.rendement))


@dataclass(frozen=True)
class Ramingparameters:
    """The published parameters of one forecast, with the ids of the facts they come from.

    `demografie` is the growth of need after 5, 10, 15 and 20 years, `termen` the yearly terms outside it,
    `vanaf` the first year in which intake can differ, `trendjaren` how long the terms go on, `advies` the
    yearly intake that the Capaciteitsorgaan advises, `evenwichtsjaren` the two years in which its file lets
    need and supply meet.
    """

    basisjaar: int
    groepen: tuple[Ramingsgroep, ...]
    instroom: float
    duur: float
    intern: float
    buitenland: float
    onvervuld: float
    demografie: tuple[float, ...]
    termen: Mapping[str, float]
    vanaf: float
    trendjaren: float
    advies: float
    evenwichtsjaren: tuple[int, int]
    feiten: tuple[str, ...]

    @property
    def fte(self) -> float:
        """Fte in the base year."""
        return sum(g.personen * g.fte for g in self.groepen)

    @property
    def per_jaar(self) -> float:
        """All terms outside demography together, per year: they add up."""
        return sum(self.termen.values())

    def vraaggroei(self, jaren: float | Vector, variant: str, trendjaren: float | None = None) -> Vector:
        """Need relative to the base year, unmet demand left aside."""
        keur_variant(variant)
        t = np.asarray(jaren, dtype=np.float64)
        demo = 1 + _lijn(t, (0, *UITSTROOM_JAREN), (0.0, *self.demografie))
        if variant == "demografie":
            return demo
        lang = self.trendjaren if trendjaren is None else trendjaren
        uit: Vector = demo * (1 + self.per_jaar * np.minimum(t, lang))
        return uit


def ramingparameters(feiten: pd.DataFrame | None = None, *, naar_geslacht: bool = False) -> Ramingparameters:
    """The forecast's parameters from the table of published facts.

    Parameters
    ----------
    feiten
        Table of `load_feiten`; default that of the snapshot.
    naar_geslacht
        Women and men apart, as the Capaciteitsorgaan does: women leave later and work fewer hours, and
        more of those in training are women. Their values for 15 and 20 years, their yields, and the year
        from which intake can change are rows of `data/parameters.csv` (same source file).

    Raises
    ------
    BronFout
        When a parameter is missing from the table.
    ParameterFout
        When `feiten` is no table of facts.

    Examples
    --------
    >>> p = ramingparameters()
    >>> round(p.fte), round(p.per_jaar, 3), p.feiten[:2]
    (10769, 0.026, ('F0024', 'F0048'))
    """
    tabel = feitentabel(feiten)
    gebruikt: list[str] = []

    def feit(indicator: str, *, thema: str = "raming", groep: str | None = None) -> float:
        k = (tabel["thema"] == thema) & (tabel["indicator"] == indicator) & (tabel["periode"] == RAMINGSJAAR)
        rij = tabel[k if groep is None else k & (tabel["groep"] == groep)]
        if len(rij) != 1 or not np.isfinite(rij["waarde"].iloc[0]):
            raise BronFout(
                f"feit '{indicator}' van {RAMINGSJAAR} staat {len(rij)} keer in de feiten, met een getal moet "
                "dat 1 keer zijn; geef hd.load_feiten() mee of zet de snapshot terug"
            )
        gebruikt.append(str(rij.index[0]))
        return float(rij["waarde"].iloc[0])

    personen = feit("aanbod_personen")
    totaal = Ramingsgroep(
        "totaal",
        personen,
        feit("fte_totaal_basis"),
        tuple(feit(f"uitstroom_totaal_basis_{TELWOORD[j]}") for j in UITSTROOM_JAREN),
        tuple(feit(f"extern_rendement_totaal_{j}jaar") for j in RENDEMENT_JAREN),
        1.0,
        1.0,
    )
    groepen: tuple[Ramingsgroep, ...] = (totaal,)
    if naar_geslacht:
        vrouw, leert, ver = (
            feit("per_vrouw_basis"),
            feit("per_vrouw_opleiding"),
            waarde("raming_vrouw_buitenland"),
        )
        delen = {"vrouw": (vrouw, leert, ver), "man": (1 - vrouw, 1 - leert, 1 - ver)}
        groepen = tuple(
            Ramingsgroep(
                g,
                personen * basis,
                feit(f"fte_{g}_basis"),
                (
                    *(feit(f"uitstroom_{g}_basis_{TELWOORD[j]}") for j in (5, 10)),
                    *(waarde(f"raming_uitstroom_{g}_{j}") for j in (15, 20)),
                ),
                tuple(waarde(f"raming_rendement_{g}_{j}") for j in RENDEMENT_JAREN),
                opleiding,
                buitenland,
            )
            for g, (basis, opleiding, buitenland) in delen.items()
        )
    basisjaar = int(RAMINGSJAAR)
    return Ramingparameters(
        basisjaar=basisjaar,
        groepen=groepen,
        instroom=feit("n_inopleiding_perjaar"),
        duur=feit("opleidingsduur", groep="Opleiding"),
        intern=feit("intern_rendement"),
        buitenland=feit("n_buitenland"),
        onvervuld=feit("onv_vraag_midden"),
        demografie=tuple(feit(f"demo_{j}_midden") for j in UITSTROOM_JAREN),
        termen={t: feit(f"{t}_midden") for t in TERMEN},
        vanaf=waarde("raming_bijsturingsjaar"),
        trendjaren=waarde("raming_trendjaar") - basisjaar,
        advies=feit("instroomadvies_per_jaar", thema="opleiding"),
        evenwichtsjaren=(int(feit("evenwichtsjaar1")), int(feit("evenwichtsjaar2"))),
        feiten=tuple(gebruikt),
    )


def zonder_termen(parameters: Ramingparameters) -> Ramingparameters:
    """The same parameters with every term outside demography at zero."""
    return replace(parameters, termen=dict.fromkeys(parameters.termen, 0.0))


def feitentabel(feiten: pd.DataFrame | None) -> pd.DataFrame:
    """The table of facts that was given, or that of the snapshot; refuses anything else."""
    if feiten is None:
        return load_feiten()
    if not isinstance(feiten, pd.DataFrame):
        raise ParameterFout(
            f"feiten is geen tabel maar {type(feiten).__name__}; geef hd.load_feiten() mee of laat feiten weg"
        )
    if mist := [k for k in FEITKOLOMMEN if k not in feiten]:
        raise ParameterFout(
            f"feiten mist de kolommen {', '.join(mist)}; geef hd.load_feiten() mee of laat feiten weg"
        )
    return feiten


def kies_parameters(
    parameters: Ramingparameters | None, feiten: pd.DataFrame | None = None
) -> Ramingparameters:
    """The parameters that were given, or those of the table of facts; refuses anything else."""
    if parameters is None:
        return ramingparameters(feiten)
    if not isinstance(parameters, Ramingparameters):
        raise ParameterFout(
            f"parameters is {type(parameters).__name__}; geef de uitkomst van ramingparameters() of laat parameters weg"
        )
    return parameters


def keur_drietal(
    naam: str, drietal: tuple[float, float, float] | None, standaard: str
) -> tuple[float, float, float]:
    """Three chances (laag, midden, hoog), or those of a parameter when none are given."""
    if drietal is None:
        q = parameter(standaard)
        if q.laag is None or q.hoog is None:
            raise ParameterFout(f"parameter '{standaard}' heeft geen laag en hoog; vul ze in")
        return q.laag, q.waarde, q.hoog
    los: object = drietal
    getallen = list(los) if isinstance(los, (tuple, list, np.ndarray, pd.Series)) else []
    goed = len(getallen) == 3 and all(
        isinstance(k, (int, float, np.number)) and not isinstance(k, bool) and 0 <= k <= 1 for k in getallen
    )
    if not goed or sorted(getallen) != getallen:
        raise ParameterFout(
            f"{naam}={drietal!r} kan niet; geef (laag, midden, hoog), elk van 0 tot en met 1, oplopend"
        )
    laag, midden, hoog = (float(k) for k in getallen)
    return laag, midden, hoog


def afgerond_tussen(begin: float, eind: float, *, duur: float) -> float:
    """Years of intake, from `begin` on, that have completed training by `eind`."""
    return max(0.0, eind - begin - duur)


def keur_variant(variant: object) -> None:
    """Refuse a demand variant that does not exist."""
    if not isinstance(variant, str) or variant not in VARIANTEN:
        raise ParameterFout(f"variant {variant!r} kan niet; kies uit {', '.join(VARIANTEN)}")


def keur_jaar(jaar: object, eerste: int, laatste: int, naam: str = "jaar") -> None:
    """Refuse a year that is not a whole number within the curves."""
    heel = isinstance(jaar, (int, np.integer)) and not isinstance(jaar, bool)
    if not heel or not eerste <= jaar <= laatste:  # type: ignore[operator]
        raise ParameterFout(f"{naam}={jaar!r} kan niet; kies een jaar van {eerste} tot en met {laatste}")


def _lijn(x: float | Vector, xs: Sequence[float], ys: Sequence[float]) -> Vector:
    """Straight lines between points; beyond the last one its slope goes on."""
    t = np.asarray(x, dtype=np.float64)
    helling = (ys[-1] - ys[-2]) / (xs[-1] - xs[-2])
    uit: Vector = np.interp(t, xs, ys) + np.maximum(t - xs[-1], 0.0) * helling
    return uit
