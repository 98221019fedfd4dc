"""Sliders on a practice that falls out: size, open share, cut-off, norm and functie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from huisartsdata.scenario.wegvallen.praktijkuitval import Uitval, uitval
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.notebook import toon_figuur
from huisartsdata.uitvoer.schermen import schuiven
from huisartsdata.uitvoer.verhaal.tekortfiguren import FUNCTIENAAM
from huisartsdata.uitvoer.verhaal.uitvalfiguren import afnamekaart

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

TREKKINGEN = 50  # answers in a blink; the figures of the notebook use more


@dataclass(frozen=True)
class Uitvalrekenaar:
    """What a slider asks for: the outage in one gemeente under other assumptions.

    Attributes
    ----------
    situaties
        A picture per functie.
    gm_code
        The gemeente.
    """

    situaties: Mapping[str, Situatie]
    gm_code: str

    def __call__(
        self, *, patienten: int, open_aandeel: float, grens_minuten: float, norm: float, functie: str
    ) -> Uitval:
        """The outage at these values."""
        return uitval(
            self.situaties[functie].vervang(norm=norm),
            gm_code=self.gm_code,
            patienten=patienten,
            open_aandeel=open_aandeel,
            grens_minuten=grens_minuten,
            trekkingen=TREKKINGEN,
        )


def uitvalzin(u: Uitval) -> str:
    """The outcome in one Dutch paragraph (markdown)."""
    midden, laag, hoog = u.zonder_plek.quantile([0.5, 0.05, 0.95]).tolist()
    return (
        f"**{getal(midden, 0)} mensen zonder plek** (90% van de trekkingen: {getal(laag, 0)} tot "
        f"{getal(hoog, 0)}) van de {getal(u.patienten, 0)}, als alle bemiddeling lukt. Er valt "
        f"{getal(u.fte, 1)} fte weg; bij {getal(u.onderbouw.situatie.norm, 0)} patiënten per fte vraagt dit aantal "
        f"{getal(u.maten['fte_norm'], 1)} fte ({FUNCTIENAAM[u.onderbouw.situatie.functie]})."
    )


def _zin_met_kaart(u: Uitval, kaart: Kaartgebied) -> str:
    """The outcome as a sentence with the map of it below (markdown; the picture is in the text)."""
    return f"{uitvalzin(u)}\n\n{toon_figuur(afnamekaart(u, kaart)).html}"


def toon_uitvalpaneel(
    situaties: Mapping[str, Situatie],
    gm_code: str,
    patienten: int,
    *,
    open_aandeel: tuple[float, float] | None = None,
    kaart: Kaartgebied | None = None,
) -> None:
    """Show the sliders and the outcome; headless only the outcome at the start values.

    Parameters
    ----------
    situaties
        A picture per functie; the first is the start.
    gm_code
        The gemeente.
    patienten
        Start of the size.
    open_aandeel
        Range of the share of open practices; its middle is the start. Default that of the parameter.
    kaart
        Area to draw the loss of reach in below the sentence, as long as somebody is there to see it change.
    """
    eerste = next(iter(situaties))
    schuiven.paneel(
        Uitvalrekenaar(situaties, gm_code),
        uitvalzin if kaart is None or not schuiven.is_live() else partial(_zin_met_kaart, kaart=kaart),
        patienten=schuiven.schuif_patienten(patienten),
        open_aandeel=schuiven.schuif_open_aandeel(None if open_aandeel is None else sum(open_aandeel) / 2),
        grens_minuten=schuiven.schuif_grens(situaties[eerste].verval.reikwijdte),
        norm=schuiven.schuif_norm(situaties[eerste].norm),
        functie=schuiven.keuze_functie(eerste),
    )
