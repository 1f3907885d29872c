"""One rule for which release is in force: the same files give the same figures by import or upload, in any order."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from careleavers.errors import DataProblem
from careleavers.figures.warehouse import AddedReleases, open_warehouse
from careleavers.importer.build import import_published
from careleavers.importer.figures import FileReport, Observation
from careleavers.importer.precedence import resolve_releases
from careleavers.intake.reading import read_upload
from careleavers.intake.reference import ReferenceData, reference_data
from tests.importer.releases import SHIPPED, Row, accommodation, activity, cell, reference, write

LEEDS, HARTLEPOOL, ENGLAND = "E08000035", "E06000001", "E92000001"


def touch(code: str, year: int, count: int, total: int) -> list[Row]:
    group, share = "Aged 19 to 21", round(100 * count / total)
    return [
        cell(code, year, group, "Local authority in touch with care leaver", count, share, "touch"),
        cell(code, year, group, "Total", total, 100, "touch"),
    ]


# Three releases. Each file has its own number of care leavers: 50 by activity, 49 by accommodation, 48 by contact; Hartlepool
# has no activity, nor has England in 2025. The 2024 release gives other figures for 2023 than the 2022 release would.
FILES: dict[str, list[Row]] = {
    "cla_2022/la_care_leavers_activity.csv": [
        row for code in (LEEDS, ENGLAND) for year in (2021, 2022) for row in activity(code, year, 20, 25, 5)
    ],
    "cla_2022/la_care_leavers_intouch.csv": [
        row for code in (LEEDS, HARTLEPOOL) for year in (2021, 2022) for row in touch(code, year, 40, 48)
    ],
    "cla_2024/la_care_leavers_activity.csv": [
        row for year in (2022, 2023, 2024) for row in activity(LEEDS, year, 22, 23, 5)
    ],
    "cla_2024/la_care_leavers_accommodation_suitability.csv": [
        row for code in (LEEDS, HARTLEPOOL) for year in (2022, 2024) for row in accommodation(code, year, 44, 3, 2)
    ],
    "cla_2024/la_care_leavers_intouch.csv": [
        row for code in (LEEDS, HARTLEPOOL) for year in (2022, 2024) for row in touch(code, year, 41, 48)
    ],
    "cla_2025/la_care_leavers_activity.csv": [
        row for year in (2024, 2025) for row in activity(LEEDS, year, 24, 21, 5, layout="2025")
    ],
    "cla_2025/la_care_leavers_accommodation_suitability.csv": [
        row for code in (LEEDS, ENGLAND) for year in (2024, 2025) for row in accommodation(code, year, 45, 3, 1, "2025")
    ],
}  # fmt: skip
# A value in data/ has ten significant figures.
_COLUMNS = (
    "indicator, age_group, area_code, period_end, numerator, denominator, round(value, 6), published_value, status, "
    "source, release"
)


def imported(names: Iterable[str], into: Path) -> Path:
    """A data folder made of some of the files."""
    published = into / "published"
    reference(published)
    for name in names:
        write(published / name, FILES[name])
    import_published([published], into / "data", SHIPPED)
    return into / "data"


@cache
def known() -> ReferenceData:
    warehouse = open_warehouse(SHIPPED)
    return reference_data(warehouse, SHIPPED)


def uploaded(names: Iterable[str], published: Path) -> AddedReleases:
    """Files uploaded one after the other."""
    figures, sources = [], []
    for number, name in enumerate(names, start=1):
        path = published / f"{number}.csv"
        write(path, FILES[name])
        draft = read_upload(path.read_bytes(), path.name, known())
        assert not draft.findings.blocking
        figures.append(draft.figures.assign(upload=number))
        sources.append(pd.DataFrame([draft.about["new_source"]]) if "new_source" in draft.about else pd.DataFrame())
    return AddedReleases("-".join(names), pd.concat(figures), pd.concat(sources))


def held(folder: Path, added: AddedReleases | None = None) -> list[tuple[Any, ...]]:
    warehouse = open_warehouse(folder, added=added)
    try:
        with warehouse._cursor() as cursor:
            return cursor.execute(f"SELECT {_COLUMNS} FROM observations ORDER BY ALL").fetchall()
    finally:
        warehouse.close()


@cache
def held_of_all() -> list[tuple[Any, ...]]:
    """What an import of all files gives."""
    with tempfile.TemporaryDirectory() as name:
        return held(imported(FILES, Path(name)))


@pytest.mark.slow
@given(st.permutations(sorted(FILES)), st.integers(1, len(FILES) - 1))
@settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
def test_the_same_files_give_the_same_figures_by_any_road_and_in_any_order(order: list[str], shipped: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        some = imported(order[:shipped], folder / "some")
        assert held(some, uploaded(order[shipped:], folder / "uploads")) == held_of_all()


def test_the_number_of_care_leavers_is_that_of_the_activity_file_where_it_has_one() -> None:
    rows = held_of_all()
    counts = {(row[2], row[3].year): (row[4], row[-1]) for row in rows if row[0] == "care_leavers"}
    assert counts == {
        (LEEDS, 2021): (50, "2022"), (LEEDS, 2022): (50, "2024"), (LEEDS, 2023): (50, "2024"), (LEEDS, 2024): (50, "2025"),
        (LEEDS, 2025): (50, "2025"), (ENGLAND, 2021): (50, "2022"), (ENGLAND, 2022): (50, "2022"),
        # There is none of activity: accommodation comes before contact.
        (ENGLAND, 2024): (49, "2025"), (ENGLAND, 2025): (49, "2025"), (HARTLEPOOL, 2021): (48, "2022"),
        (HARTLEPOOL, 2022): (49, "2024"), (HARTLEPOOL, 2024): (49, "2024"),
    }  # fmt: skip


def test_two_files_of_a_release_that_contradict_each_other_stop_an_import(tmp_path: Path) -> None:
    published = tmp_path / "published"
    reference(published)
    write(published / "cla_2025/a.csv", activity(LEEDS, 2025, 24, 21, 5, layout="2025"))
    write(published / "cla_2025/b.csv", activity(LEEDS, 2025, 25, 20, 5, layout="2025"))
    with pytest.raises(DataProblem, match=r"b\.csv, line 2: another value of eet than in cla_2025/a\.csv, line 2"):
        import_published([published], tmp_path / "data", SHIPPED)
    # The same file twice is no contradiction.
    write(published / "cla_2025/b.csv", activity(LEEDS, 2025, 24, 21, 5, layout="2025"))
    import_published([published], tmp_path / "data", SHIPPED)


FIGURE = Observation(
    "eet", "19-21", LEEDS, dt.date(2023, 3, 31), "full_year", 26.0, 50.0, 52.0, 52.0, "ok", "cla", "2024"
)  # fmt: skip
SOURCES: Mapping[str, str] = {"eet": "cla", "care_leavers": "cla"}


@pytest.mark.parametrize("order", [1, -1])
def test_a_source_that_republishes_comes_after_the_one_that_the_catalogue_names(order: int) -> None:
    whole = replace(FIGURE, numerator=None, denominator=None, source="tool", release="2026")
    other = replace(whole, value=49.0, published_value=49.0, release="2027")
    alone = replace(whole, period_end=dt.date(2016, 3, 31))
    reports = {each: FileReport(str(n), "") for n, each in enumerate((FIGURE, whole, other, alone))}
    newest, superseded = resolve_releases(list(reports.items())[::order], SOURCES)
    assert sorted(newest, key=lambda each: each.period_end) == [alone, FIGURE]
    # The same whole percentage is no difference; another one is.
    assert superseded == [(other, FIGURE)]
    assert [report.kept for report in reports.values()] == [1, 0, 0, 1]


def test_a_period_that_is_not_over_is_refused_here_as_in_an_upload() -> None:
    asked = [(replace(FIGURE, line=7), FileReport("cla_2023/activity.csv", ""))]
    assert resolve_releases(asked, SOURCES, dt.date(2023, 3, 31)) == ([asked[0][0]], [])
    with pytest.raises(DataProblem, match=r"activity\.csv, line 7.*not over: 31 March 2023"):
        resolve_releases(asked, SOURCES, dt.date(2023, 3, 30))


def test_nothing_at_all_is_resolved() -> None:
    assert resolve_releases([], SOURCES) == ([], [])
