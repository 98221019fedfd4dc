"""All briefs of the country, or of any areas: in parallel, with progress, and resumed where it stopped."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import BronFout, HuisartsdataFout, ParameterFout
from huisartsdata.gebieden.register import load_gebieden
from huisartsdata.uitvoer.brieven.brief import SOORTEN, briefslug
from huisartsdata.uitvoer.brieven.briefboekje import is_klaar, schrijf_map, vingerafdruk
from huisartsdata.uitvoer.brieven.briefscenario import Scenario, lees_scenario, scenariomap
from huisartsdata.uitvoer.brieven.landbeeld import SOORTEN as GEBIEDSOORTEN

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.briefinhoud import Briefgebied
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

Meld = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Gebied:
    """An area of an official type; see `Briefgebied`."""

    gebied: str
    naam: str
    soort: str
    gemeenten: tuple[str, ...]
    slug: str
    wijken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reeks:
    """What became of a series of briefs.

    Attributes
    ----------
    gemaakt, overgeslagen
        Folder names; skipped ones were there already, made from the same data by the same code.
    mislukt
        Folder name -> what went wrong.
    """

    gemaakt: tuple[str, ...]
    overgeslagen: tuple[str, ...]
    mislukt: dict[str, str]


def alle_gebieden(
    naar_slug: Callable[[str], str], *, soorten: Sequence[str] = GEBIEDSOORTEN
) -> tuple[Gebied, ...]:
    """Every area of the country: the land, its regions of every type, its gemeenten.

    Parameters
    ----------
    naar_slug
        Makes a name safe for a folder.
    soorten
        Types of area.

    Examples
    --------
    >>> len(alle_gebieden(str.lower, soorten=["provincie", "gemeente"]))
    354
    """
    uit = []
    for soort in soorten:
        t = load_gebieden(soort)
        for naam, leden in zip(t["naam"], t["gemeenten"], strict=True):
            slug = naar_slug(naam if soort in ("gemeente", "land") else f"{soort}-{naam}")
            uit.append(Gebied(f"{soort}:{naam}", naam, soort, tuple(sorted(leden)), slug))
    return tuple(uit)


def maak_alle(
    uit: Path | str,
    gebieden: Iterable[Briefgebied],
    *,
    landbeeld: Landbeeld,
    soorten: Sequence[str] = SOORTEN,
    scenario: str | None = None,
    bestanden: Sequence[str] = (),
    gebiedenbestand: str = "",
    peiljaar: int | None = None,
    processen: int = 2,
    opnieuw: bool = False,
    meld: Meld | None = None,
) -> Reeks:
    """Make a brief of every area, each in a folder of its own.

    A run that was stopped goes on where it was: a folder is skipped when its `brief.json` says that it
    was made from the same data, choices and code, and every file still has the content written then.

    Parameters
    ----------
    uit
        Folder; every area gets ``uit/<slug>/``, with a scenario ``uit/<slug>-<scenario>/``.
    gebieden
        The areas; see `alle_gebieden`.
    landbeeld
        The national picture, computed once.
    soorten
        Of ``html``, ``pdf``, ``docx`` and ``zip``.
    scenario
        As for `lees_scenario`.
    bestanden, gebiedenbestand, peiljaar
        As for `maak_brief`.
    processen
        Processes; 1 works in this one.
    opnieuw
        Make all of them again.
    meld
        Called after every area with (done, all, name).

    Returns
    -------
    Reeks
        An area that fails does not stop the others.

    Raises
    ------
    HuisartsdataFout
        When a process dies, or two areas would share a folder.
    """
    lijst, wortel = list(gebieden), Path(uit)
    if processen < 1:
        raise ParameterFout(f"processen={processen} kan niet; geef 1 of meer")
    if dubbel := sorted({g.slug for g in lijst if sum(h.slug == g.slug for h in lijst) > 1}):
        raise ParameterFout(f"gebieden met dezelfde map: {', '.join(dubbel)}; geef elk gebied één keer")
    werk = _Werk(
        landbeeld, wortel, tuple(soorten), scenario, None, tuple(bestanden), gebiedenbestand, peiljaar
    )
    klaar = [] if opnieuw else [g for g in lijst if is_klaar(werk.map(g), werk.vinger(g), soorten)]
    over = [g for g in lijst if g not in klaar]
    melder = _Melder(len(lijst), meld)
    for g in klaar:
        melder(g.naam)
    werk = werk.voorbereid(over)
    gemaakt, mislukt = [], {}
    for g, fout in _draai(werk, over, min(processen, max(1, len(over)))):
        melder(g.naam)
        if fout is None:
            gemaakt.append(werk.map(g).name)
        else:
            mislukt[werk.map(g).name] = fout
    return Reeks(
        tuple(sorted(gemaakt)), tuple(werk.map(g).name for g in klaar), dict(sorted(mislukt.items()))
    )


@dataclass(frozen=True)
class _Werk:
    """What every process needs."""

    land: Landbeeld
    wortel: Path
    soorten: tuple[str, ...]
    scenario: str | None
    vast: Scenario | None  # a scenario that is the same for every area
    bestanden: tuple[str, ...]
    gebiedenbestand: str
    peiljaar: int | None

    def map(self, gebied: Briefgebied) -> Path:
        return self.wortel / briefslug(gebied.slug, scenariomap(self.scenario) if self.scenario else "")

    def vinger(self, gebied: Briefgebied) -> str:
        return vingerafdruk(
            self.land,
            gebied,
            scenario=self.scenario or "",
            bestanden=self.bestanden,
            gebiedenbestand=self.gebiedenbestand,
            peiljaar=self.peiljaar,
        )

    def voorbereid(self, gebieden: Sequence[Briefgebied]) -> _Werk:
        """Compute once what briefs share, and leave behind what they do not need."""
        land, vast = self.land, None
        if not gebieden:
            return self
        if any(g.soort == "land" for g in gebieden):
            land.splitsing()
        land.reeks("land")
        for soort in GEBIEDSOORTEN:
            land.leden(soort)
        for soort in ("provincie", "regioplus"):
            land.ruimte(soort)
        for alleen_verval in (False, True):
            land.wissel(alleen_verval=alleen_verval)
        if (self.scenario or "").startswith("jaar:"):
            vast = lees_scenario(land, gebieden[0], str(self.scenario))
        heel = any(g.wijken for g in gebieden) or (self.scenario and vast is None)
        return replace(self, land=land if heel else land.slank(), vast=vast)

    def maak(self, gebied: Briefgebied) -> str | None:
        """Make one brief; gives what went wrong, or None."""
        try:
            s = self.vast
            if self.scenario and s is None:
                s = lees_scenario(self.land, gebied, self.scenario)
            schrijf_map(
                self.land,
                gebied,
                self.map(gebied),
                soorten=self.soorten,
                scenario=s,
                bestanden=self.bestanden,
                gebiedenbestand=self.gebiedenbestand,
                peiljaar=self.peiljaar,
                vinger=self.vinger(gebied),
            )
        except BronFout:  # a folder that cannot be written: every next area meets it too
            raise
        except HuisartsdataFout as e:
            return str(e)
        return None


class _Melder:
    def __init__(self, totaal: int, meld: Meld | None) -> None:
        self._klaar, self._totaal, self._meld = 0, totaal, meld

    def __call__(self, naam: str) -> None:
        self._klaar += 1
        if self._meld is not None:
            self._meld(self._klaar, self._totaal, naam)


# the typesetter keeps what it has laid out, 25 MB a brief and more: fresh processes after so many areas
PER_PROCESGROEP = 80
_WERK: list[_Werk] = []  # of this process, set when it starts


def _begin(werk: _Werk) -> None:
    _WERK[:] = [werk]
    threading.Thread(target=_volg_ouder, daemon=True).start()


def _volg_ouder() -> None:
    """Stop when the process that asked for the work is gone: a worker waits for its next task for ever."""
    ouder = multiprocessing.parent_process()
    if ouder is not None:
        ouder.join()
        os._exit(1)  # files are written whole or not at all


def _maak(gebied: Any) -> str | None:
    return _WERK[0].maak(gebied)


def _draai(
    werk: _Werk, gebieden: Sequence[Briefgebied], processen: int
) -> Iterable[tuple[Briefgebied, str | None]]:
    if processen == 1:
        for g in gebieden:
            yield g, werk.maak(g)
        return
    for begin in range(0, len(gebieden), PER_PROCESGROEP):
        yield from _draai_groep(werk, gebieden[begin : begin + PER_PROCESGROEP], processen)


def _draai_groep(
    werk: _Werk, gebieden: Sequence[Briefgebied], processen: int
) -> Iterable[tuple[Briefgebied, str | None]]:
    # spawn: the same on every system, and no half-copied state of a parent that draws
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processen, mp_context=context, initializer=_begin, initargs=(werk,)) as pool:
        taken: dict[Future[str | None], Briefgebied] = {pool.submit(_maak, g): g for g in gebieden}
        try:
            for taak in as_completed(taken):
                yield taken[taak], taak.result()
        except BrokenProcessPool as e:
            raise HuisartsdataFout(
                "een rekenproces is gestopt, misschien door te weinig geheugen; draai de opdracht opnieuw met minder "
                "processen: wat er al is, wordt overgeslagen"
            ) from e
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
