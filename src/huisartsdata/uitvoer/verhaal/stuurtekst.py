"""The answer to D3.5 in words: one page that a minister could read; every number in it is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.bronnen.parameters import parameter, waarde
from huisartsdata.model.aanbodprior import maak_ankers
from huisartsdata.model.tekort import ZEKER
from huisartsdata.model.vrijeplaatsen import DOELJAAR
from huisartsdata.scenario.antwoord.beslissing import advies
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, VERPLAATST
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.regelnamen import KORT, regelnaam, wijst_aan
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.scenario.antwoord.spreidingsantwoord import Spreidingsantwoord

GENOEMD = 3  # rules that the page names with their number; the tables hold them all
KLEIN_TEKORT = 50.0  # fte; below it the best rule solves too little to choose by
WOORDEN = (
    "*Fte: één volle baan. Functie: alle huisartsen, of alleen die met een vaste plek (zonder wisselende waarnemers). "
    "D4: geld van zorgverzekeraars waar het tekort het grootst is (AZWA). Ons beeld is een schatting: hoeveel "
    "huisartsen er per gemeente werken, is niet openbaar.*"
)


def antwoordpagina(a: Spreidingsantwoord) -> str:
    """The one-page answer as Markdown, the advice first."""
    norm = getal(a.situatie.norm, 0)
    delen = {
        f"Wat volgt hieruit (bij {norm} mensen per fte)?": tuple(
            f"- {zin}" for zin in advies(a.bevindingen).values()
        ),
        "Hoeveel is er te sturen?": (verdeelzin(a), ruiszin(a)),
        "Wat lossen regels daarvan op?": (regelzin(a), aannamezin(a)),
        "Wie verliest?": (verlieszin(a),),
        "Wat lost sturen niet op?": (nietzin(a),),
        f"Is eind {DOELJAAR:.0f} niemand meer zonder huisarts?": (doelzin(a),),
    }
    blokken = [
        f"**{kop}**\n\n" + "\n".join(z) if z[0].startswith("- ") else f"**{kop}** " + " ".join(z)
        for kop, z in delen.items()
    ]
    return "\n\n".join([*blokken, WOORDEN])


def verdeelzin(a: Spreidingsantwoord) -> str:
    """Level and distribution at the lead norm, and over all norms and functions, as the picture has them."""
    s, g = a.situatie, a.grens
    kop = a.grens_bij()
    laagste_norm = min(n for f, n in g.index if f == s.functie)
    krap = a.grens_bij(laagste_norm)
    beeld = g[["hoogstens", "hoogstens_laag", "hoogstens_hoog"]]
    heel_land = (
        "Het land als geheel komt bij die norm niets tekort."
        if kop["niveau"] < 1
        else f"Daarvan is {getal(kop['niveau'], 0)} fte een tekort van het hele land, waar anders verdelen niet tegen "
        "helpt."
    )
    uit = (
        f"Bij {getal(s.norm, 0)} mensen per fte ({FUNCTIENAAM[s.functie]}) komen de gemeenten in ons beeld samen "
        f"{getal(kop['tekort'], 0)} fte tekort. {heel_land} Scheef verdeeld, en dus te sturen, "
        f"is **{getal(kop['hoogstens'], 0)} fte** "
        f"({getal(kop['hoogstens_laag'], 0)} tot {getal(kop['hoogstens_hoog'], 0)}, naar hoe ver mensen reizen). "
    )
    if laagste_norm != s.norm:
        uit += (
            f"Bij {getal(laagste_norm, 0)} mensen per fte is het tekort {getal(krap['tekort'], 0)} fte, waarvan "
            f"{getal(krap['niveau'], 0)} van het hele land en {getal(krap['hoogstens'], 0)} scheef verdeeld. "
        )
    return uit + (
        f"Over alle normen en functies: {getal(beeld.min().min(), 0)} tot "
        f"{getal(beeld.max().max(), 0)}. Welke norm geldt, is een keuze."
    )


def ruiszin(a: Spreidingsantwoord) -> str:
    """What doubt about the supply does to the distribution part."""
    kop = a.grens_bij()
    kans = kop["kans_boven_ruis"]
    zeker = kans > ZEKER
    uit = (
        "Dat beeld is gladder dan het echte land, en dus geen maximum. Met onze twijfel over het aanbod is het "
        f"naar verwachting {getal(kop['verwacht'], 0)} fte ({getal(kop['laag'], 0)} tot {getal(kop['hoog'], 0)}). "
        "Maar ook een land met overal even veel huisartsen per hoofd zou bij die twijfel "
        f"{getal(kop['ruisvloer'], 0)} fte laten zien. De verschillen zijn daarmee "
        f"{'groter dan' if zeker else 'niet te scheiden van'} wat wij niet weten"
    )
    return uit + (
        f" (kans {procent(kans)}; zeker noemen wij het boven {procent(ZEKER)})." if np.isfinite(kans) else "."
    )


def regelzin(a: Spreidingsantwoord) -> str:
    """What rules solve by the first and by the last year, capped by flow."""
    eerst, laatst = (a.regels(j) for j in (a.jaren[0], a.jaren[-1]))
    schuift = [r for r in laatst.index if DEFINITIES[_kern(r)].doet == VERPLAATST]
    werkt = laatst.loc[schuift].query("opgelost_fte >= 1").sort_values("opgelost_fte", ascending=False)
    opsomming = ", ".join(
        f"{regelnaam(str(r))} {getal(w, 0)}" for r, w in werkt["opgelost_fte"].head(GENOEMD).items()
    )
    if len(werkt) > GENOEMD:
        opsomming += f"; elke andere {getal(werkt['opgelost_fte'].iloc[GENOEMD], 0)} of minder"
    uit = (
        f"Alleen wie begint of verhuist is te sturen: tot eind {a.jaren[0]:.0f} hooguit "
        f"{getal(eerst['stroomgrens'].max(), 0)} fte. "
        f"Eind {a.jaren[0]:.0f} lost de beste regel in ons beeld {getal(eerst['opgelost_fte'].max(), 0)} fte op bij de "
        "sterkte die wij aannemen, en "
        f"{getal(eerst['opgelost_sterk'].max(), 0)} als elke regel zo sterk werkt als kan. "
    )
    if not (eerst["werkjaren"].reindex(schuift) > 0).all():
        uit += "Een wet en andere opleidingsplaatsen werken dan nog niet. "
    if len(werkt):
        uit += f"Eind {a.jaren[-1]:.0f} is dat, in fte: {opsomming}. {_schattingszin(werkt)}"
    if stil := [r for r in schuift if r not in werkt.index]:
        uit += f"(Bijna) geen effect: {', '.join(_kort(r) for r in stil)}. "
    meer = laatst[laatst["toegevoegd_fte"] > 0].sort_values("opgelost_fte", ascending=False)
    if len(meer):
        r = meer.iloc[0]
        uit += (
            f"Meer opleiden voegt {getal(r['toegevoegd_fte'], 0)} fte toe en lost er, zonder te sturen waar zij gaan "
            f"werken, {getal(r['opgelost_fte'], 0)} op."
        )
    return uit.rstrip()


def _schattingszin(werkt: pd.DataFrame) -> str:
    """What the best rule does when nobody has counted, and after a count."""
    beste = werkt.iloc[0]
    schatting, geteld = (
        f"{getal(beste[m], 0)} ({getal(beste[laag], 0)} tot {getal(beste[hoog], 0)})"
        for m, laag, hoog in (
            ("opgelost_op_schatting", "op_schatting_laag", "op_schatting_hoog"),
            ("opgelost_verwacht", "opgelost_laag", "opgelost_hoog"),
        )
    )
    return (
        f"Dat geldt als ons beeld klopt. Met onze twijfel haalt wie op dit beeld stuurt met {_kort(beste.name)} naar "
        f"verwachting {schatting}; wie eerst telt waar het tekort zit {geteld}. "
    )


def _kern(regel: object) -> str:
    return str(regel).partition(" (")[0]


def trekkingen_van(a: Spreidingsantwoord) -> int:
    """In how many draws the rules ran against each other."""
    return int(a.vergelijking["trekkingen"].max())


def aannamezin(a: Spreidingsantwoord) -> str:
    """Why the order of rules is no finding, and in how many draws it was counted."""
    p, k = parameter("regel_sterkte_geld"), a.koploper(a.jaren[-1])
    uit = (
        f"**Dat geld hier meer oplost dan een wet, is geen bevinding.** Wij namen aan dat {procent(p.waarde)} van de "
        f"starters en verhuizers op geld afkomt (het kan {procent(p.laag or 0.0)} tot {procent(p.hoog or 0.0)} zijn), "
        "en D4 wijst aan op het tekort dat wij zelf tellen. "
    )
    omslag = a.bevindingen.omslag_sterkte
    if np.isfinite(omslag):
        uit += f"Komt minder dan ongeveer {procent(omslag)} op geld af, dan draait de volgorde om. "
    winnaars, op_schatting = ([_kort(r) for r in sorted(set(k[x]))] for x in ("regel", "op_schatting"))
    return uit + (
        f"Het vaakst de beste, over normen en functies ({getal(trekkingen_van(a))} trekkingen elk): na een telling van "
        f"het aanbod {' of '.join(winnaars)}, op onze schatting {' of '.join(op_schatting)}."
    )


def kanszin(a: Spreidingsantwoord) -> str:
    """How exact the chance of being best is, where it says little, and what it is without a count."""
    k, t = a.koploper(a.jaren[-1]), a.grens["tekort"].reset_index()
    breedte = float((k["kans_hoog"] - k["kans_laag"]).max()) / 2
    klein = [
        f"{getal(n, 0)} ({FUNCTIENAAM[f]}): {getal(x, 0)} fte" for f, n, x in t.to_numpy() if x < KLEIN_TEKORT
    ]
    anders = " of ".join(sorted({_kort(r) for r in k["op_schatting"]}))
    uit = (
        f"Elk percentage is geteld in {getal(trekkingen_van(a))} trekkingen en kan door toeval tot zo'n "
        f"{getal(100 * breedte, 0)} procentpunt anders uitvallen; bij {getal(int(k['beslist'].sum()))} van de "
        f"{getal(len(k))} keuzes staat vast welke regel vooraan gaat. Dit geldt als wie stuurt, weet hoeveel "
        f"huisartsen er overal werken. Moet hij het met onze schatting doen, dan is {anders} het vaakst de beste."
    )
    return uit + (
        f" Waar in ons beeld bijna geen tekort is, zegt de beste zijn weinig: {'; '.join(klein)}."
        if klein
        else ""
    )


def _kort(regel: object) -> str:
    return KORT.get(_kern(regel), regelnaam(str(regel)))


def kostenzin(a: Spreidingsantwoord) -> str:
    """Cost per person helped, where a Dutch price is sourced."""
    n = a.naast[a.naast["euro"].notna()]
    zonder = len(a.naast) - len(n)
    zinnen = [
        f"{KORT.get(str(r), str(r))}: ongeveer {getal(round(u['euro'] / 1e6, -1), 0)} miljoen euro tot eind "
        f"{a.jaren[-1]:.0f}, dat is {getal(round(u['euro_per_geholpene'], -2), 0)} euro per mens die per saldo "
        f"geholpen is. Dit is een {u['kosten_reden']}"
        for r, u in n.iterrows()
    ]
    return f"{'; '.join(zinnen)}. Voor {getal(zonder)} andere regels is geen Nederlandse prijs met bron gevonden."


def verlieszin(a: Spreidingsantwoord) -> str:
    """Donor areas, beside the gains."""
    n = a.naast[a.naast["verplaatst_fte"] > 0].sort_values("opgelost_fte", ascending=False)
    zinnen = [
        f"**{KORT.get(str(r), str(r))}** verplaatst {getal(u['verplaatst_fte'], 0)} fte: "
        f"{getal(u['gebieden_minder'])} {wijst_aan(a.aanwijzingen, str(r))} leveren in, {u['grootste_verliezer']} het "
        f"meest ({getal(u['verlies_fte'], 0)}); {getal(round(u['mensen_geholpen'], -3), 0)} mensen gaan vooruit, "
        f"{getal(round(u['mensen_benadeeld'], -3), 0)} achteruit"
        for r, u in n.head(3).iterrows()
    ]
    return (
        f"Wie verplaatst, haalt ergens weg (tot eind {a.jaren[-1]:.0f}). {'. '.join(zinnen)}. Mensen: fte tekort "
        "maal de norm."
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
    te_weinig = (
        f"Een tekort van het hele land: bij {getal(norm, 0)} mensen per fte ({FUNCTIENAAM[functie]}) is dat "
        f"{getal(niveau.max(), 0)} fte. Daarvoor zijn meer huisartsen nodig, of minder werk per patiënt."
        if niveau.max() >= 1
        else "Een tekort van het hele land: dat is er bij geen van deze normen."
    )
    return (
        f"{te_weinig} De afstand tot de dichtstbijzijnde praktijk: geen regel opent er een. En een praktijk die "
        "niemand meer inschrijft: sturen verplaatst huisartsen, geen inschrijvingen."
    )


def doelzin(a: Spreidingsantwoord) -> str:
    """How many paths reach zero in time, by growth of need; sources are counted, never their people added."""
    eind = a.paden["zonder"].groupby(level=["vraag", "start", "grens"]).last()
    delen = []
    for vraag, naam in (
        ("demografie", "Groeit de zorgvraag alleen door meer en oudere mensen"),
        ("alle_termen", "Groeit zij ook door alle andere oorzaken die het Capaciteitsorgaan noemt"),
    ):
        nul = eind.loc[vraag] <= 0
        delen.append(f"{naam}, dan {_komt(int(nul.sum()), len(nul))} op nul")
    return (
        f"{'. '.join(delen)}. De bronnen lopen meer dan een factor tien uiteen en tellen verschillende mensen; wij "
        "voegen ze niet samen. Dit zijn sommen op aannames, geen voorspellingen."
    )


def _komt(nul: int, alle: int) -> str:
    return (
        f"komt geen van de {getal(alle)} tellingen"
        if nul == 0
        else f"komen {getal(nul)} van de {getal(alle)} tellingen"
    )


def nivelzin(nivel: pd.DataFrame) -> str:
    """Ours against what Nivel publishes, as far as the two can be compared; `nivel` is of `naast_nivel`."""
    a, hoogste = maak_ankers(), waarde("aanbod_dichtheid_hoogste")
    per, index = nivel["onze_per_10000"], nivel["onze_index"]
    uit = (
        f"Wij schatten {getal(per.min(), 1)} tot {getal(per.max(), 1)} **fte** per 10.000 inwoners (index "
        f"{getal(index.min(), 0)} tot {getal(index.max(), 0)}). "
    )
    if a.laag is not None and a.landelijk is not None:
        uit += (
            f"Nivel noemt {getal(a.laag, 1)} tot {getal(hoogste, 1)} **personen** per 10.000, land "
            f"{getal(a.landelijk, 1)} (index {getal(100 * a.laag / a.landelijk, 0)} tot "
            f"{getal(100 * hoogste / a.landelijk, 0)}). Personen en fte zijn niet hetzelfde: vergelijk alleen de "
            "index. "
        )
    return uit + (
        "Onze regio's liggen dichter bij elkaar, want waar niets is gepubliceerd, trekt een schatting naar het "
        "gemiddelde; daarom hoort de band van 95% erbij."
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
