"""The store: accepting, asking for the version and loading, on a file, on Postgres and on DuckLake; ``python -m bench.store``."""

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from careleavers.access.people import Person
from careleavers.store import NewUpload, Store, open_store
from tests.store.samples import figure, frame
from tests.store.servers import running_postgres, running_s3

OFFICER = Person("bench", "bench", "Bench", "administrator")
UPLOADS, ROWS = 1000, 60


def new_upload(number: int, rows: int) -> NewUpload:
    """A distinct upload: ``rows`` figures of different authorities, and a file of matching size."""
    figures = frame(
        *(figure(float(n), indicator=f"i{n % 30}", area_code=f"E{number % 150:04}{n // 30:04}") for n in range(rows))
    )
    content = os.urandom(rows * 20) + number.to_bytes(4, "big")
    return NewUpload(
        kind="local", layout="long", layer="provisional", file_name=f"{number}.csv", content=content, figures=figures
    )


def milliseconds(work: Callable[[], object]) -> float:
    """How long it took."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def measure(store: Store, uploads: int = UPLOADS) -> dict[str, float]:
    """Milliseconds for each action, and the number of rows at the end (``rows``)."""
    found = {"first accept": milliseconds(lambda: store.accept(new_upload(0, 100), OFFICER))}
    for rows in (100, 10_000):
        sent = [new_upload(rows + n, rows) for n in range(5)]
        found[f"accept {rows:,} rows"] = statistics.median(
            milliseconds(lambda n=n: store.accept(n, OFFICER)) for n in sent
        )
    for number in range(20_000, 20_000 + uploads):
        store.accept(new_upload(number, ROWS), OFFICER)
    found[f"accept 60 rows after {uploads:,} uploads"] = statistics.median(
        milliseconds(lambda n=n: store.accept(new_upload(50_000 + n, ROWS), OFFICER)) for n in range(5)
    )
    time.sleep(0.2)
    store._known = replace(store._known, change_token=None)
    found["version, file changed"] = statistics.median(_without_change_token(store) for _ in range(15))
    found["version"] = statistics.median(milliseconds(store.version) for _ in range(50))
    found["figures"] = statistics.median(milliseconds(store.figures) for _ in range(5))
    found["uploads"] = statistics.median(milliseconds(store.uploads) for _ in range(5))
    found["rows"] = len(store.figures())
    return found


def _without_change_token(store: Store) -> float:
    store._known = replace(store._known, change_token=None)
    return milliseconds(store.version)


def measure_all(uploads: int = UPLOADS) -> dict[str, dict[str, float]]:
    """The results of :func:`measure` by kind of store."""
    found = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = stack.enter_context(running_postgres())
        os.environ.update(
            AWS_ACCESS_KEY_ID="key",
            AWS_SECRET_ACCESS_KEY="secret",
            AWS_ENDPOINT_URL=stack.enter_context(running_s3("bench")),
        )
        for kind, url in {
            "file": str(folder / "uploads.duckdb"),
            "Postgres": f"postgres:{postgres.new_database()}",
            "DuckLake": f"ducklake:postgres:{postgres.new_database()} (DATA_PATH 's3://bench/')",
        }.items():
            store = open_store(url)
            found[kind] = measure(store, uploads)
            store._database.close()
    return found


def lines(found: dict[str, dict[str, float]]) -> list[str]:
    """The table for the report."""
    kinds = list(found)
    rows = [name for name in next(iter(found.values())) if name != "rows"]
    return [
        "",
        "## Store",
        "",
        "Milliseconds (median). The store holds " + f"{found[kinds[0]]['rows']:,.0f} figures in the end.",
        "",
        "| what | " + " | ".join(kinds) + " |",
        "|---|" + "---|" * len(kinds),
        *(f"| {name} | " + " | ".join(f"{found[kind][name]:.1f}" for kind in kinds) + " |" for name in rows),
    ]


if __name__ == "__main__":
    print("\n".join(lines(measure_all())))
