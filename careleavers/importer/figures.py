"""Published rows to tidy observations: marks, rounding, denominators, joint returns."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, replace

from careleavers.errors import DataProblem
from careleavers.importer.areas import ENGLAND, LONDON, REGIONS, SUB_REGIONS, Areas
from careleavers.importer.files import Table, require_columns
from careleavers.importer.tables import ImportTables, Layout

WHERE = (
    "time_period",
    "geographic_level",
    "country_code",
    "region_code",
    "region_name",
    "old_la_code",
    "la_name",
    "new_la_code",
)
OBSERVATION_COLUMNS = (
    "indicator",
    "age_group",
    "area_code",
    "period_end",
    "frequency",
    "basis",
    "layer",
    "numerator",
    "denominator",
    "value",
    "published_value",
    "status",
    "source",
    "release",
)
MARKS = {"c", "x", "z", "k", "low", "u"}
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,15}")
# The department publishes whole-number percentages rounded half up, so the exact figure is within half a unit.
HALF = 0.5 + 1e-9


@dataclass(frozen=True)
class Observation:
    """One figure of the tidy schema.

    Attributes
    ----------
    indicator, age_group, area_code
        What it is of.
    period_end, basis
        The last day of its period, and what the figure covers (``full_year``, ``snapshot`` …).
    numerator, denominator
        The counts, as published; None where they are not.
    value
        The figure in the indicator's unit, worked out from the counts where there are any; None where none is shown.
    published_value
        The figure as the publisher rounded it.
    status
        ``ok``, or the mark that the publisher put in its place (``c`` for suppressed).
    source, release
        Where it comes from.
    line
        Where it stood in the published file, from 1.
    frequency, layer
        ``year`` or ``quarter``; ``published`` for all that is imported.
    """

    indicator: str
    age_group: str
    area_code: str
    period_end: dt.date
    basis: str
    numerator: float | None
    denominator: float | None
    value: float | None
    published_value: float | None
    status: str
    source: str
    release: str
    line: int = 0
    frequency: str = "year"
    layer: str = "published"

    @property
    def key(self) -> tuple[str, str, dt.date, str]:
        """What makes a figure the same figure in another release."""
        return (self.indicator, self.age_group, self.period_end, self.area_code)

    @property
    def content(self) -> tuple[object, ...]:
        """What is restated when it differs in a later release."""
        return (self.numerator, self.denominator, self.published_value, self.status)


@dataclass
class FileReport:
    """What became of one published file.

    Attributes
    ----------
    file, kind, source, release
        The file, what it is, and the release that it holds.
    read
        Rows of the file.
    kept
        Figures that are in force.
    superseded
        Figures that another release took the place of.
    suppressed
        Those kept of which the publisher shows a mark for a small number.
    not_used
        Rows of measures that are not shown here.
    not_existing
        Rows of authorities for years in which they did not exist.
    rounded_levels
        The geographic levels whose counts are rounded, in words; "" where none is.
    """

    file: str
    kind: str
    source: str = ""
    release: str = ""
    read: int = 0
    kept: int = 0
    superseded: int = 0
    suppressed: int = 0
    not_used: int = 0
    not_existing: int = 0
    rounded_levels: str = ""


@dataclass(frozen=True)
class _Cell:
    number: float | None
    mark: str


@dataclass(frozen=True)
class _RowArea:
    area_code: str
    level: str
    exists: bool


def _cell(table: Table, line: int, column: str, text: str) -> _Cell:
    if text.lower() in MARKS:
        return _Cell(None, text.lower())
    if _NUMBER.fullmatch(text):
        return _Cell(float(text), "")
    raise DataProblem(
        table.name,
        f"“{text}” is neither a number nor one of the marks {', '.join(sorted(MARKS))}",
        line,
        column,
    )


def _row_area(table: Table, line: int, row: dict[str, str], day: dt.date, areas: Areas) -> _RowArea:
    level = row["geographic_level"]
    if level == "National":
        if row["country_code"] != ENGLAND:
            raise DataProblem(table.name, f"“{row['country_code']}” is not England", line, "country_code")
        return _RowArea(ENGLAND, level, True)
    if level == "Regional":
        name = {**REGIONS, **SUB_REGIONS}.get(row["region_code"])
        if name is None or name.lower() != row["region_name"].lower():
            raise DataProblem(
                table.name,
                f"“{row['region_code']} {row['region_name']}” is not a region",
                line,
                "region_code",
            )
        return _RowArea(row["region_code"], level, True)
    if level != "Local authority":
        raise DataProblem(table.name, f"“{level}” is not a geographic level we know", line, "geographic_level")
    if "/" in row["new_la_code"]:
        if row["old_la_code"].count("/") != row["new_la_code"].count("/"):
            raise DataProblem(
                table.name,
                f"“{row['old_la_code']}” and “{row['new_la_code']}” name different numbers of authorities",
                line,
                "old_la_code",
            )
        members = tuple(
            areas.authority(table.name, line, old.strip(), new.strip())
            for old, new in zip(row["old_la_code"].split("/"), row["new_la_code"].split("/"), strict=True)
        )
        code = " / ".join(member.code for member in members)
        areas.joint[code] = tuple(member.code for member in members)
        return _RowArea(code, level, all(member.existed(day) for member in members))
    authority = areas.authority(table.name, line, row["old_la_code"], row["new_la_code"])
    if row["region_code"] in SUB_REGIONS and authority.region_code == LONDON:
        areas.sub_regions[authority.code] = row["region_code"]
    elif row["region_code"] != authority.region_code:
        raise DataProblem(
            table.name, f"{authority.name} is not in the region “{row['region_name']}”", line, "region_code"
        )
    return _RowArea(authority.code, level, authority.existed(day))


def _year(table: Table, line: int, row: dict[str, str]) -> int:
    if not re.fullmatch(r"20\d\d", row["time_period"]):
        raise DataProblem(table.name, f"“{row['time_period']}” is not a year", line, "time_period")
    return int(row["time_period"])


def rounded_levels(table: Table, count_column: str) -> set[str]:
    """The geographic levels of a file whose counts are all multiples of ten, and so were rounded before publication.

    A level needs at least ten counts: a file of a few rows proves nothing.

    Parameters
    ----------
    table
        The file.
    count_column
        The column of its counts.

    Returns
    -------
    set[str]
        ``National``, ``Regional``, ``Local authority``.
    """
    every, tens = Counter[str](), Counter[str]()
    for _, row in table.rows:
        if _WHOLE.fullmatch(row[count_column]):
            every[row["geographic_level"]] += 1
            tens[row["geographic_level"]] += int(row[count_column]) % 10 == 0
    # National rows are few, so they are read together with the regional ones, which are rounded alike.
    above = {"National", "Regional"}
    rounded = {level for level in every if level not in above and every[level] >= 10 and every[level] == tens[level]}
    if sum(every[level] for level in above) >= 10 and all(every[level] == tens[level] for level in above):
        rounded |= above & set(every)
    return rounded


def _figure(
    template: Observation,
    numerator: _Cell,
    denominator: _Cell,
    published: _Cell,
    exact: bool,
    factor: float,
) -> Observation:
    """The observation of one cell: typed status, exact value where both counts are unrounded, else the published one."""
    top, bottom = numerator.number, denominator.number
    value: float | None = None
    status = "ok"
    if bottom == 0:
        status = "z"
    elif numerator.mark or published.mark not in {"", "k"}:
        status = numerator.mark or published.mark
        # What is suppressed as a percentage must not come back from its count.
        top = None if status == "c" else top
    elif exact and top is not None and bottom is not None:
        value = factor * top / bottom
        status = published.mark or "ok"
    elif published.number is not None:
        value = published.number
    else:
        status = published.mark or denominator.mark or "x"
    return replace(
        template,
        numerator=top,
        denominator=bottom,
        value=value,
        published_value=published.number if value is not None else None,
        status=status,
    )


def read_long(
    table: Table, layout: Layout, tables: ImportTables, areas: Areas, report: FileReport
) -> list[Observation]:
    """Observations of a release in the department's long layout, one row per label.

    Parameters
    ----------
    table
        The file.
    layout
        The arrangement of its columns.
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
        Naming file, line and column: an unknown label, group, area or mark, or a percentage that its own counts do not
        give.
    """
    rounded = rounded_levels(table, layout.count_column)
    report.rounded_levels = ", ".join(sorted(rounded))
    release = str(max(_year(table, line, row) for line, row in table.rows))
    report.source, report.release, report.read = "cla", release, len(table.rows)
    factor = 10_000.0 if layout.denominator_column else 100.0
    totals: dict[tuple[object, ...], _Cell] = {}
    parsed: list[tuple[int, dict[str, str], _RowArea, str, str, dt.date]] = []
    for line, row in table.rows:
        group = row[layout.group_column] if layout.group_column else ""
        if group not in tables.groups:
            raise DataProblem(
                table.name,
                f"the group “{group}” is not known. If the department renamed it, add it to data/import_groups.csv",
                line,
                layout.group_column,
            )
        population, age_group = tables.groups[group]
        label = row[layout.label_column]
        if (population, label) not in tables.labels:
            raise DataProblem(
                table.name,
                f"the label “{label}” ({population}) is not known. If the department renamed it, add it to "
                "data/import_labels.csv",
                line,
                layout.label_column,
            )
        day = dt.date(_year(table, line, row), 3, 31)
        area = _row_area(table, line, row, day, areas)
        parsed.append((line, row, area, population, age_group, day))
        if tables.labels[population, label].role == "denominator":
            totals[area.area_code, day, population, age_group] = _cell(
                table, line, layout.count_column, row[layout.count_column]
            )
        if (population, label) in tables.parts:
            totals[area.area_code, day, population, age_group, label] = _cell(
                table, line, layout.count_column, row[layout.count_column]
            )
    found: list[Observation] = []
    for line, row, area, population, age_group, day in parsed:
        meaning = tables.labels[population, row[layout.label_column]]
        count = _cell(table, line, layout.count_column, row[layout.count_column])
        published = _cell(table, line, layout.percent_column, row[layout.percent_column])
        if not area.exists:
            if count.number is not None:
                raise DataProblem(
                    table.name,
                    "a figure for a year in which the authority did not exist",
                    line,
                    "time_period",
                )
            report.not_existing += 1
            continue
        if meaning.role == "ignored" or not meaning.indicator:
            report.not_used += 1
            continue
        blank = Observation(
            meaning.indicator, age_group, area.area_code, day, meaning.basis, None, None, None, None, "ok", "cla", release, line
        )  # fmt: skip
        if meaning.role == "denominator":
            found.append(
                replace(
                    blank,
                    numerator=count.number,
                    value=count.number,
                    published_value=count.number,
                    status=count.mark or "ok",
                )
            )
            continue
        if meaning.role == "average":
            found.append(replace(blank, value=count.number, published_value=count.number, status=count.mark or "ok"))
            continue
        if layout.denominator_column:
            bottom = _cell(table, line, layout.denominator_column, row[layout.denominator_column])
        else:
            key: tuple[object, ...] = (area.area_code, day, population, age_group)
            if meaning.part_of:
                key = (*key, meaning.part_of)
            if key not in totals:
                raise DataProblem(table.name, "there is no total to this row", line, layout.label_column)
            bottom = totals[key]
        exact = area.level not in rounded
        figure = _figure(blank, count, bottom, published, exact, factor)
        if (
            exact
            and figure.status == "ok"
            and figure.value is not None
            and figure.published_value is not None
            and abs(figure.value - figure.published_value) > HALF
        ):
            raise DataProblem(
                table.name,
                f"{count.number:g} of {bottom.number:g} is {figure.value:.1f}, not the published {published.number:g}",
                line,
                layout.percent_column,
            )
        found.append(figure)
    return found


def read_wide(table: Table, tables: ImportTables, areas: Areas, report: FileReport) -> list[Observation]:
    """Observations of the workforce census (one column per measure), taken on 30 September.

    Full-time equivalents are themselves rounded to one decimal, so the published rate is the value.

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
        As :func:`read_long`.
    """
    release = str(max(_year(table, line, row) for line, row in table.rows))
    report.source, report.release = "csww", release
    found: list[Observation] = []
    for line, row in table.rows:
        day = dt.date(_year(table, line, row), 9, 30)
        area = _row_area(table, line, row, day, areas)
        for measure in tables.measures:
            report.read += 1
            value = _cell(table, line, measure.value_column, row[measure.value_column])
            top = _cell(table, line, measure.numerator_column, row[measure.numerator_column])
            parts = [_cell(table, line, column, row[column]).number for column in measure.denominator_columns]
            numbers = [part for part in parts if part is not None]
            bottom = round(sum(numbers), 1) if parts and len(numbers) == len(parts) else None
            if not area.exists:
                if value.number is not None:
                    raise DataProblem(
                        table.name,
                        "a figure for a year in which the authority did not exist",
                        line,
                        "time_period",
                    )
                report.not_existing += 1
                continue
            found.append(
                Observation(
                    measure.indicator, "all", area.area_code, day, measure.basis,
                    None if value.mark == "c" else top.number, bottom, value.number, value.number,
                    value.mark or "ok", "csww", release, line,
                )
            )  # fmt: skip
    return found


def is_needed(table: Table, tables: ImportTables) -> bool:
    """Whether a file has a layout that is read, or such a layout with a single column renamed.

    Releases come with many files that hold nothing shown here; one that is read and no longer understood must stop an
    import instead of being left aside.

    Parameters
    ----------
    table
        The file.
    tables
        The layouts.

    Returns
    -------
    bool
    """
    columns = set(table.columns)
    measures = {column for measure in tables.measures for column in (measure.value_column, measure.numerator_column)}
    return len(measures & columns) > len(measures) / 2 or any(
        layout.label_column in columns and len(set(layout.columns) - columns) <= 1 for layout in tables.layouts
    )


def read_figures(table: Table, tables: ImportTables, areas: Areas, report: FileReport) -> list[Observation]:
    """Observations of a published file, whose layout its columns tell.

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
        Each figure once.

    Raises
    ------
    DataProblem
        A missing column, an unknown layout, a figure that stands in the file twice, or what :func:`read_long` and
        :func:`read_wide` refuse.
    """
    found = _observations(table, tables, areas, report)
    _refuse_duplicates(table, found)
    return found


def _observations(table: Table, tables: ImportTables, areas: Areas, report: FileReport) -> list[Observation]:
    require_columns(table, WHERE)
    if not table.rows:
        raise DataProblem(table.name, "there are no rows under the header", 1)
    measures = {column for measure in tables.measures for column in (measure.value_column, measure.numerator_column)}
    if len(measures & set(table.columns)) > len(measures) / 2:
        require_columns(
            table,
            [c for m in tables.measures for c in (m.value_column, m.numerator_column, *m.denominator_columns)],
        )
        report.kind = "workforce census"
        return read_wide(table, tables, areas, report)
    for layout in tables.layouts:
        if set(layout.columns) <= set(table.columns):
            report.kind = layout.about
            return read_long(table, layout, tables, areas, report)
    known = "; ".join(f"{layout.about}: {', '.join(layout.columns)}" for layout in tables.layouts)
    raise DataProblem(
        table.name,
        f"the columns {', '.join(c for c in table.columns if c not in WHERE)} are not a layout we know ({known})",
        1,
    )


def _refuse_duplicates(table: Table, found: list[Observation]) -> None:
    seen: dict[tuple[str, str, dt.date, str], Observation] = {}
    for observation in found:
        twin = seen.setdefault(observation.key, observation)
        if twin is not observation and twin.content != observation.content:
            raise DataProblem(
                table.name, f"the same figure as in line {twin.line}, with another value", observation.line
            )
        if twin is not observation:
            raise DataProblem(table.name, f"the same row as line {twin.line}", observation.line)
