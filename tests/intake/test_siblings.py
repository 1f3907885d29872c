"""Variants of the files that officers send: no number changes its meaning, and nothing goes unreported."""

import io

import openpyxl
import pytest

from careleavers.intake.model import Draft, Findings
from careleavers.intake.reading import read_upload
from tests.intake.sample_files import known, read_and_check

pytestmark = pytest.mark.usefixtures("samples")
LONG = "authority_code,indicator,age_group,period,numerator,denominator"
LEEDS = "E08000035"
EET = f"{LEEDS},eet,19-21,2025/26 Q2"
FINE = f"{LEEDS},eet,17-18,2025/26 Q2,412,583"
Q2 = "2025-09-30"


def read(*lines: str) -> tuple[Draft, Findings]:
    return read_and_check(content(*lines), "made.csv")


def read_alone(file: bytes, name: str = "made.csv") -> tuple[Draft, Findings]:
    """Read a file without checking its figures, for tests that ask only how it was understood."""
    draft = read_upload(file, name, known())
    return draft, draft.findings


def content(*lines: str) -> bytes:
    return "\n".join(lines).encode() + b"\n"


def figures(draft: Draft) -> list[tuple[str, str, str, float, float]]:
    columns = ["indicator", "age_group", "period_end", "numerator", "denominator"]
    rows = draft.figures[draft.figures["status"] == "ok"][columns].itertuples(index=False, name=None)
    return [(str(name), str(age), str(end)[:10], n, d) for name, age, end, n, d in rows]


def cells(findings: Findings, rule: str) -> set[str]:
    return {cell for each in findings if each.rule.id == rule for cell in each.cells}


# -- numbers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["0,273", "0,600", "01,273", "00,273"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_thousands_begin_with_a_nought(text: str, separator: str) -> None:
    header = LONG.replace(",", separator)
    cell = f'"{text}"' if separator == "," else text
    draft, findings = read_alone(content(header, separator.join([LEEDS, "eet", "19-21", "2025/26 Q2", cell, "600"])))
    assert not figures(draft)
    assert cells(findings, "not_a_number") == {"E2"}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        # 1,012 of 1,183, with as many cells as the header has.
        (f"{LONG},note", f"{EET},1,012,1183"),
        (f"{LONG},note", f"{EET},1,273,2600"),
        (f"{LONG},note", f"{EET},12,345,20000"),
        (f"{LONG},RAG", f"{EET},1,273,2600"),
        # A leading zero in a count is enough.
        (LONG, f"{EET},1,012"),
        (f"{LONG},target", f"{EET},1,012,"),
    ],
)
def test_counts_that_may_be_one_number_are_asked(header: str, row: str) -> None:
    fine = FINE + "," * (header.count(",") - FINE.count(","))
    draft, findings = read(header, row, f"{fine}green" if "RAG" in header else fine)
    assert figures(draft) == [("eet", "17-18", Q2, 412, 583)]
    assert cells(findings, "parted_number") == {"E2"}
    assert findings.blocking


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (LONG, f"{EET},1,273"),
        (f"{LONG},note", f"{EET},45,120,3"),
        (f"{LONG},note", f"{EET},1,273,2 of them in custody"),
        (f"{LONG},last quarter", f"{EET},1,273,2600"),
        (f"{LONG},target", f"{EET},1,273,60"),
    ],
)
def test_counts_side_by_side_are_counts(header: str, row: str) -> None:
    draft, findings = read(header, row)
    assert len(figures(draft)) == 1
    assert not findings.blocking


@pytest.mark.parametrize("mark", ["n/a", "-", "x", "z", ".."])
def test_a_value_that_says_there_is_none_does_not_drop_counts(mark: str) -> None:
    draft, findings = read_alone(content(f"{LONG},value", f"{EET},273,600,{mark}"))
    assert figures(draft) == [("eet", "19-21", Q2, 273, 600)]
    assert cells(findings, "value_differs") == {"G2"}


def test_a_suppressed_value_hides_its_counts() -> None:
    draft, _ = read_alone(content(f"{LONG},value", f"{EET},273,600,c"))
    assert list(draft.figures["status"]) == ["c"]
    assert draft.figures["numerator"].isna().all()


# -- ages and periods as columns --------------------------------------------------------------------------------------
BOTH = [("eet", "17-18", Q2, 412, 583), ("eet", "19-21", Q2, 273, 600)]


@pytest.mark.parametrize(
    "header",
    [
        "Authority,Indicator,Period,17-18 numerator,17-18 denominator,19-21 numerator,19-21 denominator",
        "Authority,Indicator,Period,Numerator 17-18,Denominator 17-18,Numerator 19-21,Denominator 19-21",
        "Authority,Indicator,Period,Num (17-18),Den (17-18),Num (19-21),Den (19-21)",
        "Authority,Indicator,Period,Num - aged 17 to 18,Den - aged 17 to 18,Num - aged 19 to 21,Den - aged 19 to 21",
        ",,,17-18,,19-21,\nAuthority,Indicator,Period,Num,Den,Num,Den",
        "Authority,Indicator,Period,17-18,,19-21,\n,,,Numerator,Denominator,Numerator,Denominator",
    ],
)
def test_ages_side_by_side_are_rows_to_confirm(header: str) -> None:
    draft, findings = read(header, "Leeds,eet,2025/26 Q2,412,583,273,600")
    assert figures(draft) == BOTH
    assert cells(findings, "understood_as") == {"D1", "F1"}
    assert not findings.blocking


def test_ages_in_a_column_and_in_a_header_are_not_mixed() -> None:
    draft, findings = read(
        "Authority,Indicator,Age,Period,Numerator (19-21),Denominator (19-21)", "Leeds,eet,17-18,2025/26 Q2,273,600"
    )
    assert not figures(draft)
    assert findings.blocking


def test_percentages_by_age_alone_want_their_counts() -> None:
    draft, findings = read_alone(content("Authority,Indicator,Period,17-18,19-21", "Leeds,eet,2025/26 Q2,70.7,45.5"))
    assert not figures(draft)
    assert cells(findings, "counts_needed") == {"D2", "E2"}


def test_fields_under_the_header_are_its_second_row() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (
        ["Authority", "Indicator", "Age", "Q1 2025/26", None, "Q2 2025/26", None],
        [None, None, None, "Num", "Den", "Num", "Den"],
        ["Leeds", "eet", "19-21", 270, 600, 273, 600],
    ):
        sheet.append(row)
    for merged in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1"):
        sheet.merge_cells(merged)
    file = io.BytesIO()
    made.save(file)
    draft, findings = read_alone(file.getvalue(), "made.xlsx")
    assert figures(draft) == [("eet", "19-21", "2025-06-30", 270, 600), ("eet", "19-21", Q2, 273, 600)]
    assert cells(findings, "understood_as") == {"D1", "F1"}


@pytest.mark.parametrize("other", ["England", "Year to date", "Statistical neighbours"])
def test_numbers_beside_quarters_are_left_out_and_named(other: str) -> None:
    draft, findings = read_alone(
        content(
            f",,,Q1 2025/26,,Q2 2025/26,,{other},",
            "Authority,Indicator,Age,Num,Den,Num,Den,Num,Den",
            "Leeds,eet,19-21,270,600,273,600,1,2",
        )
    )
    assert figures(draft) == [("eet", "19-21", "2025-06-30", 270, 600), ("eet", "19-21", Q2, 273, 600)]
    assert set(draft.figures["basis"]) == {"quarter"}
    assert cells(findings, "column_not_used") == {"H2", "I2"}


# -- years and their parts --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["Wave", "Census", "Season", "Date of count", "Return"])
def test_whole_years_beside_what_may_be_a_part_are_confirmed(name: str) -> None:
    draft, findings = read_alone(
        content(
            f"authority_code,indicator,age_group,Year,{name},numerator,denominator",
            f"{LEEDS},eet,19-21,2025/26,Autumn,273,600",
        )
    )
    assert figures(draft) == [("eet", "19-21", "2026-03-31", 273, 600)]
    assert cells(findings, "understood_as") == {"D1"}


@pytest.mark.parametrize(
    ("year", "part", "cell"),
    [("Fin Yr", "Qtr", "Q2"), ("Year", "Month ending", "30/09/2025"), ("Financial year", "Month", "Sep-25")],
)
def test_a_part_of_a_year_is_read_with_it(year: str, part: str, cell: str) -> None:
    draft, findings = read(
        f"authority_code,indicator,age_group,{year},{part},numerator,denominator",
        f"{LEEDS},eet,19-21,2025/26,{cell},273,600",
    )
    assert figures(draft) == [("eet", "19-21", Q2, 273, 600)]
    assert not findings.blocking


def test_a_month_of_another_year_is_not_of_this_one() -> None:
    draft, findings = read_alone(
        content(
            "authority_code,indicator,age_group,Year,Month,numerator,denominator",
            f"{LEEDS},eet,19-21,2025/26,Sep-24,273,600",
        )
    )
    assert not figures(draft)
    assert cells(findings, "bad_period") == {"E2"}


def test_a_hidden_basis_is_confirmed() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(["authority_code", "indicator", "age_group", "period", "basis", "numerator", "denominator"])
    sheet.append([LEEDS, "eet", "19-21", "2025/26 Q2", "year_to_date", 273, 600])
    sheet.column_dimensions["E"].hidden = True
    file = io.BytesIO()
    made.save(file)
    _, findings = read_alone(file.getvalue(), "made.xlsx")
    assert cells(findings, "understood_as") == {"D1"}


# -- headers and rows -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", ["UASC", "rounded", "in custody", "disabled young people"])
def test_a_name_that_says_more_is_confirmed(words: str) -> None:
    draft, findings = read_alone(content(LONG.replace("numerator", f"Numerator ({words})"), f"{EET},273,600"))
    assert figures(draft) == [("eet", "19-21", Q2, 273, 600)]
    assert cells(findings, "understood_as") == {"E1"}


@pytest.mark.parametrize("words", ["number of young people", "n", "count", "whole number"])
def test_a_name_that_says_no_more_is_not(words: str) -> None:
    _, findings = read(LONG.replace("numerator", f"Numerator ({words})"), f"{EET},273,600")
    assert not cells(findings, "understood_as")
    assert not findings.blocking


@pytest.mark.parametrize("row", ["Care leavers service,,,,273,600", f"{LEEDS},,,,273,600", "17-18,,,,412,583"])
def test_a_row_that_says_only_whose_it_is_is_named_once(row: str) -> None:
    _, findings = read(LONG, FINE, f"{EET},273,600", row)
    assert [each.rule.id for each in findings if each.rule.severity == "must fix"] == ["of_nothing"]
    assert cells(findings, "of_nothing") == {"E4"}
