"""Tables in a notebook: text is shown as text wherever it stands, numbers in Dutch, nothing breaks them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.notebook import CSS, toon_tabel

KWAAD = "<script>alert(1)</script>"
VEILIG = "&lt;script&gt;alert(1)&lt;/script&gt;"


def _html(tabel, **opties):
    tekst = toon_tabel(tabel, **opties).html
    assert tekst.startswith(CSS)
    return tekst.removeprefix(CSS)


@pytest.mark.parametrize(
    "tabel",
    [
        pd.DataFrame({"x": [KWAAD]}),
        pd.DataFrame({KWAAD: [1]}),
        pd.DataFrame({"x": [1]}, index=[KWAAD]),
        pd.DataFrame({"x": [1]}, index=pd.Index([KWAAD], dtype="object")),
        pd.DataFrame({"x": [1]}, index=pd.CategoricalIndex([KWAAD])),
        pd.DataFrame({"x": [1]}, index=pd.MultiIndex.from_tuples([("a", KWAAD)])),
        pd.DataFrame({"x": [1]}, index=pd.Index([1], name=KWAAD)),
        pd.DataFrame({"x": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)], names=["a", KWAAD])),
        pd.DataFrame({"x": [1]}).rename_axis(columns=KWAAD),
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", KWAAD)], names=["p", "q"])),
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("a", "b")], names=["p", KWAAD])),
        pd.DataFrame({"x": pd.Categorical([KWAAD])}),
        pd.DataFrame({"x": [[KWAAD, 1]]}),
        pd.DataFrame({"x": [{"a": KWAAD}]}),
        pd.DataFrame({"x": [np.array([KWAAD])]}),
        pd.Series([KWAAD], name="x"),
        pd.Series([1], name=KWAAD),
    ],
)
def test_text_is_never_html(tabel):
    tekst = _html(tabel)
    assert "<script" not in tekst
    assert VEILIG in tekst


def test_series_and_odd_cells():
    tekst = _html(pd.Series([1234.5, np.inf, -np.inf, np.nan, None, [1, 2], pd.NaT], index=list("abcdefg")))
    for deel in ("1.235", ">oneindig<", ">−oneindig<", "<td>–</td>", "<td>[1, 2]</td>"):
        assert deel in tekst
    assert tekst.count("<td>–</td>") == 3


def test_shares_years_and_doubled_columns():
    tabel = pd.DataFrame([[0.25, 2024, 0.5]], columns=["deel", "jaar", "deel"])
    tekst = _html(tabel, delen="deel", kort=["jaar"])
    assert [d in tekst for d in ("25,0%", "50,0%", ">2024<")] == [True] * 3
    lagen = pd.DataFrame([[1234.0, 2.0]], columns=pd.MultiIndex.from_product([["a"], ["b", "c"]]))
    assert "1.234" in _html(lagen)


def test_kinds_of_numbers_and_days():
    tabel = pd.DataFrame(
        {
            "x": pd.Series(
                [np.int64(1234), Decimal("1234.5"), True, dt.date(2024, 1, 2), pd.Timestamp("2024-01-03")],
                dtype="object",
            )
        }
    )
    tekst = _html(tabel, decimalen=1)
    for deel in ("1.234,0", "1.234,5", "<td>True</td>", "<td>2024-01-02</td>", "<td>2024-01-03</td>"):
        assert deel in tekst
    assert "<td>–</td>" in _html(pd.DataFrame({"x": pd.array([1, None], dtype="Int64")}))


def test_index_keeps_its_values():
    assert "<th>2024</th>" in _html(pd.DataFrame({"x": [1]}, index=[2024]))
    assert "<th>2024-01-01</th>" in _html(pd.DataFrame({"x": [1]}, index=pd.to_datetime(["2024-01-01"])))
    assert "<table" in _html(pd.DataFrame({"x": []}, index=pd.MultiIndex.from_arrays([[], []])))
    assert "<table" in _html(pd.DataFrame())


def test_long_text_and_many_rows_are_shown_in_full():
    lang = "abc " * 100
    tekst = _html(pd.DataFrame({"x": [lang] * 200}))
    assert tekst.count(lang.strip()) == 200


def test_the_table_given_is_not_changed():
    tabel = pd.DataFrame({"x": ["<b>"]}, index=["<i>"])
    toon_tabel(tabel)
    pd.testing.assert_frame_equal(tabel, pd.DataFrame({"x": ["<b>"]}, index=["<i>"]))


@pytest.mark.parametrize("geen", [None, [1, 2], "tekst"])
def test_what_is_no_table(geen):
    with pytest.raises(ParameterFout, match="DataFrame of Series"):
        toon_tabel(geen)


def test_what_is_pasted_from_a_table_runs_nothing_and_numbers_keep_their_sign():
    t = toon_tabel(
        pd.DataFrame(
            {"naam": ["=1+1", "@SUM(A1)", "Assen"], "band": ["-0,5 (-1,0 tot 2,0)", "+3%", "-2+3|x"]}
        )
    )
    cellen = re.findall(r"<td>(.*?)</td>", t.html)
    assert cellen == ["&#x27;=1+1", "-0,5 (-1,0 tot 2,0)", "&#x27;@SUM(A1)", "+3%", "Assen", "&#x27;-2+3|x"]
