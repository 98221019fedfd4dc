"""Swaps between practices as a flow over a network: exact, in whole people, with its own proof.

People of one buurt registered with one practice form a group; a swap moves them to a practice that is at
least a threshold nearer. Per buurt there is one node per threshold that occurs, on a one-way chain::

    old practice j --(group i,j)--> node (i, t_ij - threshold) --> next lower node ... --> new practice k
                                                          leaves at the lowest node with t_ik <= its time

Flow can only go down the chain, so whoever entered at t_ij - threshold leaves at a practice with
t_ik <= t_ij - threshold; and every set of allowed moves is such a flow. Times of leaving and arriving add
up separately, so the minutes saved are a sum over arcs. The network therefore holds exactly the same
solutions as one variable per (group, practice), with far fewer of them.

Capacity: who arrives at a practice is at most who leaves it plus its free places: a bound on the net
outflow s of its node; all other nodes have s = 0. A node-arc matrix is totally unimodular, so with whole
bounds the linear program has a whole optimum. Minutes are whole thousandths, so the prices p of the dual
can be whole too, and the optimum is proved in integers: whatever the prices, no flow is worth more than
sum over arcs of max(over x lower, over x upper), over = value - p_from + p_to,
plus sum over nodes of max(p x lower s, p x upper s).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from huisartsdata.fouten import HuisartsdataFout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Gehelen = NDArray[np.int64]

PER_MINUUT = 1000  # times are whole thousandths of a minute, so that sums and proofs are exact
GEHEEL = 1e-6  # a flow farther than this from a whole number is no vertex: refuse it


@dataclass(frozen=True, eq=False)
class Paren:
    """Pairs of a buurt and a practice.

    Attributes
    ----------
    buurt, praktijk
        Their numbers, from 0.
    tijd
        Travel time, whole thousandths of a minute.
    """

    buurt: Gehelen
    praktijk: Gehelen
    tijd: Gehelen


@dataclass(frozen=True, eq=False)
class Ruilnet:
    """Arcs that can carry flow, with capacity and value, and bounds on the nodes.

    Attributes
    ----------
    van, naar
        Nodes of each arc, from 0.
    maximum, waarde
        Capacity (people) and value (thousandths of a minute per person) of each arc.
    bonus
        1 for an arc to a practice that is nearby for those people: the second goal.
    groep, optie
        Which group leaves, or which option is taken, over the arc; -1 for another arc.
    saldo_laag, saldo_hoog
        Bounds on what leaves each node minus what arrives.
    groepen, opties
        How many groups and options there were before arcs that cannot carry flow were left out.
    """

    van: Gehelen
    naar: Gehelen
    maximum: Gehelen
    waarde: Gehelen
    bonus: Gehelen
    groep: Gehelen
    optie: Gehelen
    saldo_laag: Gehelen
    saldo_hoog: Gehelen
    groepen: int
    opties: int


@dataclass(frozen=True, eq=False)
class Ruilstroom:
    """An optimal circulation with its proof.

    Attributes
    ----------
    vertrek
        People who leave, per group.
    aankomst
        People who arrive, per option.
    waarde, grens
        Thousandths of a minute saved, and the proven upper bound on it.
    bonus, bonusgrens
        People who arrive nearby, and the proven upper bound at that value.
    """

    vertrek: Gehelen
    aankomst: Gehelen
    waarde: int
    grens: int
    bonus: int
    bonusgrens: int

    @property
    def gap(self) -> float:
        """How far the bounds lie above what was found, as a share; 0 is proven optimal."""
        tekort = (self.grens - self.waarde) + (self.bonusgrens - self.bonus)
        return tekort / max(self.waarde, 1)


def bouw_net(
    groepen: Paren, aantal: Gehelen, opties: Paren, dichtbij: NDArray[np.bool_], vrij: Gehelen, *, winst: int
) -> Ruilnet:
    """Make the network of all allowed swaps.

    Parameters
    ----------
    groepen, aantal
        People (whole numbers) who would leave, per buurt and old practice; no pair twice.
    opties, dichtbij
        Practices that people of a buurt could go to, and whether that counts as nearby; no pair twice.
    vrij
        Free places per practice, by its number.
    winst
        A move must save at least this many thousandths of a minute (above 0).

    Returns
    -------
    Ruilnet
        Arcs between different strongly connected parts are left out: no circulation uses them.
    """
    np_, drempel = len(vrij), groepen.tijd - winst
    stap = int(max(opties.tijd.max(initial=0), groepen.tijd.max(initial=0))) + 1
    sleutel = groepen.buurt * stap + np.maximum(drempel, -1)
    mogelijk = drempel >= 0
    knoop, plaats = np.unique(sleutel[mogelijk], return_inverse=True)
    g = np.flatnonzero(mogelijk)
    buurt_van = knoop // stap
    # the lowest node of the same buurt whose threshold allows this option
    o_plaats = np.searchsorted(knoop, opties.buurt * stap + opties.tijd)
    past = o_plaats < len(knoop)
    past[past] = buurt_van[o_plaats[past]] == opties.buurt[past]
    o = np.flatnonzero(past)
    lager = np.flatnonzero(buurt_van[1:] == buurt_van[:-1]) + 1
    mensen = np.bincount(groepen.buurt[g], aantal[g], minlength=int(opties.buurt.max(initial=0)) + 1)
    totaal = mensen.astype(np.int64)
    delen: list[tuple[Any, ...]] = [
        # from, to, capacity, value, bonus, group, option
        (groepen.praktijk[g], np_ + plaats, aantal[g], groepen.tijd[g], 0, g, -1),
        (np_ + lager, np_ + lager - 1, totaal[buurt_van[lager]], 0, 0, -1, -1),
        (
            np_ + o_plaats[o],
            opties.praktijk[o],
            totaal[opties.buurt[o]],
            -opties.tijd[o],
            dichtbij[o].astype(np.int64),
            -1,
            o,
        ),
    ]
    kolommen = [
        np.concatenate([np.broadcast_to(d[k], d[0].shape).astype(np.int64) for d in delen]) for k in range(7)
    ]
    blijft = _draagt_stroom(kolommen[0], kolommen[1], np_ + len(knoop), vrij)
    van, naar, maximum, waarde, bonus, groep, optie = (k[blijft] for k in kolommen)
    gebruikt, nummer = np.unique(np.concatenate([van, naar]), return_inverse=True)
    # a practice keeps at most its free places more than it loses; others then lose as many
    is_praktijk = gebruikt < np_
    ruimte = np.where(is_praktijk, vrij[np.where(is_praktijk, gebruikt, 0)], 0)
    return Ruilnet(
        van=nummer[: len(van)].astype(np.int64),
        naar=nummer[len(van) :].astype(np.int64),
        maximum=maximum,
        waarde=waarde,
        bonus=bonus,
        groep=groep,
        optie=optie,
        saldo_laag=-ruimte,
        saldo_hoog=np.where(is_praktijk, vrij.sum(), 0),
        groepen=len(groepen.tijd),
        opties=len(opties.tijd),
    )


def _draagt_stroom(van: Gehelen, naar: Gehelen, knopen: int, vrij: Gehelen) -> NDArray[np.bool_]:
    """Which arcs lie on a cycle, where free places close a cycle through an extra node."""
    open_ = np.flatnonzero(vrij > 0)
    allen = np.arange(len(vrij)) if len(open_) else open_
    extra = np.full(len(open_) + len(allen), knopen)
    heen = np.concatenate([van, open_, extra[len(open_) :]])
    terug = np.concatenate([naar, extra[: len(open_)], allen])
    patroon = sparse.coo_array((np.ones(len(heen)), (heen, terug)), shape=(knopen + 1, knopen + 1))
    deel = connected_components(patroon, connection="strong")[1]
    uit: NDArray[np.bool_] = deel[van] == deel[naar]
    return uit


def los_op(net: Ruilnet, *, tweede_doel: bool = True) -> Ruilstroom:
    """Most minutes saved; among those solutions the most people who arrive nearby. Both proven.

    Parameters
    ----------
    net
        From `bouw_net`.
    tweede_doel
        False leaves the second goal out: sooner done where only the minutes count.

    Raises
    ------
    HuisartsdataFout
        When the solver stops without an optimum in whole people.

    Examples
    --------
    Two people in buurten 0 and 1, each registered where the other lives:

    >>> heen = Paren(np.array([0, 1]), np.array([1, 0]), np.array([9_000, 9_000]))
    >>> terug = Paren(np.array([0, 1]), np.array([0, 1]), np.array([2_000, 2_000]))
    >>> vol = np.zeros(2, np.int64)
    >>> net = bouw_net(heen, np.array([1, 1]), terug, np.array([True, True]), vol, winst=5_000)
    >>> uit = los_op(net)
    >>> uit.waarde, uit.vertrek.tolist(), uit.gap
    (14000, [1, 1], 0.0)
    """
    x = np.zeros(len(net.van), np.int64)
    grens = bonusgrens = 0
    if len(x):
        kader = _Kader(np.zeros_like(x), net.maximum, net.saldo_laag, net.saldo_hoog)
        x, over, prijs = _los_lp(net, kader, net.waarde)
        grens = kader.grens(over, prijs)
        bonusgrens = int((net.bonus * x).sum())
        if tweede_doel and grens == int((net.waarde * x).sum()):
            # among all optima, and no other flows: the most people who arrive nearby
            kader = kader.optima(over, prijs)
            x, over, prijs = _los_lp(net, kader, net.bonus)
            bonusgrens = kader.grens(over, prijs)
    vertrek, aankomst = np.zeros(net.groepen, np.int64), np.zeros(net.opties, np.int64)
    vertrek[net.groep[net.groep >= 0]] = x[net.groep >= 0]
    aankomst[net.optie[net.optie >= 0]] = x[net.optie >= 0]
    uit = Ruilstroom(
        vertrek, aankomst, int((net.waarde * x).sum()), grens, int((net.bonus * x).sum()), bonusgrens
    )
    if uit.gap != 0:
        raise HuisartsdataFout(
            f"de beste ruil is niet bewezen (nog {uit.gap:.2g} mogelijk); meld deze fout met de invoer"
        )
    return uit


@dataclass(frozen=True, eq=False)
class _Kader:
    """Bounds on the flow of every arc and on the net outflow of every node."""

    laag: Gehelen
    hoog: Gehelen
    saldo_laag: Gehelen
    saldo_hoog: Gehelen

    def grens(self, over: Gehelen, prijs: Gehelen) -> int:
        """No flow within these bounds is worth more, whatever the prices."""
        bogen = np.maximum(over * self.laag, over * self.hoog).sum()
        knopen = np.maximum(prijs * self.saldo_laag, prijs * self.saldo_hoog).sum()
        return int(bogen + knopen)

    def optima(self, over: Gehelen, prijs: Gehelen) -> _Kader:
        """The bounds within which every flow is optimal, given optimal prices (complementary slackness)."""
        return _Kader(
            np.where(over > 0, self.hoog, self.laag),
            np.where(over < 0, self.laag, self.hoog),
            np.where(prijs > 0, self.saldo_hoog, self.saldo_laag),
            np.where(prijs < 0, self.saldo_laag, self.saldo_hoog),
        )


def _los_lp(net: Ruilnet, kader: _Kader, waarde: Gehelen) -> tuple[Gehelen, Gehelen, Gehelen]:
    """Optimal whole flow, what each arc is worth above its price, and the price of each node."""
    import highspy  # the solver loads only where it is used

    m, n = len(net.van), len(net.saldo_laag)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m, n
    lp.col_cost_ = -waarde.astype(np.float64)
    lp.col_lower_, lp.col_upper_ = kader.laag.astype(np.float64), kader.hoog.astype(np.float64)
    lp.row_lower_, lp.row_upper_ = kader.saldo_laag.astype(np.float64), kader.saldo_hoog.astype(np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.arange(0, 2 * m + 1, 2)
    lp.a_matrix_.index_ = np.stack([net.van, net.naar], axis=1).ravel()
    lp.a_matrix_.value_ = np.tile([1.0, -1.0], m)
    h = cast("Any", highspy).Highs()  # its stubs are untyped
    # one thread, fixed seed and no limit on time: the same answer on every machine
    for optie, stand in (
        ("output_flag", False),
        ("threads", 1),
        ("parallel", "off"),
        ("random_seed", 0),
        ("solver", "simplex"),
    ):
        h.setOptionValue(optie, stand)
    h.passModel(lp)
    h.run()
    oplossing = h.getSolution()
    ruw = np.array(oplossing.col_value)
    heel = np.rint(ruw).astype(np.int64)
    # HiGHS minimises -value: its price of a row is minus ours
    prijs = -np.rint(np.array(oplossing.row_dual)).astype(np.int64)
    saldo = np.zeros(n, np.int64)
    np.add.at(saldo, net.van, heel)
    np.subtract.at(saldo, net.naar, heel)
    fout = [
        h.getModelStatus() != highspy.HighsModelStatus.kOptimal,
        bool(np.abs(ruw - heel).max() > GEHEEL),
        bool(((heel < kader.laag) | (heel > kader.hoog)).any()),
        bool(((saldo < kader.saldo_laag) | (saldo > kader.saldo_hoog)).any()),
    ]
    if any(fout):
        raise HuisartsdataFout("de ruil is niet op te lossen in hele mensen; meld deze fout met de invoer")
    return heel, waarde - prijs[net.van] + prijs[net.naar], prijs


def koppel(groepen: Paren, opties: Paren, stroom: Ruilstroom) -> tuple[Gehelen, Gehelen]:
    """Who goes where: one (group, option) per person that moves.

    Within a buurt the person who leaves the farthest practice gets the farthest new one, and so on. If any
    pairing keeps everyone's gain at the threshold this one does: were the r-th arrival too far for the
    r-th leaver, then r arrivals would need a leaver from farther away and only r - 1 exist.

    Returns
    -------
    tuple of arrays
        Number of the group and of the option, per person; by buurt, then from far to near.
    """
    g = np.repeat(np.arange(len(groepen.tijd)), stroom.vertrek)
    o = np.repeat(np.arange(len(opties.tijd)), stroom.aankomst)
    g = g[np.lexsort((groepen.praktijk[g], -groepen.tijd[g], groepen.buurt[g]))]
    o = o[np.lexsort((opties.praktijk[o], -opties.tijd[o], opties.buurt[o]))]
    return g, o
