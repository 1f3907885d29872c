"""What sign-in needs of the requests themselves, before Streamlit sees them and after it has answered.

Streamlit forgets which page somebody signed in from, sends its cookies without Secure, and cannot tell a script whether
a visit comes from the person at this machine. Custom routes have no ``st.user``: none of them may tell more than anybody may know.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import psutil
import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careleavers.access.loopback import RequestOrigin, reason_not_local
from careleavers.ui import private
from careleavers.ui.server import refusals, upload_token
from careleavers.ui.server.paths import base_path, path_of
from careleavers.ui.server.sessions import BROWSER_COOKIE, SESSIONS, is_own_origin
from careleavers.ui.server.stopping import STOPPING

# Tells the script why a visit is not from the person at this machine, or LOCAL if it is. A client's own header of this
# name is dropped.
ORIGIN_HEADER = "careleavers-origin"
LOCAL = "local"
NO_KEY = "this browser was not opened with the address that the dashboard printed when it started"
# In the address after a sign-in that failed or ran out, or with a wrong token, until the page has said so.
SIGN_IN_NOTICE = "sign_in"
EXPIRED, FAILED, WRONG_TOKEN = "expired", "failed", "token"  # a notice

_RETURN_COOKIE = "careleavers_return"
_RETURN_SECONDS = 600
_LONGEST_ADDRESS = 2000
_PAGE = re.compile(r"/[A-Za-z_]*")
_MOST_UPLOADING = 1000


@dataclass(frozen=True)
class _Permit:
    """That a page may send files: while its connection ``visit`` is open, and ``still`` says so (both where known)."""

    visit: str
    still: Callable[[], bool] | None


# Who may upload, in order of last use. Streamlit would keep in memory a file sent for any open page, even one without
# an upload control.
_uploading: OrderedDict[str, _Permit] = OrderedDict()


def grant_upload(session: str, visit: str = "", still: Callable[[], bool] | None = None) -> None:
    """Let a page's session send files to the server: it belongs to somebody who may upload.

    Parameters
    ----------
    session
        The identity of the open page, as Streamlit has it.
    visit
        The name of the page's connection; "" where it is not known.
    still
        Called for each file: whether the person still has the role.
    """
    _uploading[session] = _Permit(visit, still)
    _uploading.move_to_end(session)
    if visit in SESSIONS.open:
        SESSIONS.open[visit].may_upload = still or (lambda: True)
    if len(_uploading) > _MOST_UPLOADING:
        _uploading.popitem(last=False)  # if that page is still open, its next run grants the permit again


def revoke_upload(session: str, visit: str = "") -> None:
    """Take that back: the page belongs to nobody who may upload, or not any longer.

    Parameters
    ----------
    session
        The identity of the open page, as Streamlit has it.
    visit
        The name of the page's connection; "" where it is not known.
    """
    _uploading.pop(session, None)
    if visit in SESSIONS.open:
        SESSIONS.open[visit].may_upload = None


class AuthMiddleware:
    """Notes where visits come from, keeps out files of who may not upload, makes cookies safe, leads back from a sign-in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with what is known about it, and mend what Streamlit answers."""
        if scope["type"] == "websocket":
            await self.app(_marked(scope), receive, send)
        elif scope["type"] == "http":
            mending = _CookieRewriter(scope, send)
            if await _is_refused_upload(scope):
                await PlainTextResponse("Only officers may upload.\n", status_code=403)(scope, receive, send)
            elif led := _with_token(scope):
                await led(scope, receive, mending)
            elif path_of(scope).startswith(private.UPLOADS):
                with STOPPING.waits_for():
                    await self.app(scope, receive, mending)
            else:
                await self.app(scope, receive, mending)
                if mending.path == private.LOGOUT:
                    await SESSIONS.end_sign_in(_cookies(scope))
        else:
            await self.app(scope, receive, send)


def _cookies(scope: Scope) -> str:
    return Headers(raw=scope["headers"]).get("cookie", "")


async def _is_refused_upload(scope: Scope) -> bool:
    """Whether a file is sent from a page whose visitor may not upload, of another site, or by another browser.

    The path is /…/session/file.
    """
    path = path_of(scope)
    if not path.startswith(private.UPLOADS):
        return False
    headers = Headers(raw=scope["headers"])
    if not is_own_origin(headers.get("origin"), headers.get("host", "")):
        refusals.note("a page of another site wanted to send a file", headers["origin"], refusals.address_of(scope))
        return True
    session = path.removeprefix(private.UPLOADS).partition("/")[0]
    permit = _uploading.get(session)
    if permit is None:
        return True
    if permit.visit:
        visit = SESSIONS.open.get(permit.visit)
        if visit is None or visit.browser != upload_token.cookie(_cookies(scope), BROWSER_COOKIE):
            return True
    if permit.still and not await asyncio.to_thread(permit.still):
        revoke_upload(session, permit.visit)
        return True
    _uploading.move_to_end(session)
    return False


def _with_token(scope: Scope) -> RedirectResponse | None:
    """Where a page's address carries a token: the answer that takes it out, and gives the key for the right one."""
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    given = [value for name, value in pairs if name == upload_token.PARAMETER]
    if not given:
        return None
    # The server's request log is written from the scope when the answer begins, so the token must not be in it.
    scope["query_string"] = b""
    if scope["method"] not in {"GET", "HEAD"} or not _PAGE.fullmatch(path_of(scope)):
        return None
    rest = urlencode([(name, value) for name, value in pairs if name not in {upload_token.PARAMETER, SIGN_IN_NOTICE}])
    address = f"{base_path()}{path_of(scope)}{'?' if rest else ''}{rest}"
    no_store = {"Cache-Control": "no-store"}
    if not all(map(upload_token.fits, given)):
        reference = refusals.note("a token in an address is not the one of this start", "", refusals.address_of(scope))
        return RedirectResponse(_with_notice(address, f"{WRONG_TOKEN}.{reference}"), 303, no_store)
    answer = RedirectResponse(address, 303, no_store)
    if reason := reason_not_local(_request_origin(scope)):
        refusals.note("the token of this start was not taken", reason, refusals.address_of(scope))
    else:
        answer.set_cookie(
            upload_token.cookie_name(), upload_token.cookie_value(), path=f"{base_path()}/", httponly=True, samesite="strict",
            secure=is_https(scope),
        )  # fmt: skip
    return answer


def _marked(scope: Scope) -> Scope:
    """The websocket request with a header that says whether it comes from the person at this machine."""
    name = ORIGIN_HEADER.encode()
    headers = [pair for pair in scope["headers"] if pair[0].lower() != name]
    reason, held = reason_not_local(_request_origin(scope)), upload_token.is_held(_cookies(scope))
    if held and reason:
        refusals.note("a browser with the key of this start may not upload", reason, refusals.address_of(scope))
    elif not held and not reason:
        reason = NO_KEY
    return {**scope, "headers": [*headers, (name, (reason or LOCAL).encode("ascii"))]}


def _request_origin(scope: Scope) -> RequestOrigin:
    server, client = scope.get("server"), scope.get("client")
    return RequestOrigin(
        configured=st.get_option("server.address"),
        listening=lambda: _listening(server[1]) if server and server[1] else frozenset(),
        server=server[0] if server else None,
        client=client[0] if client else None,
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
    )


def _listening(port: int) -> frozenset[str]:
    """The addresses on which this process accepts connections to ``port``; empty where the system does not tell.

    ``server.address`` says what was asked for; a server started in another way may listen elsewhere.
    """
    try:
        connections = psutil.Process().net_connections("tcp")
    except (psutil.Error, OSError):
        return frozenset()
    return frozenset(
        each.laddr.ip
        for each in connections
        if each.status == psutil.CONN_LISTEN and each.laddr and each.laddr.port == port
    )


class _CookieRewriter:
    """The ``send`` of one request: mends the head of the answer, and drops the body where it answers differently."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.scope, self.send = scope, send
        self.path = path_of(scope)
        self.replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            if self.path in {private.LOGIN, private.LOGOUT, private.CALLBACK}:
                message = {**message, "status": self._redirect(message["status"], headers)}
            _secure(headers, self.scope)
            message = {**message, "headers": headers.raw}
        elif self.replaced:
            message = {**message, "body": b""}
        await self.send(message)

    def _redirect(self, status: int, headers: MutableHeaders) -> int:
        """Keep the page on the way out to the provider, and lead to it on the way back. Returns the status to answer."""
        request = Headers(raw=self.scope["headers"])
        cookie = SimpleCookie()
        home = f"{base_path()}/"
        if self.path == private.CALLBACK:
            address = _page_address(_return_address(request)) or home
            answered = dict(parse_qsl(self.scope["query_string"].decode("latin-1"))).keys()
            # A provider leads here after a sign-out too, and then says nothing.
            if answered & {"state", "code", "error"} and not _signs_in(headers):
                address = _with_notice(address, FAILED)
            headers["location"] = address
            cookie[_RETURN_COOKIE] = ""
            cookie[_RETURN_COOKIE]["max-age"] = 0
        else:
            address = _page_address(request.get("referer", "")) or home
            if self.path == private.LOGIN:
                address = _with_notice(address, None)
            if status >= 400:
                # The provider cannot be reached: show the page with a notice rather than a bare error.
                self.replaced = True
                for name in ("content-type", "content-length"):
                    del headers[name]
                headers["location"] = _with_notice(address, FAILED)
                return 302
            if headers.get("location") == home:
                headers["location"] = address
                return status
            cookie[_RETURN_COOKIE] = quote(address, safe="")
            cookie[_RETURN_COOKIE]["max-age"] = _RETURN_SECONDS
        for flag, value in (("path", home), ("httponly", True), ("samesite", "Lax")):
            cookie[_RETURN_COOKIE][flag] = value
        headers.append("set-cookie", cookie[_RETURN_COOKIE].OutputString())
        return status


def _return_address(request: Headers) -> str:
    try:
        cookies = SimpleCookie(request.get("cookie", ""))
    except CookieError:
        return ""
    return unquote(cookies[_RETURN_COOKIE].value) if _RETURN_COOKIE in cookies else ""


def _page_address(text: str) -> str:
    """The part of an address that says which page of this product it is, without host; "" where it is none.

    Only that part ever reaches a browser, so that no link leads from a sign-in to another site.
    """
    if len(text) > _LONGEST_ADDRESS:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    base = base_path()
    if not parts.path.startswith(base) or not _PAGE.fullmatch(parts.path[len(base) :] or "/"):
        return ""
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True))
    return f"{parts.path or '/'}{'?' if query else ''}{query}"


def _with_notice(address: str, notice: str | None) -> str:
    path, _, query = address.partition("?")
    pairs = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if key != SIGN_IN_NOTICE]
    if notice:
        pairs.append((SIGN_IN_NOTICE, notice))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def _signs_in(headers: MutableHeaders) -> bool:
    """Whether an answer sets the cookie of somebody who is signed in (one that is deleted is set to nothing)."""
    begins = f"{private.USER_COOKIE}="
    return any(line.startswith(begins) and not line.startswith(f'{begins}""') for line in headers.getlist("set-cookie"))


def _secure(headers: MutableHeaders, scope: Scope) -> None:
    """Streamlit's cookies over https only, where the visit is; those that hold who somebody is out of scripts' reach."""
    lines = headers.getlist("set-cookie")
    if not lines:
        return
    https = is_https(scope)
    del headers["set-cookie"]
    for line in lines:
        flags = {part.strip().partition("=")[0].casefold() for part in line.split(";")[1:]}
        wanted = {"Secure": https}
        if line.startswith(private.USER_COOKIE):
            wanted |= {"HttpOnly": True, "SameSite=Lax": True}
        missing = [flag for flag, on in wanted.items() if on and flag.partition("=")[0].casefold() not in flags]
        headers.append("set-cookie", "; ".join([line, *missing]))


def is_https(scope: Scope) -> bool:
    """Whether the visitor's browser speaks https, to this server or to the proxy before it.

    Parameters
    ----------
    scope
        The request.

    Returns
    -------
    bool
    """
    if scope.get("scheme") == "https":
        return True
    forwarded = Headers(raw=scope["headers"]).get("x-forwarded-proto", "")
    return forwarded.split(",")[0].strip().casefold() == "https" or _public_address().startswith("https://")


def _public_address() -> str:
    """Where the configuration says that the dashboard is reached; "" without sign-in."""
    try:
        return str(st.secrets["auth"]["redirect_uri"])
    except Exception:  # no secrets, or wrong ones: the pages say so
        return ""
