"""From draws to what an analyst sees: tables, assumptions with their source, and the picture before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.scenario.maatregelen import open_praktijk, sluit, voeg_fte_toe
from huisartsdata.scenario.wegvallen.uitvalgeval import PUNT, Geval, Kandidaat, Uitkomst
from huisartsdata.scenario.wegvallen.uitvalgevolg import BAND

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Point

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.wegvallen.uitvalveld import Deel, Loten, Veld


@dataclass(frozen=True, eq=False)
class Onderbouw:
    """What `Uitval` computes its later tables from: field, case, lots, outcome and the picture given."""

    veld: Veld
    geval: Geval
    loten: Loten
    uitkomst: Uitkomst
    situatie: Situatie
    kandidaat: Kandidaat
    punt: Point | None
    naar_punt: Reistijden | None


def vul_vector(veld: Veld, naar_punt: Reistijden) -> NDArray[np.float64]:
    """Minutes to the point by row of the field; inf out of reach."""
    uit = np.full(len(veld.buurten), np.inf)
    m = naar_punt.minuten.tocoo()
    uit[veld.buurten.get_indexer(naar_punt.van[m.coords[0]])] = m.data
    return uit


def zoek_midden(veld: Veld, geval: Geval, gm_code: str) -> int:
    """The candidate with most people of the gemeente around it, by the decay; the first of equals."""
    mensen = np.where(veld.gemeente == gm_code, veld.mensen, 0)
    return int(np.argmax([mensen @ k.gewicht for k in geval.kandidaten]))


def noem_plaats(veld: Veld, kandidaat: Kandidaat) -> str:
    """Id of the practice whose place it is, or "punt"."""
    return PUNT if kandidaat.praktijk < 0 else str(veld.ids[kandidaat.praktijk])


def tel_maten(situatie: Situatie, patienten: int) -> Mapping[str, float]:
    """The size in practices and in fte."""
    return MappingProxyType(
        {
            "gemiddelde_praktijken": patienten / waarde("ingeschreven_per_praktijk"),
            "normpraktijken": patienten / waarde("norm_tarief"),
            "fte_omslag": patienten / situatie.omslagnorm,
            "fte_norm": patienten / situatie.norm,
        }
    )


def maak_trekking(veld: Veld, geval: Geval, uitkomst: Uitkomst) -> pd.DataFrame:
    """One row per draw, see `Uitval.trekking`."""
    tijd = (geval.getroffen * np.where(geval.getroffen > 0, geval.minuten_voor, 0.0)).sum(axis=1)
    namen = np.array([noem_plaats(veld, k) for k in geval.kandidaten], dtype=object)
    return pd.DataFrame(
        {
            "plaats": pd.Series(namen[uitkomst.keuze], dtype="str"),
            "open_aandeel": uitkomst.open_aandeel,
            "opname": uitkomst.opname,
            "geplaatst": uitkomst.geplaatst,
            "zonder_plek": geval.patienten - uitkomst.geplaatst,
            "minuten_voor": tijd[uitkomst.keuze] / geval.patienten,
        }
    ).rename_axis("trekking")


def maak_getroffen(veld: Veld, geval: Geval, uitkomst: Uitkomst, midden: int) -> pd.DataFrame:
    """Who is hit, see `Uitval.getroffen`."""
    minuten = geval.minuten_voor[midden]
    return pd.DataFrame(
        {
            "patienten": geval.getroffen[midden],
            "minuten": np.where(np.isfinite(minuten), minuten, np.nan),
            "verwacht": geval.getroffen[uitkomst.keuze].mean(axis=0),
        },
        index=pd.Index(veld.buurten[geval.buurten], name="bu_code"),
    )


def maak_aannames(
    lijst: tuple[int, str],
    omvang: tuple[float, str, str],
    *,
    open_aandeel: Deel,
    opname: Deel,
    grens: float,
    plaats: str | None,
) -> Mapping[str, Mapping[str, Any]]:
    """Every assumption with its range, status and source, see `Uitval.aannames`."""

    def regel(waarde_: object, status: str, bron: str, laag: object = None, hoog: object = None) -> Any:
        return MappingProxyType(
            {"waarde": waarde_, "laag": laag, "hoog": hoog, "status": status, "bron": bron}
        )

    def uit_parameter(waarde_: Deel, naam: str) -> Any:
        p = parameter(naam)
        if isinstance(waarde_, tuple):
            return regel(None, "aanname", "opgegeven; per trekking getrokken", *waarde_)
        if waarde_ is not None:
            return regel(waarde_, "aanname", "opgegeven")
        return regel(None, "aanname", f"{p.bron}; per trekking getrokken", p.laag, p.hoog)

    return MappingProxyType(
        {
            "patienten": regel(*lijst, "levering" if lijst[1] == "waargenomen" else "opgegeven"),
            "fte": regel(*omvang),
            "plaats": regel(plaats, "aanname", "opgegeven" if plaats else "per trekking getrokken"),
            "open_aandeel": uit_parameter(open_aandeel, "open_aandeel"),
            "opname": uit_parameter(opname, "uitval_opname"),
            "grens_minuten": regel(grens, "aanname", "verste reis naar een nieuwe praktijk"),
        }
    )


def maak_herkomst(situatie: Situatie, geval: Geval, mogelijk: int, status: str) -> tuple[str, ...]:
    """Source lines; `mogelijk` is the number of places that the practice might have had."""
    p = situatie.praktijken
    geleverd = p["ingeschreven"].notna() | p["fte_status"].eq("waargenomen")
    omvang = "de omvang van de praktijk is opgegeven"
    if status == "waargenomen":
        omvang = "het aantal patiënten van de praktijk komt uit een levering"
    elif not geleverd.any():
        omvang += "; van geen praktijk is de omvang waargenomen"
    uit = [
        omvang,
        "plaatsing zoals een volmaakte organisatie haar zou maken: zonder regie vinden minder mensen een plek",
        situatie.reistijden.herkomst.beschrijving,
    ]
    k = geval.kandidaten[0]
    verschoven = any(x.factor != 1 or x.lijstfactor not in (None, 1.0) for x in geval.kandidaten)
    if verschoven and geleverd[p["gm_code"] == k.gm_code].any():
        uit.append(
            f"de omvang van de andere praktijken in {k.gm_code} komt uit een levering en is naar rato aangepast, "
            "zodat het totaal van de gemeente gelijk blijft"
        )
    if (weg := mogelijk - len(geval.kandidaten)) > 0:
        uit.append(
            f"{weg} praktijken van de gemeente doen niet mee als plek: daar past een praktijk van deze omvang niet"
        )
    if geval.kandidaten[0].blijft > 0:
        uit.append("de enige praktijk van de gemeente: wat zij meer heeft dan deze omvang, neemt niemand op")
    return (*situatie.herkomst, *uit)


def maak_voor(o: Onderbouw, praktijk_id: str, fte: float, patienten: int) -> Situatie:
    """Shift fte within the gemeente to the practice and put it in the place of its candidate."""
    s, k, p = o.situatie, o.kandidaat, o.situatie.praktijken
    hier = p.index[p["gm_code"] == k.gm_code]
    eigen = None if k.praktijk < 0 else str(o.veld.ids[k.praktijk])
    anderen = hier if eigen is None else hier.drop(eigen)
    s = voeg_fte_toe(s, p.loc[anderen, "fte"] * (k.factor - 1.0))
    if eigen is None:
        assert o.punt is not None
        assert o.naar_punt is not None
        punt, reis, pc4 = o.punt, o.naar_punt, None
    else:
        kolom = s.reistijden.selecteer(naar=[eigen])
        reis = Reistijden(
            kolom.van, pd.Index([praktijk_id]), kolom.minuten, kolom.grens_minuten, kolom.herkomst
        )
        punt, pc4 = p.geometry[eigen], p.loc[eigen, "pc4"]
        if k.blijft > 0:
            s = voeg_fte_toe(s, pd.Series({eigen: k.blijft - float(p.loc[eigen, "fte"])}))
    s = open_praktijk(s, punt=punt, fte=fte, praktijk_id=praktijk_id, reistijden=reis)
    if eigen is not None and k.blijft <= 0:
        s = sluit(s, [eigen])
    nieuw = s.praktijken.copy()
    if k.lijstfactor is not None:
        nieuw.loc[nieuw.index.isin(anderen), "ingeschreven"] *= k.lijstfactor
        if eigen in nieuw.index:
            nieuw.loc[eigen, "ingeschreven"] = k.lijst_blijft
    # a place on the border belongs to the gemeente of the practice it stands for
    nieuw.loc[praktijk_id, "gm_code"] = k.gm_code
    nieuw.loc[praktijk_id, "ingeschreven"] = float(patienten)
    nieuw.loc[praktijk_id, "open_voor_inschrijving"] = "nee"
    if pc4 is not None:
        nieuw.loc[praktijk_id, "pc4"] = pc4
    return s.vervang(praktijken=nieuw)


def maak_band(tabel: pd.DataFrame) -> pd.DataFrame:
    """Median and 90% of the draws of each column; NaN counts for nothing."""
    q = tabel.quantile([BAND[0], 0.5, BAND[1]]).T
    return q.set_axis(["laag", "midden", "hoog"], axis=1)[["midden", "laag", "hoog"]].rename_axis("maat")
