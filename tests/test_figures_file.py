"""Figures that are read from a file: the same as in memory, built once, in parts, and as closed to the outside."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from bench.figures import QUESTIONS
from careleavers import kept_files
from careleavers.errors import CareLeaversError, DataProblem
from careleavers.figures import figures_file
from careleavers.figures import warehouse as module
from careleavers.figures.figures_file import IN_FILE, OF_ALL, OF_PARTS, RULES
from careleavers.figures.schema import OBSERVATION, TABLES
from careleavers.figures.warehouse import AddedReleases, Warehouse, open_warehouse
from careleavers.importer.files import seal
from tests.local_figures import QUARTERS, figure, with_figures
from tests.made_up_data import compared
from tests.made_up_data import figure as published
from tests.made_up_data import folder as made_up_folder


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where files are kept; the figures that are shipped are too many for memory, and make several parts."""
    where = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CARELEAVERS_KEPT", str(where))
        patch.setenv("CARELEAVERS_MEMORY_MB", "1")
        patch.setattr(figures_file, "PART_ROWS", 40_000)
        yield where


@pytest.fixture(scope="module")
def from_file(kept: Path) -> Iterator[Warehouse]:
    """The shipped figures, read from a file."""
    opened = open_warehouse()
    assert [path.suffix for path in (kept / "figures").iterdir()].count(".duckdb") == 1
    yield opened
    opened.close()


def same(one: pd.DataFrame, other: pd.DataFrame, what: str) -> None:
    """The same rows in the same order; a mean may differ in its last digit, by the order in which it was added up."""
    assert_frame_equal(one, other, check_exact=False, rtol=1e-12, atol=0, obj=what)


def same_columns(one: pa.Table, other: pa.Table, what: str) -> None:
    """As ``same``, for whole tables: only columns that are not identical are compared value by value."""
    assert one.schema == other.schema, what
    differing = [name for name in one.column_names if not one.column(name).equals(other.column(name))]
    same(*(rows.select(differing).to_pandas() for rows in (one, other)), what)


def test_each_rule_is_for_parts_or_for_all() -> None:
    assert sorted([*OF_PARTS, *OF_ALL]) == sorted(path.stem for path in RULES.glob("*.sql"))


def compare_tables(one: Warehouse, other: Warehouse) -> None:
    """Every table of figures in memory is the same as in, or beside, those in a file."""
    tables = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'memory' AND schema_name = 'main' AND NOT temporary"
    in_memory, read = (each._connection.cursor() for each in (one, other))
    names = {name for (name,) in in_memory.execute(tables).fetchall()}
    assert names - {name for (name,) in read.execute(tables).fetchall()} == set(IN_FILE)
    # Local figures of other tests may stand in what they share.
    for name in sorted(names - {"local_rows"}):
        # Not by columns with means: rows whose means differ in the last digit could change places.
        sql = f'SELECT * FROM "{name}" ORDER BY ALL'
        if name in ("figures", "headlines"):
            sql = sql.replace("ALL", "indicator, age_group, area_code, period_end, layer")
        same_columns(in_memory.execute(sql).to_arrow_table(), read.execute(sql).to_arrow_table(), name)


def test_every_table_is_the_same_as_in_memory(warehouse: Warehouse, from_file: Warehouse) -> None:
    compare_tables(warehouse, from_file)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_every_question_has_the_same_answer(warehouse: Warehouse, from_file: Warehouse, name: str) -> None:
    answers = [each.query(name, **QUESTIONS[name]) for each in (warehouse, from_file)]
    if name == "published":
        answers = [rows.sort_values(list(rows.columns[:7]), ignore_index=True) for rows in answers]
    same(*answers, name)


@pytest.mark.parametrize("name", ["compare", "trends", "map", "spread_funnel", "parts", "together", "published_values"])
def test_a_question_reads_little_of_the_file(from_file: Warehouse, name: str) -> None:
    cursor = from_file._connection.cursor()
    sql = (module.QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    (row,) = cursor.execute(f"EXPLAIN (ANALYZE, FORMAT json) {sql}", QUESTIONS[name]).fetchall()
    read: list[int] = []

    def collect(step: dict[str, Any]) -> None:
        if step.get("extra_info", {}).get("Table") in ("kept.main.figures", "kept.main.observations"):
            read.append(step["operator_rows_scanned"])
        for each in step["children"]:
            collect(each)

    collect(json.loads(row[1]))
    # A row group is the least that can be read: there are nine, and no question here has more than three measures.
    assert 0 < max(read) < 60_000


def test_it_is_built_once_and_has_the_version_of_memory(
    warehouse: Warehouse, from_file: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert from_file.version == warehouse.version
    monkeypatch.setattr(figures_file, "build", None)
    again = open_warehouse()
    assert len(again.query("compare", **QUESTIONS["compare"])) == 153
    again.close()


def test_figures_that_fit_into_memory_need_no_file(
    kept: Path, outcomes_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CARELEAVERS_MEMORY_MB")
    monkeypatch.setattr(module, "_open_file", None)
    open_warehouse(outcomes_data).close()


def test_local_figures_are_added_to_it_as_in_memory(warehouse: Warehouse, from_file: Warehouse) -> None:
    rows = [figure(10 * number, 50, day) for number, day in enumerate(QUARTERS[:4], 1)] + [figure(5, 20, area="Kent")]
    added = [with_figures(each, rows) for each in (warehouse, from_file)]
    leeds = {"authority": "E08000035"}
    for name, asked in {
        "local_latest": leeds,
        "trends": {"indicator": "eet", "age_group": "19-21", **leeds, "others": "E10000016"},
        "local_areas": {"indicator": "", "age_group": "", "basis": ""},
        "authorities": {},
        "sources": {},
    }.items():
        answers = [each.query(name, **asked) for each in added]
        assert len(answers[0])
        same(*answers, name)
    assert {"provisional"} < set(added[1].query("trends", **QUESTIONS["trends"])["layer"])
    for each in added:
        each.close()
    assert set(from_file.query("trends", **QUESTIONS["trends"])["layer"]) == {"published"}


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "COPY settings TO '{folder}/out.csv'",
        "ATTACH '{folder}/other.db'",
        "SELECT * FROM glob('{folder}/*')",
        "INSERT INTO kept.main.spread SELECT * FROM kept.main.spread",
        "DROP TABLE kept.main.figures",
        "SET memory_limit = '9GB'",
        "SET temp_directory = '{folder}'",
    ],
)
def test_after_opening_no_other_file_is_read_and_nothing_in_it_is_changed(
    from_file: Warehouse, tmp_path: Path, sql: str
) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(duckdb.Error):
        from_file._connection.cursor().execute(sql.format(file=tmp_path / "secret.csv", folder=tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def uploaded_release(warehouse: Warehouse) -> AddedReleases:
    """A new year; a revised quarter, which is in a sum of quarters; and of the release that is held a measure of which
    others say how many are not known, and the number of care leavers of a file that ranks behind another."""
    held = warehouse._connection.cursor().execute(f"SELECT {', '.join(OBSERVATION)} FROM observations").df()
    of = dict(iter(held.groupby("indicator")))
    year, quarters = of["eet"][of["eet"]["period_end"] == "2025-03-31"], of["homelessness_duty"]
    newest = of["care_leavers"]["release"].max()
    parts = [
        year.assign(period_end=pd.Timestamp("2026-03-31"), release="2026"),
        quarters[quarters["period_end"] == quarters["period_end"].max()].assign(
            value=7.0, numerator=7.0, release="2026"
        ),
        of["activity_not_known"].query(f"release == '{newest}'").assign(numerator=3.0),
        of["care_leavers"].query(f"release == '{newest}'").head(50).assign(numerator=3.0),
        of["unsuitable_accommodation"].query(f"release == '{newest}'").head(50),
    ]
    rows = pd.concat(parts, ignore_index=True).assign(upload=1)
    sources = warehouse.query("known_releases").drop_duplicates("source").assign(release="2026")
    return AddedReleases("one", rows, sources.reindex(columns=list(TABLES["sources"])))


def test_an_uploaded_release_has_a_file_of_its_own(
    kept: Path, warehouse: Warehouse, from_file: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    added = uploaded_release(warehouse)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("CARELEAVERS_MEMORY_MB")
        in_memory = open_warehouse(added=added)
    built: list[str] = []
    build_part = figures_file._build_part
    monkeypatch.setattr(
        figures_file, "_build_part", lambda to, some, others: [build_part(to, some, others), built.extend(some)]
    )
    # Only what the release touches is worked out again.
    monkeypatch.setattr(figures_file, "build", None)
    read = open_warehouse(added=added)
    assert set(added.figures["indicator"]) < set(built)
    assert {"neet", "homelessness_duty_year"} <= set(built)
    assert len(built) < 20
    assert read.version == in_memory.version != from_file.version
    compare_tables(in_memory, read)
    for name in ("compare", "periods", "releases_due", "published_values"):
        asked = QUESTIONS[name] | ({"period": "2026-03-31"} if name == "compare" else {})
        same(in_memory.query(name, **asked), read.query(name, **asked), name)
    assert len(files := set((kept / "figures").glob("*.duckdb"))) == 2
    # A preview shows what nobody has accepted: nothing of it stays. Here it has the revised quarter alone.
    quarter = added.figures[added.figures["indicator"] == "homelessness_duty"]
    seen = open_warehouse(added=replace(added, name="two", figures=quarter, kept=False))
    asked = QUESTIONS["compare"] | {"indicator": "homelessness_duty", "age_group": "18-20", "period": "2025-12-31"}
    shown = seen.query("compare", **asked)
    same(read.query("compare", **asked), shown, "compare")
    assert set(shown["value"].dropna()) == {7} != set(from_file.query("compare", **asked)["value"].dropna())
    assert set((kept / "figures").glob("*.duckdb")) == files
    seen.close()
    in_memory.close()
    read.close()


def test_a_file_of_figures_that_was_edited_is_refused_although_it_was_known(
    kept: Path, from_file: Warehouse, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(module.settings.data_folder(), tmp_path / "data"))
    open_warehouse(data).close()
    edited = data / "observations" / "activity.csv"
    edited.write_text(edited.read_text(encoding="utf-8").replace(",ok,", ",k,", 1), encoding="utf-8")
    with pytest.raises(DataProblem, match="was changed since it was imported"):
        open_warehouse(data)


def test_where_nothing_is_kept_figures_are_in_memory(monkeypatch: pytest.MonkeyPatch, outcomes_data: Path) -> None:
    monkeypatch.setenv("CARELEAVERS_KEPT", "none")
    monkeypatch.setenv("CARELEAVERS_MEMORY_MB", "1")
    monkeypatch.setattr(module, "_open_file", None)
    assert sum(path.stat().st_size for path in outcomes_data.glob("observations/*.csv")) > 1024 * 1024
    open_warehouse(outcomes_data).close()


def test_a_part_reads_the_figures_that_its_own_refer_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures_file, "PART_ROWS", 50_000)
    with duckdb.connect() as connection:
        connection.execute(
            """CREATE TABLE indicators AS SELECT * FROM (VALUES
                ('a', 'z'), ('b', NULL), ('c_year', NULL), ('z', NULL), ('c', NULL), ('y', 'a')) t(id, not_known);
            CREATE TABLE numbers AS SELECT unnest(['a', 'b', 'c', 'y', 'z']) AS indicator, 15000 AS figures"""
        )
        assert list(figures_file._parts(connection)) == [
            (["a", "b", "c", "c_year"], ["z"]),
            (["y", "z"], ["a"]),
        ]
        assert list(figures_file._parts(connection, {"c_year"})) == [(["c_year"], ["c"])]


def test_a_file_that_cannot_be_read_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("CARELEAVERS_KEPT", str(tmp_path / "kept"))
    monkeypatch.setattr(module, "_outgrow_memory", lambda _: True)
    data = made_up_folder(tmp_path / "data", [published(number, 10 + number, 20) for number in range(1, 9)])
    seal(data)
    open_warehouse(data).close()
    (path,) = (tmp_path / "kept" / "figures").glob("*.duckdb")
    path.write_bytes(path.read_bytes()[:5000])
    opened = open_warehouse(data)
    assert len(compared(opened)) == 8
    assert "built again" in caplog.text
    opened.close()


def test_where_there_is_no_room_for_the_file_the_setting_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").mkdir()
    monkeypatch.setenv("CARELEAVERS_KEPT", str(tmp_path / "kept"))
    monkeypatch.setattr(module, "_outgrow_memory", lambda _: True)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(figures_file, "build", full)
    with pytest.raises(CareLeaversError, match=r"CARELEAVERS_KEPT.*room.*No space left on device"):
        open_warehouse(module.settings.data_folder())


def test_erasing_removes_it_and_who_reads_from_it_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARELEAVERS_KEPT", str(tmp_path / "kept"))
    monkeypatch.setattr(module, "_outgrow_memory", lambda _: True)
    data = made_up_folder(tmp_path / "data", [published(number, 10 + number, 20) for number in range(1, 9)])
    seal(data)
    opened = open_warehouse(data)
    assert len(before := compared(opened)) == 8
    kept_files.forget()
    assert not list((tmp_path / "kept" / "figures").glob("*.duckdb"))
    assert {place: row["rank"] for place, row in compared(opened).items()} == {
        place: row["rank"] for place, row in before.items()
    }
    opened.close()
    assert not list((tmp_path / "kept" / "figures").glob("*.spill"))
