"""What if, in a brief: pictures after a measure beside the picture now, with the same draws and the same table."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.register import load_feiten
from huisartsdata.leveringen.getaltekst import lees_getal
from huisartsdata.model.onzekerheid import Trekkingen, trek_gebieden
from huisartsdata.model.tekort import beeld_zonder_trekkingen
from huisartsdata.scenario.maatregelen import voeg_fte_toe
from huisartsdata.scenario.vooruitblik.ramingopzet import VARIANTEN, ramingparameters
from huisartsdata.scenario.vooruitblik.toekomst import vooruitzicht
from huisartsdata.scenario.wegvallen.praktijkuitval import uitval
from huisartsdata.uitvoer.brieven.briefbronnen import brongroep, gekozen, parametergroep, voeg
from huisartsdata.uitvoer.brieven.briefinhoud import Invoer
from huisartsdata.uitvoer.brieven.briefuitval import open_praktijken, plekzinnen
from huisartsdata.uitvoer.huisstijl import getal, procent

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.brieven.briefinhoud import Briefgebied
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

VARIANTNAAM = {"demografie": "alleen bevolking", "alle_termen": "alle groei van de vraag"}
VARIANTZIN = {
    "demografie": "als alleen de bevolking verandert",
    "alle_termen": "als alle groei van de vraag meetelt",
}
MAX_ERBIJ = 1000.0  # fte; more than a tenth of the country is a slip of the decimal sign


@dataclass(frozen=True, eq=False)
class Scenario:
    """One or more pictures to set beside the picture now, per gemeente, for any area.

    Attributes
    ----------
    titel
        Heading of its part of the brief.
    vraag
        As it stands on the command line; it goes into the command that makes the brief again.
    zinnen
        What came out and what was assumed; the first two as text, the others small below the table.
    trekkingen, punten
        Name of the picture -> draws, and the picture itself (one "draw"), per gemeente.
    norm
        Of the pictures.
    kort
        What it is, after the name of the area in the title of the brief.
    moment
        When, in a sentence: "in 2035".
    afhankelijk
        What makes its pictures differ, where there are more than one.
    kern
        Its main outcome besides the chance, in one sentence for the first page.
    bronnen
        What it used besides what the brief used already.
    """

    titel: str
    vraag: str
    zinnen: tuple[str, ...]
    trekkingen: Mapping[str, Trekkingen]
    punten: Mapping[str, Trekkingen]
    norm: float
    kort: str = ""
    moment: str = "daarna"
    afhankelijk: str = ""
    kern: str = ""
    bronnen: tuple[Invoer, ...] = ()

    @property
    def vinger(self) -> str:
        """Hash of everything in it that reaches the brief."""
        tekst = (
            self.titel,
            self.vraag,
            *self.zinnen,
            str(self.norm),
            self.kort,
            self.moment,
            self.afhankelijk,
        )
        som = hashlib.sha256("\n".join((*tekst, self.kern, repr(self.bronnen))).encode())
        for naam, t in (*self.trekkingen.items(), *self.punten.items()):
            som.update(naam.encode() + t.nodig.tobytes() + t.bereikt.tobytes())
        return som.hexdigest()

    @property
    def map(self) -> str:
        """What it adds to the name of a folder, so that it never lies where the brief without it lies."""
        return scenariomap(self.vraag) if self.vraag else f"scenario-{self.vinger[:8]}"


def maak_scenario(
    land: Landbeeld,
    titel: str,
    situaties: Mapping[str, Situatie],
    *,
    vraag: str = "",
    zinnen: tuple[str, ...] = (),
    kort: str = "",
    moment: str = "daarna",
    afhankelijk: str = "",
    kern: str = "",
    bronnen: tuple[Invoer, ...] = (),
) -> Scenario:
    """Any pictures as a scenario of a brief: the result of your own measures.

    Parameters
    ----------
    land
        The national picture that the brief is cut from; its draws are used again.
    titel, zinnen
        Heading, and what a reader must know.
    situaties
        Name -> picture, made from ``land.situatie``.
    vraag
        As it stands on the command line, when it can be asked there.
    kort, moment, afhankelijk, kern, bronnen
        See `Scenario`.
    """
    if fout := [n for n, s in situaties.items() if s.functie != land.functie]:
        raise ParameterFout(
            f"scenario {', '.join(fout)} telt andere huisartsen dan de brief; gebruik {land.functie}"
        )
    return Scenario(
        titel=titel,
        vraag=vraag,
        zinnen=zinnen,
        trekkingen={
            n: trek_gebieden(s, per="gemeente", trekkingen=land.aantal, seed=land.seed)
            for n, s in situaties.items()
        },
        punten={n: beeld_zonder_trekkingen(s, "gemeente") for n, s in situaties.items()},
        norm=land.norm,
        kort=kort or titel.rstrip("?."),
        moment=moment,
        afhankelijk=afhankelijk,
        kern=kern,
        bronnen=bronnen,
    )


def vooruitblik(land: Landbeeld, jaar: int) -> Scenario:
    """The outlook to a year, with both variants of the growth of need side by side."""
    uit = {v: vooruitzicht(land.situatie, jaar=jaar, variant=v) for v in VARIANTEN}
    beide, p = next(iter(uit.values())).beide["verschil_fte"], ramingparameters()
    # a forecast is good to tens, in a brief as in a figure
    delen = [
        f"{getal(abs(round(float(beide[v]), -1)), 0)} fte {'te weinig' if beide[v] > 0 else 'over'} {VARIANTZIN[v]}"
        for v in uit
    ]
    feiten = load_feiten().loc[list(p.feiten)]
    raming = tuple(
        {"naam": f"{r['indicator']} ({i})", "waarde": r["waarde"], "eenheid": r["eenheid"], "status": r["status"],
         "kwaliteit": r["kwaliteit"], "bron": r["bron"], "peildatum": r["periode"]}
        for i, r in zip(feiten.index, feiten.to_dict("records"), strict=True)
    )  # fmt: skip
    knoppen = [parameter(n) for n in ("raming_bijsturingsjaar", "raming_trendjaar", "raming_sterfte_helling")]
    bronnen = voeg(
        "Landelijke raming",
        str(p.basisjaar),
        Invoer("", "", "", "", raming),
        parametergroep("", str(p.basisjaar), knoppen),
        brongroep("", ["cbs_bevolkingsontwikkeling"]),
        kort="Capaciteitsorgaan, raming 2025 en advies vanaf 2027; CBS, Bevolkingsontwikkeling; eigen keuze",
    )
    return maak_scenario(
        land,
        f"Vooruitblik naar {jaar}",
        {f"{jaar}, {VARIANTNAAM[v]}": u.situatie for v, u in uit.items()},
        vraag=f"jaar:{jaar}",
        zinnen=(
            f"Volgens de landelijke raming zijn er in {jaar} {', en '.join(delen)}.",
            "Welke van de twee het wordt, is niet te zeggen; daarom staan zij naast elkaar.",
            (
                f"De groei van de vraag buiten de bevolking om is in de raming {procent(p.per_jaar, 1)} per jaar, "
                f"{getal(p.trendjaren)} jaar lang."
            ),
            "Waar huisartsen vertrekken of zich vestigen, weet niemand: het aanbod groeit overal even hard.",
            "De kansen gaan over waar huisartsen nu werken. Dat de raming zelf kan afwijken, zit er niet in.",
            "De vergrijzing volgt wie er nu woont. Verhuizen en bouwen per gemeente tellen niet mee.",
            (
                "Onvervulde vraag telt mee in de landelijke raming, niet in de kansen: een norm zegt al hoeveel "
                "genoeg is."
            ),
        ),
        kort=f"vooruitblik naar {jaar}",
        moment=f"in {jaar}",
        afhankelijk="de groei van de vraag",
        bronnen=(bronnen,),
    )


def praktijkuitval(land: Landbeeld, gebied: Briefgebied, patienten: int) -> Scenario:
    """A practice of a given size falls out in a gemeente; no real practice is meant.

    The share of other practices that is open is drawn from a band, for a source that says how many have a
    stop at least gives a limit and no number: the region's own signal, or else the band of the country.
    """
    if len(gebied.gemeenten) != 1:
        raise ParameterFout(
            f"een praktijk valt uit in één gemeente, niet in {gebied.naam}; kies een gemeente"
        )
    (gm_code,) = gebied.gemeenten
    (laag, hoog), openzin, openbron = open_praktijken(land, gm_code)
    u = uitval(land.situatie, gm_code=gm_code, patienten=patienten, open_aandeel=(laag, hoog), seed=land.seed)
    opname = parameter("uitval_opname")
    per_praktijk, norm = waarde("ingeschreven_per_praktijk"), waarde("norm_tarief")
    plek, kern = plekzinnen(u.samenvatting, patienten)
    omvang = voeg(
        "Omvang van de praktijk",
        "2022, 2018",
        gekozen("patiënten", patienten, "patiënten"),
        parametergroep("", "2022", [parameter("ingeschreven_per_praktijk")]),
    )
    return maak_scenario(
        land,
        f"Wat als in {gebied.naam} een praktijk met {getal(patienten)} patiënten uitvalt?",
        {"na de uitval": u.situatie},
        vraag=f"uitval:{patienten}",
        zinnen=(
            (
                f"Zo'n praktijk is {getal(u.maten['gemiddelde_praktijken'], 1)} keer een gemiddelde praktijk "
                f"({getal(per_praktijk)} patiënten) en {getal(u.maten['normpraktijken'], 1)} keer een normpraktijk "
                f"({getal(norm)}). Het is een gedachte-oefening: geen bestaande praktijk is bedoeld."
            ),
            plek,
            openzin,
            (
                f"Een open praktijk neemt {procent(opname.laag or 0.0)} tot {procent(opname.hoog or 1.0)} van haar "
                "lijst extra op; daar is geen Nederlands cijfer van, het is een eigen aanname."
            ),
            # how places are found stands above, the engine of the travel times with the map
            *(
                f"{z[0].upper()}{z[1:]}."
                for z in u.herkomst
                if not z.casefold().startswith(("reistijden", "plaatsing"))
            ),
        ),
        kort=f"als een praktijk met {getal(patienten)} patiënten uitvalt",
        kern=kern,
        bronnen=(
            omvang,
            openbron,
            parametergroep("Ruimte van een open praktijk", "niet van toepassing", [opname]),
        ),
    )


def capaciteit_erbij(land: Landbeeld, gebied: Briefgebied, extra: float) -> Scenario:
    """More (or less) fte, spread evenly over the practices of the area."""
    if not 0 < abs(extra) <= MAX_ERBIJ:
        raise ParameterFout(
            f"'{getal(extra)}' fte erbij kan niet; geef een getal tussen -{MAX_ERBIJ:.0f} en {MAX_ERBIJ:.0f}"
        )
    s = land.situatie
    hier = s.praktijken.index[s.praktijken["gm_code"].isin(gebied.gemeenten)]
    if hier.empty:
        raise ParameterFout(f"in {gebied.naam} staan geen praktijken waar fte bij kan")
    eigen = s.praktijken.loc[hier, "fte"]
    na = voeg_fte_toe(s, eigen / float(eigen.sum()) * extra)
    return maak_scenario(
        land,
        f"Wat als er in {gebied.naam} {getal(abs(extra))} fte {'bij komt' if extra > 0 else 'af gaat'}?",
        {f"{'plus' if extra > 0 else 'min'} {getal(abs(extra))} fte": na},
        vraag=f"erbij:{_kaal(extra)}",
        zinnen=(
            f"Verdeeld naar omvang over de praktijken die er zijn, samen {getal(abs(extra))} fte.",
            "Waar zij vandaan komen, is niet gerekend: een ander gebied kan ze missen."
            if extra > 0
            else "Waar zij heen gaan, is niet gerekend.",
        ),
        kort=f"met {getal(abs(extra))} fte {'erbij' if extra > 0 else 'minder'}",
        bronnen=(gekozen("Fte erbij", extra, "fte"),),
    )


def _kaal(x: float) -> str:
    """A number as it is typed, without losing a digit."""
    return str(int(x)) if x == round(x) else repr(float(x))


def keur_scenario(tekst: str) -> tuple[str, float]:
    """What a typed scenario asks, before anything is computed: its kind and its number.

    Raises
    ------
    ParameterFout
        For what is no scenario.

    Examples
    --------
    >>> keur_scenario("jaar:2035"), keur_scenario("erbij:2,5")
    (('jaar', 2035.0), ('erbij', 2.5))
    """
    soort, _, getaltekst = tekst.strip().partition(":")
    try:
        gegeven = lees_getal(getaltekst)
    except ParameterFout:
        gegeven = math.nan
    if not (
        gegeven.is_integer() if soort in ("jaar", "uitval") else soort == "erbij" and math.isfinite(gegeven)
    ):
        raise ParameterFout(
            f"scenario '{tekst:.40}' kan niet; kies jaar:2035, uitval:6000 (patiënten) of erbij:5 (fte)"
        )
    return soort, gegeven


def scenariomap(tekst: str) -> str:
    """What a typed scenario adds to the name of a folder: letters, digits, ``-`` and ``_``.

    >>> scenariomap("jaar:2035"), scenariomap("uitval:6.000"), scenariomap("erbij:-2,5")
    ('jaar-2035', 'uitval-6000', 'eraf-2_5')
    """
    soort, gegeven = keur_scenario(tekst)
    return f"{'eraf' if gegeven < 0 else soort}-{_kaal(abs(gegeven)).replace('.', '_').replace('e-', 'e_')}"


def lees_scenario(land: Landbeeld, gebied: Briefgebied, tekst: str) -> Scenario:
    """A scenario as typed: ``jaar:2035``, ``uitval:6000`` (one gemeente) or ``erbij:5`` (fte).

    Raises
    ------
    ParameterFout
        For anything else.
    """
    soort, gegeven = keur_scenario(tekst)
    if soort == "jaar":
        return vooruitblik(land, int(gegeven))
    if soort == "uitval":
        return praktijkuitval(land, gebied, int(gegeven))
    return capaciteit_erbij(land, gebied, gegeven)
