"""The ways in which officers write quarters, years, months and days, as patterns; :mod:`.periods` says what each means.

Every pattern is matched against a text in lower case with single spaces and plain hyphens.
"""

from __future__ import annotations

import re

from careleavers.wording.formats import MONTHS

MONTH = "|".join([*(name.lower() for name in MONTHS), *(name[:3].lower() for name in MONTHS), "sept"])
YEAR = r"(?:19|20)?\d\d"
FINANCIAL_YEAR = rf"(?:fy\s*)?(?P<first>{YEAR})(?:\s*[-/–—]\s*|\s+)(?P<second>{YEAR})"
RUN_TOGETHER = r"(?:fy\s*)?(?P<first>20\d\d)(?P<second>(?:20)?\d\d)"
QUARTER = r"(?:q(?:tr|uarter)?\.?\s*(?P<quarter>\d)|(?P<ordinal>\d)(?:st|nd|rd|th)\s+q(?:tr|uarter))"
BETWEEN = r"[\s,:;_–—-]*"
WITH_YEAR = [
    re.compile(pattern)
    for year in (FINANCIAL_YEAR, RUN_TOGETHER)
    for pattern in (f"{year}{BETWEEN}{QUARTER}", rf"{QUARTER}(?:{BETWEEN}|\s+of\s+){year}")
]
WHOLE = [re.compile(FINANCIAL_YEAR), re.compile(RUN_TOGETHER)]
ONE_YEAR = [
    re.compile(rf"(?P<year>20\d\d){BETWEEN}{QUARTER}"),
    re.compile(rf"{QUARTER}(?:{BETWEEN}|\s+of\s+)(?P<year>20\d\d)"),
]
ONLY_QUARTER = re.compile(QUARTER)
ONLY_YEAR = re.compile(r"(?:fy\s*)?(?P<year>20\d\d)|fy\s*'?(?P<short>\d\d)")
# "Q2 FY26", "Q2-25": a financial year named by only one of its two years.
SHORT_YEAR = [
    re.compile(rf"{QUARTER}{BETWEEN}(?:(?:fy|f/y|financial year|fin year)\s*'?(?P<year>(?:20)?\d\d)|(?P<only>\d\d))"),
    re.compile(rf"(?:fy|f/y|financial year|fin year)\s*'?(?P<year>(?:20)?\d\d)(?P<only>){BETWEEN}{QUARTER}"),
]
DAY_FIRST = re.compile(
    rf"(?P<day>\d{{1,2}})\s*[./-]\s*(?P<month>\d{{1,2}})\s*[./-]\s*(?P<year>{YEAR})(?:[ t]0{{1,2}}:00(?::00)?(?:\.0+)?)?"
)
YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})\s*[./-]\s*(?P<month>\d{1,2})\s*[./-]\s*(?P<day>\d{1,2})(?:[ t]0{1,2}:00(?::00)?(?:\.0+)?z?)?"
)
DAY_RUN = re.compile(r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)")
DAY_NAMED = re.compile(rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*(?P<name>{MONTH})\.?[\s,.-]*(?P<year>{YEAR})")
NAMED_FIRST = re.compile(rf"(?P<name>{MONTH})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,]+(?P<year>20\d\d)")
MONTH_NAMED = re.compile(rf"(?P<name>{MONTH})\.?[\s,'’/.-]*(?P<year>{YEAR})")
YEAR_MONTH = re.compile(rf"(?P<year>20\d\d)[\s-]*(?P<name>{MONTH})\.?")
MONTH_FIRST = re.compile(r"(?P<month>\d{1,2})[/.-](?P<year>20\d\d)")
MONTH_LAST = re.compile(r"(?P<year>20\d\d)[/.-]?(?P<month>\d\d)")
DAY_PATTERNS = (DAY_FIRST, YEAR_FIRST, DAY_RUN, DAY_NAMED, NAMED_FIRST)
MONTH_PATTERNS = (MONTH_NAMED, YEAR_MONTH, MONTH_FIRST, MONTH_LAST)
SPAN = re.compile(
    rf"(?P<start>{MONTH})\.?\s*(?P<start_year>{YEAR})?(?:\s*[-/–—]\s*|\s+to\s+)(?P<end>{MONTH})\.?[\s,'’]*(?P<year>{YEAR})"
)
SPAN_OF_YEAR = re.compile(rf"(?P<start>{MONTH})\.?(?:\s*[-/]\s*|\s+to\s+)(?P<end>{MONTH})\.?[\s,]*{FINANCIAL_YEAR}")
MONTH_OF_YEAR = re.compile(rf"(?P<name>{MONTH})\.?[\s,-]*(?P<first>20\d\d|\d\d)\s*[-/]\s*(?P<second>20\d\d|\d\d)")
DAYS_SPAN = re.compile(
    r"(?:from\s+)?(?P<from>\d.{3,24}?)\s*(?:\s-\s|\bto\b|\buntil\b|(?<=\d{4})-(?=\d{1,2}/))\s*(?P<until>\d.{3,24})"
)
# Words around a period, and what they say of the figure.
REVISED = re.compile(
    r"\s*[\[(]\s*(?:p|r|f|prov\.?|provisional|revised|final|draft|latest|to date so far|note \d+|\d)\s*[\])]\s*$"
)
AS_AT = re.compile(
    r"(?:position |snapshot )?(?:as )?(?:at|on)(?: the)?(?: end(?: of)?)?\s*:?\s+(?=\S)|snapshot\s+(?:at\s+)?(?=\S)"
)
TO_DATE = re.compile(r"(?:ytd|year to date|cumulative|cum\.?)(?: (?:to|at|as at))?(?: end)?(?: of)?\s*[:,-]?\s*(?=\S)")
TO_DATE_AFTER = re.compile(r"\s*[(\[,-]?\s*\b(?:ytd|year to date|cumulative|cum\.?)\s*[)\]]?$|\s+ytd\b(?=\s)")
ENDING = re.compile(
    r"^(?:(?:the )?(?:quarter|qtr|3 months|three months|period)(?: (?:to|ending|ended|end|up to))(?: the)?(?: end of)?|q/?e|qtr end|end of|end|to end(?: of)?|up to(?: end(?: of)?)?|to)\s*:?\s+(?=\S)"
)
ORDINAL_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4}
ORDINALS = re.compile(r"\bq(?:tr|uarter)\s*(one|two|three|four)\b|\b(first|second|third|fourth)\s+q(?:tr|uarter)\b")
MONTHS_BESIDE = re.compile(
    rf"[\[(]\s*(?P<from>{MONTH})\.?\s*(?:(?:19|20)\d\d)?\s*(?:-|/|to)\s*(?:{MONTH}\s*[-/]\s*)?(?P<until>{MONTH})\.?\s*(?:(?:19|20)\d\d)?\s*[\])]"
)
WHOLE_YEAR = re.compile(
    r"(?:the )?(?:full|whole|entire|financial|fin)?\s*(?:year|yr)(?:[ -]?end)?|outturn|annual|year ?total|q1 ?- ?(?:q)?4|all quarters|fy"
)
DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
YEAR_TO = re.compile(r"(?:12 months|twelve months|financial year|year|yr)\s*(?:to|ending|ended|end)\s+(?:the\s+)?(?P<rest>.+)|y/?e\s+(?P<short>.+)")  # fmt: skip
NUMBER = re.compile(r"(\d{5})(?:\.0+)?")
