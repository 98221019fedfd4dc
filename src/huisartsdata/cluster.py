"""Past one machine: an executor on a dask cluster, for everything that takes an `executor`.

The library itself takes any `concurrent.futures.Executor` and knows nothing of dask. How work is split
never depends on who does it, so the numbers are the same bit for bit with no cluster, with one worker or
with many, also when one dies on the way: its tasks are done again elsewhere. The one condition is that all
machines run the same versions of what computes, and that is checked first.
"""

from __future__ import annotations

from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from huisartsdata.fouten import BronFout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from concurrent.futures import Executor

WACHT_S = 10.0  # seconds for a scheduler to answer and for a first worker to be there
POGINGEN = 3  # times that a task is tried again; the loss of a worker does not count as one
REKENAARS = ("python", "numpy", "scipy", "pandas", "huisartsdata")  # a difference may change bits
VERVOERDERS = ("python", "dask", "distributed", "cloudpickle")  # a difference may break the line
GROOT = "1 GiB"  # tasks carry their travel times: dask's remark from 10 MB on tells the analyst nothing


@contextmanager
def maak_executor(adres: str | None, *, wacht: float = WACHT_S) -> Iterator[Executor | None]:
    """Executor on the dask cluster at `adres`; None without an address, and then dask is not imported.

    Parameters
    ----------
    adres
        Address of a scheduler, for instance ``tcp://10.0.0.5:8786``.
    wacht
        Seconds that the scheduler and its first worker get to answer.

    Yields
    ------
    Executor or None
        For the `executor` of `fca`, `trek_aanbod`, `trek_gebieden` and all that pass it on. Leaving the
        block drops what still runs and closes the line; the cluster itself stays.

    Raises
    ------
    BronFout
        When dask is not installed, nobody answers, no worker is there, versions differ, or the cluster
        is lost on the way.

    Examples
    --------
    >>> with maak_executor(None) as executor:
    ...     print(executor)
    None
    """
    if adres is None:
        yield None
        return
    try:
        import dask
        import distributed
        from distributed.comm.core import CommClosedError
    except ImportError as fout:
        raise BronFout(
            "Voor rekenen op een cluster ontbreekt dask; installeer het met: pip install 'huisartsdata[cluster]'."
        ) from fout
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": GROOT}):
        try:
            client = distributed.Client(adres, timeout=wacht, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError, TypeError, RuntimeError) as fout:
            raise BronFout(
                f"Geen verbinding met de scheduler op {adres}; controleer het adres (zoals tcp://naam:8786) en "
                "of hij draait."
            ) from fout
        with client:
            _keur_workers(client, adres, wacht)
            executor: Executor = client.get_executor(  # type: ignore[no-untyped-call]
                pure=False, retries=POGINGEN
            )
            try:
                yield executor
            except (CancelledError, distributed.KilledWorker, CommClosedError) as fout:
                raise BronFout(
                    f"Het cluster op {adres} is tijdens het rekenen weggevallen; start het opnieuw en probeer "
                    "het nog eens, of reken zonder --scheduler."
                ) from fout
            finally:
                executor.shutdown(wait=False)


def _keur_workers(client: Any, adres: str, wacht: float) -> None:
    """Refuse a cluster without workers, or with other versions than ours.

    Raises
    ------
    BronFout
        With each machine and package that differs.
    """
    try:
        client.wait_for_workers(1, timeout=wacht)
    except TimeoutError as fout:
        raise BronFout(
            f"De scheduler op {adres} heeft geen workers; start er een met: dask worker {adres}"
        ) from fout
    versies = client.get_versions(packages=list({*REKENAARS, *VERVOERDERS} - {"python"}))
    ons = versies["client"]["packages"]
    verschillen = _verschillen("de scheduler", ons, versies["scheduler"]["packages"], VERVOERDERS)
    namen = tuple(dict.fromkeys((*REKENAARS, *VERVOERDERS)))
    for naam, machine in sorted(versies["workers"].items()):
        verschillen += _verschillen(f"worker {naam}", ons, machine["packages"], namen)
    if verschillen:
        raise BronFout(
            f"Het cluster op {adres} heeft andere versies dan deze machine: {'; '.join(verschillen)}. "
            "Zet overal dezelfde versies neer (requirements.lock)."
        )


def _verschillen(
    machine: str, ons: Mapping[str, str | None], hun: Mapping[str, str | None], namen: tuple[str, ...]
) -> list[str]:
    return [
        f"{machine} heeft {naam} {hun.get(naam) or 'niet'} (hier {ons.get(naam)})"
        for naam in namen
        if ons.get(naam) != hun.get(naam)
    ]
