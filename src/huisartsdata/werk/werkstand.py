"""What everything is now, and what of it differs from what a notebook was made from.

Nothing heavy is imported here: a second run with nothing changed compares hashes and stops.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata import __version__
from huisartsdata.bronnen import catalogus
from huisartsdata.fouten import HuisartsdataFout, NotebookFout
from huisartsdata.werk.werklezers import mapstand
from huisartsdata.werk.werkmanifest import MANIFEST
from huisartsdata.werk.werkmap import keur_gewoon_bestand, oorzaak

if TYPE_CHECKING:
    from huisartsdata.werk.werkmanifest import Boekstand

PAKKET = "huisartsdata"
LOCK = "requirements.lock"
VERANDERD = "veranderd tijdens de run"  # instead of a hash: never equal to one
NOG_NIET, GEVRAAGD = "nog niet gedraaid", "gevraagd met --opnieuw"  # reasons that are no change
# what turns an executed notebook into a page and files; a notebook does not import these itself
UITVOERDERS = ("werk.werkboek", "werk.werkopname", "werk.werkpagina", "werk.werkkernel", "werk.werklezers")
VAST = frozenset({PAKKET, *(f"{PAKKET}.{naam}" for naam in UITVOERDERS)})  # used by whatever notebook


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
        "snapshot": beschrijf(s),
        "bronnen": {n: _hash_of_leeg(_gegevenspad(f"bronnen/{n}.toml")) for n in s.bronnen},
        "parameters": _hash_of_leeg(_gegevenspad("parameters.csv")),
    }


def beschrijf(s: catalogus.Snapshot) -> dict[str, Any]:
    """A snapshot as the head of a manifest names it."""
    return {"versie": s.versie, "peiljaar": s.peiljaar, "hash": s.hash}


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

    The versions stand beside the lock because an environment may have drifted from it. What only tests or a
    cluster need does not count: results are the same with and without.
    """
    import re
    from importlib.metadata import PackageNotFoundError, requires, version

    eisen = [
        e
        for e in requires(PAKKET) or ()
        if not re.search(r"""extra\s*==\s*["'](?:dev|cluster|bench)["']""", e)
    ]
    namen = {m[0].lower() for eis in eisen if (m := re.match(r"[A-Za-z0-9._-]+", eis))}
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
    """Hash of what a notebook is: its cells' kinds, ids, sources and attached pictures, without outputs.

    Raises
    ------
    NotebookFout
        When the file is no notebook.
    """
    cellen = [
        (c["cell_type"], c.get("id", ""), bron(c), *([c["attachments"]] if c.get("attachments") else []))
        for c in lees_cellen(pad)
    ]
    return hashlib.sha256(json.dumps(cellen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


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
        self,
        pad: Path,
        map_: Path,
        stand: Boekstand | None,
        vraag: Mapping[str, Any],
        eigen: Mapping[str, str] | None = None,
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
        eigen
            Which of the files that it wrote are its own, with their hashes; default all of them.
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
        if self._spreekt_zich_tegen(stand, code):
            uit.append(f"{MANIFEST} spreekt zichzelf tegen")
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
        for naam, som in (stand.uitvoer if eigen is None else eigen).items():
            if (nu := self.bestand(map_ / naam)) != som:
                uit.append(f"uitvoer {naam} is {'anders dan gemaakt' if nu else 'weg'}")
        return tuple(uit)

    def _spreekt_zich_tegen(self, stand: Boekstand, code: Mapping[str, str]) -> bool:
        """Whether what is said to be in force then cannot go with what is said to have been read."""
        if not VAST & set(code) <= set(stand.modules):
            return True
        met, parameters = stand.gemaakt_met, stand.gegevens.get("parameters.csv")
        if parameters is not None and met.get("parameters", parameters) != parameters:
            return True
        if stand.modules.get(PAKKET) == code.get(PAKKET) and met.get(PAKKET, __version__) != __version__:
            return True
        try:
            s = catalogus.snapshot()
        except HuisartsdataFout:
            return False
        nu, toml = beschrijf(s), f"{s.peiljaar}/snapshot.toml"
        zelfde = toml in stand.gegevens and self.gegevens(toml) == stand.gegevens[toml]
        return zelfde and met.get("snapshot", nu) != nu
