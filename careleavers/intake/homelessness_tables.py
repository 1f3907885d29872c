"""The ministry's quarterly homelessness workbook: of its forty sheets the one that is needed, read as the importer reads it."""

from __future__ import annotations

import hashlib
import re

from careleavers.errors import DataProblem
from careleavers.importer import homelessness
from careleavers.importer.figures import FileReport
from careleavers.intake.frames import empty_figure_frame
from careleavers.intake.model import UNDATED, Draft, Findings, Sheet
from careleavers.intake.reference import ReferenceData
from careleavers.intake.releases import observation_frame
from careleavers.intake.rules import RULES
from careleavers.settings import upload_bytes
from careleavers.spreadsheets.cells import HiddenCells, gather_rows
from careleavers.spreadsheets.opening import open_workbook
from careleavers.spreadsheets.rows import CellSet

_SHEET = re.compile(r"A3\b")
_TITLE = re.compile(r"Table A3\b.*(support needs|homeless)", re.IGNORECASE | re.DOTALL)


def read_homelessness(content: bytes, file_name: str, reference: ReferenceData) -> Draft | None:
    """The official quarter in a workbook that has the ministry's table A3.

    A table that does not read as published gives no figure and one finding at its row.

    Parameters
    ----------
    content
        The bytes of the file.
    file_name
        Its name, which says whether it is a revised one.
    reference
        What the importer needs to read it.

    Returns
    -------
    Draft or None
        None for every other file.

    Raises
    ------
    Refused
        The workbook cannot be opened safely.
    """
    if not content.startswith(b"PK") or len(content) > upload_bytes():
        return None
    book = open_workbook(content)
    title = next((name for name in book.sheets if _SHEET.match(name)), None)
    if title is None:
        return None
    rows = gather_rows(book.rows(title, CellSet(), HiddenCells()))
    beginning = " ".join(cell for _, cells in rows[:3] for cell in cells[:2])
    if not _TITLE.search(beginning):
        return None
    sheet = Sheet(file_name, rows, book.how, title, {"other sheet": len(book.sheets) - 1})
    findings = Findings(RULES)
    figures, about = empty_figure_frame(), dict[str, object]()
    report = FileReport(file_name, "homelessness", homelessness.SOURCE)
    try:
        quarter = homelessness.quarter_of(list(rows), title, file_name, reference.tables)
        found = homelessness.observations(quarter, reference.districts, reference.areas.copy(), report)
    except DataProblem as problem:
        row = re.match(r"\d+", str(problem.line or ""))
        line = int(row[0]) if row else 1
        findings.add("release_problem", line, None, "", where=f"Row {line}", reason=problem.reason)
    else:
        figures, about = observation_frame(found), {"source": report.source, "release": report.release}
        if (report.source, report.release) not in reference.sources:
            before = max(key for key in reference.sources if key[0] == report.source)
            source = dict(reference.sources[before]) | {
                "release": report.release,
                "covers": f"The quarter to {quarter.end:%B %Y}: support needs of households owed a homelessness duty (table A3)",
                "published": UNDATED,
                "next_release": "",
                "due_by": "",
            }
            about["new_source"] = source
            findings.add("new_release", source=source["title"], release=source["release"])
    return Draft(
        file_name, hashlib.sha256(content).hexdigest(), len(content), "release", "homelessness", sheet, 1,
        tuple(rows[0][1]) if len(rows) else (), {}, figures, findings, about=about,
    )  # fmt: skip
