"""Officers' files: figures in the project's terms, and every fault in a file reported at once."""

import csv
import io
import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from careleavers.errors import Refused
from careleavers.intake.model import FIGURE_COLUMNS, Draft, Finding
from careleavers.intake.person_columns import person_columns
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData
from careleavers.intake.rules import RULES
from tests.intake.conftest import HEADER, TODAY
from tests.intake.rule_words import template_words

Read = Callable[..., Draft]
LEEDS = "E08000035"


def figure(draft: Draft, place: int = 0) -> dict[str, Any]:
    """One figure of a draft, with None for what is not there."""
    row = draft.figures.iloc[place].to_dict()
    return {key: None if pd.isna(value) else value for key, value in row.items()}


def found(draft: Draft, rule: str) -> list[Finding]:
    return [finding for finding in draft.findings if finding.rule.id == rule]


def only(draft: Draft, rule: str) -> Finding:
    """The one thing that was found."""
    findings = list(draft.findings)
    assert [finding.rule.id for finding in findings] == [rule]
    return findings[0]


def test_a_row_of_the_template_is_a_figure(read: Read) -> None:
    draft = read(f'{LEEDS},Leeds,eet,19-21,2025/26 Q2,quarter,52,100,52%,60,"From the June list, checked"')
    assert len(draft.findings) == 0
    assert (draft.kind, draft.layout, draft.header_row, draft.file_name) == ("local", "long", 1, "figures.csv")
    assert tuple(draft.figures.columns) == tuple(FIGURE_COLUMNS)
    assert figure(draft) == {
        "row": 2, "indicator": "eet", "age_group": "19-21", "area_code": LEEDS,
        "period_end": pd.Timestamp("2025-09-30"), "frequency": "quarter", "basis": "quarter", "layer": "",
        "numerator": 52, "denominator": 100, "value": 52, "published_value": 52, "status": "ok", "source": "local",
        "release": "", "target": 60, "note": "From the June list, checked",
    }  # fmt: skip


def test_the_value_is_worked_out_exactly(read: Read) -> None:
    row = figure(read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,1,3,33%,,"))
    assert row["value"] == pytest.approx(100 / 3)
    assert row["published_value"] == 33


def test_the_header_is_found_under_titles_with_its_own_row_numbers(read: Read) -> None:
    draft = read(
        "E08000035,Leeds,EET,Aged 19 to 21,Q2 2025-26,52,100",
        header="LA Code,Local authority,Measure,Age,Quarter,Num,Denom",
        above=["Care leavers,,,", "Return for the second quarter,,,", "", '"Prepared by the\nperformance team",,,'],
    )
    # A line break inside a cell is no new row to a spreadsheet.
    assert draft.header_row == 5
    assert figure(draft)["row"] == 6
    assert draft.columns["numerator"] == 5


@pytest.mark.parametrize(
    "header",
    [
        "authority_code,indicator,age_group,period,numerator,denominator",
        "AUTHORITY CODE , Indicator,Age group,Period,Numerator, Denominator",
        "new_la_code,indicator,age,time_period,number,total",
        "GSS code,Measure,Age band,Reporting period,n,out of",
        "old_la_code,KPI,Ages,Quarter ending,Count,Den.",
        "Local authority,Indicator name,Age range,qtr,Num,Base",
    ],
)
def test_columns_by_any_usual_name(read: Read, header: str) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,52,100", header=header)
    assert {finding.rule.id for finding in draft.findings} == {"basis_assumed"}
    assert (figure(draft)["area_code"], figure(draft)["value"]) == (LEEDS, 52)


def test_code_number_and_name_may_stand_beside_each_other(read: Read) -> None:
    draft = read(
        f"2025/26 Q2,{LEEDS},383,Leeds,eet,19-21,52,52,quarter,100",
        header="time_period,new_la_code,old_la_code,la_name,indicator,age,percentage,number,basis,total",
    )
    assert len(draft.findings) == 0
    assert figure(draft)["published_value"] == 52


def test_year_and_quarter_may_be_two_columns(read: Read) -> None:
    header = "authority,indicator,age,year,quarter,basis,num,denom"
    assert figure(read("Leeds,eet,19-21,2025/26,Q2,quarter,5,10", header=header))["period_end"].month == 9
    whole = read("Leeds,eet,19-21,2024/25,full year,5,10", header="authority,indicator,age,year,basis,num,denom")
    assert (figure(whole)["frequency"], figure(whole)["basis"]) == ("year", "full_year")


def test_indicators_by_id_or_title_in_any_case(read: Read) -> None:
    for name in (
        "eet",
        "EET",
        "In education, work or training",
        "care leavers in education, employment or training (EET)",
    ):
        assert figure(read(f'{LEEDS},,"{name}",19-21,2025/26 Q2,quarter,5,10,,,'))["indicator"] == "eet"


# A row (under the template's header) or a whole file, the rule that it breaks, the cells, and words of the report.
MISTAKES = [
    ("Leed,,eet,19-21,2025/26 Q2,quarter,5,10,,,", "unknown_authority", ("A2",), "Did you mean Leeds?"),
    ("England,,eet,19-21,2025/26 Q2,quarter,5,10,,,", "unknown_authority", ("A2",), "take the row out"),
    (",,eet,19-21,2025/26 Q2,quarter,5,10,,,", "missing_authority", ("A2",), "E08000035"),
    (f"{LEEDS},Bradford,eet,19-21,2025/26 Q2,quarter,5,10,,,", "code_and_name_differ", ("B2",), "is Bradford"),
    ("E06000059,,eet,19-21,2018/19 Q1,quarter,5,10,,,", "authority_did_not_exist", ("A2",), "Dorset (to 2019)"),
    (",Cumbria,eet,19-21,2023/24 Q1,quarter,5,10,,,", "authority_did_not_exist", ("B2",), "Cumberland and Westmorland"),
    (",Northamptonshire,eet,19-21,2020/21 Q4,quarter,5,10,,,", "abolished_code", ("B2",), "until 31 March 2021"),
    ("E08000019,,eet,19-21,2025/26 Q2,quarter,5,10,,,", "recoded_authority", ("A2",), "E08000039"),
    (f"{LEEDS},,eat,19-21,2025/26 Q2,quarter,5,10,,,", "unknown_indicator", ("C2",), "Did you mean eet"),
    (f"{LEEDS},,,19-21,2025/26 Q2,quarter,5,10,,,", "missing_indicator", ("C2",), "template"),
    (f"{LEEDS},,eet,18,2025/26 Q2,quarter,5,10,,,", "unknown_age_group", ("D2",), "17-18 and 19-21"),
    (f"{LEEDS},,eet,22,2025/26 Q2,quarter,5,10,,,", "unknown_age_group", ("D2",), "use eet_22_25"),
    (f"{LEEDS},,eet,,2025/26 Q2,quarter,5,10,,,", "unknown_age_group", ("D2",), "17-18 and 19-21"),
    (f"{LEEDS},,eet,19-21,,quarter,5,10,,,", "missing_period", ("E2",), "2025/26 Q2"),
    (f"{LEEDS},,eet,19-21,Aug 2025,quarter,5,10,,,", "bad_period", ("E2",), "30 September 2025"),
    (f"{LEEDS},,eet,19-21,2025 Q1,quarter,5,10,,,", "ambiguous_period", ("E2",), "2025/26 Q1 or 2024/25 Q4"),
    (f"{LEEDS},,eet,19-21,2026/27 Q1,quarter,5,10,,,", "future_period", ("E2",), "2025/26 Q3"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,now and then,5,10,,,", "bad_basis", ("F2",), "year_to_date"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,full year,5,10,,,", "basis_does_not_fit", ("F2",), "31 March"),
    (f"{LEEDS},,eet,19-21,2024/25,quarter,5,10,,,", "basis_does_not_fit", ("F2",), "2024/25 Q4"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,,5,10,,,", "basis_assumed", ("F2",), "“quarter”"),
    (f"{LEEDS},,eet,19-21,2024/25,,5,10,,,", "basis_assumed", ("F2",), "“full_year”"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,-5,10,,,", "negative", ("G2",), "0 or more"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,five,10,,,", "not_a_number", ("G2",), "digits"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,50%,10,,,", "not_a_number", ("G2",), "The numerator"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,#REF!,,,", "not_a_number", ("H2",), "The denominator"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,half,,", "not_a_number", ("I2",), "The value"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5.5,10,,,", "not_whole", ("G2",), "whole number"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,5000000000,,,", "too_large", ("H2",), "run together"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,11,10,,,", "numerator_over_denominator", ("G2",), "10"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,1,0,,,", "numerator_over_denominator", ("G2",), "0"),
    (f"{LEEDS},,caseload,all,2025/26 Q2,snapshot,1,0,,,", "numerator_over_denominator", ("G2",), "0"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,,,52%,,", "counts_needed", ("G2",), "no numerator and no denominator"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,,,,", "counts_needed", ("H2",), "no denominator"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,,10,,,", "counts_needed", ("G2",), "no numerator"),
    (f"{LEEDS},,caseload,all,2025/26 Q2,snapshot,152,,,,", "value_needed", ("I2",), "caseload"),
    (f"{LEEDS},,care_leavers,19-21,2025/26 Q2,snapshot,,90,,,", "value_needed", ("I2",), "care_leavers"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,1.000,2000,,,", "two_readings", ("G2",), "could be 1000 or 1.000"),
    (f'{LEEDS},,caseload,all,2025/26 Q2,snapshot,,,"15,125",,', "two_readings", ("I2",), "could be 15125 or 15.125"),
    (f"{LEEDS},,caseload,all,2025/26 Q2,snapshot,,,2140%,,", "percent_sign", ("I2",), "a hundredth of it"),
    (f"{LEEDS},,care_leavers,19-21,2025/26 Q2,snapshot,,,400.5,,", "not_whole", ("I2",), "whole number"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,0.55,", "share_read", ("J2",), "was read as 55%"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,1,", "bad_target", ("J2",), "100% or 1%"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,TBC,", "no_target", ("J2",), "no target in force"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,#DIV/0!,,", "not_a_number", ("I2",), "The value"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,high,", "bad_target", ("J2",), "0 or more"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,101,", "bad_target", ("J2",), "0 to 100"),
    (f"{LEEDS},,eet_22_25,22,2025/26 Q2,quarter,5,10,,50,", "bad_target", ("J2",), "does not allow"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,52,,", "value_differs", ("I2",), "50.0%, which 5 of 10 gives"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,*,10,,,", "symbol_converted", ("G2",), "protect privacy"),
    (f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,0,0,,,", "nobody", ("H2",), "not applicable"),
    (f"{LEEDS},,staying_put,18 to 20,2025/26 Q2,quarter,5,10,,,", "unknown_age_group", ("D2",), "18 and 19-20"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "rule", "cells", "said"), MISTAKES, ids=lambda value: str(value)[:60])
def test_each_mistake_is_told_by_cell_and_how_to_fix_it(
    read: Read, line: str, rule: str, cells: tuple[str, ...], said: str
) -> None:
    finding = only(read(line), rule)
    assert finding.cells == cells
    assert said in f"{finding.expected} {finding.fix}"
    assert finding.found == next(csv.reader([line]))[finding.column or 0].strip()


def test_every_rule_of_reading_has_an_example_here_or_in_the_tests_of_its_kind() -> None:
    elsewhere = {
        "person_level", "missing_column", "duplicate_column", "no_rows", "unfilled", "left_out", "column_not_used",
        "age_group_assumed",
        # layouts of a file as a whole: tests/intake/test_sample_files.py and test_layouts.py
        "extra_cells", "one_cell", "second_table", "merged_numbers", "merged_cells", "of_nothing", "no_result",
        "understood_as", "basis_above", "parted_number",
        # what tells who somebody is: tests/intake/test_personal.py
        "personal_text", "personal_name",
        # releases, catalogues and events
        "release_problem", "new_release", "not_existing", "missing_text", "bad_id", "id_taken", "bad_word", "bad_text",
        "bad_date", "no_overall_judgement", "release_future", "other_release", "older_release", "authorities_missing",
        "extract",
        # rules that need what is held
        "not_your_authority", "not_for_you", "duplicate_key", "jump_15_points", "denominator_moved", "restated",
        "earlier_final", "exactly_0_or_100", "family_not_100", "small_n", "missing_age_group", "gap",
    }  # fmt: skip
    assert {rule for _, rule, _, _ in MISTAKES} | elsewhere == set(RULES)


def test_every_rule_fills_in_with_its_words() -> None:
    for rule in RULES.values():
        words = {**dict.fromkeys(template_words(rule), "something"), "found": "this"}
        for text in (rule.title, rule.expected.format(**words), rule.fix.format(**words)):
            assert text.strip()
            assert "{" not in text
        assert not {"row", "column", "rule"} & words.keys()


def test_everything_is_said_at_once(read: Read) -> None:
    draft = read(
        f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,11,10,,,",
        "Leed,,eat,19-21,2025 Q1,sometimes,-5,ten,,,",
        f"{LEEDS},,neet,19-21,2025/26 Q2,quarter,11,10,,,",
    )
    assert {f.rule.id: f.cells for f in draft.findings} == {
        "unknown_authority": ("A3",), "unknown_indicator": ("C3",), "ambiguous_period": ("E3",), "bad_basis": ("F3",),
        "not_a_number": ("H3",), "negative": ("G3",), "numerator_over_denominator": ("G2", "G4"),
    }  # fmt: skip
    assert draft.findings.blocking
    assert draft.findings.count("must fix") == 8


def test_a_row_with_wrong_numbers_keeps_its_key_and_no_number(read: Read) -> None:
    row = figure(read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,11,10,,,"))
    assert (row["status"], row["numerator"], row["denominator"], row["value"]) == ("missing", None, None, None)
    assert read("Leed,,eet,19-21,2025/26 Q2,quarter,1,10,,,").figures.empty


@pytest.mark.parametrize(
    ("cells", "status", "numerator", "denominator", "value"),
    [
        ("c,25,c", "c", None, 25, None),
        ("*,25,", "c", None, 25, None),
        ("3,25,c", "c", None, 25, None),
        ("c,25,12%", "c", None, 25, None),
        ("c,c,c", "c", None, None, None),
        ("x,x,x", "x", None, None, None),
        ("k,25,c", "c", None, 25, None),
        ("5,25,u", "u", 5, 25, None),
        ("low,2500,", "low", None, 2500, None),
        ("z,0,z", "z", None, 0, None),
        (",0,", "z", None, 0, None),
        ("0,25,", "ok", 0, 25, 0),
        ("25,25,100", "ok", 25, 25, 100),
        ('"1,052","2,104",50%', "ok", 1052, 2104, 50),
        ("3.0000000001,10,", "ok", 3, 10, 30),
    ],
)
def test_marks_are_statuses_and_never_numbers(
    read: Read, cells: str, status: str, numerator: float | None, denominator: float | None, value: float | None
) -> None:
    draft = read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,{cells},,")
    row = figure(draft)
    assert not draft.findings.blocking
    assert (row["status"], row["numerator"], row["denominator"], row["value"]) == (
        status,
        numerator,
        denominator,
        value,
    )


def test_the_templates_own_marks_need_no_remark(read: Read) -> None:
    assert len(read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,c,25,c,,").findings) == 0
    assert only(read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,[c],25,,,"), "symbol_converted").found == "[c]"


def test_other_units(read: Read) -> None:
    draft = read(
        f"{LEEDS},,caseload,all,2025/26 Q2,snapshot,,,15.2,16,",
        f"{LEEDS},,caseload,all,2025/26 Q1,snapshot,4420,298.4,,,",
        f"{LEEDS},,looked_after_rate,all,2025/26 Q2,snapshot,100,20000,,,",
        f"{LEEDS},,looked_after_rate,all,2025/26 Q1,snapshot,,,50,,",
        f"{LEEDS},,care_leavers,19-21,2025/26 Q2,snapshot,,,400,,",
        f"{LEEDS},,care_leavers,19-21,2025/26 Q1,snapshot,410,,,,",
        f"{LEEDS},,agency_rate,all,2025/26 Q2,snapshot,7.5,30.0,25.0,,",
    )
    assert len(draft.findings) == 0
    assert [round(value, 3) for value in draft.figures["value"]] == [15.2, 14.812, 50, 50, 400, 410, 25]
    assert [None if math.isnan(n) else n for n in draft.figures["numerator"]] == [None, 4420, 100, None, 400, 410, 7.5]


@pytest.mark.parametrize(
    ("n", "d", "value", "agrees"),
    [
        (52, 100, "52", True), (1, 3, "33", True), (1, 3, "33%", True), (1, 3, "33.3", True), (1, 3, "33.33333", True),
        (1, 3, "34", False), (1, 3, "33.4", False), (1, 200, "1", True), (1, 200, "0", True), (1, 3, "0.33", False),
        (2, 3, "66", False), (2, 3, "67", True),
    ],
)  # fmt: skip
def test_a_value_is_held_to_its_counts_within_its_own_rounding(
    read: Read, n: int, d: int, value: str, agrees: bool
) -> None:
    draft = read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,{n},{d},{value},,")
    assert [finding.rule.id for finding in draft.findings] == ([] if agrees else ["value_differs"])
    assert figure(draft)["value"] == pytest.approx(100 * n / d)
    assert (figure(draft)["published_value"] is None) != agrees


def test_rows_without_a_figure_are_counted_and_left_out(read: Read) -> None:
    draft = read(
        f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,,",
        f"{LEEDS},,eet,17-18,2025/26 Q2,quarter,,,,60,to come",
        "Notes: counts are of 30 September,,,,,,,,,,",
    )
    assert only(draft, "unfilled").rows == (3, 4)
    assert len(draft.figures) == 1


def test_a_file_without_a_figure_says_so(read: Read) -> None:
    draft = read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,,,,,")
    assert {finding.rule.id for finding in draft.findings} == {"no_rows", "unfilled"}
    assert {f.rule.id for f in read().findings} == {"no_rows"}


def test_a_header_that_is_repeated_is_left_out(read: Read) -> None:
    draft = read(
        f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,,", HEADER, f"{LEEDS},,neet,19-21,2025/26 Q2,quarter,5,10,,,"
    )
    assert only(draft, "left_out").cells == ("row 3",)
    assert len(draft.figures) == 2


def test_an_age_group_that_can_only_be_one_may_be_left_out(read: Read) -> None:
    assert len(read(f"{LEEDS},,caseload,,2025/26 Q2,snapshot,,,15,,").findings) == 0
    draft = read("Leeds,caseload,2025/26 Q2,snapshot,15", header="authority,indicator,period,basis,value")
    assert figure(draft)["age_group"] == "all"
    lines = [f"Leeds,{indicator},2025/26 Q2,snapshot,5,10" for indicator in ("eet", "neet")]
    draft = read(*lines, header="authority,indicator,period,basis,num,denom")
    assert "age_group" in only(draft, "missing_column").expected
    assert only(draft, "missing_column").rows == (1,)


def test_columns_that_are_missing_double_or_not_used(read: Read) -> None:
    draft = read("Leeds,eet,52", header="authority,indicator,value")
    assert [f.expected.split("”")[0] for f in found(draft, "missing_column")] == [
        "A column “period",
        "A column “age_group",
    ]
    draft = read("eet,19-21,2025/26 Q2", header="indicator,age_group,period")
    assert len(found(draft, "missing_column")) == 3
    draft = read(
        "Leeds,eet,19-21,2025/26 Q2,quarter,5,10,9", header="authority,indicator,age,period,basis,num,denom,Count"
    )
    assert only(draft, "duplicate_column").cells == ("H1",)
    draft = read(
        "Leeds,eet,19-21,2025/26 Q2,quarter,5,10,x", header="authority,indicator,age,period,basis,num,denom,RAG"
    )
    assert only(draft, "column_not_used").found == "RAG"
    assert len(read(f"{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,,,well", header=f"{HEADER},Messages").findings) == 0


def test_a_wide_table_is_a_row_an_authority(read: Read) -> None:
    draft = read(
        f"{LEEDS},Leeds,2025/26 Q2,quarter,30,60,60,15.1,,",
        "E10000016,Kent,2025/26 Q2,quarter,31,62,,,c,9",
        "E10000003,,2025/26 Q2,quarter,,,,,,",
        header="authority_code,authority_name,period,basis,eet 19-21 numerator,EET_19-21_denominator,eet 19-21 target,"
        "caseload all value,eet 17 to 18 numerator,eet 17-18 denominator",
    )
    assert draft.layout == "wide"
    rows = draft.figures[
        ["row", "indicator", "age_group", "area_code", "numerator", "denominator", "value", "status", "target"]
    ]
    assert rows.astype(object).where(rows.notna(), "").values.tolist() == [
        [2, "eet", "19-21", LEEDS, 30, 60, 50, "ok", 60],
        [2, "caseload", "all", LEEDS, "", "", 15.1, "ok", ""],
        [3, "eet", "19-21", "E10000016", 31, 62, 50, "ok", ""],
        [3, "eet", "17-18", "E10000016", "", 9, "", "c", ""],
    ]
    assert only(draft, "unfilled").rows == (4,)
    assert draft.columns["eet 19-21 denominator"] == 5


def test_mistakes_of_a_wide_table_are_told_at_their_own_columns(read: Read) -> None:
    draft = read(
        "Leed,2025/26 Q2,quarter,5,10,5,4",
        f"{LEEDS},2025/26 Q2,quarter,5,10,5,4",
        header="authority_code,period,basis,eet 19-21 numerator,eet 19-21 denominator,neet 19-21 numerator,neet 19-21 denominator",
    )
    assert {f.rule.id: f.cells for f in draft.findings} == {
        "unknown_authority": ("A2",),
        "numerator_over_denominator": ("F2", "F3"),
    }
    draft = read(
        f"{LEEDS},2025/26 Q2,quarter,5,10", header="authority_code,period,basis,eet 18 numerator,eet 18 denominator"
    )
    assert only(draft, "unknown_age_group").cells == ("D1",)


def test_a_workbook_reads_like_a_csv(known: ReferenceData) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Care leavers, second quarter"])
    sheet.append([])
    sheet.append(["LA code", "Local authority", "Indicator", "Age", "Period", "Basis", "Num", "Denom", "%", "Target"])
    sheet.append([383, "Leeds", "eet", "19-21", TODAY.replace(month=9, day=30), "quarter", 52, 100, 0.52, 0.6])
    sheet.append([383.0, "Leeds", "neet", "19-21", "2025/26 Q2", "quarter", 52, 100, 0.61, None])
    sheet.append([383, "Leeds", "eet", "17-18", "2025/26 Q2", "quarter", 0.52, 100, None, None])
    for row in (4, 5, 6):
        for column in "IJ":
            sheet[f"{column}{row}"].number_format = "0.0%"
    sheet["G6"].number_format = "0%"
    content = io.BytesIO()
    book.save(content)
    draft = read_upload(content.getvalue(), "figures.xlsx", known)
    assert {f.rule.id: (f.cells, f.found) for f in draft.findings} == {
        "value_differs": (("I5",), "61%"),
        "not_a_number": (("G6",), "52%"),
    }
    row = figure(draft)
    assert (row["row"], row["area_code"], row["value"], row["published_value"], row["target"]) == (4, LEEDS, 52, 52, 60)


def test_what_a_workbook_hides_is_left_out_and_said(known: ReferenceData) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    for indicator in ("eet", "neet"):
        sheet.append([LEEDS, "", indicator, "19-21", "2025/26 Q2", "quarter", 5, 10])
    sheet.row_dimensions[3].hidden = True
    content = io.BytesIO()
    book.save(content)
    draft = read_upload(content.getvalue(), "figures.xlsx", known)
    assert only(draft, "left_out").rule.severity == "for information"
    assert draft.figures["indicator"].tolist() == ["eet"]


PERSONAL = [
    "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM",
    "authority_code,Child ID,indicator,age_group,period,numerator,denominator",
    "authority_code,indicator,age_group,period,numerator,denominator,UPN",
    "authority_code,indicator,age_group,period,numerator,denominator,Date of birth",
    "authority_code,indicator,age_group,period,numerator,denominator,DateOfBirth",
    "authority_code,indicator,age_group,period,numerator,denominator,NHS number",
    "authority_code,indicator,age_group,period,numerator,denominator,Young person's name",
    "authority_code,indicator,age_group,period,numerator,denominator,Name of young person",
    "authority_code,indicator,age_group,period,numerator,denominator,Forename,Surname",
    "authority_code,indicator,age_group,period,numerator,denominator,First name",
    "authority_code,indicator,age_group,period,numerator,denominator,home_postcode",
    "authority_code,indicator,age_group,period,numerator,denominator,Address",
    "authority_code,indicator,age_group,period,numerator,denominator,Legal status",
    "Name,indicator,age_group,period,numerator,denominator",
    "ID,Forename,Surname,Notes",
    "time_period,geographic_level,country_code,region_code,region_name,old_la_code,la_name,new_la_code,ULN",
    "id,title,definition,polarity,Surname",
]  # fmt: skip


@pytest.mark.parametrize("header", PERSONAL)
@pytest.mark.parametrize("above", [[], ["Care leavers,,", ""]])
def test_a_file_about_single_young_people_is_refused_without_a_word_of_it(
    read: Read, header: str, above: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        read("Jo Quill,Xavier-7731,14/02/2007,AB1 2CD,1,1,1,1,1,1", header=header, above=above)
    said = str(refusal.value)
    for word in ("Jo", "Quill", "7731", "2007", "AB1"):
        assert word not in said
    assert "nothing of it was kept" in said
    assert refusal.value.__cause__ is None


def test_the_refusal_names_the_columns(read: Read) -> None:
    with pytest.raises(Refused, match="“CHILD”, “DOB”"):
        read("1,2,3", header="CHILD,DOB,ACTIV")


@pytest.mark.parametrize(
    "header",
    [
        "authority_name,indicator,age_group,period,basis,numerator,denominator",
        "LA name,indicator name,age,period,basis,number of young people,total number",
        "Name of local authority,Measure name,Age range,Quarter,Basis,Count,Denom",
    ],
)
def test_names_of_authorities_and_measures_are_not_personal(read: Read, header: str) -> None:
    assert len(read("Leeds,eet,19-21,2025/26 Q2,quarter,5,10", header=header).findings) == 0


def test_hidden_sheets_about_young_people_are_refused_too(known: ReferenceData) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append([LEEDS, "", "eet", "19-21", "2025/26 Q2", "quarter", 5, 10])
    hidden = book.create_sheet("List")
    hidden.append(["UPN", "Outcome"])
    hidden.append(["A123", "in work"])
    hidden.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(Refused, match="“UPN”"):
        read_upload(content.getvalue(), "figures.xlsx", known)


@pytest.mark.parametrize("content", [b"a,b,c\n1,2,3\n", b"just some words\n", b"1,2,3\n4,5,6\n"])
def test_a_file_without_a_header_is_refused(known: ReferenceData, content: bytes) -> None:
    with pytest.raises(Refused, match=r"No header was found.*template"):
        read_upload(content, "x.csv", known)


def test_many_unknown_names_do_not_take_for_ever(read: Read) -> None:
    draft = read(*(f"Place {i},,eet,19-21,2025/26 Q2,quarter,5,10,,," for i in range(2_000)))
    assert draft.findings.count("must fix") == 2_000


def test_progress_is_told(known: ReferenceData) -> None:
    told: list[tuple[float, str]] = []
    read_upload(
        f"{HEADER}\n{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,,\n".encode(),
        "x.csv",
        known,
        progress=lambda *step: told.append(step),
    )
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    assert told[0][0] == 0
    assert told[-1][0] == 1


def test_notes_are_one_line_of_text(read: Read) -> None:
    draft = read(f'{LEEDS},,eet,19-21,2025/26 Q2,quarter,5,10,,,"<script>alert(1)</script>\n=1+1\x07"')
    assert figure(draft)["note"] == "<script>alert(1)</script> =1+1"


CELLS = st.sampled_from(
    ["E08000035", "383", "Leeds", "Dorset", "E10000021", "E08000019", "eet", "neet", "caseload", "care_leavers",
     "looked_after_rate", "19-21", "17-18", "22", "all", "2025/26 Q2", "Q1 2018-19", "2024/25", "45930", "Sep 2025",
     "2025 Q1", "quarter", "ytd", "full year", "5", "10", "0", "1,052", "52%", "52.5", "-1", "c", "*", "..", "N/A", "low",
     "x" * 300, "", "", "", "eet 19-21 numerator", "numerator", "value", "period"]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)  # fmt: skip
HEADERS = st.lists(
    st.sampled_from(
        [*HEADER.split(","), "LA", "%", "Number", "Total", "Quarter", "Year", "Messages", "eet 19-21 numerator",
         "eet 19-21 denominator", "caseload all value", "id", "title", "definition", "polarity", "unit", "inspection_type",
         "inspection_date", "source", "time_period", "geographic_level", "new_la_code", "old_la_code", "country_code",
         "region_code", "region_name", "la_name", "age", "activity", "number", "percentage", "Name", "UPN"]
    ),
    max_size=14,
)  # fmt: skip


@given(HEADERS, st.lists(st.lists(CELLS, max_size=14), max_size=8), st.integers(0, 3))
@settings(max_examples=120, deadline=None)
def test_any_table_is_a_draft_or_refused(
    known: ReferenceData, header: list[str], rows: list[list[str]], above: int
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([*[["A title"]] * above, header, *rows])
    try:
        draft = read_upload(out.getvalue().encode("utf-8", "replace"), "any.csv", known)
    except Refused as refusal:
        assert str(refusal)
        return
    check_whole(draft, known)


@pytest.mark.slow
@given(st.lists(st.lists(CELLS, min_size=11, max_size=11), min_size=1, max_size=12))
@settings(max_examples=120, deadline=None)
def test_any_rows_under_the_template_are_figures_or_findings(known: ReferenceData, rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER.split(","), *rows])
    try:
        draft = read_upload(out.getvalue().encode("utf-8", "replace"), "any.csv", known)
    except Refused as refusal:
        # Two cells with column names about individuals make it a file about individuals.
        assert any(len(person_columns(row, known)) > 1 for row in rows), refusal
        return
    check_whole(draft, known)


def check_whole(draft: Draft, known: ReferenceData) -> None:
    """What holds for every draft: each finding can be shown, and each figure agrees with its counts and status."""
    for finding in draft.findings:
        assert finding.expected
        assert finding.fix
        assert finding.rows or finding.column is None
    if draft.kind != "local":
        return
    for row in draft.figures.to_dict("records"):
        indicator = known.indicators[row["indicator"]]
        assert row["age_group"] in indicator.age_groups
        authority = known.gazetteer.authorities[row["area_code"]]
        assert authority.existed(row["period_end"].date())
        n, d, value, status = row["numerator"], row["denominator"], row["value"], row["status"]
        assert math.isnan(value) == (status != "ok")
        assert status != "c" or math.isnan(n)
        assert not min(n, d, value) < 0
        if status == "ok" and indicator.unit == "percent":
            assert 0 <= n <= d
            assert value == pytest.approx(100 * n / d)
