"""Periods and bases as officers write them: quarters, quarter ends and whole financial years."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from careleavers.wording.formats import MONTHS, day_text, quarter_text

# What the template offers, and what else is understood, of the time that a figure covers.
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

_FIRST_YEAR, _LAST_YEAR = 2000, 2099
# Day 0 of the numbers that a spreadsheet keeps dates as, and the span of them that is taken for a date (1982 to 2064).
_SERIAL_START = dt.date(1899, 12, 30)
_SERIALS = range(30_000, 60_001)
_QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))

_MONTH = "|".join([*(name.lower() for name in MONTHS), *(name[:3].lower() for name in MONTHS), "sept"])
_YEAR = r"(?:19|20)?\d\d"
_FINANCIAL_YEAR = rf"(?:fy\s*)?(?P<first>{_YEAR})(?:\s*[-/–—]\s*|\s+)(?P<second>{_YEAR})"
_RUN_TOGETHER = r"(?:fy\s*)?(?P<first>20\d\d)(?P<second>(?:20)?\d\d)"
_QUARTER = r"(?:q(?:tr|uarter)?\.?\s*(?P<quarter>\d)|(?P<ordinal>\d)(?:st|nd|rd|th)\s+q(?:tr|uarter))"
_BETWEEN = r"[\s,:;_–—-]*"
_WITH_YEAR = [
    re.compile(pattern)
    for year in (_FINANCIAL_YEAR, _RUN_TOGETHER)
    for pattern in (f"{year}{_BETWEEN}{_QUARTER}", rf"{_QUARTER}(?:{_BETWEEN}|\s+of\s+){year}")
]
_WHOLE = [re.compile(_FINANCIAL_YEAR), re.compile(_RUN_TOGETHER)]
_ONE_YEAR = [
    re.compile(rf"(?P<year>20\d\d){_BETWEEN}{_QUARTER}"),
    re.compile(rf"{_QUARTER}(?:{_BETWEEN}|\s+of\s+)(?P<year>20\d\d)"),
]
_ONLY_QUARTER = re.compile(_QUARTER)
_ONLY_YEAR = re.compile(r"(?:fy\s*)?(?P<year>20\d\d)|fy\s*'?(?P<short>\d\d)")
# "Q2 FY26", "Q2-25": a financial year named by one of its two years.
_SHORT_YEAR = [
    re.compile(rf"{_QUARTER}{_BETWEEN}(?:(?:fy|f/y|financial year|fin year)\s*'?(?P<year>(?:20)?\d\d)|(?P<only>\d\d))"),
    re.compile(rf"(?:fy|f/y|financial year|fin year)\s*'?(?P<year>(?:20)?\d\d)(?P<only>){_BETWEEN}{_QUARTER}"),
]
_DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})\s*[./-]\s*(?P<month>\d{{1,2}})\s*[./-]\s*(?P<year>{_YEAR})(?:[ t]0{{1,2}}:00(?::00)?(?:\.0+)?)?"
)
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[./-]\s*(?P<month>\d{1,2})\s*[./-]\s*(?P<day>\d{1,2})(?:[ t]0{1,2}:00(?::00)?(?:\.0+)?z?)?"
)
_DAY_RUN = re.compile(r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_DAY_NAMED = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*(?P<name>{_MONTH})\.?[\s,.-]*(?P<year>{_YEAR})")
_NAMED_FIRST = re.compile(rf"(?P<name>{_MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(?P<year>20\d\d)")
_MONTH_NAMED = re.compile(rf"(?P<name>{_MONTH})\.?[\s,'’/.-]*(?P<year>{_YEAR})")
_YEAR_MONTH = re.compile(rf"(?P<year>20\d\d)[\s-]*(?P<name>{_MONTH})\.?")
_MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})[/.-](?P<year>20\d\d)")
_MONTH_LAST = re.compile(r"(?P<year>20\d\d)[/.-]?(?P<month>\d\d)")
_DAYS = (_DAY_FIRST, _YEAR_FIRST, _DAY_RUN, _DAY_NAMED, _NAMED_FIRST)
_MONTHS = (_MONTH_NAMED, _YEAR_MONTH, _MONTH_FIRST, _MONTH_LAST)
_SPAN = re.compile(
    rf"(?P<start>{_MONTH})\.?\s*(?P<start_year>{_YEAR})?(?:\s*[-/–—]\s*|\s+to\s+)(?P<end>{_MONTH})\.?[\s,'’]*(?P<year>{_YEAR})"
)
_SPAN_OF_YEAR = re.compile(rf"(?P<start>{_MONTH})\.?(?:\s*[-/]\s*|\s+to\s+)(?P<end>{_MONTH})\.?[\s,]*{_FINANCIAL_YEAR}")
_MONTH_OF_YEAR = re.compile(rf"(?P<name>{_MONTH})\.?[\s,-]*(?P<first>20\d\d|\d\d)\s*[-/]\s*(?P<second>20\d\d|\d\d)")
_DAYS_SPAN = re.compile(
    r"(?:from\s+)?(?P<from>\d.{3,24}?)\s*(?:\s-\s|\bto\b|\buntil\b|(?<=\d{4})-(?=\d{1,2}/))\s*(?P<until>\d.{3,24})"
)
# What stands around a period, and what it says of the figure.
_REVISED = re.compile(
    r"\s*[\[(]\s*(?:p|r|f|prov\.?|provisional|revised|final|draft|latest|to date so far|note \d+|\d)\s*[\])]\s*$"
)
_AS_AT = re.compile(
    r"(?:position |snapshot )?(?:as )?(?:at|on)(?: the)?(?: end(?: of)?)?\s*:?\s+(?=\S)|snapshot\s+(?:at\s+)?(?=\S)"
)
_TO_DATE = re.compile(r"(?:ytd|year to date|cumulative|cum\.?)(?: (?:to|at|as at))?(?: end)?(?: of)?\s*[:,-]?\s*(?=\S)")
_TO_DATE_AFTER = re.compile(r"\s*[(\[,-]?\s*\b(?:ytd|year to date|cumulative|cum\.?)\s*[)\]]?$|\s+ytd\b(?=\s)")
_ENDING = re.compile(
    r"^(?:(?:the )?(?:quarter|qtr|3 months|three months|period)(?: (?:to|ending|ended|end|up to))(?: the)?(?: end of)?|q/?e|qtr end|end of|end|to end(?: of)?|up to(?: end(?: of)?)?|to)\s*:?\s+(?=\S)"
)
_ORDINAL_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
_ORDINALS = re.compile(r"\bq(?:tr|uarter)\s*(one|two|three|four)\b|\b(first|second|third|fourth)\s+q(?:tr|uarter)\b")
_MONTHS_BESIDE = re.compile(
    rf"[\[(]\s*(?P<from>{_MONTH})\.?\s*(?:(?:19|20)\d\d)?\s*(?:-|/|to)\s*(?:{_MONTH}\s*[-/]\s*)?(?P<until>{_MONTH})\.?\s*(?:(?:19|20)\d\d)?\s*[\])]"
)
_WHOLE_YEAR = re.compile(
    r"(?:the )?(?:full|whole|entire|financial|fin)?\s*(?:year|yr)(?:[ -]?end)?|outturn|annual|year ?total|q1 ?- ?(?:q)?4|all quarters|fy"
)
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_YEAR_TO = re.compile(r"(?:12 months|twelve months|financial year|year|yr)\s*(?:to|ending|ended|end)\s+(?:the\s+)?(?P<rest>.+)|y/?e\s+(?P<short>.+)")  # fmt: skip
_NUMBER = re.compile(r"(\d{5})(?:\.0+)?")
# No period is longer when written out; a longer text is not searched for one.
_LONGEST = 60
_HOW = "Write the quarter and its financial year, such as {example}."


@dataclass(frozen=True)
class Period:
    """A period as written: the last day of it, whether it is a whole financial year, and the basis that it names.

    ``basis`` is '' where the words say nothing of it; "as at 30/09/2025" is a snapshot, "YTD Q2 2025/26" a year to date.
    """

    end: dt.date
    whole_year: bool = False
    basis: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a period cannot be used: the id of the rule and its words."""

    rule: str
    words: Mapping[str, str] = field(default_factory=dict)


def read_period(text: str, today: dt.date) -> Period | Problem:
    """The period of a cell, or what is wrong with it. ``today`` bounds it: no later than the quarter it falls in."""
    if not text.strip():
        return Problem("missing_period")
    if len(text) > _LONGEST:
        return _bad("This is too long for a period.", today)
    found = _worded(_DASHES.sub("-", " ".join(text.split())).lower(), today)
    present = quarter_end(today)
    if isinstance(found, Period) and found.end > present:
        return Problem("future_period", {"latest": quarter_text(present)})
    return found


def read_beside_year(year: str, part: str, today: dt.date) -> Period | Problem:
    """The period of a cell for the year and one for the quarter, a month or the whole of it: ``2025/26`` and ``Q2``.

    A cell that holds a whole period by itself is held against the year.
    """
    said = _DASHES.sub("-", " ".join(part.split())).lower()
    if _WHOLE_YEAR.fullmatch(said):
        return read_period(year, today)
    if match := re.fullmatch(r"([1-4])(?:\.0+)?", said):
        said = f"q{match[1]}"
    if not re.search(r"(?:19|20)\d\d|\d\d[/-]\d\d", said):
        if re.fullmatch(rf"(?:{_MONTH})\.?", said) and _first_year(year) is None:
            return _bad("A month beside one year could be in either of two financial years.", today)
        dated = read_period(part, today) if re.search(r"\d\d$", said) else None
        if not isinstance(dated, Period):
            return read_period(f"{said} {year}", today)
        # "Sep-25" beside the year names one of its own.
        part = said
    found, first = read_period(part, today), _first_year(year)
    if isinstance(found, Period) and first is not None and found.end.year - (found.end.month < 4) != first:
        return _bad(f"{quarter_text(found.end)} is not in the year {year}.", today)
    return found


def _first_year(text: str) -> int | None:
    """The year in which a financial year began that a text names and nothing else."""
    said = _DASHES.sub("-", " ".join(text.split())).lower()
    match = next((match for pattern in _WHOLE if (match := pattern.fullmatch(said))), None)
    return _financial_year(match) if match else None


_COLUMN_WORDS = {
    "numerator": r"numerator|num\.?|n",
    "denominator": r"denominator|denom\.?|den\.?|d",
    "value": r"value|%|per ?cent|percentage|actual|performance|result|outturn|rate",
    "target": r"target",
}


def looks_like_period(text: str) -> bool:
    """Whether the name of a column is that of a period, also without its year: ``Q1``, ``Sep``, ``2025/26 Q2``."""
    said = _DASHES.sub("-", " ".join(text.split())).lower()
    if not said or len(said) > _LONGEST or re.fullmatch(r"\d{1,2}\s*(?:-|/|to)\s*\d{1,2}|\d+(?:\.\d+)?", said):
        return False
    if re.fullmatch(rf"{_QUARTER}|(?:{_MONTH})\.?|(?:{_MONTH})\s*(?:-|to)\s*(?:{_MONTH})", said) or read_day(said):
        return True
    found = read_period(said, dt.date(_LAST_YEAR, 12, 31))
    if isinstance(found, Period) or found.rule == "ambiguous_period":
        return True
    return any(pattern.fullmatch(said) for pattern in _MONTHS)


def period_of_column(text: str) -> tuple[str, str] | None:
    """The period in the name of a column, and which field of it stands there ('value' unless the name says so)."""
    said = " ".join(text.split())
    if looks_like_period(said):
        return said, "value"
    for what, words in _COLUMN_WORDS.items():
        for pattern in (rf"(?P<period>.+?)[\s:_-]+(?:{words})", rf"(?:{words})[\s:_-]+(?P<period>.+)"):
            if (match := re.fullmatch(pattern, said, re.IGNORECASE)) and looks_like_period(match["period"]):
                return match["period"], what
    return None


def month_of(text: str) -> int | None:
    """The month that a text names, with its year; ``None`` when it is not a month."""
    said = _DASHES.sub("-", " ".join(text.split())).lower()
    for pattern in (*_MONTHS, _MONTH_OF_YEAR):
        if match := pattern.fullmatch(said):
            words = match.groupdict()
            month = _month(words["name"]) if words.get("name") else int(words["month"])
            return month if 1 <= month <= 12 else None
    return None


def basis_of_title(text: str) -> str:
    """The basis that a title above a table names: ``All figures are cumulative``; '' where it names none."""
    said = text.lower()
    if len(said) > 300 or re.search(r"\b(?:not|non)[- ]cumulative\b", said):
        return ""
    if re.search(r"\bcumulative\b|\byear[- ]to[- ]date\b|\bytd\b", said):
        return "year_to_date"
    return "rolling_12m" if re.search(r"\brolling (?:12|twelve)\b|\brolling year\b", said) else ""


def financial_year(day: dt.date) -> str:
    """The financial year that a day is in, as it is written: ``2025/26``."""
    first = day.year - (day.month < 4)
    return f"{first}/{(first + 1) % 100:02}"


def no_part(year: str, today: dt.date) -> Problem:
    """What to say of a row that has its year and not its quarter, in a table with a column for both."""
    return _bad(
        "The year is there, its quarter is not.",
        today,
        f"Fill in the quarter; or write “Full year” there if {year} as a whole is meant.",
    )


def some_part(part: str, year: str, today: dt.date) -> Problem:
    """What to say of a number beside a year where the column does not say whether quarters are counted, or months."""
    number = part.removesuffix(".0")
    hint = f"Call the column “Quarter” if it is one, or write {year} Q{number} as the period."
    if number not in {"1", "2", "3", "4"}:
        hint = f"Write the quarter by its number, as in {year} Q2, or its last month by its name."
    return _bad(f"“{part}” of {year} could be a quarter or a month.", today, hint)


def differing(one: str, other: str, today: dt.date) -> Problem:
    """What to say of a row that names two periods."""
    return _bad(f"The cells of this row say {one} and {other}.", today, "Correct one of the two.")


def read_basis(text: str) -> str | None:
    """The basis (one of :data:`BASES`) that a cell names; ``None`` when it names none."""
    return _BASIS_WORDS.get(re.sub(r"[^a-z0-9]", "", text.lower()))


def misfit(period: Period, basis: str) -> Problem | None:
    """What is wrong with a figure of this basis for this period: a quarter of a whole year, a year up to September."""
    label = f"{period.end.year - 1}/{period.end.year % 100:02}"
    if period.whole_year and basis == "quarter":
        return Problem(
            "basis_does_not_fit",
            {
                "basis": basis,
                "period": f"the year {label}",
                "hint": f"Write full_year as the basis, or the quarter, such as {label} Q4, as the period.",
            },
        )
    if basis == "full_year" and period.end.month != 3:
        return Problem(
            "basis_does_not_fit",
            {
                "basis": basis,
                "period": quarter_text(period.end),
                "hint": "A whole year ends on 31 March. For the part of the year up to this quarter write year_to_date, "
                "for the last twelve months rolling_12m.",
            },
        )
    return None


def read_day(text: str) -> dt.date | None:
    """The day of a cell, written day first, year first or with the month's name; ``None`` when it is none."""
    said = " ".join(text.split()).lower()
    if len(said) > _LONGEST:
        return None
    if (match := _NUMBER.fullmatch(said)) and int(match[1]) in _SERIALS:
        return _SERIAL_START + dt.timedelta(days=int(match[1]))
    for pattern in _DAYS:
        if match := pattern.fullmatch(said):
            year, month, day = _parts(match)
            try:
                return dt.date(year, month, day)
            except ValueError:
                return None
    return None


def quarter_end(day: dt.date) -> dt.date:
    """The last day of the quarter that a day falls in."""
    month, last = _QUARTER_ENDS[(day.month - 1) // 3]
    return dt.date(day.year, month, last)


def _quarter_before(end: dt.date) -> dt.date:
    """The last day of the quarter before the one that ends on ``end``."""
    return end.replace(month=end.month - 2, day=1) - dt.timedelta(days=1)


def _worded(text: str, today: dt.date) -> Period | Problem:
    """A period with words around it that say what kind of figure it is of, or with its months named beside it."""
    text = _REVISED.sub("", text)
    text = _ORDINALS.sub(lambda match: f"quarter {_ORDINAL_WORDS[match[1] or match[2]]}", text)
    basis = ""
    if match := _AS_AT.match(text):
        basis, text = "snapshot", text[match.end() :]
    elif match := _TO_DATE.match(text) or _TO_DATE_AFTER.search(text):
        basis, text = "year_to_date", (text[: match.start()] + text[match.end() :]).strip(" ,:;-")
    text = _ENDING.sub("", text)
    if match := _MONTHS_BESIDE.search(text):
        return _with_months(text, match, basis, today)
    found = _read(text, today)
    return dataclasses.replace(found, basis=basis) if basis and isinstance(found, Period) else found


def _with_months(text: str, match: re.Match[str], basis: str, today: dt.date) -> Period | Problem:
    """A quarter whose months stand in brackets beside it, which must be those of the quarter."""
    bare = f"{text[: match.start()].strip()} {text[match.end() :].strip()}".strip(" ,")
    found = _read(bare, today)
    if isinstance(found, Problem):
        return found
    start, end = _month(match["from"]), _month(match["until"])
    last = found.end.month
    if found.whole_year or end != last or start not in (4, (last - 3) % 12 + 1):
        return _bad("The quarter and the months beside it are not the same.", today)
    if start != (last - 3) % 12 + 1 and basis != "year_to_date":
        return _bad(
            "The months are more than the quarter.",
            today,
            f"Write {quarter_text(found.end)} and the basis year_to_date.",
        )
    return dataclasses.replace(found, basis=basis)


def _read(text: str, today: dt.date) -> Period | Problem:
    for pattern in _WITH_YEAR:
        if match := pattern.fullmatch(text):
            return _quarter(match, today)
    for pattern in _WHOLE:
        if match := pattern.fullmatch(text):
            year = _financial_year(match)
            if year is not None:
                return _within(Period(dt.date(year + 1, 3, 31), whole_year=True), today)
            # 2025/09 and 09/2025 may still be months.
            if len(match["second"]) <= len(match["first"]) and int(match["second"]) > 12:
                return _no_financial_year(match, today)
    for pattern in _ONE_YEAR:
        if match := pattern.fullmatch(text):
            return _two_quarters(match, today)
    for pattern in _SHORT_YEAR:
        if match := pattern.fullmatch(text):
            return _either_quarter(match, today)
    if match := _ONLY_YEAR.fullmatch(text):
        year = _four_digits(match["year"] or match["short"])
        return Problem(
            "ambiguous_period", {"one": f"{year - 1}/{year % 100:02}", "other": f"{year}/{(year + 1) % 100:02}"}
        )
    if match := _ONLY_QUARTER.fullmatch(text):
        return _bad("The quarter is there, its financial year is not.", today)
    if match := _YEAR_TO.fullmatch(text):
        return _whole_year_to(match["rest"] or match["short"], today)
    if match := _NUMBER.fullmatch(text):
        number = int(match[1])
        if number in _SERIALS:
            return _end_of_quarter(_SERIAL_START + dt.timedelta(days=number))
        return _bad("This is a number.", today)
    return _date(text, today)


def _quarter(match: re.Match[str], today: dt.date) -> Period | Problem:
    year, quarter = _financial_year(match), _quarter_number(match)
    if year is None:
        return _no_financial_year(match, today)
    if quarter is None:
        return _bad("A year has quarters 1 to 4.", today)
    return _within(Period(_end_of(year, quarter)), today)


def _no_financial_year(match: re.Match[str], today: dt.date) -> Problem:
    return _bad(f"{match['first']} and {match['second']} do not make a financial year.", today)


def _within(period: Period, today: dt.date) -> Period | Problem:
    if _FIRST_YEAR <= period.end.year <= _LAST_YEAR:
        return period
    return _bad(f"{period.end.year} is not a year that figures are held for.", today)


def _two_quarters(match: re.Match[str], today: dt.date) -> Problem:
    year, quarter = int(match["year"]), _quarter_number(match)
    if quarter is None:
        return _bad("A year has quarters 1 to 4.", today)
    return _two_readings(year, quarter)


def _two_readings(year: int, quarter: int) -> Problem:
    """A quarter with one year, which may be that of the calendar or the one in which the financial year began."""
    calendar = dt.date(year, *_QUARTER_ENDS[quarter - 1])
    return Problem("ambiguous_period", {"one": quarter_text(_end_of(year, quarter)), "other": quarter_text(calendar)})


def _either_quarter(match: re.Match[str], today: dt.date) -> Period | Problem:
    """A quarter of a financial year that is named by one year: which of the two it is, unless one is yet to come."""
    quarter, year = _quarter_number(match), _four_digits(match["year"] or match["only"])
    if quarter is None:
        return _bad("A year has quarters 1 to 4.", today)
    if match["only"]:
        return _two_readings(year, quarter)
    ends = [_end_of(year - 1, quarter), _end_of(year, quarter)]
    if ends[1] > quarter_end(today) >= ends[0]:
        return Period(ends[0])
    one, other = map(quarter_text, ends)
    return Problem("ambiguous_period", {"one": one, "other": other})


def _end_of(year: int, quarter: int) -> dt.date:
    """The last day of a quarter of the financial year that began in ``year``."""
    month, last = _QUARTER_ENDS[quarter % 4]
    return dt.date(year + (quarter == 4), month, last)


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


def _whole_year_to(text: str, today: dt.date) -> Period | Problem:
    found = _read(text, today)
    if isinstance(found, Problem):
        return found
    if found.whole_year or (found.end.month, found.end.day) == (3, 31):
        return Period(found.end, whole_year=True)
    return _bad(
        f"A whole year ends on 31 March, not on {day_text(found.end)}.",
        today,
        hint=f"For the twelve months before it write {quarter_text(found.end)} and the basis rolling_12m.",
    )


def _date(text: str, today: dt.date) -> Period | Problem:
    if match := _SPAN.fullmatch(text):
        return _span(match, today)
    if match := _SPAN_OF_YEAR.fullmatch(text):
        return _span_of_year(match, today)
    if match := _DAYS_SPAN.fullmatch(text):
        return _days_span(match, today)
    if match := _MONTH_OF_YEAR.fullmatch(text):
        return _month_of_year(match, today)
    for pattern in _DAYS:
        if match := pattern.fullmatch(text):
            year, month, day = _parts(match)
            try:
                found = dt.date(year, month, day)
            except ValueError:
                if month > 12 >= day:
                    return _bad("Dates here have the day first.", today, "Write the day first, such as 30/09/2025.")
                return _bad("There is no such day.", today)
            if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
                return _bad(f"{found.year} is not a year that figures are held for.", today)
            return _end_of_quarter(found)
    for pattern in _MONTHS:
        if match := pattern.fullmatch(text):
            year, month, _ = _parts(match)
            if not 1 <= month <= 12:
                return _bad(f"There is no month {month}.", today)
            if month % 3:
                return _not_an_end(f"{MONTHS[month - 1]} {year} does not end a quarter.", dt.date(year, month, 15))
            return _within(Period(quarter_end(dt.date(year, month, 1))), today)
    if re.fullmatch(rf"(?:{_MONTH})\.?(?:\s*(?:-|/|to)\s*(?:{_MONTH})\.?)?", text):
        return _bad("The month is there, its year is not.", today)
    if re.fullmatch(r"(?:h[12]|half[ -]?year)\b.*|.*\b(?:h[12]|half[ -]?year)|q1\s*(?:-|to|&|and)\s*q?[23]\b.*", text):
        return _bad(
            "More than one quarter is named.",
            today,
            "Write the last quarter, such as 2025/26 Q2, and the basis year_to_date.",
        )
    return _bad("It is neither.", today)


def _parts(match: re.Match[str]) -> tuple[int, int, int]:
    """Year, month and day of a date; day 1 where it has none."""
    words = match.groupdict()
    month = _month(words["name"]) if words.get("name") else int(words["month"])
    return _four_digits(words["year"]), month, int(words.get("day") or 1)


def _span(match: re.Match[str], today: dt.date) -> Period | Problem:
    """A stretch of months, which must be one quarter or a whole financial year."""
    start, end, year = _month(match["start"]), _month(match["end"]), _four_digits(match["year"])
    months = (end - start) % 12 + 1
    began = _four_digits(match["start_year"]) if match["start_year"] else year - (start > end)
    length = (year - began) * 12 + end - start + 1
    if end % 3 == 0 and months == length == 3:
        return _within(Period(quarter_end(dt.date(year, end, 1))), today)
    if (start, end) == (4, 3) and length == 12:
        return _within(Period(dt.date(year, 3, 31), whole_year=True), today)
    if start == 4 and end % 3 == 0 and months == length:
        to = quarter_text(dt.date(year, end, 1))
        return _bad("These months are not one quarter.", today, f"Write {to} and the basis year_to_date.")
    return _bad("These months are not one quarter.", today)


def _span_of_year(match: re.Match[str], today: dt.date) -> Period | Problem:
    """A stretch of months with its financial year: ``Jul-Sep 2025/26``."""
    year = _financial_year(match)
    if year is None:
        return _no_financial_year(match, today)
    start, end = _month(match["start"]), _month(match["end"])
    if end % 3 == 0 and (end - start) % 12 == 2:
        return _within(Period(_end_of(year, (end // 3 + 2) % 4 + 1)), today)
    if (start, end) == (4, 3):
        return _within(Period(dt.date(year + 1, 3, 31), whole_year=True), today)
    if start == 4 and end % 3 == 0:
        to = quarter_text(dt.date(year, end, 1))
        return _bad("These months are not one quarter.", today, f"Write {to} and the basis year_to_date.")
    return _bad("These months are not one quarter.", today)


def _days_span(match: re.Match[str], today: dt.date) -> Period | Problem:
    """A stretch from one day to another: ``01/07/2025 - 30/09/2025``."""
    first, last = read_day(match["from"]), read_day(match["until"])
    if first is None and (short := re.fullmatch(rf"\d{{1,2}}(?:st|nd|rd|th)?\s*(?:{_MONTH})", match["from"])) and last:
        first = read_day(f"{short[0]} {last.year}")
    if first is None or last is None:
        return _bad("It is neither.", today)
    if last != quarter_end(last) or not _FIRST_YEAR <= last.year <= _LAST_YEAR:
        return _end_of_quarter(last)
    before = _quarter_before(last)
    if first == before + dt.timedelta(days=1):
        return Period(last)
    if (first.month, first.day, last.month) == (4, 1, 3) and last.year == first.year + 1:
        return Period(last, whole_year=True)
    written = quarter_text(last)
    if (first.month, first.day) == (4, 1) and 0 < (last - first).days < 366:
        return _bad("These days are not one quarter.", today, f"Write {written} and the basis year_to_date.")
    if first == (last + dt.timedelta(days=1)).replace(year=last.year - (last.month != 12)):
        return _bad("These days are not one quarter.", today, f"Write {written} and the basis rolling_12m.")
    return _bad("These days are not one quarter.", today)


def _month_of_year(match: re.Match[str], today: dt.date) -> Period | Problem:
    """A month with its financial year: ``Sep 2025/26`` is September 2025."""
    year = _financial_year(match)
    if year is None:
        return _no_financial_year(match, today)
    month = _month(match["name"])
    day = dt.date(year + (month < 4), month, 15)
    if month % 3:
        return _not_an_end(f"{MONTHS[month - 1]} {day.year} does not end a quarter.", day)
    return _within(Period(quarter_end(day)), today)


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, start=1) if month.lower().startswith(name[:3]))


def _end_of_quarter(day: dt.date) -> Period | Problem:
    if day == quarter_end(day):
        return Period(day)
    if day.day == 1 and day.month % 3 == 0:
        # What a spreadsheet makes of “Sep 2025”.
        return Problem(
            "bad_period",
            {
                "reason": f"{day_text(day)} does not end a quarter.",
                "hint": f"If {MONTHS[day.month - 1]} {day.year} was meant, and a spreadsheet made a day of it, write "
                f"{quarter_text(day)} as text.",
            },
        )
    return _not_an_end(f"{day_text(day)} does not end a quarter.", day)


def _not_an_end(reason: str, day: dt.date) -> Problem:
    after = quarter_end(day)
    before = _quarter_before(after)
    return Problem(
        "bad_period",
        {
            "reason": reason,
            "hint": f"The nearest are {quarter_text(before)} (to {day_text(before)}) and {quarter_text(after)} (to {day_text(after)}).",
        },
    )


def _bad(reason: str, today: dt.date, hint: str = "") -> Problem:
    # The last whole quarter is the likeliest to be meant.
    example = quarter_text(_quarter_before(quarter_end(today)))
    return Problem("bad_period", {"reason": reason, "hint": hint or _HOW.format(example=example)})
