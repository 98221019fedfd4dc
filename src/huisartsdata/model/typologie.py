"""Reach x room, and signals beside the model: what is seen, never mixed with what is computed.

"Ver" and "vol" are this project's own typology. Room comes from observed signals only, at the area,
date and definition of their source; elsewhere it is "niet gemeten". Modelled pressure is no axis.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import OnbekendGebiedFout
from huisartsdata.gebieden.kerncijfers import load_kerncijfers
from huisartsdata.gebieden.register import load_gebieden, load_gemeenten, load_signalen
from huisartsdata.schema import REGIOSOORTEN

if TYPE_CHECKING:
    from huisartsdata.model.situatie import Situatie

VER_KM = 1.5  # mean road distance from which a region is called far: about 1.4 times the national mean
VOL_PROCENT = 75.0  # share of practices with a stop from which a region is called full (Rekenkamer's mark)
NIET_GEMETEN = "niet gemeten"


def ruimte(per: str) -> pd.DataFrame:
    """Observed room per area: share of practices with a patient stop, with its range, date and source.

    Returns
    -------
    DataFrame
        Index `gebied`; `stop_laag`, `stop_hoog` (percent), `tekst`, `peildatum`, `bron`, `kwaliteit`,
        `n` and `ruimte`: vol (at least 75 percent), relatief open (the source says "relatively few") or
        niet gemeten. A signal also counts for an area of another type with the same gemeenten (the
        province and the RegioPlus region of Drenthe). The latest signal of an area counts; definitions
        differ per source.
    """
    codes = load_kerncijfers(per).index
    s = load_signalen()
    s = s.assign(gebied=s["gebied"].map(_zelfde_gebied(per)))
    s = s[s["gebied"].notna() & s["indicator"].str.contains("stop")]
    s = s[~s["indicator"].str.contains("volledig$") | s["indicator"].str.contains("gedeeltelijk")]
    s = s.sort_values(["gebied", "peildatum"]).groupby("gebied").tail(1).set_index("gebied")
    uit = pd.DataFrame(index=pd.Index(codes, name="gebied"))
    uit["stop_laag"] = s["waarde_laag"].fillna(s["waarde"]).reindex(codes)
    uit["stop_hoog"] = s["waarde_hoog"].fillna(s["waarde"]).reindex(codes)
    uit["tekst"] = s["waarde_tekst"].reindex(codes)
    for kolom in ("peildatum", "bron", "kwaliteit", "n", "indicator"):
        uit[kolom] = s[kolom].reindex(codes)
    weinig = uit["indicator"].fillna("").str.contains("kwalitatief") & (uit["tekst"] == "relatief weinig")
    gemeten = uit["stop_laag"].notna()
    uit["ruimte"] = np.select(
        [gemeten & (uit["stop_laag"] >= VOL_PROCENT), weinig, gemeten],
        ["vol", "relatief open", "deels vol"],
        NIET_GEMETEN,
    )
    return uit.drop(columns="indicator")


def open_signalen() -> pd.DataFrame:
    """Share of practices that take patients, by the signal of the smallest area with a number; by gm_code.

    One minus the share with a stop, of the gemeente itself, its RegioPlus region or its province. A source
    that says "at least 75%" leaves everything from 0 to 25% open. A source that gives one number has an error that it
    does not tell: it gets the band of parameter `open_signaal_marge` on both sides.

    Returns
    -------
    DataFrame
        Index `gm_code`, only gemeenten with a signal: `laag`, `hoog` (shares from 0 to 1), `bron` (in Dutch).

    Examples
    --------
    >>> print(*open_signalen().loc["GM0505"], sep="; ")  # Dordrecht
    0.0; 0.25; het signaal van Zuid-Holland Zuid (2024)
    """
    gemeenten = load_gemeenten()
    marge = waarde("open_signaal_marge")
    uit: dict[str, tuple[float, float, str]] = {}
    for per in ("gemeente", "regioplus", "provincie"):
        namen, r = load_kerncijfers(per)["naam"], ruimte(per)
        gemeten = r[r["stop_laag"].notna()]
        for code, stop, hoogste, dag in zip(
            gemeten.index, gemeten["stop_laag"], gemeten["stop_hoog"], gemeten["peildatum"], strict=True
        ):
            laag, hoog = 1 - (1.0 if np.isnan(hoogste) else hoogste / 100), 1 - stop / 100
            if laag == hoog:
                laag, hoog = max(0.0, laag - marge), min(1.0, hoog + marge)
            bron = f"het signaal van {namen[code]} ({dag})"
            kolom = gemeenten.index if per == "gemeente" else gemeenten[f"{per}_code"]
            for gm_code in gemeenten.index[kolom == code]:
                uit.setdefault(str(gm_code), (round(laag, 6), round(hoog, 6), bron))
    tabel = pd.DataFrame.from_dict(uit, orient="index", columns=["laag", "hoog", "bron"])
    return tabel.sort_index().rename_axis("gm_code")


def open_aandeel_signaal(gm_code: str) -> tuple[float, float] | None:
    """Band of `open_signalen` for one gemeente; None where nothing was measured.

    Raises
    ------
    OnbekendGebiedFout
        For an unknown gemeente.

    Examples
    --------
    >>> open_aandeel_signaal("GM0505"), open_aandeel_signaal("GM0114")  # Dordrecht, Emmen
    ((0.0, 0.25), None)
    """
    if gm_code not in load_gemeenten().index:
        raise OnbekendGebiedFout(f"onbekende gemeente {gm_code}; geef een code zoals GM0505", [str(gm_code)])
    tabel = open_signalen()
    if gm_code not in tabel.index:
        return None
    return float(tabel["laag"].to_dict()[gm_code]), float(tabel["hoog"].to_dict()[gm_code])


def _zelfde_gebied(per: str) -> dict[str, str]:
    """Code of any area -> code of the area of type `per` that consists of the same gemeenten."""
    eigen = {frozenset(g): str(c) for c, g in load_gebieden(per)["gemeenten"].items()}
    return {
        str(code): eigen[frozenset(gemeenten)]
        for soort in ("land", *REGIOSOORTEN, "gemeente")
        for code, gemeenten in load_gebieden(soort)["gemeenten"].items()
        if frozenset(gemeenten) in eigen
    }


def typeer(per: str = "provincie") -> pd.DataFrame:
    """Reach (road distance, observed) x room (signals, observed) per area.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, `inwoners`, `afstand_km`, `bereik` (ver or dichtbij), the columns of
        `ruimte`, and `type`, for example "ver, relatief open".

    Examples
    --------
    >>> t = typeer("provincie")
    >>> t.loc["PV22", "type"], t.loc["PV30", "type"]
    ('ver, relatief open', 'dichtbij, niet gemeten')
    """
    kern = load_kerncijfers(per)
    uit = pd.DataFrame(
        {
            "naam": kern["naam"],
            "inwoners": kern["inwoners"],
            "afstand_km": kern["afstand_huisarts_km"],
            "bereik": np.where(kern["afstand_huisarts_km"] >= VER_KM, "ver", "dichtbij"),
        }
    ).rename_axis("gebied")
    uit = uit.join(ruimte(per))
    uit["type"] = uit["bereik"] + ", " + uit["ruimte"]
    return uit


def model_tegen_signaal(
    situatie: Situatie,
    beeld: pd.DataFrame,
    *,
    per: str = "regioplus",
    herhalingen: int = 20_000,
    seed: int = 0,
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Set the model's reach beside the signals of each area, and test the model with them.

    The test: do areas that are observed full have less reach per need than the others (of most of which
    room was not measured; the source names all areas above its mark)? Chance shuffles
    which areas are called full; a small `kans` means the model agrees with the signals better than
    shuffling does. Signals never entered the model.

    Parameters
    ----------
    situatie
        The picture that `beeld` came from; its norm is stated with the result.
    beeld
        `tekortbeeld(situatie, per=per)`.

    Returns
    -------
    tuple
        The table (`naam`, `bereik_per_nodig`, the columns of `ruimte`) and the test: `vol` (areas),
        `verschil` (mean reach per need of full minus other areas), `kans` (one-sided), `bereik_vol` and
        `bereik_open` (mean of areas observed full and relatively open), `norm`.
    """
    tabel = beeld[["naam"]].copy()
    tabel["bereik_per_nodig"] = beeld["bereikt_fte"] / beeld["nodig_fte"]
    tabel = tabel.join(ruimte(per))
    vol = (tabel["ruimte"] == "vol").to_numpy()
    x = tabel["bereik_per_nodig"].to_numpy()
    open_ = (tabel["ruimte"] == "relatief open").to_numpy()
    uitslag = {"vol": float(vol.sum()), "norm": situatie.norm, "verschil": np.nan, "kans": np.nan}
    uitslag["bereik_vol"] = float(x[vol].mean()) if vol.any() else np.nan
    uitslag["bereik_open"] = float(x[open_].mean()) if open_.any() else np.nan
    if 0 < vol.sum() < len(vol):
        rng = np.random.default_rng(seed)
        toeval = np.array([_verschil(x, rng.permutation(vol)) for _ in range(herhalingen)])
        uitslag["verschil"] = _verschil(x, vol)
        uitslag["kans"] = float((1 + (toeval <= uitslag["verschil"] + 1e-12).sum()) / (1 + herhalingen))
    return tabel, uitslag


def _verschil(x: np.ndarray, vol: np.ndarray) -> float:
    return float(x[vol].mean() - x[~vol].mean())
