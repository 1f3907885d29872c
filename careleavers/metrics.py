"""What is counted and timed while the dashboard runs, for those who watch over it: no names, no addresses, no figures.

Read as Prometheus text at ``/metrics`` (``careleavers/ui/server/routes.py``). Memory, processor time and open files of the process
come from the client library.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, Info, disable_created_metrics, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

# When each was first counted tells nobody anything.
disable_created_metrics()  # type: ignore[no-untyped-call]
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

RERUNS = Histogram(
    "careleavers_rerun_seconds",
    "Time from the start of a page's script to its end, by how it ended.",
    ["kind"],
    buckets=_SECONDS,
)
WAITS = Histogram(
    "careleavers_rerun_wait_seconds", "Time that a run of a page's script waited for its turn.", buckets=_SECONDS
)
ERRORS = Counter("careleavers_errors", "Failures shown to visitors as a sentence: explained, or unexpected.", ["kind"])
LOGGED = Counter("careleavers_log_lines", "Lines of the log, by level.", ["level"])
REFUSED = Counter("careleavers_refused", "What the server did not let in.", ["what"])
REQUESTS = Counter("careleavers_http_requests", "Requests answered, by kind of status.", ["status"])
PAGES = Gauge("careleavers_open_pages", "Pages open in browsers.")
CHECKS = Histogram(
    "careleavers_upload_check_seconds",
    "Time to read and check a file, by what came of it.",
    ["outcome"],
    buckets=(*_SECONDS, 60, 120),
)
ENTRIES = Counter("careleavers_ledger_entries", "Entries that this process added to the ledger of uploads.", ["action"])
STORE = Histogram(
    "careleavers_store_seconds",
    "Time of one transaction of the store, with attaching and trying again, by what it did and how it ended.",
    ["access", "outcome"],
    buckets=(0.001, 0.0025, 0.005, *_SECONDS),
)
PACKS = Histogram(
    "careleavers_pack_seconds", "Time to make a committee pack.", ["outcome"], buckets=(0.5, 1, 2.5, 5, 10, 30, 60, 120)
)
ABOUT = Info("careleavers", "Version of the dashboard, and of the figures that its pages show.")


@contextmanager
def timed(histogram: Histogram, *labels: str) -> Iterator[None]:
    """Observe how long what is inside takes, as ``labels`` and then ``ok``, or the name of the exception.

    Parameters
    ----------
    histogram
        One whose last label says how it ended.
    *labels
        Its labels before that.

    Returns
    -------
    Iterator[None]
    """
    began, outcome = time.perf_counter(), "ok"
    try:
        yield
    except BaseException as error:
        outcome = type(error).__name__
        raise
    finally:
        histogram.labels(*labels, outcome).observe(time.perf_counter() - began)


def text() -> tuple[bytes, str]:
    """Everything that is counted.

    Returns
    -------
    text : bytes
        In Prometheus's text format.
    media_type : str
        What to call it in an answer.
    """
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST
