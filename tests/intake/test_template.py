"""The officers' template: what it asks for, that Excel leaves it alone, and that the reader understands it."""

import csv
import datetime as dt
import io

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.intake.periods import BASES, Period, Problem, read_basis, read_period
from careleavers.intake.sheets import read_sheet
from careleavers.intake.template import (
    COLUMNS,
    FIELDS,
    parse_wide_header,
    template_csv,
    template_frame,
    template_xlsx,
    wide_header,
)
from careleavers.warehouse import Warehouse

AUTHORITIES = [("E08000035", "Leeds"), ("E06000023", "Bristol, City of")]
INDICATORS = pd.DataFrame(
    {
        "indicator": ["eet", "eet_22_25", "caseload"],
        "title": ["In work", "In work, older", "=Cases"],
        "unit": ["percent", "percent", "ratio"],
        "age_groups": ["17-18;19-21", "22", "all"],
        "numerator_counts": ["those in work", "those in work", None],
        "denominator_counts": ["all of them", "all of them", None],
        "definition": ["Who works.", "Who works.", "Cases for each worker."],
    }
)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("eet 19-21 numerator", ("eet", "19-21", "numerator")),
        (" EET_19-21__Denominator ", ("eet", "19-21", "denominator")),
        ("eet_22_25 22 numerator", ("eet_22_25", "22", "numerator")),
        ("suitable accommodation 22 25 25 value", ("suitable_accommodation_22_25", "25", "value")),
        ("Staying put 19 – 20 target", ("staying_put", "19-20", "target")),
        ("in touch 17 to 18 numerator", ("in_touch", "17-18", "numerator")),
        ("caseload all value", ("caseload", "all", "value")),
        ("eet numerator", None),
        ("19-21 numerator", None),
        ("eet 19-21", None),
        ("eet 19-21 numerator (number)", None),
        ("", None),
    ],
)
def test_wide_headers_are_understood(text: str, meaning: tuple[str, str, str] | None) -> None:
    assert parse_wide_header(text) == meaning


def test_every_wide_header_of_the_catalogue_comes_back(warehouse: Warehouse) -> None:
    for row in warehouse.query("indicators").to_dict("records"):
        for field in FIELDS:
            key = row["indicator"], row["age_group"], field
            assert parse_wide_header(wide_header(*key)) == key
            assert parse_wide_header(wide_header(*key).upper().replace(" ", "__")) == key


@given(st.text(max_size=60))
def test_any_header_is_a_wide_one_or_not(text: str) -> None:
    meaning = parse_wide_header(text)
    assert meaning is None or parse_wide_header(wide_header(*meaning)) == meaning


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_long_template_has_a_row_for_each_figure() -> None:
    rows = table(template_csv(AUTHORITIES, INDICATORS, "2025/26 Q2", "quarter"))
    assert rows[0] == [
        "authority_code", "authority_name", "indicator", "age_group", "period", "basis", "numerator", "denominator",
        "value", "target", "note",
    ]  # fmt: skip
    assert [row[:6] for row in rows[1:5]] == [
        ["E08000035", "Leeds", "eet", "17-18", "2025/26 Q2", "quarter"],
        ["E08000035", "Leeds", "eet", "19-21", "2025/26 Q2", "quarter"],
        ["E08000035", "Leeds", "eet_22_25", "22", "2025/26 Q2", "quarter"],
        ["E08000035", "Leeds", "caseload", "all", "2025/26 Q2", "quarter"],
    ]
    assert rows[5][:2] == ["E06000023", "Bristol, City of"]
    assert len(rows) == 9
    assert all(row[6:] == [""] * 5 for row in rows[1:])


def test_the_wide_template_has_a_row_for_each_authority() -> None:
    rows = table(template_csv(AUTHORITIES, INDICATORS, "2025/26 Q2", "snapshot", wide=True))
    assert rows[0] == [
        "authority_code", "authority_name", "period", "basis", "eet 17-18 numerator", "eet 17-18 denominator",
        "eet 19-21 numerator", "eet 19-21 denominator", "eet_22_25 22 numerator", "eet_22_25 22 denominator",
        "caseload all value",
    ]  # fmt: skip
    assert rows[1:] == [[*who, "2025/26 Q2", "snapshot", *[""] * 7] for who in AUTHORITIES]


@pytest.mark.parametrize("wide", [False, True])
def test_both_files_are_read_back_as_the_same_table(wide: bool) -> None:
    frame = template_frame(AUTHORITIES, INDICATORS, "2025/26 Q2", "quarter", wide=wide)
    filled = 4 if wide else 6
    expected = [tuple(row)[:filled] for row in frame.to_numpy()]
    for make in (template_csv, template_xlsx):
        sheet = read_sheet(make(AUTHORITIES, INDICATORS, "2025/26 Q2", "quarter", wide=wide), "template")
        assert sheet.rows[0] == (1, tuple(frame.columns))
        assert [cells[:filled] for _, cells in sheet.rows[1:]] == expected
    assert sheet.sheet == "Figures"
    assert sheet.skipped == {"other sheet": 2}


def test_the_workbook_keeps_excel_from_changing_texts_and_offers_choices() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(AUTHORITIES, INDICATORS, "2025/26 Q2", "quarter")))
    assert book.sheetnames == ["Figures", "How to fill this in", "Indicators"]
    sheet = book["Figures"]
    assert sheet.freeze_panes == "C2"
    for place, column in enumerate(COLUMNS, start=1):
        text = "@" if place <= 6 else "General"
        assert {cell.number_format for (cell,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place)} == {text}
        assert sheet.cell(1, place).value == column
    choices = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    assert choices == {
        "C2:C1008": "Indicators!$A$2:$A$4",
        "F2:F1008": '"quarter,year_to_date,rolling_12m,snapshot,full_year"',
    }
    assert [cell.value for cell in book["Indicators"]["A"]] == ["indicator", "eet", "eet_22_25", "caseload"]
    assert book["Indicators"]["B4"].value == "'=Cases"


@pytest.mark.parametrize("wide", [False, True])
def test_the_guide_explains_each_column_that_the_table_has(wide: bool) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(template_xlsx(AUTHORITIES, INDICATORS, "2025/26 Q2", "quarter", wide=wide))
    )
    guide = {row[0]: row[1] for row in book["How to fill this in"].iter_rows(min_row=2, values_only=True)}
    for column in template_frame(AUTHORITIES, INDICATORS, "", "", wide=wide).columns:
        wide_column = parse_wide_header(column)
        assert (f"… {wide_column[2]}" if wide_column else column) in guide
    for basis in BASES:
        assert f"{basis}:" in guide["basis"]
        assert read_basis(basis) == basis
    for example in ("2025/26 Q2", "30/09/2025", "2025/26"):
        assert example in guide["period"]
        assert isinstance(read_period(example, dt.date(2026, 6, 1)), Period)
    assert "Not 2025 Q2" in guide["period"]
    assert isinstance(read_period("2025 Q2", dt.date(2026, 6, 1)), Problem)


def test_the_catalogue_makes_a_template_for_every_authority(warehouse: Warehouse) -> None:
    catalogue = warehouse.query("definitions", search="", theme="all", indicator="")
    frame = template_frame([("E08000035", "Leeds")], catalogue, "2025/26 Q2", "quarter")
    assert list(frame["indicator"].unique()) == list(catalogue["indicator"])
    assert len(frame) == sum(len(ages.split(";")) for ages in catalogue["age_groups"])
    assert template_xlsx([("E08000035", "Leeds")], catalogue, "2025/26 Q2", "quarter").startswith(b"PK")
