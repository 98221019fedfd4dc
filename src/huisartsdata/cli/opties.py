"""Options that more than one command takes, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Norm = Annotated[str | None, typer.Option("--norm", metavar="N", help="Inwoners per fte, of 'landelijk'.")]
Functie = Annotated[
    str | None,
    typer.Option("--functie", metavar="F", help="Welke huisartsen tellen: alle of zonder_wisselend."),
]
Gebieden = Annotated[
    Path | None,
    typer.Option("--gebieden", metavar="PAD", help="Bestand met eigen gebieden: gm_code, code, naam."),
]
Peiljaar = Annotated[
    int | None,
    typer.Option("--peiljaar", metavar="JAAR", help="Jaar van de gemeentelijke indeling van --bestand."),
]
Landelijk = Annotated[
    float | None,
    typer.Option(
        "--landelijk", metavar="FTE", help="Landelijk totaal, als een volledige levering anders optelt."
    ),
]
