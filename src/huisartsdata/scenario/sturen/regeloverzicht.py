"""The rules side by side: their parameters and sources, their evidence, and whom they designate today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import parameter
from huisartsdata.fouten import ParameterFout
from huisartsdata.model.onzekerheid import keur_trekkingen, wilson
from huisartsdata.scenario.invoerkeur import keur_situatie
from huisartsdata.scenario.sturen.regeldefinities import DEFINITIES, EIGEN_KEUZE, Definitie
from huisartsdata.scenario.sturen.regelmechaniek import Rekenaar
from huisartsdata.scenario.sturen.regelopbouw import lees_keuzes, wijs_aan
from huisartsdata.scenario.sturen.regelverslag import aanwijsframe, kans_aangewezen

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Executor

    from huisartsdata.model.situatie import Situatie


def aanwijzingen(
    situatie: Situatie,
    regels: Sequence[str | tuple[str, Mapping[str, Any]]] | None = None,
    *,
    trekkingen: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Who would be a shortage area under each rule today, on Dutch figures, and how sure that is.

    Parameters
    ----------
    situatie
        The picture; rules on the norm use its norm.
    regels
        Rules or (rule, parameters) pairs; default every rule that designates.
    trekkingen, seed, executor
        Draws; 0 leaves the chance out.

    Returns
    -------
    DataFrame
        Index `regel`, `gebied`; `gebiedsoort`, `naam`, `inwoners`, `klasse`, `waarde`, `drempel`,
        `aangewezen`, and with draws `kans`, `kans_laag` and `kans_hoog` (Wilson, 95%: what the number of draws
        leaves open).

    Examples
    --------
    >>> import huisartsdata as hd
    >>> from huisartsdata.scenario.sturen.stuurregels import aanwijzingen
    >>> s = hd.landelijke_situatie(functie="zonder_wisselend")
    >>> tabel = aanwijzingen(s, ["vs", "belgie"], trekkingen=0)
    >>> [int(n) for n in tabel.groupby("regel")["aangewezen"].sum()]
    [342, 0]
    """
    keur_situatie(situatie)
    keur_trekkingen(trekkingen, seed)
    namen = regels if regels is not None else [n for n, d in DEFINITIES.items() if d.wijzer is not None]
    keuzes = lees_keuzes(namen, {})
    if niet := sorted(g.label for g in keuzes if g.definitie.wijzer is None):
        kan = ", ".join(n for n, d in DEFINITIES.items() if d.wijzer is not None)
        raise ParameterFout(f"{', '.join(niet)} wijst geen gebieden aan; kies uit {kan}")
    punt = Rekenaar(situatie)
    trek = Rekenaar(situatie, trekkingen=trekkingen, seed=seed, executor=executor) if trekkingen else None
    delen = []
    for g in keuzes:
        kans = None if trek is None else kans_aangewezen(wijs_aan(trek, g))
        deel = aanwijsframe(g, wijs_aan(punt, g), kans)
        deel.insert(1, "gebiedsoort", g.parameters["per"])
        if kans is not None:
            grenzen = [wilson(round(float(k) * trekkingen), trekkingen) for k in kans]
            deel[["kans_laag", "kans_hoog"]] = np.array(grenzen)
        delen.append(deel.set_index("regel", append=True).swaplevel())
    return pd.concat(delen)


def regels() -> pd.DataFrame:
    """The rules with their parameters, defaults and sources.

    Returns
    -------
    DataFrame
        Index `regel`, `parameter`; `titel`, `doet`, `waarde` (default), `eenheid`, `laag`, `hoog`, `status`,
        `bron`, `url`, `kwaliteit`, `toelichting`. A rule without parameters has one row, parameter "-".

    Examples
    --------
    >>> from huisartsdata.scenario.sturen.stuurregels import regels
    >>> regels().loc[("belgie", "dichtheid"), "waarde"]
    90.0
    """
    rijen = [rij for d in DEFINITIES.values() for rij in _regelrijen(d)]
    return pd.DataFrame(rijen).set_index(["regel", "parameter"])


def _regelrijen(d: Definitie) -> list[dict[str, Any]]:
    kop = {"regel": d.naam, "titel": d.titel, "doet": d.doet}
    if not d.parameters:
        leeg = {
            "eenheid": "",
            "laag": None,
            "hoog": None,
            "status": "",
            "bron": "",
            "url": "",
            "kwaliteit": "",
        }
        return [{**kop, "parameter": "-", "waarde": None, **leeg, "toelichting": d.niet_te_modelleren or ""}]
    uit = []
    for p in d.parameters:
        if p.rij is None:
            rest: dict[str, Any] = {"eenheid": p.eenheid, "laag": None, "hoog": None, "status": "aanname"}
            rest |= {"bron": EIGEN_KEUZE, "url": "", "kwaliteit": "D", "toelichting": p.toelichting}
        else:
            r = parameter(p.rij)
            rest = {"eenheid": r.eenheid, "laag": r.laag, "hoog": r.hoog, "status": r.status}
            rest |= {"bron": r.bron, "url": r.url, "kwaliteit": r.kwaliteit, "toelichting": r.toelichting}
        uit.append({**kop, "parameter": p.naam, "waarde": p.standaard, **rest})
    return uit


def bewijs() -> pd.DataFrame:
    """The evidence cards as a table: index `regel`; what it does, what it did, how strong, whose law, lead time."""
    velden = ("werking", "effect", "bewijskracht", "waarom", "wet", "aanlooptijd", "grenzen")
    rijen = {
        naam: {f: getattr(d.kaart, f) for f in velden}
        | {"bronnen": "; ".join(f"{b.naam} ({b.url})" if b.url else b.naam for b in d.kaart.bronnen)}
        for naam, d in DEFINITIES.items()
    }
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("regel")
