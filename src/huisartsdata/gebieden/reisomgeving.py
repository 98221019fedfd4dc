"""Settings of the default travel engine: speeds, detour, own term, waiting; and the radius of a buurt."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

KLASSEN = 5  # CBS stedelijkheid: 1 zeer sterk stedelijk ... 5 niet stedelijk
MINIMALE_HECTARE = 1.0  # CBS prints 0 ha for the smallest buurten


def _per_klasse(naam: str) -> tuple[float, ...]:
    return tuple(waarde(f"reis_{naam}_{klasse}") for klasse in range(1, KLASSEN + 1))


@dataclass(frozen=True)
class Reisomgeving:
    """Settings of the travel engine; hashable, so that draws run over a fixed grid of them.

    Road km of a pair = mean vast_km of both classes + mean omweg x sqrt(route^2 + spreiding^2 x
    (radius_van^2 + radius_naar^2)), where route is the straight line, or the way over the crossings.
    Minutes = vast_min + factor x (the first lokaal_km at the classes' own speed, the rest at
    snelheid_weg) + wacht_factor x waiting.

    Attributes
    ----------
    vast_km, omweg, snelheid
        One value per urbanity class 1-5: km, road km per straight km, km per hour.
    spreiding
        Share of a buurt's radius that counts as distance within it.
    lokaal_km, snelheid_weg, vast_min
        Length of the local part of a trip, speed beyond it, getting in and out and parking.
    factor, wacht_factor
        Multiply all driving and all waiting times.
    km_per_min_wachten
        Kilometres that weigh as much as a minute of waiting when a crossing is chosen.
    rand_km
        How far outside the box of the map a point may lie.
    water
        Without water every pair goes straight.
    plekken
        (id, class, radius km) per point, see `met_plekken`; else those of the nearest buurt point or
        postcode of the snapshot.

    Examples
    --------
    >>> traag = Reisomgeving(factor=1.2)
    >>> traag.snelheid_weg, traag == Reisomgeving()
    (62.0, False)
    """

    vast_km: tuple[float, ...] = field(default_factory=lambda: _per_klasse("vast_km"))
    omweg: tuple[float, ...] = field(default_factory=lambda: _per_klasse("omweg"))
    snelheid: tuple[float, ...] = field(default_factory=lambda: _per_klasse("snelheid"))
    spreiding: float = field(default_factory=lambda: waarde("reis_spreiding"))
    lokaal_km: float = field(default_factory=lambda: waarde("reis_lokaal_km"))
    snelheid_weg: float = field(default_factory=lambda: waarde("reis_snelheid_weg"))
    vast_min: float = field(default_factory=lambda: waarde("reis_vast_min"))
    factor: float = field(default_factory=lambda: waarde("reis_factor"))
    wacht_factor: float = field(default_factory=lambda: waarde("reis_wacht_factor"))
    km_per_min_wachten: float = field(default_factory=lambda: waarde("reis_km_per_min_wachten"))
    rand_km: float = field(default_factory=lambda: waarde("reis_rand_km"))
    water: bool = True
    plekken: tuple[tuple[str, int, float], ...] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse settings that make no sense.

        Raises
        ------
        ParameterFout
            With the setting and what it may be.
        """
        for naam in ("vast_km", "omweg", "snelheid"):
            reeks = tuple(float(w) for w in getattr(self, naam))
            if len(reeks) != KLASSEN:
                raise ParameterFout(f"{naam} heeft {len(reeks)} waarden; geef er één per klasse, dus 5.")
            object.__setattr__(self, naam, reeks)
        positief = ("omweg", "snelheid", "snelheid_weg", "factor")
        for veld in fields(self):
            if veld.name in ("water", "plekken"):
                continue
            getallen = np.atleast_1d(getattr(self, veld.name))
            laag = getallen.min() <= 0 if veld.name in positief else getallen.min() < 0
            if laag or not np.isfinite(getallen).all():
                grens = "boven 0" if veld.name in positief else "van 0 of hoger"
                raise ParameterFout(f"{veld.name} is {getattr(self, veld.name)}; geef een getal {grens}.")
        for naam, klasse, straal in self.plekken or ():
            if klasse not in range(1, KLASSEN + 1) or not straal >= 0:
                raise ParameterFout(f"plek {naam}: geef een klasse van 1 tot en met 5 en een straal in km.")

    def met_plekken(self, tabel: pd.DataFrame) -> Reisomgeving:
        """Give class and radius of points: index id, columns `stedelijkheid` and `straal_km`."""
        rijen = tabel[["stedelijkheid", "straal_km"]].itertuples(name=None)
        return replace(self, plekken=tuple(sorted((str(i), int(u), float(r)) for i, u, r in rijen)))

    def zoekafstand(self, grens_minuten: float) -> float:
        """Straight km beyond which no pair lies within `grens_minuten`.

        The fastest class at both ends, the smallest detour and no own term: every real pair is slower.
        """
        over = (grens_minuten - self.vast_min) / self.factor
        lokaal = self.lokaal_km * 60 / max(self.snelheid)
        if over > lokaal:
            km = self.lokaal_km + (over - lokaal) * self.snelheid_weg / 60
        else:
            km = over * max(self.snelheid) / 60
        return max(km - min(self.vast_km), 0.0) / min(self.omweg)


def straal_km(oppervlakte_ha: NDArray[np.float64]) -> NDArray[np.float64]:
    """Radius of the circle with a buurt's land area; 1 ha at least.

    >>> straal_km(np.array([np.nan, 314.159265])).round(3).tolist()
    [0.056, 1.0]
    """
    return np.sqrt(np.fmax(oppervlakte_ha, MINIMALE_HECTARE) / 100 / np.pi)
