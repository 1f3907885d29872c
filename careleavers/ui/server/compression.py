"""The front end's own text files and first page from memory, compressed for browsers that accept it.

Streamlit sends its scripts uncompressed (4.7 MB for a chart). Here each is compressed once, when it is first asked for or
when the environment is made (``precompress``), so that a first visit moves a third of the bytes.

No library that is kept up does this. Looked at in November 2026:

* Starlette's ``GZipMiddleware`` 1.10: gzip only; takes ``gzip;q=0`` for a yes; compresses anew for each request.
* ``brotli-asgi`` 1.7.0: takes ``br;q=0`` for a yes; compresses anew for each request.
* ``starlette-compress`` 2.0.0: knows a refusal, but not which of two a browser prefers; compresses anew for each request.
* ``servestatic`` 4.4.0: serves files that were compressed ahead, and only those that lie beside their originals, in
  Streamlit's own folder; sends the smallest that is accepted, not the preferred. The first page, which is made, is no file.
* ``whitenoise`` 6.12.0: the same for WSGI; takes ``br;q=0`` for a yes.
"""

import asyncio
import gzip
import logging
from collections.abc import Callable

import brotli
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from careleavers.ui import private
from careleavers.ui.server.first_page import FirstPages, Made
from careleavers.ui.server.front_end import FrontEnd
from careleavers.ui.server.paths import PICTURES, is_page, path_of

log = logging.getLogger("careleavers.ui")

_IMMUTABLE = "public, immutable, max-age=31536000"
# Best encoding first. These levels take 0.4 s for the largest file; saving the last few per cent would take 9 s.
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=9),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}
# For answers made for one address: 3 ms for a page.
QUICK: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=5),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),
}


def preferred(accepted: str) -> str | None:
    """The encoding of :data:`ENCODINGS` that a client likes best, ours among those that it likes alike.

    Parameters
    ----------
    accepted
        The ``Accept-Encoding`` header, "" where there is none; read as RFC 9110, section 12.5.3, says. A quality that is
        none counts as a refusal.

    Returns
    -------
    str or None
        None where the content is to be sent as it is: nothing of ours is accepted, or nothing is liked as well. Content is
        also sent uncompressed to a client that refuses that, because the alternative is no answer.
    """
    qualities: dict[str, float] = {}
    for element in accepted.split(","):
        name, *parameters = (part.strip().lower() for part in element.split(";"))
        if name:
            qualities[name] = _quality(parameters)
    others = qualities.get("*", 0.0)
    best = max(ENCODINGS, key=lambda name: qualities.get(name, others))
    quality = qualities.get(best, others)
    return best if quality > 0 and quality >= qualities.get("identity", 0.0) else None


def _quality(parameters: list[str]) -> float:
    given = [value.strip() for name, _, value in (each.partition("=") for each in parameters) if name.strip() == "q"]
    try:
        quality = float(given[0]) if given else 1.0
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


class CompressedFiles:
    """Answers requests for the front end's text files and first page; hands every other one on."""

    def __init__(self, app: ASGIApp, front: FrontEnd, first: FirstPages | None = None) -> None:
        """``first`` makes first pages with words; without, all addresses have the same."""
        self.app = app
        self.front = front
        self.first = first
        self._packed: dict[tuple[str, str], asyncio.Task[bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for such a file; hand every other one on."""
        response = await self._response(scope) if scope["type"] == "http" else None
        await (response or self.app)(scope, receive, send)

    async def _response(self, scope: Scope) -> Response | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        headers, path = Headers(raw=scope["headers"]), path_of(scope)
        if path.startswith(private.STATIC) and path not in self.front:
            # Streamlit would answer with a page, which a browser would then take for a script.
            return PlainTextResponse("Not found\n", status_code=404)
        encoding = preferred(", ".join(headers.getlist("accept-encoding")))
        if self.first and path.startswith(PICTURES):
            return await _picture(await self.first.picture(path), encoding)
        if path in self.front.held and scope["query_string"] != private.WHOLE.encode():
            # Streamlit's name for it does not change when ours does.
            return Response(self.front.held[path], media_type="text/javascript", headers={"Cache-Control": "no-cache"})
        if media_type := self.front.media_type(path):
            if encoding is None or "range" in headers:
                return None
            content = await self.packed(path, encoding)
            return None if content is None else _compressed(content, encoding, media_type, _IMMUTABLE)
        if is_page(path):
            if self.first and (made := await self.first.answer(scope)):
                return await self._of_one_address(made, encoding, headers)
            content = await self.packed("/", encoding) if encoding else None
            if encoding is None or content is None:
                return Response(self.front.index, media_type="text/html", headers={"Cache-Control": "no-cache"})
            return _compressed(content, encoding, "text/html", "no-cache")
        return None

    async def _of_one_address(self, made: Made, encoding: str | None, headers: Headers) -> Response:
        """The first page of one address. Nobody but the browser keeps it, which asks each time whether it is still right."""
        tag = f'"{made.tag}{encoding or ""}"'
        sent = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Cookie"}
        if tag in [each.strip().removeprefix("W/") for each in headers.get("if-none-match", "").split(",")]:
            return Response(status_code=304, headers=sent)
        if encoding is None:
            return Response(made.content, media_type="text/html", headers=sent)
        if encoding not in made.encoded:
            made.encoded[encoding] = await asyncio.to_thread(QUICK[encoding], made.content)
        return Response(made.encoded[encoding], media_type="text/html", headers={**sent, "Content-Encoding": encoding})

    async def packed(self, path: str, encoding: str) -> bytes | None:
        """The bytes of a static file, or of the first page for "/", in an encoding of :data:`ENCODINGS`.

        Compressed once, however many ask at the same time. None where that failed, which the log says; the next who asks
        has it tried again.

        Parameters
        ----------
        path
            Path of a static file, or "/".
        encoding
            One of :data:`ENCODINGS`.

        Returns
        -------
        bytes or None
        """
        key = (path, encoding)
        if key not in self._packed:
            self._packed[key] = asyncio.create_task(asyncio.to_thread(self._pack, path, encoding))
        task = self._packed[key]
        try:
            return await asyncio.shield(task)
        except Exception:
            if self._packed.get(key) is task:
                del self._packed[key]
                log.exception("%s could not be compressed, so it is sent as it is", path)
            return None

    def _pack(self, path: str, encoding: str) -> bytes:
        ahead = self.front.brotli_kept(path) if encoding == "br" else None
        return ahead or ENCODINGS[encoding](self.front.content(path))


async def _picture(kept: bytes | None, encoding: str | None) -> Response:
    """A picture of a chart, of brotli's bytes. Nobody but the browser keeps it, for a day: a picture names its day."""
    if kept is None:
        return PlainTextResponse("Not found\n", status_code=404)
    sent = {"Cache-Control": "private, immutable, max-age=86400", "Vary": "Accept-Encoding"}
    if encoding == "br":
        return Response(kept, media_type="image/svg+xml", headers={**sent, "Content-Encoding": encoding})
    return Response(await asyncio.to_thread(brotli.decompress, kept), media_type="image/svg+xml", headers=sent)


def _compressed(content: bytes, encoding: str, media_type: str, cache: str) -> Response:
    return Response(
        content,
        media_type=media_type,
        headers={"Content-Encoding": encoding, "Vary": "Accept-Encoding", "Cache-Control": cache},
    )
