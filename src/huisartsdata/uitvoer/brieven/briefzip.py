"""Everything behind a brief in one zip: figures, tables, provenance, and a text that says what is what."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from huisartsdata.uitvoer.tabel import write_tabel

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.briefinhoud import Brief

# status of the numbers of a table by its name; a model estimate where it is not told
STATUS = {
    "kerncijfers": "waargenomen en afgeleid",
    "signalen": "waargenomen",
    "zonder_huisarts": "waargenomen",
}
EPOCHE = (1980, 1, 1, 0, 0, 0)  # the first moment a zip knows: entries carry no clock
LEESMIJ = "LEESMIJ.txt"


def pak_in(bestanden: Mapping[str, bytes]) -> bytes:
    """Files in a zip: by name, without the time of day; the same bytes every time.

    >>> pak_in({"b": b"2", "a": b"1"}) == pak_in({"a": b"1", "b": b"2"})
    True
    """
    uit = io.BytesIO()
    with zipfile.ZipFile(uit, "w") as z:
        for naam in sorted(bestanden):
            kop = zipfile.ZipInfo(naam, EPOCHE)
            kop.compress_type = zipfile.ZIP_DEFLATED
            kop.external_attr = 0o644 << 16
            kop.create_system = 3  # the same on every system
            z.writestr(kop, bestanden[naam], compresslevel=6)
    return uit.getvalue()


def to_zip(brief: Brief) -> bytes:
    """All figures (png, svg), all tables (csv) and the provenance of each (json)."""
    s = brief.snapshot
    vast = {
        "brief": brief.titel,
        "opdracht": brief.opdracht,
        "versie": brief.versie,
        "snapshot": s.versie,
        "hash": s.hash,
        "gegevens_van": brief.datum,
        "instellingen": dict(brief.colofon),
        "bronnen": [b.citatie for b in s.bronnen.values()],
        **({"levering": brief.levering} if brief.levering else {}),
    }
    bestanden: dict[str, bytes] = {}
    regels = []
    with tempfile.TemporaryDirectory() as tijdelijk:
        map_ = Path(tijdelijk)
        for n, beeld in enumerate(brief.beelden, start=1):
            f = beeld.figuur
            naam = f"figuur{n}_{beeld.naam}"
            eigen = {**f.herkomst, "titel": f.titel, "alt_tekst": f.alt_tekst, "bronregel": f.bronregel}
            paden = write_tabel(f.tabel, map_ / naam, herkomst={**vast, **eigen, "formaat": f.formaat})
            bestanden |= {p.name: p.read_bytes() for p in paden}
            bestanden |= {f"{naam}.png": beeld.png, f"{naam}.svg": beeld.svg}
            regels.append(f"{naam}.png, .svg, .csv, .json: Figuur {n}. {beeld.bijschrift}")
        for n, tabel in enumerate(brief.tabellen, start=1):
            naam = f"tabel{n}_{tabel.naam}"
            status = tabel.status or STATUS.get(tabel.naam, "modelschatting")
            eigen = {"titel": tabel.titel, "noot": tabel.noot, "status": status}
            data = tabel.data if "status" in tabel.data else tabel.data.assign(status=status)
            paden = write_tabel(data, map_ / naam, herkomst={**vast, **eigen})
            bestanden |= {p.name: p.read_bytes() for p in paden}
            regels.append(f"{naam}.csv, .json: Tabel {n}. {tabel.titel}")
    bestanden[LEESMIJ] = _leesmij(brief, regels)
    bestanden["herkomst.json"] = (
        json.dumps(vast | {"vraag": brief.vraag, "antwoord": brief.antwoord}, ensure_ascii=False, indent=2)
        + "\n"
    ).encode()
    return pak_in(bestanden)


def _leesmij(brief: Brief, regels: list[str]) -> bytes:
    delen = [
        brief.titel,
        f"Gegevens samengesteld op {brief.datum}, huisartsdata {brief.versie}",
        "",
        brief.vraag,
        brief.antwoord,
        "",
        "Bestanden (csv: UTF-8, komma tussen de kolommen, punt als decimaalteken):",
        *regels,
        "",
        "Naast elk csv-bestand staat een json-bestand met de herkomst van de getallen.",
        f"Opnieuw maken: {brief.opdracht}",
    ]
    return ("\n".join(delen) + "\n").encode()
