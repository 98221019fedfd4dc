"""Fetch over the network with a time limit, retries with jitter, and one clear Dutch line on failure.

Nothing here knows CBS or PDOK: it runs a function that asks a server, gives up on it after a total
time (a server that drips a byte a second never trips the limit per read), tries again where that
can help, and says what to do where it cannot.
"""

from __future__ import annotations

import json
import logging
import math
import os
import queue
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import SplitResult, urlsplit, urlunsplit

from huisartsdata.bronnen.schrijfveilig import Onderbroken
from huisartsdata.fouten import BronFout, ParameterFout

if TYPE_CHECKING:
    import requests

T = TypeVar("T")
LOG = logging.getLogger("huisartsdata.verversen")
OMGEVING = "HUISARTSDATA_"
MAX_INSTELLING = 86_400.0  # a day; beyond what a socket or a lock can be told to wait lies infinity
POORTEN = {"http": 80, "https": 443}
MAX_PAUZE_429_S = 300.0  # a server that asks for a longer rest is told to the user, not waited for
_VAN_DE_GEGEVENS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_BEWAARD = "wat al binnen is blijft bewaard en de bestaande gegevens zijn ongewijzigd"


@dataclass(frozen=True)
class Verbinding:
    """Where the servers are and how patient we are; each field is also a setting `HUISARTSDATA_<FIELD>`.

    `wachttijd`: seconds without a byte. `termijn`: seconds for one answer as a whole. `pogingen`:
    tries per answer. `pauze`: first wait between tries in seconds, doubled each time, with jitter.
    """

    cbs: str = "https://opendata.cbs.nl"
    pdok: str = "https://api.pdok.nl"
    wachttijd: float = 30.0
    termijn: float = 600.0
    pogingen: int = 5
    pauze: float = 1.0

    def __post_init__(self) -> None:
        for naam in ("cbs", "pdok"):
            delen = _delen(getattr(self, naam))
            if delen is None or delen.query or delen.fragment:
                getoond = re.sub(r".*@", "", getattr(self, naam))
                raise ParameterFout(
                    f"{getoond!r:.60} is geen serveradres; geef iets als https://opendata.cbs.nl"
                )
            if delen.username is not None or delen.password is not None:
                # an address is named in the log and in the source of a snapshot
                raise ParameterFout(
                    f"het serveradres van {naam} bevat een gebruikersnaam of wachtwoord; "
                    f"zet die in het bestand .netrc bij {delen.hostname} en geef het adres zonder"
                )
        for naam in ("wachttijd", "termijn", "pogingen"):
            if not 0 < getattr(self, naam) <= MAX_INSTELLING:
                raise ParameterFout(
                    f"{naam} moet groter zijn dan 0 en hoogstens {MAX_INSTELLING:.0f}; nu {getattr(self, naam)}"
                )
        if not (math.isfinite(self.pauze) and 0 <= self.pauze <= MAX_INSTELLING):
            raise ParameterFout(
                f"pauze moet tussen 0 en {MAX_INSTELLING:.0f} seconden liggen; nu {self.pauze}"
            )

    @classmethod
    def uit_omgeving(cls, **opties: Any) -> Verbinding:
        """Options first, then the environment, then the defaults."""
        waarden: dict[str, Any] = {}
        for veld in fields(cls):
            tekst = os.environ.get(f"{OMGEVING}{veld.name.upper()}")
            if opties.get(veld.name) is not None:
                waarden[veld.name] = opties[veld.name]
            elif tekst:
                try:
                    waarden[veld.name] = {"str": str, "int": int, "float": float}[str(veld.type)](tekst)
                except ValueError as e:
                    raise ParameterFout(
                        f"{OMGEVING}{veld.name.upper()} is geen getal: {tekst!r:.40}; verbeter de instelling"
                    ) from e
        return cls(**waarden)


def _delen(url: str) -> SplitResult | None:
    """The parts of an address of a server; None where it is none."""
    try:
        delen = urlsplit(url)
        goed = delen.scheme in POORTEN and bool(delen.hostname) and delen.port != 0
    except ValueError:  # a port that is no number, or half an IPv6 address
        return None
    return delen if goed else None


def op_server(url: str, server: str) -> str:
    """The address, when it is on the configured server; what it would lose in safety is put back.

    A page says itself where the next one is, and a server may redirect: neither may lead the client to
    another host, or from https to http (CBS writes the links of its https server with http).

    Raises
    ------
    Onderbroken
        For another host, port or scheme.

    Examples
    --------
    >>> op_server("http://opendata.cbs.nl/a?b=1", "https://opendata.cbs.nl")
    'https://opendata.cbs.nl/a?b=1'
    """
    hier, daar = _delen(server), _delen(url)
    if hier is not None and daar is not None and hier.hostname == daar.hostname:
        poort, doel = (d.port or POORTEN[d.scheme] for d in (hier, daar))
        if daar.scheme == hier.scheme and poort == doel:
            return url
        if (daar.scheme, doel) == ("http", 80) and (hier.scheme, poort) == ("https", 443):
            return urlunsplit(("https", hier.netloc, daar.path, daar.query, ""))
        if (hier.scheme, poort) == ("http", 80) and (daar.scheme, doel) == ("https", 443):
            return url
    naam = re.sub(r"[^\w.:-]", "?", daar.netloc)[:60] if daar is not None else "geen adres"
    raise Onderbroken(
        f"{urlsplit(server).hostname} verwijst door naar een andere server ({naam}); {_BEWAARD}. "
        "Controleer --adres en de proxy"
    )


def maak_sessie(server: str) -> requests.Session:
    """A session that asks this server and no other, also where a page or a redirect points elsewhere.

    A password that the user's `.netrc` has for the server goes along, also with a request prepared elsewhere.
    """
    import requests

    class Sessie(requests.Session):
        def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
            # the session sends redirects through here as well
            request.url = op_server(str(request.url), server)
            if "Authorization" not in request.headers and (eigen := requests.utils.get_netrc_auth(server)):
                request.prepare_auth(eigen)
            return super().send(request, **kwargs)

    return Sessie()


class BestaatNiet(Onderbroken):
    """The server knows no such address (400, 404, 410)."""


class _Tijdelijk(Onderbroken):
    """A failure that may be over the next time; `pauze` is what the server asks for, in seconds."""

    pauze: float | None = None


def haal(doe: Callable[[], T], *, wat: str, verbinding: Verbinding, deel: str = "") -> T:
    """Run one request until it succeeds or the tries are spent.

    Parameters
    ----------
    doe
        Asks the server and gives the parsed answer.
    wat
        What is asked, as a Dutch sentence can begin with it.
    verbinding
        Limits.
    deel
        Which part of it, for the log.

    Raises
    ------
    BronFout
        With what went wrong and what to do, in one line.
    """
    import stamina

    def opnieuw(fout: Exception) -> bool | float:
        if not isinstance(fout, _Tijdelijk):
            return False
        LOG.warning("%s", fout)
        if fout.pauze is None:
            return True
        return fout.pauze if fout.pauze <= MAX_PAUZE_429_S else False

    pogingen = stamina.retry_context(
        on=opnieuw,
        attempts=verbinding.pogingen,
        timeout=None,
        wait_initial=verbinding.pauze,
        wait_max=60.0,
        wait_jitter=verbinding.pauze,
    )
    for poging in pogingen:
        with poging:
            LOG.info("%s%s: poging %d van %d", wat, deel and f" ({deel})", poging.num, verbinding.pogingen)
            return _vraag(doe, wat, verbinding)
    raise AssertionError  # the loop returns or raises


def _vraag(doe: Callable[[], T], wat: str, v: Verbinding) -> T:
    import requests

    try:
        return _binnen_termijn(doe, v.termijn)
    except BronFout:
        raise
    except (TimeoutError, requests.Timeout) as e:
        raise _Tijdelijk(
            f"{wat}: geen volledig antwoord binnen de tijd ({v.wachttijd:g} s zonder gegevens of {v.termijn:g} s "
            f"in totaal); {_BEWAARD}. Controleer de verbinding, of geef meer tijd met --wachttijd en --termijn"
        ) from e
    except requests.HTTPError as e:
        raise _van_status(e, wat) from e
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        if isinstance(e, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
            raise Onderbroken(f"{wat}: het serveradres klopt niet; verbeter het met --adres") from e
        begin = e.doc.lstrip()[:1] if isinstance(e, json.JSONDecodeError) else ""
        hoe = "een webpagina in plaats van gegevens" if begin == "<" else "geen volledige, geldige JSON"
        raise _Tijdelijk(
            f"{wat}: het antwoord is {hoe}; {_BEWAARD}. Probeer het later opnieuw of controleer --adres en de proxy"
        ) from e
    except (requests.RequestException, OSError) as e:
        raise _Tijdelijk(
            f"{wat}: geen verbinding of de verbinding brak af; {_BEWAARD}. Controleer het netwerk en --adres, "
            "en draai de opdracht opnieuw"
        ) from e


def _van_status(fout: Any, wat: str) -> BronFout:
    """What an HTTP status means; the client may have wrapped the error that holds the answer."""
    antwoord = next(
        (
            r
            for e in (fout, fout.__cause__)
            if e is not None and (r := getattr(e, "response", None)) is not None
        ),
        None,
    )
    status = antwoord.status_code if antwoord is not None else 0
    if status == 0 and (m := re.search(r"\b([45]\d\d)\b", str(fout))):
        status = int(m[1])
    if status in (404, 410):
        return BestaatNiet(
            f"{wat}: bestaat niet op de server ({status}); {_BEWAARD}. Controleer --peiljaar en --adres"
        )
    if status == 429 or status >= 500:
        naam = "de server vraagt om rust" if status == 429 else "de server heeft een storing"
        tijdelijk = _Tijdelijk(f"{wat}: {naam} ({status}); {_BEWAARD}. Draai de opdracht later opnieuw")
        rust = antwoord.headers.get("Retry-After", "") if antwoord is not None else ""
        if rust.isascii() and rust.isdecimal():  # ² is a digit too, and no number
            tijdelijk.pauze = float(rust)
        return tijdelijk
    soort = BestaatNiet if status == 400 else Onderbroken
    return soort(f"{wat}: de server weigert de vraag ({status}); {_BEWAARD}. Controleer --adres")


def _binnen_termijn(doe: Callable[[], T], termijn: float) -> T:
    """Run in a thread and stop waiting after `termijn` seconds; a left thread ends with the program."""
    uit: queue.SimpleQueue[tuple[T | None, BaseException | None]] = queue.SimpleQueue()

    def werk() -> None:
        try:
            uit.put((doe(), None))
        except BaseException as e:  # noqa: BLE001 - handed over to the thread that waits
            uit.put((None, e))

    threading.Thread(target=werk, daemon=True, name="ophalen").start()
    try:
        gevonden, fout = uit.get(timeout=termijn)
    except queue.Empty:
        raise TimeoutError from None
    if fout is not None:
        raise fout
    return gevonden  # type: ignore[return-value]


def onverwacht(bron: str, fout: Exception) -> BronFout:
    """One line on what no check foresaw; the traceback is in the log.

    What a server may send has no end, so that an error of ours is told as one of the data where it
    may be either.
    """
    soort = type(fout).__name__
    log = next((p for h in LOG.handlers if (p := getattr(h, "baseFilename", None))), None)
    meld = (
        f"Meld het met het logbestand {log}"
        if log
        else "Draai de opdracht opnieuw met --logbestand en meld het"
    )
    if isinstance(fout, OSError):
        plek, reden = fout.filename or "een bestand", fout.strerror or soort
        wat, meld = (
            f"{plek} is niet te lezen of te schrijven ({reden})",
            "Herstel dat en draai de opdracht opnieuw",
        )
    elif isinstance(fout, MemoryError):
        wat = f"er is te weinig geheugen voor de gegevens van {bron}"
        meld = "Sluit andere programma's en draai de opdracht opnieuw"
    elif isinstance(fout, _VAN_DE_GEGEVENS) or type(fout).__module__.startswith(
        ("shapely", "pandas", "pyarrow")
    ):
        wat = f"de gegevens van {bron} zitten anders in elkaar dan verwacht ({soort})"
        meld += "; zie docs/verversen.md"
    else:
        wat = f"het verversen van {bron} liep vast op een fout in huisartsdata zelf ({soort})"
    return BronFout(f"{wat}; de bestaande gegevens zijn ongewijzigd. {meld}")
