"""How many practices are near, how far the nearest is, and where the last one may go.

Only counts and minutes: no practice is named, and none has an observed chance of closing.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import load_buurten, load_gebieden, load_wijken
from huisartsdata.model.onzekerheid import gebiedscodes
from huisartsdata.scenario.vooruitblik.ramingopzet import (
    LAATSTE_JAAR,
    feitentabel,
    keur_drietal,
    keur_jaar,
    ramingparameters,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from huisartsdata.model.situatie import Situatie

NIVEAUS = ("wijk", "buurt")
HORIZON = 2035
# what must stand with every chance of closing
TOELICHTING_SLUITKANS = (
    "De middelste kans is eerder te laag dan te hoog: zij neemt aan dat huisartsen in één praktijk los van elkaar "
    "vertrekken en los van elkaar een opvolger vinden. In een praktijk hangt dat samen, en dan sluit een praktijk "
    "met meer huisartsen vaker. De hoge kans rekent met één huisarts per praktijk."
)


def minuten_naar(
    situatie: Situatie, praktijk_ids: Collection[str] | None = None, *, met_fte: bool = True
) -> pd.Series:
    """Minutes from every buurt to the nearest practice with fte, or the nearest of some of them.

    Parameters
    ----------
    situatie
        The picture.
    praktijk_ids
        Only these; default all.
    met_fte
        Leave out practices without fte: no door is open there.

    Returns
    -------
    Series
        By `bu_code`; NaN beyond the limit of the travel times.
    """
    reis = situatie.reistijden
    telt = _telt(situatie, praktijk_ids, met_fte=met_fte)
    m = reis.minuten
    rij = np.repeat(np.arange(m.shape[0]), np.diff(m.indptr))
    goed = telt[m.indices]
    uit = np.full(m.shape[0], np.inf)
    np.minimum.at(uit, rij[goed], m.data[goed])
    uit[np.isinf(uit)] = np.nan
    return pd.Series(uit, index=reis.van, name="minuten").reindex(situatie.vraag.index)


def praktijken_nabij(situatie: Situatie, *, minuten: float = 10) -> pd.Series:
    """Number of practices with fte within so many minutes, by `bu_code`.

    Practices under one roof count apart: they are organisations, not doors.

    Raises
    ------
    ParameterFout
        For minutes that are no positive number or beyond the limit of the travel times.
    """
    reis = situatie.reistijden
    grens = reis.grens_minuten
    goed = isinstance(minuten, (int, float, np.number)) and not isinstance(minuten, bool)
    if not goed or not np.isfinite(minuten) or minuten <= 0 or (grens is not None and minuten > grens):
        raise ParameterFout(
            f"minuten={minuten!r} kan niet; geef een getal boven 0"
            + ("" if grens is None else f" en hooguit {grens:g}, de grens van de reistijden")
        )
    m = reis.minuten
    raak = (m.data <= minuten) & _telt(situatie, None)[m.indices]
    som = np.concatenate([[0], np.cumsum(raak)])
    aantal = som[m.indptr[1:]] - som[m.indptr[:-1]]
    return pd.Series(aantal, index=reis.van, name="praktijken").reindex(situatie.vraag.index)


def sluitkansen(
    *, jaar: int = HORIZON, kans: tuple[float, float, float] | None = None, feiten: pd.DataFrame | None = None
) -> pd.Series:
    """Chance that a practice closes by a year without a successor: laag, midden, hoog.

    A GP goes with chance u (national curve) and nobody follows with chance q (assumption). A practice
    of n GPs closes when all do: (u q)^n. Sizes are not observed per practice; laag and midden take the
    published mix of solo, duo and group practices, hoog takes every practice as solo.

    The power takes partners as independent, in leaving and in finding a successor. They are not: they are of
    like age, and a practice that cannot find one cannot find two. So the middle is a low guess, and the truth
    lies between it and `hoog`, which is the chance were partners to go together. `TOELICHTING_SLUITKANS`
    says so in Dutch and belongs with every figure.

    Raises
    ------
    ParameterFout
        For a year, chances or facts that cannot be.

    Examples
    --------
    >>> sluitkansen(jaar=2035).round(3).to_dict()
    {'laag': 0.005, 'midden': 0.018, 'hoog': 0.168}
    """
    p = ramingparameters(feiten)
    keur_jaar(jaar, p.basisjaar + 1, LAATSTE_JAAR)
    geen = keur_drietal("kans", kans, "kans_geen_opvolger")
    u = float(p.groepen[0].weg(jaar - p.basisjaar))
    maten = praktijkmaten(feiten, personen=p.groepen[0].personen)
    mengsel = [float(sum(deel * (u * q) ** n for n, deel in maten.items())) for q in geen]
    return pd.Series({"laag": mengsel[0], "midden": mengsel[1], "hoog": u * geen[2]}, name="kans")


def praktijkmaten(feiten: pd.DataFrame | None = None, *, personen: float) -> dict[float, float]:
    """Share of practices by number of GPs, from the shares of GPs in solo, duo and group practices (2024).

    One GP in a solo practice, two in a duo, and in a group what is left over per practice that is left.
    """
    tabel = feitentabel(feiten)
    deel: dict[str, float] = {}
    for soort in ("solo", "duo"):
        rij = tabel[
            (tabel["indicator"] == f"aandeel_huisartsen_in_{soort}praktijk")
            & (tabel["groep"] == "herziene_indeling_2025")
            & tabel["periode"].str.startswith("2024")
        ]
        if len(rij) != 1:
            raise ParameterFout(
                f"het aandeel huisartsen in {soort}praktijken van 2024 ontbreekt in de feiten"
            )
        deel[soort] = float(rij["waarde"].iloc[0]) / 100
    praktijken = waarde("praktijken_nivel")
    solo, duo = personen * deel["solo"], personen * deel["duo"] / 2
    groep = praktijken - solo - duo
    maat = personen * (1 - deel["solo"] - deel["duo"]) / groep
    return {1.0: solo / praktijken, 2.0: duo / praktijken, maat: groep / praktijken}


def laatste_praktijk(
    situatie: Situatie,
    *,
    minuten: float = 10,
    jaar: int = HORIZON,
    kans: tuple[float, float, float] | None = None,
    per: str = "wijk",
) -> pd.DataFrame:
    """Where one practice is left within so many minutes, and the chance that none is by a year to come.

    Parameters
    ----------
    situatie
        The picture.
    minuten
        How near counts.
    jaar
        Horizon of the chance.
    kans
        Chance that a GP who leaves has no successor, as (laag, midden, hoog); default the parameter
        `kans_geen_opvolger`.
    per
        ``"wijk"`` or ``"buurt"``.

    Returns
    -------
    DataFrame
        Index `wk_code` or `bu_code`; `naam`, `gm_code`, `inwoners`; `praktijken` (mean over people),
        `inwoners_zonder` and `inwoners_een` (people with none, with one practice that near), `laatste`
        (the middle person, by number of practices, has one), and `kans_weg` with `_laag` and `_hoog`:
        the chance, mean over people who have a practice that near, that all of them close without a
        successor. Practices are taken to close independently of each other, at the national rate, and
        so are GPs within one: `kans_weg` is a low guess (`sluitkansen`, `TOELICHTING_SLUITKANS`).

    Raises
    ------
    ParameterFout
        For minutes, chances or a year that cannot be.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> t = laatste_praktijk(hd.landelijke_situatie(), minuten=10)
    >>> round(float(t["inwoners"].sum()))
    17942915
    """
    _keur_niveau(per)
    n = praktijken_nabij(situatie, minuten=minuten)
    kansen = sluitkansen(jaar=jaar, kans=kans)
    mensen = situatie.inwoners
    codes = gebiedscodes(situatie, per)
    delen = pd.DataFrame(
        {
            "inwoners": mensen,
            "praktijken": mensen * n,
            "inwoners_zonder": mensen.where(n == 0, 0.0),
            "inwoners_een": mensen.where(n == 1, 0.0),
            "met": mensen.where(n > 0, 0.0),
            **{f"kans_{k}": (mensen * p ** n.astype("float64")).where(n > 0, 0.0) for k, p in kansen.items()},
        }
    )
    som = delen.groupby(codes).sum()
    namen = (load_wijken() if per == "wijk" else load_buurten())["naam"]
    uit = pd.DataFrame({"naam": namen.reindex(som.index)})
    uit["gm_code"] = situatie.gebied["gm_code"].groupby(codes).first()
    uit["inwoners"] = som["inwoners"]
    uit["praktijken"] = som["praktijken"] / som["inwoners"].where(som["inwoners"] > 0)
    uit[["inwoners_zonder", "inwoners_een"]] = som[["inwoners_zonder", "inwoners_een"]]
    helft = som["inwoners"] / 2
    uit["laatste"] = (som["inwoners_zonder"] < helft) & (
        som["inwoners_zonder"] + som["inwoners_een"] >= helft
    )
    met = som["met"].where(som["met"] > 0)
    for k, achter in (("midden", ""), ("laag", "_laag"), ("hoog", "_hoog")):
        uit[f"kans_weg{achter}"] = som[f"kans_{k}"] / met
    return uit.rename_axis("wk_code" if per == "wijk" else "bu_code")


def vat_laatste_samen(tabel: pd.DataFrame, situatie: Situatie, *, per: str = "provincie") -> pd.DataFrame:
    """`laatste_praktijk` summed per larger area.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, `inwoners`, `inwoners_zonder`, `inwoners_een`, `gebieden_laatste` (wijken
        or buurten), and `verwacht_weg` with `_laag` and `_hoog`: people expected to lose their last one.
    """
    if not isinstance(per, str) or per in NIVEAUS:
        raise OnbekendGebiedFout(
            f"per='{per}' is niet groter dan de tabel; kies een gemeente of regio", [str(per)]
        )
    van_gm = gebiedscodes(situatie, per).groupby(situatie.gebied["gm_code"]).first()
    gebied = van_gm.reindex(tabel["gm_code"]).to_numpy()
    met = tabel["inwoners"] - tabel["inwoners_zonder"]
    delen = tabel[["inwoners", "inwoners_zonder", "inwoners_een"]].assign(
        gebieden_laatste=tabel["laatste"].astype(int),
        **{f"verwacht_weg{a}": (tabel[f"kans_weg{a}"] * met).fillna(0.0) for a in ("", "_laag", "_hoog")},
    )
    som = delen.groupby(pd.Index(gebied, name="gebied")).sum()
    som.insert(0, "naam", load_gebieden(per)["naam"].reindex(som.index))
    return som


def verliest_laatste(voor: Situatie, na: Situatie, *, minuten: float = 10, per: str = "wijk") -> pd.DataFrame:
    """Where people lose, or gain, their last practice within so many minutes from one picture to another.

    Returns
    -------
    DataFrame
        Only areas where something changes; index `wk_code` or `bu_code`; `naam`, `gm_code`, `inwoners`,
        `verliest` and `krijgt` (people).
    """
    _keur_niveau(per)
    if not voor.vraag.index.equals(na.vraag.index):
        raise ParameterFout("de twee situaties hebben niet dezelfde buurten")
    eerst, dan = praktijken_nabij(voor, minuten=minuten) > 0, praktijken_nabij(na, minuten=minuten) > 0
    mensen, codes = voor.inwoners, gebiedscodes(voor, per)
    delen = pd.DataFrame(
        {
            "inwoners": mensen,
            "verliest": mensen.where(eerst & ~dan, 0.0),
            "krijgt": mensen.where(~eerst & dan, 0.0),
        }
    )
    som = delen.groupby(codes).sum()
    namen = (load_wijken() if per == "wijk" else load_buurten())["naam"]
    som.insert(0, "naam", namen.reindex(som.index))
    som.insert(1, "gm_code", voor.gebied["gm_code"].groupby(codes).first())
    anders = (som["verliest"] > 0) | (som["krijgt"] > 0)
    return som[anders].rename_axis("wk_code" if per == "wijk" else "bu_code")


def _telt(
    situatie: Situatie, praktijk_ids: Collection[str] | None, *, met_fte: bool = True
) -> NDArray[np.bool_]:
    """Which columns of the travel times are practices that count."""
    fte = situatie.praktijken["fte"]
    ids = fte.index if praktijk_ids is None else fte.index.intersection(list(praktijk_ids))
    uit: NDArray[np.bool_] = situatie.reistijden.naar.isin(ids[fte[ids] > 0] if met_fte else ids)
    return uit


def _keur_niveau(per: object) -> None:
    if not isinstance(per, str) or per not in NIVEAUS:
        raise OnbekendGebiedFout(f"per='{per}' kan niet; kies uit {', '.join(NIVEAUS)}", [str(per)])
