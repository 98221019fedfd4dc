"""What an outage in a brief assumes about other practices, and what it says of people without a place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.model.typologie import open_signalen
from huisartsdata.uitvoer.brieven.briefbronnen import parametergroep, voeg
from huisartsdata.uitvoer.brieven.briefinhoud import Invoer, Regel, rijen_van
from huisartsdata.uitvoer.huisstijl import dagtekst, getal, procent

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld

GROOT = 1000  # people from which an estimate is given in hundreds; below it in tens


def open_praktijken(land: Landbeeld, gm_code: str) -> tuple[tuple[float, float], str, Invoer]:
    """The band of the share of open practices around a gemeente, in a sentence, with its source."""
    land_breed, signalen = parameter("open_aandeel"), open_signalen()
    grens = (land_breed.laag or 0.0, land_breed.hoog or 1.0)
    landelijk = f"{procent(grens[0])} tot {procent(grens[1])}"
    begin = "Hoeveel andere praktijken open zijn, loopt in de trekkingen van"
    if gm_code not in signalen.index:
        zin = f"{begin} {landelijk}: de landelijke band, want van deze regio is er geen getal."
        return grens, zin, parametergroep("Open praktijken", "2023-2025", [land_breed])
    signaal = rijen_van(signalen.loc[[gm_code]])[0]
    laag, hoog, naam = float(signaal["laag"]), float(signaal["hoog"]), str(signaal["bron"])
    zin = f"{begin} {procent(laag)} tot {procent(hoog)}: dat volgt uit {naam}. Landelijk is het {landelijk}."
    return (laag, hoog), zin, _signaalbron(land, gm_code, laag, hoog)


def _signaalbron(land: Landbeeld, gm_code: str, laag: float, hoog: float) -> Invoer:
    """The source of a gemeente's own signal: that of the smallest area with a number."""
    for per in ("gemeente", "regioplus", "provincie"):
        code = next(c for c, leden in land.leden(per).items() if gm_code in leden)
        r = rijen_van(land.ruimte(per).loc[[code]])[0]
        if not math.isnan(r["stop_laag"]):
            break
    dag, kwaliteit, gebied = str(r["peildatum"]), str(r["kwaliteit"]), str(land.beelden[per].at[code, "naam"])
    bron = f"{r['bron']}: patiëntenstop in {gebied}"
    eigen: Regel = {
        "naam": f"open_aandeel {code}",
        "eenheid": "aandeel van de praktijken",
        "laag": laag,
        "hoog": hoog,
        "status": "afgeleid",
        "kwaliteit": kwaliteit,
        "bron": bron,
        "peildatum": dag,
    }
    uit = Invoer("Open praktijken", bron, dagtekst(dag), f"afgeleid, {kwaliteit}", (eigen,))
    if r["stop_laag"] != r["stop_hoog"]:
        return uit
    # a source with one number does not tell its error
    return voeg(uit.gegeven, uit.peiljaar, uit, parametergroep("", "", [parameter("open_signaal_marge")]))


def plekzinnen(samenvatting: pd.DataFrame, patienten: int) -> tuple[str, str]:
    """How many find no place: a lower limit, for nobody is placed by one desk that knows every practice."""
    plek = rijen_van(samenvatting.loc[["zonder_plek"]])[0]
    midden, laag, hoog = (rond(float(plek[k]), patienten) for k in ("midden", "laag", "hoog"))
    band90 = f"90% van de trekkingen: {getal(laag)} tot {getal(hoog)}"
    if not midden:
        zin = (
            f"Als één loket iedereen zo goed mogelijk plaatst, blijft naar schatting niemand zonder plek ({band90}). "
            "Wie zelf moet bellen, vindt minder."
        )
        return zin, ""
    if laag >= patienten:
        alle = f"geen van de {getal(patienten)} mensen vindt dan binnen bereik een andere plek."
        return f"G{alle[1:]} Dat is zo in minstens 95% van de trekkingen.", f"G{alle[1:]}"
    van = f"naar schatting minstens {getal(midden)} van de {getal(patienten)} mensen"
    return (
        (
            f"Zonder plek blijven {van} ({band90}). Minstens, want zo is het als één loket alle praktijken kent en "
            "iedereen gaat waar plek is. Wie zelf moet bellen, vindt minder."
        ),
        f"{van[0].upper()}{van[1:]} vinden dan geen plek ({getal(laag)} tot {getal(hoog)}).",
    )


def rond(mensen: float, van: int) -> float:
    """People in hundreds, of a small practice in tens: an estimate this wide has no single persons in it.

    >>> rond(3623.0, 5900), rond(127.0, 500)
    (3600.0, 130.0)
    """
    return round(mensen, -2 if van >= GROOT else -1)
