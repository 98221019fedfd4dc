"""`huisartsdata cite`: how to cite the package and its sources, or a brief that was made with it."""

from __future__ import annotations

from typing import Annotated

import typer

from huisartsdata import __version__
from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.fouten import ParameterFout


@app.command(cls=Opdracht)
def cite(
    brief: Annotated[
        str | None,
        typer.Argument(
            metavar="BRIEF", help="Brief (html, pdf, docx, zip, json) of de map waar hij in staat."
        ),
    ] = None,
) -> None:
    """Toon hoe u huisartsdata en de bronnen aanhaalt, of een brief die ermee is gemaakt."""
    from huisartsdata.bronnen.catalogus import snapshot

    if brief is not None:
        from huisartsdata.uitvoer.citatie import lees_briefherkomst

        if not brief:  # a path of nothing would be this folder, and cite whatever lies there
            raise ParameterFout(
                "de naam van de brief is leeg; geef een brief op, of de map waar hij in staat"
            )
        for regel in lees_briefherkomst(brief).regels():
            typer.echo(regel)
        return
    s = snapshot()
    typer.echo(f"huisartsdata {__version__}, snapshot {s.versie} (hash {s.hash[:16]}), {s.gemaakt}. Bronnen:")
    for b in s.bronnen.values():
        typer.echo(f"- {b.citatie}. {b.producent}. Peildatum {b.peildatum}. {b.licentie}.")
