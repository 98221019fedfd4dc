"""What a refresh starts from: the newest snapshot that is whole, and the number of the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.gegevensmap import genummerd
from huisartsdata.bronnen.ophalen import LOG
from huisartsdata.fouten import BronFout


@dataclass(frozen=True)
class Uitgangspunt:
    """A whole snapshot with its tables, and per damaged one that was passed over what is wrong with it."""

    snapshot: catalogus.Snapshot
    tabellen: dict[str, Any]
    overgeslagen: tuple[str, ...] = ()


def hele_snapshot(jaar: int) -> Uitgangspunt:
    """The snapshot of the year itself, else of the newest year before it, else of the first year after it.

    One that is damaged is passed over for the one below it: who lost a file of a snapshot gets a new one,
    not a refusal.

    Raises
    ------
    BronFout
        When none is whole: what is wrong with the first.
    """
    stuk: list[BronFout] = []
    for map_ in _op_volgorde(catalogus.alle_snapshotmappen(), jaar):
        try:
            s = catalogus.lees_snapshot(map_)
            tabellen = {naam: catalogus.open_uit(s, naam) for naam in s.tabellen}
        except BronFout as e:
            LOG.warning("snapshot %s is overgeslagen: %s", map_.name, e)
            stuk.append(e)
            continue
        return Uitgangspunt(s, tabellen, tuple(_wat(e) for e in stuk))
    raise stuk[0] if stuk else BronFout("er is geen enkele snapshot; installeer huisartsdata opnieuw")


def _op_volgorde(mappen: list[Path], jaar: int) -> Iterator[Path]:
    """Backwards from the year, then forwards; within a year that which is in force first."""
    eerst = list(reversed(mappen))
    yield from (m for m in eerst if int(m.name[:4]) <= jaar)
    yield from sorted((m for m in eerst if int(m.name[:4]) > jaar), key=lambda m: m.name[:4])


def _wat(fout: BronFout) -> str:
    """What is wrong, without what to do about it: that is being done."""
    return str(fout).rpartition("; ")[0] or str(fout)


def volgende_versie(wortel: Path, jaar: int) -> str:
    """The number after the highest of this year, of the embedded snapshots and of all that has such a name.

    What was half removed has no `snapshot.toml` any more and still takes its place.
    """
    nummers = [0]
    for plek in (wortel, catalogus.pakketmap()):
        nummers += [max(nr, 1) for j, nr, _ in genummerd(plek) if j == jaar]
    return f"{jaar}.{max(nummers) + 1}"
