"""The part of a brief about a scenario: its sentence on the first page, and its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from huisartsdata.uitvoer.brieven.briefinhoud import Alinea, Kop, Lijst, Tabel, noem_op
from huisartsdata.uitvoer.brieven.brieftabellen import band, fte, kanscel, kanstekst
from huisartsdata.uitvoer.brieven.landbeeld import middens
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.verhaal.gebiedssom import reikwijdte, voeg_samen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huisartsdata.uitvoer.brieven.briefinhoud import Blok
    from huisartsdata.uitvoer.brieven.briefscenario import Scenario
    from huisartsdata.uitvoer.brieven.gebiedsbeeld import Gebiedsbeeld

GEWOON = 2  # sentences above the table; the others stand below it, one by one


def scenariopunt(b: Gebiedsbeeld, s: Scenario, delen: Sequence[Blok]) -> str:
    """The sentence about a scenario on the first page: the chance of a shortage now and then."""
    tabel = next(d for d in delen if isinstance(d, Tabel))
    nu, *na = tabel.data["kans_op_tekort"].items()
    if s.afhankelijk and len(na) > 1:
        laag, hoog = (kanstekst(f(k for _, k in na)) for f in (min, max))
        dan = laag if laag == hoog else f"{laag} tot {hoog}, afhankelijk van {s.afhankelijk}"
    else:
        dan = noem_op([kanstekst(k) if len(na) == 1 else f"{kanstekst(k)} ({naam})" for naam, k in na])
    kop = s.titel if s.titel.endswith(("?", ".")) else f"{s.titel}:"
    heel = "gemeente als geheel" if len(b.gebied.gemeenten) == 1 else "gemeenten samen"
    waar = f" in de {heel}" if b.gebied.wijken else ""  # of wijken there is no scenario
    kans = f"de kans op een tekort{waar} is nu {kanstekst(nu[1])} en {s.moment} {dan}."
    kans = kans if kop.endswith(":") else kans[0].upper() + kans[1:]
    return " ".join(z for z in (kop, kans, s.kern, "Dat is rekenen met aannames, geen voorspelling.") if z)


def scenariodelen(b: Gebiedsbeeld, s: Scenario) -> tuple[Blok, ...]:
    """The part of a brief about a scenario, for one area; need and reach are middles of the draws."""
    codes = {b.code: b.gebied.gemeenten}
    nu = {"nu": voeg_samen(b.land.trekkingen[b.land.functie], codes)}
    na = {n: voeg_samen(t, codes) for n, t in s.trekkingen.items()}
    eigen = list(b.gebied.gemeenten)
    waar = noem_op(list(b.land.beelden["gemeente"].loc[eigen, "naam"])) if b.gebied.wijken else b.naam
    rijen, data = [], {}
    for naam, t in (nu | na).items():
        r = pd.concat([reikwijdte(t, s.norm).iloc[0], middens(t, s.norm).iloc[0]])
        kans, nodig, reikt = float(t.kort.mean()), float(r["nodig_midden"]), float(r["bereikt_midden"])
        rijen.append(
            (
                naam,
                fte(nodig),
                f"{fte(reikt)} ({band(r['bereikt_laag'], r['bereikt_hoog'])})",
                getal(r["per_fte_midden"], 0) if reikt else "–",
                fte(max(0.0, nodig - reikt)),
                kanscel(kans),
            )
        )
        data[naam] = {"kans_op_tekort": kans, **r.to_dict()}
    tabel = Tabel(
        titel=f"Nu en daarna, {waar}",
        naam="scenario",
        kop=(
            "Beeld",
            "Nodig (fte)",
            "Bereikbaar (fte, 90%)",
            "Patiënten per fte",
            "Tekort (fte)",
            "Kans op tekort",
        ),
        rijen=tuple(rijen),
        data=pd.DataFrame.from_dict(data, orient="index").rename_axis("beeld"),
        getallen=(1, 2, 3, 4, 5),
        noot="Rekenen met aannames, geen voorspelling; dezelfde trekkingen, norm en telling als in de hele brief."
        + (" Het gaat over de hele gemeente." if b.gebied.wijken else ""),
        status="modelschatting met aannames",
    )
    eerste, rest = s.zinnen[:GEWOON], s.zinnen[GEWOON:]
    return (Kop(s.titel), *(Alinea(z) for z in eerste), tabel, *((Lijst(rest),) if rest else ()))
