"""How much of the shortage is a matter of spreading, over norms, functions and decays: a range, never one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.onzekerheid import NIVEAUS, gebiedscodes, keur_trekkingen, trek_gebieden, vervalreeks
from huisartsdata.scenario.invoerkeur import keur_normen, keur_situaties

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.onzekerheid import Trekkingen
    from huisartsdata.model.situatie import Situatie

    Matrix = NDArray[np.float64]

DELEN = ("niveau", "tussen", "binnen", "spreiding", "tekort")


def normreeks() -> tuple[float, ...]:
    """The norms that answers are given for: what the LHV asks, today's tariff, and that of before 2013."""
    return tuple(waarde(n) for n in ("norm_lhv", "norm_tarief", "norm_tarief_2012"))


def splits_over_keuzes(
    situaties: Sequence[Situatie],
    *,
    normen: Sequence[float] | None = None,
    per: tuple[str, str] = ("regioplus", "gemeente"),
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """The nested split of the shortage for every function and norm, with its range over five decays.

    ``tekort = niveau + tussen + binnen``, exactly; ``spreiding = tussen + binnen`` is the most that any
    steering of the spreading could solve at this size of areas. Reach does not depend on the norm, so it
    is computed once per function and decay.

    Parameters
    ----------
    situaties
        A picture per function.
    normen
        People per fte; default `normreeks`.
    per
        Large and small areas, the second nested in the first.
    trekkingen, seed, executor
        Draws for the expectation, the interval and the noise floor (see `ontleed_tekort`); 0 leaves them out.

    Returns
    -------
    DataFrame
        Index `functie`, `norm`, `deel`; `fte` (the picture), `verval_laag`, `verval_hoog` (least and most over
        the five decays), and with draws `verwacht`, `laag`, `hoog` (95%), `ruisvloer` and `kans_boven_ruis`:
        the chance that a country as we draw it shows more of this part than one of equal density under the
        same doubt (see `kans_meer`; NaN for the level, which is the same in both).

    Raises
    ------
    ParameterFout
        For no pictures, two of one function, or a norm that is no positive number.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.antwoord.splitsbereik import splits_over_keuzes
    >>> s = hd.landelijke_situatie(functie="zonder_wisselend")
    >>> t = splits_over_keuzes([s])["fte"].round()
    >>> [int(t[("zonder_wisselend", 1800.0, d)]) for d in ("niveau", "spreiding", "tekort")]
    [987, 53, 1041]
    """
    keur_trekkingen(trekkingen, seed)
    normen = normreeks() if normen is None else keur_normen(normen)
    situaties = keur_situaties(situaties)
    twee = isinstance(per, (tuple, list)) and len(per) == 2 and all(isinstance(p, str) for p in per)
    if not twee or not set(per) <= set(NIVEAUS):
        raise ParameterFout(
            f"per={per!r:.60} kan niet; geef twee soorten, van groot naar klein: ('regioplus', 'gemeente')"
        )
    delen = {}
    for s in situaties:
        punten = _punten(s, per[1])
        samen = _samen(s, per, punten[0][0])
        getrokken = None
        if trekkingen:
            getrokken = trek_gebieden(s, per=per[1], trekkingen=trekkingen, seed=seed, executor=executor)
        for norm in normen:
            schaal = s.norm / norm
            over = np.stack([splits(n * schaal, b, samen)[:, 0] for _, n, b in punten])
            deel = pd.DataFrame({"fte": over[0], "verval_laag": over.min(0), "verval_hoog": over.max(0)})
            if getrokken is not None:
                _trekdelen(deel, getrokken, schaal, samen)
            delen[s.functie, float(norm)] = deel.set_axis(pd.Index(DELEN, name="deel"))
    return pd.concat(delen, names=["functie", "norm"])


def splits(nodig: Matrix, bereikt: Matrix, samen: Matrix) -> Matrix:
    """The parts (rows, in the order of `DELEN`) per draw (column).

    Parameters
    ----------
    nodig, bereikt
        Fte per small area and draw.
    samen
        0/1 matrix (large x small): which small area lies in which large one.

    Examples
    --------
    >>> n = np.array([[10.0], [10.0], [10.0]])
    >>> b = np.array([[14.0], [8.0], [6.0]])
    >>> splits(n, b, np.array([[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]))[:, 0].tolist()
    [2.0, 2.0, 2.0, 4.0, 6.0]

    Raises
    ------
    ParameterFout
        When the three do not fit together.
    """
    vormen = [np.shape(x) for x in (nodig, bereikt, samen)]
    if any(len(v) != 2 for v in vormen) or vormen[0] != vormen[1] or vormen[2][1] != vormen[0][0]:
        raise ParameterFout(
            f"nodig, bereikt en samen hebben vorm {vormen[0]}, {vormen[1]} en {vormen[2]}; geef nodig en bereikt een "
            "rij per gebied en een kolom per trekking, en samen een kolom per gebied"
        )
    tekort = np.maximum(0.0, nodig - bereikt).sum(axis=0)
    groot = np.maximum(0.0, samen @ nodig - samen @ bereikt).sum(axis=0)
    niveau = np.maximum(0.0, nodig.sum(axis=0) - bereikt.sum(axis=0))
    return np.stack([niveau, groot - niveau, tekort - groot, tekort - niveau, tekort])


def bovengrens(splitsing: pd.DataFrame) -> pd.DataFrame:
    """What steering could solve at most, one row per function and norm.

    Parameters
    ----------
    splitsing
        Of `splits_over_keuzes`.

    Returns
    -------
    DataFrame
        Index `functie`, `norm`; `tekort`, `niveau`, `hoogstens` (the distribution part), `hoogstens_laag` and
        `hoogstens_hoog` (over the decays), `deel_niveau` (NaN without a shortage), and with draws
        `verwacht`, `laag`, `hoog`, `ruisvloer` and `kans_boven_ruis` of the distribution part.
    """
    tekort, niveau, deel = (splitsing.xs(d, level="deel") for d in ("tekort", "niveau", "spreiding"))
    uit = pd.DataFrame(
        {
            "tekort": tekort["fte"],
            "niveau": niveau["fte"],
            "hoogstens": deel["fte"],
            "hoogstens_laag": deel["verval_laag"],
            "hoogstens_hoog": deel["verval_hoog"],
            "deel_niveau": niveau["fte"] / tekort["fte"].where(tekort["fte"] > 0),
        }
    )
    trek = [k for k in ("verwacht", "laag", "hoog", "ruisvloer", "kans_boven_ruis") if k in deel]
    return uit.join(deel[trek])


def _punten(s: Situatie, per: str) -> list[tuple[pd.Index, Matrix, Matrix]]:
    """The picture itself: its own decay first, then the five."""
    stil = s.vervang(vraag_nza=s.vraag)
    fte = s.praktijken[["fte"]].set_axis([0], axis=1)
    uit = []
    for v in (s.verval, *(w for w in vervalreeks() if w != s.verval)):
        t = trek_gebieden(stil, per=per, trekkingen=1, fte=fte, vervalset=[v], snelheden=[1.0])
        uit.append((t.codes, t.nodig, t.bereikt))
    return uit


def _samen(s: Situatie, per: tuple[str, str], codes: pd.Index) -> Matrix:
    paren = pd.DataFrame({"groot": gebiedscodes(s, per[0]), "klein": gebiedscodes(s, per[1])})
    van = paren.groupby("klein")["groot"]
    if (van.nunique() > 1).any():
        raise ParameterFout(f"per={per!r} kan niet; het tweede moet binnen het eerste liggen")
    groot = van.first().reindex(codes).to_numpy()
    uit: Matrix = (np.array(sorted(set(groot)))[:, None] == groot[None, :]).astype(np.float64)
    return uit


def kans_meer(delen: Matrix, ruis: Matrix, groep: Sequence[int] | NDArray[np.intp]) -> Matrix:
    """Chance that one country shows more than another, over all pairs of draws with the same settings.

    A pair takes its two countries from *different* draws: with the same noise in both, any difference at all
    would lift the first in nearly every draw. And from draws with the same decay and speed, which shift both:
    the lowest of one over all decays against the mean of the other would compare decays. It is the area under
    the curve of a test that tells the two apart: .5 is no difference, 1 a sure one; equals count half.

    Parameters
    ----------
    delen, ruis
        Parts (rows) by draw (columns): as drawn, and of equal density under the same doubt.
    groep
        Settings per draw.

    Returns
    -------
    ndarray
        Per part; NaN where no two draws share their settings.

    Examples
    --------
    >>> kans_meer(np.array([[3.0, 5.0]]), np.array([[4.0, 2.0]]), [0, 0]).tolist()  # 3 > 2, 5 > 4
    [1.0]
    """
    g = np.asarray(groep)
    meer, paren = np.zeros(len(delen)), 0
    for nummer in np.unique(g):
        k = np.flatnonzero(g == nummer)
        anders = ~np.eye(len(k), dtype=bool)
        verschil = delen[:, k, None] - ruis[:, None, k]
        meer += (((verschil > 0) + 0.5 * (verschil == 0)) * anders).sum(axis=(1, 2))
        paren += len(k) * (len(k) - 1)
    uit: Matrix = meer / paren if paren else np.full(len(delen), np.nan)
    return uit


def _trekdelen(deel: pd.DataFrame, t: Trekkingen, schaal: float, samen: Matrix) -> None:
    """Add expectation, interval and noise floor; `deel` is this module's own, made just before."""
    nodig, bereikt = t.nodig * schaal, t.bereikt
    over = splits(nodig, bereikt, samen)
    deel["verwacht"] = over.mean(axis=1)
    deel["laag"], deel["hoog"] = np.quantile(over, [0.025, 0.975], axis=1)
    # the noise of a draw: its reach against the mean of all draws, in a country of equal density
    ruis = bereikt / bereikt.mean(axis=1, keepdims=True)
    vlak = nodig * (bereikt.sum(axis=0) / nodig.sum(axis=0)) * ruis
    vlak *= bereikt.sum(axis=0) / vlak.sum(axis=0)
    ruisdelen = splits(nodig, vlak, samen)
    deel["ruisvloer"] = ruisdelen.mean(axis=1)
    instelling = t.opzet["verval"] * (t.opzet["snelheid"].max() + 1) + t.opzet["snelheid"]
    deel["kans_boven_ruis"] = kans_meer(over, ruisdelen, instelling.to_numpy())
    deel.iloc[0, -1] = np.nan  # the level does not depend on how it is spread
