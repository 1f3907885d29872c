"""Indicators of a council's own: the rows of an uploaded catalogue, with what an officer leaves out filled in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from careleavers.figures.schema import ALLOWED, TABLES
from careleavers.intake.header import Header, require_columns
from careleavers.intake.model import Findings, Sheet
from careleavers.intake.name_keys import name_key
from careleavers.intake.reference import ReferenceData
from careleavers.intake.values import read_age_group

REQUIRED = ("id", "title", "definition", "polarity")
COLUMNS = tuple(TABLES["indicators"])
_ID = re.compile(r"[a-z][a-z0-9_]{1,47}")
# What an officer may write instead of the catalogue's own words.
_WORDS: dict[str, dict[str, str]] = {
    "polarity": {
        "higherisbetter": "high", "higher": "high", "up": "high", "bigger": "high", "biggerisbetter": "high",
        "lowerisbetter": "low", "lower": "low", "down": "low", "smaller": "low", "smallerisbetter": "low",
        "neither": "neutral", "none": "neutral",
    },
    "unit": {
        "percent": "percent", "percentage": "percent", "pct": "percent", "number": "count", "average": "ratio",
        "mean": "ratio", "rate": "per_10000", "per10000": "per_10000", "rateper10000": "per_10000",
        "pound": "pounds", "gbp": "pounds", "money": "pounds", "cost": "pounds",
    },
    "theme": {"outcomes": "outcome", "enablers": "enabler"},
    "headline": {"yes": "yes", "no": "no", "y": "yes", "n": "no"},
    "target": {"yes": "yes", "no": "no", "y": "yes", "n": "no"},
    "interval": {},
    "published_every": {
        "yearly": "year", "annual": "year", "annually": "year", "everyyear": "year",
        "quarterly": "quarter", "everyquarter": "quarter",
    },
}  # fmt: skip
_CHOICES = {
    **{name: ALLOWED[name] for name in ("polarity", "unit", "theme", "interval", "published_every")}
} | dict.fromkeys(("headline", "target"), ("yes", "no"))
# Longer texts do not fit where they are shown.
_LONGEST = {"title": 120, "short_title": 60, "phrase": 120, "sub_theme": 60}
_LONGEST_OTHER = 2_000
_MOST_DECIMALS = 3
_CAVEATS = "A council's own measure: another council may count it differently or not at all."
_SUB_THEME = "Councils’ own measures"
_NO_RETURN = "No return: councils report it to themselves"


def read_catalogue(sheet: Sheet, header: Header, reference: ReferenceData, findings: Findings) -> pd.DataFrame:
    """The indicators that an uploaded catalogue defines.

    ``id``, ``title``, ``definition`` and ``polarity`` must be given; whatever else is left out is filled in. A row with
    something to fix is left out.

    Parameters
    ----------
    sheet
        The table.
    header
        Its header.
    reference
        The catalogue that is held, whose ids and titles are taken.
    findings
        Gets what is wrong, cell by cell.

    Returns
    -------
    pandas.DataFrame
        One row per indicator: ``row`` (in the spreadsheet), then the columns of ``data/indicators.csv``.
    """
    require_columns(header, REQUIRED, findings)
    rows: list[dict[str, object]] = []
    ids: dict[str, int] = {}
    titles: dict[str, int] = {}
    any_row = False
    for line, cells in sheet.rows:
        given = {
            name: " ".join(cells[column].split()) if column < len(cells) else ""
            for name, column in header.columns.items()
            if name in COLUMNS
        }
        if line <= header.row or not any(given.values()):
            continue
        any_row = True
        reader = _CatalogueRow(line, header, reference, findings, given)
        entry = reader.entry()
        reader.unique("id", given.get("id", "").lower(), ids)
        reader.unique("title", name_key(given.get("title", "")), titles)
        if not reader.wrong:
            rows.append({"row": line, **entry})
    if not any_row:
        findings.add("no_rows")
    return pd.DataFrame(rows, columns=["row", *COLUMNS])


class _CatalogueRow:
    """One row of a catalogue being read."""

    def __init__(
        self, line: int, header: Header, reference: ReferenceData, findings: Findings, given: Mapping[str, str]
    ) -> None:
        self.line, self.header, self.reference, self.findings, self.given = line, header, reference, findings, given
        self.wrong = False

    def note(self, rule: str, name: str, /, **words: str) -> None:
        self.wrong = True
        self.findings.add(rule, self.line, self.header.columns.get(name), self.given.get(name, ""), **words)

    def unique(self, name: str, text: str, lines: dict[str, int]) -> None:
        first = lines.setdefault(text, self.line)
        if text and first != self.line:
            self.note("id_taken", name, where=f"in row {first}")

    def entry(self) -> dict[str, object]:
        given = self.given
        for name in REQUIRED:
            if name in self.header.columns and not given.get(name):
                self.note("missing_text", name, name=name)
        self._lengths()
        name = given.get("id", "").lower()
        self._check_id(name)
        title = given.get("title", "")
        short_title = given.get("short_title") or title
        self._check_titles(title, short_title)
        unit = self._word("unit", "percent")
        polarity = self._word("polarity", "")
        phrase = given.get("phrase") or "{value} " + short_title
        if phrase.count("{value}") != 1 or set("{}") & set(phrase.replace("{value}", "")):
            self.note(
                "bad_text", "phrase", what="A phrase with {value} once, where the figure goes, and no other brackets"
            )
        return {
            "id": name,
            "title": title,
            "short_title": short_title,
            "phrase": phrase,
            "theme": self._word("theme", "outcome"),
            "sub_theme": given.get("sub_theme") or _SUB_THEME,
            # A family of its own: it is not known to add up with other indicators.
            "family": name,
            "adds_up": "",
            "part_of": "",
            "unit": unit,
            "polarity": polarity,
            "decimals": self._decimals(0 if unit in {"percent", "count", "pounds"} else 1),
            "headline": self._word("headline", "no"),
            "age_groups": ";".join(self._ages()),
            "interval": self._word("interval", "wilson" if unit == "percent" else "none"),
            "numerator_counts": given.get("numerator_counts", "").rstrip(".") or "what the definition says",
            "denominator_counts": given.get("denominator_counts", "").rstrip("."),
            "definition": given.get("definition", ""),
            "caveats": given.get("caveats") or _CAVEATS,
            "source": "local",
            "published_every": self._word("published_every", "quarter"),
            "statutory_return": given.get("statutory_return") or _NO_RETURN,
            "target": self._word("target", "no" if polarity == "neutral" else "yes"),
            "not_known": "",
            "everyday": ";".join(part.strip() for part in given.get("everyday", "").split(";") if part.strip()),
        }

    def _lengths(self) -> None:
        for name, text in self.given.items():
            longest = _LONGEST.get(name, _LONGEST_OTHER)
            if len(text) > longest:
                self.note("bad_text", name, what=f"A text of up to {longest:,} characters")
            elif not text.isprintable():
                self.note("bad_text", name, what="A text without control characters")

    def _check_id(self, name: str) -> None:
        if not name:
            return
        if not _ID.fullmatch(name):
            words = re.sub(r"[^a-z0-9]+", "_", name).strip("_0123456789")[:48]
            self.note("bad_id", "id", hint=f"Use {words}, say." if _ID.fullmatch(words) else "Choose such an id.")
        elif name in self.reference.shipped:
            self.note("id_taken", "id", where="in the catalogue of this dashboard")

    def _check_titles(self, title: str, short_title: str) -> None:
        for name, text in (("title", title), ("short_title", short_title)):
            other = self.reference.indicator(text)
            if text and other is not None and other.id != self.given.get("id", "").lower():
                self.note("id_taken", name, where=f"for {other.id}")
            if set("{}") & set(text):
                self.note("bad_text", name, what="A title without curly brackets")

    def _word(self, name: str, default: str) -> str:
        text = self.given.get(name, "")
        if not text:
            return default
        choices = _CHOICES[name]
        words = {name_key(choice): choice for choice in choices} | _WORDS[name]
        found = words.get(name_key(text.replace("£", "pounds")))
        if found is None:
            self.note("bad_word", name, name=name, choices=", ".join(choices))
            return default
        return found

    def _decimals(self, default: int) -> int:
        text = self.given.get("decimals", "")
        choices = [str(number) for number in range(_MOST_DECIMALS + 1)]
        if text and text not in choices:
            self.note("bad_word", "decimals", name="decimals", choices=", ".join(choices))
        return int(text) if text in choices else default

    def _ages(self) -> Iterable[str]:
        parts = [part.strip() for part in re.split(r"[;,]", self.given.get("age_groups", "")) if part.strip()]
        ages = list(dict.fromkeys(read_age_group(part) for part in parts))
        if "" in ages:
            self.note("bad_text", "age_groups", what="Ages such as 17-18;19-21, or all")
        return ages or ["all"]
