"""Norms and constants: each a row of `data/parameters.csv` with its source. The only place they stand."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from huisartsdata.bronnen.catalogus import pakketmap
from huisartsdata.fouten import BronFout

BESTAND = "parameters.csv"


@dataclass(frozen=True)
class Parameter:
    """A constant with its unit, plausible range, status and source."""

    naam: str
    waarde: float
    eenheid: str
    laag: float | None
    hoog: float | None
    status: str
    bron: str
    url: str
    kwaliteit: str
    toelichting: str


@cache
def load_parameters() -> Mapping[str, Parameter]:
    """Every constant of the package by name; read-only, for all callers share it.

    Raises
    ------
    BronFout
        When the file is missing, a value is no number, or a name stands twice.
    """
    pad = pakketmap() / BESTAND
    uit: dict[str, Parameter] = {}
    try:
        with pad.open(encoding="utf-8", newline="") as f:
            for regel, r in enumerate(csv.DictReader(f), start=2):
                naam = r.pop("parameter")
                if naam in uit:
                    raise BronFout(
                        f"{BESTAND} regel {regel}: '{naam}' staat er twee keer; laat één regel staan"
                    )
                laag, hoog = (float(v) if (v := r.pop(k)) else None for k in ("laag", "hoog"))
                uit[naam] = Parameter(naam=naam, waarde=float(r.pop("waarde")), laag=laag, hoog=hoog, **r)
    except (OSError, ValueError, KeyError, TypeError) as e:
        if isinstance(e, BronFout):
            raise
        raise BronFout(f"{pad} is niet te lezen ({e}); zet het bestand terug") from e
    return MappingProxyType(uit)


def parameter(naam: str) -> Parameter:
    """One constant with its source.

    >>> parameter("norm_tarief").waarde
    2095.0
    """
    try:
        return load_parameters()[naam]
    except KeyError:
        raise BronFout(f"er is geen parameter '{naam}' in {BESTAND}; voeg een regel met bron toe") from None


def waarde(naam: str) -> float:
    """The value of one constant."""
    return parameter(naam).waarde
