"""Tables that go out: csv for any program, and a json beside it that says where the numbers come from.

The csv follows RFC 4180 as data people use it: UTF-8, comma, decimal point, one plain header line, missing
is empty. (Dutch Excel reads it through "Gegevens > Uit tekst/CSV".) All that is *about* the numbers stands in
the sidecar, so that no reader has to skip lines.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from huisartsdata.fouten import HuisartsdataFout

# A cell that a spreadsheet would run (OWASP, "CSV Injection"): a formula sign, ordinary, small or full-width, first
# in the cell, or first after anything that a program may cut or quote at; Dutch Excel cuts at ; even inside quotes.
# Invisible characters before the sign do not make it safe.
_ONZICHTBAAR = r"\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_GELIJK, _PLUS = r"=@＝＠﹦﹫", r"+\-＋－﹢﹣"
_FORMULE = re.compile(
    rf'((?:^|[;|"\t-\r\x1c-\x1e\x85\u2028\u2029])[{_ONZICHTBAAR}]*(?=[{_GELIJK}{_PLUS}])'
    # after a comma a hyphen may also be the rest of a word ("Dronterweg, -pad"), which runs nothing
    rf"|,[{_ONZICHTBAAR}]*(?=[{_GELIJK}]|[{_PLUS}](?![^\W\d_]+(?:$|[\s,;.)]))))"
)
_NAAM = re.compile(r"[a-z0-9][a-z0-9_-]*")


def keur_naam(naam: str) -> None:
    """Refuse a name that could be a path or give trouble on another system.

    Raises
    ------
    HuisartsdataFout
        For anything but lower case letters, digits, ``-`` and ``_``.
    """
    if not _NAAM.fullmatch(naam):
        raise HuisartsdataFout(
            f"'{naam}' kan geen bestandsnaam zijn. "
            "Gebruik kleine letters, cijfers, - en _, zonder map of uitgang."
        )


def neutralise(waarde: Any) -> Any:
    r"""Make a text cell harmless in a spreadsheet; numbers and everything else come back as they are.

    It is for csv and for tables of a page, which people open in or paste into a spreadsheet.

    Examples
    --------
    >>> neutralise("=1+1"), neutralise(-5.0), neutralise("'s-Hertogenbosch"), neutralise("Berg en Dal")
    ("'=1+1", -5.0, "'s-Hertogenbosch", 'Berg en Dal')
    >>> neutralise('a;"=1+1;b'), neutralise("Dronterweg, -pad")
    ('a;"\'=1+1;b', 'Dronterweg, -pad')
    """
    return _FORMULE.sub(r"\1'", waarde) if isinstance(waarde, str) else waarde


def to_csv(tabel: pd.DataFrame) -> bytes:
    """Turn a table into csv bytes; the index comes first, geometry stays out.

    Parameters
    ----------
    tabel
        A table whose index levels have names; plain row numbers (a nameless RangeIndex) are left out.

    Raises
    ------
    HuisartsdataFout
        If the index has no name, or a name occurs twice in the header.
    """
    volgnummers = isinstance(tabel.index, pd.RangeIndex) and tabel.index.name is None
    if not volgnummers and any(naam is None for naam in tabel.index.names):
        raise HuisartsdataFout("De index van de tabel heeft geen naam. Gebruik tabel.rename_axis('gm_code').")
    plat = pd.DataFrame(tabel.drop(columns=[k for k in tabel.columns if str(tabel[k].dtype) == "geometry"]))
    if not volgnummers:
        dubbel = sorted({str(n) for n in plat.index.names} & {str(n) for n in plat.columns})
        if dubbel:
            raise HuisartsdataFout(f"Kolomnaam staat ook in de index: {', '.join(dubbel)}. Hernoem er een.")
        plat = plat.reset_index()
    kop = [str(naam) for naam in plat.columns]
    dubbel = sorted({naam for naam in kop if kop.count(naam) > 1})
    if dubbel:
        raise HuisartsdataFout(f"Kolomnaam komt dubbel voor: {', '.join(dubbel)}. Hernoem er een.")
    plat.columns = pd.Index([neutralise(naam) for naam in kop])
    for kolom in plat.columns:
        if not pd.api.types.is_numeric_dtype(plat[kolom]):
            plat[kolom] = plat[kolom].astype(object).map(neutralise)
    return plat.to_csv(index=False, lineterminator="\n").encode("utf-8")


def to_json(inhoud: Mapping[str, Any]) -> bytes:
    """Turn provenance into json bytes: keys sorted, readable, the same every time."""
    tekst = json.dumps(inhoud, ensure_ascii=False, indent=2, sort_keys=True, default=str)
    return f"{tekst}\n".encode()


def write_tabel(tabel: pd.DataFrame, pad: Path | str, *, herkomst: Mapping[str, Any]) -> tuple[Path, Path]:
    """Write a table as csv with its provenance as json beside it.

    Parameters
    ----------
    tabel
        The table, index named.
    pad
        Path without extension (or with ``.csv``); ``.csv`` and ``.json`` are put behind it.
    herkomst
        Source, licence, peiljaren, norm, functie, status, version; the way to read the csv and its sha256 are
        added.

    Returns
    -------
    tuple of Path
        The csv and the json.
    """
    basis = Path(pad)
    if basis.suffix == ".csv":
        basis = basis.with_suffix("")
    basis.parent.mkdir(parents=True, exist_ok=True)
    csv, sidecar = (basis.with_name(basis.name + uitgang) for uitgang in (".csv", ".json"))
    inhoud = to_csv(tabel)
    lezen = {
        "bestand": csv.name,
        "tekenset": "UTF-8",
        "scheidingsteken": ",",
        "decimaalteken": ".",
        "ontbrekend": "lege cel",
        "rijen": len(tabel),
        "sha256": hashlib.sha256(inhoud).hexdigest(),
    }
    csv.write_bytes(inhoud)
    sidecar.write_bytes(to_json({**herkomst, "csv": lezen}))
    return csv, sidecar
