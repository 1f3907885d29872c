"""The line of those who wait: everybody gets their own file, the same file is made once, a failure is said and tried again."""

import threading
import time

import pytest

from careleavers.errors import CareLeaversError
from careleavers.packs.workshop import Job, LineFull, Workshop


def test_eight_at_once_each_get_their_own() -> None:
    workshop = Workshop()
    busy, most = 0, 0
    got: dict[str, bytes] = {}

    def work(name: str, progress) -> bytes:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        progress(1, 1)
        time.sleep(0.01)
        busy -= 1
        return name.encode()

    def person(name: str) -> None:
        job = workshop.ask(name, lambda progress: work(name, progress))
        assert job.finished.wait(10)
        got[name] = job.content

    people = [threading.Thread(target=person, args=(f"pack {number}",)) for number in range(8)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert got == {name: name.encode() for name in got}
    assert len(got) == 8
    assert most == 1


def test_who_asks_for_the_same_waits_for_the_same() -> None:
    workshop, go, made = Workshop(), threading.Event(), []

    def work(progress) -> bytes:
        go.wait(10)
        made.append(1)
        return b"file"

    first, second = workshop.ask("a", work), workshop.ask("a", work)
    other = workshop.ask("b", lambda progress: b"other")
    assert first is second
    assert workshop.before(other) == 1
    go.set()
    assert other.finished.wait(10)
    assert (first.content, other.content, len(made)) == (b"file", b"other", 1)
    assert workshop.before(other) == 0


def test_a_failure_is_said_and_tried_again() -> None:
    workshop = Workshop()

    def known(progress) -> bytes:
        raise CareLeaversError("No paper.")

    def unknown(progress) -> bytes:
        raise ZeroDivisionError("secret")

    def asked(key: str, work) -> Job:
        job = workshop.ask(key, work)
        assert job.finished.wait(10)
        return job

    assert asked("a", known).problem == "No paper."
    said = asked("b", unknown).problem
    assert "secret" not in said
    assert "reference" in said
    assert asked("a", lambda progress: b"now").content == b"now"


def test_a_long_line_asks_others_to_come_back_and_large_files_make_room() -> None:
    workshop, go = Workshop(room=10, line=2), threading.Event()
    workshop.ask("first", lambda progress: (go.wait(10) and b"") or b"")
    time.sleep(0.05)
    jobs = [workshop.ask(name, lambda progress: b"123456789") for name in ("b", "c")]
    with pytest.raises(LineFull, match="minute"):
        workshop.ask("d", lambda progress: b"")
    go.set()
    assert jobs[1].finished.wait(10)
    time.sleep(0.05)
    assert workshop.found("c") is jobs[1]
    assert workshop.found("b") is None
    workshop.clear()
    assert workshop.found("c") is None
