"""Tables of the answer to D3.5, ready to show: the split, the rules, the law, the decision, equity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.scenario.regeloverzicht import bewijs
from huisartsdata.scenario.splitsbereik import DELEN
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.regelnamen import KORT, regelnaam, wijst_aan
from huisartsdata.uitvoer.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    from huisartsdata.scenario.spreidingsantwoord import Spreidingsantwoord

MATEN = {
    "hellingsindex_per_100000": "hellingsindex (fte per 100.000)",
    "concentratie_index": "concentratie-index",
    "theil": "Theil",
}
SPLITSNAMEN = {
    "niveau": "niveau: te weinig in het hele land",
    "tussen": "spreiding tussen RegioPlus-regio's",
    "binnen": "spreiding binnen die regio's",
    "spreiding": "spreiding samen: hoogstens te sturen",
    "tekort": "tekort samen",
}


def splitstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The nested split on the lead picture: level, between and within regions, with range and noise floor."""
    zoek = (a.situatie.functie, float(a.situatie.norm))
    t = pd.DataFrame(a.splitsing.xs(zoek, level=("functie", "norm"))).reindex(list(DELEN))
    namen = {
        "fte": "ons beeld", "verval_laag": "bij korter of langer reizen: laagst", "verval_hoog": "hoogst",
        "verwacht": "verwacht met twijfel", "laag": "95% laag", "hoog": "95% hoog", "ruisvloer": "ruisvloer",
    }  # fmt: skip
    uit = t[list(namen)].rename(columns=namen)
    return uit.set_axis(pd.Index([SPLITSNAMEN[str(d)] for d in uit.index], name="deel (fte)"))


def grenstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The most that steering could solve, ready to show."""
    g = a.grens.reset_index()
    g["functie"] = g["functie"].map(FUNCTIENAAM)
    g["norm"] = g["norm"].map(lambda n: getal(n, 0))
    namen = {
        "tekort": "tekort", "niveau": "niveau", "hoogstens": "spreiding: hoogstens te sturen",
        "hoogstens_laag": "bij korter of langer reizen: laagst", "hoogstens_hoog": "hoogst",
        "verwacht": "verwacht met twijfel",
        "laag": "95% laag", "hoog": "95% hoog", "ruisvloer": "ruisvloer",
    }  # fmt: skip
    return g.set_index(["functie", "norm"])[list(namen)].rename(columns=namen)


def effecttabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The rules that do anything, side by side, ready to show; people in thousands."""
    n = a.naast.sort_values("opgelost_fte", ascending=False)
    voor = getal(round(float(n["mensen_voor"].max()), -3), 0)
    eerst = a.regels(a.jaren[0])["opgelost_fte"]
    laatst = a.regels(a.jaren[-1])
    namen = {
        "stroomgrens": "hoogstens stuurbaar (fte)",
        "verplaatst_fte": "verplaatst (fte)",
        "toegevoegd_fte": "toegevoegd (fte)",
        "opgelost_fte": f"opgelost eind {a.jaren[-1]:.0f} (fte)",
        "hoogstens_fte": "beste met evenveel fte",
        "benut": "benut",
        "mensen_na": f"mensen tekort na (nu {voor})",
        "mensen_geholpen": "mensen vooruit",
        "mensen_benadeeld": "mensen achteruit",
    }
    uit = n[list(namen)].copy()
    mensen = [k for k in namen if k.startswith("mensen")]
    uit[mensen] = uit[mensen].round(-3)
    uit = uit.rename(columns=namen)
    plek = list(namen).index("opgelost_fte")
    uit.insert(plek, f"opgelost eind {a.jaren[0]:.0f} (fte)", eerst.reindex(n.index))
    if "opgelost_laag" in laatst:
        band = laatst[["opgelost_laag", "opgelost_hoog"]].reindex(n.index)
        uit.insert(plek + 2, "met twijfel (95%)",
                   [f"{getal(x, 0)} tot {getal(y, 0)}" for x, y in band.itertuples(index=False)])  # fmt: skip
    uit["verliest het meest (fte)"] = [
        f"{wie} ({getal(fte, 0)})" if isinstance(wie, str) else None
        for wie, fte in zip(n["grootste_verliezer"], n["verlies_fte"], strict=True)
    ]
    return uit.set_axis(pd.Index([regelnaam(str(r)) for r in uit.index], name="regel"))


def balanstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """Change in fte per RegioPlus region under every rule, who loses most on top."""
    regels = [str(r) for r in a.naast.sort_values("opgelost_fte", ascending=False).index]
    t = a.balans.sort_values(regels[0] if "d4" not in regels else "d4", kind="stable")
    namen = {"aanbod_fte": "fte nu", **{r: KORT.get(r, regelnaam(r)) for r in regels}}
    return t.set_index("naam")[list(namen)].rename(columns=namen).rename_axis("RegioPlus-regio")


def wettabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """Law, lead time, evidence and who would be designated, per rule."""
    kaart = bewijs()
    wijst = a.aantal_aangewezen()
    namen = [
        r
        for r in dict.fromkeys(a.vergelijking.index.get_level_values("regel"))
        if r in kaart.index and r != "geen"
    ]
    uit = kaart.loc[namen, ["bewijskracht", "wet", "aanlooptijd"]]
    uit.insert(
        0, f"opgelost eind {a.jaren[-1]:.0f} (fte)", a.regels(a.jaren[-1])["opgelost_fte"].reindex(namen)
    )
    uit["zou nu aanwijzen"] = [
        f"{getal(wijst.loc[r, 'aangewezen'])} van {getal(wijst.loc[r, 'gebieden'])} {wijst_aan(a.aanwijzingen, r)}"
        if r in wijst.index
        else "wijst niemand aan"
        for r in namen
    ]
    uit = uit.join(wijst[["zeker_wel", "zeker_niet", "onbekend"]])
    kop = {"bewijskracht": "bewijs", "wet": "wat er voor nodig is", "zeker_wel": "zeker wel",
           "zeker_niet": "zeker niet"}  # fmt: skip
    return uit.rename(columns=kop).set_axis(pd.Index([regelnaam(r) for r in namen], name="regel"))


def besluittabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The decision table with its numbers written out."""
    t = a.beslistabel
    delen = t["eenheid"] == "aandeel"

    def schrijf(x: float, *, deel: bool) -> str:
        if np.isnan(x):
            return "niet gemeten"
        return procent(x, 1) if deel else f"{getal(x, 0)} fte"

    return pd.DataFrame(
        {
            "nu": [schrijf(x, deel=d) for x, d in zip(t["nu"], delen, strict=True)],
            "omslag bij": [schrijf(x, deel=d) for x, d in zip(t["omslag"], delen, strict=True)],
            "advies nu": t["advies_nu"],
            "advies aan de andere kant": t["advies_dan"],
            "wie kan het weten": t["wie"],
        },
        index=t.index,
    )


def gelijkheidstabel(gelijkheid: pd.DataFrame) -> pd.DataFrame:
    """Slope index with its interval, concentration and Theil per rule; `gelijkheid` is of `gelijkheid_naast`."""
    uit = {}
    for maat, naam in MATEN.items():
        d = gelijkheid.xs(maat, level="maat")
        uit[naam] = d["waarde"]
        if maat.startswith("helling"):
            uit["verwacht met twijfel"] = d["verwacht"]
            uit["95% laag"], uit["95% hoog"] = d["laag"], d["hoog"]
    tabel = pd.DataFrame(uit)
    return tabel.set_axis(pd.Index([regelnaam(str(r)) for r in tabel.index], name="regel"))
