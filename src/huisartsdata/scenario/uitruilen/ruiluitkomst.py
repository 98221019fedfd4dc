"""What an exchange comes to: per 100,000 misplaced, per gemeente, and with its assumptions beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.scenario.uitruilen.ruilmarkt import PER, zonder_volte
from huisartsdata.scenario.uitruilen.ruilstroom import PER_MINUUT, koppel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.uitruilen.ruilmarkt import Ruilmarkt, Trekking
    from huisartsdata.scenario.uitruilen.ruilstroom import Ruilstroom

    Gehelen = NDArray[np.int64]


@dataclass(frozen=True, eq=False, repr=False)
class Ruil:
    """The best exchange for one set of assumptions. The misplaced are modelled people, not real ones.

    The optimum is exact, for the people of one draw. In a small market another draw gives other numbers:
    `ruilband` says how far they lie apart.

    Attributes
    ----------
    minuten_bespaard
        Minutes saved, one way, over everyone who moves; model minutes, each time in whole thousandths.
    overgestapt
        People who move; each saves at least `winst_minuten`.
    geholpen
        Those of them who then have a practice nearby: less than `winst_minuten` beyond the nearest.
    per_100000
        Per 100,000 misplaced: `bereid`, `aanvaard` (willing and accepted), `overgestapt`, `geholpen`,
        `minuten_bespaard`, and `minuten_zonder_volte`: if practices were never full.
    netto_vrij
        Places freed in full practices, net. Exactly 0 when all are full; with open practices as many
        as the free places that get taken there, net.
    per_gemeente
        By gemeente of residence: `misplaatst`, `aanvaard`, `overgestapt`, `geholpen`,
        `minuten_bespaard`.
    stromen
        By gemeente of residence (`woont`), of the old (`van`) and the new practice (`naar`): `mensen`,
        `minuten_bespaard`. Where several exchanges are equally good this is one of them.
    praktijken
        By `praktijk_id`: `vertrokken`, `gekomen`, `vrij` (free places before).
    gap
        Proven distance to the best possible, as a share: 0.
    aannames
        Every assumption with the value used.
    situatie
        The picture, the same one: registration moves, need and supply do not.
    """

    minuten_bespaard: float
    overgestapt: int
    geholpen: int
    per_100000: pd.Series
    netto_vrij: int
    per_gemeente: pd.DataFrame
    stromen: pd.DataFrame
    praktijken: pd.DataFrame
    gap: float
    aannames: Mapping[str, float]
    situatie: Situatie

    def __repr__(self) -> str:
        return (
            f"Ruil({self.aannames['misplaatst']:.0f} mensen ver van huis, {self.overgestapt} stappen over, "
            f"{self.geholpen} dichtbij, {self.minuten_bespaard:.0f} minuten bespaard, netto vrij {self.netto_vrij})"
        )

    @property
    def toelichting(self) -> tuple[str, ...]:
        """What must stand with every figure from this result, in Dutch."""
        if self.netto_vrij:
            vrij = (
                f"In volle praktijken komen netto {self.netto_vrij} plaatsen vrij; evenveel vrije plaatsen in "
                "open praktijken raken bezet."
            )
        else:
            vrij = "Netto komt er in volle praktijken geen plaats vrij (0)."
        mensen = f"{self.aannames['misplaatst']:,.0f}".replace(",", ".")
        trekking = (
            f"Gerekend is met één trekking van {mensen} mensen, van wie er {self.overgestapt} overstappen; een "
            "andere trekking geeft iets anders, en hoe minder mensen, hoe meer dat scheelt."
        )
        return (
            "Wie ver van huis staat ingeschreven is niet openbaar.",
            "Het aantal mensen, de bereidheid en de aanvaarding zijn aannames.",
            "De uitkomst geldt per 100.000 mensen die ver van huis staan ingeschreven.",
            trekking,
            "Het is geen landelijk aantal.",
            vrij,
            "Minuten zijn modelminuten voor een enkele reis.",
            "De inschrijving verandert, zorgvraag en aanbod niet: het tekort blijft gelijk.",
            "In de enige Nederlandse proef (DrechtDokters, 2025) stapte minder dan het verwachte kwart over.",
        )


def maak_uitkomst(
    situatie: Situatie,
    *,
    markt: Ruilmarkt,
    trekking: Trekking,
    stroom: Ruilstroom,
    vrij: Gehelen,
    aannames: dict[str, float],
) -> Ruil:
    """Put an optimal flow into the terms of the user; people of one buurt are paired by `koppel`."""
    o, reis = markt.opties, situatie.reistijden
    wie, waar = koppel(trekking.groepen, o, stroom)
    gm_buurt = situatie.gebied["gm_code"].reindex(reis.van)
    gm_praktijk = situatie.praktijken["gm_code"].reindex(reis.naar)
    woont = gm_buurt.iloc[trekking.groepen.buurt].to_numpy()
    stappen = pd.DataFrame(
        {
            "woont": pd.Series(woont[wie], dtype="str"),
            "van": pd.Series(gm_praktijk.iloc[trekking.groepen.praktijk[wie]].to_numpy(), dtype="str"),
            "naar": pd.Series(gm_praktijk.iloc[o.praktijk[waar]].to_numpy(), dtype="str"),
            "mensen": np.ones(len(wie), np.int64),
            "minuten_bespaard": (trekking.groepen.tijd[wie] - o.tijd[waar]) / PER_MINUUT,
            "geholpen": markt.dichtbij[waar].astype(np.int64),
        }
    )
    per_gm = gm_buurt.iloc[trekking.buurten].value_counts().sort_index().rename("misplaatst").to_frame()
    per_gm.index = per_gm.index.rename("gm_code")
    per_gm["aanvaard"] = pd.Series(trekking.aantal).groupby(woont).sum()
    som = stappen.groupby("woont")[["mensen", "geholpen", "minuten_bespaard"]].sum()
    per_gm = per_gm.join(som.rename(columns={"mensen": "overgestapt"})).fillna(0.0)
    per_gm = per_gm[["misplaatst", "aanvaard", "overgestapt", "geholpen", "minuten_bespaard"]]
    per_gm = per_gm.astype(dict.fromkeys(["aanvaard", "overgestapt", "geholpen"], "int64"))
    praktijken = pd.DataFrame(
        {
            "vertrokken": np.bincount(trekking.groepen.praktijk[wie], minlength=len(vrij)),
            "gekomen": np.bincount(o.praktijk[waar], minlength=len(vrij)),
            "vrij": vrij,
        },
        index=reis.naar.rename("praktijk_id"),
    ).loc[situatie.praktijken.index]
    vol = praktijken[praktijken["vrij"] == 0]
    ruw = {
        "bereid": trekking.willen,
        "aanvaard": trekking.aantal.sum(),
        "overgestapt": len(wie),
        "geholpen": stroom.bonus,
        "minuten_bespaard": stroom.waarde / PER_MINUUT,
        "minuten_zonder_volte": zonder_volte(markt, trekking.groepen, trekking.aantal),
    }
    per = pd.Series(ruw, dtype="float64", name="per 100.000 misplaatst") * (PER / aannames["misplaatst"])
    return Ruil(
        minuten_bespaard=stroom.waarde / PER_MINUUT,
        overgestapt=len(wie),
        geholpen=stroom.bonus,
        per_100000=per,
        netto_vrij=int((vol["vertrokken"] - vol["gekomen"]).sum()),
        per_gemeente=per_gm,
        stromen=stappen.groupby(["woont", "van", "naar"])[["mensen", "minuten_bespaard"]].sum(),
        praktijken=praktijken,
        gap=stroom.gap,
        aannames=aannames,
        situatie=situatie,
    )
