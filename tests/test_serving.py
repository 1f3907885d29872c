"""What whoever runs the dashboard sees of it: health, counts, the log; and how it stops."""

import asyncio
import io
import json
import logging
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from careleavers.access.people import Person
from careleavers.store import StoreBusy, StoreProblem, open_store
from careleavers.ui import figures
from careleavers.ui.server import logs, refusals, stopping
from careleavers.ui.server.routes import routes
from careleavers.ui.server.sessions import Sessions
from careleavers.ui.server.stopping import STOPPING, Stopping

TOKEN = "long-enough-to-be-one-0123456789"


class Ready:
    """The versions of a dashboard, as far as the routes ask for them."""

    line, version = "ready 1", "1"

    def readiness(self) -> str:
        return self.line

    def newest(self) -> Any:
        return self


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Asks the routes of a dashboard."""
    monkeypatch.setattr(STOPPING, "begun", False)
    monkeypatch.setattr(figures, "versions", Ready)
    return TestClient(Starlette(routes=routes("at_a_glance"), middleware=[Middleware(logs.RequestIds)]))


def test_it_says_that_it_lives_whatever_else_is_wrong(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "versions", lambda: 1 / 0)
    assert client.get("/livez").text == "alive\n"
    assert client.get("/readyz").status_code == 503


def test_while_it_is_stopping_nobody_new_is_sent_to_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(STOPPING, "begun", True)
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200


def test_monitoring_can_ask_for_a_status_that_tells_of_the_store(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ready, "line", "ready 1, but the uploads cannot be read: it is damaged")
    assert client.get("/readyz").status_code == 200
    told = client.get("/readyz?whole")
    assert (told.status_code, told.text) == (503, "ready 1, but the uploads cannot be read: it is damaged\n")


def test_counts_are_for_whoever_has_the_token(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(token: str) -> int:
        return client.get("/metrics", headers={"Authorization": f"Bearer {token}".encode()}).status_code

    monkeypatch.delenv("CARELEAVERS_METRICS_TOKEN", raising=False)
    assert ask("") == 404, "without one set, nobody is let in"
    monkeypatch.setenv("CARELEAVERS_METRICS_TOKEN", TOKEN)
    assert client.get("/metrics").status_code == 401
    assert ask("") == ask(TOKEN[:-1]) == ask(f"{TOKEN}ü") == 401
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.headers["content-type"].startswith("text/plain")
    for name in ("rerun_seconds", "errors", "upload_check_seconds", "store_seconds", "open_pages", "log_lines"):
        assert re.search(rf"^# TYPE careleavers_{name}", answer.text, re.MULTILINE), name
    assert "careleavers_info{" in answer.text
    if sys.platform == "linux":
        assert "process_resident_memory_bytes" in answer.text


def test_the_store_is_timed_by_how_it_ended(
    tmp_path: Path, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARELEAVERS_METRICS_TOKEN", TOKEN)
    damaged = tmp_path / "uploads.duckdb"
    damaged.write_bytes(b"none" * 4096)
    with suppress(Exception):
        open_store(str(damaged)).uploads()
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert 'careleavers_store_seconds_count{access="read",outcome="StoreUnavailable"}' in text


# --- the log ---


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What is logged as JSON from here on, one object a line."""
    logger = logging.getLogger("careleavers")
    before, level, propagate = list(logger.handlers), logger.level, logger.propagate
    logger.handlers.clear()
    monkeypatch.setenv("CARELEAVERS_LOG", "json")
    monkeypatch.setattr(logs, "_others", lambda: set())
    written = io.StringIO()
    logs.set_up(written)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.handlers[:] = before
    logger.setLevel(level)
    logger.propagate = propagate


def test_each_line_is_one_object_with_the_request_that_it_belongs_to(client: TestClient, lines: Any) -> None:
    log = logging.getLogger("careleavers.ui")

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        log.warning("a line\nin two")
        try:
            raise ValueError("wrong")
        except ValueError:
            log.exception("failed")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    told = TestClient(logs.RequestIds(answer)).get("/", headers={"X-Request-ID": "from-the-proxy-1"})
    assert told.headers["x-request-id"] == "from-the-proxy-1"
    first, second = lines()
    assert set(first) == {"time", "level", "logger", "request", "message"}
    assert (first["level"], first["message"], first["request"]) == ("WARNING", "a line\nin two", "from-the-proxy-1")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["time"])
    assert "ValueError: wrong" in second["exception"]


def test_an_id_that_could_be_anything_is_not_taken_over(client: TestClient) -> None:
    for given in ("x", "a b c d e f g h", "a" * 65, 'he said "no"'):
        own = client.get("/livez", headers={"X-Request-ID": given}).headers["x-request-id"]
        assert re.fullmatch(r"[0-9a-f]{32}", own)


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2:3::4", "2001:db8:1::"), ("127.0.0.1", "127.0.0.1"),
     ("::1", "::1"), ("::ffff:203.0.113.77", "203.0.113.0"), ("unix:", "unix:")],
)  # fmt: skip
def test_the_log_has_the_network_of_an_address_and_not_the_address(address: str, network: str, lines: Any) -> None:
    refusals.note(f"a trial of {address}", address=address)
    assert lines()[0]["message"].endswith(f"from {network}")


def test_who_takes_rows_away_stands_in_the_store_and_not_in_the_log(tmp_path: Path, lines: Any) -> None:
    store, ada = (
        open_store(str(tmp_path / "uploads.duckdb")),
        Person("https://id.example", "ada-1", "Ada Ash", "administrator"),
    )
    store.record_download(ada, "the exact values of a figure")
    said = json.dumps(lines())
    assert "download by an account with the role administrator: the exact values of a figure" in said
    assert not re.search("Ada|ada-1|id.example", said)
    assert list(store.downloads(ada)["name"]) == ["Ada Ash"]


# --- the end ---


def test_it_waits_for_uploads_and_then_for_the_page_to_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_QUIET", 0.2)
    sessions = Sessions()
    it, order = Stopping(sessions), []

    def upload() -> None:
        with it.waits_for():
            time.sleep(0.2)
            order.append("accepted")

    thread = threading.Thread(target=upload)
    thread.start()
    while not it.running:
        time.sleep(0.01)
    told: list[float] = []

    def last_told() -> float:
        if order and not told:
            told.append(time.monotonic() + 0.3)
        return told[0] if told else 0.0

    monkeypatch.setattr(sessions, "last_told", last_told)
    assert asyncio.run(it.finish(10)) is True
    assert time.monotonic() - told[0] >= 0.2
    order.append("stopped")
    thread.join()
    assert order == ["accepted", "stopped"]
    assert it.begun


def test_it_waits_for_every_change_of_the_store_whichever_page_or_command_made_it(tmp_path: Path) -> None:
    store, it = open_store(str(tmp_path / "uploads.duckdb")), Stopping(Sessions())
    ada = Person("https://id.example", "ada", "Ada Ash", "administrator")
    seen: list[int] = []
    write = store._database._write

    def looking(*given: Any) -> Any:
        seen.append(it.running)
        return write(*given)

    store._database._write = looking  # type: ignore[method-assign]
    store.documents.save("plan", "E08000035", "plan", {"actions": []}, ada)
    store.record_download(ada, "the exact values of a figure")
    with pytest.raises(StoreProblem):
        store.withdraw(7, ada, "There is none")
    assert (seen, it.running) == ([1, 1, 1], 0)


def test_it_waits_for_nobody_where_nothing_is_running_and_never_for_ever() -> None:
    it, began = Stopping(Sessions()), time.monotonic()
    assert asyncio.run(it.finish(10)) is True
    with it.waits_for():
        assert asyncio.run(it.finish(0.1)) is False
    assert time.monotonic() - began < 1


def test_the_signal_goes_on_to_the_server_once_uploads_have_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    if threading.current_thread() is not threading.main_thread():
        pytest.skip("signals come to the main thread")
    monkeypatch.setattr(stopping, "STOPPING", Stopping(Sessions()))
    monkeypatch.setattr(stopping, "_QUIET", 0.2)
    told: list[str] = []

    async def serve() -> None:
        stopping.listen(5)
        with stopping.STOPPING.waits_for():
            signal.raise_signal(signal.SIGTERM)
            await asyncio.sleep(0.2)
            assert stopping.STOPPING.begun
            assert told == []
        await asyncio.sleep(0.6)
        assert told == ["stop"]

    before = signal.signal(signal.SIGTERM, lambda *_: told.append("stop"))
    try:
        asyncio.new_event_loop().run_until_complete(serve())
    finally:
        signal.signal(signal.SIGTERM, before)


def test_at_the_end_what_is_being_written_is_written_and_nothing_more(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "uploads.duckdb"))
    inside, go_on, written = threading.Event(), threading.Event(), []

    def work(connection: Any) -> None:
        inside.set()
        go_on.wait(5)
        connection.execute("UPDATE store.head SET length = length")
        written.append(True)

    thread = threading.Thread(target=lambda: store._database.write(work))
    thread.start()
    assert inside.wait(5)
    ending = threading.Thread(target=store.finish, args=(5,))
    ending.start()
    go_on.set()
    thread.join()
    ending.join()
    assert written == [True]
    with pytest.raises(StoreBusy, match="is being restarted; nothing was changed"):
        store._database.write(lambda connection: None)
