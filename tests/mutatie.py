"""Mutation testing: change one place in model/ or scenario/, run the tests that belong to it, see whether one fails.

`python tests/mutatie.py [--aantal 120] [--zaad 1] [--minuten 40] [--processen 2]` adds every change tried to
docs/mutatie.csv and writes the score over all of them, with the survivors, into docs/mutatie.md; what a survivor means is
typed into the column `oordeel` of the list and kept. What stands in the list already is not tried again, so a next run goes on where the
last one stopped; a row whose code has changed since is dropped. `--overlevers` tries the survivors again, after tests
were added. The tree itself is never touched: the mutants live in copies, one for each that runs at a time.

Small and of its own because the known tools copy and run the whole suite, which takes minutes here: this one runs per
mutant the doctests of the module and the test files nearest to it in the graph of imports.
"""

from __future__ import annotations

import argparse
import ast
import copy
import csv
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from scipy.stats import binomtest

WORTEL = Path(__file__).resolve().parents[1]
PAKKET = Path("src/huisartsdata")
KAMERS = ("model", "scenario")
DOCUMENT = WORTEL / "docs" / "mutatie.md"
LIJST = WORTEL / "docs" / "mutatie.csv"
VELDEN = ("module", "nummer", "was", "werd", "zaad", "eerst", "uitslag", "oordeel")
NU = {"overleeft": "survives", "gezien": "noticed", "hangt": "noticed"}
Rij = tuple[
    str, str, str, str
]  # seed, how it fared when it was drawn, and the last time, and what was judged of it
# left to `make test-all` (no mutant waits for a browser, and some need the whole checkout), and the notebooks
ZWAAR = {
    "test_brief_kantoor.py", "test_brief_opdracht.py", "test_browser.py", "test_cluster.py", "test_eigen_gebied.py",
    "test_lab.py", "test_notebooks.py", "test_verversen_fouten.py", "test_verversen_sigkill.py",
    "test_verversen_verslag.py", "test_verversen_wissel.py", "test_verversen_grenzen.py", "test_doelen.py", "test_herhaling_lezers.py", "test_briefscenario.py", "test_briefgetallen.py",
}  # fmt: skip
# test files per mutant, nearest first; those of the second round only for what survives the first
RONDEN = (1, 3)
RUIMTE = 4.0  # times what the tests take unchanged, after which a mutant counts as noticed: it hangs

_VERGELIJK = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_REKEN = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.MatMult: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: the module, the number of the place in it, the line, and the code before and after."""

    module: Path
    nummer: int
    regel: int
    was: str
    werd: str

    @property
    def plek(self) -> str:
        return f"{self.module.parent.name}/{self.module.name}:{self.regel}"


def verander(knoop: ast.AST) -> ast.AST | None:
    """The node with one thing changed, None if there is nothing to change."""
    nieuw = copy.deepcopy(knoop)
    if isinstance(nieuw, ast.Compare) and len(nieuw.ops) == 1 and type(nieuw.ops[0]) in _VERGELIJK:
        nieuw.ops = [_VERGELIJK[type(nieuw.ops[0])]()]
    elif isinstance(nieuw, ast.BinOp | ast.AugAssign) and type(nieuw.op) in _REKEN:
        nieuw.op = _REKEN[type(nieuw.op)]()
    elif isinstance(nieuw, ast.BoolOp):
        nieuw.op = ast.Or() if isinstance(nieuw.op, ast.And) else ast.And()
    elif isinstance(nieuw, ast.UnaryOp) and isinstance(nieuw.op, ast.Not | ast.USub | ast.Invert):
        return nieuw.operand
    elif isinstance(nieuw, ast.IfExp):
        nieuw.body, nieuw.orelse = nieuw.orelse, nieuw.body
    elif isinstance(nieuw, ast.Constant) and isinstance(nieuw.value, bool):
        nieuw.value = not nieuw.value
    elif isinstance(nieuw, ast.Constant) and isinstance(nieuw.value, int | float):
        nieuw.value = nieuw.value + 1
    else:
        return None
    return nieuw


def plekken(boom: ast.AST) -> Iterator[tuple[ast.AST, str, int | None]]:
    """Every place that may change, as (parent, field, position); not in annotations, messages or decorators."""
    for veld, waarde in ast.iter_fields(boom):
        if veld in {"annotation", "returns", "decorator_list"}:
            continue
        kinderen = enumerate(waarde) if isinstance(waarde, list) else [(None, waarde)]
        for plaats, kind in kinderen:
            if not isinstance(kind, ast.AST) or isinstance(
                kind, ast.JoinedStr | ast.Raise | ast.Import | ast.ImportFrom
            ):
                continue
            if isinstance(kind, ast.If) and ast.unparse(kind.test) == "TYPE_CHECKING":
                continue
            if verander(kind) is not None:
                yield boom, veld, plaats
            yield from plekken(kind)


def maak(bron: str, nummer: int) -> tuple[str, int, str, str]:
    """The source with its change number so many, the line, and the code before and after."""
    boom = ast.parse(bron)
    ouder, veld, plaats = list(plekken(boom))[nummer]
    kind = getattr(ouder, veld) if plaats is None else getattr(ouder, veld)[plaats]
    nieuw = verander(kind)
    assert nieuw is not None
    was, werd, regel = ast.unparse(kind), ast.unparse(nieuw), kind.lineno
    if plaats is None:
        setattr(ouder, veld, nieuw)
    else:
        getattr(ouder, veld)[plaats] = nieuw
    return ast.unparse(ast.fix_missing_locations(boom)), regel, was, werd


def trek(aantal: int, zaad: int, alleen: str = "") -> tuple[list[Mutant], int]:
    """A sample of changes, every place with the same chance, and how many places there are.

    Of some modules only, where `alleen` names them.
    """
    paden = [p for kamer in KAMERS for p in sorted((WORTEL / PAKKET / kamer).rglob("*.py"))]
    modules = [p for p in paden if p.name != "__init__.py" and (not alleen or p.stem in alleen.split(","))]
    alle = [
        (p, nr) for p in modules for nr, _ in enumerate(plekken(ast.parse(p.read_text(encoding="utf-8"))))
    ]
    uit = []
    for pad, nr in random.Random(zaad).sample(alle, min(aantal, len(alle))):
        _, regel, was, werd = maak(pad.read_text(encoding="utf-8"), nr)
        uit.append(Mutant(pad.relative_to(WORTEL), nr, regel, _kort(was), _kort(werd)))
    return uit, len(alle)


def _kort(code: str) -> str:
    return re.sub(r"\s+", " ", code).replace("|", "/").replace("`", "'")[:90]


def _importeert() -> dict[str, set[str]]:
    """Module -> the modules of the package that it names in an import."""
    uit = {}
    for pad in (WORTEL / PAKKET).rglob("*.py"):
        boom = ast.parse(pad.read_text(encoding="utf-8"))
        namen = {
            k.module.rpartition(".")[2] for k in ast.walk(boom) if isinstance(k, ast.ImportFrom) and k.module
        }
        los = {
            a.name
            for k in ast.walk(boom)
            if isinstance(k, ast.ImportFrom) and k.module and k.module.startswith("huis")
            for a in k.names
        }
        uit[pad.stem] = namen | los
    return uit


def _toetst() -> dict[str, set[str]]:
    """Test file -> the modules it imports or reaches by a public name of `hd`, and the one it is named after."""
    stub = ast.parse((WORTEL / PAKKET / "__init__.pyi").read_text(encoding="utf-8"))
    publiek = {
        a.asname or a.name: k.module.rpartition(".")[2]
        for k in ast.walk(stub)
        if isinstance(k, ast.ImportFrom) and k.module
        for a in k.names
    }
    uit = {}
    for pad in sorted((WORTEL / "tests").glob("test_*.py")):
        boom = ast.parse(pad.read_text(encoding="utf-8"))
        namen = {pad.stem.removeprefix("test_")}
        for k in ast.walk(boom):
            if isinstance(k, ast.ImportFrom) and k.module:
                namen |= {k.module.rpartition(".")[2], *(a.name for a in k.names)}
            elif isinstance(k, ast.Attribute) and isinstance(k.value, ast.Name):
                namen.add(publiek.get(k.attr, ""))
        if pad.name not in ZWAAR:
            uit[pad.name] = namen
    return uit


def toetsen(module: str, graaf: dict[str, set[str]], toetst: dict[str, set[str]]) -> list[str]:
    """The test files nearest to a module: that use it, else that use a module which imports it, and so on.

    Of one distance the file of that name comes first, then those that use the fewest modules.
    """
    ring, gezien, uit = {module}, set(), []
    while ring and len(uit) < sum(RONDEN):
        nabij = [naam for naam, namen in toetst.items() if namen & ring and naam not in uit]
        uit += sorted(nabij, key=lambda n: (n != f"test_{module}.py", len(toetst[n]), n))
        gezien |= ring
        ring = {m for m, namen in graaf.items() if namen & ring} - gezien
    return [f"tests/{naam}" for naam in uit]


def draai(map_: Path, bestanden: list[str], grens: float) -> tuple[str, float]:
    """How the tests in the copy fared (`overleeft`: they pass; `gezien`; `hangt`: stopped after `grens`), and the seconds."""
    opdracht = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--no-header",
        "--tb=no",
        *bestanden,
    ]
    omgeving = {
        **os.environ,
        "PYTHONPATH": str(map_ / "src"),
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    begin = time.monotonic()
    try:
        klaar = subprocess.run(
            opdracht, cwd=map_, env=omgeving, capture_output=True, timeout=grens, check=False
        )
    except subprocess.TimeoutExpired:
        return "hangt", time.monotonic() - begin
    return "gezien" if klaar.returncode else "overleeft", time.monotonic() - begin


def kopieer(map_: Path) -> None:
    for naam in ("src", "tests", "docs"):
        shutil.copytree(WORTEL / naam, map_ / naam, ignore=shutil.ignore_patterns("__pycache__"))
    for naam in ("data", "notebooks", "figures"):
        (map_ / naam).symlink_to(WORTEL / naam)
    shutil.copy(WORTEL / "pyproject.toml", map_)


@dataclass
class Werkplaats:
    """Copies of the tree to put mutants in, and what the tests take there when nothing is changed."""

    kopieen: SimpleQueue[Path]
    graaf: dict[str, set[str]] = field(default_factory=_importeert)
    toetst: dict[str, set[str]] = field(default_factory=_toetst)
    ongewijzigd: dict[tuple[str, ...], float | None] = field(default_factory=dict)

    def probeer(self, m: Mutant, einde: float) -> tuple[str, float]:
        """How a mutant fared and in how many seconds: as `draai`, or nothing where no test counts."""
        if time.monotonic() > einde:
            return "", 0.0
        map_ = self.kopieen.get()
        try:
            return self._probeer(m, map_)
        finally:
            self.kopieen.put(map_)

    def _probeer(self, m: Mutant, map_: Path) -> tuple[str, float]:
        nabij, een = toetsen(m.module.stem, self.graaf, self.toetst), RONDEN[0]
        uitslag, seconden = "", 0.0
        # the module after the tests: collected first, its doctests would load a second copy of it
        for deel in ([*nabij[:een], str(m.module)], nabij[een : sum(RONDEN)]):
            if uitslag in ("gezien", "hangt") or not deel:
                continue
            if (sleutel := tuple(deel)) not in self.ongewijzigd:
                zo, duur = draai(map_, deel, 600)
                self.ongewijzigd[sleutel] = duur if zo == "overleeft" else None
            if (grens := self.ongewijzigd[sleutel]) is None:
                print(f"not counted for {m.plek}: fails unchanged: {' '.join(deel)}", flush=True)
                continue
            doel = map_ / m.module
            heel = doel.read_text(encoding="utf-8")
            doel.write_text(maak(heel, m.nummer)[0], encoding="utf-8")
            uitslag, tijd = draai(map_, deel, RUIMTE * grens + 20)
            doel.write_text(heel, encoding="utf-8")
            seconden += tijd
        return uitslag, seconden


def lees_lijst() -> dict[Mutant, Rij]:
    """Every change tried before; the judgement is typed in the list.

    Only those whose code still stands there.
    """
    if not LIJST.is_file():
        return {}
    uit = {}
    with LIJST.open(encoding="utf-8", newline="") as bestand:
        for rij in csv.DictReader(bestand):
            pad = WORTEL / rij["module"]
            try:
                _, regel, was, werd = maak(pad.read_text(encoding="utf-8"), int(rij["nummer"]))
            except (OSError, IndexError):
                continue
            m = Mutant(pad.relative_to(WORTEL), int(rij["nummer"]), regel, _kort(was), _kort(werd))
            if (m.was, m.werd) == (rij["was"], rij["werd"]):
                uit[m] = rij["zaad"], rij["eerst"], rij["uitslag"], rij["oordeel"]
    return uit


def schrijf(lijst: dict[Mutant, Rij], plaatsen: int) -> None:
    """The list, and the page with the score over all of it.

    What the tests notice of any place is told by how the changes fared when they were drawn: a test that was written
    after a survivor notices that one for certain, and says little of the others.
    """
    rijen = sorted(lijst.items(), key=lambda paar: (paar[0].module.as_posix(), paar[0].nummer))
    with LIJST.open("w", encoding="utf-8", newline="") as bestand:
        schrijver = csv.writer(bestand, lineterminator="\n")
        schrijver.writerow(VELDEN)
        schrijver.writerows((m.module.as_posix(), m.nummer, m.was, m.werd, *rest) for m, rest in rijen)
    per_kamer = {k: [u != "overleeft" for m, (_, u, _, _) in rijen if m.module.parts[2] == k] for k in KAMERS}
    delen = ", ".join(f"{k} {sum(us)} of {len(us)}" for k, us in per_kamer.items())
    gezien, hangt = sum(map(sum, per_kamer.values())), sum(u == "hangt" for _, (_, u, _, _) in rijen)
    gelijk = sum(u == "overleeft" and o.startswith("equal") for _, (_, u, _, o) in rijen)
    over = sum(u == "overleeft" for _, (_, _, u, _) in rijen)
    score, zonder = _deel(gezien, len(rijen)), _deel(gezien, len(rijen) - gelijk)
    zaden = ", ".join(sorted({z for _, (z, _, _, _) in rijen}, key=int))
    regels = [
        "# Mutation testing",
        "",
        "Written by `make mutatie`: one place in `model/` or `scenario/` is changed (a comparison, a sum, a constant, a condition), and the",
        "doctests of the module and the test files nearest to it run. A change that no test notices survives, and is judged here. Every",
        "change tried stands in [mutatie.csv](mutatie.csv); a survivor that a new test closes is tried again (`--overlevers`).",
        "",
        (
            f"Drawn with seed {zaden} from {plaatsen} places, {len(rijen)} tried: **{gezien} noticed ({hangt} as they never "
            f"ended), {len(rijen) - gezien} survived**, "
            f"score {score} for all places ({delen}). Without the {gelijk} that change nothing: {zonder}. With the tests "
            f"written since, {over} of these {len(rijen) - gezien} survive."
        ),
        "",
        "| place | was | became | now | judgement |",
        "|---|---|---|---|---|",
        *(
            f"| `{m.plek}` | `{m.was}` | `{m.werd}` | {NU[uitslag]} | {oordeel or 'not judged yet'} |"
            for m, (_, eerst, uitslag, oordeel) in rijen
            if eerst == "overleeft"
        ),
    ]
    DOCUMENT.write_text("\n".join(regels) + "\n", encoding="utf-8")


def _deel(gezien: int, alle: int) -> str:
    band = binomtest(gezien, max(alle, 1)).proportion_ci(method="wilson")
    return f"{gezien / max(alle, 1):.0%} (95% interval {band.low:.0%} to {band.high:.0%})"


def main() -> None:
    opties = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    opties.add_argument("--aantal", type=int, default=120)
    opties.add_argument("--zaad", type=int, default=1)
    opties.add_argument("--minuten", type=float, default=40, help="no new mutant is begun after this")
    opties.add_argument(
        "--alleen", default="", help="modules, with commas between; all of them when not given"
    )
    opties.add_argument("--processen", type=int, default=os.cpu_count() or 1, help="how many at a time")
    opties.add_argument("--overlevers", action="store_true", help="try the survivors in the list again")
    keuze = opties.parse_args()
    getrokken, plaatsen = trek(keuze.aantal, keuze.zaad, keuze.alleen)
    lijst = lees_lijst()
    if keuze.overlevers:
        mutanten = [m for m, (_, _, uitslag, _) in lijst.items() if uitslag == "overleeft"]
    else:
        mutanten = [m for m in getrokken if m not in lijst]
    print(f"{plaatsen} places, {len(lijst)} in the list, {len(mutanten)} to try", flush=True)
    schrijf(lijst, plaatsen)
    einde = time.monotonic() + 60 * keuze.minuten
    with tempfile.TemporaryDirectory() as tijdelijk, ThreadPoolExecutor(keuze.processen) as draden:
        plaats = Werkplaats(SimpleQueue())
        for nummer in range(keuze.processen):
            map_ = Path(tijdelijk, str(nummer))
            map_.mkdir()
            kopieer(map_)
            plaats.kopieen.put(map_)
        lopend = {draden.submit(plaats.probeer, m, einde): m for m in mutanten}
        for toekomst in as_completed(lopend):
            m, (uitslag, seconden) = lopend[toekomst], toekomst.result()
            if not uitslag:
                continue
            zaad, eerst, _, oordeel = lijst.get(m, (str(keuze.zaad), uitslag, "", ""))
            lijst[m] = zaad, eerst, uitslag, oordeel
            print(f"{uitslag:9} {seconden:5.0f} s  {m.plek}  {m.was}  ->  {m.werd}", flush=True)
            schrijf(lijst, plaatsen)


if __name__ == "__main__":
    main()
