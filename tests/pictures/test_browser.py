"""Pictures drawn by a real browser: eight callers at once, a crash, and a browser that does not answer."""

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from careleavers import pictures
from careleavers.charts import ranked
from careleavers.charts.template import ChartResult
from careleavers.errors import CareLeaversError
from careleavers.pictures import browser, kept_pictures
from tests.browser.find_browser import HOW_TO, find
from tests.charts.samples import authorities, ranked_arguments

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    path = find()
    assert path is not None, HOW_TO
    monkeypatch.setenv("CARELEAVERS_BROWSER", path)
    kept_pictures._pictures.clear()


@pytest.fixture(scope="module", autouse=True)
def closed_at_the_end() -> Iterator[None]:
    yield
    browser.close()


def named(name: str) -> ChartResult:
    return ranked(authorities(), **ranked_arguments(headline=f"{name}: 46%"))


def words(svg: bytes) -> str:
    return " ".join(re.findall(r">([^<>]+)<", svg.decode()))


def test_a_browser_is_started_ahead_once_and_eight_at_once_each_get_their_own() -> None:
    browser.close()
    pictures.prepare()
    pictures.prepare()
    names = [f"Council {letter}" for letter in "ABCDEFGH"]
    with ThreadPoolExecutor(8) as threads:
        drawn = dict(zip(names, threads.map(lambda name: pictures.svg(named(name)), names), strict=True))
    for name, svg in drawn.items():
        assert f"{name}: 46%" in words(svg)
        assert {other for other in names if other in words(svg)} == {name}
    running = browser._drawer._kaleido
    assert running is not None
    pictures.prepare()
    kept_pictures._pictures.clear()
    assert pictures.svg(named("Council C")) == drawn["Council C"], "the same figure gives the same bytes"
    assert browser._drawer._kaleido is running
    assert not pictures.busy()


def test_a_browser_that_died_is_started_again() -> None:
    first = pictures.svg(named("Leeds"))
    running = browser._drawer._kaleido
    assert running is not None
    os.killpg(running.subprocess.pid, signal.SIGKILL)
    kept_pictures._pictures.clear()
    assert pictures.svg(named("Leeds")) == first
    assert browser._drawer._kaleido is not running


def test_a_browser_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "_DRAWING", 0.001)
    with pytest.raises(CareLeaversError, match="did not draw it"):
        pictures.svg(named("Leeds"))
    monkeypatch.setattr(browser, "_DRAWING", 30.0)
    assert "Leeds: 46%" in words(pictures.svg(named("Leeds")))


def test_a_program_that_is_no_browser_is_no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    browser.close()
    monkeypatch.setenv("CARELEAVERS_BROWSER", "/bin/true")
    with pytest.raises(pictures.NoBrowser, match="the browser true does not start"):
        pictures.svg(named("Leeds"))
