"""`huisartsdata refresh`: bring new figures or boundaries in and lay a snapshot of them beside the old."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.fouten import ParameterFout

LOGBESTAND = "verversen.log"


@app.command(cls=Opdracht)
def refresh(
    *,
    bron: Annotated[
        str,
        typer.Argument(metavar="BRON", help="cbs (kerncijfers en gebieden van StatLine) of pdok (grenzen)."),
    ],
    peiljaar: Annotated[
        int | None,
        typer.Option("--peiljaar", metavar="JAAR", help="Peiljaar; anders het nieuwste dat er is."),
    ] = None,
    droog: Annotated[
        bool, typer.Option("--dry-run", help="Laat zien wat er zou veranderen en schrijf niets.")
    ] = False,
    adres: Annotated[
        str | None,
        typer.Option(
            "--adres", metavar="URL", help="Adres van de server, of HUISARTSDATA_CBS en HUISARTSDATA_PDOK."
        ),
    ] = None,
    tabel: Annotated[
        list[str] | None,
        typer.Option(
            "--tabel",
            metavar="SOORT=NUMMER",
            help="Ander tabelnummer: kerncijfers, gebieden, nabijheid of leeftijd. Mag vaker.",
        ),
    ] = None,
    wachttijd: Annotated[
        float | None, typer.Option("--wachttijd", metavar="S", help="Seconden zonder gegevens.")
    ] = None,
    termijn: Annotated[
        float | None, typer.Option("--termijn", metavar="S", help="Seconden voor één antwoord.")
    ] = None,
    pogingen: Annotated[
        int | None, typer.Option("--pogingen", metavar="N", help="Pogingen per vraag.")
    ] = None,
    logbestand: Annotated[
        Path | None,
        typer.Option(
            "--logbestand", metavar="PAD", help="Logbestand; anders verversen.log in de gegevensmap."
        ),
    ] = None,
    notitie: Annotated[
        Path | None,
        typer.Option("--notitie", metavar="PAD", help="Zet het verslag ook achter aan dit bestand."),
    ] = None,
    figuren: Annotated[
        Path,
        typer.Option("--figuren", metavar="MAP", help="Map met figuren en brieven die kunnen veranderen."),
    ] = Path("figures"),
) -> None:
    """Haal nieuwe gegevens op en zet ze als nieuwe snapshot naast de oude.

    De nieuwe snapshot komt in de gegevensmap (HUISARTSDATA_DATA) en vervangt nooit een oude. Breekt het
    ophalen af, draai de opdracht dan opnieuw: wat al binnen is, wordt niet nog eens opgehaald.
    """
    from rich.console import Console

    from huisartsdata import verversen
    from huisartsdata.bronnen.catalogus import gebruikersmap
    from huisartsdata.bronnen.ophalen import Verbinding

    if bron not in verversen.BRONNEN:
        raise ParameterFout(f"onbekende bron {bron!r:.30}; kies cbs of pdok")
    tabellen = dict(_tabel(t) for t in tabel or ())
    bestaand = _lees_notitie(notitie)
    v = Verbinding.uit_omgeving(**{bron: adres}, wachttijd=wachttijd, termijn=termijn, pogingen=pogingen)
    if logbestand is None and not droog:
        logbestand = gebruikersmap() / LOGBESTAND
    with _log(logbestand), Console(stderr=True).status(f"{bron}: begin") as stand:

        def meld(wat: str) -> None:
            stand.update(f"{bron}: {wat.rpartition('|')[2][:70]}")

        uit = verversen.ververs(
            bron, peiljaar=peiljaar, droog=droog, verbinding=v, tabellen=tabellen, figuren=figuren, meld=meld
        )
    if uit.rapport:
        typer.echo(uit.rapport)
        if notitie is not None:
            from huisartsdata.bronnen.schrijfveilig import vervang

            lager = "\n".join(f"#{r}" if r.startswith("#") else r for r in uit.rapport.splitlines())
            vervang(notitie, f"{bestaand}{lager}\n".encode())
    typer.echo(uit.melding)


def _lees_notitie(pad: Path | None) -> str:
    """What stands in the file that the report goes to, before anything is fetched for it."""
    if pad is None or not pad.exists():
        return ""
    try:
        return pad.read_text(encoding="utf-8").rstrip() + "\n\n"
    except (OSError, UnicodeDecodeError) as e:
        raise ParameterFout(f"--notitie {pad} is geen leesbaar tekstbestand; kies een ander bestand") from e


def _tabel(opgave: str) -> tuple[str, str]:
    soort, _, nummer = opgave.partition("=")
    if not soort or not nummer.isalnum():
        raise ParameterFout(f"--tabel {opgave!r:.40} klopt niet; geef bijvoorbeeld kerncijfers=85984NED")
    return soort, nummer


@contextmanager
def _log(pad: Path | None) -> Iterator[None]:
    """Write what happens to a file; without one only warnings stay silent too."""
    from huisartsdata.bronnen.schrijfveilig import schrijffouten

    logboek = logging.getLogger("huisartsdata.verversen")
    logboek.propagate = False
    hand: logging.Handler = logging.NullHandler()
    if pad is not None:
        with schrijffouten(pad.parent):
            pad.parent.mkdir(parents=True, exist_ok=True)
            hand = logging.FileHandler(pad, encoding="utf-8")
        hand.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logboek.setLevel(logging.INFO)
    logboek.addHandler(hand)
    # the retry library announces each wait on its own; ours says it in the log
    stamina = logging.getLogger("stamina")
    niveau = stamina.level
    stamina.setLevel(logging.CRITICAL)
    try:
        yield
    except Exception:
        logboek.exception("gestopt")
        raise
    finally:
        logboek.removeHandler(hand)
        hand.close()
        stamina.setLevel(niveau)
