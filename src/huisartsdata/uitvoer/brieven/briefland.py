"""What only the brief of the country shows: verdicts counted per norm, the split of the shortage, the regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.model.typologie import typeer
from huisartsdata.uitvoer.brieven.briefinhoud import Tabel, rijen_van
from huisartsdata.uitvoer.brieven.brieftabellen import MEERVOUD, TELLING, fte, kanscel, landtabel
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

OORDELEN = ("tekort", "onbekend", "geen tekort")


def landrooster(land: Landbeeld) -> Tabel:
    """Need, supply, level and verdicts per norm and functie."""
    tellingen, rijen, data = landtabel(land), [], []
    for r in rijen_van(tellingen):
        functie, norm = r["functie"], r["norm"]
        s = land.situaties[functie]
        nodig = s.nodig_fte * s.norm / norm
        niveau = max(0.0, nodig - s.aanbod_fte)
        if niveau < 1e-6 * nodig:  # equal up to rounding at the break-even norm
            niveau = 0.0
        deze = functie == land.functie and norm == land.norm
        gemiddelde = abs(norm - s.omslagnorm) < 1e-9 * norm
        wat = " (deze brief)" if deze else " (landelijk gemiddelde)" if gemiddelde else ""
        rijen.append(
            (TELLING[functie], getal(norm, 0) + wat, fte(nodig), fte(s.aanbod_fte), fte(niveau),
             *(getal(int(r[o])) for o in OORDELEN))
        )  # fmt: skip
        data.append({"nodig_fte": nodig, "aanbod_fte": s.aanbod_fte, "niveau_fte": niveau})
    return Tabel(
        titel="Wat de norm uitmaakt: het land als geheel, en het aantal gemeenten per oordeel",
        naam="normen",
        kop=("Waarnemers", "Norm", "Nodig (fte)", "Aanbod (fte)", "Te weinig (fte)", "Tekort",
             "Onbekend", "Geen tekort"),
        rijen=tuple(rijen),
        data=pd.DataFrame(data, index=tellingen.index).join(tellingen),
        getallen=(2, 3, 4, 5, 6, 7),
        breedtes=(2.0, 3.2, 1.2, 1.2, 1.5, 1.0, 1.3, 1.5),
        noot="De laatste drie kolommen tellen gemeenten. Met en zonder wisselende waarnemers tellen "
        "andere huisartsen: "
        "vergelijk hun fte niet. De norm van 2.095 is een gemiddelde achter het tarief, geen maat voor "
        "wat mensen nodig "
        "hebben; 1.800 is de wens van de LHV; 2.350 gold tot en met 2012.",
    )  # fmt: skip


def splitstabel(land: Landbeeld) -> Tabel:
    """Level, between and within regions under four aggregations, each beside its noise floor."""
    t = land.splitsing()
    rijen = []
    delen: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for r in rijen_van(t):
        delen.setdefault((r["groot"], r["klein"]), {})[r["deel"]] = r
    for (groot, klein), d in delen.items():
        rijen.append(
            (
                f"{MEERVOUD[groot]}, dan {'wijken' if klein == 'wijk' else MEERVOUD[klein]}",
                fte(d["niveau"]["verwacht"]),
                *(c for n in ("tussen", "binnen") for c in (_band(d[n]), fte(d[n]["ruisvloer"]))),
            )
        )
    return Tabel(
        titel="Te weinig of scheef verdeeld? Het tekort van de kleinste gebieden in delen (fte)",
        naam="splitsing",
        kop=("Indeling", "Te weinig in totaal", "Tussen regio's (95%)", "waarvan ruis", "Binnen regio's (95%)",
             "waarvan ruis"),
        rijen=tuple(rijen),
        data=t,
        getallen=(1, 2, 3, 4, 5),
        breedtes=(3.0, 1.2, 1.8, 1.0, 1.8, 1.0),
        noot=f"Norm {getal(land.norm, 0)}, {FUNCTIENAAM[land.functie]}. Ruis: wat onzekerheid over het "
        "aanbod alleen al aan "
        "scheve verdeling laat zien. De uitkomst hangt sterk af van de indeling; sturen op spreiding kan hoogstens "
        "het deel tussen en binnen regio's oplossen.",
    )  # fmt: skip


def _band(r: dict[str, Any]) -> str:
    return f"{fte(r['verwacht'])} ({getal(r['laag'], 0)}–{getal(r['hoog'], 0)})"


def regiotabel(land: Landbeeld) -> Tabel:
    """The RegioPlus regions: distance, observed room, verdict; largest chance first."""
    t = land.beelden["regioplus"].join(typeer("regioplus")[["afstand_km", "ruimte", "type"]])
    t = t.sort_values(["kans_op_tekort", "rang_hoog"], ascending=[False, True], kind="stable")
    rijen = tuple(
        (r["naam"], f"{getal(r['afstand_km'], 1)} km", r["ruimte"], fte(r["nodig_fte"]), fte(r["bereikt_fte"]),
         kanscel(r["kans_op_tekort"]), f"{r['rang_laag']}–{r['rang_hoog']}", r["oordeel"])
        for r in rijen_van(t)
    )  # fmt: skip
    return Tabel(
        titel="De 28 RegioPlus-regio's: afstand, ruimte en oordeel".replace("28", getal(len(t))),
        naam="regios",
        kop=("RegioPlus-regio", "Afstand", "Ruimte (signaal)", "Nodig (fte)", "Bereikbaar (fte)", "Kans op tekort",
             "Rang (95%)", "Oordeel"),
        rijen=rijen,
        data=t,
        getallen=(1, 3, 4, 5, 6),
        breedtes=(3.0, 1.0, 1.4, 1.0, 1.2, 1.2, 1.0, 1.2),
        noot="Ruimte komt alleen uit signalen; waar niemand mat, staat niet gemeten. Tekorten van regio's "
        "tellen niet op "
        "tot een landelijk tekort.",
    )  # fmt: skip
