"""Vulnerability: what the loss of a practice of a given size would do in each gemeente.

This is no forecast of who falls out: it is the same question, put to every gemeente, for several sizes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import load_gebieden
from huisartsdata.model.onzekerheid import wilson
from huisartsdata.scenario.wegvallen.uitvalgeval import maak_geval, trek_uitkomst, zoek_kandidaten
from huisartsdata.scenario.wegvallen.uitvalgevolg import BAND
from huisartsdata.scenario.wegvallen.uitvalkeur import (
    keur_deel,
    keur_gemeente,
    keur_loting,
    keur_patienten,
    raad_code,
)
from huisartsdata.scenario.wegvallen.uitvalplaatsing import kortste_plaatsing
from huisartsdata.scenario.wegvallen.uitvalveld import Deel, maak_veld, trek_loten, trek_waarde

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.wegvallen.uitvalveld import Loten, Veld

VOL, OPVANGBAAR, ONBEKEND, PAST_NIET = "vol", "opvangbaar", "onbekend", "past niet"
ZEKER = 0.9  # a verdict needs this chance, as everywhere
HELFT = 0.5  # "vol" is about more than this share without a place
STUKKEN = 24  # tasks for an executor: the country in pieces of some fourteen gemeenten
GETALLEN = (
    "aandeel_zonder_plek",
    "aandeel_laag",
    "aandeel_hoog",
    "zonder_plek",
    "kans_helft",
    "extra_last",
    "minuten",
    "praktijken_open",
)


def kwetsbaarheid(
    situatie: Situatie,
    *,
    patienten: Sequence[int] | None = None,
    gm_codes: Sequence[str] | None = None,
    open_aandeel: Deel | Mapping[str, Deel] = None,
    opname: Deel = None,
    grens_minuten: float | None = None,
    trekkingen: int = 100,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """What the loss of a practice would do in every gemeente, for several sizes.

    The same computation as `uitval`, with the same draws, without its plans and pictures. A verdict is
    given where the draws are enough for it: with fewer than 35 there is none, with 50 only where they all
    agree. People without a place are a lower bound: a perfect organisation, national open shares, doors
    that open independently. So "vol" stands firm and "opvangbaar" says only that the room may be there:
    show it with the open share that belongs to it, and where a region's own signal is worse, give
    `open_aandeel`.

    Parameters
    ----------
    situatie
        The picture.
    patienten
        Sizes; default 2,000, the average practice (parameter `ingeschreven_per_praktijk`) and that of the
        letter on Dordrecht (`patienten_dordrecht`).
    gm_codes
        Only these gemeenten; default all of the picture.
    open_aandeel
        As for `uitval`, or by gm_code where a region has its own; gemeenten that are not in it have the
        range of the parameter.
    opname, grens_minuten, trekkingen, seed
        As for `uitval`.
    executor
        Any `concurrent.futures.Executor`; the numbers are the same bit for bit.

    Returns
    -------
    DataFrame
        Index (`gm_code`, `patienten`): `naam`, `aandeel_zonder_plek`, `aandeel_laag`, `aandeel_hoog`
        (median and 90% of the draws over the assumptions), `zonder_plek` (people, median), `kans_helft`
        (share of the draws in which more than half find no place), `extra_last` (mean over the draws of the
        placed per person on the lists of the open practices within the limit), `minuten` (to the new
        practice, in the draw with the median number of placed), `praktijken_open` (mean), `trekkingen`
        (draws, 0 where it does not fit), `oordeel`: vol (kans_helft > .9) | opvangbaar (< .1) | onbekend |
        past niet, and `reden` why it does not fit. For vol and opvangbaar the whole 95% interval of Wilson
        around `kans_helft` lies beyond its limit. What does not fit is NaN.

    Raises
    ------
    ParameterFout
        For a size that is no whole number above 0, no sizes or gemeenten at all, or no executor.
    OnbekendGebiedFout
        For a gemeente that is not in the picture.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.wegvallen.uitvalland import kwetsbaarheid
    >>> tabel = kwetsbaarheid(hd.landelijke_situatie(), patienten=[6000], gm_codes=["GM0096"])
    >>> tabel["oordeel"].tolist()  # fewer people live on Vlieland
    ['past niet']
    """
    keur_loting(trekkingen, seed)
    if executor is not None and not hasattr(executor, "map"):
        raise ParameterFout("executor moet een concurrent.futures.Executor zijn, of laat hem weg")
    if patienten is None:
        patienten = [2000, int(waarde("ingeschreven_per_praktijk")), int(waarde("patienten_dordrecht"))]
    if isinstance(patienten, (str, bytes, Mapping)) or not isinstance(patienten, Iterable):
        raise ParameterFout("patienten moet een lijst van omvangen zijn, bijvoorbeeld [2000, 6000]")
    patienten = list(patienten)
    if not patienten:
        raise ParameterFout("geef minstens één omvang, bijvoorbeeld patienten=[2000, 6000]")
    maten = sorted({keur_patienten(x) for x in patienten})
    codes = keur_gemeenten(situatie, gm_codes)
    veld = maak_veld(situatie, grens_minuten)
    stukken = [codes[k::STUKKEN] for k in range(min(STUKKEN, len(codes)))]
    per_gemeente = open_aandeel if isinstance(open_aandeel, Mapping) else dict.fromkeys(codes, open_aandeel)
    bekend = set(situatie.gebied["gm_code"])
    if vreemd := sorted(set(map(str, per_gemeente)) - bekend):
        raise OnbekendGebiedFout(
            f"open_aandeel noemt onbekende gemeenten: {', '.join(vreemd[:20])}; geef "
            f"{raad_code(vreemd[0], bekend)}",
            vreemd,
        )
    open_ = {code: keur_deel(per_gemeente.get(code), "open_aandeel") for code in codes}
    vast = open_, keur_deel(opname, "opname")
    taken = [(veld, stuk, maten, vast, trekkingen, seed) for stuk in stukken]
    delen = map(_taak, taken) if executor is None else executor.map(_taak, taken)
    rijen = [rij for deel in delen for rij in deel]
    kolommen = ["gm_code", "patienten", *GETALLEN, "trekkingen", "oordeel", "reden"]
    uit = pd.DataFrame(rijen, columns=kolommen).sort_values(["gm_code", "patienten"])
    naam = load_gebieden("gemeente")["naam"].reindex(uit["gm_code"]).to_numpy()
    uit.insert(2, "naam", pd.Series(naam, index=uit.index, dtype="str"))
    tekst = dict.fromkeys(("gm_code", "oordeel", "reden"), "str")
    return uit.astype(tekst | dict.fromkeys(GETALLEN, "float64")).set_index(["gm_code", "patienten"])


def keur_gemeenten(situatie: Situatie, gm_codes: Sequence[str] | None) -> list[str]:
    """Gemeenten of the picture, or the ones asked for, sorted."""
    if gm_codes is None:
        return sorted(set(situatie.gebied["gm_code"]))
    if isinstance(gm_codes, (str, bytes)) or not isinstance(gm_codes, Iterable):
        raise ParameterFout(f"geef een lijst van gemeenten, geen losse waarde: [{gm_codes!r:.60}]")
    gm_codes = list(gm_codes)
    if not gm_codes:
        raise ParameterFout("geef minstens één gemeente, of laat gm_codes weg voor het hele land")
    for code in gm_codes:
        keur_gemeente(situatie, code)
    return sorted(set(gm_codes))


_Vast = tuple[dict[str, Deel], Deel]  # open share and room, where they are not drawn
_Taak = tuple["Veld", list[str], list[int], _Vast, int, int]


def _taak(taak: _Taak) -> list[tuple[object, ...]]:
    veld, codes, maten, vast, trekkingen, seed = taak
    loten = trek_loten(veld.ids, trekkingen, seed)
    return [(code, x, *_reken(veld, loten, code, x, vast)) for code in codes for x in maten]


def _reken(veld: Veld, loten: Loten, code: str, patienten: int, vast: _Vast) -> tuple[object, ...]:
    """One row: numbers, verdict and reason."""
    try:
        kandidaten = zoek_kandidaten(veld, code, patienten, patienten / veld.mensen_per_fte)
    except ParameterFout as e:
        return (*[np.nan] * len(GETALLEN), 0, PAST_NIET, str(e))
    geval = maak_geval(veld, patienten, kandidaten)
    uitkomst = trek_uitkomst(
        veld,
        geval,
        loten,
        trek_waarde("open_aandeel", vast[0][code], loten.aandeel),
        trek_waarde("uitval_opname", vast[1], loten.opname),
    )
    zonder = patienten - uitkomst.geplaatst
    laag, midden, hoog = np.quantile(zonder, [BAND[0], 0.5, BAND[1]])
    keer, n = int((zonder > HELFT * patienten).sum()), len(zonder)
    lijst = (geval.lijst[uitkomst.keuze] * uitkomst.open_).sum(axis=1)
    last = np.divide(uitkomst.geplaatst, lijst, out=np.zeros(len(lijst)), where=lijst > 0)
    k = int(np.argsort(uitkomst.geplaatst, kind="stable")[(len(zonder) - 1) // 2])
    plan = kortste_plaatsing(geval.getroffen[uitkomst.keuze[k]], uitkomst.per_plek(geval, k), geval.minuten)
    tijd = np.where(plan > 0, geval.minuten, 0.0)
    minuten = float((plan * tijd).sum() / plan.sum()) if plan.any() else np.nan
    deel = (midden / patienten, laag / patienten, hoog / patienten, midden, keer / n, last.mean(), minuten)
    open_ = float(uitkomst.open_.sum(axis=1).mean())
    return (*(float(d) for d in deel), open_, n, _oordeel(keer, n), "")


def _oordeel(keer: int, trekkingen: int) -> str:
    """Verdict where the draws settle it: the whole interval of the share lies beyond the limit."""
    laag, hoog = wilson(keer, trekkingen)
    return VOL if laag > ZEKER else OPVANGBAAR if hoog < 1 - ZEKER else ONBEKEND
