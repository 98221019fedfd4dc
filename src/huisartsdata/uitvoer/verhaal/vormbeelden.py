"""Ready-made figures: reach and room, cartogram, norms beside each other, waterfall, ranks, distance over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from huisartsdata.gebieden.kerncijfers import load_afstandreeks
from huisartsdata.gebieden.register import load_gebieden
from huisartsdata.model.tekort import ontleed_tekort, tekortbeeld
from huisartsdata.model.typologie import NIET_GEMETEN, VER_KM, VOL_PROCENT, typeer
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.grafieken.rangfiguur import teken_rangen
from huisartsdata.uitvoer.grafieken.tijdlijn import teken_tijdlijn
from huisartsdata.uitvoer.grafieken.waterval import teken_waterval
from huisartsdata.uitvoer.huisstijl import dagtekst, getal, procent
from huisartsdata.uitvoer.kaarten.bivariaat import teken_bivariaat
from huisartsdata.uitvoer.kaarten.cartogram import teken_cartogram
from huisartsdata.uitvoer.kaarten.indicatoren import Indicator
from huisartsdata.uitvoer.kaarten.kaart import kaartreeks
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.ouderdom import gebruikt
from huisartsdata.uitvoer.verhaal.beelden import (
    GEEN_LICENTIE,
    GRENZEN,
    LICENTIE_KORT,
    REEKSBREUK,
    REEKSBREUKJAAR,
)
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, NORMEN, modelbronregel

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import geopandas as gpd

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

VER_CARTOGRAM = 1.5  # km: from here the cartogram's title calls a gemeente far, as the typology does
MEERVOUD = {
    "regioplus": "regio's",
    "provincie": "provincies",
    "corop": "COROP-gebieden",
    "gemeente": "gemeenten",
    "wijk": "wijken",
}
MAX_NAAM = 20  # characters of a name on a map
KIER = 5.0  # metres: borders of gemeenten that miss each other by less are one border

BEREIK_AS = Indicator(
    naam="afstand_km",
    titel="afstand over de weg tot de dichtstbijzijnde praktijk",
    eenheid="km",
    breekpunten=(1.0, VER_KM),
    palet="oranje",
    richting="hoog_ongunstig",
    decimalen=1,
    uitleg="Gemiddelde van alle inwoners van het gebied. Ver is de grens van de typologie.",
    klassenamen=("minder dan 1,0", f"1,0 tot {getal(VER_KM, 1)}", f"ver: vanaf {getal(VER_KM, 1)}"),
)
RUIMTE_AS = Indicator(
    naam="ruimte_klasse",
    titel="praktijken met een patiëntenstop",
    eenheid="",
    breekpunten=(0.5, 1.5),
    palet="blauw",
    richting="hoog_ongunstig",
    decimalen=0,
    uitleg=f"Uit signalen: vol is minstens {getal(VOL_PROCENT, 0)}% van de praktijken met een stop.",
    klassenamen=("relatief open", "deels vol", f"vol: vanaf {getal(VOL_PROCENT, 0)}%"),
)
RUIMTEN = {"relatief open": 0.0, "deels vol": 1.0, "vol": 2.0}


def _cbs(*namen: str) -> tuple[str, ...]:
    s = gebruikt()
    gekozen = (s.bronnen[n] for n in namen)
    return tuple(f"{b.citatie} ({LICENTIE_KORT.get(b.licentie, GEEN_LICENTIE)})" for b in gekozen)


def regiovlakken(per: str) -> gpd.GeoDataFrame:
    """Areas of a region type as polygons, joined from the gemeenten of the map of the country."""
    import geopandas as gpd

    land = load_kaartgebied().gebieden
    tabel = load_gebieden(per)
    vormen = []
    for gemeenten in tabel["gemeenten"]:
        ruim = shapely.buffer(land.geometry[list(gemeenten)].to_numpy(), KIER, join_style="mitre")
        vormen.append(shapely.buffer(shapely.union_all(ruim), -KIER, join_style="mitre"))
    return gpd.GeoDataFrame(tabel[["naam", "inwoners"]], geometry=vormen, crs=land.crs)


def _som(namen: Sequence[str]) -> str:
    *eerste, laatste = namen
    return f"{', '.join(eerste)} en {laatste}" if eerste else laatste


def _kort(naam: str) -> str:
    """A name that fits on a map: "Haaglanden en Nieuwe Waterweg Noord" is longer than its region is wide."""
    kern, en, _ = naam.partition(" en ")
    return f"{kern} e.o." if en and len(naam) > MAX_NAAM else naam


def ruimtekaart(per: str = "regioplus", *, formaat: str = "a4") -> Figuur:
    """Map of reach x room: how far the practice is (measured) and how full practices are (signals).

    Examples
    --------
    >>> ruimtekaart().titel[:58]
    'In Drenthe, Friesland en Zeeland is de praktijk verder weg'
    """
    t = typeer(per)
    ruimte = t["ruimte"].map(RUIMTEN)
    gemeten = t[ruimte.notna()]
    vlakken = regiovlakken(per)
    wat = MEERVOUD.get(per, "gebieden")
    ver_open = gemeten[(gemeten["bereik"] == "ver") & (gemeten["ruimte"] == "relatief open")]["naam"]
    vol = gemeten[(gemeten["bereik"] == "dichtbij") & (gemeten["ruimte"] == "vol")]
    kop = (
        f"In {_som(sorted(ver_open))} is de praktijk verder weg en zijn relatief weinig patiëntenstops gemeld; "
        if len(ver_open) > 1
        else ""
    )
    bronnen = sorted({str(b) for b in gemeten["bron"]})
    water = load_kaartgebied().water
    figuur = teken_bivariaat(
        vlakken,
        t["afstand_km"],
        ruimte,
        x_as=BEREIK_AS,
        y_as=RUIMTE_AS,
        kop=f"Ver of vol: aantal {wat}",
        titel=f"{kop}{getal(len(vol))} {wat} hebben hem dichtbij en veel stops; in {getal(len(t) - len(gemeten))} "
        f"van de {getal(len(t))} is de ruimte niet gemeten",
        ondertitel="Afstand tot de huisarts (waargenomen) en ruimte, waar die is gemeten (signalen over "
        "patiëntenstops)",
        bronregel=Bronregel(
            (*_cbs("cbs_kerncijfers_2024"), *bronnen, f"{GRENZEN} (CC BY 4.0)"),
            {
                "afstand": "1 januari 2024",
                "signalen": ", ".join(map(dagtekst, sorted(set(gemeten["peildatum"])))),
            },
            toelichting=f"Signalen: kwaliteit {', '.join(sorted(set(gemeten['kwaliteit'])))}; de definitie van een "
            "stop verschilt per bron. Ver en vol zijn een eigen indeling",
        ),
        soort=wat,
        niet_gemeten=NIET_GEMETEN,
        water=water,
        labels=vlakken.loc[gemeten.index, ["naam", "geometry"]].assign(naam=gemeten["naam"].map(_kort)),
        formaat=formaat,
    )
    extra = ["stop_laag", "stop_hoog", "tekst", "peildatum", "bron", "kwaliteit", "type"]
    return replace(figuur, tabel=figuur.tabel.join(t[extra]))


def afstandcartogram(k: Kaartgebied | None = None, *, formaat: str = "a4") -> Figuur:
    """Cartogram of the distance per gemeente: how many people live where the practice is far."""
    k = load_kaartgebied() if k is None else k
    g = k.gebieden
    km, mensen = g["afstand_huisarts_km"], g["inwoners"]
    ver = km >= VER_CARTOGRAM - 1e-9
    land = float(g.geometry[ver].area.sum() / g.geometry.area.sum())
    deel = float(mensen[ver].sum() / mensen.sum())
    naam = g["naam"]
    return teken_cartogram(
        g,
        km,
        "afstand_huisarts_km",
        titel=f"Gemeenten waar de huisarts gemiddeld {getal(VER_CARTOGRAM, 1)} km of verder is, beslaan "
        f"{procent(land)} van het land, maar er woont {procent(deel)} van de mensen",
        ondertitel=f"Elke cirkel is een gemeente, zo groot als haar inwonertal; {k.naam}, 2024",
        bronregel=Bronregel(
            (*_cbs("cbs_kerncijfers_2024"), f"{GRENZEN} (CC BY 4.0)"),
            {"afstand en inwoners": "1 januari 2024"},
            toelichting="Cirkels staan dicht bij hun plaats, niet erop; het vlak eronder is de provincie",
        ),
        soort=k.soort,
        groepen=k.groepen,
        nadruk=tuple(naam.index[naam.isin(["Dordrecht", "Midden-Drenthe"])]),
        formaat=formaat,
    )


def normreeks(
    situatie: Situatie,
    k: Kaartgebied,
    *,
    normen: Sequence[float] = NORMEN,
    trekkingen: int = 1000,
    seed: int = 0,
    executor: Executor | None = None,
    formaat: str = "a4",
) -> Figuur:
    """Small maps of the verdict at several norms: the same draws, the same classes, one legend."""
    kansen, twijfel, delen, oordelen = {}, {}, {}, {}
    for norm in normen:
        beeld = tekortbeeld(
            situatie.vervang(norm=norm), per=_per(k), trekkingen=trekkingen, seed=seed, executor=executor
        ).reindex(k.gebieden.index)
        naam = f"{getal(norm, 0)} per fte"
        kansen[naam], twijfel[naam] = beeld["kans_op_tekort"], beeld["oordeel"] == "onbekend"
        delen[naam] = beeld["oordeel"].value_counts()
        oordelen[naam] = beeld["oordeel"]
    kort = [int(d.get("tekort", 0)) for d in delen.values()]
    weet = [int(d.get("onbekend", 0)) for d in delen.values()]
    alle = pd.DataFrame(oordelen)
    zelfde = int(((alle.nunique(axis=1) == 1) & (alle.iloc[:, 0] != "onbekend")).sum())
    lagen = {n: v for n, v in k.lagen.items() if n != "labels"}
    return kaartreeks(
        k.gebieden,
        kansen,
        "kans_op_tekort",
        titel=f"Van {getal(normen[0], 0)} naar {getal(normen[-1], 0)} patiënten per fte gaat het aantal {k.soort} met "
        f"een zeker tekort van {getal(kort[0])} naar {getal(kort[-1])}; {getal(zelfde) if zelfde else 'geen enkele'} "
        "houdt bij elke norm hetzelfde zekere oordeel",
        ondertitel=f"Oordeel bij verschillende normen, {FUNCTIENAAM[situatie.functie]}; onbekend: "
        f"{_som([getal(w) for w in weet])} van de {getal(len(k.gebieden))}; {k.naam}",
        bronregel=replace(
            modelbronregel(situatie), norm=f"{_som([getal(n, 0) for n in normen])} patiënten per fte"
        ),
        onbekend=twijfel,
        formaat=formaat,
        **lagen,
    )


def _per(k: Kaartgebied) -> str:
    return {"gemeenten": "gemeente", "wijken": "wijk"}[k.soort]


VAST = 1e-6  # fte; an interval narrower than this is the rounding of one number


def splitswaterval(
    situatie: Situatie,
    *,
    per: tuple[str, str] = ("regioplus", "gemeente"),
    trekkingen: int = 1000,
    seed: int = 0,
    executor: Executor | None = None,
    formaat: str = "half",
) -> Figuur:
    """Waterfall of the nested split of the shortage: expectation over the draws, interval and noise floor."""
    d = ontleed_tekort(situatie, per=per, trekkingen=trekkingen, seed=seed, executor=executor)
    groot, klein = (MEERVOUD[p] for p in per)
    namen = {
        "niveau": "niveau: te weinig in heel Nederland",
        "tussen": f"tussen {groot}",
        "binnen": f"binnen {groot}, tussen {klein}",
        "tekort": f"tekort, geteld over {klein}",
    }
    t = pd.DataFrame(
        {
            "waarde": d["verwacht"],
            # the level is national need against national supply: draws spread the fte, they add none
            "laag": d["laag"].where(d["hoog"] - d["laag"] > VAST),
            "hoog": d["hoog"].where(d["hoog"] - d["laag"] > VAST),
            "ruisvloer": d["ruisvloer"].where(d.index.isin(["tussen", "binnen"])),
            "beeld": d["fte"],
        }
    ).rename(index=namen)
    spreiding = float(d.loc[["tussen", "binnen"], "verwacht"].sum())
    ruis = float(d.loc[["tussen", "binnen"], "ruisvloer"].sum())
    niveau, heel = float(t.iloc[0]["waarde"]), float(t.iloc[3]["waarde"])
    return teken_waterval(
        t,
        totaal=namen["tekort"],
        titel=f"Van de {getal(heel, 0)} fte tekort is {getal(niveau, 0)} fte niveau en {getal(spreiding, 0)} fte "
        f"spreiding; onze onzekerheid alleen geeft al {getal(ruis, 0)} fte",
        ondertitel=f"Verwachting over {getal(trekkingen)} trekkingen; {getal(situatie.norm, 0)} patiënten per fte, "
        f"{FUNCTIENAAM[situatie.functie]}",
        bronregel=modelbronregel(situatie, toelichting="Alleen het deel spreiding kan sturen oplossen"),
        eenheid="fte",
        formaat=formaat,
    )


def rangintervallen(
    situatie: Situatie,
    beeld: pd.DataFrame,
    aantal: int = 25,
    *,
    soort: str = "gemeenten",
    formaat: str = "a4",
) -> Figuur:
    """Ranks with their interval: the areas that the picture puts on top, and how far down each may stand.

    Parameters
    ----------
    beeld
        From ``tekortbeeld`` with draws: the ranks are those of shortage per need, 1 the largest.
    """
    tekort = beeld["nodig_fte"] - beeld["bereikt_fte"]
    rang = (tekort / beeld["nodig_fte"]).rank(ascending=False, method="first")
    t = beeld[["naam", "inwoners", "rang_laag", "rang_hoog", "oordeel"]].assign(rang=rang)
    # the picture's own rank may lie outside the draws' interval: the two are different things, both are shown
    top = t.nsmallest(aantal, "rang")
    vast = int((top["rang_hoog"] <= aantal).sum())
    breed = float((top["rang_hoog"] - top["rang_laag"]).median())
    return teken_rangen(
        top,
        plaatsen=len(beeld),
        titel=f"Van de {getal(aantal)} {soort} bovenaan hoort {getal(vast) if vast else 'er geen enkele'} zeker bij "
        f"die {getal(aantal)}; hun interval beslaat bij de helft minstens {getal(breed, 0)} plaatsen",
        ondertitel="Plaats op de lijst van tekort per zorgvraag: stip het beeld, streep 95% van de trekkingen",
        bronregel=modelbronregel(situatie),
        x_naam=f"plaats (1 is het grootste tekort per zorgvraag van de {getal(len(beeld))} {soort})",
        formaat=formaat,
    )


def afstandtijdlijn(gebieden: Mapping[str, tuple[str, str]], *, formaat: str = "half") -> Figuur:
    """Distance over the years, name -> (type, code), with the break of 2019-2022 as a gap that shows."""
    t = pd.DataFrame({n: load_afstandreeks(per).loc[code] for n, (per, code) in gebieden.items()})
    t = t.rename_axis("jaar")
    jaren = t.index.to_numpy(dtype=int)
    voor, na = int(jaren[jaren < REEKSBREUKJAAR].max()), int(jaren[jaren >= REEKSBREUKJAAR].min())
    eerste = str(t.columns[0])
    reeks = t[eerste]
    van, tot = float(reeks.loc[int(jaren.min())]), float(reeks.loc[voor])
    later = [float(reeks.loc[j]) for j in (na, int(jaren.max()))]
    return teken_tijdlijn(
        t,
        titel=f"Van {jaren.min()} tot {voor} ging de afstand in {eerste} van {getal(van, 2)} naar {getal(tot, 2)} km, "
        f"van {na} tot {jaren.max()} van {getal(later[0], 2)} naar {getal(later[1], 2)}; de sprong ertussen is een "
        "breuk",
        ondertitel="Gemiddelde afstand over de weg tot de dichtstbijzijnde praktijk (km)",
        bronregel=Bronregel(
            (*_cbs("cbs_nabijheid_reeks"), f"{GRENZEN} (CC BY 4.0)"),
            {"afstand": ", ".join(map(str, np.sort(jaren)))},
            status=("afgeleid",),
            toelichting=f"Alle jaren op de gebieden van 2024. Let op: {REEKSBREUK}",
        ),
        eenheid="km",
        decimalen=2,
        breuken={(voor, na): "breuk: niet vergelijkbaar"},
        formaat=formaat,
    )
