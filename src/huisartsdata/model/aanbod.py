"""Hierarchical estimate of GP supply: RegioPlus region -> gemeente -> practice, as seeded draws.

Real fte per gemeente is not public in the Netherlands. Every draw is one country that agrees with what is
published: the national fte exactly, each delivered figure exactly, the published range of regional densities
and the regions named in it. Practices and addresses per head move an area only by a small drawn weight.
Patient stops never enter. With r a region, g a gemeente, p a practice, N people, n practices (logs natural)::

    F_r  proportional to N_r exp(theta_r)                                     `aanbodregio`
    F_g  proportional, within r, to N_g exp(w x_g + sigma_g z - sigma_g^2 / 2); nothing without a practice
         sigma_g^2 = k^2 (a + b / m_g),  m_g = n_g^eta (N_g / people per practice)^(1 - eta)
    F_p  proportional, within g, to exp(s z),  s^2 = log(1 + cv^2)

k, eta and cv are drawn from their priors (`aanbodprior`). Deliveries come last: every practice belongs to the
smallest delivered area around it and shares what that area has left, in proportion to F_p. So the ratios
between all other practices stay what they were, draw by draw.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtri

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.geheugen import Geheugen
from huisartsdata.model.aanbodlevering import (
    AFGELEID,
    MODELSCHATTING,
    Gebiedscijfer,
    keur_tabellen,
    meld_rest,
    verdeel_blokken,
    verwerk_leveringen,
)
from huisartsdata.model.aanbodprior import AanbodPrior, keur_functie, maak_prior
from huisartsdata.model.aanbodregio import (
    Ints,
    Regiomodel,
    Regiotrekking,
    Vec,
    cel_kansen,
    log_dichtheid,
    maak_regiomodel,
    trek_regio,
    tussen,
)

if TYPE_CHECKING:
    from huisartsdata.leveringen.levering import Levering

BEWAARD, MEESTE_BEWAARD = 2, 2000  # sets of draws that a model keeps, and the largest: 40 MB per 1,000 draws
BLOK = 64  # draws handed to a worker at once; has no effect on the values
SLEUTEL = 0x4155  # second half of the Philox key: this module's streams are nobody else's
VERWACHTING = (
    0,
    0x4556,
    2000,
)  # seed, second half of the key and number of draws behind the expected regions


@dataclass(frozen=True, eq=False)
class Aanbodmodel:
    """All that a draw needs, prepared once by `maak_aanbodmodel`; arrays are in order of code.

    Attributes
    ----------
    functie, totaal
        Which GPs count, and their national fte.
    praktijken
        The practices that there are, in the caller's order (those of delivered lists last): pc4, gm_code, fte
        (delivered or NaN), fte_status, ingeschreven, open_voor_inschrijving. No geometry.
    gebieden
        Delivered areas.
    opmerkingen
        Dutch sentences for the reader: what was not used, what a delivery leaves for the rest.
    """

    functie: str
    totaal: float
    praktijken: pd.DataFrame = field(repr=False)
    gebieden: tuple[Gebiedscijfer, ...]
    opmerkingen: tuple[str, ...]
    regio: Regiomodel = field(repr=False)
    gemeenten: pd.Index = field(repr=False)
    inwoners: Vec = field(repr=False)  # per gemeente, as the next three
    aantal: Vec = field(repr=False)  # practices of the snapshot, whatever is delivered
    x: Vec = field(repr=False)  # 2 x G: practices and addresses per head, log, centred
    regio_van: Ints = field(repr=False)
    eenheden: pd.Index = field(repr=False)  # practices, sorted: the snapshot's, then those of lists
    gemeente_van: Ints = field(repr=False)
    ruisplaats: Ints = field(repr=False)  # place of each practice's noise in the stream
    ruislengte: int
    vast: Vec = field(repr=False)  # delivered fte of a practice, NaN where it is to be estimated
    blok: Ints = field(
        repr=False
    )  # smallest delivered area around each practice, 0 for the rest of the country
    rest: Vec = field(repr=False)  # fte left to divide in each block

    @cached_property
    def afgeleid(self) -> Geheugen:
        """The last draws: one picture is asked for many indicators. A pickle starts without it."""
        return Geheugen(BEWAARD)

    def __getstate__(self) -> dict[str, object]:
        return {naam: w for naam, w in self.__dict__.items() if naam != "afgeleid"}

    @property
    def status(self) -> pd.Series:
        """Status of each practice's fte: `waargenomen`, `afgeleid` or `modelschatting`.

        Delivered in a list: as delivered. Alone with the rest of a delivered area: `afgeleid`. The split of
        an area's figure over several practices is `modelschatting`, though their sum is what was delivered.
        """
        vrij = np.isnan(self.vast)
        alleen = np.bincount(self.blok[vrij], minlength=len(self.rest)) == 1
        alleen[0] = False
        uit = self.praktijken["fte_status"].reindex(self.eenheden).to_numpy(dtype=object)
        uit[vrij] = np.where(alleen[self.blok[vrij]], AFGELEID, MODELSCHATTING)
        reeks = pd.Series(uit, index=self.eenheden, name="fte_status", dtype="str")
        return reeks.reindex(self.praktijken.index)


def maak_aanbodmodel(
    praktijken: pd.DataFrame,
    gemeenten: pd.DataFrame,
    *,
    functie: str,
    leveringen: Sequence[Levering] = (),
    prior: AanbodPrior | None = None,
    landelijk: float | None = None,
) -> Aanbodmodel:
    """Prepare the estimate.

    Parameters
    ----------
    praktijken
        The snapshot's practices: index praktijk_id, column gm_code (and those of the contract).
    gemeenten
        Index gm_code; columns inwoners, adressen (distinct practice addresses, see `tel_adressen`),
        regioplus_code, and `<soort>_code` of every region type in which something is delivered.
    functie
        Which GPs count: `alle` or `zonder_wisselend`.
    leveringen
        Supply per area (`read_nivel`) and practice lists (`read_praktijken`).
    prior
        Priors; those of `maak_prior(functie)` when not given.
    landelijk
        National fte of these GPs; `fte_landelijk_<functie>` of the parameters when not given.

    Raises
    ------
    LeveringFout
        If a delivery counts other GPs, contradicts another, or does not fit in the total around it.
    ParameterFout
        For an unknown functie, or tables without the columns above.

    Examples
    --------
    Two gemeenten in one region, one practice each; 6 fte in all, in every draw:

    >>> p = pd.DataFrame({"gm_code": ["GM1", "GM2"]}, index=["a", "b"])
    >>> g = pd.DataFrame({"inwoners": 5000.0, "adressen": 1.0, "regioplus_code": "R"}, index=["GM1", "GM2"])
    >>> from dataclasses import replace
    >>> from huisartsdata.model.aanbodprior import Ankers
    >>> prior = replace(maak_prior("alle"), ankers=Ankers())
    >>> model = maak_aanbodmodel(p, g, functie="alle", prior=prior, landelijk=6.0)
    >>> trek_aanbod(model, trekkingen=3, seed=1).sum().round(9).to_list()
    [6.0, 6.0, 6.0]
    >>> verwacht_aanbod(model).round(6).to_dict()
    {'a': 3.0, 'b': 3.0}
    """
    keur_functie(functie)
    keur_tabellen(praktijken, gemeenten)
    totaal = waarde(f"fte_landelijk_{functie}") if landelijk is None else float(landelijk)
    if not (math.isfinite(totaal) and totaal > 0):
        raise ParameterFout(f"landelijk is {totaal}; geef een aantal fte boven nul")
    basis, g = praktijken.sort_index(), gemeenten.sort_index()
    inwoners = g["inwoners"].to_numpy(np.float64)
    # the index of an area is the snapshot's whatever is delivered, or a list would move its neighbours
    aantal = np.bincount(g.index.get_indexer(pd.Index(basis["gm_code"])), minlength=len(g)).astype(np.float64)
    adressen = np.where(aantal > 0, np.clip(g["adressen"].to_numpy(np.float64), 1.0, aantal.clip(1.0)), 0.0)
    regios = pd.Index(sorted(set(g["regioplus_code"])))
    regio_van = regios.get_indexer(pd.Index(g["regioplus_code"])).astype(np.intp)
    som: list[Vec] = [
        np.bincount(regio_van, v, minlength=len(regios)).astype(np.float64)
        for v in (inwoners, aantal, adressen)
    ]
    x_regio = np.array([log_dichtheid(v, som[0]) for v in som[1:]])

    geleverd = verwerk_leveringen(praktijken, gemeenten, leveringen, functie)
    lijst = geleverd.lijst.sort_index()
    eenheden = lijst.index[~lijst.to_numpy()].append(lijst.index[lijst.to_numpy()])
    p = geleverd.praktijken.reindex(eenheden)
    uit_lijst = geleverd.lijst.reindex(eenheden).to_numpy()
    gemeente_van = g.index.get_indexer(pd.Index(p["gm_code"])).astype(np.intp)
    vast = np.where(uit_lijst, p["fte"].to_numpy(np.float64), np.nan)
    ruisplaats = np.where(uit_lijst, 0, basis.index.get_indexer(eenheden))
    ruisplaats[uit_lijst] = len(basis) + np.arange(int(uit_lijst.sum()))
    blok, rest = verdeel_blokken(geleverd.gebieden, g.index, gemeente_van, vast, totaal)
    kort = geleverd.praktijken.copy()
    onbekend = ~geleverd.lijst | kort["fte"].isna()
    kort["fte"] = kort["fte"].mask(onbekend)
    kort["fte_status"] = kort["fte_status"].mask(onbekend, MODELSCHATTING)
    return Aanbodmodel(
        functie=functie,
        totaal=totaal,
        praktijken=kort,
        gebieden=geleverd.gebieden,
        opmerkingen=(
            *geleverd.opmerkingen,
            *meld_rest(geleverd, g, np.unique(gemeente_van[blok == 0]), rest[0], totaal),
        ),
        regio=maak_regiomodel(regios, som[0], x_regio, prior or maak_prior(functie)),
        gemeenten=g.index,
        inwoners=inwoners,
        aantal=aantal,
        x=np.array([log_dichtheid(v, inwoners) for v in (aantal, adressen)]),
        regio_van=regio_van,
        eenheden=eenheden,
        gemeente_van=gemeente_van,
        ruisplaats=ruisplaats.astype(np.intp),
        ruislengte=len(basis) + int(uit_lijst.sum()),
        vast=vast,
        blok=blok,
        rest=rest,
    )


def tel_adressen(gemeenten: pd.DataFrame, pc4: pd.DataFrame) -> pd.DataFrame:
    """Add `adressen`, the distinct practice addresses per gemeente, from the PC4 table (gm_code, adressen).

    >>> gm = pd.DataFrame({"inwoners": [9.0, 8.0]}, index=["GM1", "GM2"])
    >>> pc4 = pd.DataFrame({"gm_code": ["GM1", "GM1"], "adressen": [2.0, 1.0]})
    >>> tel_adressen(gm, pc4)["adressen"].to_list()
    [3.0, 0.0]
    """
    som = pc4.groupby("gm_code")["adressen"].sum()
    return gemeenten.assign(adressen=som.reindex(gemeenten.index).fillna(0.0))


def trek_aanbod(
    model: Aanbodmodel, *, trekkingen: int, seed: int, executor: Executor | None = None
) -> pd.DataFrame:
    """Draws of fte: index praktijk_id, columns 0..n-1.

    Column k depends on (model, seed, k) only: the same bits for any number of draws or workers and any order
    of the rows. Every column adds up to the national fte and to each delivered figure.

    Raises
    ------
    ParameterFout
        If `trekkingen` or `seed` is negative.
    """
    if trekkingen < 0 or seed < 0:
        raise ParameterFout(f"trekkingen={trekkingen} en seed={seed}: geef hele getallen van nul of hoger")
    maak = partial(_trek_alles, model, trekkingen, seed, executor)
    if executor is not None or trekkingen > MEESTE_BEWAARD:
        return maak()  # whoever spreads the work wants it done there
    # a copy that is one only when somebody writes in it
    return model.afgeleid.geef((trekkingen, int(seed)), maak).copy(deep=False)


def _trek_alles(model: Aanbodmodel, trekkingen: int, seed: int, executor: Executor | None) -> pd.DataFrame:
    grenzen = [(b, min(b + BLOK, trekkingen)) for b in range(0, trekkingen, BLOK)]
    if executor is None:
        blokken = [_trek_blok(model, seed, b, e) for b, e in grenzen]
    else:
        klussen = [executor.submit(_trek_blok, model, seed, b, e) for b, e in grenzen]
        blokken = [klus.result() for klus in klussen]
    waarden = np.concatenate(blokken, axis=1) if blokken else np.empty((len(model.eenheden), 0))
    uit = pd.DataFrame(waarden, index=model.eenheden, columns=pd.RangeIndex(trekkingen))
    return uit.reindex(model.praktijken.index)


def verwacht_aanbod(model: Aanbodmodel) -> pd.Series:
    """Expected fte per practice; adds up to the national fte and to each delivered figure.

    Regions: mean of a fixed set of draws of the regions alone. Within a region: the mean of a share of
    lognormal parts to second order, E[X_g / S] = s_g (1 - s_g v_g + sum s_j^2 v_j), with s the expected
    shares and v the squared coefficients of variation. Practices of a gemeente that share a block get the
    same. Agrees with the mean of many draws within 1% per gemeente; the status of each is `model.status`.
    """
    r, prior = model.regio, model.regio.prior
    seed, sleutel, aantal = VERWACHTING
    exp_theta = [np.exp(trek_regio(r, stroom(seed, k, sleutel)).theta) for k in range(aantal)]
    f_regio = r.inwoners * np.mean(exp_theta, axis=0)
    kans = cel_kansen(r)
    w, lam = float(r.gewicht @ kans), float(r.menging @ kans)
    eta = (np.arange(20) + 0.5) / 20
    fout = [_foutvariantie(model, prior.schaal[0] + e * (prior.schaal[1] - prior.schaal[0])) for e in eta]
    v = np.expm1(np.mean(fout, axis=0) * prior.factor[0] ** 2 * math.exp(2 * prior.factor[1] ** 2))
    m = model.inwoners * np.exp(_helling(model, w, lam))
    s = _aandeel_in_regio(model, np.where(model.aantal > 0, m, 0.0), m)
    som = np.bincount(model.regio_van, np.where(model.aantal > 0, s**2 * v, 0.0), minlength=len(r.regios))
    fte_g = f_regio[model.regio_van] * s * (1 - s * v + som[model.regio_van])
    per_gemeente = np.bincount(model.gemeente_van, minlength=len(fte_g))
    return _naar_reeks(model, _verdeel(model, (fte_g / np.maximum(per_gemeente, 1))[model.gemeente_van]))


def gelijk_aanbod(model: Aanbodmodel) -> pd.Series:
    """Equal fte for every practice: the named alternative `gelijk`, with the same total and deliveries.

    In England it is worse than assuming one density everywhere.
    """
    return _naar_reeks(model, _verdeel(model, np.ones(len(model.eenheden))))


def stroom(seed: int, k: int, sleutel: int = SLEUTEL) -> np.random.Generator:
    """The random stream of draw k: a counter of its own, so draws do not depend on one another."""
    return np.random.Generator(np.random.Philox(key=[seed, sleutel], counter=[0, 0, 0, k]))


def _helling(m: Aanbodmodel, w: float, lam: float) -> Vec:
    uit: Vec = w * (lam * m.x[0] + (1 - lam) * m.x[1])
    return uit


def _foutvariantie(m: Aanbodmodel, eta: float) -> Vec:
    """Error variance of a gemeente within its region before the factor k."""
    prior = m.regio.prior
    maat = np.maximum(m.aantal, 1.0) ** eta * (m.inwoners / prior.personen_per_praktijk) ** (1 - eta)
    uit: Vec = prior.fout_vast + prior.fout_per_praktijk / maat
    return uit


def _aandeel_in_regio(m: Aanbodmodel, telt: Vec, gewicht: Vec) -> Vec:
    """Weight over the region's sum, in which a gemeente without a practice in the snapshot does not count."""
    per_regio = np.bincount(m.regio_van, telt, minlength=len(m.regio.regios))
    uit: Vec = gewicht / np.where(per_regio > 0, per_regio, 1.0)[m.regio_van]
    return uit


def _verdeel(m: Aanbodmodel, gewicht: Vec) -> Vec:
    """Weights to fte: each block gets exactly what it has left, delivered practices what was delivered."""
    vrij = np.isnan(m.vast)
    gewicht = np.where(vrij, gewicht, 0.0)
    som = np.bincount(m.blok, gewicht, minlength=len(m.rest))
    fte = gewicht * (m.rest / np.where(som > 0, som, 1.0))[m.blok]
    uit: Vec = np.where(vrij, fte, m.vast)
    return uit


def _naar_reeks(m: Aanbodmodel, waarden: Vec) -> pd.Series:
    return pd.Series(waarden, index=m.eenheden, name="fte").reindex(m.praktijken.index)


def _trek_gemeenten(m: Aanbodmodel, rng: np.random.Generator) -> tuple[Vec, Regiotrekking]:
    """Fte per gemeente before deliveries (what it would have, also where there is no practice)."""
    prior, t = m.regio.prior, trek_regio(m.regio, rng)
    k = prior.factor[0] * math.exp(prior.factor[1] * float(ndtri(min(max(t.u[10], 1e-9), 1 - 1e-9))))
    variantie = k**2 * _foutvariantie(m, tussen(prior.schaal, t.u[11]))
    z = rng.standard_normal(len(variantie))
    log_g = _helling(m, t.gewicht, t.menging) + np.sqrt(variantie) * z - variantie / 2
    gewicht = m.inwoners * np.exp(log_g)
    aandeel = _aandeel_in_regio(m, np.where(m.aantal > 0, gewicht, 0.0), gewicht)
    return aandeel * (m.regio.inwoners * np.exp(t.theta))[m.regio_van], t


def _trek(m: Aanbodmodel, seed: int, k: int) -> Vec:
    """Draw k: fte per practice, in order of `eenheden`."""
    rng = stroom(seed, k)
    fte_g, t = _trek_gemeenten(m, rng)
    s = math.sqrt(math.log1p(tussen(m.regio.prior.praktijk_cv, t.u[12]) ** 2))
    deel = np.exp(s * rng.standard_normal(m.ruislengte)[m.ruisplaats])
    per_gemeente = np.bincount(m.gemeente_van, deel, minlength=len(fte_g))
    return _verdeel(m, deel * (fte_g / np.where(per_gemeente > 0, per_gemeente, 1.0))[m.gemeente_van])


def _trek_blok(m: Aanbodmodel, seed: int, begin: int, eind: int) -> Vec:
    return np.stack([_trek(m, seed, k) for k in range(begin, eind)], axis=1)
