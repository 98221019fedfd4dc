"""Tables on what choices and chance do to the shortage: zones, decays, supply, regions, switches of need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from huisartsdata.gebieden.register import load_buurten, load_gebieden, load_gemeenten
from huisartsdata.model.onzekerheid import trek_gebieden, vervalreeks
from huisartsdata.model.tekort import ontleed_tekort, tekortbeeld
from huisartsdata.model.vraag import zorgvraag

if TYPE_CHECKING:
    from huisartsdata.model.onzekerheid import Trekkingen
    from huisartsdata.model.situatie import Situatie


def gelijke_zones(
    situatie: Situatie, *, aantal: int = 28, herhalingen: int = 20, seed: int = 0
) -> pd.DataFrame:
    """Shortage between random connected zones, beside that between the real regions.

    Gemeenten grow together into `aantal` connected zones from random seeds. If random zones show as much
    "between" as the RegioPlus regions do, the regions are not special.
    """
    gm = load_gemeenten()
    paren = gm.sindex.query(gm.geometry, predicate="intersects")
    buren: dict[int, list[int]] = {i: [] for i in range(len(gm))}
    for i, j in zip(*paren, strict=True):
        if i != j:
            buren[int(i)].append(int(j))
    beeld = tekortbeeld(situatie).reindex(gm.index)
    midden = gm.geometry.representative_point()
    xy = np.column_stack([midden.x, midden.y])
    n, b = beeld["nodig_fte"].to_numpy(), beeld["bereikt_fte"].to_numpy()
    land = max(0.0, n.sum() - b.sum())
    rijen = []
    for r in range(herhalingen):
        zone = _groei(buren, aantal, np.random.default_rng([seed, r]))
        los = zone < 0  # islands without a neighbour join the zone of the nearest gemeente
        zone[los] = zone[~los][np.linalg.norm(xy[los, None] - xy[None, ~los], axis=2).argmin(axis=1)]
        som_n, som_b = (np.bincount(zone, weights=w, minlength=aantal) for w in (n, b))
        rijen.append(float(np.maximum(0, som_n - som_b).sum() - land))
    echt = ontleed_tekort(situatie).loc["tussen", "fte"]
    return pd.DataFrame(
        {"tussen_fte": [echt, np.mean(rijen), np.min(rijen), np.max(rijen)]},
        index=pd.Index(
            ["RegioPlus-regio's", "toeval, gemiddeld", "toeval, laagste", "toeval, hoogste"], name="zones"
        ),
    )


def _groei(buren: Mapping[int, list[int]], aantal: int, rng: np.random.Generator) -> np.ndarray:
    """Random connected zones: seeds take turns in claiming a free neighbour; -1 for what no seed reaches."""
    zone = np.full(len(buren), -1)
    start = rng.choice(len(buren), aantal, replace=False)
    zone[start] = np.arange(aantal)
    rand = {z: [int(s)] for z, s in enumerate(start)}
    while any(rand.values()):
        for z in rng.permutation(aantal):
            vrij = [b for g in rand[z] for b in buren[g] if zone[b] < 0]
            if not vrij:
                rand[z] = []
                continue
            keuze = int(rng.choice(vrij))
            zone[keuze] = z
            rand[z].append(keuze)
    return zone


def vervalvergelijking(situatie: Situatie, *, per: str = "gemeente") -> pd.DataFrame:
    """Reach per area under each of the five decays, and how well they agree (Spearman with the default)."""
    fte = situatie.praktijken[["fte"]].set_axis([0], axis=1)
    zonder = situatie.vervang(vraag_nza=situatie.vraag)
    uit = {}
    for v in vervalreeks():
        t = trek_gebieden(zonder, per=per, trekkingen=1, fte=fte, vervalset=[v], snelheden=[1.0])
        uit[v.beschrijving] = pd.Series(t.bereikt[:, 0] / t.nodig[:, 0], index=t.codes)
    return pd.DataFrame(uit)


def aanbod_per_10000(situaties: Mapping[str, Situatie]) -> pd.DataFrame:
    """Fte per 10,000 people inside each gemeente's border, one column per picture."""
    gm = load_gemeenten()
    uit = pd.DataFrame({"naam": gm["naam"]})
    for naam, s in situaties.items():
        uit[naam] = tekortbeeld(s)["aanbod_fte"].reindex(gm.index) / gm["inwoners"] * 10_000
    return uit


def splits_per_regio(situatie: Situatie, *, trekkingen: int = 200, seed: int = 0) -> pd.DataFrame:
    """Shortage of each RegioPlus region as a whole, and what its gemeenten are short beyond that.

    The region's parts of the nested split, under each of the five decays (range) and over draws (95%).
    They do not add up to the national split: a region's surplus covers no other's shortage here.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, and for `regio` (short as a whole) and `binnen` (beyond that, within it) the
        columns `_fte` (picture), `_verval_laag`, `_verval_hoog`, `_verwacht`, `_laag`, `_hoog`.
    """
    regio_van = load_gemeenten()["regioplus_code"]
    fte = situatie.praktijken[["fte"]].set_axis([0], axis=1)
    stil = situatie.vervang(vraag_nza=situatie.vraag)
    punten = [
        _regiodelen(
            trek_gebieden(stil, per="gemeente", trekkingen=1, fte=fte, vervalset=[v], snelheden=[1.0]),
            regio_van,
        )
        for v in vervalreeks()
    ]
    t = trek_gebieden(situatie, per="gemeente", trekkingen=trekkingen, seed=seed)
    delen = _regiodelen(t, regio_van)
    uit = pd.DataFrame({"naam": load_gebieden("regioplus")["naam"]}).rename_axis("gebied")
    for k, naam in enumerate(("regio", "binnen")):
        over = np.concatenate([p[k] for p in punten], axis=1)
        uit[f"{naam}_fte"] = over[:, 0]
        uit[f"{naam}_verval_laag"], uit[f"{naam}_verval_hoog"] = over.min(axis=1), over.max(axis=1)
        uit[f"{naam}_verwacht"] = delen[k].mean(axis=1)
        uit[f"{naam}_laag"], uit[f"{naam}_hoog"] = np.quantile(delen[k], [0.025, 0.975], axis=1)
    return uit


def _regiodelen(t: Trekkingen, regio_van: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Per region and draw: shortage as a whole, and of its gemeenten beyond that."""
    regio = regio_van.reindex(t.codes)
    nodig, bereikt = (
        pd.DataFrame(m, index=t.codes).groupby(regio).sum().to_numpy() for m in (t.nodig, t.bereikt)
    )
    los = pd.DataFrame(np.maximum(0.0, t.verschil), index=t.codes).groupby(regio).sum().to_numpy()
    geheel = np.maximum(0.0, nodig - bereikt)
    return geheel, los - geheel


def schakeleffect(situatie: Situatie) -> pd.DataFrame:
    """What the need switches do: change of need per gemeente, in percent of the need by age alone."""
    buurten = load_buurten().loc[situatie.vraag.index]
    gm = situatie.gebied["gm_code"]
    basis = situatie.vraag.groupby(gm).sum()
    rijen = {}
    for naam, keuze in {
        "gezondheid": {"gezondheid": True},
        "inkomen": {"inkomen": True},
        "gezondheid en inkomen": {"gezondheid": True, "inkomen": True},
        "gewichten van NZa": {"gewichten": "nza"},
    }.items():
        anders = zorgvraag(buurten, **keuze).groupby(gm).sum() / basis - 1  # type: ignore[arg-type]
        rijen[naam] = {
            "laagste": anders.min(),
            "tiende": anders.quantile(0.1),
            "negentigste": anders.quantile(0.9),
            "hoogste": anders.max(),
        }
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("schakelaar")
