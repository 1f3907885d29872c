"""The first page of an address: its text without any script, only for those who may see it, and all of it escaped."""

import asyncio
import gzip
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import brotli
import plotly.graph_objects as go
import pytest

from careleavers import pictures
from careleavers.charts import ChartResult
from careleavers.ui import access, figures, private
from careleavers.ui.pages import PAGES
from careleavers.ui.server import first_page, first_pictures
from careleavers.ui.server.compression import CompressedFiles
from careleavers.ui.server.first_page import HEADINGS, Asked, FirstPages, words
from careleavers.ui.server.first_pictures import FirstPictures
from careleavers.ui.server.front_end import FrontEnd
from careleavers.ui.server.headers import content_security_policy
from careleavers.versions import Versions
from careleavers.views.plain_page import description, inline
from tests.pages.opened import opened

TITLE = re.compile(r"<h1>(.*?)</h1>")


@pytest.fixture(scope="module")
def front() -> FrontEnd:
    return FrontEnd(private.static_folder())


def scope(path: str, query: str = "", **headers: str) -> dict[str, Any]:
    return {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(), "scheme": "http",
        "headers": [(b"host", b"127.0.0.1:8501"), *((n.replace("_", "-").encode(), v.encode()) for n, v in headers.items())],
    }  # fmt: skip


def page(front: FrontEnd, path: str, patience: float = 60, **parameters: str) -> str:
    """The first page of an address; "" where it has no text."""
    made = asyncio.run(FirstPages(front.page, patience).answer(scope(path, urlencode(parameters))))
    return made.content.decode() if made else ""


def test_the_page_of_an_authority_can_be_read_as_it_arrives(front: FrontEnd) -> None:
    html = page(front, "/", authority="Leeds")
    assert "<h1>Leeds: how are care leavers doing?</h1>" in html
    for words_ in ("46%", "273 of 600", "Questions to ask"):
        assert words_ in html
    assert '<html lang="en-GB">' in html
    assert "<title>Leeds – At a glance – Care leaver outcomes</title>" in html
    assert re.search(r'<meta name="description" content="[^"]*600 care leavers aged 19 to 21[^"]*Weak: 14% ', html)
    assert '<meta property="og:title" content="Leeds – At a glance – Care leaver outcomes">' in html
    assert '<meta property="og:image" content="http://127.0.0.1:8501/card.png">' in html
    # In the order of the page, and before the part that scripts fill.
    assert html.index('id="cl-first"') < html.index('<div id="root">')


def test_it_runs_no_script_of_its_own(front: FrontEnd) -> None:
    html = page(front, "/", authority="Leeds")
    assert content_security_policy(html) == content_security_policy(front.index)
    assert not re.search(r"\son[a-z]+=", html[html.index('id="cl-first"') :])


@pytest.mark.parametrize(
    ("path", "parameters", "expected"),
    [
        ("/compare", {"authority": "Leeds"}, ["Leeds: 46%", "273 of 600", "Compare authorities"]),
        ("/compare", {"authority": "E08000035", "indicator": "neet", "age": "17-18"}, ["Leeds", "aged 17 to 18"]),
        ("/compare", {}, ["None chosen", "Compare authorities", "Leicester"]),
        ("/trends", {"authority": "Leeds"}, ["Leeds: 46%", "273 of 600"]),
        ("/trends", {}, ["England: "]),
        ("/map", {"authority": "Leeds"}, ["Leeds: 46%"]),
        ("/spread", {"authority": "Leeds"}, ["Leeds: 46%"]),
        ("/workforce", {"authority": "Leeds"}, ["Leeds: how stable is the workforce?"]),
        ("/questions", {"authority": "Leeds"}, ["Leeds: what to ask", 'class="cl-question"', "1. "]),
        ("/questions", {"authority": "Cumbria (to 2023)"}, ["There is nobody to ask"]),
        ("/improvement_plan", {"authority": "Leeds"}, ["Leeds: improvement plan", "what Ofsted and its own members"]),
        ("/definitions", {}, ["<h1>Definitions</h1>"]),
    ],
)
def test_each_page_says_its_finding(
    front: FrontEnd, path: str, parameters: dict[str, str], expected: list[str]
) -> None:
    html = page(front, path, **parameters)
    assert all(text in html for text in expected), html[html.index('id="cl-first"') :][:2000]


def test_pages_of_officers_and_the_screenshot_view_have_no_words(front: FrontEnd) -> None:
    assert {each.name for each in PAGES if each.for_officers}.isdisjoint(HEADINGS)
    assert page(front, "/upload", authority="Leeds") == ""
    assert page(front, "/history") == ""
    assert page(front, "/", authority="Leeds", screenshot="true") == ""


def test_nothing_is_said_where_browsing_needs_signing_in(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "browsing_open", lambda: False)
    assert page(front, "/", authority="Leeds") == ""


def test_what_was_made_while_browsing_was_open_is_not_shown_after(
    front: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked_twice() -> None:
        pages = FirstPages(front.page, 60)
        assert await pages.answer(scope("/", "authority=Leeds"))
        monkeypatch.setattr(access, "browsing_open", lambda: False)
        assert await pages.answer(scope("/", "authority=Leeds")) is None

    asyncio.run(asked_twice())


def drawing(calls: list[str]) -> FirstPictures:
    """Pictures that are drawn at once, of which the names are listed."""

    def draw(chart: ChartResult) -> bytes:
        calls.append(chart.filename)
        return b"<svg>drawn</svg>"

    return FirstPictures(draw, quiet=0)


@pytest.fixture
def a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "available", lambda: True)


async def drawn(of: FirstPictures) -> None:
    while of._working and not of._working.done():
        await asyncio.sleep(0.01)


@pytest.mark.usefixtures("a_browser")
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/compare", ["ranked"]),
        ("/trends", ["trend"]),
        ("/map", ["map"]),
        ("/spread", ["funnel"]),
        ("/workforce", ["panels"]),
        ("/", ["activity", "accommodation"]),
    ],
)
def test_the_next_visitor_sees_the_chart_where_the_page_will_have_it(
    front: FrontEnd, path: str, names: list[str]
) -> None:
    async def tried() -> None:
        calls: list[str] = []
        of = drawing(calls)
        pages = FirstPages(front.page, 60, of)
        before = await pages.answer(scope(path, "authority=Leeds"))
        assert before is not None
        assert b"/picture/" not in before.content
        await drawn(of)
        made = await pages.answer(scope(path, "authority=Leeds"))
        assert made is not None
        assert made.tag != before.tag
        html = made.content.decode()
        addresses = re.findall(r'<img src="(/picture/[0-9a-f]{32}\.svg)" width="720" height="\d+" alt="[^"]+', html)
        assert len(addresses) == len(calls) == len(names)
        assert f'<link rel="preload" as="image" fetchpriority="high" href="{addresses[0]}">' in html
        for name, address in zip(names, addresses, strict=True):
            assert f'.st-key-{name}:not(:has(.main-svg)){{background:url("{address}")' in html
            assert await pages.picture(address) == brotli.compress(b"<svg>drawn</svg>", quality=9)
        assert content_security_policy(html) == content_security_policy(front.index)
        # Charts are named on the page as here.
        at = opened(path[1:] or PAGES[0].name, authority="Leeds")
        keys = [chart.proto.id.rpartition("-")[2] for chart in at.get("plotly_chart")]
        assert [key for key in keys if key in names] == names

    asyncio.run(tried())


@pytest.mark.usefixtures("a_browser")
def test_a_phone_has_no_picture_because_its_layout_depends_on_its_width(front: FrontEnd) -> None:
    async def tried() -> None:
        calls: list[str] = []
        of = drawing(calls)
        await FirstPages(front.page, 60, of).answer(scope("/compare", "authority=Leeds", sec_ch_ua_mobile="?1"))
        await drawn(of)
        assert calls == []

    asyncio.run(tried())


@pytest.mark.usefixtures("a_browser")
def test_pictures_are_for_those_who_may_see_the_page_and_gone_when_something_is_erased(
    front: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tried() -> None:
        of = drawing([])
        pages = FirstPages(front.page, 60, of)
        files = CompressedFiles(nothing, front, pages)
        await pages.answer(scope("/compare", "authority=Leeds"))
        await drawn(of)
        address = of.address(next(iter(of._kept)))
        status, headers, body = await ask(files, scope(address, accept_encoding="gzip"))
        assert (status, body, headers["content-type"]) == (200, b"<svg>drawn</svg>", "image/svg+xml")
        assert headers["cache-control"] == "private, immutable, max-age=86400"
        _, headers, _ = await ask(files, scope(address, accept_encoding="br"))
        assert headers["content-encoding"] == "br"
        for other in (f"{address}x", f"/picture/{'0' * 32}.svg", "/picture/", "/picture/../index.html"):
            assert (await ask(files, scope(other)))[0] == 404
        with monkeypatch.context() as closed:
            closed.setattr(access, "browsing_open", lambda: False)
            assert (await ask(files, scope(address)))[0] == 404
        figures.clear_caches()
        made = await pages.answer(scope("/compare", "authority=Leeds"))
        assert made is not None
        assert b"/picture/" not in made.content
        assert (await ask(files, scope(address)))[0] == 404

    asyncio.run(tried())


def test_drawing_gives_way_to_visitors_and_waits_in_a_short_line(
    monkeypatch: pytest.MonkeyPatch, a_browser: None
) -> None:
    async def tried() -> None:
        calls: list[str] = []
        of = FirstPictures(drawing(calls)._draw, quiet=0.2)
        charts = [ChartResult(go.Figure(), "", "", f"chart-{number}", 100) for number in range(40)]
        for number, chart in enumerate(charts):
            of.visited()
            of.want(str(number), chart, lambda: None)
        for _ in range(5):
            await asyncio.sleep(0.1)
            of.visited()
        assert calls == []
        await asyncio.sleep(0.3)
        await drawn(of)
        assert len(calls) == first_pictures._WAITING
        monkeypatch.setattr(first_pictures, "_KEPT", 3)
        of.want("another", charts[0], lambda: None)
        await drawn(of)
        assert of.address("another")

    asyncio.run(tried())


@pytest.mark.parametrize("problem", [pictures.NoBrowser("There is no browser."), ValueError("a fault of ours")])
@pytest.mark.usefixtures("a_browser")
def test_without_pictures_pages_go_on_with_words(front: FrontEnd, problem: Exception) -> None:
    async def tried() -> None:
        calls: list[int] = []

        def draw(_: ChartResult) -> bytes:
            calls.append(1)
            raise problem

        of = FirstPictures(draw, quiet=0)
        pages = FirstPages(front.page, 60, of)
        for query in ("authority=Leeds", "authority=Kent"):
            made = await pages.answer(scope("/compare", query))
            assert made is not None
            await drawn(of)
        assert len(calls) == 1, "not tried again for a while"

    asyncio.run(tried())


HOSTILE = "</title></style><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    "parameters",
    [
        {"authority": HOSTILE},
        {"authority": "Leeds", "indicator": HOSTILE, "age": HOSTILE, "period": HOSTILE, "show": HOSTILE},
        {"authority": "Leeds", "against": HOSTILE, "as_at": HOSTILE},
        {"authority": "Leeds", "as_at": "999999999"},
        {"authority": "Leeds", "as_at": "٣"},
        {"nobody": HOSTILE},
        {"authority": "\x00\ud7ff" * 90},
        {"authority": "L" * 3000},
    ],
)
@pytest.mark.parametrize("path", ["/", "/compare", "/trends"])
def test_what_an_address_brings_along_is_not_repeated(front: FrontEnd, path: str, parameters: dict[str, str]) -> None:
    html = page(front, path, **parameters)
    assert TITLE.search(html), "the page is shown with its defaults"
    assert "alert(1)" not in html
    assert html.count("<script") == front.index.count("<script")
    if parameters.get("authority") != "Leeds":
        assert "None chosen" in html


def test_a_host_that_is_none_is_not_repeated(front: FrontEnd) -> None:
    asked = scope("/", "authority=Leeds")
    asked["headers"] = [(b"host", b'x"><script>alert(1)</script>')]
    made = asyncio.run(FirstPages(front.page, 60).answer(asked))
    assert made is not None
    assert b"alert(1)" not in made.content
    assert b"og:image" not in made.content


def test_an_earlier_version_is_shown_as_it_was(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    earlier = figures.versions().newest()

    def select(self: Versions, version: int) -> object:
        asked.append(version)
        return earlier

    monkeypatch.setattr(Versions, "select_version", select)
    html = page(front, "/compare", authority="Leeds", as_at="0")
    assert asked == [0]
    assert "Earlier figures." in html
    assert "as_at=0" in html, "links lead on to the same version"


def test_links_stay_inside_and_markdown_is_no_html() -> None:
    assert inline(r"**a <b>** \*c\* & d") == "<strong>a &lt;b&gt;</strong> *c* &amp; d"
    assert inline("[a](compare?authority=Leeds)") == '<a href="compare?authority=Leeds">a</a>'
    assert inline("see [a](https://example.org/)") == "see a"
    for target in ("https://example.org/", "//example.org", "javascript:alert(1)", "data:text/html,x"):
        assert "href" not in inline(f"see [a]({target})")
    assert description("**A & b.** c\n\nd") == "A & b. c"
    assert len(description("word " * 200)) <= 302


async def ask(files: CompressedFiles, asked: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await files(asked, None, send)  # type: ignore[arg-type]
    return sent[0]["status"], {n.decode(): v.decode() for n, v in sent[0]["headers"]}, sent[1]["body"]


async def nothing(scope: Any, receive: Any, send: Any) -> None:
    """Stands in for Streamlit; no request may get this far."""


def test_only_the_browser_keeps_it_and_asks_again(front: FrontEnd) -> None:
    async def tried() -> None:
        files = CompressedFiles(nothing, front, FirstPages(front.page, 60))
        status, headers, body = await ask(files, scope("/", "authority=Leeds", accept_encoding="gzip"))
        assert (status, headers["cache-control"]) == (200, "private, no-cache")
        assert "Cookie" in headers["vary"]
        assert b"273 of 600" in gzip.decompress(body)
        tag = headers["etag"]
        again = scope("/", "authority=Leeds", accept_encoding="gzip", if_none_match=tag)
        status, headers, body = await ask(files, again)
        assert (status, body) == (304, b"")
        other = scope("/", "authority=Kent", accept_encoding="gzip", if_none_match=tag)
        assert (await ask(files, other))[0] == 200

    asyncio.run(tried())


def slow(monkeypatch: pytest.MonkeyPatch, seconds: float) -> list[Asked]:
    """Make each page take a while, and list the pages made."""
    import time

    made: list[Asked] = []
    real: Callable[..., Any] = words

    def counted(asked: Asked, *_: object) -> Any:
        made.append(asked)
        time.sleep(seconds)
        return real(Asked("definitions", (), "wide"))

    monkeypatch.setattr(first_page, "words", counted)
    return made


def test_a_page_that_is_not_ready_soon_is_sent_without_words_and_kept_for_the_next(
    front: FrontEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tried() -> None:
        made = slow(monkeypatch, 0.4)
        pages = FirstPages(front.page, 0.05)
        assert await pages.answer(scope("/", "authority=Leeds")) is None
        await asyncio.sleep(1)
        assert await pages.answer(scope("/", "authority=Leeds"))
        assert len(made) == 1

    asyncio.run(tried())


def test_who_asks_for_many_addresses_gets_them_without_words(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tried() -> None:
        made = slow(monkeypatch, 0.1)
        pages = FirstPages(front.page, 5)
        every = [pages.answer(scope("/", f"authority={number}")) for number in range(60)]
        answers = await asyncio.gather(*every)
        assert len(made) <= first_page._WAITING
        assert sum(answer is not None for answer in answers) == len(made)
        assert not pages._tasks

    asyncio.run(tried())


def test_no_more_than_its_share_of_the_processor_is_spent(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tried() -> None:
        slow(monkeypatch, 0)
        pages = FirstPages(front.page, 5)
        pages._left = 0.0
        monkeypatch.setattr(first_page, "_ADDED", 0.0)
        assert await pages.answer(scope("/", "authority=Leeds")) is None

    asyncio.run(tried())


def test_few_are_kept(front: FrontEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    async def tried() -> None:
        slow(monkeypatch, 0)
        monkeypatch.setattr(first_page, "_KEPT", 3)
        pages = FirstPages(front.page, 5)
        for number in range(6):
            assert await pages.answer(scope("/", f"authority={number}"))
        assert len(pages._kept) == 3

    asyncio.run(tried())
