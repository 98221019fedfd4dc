"""Folders and files of a run: where notebooks and figures are, and writing that is never half done."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from huisartsdata.fouten import BronFout, ParameterFout

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


def notebookmap() -> Path:
    """Folder of the notebooks that ship with the package, or of the checkout."""
    pakket = Path(__file__).resolve().parents[1]
    ingebouwd = pakket / "notebooks"
    return ingebouwd if ingebouwd.is_dir() else pakket.parents[1] / "notebooks"


def notebooks(bron: Path | None = None) -> list[Path]:
    """The numbered notebooks, in order.

    Raises
    ------
    BronFout
        When there are none.
    """
    bron = bron or notebookmap()
    gevonden = sorted(p for p in bron.glob("[0-9][0-9]_*.ipynb"))
    if not gevonden:
        raise BronFout(f"geen notebooks gevonden in {bron}; geef de map op met --notebooks")
    return gevonden


def oorzaak(fout: OSError) -> str:
    """Why the system refused a file, in Dutch.

    >>> oorzaak(PermissionError(13, "Permission denied"))
    'geen toegang'
    """
    return _OORZAKEN.get(fout.errno or 0, fout.strerror or type(fout).__name__)


def maak_map(pad: Path) -> Path:
    """A folder, made when it is not there.

    Raises
    ------
    BronFout
        When it cannot be one.
    """
    try:
        pad.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        raise BronFout(f"de map {pad} is niet te gebruiken ({oorzaak(e)}); kies een andere map") from e
    return pad


def keur_gewoon_bestand(pad: Path) -> None:
    """Refuse what is there and is no ordinary file: reading a device or a pipe may never end.

    Raises
    ------
    ParameterFout
        For a folder, device or pipe.
    """
    try:
        if not pad.exists() or pad.is_file():
            return
    except (OSError, ValueError):  # a name that is none, or a folder that may not be entered
        return
    raise ParameterFout(
        f"{pad} is geen bestand maar een map, apparaat of pijp; geef het pad van een bestand op"
    )


def schrijf_in_een_keer(pad: Path, inhoud: bytes) -> None:
    """Write a file so that whoever stops this finds the old file or the new one, never half of it."""
    maak_map(pad.parent)
    with tempfile.NamedTemporaryFile(dir=pad.parent, prefix=".", suffix=".deel", delete=False) as f:
        deel = Path(f.name)
        try:
            f.write(inhoud)
            f.flush()
            os.fsync(f.fileno())
        except BaseException:
            f.close()
            deel.unlink(missing_ok=True)
            raise
    try:
        deel.chmod(0o644)  # a temporary file is for its owner only
        deel.replace(pad)
    except OSError:
        deel.unlink(missing_ok=True)
        raise
