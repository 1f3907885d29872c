"""The header of an uploaded table: where it is, what its columns mean, and whether it is about single young people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from careleavers.importer.figures import WHERE
from careleavers.importer.inspections import INSPECTION_COLUMNS
from careleavers.intake.known import Known, plain
from careleavers.intake.model import Findings, Kind, Refused, Sheet, column_letters
from careleavers.intake.rules import RULES
from careleavers.intake.template import parse_wide_header, wide_header
from careleavers.warehouse import TABLES

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
    ),
    "year": ("financial year", "FY", "fin year", "reporting year"),
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
    **{column: () for column in TABLES["indicators"] if column not in {"family", "adds_up", "part_of", "source"}},
    "id": ("indicator", "indicator id", "indicator code", "measure id"),
    "title": ("name of indicator", "indicator name", "indicator title", "full title"),
    "short_title": ("short name", "label"),
    "polarity": ("which way is better", "good is", "better is", "direction"),
    "age_groups": ("age group", "ages", "age groups"),
    "numerator_counts": ("numerator", "what the numerator counts", "numerator definition"),
    "denominator_counts": ("denominator", "what the denominator counts", "denominator definition"),
    "caveats": ("caveat", "take care", "notes"),
    "decimals": ("decimal places",),
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
# The column that a checked file comes back with.
_OURS = frozenset({"messages"})

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
class Header:
    """The header found: its row, its cells, and the column (from 0) of each field; ``wide`` are columns of figures.

    ``wide`` maps (indicator, age group, field) to a column where a file has a column an indicator.
    """

    row: int
    cells: tuple[str, ...]
    kind: Kind
    columns: dict[str, int]
    wide: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def places(self) -> dict[str, int]:
        """The column of each field, and of each wide column by its header in the template."""
        return {**self.columns, **{wide_header(*key): column for key, column in self.wide.items()}}


def _aliases(fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {plain(alias): field for field, others in fields.items() for alias in (field, *others)}


_ALIASES: dict[Kind, dict[str, str]] = {kind: _aliases(fields) for kind, fields in _FIELDS.items()}


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
        raise Refused(
            f"No header was found in the first {SEARCHED_ROWS} rows. Name the columns: authority_code, indicator, "
            "age_group, period, numerator and denominator; or start from the template on this page."
        )
    return _mapped(best[0], best[1], _kind(best[1], scores), known, findings)


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
    names = [plain(cell) for cell in cells if cell.strip() and len(cell) <= _LONGEST_NAME]
    scores = {kind: len({aliases[name] for name in names if name in aliases}) for kind, aliases in _ALIASES.items()}
    scores["local"] += len(_wide(cells, known))
    return scores


def _wide(cells: tuple[str, ...], known: Known) -> dict[int, tuple[str, str, str]]:
    found = {}
    for column, cell in enumerate(cells):
        parsed = parse_wide_header(cell) if 0 < len(cell) <= 2 * _LONGEST_NAME else None
        if parsed and (indicator := known.indicator(parsed[0])):
            found[column] = (indicator.id, parsed[1], parsed[2])
    return found


def _kind(cells: tuple[str, ...], scores: Mapping[Kind, int]) -> Kind:
    names = {plain(cell) for cell in cells}
    if {"timeperiod", "geographiclevel"} <= names:
        return "release"
    fields: dict[Kind, set[str]] = {
        kind: {aliases[name] for name in names if name in aliases} for kind, aliases in _ALIASES.items()
    }
    if {"definition", "polarity"} & fields["catalogue"] and {"id", "title"} & fields["catalogue"]:
        return "catalogue"
    if {"inspection_type", "inspection_date"} <= fields["events"] and scores["events"] > scores["local"]:
        return "events"
    return "local"


def _mapped(row: int, cells: tuple[str, ...], kind: Kind, known: Known, findings: Findings) -> Header:
    aliases = _ALIASES[kind]
    columns: dict[str, int] = {}
    taken: dict[tuple[str, str, str], int] = {}
    wide = _wide(cells, known) if kind == "local" else {}
    for column, cell in enumerate(cells):
        name = plain(cell) if len(cell) <= _LONGEST_NAME else ""
        said = " ".join(cell.split())
        if column in wide:
            first = taken.setdefault(wide[column], column)
            meaning = wide_header(*wide[column])
        elif name in aliases:
            first = columns.setdefault(aliases[name], column)
            meaning = aliases[name]
        else:
            if said and name not in _OURS and kind != "release":
                findings.add("column_not_used", row, column, said)
            continue
        if first != column:
            findings.add("duplicate_column", row, column, said, name=meaning, other=column_letters(first))
    if kind == "local" and "period" not in columns and "year" in columns:
        # A column for the year alone holds the whole period: "2025/26".
        columns["period"] = columns.pop("year")
    return Header(row, cells, kind, columns, taken)


def need(header: Header, fields: Iterable[str], findings: Findings) -> None:
    """Note each of ``fields`` that the header has no column for."""
    for name in fields:
        if name not in header.columns:
            findings.add("missing_column", header.row, None, "", **missing_words(header.kind, name))


def missing_words(kind: Kind, name: str) -> dict[str, str]:
    """The words of the rule ``missing_column`` for a field."""
    return {"name": name, "aliases": ", ".join(_FIELDS[kind][name][:4]) or "no other name"}
