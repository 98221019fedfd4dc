"""Run one notebook in a kernel of its own: figures, tables, a page, and what it was all made from."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.catalogus import MAPVARIABELE, bestandshash, gebruikersmap
from huisartsdata.fouten import NotebookFout
from huisartsdata.leveringen.persoonlijk import toonbare_naam
from huisartsdata.werk.werkkernel import OPNAMEVARIABELE
from huisartsdata.werk.werkmanifest import Boekstand
from huisartsdata.werk.werkmap import (
    FIGUURVARIABELE,
    SCHEDULERVARIABELE,
    keur_gewoon_bestand,
    maak_map,
    notebookmap,
    oorzaak,
)
from huisartsdata.werk.werkmoeder import MPLBACKEND
from huisartsdata.werk.werkopname import lees_opname, zoek_geleverd
from huisartsdata.werk.werkpagina import PAGINAMAP, to_pagina
from huisartsdata.werk.werkstand import boekhash, modulehashes, omgeving, stand_van_zaken, zelfde_stand
from huisartsdata.werk.werkvraag import VARIABELEN, Werkvraag

if TYPE_CHECKING:
    import nbformat

    from huisartsdata.werk.werkmanifest import Manifest
    from huisartsdata.werk.werkmoeder import Moeder

MAX_SECONDEN_PER_CEL = 600  # the slowest cell takes well under a minute; ten times more is a hang
WERKMAP = ".werk-"  # working folders in the figure folder: hidden, gone after the run


@dataclass(frozen=True)
class Uitkomst:
    """What running one notebook gave: number of cells and the files it wrote; `stand` is what from."""

    notebook: str
    cellen: int
    bestanden: tuple[str, ...]
    stand: Boekstand | None = field(default=None, repr=False, compare=False)


class Stopknop:
    """Ends running kernels at once, from another thread."""

    def __init__(self) -> None:
        self.gestopt = False
        self._lopend: set[Any] = set()

    def begin(self, client: Any) -> None:
        """Remember a kernel client while it runs."""
        self._lopend.add(client)

    def einde(self, client: Any) -> None:
        """Forget it."""
        self._lopend.discard(client)

    def stop(self) -> None:
        """Kill every kernel; their clients then raise in their own threads."""
        self.gestopt = True
        for client in list(self._lopend):
            proces = getattr(getattr(getattr(client, "km", None), "provisioner", None), "process", None)
            if proces is not None and proces.poll() is None:
                proces.kill()


def lees_boek(pad: Path) -> nbformat.NotebookNode:
    """Read a notebook file.

    Raises
    ------
    NotebookFout
        When it is none.
    ParameterFout
        When it is no ordinary file.
    """
    import nbformat

    keur_gewoon_bestand(pad)
    try:
        boek: nbformat.NotebookNode = nbformat.read(pad, as_version=4)  # type: ignore[no-untyped-call]
    except OSError as e:
        raise NotebookFout(f"{pad.name} is niet te lezen ({oorzaak(e)})") from e
    except Exception as e:  # what broken json and old versions raise shares no base class
        raise NotebookFout(
            f"{pad.name} is geen leesbaar notebook; zet het oorspronkelijke bestand terug of haal het weg"
        ) from e
    return boek


def vraagstand(vraag: Werkvraag | None) -> dict[str, Any]:
    """A question as the manifest holds it: deliveries by name, hash and place from here, nothing absolute."""
    if vraag is None or vraag.leeg:
        return {}
    los = {n: getattr(vraag, n) for n in ("gebied", "norm", "functie", "peiljaar", "landelijk")}
    uit = {n: w for n, w in los.items() if w is not None}
    if vraag.bestanden:
        uit["bestanden"] = [_levering(p) for p in vraag.bestanden]
    if vraag.gebieden is not None:
        uit["gebieden"] = _levering(vraag.gebieden)
    return uit


def _levering(pad: Path) -> dict[str, str]:
    """Name and hash of a delivery; one that is not there is refused where it is read.

    Raises
    ------
    ParameterFout
        For a folder, or a device or pipe, which need have no end.
    """
    keur_gewoon_bestand(pad)
    try:
        som = bestandshash(pad)
    except OSError:
        som = ""
    return {"naam": toonbare_naam(pad.name, som), "sha256": som}


def voer_uit(
    pad: Path,
    uit: Path,
    *,
    meld: Callable[[int, int], None] | None = None,
    scheduler: str | None = None,
    vraag: Werkvraag | None = None,
) -> Uitkomst:
    """Execute one notebook; its figures and tables go to `uit`, all of them or none.

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
    maak_map(uit)
    with tempfile.TemporaryDirectory(prefix=WERKMAP, dir=uit) as werk:
        uitkomst = draai_boek(pad, Path(werk), meld=meld, scheduler=scheduler, vraag=vraag)
        plaats(Path(werk), uit, uitkomst.bestanden)
    return uitkomst


def draai_boek(
    pad: Path,
    werk: Path,
    *,
    meld: Callable[[int, int], None] | None = None,
    scheduler: str | None = None,
    vraag: Werkvraag | None = None,
    gevraagd: Mapping[str, Any] | None = None,
    knop: Stopknop | None = None,
    moeder: Moeder | None = None,
) -> Uitkomst:
    """Execute one notebook with everything it writes in a working folder of its own.

    Parameters
    ----------
    pad, meld, scheduler, vraag
        As in `voer_uit`.
    werk
        Empty folder.
    gevraagd
        The question as typed, for the manifest; default `vraag`.
    knop
        To end the kernel from another thread.
    moeder
        Process to fork the kernel from.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from huisartsdata.uitvoer.schermen.schuiven import ZONDER_SCHERM

    boek, som = lees_boek(pad), boekhash(pad)
    hashes = modulehashes()  # before the kernel imports: an edit during the run is a change afterwards
    voor = stand_van_zaken()
    stand = vraagstand(vraag) if gevraagd is None else dict(gevraagd)
    geleverd = zoek_geleverd(vraag or Werkvraag(), stand)
    totaal, knop = len(boek.cells), knop or Stopknop()
    map_ = maak_map(werk / "uit")

    def klaar(*, cell_index: int, **_: object) -> None:
        if meld:
            meld(cell_index + 1, totaal)

    client = NotebookClient(
        boek,
        timeout=MAX_SECONDEN_PER_CEL,
        kernel_manager_class=_kernelbeheer(moeder),
        kernel_name="python3",
        record_timing=False,
        # the kernel warns on every start that its loopback traffic is not encrypted
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(pad.parent)}},
        on_cell_complete=klaar,
    )
    opname = werk / "opname.json"
    omg = {
        # what a user's shell holds is no choice for this run
        **{naam: w for naam, w in os.environ.items() if naam not in VARIABELEN.values()},
        **(vraag or Werkvraag()).omgeving(),
        ZONDER_SCHERM: "1",
        FIGUURVARIABELE: str(map_.resolve()),
        OPNAMEVARIABELE: str(opname.resolve()),
        **({SCHEDULERVARIABELE: scheduler} if scheduler else {}),
        "MPLBACKEND": MPLBACKEND,
        # a kernel works in the notebook's folder: a relative path would mean another one there
        **({MAPVARIABELE: str(gebruikersmap())} if os.environ.get(MAPVARIABELE) else {}),
    }
    knop.begin(client)
    try:
        _voer(client, omg)
    except CellExecutionError as e:
        raise NotebookFout(_melding(pad, boek, f"{e.ename}: {e.evalue}")) from e
    except (CellTimeoutError, DeadKernelError) as e:
        raise NotebookFout(_melding(pad, boek, str(e).splitlines()[0])) from e
    finally:
        knop.einde(client)
    if meld:  # a notebook that ends in text is complete too
        meld(totaal, totaal)
    mappen = {
        str(map_.resolve()): "figures",
        str(pad.parent.resolve()): "notebooks",
        str(notebookmap()): "notebooks",
    }
    pagina = map_ / PAGINAMAP / f"{pad.stem}.html"
    maak_map(pagina.parent).joinpath(pagina.name).write_bytes(
        to_pagina(boek, pad.stem, mappen=mappen, vraag=stand)
    )
    bestanden = {
        p.relative_to(map_).as_posix(): bestandshash(p) for p in sorted(map_.rglob("*")) if p.is_file()
    }
    gebruikt = lees_opname(opname, pad, hashes, geleverd)
    return Uitkomst(
        pad.name,
        totaal,
        tuple(bestanden),
        Boekstand(
            notebook=som,
            vraag=stand,
            omgeving=omgeving(),
            cellen=totaal,
            uitvoer=bestanden,
            gemaakt_met=zelfde_stand(voor, stand_van_zaken()),
            **gebruikt,
        ),
    )


def plaats(werk: Path, uit: Path, bestanden: tuple[str, ...] | list[str]) -> None:
    """Move files from the working folder to the figure folder, each in one step."""
    for naam in bestanden:
        doel = uit / naam
        maak_map(doel.parent)
        (werk / "uit" / naam).replace(doel)


def ruim_op(uit: Path) -> None:
    """Remove working folders that a run left which was ended by force."""
    for rest in uit.glob(f"{WERKMAP}*"):
        shutil.rmtree(rest, ignore_errors=True)


def verwijder_vervallen(uit: Path, voor: Manifest, na: Manifest) -> tuple[str, ...]:
    """Remove what a notebook used to write and no longer writes; a file that was edited since stays."""
    weg = []
    for naam, (som, _) in voor.uitvoer.items():
        pad = uit / naam
        # a folder that is a link leads out of the figure folder: what lies there is not ours to remove
        binnen = pad.parent.resolve().is_relative_to(uit.resolve())
        if naam not in na.uitvoer and binnen and pad.is_file() and bestandshash(pad) == som:
            pad.unlink()
            weg.append(naam)
    return tuple(weg)


def _voer(client: Any, omg: Mapping[str, str]) -> None:
    """Run a client on an event loop that is closed afterwards; inside a notebook there is one already."""
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(client.async_execute(env=omg))
    else:
        client.execute(env=omg)


def _kernelbeheer(moeder: Moeder | None) -> type:
    """A kernel manager that starts our kernel, whatever kernels are installed."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class _Spec(KernelSpecManager):
        def get_kernel_spec(self, _kernel_name: str) -> KernelSpec:
            return KernelSpec(
                argv=[sys.executable, "-m", "huisartsdata.werk.werkkernel", "-f", "{connection_file}"],
                display_name="Python 3",
                language="python",
            )

    class _Beheer(AsyncKernelManager):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(kernel_spec_manager=_Spec(), **kwargs)

        async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
            if moeder is None:
                await super()._async_launch_kernel(kernel_cmd, **kw)
                return
            p: Any = self.provisioner
            # interpreter, -m and module are those of the process that is forked
            p.process = moeder.fork(kernel_cmd[3:], omgeving=kw["env"], map_=str(kw.get("cwd") or "."))
            p.pid = p.pgid = p.process.pid
            self._reconcile_connection_info(p.connection_info)

    return _Beheer


def _melding(pad: Path, boek: nbformat.NotebookNode, oorzaak: str) -> str:
    gedaan = [i for i, c in enumerate(boek.cells, 1) if c.cell_type == "code" and c.get("execution_count")]
    cel = gedaan[-1] if gedaan else 1
    return f"{pad.name} stopte in cel {cel}: {oorzaak.strip()}"
