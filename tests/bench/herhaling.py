"""A run of all notebooks against `jupyter nbconvert --execute` one after another, and a second run.

Both sides do the same work: every notebook in a fresh kernel, figures and tables to a folder of their own. The
notebooks keep a processor busy nearly all of the time, so on two cores half of nbconvert's processor seconds is the
floor for two kernels that share nothing; what goes off it is what is shared (libraries are loaded once, one process
starts kernels and writes pages). Meaningful only on a machine that does nothing else.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from huisartsdata import werkstroom

GRENS, TWEEDE = 0.5, 2.0  # targets: share of nbconvert's time; seconds of a run with nothing to do


def _meet(opdracht: list[str], omgeving: dict[str, str]) -> tuple[float, float]:
    """Wall and processor seconds of a command and all that it started."""
    voor, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(opdracht, check=True, env=omgeving, capture_output=True)
    na, klok = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - begin
    return klok, na.ru_utime + na.ru_stime - voor.ru_utime - voor.ru_stime


def main() -> None:
    omgeving = {**os.environ, "OMP_NUM_THREADS": "1"}
    paden = werkstroom.notebooks()
    with tempfile.TemporaryDirectory() as map_:
        run = [sys.executable, "-m", "huisartsdata.cli", "run", "--uit", f"{map_}/run"]
        eerste, _ = _meet(run, omgeving)  # forked kernels do not report their processor time
        tweede = min(_meet(run, omgeving)[0] for _ in range(3))
        los = {**omgeving, werkstroom.FIGUURVARIABELE: f"{map_}/los"}
        nbconvert = [
            sys.executable,
            "-m",
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--output-dir",
            f"{map_}/nb",
        ]
        tijden = [_meet([*nbconvert, str(p)], los) for p in paden]
        wand, cpu = (sum(t[i] for t in tijden) for i in (0, 1))
        # a bench of two things that differ says nothing: the figures are the same, byte for byte
        een, ander = (
            {p.relative_to(w).as_posix(): p.read_bytes() for p in w.rglob("*.csv")}
            for w in (Path(map_, "run"), Path(map_, "los"))
        )
        assert een == ander, "run and nbconvert gave other tables"
    print("| What | Measured | Target | Note |\n|---|---|---|---|")
    print(f"| all {len(paden)} notebooks, `huisartsdata run` | {eerste:.0f} s | reported | two at a time |")
    print(
        f"| `jupyter nbconvert --execute`, one after another | {wand:.0f} s | reported | processor {cpu:.0f} s |"
    )
    print(f"| the first against the second | {eerste / wand:.2f} | at most {GRENS} | same csv |")
    print(f"| second run, nothing changed | {tweede:.2f} s | {TWEEDE:.0f} s | |")


if __name__ == "__main__":
    main()
