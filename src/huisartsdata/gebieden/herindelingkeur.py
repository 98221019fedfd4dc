"""What `herindeling` refuses: years, tables and shares that would give wrong totals without a word."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import ContractFout, OnbekendGebiedFout, ParameterFout, SplitsingFout

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

# columns of the table of shares; a table with such a name could not be told apart from it
GERESERVEERD = ("gm_oud", "gm_nieuw", "aandeel")
KOLOMMEN = ("jaar", *GERESERVEERD)
Rij = tuple[object, ...]


def als_jaar(jaar: Any, naam: str = "peiljaar") -> int:
    """A year as an int; any integral number will do, text will not.

    Raises
    ------
    ParameterFout
        For text, a date, a missing value or a fraction.

    Examples
    --------
    >>> als_jaar(2012.0)
    2012
    """
    is_getal = not isinstance(jaar, bool) and isinstance(jaar, numbers.Real)
    if is_getal and float(jaar).is_integer():
        return int(jaar)
    raise ParameterFout(
        f"{naam} is {jaar!r:.40}, geen jaartal; geef een getal zonder aanhalingstekens, zoals 2012"
    )


def contractfout(rijen: Iterable[Rij]) -> ContractFout:
    """The error for faults in a table: regel, kolom, waarde, probleem, advies."""
    import pandas as pd

    return ContractFout(
        "de tabel is niet om te zetten",
        pd.DataFrame(list(rijen), columns=["regel", "kolom", "waarde", "probleem", "advies"]),
    )


def keur_vorm(tabel: object, wat: str) -> pd.DataFrame:
    """The table itself, if it is a frame with plain, unique column names.

    Raises
    ------
    ParameterFout
        When it is no DataFrame.
    ContractFout
        For double columns, columns in levels, or an index level that is also a column.
    """
    import pandas as pd

    if not isinstance(tabel, pd.DataFrame):
        tip = "; gebruik .to_frame()" if isinstance(tabel, pd.Series) else ""
        raise ParameterFout(f"{wat} is een {type(tabel).__name__} en geen DataFrame{tip}")
    if tabel.columns.nlevels > 1:
        raise contractfout([(0, "-", wat, "kolomnamen in lagen", "geef elke kolom één naam")])
    namen = [n for n in tabel.index.names if n is not None]
    dubbel = dict.fromkeys(tabel.columns[tabel.columns.duplicated()])
    beide = dict.fromkeys(n for n in namen if n in tabel.columns or namen.count(n) > 1)
    fouten: list[Rij] = [(0, str(k), wat, "kolom komt dubbel voor", "houd er één over") for k in dubbel]
    fouten += [(0, str(k), wat, "staat dubbel: in de index en de kolommen", "hernoem er één") for k in beide]
    if fouten:
        raise contractfout(fouten)
    return tabel


def keur_lijst(kolommen: object, naam: str) -> list[str]:
    """`som` or `gemiddelde` as a list; a single text would be taken apart in letters."""
    if isinstance(kolommen, str) or not isinstance(kolommen, Iterable):
        raise ParameterFout(
            f"{naam}= is een lijst van kolommen, zoals {naam}=['inwoners'], niet {kolommen!r:.40}"
        )
    return list(kolommen)


def keur_tabel(
    tabel: pd.DataFrame, som: Sequence[str], gemiddelde: Sequence[str], gewicht: str | None
) -> None:
    """Refuse a table that `herindeel` cannot bring over without guessing; every fault at once.

    Raises
    ------
    ContractFout
        With one row per fault.
    """
    import numpy as np

    namen = list(tabel.index.names)
    if "gm_code" not in namen:
        raise contractfout(
            [(0, "index", str(namen), "geen gm_code in de index", "gebruik set_index('gm_code')")]
        )
    fouten: list[Rij] = []
    if any(n is None for n in namen):
        fouten.append((0, "index", str(namen), "een laag van de index heeft geen naam", "geef hem een naam"))
    fouten += [
        (0, str(k), "-", "deze naam is van de tabel met aandelen", "hernoem hem")
        for k in [*namen, *tabel.columns]
        if k in GERESERVEERD
    ]
    for n in range(len(namen)):
        leeg = tabel.index.get_level_values(n).isna()
        if leeg.any():
            regel = int(np.argmax(leeg)) + 1
            fouten.append(
                (regel, str(namen[n]), "-", "ontbreekt in de index", "vul hem in of laat de rij weg")
            )
    if tabel.index.has_duplicates:
        dubbel = tabel.index[tabel.index.duplicated()][0]
        fouten.append((0, "index", dubbel, "staat er meer dan één keer", "houd één rij per gemeente"))
    alle = [*som, *gemiddelde]
    if not alle:
        fouten.append(
            (0, "-", "-", "geen kolom om over te zetten", "noem de kolommen in som= of gemiddelde=")
        )
    for k in tabel.columns:
        if k not in alle:
            fouten.append((0, k, "-", "geen regel voor deze kolom", "noem hem in som= of gemiddelde="))
        elif tabel[k].dtype.kind not in "iuf":
            fouten.append((0, k, tabel[k].dtype, "geen getallen", "zet de kolom om naar getallen"))
        elif np.isinf(getallen(tabel[k])).any():
            fouten.append((0, k, "-", "oneindige waarde", "vul een getal in of maak hem leeg"))
    fouten += [(0, k, "-", "kolom ontbreekt", "controleer de naam") for k in alle if k not in tabel]
    dubbel_genoemd = dict.fromkeys(k for k in alle if alle.count(k) > 1)
    fouten += [
        (0, k, "-", "staat meer dan één keer in som en gemiddelde", "kies één") for k in dubbel_genoemd
    ]
    if gemiddelde and gewicht not in som:
        fouten.append((0, str(gewicht), "-", "gewicht ontbreekt in som", "geef gewicht= een kolom uit som"))
    elif gemiddelde and gewicht in tabel and not fouten:
        slecht = tabel.index[~(getallen(tabel[gewicht]) >= 0)]
        fouten += [(0, str(gewicht), c, "gewicht ontbreekt of is negatief", "vul het in") for c in slecht]
    if fouten:
        raise contractfout(fouten)


def getallen(kolom: pd.Series) -> npt.NDArray[np.float64]:
    """A column as floats; a missing value of any kind is NaN."""
    import numpy as np

    uit: npt.NDArray[np.float64] = kolom.to_numpy(dtype="float64", na_value=np.nan)
    return uit


def keur_aandelen(
    verdeling: pd.DataFrame | None, eind_van: pd.Series, bekende: Iterable[str]
) -> pd.DataFrame:
    """Shares as columns `jaar`, `gm_oud`, `gm_nieuw`, `aandeel`; empty when there are none.

    Parameters
    ----------
    verdeling
        As for `overgang`.
    eind_van
        gm_oud -> the year in which it ends, for shares without a year.
    bekende
        Every code that ever was one.

    Raises
    ------
    ContractFout
        Missing columns, missing or wrong values, shares that do not sum to 1.
    OnbekendGebiedFout
        For a gm_oud that never existed.
    SplitsingFout
        For a gemeente that never ended, without a year.
    """
    import pandas as pd

    if verdeling is None:
        return pd.DataFrame({k: pd.Series(dtype="float64" if k == "aandeel" else "object") for k in KOLOMMEN})
    keur_vorm(verdeling, "verdeling")
    d = verdeling.reset_index() if any(n is not None for n in verdeling.index.names) else verdeling.copy()
    if ontbreekt := [k for k in GERESERVEERD if k not in d]:
        raise contractfout(
            (0, k, "-", "kolom ontbreekt in de verdeling", "voeg de kolom toe") for k in ontbreekt
        )
    d = d.reset_index(drop=True)
    fouten: list[Rij] = []
    for k in [k for k in KOLOMMEN if k in d]:
        fouten += [(r + 1, k, "-", "ontbreekt in de verdeling", "vul hem in") for r in d.index[d[k].isna()]]
    fouten += [
        (0, k, d[k].dtype, "geen getallen in de verdeling", "zet de kolom om naar getallen")
        for k in ("jaar", "aandeel")
        if k in d and d[k].dtype.kind not in "iuf"
    ]
    if "jaar" in d and not fouten:
        fouten += [
            (r + 1, "jaar", d.at[r, "jaar"], "geen jaartal", "geef een heel getal, zoals 2021")
            for r in d.index[getallen(d["jaar"]) % 1 != 0]
        ]
    if fouten:
        raise contractfout(fouten)
    oud = sorted(set(d["gm_oud"]) - set(bekende), key=str)
    if oud:
        raise OnbekendGebiedFout(
            "de verdeling noemt codes die nooit een gemeente waren: "
            f"{', '.join(map(str, oud[:20]))}; verbeter gm_oud",
            map(str, oud),
        )
    if "jaar" not in d:
        d["jaar"] = d["gm_oud"].map(eind_van)
        if d["jaar"].isna().any():
            codes = sorted(set(d.loc[d["jaar"].isna(), "gm_oud"]))
            raise SplitsingFout(
                f"{', '.join(codes)} is niet opgeheven; geef in de verdeling een kolom 'jaar' op", codes
            )
    d["aandeel"] = getallen(d["aandeel"])
    som = d.groupby(["jaar", "gm_oud"])["aandeel"].agg(["sum", "min"]).reset_index()
    fout = som[~((som["sum"] - 1).abs() <= 1e-9) | ~(som["min"] >= 0)]
    if len(fout):
        raise contractfout(
            (
                0,
                "aandeel",
                f"{r.gm_oud} ({r.jaar}): {r.sum}",
                "aandelen tellen niet op tot 1",
                "vul alle delen in",
            )
            for r in fout.itertuples()
        )
    return d[list(KOLOMMEN)]
