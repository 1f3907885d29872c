"""What can be configured, from the environment; each with a default that suits one person's machine."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from careleavers.errors import CareLeaversError

HOME = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """``CARELEAVERS_DATA``: the folder with the figures (default: ``data`` beside the package)."""
    return Path(os.environ.get("CARELEAVERS_DATA") or HOME / "data")


def small_cohort() -> int:
    """``CARELEAVERS_SMALL_COHORT``: a smaller group carries a caution and is called neither strong nor weak (default 50)."""
    return _positive_integer("CARELEAVERS_SMALL_COHORT", 50)


def rounding_step() -> int:
    """``CARELEAVERS_ROUND_TO``: counts of young people in local figures are shown as multiples of this (default 5).

    ``CARELEAVERS_SUPPRESS_UP_TO``, which it replaces, is refused: whoever set it must choose again, not be ignored.

    Raises
    ------
    CareLeaversError
        If it is not a whole number of 3 or more, or ``CARELEAVERS_SUPPRESS_UP_TO`` is set.
    """
    if os.environ.get("CARELEAVERS_SUPPRESS_UP_TO", "").strip():
        raise CareLeaversError(
            "The setting CARELEAVERS_SUPPRESS_UP_TO is no longer used, because counts in local figures are now rounded: "
            "remove it, and set CARELEAVERS_ROUND_TO if they are to be multiples of another number than 5."
        )
    step = _positive_integer("CARELEAVERS_ROUND_TO", 5)
    if step < 3:
        raise CareLeaversError(
            f"The setting CARELEAVERS_ROUND_TO must be 3 or more, or counts could be told from what is shown; it is {step}."
        )
    return step


def threads() -> int:
    """``CARELEAVERS_THREADS``: threads that one question to the in-memory database may use (default 1).

    Each visitor's question runs on a thread of its own; the tables are too small to share one among several.
    """
    return _positive_integer("CARELEAVERS_THREADS", 1)


def figures_in_memory() -> int:
    """``CARELEAVERS_MEMORY_MB``: published figures whose files are larger than this many bytes are read from a file (default 50 MB).

    The figures that are shipped are 8 MB, and take a quarter of a gigabyte in memory.
    """
    return _positive_integer("CARELEAVERS_MEMORY_MB", 50) * 1024 * 1024


def figures_cache() -> int:
    """``CARELEAVERS_CACHE_MB``: how much memory the database may take for figures that are read from a file, in bytes (default 1 GB)."""
    return _positive_integer("CARELEAVERS_CACHE_MB", 1024) * 1024 * 1024


def upload_bytes() -> int:
    """``CARELEAVERS_UPLOAD_MB``: the size in bytes of the largest file that can be uploaded (default 20 MB)."""
    return _positive_integer("CARELEAVERS_UPLOAD_MB", 20) * 1024 * 1024


def upload_rows() -> int:
    """``CARELEAVERS_UPLOAD_ROWS``: the most rows of a file that can be uploaded (default 500,000)."""
    return _positive_integer("CARELEAVERS_UPLOAD_ROWS", 500_000)


def store_url() -> str:
    """``STORE_URL``: where uploads are kept, anything DuckDB can attach (default: a file in ``store`` beside the package)."""
    return os.environ.get("STORE_URL", "").strip() or str(HOME / "store" / "uploads.duckdb")


def kept_folder() -> Path | None:
    """``CARELEAVERS_KEPT``: where what is drawn is kept for the next start and for replicas (``none``: nowhere).

    Default: the folder ``kept`` beside the file of the uploads, or in ``store`` beside the package where they are on a server.
    """
    text = os.environ.get("CARELEAVERS_KEPT", "").strip()
    if text == "none":
        return None
    if text:
        return Path(text)
    store = store_url()
    # A scheme has two letters or more: "C:\\uploads.duckdb" is a path.
    return (HOME / "store" if re.match(r"\w{2,}:", store) else Path(store).parent) / "kept"


def kept_bytes() -> int:
    """``CARELEAVERS_KEPT_MB``: how much may be kept there, in bytes (default 500 MB)."""
    return _positive_integer("CARELEAVERS_KEPT_MB", 500) * 1024 * 1024


def draws_ahead() -> bool:
    """``CARELEAVERS_DRAW_AHEAD=0``: an idle server does not draw pages before anybody asks (default: it does)."""
    return os.environ.get("CARELEAVERS_DRAW_AHEAD", "").strip() != "0"


def store_installs_extensions() -> bool:
    """``STORE_INSTALL_EXTENSIONS=1``: DuckDB may fetch an extension that is not installed (default: no outside request)."""
    return os.environ.get("STORE_INSTALL_EXTENSIONS", "").strip() == "1"


def browser_path() -> str:
    """``CARELEAVERS_BROWSER``: the browser that makes pictures on the server (default: "", the one that is found; ``none``: none)."""
    return os.environ.get("CARELEAVERS_BROWSER", "").strip()


def browser_sandbox() -> bool:
    """``CARELEAVERS_BROWSER_SANDBOX``: whether that browser uses its own sandbox (default); ``off`` where a container is one."""
    return os.environ.get("CARELEAVERS_BROWSER_SANDBOX", "").strip().lower() not in {"off", "0", "no"}


def token() -> str:
    """``CARELEAVERS_TOKEN``: what opens uploading where no sign-in is set up (default: another at random at each start).

    Raises ``CareLeaversError`` for one that could be guessed.
    """
    return _secret("CARELEAVERS_TOKEN")


def metrics_token() -> str:
    """``CARELEAVERS_METRICS_TOKEN``: the bearer token that opens ``/metrics`` (default: "", which keeps it closed).

    Raises ``CareLeaversError`` for one that could be guessed.
    """
    return _secret("CARELEAVERS_METRICS_TOKEN")


def log_format() -> Literal["text", "json"]:
    """``CARELEAVERS_LOG``: ``text``, lines for people (default), or ``json``, one object a line.

    Raises ``CareLeaversError`` for anything else.
    """
    match os.environ.get("CARELEAVERS_LOG", "").strip() or "text":
        case "text":
            return "text"
        case "json":
            return "json"
        case other:
            raise CareLeaversError(f"The setting CARELEAVERS_LOG must be text or json; it is “{other}”.")


def stop_seconds() -> int:
    """``CARELEAVERS_STOP_SECONDS``: how long a server that is told to stop waits for uploads to come to their end (default 25)."""
    return _positive_integer("CARELEAVERS_STOP_SECONDS", 25)


@dataclass(frozen=True)
class Limits:
    """How much of the server visitors may take up.

    ``tabs``: open pages; ``tabs_each``: those of one address, where it is known. ``requests``: connections at once
    besides them. ``wait``: seconds that a request, a message or an answer may stand still. ``message``: bytes of the
    largest message of a page; ``messages``: how many of them a second are read for long.
    """

    tabs: int = 1000
    tabs_each: int = 500
    requests: int = 400
    wait: int = 15
    message: int = 256 * 1024
    messages: int = 5


def limits() -> Limits:
    """``CARELEAVERS_TABS``, ``…_TABS_EACH``, ``…_REQUESTS``, ``…_WAIT_SECONDS``, ``…_MESSAGE_KB``, ``…_MESSAGES``."""
    default = Limits()
    return Limits(
        _positive_integer("CARELEAVERS_TABS", default.tabs),
        _positive_integer("CARELEAVERS_TABS_EACH", default.tabs_each),
        _positive_integer("CARELEAVERS_REQUESTS", default.requests),
        _positive_integer("CARELEAVERS_WAIT_SECONDS", default.wait),
        _positive_integer("CARELEAVERS_MESSAGE_KB", default.message // 1024) * 1024,
        _positive_integer("CARELEAVERS_MESSAGES", default.messages),
    )


def _secret(name: str) -> str:
    text = os.environ.get(name, "").strip()
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{20,200}", text):
        raise CareLeaversError(f"The setting {name} must have 20 to 200 letters and digits, “-” and “_” included.")
    return text


def _positive_integer(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise CareLeaversError(f"The setting {name} must be a whole number of 1 or more; it is “{text}”.")
    return int(text)
