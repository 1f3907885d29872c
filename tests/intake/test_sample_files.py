"""Small files as officers send them: the expected figures of each, worked out by hand from its content.

``python -m tests.intake.sample_files`` prints the result for each of them.
"""

from dataclasses import dataclass, field

import pytest

from careleavers.errors import Refused
from tests.intake.sample_files import FOLDER, read_and_check

pytestmark = pytest.mark.usefixtures("samples")
LEEDS = "E08000035"


@dataclass(frozen=True)
class Case:
    """What is expected: ``figures`` are (row, indicator, ages, quarter or year, numerator, denominator).

    ``fix`` and ``confirm`` name the cells by rule, ``said`` words that stand in the report or the refusal.
    """

    name: str
    figures: tuple[tuple[object, ...], ...] | None = None
    fix: dict[str, tuple[str, ...]] = field(default_factory=dict)
    confirm: dict[str, tuple[str, ...]] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    refused: bool = False


def q2(row: int, indicator: str, ages: str, numerator: float | None, denominator: float | None) -> tuple[object, ...]:
    return (row, indicator, ages, "2025-09-30", numerator, denominator)


CONTROL = (
    q2(2, "eet", "17-18", 412, 583), q2(3, "eet", "19-21", 273, 600), q2(4, "suitable_accommodation", "19-21", 540, 600),
)  # fmt: skip
TWO = (q2(2, "eet", "17-18", 412, 583), q2(3, "eet", "19-21", 273, 600))
OTHER_TWO = (q2(2, "eet", "19-21", 273, 600), q2(3, "eet", "17-18", 412, 583))
ONE = (q2(2, "eet", "19-21", 273, 600),)
UNREAD = (None, None)

CASES = (
    Case("b00_control.csv", CONTROL),
    # -- what programs put into cells and around them --
    Case(
        "b01_zero_width.csv",
        (
            q2(2, "eet", "19-21", 273, 600),
            q2(3, "eet", "17-18", 412, 583),
            q2(4, "in_touch", "19-21", 550, 600),
            q2(5, "suitable_accommodation", "19-21", 540, 600),
            q2(6, "neet", "19-21", 200, 600),
            q2(7, "neet", "17-18", 100, 583),
        ),
    ),
    Case("b16_sep_upper.csv", CONTROL),
    Case("b16b_sep_quoted_bom16.csv", CONTROL),
    Case("b17_macroman.csv", ONE),
    Case("b18_msdos.csv", ONE),
    Case("e05_entities.csv", ((2, "eet", "19-21", "2025-09-30", None, 60), q2(3, "eet", "19-21", 273, 600))),
    Case("e07_equals_quotes.csv", ONE),
    Case("e07b_equals_quoted.csv", ONE),
    Case("e08_space_before_quote.csv", (q2(2, "eet", "19-21", 1273, 2600), q2(3, "in_touch", "19-21", 550, 600))),
    Case("e09_lines_in_quotes.csv", OTHER_TWO),
    Case("e09c_some_lines_in_quotes.csv", OTHER_TWO),
    Case("e11_backslash_zip.xlsx", TWO),
    Case("e11b_absolute_rels.xlsx", TWO),
    Case("e11c_case_names.xlsx", TWO),
    # -- numbers --
    Case(
        "b02_thousands.csv",
        (
            q2(2, "eet", "19-21", 1273, 2600),
            q2(3, "eet", "17-18", *UNREAD),
            q2(4, "in_touch", "19-21", 1550, 2600),
            q2(5, "suitable_accommodation", "19-21", *UNREAD),
            q2(6, "neet", "19-21", *UNREAD),
        ),
        # Decimals after a comma in row 6: "1,412" may be one too.
        fix={"not_a_number": ("H3", "G6", "H6"), "two_readings": ("G3", "G5", "H5")},
    ),
    Case("b03_unquoted_thousands.csv", (q2(3, "eet", "17-18", 412, 583),), fix={"extra_cells": ("G2", "G4")}),
    Case("b03b_unquoted_comma_note.csv", (q2(3, "eet", "17-18", 412, 583),), fix={"extra_cells": ("H2",)}),
    Case("b03c_unquoted_name.csv", (q2(3, "eet", "19-21", 273, 600),), fix={"extra_cells": ("G2",)}),
    Case("d08_unquoted_only.csv", (q2(3, "eet", "17-18", 412, 583),), fix={"extra_cells": ("H2",)}),
    Case(
        "d09_decimal_comma_ratio.csv",
        (q2(2, "caseload", "all", *UNREAD), q2(3, "personal_adviser_caseload", "all", *UNREAD)),
        fix={"two_readings": ("F2", "F3")},
        said=("could be 15125 or 15.125",),
    ),
    Case("b37_decimal_comma.csv", fix={"not_a_number": ("G2", "G4"), "two_readings": ("G3", "G5")}),
    Case(
        "b24_target_fraction.csv",
        confirm={"share_read": ("J2", "J4", "J5")},
        said=("“0.55” was read as 55%", "If 0.55% is meant"),
    ),
    Case("b24b_target_words.csv", fix={"bad_target": ("J5",)}, said=("There is no target in force",)),
    Case(
        "b12_formula_no_result.xlsx", (), fix={"no_result": ("I2", "G3")}, said=("Open the workbook in Excel, save it",)
    ),
    Case("d11_div0_nobody.csv", (q2(2, "in_custody", "17-18", 0, 0), q2(3, "in_custody", "19-21", 12, 600))),
    # -- headers --
    Case("b11_header_breaks.xlsx", ONE),
    Case("d01_template_plus_polarity.csv", TWO),
    Case("d02_template_plus_direction.csv", TWO),
    Case("d05_template_plus_dot.csv", TWO),
    Case("d06_template_plus_no.csv", TWO),
    Case("d06b_no_first.csv", (q2(2, "personal_adviser_caseload", "all", *UNREAD), q2(3, "caseload", "all", *UNREAD))),
    Case("d06c_no_first_all_columns.csv", TWO),
    Case("d07_direction_scorecard.csv", ONE),
    Case("e19_count_total.csv", ONE),
    Case("e24_report_date.csv", ONE),
    Case("c11b_no_serial_no_value.xlsx", fix={"counts_needed": ("F2", "F3", "F4")}),
    # -- periods --
    Case("f01_year_and_quarter_no.csv", OTHER_TWO, confirm={"understood_as": ("C1",)}, said=("as 2025/26 Q2",)),
    Case("f01d_year_and_q.csv", OTHER_TWO, confirm={"understood_as": ("C1",)}),
    Case(
        "f02_period_ranges.csv",
        tuple(
            q2(row, indicator, "19-21", 273, 600)
            for row, indicator in enumerate(
                (
                    "eet",
                    "neet",
                    "in_touch",
                    "higher_education",
                    "apprenticeship",
                    "not_in_touch",
                    "refuses_contact",
                    "suitable_accommodation",
                    "unsuitable_accommodation",
                ),
                start=2,
            )
        ),
    ),
    Case(
        "b25_dates.csv",
        fix={"bad_period": ("E2",), "ambiguous_period": ("E13",)},
        said=("Dates here have the day first", "“Q2 FY26” could mean 2025/26 Q2 or 2026/27 Q2"),
    ),
    Case("e23_month_col.csv", (q2(2, "eet", "19-21", 273, 600),), fix={"bad_period": ("D3", "D4")}),
    Case("d17_quarter_only_year_in_title.csv", (), fix={"bad_period": ("D3",)}),
    Case(
        "c07_cumulative.xlsx",
        ((3, "eet", "19-21", "2025-06-30", 120, 260), (4, "eet", "19-21", "2025-09-30", 273, 600)),
        confirm={"basis_above": ("A1",), "value_differs": ("H3", "H4")},
    ),
    # -- ages --
    Case(
        "b33_ages.csv",
        fix={"unknown_age_group": ("C10", "C12", "C13")},
    ),
    Case(
        "f05_staying_put_ages.csv",
        (q2(2, "staying_put", "18", 30, 60), q2(3, "staying_put", "19-20", 20, 60)),
        fix={"unknown_age_group": ("C4",)},
    ),
    # -- rows that are no figures, each named once as what it is --
    Case("b04_powerbi.xlsx", OTHER_TWO, said=("this row is a total",)),
    Case("b32_totals.csv", TWO, fix={"unknown_age_group": ("C4",)}, said=("this row is a total",)),
    Case("c05b_long_with_authority.xlsx", said=("this row is a total",)),
    Case("c12b_wide_ids.xlsx", said=("this row is a total",)),
    Case("e02_units_row.csv", (q2(3, "eet", "19-21", 273, 600),), said=("the units of the columns",)),
    Case(
        "b29_stacked_tables.csv",
        ((2, "eet", "19-21", "2025-06-30", 270, 600), q2(3, "eet", "19-21", 273, 600)),
        fix={"second_table": ("row 6", "row 7", "row 8")},
    ),
    Case(
        "b09_merged_down.xlsx",
        (
            q2(2, "eet", "17-18", 412, 583),
            q2(3, "eet", "19-21", 273, 600),
            q2(4, "suitable_accommodation", "17-18", 560, 583),
            q2(5, "suitable_accommodation", "19-21", 540, 600),
        ),
        confirm={"merged_cells": ("A2", "B2", "D2", "B4")},
    ),
    Case("b08_ods_comment.ods", confirm={"merged_cells": ("A3",)}),
    Case(
        "b30_hidden_columns.xlsx",
        fix={"missing_column": ("row 1",), "counts_needed": ("H2", "H3")},
        said=("hidden column (G)",),
    ),
    Case("f04_side_no_header.csv", ONE, said=("A column that is not used",)),
    # -- a column for each period or measure --
    Case(
        "b10_two_row_header.xlsx",
        (
            (3, "eet", "19-21", "2025-06-30", 270, 600),
            q2(3, "eet", "19-21", 273, 600),
            (4, "eet", "17-18", "2025-06-30", 400, 583),
            q2(4, "eet", "17-18", 412, 583),
        ),
        confirm={"understood_as": ("D1", "G1"), "value_differs": ("F3", "I3", "F4", "I4")},
    ),
    Case(
        "c01_scorecard_percent_quarters.xlsx",
        (),
        fix={"missing_column": ("row 5",), "unknown_indicator": ("B6", "B7", "B8", "B9")},
        confirm={"understood_as": ("D5", "E5", "F5")},
        said=("2025/26 Q2 (to 30 September 2025): value in column F", "the year 2024/25: value in column D"),
    ),
    Case(
        "c04_scorecard_months.xlsx",
        (),
        fix={"missing_column": ("row 3",), "unknown_indicator": ("A4", "A5")},
        confirm={"understood_as": ("E3", "H3")},
        said=("a month that ends no quarter", "not of the month alone"),
    ),
    Case("c05_long_authority_in_title.xlsx", (), fix={"missing_column": ("row 4",)}),
    Case(
        "e03_wide_age_column.csv",
        (
            q2(2, "eet", "17-18", 412, 583),
            q2(2, "suitable_accommodation", "17-18", 560, 583),
            q2(3, "eet", "19-21", 273, 600),
            q2(3, "suitable_accommodation", "19-21", 540, 600),
        ),
        confirm={"understood_as": ("D1", "F1")},
    ),
    # -- words --
    Case(
        "e01b_notes_in_cells.csv",
        (
            q2(2, "eet", "19-21", 273, 600),
            q2(3, "eet", "17-18", 412, 583),
            q2(4, "neet", "19-21", 200, 600),
            q2(5, "neet", "17-18", 120, 583),
        ),
    ),
    Case("c16b_name_email_top.xlsx", (q2(5, "eet", "19-21", 273, 600),)),
    Case("c16_contact_column.xlsx", refused=True, said=("“Social worker”, “Email”",)),
    Case("c06_sheet_per_quarter.xlsx", refused=True, said=("Keep the one sheet",)),
)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_becomes_of_a_file(case: Case) -> None:
    content = (FOLDER / case.name).read_bytes()
    if case.refused:
        with pytest.raises(Refused) as refusal:
            read_and_check(content, case.name)
        for words in case.said:
            assert words in str(refusal.value)
        return
    draft, findings = read_and_check(content, case.name)
    found: dict[str, dict[str, list[str]]] = {"must fix": {}, "please confirm": {}, "for information": {}}
    for finding in findings:
        found[finding.rule.severity].setdefault(finding.rule.id, []).extend(finding.cells)
    assert {rule: set(cells) for rule, cells in found["must fix"].items()} == {r: set(c) for r, c in case.fix.items()}
    confirmed = {rule: set(cells) for rule, cells in found["please confirm"].items()}
    assert confirmed == {rule: set(cells) for rule, cells in case.confirm.items()}
    if case.figures is not None:
        frame = draft.figures
        numbers = (
            frame[["numerator", "denominator"]].astype(object).where(frame[["numerator", "denominator"]].notna(), None)
        )
        days = frame["period_end"].dt.strftime("%Y-%m-%d")
        rows = zip(
            frame["row"], frame["indicator"], frame["age_group"], days, numbers["numerator"], numbers["denominator"],
            strict=True,
        )  # fmt: skip
        assert sorted(map(str, rows)) == sorted(map(str, _as_read(case.figures)))
    text = " ".join(f"{f.rule.title} {f.found} {f.expected} {f.fix}" for f in findings)
    for words in case.said:
        assert words in text


def _as_read(figures: tuple[tuple[object, ...], ...]) -> list[tuple[object, ...]]:
    return [
        tuple(float(x) if place > 3 and isinstance(x, int) else x for place, x in enumerate(row)) for row in figures
    ]


def test_hints_name_the_measure_that_was_meant() -> None:
    draft, _ = read_and_check((FOLDER / "b34_indicator_words.csv").read_bytes(), "x.csv")
    hints = {f.found: f.fix.split("?")[0] for f in draft.findings if f.rule.id == "unknown_indicator"}
    assert hints["% of care leavers in EET"] == "Did you mean eet"
    assert hints["Care leavers in education, employment and training"] == "Did you mean eet"
    assert hints["Not in EET"] == "Did you mean neet"
    assert hints["NI 148"] == "Did you mean eet"
    assert hints["NI147"] == "Did you mean suitable_accommodation"
    assert hints["CL in touch"] == "Did you mean in_touch"
    assert hints["Pathway plans up to date"] == "Did you mean pathway_plan_in_date"


def test_a_target_that_words_bound_is_its_number() -> None:
    draft, _ = read_and_check((FOLDER / "b24b_target_words.csv").read_bytes(), "x.csv")
    assert draft.figures["target"].fillna(-1).tolist() == [55, 55, -1, -1, -1, 90]


def test_a_value_beside_a_row_number_is_kept() -> None:
    draft, _ = read_and_check((FOLDER / "d06b_no_first.csv").read_bytes(), "x.csv")
    assert draft.figures["value"].tolist() == [21.4, 16.2]


@pytest.mark.slow
def test_every_other_file_becomes_figures_findings_or_a_refusal() -> None:
    told = {case.name for case in CASES}
    for path in sorted(path for path in FOLDER.iterdir() if path.name not in told):
        try:
            draft, findings = read_and_check(path.read_bytes(), path.name)
        except Refused as refusal:
            assert str(refusal)
            continue
        assert len(draft.figures) or findings.blocking, path.name
