"""What lies in a folder of figures: briefs, pages of notebooks, maps, charts and tables, and how old they are."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from huisartsdata.gebieden.register import load_gemeenten
from huisartsdata.uitvoer.brieven.briefboekje import BOEKJE
from huisartsdata.uitvoer.brieven.landbeeld import SOORTEN as SOORTEN_GEBIED
from huisartsdata.uitvoer.opmaak import clean
from huisartsdata.uitvoer.ouderdom import is_oud, noem_snapshots

MAX_JSON = 5_000_000  # bytes; a sidecar is a few kB
MAX_CSV = 5_000_000
MAX_GEMEENTEN = 400  # more codes than there are gemeenten are no map of them
GEBIED = re.compile(r"^\W?(?:GM|WK|BU)(\d{4})", re.MULTILINE)  # a code at the start of a row of a csv
NOTEBOOKMAP = "notebooks"  # where a run puts the page of each notebook
MANIFEST = "manifest.json"  # what a run was made from, beside that folder
KOP = 20_000  # characters of a page in which its title stands
TITEL = re.compile(r"<title>(.*?)</title>", re.DOTALL)
VRAAG = re.compile(r"<strong>Vraag\.</strong>(.*?)</p>", re.DOTALL)
MERK = re.compile(r"<[^>]*>")
SOORTEN = {
    "brief": "Brieven", "notebook": "Verhalen", "kaart": "Kaarten", "grafiek": "Grafieken", "tabel": "Tabellen",
}  # fmt: skip
VOLGORDE = ("html", "pagina", "kaart", "pdf", "docx", "zip", "png", "svg", "csv", "json")
BRIEFORDE = (*SOORTEN_GEBIED, "eigen")


@dataclass(frozen=True)
class Stuk:
    """One thing in the reading room, with the files it comes in (kind -> link)."""

    soort: str
    titel: str
    uitleg: str
    plek: str
    bestanden: dict[str, str] = field(default_factory=dict)
    zoek: str = ""
    alt: str = ""
    orde: int = 0
    oud: str = ""  # the snapshot it was made from, when that is not the one in force


def verzamel(wortel: Path) -> tuple[Stuk, ...]:
    """Everything with provenance below a folder; what cannot be read is left out."""
    stukken = [s for pad in sorted(wortel.rglob(f"{NOTEBOOKMAP}/*.html")) if (s := _pagina(pad, wortel))]
    for pad in sorted(wortel.rglob("*.json")):
        if _verborgen(pad, wortel):
            continue
        gegevens = _lees(pad)
        if gegevens is None:
            continue
        stuk = _brief(pad, wortel, gegevens) if pad.name == BOEKJE else _figuur(pad, wortel, gegevens)
        if stuk is not None:
            stukken.append(replace(stuk, oud=_oud(gegevens)))
    volgorde = list(SOORTEN)
    return tuple(
        sorted(
            stukken,
            key=lambda s: (
                volgorde.index(s.soort),
                s.orde,
                s.plek,
                kaal(s.titel),
                sorted(s.bestanden.values()),
            ),
        )
    )


def _verborgen(pad: Path, wortel: Path) -> bool:
    return any(deel.startswith(".") for deel in pad.relative_to(wortel).parts) or pad.is_symlink()


def _oud(d: dict[str, Any]) -> str:
    """The snapshot that something was made from, when the data changed since; empty when it says nothing."""
    return clean(noem_snapshots(d)) or "onbekend" if is_oud(d) else ""


def _pagina(pad: Path, wortel: Path) -> Stuk | None:
    """The page of a notebook that was run: its title and its question."""
    if _verborgen(pad, wortel) or not pad.is_file():
        return None
    try:
        with pad.open(encoding="utf-8") as f:
            kop = f.read(KOP)
    except (OSError, ValueError):
        return None
    titel, vraag = (
        clean(unescape(MERK.sub("", m[1]))) if (m := patroon.search(kop)) else ""
        for patroon in (TITEL, VRAAG)
    )
    titel, vraag = " ".join(titel.split()) or clean(pad.stem), " ".join(vraag.split())
    plek = pad.parent.parent.relative_to(wortel).as_posix()
    plek = "" if plek == "." else clean(plek)
    manifest = _snapshot_van(_lees(pad.parent.parent / MANIFEST) or {}, f"{pad.stem}.ipynb")
    d = (
        {"hash": manifest.get("hash"), "snapshot": manifest.get("versie")}
        if isinstance(manifest, dict)
        else {}
    )
    zoek = kaal(f"{titel} {vraag} {plek} notebook")
    return Stuk("notebook", titel, vraag, plek, {"pagina": _link(pad, wortel)}, zoek, oud=_oud(d))


def _snapshot_van(manifest: dict[str, Any], notebook: str) -> object:
    """What a notebook was made from: its own entry goes before the head, which says what holds for all of them."""
    boeken = manifest.get("notebooks")
    boek = boeken.get(notebook) if isinstance(boeken, dict) else None
    eigen = boek.get("gemaakt_met") if isinstance(boek, dict) else None
    return (eigen.get("snapshot") if isinstance(eigen, dict) else None) or manifest.get("snapshot")


def _lees(pad: Path) -> dict[str, Any] | None:
    try:
        if not pad.is_file() or pad.stat().st_size > MAX_JSON:
            return None
        d = json.loads(pad.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return d if isinstance(d, dict) else None


def _brief(pad: Path, wortel: Path, d: dict[str, Any]) -> Stuk | None:
    namen = d.get("bestanden")
    if not isinstance(namen, dict):
        return None
    paden = {}
    for soort in ("html", "pdf", "docx", "zip"):
        naam = namen.get(soort, {}).get("naam") if isinstance(namen.get(soort), dict) else None
        # a name from a file is no path: it stays in its own folder
        if isinstance(naam, str) and (pad.parent / Path(naam).name).is_file():
            paden[soort] = _link(pad.parent / Path(naam).name, wortel)
    woorden = d.get("trefwoorden") if isinstance(d.get("trefwoorden"), list) else []
    titel, antwoord = _tekst(d.get("titel")) or pad.parent.name, _tekst(d.get("antwoord"))
    soort = _tekst(d.get("soort"))
    zoek = kaal(" ".join([titel, *map(_tekst, woorden or []), soort]))
    orde = BRIEFORDE.index(soort) if soort in BRIEFORDE else len(BRIEFORDE)
    uitleg = " ".join(z for z in (_eerste_zin(antwoord), _tekst(d.get("levering"))) if z)
    return Stuk("brief", titel, uitleg, "", paden, zoek, orde=orde) if paden else None


def _eerste_zin(tekst: str) -> str:
    """The first sentence: it answers by itself, and a list of hundreds stays short."""
    return re.split(r"(?<=\.)\s+(?=[A-Z0-9])", tekst, maxsplit=1)[0]


def _figuur(pad: Path, wortel: Path, d: dict[str, Any]) -> Stuk | None:
    paden = {
        "kaart" if soort == "html" else soort: _link(pad.with_suffix(f".{soort}"), wortel)
        for soort in ("html", "png", "svg", "csv", "json")
        if pad.with_suffix(f".{soort}").is_file()
    }
    if not set(paden) & {"kaart", "png", "csv"}:
        return None
    naam = clean(pad.stem.replace("_", " ").replace("-", " "))
    titel = _tekst(d.get("titel")) or naam[:1].upper() + naam[1:]
    if not set(paden) & {"kaart", "png"}:
        soort = "tabel"
    else:
        soort = "kaart" if "kaart" in _tekst(d.get("soort")) or "kaart" in paden else "grafiek"
    plek = pad.parent.relative_to(wortel).as_posix()
    bron = _tekst(d.get("bronregel")) or _tekst(d.get("noot"))
    plek = "" if plek == "." else clean(plek)
    zoek = kaal(" ".join([titel, naam, plek, bron, *_woorden(d), *_gemeenten(pad.with_suffix(".csv"))]))
    return Stuk(soort, titel, bron, plek, paden, zoek, _tekst(d.get("alt_tekst")))


def _woorden(d: dict[str, Any]) -> list[str]:
    """What else a reader may look for: sources, norm, functie."""
    bronnen = d.get("bronnen") if isinstance(d.get("bronnen"), list) else []
    return [_tekst(x) for x in (*(bronnen or []), d.get("norm"), d.get("functie"), d.get("indicator_titel"))]


def _gemeenten(csv: Path) -> list[str]:
    """Names of the gemeenten that a table is about, also when it counts their wijken or buurten."""
    try:
        if not csv.is_file() or csv.stat().st_size > MAX_CSV:
            return []
        codes = {f"GM{n}" for n in GEBIED.findall(csv.read_text(encoding="utf-8-sig"))}
    except (OSError, ValueError):
        return []
    namen = load_gemeenten()["naam"]
    return sorted(namen[namen.index.isin(codes)]) if len(codes) <= MAX_GEMEENTEN else []


def _tekst(waarde: object) -> str:
    return clean(waarde) if isinstance(waarde, str) else ""


def _link(pad: Path, wortel: Path) -> str:
    return quote(PurePosixPath(pad.relative_to(wortel).as_posix()).as_posix())


def kaal(tekst: str) -> str:
    """Text as it is searched: no case, no diacritics.

    >>> kaal("Súdwest-Fryslân")
    'sudwest-fryslan'
    """
    ontleed = unicodedata.normalize("NFD", tekst)
    return "".join(t for t in ontleed if not unicodedata.combining(t)).lower()
