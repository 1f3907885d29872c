"""A real server on this machine and a real browser in front of it.

Fixtures that say so start a fresh server process. The page fixture fails its test if the browser makes a request to any
other machine.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from find_browser import HOW_TO, find  # noqa: E402
from who_signs_in import ISSUER, secrets  # noqa: E402

from careleavers.ui.pages import NARROW, NARROWEST, PAGES  # noqa: E402

# A machine running two of these at once may take longer to draw than the default five seconds.
expect.set_options(timeout=20_000)

FLAGS = [
    "--no-sandbox",
    # Pages of one context share a process, so that JavaScript compiled for one need not be compiled for the next.
    "--process-per-site",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SETTLED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Server:
    """A running dashboard. ``start`` is the seconds from process start to the first answer on its port."""

    url: str
    pid: int
    start: float
    log: Path

    def text(self) -> str:
        """What the server has written to stdout and stderr so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    """A loopback port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(log: Path, env: dict[str, str] | None = None, home: Path = ROOT) -> Iterator[Server]:
    """A fresh server process in ``home``; waits until it answers anything at all, stops it at the end."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1", "--server.headless", "true"]
    began = time.monotonic()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command + options,
            cwd=home,
            stdout=out,
            stderr=subprocess.STDOUT,
            # Most tests need no pictures, nor a second browser beside theirs.
            env={**os.environ, "CARELEAVERS_BROWSER": "none", **(env or {})},
        )
    try:
        while True:
            try:
                with urllib.request.urlopen(url + "/readyz", timeout=10):
                    break
            except urllib.error.HTTPError:
                break  # it listens, but is not ready yet
            except OSError:
                if process.poll() is not None or time.monotonic() - began > 60:
                    pytest.fail(f"The server did not start:\n{log.read_text(errors='replace')}")
                time.sleep(0.05)
        yield Server(url, process.pid, time.monotonic() - began, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server shared by the tests that change nothing."""
    with running(tmp_path_factory.mktemp("server") / "log") as started:
        yield started


@pytest.fixture(scope="session")
def few_figures(outcomes_data: Path) -> dict[str, str]:
    """Settings of a server that loads three of the data files, and so starts sooner.

    For tests of settings and sign-in, not of figures.
    """
    return {"CARELEAVERS_DATA": str(outcomes_data)}


@pytest.fixture(scope="session")
def office(few_figures: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with sign-in and a store of its own, shared by the tests in which officers upload or write.

    Only one test uploads, so its upload is the first; the others write.
    """
    folder = tmp_path_factory.mktemp("office")
    (folder / "secrets.toml").write_text(secrets(ISSUER, "open"), encoding="utf-8")
    env = {"STREAMLIT_SECRETS_FILES": str(folder / "secrets.toml"), "STORE_URL": str(folder / "uploads.duckdb")}
    with running(folder / "log", env={**few_figures, **env}) as started:
        yield started


@pytest.fixture
def start_server(tmp_path: Path) -> Callable[..., object]:
    """``with start_server(env={…}) as server:`` gives the test its own fresh process."""
    count = iter(range(100))
    return lambda **kwargs: running(tmp_path / f"log{next(count)}", **kwargs)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this machine."""
    path = find()
    if path is None:
        pytest.fail(HOW_TO)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


class _Visitor:
    """One person's browser, and the requests its pages made to other machines."""

    def __init__(self, browser: Browser, **options: object) -> None:
        self.outside: list[str] = []
        self.tabs: dict[str, Page] = {}
        self.context: BrowserContext = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options}
        )
        self.context.on("request", lambda request: self._note(request.url))

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("websocket", lambda websocket: self._note(websocket.url))
        return page

    def _note(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
            self.outside.append(url)


@pytest.fixture
def open_browser(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``open_browser(color_scheme="dark", viewport=…)`` gives a page with an empty cache and no history.

    Fails at the end if any of these pages made a request to another machine.
    """
    visitors: list[_Visitor] = []

    def opened(**options: object) -> Page:
        visitors.append(_Visitor(browser, **options))
        return visitors[-1].page()

    yield opened
    outside = [url for visitor in visitors for url in visitor.outside]
    for visitor in visitors:
        visitor.context.close()
    assert not outside, f"The browser asked other machines for: {outside}"


@pytest.fixture(scope="session")
def _regular(browser: Browser) -> Iterator[_Visitor]:
    visitor = _Visitor(browser, permissions=["clipboard-read", "clipboard-write"])
    # The shared process ends with its last page, so one page stays open. Its request is answered here and reaches no server.
    kept_open = visitor.page()
    kept_open.route("**", lambda route: route.fulfill(body="Kept open"))
    kept_open.goto("http://127.0.0.1/")
    yield visitor
    visitor.context.close()


@pytest.fixture
def page(_regular: _Visitor) -> Iterator[Page]:
    """One page, 1440 × 900, light, in a browser that has cached the front end's files and remembers nothing else.

    It may use the clipboard.

    Loading those again takes half of a test's time: a test that needs an empty cache uses ``open_browser``.
    """
    _regular.outside.clear()
    page = _regular.page()
    yield page
    if urlsplit(page.url).hostname in LOOPBACK:
        page.evaluate("localStorage.clear()")
    page.close()
    _regular.context.clear_cookies()
    assert not _regular.outside, f"The browser asked other machines for: {_regular.outside}"


@pytest.fixture
def tab(_regular: _Visitor, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """``tab(320, 800, "dark")`` gives a page that goes on from test to test, in one session, for tests that open an address
    with ``move``. Each layout has its own, so size and colours hold until the next call; after a failed test all are new.
    """
    _regular.outside.clear()
    failed = request.session.testsfailed

    def opened(width: int = 1440, height: int = 900, color_scheme: Literal["light", "dark"] = "light") -> Page:
        # The server lays a page out by what the browser says of its width as it connects; sizes of one layout can share a page.
        layout = "narrow" if width < NARROWEST else "phone" if width < NARROW else "wide"
        page = _regular.tabs.get(layout) or _regular.page()
        _regular.tabs[layout] = page
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme)
        return page

    yield opened
    if request.session.testsfailed > failed:
        for page in _regular.tabs.values():
            page.close()
        _regular.tabs.clear()
    assert not _regular.outside, f"The browser asked other machines for: {_regular.outside}"


def settled(page: Page) -> Page:
    """Wait until the script has run and the page is drawn."""
    page.wait_for_function(
        """settled => document.querySelector(settled)
          && !document.querySelector('#cl-first, [data-stale="true"], [data-testid="stSkeleton"]')""",
        arg=SETTLED,
        timeout=30_000,
    )
    return page


def visit(page: Page, url: str) -> Page:
    """Open an address and wait for it to be drawn."""
    page.goto(url)
    return settled(page)


def move(page: Page, url: str) -> Page:
    """Open an address as Back and Forward do where the page stands on the same server: a fifth of the work of a new load.

    Back does not undo a choice of comparator. Where one is chosen and the address names none, another page is asked for the
    default by name, and the same one is loaded.
    """
    here, there = urlsplit(page.url), urlsplit(url)
    chosen = "against=" in here.query and "against=" not in there.query
    if (here.scheme, here.netloc) != (there.scheme, there.netloc) or (chosen and here.path == there.path):
        return visit(page, url)
    # Wait for any run still under way, such as after Back in the previous test: it could set the address back.
    settled(page)
    if chosen:
        url = there._replace(query=there.query + "&against=neighbours").geturl()
    page.evaluate(
        """async url => {
          // A busy machine takes a while to begin, and until then the page as it was looks settled.
          const begun = new Promise(resolve => {
            const app = document.querySelector('[data-testid="stApp"]');
            new MutationObserver(() => app.dataset.testScriptState !== "notRunning" && resolve())
              .observe(app, { attributeFilter: ["data-test-script-state"] });
            setTimeout(resolve, 1500);
          });
          history.pushState({}, "", url);
          dispatchEvent(new PopStateEvent("popstate", { state: {} }));
          await begun;
        }""",
        url,
    )
    return settled(page)


# What is asked of axe: every rule whose findings are serious or critical, and the order of headings. axe counts a finding as
# its rule says, so that the others, which take a quarter of the time, could add nothing.
AXE = """async () => {
  const wanted = rule => ["serious", "critical"].includes(rule.impact) || rule.id === "heading-order";
  const others = axe._audit.rules.filter(rule => !wanted(rule)).map(rule => [rule.id, { enabled: false }]);
  const { violations } = await axe.run({ resultTypes: ["violations"], rules: Object.fromEntries(others) });
  return violations.map(({ impact, id, help, nodes }) => ({ impact, id, help, html: nodes.slice(0, 3).map(n => n.html) }));
}"""


def serious_findings(page: Page) -> str:
    """The serious and critical accessibility findings on the page, and levels of headings left out; one per line, "" if none."""
    from axe_playwright_python.sync_playwright import Axe

    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    colours_come_to_rest(page)
    return "\n".join(
        f"{found['impact']} {found['id']}: {found['help']}: {[html[:300] for html in found['html']]}"
        for found in page.evaluate(AXE)
    )


def colours_come_to_rest(page: Page) -> None:
    """Wait until nothing is halfway between two colours, which could fail a check of contrast."""
    page.wait_for_function(
        """() => document.getAnimations().every(each =>
          each.playState !== "running" || each.effect.getComputedTiming().endTime === Infinity)"""
    )


def in_colours(page: Page, scheme: Literal["light", "dark"]) -> Page:
    """Wait until the page is drawn in the colours of that scheme."""
    page.emulate_media(color_scheme=scheme)
    page.wait_for_function(
        """scheme => getComputedStyle(document.querySelector('[data-testid="stApp"]')).colorScheme === scheme
          && document.documentElement.classList.contains("cl-dark") === (scheme === "dark")""",
        arg=scheme,
    )
    return settled(page)


# The browser's own layout-shift score; under 0.1 is good.
SHIFTS = """
  window.moved = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved.push(entry.value);
  }).observe({ type: "layout-shift", buffered: true });
"""


def served(page: Page, url: str) -> None:
    """Repeat the request until the server has the first page's text ready, as it does from the second visitor on."""
    for _ in range(40):
        if 'class="cl-first-main"' in page.request.get(url).text():  # the style sheet has the name too
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{url} never came with words")


def go_to(page: Page, title: str) -> None:
    """Go to a page through its group in the masthead."""
    group = next(entry.group for entry in PAGES if entry.title == title)
    if group:
        page.get_by_test_id("stTopNavSection").filter(has_text=group).click()
        page.get_by_role("menuitem", name=title, exact=True).click()
    else:
        page.get_by_test_id("stTopNavLink").filter(has_text=title).click()
