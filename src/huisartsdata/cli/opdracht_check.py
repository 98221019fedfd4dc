"""`huisartsdata check` and `huisartsdata cite`: verify what is there, and say where it comes from."""

from __future__ import annotations

from typing import Annotated

import typer

from huisartsdata import __version__
from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.fouten import HuisartsdataFout


@app.command(cls=Opdracht)
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


@app.command(cls=Opdracht)
def cite() -> None:
    """Toon hoe u huisartsdata en de bronnen aanhaalt."""
    from huisartsdata.bronnen.catalogus import snapshot

    s = snapshot()
    typer.echo(f"huisartsdata {__version__}, snapshot {s.versie} (hash {s.hash[:16]}), {s.gemaakt}. Bronnen:")
    for b in s.bronnen.values():
        typer.echo(f"- {b.citatie}. {b.producent}. Peildatum {b.peildatum}. {b.licentie}.")
