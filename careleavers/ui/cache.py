"""What is worked out once for everybody and kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


class Cache:
    """Results by key, worked out once however many ask at the same time; those used longest ago go first.

    Safe to use from many threads. Streamlit's own caches hash every argument each time, which takes longer than most of
    what a page does. A failure is not kept: the next one who asks tries again.
    """

    def __init__(self, most: int) -> None:
        """``most`` is how many results are kept."""
        self._most = most
        self._places: OrderedDict[Hashable, _Entry] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many results are kept."""
        return len(self._places)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The result kept under a key, made and kept where there is none.

        Parameters
        ----------
        key
            What the result depends on.
        make
            Makes the result; what it raises is raised, and nothing is kept.

        Returns
        -------
        Any
        """
        with self._lock:
            place = self._places.setdefault(key, _Entry())
            self._places.move_to_end(key)
            if len(self._places) > self._most:
                self._places.popitem(last=False)
        return place.filled(make)

    def clear(self) -> None:
        """Forget every result."""
        with self._lock:
            self._places.clear()


class _Entry:
    """Where one result is, once it is there."""

    def __init__(self) -> None:
        self._made: tuple[Any] | None = None
        # Reentrant, because making a result may ask for the same result again.
        self._lock = threading.RLock()

    def filled(self, make: Callable[[], Any]) -> Any:
        made = self._made
        if made is None:
            with self._lock:
                if self._made is None:
                    self._made = (make(),)
                made = self._made
        return made[0]
