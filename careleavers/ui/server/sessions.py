"""Open pages and what they may send: a gate before Streamlit's websocket, and before the files that it hands out.

Streamlit takes every message of its protocol from everybody. Some empty what all visitors share, write to the server's
disk or tell about its code. Here only those pass that the pages send, in the size and number that people cause.
"""

import asyncio
import hashlib
import heapq
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careleavers import metrics
from careleavers.access.loopback import is_loopback_name
from careleavers.settings import Limits
from careleavers.ui import private
from careleavers.ui.private import BackMsg, ForwardMsg
from careleavers.ui.server import refusals, upload_token
from careleavers.ui.server.paths import is_page, path_of

log = logging.getLogger("careleavers.ui")

# Tells the script which visit it runs for. A client's own header of this name is dropped.
SESSION_HEADER = "careleavers-visit"
# Identifies a browser, for the files that were made for it.
BROWSER_COOKIE = "careleavers_browser"

_LOGOUT = private.LOGOUT.encode()
# rerun_script: every visit and every choice. stop_script: the Stop button, which ends the sender's own run.
# app_heartbeat: keeps the sender's own connection. file_urls_request: before a file is sent; only who may upload asks.
# backend_operation_request: a download button; of its kinds only "deferred_file" (the others: install_skills and
# dismiss_skills_nudge write to the server's disk; dataframe_chunk is for tables that load in parts, of which there
# are none). What does not pass: clear_cache empties what all share; load_git_info tells about the code; set_run_on_save,
# debug_disconnect_websocket and debug_shutdown_runtime are for developers.
_PASSING = {"rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request"}
_LONGEST_QUERY = 8000
_LONGEST_NAME = 300
_MOST_WIDGETS, _MOST_HASHES, _MOST_FILES = 1000, 5000, 20
# Refused messages that a page may send before its connection is closed; a browser sends none.
_PATIENCE = 5
# Messages allowed in a burst before the rate per second applies: somebody dragging a slider sends many.
_BURST = 60
_RETRY = 30
_KEPT, _KEPT_SECONDS = 5000, 600.0
_ENDED_SECONDS = 31 * 24 * 3600.0
# Script runs at once. They share one processor (Python's global lock) with everything else the server does.
_RUNS = 4
# Seconds after which a run that has not begun, or not ended, no longer keeps the next one waiting.
_BEGINS_IN, _ENDS_IN = 1.0, 5.0
# How a run can end, as it is counted.
_ENDINGS = {
    ForwardMsg.FINISHED_SUCCESSFULLY: "page",
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY: "part",
    ForwardMsg.FINISHED_EARLY_FOR_RERUN: "interrupted",
}
# The message that a run has ended is small, so larger ones need not be decoded.
_SMALL = 300
# How many visitors' turns are remembered before those without a turn ahead are forgotten.
_MOST_TURNS = 2000
FULL = (
    "This dashboard is in use by as many people as it can serve at the moment. Those who have it open can go on; "
    "please try again in a minute."
)
FOREIGN = "This page was asked for in a way that this dashboard does not answer. Open it by its own address."


@dataclass(eq=False)
class Session:
    """One open page: its connection, and whose it is as far as the connection tells.

    Attributes
    ----------
    name
        A random name, which Streamlit is given in a header of the connection.
    browser, sign_in
        What tells one browser, and one sign-in, from another.
    address
        The visitor's network address; None where it is not known.
    send, loop
        How something is sent to it, and the event loop to do so in.
    closed
        Whether the connection has ended or is about to.
    refused
        How many of its messages were left unread.
    tokens, at
        How many messages may be read at once, and when (monotonic clock, seconds) that was last counted.
    asked_for
        The requests for downloads that were not answered yet, by their id.
    may_upload
        Says whether its visitor may upload now; None where that was never so.
    ending
        The timer that ends it with its sign-in; None without one.
    leaving
        Whether it is on its way to the sign-out by itself.
    run
        Its latest run of a page; None before the first.
    asked
        Whether it has asked for a run that has not been handed on yet.
    told
        When something was last sent to it (monotonic clock, seconds).
    """

    name: str
    browser: str
    sign_in: str
    address: str | None
    send: Send
    loop: asyncio.AbstractEventLoop
    closed: bool = False
    refused: int = 0
    tokens: float = _BURST
    at: float = field(default_factory=time.monotonic)
    asked_for: set[str] = field(default_factory=set)
    may_upload: Callable[[], bool] | None = None
    ending: asyncio.TimerHandle | None = None
    # Being sent to the sign-out page already.
    leaving: bool = False
    run: "_Run | None" = None
    asked: bool = False
    told: float = 0.0

    @property
    def is_drawn(self) -> bool:
        """Whether the page shows what came of everything that its visitor has done."""
        return not self.asked and (self.run is None or self.run.drawn)

    @property
    def visitor(self) -> str:
        """Who shares a turn with this page: its address, or its browser where everybody seems to be on this machine."""
        known = self.address and not is_loopback_name(self.address)
        return f"address {self.address}" if known else f"browser {self.browser}"

    async def close(self, code: int, reason: str) -> None:
        """End the connection; a browser then opens another, and is asked anew who it is.

        Parameters
        ----------
        code
            Close code of the websocket protocol.
        reason
            Why, for the log and the other side.
        """
        if not self.closed:
            self.closed = True
            with suppress(OSError, RuntimeError):  # it may have closed already
                await self.send({"type": "websocket.close", "code": code, "reason": reason})

    async def start_again(self, reason: str) -> None:
        """Have the browser load the page anew, for whoever it is then, and end the connection.

        Parameters
        ----------
        reason
            Why, for the log and the other side.
        """
        if not self.closed and not self.leaving:
            again = ForwardMsg()
            again.auth_redirect.url = ""  # a browser takes an empty address as the one that it has open
            with suppress(OSError, RuntimeError):
                await self.send({"type": "websocket.send", "bytes": again.SerializeToString()})
        await self.close(1000, reason)


class SessionLimits:
    """The few places for runs of the script, which visitors take in turn, however many pages each of them has.

    So a newcomer does not stand behind fifty pages of somebody who asks without end (start-time fair queueing: every
    visitor has a clock, and whose clock is furthest behind comes first).
    """

    def __init__(self, free: int) -> None:
        self._free = self._places = free
        self._last = time.monotonic()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._count = count()
        self._now = 0
        self._next: dict[str, int] = {}

    def idle_for(self) -> float:
        """Seconds since a place was last taken or given back; 0 while one is taken."""
        return time.monotonic() - self._last if self._free == self._places else 0.0

    async def take(self, visitor: str) -> None:
        """Wait for a place.

        Parameters
        ----------
        visitor
            Whose turn it takes (:meth:`Session.visitor`).

        Raises
        ------
        asyncio.CancelledError
            If the visitor leaves before there is a place. One that came too late is given to the next.
        """
        self._last = time.monotonic()
        turn = max(self._now, self._next.get(visitor, 0))
        self._next[visitor] = turn + 1
        if len(self._next) > _MOST_TURNS:
            # A visitor at most one turn ahead of the others is treated like a new one, so can be forgotten.
            self._next = {name: at for name, at in self._next.items() if at > self._now + 1}
        if self._free and not self._waiting:
            self._free -= 1
            self._now = max(self._now, turn)
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (turn, next(self._count), place))
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.give()  # the place came too late to be used
            raise

    def give(self) -> None:
        """Give a place to the next, or back."""
        self._last = time.monotonic()
        while self._waiting:
            turn, _, place = heapq.heappop(self._waiting)
            if not place.done():
                self._now = max(self._now, turn)
                place.set_result(None)
                return
        self._free += 1


class _Run:
    """A run of the script that takes one of the few places, from when it is asked for until it ends or goes on too long."""

    def __init__(self, places: SessionLimits) -> None:
        self._places = places
        self._began = self._finished = False
        # Whether the page has been drawn to its end, by this run or by one that it began anew with.
        self.drawn = False
        self._started = 0.0
        self.over = asyncio.Event()
        self._alarm = asyncio.get_running_loop().call_later(_BEGINS_IN, self.end)

    def note_message(self, content: bytes) -> None:
        """Something was sent to the page: perhaps that the run has begun, or ended.

        The end of the run before it, which it interrupts, is told before it begins.
        """
        if self.drawn or (self._began and len(content) >= _SMALL):
            return
        told = ForwardMsg.FromString(content)
        kind = told.WhichOneof("type")
        if kind == "new_session" and not self._began:
            self._began, self._started = True, time.monotonic()
            if not self.over.is_set():
                self._alarm.cancel()
                self._alarm = asyncio.get_running_loop().call_later(_ENDS_IN, self.end)
        elif kind == "script_finished" and self._began:
            self.drawn = told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if self._finished:
                return
            self._finished = True
            metrics.RERUNS.labels(_ENDINGS.get(told.script_finished, "failed")).observe(
                time.monotonic() - self._started
            )
            self.end()

    def end(self) -> None:
        """Give the place to the next."""
        if not self.over.is_set():
            self.over.set()
            self._alarm.cancel()
            self._places.give()


class Sessions:
    """All open pages of this process."""

    def __init__(self) -> None:
        self.limits = Limits()
        self.open: dict[str, Session] = {}
        self.places = SessionLimits(_RUNS)
        self._ended: OrderedDict[str, float] = OrderedDict()
        self._files: OrderedDict[str, tuple[str, float]] = OrderedDict()

    def idle_for(self) -> float:
        """Seconds since a run of a page last began or ended; 0 while one is under way."""
        return self.places.idle_for()

    def is_full(self, address: str | None) -> bool:
        """Whether there is no room for another page, from this address or at all.

        Parameters
        ----------
        address
            The address that the page's connection comes from; None where it is not known.

        Returns
        -------
        bool
        """
        if len(self.open) >= self.limits.tabs:
            return True
        # Behind a proxy on this machine that does not pass on addresses, everybody seems to be at this machine.
        if address is None or is_loopback_name(address):
            return False
        return sum(each.address == address for each in self.open.values()) >= self.limits.tabs_each

    def officers_waiting(self) -> int:
        """How many pages of people who may change the store do not show yet what came of what they have pressed or chosen."""
        return sum(each.may_upload is not None and not each.is_drawn for each in list(self.open.values()))

    def last_told(self) -> float:
        """When something was last sent to the page of somebody who may upload (monotonic clock, seconds); 0 for never."""
        return max((each.told for each in self.open.values() if each.may_upload is not None), default=0.0)

    def until(self, name: str, expires: float) -> None:
        """End a visit when its sign-in runs out; asked for by the script that it runs.

        Parameters
        ----------
        name
            The visit.
        expires
            When, in seconds since 1970.
        """
        visit = self.open.get(name)
        if visit is None:
            return

        def set_alarm() -> None:
            if visit.ending:
                visit.ending.cancel()
            visit.ending = visit.loop.call_later(max(expires - time.time(), 0) + 1, close)

        def close() -> None:
            _keep(visit.loop.create_task(visit.start_again("the sign-in has run out")))

        visit.loop.call_soon_threadsafe(set_alarm)

    async def end_sign_in(self, cookies: str) -> None:
        """End what a signed-out browser may do: its other pages now, and its cookie for whoever kept it.

        Parameters
        ----------
        cookies
            The request's ``Cookie`` header.
        """
        sign_in = sign_in_of(cookies)
        if not sign_in:
            return
        now = time.monotonic()
        self._ended[sign_in] = now
        while self._ended and now - next(iter(self._ended.values())) > _ENDED_SECONDS:
            self._ended.popitem(last=False)
        for visit in [each for each in self.open.values() if each.sign_in == sign_in]:
            visit.may_upload = None
            await visit.start_again("signed out")

    def has_ended(self, cookies: str) -> bool:
        """Whether a request carries a sign-in that was signed out from.

        Parameters
        ----------
        cookies
            The request's ``Cookie`` header.

        Returns
        -------
        bool
        """
        return sign_in_of(cookies) in self._ended

    def keep_file(self, name: str, browser: str) -> None:
        """Note which browser a file was made for.

        Parameters
        ----------
        name
            Name of the file, as its address has it.
        browser
            What tells the browser from others.
        """
        self._files[name] = browser, time.monotonic()
        self._files.move_to_end(name)
        while len(self._files) > _KEPT:
            self._files.popitem(last=False)

    def may_fetch(self, name: str, browser: str) -> bool:
        """Whether a file was made for this browser, some minutes ago at most.

        Parameters
        ----------
        name
            Name of the file, as its address has it.
        browser
            What tells the browser from others.

        Returns
        -------
        bool
        """
        made_for, at = self._files.get(name, ("", 0.0))
        return bool(browser) and made_for == browser and time.monotonic() - at < _KEPT_SECONDS


SESSIONS = Sessions()
_tasks: set[asyncio.Task[None]] = set()


def _keep(task: asyncio.Task[None]) -> None:
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


def sign_in_of(cookies: str) -> str:
    """What tells one sign-in from another in a ``Cookie`` header; "" where there is none.

    Parameters
    ----------
    cookies
        The request's ``Cookie`` header.

    Returns
    -------
    str
    """
    parts = sorted(
        pair for pair in upload_token.cookies_in(cookies).items() if pair[0].startswith(private.USER_COOKIE) and pair[1]
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest() if parts else ""


class SessionGate:
    """Lets pages open up to the limits, lets their messages through that the pages need, and ties files to a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "websocket":
            if refusal:
                await _refuse_socket(refusal, scope, send)
            else:
                await self._visit(scope, receive, send)
            return
        await (refusal or self._http)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """The sentence that a request is answered with before anybody looks at it; None where it may go on."""
        headers, path, address = Headers(raw=scope["headers"]), path_of(scope), refusals.address_of(scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not _is_host(hosts[0]) or not private.host_is_allowed(hosts[0]):
            reference = refusals.note("the Host of a request names no server of ours", " ".join(hosts), address)
            return refusals.sentence(400, f"{FOREIGN} Reference {reference}.")
        if scope["type"] == "http":
            if not is_page(path):
                return None
            if len(scope["query_string"]) > _LONGEST_QUERY:
                reference = refusals.note(
                    "a page's address is too long", f"{len(scope['query_string'])} bytes", address
                )
                return refusals.sentence(
                    414, f"This address is too long. Open the dashboard without it. Reference {reference}."
                )
        elif path != private.STREAM:
            return refusals.sentence(404, "There is nothing here.")
        elif not is_own_origin(headers.get("origin"), hosts[0]):
            reference = refusals.note(
                "a page of another site wanted to open one", f"{headers.get('origin')} at {hosts[0]}", address
            )
            return refusals.sentence(403, f"{FOREIGN} Reference {reference}.")
        if SESSIONS.is_full(address):
            refusals.note("no more pages are served", f"{len(SESSIONS.open)} are open", address)
            return refusals.sentence(503, FULL, Retry_After=str(_RETRY))
        return None

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, cookies = path_of(scope), Headers(raw=scope["headers"]).get("cookie", "")
        browser = upload_token.cookie(cookies, BROWSER_COOKIE)
        given: list[Response] = []

        async def sent(message: Message) -> None:
            if given:
                return
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message["headers"]))
                if path.startswith(private.MEDIA) and "attachment" in headers.get("content-disposition", ""):
                    if not SESSIONS.may_fetch(path.removeprefix(private.MEDIA), browser):
                        given.append(PlainTextResponse("Not found\n", status_code=404))
                        await given[0](scope, receive, send)
                        return
                    headers["cache-control"] = "no-store"
                elif is_page(path) and not browser:
                    line = f"{BROWSER_COOKIE}={secrets.token_urlsafe(18)}; Path=/; HttpOnly; SameSite=Lax"
                    headers.append("set-cookie", line)
                message = {**message, "headers": headers.raw}
            await send(message)

        await self.app(scope, receive, sent)

    async def _visit(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(raw=scope["headers"])
        cookies = headers.get("cookie", "")
        visit = Session(
            secrets.token_urlsafe(18), upload_token.cookie(cookies, BROWSER_COOKIE), sign_in_of(cookies),
            refusals.address_of(scope), send, asyncio.get_running_loop(),
        )  # fmt: skip
        dropped = {SESSION_HEADER.encode()} | ({b"cookie"} if SESSIONS.has_ended(cookies) else set())
        kept = [pair for pair in scope["headers"] if pair[0].lower() not in dropped]
        scope = {**scope, "headers": [*kept, (SESSION_HEADER.encode(), visit.name.encode())]}
        SESSIONS.open[visit.name] = visit
        try:
            # A page that reconnects names its session, and asks for a run only when its visitor does something.
            again = len([each for each in scope.get("subprotocols", []) if each]) > 2
            await self.app(scope, _VisitReceive(visit, receive, began=again), _VisitSend(visit))
        except asyncio.CancelledError:
            # The server is stopping and has waited long enough for the page: not an error to report.
            log.debug("a page was cut off")
        finally:
            visit.closed, visit.may_upload = True, None
            if visit.run:
                visit.run.end()
            if visit.ending:
                visit.ending.cancel()
            del SESSIONS.open[visit.name]


class _VisitSend:
    """The ``send`` of a visit: nothing after its end, and an eye on the files that it asked for."""

    def __init__(self, visit: Session) -> None:
        self._visit = visit

    async def __call__(self, message: Message) -> None:
        visit = self._visit
        if visit.closed:
            raise OSError("the connection was closed")  # as when the other side closes it
        if message["type"] == "websocket.close":
            visit.closed = True
        content = message.get("bytes")
        if content and visit.run:
            visit.run.note_message(content)
        if content and _LOGOUT in content and ForwardMsg.FromString(content).HasField("auth_redirect"):
            visit.leaving = True
        if content and any(each.encode() in content for each in visit.asked_for):
            told = ForwardMsg.FromString(content).backend_operation_response
            if told.request_id in visit.asked_for:
                visit.asked_for.discard(told.request_id)
                if told.deferred_file.url:
                    SESSIONS.keep_file(told.deferred_file.url.rpartition("/")[2], visit.browser)
        visit.told = time.monotonic()
        try:
            await visit.send(message)
        except OSError:
            visit.closed = True  # the other side has gone; what it had asked for is not drawn
            raise


class _VisitReceive:
    """The ``receive`` of a visit: only messages that the pages need, no faster than people cause them."""

    def __init__(self, visit: Session, receive: Receive, began: bool) -> None:
        self._visit, self._receive = visit, receive
        self._began = began
        # A page that was open before the server started asks for a part of itself when its visitor types there. This server
        # has never drawn it and has no such part, so it draws the whole page first.
        self._whole = began

    async def __call__(self) -> Message:
        visit, limits = self._visit, SESSIONS.limits
        while True:
            try:
                async with asyncio.timeout(None if self._began else 2 * limits.wait):
                    message = await self._receive()
            except TimeoutError:
                refusals.note("an open page asked for nothing in time", address=visit.address)
                return await self._end(1008, "nothing was asked")
            if message["type"] != "websocket.receive":
                return message
            self._began = True
            await self._pace(limits)
            asked, wrong = private.read_message(message.get("bytes"))
            if wrong:
                refusals.note("a page's connection was closed", wrong, visit.address)
                return await self._end(1002, "no message of the pages")
            if not (problem := _problem(asked, visit)):
                if asked.WhichOneof("type") == "backend_operation_request":
                    visit.asked_for.add(asked.backend_operation_request.request_id)
                if asked.WhichOneof("type") == "rerun_script":
                    if self._whole and asked.rerun_script.fragment_id:
                        asked.rerun_script.fragment_id = ""
                        message = {**message, "bytes": asked.SerializeToString()}
                    self._whole = False
                    visit.asked = True
                    if visit.run:
                        await visit.run.over.wait()
                    asked_at = time.monotonic()
                    await SESSIONS.places.take(visit.visitor)
                    metrics.WAITS.observe(time.monotonic() - asked_at)
                    visit.run, visit.asked = _Run(SESSIONS.places), False
                    if visit.closed:  # closed while it waited: nobody would see the result
                        visit.run.end()
                        return {"type": "websocket.disconnect", "code": 1006, "reason": ""}
                return message
            visit.refused += 1
            if visit.refused == 1:
                refusals.note("a message of a page was left unread", problem, visit.address)
            if visit.refused > _PATIENCE:
                refusals.note("a page's connection was closed after more such messages", problem, visit.address)
                return await self._end(1008, "no message of the pages")

    async def _pace(self, limits: Limits) -> None:
        """Wait until the next message may be read; meanwhile no more are taken from the network."""
        visit, now = self._visit, time.monotonic()
        visit.tokens = min(visit.tokens + (now - visit.at) * limits.messages, _BURST) - 1
        visit.at = now
        if visit.tokens < 0:
            await asyncio.sleep(-visit.tokens / limits.messages)

    async def _end(self, code: int, reason: str) -> Message:
        await self._visit.close(code, reason)
        return {"type": "websocket.disconnect", "code": code, "reason": reason}


def _problem(asked: BackMsg, visit: Session) -> str:
    """What is wrong with a message, or "" where it may pass."""
    kind = asked.WhichOneof("type")
    if kind not in _PASSING:
        return f"{kind or 'one of no known kind'}, which no page sends"
    if kind == "file_urls_request":
        if visit.may_upload is None:
            return "a place for a file, from a page whose visitor may not upload"
        if len(asked.file_urls_request.file_names) > _MOST_FILES:
            return "places for too many files"
    if kind == "backend_operation_request":
        request = asked.backend_operation_request
        if request.WhichOneof("payload") != "deferred_file":
            return f"{request.WhichOneof('payload')}, which no page sends"
        if not 8 <= len(request.request_id) <= _LONGEST_NAME or len(visit.asked_for) >= _MOST_FILES:
            return "too many files at once"
    if kind == "rerun_script":
        state = asked.rerun_script
        names = (state.page_script_hash, state.page_name, state.fragment_id)
        if len(state.query_string) > _LONGEST_QUERY:
            return f"an address of {len(state.query_string)} characters"
        if max(map(len, names)) > _LONGEST_NAME:
            return "a page or a part of one with an endless name"
        if len(state.widget_states.widgets) > _MOST_WIDGETS or len(state.cached_message_hashes) > _MOST_HASHES:
            return "more choices than any page has"
    return ""


def _is_host(host: str) -> bool:
    """Whether this can be the name or address of a server, with or without a port."""
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    name = name if colon else host
    if colon and not (port.isascii() and port.isdigit() and int(port) < 65536):
        return False
    plain = name[1:-1] if name.startswith("[") and name.endswith("]") else name
    allowed = ".-_" + (":" if plain != name else "")
    return 0 < len(plain) <= 255 and all(mark.isascii() and (mark.isalnum() or mark in allowed) for mark in plain)


def is_own_origin(origin: str | None, host: str) -> bool:
    """Whether a page that asks is one of ours. Streamlit would take any port of this machine for ours.

    Parameters
    ----------
    origin
        The request's ``Origin`` header; None where it has none.
    host
        Its ``Host`` header.

    Returns
    -------
    bool
    """
    try:
        if origin is not None and is_loopback_name(urlsplit(origin).hostname):
            return urlsplit(origin).netloc == host
        return private.origin_is_allowed(origin, host)
    except ValueError:  # not a valid address
        return False


async def _refuse_socket(answer: Response, scope: Scope, send: Send) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return

    async def nothing() -> Message:
        return {"type": "websocket.disconnect"}

    await answer(scope, nothing, send)
