"""What follows from a practice that falls out: plans of who goes where, load on neighbours, crossings, grid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import HuisartsdataFout
from huisartsdata.gebieden.oversteek import SCHEIDING, zoek_oversteken
from huisartsdata.gebieden.water import load_overgangen
from huisartsdata.scenario.wegvallen.uitvalgeval import tel_per_plek, trek_uitkomst
from huisartsdata.scenario.wegvallen.uitvalplaatsing import kortste_plaatsing

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from huisartsdata.scenario.wegvallen.uitvalgeval import Geval, Uitkomst
    from huisartsdata.scenario.wegvallen.uitvalveld import Loten, Veld

    Getallen = NDArray[np.float64]
    Aantallen = NDArray[np.int64]

BAND = (0.05, 0.95)  # of every outcome: 90% of the draws over the assumptions, which is no probability
ROOSTER_STAPPEN = 5  # open shares on the grid, both bounds included
ROOSTER_TREKKINGEN = 50  # for people without a place; at fixed open share and room draws differ little
ROOSTER_MINUTEN = 10  # for minutes: each is a linear program


@dataclass(frozen=True, eq=False)
class Reisplan:
    """Who goes where in every draw, in the fewest minutes; made by `maak_plan`.

    Attributes
    ----------
    trekking, buurt, plek, mensen
        One entry per draw, buurt and place with people: numbers in the case, and how many.
    minuten, minuten_voor
        Per draw: mean minutes of the placed to their new practice, and of the same people to the old one
        (NaN when nobody is placed).
    """

    trekking: Aantallen
    buurt: Aantallen
    plek: Aantallen
    mensen: Aantallen
    minuten: Getallen
    minuten_voor: Getallen


def maak_plan(geval: Geval, uitkomst: Uitkomst) -> Reisplan:
    """The shortest plan of every draw; it places as many as the maximum flow, or something is wrong."""
    n = len(uitkomst.keuze)
    minuten, voor, delen = np.full(n, np.nan), np.full(n, np.nan), []
    for k in range(n):
        plan = kortste_plaatsing(
            geval.getroffen[uitkomst.keuze[k]], uitkomst.per_plek(geval, k), geval.minuten
        )
        i, j = np.nonzero(plan)
        mensen = plan[i, j]
        if mensen.sum() != uitkomst.geplaatst[k]:
            raise HuisartsdataFout("stroom en plan plaatsen niet evenveel mensen; meld deze fout")
        if len(i):
            minuten[k] = (mensen * geval.minuten[i, j]).sum() / mensen.sum()
            voor[k] = (mensen * geval.minuten_voor[uitkomst.keuze[k], i]).sum() / mensen.sum()
        delen.append((np.full(len(i), k), i, j, mensen))
    trekking, buurt, plek, aantal = (np.concatenate(d).astype(np.int64) for d in zip(*delen, strict=True))
    return Reisplan(trekking, buurt, plek, aantal, minuten, voor)


def tel_buren(veld: Veld, geval: Geval, uitkomst: Uitkomst, plan: Reisplan, opname: float) -> pd.DataFrame:
    """Per neighbour: how far, how likely open, how much room, and what it would have to add.

    Parameters
    ----------
    veld, geval, uitkomst, plan
        The case and its draws.
    opname
        Share of its list that an open practice takes, for the column `ruimte`.
    """
    n, k = len(uitkomst.keuze), len(geval.plekken)
    per_plek = np.zeros((n, k))
    np.add.at(per_plek, (plan.trekking, plan.plek), plan.mensen)
    # practices on one place share its people by room
    ruimte = np.stack([tel_per_plek(geval, r) for r in uitkomst.ruimte])[:, geval.op_plek]
    deel = np.divide(uitkomst.ruimte, ruimte, out=np.zeros(ruimte.shape), where=ruimte > 0)
    erbij = per_plek[:, geval.op_plek] * deel
    gewicht = _gewichten(veld, geval)
    alle, open_ = np.zeros(len(geval.praktijken)), np.zeros(len(geval.praktijken))
    for c in np.unique(uitkomst.keuze):
        alle += (uitkomst.keuze == c).sum() * _keuzelast(geval, gewicht, c, geval.lijst[c])
    for c, is_open in zip(uitkomst.keuze, uitkomst.open_, strict=True):
        open_ += _keuzelast(geval, gewicht, c, geval.lijst[c] * is_open)
    meedoen = (geval.lijst[uitkomst.keuze] > 0).sum(axis=0)
    keer_open = uitkomst.open_.sum(axis=0)
    lijst = geval.lijst[uitkomst.keuze].sum(axis=0) / np.maximum(meedoen, 1)
    verwacht = geval.getroffen[uitkomst.keuze].mean(axis=0)
    binnen = np.isfinite(geval.minuten)
    samen = verwacht @ binnen
    tijd = verwacht @ np.where(binnen, geval.minuten, 0.0)
    minuten = np.divide(tijd, samen, out=np.full(k, np.nan), where=samen > 0)
    bekend = veld.bekend[geval.praktijken]
    with np.errstate(divide="ignore", invalid="ignore"):
        uit = pd.DataFrame(
            {
                "gm_code": pd.Series(veld.gm_code[geval.praktijken], dtype="str").to_numpy(),
                "minuten": minuten[geval.op_plek],
                "kans_open": np.where(np.isnan(bekend), uitkomst.open_aandeel.mean(), bekend),
                "ingeschreven": lijst,
                "ingeschreven_status": _lijststatus(veld, geval),
                "ruimte": np.floor(opname * lijst + 1e-9),
                "erbij": erbij.mean(axis=0),
                "erbij_laag": np.quantile(erbij, BAND[0], axis=0),
                "erbij_hoog": np.quantile(erbij, BAND[1], axis=0),
                "erbij_aandeel": erbij.mean(axis=0) / lijst,
                "nodig_als_alle_open": alle / meedoen,
                "nodig_als_open": open_ / keer_open,
            },
            index=pd.Index(veld.ids[geval.praktijken], name="praktijk_id", dtype="str"),
        )
    mee: pd.DataFrame = uit[meedoen > 0].astype({"ingeschreven_status": "str"})
    return mee.sort_values("minuten", kind="stable")


def _lijststatus(veld: Veld, geval: Geval) -> NDArray[np.object_]:
    """Where lists come from; one that had to give way to the size of the case is an assumption."""
    geleverd = np.isfinite(veld.ingeschreven[geval.praktijken])
    verschoven = any(k.lijstfactor not in (None, 1.0) for k in geval.kandidaten)
    hier = verschoven & (veld.gm_code[geval.praktijken] == geval.kandidaten[0].gm_code)
    uit: NDArray[np.object_] = np.where(
        geleverd, np.where(hier, "aanname", "waargenomen"), "modelschatting"
    ).astype(object)
    return uit


def _gewichten(veld: Veld, geval: Geval) -> Getallen:
    eindig = np.isfinite(geval.minuten)
    return np.where(eindig, veld.verval(np.where(eindig, geval.minuten, 0.0)), 0.0)


def _keuzelast(geval: Geval, gewicht: Getallen, keuze: int, lijst: Getallen) -> Getallen:
    """People per practice when everyone chooses by weight x list, whatever room there is."""
    per_plek = np.bincount(geval.op_plek, weights=lijst, minlength=len(geval.plekken))
    noemer = gewicht @ per_plek
    h = geval.getroffen[keuze]
    trek = gewicht.T @ np.divide(h, noemer, out=np.zeros(len(h)), where=noemer > 0)
    uit: Getallen = lijst * trek[geval.op_plek]
    return uit


def tel_overgangen(
    veld: Veld,
    geval: Geval,
    uitkomst: Uitkomst,
    plan: Reisplan,
    *,
    punten: gpd.GeoSeries,
    praktijken: gpd.GeoSeries,
    punt: object = None,
) -> pd.DataFrame:
    """People per crossing on the way to the new practice, and the same people to the old one.

    Parameters
    ----------
    veld, geval, uitkomst, plan
        The case and its draws.
    punten, praktijken
        Where people live and where practices are.
    punt
        The place of the practice that falls out where it is a point of the user.
    """
    import geopandas as gpd

    n, k = len(uitkomst.keuze), len(geval.plekken)
    eerste = np.array([np.flatnonzero(geval.op_plek == j)[0] for j in range(k)])
    wie = punten.loc[veld.buurten[geval.buurten]]
    waar = praktijken.loc[veld.ids[geval.praktijken[eerste]]].reset_index(drop=True)
    waar.index = waar.index.astype("str")
    paar, terug = np.unique(plan.buurt * k + plan.plek, return_inverse=True)
    tabel = pd.DataFrame({"van": wie.index[paar // k], "naar": waar.index[paar % k]})
    over = zoek_oversteken(wie, waar, tabel)["overgangen"].to_numpy()
    na = _tel(over[terug], plan.trekking, plan.mensen.astype(np.float64), n)
    gekozen = np.unique(uitkomst.keuze)
    oude = gpd.GeoSeries(
        [
            punt if geval.kandidaten[c].praktijk < 0 else praktijken[veld.ids[geval.kandidaten[c].praktijk]]
            for c in gekozen
        ],
        index=gekozen.astype("str"),
        crs=punten.crs,
    )
    c = np.searchsorted(gekozen, uitkomst.keuze[plan.trekking])
    paar, terug = np.unique(c * len(wie) + plan.buurt, return_inverse=True)
    tabel = pd.DataFrame({"van": wie.index[paar % len(wie)], "naar": oude.index[paar // len(wie)]})
    over = zoek_oversteken(wie, oude, tabel)["overgangen"].to_numpy()
    voor = _tel(over[terug], plan.trekking, plan.mensen.astype(np.float64), n)
    ids = sorted(set(na) | set(voor))
    o = load_overgangen().reindex(ids)
    leeg = np.zeros(n)
    reeks = np.stack([na.get(g, leeg) for g in ids]) if ids else np.zeros((0, n))
    uit = pd.DataFrame(
        {
            "naam": o["naam"],
            "soort": o["soort"],
            "mensen": reeks.mean(axis=1),
            "mensen_laag": np.quantile(reeks, BAND[0], axis=1),
            "mensen_hoog": np.quantile(reeks, BAND[1], axis=1),
            "mensen_voor": [float(voor[g].mean()) if g in voor else 0.0 for g in ids],
        },
        index=pd.Index(ids, name="overgang_id", dtype="str"),
    )
    return uit.sort_values("mensen", ascending=False, kind="stable")


def _tel(over: NDArray[np.object_], trekking: Aantallen, mensen: Getallen, n: int) -> dict[str, Getallen]:
    """People per crossing and draw."""
    uit: dict[str, Getallen] = {}
    for tekst in sorted({t for t in over if t}):
        mee = over == tekst
        aantal = np.bincount(trekking[mee], weights=mensen[mee], minlength=n).astype(np.float64)
        for g in tekst.split(SCHEIDING):
            uit[g] = uit[g] + aantal if g in uit else aantal
    return uit


def maak_rooster(veld: Veld, geval: Geval, loten: Loten, gegeven: Mapping[str, Any]) -> pd.DataFrame:
    """People without a place and minutes of the placed, over open share and room, by fixed values.

    Each cell is the mean over the same draws of place and of which practices are open, so that cells
    differ by open share and room alone: more of either never leaves more people without a place. The
    open shares run over the range that was given (`aannames["open_aandeel"]`), else over the parameter's.
    """
    aandeel, opname = parameter("open_aandeel"), parameter("uitval_opname")
    kort = _eerste(loten, ROOSTER_TREKKINGEN)
    n = len(kort.plaats)
    rijen = []
    laag, hoog = gegeven["laag"], gegeven["hoog"]
    if laag is None or hoog is None or laag == hoog:  # one number has no range: the national one around it
        los = gegeven["waarde"] if laag is None else laag
        midden = aandeel.waarde if los is None else float(los)
        laag, hoog = min(aandeel.laag or 0.0, midden), max(aandeel.hoog or 1.0, midden)
    for a in np.linspace(laag, hoog, ROOSTER_STAPPEN):
        for o in (opname.laag, opname.waarde, opname.hoog):
            uitkomst = trek_uitkomst(veld, geval, kort, np.full(n, a), np.full(n, o))
            zonder = geval.patienten - uitkomst.geplaatst.mean()
            enkele = _eerste(kort, ROOSTER_MINUTEN)
            m = len(enkele.plaats)
            plan = maak_plan(geval, trek_uitkomst(veld, geval, enkele, np.full(m, a), np.full(m, o)))
            minuten = np.nan if np.isnan(plan.minuten).all() else np.nanmean(plan.minuten)
            rijen.append((round(float(a), 3), o, zonder, zonder / geval.patienten, minuten))
    kolommen = ["open_aandeel", "opname", "zonder_plek", "aandeel_zonder_plek", "minuten_na"]
    return pd.DataFrame(rijen, columns=kolommen).set_index(["open_aandeel", "opname"])


def _eerste(loten: Loten, aantal: int) -> Loten:
    return type(loten)(
        loten.plaats[:aantal], loten.opname[:aantal], loten.aandeel[:aantal], loten.open_[:aantal]
    )
