"""Situatie: one immutable picture of need, supply, travel and norm; everything else is a function of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import ContractFout, ParameterFout
from huisartsdata.gebieden.register import (
    load_buurten,
    load_gemeenten,
    load_pc4,
    load_praktijken,
    load_wijken,
)
from huisartsdata.gebieden.reismodel import bereken_reistijden
from huisartsdata.leveringen.levering import Levering
from huisartsdata.model import verval as vervallen
from huisartsdata.model.aanbod import gelijk_aanbod, maak_aanbodmodel, tel_adressen, verwacht_aanbod
from huisartsdata.model.bereikmatrix import METHODEN
from huisartsdata.model.vraag import zorgvraag
from huisartsdata.schema import REGIOSOORTEN

if TYPE_CHECKING:
    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.aanbod import Aanbodmodel
    from huisartsdata.model.verval import Verval

FUNCTIES = ("alle", "zonder_wisselend")
AANBODMODELLEN = ("hierarchisch", "gelijk")


def standaardverval() -> Verval:
    """The default decay: Gaussian, argued from distances that registered patients accept."""
    return vervallen.gauss(waarde("verval_gauss_sigma"), waarde("verval_grens"))


@dataclass(frozen=True, eq=False, repr=False)
class Situatie:
    """A frozen picture. Measures give a new one (`vervang`), indicators read it.

    Attributes
    ----------
    vraag
        Standardised patients by `bu_code`.
    vraag_nza
        The same with NZa's tariff weights: draws of need run between the two.
    inwoners
        People by `bu_code`.
    punten
        Where the people of a buurt live, by `bu_code`.
    gebied
        By `bu_code`: `gm_code`, `wk_code` and the code of every region type.
    praktijken
        By `praktijk_id` (sorted): `pc4`, `gm_code`, `fte`, `fte_status`, `ingeschreven`,
        `open_voor_inschrijving`, `geometry`, and `fte_model`, the estimate that draws are centred on
        (NaN for a practice that the model does not know).
    reistijden
        Minutes from buurten to practices.
    norm
        People per fte that is held to be enough.
    verval, methode
        Decay and method of the floating-catchment family.
    functie
        Which GPs count as fte: "alle" or "zonder_wisselend".
    aanbodmodel
        What draws of supply come from; `None` where supply is known exactly.
    herkomst
        Source and status of each input, for source lines.
    """

    vraag: pd.Series
    vraag_nza: pd.Series
    inwoners: pd.Series
    punten: gpd.GeoSeries
    gebied: pd.DataFrame
    praktijken: gpd.GeoDataFrame
    reistijden: Reistijden
    norm: float
    verval: Verval
    methode: str
    functie: str
    aanbodmodel: Aanbodmodel | None
    herkomst: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _keur(self)
        # own copies (lazy): what is done to one picture's tables must never show in another
        for f in fields(self):
            waarde_ = getattr(self, f.name)
            if isinstance(waarde_, (pd.Series, pd.DataFrame)):
                object.__setattr__(self, f.name, waarde_.copy())

    def __repr__(self) -> str:
        # one line: the tables themselves would fill a screen in a notebook
        return (
            f"Situatie(norm={self.norm:g}, functie='{self.functie}', methode='{self.methode}', "
            f"{len(self.praktijken)} praktijken, {self.aanbod_fte:.1f} fte, {len(self.vraag)} buurten)"
        )

    def vervang(self, **velden: Any) -> Situatie:
        """A copy with other fields; the picture itself stays as it is.

        Raises
        ------
        ParameterFout
            For a field that does not exist, or a norm that is no positive number.
        """
        bekend = {f.name for f in fields(self)}
        if vreemd := sorted(set(velden) - bekend):
            raise ParameterFout(
                f"een situatie heeft geen {', '.join(vreemd)}; kies uit {', '.join(sorted(bekend))}"
            )
        if "functie" in velden and not {"praktijken", "aanbodmodel"} <= set(velden):
            raise ParameterFout(
                "een andere functie telt andere huisartsen; maak een nieuwe landelijke_situatie"
            )
        if "vraag" in velden and "vraag_nza" not in velden:
            # draws of need run between the two: a new need without its counterpart is drawn as it is
            velden["vraag_nza"] = velden["vraag"]
        if "norm" in velden:
            velden["norm"] = _norm(velden["norm"], self.vraag, self.praktijken["fte"])
        if "praktijken" in velden:
            velden["praktijken"] = velden["praktijken"].sort_index()
        return replace(self, **velden)

    @property
    def nodig_fte(self) -> float:
        """Fte that the whole country needs at the norm."""
        return float(self.vraag.sum()) / self.norm

    @property
    def aanbod_fte(self) -> float:
        """Fte of all practices."""
        return float(self.praktijken["fte"].sum())

    @property
    def omslagnorm(self) -> float:
        """Break-even norm: people per fte at which need and supply of the country are equal."""
        return float(self.vraag.sum()) / self.aanbod_fte


def _keur(s: Situatie) -> None:
    """Refuse a picture in which something would count for nothing without a word."""
    for naam, keuze in (("methode", METHODEN), ("functie", FUNCTIES)):
        if getattr(s, naam) not in keuze:
            raise ParameterFout(f"{naam} '{getattr(s, naam)}' kan niet; kies uit {', '.join(keuze)}")
    fouten: list[tuple[object, ...]] = []
    for naam in ("vraag", "vraag_nza", "inwoners"):
        reeks = getattr(s, naam)
        slecht = reeks.index[~(np.isfinite(reeks.to_numpy(dtype="float64")) & (reeks >= 0).to_numpy())]
        fouten += [(0, naam, c, "geen getal van 0 of meer", "vul het in") for c in slecht[:20]]
        if not reeks.index.equals(s.vraag.index):
            fouten.append((0, naam, "-", "andere buurten dan vraag", "gebruik dezelfde index"))
    fte = s.praktijken["fte"]
    slecht = fte.index[~(np.isfinite(fte.to_numpy(dtype="float64")) & (fte >= 0).to_numpy())]
    fouten += [(0, "fte", c, "geen getal van 0 of meer", "vul de fte in") for c in slecht[:20]]
    if fte.index.has_duplicates:
        fouten.append((0, "praktijken", "-", "dubbele praktijk_id", "houd er één"))
    mist_vraag = s.vraag.index.symmetric_difference(s.reistijden.van)
    fouten += [
        (0, "reistijden", c, "buurt staat niet in vraag en reistijden", "bereken de reistijden opnieuw")
        for c in mist_vraag[:20]
    ]
    mist = s.praktijken.index.difference(s.reistijden.naar)
    fouten += [(0, "reistijden", c, "praktijk zonder reistijden", "geef reistijden mee") for c in mist[:20]]
    if fouten:
        kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
        raise ContractFout("de situatie klopt niet", pd.DataFrame(fouten, columns=kolommen))


def _norm(norm: float | str, vraag: pd.Series, fte: pd.Series) -> float:
    if norm == "landelijk":
        return float(vraag.sum()) / float(fte.sum())
    getal = isinstance(norm, (int, float, np.number)) and not isinstance(norm, bool)
    if isinstance(norm, str) or not getal or not np.isfinite(norm) or norm <= 0:
        raise ParameterFout(f"norm {norm!r} kan niet; geef mensen per fte (bijvoorbeeld 2095) of 'landelijk'")
    return float(norm)


def landelijke_situatie(
    *,
    norm: float | str = 2095,
    functie: str = "alle",
    aanbod: Levering | Sequence[Levering] | None = None,
    aanbodmodel: str = "hierarchisch",
    verval: Verval | None = None,
    methode: str = "e2sfca",
    reistijden: Reistijden | None = None,
    landelijk: float | None = None,
) -> Situatie:
    """The picture of the country on the embedded snapshot.

    Parameters
    ----------
    norm
        People per fte, or ``"landelijk"`` for the national average of this picture.
    functie
        Which GPs count as fte: ``"alle"`` (10,769) or ``"zonder_wisselend"`` (8,981, without roaming
        locums). A norm means something only together with it.
    aanbod
        Deliveries; each replaces the estimate for its area and nothing else.
    aanbodmodel
        ``"hierarchisch"``, or ``"gelijk"``: equal fte per practice, to show what the choice does.
    verval
        Decay; default `standaardverval()`.
    methode
        Method of `hd.fca`.
    reistijden
        Minutes from all inhabited buurten to all practices; default the built-in engine.
    landelijk
        National fte of the GPs that count; default that of the Capaciteitsorgaan. Give it when a
        complete regional delivery adds up to something else.

    Returns
    -------
    Situatie

    Raises
    ------
    ParameterFout
        For an unknown function, supply model or method, or a norm that is no positive number.
    LeveringFout
        When a delivery does not fit.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> s = hd.landelijke_situatie()
    >>> round(s.aanbod_fte), round(s.nodig_fte), round(s.omslagnorm)
    (10769, 8565, 1666)
    """
    for naam, gekozen, keuze in (
        ("functie", functie, FUNCTIES),
        ("aanbodmodel", aanbodmodel, AANBODMODELLEN),
    ):
        if gekozen not in keuze:
            raise ParameterFout(f"onbekende {naam} '{gekozen}'; kies uit {', '.join(keuze)}")
    buurten, gemeenten, praktijken = load_buurten(), load_gemeenten(), load_praktijken()
    # a few inhabited buurten lack a point: their people are put amid their wijk
    buurten = buurten[buurten["inwoners"] > 0]
    punten = _punten(buurten)
    if aanbod is not None and not all(
        isinstance(a, Levering) for a in ([aanbod] if isinstance(aanbod, Levering) else aanbod)
    ):
        raise ParameterFout(
            "aanbod is geen levering; lees het bestand eerst met hd.read_nivel of hd.read_praktijken"
        )
    leveringen = () if aanbod is None else tuple(aanbod) if isinstance(aanbod, Sequence) else (aanbod,)
    pc4 = load_pc4()
    gm = tel_adressen(gemeenten.drop(columns="geometry"), pc4)
    model = maak_aanbodmodel(praktijken, gm, functie=functie, leveringen=leveringen, landelijk=landelijk)
    fte = verwacht_aanbod(model) if aanbodmodel == "hierarchisch" else gelijk_aanbod(model)
    praktijken = _vul_in(model, fte, pc4)
    if reistijden is None:
        reistijden = bereken_reistijden(punten, praktijken.geometry)
    vraag = zorgvraag(buurten)
    codes = gemeenten[[f"{s}_code" for s in REGIOSOORTEN]].reindex(buurten["gm_code"]).set_axis(buurten.index)
    return Situatie(
        vraag=vraag,
        vraag_nza=zorgvraag(buurten, gewichten="nza"),
        inwoners=buurten["inwoners"],
        punten=punten,
        gebied=pd.concat([buurten[["gm_code", "wk_code"]], codes], axis=1),
        praktijken=praktijken.sort_index(),
        reistijden=reistijden,
        norm=_norm(norm, vraag, praktijken["fte"]),
        verval=verval or standaardverval(),
        methode=methode,
        functie=functie,
        aanbodmodel=model if aanbodmodel == "hierarchisch" else None,
        herkomst=(*(lev.herkomst.bron for lev in leveringen), *model.opmerkingen),
    )


def _punten(buurten: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Points of the buurten; one without a point lies amid its wijk."""
    zonder = buurten.index[buurten.geometry.isna()]
    punten = buurten.geometry.copy()
    if len(zonder):
        midden = load_wijken().geometry.representative_point()
        punten.loc[zonder] = midden.reindex(buurten.loc[zonder, "wk_code"]).to_numpy()
    return punten


def _vul_in(model: Aanbodmodel, fte: pd.Series, pc4: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The practices there are after deliveries, each where the people of its postcode live."""
    p = model.praktijken.sort_index()
    ligging = pc4.geometry.reindex(p["pc4"])
    if ligging.isna().any():
        codes = sorted(p["pc4"][ligging.isna().to_numpy()])
        rijen = [(0, "pc4", c, "onbekende postcode", "verbeter de postcode in de levering") for c in codes]
        kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
        raise ContractFout("praktijken zonder ligging", pd.DataFrame(rijen, columns=kolommen))
    kaart = p.assign(
        fte=fte.reindex(p.index), fte_status=model.status.reindex(p.index), fte_model=fte.reindex(p.index)
    )
    return gpd.GeoDataFrame(kaart, geometry=ligging.to_numpy(), crs=pc4.crs)
