"""The header of an uploaded table: where it is, what its columns mean, and whether it is about single young people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from careleavers.errors import Refused
from careleavers.figures.schema import TABLES
from careleavers.importer.figures import WHERE
from careleavers.importer.inspections import INSPECTION_COLUMNS
from careleavers.intake.known import Known, plain
from careleavers.intake.model import Findings, Kind, Sheet, column_letters
from careleavers.intake.periods import looks_like_period, period_of_column, read_day
from careleavers.intake.rules import RULES
from careleavers.intake.template import FIELDS, parse_wide_header, wide_header
from careleavers.intake.values import read_age_group
from careleavers.wording.formats import MONTHS

# A header is looked for in this many rows: titles and notes stand above it.
SEARCHED_ROWS = 60
_SEARCHED_COLUMNS = 1_000
_LEAST_COLUMNS = 2
_LONGEST_NAME = 60
_SHOWN_COLUMNS = 6

_AUTHORITY = {
    "authority_code": (
        "LA code", "local authority code", "GSS code", "ONS code", "new_la_code", "LA GSS code", "area code",
        "council code", "code",
    ),
    "department_code": (
        "old_la_code", "DfE code", "DfE number", "LA number", "LA no", "LEA code", "three-digit code", "LA number code",
    ),
    "authority_name": (
        "authority", "LA", "LA name", "local authority", "local authority name", "council", "council name", "area",
        "area name", "name of authority", "name of local authority", "name of council",
    ),
}  # fmt: skip
# Each field of a table of figures, and by which names its column is known beside its own.
LOCAL: dict[str, tuple[str, ...]] = {
    **_AUTHORITY,
    "indicator": (
        "indicator id", "indicator name", "indicator title", "measure", "measure id", "measure name", "metric", "KPI",
        "performance indicator", "PI", "indicator code",
    ),
    "age_group": (
        "age", "ages", "age band", "age range", "age groups", "care_leaver_age", "cohort age", "ages covered",
    ),
    "period": (
        "quarter", "qtr", "reporting period", "time_period", "period end", "period ending", "period end date", "date",
        "quarter end", "quarter ending", "reporting quarter", "month", "period_end", "as at date", "quarter end date",
        "month ending", "month end", "as at", "position at", "position as at", "snapshot date",
    ),
    # Beside a column for the year, or alone as the period.
    "quarter": (
        "qtr", "q", "quarter no", "quarter no.", "quarter number", "qtr no", "qtr number", "q no", "quarter end",
        "quarter ending", "quarter end date", "reporting quarter", "financial quarter", "fiscal quarter", "fin quarter",
        "quarter name", "month", "month name", "reporting month", "months",
    ),
    "year": (
        "financial year", "FY", "fin year", "reporting year", "fiscal year", "fin yr", "financial yr", "yr", "F/Y", "f year",
    ),
    "basis": ("period type", "basis of period", "period basis", "measurement basis", "type of period", "time basis"),
    "numerator": (
        "num", "number", "count", "n", "no", "numerators", "number of young people", "care_leaver_count", "no.",
        "children_count",
    ),
    "denominator": (
        "denom", "den", "total", "out of", "base", "cohort", "d", "denominators", "cohort size", "total number",
    ),
    "value": (
        "%", "percentage", "pct", "rate", "result", "performance", "actual", "outturn", "published_value", "values",
        "care_leaver_percent", "figure", "children_percent",
    ),
    "target": ("target value", "target %", "target for the year", "targets"),
    "note": ("notes", "comment", "comments", "commentary", "remarks"),
}  # fmt: skip
CATALOGUE: dict[str, tuple[str, ...]] = {
    # An indicator of a council's own stands alone: nothing is known of how it adds up with others.
    **{
        column: ()
        for column in TABLES["indicators"]
        if column not in {"family", "adds_up", "part_of", "source", "not_known"}
    },
    "id": ("indicator", "indicator id", "indicator code", "measure id"),
    "title": ("name of indicator", "indicator name", "indicator title", "full title"),
    "short_title": ("short name", "label"),
    "polarity": ("which way is better", "good is", "better is", "direction"),
    "age_groups": ("age group", "ages", "age groups"),
    "numerator_counts": ("numerator", "what the numerator counts", "numerator definition"),
    "denominator_counts": ("denominator", "what the denominator counts", "denominator definition"),
    "caveats": ("caveat", "take care", "notes"),
    "decimals": ("decimal places",),
    "sub_theme": ("group", "topic"),
    "published_every": ("how often", "frequency", "comes out"),
}
EVENTS: dict[str, tuple[str, ...]] = {
    **{column: () for column in INSPECTION_COLUMNS if column not in {"authority_code", "release", "report_url"}},
    **_AUTHORITY,
    "kind": ("type of event", "full or visit"),
    "inspection_type": ("type", "inspection/visit type", "inspection or visit", "event"),
    "inspection_date": ("date", "start date", "inspection/visit date", "date of inspection", "date of visit"),
    "end_date": ("finished",),
    "publication_date": ("published", "date published", "report published"),
    "overall_effectiveness": ("overall", "overall judgement"),
    "leaders": ("leadership", "impact of leaders"),
    "theme": ("visit theme",),
    "note": ("notes", "comment", "comments"),
    "source": ("reported in", "where from", "link"),
}
RELEASE: dict[str, tuple[str, ...]] = dict.fromkeys(WHERE, ())
_FIELDS: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    "local": LOCAL,
    "release": RELEASE,
    "catalogue": CATALOGUE,
    "events": EVENTS,
}
# Names that may mean something else: they give way to every other name of their field. "No." is often the row's number.
_WEAK = {"n": "numerator", "no": "numerator", "d": "denominator", "date": "period"}
_ROW_NUMBERS = frozenset({"no", "n"})
# These are the row's number only where they look like it.
_MAYBE_ROW_NUMBERS = frozenset({"number", "count", "num"})
# Names of a council's own columns that are about a part of a year.
_PART = re.compile(r"\b(?:q|qtrs?|quarters?|fq|months?|mths?)\b")
_QUARTER = re.compile(r"\b(?:q|qtrs?|quarters?|fq)\b")
_SOME_PART = re.compile(r"\b(?:periods?|p|half|halves|h|term|weeks?|wk)\b")
_A_PART = re.compile(
    r"(?:[1-9]|1[0-2])(?:\.0+)?|(?:q|qtr|quarter|h|p|period|half|m|month)\.?\s*\d{1,2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"|.*\d.*\b(?:q|qtr|quarter)\b.*|.*\b(?:q|qtr|quarter)\b.*\d.*",
    re.IGNORECASE,
)
_ANY = re.compile(r"")
_TIME = re.compile(
    r"\b(?:dates?|months?|ending|ended|waves?|census|seasons?|snapshots?|rounds?|returns?|sessions?|collections?|half|halves|terms?)\b"
)
_CERTAINLY_A_PART = re.compile(
    r"(?:q|qtr|quarter)\.?\s*[1-4]|[1-4](?:st|nd|rd|th) (?:quarter|qtr)|h[12]", re.IGNORECASE
)
# What makes a column with such words beside its name another one: "Numerator (last year)", "Number (%)".
_OTHER_FIGURE = re.compile(
    r"\b(?:last|previous|prior|year|target|national|england|region(?:al)?|average|neighbours?|statistical|forecast|estimated?|"
    r"planned|plan|change|difference|rank|male|female|boys|girls|benchmark|comparators?|cumulative|ytd|rolling)\b|\d"
)
# What says nothing of a figure that is not so of every one: "Numerator (number of young people)".
_SAYS_NO_MORE = frozenset(
    re.findall(
        r"[a-z]+",
        "a all and an are as at be by care code codes cohort column count counts d decimal denominator digits each eg every figure "
        "figures for from full given group here how if in indicator int integer is leave leaver leavers local many measure measured "
        "n no not note notes num number numbers numeric numerator of on one only optional or out pct people per percent percentage "
        "person persons please population required see selected share t text that the there these this those to total value when "
        "which who whole with x xd yp young",
    )
)
_COUNTED = re.compile(r"%|per ?cent|rate|proportion")
_EXPLAINED = re.compile(r"\s*(?:[\n\r(\[:*#†]|_x000d_|\s[-–—]\s)", re.IGNORECASE)
_LONGEST_EXPLAINED = 400
# The names of a block that says whom to ask about the table under it.
_CONTACT = frozenset(
    plain(name)
    for name in ("name", "names", "full name", "email", "email address", "e-mail", "telephone", "phone", "phone number", "mobile",
                 "mobile number", "address")
)  # fmt: skip
_CONTACT_ROWS = 3
_TABLE_COLUMNS = 4
# Values of a column that are looked at to see what it is about.
_LOOKED_AT = 200
# The fields that may stand under a period or an age group, and those of which each figure has its own.
_FIGURE = frozenset({"numerator", "denominator", "value", "target"})
_NUMBERS = ("numerator", "denominator", "value")
_AGES = re.compile(
    r"(?:aged?\s*)?\d{1,2}\s*(?:-|–|to|&|and|/)\s*\d{1,2}(?:\s*(?:years?(?: olds?)?|yrs?))?", re.IGNORECASE
)
_AGES_AND_FIELD = (
    re.compile(rf"(?P<ages>{_AGES.pattern})[\s:_–-]+\(?(?P<field>[a-z%. ]+?)\)?", re.IGNORECASE),
    re.compile(rf"(?P<field>[a-z%. ]+?)[\s:_–-]*\(?(?P<ages>{_AGES.pattern})\)?", re.IGNORECASE),
)
# The column that a checked file comes back with, and that of the template which is only to be read.
_OURS = frozenset({"messages", "measuretitle"})

# Column names of files with a row a young person: case systems, the SSDA903 return, ordinary words.
_PERSON_NAMES = frozenset(
    plain(name)
    for name in (
        "child", "child id", "child no", "child number", "child ref", "child reference", "child identifier", "child name",
        "children's names", "name", "names", "full name", "fullname", "known as", "initials", "child's initials",
        "young person", "young people's names", "young person id", "young person name", "name of young person",
        "name of child", "name of care leaver", "yp", "yp id", "yp name", "yp initials", "client", "client id",
        "client name", "person", "person id", "person name", "pupil", "pupil name", "student", "student name", "id number",
        "case id", "case number", "case ref", "case reference", "mosaic id", "mosaic", "liquidlogic id", "lcs id", "ics id",
        "swift id", "paris id", "eclipse id", "social care id", "care leaver id", "care leaver name", "unique id",
        "first name", "forename", "forenames", "given name", "given names", "middle name", "last name", "surname",
        "family name", "preferred name", "previous name", "UPN", "unique pupil number", "ULN", "unique learner number",
        "NHS", "NHS no", "NHS number", "NI number", "NINO", "national insurance number", "UCI", "UPRN", "DOB",
        "date of birth", "birth date", "birthday", "MC_DOB", "date of death", "postcode", "post code", "home postcode",
        "home_post", "pl_post", "address", "home address", "current address", "address line 1", "address 1", "street",
        "telephone", "phone", "phone number", "mobile", "mobile number", "email", "email address", "legal status",
        "LS", "DECOM", "RNE", "ethnic", "ethnicity code", "category of need", "UASC", "social worker",
        "social worker name", "personal adviser name", "PA name", "allocated worker", "mother", "mother's name",
        "carer name", "foster carer",
    )
)  # fmt: skip
_PERSON_WORDS = frozenset(
    {"upn", "uln", "dob", "nhs", "nino", "forename", "forenames", "surname", "surnames", "firstname", "lastname",
     "postcode", "postcodes", "birthdate", "uprn"}
)  # fmt: skip
_PERSON_PHRASES = re.compile(
    r"\b(?:date of birth|birth date|first name|last name|given name|family name|full name|national insurance|"
    r"(?:child|children|young person|yp|client|pupil|student|care leaver|person)(?: s)? (?:id|identifier|name|names|no|number|ref|"
    r"reference|initials)|names? of (?:the )?(?:child|children|young person|young people|care leavers?|clients?))\b"
)
# "Number of …" and wide columns count people; "child number" above is a number on a file.
_COUNTING = re.compile(r"^(?:number|count|total|no) of ")


@dataclass(frozen=True)
class Spread:
    """Columns of one period or age group, in a table that has a column for each: as it is written above them.

    ``columns`` are those of its figures by field, ``row`` and ``head`` the cell that names the period or the ages;
    ``period`` is '' for ages, which have theirs in ``age_group``.
    """

    period: str
    columns: dict[str, int]
    row: int
    head: int
    written: str
    age_group: str = ""


@dataclass(frozen=True)
class Header:
    """The header found: its row, its cells, and the column (from 0) of each field; ``wide`` are columns of figures.

    ``wide`` maps (indicator, age group, field) to a column where a file has a column an indicator; the age group is ''
    where it stands in a column of its own. ``spread`` are columns a period. ``year`` is the financial year that stands
    above the table, if there is one. ``some_part``: the column ``quarter`` is not said to be of quarters or months.
    """

    row: int
    cells: tuple[str, ...]
    kind: Kind
    columns: dict[str, int]
    wide: dict[tuple[str, str, str], int] = field(default_factory=dict)
    spread: tuple[Spread, ...] = ()
    year: str = ""
    some_part: bool = False

    def places(self) -> dict[str, int]:
        """The column of each field, and of each wide column by its header in the template."""
        when = next((self.columns[name] for name in ("period", "quarter", "year") if name in self.columns), None)
        return {
            **({} if when is None else {"period": when}),
            **self.columns,
            **{wide_header(*key): column for key, column in self.wide.items()},
        }


def _aliases(fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {plain(alias): field for field, others in fields.items() for alias in (field, *others)}


_ALIASES: dict[Kind, dict[str, str]] = {kind: _aliases(fields) for kind, fields in _FIELDS.items()}
_NAMES = frozenset(name for aliases in _ALIASES.values() for name in aliases)
_AGELESS = re.compile(rf"(?P<indicator>.+) (?P<field>{'|'.join(FIELDS)})", re.IGNORECASE)


def find_header(sheet: Sheet, known: Known, findings: Findings) -> Header:
    """Find the header under titles, notes and blank rows, and what its columns mean.

    Adds findings for columns that mean the same or are not used. Raises :class:`Refused` when there is no header, and
    for a file about single young people, naming the columns that say so and nothing else of it.
    """
    searched = [(row, cells[:_SEARCHED_COLUMNS]) for row, cells in sheet.rows[:SEARCHED_ROWS]]
    best = max(searched, key=lambda row: max(_scores(row[1], known).values()), default=None)
    scores = _scores(best[1], known) if best else {}
    found = best is not None and max(scores.values()) >= _LEAST_COLUMNS
    for row, cells in sheet.rows[:SEARCHED_ROWS]:
        header = best is not None and row == best[0]
        personal = person_columns(cells if header else cells[:_SEARCHED_COLUMNS], known)
        # A title above the table may have one such word: "Name: …" of the officer, say.
        if len(personal) > 1 or (personal and found and header):
            if best is not None and row < best[0] and _whom_to_ask(sheet, row, best[0], personal, max(scores.values())):
                continue
            raise Refused(_person_level(personal))
    for cells in sheet.aside:
        personal = person_columns(cells[:_SEARCHED_COLUMNS], known)
        if len(personal) > 1:
            raise Refused(
                f"{_person_level(personal)} They are on another sheet, in hidden rows or in what a pivot table remembers: "
                "copy the table of totals to a new workbook (values only) and upload that."
            )
    for cells in sheet.aside:
        personal = person_columns(cells, known)
        # A list of names of services beside the figures is no list of young people; a date of birth is always one's.
        if len(personal) > 1 or any(map(_surely_personal, personal)):
            raise Refused(_person_level(personal))
    if not found or best is None:
        if sheet.sheet and sum(_in_one_cell(cells) for _, cells in searched) * 2 > len(searched):
            raise Refused(
                "All columns of the table stand in one cell of each row. Choose the column and Data, Text to Columns in "
                "Excel, save and upload again; or upload the text file itself."
            )
        raise Refused(
            f"No header was found in the first {SEARCHED_ROWS} rows. Name the columns: authority_code, indicator, "
            "age_group, period, numerator and denominator; or start from the template on this page."
        )
    row, cells = _with_fields_below(sheet, *best)
    return _Mapping(sheet, row, cells, _kind(cells, scores, known), known, findings).header()


def _with_fields_below(sheet: Sheet, row: int, cells: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """The header with the row under it, where that names the fields of what stands above: ``Q1`` over ``Num`` and ``Den``."""
    below = next((found for line, found in sheet.rows[:SEARCHED_ROWS] if line == row + 1), ())
    named = [column for column, cell in enumerate(below) if cell.strip()]
    above = {field_of(cell) for cell in cells}
    if len(named) < _LEAST_COLUMNS or {"numerator", "denominator"} & above:
        return row, cells
    fields = [field_of(below[column]) for column in named]
    if not {"numerator", "denominator"} <= set(fields) or not set(fields) <= _FIGURE:
        return row, cells
    # What stands over a field is the head of its columns; the names of the other columns stand in the row above.
    width = max(len(cells), len(below))
    one, other = (each + ("",) * (width - len(each)) for each in (cells, below))
    return row + 1, tuple(under if under.strip() else over for over, under in zip(one, other, strict=True))


def _whom_to_ask(sheet: Sheet, row: int, header: int, personal: list[str], score: int) -> bool:
    """Whether a row above a table of figures only says whom to ask about it."""
    if score < _TABLE_COLUMNS or not {plain(name) for name in personal} <= _CONTACT:
        return False
    return sum(row < line < header for line, _ in sheet.rows[:SEARCHED_ROWS]) <= _CONTACT_ROWS


def _in_one_cell(cells: tuple[str, ...]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) == 1 and max(map(filled[0].count, ",;\t|")) > 2


def person_columns(cells: Iterable[str], known: Known) -> list[str]:
    """The names of columns that only a file about single young people has, as they stand in the header."""
    return [cell for cell in cells if cell.strip() and len(cell) <= _LONGEST_NAME and _personal(cell, known)]


def _personal(cell: str, known: Known) -> bool:
    wide = parse_wide_header(cell)
    if wide and known.indicator(wide[0]):
        return False
    if plain(cell) in _PERSON_NAMES:
        return True
    return _surely_personal(cell)


def _surely_personal(cell: str) -> bool:
    # "DateOfBirth" and "child_id" are words too.
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell).lower()).strip()
    if _COUNTING.match(words):
        return False
    return not _PERSON_WORDS.isdisjoint(words.split()) or _PERSON_PHRASES.search(words) is not None


def _person_level(columns: list[str]) -> str:
    shown = [f"“{' '.join(column.split())}”" for column in columns[:_SHOWN_COLUMNS]]
    if len(columns) > _SHOWN_COLUMNS:
        shown.append(f"{len(columns) - _SHOWN_COLUMNS} more")
    rule = RULES["person_level"]
    named = ", ".join(shown)
    return (
        f"{rule.title}. {rule.expected.format(columns=named)} {rule.fix} If “name” is the name of an authority, call the "
        "column authority_name."
    )


def _scores(cells: tuple[str, ...], known: Known) -> dict[Kind, int]:
    """How many columns of each kind of file a row names."""
    names = [name for cell in cells if cell.strip() and (name := _name(cell))]
    scores = {kind: len({aliases[name] for name in names if name in aliases}) for kind, aliases in _ALIASES.items()}
    scores["local"] += len(_wide(cells, known))
    return scores


def _name(cell: str) -> str:
    """The name in a cell of a header, without case, spaces and punctuation; '' for a text that is longer than a name.

    Of a name with an explanation only the name, if it is one: ``Numerator (number of young people)``.
    """
    whole = plain(cell) if len(cell) <= _LONGEST_NAME else ""
    if whole in _NAMES or len(cell) > _LONGEST_EXPLAINED:
        return whole
    name, explained = _explained(cell)
    local = _ALIASES["local"].get(name, "")
    if name not in _NAMES or name in _WEAK or not explained:
        return whole
    words = explained.lower()
    if local in {"numerator", "denominator", "value", "target"} and _OTHER_FIGURE.search(words):
        return whole
    if local in {"numerator", "denominator"} and _COUNTED.search(words):
        return whole
    if local == "value" and re.search(r"\b(?:numbers?|counts?|n)\b", words):
        return whole
    return name


def field_of(cell: str) -> str:
    """The field of a table of figures that a cell names, if it names one."""
    return _ALIASES["local"].get(_name(cell), "") if cell and not cell[0].isdigit() else ""


def _explained(cell: str) -> tuple[str, str]:
    """A name and what stands after it in brackets, on another line or after a dash."""
    match = _EXPLAINED.search(cell.strip())
    return (plain(cell.strip()[: match.start()]), cell.strip()[match.start() :]) if match else (plain(cell), "")


def _wide(cells: tuple[str, ...], known: Known) -> dict[int, tuple[str, str, str]]:
    found = {}
    for column, cell in enumerate(cells):
        parsed = parse_wide_header(cell) if 0 < len(cell) <= 2 * _LONGEST_NAME else None
        if parsed and (indicator := known.indicator(parsed[0])):
            found[column] = (indicator.id, parsed[1], parsed[2])
    return found


def _wide_without_ages(cells: tuple[str, ...], known: Known) -> dict[int, tuple[str, str, str]]:
    """Columns such as ``eet numerator``, in a table that has its age groups in a column."""
    found = {}
    for column, cell in enumerate(cells):
        match = (
            _AGELESS.fullmatch(" ".join(re.split(r"[\s_]+", cell.strip()))) if len(cell) <= 2 * _LONGEST_NAME else None
        )
        if match and (indicator := known.indicator(match["indicator"])):
            found[column] = (indicator.id, "", match["field"].lower())
    return found


def _kind(cells: tuple[str, ...], scores: Mapping[Kind, int], known: Known) -> Kind:
    names = {name for cell in cells if (name := _name(cell))}
    if {"timeperiod", "geographiclevel"} <= names:
        return "release"
    fields: dict[Kind, set[str]] = {
        kind: {aliases[name] for name in names if name in aliases} for kind, aliases in _ALIASES.items()
    }
    local = fields["local"]
    if _wide(cells, known):
        return "local"
    # A council's own columns may be called Definition, Polarity or Type: what makes a table of figures comes first.
    if (
        set(_AUTHORITY) & local
        and {"period", "quarter", "year"} & local
        and {"numerator", "denominator", "value"} & local
    ) and ("indicator" in local or not {"inspection_type", "inspection_date"} <= fields["events"]):
        return "local"
    if {"definition", "polarity"} & fields["catalogue"] and {"id", "title"} & fields["catalogue"]:
        # A scorecard has such columns too, and one for each quarter.
        return "local" if any(map(period_of_column, cells)) else "catalogue"
    if {"inspection_type", "inspection_date"} <= fields["events"] and scores["events"] > scores["local"]:
        return "events"
    return "local"


class _Mapping:
    """What the columns of a header mean. The template's own names come first, then other names, then doubtful ones."""

    def __init__(
        self, sheet: Sheet, row: int, cells: tuple[str, ...], kind: Kind, known: Known, findings: Findings
    ) -> None:
        self.sheet, self.row, self.cells, self.kind, self.known, self.findings = (
            sheet,
            row,
            cells,
            kind,
            known,
            findings,
        )
        self.columns: dict[str, int] = {}
        self.wide: dict[tuple[str, str, str], int] = {}
        self.used: set[int] = set()
        self.spread: tuple[Spread, ...] = ()
        self.year = ""
        self.some_part = False

    def header(self) -> Header:
        if self.kind == "local":
            self._wide_columns()
            self.year = self._year_above()
            self.spread = self._two_row_header()
            self.spread = self.spread or self._age_columns()
        self._named()
        if self.kind == "local":
            self._doubtful()
            self._ageless_columns()
            self._times()
            self._aside_of_spread()
            self._hidden_basis()
        for column, cell in enumerate(self.cells):
            said = " ".join(cell.split())
            if column not in self.used and said and plain(cell) not in _OURS and self.kind != "release":
                self.findings.add("column_not_used", self.row, column, said)
        return Header(self.row, self.cells, self.kind, self.columns, self.wide, self.spread, self.year, self.some_part)

    def _claim(self, column: int, meaning: str, taken: dict[Any, int], key: Any) -> None:
        self.used.add(column)
        first = taken.setdefault(key, column)
        if first != column:
            self.findings.add(
                "duplicate_column", self.row, column, " ".join(self.cells[column].split()), name=meaning,
                other=column_letters(first),
            )  # fmt: skip

    def _wide_columns(self) -> None:
        for column, key in _wide(self.cells, self.known).items():
            self._claim(column, wide_header(*key), self.wide, key)

    def _named(self) -> None:
        aliases = _ALIASES[self.kind]
        exact = {plain(name): name for name in _FIELDS[self.kind]}
        names = {c: _name(cell) for c, cell in enumerate(self.cells) if c not in self.used}
        plainly = {c: plain(self.cells[c]) for c in names}
        own = {exact[name] for name in plainly.values() if name in exact}
        keys = [c for c, name in names.items() if aliases.get(name) in {"indicator", *_AUTHORITY}]
        for column, name in names.items():
            if self.spread and aliases.get(name) in _NUMBERS:
                # "England" over columns beside those of the quarters: whose numbers are those?
                continue
            if plainly[column] in exact:
                self._claim(column, exact[plainly[column]], self.columns, exact[plainly[column]])
            elif name in aliases and aliases[name] not in own and not (self.kind == "local" and name in _WEAK):
                if name in _MAYBE_ROW_NUMBERS and column < max(keys, default=0) and _counts_up(self._values(column)):
                    continue
                whole = name == plainly[column]
                if not whole and any(
                    aliases.get(other) == aliases[name] for c, other in plainly.items() if c != column
                ):
                    # "Numerator (rounded)" beside "Num" is a column of the council's own.
                    continue
                self._claim(column, aliases[name], self.columns, aliases[name])
                if not whole and self.kind == "local" and aliases[name] in _FIGURE:
                    self._explained_figure(column, aliases[name])

    def _explained_figure(self, column: int, field: str) -> None:
        """Have it confirmed that a column holds the figure, where its name says more: ``Numerator (UASC)``."""
        words = set(re.findall(r"[a-z]+", _explained(self.cells[column])[1].lower()))
        if words - _SAYS_NO_MORE:
            said = " ".join(self.cells[column].split())
            self.findings.add("understood_as", self.row, column, said, meaning=f"the {field} of every row")

    def _doubtful(self) -> None:
        keys = [self.columns[name] for name in ("indicator", *_AUTHORITY) if name in self.columns]
        for column, cell in enumerate(self.cells):
            name = plain(cell) if len(cell) <= _LONGEST_NAME else ""
            if column in self.used or name not in _WEAK or _WEAK[name] in self.columns:
                continue
            if self.spread and _WEAK[name] in _NUMBERS:
                continue
            if name == "date" and "quarter" in self.columns:
                continue
            if name in _ROW_NUMBERS and (column < max(keys, default=0) or _counts_up(self._values(column))):
                continue
            self._claim(column, _WEAK[name], self.columns, _WEAK[name])

    def _ageless_columns(self) -> None:
        if "age_group" not in self.columns or "indicator" in self.columns or self.wide:
            return
        for column, key in _wide_without_ages(self.cells, self.known).items():
            if column not in self.used:
                self._claim(column, " ".join((key[0], key[2])), self.wide, key)

    def _times(self) -> None:
        """Settle which columns say the period: one for it, or one for the year and one for a part of it."""
        columns = self.columns
        if "quarter" not in columns and {"year", "period"} & columns.keys():
            self._part_of_year()
        if "quarter" in columns:
            self.some_part = not _QUARTER.search(re.sub(r"[^a-z0-9]+", " ", self.cells[columns["quarter"]].lower()))
        if any(spread.period for spread in self.spread):
            return
        if not self.spread and not {"period", "quarter"} & columns.keys():
            self.spread = self._period_columns()
            if self.spread:
                return
        alone = [name for name in ("quarter", "year") if name in columns]
        if "period" not in columns and len(alone) == 1:
            # A column for the quarter or the year alone holds the whole period: "2025/26".
            columns["period"] = columns.pop(alone[0])
            if alone[0] == "year":
                self._whole_years()

    def _aside_of_spread(self) -> None:
        """Leave out columns of numbers beside those of periods or ages, and a target that is of one age group only."""
        aside = _NUMBERS if any(spread.period for spread in self.spread) else (*_NUMBERS, "target")
        for name in aside if self.spread else ():
            if name in self.columns:
                self.used.discard(self.columns.pop(name))

    def _hidden_basis(self) -> None:
        """Have it confirmed that figures are of the quarter where the column that says so is hidden."""
        if "basis" in self.columns or not any(reason.startswith("hidden column") for reason in self.sheet.skipped):
            return
        if any(field_of(cell) == "basis" for row in self.sheet.aside for cell in row):
            named = next((name for name in ("period", "quarter", "year") if name in self.columns), None)
            column = None if named is None else self.columns[named]
            said = "" if column is None else " ".join(self.cells[column].split())
            self.findings.add(
                "understood_as", self.row, column, said,
                meaning="the time that each figure covers, for the column “basis” is hidden",
            )  # fmt: skip

    def _whole_years(self) -> None:
        """Have it confirmed that years are whole ones where another column may name the part of them, or is hidden."""
        column = self.columns["period"]
        hidden = any(reason.startswith("hidden column") for reason in self.sheet.skipped)
        if hidden and any(field_of(cell) in {"quarter", "period"} for row in self.sheet.aside for cell in row):
            why = "for the column that names the part of the year is hidden"
        elif other := next(
            (c for c, cell in enumerate(self.cells) if c not in self.used and self._of_a_time(c, cell)), None
        ):
            why = f"whatever column {column_letters(other)}, “{' '.join(self.cells[other].split())}”, says"
        else:
            return
        said = " ".join(self.cells[column].split())
        self.findings.add("understood_as", self.row, column, said, meaning=f"whole years, {why}")

    def _of_a_time(self, column: int, cell: str) -> bool:
        """Whether a column of the council's own may say which part of the year a row is about."""
        values = self._values(column)
        if not values or len(cell) > _LONGEST_NAME:
            return False
        return _TIME.search(re.sub(r"[^a-z0-9]+", " ", cell.lower())) is not None or all(map(read_day, values))

    def _part_of_year(self) -> None:
        """Find a column of the council's own that says which part of the year a row is about."""
        for pattern, part in ((_PART, _A_PART), (_SOME_PART, _A_PART), (_ANY, _CERTAINLY_A_PART)):
            for column, cell in enumerate(self.cells):
                words = re.sub(r"[^a-z0-9]+", " ", cell.lower())
                if column in self.used or len(cell) > _LONGEST_NAME or not pattern.search(words):
                    continue
                values = self._values(column)
                if values and all(part.fullmatch(value) for value in values):
                    self._claim(column, "quarter", self.columns, "quarter")
                    return

    def _values(self, column: int) -> list[str]:
        """What stands in a column under the header, in the first rows that have something there."""
        rows = self.sheet.rows.take(self.sheet.rows.lines > self.row)[:_LOOKED_AT]
        return [cells[column].strip() for _, cells in rows if column < len(cells) and cells[column].strip()]

    def _year_above(self) -> str:
        """The financial year in the titles, if there is one and only one."""
        said = " ".join(cell for row, cells in self.sheet.rows[:SEARCHED_ROWS] if row < self.row for cell in cells)
        years = {
            f"{first}/{second[-2:]}"
            for first, second in re.findall(r"\b(20\d\d)\s*[-/–—]\s*((?:20)?\d\d)\b", said)
            if int(second[-2:]) == (int(first) + 1) % 100
        }
        return years.pop() if len(years) == 1 else ""

    def _two_row_header(self) -> tuple[Spread, ...]:
        """Periods in the row above the header, each over its columns of figures."""
        above = next((cells for row, cells in self.sheet.rows[:SEARCHED_ROWS] if row == self.row - 1), ())
        fields = {field_of(cell) for cell in self.cells}
        heads = {c: cell for c, cell in enumerate(above) if cell.strip() and looks_like_period(cell)}
        ages = {c: cell for c, cell in enumerate(above) if _AGES.fullmatch(cell.strip()) and read_age_group(cell)}
        if ages and "age_group" not in fields:
            heads = ages
        elif not heads or {"period", "quarter"} & fields:
            return ()
        by_age = heads is ages
        aliases, spread = _ALIASES["local"], []
        ends = [*sorted(c for c, cell in enumerate(above) if cell.strip())[1:], len(self.cells)]
        for first, end in zip(sorted(c for c, cell in enumerate(above) if cell.strip()), ends, strict=True):
            if first not in heads:
                continue
            columns: dict[str, int] = {}
            for column in range(first, min(end, len(self.cells))):
                name = aliases.get(_name(self.cells[column]), "")
                if name in {"numerator", "denominator", "value", "target"}:
                    self._claim(column, name, columns, name)
            if columns:
                written = heads[first].strip()
                period, age_group = ("", read_age_group(written)) if by_age else (self._period(written), "")
                spread.append(Spread(period, columns, self.row - 1, first, written, age_group))
        return tuple(spread)

    def _age_columns(self) -> tuple[Spread, ...]:
        """Columns whose name is an age group and a field: ``17-18 numerator``, ``Denominator (19-21)``."""
        fields = {field_of(cell) for cell in self.cells}
        if "age_group" in fields or "indicator" not in fields or self.wide:
            return ()
        found: dict[str, Spread] = {}
        for column, cell in enumerate(self.cells):
            said = " ".join(cell.split())
            if column in self.used or not 0 < len(said) <= _LONGEST_NAME:
                continue
            match = next((match for pattern in _AGES_AND_FIELD if (match := pattern.fullmatch(said))), None)
            whole = _AGES.fullmatch(said)
            ages = read_age_group(match["ages"] if match else said if whole else "")
            words = match["field"].strip(" -–").removesuffix(" aged").strip(" -–") if match else ""
            what = "value" if whole else _ALIASES["local"].get(plain(words) or words, "")
            if ages and what in _FIGURE:
                spread = found.setdefault(ages, Spread("", {}, self.row, column, said, ages))
                self._claim(column, what, spread.columns, what)
        return tuple(found.values())

    def _period_columns(self) -> tuple[Spread, ...]:
        """Columns whose name is a period, or a period and what of it stands in the column."""
        found: dict[str, Spread] = {}
        for column, cell in enumerate(self.cells):
            if column in self.used or not 0 < len(cell) <= _LONGEST_NAME:
                continue
            head = period_of_column(cell)
            if head is None:
                continue
            period, what = head
            spread = found.setdefault(
                period.casefold(), Spread(self._period(period), {}, self.row, column, " ".join(cell.split()))
            )
            self._claim(column, what, spread.columns, what)
        return tuple(found.values())

    def _period(self, text: str) -> str:
        """A period of a column as it would be written in a cell: a first day of a month is that month."""
        day = read_day(text)
        if day is not None and day.day == 1:
            return f"{MONTHS[day.month - 1]} {day.year}"
        return " ".join(text.split())


def _counts_up(values: list[str]) -> bool:
    """Whether a column holds 1, 2, 3 and so on, as the numbers of rows do."""
    return len(values) > 1 and values == [str(number) for number in range(1, len(values) + 1)]


def need(header: Header, fields: Iterable[str], findings: Findings) -> None:
    """Note each of ``fields`` that the header has no column for."""
    for name in fields:
        if name not in header.columns:
            findings.add("missing_column", header.row, None, "", **missing_words(header.kind, name))


def missing_words(kind: Kind, name: str) -> dict[str, str]:
    """The words of the rule ``missing_column`` for a field."""
    return {"name": name, "aliases": ", ".join(_FIELDS[kind][name][:4]) or "no other name"}
