"""The primitive measures: close, reopen, open, add fte, change the norm or the productivity.

Each takes a picture and gives a new one; every indicator works on it, with and without draws.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from huisartsdata.fouten import ContractFout, OnbekendePraktijkFout, ParameterFout, ReistijdFout
from huisartsdata.gebieden.reismodel import bereken_reistijden

if TYPE_CHECKING:
    from collections.abc import Collection

    from huisartsdata.gebieden.reistijd import Reistijden
    from huisartsdata.model.situatie import Situatie

MAX_GENOEMD = 20
MAX_FTE = 1000  # a tenth of the country's: more in one place is a typing error


def sluit(situatie: Situatie, praktijk_ids: Collection[str]) -> Situatie:
    """Close practices: their fte leaves the supply, their patients stay where they live.

    Parameters
    ----------
    situatie
        The picture before the closure.
    praktijk_ids
        Practices to close.

    Returns
    -------
    Situatie
        Without these practices. Travel times keep them, so that reopening costs nothing.

    Raises
    ------
    OnbekendePraktijkFout
        With every id that is not in the picture.
    ParameterFout
        When `praktijk_ids` is a single text, or every practice would close.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> s = hd.landelijke_situatie()
    >>> dicht = hd.scenario.sluit(s, ["P1011-01"])
    >>> len(s.praktijken) - len(dicht.praktijken), hd.scenario.sluit(s, []) is s
    (1, True)
    """
    ids = _ids(praktijk_ids)
    _keur_bekend(situatie, ids)
    if not ids:
        return situatie
    if len(ids) == len(situatie.praktijken):
        raise ParameterFout("alle praktijken sluiten kan niet: er blijft geen aanbod over")
    return situatie.vervang(praktijken=situatie.praktijken.drop(ids))


def heropen(situatie: Situatie, praktijken: gpd.GeoDataFrame) -> Situatie:
    """Reopen practices: rows as they stood in the picture before they closed.

    ``heropen(sluit(s, ids), s.praktijken.loc[ids])`` equals `s` bit for bit.

    Parameters
    ----------
    situatie
        The picture without them.
    praktijken
        Rows of `Situatie.praktijken`.

    Raises
    ------
    ContractFout
        For a table with other columns, or a practice without travel times.
    ParameterFout
        For a practice that is open already.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> s = hd.landelijke_situatie()
    >>> terug = hd.scenario.heropen(hd.scenario.sluit(s, ["P1011-01"]), s.praktijken.loc[["P1011-01"]])
    >>> terug.praktijken.equals(s.praktijken)
    True
    """
    nu = situatie.praktijken
    if not isinstance(praktijken, pd.DataFrame) or list(praktijken.columns) != list(nu.columns):
        raise _fout("praktijken", "-", "geen rijen van situatie.praktijken", "geef s.praktijken.loc[ids] mee")
    if open_al := sorted(set(praktijken.index) & set(nu.index)):
        raise ParameterFout(f"al open: {', '.join(open_al[:MAX_GENOEMD])}; heropen alleen wat gesloten is")
    if praktijken.empty:
        return situatie
    return situatie.vervang(praktijken=pd.concat([nu, praktijken]))


def open_praktijk(
    situatie: Situatie,
    *,
    punt: Point,
    fte: float,
    praktijk_id: str | None = None,
    reistijden: Reistijden | None = None,
) -> Situatie:
    """Open a new practice; its fte comes on top of the supply.

    Parameters
    ----------
    situatie
        The picture before.
    punt
        Where, in RD metres (EPSG:28992).
    fte
        Full-time GPs that work there.
    praktijk_id
        Its id; default the first free one of ``nieuw-1``, ``nieuw-2``, ...
    reistijden
        Minutes from every buurt of the picture to this practice alone; default the built-in engine.

    Returns
    -------
    Situatie
        With the practice in the gemeente of the nearest inhabited buurt, status ``aanname``.

    Raises
    ------
    ParameterFout
        For a place that is no point in RD, an fte that is no positive number, or an id in use.
    ReistijdFout
        When nobody can get there within the reach of the decay: at sea, abroad.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from shapely import Point
    >>> s = hd.landelijke_situatie()
    >>> nieuw = hd.scenario.open_praktijk(s, punt=Point(105_000, 425_000), fte=2)  # Dordrecht
    >>> nieuw.praktijken.loc["nieuw-1", "gm_code"], round(nieuw.aanbod_fte - s.aanbod_fte, 6)
    ('GM0505', 2.0)
    """
    _keur_punt(punt)
    fte = _fte(fte)
    bezet = set(situatie.praktijken.index) | set(situatie.reistijden.naar)
    if praktijk_id is None:
        praktijk_id = next(f"nieuw-{i}" for i in range(1, len(bezet) + 2) if f"nieuw-{i}" not in bezet)
    elif not isinstance(praktijk_id, str) or not praktijk_id.strip() or praktijk_id in bezet:
        raise ParameterFout(f"praktijk_id {praktijk_id!r} kan niet of bestaat al; kies een andere naam")
    plek = gpd.GeoSeries([punt], index=pd.Index([praktijk_id], name="praktijk_id"), crs=situatie.punten.crs)
    grens = situatie.reistijden.grens_minuten
    if reistijden is None:
        if grens is None:
            raise ParameterFout("de reistijden van de situatie hebben geen grens; geef reistijden= mee")
        reistijden = bereken_reistijden(situatie.punten, plek, grens_minuten=grens)
    elif list(reistijden.naar) != [praktijk_id]:
        raise ParameterFout(f"geef reistijden naar alleen {praktijk_id}, of laat ze weg")
    tijden = reistijden.minuten.tocoo()
    if not len(tijden.data) or tijden.data.min() > situatie.verval.reikwijdte:
        rijen = [(0, "punt", str(punt), "niemand kan er komen", "kies een plek waar mensen wonen")]
        raise ReistijdFout(
            f"niemand kan binnen {situatie.verval.reikwijdte:g} minuten bij {praktijk_id} komen "
            f"({punt.x:.0f}, {punt.y:.0f}); kies een plek waar mensen wonen",
            pd.DataFrame(rijen, columns=["regel", "kolom", "waarde", "probleem", "advies"]),
        )
    bij = situatie.punten.distance(punt).idxmin()
    p = situatie.praktijken
    rij = gpd.GeoDataFrame(
        {
            "pc4": pd.Series([None], index=plek.index, dtype=p["pc4"].dtype),
            "gm_code": [situatie.gebied.loc[bij, "gm_code"]],
            "fte": [fte],
            "fte_status": ["aanname"],
            "fte_model": [np.nan],
            "ingeschreven": [np.nan],
            "open_voor_inschrijving": ["ja"],
        },
        index=plek.index,
        geometry=plek,
    )
    andere = [k for k in p.columns if k not in rij]
    rij = rij.assign(**dict.fromkeys(andere, np.nan))[list(p.columns)]
    return situatie.vervang(
        praktijken=pd.concat([p, rij.astype(p.drop(columns="geometry").dtypes.to_dict())]),
        reistijden=situatie.reistijden.met_naar(reistijden),
    )


def voeg_fte_toe(situatie: Situatie, fte_per_praktijk: pd.Series) -> Situatie:
    """Add fte to practices (or take it away: negative numbers).

    Parameters
    ----------
    situatie
        The picture before.
    fte_per_praktijk
        Change in fte by `praktijk_id`; zeros change nothing.

    Raises
    ------
    OnbekendePraktijkFout
        With every id that is not in the picture.
    ContractFout
        For a change that is no number, an id given twice, or a practice that would fall below zero.

    Examples
    --------
    >>> import huisartsdata as hd, pandas as pd
    >>> s = hd.landelijke_situatie()
    >>> meer = hd.scenario.voeg_fte_toe(s, pd.Series({"P1011-01": 0.5}))
    >>> round(meer.aanbod_fte - s.aanbod_fte, 6)
    0.5
    """
    if not isinstance(fte_per_praktijk, pd.Series):
        raise _fout("fte", "-", "geen Series", "geef een Series met praktijk_id als index")
    bij = fte_per_praktijk
    _keur_bekend(situatie, list(bij.index))
    if bij.index.has_duplicates:
        dubbel = bij.index[bij.index.duplicated()][0]
        raise _fout("fte", dubbel, "praktijk staat er dubbel in", "houd er één")
    try:
        bij = bij.astype("float64")
    except (TypeError, ValueError) as e:
        raise _fout("fte", "-", "geen getallen", "geef fte als getal") from e
    if slecht := list(bij.index[~np.isfinite(bij)]):
        raise _fout("fte", slecht[0], "geen getal", "vul de fte in of laat de praktijk weg")
    bij = bij[bij != 0]
    if bij.empty:
        return situatie
    fte = situatie.praktijken["fte"].copy()
    fte[bij.index] += bij
    if weinig := list(fte.index[fte < 0]):
        raise _fout("fte", weinig[0], "zou onder 0 komen", "haal minder weg dan er is")
    status = situatie.praktijken["fte_status"].copy()
    status[bij.index] = "aanname"
    return situatie.vervang(praktijken=situatie.praktijken.assign(fte=fte, fte_status=status))


def verander_norm(situatie: Situatie, norm: float | str) -> Situatie:
    """Another norm: people per fte, or ``"landelijk"`` for the break-even norm. Supply stays as it is."""
    return situatie.vervang(norm=norm)


def verander_productiviteit(situatie: Situatie, factor: float) -> Situatie:
    """Every fte serves `factor` times as many people: the norm times `factor`; 1 changes nothing.

    Raises
    ------
    ParameterFout
        For a factor that is no positive number.
    """
    return situatie.vervang(norm=situatie.norm * _positief(factor, "factor"))


def _ids(praktijk_ids: Collection[str]) -> list[str]:
    if isinstance(praktijk_ids, str) or not isinstance(praktijk_ids, Iterable):
        raise ParameterFout(f"geef een lijst van praktijken, geen losse tekst: [{praktijk_ids!r}]")
    return list(dict.fromkeys(praktijk_ids))


def _keur_bekend(situatie: Situatie, ids: list[str]) -> None:
    bekend = set(situatie.praktijken.index)
    if vreemd := [i for i in ids if i not in bekend]:
        raise OnbekendePraktijkFout(
            f"niet in de situatie: {', '.join(map(str, vreemd[:MAX_GENOEMD]))}; "
            "kijk in situatie.praktijken welke er zijn",
            vreemd,
        )


def _keur_punt(punt: object) -> None:
    # the rectangle in which RD coordinates are defined (Kadaster); degrees would fall outside it
    if (
        not isinstance(punt, Point)
        or punt.is_empty
        or not (-7_000 < punt.x < 300_000 and 289_000 < punt.y < 629_000)
    ):
        raise ParameterFout(f"punt {punt} ligt niet in Nederland; geef een shapely Point in RD-meters")


def _positief(waarde: object, naam: str) -> float:
    if (
        not isinstance(waarde, (int, float, np.number))
        or isinstance(waarde, bool)
        or not np.isfinite(waarde)
        or waarde <= 0
    ):
        raise ParameterFout(f"{naam}={waarde!r} kan niet; geef een getal boven 0")
    return float(waarde)


def _fte(fte: object) -> float:
    getal = _positief(fte, "fte")
    if getal > MAX_FTE:
        raise ParameterFout(
            f"fte={fte!r} kan niet: hooguit {MAX_FTE} op één plek; is dit een aantal patiënten?"
        )
    return getal


def _fout(kolom: str, waarde: object, probleem: str, advies: str) -> ContractFout:
    kolommen = ["regel", "kolom", "waarde", "probleem", "advies"]
    rijen = pd.DataFrame([(0, kolom, waarde, probleem, advies)], columns=kolommen)
    return ContractFout(f"de maatregel kan niet: {waarde}: {probleem}; {advies}", rijen)
