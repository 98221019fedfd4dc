"""The manifest beside the figures: what each notebook was made from, and the hash of all that it wrote.

Nothing heavy is imported here: a second run with nothing changed reads this, compares hashes and stops. A seal over
all that stands in it shows that nobody edited it: it is no signature, and keeps nobody out who makes the seal anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from huisartsdata.fouten import NotebookFout
from huisartsdata.werk.werkmap import schrijf_in_een_keer

MANIFEST = "manifest.json"
# what reading a file of any content can raise: a nesting without end and a number without end among them
_ONBRUIKBAAR = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
VORM = 2  # of the file; another form is not read and everything runs again
ZEGEL = "zegel"  # in the head: hash of everything else
KOP = ("huisartsdata", "broncode", "snapshot", "bronnen", "parameters")  # of `werkstand.stand_van_zaken`


@dataclass(frozen=True)
class Boekstand:
    """What one notebook was made from and what it wrote. Every hash is sha256, in hexadecimal.

    Attributes
    ----------
    notebook
        Hash of its cells: saving it in JupyterLab with outputs changes nothing.
    vraag
        The choice it was given: gebied, norm, functie, peiljaar, landelijk, and deliveries by name and hash.
    omgeving
        Lock, versions of the dependencies, Python and platform.
    modules
        Module of the package -> hash of its source.
    gegevens
        File of the snapshot, its sources, parameters or examples, by its path in the data folder -> hash.
    bestanden
        Other file that was read, by its path from the notebook -> hash; a folder that was listed, with a ``/``
        at the end -> hash of the names in it. An empty hash is of what was looked for and not there.
    zaden
        Seeds of the draws.
    cellen
        Number of cells.
    uitvoer
        File that it wrote, by its path in the figure folder -> hash. Where two write one file, see `Manifest.eigen`.
    gemaakt_met
        What was in force then, whether it was read or not: `werkstand.stand_van_zaken`.
    gebiedsmap
        Of a run for an area: name of the folder that was written to. A copy of it has another name.
    """

    notebook: str
    vraag: Mapping[str, Any]
    omgeving: Mapping[str, str]
    modules: Mapping[str, str]
    gegevens: Mapping[str, str]
    bestanden: Mapping[str, str]
    zaden: tuple[int, ...]
    cellen: int
    uitvoer: Mapping[str, str]
    gemaakt_met: Mapping[str, Any] = field(default_factory=dict)
    gebiedsmap: str = ""


@dataclass(frozen=True)
class Manifest:
    """The manifest of a figure folder: notebook file name -> its `Boekstand`.

    A file that two notebooks write is of the later one in order, as if they ran one after another.
    Its head says only what holds for every notebook in it; where they differ, each says its own.
    """

    boeken: Mapping[str, Boekstand] = field(default_factory=dict)

    @property
    def uitvoer(self) -> dict[str, tuple[str, str]]:
        """Every file -> (its hash, the notebook it comes from)."""
        return {pad: (som, naam) for naam, b in sorted(self.boeken.items()) for pad, som in b.uitvoer.items()}

    def eigen(self, naam: str) -> dict[str, str]:
        """What a notebook wrote and no later one writes too -> hash."""
        later = {p for n, b in self.boeken.items() if n > naam for p in b.uitvoer}
        return {p: s for p, s in sorted(self.boeken[naam].uitvoer.items()) if p not in later}

    @property
    def gedeeld(self) -> dict[str, tuple[str, ...]]:
        """Every file that more than one notebook writes -> those notebooks, the one that it is of last."""
        wie: dict[str, list[str]] = {}
        for naam, b in sorted(self.boeken.items()):
            for pad in b.uitvoer:
                wie.setdefault(pad, []).append(naam)
        return {pad: tuple(namen) for pad, namen in sorted(wie.items()) if len(namen) > 1}

    def met(self, naam: str, stand: Boekstand) -> Manifest:
        """With a notebook run anew."""
        return Manifest({**self.boeken, naam: stand})

    def zonder(self, naam: str) -> Manifest:
        """Without a notebook: what it wrote is of who wrote it before, or of nobody."""
        return Manifest({n: b for n, b in self.boeken.items() if n != naam})

    def als_json(self) -> bytes:
        """As it is written: keys sorted, no clock in it, the same bytes for the same run."""
        standen = [{"omgeving": dict(b.omgeving), **b.gemaakt_met} for b in self.boeken.values()]
        kop = (
            {n: w for n, w in standen[0].items() if all(n in b and b[n] == w for b in standen)}
            if standen
            else {}
        )
        boeken = {}
        for naam, b in self.boeken.items():
            eigen = {n: w for n, w in b.gemaakt_met.items() if n not in kop}
            boeken[naam] = asdict(b) | {"gemaakt_met": eigen}
        inhoud = json.loads(json.dumps({**kop, "vorm": VORM, "notebooks": boeken}))
        inhoud[ZEGEL] = zegel(inhoud)
        return (json.dumps(inhoud, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def zegel(inhoud: Mapping[str, Any]) -> str:
    """Hash of what a manifest says, whatever its layout: who edits it by hand breaks this.

    >>> zegel({"vorm": 2, "a": [1]}) == zegel({"a": [1], "vorm": 2, "zegel": "0"})
    True
    """
    rest = {n: w for n, w in inhoud.items() if n != ZEGEL}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def lees_manifest(map_: Path) -> Manifest:
    """The manifest of a figure folder; an empty one when it is not there or cannot be read.

    What cannot be trusted is as good as absent: then everything runs again.
    """
    try:
        if not (map_ / MANIFEST).is_file():  # a pipe of that name would never end
            return Manifest()
        d = json.loads((map_ / MANIFEST).read_text(encoding="utf-8"))
        if d["vorm"] != VORM or d[ZEGEL] != zegel(d):
            return Manifest()
        kop = {n: d[n] for n in KOP if n in d}
        return Manifest({_naam(n): _lees_stand(b, kop) for n, b in d["notebooks"].items()})
    except _ONBRUIKBAAR:
        return Manifest()


def keur_vorm(map_: Path) -> str:
    """What is wrong with the manifest of a folder, in Dutch; empty when it can be used or there is none.

    Raises
    ------
    NotebookFout
        When a newer version of the package wrote it: running here would put older figures over newer ones.
    """
    if lees_manifest(map_).boeken or not (map_ / MANIFEST).is_file():
        return ""
    wat = "is niet te gebruiken"
    vorm = None
    try:
        d = json.loads((map_ / MANIFEST).read_text(encoding="utf-8"))
        vorm = d["vorm"]
        if vorm == VORM and d["notebooks"] == {} and d[ZEGEL] == zegel(d):
            return ""  # all that was in it is gone
        if vorm == VORM and d["notebooks"] and d.get(ZEGEL) != zegel(d):
            wat = "is na de laatste run veranderd"
        elif isinstance(vorm, int) and 0 < vorm < VORM:
            wat = "is van een eerdere versie van huisartsdata"
    except _ONBRUIKBAAR:
        pass
    if isinstance(vorm, int) and vorm > VORM:
        raise NotebookFout(
            f"{MANIFEST} in {map_} is van een nieuwere versie van huisartsdata; werk huisartsdata bij of kies een "
            "andere map"
        )
    return f"{MANIFEST} in {map_} {wat}; alles draait opnieuw"


def _lees_stand(d: Mapping[str, Any], kop: Mapping[str, Any]) -> Boekstand:
    tabellen = {n: dict(d[n]) for n in ("vraag", "omgeving", "modules", "gegevens", "bestanden", "uitvoer")}
    for pad in tabellen["uitvoer"]:  # a name from a file is no path outside its own folder
        if Path(pad).is_absolute() or ".." in Path(pad).parts or "\0" in pad:
            raise ValueError(pad)
    _keur_vraag(tabellen["vraag"])
    return Boekstand(
        notebook=str(d["notebook"]),
        zaden=tuple(map(int, d["zaden"])),
        cellen=int(d["cellen"]),
        gemaakt_met={**kop, **{n: w for n, w in d["gemaakt_met"].items() if n in KOP}},
        gebiedsmap=str(d["gebiedsmap"]),
        **tabellen,
    )


def _naam(naam: str) -> str:
    """A notebook's file name: no path."""
    if Path(naam).name != naam or "\0" in naam:
        raise ValueError(naam)
    return naam


def _keur_vraag(vraag: Mapping[str, Any]) -> None:
    """A question holds texts and numbers, and files by their name."""
    for naam, waarde in vraag.items():
        if naam == "bestanden":
            goed = isinstance(waarde, list) and all(_is_bestand(b) for b in waarde)
        else:
            goed = _is_bestand(waarde) if naam == "gebieden" else isinstance(waarde, str | int | float)
        if not goed:
            raise ValueError(naam)


def _is_bestand(waarde: Any) -> bool:
    return isinstance(waarde, dict) and isinstance(waarde.get("naam"), str)


def schrijf_manifest(map_: Path, manifest: Manifest) -> None:
    """Write the manifest in one go: the old one or the new one, never half."""
    schrijf_in_een_keer(map_ / MANIFEST, manifest.als_json())
