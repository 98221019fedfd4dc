"""Tables to sort and search in JupyterLab, without any network.

The browser gets a plain html table and, once per notebook, the script of DataTables that comes inside the package
itables (compressed, as text; nothing is fetched). Where scripts do not run (a notebook that is not trusted, a page
made by nbconvert) the plain table stands there, complete. Headless, and where itables is missing, it is the
table of `toon_tabel`.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import math
import numbers
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd

from huisartsdata.fouten import ParameterFout
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.notebook import Tabelweergave, schrijf_cel, toon_tabel
from huisartsdata.uitvoer.schermen.schuiven import is_live

WEB = Path(__file__).parents[1] / "web"
# Own choice: every gemeente, ZIP code area or wijk of a province fits; a table of buurten would make a notebook of
# tens of megabytes.
MAX_RIJEN = 5000
BLADZIJDE = 10

TEKSTEN: dict[str, Any] = {
    "search": "Zoek:",
    "lengthMenu": "Toon _MENU_ rijen",
    "lengthLabels": {"-1": "alle"},
    "info": "Rij _START_ tot en met _END_ van _TOTAL_",
    "infoEmpty": "Geen rijen",
    "infoFiltered": "(gezocht in _MAX_ rijen)",
    "zeroRecords": "Geen rij past bij deze zoekopdracht.",
    "emptyTable": "Deze tabel heeft geen rijen.",
    "processing": "Bezig…",
    "decimal": ",",
    "thousands": ".",
    "paginate": {"first": "«", "previous": "‹", "next": "›", "last": "»"},
    "aria": {
        "orderable": ": klik om te sorteren",
        "orderableReverse": ": klik om andersom te sorteren",
        "orderableRemove": ": klik om niet meer te sorteren",
        "paginate": {
            "first": "eerste bladzijde",
            "previous": "vorige bladzijde",
            "next": "volgende bladzijde",
            "last": "laatste bladzijde",
            "number": "bladzijde ",
        },
    },
}


def bladertabel(
    tabel: pd.DataFrame | pd.Series,
    *,
    decimalen: int = 0,
    delen: Collection[str] = (),
    kort: Collection[str] = (),
    rijen: int = BLADZIJDE,
    titel: str | None = None,
) -> Tabelweergave:
    """Show a table that sorts by a click on its header, searches as you type and filters per column.

    Parameters
    ----------
    tabel
        Any table, or a Series as a table of one column; text in it, in its index and in its names
        is shown as text, never as html. A nameless index of row numbers is left out; geometry too.
    decimalen
        Decimals of numbers. Sorting looks at the number itself, not at what is shown of it.
    delen
        Columns with shares (0-1), shown as percentages.
    kort
        Columns with years or codes that are numbers: no thousands separator.
    rijen
        Rows on a page; a table that fits on one has no page buttons.
    titel
        Caption above the table.

    Returns
    -------
    Tabelweergave
        What a notebook shows. Without a live front end, or without the package itables, the plain table of
        `toon_tabel`.

    Raises
    ------
    ParameterFout
        When it is no table, has more than 5,000 rows, or `rijen` is no count.

    Examples
    --------
    >>> import pandas as pd
    >>> inwoners = pd.DataFrame({"inwoners": [68_599, 121_434]}, index=pd.Index(["Assen", "Dordrecht"], name="naam"))
    >>> "121.434" in bladertabel(inwoners).html
    True
    """
    if isinstance(tabel, pd.Series):
        tabel = tabel.to_frame("" if tabel.name is None else tabel.name)
    if not isinstance(tabel, pd.DataFrame):
        raise ParameterFout(f"bladertabel toont een DataFrame of Series, geen {type(tabel).__name__}")
    if isinstance(rijen, bool) or not isinstance(rijen, int) or rijen < 1:
        raise ParameterFout(f"rijen={rijen!r:.40} kan niet; geef een heel getal vanaf 1")
    if len(tabel) > MAX_RIJEN:
        raise ParameterFout(
            f"de tabel heeft {getal(len(tabel))} rijen en een bladertabel kan er {getal(MAX_RIJEN)} aan; "
            "kies eerst rijen, bijvoorbeeld met tabel.query(...) of tabel.head(5000)"
        )
    plat = pd.DataFrame(tabel.loc[:, [str(d) != "geometry" for d in tabel.dtypes]])
    # a table without columns is its index; nothing to sort by
    if not is_live() or not _bundel() or not len(plat.columns):
        return toon_tabel(plat, decimalen=decimalen, delen=delen, kort=kort)
    als_deel, als_kort = (({k} if isinstance(k, str) else {*map(str, k)}) for k in (delen, kort))
    kolommen = [
        *_indexkolommen(plat.index),
        *((_kop(k), plat.iloc[:, n]) for n, k in enumerate(plat.columns)),
    ]
    koppen, cellen = [], []
    for naam, reeks in kolommen:
        waarden = reeks.tolist()
        is_getal = any(_telt(w) for w in waarden) and all(_telt(w) or _leeg(w) for w in waarden)
        koppen.append(_th(naam, is_getal=is_getal, is_deel=naam in als_deel))
        cellen.append(
            [_td(w, decimalen, is_deel=naam in als_deel, is_kort=naam in als_kort) for w in waarden]
        )
    rijtekst = "".join(f"<tr>{''.join(rij)}</tr>" for rij in zip(*cellen, strict=True))
    bijschrift = "" if titel is None else f"<caption>{html.escape(titel)}</caption>"
    inhoud = f"{bijschrift}<thead><tr>{''.join(koppen)}</tr></thead><tbody>{rijtekst}</tbody>"
    return Tabelweergave(_pagina(inhoud, rijen))


def _telt(waarde: Any) -> bool:
    """Whether a cell is a number to sort by."""
    if isinstance(waarde, bool) or not isinstance(waarde, numbers.Real | Decimal):
        return False
    return not math.isnan(waarde)


def _leeg(waarde: Any) -> bool:
    return bool(pd.api.types.is_scalar(waarde) and pd.isna(waarde))


def _kop(naam: object) -> str:
    return ", ".join(str(n) for n in naam) if isinstance(naam, tuple) else str(naam)


def _indexkolommen(index: pd.Index) -> list[tuple[str, pd.Series]]:
    """The levels of an index as columns; plain row numbers are no information."""
    if isinstance(index, pd.RangeIndex) and index.name is None:
        return []
    return [
        ("" if naam is None else str(naam), pd.Series(index.get_level_values(n).tolist(), dtype="object"))
        for n, naam in enumerate(index.names)
    ]


def _th(naam: str, *, is_getal: bool, is_deel: bool) -> str:
    soort = "deel" if is_getal and is_deel else "getal" if is_getal else "tekst"
    return f'<th scope="col" data-soort="{soort}">{html.escape(naam)}</th>'


def _td(waarde: Any, decimalen: int, *, is_deel: bool, is_kort: bool) -> str:
    """One cell: what is shown, and for a number the value to sort by."""
    cel = schrijf_cel(waarde, decimalen, deel=is_deel, kort=is_kort)
    if _leeg(waarde):
        return f'<td data-order="">{cel}</td>'
    if not _telt(waarde):
        return f"<td>{cel}</td>"
    orde = str(float(waarde)).replace("inf", "Infinity")
    return f'<td data-order="{orde}">{cel}</td>'


@lru_cache(maxsize=1)
def _bundel() -> str:
    """The script and style of DataTables out of itables, compressed, as text; empty when it is not there."""
    plek = find_spec("itables")
    if plek is None or not plek.submodule_search_locations:
        return ""
    js = Path(next(iter(plek.submodule_search_locations))) / "html" / "dt_bundle.js"
    css = js.with_suffix(".css")
    if not (js.is_file() and css.is_file()):
        return ""
    inhoud = json.dumps([js.read_text(encoding="utf-8"), css.read_text(encoding="utf-8")]).encode()
    return base64.b64encode(gzip.compress(inhoud, mtime=0)).decode()


class _Drager:
    """Remembers which cell of the notebook carries the script: one is enough, and it must keep it when run again."""

    cel: str | None = None

    def draagt(self) -> bool:
        """Whether the output now made has to carry the script."""
        cel = _celnummer()
        if cel is None:  # a front end that does not tell: each table carries its own
            return True
        if self.cel is None:
            self.cel = cel
        return self.cel == cel


_DRAGER = _Drager()


def _celnummer() -> str | None:
    from IPython import get_ipython

    try:
        cel = get_ipython().kernel.get_parent("shell")["metadata"]["cellId"]
    except (AttributeError, KeyError, TypeError):
        return None
    return str(cel)


def _pagina(inhoud: str, rijen: int) -> str:
    """The table with its style and scripts; the same for the same table."""
    merk = hashlib.sha256(inhoud.encode()).hexdigest()[:16]
    script = (WEB / "bladertabel.js").read_text(encoding="utf-8")
    stijl = (WEB / "bladertabel.css").read_text(encoding="utf-8")
    keuzes = {"merk": merk, "rijen": rijen, "teksten": TEKSTEN}
    delen = [
        f"<style>{stijl}</style>",
        # until the script runs (or where it may not) a long table scrolls in its place
        # (keys in it are for the table: in JupyterLab "d" twice deletes a cell, and Enter would start typing in one)
        '<div class="hd-blader" data-lm-suppress-shortcuts="true" style="max-height: 32em; overflow: auto">',
        f'<table class="hd" data-blader="{merk}">{inhoud}</table></div>',
        f'<script type="module">{script}\nmaakBladertabel({json.dumps(keuzes, ensure_ascii=False)});</script>',
    ]
    if _DRAGER.draagt():
        delen.append(f'<script type="module">{script}\nlaadBladertabel("{_bundel()}");</script>')
    return "\n".join(delen)
