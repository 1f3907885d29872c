"""No stranger can stop the server, empty shared caches, or see more than one sentence: each tried for real."""

import asyncio
import http.client
import socket
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import attacks
import psutil
import pytest
import websockets
from attacks import answered, connect, ends, message, rerun
from conftest import Server, running, visit
from playwright.sync_api import Page, expect

from scripts.drills.officer import Officer

TOKEN = "0123456789-for-tests-only"
TABS, REQUESTS, WAIT = 12, 30, 2


@pytest.fixture(scope="module")
def server(few_figures: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with low limits and short timeouts, without sign-in."""
    folder = tmp_path_factory.mktemp("attacked")
    env = {
        **few_figures, "STORE_URL": str(folder / "uploads.duckdb"), "CARELEAVERS_TOKEN": TOKEN, "CARELEAVERS_TABS": str(TABS),
        "CARELEAVERS_REQUESTS": str(REQUESTS), "CARELEAVERS_WAIT_SECONDS": str(WAIT), "CARELEAVERS_MESSAGE_KB": "64",
    }  # fmt: skip
    with running(folder / "log", env=env) as started:
        yield started
        log = started.text()
        assert f"To upload, open {started.url}/?token={TOKEN} on this machine." in log
        assert "Traceback" not in log
        assert TOKEN not in log.replace(f"/?token={TOKEN} on this machine", "")


@pytest.fixture
def port(server: Server) -> int:
    return urlsplit(server.url).port or 0


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in another thread, because Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result(90)


def told(server: Server, since: int = 0) -> list[str]:
    """The refusals in the log after its first so many characters."""
    return [line for line in server.text()[since:].splitlines() if "WARNING Reference " in line]


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    asking = http.client.HTTPConnection(attacks.HOST, port, timeout=10)
    asking.putrequest(method, path, skip_host="host" in headers)
    for name, value in headers.items():
        asking.putheader(name.replace("_", "-"), value)
    asking.endheaders()
    got = asking.getresponse()
    answer = got.status, {name.lower(): value for name, value in got.getheaders()}, got.read().decode()
    asking.close()
    return answer


def first(port: int, what: bytes | str, before: bytes | None = None, **options: Any) -> tuple[int | None, bool]:
    """Send this on a page's connection. Returns the code that it is closed with, if it is, and whether it still answers."""

    async def tried() -> tuple[int | None, bool]:
        async with connect(port, **options) as page:
            if before:
                await page.send(before)
                await answered(page)
            await page.send(what)
            code = await ends(page, 1)
            if code is not None:
                return code, False
            await page.send(rerun("authority=Leeds"))
            return None, len(await answered(page)) > 1

    return run(tried())


UNREAD = [
    (message(clear_cache=True), "clear_cache, which no page sends"),
    (message(set_run_on_save=True), "set_run_on_save"),
    (message(load_git_info=True), "load_git_info"),
    (message(debug_disconnect_websocket=True), "debug_disconnect_websocket"),
    (message(debug_shutdown_runtime=True), "debug_shutdown_runtime"),
    (b"\xf2\x06\x03abc", "one of no known kind"),
    (message(file_urls_request={"request_id": "12345678", "file_names": ["a"]}), "may not upload"),
    (message(backend_operation_request={"request_id": "12345678", "install_skills": {}}), "install_skills"),
    (message(backend_operation_request={"request_id": "12345678", "dataframe_chunk": {}}), "dataframe_chunk"),
    (message(backend_operation_request={"request_id": "1", "deferred_file": {}}), "too many files"),
    (rerun("a=" + "x" * 9000), "an address of 9002 characters"),
    (rerun(page_script_hash="x" * 400), "endless name"),
]


@pytest.mark.parametrize(("what", "said"), UNREAD)
def test_a_message_that_no_page_sends_is_left_unread(server: Server, port: int, what: bytes, said: str) -> None:
    async def tried() -> None:
        async with connect(port) as page:
            await page.send(what)
            await page.send(message(app_heartbeat=True))
            while attacks.ForwardMsg.FromString(await page.recv()).WhichOneof("type") != "heartbeat_ack":
                pass

    since = len(server.text())
    run(tried())
    assert [said in line for line in told(server, since)] == [True]


# After more than five the connection would be closed.
@pytest.mark.parametrize("some", [UNREAD[:4], UNREAD[4:8], UNREAD[8:]])
def test_a_page_goes_on_after_messages_that_no_page_sends(
    server: Server, port: int, some: list[tuple[bytes, str]]
) -> None:
    async def tried() -> int:
        async with connect(port) as page:
            await page.send(rerun())
            await answered(page)
            for what, _ in some:
                await page.send(what)
            await page.send(rerun("authority=Leeds"))
            return len(await answered(page))

    since = len(server.text())
    assert run(tried()) > 1
    assert [some[0][1] in line for line in told(server, since)] == [True]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        (b"\xff\xff\xffgarbage", 1002),
        (b"", 1002),
        ("text", 1002),
        (b"\x0a" * 70_000, 1009),
        (rerun("x")[:-1], 1002),
    ],
)
def test_what_is_no_message_ends_the_connection(server: Server, port: int, what: bytes | str, code: int) -> None:
    since = len(server.text())
    assert first(port, what) == (code, False)
    assert len(told(server, since)) == 1


def test_who_goes_on_with_messages_that_no_page_sends_is_cut_off(server: Server, port: int) -> None:
    async def tried() -> int | None:
        async with connect(port) as page:
            for _ in range(20):
                await page.send(message(clear_cache=True))
            return await ends(page)

    since = len(server.text())
    assert run(tried()) == 1008
    assert len(told(server, since)) == 2


@pytest.mark.parametrize(
    "forged",
    [
        {"page_script_hash": "0" * 32},
        {"page_name": "../../etc/passwd"},
        {"fragment_id": "no-such-part"},
        {"is_auto_rerun": True},
        {"is_history_navigation": True},
        {"query_string": "authority=%00%ff&as_at=-1&against=%3Cscript%3E&upload=1e9"},
        {"query_string": "&".join(f"k{n}=v" for n in range(1000))},
        {"query_string": "sign_in=token.<b>&sign_in=expired"},
    ],
)
def test_a_forged_visit_is_answered_with_a_page_or_not_at_all(
    server: Server, port: int, forged: dict[str, Any]
) -> None:
    assert first(port, rerun(**forged), rerun()) == (None, True)


def test_choices_for_what_is_not_on_the_page_change_nothing(server: Server, port: int) -> None:
    asked = attacks.BackMsg()
    asked.rerun_script.cached_message_hashes.extend(["0" * 32, "x"])
    for number in range(50):
        state = asked.rerun_script.widget_states.widgets.add()
        state.id = f"$$ID-{number}-_upload_0"
        if number % 2:
            state.string_value = "/etc/passwd"
        else:
            state.file_uploader_state_value.uploaded_file_info.add(name="x", file_id="1")
    assert first(port, asked.SerializeToString(), rerun()) == (None, True)


def test_messages_faster_than_people_send_them_are_read_more_slowly_and_none_is_lost(port: int) -> None:
    async def tried() -> float:
        async with connect(port) as page:
            await page.send(rerun())
            await answered(page)
            began = time.monotonic()
            for _ in range(70):
                await page.send(message(app_heartbeat=True))
            acknowledged = 0
            while acknowledged < 70:
                acknowledged += attacks.ForwardMsg.FromString(await page.recv()).WhichOneof("type") == "heartbeat_ack"
            return time.monotonic() - began

    assert 1.5 < run(tried()) < 15


@pytest.mark.parametrize("begun", ["a frame", "a fragment", "nothing"])
def test_a_page_that_asks_for_nothing_or_never_to_the_end_is_closed(server: Server, port: int, begun: str) -> None:
    async def tried() -> int | None:
        async with connect(port) as page:
            if begun == "a frame":
                page.transport.write(b"\x82\xfe\x10\x00\x00\x00\x00\x00half")
            elif begun == "a fragment":
                page.transport.write(b"\x02\x84\x00\x00\x00\x00half")
            return await ends(page, 2 * WAIT + 3)

    since = len(server.text())
    assert run(tried()) == 1008
    assert len(told(server, since)) == 1


def test_whoever_does_not_fetch_what_was_asked_for_is_cut_off(server: Server, port: int) -> None:
    script = ask(port, "/")[2].split('src="./static/')[1].split('"')[0]
    since, process = len(server.text()), psutil.Process(server.pid)

    def held(client: int) -> bool:
        return any(each.raddr and each.raddr.port == client for each in process.net_connections("tcp"))

    async def tried() -> None:
        with attacks.deaf(port) as file, attacks.deaf(port) as read:
            for each in (file, read):
                each.sendall(f"GET /static/{script} HTTP/1.1\r\nHost: {attacks.HOST}\r\n\r\n".encode())
            async with connect(port, sock=attacks.deaf(port), max_queue=1, ping_interval=None) as page:
                page.transport.pause_reading()
                await page.send(rerun("authority=Leeds", page_name="compare"))
                clients = [each.getsockname()[1] for each in (file, page.transport.get_extra_info("socket"))]
                until = time.monotonic() + 10 * WAIT
                read.settimeout(1)
                while any(map(held, clients)) and time.monotonic() < until:
                    assert read.recv(4096)
                    await asyncio.sleep(0.1)
                assert [held(each) for each in clients] == [False, False]
                assert held(read.getsockname()[1]), "it is slow, and goes on"
                page.transport.abort()

    run(tried())
    (line,) = told(server, since)
    assert "a page was not fetched" in line


def test_half_open_requests_stop_nobody(server: Server, port: int) -> None:
    since = len(server.text())
    sockets = attacks.half_open(port, 5 * REQUESTS)
    try:
        for _ in range(5):
            status, seconds = attacks.fetched(port, "/readyz")
            assert status == 200
            assert seconds < 2
        begun = sockets[-1]
        begun.settimeout(WAIT + 3)
        assert begun.recv(100).startswith(b"HTTP/1.1 408 ")
    finally:
        attacks.close_all(sockets)
    assert 0 < len(told(server, since)) <= 25, "of a kind of line only so many a minute"


@pytest.mark.parametrize("sent", [b"", b"PUT / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 999\r\n\r\nhalf"])
def test_whoever_sends_nothing_or_half_a_body_is_not_waited_for(port: int, sent: bytes) -> None:
    with socket.create_connection((attacks.HOST, port)) as one:
        one.sendall(sent)
        one.settimeout(3 * WAIT + 6)  # uvicorn's own five seconds after an answer
        while one.recv(4096):
            pass


def test_what_is_no_request_is_refused(port: int) -> None:
    for sent in (b"\x16\x03\x01 hello\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"):
        with socket.create_connection((attacks.HOST, port)) as one:
            one.sendall(sent)
            one.settimeout(5)
            assert one.recv(100).startswith(b"HTTP/1.1 400 ")


def test_where_all_places_are_taken_the_next_visitor_is_told_and_the_others_go_on(server: Server, port: int) -> None:
    async def tried() -> tuple[int, int | None, bool]:
        opened = []
        try:
            for _ in range(TABS):
                opened.append(await connect(port))
                await opened[-1].send(rerun())
            with pytest.raises(websockets.InvalidStatus) as refused:
                await connect(port)
            assert refused.value.response.headers["Retry-After"] == "30"
            status, headers, page = await asyncio.to_thread(ask, port, "/compare")
            assert headers["retry-after"] == "30"
            assert "Those who have it open can go on" in page
            await answered(opened[0])
            await opened[0].send(rerun("authority=Kent"))
            return refused.value.response.status_code, status, len(await answered(opened[0])) > 1
        finally:
            for page in opened:
                await page.close()

    assert run(tried()) == (503, 503, True)
    time.sleep(0.3)
    assert attacks.fetched(port)[0] == 200
    assert "no more pages are served" in server.text()
    assert "without completing handshake" not in server.text()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "a@b"}, 400), ({"host": "a b"}, 400), ({"host": ""}, 400), ({"host": "x" * 300}, 400),
        ({"host": "127.0.0.1:port"}, 400), ({"host": "127.0.0.1:99999999"}, 400), ({"host": "[::1"}, 400),
        ({"host": "outcomes.example"}, 200), ({"host": "[::1]:8501"}, 200),
        ({"X_Forwarded_For": "not an address, \x27--"}, 200), ({"X_Forwarded_Proto": "javascript"}, 200),
        ({"X_Forwarded_Host": "evil.example"}, 200), ({"Cookie": "a=\x01; _streamlit_user=2|x; =;;"}, 200),
        ({"Origin": "https://evil.example"}, 200),
    ],
)  # fmt: skip
def test_forged_headers_open_nothing(server: Server, port: int, headers: dict[str, str], status: int) -> None:
    since = len(server.text())
    got, _, page = ask(port, "/", **headers)
    assert got == status
    assert "evil" not in page
    assert len(told(server, since)) == (status == 400)
    if status == 400:
        assert told(server, since)[0].split("Reference ")[1][:6] in page


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[::1", "http://127.0.0.1:1"])
def test_a_page_of_another_site_opens_none_of_ours(server: Server, port: int, origin: str) -> None:
    async def tried() -> int:
        with pytest.raises(websockets.InvalidStatus) as refused:
            await connect(port, origin=origin)
        return refused.value.response.status_code

    since = len(server.text())
    assert run(tried()) == 403
    assert ["of another site" in line for line in told(server, since)] == [True]


HEADERS = (
    "content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy",
    "permissions-policy",
)  # fmt: skip
SOCKET = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OTAxMjM0NQ=="


def answer_to(port: int, request: str, host: str = "Host: 127.0.0.1\r\n") -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a request exactly as it is given, without its last empty line."""
    with socket.create_connection((attacks.HOST, port), timeout=2 * WAIT + 6) as one:
        one.sendall(f"{request}\r\n{host}\r\n".encode("latin-1"))
        head = b""
        while b"\r\n\r\n" not in head and (more := one.recv(4096)):
            head += more
    first_line, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return int(first_line.split()[1]), {
        name.lower(): value for name, _, value in (line.partition(": ") for line in lines)
    }


def test_every_answer_has_the_headers_whatever_it_is(server: Server, port: int) -> None:
    script = ask(port, "/")[2].split('src="./static/')[1].split('"')[0]
    long = "y" * 9000
    answers = {
        "GET / HTTP/1.1": 200, "HEAD / HTTP/1.1": 200, "GET /compare?authority=Leeds HTTP/1.1": 200, "GET /upload HTTP/1.1": 200,
        "GET /at_a_glance HTTP/1.1": 307, "GET /compare/ HTTP/1.1": 308, "GET /readyz HTTP/1.1": 200, "GET /livez HTTP/1.1": 200, "GET /metrics HTTP/1.1": 404, "GET /feed.xml HTTP/1.1": 200,
        "GET /feed.xml?authority=nowhere HTTP/1.1": 404, "GET /feed.xml?authority=Leeds'%20OR%201=1--%20 HTTP/1.1": 404, "GET /favicon.png HTTP/1.1": 200, "GET /card.png HTTP/1.1": 200,
        f"GET /static/{script} HTTP/1.1": 200, f"HEAD /static/{script} HTTP/1.1": 200,
        f"GET /static/{script} HTTP/1.1\r\nAccept-Encoding: br": 200, f"GET /static/{script} HTTP/1.1\r\nAccept-Encoding: gzip": 200,
        "GET /card.png HTTP/1.1\r\nRange: bytes=0-9": 206, "GET /card.png HTTP/1.1\r\nRange: bytes=99999999-": 416,
        "GET /readyz?whole HTTP/1.1": 200, "GET /static/js/none.js HTTP/1.1": 404, "GET /picture/none.svg HTTP/1.1": 404,
        "GET /_stcore/health HTTP/1.1": 200, "GET /_stcore/host-config HTTP/1.1": 200, "GET /_stcore/metrics HTTP/1.1": 404,
        "GET /_stcore/stream HTTP/1.1": 200, "GET /media/none HTTP/1.1": 404, "GET /component/none/x HTTP/1.1": 404,
        "GET /nothing/here HTTP/1.1": 404, "GET /static/%2e%2e/app.py HTTP/1.1": 404, "POST / HTTP/1.1\r\nContent-Length: 0": 405,
        "PUT /_stcore/upload_file/any/1 HTTP/1.1\r\nContent-Length: 0": 403, "OPTIONS /_stcore/upload_file/any/1 HTTP/1.1": 403,
        "GET /auth/login HTTP/1.1": 302, "GET /oauth2callback?code=1&state=2 HTTP/1.1": 302,
        "GET /?token=of-another-start-0123456 HTTP/1.1": 303, f"GET /compare?x={long} HTTP/1.1": 414,
        f"GET /_stcore/stream HTTP/1.1\r\nOrigin: https://evil.example\r\n{SOCKET}": 403, f"GET /other HTTP/1.1\r\n{SOCKET}": 404,
        "GET / HTTP/9": 400, "NO REQUEST": 400, f"GET /_stcore/stream HTTP/1.1\r\n{SOCKET[:-6]}": 400,
        "PUT / HTTP/1.1\r\nContent-Length: 9": 405,
    }  # fmt: skip
    got = {request: answer_to(port, request) for request in answers}
    got |= {
        "no host": answer_to(port, "GET / HTTP/1.1", host=""),
        "wrong host": answer_to(port, "GET / HTTP/1.1", "Host: a b\r\n"),
    }
    held = {path: answer_to(port, f"GET {path} HTTP/1.1")[1]["etag"] for path in ("/feed.xml", f"/static/{script}")}
    got |= {
        f"{path} again": answer_to(port, f"GET {path} HTTP/1.1\r\nIf-None-Match: {tag}") for path, tag in held.items()
    }
    got["too late"] = answer_to(port, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Begun:", host="and so on")
    got = {request[:120]: answer for request, answer in got.items()}
    answers = {request[:120]: status for request, status in answers.items()}
    lacking = {
        f"{request} ({status})": [name for name in HEADERS if name not in told]
        for request, (status, told) in got.items()
    }
    assert {request: names for request, names in lacking.items() if names} == {}
    assert {request: status for request, (status, _) in got.items() if status != answers.get(request, status)} == {}
    assert (got["no host"][0], got["wrong host"][0], got["too late"][0]) == (400, 400, 408)
    assert [status for request, (status, _) in got.items() if request.endswith(" again")] == [304, 304]
    # No answer opens its content to another site.
    assert not [request for request, (_, told) in got.items() if "access-control-allow-origin" in told]
    assert not [request for request, (_, told) in got.items() if "unsafe-eval" in told["content-security-policy"]]


def test_an_endless_address_ends_in_a_sentence(server: Server, port: int) -> None:
    status, _, page = ask(port, "/compare?x=" + "y" * 9000)
    assert (status, "This address is too long." in page) == (414, True)


@contextmanager
def plain_proxy(to: int) -> Iterator[int]:
    """A proxy that passes bytes on and says nothing about it, as HAProxy does by default. Yields its port."""
    listening = socket.create_server((attacks.HOST, 0))

    def carry(source: socket.socket, target: socket.socket) -> None:
        try:
            while content := source.recv(65536):
                target.sendall(content)
        except OSError:
            pass
        finally:
            for each in (source, target):
                try:
                    each.shutdown(socket.SHUT_RDWR)
                except OSError:
                    each.close()

    def serve() -> None:
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            behind = socket.create_connection((attacks.HOST, to))
            for pair in ((client, behind), (behind, client)):
                Thread(target=carry, args=pair, daemon=True).start()

    Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()


def uploading(port: int, **options: Any) -> tuple[bool, str]:
    """Whether the Upload page has a place for a file on a connection with these headers or cookies, and what it says."""

    async def tried() -> Officer:
        async with connect(port, **options) as page:
            officer = Officer("", _socket=page, address="authority=Leeds")
            await officer.run(page_name="upload")
            return officer

    officer = run(tried())
    return any(control.startswith("file_uploader") for control in officer.controls), officer.said


def test_a_proxy_on_the_same_machine_opens_nothing(server: Server, port: int) -> None:
    with plain_proxy(port) as through:
        for forged in ({}, {"careleavers-origin": "local", "careleavers-visit": "x"}):
            may, said = uploading(through, headers=forged)
            assert not may
            assert "Uploading is closed in this browser" in said


QUARTER = (
    b"authority_code,authority_name,indicator,age_group,period,basis,numerator,denominator\n"
    b"E08000035,Leeds,eet,19-21,2025/26 Q1,quarter,26,51\n"
)


def test_the_printed_address_opens_uploading_and_originals_for_one_browser_and_nothing_else_does(
    server: Server, port: int, page: Page
) -> None:
    may, said = uploading(port)
    assert not may
    assert "open the address that ends in “?token=…”" in said

    place = page.get_by_test_id("stFileUploader")
    since = len(server.text())
    visit(page, f"{server.url}/upload?authority=Leeds&token=of-another-start-0123")
    expect(page.get_by_text("The token in the address that you opened is not this dashboard’s")).to_be_visible()
    expect(place).to_have_count(0)
    assert "token" not in page.url
    assert "authority=Leeds" in page.url
    assert len(told(server, since)) == 1
    assert told(server, since)[0].split("Reference ")[1][:6] in page.inner_text("body")

    visit(page, f"{server.url}/upload?authority=Leeds&token={TOKEN}")
    expect(place).to_be_visible()
    assert "token" not in page.url
    assert TOKEN not in page.evaluate("document.referrer + document.cookie + JSON.stringify(performance.getEntries())")
    key = next(each for each in page.context.cookies() if each["name"].startswith("careleavers_key_"))
    assert (key["httpOnly"], key["sameSite"], key["expires"]) == (True, "Strict", -1)
    assert TOKEN not in key["value"]

    # An original is for the browser that asked for it, and noted.
    files = {"name": "quarter.csv", "mimeType": "text/csv", "buffer": QUARTER}
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(files)
    page.get_by_role("button", name="Accept as provisional").click()
    page.get_by_role("link", name="Take it back on the History page").click()
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if ".png" not in request.url and "/media/" in request.url else None,
    )
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the original file").click()
    assert waiting.value.path().read_bytes() == QUARTER
    (address,) = asked
    path = urlsplit(address).path
    cookie = next(each for each in page.context.cookies() if each["name"] == "careleavers_browser")
    for stranger in ("", "careleavers_browser=another", "careleavers_browser="):
        status, _, text = ask(port, path, Cookie=stranger)
        assert (status, text) == (404, "Not found\n")
    status, headers, text = ask(port, path, Cookie=f"careleavers_browser={cookie['value']}")
    assert (status, text.encode(), headers["cache-control"]) == (200, QUARTER, "no-store")
    assert "the file as it is kept, upload 1" in server.text()
    page.reload()
    # Only officers are told so: the browser keeps the key.
    expect(page.get_by_text("1 download, newest first.")).to_be_visible()

    held = f"{key['name']}={key['value']}"
    assert uploading(port, cookie=held)[0]
    assert not uploading(port, cookie=f"{key['name']}={key['value'][::-1]}")[0]
    since = len(server.text())
    page.set_extra_http_headers({"X-Forwarded-For": "127.0.0.1", "careleavers-origin": "local"})
    visit(page, f"{server.url}/upload")
    expect(page.get_by_text("no sign-in is set up, and this visit comes through a proxy")).to_be_visible()
    expect(place).to_have_count(0)
    assert any("may not upload: this visit comes through a proxy" in line for line in told(server, since))
    page.goto("about:blank")
