"""The HTTP side of the product: what is warmed at start, what is compressed, what is closed, what is allowed.

Streamlit sends its own scripts uncompressed (4.7 MB for a chart). Here each is compressed once, when it is
first asked for, and kept in memory, so that a first visit moves a third of the bytes.
"""

import asyncio
import base64
import gc
import gzip
import hashlib
import logging
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import brotli
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from careleavers import feed, settings
from careleavers.arrival import is_loopback_name
from careleavers.errors import CareLeaversError
from careleavers.ui import connections, key, precompress
from careleavers.ui.doorway import Doorway, base_path, path_of
from careleavers.ui.pages import NARROW, PRODUCT, ROOT, WIDTH_COOKIE
from careleavers.ui.visits import VISITS, Gate

log = logging.getLogger("careleavers.ui")

SCRIPT = ROOT / "careleavers" / "ui" / "assets" / "page.js"
ICON = ROOT / "careleavers" / "ui" / "assets" / "icon.png"
_TEXT = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
_IMMUTABLE = "public, immutable, max-age=31536000"
_OWN_FONT = re.compile(rb'(@font-face\{font-family:"?Source Sans[^}]*?src:)url\([^)]*\)\s*format\("woff2"\)')
# Best first. These qualities take 0.4 s for the largest file; the last few per cent would take 9 s.
_ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=9),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}

# Answers of Streamlit's that tell a stranger about the server and that the pages do not need. host-config
# stays open, because no page connects without it; client.allowedOrigins leaves it nothing to tell.
# Names that look like a page's and have a route of their own.
_ROUTED = {"readyz"}
_CLOSED = ("/_stcore/metrics", "/_stcore/agent")


def middleware() -> list[Middleware]:
    """What every request passes through before Streamlit sees it, outermost first."""
    front = FrontEnd(Path(file_util.get_static_dir()))
    return [
        Middleware(connections.Started),
        Middleware(SecurityHeaders, policy=front.policy),
        Middleware(ClosedPaths),
        Middleware(Doorway),
        Middleware(Gate, path_of=path_of, is_page=_is_page),
        Middleware(CompressedFiles, front=front),
    ]


def routes(home: str) -> list[Route]:
    """Routes beside Streamlit's own: whether the figures are loaded, the feed of what is new, the icon, and the home page by its name.

    ``home`` is the name of the first page. Streamlit serves it at ``/`` only and calls its own name unknown.
    """
    _ROUTED.add(home)
    answers = {"/readyz": _ready, "/feed.xml": _feed, "/favicon.png": _icon, f"/{home}": _home}
    # Streamlit puts its own routes under the prefix, and leaves these where they are.
    return [
        Route(prefix + path, answer) for prefix in dict.fromkeys(("", base_path())) for path, answer in answers.items()
    ]


async def _home(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"./{query}", status_code=307)


async def _ready(request: Request) -> Response:
    """200 "ready" with the data version once the figures are loaded, 503 with one line until then.

    Uploads that cannot be read or shown are named after a "but", with 200: every replica has the same store, and the figures
    that were published can be looked at all the same.
    """
    from careleavers.ui import figures

    try:
        line = await asyncio.to_thread(lambda: figures.versions().readiness())
    except Exception:  # the reason is for the log, which has it from the start
        return PlainTextResponse("not ready: the figures could not be loaded\n", status_code=503)
    return PlainTextResponse(f"{line}\n", headers={"Cache-Control": "no-store"})


async def _feed(request: Request) -> Response:
    """What is new as an Atom feed, of all authorities or (``?authority=`` name or code) one: as anybody may see it.

    A request for it has no person, so where browsing needs signing in it is closed.
    """
    from careleavers.ui import access, news, state

    def answer() -> Response:
        if not access.browsing_open():
            return PlainTextResponse("The feed is closed: this dashboard needs signing in.\n", status_code=403)
        asked, code, name = request.query_params.get("authority", "").strip(), "", ""
        if asked:
            code = state.authority_code(asked) or ""
            if not code:
                return PlainTextResponse("There is no such authority.\n", status_code=404)
            name = state.authority_names()[code]
        content = news.document(code, name)
        # Of the content and not of the version: a reader need not fetch what an upload elsewhere left as it was.
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache"}
        if tag in [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=feed.MEDIA_TYPE, headers=headers)

    try:
        return await asyncio.to_thread(answer)
    except CareLeaversError:  # the reason is for the log, which has it from the start
        return PlainTextResponse("The figures could not be loaded.\n", status_code=503)


async def _icon(request: Request) -> Response:
    return FileResponse(ICON, headers={"Cache-Control": "public, max-age=86400"})


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """Load the figures before the first visitor; if that fails, say file, line and reason on the log."""
    _log_to_stderr()
    VISITS.limits = connections.settle(_limits())
    loaded = await asyncio.to_thread(_load)
    # Whoever waits for the figures need not wait for this.
    settling = asyncio.create_task(asyncio.to_thread(_settle, loaded))
    yield None
    await settling


def _limits() -> settings.Limits:
    try:
        return settings.limits()
    except CareLeaversError as exc:
        log.error("%s The limits that are usual are used instead.", exc)
        return settings.Limits()


def _load() -> bool:
    """Load the figures; whether that went well. If not, the reason is on the log."""
    # Imported here because cached functions must be declared after Streamlit's runtime has started.
    from careleavers.ui import access, figures

    try:
        figures.warehouse()
        # Whatever is wrong with sign-in is on the log from the start.
        host, port = connections.listens_on()
        if not access.setup_reference() and not access.sign_in_offered() and is_loopback_name(host):
            log.info("To upload, open %s on this machine. The address is for you alone.", key.address(host or "", port))
    except CareLeaversError as exc:
        log.error("The figures could not be loaded, so the pages have nothing to show: %s", exc)
    except Exception:
        log.exception("The figures could not be loaded, so the pages have nothing to show")
    else:
        return True
    return False


def _settle(loaded: bool) -> None:
    """Draw once what is heaviest, follow the store from then on, and have what is in memory left alone."""
    from careleavers.ui import figures

    if loaded:
        try:
            _draw_once()
            figures.versions().keep_up()
        except Exception:
            log.exception("The first pages could not be drawn ahead")
    # A full collection after each script run would walk everything loaded so far: 70 ms per click.
    gc.collect()
    gc.freeze()


def _draw_once() -> None:
    """Draw the two heaviest pages, so that all the code they load is there before memory is settled."""
    from careleavers.ui import comparison, glance, state

    row = state.authorities().iloc[0]
    code, name, region = str(row["authority_code"]), str(row["authority_name"]), str(row["region"])
    figures_of = glance.parts(code, name, "neighbours", region, "wide")
    newest = figures_of.download.iloc[0]
    comparison.parts(
        str(newest["indicator"]), str(newest["age_group"]), f"{newest['period_end']:%Y-%m-%d}",
        code, name, region, "all", "neighbours", "wide",
    )  # fmt: skip


def _log_to_stderr() -> None:
    logger = logging.getLogger("careleavers")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


class FrontEnd:
    """Streamlit's own static files: the first page adapted to this product, the rest compressed on demand."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is where Streamlit keeps ``index.html`` and ``static/``."""
        self._files = {
            "/" + path.relative_to(folder).as_posix(): path
            for path in sorted((folder / "static").rglob("*"))
            if path.is_file()
        }
        self.index = self._adapt((folder / "index.html").read_text(encoding="utf-8")).encode()
        self.policy = self._policy(self.index.decode())
        self._packed: dict[tuple[str, str], asyncio.Task[bytes]] = {}

    def __contains__(self, path: str) -> bool:
        """Whether there is such a static file."""
        return path in self._files

    def _adapt(self, html: str) -> str:
        """Our title, no font that is not used, and the chart code fetched beside the rest, not after it."""
        html = html.replace("<title>Streamlit</title>", f"<title>{PRODUCT}</title>")
        html = html.replace('<html lang="en">', '<html lang="en-GB">')
        html = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*>', "", html)
        html = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
        html = re.sub(r'<link rel="service-desc"[^>]*>', "", html)
        html = re.sub(
            r"<noscript>.*?</noscript>",
            f"<noscript><p>{PRODUCT} needs JavaScript. Turn it on and load the page again.</p></noscript>",
            html,
            flags=re.DOTALL,
        )
        early = "".join(
            f'<link rel="modulepreload" crossorigin href=".{path}">'
            for path in self._files
            if "/PlotlyChart." in path and path.endswith(".js")
        )
        script = SCRIPT.read_text(encoding="utf-8").replace("WIDTH_COOKIE", WIDTH_COOKIE).replace("NARROW", str(NARROW))
        return html.replace("</head>", f"{early}<script>{script}</script></head>")

    @staticmethod
    def _policy(html: str) -> str:
        """The content security policy; inline scripts are allowed by their hash only."""
        hashes = " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
            for text in re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
        )
        return "; ".join(
            (
                "default-src 'self'",
                f"script-src 'self' {hashes}".strip(),
                # Streamlit and Plotly write their styles into the page.
                "style-src 'self' 'unsafe-inline'",
                "img-src 'self' data: blob:",
                "font-src 'self' data:",
                "connect-src 'self'",
                "worker-src 'self' blob:",
                "object-src 'none'",
                "base-uri 'self'",
                "form-action 'self'",
                "frame-ancestors 'self'",
            )
        )

    def media_type(self, path: str) -> str | None:
        """Media type of a static file that is worth compressing; None for any other path."""
        return _TEXT.get(self._files[path].suffix) if path in self._files else None

    async def packed(self, path: str, encoding: str) -> bytes:
        """The bytes of a static file, or of the first page for "/", in an encoding of ``_ENCODINGS``.

        Compressed once, however many ask at the same time.
        """
        key = (path, encoding)
        if key not in self._packed:
            self._packed[key] = asyncio.create_task(asyncio.to_thread(self._pack, path, encoding))
        return await asyncio.shield(self._packed[key])

    def _pack(self, path: str, encoding: str) -> bytes:
        if path == "/":
            return _ENCODINGS[encoding](self.index)
        file = self._files[path]
        ahead = precompress.kept(file) if encoding == "br" else None
        return ahead or _ENCODINGS[encoding](self._content(file))

    @staticmethod
    def _content(file: Path) -> bytes:
        content = file.read_bytes()
        if file.suffix == ".css":
            # The first moment before the theme is known would fetch Streamlit's own font for nothing.
            content = _OWN_FONT.sub(rb'\1local("Arial"),local("Liberation Sans")', content)
        return content


class CompressedFiles:
    """Serves the front end's own text files and first page from memory, compressed for who accepts it."""

    def __init__(self, app: ASGIApp, front: FrontEnd) -> None:
        self.app = app
        self.front = front

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for such a file; hand every other one on."""
        response = await self._response(scope) if scope["type"] == "http" else None
        await (response or self.app)(scope, receive, send)

    async def _response(self, scope: Scope) -> Response | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        headers = dict(scope["headers"])
        path = path_of(scope)
        if path.startswith("/static/") and path not in self.front:
            # Streamlit would answer with a page, which a browser then takes for a script.
            return PlainTextResponse("Not found\n", status_code=404)
        accepted = headers.get(b"accept-encoding", b"").decode("latin-1")
        encoding = next((name for name in _ENCODINGS if re.search(rf"\b{name}\b(?!;q=0(\.0*)?\b)", accepted)), None)
        if media_type := self.front.media_type(path):
            if encoding is None or b"range" in headers:
                return None
            return _packed(await self.front.packed(path, encoding), encoding, media_type, _IMMUTABLE)
        if _is_page(path):
            if encoding is None:
                return Response(self.front.index, media_type="text/html", headers={"Cache-Control": "no-cache"})
            return _packed(await self.front.packed("/", encoding), encoding, "text/html", "no-cache")
        return None


def _packed(content: bytes, encoding: str, media_type: str, cache: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Encoding": encoding, "Vary": "Accept-Encoding", "Cache-Control": cache},
    )


class ClosedPaths:
    """Answers 404 for the paths in ``_CLOSED``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close the path or hand the request on."""
        if scope["type"] == "http" and path_of(scope).startswith(_CLOSED):
            await PlainTextResponse("Not found\n", status_code=404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class SecurityHeaders:
    """Adds the headers that keep a browser from loading, framing or guessing what it should not."""

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", policy.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"x-frame-options", b"SAMEORIGIN"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ]
        self.names = {name for name, _ in self.headers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in self.names]
                message["headers"] = kept + self.headers
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _is_page(path: str) -> bool:
    """Whether Streamlit would answer this path with its first page: the home page or one page name."""
    name = path[1:]
    return name in {"", "index.html"} or (name not in _ROUTED and bool(re.fullmatch(r"[A-Za-z][A-Za-z_]*", name)))
