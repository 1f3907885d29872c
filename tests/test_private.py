"""Each use of a library's internals still works: one test for each, which fails if an upgrade changes it."""

import asyncio
import copy
import pickle
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import pytest
import uvicorn
import websockets.sync.client
from streamlit import config
from streamlit.runtime.secrets import Secrets
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_auth_routes, starlette_routes, starlette_websocket
from uvicorn.lifespan.on import LifespanOn
from websockets.exceptions import ConnectionClosed

from careleavers.charts import private as charts
from careleavers.pictures import private as pictures
from careleavers.ui import private
from careleavers.ui.server.front_end import FrontEnd
from careleavers.ui.server.sessions import _PASSING

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "checked"), [*private.CHECKED.items(), *charts.CHECKED.items(), *pictures.CHECKED.items()]
)
def test_each_was_checked_against_the_version_that_is_required(name: str, checked: str) -> None:
    """If this fails after an upgrade, check each use in private.py, then write the new version there."""
    assert re.search(rf"^{name}=={re.escape(checked)}\s", REQUIREMENTS, flags=re.MULTILINE)
    assert version(name) == checked


# --- Plotly ---


def test_what_is_set_unchecked_is_there_however_the_figure_is_read_or_copied() -> None:
    parts = {
        "annotations": [{"name": "footer", "text": "Source", "x": 0, "showarrow": False}],
        "shapes": [{"type": "line", "x0": 0, "x1": 1}],
        "template": {"layout": {"font": {"size": 12}}},
    }
    checked, unchecked = go.Figure(go.Bar(y=[1]), {"height": 200, **parts}), go.Figure(go.Bar(y=[1]))
    assert len(unchecked.layout.annotations) == 0  # has them made, from what stood there before
    charts.set_unchecked(unchecked, **parts)
    unchecked.update_layout(height=200)
    for figure in (unchecked, go.Figure(unchecked), copy.deepcopy(unchecked), pickle.loads(pickle.dumps(unchecked))):
        assert figure.to_dict() == checked.to_dict()
        assert [note.text for note in figure.layout.annotations] == ["Source"]
        assert figure.layout.template.layout.font.size == 12
    parts["annotations"][0]["text"] = "changed"  # type: ignore[index]
    assert unchecked.layout.annotations[0].text == "Source"


def test_the_script_for_charts_has_the_private_names_that_the_page_uses() -> None:
    folder = private.static_folder()
    paths = [f"/{path.relative_to(folder).as_posix()}" for path in folder.rglob("*.js")]
    (script,) = private.chart_scripts(paths)
    text = (folder / script[1:]).read_text(encoding="utf-8")
    for name in charts.PAGE_SCRIPT_NAMES:
        assert f".{name}.toImageButtonOptions" in text


def test_a_finished_figure_is_one_to_streamlit_and_made_once() -> None:
    finished = charts.Finished(go.Figure(go.Bar(y=[1])))
    assert isinstance(finished, go.Figure)
    assert finished.to_dict() is finished.to_dict()

    def page() -> None:
        import streamlit as st

        st.plotly_chart(st.session_state["shown"], key="a", theme=None)

    at = AppTest.from_function(page)
    at.session_state["shown"] = finished
    at.run()
    assert not at.exception
    assert '"type":"bar"' in at.get("plotly_chart")[0].proto.spec.replace(" ", "")


# --- the run of a script ---


def test_outside_a_run_there_is_no_session() -> None:
    assert private.session() is None
    assert private.came_by_history() is None
    private.set_bound("a", "b")
    private.forget_file("a")


def test_a_run_has_a_session_and_says_how_it_was_come_to() -> None:
    def page() -> None:
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from careleavers.ui import private

        st.write(private.session(), private.came_by_history())
        get_script_run_ctx().is_history_navigation = True
        st.write(private.came_by_history())

    at = AppTest.from_function(page).run()
    assert not at.exception
    assert [each.value for each in at.markdown] == ["test session id `False`", "`True`"]


@pytest.mark.parametrize(("corrected", "value"), [(True, "Kent"), (False, "Leeds")])
def test_a_bound_parameter_can_be_corrected_before_its_control_is_drawn(corrected: bool, value: str) -> None:
    def page() -> None:
        import streamlit as st

        from careleavers.ui import private

        if st.session_state["corrected"]:
            private.set_bound("authority", "Kent")
        st.selectbox("Authority", ["Leeds", "Kent"], key="authority", bind="query-params")

    at = AppTest.from_function(page)
    at.session_state["corrected"] = corrected
    at.query_params["authority"] = "E10000016"
    at.run()
    assert not at.exception
    assert at.selectbox(key="authority").value == value


def test_a_file_that_is_let_go_is_forgotten() -> None:
    def page() -> None:
        import streamlit as st
        from streamlit.runtime.scriptrunner import get_script_run_ctx

        from careleavers.ui import private

        def held() -> int:
            context = get_script_run_ctx()
            return len(context.uploaded_file_mgr.get_files(private.session(), [given.file_id]))

        given = st.file_uploader("File", key="file")
        if given:
            before = held()
            private.forget_file(given.file_id)
            st.write(f"{before} then {held()}")

    at = AppTest.from_function(page).run()
    at.file_uploader(key="file").upload("a.csv", b"1,2").run()
    assert not at.exception
    assert at.markdown[0].value == "1 then 0"


# --- configuration and secrets ---


def test_what_is_set_by_hand_is_told_from_what_is_usual() -> None:
    assert private.is_set_by_hand("server.address"), "by .streamlit/config.toml"
    assert not private.is_set_by_hand("server.sslCertFile")


def test_secrets_are_read_again_once_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, real = tmp_path / "secrets.toml", config.get_option
    monkeypatch.setattr(config, "get_option", lambda key: [str(file)] if key == "secrets.files" else real(key))
    monkeypatch.setattr(Secrets, "_maybe_install_file_watchers", lambda self: None)
    reader = Secrets()
    file.write_text("a = 1\n")
    assert reader["a"] == 1
    file.write_text("a = 2\n")
    assert reader["a"] == 1
    private.forget_secrets(reader)
    assert reader["a"] == 2


# --- messages and addresses ---

# Every kind of message that Streamlit takes from a page. For a new kind, decide whether it may pass (sessions.py).
KINDS = {
    "rerun_script", "clear_cache", "set_run_on_save", "stop_script", "load_git_info", "debug_disconnect_websocket",
    "debug_shutdown_runtime", "file_urls_request", "app_heartbeat", "backend_operation_request",
}  # fmt: skip


def test_the_messages_of_a_page_are_those_we_know() -> None:
    kinds = {field.name for field in private.BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds == KINDS
    assert kinds >= _PASSING


def test_a_message_is_read_or_said_to_be_none() -> None:
    asked = private.BackMsg()
    asked.rerun_script.query_string = "authority=Leeds"
    read, wrong = private.read_message(asked.SerializeToString())
    assert (read.rerun_script.query_string, wrong) == ("authority=Leeds", "")
    assert private.read_message(None)[1] == "text instead of a message"
    assert private.read_message(b"")[1] == "an empty message"
    assert private.read_message(b"\xff\xff")[1] == "it is no message of Streamlit’s"


def test_what_a_page_is_sent_has_the_parts_that_are_looked_at() -> None:
    sent = private.ForwardMsg()
    for kind in ("new_session", "script_finished", "auth_redirect", "backend_operation_response"):
        assert kind in sent.DESCRIPTOR.fields_by_name
    sent.auth_redirect.url = private.LOGOUT
    sent = private.ForwardMsg()
    sent.backend_operation_response.request_id = "a"
    sent.backend_operation_response.deferred_file.url = "/media/a.csv"
    assert b"/media/a.csv" in sent.SerializeToString()


def test_streamlit_answers_where_we_think() -> None:
    routes = starlette_routes
    assert private.MEDIA.strip("/") == routes.BASE_ROUTE_MEDIA
    assert private.STATIC.strip("/") == routes.BASE_ROUTE_STATIC
    assert private.UPLOADS.strip("/") == routes.BASE_ROUTE_UPLOAD_FILE
    assert private.METRICS.strip("/") == routes.ROUTE_METRICS
    signing = starlette_auth_routes
    assert [each.strip("/") for each in (private.LOGIN, private.LOGOUT, private.CALLBACK)] == [
        signing._ROUTE_AUTH_LOGIN,
        signing._ROUTE_AUTH_LOGOUT,
        signing._ROUTE_OAUTH_CALLBACK,
    ]
    assert signing.USER_COOKIE_NAME == private.USER_COOKIE
    assert signing.TOKENS_COOKIE_NAME.startswith(private.USER_COOKIE)
    from streamlit.web.server.starlette.starlette_agent_routes import create_agent_routes

    assert [route.path for route in starlette_websocket.create_websocket_routes(None, None)] == [private.STREAM]  # type: ignore[arg-type,attr-defined]
    agents = create_agent_routes(None, None)  # type: ignore[arg-type]
    assert agents
    assert all(route.path.startswith(private.AGENT) for route in agents)  # type: ignore[attr-defined]


def test_hosts_and_origins_are_judged_as_streamlit_does(monkeypatch: pytest.MonkeyPatch) -> None:
    real = config.get_option
    monkeypatch.setattr(config, "get_option", lambda key: ["a.example"] if key == "server.allowedHosts" else real(key))
    assert private.host_is_allowed("a.example:8501")
    assert not private.host_is_allowed("b.example:8501")
    assert private.origin_is_allowed("https://a.example", "a.example")
    assert not private.origin_is_allowed("https://b.example", "a.example")
    assert not private.origin_is_allowed("https://b.example", "b.example")


# --- what browsers fetch first ---


def test_each_part_of_the_first_page_that_is_changed_is_there() -> None:
    html = (private.static_folder() / "index.html").read_text(encoding="utf-8")
    for part in (
        "<title>Streamlit</title>",
        '<html lang="en">',
        'as="font"',
        "<!--",
        'rel="service-desc"',
        "<noscript>",
        "</head>",
    ):
        assert part in html, part
    ours = private.first_page(html, title="T", language="en-GB", without_scripts=r"<p>\1</p>", head="<i></i>")
    for part in ('as="font"', "<!--", 'rel="service-desc"', "Streamlit</title>"):
        assert part not in ours, part
    for part in ("<title>T</title>", '<html lang="en-GB">', r"<noscript><p>\1</p></noscript>", "<i></i></head>"):
        assert ours.count(part) == 1, part


def test_the_script_in_the_browser_is_told_where_the_server_is() -> None:
    front = FrontEnd(private.static_folder())
    (started,) = re.findall(r'src="\.(/static/js/index\.[^"]+)"', front.index)
    script = front.content(started).decode()
    assert re.search(rf"window\.__streamlit;.{{0,200}}{private.SERVER_ADDRESS}", script)
    assert f'window.__streamlit = {{{private.SERVER_ADDRESS}: new URL(".", location.href).href}};' in front.index


def test_one_script_draws_charts_and_one_style_sheet_has_the_font() -> None:
    front = FrontEnd(private.static_folder())
    scripts = private.chart_scripts([*front._files])
    assert len(scripts) == 1
    assert scripts[0] not in front.index
    # What waits for the page in its place has the same exports; the page resolves the promise.
    held = front.held[scripts[0]]
    whole = front._files[scripts[0]].read_text(encoding="utf-8")
    exported, given = (text[text.rindex("export{") + 7 :].partition("}")[0].split(",") for text in (whole, held))
    assert {each.split()[-1] for each in given} == {each.split()[-1] for each in exported}
    assert any(each.endswith(" as default") for each in given)
    name = scripts[0].rpartition("/")[2]
    assert f'"./{name}?whole"' in held
    assert held.index("await globalThis.clDrawn") < held.index("await import(")
    assert "window.clDrawn = new Promise" in front.index
    importing = [
        path
        for path, file in front._files.items()
        if path.endswith(".js") and f"import(`./{name}`)" in file.read_text(encoding="utf-8")
    ]
    assert len(importing) == 1, "it is loaded on demand, by one script"
    changed = [
        path
        for path, file in front._files.items()
        if path.endswith(".css") and file.read_bytes() != front.content(path)
    ]
    assert len(changed) == 1


# --- uvicorn ---


def test_the_server_is_found_behind_the_start_of_the_application() -> None:
    server = uvicorn.Config("app:app")
    assert private.server_behind(LifespanOn(server).receive) is server  # type: ignore[arg-type]

    async def another() -> Any: ...

    assert private.server_behind(another) is None


class Requests(private.HTTPProtocol):
    """Records its state at each step, and refuses a request that is not complete in time."""

    told: list[Any] = []  # noqa: RUF012

    def answered(self) -> None:
        self.told.append(("answered", self.is_answering, self.has_begun_to_answer))

    def upgraded(self) -> None:
        self.told.append("upgraded")

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.told.append((self.is_answering, self.waits_for_a_body, self.unsent, self.address))
        if data.startswith(b"POST"):
            self.loop.call_later(0.05, self.refuse, 408, "Too late.\n")


class Sockets(private.SocketProtocol):
    """Records its state at each step, and closes after an incomplete message."""

    told: list[Any] = []  # noqa: RUF012

    def message_complete(self) -> None:
        self.told.append("message")

    def no_message(self, reason: str) -> None:
        self.told.append(("none", reason))

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.told.append((self.is_between_messages, self.is_not_read, self.is_closing, self.address))
        if not self.is_between_messages:
            self.fail(1008, "unfinished")
            self.told.append(self.is_closing)


@contextmanager
def running() -> Iterator[tuple[str, int]]:
    """A uvicorn server in this process that uses the protocols above."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            found = private.server_behind(receive)
            assert found
            private.serve_by(found, Requests, Sockets, largest_message=100, parting=1)
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
        elif scope["type"] == "websocket" and scope["path"] == "/full":
            await receive()
            await send({"type": "websocket.http.response.start", "status": 503, "headers": []})
            await send({"type": "websocket.http.response.body", "body": b"full"})
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (await receive())["type"] == "websocket.receive":
                await send({"type": "websocket.send", "text": "heard"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok"})

    Requests.told.clear()
    Sockets.told.clear()
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="on", log_level="warning"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield listening.getsockname()
        finally:
            server.should_exit = True
            thread.join(10)


def heard(address: tuple[str, int], content: bytes) -> bytes:
    with socket.create_connection(address, timeout=10) as client:
        client.sendall(content)
        answer = b""
        while part := client.recv(4096):
            answer += part
    return answer


def test_a_connection_for_requests_knows_where_it_stands() -> None:
    with running() as address:
        assert heard(address, b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").endswith(b"ok")
        assert Requests.told[0] == (True, False, 0, "127.0.0.1")
        assert ("answered", False, True) in Requests.told
        Requests.told.clear()
        late = heard(address, b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\nExpect: x\r\n\r\nhal")
        assert Requests.told[0][:2] == (True, True)
        assert late.startswith(b"HTTP/1.1 ")
        begun = heard(address, b"POST / HTTP/1.1\r\nHost:")
        assert Requests.told[-1][:2] == (False, False)
        assert begun.startswith(b"HTTP/1.1 408 ")
        assert begun.endswith(b"Too late.\n")


def test_a_connection_knows_what_has_not_arrived() -> None:
    told = []

    class Large(Requests):
        def answered(self) -> None:
            told.append(self)

    async def tried() -> None:
        loop = asyncio.get_running_loop()

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5000000")]})
            await send({"type": "http.response.body", "body": bytes(5_000_000)})

        config = uvicorn.Config(app, lifespan="off", log_level="warning")
        config.load()
        state = uvicorn.server.ServerState()
        server = await loop.create_server(lambda: Large(config, state, {}), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        while not told:
            await asyncio.sleep(0.01)
        (one,) = told
        assert one.written > 5_000_000
        before = one.unsent
        assert one.transport.get_write_buffer_size() < before < one.written
        await reader.readexactly(one.written)
        while one.unsent:
            await asyncio.sleep(0.01)
        writer.close()
        server.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, tried()).result(30)


def slowly(*parts: str) -> Iterator[str]:
    for part in parts:
        yield part
        time.sleep(0.3)


def test_a_websocket_knows_where_it_stands() -> None:
    with running() as (host, port):
        with websockets.sync.client.connect(f"ws://{host}:{port}/", proxy=None) as client:
            client.send("all of it")
            assert client.recv(timeout=10) == "heard"
            assert Sockets.told[-2:] == ["message", (True, True, False, "127.0.0.1")], "not read until it is taken"
            with pytest.raises(ConnectionClosed) as ended:
                client.send(slowly("begun, ", "ended"))
                client.recv(timeout=10)
        assert ended.value.rcvd and (ended.value.rcvd.code, ended.value.rcvd.reason) == (1008, "unfinished")
        assert True in Sockets.told
        assert "upgraded" in Requests.told
        with websockets.sync.client.connect(f"ws://{host}:{port}/", proxy=None) as client:
            client.send("x" * 101)  # longer than was allowed
            with pytest.raises(ConnectionClosed) as ended:
                client.recv(timeout=10)
        assert ended.value.rcvd and ended.value.rcvd.code == 1009
        assert [told[0] for told in Sockets.told if isinstance(told, tuple)].count("none") == 1


def test_an_answer_in_place_of_a_websocket_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    with running() as (host, port):
        with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
            websockets.sync.client.connect(f"ws://{host}:{port}/full", proxy=None)
        assert refused.value.response.status_code == 503
    assert "ASGI callable returned" not in caplog.text


def test_what_draws_the_controls_is_found_with_all_that_it_imports() -> None:
    front = FrontEnd(private.static_folder())
    found = private.early_scripts(front._files)
    names = [path.rpartition("/")[2].partition(".")[0] for path in found]
    assert {"Selectbox", "Checkbox", "ButtonGroup", "Html", "PageLink", "DownloadButton", "WidgetLabel"} <= set(names)
    assert len(found) == len(set(found))
    assert all(path in front for path in found)
    assert sum(front._files[path].stat().st_size for path in found if f'href=".{path}"' in front.index) > 50_000
    # The charts' code is large and loads after everything else.
    assert front.held
    assert not any(path in front.index for path in front.held)
