"""The rows under the header of a council's own table: which are figures, and what the others are, each said once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from careleavers.figures.catalogue import fold_name
from careleavers.intake.column_names import field_of
from careleavers.intake.encoded import Mask, encode_texts
from careleavers.intake.header import Header
from careleavers.intake.model import Findings, Sheet, column_letters
from careleavers.intake.numbers import COUNTS, FIELDS
from careleavers.intake.values import read_number
from careleavers.spreadsheets.cells import NO_RESULT
from careleavers.spreadsheets.rows import Rows

# The fields that identify a figure: whose it is, its measure, and when.
KEYS = (
    "authority_code", "department_code", "authority_name", "indicator", "age_group", "period", "quarter", "year", "basis",
)  # fmt: skip
_TOTALS = frozenset(
    {"total", "totals", "grand total", "sub total", "subtotal", "overall", "overall total", "sum", "average", "mean",
     "total of all", "totals of all"}
)  # fmt: skip
_TOTAL_OF = re.compile(r"(?:(?:grand |sub ?)?totals?|sum) (?:for|of|all)\b.*|.* (?:grand |sub ?)?total")
_UNIT = re.compile(
    r"[(\[]?\s*(?:n|no\.?|num\.?|number|count|%|per ?cent|percent|percentage|rate|£|text|per 10,?000|a|b|a/b|n/d|num/den)\s*[)\]]?"
)
_LONGEST_ROW = 1_000
_ONE = re.compile(r'\s*"?\d+(?:\.\d+)?"?\s*')
_PARTS = re.compile(r"[,;\t|]")
_LEAST_HEADER = 3
_DIGITS = re.compile(r"\d+")
_UP_TO_THREE, _THREE = re.compile(r"\d{1,3}"), re.compile(r"\d{3}")
_MOST_UNNAMED = 20


def data_rows(sheet: Sheet, header: Header, findings: Findings) -> Rows:
    """The rows under the header that can hold figures, with merged cells filled in.

    Left out, with a finding each, are repetitions of the header, totals, rows of units, a second table, and rows that
    the file splits into more cells than the header has.

    Parameters
    ----------
    sheet
        The table.
    header
        Its header.
    findings
        Gets what is wrong, cell by cell.

    Returns
    -------
    Rows
        Row numbers stay those of the spreadsheet.
    """
    rows = sheet.rows.take(sheet.rows.lines > header.row)
    rows = _first_table(rows, header, findings)
    if sheet.merged:
        rows = _unmerged(rows, sheet, header, findings)
    if not sheet.sheet:
        rows = of_right_width(rows, header, findings)
        rows = _without_split_numbers(rows, header, findings)
    _note_unnamed_columns(rows, header, findings)
    rows = _without_results(rows, header, findings)
    rows = _in_one_cell(rows, header, findings)
    return _without_totals(rows, header, findings)


def number_columns(header: Header) -> list[int]:
    """The columns that hold the numbers of figures, targets aside.

    Parameters
    ----------
    header
        The header.

    Returns
    -------
    list[int]
        Columns, from 0.
    """
    found = [header.columns[name] for name in FIELDS if name in header.columns]
    found += [column for (_, _, what), column in header.wide.items() if what in FIELDS]
    found += [column for pivoted in header.pivoted for what, column in pivoted.columns.items() if what in FIELDS]
    return found


def _first_table(rows: Rows, header: Header, findings: Findings) -> Rows:
    """The rows without repetitions of the header, and without a second table under the first one."""
    filled, name = next((column, cell) for column, cell in enumerate(header.cells) if cell)
    other = encode_texts(rows, filled).mask(lambda text: text != name)
    names = {column: field_of(cell) for column, cell in enumerate(header.cells)}
    known = [column for column in names if names[column]]
    # A header in another order has a column's name where this table has figures; a few columns are enough to see it.
    heads: Mask = np.zeros(len(rows), dtype=bool)
    for column in {filled, *known[:4]}:
        heads |= encode_texts(rows, column).mask(lambda text: bool(field_of(text)))
    for i in np.flatnonzero(heads | ~other).tolist():
        line, cells = rows[i]
        if cells == header.cells or [*map(field_of, cells)] == [*map(field_of, header.cells)]:
            findings.add("left_out", line, None, "", reason="this row repeats the header")
            other[i] = False
            continue
        fields = {field_of(cell) for cell in cells} - {""}
        numbers = sum(column < len(cells) and cells[column].strip()[:1].isdigit() for column in number_columns(header))
        if len(fields) >= _LEAST_HEADER and not numbers:
            for below in rows.lines[i:].tolist():
                findings.add("second_table", below, None, "", header=f"{line:,}")
            other[i:] = False
            break
        other[i] = True
    return rows.take(other)


def _unmerged(rows: Rows, sheet: Sheet, header: Header, findings: Findings) -> Rows:
    """The rows with what stands in merged cells in each of their rows."""
    keys = {header.columns[name]: name for name in KEYS if name in header.columns}
    numbers = set(number_columns(header))
    lines = set(rows.lines.tolist())
    changed: dict[int, dict[int, str]] = {}
    for first, last, left, right in sheet.merged:
        if last == first or first <= header.row:
            continue
        cells = rows.at(first)
        for column in range(left, right + 1):
            text = cells[left] if left < len(cells) else ""
            if column in numbers and text.strip():
                findings.add("merged_numbers", first, column, text, cells=_range(first, last, left, right))
            elif column in keys and text.strip():
                findings.add("merged_cells", first, column, text, cells=_range(first, last, left, right))
                for line in range(first + 1, min(last, first + len(rows)) + 1):
                    if line in lines:
                        changed.setdefault(line, {})[column] = text
    return rows.with_texts(changed) if changed else rows


def _range(first: int, last: int, left: int, right: int) -> str:
    return f"{column_letters(left)}{first}:{column_letters(right)}{last}"


def of_right_width(rows: Rows, header: Header, findings: Findings) -> Rows:
    """The rows that have no more cells than the header; a separator inside a cell makes one more.

    Parameters
    ----------
    rows
        The rows under the header.
    header
        The header.
    findings
        Gets ``extra_cells`` for each row left out.

    Returns
    -------
    Rows
    """
    named = 1 + max(column for column, cell in enumerate(header.cells) if cell.strip())
    wide = rows.wider_than(named)
    if not len(wide):
        return rows
    # Programs that end every row with a separator do so in all of them.
    ended = len(wide) == len(rows) and len(rows.wider_than(named + 1)) == 0
    ended = ended and not all(_one_number(cells, header) for _, cells in rows)
    padded = max(len(header.cells), named)
    right = np.ones(len(rows), dtype=bool)
    for i in wide.tolist():
        line, cells = rows[i]
        more = [column for column in range(named, len(cells)) if cells[column].strip()]
        if not more:
            fine = len(cells) <= padded or (ended and not _has_split_number(cells, header))
        else:
            # A remark that stands apart, to the right of the table.
            fine = not cells[named].strip() and not _has_split_number(cells, header)
        if not fine:
            place = more[0] if more else named
            findings.add(
                "extra_cells", line, place, cells[place], count=str(max(len(cells), place + 1)), named=str(named)
            )
            right[i] = False
    return rows.take(right) if not right.all() else rows


def _without_split_numbers(rows: Rows, header: Header, findings: Findings) -> Rows:
    """The rows without those whose counts may be one number split at its comma, which moves the denominator into the note.

    ``1,012,1183`` under numerator, denominator and note has no cell too many, and is no 1 of 12.
    """
    columns = header.columns
    if not all(name in columns for name in COUNTS) or columns["denominator"] != columns["numerator"] + 1:
        return rows
    first, second = columns["numerator"], columns["denominator"]
    parted = encode_texts(rows, first).mask(lambda text: _UP_TO_THREE.fullmatch(text.strip()) is not None)
    parted &= encode_texts(rows, second).mask(lambda text: _THREE.fullmatch(text.strip()) is not None)
    if not parted.any():
        return rows
    noughts = encode_texts(rows, second).mask(lambda text: text.strip().startswith("0"))
    after = next((name for name, column in header.named_columns().items() if column == second + 1), "note")
    next_to = encode_texts(rows, second + 1)
    moved = next_to.mask(lambda text: _DIGITS.fullmatch(text.strip()) is not None)
    if after != "note" or ("note" not in columns and moved.all()):
        moved[:] = False
    for i in np.flatnonzero(parted & moved & ~noughts).tolist():
        cells = rows[i][1]
        # Joined up, it can be a numerator only if it is no larger than the next number.
        moved[i] = int(cells[first].strip() + cells[second].strip()) <= int(cells[second + 1].strip())
    parted &= noughts | moved
    for i in np.flatnonzero(parted).tolist():
        line, cells = rows[i]
        findings.add(
            "parted_number", line, first, cells[first].strip(), one=f"{cells[first].strip()},{cells[second].strip()}"
        )
    return rows.take(~parted)


def _note_unnamed_columns(rows: Rows, header: Header, findings: Findings) -> None:
    """Note columns without a name that hold something: they are no part of the table."""
    unnamed = [column for column, cell in enumerate(header.cells) if not cell.strip()]
    used = header.named_columns().values()
    for column in [*unnamed, *range(len(header.cells), rows.width)][:_MOST_UNNAMED]:
        texts = [text.strip() for text in encode_texts(rows, column).values if text.strip()]
        if texts and column not in used:
            findings.add("column_not_used", header.row, column, "no name")


def _has_split_number(cells: tuple[str, ...], header: Header) -> bool:
    """Whether a number may have been split at its comma: "1,012" as 1 and 012, "45,5" as 45 and 5."""
    texts = [cell.strip() for cell in cells]
    counts = [header.columns[name] for name in COUNTS if name in header.columns]
    for column, (one, other) in enumerate(pairwise(texts)):
        # Numerator and denominator are next to each other in any row.
        beside = column in counts and column + 1 in counts and not other.startswith("0")
        if _DIGITS.fullmatch(one) and _DIGITS.fullmatch(other) and not beside:
            return True
    return False


def _one_number(cells: tuple[str, ...], header: Header) -> bool:
    """Whether numerator and denominator could be one number, split at its comma."""
    texts = [cells[header.columns[name]].strip() if name in header.columns else "" for name in COUNTS]
    return _UP_TO_THREE.fullmatch(texts[0]) is not None and _THREE.fullmatch(texts[1]) is not None


def _without_results(rows: Rows, header: Header, findings: Findings) -> Rows:
    """The rows without those in which a formula has no result yet."""
    if NO_RESULT not in rows.texts:
        return rows
    good: Mask = np.ones(len(rows), dtype=bool)
    columns = {column for name, column in header.columns.items() if name != "note"} | set(number_columns(header))
    for column in sorted(columns):
        without = encode_texts(rows, column).mask(lambda text: text == NO_RESULT)
        for line in rows.lines[without].tolist():
            findings.add("no_result", line, column, NO_RESULT)
        good &= ~without
    return rows.take(good)


def _in_one_cell(rows: Rows, header: Header, findings: Findings) -> Rows:
    """The rows without those that stand in one cell as a whole: a line of text in quotation marks."""
    named = len([cell for cell in header.cells if cell.strip()])

    def holds_a_row(text: str) -> bool:
        parts = _PARTS.split(text) if len(text) < _LONGEST_ROW else []
        numbers = sum(bool(_ONE.fullmatch(part)) for part in parts)
        return (numbers > 1 and len(parts) >= max(3, named // 2)) or (numbers > 0 and len(parts) >= max(4, named - 1))

    found = encode_texts(rows, 0).mask(holds_a_row)
    if not found.any():
        return rows
    for i in np.flatnonzero(found).tolist():
        line, cells = rows[i]
        if any(cell.strip() for cell in cells[1:]):
            found[i] = False
            continue
        findings.add("one_cell", line, 0, cells[0])
    return rows.take(~found)


def _without_totals(rows: Rows, header: Header, findings: Findings) -> Rows:
    """The rows without totals, units and other rows that have numbers and do not say of what."""
    columns = header.columns
    numbers = number_columns(header)
    keys = [columns[name] for name in KEYS if name in columns]
    if not numbers or not keys:
        return rows
    there = {name: rows.filled(columns[name]) for name in KEYS if name in columns}
    total: Mask = np.zeros(len(rows), dtype=bool)
    for name in ("authority_code", "authority_name", "indicator"):
        if name in columns:
            total |= encode_texts(rows, columns[name]).mask(_is_total if name == "indicator" else _of_totals)
    filled = np.logical_or.reduce([rows.filled(column) for column in numbers])
    said = np.logical_or.reduce(list(there.values()))
    places = [there[name] for name in ("authority_code", "department_code", "authority_name") if name in there]
    lacking = ~np.logical_or.reduce(places) if places else np.zeros(len(rows), dtype=bool)
    if "indicator" in there:
        lacking |= ~there["indicator"]
    for i in np.flatnonzero(filled & lacking & ~total).tolist():
        total[i] = any(map(_of_totals, rows[i][1]))
    kept: Mask = np.ones(len(rows), dtype=bool)
    for i in np.flatnonzero(filled & total).tolist():
        findings.add("left_out", int(rows.lines[i]), None, "", reason="this row is a total")
        kept[i] = False
    units = filled & ~total
    for column in numbers:
        # Most tables have none left after the first column of numbers.
        if units.any():
            units &= ~rows.filled(column) | encode_texts(rows, column).mask(_is_unit)
    for i in np.flatnonzero(units).tolist():
        line, cells = rows[i]
        if said[i] and any(character.isdigit() for cell in cells for character in cell):
            continue
        findings.add("left_out", line, None, "", reason="this row names the units of the columns")
        kept[i] = False
    nameless = ~said
    times = [there[name] for name in ("period", "quarter", "year") if name in there]
    # A row with only a name, such as a note or a subtotal, gets one finding and not one for each missing cell.
    if times and "indicator" in there:
        said &= there["indicator"] | np.logical_or.reduce(times)
    for i in np.flatnonzero(filled & ~said & ~total & kept).tolist():
        line, cells = rows[i]
        if nameless[i] and _adds_up(rows, i, numbers, kept):
            findings.add("left_out", line, None, "", reason="this row is a total")
        else:
            column = next(c for c in numbers if c < len(cells) and cells[c].strip())
            findings.add("of_nothing", line, column, cells[column].strip())
        kept[i] = False
    return rows if kept.all() else rows.take(kept)


def _has_text(text: str) -> bool:
    return bool(text) and not text.isspace()


def _is_unit(text: str) -> bool:
    """Whether a cell of a number is empty or names a unit."""
    return not _has_text(text) or (len(text) < 30 and _UNIT.fullmatch(text.strip().lower()) is not None)


def _is_total(text: str) -> bool:
    return 0 < len(text) < 30 and fold_name(text) in _TOTALS


def _of_totals(text: str) -> bool:
    return 0 < len(text) < 60 and (_is_total(text) or _TOTAL_OF.fullmatch(fold_name(text)) is not None)


def _adds_up(rows: Rows, i: int, numbers: Iterable[int], kept: Mask) -> bool:
    """Whether the first number of a row is the sum of those above it, or that of a total above it."""
    cells = rows[i][1]
    for column in numbers:
        own = read_number(cells[column]).number if column < len(cells) else None
        if own is None:
            continue
        above = (
            encode_texts(rows[:i], column).map(lambda text: read_number(text).number or 0.0).to_numpy(float, np.float64)
        )
        rest = above[kept[:i]]
        # From the top, or back to the total before.
        sums = np.concatenate([np.cumsum(rest), np.cumsum(rest[::-1]), above[~kept[:i]]])
        return bool(np.isclose(sums[1:], own).any()) if len(sums) > 1 else False
    return False
