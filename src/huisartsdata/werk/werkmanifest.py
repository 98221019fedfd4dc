"""The manifest beside the figures: what each notebook was made from, and the hash of all that it wrote.

Nothing heavy is imported here: a second run with nothing changed reads this, compares hashes and stops.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from huisartsdata import __version__
from huisartsdata.bronnen import catalogus
from huisartsdata.fouten import HuisartsdataFout, NotebookFout
from huisartsdata.werk.werklezers import mapstand
from huisartsdata.werk.werkmap import keur_gewoon_bestand, oorzaak, schrijf_in_een_keer

MANIFEST = "manifest.json"
# what reading a file of any content can raise: a nesting without end and a number without end among them
_ONBRUIKBAAR = (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
VORM = 1  # of the file; another form is not read and everything runs again
PAKKET = "huisartsdata"
LOCK = "requirements.lock"
VERANDERD = "veranderd tijdens de run"  # instead of a hash: never equal to one
KOP = ("huisartsdata", "broncode", "snapshot", "bronnen", "parameters")  # of `stand_van_zaken`
NOG_NIET, GEVRAAGD = "nog niet gedraaid", "gevraagd met --opnieuw"  # reasons that are no change
# what turns an executed notebook into a page and files; a notebook does not import these itself
UITVOERDERS = ("werk.werkboek", "werk.werkpagina", "werk.werkkernel", "werk.werklezers")


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
        File in the figure folder -> hash.
    gemaakt_met
        What was in force then, whether it was read or not: `stand_van_zaken`. Empty for a run of before that was
        written down.
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


@dataclass(frozen=True)
class Manifest:
    """The manifest of a figure folder: notebook file name -> its `Boekstand`.

    Its head says only what holds for every notebook in it; where they differ, each says its own.
    """

    boeken: Mapping[str, Boekstand] = field(default_factory=dict)

    @property
    def uitvoer(self) -> dict[str, tuple[str, str]]:
        """Every file -> (its hash, the notebook it comes from)."""
        return {pad: (som, naam) for naam, b in sorted(self.boeken.items()) for pad, som in b.uitvoer.items()}

    def met(self, naam: str, stand: Boekstand) -> Manifest:
        """With a notebook run anew.

        A file that two notebooks write is of the later one in order, as if they ran one after another.
        """
        later = {p for n, b in self.boeken.items() if n > naam for p in b.uitvoer}
        eigen = {p: s for p, s in stand.uitvoer.items() if p not in later}
        nieuw = {n: _zonder(b, eigen) if n < naam else b for n, b in self.boeken.items() if n != naam}
        return Manifest({**nieuw, naam: _met_uitvoer(stand, eigen)})

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
        inhoud = {**kop, "vorm": VORM, "notebooks": boeken}
        return (json.dumps(inhoud, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _zonder(b: Boekstand, paden: Iterable[str]) -> Boekstand:
    weg = set(paden)
    return _met_uitvoer(b, {p: s for p, s in b.uitvoer.items() if p not in weg})


def _met_uitvoer(b: Boekstand, uitvoer: Mapping[str, str]) -> Boekstand:
    from dataclasses import replace

    return replace(b, uitvoer=dict(sorted(uitvoer.items())))


def lees_manifest(map_: Path) -> Manifest:
    """The manifest of a figure folder; an empty one when it is not there or cannot be read.

    What cannot be trusted is as good as absent: then everything runs again.
    """
    try:
        if not (map_ / MANIFEST).is_file():  # a pipe of that name would never end
            return Manifest()
        d = json.loads((map_ / MANIFEST).read_text(encoding="utf-8"))
        if d["vorm"] != VORM:
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
    try:
        vorm = json.loads((map_ / MANIFEST).read_text(encoding="utf-8"))["vorm"]
    except _ONBRUIKBAAR:
        vorm = None
    if isinstance(vorm, int) and vorm > VORM:
        raise NotebookFout(
            f"{MANIFEST} in {map_} is van een nieuwere versie van huisartsdata; werk huisartsdata bij of kies een "
            "andere map"
        )
    return f"{MANIFEST} in {map_} is niet te gebruiken; alles draait opnieuw"


def _lees_stand(d: Mapping[str, Any], kop: Mapping[str, Any]) -> Boekstand:
    tabellen = {n: dict(d[n]) for n in ("vraag", "omgeving", "modules", "gegevens", "bestanden", "uitvoer")}
    for pad in tabellen["uitvoer"]:  # a name from a file is no path outside its own folder
        if Path(pad).is_absolute() or ".." in Path(pad).parts or "\0" in pad:
            raise ValueError(pad)
    _keur_vraag(tabellen["vraag"])
    # a head of before notebooks told their own said what was in force when the last of them ran
    met = {**kop, **{n: w for n, w in d["gemaakt_met"].items() if n in KOP}} if "gemaakt_met" in d else {}
    return Boekstand(
        notebook=str(d["notebook"]),
        zaden=tuple(map(int, d["zaden"])),
        cellen=int(d["cellen"]),
        gemaakt_met=met,
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


# --- what everything is now ----------------------------------------------------------------------------------


@cache
def modulehashes() -> Mapping[str, str]:
    """Every module of the package -> hash of its source, as it was when this process first asked."""
    wortel = Path(__file__).resolve().parents[1]
    uit = {}
    for pad in sorted(wortel.rglob("*.py")):
        delen = pad.relative_to(wortel).with_suffix("").parts
        naam = ".".join((PAKKET, *(delen[:-1] if delen[-1] == "__init__" else delen)))
        uit[naam] = catalogus.bestandshash(pad)
    return uit


def stand_van_zaken() -> dict[str, Any]:
    """Version, source code, snapshot, descriptions of its sources and parameters that are in force now."""
    s = catalogus.snapshot()
    return {
        "huisartsdata": __version__,
        "broncode": vat_samen(modulehashes()),
        "snapshot": {"versie": s.versie, "peiljaar": s.peiljaar, "hash": s.hash},
        "bronnen": {n: _hash_of_leeg(_gegevenspad(f"bronnen/{n}.toml")) for n in s.bronnen},
        "parameters": _hash_of_leeg(_gegevenspad("parameters.csv")),
    }


def zelfde_stand(voor: Mapping[str, Any], na: Mapping[str, Any]) -> dict[str, Any]:
    """What held from beginning to end; what changed in between says so.

    >>> zelfde_stand({"a": 1, "b": 2}, {"a": 1, "b": 3})
    {'a': 1, 'b': 'veranderd tijdens de run'}
    """
    return {n: w if na.get(n) == w else VERANDERD for n, w in voor.items()}


def vat_samen(hashes: Mapping[str, str]) -> str:
    """One hash of many, by name.

    >>> vat_samen({"a": "1", "b": "2"}) == vat_samen({"b": "2", "a": "1"})
    True
    """
    return hashlib.sha256("\n".join(f"{n} {h}" for n, h in sorted(hashes.items())).encode()).hexdigest()


@cache
def omgeving() -> dict[str, str]:
    """What results depend on outside the package: lock, installed versions, Python, platform.

    The versions stand beside the lock because an environment may have drifted from it.
    """
    import re
    from importlib.metadata import PackageNotFoundError, requires, version

    namen = {m[0].lower() for eis in requires(PAKKET) or () if (m := re.match(r"[A-Za-z0-9._-]+", eis))}
    versies = {}
    for naam in sorted(namen | {"ipykernel", "ipython", "nbformat", "pygments", "pillow"}):
        try:
            versies[naam] = version(naam)
        except PackageNotFoundError:
            versies[naam] = "-"
    lock = Path(__file__).resolve().parents[3] / LOCK
    return {
        "lock": _hash_of_leeg(lock) if (lock.parent / "pyproject.toml").is_file() else "",
        "pakketten": vat_samen(versies),
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
    }


def boekhash(pad: Path) -> str:
    """Hash of what a notebook is: its cells' kinds, ids and sources, without outputs.

    Raises
    ------
    NotebookFout
        When the file is no notebook.
    """
    cellen = [(c["cell_type"], c.get("id", ""), bron(c)) for c in lees_cellen(pad)]
    return hashlib.sha256(json.dumps(cellen, ensure_ascii=False).encode()).hexdigest()


def bron(cel: Mapping[str, Any]) -> str:
    """Source of a cell, which a file holds as one text or as lines."""
    return "".join(cel["source"])


def lees_cellen(pad: Path) -> list[dict[str, Any]]:
    """Cells of a notebook file.

    Raises
    ------
    NotebookFout
        When the file is no notebook.
    """
    keur_gewoon_bestand(pad)
    try:
        cellen = json.loads(pad.read_text(encoding="utf-8"))["cells"]
        if not all(isinstance(bron(c), str) and isinstance(c["cell_type"], str) for c in cellen):
            raise TypeError(pad.name)  # noqa: TRY301 - told as one fault with the others
    except OSError as e:
        raise NotebookFout(f"{pad.name} is niet te lezen ({oorzaak(e)})") from e
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        raise NotebookFout(
            f"{pad.name} is geen leesbaar notebook; zet het oorspronkelijke bestand terug of haal het weg"
        ) from e
    return list(cellen)


def _hash_of_leeg(pad: Path | None) -> str:
    """Hash of a file; empty when it cannot be read, or is no file but a device or pipe without an end."""
    try:
        return catalogus.bestandshash(pad) if pad is not None and pad.is_file() else ""
    except (OSError, ValueError):
        return ""


def _gegevenspad(deel: str) -> Path | None:
    """Where a file of the data is now: of a reference year in the snapshot that is in force."""
    kop, _, rest = deel.partition("/")
    if kop.isdigit():
        try:
            return catalogus.snapshot(int(kop)).map / rest
        except HuisartsdataFout:
            return None
    if not rest:  # parameters stand with the package only
        return catalogus.pakketmap() / deel
    try:
        wortels = catalogus.gegevensmappen()
    except HuisartsdataFout:
        wortels = (catalogus.pakketmap(),)
    return next((wortel / deel for wortel in wortels if (wortel / deel).is_file()), None)


def naam_van_gelezen(pad: Path, boekmap: Path) -> tuple[str, str]:
    """How a file that was read stands in the manifest: ``gegevens`` or ``bestanden``, and its name there.

    Names are relative, so that the manifest says nothing about the machine and holds on another one.
    """
    for wortel in catalogus.gegevensmappen():
        if pad.is_relative_to(wortel):
            kop, *rest = pad.relative_to(wortel).parts
            # a later version of a reference year (2024.2) takes the place of an earlier one
            jaar = kop.split(".")[0] if rest and kop[:4].isdigit() else kop
            return "gegevens", "/".join((jaar, *rest))
    pakket = Path(__file__).resolve().parents[1]
    if pad.is_relative_to(pakket):
        return "gegevens", f"{PAKKET}/{pad.relative_to(pakket).as_posix()}"
    try:
        return "bestanden", Path(os.path.relpath(pad, boekmap)).as_posix()
    except ValueError:  # on another drive there is no relative path
        return "bestanden", pad.as_posix()


def naam_van_map(pad: Path, boekmap: Path) -> str:
    """How a folder that was listed stands in the manifest: its path from the notebook, with a slash at the end."""
    try:
        return Path(os.path.relpath(pad, boekmap)).as_posix() + "/"
    except ValueError:  # on another drive
        return pad.as_posix() + "/"


def _nu_gegevens(naam: str) -> str:
    if naam.startswith(f"{PAKKET}/"):
        return _hash_of_leeg(Path(__file__).resolve().parents[1] / naam.removeprefix(f"{PAKKET}/"))
    return _hash_of_leeg(_gegevenspad(naam))


# --- what differs --------------------------------------------------------------------------------------------


class Nu:
    """The state of everything now, each file hashed once."""

    def __init__(self) -> None:
        self._gegevens: dict[str, str] = {}
        self._bestanden: dict[Path, str] = {}

    def gegevens(self, naam: str) -> str:
        """Hash of a file of the data; empty when it is gone."""
        if naam not in self._gegevens:
            self._gegevens[naam] = _nu_gegevens(naam)
        return self._gegevens[naam]

    def bestand(self, pad: Path) -> str:
        """Hash of a file; empty when it is gone."""
        if pad not in self._bestanden:
            self._bestanden[pad] = _hash_of_leeg(pad)
        return self._bestanden[pad]

    def redenen(
        self, pad: Path, map_: Path, stand: Boekstand | None, vraag: Mapping[str, Any]
    ) -> tuple[str, ...]:
        """Why a notebook must run, in Dutch; empty when nothing it depends on or wrote has changed.

        Parameters
        ----------
        pad
            The notebook.
        map_
            The figure folder.
        stand
            Its last run, or None.
        vraag
            The choice it is to be given now.
        """
        if stand is None:
            return (NOG_NIET,)
        uit = []
        if boekhash(pad) != stand.notebook:
            uit.append("het notebook is veranderd")
        if dict(vraag) != dict(stand.vraag):
            uit.append("gebied, bestanden, norm of functie zijn anders")
        if omgeving() != dict(stand.omgeving):
            uit.append("Python of de pakketten zijn veranderd")
        code = modulehashes()
        uit += [f"{n} is veranderd" for n, som in stand.modules.items() if code.get(n) != som]
        for naam, som in stand.gegevens.items():
            if (nu := self.gegevens(naam)) != som:
                uit.append(f"{naam} is {'veranderd' if nu else 'weg'}")
        for naam, som in stand.bestanden.items():
            if naam.endswith("/"):
                if (nu := mapstand(pad.parent / naam)) != som:
                    uit.append(f"in de map {naam} staan andere bestanden" if nu else f"{naam} is weg")
            elif (nu := self.bestand(pad.parent / naam)) != som:
                uit.append(f"{naam} is {('veranderd' if som else 'nieuw') if nu else 'weg'}")
        for naam, som in stand.uitvoer.items():
            if (nu := self.bestand(map_ / naam)) != som:
                uit.append(f"uitvoer {naam} is {'anders dan gemaakt' if nu else 'weg'}")
        return tuple(uit)
