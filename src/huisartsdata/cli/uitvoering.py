"""Run one command: what the user can mend becomes one clear Dutch line and an exit code."""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import Any

import typer

# importing the module of a command adds it to the group
from huisartsdata.cli import (  # noqa: F401
    opdracht_brief,
    opdracht_check,
    opdracht_cite,
    opdracht_lab,
    opdracht_refresh,
    opdracht_run,
)
from huisartsdata.cli.groep import app
from huisartsdata.fouten import HuisartsdataFout

# module -> the extra of this package that brings it
_EXTRA = {
    "typst": "brief",
    "docx": "brief",
    "cbsodata": "refresh",
    "stamina": "refresh",
    "requests": "refresh",
    "distributed": "cluster",
}
AFGEBROKEN = 130  # exit code of a program that Ctrl-C ended: 128 + SIGINT
_GEBRUIKSFOUT: type[Exception] = typer.BadParameter.__mro__[1]  # UsageError, wherever typer keeps it


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


_ARGUMENT = re.compile(r"\b(peiljaar|gebied|landelijk|functie|norm)=(?=(\w)?)")
_OOK_ZO = re.compile(r" \((?:of|in een notebook) \w+=\)")


def to_opties(melding: str) -> str:
    """A message of the library, which names arguments, in the words of the command line.

    >>> to_opties("geef peiljaar=2020 op, of functie=; met --gebied (of gebied=)")
    'geef --peiljaar 2020 op, of --functie; met --gebied'
    """
    return _ARGUMENT.sub(lambda m: f"--{m[1]}{' ' if m[2] else ''}", _OOK_ZO.sub("", melding))


def _schijf(fout: OSError) -> str:
    """What a file or disk refused, and what to do."""
    from huisartsdata.werkstroom import oorzaak

    if fout.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        waar = f" met {fout.filename}" if fout.filename else ""
        return f"de schijf{waar} is vol; maak ruimte en draai de opdracht opnieuw"
    plek = fout.filename or "een bestand"
    return f"{plek} is niet te lezen of te schrijven ({oorzaak(fout)}); kies een andere map"


def _draai() -> int:
    """Run one command; gives its exit code."""
    try:
        uit = typer.main.get_command(app).main(standalone_mode=False, prog_name="huisartsdata")
    except HuisartsdataFout as e:
        melding = to_opties(str(e))
        kop, *rest = melding.splitlines() or [""]
        # a list of one fault is one line
        typer.echo(f"fout: {kop}: {rest[0].strip()}" if len(rest) == 1 else f"fout: {melding}", err=True)
    except _GEBRUIKSFOUT as e:
        if type(e).__name__ == "NoArgsIsHelpError":
            typer.echo(str(e))
            return 0
        pad = getattr(getattr(e, "ctx", None), "command_path", "huisartsdata")
        typer.echo(f"fout: {_gebruik(e)}; zie {pad} --help", err=True)
        return 2
    except (typer.Abort, KeyboardInterrupt):
        typer.echo("afgebroken", err=True)
        return AFGEBROKEN
    except BrokenPipeError:  # the reader of our output (head, less) stopped: nothing is wrong
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed by the exit
        return 0
    except OSError as e:
        typer.echo(f"fout: {_schijf(e)}", err=True)
    except UnicodeEncodeError as e:
        # a name that the system gave as bytes, and that is no text
        if not any("\ud800" <= teken <= "\udfff" for teken in str(e.object)):
            raise
        typer.echo(
            "fout: een bestand, map of instelling heeft een naam met tekens die geen UTF-8 zijn "
            f"({e.object!a:.120}); hernoem die",
            err=True,
        )
    except ModuleNotFoundError as e:
        if (e.name or "").startswith("huisartsdata"):
            raise
        extra = _EXTRA.get((e.name or "").partition(".")[0], "notebook")
        typer.echo(f"fout: het pakket '{e.name}' ontbreekt; installeer huisartsdata[{extra}]", err=True)
    else:
        if uit == AFGEBROKEN:  # the group turns Ctrl-C into this exit code, without a word
            typer.echo("afgebroken", err=True)
        return uit if isinstance(uit, int) else 0
    return 1


def main() -> None:
    """Run the command line; what the user can mend becomes one clear line and exit code 1 or 2."""
    for stroom in (sys.stdout, sys.stderr):
        # a Windows console or a pipe may not be UTF-8; a name with a diacritic must not crash it
        if hasattr(stroom, "reconfigure"):
            stroom.reconfigure(errors="replace")
    code = _draai()
    try:
        sys.stdout.flush()
    except OSError as e:  # /dev/full, say: the exit would try again, and tell of it in its own way
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - closed by the exit
        if code == 0 and not isinstance(e, BrokenPipeError):
            typer.echo(f"fout: {_schijf(e)}", err=True)
            code = 1
    raise SystemExit(code)
