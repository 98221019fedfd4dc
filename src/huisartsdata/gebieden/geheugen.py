"""A bounded memory of what was derived from one object and is asked again; it goes when the object goes."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    T = TypeVar("T")


class Geheugen:
    """The last `meeste` results by key; for results that nobody changes.

    It holds for one object that never changes, never for a whole program: two users of one object share what
    was computed, two objects share nothing.

    Parameters
    ----------
    meeste
        Results that are kept; beyond it the one that was asked longest ago goes.

    Examples
    --------
    >>> g = Geheugen(2)
    >>> g.geef("a", lambda: 1), g.geef("a", lambda: 2), g.geef("b", lambda: 3), g.geef("c", lambda: 4)
    (1, 1, 3, 4)
    >>> len(g), g.geef("a", lambda: 5)
    (2, 5)
    """

    def __init__(self, meeste: int) -> None:
        self._meeste = meeste
        self._bewaard: OrderedDict[Hashable, object] = OrderedDict()
        self._slot = Lock()

    def __len__(self) -> int:
        return len(self._bewaard)

    def geef(self, sleutel: Hashable, maak: Callable[[], T]) -> T:
        """The result under this key, made when it is not there."""
        with self._slot:
            if sleutel in self._bewaard:
                self._bewaard.move_to_end(sleutel)
                return cast("T", self._bewaard[sleutel])
        uit = maak()  # outside the lock: two threads may make it twice, which costs time and changes nothing
        with self._slot:
            self._bewaard[sleutel] = uit
            self._bewaard.move_to_end(sleutel)
            while len(self._bewaard) > self._meeste:
                self._bewaard.popitem(last=False)
        return uit
