"""Maps, charts and tables of reach, shortage and how sure they are; titles are computed, never typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.model.onzekerheid import snelheidsfactoren, vervalreeks
from huisartsdata.model.tekort import ontleed_tekort, tekortbeeld
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart
from huisartsdata.uitvoer.ouderdom import gebruikt
from huisartsdata.uitvoer.verhaal.beelden import GEEN_LICENTIE, GRENZEN, LICENTIE_KORT
from huisartsdata.uitvoer.verhaal.oordelen import bereikoordeel, oordeelzin

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

FUNCTIENAAM = {"alle": "alle huisartsen", "zonder_wisselend": "zonder wisselende waarnemers"}
NORMEN = (1800, 2095, 2350)


def modelbronregel(situatie: Situatie, *, toelichting: str = "", met_norm: bool = True) -> Bronregel:
    """Source line of a model figure: all inputs with their reference date, norm, function, status, decay."""
    s = gebruikt()
    namen = ("praktijktelling_2026", "cbs_kerncijfers_2024", "cbs_bevolking_pc4_2021")
    bronnen = [
        f"{b.citatie} ({LICENTIE_KORT.get(b.licentie, GEEN_LICENTIE)})" for b in (s.bronnen[n] for n in namen)
    ]
    bronnen += [
        f"{GRENZEN} (CC BY 4.0)",
        "Capaciteitsorgaan 2025 (fte)",
        "Nivel 2017 (contacten) en 2022 (dichtheid)",
    ]
    bronnen += situatie.herkomst[:1]
    return Bronregel(
        tuple(bronnen),
        {
            "praktijken": "maart 2026",
            "inwoners": "1 januari 2024",
            "leeftijden": "2021",
            "fte": "2025",
            "dichtheid": "2022",
            "contacten": "2017",
        },
        status=("modelschatting",),
        norm=f"{getal(situatie.norm, 0)} patiënten per fte" if met_norm else "",
        functie=FUNCTIENAAM[situatie.functie],
        toelichting=f"{bereikzin(situatie)}. Reistijd: {_motor(situatie)}. Praktijken over de grens tellen niet mee"
        + (f". {toelichting}" if toelichting else ""),
        techniek=f"{situatie.methode}, {situatie.verval.beschrijving}",
    )


def bereikzin(situatie: Situatie) -> str:
    """Method and decay in plain words; their names stand in the provenance (`Bronregel.techniek`)."""
    v = situatie.verval
    if v.naam == "binair" or situatie.methode == "2sfca":
        weegt = (
            f"binnen {getal(v.reikwijdte, 0)} minuten telt elke praktijk even zwaar, verder weg telt er geen"
        )
    else:
        weegt = "een praktijk dichtbij telt zwaarder dan een verder weg"
        if np.isfinite(v.reikwijdte):
            weegt += f", en na {getal(v.reikwijdte, 0)} minuten telt er geen"
    return f"Mensen delen de huisartsen die zij kunnen bereiken: {weegt}"


def _motor(situatie: Situatie) -> str:
    bron = situatie.reistijden.herkomst
    return f"{bron.motor} {bron.versie}".strip()


def bereikkaart(situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of the fte that people reach, per 10,000 standardised patients."""
    reik = beeld["bereik_fte_per_10000"].reindex(k.gebieden.index)
    land = situatie.aanbod_fte / float(situatie.vraag.sum()) * 10_000
    laag, hoog = reik.quantile([0.1, 0.9])
    twijfel = ""
    if "kans_onder_gemiddeld" in beeld:  # a picture travels without its neighbour
        zin = bereikoordeel(beeld["kans_onder_gemiddeld"].reindex(k.gebieden.index), k.soort)[0]
        twijfel = f". {zin}"
    figuur = gebiedskaart(
        k.gebieden,
        reik,
        "bereik_fte_per_10000",
        titel=f"Van de {k.soort} bereikt een tiende minder dan {getal(laag, 1)} en een tiende meer dan "
        f"{getal(hoog, 1)} fte per 10.000 standaardpatiënten; gemiddeld {getal(land, 1)}",
        ondertitel=f"Bereikbare huisartsenzorg, {k.naam}: schatting{twijfel}",
        bronregel=modelbronregel(situatie, met_norm=False),
        formaat=formaat,
        **k.lagen,
    )
    extra = [c for c in ("laag", "hoog", "kans_onder_gemiddeld") if c in beeld]
    return replace(figuur, tabel=figuur.tabel.join(beeld[extra]))


def bereikzekerheid(
    situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied, *, formaat: str = "a4"
) -> Figuur:
    """Map of where reach is surely below or above the national mean; the rest is unknown."""
    kans = beeld["kans_onder_gemiddeld"].reindex(k.gebieden.index)
    titel, rest = bereikoordeel(kans, k.soort)
    return gebiedskaart(
        k.gebieden,
        kans,
        "kans_onder_gemiddeld",
        titel=titel,
        ondertitel=f"{rest}; {k.naam}",
        bronregel=modelbronregel(situatie, met_norm=False),
        formaat=formaat,
        **k.lagen,
    )


def oordeelkaart(situatie: Situatie, beeld: pd.DataFrame, k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of the verdict per area: tekort, geen tekort or onbekend."""
    deel = beeld.reindex(k.gebieden.index)
    aantal = deel["oordeel"].value_counts()
    kort, niet = (int(aantal.get(o, 0)) for o in ("tekort", "geen tekort"))
    onbekend = deel["oordeel"] == "onbekend"
    figuur = gebiedskaart(
        k.gebieden,
        deel["kans_op_tekort"],
        "kans_op_tekort",
        titel=oordeelzin(deel["oordeel"], k.soort),
        ondertitel=f"Oordeel bij {getal(situatie.norm, 0)} patiënten per fte, {FUNCTIENAAM[situatie.functie]}: "
        f"{getal(kort)} tekort, {getal(niet)} geen tekort",
        bronregel=modelbronregel(situatie),
        onbekend=onbekend,
        formaat=formaat,
        **k.lagen,
    )
    return replace(
        figuur, tabel=figuur.tabel.join(deel[["nodig_fte", "bereikt_fte", "tekort_fte", "oordeel"]])
    )


def normrooster(
    situaties: Mapping[str, Situatie],
    *,
    normen: Sequence[float | str] = NORMEN,
    trekkingen: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """Grid of norm x function: need, supply, shortage and number of gemeenten per verdict.

    The norms are 1,800, 2,095 and 2,350, that at which need is what the Capaciteitsorgaan calls unmet
    (supply x 1.063), and the national average (break-even).
    """
    rijen = []
    for naam, basis in situaties.items():
        onvervuld = float(basis.vraag.sum()) / (basis.aanbod_fte * (1 + parameter("onvervulde_vraag").waarde))
        for norm in (*normen, onvervuld, basis.omslagnorm):
            s = basis.vervang(norm=norm)
            oordeel = tekortbeeld(s, trekkingen=trekkingen, seed=seed)["oordeel"].value_counts()
            rijen.append(
                {
                    "functie": FUNCTIENAAM[basis.functie] if naam == basis.functie else naam,
                    "norm": round(s.norm),
                    "nodig_fte": s.nodig_fte,
                    "aanbod_fte": s.aanbod_fte,
                    "niveau_fte": max(0.0, s.nodig_fte - s.aanbod_fte),
                    **{o: int(oordeel.get(o, 0)) for o in ("tekort", "onbekend", "geen tekort")},
                }
            )
    return pd.DataFrame(rijen).set_index(["functie", "norm"])


def splitsrooster(
    situaties: Sequence[Situatie],
    *,
    aggregaties: Sequence[tuple[str, str]] = (
        ("provincie", "gemeente"),
        ("regioplus", "gemeente"),
        ("regioplus", "wijk"),
        ("corop", "gemeente"),
    ),
    trekkingen: int = 150,
    seed: int = 0,
) -> pd.DataFrame:
    """The nested split per norm, decay and aggregation, each beside its noise floor.

    Per decay: the five of `vervalreeks`, one at a time, so that the range over them shows.
    """
    rijen = []
    for s in situaties:
        for per in aggregaties:
            for v in vervalreeks():
                d = ontleed_tekort(
                    s.vervang(verval=v), per=per, trekkingen=trekkingen, seed=seed, vervalset=[v]
                )
                for deel, r in d.iterrows():
                    rijen.append({"norm": round(s.norm), "functie": FUNCTIENAAM[s.functie], "groot": per[0],
                                  "klein": per[1], "verval": v.beschrijving, "deel": deel, **r.to_dict()})  # fmt: skip
    return pd.DataFrame(rijen)


def trekplan_tekst() -> str:
    """One sentence: what the draws vary."""
    vervallen = "; ".join(v.beschrijving for v in vervalreeks())
    factoren = " / ".join(getal(f, 2) for f in snelheidsfactoren())
    return (
        "Elke trekking kiest een verdeling van fte over regio's, gemeenten en praktijken, een weging van de zorgvraag "
        f"tussen Nivel en NZa, een van vijf vervallen ({vervallen}) en een factor op de reistijd ({factoren})."
    )
