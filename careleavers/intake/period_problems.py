"""What to say of periods that cannot be read: a rule of the check report, and its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from careleavers.quarters import quarter_before, quarter_end
from careleavers.wording.formats import day_text, quarter_text

_HOW = "Write the quarter and its financial year, such as {example}."


@dataclass(frozen=True)
class PeriodProblem:
    """Why a period cannot be used: the id of the rule and its words."""

    rule: str
    words: Mapping[str, str] = field(default_factory=dict)


def missing_quarter(year: str, today: dt.date) -> PeriodProblem:
    """What to say of a row that has its year and not its quarter, in a table with a column for both.

    Parameters
    ----------
    year
        As written.
    today
        Gives the example in the hint.

    Returns
    -------
    Problem
    """
    return bad_period(
        "The year is there, its quarter is not.",
        today,
        f"Fill in the quarter; or write “Full year” there if {year} as a whole is meant.",
    )


def quarter_or_month(part: str, year: str, today: dt.date) -> PeriodProblem:
    """What to say of a number next to a year where the column does not say whether it counts quarters or months.

    Parameters
    ----------
    part
        The number, as written.
    year
        The year, as written.
    today
        Gives the example in the hint.

    Returns
    -------
    Problem
    """
    number = part.removesuffix(".0")
    hint = f"Call the column “Quarter” if it is one, or write {year} Q{number} as the period."
    if number not in {"1", "2", "3", "4"}:
        hint = f"Write the quarter by its number, as in {year} Q2, or its last month by its name."
    return bad_period(f"“{part}” of {year} could be a quarter or a month.", today, hint)


def conflicting_periods(one: str, other: str, today: dt.date) -> PeriodProblem:
    """What to say of a row that names two periods.

    Parameters
    ----------
    one
        The first, in words.
    other
        The second, in words.
    today
        Gives the example in the hint.

    Returns
    -------
    Problem
    """
    return bad_period(f"The cells of this row say {one} and {other}.", today, "Correct one of the two.")


def no_quarter_end(reason: str, day: dt.date) -> PeriodProblem:
    """What to say of a day or a month that ends no quarter.

    Parameters
    ----------
    reason
        A sentence.
    day
        A day in the quarter that is offered, with the one before it.

    Returns
    -------
    Problem
    """
    after = quarter_end(day)
    before = quarter_before(after)
    return PeriodProblem(
        "bad_period",
        {
            "reason": reason,
            "hint": f"The nearest are {quarter_text(before)} (to {day_text(before)}) and {quarter_text(after)} (to {day_text(after)}).",
        },
    )


def bad_period(reason: str, today: dt.date, hint: str = "") -> PeriodProblem:
    """What to say of a period that cannot be read.

    Parameters
    ----------
    reason
        A sentence.
    today
        Gives the example in the hint.
    hint
        What to do; empty for how to write a quarter.

    Returns
    -------
    Problem
    """
    # Most likely the last complete quarter is meant.
    example = quarter_text(quarter_before(quarter_end(today)))
    return PeriodProblem("bad_period", {"reason": reason, "hint": hint or _HOW.format(example=example)})
