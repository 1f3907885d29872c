"""A data folder of a few made-up authorities, in the project's schema, small enough to work out by hand."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from careleavers.figures.schema import OBSERVATION, TABLES
from careleavers.figures.warehouse import Warehouse, open_warehouse

ENGLAND, NORTH, SOUTH = "E92000001", "E12000001", "E12000009"
FACTORS = {"percent": 100, "per_10000": 10_000}
UNITS = {"up": "percent", "down": "percent", "flat": "percent", "rate": "ratio", "per": "per_10000"}


def area(number: int) -> str:
    """The code of the made-up authority of that number."""
    return f"E06{number:06d}"


def write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def figure(
    code: str | int, numerator: float | None = None, denominator: float | None = None, year: int = 2025, **more: Any
) -> dict[str, Any]:
    """One observation; its value is worked out from the counts unless given. `more` replaces any column."""
    row: dict[str, Any] = {
        "indicator": "up", "age_group": "all", "area_code": area(code) if isinstance(code, int) else code,
        "period_end": f"{year}-03-31", "frequency": "year", "basis": "full_year", "layer": "published",
        "numerator": numerator, "denominator": denominator, "status": "ok", "source": "made", "release": "2025",
    }  # fmt: skip
    row.update(more)
    if "value" not in row and numerator is not None and denominator:
        row["value"] = FACTORS[UNITS[row["indicator"]]] * numerator / denominator
        row["published_value"] = int(row["value"] + 0.5)
    return {key: "" if value is None else value for key, value in row.items()}


def hidden(code: str | int, denominator: float | None = None, year: int = 2025, **more: Any) -> dict[str, Any]:
    """A suppressed observation."""
    return figure(code, None, denominator, year, **{"status": "c", **more})


def indicator(name: str, polarity: str = "high", interval: str = "wilson", **more: Any) -> dict[str, Any]:
    return {
        "id": name, "title": f"The measure {name}", "short_title": f"Measure {name}", "phrase": "{value} counted",
        "theme": "outcome", "sub_theme": "Made up", "published_every": "year", "family": "made", "unit": UNITS.get(name, "percent"), "polarity": polarity,
        "decimals": 1 if UNITS.get(name) == "ratio" else 0, "headline": "yes", "age_groups": "all",
        "interval": interval, "numerator_counts": "some", "denominator_counts": "all", "definition": "Counted.",
        "source": "made", "target": "no", **more,
    }  # fmt: skip


INDICATORS = [
    indicator("up"),
    indicator("down", "low"),
    indicator("flat", "neutral"),
    indicator("rate", "low", "none"),
    indicator("per", "neutral"),
]


def folder(
    path: Path,
    figures: Iterable[Mapping[str, Any]],
    *,
    authorities: int = 12,
    neighbours: Mapping[int, Iterable[int]] | None = None,
    joint: Iterable[tuple[int, int]] = (),
    indicators: Iterable[Mapping[str, Any]] = INDICATORS,
    **tables: Iterable[Mapping[str, Any]],
) -> Path:
    """Write a data folder: authorities 1..n, odd numbers in the North East and even ones in the South West.

    `joint`: pairs that send one return. `tables` replaces the rows of any other file.
    """
    rows: dict[str, Iterable[Mapping[str, Any]]] = {
        "indicators": indicators,
        "glossary": [{"term": "Rank", "group": "rules", "meaning": "A place."}],
        "sources": [
            {"source": "made", "title": "Made up", "publisher": "Nobody", "release": release, "published": "never",
             "licence": "none"} for release in ("2024", "2025")
        ],
        "authorities": [
            {"authority_code": area(n), "authority_name": f"Town {n}", "department_code": f"{900 + n}",
             "region_code": NORTH if n % 2 else SOUTH, "region": "North East" if n % 2 else "South West",
             "opened": "2009-01-01"} for n in range(1, authorities + 1)
        ],
        "regions": [
            {"region_code": ENGLAND, "region": "England", "level": "england"},
            {"region_code": NORTH, "region": "North East", "level": "region", "parent_code": ENGLAND},
            {"region_code": SOUTH, "region": "South West", "level": "region", "parent_code": ENGLAND},
        ],
        "authority_changes": [],
        "neighbours": [
            {"authority_code": area(own), "place": place, "neighbour_code": area(other), "closeness": "Close"}
            for own, others in (neighbours or {}).items() for place, other in enumerate(others, start=1)
        ],
        "joint_returns": [
            {"joint_code": joint_code(*pair), "authority_code": area(member), "joint_name": "Two towns",
             "theme": "workforce"} for pair in joint for member in pair
        ],
        "inspections": [],
        "superseded": [],
        **tables,
    }  # fmt: skip
    for table in TABLES:
        rows.setdefault(table, [])
    for table, content in rows.items():
        write(path / f"{table}.csv", TABLES[table], content)
    write(path / "observations" / "made.csv", OBSERVATION, figures)
    return path


def joint_code(first: int, second: int) -> str:
    return f"{area(first)} / {area(second)}"


def opened(path: Path, figures: Iterable[Mapping[str, Any]], **more: Any) -> Warehouse:
    """The warehouse of such a folder."""
    return open_warehouse(folder(path, figures, **more), sealed=False)


def compared(
    warehouse: Warehouse, indicator: str = "up", year: int = 2025, against: str = "england", **more: Any
) -> dict[int, dict[str, Any]]:
    """The rows of `queries/compare.sql` by authority number."""
    asked = {"authority": "", "scope": "all", "against": against, "age_group": "all", **more}
    frame = warehouse.query("compare", indicator=indicator, period=f"{year}-03-31", **asked)
    return {int(row["authority_code"][3:]): row for row in frame.to_dict("records")}
