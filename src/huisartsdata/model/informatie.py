"""What a delivery would settle, which assumption matters most, and whether the model knew beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.fouten import OnbekendGebiedFout, ParameterFout
from huisartsdata.gebieden.register import load_gebieden, load_gemeenten
from huisartsdata.model.onzekerheid import (
    Trekkingen,
    deel_in,
    maak_kernen,
    snelheidsfactoren,
    trek_fte,
    trek_gebieden,
    vervalreeks,
)
from huisartsdata.model.tekort import MIN_TREKKINGEN, ONBEKEND, TEKORT, oordeelreeks, tekortbeeld

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from huisartsdata.model.onzekerheid import Matrix
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.model.verval import Verval

# gemeenten where a practice failed or found no successor, as the published facts name them
UITGEVALLEN = {"GM0114": "2018-2022", "GM0080": "2018", "GM1901": "2023", "GM0758": "2024"}


def waarde_van_informatie(
    situatie: Situatie,
    *,
    trekkingen: int = 300,
    waarheden: int = 20,
    seed: int = 0,
    regios: Sequence[str] | None = None,
) -> pd.DataFrame:
    """How many gemeenten each delivery would settle, by simulation.

    A draw of supply plays the truth. The delivery tells what it would tell in that truth, every other
    draw is brought into line with it (what is delivered is known exactly, the rest scaled to the
    national total), and the gemeenten with a verdict are counted; the mean over the truths is the
    value. Need, decay and speed stay as uncertain as they are.

    Parameters
    ----------
    situatie
        The picture.
    trekkingen
        Draws per truth.
    waarheden
        Draws that play the truth.
    seed
        Fixes everything.
    regios
        RegioPlus codes to try one by one; default all 28.

    Raises
    ------
    ParameterFout
        For fewer draws than a verdict needs, no truths, or numbers that are not whole.
    OnbekendGebiedFout
        For what is no RegioPlus region.

    Returns
    -------
    DataFrame
        Index `levering`; `naam`, `beslist` (gemeenten with a verdict, mean over truths), `erbij` (more
        than without any delivery), `erbij_laag` and `erbij_hoog` (10% and 90% over truths), `juist`
        (share of the verdicts that hold in the truth).
    """
    namen = load_gebieden("regioplus")["naam"]
    codes = _keur(trekkingen, waarheden, regios, list(namen.index))
    fte = trek_fte(situatie, trekkingen=trekkingen + waarheden, seed=seed)
    echt = fte.iloc[:, :waarheden]
    rest = fte.iloc[:, waarheden:].to_numpy()
    p = situatie.praktijken
    regio = load_gemeenten()["regioplus_code"].reindex(p["gm_code"]).to_numpy()
    kernen, indeling = maak_kernen(situatie, "gemeente"), deel_in(situatie, "gemeente")
    # each truth has a decay, a speed and need weights of its own, as unknown to us as its supply
    waar = trek_gebieden(
        situatie, per="gemeente", trekkingen=waarheden, seed=seed + 1, fte=echt, kernen=kernen
    ).kort

    def oordeel(aanbod: Matrix) -> NDArray[np.object_]:
        return oordeelreeks(
            trek_gebieden(
                situatie,
                per="gemeente",
                trekkingen=trekkingen,
                seed=seed,
                fte=pd.DataFrame(aanbod, index=p.index),
                kernen=kernen,
                indeling=indeling,
            )
        )

    overal, elk = np.ones(len(p), dtype=bool), np.arange(len(p))
    soorten: dict[str, tuple[str, NDArray[np.intp], NDArray[np.bool_]]] = {
        "nivel_regioplus": ("Nivel: fte per RegioPlus-regio, heel het land", pd.factorize(regio)[0], overal),
        "nivel_gemeente": ("fte per gemeente, heel het land", pd.factorize(p["gm_code"])[0], overal),
        "praktijken_land": ("praktijkenlijst met fte, heel het land", elk, overal),
    }
    for code in codes:
        soorten[f"praktijken_{code}"] = (f"praktijkenlijst met fte: {namen[code]}", elk, regio == code)
    zonder = oordeel(rest)
    basis = [_tel(zonder, waar[:, k]) for k in range(waarheden)]
    rijen = {"geen": _rij("geen levering", basis, basis)}
    for sleutel, (naam, groep, binnen) in soorten.items():
        met = [
            _tel(oordeel(_stem_af(rest, echt.iloc[:, k].to_numpy(), groep, binnen)), waar[:, k])
            for k in range(waarheden)
        ]
        rijen[sleutel] = _rij(naam, met, basis)
    uit = pd.DataFrame.from_dict(rijen, orient="index").rename_axis("levering")
    return uit.sort_values("erbij", ascending=False, kind="stable")


def _keur(
    trekkingen: int, waarheden: int, regios: Sequence[str] | None, bekend: Sequence[str]
) -> Sequence[str]:
    """The regions to try; refuses what would end in a KeyError, or in no verdict anywhere."""
    for naam, getal, minstens in (("trekkingen", trekkingen, MIN_TREKKINGEN), ("waarheden", waarheden, 1)):
        if isinstance(getal, bool) or not isinstance(getal, (int, np.integer)) or getal < minstens:
            raise ParameterFout(
                f"{naam}={getal!r:.40} kan niet; geef een geheel getal van {minstens} of meer"
            )
    if regios is None:
        return bekend
    if isinstance(regios, str):
        raise ParameterFout(f"regios='{regios:.40}' is geen lijst; geef bijvoorbeeld ['{bekend[0]}']")
    if vreemd := [str(c) for c in regios if c not in bekend]:
        raise OnbekendGebiedFout(
            f"onbekende RegioPlus-regio {', '.join(vreemd)[:80]}; geef codes zoals {bekend[0]}", vreemd
        )
    return regios


def _rij(
    naam: str, met: Sequence[tuple[float, float]], basis: Sequence[tuple[float, float]]
) -> dict[str, str | float]:
    """One delivery over all truths."""
    beslist, juist = pd.DataFrame(met).T.to_numpy()
    erbij = pd.Series(beslist - [b for b, _ in basis])
    return {
        "naam": naam,
        "beslist": beslist.mean(),
        "erbij": erbij.mean(),
        "erbij_laag": erbij.quantile(0.1),
        "erbij_hoog": erbij.quantile(0.9),
        "juist": pd.Series(juist).mean(),  # a truth without a verdict has no share
    }


def _stem_af(
    fte: Matrix, echt: NDArray[np.float64], groep: NDArray[np.intp], binnen: NDArray[np.bool_]
) -> Matrix:
    """Draws in line with a delivery: group sums as in the truth inside, the rest to the same total."""
    _, nummer = np.unique(groep[binnen], return_inverse=True)
    optellen = sparse.csr_array((np.ones(len(nummer)), (nummer, np.arange(len(nummer)))))
    eigen = fte[binnen]
    som, doel = (optellen @ eigen)[nummer], (optellen @ echt[binnen])[nummer]
    uit = np.empty_like(fte)
    uit[binnen] = np.divide(eigen * doel[:, None], som, out=np.zeros_like(eigen), where=som > 0)
    if not binnen.all():
        over, buiten = echt.sum() - uit[binnen].sum(axis=0), fte[~binnen]
        uit[~binnen] = buiten * (over / buiten.sum(axis=0))
    return uit


def _tel(oordeel: NDArray[np.object_], waar: NDArray[np.bool_]) -> tuple[float, float]:
    """Gemeenten with a verdict, and the share of those verdicts that hold in the truth."""
    zeker = oordeel != ONBEKEND
    juist = (oordeel == TEKORT)[zeker] == waar[zeker]
    return float(zeker.sum()), float(juist.mean()) if zeker.any() else np.nan


def variantiebijdragen(
    situatie: Situatie, *, per: str = "regioplus", trekkingen: int = 500, seed: int = 0
) -> pd.DataFrame:
    """Which assumption matters most: the variance of (reach - need) / need when one thing varies alone.

    Returns
    -------
    DataFrame
        Index `gebied`; `aanbod`, `zorgvraag`, `verval`, `snelheid` (variance when only that is drawn),
        `alles` (all together) and `belangrijkste`. The parts need not add up to the whole: what is
        missing is interaction.
    """
    reeks, factoren = vervalreeks(), snelheidsfactoren()
    vast = situatie.praktijken[["fte"]]
    stil = pd.DataFrame(np.repeat(vast.to_numpy(), trekkingen, axis=1), index=vast.index)
    zonder = situatie.vervang(vraag_nza=situatie.vraag)

    def run(
        s: Situatie, *, reeks: Sequence[Verval], factoren: Sequence[float], fte: pd.DataFrame | None
    ) -> Trekkingen:
        return trek_gebieden(
            s, per=per, trekkingen=trekkingen, seed=seed, vervalset=reeks, snelheden=factoren, fte=fte
        )

    een = [situatie.verval]
    runs = {
        "aanbod": run(zonder, reeks=een, factoren=[1.0], fte=None),
        "zorgvraag": run(situatie, reeks=een, factoren=[1.0], fte=stil),
        "verval": run(zonder, reeks=reeks, factoren=[1.0], fte=stil),
        "snelheid": run(zonder, reeks=een, factoren=factoren, fte=stil),
        "alles": run(situatie, reeks=reeks, factoren=factoren, fte=None),
    }
    uit = pd.DataFrame({naam: _variantie(t) for naam, t in runs.items()}, index=runs["alles"].codes)
    uit["belangrijkste"] = uit.drop(columns="alles").idxmax(axis=1)
    return uit


def _variantie(t: Trekkingen) -> NDArray[np.float64]:
    uit: NDArray[np.float64] = (t.verschil / t.nodig).var(axis=1)
    return uit


def wisselingen(situaties: Mapping[str, Situatie], *, per: str = "gemeente") -> pd.DataFrame:
    """How often each area's class flips over pictures (norms, functions) and the five decays.

    Parameters
    ----------
    situaties
        Name -> picture, for example one per norm and function.

    Returns
    -------
    DataFrame
        Index `gebied`; `combinaties`, `tekort` (share of them in which the area is short) and `wisselt`
        (some are short and some are not).
    """
    kort = []
    for s in situaties.values():
        fte = s.praktijken[["fte"]].set_axis([0], axis=1)
        zonder = s.vervang(vraag_nza=s.vraag)
        for v in vervalreeks():
            t = trek_gebieden(zonder, per=per, trekkingen=1, fte=fte, vervalset=[v], snelheden=[1.0])
            kort.append(pd.Series(t.kort[:, 0], index=t.codes))
    tabel = pd.DataFrame(kort).T
    deel = tabel.mean(axis=1)
    return pd.DataFrame({"combinaties": tabel.shape[1], "tekort": deel, "wisselt": (deel > 0) & (deel < 1)})


def terugblik(situatie: Situatie, *, herhalingen: int = 20_000, seed: int = 0) -> pd.DataFrame:
    """Look back: do gemeenten where a practice failed stand out, and how would chance have done.

    Each gets its percentile (0 = largest shortage per need, 100 = smallest). Chance draws as many
    gemeenten, a larger one more often (more practices, more that can fail), and counts how often their
    mean percentile is as low. With four places only a large difference could show.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, `jaar`, `percentiel`; and a last row `alle` with the mean percentile and
        `kans`, the chance of a mean as low.
    """
    beeld = tekortbeeld(situatie, per="gemeente")
    druk = (beeld["bereikt_fte"] - beeld["nodig_fte"]) / beeld["nodig_fte"]
    percentiel = (druk.rank() - 1) / (len(druk) - 1) * 100
    rng = np.random.default_rng(seed)
    gewicht = beeld["inwoners"] / beeld["inwoners"].sum()
    n = len(UITGEVALLEN)
    # weighted sampling without replacement: exponential keys (Efraimidis & Spirakis 2006)
    sleutel = rng.exponential(size=(herhalingen, len(druk))) / gewicht.to_numpy()
    gekozen = np.argpartition(sleutel, n, axis=1)[:, :n]
    toeval = percentiel.to_numpy()[gekozen].mean(axis=1)
    gemiddeld = float(percentiel[list(UITGEVALLEN)].mean())
    uit = pd.DataFrame(
        {
            "naam": beeld["naam"].reindex(list(UITGEVALLEN)),
            "jaar": pd.Series(UITGEVALLEN),
            "percentiel": percentiel.reindex(list(UITGEVALLEN)),
        }
    ).rename_axis("gebied")
    uit["kans"] = np.nan
    kans = float((toeval <= gemiddeld).mean())
    alle = pd.DataFrame(
        {"naam": ["gemiddeld"], "jaar": [""], "percentiel": [gemiddeld], "kans": [kans]}, index=["alle"]
    )
    return pd.concat([uit, alle]).rename_axis("gebied")
