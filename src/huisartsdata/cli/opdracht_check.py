"""`huisartsdata check`: verify the data, or the figures."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huisartsdata.cli.groep import Opdracht, app
from huisartsdata.cli.opdracht_run import keur_vraag, meld_verdwenen
from huisartsdata.cli.voortgang import toon_voortgang
from huisartsdata.fouten import HuisartsdataFout, ParameterFout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huisartsdata.werk.werkcontrole import Oordeel


@app.command(cls=Opdracht)
def check(
    map_: Annotated[
        Path | None, typer.Argument(metavar="MAP", help="Map met figuren, bij --figures; standaard figures.")
    ] = None,
    *,
    peiljaar: Annotated[
        int | None, typer.Option("--peiljaar", metavar="JAAR", help="Peiljaar van de snapshot.")
    ] = None,
    figures: Annotated[
        bool, typer.Option("--figures", help="Maak de figuren opnieuw in een tijdelijke map en vergelijk.")
    ] = False,
    snel: Annotated[
        bool,
        typer.Option("--snel", help="Met --figures: alleen de hashes in het manifest, zonder te draaien."),
    ] = False,
    gebied: Annotated[
        str | None,
        typer.Option("--gebied", metavar="GEBIED", help="Met --figures: de keuze waarmee de map is gemaakt."),
    ] = None,
    bestand: Annotated[
        list[Path] | None, typer.Option("--bestand", metavar="PAD", help="Idem: de levering. Mag vaker.")
    ] = None,
    norm: Annotated[str | None, typer.Option("--norm", metavar="N", help="Idem.")] = None,
    functie: Annotated[str | None, typer.Option("--functie", metavar="F", help="Idem.")] = None,
    gebieden: Annotated[Path | None, typer.Option("--gebieden", metavar="PAD", help="Idem.")] = None,
    landelijk: Annotated[float | None, typer.Option("--landelijk", metavar="FTE", help="Idem.")] = None,
    notebooks: Annotated[
        Path | None, typer.Option("--notebooks", metavar="MAP", help="Met --figures: map met notebooks.")
    ] = None,
    processen: Annotated[
        int, typer.Option("--processen", metavar="N", min=1, max=64, help="Notebooks tegelijk.")
    ] = 2,
) -> None:
    """Controleer de gegevens: hashes, contracten, totalen en koppelingen. Of, met --figures, de figuren."""
    if not figures:
        anders: dict[str, object] = {
            "MAP": map_,
            "--snel": snel,
            "--gebied": gebied,
            "--bestand": bestand,
            "--norm": norm,
        }
        anders |= {
            "--functie": functie,
            "--gebieden": gebieden,
            "--landelijk": landelijk,
            "--notebooks": notebooks,
        }
        if mis := [naam for naam, w in anders.items() if w]:
            raise ParameterFout(f"{', '.join(mis)} hoort bij --figures; geef dat ook op")
        _gegevens(peiljaar)
        return
    from huisartsdata.werk import werkcontrole
    from huisartsdata.werk.werkboek import vraagstand
    from huisartsdata.werk.werkvraag import Werkvraag

    map_ = map_ or Path("figures")
    if snel:
        _vertel(list(werkcontrole.vergelijk_met_manifest(map_)), map_, notebooks)
        return
    werkcontrole.lees_bestaand(map_)  # what cannot be compared is said before anything runs
    vraag = Werkvraag(gebied, tuple(bestand or ()), norm, functie, gebieden, peiljaar, landelijk)
    gevraagd = vraagstand(vraag)
    if not vraag.leeg:
        vraag, _ = keur_vraag(vraag, map_)
    with toon_voortgang() as meld:
        oordelen = list(
            werkcontrole.vergelijk_met_herbouw(
                map_, notebooks=notebooks, vraag=vraag, gevraagd=gevraagd, processen=processen, meld=meld
            )
        )
    _vertel(oordelen, map_, notebooks)


def _gegevens(peiljaar: int | None) -> None:
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


def _vertel(oordelen: Sequence[Oordeel], map_: Path, notebooks: Path | None) -> None:
    """One line per file, then the count; a file that differs or lacks is a failure."""
    from huisartsdata.uitvoer.opmaak import clean
    from huisartsdata.werk.werkcontrole import ANDERS, ONTBREEKT, herstel_met, verdwenen
    from huisartsdata.werk.werkmap import notebookmap

    telling: Counter[str] = Counter()
    for o in oordelen:
        telling[o.uitslag] += 1
        uitleg = f" ({o.uitleg})" if o.uitleg else ""
        typer.echo(f"{o.uitslag}: {clean(o.bestand)}{uitleg}")
    som = ", ".join(f"{aantal} {uitslag}" for uitslag, aantal in sorted(telling.items()))
    meld_verdwenen(verdwenen(map_, notebooks), map_, notebooks or notebookmap())
    if telling[ANDERS] or telling[ONTBREEKT]:
        opdracht = clean(herstel_met(map_, oordelen, notebooks))
        raise HuisartsdataFout(f"{map_}: {som}; draai '{opdracht}' om te herstellen")
    typer.echo(f"{map_}: {som}")
