"""What has come in of a download: parts on disk, so that a broken download goes on where it stopped.

A part is written at once or not at all, and carries its own hash: one that is damaged is fetched
again, never read. Parts whose content is refused are forgotten (`vers_bij_weigering`): a publisher
that mends a table need not date it anew. Parts of different moments may be of different tables: who
asks compares the oldest of them with the server once more (`oudste`), and says `Gewijzigd` where
they differ.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import shutil
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from huisartsdata.bronnen.schrijfveilig import Onderbroken, maak_vrij, vervang
from huisartsdata.fouten import BronFout, HuisartsdataFout

T = TypeVar("T")
Rijen = list[dict[str, Any]]
LOG = logging.getLogger("huisartsdata.verversen")
HOUDBAAR_S = 24 * 3600.0  # a broken download goes on the same day; whatever is older has had time to change


class Gewijzigd(BronFout):
    """The source changed while it was fetched: its parts do not belong together, and asking again may help."""

    def __init__(self, wat: str) -> None:
        super().__init__(
            f"{wat} is gewijzigd terwijl de gegevens werden opgehaald; "
            "de bestaande gegevens zijn ongewijzigd. Draai de opdracht later opnieuw"
        )


def zelfde_rijen(een: Rijen, ander: Rijen) -> bool:
    """Whether two answers hold the same rows, in whatever order."""
    a, b = (sorted(json.dumps(r, sort_keys=True) for r in rijen) for rijen in (een, ander))
    return a == b


@dataclass
class Voorraad:
    """Parts of a download in one folder.

    `opgehaald` counts the parts of this run, `hergebruikt` those that an earlier run left.
    """

    map: Path
    opgehaald: int = 0
    hergebruikt: int = 0
    meld: Callable[[str], None] = field(default=lambda _wat: None)
    _van_nu: set[Path] = field(default_factory=set)
    _tijden: dict[str, float] = field(default_factory=dict)

    def haal(self, sleutel: str, maak: Callable[[], Rijen], *, wat: str = "") -> Rijen:
        """The rows of a part: from disk where they are whole, else from `maak`, and kept.

        Parameters
        ----------
        sleutel
            Says exactly what is asked, including the version of the source.
        maak
            Fetches the rows.
        wat
            What `meld` is told when it is in.
        """
        pad = self._pad(sleutel)
        rijen, tijd = _lees(pad, sleutel)
        if rijen is None:
            tijd = time.time()
            rijen = maak()
            inhoud = json.dumps(rijen, ensure_ascii=False, separators=(",", ":")).encode()
            som = hashlib.sha256(inhoud).hexdigest()
            kop = json.dumps({"sleutel": sleutel, "sha256": som, "gehaald": tijd}).encode()
            maak_vrij(pad)
            vervang(pad, gzip.compress(kop + b"\n" + inhoud, compresslevel=1, mtime=0))
            self._van_nu.add(pad)
            self.opgehaald += 1
        elif pad not in self._van_nu:
            self.hergebruikt += 1
        self._tijden[sleutel] = tijd
        self.meld(wat or sleutel)
        return rijen

    def oudste(self, sleutels: Sequence[str]) -> int:
        """Which of these parts, all of them given by `haal`, was asked of the server first."""
        return min(range(len(sleutels)), key=lambda n: self._tijden[sleutels[n]])

    def vergeet(self) -> None:
        """Remove every part: the download is complete, or must start afresh."""
        shutil.rmtree(self.map, ignore_errors=True)
        self._van_nu.clear()
        self._tijden.clear()
        self.opgehaald = self.hergebruikt = 0

    def _pad(self, sleutel: str) -> Path:
        return self.map / f"{hashlib.sha256(sleutel.encode()).hexdigest()[:24]}.json.gz"


def vers_bij_weigering(voorraden: Iterable[Voorraad], doe: Callable[[], T]) -> T:
    """Fetch and build; what is refused for its content is not built from the same parts again.

    A failure of line or disk, or a user who stops it, leaves the parts for the next run. Any other
    error forgets them. Where an earlier run had left some of them, or the source changed meanwhile
    (`Gewijzigd`), all is fetched anew at once: the server may have been mended since.

    Parameters
    ----------
    voorraden
        Where the parts are that `doe` uses.
    doe
        Fetches, builds and checks; must be able to run twice.
    """
    voorraden = tuple(voorraden)
    for laatste in (False, True):
        try:
            return doe()
        except Exception as e:
            if not _om_de_inhoud(e):
                raise
            eerder = sum(v.hergebruikt for v in voorraden)
            for v in voorraden:
                v.vergeet()
            if laatste or not (eerder or isinstance(e, Gewijzigd)):
                raise
            if eerder:
                LOG.warning(
                    "geweigerd met %d onderdelen van een eerdere keer, die nu vervallen: %s", eerder, e
                )
            else:
                LOG.warning("alles wordt opnieuw opgehaald: %s", e)
    raise AssertionError  # the loop returns or raises


def _om_de_inhoud(fout: Exception) -> bool:
    """Whether what was downloaded may be to blame, and not this machine, its line or its installation."""
    if isinstance(fout, HuisartsdataFout):  # some are an OSError as well
        return not isinstance(fout, Onderbroken)
    return not isinstance(fout, (ImportError, MemoryError, OSError))


def _lees(pad: Path, sleutel: str) -> tuple[Rijen | None, float]:
    """Rows of a part and when they were asked; no rows where it is not there, not whole or not of today."""
    try:
        kop, _, inhoud = gzip.decompress(pad.read_bytes()).partition(b"\n")
        gegevens = json.loads(kop)
        if gegevens["sleutel"] != sleutel or gegevens["sha256"] != hashlib.sha256(inhoud).hexdigest():
            return None, 0.0
        tijd = float(gegevens["gehaald"])
        if not 0 <= time.time() - tijd <= HOUDBAAR_S:
            return None, 0.0
        rijen = json.loads(inhoud)
    except (OSError, ValueError, KeyError, TypeError, EOFError, RecursionError, zlib.error):
        return None, 0.0
    return (rijen if isinstance(rijen, list) else None), tijd
