"""The ministry's whole workbook on the Upload page: one sheet of many is read, the rest ignored."""

import datetime as dt
from io import BytesIO

import openpyxl
import pytest

from careleavers.errors import Refused
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData
from tests.importer.test_homelessness import workbook

# One quarter's figures for a few authorities; all others have no row.
ROWS = [
    ("E92000001", "ENGLAND", 1020, 470, 650, 150),
    ("E08000035", "Leeds", 9, 0, 9, 1),
    ("E06000019", "Herefordshire", *["-"] * 4),
]


def test_the_sheet_is_found_among_many(known: ReferenceData) -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(ROWS, "England, July to September 2025")))
    for number in range(30):
        page = book.create_sheet(f"B{number}", 0)
        page.append(["Local authority", "Number of households", "Period"])
        page.append(["Leeds", 7, "2025 Q3"])
    content = BytesIO()
    book.save(content)
    draft = read_upload(content.getvalue(), "Detailed_LA_202509_fix.xlsx", known)
    assert (draft.kind, draft.layout) == ("release", "homelessness")
    assert draft.about["release"] == "2025-09 revised"
    assert draft.about["new_source"]["covers"].startswith("The quarter to September 2025")
    assert [finding.rule.id for finding in draft.findings] == ["new_release"]
    figures = draft.figures.set_index(["area_code", "age_group"])
    assert figures.loc[("E08000035", "18-20"), "value"] == 9
    assert figures.loc[("E08000035", "21+"), "value"] == 10
    assert figures.loc[("E08000035", "18-20"), "row"] == 5
    assert figures.loc[("E06000019", "21+"), "status"] == "c"
    assert figures.loc[("E10000016", "21+"), "status"] == "x"
    assert set(figures["period_end"].dt.date) == {dt.date(2025, 9, 30)}
    assert set(figures["basis"]) == {"quarter"}


def test_a_quarter_that_is_held_is_no_new_release(known: ReferenceData) -> None:
    draft = read_upload(workbook(ROWS), "a.xlsx", known)
    assert draft.about == {"source": "homelessness", "release": "2025-12"}
    assert len(draft.findings) == 0


def test_what_is_not_understood_is_told_at_its_row(known: ReferenceData) -> None:
    draft = read_upload(workbook([*ROWS, ("E07000999", "Nowhere", 1, 1, 1, 1)]), "a.xlsx", known)
    (finding,) = draft.findings
    assert finding.rule.id == "release_problem"
    assert draft.findings.blocking
    assert draft.figures.empty
    draft = read_upload(workbook([("E08000035", "Leeds", "some", 1, 1, 1)]), "a.xlsx", known)
    (finding,) = draft.findings
    assert finding.cells == ("4",) or "4" in str(finding.cells)


def test_another_workbook_with_a_sheet_of_that_name_is_read_as_ever(known: ReferenceData) -> None:
    book = openpyxl.Workbook()
    book.active.title = "A3"
    book.active.append(["Some words"])
    content = BytesIO()
    book.save(content)
    with pytest.raises(Refused):
        read_upload(content.getvalue(), "a.xlsx", known)
