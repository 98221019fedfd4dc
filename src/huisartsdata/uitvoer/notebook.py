"""Sentences, tables and figures in a notebook: computed numbers, Dutch notation, nothing cut off or untold."""

from __future__ import annotations

import base64
import datetime as dt
import html
import math
import numbers
import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.tabel import neutralise

if TYPE_CHECKING:
    from huisartsdata.uitvoer.figuur import Figuur

LEEG = "–"
# numbers that somebody wrote out ("-0,5 (-1,0 tot 2,0)"): nothing in them runs, and a sign stays a sign
_GETALTEKST = re.compile(r"(?:[\d\s.,;:/%()±+\-−–]|tot|fte)+")
# the notebook's own style aligns every cell to the right, which suits numbers only
CSS = (
    "<style>table.hd td, table.hd th {text-align: left !important; vertical-align: top; padding: 3px 10px} "
    "table.hd td:has(span.n) {text-align: right !important; white-space: nowrap}</style>"
)


def lees(tekst: str) -> None:
    """Show a sentence as text; its numbers come from a cell, never from a keyboard."""
    from IPython.display import Markdown, display

    display(Markdown(tekst))  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Tabelweergave:
    """A table as html, for a notebook to show."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


@dataclass(frozen=True)
class Figuurweergave:
    """A figure as html, for a notebook to show."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def toon_figuur(figuur: Figuur | str) -> Figuurweergave:
    """Show a figure with its alternative text on it, in JupyterLab and in a page that is made of the notebook.

    A picture as an output of its own loses that text: neither JupyterLab nor nbconvert's page takes it from the
    metadata. In a notebook that is not trusted JupyterLab leaves the picture out, and shows the text in its place.

    Parameters
    ----------
    figuur
        The figure, or a sentence that says why there is none.

    Raises
    ------
    ParameterFout
        When it is neither.

    Examples
    --------
    >>> toon_figuur("Hier valt niets te <tonen>.").html
    '<p>Hier valt niets te &lt;tonen&gt;.</p>'
    """
    if isinstance(figuur, str):
        return Figuurweergave(f"<p>{html.escape(figuur)}</p>")
    if not hasattr(figuur, "alt_tekst") or not hasattr(figuur, "_repr_png_"):
        raise ParameterFout(f"toon_figuur toont een figuur of een zin, geen {type(figuur).__name__}")
    beeld, maten = figuur._repr_png_()
    alt = html.escape(figuur.alt_tekst, quote=True)
    bron = base64.b64encode(beeld).decode()
    return Figuurweergave(
        f'<img src="data:image/png;base64,{bron}" alt="{alt}" width="{maten["width"]}" style="max-width: 100%">'
    )


def toon_tabel(
    tabel: pd.DataFrame | pd.Series,
    *,
    decimalen: int = 0,
    delen: Collection[str] = (),
    kort: Collection[str] = (),
) -> Tabelweergave:
    """Show a table in full: Dutch numbers, text to the left, missing values as a dash.

    Parameters
    ----------
    tabel
        Any table, or a Series as a table of one column; text in it, in its index and in its names
        is shown as text, never as html.
    decimalen
        Decimals of numbers.
    delen
        Columns with shares (0-1), shown as percentages.
    kort
        Columns with years or codes that are numbers: no thousands separator.

    Raises
    ------
    ParameterFout
        When it is no table.

    Examples
    --------
    >>> import pandas as pd
    >>> html = toon_tabel(pd.DataFrame({"x": [1234.5], "y": ["<b>"]}), decimalen=1).html
    >>> "1.234,5" in html, "&lt;b&gt;" in html
    (True, True)
    """
    if isinstance(tabel, pd.Series):
        tabel = tabel.to_frame("" if tabel.name is None else tabel.name)
    if not isinstance(tabel, pd.DataFrame):
        raise ParameterFout(f"toon_tabel toont een DataFrame of Series, geen {type(tabel).__name__}")
    als_deel, als_kort = (({k} if isinstance(k, str) else set(k)) for k in (delen, kort))

    def schrijf(waarde: Any, kolom: object) -> str:
        namen = {kolom, str(kolom)}
        return schrijf_cel(waarde, decimalen, deel=bool(namen & als_deel), kort=bool(namen & als_kort))

    # by position: two columns may have one name
    plat = pd.DataFrame(
        {
            n: [schrijf(w, kolom) for w in tabel.iloc[:, n].tolist()]
            for n, kolom in enumerate(tabel.columns.tolist())
        },
        index=_als_tekst(tabel.index),
        dtype="object",
    )
    plat.columns = _als_tekst(tabel.columns)
    with pd.option_context("display.max_colwidth", None, "display.max_rows", None):
        tekst = plat.to_html(escape=False, border=0, classes="hd", index_names=True)
    return Tabelweergave(CSS + tekst)


def schrijf_cel(waarde: Any, decimalen: int = 0, *, deel: bool = False, kort: bool = False) -> str:
    """One cell as html: a number in Dutch notation, anything else as harmless text, a dash when it is missing.

    Parameters
    ----------
    waarde
        Anything that can stand in a table.
    decimalen
        Decimals of a number.
    deel
        A share (0-1), shown as a percentage.
    kort
        A year or code that is a number: no thousands separator.

    Examples
    --------
    >>> schrijf_cel(1234.5, 1), schrijf_cel(2024, kort=True), schrijf_cel("<b>"), schrijf_cel(None)
    ('<span class="n">1.234,5</span>', '<span class="n">2024</span>', '&lt;b&gt;', '–')
    """
    if isinstance(waarde, bool) or not isinstance(waarde, numbers.Real | Decimal):
        return _tekst(waarde)
    getalwaarde = float(waarde)
    if math.isnan(getalwaarde):
        return LEEG
    if math.isinf(getalwaarde):
        tekst = "oneindig" if getalwaarde > 0 else "−oneindig"
    elif deel:
        tekst = procent(getalwaarde, 1)
    else:
        tekst = f"{getalwaarde:.0f}" if kort else getal(getalwaarde, decimalen)
    return f'<span class="n">{tekst}</span>'


def _tekst(waarde: Any) -> str:
    """Anything but a number as harmless text; a dash when it is missing."""
    if pd.api.types.is_scalar(waarde) and pd.isna(waarde):
        return LEEG
    if isinstance(waarde, dt.datetime) and waarde.time() == dt.time() and waarde.tzinfo is None:
        waarde = waarde.date()
    tekst = str(waarde)
    return html.escape(tekst if _GETALTEKST.fullmatch(tekst) else neutralise(tekst))


def _als_tekst(index: pd.Index) -> pd.Index:
    namen = [None if n is None else html.escape(str(n)) for n in index.names]
    if isinstance(index, pd.MultiIndex):
        lagen = [[_tekst(w) for w in index.get_level_values(n).tolist()] for n in range(index.nlevels)]
        return pd.MultiIndex.from_arrays(lagen, names=namen)
    return pd.Index([_tekst(w) for w in index.tolist()], dtype="object", name=namen[0])
