"""What a run or a notebook is asked: area, deliveries, norm and functie, as a user typed them.

The question travels from `huisartsdata run` to a notebook's kernel in environment variables. Nothing heavy is
imported here: the command line reads it at every start.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from huisartsdata.fouten import ParameterFout

VARIABELEN = {
    "gebied": "HUISARTSDATA_GEBIED",
    "bestanden": "HUISARTSDATA_BESTANDEN",
    "norm": "HUISARTSDATA_NORM",
    "functie": "HUISARTSDATA_FUNCTIE",
    "gebieden": "HUISARTSDATA_GEBIEDEN",
    "peiljaar": "HUISARTSDATA_PEILJAAR",
    "landelijk": "HUISARTSDATA_LANDELIJK",
}


@dataclass(frozen=True)
class Werkvraag:
    """A question as typed; nothing in it is checked yet, and what is None was not asked.

    Attributes
    ----------
    gebied
        Text for `zoek_werkgebied`; None takes the area that the deliveries cover.
    bestanden
        Deliveries of the user.
    norm
        People per fte, or ``landelijk``.
    functie
        Which GPs count, also in files that do not say so themselves.
    gebieden
        File with the user's own regions.
    peiljaar
        Year of the municipal map that the deliveries are of.
    landelijk
        National fte, when a complete delivery adds up to something else than the published total.
    """

    gebied: str | None = None
    bestanden: tuple[Path, ...] = ()
    norm: float | str | None = None
    functie: str | None = None
    gebieden: Path | None = None
    peiljaar: int | None = None
    landelijk: float | None = None

    @property
    def leeg(self) -> bool:
        """Whether nothing was asked."""
        return self == Werkvraag()

    def keur_levering(self) -> None:
        """Refuse what says something about a delivery when there is none.

        Raises
        ------
        ParameterFout
            For a peiljaar or a national total without files.
        """
        if not self.bestanden and (self.peiljaar, self.landelijk) != (None, None):
            raise ParameterFout(
                "--peiljaar en --landelijk zeggen iets over een levering; geef die op met --bestand"
            )

    def omgeving(self) -> dict[str, str]:
        """The question as environment variables, with absolute paths.

        Raises
        ------
        ParameterFout
            For a file whose name holds the sign that separates paths.
        """
        if fout := [p.name for p in self.bestanden if os.pathsep in str(p.resolve())]:
            raise ParameterFout(
                f"in de naam van een bestand of map kan geen '{os.pathsep}' staan: {', '.join(fout)}; hernoem het"
            )
        tekst = {
            "gebied": self.gebied,
            "bestanden": os.pathsep.join(str(p.resolve()) for p in self.bestanden),
            "norm": self.norm,
            "functie": self.functie,
            "gebieden": self.gebieden.resolve() if self.gebieden else None,
            "peiljaar": self.peiljaar,
            "landelijk": self.landelijk,
        }
        return {VARIABELEN[naam]: str(w) for naam, w in tekst.items() if w not in (None, "")}

    @classmethod
    def from_omgeving(cls, omgeving: Mapping[str, str]) -> Werkvraag:
        """The question in environment variables; the other way round of `omgeving`."""
        tekst = {naam: omgeving.get(variabele) or None for naam, variabele in VARIABELEN.items()}
        paden = (tekst["bestanden"] or "").split(os.pathsep)
        return cls(
            gebied=tekst["gebied"],
            bestanden=tuple(Path(p) for p in paden if p),
            norm=tekst["norm"],
            functie=tekst["functie"],
            gebieden=Path(tekst["gebieden"]) if tekst["gebieden"] else None,
            peiljaar=None if tekst["peiljaar"] is None else _jaar(tekst["peiljaar"]),
            landelijk=None if tekst["landelijk"] is None else float(tekst["landelijk"]),
        )

    def aangevuld(self, standaard: Werkvraag) -> Werkvraag:
        """Fill up what this question does not ask from `standaard`.

        Area and files belong together: who asks for another area does not get the other's deliveries.
        """
        waar = self if self.gebied is not None else standaard
        return replace(
            waar,
            norm=standaard.norm if self.norm is None else self.norm,
            functie=standaard.functie if self.functie is None else self.functie,
        )


def _jaar(tekst: str) -> int:
    if not re.fullmatch(r"\d{4}", tekst):
        raise ParameterFout(f"peiljaar '{tekst:.20}' is geen jaar; geef een jaar als 2024")
    return int(tekst)
