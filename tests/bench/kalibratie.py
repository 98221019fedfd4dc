"""Calibrate the travel engine on CBS's road distance to the nearest practice, with gemeenten held out.

    python tests/bench/kalibratie.py [--pas] [--schrijf]

Ten folds of whole gemeenten; each buurt is predicted by constants that never saw its gemeente. Every step
adds one ingredient. `--pas` fits the placement chances of each fold anew (a quarter of an hour on one core);
else they are read from tests/data/kansen_per_vouw.csv. `--schrijf` writes the table and the coefficients to
data/handwerk/, from where data/bouw.py takes them. Rows with other inputs, of the learned upper bound, and
of the constants of the pair model are kept as they stand. pytest does not collect this script; the tests
of the travel model import its functions.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares, nnls
from scipy.spatial import KDTree
from scipy.stats import spearmanr

import huisartsdata as hd
from huisartsdata.gebieden import naaste, naastekans
from huisartsdata.gebieden.reismodel import Plekken
from huisartsdata.gebieden.reisomgeving import Reisomgeving, straal_km
from huisartsdata.gebieden.water import land_water, omleiden, vak_van

HIER = Path(__file__).resolve().parent
KANSEN = HIER.parent / "data" / "kansen_per_vouw.csv"
HANDWERK = HIER.parents[1] / "data" / "handwerk"
VOUWEN, RIDGE = 10, 50.0
BUREN = 30  # practices looked at for the nearest, in the pair model
# start and scale of the search, in the order of Kansmodel's fields
START = np.array([1, 1, 0.3, 0.3, 0.8, 0.4, 0.2, 1, 0, 3, 0.7, 0.5, -5, 2, 1.5])
SCHAAL = np.array([0.3, 0.3, 0.2, 0.3, 0.2, 0.1, 0.1, 0.2, 0.1, 1, 0.5, 0.5, 1, 0.7, 0.7])


def maten(y: np.ndarray, f: np.ndarray, w: np.ndarray, gm: np.ndarray) -> tuple[float, float, float]:
    """Correlation and mean absolute error weighted by people, and Spearman over means per gemeente."""
    w = w / w.sum()
    dy, df = y - (w * y).sum(), f - (w * f).sum()
    r = (w * dy * df).sum() / np.sqrt((w * dy**2).sum() * (w * df**2).sum())
    d = pd.DataFrame({"g": gm, "y": w * y, "f": w * f, "w": w}).groupby("g").sum()
    return float(r), float((w * abs(y - f)).sum()), float(spearmanr(d.y / d.w, d.f / d.w)[0])


@dataclass
class Ijking:
    """Inputs of the snapshot, the buurten with a published distance, and their folds."""

    zaad: int = 1

    @cached_property
    def buurten(self):
        return hd.load_buurten()

    @cached_property
    def pc4(self):
        return hd.load_pc4()

    @cached_property
    def invoer(self) -> naastekans.NaasteInvoer:
        return naastekans.maak_invoer(self.buurten, self.pc4)

    @cached_property
    def bekend(self) -> np.ndarray:
        """Places in the input of the buurten with a published distance."""
        b = self.buurten.reindex(self.invoer.bu_code)
        return np.flatnonzero(b["afstand_huisarts_km"].notna())

    def _kolom(self, naam: str) -> np.ndarray:
        return self.buurten[naam].reindex(self.invoer.bu_code[self.bekend]).to_numpy()

    @cached_property
    def y(self) -> np.ndarray:
        return self._kolom("afstand_huisarts_km")

    @cached_property
    def w(self) -> np.ndarray:
        return self._kolom("inwoners")

    @cached_property
    def gm(self) -> np.ndarray:
        return self._kolom("gm_code").astype(object)

    @cached_property
    def klasse(self) -> np.ndarray:
        return self.invoer.punt["klasse"][self.bekend].astype(int)

    @cached_property
    def vouw(self) -> np.ndarray:
        codes = np.unique(self.gm)
        nummer = np.random.default_rng(self.zaad).permutation(len(codes)) % VOUWEN
        return pd.Series(nummer, codes).reindex(self.gm).to_numpy()

    def maten(self, f: np.ndarray) -> tuple[float, float, float]:
        return maten(self.y, f, self.w, self.gm)

    def los_op(self, x: np.ndarray, rijen: np.ndarray, straf: float = 0.0) -> np.ndarray:
        """Least squares weighted by people; `straf` on all but the first column."""
        sw = np.sqrt(self.w[rijen] / self.w.mean())
        a = x[rijen] * sw[:, None]
        r = np.eye(x.shape[1]) * straf
        r[0, 0] = 0
        return np.linalg.lstsq(a.T @ a + r, a.T @ (self.y[rijen] * sw), rcond=None)[0]

    def achtergehouden(self, maak, straf: float = 0.0) -> np.ndarray:
        """Predict every fold by a fit on the others; `maak(k)` gives the design with fold k's constants."""
        uit = np.zeros(len(self.y))
        for k in range(VOUWEN):
            x, mee = maak(k), self.vouw != k
            uit[~mee] = x[~mee] @ self.los_op(x, mee, straf)
        return uit


def per_klasse(klasse: np.ndarray) -> np.ndarray:
    return np.stack([(klasse == u) * 1.0 for u in range(1, 6)], axis=1)


def genormeerd(x: np.ndarray) -> np.ndarray:
    return naaste.schaal_kenmerken(x, x.mean(axis=0), x.std(axis=0))


def schatter(ij: Ijking, e: np.ndarray, *, producten: bool = True) -> np.ndarray:
    """Design matrix of the estimator at the buurten with a published distance."""
    x, _ = naaste.kenmerken(ij.invoer, e)
    if not producten:
        x = x[:, :-66]
    return genormeerd(x[ij.bekend])


def kansen_per_vouw() -> pd.DataFrame:
    return pd.read_csv(KANSEN, index_col="vouw")


def verwachtingen_per_vouw(ij: Ijking) -> list[np.ndarray]:
    tabel = kansen_per_vouw()
    return [
        naaste.verwachtingen(ij.invoer, naastekans.kansmodel_van(tabel.loc[str(k)])) for k in range(VOUWEN)
    ]


# --- pair model ----------------------------------------------------------------------------------


@dataclass
class Paren:
    """The practices nearest to each buurt with a published distance, straight and over water."""

    plek: Plekken
    j: np.ndarray
    recht: np.ndarray
    nat: np.ndarray

    def naaste(
        self, route: np.ndarray, straal: np.ndarray, spreiding: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Smallest distance with the own terms in quadrature, and the class of the practice."""
        n = len(straal)
        d = np.sqrt(route**2 + spreiding**2 * (np.repeat(straal, BUREN) ** 2 + self.plek.straal[self.j] ** 2))
        beste = d.reshape(n, BUREN).argmin(axis=1) + np.arange(n) * BUREN
        return d[beste], self.plek.klasse[self.j[beste]]


def maak_paren(ij: Ijking) -> Paren:
    pc4 = ij.pc4[ij.pc4["praktijken"] > 0]
    plek = Plekken(
        np.column_stack([pc4.geometry.x, pc4.geometry.y]),
        pc4["stedelijkheid"].to_numpy().astype(np.int64),
        pc4["straal_km"].to_numpy(),
    )
    van = np.column_stack([ij.invoer.punt["x"], ij.invoer.punt["y"]])[ij.bekend]
    meters, j = KDTree(plek.xy).query(van, k=BUREN)
    i, j, recht = np.repeat(np.arange(len(van)), BUREN), j.ravel().astype(np.int64), meters.ravel() / 1000
    water = land_water(km_per_min=Reisomgeving().km_per_min_wachten)
    nat, _ = omleiden(water, (van, plek.xy), (vak_van(water, van), vak_van(water, plek.xy)), (i, j), recht)
    return Paren(plek, j, recht, np.minimum(nat, naastekans.VERSTE_KM))


def paarmodel(ij: Ijking, paren: Paren) -> tuple[np.ndarray, np.ndarray]:
    """Pair model held out: its constants per class by fold (never below 0), and those of all gemeenten."""
    o = Reisomgeving()
    omweg = o.omweg[0]
    straal = straal_km(ij.invoer.punt["hectare"][ij.bekend])
    d, klasse_naar = paren.naaste(paren.nat, straal, o.spreiding)
    x = (per_klasse(ij.klasse) + per_klasse(klasse_naar)) / 2
    sw = np.sqrt(ij.w / ij.w.mean())

    def pas(mee: np.ndarray) -> np.ndarray:
        return nnls((x * sw[:, None])[mee], ((ij.y - omweg * d) * sw)[mee])[0]

    uit = np.zeros(len(d))
    for k in range(VOUWEN):
        uit[ij.vouw == k] = (x @ pas(ij.vouw != k) + omweg * d)[ij.vouw == k]
    return uit, pas(np.ones(len(d), dtype=bool))


def hemelsbreed(ij: Ijking, paren: Paren) -> np.ndarray:
    """The baseline: straight line x 1.3 to the nearest postcode with a practice."""
    return 1.3 * paren.naaste(paren.recht, np.zeros(len(ij.y)), 0.0)[0]


# --- everything ----------------------------------------------------------------------------------


def pas_kansen(ij: Ijking, rijen: np.ndarray, stappen: int = 5) -> np.ndarray:
    """Placement chances by least squares on CBS's distance, drawn a little to their start."""
    w = np.sqrt(ij.w[rijen] / ij.w[rijen].sum())
    namen = [v.name for v in fields(naastekans.Kansmodel)]

    def rest(z: np.ndarray) -> np.ndarray:
        kans = naastekans.kansmodel_van(pd.Series(z, namen))
        x = naaste.leesmatrix(ij.invoer, naastekans.verwachte_naaste(ij.invoer, kans))[ij.bekend]
        sw = np.sqrt(ij.w[rijen])
        b = np.linalg.lstsq(x[rijen] * sw[:, None], ij.y[rijen] * sw, rcond=None)[0]
        return np.r_[w * (ij.y[rijen] - x[rijen] @ b), 0.003 * (z - START) / SCHAAL]

    return least_squares(rest, START, x_scale=SCHAAL, diff_step=0.02, max_nfev=stappen).x


def alle_kansen(ij: Ijking) -> pd.DataFrame:
    namen = [v.name for v in fields(naastekans.Kansmodel)]
    delen = {str(k): pas_kansen(ij, ij.vouw != k) for k in range(VOUWEN)}
    delen["alle"] = pas_kansen(ij, np.ones(len(ij.y), dtype=bool))
    return pd.DataFrame(delen, index=namen).T.rename_axis("vouw")


def stappen(ij: Ijking) -> dict[str, np.ndarray]:
    """Held-out predictions of every step that the snapshot can make."""
    paren, k1 = maak_paren(ij), per_klasse(ij.klasse)
    straal, nul = straal_km(ij.invoer.punt["hectare"][ij.bekend]), np.zeros(len(ij.y))

    def ontwerp(d: np.ndarray, klasse: np.ndarray) -> np.ndarray:
        beide = (k1 + per_klasse(klasse)) / 2
        return np.c_[beide, beide * d[:, None]]

    def vast(x: np.ndarray) -> np.ndarray:
        return ij.achtergehouden(lambda _: x)

    uit = {"00": hemelsbreed(ij, paren)}
    uit["01"] = vast(ontwerp(*paren.naaste(paren.recht, nul, 0.0)))
    uit["02"] = vast(ontwerp(*paren.naaste(paren.recht, straal, 0.4)))
    uit["03"] = vast(ontwerp(*paren.naaste(paren.nat, straal, 0.4)))
    eenvoudig = naastekans.Kansmodel(1, 1, 0, 0, 1, 0.4, 0.2, 1, 0, 30, 0, 0, -30, 0, 0)
    droog = naastekans.maak_invoer(ij.buurten, ij.pc4, omgeving=Reisomgeving(water=False))
    for stap, invoer in (("05", droog), ("06", ij.invoer)):
        e = naastekans.verwachte_naaste(invoer, eenvoudig)[ij.bekend]
        uit[stap] = vast(np.c_[k1, k1 * e[:, None]])
    ee = verwachtingen_per_vouw(ij)
    uit["07"] = ij.achtergehouden(lambda k: np.c_[k1, k1 * ee[k][ij.bekend, :1]])
    uit["08"] = ij.achtergehouden(lambda k: naaste.leesmatrix(ij.invoer, ee[k][:, 0])[ij.bekend])
    uit["09"] = ij.achtergehouden(lambda k: schatter(ij, ee[k], producten=False), RIDGE)
    uit["10"] = ij.achtergehouden(lambda k: schatter(ij, ee[k]), RIDGE)
    uit["12"], constanten = paarmodel(ij, paren)
    print("reis_vast_km of all gemeenten:", constanten.round(3))
    return uit


def herhaald(ij: Ijking, f: np.ndarray, keer: int = 200) -> np.ndarray:
    """2.5% and 97.5% of the three measures over resampled gemeenten."""
    rng = np.random.default_rng(0)
    plaats = {g: np.flatnonzero(ij.gm == g) for g in np.unique(ij.gm)}
    codes = np.array(list(plaats))
    trekkingen = []
    for _ in range(keer):
        t = np.concatenate([plaats[g] for g in rng.choice(codes, len(codes))])
        trekkingen.append(maten(ij.y[t], f[t], ij.w[t], ij.gm[t]))
    return np.percentile(trekkingen, [2.5, 97.5], axis=0)


def coefficienten(ij: Ijking) -> pd.DataFrame:
    """Ridge coefficients on all gemeenten, with the scale of each feature."""
    x, (midden, sd) = naaste.kenmerken(ij.invoer, naaste.verwachtingen(ij.invoer, naastekans.Kansmodel()))
    x = x[ij.bekend]
    b = ij.los_op(genormeerd(x), np.arange(len(ij.y)), RIDGE)
    rijen = [("vast", 0.0, 1.0, b[0])]
    rijen += [(f"k{k:03d}", *v) for k, v in enumerate(zip(x.mean(axis=0), x.std(axis=0), b[1:], strict=True))]
    rijen += [(f"{naaste.BASIS}{k:02d}", m, s, 0.0) for k, (m, s) in enumerate(zip(midden, sd, strict=True))]
    return pd.DataFrame(rijen, columns=["kenmerk", "gemiddelde", "sd", "coefficient"]).set_index("kenmerk")


def main(argumenten: list[str]) -> None:
    ij = Ijking()
    if "--pas" in argumenten:
        alle_kansen(ij).to_csv(KANSEN, lineterminator="\n")
    tabel = pd.read_csv(HANDWERK / "kalibratie_reistijd.csv", index_col="stap").astype(
        {"buurten": "Int64", "gemeenten": "Int64"}
    )
    uit = stappen(ij)
    for stap, f in uit.items():
        tabel.loc[stap, ["correlatie", "mae_km", "spearman"]] = np.round(ij.maten(f), 4)
        print(stap, f"{tabel.at[stap, 'omschrijving']:70s}", *np.round(ij.maten(f), 4))
    for stap, grens in zip(("10 laag", "10 hoog"), herhaald(ij, uit["10"]), strict=True):
        tabel.loc[stap, ["correlatie", "mae_km", "spearman"]] = grens.round(3)
        print(stap, grens.round(3))
    tweede = replace(ij, zaad=2)
    print("other division of gemeenten, same chances:", np.round(tweede.maten(_schatter_uit(tweede)), 4))
    if "--schrijf" in argumenten:
        tabel.to_csv(HANDWERK / "kalibratie_reistijd.csv", lineterminator="\n")
        coefficienten(ij).to_csv(
            HANDWERK / "naaste_coefficienten.csv", float_format="%.10g", lineterminator="\n"
        )


def _schatter_uit(ij: Ijking) -> np.ndarray:
    """The estimator with the chances of all gemeenten: only the regression is held out."""
    x = schatter(ij, naaste.verwachtingen(ij.invoer, naastekans.Kansmodel()))
    return ij.achtergehouden(lambda _: x, RIDGE)


if __name__ == "__main__":
    main(sys.argv[1:])
