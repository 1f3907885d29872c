"""The ministry's quarterly workbooks, in small ones of the same layouts: districts to counties, marks, moving headers."""

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.errors import DataProblem
from careleavers.importer.areas import Areas, read_authorities
from careleavers.importer.figures import FileReport
from careleavers.importer.files import read_table
from careleavers.importer.homelessness import (
    HIDDEN,
    NOTHING_SENT,
    Quarter,
    district_rows,
    latest_quarters,
    missing_district_rows,
    observations,
    read_quarter,
    sum_of_districts,
)
from careleavers.importer.tables import ImportTables, load_tables
from tests.importer.releases import SHIPPED, reference, write

LEEDS, HAMPSHIRE, CUMBRIA, CUMBERLAND, BARNSLEY = "E08000035", "E10000014", "E10000006", "E06000063", "E08000038"
OLD = ("Care leaver aged 18-20 years", "Care leaver aged 21+ years")
NEW = (OLD[0], "Care leaver aged 21-24 3", "Care leaver aged 25+ 4", "Care leaver - retired option 5")
ENGLAND = ("E92000001", "ENGLAND")


@pytest.fixture(scope="module")
def tables() -> ImportTables:
    catalogue = {row["id"] for _, row in read_table(SHIPPED / "indicators.csv").rows}
    return load_tables(SHIPPED, catalogue)


@pytest.fixture
def areas(tmp_path: Path) -> Areas:
    reference(tmp_path)
    folder = tmp_path / "reference"
    return read_authorities(read_table(folder / "authority_codes.csv"), read_table(folder / "tile_grid.csv"))


def workbook(
    rows: list[tuple[Any, ...]], title: str = "England, October to December 2025", header: tuple[str, ...] = NEW, *,
    sheet: str = "A3", before: int = 0, above: list[list[Any]] | None = None,
) -> bytes:  # fmt: skip
    """A workbook of the layout: a title, header rows, a blank row, then code, name and counts after ``before`` columns."""
    book = openpyxl.Workbook()
    book.active.title = "Contents"
    page = book.create_sheet(sheet)
    page.append([f"Table A3 – Number of households by support needs (care leaver and others)\n{title}"])
    for line in above or []:
        page.append(line)
    page.append([None, None, *[None] * before, *header, "Old age"])
    page.append([])
    for code, name, *counts in rows:
        page.append([code, name, *[7] * before, *counts, 1])
    page.append(["Notes:"])
    page.append(["-", "Suppressed for local authorities with fewer than 5 households with support needs."])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def quarter(rows: list[tuple[Any, ...]], tables: ImportTables, name: str = "h/a.xlsx", **more: Any) -> Quarter:
    found = read_quarter(workbook(rows, **more), name, tables)
    assert found is not None
    return found


def test_three_columns_are_one_comparable_age_group_and_one_of_its_own(tables) -> None:
    found = quarter([(*ENGLAND, 1020, 470, 650, 150), (LEEDS, "Leeds", 7, 0, 9, 1)], tables)
    assert found.end == dt.date(2025, 12, 31)
    assert found.cells[LEEDS] == {"18-20": 7, "21+": 10, "21-24": 0}
    assert found.cells["E92000001"] == {"18-20": 1020, "21+": 1270, "21-24": 470}


@pytest.mark.parametrize("before", [0, 3, 14])
@pytest.mark.parametrize("sheet", ["A3", "A3 - Apr-Jun 18"])
def test_columns_and_names_of_sheets_may_move(tables, before, sheet) -> None:
    above = [[None] * (2 + before) + list(OLD)]
    rows = [(*ENGLAND, 610, 640), (LEEDS, "Leeds", 8, 9)]
    found = quarter(
        rows, tables, title="England, April to June 2018", header=OLD, before=before, sheet=sheet, above=above
    )
    assert (found.end, found.release) == (dt.date(2018, 6, 30), "2018-06")
    assert found.cells[LEEDS] == {"18-20": 8, "21+": 9}


def test_a_workbook_without_the_table_is_not_needed(tables) -> None:
    assert read_quarter(workbook([(*ENGLAND, 1, 1, 1, 1)], sheet="A4"), "h/a.xlsx", tables) is None


@pytest.mark.parametrize(
    ("rows", "more", "words"),
    [
        ([(LEEDS, "Leeds", 1, 1, 1, 1)], {"header": (*NEW[:3], "Care leaver aged 30+ years")},
         "h/a.xlsx, line 2 of sheet A3: the column “Care leaver aged 30+ years” is not known"),
        ([(LEEDS, "Leeds", 1, "n/a", 1, 1)], {}, "h/a.xlsx, line 4 of sheet A3: “n/a” is neither a count nor one of"),
        ([(LEEDS, "Leeds", 1, 1.5, 1, 1)], {}, "“1.5” is neither a count"),
        ([(LEEDS, "Leeds", 1, 1, 1, 1), (LEEDS, "Leeds", 2, 1, 1, 1)], {}, "“E08000035” stands twice"),
        ([(LEEDS, "Leeds", 1, 1, 1, 1)], {"title": "England, 2024-25"}, "does not say which quarter"),
        ([(LEEDS, "Leeds", 1)], {"header": ("Young parent",)}, "there is no column about care leavers"),
        ([], {}, "no code of an area stands in the first 12 rows"),
    ],
)  # fmt: skip
def test_what_is_not_understood_stops_by_sheet_and_line(tables, rows, more, words) -> None:
    with pytest.raises(DataProblem) as caught:
        read_quarter(workbook(rows, **more), "h/a.xlsx", tables)
    assert words in str(caught.value)


def test_what_is_no_workbook_is_refused(tables) -> None:
    with pytest.raises(DataProblem, match=r"h/a\.xlsx: this is not an Excel workbook"):
        read_quarter(b"PK\x03\x04 not really", "h/a.xlsx", tables)


def test_a_revised_file_replaces_and_a_copy_is_one(tables) -> None:
    first = quarter([(LEEDS, "Leeds", 1, 1, 1, 1)], tables, "h/Detailed_202512.xlsx")
    copy = quarter([(LEEDS, "Leeds", 1, 1, 1, 1)], tables, "h/Detailed_202512_A3.xlsx")
    revised = quarter([(LEEDS, "Leeds", 2, 1, 1, 1)], tables, "h/Detailed_202512_REVISED.xlsx")
    assert latest_quarters([copy, first]) == [first]
    assert latest_quarters([first, revised]) == latest_quarters([revised, first]) == [revised]
    assert (first.release, revised.release) == ("2025-12", "2025-12 revised")
    other = quarter([(LEEDS, "Leeds", 3, 1, 1, 1)], tables, "h/b.xlsx")
    with pytest.raises(DataProblem, match="is of the same quarter and has other figures"):
        latest_quarters([first, other])


# ---------------------------------------------------------------- districts


DISTRICTS: list[dict[str, object]] = [
    {"district_code": f"E0700000{n}", "district_name": f"District {n}", "authority_code": authority, "opened": opened,
     "closed": closed}
    for n, authority, opened, closed in (
        (1, HAMPSHIRE, "", ""), (2, HAMPSHIRE, "", "2019-03-31"), (3, HAMPSHIRE, "2019-04-01", ""),
        (4, CUMBRIA, "", "2023-03-31"), (5, CUMBRIA, "", "2023-03-31"),
    )
]  # fmt: skip


def held(
    cells: dict[str, float | str], areas: Areas, end: dt.date = dt.date(2025, 12, 31)
) -> dict[str, tuple[float | None, str]]:
    counts = {code: {"18-20": count} for code, count in cells.items()}
    made = Quarter("h/a.xlsx", end, False, counts, dict.fromkeys(cells, "somewhere"))
    report = FileReport("h/a.xlsx", "homelessness")
    found = observations(made, DISTRICTS, areas, report)
    assert {(o.frequency, o.basis, o.layer, o.source) for o in found} == {
        ("quarter", "quarter", "published", "homelessness")
    }
    return {o.area_code: (o.value, o.status) for o in found}


def test_districts_are_added_up_to_their_county(areas) -> None:
    found = held({"E07000001": 4, "E07000003": 5, LEEDS: 7, "E92000001": 1020}, areas)
    assert found[HAMPSHIRE] == (9, "ok")
    assert found[LEEDS] == (7, "ok")
    assert found["E92000001"] == (1020, "ok")
    assert found["E06000001"] == (None, "x")  # no row at all


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"E07000001": 4}, (None, "incomplete")),
        ({"E07000001": 4, "E07000003": NOTHING_SENT}, (None, "incomplete")),
        ({"E07000001": NOTHING_SENT, "E07000003": NOTHING_SENT}, (None, "x")),
        ({"E07000001": 4, "E07000003": HIDDEN}, (None, "c")),
        ({"E07000001": NOTHING_SENT, "E07000003": HIDDEN}, (None, "incomplete")),
        ({"E07000001": 0, "E07000003": 0}, (0, "ok")),
    ],
)
def test_a_missing_or_hidden_district_never_makes_a_smaller_number(areas, cells, expected) -> None:
    assert held(cells, areas)[HAMPSHIRE] == expected


def test_districts_and_authorities_count_in_the_quarters_in_which_they_existed(areas) -> None:
    before = held({"E07000001": 1, "E07000002": 2, "E07000004": 3, "E07000005": 4}, areas, dt.date(2019, 3, 31))
    assert before[HAMPSHIRE] == (3, "ok")
    assert before[CUMBRIA] == (7, "ok")
    assert CUMBERLAND not in before
    after = held({"E07000001": 1, "E07000003": 2, CUMBERLAND: 8}, areas, dt.date(2023, 6, 30))
    assert after[HAMPSHIRE] == (3, "ok")
    assert after[CUMBERLAND] == (8, "ok")
    assert CUMBRIA not in after


@pytest.mark.parametrize(("code", "end"), [("E08000016", dt.date(2025, 3, 31)), (BARNSLEY, dt.date(2025, 6, 30))])
def test_an_authority_is_found_under_the_code_it_had(areas, code, end) -> None:
    assert held({code: 3}, areas, end)[BARNSLEY] == (3, "ok")


def test_an_unknown_district_stops(areas) -> None:
    with pytest.raises(DataProblem, match=r"“E07000099” \(somewhere\) is in neither the list of authorities nor"):
        held({"E07000099": 1}, areas)


def test_who_is_missing_is_listed(areas, tables) -> None:
    made = quarter(
        [("E07000001", "District 1", *[NOTHING_SENT] * 4), ("E07000003", "District 3", *[HIDDEN] * 4),
         (LEEDS, "Leeds", 1, 1, 1, 1)],
        tables,
    )  # fmt: skip
    assert [(r["period_end"], r["district_name"], r["authority_code"], r["reason"]) for r in missing_district_rows([made], DISTRICTS, areas)] == [
        ("2025-12-31", "District 1", HAMPSHIRE, "nothing sent that could be used"),
        ("2025-12-31", "District 3", HAMPSHIRE, "hidden: fewer than five households with support needs"),
    ]  # fmt: skip


def test_todays_districts_come_from_the_lookup_and_gone_ones_are_kept(tmp_path) -> None:
    kept = write(tmp_path / "districts.csv", DISTRICTS)
    lookup = write(
        tmp_path / "lookup.csv",
        [
            {"LTLA23CD": "E07000003", "LTLA23NM": "New name", "UTLA23CD": HAMPSHIRE},
            {"LTLA23CD": "E07000009", "LTLA23NM": "District 9", "UTLA23CD": HAMPSHIRE},
            {"LTLA23CD": LEEDS, "LTLA23NM": "Leeds", "UTLA23CD": LEEDS},
        ],
    )
    rows = {row["district_code"]: row for row in district_rows(read_table(lookup), read_table(kept))}
    assert list(rows) == ["E07000001", "E07000002", "E07000003", "E07000004", "E07000005", "E07000009"]
    assert (rows["E07000003"]["district_name"], rows["E07000003"]["opened"]) == ("New name", "2019-04-01")
    assert rows["E07000002"]["closed"] == "2019-03-31"


@given(st.lists(st.one_of(st.integers(0, 500).map(float), st.sampled_from([NOTHING_SENT, HIDDEN])), min_size=1))
def test_a_sum_is_of_every_district_or_there_is_none(cells: list[float | str]) -> None:
    value, status = sum_of_districts(cells)
    marks = {cell for cell in cells if isinstance(cell, str)}
    assert (value is None) == bool(marks)
    assert (status == "ok") == (not marks)
    if not marks:
        assert value == sum(float(cell) for cell in cells)
