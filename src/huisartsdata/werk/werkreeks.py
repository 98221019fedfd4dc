"""Run what has changed, notebooks side by side, and keep the manifest true at every moment."""

from __future__ import annotations

import json
import re
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.schrijfveilig import alleen
from huisartsdata.fouten import NotebookFout
from huisartsdata.werk.werkmanifest import MANIFEST, lees_manifest, schrijf_manifest
from huisartsdata.werk.werkmap import keur_gewoon_bestand, maak_map, schrijf_in_een_keer
from huisartsdata.werk.werkstand import GEVRAAGD, Nu, bron, lees_cellen

if TYPE_CHECKING:
    from types import FrameType

    from huisartsdata.werk.werkboek import Stopknop, Uitkomst
    from huisartsdata.werk.werkvraag import Werkvraag

LOOPTIJDEN = ".looptijden.json"  # seconds per notebook of the last run: only to start the longest first
_TREKKINGEN = re.compile(r"\btrekkingen=(\d+)")
_BEZIG = "een andere run schrijft al in {}; wacht tot die klaar is of kies een andere --uit"
Meld = Callable[[str, int, int], None]  # notebook, cells done, cells in all


@dataclass(frozen=True)
class Taak:
    """A notebook that must run, and why, in Dutch."""

    pad: Path
    redenen: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a run has to do.

    Attributes
    ----------
    taken
        Notebooks to run, in order.
    gelijk
        Notebooks that are as they were, with all that they wrote.
    bestanden
        How many files the latter wrote.
    """

    taken: tuple[Taak, ...]
    gelijk: tuple[Path, ...]
    bestanden: int


def maak_plan(
    paden: Sequence[Path], uit: Path, gevraagd: Mapping[str, Any], *, opnieuw: bool = False
) -> Plan:
    """Compare everything with the manifest.

    Parameters
    ----------
    paden
        The notebooks asked for.
    uit
        The figure folder.
    gevraagd
        The question, as `werkboek.vraagstand` gives it.
    opnieuw
        Run them all.

    Raises
    ------
    ParameterFout
        When a notebook is a device or a pipe, which need have no end.
    """
    manifest, nu = lees_manifest(uit), Nu()
    taken, gelijk, bestanden = [], [], 0
    for pad in paden:
        keur_gewoon_bestand(pad)
        stand = manifest.boeken.get(pad.name)
        eigen = {} if stand is None else manifest.eigen(pad.name)
        redenen = (GEVRAAGD,) if opnieuw else nu.redenen(pad, uit, stand, gevraagd, eigen)
        if redenen:
            taken.append(Taak(pad, redenen))
        else:
            gelijk.append(pad)
            bestanden += len(eigen)
    return Plan(tuple(taken), tuple(gelijk), bestanden)


def vind_gebiedsmap(uit: Path, paden: Sequence[Path], gevraagd: Mapping[str, Any]) -> Path | None:
    """The folder that an earlier run with the same question wrote to, without looking the area up.

    Looking up an area and reading deliveries takes seconds; a run that has nothing to do need not wait for it.
    A folder says by which name it was written, so that a copy or one that was renamed is not taken for it.
    """
    if not heeft_gebiedsmap(gevraagd):  # the folder of such a question is `uit` itself
        return None
    raak = []
    for manifest in sorted(uit.glob(f"*/{MANIFEST}")):
        boeken, naam = lees_manifest(manifest.parent).boeken, manifest.parent.name
        if all(
            p.name in boeken
            and boeken[p.name].gebiedsmap == naam
            and dict(boeken[p.name].vraag) == dict(gevraagd)
            for p in paden
        ):
            raak.append(manifest.parent)
    return raak[0] if len(raak) == 1 else None


def heeft_gebiedsmap(gevraagd: Mapping[str, Any]) -> bool:
    """Whether a question is about an area, whose figures get a folder of their own."""
    return bool(gevraagd.get("gebied") or gevraagd.get("bestanden"))


def draai_reeks(
    taken: Sequence[Taak],
    uit: Path,
    *,
    processen: int = 2,
    meld: Meld | None = None,
    scheduler: str | None = None,
    vraag: Werkvraag | None = None,
    gevraagd: Mapping[str, Any] | None = None,
) -> tuple[Uitkomst, ...]:
    """Run notebooks side by side; each has its own kernel and working folder.

    Every notebook's files are moved to `uit` when it is done, and the manifest follows at once. A run that is
    stopped (an error, Ctrl-C) keeps what was complete and leaves nothing half.

    Parameters
    ----------
    taken
        What to run; the longest start first, which changes nothing in what they write.
    uit
        The figure folder.
    processen
        How many at a time.
    meld
        Called after every cell.
    scheduler, vraag, gevraagd
        As in `werkboek.draai_boek`.

    Returns
    -------
    tuple of Uitkomst
        In the order of `taken`.

    Raises
    ------
    NotebookFout
        When a notebook fails; what runs beside it is ended.
    KeyboardInterrupt
        When the user stops it, after everything was put in order.
    """
    from huisartsdata.werk.werkboek import ruim_op

    maak_map(uit)
    with alleen(uit, bezig=_BEZIG.format(uit)):
        ruim_op(uit)
        return _draai(
            taken,
            uit,
            processen,
            {"meld": meld, "scheduler": scheduler, "vraag": vraag, "gevraagd": gevraagd},
        )


def _draai(taken: Sequence[Taak], uit: Path, processen: int, opties: dict[str, Any]) -> tuple[Uitkomst, ...]:
    from huisartsdata.werk.werkboek import WERKMAP, Stopknop
    from huisartsdata.werk.werkmoeder import maak_moeder

    volgorde = sorted(taken, key=_duur(uit), reverse=True)
    knop = Stopknop()
    klaar: dict[str, Uitkomst] = {}
    with (
        tempfile.TemporaryDirectory(prefix=WERKMAP, dir=uit, ignore_cleanup_errors=True) as werk,
        _stopbaar(knop) as te_stoppen,
        maak_moeder(len(taken)) as moeder,
        ThreadPoolExecutor(max(1, processen), thread_name_prefix="notebook") as draden,
    ):
        vast = opties | {"moeder": moeder}

        def een(taak: Taak) -> tuple[Uitkomst, float]:
            return _een(taak.pad, Path(werk), knop, **vast)

        try:
            lopend = {draden.submit(een, t): t for t in volgorde}
            while lopend:
                if te_stoppen.is_set():
                    raise KeyboardInterrupt  # noqa: TRY301 - a safe place for it
                af, _ = wait(lopend, timeout=0.1, return_when=FIRST_COMPLETED)
                for toekomst in sorted(af, key=lambda f: lopend[f].pad.name):
                    taak = lopend.pop(toekomst)
                    uitkomst, seconden = toekomst.result()
                    klaar[taak.pad.name] = uitkomst
                    gebiedsmap = uit.name if heeft_gebiedsmap(opties["gevraagd"] or {}) else ""
                    _leg_vast(uitkomst, klaar, Path(werk), uit, seconden=seconden, gebiedsmap=gebiedsmap)
        except BaseException:
            for toekomst in lopend:
                toekomst.cancel()
            knop.stop()
            raise
    return tuple(klaar[t.pad.name] for t in taken)


def _een(pad: Path, werk: Path, knop: Stopknop, *, meld: Meld | None, **rest: Any) -> tuple[Uitkomst, float]:
    from huisartsdata.werk.werkboek import draai_boek

    if knop.gestopt:
        raise NotebookFout(f"{pad.name} is niet gedraaid")
    begin = time.monotonic()

    def cel(gedaan: int, alle: int) -> None:
        if meld:
            meld(pad.stem, gedaan, alle)

    return draai_boek(pad, maak_map(werk / pad.stem), meld=cel, knop=knop, **rest), time.monotonic() - begin


def _leg_vast(
    uitkomst: Uitkomst,
    klaar: Mapping[str, Uitkomst],
    werk: Path,
    uit: Path,
    *,
    seconden: float,
    gebiedsmap: str,
) -> None:
    """Move a notebook's files to the figure folder and write the manifest.

    What another one of this run made, and what this one no longer writes over, moves too.
    """
    from huisartsdata.werk.werkboek import plaats, verwijder_vervallen

    assert uitkomst.stand is not None
    voor = lees_manifest(uit)
    na = voor.met(uitkomst.notebook, replace(uitkomst.stand, gebiedsmap=gebiedsmap))
    for naam in sorted(klaar):
        map_ = werk / Path(naam).stem
        plaats(map_, uit, [pad for pad in na.eigen(naam) if (map_ / "uit" / pad).is_file()])
    schrijf_manifest(uit, na)
    verwijder_vervallen(uit, voor, na)
    tijden = _looptijden(uit) | {uitkomst.notebook: round(seconden, 1)}
    schrijf_in_een_keer(uit / LOOPTIJDEN, json.dumps(tijden, sort_keys=True).encode())


def vergeet_verdwenen(uit: Path, aanwezig: Collection[str]) -> tuple[str, ...]:
    """Drop notebooks that are gone, with some of what they wrote: nobody can make that again.

    Parameters
    ----------
    uit
        The figure folder.
    aanwezig
        File names of the notebooks that are there.

    Returns
    -------
    tuple of str
        Notebooks that are gone and of which all files are still there.
    """
    manifest = lees_manifest(uit)
    weg = sorted(set(manifest.boeken) - set(aanwezig))
    heel = {n for n in weg if all((uit / pad).is_file() for pad in manifest.eigen(n))}
    if heel != set(weg):
        with alleen(uit, bezig=_BEZIG.format(uit)):
            manifest = lees_manifest(uit)
            for naam in set(weg) - heel:
                manifest = manifest.zonder(naam)
            schrijf_manifest(uit, manifest)
    return tuple(sorted(heel))


@contextmanager
def _stopbaar(knop: Stopknop) -> Iterator[threading.Event]:
    """Ctrl-C sets a flag instead of breaking in anywhere: moving files and writing the manifest finish first.

    Pressed again, it breaks in as usual.
    """
    vlag = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield vlag
        return

    def bij_stop(_nummer: int, _frame: FrameType | None) -> None:
        vlag.set()
        knop.stop()
        signal.signal(signal.SIGINT, oud)

    oud = signal.signal(signal.SIGINT, bij_stop)
    try:
        yield vlag
    finally:
        signal.signal(signal.SIGINT, oud)


def _looptijden(uit: Path) -> dict[str, float]:
    try:
        if not (uit / LOOPTIJDEN).is_file():
            return {}
        d = json.loads((uit / LOOPTIJDEN).read_text(encoding="utf-8"))
        return {str(n): float(s) for n, s in d.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _duur(uit: Path) -> Callable[[Taak], float]:
    """How long a notebook takes: as measured before, else as it says itself, else by its draws and its size."""
    tijden = _looptijden(uit)

    def schat(taak: Taak) -> float:
        if taak.pad.name in tijden:
            return tijden[taak.pad.name]
        try:
            tekst = "".join(bron(c) for c in lees_cellen(taak.pad))  # refuses what has no end
            gezegd = _gezegde_looptijd(taak.pad)
        except NotebookFout:
            return 0.0
        if gezegd is not None:
            return gezegd
        # 1,000 characters take about a second, 100 draws of the country two; measured on the seven notebooks
        return len(tekst) / 1000 + sum(map(int, _TREKKINGEN.findall(tekst))) / 50

    return schat


def _gezegde_looptijd(pad: Path) -> float | None:
    """Seconds that a notebook says of itself, in ``metadata.huisartsdata.seconden``; only the order hangs on it."""
    try:
        seconden = json.loads(pad.read_text(encoding="utf-8"))["metadata"]["huisartsdata"]["seconden"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    goed = isinstance(seconden, int | float) and not isinstance(seconden, bool) and 0 <= seconden < inf
    return float(seconden) if goed else None
