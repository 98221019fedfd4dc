"""CBS's OData v3 as the client meets it: service root, catalogue, paging, $select, $filter on padded keys."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


@dataclass
class Neptabel:
    """A table: `rijen` hold only what is filled; the other columns are null, as CBS sends them."""

    info: dict[str, Any]
    eigenschappen: list[dict[str, Any]]
    dimensies: dict[str, list[dict[str, Any]]]
    rijen: list[dict[str, Any]]
    kolommen: list[str] = field(default_factory=list)

    def __post_init__(self):
        if not self.kolommen:
            topics = [p["Key"] for p in self.eigenschappen if p.get("Datatype") and p.get("Key")]
            self.kolommen = ["ID", *self.dimensies, *topics]

    @classmethod
    def uit_opname(cls, opname: dict[str, Any]) -> Neptabel:
        vast = {"TableInfos", "DataProperties", "TypedDataSet"}
        return cls(
            opname["TableInfos"][0],
            opname["DataProperties"],
            {k: v for k, v in opname.items() if k not in vast},
            opname["TypedDataSet"],
        )


class NepCBS:
    """The tables of a catalogue. `per_pagina` rows a page, the next one by odata.nextLink."""

    def __init__(self, tabellen: list[Neptabel], *, per_pagina: int = 10_000):
        self.tabellen = {t.info["Identifier"]: t for t in tabellen}
        self.per_pagina = per_pagina

    def __call__(self, pad: str, vraag: dict[str, str], adres: str) -> tuple[int, bytes]:
        if pad == "/ODataCatalog/Tables":
            return self._pagina([t.info for t in self.tabellen.values()], None, vraag, adres, pad)
        m = re.fullmatch(r"/ODataFeed/odata/(\w+)/(\w*)", pad)
        if not m or m[1] not in self.tabellen:
            return 404, b'{"odata.error":{"code":"","message":{"lang":"","value":"Not found"}}}'
        t = self.tabellen[m[1]]
        sets = {
            "TableInfos": ([t.info], None),
            "DataProperties": (t.eigenschappen, None),
            "CategoryGroups": ([], None),
            "TypedDataSet": (t.rijen, t.kolommen),
            "UntypedDataSet": (t.rijen, t.kolommen),
        } | {n: (r, None) for n, r in t.dimensies.items()}
        if not m[2]:
            wortel = [{"name": n, "url": f"{adres}{pad}{n}"} for n in sets]
            return 200, _json({"odata.metadata": f"{adres}{pad}$metadata", "value": wortel})
        if m[2] not in sets:
            return 404, b"{}"
        return self._pagina(*sets[m[2]], vraag, adres, pad)

    def _pagina(self, rijen, kolommen, vraag, adres, pad):
        if f := vraag.get("$filter"):
            rijen = [r for r in rijen if _voldoet(r, f)]
        begin = int(vraag.get("$skip", 0))
        deel = rijen[begin : begin + self.per_pagina]
        velden = vraag["$select"].split(",") if vraag.get("$select") else kolommen
        if velden and kolommen and (vreemd := set(velden) - set(kolommen)):
            return 400, _json(
                {"odata.error": {"message": {"value": f"Could not find a property named {vreemd}"}}}
            )
        uit = {
            "odata.metadata": f"{adres}{pad}",
            "value": [{k: r.get(k) for k in velden} if velden else r for r in deel],
        }
        if begin + self.per_pagina < len(rijen):
            uit["odata.nextLink"] = f"{adres}{pad}?{urlencode(vraag | {'$skip': begin + self.per_pagina})}"
        return 200, _json(uit)


def _json(inhoud) -> bytes:
    return json.dumps(inhoud, ensure_ascii=False, separators=(",", ":")).encode()


def _voldoet(rij: dict[str, Any], filter_: str) -> bool:
    return any(all(_term(rij, t) for t in deel.split(" and ")) for deel in filter_.split(" or "))


def _term(rij: dict[str, Any], term: str) -> bool:
    """Keys are compared as they are padded: a stripped key finds nothing, as at CBS."""
    term = term.strip().strip("()") if term.strip().startswith("(") else term.strip()
    if m := re.fullmatch(r"(\w+) eq '([^']*)'", term):
        return rij.get(m[1]) == m[2]
    if m := re.fullmatch(r"startswith\((\w+),\s*'([^']*)'\)", term):
        return str(rij.get(m[1], "")).startswith(m[2])
    if m := re.fullmatch(r"substringof\('([^']*)',\s*(\w+)\)", term):
        return m[1] in str(rij.get(m[2], ""))
    raise ValueError(term)
