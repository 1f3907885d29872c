"""The secrets as their files say now, read again only when one of the files has changed.

Streamlit looks for the files at every access while there are none, holding a lock that every visitor waits for, and
never notices a file that was taken away and put back.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from careleavers.ui import private

# A file's path, identity, size and time of writing; only the path where there is no file.
_Mark = tuple[str, int, int, int] | tuple[str]
# Whether the configuration names the files, and the mark of each.
_Marks = tuple[bool, tuple[_Mark, ...]]


class SecretsGone(Exception):
    """Secrets that were set have gone: whatever they closed stays closed."""


@dataclass(frozen=True)
class _CachedSecrets:
    """What was read from the files that ``marks`` identifies, through which of Streamlit's readers, or why it failed."""

    reader: object
    marks: _Marks
    secrets: Mapping[str, Any]
    failure: Exception | None = None


_last: _CachedSecrets | None = None
_lock = threading.Lock()


def read() -> Mapping[str, Any]:
    """All secrets, shared by everybody: read them only. Empty where there never were any.

    Raises what Streamlit raises where files are there, or named in the configuration, and cannot be read; and
    :class:`SecretsGone` while files that set something are missing or empty. Replacing a file takes
    a moment, which must let nobody in; to run without secrets, restart the server.
    """
    global _last
    reader, marks = st.secrets, (private.is_set_by_hand("secrets.files"), tuple(_marks()))
    last = _last
    if last is None or last.reader is not reader or last.marks != marks:
        with _lock:
            last = _last
            if last is None or last.reader is not reader or last.marks != marks:
                _last = last = _read_again(reader, marks, last if last and last.reader is reader else None)
    if last.failure is not None:
        raise last.failure.with_traceback(None)
    return last.secrets


def _read_again(reader: Any, marks: _Marks, before: _CachedSecrets | None) -> _CachedSecrets:
    held = before.secrets if before else {}
    if before is not None:
        private.forget_secrets(reader)  # sign-in reads them too
    try:
        found: Mapping[str, Any] = reader.to_dict()
    except Exception as exc:
        # Streamlit raises the same error for a missing file and for one that it cannot read.
        named, files = marks
        if named or any(len(mark) > 1 for mark in files) or not isinstance(exc, FileNotFoundError):
            return _CachedSecrets(reader, marks, held, exc)
        found = {}
    if held and not found:
        return _CachedSecrets(reader, marks, held, SecretsGone("the files that set them are gone or empty."))
    return _CachedSecrets(reader, marks, found)


def _marks() -> Iterator[_Mark]:
    for name in st.get_option("secrets.files"):
        yield _mark(name)
        if not name.endswith(".toml"):
            # A directory of secrets holds a directory for each secret, with a file in it for each value.
            folder = Path(name)
            yield from (_mark(str(inner)) for inner in (*sorted(folder.glob("*")), *sorted(folder.glob("*/*"))))


def _mark(name: str) -> _Mark:
    try:
        os.lstat(name)  # called several times a visit: creating a Path costs more than the lookup
    except OSError:
        return (name,)
    try:
        found = os.stat(name)  # noqa: PTH116
    except OSError:
        return name, 0, 0, 0  # a broken link still counts as present
    return name, found.st_ino, found.st_size, found.st_mtime_ns
