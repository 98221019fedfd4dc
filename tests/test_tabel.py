"""Tables that go out: plain csv, harmless in a spreadsheet, with provenance beside it."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.uitvoer.tabel import neutralise, to_csv, write_tabel


@pytest.mark.parametrize(
    "cel",
    [
        "=1+1",
        "+31 6",
        "-tekst",
        "@SOM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        "\ufeff=1",
        "\u202e=1",
        "\u200b@x",
        "＝1+1",
        "Aa;=CMD",
        "Aa;  -2",
        "Aa\n=1",
        "-5",
    ],
)
def test_formulas_never_leave(cel):
    veilig = neutralise(cel)
    assert veilig != cel
    # however a spreadsheet cuts the line (comma, semicolon, tab, newline), no cell begins with a formula sign
    for scheiding in ";\t\n\r":
        for stuk in veilig.split(scheiding):
            kaal = stuk.strip(" \t\r\n\ufeff\u202e\u200b")
            assert not kaal.startswith(tuple("=+-@＝"))


@pytest.mark.parametrize(
    "cel", ["Midden-Drenthe", "'s-Gravenhage", "Bergen (NH.)", "a=b", "", -5.0, 3, None, np.nan, True]
)
def test_everything_else_stays(cel):
    assert neutralise(cel) is cel


def test_csv_reads_back():
    tabel = pd.DataFrame(
        {"naam": ["Súdwest-Fryslân", 'A "b", c', "=HYPERLINK()"], "km": [1.1, np.nan, -2.0], "n": [3, 4, -5]},
        index=pd.Index(["GM1900", "GM0001", "GM0002"], name="gm_code"),
    )
    inhoud = to_csv(tabel)
    assert not inhoud.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in inhoud
    rijen = list(csv.reader(io.StringIO(inhoud.decode())))
    assert rijen[0] == ["gm_code", "naam", "km", "n"]
    assert rijen[1] == ["GM1900", "Súdwest-Fryslân", "1.1", "3"]
    assert rijen[2] == ["GM0001", 'A "b", c', "", "4"]
    assert rijen[3] == ["GM0002", "'=HYPERLINK()", "-2.0", "-5"]
    terug = pd.read_csv(io.BytesIO(inhoud), index_col="gm_code")
    pd.testing.assert_series_equal(terug["km"], tabel["km"])


def test_names_of_columns_and_categories_are_text_too():
    tabel = pd.DataFrame({"=kop": pd.Categorical(["+a", "b"])}, index=pd.Index(["-x", "y"], name="@code"))
    assert to_csv(tabel).decode() == "'@code,'=kop\n'-x,'+a\ny,b\n"


def test_geometry_stays_out_and_plain_row_numbers_too():
    kaart = gpd.GeoDataFrame({"naam": ["A"]}, geometry=[shapely.Point(0, 0)], crs=28992)
    assert to_csv(kaart) == b"naam\nA\n"


def test_a_table_that_cannot_be_read_is_refused():
    with pytest.raises(HuisartsdataFout, match="geen naam"):
        to_csv(pd.DataFrame({"a": [1]}, index=["GM0001"]))
    with pytest.raises(HuisartsdataFout, match="code"):
        to_csv(pd.DataFrame({"code": [1]}, index=pd.Index(["GM0001"], name="code")))


def test_provenance_stands_beside(tmp_path):
    tabel = pd.DataFrame({"km": [1.1, 2.2]}, index=pd.Index(["GM0001", "GM0002"], name="gm_code"))
    herkomst = {"bron": ["CBS, 85984NED"], "status": ["waargenomen"], "peiljaren": {"afstand": "2024"}}
    csv_pad, json_pad = write_tabel(tabel, tmp_path / "uit" / "afstand", herkomst=herkomst)
    assert (csv_pad.name, json_pad.name) == ("afstand.csv", "afstand.json")
    gelezen = json.loads(json_pad.read_text(encoding="utf-8"))
    assert {k: gelezen[k] for k in herkomst} == herkomst
    assert gelezen["csv"]["sha256"] == hashlib.sha256(csv_pad.read_bytes()).hexdigest()
    assert gelezen["csv"]["rijen"] == 2
    eerst = csv_pad.read_bytes(), json_pad.read_bytes()
    write_tabel(tabel, tmp_path / "uit" / "afstand.csv", herkomst=dict(reversed(herkomst.items())))
    assert (csv_pad.read_bytes(), json_pad.read_bytes()) == eerst
    assert sorted(p.name for p in csv_pad.parent.iterdir()) == ["afstand.csv", "afstand.json"]
