"""Which figures of which briefs and notebooks a refresh moves, and by how much.

A brief says in its `brief.json` with which command it was made; the model's figures of its area are computed on the old
snapshot and on the new one, each in a process of its own so that nothing cached of one is used for the other.
What cannot be compared is named with the reason: nothing that lies in the folder is passed by in silence.
"""

from __future__ import annotations

import json
import os
import re
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
GENOEMD_PER_REDEN = 10  # briefs that were not compared
SOORTEN = (
    "gemeente",
    "provincie",
    "regioplus",
    "corop",
    "ggdregio",
    "veiligheidsregio",
    "zorgkantoorregio",
    "land",
    "wijk",
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


# reasons why a brief is not compared, as the report gives them
EIGEN = "met eigen bestanden"
VERVALT = "over een gebied dat vervalt"
ONBEKEND = "over een gebied dat niet in de huidige snapshot staat"
STUK = "waarvan de opdracht niet te lezen is"


@dataclass(frozen=True)
class Briefopgave:
    """A brief that lies on disk: its title, the codes of its area, its norm, and whether it has files of its own."""

    titel: str
    codes: tuple[str, ...]
    keuze: Keuze
    eigen: bool = False
    scenario: bool = False

    @property
    def naam(self) -> str:
        """As the report calls it."""
        # only what the scenario starts from is computed
        return f"{self.titel} ({', '.join(self.codes)}{'; zonder het scenario' if self.scenario else ''})"


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
    if figuren is None:
        return []
    if not figuren.is_dir():
        return [
            f"Er is geen map {clean(str(figuren))[:MAX_TITEL]}; geef met --figuren de map met figuren en brieven."
        ]
    boeken = [r for pad in _vind(figuren, MANIFEST) for r in _notebooks(pad, figuren, veranderd)]
    brieven: list[Briefopgave] = []
    apart: dict[str, list[str]] = {}  # reason -> briefs that are not compared
    for pad in _vind(figuren, BOEKJE):
        if (opgave := _brief(pad)) is None:
            apart.setdefault(STUK, []).append(_plek(pad, figuren))
        elif opgave.eigen:
            apart.setdefault(EIGEN, []).append(opgave.naam)
        else:
            brieven.append(opgave)
    keuzes = sorted({b.keuze for b in brieven})
    if keuzes:
        boeken += _vergelijk(brieven, keuzes, _reken(keuzes, None), _reken(keuzes, nieuwe_map), apart)
    return boeken + [_niet_vergeleken(reden, namen) for reden, namen in sorted(apart.items())]


def ander_jaar(peiljaar: int) -> str:
    """What a snapshot of another year than the model's is for, and what it does not do."""
    return (
        f"Het model, de figuren en de brieven rekenen met peiljaar {catalogus.PEILJAAR}. Deze snapshot van {peiljaar} "
        f"verandert ze niet; alleen een snapshot van {catalogus.PEILJAAR} doet dat. De nieuwe cijfers opent u met "
        f"peiljaar={peiljaar}, bijvoorbeeld hd.load_gemeenten(peiljaar={peiljaar})."
    )


def _lees(pad: Path) -> dict[str, Any]:
    if not pad.is_file():  # a pipe of that name would wait for ever
        return {}
    try:
        d = json.loads(pad.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return d if isinstance(d, dict) else {}


def _vind(figuren: Path, naam: str) -> list[Path]:
    """Files of this name in the folder and below it; what is hidden (a prepared folder, a checkpoint) is no output."""
    return [
        p
        for p in sorted(figuren.rglob(naam), key=lambda p: (len(p.parts), p))
        if not any(deel.startswith(".") for deel in p.relative_to(figuren).parts)
    ]


def _plek(pad: Path, figuren: Path) -> str:
    return clean(pad.relative_to(figuren).as_posix())[:MAX_TITEL]


def _notebooks(pad: Path, figuren: Path, veranderd: set[str]) -> Iterator[str]:
    """Notebooks of one manifest that read a table that changed; of a run for one area with its folder."""
    boeken = (d := _lees(pad)).get("notebooks")
    if not d:
        yield f"- {_plek(pad, figuren)} is niet te lezen: of de figuren daarbij veranderen, is niet bekend"
    for naam, stand in sorted(boeken.items()) if isinstance(boeken, dict) else ():
        gegevens, uitvoer = (
            stand.get(deel) if isinstance(stand, dict) else None for deel in ("gegevens", "uitvoer")
        )
        if not isinstance(gegevens, dict):
            continue
        if tabellen := sorted({t for p in gegevens if (t := _tabel(p)) in veranderd}):
            aantal = len(uitvoer) if isinstance(uitvoer, dict) else 0
            waar = "" if pad.parent == figuren else f"{_plek(pad.parent, figuren)}/"
            yield f"- notebook {waar}{clean(naam)[:MAX_TITEL]}: bestanden {aantal}, gemaakt uit {', '.join(tabellen)}"


def _tabel(pad: str) -> str:
    """Table of a file as a manifest names it, empty for a file of another year or none of a snapshot.

    >>> _tabel("2024.2/gemeenten.parquet"), _tabel("2026/gemeenten.parquet"), _tabel("bronnen/water.toml")
    ('gemeenten', '', '')
    """
    m = re.fullmatch(rf"{catalogus.PEILJAAR}(?:\.\d+)?/(\w+)\.parquet", pad)
    return m[1] if m else ""


def _brief(pad: Path) -> Briefopgave | None:
    """The brief that a file describes; None where its command is none."""
    from huisartsdata.model.situatie import FUNCTIES

    boekje = _lees(pad)
    try:
        woorden = shlex.split(str(boekje["opdracht"]))
        opties = dict(zip(woorden[3::2], woorden[4::2], strict=False))
        norm, functie = opties.get("--norm", ""), opties.get("--functie", FUNCTIE)
        if functie not in FUNCTIES or (norm not in ("", "landelijk") and not 0 < float(norm) < 1e6):
            return None
        return Briefopgave(
            clean(str(boekje["titel"]))[:MAX_TITEL],
            tuple(clean(code)[:MAX_TITEL] for code in woorden[2].split(",")),
            (norm, functie),
            eigen=any(o in opties for o in EIGEN_INVOER),
            scenario="--scenario" in opties,
        )
    except (KeyError, ValueError, IndexError):
        return None


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
            if per == "wijk":
                # a brief counts the people of the wijk itself, which CBS rounds apart from its buurten; some are empty
                wijken = hd.load_wijken()["inwoners"].fillna(0.0)
                beeld = beeld.reindex(wijken.index, fill_value=0.0).assign(inwoners=wijken)
            cijfers |= {str(c): {str(k): float(w) for k, w in rij.items()} for c, rij in beeld.iterrows()}
        uit.append(cijfers)
    sys.stdout.write(json.dumps(uit))


def _samen(codes: Sequence[str], cijfers: Cijfers) -> dict[str, float] | None:
    """Figures of an area of parts, as a brief has them: people, need and reach add up. None without one of them."""
    if any(c not in cijfers for c in codes):
        return None
    if len(codes) == 1:
        return cijfers[codes[0]]
    som = {k: sum(cijfers[c][k] for c in codes) for k in CIJFERS if k != "tekort_fte"}
    # a shortage is of the area as a whole: room in one part serves the other
    return som | {"tekort_fte": max(0.0, som["nodig_fte"] - som["bereikt_fte"])}


def _vergelijk(
    brieven: Sequence[Briefopgave],
    keuzes: Sequence[Keuze],
    oud: list[Cijfers],
    nieuw: list[Cijfers],
    apart: dict[str, list[str]],
) -> list[str]:
    """Lines on the briefs that move, those that move most first; what cannot be compared is added to `apart`."""
    if not oud or not nieuw:
        waar = "het logbestand zegt waarom (met --dry-run alleen als u --logbestand geeft)"
        return [f"De cijfers van {len(brieven)} brieven konden niet worden vergeleken; {waar}."]
    nummer = {k: n for n, k in enumerate(keuzes)}
    gevonden: list[tuple[float, str]] = []
    gelijk = 0
    for b in brieven:
        was, nu = (_samen(b.codes, c[nummer[b.keuze]]) for c in (oud, nieuw))
        if was is None:
            apart.setdefault(ONBEKEND, []).append(b.naam)
        elif nu is None:
            apart.setdefault(VERVALT, []).append(b.naam)
        elif bewegen := {k: nu[k] - was[k] for k, (d, _) in CIJFERS.items() if round(nu[k] - was[k], d)}:
            delen = [_deel(k, was[k], nu[k]) for k in bewegen]
            maat = abs(bewegen.get("tekort_fte", 0.0)) / max(was["nodig_fte"], 1e-9)
            gevonden.append((maat, f"- brief {b.naam}: {'; '.join(delen)}"))
        else:
            gelijk += 1
    gevonden.sort(key=lambda x: (-x[0], x[1]))
    regels = [tekst for _, tekst in gevonden[:GENOEMD]]
    if len(gevonden) > GENOEMD:
        regels.append(f"- van nog {len(gevonden) - GENOEMD} brieven bewegen de cijfers minder")
    if gelijk:
        regels.append(f"- brieven waarvan deze cijfers gelijk blijven: {gelijk}")
    return regels


def _niet_vergeleken(reden: str, namen: Sequence[str]) -> str:
    """One line per reason: how many, and which."""
    meer = f"; en nog {len(namen) - GENOEMD_PER_REDEN}" if len(namen) > GENOEMD_PER_REDEN else ""
    return f"- brieven {reden}, niet vergeleken: {len(namen)} ({'; '.join(namen[:GENOEMD_PER_REDEN])}{meer})"


def _deel(naam: str, was: float, nu: float) -> str:
    d, eenheid = CIJFERS[naam]
    kort = naam.removesuffix("_fte")
    return f"{kort} van {getal(was, d)} naar {getal(nu, d)}{eenheid} ({getal(nu - was, d, teken=True)})"
