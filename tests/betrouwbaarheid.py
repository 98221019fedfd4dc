"""The table of docs/betrouwbaarheid.md: what a test run tried per class of fault or input, and how much held.

A test asks for the fixture `tel`; what it counts travels with its report, so that workers of pytest-xdist add up.
`--schrijf-betrouwbaarheid` writes the rows of the test files that ran into the table and leaves the others;
`--toets-betrouwbaarheid` fails the run when those rows are not the ones in the table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

MAP = Path(__file__).resolve().parent
DOCUMENT = MAP.parent / "docs" / "betrouwbaarheid.md"
KOP = """# What was tried, and what held

Faults and bad input that the tests put to the package. The table is written by the test run
(`make betrouwbaarheid`) and compared with every later run; nobody types it. *Held* means: refused with the fault that
belongs to it, or read to the same numbers as an independent count, within bounds of time and memory, with what was
there before intact.

| fault or input class | tried | held | test |
|---|--:|--:|---|
"""
_RIJ = re.compile(r"\| (?P<klasse>[^|]+) \| (?P<geprobeerd>\d+) \| (?P<gehouden>\d+) \| (?P<toets>[\w.]+) \|")
_SLEUTEL = "betrouwbaarheid"
Rijen = dict[tuple[str, str], tuple[int, int]]  # (test file, class) -> tried, held


class Telling:
    """Counts attempts by class: `tel(klasse)` for one that held, `with tel.poging(klasse):` for one that may fail."""

    def __init__(self) -> None:
        self.geprobeerd: Counter[str] = Counter()
        self.gehouden: Counter[str] = Counter()

    def __call__(self, klasse: str, gehouden: bool = True) -> None:
        assert "|" not in klasse and klasse == " ".join(klasse.split()), klasse
        self.geprobeerd[klasse] += 1
        self.gehouden[klasse] += bool(gehouden)

    @contextmanager
    def poging(self, klasse: str) -> Iterator[None]:
        """One attempt, which holds when nothing is raised inside."""
        try:
            yield
        except BaseException:
            self(klasse, gehouden=False)
            raise
        self(klasse)


class Verzamelaar:
    """Adds up what the reports carry, in the process that sees all of them."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.rijen: Rijen = {}
        self.overgeslagen: set[str] = set()
        self.gedraaid: set[str] = set()
        self.verschil: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        toets = Path(report.nodeid.partition("::")[0]).name
        if report.skipped:
            self.overgeslagen.add(toets)
        if report.when != "teardown":
            return
        self.gedraaid.add(toets)
        for naam, waarde in report.user_properties:
            if naam == _SLEUTEL:
                klasse, geprobeerd, gehouden = waarde
                eerder = self.rijen.get((toets, klasse), (0, 0))
                self.rijen[toets, klasse] = (eerder[0] + geprobeerd, eerder[1] + gehouden)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        oud = lees(DOCUMENT.read_text(encoding="utf-8")) if DOCUMENT.is_file() else {}
        heel = self.gedraaid - self.overgeslagen
        if self.config.getoption("schrijf_betrouwbaarheid"):
            blijft = {k: v for k, v in oud.items() if k[0] not in heel and (MAP / k[0]).is_file()}
            DOCUMENT.write_text(schrijf({**blijft, **self.rijen}), encoding="utf-8")
        elif self.config.getoption("toets_betrouwbaarheid"):
            nu = {k: v for k, v in self.rijen.items() if k[0] in heel}
            toen = {k: v for k, v in oud.items() if k[0] in heel}
            anders = {k for k in nu.keys() | toen if nu.get(k) != toen.get(k)}
            # of a file with a skipped test fewer may be counted, never more, never another class or one that failed
            deels = {k: v for k, v in self.rijen.items() if k[0] not in heel}
            anders |= {k for k, (n, ok) in deels.items() if k not in oud or n > oud[k][0] or ok < n}
            self.verschil = sorted(f"{toets}: {klasse}" for toets, klasse in anders)
            if self.verschil and session.exitstatus == 0:
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.verschil:
            terminalreporter.write_line(
                f"docs/betrouwbaarheid.md is not what this run counted ({'; '.join(self.verschil[:5])}): "
                "run make betrouwbaarheid",
                red=True,
            )


def lees(tekst: str) -> Rijen:
    """The rows of the document.

    >>> lees(schrijf({("test_a.py", "csv: NUL"): (3, 2)}))
    {('test_a.py', 'csv: NUL'): (3, 2)}
    """
    gevonden = _RIJ.finditer(tekst)
    return {(g["toets"], g["klasse"]): (int(g["geprobeerd"]), int(g["gehouden"])) for g in gevonden}


def schrijf(rijen: Mapping[tuple[str, str], tuple[int, int]]) -> str:
    """The document with these rows, by test file and class, and their sum."""
    regels = [f"| {klasse} | {n} | {ok} | {toets} |" for (toets, klasse), (n, ok) in sorted(rijen.items())]
    som = [sum(paar[nr] for paar in rijen.values()) for nr in (0, 1)]
    return KOP + "\n".join([*regels, f"| **all** | **{som[0]}** | **{som[1]}** | |"]) + "\n"


def pytest_addoption(parser: pytest.Parser) -> None:
    groep = parser.getgroup("betrouwbaarheid")
    groep.addoption("--schrijf-betrouwbaarheid", action="store_true", help="write docs/betrouwbaarheid.md")
    groep.addoption("--toets-betrouwbaarheid", action="store_true", help="compare docs/betrouwbaarheid.md")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Verzamelaar(config), "verzamelaar")


@pytest.fixture
def tel(request: pytest.FixtureRequest) -> Iterator[Telling]:
    """Count attempts for docs/betrouwbaarheid.md; a class is a few English words without a bar."""
    telling = Telling()
    yield telling
    for klasse, aantal in telling.geprobeerd.items():
        request.node.user_properties.append((_SLEUTEL, [klasse, aantal, telling.gehouden[klasse]]))
