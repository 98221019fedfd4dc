"""The field in which a practice falls out: places, what is known of practices, and the lots of the draws.

Practices with the same travel times share a place, so that a city of forty practices in seven postcodes
is seven places. One field serves every gemeente; one case is a practice of one size in one gemeente.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import ParameterFout

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.model.verval import Verval

    Getallen = NDArray[np.float64]
    Aantallen = NDArray[np.int64]

STROOM_PLAATS, STROOM_OPEN = 3, 4  # stream numbers of the draws; no two subjects share one


@dataclass(frozen=True, eq=False)
class Veld:
    """Everything that cases of one picture share; made by `maak_veld`.

    Attributes
    ----------
    ids, gm_code, fte, ingeschreven, bekend
        Per practice: id, gemeente, fte, delivered list (NaN: none), open (1), closed (0) or unknown (NaN).
    plek
        Number of its place.
    buurten, gemeente, mensen
        Per row of the travel times: code, gemeente, whole people.
    kolommen, rijen
        Minutes of buurten x places, by column and by row, as far as anything looks.
    mensen_per_fte
        Break-even norm: a list without a delivery is fte times this.
    grens, verval
        Limit on the way to a new practice, and the decay that says who is on a list.
    """

    ids: NDArray[np.object_]
    gm_code: NDArray[np.object_]
    fte: Getallen
    ingeschreven: Getallen
    bekend: Getallen
    plek: Aantallen
    buurten: pd.Index
    gemeente: NDArray[np.object_]
    mensen: Aantallen
    kolommen: sparse.csc_array
    rijen: sparse.csr_array
    mensen_per_fte: float
    grens: float
    verval: Verval

    def minuten_naar(self, praktijk: int) -> Getallen:
        """Minutes of every buurt to one practice; inf beyond the search."""
        uit = np.full(len(self.buurten), np.inf)
        j = self.plek[praktijk]
        deel = slice(self.kolommen.indptr[j], self.kolommen.indptr[j + 1])
        uit[self.kolommen.indices[deel]] = self.kolommen.data[deel]
        return uit


def is_getal(x: object) -> bool:
    """Whether it is a finite number; a bool, a missing value or an endless row of digits is none.

    >>> is_getal(0.5), is_getal(True), is_getal(float("nan")), is_getal(10**400), is_getal("1")
    (True, False, False, False, False)
    """
    if isinstance(x, bool) or not isinstance(x, (int, float, np.integer, np.floating)):
        return False
    try:
        return math.isfinite(x)
    except OverflowError:
        return False


def kies_grens(situatie: Situatie, grens_minuten: float | None) -> float:
    """Limit on the way to a new practice; default where the decay ends, or else the travel times.

    Raises
    ------
    ParameterFout
        For a limit that is no positive number, or lies beyond the travel times.
    """
    ver = situatie.reistijden.grens_minuten
    einde = math.inf if ver is None else float(ver)
    if grens_minuten is None and math.isinf(min(situatie.verval.reikwijdte, einde)):
        raise ParameterFout("verval en reistijden hebben geen grens; geef grens_minuten=")
    grens = min(situatie.verval.reikwijdte, einde) if grens_minuten is None else grens_minuten
    if not is_getal(grens) or grens <= 0 or grens > einde:
        tot = "" if ver is None else f" en hooguit {ver:g}, want verder reiken de reistijden niet"
        raise ParameterFout(f"grens_minuten={grens!r} kan niet; geef een getal boven 0{tot}")
    return float(grens)


def maak_veld(situatie: Situatie, grens_minuten: float | None = None) -> Veld:
    """The field of a picture."""
    grens = kies_grens(situatie, grens_minuten)
    p, reis = situatie.praktijken, situatie.reistijden
    verst = max(grens, situatie.verval.reikwijdte)
    m = reis.minuten
    dichtbij = m.data <= verst
    indptr = np.concatenate([[0], np.cumsum(dichtbij)])[m.indptr]
    kort = sparse.csr_array((m.data[dichtbij], m.indices[dichtbij], indptr), shape=m.shape).tocsc()
    eerste: dict[tuple[bytes, bytes], int] = {}
    plek = np.empty(len(p), dtype=np.int64)
    vertegenwoordigers: list[int] = []
    for nummer, kolom in enumerate(reis.naar.get_indexer(p.index).tolist()):
        deel = slice(kort.indptr[kolom], kort.indptr[kolom + 1])
        sleutel = (kort.indices[deel].tobytes(), kort.data[deel].tobytes())
        plek[nummer] = eerste.setdefault(sleutel, len(eerste))
        if plek[nummer] == len(vertegenwoordigers):
            vertegenwoordigers.append(kolom)
    kolommen = _kolommen(kort, vertegenwoordigers)
    return Veld(
        ids=p.index.to_numpy(dtype=object),
        gm_code=p["gm_code"].to_numpy(dtype=object),
        fte=p["fte"].to_numpy(dtype=np.float64),
        ingeschreven=p["ingeschreven"].to_numpy(dtype=np.float64),
        bekend=p["open_voor_inschrijving"].map({"ja": 1.0, "nee": 0.0}).to_numpy(dtype=np.float64),
        plek=plek,
        buurten=reis.van,
        gemeente=situatie.gebied["gm_code"].reindex(reis.van).to_numpy(dtype=object),
        mensen=np.floor(situatie.inwoners.reindex(reis.van).to_numpy(dtype=np.float64)).astype(np.int64),
        kolommen=kolommen,
        rijen=kolommen.tocsr(),
        mensen_per_fte=situatie.omslagnorm,
        grens=grens,
        verval=situatie.verval,
    )


def _kolommen(matrix: sparse.csc_array, kolommen: list[int]) -> sparse.csc_array:
    """Some columns, stored zeros included (an index with a list may drop them)."""
    lengte = np.diff(matrix.indptr)[kolommen]
    indptr = np.concatenate([[0], np.cumsum(lengte)])
    plaats = np.arange(indptr[-1]) + np.repeat(matrix.indptr[kolommen] - indptr[:-1], lengte)
    vorm = (matrix.shape[0], len(kolommen))
    return sparse.csc_array((matrix.data[plaats], matrix.indices[plaats], indptr), shape=vorm)


@dataclass(frozen=True, eq=False)
class Loten:
    """Uniform numbers per draw (rows); draw k depends on the seed and k only.

    Attributes
    ----------
    plaats, opname, aandeel
        One number per draw: for the place, the room of an open practice, and the open share.
    open_
        One per practice (columns): it is open where this lies below the open share. It goes with the
        practice's id, so that a practice has the same luck in every picture that holds it.
    """

    plaats: Getallen
    opname: Getallen
    aandeel: Getallen
    open_: Getallen


def trek_loten(ids: NDArray[np.object_], trekkingen: int, seed: int) -> Loten:
    """Draw for every practice of the country, so that all cases see the same world.

    Each draw has a random 64-bit number from its own stream; a practice's lot is that number mixed with a
    hash of its id. So closing or opening a practice elsewhere changes nobody else's luck.
    """
    een, aandeel = np.empty((trekkingen, 2)), np.empty(trekkingen)
    zout = np.empty((trekkingen, 1), dtype=np.uint64)
    for k in range(trekkingen):
        plaats, open_ = (
            np.random.Generator(np.random.Philox(key=np.uint64(seed), counter=[0, 0, stroom, k]))
            for stroom in (STROOM_PLAATS, STROOM_OPEN)
        )
        een[k], aandeel[k] = plaats.random(2), open_.random()
        zout[k] = open_.integers(0, 2**64, dtype=np.uint64, size=1)
    sleutels = np.array(
        [int.from_bytes(hashlib.blake2b(str(i).encode(), digest_size=8).digest(), "little") for i in ids],
        dtype=np.uint64,
    )
    return Loten(een[:, 0], een[:, 1], aandeel, _meng(zout, sleutels))


def _meng(zout: NDArray[np.uint64], sleutels: NDArray[np.uint64]) -> Getallen:
    """Uniform numbers from two 64-bit numbers: the finaliser of splitmix64 (Steele and others, 2014), twice."""
    x = sleutels[None, :] + zout
    for _ in range(2):
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = (x ^ (x >> np.uint64(31))) + zout
    uit: Getallen = (x >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return uit


Deel = float | tuple[float, float] | None  # fixed, drawn between two numbers, or as its parameter says


def trek_waarde(naam: str, vast: Deel, lot: Getallen) -> Getallen:
    """An assumption per draw: fixed, or uniform between bounds: its own, or those of its parameter."""
    if vast is not None and not isinstance(vast, tuple):
        return np.full(len(lot), float(vast))
    if vast is not None:
        laag, hoog = vast
    else:
        p = parameter(naam)
        laag = p.waarde if p.laag is None else p.laag
        hoog = p.waarde if p.hoog is None else p.hoog
    uit: Getallen = laag + (hoog - laag) * lot
    return uit
