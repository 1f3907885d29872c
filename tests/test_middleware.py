"""What happens to requests around sign-in: where they lead, which cookies they get, and which may send files."""

import asyncio
import re
import socket
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote, urlsplit

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit import config

from careleavers.ui.server import middleware, upload_token
from careleavers.ui.server.headers import SecurityHeaders
from careleavers.ui.server.middleware import AuthMiddleware
from careleavers.ui.server.paths import path_of
from careleavers.ui.server.sessions import SESSIONS, Session

PROVIDER = "https://id.example/authorize?state=x"
USER = "_streamlit_user=2|abc; HttpOnly; Path=/; SameSite=lax"
GONE = '_streamlit_user=""; Max-Age=0; Path=/'


@pytest.fixture(autouse=True)
def on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that the server listens at the address of the made-up requests."""
    really = middleware._listening
    monkeypatch.setattr(
        middleware, "_listening", lambda port: frozenset({"127.0.0.1"}) if port == 8501 else really(port)
    )


def complete(work: Coroutine[Any, Any, None]) -> None:
    """Run in another thread, because the browser tests keep an event loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def ask(
    path: str,
    answer: tuple[int, dict[str, str] | list[tuple[str, str]]] = (200, {}),
    *,
    query: str = "",
    method: str = "GET",
    scheme: str = "http",
    **headers: str,
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers and body of a request, when the server behind the doorway answers ``answer``."""
    said = list(answer[1].items()) if isinstance(answer[1], dict) else answer[1]
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": answer[0],
                    "headers": [(name.encode(), value.encode()) for name, value in said]})  # fmt: skip
        await send({"type": "http.response.body", "body": b"as answered"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(), "scheme": scheme,
        "headers": [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()],
    }  # fmt: skip
    complete(AuthMiddleware(app)(scope, None, send))  # type: ignore[arg-type]
    start, *bodies = sent
    got = [(name.decode().lower(), value.decode()) for name, value in start["headers"]]
    return start["status"], got, b"".join(message["body"] for message in bodies)


def location(got: list[tuple[str, str]]) -> str:
    return next(value for name, value in got if name == "location")


def kept(got: list[tuple[str, str]]) -> str:
    """The return address that the answer stores in a cookie, as the browser will send it."""
    lines = [value for name, value in got if name == "set-cookie" and value.startswith("careleavers_return=")]
    return SimpleCookie(lines[0])["careleavers_return"].OutputString(attrs=[]) if lines else ""


def back_from(address: str, **more: str) -> str:
    """Where a sign-in that began at this address ends."""
    _, out, _ = ask("/auth/login", (302, {"location": PROVIDER}), referer=address)
    assert location(out) == PROVIDER
    status, got, _ = ask(
        "/oauth2callback",
        (302, {"location": "/", "set-cookie": USER}),
        query="state=x&code=y",
        cookie=kept(out),
        **more,
    )
    assert status == 302
    return location(got)


@pytest.mark.parametrize(
    ("address", "ends"),
    [
        ("http://127.0.0.1:8501/compare?authority=Leeds&against=England", "/compare?authority=Leeds&against=England"),
        ("https://outcomes.example/", "/"),
        ("https://outcomes.example", "/"),
        ("http://h/trends?authority=Kingston+upon+Hull&x=%3Cscript%3E", "/trends?authority=Kingston+upon+Hull&x=%3Cscript%3E"),
        ("http://h/trends?a=%0D%0ASet-Cookie:x", "/trends?a=%0D%0ASet-Cookie%3Ax"),
        ("http://h/compare?sign_in=expired&authority=Leeds", "/compare?authority=Leeds"),
        # Anything that is not one of our pages leads home.
        ("http://h//evil.example/compare", "/"),
        ("http://h/\\evil.example", "/"),
        ("http://h/%2f%2fevil.example", "/"),
        ("http://h/auth/logout", "/"),
        ("http://h/oauth2callback?state=x", "/"),
        ("javascript:alert(1)", "/"),
        ("http://[h/compare", "/"),
        ("http://h/compare?a=" + "x" * 3000, "/"),
        ("", "/"),
    ],
)  # fmt: skip
def test_a_sign_in_ends_where_it_began_and_never_elsewhere(address: str, ends: str) -> None:
    assert back_from(address) == ends


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60))
def test_whatever_the_kept_address_is_the_way_back_stays_here(address: str) -> None:
    for cookie in (f"careleavers_return={address}", f"careleavers_return={quote(address)}"):
        _, got, _ = ask("/oauth2callback", (302, {"location": "/"}), cookie=cookie)
        ends = location(got)
        assert ends.startswith("/")
        assert not ends.startswith(("//", "/\\"))
        assert urlsplit(ends).netloc == ""
        assert ends.isascii()
        assert ends.isprintable()


def test_the_way_back_is_forgotten_once_used() -> None:
    _, got, _ = ask("/oauth2callback", (302, {"location": "/"}), cookie="careleavers_return=%2Fcompare")
    line = next(value for name, value in got if name == "set-cookie")
    assert "Max-Age=0" in line
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line


@pytest.mark.parametrize("query", ["error=access_denied", "state=x&error=access_denied", "state=x&code=y", "code=y"])
def test_a_sign_in_that_signs_nobody_in_is_said(query: str) -> None:
    for cookies in ([], [("set-cookie", GONE)]):
        _, got, _ = ask(
            "/oauth2callback", (302, [("location", "/"), *cookies]), query=query,
            cookie="careleavers_return=%2Fcompare%3Fauthority%3DLeeds",
        )  # fmt: skip
        assert location(got) == "/compare?authority=Leeds&sign_in=failed"


def test_coming_back_from_a_sign_out_is_no_failure() -> None:
    _, got, _ = ask("/oauth2callback", (302, {"location": "/"}), cookie="careleavers_return=%2Fcompare")
    assert location(got) == "/compare"


def test_a_sign_out_ends_where_it_began_and_says_why() -> None:
    page = "http://h/compare?authority=Leeds&sign_in=expired"
    _, got, _ = ask("/auth/logout", (302, {"location": "/", "set-cookie": GONE}), referer=page)
    assert location(got) == "/compare?authority=Leeds&sign_in=expired"
    _, out, _ = ask("/auth/logout", (302, {"location": PROVIDER, "set-cookie": GONE}), referer=page)
    assert location(out) == PROVIDER
    _, got, _ = ask("/oauth2callback", (302, {"location": "/"}), cookie=kept(out))
    assert location(got) == "/compare?authority=Leeds&sign_in=expired"


def test_a_provider_that_cannot_be_reached_leads_back_with_a_sentence() -> None:
    status, got, body = ask(
        "/auth/login", (400, {"content-type": "text/plain", "content-length": "11"}), referer="http://h/compare"
    )
    assert (status, location(got), body) == (302, "/compare?sign_in=failed", b"")
    assert "content-length" not in dict(got)


def test_under_a_prefix_everything_stays_under_it() -> None:
    config.set_option("server.baseUrlPath", "outcomes")
    try:
        assert path_of({"path": "/outcomes/compare"}) == "/compare"
        assert path_of({"path": "/outcomes"}) == "/"
        assert path_of({"path": "/outcomesx"}) == "/outcomesx"
        _, out, _ = ask("/outcomes/auth/login", (302, {"location": PROVIDER}), referer="http://h/outcomes/compare?a=b")
        _, got, _ = ask("/outcomes/oauth2callback", (302, {"location": "/outcomes/"}), cookie=kept(out))
        assert location(got) == "/outcomes/compare?a=b"
        _, out, _ = ask("/outcomes/auth/login", (302, {"location": PROVIDER}), referer="http://h/elsewhere")
        _, got, _ = ask("/outcomes/oauth2callback", (302, {"location": "/outcomes/"}), cookie=kept(out))
        assert location(got) == "/outcomes/"
    finally:
        config.set_option("server.baseUrlPath", "")


@pytest.mark.parametrize(
    ("more", "secure"),
    [
        ({}, False),
        ({"scheme": "https"}, True),
        ({"x_forwarded_proto": "https"}, True),
        ({"x_forwarded_proto": "HTTPS, http"}, True),
        ({"x_forwarded_proto": "http"}, False),
    ],
)
def test_cookies_go_over_https_only_where_the_visit_does(more: dict[str, str], secure: bool) -> None:
    lines = [
        "_streamlit_user=2|abc; Path=/",
        "_streamlit_user_tokens_1=x; Path=/; SameSite=strict",
        "_streamlit_xsrf=y; Path=/",
    ]
    _, got, _ = ask("/anything", (200, [("set-cookie", line) for line in lines]), **more)
    user, tokens, xsrf = (value for name, value in got if name == "set-cookie")
    assert [("; Secure" in line) for line in (user, tokens, xsrf)] == [secure] * 3
    assert "; HttpOnly" in user
    assert "; SameSite=Lax" in user
    assert "; HttpOnly" in tokens
    assert tokens.count("SameSite") == 1
    assert "HttpOnly" not in xsrf, "the page's own script must read it"


def test_where_the_dashboard_is_reached_by_https_its_cookies_are_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware.st, "secrets", {"auth": {"redirect_uri": "https://outcomes.example/oauth2callback"}})
    _, got, _ = ask("/anything", (200, {"set-cookie": USER}))
    assert dict(got)["set-cookie"].endswith("; Secure")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
@pytest.mark.parametrize(
    "path", ["/_stcore/upload_file/stranger/1", "/_stcore/upload_file/stranger/1\n", "/_stcore/upload_file/"]
)
def test_a_file_is_taken_only_from_the_page_of_somebody_who_may_upload(method: str, path: str) -> None:
    middleware.grant_upload("officer's")
    assert ask(path, method=method)[0] == 403
    status, _, body = ask("/_stcore/upload_file/officer's/1", (204, {}), method=method)
    assert (status, body) == (204, b"as answered")


def test_the_pages_that_may_upload_are_not_remembered_for_ever() -> None:
    for number in range(middleware._MOST_UPLOADING + 5):
        middleware.grant_upload(f"page {number}")
    assert len(middleware._uploading) == middleware._MOST_UPLOADING
    assert "page 0" not in middleware._uploading
    assert f"page {number}" in middleware._uploading


def test_the_pages_that_are_used_are_remembered_longest() -> None:
    middleware._uploading.clear()
    for number in range(middleware._MOST_UPLOADING):
        middleware.grant_upload(f"page {number}")
    middleware.grant_upload("page 0")
    assert ask("/_stcore/upload_file/page 1/1", (204, {}), method="PUT")[0] == 204
    for number in range(3):
        middleware.grant_upload(f"new {number}")
    assert {"page 0", "page 1", "new 0"} <= middleware._uploading.keys()
    assert middleware._uploading.keys().isdisjoint({"page 2", "page 3", "page 4"})


def test_a_page_may_send_files_no_longer_than_its_visitor_has_the_role() -> None:
    roles = [True]
    middleware.grant_upload("page", still=lambda: roles[0])
    assert ask("/_stcore/upload_file/page/1", (204, {}), method="PUT")[0] == 204
    roles[0] = False
    assert ask("/_stcore/upload_file/page/1", (204, {}), method="PUT")[0] == 403
    roles[0] = True
    assert ask("/_stcore/upload_file/page/1", (204, {}), method="PUT")[0] == 403, "it is let in by its next run only"
    middleware.grant_upload("page")
    middleware.revoke_upload("page")
    assert ask("/_stcore/upload_file/page/1", (204, {}), method="PUT")[0] == 403


def test_a_file_is_taken_from_the_browser_of_the_page_and_while_that_is_open() -> None:
    visit = Session("v", "this-browser", "", None, None, None)  # type: ignore[arg-type]
    middleware.grant_upload("page", "v")
    sends = {"method": "PUT", "cookie": "careleavers_browser=this-browser"}
    assert ask("/_stcore/upload_file/page/1", (204, {}), **sends)[0] == 403  # type: ignore[arg-type]
    SESSIONS.open["v"] = visit
    try:
        assert ask("/_stcore/upload_file/page/1", (204, {}), **sends)[0] == 204  # type: ignore[arg-type]
        for cookie in ("", "careleavers_browser=another"):
            assert ask("/_stcore/upload_file/page/1", (204, {}), method="PUT", cookie=cookie)[0] == 403
    finally:
        del SESSIONS.open["v"]


def test_an_answer_that_has_nothing_to_do_with_signing_in_is_left_as_it_is() -> None:
    assert ask("/compare", (404, {"x": "y"})) == (404, [("x", "y")], b"as answered")


def held_key() -> str:
    return f"{upload_token.cookie_name()}={upload_token.cookie_value()}"


def arrived(held: str | None = None, **scope: Any) -> list[str]:
    """What a script is told about where a visit comes from; the browser has the key unless ``held`` gives another."""
    held = held_key() if held is None else held
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.extend(value.decode() for name, value in scope["headers"] if name == b"careleavers-origin")

    whole = {
        "type": "websocket", "path": "/_stcore/stream", "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 9),
        "headers": [(b"host", b"127.0.0.1:8501")], **scope,
    }  # fmt: skip
    whole["headers"] = [*whole["headers"], (b"cookie", held.encode())] if held else whole["headers"]
    complete(AuthMiddleware(app)(whole, None, None))  # type: ignore[arg-type]
    return seen


def test_the_script_is_told_where_a_visit_comes_from_and_nobody_else_can_say() -> None:
    assert arrived() == ["local"]
    claim = [(b"host", b"127.0.0.1:8501"), (b"Careleavers-Origin", b"local"), (b"careleavers-origin", b"local")]
    assert arrived(headers=claim, client=("192.0.2.1", 9)) == ["this visit comes from another machine"]
    assert arrived(server=None) == ["this visit comes from another machine"]
    assert arrived(server=("/run/socket", None), client=None) == ["this visit comes from another machine"]


def test_without_the_key_a_visit_from_this_machine_is_anybodys() -> None:
    wrong = f"{upload_token.cookie_name()}={upload_token.cookie_value()[::-1]}"
    for held in (
        "",
        wrong,
        "careleavers_key_1=x",
        f"other={upload_token.cookie_value()}",
        f"{upload_token.cookie_name()}={upload_token.token()}",
    ):
        assert arrived(held=held) == [middleware.NO_KEY]
    assert arrived(held=f"a=b; {held_key()}; c=d") == ["local"]


def with_token(query: str, path: str = "/upload", **scope: Any) -> tuple[int, str, str]:
    """Status, address and cookie of the answer to a page's address on this machine."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    whole = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(), "scheme": "http",
        "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 9), "headers": [(b"host", b"127.0.0.1:8501")], **scope,
    }  # fmt: skip
    complete(AuthMiddleware(app)(whole, None, send))  # type: ignore[arg-type]
    assert upload_token.token() not in whole["query_string"].decode(), "a server that logs requests reads it afterwards"
    got = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], got.get("location", ""), got.get("set-cookie", "")


def test_the_token_becomes_a_cookie_and_leaves_the_address() -> None:
    status, address, cookie = with_token(f"authority=Leeds&token={upload_token.token()}&sign_in=token.ABCDEF")
    assert (status, address) == (303, "/upload?authority=Leeds")
    assert cookie.startswith(f"{held_key()};")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Max-Age" not in cookie
    assert with_token(f"token={upload_token.token()}", scheme="https")[2].endswith("Secure")


@pytest.mark.parametrize("token", ["", "x", "%00", "%C3%A9", "x" * 500, "{right}x", "{right}&token=x"])
def test_a_wrong_token_gives_nothing_and_is_said(token: str) -> None:
    status, address, cookie = with_token(f"authority=Leeds&token={token.format(right=upload_token.token())}")
    assert (status, cookie) == (303, "")
    assert re.fullmatch(r"/upload\?authority=Leeds&sign_in=token\.[0-9A-F]{6}", address)


def test_the_token_counts_only_where_the_page_is_opened_on_this_machine() -> None:
    forwarded = [(b"host", b"127.0.0.1:8501"), (b"x-forwarded-for", b"127.0.0.1")]
    for scope in ({"client": ("192.0.2.1", 9)}, {"headers": forwarded}, {"headers": [(b"host", b"h.example")]}):
        assert with_token(f"token={upload_token.token()}", **scope) == (303, "/upload", "")
    assert with_token(f"token={upload_token.token()}", path="/media/x.csv")[2] == ""


def test_what_the_server_is_set_to_counts_too() -> None:
    address = config.get_option("server.address")
    try:
        for wider in (None, "", "0.0.0.0"):
            config.set_option("server.address", wider)
            assert arrived() == ["the server listens to other machines as well"]
    finally:
        config.set_option("server.address", address)


@pytest.mark.parametrize(
    ("address", "said"), [("127.0.0.1", "local"), ("0.0.0.0", "the server listens to other machines as well")]
)
def test_where_the_server_really_listens_counts(address: str, said: str) -> None:
    with socket.socket() as listening, socket.socket() as idle:
        listening.bind((address, 0))
        listening.listen()
        port = listening.getsockname()[1]
        idle.bind(("0.0.0.0", 0))
        assert middleware._listening(port) == {address}
        assert arrived(server=("127.0.0.1", port)) == [said]
        assert listening.getsockname()[1] == port, "looking at a socket leaves it open"


def test_where_it_cannot_be_told_the_server_may_not_be_this_machines_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    untold = ["this system does not tell to which machines the server listens"]
    with socket.socket() as idle:
        idle.bind(("127.0.0.1", 0))
        assert arrived(server=("127.0.0.1", idle.getsockname()[1])) == untold

    def refused(*_: Any) -> None:
        raise psutil.AccessDenied

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        monkeypatch.setattr(psutil.Process, "net_connections", refused)
        assert arrived(server=listening.getsockname()) == untold


def test_a_request_that_fails_is_answered_with_a_sentence_its_reference_and_the_headers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        raise ZeroDivisionError("the secret of it")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    complete(SecurityHeaders(fails, "default-src 'self'")({"type": "http", "method": "GET"}, None, send))  # type: ignore[arg-type]
    head, body = sent[0], sent[1]["body"].decode()
    assert head["status"] == 500
    headers = dict(head["headers"])
    assert headers[b"content-security-policy"] == b"default-src 'self'"
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert "secret" not in body
    reference = body.split("the reference ")[1][:6]
    assert f"Reference {reference}" in caplog.text
    assert "ZeroDivisionError" in caplog.text

    # What has begun is left to the server, which cuts it off.
    async def breaks_off(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        complete(SecurityHeaders(breaks_off, "")({"type": "http", "method": "GET"}, None, send))  # type: ignore[arg-type]
