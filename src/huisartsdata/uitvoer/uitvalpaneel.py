"""Sliders on a practice that falls out: size, open share, cut-off, norm and functie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huisartsdata.scenario.praktijkuitval import Uitval, uitval
from huisartsdata.uitvoer import schuiven
from huisartsdata.uitvoer.huisstijl import getal
from huisartsdata.uitvoer.tekortfiguren import FUNCTIENAAM

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie

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
    s = u.samenvatting
    zonder, na = s.loc["zonder_plek"], s.loc["minuten_na"]
    return (
        f"**{getal(zonder['midden'], 0)} mensen zonder plek** (90%: {getal(zonder['laag'], 0)} tot "
        f"{getal(zonder['hoog'], 0)}) van de {getal(u.patienten, 0)}. Wie wel plek vindt, reist "
        f"{getal(na['midden'], 1)} minuten, eerst {getal(s.loc['minuten_voor', 'midden'], 1)}. Er valt "
        f"{getal(u.fte, 1)} fte weg; dat is bij {getal(u.situatie.norm, 0)} patiënten per fte werk voor "
        f"{getal(u.maten['fte_norm'], 1)} fte ({FUNCTIENAAM[u.situatie.functie]})."
    )


def toon_uitvalpaneel(situaties: Mapping[str, Situatie], gm_code: str, patienten: int) -> None:
    """Show the sliders and the outcome; headless only the outcome at the start values.

    Parameters
    ----------
    situaties
        A picture per functie; the first is the start.
    gm_code
        The gemeente.
    patienten
        Start of the size.
    """
    eerste = next(iter(situaties))
    schuiven.paneel(
        Uitvalrekenaar(situaties, gm_code),
        uitvalzin,
        patienten=schuiven.schuif_patienten(patienten),
        open_aandeel=schuiven.schuif_open_aandeel(),
        grens_minuten=schuiven.schuif_grens(situaties[eerste].verval.reikwijdte),
        norm=schuiven.schuif_norm(situaties[eerste].norm),
        functie=schuiven.keuze_functie(eerste),
    )
