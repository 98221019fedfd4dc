"""StatLine through cbsodata: find a table, read its metadata, fetch its rows part by part.

Measured on cbsodata 1.3.5: region codes are replaced by names in `get_data`, so the raw entity sets
are taken; there is no time limit and no retry, so `ophalen.haal` adds both; proxies are frozen when
the module is imported and `no_proxy` is ignored unless `options.requests` is emptied; keys are
padded, each dimension to its own width, and a filter must hold the padded form.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from huisartsdata.bronnen.ophalen import LOG, Verbinding, haal, maak_sessie
from huisartsdata.bronnen.statlinekeur import Kolomwens, koppel, weiger, zet_om
from huisartsdata.bronnen.voorraad import Gewijzigd, zelfde_rijen
from huisartsdata.fouten import BronFout

if TYPE_CHECKING:
    import pandas as pd
    import requests

    from huisartsdata.bronnen.voorraad import Rijen, Voorraad

T = TypeVar("T")


@dataclass(frozen=True)
class Tabelregel:
    """One table as the catalogue lists it."""

    tabel_id: str
    titel: str
    gewijzigd: str


@dataclass(frozen=True)
class Beschrijving:
    """A table's own metadata: `rijen` is the number of rows it says to have, 0 where it does not say."""

    tabel_id: str
    titel: str
    gewijzigd: str
    rijen: int
    eigenschappen: tuple[Mapping[str, Any], ...]

    @property
    def kolommen(self) -> tuple[str, ...]:
        """Keys of the columns with values."""
        return tuple(str(r["Key"]) for r in self.eigenschappen if r.get("Key") and r.get("Datatype"))


_DRAAD = threading.local()  # the server that requests of this thread are kept to


def _sessie() -> requests.Session:
    """What the client asks through: kept to one server in a thread of ours, an ordinary session elsewhere.

    It stays after a request, for a thread that took too long is left behind and may still go on to a next page.
    """
    import requests

    server = getattr(_DRAAD, "server", None)
    return requests.Session() if server is None else maak_sessie(server)


def _bij(v: Verbinding, doe: Callable[[], T]) -> Callable[[], T]:
    """The request, kept to its server in whatever thread it runs."""

    def bewaakt() -> T:
        _DRAAD.server = v.cbs
        return doe()

    return bewaakt


@contextmanager
def _client(v: Verbinding) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The client with our settings, put back afterwards, and the arguments of each call."""
    import cbsodata
    from cbsodata import cbsodata3

    delen = urlsplit(v.cbs)
    oud = (cbsodata.options.use_https, cbsodata.options.requests)
    # the client follows the address of the next page and redirects to any host
    cbsodata3.Session = _sessie
    cbsodata.options.use_https = delen.scheme == "https"
    cbsodata.options.requests = {}
    argumenten: dict[str, Any] = {
        "catalog_url": delen.netloc + delen.path.rstrip("/"),
        "timeout": v.wachttijd,
    }
    # the client prepares its own requests, and those pass the certificates of an organisation by
    if eigen := os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE"):
        argumenten["verify"] = eigen
    try:
        yield cbsodata, argumenten
    finally:
        cbsodata.options.use_https, cbsodata.options.requests = oud


def _rijen(uit: Any) -> Rijen:
    if not isinstance(uit, list) or any(not isinstance(r, dict) for r in uit):
        raise TypeError("geen lijst van rijen")
    return uit


def entiteit(
    tabel_id: str, naam: str, v: Verbinding, *, kolommen: Sequence[str] = (), filter_: str = ""
) -> Rijen:
    """All rows of one entity set of a table; pages are followed by the client."""
    with _client(v) as (cbsodata, argumenten):
        vraag = argumenten | ({"select": list(kolommen)} if kolommen else {})
        vraag |= {"filters": filter_} if filter_ else {}
        wat = f"StatLine-tabel {tabel_id}, onderdeel {naam}"
        return haal(
            _bij(v, lambda: _rijen(cbsodata.get_meta(tabel_id, naam, **vraag))),
            wat=wat,
            verbinding=v,
            deel=filter_,
        )


def catalogus_tabellen(titel: str, v: Verbinding) -> list[Tabelregel]:
    """Tables of the catalogue whose title begins so, newest name last."""
    with _client(v) as (cbsodata, argumenten):
        rijen = haal(
            _bij(
                v,
                lambda: _rijen(
                    cbsodata.get_table_list(
                        select=["Identifier", "Title", "Modified"],
                        filters=f"substringof('{titel}',Title)",
                        **argumenten,
                    )
                ),
            ),
            wat="de catalogus van StatLine",
            verbinding=v,
        )
    regels = [
        Tabelregel(str(r.get("Identifier")).strip(), str(r.get("Title")).strip(), str(r.get("Modified")))
        for r in rijen
    ]
    return sorted((r for r in regels if r.titel.startswith(titel)), key=lambda r: (r.titel, r.tabel_id))


def tabel_van_jaar(titel: str, jaar: int, v: Verbinding) -> str | None:
    """Identifier of the table with this title for a year; `None` where the catalogue has none."""
    vorm = re.compile(rf"{re.escape(titel)} {jaar}\b")
    gevonden = [r.tabel_id for r in catalogus_tabellen(titel, v) if vorm.match(r.titel)]
    return gevonden[-1] if gevonden else None


def jaren(titel: str, v: Verbinding) -> list[int]:
    """Years for which the catalogue has a table with this title, oldest first."""
    vorm = re.compile(rf"{re.escape(titel)} (\d{{4}})\b")
    return sorted({int(m[1]) for r in catalogus_tabellen(titel, v) if (m := vorm.match(r.titel))})


def beschrijf(tabel_id: str, v: Verbinding) -> Beschrijving:
    """Title, date of change, number of rows, and columns of a table."""
    info = _lees_info(tabel_id, v)
    return Beschrijving(tabel_id, *info, tuple(entiteit(tabel_id, "DataProperties", v)))


def _lees_info(tabel_id: str, v: Verbinding) -> tuple[str, str, int]:
    """Title, date of change and number of rows, as the table tells them now."""
    info = entiteit(tabel_id, "TableInfos", v)
    titel = info[0].get("Title") if info else None
    if not isinstance(titel, str) or not titel.strip():
        raise BronFout(
            f"StatLine-tabel {tabel_id} heeft geen beschrijving; controleer het nummer met --tabel"
        )
    aantal = info[0].get("RecordCount")
    return (
        "".join(t for t in " ".join(titel.split()) if t.isprintable()),
        str(info[0].get("Modified") or ""),
        aantal if isinstance(aantal, int) else 0,
    )


def dimensie(tabel_id: str, naam: str, v: Verbinding) -> dict[str, str]:
    """Keys of a dimension exactly as the server pads them, with their titles."""
    uit = {}
    for r in entiteit(tabel_id, naam, v):
        sleutel = r.get("Key")
        if not isinstance(sleutel, str) or not sleutel.strip():
            raise weiger(tabel_id, [f"de lijst '{naam}' heeft een rij zonder sleutel"])
        if sleutel in uit:
            raise weiger(tabel_id, [f"de sleutel {sleutel.strip()} staat dubbel in de lijst '{naam}'"])
        uit[sleutel] = str(r.get("Title") or "").strip()
    return uit


def is_gelijk(kolom: str, sleutel: str) -> str:
    """A filter on one key; the key must be padded as the dimension holds it.

    >>> is_gelijk("Perioden", "2024JJ00")
    "Perioden eq '2024JJ00'"
    """
    return f"{kolom} eq '{sleutel.replace(chr(39), chr(39) * 2)}'"


def haal_rijen(
    beschrijving: Beschrijving,
    wensen: Sequence[Kolomwens],
    sleutels: Sequence[str],
    filters: Sequence[str],
    *,
    verbinding: Verbinding,
    voorraad: Voorraad,
) -> pd.DataFrame:
    """Fetch the wanted columns, one part per filter, and give them under our names.

    Parameters
    ----------
    beschrijving
        The table.
    wensen, sleutels
        Columns by stem, and the dimensions that make the index.
    filters
        One part each; a part that came in before a broken download is not fetched again.

    Returns
    -------
    DataFrame
        Index the stripped keys, columns under our names.
    """
    koppeling = koppel(beschrijving.eigenschappen, wensen, beschrijving.tabel_id)
    kolommen = [*sleutels, *koppeling.values()]
    rijen = haal_delen(beschrijving, kolommen, filters, verbinding=verbinding, voorraad=voorraad)
    return zet_om(rijen, koppeling, wensen, sleutels, beschrijving.tabel_id)


def haal_delen(
    beschrijving: Beschrijving,
    kolommen: Sequence[str],
    filters: Sequence[str],
    *,
    verbinding: Verbinding,
    voorraad: Voorraad,
) -> Rijen:
    """Rows of these columns, one part per filter, all of one state of the table.

    After the last part the table is asked again for its date, and for the part that has been in longest.
    That part tells what the date does not: a revision without a new date, between two parts or since a
    broken download. Put the filter first whose rows tell most of the others (totals).

    Raises
    ------
    Gewijzigd
        When either is not what it was.
    """
    b, v = beschrijving, verbinding

    def vraag(f: str) -> Rijen:
        return entiteit(b.tabel_id, "TypedDataSet", v, kolommen=kolommen, filter_=f)

    namen = ["|".join([v.cbs, b.tabel_id, b.gewijzigd, ",".join(kolommen), f]) for f in filters]
    delen = [
        voorraad.haal(naam, partial(vraag, f), wat=f"tabel {b.tabel_id}, deel {nr} van {len(filters)}")
        for nr, (naam, f) in enumerate(zip(namen, filters, strict=True), 1)
    ]
    oudste = voorraad.oudste(namen)
    if not zelfde_rijen(delen[oudste], vraag(filters[oudste])) or (
        (b.titel, b.gewijzigd, b.rijen) != _lees_info(b.tabel_id, v)
    ):
        raise Gewijzigd(f"StatLine-tabel {b.tabel_id}")
    rijen = [r for deel in delen for r in deel]
    LOG.info("StatLine-tabel %s: %d rijen", b.tabel_id, len(rijen))
    return rijen
