"""Charts of steering the spreading: what it could reach, what rules do, which is best, who loses, who is designated."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.model.tekort import ZEKER
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, MEETLAT, VERPLAATST
from huisartsdata.uitvoer.grafieken.bandgrafiek import teken_bandgrafiek
from huisartsdata.uitvoer.grafieken.roostergrafiek import teken_rooster
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart, kaartreeks
from huisartsdata.uitvoer.verhaal.aanwijzing import AANGEWEZEN, NIET, ONZEKER, WEL, tel_aanwijzing
from huisartsdata.uitvoer.verhaal.oordelen import hoeveel
from huisartsdata.uitvoer.verhaal.regelnamen import KORT, regelnaam
from huisartsdata.uitvoer.verhaal.splitsbeeld import teken_ruisbeeld
from huisartsdata.uitvoer.verhaal.stuurtekst import trekkingen_van
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, modelbronregel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.antwoord.spreidingsantwoord import Spreidingsantwoord
    from huisartsdata.uitvoer.figuur import Bronregel, Figuur
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

WEINIG = 0.05  # a rule that designates fewer of its areas, or more than all but these, steers nobody
AANNAME = "Hoe sterk een regel werkt en wanneer hij begint, zijn aannames"


def stuurbron(situatie: Situatie, toelichting: str = AANNAME, *, met_norm: bool = True) -> Bronregel:
    """Source line of a figure on rules: model and assumptions."""
    return replace(
        modelbronregel(situatie, toelichting=toelichting, met_norm=met_norm),
        status=("modelschatting", "aanname"),
    )


def norm_voluit(situatie: Situatie) -> str:
    """Norm and function in words."""
    return f"{getal(situatie.norm, 0)} mensen per fte, {FUNCTIENAAM[situatie.functie]}"


def splitsfiguur(antwoord: Spreidingsantwoord, *, formaat: str = "a4") -> Figuur:
    """What steering could solve at most, for every norm and function: picture, doubt and noise floor."""
    g = antwoord.grens
    namen = {"hoogstens": "waarde", "hoogstens_laag": "waarde_laag", "hoogstens_hoog": "waarde_hoog"}
    tabel = g.rename(columns=namen).set_axis(pd.Index([f"{f}_{n:.0f}" for f, n in g.index], name="keuze"))
    tabel.insert(0, "naam", [f"{getal(n, 0)}, {FUNCTIENAAM[f]}" for f, n in g.index])
    eigen = f"{antwoord.situatie.functie}_{antwoord.situatie.norm:.0f}"
    boven = int((g["kans_boven_ruis"] > ZEKER).sum())
    uit = (
        "bij geen enkele keuze steekt de verdeling zeker boven de ruisvloer uit"
        if boven == 0
        else f"bij {getal(boven)} van de {getal(len(g))} keuzes steekt de verdeling zeker boven de ruisvloer uit"
    )
    return teken_ruisbeeld(
        tabel.sort_values("waarde", ascending=False, kind="stable"),
        titel=f"Scheef verdeeld is in ons beeld {getal(g['hoogstens_laag'].min(), 0)} tot "
        f"{getal(g['hoogstens_hoog'].max(), 0)} fte, en met onze twijfel naar verwachting "
        f"{getal(g['verwacht'].min(), 0)} tot {getal(g['verwacht'].max(), 0)}, naar norm en functie; {uit}",
        ondertitel="Alleen wat scheef verdeeld is, kan sturen oplossen. Dunne streep: naar hoe ver "
        "mensen reizen. Ruisvloer: wat twijfel zou tonen als overal even veel huisartsen waren",
        bronregel=replace(
            stuurbron(antwoord.situatie, "Norm en functie staan bij elke regel", met_norm=False), functie=""
        ),
        eenheid="fte",
        nadruk=[eigen],
        formaat=formaat,
    )


def regelfiguur(antwoord: Spreidingsantwoord, jaar: int, *, formaat: str = "a4") -> Figuur:
    """What each rule solves by a year: if our picture is right, steered on our estimate, and steered on a count."""
    t = antwoord.regels(jaar)
    t = t[[_telt(r) for r in t.index]].sort_values("opgelost_fte", ascending=False, kind="stable")
    tabel = pd.DataFrame(
        {
            "naam": [f"{regelnaam(str(r))}{_stil(antwoord, r, u)}" for r, u in t.iterrows()],
            "waarde": t["opgelost_fte"],
            "waarde_laag": t[["opgelost_zwak", "opgelost_fte"]].min(axis=1),
            "waarde_hoog": t[["opgelost_sterk", "opgelost_fte"]].max(axis=1),
            "verwacht": t["opgelost_op_schatting"],
            "laag": t["op_schatting_laag"],
            "hoog": t["op_schatting_hoog"],
            "ruisvloer": t["opgelost_verwacht"],
        },
        index=t.index,
    )
    # a rule that cannot be computed has a name and no dot: a dot at 0 would say that it does nothing
    leeg = [DEFINITIES[str(r).partition(" (")[0]].niet_te_modelleren is not None for r in tabel.index]
    tabel.loc[leeg, tabel.columns[1:]] = np.nan
    voor = float(t["tekort_voor"].iloc[0])
    schuift = tabel[[DEFINITIES[str(r).partition(" (")[0]].doet == VERPLAATST for r in tabel.index]]
    beste = str(schuift["waarde"].idxmax())
    rij = {k: float(schuift[k].to_dict()[beste]) for k in ("waarde", "laag", "hoog")}
    figuur = teken_ruisbeeld(
        tabel,
        titel=f"Eind {jaar:.0f} lost van de regels die verplaatsen {KORT.get(beste, regelnaam(beste))} het meeste op: "
        f"{getal(rij['waarde'], 0)} van de {getal(voor, 0)} fte tekort in ons beeld; wie stuurt op onze schatting, "
        f"haalt {getal(rij['laag'], 0)} tot {getal(rij['hoog'], 0)}",
        ondertitel=f"Opgelost tekort over gemeenten (fte), {norm_voluit(antwoord.situatie)}; dunne streep: zwakste tot "
        "sterkste werking",
        bronregel=stuurbron(
            antwoord.situatie,
            f"{AANNAME}. Wie eerst telt, stuurt op het werkelijke tekort; dat is naar verwachting groter dan in ons "
            "beeld, en dus ook wat er op te lossen is. De aanlooptijd is mee geloot: wat volgens plan nog niet werkt, "
            "werkt in sommige trekkingen al",
        ),
        eenheid="fte",
        namen=("als ons beeld klopt", "gestuurd op onze schatting, 95%", "gestuurd na een telling, verwacht"),
        formaat=formaat,
    )
    namen = {"ruisvloer": "na_telling", "verwacht": "op_schatting", "laag": "op_schatting_laag",
             "hoog": "op_schatting_hoog"}  # fmt: skip
    kolommen = ["opgelost_laag", "opgelost_hoog", "werkjaren", "stroomgrens", "verplaatst_fte", "toegevoegd_fte",
                "deel_van_tekort", "mensen_geholpen", "mensen_benadeeld", "grootste_verliezer",
                "verlies_fte"]  # fmt: skip
    return replace(figuur, tabel=figuur.tabel.rename(columns=namen).join(t[kolommen]))


def _stil(antwoord: Spreidingsantwoord, regel: object, rij: pd.Series) -> str:
    """Why a rule solves nothing in the picture; empty for one that solves something."""
    kern = str(regel).partition(" (")[0]
    if rij["opgelost_fte"] >= 1 or DEFINITIES[kern].niet_te_modelleren:
        return ": niet te berekenen" if DEFINITIES[kern].niet_te_modelleren else ""
    if not rij["werkjaren"]:
        return ": werkt nog niet"
    a = antwoord.aanwijzingen
    if kern not in a.index.get_level_values("regel"):
        return ""
    deel = float(a.xs(kern, level="regel")["aangewezen"].mean())
    return (
        ": wijst bijna niemand aan"
        if deel < WEINIG
        else ": wijst bijna iedereen aan"
        if deel > 1 - WEINIG
        else ""
    )


def _telt(regel: object) -> bool:
    return DEFINITIES[str(regel).partition(" (")[0]].doet != MEETLAT and str(regel) != "geen"


def kansfiguur(antwoord: Spreidingsantwoord, jaar: int, *, formaat: str = "a4") -> Figuur:
    """How often each rule is the best, per norm and function; the number of draws stands beside it."""
    k = antwoord.kans_beste(jaar)
    winnaars = k.idxmax()
    tabel = k.set_axis([regelnaam(str(r)) for r in k.index]).rename_axis("regel")
    namen = {"alle": "alle", "zonder_wisselend": "vast"}
    paren = zip(k.columns.get_level_values("functie"), k.columns.get_level_values("norm"), strict=True)
    tabel.columns = pd.Index([f"{getal(float(n), 0)} {namen[str(f)]}" for f, n in paren])
    return teken_rooster(
        tabel,
        titel="Ook na een telling van het aanbod is geen regel altijd de beste: welke het vaakst wint, hangt af van "
        "norm en functie"
        if winnaars.nunique() > 1
        else f"{regelnaam(str(winnaars.iloc[0]))} is na een telling bij elke norm en functie het vaakst de beste",
        ondertitel=f"Deel van {getal(trekkingen_van(antwoord))} trekkingen waarin de regel eind {jaar:.0f} het meeste "
        "tekort oplost; aanbod, sterkte en aanloop zijn geloot",
        bronregel=replace(
            stuurbron(
                antwoord.situatie,
                "De regel werkt op het aanbod van de trekking, als na een telling. D4 wijst aan op het tekort dat hier "
                "wordt geteld, en is daarmee in het voordeel",
                met_norm=False,
            ),
            functie="",
        ),
        rij_naam="regels die minstens één keer de beste zijn",
        kolom_naam="norm, en of alle huisartsen tellen of alleen de vaste (zonder wisselende waarnemers)",
        eenheid="%",
        formaat=formaat,
    )


def verlieskaarten(
    antwoord: Spreidingsantwoord, k: Kaartgebied, regels: Sequence[str], *, formaat: str = "a4"
) -> Figuur:
    """Small maps of what each gemeente gains and loses: the losers stand beside the winners.

    Parameters
    ----------
    antwoord
        The answer.
    k
        Map of gemeenten.
    regels
        Rules of `antwoord.uitkomsten`, one map each.
    """
    inwoners = k.gebieden["inwoners"]
    p = antwoord.situatie.praktijken
    voor = p["fte"].groupby(p["gm_code"]).sum()
    reeks, minder = {}, {}
    grens = _VERSCHIL.breekpunten[1]
    for r in regels:
        q = antwoord.uitkomsten[r].situatie.praktijken
        anders = q["fte"].groupby(q["gm_code"]).sum() - voor
        reeks[KORT.get(r, r)] = (anders.reindex(inwoners.index).fillna(0.0) / inwoners * 10_000) + 0.0
        minder[r] = int((reeks[KORT.get(r, r)] < grens).sum())
    lagen = {n: v for n, v in k.lagen.items() if n != "labels"}
    delen = [
        f"{getal(n)}{' gemeenten' * (i == 0)} bij {KORT.get(r, r)}" for i, (r, n) in enumerate(minder.items())
    ]
    samen = " en ".join(filter(None, [", ".join(delen[:-1]), delen[-1]]))
    return kaartreeks(
        k.gebieden,
        reeks,
        _VERSCHIL,
        titel=f"Wat de een wint, levert een ander in: {samen} raken meer dan {getal(-grens, 1)} fte per 10.000 "
        "inwoners kwijt",
        ondertitel=f"Verandering van de fte in de gemeente tot eind {antwoord.jaren[-1]:.0f} (blauw is meer, bruin "
        f"met strepen is minder), in ons beeld zelf{_twijfel(antwoord, regels)}; {norm_voluit(antwoord.situatie)}",
        bronregel=replace(stuurbron(antwoord.situatie), status=("modelschatting",)),
        formaat=formaat,
        **lagen,
    )


def _twijfel(antwoord: Spreidingsantwoord, regels: Sequence[str]) -> str:
    """Of how many gemeenten it cannot be told whether each rule designates them: a map travels alone."""
    bekend = antwoord.aanwijzingen.index.get_level_values("regel")
    tel = {r: tel_aanwijzing(antwoord.aanwijzingen.loc[r]["kans"])[ONZEKER] for r in regels if r in bekend}
    namen = ", ".join(f"{KORT.get(r, r)} {getal(n)}" for r, n in tel.items())
    return f"; gemeenten waarvan niet te zeggen is of de regel ze aanwijst: {namen}" if tel else ""


def sterktefiguur(antwoord: Spreidingsantwoord, *, formaat: str = "a4") -> Figuur:
    """Solved shortage against how strongly a rule works: the order of money and law is an assumption."""
    reeks = antwoord.sterkte.rename(columns=KORT)
    omslag = antwoord.bevindingen.omslag_sterkte
    reeks.index = pd.Index(100 * reeks.index.to_numpy(dtype="float64"))
    klaar = (reeks.iloc[-1] - reeks).abs().max(axis=1) < 1  # beyond it all lines are level
    tot = float(reeks.index.to_numpy(dtype="float64")[int(klaar.to_numpy().argmax())])
    reeks = reeks.loc[:tot]
    titel = (
        "Hoeveel starters en verhuizers op geld afkomen, heeft niemand gemeten; vanaf ongeveer "
        f"{procent(omslag)} lost het meer op dan een wet die iedereen volgt"
        if np.isfinite(omslag)
        else "Geld lost bij geen enkele sterkte meer op dan een wet op volle sterkte"
    )
    return teken_bandgrafiek(
        reeks,
        titel=titel,
        ondertitel=f"Opgelost tekort eind {antwoord.jaren[-1]:.0f} (fte) in ons beeld; boven {getal(tot, 0)}% "
        f"verandert er vrijwel niets meer; {norm_voluit(antwoord.situatie)}",
        bronregel=stuurbron(
            antwoord.situatie,
            "D4 en Frankrijk wijzen gemeenten aan, Denemarken regio's; D4 op het tekort dat hier wordt geteld",
        ),
        x_naam="sterkte: procent van de starters en verhuizers dat meegaat",
        eenheid="fte",
        formaat=formaat,
    )


def aanwijskaart(antwoord: Spreidingsantwoord, k: Kaartgebied, regel: str, *, formaat: str = "a4") -> Figuur:
    """Map of the chance that a gemeente would be designated under a rule today."""
    t = antwoord.aanwijzingen.loc[regel].reindex(k.gebieden.index)
    tel = tel_aanwijzing(t["kans"])
    figuur = gebiedskaart(
        k.gebieden,
        t["kans"],
        AANGEWEZEN,
        titel=f"Van {getal(tel[ONZEKER])} van de {getal(len(t))} gemeenten is niet te zeggen of "
        f"{KORT.get(regel, regel)} hen zou aanwijzen: {hoeveel(tel[WEL])} {WEL}, {hoeveel(tel[NIET])} {NIET}",
        ondertitel=f"Kans dat de regel een gemeente vandaag zou aanwijzen; in ons beeld zelf zijn het er "
        f"{getal(int(t['aangewezen'].sum()))}; {norm_voluit(antwoord.situatie)}",
        bronregel=modelbronregel(antwoord.situatie),
        formaat=formaat,
        **k.lagen,
    )
    maat = pd.DataFrame({"maat": t["waarde"], "drempel": t["drempel"], "aangewezen": t["aangewezen"]})
    return replace(figuur, tabel=figuur.tabel.join(maat))


_VERSCHIL = Indicator(
    naam="verschil_fte_per_10000",
    titel="Verandering van de fte huisartsen",
    eenheid="fte per 10.000 inwoners",
    # symmetric: both limits of a class belong to the class nearest zero
    breekpunten=(-0.5, -0.1, float(np.nextafter(0.1, 1.0)), float(np.nextafter(0.5, 1.0))),
    palet="tweezijdig",
    richting="hoog_gunstig",
    decimalen=1,
    uitleg="Fte in de gemeente na min voor, per 10.000 inwoners; negatief is inleveren.",
    klassenamen=(
        "meer dan 0,5 minder",
        "0,1 tot 0,5 minder",
        "hoogstens 0,1 verschil",
        "0,1 tot 0,5 meer",
        "meer dan 0,5 meer",
    ),
)
