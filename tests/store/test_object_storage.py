"""Object storage that answers with errors or not at all: an upload is wholly there or not, and nobody waits for long."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from careleavers.store import Store, StoreUnavailable, address, connection
from tests.store.samples import LEEDS_OFFICER, figure, upload
from tests.store.servers import SHIPPED_BUCKET_THREADS
from tests.store.test_breakage import assert_whole
from tests.store.workers import several


class BetweenUsAndStorage(ThreadingHTTPServer):
    """Passes requests on to object storage; with ``fault`` it answers 503 or keeps whoever asks waiting instead."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, to: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.to = urlsplit(to).netloc
        self.fault = ""
        self.refused = 0
        self.let_go = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: BetweenUsAndStorage
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.fault:
            self.server.refused += 1
            if self.server.fault == "stalls":
                self.server.let_go.wait(60)
            self._answer(503, {}, b"<Error><Code>SlowDown</Code></Error>")
            return
        asked = http.client.HTTPConnection(self.server.to, timeout=30)
        asked.request(self.command, self.path, body, dict(self.headers))
        got = asked.getresponse()
        self._answer(got.status, dict(got.getheaders()), got.read())
        asked.close()

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        kept = {
            name: value for name, value in headers.items() if name.lower() not in {"transfer-encoding", "connection"}
        }
        if self.command != "HEAD":
            kept = {name: value for name, value in kept.items() if name.lower() != "content-length"}
            kept["Content-Length"] = str(len(content))
        for name, value in kept.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = _pass  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        with suppress(OSError):  # whoever asked did not wait
            super().handle()


@contextmanager
def between(to: str) -> Iterator[BetweenUsAndStorage]:
    made = BetweenUsAndStorage(to)
    threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield made
    finally:
        made.let_go.set()
        made.shutdown()
        made.server_close()


def test_storage_that_fails_loses_nothing(
    s3: str,
    new_url: Callable[[str], str],
    another: Callable[[str], Store],
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(address, "_STORAGE_TIMEOUT", 1)
    monkeypatch.setattr(connection, "BUCKET_THREADS", SHIPPED_BUCKET_THREADS)
    with between(s3) as storage:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{storage.server_port}")
        store = another(new_url("ducklake"))
        # So many rows that they are written to the bucket.
        store.accept(several(1, 1200), LEEDS_OFFICER)
        for before, fault in ((1, "answers with errors"), (3, "stalls")):
            storage.let_go.clear()
            storage.fault, storage.refused = fault, 0
            large = several(before + 1, 1200)
            if fault == "answers with errors":  # of writing, DuckDB waits six seconds more than it is told to
                with pytest.raises(StoreUnavailable, match="cannot be reached just now; nothing was changed"):
                    store.accept(large, LEEDS_OFFICER)
            began = time.monotonic()
            with pytest.raises(StoreUnavailable, match="cannot be reached just now"):
                store.figures()
            assert time.monotonic() - began < 15
            assert storage.refused
            # The ledger is in the catalogue, which is there: pages go on, and small uploads too.
            assert store.version() == before
            small = upload(figure(2.0, indicator=f"small_{before}"))
            assert store.accept(small, LEEDS_OFFICER).entry == before + 1
            storage.fault = ""
            storage.let_go.set()
            # Nothing has been read yet that DuckDB could have kept and read again while storage fails.
            assert store.accept(large, LEEDS_OFFICER).entry == before + 2
        assert assert_whole(store) == 5
