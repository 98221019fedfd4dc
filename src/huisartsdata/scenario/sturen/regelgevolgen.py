"""What rules do beside solving shortage: against the best that could be done, who loses, equity, strength."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.register import load_gebieden
from huisartsdata.model.gelijkheid import gelijkheidsbeeld
from huisartsdata.model.onzekerheid import gebiedscodes
from huisartsdata.scenario.invoerkeur import keur_rij, keur_situatie, keur_uitkomsten
from huisartsdata.scenario.plaatsen.herverdeling import herverdeel
from huisartsdata.scenario.plaatsen.plaatsing import plaats
from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar
from huisartsdata.scenario.sturen.regelopbouw import (
    Gekozen,
    keur_jaar,
    keur_uniek,
    laat_werken,
    lees_keuzes,
    maak_kader,
    meet_tekort,
    nieuwe_norm,
    wijs_aan,
)
from huisartsdata.scenario.sturen.regelverslag import Regeluitkomst

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from huisartsdata.model.situatie import Situatie

KLEIN = 1e-6  # fte
STERKTES = (0.0, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 1.0)
MATEN = ("hellingsindex_per_100000", "concentratie_index", "gini", "theil", "p90_p10")


def naast_beste(situatie: Situatie, uitkomsten: Mapping[str, Regeluitkomst]) -> pd.DataFrame:
    """Each rule beside the best that could be done with as many fte: moved (`herverdeel`) or added (`plaats`).

    Parameters
    ----------
    situatie
        The picture before, the one that the outcomes started from.
    uitkomsten
        Outcomes by rule; those that change the yardstick have no best beside them (NaN).

    Returns
    -------
    DataFrame
        Index `regel`; `jaar`, `verplaatst_fte`, `toegevoegd_fte`, `stroomgrens`, `tekort_voor`, `tekort_na`,
        `tekort_beste`, `opgelost_fte`, `hoogstens_fte` (solved by the best), `benut` (their ratio),
        `mensen_voor`, `mensen_na`, `mensen_geholpen`, `mensen_benadeeld`, `gebieden_minder` (areas of the rule
        that lose fte), `grootste_verliezer`, `verlies_fte`, `euro`, `euro_per_geholpene`, `kosten_reden`,
        `reisminuten_verschil`, `mensen_dichterbij`, `mensen_verder`, `afstand` (in words) and `wet`.

    Raises
    ------
    ParameterFout
        For outcomes that did not start from this picture.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.sturen.regelgevolgen import naast_beste
    >>> from huisartsdata.scenario.sturen.stuurregels import stuurregel
    >>> s = hd.landelijke_situatie(functie="zonder_wisselend")
    >>> t = naast_beste(s, {"d4": stuurregel(s, "d4")}).loc["d4"]
    >>> bool(t["tekort_beste"] <= t["tekort_na"])
    True
    """
    rijen = {}
    for naam, u in _van(situatie, uitkomsten).items():
        beste = _beste(situatie, u)
        verliezers = u.verliezers
        opgelost, hoogstens = u.opgelost_fte, u.tekort_voor - beste
        rijen[naam] = {
            "jaar": u.jaar,
            "verplaatst_fte": u.verplaatst_fte,
            "toegevoegd_fte": u.toegevoegd_fte,
            "stroomgrens": u.stroomgrens,
            "tekort_voor": u.tekort_voor,
            "tekort_na": u.tekort_na,
            "tekort_beste": beste,
            "opgelost_fte": opgelost,
            "hoogstens_fte": hoogstens,
            "benut": opgelost / hoogstens if hoogstens > KLEIN else np.nan,
            "mensen_voor": u.mensen_voor,
            "mensen_na": u.mensen_na,
            "mensen_geholpen": u.mensen_geholpen,
            "mensen_benadeeld": u.mensen_benadeeld,
            "gebieden_minder": len(verliezers),
            "grootste_verliezer": verliezers["naam"].iloc[0] if len(verliezers) else None,
            "verlies_fte": float(-verliezers["verschil"].iloc[0]) if len(verliezers) else 0.0,
            "euro": u.kosten.euro if u.kosten else np.nan,
            "euro_per_geholpene": u.kosten.per_geholpene if u.kosten else np.nan,
            "kosten_reden": u.kosten.toelichting if u.kosten else u.kosten_reden,
            "reisminuten_verschil": u.reis.verschil,
            "mensen_dichterbij": u.reis.mensen_dichterbij,
            "mensen_verder": u.reis.mensen_verder,
            "afstand": u.afstand,
            "wet": u.kaart.wet,
        }
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("regel")


def _van(situatie: Situatie, uitkomsten: Mapping[str, Regeluitkomst]) -> Mapping[str, Regeluitkomst]:
    """Outcomes that started from this picture: others would be set against the wrong best and the wrong "now"."""
    keur_situatie(situatie)
    for naam, u in keur_uitkomsten(uitkomsten, Regeluitkomst).items():
        voor = u.situatie.aanbod_fte - u.toegevoegd_fte
        zelfde = abs(voor - situatie.aanbod_fte) <= KLEIN * max(1.0, situatie.aanbod_fte)
        if (u.norm, u.functie) != (situatie.norm, situatie.functie) or not zelfde:
            raise ParameterFout(
                f"uitkomst '{naam}' hoort bij een andere situatie (norm {u.norm:g}, functie {u.functie}); geef de "
                "situatie mee waarmee de regel is gerekend"
            )
    return uitkomsten


def _beste(situatie: Situatie, u: Regeluitkomst) -> float:
    if u.situatie.norm != situatie.norm:
        return float("nan")
    if u.verplaatst_fte > KLEIN and u.toegevoegd_fte > KLEIN:
        erbij = plaats(situatie, fte=u.toegevoegd_fte, per=u.per_tekort, stap=None)
        return herverdeel(
            erbij.situatie, fte=u.verplaatst_fte + u.toegevoegd_fte, per=u.per_tekort
        ).doelwaarde
    if u.toegevoegd_fte > KLEIN:
        return plaats(situatie, fte=u.toegevoegd_fte, per=u.per_tekort, stap=None).doelwaarde
    return herverdeel(situatie, fte=u.verplaatst_fte, per=u.per_tekort).doelwaarde


def gebiedsbalans(
    situatie: Situatie, uitkomsten: Mapping[str, Regeluitkomst], *, per: str = "regioplus"
) -> pd.DataFrame:
    """Gain and loss of every area under every rule, in fte inside its borders: gains never without losses.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, `aanbod_fte` (before) and a column per rule with the change. For a rule that
        only moves, its column sums to 0.
    """
    _van(situatie, uitkomsten)
    codes = gebiedscodes(situatie, per).groupby(situatie.gebied["gm_code"]).first()

    def binnen(s: Situatie) -> pd.Series:
        gebied = codes.reindex(s.praktijken["gm_code"]).to_numpy()
        som: pd.Series = s.praktijken["fte"].groupby(gebied).sum()
        return som

    voor = binnen(situatie)
    namen = load_gebieden(per)["naam"]
    uit = pd.DataFrame({"naam": namen, "aanbod_fte": voor.reindex(namen.index).fillna(0.0)}).rename_axis(
        "gebied"
    )
    for naam, u in uitkomsten.items():
        uit[naam] = binnen(u.situatie).sub(voor, fill_value=0.0).reindex(uit.index).fillna(0.0)
    return uit


def gelijkheid_naast(
    situatie: Situatie,
    uitkomsten: Mapping[str, Regeluitkomst],
    *,
    rangschikking: pd.Series,
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Equity of reach per need over gemeenten, before and after each rule.

    A gemeente without a value in `rangschikking` is left out; `dekking` says which share of need is left.

    Returns
    -------
    DataFrame
        Index `regel` ("nu" first), `maat`; `naam`, `waarde`, `standaardfout`, `verwacht`, `laag`, `hoog` (over
        the draws), `verschil` (value minus that of "nu"), `dekking`. What a rule changes in the picture, is
        told apart from doubt by `verschil`: the draws are the same for every rule.
    """
    _van(situatie, uitkomsten)
    delen = {}
    for naam, s in {"nu": situatie, **{n: u.situatie for n, u in uitkomsten.items()}}.items():
        beeld = gelijkheidsbeeld(
            s, rangschikking=rangschikking, ontbrekend="weglaten", trekkingen=trekkingen, seed=seed,
            executor=executor,
        )  # fmt: skip
        delen[naam] = beeld.loc[list(MATEN)]
        delen[naam]["verschil"] = delen[naam]["waarde"] - delen["nu"]["waarde"]
    uit = pd.concat(delen, names=["regel", "maat"])
    return uit[["naam", "waarde", "standaardfout", "verwacht", "laag", "hoog", "verschil", "dekking"]]


def sterktereeks(
    situatie: Situatie,
    regels: Sequence[str] = ("d4", "frankrijk", "denemarken"),
    *,
    jaar: int = 2035,
    sterktes: Sequence[float] = STERKTES,
    per_tekort: str = "gemeente",
) -> pd.DataFrame:
    """Shortage solved by a year against how strongly a rule works, which nobody has measured.

    Returns
    -------
    DataFrame
        Index `sterkte` (share of the steerable flow that goes along), a column per rule, fte.
    """
    namen = keur_rij("regels", regels, "('d4', 'denemarken')")
    sterktes = keur_rij("sterktes", sterktes, "(0, 0.1, 1)")
    kader = maak_kader(None, None, None, per_tekort)
    jaar = keur_jaar("jaar", jaar, kader.begin)
    keur_situatie(situatie)
    kolommen = {r: [lees_keuzes([(r, {"sterkte": x})], {}) for x in sterktes] for r in namen}
    keur_uniek([g.label for k in kolommen.values() for keuzes in k for g in keuzes])
    punt = Rekenaar(situatie)
    norm = situatie.norm
    voor = float(meet_tekort(punt, per_tekort, norm).totaal[0])

    def opgelost(keuzes: Sequence[Gekozen]) -> float:
        stand = laat_werken(punt, keuzes, [wijs_aan(punt, g) for g in keuzes], kader, [jaar])[jaar]
        na = meet_tekort(punt, per_tekort, nieuwe_norm(norm, keuzes, kader, jaar), stand.fte)
        return voor - float(na.totaal[0])

    return pd.DataFrame(
        {r: [opgelost(keuzes) for keuzes in k] for r, k in kolommen.items()},
        index=pd.Index(sterktes, name="sterkte"),
    )


def omslagsterkte(reeks: pd.DataFrame, geld: Sequence[str], wet: Sequence[str]) -> float:
    """Least strength at which the best money rule solves as much as the best law at full strength.

    Parameters
    ----------
    reeks
        Of `sterktereeks`.
    geld, wet
        Columns of money rules, and of rules that bind; at least one of each.

    Returns
    -------
    float
        Between the strengths of `reeks`, linearly; NaN when money never solves as much.

    Raises
    ------
    ParameterFout
        When a column is missing, or there is nothing to compare.

    Examples
    --------
    >>> r = pd.DataFrame({"geld": [0.0, 50.0, 80.0], "wet": [0.0, 10.0, 25.0]}, index=[0.0, 0.5, 1.0])
    >>> omslagsterkte(r, ["geld"], ["wet"])
    0.25
    """
    if mist := sorted({*geld, *wet} - set(reeks.columns)):
        raise ParameterFout(f"de reeks mist {', '.join(mist)}; maak haar met die regels")
    if not len(reeks) or not len(geld) or not len(wet):
        raise ParameterFout("geef minstens één regel met geld, één die bindt, en één sterkte")
    reeks = reeks.sort_index()
    doel = float(reeks[list(wet)].iloc[-1].max())
    beste = reeks[list(geld)].max(axis=1)
    boven = np.flatnonzero(beste.to_numpy() >= doel)
    if not len(boven):
        return float("nan")
    k, x, y = int(boven[0]), beste.index.to_numpy(dtype="float64"), beste.to_numpy()
    if k == 0 or y[k] == y[k - 1]:
        return float(x[k])
    return float(x[k - 1] + (doel - y[k - 1]) / (y[k] - y[k - 1]) * (x[k] - x[k - 1]))
