"""Sentences and tables in a notebook: computed numbers, Dutch notation, nothing cut off."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from huisartsdata.uitvoer.huisstijl import getal, procent

LEEG = "–"
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


def toon_tabel(
    tabel: pd.DataFrame, *, decimalen: int = 0, delen: Collection[str] = (), kort: Collection[str] = ()
) -> Tabelweergave:
    """Show a table in full: Dutch numbers, text to the left, missing values as a dash.

    Parameters
    ----------
    tabel
        Any table; text in it is shown as text, never as html.
    decimalen
        Decimals of numbers.
    delen
        Columns with shares (0-1), shown as percentages.
    kort
        Columns with years or codes that are numbers: no thousands separator.

    Examples
    --------
    >>> import pandas as pd
    >>> html = toon_tabel(pd.DataFrame({"x": [1234.5], "y": ["<b>"]}), decimalen=1).html
    >>> "1.234,5" in html, "&lt;b&gt;" in html
    (True, True)
    """
    import html

    def schrijf(waarde: Any, kolom: str) -> str:
        if pd.isna(waarde):
            return LEEG
        if not isinstance(waarde, (int, float)) or isinstance(waarde, bool):
            return html.escape(str(waarde))
        if kolom in delen:
            tekst = procent(float(waarde), 1)
        elif kolom in kort:
            tekst = f"{waarde:.0f}"
        else:
            tekst = getal(float(waarde), decimalen)
        return f'<span class="n">{tekst}</span>'

    plat = tabel.rename(index=html.escape) if tabel.index.dtype == "str" else tabel.copy()
    for plek, kolom in enumerate(tabel.columns):
        plat.isetitem(plek, [schrijf(w, str(kolom)) for w in tabel.iloc[:, plek].tolist()])
    plat.columns = pd.Index([html.escape(str(k)) for k in tabel.columns], name=tabel.columns.name)
    with pd.option_context("display.max_colwidth", None, "display.max_rows", None):
        tekst = plat.to_html(escape=False, border=0, classes="hd", index_names=True)
    return Tabelweergave(CSS + tekst)
