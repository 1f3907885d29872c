"""One browser, in one thread, that draws one figure at a time.

Kaleido's own functions for synchronous callers mix up the pictures of several threads and wait for ever without a browser. So
the browser is looked for first, and everything that talks to it runs in the event loop of one daemon thread.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import shutil
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from careleavers.charts.template import FITS
from careleavers.errors import CareLeaversError
from careleavers.pictures import private
from careleavers.settings import browser_path, browser_sandbox

if TYPE_CHECKING:
    from kaleido import Kaleido

log = logging.getLogger("careleavers.pictures")
T = TypeVar("T")

# Seconds that one picture may take, the start of the browser, and its end.
_DRAWING, _STARTING, _ENDING = 30.0, 30.0, 10.0
# Seconds without a picture after which the browser is closed.
_IDLE = 300.0


class NoBrowser(CareLeaversError):
    """Pictures cannot be made, because there is no browser on this machine that starts."""


def find() -> str | None:
    """The path of a Chrome, Chromium or Edge on this machine; None without one.

    ``CARELEAVERS_BROWSER`` names another. If that is none, there is none: whoever set it should be told.
    """
    if named := browser_path():
        return shutil.which(named)
    return private.system_browser()


def available() -> bool:
    """Whether there is a browser that pictures could be made with. It is not started for that."""
    return find() is not None


def _found() -> str:
    path = find()
    if path is None:
        wrong = f"The setting CARELEAVERS_BROWSER names no program: “{browser_path()}”. " if browser_path() else ""
        raise NoBrowser(
            f"{wrong}Pictures of charts need Chrome, Chromium or Edge on the machine that runs the dashboard, and none was found. "
            "Install one (Debian and Ubuntu: apt install chromium), or name one in the setting CARELEAVERS_BROWSER."
        )
    return path


class _Drawer:
    """The browser, its thread, and those who wait for it."""

    def __init__(self) -> None:
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turn: asyncio.Lock
        self._kaleido: Kaleido | None = None
        self._resting: asyncio.TimerHandle | None = None
        self._count = threading.Lock()
        self.waiting = 0

    def _running(self) -> asyncio.AbstractEventLoop:
        """The event loop of the browser's thread."""
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                # Kaleido leaves tasks behind when a browser ends; what matters is raised where it is waited for.
                self._loop.set_exception_handler(lambda _, context: log.debug("In the browser's thread: %s", context))
                self._turn = asyncio.Lock()
                threading.Thread(target=self._loop.run_forever, name="pictures", daemon=True).start()
                atexit.register(self.close)
            return self._loop

    def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """The result of what is done in the browser's thread."""
        loop = self._running()

        async def inside() -> T:
            return await work()

        with self._count:
            self.waiting += 1
        try:
            return asyncio.run_coroutine_threadsafe(inside(), loop).result()
        finally:
            with self._count:
                self.waiting -= 1

    async def draw(
        self, figure: Mapping[str, Any], height: int, finish: Callable[[str], bytes], known: Callable[[], bytes | None]
    ) -> bytes:
        """One picture, when it is its turn."""
        async with self._turn:
            if (already := known()) is not None:
                return already
            try:
                try:
                    text = await self._attempt(figure, height)
                except NoBrowser:
                    raise
                except Exception as error:
                    log.warning("A picture was not made and is tried once more: %r", error)
                    await self._end()
                    try:
                        text = await self._attempt(figure, height)
                    except NoBrowser:
                        raise
                    except Exception as again:
                        await self._end()
                        raise CareLeaversError(
                            "The picture of a chart could not be made: the browser on the server did not draw it. Try again."
                        ) from again
                return finish(text)
            finally:
                self._rest_later()

    def prepare(self) -> None:
        """Start the browser, without waiting for it."""

        async def opened() -> None:
            async with self._turn:
                await self._open()
                self._rest_later()

        asyncio.run_coroutine_threadsafe(opened(), self._running()).add_done_callback(_note_failure)

    async def _attempt(self, figure: Mapping[str, Any], height: int) -> str:
        kaleido = await self._open()
        options = {"format": "svg", "width": FITS["wide"], "height": height, "scale": 1}
        drawn = await _within(_DRAWING, kaleido.calc_fig(figure, options))
        return bytes(drawn).decode("utf-8")

    async def _open(self) -> Kaleido:
        if self._kaleido is not None:
            process = private.process_of(self._kaleido)
            if process is not None and process.poll() is None:
                return self._kaleido
        await self._end()
        path = _found()
        opened = private.lasting_kaleido()(
            mathjax=False,
            timeout=_DRAWING,
            path=path,
            browser_cls=private.offline_chromium(),
            enable_sandbox=browser_sandbox() and not _is_root(),
        )
        self._kaleido = opened
        try:
            await _within(_STARTING, opened.open())
        except Exception as error:
            await self._end()
            raise NoBrowser(
                f"Pictures of charts cannot be made: the browser {Path(path).name} does not start on the machine that runs the "
                "dashboard. Name another one in the setting CARELEAVERS_BROWSER."
            ) from error
        return opened

    def _rest_later(self) -> None:
        """Close the browser when nobody has needed it for a while."""
        if self._resting is not None:
            self._resting.cancel()
        loop = asyncio.get_running_loop()
        self._resting = loop.call_later(_IDLE, lambda: loop.create_task(self._rest()))

    async def _rest(self) -> None:
        if not self._turn.locked():
            async with self._turn:
                await self._end()

    async def _end(self) -> None:
        """Close the browser, or kill it if it does not close."""
        ended, self._kaleido = self._kaleido, None
        if ended is None:
            return
        try:
            await _within(_ENDING, ended.close())
        except Exception as error:
            log.info("The browser did not close: %r", error)
        process = private.process_of(ended)
        if process is not None and process.poll() is None:
            if hasattr(os, "killpg"):  # the browser is started in a session of its own
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()

    def close(self) -> None:
        """Close the browser, if there is one."""
        if self._loop is not None and self._kaleido is not None:
            ending = asyncio.run_coroutine_threadsafe(self._end(), self._loop)
            try:
                ending.result(_ENDING + 1)
            except Exception:
                log.info("The browser was left behind", exc_info=True)


async def _within(seconds: float, work: Awaitable[T]) -> T:
    """The result of what is done, or TimeoutError. What is late is told to stop and not waited for: it may never stop."""
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.cancel()
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise TimeoutError
    return task.result()


def _is_root() -> bool:
    """Chromium does not start its sandbox for root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


_drawer = _Drawer()


def draw(
    figure: Mapping[str, Any], height: int, finish: Callable[[str], bytes], known: Callable[[], bytes | None]
) -> bytes:
    """Draw a figure; callers get their turn in the order of asking.

    Parameters
    ----------
    figure
        Plotly's ``data`` and ``layout``, in plain values.
    height
        Of the picture, in pixels.
    finish
        Called with the SVG; what it returns is the answer.
    known
        Asked when it is the caller's turn: a picture that somebody before them asked for too, or None.

    Returns
    -------
    bytes
        What ``finish`` or ``known`` returned.

    Raises
    ------
    NoBrowser
        If there is no browser, or it does not start.
    CareLeaversError
        If it does not draw the figure in time, twice.
    """
    _found()
    return _drawer.run(lambda: _drawer.draw(figure, height, finish, known))


def _note_failure(opening: Future[None]) -> None:
    """Whoever asks for a picture is told why there is none."""
    if not opening.cancelled() and opening.exception() is not None:
        log.info("The browser did not start ahead: %r", opening.exception())


def prepare() -> None:
    """Start the browser for pictures that will be asked for soon, without waiting for it; where there is none, nothing happens."""
    if available():
        _drawer.prepare()


def waiting() -> int:
    """How many callers wait for a picture now."""
    return _drawer.waiting


def close() -> None:
    """Close the browser; the next picture starts another."""
    _drawer.close()
