"""Where a refresh's tables and boundaries came from, and the boundaries kept for a later refresh of the figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from huisartsdata.bronnen.catalogus import bestandshash
from huisartsdata.bronnen.pdok import adres
from huisartsdata.bronnen.schrijfveilig import maak_vrij, vervang
from huisartsdata.bronnen.snapshotboek import naar_parquet

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from huisartsdata.bronnen.kerncijfers_cbs import CbsGegevens
    from huisartsdata.bronnen.ophalen import Verbinding

OPHAALMAP, GRENSBOEK = ".ophalen", "grenzen.json"
CCBY = {"licentie": "CC BY 4.0", "licentie_url": "https://creativecommons.org/licenses/by/4.0/deed.nl"}


def beschrijf_cbs(cbs: CbsGegevens, vandaag: str) -> dict[str, dict[str, Any]]:
    """Descriptions of the StatLine tables that a refresh used, by the name of the source."""
    uit: dict[str, dict[str, Any]] = {}
    for naam, bestand, jaar in (
        (f"cbs_kerncijfers_{cbs.peiljaar}", cbs.kern, cbs.peiljaar),
        (f"cbs_gebieden_{cbs.peiljaar}", cbs.gebieden, cbs.peiljaar),
        (f"cbs_bevolking_pc4_{cbs.leeftijdjaar}", cbs.leeftijd, cbs.leeftijdjaar),
        (f"cbs_nabijheid_{cbs.peiljaar}", None if cbs.kern_heeft_afstand else cbs.nabijheid, cbs.peiljaar),
    ):
        if bestand is None:
            continue
        b = bestand.beschrijving
        tekst = bestand.tabel.to_csv(lineterminator="\n").encode()
        uit[naam] = {
            "producent": "CBS",
            "titel": b.titel,
            "tabel_id": b.tabel_id,
            "citatie": f"CBS StatLine, {b.titel} ({b.tabel_id})",
            **CCBY,
            "peildatum": f"{jaar}-01-01",
            "gepubliceerd": b.gewijzigd[:10] or "onbekend",
            "geraadpleegd": vandaag,
            "drager": "StatLine, OData v3",
            "status": "waargenomen",
            "bekende_fouten": [],
            "ontvangen": {f"{b.tabel_id}.csv": hashlib.sha256(tekst).hexdigest()},
        }
    return uit


def beschrijf_pdok(
    jaar: int, lagen: Mapping[str, gpd.GeoDataFrame], *, vandaag: str, verbinding: Verbinding
) -> dict[str, Any]:
    """Description of the boundaries of a year, with a hash per layer."""
    return {
        "producent": "CBS en Kadaster, via PDOK",
        "titel": f"Wijk- en buurtkaart {jaar}: gemeenten, wijken en buurten",
        "tabel_id": f"wijken-en-buurten-{jaar}",
        "citatie": f"CBS/Kadaster, Wijk- en buurtkaart {jaar} (PDOK)",
        **CCBY,
        "peildatum": f"{jaar}-01-01",
        "gepubliceerd": "onbekend",
        "geraadpleegd": vandaag,
        "drager": f"OGC API Features: {adres(jaar, 'wijken', verbinding).partition('/collections')[0]}",
        "status": "waargenomen",
        "bekende_fouten": [
            "tot één sluitende dekking gemaakt en tot 200 m (land) en 25 m (regio) vereenvoudigd"
        ],
        "ontvangen": {f"{n}.wkb": _kaarthash(t) for n, t in lagen.items()},
    }


def _kaarthash(kaart: gpd.GeoDataFrame) -> str:
    som = hashlib.sha256()
    for code, wkb in zip(kaart.index, kaart.geometry.to_wkb(), strict=True):
        som.update(str(code).encode() + bytes(wkb))
    return som.hexdigest()


def grensboek(wortel: Path, jaar: int) -> Path:
    """The book of the layers that were kept for a year."""
    return wortel / OPHAALMAP / str(jaar) / GRENSBOEK


def bewaar_grenzen(
    wortel: Path, jaar: int, lagen: Mapping[str, gpd.GeoDataFrame], bron: dict[str, Any]
) -> None:
    """Keep the layers for a later refresh of the figures; the book that names their hashes comes last."""
    map_ = wortel / OPHAALMAP / str(jaar)
    boek: dict[str, Any] = {"bron": bron, "lagen": {}}
    for naam, kaart in lagen.items():
        inhoud = naar_parquet(kaart)
        boek["lagen"][naam] = hashlib.sha256(inhoud).hexdigest()
        maak_vrij(map_ / f"{naam}.parquet")
        vervang(map_ / f"{naam}.parquet", inhoud)
    boek["som"] = _boekhash(boek)
    maak_vrij(grensboek(wortel, jaar))
    vervang(grensboek(wortel, jaar), json.dumps(boek, ensure_ascii=False).encode())


def _boekhash(boek: Mapping[str, Any]) -> str:
    """Hash of the book without its own hash: a damaged one must not name a wrong source."""
    rest = {k: w for k, w in boek.items() if k != "som"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def bewaarde_grenzen(
    wortel: Path, jaar: int
) -> tuple[dict[str, gpd.GeoDataFrame] | None, dict[str, Any] | None]:
    """Layers that an earlier `refresh pdok` kept, where they are whole; the book may lie there all the same."""
    import geopandas as gpd

    map_ = wortel / OPHAALMAP / str(jaar)
    try:
        boek = json.loads(grensboek(wortel, jaar).read_text(encoding="utf-8"))
        if boek["som"] != _boekhash(boek):
            return None, None
        for naam, som in boek["lagen"].items():
            if bestandshash(map_ / f"{naam}.parquet") != som:
                return None, None
        return {n: gpd.read_parquet(map_ / f"{n}.parquet") for n in boek["lagen"]}, dict(boek["bron"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, None
