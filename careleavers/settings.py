"""What can be configured, from the environment; each with a default that suits one person's machine."""

from __future__ import annotations

import os
from pathlib import Path

from careleavers.errors import CareLeaversError

HOME = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """``CARELEAVERS_DATA``: the folder with the figures (default: ``data`` beside the package)."""
    return Path(os.environ.get("CARELEAVERS_DATA") or HOME / "data")


def small_cohort() -> int:
    """``CARELEAVERS_SMALL_COHORT``: a denominator below this carries a caution (default 50)."""
    return _whole("CARELEAVERS_SMALL_COHORT", 50)


def threads() -> int:
    """``CARELEAVERS_THREADS``: threads that one question to the in-memory database may use (default 1).

    Each visitor's question runs on a thread of its own; the tables are too small to share one among several.
    """
    return _whole("CARELEAVERS_THREADS", 1)


def _whole(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or int(text) < 1:
        raise CareLeaversError(f"The setting {name} must be a whole number of 1 or more; it is “{text}”.")
    return int(text)
