"""Pictures of charts for first pages: drawn for the next visitor, never while one waits, and served by what they show.

Only charts of first pages are here, which say what anybody may see. An address names the content of its picture, so browsers
need not ask for it again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import PurePosixPath

import brotli

from careleavers import pictures
from careleavers.charts import ChartResult
from careleavers.errors import CareLeaversError
from careleavers.ui.server.paths import PICTURES, base_path

log = logging.getLogger("careleavers.ui")

# How many pictures are kept (each some ten kilobytes, compressed), and how many charts may wait to be drawn.
_KEPT = 512
_WAITING = 24
# Seconds without a visitor before one is drawn; and the longest that drawing gives way.
QUIET, _LONGEST = 4.0, 60.0
# Seconds without another attempt after there was no browser or it failed.
_REST = 600.0


class FirstPictures:
    """The pictures of first pages, and the charts that wait to be drawn."""

    def __init__(self, draw: Callable[[ChartResult], bytes] = pictures.svg, quiet: float = QUIET) -> None:
        """``draw`` makes a picture; ``quiet`` is how many seconds nobody must have come before one is made."""
        self._draw = draw
        self._quiet = quiet
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._waiting: OrderedDict[str, tuple[ChartResult, list[Callable[[], object]]]] = OrderedDict()
        self._working: asyncio.Task[None] | None = None
        self._resting_until = 0.0
        self._last = 0.0

    def visited(self) -> None:
        """Note that somebody came just now."""
        self._last = time.monotonic()

    def address(self, name: str) -> str:
        """Where a picture is, by its key; "" where there is none.

        Parameters
        ----------
        name
            What :func:`careleavers.pictures.key` gives.

        Returns
        -------
        str
            A path inside the product.
        """
        return f"{base_path()}{PICTURES}{name}.svg" if name in self._kept else ""

    def at(self, path: str) -> bytes | None:
        """The picture of an address, compressed by brotli; None where there is none.

        Parameters
        ----------
        path
            The path inside the product.

        Returns
        -------
        bytes or None
        """
        name = PurePosixPath(path.removeprefix(PICTURES)).stem
        if path != f"{PICTURES}{name}.svg" or name not in self._kept:
            return None
        self._kept.move_to_end(name)
        return self._kept[name]

    def use(self, name: str) -> None:
        """Note that a page with this picture was sent, so that the picture is kept as long as the page.

        Parameters
        ----------
        name
            The picture's key.
        """
        if name in self._kept:
            self._kept.move_to_end(name)

    def want(self, name: str, chart: ChartResult, then: Callable[[], object]) -> None:
        """Have a chart drawn when there is time. It is left out where many wait, and where there is no browser.

        Parameters
        ----------
        name, chart
            The chart and its key.
        then
            Called when the picture is there.
        """
        if name in self._waiting:
            self._waiting[name][1].append(then)
        elif len(self._waiting) < _WAITING and time.monotonic() >= self._resting_until:
            self._waiting[name] = chart, [then]
            if self._working is None or self._working.done():
                self._working = asyncio.create_task(self._work())

    def forget(self) -> None:
        """Forget all pictures: something in them was erased."""
        self._kept.clear()
        self._waiting.clear()

    def _compressed(self, chart: ChartResult) -> bytes:
        return brotli.compress(self._draw(chart), quality=9)

    async def _work(self) -> None:
        if not await asyncio.to_thread(pictures.available):
            self._give_up()
            return
        while self._waiting:
            began = time.monotonic()
            while (left := self._last + self._quiet - time.monotonic()) > 0 and time.monotonic() - began < _LONGEST:
                await asyncio.sleep(left)
            if not self._waiting:
                return
            name, (chart, _) = next(iter(self._waiting.items()))
            try:
                drawn = await asyncio.to_thread(self._compressed, chart)
            except CareLeaversError as problem:
                log.warning("First pages have no pictures of charts for a while. %s", problem)
                self._give_up()
                return
            except Exception:
                log.exception("First pages have no pictures of charts for a while")
                self._give_up()
                return
            # Forgotten in the meantime: what it shows was erased.
            _, told = self._waiting.pop(name, (chart, None))
            if told is None:
                continue
            self._kept[name] = drawn
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            for then in told:
                then()

    def _give_up(self) -> None:
        self._waiting.clear()
        self._resting_until = time.monotonic() + _REST
