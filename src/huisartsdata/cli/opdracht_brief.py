"""`huisartsdata brief`: a brief about an area, or about every area of the country."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huisartsdata.cli import opties  # noqa: TC001 - typer reads the types when a command starts
from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.fouten import BronFout, HuisartsdataFout, ParameterFout

if TYPE_CHECKING:
    from rich.console import Console

    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld
    from huisartsdata.werk.werkkeuze import Keuze
    from huisartsdata.werk.werkvraag import Werkvraag

PAKKET = {"pdf": "typst", "docx": "docx"}  # kind of file -> what writes it, of the extra `brief`
MAX_SEED = 2**32 - 1
MAX_MISLUKT = 3  # names in a message; a run can go on where it stopped, so the rest follows


@app.command(cls=Opdracht)
def brief(
    *,
    gebied: Annotated[
        str | None,
        typer.Argument(
            metavar="GEBIED",
            show_default=False,
            help="Code, gemeentenaam of soort:naam (provincie:Drenthe); meer gemeenten of wijken met komma's "
            "ertussen; eigen:NAAM, met --gebieden; of Nederland.",
        ),
    ] = None,
    alle: Annotated[
        bool,
        typer.Option("--alle", help="Maak de brieven van alle gemeenten, alle regio's en Nederland."),
    ] = False,
    norm: opties.Norm = None,
    functie: opties.Functie = None,
    bestand: Annotated[
        list[Path] | None,
        typer.Option(
            "--bestand",
            metavar="PAD",
            help="Eigen levering (csv of xlsx): aanbod per gebied of praktijklijst. Mag vaker.",
        ),
    ] = None,
    gebieden: opties.Gebieden = None,
    peiljaar: opties.Peiljaar = None,
    landelijk: opties.Landelijk = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            "--scenario",
            metavar="WAT",
            help="Zet er een scenario naast: jaar:2035, uitval:6000 (een praktijk met zoveel patiënten valt "
            "uit; één gemeente) of erbij:5 (fte).",
        ),
    ] = None,
    trekkingen: Annotated[
        int, typer.Option("--trekkingen", metavar="N", help="Aantal trekkingen, minstens 100.")
    ] = 1000,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Startgetal van de trekkingen, 0 of meer.")
    ] = 0,
    soorten: Annotated[
        str,
        typer.Option(
            "--soorten",
            metavar="LIJST",
            show_default=False,
            help="Welke bestanden, met komma's ertussen; standaard html,pdf,docx,zip.",
        ),
    ] = "html,pdf,docx,zip",
    uit: Annotated[
        Path,
        typer.Option(
            "--uit", metavar="MAP", help="Map voor de leeszaal; de brieven komen in de map briefs daarin."
        ),
    ] = Path("figures"),
    processen: Annotated[
        int, typer.Option("--processen", metavar="N", min=1, help="Aantal processen bij --alle.")
    ] = 2,
    opnieuw: Annotated[
        bool, typer.Option("--opnieuw", help="Maak bij --alle ook opnieuw wat er al is.")
    ] = False,
) -> None:
    """Maak een brief over een gebied: html, pdf, docx en een zip met alle cijfers.

    Een eerdere brief over hetzelfde gebied wordt vervangen; een brief met een scenario krijgt een eigen map.
    Met --alle slaat de opdracht over wat er al is: na een onderbreking gaat zij verder waar zij was. De
    leeszaal (index.html) wordt bijgewerkt.
    """
    from rich.console import Console

    from huisartsdata.uitvoer.brieven.briefscenario import keur_scenario
    from huisartsdata.werk.werkvraag import Werkvraag

    keuze_soorten = _lees_soorten(soorten)
    if scenario is not None:
        keur_scenario(scenario)
    if not 0 <= seed <= MAX_SEED:
        raise ParameterFout(f"--seed {seed} kan niet; geef een geheel getal van 0 tot en met {MAX_SEED}")
    _keur_gebied(gebied, bestand, alle=alle, gebieden=gebieden)
    vraag = Werkvraag(
        "land:Nederland" if alle else gebied,
        tuple(bestand or ()),
        norm,
        functie,
        gebieden,
        peiljaar,
        landelijk,
    )
    vraag.keur_levering()
    keuze = _lees_keuze(vraag, uit)
    wat = _Wat(vraag, keuze, keuze_soorten, scenario, uit)
    wat.keur()
    scherm = Console(stderr=True)
    with scherm.status("het landelijke beeld berekenen"):
        land = wat.landbeeld(trekkingen, seed)
    if alle:
        _maak_alle(wat, land, scherm, processen, opnieuw=opnieuw)
    else:
        _maak_een(wat, land, scherm)


@dataclass(frozen=True)
class _Wat:
    """What is asked, read and checked."""

    vraag: Werkvraag
    keuze: Keuze
    soorten: tuple[str, ...]
    scenario: str | None
    uit: Path

    @property
    def briefmap(self) -> Path:
        return self.uit / "briefs"

    @property
    def bestanden(self) -> tuple[str, ...]:
        return tuple(p.name for p in self.vraag.bestanden)

    @property
    def gebiedenbestand(self) -> str:
        return self.vraag.gebieden.name if self.vraag.gebieden else ""

    def keur(self) -> None:
        """Refuse what would fail only after the calculation."""
        from importlib.util import find_spec

        from huisartsdata.uitvoer.brieven.brief import maak_map

        for soort, pakket in PAKKET.items():
            if soort in self.soorten and find_spec(pakket) is None:
                raise ModuleNotFoundError(name=pakket)
        maak_map(self.briefmap)
        if not os.access(self.briefmap, os.W_OK):
            raise BronFout(f"in de map {self.briefmap} kan niet worden geschreven; kies een andere map")

    def landbeeld(self, trekkingen: int, seed: int) -> Landbeeld:
        from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld

        k = self.keuze
        return maak_landbeeld(
            norm=k.norm,
            functie=k.functie,
            aanbod=k.leveringen,
            landelijk=k.landelijk,
            trekkingen=trekkingen,
            seed=seed,
        )


def _lees_soorten(tekst: str) -> tuple[str, ...]:
    """Kinds of file as typed, each once."""
    from huisartsdata.uitvoer.brieven.brief import SOORTEN

    uit = tuple(dict.fromkeys(s.strip().casefold() for s in tekst.split(",") if s.strip()))
    if not uit or set(uit) - set(SOORTEN):
        vreemd = ", ".join(s for s in uit if s not in SOORTEN) or "niets"
        raise ParameterFout(f"--soorten: '{vreemd:.40}' kan niet; kies uit {', '.join(SOORTEN)}")
    return uit


def _keur_gebied(
    gebied: str | None, bestand: list[Path] | None, *, alle: bool, gebieden: Path | None
) -> None:
    if alle and gebied is not None:
        raise ParameterFout(f"kies: één gebied ('{gebied:.40}') of --alle, niet allebei")
    if alle and gebieden is not None:
        raise ParameterFout("--alle gaat over officiële gebieden; laat --gebieden weg of kies eigen:NAAM")
    if not alle and gebied is None and not bestand:
        raise ParameterFout("geef een gebied op, zoals Dordrecht of provincie:Drenthe, of --alle")


def _lees_keuze(vraag: Werkvraag, uit: Path) -> Keuze:
    from huisartsdata.werk.werkkeuze import lees_keuze

    keuze = lees_keuze(vraag, uit)
    if keuze.vektis is not None:
        raise ParameterFout(
            f"{keuze.vektis.herkomst.bestand} (Vektis) is geen aanbod en verandert een brief niet; laat het weg"
        )
    return keuze


def _maak_een(wat: _Wat, land: Landbeeld, scherm: Console) -> None:
    from huisartsdata.uitvoer.brieven.brief import briefslug
    from huisartsdata.uitvoer.brieven.briefboekje import schrijf_map
    from huisartsdata.uitvoer.brieven.brieflevering import leveringzin
    from huisartsdata.uitvoer.brieven.briefscenario import lees_scenario, scenariomap
    from huisartsdata.uitvoer.brieven.leeszaal import maak_leeszaal

    k = wat.keuze
    with scherm.status(f"de brief over {k.naam} maken"):
        paden = schrijf_map(
            land,
            k,
            wat.briefmap / briefslug(k.slug, scenariomap(wat.scenario) if wat.scenario else ""),
            soorten=wat.soorten,
            scenario=None if wat.scenario is None else lees_scenario(land, k, wat.scenario),
            bestanden=wat.bestanden,
            gebiedenbestand=wat.gebiedenbestand,
            peiljaar=wat.vraag.peiljaar,
        )
        leeszaal = maak_leeszaal(wat.uit)
    _meld_levering(leveringzin(land, k.gemeenten))
    for pad in paden.values():
        typer.echo(f"geschreven: {pad}")
    typer.echo(f"leeszaal: {leeszaal}")


def _meld_levering(zin: str) -> None:
    """What was delivered, beside what is counted: it belongs in sight of whoever makes a brief from it."""
    if zin:
        typer.echo(zin)


def _maak_alle(wat: _Wat, land: Landbeeld, scherm: Console, processen: int, *, opnieuw: bool) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from huisartsdata.uitvoer.brieven.brieflevering import leveringzin
    from huisartsdata.uitvoer.brieven.briefreeks import alle_gebieden, maak_alle
    from huisartsdata.uitvoer.brieven.landbeeld import SOORTEN
    from huisartsdata.uitvoer.brieven.leeszaal import maak_leeszaal
    from huisartsdata.werk.werkgebied import to_slug

    # a practice falls out in one gemeente: regions have no such brief
    uitval = (wat.scenario or "").strip().startswith("uitval")
    lijst = alle_gebieden(to_slug, soorten=("gemeente",) if uitval else SOORTEN)
    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*kolommen, console=scherm) as balk:
        taak = balk.add_task("brieven", total=len(lijst))

        def meld(klaar: int, totaal: int, naam: str) -> None:
            balk.update(taak, completed=klaar, total=totaal, description=f"brieven: {naam:.24}")

        r = maak_alle(
            wat.briefmap,
            lijst,
            landbeeld=land,
            soorten=wat.soorten,
            scenario=wat.scenario,
            bestanden=wat.bestanden,
            peiljaar=wat.vraag.peiljaar,
            processen=processen,
            opnieuw=opnieuw,
            meld=meld,
        )
    leeszaal = maak_leeszaal(wat.uit)
    _meld_levering(leveringzin(land, sorted({gm for g in lijst for gm in g.gemeenten})))
    typer.echo(f"brieven in {wat.briefmap}: {len(r.gemaakt)} gemaakt, {len(r.overgeslagen)} waren er al")
    typer.echo(f"leeszaal: {leeszaal}")
    if r.mislukt:
        namen = list(r.mislukt)
        meer = f" en nog {len(namen) - MAX_MISLUKT}" if len(namen) > MAX_MISLUKT else ""
        raise HuisartsdataFout(
            f"{len(namen)} van de {len(lijst)} brieven zijn niet gelukt: {', '.join(namen[:MAX_MISLUKT])}{meer} "
            f"({r.mislukt[namen[0]].splitlines()[0]})"
        )
