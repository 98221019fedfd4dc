"""What the supply estimate rests on, and how it does where the truth is public.

Two questions: which part of a region's posterior comes from data (share by region, leave one anchor out),
and does the same estimator, fed in England only what the Netherlands has, hold the English truth in its
intervals.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from huisartsdata.model.aanbod import Aanbodmodel, maak_aanbodmodel, stroom
from huisartsdata.model.aanbodprior import AanbodPrior, Ankers, maak_prior
from huisartsdata.model.aanbodregio import Vec, cel_kansen, maak_regiomodel, rooster_cellen, trek_regio

HEEL_GRAAFSCHAP = 0.95  # an area with more of its region's people has no error within it to learn from
SPLITSINGEN = ("graafschap", "lad")


def met_prior(model: Aanbodmodel, prior: AanbodPrior) -> Aanbodmodel:
    """Put the same model under other priors or anchors: only the regional posterior is computed again."""
    r = model.regio
    return replace(model, regio=maak_regiomodel(r.regios, r.inwoners, r.x, prior))


def trek_regiodichtheid(model: Aanbodmodel, *, trekkingen: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Draws of theta, the log fte density of each region around the country, before deliveries."""
    rijen = [trek_regio(model.regio, stroom(seed, k)).theta for k in range(trekkingen)]
    return pd.DataFrame(np.stack(rijen, axis=1), index=model.regio.regios)


def hyperparameters(model: Aanbodmodel) -> pd.DataFrame:
    """Prior and posterior of tau, w and lam on the grid: mean, 5th and 95th percentile.

    Index (parameter, `vooraf` or `na`); columns gemiddeld, p05, p95.
    """
    r, rijen = model.regio, {}
    vooraf = np.exp(rooster_cellen(r.prior)[3])
    for naam, waarde in (("tau", r.tau), ("w", r.gewicht), ("lam", r.menging)):
        orde = np.argsort(waarde, kind="stable")
        for soort, p in (("vooraf", vooraf / vooraf.sum()), ("na", cel_kansen(r))):
            plek = np.minimum(np.searchsorted(np.cumsum(p[orde]), [0.05, 0.95]), len(p) - 1)
            q = waarde[orde][plek]
            rijen[naam, soort] = {"gemiddeld": float(waarde @ p), "p05": q[0], "p95": q[1]}
    return pd.DataFrame(rijen).T


def databijdrage(model: Aanbodmodel, *, trekkingen: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Per region the prior and posterior of log density, and the share of it that comes from data.

    Prior: the published range only, no name, no practice. Share = 1 - var(posterior) / var(prior), in two
    steps: what practices and addresses take away, and what the named anchors do. Monte Carlo error about .03.

    Returns
    -------
    DataFrame
        Index region; vooraf_sd, na_gemiddeld, na_sd, na_p05, na_p95, deel_praktijken, deel_ankers, deel_data.
    """
    prior = model.regio.prior
    kaal = replace(prior, ankers=replace(prior.ankers, laagste=None, hoogste=(), waarden=()))
    zonder_praktijken = replace(kaal, gewicht=(0.0, 0.0, 0.0, 0.0))
    vooraf, met_x, na = (
        trek_regiodichtheid(met_prior(model, p), trekkingen=trekkingen, seed=seed)
        for p in (zonder_praktijken, kaal, prior)
    )
    v0, v1, v2 = (t.var(axis=1) for t in (vooraf, met_x, na))
    return pd.DataFrame(
        {
            "vooraf_sd": np.sqrt(v0),
            "na_gemiddeld": na.mean(axis=1),
            "na_sd": np.sqrt(v2),
            "na_p05": na.quantile(0.05, axis=1),
            "na_p95": na.quantile(0.95, axis=1),
            "deel_praktijken": 1 - v1 / v0,
            "deel_ankers": (v1 - v2) / v0,
            "deel_data": 1 - v2 / v0,
        }
    )


def laat_anker_weg(model: Aanbodmodel, *, trekkingen: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Ask the posterior without one anchor about the region of that anchor.

    Returns
    -------
    DataFrame
        Index region; met and zonder (posterior mean), zonder_p05, zonder_p95, kans_hoogste_drie,
        kans_laagste, kans_boven_land, all without the anchor.
    """
    prior = model.regio.prior
    a = prior.ankers
    met = trek_regiodichtheid(model, trekkingen=trekkingen, seed=seed).mean(axis=1)
    rijen = {}
    for code in [c for c in (a.laagste, *a.hoogste, *(w.regio for w in a.waarden)) if c]:
        ander = met_prior(model, replace(prior, ankers=a.zonder(code)))
        zonder = trek_regiodichtheid(ander, trekkingen=trekkingen, seed=seed)
        t, rang = zonder.loc[code], zonder.rank(ascending=False).loc[code]
        rijen[code] = {
            "met": met[code],
            "zonder": t.mean(),
            "zonder_p05": t.quantile(0.05),
            "zonder_p95": t.quantile(0.95),
            "kans_hoogste_drie": (rang <= 3).mean(),
            "kans_laagste": (rang == len(zonder)).mean(),
            "kans_boven_land": (t > 0).mean(),
        }
    return pd.DataFrame(rijen).T.rename_axis("regio")


def engeland_invoer(lad: pd.DataFrame, regio: pd.Series | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """English areas in the form of the Dutch tables: practices (one row each) and gemeenten.

    `lad` has index lad_code and columns graafschap, inwoners, praktijken, adressen (and the truth, which is
    not passed on). `regio` replaces the county as the region.
    """
    rij = lad.index.repeat(lad["praktijken"].astype(int))
    nummer = pd.Series(rij).groupby(rij.to_numpy()).cumcount()
    namen = [f"{code}-{n:03d}" for code, n in zip(rij, nummer, strict=True)]
    praktijken = pd.DataFrame({"gm_code": rij.to_numpy()}, index=pd.Index(namen, name="praktijk_id"))
    gemeenten = lad[["inwoners", "adressen"]].astype("float64")
    return praktijken, gemeenten.assign(regioplus_code=lad["graafschap"] if regio is None else regio)


def engeland_ankers(lad: pd.DataFrame, regio: pd.Series | None = None, *, namen: bool = True) -> Ankers:
    """Facts about the English regions of the kind that the Netherlands has, and no more.

    Range of GP persons per head on the Dutch scale and rounding (country 6.7), which region is lowest and
    which three are highest (`namen`).
    """
    land = maak_prior("zonder_wisselend").ankers.landelijk or math.nan
    som = lad.groupby(lad["graafschap"] if regio is None else regio)[["personen", "inwoners"]].sum()
    dichtheid = (som["personen"] / som["inwoners"]).sort_values()
    dichtheid *= land / (som["personen"].sum() / som["inwoners"].sum())
    return Ankers(
        laag=round(float(dichtheid.iloc[0]), 1),
        hoog=round(float(dichtheid.iloc[-1]), 1),
        landelijk=land,
        laagste=str(dichtheid.index[0]) if namen else None,
        hoogste=tuple(map(str, dichtheid.index[-3:])) if namen else (),
    )


def engeland_prior(lad: pd.DataFrame, fout: tuple[float, float], *, ankers: Ankers) -> AanbodPrior:
    """The Dutch prior with English anchors and the error (a, b) that was fitted on the training areas."""
    return replace(
        maak_prior("zonder_wisselend"),
        ankers=ankers,
        fout_vast=fout[0],
        fout_per_praktijk=fout[1],
        personen_per_praktijk=float(lad["inwoners"].sum() / lad["praktijken"].sum()),
    )


def maak_engelandmodel(
    lad: pd.DataFrame, prior: AanbodPrior, *, regio: pd.Series | None = None
) -> Aanbodmodel:
    """The Dutch estimator on English areas; of the truth it gets the national fte only."""
    return maak_aanbodmodel(
        *engeland_invoer(lad, regio),
        functie="zonder_wisselend",
        prior=prior,
        landelijk=float(lad["fte"].sum()),
    )


def schat_fout(
    lad: pd.DataFrame,
    masker: pd.Series,
    *,
    regio: pd.Series | None = None,
    gewicht: float | None = None,
) -> tuple[float, float]:
    """Error variance of areas within their region, a + b / practices, by maximum likelihood.

    Residual e of log density after `gewicht` times the practice index, around the people-weighted mean of its
    region: Var(e_i - sum_j s_j e_j) = v_i (1 - 2 s_i) + sum_j s_j^2 v_j.

    Parameters
    ----------
    lad
        Areas with their truth (fte).
    masker
        The areas that may be looked at.
    regio
        Region of each area; the county when not given.
    gewicht
        Weight on practices; the mean of the prior when not given.
    """
    deel = lad.loc[masker]
    groep = pd.factorize((lad["graafschap"] if regio is None else regio).loc[masker])[0]
    w = maak_prior("zonder_wisselend").gewicht[0] if gewicht is None else gewicht
    n, mensen = deel["praktijken"].to_numpy(np.float64), deel["inwoners"].to_numpy(np.float64)
    rest = np.log(deel["fte"].to_numpy(np.float64) / mensen) - w * np.log(n / mensen)
    s = mensen / np.bincount(groep, mensen)[groep]
    rest -= np.bincount(groep, rest * s)[groep]
    leert = s < HEEL_GRAAFSCHAP

    def tegen(p: Vec) -> float:
        v = math.exp(p[0]) + math.exp(p[1]) / n
        var = v * (1 - 2 * s) + np.bincount(groep, s**2 * v)[groep]
        return float(0.5 * np.sum(np.log(var[leert]) + rest[leert] ** 2 / var[leert]))

    # started at the values on all areas; the bounds keep a part that vanishes from running off
    uit = minimize(tegen, [-4.4, -1.6], method="Nelder-Mead", bounds=[(-12, 2), (-12, 4)])
    return math.exp(uit.x[0]), math.exp(uit.x[1])


def train_helft(lad: pd.DataFrame, *, splitsing: str, herhaling: int) -> pd.Series:
    """A random half to fit on, by whole counties or by area; the same for the same repeat."""
    rng = np.random.default_rng([herhaling, SPLITSINGEN.index(splitsing)])
    if splitsing == "lad":
        return pd.Series(rng.permutation(len(lad)) < len(lad) // 2, index=lad.index)
    namen = rng.permutation(np.sort(lad["graafschap"].unique()))
    return lad["graafschap"].isin(namen[: len(namen) // 2])


def grootteklasse(inwoners: pd.Series) -> pd.Series:
    """Quartile of people, from `Q1 klein` to `Q4 groot`."""
    return pd.qcut(inwoners, 4, labels=["Q1 klein", "Q2", "Q3", "Q4 groot"]).astype("str")


def binnen_interval(trekkingen: pd.DataFrame, waar: pd.Series, *, niveau: float = 0.9) -> pd.Series:
    """Whether each truth lies in the central interval of its draws."""
    laag, hoog = (trekkingen.quantile(q, axis=1) for q in ((1 - niveau) / 2, (1 + niveau) / 2))
    w = waar.reindex(trekkingen.index)
    return (w >= laag) & (w <= hoog)


def dekking_per_klasse(raak: pd.Series, klasse: pd.Series) -> pd.DataFrame:
    """Coverage over all and by class: n, raak, dekking. `raak` may hold an area more than once.

    >>> raak = pd.Series([True, False, True], index=["a", "b", "a"])
    >>> dekking_per_klasse(raak, pd.Series({"a": "groot", "b": "klein"}))["dekking"].round(2).to_dict()
    {'alle': 0.67, 'groot': 1.0, 'klein': 0.0}
    """
    k = klasse.reindex(raak.index)
    groepen: dict[Hashable, pd.Series] = {"alle": raak, **dict(list(raak.groupby(k.to_numpy())))}
    rijen = {naam: {"n": len(v), "raak": int(v.sum()), "dekking": v.mean()} for naam, v in groepen.items()}
    return pd.DataFrame(rijen).T.astype({"n": int, "raak": int}).rename_axis("klasse")


def logfout(schatting: pd.Series, waar: pd.Series) -> pd.Series:
    """log(estimate / truth) after both are brought to the same total."""
    s = schatting.reindex(waar.index)
    fout: pd.Series = np.log(s / s.sum()) - np.log(waar / waar.sum())
    return fout


def spreiding(fout: pd.Series, klasse: pd.Series) -> pd.Series:
    """Sd of a log error over all areas and by class."""
    sds = fout.groupby(klasse.reindex(fout.index)).std(ddof=0)
    return pd.concat([pd.Series({"alle": fout.std(ddof=0)}), sds])
