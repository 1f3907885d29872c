"""That a real server tells a stranger nothing raw: no path, no page, nothing on the websocket, nothing in the log."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import Server, running, visit
from playwright.sync_api import Page, Response
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from test_sign_in import COOKIE_SECRET, OFFICER, STRANGER
from test_sign_in import secrets as settings_of

from careleavers.store import Store
from careleavers.store.address import read_address
from careleavers.versions import Versions
from careleavers.warehouse import Warehouse
from tests.raw_figures import TELLTALE, Secrets, fill, secrets, sent_text

# Nobody is asked there: whoever is signed in here comes with a cookie.
PROVIDER = "http://localhost:9"
LOOKED_AT = (
    "/local_figures?authority=Leeds&indicator=in_custody&age=19-21",
    "/trends?authority=Leeds&indicator=in_custody&age=19-21&as_at=3",
    "/history?upload=1&as_at=1&authority=Leeds",
    "/upload?upload=1&authority=Leeds",
)


@dataclass(frozen=True)
class Office:
    """A server with uploads in its store, in ``folder``, and what strangers must not learn of them."""

    server: Server
    folder: Path
    hidden: Secrets


@pytest.fixture(scope="module")
def office(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    store = folder / "uploads.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("careleavers.versions.open_warehouse", lambda *_: warehouse)
        versions = Versions(Store(read_address(str(store))))
        fill(versions.store)
        hidden = secrets(versions)
    (folder / "secrets.toml").write_text(settings_of(PROVIDER, "open"), encoding="utf-8")
    env = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"), "STORE_URL": str(store)}
    with running(folder / "log", env=env) as started:
        yield Office(started, folder, hidden)


def received(page: Page) -> Callable[[], str]:
    """Listens to all that a page receives from now on; gives it as text, without the files of the front end."""
    frames: list[str | bytes] = []
    answers: list[Response] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    page.on("response", lambda answer: answers.append(answer) if "/static/" not in answer.url else None)

    def text() -> str:
        said = [sent_text(ForwardMsg.FromString(frame)) if isinstance(frame, bytes) else frame for frame in frames]
        said += [answer.body().decode("utf-8", "replace") for answer in answers if answer.status == 200]
        return "\n".join([*said, *(str(answer.headers) for answer in answers)])

    return text


def sign_in(page: Page, server: Server, subject: str) -> None:
    """As Streamlit would, for some minutes."""
    user = {
        "is_logged_in": True, "origin": server.url, "provider": "default", "iss": PROVIDER, "sub": subject,
        "exp": int(time.time() + 600),
    }  # fmt: skip
    value = create_signed_value(COOKIE_SECRET, "_streamlit_user", json.dumps(user)).decode()
    page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": server.url}])


@pytest.mark.parametrize("who", ["", STRANGER])
def test_a_stranger_receives_nothing_raw(open_browser: Callable[..., Page], office: Office, who: str) -> None:
    page = open_browser()
    if who:
        sign_in(page, office.server, who)
    text = received(page)
    for path in LOOKED_AT if who else LOOKED_AT[:1] + LOOKED_AT[2:]:
        visit(page, office.server.url + path)
    said = text()
    assert "under 1%" in said or "suppressed" in said or "Local figures" in said
    assert len(said) > 10_000
    assert not office.hidden.found(said)
    assert not office.hidden.found(page.content())


def test_what_the_officer_receives_is_found(open_browser: Callable[..., Page], office: Office) -> None:
    """Were it sent to a stranger, the test before this one would see it."""
    page = open_browser()
    sign_in(page, office.server, OFFICER)
    text = received(page)
    visit(page, f"{office.server.url}/history?upload=1&authority=Leeds")
    found = office.hidden.found(text())
    assert [one for one in found if TELLTALE in one]
    assert [one for one in found if one.replace(".", "").isdecimal()]


def asked(server: Server, path: str, method: str = "GET", body: bytes | None = None) -> tuple[int, str]:
    """Status and everything else of the answer; the path goes out as it is, with its dots."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, f"{answer.getheaders()}\n{content.decode('utf-8', 'replace')}"
    finally:
        connection.close()


def test_no_path_leads_to_the_uploads(office: Office) -> None:
    store = f"{office.folder}/uploads.duckdb"
    deep = "/.." * 12
    paths = [
        "/readyz", "/readyz?as_at=1", "/favicon.png", "/media/x", "/media/1.csv", f"/media{deep}{store}",
        "/_stcore/health", "/_stcore/host-config", "/_stcore/metrics", "/_stcore/upload_file/any/1",
        "/_stcore/script-health-check", "/_stcore/message?hash=x", "/_stcore/agent",
        "/auth/login", "/auth/logout", "/oauth2callback?state=x&code=y", "/upload?upload=1", "/history?upload=1&as_at=1",
        "/component/x/index.html", f"/component/x{deep}{store}", "/_stcore/bidi-components/x/y",
        "/static/../store/uploads.duckdb", f"/static{deep}{store}", f"/static/{'%2e%2e/' * 12}{store[1:]}",
        f"/static//{store}", f"/app/static{deep}{store}", f"/app/static/{'..%2f' * 12}{store[1:]}", store, f"/{store}",
        "/store/uploads.duckdb", "/uploads.duckdb", "/data/manifest.csv", "/data/indicators.csv", "/pages/upload.py",
        "/pages/history.py", "/.streamlit/secrets.toml", f"{office.folder}/secrets.toml", "/app.py", "/queries/store/original.sql",
    ]  # fmt: skip
    for path in paths:
        status, text = asked(office.server, path)
        print(status, len(text), path, text[-60:].replace("\n"," "))
        assert status < 500, path
        assert not office.hidden.found(text), path
        for word in (COOKIE_SECRET, "need_officer", "store.originals", "uploads.duckdb"):
            assert word not in text.replace(path, ""), path
        assert not text.startswith("DUCK"), path
    for method in ("PUT", "DELETE", "POST"):
        status, text = asked(office.server, "/_stcore/upload_file/any/1", method, b"x")
        assert status == 403
        assert not office.hidden.found(text)


def test_the_log_tells_nothing_either(office: Office) -> None:
    """Runs last: the pages above have been drawn."""
    assert office.server.text()
    assert not office.hidden.found(office.server.text())
    assert COOKIE_SECRET not in office.server.text()
