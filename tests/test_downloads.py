"""Tables that leave the product: complete, traceable, and nothing in them that a spreadsheet would run."""

import csv
import io
import json
import re

import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from careleavers.wording.exports import copied_line, csv_bytes, json_bytes, text_table, without_formula, xlsx_bytes

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
many = settings(max_examples=200, deadline=None)
texts = st.one_of(st.text(max_size=20), st.text(st.sampled_from("=+-@\t\r\n |%'\"0189.A(\x00\u00a0\ufeff"), max_size=8))


@many
@given(texts)
@example("=1+1")
@example("\x00=cmd|' /C calc'!A0")
@example("\n=1")
@example(" \t@SUM(A1)")
@example("-2+3")
@example("+44 20 7946 0000")
def test_no_cell_starts_like_a_formula_unless_it_is_a_number(text: str) -> None:
    out = without_formula(text)
    assert not out.lstrip().startswith(("=", "+", "-", "@")) or re.fullmatch(r"[+-]?\d+(\.\d+)?", out)
    assert not out.startswith("\t")
    assert "\r" not in out
    # Only control characters are lost; every kind of line end becomes one.
    kept = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", re.sub(r"\r\n?", "\n", text))
    assert out in (kept, "'" + kept)


@pytest.mark.parametrize("text", ["Leeds", "-5", "+5.25", "-0.5", "2025-03-31", "10%", "", "a=b", "Kingston-upon-Hull"])
def test_harmless_texts_and_numbers_stay_as_they_are(text: str) -> None:
    assert without_formula(text) == text


@pytest.mark.parametrize("value", [5, -5, 2.5, None, True])
def test_what_is_not_text_stays_as_it_is(value) -> None:
    assert without_formula(value) is value


FRAME = pd.DataFrame(
    {
        "authority_name": ["Leeds", '=HYPERLINK("x")', "Bournemouth, Christchurch and Poole"],
        "period_end": pd.to_datetime(["2025-03-31", "2025-03-31", None]),
        "rank": pd.array([135, None, 1], dtype="Int64"),
        "rank_tied": pd.array([False, None, True], dtype="boolean"),
        "value": [45.5, None, 100 / 3],
        "count": [273.0, -1.0, 0.0],
    }
)


def test_csv_cells() -> None:
    content = csv_bytes(FRAME, for_excel=False)
    assert b"\r" not in content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
    assert rows == [
        list(FRAME.columns),
        ["Leeds", "2025-03-31", "135", "false", "45.5", "273"],
        ['\'=HYPERLINK("x")', "2025-03-31", "", "", "", "-1"],
        ["Bournemouth, Christchurch and Poole", "", "1", "true", "33.33333333", "0"],
    ]


def test_csv_for_excel_carries_where_it_is_from_on_every_row() -> None:
    content = csv_bytes(FRAME, {"source": "Department for Education", "caveats": "=not run"})
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert {(row["source"], row["caveats"]) for row in rows} == {("Department for Education", "'=not run")}


def test_the_same_table_gives_the_same_bytes() -> None:
    assert csv_bytes(FRAME) == csv_bytes(FRAME.copy())
    assert json_bytes(FRAME) == json_bytes(FRAME.copy())


def test_json_has_null_for_what_is_missing() -> None:
    rows = json.loads(json_bytes(FRAME))
    assert rows[0] == {
        "authority_name": "Leeds", "period_end": "2025-03-31", "rank": 135, "rank_tied": False, "value": 45.5,
        "count": 273.0,
    }  # fmt: skip
    assert (rows[1]["rank"], rows[1]["value"], rows[2]["period_end"]) == (None, None, None)


@many
@given(st.lists(texts, min_size=1, max_size=4))
def test_any_text_survives_in_csv(words: list[str]) -> None:
    content = csv_bytes(pd.DataFrame({"word": words, "next": "x"}), for_excel=False).decode("utf-8")
    rows = list(csv.reader(io.StringIO(content, newline="")))[1:]
    assert rows == [[without_formula(word), "x"] for word in words]


def test_workbook_has_figures_and_what_they_are_about() -> None:
    content = xlsx_bytes(FRAME, {"Source": "Department for Education", "Caveats": "+1 is not run"}, "=Title")
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Figures", "About"]
    sheet = book["Figures"]
    assert [cell.value for cell in sheet[1]] == list(FRAME.columns)
    assert [cell.value for cell in sheet[2]] == ["Leeds", "2025-03-31", 135, "false", 45.5, 273]
    assert sheet["A3"].value == '\'=HYPERLINK("x")'
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:F4"
    about = {row[0].value: row[1].value for row in book["About"].iter_rows(min_row=2)}
    assert about == {"Source": "Department for Education", "Caveats": "'+1 is not run"}
    for page in book:
        for row in page.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


def test_workbook_of_no_rows() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(FRAME.head(0), {}, "Nothing")))
    assert book["Figures"].max_row == 1


def test_text_table_lines_up() -> None:
    lines = text_table(FRAME, ("rank", "authority_name")).splitlines()
    assert lines[0] == "rank  authority_name"
    assert lines[1] == "135   Leeds"
    assert not any(line != line.rstrip() for line in lines)


def test_a_copied_table_says_whose_it_is_of_when_and_from_where() -> None:
    about = {
        "Authority": "Kent",
        "Period": "Year to 31 March 2025",
        "Source": "Department",
        "Release": "2025",
        "Unit": "percent",
    }
    assert copied_line("Workforce", about) == "Kent. Workforce. Year to 31 March 2025. Source: Department. 2025."
    assert copied_line("Kent: headline figures", {"Authority": "Kent"}) == "Kent: headline figures."
