"""Fifty viewers at once: sessions that speak Streamlit's protocol and change their authority together."""

import asyncio
import json
import statistics
import time
from urllib.parse import quote

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.server import Server


async def _finish(connection: websockets.ClientConnection) -> None:
    while True:
        message = ForwardMsg()
        message.ParseFromString(await connection.recv())  # type: ignore[arg-type]
        if message.WhichOneof("type") == "script_finished":
            return


async def _ask(connection: websockets.ClientConnection, authority: str) -> float:
    request = BackMsg()
    request.rerun_script.query_string = f"authority={quote(authority)}"
    began = time.perf_counter()
    await connection.send(request.SerializeToString())
    await _finish(connection)
    return 1000 * (time.perf_counter() - began)


async def _crowd(url: str, viewers: int, authorities: list[str]) -> list[float]:
    address = url.replace("http", "ws") + "/_stcore/stream"
    options = {"max_size": None, "subprotocols": ["streamlit"], "origin": url}
    connections = [await websockets.connect(address, **options) for _ in range(viewers)]  # type: ignore[arg-type]
    for connection in connections:
        await _ask(connection, authorities[0])
    taken = await asyncio.gather(
        *(_ask(c, authorities[1 + i % (len(authorities) - 1)]) for i, c in enumerate(connections))
    )
    await asyncio.gather(*(c.close() for c in connections))
    return sorted(taken)


def together(server: Server, viewers: int, authorities: list[str]) -> dict[str, float]:
    """Milliseconds from asking to the end of the answer on the home page, when ``viewers`` all ask at once."""
    taken = asyncio.run(_crowd(server.url, viewers, authorities))
    return {"p50": statistics.median(taken), "p95": taken[round(0.95 * (len(taken) - 1))], "max": taken[-1]}


if __name__ == "__main__":
    from bench.server import running

    with running() as started:
        print(json.dumps(together(started, 50, ["Leeds", "Nottingham", "Reading", "Kent", "Barnsley"])))
