"""What the start notebook says about the data and the figures that are there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from huisartsdata.bronnen.catalogus import snapshot
from huisartsdata.uitvoer.huisstijl import datum, getal
from huisartsdata.uitvoer.ouderdom import verouderd


def gegevenszin() -> str:
    """Which data are in force, in one Dutch sentence (markdown).

    Examples
    --------
    >>> gegevenszin().startswith("U werkt met de gegevens van peiljaar **2024**")
    True
    """
    s = snapshot()
    return (
        f"U werkt met de gegevens van peiljaar **{s.peiljaar}**, samengesteld op {_dag(s.gemaakt)} "
        f"(versie {s.versie}, hash {s.hash[:8]})."
    )


def figurenzin(map_: Path | str) -> str:
    """Where figures are and whether they are of the data in force (markdown).

    Parameters
    ----------
    map_
        Folder of the figures; it need not be there yet.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as leeg:
    ...     "nog geen" in figurenzin(leeg)
    True
    """
    wortel = Path(map_)
    plek = f"`{wortel}`"
    aantal = len(list(wortel.rglob("*.png"))) if wortel.is_dir() else 0
    if not aantal:
        return f"Er zijn nog geen figuren. Ze komen straks in {plek}."
    oordeel = verouderd(wortel)["oordeel"]
    oud, onbekend = (int((oordeel == o).sum()) for o in ("verouderd", "onbekend"))
    if oud:
        wat = "staat 1 figuur of tabel" if oud == 1 else f"staan {getal(oud)} figuren en tabellen"
        return (
            f"**Let op:** in {plek} {wat} van andere gegevens dan deze. Draai de notebooks opnieuw voor u ze "
            "gebruikt. Welke het zijn, ziet u met `hd.verouderd(map)`."
        )
    zin = f"In {plek} {'staat 1 figuur' if aantal == 1 else f'staan {getal(aantal)} figuren'}"
    if onbekend:
        bij = "1 figuur of tabel" if onbekend == 1 else f"{getal(onbekend)} figuren of tabellen"
        return f"{zin}. Bij {bij} staat niet van welke gegevens ze zijn gemaakt."
    return f"{zin}, van deze gegevens gemaakt."


def _dag(tekst: str) -> str:
    try:
        return datum(dt.date.fromisoformat(tekst))
    except ValueError:
        return tekst
