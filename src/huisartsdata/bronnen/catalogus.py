"""Sources and snapshots: find, verify, open, cite.

A snapshot is a folder `<peiljaar>/` with parquet tables and a `snapshot.toml` that names each
table's sha256, rows, sources and status. The embedded one ships with the package; a refreshed one
lies in the user's folder (`HUISARTSDATA_DATA`, else the platform's data folder) and is looked at
first. There a refresh of a year that is already present lies beside it, as `<peiljaar>.<n>/`, and
the highest number counts. Nothing is opened whose hash differs from its `snapshot.toml`.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.gegevensmap import (
    MAPVARIABELE,
    gebruikersmap,
    gegevensmappen,
    herstel,
    pakketmap,
    snapshotmappen,
)
from huisartsdata.fouten import BronFout, OnbekendPeiljaarFout

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MAPVARIABELE",
    "PEILJAAR",
    "RAPPORT",
    "Bron",
    "Herkomst",
    "Snapshot",
    "Tabel",
    "alle_snapshotmappen",
    "beschikbare_peiljaren",
    "bestandshash",
    "bron",
    "citeer",
    "gebruikersmap",
    "gegevensmappen",
    "gelezen",
    "herkomst",
    "kijk_eerst_in",
    "lees_snapshot",
    "open_tabel",
    "open_uit",
    "pakketmap",
    "snapshot",
    "snapshotmappen",
]
PEILJAAR = 2024
RAPPORT = "rapport.md"  # what a refreshed snapshot changed, in its own folder
_EERST: ContextVar[tuple[Path, ...]] = ContextVar("eerst", default=())


@dataclass(frozen=True)
class Bron:
    """One source as its sidecar describes it."""

    naam: str
    producent: str
    titel: str
    tabel_id: str
    citatie: str
    licentie: str
    licentie_url: str
    peildatum: str
    gepubliceerd: str
    geraadpleegd: str
    drager: str
    status: str
    bekende_fouten: tuple[str, ...] = ()
    ontvangen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Herkomst:
    """Provenance of a table: where it comes from, of when, and what its values are worth."""

    bron: str
    status: str
    peildatum: str
    bestand: str = ""
    sha256: str = ""
    toelichting: str = ""


@dataclass(frozen=True)
class Tabel:
    """One table of a snapshot, as `snapshot.toml` registers it."""

    naam: str
    bestand: str
    sha256: str
    rijen: int
    status: str
    bronnen: tuple[str, ...]
    kolomstatus: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """A dated set of tables with their sources.

    `hash` covers every table's hash, so two snapshots with one hash hold the same data. `inwoners`
    is the national total that its people must tie to, where `snapshot.toml` gives one.
    """

    versie: str
    peiljaar: int
    gemaakt: str
    map: Path
    tabellen: dict[str, Tabel] = field(repr=False)
    bronnen: dict[str, Bron] = field(repr=False)
    inwoners: float | None = None

    @property
    def hash(self) -> str:
        """sha256 over the hashes of all tables, by name."""
        regels = "\n".join(f"{n} {t.sha256}" for n, t in sorted(self.tabellen.items()))
        return hashlib.sha256(regels.encode()).hexdigest()

    def __str__(self) -> str:
        regels = [
            f"huisartsdata-snapshot {self.versie}, peiljaar {self.peiljaar}, gemaakt {self.gemaakt}",
            f"hash {self.hash[:16]}, {len(self.tabellen)} tabellen uit {len(self.bronnen)} bronnen:",
        ]
        regels += [f"- {b.citatie} ({b.peildatum}; {b.licentie})" for b in self.bronnen.values()]
        return "\n".join(regels)


# reference year -> hash -> snapshot whose tables this process opened, the first one first
_GELEZEN: dict[int, dict[str, Snapshot]] = {}


def gelezen() -> tuple[Snapshot, ...]:
    """Snapshots whose tables this process has opened, by reference year and then in the order of reading.

    What a program computed rests on these and on no others, whichever snapshot is in force by now. Two of one
    year mean that the data were refreshed while it ran. Looking at a candidate (`kijk_eerst_in`) is no reading.
    """
    return tuple(s for _, per_hash in sorted(_GELEZEN.items()) for s in list(per_hash.values()))


@contextmanager
def kijk_eerst_in(wortel: Path) -> Iterator[None]:
    """Look for snapshots in this folder before all others, to check one before it is published."""
    merk = _EERST.set((wortel,))
    try:
        yield
    finally:
        _EERST.reset(merk)


def _wortels() -> tuple[Path, ...]:
    return (*_EERST.get(), *gegevensmappen())


def beschikbare_peiljaren() -> list[int]:
    """Reference years for which a snapshot is found, oldest first."""
    return sorted({jaar for wortel in _wortels() for jaar, _, _ in snapshotmappen(wortel)})


def snapshot(peiljaar: int = PEILJAAR) -> Snapshot:
    """Describe the snapshot of a reference year: version, dates, sources and hash.

    Parameters
    ----------
    peiljaar
        Reference year (1 January).

    Raises
    ------
    OnbekendPeiljaarFout
        When there is no snapshot of that year.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> hd.snapshot().peiljaar
    2024
    """
    for wortel in _wortels():
        if mappen := [map_ for jaar, _, map_ in snapshotmappen(wortel) if jaar == peiljaar]:
            return lees_snapshot(mappen[-1])
    jaren = ", ".join(map(str, beschikbare_peiljaren())) or "geen"
    raise OnbekendPeiljaarFout(
        f"er is geen snapshot van peiljaar {peiljaar}; kies uit: {jaren}",
        [str(peiljaar)],
    )


def lees_snapshot(map_: Path) -> Snapshot:
    """Describe the snapshot in a folder.

    Raises
    ------
    BronFout
        When its `snapshot.toml` cannot be read or lacks something.
    """
    pad = map_ / "snapshot.toml"
    try:
        merk = pad.stat().st_mtime_ns
    except OSError as e:
        raise BronFout(f"{pad} ontbreekt of is niet te lezen; {herstel(map_)}") from e
    return _lees_snapshot(pad, merk)


def alle_snapshotmappen() -> list[Path]:
    """Folders of all snapshots: by reference year, within one that which is in force last."""
    per_wortel = [(n, w) for n, w in enumerate(reversed(_wortels()))]
    alle = [(jaar, n, nr, p) for n, w in per_wortel for jaar, nr, p in snapshotmappen(w)]
    return [p for *_, p in sorted(alle)]


@cache
def _lees_snapshot(pad: Path, _mtime_ns: int) -> Snapshot:
    try:
        return _bouw_snapshot(_toml(pad), pad)
    except (BronFout, KeyError, TypeError, ValueError, AttributeError) as e:
        oorzaak = f"'{e.args[0]}' ontbreekt" if isinstance(e, KeyError) else str(e)
        raise BronFout(f"de snapshot in {pad.parent} is onbruikbaar: {oorzaak}; {herstel(pad.parent)}") from e


def _bouw_snapshot(d: dict[str, Any], pad: Path) -> Snapshot:
    if d["peiljaar"] != int(pad.parent.name[:4]):
        raise ValueError(f"{pad.name} is van peiljaar {d['peiljaar']} en de map heet {pad.parent.name}")
    tabellen = {
        n: Tabel(
            n,
            _los(t["bestand"]),
            str(t["sha256"]),
            int(t["rijen"]),
            str(t["status"]),
            tuple(_los(b) for b in t["bronnen"]),
        )
        for n, t in d["tabellen"].items()
    }
    namen = sorted({b for t in tabellen.values() for b in t.bronnen})
    inwoners = float(d["inwoners"]) if "inwoners" in d else None
    return Snapshot(
        str(d["versie"]),
        d["peiljaar"],
        str(d["gemaakt"]),
        pad.parent,
        tabellen,
        {n: _bron_uit(d["bronnen"][n], n, pad.name) if n in d.get("bronnen", {}) else bron(n) for n in namen},
        inwoners,
    )


def _los(naam: Any) -> str:
    """A bare file name: a snapshot names nothing outside its own folder."""
    if not isinstance(naam, str) or not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", naam):
        raise ValueError(f"{naam!r:.60} is geen losse bestandsnaam")
    return naam


def _toml(pad: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(pad.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        # a snapshot says itself what to do (`_lees_snapshot`)
        doe = (
            ""
            if pad.name == "snapshot.toml"
            else "; zet het bestand terug of installeer huisartsdata opnieuw"
        )
        raise BronFout(f"{pad} is niet te lezen ({e}){doe}") from e


def bron(naam: str) -> Bron:
    """Read one source's sidecar.

    Raises
    ------
    BronFout
        When there is no such source, or its sidecar lacks a field.
    """
    for wortel in _wortels():
        pad = wortel / "bronnen" / f"{naam}.toml"
        if pad.is_file():
            return _lees_bron(pad)
    raise BronFout(f"de bron '{naam}' heeft geen beschrijving in bronnen/; voeg {naam}.toml toe")


def _lees_bron(pad: Path) -> Bron:
    return _bron_uit(_toml(pad), pad.stem, pad.name)


def _bron_uit(beschrijving: dict[str, Any], naam: str, bestand: str) -> Bron:
    """A source as a sidecar describes it, or the snapshot itself under `[bronnen.<naam>]`."""
    d = dict(beschrijving)
    try:
        d["bekende_fouten"] = tuple(d.get("bekende_fouten", ()))
        d["ontvangen"] = tuple(sorted(d.get("ontvangen", {}).items()))
    except (TypeError, AttributeError) as e:
        raise BronFout(
            f"{bestand}: 'bekende_fouten' of 'ontvangen' heeft een verkeerde vorm; herstel het"
        ) from e
    velden = set(Bron.__dataclass_fields__) - {"naam"}
    if fout := velden ^ set(d):
        raise BronFout(f"{bestand}: ontbrekende of onbekende velden {sorted(fout)}; pas de beschrijving aan")
    return Bron(naam=naam, **d)


def citeer(tabel: str, *, peiljaar: int = PEILJAAR) -> str:
    """Source line of a table: every source with its reference date and licence.

    >>> citeer("afstand").startswith("CBS, Nabijheid voorzieningen")
    True
    """
    s = snapshot(peiljaar)
    if tabel not in s.tabellen:
        raise BronFout(f"de snapshot heeft geen tabel '{tabel}'; kies uit {', '.join(s.tabellen)}")
    bronnen = [s.bronnen[b] for b in s.tabellen[tabel].bronnen]
    return "; ".join(f"{b.citatie} (peildatum {b.peildatum}, {b.licentie})" for b in bronnen)


def herkomst(tabel: str, *, peiljaar: int = PEILJAAR) -> Herkomst:
    """Provenance of a table of the snapshot."""
    citaat = citeer(tabel, peiljaar=peiljaar)  # refuses a table that is not there
    s = snapshot(peiljaar)
    t = s.tabellen[tabel]
    datums = ", ".join(dict.fromkeys(s.bronnen[b].peildatum for b in t.bronnen))
    return Herkomst(citaat, t.status, datums, t.bestand, t.sha256)


def bestandshash(pad: Path) -> str:
    """sha256 of a file, read in blocks."""
    som = hashlib.sha256()
    with pad.open("rb") as f:
        while blok := f.read(1 << 20):
            som.update(blok)
    return som.hexdigest()


def open_tabel(naam: str, *, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """Open a table of the snapshot after verifying its hash. Each call gives a fresh copy.

    Parameters
    ----------
    naam
        Name of the table, for example ``"gemeenten"``.
    peiljaar
        Reference year.

    Raises
    ------
    BronFout
        When the file is missing or its hash differs from `snapshot.toml`.
    OnbekendPeiljaarFout
        When there is no snapshot of that year.
    """
    s = snapshot(peiljaar)
    uit = open_uit(s, naam)
    if not _EERST.get():
        _GELEZEN.setdefault(s.peiljaar, {}).setdefault(s.hash, s)
    return uit


def open_uit(s: Snapshot, naam: str) -> pd.DataFrame:
    """Open a table of this snapshot, whichever is in force, after verifying its hash; a fresh copy."""
    if naam not in s.tabellen:
        raise BronFout(f"de snapshot heeft geen tabel '{naam}'; kies uit {', '.join(s.tabellen)}")
    tabel = s.tabellen[naam]
    pad = s.map / tabel.bestand
    try:
        stat = pad.stat()
    except OSError as e:
        raise BronFout(f"{pad} ontbreekt; {herstel(s.map)}") from e
    return _lees_tabel(pad, tabel.sha256, stat.st_mtime_ns, stat.st_size).copy()


@cache
def _lees_tabel(pad: Path, sha256: str, _mtime_ns: int, _grootte: int) -> pd.DataFrame:
    try:
        som = bestandshash(pad)
    except OSError as e:
        raise BronFout(f"{pad} is niet te lezen ({e.strerror or e}); {herstel(pad.parent)}") from e
    if som != sha256:
        raise BronFout(f"{pad} is veranderd: de hash wijkt af van snapshot.toml; {herstel(pad.parent)}")
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # geopandas writes a "geo" key beside the arrow schema; only then is geopandas needed
        if b"geo" in (pq.read_schema(pad).metadata or {}):
            import geopandas as gpd

            kaart: pd.DataFrame = gpd.read_parquet(pad)
            return kaart
        return pd.read_parquet(pad)
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as e:
        raise BronFout(
            f"{pad} is niet te lezen als tabel ({str(e).splitlines()[0]:.80}); {herstel(pad.parent)}"
        ) from e
