"""The department's Local Authority Interactive Tool (LAIT): whole percentages, numbers and pounds, without counts.

Layout: a row per measure, period and area (``measure_short, period, la_number, area, value``). Quirks: a period is a year to
31 March (``2025``) or a financial year (``2024-25``); areas have the department's three-digit numbers, England and the
regions among them; ``(Pre LG)`` after a name is an authority that was abolished; ``-`` stands for every reason why a figure
is missing. What a measure stands for is said in ``data/import_lait.csv``.

The tool ranks below the releases, whatever its date: where a release has a figure, with its counts, that one is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from careleavers.errors import DataProblem
from careleavers.importer.areas import ENGLAND, Areas
from careleavers.importer.figures import FileReport, Observation
from careleavers.importer.files import Table
from careleavers.importer.tables import ImportTables

SOURCE = "lait"
COLUMNS = ("measure_short", "period", "la_number", "area", "value")
# The tool's own numbers for England and the regions.
LARGER = {
    "970": ENGLAND,
    "980": "E12000001",
    "981": "E12000002",
    "982": "E12000003",
    "983": "E12000004",
    "984": "E12000005",
    "985": "E12000006",
    "986": "E12000007",
    "987": "E13000001",
    "988": "E13000002",
    "989": "E12000008",
    "990": "E12000009",
}
MISSING = "-"
BASE_AGES = ("17-18", "19-21")
_PERIOD = re.compile(r"(20\d\d)(?:-(\d\d))?")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]+)?")


def _end(table: Table, line: int, period: str) -> dt.date:
    """The last day of ``2025`` (the year to 31 March 2025) or ``2024-25``."""
    found = _PERIOD.fullmatch(period)
    if found is None or (found[2] and int(found[2]) != (int(found[1]) + 1) % 100):
        raise DataProblem(table.name, f"“{period}” is not a year", line, "period")
    return dt.date(int(found[1]) + bool(found[2]), 3, 31)


def read_lait(table: Table, tables: ImportTables, areas: Areas, report: FileReport) -> list[Observation]:
    """What the tool says, as published; its release is the year after that of its newest period.

    Parameters
    ----------
    table
        The file.
    tables
        What labels and groups mean.
    areas
        The authorities a row may name; joint returns and sub-regions met on the way are noted in it.
    report
        Gets the release and what became of the rows.

    Returns
    -------
    list[Observation]

    Raises
    ------
    DataProblem
        Naming file, line and column: a measure, area, period or value that is not known.
    """
    ends = {row["period"]: _end(table, line, row["period"]) for line, row in table.rows}
    if not ends:
        raise DataProblem(table.name, "there are no rows under the header", 1)
    report.release, report.read = str(max(ends.values()).year + 1), len(table.rows)
    found: list[Observation] = []
    seen: dict[tuple[str, str, dt.date, str], int] = {}
    for line, row in table.rows:
        measure = tables.tool.get(row["measure_short"])
        if measure is None:
            raise DataProblem(
                table.name,
                f"the measure “{row['measure_short']}” is not known: add it to data/import_lait.csv",
                line,
                "measure_short",
            )
        if row["value"] != MISSING and not _NUMBER.fullmatch(row["value"]):
            raise DataProblem(table.name, f"“{row['value']}” is neither a number nor “{MISSING}”", line, "value")
        end, number = ends[row["period"]], row["la_number"]
        authority = areas.by_department_code.get(number)
        if authority is None and number not in LARGER:
            raise DataProblem(table.name, f"“{number}” ({row['area']}) is not an authority", line, "la_number")
        if not measure.indicator:
            report.not_used += 1
            continue
        if authority is not None and not authority.existed(end):
            # The tool carries some figures over to successor authorities; only the years in which they existed are theirs.
            report.not_existing += 1
            continue
        value = None if row["value"] == MISSING else float(row["value"])
        observation = Observation(
            measure.indicator, measure.age_group, authority.code if authority else LARGER[number], end, measure.basis,
            None, None, value, value, "x" if value is None else "ok", SOURCE, report.release, line,
        )  # fmt: skip
        twin = seen.setdefault(observation.key, line)
        if twin != line:
            raise DataProblem(table.name, f"the same figure as in line {twin}", line)
        found.append(observation)
    return found


def per_care_leaver(held: Iterable[Observation], tables: ImportTables, areas: Areas) -> list[Observation]:
    """Figures of the tool for each care leaver aged 17 to 21, by the published numbers of the same area and year.

    An authority that the publisher left out of its totals (``data/import_left_out.csv``) is left out of the number of
    care leavers of England and of its region, too. There is no figure for a year without that number.

    Parameters
    ----------
    held
        The figures in force, the tool's among them.
    tables
        Which measures are divided.
    areas
        The authorities.

    Returns
    -------
    list[Observation]
    """
    held = list(held)
    base = {o.key: o.value for o in held if o.indicator == "care_leavers"}
    made: list[Observation] = []
    measures = {(m.indicator, m.age_group): (name, m) for name, m in tables.tool.items() if m.per_indicator}
    for observation in held:
        if observation.source != SOURCE or (observation.indicator, observation.age_group) not in measures:
            continue
        name, measure = measures[observation.indicator, observation.age_group]

        def number(area: str, end: dt.date = observation.period_end) -> float | None:
            parts = [base.get(("care_leavers", age, end, area)) for age in BASE_AGES]
            return sum(part for part in parts if part is not None) if None not in parts else None

        if ("care_leavers", BASE_AGES[0], observation.period_end, observation.area_code) not in base:
            continue
        leavers = number(observation.area_code)
        for authority in _left_out(name, observation, tables, areas):
            theirs = number(authority)
            leavers = None if leavers is None or theirs is None else leavers - theirs
        value = observation.value / leavers if observation.value is not None and leavers else None
        made.append(
            replace(
                observation,
                indicator=measure.per_indicator,
                numerator=observation.value,
                denominator=leavers,
                value=value,
                published_value=None,
                status="ok" if value is not None else "x",
            )
        )
    return made


def _left_out(measure: str, observation: Observation, tables: ImportTables, areas: Areas) -> list[str]:
    """The authorities of an area that the publisher left out of its total for a measure and year."""
    end = observation.period_end
    period = f"{end.year - 1}-{end.year % 100:02}"
    members = [areas.by_department_code[code] for m, p, code in tables.left_out if (m, p) == (measure, period)]
    return [
        authority.code
        for authority in members
        if observation.area_code in (ENGLAND, authority.region_code, areas.sub_regions.get(authority.code, ""))
    ]
