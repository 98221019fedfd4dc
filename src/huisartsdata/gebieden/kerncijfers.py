"""Key figures per area: people, age, practices, and road distance to the nearest practice over the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from huisartsdata.bronnen.catalogus import PEILJAAR
from huisartsdata.gebieden.herindeling import herindeel, load_verdeling
from huisartsdata.gebieden.register import (
    gebiedskolommen,
    load_afstand,
    load_gebieden,
    load_gemeenten,
    load_pc4,
)

if TYPE_CHECKING:
    import pandas as pd


def load_kerncijfers(per: str = "gemeente", *, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """People, age, practices and nearest distance per area, for any region type.

    Parameters
    ----------
    per
        ``gemeente``, ``land`` or a region type of `load_gebieden`.

    Returns
    -------
    DataFrame
        Index `code`; `naam`, `inwoners`, `aandeel_65_plus` (0-1), `praktijken`, `adressen` (places
        with at least one practice), `inwoners_per_praktijk`, `inwoners_per_adres` (NaN where there
        is none) and `afstand_huisarts_km` (mean over inhabitants). A practice is an organisation of
        any size: people per practice says nothing of people per GP.

    Raises
    ------
    OnbekendGebiedFout
        For an unknown region type.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> land = hd.load_kerncijfers("land").loc["NL01"]
    >>> int(land["praktijken"]), round(float(land["inwoners_per_praktijk"]))
    (4866, 3687)
    """
    import pandas as pd

    gm = load_gemeenten(peiljaar=peiljaar)
    code, _ = gebiedskolommen(per, gm)
    pc4 = load_pc4(peiljaar=peiljaar)
    telling = pc4.groupby("gm_code")[["praktijken", "adressen"]].sum().reindex(gm.index, fill_value=0.0)
    som = pd.DataFrame(
        {
            "inwoners": gm["inwoners"],
            "oud": gm["inwoners_65_plus"],
            "praktijken": telling["praktijken"],
            "adressen": telling["adressen"],
            "personenkilometers": gm["afstand_huisarts_km"] * gm["inwoners"],
        }
    )
    t = som.groupby(code).sum().rename_axis("code")
    return pd.DataFrame(
        {
            "naam": load_gebieden(per, peiljaar=peiljaar)["naam"],
            "inwoners": t["inwoners"],
            "aandeel_65_plus": t["oud"] / t["inwoners"],
            "praktijken": t["praktijken"],
            "adressen": t["adressen"],
            "inwoners_per_praktijk": t["inwoners"] / t["praktijken"].where(t["praktijken"] > 0),
            "inwoners_per_adres": t["inwoners"] / t["adressen"].where(t["adressen"] > 0),
            "afstand_huisarts_km": t["personenkilometers"] / t["inwoners"],
        }
    )


def load_afstandreeks(per: str = "gemeente", *, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """Road distance to the nearest practice per year, every year on the areas of `peiljaar`.

    Each year's gemeenten are brought onto the map of `peiljaar`, the distance weighted by people.
    Between 2019 and 2022 the series jumps nationally; whether that is a change in care or in the
    list of practices behind it is not known.

    Parameters
    ----------
    per
        ``gemeente``, ``land`` or a region type of `load_gebieden`.

    Returns
    -------
    DataFrame
        Index `code`, one column per year (int), kilometres.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> [round(float(x), 2) for x in hd.load_afstandreeks("land").loc["NL01"]]
    [0.95, 0.98, 0.98, 1.07, 1.08, 1.08]
    """
    return load_afstandreeksen((per,), peiljaar=peiljaar)[per]


def load_afstandreeksen(soorten: Sequence[str], *, peiljaar: int = PEILJAAR) -> dict[str, pd.DataFrame]:
    """`load_afstandreeks` of several types of area, each year brought onto the map of `peiljaar` once.

    Parameters
    ----------
    soorten
        ``gemeente``, ``land`` or region types of `load_gebieden`.

    Returns
    -------
    dict
        Type -> the table of `load_afstandreeks`.
    """
    import pandas as pd

    reeks = load_afstand(peiljaar=peiljaar)
    delen = load_verdeling()
    codes = {per: gebiedskolommen(per, load_gemeenten(peiljaar=peiljaar))[0] for per in soorten}
    uit: dict[str, dict[int, pd.Series]] = {per: {} for per in soorten}
    for jaar in sorted(set(reeks.index.get_level_values("jaar"))):
        tabel = herindeel(
            reeks.loc[jaar, ["inwoners", "afstand_huisarts_km"]],
            van=int(jaar),
            naar=peiljaar,
            som=["inwoners"],
            gemiddelde=["afstand_huisarts_km"],
            gewicht="inwoners",
            verdeling=delen,
        )
        tabel["personenkilometers"] = tabel["afstand_huisarts_km"] * tabel["inwoners"]
        for per, code in codes.items():
            som = tabel.groupby(code)[["personenkilometers", "inwoners"]].sum()
            uit[per][int(jaar)] = som["personenkilometers"] / som["inwoners"]
    return {per: pd.DataFrame(jaren).rename_axis("code") for per, jaren in uit.items()}
