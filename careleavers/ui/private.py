"""Every use that the dashboard makes of what Streamlit, Starlette and uvicorn do not document.

Nothing else may import their insides (``tests/test_house.py``). Each thing here says what it does and why the public way
is not enough, and has a test in ``tests/test_private.py`` that fails when it changes. One more fails when requirements.txt
names other versions than ``CHECKED``: then look at each before changing the number.

What the style sheet says of Streamlit's page (``data-testid`` and the like) is not listed here: the browser tests watch it.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h11
import uvicorn
from google.protobuf.message import DecodeError
from starlette.types import Receive
from streamlit import config, file_util
from streamlit.delta_generator import (
    DeltaGenerator as DeltaGenerator,  # the type of what st.container gives; it has no public name
)
from streamlit.proto.BackMsg_pb2 import BackMsg as BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg as ForwardMsg
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.starlette import starlette_websocket
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Response

if sys.platform != "win32":
    from fcntl import ioctl
    from termios import TIOCOUTQ

CHECKED = {"streamlit": "1.67.0", "starlette": "1.10.0", "uvicorn": "0.54.0", "websockets": "17.4", "h11": "0.16.0"}

# Streamlit's own paths, and its name for the sign-in cookie. Streamlit has no list of them, but the middleware in front
# of it must recognise them.
STREAMLIT = "/_stcore/"
STREAM = "/_stcore/stream"
UPLOADS = "/_stcore/upload_file/"
METRICS = "/_stcore/metrics"
AGENT = "/_stcore/agent"
MEDIA = "/media/"
STATIC = "/static/"
LOGIN, LOGOUT, CALLBACK = "/auth/login", "/auth/logout", "/oauth2callback"
USER_COOKIE = "_streamlit_user"

# What Streamlit’s script in the browser reads of window.__streamlit: where the server is. Without it a link to a page is first taken
# for the address of another server: the browser asks /compare/_stcore/health and /compare/_stcore/host-config, which are not there.
SERVER_ADDRESS = "BACKEND_BASE_URL"

_UNUSED_FONT = re.compile(rb'(@font-face\{font-family:"?Source Sans[^}]*?src:)url\([^)]*\)\s*format\("woff2"\)')
_CHART = "/PlotlyChart."
_ROOT = '<div id="root">'
_ON_EVERY_PAGE = ("Selectbox.", "Checkbox.", "ButtonGroup.", "Html.", "PageLink.", "DownloadButton.")
_EXPORT = re.compile(r"export\{([\w$ ,]+)\};?\s*(?://#[^\n]*)?$")
WHOLE = "whole"
_IMPORT = re.compile(r'(?:from|import)\s*"\./([^"]+\.js)"')


# --- the run of a script ----------------------------------------------------------------------------------------------


def session() -> str | None:
    """The identity of the open page whose script runs in this thread; None outside a run.

    ``st.context`` gives the request's headers and no identity. Files are sent under this one, and what happens outside a
    run (a download button, a test, the start) must be told from what happens in one.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.session_id


def came_by_history() -> bool | None:
    """Whether Back or Forward of the browser led to this run; None outside a run.

    The public API gives the address only, which is the same after Back as after following a link. After Back a choice is
    not to be undone that was made since.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else bool(context.is_history_navigation)


def set_bound(key: str, label: str) -> None:
    """Correct the value of a parameter of the address before the control that it is bound to is drawn.

    ``st.query_params`` refuses to set a bound parameter, and the session state of a control that has not been drawn is
    overruled by the address. Streamlit silently drops a value that is not a label, so links by code need this.

    Parameters
    ----------
    key
        The control's key, which is the parameter's name.
    label
        One of the control's labels.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return
    with context.session_state.query_params() as params:
        params._initial_query_params[key] = [label]
        params.set_corrected_value(key, label, "string_value")


def forget_file(file: str) -> None:
    """Take an uploaded file out of the server's memory.

    There is no public way: Streamlit keeps it until the page is closed, or another file takes its place.

    Parameters
    ----------
    file
        The ``file_id`` of what ``st.file_uploader`` gave.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file)


# --- configuration and secrets ----------------------------------------------------------------------------------------


def is_set_by_hand(option: str) -> bool:
    """Whether somebody set this option; ``st.get_option`` gives a default and a chosen value alike.

    Parameters
    ----------
    option
        Name of the option, such as ``server.address``.

    Returns
    -------
    bool
    """
    return bool(config.is_manually_set(option))


def forget_secrets(reader: Any) -> None:
    """Make ``st.secrets`` (``reader``), which sign-in reads, look at its files again.

    Its own watcher looks now and then and misses a file that was taken away and put back. It has no public way.

    Parameters
    ----------
    reader
        ``st.secrets``, or what stands in for it.
    """
    reader._reset()


# --- messages of an open page -----------------------------------------------------------------------------------------


def read_message(content: bytes | None) -> tuple[BackMsg, str]:
    """One message that a page sent, and what is wrong with it, "" where nothing is.

    Streamlit takes every message of its protocol from everybody and has no hook before it acts on one. ``BackMsg`` is what
    a page sends, ``ForwardMsg`` what it is sent.

    Parameters
    ----------
    content
        The bytes of a message; None for one of text.

    Returns
    -------
    tuple[BackMsg, str]
        The message, and what is wrong with it.
    """
    asked = BackMsg()
    if content is None:
        return asked, "text instead of a message"
    try:
        return asked, "" if asked.ParseFromString(content) else "an empty message"
    except DecodeError:
        return asked, "it is no message of Streamlit’s"


def host_is_allowed(host: str) -> bool:
    """Whether ``server.allowedHosts`` lets a Host header pass: asked before our own answers, as Streamlit asks itself.

    Parameters
    ----------
    host
        The Host header.

    Returns
    -------
    bool
    """
    return bool(starlette_websocket.is_host_allowed(host))


def origin_is_allowed(origin: str | None, host: str) -> bool:
    """Whether Streamlit would let a page of this origin open a connection to this host; the same rule, asked earlier.

    Parameters
    ----------
    origin
        The Origin header; None where there is none.
    host
        The Host header.

    Returns
    -------
    bool
    """
    return bool(starlette_websocket._is_origin_allowed(origin, host))


# --- what browsers fetch first ----------------------------------------------------------------------------------------


def static_folder() -> Path:
    """Where Streamlit keeps ``index.html`` and ``static/``. It sends them uncompressed, and has no option to change that."""
    return Path(file_util.get_static_dir())


def first_page(html: str, *, title: str, language: str, without_scripts: str, head: str, body: str = "") -> str:
    """Streamlit's first page made ours. ``st.set_page_config`` acts only once the page's scripts have run.

    Parameters
    ----------
    html
        Streamlit's ``index.html``.
    title, language
        What the page is called, and its language as HTML names it, until and without scripts.
    without_scripts
        HTML for browsers that run no scripts.
    head
        HTML that is added at the end of the head.
    body
        HTML that is added before what the page's scripts fill. A style sheet there comes after those that they write into the
        head, and wins over them.

    Returns
    -------
    str
        The page without comments, fonts that are not used and the address of the agents' interface, which is closed.
    """
    html = html.replace("<title>Streamlit</title>", f"<title>{title}</title>")
    html = html.replace('<html lang="en">', f'<html lang="{language}">')
    html = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*>', "", html)
    html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    html = re.sub(r'<link rel="service-desc"[^>]*>', "", html)
    html = re.sub(
        r"<noscript>.*?</noscript>", lambda _: f"<noscript>{without_scripts}</noscript>", html, flags=re.DOTALL
    )
    return html.replace("</head>", f"{head}</head>").replace(_ROOT, f"{body}{_ROOT}")


def with_words(page: str, *, title: str, head: str, body: str) -> str:
    """The first page (:func:`first_page`) of one address.

    Parameters
    ----------
    page
        The first page of all addresses.
    title
        The title, as HTML.
    head
        HTML that is added after the title.
    body
        HTML that is shown until the page's scripts have drawn the page.

    Returns
    -------
    str
    """
    page = re.sub("<title>.*?</title>", lambda _: f"<title>{title}</title>{head}", page, count=1)
    return page.replace(_ROOT, f"{body}{_ROOT}")


def chart_scripts(paths: Sequence[str]) -> list[str]:
    """Those of Streamlit's static files that draw charts: fetched only when the first chart is there, so later than needed.

    Parameters
    ----------
    paths
        Paths of static files.

    Returns
    -------
    list[str]
    """
    return [path for path in paths if _CHART in path and path.endswith(".js")]


def held_back(script: Path) -> str | None:
    """A script in place of one that draws charts: it has the other fetched, and read only once the page says that it is drawn.

    The one for charts is 4.7 MB. Streamlit loads it with the controls of a page, and while a browser reads it (a second or two)
    nothing of the page appears. The page resolves the promise ``window.clDrawn``; where there is none, nothing waits.

    Parameters
    ----------
    script
        Streamlit's script, one of :func:`chart_scripts`.

    Returns
    -------
    str or None
        A module with the same exports, which takes them from the script under its name with :data:`WHOLE` as the query. None
        where the exports are not written as expected.
    """
    exports = _EXPORT.search(script.read_text(encoding="utf-8")[-1000:])
    if exports is None:
        return None
    names = [part.rpartition(" ")[2] for part in exports[1].split(",")]
    taken = ";".join(f"const e{number}=m.{name}" for number, name in enumerate(names))
    given = ",".join(f"e{number} as {name}" for number, name in enumerate(names))
    return (
        f'const whole=new URL("./{script.name}?{WHOLE}",import.meta.url);'
        'document.head.append(Object.assign(document.createElement("link"),'
        '{rel:"modulepreload",crossOrigin:"",href:whole}));'
        f"await globalThis.clDrawn;const m=await import(whole);{taken};export{{{given}}};"
    )


def early_scripts(scripts: Mapping[str, Path]) -> list[str]:
    """Those of Streamlit's static files that draw what every page has, with all that they import: it asks for each only when
    the first such thing is there, and then for what that imports.

    Parameters
    ----------
    scripts
        The static files by path.

    Returns
    -------
    list[str]
        Paths, each once.
    """
    found, ahead = (
        [],
        [path for path in scripts if path.endswith(".js") and path.rpartition("/")[2].startswith(_ON_EVERY_PAGE)],
    )
    while ahead:
        path = ahead.pop(0)
        if path in scripts and path not in found:
            found.append(path)
            folder = path.rpartition("/")[0]
            ahead += [f"{folder}/{name}" for name in _IMPORT.findall(scripts[path].read_text(encoding="utf-8"))]
    return found


def without_font(style: bytes) -> bytes:
    """Streamlit's style sheet without its own font, which the first moment before the theme is known would fetch for nothing.

    Parameters
    ----------
    style
        The style sheet.

    Returns
    -------
    bytes
    """
    return _UNUSED_FONT.sub(rb'\1local("Arial"),local("Liberation Sans")', style)


# --- uvicorn: which server runs the application, and its connections --------------------------------------------------


def server_behind(receive: Receive) -> uvicorn.Config | None:
    """How the server is configured that starts the application; None where it is not uvicorn.

    Streamlit starts uvicorn and gives its configuration to nobody. What tells an application of start and end
    (``receive`` of the lifespan) is a method of uvicorn's; nothing else that it hands over leads back to it.

    Parameters
    ----------
    receive
        What the application was started with.

    Returns
    -------
    uvicorn.Config or None
    """
    server = getattr(getattr(receive, "__self__", None), "config", None)
    return server if isinstance(server, uvicorn.Config) else None


def serve_by(
    server: uvicorn.Config,
    http: type[HTTPProtocol],
    sockets: type[SocketProtocol],
    *,
    largest_message: int,
    parting: int,
) -> None:
    """Put protocols and limits in place after uvicorn was configured and before it listens.

    They are arguments of ``uvicorn.Config``, which Streamlit makes without letting anybody choose.

    Parameters
    ----------
    server
        The server, as :func:`server_behind` finds it while the application starts.
    http, sockets
        The protocols of requests and of websockets.
    largest_message
        Bytes that one message of a page may have.
    parting
        Seconds that connections have to end when the server is told to stop.
    """
    server.http_protocol_class = http
    server.ws_protocol_class = sockets
    server.ws_max_size = largest_message
    server.timeout_graceful_shutdown = parting


def not_fetched(transport: asyncio.WriteTransport) -> int:
    """How many bytes that were sent have not arrived: those that wait here, and those that the system still holds.

    asyncio knows of the first only, and a system holds megabytes: a connection that nobody reads looks as if all had been sent.

    Parameters
    ----------
    transport
        The connection.

    Returns
    -------
    int
    """
    here = transport.get_write_buffer_size()
    if sys.platform == "win32":
        return here
    held = bytearray(4)
    try:
        ioctl(transport.get_extra_info("socket").fileno(), TIOCOUTQ, held)
    except (AttributeError, OSError, ValueError):  # closed meanwhile, or no socket of the system
        return here
    return here + int.from_bytes(held, sys.byteorder)


class HTTPProtocol(H11Protocol):
    """uvicorn's connection for requests, and what it knows of itself in words.

    uvicorn has no limit on how long a request may take to arrive, nor on connections that stand still.

    Attributes
    ----------
    of_a_line
        The headers of a line of text that this connection answers with by itself.
    written
        Bytes of answers so far, whether they have arrived or not.
    """

    of_a_line: Mapping[str, str] = {}
    written = 0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        send = self.conn.send

        def counted(event: h11.Event) -> bytes | None:
            output = send(event)
            self.written += len(output or b"")
            return output

        self.conn.send = counted  # type: ignore[method-assign, assignment]

    def answered(self) -> None:
        """Called when an answer is complete and the connection waits for the next request."""

    def upgraded(self) -> None:
        """Called when the connection becomes a websocket's."""

    def on_response_complete(self) -> None:
        """Call :meth:`answered` before uvicorn goes on."""
        self.answered()
        super().on_response_complete()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Call :meth:`upgraded` before uvicorn goes on.

        Parameters
        ----------
        event
            The request that asks for the upgrade.
        """
        self.upgraded()
        super().handle_websocket_upgrade(event)

    @property
    def is_answering(self) -> bool:
        """Whether the head of a request is complete and its answer is not."""
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def has_begun_to_answer(self) -> bool:
        """Whether anything of an answer was sent."""
        return self.cycle is not None and self.cycle.response_started

    @property
    def waits_for_a_body(self) -> bool:
        """Whether the other side still has to send the rest of a request, and we have read all that has come."""
        return self.conn.their_state is h11.SEND_BODY and not self.flow.read_paused

    @property
    def unsent(self) -> int:
        """Bytes of an answer that the other side has not fetched."""
        return not_fetched(self.transport)

    @property
    def address(self) -> str | None:
        """The address that the connection comes from."""
        return self.client[0] if self.client else None

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request.

        Parameters
        ----------
        msg
            What uvicorn says of it.
        """
        self.refuse(400, f"{msg}\n")

    def refuse(self, status: int, text: str) -> None:
        """Answer with one line of ASCII text where the protocol still allows it, and close.

        Parameters
        ----------
        status
            Status code of HTTP.
        text
            The line.
        """
        head = h11.Response(
            status_code=status,
            headers=[
                ("Connection", "close"),
                ("Content-Type", "text/plain"),
                ("Content-Length", str(len(text))),
                *self.of_a_line.items(),
            ],
        )
        try:
            for part in (head, h11.Data(data=text.encode("ascii")), h11.EndOfMessage()):
                self.transport.write(self.conn.send(part) or b"")
        except h11.LocalProtocolError:
            pass
        self.transport.close()


class SocketProtocol(WebSocketsSansIOProtocol):
    """uvicorn's websocket, and what it knows of itself in words.

    uvicorn has no limit on how long a message may stay unfinished, and reports what is no message as a fault of ours.

    Attributes
    ----------
    of_a_line
        The headers of an answer that this connection gives by itself, in place of a websocket.
    written
        Bytes of messages so far, whether they have arrived or not.
    """

    of_a_line: Mapping[str, str] = {}
    written = 0

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        send_response = self.conn.send_response

        def with_headers(response: Response) -> None:
            if response.status_code != 101:
                for name, value in self.of_a_line.items():
                    if name not in response.headers:
                        response.headers[name] = value
            send_response(response)

        self.conn.send_response = with_headers  # type: ignore[method-assign]
        data_to_send = self.conn.data_to_send

        def counted() -> list[bytes]:
            output = data_to_send()
            self.written += sum(map(len, output))
            return output

        self.conn.data_to_send = counted  # type: ignore[method-assign]

    def message_complete(self) -> None:
        """Called before a whole message is handed on."""

    def no_message(self, reason: str) -> None:
        """Called before the connection is closed after what is no websocket message, or one that is too large.

        Parameters
        ----------
        reason
            What was wrong.
        """

    def send_receive_event_to_app(self) -> None:
        """Call :meth:`message_complete` before uvicorn goes on."""
        self.message_complete()
        super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """Call :meth:`no_message` before uvicorn goes on."""
        self.no_message(self.conn.close_sent.reason if self.conn.close_sent else "")
        super().handle_parser_exception()

    async def send(self, message: ASGISendEvent) -> None:
        """Send; an answer in place of a websocket ends the handshake, which uvicorn would report as a fault.

        Parameters
        ----------
        message
            What the application says: an event of the websocket, or an answer in its place.
        """
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True

    @property
    def is_between_messages(self) -> bool:
        """Whether nothing has come of a message that is not whole."""
        return not self.frames and not self.conn.reader.buffer

    @property
    def unsent(self) -> int:
        """Bytes of messages that the other side has not fetched."""
        return not_fetched(self.transport)

    @property
    def is_closing(self) -> bool:
        """Whether the end of the connection was said or has begun."""
        return self.close_sent or self.transport.is_closing()

    @property
    def is_not_read(self) -> bool:
        """Whether it is we who do not take what the other side sends."""
        return self.read_paused

    @property
    def address(self) -> str | None:
        """The address that the connection comes from."""
        return self.client[0] if self.client else None

    def fail(self, code: int, reason: str) -> None:
        """Say the end of the connection, with a code and reason of the websocket protocol, and close.

        Parameters
        ----------
        code
            Close code of the websocket protocol, such as 1008.
        reason
            What the other side is told.
        """
        self.conn.fail(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.transport.close()
