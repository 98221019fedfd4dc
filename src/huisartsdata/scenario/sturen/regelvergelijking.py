"""Rules side by side: how much of the shortage each solves by a year, and how often each is best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.model.onzekerheid import keur_trekkingen, wilson
from huisartsdata.scenario.invoerkeur import keur_normen, keur_rij, keur_situaties
from huisartsdata.scenario.sturen.regelafstand import Reismeter
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, MEETLAT, NIETS, VERPLAATST
from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar
from huisartsdata.scenario.sturen.regelopbouw import (
    Gekozen,
    Kader,
    Tekort,
    grens_van,
    keur_jaar,
    keur_uniek,
    laat_werken,
    lees_keuzes,
    maak_kader,
    meet_tekort,
    nieuwe_norm,
    wijs_aan,
)
from huisartsdata.scenario.sturen.regelschatting import op_schatting
from huisartsdata.scenario.sturen.regelverslag import gebiedsframe, mensen_in, ongelijkheid, tekortframe

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.sturen.regelafstand import Afstandseffect
    from huisartsdata.scenario.sturen.regelmechaniek import Stand

    Matrix = NDArray[np.float64]
    Regel = str | tuple[str, Mapping[str, Any]]
    Regellijst = Sequence[Regel | list[Regel]]
    Bereiken = dict[int, tuple[Matrix | None, Matrix | None]]
    Geheugen = dict[tuple[str, float | None], Bereiken]
    Puntgeheugen = dict[tuple[str, float | None], dict[int, "_Punt"]]

GEEN_REGEL = "geen"
KLEIN = 1e-6  # fte; less solved is nothing solved, and within it rules are equally good


def standaardlijst() -> Regellijst:
    """Every rule, and beside the foreign thresholds the same brought to the Dutch average."""
    extra = [("duitsland", {"verhouding": "landelijk"}), ("frankrijk", {"grens": "landelijk"})]
    return [*DEFINITIES, *extra]


def vergelijk_regels(
    situatie: Situatie | Sequence[Situatie],
    regels: Regellijst | None = None,
    *,
    jaren: Sequence[int] = (2028, 2035),
    normen: Sequence[float] | None = None,
    trekkingen: int = 0,
    seed: int = 0,
    per_tekort: str = "gemeente",
    begin: int | None = None,
    instroom: float | None = None,
    verhuizers: float | None = None,
    executor: Executor | None = None,
    **parameters: Any,
) -> pd.DataFrame:
    """How much each rule solves by each year, who loses most, and how often it is the best.

    A rule is best in a draw when it solves most of the shortage of that draw; equals share, so two forms of
    one rule split its chance. A rule that changes the yardstick is not compared. What nobody has measured
    (strength, lead time) is drawn between its bounds unless the caller gives it: with one value the order of
    the rules would be that assumption. Rules that rest on the same unknown share its draw. Fte of one
    function are never compared with those of the other. Read with it that ``d4`` designates by
    the very shortage that is counted here, which no other rule does.

    Parameters
    ----------
    situatie
        A picture, or several (one per function).
    regels
        Rules, (rule, parameters) pairs, or lists of those that work together; default all, and the foreign
        thresholds at the Dutch average.
    jaren
        Ends of years.
    normen
        Norms; default that of each picture.
    trekkingen, seed, executor
        Draws; 0 gives no chances.
    per_tekort, begin, instroom, verhuizers, **parameters
        As for `stuurregel`; a parameter holds for every rule that has it (`aanlooptijd=0`: without lead time).

    Returns
    -------
    DataFrame
        Index `functie`, `norm`, `jaar`, `regel`; `werkjaren` (years at work), `stroomgrens`,
        `verplaatst_fte`, `toegevoegd_fte`, `tekort_voor`, `opgelost_fte`, `opgelost_zwak` and
        `opgelost_sterk` (strength at its bounds), `deel_van_tekort`,
        `deel_van_spreiding` (NaN for a rule that does more than move), `gini_verschil` (inequality of reach per
        need, after minus before), `mensen_geholpen`,
        `mensen_benadeeld` (NaN under another norm, which helps nobody), `reisminuten_verschil`,
        `mensen_dichterbij`, `mensen_verder` (time to the supply that people reach, see `Reismeter`),
        `grootste_verliezer`, `verlies_fte`; with draws `opgelost_verwacht`, `opgelost_laag`, `opgelost_hoog`
        (95%) when whoever steers has counted the fte, `opgelost_op_schatting`, `op_schatting_laag`,
        `op_schatting_hoog` when he steers on our estimate, `kans_beste`, `kans_beste_op_schatting`,
        `kans_beste_laag` and `kans_beste_hoog` (Wilson, 95%: what so few draws leave open), `trekkingen`, and
        `kans_beste_alle` (mean over norms and functions of that year).

    Notes
    -----
    A chance from n draws is known to within about 0.98 / sqrt(n) where it is near a half: 20 draws give 0.22,
    100 give 0.10, 400 give 0.05 either way. It is a chance under the bounds of strength and lead time, which are
    assumptions, not the chance that a rule is best. The mean over norms is no chance at all: norms are choices,
    and their draws are the same.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.sturen.stuurregels import vergelijk_regels
    >>> s = hd.landelijke_situatie(functie="zonder_wisselend")
    >>> t = vergelijk_regels(s, ["denemarken", "d4"], jaren=[2035])
    >>> bool((t["verplaatst_fte"] <= t["stroomgrens"]).all())
    True
    """
    keur_trekkingen(trekkingen, seed)
    situaties = keur_situaties(situatie)
    kader = maak_kader(begin, instroom, verhuizers, per_tekort)
    jaren = [keur_jaar("jaren", j, kader.begin) for j in keur_rij("jaren", jaren, "(2028, 2035)")]
    normen = None if normen is None else keur_normen(normen)
    lijst = _lees_lijst(list(regels) if regels is not None else standaardlijst(), parameters)
    delen = []
    for s in situaties:
        geheugen: Geheugen = {}
        puntgeheugen: Puntgeheugen = {}
        punt, meter = Rekenaar(s), Reismeter(s, per_tekort)
        trek = Rekenaar(s, trekkingen=trekkingen, seed=seed, executor=executor) if trekkingen else None
        for norm in normen if normen is not None else [s.norm]:
            punt.zet_norm(norm)
            deel = _rijen(punt, meter, lijst, kader, jaren, geheugen=puntgeheugen)
            if trek is not None:
                trek.zet_norm(norm)
                deel = deel.join(_trekrijen((punt, trek), lijst, kader, jaren, geheugen))
            delen.append(pd.concat({(s.functie, float(norm)): deel}, names=["functie", "norm"]))
    uit = pd.concat(delen)
    if trekkingen:
        uit["kans_beste_alle"] = uit.groupby(["jaar", "regel"])["kans_beste"].transform("mean")
    return uit


def _lees_lijst(regels: Regellijst, gedeeld: Mapping[str, Any]) -> dict[str, tuple[Gekozen, ...]]:
    """Combinations by label; a shared parameter goes to the rules that have it."""
    groepen = [r if isinstance(r, list) else [r] for r in regels]
    lees_keuzes([r for groep in groepen for r in groep], gedeeld, samen=False)  # refuses what no rule has
    uit: list[tuple[Gekozen, ...]] = []
    for groep in groepen:
        eigen = {p.naam for g in lees_keuzes(groep, {}) for p in g.definitie.parameters}
        keuzes = lees_keuzes(groep, {k: w for k, w in gedeeld.items() if k in eigen})
        uit.append(keuzes)
    labels = [" + ".join(g.label for g in keuzes) for keuzes in uit]
    keur_uniek(labels)
    return dict(zip(labels, uit, strict=True))


def _rijen(
    punt: Rekenaar,
    meter: Reismeter,
    lijst: Mapping[str, tuple[Gekozen, ...]],
    kader: Kader,
    jaren: Sequence[int],
    *,
    geheugen: Puntgeheugen,
) -> pd.DataFrame:
    norm = punt.situatie.norm
    codes, vraag, bereikt = punt.bereik(kader.per)
    voor = Tekort(codes, vraag / norm, bereikt, norm)
    totaal = float(punt.fte.sum())
    spreiding = _som(voor) - float(voor.niveau[0])
    rijen = []
    for label, keuzes in lijst.items():
        sleutel = label, norm if any(g.definitie.kijkt_naar_norm for g in keuzes) else None
        if sleutel not in geheugen:  # without a norm in the rule, supply and reach are the same at every norm
            geheugen[sleutel] = _punten_na(punt, meter, keuzes, kader, jaren)
        verplaatst_alleen = all(g.definitie.doet == VERPLAATST for g in keuzes)
        for jaar in jaren:
            p, norm_na = geheugen[sleutel][jaar], nieuwe_norm(norm, keuzes, kader, jaar)
            na, zwak, sterk = (Tekort(codes, vraag / norm_na, b, norm_na) for b in p.bereikt)
            geholpen, benadeeld = mensen_in(tekortframe(voor, na, punt.namen(kader.per), keuzes))
            opgelost = _som(voor) - _som(na)
            verliest = bool(p.gebied["verschil"].iloc[0] < 0)
            tijd = jaar - kader.begin - min(g.wachttijd for g in keuzes)
            rijen.append(
                {
                    "jaar": jaar,
                    "regel": label,
                    "werkjaren": max(0.0, tijd) if any(g.definitie.doet != NIETS for g in keuzes) else 0.0,
                    "stroomgrens": grens_van(keuzes, kader, jaar, totaal),
                    "verplaatst_fte": float(p.stand.verplaatst[0]),
                    "toegevoegd_fte": float(p.stand.toegevoegd[0]),
                    "tekort_voor": _som(voor),
                    "opgelost_fte": opgelost,
                    "opgelost_zwak": _som(voor) - _som(zwak),
                    "opgelost_sterk": _som(voor) - _som(sterk),
                    "deel_van_tekort": opgelost / _som(voor) if _som(voor) > KLEIN else np.nan,
                    "deel_van_spreiding": opgelost / spreiding
                    if spreiding > KLEIN and verplaatst_alleen
                    else np.nan,
                    "gini_verschil": ongelijkheid(na) - ongelijkheid(voor),
                    "mensen_geholpen": geholpen,
                    "mensen_benadeeld": benadeeld,
                    "reisminuten_verschil": p.reis.verschil,
                    "mensen_dichterbij": p.reis.mensen_dichterbij,
                    "mensen_verder": p.reis.mensen_verder,
                    "grootste_verliezer": p.gebied["naam"].iloc[0] if verliest else None,
                    "verlies_fte": float(-p.gebied["verschil"].iloc[0]) if verliest else 0.0,
                }
            )
    return pd.DataFrame(rijen).set_index(["jaar", "regel"])


@dataclass(frozen=True, eq=False)
class _Punt:
    """What a rule makes of the picture by a year, whatever the norm: supply, reach (as assumed, weak, strong), time."""

    stand: Stand
    bereikt: tuple[Matrix, Matrix, Matrix]
    gebied: pd.DataFrame
    reis: Afstandseffect


def _punten_na(
    punt: Rekenaar, meter: Reismeter, keuzes: Sequence[Gekozen], kader: Kader, jaren: Sequence[int]
) -> dict[int, _Punt]:
    gewezen = [wijs_aan(punt, g) for g in keuzes]
    standen = laat_werken(punt, keuzes, gewezen, kader, jaren)
    grenzen = [laat_werken(punt, _op_grens(keuzes, kant), gewezen, kader, jaren) for kant in (0, 1)]

    def bereik(stand: Stand) -> Matrix:
        return punt.bereik(kader.per, stand.fte)[2]

    return {
        jaar: _Punt(
            standen[jaar],
            (bereik(standen[jaar]), bereik(grenzen[0][jaar]), bereik(grenzen[1][jaar])),
            gebiedsframe(punt, keuzes, kader.per, standen[jaar]).sort_values("verschil"),
            meter.effect(pd.Series(standen[jaar].fte[:, 0], punt.situatie.praktijken.index)),
        )
        for jaar in jaren
    }


def _op_grens(keuzes: Sequence[Gekozen], kant: int) -> list[Gekozen]:
    """The rules with every part of their strength at its lower (0) or upper (1) bound."""
    uit = []
    for g in keuzes:
        marges = {naam: m[kant] for naam, m in g.marges().items() if naam != "aanlooptijd"}
        uit.append(g.met(**marges))
    return uit


def _som(tekort: Tekort) -> float:
    return float(tekort.totaal[0])


def _trekrijen(
    rekenaars: tuple[Rekenaar, Rekenaar],
    lijst: Mapping[str, tuple[Gekozen, ...]],
    kader: Kader,
    jaren: Sequence[int],
    geheugen: Geheugen,
) -> pd.DataFrame:
    trek = rekenaars[1]
    norm = trek.situatie.norm
    nu = meet_tekort(trek, kader.per, norm)
    voor, vraag = nu.totaal, nu.nodig * norm
    opgelost: dict[tuple[int, str], Matrix] = {}
    geschat: dict[tuple[int, str], Matrix] = {}
    for label, keuzes in lijst.items():
        sleutel = label, norm if any(g.definitie.kijkt_naar_norm for g in keuzes) else None
        if sleutel not in geheugen:  # without a norm in the rule, supply and reach are the same at every norm
            geheugen[sleutel] = _bereik_na(rekenaars, keuzes, kader, jaren)
        for jaar in jaren:
            norm_na = nieuwe_norm(norm, keuzes, kader, jaar)
            for uit_, bereikt in zip((opgelost, geschat), geheugen[sleutel][jaar], strict=True):
                na = nu.bereikt if bereikt is None else bereikt
                uit_[jaar, label] = voor - Tekort(nu.codes, vraag / norm_na, na, norm_na).totaal
    mee = [label for label, keuzes in lijst.items() if all(g.definitie.doet != MEETLAT for g in keuzes)]
    uit = pd.DataFrame(
        {
            "opgelost_verwacht": {k: v.mean() for k, v in opgelost.items()},
            "opgelost_laag": {k: np.quantile(v, 0.025) for k, v in opgelost.items()},
            "opgelost_hoog": {k: np.quantile(v, 0.975) for k, v in opgelost.items()},
            "opgelost_op_schatting": {k: v.mean() for k, v in geschat.items()},
            "op_schatting_laag": {k: np.quantile(v, 0.025) for k, v in geschat.items()},
            "op_schatting_hoog": {k: np.quantile(v, 0.975) for k, v in geschat.items()},
        }
    )
    uit.index = uit.index.set_names(["jaar", "regel"])
    n = trek.fte.shape[1]
    for naam, bron in (("kans_beste", opgelost), ("kans_beste_op_schatting", geschat)):
        uit[naam] = pd.concat([_kans_beste(bron, jaar, mee) for jaar in jaren]) if mee else np.nan
    grenzen = [(np.nan, np.nan) if np.isnan(k) else wilson(k * n, n) for k in uit["kans_beste"]]
    uit[["kans_beste_laag", "kans_beste_hoog"]] = np.array(grenzen)
    uit["trekkingen"] = n
    return uit


def _bereik_na(
    rekenaars: tuple[Rekenaar, Rekenaar], keuzes: Sequence[Gekozen], kader: Kader, jaren: Sequence[int]
) -> Bereiken:
    """Reach per area and draw at the end of each year: fte counted first, and on our estimate; `None`: as now."""
    punt, trek = rekenaars
    getrokken = [g.getrokken(trek.fte.shape[1], trek.seed) for g in keuzes]
    standen = laat_werken(trek, getrokken, [wijs_aan(trek, g) for g in keuzes], kader, jaren)
    op_punt = [wijs_aan(punt, g) for g in keuzes]
    blind = op_schatting(punt, trek, getrokken, op_punt, kader=kader, jaren=jaren)

    def bereik(fte: Matrix) -> Matrix | None:
        return None if np.array_equal(fte, trek.fte) else trek.bereik(kader.per, fte)[2]

    return {jaar: (bereik(standen[jaar].fte), bereik(blind[jaar])) for jaar in jaren}


def _kans_beste(opgelost: Mapping[tuple[int, str], Matrix], jaar: int, regels: Sequence[str]) -> pd.Series:
    """Share of the draws in which a rule solves most; where none solves anything, none is best."""
    m = np.stack([opgelost[jaar, r] for r in regels])
    top = (m >= m.max(axis=0) - KLEIN).astype(np.float64)
    niets = m.max(axis=0) <= KLEIN
    top[:, niets] = np.array([float(r == GEEN_REGEL) for r in regels])[:, None]
    deel = top / np.maximum(top.sum(axis=0), 1.0)
    index = pd.MultiIndex.from_product([[jaar], regels], names=["jaar", "regel"])
    return pd.Series(deel.mean(axis=1), index=index)
