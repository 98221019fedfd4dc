"""One process that has the libraries loaded, and forks a kernel from itself for every notebook.

Loading pandas, geopandas, scipy and matplotlib takes some three seconds of processor time, and seven notebooks would
do it seven times. Only libraries of others are loaded here: which modules of this package a notebook uses must
show in its own kernel. Libraries that look for a running notebook when they are imported (pyplot, ipywidgets) are
left to the kernel too.

Linux only: elsewhere forking a process with loaded libraries is not safe, and kernels start in the ordinary way.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

VOORAF = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "numpy.random",
    "pandas",
    "pyarrow.parquet",
    "shapely",
    "pyogrio",
    "geopandas",
    "scipy.sparse.csgraph",
    "scipy.spatial",
    "scipy.special",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "PIL.Image",
    "PIL.PngImagePlugin",
    "babel.numbers",
    "pandera.pandas",
)
MPLBACKEND = "module://matplotlib_inline.backend_inline"  # matplotlib reads it when it is imported
KLAAR = "klaar"


class Forkproces:
    """A kernel that another process forked, with what a kernel manager asks of a process."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None while it runs; the system clears it away when it ends, so its exit code is not known."""
        if self.returncode is None:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                self.returncode = 0
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        eind = None if timeout is None else time.monotonic() + timeout
        while self.poll() is None:
            if eind is not None and time.monotonic() > eind:
                raise subprocess.TimeoutExpired("kernel", timeout or 0)
            time.sleep(0.02)
        return 0

    def send_signal(self, nummer: int) -> None:
        """Send a signal, when it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, nummer)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)


class Moeder:
    """The process that kernels are forked from; ready when its first kernel is asked for."""

    def __init__(self, omgeving: Mapping[str, str]) -> None:
        self._slot = threading.Lock()
        self._klaar = False
        self._proces = subprocess.Popen(
            [sys.executable, "-m", "huisartsdata.werk.werkmoeder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(omgeving),
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for the run, which ends its kernels itself
        )

    def fork(self, argumenten: Sequence[str], *, omgeving: Mapping[str, str], map_: str) -> Forkproces:
        """Start a kernel.

        Parameters
        ----------
        argumenten
            Of the kernel, without the interpreter and module.
        omgeving, map_
            Its environment and working folder.

        Raises
        ------
        OSError
            When the process is gone.
        """
        eigen = [f"--IPKernelApp.parent_handle={self._proces.pid}"]  # it ends when its parent does
        vraag = {"argv": [*argumenten, *eigen], "env": dict(omgeving), "cwd": map_}
        assert self._proces.stdin is not None
        assert self._proces.stdout is not None
        with self._slot:
            if not self._klaar:
                self._klaar = self._proces.stdout.readline().strip() == KLAAR
            if not self._klaar:
                raise OSError("the process to fork from did not start")
            self._proces.stdin.write(json.dumps(vraag) + "\n")
            self._proces.stdin.flush()
            antwoord = self._proces.stdout.readline().strip()
        if not antwoord.isdigit():
            raise OSError("the process to fork from is gone")
        return Forkproces(int(antwoord))

    def sluit(self) -> None:
        """End it; a kernel that still runs ends with it."""
        for stroom in (self._proces.stdin, self._proces.stdout):
            if stroom is not None:
                with suppress(OSError):
                    stroom.close()
        try:
            self._proces.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._proces.kill()
            self._proces.wait()


@contextmanager
def maak_moeder(aantal: int) -> Iterator[Moeder | None]:
    """A process to fork from while a series runs, or None where that is not safe or no gain.

    Parameters
    ----------
    aantal
        How many notebooks will run; one starts as quickly by itself.
    """
    if not sys.platform.startswith("linux") or aantal < 2:
        yield None
        return
    moeder = Moeder({**os.environ, "MPLBACKEND": MPLBACKEND})
    try:
        yield moeder
    finally:
        moeder.sluit()


def main() -> None:
    """Load the libraries, then fork a kernel for every line on standard input."""
    if sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - as the ordinary kernel starts
        del sys.path[0]
    for naam in VOORAF:
        with suppress(ImportError):
            import_module(naam)
    gc.collect()
    gc.freeze()  # what is loaded now stays: kernels need not look through it again at every collection
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system clears ended kernels away
    print(KLAAR, flush=True)  # noqa: T201 - the protocol
    while regel := sys.stdin.readline():
        vraag = json.loads(regel)
        pid = os.fork()
        if not pid:
            _word_kernel(vraag)
            return
        print(pid, flush=True)  # noqa: T201


def _word_kernel(vraag: Mapping[str, Any]) -> None:
    """Go on as the kernel: its own session, environment and folder, and none of our streams."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    niets = os.open(os.devnull, os.O_RDWR)
    os.dup2(niets, 0)
    os.dup2(niets, 1)
    os.close(niets)
    os.environ.clear()
    os.environ.update(vraag["env"])
    os.chdir(vraag["cwd"])
    sys.argv = ["huisartsdata.werk.werkkernel", *vraag["argv"]]
    from huisartsdata.werk.werkkernel import main as kernel

    kernel()


if __name__ == "__main__":
    main()
