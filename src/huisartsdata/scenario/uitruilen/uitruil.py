"""Exchange: people registered far from home swap practices, within what practices can take.

Who is registered far away is not public. So everything about it is an assumption on a grid, every result
is per 100,000 misplaced people, and none is multiplied by a national number of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.scenario.uitruilen.ruilmarkt import (
    MAX_HERHALINGEN,
    PER,
    NiemandFout,
    hoeveel,
    keur_aandeel,
    keur_heel,
    maak_markt,
    trek_mensen,
    vrije_plaatsen,
    zonder_volte,
)
from huisartsdata.scenario.uitruilen.ruilstroom import PER_MINUUT, bouw_net, los_op
from huisartsdata.scenario.uitruilen.ruiluitkomst import maak_uitkomst

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.uitruilen.ruilmarkt import Ruilmarkt, Trekking
    from huisartsdata.scenario.uitruilen.ruilstroom import Ruilnet, Ruilstroom
    from huisartsdata.scenario.uitruilen.ruiluitkomst import Ruil

    Gehelen = NDArray[np.int64]

MASSA = 10**9  # people that stand for a market without end: rounding adds at most a part in 1,000
HERHALINGEN = 20  # draws where one says little
KLEIN = 10_000  # misplaced people below which one draw says little
MINSTENS = 200  # people in a grid's smallest market: below that a cell is a handful of people
TEGELIJK = 64  # networks in memory at once
ONDER = "onder wat de proef verwachtte"
GRENS = "verwacht in de proef, niet gehaald"
BOVEN = "boven wat de proef verwachtte"


def ruil(
    situatie: Situatie,
    *,
    misplaatst: float | None = None,
    bereid: float | None = None,
    aanvaard: float | None = None,
    winst_minuten: float | None = None,
    open_aandeel: float = 0.0,
    plaatsen: int | None = None,
    gebied: Iterable[str] | None = None,
    grens_minuten: float | None = None,
    seed: int = 0,
) -> Ruil:
    """The exchange that saves most minutes without filling any practice more; then helps most people.

    Misplaced people are drawn one by one from the model's registrations (`ruilmarkt.maak_markt`); each is
    willing with chance `bereid` and, if so, can be placed with chance `aanvaard`. Person k is the same
    however many there are and whatever the chances, so a larger value only adds people. Nobody else moves.
    Solved exactly in whole people (`ruilstroom`); the country takes seconds.

    Parameters
    ----------
    situatie
        The picture.
    misplaatst
        People registered far from home who are in the exchange: a number, or a share of the people of the
        area (between 0 and 1). Default 100,000 for the country, and as many per inhabitant in an area.
    bereid
        Share of them who are willing; default parameter `ruil_bereid`.
    aanvaard
        Share of the willing whom a practice accepts; default parameter `ruil_aanvaard`.
    winst_minuten
        Who is at least so much farther away than the nearest practice is misplaced, and a move must save
        at least as much; default parameter `ruil_winst_minuten`.
    open_aandeel
        Share of practices with free places; 0: every practice is full. Above 0 what a practice list says
        (`open_voor_inschrijving`) goes first, the others are drawn.
    plaatsen
        Free places in each open practice; default parameter `ruil_plaatsen_open`.
    gebied
        Codes of buurten or gemeenten where the misplaced live; default the country. Practices outside
        take part.
    grens_minuten
        Nobody is registered farther away; default the limit of the picture's decay.
    seed
        Fixes the draw.

    Returns
    -------
    Ruil

    Raises
    ------
    ParameterFout
        For a share outside 0-1, another number that makes no sense, or more misplaced people than the
        model registers far from home.
    OnbekendGebiedFout
        With every code in `gebied` that is not in the picture.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.uitruilen.uitruil import ruil
    >>> uit = ruil(hd.landelijke_situatie(), misplaatst=10_000)
    >>> uit.netto_vrij, uit.gap, bool(uit.overgestapt < uit.per_100000["aanvaard"] / 10)
    (0, 0.0, True)
    """
    seed = keur_heel("seed", seed, minstens=0)
    markt, a = _kader(
        situatie,
        misplaatst=misplaatst,
        bereid=bereid,
        aanvaard=aanvaard,
        winst_minuten=winst_minuten,
        open_aandeel=open_aandeel,
        plaatsen=plaatsen,
        gebied=gebied,
        grens_minuten=grens_minuten,
    )
    t, vrij = _trek(situatie, markt, a, seed, 0)
    return maak_uitkomst(
        situatie,
        markt=markt,
        trekking=t,
        stroom=los_op(_net(markt, t, vrij)),
        vrij=vrij,
        aannames={**a, "seed": float(seed)},
    )


def ruilband(
    situatie: Situatie,
    *,
    misplaatst: float | None = None,
    bereid: float | None = None,
    aanvaard: float | None = None,
    winst_minuten: float | None = None,
    open_aandeel: float = 0.0,
    plaatsen: int | None = None,
    gebied: Iterable[str] | None = None,
    grens_minuten: float | None = None,
    herhalingen: int = HERHALINGEN,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """`ruil` over many draws: mean, lowest and highest outcome, for areas where one draw says little.

    Who is misplaced, willing and accepted is drawn anew each time, and so are the open practices. Draw 0 is
    that of `ruil` with the same seed; draw k is the same however many there are. The band is that of the
    draws alone: the assumptions stay what they are (`ruilrooster` varies those).

    Parameters
    ----------
    situatie, misplaatst, bereid, aanvaard, winst_minuten, open_aandeel, plaatsen, gebied, grens_minuten, seed
        As for `ruil`.
    herhalingen
        Draws, 2-200.
    executor
        Any `concurrent.futures.Executor`; same numbers.

    Returns
    -------
    DataFrame
        Index `uitkomst`: those of `Ruil.per_100000`, per 100,000 misplaced, then `misplaatst` and
        `overgestapt_mensen` (modelled people of a draw, not scaled) and `herhalingen`; `midden` (mean),
        `laag` and `hoog` (lowest and highest draw).

    Raises
    ------
    ParameterFout, OnbekendGebiedFout
        As `ruil`.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.uitruilen.uitruil import ruilband
    >>> b = ruilband(hd.landelijke_situatie(), gebied=["GM0505"], herhalingen=4)
    >>> bool((b["laag"] <= b["midden"]).all() and (b["midden"] <= b["hoog"]).all())
    True
    """
    seed = keur_heel("seed", seed, minstens=0)
    herhalingen = keur_heel("herhalingen", herhalingen, minstens=2, hoogstens=MAX_HERHALINGEN)
    _keur_executor(executor)
    markt, a = _kader(
        situatie,
        misplaatst=misplaatst,
        bereid=bereid,
        aanvaard=aanvaard,
        winst_minuten=winst_minuten,
        open_aandeel=open_aandeel,
        plaatsen=plaatsen,
        gebied=gebied,
        grens_minuten=grens_minuten,
    )
    aantal = int(a["misplaatst"])
    rijen = []
    trekkingen = (_trek(situatie, markt, a, seed, k) for k in range(herhalingen))
    for t, s in _los_alle(markt, trekkingen, executor):
        rijen.append(
            {
                "bereid": t.willen * PER / aantal,
                "aanvaard": int(t.aantal.sum()) * PER / aantal,
                "overgestapt": int(s.vertrek.sum()) * PER / aantal,
                "geholpen": s.bonus * PER / aantal,
                "minuten_bespaard": s.waarde / PER_MINUUT * PER / aantal,
                "minuten_zonder_volte": zonder_volte(markt, t.groepen, t.aantal) * PER / aantal,
                "misplaatst": aantal,
                "overgestapt_mensen": int(s.vertrek.sum()),
                "herhalingen": herhalingen,
            }
        )
    tabel = pd.DataFrame(rijen).astype("float64")
    # rounding may put the mean of equal numbers a hair outside them
    midden = tabel.mean().clip(tabel.min(), tabel.max())
    uit = pd.DataFrame({"midden": midden, "laag": tabel.min(), "hoog": tabel.max()})
    return uit.rename_axis("uitkomst")


def ruilrooster(
    situatie: Situatie,
    *,
    bereid: Sequence[float] | None = None,
    aanvaard: Sequence[float] | None = None,
    misplaatst: Sequence[float] | None = None,
    winst_minuten: float | None = None,
    gebied: Iterable[str] | None = None,
    grens_minuten: float | None = None,
    herhalingen: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Exchange between full practices over a grid of assumptions, per 100,000 misplaced.

    With people divisible at will the outcome would be proportional to ``bereid x aanvaard``, and how many
    are misplaced would not matter. Whole people in a small market do not find each other: read that loss
    down the index level `misplaatst`, and beside `ruilgrens`.

    Parameters
    ----------
    situatie
        The picture.
    bereid, aanvaard
        Shares to try; default low, default and high of their parameters.
    misplaatst
        Numbers (or shares of the people) to try; default a hundredth, a tenth and the whole of 100,000
        for the country, and as many per inhabitant in an area, yet at least 200 people (or the whole,
        where that is less): a share of fewer says nothing.
    winst_minuten, gebied, grens_minuten, seed
        As for `ruil`.
    herhalingen
        Draws per cell, 1-200; values are their means. Draw k is the same however many there are. Default
        20 where the largest market has fewer than 10,000 people, else 1.
    executor
        Any `concurrent.futures.Executor`; same numbers.

    Returns
    -------
    DataFrame
        Index `misplaatst`, `bereid`, `aanvaard`; `aandeel_misplaatst` (of the people in the area);
        `overgestapt`, `geholpen`, `minuten_bespaard` per 100,000; `minuten_per_overstap`;
        `geplaatst_van_bereid` (share; parameter `ruil_geplaatst_van_bereid` holds the trial's);
        `netto_vrij`, `gap`; `proef`: where the willing stand against the trial. With more draws also
        `minuten_laag` and `minuten_hoog`, `geholpen_laag` and `geholpen_hoog`: the lowest and highest.

    Raises
    ------
    ParameterFout, OnbekendGebiedFout
        As `ruil`, and for an empty list.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.uitruilen.uitruil import ruilrooster
    >>> g = ruilrooster(
    ...     hd.landelijke_situatie(), bereid=[0, 0.25], aanvaard=[0.85], misplaatst=[1_000, 10_000]
    ... )
    >>> g.loc[(10_000, 0.25, 0.85), "proef"], g.loc[(10_000, 0, 0.85), "overgestapt"]
    ('verwacht in de proef, niet gehaald', np.float64(0.0))
    """
    assen = [_as(n, reeks) for n, reeks in (("bereid", bereid), ("aanvaard", aanvaard))]
    seed = keur_heel("seed", seed, minstens=0)
    if herhalingen is not None:
        herhalingen = keur_heel("herhalingen", herhalingen, minstens=1, hoogstens=MAX_HERHALINGEN)
    _keur_executor(executor)
    markt = maak_markt(situatie, winst_minuten=winst_minuten, gebied=gebied, grens_minuten=grens_minuten)
    heel = hoeveel(None, markt)
    vloer = min(MINSTENS, heel)
    deel = (
        [max(vloer, heel // 100), max(vloer, heel // 10), heel] if misplaatst is None else _lijst(misplaatst)
    )
    aantallen = list(dict.fromkeys(hoeveel(n, markt) for n in deel))
    if herhalingen is None:
        herhalingen = HERHALINGEN if max(aantallen) < KLEIN else 1
    vrij = np.zeros(len(situatie.reistijden.naar), np.int64)
    cellen = [(n, b, v, k) for n in aantallen for b in assen[0] for v in assen[1] for k in range(herhalingen)]
    trekkingen = (
        (trek_mensen(markt, n, bereid=b, aanvaard=v, seed=seed, trekking=k), vrij) for n, b, v, k in cellen
    )
    opgelost = _los_alle(markt, trekkingen, executor)
    rijen = [_rij(markt, (n, b, v), t, s) for (n, b, v, _), (t, s) in zip(cellen, opgelost, strict=True)]
    per_cel = pd.DataFrame(rijen).groupby(["misplaatst", "bereid", "aanvaard"], sort=False)
    uit = per_cel[["aandeel_misplaatst", "overgestapt", "geholpen", "minuten_bespaard"]].mean()
    # ratios of sums: a draw in which nobody moves has none of its own
    som = per_cel.sum()
    uit["minuten_per_overstap"] = som["minuten_bespaard"] / som["overgestapt"].where(som["overgestapt"] > 0)
    uit["geplaatst_van_bereid"] = som["overgestapt"] / som["willen"].where(som["willen"] > 0)
    uit["netto_vrij"], uit["gap"] = per_cel["netto_vrij"].max(), per_cel["gap"].max()
    if herhalingen > 1:
        for naam, kolom in (("minuten", "minuten_bespaard"), ("geholpen", "geholpen")):
            uit[f"{naam}_laag"], uit[f"{naam}_hoog"] = per_cel[kolom].min(), per_cel[kolom].max()
    verwacht = waarde("ruil_bereid_verwacht")
    b = uit.index.get_level_values("bereid").to_numpy()
    uit["proef"] = np.select([b < verwacht, b == verwacht], [ONDER, GRENS], BOVEN)
    return uit


def ruilgrens(
    situatie: Situatie,
    *,
    winst_minuten: float | None = None,
    gebied: Iterable[str] | None = None,
    grens_minuten: float | None = None,
) -> pd.Series:
    """What a market without end would save, were all misplaced people willing and accepted.

    Times ``bereid x aanvaard`` it bounds the minutes that any market between full practices saves on
    average: the best exchange is a concave function of who takes part and proportional to it, so that its
    mean over draws is at most its value at the mean. The country takes minutes.

    Parameters
    ----------
    situatie
        The picture.
    winst_minuten, gebied, grens_minuten
        As for `ruil`.

    Returns
    -------
    Series
        Per 100,000 misplaced: `minuten_bespaard`, and `minuten_zonder_volte` if practices were never full.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.uitruilen.uitruil import ruilgrens
    >>> dordrecht = ruilgrens(hd.landelijke_situatie(), gebied=["GM0505"])
    >>> bool(0 < dordrecht["minuten_bespaard"] < dordrecht["minuten_zonder_volte"])
    True
    """
    markt = maak_markt(situatie, winst_minuten=winst_minuten, gebied=gebied, grens_minuten=grens_minuten)
    # rounded up: more people never save less, so that the bound stays one
    aantal = np.ceil(markt.mensen * (MASSA / markt.mensen.sum())).astype(np.int64)
    vrij = np.zeros(len(situatie.reistijden.naar), np.int64)
    net = bouw_net(markt.misplaatst, aantal, markt.opties, markt.dichtbij, vrij, winst=markt.winst)
    ruw = {
        "minuten_bespaard": los_op(net, tweede_doel=False).waarde / PER_MINUUT,
        "minuten_zonder_volte": zonder_volte(markt, markt.misplaatst, aantal),
    }
    return pd.Series(ruw, dtype="float64", name="per 100.000 misplaatst") * (PER / MASSA)


def _kader(
    situatie: Situatie,
    *,
    misplaatst: float | None,
    bereid: float | None,
    aanvaard: float | None,
    winst_minuten: float | None,
    open_aandeel: float,
    plaatsen: int | None,
    gebied: Iterable[str] | None,
    grens_minuten: float | None,
) -> tuple[Ruilmarkt, dict[str, float]]:
    """The market, and every assumption with the value used."""
    kansen = {
        "bereid": keur_aandeel("bereid", waarde("ruil_bereid") if bereid is None else bereid),
        "aanvaard": keur_aandeel("aanvaard", waarde("ruil_aanvaard") if aanvaard is None else aanvaard),
        "open_aandeel": keur_aandeel("open_aandeel", open_aandeel),
    }
    plekken = keur_heel(
        "plaatsen", round(waarde("ruil_plaatsen_open")) if plaatsen is None else plaatsen, minstens=1
    )
    markt = maak_markt(situatie, winst_minuten=winst_minuten, gebied=gebied, grens_minuten=grens_minuten)
    aantal = hoeveel(misplaatst, markt)
    return markt, {
        "misplaatst": float(aantal),
        "aandeel_misplaatst": aantal / markt.inwoners,
        **kansen,
        "plaatsen": float(plekken),
        "winst_minuten": markt.winst / PER_MINUUT,
        "grens_minuten": markt.grens,
    }


def _trek(
    situatie: Situatie, markt: Ruilmarkt, a: dict[str, float], seed: int, trekking: int
) -> tuple[Trekking, Gehelen]:
    """Who takes part and which places are free in one draw."""
    vrij = vrije_plaatsen(
        situatie, open_aandeel=a["open_aandeel"], plaatsen=int(a["plaatsen"]), seed=seed, trekking=trekking
    )
    mensen = trek_mensen(
        markt,
        int(a["misplaatst"]),
        bereid=a["bereid"],
        aanvaard=a["aanvaard"],
        seed=seed,
        trekking=trekking,
    )
    return mensen, vrij


def _los_alle(
    markt: Ruilmarkt, trekkingen: Iterable[tuple[Trekking, Gehelen]], executor: Executor | None
) -> Iterator[tuple[Trekking, Ruilstroom]]:
    """Solve every draw, in order and a handful at a time, so that memory does not grow with their number."""
    rij = iter(trekkingen)
    while groep := list(islice(rij, TEGELIJK)):
        # a task is one network: small, so that workers need no picture
        netten = [_net(markt, t, vrij) for t, vrij in groep]
        stromen = map(los_op, netten) if executor is None else executor.map(los_op, netten)
        for (t, _), stroom in zip(groep, stromen, strict=True):
            yield t, stroom


def _keur_executor(executor: object) -> None:
    if executor is not None and not callable(getattr(executor, "map", None)):
        raise ParameterFout(f"executor={executor!r} kan niet; geef een concurrent.futures.Executor of niets")


def _net(markt: Ruilmarkt, t: Trekking, vrij: Gehelen) -> Ruilnet:
    return bouw_net(t.groepen, t.aantal, markt.opties, markt.dichtbij, vrij, winst=markt.winst)


def _as(naam: str, reeks: Sequence[float] | None) -> list[float]:
    """One axis of the grid: what was given, or low, default and high of its parameter."""
    if reeks is None:
        p = parameter(f"ruil_{naam}")
        reeks = [x for x in (p.laag, p.waarde, p.hoog) if x is not None]
    return list(dict.fromkeys(keur_aandeel(naam, x) for x in _lijst(reeks)))


def _lijst(reeks: Sequence[float]) -> list[float]:
    losse: object = reeks
    if isinstance(losse, str) or not isinstance(losse, Iterable) or not list(reeks):
        raise ParameterFout(
            f"{reeks!r} is geen lijst met getallen; geef er minstens één, bijvoorbeeld [0.15]"
        )
    return list(reeks)


def _rij(
    markt: Ruilmarkt, cel: tuple[int, float, float], t: Trekking, stroom: Ruilstroom
) -> dict[str, float]:
    n, b, v = cel
    per = PER / n
    saldo = np.bincount(t.groepen.praktijk, stroom.vertrek, int(markt.opties.praktijk.max()) + 1)
    komt = np.bincount(markt.opties.praktijk, stroom.aankomst, len(saldo))
    return {
        "misplaatst": n,
        "bereid": b,
        "aanvaard": v,
        "aandeel_misplaatst": n / markt.inwoners,
        "overgestapt": int(stroom.vertrek.sum()) * per,
        "geholpen": stroom.bonus * per,
        "minuten_bespaard": stroom.waarde / PER_MINUUT * per,
        "willen": t.willen * per,
        "netto_vrij": int(np.maximum(0, saldo - komt).sum()),
        "gap": stroom.gap,
    }


def kan_ruilen(
    situatie: Situatie,
    *,
    winst_minuten: float | None = None,
    gebied: Iterable[str] | None = None,
    grens_minuten: float | None = None,
) -> bool:
    """Whether anybody of the area could be registered far enough from home to exchange.

    On an island with one practice nobody is, and `ruil` says so by an error. Parameters as for `ruil`.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.uitruilen.uitruil import kan_ruilen
    >>> s = hd.landelijke_situatie()
    >>> kan_ruilen(s, gebied=["GM0096"]), kan_ruilen(s, gebied=["GM0505"])  # Vlieland, Dordrecht
    (False, True)
    """
    try:
        maak_markt(situatie, winst_minuten=winst_minuten, gebied=gebied, grens_minuten=grens_minuten)
    except NiemandFout:
        return False
    return True
