"""Tables of the answer to D3.5, ready to show: the split, the rules, people, law, decision, and equity in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.scenario.antwoord.splitsbereik import DELEN
from huisartsdata.scenario.sturen.regeloverzicht import bewijs
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.aanwijzing import NIET, ONZEKER, WEL
from huisartsdata.uitvoer.verhaal.regelnamen import KORT, regelnaam, wijst_aan
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    from huisartsdata.scenario.antwoord.spreidingsantwoord import Spreidingsantwoord

MATEN = {
    "hellingsindex_per_100000": "hellingsindex (fte per 100.000)",
    "concentratie_index": "concentratie-index",
    "theil": "Theil",
}
SPLITSNAMEN = {
    "niveau": "niveau: te weinig in het hele land",
    "tussen": "spreiding tussen RegioPlus-regio's",
    "binnen": "spreiding binnen die regio's",
    "spreiding": "spreiding samen: alleen dit is te sturen",
    "tekort": "tekort samen",
}


def splitstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The nested split on the lead picture: level, between and within regions, with range and noise floor."""
    zoek = (a.situatie.functie, float(a.situatie.norm))
    t = pd.DataFrame(a.splitsing.xs(zoek, level=("functie", "norm"))).reindex(list(DELEN))
    namen = {
        "fte": "ons beeld", "verval_laag": "bij korter of langer reizen: laagst", "verval_hoog": "hoogst",
        "verwacht": "verwacht met twijfel", "laag": "95% laag", "hoog": "95% hoog", "ruisvloer": "ruisvloer",
        "kans_boven_ruis": "kans erboven",
    }  # fmt: skip
    uit = t[list(namen)].rename(columns=namen)
    return uit.set_axis(pd.Index([SPLITSNAMEN[str(d)] for d in uit.index], name="deel (fte)"))


def grenstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The most that steering could solve, ready to show."""
    g = a.grens.reset_index()
    g["functie"] = g["functie"].map(FUNCTIENAAM)
    g["norm"] = g["norm"].map(lambda n: getal(n, 0))
    namen = {
        "tekort": "tekort", "niveau": "niveau", "hoogstens": "spreiding (ons beeld)",
        "hoogstens_laag": "bij korter of langer reizen: laagst", "hoogstens_hoog": "hoogst",
        "verwacht": "verwacht met twijfel",
        "laag": "95% laag", "hoog": "95% hoog", "ruisvloer": "ruisvloer",
        "kans_boven_ruis": "kans erboven",
    }  # fmt: skip
    return g.set_index(["functie", "norm"])[list(namen)].rename(columns=namen)


def effecttabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The rules that do anything, side by side in fte, ready to show."""
    n = a.naast.sort_values("opgelost_fte", ascending=False)
    eerst, laatst = (a.regels(j).reindex(n.index) for j in (a.jaren[0], a.jaren[-1]))
    uit = pd.DataFrame(
        {
            "te sturen": n["stroomgrens"],
            "verplaatst of toegevoegd": n["verplaatst_fte"] + n["toegevoegd_fte"],
            f"opgelost eind {a.jaren[0]:.0f}": eerst["opgelost_fte"],
            f"opgelost eind {a.jaren[-1]:.0f}": n["opgelost_fte"],
            "met twijfel, aanbod geteld (95%)": _bereik(laatst, "opgelost_laag", "opgelost_hoog"),
            "met twijfel, op onze schatting (95%)": _bereik(laatst, "op_schatting_laag", "op_schatting_hoog"),
            "beste met evenveel fte": n["hoogstens_fte"],
            "benut": n["benut"],
        }
    )
    return uit.set_axis(pd.Index([regelnaam(str(r)) for r in uit.index], name="regel (fte)"))


def _bereik(t: pd.DataFrame, laag: str, hoog: str) -> list[str]:
    return [f"{getal(x, 0)} tot {getal(y, 0)}" for x, y in t[[laag, hoog]].to_numpy()]


def mensentabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """People short after every rule, who wins, who loses most; people in thousands, the price where there is one."""
    n = a.naast.sort_values("opgelost_fte", ascending=False)
    uit = pd.DataFrame(
        {
            "tekort nu (× 1.000 mensen)": n["mensen_voor"] / 1000,
            "tekort daarna": n["mensen_na"] / 1000,
            "gaan vooruit": n["mensen_geholpen"] / 1000,
            "gaan achteruit": n["mensen_benadeeld"] / 1000,
            "leveren fte in": [
                f"{getal(x)} {wijst_aan(a.aanwijzingen, str(r))}" if x else None
                for r, x in n["gebieden_minder"].items()
            ],
            "verliest het meest (fte)": [
                f"{wie} ({getal(fte, 0)})" if isinstance(wie, str) else None
                for wie, fte in zip(n["grootste_verliezer"], n["verlies_fte"], strict=True)
            ],
            "euro per geholpene": n["euro_per_geholpene"].round(-2),
        }
    )
    return uit.set_axis(pd.Index([regelnaam(str(r)) for r in uit.index], name="regel"))


def balanstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """Change in fte per RegioPlus region under every rule, who loses most on top."""
    regels = [str(r) for r in a.naast.sort_values("opgelost_fte", ascending=False).index]
    t = a.balans.sort_values(regels[0] if "d4" not in regels else "d4", kind="stable")
    namen = {"aanbod_fte": "fte nu", **{r: KORT.get(r, regelnaam(r)) for r in regels}}
    return t.set_index("naam")[list(namen)].rename(columns=namen).rename_axis("RegioPlus-regio")


def afstandstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """Travel time to the supply that people reach, before and after every rule; people in thousands."""
    n = a.naast.sort_values("opgelost_fte", ascending=False)
    rijen = {
        regelnaam(str(r)): {
            "minuten nu": a.uitkomsten[str(r)].reis.voor,
            "minuten daarna": a.uitkomsten[str(r)].reis.na,
            "merkbaar dichterbij (× 1.000 mensen)": getal(
                a.uitkomsten[str(r)].reis.mensen_dichterbij / 1000, 0
            ),
            "merkbaar verder": getal(a.uitkomsten[str(r)].reis.mensen_verder / 1000, 0),
        }
        for r in n.index
    }
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("regel")


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
    kop = {"bewijskracht": "bewijs", "wet": "wat er voor nodig is", "zeker_wel": WEL,
           "zeker_niet": NIET, "onbekend": ONZEKER}  # fmt: skip
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


def gelijkheidszin(gelijkheid: pd.DataFrame, naam: str) -> str:
    """Slope now and the largest change by a rule; `gelijkheid` is of `gelijkheid_naast`, ranked by `naam`."""
    helling = gelijkheid.xs("hellingsindex_per_100000", level="maat")
    nu = {k: float(helling[k].to_dict()["nu"]) for k in ("waarde", "laag", "hoog")}
    anders = helling["verschil"].drop("nu")
    grootste = str(anders.abs().idxmax())
    theil = gelijkheid.xs("theil", level="maat")["waarde"]
    minste = str(theil.drop("nu").idxmin())
    over_nul = nu["laag"] <= 0 <= nu["hoog"]
    return (
        f"Van laag naar hoog {naam} loopt het bereik in ons beeld {getal(nu['waarde'], 1)} fte per 100.000 mensen "
        f"{'op' if nu['waarde'] >= 0 else 'af'}; met onze twijfel erbij {getal(nu['laag'], 1)} tot "
        f"{getal(nu['hoog'], 1)}. "
        f"{'Wie er beter af is, is dus niet te zeggen' if over_nul else 'Dat is meer dan de twijfel'}. "
        f"{KORT.get(grootste, regelnaam(grootste))} verandert daar het meest aan ({getal(anders[grootste], 1)}). De "
        f"ongelijkheid tussen gemeenten (Theil) daalt het meest bij {KORT.get(minste, regelnaam(minste))}: van "
        f"{getal(theil['nu'], 4)} naar {getal(theil[minste], 4)}. Waar het aanbod geschat is, zit een deel van elk "
        "verband in het model zelf."
    )
