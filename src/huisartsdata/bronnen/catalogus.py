"""Sources and snapshots: find, verify, open, cite.

A snapshot is a folder `<peiljaar>/` with parquet tables and a `snapshot.toml` that names each
table's sha256, rows, sources and status. The embedded one ships with the package; a refreshed one
lies in the user's folder (`HUISARTSDATA_DATA`, else the platform's data folder) and is looked at
first. Nothing is opened whose hash differs from its `snapshot.toml`.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import BronFout, OnbekendPeiljaarFout

if TYPE_CHECKING:
    import pandas as pd

PEILJAAR = 2024
MAPVARIABELE = "HUISARTSDATA_DATA"


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

    `hash` covers every table's hash, so two snapshots with one hash hold the same data.
    """

    versie: str
    peiljaar: int
    gemaakt: str
    map: Path
    tabellen: dict[str, Tabel] = field(repr=False)
    bronnen: dict[str, Bron] = field(repr=False)

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


def pakketmap() -> Path:
    """Folder of the embedded data: inside the installed package, or beside `src/` in a checkout."""
    pakket = Path(__file__).resolve().parents[1]
    ingebouwd = pakket / "data"
    return ingebouwd if ingebouwd.is_dir() else pakket.parents[1] / "data"


def gebruikersmap() -> Path:
    """Folder for refreshed snapshots: `HUISARTSDATA_DATA`, else the platform's data folder."""
    if eigen := os.environ.get(MAPVARIABELE):
        # a typing error here would silently give other numbers than the user means
        if not Path(eigen).is_dir():
            raise BronFout(f"de map in {MAPVARIABELE} bestaat niet: {eigen}; verbeter of verwijder de instelling")
        return Path(eigen)
    from platformdirs import user_data_path

    return Path(user_data_path("huisartsdata", appauthor=False))


def beschikbare_peiljaren() -> list[int]:
    """Reference years for which a snapshot is found, oldest first."""
    jaren = {
        int(p.parent.name)
        for wortel in (gebruikersmap(), pakketmap())
        if wortel.is_dir()
        for p in wortel.glob("[0-9][0-9][0-9][0-9]/snapshot.toml")
    }
    return sorted(jaren)


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
    for wortel in (gebruikersmap(), pakketmap()):
        pad = wortel / str(peiljaar) / "snapshot.toml"
        if pad.is_file():
            return _lees_snapshot(pad, pad.stat().st_mtime_ns)
    jaren = ", ".join(map(str, beschikbare_peiljaren())) or "geen"
    raise OnbekendPeiljaarFout(
        f"er is geen snapshot van peiljaar {peiljaar}; kies uit: {jaren}",
        [str(peiljaar)],
    )


@cache
def _lees_snapshot(pad: Path, _mtime_ns: int) -> Snapshot:
    d = _toml(pad)
    tabellen = {
        n: Tabel(n, t["bestand"], t["sha256"], t["rijen"], t["status"], tuple(t["bronnen"]), tuple(t.get("kolomstatus", {}).items()))
        for n, t in d["tabellen"].items()
    }
    namen = sorted({b for t in tabellen.values() for b in t.bronnen})
    return Snapshot(
        d["versie"], d["peiljaar"], d["gemaakt"], pad.parent, tabellen, {n: bron(n) for n in namen}
    )


def _toml(pad: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(pad.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise BronFout(
            f"{pad} is niet te lezen ({e}); zet het bestand terug of haal de data opnieuw op"
        ) from e


def bron(naam: str) -> Bron:
    """Read one source's sidecar.

    Raises
    ------
    BronFout
        When there is no such source, or its sidecar lacks a field.
    """
    for wortel in (gebruikersmap(), pakketmap()):
        pad = wortel / "bronnen" / f"{naam}.toml"
        if pad.is_file():
            return _lees_bron(pad)
    raise BronFout(f"de bron '{naam}' heeft geen beschrijving in bronnen/; voeg {naam}.toml toe")


def _lees_bron(pad: Path) -> Bron:
    d = _toml(pad)
    d["bekende_fouten"] = tuple(d.get("bekende_fouten", ()))
    d["ontvangen"] = tuple(sorted(d.get("ontvangen", {}).items()))
    velden = set(Bron.__dataclass_fields__) - {"naam"}
    if fout := velden ^ set(d):
        raise BronFout(f"{pad.name}: ontbrekende of onbekende velden {sorted(fout)}; pas de beschrijving aan")
    return Bron(naam=pad.stem, **d)


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
    s = snapshot(peiljaar)
    t = s.tabellen[tabel]
    datums = ", ".join(dict.fromkeys(s.bronnen[b].peildatum for b in t.bronnen))
    return Herkomst(citeer(tabel, peiljaar=peiljaar), t.status, datums, t.bestand, t.sha256)


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
    if naam not in s.tabellen:
        raise BronFout(f"de snapshot heeft geen tabel '{naam}'; kies uit {', '.join(s.tabellen)}")
    tabel = s.tabellen[naam]
    pad = s.map / tabel.bestand
    if not pad.is_file():
        raise BronFout(f"{pad} ontbreekt; zet het bestand terug of installeer huisartsdata opnieuw")
    stat = pad.stat()
    return _lees_tabel(pad, tabel.sha256, stat.st_mtime_ns, stat.st_size).copy()


@cache
def _lees_tabel(pad: Path, sha256: str, _mtime_ns: int, _grootte: int) -> pd.DataFrame:
    if bestandshash(pad) != sha256:
        raise BronFout(
            f"{pad.name} is veranderd: de hash wijkt af van snapshot.toml. "
            "Zet het oorspronkelijke bestand terug of installeer huisartsdata opnieuw."
        )
    import pyarrow.parquet as pq

    # geopandas writes a "geo" key beside the arrow schema; only then is geopandas needed
    if b"geo" in (pq.read_schema(pad).metadata or {}):
        import geopandas as gpd

        kaart: pd.DataFrame = gpd.read_parquet(pad)
        return kaart
    import pandas as pd

    return pd.read_parquet(pad)
