"""The D3 goal: what is left of people without a GP by every source, and what would have to be true."""

from __future__ import annotations

from typing import Any

import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.model.monitor import pad_naar_nul, zonder_huisarts
from huisartsdata.model.vrijeplaatsen import DOELJAAR
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.grafieken.roostergrafiek import teken_rooster
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.verhaal.oordelen import hoeveel

MONITORBRON = "Bronnen over mensen zonder huisarts: zie de tabel met definities"
RONDEN = 1_000  # people; a survey says no more than thousands
KLEIN_GETAL = 10  # below it a number keeps two decimals
SLEUTELS = ["start", "grens", "vraag"]
GROEI = {"demografie": "weinig: meer en oudere mensen", "alle_termen": "veel: ook alle andere oorzaken"}
ACHTERVOEGSEL = {"laag": ", ondergrens", "hoog": ", bovengrens"}
TELT = {
    "zonder_huisarts": "schatting",
    "volwassenen_niet_ingeschreven": "enquête",
    "wachtenden_zorgbemiddeling": "hulpvragen bij verzekeraars",
    "aandeel_zegt_geen_huisarts": "peiling",
}
OORDELEN = {
    "al genoeg": "haalt nul al",
    "binnen de bandbreedte": "haalt nul binnen laag-hoog",
    "buiten de bandbreedte": "pas voorbij laag-hoog",
    "kan niet met deze knop alleen": "niet met deze knop alleen",
}


def bronnentabel(bronnen: pd.DataFrame) -> pd.DataFrame:
    """Every source side by side, those on D3's goal first; `bronnen` is of `zonder_huisarts`."""
    t = bronnen.sort_values(
        ["telt_voor_d3", "indicator", "peildatum"], ascending=[False, True, False], kind="stable"
    )
    t["telt_voor_d3"] = t["telt_voor_d3"].map({True: "ja", False: "nee"})
    namen = {"definitie": "wat de bron telt", "wie": "onder wie", "peildatum": "wanneer", "laag": "laag",
             "hoog": "hoog", "eenheid": "eenheid", "telt_voor_d3": "gaat over D3",
             "kwaliteit": "kwaliteit"}  # fmt: skip
    return t.set_index("bron")[list(namen)].rename(columns=namen)


def _beginstanden(paden: pd.DataFrame, bronnen: pd.DataFrame) -> pd.DataFrame:
    """People at the start and their name, by `start` and `grens`, fewest first."""
    eerste = paden[["zonder", "naar_zonder"]].groupby(level=["start", "grens"]).first()
    uit = pd.DataFrame({"mensen": eerste["zonder"] + eerste["naar_zonder"]})
    uit["naam"] = [
        _naam(m, pd.Series(bronnen.loc[str(s)]), str(g)) for s, g, m in uit["mensen"].reset_index().to_numpy()
    ]
    return uit.sort_values("mensen", kind="stable")


def _naam(mensen: float, bron: pd.Series, grens: str) -> str:
    wie = str(bron["bron"]).split(",")[0].split(" (")[0]
    telt = TELT.get(str(bron["indicator"]), str(bron["definitie"]))
    twee = bron["laag"] != bron["hoog"] and bron[["laag", "hoog"]].notna().all()
    marge = ACHTERVOEGSEL.get(grens, "") if twee or telt == "peiling" else ""
    return f"{_rond(mensen)}: {wie}, {telt}{marge}"


def _rond(mensen: float) -> str:
    return getal(round(mensen / RONDEN) * RONDEN if mensen >= 10 * RONDEN else round(mensen, -2), 0)


def padfiguur(paden: pd.DataFrame, bronnen: pd.DataFrame, *, formaat: str = "a4") -> Figuur:
    """What is left by the end of the goal's year of every source and bound, under both growths of need.

    Parameters
    ----------
    paden
        Of `pad_naar_nul`.
    bronnen
        Of `zonder_huisarts`, for the names.
    """
    eind = paden[["zonder_gunstig", "zonder", "zonder_ongunstig"]].groupby(level=SLEUTELS).last()
    begin = _beginstanden(paden, bronnen)
    rijen: dict[str, dict[str, float]] = {}
    for sleutel, mensen, naam in begin.itertuples():
        for vraag, groei in (("demografie", "weinig"), ("alle_termen", "veel")):
            rij = eind.loc[(*sleutel, vraag)]
            for kolom, teken in (("zonder_gunstig", " +"), ("zonder", ""), ("zonder_ongunstig", " −")):
                rijen.setdefault(naam, {})[groei + teken] = float(rij[kolom]) / mensen
    tabel = pd.DataFrame.from_dict(rijen, orient="index")
    nul, mee = (
        [int((eind.xs(v, level="vraag")[k] <= 0).sum()) for v in ("demografie", "alle_termen")]
        for k in ("zonder", "zonder_gunstig")
    )
    return teken_rooster(
        tabel,
        titel=f"Eind {DOELJAAR:.0f} niemand ongewild zonder huisarts: volgens {getal(nul[0])} van de "
        f"{getal(len(tabel))} tellingen als de zorgvraag weinig groeit, volgens {hoeveel(nul[1])} als zij veel "
        f"groeit (met alle andere aannames gunstig {getal(mee[0])} en {getal(mee[1])})",
        ondertitel=f"Deel van de mensen zonder huisarts dat eind {DOELJAAR:.0f} over is. Weinig: alleen meer en oudere "
        "mensen; veel: ook alle andere oorzaken die het Capaciteitsorgaan noemt",
        bronregel=Bronregel(
            (MONITORBRON, "Capaciteitsorgaan, parameters van de raming 2025 (kwaliteit C)"),
            {"beginstand": "2024-2025", "stromen": "2025"},
            status=("modelschatting", "aanname"),
            functie="huisartsen met vaste patiënten",
            toelichting="Een som op aannames, geen voorspelling; de bronnen tellen verschillende mensen. Bij 100% komt "
            "er netto geen plaats vrij; of er dan mensen bij komen, is niet bekend",
        ),
        rij_naam="hoeveel mensen nu, en wie dat zegt",
        kolom_naam="groei van de zorgvraag; + alle andere aannames samen gunstig, − samen ongunstig",
        eenheid="%",
        formaat=formaat,
    )


def padtabel(paden: pd.DataFrame, bronnen: pd.DataFrame) -> pd.DataFrame:
    """The path to zero: people left at the end of every year, per starting position and growth of need."""
    begin = _beginstanden(paden, bronnen)
    jaren = paden["zonder"].unstack("jaar")
    rijen = {
        (naam, GROEI[vraag]): {
            "nu": mensen,
            **{f"eind {j:.0f}": x for j, x in jaren.loc[(*sleutel, vraag)].items()},
        }
        for sleutel, mensen, naam in begin.itertuples()
        for vraag in GROEI
    }
    uit = pd.DataFrame.from_dict(rijen, orient="index")
    uit.index = pd.MultiIndex.from_tuples(uit.index, names=["wie telt", "groei van de zorgvraag"])
    return uit.round(-2)


def padvarianten(bronnen: pd.DataFrame | None = None) -> pd.DataFrame:
    """People without a GP left by the end of the goal's year, under other intake and other allotting of free places.

    One row per starting position and growth of need; columns: as assumed, intake at its upper bound, all free
    places to people without a GP, and both. `bronnen` is of `zonder_huisarts`.
    """
    instroom = parameter("d3_instroom_per_jaar")
    meer = instroom.waarde if instroom.hoog is None else instroom.hoog
    keuzes: dict[str, dict[str, Any]] = {
        "zoals aangenomen": {},
        f"instroom {getal(meer, 0)} in plaats van {getal(instroom.waarde, 0)}": {"instroom_per_jaar": meer},
        "alle vrije plaatsen": {"aandeel_naar_zonder": 1.0},
        "beide": {"instroom_per_jaar": meer, "aandeel_naar_zonder": 1.0},
    }
    paden = {n: pad_naar_nul(**k) for n, k in keuzes.items()}
    eind = pd.DataFrame({n: p["zonder"].groupby(level=SLEUTELS).last() for n, p in paden.items()})
    begin = _beginstanden(paden["zoals aangenomen"], zonder_huisarts() if bronnen is None else bronnen)
    rijen = {
        (naam, GROEI[vraag]): {"mensen nu": mensen, **eind.loc[(*sleutel, vraag)].to_dict()}
        for sleutel, mensen, naam in begin.itertuples()
        for vraag in GROEI
    }
    uit = pd.DataFrame.from_dict(rijen, orient="index")
    uit.index = pd.MultiIndex.from_tuples(uit.index, names=["wie telt", "groei van de zorgvraag"])
    return uit


def knoptabel(knoppen: pd.DataFrame) -> pd.DataFrame:
    """What each lever would have to be, one row per lever and growth: over all sources and bounds, never merged.

    `knoppen` is of `wat_moet_waar_zijn`. Each cell counts the starting positions with that verdict.
    """
    t = knoppen.reset_index()
    t["vraag"] = pd.Categorical(t["vraag"].map(GROEI), list(GROEI.values()), ordered=True)
    sleutel = ["vraag", "omschrijving"]
    telling = t.groupby(sleutel, observed=True)["oordeel"].value_counts().unstack(fill_value=0)
    telling = telling.reindex(columns=list(OORDELEN), fill_value=0).rename_axis(columns=None)
    telling = telling.rename(columns=OORDELEN)
    vast = t.groupby(sleutel, observed=True)[["nu", "laag", "hoog"]].first()
    namen = vast.index.get_level_values("omschrijving")
    aandeel = namen.str.startswith("aandeel") | namen.str.contains("groei")
    schrijf = pd.DataFrame(
        {
            k: [
                procent(x, 1) if deel else getal(x, 0 if x >= KLEIN_GETAL or x == 0 else 2)
                for x, deel in zip(vast[k], aandeel, strict=True)
            ]
            for k in vast
        },
        index=vast.index,
    )
    return schrijf.join(telling).rename_axis(["groei van de zorgvraag", "knop"])


def knopzin(knoppen: pd.DataFrame) -> str:
    """Which lever alone would bring most starting positions to zero, per growth of need."""
    t = knoppen.reset_index()
    beginstanden = len(t[["start", "grens"]].drop_duplicates())
    zinnen = []
    for vraag, naam in (("demografie", "weinig"), ("alle_termen", "veel")):
        d = t[t["vraag"] == vraag]
        al = int((d["oordeel"] == "al genoeg").groupby([d["start"], d["grens"]]).all().sum())
        kan = (
            d[d["oordeel"] == "binnen de bandbreedte"]
            .groupby("omschrijving")
            .size()
            .sort_values(ascending=False)
        )
        los = (
            "geen knop brengt in zijn eentje nog een telling op nul"
            if kan.empty
            else f"met één knop binnen zijn bandbreedte lukt het hoogstens bij {getal(int(kan.iloc[0]))} meer "
            f"({_opsomming([str(k) for k in kan[kan == kan.iloc[0]].index])})"
        )
        zinnen.append(
            f"Groeit de zorgvraag {naam}, dan halen {getal(al)} van de {getal(beginstanden)} tellingen nul zonder dat "
            f"er iets verandert; {los}."
        )
    return " ".join(zinnen)


def _opsomming(namen: list[str]) -> str:
    return (
        ", ".join(namen) if len(namen) <= MEER_DAN_GENOEG else f"{getal(len(namen))} knoppen kunnen dat elk"
    )


MEER_DAN_GENOEG = 3  # levers named in a sentence; beyond it they are counted
