"""All benches, each in a process of its own, written to docs/prestaties.md.

`alles.py Placement Briefs` times those parts again and leaves the others as they stand; every part carries the
day it was timed. A bench that stops (an answer that differs from the oracle, or from itself) stops this too, and
the page stays as it was.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HIER = Path(__file__).resolve().parent
UIT = HIER.parents[1] / "docs" / "prestaties.md"
DELEN = {
    "bereik_bench.py": "Reach",
    "reistijd_bench.py": "Travel times",
    "model_bench.py": "Draws",
    "scenario_bench.py": "What-ifs",
    "plaatsing.py": "Placement",
    "brief_bench.py": "Briefs",
    "herhaling.py": "Reruns",
}
KOP = """# Performance

Written by `make bench`; do not edit. Two things that are compared are timed in turns within one run and the ratio is
taken per turn, so that a busy machine shifts both: the figure is the median ratio with, in brackets, the smallest and
the largest. Absolute times stand beside it and say something about this machine only. **Targets are printed
and fail nothing**; a wrong answer does, where two sides have to agree (pysal
where that is right, local and full, pairs found, one and two processes).
"""


def machine() -> str:
    """Processor, cores, memory and versions, in one line."""
    naam = platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).exists():
        namen = [
            r.split(":", 1)[1].strip() for r in info.read_text().splitlines() if r.startswith("model name")
        ]
        naam = namen[0] if namen else naam
    pakketten = ", ".join(
        f"{p} {version(p)}" for p in ("numpy", "scipy", "pandas", "highspy", "access", "spopt")
    )
    gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3 if hasattr(os, "sysconf") else 0
    return (
        f"{datetime.now(UTC):%d %B %Y}; {naam}, {os.cpu_count()} cores, {gb:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, {pakketten}; one thread unless said."
    )


def eerdere_delen() -> dict[str, str]:
    """The parts of the page as it stands, by title."""
    stukken = re.split(
        r"^## (.+)\n", UIT.read_text(encoding="utf-8") if UIT.exists() else "", flags=re.MULTILINE
    )
    return {titel.strip(): tekst.strip() for titel, tekst in zip(stukken[1::2], stukken[2::2], strict=True)}


def main(gevraagd: list[str]) -> None:
    if vreemd := set(gevraagd) - set(DELEN.values()):
        sys.exit(f"no such part: {', '.join(sorted(vreemd))}; choose from {', '.join(DELEN.values())}")
    delen = eerdere_delen() if gevraagd else {}
    regel = machine()  # first: what it needs may be missing, and the parts take minutes
    for bestand, titel in DELEN.items():
        if gevraagd and titel not in gevraagd:
            continue
        begin = time.perf_counter()
        print(f"{titel} ...", flush=True)
        uit = subprocess.run(
            [sys.executable, str(HIER / bestand)], stdout=subprocess.PIPE, text=True, check=True
        )
        rijen = [rij for rij in uit.stdout.splitlines() if rij.startswith("|")]
        print("\n".join(rijen), flush=True)
        duur = f"Timed on {datetime.now(UTC):%d %B %Y} in {(time.perf_counter() - begin) / 60:.1f} minutes."
        delen[titel] = "\n".join([duur, "", *rijen])
    blad = [KOP, regel, *(f"\n## {t}\n\n{delen[t]}" for t in DELEN.values() if t in delen)]
    UIT.write_text("\n".join(blad) + "\n", encoding="utf-8")
    print(f"written: {UIT}")


if __name__ == "__main__":
    main(sys.argv[1:])
