"""Licences of data, of vendored files and of every locked dependency, as docs/licenties.md.

`python tests/licenties.py > docs/licenties.md` writes it from the sidecars in data/bronnen, the licence files beside
what is vendored, and the metadata of the installed packages.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

WORTEL = Path(__file__).resolve().parents[1]

# How packages without a licence expression name theirs -> SPDX.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Locked for other systems than Linux: what their own pages say.
ELDERS = {"appnope": "BSD-2-Clause", "colorama": "BSD-3-Clause", "pywinpty": "MIT"}
# Licences that let an Apache-2.0 package depend on a work and be distributed beside it. MPL-2.0 asks for the source of
# its own files only, and none of them is changed or shipped here.
VERENIGBAAR = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0",
    "PSF-2.0", "Unlicense", "Zlib",
}  # fmt: skip
# Terms of the data -> why their figures may be passed on here.
DATA = {
    "CC BY 4.0": "free use with attribution; changes are told in the sidecar",
    "Open Government Licence v3.0": "free use with attribution; states itself compatible with CC BY 4.0",
    "Apache-2.0; geijkt op CBS (CC BY 4.0)": "own work, fitted to figures of CBS, with attribution",
    "Apache-2.0; ligging afgeleid van CBS/Kadaster (CC BY 4.0)": "own work, derived from CBS/Kadaster, with attribution",
    "feiten met bronvermelding per regel; geen tekst en geen databank overgenomen": "single facts, each with its source; no text and no "
    "substantial part of a database",
    "geen licentie vermeld; alleen aantallen per postcode als feit, met bronvermelding": "no licence stated: only counts per postcode, as "
    "facts, with attribution; no names or addresses",
    "overheidsregister; hergebruik vrij (Wet hergebruik van overheidsinformatie), licentie niet bij het bestand vermeld": "register of the "
    "state, reuse free by law; no licence stated with the file",
}  # fmt: skip
# Files of others in this repository: what, licence, the file that says so, where it goes.
MEEGELEVERD = [
    (
        "Leaflet 1.9.4",
        "BSD-2-Clause",
        "src/huisartsdata/uitvoer/web/leaflet/LICENSE",
        "in the wheel and in every web map",
    ),
    ("axe-core", "MPL-2.0", "tests/web/axe/LICENSE", "tests only, unchanged"),
    ("CBS StatLine tables, recorded and cut", "CC BY 4.0", "tests/data/odata_v3/README.md", "tests only"),
]


def vouw(naam: str) -> str:
    """A package name as the index compares it."""
    return re.sub(r"[-_.]+", "-", naam).lower()


def vastgelegd(slot: str) -> set[str]:
    """Names of a lock."""
    tekst = (WORTEL / slot).read_text(encoding="utf-8")
    return {vouw(naam) for naam in re.findall(r"^([\w.-]+)==", tekst, re.MULTILINE)}


def licentie(naam: str) -> str:
    """SPDX expression of an installed package; of one that is not for this system what is known of it."""
    try:
        gegevens = metadata.metadata(naam)
    except metadata.PackageNotFoundError:
        return ELDERS[naam]
    if uitdrukking := gegevens.get("License-Expression"):
        return str(uitdrukking)
    klassen = [
        k.rpartition(" :: ")[2] for k in gegevens.get_all("Classifier") or [] if k.startswith("License :: ")
    ]
    klassen = [k for k in klassen if k != "OSI Approved"] or [
        str(gegevens.get("License") or "unknown").splitlines()[0]
    ]
    return " AND ".join(sorted({SPDX.get(k, k) for k in klassen}))


def onverenigbaar(uitdrukking: str) -> list[str]:
    """The parts of an expression that are not on the list; of alternatives one is enough.

    >>> onverenigbaar("MIT OR GPL-3.0-only"), onverenigbaar("MIT AND GPL-3.0-only")
    ([], ['GPL-3.0-only'])
    """
    keuzes = [re.split(r"\s+AND\s+", keuze.strip("() ")) for keuze in re.split(r"\s+OR\s+", uitdrukking)]
    slecht = [
        [deel.strip("() ") for deel in keuze if deel.strip("() ") not in VERENIGBAAR] for keuze in keuzes
    ]
    return min(slecht, key=len)


def bronnen() -> dict[str, dict[str, str]]:
    """The sidecars of the data."""
    paden = sorted((WORTEL / "data/bronnen").glob("*.toml"))
    return {pad.stem: tomllib.loads(pad.read_text(encoding="utf-8")) for pad in paden}


def pakketten() -> dict[str, str]:
    """Every locked package and its licence."""
    return {naam: licentie(naam) for naam in sorted(vastgelegd("requirements-dev.lock"))}


def document() -> str:
    """The whole page."""
    draait = vastgelegd("requirements.lock")
    regels = [
        "# Licences",
        "",
        "Written by `python tests/licenties.py > docs/licenties.md`; a test compares it with the data and the locks.",
        "",
        "huisartsdata itself is under the Apache License 2.0 (`LICENSE`).",
        "",
        "## Data",
        "",
        "| source | from | licence | why it may be passed on |",
        "|---|---|---|---|",
    ]
    for naam, b in bronnen().items():
        soort = f"[{b['licentie']}]({b['licentie_url']})" if b.get("licentie_url") else b["licentie"]
        regels.append(f"| `{naam}` {b['titel']} | {b['producent']} | {soort} | {DATA[b['licentie']]} |")
    regels += [
        "",
        (
            "Files that users hand in stay theirs: they are read where they are, and only what is computed from them goes into maps and tables. "
            "Vektis's open data are downloaded by the user and not part of this repository."
        ),
        "",
        "## Files of others in this repository",
        "",
        "| what | licence | text | where it goes |",
        "|---|---|---|---|",
        *(f"| {wat} | {soort} | `{tekst}` | {waar} |" for wat, soort, tekst, waar in MEEGELEVERD),
        "",
        "## Packages",
        "",
        (
            "Installed by the user from the locks, not passed on with this package. *run* is what `make run` installs, *dev* what the tests need "
            'more. A licence is what the package\'s own metadata say; where they say only "BSD" the three-clause one is written. Wheels of shapely, '
            "pyogrio and scipy carry compiled libraries under their own terms (GEOS under LGPL-2.1, among others), which are loaded and not changed."
        ),
        "",
        "| package | licence | lock |",
        "|---|---|---|",
        *(
            f"| {naam} | {soort} | {'run' if naam in draait else 'dev'} |"
            for naam, soort in pakketten().items()
        ),
    ]
    return "\n".join(regels) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
