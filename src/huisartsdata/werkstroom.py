"""Run the notebooks headless, each in a fresh kernel, and collect what they write to the figure folder."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from huisartsdata.fouten import BronFout, NotebookFout

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import nbformat

    from huisartsdata.werkkeuze import Keuze
    from huisartsdata.werkvraag import Werkvraag

FIGUURVARIABELE = "HUISARTSDATA_FIGUREN"
SCHEDULERVARIABELE = "HUISARTSDATA_SCHEDULER"
_OORZAKEN = {
    errno.EACCES: "geen toegang",
    errno.EPERM: "geen toegang",
    errno.EROFS: "alleen lezen",
    errno.ENOSPC: "de schijf is vol",
    errno.ENOENT: "bestaat niet",
    errno.EEXIST: "dit is een bestand en geen map",
    errno.ENOTDIR: "dit is een bestand en geen map",
    errno.EISDIR: "dit is een map en geen bestand",
    errno.ENAMETOOLONG: "de naam is te lang",
}
EIGEN_REGIO = "06_eigen_regio"  # the notebook that is about whatever area is asked
_KEUZE = re.compile(r"\bkeuze\(")
MAX_SECONDEN_PER_CEL = 600  # the slowest cell takes well under a minute; ten times more is a hang


@dataclass(frozen=True)
class Uitkomst:
    """What running one notebook gave: number of cells and the files it wrote."""

    notebook: str
    cellen: int
    bestanden: tuple[str, ...]


def notebookmap() -> Path:
    """Folder of the notebooks that ship with the package, or of the checkout."""
    pakket = Path(__file__).resolve().parent
    ingebouwd = pakket / "notebooks"
    return ingebouwd if ingebouwd.is_dir() else pakket.parents[1] / "notebooks"


def oorzaak(fout: OSError) -> str:
    """Why the system refused a file, in Dutch.

    >>> oorzaak(PermissionError(13, "Permission denied"))
    'geen toegang'
    """
    return _OORZAKEN.get(fout.errno or 0, fout.strerror or type(fout).__name__)


def _maak_map(pad: Path) -> Path:
    try:
        pad.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise BronFout(f"de map {pad} is niet te gebruiken ({oorzaak(e)}); kies een andere map") from e
    return pad


def figuurmap() -> Path:
    """Where figures go: the folder in `HUISARTSDATA_FIGUREN`, else `figures/` here (made when needed)."""
    return _maak_map(Path(os.environ.get(FIGUURVARIABELE) or "figures").resolve())


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
    from huisartsdata.werkkeuze import lees_keuze
    from huisartsdata.werkvraag import Werkvraag

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
    return replace(gekozen, uit=figuurmap() if gevraagd.gebied else _maak_map(gekozen.uit))


def heeft_keuze(pad: Path) -> bool:
    """Whether a notebook takes its area and norm from `keuze`, and so listens to the command line.

    Raises
    ------
    NotebookFout
        When the file is no notebook.
    """
    cellen = _lees_boek(pad).cells
    return any(c.cell_type == "code" and _KEUZE.search("".join(c.source)) for c in cellen)


def notebooks(bron: Path | None = None) -> list[Path]:
    """The numbered notebooks, in order."""
    bron = bron or notebookmap()
    gevonden = sorted(p for p in bron.glob("[0-9][0-9]_*.ipynb"))
    if not gevonden:
        raise BronFout(f"geen notebooks gevonden in {bron}; geef de map op met --notebooks")
    return gevonden


def neem_mee(doel: Path) -> list[Path]:
    """Copy the notebooks into a working folder; a file that is there already stays as it is."""
    _maak_map(doel)
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


def voer_uit(
    pad: Path,
    uit: Path,
    *,
    meld: Callable[[int, int], None] | None = None,
    scheduler: str | None = None,
    vraag: Werkvraag | None = None,
) -> Uitkomst:
    """Execute one notebook; its figures and tables go to `uit`.

    Parameters
    ----------
    pad
        The notebook; the file itself is not changed.
    uit
        Folder for figures and tables.
    meld
        Called with (cells done, cells in all) after every cell.
    scheduler
        Address of a dask scheduler that the notebook's draws go to.
    vraag
        Area, deliveries, norm and functie for the notebook's `keuze`; without it the notebook's own.

    Raises
    ------
    NotebookFout
        When the file is no notebook, or a cell fails, with its number and the error.
    BronFout
        When `uit` cannot be used as a folder.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from huisartsdata.uitvoer.schuiven import ZONDER_SCHERM
    from huisartsdata.werkvraag import VARIABELEN, Werkvraag

    boek = _lees_boek(pad)
    _maak_map(uit)
    voor = {p: p.stat().st_mtime_ns for p in uit.rglob("*") if p.is_file()}
    totaal = len(boek.cells)

    def klaar(*, cell_index: int, **_: object) -> None:
        if meld:
            meld(cell_index + 1, totaal)

    client = NotebookClient(
        boek,
        timeout=MAX_SECONDEN_PER_CEL,
        kernel_name="python3",
        record_timing=False,
        # the kernel warns on every start that its loopback traffic is not encrypted
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(pad.parent)}},
        on_cell_complete=klaar,
    )
    omgeving = {
        # what a user's shell holds is no choice for this run
        **{naam: w for naam, w in os.environ.items() if naam not in VARIABELEN.values()},
        **(vraag or Werkvraag()).omgeving(),
        ZONDER_SCHERM: "1",
        FIGUURVARIABELE: str(uit.resolve()),
        **({SCHEDULERVARIABELE: scheduler} if scheduler else {}),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }
    try:
        client.execute(env=omgeving)
    except CellExecutionError as e:
        raise NotebookFout(_melding(pad, boek, f"{e.ename}: {e.evalue}")) from e
    except (CellTimeoutError, DeadKernelError) as e:
        raise NotebookFout(_melding(pad, boek, str(e).splitlines()[0])) from e
    if meld:  # a notebook that ends in text is complete too
        meld(totaal, totaal)
    na = sorted(p for p in uit.rglob("*") if p.is_file() and voor.get(p) != p.stat().st_mtime_ns)
    return Uitkomst(pad.name, totaal, tuple(p.relative_to(uit).as_posix() for p in na))


def _lees_boek(pad: Path) -> nbformat.NotebookNode:
    import nbformat

    try:
        boek: nbformat.NotebookNode = nbformat.read(pad, as_version=4)  # type: ignore[no-untyped-call]
    except OSError as e:
        raise NotebookFout(f"{pad.name} is niet te lezen ({oorzaak(e)})") from e
    except Exception as e:  # what broken json and old versions raise shares no base class
        raise NotebookFout(
            f"{pad.name} is geen leesbaar notebook; zet het oorspronkelijke bestand terug of haal het weg"
        ) from e
    return boek


def _melding(pad: Path, boek: nbformat.NotebookNode, oorzaak: str) -> str:
    gedaan = [i for i, c in enumerate(boek.cells, 1) if c.cell_type == "code" and c.get("execution_count")]
    cel = gedaan[-1] if gedaan else 1
    return f"{pad.name} stopte in cel {cel}: {oorzaak.strip()}"
