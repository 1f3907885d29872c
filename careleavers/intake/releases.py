"""The department's releases and the workforce census: read as the importer reads them, problems told cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from careleavers.errors import DataProblem
from careleavers.importer.areas import ENGLAND
from careleavers.importer.figures import WHERE, FileReport, Observation, read_figures
from careleavers.importer.files import Table
from careleavers.intake.frames import empty_figure_frame, figure_frame
from careleavers.intake.header import Header
from careleavers.intake.model import FIGURE_COLUMNS, UNDATED, Findings, Sheet
from careleavers.intake.reference import ReferenceData
from careleavers.wording.formats import day_text, join_words, period_text, plain_number

# A release that lacks more than one in this many authorities is taken for an extract.
_MOST_MISSING = 10


def read_release(
    sheet: Sheet, header: Header, reference: ReferenceData, findings: Findings
) -> tuple[pd.DataFrame, str, dict[str, object]]:
    """The figures of one of the department's releases, read as the importer reads them.

    A file that does not read as published gives no figure and one finding at the cell.

    Parameters
    ----------
    sheet
        The table.
    header
        Its header.
    reference
        What the importer needs, and the releases that are held.
    findings
        Gets what is wrong, cell by cell.

    Returns
    -------
    tuple[pandas.DataFrame, str, dict[str, object]]
        The figures (columns :data:`FIGURE_COLUMNS`), the layout, and what else there is to say: ``source`` and
        ``release`` by id; ``new_source``, a row of ``sources.csv``, where that release is not held yet; ``missing``,
        where its newest period lacks authorities or England: that period, the rule that says so and its words.
    """
    names = [" ".join(cell.split()).lower() for cell in header.cells]
    while names and not names[-1]:
        names.pop()
    report = FileReport(sheet.file_name, "")
    # Reading notes joint returns and parts of London in the areas, which others share.
    areas = reference.areas.copy()
    try:
        observations = read_figures(_table(sheet, header, names), reference.tables, areas, report)
    except DataProblem as problem:
        if other := _other_release(names, reference):
            findings.add("other_release", header.row, None, "", what=other)
        else:
            _note(problem, sheet, header, names, findings)
        return empty_figure_frame(), "", {}
    if report.not_existing:
        findings.add("not_existing", found=f"{report.not_existing:,} figures")
    about: dict[str, object] = {"source": report.source, "release": report.release}
    _note_future(observations, names, sheet, reference, findings)
    if findings.blocking:
        return observation_frame(observations), report.kind, about
    newest = max((release for source, release in reference.sources if source == report.source), default="")
    if (report.source, report.release) not in reference.sources:
        row = _new_source(reference.sources, report, sorted({each.period_end for each in observations}))
        about["new_source"] = row
        if report.release > newest:
            findings.add("new_release", source=row["title"], release=row["release"])
    if report.release < newest:
        title = reference.sources[report.source, newest]["title"]
        findings.add("older_release", source=title, release=report.release, newest=newest)
    if not observations:
        findings.add("no_rows")
    about["missing"] = _missing(observations, reference)
    return observation_frame(observations), report.kind, about


def _note_future(
    observations: list[Observation], names: list[str], sheet: Sheet, reference: ReferenceData, findings: Findings
) -> None:
    """Note the rows of years that are not over: nobody can have published a figure of them."""
    column = names.index("time_period")
    for line, day in dict.fromkeys(
        (each.line, each.period_end) for each in observations if each.period_end > reference.today
    ):
        cells = sheet.rows.at(line)
        findings.add("release_future", line, column, cells[column].strip(), day=period_text(day, "full_year"))


def _missing(observations: list[Observation], reference: ReferenceData) -> dict[str, Any]:
    """Which authorities, and whether England, are missing in the newest period of a file; empty where none is."""
    newest = max((each.period_end for each in observations), default=None)
    if newest is None:
        return {}
    there = {code for each in observations if each.period_end == newest for code in each.area_code.split(" / ")}
    expected = [a for a in reference.areas.authorities.values() if a.existed(newest)]
    missing = sorted(a.name for a in expected if a.code not in there)
    words = {"period": day_text(newest), "of": plain_number(len(expected))}
    if ENGLAND not in there or len(missing) * _MOST_MISSING > len(expected):
        parts = [f"{plain_number(len(missing))} of {plain_number(len(expected))} authorities"] if missing else []
        parts += ["England"] if ENGLAND not in there else []
        words["missing"] = f"{join_words(parts)} {'is' if parts == ['England'] else 'are'} missing"
        return {"rule": "extract", "period_end": newest, "words": words}
    if missing:
        words["missing"] = f"{join_words(missing)} {'is' if len(missing) == 1 else 'are'}"
        return {"rule": "authorities_missing", "period_end": newest, "words": words}
    return {}


def _table(sheet: Sheet, header: Header, names: list[str]) -> Table:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise DataProblem(sheet.file_name, f"the column “{name}” stands twice in the header", header.row, name)
    rows = []
    for line, cells in sheet.rows:
        if line <= header.row:
            continue
        if any(cell.strip() for cell in cells[len(names) :]):
            raise DataProblem(sheet.file_name, f"there are more cells than the header has ({len(names)})", line)
        padded = (*cells, *[""] * (len(names) - len(cells)))
        rows.append((line, dict(zip(names, (cell.strip() for cell in padded), strict=False))))
    return Table(sheet.file_name, tuple(names), tuple(rows))


def _other_release(names: list[str], reference: ReferenceData) -> str:
    """What to say of a file whose columns match no known layout, even nearly; empty for a known one."""
    columns = set(names)
    if "caseload_fte" in columns and any(name.endswith("_%") for name in names):
        return (
            "the social-work workforce in the layout of 2022 and before. The file that the department publishes now holds "
            "every year from 2017 on: upload that"
        )
    measures = {measure.value_column for measure in reference.tables.measures}
    near = any(len(set(each.columns) - columns) < 2 for each in reference.tables.layouts)
    if near or measures & columns or not set(WHERE) <= columns:
        return ""
    return "of something that no measure here shows (" + ", ".join(name for name in names if name not in WHERE) + ")"


def _note(problem: DataProblem, sheet: Sheet, header: Header, names: list[str], findings: Findings) -> None:
    line = problem.line if isinstance(problem.line, int) else header.row
    column = names.index(problem.column) if problem.column in names else None
    cells = sheet.rows.at(line)
    found = cells[column].strip() if column is not None and column < len(cells) else ""
    where = f"Row {line}" + (f", column {problem.column}" if problem.column else "")
    findings.add("release_problem", line, column, found, where=where, reason=problem.reason)


def _new_source(
    sources: Mapping[tuple[str, str], Mapping[str, str]], report: FileReport, days: list[dt.date]
) -> dict[str, str]:
    """The row of ``sources.csv`` of a release that is new, from that of the release before it."""
    before = max((key for key in sources if key[0] == report.source), key=lambda key: key[1])
    first, last = (days[0].year, days[-1].year) if days else (report.release, report.release)
    row = dict(sources[before])
    return row | {
        "release": report.release,
        "covers": f"Census of 30 September, each year from {first} to {last}"
        if report.source == "csww"
        else f"Years ending 31 March {first} to {last}",
        "published": UNDATED,
        "next_release": "",
        "due_by": "",
        "url": row["url"].replace(f"/{before[1]}", f"/{report.release}"),
    }


def observation_frame(observations: list[Observation]) -> pd.DataFrame:
    """Observations as the figures of a draft.

    Parameters
    ----------
    observations
        From the importer.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`FIGURE_COLUMNS`.
    """
    content: dict[str, list[object]] = {
        column: [getattr(each, column) for each in observations]
        for column in FIGURE_COLUMNS
        if column not in {"row", "target", "note"}
    }
    content["row"] = [each.line for each in observations]
    content["target"] = [None] * len(observations)
    content["note"] = [""] * len(observations)
    return figure_frame(content)
