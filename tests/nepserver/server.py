"""An HTTP server on loopback that answers, and breaks in every way a server or a line can break."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

HTML = b"<!DOCTYPE html><html><body><h1>Inloggen op het netwerk</h1></body></html>"
Antwoord = tuple[int, bytes]


@dataclass
class Storing:
    """A fault for the requests whose address matches `pad`: `na` of them go well first, then `keer` fail (None: all).

    `soort`: stil (no answer), druppel (a byte now and then), reset (mid-body), dicht (closed mid-body), afgekapt,
    ongeldig, html, leeg, of een status als "500".
    """

    soort: str
    pad: str = ""
    keer: int | None = None
    na: int = 0
    koppen: dict[str, str] = field(default_factory=dict)
    gezien: int = 0

    def treft(self, adres: str) -> bool:
        if not re.search(self.pad, adres):
            return False
        self.gezien += 1
        return self.gezien > self.na and (self.keer is None or self.gezien <= self.na + self.keer)


class Nepserver:
    """Serves `geef(pad, vraag) -> (status, body)` until the `with` block ends; `verzoeken` holds what was asked."""

    def __init__(
        self, geef: Callable[[str, dict[str, str], str], Antwoord], *, soort: str = "application/json"
    ):
        self.geef, self.soort = geef, soort
        self.storingen: list[Storing] = []
        self.verzoeken: list[str] = []
        self.einde = threading.Event()
        buiten = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                adres = unquote(self.path)
                buiten.verzoeken.append(adres)
                storing = next((s for s in list(buiten.storingen) if s.treft(adres)), None)
                delen = urlsplit(self.path)
                status, inhoud = buiten.geef(unquote(delen.path), dict(parse_qsl(delen.query)), buiten.adres)
                try:
                    if storing:
                        self.stoor(storing, inhoud)
                    else:
                        self.stuur(status, inhoud)
                except OSError:
                    self.close_connection = True  # the client gave up

            def kop(self, status, lengte, soort=None, koppen=()):
                self.send_response(status)
                self.send_header("Content-Type", soort or buiten.soort)
                self.send_header("Content-Length", str(lengte))
                for k, w in dict(koppen).items():
                    self.send_header(k, w)
                self.end_headers()

            def stuur(self, status, inhoud, soort=None, koppen=()):
                self.kop(status, len(inhoud), soort, koppen)
                self.wfile.write(inhoud)

            def stoor(self, s, inhoud):
                half = inhoud[: max(1, len(inhoud) // 2)]
                if s.soort == "stil":
                    buiten.einde.wait(30)
                    self.close_connection = True
                elif s.soort == "druppel":
                    self.kop(200, len(inhoud))
                    for n in range(len(inhoud)):
                        self.wfile.write(inhoud[n : n + 1])
                        if buiten.einde.wait(0.05):
                            break
                    self.close_connection = True
                elif s.soort in ("reset", "dicht"):
                    self.kop(200, len(inhoud))
                    self.wfile.write(half)
                    self.wfile.flush()
                    if s.soort == "reset":  # a lingering time of 0 makes the close a reset
                        self.connection.setsockopt(
                            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                        )
                    self.connection.close()
                    self.close_connection = True
                elif s.soort == "afgekapt":
                    self.stuur(200, half)
                elif s.soort == "ongeldig":
                    self.stuur(200, b'{"value": [1, 2,, }')
                elif s.soort == "html":
                    self.stuur(200, HTML, "text/html")
                elif s.soort == "leeg":
                    self.stuur(200, b"{}")
                else:
                    self.stuur(int(s.soort), HTML, "text/html", s.koppen)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.adres = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        self.draad = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self.draad.start()
        return self

    def __exit__(self, *_):
        self.einde.set()
        self.server.shutdown()
        self.server.server_close()
        self.draad.join(5)

    def herstel(self):
        """No more faults, and nothing asked yet."""
        self.storingen.clear()
        self.verzoeken.clear()
