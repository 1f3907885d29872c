"""Many viewers at once: sessions that speak Streamlit's protocol and change their authority together.

``python -m bench.crowd`` prints what a visit to each page costs the server in processor time, and how long viewers
wait when all ask at once. Processor time is comparable even on a machine that others use. ``--root`` measures another
checkout with the same visits, ``--pages`` only some pages.
"""

import argparse
import asyncio
import json
import statistics
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.server import ROOT, Server

AUTHORITIES = ["Leeds", "Nottingham", "Reading", "Kent", "Barnsley"]
# The pages visited, by their name in the address; the home page is "".
PAGES = [
    "",
    "compare",
    "trends",
    "spread",
    "map",
    "workforce",
    "together",
    "inspections",
    "build_your_own",
    "definitions",
]
# The parameters that a page needs in order to show something.
_MORE = {"build_your_own": "&measures=eet,caseload&areas=england,chosen"}


class Viewer:
    """One session, and what its browser would remember between visits."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self.connection = connection
        # A browser keeps what it received in the last two visits.
        self._known: deque[set[str]] = deque(maxlen=2)

    async def ask(self, page: str, authority: str) -> float:
        """Milliseconds from asking for a page to the end of the answer.

        Parameters
        ----------
        page, authority
            What is asked for.
        """
        request = BackMsg()
        request.rerun_script.query_string = f"authority={quote(authority)}{_MORE.get(page, '')}"
        request.rerun_script.page_name = page
        request.rerun_script.cached_message_hashes.extend(set().union(*self._known))
        began = time.perf_counter()
        await self.connection.send(request.SerializeToString())
        await self._finish()
        return 1000 * (time.perf_counter() - began)

    async def _finish(self) -> None:
        sent: set[str] = set()
        while True:
            message = ForwardMsg()
            message.ParseFromString(await self.connection.recv())  # type: ignore[arg-type]
            if message.metadata.cacheable or message.ref_hash:
                sent.add(message.ref_hash or message.hash)
            if message.WhichOneof("type") == "script_finished":
                self._known.append(sent)
                return


async def _viewers(url: str, number: int) -> list[Viewer]:
    address = url.replace("http", "ws") + "/_stcore/stream"
    options = {"max_size": None, "subprotocols": ["streamlit"], "origin": url}
    return [Viewer(await websockets.connect(address, **options)) for _ in range(number)]  # type: ignore[arg-type]


async def _crowd(url: str, number: int, authorities: Sequence[str]) -> list[float]:
    viewers = await _viewers(url, number)
    for viewer in viewers:
        await viewer.ask("", authorities[0])
    taken = await asyncio.gather(
        *(viewer.ask("", authorities[1 + i % (len(authorities) - 1)]) for i, viewer in enumerate(viewers))
    )
    await asyncio.gather(*(viewer.connection.close() for viewer in viewers))
    return sorted(taken)


def time_together(server: Server, viewers: int, authorities: Sequence[str]) -> dict[str, float]:
    """Milliseconds from request to complete answer on the home page, when ``viewers`` all ask at once.

    Parameters
    ----------
    server
        The product.
    viewers
        How many ask at once.
    authorities
        Those that they look at, by name.
    """
    taken = asyncio.run(_crowd(server.url, viewers, authorities))
    return {"p50": statistics.median(taken), "p95": taken[round(0.95 * (len(taken) - 1))], "max": taken[-1]}


def _processor(pid: int) -> float:
    """Milliseconds of processor time that a process has used."""
    used = psutil.Process(pid).cpu_times()
    return 1000 * (used.user + used.system)


async def _costs(server: Server, page: str, viewers: int, rounds: int, authorities: Sequence[str]) -> float:
    crowd = await _viewers(server.url, viewers)
    for authority in authorities:  # warm up: everything drawn once, and every session started
        await crowd[0].ask(page, authority)
    for viewer in crowd[1:]:
        await viewer.ask(page, authorities[0])
    before = _processor(server.pid)
    for turn in range(1, rounds + 1):
        await asyncio.gather(
            *(viewer.ask(page, authorities[(i + turn) % len(authorities)]) for i, viewer in enumerate(crowd))
        )
    used = _processor(server.pid) - before
    await asyncio.gather(*(viewer.connection.close() for viewer in crowd))
    return used / (rounds * viewers)


def processor_times(
    server: Server,
    *,
    pages: Sequence[str] = PAGES,
    viewers: int = 50,
    rounds: int = 4,
    authorities: Sequence[str] = AUTHORITIES,
) -> dict[str, float]:
    """Milliseconds of processor time a visit by page, while ``viewers`` change authority and everything is drawn already.

    Parameters
    ----------
    server
        The product.
    pages
        Pages by name.
    viewers
        How many ask at once.
    rounds
        How often each viewer changes authority.
    authorities
        Those that they look at, by name.
    """
    return {page: asyncio.run(_costs(server, page, viewers, rounds, authorities)) for page in pages}


def main() -> None:
    """Start a server of the checkout asked for, measure, print."""
    from bench.server import running

    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    asked.add_argument("--root", type=Path, default=ROOT, help="the checkout to measure")
    asked.add_argument("--pages", nargs="*", default=PAGES, help='pages by address; "" is the home page')
    asked.add_argument("--rounds", type=int, default=4, help="visits of each viewer")
    options = asked.parse_args()
    with running(root=options.root) as started:
        used = processor_times(started, pages=options.pages, rounds=options.rounds)
        waited = time_together(started, 50, AUTHORITIES)
    print(
        json.dumps(
            {
                "processor_ms_a_visit": {page or "at_a_glance": round(ms, 1) for page, ms in used.items()},
                "waited_ms": {name: round(ms) for name, ms in waited.items()},
            },
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
