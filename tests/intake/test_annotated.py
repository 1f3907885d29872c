"""The officer's table returned with comments: every cell in place, every message in its row, and ready to upload again."""

import csv
import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careleavers.errors import Refused
from careleavers.intake.annotated import annotated
from careleavers.intake.model import Findings, Rule, Sheet
from careleavers.intake.sheets import read_sheet
from careleavers.spreadsheets.rows import Rows

RULES = {
    rule.id: rule
    for rule in (
        Rule("wrong", "must fix", "Not a number", "A number.", "Write a number."),
        Rule("jump", "please confirm", "A jump", "Near {was}.", "Say if it is right."),
        Rule("small", "for information", "Small", "Nothing.", "Nothing to do."),
        Rule("column", "must fix", "A column is missing", "A column “period”.", "Add it."),
    )
}
TABLE = 'Our council,\r\n\r\nauthority,value,note\r\nLeeds,x,"two\nlines"\r\n,,\r\nYork,=1+1,-\r\n'


def found(*noted: tuple) -> Findings:
    findings = Findings(RULES)
    for rule, row, column, text in noted:
        findings.add(rule, row, column, text, **({"was": "50%"} if rule == "jump" else {}))
    return findings


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_messages_stand_in_their_rows_most_severe_first() -> None:
    sheet = read_sheet(TABLE.encode(), "C:\\files\\Q2 figures.csv")
    content, name = annotated(
        sheet, found(("small", 4, 1, "x"), ("jump", 4, 1, "90%"), ("wrong", 4, 1, "x"), ("wrong", 6, None, "")), 3
    )
    rows = csv_rows(content)
    assert name == "Q2 figures-checked.csv"
    assert rows[0] == ["Our council", ""]
    assert rows[1] == rows[4] == []
    assert rows[2] == ["authority", "value", "note", "Messages"]
    assert rows[3] == ["Leeds", "x", "two\nlines", rows[3][3]]
    assert rows[3][3].split("\n") == [
        "Must fix: B4: Not a number. Found “x”. Expected: A number. Write a number.",
        "Please confirm: B4: A jump. Found “90%”. Expected: Near 50%. Say if it is right.",
        "For information: B4: Small. Found “x”. Expected: Nothing. Nothing to do.",
    ]
    assert rows[5][3] == "Must fix: Row 6: Not a number. Expected: A number. Write a number."
    assert len(rows) == 6


def test_what_is_said_of_the_whole_file_and_of_the_header_stands_in_the_first_row_under_it() -> None:
    sheet = read_sheet(TABLE.encode(), "a.csv")
    rows = csv_rows(annotated(sheet, found(("column", None, None, ""), ("wrong", 3, 1, "value")), 3)[0])
    assert rows[2][3] == "Messages"
    assert rows[3][3].split("\n") == [
        "Must fix: B3: Not a number. Found “value”. Expected: A number. Write a number.",
        "Must fix: The whole file: A column is missing. Expected: A column “period”. Add it.",
    ]
    headed = read_sheet(b"authority,value\n", "a.csv")
    assert csv_rows(annotated(headed, found(("column", None, None, "")), 1)[0])[1][2].startswith("Must fix: The whole")


def test_no_cell_of_the_checked_file_is_run_by_a_spreadsheet() -> None:
    text = '"=HYPERLINK(""x"")",b\n=1+1,@x\n'
    content, _ = annotated(read_sheet(text.encode(), "a.csv"), found(("wrong", 2, 0, "=1+1")), 1)
    for row in csv_rows(content):
        assert not any(cell.lstrip()[:1] in {"=", "@", "+", "-"} for cell in row if cell)


def test_checked_again_the_messages_are_new_and_the_table_is_the_same() -> None:
    first = read_sheet(TABLE.encode(), "a.csv")
    content, name = annotated(first, found(("wrong", 4, 1, "x")), 3)
    second = read_sheet(content, name)
    assert [(row, cells[:3]) for row, cells in second.rows if row > 1] == list(first.rows[1:])
    rows = csv_rows(annotated(second, found(("wrong", 6, 1, "=1+1")), 3)[0])
    assert rows[2] == ["authority", "value", "note", "Messages"]
    assert rows[3][3] == ""
    assert rows[5][3].startswith("Must fix: B6")


def test_a_row_with_very_much_to_say_says_how_much_is_left() -> None:
    sheet = read_sheet(b"authority,value\nLeeds,1\n", "a.csv")
    findings = found(*[("wrong", 2, 1, f"{number:>40}{'x' * 5000}") for number in range(800)])
    said = csv_rows(annotated(sheet, findings, 1)[0])[1][2]
    assert len(said) < 32_767
    lines = said.split("\n")
    assert lines[-1] == f"And {800 - len(lines) + 1} more messages; put these right first."


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Quarter 2"
    for row in (
        ["Our council"], [], ["authority", "share", "code", "day"], ["Leeds", 0.52, "007", dt.date(2025, 9, 30)],
        ["hidden", 1, "1", None], ["York", 12.5, "=1+1", None],
    ):  # fmt: skip
        sheet.append(row)
    sheet["B4"].number_format = "0%"
    sheet.row_dimensions[5].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_comes_back_as_a_workbook_with_its_cells_coloured() -> None:
    sheet = read_sheet(workbook(), "Q2.xlsx")
    content, name = annotated(sheet, found(("small", 4, 1, "0.52"), ("wrong", 4, 1, "0.52"), ("jump", 6, 0, "York")), 3)
    assert name == "Q2-checked.xlsx"
    written = openpyxl.load_workbook(io.BytesIO(content))["Quarter 2"]
    assert [cell.value for cell in written[3]] == ["authority", "share", "code", "day", "Messages"]
    assert [cell.value for cell in written[4]][:4] == ["Leeds", 0.52, "007", "2025-09-30"]
    assert written["E4"].value.startswith("Must fix: B4: Not a number.")
    assert [cell.value for cell in written[5]] == [None] * 5
    assert written["B4"].fill.fgColor.rgb == "00F9D5C2"
    assert written["A6"].fill.fgColor.rgb == "00FFF1C2"
    assert written["A4"].fill.fill_type is None
    assert {cell.data_type for row in written for cell in row} <= {"s", "n"}


def test_a_checked_workbook_is_read_as_the_table_that_it_was() -> None:
    first = read_sheet(workbook(), "Q2.xlsx")
    second = read_sheet(annotated(first, found(("wrong", 4, 1, "0.52")), 3)[0], "Q2-checked.xlsx")
    assert [(row, cells[:4]) for row, cells in second.rows] == [(row, cells[:4]) for row, cells in first.rows]
    assert second.percent == first.percent
    assert second.sheet == first.sheet


def test_names_that_a_workbook_or_a_folder_may_not_have() -> None:
    sheet = Sheet("../..", Rows.of([(1, ("a", "b"))]), "OpenDocument spreadsheet", "a/b[1]: " + "long" * 20)
    content, name = annotated(sheet, found(), 1)
    assert "/" not in name
    assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames[0]) <= 31


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(cells, max_size=4), min_size=1, max_size=5),
    st.lists(st.tuples(st.sampled_from(["wrong", "jump", "small"]), st.one_of(st.none(), st.integers(1, 9)), st.one_of(st.none(), st.integers(0, 5)), cells), max_size=6),
    st.integers(1, 5),
)  # fmt: skip
def test_whatever_stands_in_a_table_it_comes_back(rows: list[list[str]], noted: list[tuple], header_row: int) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    try:
        sheet = read_sheet(out.getvalue().encode(), "a.csv")
    except Refused:
        return
    noted = [(rule, row, column if row else None, text) for rule, row, column, text in noted]
    returned = csv_rows(annotated(sheet, found(*noted), header_row)[0])
    said = "\n".join(cell for row in returned for cell in row)
    for rule in {rule for rule, *_ in noted}:
        assert RULES[rule].fix in said
    book = Sheet("a.xlsx", sheet.rows, "Excel workbook", "Data")
    assert annotated(book, found(*noted), header_row)[0].startswith(b"PK")


@pytest.mark.parametrize("name", ["", "figures", "figures.tar.csv"])
def test_the_file_has_a_name(name: str) -> None:
    sheet = read_sheet(b"a,b\n1,2\n", name)
    assert annotated(sheet, found(), 1)[1] in {"upload-checked.csv", "figures-checked.csv", "figures.tar-checked.csv"}
