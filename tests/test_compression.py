"""Which encoding a browser is sent, and that each file is compressed once, or again if that failed."""

import asyncio
import gzip
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest

from careleavers.ui.server import compression, precompress
from careleavers.ui.server.compression import CompressedFiles, preferred
from careleavers.ui.server.front_end import FrontEnd
from tests.test_middleware import complete

SCRIPT = "/static/js/a.js"
CODE = b"const letters = 'abc';" * 100


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("GZIP", "gzip"),
        ("identity", None),
        ("deflate", None),
        # A quality of zero is a refusal, however it is written.
        ("br;q=0", None),
        ("br; q=0.000, gzip", "gzip"),
        ("br;Q=0", None),
        ("*;q=0", None),
        # The encoding with the higher quality is used; on a tie, the one we prefer.
        ("gzip;q=0.5, br;q=0.4", "gzip"),
        ("gzip;q=0.5, br;q=0.5", "br"),
        ("gzip;q=0.1, br;q=0.2", "br"),
        ("identity;q=0.5, br;q=0.4", None),
        ("identity;q=0.5, br;q=0.6", "br"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        # Encodings that are not named get the quality of the star.
        ("*", "br"),
        ("*;q=0.5, br;q=0.1", "gzip"),
        ("br;q=0, *", "gzip"),
        ("gzip, *;q=0", "gzip"),
        # Part of a name does not match, and an invalid quality is a refusal.
        ("brotli", None),
        ("x-br", None),
        ("br;q=high", None),
        ("br;q=2", None),
        ("br;q=-1, gzip;q=nan", None),
        ("br;level=11", "br"),
        (",, ;q=1,gzip", "gzip"),
    ],
)
def test_a_browser_is_sent_what_it_likes_best(accepted: str, encoding: str | None) -> None:
    assert preferred(accepted) == encoding


@pytest.fixture
def front(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FrontEnd:
    """A front end with one script, not compressed in advance."""
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "a.js").write_bytes(CODE)
    (tmp_path / "index.html").write_text("<html><head><title>Streamlit</title></head></html>", encoding="utf-8")
    monkeypatch.setattr(precompress, "FOLDER", tmp_path / "kept")
    return FrontEnd(tmp_path)


async def ask(
    files: CompressedFiles, path: str, accepted: str = "br", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of a request; 0 where it is handed on."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path,
        "headers": [(b"accept-encoding", accepted.encode()), *((n.encode(), v.encode()) for n, v in headers.items())],
    }  # fmt: skip
    await files(scope, None, send)  # type: ignore[arg-type]
    if not sent:
        return 0, {}, b""
    return sent[0]["status"], {n.decode(): v.decode() for n, v in sent[0]["headers"]}, sent[1]["body"]


def served(front: FrontEnd) -> CompressedFiles:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Stands in for Streamlit, which answers requests that are passed on."""

    return CompressedFiles(app, front)


def test_a_script_and_a_page_arrive_compressed_and_say_so(front: FrontEnd) -> None:
    async def tried() -> None:
        files = served(front)
        status, headers, body = await ask(files, SCRIPT, "gzip, br")
        assert (status, headers["content-encoding"], headers["vary"]) == (200, "br", "Accept-Encoding")
        assert "immutable" in headers["cache-control"]
        assert brotli.decompress(body) == CODE
        _, headers, body = await ask(files, "/compare", "gzip")
        assert (headers["content-encoding"], headers["cache-control"]) == ("gzip", "no-cache")
        assert b"Care leaver outcomes" in gzip.decompress(body)
        _, headers, body = await ask(files, "/", "br;q=0")
        assert "content-encoding" not in headers
        assert body.decode() == front.index

    complete(tried())


def test_what_cannot_be_compressed_or_is_asked_for_in_parts_is_handed_on(front: FrontEnd) -> None:
    async def tried() -> None:
        files = served(front)
        assert (await ask(files, SCRIPT, ""))[0] == 0
        assert (await ask(files, SCRIPT, "br", range="bytes=0-9"))[0] == 0
        assert (await ask(files, "/_stcore/health", "br"))[0] == 0
        assert (await ask(files, "/static/js/none.js", "br"))[0] == 404

    complete(tried())


def counting(calls: list[bytes]) -> Callable[[bytes], bytes]:
    def compress(content: bytes) -> bytes:
        calls.append(content)
        return brotli.compress(content, quality=1)

    return compress


def test_a_file_is_compressed_once_however_many_ask(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bytes] = []
    monkeypatch.setitem(compression.ENCODINGS, "br", counting(calls))

    async def tried() -> None:
        files = served(front)
        answers = await asyncio.gather(*(ask(files, SCRIPT) for _ in range(8)))
        assert {brotli.decompress(body) for *_, body in answers} == {CODE}
        await ask(files, SCRIPT)

    complete(tried())
    assert calls == [CODE]


def test_what_was_compressed_ahead_is_not_compressed_again(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[bytes] = []
    monkeypatch.setitem(compression.ENCODINGS, "br", counting(calls))
    precompress.FOLDER.mkdir()
    (precompress.FOLDER / "a.js.br").write_bytes(brotli.compress(CODE, quality=11))

    async def tried() -> None:
        _, _, body = await ask(served(front), SCRIPT)
        assert brotli.decompress(body) == CODE

    complete(tried())
    assert calls == []


def test_a_compression_that_failed_is_tried_again(
    front: FrontEnd, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls: list[bytes] = []
    works = counting(calls)

    def fails(content: bytes) -> bytes:
        raise MemoryError

    async def tried() -> None:
        files = served(front)
        monkeypatch.setitem(compression.ENCODINGS, "br", fails)
        assert (await ask(files, SCRIPT))[0] == 0, "Streamlit sends it as it is"
        _, headers, body = await ask(files, "/")
        assert "content-encoding" not in headers
        assert body.decode() == front.index
        monkeypatch.setitem(compression.ENCODINGS, "br", works)
        assert (await ask(files, SCRIPT))[1]["content-encoding"] == "br"

    logging.getLogger("careleavers").propagate = True
    complete(tried())
    assert calls == [CODE]
    assert f"{SCRIPT} could not be compressed" in caplog.text
