"""Run the notebooks headless, each in a fresh kernel, and collect what they write to the figure folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from huisartsdata.fouten import BronFout, HuisartsdataFout

if TYPE_CHECKING:
    import nbformat

FIGUURVARIABELE = "HUISARTSDATA_FIGUREN"
MAX_SECONDEN_PER_CEL = 600  # the slowest cell takes well under a minute; ten times more is a hang


class NotebookFout(HuisartsdataFout, RuntimeError):
    """A notebook stopped; the message names notebook, cell and cause."""


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


def figuurmap() -> Path:
    """Where figures go: the folder in `HUISARTSDATA_FIGUREN`, else `figures/` here (made when needed)."""
    pad = Path(os.environ.get(FIGUURVARIABELE) or "figures").resolve()
    pad.mkdir(parents=True, exist_ok=True)
    return pad


def notebooks(bron: Path | None = None) -> list[Path]:
    """The numbered notebooks, in order."""
    bron = bron or notebookmap()
    gevonden = sorted(p for p in bron.glob("[0-9][0-9]_*.ipynb"))
    if not gevonden:
        raise BronFout(f"geen notebooks gevonden in {bron}; geef de map op met --notebooks")
    return gevonden


def neem_mee(doel: Path) -> list[Path]:
    """Copy the notebooks into a working folder; a file that is there already stays as it is."""
    doel.mkdir(parents=True, exist_ok=True)
    uit = []
    for pad in notebooks():
        nieuw = doel / pad.name
        if not nieuw.exists():
            shutil.copyfile(pad, nieuw)
        uit.append(nieuw)
    return uit


def voer_uit(pad: Path, uit: Path, *, meld: Callable[[int, int], None] | None = None) -> Uitkomst:
    """Execute one notebook; its figures and tables go to `uit`.

    Parameters
    ----------
    pad
        The notebook; the file itself is not changed.
    uit
        Folder for figures and tables.
    meld
        Called with (cells done, cells in all) after every cell.

    Raises
    ------
    NotebookFout
        When a cell fails, with its number and the error.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    uit.mkdir(parents=True, exist_ok=True)
    voor = {p: p.stat().st_mtime_ns for p in uit.rglob("*") if p.is_file()}
    boek: nbformat.NotebookNode = nbformat.read(pad, as_version=4)  # type: ignore[no-untyped-call]
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
        **os.environ,
        FIGUURVARIABELE: str(uit.resolve()),
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


def _melding(pad: Path, boek: nbformat.NotebookNode, oorzaak: str) -> str:
    gedaan = [i for i, c in enumerate(boek.cells, 1) if c.cell_type == "code" and c.get("execution_count")]
    cel = gedaan[-1] if gedaan else 1
    return f"{pad.name} stopte in cel {cel}: {oorzaak.strip()}"
