"""What may hold a connection open and for how long: requests, answers and messages that stand still; descriptors.

A server that waits for ever for the rest of a request can be stopped by a thousand of them. Streamlit starts uvicorn
and leaves its protocols no choice, so they are put in place when it starts the application, before it listens.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

import streamlit as st
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from careleavers.settings import Limits
from careleavers.ui import private
from careleavers.ui.server import refusals
from careleavers.ui.server.headers import OF_A_LINE

log = logging.getLogger("careleavers.ui")

# An open page has its socket and, while its script runs, three descriptors of the script's event loop.
_A_TAB, _OURSELVES = 5, 200
# Seconds that connections have to finish when the server is told to stop; then they are cut.
_PARTING = 3
# Who takes fewer bytes a second than this of what was sent stands still.
_SLOWEST = 200
_LATE = "The rest of this request did not arrive in time.\n"


class _Taking:
    """How fast the other side takes what is sent to it, looked at every ``wait`` seconds."""

    def __init__(self) -> None:
        self._written = self._taken = 0

    def is_too_slow(self, written: int, unsent: int, wait: float) -> bool:
        """Whether what was there at the last look has hardly moved since.

        Parameters
        ----------
        written
            Bytes that were sent, from the beginning.
        unsent
            Those of them that have not arrived.
        wait
            Seconds since the last look.

        Returns
        -------
        bool
        """
        taken = written - unsent
        stands = taken < self._written and taken - self._taken < _SLOWEST * wait
        self._written, self._taken = written, taken
        return stands


class TimedHTTP(private.HTTPProtocol):
    """uvicorn's protocol with a limit on how many connections there are and how long one may stand still.

    Where there are too many, the one that has waited longest gives way: a visitor who asks is always heard.

    Attributes
    ----------
    waiting, answering
        The connections that wait for a request, and those whose request is answered, each in the order in which they
        began to. All connections of the process share both.
    """

    limits = Limits()
    of_a_line = OF_A_LINE
    # All connections, in the order in which they began to wait or to be answered.
    waiting: dict["TimedHTTP", None] = {}  # noqa: RUF012  # shared on purpose
    answering: dict["TimedHTTP", None] = {}  # noqa: RUF012

    _look_again: asyncio.TimerHandle | None = None
    _heard, _heard_before = 0, -1

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request.

        Parameters
        ----------
        transport
            The connection, as asyncio gives it.
        """
        super().connection_made(transport)
        self._taking = _Taking()
        self._wait()
        if len(self.waiting) + len(self.answering) > self.limits.requests:
            oldest = next(iter(self.waiting or self.answering))
            oldest.give_up("too many connections at once, so the oldest was closed")

    def data_received(self, data: bytes) -> None:
        """Take what arrived; a request whose head is complete is not waited for any longer.

        Parameters
        ----------
        data
            The bytes, which may begin or end anywhere in a request.
        """
        self._heard += len(data)
        super().data_received(data)
        if self in self.waiting and self.is_answering:
            del self.waiting[self]
            self.answering[self] = None
            self._heard_before = -1
            self._arm()

    def answered(self) -> None:
        """Wait for the next request on the same connection."""
        self._wait()

    def upgraded(self) -> None:
        """Leave the connection to its websocket."""
        self._forget()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection.

        Parameters
        ----------
        exc
            What went wrong; None where it was closed in order.
        """
        self._forget()
        super().connection_lost(exc)

    def give_up(self, why: str) -> None:
        """Close the connection, and say why where a request has begun.

        Parameters
        ----------
        why
            The reason, in a few words, for the log and the answer.
        """
        self._forget()
        if self._heard and not self.has_begun_to_answer and not self.transport.is_closing():
            refusals.note("a request was not waited for", why, self.address)
            self.refuse(408, _LATE)
        else:
            self.transport.abort()  # not close(): unread output would keep it open

    def _wait(self) -> None:
        self.answering.pop(self, None)
        self.waiting.pop(self, None)
        self.waiting[self] = None
        self._arm()

    def _arm(self) -> None:
        if self._look_again:
            self._look_again.cancel()
        self._look_again = self.loop.call_later(self.limits.wait, self._look)

    def _look(self) -> None:
        unsent = self.unsent
        if self in self.waiting and not unsent:
            self.give_up(f"it was not complete after {self.limits.wait} seconds")
            return
        silent = self._heard == self._heard_before and self.waits_for_a_body
        if self._taking.is_too_slow(self.written, unsent, self.limits.wait) or silent:
            self.give_up(f"nothing moved for {self.limits.wait} seconds")
            return
        self._heard_before = self._heard
        self._arm()

    def _forget(self) -> None:
        self.waiting.pop(self, None)
        self.answering.pop(self, None)
        if self._look_again:
            self._look_again.cancel()


class TimedWebSocket(private.SocketProtocol):
    """uvicorn's websocket with a limit on how long a message may stay unfinished or not be fetched, and a line for what is none.

    What a page is sent waits in memory until its browser takes it. One that sleeps connects again when it wakes, to the same page.
    """

    limits = Limits()
    of_a_line = OF_A_LINE
    _unfinished: asyncio.TimerHandle | None = None
    _look_again: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look whether what is sent is fetched.

        Parameters
        ----------
        transport
            The connection, as asyncio gives it.
        """
        super().connection_made(transport)
        self._taking = _Taking()
        self._look_again = self.loop.call_later(self.limits.wait, self._look)

    def data_received(self, data: bytes) -> None:
        """Take what arrived, and wait for the rest of a message for a while only.

        Parameters
        ----------
        data
            The bytes, which may begin or end anywhere in a message.
        """
        super().data_received(data)
        if self.is_between_messages:
            self._finished()
        elif self._unfinished is None and not self.is_closing:
            self._unfinished = self.loop.call_later(self.limits.wait, self._give_up)

    def message_complete(self) -> None:
        """Wait no longer."""
        self._finished()

    def no_message(self, reason: str) -> None:
        """Log why the connection is about to be closed.

        Parameters
        ----------
        reason
            What is wrong with what was sent.
        """
        self._finished()
        refusals.note("a page's connection was closed, for what it sent is no message", reason, self.address)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection.

        Parameters
        ----------
        exc
            What went wrong; None where it was closed in order.
        """
        self._finished()
        if self._look_again:
            self._look_again.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        if self._taking.is_too_slow(self.written, self.unsent, self.limits.wait):
            refusals.note("a page was not fetched", f"nothing moved for {self.limits.wait} seconds", self.address)
            self.transport.abort()  # not close(): unread output would keep it open
        else:
            self._look_again = self.loop.call_later(self.limits.wait, self._look)

    def _finished(self) -> None:
        if self._unfinished:
            self._unfinished.cancel()
            self._unfinished = None

    def _give_up(self) -> None:
        self._unfinished = None
        if self.is_closing:
            return
        if self.is_not_read:  # it is this server that is not reading
            self._unfinished = self.loop.call_later(self.limits.wait, self._give_up)
            return
        refusals.note("a message was not complete in time", address=self.address)
        self.fail(1008, "unfinished message")


class Started:
    """Learns from the start of the application which server runs it."""

    # uvicorn's configuration; None for another server.
    by: uvicorn.Config | None = None

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the server at its start, and hand everything on."""
        if scope["type"] == "lifespan":
            Started.by = private.server_behind(receive)
        await self.app(scope, receive, send)


def listens_on() -> tuple[str | None, int]:
    """The address and port that this process serves, as it was started: by uvicorn itself or through Streamlit."""
    if Started.by:
        return Started.by.host, Started.by.port
    return st.get_option("server.address"), int(st.get_option("server.port"))


def configure(limits: Limits) -> Limits:
    """Raise the limit of descriptors, and put the protocols in place.

    Parameters
    ----------
    limits
        What visitors may take up, as configured.

    Returns
    -------
    Limits
        What the system allows of it.
    """
    limits = _descriptors(limits)
    TimedHTTP.limits = TimedWebSocket.limits = limits
    if server := Started.by:
        private.serve_by(server, TimedHTTP, TimedWebSocket, largest_message=limits.message, parting=_PARTING)
    else:
        log.warning("This is not uvicorn: requests that are never finished have no limits but those of its own.")
    return limits


def _descriptors(limits: Limits) -> Limits:
    try:
        import resource
    except ImportError:  # Windows, where there is no such limit
        return limits
    wanted = _OURSELVES + limits.requests + _A_TAB * limits.tabs
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    allowed = wanted if hard == unlimited else min(wanted, hard)
    if soft != unlimited and soft < allowed:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == unlimited or soft >= wanted:
        return limits
    requests = min(limits.requests, max(soft // 4, 20))
    tabs = max((soft - _OURSELVES - requests) // _A_TAB, 10)
    log.warning(
        "The system allows %d open files, which is enough for %d open pages, not for the %d that are set: "
        "raise the limit (ulimit -n, or LimitNOFILE of a service) to %d.", soft, tabs, limits.tabs, wanted,
    )  # fmt: skip
    return replace(limits, requests=requests, tabs=tabs, tabs_each=min(limits.tabs_each, tabs))
