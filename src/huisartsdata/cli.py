"""The command line: `huisartsdata run | lab | check | cite | --version`, in Dutch."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from huisartsdata import __version__
from huisartsdata.fouten import HuisartsdataFout

app = typer.Typer(
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


@app.command()
def run(
    uit: Annotated[Path, typer.Option("--uit", help="Map voor kaarten en tabellen.")] = Path("figures"),
    notebooks: Annotated[Path | None, typer.Option("--notebooks", help="Map met notebooks.")] = None,
    alleen: Annotated[
        list[str] | None, typer.Option("--alleen", help="Alleen deze notebooks, bijvoorbeeld 01.")
    ] = None,
) -> None:
    """Voer de notebooks uit en schrijf alle kaarten en tabellen weg."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    from huisartsdata import werkstroom

    if uit.exists() and not uit.is_dir():
        raise werkstroom.NotebookFout(f"{uit} is een bestand en geen map; geef met --uit een map op")
    paden = werkstroom.notebooks(notebooks)
    if alleen:
        paden = [p for p in paden if any(p.name.startswith(a) for a in alleen)]
        if not paden:
            raise werkstroom.NotebookFout(
                f"geen notebook begint met {' of '.join(alleen)}; kies een nummer als 01"
            )
    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    totaal = 0
    with Progress(*kolommen, console=Console(stderr=True)) as balk:
        for pad in paden:
            taak = balk.add_task(pad.stem, total=None)

            def meld(klaar: int, alle: int, taak: TaskID = taak) -> None:
                balk.update(taak, completed=klaar, total=alle)

            uitkomst = werkstroom.voer_uit(pad, uit, meld=meld)
            totaal += len(uitkomst.bestanden)
    boeken = "notebook" if len(paden) == 1 else "notebooks"
    typer.echo(f"klaar: {len(paden)} {boeken}, {totaal} bestanden in {uit}")


@app.command()
def lab(
    map_: Annotated[Path, typer.Option("--map", help="Werkmap; de notebooks komen erin te staan.")] = Path(
        "notebooks"
    ),
) -> None:
    """Open JupyterLab met de notebooks."""
    import subprocess

    from huisartsdata import werkstroom

    paden = werkstroom.neem_mee(map_)
    # figures go where this command was given, not beside the notebooks
    omgeving = {werkstroom.FIGUURVARIABELE: str(Path("figures").resolve()), **os.environ}
    raise typer.Exit(subprocess.call([sys.executable, "-m", "jupyter", "lab", str(paden[0])], env=omgeving))


@app.command()
def check(
    peiljaar: Annotated[int | None, typer.Option("--peiljaar", help="Peiljaar van de snapshot.")] = None,
) -> None:
    """Controleer hashes, contracten, totalen en koppelingen van de gegevens."""
    from huisartsdata.bronnen.catalogus import PEILJAAR, snapshot
    from huisartsdata.controle import controleer_snapshot

    jaar = peiljaar or PEILJAAR
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
        raise HuisartsdataFout(f"de gegevens zijn niet in orde (fouten: {fouten}); zet de snapshot terug of haal de data opnieuw op")
    typer.echo("alles in orde")


@app.command()
def cite() -> None:
    """Toon hoe u huisartsdata en de bronnen aanhaalt."""
    from huisartsdata.bronnen.catalogus import snapshot

    s = snapshot()
    typer.echo(f"huisartsdata {__version__}, snapshot {s.versie} (hash {s.hash[:16]}), {s.gemaakt}. Bronnen:")
    for b in s.bronnen.values():
        typer.echo(f"- {b.citatie}. {b.producent}. Peildatum {b.peildatum}. {b.licentie}.")


def main() -> None:
    """Run the command line; an error of ours becomes one clear line and exit code 1."""
    for stroom in (sys.stdout, sys.stderr):
        # a Windows console or a pipe may not be UTF-8; a name with a diacritic must not crash it
        if hasattr(stroom, "reconfigure"):
            stroom.reconfigure(errors="replace")
    try:
        app()
    except HuisartsdataFout as e:
        typer.echo(f"fout: {e}", err=True)
        raise SystemExit(1) from None
    except ModuleNotFoundError as e:
        if (e.name or "").startswith("huisartsdata"):
            raise
        typer.echo(f"fout: het pakket '{e.name}' ontbreekt; installeer huisartsdata[notebook]", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
