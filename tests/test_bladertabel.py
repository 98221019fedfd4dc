"""Tables to browse: text stays text, numbers are Dutch and sort by their value, nothing is asked of a network."""

from __future__ import annotations

import base64
import gzip
import json
import re

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.notebook import Tabelweergave, toon_tabel
from huisartsdata.uitvoer.schermen import bladeren
from huisartsdata.uitvoer.schermen.bladeren import MAX_RIJEN, TEKSTEN, bladertabel

KWAAD = "<script>alert(1)</script>"
VEILIG = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def levend(monkeypatch):
    """As in a notebook of which cell 'a' runs first; gives a way to go to another cell."""
    cel = ["a"]
    monkeypatch.setattr(bladeren, "is_live", lambda: True)
    monkeypatch.setattr(bladeren, "_celnummer", lambda: cel[0])
    monkeypatch.setattr(bladeren, "_DRAGER", bladeren._Drager())

    def ga_naar(nummer):
        cel[0] = nummer

    return ga_naar


def _tabel(tekst: str) -> str:
    (inhoud,) = re.findall(r"<table.*</table>", tekst, re.DOTALL)
    return inhoud


def test_public_name():
    assert hd.bladertabel is bladertabel


@pytest.mark.parametrize(
    "tabel",
    [
        pd.DataFrame({"x": [KWAAD]}),
        pd.DataFrame({KWAAD: [1]}),
        pd.DataFrame({"x": [1]}, index=[KWAAD]),
        pd.DataFrame({"x": [1]}, index=pd.Index([1], name=KWAAD)),
        pd.DataFrame({"x": [1]}, index=pd.MultiIndex.from_tuples([("a", KWAAD)], names=["p", "q"])),
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", KWAAD)])),
        pd.DataFrame({"x": pd.Categorical([KWAAD])}),
        pd.DataFrame({"x": [[KWAAD, 1]]}),
        pd.Series([1], name=KWAAD),
    ],
)
def test_text_is_never_html(tabel, levend):
    inhoud = _tabel(bladertabel(tabel).html)
    assert "<script" not in inhoud
    assert VEILIG in inhoud


def test_caption_is_text_too(levend):
    assert f"<caption>{VEILIG}</caption>" in bladertabel(pd.DataFrame({"x": [1]}), titel=KWAAD).html


def test_numbers_are_dutch_and_carry_the_value_they_sort_by(levend):
    tabel = pd.DataFrame(
        {"n": [1234.56, np.nan, -np.inf], "deel": [0.12345, 1, np.nan], "jaar": [2024, 2023, 2022]}
    )
    inhoud = _tabel(bladertabel(tabel, decimalen=1, delen="deel", kort=["jaar"]).html)
    cellen = re.findall(r'<td data-order="([^"]*)">(?:<span class="n">)?([^<]*)', inhoud)
    assert cellen == [
        ("1234.56", "1.234,6"), ("0.12345", "12,3%"), ("2024.0", "2024"),
        ("", "–"), ("1.0", "100,0%"), ("2023.0", "2023"),
        ("-Infinity", "−oneindig"), ("", "–"), ("2022.0", "2022"),
    ]  # fmt: skip
    assert re.findall(r'data-soort="(\w+)"', inhoud) == ["getal", "deel", "getal"]


def test_a_column_with_any_word_in_it_sorts_as_text(levend):
    tabel = pd.DataFrame({"x": pd.Series([1, "geen", None], dtype="object"), "y": [True, False, True]})
    inhoud = _tabel(bladertabel(tabel).html)
    assert re.findall(r'data-soort="(\w+)"', inhoud) == ["tekst", "tekst"]
    assert "<td>True</td>" in inhoud


def test_index_becomes_columns_and_row_numbers_are_left_out(levend):
    lagen = pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["p", "q"])
    inhoud = _tabel(bladertabel(pd.DataFrame({"x": [5, 6]}, index=lagen)).html)
    assert re.findall(r"<th[^>]*>([^<]*)</th>", inhoud) == ["p", "q", "x"]
    assert inhoud.count("<td>a</td>") == 2  # each row whole: a row is on its own after sorting
    assert re.findall(r"<th[^>]*>([^<]*)</th>", _tabel(bladertabel(pd.DataFrame({"x": [5]})).html)) == ["x"]


def test_two_columns_of_one_name_and_geometry(levend):
    gm = hd.load_gemeenten().head(2)
    assert "POLYGON" not in bladertabel(gm).html
    inhoud = _tabel(bladertabel(pd.DataFrame([[1, 2]], columns=["x", "x"])).html)
    assert re.findall(r'data-order="([^"]*)"', inhoud) == ["1.0", "2.0"]


def test_nothing_is_asked_of_a_network(levend):
    tekst = bladertabel(pd.DataFrame({"x": [1]})).html
    assert not re.search(r"https?://|src=|href=|url\(", tekst.replace(bladeren._bundel(), ""))
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket", tekst.replace(bladeren._bundel(), ""))
    js, css = json.loads(gzip.decompress(base64.b64decode(bladeren._bundel())))
    assert "DataTable" in js
    assert "@import" not in css
    assert not re.search(r"url\(\s*['\"]?https?:", css)


def test_one_cell_carries_the_script_and_keeps_it(levend):
    def draagt(tabel):
        return bladeren._bundel() in bladertabel(tabel).html

    een, twee = pd.DataFrame({"x": [1]}), pd.DataFrame({"x": [2]})
    assert draagt(een) and draagt(twee)  # the first cell, also when it is run again
    levend("b")
    assert not draagt(een)
    levend("a")
    assert draagt(een)
    levend(None)  # a front end that does not name its cells
    assert draagt(een)


def test_the_same_table_gives_the_same_bytes(levend):
    tabel = pd.DataFrame({"x": [1.5, 2.5]}, index=pd.Index(["a", "b"], name="naam"))
    assert bladertabel(tabel).html == bladertabel(tabel.copy()).html
    assert len(base64.b64decode(bladeren._bundel())) < 300_000  # one notebook grows by this much


def test_headless_and_without_itables_it_is_the_plain_table(levend, monkeypatch):
    tabel = pd.DataFrame({"x": [1234.5]}, index=pd.Index(["a"], name="naam"))
    gewoon = toon_tabel(tabel, decimalen=1)
    assert bladertabel(tabel, decimalen=1) != gewoon
    monkeypatch.setattr(bladeren, "_bundel", lambda: "")
    assert bladertabel(tabel, decimalen=1) == gewoon
    monkeypatch.undo()
    monkeypatch.setenv("HUISARTSDATA_ZONDER_SCHERM", "1")
    assert bladertabel(tabel, decimalen=1) == gewoon


def test_a_missing_package_is_seen(monkeypatch):
    bladeren._bundel.cache_clear()
    monkeypatch.setattr(bladeren, "find_spec", lambda naam: None)
    assert bladeren._bundel() == ""
    bladeren._bundel.cache_clear()


def test_what_cannot_be_browsed(levend):
    with pytest.raises(ParameterFout, match="DataFrame of Series, geen list"):
        bladertabel([1])
    with pytest.raises(ParameterFout, match=r"5\.001 rijen .*query"):
        bladertabel(pd.DataFrame({"x": range(MAX_RIJEN + 1)}))
    for fout in (0, -1, True, 2.5, "10"):
        with pytest.raises(ParameterFout, match="heel getal vanaf 1"):
            bladertabel(pd.DataFrame({"x": [1]}), rijen=fout)
    leeg = bladertabel(pd.DataFrame(index=pd.Index(["a"], name="x")))
    assert isinstance(leeg, Tabelweergave) and "DataFrame" not in leeg.html


def test_every_text_of_the_table_is_ours():
    engels = {"search", "show", "entries", "first", "next", "previous", "last", "showing", "sort", "activate"}

    def woorden(x):
        if isinstance(x, dict):
            return {w for y in x.values() for w in woorden(y)}
        return {*re.findall(r"[a-z]+", re.sub(r"_[A-Z]+_", "", x).lower())}

    assert not woorden(TEKSTEN) & engels
    # all keys that DataTables writes on a page of this kind
    assert {"search", "lengthMenu", "info", "infoEmpty", "infoFiltered", "zeroRecords", "emptyTable", "thousands"} <= {*TEKSTEN}  # fmt: skip
    assert {"orderable", "orderableReverse", "orderableRemove", "paginate"} <= {*TEKSTEN["aria"]}


def test_the_table_given_is_not_changed(levend):
    tabel = pd.DataFrame({"x": ["<b>"]}, index=pd.Index(["<i>"], name="n"))
    bladertabel(tabel)
    pd.testing.assert_frame_equal(tabel, pd.DataFrame({"x": ["<b>"]}, index=pd.Index(["<i>"], name="n")))
