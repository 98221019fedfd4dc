"""The command line: `huisartsdata run | lab | check | cite | --version`, in Dutch."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from huisartsdata import __version__
from huisartsdata.fouten import HuisartsdataFout, NotebookFout

if TYPE_CHECKING:
    from huisartsdata.werkvraag import Werkvraag

# the words that the command line library writes itself
_HULP = {
    "Usage:": "Gebruik:",
    "[OPTIONS]": "[OPTIES]",
    "COMMAND [ARGS]...": "OPDRACHT",
    "\nOptions:": "\nOpties:",
    "\nCommands:": "\nOpdrachten:",
    "\nArguments:": "\nArgumenten:",
    "Show this message and exit.": "Toon deze uitleg.",
    "[default: ": "[standaard: ",
    "[required]": "[verplicht]",
}
_GEBRUIKSFOUT: type[Exception] = typer.BadParameter.__mro__[1]  # UsageError, wherever typer keeps it


def _vertaal(hulp: str) -> str:
    for engels, nederlands in _HULP.items():
        hulp = hulp.replace(engels, nederlands)
    return hulp


class _Opdracht(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return _vertaal(super().get_help(ctx))


class _Groep(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _vertaal(super().get_help(ctx))


app = typer.Typer(
    cls=_Groep,
    rich_markup_mode=None,
    help="Waar is te weinig huisartsenzorg, hoe zeker is dat, en wat verandert sturing op spreiding?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _versie(gevraagd: bool) -> None:
    if gevraagd:
        typer.echo(f"huisartsdata {__version__}")
        raise typer.Exit


@app.callback()
def _begin(
    versie: Annotated[
        bool, typer.Option("--version", callback=_versie, is_eager=True, help="Toon het versienummer.")
    ] = False,
) -> None:
    pass


@app.command(cls=_Opdracht)
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
    norm: Annotated[
        str | None, typer.Option("--norm", metavar="N", help="Inwoners per fte, of 'landelijk'.")
    ] = None,
    functie: Annotated[
        str | None,
        typer.Option("--functie", metavar="F", help="Welke huisartsen tellen: alle of zonder_wisselend."),
    ] = None,
    gebieden: Annotated[
        Path | None,
        typer.Option("--gebieden", metavar="PAD", help="Bestand met eigen gebieden: gm_code, code, naam."),
    ] = None,
    peiljaar: Annotated[
        int | None,
        typer.Option("--peiljaar", metavar="JAAR", help="Jaar van de gemeentelijke indeling van --bestand."),
    ] = None,
    landelijk: Annotated[
        float | None,
        typer.Option(
            "--landelijk", metavar="FTE", help="Landelijk totaal, als een volledige levering anders optelt."
        ),
    ] = None,
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
) -> None:
    """Voer de notebooks uit en schrijf alle kaarten en tabellen weg.

    Met --gebied, --bestand, --norm of --functie draait alleen het notebook voor een eigen regio (06), of de
    notebooks die u met --alleen kiest. Zonder die opties draaien alle notebooks met hun eigen keuzes.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    from huisartsdata import werkstroom
    from huisartsdata.werkvraag import Werkvraag

    if uit.exists() and not uit.is_dir():
        raise NotebookFout(f"{uit} is een bestand en geen map; geef met --uit een map op")
    vraag = Werkvraag(gebied, tuple(bestand or ()), norm, functie, gebieden, peiljaar, landelijk)
    paden = _kies(werkstroom.notebooks(notebooks), alleen, met_keuze=not vraag.leeg)
    if not vraag.leeg:
        vraag, uit = _keur(vraag, uit)
    if scheduler:  # nobody there is said at once, not in a cell of the second notebook
        from huisartsdata.cluster import maak_executor

        with maak_executor(scheduler):
            pass
    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    totaal = 0
    with Progress(*kolommen, console=Console(stderr=True)) as balk:
        for pad in paden:
            taak = balk.add_task(pad.stem, total=None)

            def meld(klaar: int, alle: int, taak: TaskID = taak) -> None:
                balk.update(taak, completed=klaar, total=alle)

            uitkomst = werkstroom.voer_uit(pad, uit, meld=meld, scheduler=scheduler, vraag=vraag)
            totaal += len(uitkomst.bestanden)
    boeken = "notebook" if len(paden) == 1 else "notebooks"
    typer.echo(f"klaar: {len(paden)} {boeken}, {totaal} bestanden in {uit}")


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


def _keur(vraag: Werkvraag, uit: Path) -> tuple[Werkvraag, Path]:
    """Check all that is asked before a kernel starts; gives the area as found, and its folder."""
    from dataclasses import replace

    from huisartsdata.werkkeuze import lees_keuze, lees_norm

    if not vraag.bestanden and (vraag.peiljaar, vraag.landelijk) != (None, None):
        raise NotebookFout(
            "--peiljaar en --landelijk zeggen iets over een levering; geef die op met --bestand"
        )
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
    norm = None if vraag.norm is None else lees_norm(vraag.norm)
    return replace(vraag, gebied=keuze.gebied, norm=norm), keuze.uit


@app.command(cls=_Opdracht)
def lab(
    map_: Annotated[
        Path, typer.Option("--map", metavar="MAP", help="Werkmap; de notebooks komen erin te staan.")
    ] = Path("notebooks"),
) -> None:
    """Open JupyterLab met de notebooks."""
    import subprocess
    from importlib.util import find_spec

    from huisartsdata import werkstroom

    if find_spec("jupyterlab") is None:
        raise ModuleNotFoundError(name="jupyterlab")
    paden = werkstroom.neem_mee(map_)
    # figures go where this command was given, not beside the notebooks
    omgeving = {werkstroom.FIGUURVARIABELE: str(Path("figures").resolve()), **os.environ}
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyter", "lab", str(paden[0])], env=omgeving))


@app.command(cls=_Opdracht)
def check(
    peiljaar: Annotated[
        int | None, typer.Option("--peiljaar", metavar="JAAR", help="Peiljaar van de snapshot.")
    ] = None,
) -> None:
    """Controleer de gegevens: hashes, contracten, totalen en koppelingen."""
    from huisartsdata.bronnen.catalogus import PEILJAAR, snapshot
    from huisartsdata.controle import controleer_snapshot

    jaar = PEILJAAR if peiljaar is None else peiljaar
    s = snapshot(jaar)
    typer.echo(f"snapshot {s.versie}, peiljaar {s.peiljaar}, hash {s.hash[:16]}, in {s.map}")
    fouten = 0
    for naam, tabel in controleer_snapshot(jaar):
        typer.echo(f"{naam}: {'in orde' if tabel.empty else 'fouten: ' + str(len(tabel))}")
        for f in tabel.to_dict("records"):
            plek = f"rij {f['regel']}" if f["regel"] else "hele tabel"
            typer.echo(f"  {f['onderdeel']}, {plek}: {f['waarde']}: {f['probleem']}", err=True)
        fouten += len(tabel)
    if fouten:
        raise HuisartsdataFout(
            f"de gegevens zijn niet in orde (fouten: {fouten}); "
            "zet de snapshot terug of haal de data opnieuw op"
        )
    typer.echo("alles in orde")


@app.command(cls=_Opdracht)
def cite() -> None:
    """Toon hoe u huisartsdata en de bronnen aanhaalt."""
    from huisartsdata.bronnen.catalogus import snapshot

    s = snapshot()
    typer.echo(f"huisartsdata {__version__}, snapshot {s.versie} (hash {s.hash[:16]}), {s.gemaakt}. Bronnen:")
    for b in s.bronnen.values():
        typer.echo(f"- {b.citatie}. {b.producent}. Peildatum {b.peildatum}. {b.licentie}.")


def _gebruik(fout: Any) -> str:
    """What is wrong with the command given, in Dutch."""
    soort, melding = type(fout).__name__, str(getattr(fout, "message", None) or fout)
    lijkt = list(getattr(fout, "possibilities", None) or re.findall(r"Did you mean '([^']*)'", melding))
    tip = f" (bedoelt u {' of '.join(lijkt)}?)" if lijkt else ""
    optie = getattr(fout, "option_name", None)
    if soort == "NoSuchOption":
        return f"onbekende optie {optie}{tip}"
    if soort == "BadOptionUsage":
        return f"optie {optie} is verkeerd gebruikt: er ontbreekt een waarde of er is er een te veel"
    if soort in ("MissingParameter", "BadParameter"):
        namen = getattr(getattr(fout, "param", None), "opts", None) or ["een argument"]
        return f"{namen[0]} ontbreekt" if soort[0] == "M" else f"ongeldige waarde voor {namen[0]}"
    if gevonden := re.match(r"No such command '(.*?)'", melding):
        return f"onbekende opdracht {gevonden[1]}{tip}"
    if gevonden := re.search(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", melding):
        return f"te veel argumenten: {gevonden[1]}"
    return melding


def _draai() -> int:
    """Run one command; gives its exit code."""
    from huisartsdata.werkstroom import oorzaak

    try:
        uit = typer.main.get_command(app).main(standalone_mode=False, prog_name="huisartsdata")
    except HuisartsdataFout as e:
        kop, *rest = str(e).splitlines() or [""]
        # a list of one fault is one line
        typer.echo(f"fout: {kop}: {rest[0].strip()}" if len(rest) == 1 else f"fout: {e}", err=True)
    except _GEBRUIKSFOUT as e:
        if type(e).__name__ == "NoArgsIsHelpError":
            typer.echo(str(e))
            return 0
        pad = getattr(getattr(e, "ctx", None), "command_path", "huisartsdata")
        typer.echo(f"fout: {_gebruik(e)}; zie {pad} --help", err=True)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("afgebroken", err=True)
        return 130
    except BrokenPipeError:  # the reader of our output (head, less) stopped: nothing is wrong
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed by the exit
        return 0
    except OSError as e:
        plek = e.filename or "een bestand"
        typer.echo(
            f"fout: {plek} is niet te lezen of te schrijven ({oorzaak(e)}); kies een andere map", err=True
        )
    except ModuleNotFoundError as e:
        if (e.name or "").startswith("huisartsdata"):
            raise
        typer.echo(f"fout: het pakket '{e.name}' ontbreekt; installeer huisartsdata[notebook]", err=True)
    else:
        return uit if isinstance(uit, int) else 0
    return 1


def main() -> None:
    """Run the command line; what the user can mend becomes one clear line and exit code 1 or 2."""
    for stroom in (sys.stdout, sys.stderr):
        # a Windows console or a pipe may not be UTF-8; a name with a diacritic must not crash it
        if hasattr(stroom, "reconfigure"):
            stroom.reconfigure(errors="replace")
    raise SystemExit(_draai())


if __name__ == "__main__":
    main()
