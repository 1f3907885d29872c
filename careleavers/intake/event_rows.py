"""Inspections and visits that a council reports: the rows of an uploaded table of events."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from careleavers.importer.inspections import GRADES, INSPECTION_COLUMNS, JUDGEMENTS
from careleavers.intake.column_names import AUTHORITY_FIELDS
from careleavers.intake.header import Header, require_columns
from careleavers.intake.model import Findings, Sheet
from careleavers.intake.periods import read_day
from careleavers.intake.reference import ReferenceData

_REQUIRED = {"inspection_type", "inspection_date", "source"}
_DATES = ("inspection_date", "end_date", "publication_date")
_KINDS = ("full", "visit")
_LONGEST = 500
# Ofsted gives no judgement of overall effectiveness in inspections that begin on or after this day.
_NO_OVERALL = dt.date(2026, 4, 1)


def read_events(sheet: Sheet, header: Header, reference: ReferenceData, findings: Findings) -> pd.DataFrame:
    """The inspections and visits in a council's table.

    Authority, type, date and where the event is reported must be given; the last goes into the note. A row with
    something to fix is left out.

    Parameters
    ----------
    sheet
        The table.
    header
        Its header.
    reference
        The authorities there are, and the day after which nothing can have happened.
    findings
        Gets what is wrong, cell by cell.

    Returns
    -------
    pandas.DataFrame
        One row per event: ``row`` (in the spreadsheet), then the columns of ``data/inspections.csv``, dates as text;
        ``source`` is ``local``.
    """
    if not any(name in header.columns for name in AUTHORITY_FIELDS):
        require_columns(header, ["authority_code"], findings)
    require_columns(header, sorted(_REQUIRED), findings)
    rows: list[dict[str, object]] = []
    any_row = False
    for line, cells in sheet.rows:
        given = {
            name: " ".join(cells[column].split()) if column < len(cells) else ""
            for name, column in header.columns.items()
        }
        if line <= header.row or not any(given.values()):
            continue
        any_row = True
        entry = _entry(line, given, header, reference, findings)
        if entry is not None:
            rows.append({"row": line, **entry})
    if not any_row:
        findings.add("no_rows")
    return pd.DataFrame(rows, columns=["row", *INSPECTION_COLUMNS])


def _entry(
    line: int, given: dict[str, str], header: Header, reference: ReferenceData, findings: Findings
) -> dict[str, str] | None:
    wrong = False

    def note(rule: str, name: str, /, **words: str) -> None:
        nonlocal wrong
        wrong = True
        findings.add(rule, line, header.columns.get(name), given.get(name, ""), **words)

    code = ""
    place = next((name for name in AUTHORITY_FIELDS if given.get(name)), None)
    if place is None:
        note("missing_authority", next((name for name in AUTHORITY_FIELDS if name in header.columns), "authority_code"))
    else:
        found = reference.gazetteer.find(given[place])
        if found.authority is None:
            note("unknown_authority", place, hint=found.hint)
        else:
            code = found.authority.code
            for name in AUTHORITY_FIELDS:
                other = reference.gazetteer.contradicts(given[name], found.authority) if given.get(name) else None
                if other is not None:
                    words = {"code": given[place], "by_code": found.authority.name, "by_name": other.name}
                    note("code_and_name_differ", name, name=given[name], **words)
    for name in _REQUIRED:
        if name in header.columns and not given[name]:
            note("missing_text", name, name=name)
    for name, text in given.items():
        if len(text) > _LONGEST or not text.isprintable():
            note("bad_text", name, what=f"A text of up to {_LONGEST} characters, without control characters")
    dates = {}
    for name in _DATES:
        day = read_day(given.get(name, ""))
        if given.get(name) and (day is None or not dt.date(2000, 1, 1) <= day <= reference.today):
            note("bad_date", name)
        dates[name] = day.isoformat() if day else ""
    kind = given.get("kind", "").lower() or ("visit" if "visit" in given.get("inspection_type", "").lower() else "full")
    if kind not in _KINDS:
        note("bad_word", "kind", name="kind", choices=", ".join(_KINDS))
    grades = {grade.lower(): grade for grade in GRADES}
    judgements = {}
    for name in JUDGEMENTS:
        judged = grades.get(given.get(name, "").lower())
        if judged is None:
            note("bad_word", name, name=name, choices=", ".join(grade for grade in sorted(GRADES) if grade))
        judgements[name] = judged or ""
    if judgements["overall_effectiveness"] and dates["inspection_date"] >= _NO_OVERALL.isoformat():
        note("no_overall_judgement", "overall_effectiveness")
    if wrong or not header.columns.keys() >= _REQUIRED:
        return None
    said = re.sub(r"\.?$", ".", given["note"]) + " " if given.get("note") else ""
    return {
        "authority_code": code,
        "kind": kind,
        "inspection_type": given["inspection_type"],
        **dates,
        **judgements,
        "theme": given.get("theme", ""),
        "note": f"{said}Reported by the council: {given['source']}",
        "source": "local",
        "release": "",
        "report_url": "",
    }
