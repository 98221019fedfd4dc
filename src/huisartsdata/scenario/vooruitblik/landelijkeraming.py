"""National stock and flow of GPs on the Capaciteitsorgaan's parameters, always in two demand variants.

With t the years since the base year and u, e, d the published curves, linear between their points (the
yield's first point is e(0) = 1; beyond the last point its last slope goes on)::

    stock(t)  = fte now x (1 - u(t))                                  who works now and has not left
              + sum_k completed(k) x e(t - k + 1/2) x fte             trained, or from abroad, in year k
    need(t)   = fte now x (1 + unmet) x (1 + d(t)) x (1 + sum of terms x min(t, trend years))

Who completes in year k started `duur` years before; a share `intern` completes. The terms outside demography
add up (the "additive, temporary trend" of the published scripts, which also put straight lines between the
points); variant "demografie" leaves them out. Which variant is right is a choice: it decides the sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.vooruitblik.ramingopzet import (
    LAATSTE_JAAR,
    VARIANTEN,
    keur_jaar,
    keur_variant,
    kies_parameters,
    ramingparameters,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.scenario.vooruitblik.ramingopzet import Ramingparameters, Ramingsgroep

    Vector = NDArray[np.float64]


def raming(
    *,
    tot: int = 2043,
    variant: str = "demografie",
    trendjaren: float | None = None,
    instroom: float | None = None,
    duur: float | None = None,
    vanaf: float | None = None,
    parameters: Ramingparameters | None = None,
) -> pd.DataFrame:
    """Stock, flow and need of the country by year; see the module for the formulas.

    Parameters
    ----------
    tot
        Last year, at most 2045.
    variant
        ``"demografie"`` or ``"alle_termen"``. Never show one without the other: `raming_beide`.
    trendjaren
        Years from 2025 that the terms outside demography go on; default 10 (their trend year is 2035).
    instroom
        People a year who start training from `vanaf` on; default as now (718).
    duur
        Years of training; default 3.2.
    vanaf
        First year in which intake can differ; default 2027.
    parameters
        Default `ramingparameters()`.

    Returns
    -------
    DataFrame
        Index `jaar` (1 January); `voorraad_fte`, `voorraad_personen`, and over the year before:
        `uitstroom_fte`, `instroom_opleiding_fte` (in training in 2025), `instroom_nieuw_fte` (started
        later), `instroom_buitenland_fte`; `nodig_fte` (unmet demand included) and `verschil_fte`
        (need - stock, negative is a surplus). Stock = stock a year before - outflow + the three inflows.

    Raises
    ------
    ParameterFout
        For an unknown variant, a year outside 2026-2045, or a negative number.

    Examples
    --------
    >>> r = raming(tot=2035, variant="alle_termen")
    >>> r.loc[2035, ["voorraad_fte", "nodig_fte"]].round(-1).astype(int).tolist()
    [12660, 15660]
    """
    p = kies_parameters(parameters)
    keur_variant(variant)
    keur_jaar(tot, p.basisjaar + 1, LAATSTE_JAAR, "tot")
    nieuw = p.instroom if instroom is None else _getal(instroom, "instroom")
    lengte = p.duur if duur is None else _getal(duur, "duur")
    start = (p.vanaf if vanaf is None else _getal(vanaf, "vanaf")) - p.basisjaar
    if start < 0:
        raise ParameterFout(f"vanaf={vanaf!r} kan niet; kies {p.basisjaar} of later")
    lang = p.trendjaren if trendjaren is None else _getal(trendjaren, "trendjaren")
    t = np.arange(tot - p.basisjaar + 1, dtype=np.float64)
    delen = np.zeros((6, len(t)))
    for g in p.groepen:
        delen += _stroom(p, g, t, nieuw=nieuw, duur=lengte, start=start)
    nodig = p.fte * (1 + p.onvervuld) * p.vraaggroei(t, variant, lang)
    namen = (
        "voorraad_fte", "voorraad_personen", "uitstroom_fte",
        "instroom_opleiding_fte", "instroom_nieuw_fte", "instroom_buitenland_fte",
    )  # fmt: skip
    uit = pd.DataFrame(
        dict(zip(namen, delen, strict=True)), index=pd.Index((p.basisjaar + t).astype(int), name="jaar")
    )
    uit.loc[p.basisjaar, list(namen[2:])] = np.nan
    return uit.assign(nodig_fte=nodig, verschil_fte=nodig - uit["voorraad_fte"])


def raming_beide(*, tot: int = 2043, **keuzen: Any) -> pd.DataFrame:
    """`raming` with both demand variants side by side; further arguments as there.

    Returns
    -------
    DataFrame
        Index `jaar`; stock and flow, `nodig_X_fte` and `verschil_X_fte` for X demografie and alle_termen.

    Examples
    --------
    >>> raming_beide(tot=2030).loc[2030, ["nodig_demografie_fte", "nodig_alle_termen_fte"]].round().tolist()
    [11940.0, 13492.0]
    """
    if "variant" in keuzen:
        raise ParameterFout("raming_beide geeft altijd beide varianten; laat variant weg")
    per = {v: raming(tot=tot, variant=v, **keuzen) for v in VARIANTEN}
    uit = per[VARIANTEN[0]].drop(columns=["nodig_fte", "verschil_fte"])
    for soort in ("nodig", "verschil"):
        for v in VARIANTEN:
            uit[f"{soort}_{v}_fte"] = per[v][f"{soort}_fte"]
    return uit


def evenwichtsinstroom(
    *,
    jaar: int = 2043,
    variant: str = "alle_termen",
    trendjaren: float | None = None,
    duur: float | None = None,
    vanaf: float | None = None,
    parameters: Ramingparameters | None = None,
) -> float:
    """Intake a year, from `vanaf` on, with which stock and need are equal in `jaar`.

    Stock is a straight line in intake, so two runs give the answer. Below today's 718 it means that
    today's intake is more than enough in this variant.

    Raises
    ------
    ParameterFout
        When nobody who starts from `vanaf` on is trained before `jaar`, or for an argument that cannot be.

    Examples
    --------
    >>> round(evenwichtsinstroom()), round(evenwichtsinstroom(variant="demografie"))
    (1011, 610)
    """
    p = kies_parameters(parameters)
    keur_jaar(jaar, p.basisjaar + 1, LAATSTE_JAAR, "jaar")
    begin = p.vanaf if vanaf is None else _getal(vanaf, "vanaf")
    lengte = p.duur if duur is None else _getal(duur, "duur")
    if begin + lengte >= jaar:
        raise ParameterFout(
            f"wie in {begin:g} begint is in {jaar} nog niet opgeleid; kies een jaar na {begin + lengte:g}"
        )

    def verschil(instroom: float) -> float:
        r = raming(
            tot=jaar, variant=variant, trendjaren=trendjaren, instroom=instroom, duur=duur, vanaf=vanaf,
            parameters=p,
        )  # fmt: skip
        return float(r["verschil_fte"].loc[jaar])

    zonder, met = verschil(0.0), verschil(p.instroom)
    return p.instroom * zonder / (zonder - met)


def evenwichtstabel(
    *,
    jaar: int | Sequence[int] | None = None,
    variant: str = "alle_termen",
    trendjaren: Sequence[float] = (10, 15, 18),
    duren: Sequence[float] = (3.0, 3.2),
    vanaf: Sequence[float] = (2025, 2027),
    feiten: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Balancing intake under every combination of rules, beside the advice that was published.

    Parameters
    ----------
    jaar
        Year or years in which need and supply must be equal; default both of the published parameter
        file (2037 and 2043). It matters most: an earlier year needs a far larger intake.
    variant
        Demand variant. In ``"demografie"`` there are no trends, so `trendjaren` plays no part.
    trendjaren, duren, vanaf
        Years that trends last, years of training (the file has 3.0 and 3.2), first year of steering.
    feiten
        Table of facts.

    Returns
    -------
    DataFrame
        One row per combination: `variant`, `jaar`, `naar_geslacht`, `vanaf`, `duur`, `trendjaren`,
        `instroom`, `verschil` (with the published advice), `dichtstbij` (the one nearest to it),
        `eigen_regels` (the rules of the published parameter file itself: steering from 2027, trends for
        ten years, 3.2 years of training, women and men apart, all terms; once for each of its years).

    Raises
    ------
    ParameterFout
        For an unknown variant, an empty list, or a year, duration or start that cannot be.
    """
    keur_variant(variant)
    rijen = []
    for apart in (False, True):
        p = ramingparameters(feiten, naar_geslacht=apart)
        met_trend = variant != VARIANTEN[0]
        assen = (
            _reeks(p.evenwichtsjaren if jaar is None else jaar, "jaar"),
            _reeks(vanaf, "vanaf"),
            _reeks(duren, "duren"),
            _reeks(trendjaren, "trendjaren") if met_trend else [p.trendjaren],
        )
        for j, begin, d, lang in product(*assen):
            x = evenwichtsinstroom(
                jaar=j, variant=variant, trendjaren=lang, duur=d, vanaf=begin, parameters=p
            )
            eigen = (
                met_trend
                and apart
                and (begin, d, lang) == (p.vanaf, p.duur, p.trendjaren)
                and j in p.evenwichtsjaren
            )
            rijen.append((variant, j, apart, begin, d, lang, x, x - p.advies, eigen))
    namen = [
        "variant",
        "jaar",
        "naar_geslacht",
        "vanaf",
        "duur",
        "trendjaren",
        "instroom",
        "verschil",
        "eigen_regels",
    ]
    uit = pd.DataFrame(rijen, columns=namen)
    uit.insert(8, "dichtstbij", uit["verschil"].abs() == uit["verschil"].abs().min())
    return uit


def verklaar_evenwicht(tabel: pd.DataFrame) -> str:
    """One Dutch paragraph on how the published advice lies among the balancing intakes of a table.

    Raises
    ------
    ParameterFout
        For a table that is not of `evenwichtstabel`.
    """
    if (
        not isinstance(tabel, pd.DataFrame)
        or not {"variant", "jaar", "eigen_regels"} <= set(tabel)
        or tabel.empty
    ):
        raise ParameterFout("geef een tabel van evenwichtstabel")
    advies = float((tabel["instroom"] - tabel["verschil"]).iloc[0])
    plaats = tabel["instroom"].to_numpy()
    laag, hoog = tabel.iloc[int(plaats.argmin())], tabel.iloc[int(plaats.argmax())]
    met_trend = tabel["variant"].iloc[0] != VARIANTEN[0]

    def regel(r: pd.Series) -> str:
        wijze = "vrouwen en mannen apart" if r["naar_geslacht"] else "alle huisartsen samen"
        delen = [f"evenwicht in {r['jaar']:.0f}", wijze, f"sturen vanaf {r['vanaf']:.0f}"]
        duur = f"{_nl(r['duur'])} jaar opleiding"
        trend = f" en trends die {r['trendjaren']:.0f} jaar duren" if met_trend else ""
        return ", ".join([*delen, duur + trend])

    band = (
        f"De instroom die vraag en aanbod gelijk maakt, loopt van {_heel(laag['instroom'])} ({regel(laag)}) "
        f"tot {_heel(hoog['instroom'])} ({regel(hoog)})."
    )
    if not met_trend:
        return (
            f"Met alleen demografie: {band[0].lower()}{band[1:]} Het gepubliceerde advies ({_heel(advies)}) rekent ook "
            "met de termen buiten demografie en is hier niet mee te vergelijken."
        )
    beste = tabel[tabel["dichtstbij"]].iloc[0]
    uit = (
        f"{band} Het gepubliceerde advies is {_heel(advies)}. Het dichtst daarbij komt {_heel(beste['instroom'])}: "
        f"{regel(beste)}."
    )
    eigen = tabel[tabel["eigen_regels"]].sort_values("verschil", key=abs)
    if len(eigen):
        uitkomsten = " en ".join(
            f"{_heel(r['instroom'])} bij evenwicht in {r['jaar']:.0f}" for _, r in eigen.iterrows()
        )
        uit += f" Met de regels uit het parameterbestand zelf komt er {uitkomsten} uit."
    uit += (
        f" De overeenkomst met het advies hangt van deze keuzes af: {len(tabel)} combinaties zijn geprobeerd."
    )
    zelfde = ["jaar", "vanaf", "duur", "naar_geslacht"]
    basis = tabel[(tabel[zelfde] == beste[zelfde]).all(axis=1)]
    if np.ptp(basis["trendjaren"]) > 0:
        per_jaar = np.ptp(basis["instroom"]) / np.ptp(basis["trendjaren"])
        uit += (
            f" Elk jaar dat de trends langer duren, vraagt {per_jaar:.0f} mensen per jaar meer in opleiding."
        )
    return uit


def _stroom(
    p: Ramingparameters, g: Ramingsgroep, t: Vector, *, nieuw: float, duur: float, start: float
) -> NDArray[np.float64]:
    """Stock (fte, persons), outflow and the three inflows (fte) of one group, by year."""
    jaren = t[1:]
    in_opleiding, van_nu, later = _afgerond(jaren, duur, start)
    opgeleid = p.intern * g.aandeel_opleiding * (p.instroom * (in_opleiding + van_nu) + nieuw * later)
    opleiding = p.intern * g.aandeel_opleiding * p.instroom * in_opleiding
    buitenland = np.full(len(jaren), p.buitenland * g.aandeel_buitenland)
    erbij = opgeleid + buitenland
    # entrants come halfway through a year on average
    leeftijd = t[:, None] - jaren[None, :] + 0.5
    binnen = leeftijd > 0
    over = np.where(binnen, g.werkt(np.maximum(leeftijd, 0.0)), 0.0) @ erbij
    blijft = g.personen * (1 - g.weg(t))
    personen = blijft + over
    weg = np.zeros(len(t))
    # counted on its own, cohort by cohort, so that the balance of stock and flow is a check
    nu = np.where(binnen, g.werkt(np.maximum(leeftijd, 0.0)), 1.0)
    weg[1:] = (nu[:-1] - nu[1:]) @ erbij - np.diff(blijft)
    stroom = np.zeros((4, len(t)))
    stroom[0] = weg
    stroom[1, 1:], stroom[2, 1:], stroom[3, 1:] = opleiding, opgeleid - opleiding, buitenland
    uit: NDArray[np.float64] = np.vstack([personen * g.fte, personen, stroom * g.fte])
    return uit


def _afgerond(jaren: Vector, duur: float, start: float) -> tuple[Vector, Vector, Vector]:
    """Years' worth of intake that completes in each year: begun before the base year, before and after `start`.

    Who completes in (k - 1, k] began in (k - 1 - duur, k - duur].
    """
    eind = jaren - duur
    begin = eind - 1
    in_opleiding = np.clip(-begin, 0, 1)
    later = np.clip(eind - start, 0, 1) if start > 0 else 1 - in_opleiding
    return in_opleiding, 1 - in_opleiding - later, later


def _reeks(x: object, naam: str) -> list[Any]:
    """One value or several, as a list without doubles."""
    delen = [x] if isinstance(x, (int, float, np.number)) and naam == "jaar" else x
    if isinstance(delen, str) or not isinstance(delen, Iterable) or not (lijst := list(delen)):
        raise ParameterFout(f"{naam}={x!r} kan niet; geef een lijst met minstens één getal")
    for getal in lijst:
        _getal(getal, naam)
    return list(dict.fromkeys(lijst))


def _heel(x: float) -> str:
    """A whole number with the Dutch thousands point."""
    return f"{x:,.0f}".replace(",", ".")


def _getal(x: object, naam: str) -> float:
    goed = isinstance(x, (int, float, np.number)) and not isinstance(x, bool)
    if not goed or not np.isfinite(x) or x < 0:  # type: ignore[call-overload, operator]
        raise ParameterFout(f"{naam}={x!r} kan niet; geef een getal van 0 of meer")
    return float(x)  # type: ignore[arg-type]


def _nl(x: float) -> str:
    return f"{x:.1f}".replace(".", ",")
