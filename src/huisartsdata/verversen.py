"""Refresh: fetch, build, check, compare, and only then put a new snapshot beside the old ones.

Every step before the last works in a folder that no loader looks into; the last is one rename. What
came in of a broken download is kept and used by the next run.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen import catalogus, snapshotboek
from huisartsdata.bronnen.ophaalbronnen import (
    OPHAALMAP,
    beschrijf_cbs,
    beschrijf_pdok,
    bewaar_grenzen,
    bewaarde_grenzen,
    grensboek,
)
from huisartsdata.bronnen.ophalen import LOG, Verbinding, onverwacht
from huisartsdata.bronnen.schrijfveilig import alleen, klaarzetmap, publiceer, schrijffouten
from huisartsdata.bronnen.snapshotboek import Tabelopgave
from huisartsdata.bronnen.uitgangspunt import hele_snapshot, volgende_versie
from huisartsdata.bronnen.voorraad import Voorraad, vers_bij_weigering
from huisartsdata.fouten import BronFout, HuisartsdataFout, ParameterFout
from huisartsdata.verversbrieven import brieven_die_bewegen

if TYPE_CHECKING:
    import geopandas as gpd

    from huisartsdata.bronnen.opbouw import Opbouw

BRONNEN = ("cbs", "pdok")
EERSTE_JAAR, LAATSTE_JAAR = 1995, 2100  # StatLine's first key figures per wijk, and beyond what is plausible
# sources of the last snapshot that a refresh replaces, by how their name begins
_VERVANGT = {
    "cbs": ("cbs_kerncijfers_", "cbs_regioplus_", "cbs_gebieden_", "cbs_nabijheid_"),
    "grenzen": ("cbs_gebiedsindelingen_", "cbs_wijk_en_buurtkaart_", "pdok_"),
}
TE_VERVERSEN = (
    "gemeenten", "gemeentegrenzen_regio", "wijken", "water", "buurten", "leeftijden", "afstand"
)  # fmt: skip
_GRENSTABELLEN = ("gemeenten", "gemeentegrenzen_regio", "wijken", "water")


@dataclass(frozen=True)
class Uitkomst:
    """What a refresh did: the report, and the folder of the new snapshot (None: nothing was written)."""

    rapport: str
    map: Path | None
    versie: str
    melding: str


@dataclass(frozen=True)
class _Vraag:
    """What was asked: `werk` holds the download, `wortel` is the user's folder."""

    werk: Path
    wortel: Path
    jaar: int
    verbinding: Verbinding
    vandaag: str
    droog: bool
    tabellen: Mapping[str, str]
    figuren: Path | None
    meld: Callable[[str], None]

    def voorraad(self, naam: str) -> Voorraad:
        return Voorraad(self.werk / OPHAALMAP / str(self.jaar) / naam, meld=self.meld)


@dataclass
class _Plan:
    """One refresh: what it starts from and what it makes."""

    wortel: Path
    peiljaar: int
    vorige: catalogus.Snapshot
    oud: dict[str, Any]
    vandaag: str
    stuk: tuple[str, ...] = ()  # snapshots that could not be started from, and why
    bronnen: dict[str, dict[str, Any]] = field(default_factory=dict)


def ververs(
    bron: str,
    *,
    peiljaar: int | None = None,
    droog: bool = False,
    verbinding: Verbinding | None = None,
    tabellen: Mapping[str, str] | None = None,
    figuren: Path | None = None,
    vandaag: str | None = None,
    meld: Callable[[str], None] = lambda _wat: None,
) -> Uitkomst:
    """Bring the data of a year in and lay a snapshot of it beside the old ones.

    Parameters
    ----------
    bron
        ``"cbs"`` (StatLine) or ``"pdok"`` (boundaries).
    peiljaar
        Reference year; without it the newest that StatLine has, or for boundaries the newest snapshot.
    droog
        Fetch, build and check in a temporary folder, and write nothing in the user's folder.
    tabellen
        StatLine numbers that replace what the catalogue says.
    figuren
        Folder with notebook output and briefs, to tell which of them move.
    vandaag
        Date of the refresh (ISO), today without it.

    Raises
    ------
    BronFout
        In one line what went wrong and what to do; the old snapshots are as they were.
    """
    if bron not in BRONNEN:
        raise ParameterFout(f"onbekende bron {bron!r:.30}; kies cbs of pdok")
    from huisartsdata.bronnen.kerncijfers_cbs import TABELSOORTEN, nieuwste_jaar

    if vreemd := sorted(set(tabellen or ()) - set(TABELSOORTEN)):
        raise ParameterFout(f"onbekende tabel {', '.join(vreemd)}; kies uit {', '.join(TABELSOORTEN)}")
    if peiljaar is not None and not EERSTE_JAAR <= peiljaar <= LAATSTE_JAAR:
        raise ParameterFout(f"peiljaar {peiljaar} kan niet; geef een jaar als {catalogus.PEILJAAR}")
    v = verbinding or Verbinding.uit_omgeving()
    wortel = catalogus.gebruikersmap()
    vandaag = vandaag or date.today().isoformat()  # noqa: DTZ011 - the day on the user's calendar
    try:
        with _werkmap(wortel, droog=droog) as werk:
            jaar = peiljaar
            if jaar is None:
                jaar = nieuwste_jaar(v) if bron == "cbs" else catalogus.beschikbare_peiljaren()[-1]
            LOG.info("verversen: %s, peiljaar %d%s", bron, jaar, " (droog)" if droog else "")
            vraag = _Vraag(werk, wortel, jaar, v, vandaag, droog, dict(tabellen or {}), figuren, meld)
            return _cbs(vraag) if bron == "cbs" else _pdok(vraag)
    except (HuisartsdataFout, ImportError, BrokenPipeError):
        raise  # a package that is missing and a reader that left are for the command to tell
    except Exception as e:
        LOG.exception("onverwacht")
        raise onverwacht(bron, e) from e


@contextmanager
def _werkmap(wortel: Path, *, droog: bool) -> Iterator[Path]:
    """Where parts of the download are kept: the user's folder, or one that goes when it is only a trial."""
    if droog:
        with tempfile.TemporaryDirectory(prefix="huisartsdata-") as pad:
            yield Path(pad)
    else:
        with schrijffouten(wortel):
            wortel.mkdir(parents=True, exist_ok=True)
        # two at a time would take each other's parts of a download away
        bezig = f"een andere opdracht ververst de gegevens in {wortel} al; wacht tot die klaar is"
        with alleen(wortel, bezig=bezig):
            yield wortel


def _cbs(q: _Vraag) -> Uitkomst:
    vooraf = _begin(q)
    grenzen, grensbron = bewaarde_grenzen(q.wortel, q.jaar)
    if grenzen is None and grensboek(q.wortel, q.jaar).exists():
        raise BronFout(
            f"de bewaarde grenzen van {q.jaar} zijn beschadigd; de bestaande gegevens zijn ongewijzigd. "
            f"Draai eerst: huisartsdata refresh pdok --peiljaar {q.jaar}"
        )
    voorraad = q.voorraad("cbs")
    uit = vers_bij_weigering(
        [voorraad], lambda: _bouw_cbs(q, replace(vooraf, bronnen={}), voorraad, grenzen, grensbron)
    )
    if not q.droog:
        voorraad.vergeet()
    return uit


def _bouw_cbs(
    q: _Vraag,
    plan: _Plan,
    voorraad: Voorraad,
    grenzen: dict[str, gpd.GeoDataFrame] | None,
    grensbron: dict[str, Any] | None,
) -> Uitkomst:
    from huisartsdata.bronnen.kerncijfers_cbs import haal_cbs
    from huisartsdata.bronnen.opbouw import bouw_gebieden

    cbs = haal_cbs(
        q.jaar,
        verbinding=q.verbinding,
        voorraad=voorraad,
        tabellen=q.tabellen,
        vorige_kolommen=tuple(_kop(plan.vorige).get("kolommen", ())),
        meld=q.meld,
    )
    LOG.info("onderdelen: %d opgehaald, %d hergebruikt", voorraad.opgehaald, voorraad.hergebruikt)
    opbouw = bouw_gebieden(cbs, plan.oud, grenzen, plan.vorige.peiljaar)
    plan.bronnen |= beschrijf_cbs(cbs, q.vandaag)
    if grensbron:
        plan.bronnen[f"pdok_grenzen_{q.jaar}"] = grensbron
    land = cbs.kern.tabel
    inwoners = float(land.loc[land.index.str.startswith("NL"), "inwoners"].sum())
    kop = {"inwoners": inwoners, "kolommen": list(cbs.kern.beschrijving.kolommen)}
    return _leg_neer(q, plan, opbouw, kolommen=(cbs.kolommen_erbij, cbs.kolommen_weg), kop=kop)


def _pdok(q: _Vraag) -> Uitkomst:
    from huisartsdata.bronnen.pdok import LAGEN

    vooraf = _begin(q)
    voorraden = {laag: q.voorraad(f"pdok-{laag}") for laag in LAGEN}
    uit, lagen, grensbron = vers_bij_weigering(
        voorraden.values(), lambda: _bouw_pdok(q, replace(vooraf, bronnen={}), voorraden)
    )
    if not q.droog:
        bewaar_grenzen(q.wortel, q.jaar, lagen, grensbron)  # only what a map could be made of
        for voorraad in voorraden.values():
            voorraad.vergeet()
    return uit


def _bouw_pdok(
    q: _Vraag, plan: _Plan, voorraden: Mapping[str, Voorraad]
) -> tuple[Uitkomst, dict[str, gpd.GeoDataFrame], dict[str, Any]]:
    from huisartsdata.bronnen.opbouw import bouw_alleen_grenzen, keur_grenzen
    from huisartsdata.bronnen.pdok import haal_laag

    lagen = {}
    for laag, voorraad in voorraden.items():
        q.meld(laag)
        lagen[laag] = haal_laag(q.jaar, laag, verbinding=q.verbinding, voorraad=voorraad)
        LOG.info("onderdelen: %d opgehaald, %d hergebruikt", voorraad.opgehaald, voorraad.hergebruikt)
    grensbron = beschrijf_pdok(q.jaar, lagen, vandaag=q.vandaag, verbinding=q.verbinding)
    if plan.vorige.peiljaar != q.jaar:
        keur_grenzen(plan.oud, lagen, q.jaar)
        tekst = (
            f"grenzen van {q.jaar} {'opgehaald' if q.droog else 'bewaard'} "
            f"({', '.join(f'{len(t)} {n}' for n, t in lagen.items())}); er is nog geen snapshot van {q.jaar}. "
            f"Draai nu: huisartsdata refresh cbs --peiljaar {q.jaar}"
        )
        return Uitkomst("", None, "", tekst), lagen, grensbron
    plan.bronnen[f"pdok_grenzen_{q.jaar}"] = grensbron
    opbouw = bouw_alleen_grenzen(plan.oud, lagen, q.jaar)
    kop = {k: w for k, w in _kop(plan.vorige).items() if k in ("inwoners", "kolommen")}
    return _leg_neer(q, plan, opbouw, kolommen=((), ()), kop=kop), lagen, grensbron


def _begin(q: _Vraag) -> _Plan:
    """Start from the newest whole snapshot up to the year."""
    van = hele_snapshot(q.jaar)
    return _Plan(q.wortel, q.jaar, van.snapshot, van.tabellen, q.vandaag, van.overgeslagen)


def _kop(s: catalogus.Snapshot) -> dict[str, Any]:
    import tomllib

    d = tomllib.loads((s.map / "snapshot.toml").read_text(encoding="utf-8"))
    return {k: w for k, w in d.items() if not isinstance(w, dict)}


def _leg_neer(
    q: _Vraag,
    plan: _Plan,
    opbouw: Opbouw,
    *,
    kolommen: tuple[tuple[str, ...], tuple[str, ...]],
    kop: Mapping[str, Any],
) -> Uitkomst:
    """Write, check, compare, publish."""
    from huisartsdata.bronnen.vergelijking import schrijf_rapport, vergelijk

    opgaven = _opgaven(plan, opbouw)
    versie = volgende_versie(plan.wortel, plan.peiljaar)
    # a snapshot that is damaged is replaced, also by one that holds the same as that before it
    gelijk = all(t.tabel is None for t in opgaven.values())
    if plan.peiljaar == plan.vorige.peiljaar and gelijk and not plan.stuk:
        LOG.info("niets veranderd")
        return Uitkomst(
            "",
            None,
            plan.vorige.versie,
            f"niets veranderd: snapshot {plan.vorige.versie} is gelijk aan de bron",
        )
    elders = sorted(n for n in plan.vorige.tabellen if n not in TE_VERVERSEN)
    opbouw.opmerkingen.append(
        f"niet bij CBS of PDOK te halen en overgenomen met hun bron: {', '.join(elders)}; "
        "praktijken en postcodes houden dus hun telling en plek"
    )
    opbouw.opmerkingen += [f"een beschadigde snapshot is overgeslagen: {s}" for s in plan.stuk]
    nieuw = plan.oud | opbouw.tabellen
    alles = {"versie": versie, "peiljaar": plan.peiljaar, "gemaakt": plan.vandaag, **kop}
    with klaarzetmap(q.werk) as klaar:
        map_ = klaar / versie
        snapshotboek.schrijf_snapshot(
            map_, vorige=plan.vorige, tabellen=opgaven, bronnen=plan.bronnen, kop=alles
        )
        _keur(klaar, plan.peiljaar)
        veranderd = {n for n, t in opgaven.items() if t.tabel is not None}
        rapport = schrijf_rapport(
            vergelijk(plan.oud, nieuw),
            kop=alles,
            vorige=plan.vorige.versie,
            herkomst={n: t.herkomst for n, t in opgaven.items()},
            kolommen=kolommen,
            opmerkingen=opbouw.opmerkingen,
            brieven=brieven_die_bewegen(q.figuren, plan.peiljaar, veranderd, nieuwe_map=klaar),
        )
        if q.droog:
            return Uitkomst(
                rapport, None, versie, f"snapshot {versie} is in orde; niets geschreven (--dry-run)"
            )
        snapshotboek.schrijf_verslag(map_, rapport)
        publiceer(map_, q.wortel / versie)
    LOG.info("snapshot %s staat in %s", versie, q.wortel / versie)
    staat = f"snapshot {versie} staat in {q.wortel / versie}"
    over = f" (uitgegaan van {plan.vorige.versie}; {plan.stuk[0]})" if plan.stuk else ""
    return Uitkomst(rapport, q.wortel / versie, versie, staat + over)


def _keur(klaar: Path, jaar: int) -> None:
    """The checks of `huisartsdata check`, on the snapshot before anyone can see it."""
    from huisartsdata.controle import controleer_snapshot

    fouten = []
    with catalogus.kijk_eerst_in(klaar):
        for stap, tabel in controleer_snapshot(jaar):
            for f in tabel.to_dict("records"):
                LOG.error(
                    "controle %s: %s, rij %s: %s: %s",
                    stap,
                    f["onderdeel"],
                    f["regel"],
                    f["waarde"],
                    f["probleem"],
                )
                fouten.append(f"{f['onderdeel']}: {f['waarde']}: {f['probleem']}")
    if fouten:
        raise BronFout(
            f"de nieuwe gegevens komen niet door de controle (fouten: {len(fouten)}; de eerste: {fouten[0]:.120}); "
            "de bestaande gegevens zijn ongewijzigd. Zie het logbestand en docs/verversen.md"
        )


def _opgaven(plan: _Plan, opbouw: Opbouw) -> dict[str, Tabelopgave]:
    """Per table: new values with their sources, or the old file where nothing differs."""
    uit = {}
    kern, gebieden, grens, leeftijd, nabij = (
        next((b for b in plan.bronnen if b.startswith(s)), "")
        for s in (
            "cbs_kerncijfers_",
            "cbs_gebieden_",
            "pdok_grenzen_",
            "cbs_bevolking_pc4_",
            "cbs_nabijheid_",
        )
    )
    erbij = {
        "gemeenten": (kern, gebieden, nabij, grens),
        "wijken": (kern, grens),
        "buurten": (kern, grens),
        "gemeentegrenzen_regio": (grens,),
        "water": (grens,),
        "leeftijden": (kern, leeftijd),
        "afstand": (nabij or kern,),
    }
    for naam, oud in plan.vorige.tabellen.items():
        tabel = opbouw.tabellen.get(naam)
        if tabel is None or snapshotboek.zelfde(tabel, plan.oud[naam]):
            hoe = "ongewijzigd" if tabel is not None else "overgenomen"
            uit[naam] = Tabelopgave(None, oud.bronnen, oud.status, f"{hoe} uit snapshot {plan.vorige.versie}")
            continue
        nieuw = tuple(b for b in erbij.get(naam, ()) if b)
        weg = (_VERVANGT["cbs"] if kern else ()) + (
            _VERVANGT["grenzen"] if grens and naam in _GRENSTABELLEN else ()
        ) + (("cbs_bevolking_pc4_",) if leeftijd else ())  # fmt: skip
        # a column that was taken over keeps the source it came from
        if any(o.startswith(f"{naam}: '") for o in opbouw.opmerkingen):
            weg = tuple(w for w in weg if w != "cbs_kerncijfers_")
        houdt = tuple(b for b in oud.bronnen if naam == "afstand" or not b.startswith(weg))
        hoe = "ververst" if nieuw else "aangepast aan de nieuwe gebieden"
        uit[naam] = Tabelopgave(tabel, tuple(dict.fromkeys(nieuw + houdt)), oud.status, hoe)
    return uit
