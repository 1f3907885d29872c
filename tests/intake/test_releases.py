"""The department's releases and the workforce census, uploaded as they were published."""

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.errors import Refused
from careleavers.intake.model import FIGURE_COLUMNS, Draft
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData
from careleavers.intake.rules import RULES
from tests.importer.releases import Row, activity, nobody, place
from tests.intake.rule_words import template_words

LEEDS, ENGLAND = "E08000035", "E92000001"


def published(rows: Iterable[Mapping[str, Any]], title: str = "") -> bytes:
    """The file that a publisher would make of these rows."""
    rows = list(rows)
    out = io.StringIO()
    if title:
        out.write(title + "\n")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def read(known: ReferenceData, rows: Iterable[Mapping[str, Any]], title: str = "") -> Draft:
    return read_upload(published(rows, title), "la_care_leavers_activity.csv", known)


def test_a_release_is_known_by_its_header(known: ReferenceData) -> None:
    draft = read(
        known, [*activity(LEEDS, 2025, layout="2025"), *activity("E92000001", 2025, 300, 150, 50, layout="2025")]
    )
    assert (draft.kind, draft.layout) == ("release", "Care leavers from 2025")
    assert {name: draft.about[name] for name in ("source", "release")} == {"source": "cla", "release": "2025"}
    assert tuple(draft.figures.columns) == tuple(FIGURE_COLUMNS)
    leeds = draft.figures[draft.figures["area_code"] == LEEDS]
    eet = leeds[leeds["indicator"] == "eet"].iloc[0]
    assert (eet["row"], eet["age_group"], eet["period_end"]) == (2, "19-21", pd.Timestamp("2025-03-31"))
    assert (eet["numerator"], eet["denominator"], eet["value"], eet["published_value"]) == (30, 50, 60, 60)
    assert (eet["frequency"], eet["basis"], eet["layer"], eet["source"], eet["release"]) == (
        "year", "full_year", "published", "cla", "2025",
    )  # fmt: skip
    assert set(leeds["indicator"]) == {"eet", "neet", "activity_not_known", "care_leavers"}
    assert len(draft.findings) == 0


def test_the_older_layout_and_a_title_above_it(known: ReferenceData) -> None:
    draft = read(known, activity(LEEDS, 2024, layout="activity"), title="Care leavers by activity")
    assert draft.layout == "Care leavers' activity to 2024"
    assert draft.header_row == 2
    assert draft.figures["row"].tolist() == [3, 4, 5, 6]


def test_a_new_release_brings_its_source(known: ReferenceData) -> None:
    known = dataclasses.replace(known, today=dt.date(2026, 11, 28))
    draft = read(known, [*activity(LEEDS, 2026, layout="2025"), *activity(LEEDS, 2025, layout="2025")])
    assert draft.about["new_source"] == {
        **known.sources["cla", "2025"],
        "release": "2026",
        "covers": "Years ending 31 March 2025 to 2026",
        "published": "on a date that the file does not say",
        "next_release": "",
        "due_by": "",
        "url": known.sources["cla", "2025"]["url"].replace("/2025", "/2026"),
    }
    assert [finding.rule.id for finding in draft.findings] == ["new_release"]
    assert not draft.findings.blocking


def test_reading_leaves_the_list_of_areas_as_it_was(known: ReferenceData) -> None:
    before = dict(known.areas.sub_regions)
    read(known, activity("E09000007", 2025, layout="2025"))
    assert known.areas.sub_regions == before
    assert known.areas.joint == {}


def test_former_codes_and_abolished_authorities(known: ReferenceData) -> None:
    draft = read(
        known,
        [
            *activity("E08000016", 2024, layout="2025"),
            *activity(LEEDS, 2024, layout="2025"),
            *nobody("E10000006", 2024),
        ],
    )
    assert set(draft.figures["area_code"]) == {"E08000038", LEEDS}
    assert [(finding.rule.id, finding.found) for finding in draft.findings] == [
        ("older_release", ""),
        ("not_existing", "4 figures"),
    ]


@pytest.mark.parametrize(
    ("change", "cell", "said"),
    [
        ({"breakdown": "On the moon"}, ("L2",), "On the moon"),
        ({"care_leaver_count": "many"}, ("M2",), "neither a number nor one of the marks"),
        ({"care_leaver_percent": "99"}, ("N2",), "30 of 50 is 60.0, not the published 99"),
        ({"new_la_code": "E08000036"}, ("J2",), "not a code of Leeds"),
        ({"old_la_code": "999"}, ("H2",), "not in the list of authorities"),
        ({"time_period": "2025Q1"}, ("A2",), "not a year"),
        ({"geographic_level": "Ward"}, ("C2",), "not a geographic level"),
    ],
)
def test_what_does_not_read_is_one_finding_at_its_cell(
    known: ReferenceData, change: dict[str, str], cell: tuple[str, ...], said: str
) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    rows[0].update(change)
    draft = read(known, rows)
    (finding,) = draft.findings
    assert finding.rule.id == "release_problem"
    assert finding.cells == cell
    assert finding.found == next(iter(change.values()))
    assert said in finding.expected
    assert draft.figures.empty


def test_a_release_with_a_column_gone_or_a_row_twice(known: ReferenceData) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    (finding,) = read(known, [*rows, rows[0]]).findings
    assert "the same row as line 2" in finding.expected
    (finding,) = read(known, [{k: v for k, v in row.items() if k != "breakdown"} for row in rows]).findings
    assert finding.rule.id == "release_problem"
    (finding,) = read(known, [{k: v for k, v in row.items() if k != "country_code"} for row in rows]).findings
    assert "“country_code” is missing" in finding.expected
    content = published(rows) + b'1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,"16"\n'
    (finding,) = read_upload(content, "x.csv", known).findings
    assert "more cells than the header" in finding.expected


def test_the_census_is_known_by_its_header(known: ReferenceData) -> None:
    known = dataclasses.replace(known, today=dt.date(2026, 11, 28))
    columns = dict.fromkeys(
        ("caseload_fte", "cases", "case_holders_fte", "agency_rate_fte", "agency_fte", "inpost_fte", "turnover_rate_fte",
         "leavers_fte", "vacancy_rate_fte", "vacancy_fte", "absence_rate_fte", "working_days_lost_fte"), "z",
    )  # fmt: skip
    row = {
        **place(LEEDS), "time_period": 2026, **columns,
        "caseload_fte": "15.2", "cases": 4560, "case_holders_fte": "300.0",
    }  # fmt: skip
    draft = read(known, [row])
    assert draft.layout == "workforce census"
    caseload = draft.figures[draft.figures["indicator"] == "caseload"].iloc[0]
    assert (caseload["value"], caseload["period_end"]) == (15.2, pd.Timestamp("2026-09-30"))
    assert (caseload["source"], caseload["release"]) == ("csww", "2026")
    new = draft.about["new_source"]
    assert isinstance(new, dict)
    assert new["covers"] == "Census of 30 September, each year from 2026 to 2026"


def everywhere(known: ReferenceData, year: int, *left_out: str) -> list[Row]:
    """Rows of England and of every authority of a year, but for those left out."""
    day = dt.date(year, 3, 31)
    codes = [a.code for a in known.areas.authorities.values() if a.existed(day) and a.name not in left_out]
    return [row for code in codes for row in of_authority(known, code, year)] + activity(ENGLAND, year, layout="2025")


def of_authority(known: ReferenceData, code: str, year: int) -> list[Row]:
    authority = known.areas.authorities[code]
    where = {
        "geographic_level": "Local authority", "region_code": authority.region_code, "old_la_code": authority.department_code,
        "la_name": authority.name, "new_la_code": code,
    }  # fmt: skip
    return [row | where for row in activity(LEEDS, year, layout="2025")]


@pytest.mark.parametrize(
    ("left_out", "england", "rule", "missing"),
    [
        ((), True, None, None),
        (("Leeds", "York"), True, "authorities_missing", "Leeds and York are"),
        (("Leeds",), False, "extract", "1 of 153 authorities and England are missing"),
        ((), False, "extract", "England is missing"),
        (None, False, "extract", "152 of 153 authorities and England are missing"),
        (None, True, "extract", "152 of 153 authorities are missing"),
    ],
)
def test_who_is_missing_in_a_release_is_told(
    known: ReferenceData, left_out: tuple[str, ...] | None, england: bool, rule: str | None, missing: str | None
) -> None:
    if left_out is None:
        rows = of_authority(known, LEEDS, 2025) + activity(ENGLAND, 2025, layout="2025")
    else:
        rows = everywhere(known, 2025, *left_out)
    if not england:
        rows = [row for row in rows if row["geographic_level"] != "National"]
    told = read(known, rows).about["missing"]
    assert isinstance(told, dict)
    assert (told.get("rule"), told.get("words", {}).get("missing")) == (rule, missing)
    if rule:
        assert told["words"].keys() == template_words(RULES[rule])


def test_both_members_of_a_joint_return_are_there(known: ReferenceData) -> None:
    codes = ("E06000061", "E06000062")
    one, other = (of_authority(known, code, 2025) for code in codes)
    joined = [
        a | {column: f"{a[column]} / {b[column]}" for column in ("old_la_code", "la_name", "new_la_code")}
        for a, b in zip(one, other, strict=True)
    ]
    rows = [row for row in everywhere(known, 2025) if row["new_la_code"] not in codes] + joined
    assert read(known, rows).about["missing"] == {}


@pytest.mark.parametrize(("year", "over"), [(2025, True), (2026, False), (2035, False)])
def test_a_year_that_is_not_over_is_refused(known: ReferenceData, year: int, over: bool) -> None:
    # Today is 21 November 2025.
    draft = read(known, [*activity(LEEDS, 2025, layout="2025"), *activity(ENGLAND, year, layout="2025")])
    found = [
        (finding.rule.id, finding.cells, finding.found)
        for finding in draft.findings
        if finding.rule.severity == "must fix"
    ]
    assert found == ([] if over else [("release_future", ("A6", "A7", "A8", "A9"), str(year))])


def test_an_older_release_says_that_it_is_older(known: ReferenceData) -> None:
    draft = read(known, activity(LEEDS, 2023, layout="activity"))
    (finding,) = draft.findings
    assert (finding.rule.id, finding.rule.severity) == ("older_release", "for information")
    assert "2025 is held, and this file is of 2023" in finding.expected
    # The publication is not in the list of sources yet, whatever its age.
    assert draft.about["new_source"]["release"] == "2023"  # type: ignore[index]


STABILITY = "Living with the same carer for at least 2 years, or are placed for adoption and their adoptive placement "
STABILITY += "together with their previous placement, last for at least 2 years"


def test_placement_stability_and_rates_to_2024_are_read(known: ReferenceData) -> None:
    group = "Children looked after continuously for at least 2.5 years at 31 March aged under 16 years"
    columns = ("cla_group", "placement_stability", "number", "percentage")
    cells = [
        (group, STABILITY, 398, 70), (group, "Total children", 570, 100),
        ("CLA on 31 March", "With 3 or more placements during the year", 205, 14), ("CLA on 31 March", "Total children", 1450, 100),
    ]  # fmt: skip
    rows = [place(LEEDS) | {"time_period": 2023} | dict(zip(columns, each, strict=True)) for each in cells]
    draft = read(known, rows)
    assert draft.layout == "Placement stability to 2024"
    values = dict(zip(draft.figures["indicator"], draft.figures["value"].round(1), strict=True))
    assert values == {"same_carer_two_years": 69.8, "three_or_more_placements": 14.1}
    columns = ("population_count", "population_estimate", "number", "rate_per_10000")
    cells = [("Children looked after at 31 March each year", 20116, 321, 160),
             ("Children starting to be looked after each year", 20116, 151, 75)]  # fmt: skip
    draft = read(
        known, [place("E06000001") | {"time_period": 2023} | dict(zip(columns, each, strict=True)) for each in cells]
    )
    assert draft.layout == "Children looked after per 10000 to 2024"
    assert draft.figures[["indicator", "numerator", "denominator"]].to_numpy().tolist() == [
        ["looked_after_rate", 321, 20116]
    ]


CELLS = st.sampled_from(["c", "z", "30", "60", "Total", "E92000001", "2025", "1e5", "-1", "", "National"]) | st.text(
    max_size=8
)


@pytest.mark.slow
@given(
    st.dictionaries(st.sampled_from(sorted(activity(LEEDS, 2025, layout="2025")[0])), CELLS, max_size=4),
    st.integers(0, 3),
)
@settings(max_examples=150, deadline=None)
def test_any_cells_are_figures_or_one_finding(known: ReferenceData, change: dict[str, str], row: int) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    rows[row].update(change)
    try:
        draft = read(known, rows)
    except Refused:
        return
    for finding in draft.findings:
        assert finding.expected
    assert draft.figures.empty == draft.findings.blocking
