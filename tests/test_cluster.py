"""Past one machine: a real scheduler with real worker processes, one of them killed half-way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Executor

import numpy as np
import pandas as pd
import pytest

import huisartsdata as hd
from huisartsdata import cluster
from huisartsdata.cluster import maak_executor
from huisartsdata.fouten import BronFout, ParameterFout
from huisartsdata.gebieden.reistijd import Reistijden
from huisartsdata.model import verval
from huisartsdata.model.aanbod import trek_aanbod
from huisartsdata.model.onzekerheid import trek_gebieden

GEDULD_S = 30


class Cluster:
    """A scheduler and workers without nannies, each a process of its own; all end with the test."""

    def __init__(self, map_):
        self.map_ = map_
        self.processen = []
        bestand = map_ / "scheduler.json"
        self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(bestand))
        einde = time.monotonic() + GEDULD_S
        while not bestand.exists() or not bestand.read_text():
            assert time.monotonic() < einde, "no scheduler"
            time.sleep(0.05)
        self.adres = json.loads(bestand.read_text())["address"]

    def _start(self, wat, *argumenten):
        opdracht = [sys.executable, "-m", f"distributed.cli.{wat}", *argumenten]
        proces = subprocess.Popen(
            [*opdracht, "--host", "127.0.0.1", "--no-dashboard"],
            cwd=self.map_,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processen.append(proces)
        return proces

    def worker(self):
        nummer = len(self.processen)
        return self._start(
            "dask_worker", self.adres, "--no-nanny", "--nthreads", "1", "--name", f"w{nummer}",
            "--local-directory", str(self.map_ / f"w{nummer}"), "--memory-limit", "0",
        )  # fmt: skip

    def sluit(self):
        for proces in reversed(self.processen):
            proces.kill()
        for proces in self.processen:
            proces.wait(GEDULD_S)


@pytest.fixture
def rekencluster(tmp_path):
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.sluit()


class Moordenaar(Executor):
    """Passes tasks on, and kills a process as soon as some of them are done and others are not."""

    def __init__(self, executor, proces, na):
        self.executor, self.proces, self.na = executor, proces, na
        self.slot = threading.Lock()
        self.klaar = 0
        self.taken = []
        self.rest = None  # tasks that were not done when the process died

    def submit(self, fn, /, *args, **kwargs):
        taak = self.executor.submit(fn, *args, **kwargs)
        self.taken.append(taak)
        taak.add_done_callback(self._tel)
        return taak

    def _tel(self, _):
        with self.slot:
            self.klaar += 1
            if self.klaar == self.na:
                self.proces.send_signal(signal.SIGKILL)
                self.proces.wait(GEDULD_S)
                self.rest = sum(not taak.done() for taak in self.taken)


def wacht_op_workers(executor, aantal):
    executor._client.wait_for_workers(aantal, timeout=GEDULD_S)


@pytest.fixture(scope="module")
def stad():
    """2,000 demand points and 300 practices on a plane, and 640 draws of supply: five tasks."""
    rng = np.random.default_rng(11)
    van, naar = rng.uniform(0, 40, (2000, 2)), rng.uniform(0, 40, (300, 2))
    minuten = np.hypot(*(van[:, None] - naar[None]).transpose(2, 0, 1))
    i, j = np.nonzero(minuten <= 30)
    tabel = pd.DataFrame(
        {"van": [f"b{k:04}" for k in i], "naar": [f"p{k:03}" for k in j], "minuten": minuten[i, j]}
    )
    reistijden = Reistijden.from_table(tabel, grens_minuten=30)
    vraag = pd.Series(rng.uniform(0, 3000, 2000), reistijden.van)
    aanbod = pd.DataFrame(rng.lognormal(0.7, 0.3, (300, 640)), reistijden.naar)
    return vraag, aanbod, reistijden


def antwoord(stad, executor):
    return hd.fca(*stad, methode="e2sfca", verval=verval.gauss(9, 30), executor=executor)


@pytest.mark.cluster
def test_zelfde_bits_met_een_en_twee_workers_en_een_die_halverwege_sterft(rekencluster, stad):
    situatie = hd.landelijke_situatie()
    model = situatie.aanbodmodel
    alleen = (
        antwoord(stad, None),
        trek_aanbod(model, trekkingen=640, seed=4),
        trek_gebieden(situatie, per="gemeente", trekkingen=640, seed=4, snelheden=[1.0]),
    )
    rekencluster.worker()
    with maak_executor(rekencluster.adres) as executor:
        pd.testing.assert_frame_equal(antwoord(stad, executor), alleen[0], check_exact=True)
        ander = trek_aanbod(model, trekkingen=640, seed=4, executor=executor)
        pd.testing.assert_frame_equal(ander, alleen[1], check_exact=True)

        with pytest.raises(ParameterFout, match="-1"):  # an error comes back as it was raised
            executor.submit(verval.binair, -1).result(timeout=GEDULD_S)

        slachtoffer = rekencluster.worker()
        wacht_op_workers(executor, 2)
        pd.testing.assert_frame_equal(antwoord(stad, executor), alleen[0], check_exact=True)

        moordenaar = Moordenaar(executor, slachtoffer, na=12)  # 10 of supply, then 5 of areas
        samen = trek_gebieden(
            situatie, per="gemeente", trekkingen=640, seed=4, snelheden=[1.0], executor=moordenaar
        )
        assert slachtoffer.returncode == -signal.SIGKILL
        assert moordenaar.rest > 0  # half-way: some tasks done, others not
        assert len(executor._client.scheduler_info()["workers"]) == 1
        for veld in ("nodig", "bereikt"):
            np.testing.assert_array_equal(getattr(samen, veld), getattr(alleen[2], veld))
        pd.testing.assert_frame_equal(samen.opzet, alleen[2].opzet, check_exact=True)


@pytest.mark.cluster
def test_zonder_worker_en_bij_een_scheduler_die_wegvalt_komt_er_een_regel(rekencluster):
    with pytest.raises(BronFout, match="heeft geen workers"), maak_executor(rekencluster.adres, wacht=1):
        pass
    rekencluster.worker()

    def reken():
        with maak_executor(rekencluster.adres) as executor:
            taak = executor.submit(time.sleep, 60)
            rekencluster.processen[0].kill()
            taak.result(timeout=GEDULD_S)

    with pytest.raises(BronFout, match="weggevallen") as fout:
        reken()
    assert rekencluster.adres in str(fout.value) and "\n" not in str(fout.value)


class NepClient:
    """A cluster whose worker has another numpy, and no huisartsdata."""

    def wait_for_workers(self, aantal, timeout):
        pass

    def get_versions(self, packages):
        ons = dict.fromkeys((*packages, "python"), "1.0")
        return {
            "client": {"packages": ons},
            "scheduler": {"packages": ons | {"numpy": None}},  # a scheduler computes nothing
            "workers": {"tcp://a:1": {"packages": ons | {"numpy": "1.1", "huisartsdata": None}}},
        }


def test_andere_versies_worden_geweigerd_met_naam_en_toenaam():
    with pytest.raises(BronFout) as fout:
        cluster._keur_workers(NepClient(), "tcp://s:1", 1)
    tekst = str(fout.value)
    assert "worker tcp://a:1 heeft numpy 1.1 (hier 1.0)" in tekst
    assert "worker tcp://a:1 heeft huisartsdata niet (hier 1.0)" in tekst
    assert "de scheduler" not in tekst and "\n" not in tekst


def test_zonder_adres_wordt_van_dask_niets_geladen():
    code = (
        "import sys; from huisartsdata.cluster import maak_executor\n"
        "import huisartsdata as hd; from huisartsdata.model import onzekerheid, bereik, aanbod\n"
        "with maak_executor(None) as executor: assert executor is None\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('dask', 'distributed')])"
    )
    uit = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert uit.stdout.strip() == "[]"


def test_een_adres_waar_niemand_antwoordt_geeft_een_regel():
    with socket.socket() as vrij:
        vrij.bind(("127.0.0.1", 0))
        adres = f"tcp://127.0.0.1:{vrij.getsockname()[1]}"
    begin = time.monotonic()
    with (
        pytest.raises(BronFout, match="Geen verbinding met de scheduler") as fout,
        maak_executor(adres, wacht=1),
    ):
        pass
    assert adres in str(fout.value) and "\n" not in str(fout.value)
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("adres", ["onzin://127.0.0.1:1", "tcp://", ""])
def test_een_onmogelijk_adres_geeft_een_regel(adres):
    with pytest.raises(BronFout, match="Geen verbinding met de scheduler"), maak_executor(adres, wacht=1):
        pass
