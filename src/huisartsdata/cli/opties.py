"""Options that more than one command takes, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def _lees_getal(tekst: str) -> float:
    """A number as typed, Dutch or plain; the library asks for it again when it is none."""
    from huisartsdata.fouten import ParameterFout
    from huisartsdata.leveringen.getaltekst import lees_getal

    try:
        return lees_getal(tekst)
    except ParameterFout as e:
        raise typer.BadParameter(str(e)) from e


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
        "--landelijk",
        metavar="FTE",
        parser=_lees_getal,
        help="Landelijk totaal, als een volledige levering anders optelt.",
    ),
]
