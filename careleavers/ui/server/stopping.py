"""The end of the server: told to stop, it first lets what officers do come to its end, and says meanwhile that it is leaving.

A script runs in a thread that ends with the process, so a file that is being accepted, or a plan that is being saved, would be
rolled back, and its officer would be told nothing. So every run of a page is waited for whose visitor may change the store,
whatever button began it, and every change of the store, also one whose page has gone. Runs of viewers are not: their browser
asks the next replica for the same page.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from careleavers.store.connection import WRITES, Underway
from careleavers.ui.server.sessions import SESSIONS, Sessions

log = logging.getLogger("careleavers.ui")

# What was sent to the pages of officers has arrived when nothing was sent to them for so many seconds.
_QUIET = 2.0


class Stopping:
    """Whether the server has been told to stop, and what has to end before it does."""

    def __init__(self, sessions: Sessions = SESSIONS) -> None:
        self.begun = False
        self._sessions = sessions
        # Files that are being sent.
        self._sent = Underway()

    @property
    def running(self) -> int:
        """How many files are being sent, changes of the store made, and pages of officers drawn."""
        return self._sent.running + WRITES.running + self._sessions.officers_waiting()

    def waits_for(self) -> Underway:
        """``with`` it: the server, when it is told to stop, waits for what is inside. From any thread."""
        return self._sent

    async def finish(self, seconds: float) -> bool:
        """From now on be about to stop, and wait until nothing is running and officers have been told.

        Parameters
        ----------
        seconds
            The longest to wait.

        Returns
        -------
        bool
            Whether everything has come to its end.
        """
        self.begun = True
        if running := self.running:
            log.info(
                "Stopping when %d changes, files or pages of officers have come to their end, in %g seconds at the latest",
                running,
                seconds,
            )
        now = time.monotonic()
        until, ended = now + seconds, now if running else 0.0
        while (running or now - max(ended, self._sessions.last_told()) < _QUIET) and now < until:
            await asyncio.sleep(0.05)
            now, running = time.monotonic(), self.running
            if running:
                ended = now
        if running:
            log.error(
                "%d changes, files or pages of officers were cut off: nothing is kept of a change that was not made",
                running,
            )
        return not running


STOPPING = Stopping()
_tasks: set[asyncio.Task[None]] = set()


def listen(seconds: float) -> None:
    """Have SIGTERM wait for what officers do before the server acts on it; a second one does not wait.

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
        await STOPPING.finish(seconds)
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
