"""Hand-made uploads as the reader passes them on: small enough to work out by hand what must be found in them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from careleavers.access.people import Person
from careleavers.figures.schema import OBSERVATION
from careleavers.intake.checks import check
from careleavers.intake.comparison import ComparisonDatabase, HeldFigures
from careleavers.intake.model import FIGURE_COLUMNS, Draft, Findings, Kind, Sheet
from careleavers.intake.preview import Preview, preview
from careleavers.intake.rules import RULES
from careleavers.spreadsheets.rows import Rows

LEEDS, YORK = "E08000035", "E06000014"
NAMES = {LEEDS: "Leeds", YORK: "York"}
OFFICER = Person("issuer", "1", "Ola", "officer", frozenset({LEEDS}))
EVERYWHERE = Person("issuer", "2", "Eve", "officer", everywhere=True)
ADMINISTRATOR = Person("issuer", "3", "Ada", "administrator")
VIEWER = Person("issuer", "4", "Vic")
# Ends of quarters: 2025/26 Q1 is Q[1], Q2 is Q[2] and so on; Q[-2] is 2024/25 Q2, Q[0] 2024/25 Q4.
Q = {
    -2: dt.date(2024, 9, 30), -1: dt.date(2024, 12, 31), 0: dt.date(2025, 3, 31), 1: dt.date(2025, 6, 30),
    2: dt.date(2025, 9, 30), 3: dt.date(2025, 12, 31),
}  # fmt: skip
HEADER = (
    "authority_code", "authority_name", "indicator", "age_group", "period", "basis", "numerator", "denominator", "value",
)  # fmt: skip
FACTORS = {"percent": 100.0, "ratio": 1.0}
# id: (family, unit, decimals, ages)
MEASURES: dict[str, tuple[str, str, int, tuple[str, ...]]] = {
    "eet": ("activity", "percent", 0, ("17-18", "19-21")),
    "neet": ("activity", "percent", 0, ("17-18", "19-21")),
    "not_known": ("activity", "percent", 0, ("17-18", "19-21")),
    "university": ("activity_detail", "percent", 0, ("19-21",)),
    "apprentice": ("activity_detail", "percent", 0, ("19-21",)),
    "caseload": ("workforce", "ratio", 1, ("all",)),
}
INDICATORS = pd.DataFrame(
    [
        {"indicator": name, "age_group": age, "title": f"The measure {name}", "short_title": name.capitalize(),
         "unit": unit, "decimals": decimals, "family": family, "source": "cla",
         "adds_up": "yes" if family == "activity" else None}
        for name, (family, unit, decimals, ages) in MEASURES.items() for age in ages
    ]
)  # fmt: skip


def figure(
    numerator: float | None = None,
    denominator: float | None = None,
    *,
    indicator: str = "eet",
    age: str = "19-21",
    area: str = LEEDS,
    period: dt.date = Q[2],
    **more: Any,
) -> dict[str, Any]:
    """One quarterly figure of Leeds; its value is worked out from the counts unless given. `more` replaces any column."""
    row: dict[str, Any] = {
        "indicator": indicator, "age_group": age, "area_code": area, "period_end": period, "frequency": "quarter",
        "basis": "quarter", "layer": "", "numerator": numerator, "denominator": denominator, "value": None,
        "published_value": None, "status": "ok", "source": "local", "release": "", "target": None, "note": "",
    }  # fmt: skip
    if numerator is not None and denominator and "value" not in more:
        row["value"] = FACTORS[MEASURES[indicator][1]] * numerator / denominator
    row.update(more)
    return row


def draft(
    rows: Iterable[Mapping[str, Any]] = (),
    *,
    kind: Kind = "local",
    columns: tuple[str, ...] = HEADER,
    entries: pd.DataFrame | None = None,
) -> Draft:
    """A file of these figures under the header of the template; the first stands in row 2 unless it says `row`."""
    theirs = {"source": "cla", "release": "2025", "layer": "published"} if kind == "release" else {}
    numbered = [{"row": place, **row, **theirs} for place, row in enumerate(rows, start=2)]
    frame = pd.DataFrame(numbered, columns=list(FIGURE_COLUMNS))
    sheet = Sheet(
        "leeds.csv", Rows.of([(1, columns), *((row["row"], _cells(row, columns)) for row in numbered)]), "UTF-8, commas"
    )
    return Draft(
        "leeds.csv", "0" * 64, 1, kind, "long", sheet, 1, columns,
        {name: place for place, name in enumerate(columns)}, frame, Findings(RULES),
        entries if entries is not None else pd.DataFrame(),
    )  # fmt: skip


def _cells(row: Mapping[str, Any], columns: tuple[str, ...]) -> tuple[str, ...]:
    cells = {
        **row, "authority_code": row["area_code"], "authority_name": NAMES.get(row["area_code"], ""),
        "period": row["period_end"], "value": None if row["numerator"] is not None else row["value"],
    }  # fmt: skip
    return tuple("" if cells[name] is None else f"{cells[name]}" for name in columns)


def held(rows: Iterable[Mapping[str, Any]] = (), published: Iterable[Mapping[str, Any]] = ()) -> HeldFigures:
    """What is held: figures of `figure` as upload 7 in layer provisional unless they say otherwise."""
    local = [{**row, "upload": row.get("upload", 7), "layer": row["layer"] or "provisional"} for row in rows]
    theirs = [{**row, "release": row["release"] or "2025", "layer": "published", "source": "cla"} for row in published]
    return HeldFigures(
        pd.DataFrame(local, columns=[*list(FIGURE_COLUMNS)[1:], "upload"]),
        pd.DataFrame(theirs, columns=list(OBSERVATION)),
        INDICATORS,
        NAMES,
    )


def checked(file: Draft, person: Person, held: HeldFigures, *, layer: str, **more: Any) -> Findings:
    """What the checks find in a file, in a comparison database of its own."""
    with ComparisonDatabase(file, held, layer) as comparison:
        return check(file, person, comparison, **more)


def previewed(file: Draft, held: HeldFigures, layer: str, protected: pd.DataFrame | None = None) -> Preview:
    """What accepting a file would change, in a comparison database of its own."""
    with ComparisonDatabase(file, held, layer) as comparison:
        return preview(file, comparison, protected)
