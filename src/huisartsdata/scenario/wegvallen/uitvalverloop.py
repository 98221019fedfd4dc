"""A practice falls out: what each measure does over time, month by month and draw by draw.

What the letter of the minister of VWS (12 December 2025) says: the kinds of measures, who acts, and that
nearly 6,000 patients are hit (see `uitvalmaatregelen`). Every number over time is an own assumption, of
the package or of whoever makes the measures: moments, fte, shares, the pace at which neighbours register.

The dynamics, per draw, with N patients hit, R the room of the neighbours (N less those who find no place,
from `uitval`), t the pace and m the month::

    with neighbours  B(m) = R min(1, t m)
    with practices   P(m) = sum of what reopened, taken-over and new practices hold by then
    vast             V(m) = min(N, B(m) + P(m))
    tijdelijk        T(m) = min(N - V(m), C(m)),  C(m) = fte of the cover x people per fte
    zonder           N - V(m) - T(m)

Who has registered stays there; who is under cover is helped, not placed, and keeps looking. Row m is the
state during month m; the outage is at the start of month 0, the last row is the state at the horizon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.wegvallen.uitvalmaatregelen import (
    BRIEF,
    MAX_MAANDEN,
    TOEZICHT,
    WAARNEMING,
    WIE,
    Maatregel,
    deel_binnen_bereik,
    grenzen,
    keur_bereik,
    kies,
    trek_loten,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Point

    from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval
    from huisartsdata.scenario.wegvallen.uitvalmaatregelen import Bereik

    Getallen = NDArray[np.float64]

BAND = (0.05, 0.95)  # of every outcome: 90% of the draws over the assumptions, which is no probability
NIETS_ERBIJ = 1e-3  # patient-months: far above rounding, far below one person
GRENS_ZONDER = 0.05  # own choice: fewer than this share without a place counts as solved
NIETS = "niets doen"
MAX_SEED = 2**64  # a seed is the key of the random streams
MAX_MENSEN = 100_000  # people per fte: far beyond any practice, so a slip of the pen


@dataclass(frozen=True, eq=False)
class Werking:
    """What a package gives per month (rows) and draw (columns).

    Attributes
    ----------
    plaatsen
        People that reopened, taken-over and new practices can hold.
    hulp
        People that cover can help.
    fte_verplaatst, fte_terug, fte_toegevoegd
        Fte taken from elsewhere, fte of the lost practice that is back, and fte on top of the supply.
    """

    plaatsen: Getallen
    hulp: Getallen
    fte_verplaatst: Getallen
    fte_terug: Getallen
    fte_toegevoegd: Getallen


def bereken_werking(
    maatregelen: list[Maatregel],
    loten: Mapping[str, Getallen],
    *,
    maanden: int,
    patienten: float,
    fte_verloren: float,
    mensen_per_fte: Getallen,
    binnen_bereik: Mapping[Point, float] = MappingProxyType({}),
) -> Werking:
    """Add the measures up, month by month and draw by draw.

    Parameters
    ----------
    maatregelen
        The package; its order does not matter.
    loten
        From `trek_loten`.
    maanden
        Last month; the first is 0.
    patienten, fte_verloren
        Size of the practice that fell out, in people and fte.
    mensen_per_fte
        People that one fte serves, per draw.
    binnen_bereik
        Share of the patients within reach of a new practice, by its point; 1 where it is not given.
    """
    maand = np.arange(maanden + 1.0)[:, None]
    vorm = (maanden + 1, len(mensen_per_fte))
    plaatsen, hulp, verplaatst, terug, toegevoegd = (np.zeros(vorm) for _ in range(5))
    for m in maatregelen:
        actief = maand >= kies(m.vanaf_maand, loten[f"{m.soort}.vanaf_maand"], heel=True)
        if m.tot_maand is not None:
            actief &= maand < kies(m.tot_maand, loten[f"{m.soort}.tot_maand"], heel=True)
        if m.aandeel is not None:
            deel = kies(m.aandeel, loten[f"{m.soort}.aandeel"])
            fte, mensen = deel * fte_verloren, deel * patienten
        else:
            fte = kies(m.fte or 0.0, loten[f"{m.soort}.fte"])
            mensen = fte * mensen_per_fte
        if m.punt is not None:
            mensen = np.minimum(mensen, binnen_bereik.get(m.punt, 1.0) * patienten)
        doel = hulp if m.soort == WAARNEMING else plaatsen
        doel += actief * op_rooster(mensen)
        if not m.extra:
            verplaatst += actief * fte
        if m.aandeel is not None:
            terug += actief * fte
        elif m.extra:
            toegevoegd += actief * fte
    # reopening and take-over are about one practice: no more of it comes back than was lost
    return Werking(plaatsen, hulp, verplaatst, np.minimum(terug, fte_verloren), toegevoegd)


def op_rooster(mensen: Getallen) -> Getallen:
    """People rounded to 2^-20 of one: sums of such numbers are exact, so that nobody is lost or counted twice."""
    return np.rint(mensen * 2.0**20) / 2.0**20


def tel_verloop(
    patienten: float, ruimte: Getallen, tempo: Getallen, plaatsen: Getallen, hulp: Getallen
) -> tuple[Getallen, Getallen, Getallen]:
    """People without a place, under cover, and with a fixed practice, per month (rows) and draw (columns).

    The three add up to `patienten` exactly.

    Parameters
    ----------
    patienten
        People hit.
    ruimte
        How many of them neighbours take in the end, per draw.
    tempo
        Share of that room that fills per month, per draw.
    plaatsen, hulp
        As in `Werking`: months x draws.

    Examples
    --------
    >>> ruimte, tempo, leeg = np.array([40.0]), np.array([0.5]), np.zeros((3, 1))
    >>> zonder, tijdelijk, vast = tel_verloop(100, ruimte, tempo, leeg, leeg + 70)
    >>> zonder.ravel().tolist(), tijdelijk.ravel().tolist(), vast.ravel().tolist()
    ([30.0, 10.0, 0.0], [70.0, 70.0, 60.0], [0.0, 20.0, 40.0])
    """
    n = op_rooster(np.asarray(patienten, dtype=np.float64))
    maand = np.arange(len(plaatsen), dtype=np.float64)[:, None]
    buren = op_rooster(np.minimum(op_rooster(ruimte), n) * np.minimum(1.0, tempo * maand))
    vast = np.minimum(n, buren + op_rooster(plaatsen))
    tijdelijk = np.minimum(n - vast, op_rooster(hulp))
    return n - vast - tijdelijk, tijdelijk, vast


@dataclass(frozen=True, eq=False, repr=False)
class Verloop:
    """How many patients are without a place, month by month; made by `verloop`.

    Attributes
    ----------
    patienten
        People hit.
    maanden
        Index `maand`; for `zonder` (no fixed practice, no cover), `tijdelijk` (helped by cover, no fixed
        practice), `vast` (registered with a neighbour or a reopened, taken-over or new practice),
        `elders_minder` (people elsewhere whose fte was moved here), `fte_verplaatst`, `fte_terug` and
        `fte_toegevoegd` the columns `X_midden`, `X_laag`, `X_hoog` (median and 90% of the draws over the
        assumptions) and `X_verwacht` (mean). Means of zonder, tijdelijk and vast add up to `patienten`,
        medians need not.
    zonder, tijdelijk, vast, elders_minder
        The draws behind them: by month, one column per draw.
    patientmaanden
        Per draw: sum of `zonder` over the months before the horizon.
    patientmaanden_zonder
        Its midden, laag, hoog and verwacht.
    fte_verplaatst
        Fte that the package takes from elsewhere, by month: midden, laag, hoog, verwacht.
    maatregelen
        The package.
    aannames
        Name -> `waarde` (None: drawn), `laag`, `hoog`, `status`, `bron`; with those of the outage.
    """

    patienten: float
    maanden: pd.DataFrame
    zonder: pd.DataFrame
    tijdelijk: pd.DataFrame
    vast: pd.DataFrame
    elders_minder: pd.DataFrame
    patientmaanden: pd.Series
    patientmaanden_zonder: pd.Series
    fte_verplaatst: pd.DataFrame
    maatregelen: tuple[Maatregel, ...]
    aannames: Mapping[str, Mapping[str, Any]]

    def __repr__(self) -> str:
        aantal = len(self.maatregelen)
        pakket = "1 maatregel" if aantal == 1 else f"{aantal or 'geen'} maatregelen"
        return (
            f"{type(self).__name__}({self.patienten:g} patiënten, {pakket}, {len(self.maanden) - 1} maanden, "
            f"{len(self.patientmaanden)} trekkingen)"
        )


def verloop(
    uitval: Uitval,
    maatregelen: Sequence[Maatregel] = (),
    *,
    maanden: int = 24,
    inschrijftempo: Bereik | None = None,
    mensen_per_fte: Bereik | None = None,
    trekkingen: int | None = None,
    seed: int = 0,
) -> Verloop:
    """Patients without a place per month under a package of measures.

    More measures never leave more people without a place, in any month of any draw: they share the same
    draws. Without measures the outcome ends at the `zonder_plek` of the outage.

    Parameters
    ----------
    uitval
        The practice that fell out.
    maatregelen
        The package; empty: neighbours only.
    maanden
        Horizon.
    inschrijftempo
        Share of the neighbours' room that fills per month: a number, or a pair to draw from. Default the
        range of parameter `uitval_inschrijftempo`, an own assumption.
    mensen_per_fte
        People that one fte of cover or of a new practice serves; default as many as one fte of the
        practice that fell out.
    trekkingen
        Draws: the first so many of the outage's; default all.
    seed
        Fixes what is drawn here.

    Raises
    ------
    ParameterFout
        For a measure, number of months, pace or number of draws that makes no sense.

    Examples
    --------
    >>> from huisartsdata.scenario.wegvallen.uitvalmaatregelen import heropening, waarneming
    >>> from types import SimpleNamespace  # of the outage only these fields are read
    >>> u = SimpleNamespace(patienten=6000, fte=3.0, zonder_plek=pd.Series([4000.0]), aannames={})
    >>> v = verloop(u, [waarneming(1, tot=12), heropening(12)], inschrijftempo=0.25)
    >>> v.maanden.loc[[0, 4, 11, 12], ["zonder_midden", "tijdelijk_midden", "vast_midden"]].astype(int)
           zonder_midden  tijdelijk_midden  vast_midden
    maand
    0               4000              2000            0
    4               2000              2000         2000
    11              2000              2000         2000
    12                 0                 0         6000
    """
    pakket = _pakket(maatregelen)
    _keur_uitval(uitval)
    keur_bereik(maanden, "maanden", heel=True, laagste=1, hoogste=MAX_MAANDEN, los=True)
    maanden = int(maanden)
    zonder_plek = _zonder_plek(uitval, trekkingen)
    loten = trek_loten(len(zonder_plek), _seed(seed))
    eigen = (inschrijftempo is not None, mensen_per_fte is not None)
    if inschrijftempo is None:
        p = parameter("uitval_inschrijftempo")
        inschrijftempo = (p.waarde if p.laag is None else p.laag, p.waarde if p.hoog is None else p.hoog)
    keur_bereik(inschrijftempo, "inschrijftempo", hoogste=1.0)
    if mensen_per_fte is None:
        mensen_per_fte = uitval.patienten / uitval.fte
    else:
        keur_bereik(mensen_per_fte, "mensen_per_fte", laagste=1.0, hoogste=MAX_MENSEN)
    per_fte = kies(mensen_per_fte, loten["mensen_per_fte"])
    werking = bereken_werking(
        pakket,
        loten,
        maanden=maanden,
        patienten=uitval.patienten,
        fte_verloren=uitval.fte,
        mensen_per_fte=per_fte,
        binnen_bereik={m.punt: deel_binnen_bereik(uitval, m.punt) for m in pakket if m.punt is not None},
    )
    zonder, tijdelijk, vast = tel_verloop(
        uitval.patienten,
        uitval.patienten - zonder_plek,
        kies(inschrijftempo, loten["inschrijftempo"]),
        werking.plaatsen,
        werking.hulp,
    )
    elders = werking.fte_verplaatst * per_fte
    reeksen = {
        "zonder": zonder,
        "tijdelijk": tijdelijk,
        "vast": vast,
        "elders_minder": elders,
        "fte_verplaatst": werking.fte_verplaatst,
        "fte_terug": werking.fte_terug,
        "fte_toegevoegd": werking.fte_toegevoegd,
    }
    maand = pd.RangeIndex(maanden + 1, name="maand")
    samen = {naam: _band(reeks).set_index(maand) for naam, reeks in reeksen.items()}
    patientmaanden = zonder[:-1].sum(axis=0)
    frames = {naam: pd.DataFrame(reeksen[naam], index=maand) for naam in ("zonder", "tijdelijk", "vast")}
    return Verloop(
        patienten=uitval.patienten,
        maanden=pd.concat([band.add_prefix(f"{naam}_") for naam, band in samen.items()], axis=1),
        **frames,
        elders_minder=pd.DataFrame(elders, index=maand),
        patientmaanden=pd.Series(patientmaanden, name="patientmaanden"),
        patientmaanden_zonder=_band(patientmaanden[None, :]).iloc[0].rename("patientmaanden_zonder"),
        fte_verplaatst=samen["fte_verplaatst"],
        maatregelen=tuple(pakket),
        aannames=_aannames(uitval, pakket, inschrijftempo, mensen_per_fte, eigen),
    )


def vergelijk(
    uitval: Uitval,
    pakketten: Mapping[str, Sequence[Maatregel]],
    *,
    maanden: int = 24,
    inschrijftempo: Bereik | None = None,
    mensen_per_fte: Bereik | None = None,
    trekkingen: int | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Packages side by side, on the same draws.

    Parameters
    ----------
    uitval
        The practice that fell out.
    pakketten
        Name -> measures. Doing nothing is put first when no package is empty.
    maanden, inschrijftempo, mensen_per_fte, trekkingen, seed
        As for `verloop`.

    Returns
    -------
    DataFrame
        Index `pakket`; with X_midden, X_laag, X_hoog (90% of the draws over the assumptions) for
        `patientmaanden` (without a place), `minder` (fewer than when nothing is done, within a draw),
        `elders` (patient-months elsewhere that the moved fte costs), `netto` (minder less elders), `maand`
        (from which on fewer than 5% are without, until the horizon; NaN: not within it) and `einde` (people
        without a fixed practice at the horizon); `kans_beter` (share of draws with fewer patient-months
        than doing nothing, for these patients alone), `kans_netto_beter` (the same with what others
        elsewhere lose counted), `kans_opgelost` (share in which `maand` exists), `fte_verplaatst`,
        `fte_terug`, `fte_toegevoegd` (highest in any month, mean of the draws), and texts: `maatregelen`,
        `wanneer`, `wie`, `toezicht`, `bron`.

    Raises
    ------
    ParameterFout
        As `verloop`, and for packages that are no mapping of names to lists.

    Examples
    --------
    >>> from huisartsdata.scenario.wegvallen.uitvalmaatregelen import heropening, waarneming
    >>> from types import SimpleNamespace  # of the outage only these fields are read
    >>> u = SimpleNamespace(patienten=6000, fte=3.0, zonder_plek=pd.Series([4000.0]), aannames={})
    >>> vergelijk(u, {"heropening": [heropening(6)]}, inschrijftempo=0.25)["wanneer"].to_dict()
    {'niets doen': 'niet binnen 24 maanden', 'heropening': 'maand 6'}
    """
    if not isinstance(pakketten, Mapping) or not all(isinstance(naam, str) and naam for naam in pakketten):
        raise ParameterFout("geef pakketten als dict van naam naar lijst van maatregelen")
    lijsten = {naam: _pakket(lijst) for naam, lijst in pakketten.items()}
    if all(lijsten.values()):
        if NIETS in lijsten:
            raise ParameterFout(f"'{NIETS}' is de naam van het lege pakket; kies een andere naam")
        lijsten = {NIETS: [], **lijsten}
    reken = partial(
        verloop,
        uitval,
        maanden=maanden,
        inschrijftempo=inschrijftempo,
        mensen_per_fte=mensen_per_fte,
        trekkingen=trekkingen,
        seed=seed,
    )
    niets = reken()
    rijen = [_rij(reken(lijst) if lijst else niets, niets) for lijst in lijsten.values()]
    return pd.DataFrame(rijen, index=pd.Index(list(lijsten), name="pakket"))


def _rij(v: Verloop, niets: Verloop) -> dict[str, object]:
    zonder = v.zonder.to_numpy()
    minder = (niets.patientmaanden - v.patientmaanden).to_numpy()
    elders = v.elders_minder.to_numpy()[:-1].sum(axis=0)
    # the last month with too many, and then one: a month that is followed by a relapse does not count
    te_veel = zonder >= GRENS_ZONDER * v.patienten
    maand = np.where(te_veel.any(axis=0), len(zonder) - np.argmax(te_veel[::-1], axis=0), 0).astype(float)
    maand[maand == len(zonder)] = np.inf
    uit: dict[str, object] = {"maatregelen": "; ".join(m.beschrijving for m in v.maatregelen) or "geen"}
    for naam, reeks in (
        ("patientmaanden", v.patientmaanden.to_numpy()),
        ("minder", minder),
        ("elders", elders),
        ("netto", minder - elders),
    ):
        band = _band(reeks[None, :]).iloc[0]
        uit |= {f"{naam}_{k}": float(band[k]) for k in ("midden", "laag", "hoog")}
    kwantielen = np.quantile(maand, [0.5, *BAND], method="inverted_cdf")
    uit |= {
        f"maand_{k}": float(x) if np.isfinite(x) else np.nan
        for k, x in zip(("midden", "laag", "hoog"), kwantielen, strict=True)
    }
    einde = _band((v.patienten - v.vast.to_numpy()[-1])[None, :]).iloc[0]
    uit |= {f"einde_{k}": float(einde[k]) for k in ("midden", "laag", "hoog")}
    uit |= {
        "kans_beter": float((minder > 0).mean()),
        "kans_netto_beter": float((minder - elders > NIETS_ERBIJ).mean()),
        "kans_opgelost": float(np.isfinite(maand).mean()),
    }
    for naam in ("fte_verplaatst", "fte_terug", "fte_toegevoegd"):
        uit[naam] = float(v.maanden[f"{naam}_verwacht"].max())
    wie = dict.fromkeys(WIE[m.soort] for m in v.maatregelen)
    return uit | {
        "wanneer": _wanneer(kwantielen, len(zonder) - 1),
        "wie": "; ".join(wie) or "buurpraktijken, zonder maatregel",
        "toezicht": TOEZICHT,
        "bron": f"{BRIEF} (soorten maatregelen, wie en toezicht); aantallen en momenten: eigen aannames",
    }


def _wanneer(kwantielen: Getallen, horizon: int) -> str:
    nooit = f"niet binnen {horizon} maanden"
    midden, laag, hoog = (f"maand {x:.0f}" if np.isfinite(x) else nooit for x in kwantielen)
    return midden if laag == hoog else f"{midden} (90% van de trekkingen: {laag} – {hoog})"


def _band(reeks: Getallen) -> pd.DataFrame:
    """Median, 90% and mean of the draws (columns), per row."""
    midden, laag, hoog = np.quantile(reeks, [0.5, *BAND], axis=1)
    return pd.DataFrame({"midden": midden, "laag": laag, "hoog": hoog, "verwacht": reeks.mean(axis=1)})


def _pakket(maatregelen: object) -> list[Maatregel]:
    goed = isinstance(maatregelen, Sequence) and all(isinstance(m, Maatregel) for m in maatregelen)
    if not goed:
        raise ParameterFout(
            f"{maatregelen!r:.80} is geen lijst van maatregelen; maak ze met waarneming, heropening, "
            "overname of nieuwe_praktijk en geef een lijst, ook bij één"
        )
    return list(maatregelen)  # type: ignore[call-overload, no-any-return]


def _keur_uitval(uitval: object) -> None:
    if not all(hasattr(uitval, veld) for veld in ("patienten", "fte", "zonder_plek", "aannames")):
        raise ParameterFout(f"{uitval!r:.60} is geen uitval; maak er een met uitval(...)")


def _seed(seed: int) -> int:
    if not isinstance(seed, (int, np.integer)) or isinstance(seed, bool) or not 0 <= seed < MAX_SEED:
        raise ParameterFout(f"seed={seed!r:.60} kan niet; geef een heel getal van 0 of meer, onder 2^64")
    return int(seed)


def _zonder_plek(uitval: Uitval, trekkingen: int | None) -> Getallen:
    alle = np.atleast_1d(np.asarray(uitval.zonder_plek, dtype=np.float64))
    if trekkingen is None:
        return alle
    keur_bereik(trekkingen, "trekkingen", heel=True, laagste=1, los=True)
    if trekkingen > len(alle):
        raise ParameterFout(
            f"de uitval heeft {len(alle)} trekkingen, geen {trekkingen}; maak haar met meer trekkingen"
        )
    return alle[: int(trekkingen)]


def _aannames(
    uitval: Uitval, pakket: list[Maatregel], tempo: Bereik, mensen_per_fte: Bereik, eigen: tuple[bool, bool]
) -> Mapping[str, Mapping[str, Any]]:
    p = parameter("uitval_inschrijftempo")
    gekozen = ("aanname", "gekozen bij de aanroep")
    uit = dict(uitval.aannames)
    uit["inschrijftempo"] = _aanname(tempo, *(gekozen if eigen[0] else (p.status, p.bron)))
    uit["mensen_per_fte"] = _aanname(
        mensen_per_fte, *(gekozen if eigen[1] else ("aanname", "zoals in de praktijk die uitvalt"))
    )
    for i, m in enumerate(pakket, start=1):
        for veld in ("vanaf_maand", "tot_maand", "fte", "aandeel"):
            if (bereik := getattr(m, veld)) is not None:
                uit[f"{i}. {m.soort}, {veld}"] = _aanname(bereik, *gekozen)
    return MappingProxyType(uit)


def _aanname(bereik: Bereik, status: str, bron: str) -> Mapping[str, Any]:
    laag, hoog = grenzen(bereik)
    waarde = laag if laag == hoog else None  # None: drawn
    return MappingProxyType({"waarde": waarde, "laag": laag, "hoog": hoog, "status": status, "bron": bron})
