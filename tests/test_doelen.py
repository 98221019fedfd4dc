"""What really goes out, of every kind, holds no formula and nobody's particulars.

The files are made here, from an invented delivery that is full of both; nothing depends on figures/ of an earlier run.
"""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

import huisartsdata as hd
from huisartsdata.fouten import LeveringFout
from huisartsdata.uitvoer.brieven.brief import maak_brief, schrijf_brief
from huisartsdata.uitvoer.brieven.landbeeld import maak_landbeeld
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.tabel import write_tabel
from huisartsdata.uitvoer.verhaal.tekortfiguren import oordeelkaart
from huisartsdata.uitvoer.web.webfiguren import webkaart_afstand

from .conftest import WORTEL
from .persoonsgegevens import vind, zonder_ingebed
from .test_veiligheid import GEEN_POSTCODE, formules

NAAM_VAN_HASH = r"levering-[0-9a-f]{4}-[0-9a-f]{4}\.xlsx"
CI = os.environ.get("CI") == "true"
NAAM = "=HYPERLINK(1)+<b>Zuid</b>&@x"
NOOT = "VERZONNEN; vragen aan wie@voorbeeld.nl of (0592) 12 34 56, AGB 01-012345"
GEHEIM = ("wie@", "(0592)", "01-012345", "geheim")
PRAKTIJK = "jan.devries"  # how somebody calls a practice: nothing can tell that it is a name


def _lijst(map_: Path) -> Path:
    """Practices of Emmen; a note on top and a column that nobody asked for, with cells that begin as formulas do."""
    boek = openpyxl.Workbook()
    blad = boek.active
    blad.append([f"# {NOOT}"])
    blad.append(["praktijk_id", "postcode", "fte", "ingeschreven", "opmerking"])
    for nr, teken in enumerate(["=", "+", "-", "@", "\t=", "\n="]):
        blad.append([f"{PRAKTIJK}{nr}", "7811", 2.5, 4000 + nr, f"{teken}geheim()"])
        blad.cell(blad.max_row, 5).data_type = "s"
    pad = map_ / "wie@voorbeeld.nl AGB 01-012345.xlsx"
    boek.save(pad)
    return pad


@pytest.fixture(scope="module")
def uitvoer(tmp_path_factory) -> Path:
    """A brief in four kinds, a figure, a web map and a table: what a user takes home."""
    map_ = tmp_path_factory.mktemp("uit")
    lev = hd.read_praktijken(_lijst(tmp_path_factory.mktemp("in")), gebied="GM0114", functie="alle")
    assert lev.is_verzonnen and len(lev.tabel) == 6
    land = maak_landbeeld(functie="alle", trekkingen=100, aanbod=[lev])
    gebied = SimpleNamespace(
        gebied="eigen:X", naam=NAAM, soort="eigen", gemeenten=("GM0109", "GM0114"), slug="zuid", wijken=()
    )
    schrijf_brief(maak_brief(land, gebied), map_ / "brief")
    situatie, drenthe = land.situaties["alle"], load_kaartgebied("PV22")
    oordeelkaart(situatie, land.beelden["gemeente"], drenthe).bewaar(map_, "oordeel")
    webkaart_afstand(drenthe).bewaar(map_, "web")
    eigen = situatie.praktijken.loc[lev.tabel.index].drop(columns="geometry")
    write_tabel(eigen.assign(naam=NAAM), map_ / "tabel", herkomst={"opmerkingen": lev.opmerkingen})
    return map_


def _pdf(inhoud: bytes) -> str:
    if shutil.which("pdftotext") is None:
        assert not CI, "pdftotext (poppler-utils) is needed on a build server"
        pytest.skip("no pdftotext: the text of a pdf cannot be read")
    return subprocess.run(
        ["pdftotext", "-", "-"], input=inhoud, capture_output=True, check=True
    ).stdout.decode()


def teksten(naam: str, inhoud: bytes) -> list[tuple[str, str]]:
    """Name and text of a file and of everything packed in it."""
    soort = Path(naam).suffix
    if soort == ".pdf":
        return [(naam, _pdf(inhoud))]
    if soort in {".zip", ".docx", ".xlsx"}:
        with zipfile.ZipFile(io.BytesIO(inhoud)) as z:
            return [t for n in z.namelist() for t in teksten(f"{naam}/{n}", z.read(n))]
    if soort in {".png", ".ttf", ".woff2", ".jpeg"}:
        return []
    tekst = inhoud.decode("utf-8-sig")
    if soort in {".svg", ".xml", ".rels"}:  # paths of outlines are numbers, text stands between tags
        tekst = "\n".join(re.findall(r">([^<]+)<", tekst))
    return [(naam, zonder_ingebed(tekst))]


@pytest.fixture(scope="module")
def alles(uitvoer) -> dict[str, str]:
    paden = sorted(p for p in uitvoer.rglob("*") if p.is_file())
    return dict(t for p in paden for t in teksten(p.relative_to(uitvoer).as_posix(), p.read_bytes()))


def test_the_search_reads_every_kind_of_file(alles, uitvoer):
    """A search that opens nothing would find nothing."""
    soorten = {p.suffix for p in uitvoer.rglob("*") if p.is_file()}
    assert soorten >= {".html", ".pdf", ".docx", ".zip", ".csv", ".json", ".svg", ".png"}
    for deel in ("brief/", ".html", ".pdf", ".docx/word/document.xml", ".zip/", "oordeel.svg", "tabel.csv"):
        assert any("Emmen" in t or "HYPERLINK" in t for n, t in alles.items() if deel in n), deel
    assert {Path(n).suffix for n in alles if ".zip/" in n} >= {".csv", ".json", ".svg"}


def test_no_personal_data_in_real_outputs(alles):
    raak = {n: v for n, t in alles.items() if (v := [x for x in vind(t) if x[1] not in GEEN_POSTCODE])}
    assert raak == {}
    assert [(n, g) for n, t in alles.items() for g in GEHEIM if g in t] == []
    assert "(niet getoond)" in alles["tabel.json"]  # the note came along, without who to ask


def test_a_brief_names_a_delivery_by_its_hash(alles):
    """In every place where it stands: below the title, among the sources, in the command and the list of tables."""
    brieven = {n: t for n, t in alles.items() if n.startswith("brief") and re.search(NAAM_VAN_HASH, t)}
    soorten = (".html", ".pdf", "document.xml", ".json", ".csv", ".txt")
    assert {e for e in soorten if any(n.endswith(e) for n in brieven)} >= {".html", ".pdf", "document.xml"}
    tekst = next(t for n, t in brieven.items() if n.endswith(".html"))
    assert len(re.findall(NAAM_VAN_HASH, tekst)) >= 3
    assert "de eigen naam van het bestand is niet getoond" in tekst


def test_no_id_of_a_practice_in_what_the_package_makes(alles):
    """The table of practices that the fixture writes by hand is the only one with their ids."""
    assert [n for n, t in alles.items() if PRAKTIJK in t] == ["tabel.csv"]


def test_no_formula_in_cells_of_real_pages(alles):
    """A table of a page is opened in a spreadsheet, or pasted into one."""
    cellen = re.compile(r"<(?:th|li|dd|p|td(?![^>]*class=\"?n\b))\b[^>]*>(?:<[^>]*>)*([^<]*)")
    raak = []
    for naam, tekst in alles.items():
        if naam.endswith(".html"):
            zonder = re.sub(r"(?s)<script.*?</script>", "", tekst)
            gevonden = [html.unescape(c) for c in cellen.findall(zonder)]
            assert gevonden, naam
            raak += [(naam, c) for c in gevonden if re.match(r"\s*[=+\-@]", c)]
    assert raak == []
    assert "&#x27;=HYPERLINK" in alles["brief/zuid.html"]


def test_no_formula_in_real_outputs(alles):
    tabellen = {n: t for n, t in alles.items() if n.endswith(".csv")}
    assert len(tabellen) >= 5
    assert any("HYPERLINK" in t for t in tabellen.values())
    assert {n: f for n, t in tabellen.items() if (f := formules(t.encode()))} == {}
    # a word processor has its own: fields that run or fetch
    velden = [
        n for n, t in alles.items() if ".docx/" in n and re.search(r"\b(?:DDE(?:AUTO)?|INCLUDE\w+)\b", t)
    ]
    assert velden == []


def test_no_markup_of_a_name_in_real_outputs(alles):
    for naam, tekst in alles.items():
        if naam.endswith(".html"):
            assert "<b>Zuid" not in tekst, naam
        if naam.startswith("brief") and naam.endswith(".html"):
            assert "&lt;b&gt;Zuid" in tekst


def test_sidecars_of_a_delivery_hold_no_small_count(tmp_path, uitvoer):
    """Of a delivery of areas only the table that may be shown is written anywhere."""
    pad = tmp_path / "lev.csv"
    pad.write_text("gebied;personen;fte\nGM0106;3;2,5\nGM0114;60;45,1\nGM0109;70;51,5\n", encoding="utf-8")
    lev = hd.read_nivel(pad, functie="alle")
    csvpad, sidecar = write_tabel(lev.tabel, tmp_path / "uit", herkomst=lev.herkomst.__dict__)
    rijen = list(csv.DictReader(io.StringIO(csvpad.read_text(encoding="utf-8"))))
    assert [r["personen"] for r in rijen] == ["", "70.0", ""]
    assert "3" not in {str(w) for w in json.loads(sidecar.read_text(encoding="utf-8")).values()}


@pytest.mark.parametrize(
    ("naam", "wat"),
    [("Noord wie@voorbeeld.nl", "e-mailadres"), ("Noord (0592) 12 34 56", "telefoonnummer"), ("Noord 06.12.34.56.78", "telefoonnummer"),
     ("HIS AGB 01-012345", "AGB-"), ("Regio 3311AB 12", "postcode")],
)  # fmt: skip
def test_a_name_that_holds_somebodys_particulars_is_refused_unseen(tmp_path, naam, wat):
    """It would stand above maps and briefs, and in the names of folders."""
    pad = tmp_path / "gebieden.csv"
    pad.write_text(f"gm_code;code;naam\nGM0106;NOORD;{naam}\n", encoding="utf-8")
    with pytest.raises(LeveringFout, match=f"hier staat een {wat}") as e:
        hd.read_gebieden(pad)
    assert vind(str(e.value)) == []


def test_the_makefile_audit_fails_when_it_cannot_look(tmp_path):
    """The command of `make audit`, with an index on this machine where nobody listens."""
    # both auditors: of the Makefile's own environment, and of whoever has one
    plekken = [WORTEL / ".venv-audit/bin/pip-audit", Path(shutil.which("pip-audit") or "/nergens")]
    programma = next((p for p in plekken if p.is_file()), None)
    if programma is None:
        assert not CI, "run `make audit` once: pip-audit is not installed"
        pytest.skip("pip-audit is not installed: run `make audit` once")
    regels = (WORTEL / "Makefile").read_text(encoding="utf-8").splitlines()
    begin = next(n for n, r in enumerate(regels) if r.startswith("audit:"))
    recept = "\n".join(r.removeprefix("\t").removeprefix("@") for r in regels[begin + 1 : begin + 5])
    assert "--strict" in recept and "exit 1" in recept and "done" in recept
    # the recipe as make would give it to the shell
    recept = recept.replace("$(VENV)-audit/bin/pip-audit", str(programma)).replace(
        "$(VENV)-audit", str(tmp_path)
    )
    recept = recept.replace("$$", "$")
    assert "$(" not in recept
    dicht = "http://127.0.0.1:9"
    weg = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"), dicht)
    weg |= {
        "PIP_INDEX_URL": f"{dicht}/simple",
        "no_proxy": "",
        "NO_PROXY": "",
        "XDG_CACHE_HOME": str(tmp_path),
    }
    uit = subprocess.run(
        ["sh", "-c", recept],
        cwd=WORTEL,
        env=os.environ | weg,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert uit.returncode != 0
    assert "requirements.lock could not be cleared" in uit.stdout
    assert "127.0.0.1" in uit.stdout
