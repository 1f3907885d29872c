"""The ministry's detailed homelessness tables, table A3: support needs of households owed a duty, a workbook a quarter.

Layout: one sheet whose name begins with ``A3``; its title names the quarter; one or two header rows above the first code;
a row for England, each region and each district, its code in the first column. Quirks: header rows and columns move from
quarter to quarter, and of two header rows one may be hidden; labels end in the numbers of footnotes; London stands twice;
``..`` is a district that sent nothing that could be used, ``-`` one with fewer than five households with support needs;
revised and “fixed” files replace. What a column counts towards is said in ``data/import_support_needs.csv``: until
September 2023 there was one column for care leavers aged 21 and over, then three whose sum is comparable.

Districts are added up to the authority of children's services (``data/districts.csv``). A county with a district that is
missing is incomplete and never smaller; one with a hidden district is hidden.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from careleavers.errors import DataProblem
from careleavers.importer.areas import ENGLAND, REGIONS, Areas
from careleavers.importer.figures import FileReport, Observation
from careleavers.importer.files import Table, require_columns
from careleavers.importer.tables import ImportTables
from careleavers.importer.workbooks import open_published, sheet_rows
from careleavers.spreadsheets.cells import HiddenCells

SOURCE = "homelessness"
INDICATOR = "homelessness_duty"
LOOKUP_COLUMNS = ("LTLA23CD", "LTLA23NM", "UTLA23CD")
DISTRICT_COLUMNS = ("district_code", "district_name", "authority_code", "opened", "closed")
ABSENT_COLUMNS = ("period_end", "district_code", "district_name", "authority_code", "reason")
NOTHING_SENT, HIDDEN = "..", "-"
_CODE = re.compile(r"E\d{8}")
_QUARTER = re.compile(r"(\w+) to (\w+) (20\d\d)")
_REVISED = re.compile(r"revised|fix", re.IGNORECASE)
_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_ROWS_ABOVE = 12


@dataclass(frozen=True)
class Quarter:
    """One quarter as published.

    Attributes
    ----------
    name, end
        What it is called, and its last day.
    revised
        Whether the tables say that it was revised.
    cells
        By the code of an area: count, or the mark in its place, by age group.
    names
        The name next to each code.
    lines
        The row in which each code first stands, from 1.
    """

    name: str
    end: dt.date
    revised: bool
    cells: Mapping[str, Mapping[str, float | str]]
    names: Mapping[str, str]
    lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def release(self) -> str:
        """``2025-12``, or ``2025-09 revised``."""
        return f"{self.end:%Y-%m}{' revised' if self.revised else ''}"


def read_quarter(content: bytes, name: str, tables: ImportTables) -> Quarter | None:
    """Table A3 of a workbook.

    Parameters
    ----------
    content
        The bytes of the workbook.
    name
        Its name in messages; it says whether it is a revised one.
    tables
        What its columns count towards.

    Returns
    -------
    Quarter or None
        None for a workbook without such a sheet.

    Raises
    ------
    DataProblem
        It is no workbook, its quarter cannot be told, a column about care leavers is not known, or a cell is neither a
        count nor a mark.
    """
    book = open_published(content, name, "an Excel workbook")
    title = next((title for title in book.sheets if re.match(r"A3\b", title)), None)
    if title is None:
        return None
    return quarter_of(sheet_rows(book, title, name, _hides_figures), title, name, tables)


def _hides_figures(hidden: HiddenCells) -> bool:
    """Whether a row of an area or a column about care leavers is hidden. A hidden second row of the header is usual."""
    return any(map(_code, chain.from_iterable(hidden.first))) or any(
        "care leaver" in cell.lower() for cell in chain.from_iterable(hidden.aside)
    )


def quarter_of(rows: Sequence[tuple[int, Sequence[object]]], title: str, name: str, tables: ImportTables) -> Quarter:
    """The quarter of a sheet; see :func:`read_quarter`.

    Parameters
    ----------
    rows
        (Row number, cells), numbers or text.
    title
        The name of the sheet.
    name
        How messages call the file.
    tables
        What its columns count towards.

    Returns
    -------
    Quarter

    Raises
    ------
    DataProblem
        As :func:`read_quarter`.
    """
    where = f"of sheet {title}"
    first = next((i for i, (_, row) in enumerate(rows[:_ROWS_ABOVE]) if row and _code(row[0])), None)
    if first is None:
        raise DataProblem(name, f"no code of an area stands in the first {_ROWS_ABOVE} rows of sheet {title}")
    above = rows[:first]
    columns = _columns(above, name, where, tables)
    cells: dict[str, dict[str, float | str]] = {}
    names: dict[str, str] = {}
    lines: dict[str, int] = {}
    for number, row in rows[first:]:
        code = _code(row[0]) if row else ""
        if not code:
            continue
        counts: dict[str, float | str] = {}
        for column, ages in columns.items():
            count = _count(row[column] if column < len(row) else None, name, f"{number} {where}")
            for age in ages:
                before = counts.get(age, 0.0)
                marked = before if isinstance(before, str) else count
                counts[age] = marked if isinstance(marked, str) or isinstance(before, str) else before + marked
        if cells.setdefault(code, counts) != counts:
            raise DataProblem(name, f"“{code}” stands twice, with other counts", f"{number} {where}")
        names[code] = str(row[1] or "").strip()
        lines.setdefault(code, number)
    return Quarter(name, _end(above, name), bool(_REVISED.search(name)), cells, names, lines)


def _code(cell: object) -> str:
    text = str(cell or "").strip()
    return text if _CODE.fullmatch(text) else ""


def _count(cell: object, name: str, where: str) -> float | str:
    if isinstance(cell, (int, float)) and cell >= 0 and cell == int(cell):
        return float(cell)
    text = str(cell if cell is not None else "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    if text in (NOTHING_SENT, HIDDEN):
        return text
    raise DataProblem(name, f"“{text}” is neither a count nor one of the marks {NOTHING_SENT} and {HIDDEN}", where)


def _columns(
    above: Sequence[tuple[int, Sequence[object]]], name: str, where: str, tables: ImportTables
) -> dict[int, tuple[str, ...]]:
    """The columns about care leavers, and the age groups that each counts towards."""
    found: dict[int, tuple[str, ...]] = {}
    for number, row in above:
        for column, cell in enumerate(row):
            text = " ".join(str(cell or "").split())
            if "care leaver" not in text.lower() or number == 1:
                continue
            # The number of a footnote comes after a space, or straight after the word years.
            label = re.sub(r"(?<=years)\d$|\s\d$", "", text)
            ages = tables.support_needs.get(label)
            if ages is None:
                raise DataProblem(
                    name,
                    f"the column “{text}” is not known. If it was renamed, add it to data/import_support_needs.csv",
                    f"{number} {where}",
                )
            if found.setdefault(column, ages) != ages:
                raise DataProblem(name, f"two headers of one column disagree: “{text}”", f"{number} {where}")
    if not found:
        raise DataProblem(name, "there is no column about care leavers", where)
    return found


def _end(above: Sequence[tuple[int, Sequence[object]]], name: str) -> dt.date:
    for _, row in above:
        for cell in row:
            found = _QUARTER.search(str(cell or ""))
            if found and found[1] in _MONTHS and found[2] in _MONTHS:
                month, year = _MONTHS[found[2]], int(found[3])
                if month % 3 == 0 and _MONTHS[found[1]] == month - 2:
                    return dt.date(year, month, calendar.monthrange(year, month)[1])
    raise DataProblem(name, "the title does not say which quarter it is, such as “October to December 2025”", 1)


def latest_quarters(quarters: Iterable[Quarter]) -> list[Quarter]:
    """One file per quarter: a revised one replaces, and of two that say the same, one is kept.

    Parameters
    ----------
    quarters
        In any order.

    Returns
    -------
    list[Quarter]
        In order of time.

    Raises
    ------
    DataProblem
        Two files of a quarter differ and neither says that it is the revised one.
    """
    chosen: dict[dt.date, Quarter] = {}
    for quarter in sorted(quarters, key=lambda q: (q.end, not q.revised, q.name)):
        kept = chosen.setdefault(quarter.end, quarter)
        if kept.revised == quarter.revised and kept.cells != quarter.cells:
            raise DataProblem(quarter.name, f"{kept.name} is of the same quarter and has other figures")
    return list(chosen.values())


def district_rows(lookup: Table | None, kept: Table | None) -> list[dict[str, object]]:
    """Rows of ``districts.csv``: today's districts from the lookup of the Office for National Statistics, and what is
    kept by hand (the districts that are gone, with their last day, and the first day of those that came after).

    Parameters
    ----------
    lookup
        Columns :data:`LOOKUP_COLUMNS`.
    kept
        The file as it is.

    Returns
    -------
    list[dict[str, object]]
        Columns :data:`DISTRICT_COLUMNS`.
    """
    rows: dict[str, dict[str, object]] = {}
    if kept is not None:
        require_columns(kept, DISTRICT_COLUMNS)
        rows = {row["district_code"]: dict(row) for _, row in kept.rows}
    for _, row in lookup.rows if lookup is not None else ():
        # A district that has children's services of its own is an authority already.
        if row["LTLA23CD"].startswith("E07"):
            before = rows.get(row["LTLA23CD"], {"opened": "", "closed": ""})
            rows[row["LTLA23CD"]] = {
                **before,
                "district_code": row["LTLA23CD"],
                "district_name": row["LTLA23NM"],
                "authority_code": row["UTLA23CD"],
            }
    return [rows[code] for code in sorted(rows)]


def observations(
    quarter: Quarter, districts: Sequence[Mapping[str, object]], areas: Areas, report: FileReport
) -> list[Observation]:
    """The figures of a quarter for authorities with children's services, the regions and England.

    Parameters
    ----------
    quarter
        As read.
    districts
        Rows of ``districts.csv``.
    areas
        The authorities.
    report
        Gets the release and what became of the rows.

    Returns
    -------
    list[Observation]

    Raises
    ------
    DataProblem
        A code is unknown.
    """
    report.release, report.read = quarter.release, len(quarter.cells)
    parts: dict[str, list[str]] = {}
    known = set(areas.by_any_code) | {ENGLAND, *REGIONS}
    for district in districts:
        code, opened, closed = (str(district[column]) for column in ("district_code", "opened", "closed"))
        authority = areas.by_any_code.get(str(district["authority_code"]))
        if authority is None:
            continue  # as for every other row: what the list of authorities does not have cannot be shown
        known.add(code)
        if opened <= quarter.end.isoformat() and (not closed or quarter.end.isoformat() <= closed):
            parts.setdefault(authority.code, []).append(code)
    unknown = sorted(set(quarter.cells) - known)
    if unknown:
        raise DataProblem(
            quarter.name, f"“{unknown[0]}” ({quarter.names[unknown[0]]}) is in neither the list of authorities nor data/districts.csv"
        )  # fmt: skip
    for authority in areas.authorities.values():
        if authority.existed(quarter.end) and authority.code not in parts:
            parts[authority.code] = [spell.code for spell in authority.codes if spell.code in quarter.cells] or [
                authority.code
            ]
    ages = sorted({age for counts in quarter.cells.values() for age in counts})
    found: list[Observation] = []
    for area, members in [(code, [code]) for code in (ENGLAND, *REGIONS)] + sorted(parts.items()):
        for age in ages:
            value, status = sum_of_districts([quarter.cells.get(code, {}).get(age, NOTHING_SENT) for code in members])
            found.append(
                Observation(
                    INDICATOR, age, area, quarter.end, "quarter", value, None, value,
                    value if len(members) == 1 else None, status, SOURCE, quarter.release, quarter.lines.get(members[0], 0),
                    "quarter",
                )
            )  # fmt: skip
    return found


def sum_of_districts(cells: Sequence[float | str]) -> tuple[float | None, str]:
    """The sum of the districts of an area.

    Parameters
    ----------
    cells
        Counts and marks.

    Returns
    -------
    tuple[float or None, str]
        The sum and its status. There is no sum with ``x`` (none of them sent anything), ``incomplete`` (some did not)
        and ``c`` (one is hidden).
    """
    if NOTHING_SENT in cells:
        return None, "x" if set(cells) == {NOTHING_SENT} else "incomplete"
    if HIDDEN in cells:
        return None, "c"
    return sum(cell for cell in cells if not isinstance(cell, str)), "ok"


def missing_district_rows(
    quarters: Iterable[Quarter], districts: Sequence[Mapping[str, object]], areas: Areas
) -> list[dict[str, object]]:
    """Rows of ``missing_districts.csv``: who sent nothing that could be used, or is hidden.

    Parameters
    ----------
    quarters
        As read.
    districts
        Rows of ``districts.csv``.
    areas
        The authorities.

    Returns
    -------
    list[dict[str, object]]
        One a quarter and district, columns :data:`ABSENT_COLUMNS`.
    """
    reasons = {
        NOTHING_SENT: "nothing sent that could be used",
        HIDDEN: "hidden: fewer than five households with support needs",
    }
    upper = {str(d["district_code"]): str(d["authority_code"]) for d in districts}
    return [
        {
            "period_end": quarter.end.isoformat(),
            "district_code": code,
            "district_name": quarter.names[code],
            "authority_code": areas.by_any_code[upper.get(code, code)].code,
            "reason": reasons[mark],
        }
        for quarter in quarters
        for code, counts in sorted(quarter.cells.items())
        for mark in sorted({cell for cell in counts.values() if isinstance(cell, str)})
    ]
