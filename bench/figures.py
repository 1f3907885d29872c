"""The warehouse: how long it takes to build, and each question at 1, 10 and 100 times the shipped rows."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from careleavers import settings
from careleavers.figures import figures_file
from careleavers.figures import warehouse as w

# What a visitor to Leeds asks for most: young people aged 19 to 21 in education, employment or training, in 2025.
_LEEDS = "E08000035"
_EET = {"indicator": "eet", "age_group": "19-21"}
_EET_2025 = {**_EET, "period": "2025-03-31"}
_TOGETHER = {"enabler": "caseload", "enabler_age": "all", "outcome": "eet", "outcome_age": "19-21"}

# A plan of thirty actions in two versions, and a list of two targets.
_ACTIONS = [{"action_id": str(number), "rag": "amber", "due": "2026-03-31"} for number in range(30)]
_PLAN = json.dumps(
    [{"version": 1, "day": "2025-12-31", "actions": _ACTIONS},
     {"version": 2, "day": "2026-03-31", "actions": [action | {"rag": "green"} for action in _ACTIONS]}]
)  # fmt: skip
_NARROWED = {"versions": _PLAN, "inspection": "", "owner": ""}
_TARGETS = json.dumps(
    [{"indicator": name, "age_group": "19-21", "kind": "local", "target": 60, "tolerance": 2, "direction": "at_least"}
     for name in ("eet", "in_touch")]
)  # fmt: skip

# Every query in ``queries`` with parameters that give a full answer, in the order of the pages.
QUESTIONS: dict[str, dict[str, Any]] = {
    "authorities": {},
    "authority_codes": {},
    "former_codes": {},
    "search_names": {},
    "search_local": {},
    "indicators": {},
    "periods": _EET,
    "release": {"source": "cla", "release": "2025"},
    "sources": {},
    "england_cohort": {},
    "england_figures": {
        "measures": ["eet.19-21", "suitable_accommodation.19-21", "staying_put.18", "caseload.all"],
        "period": None,
    },
    "england_tiles": _EET,
    "england_changes": _EET,
    "england_judgements": {},
    "at_a_glance": {"authority": _LEEDS, "against": "neighbours"},
    "at_a_glance_authority": {"authority": _LEEDS},
    "at_a_glance_findings": {"authority": _LEEDS, "against": "neighbours"},
    "questions": {"authority": _LEEDS, "against": "neighbours", "missed": ["eet.19-21.at_least"]},
    "at_a_glance_shares": {"authority": _LEEDS, "against": "neighbours"},
    "compare": {**_EET_2025, "authority": _LEEDS, "scope": "all", "against": "neighbours"},
    "export": {**_EET_2025, "authority": "", "against": ""},
    "trends": {**_EET, "authority": _LEEDS, "others": "E10000016,E06000058"},
    "trends_neighbours": {**_EET, "authority": _LEEDS},
    "spread_funnel": {**_EET_2025, "authority": _LEEDS},
    "spread_funnel_limits": _EET_2025,
    "spread_groups": {**_EET_2025, "authority": _LEEDS, "by": "region"},
    "map": {**_EET_2025, "authority": _LEEDS, "against": "neighbours"},
    "workforce": {"authority": _LEEDS, "against": "neighbours"},
    "together": {**_TOGETHER, "period": "2025-03-31", "authority": _LEEDS},
    "together_periods": _TOGETHER,
    "inspection_events": {"authority": _LEEDS},
    "inspection_list": {"authority": ""},
    "inspection_outcomes": {**_EET_2025, "aspect": "overall", "authority": _LEEDS},
    "inspection_since": {"authority": _LEEDS},
    "improvement_plan_actions": {**_NARROWED, "today": "2026-06-30"},
    "improvement_plan_counts": {**_NARROWED, "today": "2026-06-30"},
    "improvement_plan_changes": {**_NARROWED, "since": None},
    "improvement_plan_history": {"versions": _PLAN, "action_key": "7"},
    "watch_list": {
        "authority": _LEEDS,
        "items": _TARGETS,
        "before": None,
        "since": "2025-11-01",
        "today": "2026-06-30",
    },
    "watch_list_anonymous": {**_EET, "authority": _LEEDS},
    "build_your_own_areas": {"authority": _LEEDS},
    "build_your_own_figures": {
        "measures": ["eet.19-21", "neet.19-21"],
        "areas": [_LEEDS, "E10000016", "E92000001"],
        "years": [],
        "authority": _LEEDS,
    },
    "build_your_own_years": {},
    "definitions": {"search": "", "theme": "all", "indicator": ""},
    "glossary": {"search": ""},
    "local_areas": {"indicator": "", "age_group": "", "basis": ""},
    "local_latest": {"authority": _LEEDS},
    "local_quarters": {**_EET, "basis": "quarter", "authority": _LEEDS, "others": ""},
    "known_authorities": {},
    "known_names": {},
    "known_releases": {},
    "indicator_relations": {},
    "held_periods": _EET,
    "part_periods": {**_EET, "authority": _LEEDS},
    "parts": {**_EET_2025, "indicator": "neet", "area": _LEEDS},
    "at_a_glance_detail": {"authority": _LEEDS},
    "releases_due": {"today": "2026-11-28"},
    "whats_new": {"authority": _LEEDS, "since": "2026-06-01", "today": "2026-11-28"},
    "published_counts": {
        "authorities": _LEEDS,
        "indicators": ["eet", "neet", "activity_not_known"],
        "since": "2018-03-31",
    },
    "published": {"measures": ["eet.19-21", "neet.19-21", "care_leavers.19-21"]},
    "published_values": {"indicator": "eet", "age_group": "19-21", "authority": _LEEDS},
}


def times(run: Callable[[], object], repeats: int) -> tuple[float, float]:
    """p50 and p95 in milliseconds after two runs to warm up.

    Parameters
    ----------
    run
        What is measured.
    repeats
        How often.
    """
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
    """p50 and p95 in milliseconds of building the warehouse from the shipped files.

    Parameters
    ----------
    repeats
        How often it is built.
    """
    return times(lambda: w.open_warehouse().close(), repeats)


def multiplied(factor: int, file: Path | None = None) -> tuple[w.Warehouse, int]:
    """The warehouse with every indicator copied.

    Parameters
    ----------
    factor
        How many times the shipped rows; 1 for those alone.
    file
        Where they are read from, built unless it is there; None for memory.

    Returns
    -------
    tuple[w.Warehouse, int]
        The warehouse, and how many figures it has.
    """
    config = w.CONFIG | {"threads": settings.threads()}
    if file is not None:
        if not file.is_file():
            figures_file.build(file, lambda connection: _load_multiplied(connection, factor), config)
        connection = figures_file.open_file(file, config, file.with_suffix(".spill"))
    else:
        connection = duckdb.connect(":memory:", config=config)
        _load_multiplied(connection, factor)
        w._apply_rules(connection)
    w._lock(connection)
    rows = connection.execute("SELECT count(*) FROM figures").fetchone()
    assert rows
    return w.Warehouse(connection, f"bench-{factor}"), int(rows[0])


def _load_multiplied(connection: duckdb.DuckDBPyConnection, factor: int) -> None:
    folder = settings.data_folder()
    w.load(connection, folder, w.contents_of(folder))
    for table, named in (("indicators", ("id", "family", "part_of", "not_known")), ("observations", ("indicator",))):
        headline = ", 'no' AS headline" if table == "indicators" else ""
        copied = ", ".join(f"i.{column} || '_' || k AS {column}" for column in named)
        connection.execute(
            f"INSERT INTO {table} SELECT i.* REPLACE ({copied}{headline})"
            f" FROM {table} i CROSS JOIN range(1, {factor}) t(k) ORDER BY k"
        )


def question_times(
    factors: tuple[int, ...] = (1, 10, 100),
) -> tuple[dict[str, dict[int, tuple[float, float]]], dict[int, int]]:
    """p50 and p95 of each question by factor, and the rows at each factor.

    Parameters
    ----------
    factors
        How many times the shipped rows.
    """
    results: dict[str, dict[int, tuple[float, float]]] = {name: {} for name in QUESTIONS}
    rows: dict[int, int] = {}
    for factor in factors:
        warehouse, rows[factor] = multiplied(factor)
        for name, parameters in QUESTIONS.items():
            results[name][factor] = times(lambda w=warehouse, n=name, p=parameters: w.query(n, **p), 40)  # type: ignore[misc]
        warehouse.close()
    return results, rows
