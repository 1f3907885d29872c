"""The officers' template: what it asks for, that Excel leaves it alone, and that the reader understands it."""

import csv
import datetime as dt
import io
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.figures.warehouse import Warehouse
from careleavers.intake.basis import BASES, read_basis
from careleavers.intake.period_problems import PeriodProblem
from careleavers.intake.periods import Period, read_period
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData
from careleavers.intake.report import report, report_frame
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
        "authority_code", "authority_name", "indicator", "measure_title", "age_group", "period", "basis", "numerator",
        "denominator", "value", "target", "note",
    ]  # fmt: skip
    assert [row[:7] for row in rows[1:5]] == [
        ["E08000035", "Leeds", "eet", "In work", "17-18", "2025/26 Q2", "quarter"],
        ["E08000035", "Leeds", "eet", "In work", "19-21", "2025/26 Q2", "quarter"],
        ["E08000035", "Leeds", "eet_22_25", "In work, older", "22", "2025/26 Q2", "quarter"],
        ["E08000035", "Leeds", "caseload", "'=Cases", "all", "2025/26 Q2", "quarter"],
    ]
    assert rows[5][:2] == ["E06000023", "Bristol, City of"]
    assert len(rows) == 9
    assert all(row[7:] == [""] * 5 for row in rows[1:])


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
    filled = 4 if wide else 7
    expected = [tuple(row)[:filled] for row in frame.to_numpy()]
    for make in (template_csv, template_xlsx):
        sheet = read_sheet(make(AUTHORITIES, INDICATORS, "2025/26 Q2", "quarter", wide=wide), "template")
        assert sheet.rows[0] == (1, tuple(frame.columns))
        assert [cells[:filled] for _, cells in sheet.rows[1:]] == expected
    assert sheet.sheet == "Figures"
    # The template's explanatory sheets are not reported as figures left out.
    assert sheet.skipped == {}


def test_the_workbook_keeps_excel_from_changing_texts_and_offers_choices() -> None:
    book = openpyxl.load_workbook(io.BytesIO(template_xlsx(AUTHORITIES, INDICATORS, "2025/26 Q2", "quarter")))
    assert book.sheetnames == ["Figures", "How to fill this in", "Indicators"]
    sheet = book["Figures"]
    assert sheet.freeze_panes == "C2"
    for place, column in enumerate(COLUMNS, start=1):
        text = "@" if place <= 7 else "General"
        assert {cell.number_format for (cell,) in sheet.iter_rows(min_row=2, min_col=place, max_col=place)} == {text}
        assert sheet.cell(1, place).value == column
    choices = {str(choice.sqref): choice.formula1 for choice in sheet.data_validations.dataValidation}
    assert choices["C2:C1008"] == "Indicators!$A$2:$A$4"
    assert choices["G2:G1008"] == '"quarter,year_to_date,rolling_12m,snapshot,full_year"'
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
    assert isinstance(read_period("2025 Q2", dt.date(2026, 6, 1)), PeriodProblem)


def test_the_catalogue_makes_a_template_for_every_authority(warehouse: Warehouse) -> None:
    catalogue = warehouse.query("definitions", search="", theme="all", indicator="")
    frame = template_frame([("E08000035", "Leeds")], catalogue, "2025/26 Q2", "quarter")
    assert list(frame["indicator"].unique()) == list(catalogue["indicator"])
    assert len(frame) == sum(len(ages.split(";")) for ages in catalogue["age_groups"])
    assert template_xlsx([("E08000035", "Leeds")], catalogue, "2025/26 Q2", "quarter").startswith(b"PK")


def opened(indicators: pd.DataFrame = INDICATORS, *, wide: bool = False) -> Any:
    """The sheet of figures of a template."""
    return openpyxl.load_workbook(
        io.BytesIO(template_xlsx(AUTHORITIES, indicators, "2025/26 Q2", "quarter", wide=wide))
    )["Figures"]


def test_numbers_are_checked_while_they_are_typed() -> None:
    checks = {str(each.sqref): each for each in opened().data_validations.dataValidation}
    # Rows 2 to 4 and 6 to 8 count people, 5 and 9 are cases for each worker; the rest may be of either.
    whole, other = checks["H2:H4 H6:H8"], checks["H5 H9 H10:H1008"]
    assert "H2=INT(H2)" in whole.formula1
    assert "INT" not in other.formula1
    assert "I2>=N(H2)" in checks["I2:I4 I6:I8"].formula1
    for mark in ("c", "x", "z", "k", "low", "u"):
        assert f'LOWER(H2)="{mark}"' in whole.formula1
    # Excel's lists hold 255 characters, and other text that the reader understands must not be refused.
    assert all(len(each.formula1) < 256 and each.errorStyle == "warning" for each in checks.values())


@pytest.mark.parametrize("wide", [False, True])
def test_the_header_is_protected_and_explained_and_everything_else_is_free(wide: bool) -> None:
    sheet = opened(wide=wide)
    assert sheet.protection.sheet
    assert not sheet.protection.password
    assert not any(getattr(sheet.protection, name) for name in ("insertRows", "deleteRows", "sort", "formatColumns"))
    assert all(cell.protection.locked and len(cell.comment.text) > 10 for cell in sheet[1])
    assert not any(cell.protection.locked for row in sheet.iter_rows(min_row=2) for cell in row)
    if wide:
        assert sheet["E1"].comment.text == "In work, ages 17-18: those in work"


def test_no_text_of_the_template_is_wider_than_its_column(warehouse: Warehouse) -> None:
    catalogue = warehouse.query("definitions", search="", theme="all", indicator="")
    sheet = opened(catalogue)
    for column in sheet.iter_cols():
        longest = max(len(str(cell.value or "")) for cell in column)
        assert sheet.column_dimensions[column[0].column_letter].width >= min(longest, 70)


SNAPSHOT = INDICATORS.assign(
    numerator_counts=["those in work", "those in work at the end of the period", "cases on 30 September"],
    denominator_counts=["all of them", "all of them", "workers"],
)


def test_each_measure_comes_with_the_basis_that_it_has() -> None:
    rows = table(template_csv(AUTHORITIES[:1], SNAPSHOT, "2025/26 Q2", "quarter"))
    assert [(row[2], row[6]) for row in rows[1:]] == [
        ("eet", "quarter"), ("eet", "quarter"), ("eet_22_25", "snapshot"), ("caseload", "snapshot"),
    ]  # fmt: skip
    # A wide row has one basis, so there is a row for each; cells that belong in the other row are shaded.
    sheet = opened(SNAPSHOT, wide=True)
    assert [sheet.cell(row, 4).value for row in (2, 3)] == ["quarter", "snapshot"]
    shaded = [[cell.fill.patternType == "solid" for cell in sheet[row][4:]] for row in (2, 3)]
    assert shaded == [[False] * 4 + [True] * 3, [True] * 4 + [False] * 3]


def test_the_catalogue_says_which_measures_count_as_at_a_day(warehouse: Warehouse) -> None:
    catalogue = warehouse.query("definitions", search="", theme="all", indicator="")
    frame = template_frame(AUTHORITIES[:1], catalogue, "2025/26 Q2", "quarter").set_index("indicator")["basis"]
    bases = {str(name): basis for name, basis in frame.items()}
    assert {bases[name] for name in ("in_custody", "bed_and_breakfast", "caseload", "pathway_plan_in_date")} == {
        "snapshot"
    }
    assert {bases[name] for name in ("eet", "in_touch", "local_offer_take_up", "turnover_rate")} == {"quarter"}


def test_an_untouched_template_is_said_in_one_sentence(known: ReferenceData, warehouse: Warehouse) -> None:
    catalogue = warehouse.query("definitions", search="", theme="all", indicator="")
    content = template_xlsx(AUTHORITIES[:1], catalogue, "2025/26 Q2", "quarter")
    findings = read_upload(content, "template.xlsx", known).findings
    assert [(finding.rule.id, finding.rule.severity) for finding in findings] == [
        ("no_rows", "must fix"), ("unfilled", "for information"),
    ]  # fmt: skip
    assert report(findings).headline == "1 thing must be fixed and 1 for information."
    assert len(report_frame(findings)) == 2
