"""Folders with data: the package's own and the user's, and which snapshots lie in one."""

from __future__ import annotations

import os
import re
from pathlib import Path

from huisartsdata.fouten import BronFout

MAPVARIABELE = "HUISARTSDATA_DATA"
_NAAM = re.compile(r"([0-9]{4})(?:\.([0-9]+))?")


def pakketmap() -> Path:
    """Folder of the embedded data: inside the installed package, or beside `src/` in a checkout."""
    pakket = Path(__file__).resolve().parents[1]
    ingebouwd = pakket / "data"
    return ingebouwd if ingebouwd.is_dir() else pakket.parents[1] / "data"


def gebruikersmap() -> Path:
    """Folder for refreshed snapshots: `HUISARTSDATA_DATA`, else the platform's data folder; absolute.

    Raises
    ------
    BronFout
        When the folder of the setting is not there or its name is no text, or without a setting the user has no home.
    """
    if (pad := _eigen_map()) is not None:
        return pad
    raise BronFout(
        f"er is geen (leesbare) thuismap om gegevens in te bewaren; maak een map en geef die op in {MAPVARIABELE}"
    )


def _eigen_map() -> Path | None:
    """The user's folder, None for a user without a home (in a container, say): the embedded data serve."""
    if eigen := os.environ.get(MAPVARIABELE):
        pad = Path(os.path.expanduser(eigen))  # noqa: PTH111 - Path.expanduser raises without a home
        # a typing error here would silently give other numbers than the user means
        if not pad.is_dir():
            wat = "is geen map" if pad.exists() else "bestaat niet"
            raise BronFout(f"de map in {MAPVARIABELE} {wat}: {eigen}; verbeter of verwijder de instelling")
        pad = pad.absolute()
        if not _leesbaar(pad):
            getoond = os.fsencode(pad).decode(errors="replace")
            raise BronFout(
                f"de naam van de map in {MAPVARIABELE} bevat tekens die geen UTF-8 zijn ({getoond}); "
                "hernoem de map of kies een andere"
            )
        return pad
    from platformdirs import user_data_path

    try:
        pad = Path(user_data_path("huisartsdata", appauthor=False))
    except RuntimeError:
        return None
    return pad if pad.is_absolute() and _leesbaar(pad) else None


def _leesbaar(pad: Path) -> bool:
    """Whether the name is text: parquet and TOML can neither be read from nor name any other place."""
    try:
        str(pad).encode()
    except UnicodeEncodeError:
        return False
    return True


def gegevensmappen() -> tuple[Path, ...]:
    """Folders with data, the first goes first: the user's where there is one, and the package's."""
    eigen = _eigen_map()
    return (pakketmap(),) if eigen is None else (eigen, pakketmap())


def snapshotmappen(wortel: Path) -> list[tuple[int, int, Path]]:
    """Snapshots in a folder as (reference year, number, path), in order; `2024/` has number 0."""
    return [(jaar, nr, p) for jaar, nr, p in genummerd(wortel) if _is_er(p / "snapshot.toml")]


def genummerd(wortel: Path) -> list[tuple[int, int, Path]]:
    """Everything in a folder that has the name of a snapshot, in order, whatever it is or holds."""
    try:
        paden = list(wortel.iterdir())
    except OSError:  # not there, no folder, or not ours to look into
        return []
    gevonden = ((_NAAM.fullmatch(p.name), p) for p in paden)
    return sorted((int(m[1]), int(m[2] or 0), p) for m, p in gevonden if m)


def _is_er(pad: Path) -> bool:
    try:
        return pad.is_file()
    except OSError:
        return False


def herstel(map_: Path) -> str:
    """What to do about a snapshot that cannot be used: the end of a sentence."""
    if map_.parent == pakketmap():
        return "zet het bestand terug of installeer huisartsdata opnieuw"
    return (
        "verwijder of hernoem die map (dan geldt de snapshot daarvoor), of haal de gegevens opnieuw op: "
        f"huisartsdata refresh cbs --peiljaar {map_.name[:4]}"
    )
