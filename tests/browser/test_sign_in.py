"""Signing in for real: a provider on this machine, a browser, and the server between them."""

import asyncio
import os
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import oidc_provider_mock
import pytest
import werkzeug.serving
from attacks import answered, connect, rerun
from conftest import ROOT, Server, free_port, move, running, serious_findings, settled, visit
from playwright.sync_api import Page, expect
from streamlit.util import calc_hash
from who_signs_in import OFFICER, STRANGER, put_cookie, secrets

from careleavers.ui.pages import PAGES
from scripts.drills.officer import Officer, quarter, sign_in_cookie

PATHS = ["/", *(f"/{entry.name}" for entry in PAGES[1:])]


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of an OpenID provider that signs in anyone who presses a button."""
    users = [
        oidc_provider_mock.User(sub=OFFICER, claims={"name": "Somebody else's words"}),
        oidc_provider_mock.User(sub=STRANGER, claims={"name": "Sam <b>Stranger</b>"}),
    ]
    app = oidc_provider_mock.app(user_claims=users)
    # The provider's own pages fetch a style sheet from elsewhere.
    frame = jinja2.DictLoader({"_base.html": "<!doctype html><main>{% block content %}{% endblock %}</main>"})
    app.jinja_loader = jinja2.ChoiceLoader([frame, app.jinja_loader])
    server = werkzeug.serving.make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def serving(folder: Path, provider: str, browsing: str, figures: dict[str, str]) -> Iterator[Server]:
    file = folder / "secrets.toml"
    file.write_text(secrets(provider, browsing), encoding="utf-8")
    with running(folder / "log", env={**figures, "STREAMLIT_SECRETS_FILES": str(file)}) as started:
        yield started


@pytest.fixture(scope="module")
def open_server(
    provider: str, few_figures: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Open to all viewers; roles for those who sign in."""
    with serving(tmp_path_factory.mktemp("open"), provider, "open", few_figures) as started:
        yield started


@pytest.fixture(scope="module")
def closed_server(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Closed to all who have not signed in, with all figures: each page would have a chart or a table to show."""
    with serving(tmp_path_factory.mktemp("closed"), provider, "signed-in", {}) as started:
        yield started


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run in another thread, because Playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result(90)


def open_account(page: Page) -> None:
    """Open the part of the strip about the person signed in."""
    page.locator(".st-key-person").get_by_role("button").click()


def address(page: Page) -> str:
    parts = urlsplit(page.url)
    return f"{parts.path}?{parts.query}"


def first_visit(url: str, address: str, asked: dict[str, str]) -> Officer:
    """A page asked for in the server's own protocol by somebody who has not signed in."""

    async def drawn() -> Officer:
        async with connect(urlsplit(url).port or 0) as page:
            told = Officer(url, _socket=page)
            told.address = address
            await told.run(**asked)
            return told

    return run(drawn())


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({"page_name": "upload"}, True), ({"page_name": "history"}, True), ({"page_script_hash": calc_hash("upload")}, True),
        ({"page_script_hash": calc_hash("history")}, True), ({"page_name": "../pages/history"}, False),
        ({"page_name": "pages/upload.py"}, False),
    ],
)  # fmt: skip
def test_a_fresh_process_gives_no_officers_page_to_who_is_not_signed_in(
    open_server: Server, asked: dict[str, str], known: bool
) -> None:
    """Stands before all other tests of this server: the first of these is the first thing that the process is asked."""

    told = first_visit(open_server.url, "authority=Leeds&upload=1&as_at=1", asked)
    # What is no page of ours is the first one.
    assert ("sign in as an officer" in told.said) == known
    assert not [
        control for control in told.controls if control.startswith(("file_uploader", "download_button: Download your"))
    ]
    assert "Withdraw upload" not in told.said + str(told.controls)


def role(server: Server, cookie: str) -> str:
    """What a page sends over a separate connection that carries this cookie."""

    async def asked() -> str:
        async with connect(urlsplit(server.url).port or 0, cookie=cookie) as connection:
            await connection.send(rerun("authority=Leeds"))
            return "".join(map(str, await answered(connection)))

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked()).result()


def test_a_sign_in_ends_where_it_began_and_a_sign_out_ends_the_rights_of_every_tab(
    page: Page, open_server: Server
) -> None:
    refused: list[str] = []
    page.on("console", lambda m: refused.append(m.text) if "Content Security Policy" in m.text else None)
    view = "/upload?authority=Leeds&against=England"
    visit(page, open_server.url + view)
    assert "token=" not in open_server.text(), "where people sign in, none is printed"
    # One is in the strip, the other on the page.
    page.get_by_test_id("stMain").get_by_role("button", name="Sign in").last.click()
    page.get_by_role("button", name="Deny").click()
    settled(page)
    expect(page.get_by_text("Signing in did not work.")).to_be_visible()
    assert address(page) == view

    page.get_by_test_id("stMain").get_by_role("button", name="Sign in").first.click()
    page.get_by_role("button", name=OFFICER).click()
    settled(page)
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    open_account(page)
    expect(page.get_by_text("Signed in as Jo *Officer* (officer for Barnsley and Leeds)")).to_be_visible()
    assert address(page) == view
    assert serious_findings(page) == ""
    expect(page).to_have_title(re.compile("^Leeds – Upload"))
    expect(page.get_by_text("Somebody else's words")).to_have_count(0)
    cookie = next(c for c in page.context.cookies() if c["name"] == "_streamlit_user")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert not cookie["secure"], "over http on this machine a browser would not send it back"
    second = page.context.new_page()
    visit(second, f"{open_server.url}/upload?authority=Leeds")
    expect(second.get_by_test_id("stFileUploader")).to_be_visible()
    cookies = [each for each in page.context.cookies() if each["name"].startswith("_streamlit_")]
    kept = "; ".join(f"{each['name']}={each['value']}" for each in cookies)

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    settled(page)
    expect(page.get_by_role("button", name="Sign in").first).to_be_visible()
    assert address(page) == view
    assert refused == []
    assert "_streamlit_user" not in {c["name"] for c in page.context.cookies()}
    # Nobody touches the second tab: its connection is closed, and the next one finds nobody signed in.
    expect(second.get_by_text("To upload figures, sign in as an officer.")).to_be_visible()
    expect(second.get_by_test_id("stFileUploader")).to_have_count(0)
    second.close()
    assert "Signed in as" not in role(open_server, kept), "a cookie that somebody kept is of no use"


@pytest.mark.parametrize(
    "asked",
    [
        {"page_name": "upload"}, {"page_name": "history"}, {"page_name": "../pages/upload"}, {"page_name": "pages/history.py"},
        {"page_script_hash": calc_hash("upload")}, {"page_script_hash": calc_hash("history"), "page_name": "history"},
    ],
)  # fmt: skip
def test_a_fresh_process_draws_no_closed_page_for_a_link_without_a_sign_in(
    closed_server: Server, asked: dict[str, str]
) -> None:
    """Stands before all other tests of this server: the first of these is the first thing that the process is asked."""

    told = first_visit(closed_server.url, "authority=Leeds&upload=1", asked)
    assert "Sign in to see this dashboard" in told.said
    assert not [control for control in told.controls if control.startswith(("file_uploader", "download_button"))]


def test_a_sign_in_that_runs_out_ends_an_open_tab_where_it_is_with_a_sentence(
    page: Page, closed_server: Server, provider: str
) -> None:
    put_cookie(page, closed_server.url, provider, lasts=20)
    visit(page, f"{closed_server.url}/upload?authority=Leeds")
    expect(page.get_by_test_id("stFileUploader")).to_be_visible()
    # Nobody touches it.
    page.get_by_role("button", name="End session").click()
    settled(page)
    expect(page.get_by_text("Your sign-in has run out, so you have been signed out.")).to_be_visible()
    expect(page.get_by_role("heading", name="Sign in to see this dashboard")).to_be_visible()
    expect(page.get_by_test_id("stFileUploader")).to_have_count(0)
    assert address(page) == "/upload?authority=Leeds"


def test_where_browsing_is_closed_a_stranger_sees_no_page_and_a_viewer_is_told_what_to_pass_on(
    page: Page, closed_server: Server, provider: str
) -> None:
    for path in PATHS:
        move(page, f"{closed_server.url}{path}?authority=Leeds")
        expect(page.get_by_role("heading", name="Sign in to see this dashboard")).to_be_visible()
        assert page.get_by_test_id("stPlotlyChart").count() == 0, path
        assert page.get_by_test_id("stDataFrame").count() == 0, path
        assert page.locator(".st-key-shared").count() == 0, path
    assert serious_findings(page) == ""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=STRANGER).click()
    settled(page)
    assert address(page) == f"{PATHS[-1]}?authority=Leeds"
    open_account(page)
    expect(page.get_by_text("Signed in as Sam <b>Stranger</b> (viewer)")).to_be_visible()
    expect(page.get_by_text("Do you need another role?")).to_be_visible()
    expect(page.get_by_test_id("stCode")).to_contain_text(f'issuer = "{provider}"')
    expect(page.get_by_test_id("stCode")).to_contain_text(f'subject = "{STRANGER}"')


def other_algorithm(value: str) -> str:
    """A cookie that says that it is not signed."""
    return ".".join([value.split("|")[0], "none"])


@pytest.mark.parametrize(
    ("forged", "may"),
    [
        (lambda own, url, iss: own, True),
        (lambda own, url, iss: sign_in_cookie(OFFICER, url, iss=iss, secret="another secret of the same length 000000"), False),
        (lambda own, url, iss: sign_in_cookie(OFFICER, url, iss=iss, secret=""), False),
        (lambda own, url, iss: sign_in_cookie(OFFICER, url, iss=iss, lasts=-5), False),
        (lambda own, url, iss: sign_in_cookie(OFFICER, "https://evil.example", iss=iss), False),
        (lambda own, url, iss: sign_in_cookie(OFFICER, url, iss="https://evil.example"), False),
        (lambda own, url, iss: sign_in_cookie(OFFICER, url, iss=iss, exp=None), False),
        (lambda own, url, iss: sign_in_cookie(OFFICER, url, iss=iss, is_logged_in=False), False),
        (lambda own, url, iss: sign_in_cookie(f"{OFFICER}'; --", url, iss=iss), False),
        (lambda own, url, iss: own[:-1] + ("0" if own[-1] != "0" else "1"), False),
        (lambda own, url, iss: other_algorithm(own), False),
        (lambda own, url, iss: "eyJpc19sb2dnZWRfaW4iOnRydWV9", False),
        (lambda own, url, iss: "x" * 5000, False),
    ],
    ids=[
        "the officer's own", "another secret", "no secret", "expired", "of another site", "of another provider", "without an end",
        "signed out", "somebody else", "signature changed", "unsigned", "only the content", "endless",
    ],
)  # fmt: skip
def test_a_forged_or_expired_cookie_opens_nothing(
    open_server: Server, provider: str, forged: Callable[[str, str, str], str], may: bool
) -> None:
    own = sign_in_cookie(OFFICER, open_server.url, iss=provider)
    cookie = forged(own, open_server.url, provider)

    async def drawn() -> Officer:
        officer = await Officer(open_server.url, {"_streamlit_user": cookie}).open("upload", "authority=Leeds")
        await officer.close()
        return officer

    officer = run(drawn())
    assert any(control.startswith("file_uploader") for control in officer.controls) == may
    assert ("Upload figures" in officer.said) or not may
    assert cookie not in open_server.text()
    assert "Traceback" not in open_server.text()


def test_a_file_is_taken_only_from_the_officers_own_page(open_server: Server, provider: str) -> None:
    """Cross-site requests: a page of another site can make a browser send cookies, and nothing else of what is asked for here."""

    async def tried() -> list[int]:
        cookie = sign_in_cookie(OFFICER, open_server.url, iss=provider)
        officer = await Officer(open_server.url, {"_streamlit_user": cookie}).open("upload", "authority=Leeds")
        path = (await officer.place("quarter.csv")).upload_url
        content = quarter("E08000035", "Leeds", 1)
        own, token = officer.cookie, officer.cookies["_streamlit_xsrf"]
        version, mask, masked, made = token.split("|")
        wrong = "|".join((version, mask, masked[::-1], made))
        without_token = "; ".join(part for part in own.split("; ") if "_xsrf" not in part)
        without_browser = "; ".join(part for part in own.split("; ") if "careleavers_browser" not in part)
        tries: list[dict[str, str]] = [
            {"Origin": "https://evil.example"}, {"Origin": "null"}, {"X_Xsrftoken": ""}, {"X_Xsrftoken": wrong},
            {"Cookie": without_token}, {"Cookie": without_browser}, {"Cookie": ""}, {"Cookie": f"{without_browser}; careleavers_browser=x"},
        ]  # fmt: skip
        got = [await officer.put(path, "quarter.csv", content, **each) for each in tries]
        other = path.rsplit("/", 2)[0] + "/another-session/1"
        got.append(await officer.put(other, "quarter.csv", content, Origin=open_server.url))
        await officer.give("quarter.csv", content)
        said = officer.said
        # Of a name with a path only its end is read, and said back.
        await officer.give("..\\../../etc/cron.d/\u202etimes.csv", quarter("E08000035", "Leeds", 2))
        assert "What we found" in officer.said
        assert not [
            trick for trick in ("etc/", "cron.d", "..\\", "\u202e") if trick in officer.said + str(officer.controls)
        ]
        await officer.close()
        got.append(await officer.put(path, "quarter.csv", content, Origin=open_server.url))
        assert "What we found" in said
        return got

    assert run(tried()) == [403] * 10


def test_nobody_sends_files_from_a_page_that_is_not_an_officers(open_server: Server) -> None:
    request = urllib.request.Request(f"{open_server.url}/_stcore/upload_file/any/1", data=b"x" * 1000, method="PUT")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert refused.value.code == 403
    refused.value.close()


PROBE = """
import streamlit as st
from careleavers.ui import access
who = access.person()
st.write(f"role {who.role}, from {who.issuer or 'nowhere'}. {access.uploading_closed()}")
"""
APP = """
import streamlit as st
from careleavers.ui.server import setup
app = st.App("probe/main.py", middleware=setup.middleware())
"""


@pytest.fixture
def probe(tmp_path: Path) -> Path:
    """A home folder with a page that says who it thinks is looking."""
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "main.py").write_text(PROBE, encoding="utf-8")
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[server]\naddress = "127.0.0.1"\n', encoding="utf-8")
    return tmp_path


def test_a_server_that_other_machines_reach_is_closed_however_it_was_started(probe: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "0.0.0.0", "--port", str(port)]
    process = subprocess.Popen(
        command,
        cwd=probe,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        said = first_visit(f"http://127.0.0.1:{port}", "", {}).said
        assert "role viewer, from nowhere." in said
        assert "the server listens to other machines as well" in said
    finally:
        process.terminate()
        process.wait(10)
