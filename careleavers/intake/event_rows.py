"""Inspections and visits that a council reports: the rows of an uploaded table of events."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from careleavers.importer.inspections import GRADES, INSPECTION_COLUMNS, JUDGEMENTS
from careleavers.intake.header import Header, need
from careleavers.intake.known import Known
from careleavers.intake.model import Findings, Sheet
from careleavers.intake.periods import read_day

_PLACES = ("authority_code", "department_code", "authority_name")
_REQUIRED = {"inspection_type", "inspection_date", "source"}
_DATES = ("inspection_date", "end_date", "publication_date")
_KINDS = ("full", "visit")
_LONGEST = 500
# Ofsted gives no judgement of overall effectiveness in inspections that begin on or after this day.
_NO_OVERALL = dt.date(2026, 4, 1)


def read_events(sheet: Sheet, header: Header, known: Known, findings: Findings) -> pd.DataFrame:
    """The events of a table: ``row``, then the columns of ``data/inspections.csv`` (dates as text), one row each.

    Authority, type, date and where the event is reported must be given. Where it is reported goes into the note; the
    source is ``local``. A row that has something to fix is left out. Adds to ``findings``.
    """
    if not any(name in header.columns for name in _PLACES):
        need(header, ["authority_code"], findings)
    need(header, sorted(_REQUIRED), findings)
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
        entry = _entry(line, given, header, known, findings)
        if entry is not None:
            rows.append({"row": line, **entry})
    if not any_row:
        findings.add("no_rows")
    return pd.DataFrame(rows, columns=["row", *INSPECTION_COLUMNS])


def _entry(line: int, given: dict[str, str], header: Header, known: Known, findings: Findings) -> dict[str, str] | None:
    wrong = False

    def note(rule: str, name: str, /, **words: str) -> None:
        nonlocal wrong
        wrong = True
        findings.add(rule, line, header.columns.get(name), given.get(name, ""), **words)

    code = ""
    place = next((name for name in _PLACES if given.get(name)), None)
    if place is None:
        note("missing_authority", next((name for name in _PLACES if name in header.columns), "authority_code"))
    else:
        found = known.gazetteer.find(given[place])
        if found.authority is None:
            note("unknown_authority", place, hint=found.hint)
        else:
            code = found.authority.code
            for name in _PLACES:
                other = known.gazetteer.contradicts(given[name], found.authority) if given.get(name) else None
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
        if given.get(name) and (day is None or not dt.date(2000, 1, 1) <= day <= known.today):
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
