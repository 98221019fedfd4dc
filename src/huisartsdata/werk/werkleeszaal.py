"""The reading room of a figure folder: made anew when its page is gone, edited, or of what no longer lies there.

Making it takes a second of imports; whether that is needed is seen without.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from huisartsdata import __version__
from huisartsdata.bronnen.catalogus import bestandshash, snapshot
from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.werk.werkmap import schrijf_in_een_keer

LEESZAAL = "index.html"  # as `uitvoer.brieven.leeszaal` writes it
LEESZAALSTAND = ".leeszaal.json"  # beside it: hash of the page, and what it was made from


def leeszaal_klopt(wortel: Path) -> bool:
    """Whether the page is as it was written, and the folder and the data are as they were then."""
    stand = wortel / LEESZAALSTAND
    try:
        return stand.is_file() and json.loads(stand.read_text(encoding="utf-8")) == _stand(wortel)
    except (OSError, ValueError, RecursionError):
        return False


def werk_leeszaal_bij(wortel: Path) -> Path:
    """Write the page that finds everything in the folder, and remember what it was made from.

    Raises
    ------
    BronFout
        When there is no such folder.
    OSError
        When it may not be written to.
    """
    from huisartsdata.uitvoer.brieven.leeszaal import maak_leeszaal

    pad = maak_leeszaal(wortel)
    schrijf_in_een_keer(wortel / LEESZAALSTAND, json.dumps(_stand(wortel), sort_keys=True).encode())
    return pad


def leeszaal_is_gelijk(wortel: Path) -> bool | None:
    """Whether the page is what would be written now; None when there was none, or that cannot be told."""
    pad = wortel / LEESZAAL
    if not pad.is_file():
        return False if (wortel / LEESZAALSTAND).is_file() else None
    if leeszaal_klopt(wortel):
        return True
    from huisartsdata.uitvoer.brieven.leesstukken import verzamel
    from huisartsdata.uitvoer.brieven.leeszaal import to_leeszaal

    try:
        return pad.read_bytes() == to_leeszaal(verzamel(wortel))
    except (
        HuisartsdataFout
    ):  # without data in order nothing can be said of it; `check` says what is wrong there
        return None


def _stand(wortel: Path) -> dict[str, str]:
    """Hashes of the page, of the names and sizes of what lies in the folder, and of the data in force."""
    rijen = []
    for map_, mappen, namen in os.walk(wortel):
        mappen[:] = sorted(m for m in mappen if not m.startswith("."))
        for naam in sorted(n for n in namen if not n.startswith(".")):
            pad = Path(map_) / naam
            kort = pad.relative_to(wortel).as_posix()
            if kort != LEESZAAL and pad.is_file():
                rijen.append(f"{kort} {pad.stat().st_size}")
    try:
        gegevens = snapshot().hash
    except HuisartsdataFout:
        gegevens = ""
    pagina = wortel / LEESZAAL
    return {
        "pagina": bestandshash(pagina) if pagina.is_file() else "",
        "map": hashlib.sha256("\n".join(rijen).encode(errors="surrogateescape")).hexdigest(),
        "gegevens": gegevens,
        "huisartsdata": __version__,
    }
