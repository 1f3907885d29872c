"""The quarters of a financial year: Q1 is April to June, Q4 January to March."""

from __future__ import annotations

import datetime as dt

# Month and day on which the quarters of a calendar year end.
QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def financial_year_start(day: dt.date) -> int:
    """The year in which the financial year began that a day is in: 2025 for 31 March 2026.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    int
    """
    return day.year - (day.month < 4)


def financial_year(day: dt.date) -> str:
    """The financial year that a day is in: ``2025/26``.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    str
    """
    first = financial_year_start(day)
    return f"{first}/{(first + 1) % 100:02}"


def quarter_end(day: dt.date) -> dt.date:
    """The last day of the quarter that a day falls in.

    Parameters
    ----------
    day
        The day.

    Returns
    -------
    dt.date
    """
    month, last = QUARTER_ENDS[(day.month - 1) // 3]
    return dt.date(day.year, month, last)


def quarter_before(end: dt.date) -> dt.date:
    """The last day of the quarter before another.

    Parameters
    ----------
    end
        The last day of the other.

    Returns
    -------
    dt.date
    """
    return end.replace(month=end.month - 2, day=1) - dt.timedelta(days=1)


def end_of_quarter(year: int, quarter: int) -> dt.date:
    """The last day of a quarter of a financial year.

    Parameters
    ----------
    year
        The year in which the financial year began.
    quarter
        1 (April to June) to 4.

    Returns
    -------
    dt.date
    """
    month, last = QUARTER_ENDS[quarter % 4]
    return dt.date(year + (quarter == 4), month, last)
