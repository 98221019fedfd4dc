"""The national picture that every brief is cut from: draws, verdicts, flips and signals, computed once."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd
from scipy import sparse

from huisartsdata.bronnen.catalogus import Snapshot, bestandshash, pakketmap, snapshot
from huisartsdata.bronnen.parameters import BESTAND, waarde
from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.gebieden.kerncijfers import load_afstandreeksen
from huisartsdata.gebieden.register import LANDCODE, load_gebieden
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model.aanbodtoets import met_prior
from huisartsdata.model.onzekerheid import Trekkingen, snelheidsfactoren, trek_gebieden, vervalreeks
from huisartsdata.model.situatie import FUNCTIES, Situatie, landelijke_situatie
from huisartsdata.model.tekort import GEEN, TEKORT, ontleed_tekort, oordeelreeks, oordelen
from huisartsdata.model.typologie import model_tegen_signaal, ruimte
from huisartsdata.schema import REGIOSOORTEN
from huisartsdata.uitvoer.figuur import get_versie
from huisartsdata.uitvoer.verhaal.gebiedssom import (
    INTERVAL,
    Vervalpunt,
    leden_van,
    maak_vervalpunt,
    reikwijdte,
    voeg_samen,
    wisselkans,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from huisartsdata.leveringen.levering import Levering

__all__ = ["FUNCTIE", "SOORTEN", "TREKKINGEN", "Landbeeld", "Vervalpunt", "maak_landbeeld", "voeg_samen"]
T = TypeVar("T")
FUNCTIE = "zonder_wisselend"  # GPs that people can be registered with
SOORTEN = ("land", *REGIOSOORTEN, "gemeente")
TREKKINGEN = 1000
MIN_TREKKINGEN = 100  # fewer give no verdict anywhere
SPLITSTREKKINGEN = 1000  # the same draws as the notebooks: one shortage, one total
AGGREGATIES = (
    ("provincie", "gemeente"),
    ("regioplus", "gemeente"),
    ("corop", "gemeente"),
    ("regioplus", "wijk"),
)


@dataclass(frozen=True, eq=False)
class Landbeeld:
    """Everything national that a brief needs; made by `maak_landbeeld`.

    Attributes
    ----------
    situaties
        Picture per functie, at the lead norm. With a delivery only the functie that it counts.
    functie
        The lead functie: the one the verdict is about.
    trekkingen
        Draws per functie, per gemeente, at the lead norm.
    punten
        The picture itself per functie.
    beelden
        Per type of area: `naam`, `inwoners`, `nodig_fte`, `aanbod_fte`, `bereikt_fte`, `tekort_fte`,
        `kans_op_tekort`, `rang_laag`, `rang_hoog`, `oordeel`, at the lead norm and functie; and what a brief
        prints, the middle of the draws: see `middens`.
    normgetallen
        The norms of the grid (people per fte), ascending.
    signaaltest
        Table and outcome of `model_tegen_signaal` per RegioPlus region.
    seed
        Of the draws.
    leveringen
        What the user delivered.
    vinger
        Hash of everything that the numbers depend on.
    landelijk
        National fte as the user gave it, or None for the published total.
    snapshot
        The data it was made from; a brief is never made from it with other data.
    """

    situaties: Mapping[str, Situatie]
    functie: str
    trekkingen: Mapping[str, Trekkingen]
    punten: Mapping[str, Vervalpunt]
    beelden: Mapping[str, pd.DataFrame]
    normgetallen: tuple[float, ...]
    signaaltest: tuple[pd.DataFrame, dict[str, float]]
    seed: int
    leveringen: tuple[Levering, ...]
    vinger: str
    landelijk: float | None = None
    snapshot: Snapshot = field(default_factory=snapshot, repr=False)
    onthouden: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def situatie(self) -> Situatie:
        """The picture at the lead functie."""
        return self.situaties[self.functie]

    @property
    def norm(self) -> float:
        """The lead norm."""
        return self.situatie.norm

    @property
    def is_landelijke_norm(self) -> bool:
        """Whether the lead norm is the national mean of the picture itself."""
        return math.isclose(self.norm, self.situatie.omslagnorm, rel_tol=1e-9)

    @property
    def aantal(self) -> int:
        """Number of draws."""
        return int(self.trekkingen[self.functie].nodig.shape[1])

    def bij_norm(self, functie: str, norm: float) -> Trekkingen:
        """The draws of a functie at another norm: reach stays, need scales."""
        t = self.trekkingen[functie]
        return replace(t, nodig=t.nodig * (self.situaties[functie].norm / norm))

    def reeks(self, soort: str) -> pd.DataFrame:
        """Road distance per year of a type of area."""
        return self.onthoud("reeksen", lambda: load_afstandreeksen(SOORTEN))[soort]

    def splitsing(self) -> pd.DataFrame:
        """The nested split of the national shortage under four aggregations, each beside its noise floor.

        Index `groot`, `klein`, `deel`; the columns of `ontleed_tekort`. Needs the full pictures: ask before
        `slank`, which keeps what was computed.
        """
        return self.onthoud("splitsing", self._splits)

    @property
    def splitstrekkingen(self) -> int:
        """Number of draws behind `splitsing`."""
        return min(self.aantal, SPLITSTREKKINGEN)

    def _splits(self) -> pd.DataFrame:
        delen = {
            per: ontleed_tekort(
                self.situatie,
                per=per,
                trekkingen=self.splitstrekkingen,
                seed=self.seed,
                getrokken=self.trekkingen[self.functie] if per[1] == "gemeente" else None,
            )
            for per in AGGREGATIES
        }
        return pd.concat(delen, names=["groot", "klein", "deel"])

    def ruimte(self, soort: str) -> pd.DataFrame:
        """Observed room per area of a type, as `model.typologie.ruimte`."""
        return self.onthoud(f"ruimte {soort}", lambda: ruimte(soort))

    def leden(self, soort: str) -> dict[str, tuple[str, ...]]:
        """Gemeenten of every area of a type, by code."""
        return self.onthoud(f"leden {soort}", lambda: leden_van(soort))

    def genoemd(self) -> dict[str, str]:
        """RegioPlus regions whose place the source tells in words -> the verdict that this asks for.

        They are names in the supply model, so a verdict that agrees with them is no finding. A region that
        was delivered whole stands on the delivery. Ask before `slank`, which keeps what was computed.
        """
        return self.onthoud("genoemd", self._genoemd)

    def _genoemd(self) -> dict[str, str]:
        model = self.situatie.aanbodmodel
        if model is None:
            return {}
        ankers = model.regio.prior.ankers
        uit = dict.fromkeys(ankers.hoogste, GEEN) | ({ankers.laagste: TEKORT} if ankers.laagste else {})
        codes = {code for lev in self.leveringen for code in lev.gebieden}
        gedekt = {
            g for soort in SOORTEN for c, leden in self.leden(soort).items() if c in codes for g in leden
        }
        return {c: o for c, o in uit.items() if not set(self.leden("regioplus")[c]) <= gedekt}

    def volgt_uit_tekst(self, gemeenten: Sequence[str], oordeel: str) -> str:
        """Code of the named region that gives this area its verdict; empty when none does.

        The area lies for more than half (people) in that region, and the verdict is the one it asks for.
        """
        mensen = self.beelden["gemeente"].loc[list(gemeenten), "inwoners"]
        for code, volgt in self.genoemd().items():
            binnen = mensen[mensen.index.isin(self.leden("regioplus")[code])]
            if oordeel == volgt and 2 * float(binnen.sum()) > float(mensen.sum()):
                return code
        return ""

    def zonder_namen(self, soort: str) -> pd.Series:
        """Chance of shortage per area of a type when the supply model is not told which regions stand out."""
        return self.onthoud("zonder namen", self._zonder_namen)[soort]

    def _zonder_namen(self) -> dict[str, pd.Series]:
        s = self.situatie
        if s.aanbodmodel is None:
            return {soort: pd.Series(np.nan, index=t.index) for soort, t in self.beelden.items()}
        prior = s.aanbodmodel.regio.prior
        kaal = replace(prior, ankers=replace(prior.ankers, laagste=None, hoogste=()))
        t = trek_gebieden(
            s.vervang(aanbodmodel=met_prior(s.aanbodmodel, kaal)),
            per="gemeente",
            trekkingen=self.aantal,
            seed=self.seed,
        )
        samen = {soort: voeg_samen(t, self.leden(soort)) for soort in SOORTEN}
        return {soort: pd.Series(u.kort.mean(axis=1), index=u.codes) for soort, u in samen.items()}

    def kans_onder_land(self, gemeenten: Sequence[str]) -> float:
        """Share of the draws in which people of an area reach less per need than those of the country."""
        leden = {"gebied": tuple(gemeenten), "land": self.leden("land")[LANDCODE]}
        t = voeg_samen(self.trekkingen[self.functie], leden)
        deel = t.bereikt / t.nodig
        return float((deel[0] < deel[1]).mean())

    def oordeelwissel(self) -> tuple[int, int]:
        """Gemeenten whose verdict differs over norms and functies, and those that go from one end to the other."""
        return self.onthoud("oordeelwissel", self._oordeelwissel)

    def _oordeelwissel(self) -> tuple[int, int]:
        alle = np.stack(
            [oordeelreeks(self.bij_norm(f, norm)) for f in self.trekkingen for norm in self.normgetallen]
        )
        anders = (alle != alle[0]).any(axis=0)
        tegen = (alle == TEKORT).any(axis=0) & (alle == GEEN).any(axis=0)
        return int(anders.sum()), int(tegen.sum())

    def wissel(self, *, alleen_verval: bool = False) -> int:
        """Number of gemeenten whose class flips; see `wisselkans`."""
        gemeenten = self.leden("gemeente")
        return self.onthoud(
            f"wissel {alleen_verval}",
            lambda: int(self.wisselkans(gemeenten, alleen_verval=alleen_verval)["wisselt"].sum()),
        )

    def wisselkans(self, leden: Mapping[str, Sequence[str]], *, alleen_verval: bool = False) -> pd.DataFrame:
        """How often areas flip: over functies, norms and decays, or at the lead functie and norm over decays."""
        if alleen_verval:
            return wisselkans([self.punten[self.functie]], [self.norm], leden)
        return wisselkans(self.punten.values(), self.normgetallen, leden)

    def onthoud(self, naam: str, maak: Callable[[], T]) -> T:
        """What `maak` gives, computed for the first brief that asks and kept for the next."""
        if naam not in self.onthouden:  # the same whoever asks first: a matter of time, not of outcome
            self.onthouden[naam] = maak()
        uit: T = self.onthouden[naam]
        return uit

    @property
    def vervalnamen(self) -> tuple[str, ...]:
        """The decays that draws used, as they are described."""
        return tuple(v.beschrijving for v in vervalreeks())

    @property
    def snelheden(self) -> tuple[float, ...]:
        """The factors on travel minutes that draws used."""
        return snelheidsfactoren()

    def keur_gegevens(self) -> None:
        """Refuse to go on with data that changed since: numbers of two snapshots would stand in one brief.

        Raises
        ------
        BronFout
            When another snapshot is in force than the one that the picture was made from.
        """
        _keur_gegevens(self.snapshot)

    def slank(self) -> Landbeeld:
        """Without travel times and supply model: enough for briefs, and a tenth to send to a process."""
        self.genoemd()
        self.zonder_namen("land")
        return replace(self, situaties={f: _slank(s) for f, s in self.situaties.items()})


def _keur_gegevens(oud: Snapshot) -> None:
    nu = snapshot()
    if nu.hash != oud.hash:
        raise BronFout(
            f"de gegevens zijn veranderd terwijl hiermee werd gewerkt (snapshot {oud.versie}, nu {nu.versie}); "
            "begin opnieuw bij het landelijke beeld, anders staan er cijfers van twee snapshots in een brief"
        )


def _slank(s: Situatie) -> Situatie:
    r = s.reistijden
    leeg = sparse.csr_array((len(r.van), len(r.naar)), dtype=np.float64)
    return replace(
        s, reistijden=Reistijden(r.van, r.naar, leeg, r.grens_minuten, r.herkomst), aanbodmodel=None
    )


def maak_landbeeld(
    *,
    norm: float | str = 2095,
    functie: str = FUNCTIE,
    aanbod: Sequence[Levering] = (),
    landelijk: float | None = None,
    trekkingen: int = TREKKINGEN,
    seed: int = 0,
    executor: Executor | None = None,
) -> Landbeeld:
    """Compute what all briefs share.

    Parameters
    ----------
    norm, functie
        The norm and the GPs that the verdict is about; the others of the grid stand beside it.
    aanbod
        Supply that the user delivered. It counts the GPs of one functie, so the other is left out.
    landelijk
        National fte, as for `landelijke_situatie`.
    trekkingen, seed
        Draws, at least 100, and what fixes them.
    executor
        Any `concurrent.futures.Executor`; same numbers.

    Raises
    ------
    ParameterFout
        For an unknown functie, or fewer than 100 draws.
    BronFout
        When the data change during the computation.

    Examples
    --------
    >>> land = maak_landbeeld(trekkingen=100).beelden["land"].loc["NL01"]
    >>> round(land["nodig_fte"]), round(land["bereikt_fte"])
    (8565, 8981)
    """
    begin = snapshot()
    if functie not in FUNCTIES:
        raise ParameterFout(f"functie '{functie:.40}' kan niet; kies uit {', '.join(FUNCTIES)}")
    if trekkingen < MIN_TREKKINGEN:
        raise ParameterFout(f"een brief heeft minstens {MIN_TREKKINGEN} trekkingen nodig, geen {trekkingen}")
    functies = (functie,) if aanbod else (functie, *(f for f in FUNCTIES if f != functie))
    situaties = {
        f: landelijke_situatie(norm=norm, functie=f, aanbod=list(aanbod) or None, landelijk=landelijk)
        for f in functies
    }
    t = {
        f: trek_gebieden(s, per="gemeente", trekkingen=trekkingen, seed=seed, executor=executor)
        for f, s in situaties.items()
    }
    punten = {f: maak_vervalpunt(s) for f, s in situaties.items()}
    s = situaties[functie]
    beelden = {soort: _beeld(soort, t[functie], punten[functie], s.norm) for soort in SOORTEN}
    vast = {waarde(n) for n in ("norm_lhv", "norm_tarief", "norm_tarief_2012")}
    signaaltest = model_tegen_signaal(s, beelden["regioplus"], seed=seed)
    _keur_gegevens(begin)
    return Landbeeld(
        situaties=situaties,
        functie=functie,
        trekkingen=t,
        punten=punten,
        beelden=beelden,
        normgetallen=tuple(sorted(vast | {s.norm})),
        signaaltest=signaaltest,
        seed=seed,
        leveringen=tuple(aanbod),
        vinger=_vinger(s, aanbod, landelijk, trekkingen=trekkingen, seed=seed, som=begin.hash),
        landelijk=landelijk,
        snapshot=begin,
    )


def middens(t: Trekkingen, norm: float) -> pd.DataFrame:
    """What a brief prints of need, reach and people per fte: the median of the draws, with a 90% interval.

    The picture itself uses one end of what need may be (the weights of Nivel), so it is no middle.

    Returns
    -------
    DataFrame
        Per area `nodig_midden`, `nodig_laag`, `nodig_hoog`, `bereikt_midden` (fte) and `per_fte_midden`
        (need in people at the norm, per reached fte); the intervals of the last two come from `reikwijdte`.
    """
    laag, hoog = np.quantile(t.nodig, INTERVAL, axis=1)
    kolommen = {
        "nodig_midden": np.median(t.nodig, axis=1),
        "nodig_laag": laag,
        "nodig_hoog": hoog,
        "bereikt_midden": np.median(t.bereikt, axis=1),
        "per_fte_midden": np.median(t.nodig * norm / t.bereikt, axis=1),
    }
    return pd.DataFrame(kolommen, index=t.codes)


def _beeld(soort: str, t: Trekkingen, p: Vervalpunt, norm: float) -> pd.DataFrame:
    gebieden = load_gebieden(soort)
    leden = leden_van(soort)
    standaard = p.bereikt.iloc[:, 0]
    uit = pd.DataFrame({"naam": gebieden["naam"], "inwoners": gebieden["inwoners"]}).rename_axis("gebied")
    for kolom, reeks in (("nodig_fte", p.vraag / norm), ("aanbod_fte", p.aanbod), ("bereikt_fte", standaard)):
        uit[kolom] = [float(reeks[list(codes)].sum()) for codes in leden.values()]
    uit["tekort_fte"] = np.maximum(0.0, uit["nodig_fte"] - uit["bereikt_fte"])
    samen = t if soort == "gemeente" else voeg_samen(t, leden)
    return uit.join(oordelen(samen, soort)).join(reikwijdte(samen, norm)).join(middens(samen, norm))


def codehash() -> str:
    """Hash of the package's own code: a brief made by other code is another brief."""
    som = hashlib.sha256()
    for pad in sorted(Path(__file__).resolve().parents[2].rglob("*.py")):
        som.update(pad.read_bytes())
    return som.hexdigest()


def _vinger(
    s: Situatie, aanbod: Sequence[Levering], landelijk: float | None, *, trekkingen: int, seed: int, som: str
) -> str:
    delen = {
        "versie": get_versie(),
        "code": codehash(),
        "snapshot": som,
        "parameters": bestandshash(pakketmap() / BESTAND),
        "norm": s.norm,
        "functie": s.functie,
        "landelijk": landelijk,
        "trekkingen": trekkingen,
        "seed": seed,
        "leveringen": [[a.soort, a.herkomst.sha256, a.vingerafdruk()] for a in aanbod],
    }
    return hashlib.sha256(json.dumps(delen, sort_keys=True).encode()).hexdigest()
