"""What a kernel used: files that libraries open by themselves, folders that are listed, and no address elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from huisartsdata import werkstroom
from huisartsdata.werk import werkkernel, werkstand
from huisartsdata.werk.werkboek import draai_boek
from huisartsdata.werk.werkmanifest import lees_manifest
from huisartsdata.werk.werkreeks import Taak, draai_reeks, maak_plan

from .test_werkstroom_keuze import schrijf_boek

UIT = "import os, pathlib\nuit = pathlib.Path(os.environ['HUISARTSDATA_FIGUREN'])\n"


# --- what was read by libraries that open files themselves, and what was listed --------------------------------

LEESALLES = """
import os, pathlib, pickle
uit = pathlib.Path(os.environ['HUISARTSDATA_FIGUREN'])
import pandas as pd, geopandas as gpd, pyarrow as pa, pyarrow.parquet as pq, pyarrow.csv as pc, pyogrio, sqlite3
from pyarrow import json as pj, feather, dataset as ds, orc
from pyarrow.parquet import read_schema
from lxml import etree
from pandas import read_parquet
som = [
    read_parquet('pd.parquet').x.sum(), gpd.read_parquet(pathlib.Path('gpd.parquet')).x.sum(),
    pq.read_table('tabel.parquet').num_rows, len(read_schema('schema.parquet')), pq.read_metadata(where='meta.parquet').num_rows,
    pq.ParquetFile('bestand.parquet').read().num_rows, pq.ParquetDataset(['lijst.parquet']).read().num_rows,
    pd.read_orc('p.orc').x.sum(), feather.read_table('f.feather').num_rows,
    pd.read_feather('pd.feather').x.sum(), gpd.read_feather('gpd.feather').x.sum(),
    pc.read_csv('c.csv').num_rows, pc.open_csv('open.csv').read_all().num_rows, pj.read_json('j.json').num_rows,
    ds.dataset('deel').to_table().num_rows, pd.read_parquet('deel2').x.sum(),
    len(pa.memory_map('m.bin').read()), len(pa.OSFile('o.bin').read()), len(pa.input_stream('i.bin').read()),
    gpd.read_file('g.geojson').x.sum(), gpd.read_file('g.gpkg').x.sum(), gpd.read_file('vorm.shp').x.sum(),
    pyogrio.read_info('info.geojson')['features'], len(pyogrio.list_layers('lagen.geojson')),
    pyogrio.read_arrow('arrow.geojson')[1].num_rows, len(pyogrio.read_bounds('grens.geojson')[0]),
    gpd.read_file('zip://kaart.zip!z.geojson').x.sum(), len(etree.parse('x.xml').getroot()),
    sqlite3.connect('file:db.sqlite?mode=ro', uri=True).execute('select count(*) from t').fetchone()[0],
    isinstance(pa.OSFile('o.bin'), pa.NativeFile), pickle.loads(pickle.dumps(read_schema)) is pq.read_schema,
]
pq.write_table(pa.table({'x': [1]}), uit / 'w.parquet')
(uit / 'a.txt').write_text(str([float(s) for s in som]))
"""


def _leg_klaar(map_: Path) -> None:
    import shutil
    import sqlite3

    import geopandas as gpd
    import pandas as pd
    import pyarrow.parquet as pq
    from pyarrow import feather, orc
    from shapely.geometry import Point

    los = pd.DataFrame({"x": [1]})
    kaart = gpd.GeoDataFrame(los, geometry=[Point(0, 0)], crs=28992)
    for naam in ("pd", "tabel", "schema", "meta", "bestand", "lijst"):
        los.to_parquet(map_ / f"{naam}.parquet")
    kaart.to_parquet(map_ / "gpd.parquet")
    orc.write_table(pq.read_table(map_ / "pd.parquet"), map_ / "p.orc")
    los.to_feather(map_ / "pd.feather")
    kaart.to_feather(map_ / "gpd.feather")
    feather.write_feather(los, map_ / "f.feather")
    for naam in ("c.csv", "open.csv"):
        (map_ / naam).write_text("x\n1\n", encoding="utf-8")
    (map_ / "j.json").write_text('{"x": 1}\n', encoding="utf-8")
    for deel in ("deel/een", "deel/twee", "deel2"):
        (map_ / deel).mkdir(parents=True, exist_ok=True)
        los.to_parquet(map_ / deel / "d.parquet")
    for naam in ("m", "o", "i"):
        (map_ / f"{naam}.bin").write_bytes(b"abc")
    for naam in ("g", "info", "lagen", "arrow", "grens", "z"):
        kaart.to_file(map_ / f"{naam}.geojson", driver="GeoJSON")
    kaart.to_file(map_ / "g.gpkg", driver="GPKG")
    kaart.to_file(map_ / "vorm.shp")
    (map_ / "kaart").mkdir()
    (map_ / "z.geojson").rename(map_ / "kaart" / "z.geojson")
    shutil.make_archive(str(map_ / "kaart"), "zip", map_ / "kaart")
    shutil.rmtree(map_ / "kaart")
    (map_ / "x.xml").write_text("<a><b/></a>", encoding="utf-8")
    with sqlite3.connect(map_ / "db.sqlite") as db:
        db.execute("create table t as select 1 as x")
    db.close()


GELEZEN = {
    "pd.parquet", "gpd.parquet", "tabel.parquet", "schema.parquet", "meta.parquet", "bestand.parquet", "lijst.parquet",
    "p.orc", "f.feather", "pd.feather", "gpd.feather", "c.csv", "open.csv", "j.json", "deel/", "deel/een/", "deel/twee/",
    "deel/een/d.parquet", "deel/twee/d.parquet", "deel2/", "deel2/d.parquet", "m.bin", "o.bin", "i.bin", "g.geojson",
    "g.gpkg", "vorm.shp", "vorm.dbf", "vorm.shx", "vorm.prj", "vorm.cpg", "info.geojson", "lagen.geojson", "arrow.geojson",
    "grens.geojson", "kaart.zip", "x.xml", "db.sqlite",
}  # fmt: skip


@pytest.fixture(scope="module")
def gelezen(tmp_path_factory):
    """A notebook that reads with every reader, run in a kernel that starts by itself and in one that is forked."""
    wortel = tmp_path_factory.mktemp("lezers")
    (wortel / "boeken").mkdir()
    _leg_klaar(wortel / "boeken")
    pad = schrijf_boek(wortel / "boeken" / "01_lees.ipynb", LEESALLES)
    ander = schrijf_boek(wortel / "boeken" / "02_niets.ipynb", "1")
    werkstroom.voer_uit(pad, wortel / "los")
    draai_reeks([Taak(pad, ()), Taak(ander, ())], wortel / "fork", processen=1)
    return pad, wortel


def test_what_a_library_opens_by_itself_is_in_the_manifest(gelezen):
    pad, wortel = gelezen
    stand = lees_manifest(wortel / "fork").boeken[pad.name]
    assert set(stand.bestanden) == GELEZEN
    assert set(stand.bestanden.values()) & {"", werkstand.VERANDERD} == set()
    assert maak_plan([pad], wortel / "fork", {}).taken == ()
    tekst = (wortel / "fork" / "a.txt").read_text()
    assert tekst == (wortel / "los" / "a.txt").read_text()
    # and without anything wrapped the same numbers
    omg = {**os.environ, "HUISARTSDATA_FIGUREN": str(wortel / "kaal")}
    (wortel / "kaal").mkdir()
    subprocess.run([sys.executable, "-c", LEESALLES], check=True, cwd=pad.parent, env=omg)
    assert (wortel / "kaal" / "a.txt").read_text() == tekst


@pytest.mark.parametrize("naam", sorted(GELEZEN))
def test_a_change_in_whatever_was_read_reruns(gelezen, tmp_path, naam):
    import shutil

    pad, wortel = gelezen
    boeken = shutil.copytree(pad.parent, tmp_path / "boeken")
    doel = boeken / naam
    if naam.endswith("/"):
        (doel / "erbij.parquet").write_bytes((boeken / "pd.parquet").read_bytes())
        wat = f"in de map {naam} staan andere bestanden"
    else:
        doel.write_bytes(doel.read_bytes() + b" ")
        wat = f"{naam} is veranderd"
    (taak,) = maak_plan([boeken / pad.name], wortel / "fork", {}).taken
    assert taak.redenen == (wat,)


def test_every_reader_that_is_named_is_there():
    """A name that a newer version no longer has would silently see nothing."""
    from importlib import import_module

    from huisartsdata.werk.werklezers import LEZERS

    for module, namen in LEZERS.items():
        assert [n for n in namen if not hasattr(import_module(module), n)] == [], module


def test_a_folder_that_a_cell_lists_reruns_when_a_file_is_added(tmp_path):
    boeken = tmp_path / "boeken"
    for map_ in ("glob", "pad", "lijst", "loop/diep", "hulp", "leeg"):
        (boeken / map_).mkdir(parents=True)
        (boeken / map_ / "a.csv").write_text("1", encoding="utf-8")
    (boeken / "hulp.py").write_text("import os\nINHOUD = os.listdir('hulp')\n", encoding="utf-8")
    pad = schrijf_boek(
        boeken / "01_x.ipynb",
        UIT + "import glob, tempfile, hulp, shutil, huisartsdata as hd\nimport pandas, matplotlib.pyplot",
        "n = [len(glob.glob('glob/*.csv')), len(list(pathlib.Path('pad').glob('*.csv'))), len(os.listdir('lijst'))]",
        "n += [len(f) for _, _, f in os.walk('loop')] + [len(list(pathlib.Path('later').glob('*'))), len(glob.glob('ooit/x*'))]\n"
        "hd.snapshot(), os.listdir(uit), os.listdir(os.path.dirname(os.__file__))",
        "with tempfile.TemporaryDirectory() as t:\n    os.listdir(t)",
        "(uit / 'n.txt').write_text(str(n))",
    )
    uit = tmp_path / "uit"
    draai_reeks([Taak(pad, ())], uit)
    bestanden = lees_manifest(uit).boeken[pad.name].bestanden
    lijsten = {"glob/", "pad/", "lijst/", "loop/", "loop/diep/", "hulp/"}
    assert set(bestanden) == {*lijsten, "hulp.py", "later/", "ooit/"}
    assert bestanden["later/"] == bestanden["ooit/"] == ""
    assert maak_plan([pad], uit, {}).taken == ()
    (boeken / "leeg" / "b.csv").write_text("1", encoding="utf-8")  # nobody looked there
    (boeken / "glob" / ".verborgen").write_text("", encoding="utf-8")
    (boeken / "hulp" / "__pycache__").mkdir()
    assert maak_plan([pad], uit, {}).taken == ()
    (boeken / "loop" / "diep" / "b.csv").write_text("1", encoding="utf-8")
    (boeken / "later").mkdir()
    (taak,) = maak_plan([pad], uit, {}).taken
    assert taak.redenen == (
        "in de map later/ staan andere bestanden",
        "in de map loop/diep/ staan andere bestanden",
    )


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="no shared memory with names")
def test_a_file_in_shared_memory_reruns_and_one_swapped_during_the_run_is_seen(tmp_path):
    """Written over with time and size put back: only the clock that no user can set tells."""
    import tempfile

    with tempfile.TemporaryDirectory(dir="/dev/shm") as map_:
        los, wissel = Path(map_) / "x.csv", tmp_path / "d.csv"
        los.write_text("oud", encoding="utf-8")
        wissel.write_text("een", encoding="utf-8")
        pad = schrijf_boek(
            tmp_path / "01_x.ipynb",
            f"{UIT}tekst = open({str(los)!r}).read() + open('d.csv').read()\n(uit / 'a').write_text(tekst)",
            "s = os.stat('d.csv')\nopen('d.csv', 'w').write('twe')\nos.utime('d.csv', ns=(s.st_atime_ns, s.st_mtime_ns))",
        )
        (tmp_path / "werk").mkdir()
        stand = draai_boek(pad, tmp_path / "werk").stand
        assert stand.bestanden.pop("d.csv") == werkstand.VERANDERD
        (naam,) = stand.bestanden
        assert naam.endswith("x.csv")
        map_uit = tmp_path / "werk" / "uit"
        assert werkstand.Nu().redenen(pad, map_uit, stand, {}) == ()
        los.write_text("NIEUW", encoding="utf-8")
        assert werkstand.Nu().redenen(pad, map_uit, stand, {}) == (f"{naam} is veranderd",)


def test_a_part_of_a_shapefile_that_is_added_later_reruns(tmp_path):
    import geopandas as gpd
    from shapely.geometry import Point

    gpd.GeoDataFrame({"x": [1]}, geometry=[Point(0, 0)], crs=28992).to_file(tmp_path / "v.shp")
    prj = (tmp_path / "v.prj").read_bytes()
    (tmp_path / "v.prj").unlink()
    pad = schrijf_boek(tmp_path / "01_x.ipynb", UIT + "import geopandas as gpd\ngpd.read_file('v.shp')\nNone")
    draai_reeks([Taak(pad, ())], tmp_path / "uit")
    assert maak_plan([pad], tmp_path / "uit", {}).taken == ()
    (tmp_path / "v.prj").write_bytes(prj)
    (taak,) = maak_plan([pad], tmp_path / "uit", {}).taken
    assert taak.redenen == ("v.prj is nieuw",)


def test_something_new_in_a_later_cell_is_written_down(tmp_path):
    """What a kernel used is written only when there is more of it than after the cell before."""
    opname = werkkernel.Opname()
    for stap in (
        lambda: opname.som_op(tmp_path),
        lambda: opname.lees(tmp_path / "nee"),
        lambda: opname.lees(__file__),
        lambda: opname.zaai(5),
    ):
        voor = opname.omvang()
        stap()
        assert opname.omvang() != voor


# --- nothing but the machine itself ---------------------------------------------------------------------------

LUISTER = """
import os, sys
def hoor(wat, gegevens):
    if wat in ('socket.connect', 'socket.sendto', 'socket.sendmsg', 'socket.getaddrinfo', 'socket.gethostbyname'):
        plek = gegevens[0] if wat.startswith('socket.get') else gegevens[1]
        adres = plek[0] if isinstance(plek, tuple) else plek
        with open(os.environ['PROEF_ADRESSEN'], 'a') as f:
            print(wat, adres, file=f)
        if isinstance(adres, str) and not adres.startswith(('127.', '::1', 'localhost', '/')):
            raise PermissionError(13, 'no network in this test')
sys.addaudithook(hoor)
"""


@pytest.fixture
def afgeluisterd(tmp_path, monkeypatch):
    """Every process of Python that is started tells whom it calls, and calls nobody else than this machine."""
    (tmp_path / "pad").mkdir()
    (tmp_path / "pad" / "sitecustomize.py").write_text(LUISTER, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "pad"))
    monkeypatch.setenv("PROEF_ADRESSEN", str(tmp_path / "adressen"))
    (tmp_path / "adressen").write_text("", encoding="utf-8")
    return lambda: (tmp_path / "adressen").read_text(encoding="utf-8").splitlines()


def test_a_notebook_of_the_suite_calls_nobody(tmp_path, afgeluisterd):
    """Its kernel runs in a process of its own, where a ban on sockets in this one does not reach."""
    boeken = tmp_path / "boeken"
    boeken.mkdir()
    gegevens = next(p for p in werkstroom.notebooks() if p.stem == "00_gegevens")
    (boeken / gegevens.name).write_bytes(gegevens.read_bytes())
    belt = schrijf_boek(
        boeken / "09_belt.ipynb",
        "import socket",
        "try:\n    socket.create_connection(('192.0.2.1', 80), timeout=1)\nexcept PermissionError:\n    pass",
    )
    draai_reeks([Taak(boeken / gegevens.name, ()), Taak(belt, ())], tmp_path / "uit")
    buiten = [
        regel
        for regel in afgeluisterd()
        if not regel.split(" ", 1)[1].startswith(("127.", "::1", "localhost", "/"))
    ]
    # of the one notebook there is none; the other's shows that a call is seen, in a kernel that is forked too
    assert set(buiten) <= {"socket.getaddrinfo 192.0.2.1", "socket.connect 192.0.2.1"} and buiten
