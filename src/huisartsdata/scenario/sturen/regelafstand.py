"""Distance under a rule: how far people are from the GPs that they reach, and who gets farther.

A rule opens and closes no practice, so the *nearest* practice stays as near as it was. What changes is where
the fte are that people can count on. With R_j the supply per weighted demand of practice j and b_ij the weight
of the method (see `model.bereikmatrix`), the share of what people at i reach that lies at j is
b_ij R_j / sum_j b_ij R_j, and their mean time is

    m_i = sum_j b_ij R_j t_ij / sum_j b_ij R_j        minutes

It is the time to supply that people share with others, not that of anybody's trip: who goes where is not public.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.fouten import OnbekendePraktijkFout
from huisartsdata.model.bereikmatrix import bereid_voor, druk, verhouding
from huisartsdata.model.onzekerheid import gebiedscodes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie

    Vector = NDArray[np.float64]

MERKBAAR = 0.1  # minutes: six seconds on the mean of an area; a smaller change is called none
NAASTE = "de naaste praktijk blijft even ver: een regel opent of sluit er geen"


@dataclass(frozen=True)
class Afstandseffect:
    """What a rule does to the time to the GPs that people reach.

    Attributes
    ----------
    voor, na
        Minutes, the mean over all people who reach anything before and after.
    mensen_dichterbij, mensen_verder
        People in areas whose mean falls or rises by at least `MERKBAAR`.
    grootste_stijging
        Rise in minutes of the area that gets farthest away; 0 when none does.
    verst
        Code of that area, or `None`.
    """

    voor: float
    na: float
    mensen_dichterbij: float
    mensen_verder: float
    grootste_stijging: float
    verst: str | None

    @property
    def verschil(self) -> float:
        """Minutes after minus before."""
        return self.na - self.voor

    @property
    def zin(self) -> str:
        """One Dutch sentence."""
        m, n = (f"{x:.2f}".replace(".", ",") for x in (self.voor, self.na))
        duizend = [
            f"{round(x, -3):,.0f}".replace(",", ".") for x in (self.mensen_dichterbij, self.mensen_verder)
        ]
        return (
            f"{NAASTE}. Het bereikte aanbod ligt gemiddeld op {n} minuten (nu {m}); voor {duizend[0]} mensen "
            f"komt het merkbaar dichterbij en voor {duizend[1]} verder weg (zes seconden of meer, per gebied)"
        )


class Reismeter:
    """Minutes to the supply that people reach: weights are made once, every supply is two products.

    Parameters
    ----------
    situatie
        The picture: its demand, times, decay, method and practices.
    per
        Areas over which people are counted as nearer or farther.
    """

    def __init__(self, situatie: Situatie, per: str = "gemeente") -> None:
        s, reis = situatie, situatie.reistijden
        matrix = bereid_voor(reis, s.verval, s.methode, praktijken=s.praktijken.index)
        b = matrix.stap2
        telt = b.data > 0
        rij = np.repeat(np.arange(b.shape[0]), np.diff(b.indptr))[telt]
        kolom = b.indices[telt]
        self._b = sparse.csr_array((b.data[telt], (rij, kolom)), shape=b.shape)
        self._bt = sparse.csr_array((b.data[telt] * reis.minuten.data[telt], (rij, kolom)), shape=b.shape)
        self._druk = druk(matrix.stap1, s.vraag.reindex(reis.van).to_numpy(dtype="float64"))
        self._plek = reis.naar.get_indexer(s.praktijken.index)
        self._praktijken = s.praktijken.index
        self._mensen = s.inwoners.reindex(reis.van).to_numpy(dtype="float64")
        codes = gebiedscodes(s, per).reindex(reis.van)
        self._gebieden = pd.Index(sorted(codes.unique()))
        self._groep = self._gebieden.get_indexer(codes)
        self._nu = self._minuten(s.praktijken["fte"].to_numpy(dtype="float64"))

    def effect(self, fte: pd.Series) -> Afstandseffect:
        """Effect of another supply on the same practices.

        Parameters
        ----------
        fte
            Fte by `praktijk_id`, all of those of the picture.

        Raises
        ------
        OnbekendePraktijkFout
            When practices are missing or others are among them.
        """
        if anders := sorted(set(fte.index) ^ set(self._praktijken)):
            raise OnbekendePraktijkFout(
                f"andere praktijken dan in de situatie: {', '.join(map(str, anders[:20]))}", anders
            )
        na = self._minuten(fte.reindex(self._praktijken).to_numpy(dtype="float64"))
        beide = np.isfinite(self._nu) & np.isfinite(na) & (self._mensen > 0)
        w = np.where(beide, self._mensen, 0.0)
        if not w.any():
            return Afstandseffect(float("nan"), float("nan"), 0.0, 0.0, 0.0, None)
        voor_i, na_i = (np.where(beide, m, 0.0) for m in (self._nu, na))
        mensen, voor, nieuw = (self._som(x) for x in (w, w * voor_i, w * na_i))
        verschil = np.divide(nieuw - voor, mensen, out=np.zeros_like(mensen), where=mensen > 0)
        k = int(verschil.argmax())
        stijgt = verschil[k] >= MERKBAAR
        return Afstandseffect(
            voor=float(voor.sum() / mensen.sum()),
            na=float(nieuw.sum() / mensen.sum()),
            mensen_dichterbij=float(mensen[verschil <= -MERKBAAR].sum()),
            mensen_verder=float(mensen[verschil >= MERKBAAR].sum()),
            grootste_stijging=float(verschil[k]) if stijgt else 0.0,
            verst=str(self._gebieden[k]) if stijgt else None,
        )

    def _minuten(self, fte: Vector) -> Vector:
        s = np.zeros(len(self._druk))
        s[self._plek] = fte
        r = verhouding(s, self._druk)
        bereik = self._b @ r
        uit: Vector = np.divide(self._bt @ r, bereik, out=np.full_like(bereik, np.nan), where=bereik > 0)
        return uit

    def _som(self, x: Vector) -> Vector:
        uit: Vector = np.bincount(self._groep, weights=x, minlength=len(self._gebieden)).astype(np.float64)
        return uit
