"""Numbers, marks and age groups as officers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.intake.values import (
    EMPTY,
    LARGEST,
    as_whole_number,
    has_decimal_comma,
    read_age_group,
    read_number,
    read_target,
)
from careleavers.wording.status import STATUSES


@pytest.mark.parametrize(
    ("text", "number", "decimals"),
    [
        ("52", 52, 0), (" 52 ", 52, 0), ("52.0", 52, 1), ("52.38", 52.38, 2), ("1,234", 1234, 0), ("1 234", 1234, 0),
        ("1\u00a0234", 1234, 0), ("1\u202f234,", None, 0), ("1,234,567.5", 1234567.5, 1), (".5", 0.5, 1), ("5.", 5, 0),
        ("0", 0, 0), ("-0", 0, 0), ("007", 7, 0), ("1e-05", 1e-05, 0),
    ],
)  # fmt: skip
def test_numbers(text: str, number: float | None, decimals: int) -> None:
    found = read_number(text)
    assert found.number == number
    if number is not None:
        assert (found.decimals, found.percent, found.mark, found.wrong) == (decimals, False, "", "")


@pytest.mark.parametrize(("text", "number", "decimals"), [("52%", 52, 0), ("52.0 %", 52, 1), ("52.0\u00a0%", 52, 1)])
def test_percent_signs(text: str, number: float, decimals: int) -> None:
    found = read_number(text)
    assert (found.number, found.decimals, found.percent) == (number, decimals, True)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("c", "c"), ("C", "c"), ("*", "c"), ("[c]", "c"), ("[ c ]", "c"), ("suppressed", "c"), ("<5", "c"), ("< 6", "c"),
        ("<=5", "c"), ("≤5", "c"), ("fewer than 6", "c"), ("x", "x"), ("[x]", "x"), ("..", "x"), (":", "x"), ("-", "x"),
        ("–", "x"), ("−", "x"), ("z", "z"), ("[z]", "z"), ("N/A", "z"), ("n/a", "z"), (".", "z"), ("k", "k"), ("low", "low"),
        ("[low]", "low"), ("~", "low"), ("<1%", "low"), ("u", "u"), ("[u]", "u"),
    ],
)  # fmt: skip
def test_marks(text: str, mark: str) -> None:
    found = read_number(text)
    assert (found.mark, found.number, found.wrong) == (mark, None, "")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("-5", "negative"), ("−5", "negative"), ("–5", "negative"), ("(5)", "negative"), ("-5%", "negative"),
        ("five", "not_a_number"), ("12,5", "not_a_number"), ("1,23", "not_a_number"), ("1 23", "not_a_number"),
        ("#N/A", "not_a_number"), ("#REF!", "not_a_number"), ("5*", "not_a_number"), ("5 of 10", "not_a_number"),
        ("٣", "not_a_number"), ("²", "not_a_number"), ("inf", "not_a_number"), ("nan", "not_a_number"),
        ("0x10", "not_a_number"), ("1_000", "not_a_number"), ("--5", "negative"), ("%", "not_a_number"),
        ("1000000000", "too_large"), ("1e300", "too_large"), ("9" * 400, "too_large"),
        ("273\n600", "not_a_number"), ("273  600", "not_a_number"), ("273\t600", "not_a_number"), ("1'273", "not_a_number"),
        ("1.012,5", "not_a_number"), ("0,5", "not_a_number"), ("２７３", "not_a_number"), ("273¹", "not_a_number"),
        ("ok", "not_a_number"), ("missing", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_number(text: str, wrong: str) -> None:
    assert read_number(text).wrong == wrong


def test_an_empty_cell_is_nothing() -> None:
    assert read_number("") is EMPTY
    assert read_number(" \u00a0\t").blank
    assert not read_number("0").blank


def test_a_lookup_that_failed_is_not_a_mark() -> None:
    assert read_number("#N/A").mark == ""


@pytest.mark.parametrize(
    ("text", "comma", "point"),
    [("1,273", True, False), ("1.273", False, True), ("1,273,000", False, False), ("1,273.5", False, False), ("0.125", False, False)],
)  # fmt: skip
def test_a_sign_before_three_digits_is_marked(text: str, comma: bool, point: bool) -> None:
    found = read_number(text)
    assert (found.comma, found.point) == (comma, point)


@pytest.mark.parametrize("text", ["45,5", "0,125", "1.012,5", "1.012.345,5", "45,25%", "12345,678"])
def test_a_decimal_comma(text: str) -> None:
    assert has_decimal_comma(text)


@pytest.mark.parametrize("text", ["1,273", "1,273.5", "1,273,000", "45.5", "17, 18", "a, b", ""])
def test_no_decimal_comma(text: str) -> None:
    assert not has_decimal_comma(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("55", 55), ("≥55%", 55), (">= 55%", 55), ("55%+", 55), ("at least 55", 55), ("90% or more", 90), ("<10", 10), ("≤ 5%", 5),
        ("min 60", 60), ("up to 16", 16), ("90-95%", None), ("high", None), ("c", None),
    ],
)  # fmt: skip
def test_targets(text: str, number: float | None) -> None:
    found = read_target(text)
    if text == "c":
        assert found is not None
    assert (found.number if found else None) == number


@pytest.mark.parametrize("text", ["TBC", "n/a", "-", "Not set", "Monitor only", "x"])
def test_no_target(text: str) -> None:
    assert read_target(text) is None


def test_errors_of_formulas() -> None:
    assert all(read_number(text).error for text in ("#DIV/0!", "#N/A", "#value!"))
    assert not read_number("five").error


def test_whole() -> None:
    assert as_whole_number(3.0000000001) == 3
    assert as_whole_number(2.9999999999) == 3
    assert as_whole_number(3.5) is None


@pytest.mark.parametrize(
    ("text", "age_group"),
    [
        ("17-18", "17-18"), ("17–18", "17-18"), ("17 to 18", "17-18"), ("17 - 18", "17-18"), ("17/18", "17-18"),
        ("Aged 17 to 18", "17-18"), ("17 to 18 years", "17-18"), ("17-18 year olds", "17-18"), ("17 and 18", "17-18"),
        ("18", "18"), ("18.0", "18"), ("Aged 22", "22"), ("22 years", "22"), ("all", "all"), ("All ages", "all"),
        ("17&18", "17-18"), ("17+18", "17-18"), ("19, 20 and 21", "19-21"), ("19 & 20", "19-20"), ("19/20/21", "19-21"),
        ("17 or 18", "17-18"), ("19yrs-21yrs", "19-21"), ("19\u201121", "19-21"), ("19 and 21", ""), ("19/21", ""), ("21 & 19", ""),
        ("Total", "all"), ("", ""), ("18+", ""), ("over 18", ""), ("17-Aug", ""), ("17-18-19", ""),
    ],
)  # fmt: skip
def test_age_groups(text: str, age_group: str) -> None:
    assert read_age_group(text) == age_group


@given(st.integers(0, 10**9 - 1), st.integers(0, 4))
def test_a_number_reads_back_however_it_is_written(number: int, decimals: int) -> None:
    for text in (f"{number:,}", str(number), f" {number} ", f"{number:,}".replace(",", " "), f"{number:.{decimals}f}"):
        assert read_number(text).number == number
    assert read_number(f"{number / 16:.{decimals}f}%").number == float(f"{number / 16:.{decimals}f}")
    if number:
        assert read_number(f"-{number}").wrong == "negative"


@given(st.text(max_size=30) | st.text(alphabet="0123456789.,-−()[]%<~* eE\u00a0", max_size=12))
def test_any_cell_is_a_number_a_mark_wrong_or_empty(text: str) -> None:
    found = read_number(text)
    assert [found.number is not None, bool(found.mark), bool(found.wrong), found.blank].count(True) == 1
    if found.number is not None:
        assert 0 <= found.number < LARGEST
    assert found.mark == "" or found.mark in set(STATUSES) - {"ok", "missing"}
    assert found.wrong in {"", "not_a_number", "negative", "too_large"}
    read_age_group(text)
