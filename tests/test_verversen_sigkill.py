"""Killed at every step of the write, and a refresh of the whole country from full-size tables.

A child process is killed (SIGKILL, nothing runs after it) just before its n-th act on the disk, and in the middle of
each write, for every n until it gets through.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata.bronnen import catalogus, ophaalbronnen, schrijfveilig
from huisartsdata.bronnen.voorraad import Voorraad

from .nepserver import wereld
from .nepserver.opstelling import NIEUW, OUD, boom, figuren, fouten, klein_land, opstelling  # noqa: F401
from .nepserver.server import Nepserver

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fork and SIGKILL as Linux has them")
HANDELINGEN = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "tempfile.mkdtemp"}


class _Beul:
    """Counts acts on the disk under a folder and kills the process at the n-th; a write is killed half-way."""

    def __init__(self, map_: Path, bij: int):
        self.map, self.bij, self.teller, self.actief = str(map_), bij, 0, True

    def stap(self) -> bool:
        self.teller += 1
        return self.teller == self.bij

    def dood(self):
        os.kill(os.getpid(), signal.SIGKILL)

    def zet_klaar(self):
        def haak(gebeurtenis, argumenten):
            if not self.actief or gebeurtenis not in HANDELINGEN:
                return
            if not any(
                isinstance(a, (str, os.PathLike)) and str(a).startswith(self.map) for a in argumenten[:2]
            ):
                return
            if gebeurtenis == "open" and not (argumenten[2] & (os.O_WRONLY | os.O_RDWR)):
                return  # reading harms nothing
            if self.stap():
                self.dood()

        sys.addaudithook(haak)
        echte_fsync = os.fsync

        def fsync(handvat):
            if self.stap():
                self.dood()
            echte_fsync(handvat)

        os.fsync = fsync
        echte_schrijf = schrijfveilig.schrijf

        def schrijf(pad, inhoud):
            if self.stap():
                with pad.open("xb") as f:
                    f.write(inhoud[: len(inhoud) // 2])
                    f.flush()
                    self.dood()
            echte_schrijf(pad, inhoud)

        schrijfveilig.schrijf = schrijf
        import huisartsdata.bronnen.snapshotboek as boek

        boek.schrijf = schrijf


def _in_kind(doe, map_: Path, bij: int = 0) -> int | None:
    """Run in a forked child; gives the signal that ended it, or None when it came through."""
    kind = os.fork()
    if kind == 0:
        code = 1
        try:
            if bij:
                _Beul(map_, bij).zet_klaar()
            doe()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(kind, 0)
    if os.WIFSIGNALED(status):
        return os.WTERMSIG(status)
    assert os.WEXITSTATUS(status) == 0, f"the child failed at step {bij}"
    return None


def test_killed_at_every_step_of_the_write(opstelling, tel):  # noqa: F811
    from huisartsdata import verversen
    from huisartsdata.bronnen import kerncijfers_cbs, opbouw
    from huisartsdata.bronnen.ophalen import Verbinding

    v = Verbinding.uit_omgeving()
    cbs = kerncijfers_cbs.haal_cbs(NIEUW, verbinding=v, voorraad=Voorraad(opstelling.map.parent / "elders"))
    # what is fetched and built is the same each time: only the write is put to the test
    opstelling.monkeypatch.setattr(kerncijfers_cbs, "haal_cbs", lambda *a, **k: cbs)
    gebouwd: list[opbouw.Opbouw] = []
    bouw = opbouw.bouw_gebieden

    def een_keer(*argumenten):
        if not gebouwd:
            gebouwd.append(bouw(*argumenten))
        return opbouw.Opbouw(dict(gebouwd[0].tabellen), list(gebouwd[0].opmerkingen))

    opstelling.monkeypatch.setattr(opbouw, "bouw_gebieden", een_keer)

    def ververs():
        verversen.ververs("cbs", peiljaar=NIEUW, verbinding=v, vandaag="2026-11-22")

    ververs()  # everything is imported, and this is what must come out
    doel = boom(opstelling.map / f"{NIEUW}.1")
    shutil.rmtree(opstelling.map / f"{NIEUW}.1")
    # the check before publishing only reads and takes most of the time; what passed it here is what every later run
    # is compared with, byte for byte
    opstelling.monkeypatch.setattr(verversen, "_keur", lambda _klaar, _jaar: None)
    voor = boom(opstelling.map)
    gepubliceerd = 0
    for bij in range(1, 500):
        gedood = _in_kind(ververs, opstelling.map, bij)
        if gedood is None:
            break
        assert gedood == signal.SIGKILL
        with tel.poging("refresh: SIGKILL at a step of writing the snapshot"):
            zichtbaar = {p.name for p in opstelling.map.iterdir() if not p.name.startswith(".")}
            assert zichtbaar in ({str(OUD)}, {str(OUD), f"{NIEUW}.1"})
            assert {k: w for k, w in boom(opstelling.map).items() if k in voor} == voor
            if f"{NIEUW}.1" in zichtbaar:  # seen means whole
                gepubliceerd += 1
                assert boom(opstelling.map / f"{NIEUW}.1") == doel
                assert catalogus.beschikbare_peiljaren()[-1] == NIEUW
                shutil.rmtree(opstelling.map / f"{NIEUW}.1")
            assert _in_kind(ververs, opstelling.map) is None
            assert boom(opstelling.map / f"{NIEUW}.1") == doel
            assert {p.name for p in opstelling.map.iterdir()} == {str(OUD), f"{NIEUW}.1"}  # no leftover
            shutil.rmtree(opstelling.map / f"{NIEUW}.1")
    else:
        pytest.fail("the write never came through")
    assert bij > 60, "a step per file at the least"
    assert gepubliceerd >= 1, "a kill after the rename belongs to the steps"
    assert fouten(OUD) == fouten(NIEUW) == []


def test_killed_at_every_step_of_keeping_a_download(tmp_path, tel):
    delen = {f"deel {n}": [{"a": n, "b": "x" * 500}] for n in range(3)}
    sjabloon = tmp_path / "ophalen"

    def haal():
        voorraad = Voorraad(sjabloon)
        for sleutel, rijen in delen.items():
            assert voorraad.haal(sleutel, lambda r=rijen: r) == rijen

    for bij in range(1, 100):
        shutil.rmtree(sjabloon, ignore_errors=True)
        gedood = _in_kind(haal, tmp_path, bij)
        if gedood is None:
            break
        with tel.poging("refresh: SIGKILL while a download is kept"):
            assert gedood == signal.SIGKILL
            voorraad = Voorraad(sjabloon)
            for sleutel, rijen in delen.items():  # every part is whole or fetched again, never half
                assert voorraad.haal(sleutel, lambda r=rijen: r) == rijen
    assert bij > 3 * 5


def test_killed_at_every_step_of_keeping_boundaries(klein_land, tmp_path, tel):  # noqa: F811
    kaarten = klein_land[3].kaarten[NIEUW]
    lagen = {n: k.set_index(k.columns[0]) for n, k in kaarten.items()}

    def bewaar():
        ophaalbronnen.bewaar_grenzen(tmp_path, NIEUW, lagen, {"titel": "x"})

    bewaar()
    for bij in range(1, 100):
        shutil.rmtree(tmp_path / ".ophalen")
        gedood = _in_kind(bewaar, tmp_path, bij)
        if gedood is None:
            break
        with tel.poging("refresh: SIGKILL while boundaries are kept"):
            gelezen, _ = ophaalbronnen.bewaarde_grenzen(tmp_path, NIEUW)
            assert gelezen is None or {n: len(k) for n, k in gelezen.items()} == {
                n: len(k) for n, k in lagen.items()
            }
            bewaar()
            assert ophaalbronnen.bewaarde_grenzen(tmp_path, NIEUW)[0] is not None
    assert bij > 4 * 5


def test_the_whole_country_to_a_new_year(tmp_path, monkeypatch, tel):
    """Full-size tables of 2025, served in pages, from the embedded 2024: it passes check and its totals are known."""
    from huisartsdata import verversen
    from huisartsdata.bronnen.ophalen import Verbinding

    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path))
    t = wereld.tabellen(2024)
    land = wereld.Land.uit(t, 2025, groei=0.006)
    with Nepserver(wereld.cbs(land)) as cbs, Nepserver(wereld.pdok(land, t["water"])) as pdok:
        v = Verbinding(cbs=cbs.adres, pdok=pdok.adres, pogingen=2, pauze=0.01)
        begin = time.monotonic()
        with tel.poging("refresh: whole country from full-size tables"):
            uit = verversen.ververs("pdok", peiljaar=2025, verbinding=v, vandaag="2026-11-22")
            assert "huisartsdata refresh cbs --peiljaar 2025" in uit.melding
            uit = verversen.ververs("cbs", verbinding=v, vandaag="2026-11-22")
            assert uit.map == tmp_path / "2025.1"
            print(f"whole country in {time.monotonic() - begin:.0f} s")
            assert fouten(2025) == []
            gm = hd.load_gemeenten(peiljaar=2025)
            was = hd.load_gemeenten()
            assert len(gm) == 342
            erbij = 5 * (was["inwoners"] * 0.006 / 5).round().clip(lower=1)
            pd.testing.assert_series_equal(gm["inwoners"], was["inwoners"] + erbij, check_names=False)
            assert gm["inwoners"].sum() == hd.snapshot(2025).inwoners == 17_942_942 + erbij.sum()
            assert hd.load_buurten(peiljaar=2025)["inwoners"].sum() == 17_942_915 + erbij.sum()
            assert len(hd.load_wijken(peiljaar=2025)) == 3_393
            assert len(catalogus.open_tabel("water", peiljaar=2025)) == 81
        with tel.poging("refresh: whole country from full-size tables"):
            # a refreshed 2024 goes before the embedded one, and the analysis runs on it
            land = wereld.Land.uit(t, 2024, groei=0.01)
            cbs.geef = wereld.cbs(land)
            uit = verversen.ververs("cbs", peiljaar=2024, verbinding=v, vandaag="2026-11-22")
            assert uit.versie == "2024.2"
            assert hd.snapshot().versie == "2024.2"
            beeld = hd.tekortbeeld(hd.landelijke_situatie(), per="provincie")
            assert beeld["inwoners"].sum() == hd.load_gemeenten()["inwoners"].sum() > 18e6


def test_the_report_says_which_figures_of_which_briefs_move(tmp_path, monkeypatch):
    """Assen gets 2,095 people more in one place: one fte more is needed there at the norm of 2,095."""
    from huisartsdata.bronnen import snapshotboek
    from huisartsdata.bronnen.snapshotboek import Tabelopgave
    from huisartsdata.verversbrieven import brieven_die_bewegen

    monkeypatch.setenv("HUISARTSDATA_DATA", str(tmp_path / "leeg"))
    (tmp_path / "leeg").mkdir()
    s, t = hd.snapshot(), wereld.tabellen(2024)
    buurt = t["buurten"].query("gm_code == 'GM0106'")["inwoners"].idxmax()
    factor = 1 + 2095 / t["buurten"].at[buurt, "inwoners"]
    nieuw = {n: t[n].copy() for n in ("gemeenten", "buurten", "leeftijden")}
    nieuw["gemeenten"].loc["GM0106", "inwoners"] += 2095
    nieuw["buurten"].loc[buurt, ["inwoners", "inwoners_0_15", "inwoners_65_plus"]] *= factor
    nieuw["leeftijden"].loc[[buurt], "inwoners"] *= factor
    opgaven = {n: Tabelopgave(nieuw.get(n), x.bronnen, x.status, "proef") for n, x in s.tabellen.items()}
    kop = {"versie": "2024.2", "peiljaar": 2024, "gemaakt": "2026-11-22", "inwoners": 17_942_942.0 + 2095}
    (tmp_path / "nieuw").mkdir()
    snapshotboek.schrijf_snapshot(tmp_path / "nieuw/2024.2", vorige=s, tabellen=opgaven, bronnen={}, kop=kop)
    regels = brieven_die_bewegen(
        figuren(tmp_path / "figures"), 2024, {"gemeenten", "buurten"}, nieuwe_map=tmp_path / "nieuw"
    )
    assert regels[0] == "- notebook 01_land.ipynb: bestanden 1, gemaakt uit gemeenten"
    assen = next(r for r in regels if r.startswith("- brief Assen (GM0106): "))
    assert "inwoners van 69.701 naar 71.796 (+2.095); nodig van " in assen
    assert float(
        assen.partition("nodig van ")[2].partition("(+")[2].partition(")")[0].replace(",", ".")
    ) == pytest.approx(1.0, abs=0.15)
    assert any(
        r.startswith("- brief Drenthe (PV22): inwoners van 504.129 naar 506.224 (+2.095)") for r in regels
    )
    assert regels[-2:] == [
        "- brieven met eigen bestanden, niet vergeleken: 1 (Eigen (eigen:RHO))",
        "- brieven waarvan de opdracht niet te lezen is, niet vergeleken: 1 (stuk/brief.json)",
    ]
