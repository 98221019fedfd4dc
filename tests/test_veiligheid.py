"""What the package never does, and what never leaves it: no code from files, no formulas, no personal data."""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import huisartsdata as hd
from huisartsdata.uitvoer.tabel import to_csv

from .conftest import WORTEL
from .persoonsgegevens import PATRONEN, vind, zonder_ingebed

BRON = sorted((WORTEL / "src").rglob("*.py"))
BOEKEN = sorted((WORTEL / "notebooks").glob("*.ipynb"))
TEKST = {
    ".py",
    ".pyi",
    ".md",
    ".toml",
    ".yml",
    ".ipynb",
    ".csv",
    ".json",
    ".svg",
    ".html",
    ".txt",
    ".css",
    "",
}

# Modules that turn bytes into objects or code, or that start a shell.
VERBODEN_MODULES = {
    "pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "code", "codeop", "pty", "commands",
    "ctypes", "runpy", "yaml",
}  # fmt: skip
VERBODEN_NAMEN = {"eval", "exec", "compile", "__import__", "breakpoint", "input"}
VERBODEN_AANROEPEN = {
    "system", "popen", "spawnl", "spawnv", "execv", "execl", "read_pickle", "to_pickle", "eval", "read_hdf", "extract",
    "extractall", "unpack_archive", "mktemp", "getoutput", "getstatusoutput",
}  # fmt: skip


def _code(pad: Path) -> str:
    if pad.suffix == ".py":
        return pad.read_text(encoding="utf-8")
    cellen = json.loads(pad.read_text(encoding="utf-8"))["cells"]
    regels = "\n".join("".join(c["source"]) for c in cellen if c["cell_type"] == "code").splitlines()
    assert not [r for r in regels if re.match(r"\s*[!%]", r)], "a notebook starts no shell"
    return "\n".join(r.rstrip("?") if re.fullmatch(r"[\w.]+\?+", r) else r for r in regels)


def onveilig(code: str) -> list[str]:
    """The lines of Python that could run what a file says."""
    uit = []
    for knoop in ast.walk(ast.parse(code)):
        if isinstance(knoop, ast.Import):
            uit += [a.name for a in knoop.names if a.name.split(".")[0] in VERBODEN_MODULES]
        elif isinstance(knoop, ast.ImportFrom) and knoop.module and not knoop.level:
            uit += [knoop.module] if knoop.module.split(".")[0] in VERBODEN_MODULES else []
            uit += [a.name for a in knoop.names if a.name in VERBODEN_AANROEPEN]
        elif isinstance(knoop, ast.Call):
            doel = knoop.func
            if isinstance(doel, ast.Name) and doel.id in VERBODEN_NAMEN:
                uit.append(doel.id)
            if isinstance(doel, ast.Attribute) and doel.attr in VERBODEN_AANROEPEN:
                # pandas's .str.extract takes text apart, and unpacks nothing
                uit += [] if getattr(doel.value, "attr", "") == "str" else [doel.attr]
            for sleutel in knoop.keywords:
                aan = isinstance(sleutel.value, ast.Constant) and sleutel.value.value is True
                if sleutel.arg in {"shell", "allow_pickle"} and (
                    aan or not isinstance(sleutel.value, ast.Constant)
                ):
                    uit.append(sleutel.arg)
                if (
                    sleutel.arg == "verify"
                    and isinstance(sleutel.value, ast.Constant)
                    and not sleutel.value.value
                ):
                    uit.append("verify=False")
    return uit


@pytest.mark.parametrize(
    "code",
    ["import pickle", "from pickle import loads", "eval('1')", "pd.read_pickle(p)", "subprocess.run(x, shell=True)", "os.system('ls')",
     "df.eval('a+b')", "np.load(p, allow_pickle=True)", "z.extractall(m)", "get(url, verify=False)", "from os import system",
     "subprocess.run(x, shell=stand)"],
)  # fmt: skip
def test_the_scan_sees(code):
    assert onveilig(code)


@pytest.mark.parametrize("pad", [*BRON, *BOEKEN], ids=lambda p: p.relative_to(WORTEL).as_posix())
def test_nothing_read_is_ever_run(pad):
    assert onveilig(_code(pad)) == []


# Where programs are started: JupyterLab, kernels, and this package's own Python for a fresh process.
STARTERS = {"opdracht_lab.py", "werkmoeder.py", "verversbrieven.py"}


def test_programs_are_started_in_few_places_and_never_by_text():
    """As a list of arguments, never as a line for a shell."""
    for pad in BRON:
        boom = ast.parse(pad.read_text(encoding="utf-8"))
        for k in ast.walk(boom):
            namen = [a.name for a in k.names] if isinstance(k, ast.Import) else []
            if "subprocess" in namen or (isinstance(k, ast.ImportFrom) and k.module == "subprocess"):
                assert pad.name in STARTERS, pad
            start = (
                isinstance(k, ast.Call)
                and isinstance(k.func, ast.Attribute)
                and getattr(k.func.value, "id", "") == "subprocess"
            )
            if start and k.func.attr in {"run", "Popen", "call", "check_call", "check_output"}:
                assert isinstance(k.args[0], ast.List | ast.Name), f"{pad.name}:{k.lineno}"


def test_modules_are_imported_by_fixed_names_only():
    """A module's name never comes from outside the package's own tables of names."""
    raak = {
        pad.name
        for pad in BRON
        for k in ast.walk(ast.parse(pad.read_text(encoding="utf-8")))
        if isinstance(k, ast.Call)
        and "import_module" in {getattr(k.func, "id", ""), getattr(k.func, "attr", "")}
        and not all(isinstance(a, ast.Constant | ast.JoinedStr) for a in k.args[:1])
    }
    # the lazy __init__ looks in its own table, werkmoeder in the list of what it loads beforehand
    assert raak <= {"__init__.py", "werkmoeder.py"}


# Tables whose text is hashed and written nowhere.
GEHASHT = {"leveringen/levering.py", "bronnen/ophaalbronnen.py"}


def schrijvers(code: str) -> list[str]:
    """Calls that write a table by themselves, past the door that neutralises formulas."""
    namen = {
        "to_excel",
        "ExcelWriter",
        "Workbook",
        "DictWriter",
        "to_clipboard",
        "to_parquet",
        "to_html",
        "to_latex",
    }
    uit = []
    for k in ast.walk(ast.parse(code)):
        if isinstance(k, ast.Call) and isinstance(k.func, ast.Attribute):
            doet, van = k.func.attr, getattr(k.func.value, "id", "")
            if doet in {*namen, "to_csv"} or (doet == "writer" and van == "csv"):
                uit.append(doet)
    return uit


@pytest.mark.parametrize("pad", BOEKEN, ids=lambda p: p.name)
def test_notebooks_write_tables_through_the_same_door(pad):
    """A notebook keeps its tables with `bewaar_tabel`; one that calls pandas itself would let formulas out."""
    assert schrijvers("tabel.to_csv('x.csv')") == ["to_csv"]
    assert schrijvers(_code(pad)) == []


def test_csv_leaves_through_one_door():
    """Only `to_csv` of uitvoer/tabel.py, which neutralises formulas, writes tables; nothing writes xlsx."""
    raak = []
    for pad in BRON:
        naam = pad.relative_to(WORTEL / "src/huisartsdata").as_posix()
        bron = pad.read_text(encoding="utf-8")
        for k in ast.walk(ast.parse(bron)):
            if not isinstance(k, ast.Call) or not isinstance(k.func, ast.Attribute):
                continue
            doet, van = k.func.attr, getattr(k.func.value, "id", "")
            schrijft = doet in {"to_excel", "ExcelWriter", "Workbook", "DictWriter", "to_clipboard"}
            if schrijft or (doet == "writer" and van == "csv") or (doet == "to_csv" and naam not in GEHASHT):
                raak.append(f"{naam}: {doet}")
        if naam in GEHASHT:
            assert "sha256" in bron, naam
    assert set(raak) <= {"uitvoer/tabel.py: to_csv"}


def _gevolgd() -> list[Path]:
    uit = subprocess.run(["git", "ls-files", "-z"], cwd=WORTEL, capture_output=True, check=False).stdout
    return [WORTEL / n for n in uit.decode().split("\0") if n and (WORTEL / n).is_file()]


def formules(inhoud: bytes) -> list[str]:
    """Cells of a csv that a spreadsheet would run."""
    tekst = inhoud.decode("utf-8-sig")
    cellen = (cel for rij in csv.reader(io.StringIO(tekst)) for cel in rij)
    return [c for c in cellen if re.match(r"\s*[=+\-@]", c) and not re.fullmatch(r"-\d+(\.\d+)?(e-?\d+)?", c)]


def test_no_formula_in_any_table_that_went_out():
    assert formules(b"a,b\n=1+1,-2.5\n") == ["=1+1"]
    tabellen = sorted((WORTEL / "figures").rglob("*.csv"))
    assert tabellen
    assert {p.name: f for p in tabellen if (f := formules(p.read_bytes()))} == {}


# ---------------------------------------------------------------------------- personal data

# Invented for the tests of the readers, which must refuse them.
VERZONNEN = {
    "wie@voorbeeld.nl", "verzonnen@voorbeeld.nl", "078-6123456", "06 12345678", "+31 6 12345678", "3311 AB", "3311 AB 12",
    "3311 XQ", "0123456789",
    "0592-123456", "06-12345678", "(0592) 123456", "(0592) 12 34 56", "06.12.34.56.78", "AGB 01-012345", "3311AB 12", "3311AB",
    "geheim@a.nl", "jan@a.nl", "01012345", "01234567",
}  # fmt: skip
# The number of a tariff decision of the NZa (2026 TB/REG-...) has the form of a postcode.
GEEN_POSTCODE = {"2026 TB"}
# files that hold the patterns themselves
ZELF = {"test_veiligheid.py", "test_persoonlijk.py", "persoonsgegevens.py"}


MAIL, TEL, AGB, BIG = "e-mail address", "telephone number", "AGB code", "BIG number"
BSN, HUIS, PC6 = "citizen service number", "postcode with house number", "postcode of six"


@pytest.mark.parametrize(
    ("tekst", "wat"),
    [("mail a.b@praktijk.nl", MAIL), ("jan@praktijk.amsterdam", MAIL), ("info@xn--bcher-kva.nl", MAIL),
     ("a.b\uff20praktijk.nl", MAIL), ("a.b&#64;praktijk.nl", MAIL),
     ("tel. 0592 123456", TEL), ("+31(0)6-12345678", TEL), ("Bel 0592-123456.", TEL), ("06-12345678, bel", TEL),
     ("06-12345678.", TEL), ("(0592) 123456", TEL), ("(0592) 12 34 56", TEL), ("06.12.34.56.78", TEL), ("06 12 34 56 78", TEL),
     ("0031612345678", TEL), ("+31 (0)592 123 456", TEL), ("020-123 45 67", TEL), ("010.123.45.67", TEL), ("0592/123456", TEL),
     ("tel.0612345678", TEL), ("naam,0592-123456,x", TEL), ("x;0592123456;y", TEL), ("a,0592123456", TEL),
     ("AGB-code: 01012345", AGB), ("AGB 01-012345", AGB), ("AGB 01 012345", AGB), ("agb;01012345", AGB),
     ("agb_code\n01012345", AGB), ("01-012345 (AGB)", AGB), ("Dr. X 01051234", AGB), ("x;01051234;y", AGB),
     ("jan(at)x.nl", MAIL), ("jan [at] praktijk.nl", MAIL), ("06\u201412345678", TEL), ("06\u221212345678", TEL), ("3311  AB", PC6),
     ("3311  AB 12", HUIS),
     ("BIG 49012345601", BIG), ("BIG-nummer 19012345601", BIG), ("59012345601", BIG),
     ("BSN 123456782", BSN), ("bsn: 1234.56.782", BSN),
     ("3311AB 12", HUIS), ("3311 AB, 12", HUIS), ("3311AB12", HUIS), ("3311AB 12a", HUIS), ("3311 ab 12", HUIS), ("3311 AB-12", HUIS),
     ("3311 AB nr. 12a", HUIS), ("1234ab, 5", HUIS),
     ("3311 AB", PC6), ("3311AB", PC6), ("Dorpsstraat 12, 3311AB Dordrecht", PC6)],
)  # fmt: skip
def test_the_search_for_persons_sees(tekst, wat):
    assert wat in {naam for naam, _ in vind(tekst)}


@pytest.mark.parametrize(
    "tekst",
    ["17.942.942", "2024-01-01", "0,0123456789", "GM0106 BU01060000", "2095 fte", "1 op 10", "02-2024", "0.6123456789",
     "-.0612345678", "[12,0612345678]", "01-02-2024 12:30", "06-12-2024 12:30", "06.12.2024 1234", "2024-01-01T06:12:34",
     "WK010601 BU01060101 GM0505", "85984NED 70072ned", "2024JJ00 2023KW04 2024MM12", "GM0505,WK050512,BU05051203",
     "M 106.25 061.5 L 0.5 0.25 3311.5 12", "M12 3.5L4.25-6.125", "1.2.3 3.11.2 2024.1", "#3311AB 12%", "#061234 #0612345678",
     "c0ffee0612345678", "sha256 0592123456ab", "a3f-0612345678", "2024 en 2025", "2012 to 2024", "1666 in 2024", "3000 ms 12",
     "1200px 10px", "8565 of 10769", "1234ab56", "90012345 verzekerden", "12.345.678,90", "10 000 000 000", "big 5, 2024",
     "2026 SA 12", "1e-0612345678", "BU01051234", "0,01051234", "01051234abc", "2024-01051234", "f(at)", "12051234"],
)  # fmt: skip
def test_figures_are_no_persons(tekst):
    assert vind(tekst) == []


def test_no_personal_data_in_the_repository():
    raak = []
    for pad in _gevolgd():
        if pad.suffix not in TEKST or pad.name in ZELF or pad.stat().st_size > 5e6:
            continue
        tekst = pad.read_text(encoding="utf-8", errors="replace")
        if pad.suffix == ".svg":  # paths of outlines are numbers, text stands between tags
            tekst = "\n".join(re.findall(r">([^<]+)<", tekst))
        raak += [(pad.name, wat, stuk) for wat, stuk in vind(tekst) if stuk not in VERZONNEN | GEEN_POSTCODE]
    assert raak == []


def test_no_personal_data_in_the_tables():
    raak = []
    for pad in sorted((WORTEL / "data/2024").glob("*.parquet")):
        tabel = pq.read_table(pad)
        for veld in tabel.schema:
            if str(veld.type) in {"string", "large_string"}:
                waarden = {str(w) for w in tabel.column(veld.name).unique().to_pylist() if w is not None}
                raak += [
                    (pad.name, veld.name, *vondst)
                    for w in waarden
                    for vondst in vind(w)
                    if vondst[1] not in GEEN_POSTCODE
                ]
    assert raak == []


def test_no_personal_data_in_what_a_run_wrote():
    """The maps and tables in figures/, and workbooks and zips as their texts."""
    raak = []
    for pad in sorted((WORTEL / "figures").rglob("*")):
        if pad.suffix in {".csv", ".json", ".html", ".txt"}:
            teksten = [zonder_ingebed(pad.read_text(encoding="utf-8"))]
        elif pad.suffix in {".docx", ".zip", ".xlsx"}:
            with zipfile.ZipFile(pad) as z:
                teksten = [
                    z.read(n).decode("utf-8", "replace")
                    for n in z.namelist()
                    if n.endswith((".xml", ".csv", ".json", ".txt"))
                ]
        else:
            continue
        raak += [
            (pad.name, *vondst)
            for tekst in teksten
            for vondst in vind(tekst)
            if vondst[1] not in GEEN_POSTCODE
        ]
    assert raak == []


def test_a_practice_is_found_no_finer_than_its_postcode_of_four():
    praktijken, pc4 = hd.load_praktijken(), hd.load_pc4()
    assert list(praktijken.columns) == KOLOMMEN["praktijken"]
    punten = praktijken.geometry.to_wkb()
    assert (punten.groupby(praktijken["pc4"]).nunique() == 1).all()
    assert praktijken["pc4"].isin(pc4.index).all()
    assert praktijken[["fte", "ingeschreven"]].isna().all(axis=None)
    # numbered in the order of the postcodes: the id says nothing that the postcode does not
    assert praktijken.index.str.fullmatch(r"[A-Z]{0,3}-?\d+(?:-\d+)?").all()


# Every column of every table that ships: a new one is a choice to be made here, not an accident.
KOLOMMEN = {
    "afstand": ["naam", "inwoners", "afstand_huisarts_km"],
    "barrieres": ["naam", "vak_a", "vak_b", "soort", "bron", "geometry"],
    "bevolking": ["naam", "inwoners_1_januari", "geboren", "overleden", "gevestigd", "vertrokken", "inwoners_31_december"],
    "buurten": ["naam", "wk_code", "gm_code", "pc4", "inwoners", "inwoners_0_15", "inwoners_65_plus", "afstand_huisarts_km", "stedelijkheid", "omgevingsadressendichtheid", "oppervlakte_land_ha", "huishoudens", "inkomen_per_inwoner", "goed_ervaren_gezondheid", "geometry"],
    "buurtvlakken": ["bron", "geometry"],
    "engeland_lad": ["graafschap", "inwoners", "praktijken", "adressen", "ingeschreven", "personen", "fte"],
    "feiten": ["thema", "gebied", "gebiedsoort", "gebiedsnaam", "indicator", "groep", "periode", "waarde", "waarde_tekst", "eenheid", "status", "bron", "url", "via", "kwaliteit", "opmerking"],
    "gemeentegrenzen_regio": ["geometry"],
    "gemeenten": ["naam", "provincie_code", "provincie", "regioplus_code", "regioplus", "corop_code", "corop", "ggdregio_code", "ggdregio", "veiligheidsregio_code", "veiligheidsregio", "zorgkantoorregio_code", "zorgkantoorregio", "stedelijkheid", "inwoners", "inwoners_0_15", "inwoners_65_plus", "afstand_huisarts_km", "omgevingsadressendichtheid", "inkomen_per_inwoner", "goed_ervaren_gezondheid", "geometry"],
    "herindelingen": ["naam_oud", "gm_nieuw", "naam_nieuw", "bron", "status"],
    "leeftijden": ["inwoners", "status"],
    "naaste_coefficienten": ["gemiddelde", "sd", "coefficient"],
    "overgangen": ["naam", "vak_a", "vak_b", "soort", "auto", "bron", "opmerking", "wachttijd_min", "open_sinds", "geometry"],
    "pc4": ["gm_code", "inwoners_2021", "praktijken", "adressen", "stedelijkheid", "straal_km", "geometry"],
    "praktijken": ["pc4", "gm_code", "fte", "fte_status", "ingeschreven", "open_voor_inschrijving", "geometry"],
    "reiskalibratie": ["omschrijving", "correlatie", "mae_km", "spearman", "buurten", "gemeenten", "soort"],
    "rivieren": ["naam", "geometry"],
    "signalen": ["gebied", "gebiedsoort", "gebiedsnaam", "indicator", "peildatum", "waarde", "waarde_laag", "waarde_hoog", "waarde_tekst", "n", "eenheid", "status", "bron", "url", "kwaliteit", "opmerking", "feit_id"],
    "vakken": ["naam", "geometry"],
    "verdeling": ["aandeel", "inwoners", "soort", "methode"],
    "water": ["gm_code", "geometry"],
    "wijken": ["naam", "gm_code", "inwoners", "inwoners_0_15", "inwoners_65_plus", "afstand_huisarts_km", "inkomen_per_inwoner", "stedelijkheid", "geometry"],
}  # fmt: skip
SLEUTELS = {
    "afstand": ["jaar", "gm_code"],
    "barrieres": ["barriere_id"],
    "bevolking": ["jaar", "gm_code"],
    "buurten": ["bu_code"],
    "buurtvlakken": ["bu_code"],
    "engeland_lad": ["lad_code"],
    "feiten": ["feit_id"],
    "gemeentegrenzen_regio": ["gm_code"],
    "gemeenten": ["gm_code"],
    "herindelingen": ["jaar", "gm_oud"],
    "leeftijden": ["bu_code", "leeftijdsgroep"],
    "naaste_coefficienten": ["kenmerk"],
    "overgangen": ["overgang_id"],
    "pc4": ["pc4"],
    "praktijken": ["praktijk_id"],
    "reiskalibratie": ["stap"],
    "rivieren": ["rivier_id"],
    "signalen": ["signaal_id"],
    "vakken": ["vak"],
    "verdeling": ["jaar", "gm_oud", "gm_nieuw"],
    "water": ["wk_code"],
    "wijken": ["wk_code"],
}  # fmt: skip
# Columns that no table may have, whatever the whitelist says.
NOOIT = re.compile(
    r"(?:praktijk|huisarts|arts|houder|contact)_?naam|(?<!per_)adres(?!sen)|straat|huisnummer|postcode6|pc6|telefoon|e_?mail|agb|\bbig|bsn|geboorte_?datum"
)


@pytest.mark.parametrize("naam", sorted(hd.snapshot().tabellen))
def test_published_columns_are_a_whitelist(naam):
    kolommen = pq.read_schema(WORTEL / f"data/2024/{hd.snapshot().tabellen[naam].bestand}").names
    assert sorted(set(kolommen) - {"geometry"}) == sorted(set(KOLOMMEN[naam] + SLEUTELS[naam]) - {"geometry"})
    assert [k for k in kolommen if NOOIT.search(k)] == []


def test_tables_behind_the_maps_have_whitelisted_columns():
    """The canonical maps, which are tracked."""
    mag = {
        "gm_code", "wk_code", "bu_code", "naam", "inwoners", "klasse", "laag", "hoog", "oordeel", "nodig_fte", "bereikt_fte", "tekort_fte",
        "afstand_huisarts_km", "bereik_fte_per_10000", "kans_onder_gemiddeld", "kans_op_tekort",
    }  # fmt: skip
    for pad in sorted((WORTEL / "figures/canoniek").glob("*.csv")):
        kop = next(csv.reader(io.StringIO(pad.read_text(encoding="utf-8"))))
        assert {k.removesuffix("_status") for k in kop} <= mag, pad.name
    for pad in sorted((WORTEL / "figures").rglob("*.csv")):
        kop = next(csv.reader(io.StringIO(pad.read_text(encoding="utf-8"))))
        assert [k for k in kop if NOOIT.search(k)] == [], pad.name


def test_a_delivered_practice_list_keeps_no_more_than_this(tmp_path):
    pad = tmp_path / "verzonnen.csv"
    pad.write_text(
        "praktijk_id;postcode;fte;ingeschreven;open;opmerking\na1;3311 XQ;1,8;3650;ja;=geheim\n",
        encoding="utf-8",
    )
    tabel = hd.read_praktijken(pad, gebied="GM0505", functie="alle").tabel
    assert list(tabel.columns) == [
        "pc4",
        "gm_code",
        "fte",
        "fte_status",
        "ingeschreven",
        "open_voor_inschrijving",
        "functie",
    ]
    assert "XQ" not in to_csv(tabel).decode()
    assert "geheim" not in to_csv(tabel).decode()


def test_every_pattern_is_used():
    assert len(PATRONEN) == 7
