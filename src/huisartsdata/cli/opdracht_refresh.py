"""`huisartsdata refresh`: bring new figures or boundaries in and lay a snapshot of them beside the old."""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.werk.werkmap import oorzaak

if TYPE_CHECKING:
    from huisartsdata.verversen import Uitkomst

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
        bool,
        typer.Option(
            "--dry-run",
            help="Laat zien wat er zou veranderen en schrijf niets (alleen een --logbestand dat u opgeeft).",
        ),
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
        typer.Option(
            "--notitie",
            metavar="PAD",
            help="Zet het verslag ook achter aan dit bestand; is er niets veranderd, dan dat van de snapshot "
            "die er al is.",
        ),
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
    for server in verversen.BRONNEN:
        _keur_adres(server, adres if server == bron else None)
    if notitie is not None:
        _keur_notitie(notitie)
    v = Verbinding.uit_omgeving(**{bron: adres}, wachttijd=wachttijd, termijn=termijn, pogingen=pogingen)
    with (
        _log(logbestand, None if droog else gebruikersmap()),
        Console(stderr=True).status(f"{bron}: begin") as stand,
    ):

        def meld(wat: str) -> None:
            stand.update(f"{bron}: {wat.rpartition('|')[2][:70]}")

        uit = verversen.ververs(
            bron, peiljaar=peiljaar, droog=droog, verbinding=v, tabellen=tabellen, figuren=figuren, meld=meld
        )
    _toon(uit, notitie, droog=droog)


def _toon(uit: Uitkomst, notitie: Path | None, *, droog: bool) -> None:
    """Print what was done. The note is written first: who reads along (`| head`) may close the output early."""
    rapport, regels, mislukt = uit.rapport, [uit.melding], None
    if notitie is not None:
        rapport = rapport or _bewaard_verslag(uit.versie)
        try:
            regels.append(_noteer(notitie, rapport, uit, droog=droog))
        except (OSError, UnicodeError) as e:
            mislukt = e
    if uit.rapport or (droog and rapport):
        typer.echo(rapport)
    typer.echo("\n".join(regels))
    if mislukt is not None:
        from huisartsdata.bronnen.catalogus import RAPPORT

        # the disk's own words, without the advice about the data folder: nothing is wrong there
        waarom = mislukt.__cause__ if isinstance(mislukt, BronFout) else mislukt
        ook = f" en staat in {uit.map / RAPPORT}" if uit.map is not None else ""
        raise BronFout(
            f"{uit.melding}, maar het verslag kon niet aan {notitie} worden toegevoegd ({_reden(waarom)}); het "
            f"staat hierboven{ook}. Herstel dat en draai dezelfde opdracht opnieuw: die voegt alleen het verslag toe"
            if uit.rapport
            else f"het verslag van snapshot {uit.versie} kon niet aan {notitie} worden toegevoegd ({_reden(waarom)}); "
            "kies een ander bestand"
        ) from mislukt


def _noteer(pad: Path, rapport: str, uit: Uitkomst, *, droog: bool) -> str:
    """Add a report to the notes, its headings one level lower; gives what to say about it."""
    from huisartsdata.bronnen.schrijfveilig import vervang

    if not rapport:
        van = f"snapshot {uit.versie} heeft geen verslag" if uit.versie else "er is nog geen verslag"
        return f"{pad} is niet gewijzigd: {van}"
    lager = "\n".join(f"#{r}" if r.startswith("#") else r for r in rapport.splitlines())
    bestaand = _lees_notitie(
        pad
    )  # as it is now: a download takes minutes, and somebody may have written in it
    # a report that was published before is not added twice
    if not uit.rapport and lager.partition("\n")[0] in bestaand.splitlines():
        return f"{pad} is niet gewijzigd: het verslag van snapshot {uit.versie} staat er al in"
    if droog:
        return f"{pad} is niet gewijzigd; zonder --dry-run komt dit verslag erachter"
    vervang(Path(os.path.realpath(pad)), f"{bestaand}{lager}\n".encode())
    return f"het verslag van snapshot {uit.versie} is toegevoegd aan {pad}"


def _bewaard_verslag(versie: str) -> str:
    """The report in the folder of a snapshot that is there; empty when there is none (the embedded one)."""
    from huisartsdata.bronnen import catalogus

    if not (jaar := re.match(r"\d{4}", versie)):
        return ""
    s = catalogus.snapshot(int(jaar[0]))
    try:
        return (s.map / catalogus.RAPPORT).read_text(encoding="utf-8") if s.versie == versie else ""
    except (OSError, UnicodeError):
        return ""


def _keur_adres(server: str, adres: str | None) -> None:
    """Refuse a name or password in an address, without repeating it: addresses go into snapshots and kept parts.

    `Verbinding` does so for who works in Python; here the option or setting has a name. Any @ counts: of an
    address that is malformed as well, nobody can say which part the password is.
    """
    from huisartsdata.bronnen.ophalen import OMGEVING

    variabele = f"{OMGEVING}{server.upper()}"
    if "@" in (os.environ.get(variabele, "") if adres is None else adres):
        waar = variabele if adres is None else "--adres"
        raise ParameterFout(
            f"het adres in {waar} bevat een @, dus een gebruikersnaam of wachtwoord, en een adres komt in de snapshot "
            "te staan; geef het zonder en zet die in het bestand .netrc"
        )


def _keur_notitie(pad: Path) -> None:
    """Refuse, before anything is fetched, a file that the report cannot be added to."""
    try:
        bestaat = pad.exists()
        if bestaat and not pad.is_file():
            raise ParameterFout(f"--notitie {pad} is geen leesbaar tekstbestand; kies een ander bestand")
        _lees_notitie(pad)
        if bestaat and not os.access(pad, os.W_OK):
            raise PermissionError("geen schrijfrecht")
        plek = Path(os.path.realpath(pad)).parent
        while not (plek.exists() or plek == plek.parent):
            plek = plek.parent
        with tempfile.TemporaryFile(dir=plek):  # has no name, or is gone again
            pass
    except UnicodeError as e:
        raise ParameterFout(f"--notitie {pad} is geen leesbaar tekstbestand; kies een ander bestand") from e
    except OSError as e:
        raise ParameterFout(
            f"--notitie {pad}: daar kan niet worden geschreven ({_reden(e)}); er is nog niets opgehaald. Kies een "
            "ander bestand"
        ) from e


def _lees_notitie(pad: Path) -> str:
    """What stands in the file that the report goes to, with an empty line below it."""
    tekst = pad.read_text(encoding="utf-8").rstrip() if pad.exists() else ""
    return tekst and f"{tekst}\n\n"


def _reden(fout: BaseException | None) -> str:
    if isinstance(fout, UnicodeError):
        return "geen leesbaar tekstbestand"
    return oorzaak(fout) if isinstance(fout, OSError) and fout.strerror else str(fout)


def _tabel(opgave: str) -> tuple[str, str]:
    soort, _, nummer = opgave.partition("=")
    if not soort or not nummer.isalnum():
        raise ParameterFout(f"--tabel {opgave!r:.40} klopt niet; geef bijvoorbeeld kerncijfers=85984NED")
    return soort, nummer


class _Logbestand(logging.FileHandler):
    """A log that may fail, when its disk is full say, without a word and without stopping what it tells of."""

    def __init__(self, pad: Path) -> None:
        self.mislukt: OSError | None = None
        super().__init__(pad, encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        if self.mislukt is None:
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - the name is logging's
        fout = sys.exc_info()[1]
        self.mislukt = fout if isinstance(fout, OSError) else None

    def close(self) -> None:
        try:
            super().close()
        except OSError as e:
            self.mislukt = self.mislukt or e


@contextmanager
def _log(pad: Path | None, gegevens: Path | None) -> Iterator[None]:
    """Write what happens to a file, else to one in the data folder; without either, warnings stay silent too."""
    from huisartsdata.bronnen.schrijfveilig import schrijffouten

    logboek = logging.getLogger("huisartsdata.verversen")
    logboek.propagate = False
    hand: logging.Handler = logging.NullHandler()
    doel = gegevens and gegevens / LOGBESTAND if pad is None else pad
    if pad is not None:
        try:
            pad.parent.mkdir(parents=True, exist_ok=True)
            hand = _Logbestand(pad)
        except OSError as e:
            raise ParameterFout(
                f"--logbestand {pad}: daar kan niet worden geschreven ({_reden(e)}); kies een ander bestand"
            ) from e
    elif gegevens is not None:
        with schrijffouten(gegevens):
            gegevens.mkdir(parents=True, exist_ok=True)
            hand = _Logbestand(gegevens / LOGBESTAND)
    if doel is not None:
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
    # who failed has one line already, and it tells of a full disk if that was why
    if isinstance(hand, _Logbestand) and hand.mislukt is not None:
        typer.echo(
            f"let op: het logbestand {doel} is niet volledig ({_reden(hand.mislukt)}); dat hield niets tegen",
            err=True,
        )
