"""Tables for whoever acts: province, gemeente, RegioPlus region, GGD, zorgkantoor, RHO; and ours against Nivel's.

Reach adds up over gemeenten, so one set of draws per gemeente gives every party's areas, and every table
ties to the same national totals.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huisartsdata.bronnen.parameters import waarde
from huisartsdata.fouten import LeveringFout, ParameterFout
from huisartsdata.gebieden.register import load_gebieden, load_gemeenten
from huisartsdata.leveringen.kleineaantallen import toon_sommen
from huisartsdata.model.aanbodprior import maak_ankers
from huisartsdata.model.onzekerheid import trek_fte, trek_gebieden
from huisartsdata.model.tekort import beeld_zonder_trekkingen, oordelen
from huisartsdata.model.typologie import ruimte
from huisartsdata.uitvoer.verhaal.gebiedssom import leden_van, voeg_samen
from huisartsdata.uitvoer.verhaal.regelnamen import KORT

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from huisartsdata.leveringen.levering import Levering
    from huisartsdata.model.situatie import Situatie
    from huisartsdata.scenario.antwoord.spreidingsantwoord import Spreidingsantwoord

PER = 10_000.0
BUITEN = "BUITEN"  # row for gemeenten in none of the user's own regions, so that totals still tie


@dataclass(frozen=True)
class Partij:
    """Who acts on a type of area, on what, and what to know of the map."""

    naam: str
    gaat_over: str
    let_op: str = ""


PARTIJEN = {
    "provincie": Partij(
        "Provincie", "niet genoemd in de brief van 12 december 2025 en de nota van 27 mei 2026"
    ),
    "gemeente": Partij(
        "Gemeente", "niet genoemd in de brief van 12 december 2025 en de nota van 27 mei 2026"
    ),
    "regioplus": Partij("RegioPlus-regio", "de eenheid waarin Nivel publiceert"),
    "ggdregio": Partij("GGD-regio", "de eenheid van de Gezondheidsmonitor"),
    "zorgkantoorregio": Partij(
        "Zorgkantoorregio",
        "langdurige zorg (Wlz), niet de huisarts",
        "Dit is de kaart van 2019, doorgetrokken. De zorgplicht voor huisartsenzorg (Zvw) ligt bij elke verzekeraar "
        "apart, voor zijn eigen verzekerden, en volgt deze grenzen niet.",
    ),
    "rho": Partij(
        "Regionale huisartsenorganisatie (eigen indeling)",
        "waarneming en, met de verzekeraar, een oplossing als een praktijk uitvalt (brief van 12 december 2025)",
        "Er is geen openbare landelijke indeling: dit zijn de gebieden die u zelf opgaf.",
    ),
}


def maak_partijtabellen(
    antwoord: Spreidingsantwoord,
    *,
    eigen: pd.DataFrame | None = None,
    trekkingen: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
) -> dict[str, pd.DataFrame]:
    """One table per party, all from the same draws.

    Parameters
    ----------
    antwoord
        The answer: its picture, its rules and its designations.
    eigen
        The user's own regions (`hd.read_gebieden`): gives the table "rho". Gemeenten in none of them stand
        together in a row of their own.
    trekkingen, seed, executor
        Draws for chance and verdict; at least 100 for a verdict.

    Returns
    -------
    dict
        By key of `PARTIJEN`. Index `gebied`; `naam`, `inwoners`, `nodig_fte`, `aanbod_fte` (inside), `bereikt_fte`,
        `tekort_fte` (the area as a whole), `tekort_gemeenten_fte` (summed over its gemeenten),
        `kans_op_tekort`, `oordeel`, `aangewezen_R` (number of its gemeenten that rule R designates today) and
        `R_fte` (change in fte inside by the last year under rule R).
    """
    s = antwoord.situatie
    t = trek_gebieden(s, per="gemeente", trekkingen=trekkingen, seed=seed, executor=executor)
    basis = _per_gemeente(antwoord)
    uit = {}
    for soort in PARTIJEN:
        if soort == "rho":
            if eigen is None:
                continue
            leden, namen = _eigen(eigen, basis.index)
        else:
            leden, namen = leden_van(soort), load_gebieden(soort)["naam"]
        uit[soort] = _tel_op(basis, leden, namen).join(
            oordelen(t if soort == "gemeente" else voeg_samen(t, leden), soort)[["kans_op_tekort", "oordeel"]]
        )
        vooraan = ["naam", "inwoners", "nodig_fte", "aanbod_fte", "bereikt_fte", "tekort_fte", "tekort_gemeenten_fte",
                   "kans_op_tekort", "oordeel"]  # fmt: skip
        uit[soort] = uit[soort][[*vooraan, *(k for k in uit[soort] if k not in vooraan)]]
    return uit


def _per_gemeente(antwoord: Spreidingsantwoord) -> pd.DataFrame:
    s = antwoord.situatie
    punt = beeld_zonder_trekkingen(s, "gemeente")
    p = s.praktijken
    uit = pd.DataFrame({"inwoners": load_gemeenten()["inwoners"]}).rename_axis("gebied")
    uit["nodig_fte"] = pd.Series(punt.nodig[:, 0], punt.codes)
    uit["aanbod_fte"] = p["fte"].groupby(p["gm_code"]).sum().reindex(uit.index).fillna(0.0)
    uit["bereikt_fte"] = pd.Series(punt.bereikt[:, 0], punt.codes)
    uit["tekort_gemeenten_fte"] = (uit["nodig_fte"] - uit["bereikt_fte"]).clip(lower=0)
    wijzers = antwoord.aanwijzingen
    for regel in antwoord.uitkomsten:
        if regel in wijzers.index.get_level_values("regel"):
            a = wijzers.loc[regel]
            if (a["gebiedsoort"] == "gemeente").all():
                uit[f"aangewezen_{regel}"] = a["aangewezen"].reindex(uit.index).astype(int)
    for regel, u in antwoord.uitkomsten.items():
        na = u.situatie.praktijken["fte"].groupby(u.situatie.praktijken["gm_code"]).sum().reindex(uit.index)
        uit[f"{regel}_fte"] = na.fillna(0.0) - uit["aanbod_fte"]
    return uit


def _tel_op(basis: pd.DataFrame, leden: Mapping[str, tuple[str, ...]], namen: pd.Series) -> pd.DataFrame:
    van = pd.Series({gm: code for code, codes in leden.items() for gm in codes})
    uit = basis.groupby(van.reindex(basis.index).to_numpy()).sum().reindex(list(leden)).rename_axis("gebied")
    uit["tekort_fte"] = (uit["nodig_fte"] - uit["bereikt_fte"]).clip(lower=0)
    uit.insert(0, "naam", namen.reindex(uit.index))
    return uit


def _eigen(eigen: pd.DataFrame, gemeenten: pd.Index) -> tuple[dict[str, tuple[str, ...]], pd.Series]:
    if mist := sorted({"code", "naam"} - set(eigen.columns)):
        raise ParameterFout(f"eigen gebieden missen {', '.join(mist)}; lees het bestand met hd.read_gebieden")
    leden = {str(c): tuple(d.index) for c, d in eigen.groupby("code")}
    namen = eigen.groupby("code")["naam"].first()
    if rest := tuple(gemeenten.difference(eigen.index)):
        leden[BUITEN] = rest
        namen[BUITEN] = "buiten de eigen indeling"
    return leden, namen


def sluit_aan(tabellen: Mapping[str, pd.DataFrame], situatie: Situatie) -> pd.DataFrame:
    """Sums of every party's table beside the national totals.

    Returns
    -------
    DataFrame
        Index `tabel` ("land" first); `gebieden`, `inwoners`, `nodig_fte`, `aanbod_fte`, `bereikt_fte` and
        `tekort_gemeenten_fte`. Shortages of areas as a whole do not add up, so they are not summed.
    """
    kolommen = ["inwoners", "nodig_fte", "aanbod_fte", "bereikt_fte", "tekort_gemeenten_fte"]
    land = load_gebieden("land").iloc[0]
    rijen: dict[str, dict[str, Any]] = {
        "land": {"gebieden": 1, "inwoners": land["inwoners"], "nodig_fte": situatie.nodig_fte,
                 "aanbod_fte": situatie.aanbod_fte}
    }  # fmt: skip
    for naam, t in tabellen.items():
        rijen[naam] = {"gebieden": len(t)} | {k: float(t[k].sum()) for k in kolommen}
    return pd.DataFrame.from_dict(rijen, orient="index").rename_axis("tabel")


def naast_nivel(
    situatie: Situatie, levering: Levering | None = None, *, trekkingen: int = 400, seed: int = 0
) -> pd.DataFrame:
    """Our estimate beside Nivel's figure per RegioPlus region: what is published today, all once delivered.

    Published is one value by name (the lowest region, persons per 10,000, 2022), which regions are called
    high, the highest value without a name, and two provinces in 2016. Units differ (persons or fte, other
    years), so each is compared as an index with the country at 100.

    Parameters
    ----------
    situatie
        The picture *without* that delivery: else our figure is theirs.
    levering
        Of `hd.read_nivel`, per RegioPlus region.
    trekkingen, seed
        Draws of our estimate.

    Returns
    -------
    DataFrame
        Index `gebied`; `naam`, `inwoners`, `onze_fte` with `laag` and `hoog` (95%), `onze_per_10000`,
        `onze_index`, `gepubliceerd_per_10000` and `gepubliceerd_index` (NaN where nothing is published),
        `gepubliceerd` (in words), `patientenstop` (signal). With a delivery also `nivel_fte`, `nivel_personen`,
        `nivel_per_10000`, `nivel_index`, `verschil_index` (ours minus theirs) and `binnen_band` (their index
        lies in our band); NaN where they would tell a count of people under ten (`kleineaantallen`). Where some
        are hidden, both sides of the difference have the regions that are shown at 100, not the country.

    Raises
    ------
    LeveringFout
        When the delivery is none of `read_nivel` per RegioPlus region, or misses regions.

    Examples
    --------
    >>> import huisartsdata as hd
    >>> t = naast_nivel(hd.landelijke_situatie(functie="zonder_wisselend"), trekkingen=20)
    >>> t["gepubliceerd_per_10000"].dropna().to_dict()
    {'RA1323': 6.0}
    """
    gebieden = load_gebieden("regioplus")
    regio = load_gemeenten()["regioplus_code"].reindex(situatie.praktijken["gm_code"]).to_numpy()
    fte = trek_fte(situatie, trekkingen=trekkingen, seed=seed).groupby(regio).sum().reindex(gebieden.index)
    uit = pd.DataFrame({"naam": gebieden["naam"], "inwoners": gebieden["inwoners"]}).rename_axis("gebied")
    uit["onze_fte"] = situatie.praktijken["fte"].groupby(regio).sum().reindex(uit.index)
    uit["laag"], uit["hoog"] = np.quantile(fte.to_numpy(), [0.025, 0.975], axis=1)
    land = situatie.aanbod_fte / uit["inwoners"].sum()
    uit["onze_per_10000"] = uit["onze_fte"] / uit["inwoners"] * PER
    uit["onze_index"] = 100 * uit["onze_per_10000"] / (land * PER)
    a = maak_ankers()
    uit["gepubliceerd_per_10000"] = np.nan
    if a.laagste is not None and a.laag is not None and a.landelijk is not None:
        uit.loc[a.laagste, "gepubliceerd_per_10000"] = a.laag
        uit["gepubliceerd_index"] = 100 * uit["gepubliceerd_per_10000"] / a.landelijk
    uit["gepubliceerd"] = _in_woorden(uit.index)
    uit["patientenstop"] = _stop(ruimte("regioplus").reindex(uit.index))
    return uit if levering is None else met_levering(uit, levering, situatie)


def met_levering(nivel: pd.DataFrame, levering: Levering, situatie: Situatie) -> pd.DataFrame:
    """Add a delivery to a table of `naast_nivel` that was made from `situatie` without one; see there."""
    return nivel.join(_geleverd(nivel, levering, situatie))


def _in_woorden(codes: pd.Index) -> list[str | None]:
    a = maak_ankers()
    oud = (
        f"{_komma(waarde('aanbod_dichtheid_zeeland_2016'))} per 10.000 in 2016 "
        f"(land {_komma(waarde('aanbod_dichtheid_land_2016'))})"
    )
    woorden: dict[str, str] = {v.regio: oud for v in a.waarden}
    woorden |= {r: f"genoemd als hoog; het hoogste is {_komma(waarde('aanbod_dichtheid_hoogste'))}, "
                "waar staat er niet bij" for r in a.hoogste}  # fmt: skip
    if a.laagste:
        woorden[a.laagste] = "laagste van het land (2022)"
    return [woorden.get(str(c)) for c in codes]


def _stop(r: pd.DataFrame) -> list[str | None]:
    """Share of practices that take nobody, as its source gives it: a number, a lower bound or words."""
    uit: list[str | None] = []
    for laag, hoog, tekst in zip(r["stop_laag"], r["stop_hoog"], r["tekst"], strict=True):
        if np.isfinite(laag):
            uit.append(f"{_komma(laag)}%" if laag == hoog else f"minstens {_komma(laag)}%")
        else:
            uit.append(tekst if isinstance(tekst, str) else None)
    return uit


def _komma(x: float) -> str:
    return f"{x:.1f}".replace(".", ",")


def _geleverd(uit: pd.DataFrame, levering: Levering, situatie: Situatie) -> pd.DataFrame:
    t = levering.tabel
    goed = levering.soort == "nivel" and (t["gebiedsoort"] == "regioplus").all()
    mist = sorted(set(uit.index) - set(t.index)) if goed else []
    if not goed or mist:
        probleem = (
            "niet elke RegioPlus-regio staat erin" if goed else "dit zijn geen cijfers per RegioPlus-regio"
        )
        advies = "lees een bestand per RegioPlus-regio met hd.read_nivel"
        fout = (0, "gebied", ", ".join(mist[:10]), probleem, advies)
        raise LeveringFout(
            "de levering past niet naast onze schatting",
            pd.DataFrame([fout], columns=["regel", "kolom", "waarde", "probleem", "advies"]),
        )
    # where our fte leave roaming locums out, theirs do too
    som = toon_sommen(levering, situatie.functie).reindex(uit.index)
    per = som["fte"] / uit["inwoners"]
    # the average of the areas that may be shown: with that of all, the hidden ones would follow. Ours is measured
    # against the same areas, or the difference would hold what the hidden ones have more or less than the rest
    toon = som["fte"].notna()
    inwoners = uit["inwoners"].where(toon).sum()
    index = 100 * per / (som["fte"].sum() / inwoners)
    schaal = 100 / (uit["inwoners"] * (uit["onze_fte"].where(toon).sum() / inwoners))
    binnen = (index >= uit["laag"] * schaal) & (index <= uit["hoog"] * schaal)
    return pd.DataFrame(
        {
            "nivel_fte": som["fte"],
            "nivel_personen": som["personen"],
            "nivel_per_10000": per * PER,
            "nivel_index": index,
            "verschil_index": uit["onze_fte"] * schaal - index,
            "binnen_band": binnen if index.notna().all() else binnen.astype(object).where(index.notna()),
        }
    )


LEESBAAR = {
    "naam": "gebied", "inwoners": "inwoners", "nodig_fte": "nodig (fte)", "aanbod_fte": "binnen de grens (fte)",
    "bereikt_fte": "bereikt (fte)", "tekort_gemeenten_fte": "tekort van de gemeenten (fte)",
    "kans_op_tekort": "kans op tekort", "oordeel": "oordeel",
}  # fmt: skip


def partijregels(soorten: Collection[str]) -> str:
    """What each party is for, as Markdown lines: name, what it does, and what to know of its map."""
    return "\n".join(
        f"- **{p.naam}**: {p.gaat_over}. {p.let_op}".rstrip() for s, p in PARTIJEN.items() if s in soorten
    )


def toon_partij(
    tabel: pd.DataFrame, *, jaar: int, regels: Sequence[str] = ("d4", "denemarken")
) -> pd.DataFrame:
    """A party's table with headings a reader knows; the change under some rules by a year. Shares stay 0-1."""
    namen = LEESBAAR | {
        f"{r}_fte": f"{KORT.get(r, r)}: fte erbij tot {jaar:.0f}" for r in regels if f"{r}_fte" in tabel
    }
    uit = tabel[list(namen)].rename(columns=namen)
    uit["inwoners"] = uit["inwoners"] / 1000
    return uit.rename(columns={"inwoners": "inwoners (× 1.000)"}).set_index("gebied")


def toon_aansluiting(aansluiting: pd.DataFrame) -> pd.DataFrame:
    """The totals per party (of `sluit_aan`) with headings a reader knows."""
    namen = {k: LEESBAAR.get(str(k), str(k)) for k in aansluiting}
    uit = aansluiting.rename(columns=namen)
    rijen = [PARTIJEN[str(i)].naam if i in PARTIJEN else "Nederland" for i in uit.index]
    return uit.set_axis(pd.Index(rijen, name="tabel"))
