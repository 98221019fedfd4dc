"""Speed of the briefs: one of each kind, and the country in two processes, all four kinds of file.

Run it as a script; pytest does not collect it. It makes every brief of the country. Targets stand beside the figures
and fail nothing; a brief that fails, a pdf of more than four pages, or bytes that differ when made again, stop the
run.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import sys
import tempfile
import time
from pathlib import Path

from huisartsdata.uitvoer.brieven.brief import maak_brief, schrijf_brief
from huisartsdata.uitvoer.brieven.briefpdf import MAX_BLADEN, tel_bladen
from huisartsdata.uitvoer.brieven.briefreeks import alle_gebieden, maak_alle
from huisartsdata.uitvoer.brieven.landbeeld import Landbeeld, maak_landbeeld
from huisartsdata.uitvoer.brieven.leeszaal import maak_leeszaal
from huisartsdata.werk.werkgebied import to_slug, zoek_werkgebied

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bereik_bench import Meting, prestatierijen

EEN, ALLE = "5 s", "12 min"
PROCESSEN = 2
SOORTEN = (
    "gemeente:Dordrecht",
    "gemeente:Vlieland",
    "provincie:Drenthe",
    "regioplus:Zuid-Holland Zuid",
    "Nederland",
)


def alle_metingen() -> list[Meting]:
    """The national picture, one brief of each kind, many in two processes, and the reading room."""
    begin = time.perf_counter()
    land = maak_landbeeld()
    uit = [
        Meting(
            "national picture, 1,000 draws, both functions",
            f"{time.perf_counter() - begin:.1f} s",
            "reported",
            "",
        )
    ]
    begin = time.perf_counter()
    land.splitsing()
    uit.append(
        Meting(
            "split of the shortage, four aggregations",
            f"{time.perf_counter() - begin:.1f} s",
            "reported",
            "once",
        )
    )
    with tempfile.TemporaryDirectory() as tijdelijk:
        map_ = Path(tijdelijk)
        uit += [_een(land, naam, map_ / "een") for naam in SOORTEN]
        uit += _alle(land, map_ / "figures")
        uit.append(_leeszaal(map_ / "figures"))
    return uit


def _een(land: Landbeeld, naam: str, map_: Path) -> Meting:
    begin = time.perf_counter()
    paden = schrijf_brief(maak_brief(land, zoek_werkgebied(naam)), map_)
    tijd = time.perf_counter() - begin
    mb = sum(p.stat().st_size for p in paden.values()) / 1e6
    weer = schrijf_brief(maak_brief(land, zoek_werkgebied(naam)), map_ / "weer")
    assert all(p.read_bytes() == weer[s].read_bytes() for s, p in paden.items()), naam
    return Meting(f"brief {naam}", f"{tijd:.1f} s", EEN, f"html, pdf, docx and zip: {mb:.1f} MB")


def _alle(land: Landbeeld, map_: Path) -> list[Meting]:
    """All gemeenten, all other areas, and both again."""
    uit = []
    for wat, gebieden in (
        ("gemeenten", alle_gebieden(to_slug, soorten=["gemeente"])),
        ("other areas", [g for g in alle_gebieden(to_slug) if g.soort != "gemeente"]),
    ):
        begin = time.perf_counter()
        r = maak_alle(map_ / "briefs", gebieden, landbeeld=land, processen=PROCESSEN)
        minuten = (time.perf_counter() - begin) / 60
        assert not r.mislukt and len(r.gemaakt) == len(gebieden), r.mislukt
        uit.append(
            Meting(
                f"{len(gebieden)} {wat}, two processes",
                f"{minuten:.1f} min",
                ALLE if wat == "gemeenten" else "",
                "",
            )
        )
    begin = time.perf_counter()
    r = maak_alle(map_ / "briefs", alle_gebieden(to_slug), landbeeld=land, processen=PROCESSEN)
    assert not r.gemaakt
    uit.append(
        Meting(
            f"{len(r.overgeslagen)} again, all there",
            f"{time.perf_counter() - begin:.1f} s",
            "",
            "skipped by their hashes",
        )
    )
    return uit


def _leeszaal(map_: Path) -> Meting:
    bladen = [tel_bladen(p.read_bytes()) for p in map_.rglob("*.pdf")]
    assert max(bladen) <= MAX_BLADEN, max(bladen)
    begin = time.perf_counter()
    pad = maak_leeszaal(map_)
    tijd = time.perf_counter() - begin
    return Meting(
        f"reading room of {len(bladen)} briefs", f"{tijd:.1f} s", "", f"{pad.stat().st_size / 1e6:.1f} MB"
    )


if __name__ == "__main__":
    print("\n".join(prestatierijen(alle_metingen())))
