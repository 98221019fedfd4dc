"""What a rule does, told: the result object, its tables, its cost and its warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.gebieden.register import load_gebieden
from huisartsdata.model.gelijkheidsmaten import gini
from huisartsdata.model.tekort import Splitsing
from huisartsdata.scenario.sturen.regelaanwijzing import deel, mag_sluiten
from huisartsdata.scenario.sturen.regeldefinities import NIETS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.sturen.regelafstand import Afstandseffect
    from huisartsdata.scenario.sturen.regelbewijs import Bewijskaart
    from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar, Stand
    from huisartsdata.scenario.sturen.regelopbouw import Gekozen, Gewezen, Kader, Tekort

KWARTALEN = 4
KLEIN = 1e-9  # fte below which nothing is short, and nothing has changed
GEEN_PRIJS = "geen Nederlandse prijs met bron gevonden"
GEEN_UITGAVE = "er wordt dan niets betaald: de regel werkt nog niet, heeft geen kracht of wijst niets aan"


@dataclass(frozen=True)
class Kosten:
    """Money where a Dutch price is sourced: over all years, and per person helped on balance at the end."""

    euro: float
    per_geholpene: float | None  # None: nobody on balance, or another rule without a price helped too
    toelichting: str


@dataclass(frozen=True, eq=False)
class Regeluitkomst:
    """What a rule, or several together, would do.

    Attributes
    ----------
    regel, titel, parameters
        Which rule, and the values used (by rule).
    jaar, norm, functie, per_tekort
        End of the year of the outcome; norm and function of the picture; areas in which shortage is counted.
    aangewezen
        Index `gebied`; `regel`, `naam`, `inwoners`, `klasse`, `waarde`, `drempel`, `aangewezen`, and with
        draws `kans`: the chance of being designated. Before the rule works.
    situatie
        The picture afterwards; the same object when nothing changes.
    verplaatst_fte, toegevoegd_fte, stroomgrens
        Fte moved and added, and the most that could be steered by then.
    per_gebied
        Fte inside by area of the rule: `naam`, `voor`, `na`, `verschil`.
    tekort
        By area of `per_tekort`: `naam`, `nodig_fte`, `voor`, `na` (shortage), `verschil`, and `mensen`: the same
        change in people (shortage times norm), NaN under another norm, which helps nobody.
    tekort_voor, tekort_na, mensen_voor, mensen_na
        National sums over those areas, in fte and in people (shortage times norm).
    splitsing_voor, splitsing_na
        Level and distribution.
    gini_voor, gini_na
        Inequality of reach per need over those areas; other indices by `gelijkheidsbeeld` on `situatie`.
    kosten, kosten_reden
        Cost, or why there is none.
    afstand
        Distance in one sentence: the nearest practice stays as near, the supply that people reach may not.
    reis
        The same in numbers: minutes before and after, and people who get nearer or farther.
    niet_te_modelleren
        Why a rule has no effect here, else `None`.
    kaarten
        Evidence, by rule.
    trekkingen
        Per draw `tekort_voor`, `tekort_na`, `opgelost_fte`, `verplaatst_fte`; `None` without draws. In each
        draw the rule acts on the supply of that draw: whoever carries it out counts what we estimate.
        `opgelost_op_schatting` is what it solves when nobody has counted and it acts on the picture.
    waarschuwingen
        What the reader must know.
    """

    regel: str
    titel: str
    parameters: Mapping[str, Mapping[str, Any]]
    jaar: int
    norm: float
    functie: str
    per_tekort: str
    aangewezen: pd.DataFrame
    situatie: Situatie
    verplaatst_fte: float
    toegevoegd_fte: float
    stroomgrens: float
    per_gebied: pd.DataFrame
    tekort: pd.DataFrame
    tekort_voor: float
    tekort_na: float
    mensen_voor: float
    mensen_na: float
    splitsing_voor: Splitsing
    splitsing_na: Splitsing
    gini_voor: float
    gini_na: float
    kosten: Kosten | None
    kosten_reden: str
    afstand: str
    reis: Afstandseffect
    niet_te_modelleren: str | None
    kaarten: Mapping[str, Bewijskaart]
    trekkingen: pd.DataFrame | None
    waarschuwingen: tuple[str, ...]

    @property
    def kaart(self) -> Bewijskaart:
        """Evidence card (of the first rule where several work together)."""
        return next(iter(self.kaarten.values()))

    @property
    def winnaars(self) -> pd.DataFrame:
        """Areas that gain fte, most first."""
        return self.per_gebied[self.per_gebied["verschil"] > 0].sort_values("verschil", ascending=False)

    @property
    def verliezers(self) -> pd.DataFrame:
        """Areas that lose fte, most first."""
        return self.per_gebied[self.per_gebied["verschil"] < 0].sort_values("verschil")

    @property
    def opgelost_fte(self) -> float:
        """Shortage solved on balance."""
        return self.tekort_voor - self.tekort_na

    @property
    def mensen_geholpen(self) -> float:
        """People whose shortage goes, in areas where it falls; NaN under another norm."""
        return mensen_in(self.tekort)[0]

    @property
    def mensen_benadeeld(self) -> float:
        """People who come to lack a GP, in areas where the shortage grows; NaN under another norm."""
        return mensen_in(self.tekort)[1]


def aanwijsframe(gekozen: Gekozen, gewezen: Gewezen, kans: NDArray[np.float64] | None) -> pd.DataFrame:
    """Designations of one rule on the picture, with the chance over the draws where there are any."""
    if gewezen is None:
        kolommen = ["regel", "naam", "inwoners", "klasse", "waarde", "drempel", "aangewezen"]
        return pd.DataFrame(columns=kolommen, index=pd.Index([], name="gebied", dtype="str"))
    m, a = gewezen
    gebieden = load_gebieden(gekozen.parameters["per"])
    uit = pd.DataFrame(
        {
            "regel": gekozen.label,
            "naam": gebieden["naam"].reindex(m.codes),
            "inwoners": m.inwoners[:, 0],
            "klasse": np.array(a.klassen, dtype=object)[a.nummer[:, 0]],
            "waarde": a.waarde[:, 0],
            "drempel": a.drempel[:, 0],
            "aangewezen": a.aangewezen[:, 0],
        },
        index=pd.Index(m.codes, name="gebied"),
    )
    return uit if kans is None else uit.assign(kans=kans)


def kans_aangewezen(gewezen: Gewezen) -> NDArray[np.float64] | None:
    """Share of the draws in which each area is designated."""
    if gewezen is None:
        return None
    uit: NDArray[np.float64] = gewezen[1].aangewezen.mean(axis=1)
    return uit


def gebiedsframe(
    rekenaar: Rekenaar, keuzes: Sequence[Gekozen], per_tekort: str, stand: Stand
) -> pd.DataFrame:
    """Fte inside before and after, by area of the rules (of the shortage where they differ)."""
    soorten = {g.parameters["per"] for g in keuzes if "per" in g.parameters}
    per = soorten.pop() if len(soorten) == 1 else per_tekort
    codes, groep = rekenaar.groep(per)
    delta = np.asarray(groep @ (stand.fte[:, 0] - rekenaar.fte[:, 0]))
    voor = np.asarray(groep @ rekenaar.fte[:, 0])
    delta[np.abs(delta) < KLEIN] = 0.0  # rounding is no loss
    naam = rekenaar.namen(per).reindex(codes)
    return pd.DataFrame({"naam": naam, "voor": voor, "na": voor + delta, "verschil": delta}, index=codes)


def tekortframe(voor: Tekort, na: Tekort, namen: pd.Series, keuzes: Sequence[Gekozen]) -> pd.DataFrame:
    """Shortage before and after by area; people are told in one measure: productivity helps, a norm does not."""
    verschil = na.fte[:, 0] - voor.fte[:, 0]
    verschil[np.abs(verschil) < KLEIN] = 0.0
    mensen = na.fte[:, 0] * na.norm - voor.fte[:, 0] * voor.norm
    mensen[np.abs(mensen) < KLEIN * voor.norm] = 0.0
    if any(g.parameters.get("sterkte", 0.0) > 0 for g in keuzes if "norm" in g.parameters):
        mensen = np.full_like(mensen, np.nan)
    return pd.DataFrame(
        {
            "naam": namen.reindex(voor.codes),
            "nodig_fte": na.nodig[:, 0],
            "voor": voor.fte[:, 0],
            "na": na.fte[:, 0],
            "verschil": verschil,
            "mensen": mensen,
        },
        index=voor.codes,
    )


def mensen_in(tekort: pd.DataFrame) -> tuple[float, float]:
    """People helped and people worse off, from `tekortframe`."""
    m = tekort["mensen"]
    return float((-m).clip(lower=0).sum(min_count=1)), float(m.clip(lower=0).sum(min_count=1))


def splitsing(tekort: Tekort) -> Splitsing:
    """Level and distribution of the picture itself."""
    s, niveau = float(tekort.totaal[0]), float(tekort.niveau[0])
    return Splitsing(s, niveau, s - niveau)


def ongelijkheid(tekort: Tekort) -> float:
    """Gini of reach per need over the areas, weighted by need; the norm has no effect."""
    nodig = tekort.nodig[:, 0]
    return gini(deel(tekort.bereikt[:, 0], nodig, 0.0), nodig)


def bereken_kosten(
    keuzes: Sequence[Gekozen], gewezen: Sequence[Gewezen], kader: Kader, jaar: int, opgelost: float
) -> tuple[Kosten | None, str]:
    """Cost where a Dutch price is sourced: the surcharge times people in designated areas times years.

    Per person helped only where nothing without a price helped too: else its price would seem to have bought
    what another rule did.
    """
    bedrag = 0.0
    geprijsd = [g for g in keuzes if "toeslag" in g.parameters]
    ander = any("toeslag" not in g.parameters and g.definitie.doet != NIETS for g in keuzes)
    for g, w in zip(keuzes, gewezen, strict=True):
        if "toeslag" not in g.parameters or w is None or g.parameters["sterkte"] == 0:
            continue
        mensen = float(w[0].inwoners[w[1].aangewezen[:, 0], 0].sum())
        jaren = max(0.0, jaar - kader.begin - g.wachttijd)
        bedrag += g.parameters["toeslag"] * KWARTALEN * mensen * jaren
    if bedrag == 0.0:
        return None, GEEN_UITGAVE if geprijsd else GEEN_PRIJS
    uitleg = (
        "rekenvoorbeeld over alle jaren samen: de toeslag voor achterstandswijken voor iedere inwoner van een "
        "aangewezen gebied, zo lang de regel werkt; het bedrag van D4 zelf is niet bekend"
    )
    if ander:
        uitleg += "; per geholpene is niet te zeggen: een regel zonder prijs hielp mee"
    return Kosten(bedrag, bedrag / opgelost if opgelost > KLEIN and not ander else None, uitleg), ""


def waarschuw(
    keuzes: Sequence[Gekozen], gewezen: Sequence[Gewezen], kader: Kader, jaar: int, voor: Tekort
) -> Iterator[str]:
    """Sentences for the reader."""
    if voor.totaal[0] < KLEIN:
        yield "Bij deze norm en functie is er geen tekort om op te lossen."
    for g, w in zip(keuzes, gewezen, strict=True):
        naam = g.label
        if g.definitie.niet_te_modelleren:
            yield f"{naam}: {g.definitie.niet_te_modelleren}."
        if g.definitie.wijzer and kader.begin + g.wachttijd >= jaar:
            duur = f"{g.wachttijd:g}".replace(".", ",")
            yield f"{naam}: werkt pas {duur} jaar na eind {kader.begin}; tot eind {jaar} verandert er niets."
        if "plaatsen" in g.parameters and g.parameters["plaatsen"] < kader.instroom:
            yield (
                f"{naam}: {g.parameters['plaatsen']:g} plaatsen is minder dan de instroom van {kader.instroom:g}; "
                "minder opleiden wordt niet gerekend en telt hier als geen verschil."
            )
        if w is not None:
            yield from _over_gebieden(g, w)
    if sum(g.definitie.wijzer is not None for g in keuzes) > 1:
        yield "De regels delen één stroom: wie eerder staat neemt eerst; een andere volgorde geeft iets anders."
    if any("sterkte" in g.parameters for g in keuzes):
        yield "Hoe sterk een regel werkt is een aanname: reken ook met andere waarden van sterkte."


def _over_gebieden(g: Gekozen, gewezen: tuple[Any, Any]) -> Iterator[str]:
    m, a = gewezen
    if not a.ontvangt[:, 0].any() or not a.geeft[:, 0].any():
        reden = (
            "alle gebieden zijn aangewezen, er is geen gebied om vandaan te sturen"
            if a.aangewezen[:, 0].all()
            else "bij deze drempel is er geen gebied om vandaan of naartoe te sturen"
        )
        yield f"{g.label}: {reden}; er verandert niets."
    leeg = a.aangewezen[:, 0] & (m.binnen[:, 0] <= 0)
    if leeg.any():
        yield (
            f"{g.label}: {', '.join(m.codes[leeg])} is aangewezen en heeft geen praktijk: daar komt niets bij; "
            "reken een nieuwe plek met hd.scenario.plaats."
        )
    if "grens_patienten" in g.parameters:
        grens = g.parameters["grens_patienten"]
        vol = mag_sluiten(m.inwoners[:, 0], m.binnen[:, 0], grens)
        yield (
            f"{g.label}: {int(vol.sum())} van de {len(vol)} gebieden hebben gemiddeld {grens:g} of meer mensen "
            "per fte; "
            "onder de oude Deense grens mochten praktijken daar sluiten."
        )
