"""Uploaded words are shown as they are: nothing in them is a link, a heading, a picture or a formula anywhere."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.wording.exports import csv_bytes, without_formula, xlsx_bytes
from careleavers.wording.uploaded_text import inert, inert_frame

LINKS = re.compile(r"\]\(|://|www\.|<|>|`|\*|~|\$|\||\\|@", re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    [
        "[sign in again](https://evil.example/login)", "## Session ended", "<a href='https://evil.example'>here</a>",
        "![x](https://evil.example/x.png)", "**urgent**", "__urgent__", "_urgent_", "~~gone~~", "$x^2$", ":red[stop]",
        ":material/warning: stop", "https://evil.example", "WWW.evil.example", "jo@evil.example", "- item", "1. item",
        "> quote", "`code`", "a | b", "<b>bold</b>", "<script>alert(1)</script>", "![x][y]", "+ item", "---",
    ],
)  # fmt: skip
def test_nothing_is_left_that_means_anything(text: str) -> None:
    shown = inert(text)
    assert not LINKS.search(shown)
    assert not re.match(r"\s*(#|[-+] |\d+[.)] |--)", shown)
    assert not re.search(r":[A-Za-z]|\[|\]|(?<!\w)_|_(?!\w)", shown)
    # The visible text is unchanged.
    said = shown.replace("(at)", "").replace("USD", "")
    assert re.sub(r"[^a-z]", "", said.lower()) == re.sub(r"[^a-z]", "", text.lower())


@given(st.text(max_size=400))
def test_of_any_text(text: str) -> None:
    shown = inert(text)
    assert not LINKS.search(shown)
    assert "\n" not in shown
    assert inert(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Care leavers with driving lessons", "A council's own measure: another council may count it differently.",
        "{value} of young people (17–18)", "Children & families, 10:30; in_touch", "Letter of 14 November 2025", "50% or £3.20",
    ],
)  # fmt: skip
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def test_numbers_and_gaps_of_a_frame_stay() -> None:
    frame = pd.DataFrame({"a": ["<b>", None, pd.NA], "n": [1, 2, 3], "d": pd.to_datetime(["2025-01-01"] * 3)})
    shown = inert_frame(frame)
    assert shown["a"].tolist()[0] == "‹b›"
    assert shown["a"].isna().tolist() == [False, True, True]
    assert shown[["n", "d"]].equals(frame[["n", "d"]])
    assert inert_frame(frame.head(0)).empty


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1", "＠SUM(A1)", "%0A"])
def test_a_formula_is_none_in_a_cell_nor_in_a_heading(text: str) -> None:
    frame = pd.DataFrame({text: [text]})
    lines = csv_bytes(frame, {text: text}).decode("utf-8-sig").splitlines()
    assert all(cell.strip('"').startswith("'") for line in lines for cell in line.split(","))
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(frame, {text: text}, text)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) == 5
    assert all(cell.data_type == "s" and str(cell.value).startswith("'") for cell in cells)
    assert without_formula("-3.5") == "-3.5"
