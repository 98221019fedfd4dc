"""`huisartsdata lab`: JupyterLab on the notebooks, with nothing in it that asks the internet."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.fouten import BronFout, ParameterFout

START = "start.ipynb"
_HIER = Path(__file__).resolve().parent
# JupyterLab looks for newer versions and for news, and its extension manager lists a package index
_DICHT = (
    "--LabApp.check_for_updates_class=jupyterlab.handlers.announcements.NeverCheckForUpdate",
    "--LabApp.news_url=None",
    "--LabApp.extension_manager=readonly",
)


@app.command(cls=Opdracht)
def lab(
    *,
    map_: Annotated[
        Path, typer.Option("--map", metavar="MAP", help="Werkmap; de notebooks komen erin te staan.")
    ] = Path("notebooks"),
    poort: Annotated[
        int | None,
        typer.Option(
            "--poort",
            metavar="NUMMER",
            min=1,
            max=65535,
            help="Poort; is die bezet, dan de eerstvolgende vrije.",
        ),
    ] = None,
    zonder_browser: Annotated[
        bool, typer.Option("--zonder-browser", help="Open geen browser; het adres staat op het scherm.")
    ] = False,
    opties: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="-- OPTIE", help="Opties voor JupyterLab zelf, na twee streepjes.", show_default=False
        ),
    ] = None,
) -> None:
    """Open JupyterLab met de notebooks, op een startpagina die de weg wijst.

    Er gaat niets het internet op. Figuren komen in de map figures van waar u deze opdracht geeft. Stoppen: twee
    keer Ctrl+C.
    """
    from importlib.util import find_spec

    from huisartsdata import werkstroom

    if los := [o for o in opties or () if not o.startswith("-")]:
        raise ParameterFout(f"'{los[0]:.60}' is geen optie van JupyterLab; een werkmap geeft u op met --map")
    if find_spec("jupyterlab") is None:
        raise ModuleNotFoundError(name="jupyterlab")
    paden = werkstroom.neem_mee(map_)
    start = _neem_start_mee(map_) or paden[0]
    hier = Path.cwd()
    # the folder of the command where that holds the notebooks, so that figures and own files are in sight too
    wortel = hier if start.resolve().is_relative_to(hier) else start.resolve().parent
    keuzes = [
        *_DICHT,
        f"--ServerApp.root_dir={wortel}",
        f"--LabApp.default_url=/lab/tree/{_webpad(start.resolve().relative_to(wortel))}",
        *([f"--ServerApp.port={poort}"] if poort else []),
        *(["--no-browser"] if zonder_browser else []),
        *(opties or ()),
    ]
    typer.echo(f"JupyterLab opent {start}. Stoppen: twee keer Ctrl+C.", err=True)
    raise typer.Exit(_wacht([sys.executable, "-m", "jupyter", "lab", *keuzes], _omgeving()))


def _neem_start_mee(doel: Path) -> Path | None:
    """Copy the start notebook to where the others are; one that is there already stays as it is."""
    from huisartsdata import werkstroom

    bron, nieuw = werkstroom.notebookmap() / START, doel / START
    if not nieuw.exists():
        if not bron.is_file():
            return None
        try:
            shutil.copyfile(bron, nieuw)
        except OSError as e:
            raise BronFout(
                f"{nieuw} is niet te schrijven ({werkstroom.oorzaak(e)}); kies een andere map"
            ) from e
    return nieuw


def _webpad(pad: Path) -> str:
    from urllib.parse import quote

    return quote(pad.as_posix())


def _omgeving() -> dict[str, str]:
    """The environment of JupyterLab: where figures go, and settings without which it asks about news."""
    from huisartsdata import werkstroom

    omgeving = dict(os.environ)
    # where this command was given, not beside the notebooks
    omgeving.setdefault(werkstroom.FIGUURVARIABELE, str(Path("figures").resolve()))
    instellingen = [str(_HIER / "jupyter"), *filter(None, [omgeving.get("JUPYTER_CONFIG_PATH")])]
    omgeving["JUPYTER_CONFIG_PATH"] = os.pathsep.join(instellingen)
    return omgeving


def _wacht(opdracht: list[str], omgeving: dict[str, str]) -> int:
    """Run JupyterLab until it stops; Ctrl+C is its business, and an end of this process is an end of it too."""
    proces = subprocess.Popen(opdracht, env=omgeving)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: proces.terminate())
    return proces.wait()
