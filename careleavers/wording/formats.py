"""How figures, counts, ranks and periods are written. The words of findings are in :mod:`careleavers.wording.findings`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from careleavers.quarters import financial_year
from careleavers.wording.status import status

# One row of a query's result: column name to cell.
Row = Mapping[str, Any]

# The words for a count that is shown as zero and need not be zero.
FEW_OR_NONE = "few or none"
MONTHS = (
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
)  # fmt: skip
POLARITY_WORDS = {
    "high": "higher is better",
    "low": "lower is better",
    "neutral": "neither high nor low is better",
}
UNIT_WORDS = {
    "percent": "Percentage",
    "count": "Number",
    "ratio": "Average",
    "per_10000": "Rate for every 10,000 children",
    "pounds": "Pounds",
}
# What the list of sources says of a release whose day of publication is not known.
NO_DATE = "date not known"
LAYER_WORDS = {"published": "official", "provisional": "provisional local", "final": "final local"}


def missing(value: Any) -> bool:
    """Whether a cell holds nothing (``None``, NaN, ``NA`` or ``NaT``).

    Parameters
    ----------
    value
        A cell of a query's answer.

    Returns
    -------
    bool
    """
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def rounded(value: float, decimals: int) -> str:
    """A number with that many decimals, rounded half up as the department rounds, thousands separated by commas.

    Parameters
    ----------
    value
        The number, not missing.
    decimals
        Decimals to keep.

    Returns
    -------
    str

    Examples
    --------
    >>> rounded(2.5, 0), rounded(-1234.56, 1)
    ('3', '−1,234.6')
    """
    exact = _half_up(value, decimals)
    return f"{exact if exact else abs(exact):,}".replace("-", "−")


def _half_up(value: float, decimals: int) -> Decimal:
    # Ten significant figures are what the data holds: 0.5 stored as 0.49999999999 must still round up.
    return Decimal(f"{value:.10g}").quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def rounded_column(values: pd.Series, decimals: int) -> pd.Series:
    """Numbers of a table rounded as :func:`rounded` does, so that it says what the charts and sentences say.

    Parameters
    ----------
    values
        A column of numbers; missing ones stay missing.
    decimals
        Decimals to keep.

    Returns
    -------
    pandas.Series
        Numbers, which sort.

    Examples
    --------
    >>> rounded_column(pd.Series([17.25, None]), 1).to_list()
    [17.3, nan]
    """
    return values.astype(float).map(lambda value: float(_half_up(value, decimals)), na_action="ignore")


def amount(number: str, unit: str) -> str:
    """A number that is already text, with the sign of its unit: ``46%``, ``£3,250``, ``−£1,200``, ``15.2``.

    Parameters
    ----------
    number
        The number as text, as :func:`rounded` writes it.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.

    Returns
    -------
    str
    """
    if unit == "percent":
        return f"{number}%"
    if unit != "pounds":
        return number
    return f"−£{number[1:]}" if number[:1] in {"−", "-"} else f"£{number}"


def value_text(value: Any, unit: str, decimals: int, code: str = "ok", rounded_to: Any = None) -> str:
    """A figure as shown: ``46%``, ``15.2``, ``67``, ``£3,250``; the status mark (``[c]``) when there is none.

    A value that rounds to zero but is not zero is written ``under 1%`` so that it never reads as none. Where the
    counts behind it are multiples of ``rounded_to``, none and all are ``about 0%`` and ``about 100%``, a count ``about 85``.

    Parameters
    ----------
    value
        The figure; ``None``, NaN or ``NA`` where there is none.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    decimals
        Decimals that the measure is shown with.
    code
        Code of its status, as in :mod:`careleavers.wording.status`.
    rounded_to
        The step that the counts behind it are rounded to; missing where they are exact.

    Returns
    -------
    str

    Examples
    --------
    >>> value_text(0.2, "percent", 0), value_text(None, "percent", 0, "c")
    ('under 1%', '[c]')
    """
    if missing(value):
        return status(code if code != "ok" else "missing").mark
    if code == "k" or (0 < float(value) < 0.5 * 10**-decimals):
        return f"under {amount(rounded(10**-decimals, decimals), unit)}"
    text = amount(rounded(float(value), decimals), unit)
    if missing(rounded_to) or (unit != "count" and not (unit == "percent" and float(value) in {0.0, 100.0})):
        return text
    return FEW_OR_NONE if unit == "count" and not value else f"about {text}"


def short_text(value: Any, unit: str, decimals: int, code: str = "ok") -> str:
    """The figure where there is little room: large sums of pounds as ``£1.2m`` and ``£240k``, others as they are.

    Parameters
    ----------
    value
        The figure; ``None``, NaN or ``NA`` where there is none.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    decimals
        Decimals that the measure is shown with.
    code
        Code of its status, as in :mod:`careleavers.wording.status`.

    Returns
    -------
    str
    """
    size = 0.0 if missing(value) else abs(float(value))
    if unit != "pounds" or size < 10_000:
        return value_text(value, unit, decimals, code)
    # What would round to a thousand thousands is a million.
    number, short = (float(value) / 1e6, "m") if size >= 999_500 else (float(value) / 1e3, "k")
    return amount(rounded(number, 1 if short == "m" else 0), unit) + short


def axis_unit(unit: str) -> str:
    """The unit that an axis adds to the title of its measure; titles of averages and rates already say theirs.

    Parameters
    ----------
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.

    Returns
    -------
    str
    """
    return {"percent": "per cent", "pounds": "£"}.get(unit, "")


def figure_column(unit: str) -> str:
    """The heading of a column of figures as plain numbers.

    Parameters
    ----------
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.

    Returns
    -------
    str
    """
    return {
        "percent": "Figure (%)", "count": "Number", "ratio": "Average", "per_10000": "Per 10,000", "pounds": "Figure (£)",
    }[unit]  # fmt: skip


def column_unit(unit: str) -> str:
    """The unit in the heading of a column of plain numbers under a title: `` (%)``, `` (£)``; empty for others.

    Parameters
    ----------
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.

    Returns
    -------
    str
    """
    return {"percent": " (%)", "pounds": " (£)"}.get(unit, "")


def count_text(numerator: Any, denominator: Any, unit: str = "percent", rounded_to: Any = None) -> str:
    """``273 of 600``; ``of 25`` when only the base is known; empty when neither is.

    An average's two numbers are not a part and a whole: ``4,420 ÷ 298.4``, ``£945,000 ÷ 210``. Multiples of ``rounded_to`` are ``about 45 of 75``
    and, because a count shown as zero need not be zero, ``few or none of about 75``.

    Parameters
    ----------
    numerator, denominator
        The counts behind the figure; either may be missing.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    rounded_to
        The step that the counts behind it are rounded to; missing where they are exact.

    Returns
    -------
    str

    Examples
    --------
    >>> count_text(273, 600), count_text(4420, 298.4, "ratio"), count_text(0, 75, rounded_to=5)
    ('273 of 600', '4,420 ÷ 298.4', 'few or none of about 75')
    """
    if unit == "count" or missing(denominator):
        return ""
    base = plain_number(denominator)
    if not missing(rounded_to):
        about = (
            FEW_OR_NONE
            if not missing(numerator) and not numerator
            else f"about {'' if missing(numerator) else plain_number(numerator)}"
        )
        if unit == "percent":
            return (
                f"{about} of {'' if about != FEW_OR_NONE else 'about '}{base}"
                if not missing(numerator)
                else f"of about {base}"
            )
        return "" if missing(numerator) else f"{about} {'of' if unit == 'per_10000' else '÷'} {base}"
    if unit in {"ratio", "pounds"}:
        return "" if missing(numerator) else f"{amount(plain_number(numerator), unit)} ÷ {base}"
    return f"{plain_number(numerator)} of {base}" if not missing(numerator) else f"of {base}"


def plain_number(number: Any) -> str:
    """A count as it is: ``1,498``; full-time equivalents with their decimal: ``298.4``.

    Parameters
    ----------
    number
        The count, not missing.

    Returns
    -------
    str
    """
    value = float(number)
    return rounded(value, 0 if value == int(value) else 1)


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``11th``, ``121st``.

    Parameters
    ----------
    number
        The place, from 1.

    Returns
    -------
    str
    """
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def rank_text(rank: Any, tied: Any, of: Any) -> str:
    """``135th of 152``, ``7th= of 152`` when tied; empty when there is no rank.

    Parameters
    ----------
    rank
        Place from 1, best first; missing where there is none.
    tied
        Whether others share it.
    of
        How many are ranked.

    Returns
    -------
    str
    """
    if missing(rank):
        return ""
    return f"{ordinal(int(rank))}{'=' if not missing(tied) and bool(tied) else ''} of {int(of)}"


def interval_text(lower: Any, upper: Any, unit: str, decimals: int) -> str:
    """``42% to 50%``; empty when there is no interval.

    Parameters
    ----------
    lower
        Lower end of the interval; missing where there is none.
    upper
        Upper end of the interval; missing where there is none.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    decimals
        Decimals that the measure is shown with.

    Returns
    -------
    str
    """
    if missing(lower) or missing(upper):
        return ""
    return f"{value_text(lower, unit, decimals)} to {value_text(upper, unit, decimals)}"


def published_text(published: Any) -> str:
    """``published November 2025``; ``publication date not known`` where the list of sources has none.

    Parameters
    ----------
    published
        The month of publication as the list of sources writes it, or :data:`NO_DATE`.

    Returns
    -------
    str
    """
    return "publication date not known" if str(published) == NO_DATE else f"published {published}"


def chance_text(between: str, denominator: Any, rounded_to: Any = None) -> str:
    """What an interval says: ``95% interval 42% to 50%: how far a figure with a base of 600 can move by chance``.

    ``between`` is :func:`interval_text` and not empty; ``rounded_to`` is that of :func:`count_text`.

    Parameters
    ----------
    between
        The answer of :func:`interval_text`, not empty.
    denominator
        The base of the figure.
    rounded_to
        The step that the counts behind it are rounded to; missing where they are exact.

    Returns
    -------
    str
    """
    about = "" if missing(rounded_to) else "about "
    return (
        f"95% interval {between}: how far a figure with a base of {about}{plain_number(denominator)} can move by chance"
    )


def day_text(day: Any) -> str:
    """``31 March 2025``.

    Parameters
    ----------
    day
        A date, a timestamp or an ISO text.

    Returns
    -------
    str

    Raises
    ------
    TypeError
        For anything else.
    """
    date = _date(day)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def period_text(period_end: Any, basis: str) -> str:
    """``year to 31 March 2025`` for a whole year, ``30 September 2025`` for a count on a day.

    Parameters
    ----------
    period_end
        Last day of the period: a date, a timestamp or an ISO text.
    basis
        What the period covers: ``full_year``, ``snapshot``, ``quarter``, ``rolling_12m`` or ``year_to_date``.

    Returns
    -------
    str
    """
    if basis == "full_year":
        return f"year to {day_text(period_end)}"
    if basis == "snapshot":
        return f"on {day_text(period_end)}"
    length = {"quarter": "quarter ", "rolling_12m": "twelve months "}.get(basis, "")
    return f"{length}to {day_text(period_end)}"


def in_period(period_end: Any, basis: str) -> str:
    """``in the year to March 2025``; ``on 30 September 2025`` for a count on a day; ``in the quarter to June 2025``.

    Parameters
    ----------
    period_end
        Last day of the period: a date, a timestamp or an ISO text.
    basis
        What the period covers: ``full_year``, ``snapshot``, ``quarter``, ``rolling_12m`` or ``year_to_date``.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        For a basis that the data does not have.
    """
    return f"{'on' if basis == 'snapshot' else 'in the'} {period_name(period_end, basis)}"


def period_name(period_end: Any, basis: str) -> str:
    """``year to March 2025``; ``30 September 2025`` for a count on a day; ``quarter to June 2025``.

    Parameters
    ----------
    period_end
        Last day of the period: a date, a timestamp or an ISO text.
    basis
        What the period covers: ``full_year``, ``snapshot``, ``quarter``, ``rolling_12m`` or ``year_to_date``.

    Returns
    -------
    str

    Raises
    ------
    KeyError
        For a basis that the data does not have.
    """
    if basis == "snapshot":
        return day_text(period_end)
    length = {"full_year": "year", "quarter": "quarter", "rolling_12m": "twelve months", "year_to_date": "year so far,"}
    return f"{length[basis]} to {period_label(period_end)}"


def said_in_period(phrase: str, period_end: Any, basis: str) -> str:
    """A phrase of the catalogue with its figure and the period: ``54% in education, employment or training in the year to March 2025``.

    Parameters
    ----------
    phrase
        The phrase, with its figure put in.
    period_end
        Last day of the period: a date, a timestamp or an ISO text.
    basis
        What the period covers: ``full_year``, ``snapshot``, ``quarter``, ``rolling_12m`` or ``year_to_date``.

    Returns
    -------
    str
    """
    # Some phrases of the catalogue end with the time that they are about: "placed in the year".
    if phrase.endswith(" in the year") and basis == "full_year":
        return f"{phrase} to {period_label(period_end)}"
    return f"{phrase} {in_period(period_end, basis)}"


def taken_text(taken: dt.date, version: str) -> str:
    """When a picture or a download was made, and from which figures: ``29 November 2026, data version 12``.

    Parameters
    ----------
    taken
        The day.
    version
        The data version.

    Returns
    -------
    str
    """
    return f"{day_text(taken)}, data version {version}"


def quarter_text(period_end: Any) -> str:
    """The quarter of the financial year that ends on a day: ``2025/26 Q2`` for 30 September 2025.

    Parameters
    ----------
    period_end
        Last day of the period: a date, a timestamp or an ISO text.

    Returns
    -------
    str
    """
    date = _date(period_end)
    # April to June is the first quarter; January to March the last of the year that began the April before.
    return f"{financial_year(date)} Q{(date.month - 1) // 3 or 4}"


def period_label(period_end: Any) -> str:
    """A short, unique label of an annual period for lists and links: ``March 2025``.

    Parameters
    ----------
    period_end
        Last day of the period: a date, a timestamp or an ISO text.

    Returns
    -------
    str
    """
    date = _date(period_end)
    return f"{MONTHS[date.month - 1]} {date.year}"


def age_text(age_group: str) -> str:
    """``aged 19 to 21``, ``aged 22``; empty for indicators that are not about an age.

    Parameters
    ----------
    age_group
        Age group in the words of the data: ``17-18``, ``22``, ``21+``, ``all``.

    Returns
    -------
    str
    """
    if age_group == "all":
        return ""
    return "aged " + age_label(age_group)


def age_label(age_group: str) -> str:
    """The label of an age group in a list: ``19 to 21``, ``22``, ``21 and over``; ``All`` where there is only one.

    Parameters
    ----------
    age_group
        Age group in the words of the data: ``17-18``, ``22``, ``21+``, ``all``.

    Returns
    -------
    str
    """
    return "All" if age_group == "all" else age_group.replace("-", " to ").replace("+", " and over")


def with_age(title: str, age_group: str) -> str:
    """A title and its ages: ``In touch with the council, aged 19 to 21``.

    Parameters
    ----------
    title
        Title of a measure.
    age_group
        Age group in the words of the data: ``17-18``, ``22``, ``21+``, ``all``.

    Returns
    -------
    str
    """
    return f"{title}, {age_text(age_group)}" if age_text(age_group) else title


def size_text(change: Any, unit: str, decimals: int) -> str:
    """How far a figure moved, without its direction: ``17 points``, ``1 point``, ``0.4``, ``£1,200``.

    A move that disappears in rounding has one decimal more.

    Parameters
    ----------
    change
        By how much the figure moved, with its sign.
    unit
        Unit of the measure in the catalogue: ``percent``, ``count``, ``ratio``, ``per_10000`` or ``pounds``.
    decimals
        Decimals that the measure is shown with.

    Returns
    -------
    str
    """
    size = rounded(abs(float(change)), decimals)
    if size.strip("0.") == "":
        size = rounded(abs(float(change)), decimals + 1)
    if unit == "percent":
        return f"{size} point" if size == "1" else f"{size} points"
    return amount(size, unit)


def join_words(items: Iterable[str], last: str = "and") -> str:
    """``A, B and C``; with another word before the last.

    Parameters
    ----------
    items
        The words or phrases.
    last
        The word before the last of them.

    Returns
    -------
    str

    Examples
    --------
    >>> join_words(["A", "B", "C"]), join_words(["A", "B"], last="or")
    ('A, B and C', 'A or B')
    """
    words = list(items)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def sentence_case(text: str) -> str:
    """The text with its first letter in upper case.

    Parameters
    ----------
    text
        Any text; the rest of it stays as it is.

    Returns
    -------
    str
    """
    return text[:1].upper() + text[1:]


def file_name(*parts: str) -> str:
    """A file name from words: lower case, hyphens, nothing that a file system or a spreadsheet could misread.

    Parameters
    ----------
    *parts
        The words, such as title, area and period.

    Returns
    -------
    str

    Examples
    --------
    >>> file_name("Leeds & York", "2025")
    'leeds-and-york-2025'
    """
    text = "-".join(parts).lower().replace("&", "and")
    kept = "".join(character if character.isalnum() and character.isascii() else "-" for character in text)
    return "-".join(piece for piece in kept.split("-") if piece)


def _date(day: Any) -> dt.date:
    if isinstance(day, str):
        return dt.date.fromisoformat(day[:10])
    if isinstance(day, (pd.Timestamp, dt.datetime)):
        return day.date()
    if isinstance(day, dt.date):
        return day
    raise TypeError(f"not a date: {day!r}")
