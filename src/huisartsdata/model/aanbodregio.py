"""Density of GP supply per region: the exact posterior on a fixed grid, and one draw from it.

With r a region, N people, n practices, a addresses (logs are natural)::

    x_r     = lam * log(n / N) + (1 - lam) * log(a / N)      practice index, centred on the country
    phi_r   ~ N(w * x_r, tau^2), given min phi = log(laag / land), max phi = log(hoog / land)
    theta_r = rho * phi_r + N(0, s_def^2)                    published persons -> fte of this functie, now

(tau, w, lam) and the pair of regions that are lowest and highest come from their joint posterior over grid
cells and pairs: the likelihood of the two extremes of R order statistics, f_i(min) f_j(max) times the product
of P(min < phi < max). The regions between are truncated normals, so nothing is simulated that can be computed
and every draw stands alone. rho, s_def, rounding and double counting are drawn from their priors; the grid
holds them at their centre.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri

from huisartsdata.fouten import ParameterFout

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.model.aanbodprior import AanbodPrior, Ankers, Paar

Vec = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]

BOVENKWART = 0.6744897501960817  # standard normal quantile of .75: "high" is the upper quarter
UNIFORMEN = 16  # uniforms reserved at the head of every draw's stream, so that a new one moves no other


@dataclass(frozen=True, eq=False)
class Regiomodel:
    """Regions with their posterior; arrays are in order of code.

    `x` is 2 x R (practices, addresses per head; log, centred). `tau`, `gewicht`, `menging` are the grid
    cells, `paren` the candidate (lowest, highest) pairs (one row of -1 without a range), `cumulatief` the
    posterior over cell x pair.
    """

    prior: AanbodPrior
    regios: pd.Index
    inwoners: Vec
    x: Vec
    tau: Vec
    gewicht: Vec
    menging: Vec
    paren: Ints
    cumulatief: Vec = field(repr=False)


@dataclass(frozen=True)
class Regiotrekking:
    """One draw: `theta` (log fte density around the country), the uniforms of the draw, w and lam."""

    theta: Vec
    u: Vec
    gewicht: float
    menging: float


def maak_regiomodel(regios: pd.Index, inwoners: Vec, x: Vec, prior: AanbodPrior) -> Regiomodel:
    """Compute the posterior of the regions.

    Parameters
    ----------
    regios
        Codes, sorted.
    inwoners
        People per region.
    x
        2 x R: log practices and log addresses per head around the country.
    prior
        Priors and anchors.

    Raises
    ------
    ParameterFout
        If an anchor names a region that is not there.
    """
    a = prior.ankers
    genoemd = {c for c in (a.laagste, *a.hoogste, *(v.regio for v in a.waarden)) if c}
    if mist := sorted(genoemd - set(regios)):
        raise ParameterFout(
            f"de ankers noemen regio's die niet in de tabel staan: {', '.join(mist)}; geef alle gemeenten "
            "van het land, of een prior met eigen ankers"
        )
    tau, w, lam, logp = rooster_cellen(prior)
    paren, cumulatief = _posterior(x, inwoners, regios, prior, (tau, w, lam, logp))
    return Regiomodel(prior, regios, inwoners, x, tau, w, lam, paren, cumulatief)


def log_dichtheid(aantal: Vec, inwoners: Vec) -> Vec:
    """log(count / people) centred on the country; 0 where there is none."""
    with np.errstate(divide="ignore"):
        x = np.log(aantal / inwoners) - math.log(aantal.sum() / inwoners.sum())
    return np.where(aantal > 0, x, 0.0)


def rooster_cellen(prior: AanbodPrior) -> tuple[Vec, Vec, Vec, Vec]:
    """Midpoints of the grid over (tau, w, lam), flattened, and their log prior."""
    kt, kw, kl = prior.rooster
    mid, sd, laag, hoog = prior.gewicht
    t = np.exp(np.linspace(math.log(prior.tau[0]), math.log(prior.tau[1]), 2 * kt + 1)[1::2])
    w = np.linspace(laag, hoog, 2 * kw + 1)[1::2]
    lam = np.linspace(0.0, 1.0, 2 * kl + 1)[1::2]
    tt, ww, ll = (c.ravel() for c in np.meshgrid(t, w, lam, indexing="ij"))
    return tt, ww, ll, -0.5 * ((ww - mid) / sd) ** 2 if sd > 0 else np.zeros_like(ww)


def cel_kansen(model: Regiomodel) -> Vec:
    """Posterior chance of each grid cell, over all pairs of extremes."""
    kans: Vec = np.diff(model.cumulatief, prepend=0.0).reshape(len(model.tau), -1).sum(axis=1)
    return kans


def _verwacht(x: Vec, inwoners: Vec, w: Vec, lam: Vec) -> Vec:
    """Prior mean of phi: w times the practice index, centred so that the weighted mean is zero."""
    index = np.multiply.outer(lam, x[0]) + np.multiply.outer(1.0 - lam, x[1])
    mu: Vec = (index - (index @ inwoners / inwoners.sum())[..., None]) * np.asarray(w)[..., None]
    return mu


def _met_waarden(mu: Vec, tau: Vec, prior: AanbodPrior, regios: pd.Index) -> tuple[Vec, Vec, Vec]:
    """Conjugate update of phi by the single published values; also their log likelihood per cell."""
    tau2 = np.broadcast_to(np.asarray(tau)[..., None] ** 2, mu.shape).copy()
    mu, ll = mu.copy(), np.zeros(mu.shape[:-1])
    rho, s_def = sum(prior.wissel) / 2, sum(prior.definitie) / 2
    for anker in prior.ankers.waarden:
        r = regios.get_loc(anker.regio)
        y, v = anker.log_verhouding / rho, (anker.sd**2 + s_def**2) / rho**2
        m, t2 = mu[..., r].copy(), tau2[..., r].copy()
        ll += -0.5 * ((y - m) ** 2 / (t2 + v) + np.log(t2 + v))
        mu[..., r], tau2[..., r] = (m * v + y * t2) / (t2 + v), t2 * v / (t2 + v)
    return mu, np.sqrt(tau2), ll


def _log_kans(a: Vec, b: Vec) -> Vec:
    """log(Phi(b) - Phi(a)), stable in both tails."""
    spiegel = a > 0
    a, b = np.where(spiegel, -b, a), np.where(spiegel, -a, b)
    la, lb = log_ndtr(a), log_ndtr(b)
    uit: Vec = lb + np.log1p(-np.exp(np.minimum(la - lb, -1e-12)))
    return uit


def _marge(ankers: Ankers, u: tuple[float, float, float, float]) -> Paar | None:
    """Published extremes as log density around the people-weighted mean of the regions; u in 0..1."""
    if ankers.laag is None or ankers.hoog is None or ankers.landelijk is None:
        return None
    laag, hoog, land = (
        waarde + (2 * v - 1) * ankers.afronding
        for waarde, v in zip((ankers.laag, ankers.hoog, ankers.landelijk), u[:3], strict=True)
    )
    land *= 1 + tussen(ankers.dubbeltelling, u[3])
    return math.log(laag / land), math.log(hoog / land)


def _posterior(
    x: Vec, inwoners: Vec, regios: pd.Index, prior: AanbodPrior, cellen: tuple[Vec, Vec, Vec, Vec]
) -> tuple[Ints, Vec]:
    """Cumulative posterior over (grid cell, pair of extreme regions)."""
    ankers = prior.ankers
    tau, w, lam, logp = cellen
    mu, sd, ll = _met_waarden(_verwacht(x, inwoners, w, lam), tau, prior, regios)
    hoog_r = np.asarray(regios.isin(ankers.hoogste))
    grens = np.where(hoog_r, BOVENKWART * tau[:, None], -np.inf)
    marge = _marge(ankers, (0.5, 0.5, 0.5, 0.5))
    if marge is None:
        paren = np.array([[-1, -1]])
        gewicht = (logp + ll + _log_kans((grens - mu) / sd, np.full_like(mu, np.inf)).sum(axis=1))[:, None]
    else:
        lo, hi = marge
        grens = np.clip(grens, lo, hi - 0.01)
        binnen = _log_kans((grens - mu) / sd, (hi - mu) / sd)
        f_lo = -0.5 * ((lo - mu) / sd) ** 2 - np.log(sd)
        f_hi = -0.5 * ((hi - mu) / sd) ** 2 - np.log(sd)
        laagste = np.asarray(regios == ankers.laagste) if ankers.laagste else ~hoog_r
        odds = np.where(hoog_r, 1.0, ankers.onbenoemd if hoog_r.any() else 1.0)
        paren = np.array([(i, j) for i in np.flatnonzero(laagste) for j in range(len(regios)) if i != j])
        i, j = paren.T
        gewicht = (logp + ll + binnen.sum(axis=1))[:, None] + (f_lo - binnen)[:, i] + (f_hi - binnen)[:, j]
        gewicht = gewicht + np.log(odds)[j]
    kans = np.exp(gewicht - logsumexp(gewicht)).ravel()
    return paren.astype(np.intp), np.cumsum(kans) / kans.sum()


def tussen(paar: Paar, u: float) -> float:
    """The quantile `u` of a uniform."""
    return paar[0] + u * (paar[1] - paar[0])


def trek_regio(model: Regiomodel, rng: np.random.Generator) -> Regiotrekking:
    """One draw of the regions; takes `UNIFORMEN` uniforms and 2 x R numbers from the stream, always."""
    prior, ank, aantal = model.prior, model.prior.ankers, len(model.regios)
    u = rng.random(UNIFORMEN)
    v = np.clip(rng.random(aantal), 1e-12, 1 - 1e-12)
    z = rng.standard_normal(aantal)
    plek = min(int(np.searchsorted(model.cumulatief, u[0], side="right")), len(model.cumulatief) - 1)
    cel, paar = divmod(plek, len(model.paren))
    kt, kw, kl = prior.rooster
    tau = float(model.tau[cel]) * math.exp((u[1] - 0.5) * math.log(prior.tau[1] / prior.tau[0]) / kt)
    w = float(model.gewicht[cel]) + (u[2] - 0.5) * (prior.gewicht[3] - prior.gewicht[2]) / kw
    lam = float(model.menging[cel]) + (u[3] - 0.5) / kl
    mu, sd, _ = _met_waarden(
        _verwacht(model.x, model.inwoners, np.asarray(w), np.asarray(lam)),
        np.asarray(tau),
        prior,
        model.regios,
    )
    i, j = (int(c) for c in model.paren[paar])
    lo, hi = _marge(ank, (u[4], u[5], u[6], u[7])) or (-math.inf, math.inf)
    grens = np.where(model.regios.isin(ank.hoogste), np.clip(BOVENKWART * tau, lo, hi - 0.01), lo)
    pa, pb = ndtr((grens - mu) / sd), ndtr((hi - mu) / sd)
    phi = mu + sd * ndtri(np.clip(pa + v * (pb - pa), 1e-15, 1 - 1e-15))
    vrij = np.ones(aantal, dtype=bool)
    if i >= 0:
        phi[i], phi[j], vrij[i], vrij[j] = lo, hi, False, False
    massa = model.inwoners * np.exp(phi)
    # the country fixes the weighted mean: the regions that are not an extreme make up the rest
    phi[vrij] += math.log((model.inwoners.sum() - massa[~vrij].sum()) / massa[vrij].sum())
    rho, s_def = tussen(prior.wissel, u[8]), tussen(prior.definitie, u[9])
    midden, spreiding = rho * phi, np.full(aantal, s_def)
    for a in ank.waarden:  # theta itself given its published value and phi
        r = model.regios.get_loc(a.regio)
        winst = s_def**2 / (s_def**2 + a.sd**2)
        midden[r] += winst * (a.log_verhouding - midden[r])
        spreiding[r] = s_def * math.sqrt(1 - winst)
    theta = midden + spreiding * z
    theta -= math.log((model.inwoners * np.exp(theta)).sum() / model.inwoners.sum())
    return Regiotrekking(theta, u, w, lam)
