"""Maps and charts of a practice that falls out; titles are computed, never typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.gebieden.register import load_gemeenten
from huisartsdata.uitvoer.grafieken.bandpanelen import teken_bandpanelen
from huisartsdata.uitvoer.grafieken.roostergrafiek import teken_rooster
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart
from huisartsdata.uitvoer.verhaal.bereikverlies import INDICATOR, load_bereikverlies
from huisartsdata.uitvoer.verhaal.tekortfiguren import modelbronregel

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval
    from huisartsdata.scenario.wegvallen.uitvalverloop import Verloop
    from huisartsdata.uitvoer.figuur import Bronregel, Figuur
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

WAT_ALS = "Wat-als met aannames, geen uitspraak over een bestaande praktijk"


def van_welke(u: Uitval) -> str:
    """Whose figure it is, for a chart that shows no map: so many people of a practice in which gemeente."""
    naam = load_gemeenten().loc[u.gm_code, "naam"]
    return f"{getal(u.patienten, 0)} patiënten van een praktijk in {naam}"


def _bronregel(situatie: Situatie, *, met_norm: bool = False) -> Bronregel:
    regel = modelbronregel(situatie, met_norm=met_norm, toelichting=WAT_ALS)
    return replace(
        regel, bron=(*regel.bron, "patiëntenstops: Rekenkamer 2025 en Independer 2023-2025 (kwaliteit B)")
    )


def getroffenkaart(u: Uitval, k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of where the patients of the practice live, per wijk, spread over the draws."""
    per_wijk = u.getroffen["verwacht"].groupby(u.situatie.gebied["wk_code"]).sum()
    binnen = per_wijk.reindex(k.gebieden.index)
    waarden = binnen.where(binnen >= 0.5)  # less than half a person is nobody
    elders = 1 - float(waarden.sum()) / u.patienten
    return gebiedskaart(
        k.gebieden,
        waarden,
        "getroffen_patienten",
        titel=f"Van de {getal(u.patienten, 0)} patiënten woont naar schatting {procent(elders)} buiten {k.naam}",
        ondertitel="Verwacht aantal patiënten per wijk als een praktijk van deze grootte uitvalt; de plek is geloot",
        bronregel=_bronregel(u.situatie),
        leeg="geen patiënten",
        formaat=formaat,
        **k.lagen,
    )


def zonderplekrooster(u: Uitval, *, formaat: str = "a4") -> Figuur:
    """Grid of the people without a place over open share and how much an open practice takes."""
    tabel = u.rooster["zonder_plek"].unstack("opname")
    tabel.index = tabel.index.map(procent)
    tabel.columns = tabel.columns.map(procent)
    laag, hoog = float(tabel.min().min()), float(tabel.max().max())
    return teken_rooster(
        tabel,
        titel=f"Van {van_welke(u)} vinden er {getal(laag, 0)} tot {getal(hoog, 0)} geen plek, "
        "afhankelijk van twee onbekenden",
        ondertitel=f"Mensen zonder plek binnen {getal(u.situatie.verval.reikwijdte, 0)} minuten, als alle "
        "bemiddeling lukt",
        bronregel=_bronregel(u.situatie),
        rij_naam="aandeel praktijken dat nieuwe patiënten aanneemt",
        kolom_naam="hoeveel een open praktijk kan groeien",
        formaat=formaat,
    )


def verloopgrafiek(u: Uitval, verlopen: Mapping[str, Verloop], *, formaat: str = "a4") -> Figuur:
    """Patients without a place per month for each package of measures, a panel each, with 90% bands."""
    delen = [
        pd.DataFrame({n: v.maanden[f"zonder_{deel}"] for n, v in verlopen.items()})
        for deel in ("midden", "laag", "hoog")
    ]
    som = pd.Series({n: v.patientmaanden_zonder["verwacht"] for n, v in verlopen.items()})
    minst, meest = str(som.idxmin()), str(som.idxmax())
    maanden = int(delen[0].index[-1])
    return teken_bandpanelen(
        *delen,
        titel=f"In {getal(maanden, 0)} maanden zit iemand die zijn praktijk verliest gemiddeld "
        f"{getal(float(som[meest]) / u.patienten, 1)} maanden zonder huisarts bij ‘{meest}’, en "
        f"{getal(float(som[minst]) / u.patienten, 1)} bij ‘{minst}’",
        ondertitel=f"Wie van {van_welke(u)} geen vaste huisarts en geen waarneming heeft; lijn: mediaan, band: 90% van "
        "de trekkingen",
        bronregel=_bronregel(u.situatie),
        x_naam="maanden na de uitval",
        formaat=formaat,
    )


def afnamekaart(u: Uitval, k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of how much reach each wijk loses when the practice is gone; ``onbekend`` where the decays disagree."""
    verlies = load_bereikverlies(u, k.gebieden.index)
    ondertitel = f"Verlies aan bereikbare huisartsenzorg na de uitval van {getal(u.fte, 1)} fte in {k.naam}"
    return gebiedskaart(
        k.gebieden,
        verlies.verlies["beeld"],
        INDICATOR,
        titel=f"Na de uitval van een praktijk met {getal(u.patienten, 0)} patiënten {verlies.zin(k.soort)}",
        ondertitel=". ".join(filter(None, [ondertitel, verlies.rest(k.soort)])),
        bronregel=_bronregel(u.situatie),
        onbekend=verlies.onzeker,
        formaat=formaat,
        **k.lagen,
    )


def kwetsbaarheidskaart(
    situatie: Situatie, tabel: pd.DataFrame, patienten: int, k: Kaartgebied, *, formaat: str = "a4"
) -> Figuur:
    """Map of what the loss of a practice of a size would do per gemeente, with its sureness."""
    deel = tabel.xs(patienten, level="patienten").reindex(k.gebieden.index)
    aantal = deel["oordeel"].value_counts()
    vol, wel, weet = (int(aantal.get(o, 0)) for o in ("vol", "opvangbaar", "onbekend"))
    figuur = gebiedskaart(
        k.gebieden,
        deel["kans_helft"],
        "kans_helft_zonder_plek",
        titel=f"Valt een praktijk van {getal(patienten)} patiënten uit, dan vindt in {getal(vol)} {k.soort} vrijwel "
        "zeker meer dan de helft geen plek",
        ondertitel=f"In {getal(wel)} zou er bij volmaakte bemiddeling plek zijn voor minstens de helft, in "
        f"{getal(weet)} is het niet te zeggen; {k.naam}",
        bronregel=_bronregel(situatie),
        onbekend=deel["oordeel"] == "onbekend",
        leeg="past niet: te weinig mensen",
        formaat=formaat,
        **k.lagen,
    )
    extra = [c for c in deel.columns if c not in ("kans_helft", "naam")]
    return replace(figuur, tabel=figuur.tabel.join(deel[extra]))


def aannametabel(u: Uitval) -> pd.DataFrame:
    """The assumptions of an outage with their status and source, as a table to show."""
    return pd.DataFrame(
        {
            naam: {
                "waarde": a["waarde"],
                "laag": a["laag"],
                "hoog": a["hoog"],
                "status": a["status"],
                "bron": a["bron"],
            }
            for naam, a in u.aannames.items()
        }
    ).T.rename_axis("aanname")


def maatregeltabel(naast: pd.DataFrame) -> pd.DataFrame:
    """The comparison of packages (`scenario.vergelijk`) as a reader wants it: ranges as text, plain names."""

    def band(naam: str) -> pd.Series:
        drie = naast[[f"{naam}_{k}" for k in ("midden", "laag", "hoog")]].to_numpy(dtype=float)
        return pd.Series(
            [f"{getal(m, 0)} ({getal(x, 0)} tot {getal(y, 0)})" for m, x, y in drie], naast.index
        )

    return pd.DataFrame(
        {
            "patiëntmaanden zonder huisarts (90% van de trekkingen)": band("patientmaanden"),
            "elders gemist": naast["elders_midden"],
            "na de termijn nog zonder": band("einde"),
            "beter dan niets doen, hier": naast["kans_beter"],
            "beter, met elders erbij": naast["kans_netto_beter"],
            "fte verplaatst": naast["fte_verplaatst"],
            "fte erbij": naast["fte_toegevoegd"] + naast["fte_terug"],
        }
    )


def bestemmingen(u: Uitval, namen: pd.Series) -> pd.DataFrame:
    """Per gemeente of the neighbours: how many practices, how many people they would take, how far away.

    Parameters
    ----------
    u
        The outage.
    namen
        Names of gemeenten by code.
    """
    b = u.buren
    groep = b.groupby("gm_code")
    uit = pd.DataFrame(
        {
            "praktijken": groep.size(),
            "erbij": groep["erbij"].sum(),
            "erbij_aandeel": groep["erbij"].sum() / groep["ingeschreven"].sum(),
            "nodig_als_alle_open": groep["nodig_als_alle_open"].sum(),
            "minuten": groep["minuten"].mean(),
        }
    )
    uit.insert(0, "naam", namen.reindex(uit.index))
    return uit.sort_values(["erbij", "naam"], ascending=[False, True])
