"""Which sigma of the Gaussian decay gives the distances that Dutch patients were found to live at?

Run it as a script (a minute); pytest does not collect it. It prints the tables of docs/besluiten/0004-verval.md.
Three readings of one decay: *choice* (people divide over practices by w times fte), *fte* (a practice's fte is
divided by w times people: what e2sfca does) and *full lists* (everybody on one list, lists as full as the fte).
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

from dataclasses import dataclass

import numpy as np
import pandas as pd

import huisartsdata as hd
from huisartsdata.gebieden.reismodel import afstanden, zoek_plekken
from huisartsdata.gebieden.reisomgeving import Reisomgeving
from huisartsdata.gebieden.water import land_water
from huisartsdata.model.onzekerheid import snelheidsfactoren, vervalreeks

GRENS = 15.0
SIGMA = (2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0)
DOELEN = (2.2, 2.4, 2.7)  # km: within 15 minutes, when signing up, all patients (LINH, 2006)
LEZINGEN = ("choice", "fte", "full lists")
RONDEN = 25


@dataclass(frozen=True)
class Paren:
    """All pairs: places, km and minutes, with people and class by row and fte by column."""

    i: np.ndarray
    j: np.ndarray
    km: np.ndarray
    minuten: np.ndarray
    mensen: np.ndarray
    landelijk: np.ndarray
    fte: np.ndarray


def maak_paren() -> Paren:
    s, o = hd.landelijke_situatie(), Reisomgeving()
    water = land_water(km_per_min=o.km_per_min_wachten, wacht_factor=o.wacht_factor)
    plek = [
        zoek_plekken(punten.index, np.column_stack([punten.x, punten.y]), o)
        for punten in (s.punten, s.praktijken.geometry)
    ]
    i, j, km, minuten = afstanden(*plek, 30.0, o, water)
    assert np.array_equal(minuten, s.reistijden.minuten.data), "not the travel times of the picture"
    klasse = hd.load_buurten()["stedelijkheid"].reindex(s.inwoners.index).to_numpy()
    return Paren(
        i, j, km, minuten, s.inwoners.to_numpy(float), klasse >= 4, s.praktijken["fte"].to_numpy(float)
    )


def stroom(p: Paren, w: np.ndarray, lezing: str, fte: np.ndarray) -> np.ndarray:
    """People (or fte as people) per pair."""
    n, m = len(p.mensen), len(fte)

    def deel(teller: np.ndarray, plek: np.ndarray, aantal: int, totaal: np.ndarray) -> np.ndarray:
        som = np.bincount(plek, teller, aantal)
        return teller * np.divide(totaal, som, out=np.zeros(aantal), where=som > 0)[plek]

    if lezing == "choice":
        return deel(w * fte[p.j], p.i, n, p.mensen)
    if lezing == "fte":
        return deel(w * p.mensen[p.i], p.j, m, fte)
    f = w * p.mensen[p.i] * fte[p.j]
    for _ in range(RONDEN):
        f = deel(deel(f, p.j, m, fte * p.mensen.sum() / fte.sum()), p.i, n, p.mensen)
    return f


def afstand(p: Paren, f: np.ndarray) -> tuple[float, float]:
    """Mean km of all people, and of those in the two least urban classes."""
    ver = p.landelijk[p.i]
    return float((f * p.km).sum() / f.sum()), float((f * p.km)[ver].sum() / f[ver].sum())


def los_op(x: tuple[float, ...], y: np.ndarray, doel: float) -> float:
    return float(np.interp(doel, y, x, left=np.nan, right=np.nan))


def ijk(p: Paren, fte: np.ndarray, factor: float = 1.0) -> pd.DataFrame:
    """Mean km by reading (columns) and sigma (rows)."""
    t = p.minuten * factor
    rijen = {}
    for sigma in SIGMA:
        w = hd.verval.gauss(sigma, GRENS)(t)
        mee = w > 0
        q = Paren(p.i[mee], p.j[mee], p.km[mee], t[mee], p.mensen, p.landelijk, fte)
        uit = {naam: afstand(q, stroom(q, w[mee], naam, fte)) for naam in LEZINGEN}
        rijen[sigma] = {
            f"{naam}{wat}": uit[naam][k] for k, wat in enumerate(("", ", rural")) for naam in LEZINGEN
        }
    return pd.DataFrame(rijen).T.rename_axis("sigma")


def main() -> None:
    p = maak_paren()
    gelijk = np.full(len(p.fte), p.fte.mean())
    eerst = np.r_[True, np.diff(p.i) > 0].nonzero()[0]
    dichtbij = np.minimum.reduceat(p.km, eerst)
    mensen = p.mensen[p.i[eerst]]
    print(f"nearest practice {np.average(dichtbij, weights=mensen):.2f} km; "
          f"within 15 minutes of one {mensen[np.minimum.reduceat(p.minuten, eerst) <= GRENS].sum() / p.mensen.sum():.4%}; "
          f"practices within 5 km {np.average(np.bincount(p.i[p.km <= 5], minlength=len(p.mensen)), weights=p.mensen):.1f}")  # fmt: skip
    oplossing = {}
    opzetten = {"expected fte": (p.fte, 1.0), "equal practices": (gelijk, 1.0)}
    opzetten |= {f"minutes x {f:g}": (p.fte, f) for f in snelheidsfactoren()[1:]}
    for naam, (fte, factor) in opzetten.items():
        tabel = ijk(p, fte, factor)
        print(f"\n{naam}\n{tabel.round(2).to_string()}")
        oplossing[naam] = {
            **{f"{lezing} {d}": los_op(SIGMA, tabel[lezing].to_numpy(), d) for lezing in LEZINGEN for d in DOELEN},
            **{f"{lezing} rural 3.6": los_op(SIGMA, tabel[f"{lezing}, rural"].to_numpy(), 3.6) for lezing in LEZINGEN},
        }  # fmt: skip
    print(f"\nsigma that gives the km\n{pd.DataFrame(oplossing).round(2).to_string()}")
    print(
        "\nwhat each decay implies (expected fte): mean km by reading; reach of Dordrecht with equal practices,"
    )
    print("rank correlation of gemeenten with the default, share of people under half the national reach")
    s = hd.landelijke_situatie()
    amerikaans = hd.verval.trap({10: 1.0, 20: 0.68, 30: 0.22})
    frans = hd.verval.trap({5: 1.0, 10: 0.3, 15: 0.1})
    gaussen = [hd.verval.gauss(sigma, GRENS) for sigma in (3.5, 4.0, 5.0)]
    machten = [hd.verval.macht(alpha, 3, 3, GRENS) for alpha in (-2.8, -3.2)]
    exponenten = [hd.verval.exponentieel(beta, GRENS) for beta in (0.45, 0.55, 0.65)]
    eerste = None
    for verval in (*vervalreeks(), *gaussen, *exponenten, *machten, amerikaans, frans):
        w = verval(p.minuten)
        km = [round(afstand(p, stroom(p, w, naam, p.fte))[0], 2) for naam in LEZINGEN]
        gelijk_fte = pd.Series(gelijk, s.praktijken.index)
        bereik = hd.fca(s.inwoners.astype(float), gelijk_fte, s.reistijden, methode="e2sfca", verval=verval)
        rel = bereik / np.average(bereik, weights=s.inwoners)
        per_gm = (rel * s.inwoners).groupby(s.gebied["gm_code"]).sum() / s.inwoners.groupby(
            s.gebied["gm_code"]
        ).sum()
        eerste = per_gm if eerste is None else eerste
        onder = s.inwoners[rel < 0.5].sum() / s.inwoners.sum()
        rang = per_gm.corr(eerste, method="spearman")
        print(f"{verval.beschrijving:75s} {km} {per_gm['GM0505']:.2f} {rang:.3f} {onder:.1%}")


if __name__ == "__main__":
    main()
