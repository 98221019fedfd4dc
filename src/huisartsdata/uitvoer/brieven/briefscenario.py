"""What if, in a brief: pictures after a measure beside the picture now, with the same draws and the same table."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.model.onzekerheid import Trekkingen, trek_gebieden
from huisartsdata.model.tekort import beeld_zonder_trekkingen
from huisartsdata.scenario.maatregelen import voeg_fte_toe
from huisartsdata.scenario.vooruitblik.ramingopzet import VARIANTEN
from huisartsdata.scenario.vooruitblik.toekomst import vooruitzicht
from huisartsdata.scenario.wegvallen.praktijkuitval import uitval
from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Blok, Kop, Tabel, noem_op, rijen_van
from huisartsdata.uitvoer.brieven.brieftabellen import band, fte, kanscel, kanstekst
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.gebiedssom import reikwijdte, voeg_samen

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.brieven.briefinhoud import Briefgebied
    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld
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
    """

    titel: str
    vraag: str
    zinnen: tuple[str, ...]
    trekkingen: Mapping[str, Trekkingen]
    punten: Mapping[str, Trekkingen]
    norm: float

    @property
    def vinger(self) -> str:
        """Hash of everything in it that reaches the brief."""
        som = hashlib.sha256("\n".join((self.titel, self.vraag, *self.zinnen, str(self.norm))).encode())
        for naam, t in (*self.trekkingen.items(), *self.punten.items()):
            som.update(naam.encode() + t.nodig.tobytes() + t.bereikt.tobytes())
        return som.hexdigest()


def maak_scenario(
    land: Landbeeld,
    titel: str,
    situaties: Mapping[str, Situatie],
    *,
    vraag: str = "",
    zinnen: tuple[str, ...] = (),
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
    )


def vooruitblik(land: Landbeeld, jaar: int) -> Scenario:
    """The outlook to a year, with both variants of the growth of need side by side."""
    uit = {v: vooruitzicht(land.situatie, jaar=jaar, variant=v) for v in VARIANTEN}
    beide = next(iter(uit.values())).beide["verschil_fte"]
    land_zin = ", en op ".join(
        f"{getal(abs(float(beide[v])), 0)} fte {'te weinig' if beide[v] > 0 else 'over'} {VARIANTZIN[v]}"
        for v in uit
    )
    # date, norm and way of counting stand elsewhere in every brief
    uitleg = [z for z in next(iter(uit.values())).toelichting if not z.startswith(("Peildatum", "Geteld"))]
    return maak_scenario(
        land,
        f"Vooruitblik naar {jaar}",
        {f"{jaar}, {VARIANTNAAM[v]}": u.situatie for v, u in uit.items()},
        vraag=f"jaar:{jaar}",
        zinnen=(f"De landelijke raming komt in {jaar} uit op {land_zin}.", *uitleg),
    )


def praktijkuitval(land: Landbeeld, gebied: Briefgebied, patienten: int) -> Scenario:
    """A practice of a given size falls out in a gemeente; no real practice is meant."""
    if len(gebied.gemeenten) != 1:
        raise ParameterFout(
            f"een praktijk valt uit in één gemeente, niet in {gebied.naam}; kies een gemeente"
        )
    stop, waar = _regiostop(land, gebied.gemeenten[0])
    u = uitval(
        land.situatie,
        gm_code=gebied.gemeenten[0],
        patienten=patienten,
        # the region's own signal goes before the country's
        open_aandeel=None if stop is None else 1 - stop / 100,
        seed=land.seed,
    )
    gemeten = (
        ()
        if stop is None
        else (
            (
                f"In {waar} had minstens {getal(stop)}% van de praktijken een patiëntenstop: daarom is hier hooguit "
                f"{getal(100 - stop)}% open."
            ),
        )
    )
    plek, deel = (rijen_van(u.samenvatting.loc[[m]])[0] for m in ("zonder_plek", "aandeel_zonder_plek"))
    return maak_scenario(
        land,
        f"Wat als in {gebied.naam} een praktijk met {getal(patienten)} patiënten uitvalt?",
        {"na de uitval": u.situatie},
        vraag=f"uitval:{patienten}",
        zinnen=(
            (
                f"Zo'n praktijk is {getal(u.maten['gemiddelde_praktijken'], 1)} keer een gemiddelde praktijk en "
                f"{getal(u.maten['normpraktijken'], 1)} keer een normpraktijk. Het is een "
                "gedachte-oefening: geen bestaande "
                "praktijk is bedoeld."
            ),
            (
                f"Zonder plek blijven naar schatting {_rond(plek['midden'])} mensen "
                f"({procent(deel['midden'])}; 90% van de "
                f"trekkingen: {_rond(plek['laag'])} tot {_rond(plek['hoog'])})."
            ),
            *gemeten,
            # the engine of the travel times stands with the map
            *(f"{z[0].upper()}{z[1:]}." for z in u.herkomst if not z.casefold().startswith("reistijden")),
        ),
    )


def _rond(mensen: float) -> str:
    """People in hundreds: an estimate this wide has no single persons in it."""
    return getal(round(mensen, -2))


def _regiostop(land: Landbeeld, gm_code: str) -> tuple[float | None, str]:
    """Share of practices with a stop (percent) in the RegioPlus region of a gemeente, where it was measured."""
    code = next(c for c, leden in land.leden("regioplus").items() if gm_code in leden)
    stop = float(land.ruimte("regioplus").loc[[code], "stop_laag"].iloc[0])
    return None if math.isnan(stop) else stop, str(land.beelden["regioplus"].at[code, "naam"])


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
        vraag=f"erbij:{extra:g}",
        zinnen=(
            "De fte zijn naar omvang verdeeld over de praktijken die er zijn.",
            "Waar zij vandaan komen, is niet gerekend: een ander gebied kan ze missen.",
        ),
    )


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
        waarde = float(getaltekst.replace(",", "."))
    except ValueError:
        waarde = math.nan
    if not (
        waarde.is_integer() if soort in ("jaar", "uitval") else soort == "erbij" and math.isfinite(waarde)
    ):
        raise ParameterFout(
            f"scenario '{tekst:.40}' kan niet; kies jaar:2035, uitval:6000 (patiënten) of erbij:5 (fte)"
        )
    return soort, waarde


def lees_scenario(land: Landbeeld, gebied: Briefgebied, tekst: str) -> Scenario:
    """A scenario as typed: ``jaar:2035``, ``uitval:6000`` (one gemeente) or ``erbij:5`` (fte).

    Raises
    ------
    ParameterFout
        For anything else.
    """
    soort, waarde = keur_scenario(tekst)
    if soort == "jaar":
        return vooruitblik(land, int(waarde))
    if soort == "uitval":
        return praktijkuitval(land, gebied, int(waarde))
    return capaciteit_erbij(land, gebied, waarde)


def scenariopunt(b: Gebiedsbeeld, s: Scenario, delen: Sequence[Blok]) -> str:
    """The sentence about a scenario on the first page: the chance of a shortage now and then."""
    tabel = next(d for d in delen if isinstance(d, Tabel))
    nu, *na = tabel.data["kans_op_tekort"].items()
    dan = noem_op([f"{kanstekst(k)} ({naam})" for naam, k in na])
    kop = s.titel if s.titel.endswith(("?", ".")) else f"{s.titel}:"
    heel = "gemeente als geheel" if len(b.gebied.gemeenten) == 1 else "gemeenten samen"
    waar = f" in de {heel}" if b.gebied.wijken else ""  # of wijken there is no scenario
    kans = f"de kans op een tekort{waar} is nu {kanstekst(nu[1])} en dan {dan}"
    kans = kans if kop.endswith(":") else kans[0].upper() + kans[1:]
    return f"{kop} {kans}. Dat is rekenen met aannames, geen voorspelling."


def scenariodelen(b: Gebiedsbeeld, s: Scenario) -> tuple[Blok, ...]:
    """The part of a brief about a scenario, for one area."""
    codes = {b.code: b.gebied.gemeenten}
    nu = {"nu": (voeg_samen(b.land.trekkingen[b.land.functie], codes), None)}
    na = {n: (voeg_samen(t, codes), voeg_samen(s.punten[n], codes)) for n, t in s.trekkingen.items()}
    p = b.land.punten[b.land.functie]
    eigen = list(b.gebied.gemeenten)
    waar = noem_op(list(b.land.beelden["gemeente"].loc[eigen, "naam"])) if b.gebied.wijken else b.naam
    rijen, data = [], {}
    for naam, (t, punt) in (nu | na).items():
        nodig = float(p.vraag[eigen].sum()) / b.land.norm if punt is None else float(punt.nodig[0, 0])
        reikt = float(p.bereikt.loc[eigen].iloc[:, 0].sum()) if punt is None else float(punt.bereikt[0, 0])
        r = reikwijdte(t, s.norm).iloc[0]
        kans = float(t.kort.mean())
        rijen.append(
            (naam, fte(nodig), f"{fte(reikt)} ({band(r['bereikt_laag'], r['bereikt_hoog'])})",
             getal(nodig * s.norm / reikt, 0) if reikt else "–", fte(max(0.0, nodig - reikt)), kanscel(kans))
        )  # fmt: skip
        data[naam] = {"nodig_fte": nodig, "bereikt_fte": reikt, "kans_op_tekort": kans, **r.to_dict()}
    tabel = Tabel(
        titel=f"Nu en daarna, {waar}",
        naam="scenario",
        kop=(
            "Beeld",
            "Nodig (fte)",
            "Bereikbaar (fte, 90%)",
            "Patiënten per fte",
            "Tekort (fte)",
            "Kans op tekort",
        ),
        rijen=tuple(rijen),
        data=pd.DataFrame.from_dict(data, orient="index").rename_axis("beeld"),
        getallen=(1, 2, 3, 4, 5),
        breedtes=(3.0, 1.1, 2.0, 1.3, 1.1, 1.2),
        noot="Rekenen met aannames, geen voorspelling; dezelfde trekkingen, norm en telling als in de hele brief."
        + (" Het gaat over de hele gemeente." if b.gebied.wijken else ""),
    )
    eerste, rest = s.zinnen[:2], s.zinnen[2:]
    noot = (Alinea(" ".join(rest), "noot"),) if rest else ()
    return (Kop(s.titel), *(Alinea(z) for z in eerste), tabel, *noot)
