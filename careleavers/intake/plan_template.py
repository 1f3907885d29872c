"""The template of an improvement plan, as CSV and as a workbook, and a worked example of one.

The example is of the City of London: what its committees were told in June 2017 of the six recommendations of the inspection that was
published in September 2016, and the three areas for improvement of Ofsted's visit about care leavers in October 2018. The words
are this product's own; owners, dates, actions and recommendations are made up where no public paper says them, and the guide says so.
"""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from careleavers.intake.plan import EXAMPLE_SHEET, GUIDE_SHEET, PLAN_COLUMNS, PLAN_SHAPE
from careleavers.wording.exports import csv_bytes, without_formula

# What to write in each column.
GUIDE: dict[str, str] = {
    "action_id": "A number or short name that the action keeps in every version: its history is found by it.",
    "inspection": "Where it comes from: “Inspection, September 2016”, or “Scrutiny committee, March 2026” for a recommendation of "
    "your own members. Actions with the same words can be shown together.",
    "recommendation": "What Ofsted, or scrutiny, recommended.",
    "action": "What the council does about it: its answer.",
    "owner": "Who answers for it: a post rather than a name.",
    "original_due": "The date that was agreed at first, such as 30/09/2026.",
    "due": "The date that holds now. Leave it empty if there is none yet.",
    "rag": "red: stuck. amber: more work is needed, or there is a problem that can be resolved. green: in progress, with nothing in the "
    "way. complete. awaiting sign-off: done, and not yet agreed to be.",
    "submitted_to_ofsted": "yes for the actions of the plan that was sent to Ofsted (the grey rows of many plans), else no.",
    "impact_measure": "How anybody would know that it helped.",
    "baseline": "Where that stood when the action began.",
    "target": "Where it should get to.",
    "current": "Where it stands now.",
    "evidence": "What shows it: an audit, a survey, a figure.",
    "assured_by": "Who has checked that.",
    "progress": "What has been done, and what is in the way. Members read this.",
    "as_at": "The day up to which the row tells how things stand; not in the future.",
    "indicator": "If the action is meant to move a figure of this dashboard: its id and ages, such as eet 19-21. May be empty.",
}
ABOUT_EXAMPLE = (
    "An illustration, made after public papers of the City of London of 2017 and 2018. Owners, dates, some of the actions and the third to "
    "sixth recommendations are made up: it is not that council’s plan."
)
_REPORT, _VISIT = "Inspection, published September 2016", "Visit about care leavers, October 2018"
_CHILDREN = "Head of children’s social care"
_SUPERVISION = "Give social workers supervision that always reflects and analyses, with clear oversight by managers"


def _then(number: int, recommendation: str, action: str, **more: str) -> dict[str, str]:
    return {
        "action_id": f"2016-{number}", "inspection": _REPORT, "recommendation": recommendation, "action": action,
        "owner": _CHILDREN, "original_due": "31/03/2017", "due": "31/03/2017", "rag": "complete", "submitted_to_ofsted": "yes",
        "assured_by": "Safeguarding sub-committee", "as_at": "30/06/2017",
    } | more  # fmt: skip


def _visit(number: int, recommendation: str, action: str, measure: str) -> dict[str, str]:
    return {
        "action_id": f"2018-{number}", "inspection": _VISIT, "recommendation": recommendation, "action": action, "owner": _CHILDREN,
        "original_due": "31/03/2019", "due": "31/03/2019", "rag": "green", "submitted_to_ofsted": "no", "impact_measure": measure,
        "progress": "In progress, with nothing in the way.", "as_at": "25/10/2018",
    }  # fmt: skip


_ACHIEVED = {"progress": "Achieved."}
EXAMPLE: tuple[dict[str, str], ...] = (
    _then(1, "Give members more ways to meet children in care and care leavers",
          "Invite members to the children in care council and to go along with the teams", **_ACHIEVED),
    _then(2, "See that partners keep good records of children’s health and education",
          "Agree with the health provider that records are audited every six months", **_ACHIEVED),
    _then(3, "Give every young person who leaves care their health history, and explain it",
          "Agree with the health provider who prepares each history and by when", **_ACHIEVED),
    _then(4, "See that each plan says what is to change, by when, and who answers for it",
          "Revise the form of plans, and audit a sample every quarter", **_ACHIEVED),
    _then(5, "Keep a chronology of each case that somebody new to it can follow",
          "Set a standard for chronologies, and train the teams in it", **_ACHIEVED),
    _then(6, "Make assessments in early help as thorough as those that the law requires",
          "Discuss a sample of early-help assessments with each team every quarter", **_ACHIEVED),
    _then(7, "Further work", "Design the form for assessments in early help anew", due="30/09/2017", rag="amber", submitted_to_ofsted="no",
          progress="The new form is being designed; more work is needed before it can be used."),
    _then(8, "Further work", "Bring the chronology of each case up to date every three months", due="30/09/2017", rag="amber",
          submitted_to_ofsted="no", impact_measure="Share of cases whose chronology is up to date", target="100%",
          current="Just over half", evidence="Audit of cases", progress="Just over half of the cases are up to date."),
    _visit(1, "Say more clearly in risk assessments what will be done to meet and reduce each risk",
           "Revise the form for risk assessments, and audit how it is used",
           "Share of audited assessments that say how each risk is reduced"),
    _visit(2, "Show plainly, and every time, how young people had a part in their pathway plans",
           "Write pathway plans together with young people, and record what they said",
           "Share of pathway plans that show the young person’s part") | {"indicator": "in_touch 19-21"},
    _visit(3, _SUPERVISION, "Agree a standard for supervision, and audit records against it",
           "Share of audited records that meet the standard"),
)  # fmt: skip


def example_frame() -> pd.DataFrame:
    """The worked example, one row per action, in the columns of the template; all of it is text."""
    return pd.DataFrame(
        [{name: row.get(name, "") for name in PLAN_COLUMNS} for row in EXAMPLE], columns=list(PLAN_COLUMNS), dtype=str
    )


def example_csv() -> bytes:
    """The worked example as CSV that Excel opens, and that can be uploaded as it is."""
    return csv_bytes(example_frame())


def template_csv() -> bytes:
    """The empty template as CSV: a header."""
    return csv_bytes(example_frame().head(0))


def template_xlsx() -> bytes:
    """The template as a workbook: a sheet to fill in with lists to choose from, what each column is for, and the example."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.remove(book.worksheets[0])
    names = list(PLAN_COLUMNS)

    def sheet_of(title: str, rows: list[list[str]], header: list[str], widths: list[int]) -> Any:
        sheet = book.create_sheet(title)
        sheet.append(header)
        for row in rows:
            sheet.append([without_formula(cell) or None for cell in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for line in sheet.iter_rows():
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        for place, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.freeze_panes = "B2"
        return sheet

    widths = [
        42 if name in {"recommendation", "action", "evidence", "progress", "impact_measure"} else 16 for name in names
    ]
    plan = sheet_of(PLAN_SHAPE.sheet, [], names, widths)
    for name, words in (("rag", "red,amber,green,complete,awaiting sign-off"), ("submitted_to_ofsted", "yes,no")):
        letter = get_column_letter(names.index(name) + 1)
        check = DataValidation(
            type="list", formula1=f'"{words}"', allow_blank=True, errorTitle="One of these", error=words
        )
        check.add(f"{letter}2:{letter}{PLAN_SHAPE.most + 1}")
        plan.add_data_validation(check)
    for name in ("original_due", "due", "as_at"):
        plan.column_dimensions[get_column_letter(names.index(name) + 1)].number_format = "dd/mm/yyyy"
    sheet_of(
        GUIDE_SHEET,
        [*([name, GUIDE[name]] for name in names), ["Worked example", ABOUT_EXAMPLE]],
        ["Column", "What to write"],
        [24, 110],
    )
    sheet_of(EXAMPLE_SHEET, example_frame().to_numpy().tolist(), names, widths)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
