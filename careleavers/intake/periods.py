"""Periods and bases as officers write them: quarters, quarter ends and whole financial years."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from careleavers.intake.period_patterns import (
    AS_AT,
    DASHES,
    DAY_PATTERNS,
    DAYS_SPAN,
    ENDING,
    MONTH,
    MONTH_OF_YEAR,
    MONTH_PATTERNS,
    MONTHS_BESIDE,
    NUMBER,
    ONE_YEAR,
    ONLY_QUARTER,
    ONLY_YEAR,
    ORDINAL_WORDS,
    ORDINALS,
    REVISED,
    SHORT_YEAR,
    SPAN,
    SPAN_OF_YEAR,
    TO_DATE,
    TO_DATE_AFTER,
    WHOLE,
    WHOLE_YEAR,
    WITH_YEAR,
    YEAR_TO,
)
from careleavers.intake.period_problems import PeriodProblem, bad_period, no_quarter_end
from careleavers.quarters import QUARTER_ENDS, end_of_quarter, financial_year_start, quarter_before, quarter_end
from careleavers.wording.formats import MONTHS, day_text, quarter_text

FIRST_YEAR, LAST_YEAR = 2000, 2099
# Day 0 of the numbers that a spreadsheet keeps dates as, and the span of them that is taken for a date (1982 to 2064).
_SERIAL_START = dt.date(1899, 12, 30)
_SERIALS = range(30_000, 60_001)
# No period is longer when written out, so a longer text is not searched.
LONGEST = 60


@dataclass(frozen=True)
class Period:
    """A period as written.

    Attributes
    ----------
    end
        Its last day.
    whole_year
        Whether it is a whole financial year.
    basis
        The basis that it names, '' where the words say nothing of it: "as at 30/09/2025" is a snapshot, "YTD Q2
        2025/26" a year to date.
    """

    end: dt.date
    whole_year: bool = False
    basis: str = ""


def read_period(text: str, today: dt.date) -> Period | PeriodProblem:
    """The period of a cell, or what is wrong with it.

    Parameters
    ----------
    text
        The cell: ``2025/26 Q2``, ``30/09/2025``.
    today
        A period may end no later than the quarter that this day falls in.

    Returns
    -------
    Period | Problem
    """
    if not text.strip():
        return PeriodProblem("missing_period")
    if len(text) > LONGEST:
        return bad_period("This is too long for a period.", today)
    found = _worded(DASHES.sub("-", " ".join(text.split())).lower(), today)
    present = quarter_end(today)
    if isinstance(found, Period) and found.end > present:
        return PeriodProblem("future_period", {"latest": quarter_text(present)})
    return found


def read_part_of_year(year: str, part: str, today: dt.date) -> Period | PeriodProblem:
    """The period that two cells say together: ``2025/26`` and ``Q2``.

    A cell that holds a whole period by itself must be of that year.

    Parameters
    ----------
    year
        The cell for the financial year.
    part
        The cell for the quarter, a month or the whole of it.
    today
        See :func:`read_period`.

    Returns
    -------
    Period | Problem
    """
    said = DASHES.sub("-", " ".join(part.split())).lower()
    if WHOLE_YEAR.fullmatch(said):
        return read_period(year, today)
    if match := re.fullmatch(r"([1-4])(?:\.0+)?", said):
        said = f"q{match[1]}"
    if not re.search(r"(?:19|20)\d\d|\d\d[/-]\d\d", said):
        if re.fullmatch(rf"(?:{MONTH})\.?", said) and _first_year(year) is None:
            return bad_period("A month next to one year could be in either of two financial years.", today)
        dated = read_period(part, today) if re.search(r"\d\d$", said) else None
        if not isinstance(dated, Period):
            return read_period(f"{said} {year}", today)
        # "Sep-25" next to the year has a year of its own.
        part = said
    found, first = read_period(part, today), _first_year(year)
    if isinstance(found, Period) and first is not None and financial_year_start(found.end) != first:
        return bad_period(f"{quarter_text(found.end)} is not in the year {year}.", today)
    return found


def _first_year(text: str) -> int | None:
    """The year in which a financial year began that a text names and nothing else."""
    said = DASHES.sub("-", " ".join(text.split())).lower()
    match = next((match for pattern in WHOLE if (match := pattern.fullmatch(said))), None)
    return _financial_year(match) if match else None


def read_day(text: str) -> dt.date | None:
    """The day of a cell, written day first, year first, with the month's name or as a spreadsheet's number.

    Parameters
    ----------
    text
        The cell.

    Returns
    -------
    dt.date or None
        None when it is no day.
    """
    said = " ".join(text.split()).lower()
    if len(said) > LONGEST:
        return None
    if (match := NUMBER.fullmatch(said)) and int(match[1]) in _SERIALS:
        return _SERIAL_START + dt.timedelta(days=int(match[1]))
    for pattern in DAY_PATTERNS:
        if match := pattern.fullmatch(said):
            year, month, day = _parts(match)
            try:
                return dt.date(year, month, day)
            except ValueError:
                return None
    return None


def _worded(text: str, today: dt.date) -> Period | PeriodProblem:
    """A period with words around it that say what kind of figure it is of, or with its months in brackets after it."""
    text = REVISED.sub("", text)
    text = ORDINALS.sub(lambda match: f"quarter {ORDINAL_WORDS[match[1] or match[2]]}", text)
    basis = ""
    if match := AS_AT.match(text):
        basis, text = "snapshot", text[match.end() :]
    elif match := TO_DATE.match(text) or TO_DATE_AFTER.search(text):
        basis, text = "year_to_date", (text[: match.start()] + text[match.end() :]).strip(" ,:;-")
    text = ENDING.sub("", text)
    if match := MONTHS_BESIDE.search(text):
        return _with_months(text, match, basis, today)
    found = _read(text, today)
    return dataclasses.replace(found, basis=basis) if basis and isinstance(found, Period) else found


def _with_months(text: str, match: re.Match[str], basis: str, today: dt.date) -> Period | PeriodProblem:
    """A quarter with its months in brackets after it, which must be those of the quarter."""
    bare = f"{text[: match.start()].strip()} {text[match.end() :].strip()}".strip(" ,")
    found = _read(bare, today)
    if isinstance(found, PeriodProblem):
        return found
    start, end = month_number(match["from"]), month_number(match["until"])
    last = found.end.month
    if found.whole_year or end != last or start not in (4, (last - 3) % 12 + 1):
        return bad_period("The quarter and the months next to it are not the same.", today)
    if start != (last - 3) % 12 + 1 and basis != "year_to_date":
        return bad_period(
            "The months are more than the quarter.",
            today,
            f"Write {quarter_text(found.end)} and the basis year_to_date.",
        )
    return dataclasses.replace(found, basis=basis)


def _read(text: str, today: dt.date) -> Period | PeriodProblem:
    for pattern in WITH_YEAR:
        if match := pattern.fullmatch(text):
            return _quarter(match, today)
    for pattern in WHOLE:
        if match := pattern.fullmatch(text):
            year = _financial_year(match)
            if year is not None:
                return _within(Period(dt.date(year + 1, 3, 31), whole_year=True), today)
            # 2025/09 and 09/2025 may still be months.
            if len(match["second"]) <= len(match["first"]) and int(match["second"]) > 12:
                return _no_financial_year(match, today)
    for pattern in ONE_YEAR:
        if match := pattern.fullmatch(text):
            return _two_quarters(match, today)
    for pattern in SHORT_YEAR:
        if match := pattern.fullmatch(text):
            return _either_quarter(match, today)
    if match := ONLY_YEAR.fullmatch(text):
        year = _four_digits(match["year"] or match["short"])
        return PeriodProblem(
            "ambiguous_period", {"one": f"{year - 1}/{year % 100:02}", "other": f"{year}/{(year + 1) % 100:02}"}
        )
    if match := ONLY_QUARTER.fullmatch(text):
        return bad_period("The quarter is there, its financial year is not.", today)
    if match := YEAR_TO.fullmatch(text):
        return _whole_year_to(match["rest"] or match["short"], today)
    if match := NUMBER.fullmatch(text):
        number = int(match[1])
        if number in _SERIALS:
            return _ending_quarter(_SERIAL_START + dt.timedelta(days=number))
        return bad_period("This is a number.", today)
    return _date(text, today)


def _quarter(match: re.Match[str], today: dt.date) -> Period | PeriodProblem:
    year, quarter = _financial_year(match), _quarter_number(match)
    if year is None:
        return _no_financial_year(match, today)
    if quarter is None:
        return bad_period("A year has quarters 1 to 4.", today)
    return _within(Period(end_of_quarter(year, quarter)), today)


def _no_financial_year(match: re.Match[str], today: dt.date) -> PeriodProblem:
    return bad_period(f"{match['first']} and {match['second']} do not make a financial year.", today)


def _within(period: Period, today: dt.date) -> Period | PeriodProblem:
    if FIRST_YEAR <= period.end.year <= LAST_YEAR:
        return period
    return bad_period(f"{period.end.year} is not a year that figures are held for.", today)


def _two_quarters(match: re.Match[str], today: dt.date) -> PeriodProblem:
    year, quarter = int(match["year"]), _quarter_number(match)
    if quarter is None:
        return bad_period("A year has quarters 1 to 4.", today)
    return _two_readings(year, quarter)


def _two_readings(year: int, quarter: int) -> PeriodProblem:
    """A quarter with one year, which may be that of the calendar or the one in which the financial year began."""
    calendar = dt.date(year, *QUARTER_ENDS[quarter - 1])
    return PeriodProblem(
        "ambiguous_period", {"one": quarter_text(end_of_quarter(year, quarter)), "other": quarter_text(calendar)}
    )


def _either_quarter(match: re.Match[str], today: dt.date) -> Period | PeriodProblem:
    """A quarter of a financial year that is named by one year: which of the two it is, unless one is yet to come."""
    quarter, year = _quarter_number(match), _four_digits(match["year"] or match["only"])
    if quarter is None:
        return bad_period("A year has quarters 1 to 4.", today)
    if match["only"]:
        return _two_readings(year, quarter)
    ends = [end_of_quarter(year - 1, quarter), end_of_quarter(year, quarter)]
    if ends[1] > quarter_end(today) >= ends[0]:
        return Period(ends[0])
    one, other = map(quarter_text, ends)
    return PeriodProblem("ambiguous_period", {"one": one, "other": other})


def _financial_year(match: re.Match[str]) -> int | None:
    """The year in which a financial year began; ``None`` when the two years do not follow each other."""
    first, second = _four_digits(match["first"]), match["second"]
    follows = int(second) == (first + 1 if len(second) == 4 else (first + 1) % 100)
    return first if follows else None


def _four_digits(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _quarter_number(match: re.Match[str]) -> int | None:
    number = int(match["quarter"] or match["ordinal"])
    return number if 1 <= number <= 4 else None


def _whole_year_to(text: str, today: dt.date) -> Period | PeriodProblem:
    found = _read(text, today)
    if isinstance(found, PeriodProblem):
        return found
    if found.whole_year or (found.end.month, found.end.day) == (3, 31):
        return Period(found.end, whole_year=True)
    return bad_period(
        f"A whole year ends on 31 March, not on {day_text(found.end)}.",
        today,
        hint=f"For the twelve months before it write {quarter_text(found.end)} and the basis rolling_12m.",
    )


def _date(text: str, today: dt.date) -> Period | PeriodProblem:
    if match := SPAN.fullmatch(text):
        return _span(match, today)
    if match := SPAN_OF_YEAR.fullmatch(text):
        return _span_of_year(match, today)
    if match := DAYS_SPAN.fullmatch(text):
        return _days_span(match, today)
    if match := MONTH_OF_YEAR.fullmatch(text):
        return _month_of_year(match, today)
    for pattern in DAY_PATTERNS:
        if match := pattern.fullmatch(text):
            year, month, day = _parts(match)
            try:
                found = dt.date(year, month, day)
            except ValueError:
                if month > 12 >= day:
                    return bad_period(
                        "Dates here have the day first.", today, "Write the day first, such as 30/09/2025."
                    )
                return bad_period("There is no such day.", today)
            if not FIRST_YEAR <= found.year <= LAST_YEAR:
                return bad_period(f"{found.year} is not a year that figures are held for.", today)
            return _ending_quarter(found)
    for pattern in MONTH_PATTERNS:
        if match := pattern.fullmatch(text):
            year, month, _ = _parts(match)
            if not 1 <= month <= 12:
                return bad_period(f"There is no month {month}.", today)
            if month % 3:
                return no_quarter_end(f"{MONTHS[month - 1]} {year} does not end a quarter.", dt.date(year, month, 15))
            return _within(Period(quarter_end(dt.date(year, month, 1))), today)
    if re.fullmatch(rf"(?:{MONTH})\.?(?:\s*(?:-|/|to)\s*(?:{MONTH})\.?)?", text):
        return bad_period("The month is there, its year is not.", today)
    if re.fullmatch(r"(?:h[12]|half[ -]?year)\b.*|.*\b(?:h[12]|half[ -]?year)|q1\s*(?:-|to|&|and)\s*q?[23]\b.*", text):
        return bad_period(
            "More than one quarter is named.",
            today,
            "Write the last quarter, such as 2025/26 Q2, and the basis year_to_date.",
        )
    return bad_period("It is neither.", today)


def _parts(match: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day of a date; day 1 where it has none."""
    words = match.groupdict()
    month = month_number(words["name"]) if words.get("name") else int(words["month"])
    return _four_digits(words["year"]), month, int(words.get("day") or 1)


def _span(match: re.Match[str], today: dt.date) -> Period | PeriodProblem:
    """A stretch of months: ``Jul-Sep 2025``, ``Apr 2025 to Mar 2026``."""
    start, end, year = month_number(match["start"]), month_number(match["end"]), _four_digits(match["year"])
    began = _four_digits(match["start_year"]) if match["start_year"] else year - (start > end)
    return _of_months((began, start), (year, end), today)


def _span_of_year(match: re.Match[str], today: dt.date) -> Period | PeriodProblem:
    """A stretch of months with its financial year: ``Jul-Sep 2025/26``."""
    year = _financial_year(match)
    if year is None:
        return _no_financial_year(match, today)
    start, end = month_number(match["start"]), month_number(match["end"])
    return _of_months((year + (start < 4), start), (year + (end < 4), end), today)


def _of_months(first: tuple[int, int], last: tuple[int, int], today: dt.date) -> Period | PeriodProblem:
    """The period of the months from one to another, each (year, month): one quarter or a whole financial year."""
    length = (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    end = quarter_end(dt.date(*last, 1))
    ends_quarter, from_april = last[1] % 3 == 0, first[1] == 4
    if ends_quarter and length == 3:
        return _within(Period(end), today)
    if from_april and length == 12:
        return _within(Period(end, whole_year=True), today)
    hint = (
        f"Write {quarter_text(end)} and the basis year_to_date."
        if ends_quarter and from_april and 0 < length < 12
        else ""
    )
    return bad_period("These months are not one quarter.", today, hint)


def _days_span(match: re.Match[str], today: dt.date) -> Period | PeriodProblem:
    """A stretch from one day to another: ``01/07/2025 - 30/09/2025``."""
    first, last = read_day(match["from"]), read_day(match["until"])
    if first is None and (short := re.fullmatch(rf"\d{{1,2}}(?:st|nd|rd|th)?\s*(?:{MONTH})", match["from"])) and last:
        first = read_day(f"{short[0]} {last.year}")
    if first is None or last is None:
        return bad_period("It is neither.", today)
    if last != quarter_end(last) or not FIRST_YEAR <= last.year <= LAST_YEAR:
        return _ending_quarter(last)
    before = quarter_before(last)
    if first == before + dt.timedelta(days=1):
        return Period(last)
    if (first.month, first.day, last.month) == (4, 1, 3) and last.year == first.year + 1:
        return Period(last, whole_year=True)
    basis = ""
    if (first.month, first.day) == (4, 1) and 0 < (last - first).days < 366:
        basis = "year_to_date"
    elif first == (last + dt.timedelta(days=1)).replace(year=last.year - (last.month != 12)):
        basis = "rolling_12m"
    hint = f"Write {quarter_text(last)} and the basis {basis}." if basis else ""
    return bad_period("These days are not one quarter.", today, hint)


def _month_of_year(match: re.Match[str], today: dt.date) -> Period | PeriodProblem:
    """A month with its financial year: ``Sep 2025/26`` is September 2025."""
    year = _financial_year(match)
    if year is None:
        return _no_financial_year(match, today)
    month = month_number(match["name"])
    day = dt.date(year + (month < 4), month, 15)
    if month % 3:
        return no_quarter_end(f"{MONTHS[month - 1]} {day.year} does not end a quarter.", day)
    return _within(Period(quarter_end(day)), today)


def _ending_quarter(day: dt.date) -> Period | PeriodProblem:
    if day == quarter_end(day):
        return Period(day)
    if day.day == 1 and day.month % 3 == 0:
        # This is what a spreadsheet makes of “Sep 2025”.
        return PeriodProblem(
            "bad_period",
            {
                "reason": f"{day_text(day)} does not end a quarter.",
                "hint": f"If {MONTHS[day.month - 1]} {day.year} was meant, and a spreadsheet made a day of it, write "
                f"{quarter_text(day)} as text.",
            },
        )
    return no_quarter_end(f"{day_text(day)} does not end a quarter.", day)


def month_number(name: str) -> int:
    """The number of a month from its name or the first three letters of it.

    Parameters
    ----------
    name
        In lower case.

    Returns
    -------
    int
        1 to 12.
    """
    return next(number for number, month in enumerate(MONTHS, start=1) if month.lower().startswith(name[:3]))
