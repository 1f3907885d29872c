"""What a visitor waits for, in a real Chromium: first load, and a changed authority redrawn, compared with an empty page."""

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from streamlit.testing.v1 import AppTest

from bench.server import ROOT, Server, running

sys.path.insert(0, str(ROOT / "tests" / "browser"))
from find_browser import HOW_TO, find

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SETTLED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
PAIR = ("Leeds", "Nottingham")


def pages() -> dict[str, str]:
    """Every page by name with the address that opens it in its heaviest everyday state."""
    from careleavers.ui.pages import PAGES

    return {entry.name: f"{entry.name}?authority=" for entry in PAGES}


def capture(target: Path) -> dict[str, int]:
    """Write each page's charts and texts for two authorities as constants.

    Parameters
    ----------
    target
        The file that is written.

    Returns
    -------
    dict[str, int]
        The number of charts on each page. Data grids are left out, which makes the floor harder to reach.
    """
    found: dict[str, dict[str, list[dict[str, str]]]] = {"empty": {}}
    charts: dict[str, int] = {}
    for name in pages():
        found[name] = {}
        for authority in PAIR:
            at = AppTest.from_file(str(ROOT / "careleavers" / "ui" / "shell.py"), default_timeout=60)
            at.query_params["authority"] = authority
            at.run()
            at.switch_page(str(ROOT / "pages" / f"{name}.py")).run()
            parts: list[dict[str, str]] = []
            for node in at.main:
                proto = node.proto
                if node.type == "plotly_chart":
                    spec = json.loads(proto.spec)
                    height = spec.get("layout", {}).get("height") or 450
                    parts.append(
                        {"kind": "chart", "spec": proto.spec, "config": proto.config or "{}", "height": str(height)}
                    )
                elif node.type == "html":
                    parts.append({"kind": "html", "body": proto.body})
                elif node.type == "markdown":
                    parts.append({"kind": "markdown", "body": proto.body})
            found[name][authority] = parts
            charts[name] = sum(part["kind"] == "chart" for part in parts)
    target.write_text(json.dumps(found), encoding="utf-8")
    return charts


def _choose(page: Page, name: str) -> float:
    """Choose another authority; milliseconds from the click to the page redrawn for it."""
    box = page.get_by_role("combobox", name="Authority", exact=False).first
    box.click()
    box.fill(name)
    page.get_by_role("option", name=name, exact=True).first.wait_for()
    # Redrawn means that the page shows the new name and no element is still waiting for the server.
    done = page.evaluate_handle(
        """name => {
          // Pages that are about no authority say its name in the title only.
          const named = () => document.title.startsWith(name)
            || document.querySelector('[data-testid="stMain"]').innerText.includes(name);
          const charts = () => [...document.querySelectorAll('[data-testid="stMain"] [data-testid="stPlotlyChart"]')];
          const texts = () => charts().map(c => c.textContent).join();
          const state = { before: texts() };
          const ready = () => {
            const app = document.querySelector('[data-testid="stApp"]');
            const main = document.querySelector('[data-testid="stMain"]');
            return app.dataset.testScriptState === 'notRunning' && state.ran
              && named() && !main.querySelector('[data-stale="true"]')
              && charts().every(c => c.querySelector('.main-svg')) && (!state.before || texts() !== state.before || performance.now() - state.start > 5000);
          };
          addEventListener('pointerup', () => { state.start = performance.now() }, { once: true, capture: true });
          state.promise = new Promise(resolve => {
            const look = () => {
              const app = document.querySelector('[data-testid="stApp"]');
              if (state.start && app.dataset.testScriptState === 'running') state.ran = true;
              if (state.start && named()) state.ran = true;
              if (state.start && ready()) resolve(performance.now() - state.start);
              else requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
          });
          return state;
        }""",
        name,
    )
    page.get_by_role("option", name=name, exact=True).first.click()
    return float(done.evaluate("state => state.promise"))


def _redraws(page: Page, url: str, repeats: int) -> list[float]:
    page.goto(url)
    page.wait_for_selector(SETTLED)
    page.wait_for_timeout(500)
    taken = []
    for turn in range(repeats + 2):
        taken.append(_choose(page, PAIR[(turn + 1) % 2]))
        page.wait_for_timeout(150)
    return sorted(taken[2:])


def redraws(ours: Server, floor: Server, browser: Browser, repeats: int = 11) -> dict[str, dict[str, float]]:
    """How long a change of authority takes: on each page, on an empty Streamlit page, and with the page's charts from constants.

    Parameters
    ----------
    ours, floor
        The product, and an empty Streamlit server that draws the constants.
    browser
        A running browser.
    repeats
        How often each is measured, after a warm-up.

    Returns
    -------
    dict[str, dict[str, float]]
        Milliseconds by page: ``p50`` and ``p95``, and the medians ``floor`` and ``empty``.
    """
    results: dict[str, dict[str, float]] = {}
    empty: list[float] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    empty = _redraws(page, f"{floor.url}/?page=empty", repeats)
    for name, path in pages().items():
        own = _redraws(page, f"{ours.url}/{path}{PAIR[0]}", repeats)
        base = _redraws(page, f"{floor.url}/?page={name}", repeats)
        results[name] = {
            "p50": statistics.median(own),
            "p95": own[round(0.95 * (len(own) - 1))],
            "floor": statistics.median(base),
            "empty": statistics.median(empty),
        }
    context.close()
    return results


def first_load(server: Server, browser: Browser, path: str, repeats: int = 3) -> dict[str, float]:
    """Cold: bytes on the wire, requests, and milliseconds until the first chart is drawn (medians).

    Parameters
    ----------
    server
        The product.
    browser
        A running browser.
    path
        The page, as in the address.
    repeats
        How often it is loaded, each time with an empty cache.
    """
    loads, sizes, requests = [], [], []
    for _ in range(repeats):
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        total: dict[str, float] = {"bytes": 0, "requests": 0}

        def add(key: str, amount: float, total: dict[str, float] = total) -> None:
            total[key] += amount

        session.on("Network.loadingFinished", lambda e, add=add: add("bytes", e["encodedDataLength"]))
        session.on("Network.requestWillBeSent", lambda e, add=add: add("requests", 1))
        session.on(
            "Network.webSocketFrameReceived", lambda e, add=add: add("bytes", len(e["response"]["payloadData"]) * 0.75)
        )
        began = time.perf_counter()
        page.goto(f"{server.url}/{path}")
        page.wait_for_selector('[data-testid="stPlotlyChart"] .main-svg', timeout=60_000)
        page.wait_for_selector(SETTLED)
        loads.append(1000 * (time.perf_counter() - began))
        page.wait_for_timeout(500)
        sizes.append(total["bytes"])
        requests.append(total["requests"])
        context.close()
    return {
        "ms": statistics.median(loads),
        "bytes": statistics.median(sizes),
        "requests": statistics.median(requests),
    }


# Installed before the page loads. Records when a heading appears, when Streamlit has drawn the page, when a chart is first
# seen (its picture or Plotly's), when Plotly has drawn the first, and the layout shifts that the browser reports.
_WATCH = """(() => {
  const seen = window.seen = { shift: 0 };
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) seen.shift += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
  const visible = each => each && each.innerText.trim() && getComputedStyle(each).visibility === "visible";
  const look = () => {
    const now = performance.now();
    if ([...document.querySelectorAll("h1")].some(visible)) seen.readable ??= now;
    if (visible(document.querySelector('[data-testid="stMain"] h1'))) seen.drawn ??= now;
    const plotly = document.querySelector('[data-testid="stPlotlyChart"] .main-svg');
    if (plotly || document.querySelector("#cl-first .cl-first-chart img")?.complete) seen.chart ??= now;
    if (plotly) seen.live ??= now;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()"""
WHAT = ("readable", "drawn", "chart", "live")


def cold(addresses: dict[str, str], browser: Browser, repeats: int = 3) -> dict[str, dict[str, float | None]]:
    """When a visitor with an empty cache sees what of each page. The pages take turns, so that all meet the same machine.

    Parameters
    ----------
    addresses
        The pages, by what they are called.
    browser
        The browser.
    repeats
        How many visits to each.

    Returns
    -------
    dict[str, dict[str, float or None]]
        By page, medians in milliseconds: ``readable`` (a heading), ``drawn`` (the page by Streamlit), ``chart`` (the first, as
        a picture or by Plotly; None without), ``live`` (the first by Plotly); ``shift`` is the largest sum of layout shifts.
    """
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in addresses}
    for address in addresses.values():
        _prepared(browser, address)
    for _ in range(repeats):
        for name, address in addresses.items():
            context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
            page = context.new_page()
            page.add_init_script(_WATCH)
            page.goto(address, wait_until="commit")
            page.wait_for_selector(SETTLED, timeout=90_000)
            page.wait_for_timeout(4000)
            seen[name].append(page.evaluate("seen"))
            context.close()
    results: dict[str, dict[str, float | None]] = {}
    for name, visits in seen.items():
        taken: dict[str, float | None] = {
            what: statistics.median([each[what] for each in visits]) if all(what in each for each in visits) else None
            for what in WHAT
        }
        results[name] = taken | {"shift": max(each["shift"] for each in visits)}
    return results


def _prepared(browser: Browser, address: str, seconds: float = 30) -> None:
    """Ask for a page until the server has its words and pictures, as after the first visitor; at most for some time."""
    context = browser.new_context()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        text = context.request.get(address).text()
        worded, charts = 'class="cl-first-main"' in text, '<figure class="cl-first-chart"' in text
        if worded and (not charts or "/picture/" in text):
            break
        # A picture is drawn once nobody has asked for a page for some seconds. Pages of officers never have words.
        time.sleep(8 if worded else 1)
        until -= 0 if worded else seconds / 5
    context.close()


def memory(browser: Browser, viewers: int) -> float:
    """Resident memory in MB of a fresh server after that many viewers have each looked at five authorities.

    Parameters
    ----------
    browser
        A running browser.
    viewers
        How many there are.
    """
    with running() as server:
        for _ in range(viewers):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{server.url}/compare?authority=Leeds")
            page.wait_for_selector(SETTLED)
            page.wait_for_selector('[data-testid="stPlotlyChart"] .main-svg')
            for name in ("Nottingham", "Leeds"):
                _choose(page, name)
        return server.memory()


def measure(constants: Path) -> dict[str, Any]:
    """Everything that needs a browser.

    Parameters
    ----------
    constants
        The file for :func:`capture`.

    Raises
    ------
    SystemExit
        Where there is no browser.
    """
    executable = find()
    if executable is None:
        raise SystemExit(HOW_TO)
    charts = capture(constants)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        with (
            running() as ours,
            running("bench/floor_app.py", "/_stcore/health", {"BENCH_CONSTANTS": str(constants)}) as floor,
        ):
            loads = {
                "At a glance": first_load(ours, browser, "?authority=Leeds"),
                "Compare (all authorities)": first_load(
                    ours, browser, "compare?authority=Leeds&indicator=eet&age=19-21"
                ),
            }
            shown = cold(
                {"empty Streamlit page": f"{floor.url}/?page=empty"}
                | {name: f"{ours.url}/{path}Leeds" for name, path in pages().items()},
                browser,
            )
            redrawn = redraws(ours, floor, browser)
        weights = {viewers: memory(browser, viewers) for viewers in (1, 5)}
        browser.close()
    return {"charts": charts, "loads": loads, "cold": shown, "redraws": redrawn, "memory": weights}
