"""The warehouse: how long it takes to build, and each question at 1, 10 and 100 times the shipped rows."""

import statistics
import time
from collections.abc import Callable
from typing import Any

import duckdb

from careleavers import settings
from careleavers import warehouse as w

QUESTIONS: dict[str, dict[str, Any]] = {
    "authorities": {},
    "indicators": {},
    "periods": {"indicator": "eet", "age_group": "19-21"},
    "glance": {"authority": "E08000035", "against": "neighbours"},
    "compare": {
        "indicator": "eet", "age_group": "19-21", "period": "2025-03-31", "authority": "E08000035", "scope": "all",
        "against": "neighbours",
    },
    "export": {"indicator": "eet", "age_group": "19-21", "period": "2025-03-31", "authority": "", "against": ""},
    "definitions": {"search": "", "theme": "all", "indicator": ""},
    "glossary": {"search": ""},
    "sources": {},
}  # fmt: skip


def times(run: Callable[[], object], repeats: int) -> tuple[float, float]:
    """p50 and p95 in milliseconds after two runs to warm up."""
    for _ in range(2):
        run()
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        run()
        taken.append(1000 * (time.perf_counter() - began))
    taken.sort()
    return statistics.median(taken), taken[min(len(taken) - 1, round(0.95 * len(taken)))]


def build_times(repeats: int = 7) -> tuple[float, float]:
    """p50 and p95 in milliseconds of building the warehouse from the shipped files."""
    return times(lambda: w.open_warehouse().close(), repeats)


def multiplied(factor: int) -> tuple[w.Warehouse, int]:
    """The warehouse with every indicator copied until there are ``factor`` times the shipped rows, and that number."""
    folder = settings.data_folder()
    connection = duckdb.connect(":memory:", config={"threads": settings.threads()})
    w._load(connection, folder, w._contents(folder))
    for table, column in (("indicators", "id"), ("observations", "indicator")):
        headline = ", 'no' AS headline" if table == "indicators" else ""
        connection.execute(
            f"INSERT INTO {table} SELECT i.* REPLACE (i.{column} || '_' || k AS {column}{headline})"
            f" FROM {table} i CROSS JOIN range(1, {factor}) t(k) ORDER BY k"
        )
    for script in sorted((w.QUERIES / "rules").glob("*.sql")):
        connection.execute(script.read_text(encoding="utf-8"))
    rows = connection.execute("SELECT count(*) FROM figures").fetchone()
    assert rows
    return w.Warehouse(connection, f"bench-{factor}"), int(rows[0])


def question_times(
    factors: tuple[int, ...] = (1, 10, 100),
) -> tuple[dict[str, dict[int, tuple[float, float]]], dict[int, int]]:
    """p50 and p95 of each question by factor, and the rows at each factor."""
    results: dict[str, dict[int, tuple[float, float]]] = {name: {} for name in QUESTIONS}
    rows: dict[int, int] = {}
    for factor in factors:
        warehouse, rows[factor] = multiplied(factor)
        for name, parameters in QUESTIONS.items():
            results[name][factor] = times(lambda w=warehouse, n=name, p=parameters: w.query(n, **p), 40)  # type: ignore[misc]
        warehouse.close()
    return results, rows
