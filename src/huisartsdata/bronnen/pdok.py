"""Boundaries of CBS's wijk- en buurtkaart from PDOK, by OGC API Features, page by page.

Asked in EPSG:28992. A page that came in is kept until the collection is whole, so a broken download
goes on at the page where it stopped.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin

from huisartsdata.bronnen.ophalen import LOG, BestaatNiet, Verbinding, haal, maak_sessie, op_server
from huisartsdata.bronnen.voorraad import Gewijzigd, zelfde_rijen
from huisartsdata.fouten import BronFout
from huisartsdata.schema import RD_EPSG

if TYPE_CHECKING:
    import geopandas as gpd

    from huisartsdata.bronnen.voorraad import Rijen, Voorraad

LAGEN = {"gemeenten": "gemeentecode", "wijken": "wijkcode", "buurten": "buurtcode"}
RD_URI = f"http://www.opengis.net/def/crs/EPSG/0/{RD_EPSG}"
# the Netherlands lies well inside these RD metres; degrees fall far outside
RD_VAK = (-10_000.0, 290_000.0, 300_000.0, 640_000.0)
PER_PAGINA = 1000
MAX_PAGINAS = 1000  # a server whose next link goes round would never end


def adres(jaar: int, laag: str, v: Verbinding) -> str:
    """First page of a layer.

    >>> adres(2024, "wijken", Verbinding()).partition("?")[0]
    'https://api.pdok.nl/cbs/wijken-en-buurten-2024/ogc/v1/collections/wijken/items'
    """
    vraag = urlencode({"f": "json", "limit": PER_PAGINA, "crs": RD_URI})
    return f"{v.pdok.rstrip('/')}/cbs/wijken-en-buurten-{jaar}/ogc/v1/collections/{laag}/items?{vraag}"


def _pagina(url: str, v: Verbinding, wat: str) -> dict[str, Any]:
    def vraag() -> dict[str, Any]:
        with maak_sessie(v.pdok) as sessie:
            antwoord = sessie.get(url, timeout=v.wachttijd, headers={"Accept": "application/geo+json"})
        antwoord.raise_for_status()
        inhoud = antwoord.json()
        if inhoud["type"] != "FeatureCollection" or not isinstance(inhoud["features"], list):
            raise TypeError("geen FeatureCollection")
        if not all(isinstance(r, dict) for r in [*inhoud["features"], *(inhoud.get("links") or ())]):
            raise TypeError("geen lijst van vlakken of verwijzingen")
        return dict(inhoud)

    return haal(vraag, wat=wat, verbinding=v)


def _volgende(inhoud: dict[str, Any], url: str, v: Verbinding) -> str | None:
    verwijzing = next((r.get("href") for r in inhoud.get("links") or () if r.get("rel") == "next"), None)
    if not verwijzing:
        return None
    return op_server(urljoin(url, str(verwijzing)), v.pdok)


def haal_laag(jaar: int, laag: str, *, verbinding: Verbinding, voorraad: Voorraad) -> gpd.GeoDataFrame:
    """Fetch one layer: `gemeenten`, `wijken` or `buurten`.

    Returns
    -------
    GeoDataFrame
        Index the code; `naam`, `gm_code`, `water` (bool), `geometry` in EPSG:28992.

    Raises
    ------
    BronFout
        For a page that cannot be had, a count that does not tie, a feature without code or area,
        coordinates that are not RD, or a code that comes twice on land.
    """
    wat = f"PDOK, {laag} {jaar}"
    url: str | None = adres(jaar, laag, verbinding)
    adressen: list[str] = []
    delen: list[Rijen] = []

    def maak(hier: str, nr: int) -> Rijen:
        try:
            inhoud = _pagina(hier, verbinding, f"{wat}, pagina {nr}")
        except BestaatNiet as e:
            if nr == 1:
                raise
            # the address of this page came from the page before, of another moment perhaps
            raise BronFout(
                f"{wat}: pagina {nr - 1} verwijst naar een pagina die er niet is; "
                "de bestaande gegevens zijn ongewijzigd. Draai de opdracht opnieuw"
            ) from e
        kop = {"volgende": _volgende(inhoud, hier, verbinding), "aantal": inhoud.get("numberMatched")}
        return [kop, *inhoud["features"]]

    while url is not None and len(delen) < MAX_PAGINAS:
        nr = len(delen) + 1
        delen.append(voorraad.haal(url, partial(maak, url, nr), wat=f"{laag}, pagina {nr}"))
        adressen.append(url)
        url = delen[-1][0]["volgende"]
    if url is not None:
        raise BronFout(f"{wat}: de pagina's houden niet op; controleer --adres en meld het aan PDOK")
    aantallen = {kop["aantal"] for kop, *_ in delen if isinstance(kop["aantal"], int)}
    # pages carry no date: the one that has been in longest is asked again, and must be what it was
    oudste = voorraad.oudste(adressen)
    if len(aantallen) > 1 or not _zelfde_pagina(delen[oudste], maak(adressen[oudste], oudste + 1)):
        raise Gewijzigd(wat)
    features = [f for _, *deel in delen for f in deel]
    verwacht = next(iter(aantallen), None)
    if verwacht is not None and len(features) != verwacht:
        raise BronFout(
            f"{wat}: {len(features)} vlakken ontvangen en {verwacht} aangekondigd; "
            "de bestaande gegevens zijn ongewijzigd. Draai de opdracht opnieuw"
        )
    LOG.info("%s: %d vlakken", wat, len(features))
    return _naar_kaart(features, laag, wat)


def _zelfde_pagina(een: Rijen, ander: Rijen) -> bool:
    """Whether two answers hold the same areas; where the next page is and what a server adds may differ."""
    a, b = ([{k: f.get(k) for k in ("geometry", "properties")} for f in deel] for _, *deel in (een, ander))
    return bool(een[0]["aantal"] == ander[0]["aantal"]) and zelfde_rijen(a, b)


def _code(waarde: Any) -> str:
    if not isinstance(waarde, str) or not waarde.strip():
        raise TypeError("geen code")
    return waarde.strip()


def _vlak(geometrie: Any) -> Any | None:
    """A valid polygon or multipolygon with area; None where the feature has none."""
    import numpy as np
    import shapely
    from shapely.geometry import shape

    try:
        with np.errstate(all="ignore"):  # what is no number is looked at below
            vorm = shape(geometrie)
            if vorm.geom_type not in ("Polygon", "MultiPolygon"):
                return None
            if vorm.is_empty or not np.isfinite(shapely.get_coordinates(vorm)).all():
                return None
            heel = shapely.make_valid(vorm)  # a ring that crosses itself becomes polygons
    except (
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        shapely.errors.ShapelyError,
    ):
        return None
    return heel if heel.area > 0 else None


def _naar_kaart(features: Rijen, laag: str, wat: str) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import numpy as np
    import shapely

    if not features:
        raise BronFout(f"{wat}: er kwamen geen vlakken; controleer --peiljaar en --adres")
    kolom, naam = LAGEN[laag], LAGEN[laag].replace("code", "naam")
    try:
        eigen = [f["properties"] for f in features]
        codes = [_code(p[kolom]) for p in eigen]
        namen = [str(p.get(naam) or "").strip() for p in eigen]
        gm = [_code(p["gemeentecode"]) for p in eigen]
        water = [str(p.get("water") or "NEE").strip().upper() not in ("NEE", "N", "0") for p in eigen]
    except (KeyError, TypeError, ValueError, AttributeError) as e:
        raise BronFout(
            f"{wat}: een vlak mist '{kolom}' of 'gemeentecode'; "
            "de bestaande gegevens zijn ongewijzigd. Zie docs/verversen.md"
        ) from e
    vormen = [_vlak(f.get("geometry")) for f in features]
    if zonder := [c for c, g in zip(codes, vormen, strict=True) if g is None]:
        raise BronFout(
            f"{wat}: {len(zonder)} gebieden zonder geldig vlak ({', '.join(zonder[:3])}); "
            "de bestaande gegevens zijn ongewijzigd. Meld het aan PDOK en draai de opdracht later opnieuw"
        )
    vorm = np.array(vormen, dtype=object)
    x0, y0, x1, y1 = shapely.total_bounds(vorm)
    if not (RD_VAK[0] < x0 and RD_VAK[1] < y0 and x1 < RD_VAK[2] and y1 < RD_VAK[3]):
        raise BronFout(
            f"{wat}: de coördinaten zijn niet in RD (EPSG:{RD_EPSG}); de bestaande gegevens zijn ongewijzigd. "
            "Zie docs/verversen.md"
        )
    kaart = gpd.GeoDataFrame(
        {"code": codes, "naam": namen, "gm_code": gm, "water": water},
        geometry=vorm,
        crs=f"EPSG:{RD_EPSG}",
    ).set_index("code")
    land = kaart.index[~kaart["water"]]
    if dubbel := sorted(set(land[land.duplicated()])):
        raise BronFout(
            f"{wat}: {len(dubbel)} codes komen dubbel voor ({', '.join(dubbel[:3])}); "
            "de bestaande gegevens zijn ongewijzigd. Meld het aan PDOK"
        )
    return kaart.sort_index()
