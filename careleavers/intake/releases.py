"""The department's releases and the workforce census: read as the importer reads them, problems told cell by cell."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Mapping

import pandas as pd

from careleavers.errors import DataProblem
from careleavers.importer.figures import FileReport, Observation, read_figures
from careleavers.importer.files import Table
from careleavers.intake.frames import figure_frame, no_figures
from careleavers.intake.header import Header
from careleavers.intake.known import Known
from careleavers.intake.model import FIGURE_COLUMNS, Findings, Sheet


def read_release(
    sheet: Sheet, header: Header, known: Known, findings: Findings
) -> tuple[pd.DataFrame, str, dict[str, object]]:
    """The figures of a release (columns :data:`FIGURE_COLUMNS`), what layout it is, and what else there is to say of it.

    What else: ``source`` and ``release`` by id; ``new_source``, a row of ``sources.csv``, where that release is not held
    yet. A file that does not read as published gives no figure and one finding at the cell.
    """
    names = [" ".join(cell.split()).lower() for cell in header.cells]
    while names and not names[-1]:
        names.pop()
    report = FileReport(sheet.file_name, "")
    # Reading notes joint returns and parts of London in the list of areas: that of others must stay as it is.
    areas = copy.deepcopy(known.areas)
    try:
        observations = read_figures(_table(sheet, header, names), known.tables, areas, report)
    except DataProblem as problem:
        _note(problem, sheet, header, names, findings)
        return no_figures(), "", {}
    if report.not_existing:
        findings.add("not_existing", found=f"{report.not_existing:,} figures")
    about: dict[str, object] = {"source": report.source, "release": report.release}
    if (report.source, report.release) not in known.sources:
        row = _new_source(known.sources, report, sorted({each.period_end for each in observations}))
        about["new_source"] = row
        findings.add("new_release", source=row["title"], release=row["release"])
    if not observations:
        findings.add("no_rows")
    return observation_frame(observations), report.kind, about


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
        "published": "on a date that the file does not say",
        "next_release": "",
        "url": row["url"].replace(f"/{before[1]}", f"/{report.release}"),
    }


def observation_frame(observations: list[Observation]) -> pd.DataFrame:
    """Observations as the figures of a draft (columns :data:`FIGURE_COLUMNS`)."""
    content: dict[str, list[object]] = {
        column: [getattr(each, column) for each in observations]
        for column in FIGURE_COLUMNS
        if column not in {"row", "target", "note"}
    }
    content["row"] = [each.line for each in observations]
    content["target"] = [None] * len(observations)
    content["note"] = [""] * len(observations)
    return figure_frame(content)
