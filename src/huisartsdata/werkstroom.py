"""What notebooks and the command line build on: folders, the choice of area, running one notebook.

The parts stand in modules of their own: `werkmap` (folders), `werkboek` (one notebook), `werkmanifest` and
`werkreeks` (what has changed, and running that).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from huisartsdata.fouten import BronFout, NotebookFout
from huisartsdata.werk.werkboek import MAX_SECONDEN_PER_CEL, Uitkomst, voer_uit
from huisartsdata.werk.werkmap import (
    FIGUURVARIABELE,
    SCHEDULERVARIABELE,
    maak_map,
    notebookmap,
    notebooks,
    oorzaak,
)
from huisartsdata.werk.werkstand import bron, lees_cellen

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from huisartsdata.werk.werkkeuze import Keuze

__all__ = [
    "EIGEN_REGIO",
    "FIGUURVARIABELE",
    "MAX_SECONDEN_PER_CEL",
    "SCHEDULERVARIABELE",
    "NotebookFout",
    "Uitkomst",
    "executor",
    "figuurmap",
    "heeft_keuze",
    "keuze",
    "neem_mee",
    "notebookmap",
    "notebooks",
    "oorzaak",
    "voer_uit",
]

EIGEN_REGIO = "06_eigen_regio"  # the notebook that is about whatever area is asked
_KEUZE = re.compile(r"\bkeuze\(")


def figuurmap() -> Path:
    """Where figures go: the folder in `HUISARTSDATA_FIGUREN`, else `figures/` here (made when needed).

    Warns (`VerouderdWaarschuwing`) when figures in it are older than the data in force.
    """
    from huisartsdata.uitvoer.ouderdom import waarschuw

    map_ = maak_map(Path(os.environ.get(FIGUURVARIABELE) or "figures").resolve())
    waarschuw(map_)
    return map_


def executor() -> Executor | None:
    """The executor for draws in a notebook: on the cluster of `run --scheduler`, else None (this machine)."""
    adres = os.environ.get(SCHEDULERVARIABELE)
    if not adres:
        return None
    import atexit
    from contextlib import ExitStack

    from huisartsdata.cluster import maak_executor

    stapel = ExitStack()
    atexit.register(stapel.close)  # a notebook has no end to close it at
    return stapel.enter_context(maak_executor(adres))


def keuze(
    standaard: str | None = "gemeente:Enschede",
    *,
    bestanden: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    norm: float | str | None = None,
    functie: str | None = None,
    gebieden: str | os.PathLike[str] | None = None,
    peiljaar: int | None = None,
    landelijk: float | None = None,
) -> Keuze:
    """What a notebook is about: its arguments, unless `huisartsdata run` was told otherwise.

    The arguments are the notebook's own choice, which an analyst edits. What stands on the command line of
    `run` comes before them: ``--norm`` and ``--functie`` each on its own, and with another ``--gebied`` also
    its files, for deliveries belong to an area.

    Parameters
    ----------
    standaard
        Code, gemeente name, ``soort:naam``, several gemeenten or wijken joined by commas, or ``eigen:NAAM``.
        None takes the area that the delivered supply covers.
    bestanden
        Deliveries: files of `read_nivel`, `read_praktijken` or `read_vektis`, told apart by their columns. A
        practice list has to cover the gemeenten of the area entirely.
    norm
        People per fte, or ``landelijk``; default the norm in the tariff, 2,095.
    functie
        Which GPs count, also in files that do not say so: ``alle`` or ``zonder_wisselend`` (the default, but
        a file that does not say it then asks for it).
    gebieden
        File with the user's own regions, for ``eigen:NAAM``.
    peiljaar
        Year of the municipal map that the files are of.
    landelijk
        National fte, when a complete delivery adds up to something else than the published total.

    Returns
    -------
    Keuze
        `uit` exists: the folder of the run, or `figuurmap()` with a folder for the area.

    Raises
    ------
    HuisartsdataFout
        With what is wrong and what to do.
    """
    from huisartsdata.werk.werkkeuze import lees_keuze
    from huisartsdata.werk.werkvraag import Werkvraag

    los = [bestanden] if isinstance(bestanden, str | os.PathLike) else bestanden
    eigen = Werkvraag(
        gebied=standaard,
        bestanden=tuple(Path(pad) for pad in los),
        norm=norm,
        functie=functie,
        gebieden=None if gebieden is None else Path(gebieden),
        peiljaar=peiljaar,
        landelijk=landelijk,
    )
    gevraagd = Werkvraag.from_omgeving(os.environ)
    gekozen = lees_keuze(gevraagd.aangevuld(eigen), figuurmap())
    # the folder of a run for one area is that area's already
    return replace(gekozen, uit=figuurmap() if gevraagd.gebied else maak_map(gekozen.uit))


def heeft_keuze(pad: Path) -> bool:
    """Whether a notebook takes its area and norm from `keuze`, and so listens to the command line.

    Raises
    ------
    NotebookFout
        When the file is no notebook.
    """
    return any(c["cell_type"] == "code" and _KEUZE.search(bron(c)) for c in lees_cellen(pad))


def neem_mee(doel: Path) -> list[Path]:
    """Copy the notebooks into a working folder; a file that is there already stays as it is."""
    maak_map(doel)
    uit = []
    for pad in notebooks():
        nieuw = doel / pad.name
        if not nieuw.exists():
            try:
                shutil.copyfile(pad, nieuw)
            except OSError as e:
                raise BronFout(f"{nieuw} is niet te schrijven ({oorzaak(e)}); kies een andere map") from e
        uit.append(nieuw)
    return uit
