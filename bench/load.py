"""Viewers who speak Streamlit's protocol and think like people: how long they wait, and what they cost.

Each arrives by a link, chooses an authority, opens three pages, changes what it is compared with and goes back, with seconds
of reading between. ``python -m bench.load`` starts a server of this checkout and sends 1, 10, 50, 100 and 200 of them;
``--url`` measures servers that run on this machine already (several: replicas, whose viewers are dealt out in turn).
``--at-once`` is a meeting: all open the same link in the same second.

The viewers run on the same processors as what they measure, so what they use themselves is part of the answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from urllib.parse import quote, urlencode, urlsplit

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.server import running

SIZES = (1, 10, 50, 100, 200)
# The most viewers and seconds that may be asked for: this is for the reader's own machine and never for another's.
_MOST_VIEWERS, _MOST_SECONDS = 500, 900
_PATIENCE = 60.0
_PAGES = ("compare", "trends", "spread", "map", "workforce", "together", "inspections")
_AGAINST = ("England", "Region")
# The first of the list are those that exist today.
_CURRENT = 150


@dataclass
class Visits:
    """What viewers met.

    Attributes
    ----------
    waits
        Milliseconds from each choice to the end of its answer, with what was done.
    first_pages
        Milliseconds until the first page of the address had come.
    bytes
        What they were sent over their connections.
    errors
        What went wrong, in words.
    finished
        How many have done all that they wanted to, or could not go on.
    """

    waits: list[tuple[str, float]] = field(default_factory=list)
    first_pages: list[float] = field(default_factory=list)
    bytes: int = 0
    errors: list[str] = field(default_factory=list)
    finished: int = 0


class Person:
    """One viewer with one open page, who chooses and reads in turn."""

    def __init__(self, url: str, seen: Visits, chance: random.Random, think: tuple[float, float]) -> None:
        self.url, self.seen, self.chance, self.think = url, seen, chance, think
        # The choices that the address holds, the controls by parameter, and the pages by name.
        self.shared: dict[str, str] = {}
        self.controls: dict[str, str] = {}
        self.labels: list[str] = []
        self.pages: dict[str, str] = {}
        self.page = ""
        # A browser keeps what it received in the last two runs.
        self._known: deque[set[str]] = deque(maxlen=2)
        self._socket: websockets.ClientConnection

    async def live(self, arrives: float, stay: asyncio.Event) -> None:
        """Come after some seconds, look around, and leave when ``stay`` is set.

        Parameters
        ----------
        arrives
            Seconds to wait at first.
        stay
            Keeps the page open until it is set.
        """
        await asyncio.sleep(arrives)
        doing = "arrive"
        try:
            await self._first_page("/")
            async with await self._connect() as self._socket:
                await self._rerun(doing)
                for doing, change in self._plan():
                    await asyncio.sleep(self.chance.uniform(*self.think))
                    change()
                    await self._rerun(doing)
                self.seen.finished += 1
                await stay.wait()
        except (OSError, TimeoutError, websockets.WebSocketException) as problem:
            self.seen.finished += not stay.is_set()
            self.seen.errors.append(f"{doing}: {type(problem).__name__}: {problem}")

    async def open_link(self, address: str, stay: asyncio.Event) -> None:
        """Open a link, and leave when ``stay`` is set.

        Parameters
        ----------
        address
            Path and query inside the dashboard.
        stay
            Keeps the page open until it is set.
        """
        parts = urlsplit(address)
        self.page = parts.path.strip("/")
        try:
            await self._first_page(address)
            async with await self._connect() as self._socket:
                await self._rerun("open the link", parts.query)
                self.seen.finished += 1
                await stay.wait()
        except (OSError, TimeoutError, websockets.WebSocketException) as problem:
            self.seen.finished += 1
            self.seen.errors.append(f"open the link: {type(problem).__name__}: {problem}")

    def _plan(self) -> Iterable[tuple[str, Callable[[], None]]]:
        pages = ["compare", *self.chance.sample(_PAGES[1:], 2)]
        yield "choose an authority", lambda: self.shared.update(authority=self.chance.choice(self.labels))
        for page in pages:
            yield page, lambda page=page: setattr(self, "page", page)
        yield "change the comparator", lambda: self.shared.update(against=self.chance.choice(_AGAINST))
        yield "at_a_glance", lambda: setattr(self, "page", "")

    async def _first_page(self, address: str) -> None:
        """Fetch the page as a browser does before its scripts connect; the scripts themselves are cached files."""
        began = time.perf_counter()
        await asyncio.wait_for(_fetch(self.url, address), _PATIENCE)
        self.seen.first_pages.append(1000 * (time.perf_counter() - began))

    def _connect(self) -> websockets.connect:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        return websockets.connect(
            address, max_size=None, origin=self.url, subprotocols=["streamlit"], open_timeout=_PATIENCE, ping_interval=None,
            max_queue=256,
        )  # type: ignore[arg-type]  # fmt: skip

    async def _rerun(self, doing: str, query: str | None = None) -> None:
        """Ask for the page as it is chosen now, and wait for all of it."""
        request = BackMsg()
        asked = request.rerun_script
        asked.query_string = urlencode(self.shared, quote_via=quote) if query is None else query
        asked.cached_message_hashes.extend(set().union(*self._known))
        # The address names the page at first; afterwards the navigation does.
        if self.page in self.pages:
            asked.page_script_hash = self.pages[self.page]
        else:
            asked.page_name = self.page
        for parameter, identity in self.controls.items():
            if parameter in self.shared:
                asked.widget_states.widgets.add(id=identity, string_value=self.shared[parameter])
        began = time.perf_counter()
        await self._socket.send(request.SerializeToString())
        async with asyncio.timeout(_PATIENCE):
            problem = await self._finish()
        self.seen.waits.append((doing, 1000 * (time.perf_counter() - began)))
        if problem:
            self.seen.errors.append(f"{doing}: {problem}")

    async def _finish(self) -> str:
        """Read to the end of the run; what the page says is wrong, "" where nothing is."""
        sent: set[str] = set()
        problem, began = "", False
        while True:
            content = await self._socket.recv()
            self.seen.bytes += len(content)
            message = ForwardMsg.FromString(content)  # type: ignore[arg-type]
            kind = message.WhichOneof("type")
            if kind == "delta":
                if message.metadata.cacheable:
                    sent.add(message.hash)
                problem = self._look_at(message) or problem
            elif kind == "ref_hash":
                sent.add(message.ref_hash)
            elif kind == "navigation":
                self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                self.pages[""] = next(page.page_script_hash for page in message.navigation.app_pages if page.is_default)
            elif kind == "new_session":
                began = True
            elif kind == "script_finished" and began:
                self._known.append(sent)
                ended = ForwardMsg.ScriptFinishedStatus.Name(message.script_finished)
                return problem or ("" if ended == "FINISHED_SUCCESSFULLY" else ended)

    def _look_at(self, message: ForwardMsg) -> str:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "selectbox" and element.selectbox.query_param_key:
            self.controls[element.selectbox.query_param_key] = element.selectbox.id
            if element.selectbox.query_param_key == "authority" and not self.labels:
                self.labels = list(element.selectbox.options)[:_CURRENT]
        elif kind == "exception":
            return "an exception on the page"
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            return f"the page says: {element.alert.body[:80]}"
        return ""


async def _fetch(url: str, address: str) -> None:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(
            f"GET {address} HTTP/1.1\r\nHost: {place.netloc}\r\nAccept-Encoding: br, gzip\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        if not answer.startswith(b"HTTP/1.1 200 "):
            raise OSError(answer.partition(b"\r\n")[0].decode(errors="replace") or "no answer")
    finally:
        writer.close()


@dataclass(frozen=True)
class Load:
    """What so many viewers met and cost.

    Attributes
    ----------
    viewers, seconds, visits
        How many there were, for how long, and how often they asked for something.
    p50, p95, p99, longest
        Milliseconds from a choice to the end of its answer.
    first_page
        Milliseconds until the first page had come (p95).
    errors
        What went wrong.
    server, own
        Cores that the servers, and the viewers themselves, kept busy.
    a_visit
        Milliseconds of the servers' processor time for each visit.
    memory, a_viewer
        MB of the servers with all viewers there, and what each viewer added.
    kilobytes
        What a visit sent.
    by_step
        p95 by what was done.
    """

    viewers: int
    seconds: float
    visits: int
    p50: float
    p95: float
    p99: float
    longest: float
    first_page: float
    errors: list[str]
    server: float
    own: float
    a_visit: float
    memory: float
    a_viewer: float
    kilobytes: float
    by_step: dict[str, float]


def _at(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] if ordered else 0.0


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


class Servers:
    """The processes behind some addresses of this machine.

    Parameters
    ----------
    urls
        Their addresses.
    """

    def __init__(self, urls: Sequence[str]) -> None:
        for url in urls:
            if urlsplit(url).hostname != "127.0.0.1":
                raise SystemExit(f"Only servers of this machine are measured (http://127.0.0.1:…), not {url}.")
        ports = {urlsplit(url).port for url in urls}
        self.urls = list(urls)
        pids = {
            each.pid
            for each in psutil.net_connections("tcp")
            if each.status == psutil.CONN_LISTEN and each.laddr.port in ports and each.pid
        }
        self.processes = [psutil.Process(pid) for pid in sorted(pids)]

    def seconds(self) -> float:
        """Processor time used so far."""
        used = [each.cpu_times() for each in self.processes]
        return sum(each.user + each.system for each in used)

    def memory(self) -> float:
        """Resident memory in MB."""
        return sum(each.memory_info().rss for each in self.processes) / 1e6


async def _visit(servers: Servers, viewers: int, think: tuple[float, float], ramp: float, seed: int) -> Load:
    chance, seen, stay = random.Random(seed), Visits(), asyncio.Event()
    before, used, own = servers.memory(), servers.seconds(), _own_seconds()
    began = time.perf_counter()
    people = [
        asyncio.create_task(
            Person(servers.urls[number % len(servers.urls)], seen, random.Random(chance.random()), think).live(
                ramp * number / viewers, stay
            )
        )
        for number in range(viewers)
    ]
    # Everybody is still there when memory is read, though most have read all that they wanted to.
    while seen.finished < viewers and time.perf_counter() - began < _MOST_SECONDS:
        await asyncio.sleep(0.1)
    seconds, with_all = time.perf_counter() - began, servers.memory()
    used, own = servers.seconds() - used, _own_seconds() - own
    stay.set()
    await asyncio.gather(*people)
    return _load(viewers, seconds, seen, used, own, before, with_all)


async def _open_at_once(servers: Servers, viewers: int, address: str) -> Load:
    seen, stay = Visits(), asyncio.Event()
    before, used, own = servers.memory(), servers.seconds(), _own_seconds()
    began = time.perf_counter()
    people = [
        asyncio.create_task(
            Person(servers.urls[number % len(servers.urls)], seen, random.Random(number), (0, 0)).open_link(
                address, stay
            )
        )
        for number in range(viewers)
    ]
    while seen.finished < viewers and time.perf_counter() - began < 2 * _PATIENCE:
        await asyncio.sleep(0.05)
    seconds, with_all = time.perf_counter() - began, servers.memory()
    used, own = servers.seconds() - used, _own_seconds() - own
    stay.set()
    await asyncio.gather(*people)
    return _load(viewers, seconds, seen, used, own, before, with_all)


def _load(viewers: int, seconds: float, seen: Visits, used: float, own: float, before: float, with_all: float) -> Load:
    waits = [ms for _, ms in seen.waits]
    steps: dict[str, list[float]] = {}
    for step, ms in seen.waits:
        steps.setdefault(step, []).append(ms)
    visits = max(len(waits), 1)
    return Load(
        viewers, seconds, len(waits), _at(waits, 0.5), _at(waits, 0.95), _at(waits, 0.99), max(waits, default=0.0),
        _at(seen.first_pages, 0.95), seen.errors, used / seconds, own / seconds, 1000 * used / visits, with_all,
        (with_all - before) / viewers, seen.bytes / 1000 / visits, {step: _at(some, 0.95) for step, some in steps.items()},
    )  # fmt: skip


def measure(
    urls: Sequence[str],
    viewers: int,
    *,
    think: tuple[float, float] = (3.0, 9.0),
    ramp: float = 10.0,
    seed: int = 1,
    link: str = "",
) -> Load:
    """So many viewers at servers of this machine.

    Parameters
    ----------
    urls
        The servers, without a slash at the end.
    viewers
        How many there are at once.
    think
        Seconds that each reads between two choices: at least, at most.
    ramp
        Seconds over which they arrive.
    seed
        Tells one run's choices from another's.
    link
        Path and query of a link that all open in the same moment, instead of looking around.

    Returns
    -------
    Load
    """
    if not 0 < viewers <= _MOST_VIEWERS:
        raise SystemExit(f"From 1 to {_MOST_VIEWERS} viewers can be measured, not {viewers}.")
    servers = Servers(urls)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    return asyncio.run(_open_at_once(servers, viewers, link) if link else _visit(servers, viewers, think, ramp, seed))


def lines(taken: Sequence[Load]) -> list[str]:
    """Measurements as a table in Markdown.

    Parameters
    ----------
    taken
        The measurements.

    Returns
    -------
    list[str]
        Its lines.
    """
    head = (
        "viewers", "choices", "p50", "p95", "p99", "longest", "first page p95", "errors", "server", "viewers’ own",
        "CPU a choice", "memory", "a viewer", "sent a choice",
    )  # fmt: skip
    found = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for each in taken:
        cells = (
            f"{each.viewers}", f"{each.visits}", f"{each.p50:.0f} ms", f"{each.p95:.0f} ms", f"{each.p99:.0f} ms",
            f"{each.longest:.0f} ms", f"{each.first_page:.0f} ms", f"{len(each.errors)}", f"{each.server:.2f} cores",
            f"{each.own:.2f} cores", f"{each.a_visit:.0f} ms", f"{each.memory:.0f} MB", f"{each.a_viewer:.1f} MB",
            f"{each.kilobytes:.0f} kB",
        )  # fmt: skip
        found.append(f"| {' | '.join(cells)} |")
    return found


def main() -> None:
    """Measure what is asked for and print a table, or everything as JSON."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    asked.add_argument(
        "--url", action="append", default=[], help="a running server (http://127.0.0.1:…); once a replica"
    )
    asked.add_argument(
        "--viewers", type=int, nargs="*", default=list(SIZES), help="how many at once, one after another"
    )
    asked.add_argument("--think", type=float, nargs=2, default=(3.0, 9.0), help="seconds of reading: from, to")
    asked.add_argument("--ramp", type=float, default=10.0, help="seconds over which viewers arrive")
    asked.add_argument(
        "--at-once", metavar="LINK", default="", help="all open this link together, such as /?authority=Leeds"
    )
    asked.add_argument("--settle", type=float, default=0.0, help="seconds to leave the server alone before the first")
    asked.add_argument("--json", action="store_true", help="print everything as JSON")
    options = asked.parse_args()
    with ExitStack() as stack:
        urls = [url.rstrip("/") for url in options.url] or [stack.enter_context(running()).url]
        # The first visit of all loads code.
        measure(urls, len(urls), think=(0.1, 0.2), ramp=0.1)
        time.sleep(min(options.settle, 300))
        taken = []
        for viewers in options.viewers:
            taken.append(
                measure(
                    urls, viewers, think=tuple(options.think), ramp=options.ramp, seed=viewers, link=options.at_once
                )
            )
            print(json.dumps(asdict(taken[-1]), indent=1) if options.json else lines(taken)[-1], flush=True)
    if not options.json:
        print("\n".join(lines(taken)))
        for each in taken:
            for problem in sorted(set(each.errors))[:5]:
                print(f"{each.viewers} viewers: {problem}")


if __name__ == "__main__":
    main()
