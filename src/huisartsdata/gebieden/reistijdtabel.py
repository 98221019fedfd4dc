"""The checks on a table of travel times from an outside engine: every fault, with its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

KOLOMMEN = ("van", "naar", "minuten")
FOUTKOLOMMEN = ["regel", "kolom", "waarde", "probleem", "advies"]
KOPREGEL = 1  # faults count lines as a file does: the header is line 1


def reistijd_fouten(tabel: pd.DataFrame, *, van: pd.Index | None, naar: pd.Index | None) -> pd.DataFrame:
    """Every fault in a table of travel times, ordered by line; an empty frame when it is sound.

    Parameters
    ----------
    tabel
        Columns van, naar (text) and minuten (minutes, 0 or more).
    van, naar
        Full lists of ids to check against, or None.

    Returns
    -------
    DataFrame
        Columns regel (header = 1, so the first row is 2), kolom, waarde, probleem, advies.

    Examples
    --------
    >>> tabel = pd.DataFrame({"van": ["a"], "naar": ["p"], "minuten": [-1.0]})
    >>> reistijd_fouten(tabel, van=None, naar=None)[["regel", "probleem"]].values.tolist()
    [[2, 'tijd is negatief']]
    """
    ontbrekend = [kolom for kolom in KOLOMMEN if kolom not in tabel.columns]
    if ontbrekend:
        advies = f"geef de kolommen van, naar en minuten; gevonden: {', '.join(map(str, tabel.columns))}"
        return pd.DataFrame(
            [(KOPREGEL, kolom, "", "kolom ontbreekt", advies) for kolom in ontbrekend], columns=FOUTKOLOMMEN
        )
    delen = [
        _id_fouten(tabel["van"], van),
        _id_fouten(tabel["naar"], naar),
        _minuten_fouten(tabel["minuten"]),
        _dubbele_paren(tabel),
        _wees_fouten(tabel["naar"], naar),
    ]
    return pd.concat(delen, ignore_index=True).sort_values("regel", kind="stable", ignore_index=True)


def _fouten(
    plaatsen: NDArray[np.intp], kolom: str, waarden: Iterable[object], probleem: object, advies: str
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "regel": plaatsen + KOPREGEL + 1,
            "kolom": kolom,
            "waarde": pd.Series(list(waarden), dtype="object"),
            "probleem": probleem,
            "advies": advies,
        },
        columns=FOUTKOLOMMEN,
    )


def _id_fouten(kolom: pd.Series, lijst: pd.Index | None) -> pd.DataFrame:
    naam = str(kolom.name)
    if pd.api.types.is_numeric_dtype(kolom):
        soort = str(kolom.dtype)
        advies = "lees de kolom in als tekst, anders vallen voorloopnullen weg"
        return _fouten(np.array([-1]), naam, [soort], "codes zijn getallen in plaats van tekst", advies)
    leeg = kolom.isna().to_numpy(dtype=bool) | kolom.isin([""]).to_numpy(dtype=bool)
    gaaf = kolom.dtype == "str"
    tekst = ~leeg if gaaf else np.array([isinstance(waarde, str) for waarde in kolom], dtype=bool)
    geen_tekst = ~tekst & ~leeg
    delen = [
        _fouten(*_waar(leeg, kolom, naam), "code ontbreekt", "vul de code in of haal de regel weg"),
        _fouten(*_waar(geen_tekst, kolom, naam), "code is geen tekst", "lees de kolom in als tekst"),
    ]
    if lijst is not None:
        onbekend = tekst & ~leeg & ~kolom.isin(lijst).to_numpy()
        delen.append(
            _fouten(
                *_waar(onbekend, kolom, naam), f"code staat niet in {naam}=", "controleer code en peiljaar"
            )
        )
    return pd.concat(delen, ignore_index=True)


def _waar(
    masker: NDArray[np.bool_], kolom: pd.Series, naam: str
) -> tuple[NDArray[np.intp], str, list[object]]:
    plaatsen = np.flatnonzero(masker)
    return plaatsen, naam, list(kolom.iloc[plaatsen])


def _minuten_fouten(kolom: pd.Series) -> pd.DataFrame:
    if pd.api.types.is_bool_dtype(kolom) or not pd.api.types.is_numeric_dtype(kolom):
        getal = np.array(
            [isinstance(w, (int, float, np.number)) and not isinstance(w, bool) for w in kolom], dtype=bool
        )
    else:
        getal = np.full(len(kolom), True)
    leeg = kolom.isna().to_numpy(dtype=bool)
    waarden = np.full(len(kolom), 1.0)  # stands for "no fault" where there is no number to look at
    kan = getal & ~leeg
    waarden[kan] = kolom[kan].to_numpy(dtype=np.float64)
    weglaten = "laat een paar dat niet te bereiken is weg uit de tabel"
    return pd.concat(
        [
            _fouten(*_waar(leeg, kolom, "minuten"), "tijd ontbreekt", weglaten),
            _fouten(
                *_waar(~getal & ~leeg, kolom, "minuten"),
                "tijd is geen getal",
                "lees de kolom in als getal (let op de decimale komma)",
            ),
            _fouten(*_waar(waarden < 0, kolom, "minuten"), "tijd is negatief", weglaten),
            _fouten(
                *_waar(np.isinf(waarden) & (waarden > 0), kolom, "minuten"), "tijd is oneindig", weglaten
            ),
        ],
        ignore_index=True,
    )


def _dubbele_paren(tabel: pd.DataFrame) -> pd.DataFrame:
    paren = tabel[["van", "naar"]].dropna()
    dubbel = paren.duplicated(keep=False).to_numpy()
    plaatsen = np.flatnonzero(tabel[["van", "naar"]].notna().all(axis=1).to_numpy())[dubbel]
    waarden = [f"{v} - {n}" for v, n in paren[dubbel].itertuples(index=False)]
    return _fouten(
        plaatsen, "van, naar", waarden, "paar staat er meer dan eens in", "houd per paar een regel over"
    )


def _wees_fouten(kolom: pd.Series, lijst: pd.Index | None) -> pd.DataFrame:
    wezen = [] if lijst is None else list(lijst[~lijst.isin(kolom)])
    return _fouten(
        np.full(len(wezen), -1),
        "naar",
        wezen,
        "praktijk zonder reistijd",
        "voeg reistijden toe of haal de praktijk uit naar=",
    )


def opsomming(codes: Iterable[object], maximum: int = 20) -> str:
    """Codes for a message: the first ones, and how many there are more.

    >>> opsomming(["a", "b", "c"], 2)
    'a, b en nog 1'
    """
    lijst = [str(code) for code in codes]
    rest = len(lijst) - maximum
    return ", ".join(lijst[:maximum]) + (f" en nog {rest}" if rest > 0 else "")
