"""`huisartsdata lab`: JupyterLab on the notebooks."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from huisartsdata.cli.groep import Opdracht, app


@app.command(cls=Opdracht)
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
