"""How to cite a brief: read from the brief itself, its zip, or what lies beside it."""

from __future__ import annotations

import errno
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from huisartsdata.bronnen.catalogus import bestandshash, snapshot
from huisartsdata.fouten import BronFout, HuisartsdataFout
from huisartsdata.uitvoer.opmaak import clean

BOEKJE, HERKOMST = "brief.json", "herkomst.json"  # beside a brief, and in its zip
MAX_BRIEF = 50_000_000  # bytes of an html brief; its pictures are inside it
MAX_HERKOMST = 5_000_000
MAX_NAAM = 200  # characters of a path in a message
SOORTEN = (".zip", ".html")  # what tells where a brief comes from, most complete first
BRONTABEL = "Alle invoer van deze brief"  # caption of the table with sources
# what a damaged, encrypted or strange zip or page can raise besides
_STUK = (zipfile.BadZipFile, HuisartsdataFout, AssertionError)
_VERSIE = re.compile(r"huisartsdata (\S+?); gegevens (\S+) van (.+?), hash ([0-9a-f]{16})")


@dataclass(frozen=True)
class Briefherkomst:
    """Where a brief comes from.

    Attributes
    ----------
    titel, versie, snapshot, hash, datum, opdracht
        Title, version of the package, version and hash of the data (16 characters or more), their date, and
        the command that makes the brief again. Empty when not known.
    bronnen
        Citations of the sources.
    gewijzigd
        Whether the file is no longer the one that was made.
    """

    titel: str
    versie: str = ""
    snapshot: str = ""
    hash: str = ""
    datum: str = ""
    opdracht: str = ""
    bronnen: tuple[str, ...] = field(default=())
    gewijzigd: bool = False

    def regels(self) -> tuple[str, ...]:
        """The citation in Dutch, line by line; says so when the data or the file changed since."""
        delen = [f"huisartsdata {self.versie}" if self.versie else "huisartsdata"]
        if self.snapshot:
            delen.append(f"snapshot {self.snapshot} (hash {self.hash[:16]})")
        if self.datum:
            delen.append(f"gegevens van {self.datum}")
        uit = [f"{self.titel}. {', '.join(delen)}."]
        if self.opdracht:
            uit.append(f"Gemaakt met: {self.opdracht}")
        uit += ["Bronnen:", *(f"- {b.rstrip('.')}." for b in self.bronnen)] if self.bronnen else []
        if not self.bronnen:
            uit.append("De bronnen staan in de brief zelf.")
        if self.gewijzigd:
            uit.append("Let op: het bestand is veranderd nadat huisartsdata het maakte.")
        if self.hash and not snapshot().hash.startswith(self.hash[:16]):
            uit.append(
                f"Let op: de gegevens zijn sindsdien veranderd; nu geldt snapshot {snapshot().versie} "
                f"(hash {snapshot().hash[:16]})."
            )
        return tuple(uit)


def lees_briefherkomst(pad: Path | str) -> Briefherkomst:
    """Read where a brief comes from.

    Parameters
    ----------
    pad
        The brief in any of its forms, its json, or the folder it is in. A pdf or docx is cited from what
        lies beside it.

    Raises
    ------
    BronFout
        When there is no such file, it cannot be read, or it is no brief of this package.
    """
    pad = Path(pad)
    naam = f"{clean(str(pad)):.{MAX_NAAM}}"
    try:
        bestaat = pad.exists()
        gevonden = _lees(pad) if bestaat else None
    except OSError as e:
        raise BronFout(f"{naam} is niet te lezen ({_oorzaak(e)}); geef een brief op die te lezen is") from e
    if not bestaat:
        raise BronFout(f"{naam} bestaat niet; geef een brief op, of de map waar hij in staat")
    if gevonden is None:
        raise BronFout(
            f"{naam} is geen brief van huisartsdata, of de zip, html of {BOEKJE} ernaast ontbreekt; "
            "maak de brief opnieuw met 'huisartsdata brief'"
        )
    return gevonden


def _oorzaak(fout: OSError) -> str:
    if isinstance(fout, PermissionError):
        return "geen toegang"
    return "de naam is te lang" if fout.errno == errno.ENAMETOOLONG else "het systeem weigert het"


def _lees(pad: Path) -> Briefherkomst | None:
    map_ = pad if pad.is_dir() else pad.parent
    boekje = _lees_json(map_ / BOEKJE)
    if pad.is_file() and pad.suffix == ".json" and pad.name != BOEKJE:
        boekje = _lees_json(pad)
    namen = _namen(boekje)
    eigen = pad.is_file() and pad.suffix != ".json"
    if eigen and namen and pad.name not in namen:
        boekje, namen = {}, {}  # the booklet is of another brief in this folder
    # what the booklet names; without one, what has the name of the file asked for. Beside a folder lies no part of it
    delen = {map_ / n for n in namen} or ({pad.with_suffix(s) for s in SOORTEN} if pad.is_file() else set())
    bij = [p for s in SOORTEN for p in sorted(delen) if p.suffix == s]
    if pad.is_file() and pad.suffix in SOORTEN:
        bij = [pad]
    gevonden = next((h for p in bij if (h := _lees_deel(p))), None)
    if gevonden is None and not (_tekst(boekje, "titel") and _tekst(boekje, "opdracht")):
        return None
    uit = gevonden or Briefherkomst(
        titel=_tekst(boekje, "titel"), snapshot=_tekst(boekje, "snapshot"), hash=_tekst(boekje, "hash")
    )
    uit = replace(
        uit,
        versie=uit.versie or _tekst(boekje, "versie"),
        datum=uit.datum or _tekst(boekje, "datum"),
        opdracht=uit.opdracht or _tekst(boekje, "opdracht"),
    )
    return replace(uit, gewijzigd=eigen and bool(namen) and bestandshash(pad) != namen.get(pad.name))


def _namen(boekje: dict[str, Any]) -> dict[str, str]:
    """File name -> hash of the files of a brief; a name that is a path is none."""
    bestanden = boekje.get("bestanden")
    rijen = bestanden.values() if isinstance(bestanden, dict) else ()
    paren = {str(r.get("naam", "")): str(r.get("sha256", "")) for r in rijen if isinstance(r, dict)}
    return {n: s for n, s in paren.items() if n and Path(n).name == n}


def _lees_json(pad: Path) -> dict[str, Any]:
    try:
        if not pad.is_file() or pad.stat().st_size > MAX_HERKOMST:
            return {}
        d = json.loads(pad.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return d if isinstance(d, dict) else {}


def _tekst(d: dict[str, Any], naam: str) -> str:
    return clean(d[naam]) if isinstance(d.get(naam), str) else ""


def _lees_deel(pad: Path) -> Briefherkomst | None:
    try:
        if not pad.is_file():
            return None
        return _uit_zip(pad) if pad.suffix == ".zip" else _uit_html(pad)
    except (OSError, ValueError, KeyError, RuntimeError, NotImplementedError, EOFError, zlib.error, *_STUK):
        return None


def _uit_zip(pad: Path) -> Briefherkomst | None:
    with zipfile.ZipFile(pad) as z:
        if z.getinfo(HERKOMST).file_size > MAX_HERKOMST:
            return None
        d = json.loads(z.read(HERKOMST))
    if not isinstance(d, dict) or not _tekst(d, "brief"):
        return None
    bronnen = d.get("bronnen") if isinstance(d.get("bronnen"), list) else []
    return Briefherkomst(
        titel=_tekst(d, "brief"),
        versie=_tekst(d, "versie"),
        snapshot=_tekst(d, "snapshot"),
        hash=_tekst(d, "hash"),
        datum=_tekst(d, "gegevens_van"),
        opdracht=_tekst(d, "opdracht"),
        bronnen=tuple(clean(b) for b in bronnen or [] if isinstance(b, str)),
    )


def _uit_html(pad: Path) -> Briefherkomst | None:
    if pad.stat().st_size > MAX_BRIEF:
        return None
    lezer = _Lezer()
    lezer.feed(pad.read_text(encoding="utf-8"))
    raak = _VERSIE.search(lezer.lijst.get("Versie", ""))
    if raak is None or not lezer.titel:
        return None
    return Briefherkomst(
        titel=clean(lezer.titel),
        versie=clean(raak[1]),
        snapshot=clean(raak[2]),
        hash=raak[4],
        datum=clean(raak[3]),
        opdracht=clean(lezer.lijst.get("Opnieuw maken", "")),
        bronnen=tuple(dict.fromkeys(clean(b) for b in lezer.bronnen)),
    )


class _Lezer(HTMLParser):
    """Title, the list at the end, and the sources of a brief in html."""

    def __init__(self) -> None:
        super().__init__()
        self.titel, self.lijst = "", dict[str, str]()
        self.bronnen: list[str] = []
        self._stuk, self._kop, self._bijschrift, self._cel = "", "", "", -1

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "dt", "dd", "caption", "th", "td"):
            self._stuk = ""
        if tag == "table":
            self._bijschrift = ""
        if tag == "tr":
            self._cel = -1
        if tag in ("td", "th"):
            self._cel += 1

    def handle_data(self, data: str) -> None:
        self._stuk += data

    def handle_endtag(self, tag: str) -> None:
        stuk = self._stuk.strip()
        if tag == "h1" and not self.titel:
            self.titel = stuk
        elif tag == "dt":
            self._kop = stuk
        elif tag == "dd":
            self.lijst[self._kop] = stuk
        elif tag == "caption":
            self._bijschrift = stuk
        elif tag == "td" and BRONTABEL in self._bijschrift and self._cel == 1:
            self.bronnen.append(stuk)
