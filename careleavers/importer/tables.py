"""The declarative tables that say what a release's columns, groups and labels mean (``data/import_*.csv``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from careleavers.errors import DataProblem
from careleavers.importer.files import Table, read_table, require_columns


@dataclass(frozen=True)
class Layout:
    """One arrangement of columns, a row of ``data/import_layouts.csv``. A column that a file does not have is "".

    Attributes
    ----------
    layout, about
        The name of the layout, and what files of it hold.
    group_column, label_column
        Which young people a row is about, and what is counted of them.
    count_column, percent_column
        How many they are, and as a percentage.
    denominator_column
        Of how many, where the row itself says so.
    """

    layout: str
    about: str
    group_column: str
    label_column: str
    count_column: str
    percent_column: str
    denominator_column: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a file of this layout must have besides those that say when and where."""
        named = (
            self.group_column,
            self.label_column,
            self.count_column,
            self.percent_column,
            self.denominator_column,
        )
        return tuple(column for column in named if column)


@dataclass(frozen=True)
class Label:
    """What one label of one population stands for, a row of ``data/import_labels.csv``.

    Attributes
    ----------
    role
        ``numerator``, ``denominator``, ``average`` or ``ignored``.
    indicator
        The indicator that it is part of; "" for none.
    basis
        What the figure covers, such as ``full_year``.
    part_of
        The label whose count is its denominator, where that is not the population's.
    """

    role: str
    indicator: str
    basis: str
    part_of: str


@dataclass(frozen=True)
class WorkforceMeasure:
    """One indicator of the workforce census, a row of ``data/import_measures.csv``.

    Attributes
    ----------
    indicator
        The indicator.
    value_column
        The column of the published value.
    numerator_column, denominator_columns
        Where its counts are; the columns of the denominator are added up.
    basis
        What the figure covers.
    """

    indicator: str
    value_column: str
    numerator_column: str
    denominator_columns: tuple[str, ...]
    basis: str


@dataclass(frozen=True)
class ToolMeasure:
    """What one measure of the Local Authority Interactive Tool stands for, a row of ``data/import_lait.csv``.

    Attributes
    ----------
    indicator, age_group
        What it is a figure of.
    basis
        What the figure covers.
    per_indicator
        The indicator made of it and the number of care leavers; "" where there is none.
    """

    indicator: str
    age_group: str
    basis: str
    per_indicator: str


@dataclass(frozen=True)
class ImportTables:
    """All declarative tables together.

    Attributes
    ----------
    layouts
        Arrangements of columns.
    groups
        Population and age group by the label of a group.
    labels
        What a label stands for, by population and label.
    measures
        Indicators of the workforce census.
    tool
        Measures of the interactive tool, by their name there.
    left_out
        Measure, period and three-digit code of authorities that the publisher left out of its totals.
    support_needs
        The age groups that a column of the homelessness tables counts towards.
    """

    layouts: tuple[Layout, ...]
    groups: dict[str, tuple[str, str]]
    labels: dict[tuple[str, str], Label]
    measures: tuple[WorkforceMeasure, ...]
    tool: dict[str, ToolMeasure]
    left_out: frozenset[tuple[str, str, str]]
    support_needs: dict[str, tuple[str, ...]]

    @cached_property
    def parts(self) -> frozenset[tuple[str, str]]:
        """(Population, label) of each label that is the denominator of another."""
        return frozenset((population, label.part_of) for (population, _), label in self.labels.items() if label.part_of)


def _rows(folder: Path, name: str, columns: tuple[str, ...]) -> Table:
    table = read_table(folder / name, f"data/{name}")
    require_columns(table, columns)
    return table


def load_tables(folder: Path, indicators: set[str]) -> ImportTables:
    """Read the declarative tables of a data folder.

    Parameters
    ----------
    folder
        The data folder.
    indicators
        The catalogue's ids: every indicator that the tables name must be one.

    Returns
    -------
    ImportTables

    Raises
    ------
    DataProblem
        Naming file, line and reason.
    """
    layouts = tuple(
        Layout(**row)
        for _, row in _rows(
            folder,
            "import_layouts.csv",
            (
                "layout",
                "about",
                "group_column",
                "label_column",
                "count_column",
                "percent_column",
                "denominator_column",
            ),
        ).rows
    )
    groups = {
        row["label"]: (row["population"], row["age_group"])
        for _, row in _rows(folder, "import_groups.csv", ("label", "population", "age_group")).rows
    }
    labels: dict[tuple[str, str], Label] = {}
    label_table = _rows(folder, "import_labels.csv", ("population", "label", "role", "indicator", "basis", "part_of"))
    for line, row in label_table.rows:
        if row["role"] not in {"numerator", "denominator", "average", "ignored"}:
            raise DataProblem(label_table.name, f"“{row['role']}” is not a role", line, "role")
        if row["indicator"] and row["indicator"] not in indicators:
            raise DataProblem(
                label_table.name, f"“{row['indicator']}” is not in data/indicators.csv", line, "indicator"
            )
        labels[row["population"], row["label"]] = Label(row["role"], row["indicator"], row["basis"], row["part_of"])
    measure_table = _rows(
        folder,
        "import_measures.csv",
        ("indicator", "value_column", "numerator_column", "denominator_columns", "basis"),
    )
    measures = []
    for line, row in measure_table.rows:
        if row["indicator"] not in indicators:
            raise DataProblem(
                measure_table.name, f"“{row['indicator']}” is not in data/indicators.csv", line, "indicator"
            )
        measures.append(
            WorkforceMeasure(
                row["indicator"],
                row["value_column"],
                row["numerator_column"],
                tuple(column for column in row["denominator_columns"].split("+") if column),
                row["basis"],
            )
        )
    tool_table = _rows(folder, "import_lait.csv", ("measure", "indicator", "age_group", "basis", "per_indicator"))
    tool = {}
    for line, row in tool_table.rows:
        for column in ("indicator", "per_indicator"):
            if row[column] and row[column] not in indicators:
                raise DataProblem(tool_table.name, f"“{row[column]}” is not in data/indicators.csv", line, column)
        tool[row["measure"]] = ToolMeasure(row["indicator"], row["age_group"], row["basis"], row["per_indicator"])
    left_out = frozenset(
        (row["measure"], row["period"], row["la_number"])
        for _, row in _rows(folder, "import_left_out.csv", ("measure", "period", "la_number", "authority_name")).rows
    )
    support_needs = {
        row["label"]: tuple(row["age_groups"].split(";"))
        for _, row in _rows(folder, "import_support_needs.csv", ("label", "age_groups")).rows
    }
    return ImportTables(layouts, groups, labels, tuple(measures), tool, left_out, support_needs)
