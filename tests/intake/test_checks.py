"""The checks of a whole file against what is held: for each, a case that must be found and one that must not."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.figures.warehouse import Warehouse
from careleavers.intake.comparison import held_figures
from careleavers.intake.model import Draft, Finding, Findings
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import reference_data
from careleavers.intake.rules import RULES
from careleavers.settings import data_folder
from careleavers.spreadsheets.rows import Rows
from tests.intake.drafts import (
    ADMINISTRATOR,
    EVERYWHERE,
    LEEDS,
    MEASURES,
    OFFICER,
    VIEWER,
    YORK,
    Q,
    checked,
    draft,
    figure,
    held,
)  # fmt: skip
from tests.intake.rule_words import template_words

YEAR = {"frequency": "year", "basis": "full_year"}
TO_DATE = {"basis": "year_to_date"}


def found(
    rule: str, rows: list[dict[str, Any]], before: Any = (), *, layer: str = "provisional", **more: Any
) -> list[Finding]:
    """What a rule finds in a file of these rows that an officer for Leeds uploads."""
    findings = checked(draft(rows, **more), OFFICER, held(before), layer=layer)
    return [finding for finding in findings if finding.rule.id == rule]


def one(*arguments: Any, **more: Any) -> Finding:
    (finding,) = found(*arguments, **more)
    return finding


# -- the same figure twice ---------------------------------------------------------------------------------------------


def test_a_figure_twice_names_the_other_row_and_what_it_says() -> None:
    finding = one("duplicate_key", [figure(50, 100), figure(3, 40, indicator="neet"), figure(52, 100)])
    assert finding.cells == ("G4",)
    assert finding.found == "52"
    assert "row 2 has another figure, 50.0% (50 of 100)" in finding.expected


def test_a_figure_three_times_is_held_against_the_first() -> None:
    finding = one("duplicate_key", [figure(50, 100), figure(50, 100), figure(50, 100)])
    assert finding.cells == ("G3", "G4")
    assert "row 2 has the same figure" in finding.expected


@pytest.mark.parametrize(
    "other", [{"period": Q[1]}, {"age": "17-18"}, {"area": YORK}, {"basis": "rolling_12m"}, {"indicator": "neet"}]
)
def test_figures_that_differ_in_any_part_of_the_key_are_two(other: dict[str, Any]) -> None:
    assert not found("duplicate_key", [figure(50, 100), figure(50, 100, **other)])


# -- whose authority ---------------------------------------------------------------------------------------------------


def test_rows_of_an_authority_that_somebody_may_not_upload_for() -> None:
    rows = [figure(50, 100), figure(50, 100, area=YORK), figure(50, 100, area=YORK, age="17-18")]
    finding = one("not_your_authority", rows)
    assert finding.cells == ("A3", "A4")
    assert finding.found == YORK
    assert "York is not one of them" in finding.expected


def test_the_name_is_the_cell_where_the_file_has_no_code() -> None:
    finding = one("not_your_authority", [figure(50, 100, area=YORK)], columns=("authority_name", "numerator"))
    assert (finding.cells, finding.found) == (("A2",), "York")


@pytest.mark.parametrize(("person", "refused"), [(VIEWER, 1), (EVERYWHERE, 0), (ADMINISTRATOR, 0), (OFFICER, 0)])
def test_who_may_upload_for_leeds(person: Any, refused: int) -> None:
    findings = checked(draft([figure(50, 100)]), person, held(), layer="final")
    assert sum(f.rule.id == "not_your_authority" for f in findings) == refused
    assert findings.blocking == bool(refused)


@pytest.mark.parametrize(("person", "refused"), [(VIEWER, True), (OFFICER, True), (EVERYWHERE, False)])
def test_a_release_is_for_those_who_look_after_every_authority(person: Any, refused: bool) -> None:
    findings = checked(draft([figure(50, 100, layer="published", **YEAR)], kind="release"), person, held(), layer="")
    assert [f.rule.id for f in findings] == (["not_for_you"] if refused else [])
    assert findings.blocking == refused


@pytest.mark.parametrize(("person", "refused"), [(VIEWER, True), (OFFICER, False)])
def test_any_officer_may_add_indicators(person: Any, refused: bool) -> None:
    entries = pd.DataFrame({"row": [2], "id": ["driving_lessons"], "title": ["Driving lessons"]})
    assert checked(draft(kind="catalogue", entries=entries), person, held(), layer="").blocking == refused


def test_events_are_for_the_authoritys_own_officer() -> None:
    entries = pd.DataFrame({"row": [2, 3], "authority_code": [LEEDS, YORK]})
    (finding,) = checked(draft(kind="events", entries=entries), OFFICER, held(), layer="")
    assert (finding.rule.id, finding.rows) == ("not_your_authority", (3,))


# -- a jump ------------------------------------------------------------------------------------------------------------


def test_a_jump_of_more_than_15_points_from_the_quarter_that_is_held() -> None:
    finding = one("jump_15_points", [figure(65, 100)], [figure(12, 30, period=Q[1])])
    assert finding.cells == ("G2",)
    assert "2025/26 Q1: 40.0%; now 65.0%, 25.0 points away" in finding.expected
    assert "Within 15 points of the last quarter where both rest on 30 or more" in finding.expected


def test_a_jump_within_the_file() -> None:
    assert one("jump_15_points", [figure(20, 100), figure(36, 100, period=Q[3])]).rows == (3,)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        pytest.param(figure(55, 100), figure(40, 100, period=Q[1]), id="exactly 15 points"),
        pytest.param(figure(3, 5, value=60.0), figure(29, 29, period=Q[1]), id="29 before"),
        pytest.param(figure(29, 29), figure(10, 100, period=Q[1]), id="29 now"),
        pytest.param(figure(90, 100), figure(10, 100, period=Q[0]), id="two quarters ago"),
        pytest.param(figure(90, 100), figure(10, 100, period=Q[1], basis="rolling_12m"), id="another basis"),
        pytest.param(figure(90, 100), figure(10, 100, period=Q[1], age="17-18"), id="another age group"),
        pytest.param(
            figure(9000, 100, indicator="caseload", age="all"),
            figure(10, 100, indicator="caseload", age="all", period=Q[1]),
            id="no percentage",
        ),
        pytest.param(
            figure(90, 100, period=Q[0], **YEAR), figure(10, 100, period=dt.date(2024, 12, 31), **YEAR), id="whole years"
        ),
    ],
)  # fmt: skip
def test_what_is_no_jump(now: dict[str, Any], before: dict[str, Any]) -> None:
    assert not found("jump_15_points", [now], [before])


def test_15_points_hold_against_the_noise_of_floating_point() -> None:
    # 100 × 69 / 115 − 100 × 45 / 100 is 15.000000000000007.
    assert 100 * 69 / 115 - 100 * 45 / 100 >= 15
    assert not found("jump_15_points", [figure(69, 115)], [figure(45, 100, period=Q[1])])


def test_the_file_comes_before_what_is_held_and_the_same_layer_before_the_other() -> None:
    before = [figure(40, 100, period=Q[1]), figure(60, 100, period=Q[1], layer="final")]
    assert found("jump_15_points", [figure(60, 100)], before)
    assert not found("jump_15_points", [figure(60, 100)], before, layer="final")
    assert not found("jump_15_points", [figure(60, 100), figure(60, 100, period=Q[1])], before)


# -- a denominator that moved ------------------------------------------------------------------------------------------


def test_a_denominator_that_moved_by_more_than_a_quarter() -> None:
    finding = one("denominator_moved", [figure(50, 126)], [figure(50, 100, period=Q[1])])
    assert finding.cells == ("H2",)
    assert "Within 25% of the denominator before. 2025/26 Q1: 100; now 126 (+26%)." in finding.expected
    assert one("denominator_moved", [figure(50, 74)], [figure(50, 100, period=Q[1])]).expected.endswith("(−26%).")


def test_a_year_to_date_is_held_against_the_same_quarter_of_last_year() -> None:
    rows = [figure(50, 126, **TO_DATE)]
    assert one("denominator_moved", rows, [figure(50, 100, period=Q[-2], **TO_DATE)]).rows == (2,)
    # Twice as many after two quarters as after one is expected.
    assert not found("denominator_moved", [figure(50, 126, **TO_DATE)], [figure(50, 63, period=Q[1], **TO_DATE)])


def test_a_whole_year_is_held_against_the_year_before() -> None:
    finding = one(
        "denominator_moved", [figure(50, 60, period=Q[0], **YEAR)], [figure(9, 90, period=dt.date(2024, 3, 31), **YEAR)]
    )
    assert "year to 31 March 2024: 90; now 60 (−33%)" in finding.expected


def test_a_denominator_that_was_nought() -> None:
    before = [figure(None, 0, period=Q[1], status="z")]
    assert "(from nobody)" in one("denominator_moved", [figure(5, 12)], before).expected


@pytest.mark.parametrize(("now", "before"), [(125, 100), (75, 100), (9, 4), (4, 9)])
def test_a_quarter_more_or_less_and_very_few_are_no_move(now: int, before: int) -> None:
    assert not found("denominator_moved", [figure(1, now)], [figure(1, before, period=Q[1])])


# -- restated ----------------------------------------------------------------------------------------------------------


def test_a_figure_that_is_held_with_another_value() -> None:
    finding = one("restated", [figure(52, 100)], [figure(50, 100)])
    assert finding.cells == ("G2",)
    assert finding.expected == (
        "The figure that is held for 2025/26 Q2: 50.0% (50 of 100) (upload 7). This file says 52.0% (52 of 100)."
    )


def test_the_same_share_of_other_counts_is_restated() -> None:
    assert found("restated", [figure(50, 100)], [figure(25, 50)])


def test_a_figure_that_is_hidden_now_is_restated() -> None:
    finding = one("restated", [figure(None, 100, status="c")], [figure(50, 100)])
    assert "This file says [c] (of 100)" in finding.expected


def test_a_value_alone_is_restated() -> None:
    measure = {"indicator": "caseload", "age": "all"}
    finding = one("restated", [figure(value=15.5, **measure)], [figure(value=14.0, **measure)])
    assert (finding.cells, finding.found) == (("I2",), "15.5")
    assert "14.0 (upload 7). This file says 15.5." in finding.expected


def test_a_figure_that_must_be_fixed_is_not_restated_as_well() -> None:
    before = [figure(50, 100), figure(8, 40, indicator="neet")]
    rows = [figure(50, 100), figure(52, 100), figure(9, 40, indicator="neet")]
    findings = checked(draft(rows), OFFICER, held(before), layer="provisional")
    assert [(each.rule.id, each.rows) for each in findings][:2] == [("duplicate_key", (3,)), ("restated", (4,))]


def test_in_a_wide_file_only_the_figure_that_must_be_fixed_is_left_out(warehouse: Warehouse) -> None:
    known = reference_data(warehouse, data_folder())
    header = b"authority_code,period,basis,eet 19-21 numerator,eet 19-21 denominator,neet 19-21 numerator,neet 19-21 denominator\n"
    before = read_upload(header + b"E08000035,2025/26 Q1,quarter,50,100,40,100\n", "q1.csv", known)
    file = read_upload(header + b"E08000035,2025/26 Q1,quarter,fifty,100,41,100\n", "q1.csv", known)
    local = before.figures.assign(upload=3, layer="final")
    findings = checked(file, OFFICER, held_figures(file, warehouse, local), layer="final")
    assert [(each.rule.id, each.cells) for each in findings][:2] == [("not_a_number", ("D2",)), ("restated", ("F2",))]


@pytest.mark.parametrize("layer", ["provisional", "final"])
def test_only_the_layer_of_the_upload_is_restated(layer: str) -> None:
    before = [figure(50, 100, layer=layer)]
    assert len(found("restated", [figure(52, 100)], before)) == (layer == "provisional")
    assert not found("restated", [figure(50, 100)], before)


def test_arithmetic_alone_restates_nothing() -> None:
    assert not found("restated", [figure(1, 3, value=33.33333333333333)], [figure(1, 3, value=33.3333333334)])


def test_a_release_restates_the_departments_figures_and_not_the_councils() -> None:
    rows = [figure(52, 100, period=Q[0], **YEAR)]
    beside = held([figure(40, 100, period=Q[0], layer="final", **YEAR)], [figure(50, 100, period=Q[0], **YEAR)])
    (finding,) = checked(draft(rows, kind="release"), ADMINISTRATOR, beside, layer="")
    assert finding.rule.id == "restated"
    assert (
        "the figure that is held for year to 31 march 2025: 50.0% (50 of 100) (release 2025)"
        in finding.expected.lower()
    )


# -- provisional after final -------------------------------------------------------------------------------------------


def test_a_provisional_figure_where_a_final_one_is_held() -> None:
    before = [figure(50, 100, layer="final")]
    finding = one("earlier_final", [figure(52, 100)], before)
    assert "the final one: 50.0% (50 of 100) (upload 7)" in finding.expected
    assert not found("earlier_final", [figure(52, 100)], before, layer="final")
    assert not found("earlier_final", [figure(52, 100, period=Q[3])], before)


# -- none and all ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("numerator", "denominator", "unusual"), [
    (0, 10, True), (10, 10, True), (0, 9, False), (9, 9, False), (1, 10, False), (9, 10, False), (0, 0, False),
])  # fmt: skip
def test_none_or_all_of_ten_or_more(numerator: int, denominator: int, unusual: bool) -> None:
    findings = found("exactly_0_or_100", [figure(numerator, denominator)])
    assert [f.cells for f in findings] == ([("G2",)] if unusual else [])


def test_no_cases_for_anybody_is_not_a_share() -> None:
    assert not found("exactly_0_or_100", [figure(0, 50, indicator="caseload", age="all")])


# -- families ----------------------------------------------------------------------------------------------------------


def family(*counts: int, bases: tuple[int, int, int] = (40, 40, 40), **more: Any) -> list[dict[str, Any]]:
    names = ("eet", "neet", "not_known")
    return [figure(n, d, indicator=i, **more) for i, n, d in zip(names, counts, bases, strict=False)]


def test_parts_that_do_not_add_up() -> None:
    finding = one("family_not_100", family(20, 10, 8))
    assert finding.cells == ("G2", "G3", "G4")
    assert finding.found == "20 + 10 + 8"
    assert finding.expected == (
        "Numerators of “Eet”, “Neet” and “Not_known” that add up to their shared denominator, 40; they add up to 38."
    )


def test_parts_of_different_wholes() -> None:
    assert (
        "one number and not 40 and 41; they add up to 40"
        in one("family_not_100", family(20, 12, 8, bases=(40, 40, 41))).expected
    )


def test_parts_that_add_up_or_of_which_one_is_not_known() -> None:
    assert not found("family_not_100", family(20, 12, 8))
    assert not found("family_not_100", family(20, 10))
    hidden = figure(None, 40, indicator="not_known", status="c")
    assert not found("family_not_100", [*family(20, 10), hidden])


def test_a_part_that_is_held_already_counts_and_is_not_in_the_file() -> None:
    assert one("family_not_100", family(20, 10), family(0, 0, 8)[2:]).cells == ("G2", "G3")
    assert not found("family_not_100", family(20, 12), family(0, 0, 8)[2:])
    # This file has no figure in that cell.
    assert not found("family_not_100", [figure(20, 40, period=Q[3])], family(20, 10, 8))


def test_a_family_whose_members_are_not_all_there_is_does_not_add_up() -> None:
    rows = [figure(5, 40, indicator="university"), figure(3, 40, indicator="apprentice")]
    assert not found("family_not_100", rows)


def test_the_families_that_add_up_are_those_whose_published_figures_do(warehouse: Any) -> None:
    frame = (
        warehouse._connection.cursor()
        .execute(
            """WITH members AS (
                 SELECT id AS indicator, family, adds_up, unnest(string_split(age_groups, ';')) AS age_group
                 FROM indicators WHERE unit = 'percent'
               ),
               whole AS (SELECT family, age_group, count(*) AS parts FROM members GROUP BY ALL HAVING count(*) > 1),
               cells AS (
                 SELECT family, bool_and(adds_up = 'yes') AS said,
                        sum(numerator) = any_value(denominator) AND count(DISTINCT denominator) = 1 AS adds
                 FROM figures JOIN members USING (indicator, age_group) JOIN whole USING (family, age_group)
                 WHERE level = 'authority' AND layer = 'published'
                 GROUP BY family, age_group, area_code, period_end
                 HAVING count(numerator) = any_value(parts))
               SELECT family, bool_and(adds) AS adds, coalesce(bool_and(said), false) AS said FROM cells GROUP BY family"""
        )
        .df()
    )
    assert set(frame["family"][frame["adds"]]) == set(frame["family"][frame["said"]])
    assert {"activity", "accommodation", "touch"} <= set(frame["family"][frame["said"]])


# -- few, missing, skipped ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("denominator", "few"), [(1, True), (9, True), (10, False), (0, False)])
def test_fewer_than_ten(denominator: int, few: bool) -> None:
    findings = found("small_n", [figure(0, denominator)])
    assert [f.cells for f in findings] == ([("H2",)] if few else [])
    assert not found("small_n", [figure(0, denominator, indicator="caseload", age="all")])


def test_an_age_group_that_is_missing() -> None:
    finding = one("missing_age_group", [figure(5, 40), figure(5, 40, indicator="university")])
    assert (finding.cells, finding.found) == (("D2",), "19-21")
    assert "Figures of The measure eet for each of its age groups; there is none for 17 to 18" in finding.expected


def test_an_age_group_that_is_in_the_file_or_held_is_not_missing() -> None:
    assert not found("missing_age_group", [figure(5, 40), figure(5, 40, age="17-18")])
    assert not found("missing_age_group", [figure(5, 40)], [figure(5, 40, age="17-18")])
    assert found("missing_age_group", [figure(5, 40)], [figure(5, 40, age="17-18", period=Q[1])])
    assert found("missing_age_group", [figure(5, 40)], [figure(5, 40, age="17-18", area=YORK)])


def test_a_quarter_that_was_skipped() -> None:
    finding = one("gap", [figure(5, 40)], [figure(5, 40, period=Q[0])])
    assert finding.cells == ("E2",)
    assert "the last one held is 2024/25 Q4, and 2025/26 Q1 is missing" in finding.expected
    assert "2024/25 Q3 to 2025/26 Q1 is missing" in one("gap", [figure(5, 40)], [figure(5, 40, period=Q[-2])]).expected


@pytest.mark.parametrize(
    ("rows", "before"),
    [
        pytest.param([figure(5, 40)], [figure(5, 40, period=Q[1])], id="the quarter before"),
        pytest.param([figure(5, 40)], [], id="the first ever"),
        pytest.param([figure(5, 40)], [figure(5, 40, period=Q[3])], id="a later one"),
        pytest.param([figure(5, 40), figure(5, 40, period=Q[1])], [figure(5, 40, period=Q[0])], id="filled by the file"),
        pytest.param(
            [figure(5, 40, period=Q[0], **YEAR)], [figure(5, 40, period=dt.date(2022, 3, 31), **YEAR)], id="whole years"
        ),
    ],
)  # fmt: skip
def test_what_is_no_gap(rows: list[dict[str, Any]], before: list[dict[str, Any]]) -> None:
    assert not found("gap", rows, before)


# -- all of them -------------------------------------------------------------------------------------------------------


def test_what_reading_found_stays_and_the_draft_is_left_alone() -> None:
    file = draft([figure(0, 5)])
    file.findings.add("negative", 9, 6, "-1", what="Numerator")
    findings = checked(file, OFFICER, held(), layer="final")
    assert len(file.findings) == 1
    assert {f.rule.id for f in findings} == {"negative", "small_n", "missing_age_group"}
    assert findings.blocking


def test_a_wide_file_names_the_column_of_the_measure_and_says_each_thing_once() -> None:
    columns = (
        "authority_code",
        "period",
        "eet 19-21 numerator",
        "eet 19-21 denominator",
        "neet 19-21 numerator",
        "neet 19-21 denominator",
    )
    rows = [figure(5, 8, row=3), figure(1, 9, indicator="neet", row=3)]
    file = draft([])
    file.figures = pd.DataFrame(rows, columns=draft([figure()]).figures.columns)
    file.columns = {name: place for place, name in enumerate(columns)}
    file.sheet = type(file.sheet)(
        "wide.csv", Rows.of([(1, columns), (3, (LEEDS, "2025/26 Q2", "5", "8", "1", "9"))]), ""
    )
    before = [figure(5, 8, period=Q[0]), figure(5, 8, indicator="neet", period=Q[0])]
    cells: dict[str, list[str]] = {}
    for finding in checked(file, OFFICER, held(before), layer="final"):
        cells.setdefault(finding.rule.id, []).extend(finding.cells)
    assert cells["small_n"] == ["D3", "F3"]
    assert cells["gap"] == ["B3"]


def test_a_file_as_the_reader_hands_it_on(warehouse: Any) -> None:
    known = reference_data(warehouse, data_folder())
    before = read_upload(
        b"LA,indicator,age,quarter,num,den\nLeeds,eet,19-21,Q1 2025/26,50,100\nLeeds,neet,19-21,Q1 2025/26,50,100\n",
        "q1.csv",
        known,
    )
    file = read_upload(
        b"Leeds City Council\n"
        b"authority_code,period,basis,eet 19-21 numerator,eet 19-21 denominator,neet 19-21 numerator,neet 19-21 denominator\n"
        b"E08000035,2025/26 Q2,quarter,80,100,20,130\n"
        b"E08000035,2025/26 Q1,quarter,51,100,50,100\n",
        "q2.csv",
        known,
    )
    local = before.figures.assign(upload=3, layer="final")
    found: dict[str, list[str]] = {}
    for finding in checked(file, OFFICER, held_figures(file, warehouse, local), layer="final"):
        found.setdefault(finding.rule.id, []).extend(finding.cells)
    assert {rule: sorted(cells) for rule, cells in found.items()} == {
        "jump_15_points": ["D3", "F3"], "denominator_moved": ["G3"], "restated": ["D4"],
        "missing_age_group": ["D3", "D4", "F3", "F4"],
    }  # fmt: skip


def test_progress_goes_from_nothing_to_all() -> None:
    steps: list[tuple[float, str]] = []
    checked(
        draft([figure(5, 40)]), OFFICER, held(), layer="final", progress=lambda done, what: steps.append((done, what))
    )
    shares = [done for done, _ in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert all(what for _, what in steps)


numbers = st.none() | st.integers(0, 60).map(float) | st.floats(0, 1e12)
ROWS = st.lists(
    st.builds(
        lambda measure, *counts, **more: figure(*counts, indicator=measure[0], age=measure[1], **more),
        st.sampled_from([*((name, age) for name, (*_, ages) in MEASURES.items() for age in ages), ("unheard", "of")]),
        numbers,
        numbers,
        value=numbers,
        area=st.sampled_from([LEEDS, YORK, ""]),
        period=st.sampled_from([*Q.values(), dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
        basis=st.sampled_from(["quarter", "year_to_date", "rolling_12m", "snapshot", "full_year"]),
        frequency=st.sampled_from(["quarter", "year"]),
        status=st.sampled_from(["ok", "c", "x", "z", "k", "low", "u", "missing"]),
        layer=st.sampled_from(["", "provisional", "final"]),
    ),
    max_size=8,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(ROWS, ROWS, st.sampled_from(["provisional", "final"]), st.sampled_from(["local", "release"]))
def test_any_figures_are_checked_and_every_cell_is_of_the_file(rows: Any, before: Any, layer: str, kind: Any) -> None:
    file: Draft = draft(rows, kind=kind)
    findings = checked(file, OFFICER, held(before, before), layer=layer)
    assert isinstance(findings, Findings)
    for finding in findings:
        assert set(finding.rows) <= set(file.figures["row"])
        assert "{" not in finding.expected + finding.fix
        if finding.column is not None and finding.rule.id != "family_not_100":
            assert all(file.sheet.rows[row - 1][1][finding.column] == finding.found for row in finding.rows)


def test_the_rules_get_the_words_they_need() -> None:
    # Otherwise a field missing from a template would only be noticed when the report is written.
    for rule in ("not_for_you", "not_your_authority", "duplicate_key", "restated", "earlier_final", "gap"):
        assert template_words(RULES[rule])
