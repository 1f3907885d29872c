"""What is worked out once and kept in files, for the next start and for other processes that share the folder.

A file is named by a hash of everything that its content depends on, so that nothing in it can be out of date. Losing a file costs
only the time to work it out again: whatever is wrong with the folder is logged, and the work goes on without it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
import shutil
import threading
import time
from functools import cache
from pathlib import Path

from careleavers import settings

log = logging.getLogger("careleavers")

_SUFFIX = ".kept"
# A file that others write and read in place, and what is left of one whose making was interrupted.
_LARGE, _LEFT_OVER = ".duckdb", (".building", ".spill")
# Files between two looks at how much room they take.
_EVERY = 50
# Seconds without another attempt after the folder could not be written to.
_REST = 600.0
# A file that is used is marked as such at most once in this many seconds.
_MARKED = 3600.0
# A large file that nobody has opened for so many seconds goes.
_UNUSED = 14 * 86_400.0


class KeptFiles:
    """Files by name in one folder, within a limit of bytes; those used longest ago go first. Safe between threads and processes.

    Parameters
    ----------
    folder
        Where they are; made when the first is kept. None keeps nothing.
    room
        Bytes of all of them.
    """

    def __init__(self, folder: Path | None, room: int) -> None:
        self._folder, self._room = folder, room
        self._written = 0
        self._resting_until = 0.0
        self._lock = threading.Lock()

    @property
    def usable(self) -> bool:
        """Whether anything can be kept at the moment."""
        return self._folder is not None and time.monotonic() >= self._resting_until

    def has(self, name: str) -> bool:
        """Whether there is a file.

        Parameters
        ----------
        name
            What :func:`name_of` gives.

        Returns
        -------
        bool
        """
        return self._folder is not None and self._path(name).is_file()

    def get(self, name: str) -> bytes | None:
        """What was kept; None where there is nothing, or what there is is not whole.

        Parameters
        ----------
        name
            What :func:`name_of` gives.

        Returns
        -------
        bytes or None
        """
        if self._folder is None:
            return None
        path = self._path(name)
        try:
            content = path.read_bytes()
            if time.time() - path.stat().st_mtime > _MARKED:
                os.utime(path)
        except OSError:
            return None
        digest, kept = content[:32], content[32:]
        return kept if hashlib.sha256(kept).digest() == digest else None

    def put(self, name: str, content: bytes) -> None:
        """Keep something; where that is not possible, the log says so and nothing is raised.

        Parameters
        ----------
        name
            What :func:`name_of` gives.
        content
            What is kept.
        """
        if not self.usable:
            return
        path = self._path(name)
        beside = path.with_name(f"{name}.{secrets.token_hex(4)}.part")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            beside.write_bytes(hashlib.sha256(content).digest() + content)
            # Others see the whole file or none.
            beside.replace(path)
            with self._lock:
                self._written += 1
                look = self._written % _EVERY == 1
            if look:
                self._make_room()
        except OSError as problem:
            self._resting_until = time.monotonic() + _REST
            log.warning(
                "Nothing is kept in %s for a while, which makes the next start slower: %s",
                path.parent,
                problem.strerror,
            )
            try:
                beside.unlink(missing_ok=True)
            except OSError:
                log.debug("an unfinished file stays", exc_info=True)

    def large(self, name: str) -> Path | None:
        """Where a file is, or would be, that is too large to be handed over as bytes; it does not count towards the limit.

        Those that nobody has opened for two weeks are removed, and what is left of such as were never finished.

        Parameters
        ----------
        name
            What :func:`name_of` gives.

        Returns
        -------
        Path or None
            None where nothing is kept.
        """
        if self._folder is None:
            return None
        mine = self._folder / f"{name}{_LARGE}"
        try:
            if mine.is_file():
                os.utime(mine)
            for path in [*self._large(), *(each for end in _LEFT_OVER for each in self._folder.glob(f"*{end}"))]:
                if time.time() - path.stat().st_mtime > _UNUSED:
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        except OSError:
            log.debug("a file that nobody uses stays", exc_info=True)
        return mine

    def clear(self) -> None:
        """Forget everything, for all who share the folder: something in it was erased.

        A process that reads from a large file keeps it until it ends.
        """
        for path in [*self._large(), *(each for each, _, _ in self._files())]:
            path.unlink(missing_ok=True)

    def _large(self) -> list[Path]:
        return list(self._folder.glob(f"*{_LARGE}")) if self._folder is not None else []

    def _path(self, name: str) -> Path:
        assert self._folder is not None  # noqa: S101
        return self._folder / f"{name}{_SUFFIX}"

    def _files(self) -> list[tuple[Path, int, float]]:
        """Path, size and time of last use of each file, unfinished ones included."""
        found = []
        if self._folder is not None and self._folder.is_dir():
            for path in [*self._folder.glob(f"*{_SUFFIX}"), *self._folder.glob("*.part")]:
                try:
                    state = path.stat()
                except OSError:  # another process was faster
                    continue
                found.append((path, state.st_size, state.st_mtime))
        return found

    def _make_room(self) -> None:
        files = sorted(self._files(), key=lambda each: each[2])
        held = sum(size for _, size, _ in files)
        for path, size, used in files:
            unfinished = path.suffix == ".part" and time.time() - used > _MARKED
            if held <= self._room and not unfinished:
                continue
            path.unlink(missing_ok=True)
            held -= size


def in_folder(name: str) -> KeptFiles:
    """The files of one kind that this installation keeps.

    Parameters
    ----------
    name
        The kind, which is the name of their folder.

    Returns
    -------
    KeptFiles
    """
    folder = settings.kept_folder()
    return KeptFiles(folder and folder / name, settings.kept_bytes())


def forget() -> None:
    """Forget everything of every kind, because something in it was erased."""
    folder = settings.kept_folder()
    if folder is not None and folder.is_dir():
        for each in folder.iterdir():
            KeptFiles(each, 0).clear()


def name_of(*parts: object) -> str:
    """A name for what depends on these parts, on the settings that change figures, and on the code.

    Parameters
    ----------
    *parts
        Plain values whose ``repr`` says all of them, or bytes.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    made = hashlib.sha256(_code())
    for part in (settings.small_cohort(), settings.rounding_step(), *parts):
        content = part if isinstance(part, bytes) else repr(part).encode()
        made.update(len(content).to_bytes(8, "big") + content)
    return made.hexdigest()[:40]


@cache
def _code() -> bytes:
    """A hash of all code and questions and of the libraries that figures and charts are made with."""
    made = hashlib.sha256()
    for folder, pattern in (("careleavers", "*.py"), ("queries", "*.sql")):
        for path in sorted((settings.HOME / folder).rglob(pattern)):
            made.update(path.relative_to(settings.HOME).as_posix().encode() + path.read_bytes())
    made.update((settings.HOME / "requirements.txt").read_bytes())
    return made.digest()
