"""Which figures of which briefs and notebooks a refresh moves, and by how much.

A brief says in its `brief.json` with which command it was made; the model's figures of its area are computed on the old
snapshot and on the new one, each in a process of its own so that nothing cached of one is used for the other.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.ophalen import LOG
from huisartsdata.bronnen.vergelijking import getal
from huisartsdata.uitvoer.opmaak import clean

BOEKJE, MANIFEST = "brief.json", "manifest.json"
# a brief without --functie counts these GPs, which is not what `landelijke_situatie` takes by itself
FUNCTIE = "zonder_wisselend"
MAX_TITEL = 200
# with these a brief rests on files that may be anywhere, so that its figures cannot be made here
EIGEN_INVOER = ("--bestand", "--landelijk", "--gebieden")
GENOEMD = 25  # briefs in the report, those that move most first
SOORTEN = (
    "gemeente",
    "provincie",
    "regioplus",
    "corop",
    "ggdregio",
    "veiligheidsregio",
    "zorgkantoorregio",
    "land",
)
# figure of a brief -> decimals, unit
CIJFERS = {
    "inwoners": (0, ""),
    "nodig_fte": (1, " fte"),
    "bereikt_fte": (1, " fte"),
    "tekort_fte": (1, " fte"),
}
_KIND = "from huisartsdata.verversbrieven import druk_cijfers; druk_cijfers()"
Keuze = tuple[str, str]  # norm, functie
Cijfers = dict[str, dict[str, float]]  # code -> figure -> value


@dataclass(frozen=True)
class Briefopgave:
    """A brief that lies on disk: its title, area and norm; `eigen` when it has input of its own."""

    titel: str
    code: str
    keuze: Keuze
    eigen: bool = False


def brieven_die_bewegen(
    figuren: Path | None, peiljaar: int, veranderd: set[str], *, nieuwe_map: Path
) -> list[str]:
    """Lines for the report.

    Parameters
    ----------
    figuren
        Folder with the output of notebooks and briefs.
    peiljaar
        Of the new snapshot.
    veranderd
        Tables with other values than before.
    nieuwe_map
        Folder that holds the new snapshot, and is looked at first.
    """
    if peiljaar != catalogus.PEILJAAR:
        return [ander_jaar(peiljaar)]
    if figuren is None or not figuren.is_dir():
        return []
    boeken, brieven = list(_notebooks(figuren, veranderd)), list(_brieven(figuren))
    keuzes = sorted({b.keuze for b in brieven if not b.eigen})
    oud, nieuw = (_reken(keuzes, None), _reken(keuzes, nieuwe_map)) if keuzes else ([], [])
    return boeken + (_regels(brieven, oud, nieuw) if brieven else [])


def ander_jaar(peiljaar: int) -> str:
    """What a snapshot of another year than the model's is for, and what it does not do."""
    return (
        f"Het model, de figuren en de brieven rekenen met peiljaar {catalogus.PEILJAAR}. Deze snapshot van {peiljaar} "
        f"verandert ze niet; alleen een snapshot van {catalogus.PEILJAAR} doet dat. De nieuwe cijfers opent u met "
        f"peiljaar={peiljaar}, bijvoorbeeld hd.load_gemeenten(peiljaar={peiljaar})."
    )


def _lees(pad: Path) -> dict[str, Any]:
    try:
        d = json.loads(pad.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return d if isinstance(d, dict) else {}


def _notebooks(figuren: Path, veranderd: set[str]) -> Iterator[str]:
    boeken = _lees(figuren / MANIFEST).get("notebooks", {})
    for naam, stand in sorted(boeken.items()) if isinstance(boeken, dict) else ():
        gegevens, uitvoer = (
            stand.get(deel) if isinstance(stand, dict) else None for deel in ("gegevens", "uitvoer")
        )
        if not isinstance(gegevens, dict):
            continue
        tabellen = sorted({Path(p).stem for p in gegevens} & veranderd)
        if tabellen:
            aantal = len(uitvoer) if isinstance(uitvoer, dict) else 0
            yield f"- notebook {clean(naam)[:MAX_TITEL]}: bestanden {aantal}, gemaakt uit {', '.join(tabellen)}"


def _brieven(figuren: Path) -> Iterator[Briefopgave]:
    from huisartsdata.model.situatie import FUNCTIES

    for pad in sorted(figuren.rglob(BOEKJE)):
        boekje = _lees(pad)
        try:
            woorden = shlex.split(str(boekje["opdracht"]))
            opties = dict(zip(woorden[3::2], woorden[4::2], strict=False))
            norm, functie = opties.get("--norm", ""), opties.get("--functie", FUNCTIE)
            if functie not in FUNCTIES or (norm not in ("", "landelijk") and not 0 < float(norm) < 1e6):
                continue
            yield Briefopgave(
                clean(str(boekje["titel"]))[:MAX_TITEL],
                clean(woorden[2])[:MAX_TITEL],
                (norm, functie),
                eigen=any(o in opties for o in EIGEN_INVOER),
            )
        except (KeyError, ValueError, IndexError):
            continue


def _reken(keuzes: Sequence[Keuze], map_: Path | None) -> list[Cijfers]:
    """The model's figures per choice of norm, on the data of a folder."""
    omgeving = dict(os.environ) if map_ is None else {**os.environ, catalogus.MAPVARIABELE: str(map_)}
    uit = subprocess.run(
        [sys.executable, "-c", _KIND],
        input=json.dumps(list(keuzes)),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=omgeving,
    )
    try:
        cijfers: list[Cijfers] = json.loads(uit.stdout)
    except ValueError:
        LOG.error("de cijfers van de brieven zijn niet berekend: %s", uit.stderr[-2000:])
        return []
    return cijfers


def druk_cijfers() -> None:
    """Read choices of norm as JSON, print per choice the figures of every area: the other side of `_reken`."""
    import huisartsdata as hd

    uit = []
    for norm, functie in json.load(sys.stdin):
        opties: dict[str, Any] = {"functie": functie}
        if norm:
            opties["norm"] = norm if norm == "landelijk" else float(norm)
        situatie = hd.landelijke_situatie(**opties)
        cijfers: Cijfers = {}
        for per in SOORTEN:
            beeld = hd.tekortbeeld(situatie, per=per)[list(CIJFERS)]
            cijfers |= {str(c): {str(k): float(w) for k, w in rij.items()} for c, rij in beeld.iterrows()}
        uit.append(cijfers)
    sys.stdout.write(json.dumps(uit))


def _regels(brieven: Sequence[Briefopgave], oud: list[Cijfers], nieuw: list[Cijfers]) -> list[str]:
    if any(not b.eigen for b in brieven) and (not oud or not nieuw):
        return [f"De cijfers van {len(brieven)} brieven konden niet worden vergeleken; zie het logbestand."]
    nummer = {k: n for n, k in enumerate(sorted({b.keuze for b in brieven if not b.eigen}))}
    gevonden: list[tuple[float, str]] = []
    gelijk = onbekend = 0
    for b in brieven:
        was, nu = (None if b.eigen else c[nummer[b.keuze]].get(b.code) for c in (oud, nieuw))
        if was is None or nu is None:
            onbekend += 1
        elif bewegen := {k: nu[k] - was[k] for k, (d, _) in CIJFERS.items() if round(nu[k] - was[k], d)}:
            delen = [_deel(k, was[k], nu[k]) for k in bewegen]
            maat = abs(bewegen.get("tekort_fte", 0.0)) / max(was["nodig_fte"], 1e-9)
            gevonden.append((maat, f"- brief {b.titel} ({b.code}): {'; '.join(delen)}"))
        else:
            gelijk += 1
    gevonden.sort(key=lambda x: (-x[0], x[1]))
    staart = (
        [f"- van nog {len(gevonden) - GENOEMD} brieven bewegen de cijfers minder"]
        if len(gevonden) > GENOEMD
        else []
    )
    staart += [f"- brieven waarvan deze cijfers gelijk blijven: {gelijk}"] if gelijk else []
    staart += (
        [f"- brieven met eigen invoer of over een vervallen gebied, niet vergeleken: {onbekend}"]
        if onbekend
        else []
    )
    return [tekst for _, tekst in gevonden[:GENOEMD]] + staart


def _deel(naam: str, was: float, nu: float) -> str:
    d, eenheid = CIJFERS[naam]
    kort = naam.removesuffix("_fte")
    return f"{kort} van {getal(was, d)} naar {getal(nu, d)}{eenheid} ({getal(nu - was, d, teken=True)})"
