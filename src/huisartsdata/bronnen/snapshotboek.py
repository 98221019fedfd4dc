"""Write a snapshot folder: parquet tables, and `snapshot.toml` with its sources; the report beside them.

Written into a folder that no loader looks at; `schrijfveilig.publiceer` puts it in place.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.schrijfveilig import schrijf, schrijffouten
from huisartsdata.fouten import BronFout

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@dataclass(frozen=True)
class Tabelopgave:
    """What becomes of one table: new values, or (`tabel` None) the file of the last snapshot."""

    tabel: pd.DataFrame | None
    bronnen: tuple[str, ...]
    status: str
    herkomst: str


def zelfde(a: pd.DataFrame, b: pd.DataFrame) -> bool:
    """Whether two tables hold the same index, columns, values and shapes."""
    if list(a.columns) != list(b.columns) or not a.index.equals(b.index):
        return False
    if "geometry" in a:
        vorm_a, vorm_b = a.geometry, b.geometry
        gelijk = vorm_a.geom_equals_exact(vorm_b, 0.0, align=False) | (vorm_a.isna() & vorm_b.isna())
        if not bool(gelijk.all()):
            return False
        a, b = a.drop(columns="geometry"), b.drop(columns="geometry")
    return bool(a.equals(b))


def naar_parquet(tabel: pd.DataFrame) -> bytes:
    """A table as the bytes of its file."""
    stroom = io.BytesIO()
    if hasattr(tabel, "geom_type"):
        tabel.to_parquet(stroom, compression="zstd", compression_level=15, schema_version="1.1.0")
    else:
        tabel.to_parquet(stroom, compression="zstd", compression_level=15)
    return stroom.getvalue()


def schrijf_snapshot(
    map_: Path,
    *,
    vorige: catalogus.Snapshot,
    tabellen: Mapping[str, Tabelopgave],
    bronnen: Mapping[str, Mapping[str, Any]],
    kop: Mapping[str, Any],
) -> None:
    """Write every file of a snapshot, each flushed to the disk.

    Parameters
    ----------
    map_
        A new folder.
    vorige
        The snapshot whose tables are taken over.
    bronnen
        Descriptions of new sources; those of tables taken over come from `vorige`.
    kop
        `versie`, `peiljaar`, `gemaakt`, `inwoners` and what else belongs on top.
    """
    with schrijffouten(map_.parent):
        map_.mkdir()
        regels = [f"{k} = {_waarde(w)}" for k, w in kop.items()] + [""]
        for naam, t in sorted(tabellen.items()):
            inhoud, bestand, rijen = _inhoud(naam, t, vorige)
            schrijf(map_ / bestand, inhoud)
            regels += [f"[tabellen.{naam}]"] + [
                f"{k} = {_waarde(w)}"
                for k, w in {
                    "bestand": bestand,
                    "sha256": hashlib.sha256(inhoud).hexdigest(),
                    "rijen": rijen,
                    "bronnen": list(t.bronnen),
                    "status": t.status,
                    "herkomst": t.herkomst,
                }.items()
            ]
            regels.append("")
        for naam in sorted({b for t in tabellen.values() for b in t.bronnen}):
            beschrijving = dict(bronnen[naam]) if naam in bronnen else _beschrijving(vorige.bronnen[naam])
            ontvangen = beschrijving.pop("ontvangen", {})
            regels += [f"[bronnen.{naam}]"] + [f"{k} = {_waarde(w)}" for k, w in beschrijving.items()]
            regels += [f"[bronnen.{naam}.ontvangen]"] + [
                f"{_waarde(k)} = {_waarde(w)}" for k, w in ontvangen.items()
            ]
            regels.append("")
        schrijf(map_ / "snapshot.toml", "\n".join(regels).encode())


def schrijf_verslag(map_: Path, rapport: str) -> None:
    """Put the report in the folder of its snapshot."""
    with schrijffouten(map_.parent):
        schrijf(map_ / catalogus.RAPPORT, rapport.encode())


def _inhoud(naam: str, t: Tabelopgave, vorige: catalogus.Snapshot) -> tuple[bytes, str, int]:
    if t.tabel is not None:
        return naar_parquet(t.tabel), f"{naam}.parquet", len(t.tabel)
    oud = vorige.tabellen[naam]
    inhoud = (vorige.map / oud.bestand).read_bytes()
    if hashlib.sha256(inhoud).hexdigest() != oud.sha256:
        raise BronFout(
            f"{oud.bestand} van snapshot {vorige.versie} is veranderd en wordt niet overgenomen; "
            "draai huisartsdata check en zet het bestand terug"
        )
    return inhoud, oud.bestand, oud.rijen


def _beschrijving(bron: catalogus.Bron) -> dict[str, Any]:
    d = asdict(bron)
    del d["naam"]
    return d | {"bekende_fouten": list(bron.bekende_fouten), "ontvangen": dict(bron.ontvangen)}


def _waarde(w: Any) -> str:
    """A value as TOML writes it; JSON's strings, numbers and lists of those are TOML's too."""
    return json.dumps(w, ensure_ascii=False).replace("\x7f", "\\u007f")
