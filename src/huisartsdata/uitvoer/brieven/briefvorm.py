"""How a brief is laid out: the largest type that four pages take, the fullest pages, columns as wide as their text.

Nothing here writes a file; a writer says where things end up and gets back how to set them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, permutations

import numpy as np

from huisartsdata.uitvoer.brieven.briefinhoud import Beeld, Blok, Lijst, Tabel
from huisartsdata.uitvoer.brieven.briefletters import breedte_em

KORT = 12  # rows that are kept on one page
MIDDEL = 7  # and when the type would get too small for it
BREUK_MM = 12.0  # what page breaks leave empty at the least, all together
MAX_BLADEN = 4
VET = 1.17  # bold letters beside plain ones of the same size
STAP_EM = 0.5
RUIL_EM, MAX_RUIL = 1.5, 12
CELDEEL = 0.05  # of a line: what fewer lines in a cell are worth where the row does not get lower
SPATIE_EM = 0.4
RAFEL = 1.08  # lines end at a word
ONDER_MM = 284.5  # where the text of a page ends: A4 less its margin
BOVEN_MM = 13.0
SPELING_MM = 3.0  # what a line may hang below the place that is measured
RUIMTE_MM = (
    25.0  # what may stay empty at the foot of a page without a penalty: a heading with what belongs to it
)
GESTRAND_MM = 40.0  # a point or a few rows alone on a page are as bad as this much more of it left empty
STAP_MM = 30.0  # a step down in type is as bad as this much more left empty
MAX_STAPPEN = 2  # moves of a figure or list past a table, all together
MAX_HEEL = 3  # rounds of keeping lists whole
MINSTENS = 4  # rows of a long table on either side of a page break


@dataclass(frozen=True)
class Schaal:
    """Sizes of type in points: of the text, of tables and of what is small."""

    tekst: float
    tabel: float
    noot: float


# from comfortable to the least that can be read on paper (huisstijl.MINIMUM_PT)
SCHALEN = (
    Schaal(10.5, 9.0, 8.5),
    Schaal(10.0, 8.5, 8.0),
    Schaal(9.5, 8.0, 7.5),
    Schaal(9.3, 7.8, 7.4),
    Schaal(9.0, 7.6, 7.2),
    Schaal(8.8, 7.4, 7.1),
    Schaal(8.6, 7.2, 7.0),
    Schaal(8.3, 7.0, 7.0),
    Schaal(7.8, 7.0, 7.0),  # a last resort
)
LEESBAAR, NOG_LEESBAAR = SCHALEN[5], SCHALEN[7]


@dataclass(frozen=True)
class Zetting:
    """One way to set a brief: its scale, the order of its blocks, lists that are kept whole, rows kept together."""

    schaal: Schaal
    volgorde: tuple[int, ...]
    heel: tuple[int, ...] = ()
    kort: int = KORT


@dataclass(frozen=True)
class Bladspiegel:
    """Where the parts of a brief ended up: kind, number of the block, page, and mm from the top of the page."""

    plekken: tuple[tuple[str, int, int, float], ...]

    @property
    def bladen(self) -> int:
        """Number of pages."""
        return max(p for _, _, p, _ in self.plekken)

    @property
    def onderkanten(self) -> dict[int, float]:
        """Per page, how far down (mm) it is filled."""
        uit: dict[int, float] = {}
        for _, _, p, y in self.plekken:
            uit[p] = max(uit.get(p, BOVEN_MM), y)
        return uit

    @property
    def past(self) -> bool:
        """Whether it fits its pages, and nothing that is kept whole runs off one."""
        return self.bladen <= MAX_BLADEN and max(self.onderkanten.values()) <= ONDER_MM + SPELING_MM

    @property
    def gevuld_mm(self) -> float:
        """Height of everything, one under the other, without what is left empty at the foot of pages."""
        return sum(y - BOVEN_MM for y in self.onderkanten.values())

    @property
    def leeg_mm(self) -> tuple[float, ...]:
        """What is left empty at the foot of every page but the last."""
        onder = self.onderkanten
        return tuple(ONDER_MM - onder.get(p, BOVEN_MM) for p in range(1, self.bladen))

    @property
    def gebroken(self) -> tuple[int, ...]:
        """Lists with a point that is broken over two pages or stands alone on one."""
        uit = []
        for n, bladen in self._groepen("punt"):
            begin, eind = bladen[::2], bladen[1::2]
            delen = [len(list(g)) for _, g in groupby(begin)]
            if begin != eind or (len(delen) > 1 and min(delen) == 1):
                uit.append(n)
        return tuple(uit)

    @property
    def gestrand(self) -> int:
        """Broken lists, tables with a few rows alone on a page, and notes on another page than their table."""
        rijen = [[len(list(g)) for _, g in groupby(bladen)] for _, bladen in self._groepen("rij")]
        los = sum(
            a[:2] == ("rij", b[1]) and b[0] == "noot" and a[2] != b[2] for a, b in pairwise(self.plekken)
        )
        return len(self.gebroken) + sum(len(d) > 1 and min(d) < MINSTENS for d in rijen) + los

    def _groepen(self, soort: str) -> Iterator[tuple[int, list[int]]]:
        """Number of each list or table, and the pages of its parts."""
        deze = [x for x in self.plekken if x[0] == soort]
        for n, groep in groupby(deze, key=lambda x: x[1]):
            yield n, [x[2] for x in groep]

    @property
    def kosten(self) -> float:
        """How bad it looks: what is left empty, a large hole worse than two small ones, and what is stranded."""
        return sum(max(0.0, leeg - RUIMTE_MM) ** 2 for leeg in self.leeg_mm) + self.gestrand * GESTRAND_MM**2


def kies_zetting(blokken: Sequence[Blok], meet: Callable[[Zetting], Bladspiegel]) -> Zetting:
    """The largest type at which a brief fits its pages, and the order of figures and tables that fills them best.

    Nothing is drawn by chance: the same brief gives the same choice. A scale that only fits with a hole in a page
    gives way to a smaller one without, when that is worth it. A table of more than `MIDDEL` rows runs on rather than
    that the type gets smaller than `LEESBAAR`; when nothing fits, every table does.

    Parameters
    ----------
    blokken
        What is set, in order.
    meet
        Sets it and says where everything ends up.
    """
    volgordes = to_volgordes(blokken)

    def past_op_papier(schaal: Schaal) -> bool:
        """Whether its height leaves room for page breaks: the smaller the type, the sooner."""
        return meet(Zetting(schaal, volgordes[0])).gevuld_mm <= MAX_BLADEN * (ONDER_MM - BOVEN_MM) - BREUK_MM

    begin = bisect_left(SCHALEN, True, key=past_op_papier)
    for kort, laatste in ((KORT, LEESBAAR), (MIDDEL, NOG_LEESBAAR), (0, NOG_LEESBAAR), (0, SCHALEN[-1])):
        beste: tuple[float, Zetting] | None = None
        toeslag = 0.0
        for schaal in SCHALEN[begin : SCHALEN.index(laatste) + 1]:
            if beste is not None and (toeslag := toeslag + STAP_MM**2) >= beste[0]:
                break
            for volgorde in volgordes:
                kosten, zetting = _beste_lijsten(Zetting(schaal, volgorde, kort=kort), meet)
                if kosten < np.inf and (beste is None or kosten + toeslag < beste[0]):
                    beste = (kosten + toeslag, zetting)
                if not kosten:
                    break
        if beste is not None:
            return beste[1]
    return Zetting(SCHALEN[-1], volgordes[0], kort=0)


def _beste_lijsten(zetting: Zetting, meet: Callable[[Zetting], Bladspiegel]) -> tuple[float, Zetting]:
    """What an order costs, and which broken lists it keeps whole: infinite when it does not fit."""
    beste = (np.inf, zetting)
    for _ in range(MAX_HEEL):
        spiegel = meet(zetting)
        if not spiegel.past:
            break
        beste = min(beste, (spiegel.kosten, zetting), key=lambda x: x[0])
        nieuw = {n for n in spiegel.gebroken if n not in zetting.heel}
        if not nieuw:
            break
        zetting = replace(zetting, heel=tuple(sorted({*zetting.heel, *nieuw})))
    return beste


def to_volgordes(blokken: Sequence[Blok]) -> tuple[tuple[int, ...], ...]:
    """Orders in which blocks may be set: as given, and with a figure or a list on the other side of tables.

    A figure may follow the table that it came before, and a list may come before tables that it followed, within
    their part of the brief and a few places at most. Tables keep their order and so do figures, so that every number
    stays. Orders with the fewest moves come first.
    """
    gewoon = tuple(range(len(blokken)))
    gezien = {gewoon: 0}
    for volgorde in (rij := [gewoon]):
        if gezien[volgorde] == MAX_STAPPEN:
            continue
        for i, (a, b) in enumerate(pairwise(volgorde)):
            om = isinstance(blokken[a], Beeld) and isinstance(blokken[b], Tabel)
            op = isinstance(blokken[a], Tabel) and isinstance(blokken[b], Lijst)
            if a < b and (om or op):
                nieuw = (*volgorde[:i], b, a, *volgorde[i + 2 :])
                if nieuw not in gezien:
                    gezien[nieuw] = gezien[volgorde] + 1
                    rij.append(nieuw)
    return tuple(rij)


def kolombreedtes(tabel: Tabel, breed_em: float) -> tuple[float, ...]:
    """Width of every column (em) such that a table takes few lines.

    Columns get what their cells need on one line. Where that is more than there is, the column that costs the fewest
    extra lines gives way, step by step, never below its longest word; where it is less, all get more in proportion.

    Parameters
    ----------
    tabel
        The table.
    breed_em
        Width of the table without the margins of its cells, in the size of its type.
    """
    kop = [[breedte_em(w) * VET for w in k.split()] for k in tabel.kop]
    cellen = np.array(
        [[sum(w) for w in kop], *([breedte_em(c) for c in rij] for rij in tabel.rijen)], dtype=float
    )
    langste = [
        max((breedte_em(w) for rij in tabel.rijen for w in rij[n].split()), default=0.0)
        for n in range(len(tabel.kop))
    ]
    minst = np.maximum([max(w, default=0.0) for w in kop], langste)
    in_twee = [min((max(sum(w[:k]), sum(w[k:])) for k in range(len(w))), default=0.0) for w in kop]
    breedtes = np.maximum.reduce([minst, cellen[1:].max(axis=0, initial=0.0), np.array(in_twee) + SPATIE_EM])
    while (over := breedtes.sum() - breed_em) > 0:
        ruim = np.flatnonzero(breedtes > minst)
        if not len(ruim):
            break
        stap = min(STAP_EM, over)
        proef = [
            np.where(np.arange(len(breedtes)) == n, np.maximum(breedtes - stap, minst), breedtes)
            for n in ruim
        ]
        # the widest of those that cost the same
        kies = min(range(len(ruim)), key=lambda k: (_regels(cellen, proef[k]), -breedtes[ruim[k]]))
        breedtes = proef[kies]
    breedtes = _ruil(cellen, breedtes, minst)
    return tuple(float(b) for b in breedtes * breed_em / breedtes.sum())


def aantal_regels(tabel: Tabel, breedtes: Sequence[float]) -> int:
    """Lines that the rows of a table take, without its heading, in columns of these widths (em)."""
    cellen = np.array([[breedte_em(c) for c in rij] for rij in tabel.rijen]).reshape(-1, len(tabel.kop))
    return int(_per_cel(cellen, np.asarray(breedtes)).max(axis=1, initial=1).sum())


def _ruil(cellen: np.ndarray, breedtes: np.ndarray, minst: np.ndarray) -> np.ndarray:
    """Widths after one column has given a little to another for as long as that saves lines."""
    regels = _regels(cellen, breedtes)
    for _ in range(MAX_RUIL):
        proeven = []
        for van, naar in permutations(range(len(breedtes)), 2):
            if breedtes[van] - RUIL_EM >= minst[van]:
                nieuw = breedtes.copy()
                nieuw[van] -= RUIL_EM
                nieuw[naar] += RUIL_EM
                proeven.append(nieuw)
        beste = min(proeven, key=lambda b: _regels(cellen, b), default=breedtes)
        if (minder := _regels(cellen, beste)) >= regels:
            break
        breedtes, regels = beste, minder
    return breedtes


def _regels(cellen: np.ndarray, breedtes: np.ndarray) -> float:
    """Lines that the rows of a table take, a line of several never quite full; a little for those of every cell."""
    regels = _per_cel(cellen, breedtes)
    return float(regels.max(axis=1, initial=1).sum() + CELDEEL * regels.sum())


def _per_cel(cellen: np.ndarray, breedtes: np.ndarray) -> np.ndarray:
    return np.where(cellen <= breedtes + 1e-9, 1, np.ceil(cellen * RAFEL / breedtes))
