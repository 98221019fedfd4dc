"""A notebook's kernel that writes down what was used: modules, files read, seeds of draws.

``python -m huisartsdata.werk.werkkernel -f CONNECTION`` starts the ordinary IPython kernel. After every cell it writes
one json to the path in `OPNAMEVARIABELE`. What it sees: every file that Python opens for reading, every module
that was imported, every seed given to numpy. What it does not see: a file that a C library opens by itself, such
as a GeoPackage that a cell reads with GDAL; the readers of this package all open their files through Python.

The numbers are the same with and without this: nothing is replaced but numpy's two makers of generators, by ones
that write the seed down first.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

OPNAMEVARIABELE = "HUISARTSDATA_OPNAME"
PAKKET = "huisartsdata"
_TIJDELIJK = ("ipykernel_", "kernel-")  # the kernel's own files among the temporary ones


class Opname:
    """What a kernel used so far.

    Attributes
    ----------
    gelezen
        Absolute path -> (time of change in ns, size) when it was first opened.
    zaden
        Seeds given to numpy.
    """

    def __init__(self) -> None:
        self.gelezen: dict[str, tuple[int, int]] = {}
        self.zaden: set[int] = set()

    def hoor(self, gebeurtenis: str, gegevens: tuple[Any, ...]) -> None:
        """Audit hook: write down a file that is opened for reading. Never fails, never opens."""
        if gebeurtenis != "open":
            return
        naam, wijze, vlaggen = gegevens
        if not isinstance(naam, str | bytes | os.PathLike) or not _leest(wijze, vlaggen):
            return
        try:
            pad = os.path.abspath(os.fsdecode(naam))  # noqa: PTH100 - resolving a link would hide it
            if pad not in self.gelezen:
                stand = os.stat(pad)  # noqa: PTH116
                self.gelezen[pad] = (stand.st_mtime_ns, stand.st_size)
        except (OSError, ValueError):
            return

    def zaai(self, zaad: object) -> None:
        """Write a seed down; of a list the first number, which is the seed proper."""
        import numpy as np

        if zaad is None:
            return
        rij = np.asarray(zaad).reshape(-1)
        if len(rij) and np.issubdtype(rij.dtype, np.integer):
            self.zaden.add(int(rij[0]))

    def omvang(self) -> list[int]:
        """Modules, files and seeds so far: as long as it stays the same, there is nothing new to write."""
        return [len(sys.modules), len(self.gelezen), len(self.zaden)]

    def als_dict(self) -> dict[str, Any]:
        """What was used, without what belongs to Python itself, its packages and the system."""
        weg, eigen = _buiten(), _gegevensmap()
        pakket = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
        modules, bestanden = set(), dict(self.gelezen)
        for naam, module in list(sys.modules.items()):
            bron = getattr(module, "__file__", None)
            if not isinstance(bron, str):
                continue
            if naam == PAKKET or naam.startswith(f"{PAKKET}."):
                # how a kernel was started changes nothing in what it writes
                modules |= {naam} - {f"{PAKKET}.werk.werkmoeder"}
            elif bron.endswith(".py") and bron not in bestanden:  # the analyst's own module, from its cache
                try:
                    stand = os.stat(bron)  # noqa: PTH116
                except OSError:
                    continue
                bestanden[os.path.abspath(bron)] = (stand.st_mtime_ns, stand.st_size)  # noqa: PTH100
        return {
            "modules": sorted(modules),
            "bestanden": {
                pad: list(stand)
                for pad, stand in sorted(bestanden.items())
                if not _hoort_er_niet_bij(pad, weg, eigen, pakket)
            },
            "zaden": sorted(self.zaden),
        }


def _leest(wijze: object, vlaggen: object) -> bool:
    if isinstance(wijze, str):
        return not set(wijze) & set("wax")
    return isinstance(vlaggen, int) and vlaggen & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) == 0


def _gegevensmap() -> str:
    """Folder of the user's own snapshots, which may lie among what belongs to the system; "" for none."""
    if eigen := os.environ.get("HUISARTSDATA_DATA"):
        return os.path.abspath(os.path.expanduser(eigen)) + os.sep  # noqa: PTH100, PTH111
    from platformdirs import user_data_path

    try:
        return os.path.abspath(user_data_path(PAKKET, appauthor=False)) + os.sep  # noqa: PTH100
    except RuntimeError:  # a user without a home
        return ""


def _buiten() -> tuple[str, ...]:
    """Folders that the lock or the system answers for, and the folder that this run writes to."""
    import site
    import sysconfig

    thuis = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises for a user without one
    eigen = ("HUISARTSDATA_FIGUREN", "MPLCONFIGDIR", "IPYTHONDIR")
    mappen = {
        sys.prefix,
        sys.base_prefix,
        *sysconfig.get_paths().values(),
        *site.getsitepackages(),
        site.getusersitepackages(),
        *(os.environ.get(naam, "") for naam in eigen),
        *(
            os.path.join(thuis, n)  # noqa: PTH118
            for n in (".ipython", ".jupyter", ".cache", ".config", ".local")
            if thuis != "~"
        ),
        *("/proc", "/sys", "/dev", "/etc", "/usr", "/lib", "/run"),
    }
    # an environment that is reached through a link: some libraries name their files by the real place
    return tuple({f(m) + os.sep for m in mappen if m for f in (os.path.abspath, os.path.realpath)})


def _hoort_er_niet_bij(pad: str, weg: tuple[str, ...], eigen: str, pakket: str) -> bool:
    naam = os.path.basename(pad)  # noqa: PTH119
    if pad.startswith(pakket + os.sep):
        return naam.endswith((".py", ".pyc"))  # modules are told by name; what else lies there is data
    if eigen and pad.startswith(eigen):
        return False
    return (
        pad.startswith(weg)
        or naam.endswith(".pyc")
        or os.path.basename(os.path.dirname(pad)).startswith(_TIJDELIJK)  # noqa: PTH119, PTH120
        or pad == os.environ.get(OPNAMEVARIABELE)
        or ("-f" in sys.argv[:-1] and pad == sys.argv[sys.argv.index("-f") + 1])
        or not os.path.isfile(pad)  # noqa: PTH113
    )


def _tel_zaden(opname: Opname) -> None:
    """Let numpy's makers of generators write the seed down; what they make is what they made before."""
    import numpy as np

    philox, standaard = np.random.Philox, np.random.default_rng

    class Philox(philox):  # type: ignore[misc, valid-type]
        def __init__(self, seed: Any = None, counter: Any = None, key: Any = None) -> None:
            super().__init__(seed, counter, key)
            opname.zaai(seed if key is None else key)

    def default_rng(seed: Any = None) -> np.random.Generator:
        if not isinstance(seed, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence):
            opname.zaai(seed)
        return standaard(seed)

    np.random.Philox = Philox  # type: ignore[misc]
    np.random.default_rng = default_rng


def main() -> None:
    """Start the kernel on the connection file that stands on the command line."""
    if sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 - as the ordinary kernel starts
        del sys.path[0]
    opname = Opname()
    doel = os.environ.get(OPNAMEVARIABELE)
    from ipykernel.kernelapp import IPKernelApp

    if doel:
        sys.addaudithook(opname.hoor)
        _tel_zaden(opname)
    app: Any = IPKernelApp.instance()
    app.initialize(sys.argv[1:])
    if doel:
        deel = Path(f"{doel}.deel")
        geschreven: list[int] = []

        def schrijf(*_: object) -> None:
            # after most cells there is nothing new, and telling it all again takes as long as a small cell
            if (nu := opname.omvang()) == geschreven:
                return
            deel.write_text(json.dumps(opname.als_dict()), encoding="utf-8")
            deel.replace(doel)
            geschreven[:] = nu

        app.shell.events.register("post_run_cell", schrijf)
    app.start()


if __name__ == "__main__":
    main()
