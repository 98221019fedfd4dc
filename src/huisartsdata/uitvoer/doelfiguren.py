"""The D3 goal: what is left of people without a GP by every source, and what would have to be true."""

from __future__ import annotations

from typing import Any

import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.model.monitor import pad_naar_nul
from huisartsdata.model.vrijeplaatsen import DOELJAAR
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.roostergrafiek import teken_rooster

MONITORBRON = "Bronnen over mensen zonder huisarts: zie de tabel met definities"
RONDEN_VANAF = 100_000  # people; a survey says no more than thousands
SLEUTELS = ["start", "grens", "vraag"]
GROEI = {"demografie": "alleen demografie", "alle_termen": "alle termen"}


def padfiguur(paden: pd.DataFrame, bronnen: pd.DataFrame, *, formaat: str = "a4") -> Figuur:
    """What is left by the end of the goal's year of every source and bound, under both growths of need.

    Parameters
    ----------
    paden
        Of `pad_naar_nul`.
    bronnen
        Of `zonder_huisarts`, for the names.
    """
    eind = paden[["zonder", "zonder_gunstig", "zonder_ongunstig"]].groupby(level=SLEUTELS).last()
    eerste = paden[["zonder", "naar_zonder"]].groupby(level=SLEUTELS).first()
    begin = eerste["zonder"] + eerste["naar_zonder"]
    rijen: dict[str, dict[str, float]] = {}
    for rij, mensen in zip(eind.reset_index().to_dict("records"), begin, strict=True):
        rond = round(float(mensen), -3) if mensen >= RONDEN_VANAF else float(mensen)
        naam = f"{getal(rond, 0)}: {_wie(bronnen, str(rij['start']))}"
        groei = {"demografie": "weinig", "alle_termen": "veel"}[str(rij["vraag"])]
        for kolom, teken in (("zonder", ""), ("zonder_gunstig", " +"), ("zonder_ongunstig", " −")):
            rijen.setdefault(naam, {})[groei + teken] = float(rij[kolom]) / mensen
    tabel = pd.DataFrame.from_dict(rijen, orient="index")
    tabel = tabel[[groei + teken for groei in ("weinig", "veel") for teken in ("", " +", " −")]]
    nul = [int((eind.xs(v, level="vraag")["zonder"] <= 0).sum()) for v in ("demografie", "alle_termen")]
    return teken_rooster(
        tabel,
        titel=f"Eind {DOELJAAR:.0f} op nul: {getal(nul[0])} van de {getal(len(tabel))} beginstanden als de vraag "
        f"alleen door demografie groeit, {getal(nul[1])} als alle termen meetellen",
        ondertitel=f"Deel van de mensen zonder huisarts dat eind {DOELJAAR:.0f} over is, per bron en grens",
        bronregel=Bronregel(
            (MONITORBRON, "Capaciteitsorgaan, parameters van de raming 2025 (kwaliteit C)"),
            {"beginstand": "2024-2025", "stromen": "2025"},
            status=("modelschatting", "aanname"),
            functie="huisartsen met vaste patiënten",
            toelichting="Een som op aannames, geen voorspelling; de bronnen tellen verschillende mensen",
        ),
        rij_naam="mensen nu, en wie dat zegt",
        kolom_naam="groei van de vraag, weinig (alleen demografie) of veel (alle termen); + alle aannames samen "
        "gunstig, − ongunstig",
        eenheid="%",
        formaat=formaat,
    )


def _wie(bronnen: pd.DataFrame, start: str) -> str:
    return str(bronnen.loc[start, "bron"]).split(",")[0].split(" (")[0]


def padvarianten() -> pd.DataFrame:
    """People without a GP left by the end of the goal's year, under other intake and other allotting of free places.

    One row per source, bound and growth of need; columns: as assumed, intake at its upper bound, all free
    places to people without a GP, and both.
    """
    instroom = parameter("d3_instroom_per_jaar")
    meer = instroom.waarde if instroom.hoog is None else instroom.hoog
    keuzes: dict[str, dict[str, Any]] = {
        "zoals aangenomen": {},
        f"instroom {getal(meer, 0)} in plaats van {getal(instroom.waarde, 0)}": {"instroom_per_jaar": meer},
        "alle vrije plaatsen": {"aandeel_naar_zonder": 1.0},
        "beide": {"instroom_per_jaar": meer, "aandeel_naar_zonder": 1.0},
    }
    begin = pad_naar_nul().groupby(level=SLEUTELS).first()
    uit = pd.DataFrame(
        {n: pad_naar_nul(**k)["zonder"].groupby(level=SLEUTELS).last() for n, k in keuzes.items()}
    )
    uit.insert(0, "mensen nu", begin["zonder"] + begin["naar_zonder"])
    uit.insert(0, "bron", begin["bron"])
    plat = uit.reset_index().drop(columns="start")
    plat["vraag"] = plat["vraag"].map(GROEI)
    return plat.set_index(["bron", "grens", "vraag"])


def knoptabel(knoppen: pd.DataFrame) -> pd.DataFrame:
    """What each lever would have to be, one row per lever and growth: over all sources and bounds, never merged.

    `knoppen` is of `wat_moet_waar_zijn`. Each cell counts the starting positions with that verdict.
    """
    t = knoppen.reset_index()
    t["vraag"] = t["vraag"].map(GROEI)
    telling = t.groupby(["vraag", "omschrijving"])["oordeel"].value_counts().unstack(fill_value=0)
    orde = ["al genoeg", "binnen de bandbreedte", "buiten de bandbreedte", "kan niet met deze knop alleen"]
    telling = telling.reindex(columns=orde, fill_value=0).rename_axis(columns=None)
    vast = t.groupby(["vraag", "omschrijving"])[["nu", "laag", "hoog"]].first()
    schrijf = vast.map(lambda x: f"{x:.3g}".replace(".", ",") if x < 10 else getal(x, 0))
    return schrijf.join(telling).rename_axis(["groei van de vraag", "knop"])
