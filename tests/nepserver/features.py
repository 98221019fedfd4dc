"""PDOK's OGC API Features: layers of a year, paged by a `next` link, in RD when asked."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    import geopandas as gpd

RD = "http://www.opengis.net/def/crs/EPSG/0/28992"


class NepPDOK:
    """`lagen`: year -> layer -> GeoDataFrame with the properties as columns."""

    def __init__(self, lagen: dict[int, dict[str, gpd.GeoDataFrame]], *, per_pagina: int = 1000):
        self.per_pagina = per_pagina
        self.kaarten = lagen
        self.features: dict[tuple[int, str, bool], list[dict]] = {}

    def _features(self, jaar: int, laag: str, rd: bool) -> list[dict]:
        sleutel = (jaar, laag, rd)
        if sleutel not in self.features:
            kaart = self.kaarten[jaar][laag]
            kaart = kaart if rd else kaart.to_crs(4326)
            self.features[sleutel] = json.loads(kaart.to_json(drop_id=False, show_bbox=False))["features"]
        return self.features[sleutel]

    def __call__(self, pad: str, vraag: dict[str, str], adres: str) -> tuple[int, bytes]:
        m = re.fullmatch(r"/cbs/wijken-en-buurten-(\d{4})/ogc/v1/collections/(\w+)/items", pad)
        if not m or int(m[1]) not in self.kaarten or m[2] not in self.kaarten[int(m[1])]:
            return 404, b'{"code":"NotFound"}'
        alle = self._features(int(m[1]), m[2], vraag.get("crs") == RD)
        begin = int(vraag.get("cursor", 0))
        einde = begin + min(self.per_pagina, int(vraag.get("limit", 10)))
        links = [{"rel": "self", "href": f"{adres}{pad}"}]
        if einde < len(alle):
            links.append({"rel": "next", "href": f"{adres}{pad}?{urlencode(vraag | {'cursor': einde})}"})
        deel = alle[begin:einde]
        uit = {"type": "FeatureCollection", "numberReturned": len(deel), "links": links, "features": deel}
        return 200, json.dumps(uit).encode()
