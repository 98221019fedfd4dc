"""What has come in of a download: parts on disk, so that a broken download goes on where it stopped.

A part is written at once or not at all, and carries its own hash: one that is damaged is fetched
again, never read. Parts whose content is refused are forgotten (`vers_bij_weigering`): a publisher
that mends a table need not date it anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import logging
import shutil
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from huisartsdata.bronnen.schrijfveilig import Onderbroken, vervang
from huisartsdata.fouten import HuisartsdataFout

T = TypeVar("T")
Rijen = list[dict[str, Any]]
LOG = logging.getLogger("huisartsdata.verversen")


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
        rijen = _lees(pad, sleutel)
        if rijen is None:
            rijen = maak()
            inhoud = json.dumps(rijen, ensure_ascii=False, separators=(",", ":")).encode()
            kop = json.dumps({"sleutel": sleutel, "sha256": hashlib.sha256(inhoud).hexdigest()}).encode()
            vervang(pad, gzip.compress(kop + b"\n" + inhoud, compresslevel=1, mtime=0))
            self._van_nu.add(pad)
            self.opgehaald += 1
        elif pad not in self._van_nu:
            self.hergebruikt += 1
        self.meld(wat or sleutel)
        return rijen

    def vergeet(self) -> None:
        """Remove every part: the download is complete, or must start afresh."""
        shutil.rmtree(self.map, ignore_errors=True)
        self._van_nu.clear()
        self.opgehaald = self.hergebruikt = 0

    def _pad(self, sleutel: str) -> Path:
        return self.map / f"{hashlib.sha256(sleutel.encode()).hexdigest()[:24]}.json.gz"


def vers_bij_weigering(voorraden: Iterable[Voorraad], doe: Callable[[], T]) -> T:
    """Fetch and build; what is refused for its content is not built from the same parts again.

    A failure of line or disk, or a user who stops it, leaves the parts for the next run. Any other
    error forgets them. Where an earlier run had left some of them, all is fetched anew at once: the
    server may have been mended since.

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
            if laatste or not eerder:
                raise
            LOG.warning("geweigerd met %d onderdelen van een eerdere keer, die nu vervallen: %s", eerder, e)
    raise AssertionError  # the loop returns or raises


def _om_de_inhoud(fout: Exception) -> bool:
    """Whether what was downloaded may be to blame, and not this machine, its line or its installation."""
    if isinstance(fout, HuisartsdataFout):  # some are an OSError as well
        return not isinstance(fout, Onderbroken)
    return not isinstance(fout, (ImportError, MemoryError, OSError))


def _lees(pad: Path, sleutel: str) -> Rijen | None:
    try:
        kop, _, inhoud = gzip.decompress(pad.read_bytes()).partition(b"\n")
        gegevens = json.loads(kop)
        if gegevens["sleutel"] != sleutel or gegevens["sha256"] != hashlib.sha256(inhoud).hexdigest():
            return None
        rijen = json.loads(inhoud)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error):
        return None
    return rijen if isinstance(rijen, list) else None
