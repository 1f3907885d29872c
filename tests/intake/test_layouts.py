"""Tables laid out differently from the template: what is understood, what is asked about and what is reported."""

import io
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from careleavers.errors import Refused
from careleavers.intake.model import Draft, Finding
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData

Read = Callable[..., Draft]
LONG = "LA,Indicator,Age,Quarter,Numerator,Denominator"


def rules(draft: Draft, severity: str = "must fix") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for finding in draft.findings:
        if finding.rule.severity == severity:
            found.setdefault(finding.rule.id, set()).update(finding.cells)
    return found


def only(draft: Draft, rule: str) -> Finding:
    (finding,) = (f for f in draft.findings if f.rule.id == rule)
    return finding


def workbook(*rows: list[object], merged: tuple[str, ...] = (), hidden: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    if hidden:
        sheet.column_dimensions[hidden].hidden = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# -- a year in one column and a part of it in another -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("Quarter No", "2"), ("Q", "2"), ("Qtr #", "2"), ("Quarter number", "2.0"), ("Fiscal quarter", "Q2"),
        ("Month", "Sep"), ("Month", "September"), ("Quarter", "Q2 (Jul-Sep)"), ("Reporting point", "Q2"),
        ("Quarter", "30/09/2025"), ("Quarter", "Jul-Sep"), ("Date", "30/09/2025"),
    ],
)  # fmt: skip
def test_a_part_of_the_year_beside_the_year(read: Read, header: str, part: str) -> None:
    draft = read(f"Leeds,2025/26,{part},eet,19-21,273,600", header=f"LA,Financial year,{header},Indicator,Age,Num,Den")
    assert not draft.findings.blocking
    assert str(draft.figures["period_end"].iloc[0].date()) == "2025-09-30"
    assert draft.figures["frequency"].iloc[0] == "quarter"


@pytest.mark.parametrize(
    ("header", "part", "said"),
    [
        ("Month", "9", "a quarter or a month"), ("Month", "3", "a quarter or a month"), ("Period No", "2", "a quarter or a month"),
        ("Period", "2", "a quarter or a month"), ("Quarter", "", "its quarter is not"), ("Half", "H1", "More than one quarter"),
        ("Quarter", "5", "neither"), ("Month", "Aug", "does not end a quarter"), ("Quarter", "2024/25 Q2", "not in the year"),
        ("Date", "06/10/2025", "does not end a quarter"),
    ],
)  # fmt: skip
def test_a_part_of_the_year_that_could_be_two_is_asked(read: Read, header: str, part: str, said: str) -> None:
    draft = read(f"Leeds,2025/26,{part},eet,19-21,273,600", header=f"LA,Financial year,{header},Indicator,Age,Num,Den")
    assert draft.figures.empty
    assert said in only(draft, "bad_period").expected


def test_the_whole_year_is_said(read: Read) -> None:
    header = "LA,Year,Quarter,Indicator,Age,Num,Den"
    assert read("Leeds,2024/25,Full year,eet,19-21,273,600", header=header).figures["basis"].tolist() == ["full_year"]
    draft = read("Leeds,2024/25,Green,eet,19-21,273,600", header="LA,Year,Status this quarter,Indicator,Age,Num,Den")
    assert draft.figures["basis"].tolist() == ["full_year"]


def test_a_period_and_a_quarter_agree_or_are_asked(read: Read) -> None:
    draft = read(
        "Leeds,2025/26 Q2,2,eet,19-21,273,600", "Leeds,2025/26 Q2,Q1,eet,17-18,273,600",
        header="LA,Period,Quarter,Indicator,Age,Num,Den",
    )  # fmt: skip
    assert len(draft.figures) == 1
    assert "2025/26 Q2 and 2025/26 Q1" in only(draft, "bad_period").expected


# -- what a column is called --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "own",
    [
        "N,D",
        "Date,Cohort",
        "Polarity,Definition",
        "Direction,Type",
        "No.,Total",
        "Id,Title",
        "Numerator (rounded),Rank",
    ],
)
def test_own_columns_beside_those_of_the_template_do_no_harm(read: Read, own: str) -> None:
    header = f"authority_code,indicator,age_group,period,numerator,denominator,{own}"
    draft = read("E08000035,eet,19-21,2025/26 Q2,273,600,1,2", header=header)
    assert (draft.kind, rules(draft)) == ("local", {})
    assert draft.figures["numerator"].tolist() == [273]
    assert {f.found for f in draft.findings if f.rule.id == "column_not_used"} == set(own.split(","))


def test_own_columns_beside_wide_ones_do_no_harm(read: Read) -> None:
    header = "authority_code,period,eet 19-21 numerator,eet 19-21 denominator,Polarity,Definition,Title"
    draft = read("E08000035,2025/26 Q2,273,600,High,x,y", header=header)
    assert (draft.kind, draft.figures["numerator"].tolist()) == ("local", [273])


@pytest.mark.parametrize("name", ["No.", "N", "No", "Number", "Count"])
def test_numbers_of_rows_are_no_counts(read: Read, name: str) -> None:
    draft = read(
        "1,Leeds,caseload,all,2025/26 Q2,16.2", "2,Leeds,personal_adviser_caseload,all,2025/26 Q2,21.4",
        header=f"{name},LA,Indicator,Age,Quarter,Value",
    )  # fmt: skip
    assert draft.figures["value"].tolist() == [16.2, 21.4]
    assert draft.figures["numerator"].isna().all()


@pytest.mark.parametrize(
    "name",
    [
        "Numerator (number of young people)",
        "Numerator\nyoung people",
        "Numerator*",
        "Numerator - those in EET",
        "NUMERATOR [n]",
    ],
)
def test_explanations_after_a_name(read: Read, name: str) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,273,600", header=f'LA,Indicator,Age,Quarter,"{name}",Denominator (out of)')
    assert draft.figures["numerator"].tolist() == [273]


@pytest.mark.parametrize("name", ["Numerator (last year)", "Numerator (England)", "Number (%)", "Numerator (2024/25)"])
def test_an_explanation_that_makes_it_another_column(read: Read, name: str) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,273,600", header=f"LA,Indicator,Age,Quarter,{name},Denominator")
    assert "missing_column" in rules(draft)


# -- rows with more cells than the header -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "Leeds,eet,19-21,2025/26 Q2,1,012,1,183,,,", "Leeds,eet,19-21,2025/26 Q2,1,112,583,,,", "Leeds,caseload,all,2025/26 Q2,,,15,1,,",
        "Leeds,eet,19-21,2025/26 Q2,273,600,45,5,,", "Leeds,eet,19-21,2025/26 Q2,273,600,,,few, but more",
        "Bristol, City of,eet,19-21,2025/26 Q2,273,600,,,",
    ],
)  # fmt: skip
def test_a_number_or_a_text_that_its_comma_parts_is_not_read(read: Read, line: str) -> None:
    draft = read(line, header="LA,Indicator,Age,Quarter,Numerator,Denominator,Value,Target,Note")
    assert draft.figures.empty
    assert only(draft, "extra_cells").rows == (2,)
    assert set(rules(draft)) == {"extra_cells"}


def test_a_separator_after_the_last_cell_of_every_row(read: Read) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,273,600,", "Leeds,eet,17-18,2025/26 Q2,41,83,", header=LONG)
    assert (len(draft.figures), rules(draft)) == (2, {})


def test_a_row_in_quotation_marks_that_has_other_cells_is_named(read: Read) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,273,600", '"Leeds,eet,17-18,2025/26 Q2,412"', header=LONG)
    assert only(draft, "one_cell").cells == ("A3",)


def test_a_catalogue_whose_definition_has_a_comma(read: Read) -> None:
    draft = read(
        "driving,Driving lessons,Those who had lessons, or a licence,high", header="id,title,definition,polarity"
    )
    assert draft.kind == "catalogue"
    assert only(draft, "extra_cells").rows == (2,)
    assert draft.entries.empty


# -- a column for each period -------------------------------------------------------------------------------------------


def test_columns_of_quarters_are_rows_to_be_confirmed(read: Read) -> None:
    draft = read(
        "Leeds,eet,19-21,270,600,273,600",
        header="LA,Indicator,Age,2025/26 Q1 numerator,2025/26 Q1 denominator,Q2 2025/26 num,Q2 2025/26 den",
    )
    assert draft.figures["numerator"].tolist() == [270, 273]
    assert [str(day.date()) for day in draft.figures["period_end"]] == ["2025-06-30", "2025-09-30"]
    assert rules(draft, "please confirm") == {"understood_as": {"D1", "F1"}}


def test_columns_of_quarters_take_their_year_from_a_column_or_the_title_or_are_asked(read: Read) -> None:
    rows = ("Leeds,caseload,all,15.1,15.2",)
    assert set(rules(read(*rows, header="LA,Indicator,Age,Q1,Q2"))) == {"bad_period"}
    titled = read(*rows, header="LA,Indicator,Age,Q1,Q2", above=["Scorecard 2025/26,,,,"])
    assert [str(day.date()) for day in titled.figures["period_end"]] == ["2025-06-30", "2025-09-30"]
    draft = read("Leeds,2024/25,caseload,all,15.1,15.2", header="LA,Year,Indicator,Age,Q1,Q2")
    assert [str(day.date()) for day in draft.figures["period_end"]] == ["2024-06-30", "2024-09-30"]
    assert rules(draft, "please confirm") == {"understood_as": {"E1", "F1"}}


def test_a_title_above_a_table_with_periods_changes_nothing(read: Read) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q1,273,600", header=LONG, above=["2025/26 Q2,,,,,"])
    assert str(draft.figures["period_end"].iloc[0].date()) == "2025-06-30"
    assert not rules(draft, "please confirm")


def test_ages_are_no_years(read: Read) -> None:
    draft = read("Leeds,eet,2025/26 Q2,45%,50%", header="LA,Indicator,Quarter,17-18,19-21")
    assert [str(day.date()) for day in draft.figures["period_end"]] == ["2025-09-30"] * 2
    assert list(draft.figures["age_group"]) == ["17-18", "19-21"]
    assert set(rules(draft, "please confirm")) == {"understood_as"}
    assert set(rules(draft, "must fix")) == {"counts_needed"}


@pytest.mark.parametrize(
    ("title", "basis"),
    [
        ("All figures are cumulative", "year_to_date"),
        ("YTD position", "year_to_date"),
        ("Rolling 12 months", "rolling_12m"),
    ],
)
def test_the_basis_in_a_title_is_confirmed(read: Read, title: str, basis: str) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,273,600", header=LONG, above=[f"{title},,,,,"])
    assert draft.figures["basis"].tolist() == [basis]
    assert rules(draft, "please confirm") == {"basis_above": {"A1"}}


# -- rows that are no figures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["Total,,,,546,1200", "Grand Total,,,,546,1200", "Total for Leeds,,,,546,1200", ",,Total,,546,1200", ",,,,546,1200",
     "Leeds Total,,,,546,1200", "Average,,,,273,600"],
)  # fmt: skip
def test_totals_are_named_once(read: Read, line: str) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,273,600", "Leeds,eet,19-21,2025/26 Q1,273,600", line, header=LONG)
    assert (len(draft.figures), rules(draft)) == (2, {})
    assert "a total" in only(draft, "left_out").expected
    assert only(draft, "left_out").rows == (4,)


def test_numbers_that_say_nothing_of_themselves_are_named_once(read: Read) -> None:
    draft = read("Leeds,eet,19-21,2025/26 Q2,273,600", ",,,,31,77", header=LONG)
    assert rules(draft) == {"of_nothing": {"E3"}}
    assert rules(read("England,eet,19-21,2025/26 Q2,273,600", header=LONG)) == {"unknown_authority": {"A2"}}


def test_a_header_that_is_repeated_in_other_words_is_left_out_and_one_of_another_order_ends_the_table(
    read: Read,
) -> None:
    one, other = "Leeds,eet,19-21,2025/26 Q2,273,600", "Leeds,neet,19-21,2025/26 Q2,100,600"
    draft = read(one, "Council,Measure,Age group,Qtr,Num,Denom", other, header=LONG)
    assert (len(draft.figures), only(draft, "left_out").rows) == (2, (3,))
    draft = read(one, "Council,Measure,Age group,Qtr,Denom,Num", other, header=LONG)
    assert (len(draft.figures), only(draft, "second_table").rows) == (1, (3, 4))


@pytest.mark.parametrize(
    "units", [",,,,(n),(n)", ",,,,number,number", ",,,,No.,%", "text,text,text,text,number,number"]
)
def test_a_row_of_units_is_named_once(read: Read, units: str) -> None:
    draft = read(units, "Leeds,eet,19-21,2025/26 Q2,273,600", header=LONG)
    assert (len(draft.figures), rules(draft)) == (1, {})
    assert "units" in only(draft, "left_out").expected


def test_errors_of_formulas_without_anybody(read: Read) -> None:
    header = f"{LONG},Value"
    draft = read(
        "Leeds,in_custody,17-18,2025/26 Q2,0,0,#DIV/0!", "Leeds,in_custody,19-21,2025/26 Q2,,,#DIV/0!",
        "Leeds,eet,19-21,2025/26 Q2,5,10,#N/A", header=header,
    )  # fmt: skip
    assert draft.figures["status"].astype(str).tolist() == ["z", "missing"]
    assert only(draft, "unfilled").rows == (3,)
    assert rules(draft) == {"not_a_number": {"G4"}}


# -- workbooks ----------------------------------------------------------------------------------------------------------


def test_merged_numbers_are_asked(known: ReferenceData) -> None:
    content = workbook(
        LONG.split(","), ["Leeds", "eet", "17-18", "2025/26 Q2", 273, 600], ["Leeds", "eet", "19-21", "2025/26 Q2", 280, None],
        merged=("F2:F3",),
    )  # fmt: skip
    draft = read_upload(content, "x.xlsx", known)
    assert rules(draft)["merged_numbers"] == {"F2"}


def test_hidden_columns_are_left_out_and_said(known: ReferenceData) -> None:
    content = workbook([*LONG.split(","), "Value"], ["Leeds", "eet", "19-21", "2025/26 Q2", 273, 600, 45.5], hidden="G")
    draft = read_upload(content, "x.xlsx", known)
    assert draft.figures["published_value"].isna().all()
    assert "hidden column (G)" in only(draft, "left_out").expected


def test_years_whose_quarters_are_hidden_are_confirmed(known: ReferenceData) -> None:
    header = ["LA", "Indicator", "Age", "Year", "Numerator", "Denominator", "Quarter"]
    content = workbook(header, ["Leeds", "eet", "19-21", "2024/25", 273, 600, "Q2"], hidden="G")
    draft = read_upload(content, "x.xlsx", known)
    assert "is hidden" in only(draft, "understood_as").expected


def test_hidden_columns_about_young_people_are_refused(known: ReferenceData) -> None:
    content = workbook([*LONG.split(","), "UPN"], ["Leeds", "eet", "19-21", "2025/26 Q2", 273, 600, "A1"], hidden="G")
    with pytest.raises(Refused, match="UPN"):
        read_upload(content, "x.xlsx", known)


def test_a_share_of_an_average_is_asked(known: ReferenceData) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["LA", "Indicator", "Age", "Quarter", "Value"])
    sheet.append(["Leeds", "caseload", "all", "2025/26 Q2", 21.4])
    sheet["E2"].number_format = "0%"
    out = io.BytesIO()
    book.save(out)
    draft = read_upload(out.getvalue(), "x.xlsx", known)
    assert only(draft, "percent_sign").found == "2140%"


def test_a_table_in_one_column_is_told(known: ReferenceData) -> None:
    content = workbook([LONG], ["Leeds,eet,19-21,2025/26 Q2,273,600"])
    with pytest.raises(Refused, match="Text to Columns"):
        read_upload(content, "x.xlsx", known)


def test_whom_to_ask_above_a_table_is_no_list_of_young_people(read: Read) -> None:
    above = ["Name,Email,Phone,,,", "Performance team,perf@example.gov.uk,01234,,,", ""]
    assert len(read("Leeds,eet,19-21,2025/26 Q2,273,600", header=LONG, above=above).figures) == 1
    with pytest.raises(Refused):
        read("Leeds,eet,19-21,2025/26 Q2,273,600", header=LONG, above=["Name,DOB,,,,", "A,1/1/2007,,,,"])
    listed = ["Name,Phone,,,,", *["A Person,01234,,,,"] * 5]
    with pytest.raises(Refused):
        read("Leeds,eet,19-21,2025/26 Q2,273,600", header=LONG, above=listed)
