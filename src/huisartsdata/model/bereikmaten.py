"""Reach per area as an indicator: fte per 10,000 standardised patients, its interval, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.onzekerheid import TOLERANTIE, Trekkingen, trek_fte, trek_gebieden
from huisartsdata.model.tekort import beeld_zonder_trekkingen

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from huisartsdata.model.situatie import Situatie

PER = 10_000
WIE = ("ingeschrevenen", "nieuwkomers")


def bereikbeeld(
    situatie: Situatie,
    *,
    per: str = "gemeente",
    wie: str = "ingeschrevenen",
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Fte that people reach, per 10,000 standardised patients, for registered people or for newcomers.

    Registered people share all practices. Newcomers (movers, people whose practice closed) can only
    turn to practices that take patients. Which those are is known where a practice list says so;
    elsewhere each practice is open with a chance drawn from the range that surveys give
    (parameter `open_aandeel`), so the interval for newcomers is wide. That range is national: where a
    region's own signal is worse, newcomers reach less than this says. Without draws the answer is the
    middle of the range times reach, and tells nothing new.

    Parameters
    ----------
    situatie
        The picture.
    per
        Type of area; reach of an area is the mean of its buurten weighted by need.
    wie
        ``ingeschrevenen`` or ``nieuwkomers``.
    trekkingen
        Draws; 0 gives no interval (newcomers then count the middle of the range).
    seed, executor
        As for `trek_gebieden`.

    Returns
    -------
    DataFrame
        Index `gebied`; `bereik_fte_per_10000`, and with draws `laag`, `hoog` (90%) and
        `kans_onder_gemiddeld`: the chance that reach lies below the national mean of the same draw.

    Raises
    ------
    ParameterFout
        For an unknown `wie`.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> beeld = hd.bereikbeeld(hd.landelijke_situatie(), per="land")
    >>> round(float(beeld["bereik_fte_per_10000"].iloc[0]), 2)  # 10,769 fte for 17.9 million people
    6.0
    """
    if wie not in WIE:
        raise ParameterFout(f"wie='{wie}' kan niet; kies uit {', '.join(WIE)}")
    if wie == "nieuwkomers":
        p = situatie.praktijken
        deel = (
            p["open_voor_inschrijving"].map({"ja": 1.0, "nee": 0.0}).fillna(parameter("open_aandeel").waarde)
        )
        punt = beeld_zonder_trekkingen(situatie.vervang(praktijken=p.assign(fte=p["fte"] * deel)), per)
    else:
        punt = beeld_zonder_trekkingen(situatie, per)
    uit = pd.DataFrame({"bereik_fte_per_10000": _per_vraag(punt, situatie)[:, 0]}, index=punt.codes)
    if not trekkingen:
        return uit
    fte = trek_fte(situatie, trekkingen=trekkingen, seed=seed, executor=executor)
    if wie == "nieuwkomers":
        fte = fte * _open(situatie, trekkingen, seed)
    t = trek_gebieden(situatie, per=per, trekkingen=trekkingen, seed=seed, executor=executor, fte=fte)
    waarden = _per_vraag(t, situatie)
    uit["laag"], uit["hoog"] = np.quantile(waarden, [0.05, 0.95], axis=1)
    gemiddeld = t.bereikt.sum(axis=0) / (t.nodig.sum(axis=0) * situatie.norm) * PER
    uit["kans_onder_gemiddeld"] = (waarden < gemiddeld * (1 - TOLERANTIE)).mean(axis=1)
    return uit


def _per_vraag(t: Trekkingen, situatie: Situatie) -> np.ndarray:
    uit: np.ndarray = t.bereikt / (t.nodig * situatie.norm) * PER
    return uit


def _open(situatie: Situatie, trekkingen: int, seed: int) -> pd.DataFrame:
    """1 where a practice takes patients in a draw, else 0; unknown ones by the drawn share."""
    grens = parameter("open_aandeel")
    laag, hoog = grens.laag or grens.waarde, grens.hoog or grens.waarde
    bekend = situatie.praktijken["open_voor_inschrijving"]
    uit = np.empty((len(bekend), trekkingen))
    for k in range(trekkingen):
        rng = np.random.Generator(np.random.Philox(key=np.uint64(seed), counter=[0, 0, 2, k]))
        deel = laag + (hoog - laag) * rng.random()  # a stream of its own: no link with need or decay
        uit[:, k] = rng.random(len(bekend)) < deel
    uit[(bekend == "ja").to_numpy()] = 1.0
    uit[(bekend == "nee").to_numpy()] = 0.0
    return pd.DataFrame(uit, index=bekend.index)
