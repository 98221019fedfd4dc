"""What has come in of a download: parts on disk, so that a broken download goes on where it stopped.

A part is written at once or not at all, and carries its own hash: one that is damaged is fetched
again, never read.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from huisartsdata.bronnen.schrijfveilig import vervang

Rijen = list[dict[str, Any]]


@dataclass
class Voorraad:
    """Parts of a download in one folder.

    `opgehaald` and `hergebruikt` count parts of this run.
    """

    map: Path
    opgehaald: int = 0
    hergebruikt: int = 0
    meld: Callable[[str], None] = field(default=lambda _wat: None)

    def haal(self, sleutel: str, maak: Callable[[], Rijen]) -> Rijen:
        """The rows of a part: from disk where they are whole, else from `maak`, and kept.

        Parameters
        ----------
        sleutel
            Says exactly what is asked, including the version of the source.
        maak
            Fetches the rows.
        """
        pad = self._pad(sleutel)
        rijen = _lees(pad, sleutel)
        if rijen is None:
            rijen = maak()
            inhoud = json.dumps(rijen, ensure_ascii=False, separators=(",", ":")).encode()
            kop = json.dumps({"sleutel": sleutel, "sha256": hashlib.sha256(inhoud).hexdigest()}).encode()
            vervang(pad, gzip.compress(kop + b"\n" + inhoud, compresslevel=1, mtime=0))
            self.opgehaald += 1
        else:
            self.hergebruikt += 1
        self.meld(sleutel)
        return rijen

    def vergeet(self) -> None:
        """Remove every part: the download is complete, or must start afresh."""
        shutil.rmtree(self.map, ignore_errors=True)

    def _pad(self, sleutel: str) -> Path:
        return self.map / f"{hashlib.sha256(sleutel.encode()).hexdigest()[:24]}.json.gz"


def _lees(pad: Path, sleutel: str) -> Rijen | None:
    try:
        kop, _, inhoud = gzip.decompress(pad.read_bytes()).partition(b"\n")
        gegevens = json.loads(kop)
        if gegevens["sleutel"] != sleutel or gegevens["sha256"] != hashlib.sha256(inhoud).hexdigest():
            return None
        rijen = json.loads(inhoud)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return rijen if isinstance(rijen, list) else None
