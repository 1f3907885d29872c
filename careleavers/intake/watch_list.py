"""A watch list: the measures that a committee keeps an eye on, each with its target, read from a file or from what was typed.

Its columns are :data:`WATCH_COLUMNS`; what each holds is in ``docs/WATCH_LIST.md``.

Example::

    draft = read_watch_list(content, "watch-list.csv", reference)
    if not draft.findings.blocking:
        kept = draft.items
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from careleavers.intake.model import Findings
from careleavers.intake.personal import identifiers, possible_names
from careleavers.intake.plan import find_measure, like_measure
from careleavers.intake.reference import ReferenceData
from careleavers.intake.rules.kept_tables import WATCH_RULES
from careleavers.intake.small_counts import HiddenCounts, small_counts, small_parts
from careleavers.intake.table_files import TableFile, TableRow, TableShape, read_table_file
from careleavers.intake.values import EMPTY, Number, read_age_group, read_number
from careleavers.model import Indicator
from careleavers.wording.exports import without_formula
from careleavers.wording.formats import join_words

# The columns of a list, in the order of the template, and the other names that each is known by.
WATCH_COLUMNS: dict[str, tuple[str, ...]] = {
    "indicator": ("indicator id", "measure", "measure id", "indicator name", "kpi", "metric"),
    "age_group": ("age", "ages", "age group"),
    "kind": ("kind of target", "type", "target type", "type of target"),
    "target": ("target value", "target %", "aim", "goal"),
    "tolerance": ("amber within", "within", "amber", "tolerance in points", "amber tolerance"),
    "direction": ("better", "which way", "at least or at most"),
    "note": ("notes", "comment", "comments", "why"),
}  # fmt: skip
WATCH_SHAPE = TableShape(
    "Watch list", "a watch list", "targets", WATCH_COLUMNS, ("indicator", "target"), 100
)  # fmt: skip
# Who sets a target.
KINDS = ("national", "statutory", "local", "stretch")
DIRECTIONS = ("at_least", "at_most")
_KIND_WORDS = {
    "": "local",
    "council": "local",
    "own": "local",
    "government": "national",
    "dfe": "national",
    "legal": "statutory",
}
_DIRECTION_WORDS = {
    "at least": "at_least", "higher": "at_least", "higher is better": "at_least", "high": "at_least", "up": "at_least", ">=": "at_least",
    "≥": "at_least", "or more": "at_least",
    "at most": "at_most", "lower": "at_most", "lower is better": "at_most", "low": "at_most", "down": "at_most", "<=": "at_most",
    "≤": "at_most", "or less": "at_most",
}  # fmt: skip
_LONGEST = 500


class _Note(Protocol):
    """Notes a finding at a column of one row."""

    def __call__(self, rule: str, name: str, /, **words: str) -> None: ...


@dataclass(frozen=True)
class WatchDraft:
    """A watch list as it was read.

    Attributes
    ----------
    table
        The table.
    items
        A target a row: ``indicator``, ``age_group``, ``kind`` (one of :data:`KINDS`), ``target`` and ``tolerance`` (numbers in the
        unit of the indicator), ``direction`` (one of :data:`DIRECTIONS`) and ``note``. Without those in which something must be fixed.
    findings
        What is wrong, cell by cell.
    """

    table: TableFile
    items: tuple[dict[str, object], ...]
    findings: Findings


def read_watch_list(
    content: bytes,
    file_name: str,
    reference: ReferenceData,
    places: Iterable[str] = (),
    *,
    small: int = 5,
    hidden: HiddenCounts | None = None,
) -> WatchDraft:
    """Read a watch list.

    Parameters
    ----------
    content
        The bytes of the file: CSV, Excel or OpenDocument.
    file_name
        Its name.
    reference
        The indicators.
    places
        Names that are no person's.
    small
        The largest number of young people that is asked about.
    hidden
        Counts of the council's own figures that readers do not see as they are.

    Returns
    -------
    WatchDraft

    Raises
    ------
    Refused
        The file is no watch list, is too large or is about individual young people; fit to show.
    """
    findings = Findings(WATCH_RULES)
    table = read_table_file(content, file_name, WATCH_SHAPE, reference, findings)
    known, seen = tuple(places), dict[tuple[str, str, str], int]()
    items = [
        item
        for row in table.rows
        if (item := _item(row, table, reference, findings, known, small, hidden or HiddenCounts(), seen)) is not None
    ]
    return WatchDraft(table, tuple(items), findings)


def watch_csv(items: Sequence[Mapping[str, object]]) -> bytes:
    """Targets as a file in the columns of the template.

    Parameters
    ----------
    items
        Values by column; what is missing is left empty.

    Returns
    -------
    bytes
        CSV that :func:`read_watch_list` reads back.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(WATCH_COLUMNS)
    for item in items:
        writer.writerow([without_formula(_cell(item.get(name))) for name in WATCH_COLUMNS])
    return out.getvalue().encode("utf-8")


def _cell(value: object) -> str:
    if value is None:
        return ""
    return (
        f"{value:g}"
        if isinstance(value, float)
        else str(value).replace("_", " ")
        if value in DIRECTIONS
        else str(value)
    )


def usual_direction(indicator: Indicator) -> str:
    """Which way the target of an indicator goes by what is better.

    Parameters
    ----------
    indicator
        The indicator.

    Returns
    -------
    str
        One of :data:`DIRECTIONS`; "" where neither high nor low is better, so that it has to be said.
    """
    return {"high": "at_least", "low": "at_most"}.get(indicator.polarity, "")


def _item(
    row: TableRow,
    table: TableFile,
    reference: ReferenceData,
    findings: Findings,
    places: tuple[str, ...],
    small: int,
    hidden: HiddenCounts,
    seen: dict[tuple[str, str, str], int],
) -> dict[str, object] | None:
    before = findings.count("must fix")
    given = {name: row.cells.get(name, "") for name in WATCH_COLUMNS}

    def note(rule: str, name: str, /, **words: str) -> None:
        findings.add(rule, row.line, table.columns.get(name), given[name], **words)

    for name in ("indicator", "target"):
        if name in table.columns and not given[name]:
            note("missing_text", name, name=name)
    _check_note(given["note"], places, small, note)
    indicator, age_group = _measure(given, reference, note)
    if told := hidden.told(given["note"], (indicator.id, age_group) if indicator else None):
        note("exact_count", "note", counts=join_words((f"“{each}”" for each in told), "or"))
    target, tolerance = (_value(row, table, given, name, indicator, note) for name in ("target", "tolerance"))
    kind = _KIND_WORDS.get(given["kind"].casefold(), given["kind"].casefold())
    if kind not in KINDS:
        note("kind_unknown", "kind", choices=join_words(KINDS, "or"))
    direction = _direction(given["direction"], indicator, note)
    if indicator is not None and target is not None and indicator.unit == "percent" and target > 100:
        note("target_not_possible", "target")
    if indicator is not None:
        first = seen.setdefault((indicator.id, age_group, kind), row.line)
        if first != row.line:
            note("same_target", "indicator", first=str(first))
    if findings.count("must fix") > before or indicator is None or target is None:
        return None
    return {
        "indicator": indicator.id, "age_group": age_group, "kind": kind, "target": target,
        "tolerance": tolerance or 0.0, "direction": direction, "note": given["note"],
    }  # fmt: skip


def _check_note(text: str, places: tuple[str, ...], small: int, note: _Note) -> None:
    if not text:
        return
    if len(text) > _LONGEST or not text.isprintable():
        note("bad_text", "note", what=f"A text of up to {_LONGEST} characters, without control characters")
    elif told := identifiers(text):
        for what in told:
            note("personal_text", "note", what=what)
    else:
        if names := possible_names(text, places):
            note("personal_name", "note", names=join_words(f"“{each}”" for each in names))
        if counts := [*small_counts(text, small), *small_parts(text, small)]:
            note("small_count", "note", most=str(small), counts=join_words((f"“{each}”" for each in counts), "or"))


def _measure(given: Mapping[str, str], reference: ReferenceData, note: _Note) -> tuple[Indicator | None, str]:
    text = given["indicator"]
    if not text:
        return None, ""
    found, age = find_measure(text, reference)
    if found is None:
        near = join_words((f"“{each}”" for each in like_measure(text, reference)), "or")
        note("indicator_unknown", "indicator", hint=f"Did you mean {near}?" if near else "")
        return None, ""
    indicator = reference.indicators[found]
    if given["age_group"]:
        age = read_age_group(given["age_group"])
    if age not in indicator.age_groups:
        note(
            "age_unknown", "age_group" if given["age_group"] else "indicator", indicator=indicator.short_title,
            ages=", ".join(indicator.age_groups),
        )  # fmt: skip
    return indicator, age


def _value(
    row: TableRow, table: TableFile, given: Mapping[str, str], name: str, indicator: Indicator | None, note: _Note
) -> float | None:
    """A number in the unit of the indicator; None where there is none or it must be fixed."""
    number = _number(given[name], name, note)
    if number.number is None:
        return None
    column = table.columns[name]
    if table.sheet.percent.in_column(column, np.asarray([row.line], dtype=np.int32))[0]:
        # A workbook holds 0.55 and shows 55%.
        return number.number * 100
    share = 0 < number.number <= 1 and not number.percent and indicator is not None and indicator.unit == "percent"
    if name == "target" and share:
        note("share_or_percent", name, percent=f"{number.number * 100:g}%", other=f"{number.number:g}%")
    return number.number


def _number(text: str, name: str, note: _Note) -> Number:
    if not text:
        return EMPTY
    number = read_number(text.removesuffix("points").strip())
    if number.number is None:
        note("number_unread", name, name=name)
    return number


def _direction(text: str, indicator: Indicator | None, note: _Note) -> str:
    said = " ".join(text.casefold().replace("_", " ").split())
    if indicator is None:
        return ""
    usual = usual_direction(indicator)
    if not said:
        if not usual:
            note("direction_missing", "direction", indicator=indicator.short_title)
        return usual
    direction = _DIRECTION_WORDS.get(said, "")
    if not direction:
        note("direction_unknown", "direction")
    elif usual and direction != usual:
        better, expected = ("higher", "At least") if usual == "at_least" else ("lower", "At most")
        note("direction_contradicts", "direction", expected=expected, better=better, indicator=indicator.short_title)
    return direction
