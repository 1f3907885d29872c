"""The end of the server: told to stop, it first lets officers' uploads come to their end, and says meanwhile that it is leaving.

A script runs in a thread that ends with the process, so a file that is being accepted would be rolled back, and its officer
would be told nothing. Reruns of viewers are not waited for: their browser asks the next replica for the same page.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from careleavers.ui.server.sessions import SESSIONS

log = logging.getLogger("careleavers.ui")

# What was sent to the pages of officers has arrived when nothing was sent to them for so many seconds.
_QUIET = 2.0
# A page that has not said what became of an upload after so many seconds is not open any longer.
_GONE = 30.0


class Stopping:
    """Whether the server has been told to stop, and what has to end before it does."""

    def __init__(self) -> None:
        self.begun = False
        self._running = 0
        self._silent: dict[str, float] = {}
        self._lock = threading.Lock()

    @property
    def running(self) -> int:
        """How many uploads are being sent, checked or accepted, or have come to an end that their page has not said yet."""
        with self._lock:
            since = time.monotonic() - _GONE
            self._silent = {page: at for page, at in self._silent.items() if at > since}
            return self._running + len(self._silent)

    @contextmanager
    def waits_for(self) -> Iterator[None]:
        """The server, when it is told to stop, waits for what is inside. From any thread."""
        with self._lock:
            self._running += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def has_to_say(self, page: str) -> None:
        """An upload has come to its end, and its page will say so when it is drawn next.

        Parameters
        ----------
        page
            The identity of the open page.
        """
        with self._lock:
            self._silent[page] = time.monotonic()

    def has_said(self, page: str) -> None:
        """The page says it now.

        Parameters
        ----------
        page
            The identity of the open page.
        """
        with self._lock:
            self._silent.pop(page, None)

    async def finish(self, seconds: float, last_told: Callable[[], float] = lambda: 0.0) -> bool:
        """From now on be about to stop, and wait until nothing is running and officers have been told.

        Parameters
        ----------
        seconds
            The longest to wait.
        last_told
            When something was last sent to the page of an officer (monotonic clock, seconds).

        Returns
        -------
        bool
            Whether everything has come to its end.
        """
        self.begun = True
        if running := self.running:
            log.info("Stopping when %d uploads have come to their end, in %g seconds at the latest", running, seconds)
        now = time.monotonic()
        until, ended = now + seconds, now if running else 0.0
        while (running or now - max(ended, last_told()) < _QUIET) and now < until:
            await asyncio.sleep(0.05)
            now, running = time.monotonic(), self.running
            if running:
                ended = now
        if running:
            log.error("%d uploads were cut off: nothing of them is kept that was not accepted", running)
        return not running


STOPPING = Stopping()
_tasks: set[asyncio.Task[None]] = set()


def listen(seconds: float) -> None:
    """Have SIGTERM wait for uploads before the server acts on it; a second one does not wait.

    The server's own way to take the signal is called in the end. Ctrl+C (SIGINT) stops at once, as ever.

    Parameters
    ----------
    seconds
        The longest to wait.
    """
    loop = asyncio.get_running_loop()
    before: Callable[[int, FrameType | None], Any] | int | None = signal.getsignal(signal.SIGTERM)
    if not callable(before) or threading.current_thread() is not threading.main_thread():
        return  # whoever runs the server takes the signal in another way
    STOPPING.begun = False

    def pass_on() -> None:
        before(signal.SIGTERM, None)

    async def leave() -> None:
        await STOPPING.finish(seconds, SESSIONS.last_told)
        pass_on()

    def begin() -> None:
        if STOPPING.begun:
            pass_on()
            return
        STOPPING.begun = True
        task = loop.create_task(leave())
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)

    signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(begin))
