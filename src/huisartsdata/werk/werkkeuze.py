"""The choice that a notebook works with: a `Werkvraag` answered, everything looked up, read and checked."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.register import load_buurten, load_gemeenten, load_pc4, load_praktijken
from huisartsdata.leveringen.eigen_gebieden import read_gebieden
from huisartsdata.leveringen.gebiedenboek import Gebiedenboek
from huisartsdata.leveringen.getaltekst import lees_getal
from huisartsdata.leveringen.herken import herken_levering, read_levering
from huisartsdata.leveringen.levering import noem
from huisartsdata.model.aanbod import maak_aanbodmodel, tel_adressen
from huisartsdata.model.situatie import FUNCTIES, landelijke_situatie
from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
from huisartsdata.werk.werkgebied import EIGEN, gebied_van_gemeenten, zoek_werkgebied

if TYPE_CHECKING:
    import pandas as pd

    from huisartsdata.leveringen.levering import Levering
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied, Niveau
    from huisartsdata.werk.werkgebied import Werkgebied
    from huisartsdata.werk.werkvraag import Werkvraag

FUNCTIE = "zonder_wisselend"  # what the notebooks lead with: fte of GPs that people can be registered with
LANDELIJK = "landelijk"
MIN_NORM, MAX_NORM = 100.0, 20_000.0  # far outside every norm: beyond lies a slip of the decimal sign
MIN_GEMEENTEN_KAART = 6  # fewer areas than this make no map: then their wijken are coloured
MARGE_WIJK = 0.3  # of the width: a wijk is recognised by what lies around it


@dataclass(frozen=True, eq=False)
class Keuze:
    """What a notebook works with: an area, the user's deliveries, norm and functie.

    Attributes
    ----------
    gebied, naam, soort, gemeenten, wijken
        The area; see `Werkgebied`. `wijken` is empty when the area is its gemeenten.
    norm
        People per fte, or ``landelijk`` for the national average.
    functie
        Which GPs count: ``alle`` or ``zonder_wisselend``.
    leveringen
        Supply that the user delivered.
    vektis
        Vektis's data, which are no supply: a check beside the model.
    slug
        Name of the area for files and folders: ascii, safe.
    uit
        Folder for figures and tables of this area.
    landelijk
        National fte given by the user, or None for the published total.
    """

    gebied: str
    naam: str
    soort: str
    gemeenten: tuple[str, ...]
    wijken: tuple[str, ...]
    norm: float | str
    functie: str
    leveringen: tuple[Levering, ...]
    vektis: Levering | None
    slug: str
    uit: Path
    landelijk: float | None = None

    @property
    def niveau(self) -> Niveau:
        """Areas to colour on a map: gemeenten when there are enough of them, else wijken."""
        veel = len(self.gemeenten) >= MIN_GEMEENTEN_KAART and not self.wijken
        return "gemeente" if veel else "wijk"

    @cached_property
    def buurten(self) -> pd.Index:
        """Codes of the inhabited buurten in the area: those that a `Situatie` holds."""
        bu = load_buurten()
        binnen = bu["wk_code"].isin(self.wijken) if self.wijken else bu["gm_code"].isin(self.gemeenten)
        codes: pd.Index = bu.index[binnen & (bu["inwoners"] > 0)]
        return codes

    def kaart(self, niveau: Niveau | None = None) -> Kaartgebied:
        """Layers for a map of the area, at its own level unless another is asked.

        Raises
        ------
        ParameterFout
            For gemeenten on a map of wijken.
        OnbekendGebiedFout
            For buurten where no polygons of them are at hand.
        """
        gekozen = niveau or self.niveau
        if not self.wijken:
            return load_kaartgebied(self.gemeenten, niveau=gekozen, naam=self.naam)
        if gekozen == "gemeente":
            raise ParameterFout("een keuze van wijken heeft geen kaart per gemeente; kies 'wijk' of 'buurt'")
        heel = load_kaartgebied(self.gemeenten, niveau=gekozen, naam=self.naam)
        wk_code = heel.gebieden.index if gekozen == "wijk" else heel.gebieden["wk_code"]
        deel = heel.gebieden[wk_code.isin(self.wijken)]
        x0, y0, x1, y1 = map(float, deel.total_bounds)
        rand = MARGE_WIJK * max(x1 - x0, y1 - y0)
        vorm = load_gemeenten(detail="regio")[["naam", "geometry"]]
        uitsnede = (x0 - rand, y0 - rand, x1 + rand, y1 + rand)
        rond = vorm[vorm.geometry.intersects(shapely.box(*uitsnede))]
        return replace(
            heel,
            gebieden=deel,
            groepen=None if heel.groepen is None else heel.groepen.reindex(deel.index),
            buren=rond,
            labels=None,
            uitsnede=uitsnede,
        )

    def situatie(self, **anders: Any) -> Situatie:
        """The picture of the country with this norm, functie and delivered supply.

        Parameters
        ----------
        **anders
            Other arguments of `hd.landelijke_situatie`; they come before those of the choice.
        """
        eigen = {
            "norm": self.norm,
            "functie": self.functie,
            "aanbod": self.leveringen or None,
            "landelijk": self.landelijk,
        }
        return landelijke_situatie(**(eigen | anders))


def lees_keuze(vraag: Werkvraag, figuren: Path) -> Keuze:
    """Look up, read and check all that is asked; nothing is written.

    Parameters
    ----------
    vraag
        The question.
    figuren
        Folder that the area gets a folder of its own in, under its `slug`.

    Raises
    ------
    HuisartsdataFout
        With what is wrong and what to do: an unknown area, norm or functie, a refused file, or files that
        have nothing to do with the area.
    """
    norm = lees_norm(waarde("norm_tarief") if vraag.norm is None else vraag.norm)
    functie = FUNCTIE if vraag.functie is None else vraag.functie
    if functie not in FUNCTIES:
        raise ParameterFout(f"functie '{functie:.40}' kan niet; kies uit {', '.join(FUNCTIES)}")
    eigen = None
    if vraag.gebieden is not None:
        eigen = read_gebieden(vraag.gebieden)
        if not (vraag.gebied or "").strip().casefold().startswith(f"{EIGEN}:"):
            codes = noem(f"{EIGEN}:{code}" for code in sorted(set(eigen["code"])))
            raise ParameterFout(
                f"kies als gebied een van de eigen gebieden in {vraag.gebieden.name}: {codes}"
            )
    boek = Gebiedenboek.uit_snapshot()
    gebied = None if vraag.gebied is None else zoek_werkgebied(vraag.gebied, eigen=eigen)
    alles = [_lees(pad, vraag, gebied, boek) for pad in _zonder_dubbel(vraag.bestanden)]
    aanbod = tuple(lev for lev in alles if lev.soort != "vektis")
    vektis = [lev for lev in alles if lev.soort == "vektis"]
    if len(vektis) > 1:
        raise ParameterFout(f"er zijn {len(vektis)} bestanden van Vektis gegeven; geef er hoogstens één")
    if gebied is None:
        gebied = zoek_werkgebied(_gebied_van(aanbod, boek))
    elif aanbod and not _dekking(aanbod, boek) & set(gebied.gemeenten):
        namen = noem(lev.herkomst.bestand for lev in aanbod)
        raise ParameterFout(
            f"{namen} gaat over geen enkele gemeente in {gebied.naam}; kies het gebied van het bestand of "
            "laat het bestand weg"
        )
    if aanbod:
        _keur_aanbod(aanbod, functie, vraag.landelijk)
    return Keuze(
        gebied=gebied.gebied,
        naam=gebied.naam,
        soort=gebied.soort,
        gemeenten=gebied.gemeenten,
        wijken=gebied.wijken,
        norm=norm,
        functie=functie,
        leveringen=aanbod,
        vektis=vektis[0] if vektis else None,
        slug=gebied.slug,
        uit=figuren / gebied.slug,
        landelijk=vraag.landelijk,
    )


def lees_norm(norm: float | str) -> float | str:
    """A norm as typed: a number in Dutch or plain notation, or ``landelijk``.

    >>> lees_norm("2.095"), lees_norm("1997,6"), lees_norm("landelijk")
    (2095.0, 1997.6, 'landelijk')
    """
    tekst = str(norm).strip()
    if tekst == LANDELIJK:
        return LANDELIJK
    try:
        getal = (
            math.nan
            if isinstance(norm, bool)
            else lees_getal(tekst)
            if isinstance(norm, str)
            else float(norm)
        )
    except (ParameterFout, ValueError, TypeError):
        getal = math.nan
    if not MIN_NORM <= getal <= MAX_NORM:
        raise ParameterFout(
            f"norm '{norm!s:.40}' kan niet; geef inwoners per fte, zoals 2095, of '{LANDELIJK}'"
        )
    return getal


def _zonder_dubbel(paden: Iterable[Path]) -> list[Path]:
    return list({p.resolve(): p for p in paden}.values())


def _lees(pad: Path, vraag: Werkvraag, gebied: Werkgebied | None, boek: Gebiedenboek) -> Levering:
    """One delivery. A practice list has to cover the gemeenten of the area entirely."""
    if gebied is None and herken_levering(pad)[0] == "praktijken":
        raise ParameterFout(
            f"{pad.name} is een praktijklijst; geef met --gebied (of gebied=) op welke gemeenten de lijst "
            "helemaal dekt"
        )
    binnen = None if gebied is None else gebied.gemeenten
    lev = read_levering(pad, gebied=binnen, peiljaar=vraag.peiljaar, functie=vraag.functie, gebiedenboek=boek)
    if lev.soort != "vektis" and "onbekend" in set(lev.tabel["functie"]):
        raise ParameterFout(
            f"{pad.name} zegt niet welke huisartsen het telt; geef --functie alle of --functie "
            "zonder_wisselend op (in een notebook functie=)"
        )
    return lev


def _dekking(aanbod: Iterable[Levering], boek: Gebiedenboek) -> frozenset[str]:
    """The gemeenten that deliveries are about."""
    return frozenset().union(*(boek.gemeenten_van(lev.gebieden) for lev in aanbod))


def _gebied_van(aanbod: tuple[Levering, ...], boek: Gebiedenboek) -> str:
    """The area that the delivered supply covers, when it is part of the country."""
    gemeenten = _dekking(aanbod, boek) if aanbod else frozenset()
    if not gemeenten or len(gemeenten) == len(boek.gemeenten):
        raise ParameterFout(
            "geef met --gebied op naar welk gebied u kijkt, zoals --gebied provincie:Drenthe: "
            "dat volgt niet uit de bestanden"
        )
    return gebied_van_gemeenten(sorted(gemeenten))


def _keur_aanbod(aanbod: tuple[Levering, ...], functie: str, landelijk: float | None) -> None:
    """Refuse deliveries that contradict each other or the picture, before anything is calculated."""
    gemeenten = tel_adressen(load_gemeenten().drop(columns="geometry"), load_pc4())
    maak_aanbodmodel(load_praktijken(), gemeenten, functie=functie, leveringen=aanbod, landelijk=landelijk)
