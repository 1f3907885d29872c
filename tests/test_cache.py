"""The cache shared by all visitors: each result is made once, the oldest make room, and failures are not kept."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from careleavers.ui.cache import Cache


def test_a_result_is_made_once_however_many_ask_at_the_same_time() -> None:
    kept, made = Cache(4), []
    ready = threading.Barrier(8)

    def make() -> object:
        time.sleep(0.02)
        made.append(object())
        return made[-1]

    def ask() -> object:
        ready.wait()
        return kept.get("a", make)

    with ThreadPoolExecutor(8) as many:
        results = [future.result() for future in [many.submit(ask) for _ in range(8)]]
    assert len(made) == 1
    assert all(result is made[0] for result in results)


def test_one_result_does_not_wait_for_another() -> None:
    kept, going, done = Cache(4), threading.Event(), threading.Event()

    def slow() -> str:
        going.set()
        assert done.wait(5)
        return "slow"

    with ThreadPoolExecutor(1) as other:
        first = other.submit(kept.get, "slow", slow)
        assert going.wait(5)
        assert kept.get("quick", lambda: "quick") == "quick"
        done.set()
        assert first.result() == "slow"


def test_a_result_may_be_made_of_others() -> None:
    kept = Cache(4)
    assert kept.get("whole", lambda: kept.get("part", lambda: 1) + kept.get("part", lambda: 5)) == 2


def test_no_more_are_kept_than_fit_and_those_used_longest_ago_go_first() -> None:
    kept = Cache(2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, key.upper)
    assert len(kept) == 2
    assert kept.get("a", lambda: "anew") == "A"
    assert kept.get("b", lambda: "anew") == "anew"


def test_nothing_made_is_a_result_too() -> None:
    kept = Cache(2)
    assert kept.get("a", lambda: None) is None
    assert kept.get("a", lambda: "anew") is None


def test_a_failure_is_not_kept() -> None:
    kept = Cache(2)

    def fail() -> None:
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        kept.get("a", fail)
    assert kept.get("a", lambda: "there") == "there"
    kept.clear()
    assert kept.get("a", lambda: "anew") == "anew"
