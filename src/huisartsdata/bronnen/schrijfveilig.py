"""Write so that nothing half-written is ever seen: prepare beside, flush to disk, rename once.

A reader sees the old state or the new state. What a killed process leaves is a folder whose name
starts with a dot, which no loader looks into and the next run removes.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from huisartsdata.fouten import BronFout

KLAARZET = ".klaar-"
VERLATEN_NA_S = 24 * 3600.0  # where it cannot be seen whether the process still lives
_VOL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}
# something of another kind is in the way: a file where a folder belongs, or a folder where a file does
_BEZET = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOTEMPTY}
_ONGEWIJZIGD = "de bestaande gegevens zijn ongewijzigd"


class Onderbroken(BronFout):
    """Stopped by the line, the disk or an order of work, not by what the data hold: what came in may be used again."""


@contextmanager
def schrijffouten(plek: Path) -> Iterator[None]:
    """Tell a failing disk in one line: what, and what to do.

    Raises
    ------
    Onderbroken
        For every `OSError` inside.
    """
    try:
        yield
    except BronFout:
        raise
    except OSError as e:
        if e.errno in _VOL:
            raise Onderbroken(
                f"de schijf met {plek} is vol; {_ONGEWIJZIGD}. Maak ruimte en draai de opdracht opnieuw"
            ) from e
        if e.errno in _BEZET:
            wat = e.filename2 or e.filename or plek
            raise Onderbroken(
                f"in {plek} kan niet worden geschreven: bij {wat} staat een map waar een bestand hoort, of andersom; "
                f"{_ONGEWIJZIGD}. Verwijder wat daar staat en draai de opdracht opnieuw"
            ) from e
        raise Onderbroken(
            f"in {plek} kan niet worden geschreven ({e.strerror or e}); {_ONGEWIJZIGD}. "
            "Herstel de rechten of kies een andere map met HUISARTSDATA_DATA"
        ) from e


def schrijf(pad: Path, inhoud: bytes) -> None:
    """Write a new file and flush it to the disk; never over an existing one."""
    with pad.open("xb") as f:
        f.write(inhoud)
        f.flush()
        os.fsync(f.fileno())


def vervang(pad: Path, inhoud: bytes) -> None:
    """Put a file in place at once: readers see the old content or the new, never a part of it."""
    with schrijffouten(pad.parent):
        pad.parent.mkdir(parents=True, exist_ok=True)
        tijdelijk = pad.parent / f"{KLAARZET}{os.getpid()}-{pad.name}"
        tijdelijk.unlink(missing_ok=True)
        try:
            schrijf(tijdelijk, inhoud)
            tijdelijk.replace(pad)
        finally:
            with suppress(OSError):
                tijdelijk.unlink(missing_ok=True)
        _leg_map_vast(pad.parent)


def maak_vrij(pad: Path) -> None:
    """Remove a folder from the place of a file of ours that can be fetched again."""
    if pad.is_dir() and not pad.is_symlink():
        with schrijffouten(pad.parent):
            shutil.rmtree(pad)


@contextmanager
def klaarzetmap(wortel: Path) -> Iterator[Path]:
    """A folder on the same disk to prepare in; what is left in it at the end is removed."""
    with schrijffouten(wortel):
        wortel.mkdir(parents=True, exist_ok=True)
        ruim_op(wortel)
        pad = Path(tempfile.mkdtemp(prefix=f"{KLAARZET}{os.getpid()}-", dir=wortel))
    try:
        yield pad
    finally:
        shutil.rmtree(pad, ignore_errors=True)


@contextmanager
def alleen(map_: Path, *, bezig: str) -> Iterator[None]:
    """Hold a folder for this process while it works there; the system lets go of it, however the process ends.

    Parameters
    ----------
    map_
        An existing folder. Nothing is written in it, except on Windows (a file `.slot`).
    bezig
        What to say when another process holds it.

    Raises
    ------
    BronFout
        When another process holds the folder.
    """
    handvat = _pak(map_)
    if handvat is None:
        raise BronFout(bezig)
    try:
        yield
    finally:
        if handvat >= 0:
            os.close(handvat)


def _pak(map_: Path) -> int | None:
    """A handle that holds the folder, None when another has it, -1 where the disk knows no such hold."""
    if sys.platform == "win32":
        import msvcrt

        handvat = os.open(map_ / ".slot", os.O_RDWR | os.O_CREAT)
        try:
            msvcrt.locking(handvat, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(handvat)
            return None
        return handvat
    import fcntl

    handvat = os.open(map_, os.O_RDONLY)
    try:
        fcntl.flock(handvat, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handvat)
        return None
    except OSError:  # some network disks: then the rename at the end still keeps things whole
        os.close(handvat)
        return -1
    return handvat


def publiceer(bron: Path, doel: Path) -> None:
    """Move a prepared folder to its place by one rename, after everything in it is on the disk.

    Raises
    ------
    BronFout
        When the place is taken (nothing is ever overwritten) or the disk refuses.
    """
    with schrijffouten(doel.parent):
        if doel.exists():
            raise Onderbroken(f"{doel} bestaat al en wordt niet overschreven; draai de opdracht opnieuw")
        _leg_map_vast(bron)
        bron.rename(doel)
        _leg_map_vast(doel.parent)


def ruim_op(wortel: Path) -> None:
    """Remove what killed runs left behind; a run that still lives keeps its folder."""
    for pad in wortel.glob(f"{KLAARZET}*"):
        if not _leeft(pad):
            if pad.is_dir():
                shutil.rmtree(pad, ignore_errors=True)
            else:
                with suppress(OSError):
                    pad.unlink()


def _leeft(pad: Path) -> bool:
    nummer = pad.name.removeprefix(KLAARZET).partition("-")[0]
    if os.name == "posix" and nummer.isascii() and nummer.isdecimal():
        try:
            os.kill(int(nummer), 0)
        except (ProcessLookupError, OverflowError, ValueError):
            return False  # gone, or no number that a process can have
        except OSError:
            pass  # another user's process: it lives
    try:
        return time.time() - pad.stat().st_mtime < VERLATEN_NA_S
    except OSError:
        return False


def _leg_map_vast(map_: Path) -> None:
    """Flush a folder's own list of names; Windows has no such call and does it by itself."""
    if os.name != "posix":
        return
    handvat = os.open(map_, os.O_RDONLY)
    try:
        os.fsync(handvat)
    finally:
        os.close(handvat)
