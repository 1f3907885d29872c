"""What the columns of an uploaded table may be called: each field of each kind of file, and its other names.

The tables at the top are data: to have another name understood, add it to the field it means. :func:`field_of` reads one
cell, :func:`measure_columns` finds columns that name an indicator, an age group and a field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from careleavers.figures.schema import TABLES
from careleavers.importer.figures import WHERE
from careleavers.importer.inspections import INSPECTION_COLUMNS
from careleavers.intake.model import Kind
from careleavers.intake.name_keys import name_key
from careleavers.intake.reference import ReferenceData
from careleavers.intake.template import FIELDS, parse_wide_header

# A longer text in a header is an explanation, not a name.
LONGEST_NAME = 60
AUTHORITY_NAMES = {
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
# The columns that say whose a row is, in the order in which they are believed.
AUTHORITY_FIELDS = tuple(AUTHORITY_NAMES)
# Each field of a table of figures, and the other names that its column is known by.
LOCAL: dict[str, tuple[str, ...]] = {
    **AUTHORITY_NAMES,
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
    # Next to a column for the year, or alone as the period.
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
    # A council's own indicator is a family of its own: it is not known to add up with others.
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
    **AUTHORITY_NAMES,
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
FIELD_NAMES: dict[Kind, Mapping[str, tuple[str, ...]]] = {
    "local": LOCAL,
    "release": RELEASE,
    "catalogue": CATALOGUE,
    "events": EVENTS,
}
# Names that may mean something else: any other name of their field is preferred. “No.” is often the number of the row.
WEAK_NAMES = {"n": "numerator", "no": "numerator", "d": "denominator", "date": "period"}
ROW_NUMBERS = frozenset({"no", "n"})
# These are taken for the number of the row only where the values count up.
MAYBE_ROW_NUMBERS = frozenset({"number", "count", "num"})
# Words after a name that make it a different figure: "Numerator (last year)", "Number (%)".
_OTHER_FIGURE = re.compile(
    r"\b(?:last|previous|prior|year|target|national|england|region(?:al)?|average|neighbours?|statistical|forecast|estimated?|"
    r"planned|plan|change|difference|rank|male|female|boys|girls|benchmark|comparators?|cumulative|ytd|rolling)\b|\d"
)
# Words after a name that are true of any figure: "Numerator (number of young people)".
NEUTRAL_WORDS = frozenset(
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
# The fields that may stand under a period or an age group, and those that are numbers of the figure itself.
FIGURE_FIELDS = frozenset({"numerator", "denominator", "value", "target"})
NUMBER_FIELDS = ("numerator", "denominator", "value")


def _aliases(fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {name_key(alias): field for field, others in fields.items() for alias in (field, *others)}


ALIASES: dict[Kind, dict[str, str]] = {kind: _aliases(fields) for kind, fields in FIELD_NAMES.items()}
_NAMES = frozenset(name for aliases in ALIASES.values() for name in aliases)
_AGELESS = re.compile(rf"(?P<indicator>.+) (?P<field>{'|'.join(FIELDS)})", re.IGNORECASE)


def column_name(cell: str) -> str:
    """The name in a cell of a header, as a key (:func:`careleavers.intake.name_keys.name_key`).

    A name with an explanation counts as the name alone, if that is one: ``Numerator (number of young people)``.

    Parameters
    ----------
    cell
        The cell.

    Returns
    -------
    str
        "" for a text that is longer than a name.
    """
    whole = name_key(cell) if len(cell) <= LONGEST_NAME else ""
    if whole in _NAMES or len(cell) > _LONGEST_EXPLAINED:
        return whole
    name, explained = explanation(cell)
    local = ALIASES["local"].get(name, "")
    if name not in _NAMES or name in WEAK_NAMES or not explained:
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
    """The field of a table of figures that a cell names.

    Parameters
    ----------
    cell
        A cell of a header.

    Returns
    -------
    str
        A key of :data:`LOCAL`; "" when it names none.
    """
    return ALIASES["local"].get(column_name(cell), "") if cell and not cell[0].isdigit() else ""


def explanation(cell: str) -> tuple[str, str]:
    """Split a cell into a name and the explanation after it: in brackets, on another line or after a dash.

    Parameters
    ----------
    cell
        A cell of a header.

    Returns
    -------
    tuple[str, str]
        The name as a key, and the explanation; "" where there is none.
    """
    match = _EXPLAINED.search(cell.strip())
    return (name_key(cell.strip()[: match.start()]), cell.strip()[match.start() :]) if match else (name_key(cell), "")


def measure_columns(cells: tuple[str, ...], reference: ReferenceData) -> dict[int, tuple[str, str, str]]:
    """Columns that name an indicator, an age group and a field: ``eet 19-21 numerator``.

    Parameters
    ----------
    cells
        The cells of a header.
    reference
        The indicators there are.

    Returns
    -------
    dict[int, tuple[str, str, str]]
        Column (from 0) to (indicator id, age group, field).
    """
    found = {}
    for column, cell in enumerate(cells):
        parsed = parse_wide_header(cell) if 0 < len(cell) <= 2 * LONGEST_NAME else None
        if parsed and (indicator := reference.indicator(parsed[0])):
            found[column] = (indicator.id, parsed[1], parsed[2])
    return found


def ageless_measure_columns(cells: tuple[str, ...], reference: ReferenceData) -> dict[int, tuple[str, str, str]]:
    """Columns such as ``eet numerator``, in a table that has its age groups in a column.

    Parameters
    ----------
    cells
        The cells of a header.
    reference
        The indicators there are.

    Returns
    -------
    dict[int, tuple[str, str, str]]
        Column (from 0) to (indicator id, "", field).
    """
    found = {}
    for column, cell in enumerate(cells):
        match = (
            _AGELESS.fullmatch(" ".join(re.split(r"[\s_]+", cell.strip()))) if len(cell) <= 2 * LONGEST_NAME else None
        )
        if match and (indicator := reference.indicator(match["indicator"])):
            found[column] = (indicator.id, "", match["field"].lower())
    return found
