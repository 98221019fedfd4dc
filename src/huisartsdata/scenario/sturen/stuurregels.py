"""Steering rules: what each could move by a year, within the flow of GPs who start or move, and who loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.model.onzekerheid import keur_trekkingen
from huisartsdata.scenario.invoerkeur import keur_situatie
from huisartsdata.scenario.maatregelen import voeg_fte_toe
from huisartsdata.scenario.sturen.regelafstand import Reismeter
from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar
from huisartsdata.scenario.sturen.regelopbouw import (
    grens_van,
    keur_jaar,
    laat_werken,
    lees_keuzes,
    maak_kader,
    meet_tekort,
    nieuwe_norm,
    wijs_aan,
)
from huisartsdata.scenario.sturen.regeloverzicht import aanwijzingen, bewijs, regels
from huisartsdata.scenario.sturen.regelschatting import op_schatting
from huisartsdata.scenario.sturen.regelvergelijking import vergelijk_regels
from huisartsdata.scenario.sturen.regelverslag import (
    Kosten,
    Regeluitkomst,
    aanwijsframe,
    bereken_kosten,
    gebiedsframe,
    kans_aangewezen,
    ongelijkheid,
    splitsing,
    tekortframe,
    waarschuw,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import numpy as np
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.sturen.regelmechaniek import Stand
    from huisartsdata.scenario.sturen.regelopbouw import Regelkeuze

__all__ = ["Kosten", "Regeluitkomst", "aanwijzingen", "bewijs", "regels", "stuurregel", "vergelijk_regels"]


def stuurregel(
    situatie: Situatie,
    regel: Regelkeuze,
    *,
    jaar: int = 2035,
    per_tekort: str = "gemeente",
    begin: int | None = None,
    instroom: float | None = None,
    verhuizers: float | None = None,
    trekkingen: int = 0,
    seed: int = 0,
    executor: Executor | None = None,
    **parameters: Any,
) -> Regeluitkomst:
    """Apply a steering rule, or several on one shared flow, until the end of a year.

    Only GPs who start or move can be steered: a year's flow is
    ``aanbod x (instroom x rendement / huisartsen + verhuizers)``. A rule sends the share `sterkte` of
    those who would have gone to giving areas to receiving areas, in proportion to their room, from
    ``begin + aanlooptijd`` (plus training) on. Designations are those of today. The total of the country
    stays as it is, unless a rule adds.

    Parameters
    ----------
    situatie
        The picture before.
    regel
        Name of a rule (`regels`), or a list of names and (name, parameters) pairs: an earlier one takes from
        the flow first.
    jaar
        End of this year.
    per_tekort
        Areas in which shortage is counted.
    begin, instroom, verhuizers
        Year after which steering starts, people entering training a year, share of GPs that moves a year.
    trekkingen, seed, executor
        Draws: the chance of being designated, and the effect in every draw.
    **parameters
        Of the rule; with several rules for each that has it.

    Raises
    ------
    ParameterFout
        For an unknown rule or parameter (with the choices), or a value that cannot be.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.sturen.stuurregels import stuurregel
    >>> s = hd.landelijke_situatie(norm=2095, functie="zonder_wisselend")
    >>> u = stuurregel(s, "denemarken", jaar=2035)
    >>> 0 < u.verplaatst_fte <= u.stroomgrens, abs(u.situatie.aanbod_fte - s.aanbod_fte) < 1e-9
    (True, True)
    >>> stuurregel(s, "denemarken", sterkte=0).situatie is s
    True
    """
    keur_situatie(situatie)
    keur_trekkingen(trekkingen, seed)
    kader = maak_kader(begin, instroom, verhuizers, per_tekort)
    jaar = keur_jaar("jaar", jaar, kader.begin)
    keuzes = lees_keuzes(regel, parameters)
    punt = Rekenaar(situatie)
    gewezen = [wijs_aan(punt, g) for g in keuzes]
    stand = laat_werken(punt, keuzes, gewezen, kader, [jaar])[jaar]
    norm_na = nieuwe_norm(situatie.norm, keuzes, kader, jaar)
    voor = meet_tekort(punt, per_tekort, situatie.norm)
    na = meet_tekort(punt, per_tekort, norm_na, stand.fte)
    kansen: list[NDArray[np.float64] | None] = [None] * len(keuzes)
    getrokken = None
    if trekkingen:
        trek = Rekenaar(situatie, trekkingen=trekkingen, seed=seed, executor=executor)
        trekgewezen = [wijs_aan(trek, g) for g in keuzes]
        kansen = [kans_aangewezen(w) for w in trekgewezen]
        trekstand = laat_werken(trek, keuzes, trekgewezen, kader, [jaar])[jaar]
        schatting = op_schatting(punt, trek, keuzes, gewezen, kader=kader, jaren=[jaar])[jaar]
        getrokken = _trekframe(trek, trekstand, schatting, per_tekort, norm_na)
    delta = pd.Series(stand.fte[:, 0] - punt.fte[:, 0], index=situatie.praktijken.index)
    nieuw = voeg_fte_toe(situatie, delta)
    mensen = float(voor.totaal[0] * voor.norm), float(na.totaal[0] * na.norm)
    reis = Reismeter(situatie, per_tekort).effect(nieuw.praktijken["fte"])
    kosten, reden = bereken_kosten(keuzes, gewezen, kader, jaar, mensen[0] - mensen[1])
    return Regeluitkomst(
        regel=" + ".join(g.label for g in keuzes),
        titel="; ".join(g.definitie.titel for g in keuzes),
        parameters={g.label: dict(g.parameters) for g in keuzes},
        jaar=jaar,
        norm=situatie.norm,
        functie=situatie.functie,
        per_tekort=per_tekort,
        aangewezen=pd.concat([aanwijsframe(*x) for x in zip(keuzes, gewezen, kansen, strict=True)]),
        situatie=nieuw if norm_na == situatie.norm else nieuw.vervang(norm=norm_na),
        verplaatst_fte=float(stand.verplaatst[0]),
        toegevoegd_fte=float(stand.toegevoegd[0]),
        stroomgrens=grens_van(keuzes, kader, jaar, situatie.aanbod_fte),
        per_gebied=gebiedsframe(punt, keuzes, per_tekort, stand),
        tekort=tekortframe(voor, na, punt.namen(per_tekort), keuzes),
        tekort_voor=float(voor.totaal[0]),
        tekort_na=float(na.totaal[0]),
        mensen_voor=mensen[0],
        mensen_na=mensen[1],
        splitsing_voor=splitsing(voor),
        splitsing_na=splitsing(na),
        gini_voor=ongelijkheid(voor),
        gini_na=ongelijkheid(na),
        kosten=kosten,
        kosten_reden=reden,
        afstand=reis.zin,
        reis=reis,
        niet_te_modelleren="; ".join(t for g in keuzes if (t := g.definitie.niet_te_modelleren)) or None,
        kaarten={g.label: g.definitie.kaart for g in keuzes},
        trekkingen=getrokken,
        waarschuwingen=tuple(waarschuw(keuzes, gewezen, kader, jaar, voor)),
    )


def _trekframe(
    trek: Rekenaar, stand: Stand, schatting: NDArray[np.float64], per: str, norm_na: float
) -> pd.DataFrame:
    voor = meet_tekort(trek, per, trek.situatie.norm).totaal
    na = meet_tekort(trek, per, norm_na, stand.fte).totaal
    geschat = meet_tekort(trek, per, norm_na, schatting).totaal
    return pd.DataFrame(
        {
            "tekort_voor": voor,
            "tekort_na": na,
            "opgelost_fte": voor - na,
            "verplaatst_fte": stand.verplaatst,
            "opgelost_op_schatting": voor - geschat,
        }
    ).rename_axis("trekking")
