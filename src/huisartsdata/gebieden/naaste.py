"""Distance to the nearest practice when the places of practices are uncertain: a calibrated estimator.

It estimates one thing, CBS's mean road distance from the homes of a buurt to the nearest practice, and it
is no road model: it says nothing about any other pair of points. Known per postcode are the number of
practices and of addresses, not the places. So each practice stands in a buurt of its postcode with a
chance, homes and practices are blurred within their buurt, a listed practice may be absent and an unlisted
one present, and the expectation of the smallest distance is integrated. A ridge regression on that
expectation and on the surroundings reads it out in road km. Its constants were found on CBS's figures of
2024, with gemeenten held out (`kalibratietabel`, docs/besluiten/0003-reistijden.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.spatial import KDTree

from huisartsdata.bronnen.catalogus import PEILJAAR, open_tabel
from huisartsdata.fouten import ParameterFout
from huisartsdata.gebieden.naastekans import Kansmodel, NaasteInvoer, maak_invoer, punten_xy, verwachte_naaste
from huisartsdata.gebieden.reisomgeving import KLASSEN
from huisartsdata.gebieden.reistijdtabel import opsomming

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from huisartsdata.gebieden.reisomgeving import Reisomgeving

    Getallen = NDArray[np.float64]

KLIP = 6.0  # a feature further off than 6 sd counts as 6
BASIS = "basis"  # prefix of the rows that scale the products


def _log(x: Getallen) -> Getallen:
    return np.log(x + 0.1)


def leesmatrix(invoer: NaasteInvoer, e: Getallen) -> Getallen:
    """Read-out by density, area, age and class of the expected km `e`: n x 18."""
    p = invoer.punt
    ld = np.log(p["dichtheid"] + 1) - 7
    oud, jong = p["ouderen"] - 0.2, p["jongeren"] - 0.15
    x = [e, e * ld, e * np.maximum(e - 2, 0), ld, np.sqrt(p["hectare"] / 100), np.log(p["inwoners"]) - 7]
    x += [oud, jong, e * oud, e * jong]
    x += [(p["klasse"] == u) * 1.0 for u in range(1, KLASSEN + 1)]
    x += [(p["klasse"] == u) * e for u in (1, 2, 5)]
    return np.stack(x, axis=1)


def kenmerken(
    invoer: NaasteInvoer, e: Getallen, schaal: tuple[Getallen, Getallen] | None = None
) -> tuple[Getallen, tuple[Getallen, Getallen]]:
    """Features of the regression: read-out, surroundings, and products of eleven of them.

    Parameters
    ----------
    invoer
        As `maak_invoer` gives it.
    e
        Expected km under each of `Kansmodel.varianten`, n x 5.
    schaal
        Mean and sd of the eleven; None takes them from these points (for fitting).

    Returns
    -------
    tuple
        Features (n x 115) and the scale used.
    """
    p, pc = invoer.punt, invoer.postcode
    eerste, xy = e[:, 0], punten_xy(p)
    lijst, heeft = pc["adressen"] > 0, invoer.eigen >= 0
    o = np.where(heeft, invoer.eigen, 0)
    meters, buren = KDTree(xy).query(xy, k=8)
    nb = buren[:, 1:]
    vier = KDTree(punten_xy(pc)[lijst]).query(xy, k=4)[0] / 1000
    x = [leesmatrix(invoer, eerste), e[:, 1:]]
    vormen = [
        np.sqrt(eerste),
        np.minimum(eerste, 0.7),
        np.maximum(eerste - 1.2, 0),
        np.maximum(eerste - 3.5, 0),
    ]
    x.append(np.stack(vormen, axis=1))
    x += [vier, _log(vier)]
    eigen = [
        lijst[o] * heeft * 1.0,
        _log(pc["adressen"][o]),
        _log(pc["praktijken"][o]),
        _log(pc["inwoners"][o]),
    ]
    eigen += [lijst[o] * eerste, _log(pc["ander"][o]), eerste * _log(pc["inwoners"][o])]
    x.append(np.stack(eigen, axis=1))
    vijfde, adressen = _log(meters[:, 5] / 1000), p["adressen"]
    dorp = _log(adressen[nb].max(axis=1))
    om = [vijfde, _log(p["inwoners"][nb].mean(axis=1)), dorp, _log(p["dichtheid"][nb].mean(axis=1))]
    x.append(np.stack([*om, _log(adressen)], axis=1))
    x.append(np.stack([f(eerste[nb], axis=1) for f in (np.mean, np.min, np.max)], axis=1))
    basis = [_log(eerste), np.log(p["dichtheid"]), _log(pc["adressen"][o]), _log(pc["inwoners"][o]), vijfde]
    basis += [dorp, p["ouderen"], _log(pc["ander"][o]), np.log(p["hectare"])]
    basis += [e[:, 1] - eerste, e[:, 2] - eerste]
    c = np.stack(basis, axis=1)
    gemiddelde, sd = (c.mean(axis=0), c.std(axis=0)) if schaal is None else schaal
    c = (c - gemiddelde) / sd
    x.append(np.stack([c[:, s] * c[:, t] for s in range(c.shape[1]) for t in range(s, c.shape[1])], axis=1))
    return np.concatenate(x, axis=1), (gemiddelde, sd)


def schaal_kenmerken(x: Getallen, gemiddelde: Getallen, sd: Getallen) -> Getallen:
    """Design matrix: a column of ones, then the features in standard deviations, clipped at 6."""
    return np.column_stack([np.ones(len(x)), np.clip((x - gemiddelde) / (sd + 1e-9), -KLIP, KLIP)])


def verwachtingen(invoer: NaasteInvoer, kans: Kansmodel) -> Getallen:
    """Expected km under the chance model and its four variants, n x 5."""
    return np.stack([verwachte_naaste(invoer, variant) for variant in kans.varianten()], axis=1)


def naaste_afstand(
    pc4: gpd.GeoDataFrame | None = None,
    *,
    buurten: gpd.GeoDataFrame | None = None,
    omgeving: Reisomgeving | None = None,
) -> pd.Series:
    """Estimated road km from the homes of each inhabited buurt to the nearest practice.

    A calibrated estimator of CBS's published figure, **not a road model**: use `bereken_reistijden` for
    travel between points. For checking, and for what happens to the nearest distance when practices close
    or open: change the counts of `pc4`.

    Parameters
    ----------
    pc4
        Columns `praktijken` and `adressen` per postcode, as `hd.load_pc4` gives them (the default).
        The whole country: what lies around a buurt counts.
    buurten
        As `hd.load_buurten` gives them (the default).
    omgeving
        Settings for water.

    Returns
    -------
    Series
        Km by bu_code, in the order of `buurten`, of the inhabited buurten with a point.

    Raises
    ------
    ParameterFout
        When a count of `pc4` is missing or negative, or stands in a postcode with practices and no address.

    Examples
    --------
    >>> km = naaste_afstand()
    >>> bool(km.between(0, 20).all()), km.name
    (True, 'naaste_km')
    """
    pc4 = open_tabel("pc4") if pc4 is None else pc4
    buurten = open_tabel("buurten") if buurten is None else buurten
    tel = pc4[["praktijken", "adressen"]]
    fout = tel.isna().any(axis=1) | (tel < 0).any(axis=1) | ((tel["praktijken"] > 0) != (tel["adressen"] > 0))
    if fout.any():
        raise ParameterFout(
            f"pc4: praktijken en adressen moeten 0 of meer zijn, en samen 0: {opsomming(pc4.index[fout])}."
        )
    invoer = maak_invoer(buurten, pc4, omgeving=omgeving)
    tabel = open_tabel("naaste_coefficienten", peiljaar=PEILJAAR).sort_index()
    basis = tabel[tabel.index.str.startswith(BASIS)]
    rest = tabel[tabel.index.str.startswith("k")]
    schaal = (basis["gemiddelde"].to_numpy(), basis["sd"].to_numpy())
    x, _ = kenmerken(invoer, verwachtingen(invoer, Kansmodel()), schaal)
    x = schaal_kenmerken(x, rest["gemiddelde"].to_numpy(), rest["sd"].to_numpy())
    coefficient = np.r_[tabel.at["vast", "coefficient"], rest["coefficient"]]
    km = pd.Series(np.maximum((x * coefficient).sum(axis=1), 0.0), invoer.bu_code, name="naaste_km")
    return km.reindex(buurten.index[buurten.index.isin(km.index)])


def kalibratietabel(*, peiljaar: int = PEILJAAR) -> pd.DataFrame:
    """How far the distances hold: every step tried, against CBS's distance to the nearest practice.

    Index `stap`; `omschrijving`, `correlatie` (weighted by people, over buurten), `mae_km`, `spearman` (over
    gemeenten), `soort`: achtergehouden (whole gemeenten held out), 95%-interval, andere invoer, plafond.
    Row 12 is the model behind `bereken_reistijden`, row 10 the estimator of `naaste_afstand`.

    Examples
    --------
    >>> kalibratietabel().loc["00", "soort"]
    'achtergehouden'
    """
    return open_tabel("reiskalibratie", peiljaar=peiljaar)
