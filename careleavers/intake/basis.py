"""The basis of a figure, which is the time that it covers: a quarter, a year to date, a day, a whole year."""

from __future__ import annotations

import re

from careleavers.intake.period_problems import PeriodProblem
from careleavers.intake.periods import Period
from careleavers.wording.formats import quarter_text

# The bases that the template offers, and the other words that are understood for each.
BASES = ("quarter", "year_to_date", "rolling_12m", "snapshot", "full_year")
_BASIS_WORDS = {
    "quarter": "quarter", "quarterly": "quarter", "inquarter": "quarter", "quarteronly": "quarter",
    "discretequarter": "quarter", "singlequarter": "quarter", "forthequarter": "quarter", "qtr": "quarter",
    "yeartodate": "year_to_date", "ytd": "year_to_date", "cumulative": "year_to_date", "cumulativeytd": "year_to_date",
    "cumulativeyeartodate": "year_to_date", "yearsofar": "year_to_date", "fytd": "year_to_date",
    "rolling12m": "rolling_12m", "rolling12months": "rolling_12m", "rolling12month": "rolling_12m",
    "rollingyear": "rolling_12m", "12monthrolling": "rolling_12m", "12monthsrolling": "rolling_12m",
    "rollingtwelvemonths": "rolling_12m", "last12months": "rolling_12m", "rolling": "rolling_12m",
    "12mrolling": "rolling_12m", "rolling12mth": "rolling_12m", "rolling12mths": "rolling_12m",
    "snapshot": "snapshot", "asat": "snapshot", "pointintime": "snapshot", "atperiodend": "snapshot",
    "atquarterend": "snapshot", "atendofperiod": "snapshot", "atendofquarter": "snapshot", "onday": "snapshot",
    "ontheday": "snapshot", "periodend": "snapshot", "quarterend": "snapshot",
    "fullyear": "full_year", "wholeyear": "full_year", "annual": "full_year", "annually": "full_year",
    "year": "full_year", "yearly": "full_year", "financialyear": "full_year", "fullfinancialyear": "full_year",
    "yearend": "full_year", "outturn": "full_year",
}  # fmt: skip


def basis_of_title(text: str) -> str:
    """The basis that a title above a table names: ``All figures are cumulative``.

    Parameters
    ----------
    text
        One cell above the header.

    Returns
    -------
    str
        ``year_to_date`` or ``rolling_12m``; "" where it names none.
    """
    said = text.lower()
    if len(said) > 300 or re.search(r"\b(?:not|non)[- ]cumulative\b", said):
        return ""
    if re.search(r"\bcumulative\b|\byear[- ]to[- ]date\b|\bytd\b", said):
        return "year_to_date"
    return "rolling_12m" if re.search(r"\brolling (?:12|twelve)\b|\brolling year\b", said) else ""


def read_basis(text: str) -> str | None:
    """The basis that a cell names, in any of the usual words.

    Parameters
    ----------
    text
        The cell: ``YTD``, ``in quarter``.

    Returns
    -------
    str or None
        One of :data:`BASES`; None when it names none.
    """
    return _BASIS_WORDS.get(re.sub(r"[^a-z0-9]", "", text.lower()))


def basis_conflict(period: Period, basis: str) -> PeriodProblem | None:
    """What is wrong with a figure of this basis for this period: a quarter of a whole year, a year up to September.

    Parameters
    ----------
    period
        As read.
    basis
        One of :data:`BASES`.

    Returns
    -------
    Problem or None
        The rule ``basis_does_not_fit`` and its words; None where the two go together.
    """
    label = f"{period.end.year - 1}/{period.end.year % 100:02}"
    if period.whole_year and basis == "quarter":
        return PeriodProblem(
            "basis_does_not_fit",
            {
                "basis": basis,
                "period": f"the year {label}",
                "hint": f"Write full_year as the basis, or the quarter, such as {label} Q4, as the period.",
            },
        )
    if basis == "full_year" and period.end.month != 3:
        return PeriodProblem(
            "basis_does_not_fit",
            {
                "basis": basis,
                "period": quarter_text(period.end),
                "hint": "A whole year ends on 31 March. For the part of the year up to this quarter write year_to_date, "
                "for the last twelve months rolling_12m.",
            },
        )
    return None
