"""The goal of AZWA measure D3: nobody unwantedly without a GP by the end of 2028.

Sources on people without a GP differ tenfold and more, by definition, population and method. They are
shown side by side, each with who says it; nothing here adds, averages or merges them, and every path
to zero is made per source and per bound. The paths are sums on stated assumptions, no forecasts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import ContractFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import load_signalen
from huisartsdata.model.vrijeplaatsen import (
    BEGINJAAR,
    DOELJAAR,
    KNOPPEN,
    Aannames,
    Knop,
    aannamen,
    plaatsen_per_jaar,
    vrije_ruimte,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIGNAALKOLOMMEN = {
    "gebied", "indicator", "peildatum", "waarde", "waarde_laag", "waarde_hoog", "eenheid", "bron", "url", "kwaliteit"
}  # fmt: skip
VRAAGVARIANTEN = ("demografie", "alle_termen")


@dataclass(frozen=True)
class Begrip:
    """What a source counts: in words, whom, and whether the goal of D3 is about it."""

    definitie: str
    wie: str
    telt_voor_d3: bool


BEGRIPPEN = {
    "zonder_huisarts": Begrip("schatting van mensen zonder huisarts", "alle inwoners", telt_voor_d3=True),
    "volwassenen_niet_ingeschreven": Begrip(
        "volwassenen die zeggen bij geen praktijk ingeschreven te zijn", "volwassenen", telt_voor_d3=True
    ),
    "wachtenden_zorgbemiddeling": Begrip(
        "mensen die hun verzekeraar om hulp vroegen bij het vinden van een huisarts",
        "verzekerden",
        telt_voor_d3=True,
    ),
    "aandeel_zegt_geen_huisarts": Begrip(
        "deel van de ondervraagden dat zegt geen huisarts te hebben", "ondervraagden", telt_voor_d3=True
    ),
    "wil_andere_huisarts": Begrip(
        "mensen die een huisarts hebben en een andere willen", "alle inwoners", telt_voor_d3=False
    ),
    "volwassenen_willen_wisselen": Begrip(
        "volwassenen die een huisarts hebben en een andere willen", "volwassenen", telt_voor_d3=False
    ),
    "zonder_of_zoekend": Begrip(
        "mensen zonder huisarts of met de wens van een andere, samen door de bron geteld",
        "alle inwoners",
        telt_voor_d3=False,
    ),
    "inwoners_zonder_huisarts": Begrip("inwoners zonder huisarts", "alle inwoners", telt_voor_d3=True),
    "patienten_zonder_huisarts": Begrip(
        "patiënten die hun huisarts verloren", "patiënten van een praktijk", telt_voor_d3=True
    ),
    "wachtlijst_huisarts": Begrip("mensen op een wachtlijst van huisartsen", "inwoners", telt_voor_d3=True),
}


def zonder_huisarts(signalen: pd.DataFrame | None = None, *, gebied: str = "NL01") -> pd.DataFrame:
    """Every source on people without a GP, side by side.

    Parameters
    ----------
    signalen
        Table of `load_signalen`; default that of the snapshot.
    gebied
        Code; default the country.

    Returns
    -------
    DataFrame
        Index `signaal_id`, latest first: `bron` (who says it), `indicator`, `definitie`, `peildatum`,
        `laag`, `hoog` (equal when the source gives one number; one of them missing when it gives a
        bound only), `eenheid` (persons, or percent of those asked), `wie` (who is counted: all,
        adults, insured), `telt_voor_d3` (is it about people without a GP?), `n`, `status`,
        `kwaliteit` (A-D), `url` and `opmerking`.

    Raises
    ------
    OnbekendGebiedFout
        When no source counts people without a GP in `gebied`: it is not measured.

    Examples
    --------
    >>> z = zonder_huisarts()
    >>> z.loc[z["indicator"] == "zonder_huisarts", ["laag", "hoog"]].iloc[0].tolist()
    [45000.0, 194000.0]
    """
    s = load_signalen() if signalen is None else signalen
    if not isinstance(s, pd.DataFrame) or (mist := sorted(SIGNAALKOLOMMEN - set(s.columns))):
        raise ParameterFout(
            "signalen is geen tabel van hd.load_signalen()"
            + (f": zonder {', '.join(mist)}" if isinstance(s, pd.DataFrame) else "")
            + "; laat het weg voor de ingebouwde"
        )
    s = s[s["indicator"].isin(list(BEGRIPPEN))]
    gemeten = sorted(set(s["gebied"]))
    s = s[s["gebied"] == gebied]
    if s.empty:
        raise OnbekendGebiedFout(
            f"mensen zonder huisarts zijn niet gemeten in '{gebied}'; wel in {', '.join(gemeten)}",
            [str(gebied)],
        )
    uit = pd.DataFrame(
        {
            "bron": s["bron"],
            "indicator": s["indicator"],
            "definitie": [BEGRIPPEN[i].definitie for i in s["indicator"]],
            "peildatum": s["peildatum"],
            "laag": s["waarde_laag"].fillna(s["waarde"]),
            "hoog": s["waarde_hoog"].fillna(s["waarde"]),
            "eenheid": s["eenheid"],
            "wie": [BEGRIPPEN[i].wie for i in s["indicator"]],
            "telt_voor_d3": [BEGRIPPEN[i].telt_voor_d3 for i in s["indicator"]],
        },
        index=s.index,
    )
    for kolom in ("n", "status", "kwaliteit", "url", "opmerking"):
        uit[kolom] = s[kolom]
    return uit.sort_values("peildatum", ascending=False, kind="stable")


def pad_naar_nul(
    *,
    start: pd.DataFrame | pd.Series | None = None,
    vraag: Sequence[str] = VRAAGVARIANTEN,
    vanaf: int = BEGINJAAR,
    tot: int = DOELJAAR,
    **keuzes: float,
) -> pd.DataFrame:
    """People without a GP per year until the goal, for every source and bound, under stated assumptions.

    zonder(t) = max(0, zonder(t-1) - share x max(0, netto(t))). A year with a negative balance turns
    nobody out, for whether it would is not known: the path stays level and `netto_plaatsen` shows what
    is short. The number of a source holds at the end of `vanaf`, whatever its date.

    Parameters
    ----------
    start
        Table of `zonder_huisarts`, or persons by name of a source. Default the sources on people
        without a GP, each its latest number.
    vraag
        Growth of need: ``"demografie"`` only, and ``"alle_termen"``. Both, unless asked otherwise:
        the sign of the balance depends on the choice.
    vanaf, tot
        Year of the starting position, and the goal.
    **keuzes
        Fields of `Aannames` (`instroom_per_jaar`, `patienten_per_fte`, ...) in place of the parameters.

    Returns
    -------
    DataFrame
        Index `start` (signaal_id or name), `grens` (laag, hoog or punt), `vraag`, `jaar`; `bron`,
        the columns of `plaatsen_per_jaar`, `naar_zonder`, `zonder`, `zonder_gunstig` and
        `zonder_ongunstig` (every assumption you did not choose at its better or worse end together:
        outer limits, no interval), and `recht` (the straight line to zero).

    Raises
    ------
    ContractFout
        When a start is no number of people.
    ParameterFout
        For an unknown assumption, variant or year.

    Examples
    --------
    >>> pad = pad_naar_nul(start=pd.Series({"zelf": 60_000}), vraag=["demografie"])
    >>> bool(pad["zonder"].is_monotonic_decreasing)
    True
    """
    beginnen = _beginstand(start)
    delen, sleutels = [], []
    for variant in _varianten(vraag):
        midden = _kies(variant, keuzes)
        jaren = plaatsen_per_jaar(midden, vanaf=vanaf, tot=tot)
        uitersten = {kant: _kies(variant, keuzes, kant=kant) for kant in ("gunstig", "ongunstig")}
        for b in beginnen:
            deel = jaren.assign(bron=b.bron)
            deel["naar_zonder"], deel["zonder"] = _loop(b.personen, midden, jaren)
            for kant, a in uitersten.items():
                deel[f"zonder_{kant}"] = _loop(b.personen, a, plaatsen_per_jaar(a, vanaf=vanaf, tot=tot))[1]
            deel["recht"] = b.personen * (tot - jaren.index) / (tot - vanaf)
            delen.append(deel)
            sleutels.append((b.start, b.grens, variant))
    uit = pd.concat(delen, keys=sleutels, names=["start", "grens", "vraag", "jaar"])
    # sorted, so that a look-up on part of the index is quick and silent
    return uit[["bron", *(k for k in uit.columns if k != "bron")]].sort_index()


def _loop(begin: float, a: Aannames, jaren: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What goes to people without a GP per year, and how many are left."""
    aanbod = a.aandeel_naar_zonder * np.maximum(0.0, jaren["netto_plaatsen"].to_numpy())
    over = np.maximum(0.0, begin - np.cumsum(aanbod))
    return np.concatenate([[begin], over[:-1]]) - over, over


def wat_moet_waar_zijn(
    *,
    start: pd.DataFrame | pd.Series | None = None,
    vraag: Sequence[str] = VRAAGVARIANTEN,
    vanaf: int = BEGINJAAR,
    tot: int = DOELJAAR,
    **keuzes: float,
) -> pd.DataFrame:
    """What each lever by itself would have to be for zero at the end of `tot`.

    Everything else stays at its assumption. The balance is a small difference of large flows: a few
    percent on intake, list or outflow decide it. Intake has a lead time that the sum does not know: who
    starts training now works after the goal, so more entrants by then must come from elsewhere.

    Parameters
    ----------
    start, vraag, vanaf, tot, **keuzes
        As for `pad_naar_nul`.

    Returns
    -------
    DataFrame
        Index `start`, `grens`, `vraag`, `knop`; `bron`, `personen`, `omschrijving`, `nu`, `nodig` (NaN
        when impossible), `laag`, `hoog` (range of the assumption) and `oordeel`: "al genoeg" (the goal
        is met with room to spare; `nodig` is how far the lever may fall), "binnen de bandbreedte",
        "buiten de bandbreedte" or "kan niet met deze knop alleen".

    Raises
    ------
    ContractFout, ParameterFout
        As for `pad_naar_nul`.

    Examples
    --------
    >>> w = wat_moet_waar_zijn(start=pd.Series({"zelf": 194_000}), vraag=["demografie"])
    >>> w.xs("aandeel_naar_zonder", level="knop")["oordeel"].tolist()
    ['binnen de bandbreedte']
    """
    beginnen, rijen = _beginstand(start), []
    for variant in _varianten(vraag):
        a = _kies(variant, keuzes)
        plaatsen_per_jaar(a, vanaf=vanaf, tot=tot)  # refuses years that cannot be
        for b in beginnen:
            for knop, k in KNOPPEN.items():
                nu = getattr(a, knop)
                if knop == "overige_vraag_per_jaar" and variant == "demografie":
                    continue  # this variant leaves the lever out
                ruimte = partial(_ruimte_bij, a, knop, vanaf, tot)
                nodig = _los_op(ruimte, b.personen, k, nu)
                p = parameter(f"d3_{knop}")
                laag, hoog = (p.waarde if g is None else g for g in (p.laag, p.hoog))
                rijen.append(
                    {
                        "start": b.start,
                        "grens": b.grens,
                        "vraag": variant,
                        "knop": knop,
                        "bron": b.bron,
                        "personen": b.personen,
                        "omschrijving": k.naam,
                        "nu": nu,
                        "nodig": nodig,
                        "laag": laag,
                        "hoog": hoog,
                        "oordeel": _oordeel(nodig, nu, laag, hoog, k),
                    }
                )
    return pd.DataFrame(rijen).set_index(["start", "grens", "vraag", "knop"]).sort_index()


def _ruimte_bij(a: Aannames, knop: str, vanaf: int, tot: int, stand: float) -> float:
    return vrije_ruimte(replace(a, **{knop: stand}), vanaf=vanaf, tot=tot)


def _los_op(ruimte: Callable[[float], float], personen: float, k: Knop, nu: float) -> float:
    """The value nearest to no effort at which there is just room enough; NaN when there is none."""
    hoogst = k.maximum
    if np.isinf(hoogst):
        hoogst = max(1.0, nu)
        for _ in range(60):  # doubles until there is room; 60 doublings are beyond any country
            if ruimte(hoogst) >= personen:
                break
            hoogst *= 2
    goed, slecht = (hoogst, k.minimum) if k.meer_is_beter else (k.minimum, hoogst)
    if ruimte(goed) < personen:
        return float("nan")
    if ruimte(slecht) >= personen:
        return slecht
    for _ in range(200):
        midden = (goed + slecht) / 2
        if midden in (goed, slecht):
            break
        goed, slecht = (midden, slecht) if ruimte(midden) >= personen else (goed, midden)
    return goed


def _oordeel(nodig: float, nu: float, laag: float, hoog: float, k: Knop) -> str:
    if np.isnan(nodig):
        return "kan niet met deze knop alleen"
    if (nodig <= nu) if k.meer_is_beter else (nodig >= nu):
        return "al genoeg"
    return "binnen de bandbreedte" if laag <= nodig <= hoog else "buiten de bandbreedte"


def _varianten(vraag: Sequence[str]) -> Sequence[str]:
    rij = isinstance(vraag, Sequence) and not isinstance(vraag, str) and len(vraag) > 0
    if not rij or any(v not in VRAAGVARIANTEN for v in vraag) or len(set(vraag)) < len(vraag):
        raise ParameterFout(f"vraag={vraag!r} kan niet; geef een lijst uit {', '.join(VRAAGVARIANTEN)}")
    return vraag


def _kies(variant: str, keuzes: dict[str, float], *, kant: str | None = None) -> Aannames:
    """Assumptions of a variant; with `kant` everything that was not chosen at its better or worse end."""
    a = aannamen(**keuzes)
    if kant is not None:
        for f in fields(a):
            p, k = parameter(f"d3_{f.name}"), KNOPPEN[f.name]
            eind = p.hoog if k.meer_is_beter == (kant == "gunstig") else p.laag
            # the variants already hold the range of this one
            if f.name not in keuzes and eind is not None and f.name != "overige_vraag_per_jaar":
                a = replace(a, **{f.name: eind})
    return replace(a, overige_vraag_per_jaar=0.0) if variant == "demografie" else a


class _Begin(NamedTuple):
    start: str
    grens: str
    bron: str
    personen: float


def _beginstand(start: pd.DataFrame | pd.Series | None) -> list[_Begin]:
    """Persons by source and bound; a bound that a source does not give is left out."""
    if start is None:
        start = zonder_huisarts()
        # an older number of the same indicator is history, not another source
        start = start[start["telt_voor_d3"]].sort_values("peildatum", kind="stable")
        start = start.groupby("indicator").tail(1)
    if isinstance(start, pd.Series):
        start = pd.DataFrame({"bron": start.index, "laag": start, "hoog": start, "eenheid": "personen"})
    if mist := [k for k in ("bron", "laag", "hoog", "eenheid") if k not in start]:
        raise _startfout(", ".join(mist), "kolom ontbreekt", "gebruik de tabel van zonder_huisarts()")
    uit = []
    for naam, r in start.iterrows():
        laag, hoog = (float(pd.to_numeric(r[k], errors="coerce")) for k in ("laag", "hoog"))
        if str(r["eenheid"]).startswith("procent"):
            # of adults at least, of everybody at most: the source does not say whom it asked
            mensen = waarde("inwoners_2024") / 100
            laag, hoog = laag * waarde("d3_aandeel_volwassenen") * mensen, hoog * mensen
        grenzen = {"punt": laag} if laag == hoog else {"laag": laag, "hoog": hoog}
        grenzen = {g: p for g, p in grenzen.items() if not np.isnan(p)}
        if laag > hoog:
            raise _startfout(str(naam), "laag is meer dan hoog", "wissel ze om")
        if not grenzen or any(not np.isfinite(p) or p < 0 for p in grenzen.values()):
            raise _startfout(str(naam), "geen aantal mensen van 0 of meer", "vul laag of hoog in")
        uit += [_Begin(str(naam), g, str(r["bron"]), p) for g, p in grenzen.items()]
    if not uit or len({(b.start, b.grens) for b in uit}) < len(uit):
        raise _startfout("-", "leeg, of een bron staat er dubbel in", "geef elke bron één keer")
    return uit


def _startfout(wat: str, probleem: str, advies: str) -> ContractFout:
    kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
    return ContractFout(
        "de beginstand klopt niet", pd.DataFrame([(0, "start", wat, probleem, advies)], columns=kolommen)
    )
