"""How old figures are against their data: each sidecar holds the hash of the snapshot it was made from.

That is the snapshot whose tables the process opened, not the one in force when the figure is drawn or saved:
after a refresh the frames in memory are still the old ones.
"""

from __future__ import annotations

import html
import json
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.catalogus import PEILJAAR, Snapshot, gelezen, snapshot
from huisartsdata.fouten import BronFout, HuisartsdataFout

if TYPE_CHECKING:
    import pandas as pd

MAX_ZIJBESTAND = 5_000_000  # bytes; a sidecar is a few kB, anything larger is none
BEELDEN = (".png", ".svg", ".html", ".csv")  # what a sidecar stands beside
MAX_NAMEN = 5  # names in a warning; the frame of `verouderd` has them all


class VerouderdWaarschuwing(UserWarning):
    """A figure or table is older than the data in force."""


def gebruikt() -> Snapshot:
    """The snapshot of the lead year whose sources to cite: what this process read last, else the one in force."""
    return next((s for s in reversed(gelezen()) if s.peiljaar == PEILJAAR), None) or snapshot()


def lees_citaties() -> list[str]:
    """Citations of all sources of the data that this process works with."""
    alle = [s for s in gelezen() if s.peiljaar == PEILJAAR] or [snapshot()]
    uit = [b.citatie for b in alle[0].bronnen.values()]
    return uit + [b.citatie for s in alle[1:] for n, b in s.bronnen.items() if b != alle[0].bronnen.get(n)]


def lees_gegevens() -> dict[str, Any]:
    """Which data this process works with, as it stands in the provenance beside figures and tables.

    Returns
    -------
    dict
        `snapshot` and `hash`. Where these do not tell all, because a snapshot that was read is not the one in
        force, `gelezen` has all that were read (`peiljaar`, `snapshot`, `hash`), and `hash` is of the one that
        is no longer in force.
    """
    alle = gelezen()
    oud = [s for s in alle if _som_nu(s.peiljaar) != s.hash]
    eerste = next((s for s in oud if s.peiljaar == PEILJAAR), None) or snapshot()
    uit: dict[str, Any] = {"snapshot": eerste.versie, "hash": eerste.hash}
    if oud and [s.hash for s in alle] != [eerste.hash]:
        uit["gelezen"] = [{"peiljaar": s.peiljaar, "snapshot": s.versie, "hash": s.hash} for s in alle]
    return uit


def _som_nu(peiljaar: int) -> str:
    """Hash of the snapshot in force; empty when there is none of that year any more."""
    try:
        return snapshot(peiljaar).hash
    except HuisartsdataFout:
        return ""


def is_oud(d: Mapping[str, Any]) -> bool:
    """Whether provenance names data that are not those in force; False where it names none.

    >>> is_oud({"hash": "0" * 64}), is_oud({}), is_oud(lees_gegevens())
    (True, False, False)
    """
    som, meer = d.get("hash"), d.get("gelezen")
    if isinstance(som, str) and som != snapshot().hash:
        return True
    return any(
        isinstance(r, dict)
        and isinstance(r.get("peiljaar"), int)
        and isinstance(r.get("hash"), str)
        and r["hash"] != _som_nu(r["peiljaar"])
        for r in (meer if isinstance(meer, list) else ())
    )


def noem_snapshots(d: Mapping[str, Any]) -> str:
    """The snapshots that provenance names, for a sentence.

    >>> noem_snapshots({"snapshot": "2024.1"}), noem_snapshots({"gelezen": [{"snapshot": "a"}, {"snapshot": "b"}]})
    ('2024.1', 'a en b')
    """
    meer = d.get("gelezen")
    namen = [r.get("snapshot") for r in meer if isinstance(r, dict)] if isinstance(meer, list) else []
    teksten = [n for n in (*namen, *([] if namen else [d.get("snapshot")])) if isinstance(n, str) and n]
    return " en ".join(dict.fromkeys(teksten)) or "onbekend"


def waarschuw_bij_bewaren(d: Mapping[str, Any], wat: str, *, hoe: str, doe: str) -> bool:
    """Warn when something about to be saved was made from other data than those in force; tells whether it did.

    Parameters
    ----------
    d
        Its provenance, from `lees_gegevens`.
    wat, hoe, doe
        What it is ("figuur 'x'"), how it came about ("getekend"), and what to do about it.
    """
    oud = is_oud(d)
    if oud:
        jaren = [r["peiljaar"] for r in d.get("gelezen", ())]
        meer = len(set(jaren)) < len(jaren)
        zin = (
            "in dit proces zijn gegevens van voor en na een verversing gelezen"
            if meer
            else "de gegevens zijn daarna veranderd"
        )
        warnings.warn(
            f"{wat} is {hoe} met snapshot {noem_snapshots(d)} en {zin}; start Python of het notebook opnieuw en {doe}",
            VerouderdWaarschuwing,
            stacklevel=3,
        )
    return oud


def lees_herkomst(pad: Path | str) -> dict[str, Any] | None:
    """Provenance beside a figure or table, or None when there is none that can be read.

    Parameters
    ----------
    pad
        The figure, its table, or the json itself.
    """
    zij = Path(pad).with_suffix(".json")
    try:
        if not zij.is_file() or zij.stat().st_size > MAX_ZIJBESTAND:
            return None
        d = json.loads(zij.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return d if isinstance(d, dict) else None


def verouderd(map_: Path | str) -> pd.DataFrame:
    """Figures and tables in a folder that were made from other data than those in force.

    Only what carries the hash of its snapshot can be judged; what carries none is listed too, as unknown.

    Parameters
    ----------
    map_
        Folder with figures, searched with everything below it.

    Returns
    -------
    pandas.DataFrame
        Index `figuur` (path in the folder without extension); `titel`, `snapshot` (version it was made from),
        `nu` (version in force) and `oordeel`: ``verouderd`` or ``onbekend``. Empty when all is up to date.

    Raises
    ------
    BronFout
        When there is no such folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as leeg:
    ...     len(verouderd(leeg))
    0
    """
    import pandas as pd

    wortel = Path(map_)
    if not wortel.is_dir():
        raise BronFout(f"{wortel} is geen map; draai eerst 'huisartsdata run' of geef een andere map")
    nu = snapshot()
    rijen = []
    for zij in sorted(wortel.rglob("*.json")):
        delen = zij.relative_to(wortel).parts
        if any(deel.startswith(".") for deel in delen) or zij.is_symlink():
            continue
        if not any(zij.with_suffix(uitgang).is_file() for uitgang in BEELDEN):
            continue
        d = lees_herkomst(zij)
        som = d.get("hash") if d else None
        if d is not None and isinstance(som, str) and not is_oud(d):
            continue
        naam = zij.relative_to(wortel).with_suffix("").as_posix()
        oordeel = "verouderd" if isinstance(som, str) else "onbekend"
        van = noem_snapshots(d) if d and "snapshot" in d else ""
        rijen.append((naam, str(d.get("titel", "")) if d else "", van, nu.versie, oordeel))
    kolommen = ["figuur", "titel", "snapshot", "nu", "oordeel"]
    return pd.DataFrame(rijen, columns=kolommen, dtype="str").set_index("figuur")


def waarschuw(map_: Path | str) -> int:
    """Warn when figures in a folder are older than their data; gives how many there are.

    A folder that is not there yet holds no old figures.
    """
    if not Path(map_).is_dir():
        return 0
    oud = verouderd(map_)
    oud = oud[oud["oordeel"] == "verouderd"]
    if len(oud):
        namen = ", ".join(oud.index[:MAX_NAMEN]) + (" en meer" if len(oud) > MAX_NAMEN else "")
        een = len(oud) == 1
        warnings.warn(
            f"{len(oud)} {'figuur of tabel is' if een else 'figuren en tabellen zijn'} ouder dan de gegevens: {namen}. "
            "De snapshot is daarna veranderd; draai 'huisartsdata run' of dit notebook opnieuw. Overzicht: "
            "hd.verouderd(map)",
            VerouderdWaarschuwing,
            stacklevel=3,
        )
    return len(oud)


def embed_figuur(pad: Path | str) -> str:
    """A saved figure as html to put in another page or a notebook, with a warning on it when it is stale.

    Parameters
    ----------
    pad
        The png, or its path without extension.

    Returns
    -------
    str
        A ``<figure>``: the picture inside it, its title, its source line, and, in Dutch, that its data
        changed since or cannot be told. All text is escaped.

    Raises
    ------
    BronFout
        When the picture is not there.
    """
    import base64

    png = Path(pad)
    png = png if png.suffix == ".png" else png.with_name(png.name + ".png")
    if not png.is_file():
        raise BronFout(f"{png} bestaat niet; draai eerst 'huisartsdata run' of geef een ander pad")
    d = lees_herkomst(png) or {}
    nu = snapshot()
    let_op = ""
    if not isinstance(d.get("hash"), str) or is_oud(d):
        let_op = (
            f"Let op: deze figuur is gemaakt met snapshot {noem_snapshots(d)}; nu geldt {nu.versie} en de "
            "gegevens zijn veranderd. Maak de figuur opnieuw."
            if "hash" in d
            else "Let op: van deze figuur is niet bekend met welke gegevens zij is gemaakt."
        )
        warnings.warn(f"{png.name}: {let_op}", VerouderdWaarschuwing, stacklevel=2)
    bron = base64.b64encode(png.read_bytes()).decode()
    alt, titel, regel = (html.escape(str(d.get(k, ""))) for k in ("alt_tekst", "titel", "bronregel"))
    kop = f'<p role="alert"><strong>{html.escape(let_op)}</strong></p>' if let_op else ""
    return (
        f'<figure>{kop}<img src="data:image/png;base64,{bron}" alt="{alt}" style="max-width:100%">'
        f"<figcaption>{titel} {regel}</figcaption></figure>"
    )
