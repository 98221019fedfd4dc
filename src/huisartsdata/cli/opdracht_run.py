"""`huisartsdata run`: execute the notebooks, for the country or for one area."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huisartsdata.cli import opties  # noqa: TC001 - typer reads the types when a command starts
from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.cli.voortgang import toon_voortgang
from huisartsdata.fouten import NotebookFout
from huisartsdata.werk.werkmanifest import keur_vorm, lees_manifest
from huisartsdata.werk.werkmap import oorzaak
from huisartsdata.werk.werkstand import GEVRAAGD, NOG_NIET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huisartsdata.werk.werkboek import Uitkomst
    from huisartsdata.werk.werkreeks import Plan
    from huisartsdata.werk.werkvraag import Werkvraag

MAX_GEDEELD = 5  # lines about files that two notebooks write
PROCESSEN = 2  # notebooks at a time: each kernel takes one core and up to 0.7 GB


@app.command(cls=Opdracht)
def run(
    *,
    gebied: Annotated[
        str | None,
        typer.Option(
            "--gebied",
            metavar="GEBIED",
            help="Code, gemeentenaam of soort:naam (provincie:Drenthe); meer gemeenten of wijken met komma's "
            "ertussen; of eigen:NAAM, met --gebieden.",
        ),
    ] = None,
    bestand: Annotated[
        list[Path] | None,
        typer.Option(
            "--bestand",
            metavar="PAD",
            help="Eigen levering (csv of xlsx): aanbod per gebied, praktijklijst of Vektis. Mag vaker.",
        ),
    ] = None,
    norm: opties.Norm = None,
    functie: opties.Functie = None,
    gebieden: opties.Gebieden = None,
    peiljaar: opties.Peiljaar = None,
    landelijk: opties.Landelijk = None,
    uit: Annotated[
        Path,
        typer.Option(
            "--uit",
            metavar="MAP",
            help="Map voor kaarten en tabellen; een gebied krijgt er een eigen map in.",
        ),
    ] = Path("figures"),
    notebooks: Annotated[
        Path | None, typer.Option("--notebooks", metavar="MAP", help="Map met notebooks.")
    ] = None,
    alleen: Annotated[
        list[str] | None,
        typer.Option("--alleen", metavar="NUMMER", help="Alleen deze notebooks, bijvoorbeeld 01."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADRES", help="Reken trekkingen op een dask-cluster: tcp://…"),
    ] = None,
    opnieuw: Annotated[bool, typer.Option("--opnieuw", help="Draai ook wat niet is veranderd.")] = False,
    processen: Annotated[
        int, typer.Option("--processen", metavar="N", min=1, max=64, help="Notebooks tegelijk.")
    ] = PROCESSEN,
) -> None:
    """Voer de notebooks uit en schrijf alle kaarten en tabellen weg.

    Met --gebied, --bestand, --norm of --functie draait alleen het notebook voor een eigen regio (06), of de
    notebooks die u met --alleen kiest. Zonder die opties draaien alle notebooks met hun eigen keuzes.

    Alleen wat is veranderd, draait opnieuw: manifest.json in de map zegt waar elk bestand van is gemaakt.
    """
    from huisartsdata import werkstroom
    from huisartsdata.werk import werkreeks
    from huisartsdata.werk.werkboek import vraagstand
    from huisartsdata.werk.werkvraag import Werkvraag

    if uit.exists() and not uit.is_dir():
        raise NotebookFout(f"{uit} is een bestand en geen map; geef met --uit een map op")
    vraag = Werkvraag(gebied, tuple(bestand or ()), norm, functie, gebieden, peiljaar, landelijk)
    alle = werkstroom.notebooks(notebooks)
    paden = _kies(alle, alleen, met_keuze=not vraag.leeg)
    gevraagd = vraagstand(vraag)
    wortel = uit
    eerder = None if opnieuw else werkreeks.vind_gebiedsmap(uit, paden, gevraagd)
    if eerder is not None and not (plan := werkreeks.maak_plan(paden, eerder, gevraagd)).taken:
        _meld_gelijk(plan, eerder)
        _werk_leeszaal_bij(wortel, alleen_als_nodig=True)
        return
    if not vraag.leeg:
        vraag, uit = keur_vraag(vraag, uit)
    if vreemd := keur_vorm(uit):
        typer.echo(vreemd)
    meld_verdwenen(werkreeks.vergeet_verdwenen(uit, [pad.name for pad in alle]), uit, alle[0].parent)
    plan = werkreeks.maak_plan(paden, uit, gevraagd, opnieuw=opnieuw)
    if not plan.taken:
        _meld_gelijk(plan, uit)
        _werk_leeszaal_bij(wortel, alleen_als_nodig=True)
        return
    if scheduler:  # nobody there is said at once, not in a cell of the second notebook
        from huisartsdata.cluster import maak_executor

        with maak_executor(scheduler):
            pass
    uitkomsten: list[Uitkomst] = []
    while plan.taken:
        _meld_redenen(plan)
        with toon_voortgang() as meld:
            uitkomsten += werkreeks.draai_reeks(
                plan.taken,
                uit,
                processen=processen,
                meld=meld,
                scheduler=scheduler,
                vraag=vraag,
                gevraagd=gevraagd,
            )
        # what one notebook no longer writes may be another's, which was as it should be until now
        plan = werkreeks.maak_plan(plan.gelijk, uit, gevraagd)
    _meld_gedeeld(uit)
    aantal, totaal = len(uitkomsten), len({naam for u in uitkomsten for naam in u.bestanden})
    over = f"; ongewijzigd: {len(plan.gelijk)}" if plan.gelijk else ""
    boeken = "notebook" if aantal == 1 else "notebooks"
    typer.echo(f"klaar: {aantal} {boeken}, {totaal} bestanden in {uit}{over}")
    _werk_leeszaal_bij(wortel)


def _werk_leeszaal_bij(wortel: Path, *, alleen_als_nodig: bool = False) -> None:
    """Write the page that finds everything in the folder, of the area just run and of all others."""
    from huisartsdata.werk.werkleeszaal import LEESZAAL, leeszaal_klopt, werk_leeszaal_bij

    if not wortel.is_dir() or (alleen_als_nodig and leeszaal_klopt(wortel)):
        return
    try:
        typer.echo(f"leeszaal: {werk_leeszaal_bij(wortel)}")
    except (
        OSError
    ) as e:  # the figures are whole, and in a folder that may only be read there is no page to make
        typer.echo(f"{wortel / LEESZAAL} is niet te schrijven ({oorzaak(e)}); de figuren zijn wel in orde")


def _meld_gedeeld(uit: Path) -> None:
    """Say which file two notebooks write: only the last one's is there."""
    from huisartsdata.uitvoer.opmaak import clean

    gedeeld = lees_manifest(uit).gedeeld
    for pad, namen in list(gedeeld.items())[:MAX_GEDEELD]:
        wie = " en ".join(Path(n).stem for n in namen)
        typer.echo(
            clean(
                f"let op: {wie} schrijven {pad}; in de map staat dat van {Path(namen[-1]).stem}: geef ze elk een naam"
            )
        )
    if (rest := len(gedeeld) - MAX_GEDEELD) > 0:
        typer.echo(f"let op: zo nog {rest} bestanden van meer dan één notebook")


def meld_verdwenen(namen: Sequence[str], uit: Path, notebooks: Path) -> None:
    """Say that there are files of notebooks that are gone; who removes them and runs is rid of this line."""
    from huisartsdata.uitvoer.opmaak import clean

    if namen:
        typer.echo(
            clean(
                f"let op: in {uit} staan ook bestanden van {', '.join(namen)}, niet gevonden in {notebooks}; geef de "
                "map op met --notebooks, of verwijder die bestanden als het notebook weg is"
            )
        )


def _meld_gelijk(plan: Plan, uit: Path) -> None:
    aantal = len(plan.gelijk)
    boeken = "notebook is" if aantal == 1 else "notebooks zijn"
    typer.echo(
        f"niets veranderd: {aantal} {boeken} al gedraaid en de {plan.bestanden} bestanden in {uit} zijn gelijk; "
        "met --opnieuw draait alles toch"
    )


def _meld_redenen(plan: Plan) -> None:
    """Say why notebooks run that ran before; a first run needs no reason."""
    from huisartsdata.uitvoer.opmaak import clean

    for taak in plan.taken:
        eerste, *rest = taak.redenen
        if eerste not in (NOG_NIET, GEVRAAGD):
            meer = f" (en {len(rest)} andere redenen)" if len(rest) > 1 else f"; {rest[0]}" if rest else ""
            typer.echo(clean(f"{taak.pad.stem} draait opnieuw: {eerste}{meer}"))


def _kies(paden: list[Path], alleen: list[str] | None, *, met_keuze: bool) -> list[Path]:
    """The notebooks to run; with a choice of area or norm only those that listen to it."""
    from huisartsdata import werkstroom

    gevraagd = alleen or ([werkstroom.EIGEN_REGIO] if met_keuze else [""])
    # one without a match would leave work undone without a word
    mis = [a for a in gevraagd if (alleen and not a.strip()) or not any(p.name.startswith(a) for p in paden)]
    if mis:
        raise NotebookFout(
            f"geen notebook begint met {' of '.join(a.strip() or repr(a) for a in mis)}; kies een nummer als 01"
            + ("" if alleen else " met --alleen")
        )
    paden = [p for p in paden if any(p.name.startswith(a) for a in gevraagd)]
    if met_keuze and (doof := [p.stem for p in paden if not werkstroom.heeft_keuze(p)]):
        raise NotebookFout(
            f"{', '.join(doof)} kijkt niet naar --gebied, --bestand, --norm of --functie; "
            "laat die opties weg of kies andere notebooks met --alleen"
        )
    return paden


def keur_vraag(vraag: Werkvraag, uit: Path) -> tuple[Werkvraag, Path]:
    """Check all that is asked before a kernel starts; gives the area as found, and its folder."""
    from dataclasses import replace

    from huisartsdata.uitvoer.brieven.brieflevering import leveringinhoud
    from huisartsdata.werk.werkkeuze import lees_keuze, lees_norm

    vraag.keur_levering()
    if vraag.gebied is None and not vraag.bestanden:
        if vraag.gebieden is not None:
            raise NotebookFout("--gebieden hoort bij --gebied eigen:NAAM; geef dat gebied ook op")
        # the notebook's own area, with another norm or functie
        lees_keuze(replace(vraag, gebied="land:Nederland"), uit)
        return vraag, uit
    vraag.omgeving()  # refuses names that cannot be handed over
    keuze = lees_keuze(vraag, uit)
    aantal = len(keuze.gemeenten)
    typer.echo(f"gebied: {keuze.naam} ({keuze.soort}, {aantal} gemeente{'' if aantal == 1 else 'n'})")
    for lev in (*keuze.leveringen, *([keuze.vektis] if keuze.vektis else [])):
        typer.echo(f"bestand: {lev.herkomst.bestand}, gelezen als {lev.soort}, {len(lev.tabel)} rijen")
    for lev in keuze.leveringen:
        typer.echo(f"levering: {leveringinhoud(lev, keuze.gemeenten, functie=keuze.functie)}")
    norm = None if vraag.norm is None else lees_norm(vraag.norm)
    return replace(vraag, gebied=keuze.gebied, norm=norm), keuze.uit
