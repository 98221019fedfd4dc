"""Shortage per area, with the chance that it is so, and its split in level and distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import ContractFout, HuisartsdataFout, ParameterFout
from huisartsdata.gebieden.register import load_buurten, load_gebieden, load_wijken
from huisartsdata.model.onzekerheid import NIVEAUS, gebiedscodes, keur_trekkingen, trek_gebieden

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.onzekerheid import Trekkingen
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.model.verval import Verval

TEKORT, GEEN, ONBEKEND = "tekort", "geen tekort", "onbekend"
ZEKER = 0.9  # a class needs this chance; between 1 - ZEKER and ZEKER the data do not say
MIN_VERVALLEN = 4  # and this many of the five decays, each by itself, must give it too
MIN_TREKKINGEN = 100  # below this a chance of .9 is not told from one of .8


def beeld_zonder_trekkingen(situatie: Situatie, per: str, verval: Verval | None = None) -> Trekkingen:
    """The picture itself as one "draw": its own supply, decay and need, no spread."""
    fte = situatie.praktijken[["fte"]].set_axis([0], axis=1)
    zonder = situatie.vervang(vraag_nza=situatie.vraag)
    return trek_gebieden(
        zonder, per=per, trekkingen=1, fte=fte, vervalset=[verval or situatie.verval], snelheden=[1.0]
    )


def tekortbeeld(
    situatie: Situatie,
    *,
    per: str = "gemeente",
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Need, supply, reach and shortage per area; with draws also how sure it is.

    Shortage is max(0, need - reach) of the area as a whole, where reach is the fte that its people
    get to across borders, not the fte inside. It follows the norm and the function of the picture:
    name both with every figure.

    Parameters
    ----------
    situatie
        The picture.
    per
        ``gemeente``, ``wijk``, ``buurt``, ``land`` or a region type.
    trekkingen
        Draws; 0 gives the picture without sureness.
    seed
        Fixes the draws.
    executor
        Any `concurrent.futures.Executor`; same numbers, bit for bit.

    Returns
    -------
    DataFrame
        Index `gebied` (code); `naam`, `inwoners`, `nodig_fte`, `aanbod_fte` (inside the border),
        `bereikt_fte`, `tekort_fte`. With draws also `kans_op_tekort` (0-1), `rang_laag` and
        `rang_hoog` (2.5% and 97.5%, rank 1 = largest shortage per need) and `oordeel`: tekort
        (chance above .9), geen tekort (below .1) or onbekend; a class also needs that chance in four
        of the five decays each by itself, and at least 100 draws. Buurten get no `oordeel`: the data do not carry one.

    Raises
    ------
    OnbekendGebiedFout
        For an unknown type of area.
    ParameterFout
        For a negative number of draws.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> land = hd.tekortbeeld(hd.landelijke_situatie(), per="land").loc["NL01"]
    >>> round(land["nodig_fte"]), round(land["bereikt_fte"]), float(land["tekort_fte"])
    (8565, 10769, 0.0)
    """
    keur_trekkingen(trekkingen, seed)
    punt = beeld_zonder_trekkingen(situatie, per)
    uit = _kop(situatie, per, punt.codes)
    uit["nodig_fte"], uit["bereikt_fte"] = punt.nodig[:, 0], punt.bereikt[:, 0]
    uit["tekort_fte"] = np.maximum(0.0, punt.verschil[:, 0])
    if not trekkingen:
        return uit
    return uit.join(
        oordelen(trek_gebieden(situatie, per=per, trekkingen=trekkingen, seed=seed, executor=executor), per)
    )


def oordelen(t: Trekkingen, per: str) -> pd.DataFrame:
    """Chance of shortage, rank interval and verdict per area, from draws.

    A verdict needs a chance above .9 (or below .1) over all draws, the same in at least four of the
    five decays each by itself, and enough draws to tell.
    """
    keur_getallen(t)
    kans = t.kort.mean(axis=1)
    # ranks on the signed gap: areas without a shortage keep an order among themselves
    aandeel = np.divide(t.verschil, t.nodig, out=np.zeros_like(t.nodig), where=t.nodig > 0)
    rang = (-aandeel).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") + 1
    laag, hoog = np.quantile(rang, [0.025, 0.975], axis=1, method="inverted_cdf")
    uit = pd.DataFrame(
        {"kans_op_tekort": kans, "rang_laag": laag.astype(int), "rang_hoog": hoog.astype(int)}, index=t.codes
    )
    if per != "buurt":
        uit["oordeel"] = oordeelreeks(t)
    return uit


def keur_getallen(t: Trekkingen) -> None:
    """Refuse draws in which need or reach is missing: they would read as no shortage.

    Raises
    ------
    HuisartsdataFout
        Then.
    """
    if not (np.isfinite(t.verschil).all() and (t.nodig > 0).any()):
        raise HuisartsdataFout("zorgvraag of bereik is geen getal; controleer de situatie")


def oordeelreeks(t: Trekkingen) -> NDArray[np.object_]:
    """The verdict of `oordelen` alone, in the order of `t.codes`."""
    keur_getallen(t)
    kort = t.kort
    kans = kort.mean(axis=1)
    vervallen = t.opzet["verval"].to_numpy()
    nummers = np.unique(vervallen)
    if len(vervallen) < MIN_TREKKINGEN or len(nummers) < t.vervallen:
        return np.full(len(kans), ONBEKEND, dtype=object)
    per_verval = np.stack([kort[:, vervallen == v].mean(axis=1) for v in nummers], axis=1)
    nodig = min(MIN_VERVALLEN, len(nummers))
    wel = (kans > ZEKER) & ((per_verval > ZEKER).sum(axis=1) >= nodig)
    niet = (kans < 1 - ZEKER) & ((per_verval < 1 - ZEKER).sum(axis=1) >= nodig)
    uit: NDArray[np.object_] = np.select([wel, niet], [TEKORT, GEEN], ONBEKEND).astype(object)
    return uit


def _kop(situatie: Situatie, per: str, codes: pd.Index) -> pd.DataFrame:
    if per == "buurt":
        namen = load_buurten()["naam"]
    elif per == "wijk":
        namen = load_wijken()["naam"]
    else:
        namen = load_gebieden(per)["naam"]
    groep = gebiedscodes(situatie, per)
    p = situatie.praktijken
    uit = pd.DataFrame({"naam": namen.reindex(codes)}, index=codes)
    if per in ("wijk", "buurt"):
        uit["inwoners"] = situatie.inwoners.groupby(groep).sum().reindex(codes)
    else:  # CBS's unrounded counts, not the sum of rounded buurten
        uit["inwoners"] = load_gebieden(per)["inwoners"].reindex(codes)
    uit["nodig_fte"] = np.nan
    if per in ("wijk", "buurt"):
        uit["aanbod_fte"] = np.nan  # a practice is located by postcode, which knows no wijk
    else:
        van_gm = groep.groupby(situatie.gebied["gm_code"]).first()
        gebied = van_gm.reindex(p["gm_code"]).to_numpy()
        uit["aanbod_fte"] = p["fte"].groupby(gebied).sum().reindex(codes).fillna(0.0)
    return uit


@dataclass(frozen=True)
class Splitsing:
    """A shortage in two parts: too few in all (`niveau`), and badly spread (`spreiding`)."""

    tekort: float
    niveau: float
    spreiding: float


def splits_tekort(nodig: Sequence[float] | pd.Series, aanwezig: Sequence[float] | pd.Series) -> Splitsing:
    """Split a shortage in level and distribution.

    S = sum max(0, need - supply); level L = max(0, sum need - sum supply); distribution D = S - L.
    D bounds from above what steering of the spreading can solve, at this size of areas only.

    Parameters
    ----------
    nodig, aanwezig
        Fte per area, in the same order (Series: the same index).

    Raises
    ------
    ContractFout
        When the two do not match, or hold missing or negative values.

    Examples
    --------
    >>> splits_tekort([10, 10, 10], [14, 8, 6])
    Splitsing(tekort=6.0, niveau=2.0, spreiding=4.0)
    """
    if isinstance(nodig, pd.Series) and isinstance(aanwezig, pd.Series):
        if not nodig.index.sort_values().equals(aanwezig.index.sort_values()):
            raise _splitsfout("andere gebieden in nodig en aanwezig")
        aanwezig = aanwezig.reindex(nodig.index)
    n, a = np.asarray(nodig, dtype="float64"), np.asarray(aanwezig, dtype="float64")
    if n.shape != a.shape or n.ndim != 1:
        raise _splitsfout("nodig en aanwezig zijn niet even lang")
    if not (np.isfinite(n).all() and np.isfinite(a).all() and (n >= 0).all() and (a >= 0).all()):
        raise _splitsfout("ontbrekende of negatieve fte")
    tekort, niveau = _splits(n[:, None], a[:, None])
    return Splitsing(float(tekort[0]), float(niveau[0]), float(tekort[0] - niveau[0]))


def _splitsfout(probleem: str) -> ContractFout:
    kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
    rij = [(0, "nodig, aanwezig", "-", probleem, "geef voor elk gebied één getal van 0 of meer")]
    return ContractFout("het tekort is niet te splitsen", pd.DataFrame(rij, columns=kolommen))


def _splits(
    n: NDArray[np.float64], a: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shortage and level per draw (column)."""
    return np.maximum(0.0, n - a).sum(axis=0), np.maximum(0.0, n.sum(axis=0) - a.sum(axis=0))


def ontleed_tekort(
    situatie: Situatie,
    *,
    per: Sequence[str] = ("regioplus", "gemeente"),
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
    vervalset: Sequence[Verval] | None = None,
    getrokken: Trekkingen | None = None,
) -> pd.DataFrame:
    """The nested split of the national shortage: level + between regions + within regions.

    With S_k the shortage counted over areas of type k: S_land is the level, S_region - S_land lies
    between regions, S_gemeente - S_region within them. The parts add up to the shortage of the
    smallest areas exactly, in every draw. The part "within" grows with finer areas and with noise in
    the supply: read it beside its noise floor.

    The noise floor is the same split in a country of equal density under the same doubt: every area
    reaches what it needs at the national ratio, times how far that draw lies from the mean of the
    draws. It is what doubt about supply gives by itself; true differences that the model cannot see
    are part of that doubt, so the floor is no proof that there are none. Compare it with `verwacht`.
    The picture's own split (`fte`) uses expected supply and lies below the draws: an expectation is
    smoother than any country it stands for.

    Parameters
    ----------
    situatie
        The picture.
    per
        Two types of area, the second nested in the first (buurten and wijken lie in gemeenten,
        gemeenten in every region type).
    trekkingen
        Draws; 0 gives the picture without spread.
    seed, executor, vervalset
        As for `trek_gebieden`.
    getrokken
        Draws of the smaller areas that are there already, from `trek_gebieden` with the same picture; as
        many of them are used as `trekkingen` says.

    Returns
    -------
    DataFrame
        Index `deel` (niveau, tussen, binnen, tekort); `fte`, and with draws `verwacht` (mean over the
        draws), `laag`, `hoog` (95%) and `ruisvloer` (mean of the noise floor).

    Raises
    ------
    ParameterFout
        When `per` does not name two nested types.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> delen = hd.ontleed_tekort(hd.landelijke_situatie(norm=1800, functie="zonder_wisselend"))["fte"]
    >>> bool(abs(delen[["niveau", "tussen", "binnen"]].sum() - delen["tekort"]) < 1e-9)
    True
    """
    keur_trekkingen(trekkingen, seed)
    groot, klein = _twee(per)
    fijn = beeld_zonder_trekkingen(situatie, klein)
    samen = _samenvoeging(situatie, groot, klein, fijn.codes)
    uit = pd.DataFrame(
        {"fte": _delen(fijn.nodig, fijn.bereikt, samen)[:, 0]}, index=pd.Index(DELEN, name="deel")
    )
    if not trekkingen:
        return uit
    t = getrokken or trek_gebieden(
        situatie, per=klein, trekkingen=trekkingen, seed=seed, executor=executor, vervalset=vervalset
    )
    if t.nodig.shape[1] < trekkingen or not t.codes.equals(fijn.codes):
        raise ParameterFout(f"getrokken hoort bij {klein} en heeft minstens {trekkingen} trekkingen nodig")
    nodig, bereikt = t.nodig[:, :trekkingen], t.bereikt[:, :trekkingen]
    delen = _delen(nodig, bereikt, samen)
    uit["verwacht"] = delen.mean(axis=1)
    uit["laag"], uit["hoog"] = np.quantile(delen, [0.025, 0.975], axis=1)
    # noise of a draw: its reach against the mean of all draws, area by area
    ruis = bereikt / bereikt.mean(axis=1, keepdims=True)
    vlak = nodig * (bereikt.sum(axis=0) / nodig.sum(axis=0)) * ruis
    vlak *= bereikt.sum(axis=0) / vlak.sum(axis=0)
    uit["ruisvloer"] = _delen(nodig, vlak, samen).mean(axis=1)
    return uit


DELEN = ("niveau", "tussen", "binnen", "tekort")


def _twee(per: Sequence[str]) -> tuple[str, str]:
    fout = ParameterFout(
        f"per={tuple(per)!r} kan niet; geef twee soorten, van groot naar klein: ('regioplus', 'gemeente')"
    )
    if isinstance(per, str) or len(per) != 2 or any(p not in NIVEAUS for p in per):
        raise fout
    orde = {"land": 0, "gemeente": 2, "wijk": 3, "buurt": 4}
    groot, klein = (orde.get(p, 1) for p in per)
    if groot >= klein:
        raise fout
    return per[0], per[1]


def _samenvoeging(situatie: Situatie, groot: str, klein: str, codes: pd.Index) -> NDArray[np.float64]:
    """0/1 matrix (large x small): which small area lies in which large one."""
    paren = pd.DataFrame({"groot": gebiedscodes(situatie, groot), "klein": gebiedscodes(situatie, klein)})
    van = paren.groupby("klein")["groot"].first().reindex(codes)
    groten = np.array(sorted(van.unique()))
    uit: NDArray[np.float64] = (groten[:, None] == van.to_numpy()[None, :]).astype(np.float64)
    return uit


def _delen(n: NDArray[np.float64], a: NDArray[np.float64], samen: NDArray[np.float64]) -> NDArray[np.float64]:
    klein, niveau = _splits(n, a)
    groot, _ = _splits(samen @ n, samen @ a)
    return np.stack([niveau, groot - niveau, klein - groot, klein])
