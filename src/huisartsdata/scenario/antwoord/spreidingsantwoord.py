"""The answer to AZWA D3.5: what steering could reach at most, what each rule does of it, what would change that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.model.monitor import pad_naar_nul
from huisartsdata.model.onzekerheid import keur_trekkingen
from huisartsdata.model.tekort import MIN_TREKKINGEN, ONBEKEND, tekortbeeld
from huisartsdata.scenario.antwoord.beslissing import ONGEMETEN, Bevindingen, beslistabel
from huisartsdata.scenario.antwoord.splitsbereik import bovengrens, normreeks, splits_over_keuzes
from huisartsdata.scenario.invoerkeur import keur_normen, keur_rij, keur_situaties
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, MEETLAT, VERPLAATST, VOEGT_TOE
from huisartsdata.scenario.sturen.regelgevolgen import gebiedsbalans, naast_beste, omslagsterkte, sterktereeks
from huisartsdata.scenario.sturen.regelopbouw import keur_jaar, keur_uniek, lees_keuzes, maak_kader
from huisartsdata.scenario.sturen.regeloverzicht import aanwijzingen
from huisartsdata.scenario.sturen.regelvergelijking import vergelijk_regels
from huisartsdata.scenario.sturen.stuurregels import stuurregel

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.sturen.regelverslag import Regeluitkomst

    Regelkeus = str | tuple[str, Mapping[str, Any]]

# Of the split, at least. The chance that decides (`kans_boven_ruis`) is then known to within .04: over five seeds
# it went from .81 to .85 at the lead norm, with .9 the limit. The 2.5% end of the band still wanders some 10 fte.
SPLITSTREKKINGEN = 400
# Of the rules against each other: a chance near a half to within .10 (Wilson). The band stands beside every chance.
REGELTREKKINGEN = 100
KLEIN = 1e-6  # fte; less solved is nothing solved
GELD = ("d4", "frankrijk")  # rules that pay, and that solve anything here
WET = ("denemarken",)  # the rule that binds everybody


@dataclass(frozen=True, eq=False)
class Spreidingsantwoord:
    """All that the answer says, as tables; made by `beantwoord`.

    Attributes
    ----------
    situatie
        The lead picture: its norm and function are those of everything without a norm of its own.
    jaren
        Ends of years that were asked, ascending.
    splitsing
        Of `splits_over_keuzes`: level and distribution over functions, norms and decays.
    vergelijking
        Of `vergelijk_regels`: every rule, over functions, norms and years.
    uitkomsten
        Outcome of every rule that moves or adds anything by the last year, on the lead picture.
    naast
        Of `naast_beste`: those outcomes beside the best with as many fte.
    balans
        Of `gebiedsbalans`: gain and loss per RegioPlus region.
    aanwijzingen
        Who would be designated today under each rule, with the chance that it is so.
    sterkte
        Of `sterktereeks`: solved against strength, for money and law.
    oordeel
        Shortage per gemeente with its chance and verdict.
    paden
        Of `pad_naar_nul`: people without a GP per source, bound and growth of need.
    bevindingen
        What the advice rests on.
    """

    situatie: Situatie
    jaren: tuple[int, ...]
    splitsing: pd.DataFrame
    vergelijking: pd.DataFrame
    uitkomsten: Mapping[str, Regeluitkomst]
    naast: pd.DataFrame
    balans: pd.DataFrame
    aanwijzingen: pd.DataFrame
    sterkte: pd.DataFrame
    oordeel: pd.DataFrame
    paden: pd.DataFrame
    bevindingen: Bevindingen

    @property
    def grens(self) -> pd.DataFrame:
        """What steering could solve at most, per function and norm."""
        return bovengrens(self.splitsing)

    def grens_bij(self, norm: float | None = None) -> dict[str, float]:
        """What steering could solve at most, for the lead function at one norm (default its own)."""
        zoek = (self.situatie.functie, float(self.situatie.norm if norm is None else norm))
        return _rij(self.grens, zoek)

    @property
    def beslistabel(self) -> pd.DataFrame:
        """Which finding would change the advice."""
        return beslistabel(self.bevindingen)

    def regels(self, jaar: int) -> pd.DataFrame:
        """The rules on the lead picture at the end of a year; index `regel`."""
        sleutel = (self.situatie.functie, float(self.situatie.norm), jaar)
        return pd.DataFrame(self.vergelijking.xs(sleutel, level=("functie", "norm", "jaar")))

    def kans_beste(self, jaar: int) -> pd.DataFrame:
        """How often each rule is the best, per function and norm (columns); rules that never are left out."""
        kans = self.vergelijking.xs(jaar, level="jaar")["kans_beste"].dropna()
        k = pd.DataFrame(kans.unstack(["functie", "norm"]))
        return k.loc[k.max(axis=1) > 0].sort_values(list(k.columns), ascending=False)

    def koploper(self, jaar: int) -> pd.DataFrame:
        """Which rule is most often the best, and whether the number of draws settles it.

        Returns
        -------
        DataFrame
            Index `functie`, `norm`; `regel`, `kans`, `kans_laag`, `kans_hoog`, `tweede`, `kans_tweede`, and
            `beslist`: the Wilson bands of the two do not touch. Then `op_schatting`: the rule that is most
            often the best when nobody has counted the fte and it is steered on our estimate.
        """
        t = pd.DataFrame(self.vergelijking.xs(jaar, level="jaar")).dropna(subset=["kans_beste"])
        rijen = {}
        for sleutel, deel in t.groupby(level=["functie", "norm"], sort=False):
            d = deel.droplevel(["functie", "norm"]).sort_values("kans_beste", ascending=False, kind="stable")
            een, twee = d.iloc[0], d.iloc[min(1, len(d) - 1)]
            rijen[sleutel] = {
                "regel": een.name, "kans": een["kans_beste"], "kans_laag": een["kans_beste_laag"],
                "kans_hoog": een["kans_beste_hoog"], "tweede": twee.name, "kans_tweede": twee["kans_beste"],
                "beslist": bool(een["kans_beste_laag"] > twee["kans_beste_hoog"]),
                "op_schatting": d["kans_beste_op_schatting"].idxmax(),
            }  # fmt: skip
        uit = pd.DataFrame.from_dict(rijen, orient="index")
        return uit.set_axis(pd.MultiIndex.from_tuples(list(rijen), names=["functie", "norm"]))

    def aantal_aangewezen(self, kans: float = 0.9) -> pd.DataFrame:
        """Areas per rule: all, designated, surely so (chance above `kans`), surely not, and neither."""
        g = self.aanwijzingen.groupby("regel", sort=False)
        uit = pd.DataFrame({"gebiedsoort": g["gebiedsoort"].first(), "gebieden": g.size()})
        uit["aangewezen"] = g["aangewezen"].sum()
        uit["zeker_wel"] = g["kans"].agg(lambda k: int((k > kans).sum()))
        uit["zeker_niet"] = g["kans"].agg(lambda k: int((k < 1 - kans).sum()))
        uit["onbekend"] = uit["gebieden"] - uit["zeker_wel"] - uit["zeker_niet"]
        return uit


def beantwoord(
    situaties: Sequence[Situatie],
    *,
    normen: Sequence[float] | None = None,
    jaren: Sequence[int] = (2028, 2035),
    regels: Sequence[Regelkeus] | None = None,
    trekkingen: int = 100,
    regeltrekkingen: int = REGELTREKKINGEN,
    seed: int = 0,
    executor: Executor | None = None,
) -> Spreidingsantwoord:
    """Bring split, rules, best placement, designations and the D3 goal together.

    Parameters
    ----------
    situaties
        A picture per function; the first leads.
    normen
        Norms of the split and of the comparison; default `normreeks`. The norm of the lead belongs to them.
    jaren
        Ends of years.
    regels
        Rules to compare; default all.
    trekkingen
        Draws of verdicts and designations: at least 100, fewer give no verdict anywhere. The split takes at
        least `SPLITSTREKKINGEN`.
    regeltrekkingen
        Draws in which the rules run against each other, for every function and norm. With 20 a chance near a
        half is known to within .22 only, with 100 to within .10: see `koploper`.
    seed, executor
        As everywhere.

    Raises
    ------
    ParameterFout
        For too few draws, a lead norm that is not among `normen`, or anything that the parts refuse.
    """
    situaties = keur_situaties(situaties)
    normen = normreeks() if normen is None else tuple(keur_normen(normen))
    keur_trekkingen(trekkingen, seed)
    keur_trekkingen(regeltrekkingen, seed, minstens=1)
    if trekkingen < MIN_TREKKINGEN:
        raise ParameterFout(f"trekkingen={trekkingen!r} is te weinig; geef er minstens {MIN_TREKKINGEN}")
    begin = maak_kader(None, None, None, "gemeente").begin
    s = situaties[0]
    jaren = tuple(sorted(keur_jaar("jaren", j, begin) for j in keur_rij("jaren", jaren, "(2028, 2035)")))
    if s.norm not in normen:
        raise ParameterFout(f"norm {s.norm:g} van de eerste situatie staat niet in normen; voeg haar toe")
    gekozen: list[Regelkeus] = (
        [n for n, d in DEFINITIES.items() if d.doet != MEETLAT]
        if regels is None
        else keur_rij("regels", regels, '["d4", "denemarken"]')
    )
    keur_uniek([g.label for r in gekozen for g in lees_keuzes([r], {})])
    if not _wijzers(gekozen):
        raise ParameterFout("geef minstens één regel die gebieden aanwijst, bijvoorbeeld d4")
    splitsing = splits_over_keuzes(
        situaties, normen=normen, trekkingen=max(trekkingen, SPLITSTREKKINGEN), seed=seed, executor=executor
    )
    vergelijking = vergelijk_regels(
        list(situaties), gekozen, jaren=jaren, normen=normen, trekkingen=regeltrekkingen, seed=seed,
        executor=executor,
    )  # fmt: skip
    uitkomsten = _uitkomsten(s, gekozen, jaren[-1])
    reeks = sterktereeks(s, (*GELD, *WET), jaar=jaren[-1])
    oordeel = tekortbeeld(s, trekkingen=trekkingen, seed=seed, executor=executor)
    paden = pad_naar_nul()
    kop = _rij(bovengrens(splitsing), (s.functie, float(s.norm)))
    eerste = vergelijking.xs((s.functie, float(s.norm), jaren[0]), level=("functie", "norm", "jaar"))
    laatste = vergelijking.xs((s.functie, float(s.norm), jaren[-1]), level=("functie", "norm", "jaar"))
    op_schatting = pd.Series(laatste["kans_beste_op_schatting"])
    eind = paden["zonder"].groupby(level=["start", "grens", "vraag"]).last()
    return Spreidingsantwoord(
        situatie=s,
        jaren=jaren,
        splitsing=splitsing,
        vergelijking=vergelijking,
        uitkomsten=uitkomsten,
        naast=naast_beste(s, uitkomsten),
        balans=gebiedsbalans(s, uitkomsten),
        aanwijzingen=aanwijzingen(s, _wijzers(gekozen), trekkingen=trekkingen, seed=seed, executor=executor),
        sterkte=reeks,
        oordeel=oordeel,
        paden=paden,
        bevindingen=Bevindingen(
            deel_niveau=0.0 if kop["tekort"] < KLEIN else float(kop["niveau"] / kop["tekort"]),
            tekort_fte=float(kop["tekort"]),
            spreiding_laag=float(kop["laag"]),
            ruisvloer=float(kop["ruisvloer"]),
            deel_beoordeeld=float((oordeel["oordeel"] != ONBEKEND).mean()),
            sterkte_geld=ONGEMETEN,
            omslag_sterkte=omslagsterkte(reeks, GELD, WET),
            deel_eerste_jaar=max(0.0, float(eerste["deel_van_tekort"].max()))
            if kop["tekort"] > KLEIN
            else 0.0,
            paden_op_nul=float((eind <= 0).mean()),
            kans_boven_ruis=float(kop["kans_boven_ruis"]),
            **_kansen_op_schatting(op_schatting),
        ),
    )


def _rij(grens: pd.DataFrame, zoek: tuple[str, float]) -> dict[str, float]:
    """One row of `bovengrens` as plain numbers."""
    return {str(k): float(reeks.to_dict()[zoek]) for k, reeks in grens.items()}


def _kansen_op_schatting(kans: pd.Series) -> dict[str, float]:
    """How often a rule that adds, and the best of those that move, solves most while nobody has counted."""
    doet = pd.Series({r: DEFINITIES[str(r).partition(" (")[0]].doet for r in kans.index})
    # max of nothing is NaN: then the two cannot be set against each other
    return {
        "kans_opleiden": float(kans[doet == VOEGT_TOE].max()),
        "kans_verplaatsen": float(kans[doet == VERPLAATST].max()),
    }


def _wijzers(regels: Sequence[Regelkeus]) -> list[Regelkeus]:
    """The rules that designate areas."""
    namen = {n for n, d in DEFINITIES.items() if d.wijzer is not None}
    return [r for r in regels if (r if isinstance(r, str) else r[0]) in namen]


def _uitkomsten(s: Situatie, regels: Sequence[Regelkeus], jaar: int) -> dict[str, Regeluitkomst]:
    """Outcomes of the rules that move or add anything by the year."""
    uit = {}
    for regel in regels:
        naam = regel if isinstance(regel, str) else regel[0]
        if naam in DEFINITIES and DEFINITIES[naam].doet in (VERPLAATST, VOEGT_TOE):
            u = stuurregel(s, [regel], jaar=jaar)
            if u.verplaatst_fte > KLEIN or u.toegevoegd_fte > KLEIN:
                uit[u.regel] = u
    return uit
