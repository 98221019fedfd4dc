"""The whole English back-test of the supply estimate; writes its tables to docs/aanbod_engeland.md.

Run it as a script (some two minutes on one core); pytest does not collect it. Nothing here is tuned to its
outcome: values below 85% stand in the table like the others.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from huisartsdata.model.aanbod import gelijk_aanbod, trek_aanbod, verwacht_aanbod
from huisartsdata.model.aanbodprior import AanbodPrior, Ankers
from huisartsdata.model.aanbodtoets import (
    binnen_interval,
    dekking_per_klasse,
    engeland_ankers,
    engeland_prior,
    grootteklasse,
    logfout,
    maak_engelandmodel,
    schat_fout,
    spreiding,
    train_helft,
)

WORTEL = Path(__file__).resolve().parents[2]
HERHALINGEN, TREKKINGEN = 10, 300
NOORD = [
    "Northumberland", "Tyne and Wear", "Durham", "Cumbria", "North Yorkshire", "East Yorkshire",
    "West Yorkshire", "South Yorkshire", "Lancashire", "Greater Manchester", "Merseyside", "Cheshire",
    "Lincolnshire", "Derbyshire", "Nottinghamshire", "Leicestershire", "Staffordshire", "West Midlands",
    "Warwickshire", "Worcestershire", "Herefordshire and Shropshire", "Northamptonshire",
]  # fmt: skip


def per_lad(lad, prior, regio=None, seed=0, trekkingen=TREKKINGEN) -> pd.DataFrame:
    d = trek_aanbod(maak_engelandmodel(lad, prior, regio=regio), trekkingen=trekkingen, seed=seed)
    return d.groupby(d.index.str.rsplit("-", n=1).str[0]).sum()


def varianten(lad: pd.DataFrame) -> dict[str, tuple[pd.Series | None, Ankers, dict[str, object]]]:
    namen, marge = engeland_ankers(lad), engeland_ankers(lad, namen=False)
    een = pd.Series("E", index=lad.index)
    return {
        "main: 48 counties, range and names": (None, namen, {}),
        "range only": (None, marge, {}),
        "no regions, no anchors": (een, Ankers(), {}),
        "k fixed at 1": (None, namen, {"factor": (1.0, 0.0)}),
        "k around .85": (None, namen, {"factor": (0.85, 0.2)}),
        "k around .7": (None, namen, {"factor": (0.7, 0.2)}),
        "weight flat between 0 and 1": (None, namen, {"gewicht": (0.5, 9.0, 0.0, 1.0)}),
    }


def tabel_dekking(lad: pd.DataFrame) -> tuple[list[dict[str, object]], list[float]]:
    klasse, rijen, verhoudingen = grootteklasse(lad["inwoners"]), [], []
    for naam, (regio, ankers, anders) in varianten(lad).items():
        for splitsing in ("lad", "graafschap"):
            raak: dict[float, list[pd.Series]] = {0.5: [], 0.8: [], 0.9: []}
            for h in range(HERHALINGEN):
                train = train_helft(lad, splitsing=splitsing, herhaling=h)
                fout = schat_fout(lad, train, regio=regio)
                if naam.startswith("main"):
                    verhoudingen.append(log_verhouding(lad, train))
                prior: AanbodPrior = replace(engeland_prior(lad, fout, ankers=ankers), **anders)
                d = per_lad(lad, prior, regio, seed=h)
                for niveau, lijst in raak.items():
                    lijst.append(binnen_interval(d, lad["fte"], niveau=niveau)[~train])
            rijen.append(rij(naam, splitsing, raak, klasse))
    return rijen, verhoudingen


def rij(naam, splitsing, raak, klasse) -> dict[str, object]:
    t = dekking_per_klasse(pd.concat(raak[0.9]), klasse)["dekking"]
    los = [x.mean() for x in raak[0.9]]
    return {
        "variant": naam, "halves of": {"lad": "areas", "graafschap": "counties"}.get(splitsing, splitsing),
        "90%": t["alle"], **t.drop("alle").to_dict(),
        "lowest": min(los), "highest": max(los),
        "80%": pd.concat(raak[0.8]).mean(), "50%": pd.concat(raak[0.5]).mean(),
    }  # fmt: skip


def sd_bij(fout: tuple[float, float], praktijken: float = 15.0) -> float:
    return math.sqrt(fout[0] + fout[1] / praktijken)


def log_verhouding(lad: pd.DataFrame, train: pd.Series) -> float:
    """How the error of the judged areas compares with that of the fitted ones, in log sd at 15 practices."""
    return math.log(sd_bij(schat_fout(lad, ~train)) / sd_bij(schat_fout(lad, train)))


def tabel_overdracht(lad: pd.DataFrame) -> list[dict[str, object]]:
    """Fitted on one kind of place, judged on another."""
    klasse, ankers = grootteklasse(lad["inwoners"]), engeland_ankers(lad)
    noord = lad["graafschap"].isin(NOORD)
    stad = pd.Series(lad.index.str[:3].isin(["E08", "E09"]), index=lad.index)
    groot = lad["praktijken"] >= 15
    wegen = {
        "north to south": noord, "south to north": ~noord, "cities to the rest": stad, "the rest to cities": ~stad,
        "15 practices or more to fewer": groot, "fewer to 15 or more": ~groot,
    }  # fmt: skip
    rijen = []
    for naam, train in wegen.items():
        d = per_lad(lad, engeland_prior(lad, schat_fout(lad, train), ankers=ankers), trekkingen=600)
        raak = {n: [binnen_interval(d, lad["fte"], niveau=n)[~train]] for n in (0.5, 0.8, 0.9)}
        deel = {
            k: v
            for k, v in rij(naam, "-", raak, klasse).items()
            if k not in ("halves of", "lowest", "highest")
        }
        rijen.append(deel | {"log sd ratio": log_verhouding(lad, train)})
    return rijen


def tabel_fout(lad: pd.DataFrame) -> list[dict[str, object]]:
    alles = pd.Series(data=True, index=lad.index)
    klasse, fout = grootteklasse(lad["inwoners"]), schat_fout(lad, alles)

    def som(reeks: pd.Series) -> pd.Series:
        return reeks.groupby(reeks.index.str.rsplit("-", n=1).str[0]).sum()

    namen, marge = (
        maak_engelandmodel(lad, engeland_prior(lad, fout, ankers=engeland_ankers(lad, namen=n)))
        for n in (True, False)
    )
    schattingen = {
        "one density everywhere": lad["inwoners"], "equal fte per practice": som(gelijk_aanbod(namen)),
        "hierarchical, range and names": som(verwacht_aanbod(namen)),
        "hierarchical, range only": som(verwacht_aanbod(marge)),
        "registered people (a delivery)": lad["ingeschreven"], "headcount (a delivery)": lad["personen"],
    }  # fmt: skip
    return [
        {"estimate": naam, **spreiding(logfout(s.astype(float), lad["fte"]), klasse).to_dict()}
        for naam, s in schattingen.items()
    ]


def markdown(rijen: list[dict[str, object]]) -> list[str]:
    koppen = list(dict.fromkeys(k for r in rijen for k in r))
    uit = [f"| {' | '.join(koppen)} |", f"|{'---|' * len(koppen)}"]
    for r in rijen:
        cellen = [f"{v:.3f}" if isinstance(v, float) else str(v) for v in (r.get(k, "") for k in koppen)]
        uit.append(f"| {' | '.join(cellen)} |")
    return uit


def main() -> None:
    lad = pd.read_csv(WORTEL / "data/engeland/lad_2019.csv").set_index("lad_code")
    alles = pd.Series(data=True, index=lad.index)
    a, b = schat_fout(lad, alles)
    dekking, verhoudingen = tabel_dekking(lad)
    overdracht = tabel_overdracht(lad)
    op_soort = [float(str(r["log sd ratio"])) for r in overdracht]
    regels = [
        "# Back-test of the supply estimate on England", "",
        "Made by `tests/bench/engeland_bench.py`; do not edit. 307 local authorities, September 2019; the",
        "estimator gets people, practices and practice places per area, the national fte, and of the 48 counties",
        "only the range of GP persons per head, the name of the lowest and of the three highest. Contains",
        "information from NHS England, licensed under the Open Government Licence v3.0; people: ONS, mid-2018.", "",
        "## Error of the point estimate (sd of log error, all areas and by quartile of people)", "",
        *markdown(tabel_fout(lad)), "",
        "## Coverage of 90% intervals, out of sample", "",
        f"Error fitted on one half, judged on the other, {HERHALINGEN} times; `lowest` and `highest` are single",
        "repeats; the columns 80% and 50% are the coverage of those intervals.", "",
        *markdown(dekking), "",
        "## Carried to another kind of place", "",
        "`log sd ratio`: error of the judged areas over that of the fitted ones, at 15 practices.", "",
        *markdown(overdracht), "",
        f"Error variance within counties, all areas: {a:.4f} + {b:.3f} / practices. Between random halves the log",
        f"of its sd differs by {np.std(verhoudingen):.2f} (root mean square), between kinds of place by",
        f"{np.sqrt(np.mean(np.square(op_soort))):.2f}; the prior of k has .20.",
    ]  # fmt: skip
    tekst = "\n".join(regels) + "\n"
    (WORTEL / "docs/aanbod_engeland.md").write_text(tekst, encoding="utf-8", newline="\n")
    print(tekst)


if __name__ == "__main__":
    main()
