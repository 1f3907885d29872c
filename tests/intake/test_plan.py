"""An improvement plan read from an officer's file: what is understood, what is asked, and what is refused."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.errors import Refused
from careleavers.intake.annotated import annotated
from careleavers.intake.plan import PLAN_COLUMNS, RAG_CODES, PlanDraft, rag_code, read_date, read_plan
from careleavers.intake.plan_template import example_csv, template_csv, template_xlsx
from careleavers.intake.reference import ReferenceData
from careleavers.intake.report import report_frame
from careleavers.intake.small_counts import HiddenCounts

TODAY = dt.date(2026, 7, 14)
ACTION = {"action_id": "1", "action": "Offer a mentor", "owner": "Head of service", "due": "30/09/2026", "rag": "amber"}
Read = Callable[..., PlanDraft]


def as_csv(*rows: dict[str, Any], header: list[str] | None = None) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header or list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture(scope="module")
def read(known: ReferenceData) -> Read:
    def read_rows(*rows: dict[str, Any], content: bytes = b"", name: str = "plan.csv") -> PlanDraft:
        return read_plan(content or as_csv(*rows), name, known, today=TODAY, places=["Leeds", "City of London"])

    return read_rows


def found(draft: PlanDraft) -> dict[str, list[str]]:
    """The cells of each rule that found something."""
    cells: dict[str, list[str]] = {}
    for finding in draft.findings:
        cells.setdefault(finding.rule.id, []).extend(finding.cells)
    return cells


def test_the_worked_example_of_the_city_of_london(read: Read) -> None:
    draft = read(content=example_csv(), name="city.csv")
    assert found(draft) == {}
    rags = {action["action_id"]: action["rag"] for action in draft.actions}
    assert [rags[f"2016-{number}"] for number in range(1, 7)] == ["complete"] * 6
    ambers = [action for action in draft.actions if action["rag"] == "amber"]
    assert [action["action_id"] for action in ambers] == ["2016-7", "2016-8"]
    assert "early help" in ambers[0]["action"]
    assert "every three months" in ambers[1]["action"]
    assert ambers[1]["current"] == "Just over half"
    visit = [action for action in draft.actions if action["inspection"].endswith("October 2018")]
    assert len(visit) == 3
    assert (visit[1]["indicator"], visit[1]["age_group"]) == ("in_touch", "19-21")
    assert draft.as_at == dt.date(2018, 10, 25)
    assert len(draft.actions) == 11


def test_the_template_is_read_back_and_explains_every_column(read: Read) -> None:
    for content in (template_csv(), template_xlsx()):
        draft = read(content=content, name="template.xlsx")
        assert list(found(draft)) == ["no_table_rows"]
        assert list(draft.table.columns) == list(PLAN_COLUMNS)


def test_a_filled_in_workbook_is_read_from_its_sheet_alone(read: Read) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(template_xlsx()))
    sheet = book["Improvement plan"]
    names = list(PLAN_COLUMNS)
    for name, value in (ACTION | {"due": dt.date(2026, 9, 30)}).items():
        sheet.cell(2, names.index(name) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    draft = read(content=out.getvalue(), name="plan.xlsx")
    assert found(draft) == {}
    assert [(action["due"], action["rag"]) for action in draft.actions] == [("2026-09-30", "amber")]


def test_a_plan_as_councils_keep_it(read: Read) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import PatternFill

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Leeds: improvement plan after the inspection of July 2025"])
    sheet.append([])
    sheet.append(["Ref", "Recommendation", "Action", "Lead", "Deadline", "RAG", "Update"])
    sheet.append(
        [1, "Improve pathway plans", "Audit plans", "Head of service", dt.date(2026, 9, 30), "Amber", "24 of 51 done"]
    )
    sheet.append([2, None, "Train advisers", "Head of service", dt.date(2026, 3, 31), "G", None])
    sheet.append([3, "Housing", "Agree a protocol", "Housing", dt.date(2026, 1, 31), None, None])
    sheet.merge_cells("A1:G1")
    sheet.merge_cells("B4:B5")
    sheet["F6"].fill = PatternFill("solid", fgColor="FFFF0000")
    out = io.BytesIO()
    book.save(out)
    draft = read(content=out.getvalue(), name="plan.xlsx")
    # One recommendation stands beside two actions; a colour is no status.
    assert [action["recommendation"] for action in draft.actions] == ["Improve pathway plans"] * 2
    assert found(draft) == {"merged_cells": ["B4"], "rag_missing": ["F6"]}
    assert "the colour of a cell is not read" in report_frame(draft.findings)["expected"].iloc[0]


def test_an_opendocument_plan(read: Read) -> None:
    rows = [
        ["1", "Audit plans", dt.date(2026, 9, 30), "Amber", dt.date(2026, 6, 30)],
        ["2", "Train advisers", dt.date(2026, 2, 28), "Blue", None],
    ]
    out = io.BytesIO()
    pd.DataFrame(rows, columns=["Ref", "Action", "Deadline", "RAG", "as_at"]).to_excel(out, engine="odf", index=False)
    draft = read(content=out.getvalue(), name="plan.ods")
    assert [(action["due"], action["as_at"]) for action in draft.actions] == [("2026-09-30", "2026-06-30")]
    assert found(draft) == {"rag_unknown": ["D3"]}


def test_exact_counts_behind_rounded_figures_are_asked_about(known: ReferenceData) -> None:
    hidden = HiddenCounts({("eet", "19-21"): frozenset({24, 51})}, frozenset({(24, 51)}))
    rows = [
        ACTION | {"progress": "24 of 51 are in work", "indicator": ""},
        ACTION | {"action_id": "2", "progress": "Of 51 we met most", "indicator": "eet 19-21"},
        ACTION | {"action_id": "3", "progress": "51 advisers were trained", "indicator": ""},
    ]
    draft = read_plan(as_csv(*rows), "plan.csv", known, today=TODAY, hidden=hidden)
    assert found(draft) == {"exact_count": ["F2", "F3"]}


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("plan.xlsx", b"PK\x03\x04junk", "cannot be read"),
        ("quarter.csv", b"indicator,age_group,period,numerator\neet,19-21,2025/26 Q2,24\n", "No header was found"),
        (
            "plan.csv",
            b"Ref,Action,Due,RAG,Child ID,Date of birth\n1,a,30/09/2026,Green,1,2\n",
            "individual young people",
        ),
    ],
)
def test_other_files_are_refused_in_words(read: Read, name: str, content: bytes, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read(content=content, name=name)


def test_titles_other_names_and_other_ways_to_write(read: Read) -> None:
    text = (
        "Children's services,,,,\nImprovement plan as at June,,,,\n,,,,\n"
        "Ref,What we will do,Lead officer,BY WHEN,Rag Rating,Team\n7,Offer a mentor,Head of service,30 Sept 2026,On Track,X\n"
    )
    draft = read(content=text.encode())
    (action,) = draft.actions
    assert (action["action_id"], action["due"], action["rag"]) == ("7", "2026-09-30", "green")
    assert found(draft) == {"column_not_used": ["F4"]}


@pytest.mark.parametrize(
    ("written", "code"),
    [("Red", "red"), ("R", "red"), ("AMBER", "amber"), ("on track", "green"), ("Completed", "complete"),
     ("Awaiting sign-off", "awaiting_sign_off"), ("awaiting_sign_off", "awaiting_sign_off"), ("blue", ""), ("grey", ""), ("12", "")],
)  # fmt: skip
def test_words_of_status(written: str, code: str) -> None:
    assert rag_code(written) == code


def test_a_word_that_may_mean_two_things_is_asked_about_at_its_cell(read: Read) -> None:
    draft = read(ACTION | {"rag": "Blue"}, ACTION | {"action_id": "2", "rag": "grey"})
    assert found(draft) == {"rag_unknown": ["E2", "E3"]}
    table = report_frame(draft.findings)
    assert "complete or awaiting sign-off?" in table["expected"].iloc[0]
    assert "submitted_to_ofsted" in table["expected"].iloc[1]
    assert draft.actions == ()


@pytest.mark.parametrize(
    ("changes", "rule", "cell"),
    [
        ({"due": "31/02/2026"}, "date_unread", "D2"),
        ({"due": "soon"}, "date_unread", "D2"),
        ({"due": "September 2026"}, "month_read", "D2"),
        ({"due": ""}, "no_due_date", "D2"),
        ({"due": "TBC"}, "no_due_date", "D2"),
        ({"action": ""}, "missing_text", "B2"),
        ({"original_due": "31/12/2026"}, "due_before_original", "D2"),
        ({"as_at": "15/07/2026"}, "as_at_to_come", "F2"),
        ({"submitted_to_ofsted": "perhaps"}, "not_yes_or_no", "F2"),
        ({"indicator": "eats"}, "indicator_unknown", "F2"),
        ({"indicator": "eet 30"}, "age_unknown", "F2"),
        ({"progress": "Two young people have moved"}, "small_count", "F2"),
        ({"evidence": "Audit: 3 of 7 plans"}, "small_count", "F2"),
        ({"progress": "Spoke with Jordan Miller"}, "personal_name", "F2"),
        ({"progress": "Ask ann@example.org"}, "personal_text", "F2"),
        ({"evidence": "born 12/03/2008"}, "personal_text", "F2"),
        ({"progress": "x" * 2001}, "bad_text", "F2"),
    ],
)  # fmt: skip
def test_each_rule_names_its_cell(read: Read, changes: dict[str, str], rule: str, cell: str) -> None:
    assert found(read(ACTION | changes)) == {rule: [cell]}


@pytest.mark.parametrize(
    "changes",
    [
        {"progress": "73% of care leavers aged 19 to 21 are in touch, up 5 points in three months"},
        {"current": "118 of 150 young people"},
        {"owner": "Priya Shah, director"},
        {"due": "", "rag": "complete"},
        {"submitted_to_ofsted": "Y"},
        {"inspection": "Inspection of 20 September 2016"},
        {"indicator": "In touch with the council (17 to 18)"},
    ],
)
def test_what_nothing_is_said_about(read: Read, changes: dict[str, str]) -> None:
    draft = read(ACTION | changes)
    assert found(draft) == {}
    assert len(draft.actions) == 1


def test_the_day_of_an_inspection_is_no_birthday(read: Read) -> None:
    (action,) = read(ACTION | {"inspection": "Inspection of 20/09/2016"}).actions
    assert action["inspection"] == "Inspection of September 2016"


def test_two_actions_with_one_number(read: Read) -> None:
    assert found(read(ACTION | {"action_id": "A1"}, ACTION | {"action_id": "a1"})) == {"same_action": ["A3"]}


def test_a_missing_column_and_one_that_is_there_twice(read: Read) -> None:
    assert found(read({"action_id": "1", "action": "x", "rag": "red"}))["missing_column"] == ["row 1"]
    draft = read(content=b"action_id,action,due,deadline,rag\n1,x,30/09/2026,,red\n")
    assert found(draft) == {"duplicate_column": ["D1"]}


@pytest.mark.parametrize("column", ["Name", "DOB", "child_id", "Surname", "NHS number"])
def test_a_file_about_young_people_is_refused_unread(read: Read, column: str) -> None:
    with pytest.raises(Refused, match="individual young people"):
        read(ACTION | {column: "x"})


def test_what_is_no_plan_or_too_long_is_refused(read: Read) -> None:
    with pytest.raises(Refused, match="No header"):
        read(content=b"a,b\n1,2\n")
    with pytest.raises(Refused, match="501 actions"):
        read(*(ACTION | {"action_id": str(number)} for number in range(501)))


def test_the_file_comes_back_with_its_messages(read: Read) -> None:
    draft = read(ACTION | {"rag": "blue", "progress": "=1+1"})
    content, name = annotated(draft.table.sheet, draft.findings, draft.table.header_row)
    assert name == "plan-checked.csv"
    assert "A status that is not one of the five" in content.decode()
    assert "'=1+1" in content.decode()


def test_months_and_days() -> None:
    assert read_date("Feb 2028") == (dt.date(2028, 2, 29), True)
    assert read_date("December 2026") == (dt.date(2026, 12, 31), True)
    assert read_date("2026-09-30") == (dt.date(2026, 9, 30), False)
    assert read_date("30/09/26") == (dt.date(2026, 9, 30), False)
    assert read_date("next year") == (None, False)


cells = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
rows = st.fixed_dictionaries(
    {
        "action_id": cells,
        "action": cells,
        "due": cells | st.dates().map(str),
        "rag": cells | st.sampled_from(RAG_CODES),
    },
    optional=dict.fromkeys(("progress", "as_at", "original_due", "indicator", "submitted_to_ofsted"), cells),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(rows, min_size=1, max_size=4))
def test_whatever_is_in_the_cells_a_row_is_read_whole_or_named(
    known: ReferenceData, given_rows: list[dict[str, str]]
) -> None:
    content = as_csv(*given_rows)
    try:
        draft = read_plan(content, "plan.csv", known, today=TODAY)
    except Refused as refusal:
        assert str(refusal)
        return
    assert len(draft.actions) <= len(draft.table.rows)
    wrong = {row for row, _ in draft.findings.cells("must fix")}
    if not draft.findings.blocking:
        assert len(draft.actions) == len(draft.table.rows)
    # Whatever was left out is named.
    assert len(draft.table.rows) - len(draft.actions) <= len(wrong)
    for action in draft.actions:
        assert set(action) == {*PLAN_COLUMNS, "age_group"}
        assert action["rag"] in RAG_CODES
        assert all(not action[name] or dt.date.fromisoformat(action[name]) for name in ("due", "as_at", "original_due"))
        assert all(text.isprintable() for text in action.values())
    assert read_date("30th September 2026") == (dt.date(2026, 9, 30), False)
    assert read_date("09/2026") == (dt.date(2026, 9, 30), True)
    assert read_date("13/2026") == (None, False)
