"""Placing people who lost their practice: as many as possible, then as near as possible.

People are whole numbers, so that placed and unplaced add up exactly. How many find a place is a maximum
flow from buurten to places with room (equal, by max-flow min-cut, to what the tightest group of buurten
leaves); who goes where is the transport problem with the fewest minutes among all plans that place as many.
Both are what a perfectly organised placement would reach: left to themselves, people do no better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import maximum_flow

from huisartsdata.fouten import HuisartsdataFout

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Getallen = NDArray[np.float64]
    Aantallen = NDArray[np.int64]


GROOTSTE = np.iinfo(np.int32).max  # capacities and flows of the network are 32 bits wide


def verdeel_getroffenen(mensen: Aantallen, gewicht: Getallen, aantal: int) -> Aantallen:
    """Spread a list over buurten by people x weight, never more than a buurt's people.

    What a full buurt cannot give goes to the others in proportion; whole people by largest remainder,
    the first row of equals first.

    Parameters
    ----------
    mensen
        People per buurt.
    gewicht
        Weight per buurt, 0 where nobody can be on the list.
    aantal
        People on the list; at most those who live where the weight is positive.

    Examples
    --------
    >>> verdeel_getroffenen(np.array([10, 100, 50]), np.array([1.0, 0.1, 0.0]), 25).tolist()
    [10, 15, 0]
    """
    p = mensen * gewicht
    open_ = p > 0
    if mensen[open_].sum() < aantal:
        raise HuisartsdataFout("er wonen minder mensen binnen bereik dan er verdeeld worden; meld deze fout")
    deel = np.zeros(len(mensen))
    rest = float(aantal)
    while rest > 0:
        p_rest = p[open_].sum()
        vol = open_ & (p * rest >= mensen * p_rest)
        if not vol.any():
            deel[open_] = p[open_] * (rest / p_rest)
            break
        deel[vol] = mensen[vol]
        rest -= mensen[vol].sum()
        open_ &= ~vol
        if not open_.any():
            break
    uit = np.minimum(np.floor(deel + 1e-9).astype(np.int64), mensen)
    tekort = aantal - int(uit.sum())
    ruim = np.flatnonzero((p > 0) & (uit < mensen))
    uit[ruim[np.argsort(uit[ruim] - deel[ruim], kind="stable")[:tekort]]] += 1
    return uit


def grootste_plaatsing(bereik: NDArray[np.bool_], getroffen: Aantallen, ruimte: Aantallen) -> Aantallen:
    """How many of those hit can find a place at most, in each of a number of draws.

    More room, or a place more in reach, never lowers it. The draws stand side by side in one network, from one
    source to one sink: they share nothing, so the flow of each is its own.

    Parameters
    ----------
    bereik
        Which buurt (n rows) reaches which place (k columns).
    getroffen
        People hit per draw (rows) and buurt.
    ruimte
        Room per draw (rows) and place; room for more than all people is room for all.

    Raises
    ------
    HuisartsdataFout
        For more people in a draw than the network can count (2,147,483,647).

    Examples
    --------
    >>> reikt = np.array([[True, False], [True, True]])
    >>> grootste_plaatsing(reikt, np.array([[5, 5], [5, 5]]), np.array([[4, 10], [0, 3]])).tolist()
    [9, 3]
    """
    (n, k), aantal = bereik.shape, len(getroffen)
    if not aantal:
        return np.zeros(0, dtype=np.int64)
    van, naar = np.nonzero(bereik)
    blok = 1 + (n + k) * np.arange(aantal)[:, None]  # number of each draw's first buurt; the source is 0
    put = 1 + (n + k) * aantal
    mensen = getroffen.sum(axis=1, keepdims=True)
    if int(mensen.max()) > GROOTSTE:
        raise HuisartsdataFout(
            f"een plaatsing telt tot {GROOTSTE} mensen; {int(mensen.max())} getroffen mensen is te veel: geef er minder"
        )
    # per draw: from the source, from buurten to places (no limit of their own), and to the sink
    bron_indices, bron_vermogen = blok + np.arange(n), getroffen
    blok_indices = np.concatenate([blok + n + naar, np.full((aantal, k), put)], axis=1)
    blok_vermogen = np.concatenate([np.repeat(mensen, len(van), axis=1), np.minimum(ruimte, mensen)], axis=1)
    per_rij = np.tile(np.concatenate([bereik.sum(axis=1), np.ones(k, dtype=np.int64)]), aantal)
    graaf = sparse.csr_array(
        (
            np.concatenate([bron_vermogen, blok_vermogen], axis=None).astype(np.int32),
            np.concatenate([bron_indices, blok_indices], axis=None).astype(np.int32),
            np.concatenate([[0], np.cumsum(np.concatenate([[n * aantal], per_rij, [0]]))]).astype(np.int32),
        ),
        shape=(put + 1, put + 1),
    )
    stroom = maximum_flow(graaf, 0, put).flow
    eerste = slice(stroom.indptr[0], stroom.indptr[1])
    uit = np.bincount((stroom.indices[eerste] - 1) // (n + k), weights=stroom.data[eerste], minlength=aantal)
    return uit.astype(np.int64)


def zekere_plaatsing(bereik: Getallen, getroffen: Aantallen, ruimte: Aantallen) -> Aantallen:
    """How many find a place, per draw, where one look at the totals proves it; else -1.

    By Hall's theorem all room is used when every group of places has people enough in its reach. A group
    has at least the people of its member with most; so it is enough that, with places sorted by the
    people in their reach, the room up to each place is no more than those people. In the same way
    everybody finds a place when the people up to each buurt are no more than the room in its reach.

    Parameters
    ----------
    bereik
        1.0 where a buurt (n rows) reaches a place (k columns), else 0.0.
    getroffen
        People hit per buurt.
    ruimte
        Room per draw (rows) and place.

    Examples
    --------
    >>> zekere_plaatsing(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([5, 5]), np.array([[4, 2], [4, 10]])).tolist()
    [6, -1]
    """
    mensen = getroffen @ bereik
    r = np.where(mensen > 0, ruimte, 0)
    volgorde = np.argsort(mensen, kind="stable")
    vol = (np.cumsum(r[:, volgorde], axis=1) <= mensen[volgorde]).all(axis=1)
    uit = np.where(vol, r.sum(axis=1), -1).astype(np.int64)
    rest = np.flatnonzero(~vol)
    if not len(rest):
        return uit
    binnen = r[rest] @ bereik.T  # draws x buurten: room in reach
    h = np.where(binnen > 0, getroffen, 0)
    volgorde = np.argsort(binnen, axis=1, kind="stable")
    tot = np.cumsum(np.take_along_axis(h, volgorde, axis=1), axis=1)
    ruim = (tot <= np.take_along_axis(binnen, volgorde, axis=1)).all(axis=1)
    uit[rest[ruim]] = h[ruim].sum(axis=1)
    return uit


def kortste_plaatsing(getroffen: Aantallen, ruimte: Aantallen, minuten: Getallen) -> Aantallen:
    """Who goes where: as many people as possible, and then in as few minutes together as possible.

    Parameters
    ----------
    getroffen
        People hit per buurt (n).
    ruimte
        Room per place (k).
    minuten
        Minutes, n x k; inf where a place is out of reach.

    Returns
    -------
    ndarray
        People, n x k, whole.

    Examples
    --------
    >>> kortste_plaatsing(np.array([5, 5]), np.array([4, 10]), np.array([[1.0, np.inf], [2.0, 9.0]])).tolist()
    [[4, 0], [0, 5]]
    """
    uit = np.zeros(minuten.shape, dtype=np.int64)
    wie, waar = np.flatnonzero(getroffen > 0), np.flatnonzero(ruimte > 0)
    t = minuten[np.ix_(wie, waar)]
    kan = np.isfinite(t)
    wie, t, kan = wie[kan.any(axis=1)], t[kan.any(axis=1)], kan[kan.any(axis=1)]
    if not len(wie):
        return uit
    h, r = getroffen[wie], ruimte[waar]
    naaste = t.argmin(axis=1)
    if (np.bincount(naaste, weights=h, minlength=len(waar)) <= r).all():
        uit[wie, waar[naaste]] = h
        return uit
    uit[np.ix_(wie, waar)] = _los_op(h, r, t, kan)
    return uit


def _los_op(h: Aantallen, r: Aantallen, t: Getallen, kan: NDArray[np.bool_]) -> Aantallen:
    """The transport problem as a linear program; its corners are whole because all bounds are.

    The primal simplex from its own start: for these shapes quicker than a warm start, and the answer
    does not depend on what was solved before.
    """
    import highspy

    i, j = np.nonzero(kan)
    n, k, m = *kan.shape, len(i)
    # placing one person more moves at most every place's last one along: this outweighs all of that
    beloning = (min(n, k) + 1) * float(t[i, j].max()) + 1.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = m, n + k
    lp.col_cost_ = t[i, j] - beloning
    lp.col_lower_, lp.col_upper_ = np.zeros(m), np.full(m, highspy.kHighsInf)
    lp.row_lower_ = np.full(n + k, -highspy.kHighsInf)
    lp.row_upper_ = np.concatenate([h, r]).astype(np.float64)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.arange(0, 2 * m + 1, 2)
    lp.a_matrix_.index_ = np.column_stack([i, n + j]).ravel()
    lp.a_matrix_.value_ = np.ones(2 * m)
    motor: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for optie, stand in (
        ("output_flag", False),
        ("threads", 1),
        ("presolve", "off"),
        ("simplex_strategy", 4),
    ):
        motor.setOptionValue(optie, stand)
    motor.passModel(lp)
    motor.run()
    if motor.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise HuisartsdataFout("de plaatsing is niet op te lossen; meld deze fout met de invoer")
    x = np.asarray(motor.getSolution().col_value)
    uit = np.zeros((n, k), dtype=np.int64)
    uit[i, j] = np.rint(x)
    if np.abs(x - uit[i, j]).max() > 1e-6 or (uit.sum(axis=1) > h).any() or (uit.sum(axis=0) > r).any():
        raise HuisartsdataFout("de plaatsing telt niet op; meld deze fout met de invoer")
    return uit
