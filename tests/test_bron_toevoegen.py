"""docs/bron_toevoegen.md, followed to the letter: its blocks run one after another and print what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from .conftest import WORTEL

BLOK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCHEIDING = "=== einde van blok ==="


def test_the_steps_work_as_written(tmp_path):
    blokken = BLOK.findall((WORTEL / "docs/bron_toevoegen.md").read_text(encoding="utf-8"))
    code = [tekst for soort, tekst in blokken if soort == "python"]
    # what a block prints stands in the text block after it
    verwacht = [
        blokken[n + 1][1] if n + 1 < len(blokken) and blokken[n + 1][0] == "text" else ""
        for n, (soort, _) in enumerate(blokken)
        if soort == "python"
    ]
    assert len(code) >= 7
    gegevens = tmp_path / "gegevens"
    gegevens.mkdir()
    uit = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(f"{c}\nprint({SCHEIDING!r})" for c in code)],
        capture_output=True, text=True, check=False, cwd=tmp_path, encoding="utf-8",
        env={**os.environ, "HUISARTSDATA_DATA": str(gegevens), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert uit.returncode == 0, uit.stderr
    gedrukt = uit.stdout.split(f"{SCHEIDING}\n")[:-1]
    regels = [[r.rstrip() for r in t.splitlines()] for t in gedrukt]
    assert regels == [[r.rstrip() for r in t.splitlines()] for t in verwacht]
    assert sorted(p.name for p in gegevens.iterdir()) == ["2024.2"]
