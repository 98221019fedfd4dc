"""Five-year ages per buurt: the ages of a postcode of some years ago, brought to today's totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huisartsdata.schema import LEEFTIJDSGROEPEN

if TYPE_CHECKING:
    import pandas as pd

GROEPEN = list(LEEFTIJDSGROEPEN)
JONG, OUD = GROEPEN[:3], GROEPEN[13:]  # 0-14 and 65+, the two shares CBS publishes per buurt
BANDEN = {"jong": JONG, "midden": GROEPEN[3:13], "oud": OUD}
# Share that lives on over three years, per five-year group from 50-54: rounded, general knowledge of
# Dutch life tables, status aanname. Only the shares within 15-64 and within 65+ depend on it.
DRIEJAARSOVERLEVING = (0.99, 0.985, 0.98, 0.965, 0.945, 0.905, 0.83, 0.70, 0.52, 0.35)
EERSTE_OUDER = 10  # 50-54: younger people move with study and work, so the ages of a place stay
MAX_JAREN = 5  # beyond one group of five years the shift is no longer a part of a group
RONDES = 200


def ouder(per_pc4: pd.DataFrame, jaren: int) -> pd.DataFrame:
    """Ages some years on: from 50 a share jaren/5 of a five-year group has passed into the next.

    Parameters
    ----------
    per_pc4
        People, a column per age group.
    jaren
        Years to add, 0 to 5; more counts as 5.
    """
    jaren = min(max(jaren, 0), MAX_JAREN)
    leeft = dict.fromkeys(GROEPEN, 1.0) | {
        g: s ** (jaren / 3) for g, s in zip(GROEPEN[EERSTE_OUDER:], DRIEJAARSOVERLEVING, strict=True)
    }
    gaat = jaren / 5
    uit = per_pc4.copy()
    for n in range(EERSTE_OUDER, len(GROEPEN)):
        groep, vorige = GROEPEN[n], GROEPEN[n - 1]
        blijft = 1.0 if groep == "95+" else 1 - gaat
        uit[groep] = blijft * leeft[groep] * per_pc4[groep] + gaat * leeft[vorige] * per_pc4[vorige]
    return uit


def vorm_uit_pc4(buurten: pd.DataFrame, per_pc4: pd.DataFrame) -> pd.DataFrame:
    """Ages of the PC4 of each buurt; missing where CBS hides them."""
    return per_pc4.reindex(buurten["pc4"]).set_axis(buurten.index)


def verdeel_leeftijden(
    buurten: pd.DataFrame, wijken: pd.DataFrame, gemeenten: pd.DataFrame, vorm: pd.DataFrame
) -> pd.DataFrame:
    """People per buurt and five-year group.

    Within 0-14, 15-64 and 65+ the shares are those of `vorm` (where it is empty: of the gemeente,
    then of the country). The bands are CBS's per buurt; where it hides one the wijk's share is
    taken, then the gemeente's. Last the bands are scaled per gemeente to CBS's unrounded ones while
    every buurt keeps its published total (iterative proportional fitting).

    Parameters
    ----------
    buurten, wijken, gemeenten
        With `inwoners`, `inwoners_0_15`, `inwoners_65_plus`; buurten also `wk_code` and `gm_code`.
    vorm
        Index bu_code, a column per age group; any scale.

    Returns
    -------
    DataFrame
        Index (bu_code, leeftijdsgroep); `inwoners`, rounded to 0.001, and `status` afgeleid.
    """
    import numpy as np
    import pandas as pd

    b = buurten[buurten["inwoners"] > 0]
    vorm = vorm.reindex(b.index)
    per_gm, land = vorm.groupby(b["gm_code"]).sum(), vorm.sum()
    binnen = pd.DataFrame(index=b.index, columns=GROEPEN, dtype="float64")
    for groepen in BANDEN.values():
        deel = vorm[groepen].div(vorm[groepen].sum(axis=1).replace(0, np.nan), axis=0)
        reserve = per_gm[groepen].div(per_gm[groepen].sum(axis=1).replace(0, np.nan), axis=0)
        reserve = reserve.reindex(b["gm_code"]).set_axis(b.index)
        binnen[groepen] = deel.fillna(reserve).fillna(land[groepen] / land[groepen].sum())

    def aandeel(kolom: str) -> pd.Series:
        eigen = b[kolom] / b["inwoners"]
        wijk = (wijken[kolom] / wijken["inwoners"]).reindex(b["wk_code"]).set_axis(b.index)
        gem = (gemeenten[kolom] / gemeenten["inwoners"]).reindex(b["gm_code"]).set_axis(b.index)
        return eigen.fillna(wijk).fillna(gem).clip(0, 1)

    jong, oud = aandeel("inwoners_0_15"), aandeel("inwoners_65_plus")
    teveel = (jong + oud).clip(lower=1)
    jong, oud = jong / teveel, oud / teveel
    band = pd.DataFrame({"jong": jong, "midden": 1 - jong - oud, "oud": oud})
    waarde = band.clip(lower=1e-6).mul(b["inwoners"], axis=0).to_numpy()
    nr, codes = pd.factorize(b["gm_code"], sort=True)
    gm = gemeenten.reindex(codes)
    doel = np.column_stack(
        [
            gm["inwoners_0_15"],
            gm["inwoners"] - gm["inwoners_0_15"] - gm["inwoners_65_plus"],
            gm["inwoners_65_plus"],
        ]
    )
    totaal = b["inwoners"].to_numpy()
    doel = doel / gm["inwoners"].to_numpy()[:, None] * np.bincount(nr, totaal)[:, None]
    for _ in range(RONDES):
        som = np.column_stack([np.bincount(nr, waarde[:, k], len(codes)) for k in range(3)])
        waarde = waarde * (doel / som)[nr]
        waarde = waarde * (totaal / waarde.sum(axis=1))[:, None]
    for k, groepen in enumerate(BANDEN.values()):
        binnen[groepen] = binnen[groepen].mul(waarde[:, k], axis=0)
    lang = pd.Series(binnen.rename_axis("bu_code").rename_axis("leeftijdsgroep", axis=1).stack())
    return lang.round(3).to_frame("inwoners").assign(status="afgeleid")
