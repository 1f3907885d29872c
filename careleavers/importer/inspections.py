"""Ofsted's spreadsheet of inspection outcomes, and a list compiled from its reports, to rows of ``inspections.csv``.

The list is a CSV with a row per authority (its latest full inspection): names, dates, five judgements and the address of
the report. It ranks below Ofsted's release: where a release has the inspection, the release wins. From April 2026 there
is no judgement of overall effectiveness.
"""

from __future__ import annotations

import datetime as dt
import re
from itertools import zip_longest
from pathlib import Path

from careleavers.errors import DataProblem
from careleavers.importer.areas import Areas
from careleavers.importer.files import Table, require_columns
from careleavers.importer.workbooks import open_published, sheet_rows

INSPECTION_COLUMNS = (
    "authority_code",
    "kind",
    "inspection_type",
    "inspection_date",
    "end_date",
    "publication_date",
    "overall_effectiveness",
    "leaders",
    "help_and_protection",
    "children_in_care",
    "care_leavers",
    "theme",
    "note",
    "source",
    "release",
    "report_url",
)
JUDGEMENTS = {
    "overall_effectiveness": "Overall effectiveness",
    "leaders": "The impact of leaders on social work practice with children and families",
    "help_and_protection": "The experiences and progress of children who need help and protection",
    "children_in_care": "The experiences and progress of children in care",
    "care_leavers": "The experiences and progress of care leavers",
}
GRADES = {"", "Outstanding", "Good", "Requires improvement to be good", "Inadequate"}
# The source of rows compiled from Ofsted's reports, and the columns by which that list is recognised.
COMPILED = "ofsted_reports"
COMPILED_COLUMNS = (
    "authority_code",
    "inspection_type",
    "start_date",
    "end_date",
    "publication_date",
    *JUDGEMENTS,
    "report_url",
)
# The only addresses that a page may link to.
REPORT_ADDRESS = re.compile(r"https://(files|reports)\.ofsted\.gov\.uk/[A-Za-z0-9/_.-]+")
_COMPILED_TYPES = {"standard": "ILACS Standard Inspection", "short": "ILACS Short Inspection"}
# Publications differ over the first day of an inspection by up to a few weeks.
_SAME_INSPECTION = dt.timedelta(days=31)
_TABLE_STARTS = 3
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_inspections(path: Path, areas: Areas) -> tuple[list[dict[str, str]], int, str]:
    """Full inspections since 2018 and the year's visits, each once, from Ofsted's spreadsheet.

    Parameters
    ----------
    path
        The .ods file.
    areas
        The authorities.

    Returns
    -------
    tuple[list[dict[str, str]], int, str]
        The rows (columns :data:`INSPECTION_COLUMNS`), how many were read, and the release: the year that the file
        covers to.

    Raises
    ------
    DataProblem
        An unknown authority or judgement, or a missing column.
    """
    name = f"{path.parent.name}/{path.name}"
    book = open_published(path.read_bytes(), name, "an OpenDocument spreadsheet")

    def sheet(start: str) -> tuple[str, list[tuple[int, dict[str, str]]]]:
        title = next((title for title in book.sheets if title.startswith(start)), None)
        if title is None:
            raise DataProblem(name, f"the sheet “{start}…” is missing")
        given = sheet_rows(book, title, name, lambda hidden: bool(hidden.count or hidden.columns))
        found = [(number, [cell.strip() for cell in cells]) for number, cells in given]
        header = next((cells for number, cells in found if number == _TABLE_STARTS), [])
        records = [
            (number, dict(zip_longest(header, cells[: len(header)], fillvalue="")))
            for number, cells in found
            if number > _TABLE_STARTS
        ]
        if not records:
            raise DataProblem(name, f"the sheet “{title}” has no rows under its header in row {_TABLE_STARTS}")
        return title, records

    rows: dict[tuple[str, str], dict[str, str]] = {}
    read, latest = 0, ""
    for title, records, kind_column, date_column in (
        (*sheet("ILACS_inspection_history"), "Inspection type", "Inspection date"),
        (*sheet("In-year_inspections"), "Inspection/Visit type", "Inspection/Visit date"),
    ):
        for number, record in records:
            line = f"{number} of sheet {title}"
            read += 1
            code = record.get("Local authority area code", "")
            authority = areas.by_any_code.get(code)
            if authority is None:
                raise DataProblem(name, f"“{code}” is not an authority", line, "Local authority area code")
            missing = [
                c for c in (kind_column, date_column, "Publication date", *JUDGEMENTS.values()) if c not in record
            ]
            if missing:
                raise DataProblem(name, f"the column “{missing[0]}” is missing", line)
            grades = {column: record[label] for column, label in JUDGEMENTS.items()}
            for column, grade in grades.items():
                if grade not in GRADES:
                    raise DataProblem(name, f"“{grade}” is not a judgement we know", line, JUDGEMENTS[column])
            visit_type, day = record[kind_column], record[date_column][:10]
            if not _DATE.fullmatch(day):
                raise DataProblem(name, f"“{day}” is not a date", line, date_column)
            latest = max(latest, day)
            rows.setdefault(
                (authority.code, day),
                {
                    "authority_code": authority.code,
                    "kind": "visit" if "visit" in visit_type.lower() else "full",
                    "inspection_type": visit_type,
                    "inspection_date": day,
                    "end_date": "",
                    "publication_date": record["Publication date"][:10],
                    **grades,
                    "theme": record.get("Visit Theme", ""),
                    "note": "",
                    "source": "ofsted",
                    "release": "",
                    "report_url": "",
                },
            )
    # The file of a year to 31 March is named for that year, whatever the month of its last visit.
    year = int(latest[:4]) + (latest[5:7] > "03")
    for row in rows.values():
        row["release"] = str(year)
    return list(rows.values()), read, str(year)


def read_compiled(table: Table, areas: Areas) -> tuple[list[dict[str, str]], str]:
    """Full inspections compiled from Ofsted's reports.

    Parameters
    ----------
    table
        Columns :data:`COMPILED_COLUMNS`.
    areas
        The authorities.

    Returns
    -------
    tuple[list[dict[str, str]], str]
        The rows, and their release: the year of the newest report.

    Raises
    ------
    DataProblem
        An unknown authority, type, date or judgement, or an address that is not Ofsted's own.
    """
    require_columns(table, COMPILED_COLUMNS)
    if not table.rows:
        raise DataProblem(table.name, "there are no rows under the header", 1)
    rows: list[dict[str, str]] = []
    for line, row in table.rows:
        authority = areas.by_any_code.get(row["authority_code"])
        if authority is None:
            raise DataProblem(table.name, f"“{row['authority_code']}” is not an authority", line, "authority_code")
        if row["inspection_type"] not in _COMPILED_TYPES:
            raise DataProblem(
                table.name, f"“{row['inspection_type']}” is not a kind of inspection we know", line, "inspection_type"
            )
        for column in ("start_date", "end_date", "publication_date"):
            if not _DATE.fullmatch(row[column]):
                raise DataProblem(table.name, f"“{row[column]}” is not a date like 2025-06-30", line, column)
        for column in JUDGEMENTS:
            if row[column] not in GRADES:
                raise DataProblem(table.name, f"“{row[column]}” is not a judgement we know", line, column)
        if not REPORT_ADDRESS.fullmatch(row["report_url"]):
            raise DataProblem(
                table.name, f"“{row['report_url']}” is not the address of a report of Ofsted's", line, "report_url"
            )
        rows.append(
            {
                "authority_code": authority.code,
                "kind": "full",
                "inspection_type": _COMPILED_TYPES[row["inspection_type"]],
                "inspection_date": row["start_date"],
                "end_date": row["end_date"],
                "publication_date": row["publication_date"],
                **{column: row[column] for column in JUDGEMENTS},
                "theme": "",
                "note": "",
                "source": COMPILED,
                "release": "",
                "report_url": row["report_url"],
            }
        )
    release = max(row["publication_date"] for row in rows)[:4]
    for compiled in rows:
        compiled["release"] = release
    return rows, release


def merge_inspections(released: list[dict[str, str]], compiled: list[dict[str, str]]) -> list[dict[str, str]]:
    """Both kinds of rows, each inspection once: what Ofsted's release says of one wins over what was compiled.

    Parameters
    ----------
    released
        From :func:`read_inspections`.
    compiled
        From :func:`read_compiled`.

    Returns
    -------
    list[dict[str, str]]
    """
    known: dict[str, list[dt.date]] = {}
    for row in released:
        if row["kind"] == "full":
            known.setdefault(row["authority_code"], []).append(dt.date.fromisoformat(row["inspection_date"]))
    return [
        *released,
        *(
            row
            for row in compiled
            if not any(
                abs(day - dt.date.fromisoformat(row["inspection_date"])) <= _SAME_INSPECTION
                for day in known.get(row["authority_code"], ())
            )
        ),
    ]


def with_local_events(rows: list[dict[str, str]], kept: Table | None) -> list[dict[str, str]]:
    """Ofsted's rows and the events kept by hand.

    Parameters
    ----------
    rows
        Ofsted's.
    kept
        ``inspections.csv`` as it is: rows of the source ``local`` are kept.

    Returns
    -------
    list[dict[str, str]]
        By authority and date.
    """
    local = [row for _, row in kept.rows if row["source"] == "local"] if kept else []
    return sorted(
        [*rows, *local],
        key=lambda row: (row["authority_code"], row["inspection_date"], row["inspection_type"]),
    )
