"""Derive environment.yml from pyproject.toml: `python tests/omgeving.py > environment.yml`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

WORTEL = Path(__file__).resolve().parents[1]
# the packages an analyst expects to see by name, and the compiled ones conda-forge builds together
CONDA = (
    "pandas", "geopandas", "matplotlib", "jupyterlab", "folium", "numpy", "scipy", "shapely", "pyogrio",
    "pyarrow", "openpyxl", "ipywidgets", "nbclient", "nbconvert", "rich", "typer", "babel", "platformdirs",
)  # fmt: skip
EXTRAS = ("notebook", "brief", "refresh")


def omgeving() -> str:
    """The text of environment.yml: conda-forge for the well-known packages, the rest under pip."""
    project = tomllib.loads((WORTEL / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    eisen = [*project["dependencies"], *(e for x in EXTRAS for e in project["optional-dependencies"][x])]
    conda, pip = [], []
    for eis in eisen:
        naam = re.match(r"[A-Za-z0-9_-]+", eis)
        assert naam
        (conda if naam.group() in CONDA else pip).append(eis)
    # cbsodata is asked for by name but is on the package index only
    regels = [
        "# derived from pyproject.toml by tests/omgeving.py; a test fails when they differ",
        "name: huisartsdata",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python {project['requires-python']}",
        *(f"  - {e.split('[')[0] if '[' in e else e}" for e in sorted(conda)),
        "  - pip",
        "  - pip:",
        *(f"      - {e}" for e in sorted(pip)),
        "      - -e .",
    ]
    return "\n".join(regels) + "\n"


if __name__ == "__main__":
    print(omgeving(), end="")
