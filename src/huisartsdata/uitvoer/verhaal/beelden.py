"""The tables and figures that the notebooks show, so that a cell stays a sentence."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from huisartsdata.bronnen import catalogus
from huisartsdata.bronnen.parameters import waarde
from huisartsdata.gebieden import register
from huisartsdata.gebieden.kerncijfers import load_afstandreeks, load_kerncijfers
from huisartsdata.uitvoer.figuur import Bronregel, Figuur
from huisartsdata.uitvoer.huisstijl import getal, procent
from huisartsdata.uitvoer.kaarten.kaart import gebiedskaart, kaartreeks
from huisartsdata.uitvoer.ouderdom import gebruikt, lees_citaties, lees_gegevens, waarschuw_bij_bewaren
from huisartsdata.uitvoer.tabel import write_tabel

if TYPE_CHECKING:
    from huisartsdata.uitvoer.kaarten.kaartgebied import Kaartgebied

# what sources call people without a GP, or looking for another one; never one and the same thing
ZONDER_HUISARTS = (
    "zonder_huisarts",
    "volwassenen_niet_ingeschreven",
    "wil_andere_huisarts",
    "volwassenen_willen_wisselen",
    "zonder_of_zoekend",
    "wachtenden_zorgbemiddeling",
    "aandeel_zegt_geen_huisarts",
)

LICENTIE_KORT = {"CC BY 4.0": "CC BY 4.0"}
GEEN_LICENTIE = "geen licentie vermeld; alleen aantallen"
GRENZEN = "CBS/Kadaster, grenzen 2024"
GRENZEN_BUURT = "CBS/Kadaster, buurtgrenzen 2023"
# the break between 2019 and 2022 in CBS's distance series, stated wherever the series is shown
REEKSBREUK = "tussen 2019 en 2022 verspringt de reeks; de oorzaak is niet bekend"
UITLEG_LEEG = "Geen gegevens: daar wonen te weinig mensen voor een gemiddelde"
REEKSBREUKJAAR = 2022  # the first year after it
ENKELVOUD = {"gemeenten": "gemeente", "wijken": "wijk", "buurten": "buurt"}
VER_KM = 2.0  # from here a class on the map is called far in a title


def voorbeeldmap() -> Path:
    """Folder of the invented example deliveries."""
    return catalogus.pakketmap() / "voorbeelden"


def _status(t: catalogus.Tabel) -> str:
    """Status of a table, with the columns that differ from it."""
    anders = ", ".join(f"{kolom}: {status}" for kolom, status in t.kolomstatus)
    return t.status + (f" ({anders})" if anders else "")


def tabeloverzicht(*, peiljaar: int = catalogus.PEILJAAR) -> pd.DataFrame:
    """Every table of the snapshot: rows, reference date, status and sources."""
    s = catalogus.snapshot(peiljaar)
    rijen = []
    for t in s.tabellen.values():
        bronnen = [s.bronnen[b] for b in t.bronnen]
        rijen.append(
            {
                "tabel": t.naam,
                "rijen": t.rijen,
                "peildatum": "; ".join(dict.fromkeys(b.peildatum for b in bronnen)),
                "status": _status(t),
                "bronnen": "; ".join(b.citatie for b in bronnen),
                "licentie": "; ".join(dict.fromkeys(b.licentie for b in bronnen)),
            }
        )
    return pd.DataFrame(rijen).set_index("tabel")


def sluitverschillen(*, peiljaar: int = catalogus.PEILJAAR) -> pd.DataFrame:
    """People per table and their difference from the national total."""
    land = waarde(f"inwoners_{peiljaar}")
    namen = ("gemeenten", "wijken", "buurten")
    verschil = pd.Series({n: register.sluitverschil(n, peiljaar=peiljaar) for n in namen})
    return pd.DataFrame({"inwoners": verschil + land, "verschil": verschil})


def ontbrekend(*, peiljaar: int = catalogus.PEILJAAR) -> pd.DataFrame:
    """Missing figures per table and column: areas, and the people who live there.

    Returns
    -------
    DataFrame
        Index `tabel`, `kolom`; `gebieden`, `gebieden_zonder`, `inwoners_zonder`, `deel_inwoners`.
    """
    rijen: dict[tuple[str, str], dict[str, Any]] = {}
    for naam in ("gemeenten", "wijken", "buurten"):
        t = catalogus.open_tabel(naam, peiljaar=peiljaar)
        for kolom in t.columns:
            leeg = t[kolom].isna()
            if leeg.any() and kolom != "pc4":
                mensen = float(t.loc[leeg, "inwoners"].sum())
                rijen[naam, kolom] = {
                    "gebieden": len(t),
                    "gebieden_zonder": int(leeg.sum()),
                    "inwoners_zonder": mensen,
                    "deel_inwoners": mensen / float(t["inwoners"].sum()),
                }
    uit = pd.DataFrame.from_dict(rijen, orient="index")
    uit.index = pd.MultiIndex.from_tuples(list(uit.index), names=["tabel", "kolom"])
    return uit


def bekende_fouten(*, peiljaar: int = catalogus.PEILJAAR) -> pd.DataFrame:
    """Known faults per source, one row each."""
    s = catalogus.snapshot(peiljaar)
    rijen = [(b.citatie, fout) for b in s.bronnen.values() for fout in b.bekende_fouten]
    return pd.DataFrame(rijen, columns=["bron", "bekende fout"]).set_index("bron")


def bewaar_tabel(tabel: pd.DataFrame, map_: Path, naam: str, **herkomst: Any) -> Path:
    """Write a table as csv with its provenance beside it: the data that this process read.

    Warns (`VerouderdWaarschuwing`) when these are no longer the data in force.
    """
    gegevens = lees_gegevens()
    waarschuw_bij_bewaren(
        gegevens, f"tabel '{naam}'", hoe="gemaakt", doe="maak de tabel opnieuw voor u haar gebruikt"
    )
    vast = gegevens | {"bronnen": lees_citaties()}
    map_.mkdir(parents=True, exist_ok=True)
    return write_tabel(tabel, map_ / naam, herkomst=vast | herkomst)[0]


def _bronregel(
    *namen: str,
    peiljaren: dict[str, str],
    grenzen: str = GRENZEN,
    status: tuple[str, ...] = ("waargenomen",),
    uitleg: str = "",
) -> Bronregel:
    s = gebruikt()
    # each source under its own licence: not all of them are CC BY
    bronnen = [
        f"{b.citatie} ({LICENTIE_KORT.get(b.licentie, GEEN_LICENTIE)})" for b in (s.bronnen[n] for n in namen)
    ]
    return Bronregel((*bronnen, f"{grenzen} (CC BY 4.0)"), peiljaren, status=status, toelichting=uitleg)


def _met_kolommen(figuur: Figuur, extra: pd.DataFrame) -> Figuur:
    """A figure whose table also has the columns that its title was computed from."""
    return replace(figuur, tabel=figuur.tabel.join(extra, how="left"))


def deel_ver(codes: Collection[str], *, per: str = "gm_code") -> float:
    """Share of people (0-1) in buurten where the nearest practice is on average `VER_KM` or more away.

    Always counted by buurt, so that a share means the same for the country, a province, a city or a wijk.

    Parameters
    ----------
    codes
        Areas.
    per
        Which codes they are: ``gm_code``, ``wk_code`` or ``bu_code``.

    Returns
    -------
    float
        NaN where no buurt has a distance.
    """
    b = register.load_buurten().reset_index()
    b = b[b[per].isin(codes) & b["afstand_huisarts_km"].notna()]
    mensen = float(b["inwoners"].sum())
    ver = b["afstand_huisarts_km"] >= VER_KM
    return float(b.loc[ver, "inwoners"].sum()) / mensen if mensen else math.nan


def deeltekst(deel: float) -> str:
    """A share of people in a sentence; nobody is nobody.

    >>> deeltekst(0.0), deeltekst(0.004), deeltekst(0.254)
    ('niemand', 'minder dan 1% van de mensen', '25% van de mensen')
    """
    if deel == 0:
        return "niemand"
    return f"{'minder dan 1%' if deel < 0.005 else procent(deel)} van de mensen"


def _deel_ver(k: Kaartgebied) -> float:
    """The share over the areas that are coloured, and no others."""
    per = {"gemeenten": "gm_code", "wijken": "wk_code", "buurten": "bu_code"}[k.soort]
    return deel_ver(set(k.gebieden.index), per=per)


def afstandkaart(k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of the road distance to the nearest practice; the title counts the people who live far off.

    Examples
    --------
    >>> from huisartsdata.uitvoer.kaarten.kaartgebied import load_kaartgebied
    >>> afstandkaart(load_kaartgebied("PV22")).titel[:40]
    'In Drenthe woont 25% van de mensen in ee'
    """
    km = k.gebieden["afstand_huisarts_km"]
    buurten = k.soort == "buurten"
    return _met_kolommen(
        gebiedskaart(
            k.gebieden,
            km,
            "afstand_huisarts_km",
            titel=f"In {k.naam} woont {deeltekst(_deel_ver(k))} in een buurt waar de "
            f"huisarts gemiddeld {getal(VER_KM, 0)} km of verder weg is",
            ondertitel="Afstand over de weg tot de dichtstbijzijnde praktijk, "
            f"gemiddeld per {ENKELVOUD[k.soort]}, 2024",
            bronregel=_bronregel(
                "cbs_kerncijfers_2024",
                grenzen=GRENZEN_BUURT if buurten else GRENZEN,
                peiljaren={"afstand en inwoners": "1 januari 2024"},
                uitleg=UITLEG_LEEG if km.isna().any() else "",
            ),
            formaat=formaat,
            **k.lagen,
        ),
        k.gebieden[["inwoners"]],
    )


def afstandreekskaart(k: Kaartgebied, jaren: tuple[int, ...] = (2012, 2018, 2024)) -> Figuur:
    """Small maps of the distance per gemeente in several years, all on the gemeenten of today."""
    reeks = load_afstandreeks("gemeente").reindex(k.gebieden.index)
    voor = [j for j in jaren if j < REEKSBREUKJAAR]
    verder = int((reeks[voor[-1]] - reeks[voor[0]] > 0.1 + 1e-9).sum())
    lagen = {n: v for n, v in k.lagen.items() if n != "labels"}
    namen = {j: str(j) if j < REEKSBREUKJAAR else f"{j}, na de breuk" for j in jaren}
    return kaartreeks(
        k.gebieden,
        {namen[j]: reeks[j] for j in jaren},
        "afstand_huisarts_km",
        titel=f"Van {voor[0]} tot {voor[-1]} werd de afstand in {getal(verder)} van de {getal(len(reeks))} "
        f"gemeenten meer dan 0,1 km groter; {jaren[-1]} is na een breuk niet vergelijkbaar",
        ondertitel="Afstand over de weg tot de dichtstbijzijnde praktijk, op de gemeenten van 2024",
        bronregel=_bronregel(
            "cbs_nabijheid_reeks",
            peiljaren={"afstand": ", ".join(map(str, jaren))},
            status=("waargenomen", "afgeleid"),
            uitleg=f"Jaren voor 2024 herindeeld. Let op: {REEKSBREUK}",
        ),
        status={
            namen[j]: pd.Series("waargenomen" if j == 2024 else "afgeleid", index=reeks.index) for j in jaren
        },
        kolommen=len(voor),  # what may be compared stands side by side, what may not on a row of its own
        **lagen,
    )


def praktijkkaart(k: Kaartgebied, kolom: str, *, formaat: str = "a4") -> Figuur:
    """Map of people per practice or per practice address, per gemeente."""
    t = load_kerncijfers("gemeente").loc[k.gebieden.index]
    land = float(load_kerncijfers("land")[kolom].iloc[0])
    wat = {"inwoners_per_praktijk": "praktijk", "inwoners_per_adres": "praktijkadres"}[kolom]
    return _met_kolommen(
        gebiedskaart(
            k.gebieden,
            t[kolom],
            kolom,
            titel=f"Inwoners per {wat}: gemiddeld {getal(land, 0)}, per gemeente van {getal(t[kolom].min(), 0)} tot "
            f"{getal(t[kolom].max(), 0)}. Dit meet hoe praktijken zijn ingericht, geen tekort",
            ondertitel=f"Inwoners gedeeld door het aantal {wat}en, {k.naam}",
            bronregel=_bronregel(
                "praktijktelling_2026",
                "cbs_kerncijfers_2024",
                peiljaren={"praktijken": "11 maart 2026", "inwoners": "1 januari 2024"},
                status=("afgeleid",),
                uitleg="Een praktijk kan één huisarts hebben of tien",
            ),
            leeg="geen praktijk",
            formaat=formaat,
            **k.lagen,
        ),
        t[["inwoners", "praktijken", "adressen"]],
    )


def leeftijdkaart(k: Kaartgebied, *, formaat: str = "a4") -> Figuur:
    """Map of the share of people of 65 and over."""
    deel = k.gebieden["inwoners_65_plus"] / k.gebieden["inwoners"].where(k.gebieden["inwoners"] > 0)
    land = float(load_kerncijfers("land")["aandeel_65_plus"].iloc[0])
    meer = int((deel > land).sum())
    return gebiedskaart(
        k.gebieden,
        deel,
        "aandeel_65_plus",
        titel=f"In {getal(meer)} van de {getal(len(deel))} {k.soort} is het aandeel ouderen groter dan "
        f"gemiddeld ({getal(100 * land, 0)}%)",
        ondertitel=f"Inwoners van 65 jaar en ouder, {k.naam}, 1 januari 2024",
        bronregel=_bronregel(
            "cbs_kerncijfers_2024", peiljaren={"inwoners": "1 januari 2024"}, status=("afgeleid",)
        ),
        formaat=formaat,
        **k.lagen,
    )
