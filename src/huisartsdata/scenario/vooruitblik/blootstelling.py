"""Regional exposure: what share of GPs is at risk of leaving, where only the national curve is known.

Ages of GPs by region are published for five provinces (2016-2018); elsewhere nothing is known. So this is
no forecast: share at risk = national share that leaves x (province's share of older GPs / the national
one) ^ elasticity, with the elasticity an assumption between 0 (the ages of 2018 say nothing any more) and
1.5. Where no ages are published the middle is what is left: the one share with which all fte at risk add up
to the country's. There the range is that of the five provinces, over all elasticities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import ContractFout, OnbekendePraktijkFout, OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import LANDCODE, load_gebieden
from huisartsdata.model.onzekerheid import gebiedscodes
from huisartsdata.scenario.vooruitblik.ramingopzet import feitentabel

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie

# the most widely published measure first: a province gets the first that it and the country both have
MATEN = {"aandeel_huisartsen_50plus": "50-plus", "aandeel_huisartsen_55plus": "55-plus"}
MODELSCHATTING, AFGELEID = "modelschatting", "afgeleid"


def leeftijdsverhouding(feiten: pd.DataFrame | None = None) -> pd.DataFrame:
    """Share of older GPs in a province over the national share, where both are published.

    Returns
    -------
    DataFrame
        Index `provincie_code`; `verhouding`, `aandeel` and `aandeel_land` (percent), `maat`, `periode`,
        `feiten` (ids) and `bron`.

    Examples
    --------
    >>> drenthe = leeftijdsverhouding().loc["PV22"]
    >>> [float(drenthe[k]) for k in ("aandeel", "aandeel_land")], round(float(drenthe["verhouding"]), 3)
    ([46.5, 39.6], 1.174)
    """
    tabel = feitentabel(feiten)
    regio = tabel[(tabel["thema"] == "regio") & tabel["indicator"].isin(list(MATEN))]
    rijen: dict[str, dict[str, object]] = {}
    for indicator, maat in MATEN.items():
        laatste = regio[regio["indicator"] == indicator].sort_values("periode", kind="stable")
        land = laatste[laatste["gebied"] == LANDCODE].tail(1)
        for code, groep in laatste[laatste["gebiedsoort"] == "provincie"].groupby("gebied"):
            rij = groep.tail(1)
            if str(code) in rijen or land.empty or rij["periode"].iloc[0] != land["periode"].iloc[0]:
                continue
            hier, daar = float(rij["waarde"].iloc[0]), float(land["waarde"].iloc[0])
            rijen[str(code)] = {
                "verhouding": hier / daar,
                "aandeel": hier,
                "aandeel_land": daar,
                "maat": maat,
                "periode": str(rij["periode"].iloc[0]),
                "feiten": (str(rij.index[0]), str(land.index[0])),
                "bron": str(rij["bron"].iloc[0]),
            }
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("provincie_code").sort_index()


def bereken_blootstelling(
    situatie: Situatie,
    later: pd.Series,
    vertrekkans: float,
    *,
    per: str = "regioplus",
    verhouding: pd.DataFrame | None = None,
    vergrijsd: pd.Series | None = None,
) -> pd.DataFrame:
    """Exposure per area: fte at risk of leaving, growth of need, and both in one index.

    Parameters
    ----------
    situatie
        The picture now.
    later
        Need by `bu_code` at the horizon.
    vertrekkans
        National share of today's GPs that has left by then.
    per
        Type of area; practices are located by postcode, so no finer than ``gemeente``.
    verhouding
        From `leeftijdsverhouding`.
    vergrijsd
        Need by `bu_code` at the horizon by the ageing of who lives there alone, before the one factor
        that sets the national growth.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, `fte`, `aandeel_vertrek` and `fte_risico` each with `_laag` and `_hoog`,
        `leeftijden` (what the ages rest on), `vraag` (need now, in standardised patients: weight growth by it),
        `groei_vergrijzing` (raw: of ageing alone; NaN without `vergrijsd`), `groei_vraag` (times the
        national factor, which holds births, migration and the variant's terms), `index` with `_laag` and
        `_hoog` (100 = the country: share at risk x growth of need, both relative to it) and `status`. Fte
        at risk add up to the country's, `vertrekkans` times all fte; the country has no range of its own.

    Raises
    ------
    OnbekendGebiedFout
        For an unknown type of area, or one finer than the gemeente.
    """
    if not isinstance(per, str):
        raise OnbekendGebiedFout(f"per={per!r} kan niet; geef een gebiedssoort als tekst", [str(per)])
    codes = gebiedscodes(situatie, per)
    if per in ("wijk", "buurt"):
        raise OnbekendGebiedFout(
            "praktijken zijn per postcode bekend: blootstelling kan tot en met de gemeente", [per]
        )
    v = leeftijdsverhouding() if verhouding is None else verhouding
    gm = _per_gemeente(situatie, v, vertrekkans)
    van_gm = codes.groupby(situatie.gebied["gm_code"]).first()
    groep = van_gm.reindex(gm.index).rename("gebied")
    gebied = gm[["fte", "midden", "laag", "hoog"]].groupby(groep).sum()
    if per == "land":
        # ages say who is above and who is below the country, nothing about the country itself
        gebied["laag"] = gebied["hoog"] = gebied["midden"]
    gemiddeld = gebied[["midden", "laag", "hoog"]].div(gebied["fte"].where(gebied["fte"] > 0), axis=0)
    uit = pd.DataFrame({"naam": load_gebieden(per)["naam"].reindex(gebied.index), "fte": gebied["fte"]})
    for kolom, achter in (("midden", ""), ("laag", "_laag"), ("hoog", "_hoog")):
        uit[f"aandeel_vertrek{achter}"] = gemiddeld[kolom]
    for kolom, achter in (("midden", ""), ("laag", "_laag"), ("hoog", "_hoog")):
        uit[f"fte_risico{achter}"] = gebied[kolom]
    uit["leeftijden"] = gm["leeftijden"].groupby(groep).agg(lambda r: "; ".join(sorted(set(r))))
    nu = situatie.vraag
    ouder = pd.Series(np.nan, index=nu.index) if vergrijsd is None else vergrijsd.reindex(nu.index)
    som = pd.DataFrame({"nu": nu, "later": later.reindex(nu.index), "ouder": ouder})
    per_gebied = som.groupby(codes).sum(min_count=1)
    uit["vraag"] = per_gebied["nu"].reindex(uit.index)
    uit["groei_vergrijzing"] = (per_gebied["ouder"] / per_gebied["nu"]).reindex(uit.index) - 1
    uit["groei_vraag"] = (per_gebied["later"] / per_gebied["nu"]).reindex(uit.index) - 1
    land = float(som["later"].sum() / som["nu"].sum())
    for achter in ("", "_laag", "_hoog"):
        uit[f"index{achter}"] = (
            100 * uit[f"aandeel_vertrek{achter}"] / vertrekkans * (1 + uit["groei_vraag"]) / land
        )
    uit["status"] = MODELSCHATTING
    return uit


def voeg_vertrek_toe(
    regio: pd.DataFrame, situatie: Situatie, vertrek: pd.Series, *, per: str
) -> pd.DataFrame:
    """A regional figure from a delivery: fte now less what is expected to leave, before any successor.

    Only an area that the delivery covers whole (every gemeente, or every practice) gets a figure: a
    practice left out is not the same as a practice where nobody leaves (that is a 0).

    Parameters
    ----------
    regio
        From `bereken_blootstelling`.
    situatie
        The picture now.
    vertrek
        Fte expected to leave by the horizon, by `gm_code` or by `praktijk_id`.
    per
        As for `regio`.

    Returns
    -------
    DataFrame
        With `fte_vertrek` (delivered), `fte_verwacht` and `fte_verwacht_status` (afgeleid, or missing).

    Raises
    ------
    OnbekendGebiedFout, OnbekendePraktijkFout
        With every code that is not in the picture.
    ContractFout
        For a figure that is missing, negative, twice there, or above the fte that there is.
    """
    if not isinstance(vertrek, pd.Series) or vertrek.empty:
        raise ParameterFout("vertrek is geen Series met fte; gebruik gm_code of praktijk_id als index")
    p = situatie.praktijken
    gm_codes = situatie.gebied["gm_code"]
    per_gm = str(vertrek.index[0]).startswith("GM")
    fte = p["fte"].groupby(p["gm_code"]).sum().reindex(gm_codes.unique()).fillna(0.0) if per_gm else p["fte"]
    _keur_vertrek(vertrek, fte, "gm_code" if per_gm else "praktijk_id")
    gm = pd.Series(fte.index, index=fte.index) if per_gm else p["gm_code"]
    van_gm = gebiedscodes(situatie, per).groupby(gm_codes).first()
    gebied = van_gm.reindex(gm.to_numpy()).to_numpy()
    stand = pd.DataFrame({"weg": vertrek.astype("float64").reindex(fte.index), "gebied": gebied})
    geheel = stand["weg"].notna().groupby(stand["gebied"]).all().reindex(regio.index, fill_value=False)
    weg = stand.groupby("gebied")["weg"].sum().reindex(regio.index).where(geheel)
    return regio.assign(
        fte_vertrek=weg,
        fte_verwacht=regio["fte"] - weg,
        fte_verwacht_status=pd.Series(AFGELEID, index=regio.index).where(geheel),
    )


def _per_gemeente(situatie: Situatie, v: pd.DataFrame, vertrekkans: float) -> pd.DataFrame:
    """Fte, and fte at risk in the middle and at both ends, per gemeente with practices.

    The national share of older GPs is the mean over all provinces: with known ones above it, the others
    together lie below it. So the middle of those is what is left of the country's fte at risk.
    """
    macht = parameter("raming_leeftijdsdoorwerking")
    if macht.laag is None or macht.hoog is None:
        raise ParameterFout("parameter 'raming_leeftijdsdoorwerking' heeft geen laag en hoog; vul ze in")
    provincie = situatie.gebied.groupby("gm_code")["provincie_code"].first()
    p = situatie.praktijken
    fte = p["fte"].groupby(p["gm_code"]).sum()
    eigen = v["verhouding"].astype("float64").reindex(provincie.reindex(fte.index)).to_numpy()
    bekend = np.isfinite(eigen)
    machten = (macht.laag, macht.waarde, macht.hoog)
    x = fte.to_numpy(dtype=np.float64)
    uitersten = np.stack([np.where(bekend, eigen, 1.0) ** m for m in machten])
    midden = uitersten[1].copy()
    over = float(x[~bekend].sum())
    if over > 0 and vertrekkans > 0:
        risico = x[bekend] * np.clip(vertrekkans * midden[bekend], 0.0, 1.0)
        midden[~bekend] = max(
            0.0, (vertrekkans * float(x.sum()) - float(risico.sum())) / (vertrekkans * over)
        )
    alle = v["verhouding"].to_numpy(dtype=np.float64)[None, :] ** np.array(machten)[:, None]
    # no province without ages is held to be more certain than one with them
    ruimte = (alle.min(), alle.max()) if alle.size else (1.0, 1.0)
    laag = np.where(bekend, uitersten.min(axis=0), np.minimum(ruimte[0], midden))
    hoog = np.where(bekend, uitersten.max(axis=0), np.maximum(ruimte[1], midden))
    tekst = {
        code: f"{_nl(r['aandeel'])}% {r['maat']} tegen {_nl(r['aandeel_land'])}% landelijk ({r['periode']})"
        for code, r in v.iterrows()
    }
    uit = pd.DataFrame({"fte": fte})
    for naam, factor in (("midden", midden), ("laag", laag), ("hoog", hoog)):
        uit[naam] = x * np.clip(vertrekkans * factor, 0.0, 1.0)
    uit["leeftijden"] = [tekst.get(c, "geen regionaal cijfer") for c in provincie.reindex(fte.index)]
    return uit.rename_axis("gm_code")


def _keur_vertrek(vertrek: pd.Series, fte: pd.Series, soort: str) -> None:
    vreemd = [str(c) for c in vertrek.index if c not in fte.index]
    if vreemd:
        fout = OnbekendGebiedFout if soort == "gm_code" else OnbekendePraktijkFout
        raise fout(f"vertrek noemt een onbekende {soort}: {', '.join(vreemd[:20])}; verbeter de code", vreemd)
    geen_getal = vertrek.map(lambda x: isinstance(x, (bool, np.bool_, str, bytes))).to_numpy(dtype=bool)
    ruw = pd.to_numeric(vertrek, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    getal = pd.Series(np.where(geen_getal, np.nan, ruw), index=vertrek.index)
    rijen: list[tuple[object, ...]] = [
        (0, soort, c, "staat er dubbel in", "houd één regel")
        for c in vertrek.index[vertrek.index.duplicated()]
    ]
    if not rijen:
        rijen = [
            (0, "fte", c, "geen getal van 0 of meer", "vul de fte in")
            for c in vertrek.index[~(np.isfinite(getal) & (getal >= 0))]
        ]
        rijen += [
            (0, "fte", c, "meer dan er is", "controleer de levering")
            for c in vertrek.index[getal > fte.reindex(vertrek.index) + 1e-9]
        ]
    if rijen:
        kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
        raise ContractFout("het verwachte vertrek klopt niet", pd.DataFrame(rijen, columns=kolommen))


def _nl(x: object) -> str:
    return f"{x:.1f}".replace(".", ",")
