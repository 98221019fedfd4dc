"""Before, after and difference of an outage and of a steering rule, and the months after an outage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.gebieden.register import load_gemeenten
from huisartsdata.uitvoer.grafieken.maandverloop import Strook, teken_maandverloop
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.kaarten.indicatoren import get_indicator
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.uitvoer.kaarten.kaartvergelijking import VERSCHIL_BEREIK, teken_verschil
from huisartsdata.uitvoer.verhaal.bereikverlies import (
    INDICATOR,
    WAAROM_ONBEKEND,
    load_bereikverlies,
    reach_before_after,
    unsure_classes,
)
from huisartsdata.uitvoer.verhaal.oordelen import hoeveel
from huisartsdata.uitvoer.verhaal.regelnamen import regelnaam
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM, modelbronregel
from huisartsdata.uitvoer.verhaal.uitvalfiguren import WAT_ALS, van_welke

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.sturen.regelverslag import Regeluitkomst
    from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval
    from huisartsdata.scenario.wegvallen.uitvalmaatregelen import Maatregel
    from huisartsdata.scenario.wegvallen.uitvalverloop import Verloop
    from huisartsdata.uitvoer.figuur import Figuur
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

MERKBAAR_FTE = 0.1  # fte per 10,000: up to this is no change on a map
ZEKER = 0.9
MAATREGELEN = {
    "waarneming": "waarneming",
    "heropening": "heropening",
    "overname": "overname",
    "nieuwe_praktijk": "nieuwe praktijk",
}


def uitvalverschil(u: Uitval, k: Kaartgebied | None = None, *, formaat: str = "a4") -> Figuur:
    """Reach before and after an outage, and the loss in percent, per wijk.

    A loss is ``onbekend`` where the five decays disagree by more than one class.

    Parameters
    ----------
    u
        The outage.
    k
        Wijken to show; default those of the gemeente with what lies around.
    """
    k = load_kaartgebied([u.gm_code], niveau="wijk") if k is None else k
    verlies = load_bereikverlies(u, k.gebieden.index)
    wat = f"Bereikbare huisartsenzorg voor en na, en het verlies; {getal(u.fte, 1)} fte valt weg, {k.naam}"
    lagen = {n: v for n, v in k.lagen.items() if n != "labels"}
    return teken_verschil(
        k.gebieden,
        verlies.voor["beeld"],
        verlies.na["beeld"],
        "bereik_fte_per_10000",
        get_indicator(INDICATOR),
        waarden_verschil=verlies.verlies["beeld"],
        titel=f"Na de uitval van een praktijk met {getal(u.patienten, 0)} patiënten {verlies.zin(k.soort)}",
        ondertitel=". ".join(filter(None, [wat, verlies.rest(k.soort)])),
        bronregel=modelbronregel(u.situatie, met_norm=False, toelichting=WAT_ALS),
        namen=("Voor", "Na", "Verlies"),
        onbekend={"verschil": verlies.onzeker},
        formaat=formaat,
        **lagen,
    )


def bereikverschil(voor: Situatie, na: Situatie, k: Kaartgebied, *, wat: str, formaat: str = "a4") -> Figuur:
    """Reach before and after any measure, and the change; ``onbekend`` where the five decays disagree.

    Parameters
    ----------
    voor, na
        The pictures before and after.
    k
        Gemeenten or wijken.
    wat
        The measure, as the title begins: ``een dependance``.
    """
    index = k.gebieden.index
    per = {"gemeenten": "gemeente", "wijken": "wijk"}[k.soort]
    eerst, straks = (t.reindex(index) for t in reach_before_after(voor, na, per=per))
    delta = straks - eerst
    onzeker = unsure_classes(delta, VERSCHIL_BEREIK)
    meer, minder = (int(((d > MERKBAAR_FTE) & ~onzeker).sum()) for d in (delta["beeld"], -delta["beeld"]))
    licht = int(((delta["beeld"] < 0) & (delta["beeld"] >= -MERKBAAR_FTE)).sum())
    lagen = {n: v for n, v in k.lagen.items() if n != "labels"}
    return teken_verschil(
        k.gebieden,
        eerst["beeld"],
        straks["beeld"],
        "bereik_fte_per_10000",
        VERSCHIL_BEREIK,
        waarden_verschil=delta["beeld"],
        titel=f"Door {wat} groeit het bereik in {getal(meer)} van de {getal(len(index))} {k.soort} met meer dan "
        f"{getal(MERKBAAR_FTE, 1)} fte per 10.000; in {hoeveel(minder)} krimpt het zoveel, "
        f"in {hoeveel(licht)} een beetje",
        ondertitel=f"Bereikbare huisartsenzorg voor en na, en de verandering; {k.naam}, {FUNCTIENAAM[voor.functie]}. "
        f"{WAAROM_ONBEKEND} ({getal(int(onzeker.sum()))} {k.soort})",
        bronregel=modelbronregel(voor, met_norm=False, toelichting="Wat-als, geen plan van een praktijk"),
        namen=("Voor", "Na", "Verandering"),
        onbekend={"verschil": onzeker},
        formaat=formaat,
        **lagen,
    )


def regelverschil(
    situatie: Situatie, uitkomst: Regeluitkomst, k: Kaartgebied | None = None, *, formaat: str = "a4"
) -> Figuur:
    """Reach before and after a steering rule, and the change, per gemeente.

    The change is ``onbekend`` where the draws do not settle whether the rule designates the area, or where the five
    decays disagree by more than one class.

    Parameters
    ----------
    situatie
        The picture the rule worked on.
    uitkomst
        Of ``scenario.stuurregel``, with draws.
    """
    k = load_kaartgebied() if k is None else k
    index = k.gebieden.index
    voor, na = reach_before_after(situatie, uitkomst.situatie, per="gemeente")
    verschil = (na - voor).reindex(index)
    kans = designation_chance(uitkomst, index)
    wankel = (kans >= 1 - ZEKER) & (kans <= ZEKER)
    onzeker = unsure_classes(verschil, VERSCHIL_BEREIK) | wankel
    delta = verschil["beeld"]
    meer, minder = (int(((d > MERKBAAR_FTE) & ~onzeker).sum()) for d in (delta, -delta))
    lagen = {n: v for n, v in k.lagen.items() if n != "labels"}
    naam = regelnaam(uitkomst.regel)
    figuur = teken_verschil(
        k.gebieden,
        voor["beeld"].reindex(index),
        na["beeld"].reindex(index),
        "bereik_fte_per_10000",
        VERSCHIL_BEREIK,
        waarden_verschil=delta,
        titel=f"Onder {naam} gaan {getal(meer)} van de {getal(len(index))} {k.soort} er vrijwel zeker op vooruit "
        f"en {getal(minder)} op achteruit; van {getal(int(onzeker.sum()))} is het niet te zeggen",
        ondertitel=f"Bereik nu, eind {uitkomst.jaar} met de regel, en de verandering (alleen meer dan 0,1 fte per "
        "10.000). Onbekend: de trekkingen zijn het niet eens over wie de regel aanwijst; "
        f"{FUNCTIENAAM[situatie.functie]}",
        bronregel=modelbronregel(
            situatie, toelichting="Hoe sterk een regel werkt en wanneer hij begint, zijn aannames"
        ),
        namen=("Nu", f"Eind {uitkomst.jaar}", "Verandering"),
        onbekend={"verschil": onzeker},
        formaat=formaat,
        **lagen,
    )
    extra = pd.concat({"verschil": pd.DataFrame({"kans_aangewezen": kans})}, names=["paneel"])
    return replace(figuur, tabel=figuur.tabel.join(extra))


def designation_chance(uitkomst: Regeluitkomst, index: pd.Index) -> pd.Series:
    """Chance that the rule designates each area; regions of the rule pass theirs on to their gemeenten."""
    a = uitkomst.aangewezen
    kans = a["kans"] if "kans" in a else a["aangewezen"].astype(float)
    if index.isin(a.index).any():
        return kans.groupby(level=0).max().reindex(index)
    gm = load_gemeenten()
    kolommen = [c for c in gm.columns if c.endswith("_code")]
    per = next((c for c in kolommen if gm[c].isin(a.index).all()), None)
    if per is None:
        return pd.Series(np.nan, index=index)
    uit: pd.Series = gm[per].map(kans.groupby(level=0).max()).reindex(index)
    return uit


def maandfiguur(u: Uitval, verlopen: Mapping[str, Verloop], *, formaat: str = "a4") -> Figuur:
    """Where the people of a lost practice are month by month, per package of measures.

    Parameters
    ----------
    u
        The outage.
    verlopen
        Package -> its course.
    """
    namen = {"zonder": "zonder huisarts", "tijdelijk": "bij een waarnemer", "vast": "vast ingeschreven"}
    standen, stroken, banden = {}, {}, {}
    for naam, v in verlopen.items():
        m = v.maanden
        standen[naam] = pd.DataFrame({lang: m[f"{kort}_verwacht"] for kort, lang in namen.items()})
        grens = {f"{namen['zonder']}_{k}": m[f"zonder_{k}"] for k in ("laag", "hoog")}
        banden[naam] = pd.DataFrame(grens)
        stroken[naam] = [_strook(mr) for mr in v.maatregelen]
    eind = int(next(iter(standen.values())).index[-1])
    beste = min(verlopen, key=lambda n: verlopen[n].patientmaanden_zonder["verwacht"])
    slechtste = max(verlopen, key=lambda n: verlopen[n].patientmaanden_zonder["verwacht"])
    half = {n: _halfweg(s, u.patienten) for n, s in standen.items()}
    # the band of one state, as lines over a stack of three, is read as a border of the stack: `verloopgrafiek` draws
    # it by itself, here it stands in the table
    figuur = teken_maandverloop(
        standen,
        titel=f"De helft van de patiënten staat bij ‘{beste}’ {_zin(half[beste], eind)}, bij ‘{slechtste}’ "
        f"{_zin(half[slechtste], eind)}".replace("VAST", "vast ingeschreven", 1).replace(" VAST", ""),
        ondertitel=f"Verwacht aantal van {van_welke(u)}; balk: maatregel, lichtgrijs: begin "
        "onzeker; hoe zeker het aantal zonder huisarts is, staat in de figuur met banden",
        bronregel=modelbronregel(u.situatie, met_norm=False, toelichting=WAT_ALS),
        stroken=stroken,
        x_naam="maanden na de uitval",
        formaat=formaat,
    )
    return replace(figuur, tabel=figuur.tabel.join(pd.concat(banden, names=["paneel", "maand"])))


def _halfweg(standen: pd.DataFrame, patienten: float) -> int | None:
    """First month from which more than half of the people have a GP for good."""
    vast = standen.iloc[:, -1] > patienten / 2
    return int(np.argmax(vast.to_numpy())) if bool(vast.any()) else None


def _zin(maand: int | None, eind: int) -> str:
    return f"na {eind} maanden nog niet VAST" if maand is None else f"na {maand} maanden VAST"


def _strook(maatregel: Maatregel) -> Strook:
    vanaf, tot = maatregel.vanaf_maand, maatregel.tot_maand
    vroeg, laat = vanaf if isinstance(vanaf, tuple) else (vanaf, vanaf)
    einde = tot[1] if isinstance(tot, tuple) else tot
    return Strook(
        MAATREGELEN[maatregel.soort], float(vroeg), float(laat), None if einde is None else float(einde)
    )
