"""A real server gives a stranger no raw figures: by no path, on no page, on no websocket and in no log."""

import asyncio
import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import Server, running, visit
from playwright.sync_api import Page, Response
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from who_signs_in import COOKIE_SECRET, OFFICER, STRANGER
from who_signs_in import secrets as settings_of

from careleavers.figures.warehouse import Warehouse
from careleavers.store import Store
from careleavers.store.address import read_address
from careleavers.versions import Versions
from scripts.drills.officer import Officer, quarter, sign_in_cookie
from tests.raw_figures import TELLTALE, Secrets, fill, secrets, sent_text

# The provider is never contacted: those signed in here come with a cookie.
PROVIDER = "http://localhost:9"


@dataclass(frozen=True)
class Office:
    """A server with uploads in its store, in ``folder``, and what strangers must not learn from them."""

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
        hidden = secrets(versions, at=[versions.store.version()])
    (folder / "secrets.toml").write_text(settings_of(PROVIDER, "open"), encoding="utf-8")
    env = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"), "STORE_URL": str(store)}
    with running(folder / "log", env=env) as started:
        yield Office(started, folder, hidden)


class Listening:
    """Keeps all that a page receives from now on, without the files of the front end."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._frames: list[str | bytes] = []
        self._answers: list[Response] = []
        self._said: list[str] = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self._frames.append(frame)))
        page.on("response", lambda answer: self._answers.append(answer) if "/static/" not in answer.url else None)

    def begin(self) -> None:
        """Forget what was received so far."""
        self._frames.clear()
        self._said.clear()

    def visit(self, url: str) -> None:
        """Open an address; what was received can be read only until the next one is opened."""
        visit(self._page, url)
        self._said += [str(answer.headers) for answer in self._answers]
        self._said += [
            answer.text() for answer in self._answers if answer.status == 200 and "favicon" not in answer.url
        ]
        self._said.append(self._page.content())
        self._answers.clear()

    def text(self) -> str:
        """Everything received: HTTP answers, the text of the page, and the websocket's messages unpacked."""
        told = (
            sent_text(ForwardMsg.FromString(frame)) if isinstance(frame, bytes) else frame for frame in self._frames
        )
        return "\n".join([*self._said, *told])


def sign_in(page: Page, server: Server, subject: str) -> None:
    """Sign in as Streamlit would, for some minutes."""
    user = {
        "is_logged_in": True, "origin": server.url, "provider": "default", "iss": PROVIDER, "sub": subject,
        "exp": int(time.time() + 600),
    }  # fmt: skip
    value = create_signed_value(COOKIE_SECRET, "_streamlit_user", json.dumps(user)).decode()
    page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": server.url}])


def test_strangers_and_viewers_receive_nothing_raw_and_it_would_be_found(page: Page, office: Office) -> None:
    heard = Listening(page)
    for path in ("/history?upload=1&as_at=1&authority=Leeds", "/upload?upload=1&authority=Leeds"):
        heard.visit(office.server.url + path)
        said = heard.text()
        assert "sign in as an officer" in said
        assert not office.hidden.found(said)
        heard.begin()

    sign_in(page, office.server, STRANGER)
    heard.begin()
    heard.visit(f"{office.server.url}/local_figures?authority=Leeds&indicator=in_custody&age=19-21")
    said = heard.text()
    assert "sign in as an officer" not in said
    assert "Counts of young people are rounded to" in said
    assert not office.hidden.found(said)

    # Checks the above: figures sent to a stranger would be found.
    sign_in(page, office.server, OFFICER)
    heard.begin()
    heard.visit(f"{office.server.url}/history?upload=1&authority=Leeds")
    found = office.hidden.found(heard.text())
    assert [one for one in found if TELLTALE in one]
    assert [one for one in found if one.replace(".", "").isdecimal()]


def asked(server: Server, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> tuple[int, str]:
    """Status and everything else of the answer; the path goes out as it is, with its dots."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, f"{answer.getheaders()}\n{content.decode('utf-8', 'replace')}"
    finally:
        connection.close()


def test_no_path_leads_to_the_uploads(office: Office) -> None:
    store = f"{office.folder}/uploads.duckdb"
    deep = "/.." * 12
    own = [
        "/readyz",
        "/readyz?as_at=1",
        "/feed.xml",
        "/feed.xml?authority=Leeds",
        "/favicon.png",
        "/_stcore/health",
        "/_stcore/host-config",
    ]
    nothing = [
        "/media/x", "/media/1.csv", f"/media{deep}{store}", "/_stcore/upload_file/any/1", "/_stcore/message?hash=x",
        "/_stcore/metrics", "/_stcore/agent", "/auth/login", "/auth/logout", "/oauth2callback?state=x&code=y",
        "/upload?upload=1", "/history?upload=1&as_at=1", "/component/x/index.html", f"/component/x{deep}{store}",
        "/static/../store/uploads.duckdb", f"/static{deep}{store}", f"/static/{'%2e%2e/' * 12}{store[1:]}",
        f"/static/{store}", f"/app/static{deep}{store}", f"/app/static/{'..%2f' * 12}{store[1:]}", store, f"/{store}",
        "/store/uploads.duckdb", "/uploads.duckdb", "/data/manifest.csv", "/pages/upload.py", "/app.py",
        "/.streamlit/secrets.toml", f"{office.folder}/secrets.toml", "/queries/store/original_file.sql",
    ]  # fmt: skip
    for path in own + nothing:
        status, text = asked(office.server, path)
        assert not office.hidden.found(text), path
        assert COOKIE_SECRET not in text
        if path in nothing:
            # Every page is the same front end, which gets its content by websocket.
            assert status in {302, 400, 403, 404} or (status == 200 and '<div id="root"></div>' in text), path
    for method in ("PUT", "DELETE", "POST"):
        status, text = asked(office.server, "/_stcore/upload_file/any/1", method, b"x")
        assert status == 403
        assert not office.hidden.found(text)


def test_the_log_tells_nothing_either(office: Office) -> None:
    """Runs last: the pages above have been drawn."""
    assert office.server.text()
    assert not office.hidden.found(office.server.text())
    assert COOKIE_SECRET not in office.server.text()


def test_no_password_key_or_token_is_in_the_log(few_figures: dict[str, str], tmp_path: Path) -> None:
    """Everything that is secret is set, nothing that it is for can be reached, and each way in is tried.

    As JSON, where the log has all that it says as text, and more.
    """
    secret = {
        name: f"sesame-{name}-0123456789-0123456789"
        for name in ("cookie", "client", "database", "storage", "metrics", "link")
    }
    settings = settings_of(PROVIDER, "open").replace(COOKIE_SECRET, secret["cookie"])
    settings = settings.replace('client_secret = "any"', f'client_secret = "{secret["client"]}"')
    (tmp_path / "secrets.toml").write_text(settings, encoding="utf-8")
    database = f"host=127.0.0.1 port=9 user=u password={secret['database']} dbname=s"
    env = {
        **few_figures, "STREAMLIT_SECRETS_FILES": str(tmp_path / "secrets.toml"), "CARELEAVERS_LOG": "json", "CARELEAVERS_METRICS_TOKEN": secret["metrics"],
        "STORE_URL": f"ducklake:postgres:{database} (DATA_PATH 's3://bucket/x')", "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": secret["storage"], "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    }  # fmt: skip

    async def given(server: Server) -> str:
        cookie = sign_in_cookie(OFFICER, server.url, iss=PROVIDER, secret=secret["cookie"])
        officer = await Officer(server.url, {"_streamlit_user": cookie}).open("upload", "authority=Leeds")
        await officer.give("quarter.csv", quarter("E08000035", "Leeds", 1))
        await officer.close()
        return officer.said + cookie

    with running(tmp_path / "log", env=env) as started:
        with ThreadPoolExecutor(1) as pool:  # Playwright keeps an event loop running in this thread
            said = pool.submit(asyncio.run, given(started)).result(120)
        # What a browser brings back from the provider, and a link with a token, are as good as a password.
        answers = [
            asked(started, "/metrics", Authorization=f"Bearer {secret['metrics']}"),
            asked(started, "/metrics", Authorization="Bearer sesame-guessed"),
            asked(started, f"/metrics?token={secret['metrics']}"), asked(started, "/auth/login"),
            asked(started, f"/oauth2callback?code={secret['link']}&state=x"), asked(started, f"/?token={secret['link']}"),
            asked(started, "/readyz"), asked(started, "/history?upload=1&authority=Leeds"),
        ]  # fmt: skip
        written = started.text()
    assert answers[0][0] == 200
    assert "cannot be reached" in said
    assert "cannot be reached" in written
    told = written + "".join(text for _, text in answers[1:])
    assert not [name for name, value in secret.items() if value in told]
    assert said.rpartition("|")[2] not in written
    assert "sesame" not in written
    assert "Traceback" not in written
