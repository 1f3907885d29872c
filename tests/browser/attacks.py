"""Attacks that a stranger could try against a server on this machine: raw websockets, half-open requests, many pages.

``python tests/browser/attacks.py`` starts a server of its own on a free port and measures that one, never one that is
already running. Every loop is bounded, and requests go only to 127.0.0.1.
"""

import asyncio
import random
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

HOST = "127.0.0.1"


def message(**fields: object) -> bytes:
    """A message of a page, such as ``message(clear_cache=True)``."""
    return BackMsg(**fields).SerializeToString()


def rerun(query: str = "", **fields: object) -> bytes:
    """What a page sends for every visit and every choice."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    for name, value in fields.items():
        setattr(asked.rerun_script, name, value)
    return asked.SerializeToString()


def connect(
    port: int,
    *,
    cookie: str = "",
    origin: str | None = None,
    headers: Mapping[str, str] | None = None,
    **options: object,
) -> websockets.connect:
    """An open page's connection."""
    headers = {**(headers or {}), **({"Cookie": cookie} if cookie else {})}
    return websockets.connect(
        f"ws://{HOST}:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None, additional_headers=headers,
        origin=origin or f"http://{HOST}:{port}", **options,
    )  # fmt: skip


def deaf(port: int) -> socket.socket:
    """A connection whose system takes little of what is sent to it, for a client that does not read."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    made.connect((HOST, port))
    return made


async def answered(page: websockets.ClientConnection, seconds: float = 30) -> list[ForwardMsg]:
    """Everything that comes until the script has run."""
    got = []
    async with asyncio.timeout(seconds):
        while not got or got[-1].WhichOneof("type") != "script_finished":
            got.append(ForwardMsg.FromString(await page.recv()))
    return got


async def ends(page: websockets.ClientConnection, seconds: float = 10) -> int | None:
    """The code with which the server closes the connection; None if it does not in time."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            try:
                while True:
                    await page.recv()
            except websockets.ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else 1006
    return None


def half_open(port: int, count: int, sent: bytes = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ") -> list[socket.socket]:
    """Connections that begin a request and never finish it."""
    made = []
    for _ in range(count):
        one = socket.create_connection((HOST, port), timeout=5)
        with suppress(OSError):
            one.sendall(sent)
        made.append(one)
    return made


def close_all(sockets: Iterable[socket.socket]) -> None:
    for each in sockets:
        each.close()


def fetched(port: int, path: str = "/", timeout: float = 10) -> tuple[int, float]:
    """Status and seconds of one request."""
    began = time.monotonic()
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}{path}", timeout=timeout) as got:
            got.read()
            return got.status, time.monotonic() - began
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code, time.monotonic() - began
    except OSError:
        return 0, time.monotonic() - began


async def _flood(port: int, seconds: float, number: int) -> int:
    """Send any messages on one socket for so long, reconnecting when it is closed. Returns the number of messages sent."""
    chance, sent, end = random.Random(number), 0, time.monotonic() + seconds
    bad = [
        message(clear_cache=True),
        b"garbage",
        b"",
        message(set_run_on_save=True),
        message(debug_shutdown_runtime=True),
    ]
    while time.monotonic() < end:
        with suppress(OSError, websockets.WebSocketException, TimeoutError):
            async with connect(port) as page:
                await page.send(rerun("authority=Leeds"))
                drain = asyncio.create_task(ends(page, seconds))
                while time.monotonic() < end:
                    await page.send(chance.choice(bad) if chance.random() < 0.8 else rerun("authority=Kent"))
                    sent += 1
                    await asyncio.sleep(0.02)
                drain.cancel()
        await asyncio.sleep(0.05)
    return sent


async def _pages(port: int, count: int) -> tuple[list[websockets.ClientConnection], int]:
    opened, refused = [], 0
    for _ in range(count):
        try:
            page = await connect(port, ping_interval=None, open_timeout=20)
            await page.send(rerun("authority=Leeds"))
            await answered(page, 60)
            opened.append(page)
        except websockets.InvalidStatus:
            refused += 1
        except (OSError, websockets.WebSocketException, TimeoutError) as exc:
            print("failed after", len(opened), type(exc).__name__, exc)
            break
    return opened, refused


async def _measure(port: int, pid: int) -> None:
    server = psutil.Process(pid)

    def weigh() -> str:
        fds, threads = server.num_fds(), server.num_threads()
        return f"{server.memory_info().rss / 1e6:.0f} MB, {fds} descriptors, {threads} threads"

    print("at first:", weigh())
    for step in (50, 300, 1100):
        began = time.monotonic()
        opened, refused = await _pages(port, step)
        print(f"{step} pages: {len(opened)} open, {refused} refused, {time.monotonic() - began:.0f} s:", weigh())
        print(
            "  a visitor meanwhile:",
            await asyncio.to_thread(fetched, port, "/readyz"),
            await asyncio.to_thread(fetched, port),
        )
        for page in opened:
            await page.close()
        await asyncio.sleep(3)
        print("  closed again:", weigh())
    sockets = await asyncio.to_thread(half_open, port, 1100)
    print("1,100 half-open requests:", weigh())
    for _ in range(3):
        print("  a visitor meanwhile:", await asyncio.to_thread(fetched, port))
    await asyncio.sleep(20)
    print("  20 s later:", weigh())
    close_all(sockets)
    print("50 sockets that send anything for 20 s; before:", weigh())
    peak, flood = 0.0, asyncio.gather(*(_flood(port, 20, number) for number in range(50)))
    while not flood.done():
        await asyncio.sleep(0.5)
        peak = max(peak, server.memory_info().rss / 1e6)
    print(f"  {sum(flood.result()):,} messages, highest {peak:.0f} MB; after:", weigh())
    print("  a visitor after:", await asyncio.to_thread(fetched, port, "/readyz"))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from bench.server import running

    with tempfile.TemporaryDirectory() as folder, running(env={"STORE_URL": f"{folder}/uploads.duckdb"}) as server:
        asyncio.run(_measure(urlsplit(server.url).port or 0, server.pid))
