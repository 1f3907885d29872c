"""The checks of an upload that need more than the row: other rows of the file, and what is held."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from careleavers.access.people import Person
from careleavers.intake.column_names import AUTHORITY_FIELDS
from careleavers.intake.comparison import ComparisonDatabase, HeldFigures, figure_text, period_of
from careleavers.intake.model import Draft, Findings, Progress
from careleavers.intake.template import parse_wide_header, wide_header
from careleavers.wording.formats import age_label, join_words, missing, plain_number, quarter_text, rounded, value_text

# The cell of a figure: the one that the officer filled in.
_VALUE = ("value", "numerator")
_COUNT = ("numerator", "value")


@dataclass(frozen=True)
class _Check:
    """A question of ``queries/checks``: the cell that a row of the answer is about, and the words it gives the rule."""

    rule: str
    fields: Sequence[str]
    words: Callable[[Any], dict[str, str]]
    # What to quote as found, where that is more than the content of one cell.
    found: Callable[[Any], str] | None = None
    # Whether it is asked of releases too: nobody here can confirm the department's figures one by one.
    of_releases: bool = False
    # Whether it passes over figures with something to fix: their final value is not known yet.
    of_good: bool = False


def check(
    draft: Draft, person: Person, comparison: ComparisonDatabase, *, progress: Progress | None = None
) -> Findings:
    """Hold a file against itself, its uploader and the figures in force.

    Parameters
    ----------
    draft
        The file as read; it is not changed.
    person
        Who uploads it.
    comparison
        The comparison database of this file.
    progress
        Called with the share done (0 to 1) and what is being done.

    Returns
    -------
    Findings
        Those of reading the file, and those of the checks.
    """
    findings = draft.findings.copy()
    _allowed(draft, person, comparison.held, findings)
    if draft.figures.empty:
        return findings
    cells = _CellIndex(draft)
    checks = [c for c in _CHECKS if c.of_releases or draft.kind != "release"]
    _note_missing(draft, comparison, findings)
    for done, each in enumerate(checks):
        if progress:
            progress(done / len(checks), findings.rules[each.rule].title)
        seen = set()
        to_fix = findings.cells("must fix") if each.of_good else set()
        rows: Iterable[Any] = comparison.query(each.rule).itertuples(index=False)
        for row in rows:
            if to_fix and not to_fix.isdisjoint(cells.of(row.row, (row.indicator, row.age_group))):
                continue
            column, found = cells.at(row.row, each.fields, (row.indicator, row.age_group))
            words = each.words(row)
            # A wide file has many figures in a row: a finding about the period they share is made once.
            once = (row.row, column, found, *words.values())
            if once not in seen:
                seen.add(once)
                findings.add(each.rule, row.row, column, each.found(row) if each.found else found, **words)
    if progress:
        progress(1.0, "Checked")
    return findings


def _allowed(draft: Draft, person: Person, held: HeldFigures, findings: Findings) -> None:
    """Note what the person may not upload: rows of other authorities, or the file as a whole."""
    if draft.kind == "release":
        if not person.for_all:
            findings.add(
                "not_for_you", what="A release of the department", who="somebody who may upload for every authority"
            )
        return
    if draft.kind == "catalogue":
        if not person.is_officer:
            findings.add("not_for_you", what="Indicators of a council's own", who="an officer who is signed in")
        return
    frame, column = (draft.figures, "area_code") if draft.kind == "local" else (draft.entries, "authority_code")
    if frame.empty:
        return
    others = [code for code in frame[column].dropna().unique() if not person.may_upload_for(str(code))]
    if not others:
        return
    cells = _CellIndex(draft)
    rows = frame.loc[frame[column].isin(others), ["row", column]].drop_duplicates()
    for row, code in zip(rows["row"].tolist(), rows[column].astype(str), strict=True):
        place, found = cells.at(row, AUTHORITY_FIELDS)
        findings.add("not_your_authority", row, place, found, authority=held.names.get(code, code))


def _note_missing(draft: Draft, comparison: ComparisonDatabase, findings: Findings) -> None:
    """Note that a release leaves authorities out of its newest period, where it would bring figures of that period."""
    missing = draft.about.get("missing")
    if not missing:
        return
    counts = comparison.query("counts")
    newest = counts[(counts["counted"] == "period") & (counts["period_end"].dt.date == missing["period_end"])]
    if newest["new"].sum():
        findings.add(missing["rule"], **missing["words"])


class _CellIndex:
    """Where a figure stands in the officer's spreadsheet, and what stands there."""

    def __init__(self, draft: Draft) -> None:
        self._columns = draft.columns
        self._rows = draft.sheet.rows
        self._measured = {
            column: parsed[:2] for name, column in draft.columns.items() if (parsed := parse_wide_header(name))
        }

    def of(self, row: int, measure: tuple[str, str]) -> Iterator[tuple[int, int | None]]:
        """The cells of a row that a figure depends on, as (row, column): in a wide file not those of other measures."""
        yield row, None
        for column in self._columns.values():
            if self._measured.get(column, measure) == measure:
                yield row, column

    def at(self, row: int, fields: Sequence[str], measure: tuple[str, str] | None = None) -> tuple[int | None, str]:
        """Column (from 0) and text of the first of ``fields`` that is filled in on a row, or of the first that the file has.

        ``measure``: indicator and age group, which name the column of a wide file. (None, '') where there is no column.
        """
        cells = self._rows.at(row)
        columns = []
        for field in fields:
            column = self._columns.get(field)
            if column is None and measure:
                column = self._columns.get(wide_header(*measure, field))
            if column is not None:
                columns.append(column)
        for column in columns:
            if column < len(cells) and cells[column].strip():
                return column, cells[column]
        return (columns[0], "") if columns else (None, "")


def _duplicate(row: Any) -> dict[str, str]:
    figure = "the same figure" if row.alike else f"another figure, {_figure(row)}"
    return {"other": f"row {row.first_row}", "difference": figure}


def _jump(row: Any) -> dict[str, str]:
    return {
        "before": f"{quarter_text(row.before_period)}: {value_text(row.before, 'percent', 1)}",
        "now": value_text(row.now, "percent", 1),
        "points": rounded(row.points, 1),
        "threshold": plain_number(row.threshold),
        "least": plain_number(row.least),
    }


def _moved(row: Any) -> dict[str, str]:
    change = "from nobody" if missing(row.change) else f"{'+' if row.change > 0 else ''}{rounded(row.change, 0)}%"
    return {
        "before": f"{period_of(row.before_period, row.frequency, row.basis)}: {plain_number(row.before)}",
        "now": plain_number(row.now),
        "change": change,
        "threshold": plain_number(row.threshold),
    }


def _restated(row: Any) -> dict[str, str]:
    return {
        "period": period_of(row.period_end, row.frequency, row.basis),
        "old": figure_text(
            row.old_numerator, row.old_denominator, row.old_value, row.old_status, row.unit, row.decimals
        ),
        "new": _figure(row),
        "upload": row.held_by,
    }


def _family(row: Any) -> dict[str, str]:
    bases = [plain_number(base) for base in row.denominators]
    return {
        "family": join_words(f"“{title}”" for title in row.titles),
        "sum": plain_number(row.total),
        "denominator": bases[0] if len(bases) == 1 else f"one number and not {join_words(bases)}",
    }


def _skipped(row: Any) -> dict[str, str]:
    first, last = quarter_text(row.first_missing), quarter_text(row.last_missing)
    return {"last": quarter_text(row.last), "missing": first if first == last else f"{first} to {last}"}


def _figure(row: Any) -> str:
    return figure_text(row.numerator, row.denominator, row.value, row.status, row.unit, row.decimals)


def _base(row: Any) -> dict[str, str]:
    return {"denominator": plain_number(row.denominator), "least": plain_number(row.least)}


_CHECKS = (
    _Check("duplicate_key", _COUNT, _duplicate, of_releases=True),
    _Check("jump_15_points", _VALUE, _jump),
    _Check("denominator_moved", ("denominator",), _moved),
    _Check("restated", _VALUE, _restated, of_releases=True, of_good=True),
    _Check("earlier_final", _VALUE, lambda row: {"final": _figure(row), "upload": row.held_by}),
    _Check("exactly_0_or_100", ("numerator",), _base),
    _Check("family_not_100", ("numerator",), _family, lambda row: " + ".join(plain_number(n) for n in row.numerators)),
    _Check("small_n", ("denominator",), _base),
    _Check(
        "missing_age_group",
        ("age_group", *_COUNT),
        lambda row: {"indicator": row.title, "missing": join_words(age_label(age) for age in row.missing)},
    ),
    _Check("gap", ("period",), _skipped),
)
