"""The answer to D3.5 in words: one page that a minister could read, and the tables of the page behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.model.vrijeplaatsen import DOELJAAR
from huisartsdata.scenario.beslissing import advies
from huisartsdata.scenario.regeldefinities import DEFINITIES, VERPLAATST
from huisartsdata.scenario.regeloverzicht import bewijs
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.regelnamen import KORT, regelnaam
from huisartsdata.uitvoer.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    from huisartsdata.scenario.spreidingsantwoord import Spreidingsantwoord

MATEN = {
    "hellingsindex_per_100000": "hellingsindex (fte per 100.000)",
    "concentratie_index": "concentratie-index",
    "theil": "Theil",
}


def antwoordpagina(a: Spreidingsantwoord) -> str:
    """The one-page answer as Markdown; every number in it is computed."""
    delen = {
        "Hoeveel is er te sturen?": (hoogstenszin(a), ruiszin(a)),
        "Wat lossen regels daarvan op?": (regelzin(a), aannamezin(a)),
        "Wie verliest?": (verlieszin(a),),
        "Wat lost geen enkele manier van sturen op?": (nietzin(a),),
        f"Is eind {DOELJAAR:.0f} niemand meer zonder huisarts?": (doelzin(a),),
        "Wat adviseren deze cijfers?": ("\n".join(f"- {zin}" for zin in advies(a.bevindingen).values()),),
    }
    return "\n\n".join(f"**{kop}** " + " ".join(z if not z.startswith("- ") else f"\n\n{z}" for z in zinnen)
                       for kop, zinnen in delen.items())  # fmt: skip


def hoogstenszin(a: Spreidingsantwoord) -> str:
    """Level and distribution at the lead norm, and over all norms and functions."""
    s, g = a.situatie, a.grens
    kop = a.grens_bij()
    laagste_norm = min(n for f, n in g.index if f == s.functie)
    krap = a.grens_bij(laagste_norm)
    over_tekort, over = g["tekort"], g[["hoogstens", "hoogstens_laag", "hoogstens_hoog"]]
    return (
        f"Bij {getal(s.norm, 0)} mensen per fte ({FUNCTIENAAM[s.functie]}) komen de gemeenten samen "
        f"{getal(kop['tekort'], 0)} fte "
        f"tekort, en is {getal(kop['niveau'], 0)} daarvan een tekort van het land als geheel. Sturen kan dan "
        "**hoogstens "
        f"{getal(kop['hoogstens'], 0)} fte** oplossen ({getal(kop['hoogstens_laag'], 0)} tot "
        f"{getal(kop['hoogstens_hoog'], 0)} naar hoe ver "
        f"mensen gaan). Bij {getal(laagste_norm, 0)} is het tekort {getal(krap['tekort'], 0)}, waarvan "
        f"{getal(krap['niveau'], 0)} niveau: "
        f"verplaatsen lost dan hooguit {getal(krap['hoogstens'], 0)} fte op. Over alle normen en functies loopt "
        "het tekort van "
        f"{getal(over_tekort.min(), 0)} tot {getal(over_tekort.max(), 0)} fte en wat sturen kan van "
        f"{getal(over.min().min(), 0)} tot "
        f"{getal(over.max().max(), 0)}. Welke norm geldt is een keuze, geen meting."
    )


def ruiszin(a: Spreidingsantwoord) -> str:
    """What doubt about the supply does to the distribution part."""
    kop = a.grens_bij()
    scheidbaar = kop["laag"] > kop["ruisvloer"]
    return (
        f"Telt onze twijfel over het aanbod mee, dan is dat deel naar verwachting {getal(kop['verwacht'], 0)} "
        f"fte ({getal(kop['laag'], 0)} "
        f"tot {getal(kop['hoog'], 0)}); die twijfel alleen zou al {getal(kop['ruisvloer'], 0)} geven. De "
        "verschillen zijn daarmee "
        f"{'groter dan' if scheidbaar else 'niet te scheiden van'} wat wij niet weten."
    )


def regelzin(a: Spreidingsantwoord) -> str:
    """What rules solve by the first and by the last year, capped by flow."""
    eerst, laatst = (a.regels(j) for j in (a.jaren[0], a.jaren[-1]))
    schuift = [r for r in laatst.index if DEFINITIES[str(r).partition(" (")[0]].doet == VERPLAATST]
    werkt = laatst.loc[schuift].query("opgelost_fte >= 1").sort_values("opgelost_fte", ascending=False)
    opsomming = "; ".join(f"{regelnaam(str(r))} {getal(w, 0)}" for r, w in werkt["opgelost_fte"].items())
    niets = len(schuift) - len(werkt)
    uit = (
        f"Alleen wie begint of verhuist is te sturen: tot eind {a.jaren[0]:.0f} hooguit "
        f"{getal(eerst['stroomgrens'].max(), 0)} fte. "
        f"Bij de aangenomen sterkte is er eind {a.jaren[0]:.0f} hoogstens {getal(eerst['opgelost_fte'].max(), 0)} "
        f"fte opgelost, en {getal(eerst['opgelost_sterk'].max(), 0)} als elke regel zo sterk werkt als kan: een wet of "
        f"een opleidingsplaats werkt dan nog niet. Eind {a.jaren[-1]:.0f}, bij de aangenomen sterkte: {opsomming}. "
        f"{getal(niets)} andere regels doen op Nederlandse cijfers (bijna) niets."
    )
    meer = laatst[laatst["toegevoegd_fte"] > 0].sort_values("opgelost_fte", ascending=False)
    if len(meer):
        r = meer.iloc[0]
        uit += (
            f" Meer opleiden voegt {getal(r['toegevoegd_fte'], 0)} fte toe en lost er, ongestuurd verdeeld, "
            f"{getal(r['opgelost_fte'], 0)} op."
        )
    return uit


def aannamezin(a: Spreidingsantwoord) -> str:
    """Why the order of rules is no finding."""
    p, k = parameter("regel_sterkte_geld"), a.kans_beste(a.jaren[-1])
    uit = (
        f"**Dat geld hier meer oplost dan een wet, is geen bevinding:** wij namen aan dat {procent(p.waarde)} op "
        "geld afkomt (het kan "
        f"{procent(p.laag or 0.0)} tot {procent(p.hoog or 0.0)} zijn), en D4 wijst aan op het tekort dat wij "
        "zelf tellen. "
    )
    omslag = a.bevindingen.omslag_sterkte
    if np.isfinite(omslag):
        uit += f"Onder {procent(omslag, 1)} draait de volgorde om. "
    winnaars = sorted({KORT.get(str(r), regelnaam(str(r))) for r in k.idxmax()})
    return uit + (
        f"Over normen, functies en trekkingen is {winnaars[0]} steeds het vaakst de beste."
        if len(winnaars) == 1
        else f"Over normen, functies en trekkingen wisselt welke regel de beste is: {', '.join(winnaars)}."
    )


def kostenzin(a: Spreidingsantwoord) -> str:
    """Cost per person helped, where a Dutch price is sourced."""
    n = a.naast[a.naast["euro"].notna()]
    zonder = len(a.naast) - len(n)
    zinnen = [
        f"{KORT.get(str(r), str(r))}: {getal(u['euro'] / 1e6, 0)} miljoen euro tot eind {a.jaren[-1]:.0f}, "
        f"{getal(round(u['euro_per_geholpene'], -2), 0)} euro per mens die per saldo geholpen is "
        f"({u['kosten_reden']})"
        for r, u in n.iterrows()
    ]
    return f"{'; '.join(zinnen)}. Voor {getal(zonder)} andere regels is geen Nederlandse prijs met bron gevonden."


def gelijkheidszin(gelijkheid: pd.DataFrame, naam: str) -> str:
    """Slope now and the largest change by a rule; `gelijkheid` is of `gelijkheid_naast`, ranked by `naam`."""
    helling = gelijkheid.xs("hellingsindex_per_100000", level="maat")
    nu = {k: float(helling[k].to_dict()["nu"]) for k in ("waarde", "laag", "hoog")}
    anders = helling["verschil"].drop("nu")
    grootste = str(anders.abs().idxmax())
    theil = gelijkheid.xs("theil", level="maat")["waarde"]
    over_nul = nu["laag"] <= 0 <= nu["hoog"]
    return (
        f"Van laag naar hoog {naam} verschilt het bereik nu {getal(nu['waarde'], 1)} fte per 100.000 "
        f"({getal(nu['laag'], 1)} tot "
        f"{getal(nu['hoog'], 1)}): "
        f"{'of dat meer of minder is, is niet te zeggen' if over_nul else 'dat is meer dan de twijfel'}. Het "
        f"meest verandert {KORT.get(grootste, grootste)} daaraan ({getal(anders[grootste], 1)}). De ongelijkheid "
        "tussen gemeenten "
        f"(Theil) gaat van {getal(theil['nu'], 4)} naar {getal(theil.drop('nu').min(), 4)} bij "
        f"{KORT.get(str(theil.drop('nu').idxmin()), '')}. Waar het aanbod geschat is, zit een deel van elk "
        "verband in het model."
    )


def verlieszin(a: Spreidingsantwoord) -> str:
    """Donor areas, beside the gains."""
    n = a.naast[a.naast["verplaatst_fte"] > 0].sort_values("opgelost_fte", ascending=False)
    zinnen = [
        f"bij {KORT.get(str(r), str(r))} verliezen {getal(u['gebieden_minder'])} gebieden fte, "
        f"{u['grootste_verliezer']} het meest "
        f"({getal(u['verlies_fte'], 0)}); {getal(round(u['mensen_geholpen'], -3), 0)} mensen zijn geholpen en "
        f"{getal(round(u['mensen_benadeeld'], -3), 0)} benadeeld"
        for r, u in n.head(3).iterrows()
    ]
    return (
        f"Wie verplaatst, haalt ergens weg: {'; '.join(zinnen)}."
        if zinnen
        else "Geen regel verplaatst hier iets."
    )


def nietzin(a: Spreidingsantwoord) -> str:
    """What no steering solves."""
    niveau = a.grens["niveau"]
    plek = int(niveau.to_numpy().argmax())
    functie, norm = (
        str(niveau.index.get_level_values(0)[plek]),
        float(niveau.index.get_level_values(1)[plek]),
    )
    return (
        f"Het niveau: bij {getal(norm, 0)} ({FUNCTIENAAM[functie]}) is dat {getal(niveau.max(), 0)} fte, en "
        "daarvoor zijn meer "
        "huisartsen of minder werk per patiënt nodig. De afstand tot de dichtstbijzijnde praktijk: geen regel "
        "opent er een. En wie "
        "zelf geen praktijk vindt die open is: sturen verplaatst huisartsen, geen inschrijvingen."
    )


def doelzin(a: Spreidingsantwoord) -> str:
    """How many paths reach zero in time, by growth of need; sources are counted, never their people added."""
    eind = a.paden["zonder"].groupby(level=["vraag", "start", "grens"]).last()
    delen = []
    for vraag, naam in (("demografie", "alleen door demografie"), ("alle_termen", "met alle termen")):
        nul = eind.loc[vraag] <= 0
        delen.append(
            f"groeit de vraag {naam}, dan komen {getal(int(nul.sum()))} van de {getal(len(nul))} beginstanden op nul"
        )
    return (
        f"Dat hangt minder af van sturen dan van hoe hard de vraag groeit en wie men telt: {'; '.join(delen)}. "
        "De bronnen lopen meer "
        "dan een factor tien uiteen en tellen verschillende mensen; wij voegen ze niet samen."
    )


def niet_te_weten(a: Spreidingsantwoord) -> tuple[str, ...]:
    """What public data cannot tell."""
    geen_oordeel = procent(1 - a.bevindingen.deel_beoordeeld)
    verhuist = procent(waarde("regel_verhuizers"))
    return (
        f"hoeveel fte er per gemeente werkt: van {geen_oordeel} van de gemeenten is onbekend of er een tekort is;",
        f"wie er op geld afkomt, en hoeveel huisartsen per jaar van regio wisselen ({verhuist} is een aanname);",
        "wie geen huisarts heeft, waar die mensen wonen en waarom;",
        "welke praktijken open zijn, en wie ver van huis staat ingeschreven;",
        "wat een regel kost: alleen voor D4 is er een bedrag om mee te rekenen (de toeslag voor achterstandswijken);",
        "of een buitenlands effect hier ook optreedt: geen van de regels is in Nederland gemeten.",
    )


def grenstabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The most that steering could solve, ready to show."""
    g = a.grens.reset_index()
    g["functie"] = g["functie"].map(FUNCTIENAAM)
    g["norm"] = g["norm"].map(lambda n: getal(n, 0))
    namen = {
        "tekort": "tekort", "niveau": "niveau", "hoogstens": "spreiding: hoogstens te sturen",
        "hoogstens_laag": "laagste verval", "hoogstens_hoog": "hoogste verval", "verwacht": "verwacht met twijfel",
        "laag": "95% laag", "hoog": "95% hoog", "ruisvloer": "ruisvloer",
    }  # fmt: skip
    return g.set_index(["functie", "norm"])[list(namen)].rename(columns=namen)


def effecttabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """The rules that do anything, side by side, ready to show."""
    n = a.naast.sort_values("opgelost_fte", ascending=False)
    voor = getal(float(n["mensen_voor"].max()), 0)
    namen = {
        "verplaatst_fte": "verplaatst (fte)",
        "toegevoegd_fte": "toegevoegd (fte)",
        "stroomgrens": "hoogstens stuurbaar (fte)",
        "opgelost_fte": "opgelost (fte)",
        "hoogstens_fte": "beste met evenveel fte",
        "benut": "benut",
        "mensen_na": f"mensen tekort na (nu {voor})",
        "mensen_benadeeld": "mensen benadeeld",
    }
    uit = n[list(namen)].rename(columns=namen)
    uit["verliest het meest"] = [
        f"{wie} ({getal(fte, 0)})" if isinstance(wie, str) else None
        for wie, fte in zip(n["grootste_verliezer"], n["verlies_fte"], strict=True)
    ]
    return uit.set_axis(pd.Index([regelnaam(str(r)) for r in uit.index], name="regel"))


def wettabel(a: Spreidingsantwoord) -> pd.DataFrame:
    """Law, lead time, evidence and what was designated, per rule."""
    kaart = bewijs()
    wijst = a.aantal_aangewezen()
    namen = [
        r
        for r in dict.fromkeys(a.vergelijking.index.get_level_values("regel"))
        if r in kaart.index and r != "geen"
    ]
    uit = kaart.loc[namen, ["bewijskracht", "wet", "aanlooptijd"]].join(
        wijst[["gebiedsoort", "aangewezen", "zeker_wel", "zeker_niet", "onbekend"]]
    )
    eind = a.regels(a.jaren[-1])["opgelost_fte"].reindex(namen)
    uit.insert(0, f"opgelost eind {a.jaren[-1]:.0f} (fte)", eind)
    kop = {"bewijskracht": "bewijs", "gebiedsoort": "wijst aan", "aangewezen": "nu aangewezen",
           "zeker_wel": "zeker wel", "zeker_niet": "zeker niet"}  # fmt: skip
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
    """Slope index with interval, concentration and Theil per rule; `gelijkheid` is of `gelijkheid_naast`."""
    uit = {}
    for maat, naam in MATEN.items():
        d = gelijkheid.xs(maat, level="maat")
        uit[naam] = d["waarde"]
        if maat.startswith("helling"):
            uit["95% laag"], uit["95% hoog"] = d["laag"], d["hoog"]
    tabel = pd.DataFrame(uit)
    return tabel.set_axis(pd.Index([regelnaam(str(r)) for r in tabel.index], name="regel"))
