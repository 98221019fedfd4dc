"""What placement optimises over: reach per fte placed, and linear programs solved the same way every time.

With one of the linear methods the pressure D_c around a place follows from demand alone, so x_c fte on
place c adds exactly K_gc x_c to the reach of area g, K_gc = sum_{i in g} P_i w_ic / D_c. Shortage after
placing is therefore max(0, need_g - reach_g - sum_c K_gc x_c): a linear program.

HiGHS runs on one thread with a fixed seed and stops on its gap or, for whole steps, after a fixed number
of search nodes; never on time, so that an answer does not depend on the machine. Areas and places go in
sorted by code, whatever their order in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.fouten import HuisartsdataFout, ParameterFout
from huisartsdata.model.bereikmatrix import LINEAIR, verhouding
from huisartsdata.model.onzekerheid import gebiedscodes, maak_kern

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie

    Vector = NDArray[np.float64]

ZAAD = 0  # of HiGHS; any fixed number will do
SPELING = 1e-9  # relative room left to an objective that is held while a next one is improved
AFRONDING = 1e-7  # the solver's own tolerance: a smaller gap is none
# Nodes of the search tree per program, by its rows. Measured at 20 to 100 ms a node, so that the country
# by wijk or by gemeente stays within a minute; a count, for a clock would give another answer every time.
KNOPEN_MIN, KNOPEN_MAX, KNOPEN_RIJEN = 100, 1200, 300_000


def zoekknopen(rijen: int) -> int:
    """Search nodes that a program of so many rows gets."""
    return int(np.clip(KNOPEN_RIJEN // max(rijen, 1), KNOPEN_MIN, KNOPEN_MAX))


@dataclass(frozen=True, eq=False)
class Plaatsmodel:
    """Areas against places, in fte.

    Attributes
    ----------
    gebieden, plekken
        Codes of areas (rows) and places (columns), both sorted.
    nodig, bereikt
        Fte needed and reached per area before anything is placed.
    kern
        K: fte that the people of an area reach of one fte on a place (sparse, areas x places). With a
        method that conserves supply its columns sum to 1.
    """

    gebieden: pd.Index
    plekken: pd.Index
    nodig: Vector
    bereikt: Vector
    kern: sparse.csr_array

    @property
    def gat(self) -> Vector:
        """Need minus reach: positive where short."""
        return self.nodig - self.bereikt

    def tekort(self, x: Vector) -> Vector:
        """Shortage per area after placing x (fte per place, negative where fte leaves)."""
        uit: Vector = np.maximum(0.0, self.gat - self.kern @ x)
        return uit


def plekken_van(situatie: Situatie) -> pd.DataFrame:
    """The distinct places of the practices of a picture.

    Practices of one postcode share its point. A place is named after its postcode, or after its first
    practice where there is none or where one postcode has several points.

    Returns
    -------
    DataFrame
        Index `kandidaat` (sorted); `praktijk_id` (the first of the place) and `fte` (of all of them).
    """
    p = situatie.praktijken
    t = pd.DataFrame({"punt": p.geometry.to_wkb(), "pc4": p["pc4"], "fte": p["fte"], "praktijk_id": p.index})
    uit = t.groupby("punt", sort=False).agg({"pc4": "first", "praktijk_id": "min", "fte": "sum"})
    dubbel = uit["pc4"].isna() | uit["pc4"].duplicated(keep=False) | uit["pc4"].isin(p.index)
    uit["kandidaat"] = uit["praktijk_id"].where(dubbel, uit["pc4"])
    return uit.set_index("kandidaat").sort_index()[["praktijk_id", "fte"]]


def maak_plaatsmodel(
    situatie: Situatie, per: str, kolommen: pd.Series, *, nieuw: bool = False
) -> Plaatsmodel:
    """The model of one picture and one type of area.

    Parameters
    ----------
    situatie
        The picture; its travel times must know every column.
    per
        Type of area.
    kolommen
        Id in `reistijden.naar` by code of the place.
    nieuw
        Whether places may hold no practice yet: then the method must be linear.

    Raises
    ------
    ParameterFout
        For a method in which a new place changes the weights of others, or places nobody can get to.
    OnbekendGebiedFout
        For an unknown type of area.
    """
    if nieuw and situatie.methode not in LINEAIR:
        raise ParameterFout(
            f"bij methode {situatie.methode} verandert een nieuwe plek het gewicht van alle andere; kies een van "
            f"{', '.join(sorted(LINEAIR))}, of laat kandidaten weg om bij bestaande praktijken te plaatsen"
        )
    reis = situatie.reistijden
    if not (reis.van.is_monotonic_increasing and reis.naar.is_monotonic_increasing):
        # sums in another order differ in their last bits, and a search may then end on another near-tie
        reis = reis.selecteer(van=reis.van.sort_values(), naar=reis.naar.sort_values())
        situatie = situatie.vervang(reistijden=reis)
    codes = gebiedscodes(situatie, per).reindex(reis.van)
    gebieden = pd.Index(sorted(codes.unique()), name="gebied")
    groep = gebieden.get_indexer(codes)
    zonder = situatie.vervang(vraag_nza=situatie.vraag)
    druk, m = maak_kern(zonder, situatie.verval, 1.0, groep, len(gebieden)).per_vraag[0]
    fte = situatie.praktijken["fte"].reindex(reis.naar).fillna(0.0).to_numpy()
    kolommen = kolommen.sort_index()
    j = reis.naar.get_indexer(pd.Index(kolommen))
    leeg = kolommen.index[druk[j] <= 0]
    if len(leeg):
        raise ParameterFout(
            f"niemand kan komen bij: {', '.join(leeg[:20])}; laat die kandidaten weg of kies een verval dat "
            "verder reikt"
        )
    vraag = situatie.vraag.reindex(reis.van).to_numpy()
    nodig = np.bincount(groep, weights=vraag, minlength=len(gebieden)) / situatie.norm
    kern = sparse.csr_array(m[:, j] @ sparse.diags_array(1.0 / druk[j]))
    kern.sort_indices()
    plekken = pd.Index(kolommen.index, name="kandidaat")
    return Plaatsmodel(gebieden, plekken, nodig, m @ verhouding(fte, druk), kern)


@dataclass(frozen=True, eq=False)
class Oplossing:
    """An answer of the solver: variables, objective, proven bound and whether the search ran to its end."""

    x: Vector
    waarde: float
    grens: float
    af: bool


@dataclass(frozen=True, eq=False)
class Rijen:
    """Rows of a program: laag <= matrix @ x <= hoog."""

    matrix: sparse.csr_array
    laag: Vector
    hoog: Vector

    def samen(self, andere: Rijen) -> Rijen:
        """These rows and those of `andere` below them."""
        matrix = sparse.csr_array(sparse.vstack([self.matrix, andere.matrix]))
        return Rijen(matrix, np.r_[self.laag, andere.laag], np.r_[self.hoog, andere.hoog])


class Programma:
    """One linear program in HiGHS, minimised; a later run starts from the basis of the one before.

    Parameters
    ----------
    kosten
        Objective per variable.
    rijen
        Constraints.
    hoog
        Upper bound per variable; `laag` is 0 unless given.
    geheel
        Which variables are whole numbers.
    gap
        Relative gap at which a search over whole numbers stops.
    knopen
        Search nodes; default `zoekknopen` of the rows.
    doel
        Value at which any answer is good enough.
    """

    def __init__(
        self,
        kosten: Vector,
        rijen: Rijen,
        hoog: Vector,
        *,
        geheel: NDArray[np.bool_] | None = None,
        gap: float = 0.0,
        knopen: int | None = None,
        doel: float | None = None,
    ) -> None:
        self.geheel = geheel is not None and bool(geheel.any())
        lp = highspy.HighsLp()
        lp.num_row_, lp.num_col_ = rijen.matrix.shape
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = kosten, np.zeros(len(kosten)), hoog
        lp.row_lower_, lp.row_upper_ = rijen.laag, rijen.hoog
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = rijen.matrix.indptr
        lp.a_matrix_.index_ = rijen.matrix.indices
        lp.a_matrix_.value_ = rijen.matrix.data
        if geheel is not None and self.geheel:
            soort = highspy.HighsVarType
            lp.integrality_ = [soort.kInteger if g else soort.kContinuous for g in geheel]
        highs: Any = highspy
        self.highs = highs.Highs()
        opties = {
            "output_flag": False,
            "threads": 1,
            "random_seed": ZAAD,
            "mip_rel_gap": gap,
            "mip_max_nodes": zoekknopen(len(rijen.laag)) if knopen is None else knopen,
            **({} if doel is None else {"objective_target": doel}),
        }
        for naam, keuze in opties.items():
            self.highs.setOptionValue(naam, keuze)
        self.highs.passModel(lp)

    def zet_kosten(self, kosten: Vector) -> None:
        """Another objective."""
        self.highs.changeColsCost(len(kosten), np.arange(len(kosten), dtype=np.int32), kosten)

    def zet_rij(self, rij: int, laag: float, hoog: float) -> None:
        """Other bounds of one row."""
        self.highs.changeRowBounds(rij, laag, hoog)

    def zoek(self) -> Oplossing:
        """Search for whole numbers; without any answer the value is infinite and the bound says what is proven."""
        self.highs.run()
        status, info = self.highs.getModelStatus(), self.highs.getInfo()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Oplossing(np.empty(0), np.inf, np.inf, af=True)
        gevonden = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        x = np.array(self.highs.getSolution().col_value) if gevonden else np.empty(0)
        waarde = float(info.objective_function_value) if gevonden else np.inf
        return Oplossing(x, waarde, float(info.mip_dual_bound), status == highspy.HighsModelStatus.kOptimal)

    def los_op(self, start: Vector | None = None) -> Oplossing:
        """Solve; `start` is an answer to begin a search from.

        Raises
        ------
        HuisartsdataFout
            When no answer satisfies all rows.
        """
        if start is not None:
            gegeven = highspy.HighsSolution()
            gegeven.col_value = start
            self.highs.setSolution(gegeven)
        uit = self.zoek()
        if not len(uit.x):
            naam = self.highs.modelStatusToString(self.highs.getModelStatus())
            raise HuisartsdataFout(f"er is geen plaatsing die aan alle grenzen voldoet (HiGHS: {naam})")
        return uit if self.geheel else Oplossing(uit.x, uit.waarde, uit.waarde, uit.af)


def gat_van(waarde: float, grens: float) -> float:
    """Relative distance between a value and its proven bound; 0 when they are equal up to rounding."""
    verschil = waarde - grens
    if verschil <= AFRONDING * max(1.0, abs(waarde)):
        return 0.0
    return verschil / abs(waarde) if waarde else float("inf")
