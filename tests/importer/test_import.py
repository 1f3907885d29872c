"""From small hand-made files in the department's layouts to the data folder: every rule, on any machine."""

import csv
import errno
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from careleavers.errors import DataProblem
from careleavers.figures.warehouse import open_warehouse
from careleavers.importer import build, files
from careleavers.importer.build import ImportResult, import_published
from tests.importer.releases import (
    EET,
    MEASURES,
    SHIPPED,
    WHERE,
    Row,
    accommodation,
    activity,
    cell,
    nobody,
    reference,
    workforce,
    write,
)

LEEDS, HARTLEPOOL, CUMBRIA, BARNSLEY = "E08000035", "E06000001", "E10000006", "E08000038"
ENGLAND = "E92000001"
NEW = "cla_2025/la_care_leavers_activity.csv"
OLD = "cla_2024/la_care_leavers_activity.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of published files with the codes, tiles and neighbours in it."""
    path = tmp_path / "published"
    reference(path)
    return path


@pytest.fixture
def run(folder: Path, tmp_path: Path) -> Callable[..., ImportResult]:
    """Import the folder into a sibling folder `data`."""
    return lambda *folders: import_published(folders or [folder], tmp_path / "data", SHIPPED)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def held(tmp_path: Path, indicator: str = "eet", family: str = "activity") -> dict[tuple[str, str], dict[str, str]]:
    """The rows of an indicator by area and year."""
    return {
        (r["area_code"], r["period_end"][:4]): r
        for r in rows_of(tmp_path / "data" / "observations" / f"{family}.csv")
        if r["indicator"] == indicator
    }


def problem(run: Callable[..., ImportResult], tmp_path: Path) -> str:
    """The message of an import that must be refused and write nothing."""
    with pytest.raises(DataProblem) as caught:
        run()
    assert not (tmp_path / "data").exists() or not list((tmp_path / "data").rglob("*"))
    return str(caught.value)


# ---------------------------------------------------------------- what is read


def test_both_dialects_say_the_same(folder, run, tmp_path) -> None:
    write(folder / OLD, activity(LEEDS, 2024, 30, 15, 5))
    write(folder / NEW, activity(LEEDS, 2025, 30, 15, 5, layout="2025"), bom=True)
    run()
    rows = held(tmp_path)
    old, new = dict(rows[LEEDS, "2024"]), dict(rows[LEEDS, "2025"])
    assert (old.pop("release"), new.pop("release")) == ("2024", "2025")
    assert (old.pop("period_end"), new.pop("period_end")) == ("2024-03-31", "2025-03-31")
    assert old == new
    assert new == {
        "indicator": "eet", "age_group": "19-21", "area_code": LEEDS, "frequency": "year", "basis": "full_year",
        "layer": "published", "numerator": "30", "denominator": "50", "value": "60", "published_value": "60",
        "status": "ok", "source": "cla",
    }  # fmt: skip


def test_accommodation_dialects_say_the_same(folder, run, tmp_path) -> None:
    write(folder / "cla_2024/la_care_leavers_accommodation_suitability.csv", accommodation(LEEDS, 2024))
    write(folder / "cla_2025/la_care_leavers_accommodation_suitability.csv", accommodation(LEEDS, 2025, layout="2025"))
    run()
    rows = held(tmp_path, "unsuitable_accommodation", "accommodation")
    assert rows[LEEDS, "2024"]["value"] == rows[LEEDS, "2025"]["value"] == "6"


def test_what_was_imported_opens_as_a_warehouse(folder, run, tmp_path) -> None:
    write(folder / NEW, [*activity(LEEDS, 2025, layout="2025"), *activity(HARTLEPOOL, 2025, 40, 9, 1, layout="2025")])
    write(folder / "csww_2025/csww.csv", [workforce("E09000021 / E09000027", 2025), workforce(LEEDS, 2025)])
    result = run()
    warehouse = open_warehouse(tmp_path / "data")
    rows = warehouse.query(
        "export", indicator="eet", age_group="19-21", period="2025-03-31", authority="", against=""
    ).set_index("authority_code")
    assert rows["rank"].to_dict() == {HARTLEPOOL: 1, LEEDS: 2}
    assert result.written["observations/activity.csv"] == 6


def test_spaces_around_a_cell_do_not_matter(folder, run, tmp_path) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    write(folder / NEW, [{key: f" {value} " for key, value in row.items()} for row in rows])
    run()
    assert held(tmp_path)[LEEDS, "2025"]["value"] == "60"


def test_exact_values_keep_ten_figures(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, 1, 1, 1, layout="2025"))
    run()
    assert held(tmp_path)[LEEDS, "2025"]["value"] == "33.33333333"


# ---------------------------------------------------------------- labels and groups


@pytest.mark.parametrize(("layout", "path", "column"), [("activity", OLD, "activity"), ("2025", NEW, "breakdown")])
def test_a_renamed_label_is_refused_by_name(folder, run, tmp_path, layout, path, column) -> None:
    rows = activity(LEEDS, 2024, layout=layout)
    rows[1][column] = "Not in education or work"
    write(folder / path, rows)
    message = problem(run, tmp_path)
    assert message.startswith(f"{path}, line 3, column {column}: ")
    assert "“Not in education or work”" in message
    assert "import_labels.csv" in message


def test_an_unknown_group_is_refused_by_name(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025", group="19 to 25 years"))
    message = problem(run, tmp_path)
    assert message.startswith(f"{NEW}, line 2, column care_leaver_age: ")
    assert "“19 to 25 years”" in message


def test_a_new_label_is_a_row_in_a_table_and_not_code(folder, run, tmp_path) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    rows[0]["breakdown"] = "In education, work or training"
    write(folder / NEW, rows)
    for name in build.KEPT_BY_HAND:
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / name).write_bytes((SHIPPED / name).read_bytes())
    with (tmp_path / "data" / "import_labels.csv").open("a", encoding="utf-8") as stream:
        stream.write('care leavers,"In education, work or training",numerator,eet,full_year,\n')
    run()
    assert held(tmp_path)[LEEDS, "2025"]["value"] == "60"


# ---------------------------------------------------------------- areas


def changed(rows: list[Row], **columns: Any) -> list[Row]:
    return [row | columns for row in rows]


@pytest.mark.parametrize(
    ("columns", "column", "words"),
    [
        ({"old_la_code": "123"}, "old_la_code", "“123” is not in the list of authorities"),
        ({"new_la_code": "E08000099"}, "new_la_code", "“E08000099” is not a code of Leeds (383)"),
        ({"old_la_code": "805"}, "new_la_code", "“E08000035” is not a code of Hartlepool (805)"),
        ({"geographic_level": "Ward"}, "geographic_level", "“Ward” is not a geographic level"),
        ({"region_code": "E12000001", "region_name": "North East"}, "region_code", "Leeds is not in the region “North East”"),
        ({"region_code": "E12000007", "region_name": "London"}, "region_code", "Leeds is not in the region “London”"),
        ({"region_code": "E13000001", "region_name": "Inner London"}, "region_code", "Leeds is not in the region"),
        ({"time_period": "202425"}, "time_period", "“202425” is not a year"),
        ({"new_la_code": "E08000035 / E06000001"}, "old_la_code", "different numbers of authorities"),
    ],
)  # fmt: skip
def test_an_area_that_does_not_fit_is_refused(folder, run, tmp_path, columns, column, words) -> None:
    rows = [*activity(HARTLEPOOL, 2025, layout="2025"), *changed(activity(LEEDS, 2025, layout="2025"), **columns)]
    write(folder / NEW, rows)
    message = problem(run, tmp_path)
    # Years are read first, to know the release; everything else row by row.
    assert message.startswith(f"{NEW}, line 6, column {column}: ")
    assert words in message


def test_another_country_is_refused(folder, run, tmp_path) -> None:
    write(folder / NEW, changed(activity(ENGLAND, 2025, layout="2025"), country_code="W92000004"))
    assert "“W92000004” is not England" in problem(run, tmp_path)


def test_a_recoded_authority_is_one_series_under_its_newest_code(folder, run, tmp_path) -> None:
    write(folder / OLD, activity("E08000016", 2024))
    write(folder / NEW, activity("E08000038", 2025, layout="2025"))
    run()
    assert set(held(tmp_path)) == {(BARNSLEY, "2024"), (BARNSLEY, "2025")}
    recoded = [r for r in rows_of(tmp_path / "data" / "authority_changes.csv") if r["kind"] == "recoded"]
    assert [(r["old_code"], r["new_code"], r["date"]) for r in recoded] == [("E08000016", "E08000038", "2025-05-01")]
    names = {r["authority_code"]: r["authority_name"] for r in rows_of(tmp_path / "data" / "authorities.csv")}
    assert names[BARNSLEY] == "Barnsley"
    assert names[CUMBRIA] == "Cumbria (to 2023)"
    assert "E08000016" not in names
    assert "E10000999" not in names  # abolished before the first figures


def test_figures_of_the_year_an_authority_was_abolished_are_kept(folder, run, tmp_path) -> None:
    write(folder / NEW, [*activity(CUMBRIA, 2023, layout="2025"), *activity(LEEDS, 2025, layout="2025")])
    run()
    assert (CUMBRIA, "2023") in held(tmp_path)


def test_rows_that_outlive_their_authority_are_counted_and_left_out(folder, run, tmp_path) -> None:
    write(folder / NEW, [*activity(LEEDS, 2025, layout="2025"), *nobody(CUMBRIA, 2025), *nobody("E06000063", 2023)])
    report = next(r for r in run().reports if r.file == NEW)
    assert (report.read, report.kept, report.not_existing) == (12, 4, 8)
    assert set(held(tmp_path)) == {(LEEDS, "2025")}


@pytest.mark.parametrize(("code", "year"), [(CUMBRIA, 2024), ("E06000063", 2023)])
def test_a_figure_of_a_year_without_the_authority_is_refused(folder, run, tmp_path, code, year) -> None:
    write(folder / NEW, [*activity(LEEDS, 2025, layout="2025"), *activity(code, year, layout="2025")])
    message = problem(run, tmp_path)
    assert message.startswith(f"{NEW}, line 6, column time_period: ")
    assert "did not exist" in message


def test_yorkshire_in_two_spellings(folder, run, tmp_path) -> None:
    rows = activity("E12000003", 2024, layout="2025") + activity("E12000003", 2025, layout="2025")
    for row in rows[:4]:
        row["region_name"] = "Yorkshire and the Humber"
    write(folder / NEW, rows)
    run()
    assert set(held(tmp_path)) == {("E12000003", "2024"), ("E12000003", "2025")}


def test_a_region_under_another_name_is_refused(folder, run, tmp_path) -> None:
    write(folder / NEW, changed(activity("E12000003", 2025, layout="2025"), region_name="North East"))
    message = problem(run, tmp_path)
    assert "line 2, column region_code" in message
    assert "“E12000003 North East” is not a region" in message


def test_parts_of_london_are_learnt_from_the_rows(folder, run, tmp_path) -> None:
    write(folder / NEW, [*activity("E09000007", 2025, layout="2025"), *activity("E09000005", 2025, layout="2025")])
    run()
    rows = {r["authority_code"]: r for r in rows_of(tmp_path / "data" / "authorities.csv")}
    assert (rows["E09000007"]["sub_region"], rows["E09000005"]["sub_region"]) == ("Inner London", "Outer London")
    assert {r["region"] for c, r in rows.items() if c.startswith("E09")} == {"London"}


def test_joint_returns_are_kept_as_one_and_listed_by_member(folder, run, tmp_path) -> None:
    write(folder / "csww_2025/csww.csv", [workforce("E09000021 / E09000027", 2025), workforce(LEEDS, 2025)])
    run()
    assert set(held(tmp_path, "caseload", "workforce")) == {("E09000021 / E09000027", "2025"), (LEEDS, "2025")}
    assert [(r["joint_code"], r["authority_code"]) for r in rows_of(tmp_path / "data" / "joint_returns.csv")] == [
        ("E09000021 / E09000027", "E09000021"), ("E09000021 / E09000027", "E09000027"),
    ]  # fmt: skip


def test_an_unknown_neighbour_is_refused(folder, run, tmp_path) -> None:
    path = folder / "neighbours" / "sn.csv"
    path.write_text(path.read_text(encoding="utf-8-sig").replace(",806,", ",123,", 1), encoding="utf-8")
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    message = problem(run, tmp_path)
    assert message.startswith("neighbours/sn.csv, line 2, column SN_1: ")
    assert "“123”" in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("31/03/2023", "2023-03-31", "“2023-03-31” is not a date"),
        ("E12000008", "E12000018", "the region “E12000018” of Hampshire is not known"),
        ("date_of_operation", "opened", "no file has the columns new_la_code and date_of_operation"),
    ],
)
def test_a_broken_list_of_authorities_is_refused(folder, run, tmp_path, old, new, words) -> None:
    path = folder / "reference" / "authority_codes.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    assert words in problem(run, tmp_path)


# ---------------------------------------------------------------- marks


def test_marks_are_kept_as_status_and_never_as_numbers(folder, run, tmp_path) -> None:
    marks = ["c", "x", "z", "k", "low", "u", "C"]
    years = range(2018, 2018 + len(marks))
    rows = [row for mark, year in zip(marks, years, strict=True) for row in activity(LEEDS, year, mark, 15, 5, 50)]
    write(folder / OLD, rows)
    report = next(r for r in run().reports if r.file == OLD)
    found = held(tmp_path)
    for mark, year in zip(marks, years, strict=True):
        row = found[LEEDS, str(year)]
        assert row["status"] == mark.lower()
        assert (row["numerator"], row["value"], row["published_value"]) == ("", "", "")
        assert row["denominator"] == "50"
    assert report.suppressed == 2


@pytest.mark.parametrize("text", ["~", "", "-", "n/a", "12,5", "-3", "1e3", "٣", "²", "9" * 400])
def test_an_unknown_mark_is_refused(folder, run, tmp_path, text) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    rows[0]["care_leaver_count"] = text
    write(folder / NEW, rows)
    message = problem(run, tmp_path)
    assert message.startswith(
        f"{NEW}, line 2, column care_leaver_count: “{text}” is neither a number nor one of the marks"
    )


def test_a_percentage_that_rounds_to_nought_keeps_its_exact_value(folder, run, tmp_path) -> None:
    rows = activity(LEEDS, 2025, 1, 300, 99, layout="2025")
    rows[0]["care_leaver_percent"] = "k"
    write(folder / NEW, rows)
    run()
    row = held(tmp_path)[LEEDS, "2025"]
    assert (row["status"], row["value"], row["published_value"], row["numerator"]) == ("k", "0.25", "", "1")


def test_a_suppressed_percentage_hides_its_count_too(folder, run, tmp_path) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    rows[0]["care_leaver_percent"] = "c"
    write(folder / NEW, rows)
    run()
    row = held(tmp_path)[LEEDS, "2025"]
    assert (row["status"], row["numerator"], row["value"]) == ("c", "", "")
    open_warehouse(tmp_path / "data")


def test_nobody_to_count_is_not_applicable(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, 0, 0, 0, layout="2025"))
    run()
    row = held(tmp_path)[LEEDS, "2025"]
    assert (row["status"], row["value"]) == ("z", "")


def test_workforce_marks_and_published_rates(folder, run, tmp_path) -> None:
    write(folder / "csww_2025/csww.csv", [
        workforce(LEEDS, 2025, caseload_fte="u"), workforce(HARTLEPOOL, 2025, agency_fte="low", agency_rate_fte="low"),
    ])  # fmt: skip
    run()
    assert held(tmp_path, "caseload", "workforce")[LEEDS, "2025"]["status"] == "u"
    assert held(tmp_path, "agency_rate", "workforce")[HARTLEPOOL, "2025"]["status"] == "low"
    agency = held(tmp_path, "agency_rate", "workforce")[LEEDS, "2025"]
    assert (agency["numerator"], agency["denominator"], agency["value"]) == ("25", "125", "20")
    assert agency["period_end"] == "2025-09-30"


def test_a_missing_column_of_the_workforce_census_is_named(folder, run, tmp_path) -> None:
    write(folder / "csww_2025/csww.csv", [workforce(LEEDS, 2025)],
          columns=[*WHERE, *(m for m in MEASURES if m != "case_holders_fte")])  # fmt: skip
    assert problem(run, tmp_path) == "csww_2025/csww.csv, line 1: the column “case_holders_fte” is missing"


# ---------------------------------------------------------------- numbers that do not agree


def test_a_percentage_that_its_counts_do_not_give_is_refused(folder, run, tmp_path) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    rows[0]["care_leaver_percent"] = 62
    write(folder / NEW, rows)
    assert problem(run, tmp_path) == (
        f"{NEW}, line 2, column care_leaver_percent: 30 of 50 is 60.0, not the published 62"
    )


def test_the_same_row_twice_is_refused(folder, run, tmp_path) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    write(folder / NEW, [*rows, rows[0]])
    assert problem(run, tmp_path) == f"{NEW}, line 6: the same row as line 2"


def test_the_same_figure_twice_with_another_value_is_refused(folder, run, tmp_path) -> None:
    rows = activity(LEEDS, 2025, layout="2025")
    write(folder / NEW, [*rows, rows[0] | {"care_leaver_count": 31, "care_leaver_percent": 62}])
    assert problem(run, tmp_path) == f"{NEW}, line 6: the same figure as in line 2, with another value"


def test_a_row_without_its_total_is_refused(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025")[:3])
    assert "line 2, column breakdown: there is no total to this row" in problem(run, tmp_path)


# ---------------------------------------------------------------- files


def test_a_missing_column_is_refused_with_the_layouts_there_are(folder, run, tmp_path) -> None:
    rows = [
        {k: v for k, v in row.items() if k != "care_leaver_percent"} for row in activity(LEEDS, 2025, layout="2025")
    ]
    write(folder / NEW, rows)
    message = problem(run, tmp_path)
    assert message.startswith(f"{NEW}, line 1: the columns ")
    assert "care_leaver_age, breakdown, care_leaver_count are not a layout we know" in message
    assert "care_leaver_percent" in message


def test_a_missing_place_column_is_named(folder, run, tmp_path) -> None:
    rows = [{k: v for k, v in row.items() if k != "old_la_code"} for row in activity(LEEDS, 2025, layout="2025")]
    write(folder / NEW, rows)
    assert problem(run, tmp_path) == f"{NEW}, line 1: the column “old_la_code” is missing"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "line 1: the file is empty"),
        (b"\n\n", "line 1: the file is empty"),
        (",".join([*WHERE, "care_leaver_age", "breakdown", "care_leaver_count", "care_leaver_percent"]).encode() + b"\n",
         "line 1: there are no rows under the header"),
        (b"time_period,time_period\n2025,2025\n", "line 1: the column “time_period” stands twice in the header"),
        (b"time_period,la_name\n2025,Leeds\n2025,Bront\xeb\n", "line 3: this is not UTF-8 text; save it as “CSV UTF-8”"),
        (b'time_period,la_name\n2025,"Leeds\n', "this is not well-formed CSV"),
        (b'time_period,la_name\n2025,"Lee"ds\n', "line 2: this is not well-formed CSV"),
        (b"time_period,la_name\n2025,Leeds\n2025,Bournemouth, Poole\n", "line 3: 3 fields where the header has 2"),
        (b"PK\x03\x04" + b"\xff" * 20, "line 1: this is not UTF-8 text"),
    ],
    ids=["empty", "blank", "header only", "twice", "latin-1", "unclosed", "stray quote", "fields", "zip"],
)  # fmt: skip
def test_a_file_that_is_not_a_table_is_refused(folder, run, tmp_path, content, expected) -> None:
    (folder / "cla_2025").mkdir()
    (folder / NEW).write_bytes(content)
    message = problem(run, tmp_path)
    assert message.startswith(NEW)
    assert expected in message


def test_missing_folders_and_files_are_said(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    with pytest.raises(DataProblem, match="nowhere: there is no such folder"):
        run(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataProblem, match="there is no CSV, ODS or XLSX file in them"):
        run(tmp_path / "empty")
    (folder / "neighbours" / "sn.csv").unlink()
    assert "the statistical neighbours file is missing" in problem(run, tmp_path)


# ---------------------------------------------------------------- rounding


def many(layout: str, year: int, counts: dict[str, int]) -> list[Row]:
    """The activity rows of several areas, with `count` of every hundred in EET."""
    return [row for code, n in counts.items() for row in activity(code, year, n, 100 - n, 0, layout=layout)]


def test_rounding_is_found_for_each_level_of_a_file(folder, run, tmp_path) -> None:
    regional = [ENGLAND, "E12000001", "E12000002", "E12000003"]
    rows = many("2025", 2025, dict.fromkeys(regional, 60))
    # 57 of 100, rounded to 60 of 100 and published as 57%: the counts need not give the percentage.
    for row in rows:
        if row["breakdown"] == EET:
            row["care_leaver_percent"] = 57
    rows += activity(LEEDS, 2025, 33, 67, 0, layout="2025") + activity(HARTLEPOOL, 2025, 41, 50, 9, layout="2025")
    rows += activity("E06000002", 2025, 40, 50, 10, layout="2025")
    write(folder / NEW, rows)
    report = next(r for r in run().reports if r.file == NEW)
    assert report.rounded_levels == "National, Regional"
    found = held(tmp_path)
    assert (found[ENGLAND, "2025"]["value"], found[ENGLAND, "2025"]["numerator"]) == ("57", "60")
    assert found[LEEDS, "2025"]["value"] == "33"


def test_authority_counts_that_are_all_rounded_are_found_too(folder, run, tmp_path) -> None:
    codes = [LEEDS, HARTLEPOOL, "E06000002", "E10000014"]
    rows = many("2025", 2025, dict.fromkeys(codes, 60))
    for row in rows:
        if row["breakdown"] == EET:
            row["care_leaver_percent"] = 63
    write(folder / NEW, rows)
    report = next(r for r in run().reports if r.file == NEW)
    assert report.rounded_levels == "Local authority"
    assert held(tmp_path)[LEEDS, "2025"]["value"] == "63"


def test_a_few_rows_prove_no_rounding(folder, run, tmp_path) -> None:
    write(
        folder / NEW,
        activity(LEEDS, 2025, 30, 15, 5, layout="2025") + activity(HARTLEPOOL, 2025, 30, 10, 10, layout="2025"),
    )
    assert next(r for r in run().reports if r.file == NEW).rounded_levels == ""


# ---------------------------------------------------------------- releases


def test_the_newest_release_wins_and_only_what_differs_is_superseded(folder, run, tmp_path) -> None:
    write(folder / OLD, activity(LEEDS, 2023, 30, 15, 5) + activity(LEEDS, 2024, 30, 15, 5))
    write(
        folder / NEW, activity(LEEDS, 2024, 31, 14, 5, layout="2025") + activity(LEEDS, 2025, 30, 15, 5, layout="2025")
    )
    result = run()
    found = held(tmp_path)
    assert {key: (row["numerator"], row["release"]) for key, row in found.items()} == {
        (LEEDS, "2023"): ("30", "2024"), (LEEDS, "2024"): ("31", "2025"), (LEEDS, "2025"): ("30", "2025"),
    }  # fmt: skip
    old = rows_of(tmp_path / "data" / "superseded.csv")
    assert [(r["indicator"], r["numerator"], r["release"], r["superseded_by"]) for r in old] == [
        ("eet", "30", "2024", "2025"), ("neet", "15", "2024", "2025"),
    ]  # fmt: skip
    report = next(r for r in result.reports if r.file == OLD)
    assert (report.read, report.kept, report.superseded) == (8, 4, 4)


def test_a_figure_that_was_suppressed_later_is_superseded(folder, run, tmp_path) -> None:
    write(folder / OLD, activity(LEEDS, 2024, 30, 15, 5))
    write(folder / NEW, activity(LEEDS, 2024, "c", 15, 5, 50, layout="2025") + activity(LEEDS, 2025, layout="2025"))
    run()
    assert held(tmp_path)[LEEDS, "2024"]["status"] == "c"
    assert [r["numerator"] for r in rows_of(tmp_path / "data" / "superseded.csv")] == ["30"]


def test_three_releases_keep_each_value_that_was_replaced(folder, run, tmp_path) -> None:
    for release, eet in ((2022, 29), (2023, 30), (2024, 31)):
        rows = activity(LEEDS, 2022, eet, 45 - eet, 5)
        if release > 2022:
            rows += activity(LEEDS, release, 20, 20, 10)
        write(folder / f"cla_{release}" / "la_care_leavers_activity.csv", rows)
    run()
    old = [r for r in rows_of(tmp_path / "data" / "superseded.csv") if r["indicator"] == "eet"]
    assert [(r["numerator"], r["release"], r["superseded_by"]) for r in old] == [
        ("29", "2022", "2024"),
        ("30", "2023", "2024"),
    ]


def test_a_number_that_stands_in_several_files_of_a_release_is_taken_once(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    write(folder / "cla_2025/la_care_leavers_accommodation_suitability.csv",
          accommodation(LEEDS, 2025, 44, 3, 2, layout="2025"))  # fmt: skip
    result = run()
    rows = held(tmp_path, "care_leavers", "care_leavers")
    assert [(row["numerator"], row["release"]) for row in rows.values()] == [("50", "2025")]
    assert rows_of(tmp_path / "data" / "superseded.csv") == []
    assert sum(r.superseded for r in result.reports) == 1


def test_every_row_is_accounted_for(folder, run) -> None:
    ignored = cell(LEEDS, 2025, "19 to 21 years", "In training or employment", "z", "z", "2025")
    write(folder / NEW, [*activity(LEEDS, 2025, layout="2025"), ignored, *nobody(CUMBRIA, 2025)])
    write(folder / OLD, activity(LEEDS, 2024))
    for report in run().reports:
        if report.source == "cla":
            assert report.read == report.kept + report.superseded + report.not_used + report.not_existing


# ---------------------------------------------------------------- what is written


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_input_gives_the_same_bytes(folder, run, tmp_path) -> None:
    write(folder / OLD, activity(LEEDS, 2024) + activity(HARTLEPOOL, 2024, 20, 20, 10))
    write(folder / NEW, activity(LEEDS, 2024, 31, 14, 5, layout="2025") + activity(LEEDS, 2025, layout="2025"))
    write(folder / "csww_2025/csww.csv", [workforce(LEEDS, 2025), workforce("E09000021 / E09000027", 2025)])
    run()
    first = tree(tmp_path / "data")
    run()
    assert tree(tmp_path / "data") == first
    # Folders in another order, and rows in another order.
    folders = sorted(p for p in folder.iterdir() if p.is_dir())
    import_published(folders[::-1], tmp_path / "again", SHIPPED)
    assert tree(tmp_path / "again") == first
    for path in (folder / OLD, folder / NEW):
        header, *lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join([header, *lines[::-1]]) + "\n", encoding="utf-8")
    import_published([folder], tmp_path / "reversed", SHIPPED)
    assert tree(tmp_path / "reversed") == first


def test_a_refusal_changes_nothing(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    run()
    before = tree(tmp_path / "data")
    rows = activity(LEEDS, 2025, 40, 5, 5, layout="2025")
    rows[2]["breakdown"] = "Something new"
    write(folder / NEW, rows)
    with pytest.raises(DataProblem):
        run()
    assert tree(tmp_path / "data") == before


def refuse_to_write(*_: Any, **__: Any) -> None:
    raise OSError(errno.EROFS, "Read-only file system")


def test_a_read_only_folder_is_said_and_left_alone(folder, run, tmp_path, monkeypatch) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    run()
    before = tree(tmp_path / "data")
    write(folder / NEW, activity(LEEDS, 2025, 40, 5, 5, layout="2025"))
    monkeypatch.setattr(tempfile, "mkstemp", refuse_to_write)
    with pytest.raises(DataProblem) as caught:
        run()
    assert str(caught.value) == (
        f"{tmp_path / 'data'}: the folder cannot be written to (Read-only file system); nothing was changed"
    )
    assert tree(tmp_path / "data") == before


def test_a_disk_that_fills_up_leaves_everything_as_it_was(folder, run, tmp_path, monkeypatch) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    run()
    before = tree(tmp_path / "data")
    write(folder / NEW, activity(LEEDS, 2025, 40, 5, 5, layout="2025"))
    replace, done = Path.replace, []

    def unlucky_half_way(self: Path, target: Path) -> Path:
        done.append(target)
        if len(done) == 12:
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", unlucky_half_way)
    with pytest.raises(DataProblem, match=r"cannot be written to \(Permission denied\); nothing was changed"):
        run()
    assert len(done) == 12
    assert tree(tmp_path / "data") == before


def test_a_place_that_cannot_be_a_folder_is_said(folder, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(DataProblem, match="the folder cannot be written to"):
        import_published([folder], tmp_path / "file" / "data", SHIPPED)
    with pytest.raises(DataProblem, match="the folder cannot be written to"):
        import_published([folder], tmp_path / "file", SHIPPED)


def test_numbers_are_written_short_and_alike() -> None:
    assert [files.number_text(n) for n in (None, 0, 7.0, 0.1 + 0.2, 100 / 3, 1007.2)] == [
        "", "0", "7", "0.3", "33.33333333", "1007.2",
    ]  # fmt: skip


def test_boundary_rows_kept_by_hand_survive_an_import(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    run()
    path = tmp_path / "data" / "authority_changes.csv"
    assert "split,E10000006,E06000063,,2023-04-01" in path.read_text(encoding="utf-8")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("split,E10000014,,North Hampshire,2028-04-01,Hampshire is to be split.\n")
    run()
    assert "split,E10000014,,North Hampshire,2028-04-01" in path.read_text(encoding="utf-8")
    with path.open("a", encoding="utf-8") as stream:
        stream.write("renamed,E10000014,E06000099,,2028-04-01,No.\n")
    with pytest.raises(DataProblem, match="“renamed” is not “split” or “merged”"):
        run()
    text = path.read_text(encoding="utf-8").replace("renamed,E10000014,E06000099,", "split,E10000014,,")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataProblem, match="a change to an authority without a code must give its name"):
        run()


# ---------------------------------------------------------------- files that are not needed


def test_files_that_are_not_needed_are_listed_in_one_report_and_left_alone(folder, run, tmp_path) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    write(folder / "cla_2025/adoptions.csv", [{**row, "adopted": 3} for row in activity(LEEDS, 2025, layout="2025")],
          columns=[*WHERE, "adopted"])  # fmt: skip
    write(folder / "lait/dictionary.csv", [{"Measure": "Spend", "Description": "What was spent"}])
    result = run()
    assert result.not_needed == ("cla_2025/adoptions.csv", "lait/dictionary.csv")
    assert set(held(tmp_path)) == {(LEEDS, "2025")}


@pytest.mark.parametrize("renamed", ["care_leaver_age", "care_leaver_count", "care_leaver_percent"])
def test_a_needed_file_with_a_renamed_column_still_stops(folder, run, tmp_path, renamed) -> None:
    write(folder / NEW, activity(LEEDS, 2025, layout="2025"))
    rows = [{("other" if key == renamed else key): value for key, value in row.items()}
            for row in accommodation(LEEDS, 2025, layout="2025")]  # fmt: skip
    write(folder / "cla_2025/accommodation.csv", rows)
    assert problem(run, tmp_path).startswith("cla_2025/accommodation.csv, line 1: the columns")
