"""The numbers of one area: people, distance, reach, verdict and how sure it is, cut from the national picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.fouten import OnbekendGebiedFout
from huisartsdata.gebieden.kerncijfers import load_kerncijfers
from huisartsdata.gebieden.register import (
    LANDCODE,
    LANDNAAM,
    gebiedskolommen,
    load_gemeenten,
    load_wijken,
)
from huisartsdata.model.onzekerheid import Trekkingen, trek_gebieden, wilson
from huisartsdata.model.tekort import beeld_zonder_trekkingen, oordelen
from huisartsdata.uitvoer.brieven.briefinhoud import rijen_van
from huisartsdata.uitvoer.brieven.landbeeld import SOORTEN, Landbeeld, middens
from huisartsdata.uitvoer.verhaal.beelden import deel_ver
from huisartsdata.uitvoer.verhaal.gebiedssom import reikwijdte, voeg_samen

if TYPE_CHECKING:
    from huisartsdata.uitvoer.brieven.briefinhoud import Briefgebied

EIGEN = "eigen"  # code of an area that is no area of a type
MIN_BUREN = 3  # fewer neighbours than this say little: then the region is what lies around


@dataclass(frozen=True, eq=False)
class Gebiedsbeeld:
    """One area, in numbers.

    Attributes
    ----------
    land
        The national picture it is cut from.
    gebied
        The area.
    code
        Its code, or "eigen" when it is no area of a type.
    soort
        Type of area that it is, or "eigen".
    kern
        People, age, practices and distance: the area, then what lies around it, then the country.
    cijfers
        `inwoners`, `nodig_fte`, `aanbod_fte`, `bereikt_fte`, `tekort_fte`, `kans_op_tekort`, `oordeel` and the
        intervals, at the lead norm and functie; `rang_laag`, `rang_hoog` and `aantal` where there is a rank.
    rooster
        Index `functie`, `norm`: need and reach (the picture, and the middle of the draws), chance and verdict.
    keuzes
        Index `soort` (verval, reistijd), `keuze`: the chance within those draws with its 95% interval, and
        their number.
    wissel, wissel_verval
        `combinaties` and `tekort` (share of them) over functies, norms and decays, and over decays alone.
    """

    land: Landbeeld
    gebied: Briefgebied
    code: str
    soort: str
    kern: pd.DataFrame
    cijfers: Mapping[str, float | str]
    rooster: pd.DataFrame
    keuzes: pd.DataFrame
    wissel: Mapping[str, float]
    wissel_verval: Mapping[str, float]

    @property
    def naam(self) -> str:
        """Name of the area."""
        return self.gebied.naam

    @property
    def kernnaam(self) -> str:
        """Row of the area in `kern`; a user may call a region Nederland."""
        return _kernnaam(self.naam, self.soort)

    @property
    def is_land(self) -> bool:
        """Whether it is the whole country."""
        return self.soort == "land"

    @property
    def is_gemeente(self) -> bool:
        """Whether it is one gemeente."""
        return self.soort == "gemeente"

    def getal(self, naam: str) -> float:
        """One of `cijfers` that is a number."""
        return float(self.cijfers[naam])

    @property
    def oordeel(self) -> str:
        """The verdict at the lead norm and functie."""
        return str(self.cijfers["oordeel"])

    @property
    def naast(self) -> dict[str, tuple[str, str]]:
        """Type and code of the areas in `kern`, by name; an area that is no area of a type is left out."""
        eigen = {} if self.soort == EIGEN else {self.kernnaam: (self.soort, self.code)}
        rond = _rondom(self.gebied.gemeenten[0]) if self.is_gemeente else {}
        return eigen | rond | {LANDNAAM: ("land", LANDCODE)}

    @cached_property
    def _rakend(self) -> pd.Index:
        """The gemeenten of the area and those that touch it."""
        gm = load_gemeenten()
        eigen = gm.geometry.loc[list(self.gebied.gemeenten)].union_all()
        # borders are simplified: what lies within 50 m of each other touches
        uit: pd.Index = gm.index[gm.geometry.dwithin(eigen, 50.0)]
        return uit

    @property
    def is_afgelegen(self) -> bool:
        """Whether hardly any other gemeente touches it, as with an island."""
        return len(self._rakend) - len(self.gebied.gemeenten) < MIN_BUREN

    @cached_property
    def genoemd(self) -> str:
        """Code of the region by whose name in the source this area has its verdict; empty when by none."""
        return self.land.volgt_uit_tekst(self.gebied.gemeenten, self.oordeel)

    @cached_property
    def omgeving(self) -> tuple[str, ...]:
        """Gemeenten to show: those of the area, or a gemeente with its neighbours (else its region)."""
        if not (self.is_gemeente or (len(self.gebied.gemeenten) <= MIN_BUREN and not self.is_land)):
            return self.gebied.gemeenten
        gm, buren = load_gemeenten(), self._rakend
        if self.is_afgelegen:
            regio = gm.loc[list(self.gebied.gemeenten), "regioplus_code"]
            buren = buren.union(gm.index[gm["regioplus_code"].isin(regio)])
        return tuple(sorted(buren))

    def deelgebieden(self, codes: Sequence[str] | None = None) -> pd.DataFrame:
        """The picture per gemeente of `codes` (default `omgeving`), largest chance of shortage first."""
        deel = self.land.beelden["gemeente"].loc[list(codes or self.omgeving)]
        return deel.sort_values(["kans_op_tekort", "rang_hoog"], ascending=[False, True], kind="stable")


def maak_gebiedsbeeld(land: Landbeeld, gebied: Briefgebied) -> Gebiedsbeeld:
    """Cut one area out of the national picture.

    Parameters
    ----------
    land
        The national picture.
    gebied
        Any area: a gemeente, a region, the country, several gemeenten, wijken, or the user's own region.

    Raises
    ------
    OnbekendGebiedFout
        For gemeenten or wijken that the picture does not know.
    """
    onbekend = sorted(set(gebied.gemeenten) - set(land.trekkingen[land.functie].codes))
    if onbekend or not gebied.gemeenten:
        raise OnbekendGebiedFout(f"geen gemeenten van het landelijke beeld: {', '.join(onbekend)}", onbekend)
    soort, code = soort_en_code(land, gebied)
    leden = {code: gebied.wijken or gebied.gemeenten}
    eigen = _trekkingen(land, gebied, leden)
    punten = {f: _punt(land, gebied, f) for f in eigen}
    rooster = _rooster(land, eigen, punten)
    cijfers: dict[str, Any] = rijen_van(rooster.loc[[(land.functie, land.norm)]])[0] | punten[land.functie]
    if soort != EIGEN:
        cijfers |= rijen_van(land.beelden[soort].loc[[code]])[0] | {"aantal": len(land.beelden[soort])}
    return Gebiedsbeeld(
        land=land,
        gebied=gebied,
        code=code,
        soort=soort,
        kern=_kern(land, gebied, soort),
        cijfers=cijfers,
        rooster=rooster,
        keuzes=_keuzes(land, eigen[land.functie]),
        # an area of wijken has no picture under each decay: its gemeenten stand for it
        wissel=_wissel(land, code, gebied),
        wissel_verval=_wissel(land, code, gebied, alleen_verval=True),
    )


def _wissel(
    land: Landbeeld, code: str, gebied: Briefgebied, *, alleen_verval: bool = False
) -> dict[str, float]:
    rij = land.wisselkans({code: gebied.gemeenten}, alleen_verval=alleen_verval).iloc[0]
    return {naam: float(rij[naam]) for naam in ("combinaties", "tekort")}


def soort_en_code(land: Landbeeld, gebied: Briefgebied) -> tuple[str, str]:
    """Type and code of an area; ("eigen", "eigen") when it is no area of a type.

    An own region with exactly the gemeenten of an official one stays the user's own.
    """
    if gebied.soort in SOORTEN and not gebied.wijken:
        for code, leden in land.leden(gebied.soort).items():
            if set(leden) == set(gebied.gemeenten):
                return gebied.soort, str(code)
    return EIGEN, EIGEN


def _trekkingen(
    land: Landbeeld, gebied: Briefgebied, leden: Mapping[str, Sequence[str]]
) -> dict[str, Trekkingen]:
    if not gebied.wijken:
        return {f: voeg_samen(t, leden) for f, t in land.trekkingen.items()}
    return {
        f: voeg_samen(trek_gebieden(s, per="wijk", trekkingen=land.aantal, seed=land.seed), leden)
        for f, s in land.situaties.items()
    }


def _rooster(
    land: Landbeeld, eigen: Mapping[str, Trekkingen], punten: Mapping[str, Mapping[str, float]]
) -> pd.DataFrame:
    rijen = {}
    for functie, t in eigen.items():
        s, punt = land.situaties[functie], punten[functie]
        for norm in sorted({*land.normgetallen, s.omslagnorm}):
            bij = replace(t, nodig=t.nodig * (s.norm / norm))
            oordeel = oordelen(bij, EIGEN).iloc[0]
            rijen[functie, norm] = {
                "nodig_fte": punt["nodig_fte"] * s.norm / norm,
                "bereikt_fte": punt["bereikt_fte"],
                **reikwijdte(bij, norm).iloc[0].to_dict(),
                **middens(bij, norm).iloc[0].to_dict(),
                "kans_op_tekort": float(oordeel["kans_op_tekort"]),
                "oordeel": oordeel["oordeel"],
            }
    uit = pd.DataFrame.from_dict(rijen, orient="index")
    uit.index = pd.MultiIndex.from_tuples(list(rijen), names=["functie", "norm"])
    return uit


def _punt(land: Landbeeld, gebied: Briefgebied, functie: str) -> dict[str, float]:
    """The picture itself of an area, for one functie: people, need, supply inside and reach."""
    s = land.situaties[functie]
    if gebied.wijken:
        punt = voeg_samen(beeld_zonder_trekkingen(s, "wijk"), {EIGEN: gebied.wijken})
        nodig, bereikt = float(punt.nodig[0, 0]), float(punt.bereikt[0, 0])
        inwoners = float(load_wijken().loc[list(gebied.wijken), "inwoners"].sum())
        aanbod = np.nan  # a practice is known by postcode, which knows no wijk
    else:
        p, codes = land.punten[functie], list(gebied.gemeenten)
        nodig = float(p.vraag[codes].sum()) / s.norm
        bereikt = float(p.bereikt.loc[codes].iloc[:, 0].sum())
        inwoners = float(load_gemeenten().loc[codes, "inwoners"].sum())
        aanbod = float(p.aanbod[codes].sum())
    return {
        "inwoners": inwoners,
        "nodig_fte": nodig,
        "aanbod_fte": aanbod,
        "bereikt_fte": bereikt,
        "tekort_fte": max(0.0, nodig - bereikt),
    }


def _keuzes(land: Landbeeld, t: Trekkingen) -> pd.DataFrame:
    rijen = {}
    namen = {"verval": land.vervalnamen, "snelheid": land.snelheden}
    for soort, lijst in namen.items():
        for nummer, keuze in enumerate(lijst):
            deel = t.kort[0, (t.opzet[soort] == nummer).to_numpy()]
            kans = float(deel.mean()) if len(deel) else np.nan
            laag, hoog = wilson(float(deel.sum()), len(deel)) if len(deel) else (np.nan, np.nan)
            rijen[soort, keuze] = {
                "kans_op_tekort": kans,
                "kans_laag": laag,
                "kans_hoog": hoog,
                "trekkingen": len(deel),
            }
    uit = pd.DataFrame.from_dict(rijen, orient="index")
    uit.index = pd.MultiIndex.from_tuples(list(rijen), names=["soort", "keuze"])
    return uit


def _kern(land: Landbeeld, gebied: Briefgebied, soort: str) -> pd.DataFrame:
    """Key figures of the area, of the province and RegioPlus region of a gemeente, and of the country."""
    tellingen = load_kerncijfers("gemeente")
    delen = {_kernnaam(gebied.naam, soort): _tel(gebied, tellingen)}
    for naam, (per, code) in (_rondom(gebied.gemeenten[0]) if soort == "gemeente" else {}).items():
        codes = land.leden(per)[code]
        delen[naam] = _tel_gemeenten(tellingen.loc[list(codes)], codes)
    if soort != "land":
        delen[LANDNAAM] = _tel_gemeenten(tellingen, tuple(tellingen.index))
    return pd.DataFrame.from_dict(delen, orient="index").rename_axis("gebied")


def _kernnaam(naam: str, soort: str) -> str:
    return f"{naam} (dit gebied)" if soort != "land" and naam == LANDNAAM else naam


def _rondom(gm_code: str) -> dict[str, tuple[str, str]]:
    """Province and RegioPlus region of a gemeente: name -> type and code."""
    gm = load_gemeenten()
    uit: dict[str, tuple[str, str]] = {}
    gezien: list[set[str]] = []
    for per, wat in (("provincie", "provincie"), ("regioplus", "RegioPlus-regio")):
        codes, namen = gebiedskolommen(per, gm)
        leden = set(codes.index[codes == codes[gm_code]])
        if leden not in gezien:  # one column for a province that is a region too
            gezien.append(leden)
            uit[f"{wat} {namen[gm_code]}"] = (per, str(codes[gm_code]))
    return uit


def _tel(gebied: Briefgebied, tellingen: pd.DataFrame) -> dict[str, float]:
    if not gebied.wijken:
        return _tel_gemeenten(tellingen.loc[list(gebied.gemeenten)], gebied.gemeenten)
    w = load_wijken().loc[list(gebied.wijken)]
    mensen, km = w["inwoners"], w["afstand_huisarts_km"]
    bekend = float(mensen[km.notna()].sum())
    return {
        "inwoners": float(mensen.sum()),
        "aandeel_65_plus": float(w["inwoners_65_plus"].sum() / mensen.sum()),
        "praktijken": np.nan,
        "adressen": np.nan,
        "inwoners_per_praktijk": np.nan,
        "afstand_km": float((km * mensen).sum() / bekend) if bekend else np.nan,
        "deel_ver": deel_ver(gebied.wijken, per="wk_code"),
    }


def _tel_gemeenten(t: pd.DataFrame, codes: Sequence[str]) -> dict[str, float]:
    mensen, praktijken = float(t["inwoners"].sum()), float(t["praktijken"].sum())
    return {
        "inwoners": mensen,
        "aandeel_65_plus": float((t["aandeel_65_plus"] * t["inwoners"]).sum() / mensen),
        "praktijken": praktijken,
        "adressen": float(t["adressen"].sum()),
        "inwoners_per_praktijk": mensen / praktijken if praktijken else np.nan,
        "afstand_km": float((t["afstand_huisarts_km"] * t["inwoners"]).sum() / mensen),
        "deel_ver": deel_ver(codes),
    }
