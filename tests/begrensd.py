"""Read files one by one, each in a process of its own with little memory and time; a line of json per file.

Run as a program: `python tests/begrensd.py FILE...`. What a reader takes is measured against the process as it stood
before the file was opened.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

MEGA = 1_000_000
RUIMTE = 1_500  # MB of address space on top of what the process has; a reader beyond it gets MemoryError
TIJD = 60  # seconds of processor time, after which the system ends the process


def _stand() -> tuple[int, int]:
    """Address space now, and the largest resident size so far, in bytes."""
    velden = Path("/proc/self/statm").read_text(encoding="ascii").split()
    return int(velden[0]) * resource.getpagesize(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _lees(pad: str) -> dict[str, object]:
    from huisartsdata.fouten import HuisartsdataFout
    from huisartsdata.leveringen.nivel import read_nivel
    from tests.leveringen_boek import maak_boek

    boek = maak_boek()
    adres, voor = _stand()
    resource.setrlimit(resource.RLIMIT_AS, (adres + RUIMTE * MEGA,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (TIJD, TIJD))
    begin = time.process_time()
    uit: dict[str, object] = {"pad": Path(pad).name}
    try:
        levering = read_nivel(pad, gebiedenboek=boek)
        uit["som"] = float(levering.tabel["fte"].sum())
    except HuisartsdataFout as fout:
        uit |= {"fout": type(fout).__name__, "melding": str(fout), "tekens": len(str(fout))}
    except BaseException:  # noqa: BLE001 - what it was is what the test wants to know
        uit["kapot"] = traceback.format_exc(limit=-2)
    uit |= {"seconden": time.process_time() - begin, "mb": (_stand()[1] - voor) / MEGA}
    return uit


def main(paden: list[str]) -> None:
    """Fork per file: the child starts from the same memory every time."""
    import openpyxl  # noqa: F401 - loaded before the measuring starts

    import huisartsdata.leveringen.nivel  # noqa: F401
    import tests.leveringen_boek  # noqa: F401

    for pad in paden:
        kind = os.fork()
        if kind == 0:
            print(json.dumps(_lees(pad)), flush=True)
            os._exit(0)
        _, stand = os.waitpid(kind, 0)
        if stand:
            print(json.dumps({"pad": Path(pad).name, "kapot": f"ended with status {stand}"}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
