"""Compare a figure folder with its manifest, or with figures made anew: which files are the same."""

from __future__ import annotations

import csv
import io
import json
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import BronFout, NotebookFout
from huisartsdata.uitvoer.citatie import BOEKJE
from huisartsdata.werk.werkleeszaal import LEESZAAL, leeszaal_is_gelijk
from huisartsdata.werk.werkmanifest import MANIFEST, keur_vorm, lees_manifest
from huisartsdata.werk.werkmap import notebooks as vind_notebooks
from huisartsdata.werk.werkstand import Nu, omgeving

if TYPE_CHECKING:
    from huisartsdata.werk.werkmanifest import Manifest
    from huisartsdata.werk.werkvraag import Werkvraag

GELIJK, ANDERS, ONTBREEKT, VREEMD = "gelijk", "anders", "ontbreekt", "hoort er niet bij"
NIET_VERGELEKEN = "niet vergeleken"  # a picture made on another platform: its csv is compared instead
# Another platform adds up in another order: the last of 15 digits differs, and never the ninth.
GETALMARGE = 1e-9
Meld = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Oordeel:
    """What was found about one file: its path in the folder, the verdict, and the notebook it comes from."""

    bestand: str
    uitslag: str
    notebook: str = ""
    uitleg: str = ""


def lees_bestaand(map_: Path) -> Manifest:
    """The manifest of a folder with figures.

    Raises
    ------
    BronFout
        When there is no such folder, or no manifest in it that can be read.
    """
    if not map_.is_dir():
        raise BronFout(f"{map_} is geen map; draai eerst 'huisartsdata run' of geef een andere map")
    manifest = lees_manifest(map_)
    if not manifest.boeken:
        waarom = keur_vorm(map_)
        raise BronFout(
            f"in {map_} staat geen bruikbaar {MANIFEST}; draai eerst 'huisartsdata run --uit {map_}'"
            if not waarom
            else f"geen bruikbaar {MANIFEST}: {waarom.partition(';')[0]}; draai 'huisartsdata run' zoals toen"
        )
    return manifest


def vergelijk_met_manifest(map_: Path) -> Iterator[Oordeel]:
    """Every file of a folder against the hash in its manifest; nothing is run.

    Yields
    ------
    Oordeel
        By path; also for files that the manifest does not know.
    """
    manifest = lees_bestaand(map_)
    nu = Nu()
    for naam, (som, boek) in sorted(manifest.uitvoer.items()):
        gevonden = nu.bestand(map_ / naam)
        yield Oordeel(naam, ONTBREEKT if not gevonden else GELIJK if gevonden == som else ANDERS, boek)
    yield from _leeszaal(map_)
    yield from _vreemd(map_, manifest)


def vergelijk_met_herbouw(
    map_: Path,
    *,
    notebooks: Path | None = None,
    vraag: Werkvraag | None = None,
    gevraagd: Mapping[str, Any] | None = None,
    processen: int = 2,
    meld: Meld | None = None,
) -> Iterator[Oordeel]:
    """Make every figure anew in a temporary folder and compare.

    With the same lock, versions and platform as in the manifest: byte for byte. Otherwise the csv behind each
    figure by its values, and the provenance without the hash of that csv; pictures and pages are then only
    looked at for being there.

    Parameters
    ----------
    map_
        The figure folder.
    notebooks
        Folder of the notebooks; default those of the package.
    vraag
        The choice the folder was made with, where it had one.
    gevraagd
        The same as it was typed, as `werkboek.vraagstand` gives it; default that of `vraag`.
    processen
        Notebooks at a time.
    meld
        Called after every cell.

    Raises
    ------
    BronFout
        Without a manifest.
    NotebookFout
        When a notebook of the manifest is not found, fails, or needs a choice that is not given.
    """
    from huisartsdata.werk.werkboek import vraagstand
    from huisartsdata.werk.werkreeks import Taak, draai_reeks

    manifest = lees_bestaand(map_)
    paden = {p.name: p for p in vind_notebooks(notebooks)}
    if weg := sorted(set(manifest.boeken) - set(paden)):
        raise NotebookFout(
            f"{', '.join(weg)} staat in het manifest en is er niet meer; geef de map op met --notebooks"
        )
    gevraagd = vraagstand(vraag) if gevraagd is None else dict(gevraagd)
    for naam, b in manifest.boeken.items():
        if dict(b.vraag) != gevraagd:
            raise NotebookFout(
                f"{naam} is gedraaid met {noem_vraag(b.vraag)}; geef bij check dezelfde keuze op"
            )
    with tempfile.TemporaryDirectory() as tijdelijk:
        nieuw = Path(tijdelijk) / "figuren"
        taken = [Taak(paden[naam], ("controle",)) for naam in sorted(manifest.boeken)]
        draai_reeks(taken, nieuw, processen=processen, meld=meld, vraag=vraag, gevraagd=gevraagd)
        gemaakt = lees_manifest(nieuw)
        zelfde = all(dict(b.omgeving) == omgeving() for b in manifest.boeken.values())
        for naam, (_, boek) in sorted((manifest.uitvoer | gemaakt.uitvoer).items()):
            yield _vergelijk(map_ / naam, nieuw / naam, naam, boek, bytes_=zelfde)
    yield from _leeszaal(map_)
    yield from _vreemd(map_, manifest, ook=set(gemaakt.uitvoer))


def noem_vraag(vraag: Mapping[str, Any]) -> str:
    """A choice in the manifest, as options of the command line.

    >>> noem_vraag({"gebied": "GM0505", "bestanden": [{"naam": "eigen.csv"}]})
    '--gebied GM0505 --bestand eigen.csv'
    """
    uit = []
    for naam, waarde in sorted(vraag.items(), key=lambda paar: (paar[0] != "gebied", paar[0])):
        if naam == "bestanden":
            uit += [f"--bestand {b['naam']}" for b in waarde]
        else:
            uit.append(f"--{naam} {waarde['naam'] if isinstance(waarde, dict) else waarde}")
    return " ".join(uit) or "de keuzes van het notebook zelf"


def _vergelijk(oud: Path, nieuw: Path, naam: str, boek: str, *, bytes_: bool) -> Oordeel:
    if not nieuw.is_file():
        return Oordeel(naam, VREEMD, boek, "wordt niet meer gemaakt")
    if not oud.is_file():
        return Oordeel(naam, ONTBREEKT, boek)
    een, ander = oud.read_bytes(), nieuw.read_bytes()
    if een == ander:
        return Oordeel(naam, GELIJK, boek)
    if not bytes_ and oud.suffix == ".csv":
        return Oordeel(naam, GELIJK if zelfde_csv(een, ander) else ANDERS, boek, "op waarde vergeleken")
    if not bytes_ and oud.suffix == ".json":
        return Oordeel(
            naam, GELIJK if _zelfde_herkomst(een, ander) else ANDERS, boek, "zonder hash van de csv"
        )
    if not bytes_:
        return Oordeel(naam, NIET_VERGELEKEN, boek, "andere Python, pakketten of computer")
    return Oordeel(naam, ANDERS, boek)


def zelfde_csv(een: bytes, ander: bytes) -> bool:
    r"""Whether two tables hold the same values: numbers to nine digits, everything else exactly.

    >>> zelfde_csv(b"a,b\n1,0.30000000000000004\n", b"a,b\n1.0,0.3\n")
    True
    >>> zelfde_csv(b"a\n1\n", b"a\n2\n")
    False
    """
    try:
        rijen = [list(csv.reader(io.StringIO(t.decode("utf-8")))) for t in (een, ander)]
    except (UnicodeDecodeError, csv.Error):
        return False
    return len(rijen[0]) == len(rijen[1]) and all(
        len(a) == len(b) and all(map(_zelfde_cel, a, b)) for a, b in zip(*rijen, strict=True)
    )


def _zelfde_cel(een: str, ander: str) -> bool:
    if een == ander:
        return True
    try:
        return math.isclose(float(een), float(ander), rel_tol=GETALMARGE, abs_tol=GETALMARGE)
    except ValueError:
        return False


def _zelfde_herkomst(een: bytes, ander: bytes) -> bool:
    delen = []
    for inhoud in (een, ander):
        try:
            d = json.loads(inhoud)
        except (ValueError, RecursionError):
            return False
        if isinstance(d, dict) and isinstance(d.get("csv"), dict):
            d["csv"].pop("sha256", None)
        delen.append(d)
    return bool(delen[0] == delen[1])


def verdwenen(map_: Path, notebooks: Path | None = None) -> tuple[str, ...]:
    """Notebooks of the manifest that are not in the folder with notebooks: their figures can only be old."""
    return tuple(sorted(set(lees_manifest(map_).boeken) - {p.name for p in vind_notebooks(notebooks)}))


def herstel_met(map_: Path, oordelen: Iterable[Oordeel] = (), notebooks: Path | None = None) -> str:
    """The command that puts a folder right, whichever choice it was made with.

    What differs though a run would find nothing changed was made from something that is not tracked: then with
    ``--opnieuw``.
    """
    from huisartsdata.werk.werkreeks import maak_plan

    boeken = lees_manifest(map_).boeken
    stuk = {o.notebook for o in oordelen if o.uitslag in {ANDERS, ONTBREEKT}} & set(boeken)
    paden = [p for p in vind_notebooks(notebooks) if p.name in stuk]
    gaan = {t.pad.name for p in paden for t in maak_plan([p], map_, boeken[p.name].vraag).taken}
    eerste = next((b for n, b in sorted(boeken.items()) if n in stuk or not stuk), None)
    keuze = noem_vraag(eerste.vraag) if eerste and eerste.vraag else ""
    boven = map_.parent if map_.name not in {"", ".."} else map_ / ".."
    uit = boven if eerste and eerste.gebiedsmap else map_
    delen = ("huisartsdata run", keuze, f"--uit {uit}", f"--notebooks {notebooks}" if notebooks else "")
    return " ".join(d for d in (*delen, "--opnieuw" if stuk - gaan else "") if d)


def _leeszaal(map_: Path) -> Iterator[Oordeel]:
    """The reading room, which `run` makes anew when it is not what it would be now."""
    gelijk = leeszaal_is_gelijk(map_)
    if gelijk is not None:
        waarom = (
            "" if gelijk or not (map_ / LEESZAAL).is_file() else "niet van de bestanden en gegevens van nu"
        )
        yield Oordeel(LEESZAAL, GELIJK if gelijk else ANDERS if waarom else ONTBREEKT, "", waarom)


def _vreemd(map_: Path, manifest: Manifest, *, ook: set[str] | None = None) -> Iterator[Oordeel]:
    """Files that no notebook of this manifest wrote; a folder with a manifest of its own answers for itself.

    So do briefs, and the reading room is made anew of whatever lies there.
    """
    bekend = {*manifest.uitvoer, MANIFEST, LEESZAAL, *(ook or ())}
    eigen = {p.parent for naam in (MANIFEST, BOEKJE) for p in map_.rglob(naam)} - {map_}
    for pad in sorted(map_.rglob("*")):
        naam = pad.relative_to(map_).as_posix()
        verborgen = any(deel.startswith(".") for deel in pad.relative_to(map_).parts)
        if pad.is_file() and not verborgen and naam not in bekend and not eigen & set(pad.parents):
            yield Oordeel(naam, VREEMD)
