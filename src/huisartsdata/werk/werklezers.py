"""Readers that open files outside Python's sight: their entry points tell which path they were given.

An audit hook sees what Python opens. Arrow, GDAL and libxml2 open files by themselves, so the entry points in
`LEZERS` are replaced by ones that note the path and call through; what they give is what they gave before. A library
is never imported for this: one that is loaded is wrapped at once, another when it is.

Entry points are the places that all roads of a library lead through (the two calls of pyogrio that geopandas ends
in, the constructors of pyarrow's datasets), so that a name which somebody imported earlier is covered too.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import wraps
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

Noteer = Callable[[str], None]

# module -> entry points that read; a class is told by its constructor
LEZERS = {
    "pyarrow": ("OSFile", "input_stream", "memory_map"),
    "pyarrow.parquet.core": ("ParquetDataset", "ParquetFile", "read_metadata", "read_schema"),
    "pyarrow.parquet": ("read_metadata", "read_schema"),
    "pyarrow.dataset": ("dataset", "parquet_dataset"),
    "pyarrow.csv": ("open_csv", "read_csv"),
    "pyarrow.json": ("open_json", "read_json"),
    "pyarrow.feather": ("read_feather", "read_table"),
    "pyarrow.orc": ("ORCFile", "read_table"),
    "pyogrio.core": ("ogr_list_layers", "ogr_read_bounds", "ogr_read_info"),
    "pyogrio.raw": ("ogr_open_arrow", "ogr_read"),
    "lxml.etree": ("iterparse", "parse"),
}
_ARGUMENTEN = ("source", "path_or_paths", "where", "path", "input_file", "metadata_path", "path_or_buffer")
# files that GDAL reads along with the one it is given, when they are there
_MEE = (
    *(".cpg", ".csvt", ".dat", ".dbf", ".gfs", ".id", ".ind", ".map", ".mid", ".prj"),
    *(".qix", ".qpj", ".sbn", ".sbx", ".shx", ".xsd"),
)
_VAST = (".cpg", ".dbf", ".prj", ".shx")  # of a shapefile: one that is added later changes what is read
_CACHE = "__pycache__"
_VAN_PYTHON = 1 << 9  # Py_TPFLAGS_HEAPTYPE: a class whose constructor can be replaced


def mapstand(pad: str | os.PathLike[str]) -> str:
    """sha256 of the names in a folder, hidden ones and caches of Python left out; empty when it is no folder."""
    try:
        namen = sorted(n for n in os.listdir(pad) if not n.startswith(".") and n != _CACHE)  # noqa: PTH208
    except (OSError, ValueError):
        return ""
    return hashlib.sha256("\0".join(namen).encode(errors="surrogateescape")).hexdigest()


def bestandsstempel(pad: str | os.PathLike[str]) -> tuple[int, int, int]:
    """What shows that a file was written to: time of change, size, and the time that no user can set.

    Raises
    ------
    OSError
        When it is not there.
    """
    stand = os.stat(pad)  # noqa: PTH116
    return stand.st_mtime_ns, stand.st_size, stand.st_ctime_ns


def wikkel_lezers(noteer: Noteer, noteer_map: Noteer) -> None:
    """Let every reader in `LEZERS` tell its paths, those of libraries that are loaded later too.

    Parameters
    ----------
    noteer
        Called with the path of each file, also of one that could have been read along and is not there.
    noteer_map
        Called with each folder whose files are taken as they are found.
    """

    def lees(bron: object, *, gdal: bool) -> None:
        for pad in bestanden_van(bron):
            if os.path.isdir(pad):  # noqa: PTH112
                for map_, _, namen in os.walk(pad):
                    noteer_map(map_)
                    for naam in namen:
                        noteer(os.path.join(map_, naam))  # noqa: PTH118
            else:
                noteer(pad)
                if gdal:
                    for deel in _meegelezen(pad):
                        noteer(deel)

    al: dict[Any, Any] = {}
    for naam in LEZERS:
        if naam in sys.modules:
            _wikkel(sys.modules[naam], lees, al)
    sys.meta_path.insert(0, _Vinder(lambda module: _wikkel(module, lees, al)))


def bestanden_van(bron: object) -> Iterator[str]:
    """Paths in what a reader is given: a path, an address of a file, one inside an archive, or a list of these.

    >>> list(bestanden_van(["a.parquet", "file:///mijn%20b.csv", "s3://emmer/a", '{"type": "Point"}', 3]))
    ['a.parquet', '/mijn b.csv']
    """
    if isinstance(bron, list | tuple | set):
        for deel in bron:
            yield from bestanden_van(deel)
        return
    if not isinstance(bron, str | os.PathLike):
        return
    pad = os.fsdecode(bron)
    if len(pad) > 4096 or set(pad) & set("\0\n") or pad.lstrip().startswith(("{", "<")):  # data, as text
        return
    if pad.startswith("file:"):
        kaal = os.fsencode(re.sub("^file:(//[^/]*(?=/))?", "", pad))
        pad = os.fsdecode(re.sub(rb"%([0-9a-fA-F]{2})", lambda m: bytes.fromhex(m[1].decode()), kaal))
    if archief := re.match(r"((/vsi\w+/)+|(zip|tar|gzip)(\+file)?://)\{?", pad):
        pad = pad[archief.end() :].replace("}", "").split("!")[0]
        # what comes after the archive is a place inside it
        while pad and not os.path.exists(pad) and pad != os.path.dirname(pad):  # noqa: PTH110, PTH120
            pad = os.path.dirname(pad)  # noqa: PTH120
    if pad and not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", pad):  # what is left with a scheme lies elsewhere
        yield pad


def _meegelezen(pad: str) -> Iterator[str]:
    stam, eind = os.path.splitext(pad)  # noqa: PTH122
    vast = _VAST if eind.lower() == ".shp" else ()
    for deel in _MEE:
        if deel != eind and (deel in vast or os.path.isfile(stam + deel)):  # noqa: PTH113
            yield stam + deel


class _Vinder:
    """Lets Python find a module as always, and wraps its readers when it has been loaded."""

    def __init__(self, wikkel: Callable[[ModuleType], None]) -> None:
        self._wikkel = wikkel

    def find_spec(self, naam: str, pad: Any = None, doel: Any = None) -> ModuleSpec | None:
        if naam not in LEZERS:
            return None
        for vinder in sys.meta_path:
            zoek = None if vinder is self else getattr(vinder, "find_spec", None)
            spec: ModuleSpec | None = zoek(naam, pad, doel) if zoek else None
            if spec is not None and spec.loader is not None:
                self._haak(spec.loader)
                return spec
        return None

    def _haak(self, lader: Any) -> None:
        laad, wikkel = lader.exec_module, self._wikkel

        def exec_module(module: ModuleType) -> None:
            laad(module)
            wikkel(module)

        with suppress(AttributeError):  # a loader that takes none: then the module loads as always
            lader.exec_module = exec_module


def _wikkel(module: ModuleType, lees: Callable[..., None], al: dict[Any, Any]) -> None:
    """Replace the readers of a module; one that stands in two modules by the same in both, as `al` remembers."""
    gdal = module.__name__.startswith("pyogrio.")
    for naam in LEZERS[module.__name__]:
        ding = getattr(module, naam, None)
        if ding is None or ding in al.values():
            continue
        if isinstance(ding, type) and ding.__flags__ & _VAN_PYTHON:  # all who hold it are covered
            ding.__init__ = _verteller(ding.__init__, lees, plek=1, gdal=gdal)  # type: ignore[misc]
            continue
        if ding not in al:
            van_c = isinstance(ding, type)
            al[ding] = (
                _verteller_van_klasse(ding, lees) if van_c else _verteller(ding, lees, plek=0, gdal=gdal)
            )
        setattr(module, naam, al[ding])


def _verteller(
    ding: Callable[..., Any], lees: Callable[..., None], *, plek: int, gdal: bool
) -> Callable[..., Any]:
    @wraps(ding)
    def vertel(*args: Any, **kwargs: Any) -> Any:
        _meld(args[plek:], kwargs, lees, gdal=gdal)
        return ding(*args, **kwargs)

    return vertel


def _verteller_van_klasse(klasse: Any, lees: Callable[..., None]) -> type:
    """A subclass of a class of C, which takes no other constructor."""
    eerst = None if klasse.__init__ is object.__init__ else klasse.__init__

    def begin(zelf: object, *args: Any, **kwargs: Any) -> None:
        _meld(args, kwargs, lees, gdal=False)
        if eerst:
            eerst(zelf, *args, **kwargs)

    vast = {"__init__": begin, "__module__": klasse.__module__, "__doc__": klasse.__doc__}
    return type(klasse.__name__, (klasse,), vast)


def _meld(args: tuple[Any, ...], kwargs: dict[str, Any], lees: Callable[..., None], *, gdal: bool) -> None:
    bron = args[0] if args else next((kwargs[n] for n in _ARGUMENTEN if n in kwargs), None)
    wijze = kwargs.get("mode", args[1] if len(args) > 1 else "")
    if isinstance(wijze, str) and wijze in {"w", "wb", "a", "ab", "append"}:
        return
    try:
        lees(bron, gdal=gdal)
    except (OSError, ValueError):  # the reader says what is wrong with it
        return
