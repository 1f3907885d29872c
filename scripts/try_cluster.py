"""Use a cluster that ``deploy/run-cluster.sh`` started, as people do, and say what happened: ``python scripts/try_cluster.py``.

An officer signs in, uploads a quarter and takes it back; a viewer opens pages and makes a pack; each stays with one replica.
Then the replica of an officer is told to stop while a large file is being accepted: the file is in force, or it is not there
at all, and the officer goes on at another replica. The address comes from ``CLUSTER_PORT`` (8600).
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT)]

import conftest  # noqa: E402
from find_browser import find  # noqa: E402
from test_upload import filled, send  # noqa: E402

from careleavers.views.commentary.words import SAVED  # noqa: E402

PORT = int(os.environ.get("CLUSTER_PORT", "8600"))
HOME = Path(os.environ.get("CLUSTER_HOME", ROOT / ".cluster"))
ADDRESS = f"http://127.0.0.1:{PORT}"
LOG = HOME / "logs" / "nginx.log"
# Ten words for ten digits: a comment with figures in it is asked about.
PLACES = ("in town", "near the park", "at the station", "by the school", "in the market", "by the river", "on the hill", "at the mill",
    "near the bridge", "in the library")  # fmt: skip
# A machine that runs all of this and a browser may be slow.
PATIENCE = 180_000
expect.set_options(timeout=PATIENCE)


def cluster(*words: str) -> str:
    """Run one command of ``deploy/run-cluster.sh``."""
    done = subprocess.run([ROOT / "deploy" / "run-cluster.sh", *words], capture_output=True, text=True, check=True)
    return done.stdout


def replicas(since: int) -> Counter[str]:
    """How many requests each replica has answered since an offset in the log, but for static files."""
    with LOG.open(encoding="utf-8") as file:
        file.seek(since)
        lines = [json.loads(line) for line in file]
    return Counter(each["replica"] for each in lines if not each["path"].startswith("/static/") and each["replica"])


def open_pages() -> dict[str, int]:
    """How many pages are open at each replica, by its part."""
    token = re.search(r"metrics_token=(\S+)", (HOME / "settings").read_text())
    assert token
    found = {}
    for number in range(1, 10):
        request = urllib.request.Request(
            f"http://127.0.0.1:{PORT + number}/metrics", headers={"Authorization": f"Bearer {token[1]}"}
        )
        with suppress(OSError), urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read().decode()
            found[f"app-{number}"] = int(float(re.search(r"^careleavers_open_pages (\S+)", text, re.M)[1]))
    return found


def settled(page: Page) -> None:
    """Wait until the script has run and the page is drawn."""
    page.wait_for_function(
        """settled => document.querySelector(settled)
          && !document.querySelector('#cl-first, [data-stale="true"], [data-testid="stSkeleton"]')""",
        arg=conftest.SETTLED,
        timeout=PATIENCE,
    )


def visit(page: Page, address: str) -> None:
    """Open an address and wait for it to be drawn."""
    page.goto(address)
    settled(page)


def hold_the_store(seconds: int) -> subprocess.Popen[bytes]:
    """Keep everybody from the store's tables for a while, as a busy database would."""
    programs = subprocess.run(
        [sys.executable, ROOT / "tests" / "store" / "find_postgres.py"], capture_output=True, text=True, check=True
    ).stdout.partition(": ")[2]
    password = re.search(r"postgres_password=(\S+)", (HOME / "settings").read_text())[1]
    psql = [
        Path(programs.strip()) / "psql",
        "-h",
        "127.0.0.1",
        "-p",
        str(PORT + 11),
        "-U",
        "dashboard",
        "-d",
        "uploads",
    ]
    environment = {**os.environ, "PGPASSWORD": password}
    asked = [*psql, "-qtAc", "SELECT coalesce(to_regclass('ducklake_snapshot'), to_regclass('head'))"]
    table = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    script = f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep({seconds}); COMMIT"
    holding = subprocess.Popen([*psql, "-qtAc", script], env=environment, stdout=subprocess.DEVNULL)
    granted = f"SELECT count(*) FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock' AND relation = '{table}'::regclass"
    asked = [*psql, "-qtAc", granted]
    while "1" not in subprocess.run(asked, env=environment, capture_output=True, text=True, check=True).stdout:
        time.sleep(0.1)
    return holding


def begin(browser: Browser) -> Page:
    """Another person's browser."""
    return browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", accept_downloads=True
    ).new_page()


def sign_in(page: Page, subject: str) -> None:
    """Sign in at the provider of the trial."""
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("button", name=subject).click()
    settled(page)


def template(page: Page) -> str:
    """The template of the Upload page."""
    page.get_by_text("Get a file to fill in").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the template (CSV)").click()
    return Path(waiting.value.path()).read_text(encoding="utf-8-sig")


def upload_and_take_back(browser: Browser) -> None:
    """A quarter of one council, up and down again."""
    since = LOG.stat().st_size
    page = begin(browser)
    visit(page, f"{ADDRESS}/upload?authority=Leeds")
    sign_in(page, "officer")
    visit(page, f"{ADDRESS}/upload?authority=Leeds")
    counts = {"eet": ("25", "51"), "neet": ("18", "51"), "activity_not_known": ("8", "51")}
    send(page, filled(template(page), counts))
    page.get_by_role("button", name="Accept as provisional").click()
    said = page.get_by_text(re.compile(r"Upload \d+ with 3 rows is accepted"))
    expect(said).to_be_visible()
    number = re.search(r"Upload (\d+)", said.inner_text())[1]
    page.get_by_role("link", name="Take it back on the History page").click()
    settled(page)
    page.get_by_label("Reason (kept in the ledger)").fill("A trial")
    page.get_by_role("button", name=f"Withdraw upload {number}").click()
    expect(page.get_by_text(f"Upload {number} is withdrawn")).to_be_visible()
    page.context.close()
    print(f"upload {number}: accepted and withdrawn; replicas asked: {dict(replicas(since))}")


def look_and_make_a_pack(browser: Browser) -> None:
    """A viewer opens three pages and makes a pack."""
    since = LOG.stat().st_size
    page = begin(browser)
    for path in ("", "compare", "trends"):
        visit(page, f"{ADDRESS}/{path}?authority=Leeds")
    visit(page, f"{ADDRESS}/report?authority=Leeds&template=quarterly")
    began = time.monotonic()
    page.get_by_role("button", name=re.compile("^Make Word")).click()
    ready = page.get_by_role("button", name=re.compile("^Download Word"))
    expect(ready).to_be_visible()
    with page.expect_download() as waiting:
        ready.click()
    size = Path(waiting.value.path()).stat().st_size
    page.context.close()
    took = time.monotonic() - began
    print(
        f"pack: {waiting.value.suggested_filename}, {size:,} bytes in {took:.1f} s; replicas asked: {dict(replicas(since))}"
    )


def many_rows() -> bytes:
    """Eight quarters of every council's activity, made up."""
    with (ROOT / "data" / "authorities.csv").open(encoding="utf-8") as file:
        councils = [row for row in csv.DictReader(file) if not row["closed"]]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    # The same file twice would be refused.
    more = int(time.time()) % 90
    writer.writerow(
        ["authority_code", "authority_name", "indicator", "age_group", "period", "basis", "numerator", "denominator"]
    )
    for year in (2023, 2024):
        for quarter in (1, 2, 3, 4):
            for council in councils:
                for indicator, count in (("eet", 250 + more), ("neet", 180 - more), ("activity_not_known", 80)):
                    period = f"{year}/{(year + 1) % 100} Q{quarter}"
                    writer.writerow([council["authority_code"], council["authority_name"], indicator, "19-21", period, "quarter", count, 510])  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def stopped_at(page: Page, before: dict[str, int], button: Locator, said: str) -> tuple[str, bool, float]:
    """Press a button while the store is busy, and stop the replica: which, whether the page said so, and after how long it ended."""
    settled(page)
    part = next(name for name, count in open_pages().items() if count > before.get(name, 0))
    # The page stays the same document when its connection moves to another replica, and this with it.
    page.evaluate(
        """said => {
        const look = () => { if (document.body.innerText.includes(said)) window.told = true; };
        new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
    }""",
        said,
    )
    held = hold_the_store(12)
    button.click()
    time.sleep(2)
    stopping = subprocess.Popen([ROOT / "deploy" / "run-cluster.sh", "stop", part], stdout=subprocess.PIPE, text=True)
    began = time.monotonic()
    assert stopping.wait(120) == 0, f"{part} could not be stopped"
    took = time.monotonic() - began
    held.wait(60)
    return part, bool(page.evaluate("window.told")), took


def check(part: str, what: str, told: bool, kept: bool, took: float) -> None:
    """Say what happened, start the replica again, and fail where something was lost."""
    print(
        f"stop of {part} while {what}: the officer was {'' if told else 'NOT '}told that it is kept; stopped after {took:.1f} s; "
        f"there afterwards: {kept}"
    )
    cluster("start", part)
    assert told, "the officer was not told"
    assert kept, "what the officer was told is kept is not there"


def stop_while_accepting(browser: Browser) -> None:
    """SIGTERM to the replica that is accepting a file; then a look at what is there, through the others."""
    before = open_pages()
    page = begin(browser)
    visit(page, f"{ADDRESS}/upload?authority=Leeds")
    sign_in(page, "administrator")
    visit(page, f"{ADDRESS}/upload?authority=Leeds")
    content = many_rows()
    # Ten digits would look like an NHS number now and then.
    name = f"every-council-{time.strftime('%H%M%S')}.csv"
    send(page, content, name)
    accept = page.get_by_role("button", name="Accept as provisional")
    expect(accept).to_be_visible()
    confirm = page.get_by_text(re.compile("I have looked at the"))
    if confirm.count():
        confirm.click()
    part, told, took = stopped_at(page, before, accept, "rows is accepted")
    visit(page, f"{ADDRESS}/history?authority=Leeds")
    expect(page.get_by_role("heading", name="History of uploads")).to_be_visible()
    listed = page.get_by_text(name).count() > 0
    page.context.close()
    lines = content.count(b"\n") - 1
    check(part, f"{lines:,} rows were being accepted", told, listed, took)


def stop_while_saving(browser: Browser) -> None:
    """The same while a comment is being saved: any button of an officer is waited for, not that of an upload alone."""
    before = open_pages()
    page = begin(browser)
    visit(page, f"{ADDRESS}/compare?authority=Leeds")
    sign_in(page, "administrator")
    address = f"{ADDRESS}/compare?authority=Leeds"
    visit(page, address)
    page.locator(".st-key-comment summary").click()
    text = "A new hub opens in May, " + ", ".join(PLACES[int(digit)] for digit in time.strftime("%H%M%S")) + "."
    page.get_by_role("textbox", name="Why did it move, and what is being done?").fill(text)
    save = page.get_by_role("button", name="Save the comment")
    part, told, took = stopped_at(page, before, save, SAVED)
    visit(page, address)
    kept = page.get_by_text(text).count() > 0
    page.context.close()
    check(part, "a comment was being saved", told, kept, took)


def main() -> int:
    """Everything, one after the other."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=conftest.FLAGS)
        for part in (upload_and_take_back, look_and_make_a_pack, stop_while_accepting, stop_while_saving):
            if len(sys.argv) < 2 or part.__name__ in sys.argv[1:]:
                part(browser)
        browser.close()
    print(cluster("status"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
