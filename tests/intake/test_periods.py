"""Periods and bases as officers write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.intake.basis import BASES, basis_conflict, read_basis
from careleavers.intake.period_problems import PeriodProblem
from careleavers.intake.periods import Period, read_day, read_period
from careleavers.quarters import quarter_end
from careleavers.wording.formats import day_text, quarter_text

TODAY = dt.date(2025, 11, 21)
JUNE, SEPTEMBER = dt.date(2025, 6, 30), dt.date(2025, 9, 30)


def ends(text: str) -> dt.date:
    found = read_period(text, TODAY)
    assert isinstance(found, Period), (text, found)
    return found.end


def problem(text: str, today: dt.date = TODAY) -> tuple[str, str]:
    found = read_period(text, today)
    assert isinstance(found, PeriodProblem), (text, found)
    return found.rule, " ".join(found.words.values())


@pytest.mark.parametrize(
    "text",
    [
        "2025/26 Q2", "2025/26Q2", "2025-26 Q2", "2025–26 Q2", "Q2 2025-26", "Q2 25/26", "Q2 2025/26", "202526 Q2",
        "2025/2026 Q2", "2025-26 Quarter 2", "Quarter 2 2025-26", "Qtr 2, 2025/26", "2nd quarter 2025/26",
        "Q2 of 2025/26", "q2 fy25/26", "30/09/2025", "30.09.2025", "30-09-2025", "30/9/25", "2025-09-30",
        "2025-09-30 00:00:00", "2025-09-30T00:00:00", "20250930", "30 September 2025", "30th September 2025",
        "30 Sept. 2025", "30-Sep-25", "September 30, 2025", "Sep 2025", "Sept 2025", "Sep-25", "SEPTEMBER 2025", "2025-09",
        "2025/09", "202509", "09/2025", "Jul-Sep 2025", "July to September 2025", "Jul – Sep 25", "45930", "45930.0",
        "  2025/26\u00a0Q2 ", "Q2 (Jul-Sep) 2025/26", "2025/26 Q2 (July to September)", "Q2 2025/26 (provisional)", "2025/26 Q2 (p)",
        "01/07/2025 - 30/09/2025", "01/07/2025-30/09/2025", "1 July 2025 to 30 September 2025", "1 July to 30 September 2025",
        "quarter ending 30/09/2025", "QE 30/09/2025", "Jul-Sep 2025/26", "Sep 2025/26",
        "Quarter Two 2025/26", "second quarter 2025/26", "2025\u201126 Q2", "Q2 FY26",
    ],
)  # fmt: skip
def test_one_quarter_in_many_hands(text: str) -> None:
    assert read_period(text, TODAY) == Period(SEPTEMBER)


@pytest.mark.parametrize(
    "text",
    ["2024/25", "2024-25", "2024-2025", "24/25", "202425", "FY2024/25", "year to 31 March 2025", "Year ending March 2025",
     "year ended 31/03/2025", "YE Mar 2025", "12 months to 2025-03-31", "April 2024 to March 2025", "Apr-Mar 2025"],
)  # fmt: skip
def test_one_year_in_many_hands(text: str) -> None:
    assert read_period(text, TODAY) == Period(dt.date(2025, 3, 31), whole_year=True)


def test_the_last_quarter_ends_in_the_second_year() -> None:
    assert ends("2024/25 Q4") == dt.date(2025, 3, 31)
    assert ends("2024/25 Q3") == dt.date(2024, 12, 31)
    assert ends("1999/00 Q4") == dt.date(2000, 3, 31)
    assert ends("Jan-Mar 2025") == dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        ("2024 Q1", "2024/25 Q1", "2023/24 Q4"),
        ("Q2 2025", "2025/26 Q2", "2025/26 Q1"),
        ("2024Q4", "2024/25 Q4", "2024/25 Q3"),
        ("2025", "2024/25", "2025/26"),
    ],
)
def test_a_quarter_of_a_bare_year_is_asked_about(text: str, one: str, other: str) -> None:
    assert read_period(text, TODAY) == PeriodProblem("ambiguous_period", {"one": one, "other": other})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("15/09/2025", "nearest are 2025/26 Q1 (to 30 June 2025) and 2025/26 Q2 (to 30 September 2025)"),
        ("Aug 2025", "nearest are 2025/26 Q1 (to 30 June 2025) and 2025/26 Q2 (to 30 September 2025)"),
        ("01/01/2025", "nearest are 2024/25 Q3 (to 31 December 2024) and 2024/25 Q4 (to 31 March 2025)"),
        ("45931", "1 October 2025 does not end a quarter"),
        ("2025-09-01", "write 2025/26 Q2 as text"),
        ("09/30/2025", "day first"),
        ("31/06/2025", "no such day"),
        ("2025/27", "2025 and 27 do not make a financial year"),
        ("2025/27 Q1", "2025 and 27 do not make a financial year"),
        ("2025/26 Q5", "quarters 1 to 4"),
        ("2025 Q0", "quarters 1 to 4"),
        ("Q2", "its financial year is not"),
        ("1925/26", "1926 is not a year"),
        ("30/09/1925", "1925 is not a year"),
        ("Apr-Sep 2025", "2025/26 Q2 and the basis year_to_date"),
        ("Aug-Oct 2025", "not one quarter"),
        ("year to 30 September 2025", "basis rolling_12m"),
        ("13/2025", "no month 13"),
        ("12345", "number"),
        ("rubbish", "such as 2025/26 Q2"),
        ("x" * 5000, "too long"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_write(text: str, said: str) -> None:
    rule, words = problem(text)
    assert rule == "bad_period"
    assert said in words


def test_no_period_is_not_a_bad_one() -> None:
    assert problem("  ")[0] == "missing_period"


def test_the_quarter_that_is_running_is_the_last() -> None:
    assert ends("2025/26 Q3") == dt.date(2025, 12, 31)
    assert problem("2025/26 Q4") == ("future_period", "2025/26 Q3")
    assert problem("2025/26")[0] == problem("31/03/2026")[0] == problem("2031/32 Q1")[0] == "future_period"
    assert ends("2024/25") == dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("quarter", "quarter"), ("Quarterly", "quarter"), ("year to date", "year_to_date"), ("YTD", "year_to_date"),
        ("Cumulative", "year_to_date"), ("rolling 12 months", "rolling_12m"), ("Rolling_12m", "rolling_12m"),
        ("12-month rolling", "rolling_12m"), ("snapshot", "snapshot"), ("As at", "snapshot"), ("full year", "full_year"),
        ("annual", "full_year"), ("sometimes", None), ("", None),
    ],
)  # fmt: skip
def test_bases(text: str, basis: str | None) -> None:
    assert read_basis(text) == basis


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("As at 30/09/2025", "snapshot"), ("Position as at 30 September 2025", "snapshot"), ("YTD Q2 2025/26", "year_to_date"),
        ("Q2 2025/26 cumulative", "year_to_date"), ("2025/26 Q2", ""), ("quarter to September 2025", ""),
    ],
)  # fmt: skip
def test_what_the_words_of_a_period_say_of_its_basis(text: str, basis: str) -> None:
    found = read_period(text, TODAY)
    assert isinstance(found, Period)
    assert (found.end, found.basis) == (SEPTEMBER, basis)


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("2025/26 Q2 (Apr-Jun)", "bad_period", "not the same"), ("2025/26 Q2 (Apr-Sep)", "bad_period", "year_to_date"),
        ("01/04/2025 - 30/09/2025", "bad_period", "year_to_date"), ("01/10/2024 - 30/09/2025", "bad_period", "rolling_12m"),
        ("01/07/2025 - 31/08/2025", "bad_period", "does not end a quarter"), ("Apr-Sep 2025/26", "bad_period", "year_to_date"),
        ("Q2 FY25", "ambiguous_period", "2024/25 Q2 2025/26 Q2"), ("Q2-25", "ambiguous_period", "2025/26 Q2 2025/26 Q1"),
        ("FY25", "ambiguous_period", "2024/25 2025/26"), ("Aug 2025/26", "bad_period", "does not end a quarter"),
    ],
)  # fmt: skip
def test_more_that_is_asked(text: str, rule: str, said: str) -> None:
    found, words = problem(text)
    assert found == rule
    assert said in words


def test_every_basis_reads_as_itself() -> None:
    assert [read_basis(basis) for basis in BASES] == list(BASES)


def test_period_and_basis_must_go_together() -> None:
    year, quarter, last = Period(dt.date(2025, 3, 31), whole_year=True), Period(SEPTEMBER), Period(dt.date(2025, 3, 31))
    assert basis_conflict(year, "quarter") is not None
    assert basis_conflict(quarter, "full_year") is not None
    for basis in ("full_year", "year_to_date", "rolling_12m", "snapshot"):
        assert basis_conflict(year, basis) is None
        assert basis_conflict(last, basis) is None
    for basis in ("quarter", "year_to_date", "rolling_12m", "snapshot"):
        assert basis_conflict(quarter, basis) is None


@pytest.mark.parametrize(
    "text", ["03/09/2025", "2025-09-03", "3 September 2025", "3-Sep-25", "45903", "2025-09-03 00:00:00"]
)
def test_a_day_that_need_not_end_anything(text: str) -> None:
    assert read_day(text) == dt.date(2025, 9, 3)


@pytest.mark.parametrize("text", ["", "09/30/2025", "2025", "soon", "0000-01-01", "9" * 100])
def test_no_day(text: str) -> None:
    assert read_day(text) is None


@given(st.dates(dt.date(2000, 1, 1), dt.date(2025, 12, 31)))
def test_every_quarter_end_reads_back_however_it_is_written(day: dt.date) -> None:
    end = quarter_end(day)
    assert end - dt.timedelta(days=92) < day <= end
    for text in (
        quarter_text(end),
        end.isoformat(),
        f"{end:%d/%m/%Y}",
        day_text(end),
        f"{end:%b %Y}",
        f"{end:%d-%b-%y}",
    ):
        assert ends(text) == end
    if day != end:
        assert problem(f"{day:%d/%m/%Y}")[0] == "bad_period"


@given(st.text(alphabet="0123456789/-. Qqtoyearsepfy–'\u00a0٣²", max_size=24) | st.text(max_size=70))
def test_any_text_is_a_period_or_a_problem(text: str) -> None:
    found = read_period(text, TODAY)
    if isinstance(found, Period):
        assert found.end == quarter_end(found.end) <= quarter_end(TODAY)
        assert found.end.year >= 2000
        assert not found.whole_year or found.end.month == 3
    else:
        assert found.rule in {"missing_period", "bad_period", "ambiguous_period", "future_period"}
    assert read_basis(text) in {None, *BASES}
    read_day(text)
