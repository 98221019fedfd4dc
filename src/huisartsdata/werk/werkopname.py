"""What a kernel wrote down, as the manifest holds it: a hash of all that was read, unless it changed meanwhile."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.catalogus import bestandshash
from huisartsdata.werk.werklezers import bestandsstempel, mapstand
from huisartsdata.werk.werkstand import UITVOERDERS, VERANDERD, naam_van_gelezen, naam_van_map

if TYPE_CHECKING:
    from huisartsdata.werk.werkvraag import Werkvraag


def zoek_geleverd(vraag: Werkvraag, stand: Mapping[str, Any]) -> dict[Path, str]:
    """Deliveries on the command line: absolute path -> hash as it stands in the question of the manifest.

    One that was read with another hash, replaced since it was asked for, is a file like any other.
    """
    paren = list(zip(vraag.bestanden, stand.get("bestanden", ()), strict=False))
    if vraag.gebieden is not None and "gebieden" in stand:
        paren.append((vraag.gebieden, stand["gebieden"]))
    return {pad.resolve(): str(b["sha256"]) for pad, b in paren}


def lees_opname(
    opname: Path, pad: Path, hashes: Mapping[str, str], geleverd: Mapping[Path, str]
) -> dict[str, Any]:
    """What the kernel wrote down, as the manifest holds it: modules, gegevens, bestanden and zaden.

    Parameters
    ----------
    opname
        The file that it wrote.
    pad
        The notebook.
    hashes
        Of every module of the package, from before it started.
    geleverd
        As `zoek_geleverd` gives it.
    """
    try:
        d = json.loads(opname.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # a notebook without a single cell of code used nothing
        d = {"modules": [], "bestanden": {}, "zaden": []}
    modules = {*d["modules"], *(f"huisartsdata.{n}" for n in UITVOERDERS), "huisartsdata"}
    uit: dict[str, dict[str, str]] = {"gegevens": {}, "bestanden": {}}
    for naam, toen in d["bestanden"].items():
        soort, kort = naam_van_gelezen(Path(naam), pad.parent.resolve())
        if toen is None:  # looked for and not there, as a part of a shapefile
            uit[soort][kort] = VERANDERD if Path(naam).exists() else ""
            continue
        try:
            zelfde = bestandsstempel(naam) == tuple(toen)
            som = bestandshash(Path(naam)) if zelfde else VERANDERD
            # two snapshots of one year: a refresh came in between, and the figures may be of both
            if uit[soort].get(kort, som) != som:
                som = VERANDERD
            if geleverd.get(Path(naam).resolve()) != som:
                uit[soort][kort] = som
        except OSError:
            uit[soort][kort] = VERANDERD
    for naam, som in d.get("mappen", {}).items():
        kort = naam_van_map(Path(naam), pad.parent.resolve())
        uit["bestanden"][kort] = som if mapstand(naam) == som else VERANDERD
    return {
        "modules": {m: hashes[m] for m in sorted(modules) if m in hashes},
        "gegevens": dict(sorted(uit["gegevens"].items())),
        "bestanden": dict(sorted(uit["bestanden"].items())),
        "zaden": tuple(sorted(d["zaden"])),
    }
