"""What may hold a connection open and for how long: requests, answers and messages that stand still; descriptors.

A server that waits for ever for the rest of a request can be stopped by a thousand of them. Streamlit starts uvicorn
and leaves its protocols no choice, so they are put in place when it starts the application, before it listens.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from careleavers.settings import Limits
from careleavers.ui.server import refusals

log = logging.getLogger("careleavers.ui")

# An open page has its socket and, while its script runs, three descriptors of the script's event loop.
_A_TAB, _OURSELVES = 5, 200
# Seconds that connections have to end when the server is told to stop; then they are cut.
_PARTING = 3
_LATE = "The rest of this request did not arrive in time.\n"


class TimedHTTP(H11Protocol):
    """uvicorn's protocol with a limit on how many connections there are and how long one may stand still.

    Where there are too many, the one that has waited longest gives way: a visitor who asks is always heard.
    """

    limits = Limits()
    # All of them, in the order in which they began to wait or to be answered.
    waiting: dict["TimedHTTP", None] = {}  # noqa: RUF012  # shared on purpose
    answering: dict["TimedHTTP", None] = {}  # noqa: RUF012

    _look_again: asyncio.TimerHandle | None = None
    _heard, _heard_before, _unsent_before = 0, -1, 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._wait()
        if len(self.waiting) + len(self.answering) > self.limits.requests:
            oldest = next(iter(self.waiting or self.answering))
            oldest.give_up("too many connections at once, so the oldest was closed")

    def data_received(self, data: bytes) -> None:
        """Take what arrived; a request whose head is complete is not waited for any longer."""
        self._heard += len(data)
        super().data_received(data)
        if self in self.waiting and self.cycle is not None and not self.cycle.response_complete:
            del self.waiting[self]
            self.answering[self] = None
            self._heard_before, self._unsent_before = -1, 0
            self._arm()

    def on_response_complete(self) -> None:
        """Wait for the next request on the same connection."""
        self._wait()
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to its websocket."""
        self._forget()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._forget()
        super().connection_lost(exc)

    def give_up(self, why: str) -> None:
        """Close the connection, and say why where a request has begun."""
        self._forget()
        if self.transport.is_closing():
            return
        begun = self._heard and (self.cycle is None or not self.cycle.response_started)
        if begun:
            refusals.note("a request was not waited for", why, self.client[0] if self.client else None)
            with suppress(h11.LocalProtocolError):
                head = h11.Response(status_code=408, headers=[("Connection", "close"), ("Content-Type", "text/plain"),
                                                              ("Content-Length", str(len(_LATE)))])  # fmt: skip
                for part in (head, h11.Data(data=_LATE.encode()), h11.EndOfMessage()):
                    self.transport.write(self.conn.send(part) or b"")
            self.transport.close()
        else:
            self.transport.abort()  # what was not fetched would keep it open

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
        if self in self.waiting:
            self.give_up(f"it was not complete after {self.limits.wait} seconds")
            return
        unsent = self.transport.get_write_buffer_size()
        silent = self._heard == self._heard_before and self.conn.their_state is h11.SEND_BODY
        if (silent and not self.flow.read_paused) or unsent >= self._unsent_before > 0:
            self.give_up(f"nothing moved for {self.limits.wait} seconds")
            return
        self._heard_before, self._unsent_before = self._heard, unsent
        self._arm()

    def _forget(self) -> None:
        self.waiting.pop(self, None)
        self.answering.pop(self, None)
        if self._look_again:
            self._look_again.cancel()


class TimedWebSocket(WebSocketsSansIOProtocol):
    """uvicorn's websocket with a limit on how long a message may stay unfinished, and a line for what is none."""

    limits = Limits()
    _unfinished: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take what arrived, and wait for the rest of a message for a while only."""
        super().data_received(data)
        if not self.frames and not self.conn.reader.buffer:
            self._finished()
        elif self._unfinished is None and not self.close_sent:
            self._unfinished = self.loop.call_later(self.limits.wait, self._give_up)

    def send_receive_event_to_app(self) -> None:
        """Hand a whole message on."""
        self._finished()
        super().send_receive_event_to_app()

    async def send(self, message: ASGISendEvent) -> None:
        """Send; an answer in place of a websocket ends the handshake, which uvicorn would report as a fault."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True

    def handle_parser_exception(self) -> None:
        """Close after what is no websocket message, or one that is too large."""
        self._finished()
        reason = self.conn.close_sent.reason if self.conn.close_sent else ""
        refusals.note("a page's connection was closed, for what it sent is no message", reason, self._from())
        super().handle_parser_exception()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._finished()
        super().connection_lost(exc)

    def _finished(self) -> None:
        if self._unfinished:
            self._unfinished.cancel()
            self._unfinished = None

    def _give_up(self) -> None:
        self._unfinished = None
        if self.close_sent or self.transport.is_closing():
            return
        if self.read_paused:  # it is we who do not read
            self._unfinished = self.loop.call_later(self.limits.wait, self._give_up)
            return
        refusals.note("a message was not complete in time", address=self._from())
        self.conn.fail(1008, "unfinished message")
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()

    def _from(self) -> str | None:
        return self.client[0] if self.client else None


class Started:
    """Learns from the start of the application which server runs it."""

    # How it is configured; None where it is not uvicorn.
    by: uvicorn.Config | None = None

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note the server at its start, and hand everything on."""
        if scope["type"] == "lifespan":
            # What tells of start and end is a method of uvicorn's; nothing else that it hands over leads back to it.
            server = getattr(getattr(receive, "__self__", None), "config", None)
            Started.by = server if isinstance(server, uvicorn.Config) else None
        await self.app(scope, receive, send)


def listens_on() -> tuple[str | None, int]:
    """The address and port that this process serves, as it was started: by uvicorn itself or through Streamlit."""
    if Started.by:
        return Started.by.host, Started.by.port
    return config.get_option("server.address"), int(config.get_option("server.port"))


def configure(limits: Limits) -> Limits:
    """Raise the limit of descriptors, and put the protocols in place. Returns what the system allows of ``limits``."""
    limits = _descriptors(limits)
    TimedHTTP.limits = TimedWebSocket.limits = limits
    if server := Started.by:
        server.http_protocol_class = TimedHTTP
        server.ws_protocol_class = TimedWebSocket
        server.ws_max_size = limits.message
        server.timeout_graceful_shutdown = _PARTING
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
