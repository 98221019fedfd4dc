"""What a shared practice or a satellite location changes, in minutes and reach.

A shared practice is one organisation with locations in several villages; a satellite (dependance) is a
second location of one practice. Both only move fte: they bring a door nearer and add no care. So in draws too: a
location works with its share of what the practices of the organisation have in that draw, and the total of
every draw stays what it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.fouten import OnbekendePraktijkFout, ParameterFout
from huisartsdata.model.bereik import fca
from huisartsdata.model.onzekerheid import Gedeeldmodel
from huisartsdata.scenario.maatregelen import open_praktijk, sluit, voeg_fte_toe
from huisartsdata.scenario.vooruitblik.nabijheid import minuten_naar

if TYPE_CHECKING:
    from shapely import Point

    from huisartsdata.model.situatie import Situatie

VERSCHIL = 1e-9  # minutes, and fte per thousand people: what counts as changed
PER = 1000


@dataclass(frozen=True, eq=False, repr=False)
class Locatiewissel:
    """What `gedeelde_praktijk` and `dependance` give.

    Attributes
    ----------
    situatie
        The picture after.
    locaties
        Locations of the organisation after, by `praktijk_id`: `fte`, `aandeel`, `nieuw`, `geometry`.
    buurten
        Buurten where something changes: `inwoners`, `minuten_voor`, `minuten_na` (nearest practice of
        all), `eigen_voor`, `eigen_na` (nearest location of the organisation), `bereik_voor`,
        `bereik_na` (fte per 1,000 standardised patients).
    samenvatting
        People nearer and farther, minutes saved, people whose reach rises and falls, and fte before and
        after.
    """

    situatie: Situatie
    locaties: pd.DataFrame
    buurten: pd.DataFrame
    samenvatting: pd.Series

    def __repr__(self) -> str:
        s = self.samenvatting
        return (
            f"Locatiewissel({len(self.locaties)} locaties, {float(self.locaties['fte'].sum()):.2f} fte, "
            f"{s['mensen_nader_minuten']:.0f} mensen dichterbij, {s['mensen_verder_minuten']:.0f} verder)"
        )


def gedeelde_praktijk(
    situatie: Situatie,
    praktijk_ids: Collection[str],
    *,
    punten: Sequence[Point] | None = None,
    aandelen: Sequence[float] | pd.Series | None = None,
) -> Locatiewissel:
    """One organisation over several villages: the fte of these practices is divided over its locations.

    The total stays what it is. Without `punten` the locations stay and only fte moves; with `punten`
    these practices close and the organisation works from the new places. In draws every location has its
    share of what these practices have together.

    Parameters
    ----------
    situatie
        The picture before.
    praktijk_ids
        Practices that go on as one.
    punten
        New locations, RD metres.
    aandelen
        Share of the fte per location, adding up to 1: in the order of `punten`, or without them a Series
        by `praktijk_id`. Default in proportion to the need of the people for whom it is the nearest
        practice of all; practices at one place share them.

    Raises
    ------
    OnbekendePraktijkFout
        With every id that is not in the picture.
    ParameterFout
        For no practices, no fte, no places, or shares that do not fit.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> s = hd.landelijke_situatie()
    >>> ids = s.praktijken.index[s.praktijken["gm_code"] == "GM1731"][:4]  # Midden-Drenthe
    >>> samen = gedeelde_praktijk(s, ids)
    >>> bool(abs(samen.situatie.aanbod_fte - s.aanbod_fte) < 1e-9)
    True
    """
    ids = _bekend(situatie, praktijk_ids)
    oud = situatie.praktijken.loc[ids, "fte"]
    totaal = float(oud.sum())
    if not totaal > 0:
        raise ParameterFout("deze praktijken hebben samen geen fte; kies andere praktijken")
    if punten is None:
        deel = _aandelen(situatie, ids, aandelen, situatie)
        na = voeg_fte_toe(situatie, _verdeel(totaal, deel) - oud)
        na = _deel_trekkingen(situatie, na, ids, deel)
        return _wissel(situatie, na, ids, list(ids))
    los: object = punten
    if not isinstance(los, Iterable) or isinstance(los, str):
        raise ParameterFout(f"punten={punten!r} is geen lijst; geef een lijst van shapely Points: [punt]")
    plekken = list(punten)
    if not plekken:
        raise ParameterFout("geef minstens één punt, of laat punten weg om de locaties te houden")
    na, nieuw = situatie, []
    for punt in plekken:
        vorige = na
        # any share of the fte will do here: the division needs the travel times first
        na = open_praktijk(vorige, punt=punt, fte=totaal / len(plekken))
        nieuw += list(na.praktijken.index.difference(vorige.praktijken.index))
    deel = _aandelen(na, nieuw, aandelen, situatie, ids)
    na = voeg_fte_toe(sluit(na, ids), _verdeel(totaal, deel) - na.praktijken.loc[nieuw, "fte"])
    na = _deel_trekkingen(situatie, na, ids, deel)
    return _wissel(situatie, na, ids, nieuw)


def dependance(situatie: Situatie, praktijk_id: str, *, punt: Point, fte: float) -> Locatiewissel:
    """A satellite location: part of a practice's fte moves to a new place, the total stays.

    In draws the two divide what the practice has in that draw, in the same proportion.

    Parameters
    ----------
    situatie
        The picture before.
    praktijk_id
        The practice.
    punt
        Where the satellite comes, RD metres.
    fte
        How much moves; at most what the practice has.

    Raises
    ------
    OnbekendePraktijkFout, ParameterFout
        When the practice, place or fte does not fit.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> s = hd.landelijke_situatie()
    >>> punt = s.punten[s.gebied["gm_code"] == "GM1731"].iloc[0]
    >>> wissel = dependance(s, "P9411-01", punt=punt, fte=0.5)
    >>> round(float(wissel.locaties["fte"].sum() - s.praktijken.loc["P9411-01", "fte"]), 9)
    0.0
    """
    if not isinstance(praktijk_id, str):
        raise ParameterFout(f"praktijk_id={praktijk_id!r} kan niet; geef één praktijk_id als tekst")
    ids = _bekend(situatie, [praktijk_id])
    over = float(situatie.praktijken.at[praktijk_id, "fte"])
    na = open_praktijk(situatie, punt=punt, fte=fte)
    if fte > over:
        raise ParameterFout(
            f"de praktijk heeft {over:.2f} fte, {fte:g} fte verplaatsen kan niet; geef hooguit wat er is"
        )
    nieuw = list(na.praktijken.index.difference(situatie.praktijken.index))
    na = voeg_fte_toe(na, pd.Series({praktijk_id: -float(fte)}))
    weg = float(fte) / over
    na = _deel_trekkingen(situatie, na, ids, pd.Series({praktijk_id: 1 - weg, nieuw[0]: weg}))
    return _wissel(situatie, na, ids, [*ids, *nieuw])


def _deel_trekkingen(voor: Situatie, na: Situatie, ids: list[str], aandelen: pd.Series) -> Situatie:
    """Let the locations draw together what the practices `ids` drew before, each its share.

    Before, practice i draws sum_j c_ij B_j + k_i, with B the draws of the model: below its estimate a
    practice has its draw scaled and k = 0, above it k is what was added, and one that the model does not
    know is k alone. A location gets a share of the sums, its estimate is that share of sum_i (fte_i - k_i),
    and so the rule of `trek_fte` (what stands above the estimate comes on top) gives it its share of k.
    """
    model = voor.aanbodmodel
    if model is None:
        return na
    eerder = model.delen if isinstance(model, Gedeeldmodel) else {}
    mengsel: dict[str, float] = {}
    schatting = 0.0
    for i, rij in voor.praktijken.loc[ids, ["fte", "fte_model"]].iterrows():
        nu, uit_model = float(rij["fte"]), float(rij["fte_model"])
        if not uit_model > 0:
            continue  # the model knows nothing here: all of it is k
        krimp = min(1.0, nu / uit_model)
        schatting += min(nu, uit_model)
        for j, deel in eerder.get(str(i), {str(i): 1.0}).items():
            mengsel[j] = mengsel.get(j, 0.0) + krimp * deel
    if not schatting > 0:
        return na
    delen = {str(plek): {j: float(a) * c for j, c in mengsel.items()} for plek, a in aandelen.items()}
    fte_model = na.praktijken["fte_model"].copy()
    fte_model[aandelen.index] = aandelen * schatting
    return na.vervang(
        praktijken=na.praktijken.assign(fte_model=fte_model), aanbodmodel=Gedeeldmodel.van(model, delen)
    )


def _bekend(situatie: Situatie, praktijk_ids: Collection[str]) -> list[str]:
    if isinstance(praktijk_ids, str) or not isinstance(praktijk_ids, Iterable):
        raise ParameterFout(f"geef een lijst van praktijken, geen losse tekst: [{praktijk_ids!r}]")
    los = list(praktijk_ids)
    if vreemd := [i for i in los if not isinstance(i, str)]:
        raise ParameterFout(
            f"praktijk_id {vreemd[0]!r} is geen tekst; kijk in situatie.praktijken welke er zijn"
        )
    ids = list(dict.fromkeys(los))
    if not ids:
        raise ParameterFout("geef minstens één praktijk")
    vreemd = [str(i) for i in ids if i not in situatie.praktijken.index]
    if vreemd:
        raise OnbekendePraktijkFout(
            f"niet in de situatie: {', '.join(vreemd[:20])}; kijk in situatie.praktijken welke er zijn",
            vreemd,
        )
    return ids


def _aandelen(
    situatie: Situatie,
    ids: list[str],
    aandelen: Sequence[float] | pd.Series | None,
    voor: Situatie,
    weg: Collection[str] = (),
) -> pd.Series:
    """Share of each location, adding up to 1; practices in `weg` close."""
    if aandelen is None:
        return _naar_mensen(situatie, ids, voor, weg)
    los: object = aandelen
    reeks = list(aandelen) if isinstance(los, Iterable) and not isinstance(los, str) else []
    if any(isinstance(a, bool) or not isinstance(a, (int, float, np.number)) for a in reeks):
        raise ParameterFout("de aandelen moeten getallen zijn van 0 of meer die optellen tot 1")
    if isinstance(aandelen, pd.Series) and set(aandelen.index) == set(ids) and len(reeks) == len(ids):
        deel = aandelen.reindex(ids).astype("float64")
    elif not isinstance(aandelen, pd.Series) and len(reeks) == len(ids):
        deel = pd.Series([float(a) for a in reeks], index=ids)
    else:
        raise ParameterFout(
            f"geef een aandeel voor elke locatie ({len(ids)}), in de volgorde van punten of per praktijk_id"
        )
    if not ((deel >= 0) & np.isfinite(deel)).all() or abs(float(deel.sum()) - 1) > 1e-6:
        raise ParameterFout("de aandelen moeten 0 of meer zijn en optellen tot 1")
    return deel


def _naar_mensen(situatie: Situatie, ids: list[str], voor: Situatie, weg: Collection[str]) -> pd.Series:
    """In proportion to the need of those for whom a location is the nearest practice of all; ties share."""
    p = situatie.praktijken
    telt = p.index[p["fte"] > 0].difference(list(weg)).union(pd.Index(ids))
    reis = situatie.reistijden
    naaste = minuten_naar(situatie, telt, met_fte=False).reindex(reis.van).to_numpy()
    rij = np.repeat(np.arange(len(reis.van)), np.diff(reis.minuten.indptr))
    kolom = reis.minuten.indices
    dichtst = reis.naar.isin(telt)[kolom] & (reis.minuten.data <= naaste[rij] + VERSCHIL)
    samen = np.bincount(rij[dichtst], minlength=len(reis.van))
    deel = voor.vraag.reindex(reis.van).to_numpy()[rij[dichtst]] / samen[rij[dichtst]]
    per = pd.Series(np.bincount(kolom[dichtst], weights=deel, minlength=len(reis.naar)), index=reis.naar)[ids]
    return per / float(per.sum()) if per.sum() > 0 else pd.Series(1 / len(ids), index=ids)


def _verdeel(totaal: float, deel: pd.Series) -> pd.Series:
    """The total over the locations; the largest takes what rounding leaves."""
    fte = deel * totaal
    fte.iloc[int(deel.to_numpy().argmax())] += totaal - float(fte.sum())
    return fte


def _wissel(voor: Situatie, na: Situatie, oud: list[str], nieuw: list[str]) -> Locatiewissel:
    b = pd.DataFrame({"inwoners": voor.inwoners})
    b["minuten_voor"], b["minuten_na"] = minuten_naar(voor), minuten_naar(na)
    b["eigen_voor"], b["eigen_na"] = minuten_naar(voor, oud), minuten_naar(na, nieuw)
    for naam, s in (("voor", voor), ("na", na)):
        b[f"bereik_{naam}"] = PER * fca(
            s.vraag, s.praktijken["fte"], s.reistijden, methode=s.methode, verval=s.verval
        )
    anders = pd.Series(False, index=b.index)
    for naam in ("minuten", "eigen", "bereik"):
        v, n = b[f"{naam}_voor"], b[f"{naam}_na"]
        anders |= ((v - n).abs() > VERSCHIL) | (v.isna() != n.isna())
    locaties = na.praktijken.loc[nieuw, ["gm_code", "fte", "geometry"]]
    totaal = float(locaties["fte"].sum())
    locaties = locaties.assign(
        aandeel=locaties["fte"] / totaal, nieuw=~locaties.index.isin(voor.praktijken.index)
    )
    return Locatiewissel(na, locaties, b[anders], _vat_samen(b, voor, na))


def _vat_samen(b: pd.DataFrame, voor: Situatie, na: Situatie) -> pd.Series:
    mensen = b["inwoners"]
    uit: dict[str, float] = {}
    for naam in ("minuten", "eigen"):
        # beyond the limit of the travel times counts as the limit: what it takes at least
        grens = voor.reistijden.grens_minuten or float("nan")
        winst = b[f"{naam}_voor"].fillna(grens) - b[f"{naam}_na"].fillna(grens)
        nader, verder = winst > VERSCHIL, winst < -VERSCHIL
        uit[f"mensen_nader_{naam}"] = float(mensen[nader].sum())
        uit[f"mensen_verder_{naam}"] = float(mensen[verder].sum())
        uit[f"winst_{naam}"] = _gewogen(winst[nader], mensen[nader])
        uit[f"verlies_{naam}"] = -_gewogen(winst[verder], mensen[verder])
    verschil = b["bereik_na"] - b["bereik_voor"]
    uit["mensen_meer_bereik"] = float(mensen[verschil > VERSCHIL].sum())
    uit["mensen_minder_bereik"] = float(mensen[verschil < -VERSCHIL].sum())
    uit["fte_voor"], uit["fte_na"] = voor.aanbod_fte, na.aanbod_fte
    return pd.Series(uit, name="waarde")


def _gewogen(x: pd.Series, gewicht: pd.Series) -> float:
    som = float(gewicht.sum())
    return float((x * gewicht).sum()) / som if som else 0.0
