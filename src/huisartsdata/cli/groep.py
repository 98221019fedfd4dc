"""The command line's group: the typer application, with its help in Dutch."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from huisartsdata import __version__

# the words that the command line library writes itself
_HULP = {
    "Usage:": "Gebruik:",
    "[OPTIONS]": "[OPTIES]",
    "COMMAND [ARGS]...": "OPDRACHT",
    "\nOptions:": "\nOpties:",
    "\nCommands:": "\nOpdrachten:",
    "\nArguments:": "\nArgumenten:",
    "Show this message and exit.": "Toon deze uitleg.",
    "[default:": "[standaard:",
    "[required]": "[verplicht]",
}

_ORDE = ("run", "brief", "lab", "refresh", "check", "cite")  # as a user meets them


def _vertaal(hulp: str) -> str:
    for engels, nederlands in _HULP.items():
        hulp = hulp.replace(engels, nederlands)
    return hulp


class Opdracht(TyperCommand):
    """One command, with its help in Dutch."""

    def get_help(self, ctx: Any) -> str:
        """Give the help, in Dutch."""
        return _vertaal(super().get_help(ctx))


class _Groep(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(super().list_commands(ctx), key=_ORDE.index)

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
