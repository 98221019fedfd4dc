"""Draws: the same picture under other supplies, needs, decays and speeds, summed per area.

Per draw four things vary together, none of them fitted:

- supply: one draw of the hierarchical model (`model.aanbod`);
- need: a share u ~ U(0, 1) of the way from Nivel's contact weights to NZa's tariff weights;
- decay: one of five (`vervalreeks`), each equally often;
- speed: travel minutes times one of three factors, each equally often.

For the linear algebra a draw is R_j = S_j / D_j, reach of area g = sum_j M_gj R_j with
M_gj = sum_{i in g} P_i b_ij. M and D depend on decay, speed and need weights only, so they are made
once per setting and every draw is one small product: exact, and cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache, partial
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse, stats

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import HuisartsdataFout, OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model import verval as vervallen
from huisartsdata.model.aanbod import Aanbodmodel, trek_aanbod
from huisartsdata.model.bereikmatrix import LINEAIR, bereid_voor, druk, verhouding
from huisartsdata.schema import REGIOSOORTEN

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.model.verval import Verval

    Matrix = NDArray[np.float64]

NIVEAUS = ("land", *REGIOSOORTEN, "gemeente", "wijk", "buurt")
TOLERANTIE = 1e-9  # relative; fte that a conserving method must give back
MAX_SEED = 2**63 - 1  # beyond it numpy rounds the key of the random numbers, and seeds coincide
MEESTE_GEBIEDEN = 1000  # kernels of more areas (wijken, buurten) are too large to keep
MAX_TREKKINGEN = 20_000  # supply alone is 39 kB a draw: 0.8 GB
EXACT_TOT = 10  # below this count the band is exact, from it Byar's approximation is used


def vervalreeks() -> tuple[Verval, ...]:
    """The five decays that every result is carried through; the first is the default.

    Gaussian (default), steep exponential, a flat limit, a power and Dutch steps; see the decision
    record on decay. All end at the same limit.
    """
    grens = waarde("verval_grens")
    minimum = waarde("verval_macht_minimum")
    return (
        vervallen.gauss(waarde("verval_gauss_sigma"), grens),
        vervallen.exponentieel(waarde("verval_steil_beta"), grens),
        vervallen.binair(grens),
        vervallen.macht(waarde("verval_macht_alpha"), minimum, minimum, grens),
        vervallen.trap(
            {5: waarde("verval_trap_nl_5"), 10: waarde("verval_trap_nl_10"), 15: waarde("verval_trap_nl_15")}
        ),
    )


def snelheidsfactoren() -> tuple[float, ...]:
    """Factors on travel minutes: as computed, and the bounds of what speeds may be."""
    p = parameter("reis_factor")
    if p.laag is None or p.hoog is None:
        raise ParameterFout(
            "parameter 'reis_factor' heeft geen laag en hoog; vul ze in data/parameters.csv in"
        )
    return (p.waarde, p.laag, p.hoog)


@dataclass(frozen=True, eq=False)
class Trekkingen:
    """Need and reach per area and draw, with what was drawn.

    Attributes
    ----------
    codes
        Areas, the rows of the matrices.
    nodig, bereikt
        Fte per area (rows) and draw (columns).
    opzet
        Per draw: `verval` (number in `vervalreeks`), `snelheid`, `zorgvraag` (share of NZa's weights).
    vervallen
        Number of decays that draws could use.
    """

    codes: pd.Index
    nodig: Matrix
    bereikt: Matrix
    opzet: pd.DataFrame
    vervallen: int

    @property
    def kort(self) -> NDArray[np.bool_]:
        """Where need exceeds reach; equal up to rounding is not short."""
        uit: NDArray[np.bool_] = self.verschil > TOLERANTIE * self.nodig
        return uit

    @property
    def verschil(self) -> Matrix:
        """Need minus reach: positive where short."""
        uit: Matrix = self.nodig - self.bereikt
        return uit


def gebiedscodes(situatie: Situatie, per: str) -> pd.Series:
    """Code of the area of type `per` that each buurt belongs to.

    Raises
    ------
    OnbekendGebiedFout
        For an unknown type.
    """
    g = situatie.gebied
    if per == "land":
        return pd.Series("NL01", index=g.index)
    if per == "buurt":
        return pd.Series(g.index, index=g.index)
    kolom = {"gemeente": "gm_code", "wijk": "wk_code"}.get(per, f"{per}_code")
    if kolom not in g:
        raise OnbekendGebiedFout(f"'{per}' is geen gebiedssoort; kies uit {', '.join(NIVEAUS)}", [str(per)])
    return g[kolom]


def deel_in(situatie: Situatie, per: str) -> tuple[pd.Index, NDArray[np.intp]]:
    """Areas of a type in the order of their codes, and for each row of the travel times the place of its area."""
    codes = gebiedscodes(situatie, per).reindex(situatie.reistijden.van)
    index = pd.Index(sorted(codes.unique()), name="gebied")
    return index, index.get_indexer(pd.Index(codes))


def keur_trekkingen(trekkingen: int, seed: int, *, minstens: int = 0) -> None:
    """Refuse a number of draws or a seed that is no whole number, too low, or more than memory holds."""
    for naam, waarde_, laagste in (("trekkingen", trekkingen, minstens), ("seed", seed, 0)):
        heel = isinstance(waarde_, (int, np.integer)) and not isinstance(waarde_, bool)
        if not heel or waarde_ < laagste:
            raise ParameterFout(f"{naam}={waarde_!r:.60} kan niet; geef een heel getal van {laagste} of meer")
    if int(seed) > MAX_SEED:
        raise ParameterFout(
            f"seed={str(seed)[:60]} kan niet; geef een heel getal van 0 tot en met {MAX_SEED}"
        )
    if trekkingen > MAX_TREKKINGEN:
        raise ParameterFout(
            f"{trekkingen} trekkingen past niet in het geheugen; geef er hooguit {MAX_TREKKINGEN}"
        )


def _aanbodmatrix(situatie: Situatie, fte: pd.DataFrame, trekkingen: int) -> Matrix:
    """Supply by column of the travel times; refuses what would silently change the total."""
    p = situatie.praktijken.index
    zelfde = fte.index.equals(p)
    vreemd = [] if zelfde else sorted(set(fte.index) - set(p))
    if vreemd or fte.index.has_duplicates:
        raise OnbekendePraktijkFout(
            f"praktijken die niet in de situatie staan of dubbel zijn: {', '.join(map(str, vreemd[:20]))}",
            vreemd,
        )
    waarden = (fte if zelfde else fte.reindex(p)).to_numpy(dtype="float64")
    if waarden.shape[1] != trekkingen or not np.isfinite(waarden).all() or (waarden < 0).any():
        raise ParameterFout(
            "fte heeft een kolom per trekking nodig en een getal van 0 of meer voor elke praktijk"
        )
    uit = np.zeros((len(situatie.reistijden.naar), trekkingen))
    uit[situatie.reistijden.naar.get_indexer(p)] = waarden
    return uit


def opzet(trekkingen: int, seed: int, *, aantal_vervallen: int, aantal_snelheden: int) -> pd.DataFrame:
    """What each draw uses. Draw k depends on (seed, k) only, never on how many draws there are."""
    rijen = _loting(trekkingen, int(seed))
    return pd.DataFrame(
        {
            "verval": (rijen[:, 0] * aantal_vervallen).astype(int),
            "snelheid": (rijen[:, 1] * aantal_snelheden).astype(int),
            "zorgvraag": rijen[:, 2],
        }
    )


@lru_cache(maxsize=8)
def _loting(trekkingen: int, seed: int) -> Matrix:
    """Three numbers from 0 to 1 per draw; the same ones are asked for many times over, and nobody may change them."""
    uit = np.empty((trekkingen, 3))
    for k in range(trekkingen):
        # one short stream per draw, so that more draws or more workers never change an earlier one
        uit[k] = np.random.Generator(np.random.Philox(key=np.uint64(seed), counter=[0, 0, 1, k])).random(3)
    uit.flags.writeable = False
    return uit


@dataclass(frozen=True, eq=False)
class Gedeeldmodel(Aanbodmodel):
    """A supply model in which some locations work with a share of the draws of others.

    Attributes
    ----------
    delen
        By location: the practices of the model whose draws it works with, and the share of each. This goes
        before what the model itself draws for a location of that name.
    """

    delen: Mapping[str, Mapping[str, float]] = field(default_factory=dict, repr=False)

    @classmethod
    def van(cls, model: Aanbodmodel, delen: Mapping[str, Mapping[str, float]]) -> Gedeeldmodel:
        """The same model with these shares, and those that it had for other locations."""
        oud = {f.name: getattr(model, f.name) for f in fields(model)}
        return cls(**(oud | {"delen": {**oud.get("delen", {}), **delen}}))

    def verdeel(self, trekkingen: pd.DataFrame) -> pd.DataFrame:
        """The draws of the model's practices, and of the locations that share them."""
        nul = pd.Series(0.0, index=trekkingen.columns)
        erbij = {
            naam: sum((deel * trekkingen.loc[i] for i, deel in mengsel.items()), nul)
            for naam, mengsel in self.delen.items()
        }
        eigen = trekkingen.loc[~trekkingen.index.isin(list(erbij))]
        return pd.concat([eigen, pd.DataFrame(erbij, index=trekkingen.columns).T])


def trek_fte(
    situatie: Situatie, *, trekkingen: int, seed: int, executor: Executor | None = None
) -> pd.DataFrame:
    """Draws of fte for the practices of a picture, also after a measure.

    A practice of the model has its draw, scaled when a measure took from its estimate and raised by
    what a measure added; one that the model does not know has its own fte in every draw. A location that
    shares the fte of others (`Gedeeldmodel`) has its share of their draws.
    """
    p = situatie.praktijken
    if situatie.aanbodmodel is None:
        return pd.DataFrame(np.repeat(p["fte"].to_numpy()[:, None], trekkingen, axis=1), index=p.index)
    basis = trek_aanbod(situatie.aanbodmodel, trekkingen=trekkingen, seed=seed, executor=executor)
    if isinstance(situatie.aanbodmodel, Gedeeldmodel):
        basis = situatie.aanbodmodel.verdeel(basis)
    uit = basis.reindex(p.index)
    nieuw = uit.index[~uit.index.isin(basis.index)]
    uit.loc[nieuw] = np.repeat(p.loc[nieuw, "fte"].to_numpy()[:, None], trekkingen, axis=1)
    bekend = p.index.difference(nieuw)
    nu, model = p.loc[bekend, "fte"], p.loc[bekend, "fte_model"]
    # a cut scales the draw (a closed practice is 0 in every draw), an addition comes on top of it
    minder, meer = bekend[nu < model], bekend[nu > model]
    if len(minder):
        uit.loc[minder] = uit.loc[minder].mul(nu[minder] / model[minder], axis=0)
    if len(meer):
        uit.loc[meer] = uit.loc[meer].add(nu[meer] - model[meer], axis=0)
    return uit


@dataclass(frozen=True, eq=False)
class Gebiedskern:
    """Everything of one setting of decay and speed that draws have in common."""

    per_vraag: tuple[tuple[Matrix, sparse.csr_array], ...]  # pressure D and matrix M, per need


def maak_kern(
    situatie: Situatie, verval: Verval, factor: float, groep: NDArray[np.intp], aantal: int
) -> Gebiedskern:
    """Pressure per practice and the matrix from practices to areas, for Nivel's and NZa's need.

    It follows from travel times, needs, decay, speed, method and areas alone, so the travel times keep the last
    ones that were made: norms, functions and measures that leave all of those as they are share them.
    """
    reis = situatie.reistijden
    vraag = [v.reindex(reis.van).to_numpy(dtype="float64") for v in (situatie.vraag, situatie.vraag_nza)]
    maak = partial(_bouw_kern, situatie, verval, factor, groep, aantal, vraag=vraag)
    if aantal > MEESTE_GEBIEDEN:
        return maak()
    afdruk = blake2b()
    for a in (groep, *vraag):
        afdruk.update(np.ascontiguousarray(a).data)
    # which practices there are matters only where people choose between them
    wie = None if situatie.methode in LINEAIR else tuple(situatie.praktijken.index)
    return reis.afgeleid.geef(("kern", verval, factor, situatie.methode, aantal, wie, afdruk.digest()), maak)


def _bouw_kern(
    situatie: Situatie,
    verval: Verval,
    factor: float,
    groep: NDArray[np.intp],
    aantal: int,
    *,
    vraag: Sequence[Matrix],
) -> Gebiedskern:
    reis = situatie.reistijden
    if factor != 1.0:
        minuten = reis.minuten.copy()
        minuten.data = minuten.data * factor
        grens = None if reis.grens_minuten is None else reis.grens_minuten * factor
        reis = Reistijden(reis.van, reis.naar, minuten, grens, reis.herkomst)
    matrix = bereid_voor(reis, verval, situatie.methode, praktijken=situatie.praktijken.index).zonder_nullen()
    b = matrix.stap2
    per_rij = np.diff(b.indptr)
    orde, indices, indptr = _sorteer(np.repeat(groep, per_rij), b.indices, (aantal, b.shape[1]))
    delen: list[tuple[Matrix, sparse.csr_array]] = []
    for p in vraag:
        if delen and np.array_equal(p, vraag[0]):  # the picture itself has one need
            delen.append(delen[0])
            continue
        gewicht = (b.data * np.repeat(p, per_rij))[orde]
        m = sparse.csr_array((gewicht, indices.copy(), indptr.copy()), shape=(aantal, b.shape[1]))
        m.has_sorted_indices = True
        m.sum_duplicates()
        d = druk(matrix.stap1, p)
        for deel in (d, m.data, m.indices, m.indptr):
            deel.flags.writeable = False  # it is shared
        delen.append((d, m))
    return Gebiedskern(tuple(delen))


def _sorteer(
    rijen: NDArray[np.intp], kolommen: NDArray[np.int32], vorm: tuple[int, int]
) -> tuple[NDArray[np.intp], NDArray[np.int32], NDArray[np.int32]]:
    """Order that sorts pairs by row and column, with the columns and row bounds of the sorted pairs.

    Sorted once for both needs: what is sorted along is the place of each pair. scipy's sort looks at the columns
    only, so equal pairs end in the order, and sum to the bits, that a matrix of weights would give.
    """
    per_rij = np.argsort(rijen, kind="stable")
    indptr = np.r_[0, np.cumsum(np.bincount(rijen, minlength=vorm[0]))].astype(np.int32)
    plaats = sparse.csr_array((per_rij.astype(np.float64), kolommen[per_rij], indptr), shape=vorm)
    plaats.has_sorted_indices = False
    plaats.sort_indices()
    return plaats.data.astype(np.intp), plaats.indices, plaats.indptr


def maak_kernen(
    situatie: Situatie,
    per: str,
    *,
    vervalset: Sequence[Verval] | None = None,
    snelheden: Sequence[float] | None = None,
) -> dict[tuple[int, int], Gebiedskern]:
    """Every setting's kernel for one type of area, by (number of decay, number of factor)."""
    index, groep = deel_in(situatie, per)
    return {
        (v, f): maak_kern(situatie, verval, factor, groep, len(index))
        for v, verval in enumerate(vervalset or vervalreeks())
        for f, factor in enumerate(snelheden or snelheidsfactoren())
    }


def _reken(kern: Gebiedskern, s: Matrix, u: Matrix) -> tuple[Matrix, Matrix]:
    """Reach per area for a block of draws, and the fte of practices that somebody reaches."""
    (d1, m1), (d2, m2) = kern.per_vraag
    d = (1 - u) * d1[:, None] + u * d2[:, None]
    r = verhouding(s, d)
    return (1 - u) * (m1 @ r) + u * (m2 @ r), (s * (d > 0)).sum(axis=0)


def trek_gebieden(
    situatie: Situatie,
    *,
    per: str,
    trekkingen: int,
    seed: int = 0,
    executor: Executor | None = None,
    vervalset: Sequence[Verval] | None = None,
    snelheden: Sequence[float] | None = None,
    fte: pd.DataFrame | None = None,
    kernen: Mapping[tuple[int, int], Gebiedskern] | None = None,
    indeling: tuple[pd.Index, NDArray[np.intp]] | None = None,
) -> Trekkingen:
    """Need and reach of every area in every draw.

    Parameters
    ----------
    situatie
        The picture.
    per
        Type of area.
    trekkingen, seed
        Number of draws, and the seed that fixes them. Draw k is the same however many there are.
    executor
        Any `concurrent.futures.Executor`; the numbers are the same bit for bit.
    vervalset, snelheden
        Decays and factors on minutes; default `vervalreeks()` and `snelheidsfactoren()`. One of each
        and `fte` of one column is the picture without sureness.
    fte
        Supply per practice (rows) and draw (columns), in place of the model's draws.
    kernen
        From `maak_kernen` with the same picture, areas, decays and factors: saves work when only `fte`
        differs between calls.
    indeling
        From `deel_in` with the same picture and areas, for the same reason.

    Raises
    ------
    ParameterFout
        For a number of draws below 1.
    """
    keur_trekkingen(trekkingen, seed, minstens=1)
    reeks = tuple(vervalset) if vervalset is not None else vervalreeks()
    factoren = tuple(snelheden) if snelheden is not None else snelheidsfactoren()
    if not reeks or not factoren:
        raise ParameterFout("geef minstens één verval en één factor op de reistijd")
    index, groep = deel_in(situatie, per) if indeling is None else indeling
    plan = opzet(trekkingen, seed, aantal_vervallen=len(reeks), aantal_snelheden=len(factoren))
    if fte is None:
        fte = trek_fte(situatie, trekkingen=trekkingen, seed=seed, executor=executor)
    s = _aanbodmatrix(situatie, fte, trekkingen)
    smal = situatie if kernen is not None else _smal(situatie, reeks, factoren)
    taken = []
    for v, verval in enumerate(reeks):
        for f, factor in enumerate(factoren):
            kolommen = np.flatnonzero((plan["verval"] == v) & (plan["snelheid"] == f))
            if len(kolommen):
                u = plan["zorgvraag"].to_numpy()[kolommen]
                kern = None if kernen is None else kernen[v, f]
                taken.append((smal, verval, factor, groep, len(index), s[:, kolommen], u, kolommen, kern))
    uitkomsten = map(_taak, taken) if executor is None else executor.map(_taak, taken)
    bereikt = np.empty((len(index), trekkingen))
    for kolommen, blok in uitkomsten:
        bereikt[:, kolommen] = blok
    per_gebied = [
        np.bincount(groep, weights=v.reindex(situatie.reistijden.van).to_numpy(), minlength=len(index))[
            :, None
        ]
        for v in (situatie.vraag, situatie.vraag_nza)
    ]
    nza = plan["zorgvraag"].to_numpy()[None, :]
    nodig = ((1 - nza) * per_gebied[0] + nza * per_gebied[1]) / situatie.norm
    return Trekkingen(index, nodig, bereikt, plan, len(reeks))


_Taak = tuple[
    "Situatie",
    "Verval",
    float,
    "NDArray[np.intp]",
    int,
    "Matrix",
    "Matrix",
    "NDArray[np.intp]",
    "Gebiedskern | None",
]


def _smal(situatie: Situatie, reeks: Sequence[Verval], factoren: Sequence[float]) -> Situatie:
    """What a task needs and no more: pairs that some decay can reach, and no tables.

    It travels to every worker; pairs beyond every decay weigh 0 and change no sum.
    """
    reis = situatie.reistijden
    verste = max(v.reikwijdte for v in reeks) / min(factoren) * (1 + TOLERANTIE)
    if reis.grens_minuten is None or verste < reis.grens_minuten:
        # the same object each time, so that it keeps the kernels that were made with it
        reis = reis.afgeleid.geef(("tot", verste), partial(_tot, reis, verste))
    return replace(
        situatie,
        reistijden=reis,
        aanbodmodel=None,
        punten=situatie.punten.iloc[:0],
        gebied=situatie.gebied.iloc[:0],
    )


def _tot(reis: Reistijden, verste: float) -> Reistijden:
    """The pairs within so many minutes."""
    m = reis.minuten.tocoo()
    dichtbij = m.data <= verste
    minuten = sparse.csr_array(
        (m.data[dichtbij], (m.coords[0][dichtbij], m.coords[1][dichtbij])), shape=m.shape
    )
    return Reistijden(reis.van, reis.naar, minuten, verste, reis.herkomst)


def _taak(taak: _Taak) -> tuple[NDArray[np.intp], Matrix]:
    situatie, verval, factor, groep, aantal, s, u, kolommen, kern = taak
    kern = kern or maak_kern(situatie, verval, factor, groep, aantal)
    bereikt, aanwezig = _reken(kern, np.ascontiguousarray(s), u[None, :])
    if (np.abs(s.sum(axis=0) - aanwezig) > TOLERANTIE * aanwezig).any():
        raise HuisartsdataFout(
            f"bij {verval.beschrijving} bereikt niemand sommige praktijken met fte; geef ruimere reistijden of een "
            "verval dat verder reikt"
        )
    if situatie.methode not in ("m2sfca", "bfca"):
        fout = np.abs(bereikt.sum(axis=0) - aanwezig) > TOLERANTIE * aanwezig
        if fout.any():
            raise HuisartsdataFout("het bereik telt niet op tot het aanbod; meld deze fout met de invoer")
    return kolommen, bereikt


def stabiliteitsband(aantal: int | pd.Series) -> tuple[float, float] | pd.DataFrame:
    """95% stability band of a count: exact (chi-square) below 10, Byar's approximation from 10.

    For a full register this is no sampling error: it says how much such a count would vary by chance.

    Parameters
    ----------
    aantal
        A count, or a Series of counts.

    Returns
    -------
    tuple or DataFrame
        (laag, hoog), or a frame with those columns.

    Raises
    ------
    ParameterFout
        For a negative count or one that is not whole.

    Examples
    --------
    >>> [round(x, 6) for x in stabiliteitsband(3)]
    [0.618672, 8.767273]
    """
    n = np.atleast_1d(np.asarray(aantal, dtype="float64"))
    if np.isnan(n).any() or (n < 0).any() or (n % 1 != 0).any():
        raise ParameterFout("een aantal is een heel getal van 0 of meer; haal andere waarden weg")
    z = stats.norm.ppf(0.975)
    with np.errstate(divide="ignore", invalid="ignore"):
        byar_laag = n * (1 - 1 / (9 * n) - z / (3 * np.sqrt(n))) ** 3
    byar_hoog = (n + 1) * (1 - 1 / (9 * (n + 1)) + z / (3 * np.sqrt(n + 1))) ** 3
    exact_laag = np.where(n > 0, stats.chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0.0)
    exact_hoog = stats.chi2.ppf(0.975, 2 * (n + 1)) / 2
    laag = np.where(n < EXACT_TOT, exact_laag, byar_laag)
    hoog = np.where(n < EXACT_TOT, exact_hoog, byar_hoog)
    if isinstance(aantal, pd.Series):
        return pd.DataFrame({"laag": laag, "hoog": hoog}, index=aantal.index)
    return float(laag[0]), float(hoog[0])


def wilson(aantal: float, totaal: float) -> tuple[float, float]:
    """95% interval of a share in a sample.

    >>> [round(x, 6) for x in wilson(6, 10)]
    [0.312674, 0.83182]
    """
    if not 0 <= aantal <= totaal or totaal <= 0:
        raise ParameterFout(f"{aantal} van {totaal} is geen aandeel")
    z2 = stats.norm.ppf(0.975) ** 2
    p = aantal / totaal
    midden = (p + z2 / (2 * totaal)) / (1 + z2 / totaal)
    half = np.sqrt(z2 * (p * (1 - p) / totaal + z2 / (4 * totaal**2))) / (1 + z2 / totaal)
    return float(midden - half), float(midden + half)
