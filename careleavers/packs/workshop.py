"""The line of those who wait for a file: one is made at a time, each is kept for a while, and each is given to who asked for it.

A file is known by what it depends on, so that two people who ask for the same one wait for the same work, and nobody is ever given
another's.
"""

from __future__ import annotations

import itertools
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from careleavers import metrics
from careleavers.errors import CareLeaversError

log = logging.getLogger("careleavers.packs")

# Bytes of all finished files that are kept.
_ROOM = 96 * 1024 * 1024
# How many may wait before others are asked to come back.
_LINE = 24


class LineFull(CareLeaversError):
    """So many files are being waited for that another cannot be promised."""


@dataclass
class Job:
    """A file that somebody asked for.

    Attributes
    ----------
    key
        What the file depends on.
    done, total
        How many of its pictures are drawn, of how many.
    content
        The file, once it is made.
    problem
        Why it could not be made, as a sentence; "" otherwise.
    """

    key: str
    make: Callable[[Callable[[int, int], None]], bytes] | None
    number: int
    done: int = 0
    total: int = 0
    content: bytes = b""
    problem: str = ""
    finished: threading.Event = field(default_factory=threading.Event)

    def progress(self, done: int, total: int) -> None:
        """Note how far it is.

        Parameters
        ----------
        done, total
            How many pictures are drawn, of how many.
        """
        self.done, self.total = done, total


class Workshop:
    """Makes files one after the other in a thread of its own."""

    def __init__(self, room: int = _ROOM, line: int = _LINE) -> None:
        """``room`` is how many bytes of finished files are kept, ``line`` how many may wait."""
        self._room, self._most = room, line
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._line: list[Job] = []
        self._now: Job | None = None
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._more = threading.Condition(self._lock)
        self._worker: threading.Thread | None = None

    def ask(self, key: str, make: Callable[[Callable[[int, int], None]], bytes]) -> Job:
        """Ask for a file.

        Parameters
        ----------
        key
            What it depends on: whoever asks for the same is given the same.
        make
            Makes it; called in another thread, with a function to tell ``(done, total)`` of its pictures.

        Returns
        -------
        Job
            Perhaps finished already. One that failed is tried again.

        Raises
        ------
        LineFull
            If too many wait.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not job.problem:
                self._jobs.move_to_end(key)
                return job
            if len(self._line) >= self._most:
                raise LineFull("Many packs are being made at the moment. Try again in a minute.")
            job = self._jobs[key] = Job(key, make, next(self._numbers))
            self._jobs.move_to_end(key)
            self._line.append(job)
            if self._worker is None or not self._worker.is_alive():
                self._worker = threading.Thread(target=self._work, name="packs", daemon=True)
                self._worker.start()
            self._more.notify()
            return job

    def found(self, key: str) -> Job | None:
        """A job by its key; None where nobody asked, or what was made is no longer kept.

        Parameters
        ----------
        key
            What the file depends on.

        Returns
        -------
        Job or None
        """
        with self._lock:
            return self._jobs.get(key)

    def before(self, job: Job) -> int:
        """How many files are made before one.

        Parameters
        ----------
        job
            The file.

        Returns
        -------
        int
        """
        with self._lock:
            if job.finished.is_set() or job is self._now:
                return 0
            return sum(each.number < job.number for each in self._line) + (self._now is not None)

    def clear(self) -> None:
        """Forget every finished file, because something in them was erased."""
        with self._lock:
            for key in [key for key, job in self._jobs.items() if job.finished.is_set()]:
                del self._jobs[key]

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._line:
                    # A thread that nobody needs ends; the next who asks starts another.
                    if not self._more.wait(60) and not self._line:
                        self._worker = None
                        return
                job = self._now = self._line.pop(0)
            self._finish(job)
            with self._lock:
                self._now = None
                self._tidy()

    def _finish(self, job: Job) -> None:
        make, job.make = job.make, None
        try:
            if make is not None:
                with metrics.timed(metrics.PACKS):
                    job.content = make(job.progress)
        except CareLeaversError as error:
            job.problem = str(error)
        except Exception:
            reference = secrets.token_hex(3).upper()
            log.exception("Reference %s: a pack could not be made", reference)
            job.problem = (
                f"The pack could not be made. Try again; if it happens again, tell us the reference {reference}."
            )
        job.finished.set()

    def _tidy(self) -> None:
        held = sum(len(job.content) for job in self._jobs.values())
        for key, job in list(self._jobs.items())[:-1]:
            if held <= self._room:
                break
            if job.finished.is_set():
                held -= len(job.content)
                del self._jobs[key]


# The line of this process.
FILES = Workshop()
