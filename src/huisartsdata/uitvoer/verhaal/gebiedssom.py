"""Sums over areas: from draws and pictures per gemeente to any larger area.

Reach is linear in areas: what people of a region reach is the sum of what its gemeenten reach. So one set of
draws per gemeente gives every region, also the user's own, without drawing again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.gebieden.register import load_gebieden
from huisartsdata.model.bereikmaten import PER
from huisartsdata.model.onzekerheid import TOLERANTIE, Trekkingen, trek_gebieden, vervalreeks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie

INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class Vervalpunt:
    """The picture itself, without draws, per gemeente: need, and reach under each decay (columns)."""

    vraag: pd.Series
    aanbod: pd.Series
    bereikt: pd.DataFrame


def maak_vervalpunt(s: Situatie) -> Vervalpunt:
    """The picture itself, summed per gemeente, under each decay; the first column is its own decay."""
    stil = s.vervang(vraag_nza=s.vraag)
    fte = s.praktijken[["fte"]].set_axis([0], axis=1)
    bereikt, reeks = {}, vervalreeks()
    for v in (s.verval, *(w for w in reeks if w != s.verval)):
        een = trek_gebieden(stil, per="gemeente", trekkingen=1, fte=fte, vervalset=[v], snelheden=[1.0])
        bereikt[v.beschrijving] = pd.Series(een.bereikt[:, 0], index=een.codes)
    gm = s.gebied["gm_code"]
    aanbod = s.praktijken["fte"].groupby(s.praktijken["gm_code"]).sum()
    tabel = pd.DataFrame(bereikt)
    return Vervalpunt(
        s.vraag.groupby(gm).sum().reindex(tabel.index), aanbod.reindex(tabel.index).fillna(0.0), tabel
    )


def leden_van(soort: str) -> dict[str, tuple[str, ...]]:
    """Gemeenten of every area of a type, by code."""
    return {str(code): tuple(leden) for code, leden in load_gebieden(soort)["gemeenten"].items()}


def voeg_samen(t: Trekkingen, leden: Mapping[str, Sequence[str]]) -> Trekkingen:
    """Draws of larger areas from those of their parts: need and reach add up.

    Parameters
    ----------
    t
        Draws per gemeente or wijk.
    leden
        Code -> codes of its parts.
    """
    m = _leden(t.codes, leden)
    return replace(t, codes=pd.Index(leden, name="gebied"), nodig=m @ t.nodig, bereikt=m @ t.bereikt)


def _leden(codes: pd.Index, leden: Mapping[str, Sequence[str]]) -> NDArray[np.float64]:
    """0/1 matrix: which part (column) lies in which area (row); parts that are not there count for nothing."""
    plaats = {code: n for n, code in enumerate(codes)}
    m = np.zeros((len(leden), len(codes)))
    for rij, delen in enumerate(leden.values()):
        m[rij, [plaats[c] for c in delen if c in plaats]] = 1.0
    return m


def reikwijdte(t: Trekkingen, norm: float) -> pd.DataFrame:
    """90% interval of reach (fte) and of people per reached fte (need-weighted), per area."""
    laag, hoog = np.quantile(t.bereikt, INTERVAL, axis=1)
    per_fte = t.nodig * norm / t.bereikt
    per_laag, per_hoog = np.quantile(per_fte, INTERVAL, axis=1)
    zorg = t.bereikt / (t.nodig * norm) * PER
    zorg_laag, zorg_hoog = np.quantile(zorg, INTERVAL, axis=1)
    return pd.DataFrame(
        {
            "bereikt_laag": laag, "bereikt_hoog": hoog, "per_fte_laag": per_laag, "per_fte_hoog": per_hoog,
            "bereik_laag": zorg_laag, "bereik_hoog": zorg_hoog,
        },
        index=t.codes,
    )  # fmt: skip


def wisselkans(
    punten: Iterable[Vervalpunt], normen: Sequence[float], leden: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """How often the class of areas flips over functies, norms and decays, without draws.

    Parameters
    ----------
    punten
        The picture per functie.
    normen
        People per fte.
    leden
        Code -> gemeenten.

    Returns
    -------
    DataFrame
        Index code; `combinaties`, `tekort` (share of them in which the area is short), `wisselt`.
    """
    kort: list[NDArray[np.bool_]] = []
    for p in punten:
        m = _leden(pd.Index(p.vraag.index), leden)
        n, b = m @ p.vraag.to_numpy(), m @ p.bereikt.to_numpy()
        for norm in normen:
            nodig = (n / norm)[:, None]
            kort += list(((nodig - b) > TOLERANTIE * nodig).T)
    deel = np.mean(kort, axis=0)
    return pd.DataFrame(
        {"combinaties": len(kort), "tekort": deel, "wisselt": (deel > 0) & (deel < 1)},
        index=pd.Index(list(leden), name="gebied"),
    )
