"""Progress of notebooks on the error stream: a bar for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PER_SECONDE = 2  # a run's seconds need no more; ten times a second took processor time from the notebooks


@contextmanager
def toon_voortgang() -> Iterator[Callable[[str, int, int], None]]:
    """Gives a function to call with a notebook's name, its cells done, and its cells in all."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*kolommen, console=Console(stderr=True), refresh_per_second=_PER_SECONDE) as balk:
        taken: dict[str, TaskID] = {}

        def meld(naam: str, klaar: int, alle: int) -> None:
            if naam not in taken:
                taken[naam] = balk.add_task(naam, total=alle)
            balk.update(taken[naam], completed=klaar, total=alle)

        yield meld
