"""A notebook's kernel that writes down what was used: modules, files read, seeds of draws.

``python -m huisartsdata.werk.werkkernel -f CONNECTION`` starts the ordinary IPython kernel. After every cell it writes
one json to the path in `OPNAMEVARIABELE`. What it sees: every file that Python opens for reading or that a reader in
`werklezers` is given, every folder that a cell lists, every module that was imported, every seed given to numpy.
What it does not see: a file that another C library opens by itself (h5py, DuckDB) and what another process reads.

The numbers are the same with and without this: numpy's two makers of generators and the readers are replaced by
ones that write the seed or the path down first.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from types import FrameType
from typing import Any

from huisartsdata.werk.werklezers import bestanden_van, bestandsstempel, mapstand, wikkel_lezers

OPNAMEVARIABELE = "HUISARTSDATA_OPNAME"
PAKKET = "huisartsdata"
_TIJDELIJK = ("ipykernel_", "kernel-")  # the kernel's own files among the temporary ones
_ZOEKT = ("pathlib.Path.glob", "pathlib.Path.rglob", "glob.glob")
# who lists folders to find code, fonts or snapshots, not to find an analyst's files
_EIGEN_LIJSTEN = ("importlib", "pkg_resources", "matplotlib", "IPython", "ipykernel")
# of the system, and no place where an analyst keeps data; /run and /dev hold disks, shares and shared memory too
_SYSTEEM = (
    *(
        "/proc",
        "/sys",
        "/etc",
        "/usr",
        "/lib",
        "/lib64",
        "/dev/fd",
        "/dev/pts",
        "/dev/mqueue",
        "/dev/hugepages",
    ),
    *(
        "/run/systemd",
        "/run/udev",
        "/run/resolvconf",
        "/run/NetworkManager",
        "/run/nscd",
        "/run/lock",
        "/run/dbus",
    ),
)
_JUPYTER = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
_BIBLIOTHEKEN = ("dask", "fontconfig", "ipython", "jupyter", "matplotlib", "pip", "pyproj", "uv")
# variable that may name another folder, that folder in the home, what in it is of Python, Jupyter and libraries
_THUIS = (
    ("", "", (".ipython", ".jupyter", ".matplotlib", ".fontconfig", "Library/Jupyter")),
    ("", ".local", ("bin", "lib", "etc")),
    ("XDG_CACHE_HOME", ".cache", _BIBLIOTHEKEN),
    ("XDG_CONFIG_HOME", ".config", _BIBLIOTHEKEN),
    ("XDG_DATA_HOME", ".local/share", (*_BIBLIOTHEKEN, "fonts", "mime", "proj")),
)


class Opname:
    """What a kernel used so far.

    Attributes
    ----------
    gelezen
        Absolute path -> `bestandsstempel` when it was first opened; None when it was not there.
    mappen
        Absolute path of a folder that a cell listed -> hash of the names in it; empty when it was not there.
    zaden
        Seeds given to numpy.
    """

    def __init__(self) -> None:
        self.gelezen: dict[str, tuple[int, int, int] | None] = {}
        self.mappen: dict[str, str] = {}
        self.zaden: set[int] = set()
        self._weg = _buiten()
        self._pakket = _pakketmap()

    def hoor(self, gebeurtenis: str, gegevens: tuple[Any, ...]) -> None:
        """Audit hook: write down a file that is opened for reading, a folder that is listed. Never fails or opens."""
        if gebeurtenis == "open":
            naam, wijze, vlaggen = gegevens
            if isinstance(naam, str | bytes | os.PathLike) and _leest(wijze, vlaggen):
                self.lees(naam, ook_afwezig=False)
        elif gebeurtenis in {"os.listdir", "os.scandir"}:
            naam = "." if gegevens[0] is None else gegevens[0]
            if isinstance(naam, str | bytes | os.PathLike) and self._van_een_cel(sys._getframe(1)):  # noqa: SLF001
                self.som_op(naam)
        elif gebeurtenis in _ZOEKT:
            kop = _vaste_kop(*gegevens[:2]) if gebeurtenis != "glob.glob" else _vaste_kop("", gegevens[0])
            # a folder that is there is listed next
            if kop and not os.path.isdir(kop) and self._van_een_cel(sys._getframe(1)):  # noqa: PTH112, SLF001
                self.som_op(kop)
        elif gebeurtenis == "sqlite3.connect":
            naam = os.fsdecode(gegevens[0]) if isinstance(gegevens[0], bytes) else gegevens[0]
            if isinstance(naam, str) and naam.startswith("file:"):
                naam = naam.partition("?")[0]
            for pad in bestanden_van(naam):
                self.lees(pad, ook_afwezig=False)

    def lees(self, naam: str | bytes | os.PathLike[Any], *, ook_afwezig: bool = True) -> None:
        """Write a file down as it is now, when it was not written down before."""
        try:
            pad = os.path.abspath(os.fsdecode(naam))  # noqa: PTH100 - resolving a link would hide it
            if pad in self.gelezen:
                return
            try:
                stand = bestandsstempel(pad)
            except FileNotFoundError:
                if ook_afwezig:
                    self.gelezen[pad] = None
            else:
                self.gelezen[pad] = stand
        except (OSError, ValueError):
            return

    def som_op(self, naam: str | bytes | os.PathLike[Any]) -> None:
        """Write a folder down with the names that are in it now, when it was not written down before."""
        try:
            pad = os.path.abspath(os.fsdecode(naam))  # noqa: PTH100
        except (OSError, ValueError):
            return
        if pad not in self.mappen:
            self.mappen[pad] = ""  # listing it comes by here again
            self.mappen[pad] = mapstand(pad)

    def _van_een_cel(self, frame: FrameType | None) -> bool:
        """Whether a cell, or a module of the analyst, asked for it: not the import system, nor this package."""
        while frame is not None:
            bron = frame.f_code.co_filename
            module = str(frame.f_globals.get("__name__", "")).partition(".")[0]
            if module in _EIGEN_LIJSTEN or bron.startswith(("<frozen importlib", self._pakket + os.sep)):
                return False
            if not bron.startswith(("<", *self._weg)):
                return True
            frame = frame.f_back
        return False

    def zaai(self, zaad: object) -> None:
        """Write a seed down; of a list the first number, which is the seed proper."""
        import numpy as np

        if zaad is None:
            return
        rij = np.asarray(zaad).reshape(-1)
        if len(rij) and np.issubdtype(rij.dtype, np.integer):
            self.zaden.add(int(rij[0]))

    def omvang(self) -> list[int]:
        """Modules, files, folders and seeds so far: as long as it stays the same, there is nothing new to write."""
        return [len(sys.modules), len(self.gelezen), len(self.mappen), len(self.zaden)]

    def als_dict(self) -> dict[str, Any]:
        """What was used, without what belongs to Python itself, its packages and the system."""
        weg, eigen = _buiten(), _gegevensmap()
        pakket = _pakketmap()
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
                    stand = bestandsstempel(bron)
                except OSError:
                    continue
                bestanden[os.path.abspath(bron)] = stand  # noqa: PTH100
        return {
            "modules": sorted(modules),
            "bestanden": {
                pad: stand and list(stand)
                for pad, stand in sorted(bestanden.items())
                if not _hoort_er_niet_bij(pad, weg, eigen, pakket, afwezig=stand is None)
            },
            "mappen": {
                pad: som
                for pad, som in sorted(self.mappen.items())
                if not f"{pad}{os.sep}".startswith((*weg, pakket + os.sep, _werkmap()))
                and os.path.isdir(pad) == bool(som)  # noqa: PTH112 - one that is gone was temporary
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

    eigen = ("HUISARTSDATA_FIGUREN", "MPLCONFIGDIR", "IPYTHONDIR", *_JUPYTER)
    mappen = {
        sys.prefix,
        sys.base_prefix,
        *sysconfig.get_paths().values(),
        *site.getsitepackages(),
        site.getusersitepackages(),
        *(os.environ.get(naam, "") for naam in eigen),
        *_thuismappen(),
        *_SYSTEEM,
    }
    # an environment that is reached through a link: some libraries name their files by the real place
    return tuple({f(m) + os.sep for m in mappen if m for f in (os.path.abspath, os.path.realpath)})


def _thuismappen() -> Iterator[str]:
    """What Python, Jupyter and the libraries keep for themselves in the user's home."""
    thuis = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises for a user without one
    for variabele, standaard, namen in _THUIS:
        basis = (os.environ.get(variabele) or "") if variabele else ""
        if not os.path.isabs(basis):  # noqa: PTH117 - the standard of these variables: a relative one is none
            basis = os.path.join(thuis, standaard)  # noqa: PTH118
        if os.path.isabs(basis):  # noqa: PTH117 - a user without a home
            yield from (os.path.join(basis, naam) for naam in namen)  # noqa: PTH118


def _pakketmap() -> str:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120


def _werkmap() -> str:
    """The folder that this run works in."""
    doel = os.environ.get(OPNAMEVARIABELE)
    return os.path.dirname(doel) + os.sep if doel else "\0"  # noqa: PTH120


def _vaste_kop(map_: object, patroon: object) -> str:
    """The folder that a pattern looks in before its first wildcard."""
    try:
        basis, tekst = os.fspath(map_), os.fspath(patroon)  # type: ignore[call-overload]
        delen = takewhile(lambda d: not set(d) & set("*?["), Path(os.fsdecode(tekst)).parts[:-1])
        return os.path.join(os.fsdecode(basis), *delen)  # noqa: PTH118
    except (TypeError, ValueError):
        return ""


def _hoort_er_niet_bij(
    pad: str, weg: tuple[str, ...], eigen: str, pakket: str, *, afwezig: bool = False
) -> bool:
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
        or pad.startswith(_werkmap())
        or os.path.isfile(pad) == afwezig  # noqa: PTH113
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
        wikkel_lezers(opname.lees, opname.som_op)
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
