"""Published workbooks are read in the same way as uploads: text as shown, and hidden cells included."""

from io import BytesIO

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from careleavers.errors import DataProblem
from careleavers.importer.areas import Areas, read_authorities
from careleavers.importer.files import read_table
from careleavers.importer.homelessness import read_quarter
from careleavers.importer.inspections import read_inspections
from careleavers.importer.tables import ImportTables, load_tables
from careleavers.importer.workbooks import open_published, sheet_rows
from tests.importer.releases import SHIPPED, reference
from tests.importer.test_homelessness import ENGLAND, LEEDS
from tests.importer.test_homelessness import workbook as homelessness
from tests.importer.test_inspections import inspection, visit
from tests.importer.test_inspections import workbook as ofsted

HIDES = "hides rows or columns"


@pytest.fixture
def areas(tmp_path) -> Areas:
    reference(tmp_path / "published")
    folder = tmp_path / "published" / "reference"
    return read_authorities(read_table(folder / "authority_codes.csv"), read_table(folder / "tile_grid.csv"))


@pytest.fixture(scope="module")
def tables() -> ImportTables:
    catalogue = read_table(SHIPPED / "indicators.csv")
    return load_tables(SHIPPED, {row["id"] for _, row in catalogue.rows})


def changed(content: bytes, change) -> bytes:
    """The same workbook after ``change(its table A3)``."""
    book = openpyxl.load_workbook(BytesIO(content))
    change(book["A3"])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(sheet: Worksheet, text: str) -> int:
    return next(cell.row for row in sheet.iter_rows() for cell in row if text in str(cell.value or ""))


def test_both_kinds_of_workbook_give_the_same_rows(tmp_path) -> None:
    frame = pd.DataFrame(
        [["Leeds", pd.Timestamp("2025-03-31"), 0.52], [None, None, None], ["York", " two  words ", 12]]
    )
    read = []
    for name, engine in (("a.ods", "odf"), ("a.xlsx", "openpyxl")):
        frame.to_excel(tmp_path / name, header=False, index=False, engine=engine)
        book = open_published((tmp_path / name).read_bytes(), name, "a workbook")
        read.append(sheet_rows(book, "Sheet1", name, lambda hidden: bool(hidden.count)))
    assert read[0] == read[1] == [(1, ["Leeds", "2025-03-31", "0.52"]), (3, ["York", " two  words ", "12"])]


def test_a_hidden_area_or_column_is_said_and_a_hidden_second_header_is_usual(tables) -> None:
    content = homelessness([(*ENGLAND, 1020, 470, 650, 150), (LEEDS, "Leeds", 7, 0, 9, 1)])
    plain = read_quarter(content, "h/a.xlsx", tables)
    assert plain

    def hide_row(text: str):
        return lambda sheet: setattr(sheet.row_dimensions[row_of(sheet, text)], "hidden", True)

    with pytest.raises(DataProblem, match=rf"h/a\.xlsx: the sheet “A3” {HIDES}"):
        read_quarter(changed(content, hide_row(LEEDS)), "h/a.xlsx", tables)
    for column in "CDEF":
        with pytest.raises(DataProblem, match=HIDES):
            read_quarter(
                changed(content, lambda sheet, c=column: setattr(sheet.column_dimensions[c], "hidden", True)),
                "h/a.xlsx",
                tables,
            )

    def add_header(sheet: Worksheet) -> None:
        at = row_of(sheet, ENGLAND[0])
        sheet.insert_rows(at)
        for column in range(1, 8):
            sheet.cell(at, column, sheet.cell(row_of(sheet, "Care leaver"), column).value)
        sheet.row_dimensions[at].hidden = True

    again = read_quarter(changed(content, add_header), "h/a.xlsx", tables)
    assert again
    assert again.cells == plain.cells


def test_a_hidden_inspection_is_said(tmp_path, areas) -> None:
    path = ofsted(tmp_path / "o" / "a.ods", [inspection(), inspection("E08000016")], [visit()])
    assert len(read_inspections(path, areas)[0]) == 3
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, frame in pd.read_excel(path, sheet_name=None, header=None, engine="odf").items():
        sheet = book.create_sheet(title)
        for row in frame.itertuples(index=False):
            sheet.append([None if pd.isna(cell) else cell for cell in row])
    book.save(path)  # recognised by its content, whatever its name says
    assert len(read_inspections(path, areas)[0]) == 3
    book["ILACS_inspection_history"].row_dimensions[5].hidden = True
    book.save(path)
    with pytest.raises(DataProblem, match=f"the sheet “ILACS_inspection_history” {HIDES}"):
        read_inspections(path, areas)
