"""Any file at all is either read or refused with a sentence; nothing else may happen."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from careleavers.errors import DataProblem
from careleavers.importer import figures
from careleavers.importer.areas import Areas, read_authorities
from careleavers.importer.figures import MARKS, FileReport, read_long, read_wide
from careleavers.importer.files import Table, csv_bytes, read_table
from careleavers.importer.tables import ImportTables, load_tables
from tests.importer.releases import LAYOUTS, MEASURES, SHIPPED, WHERE, activity, reference, workforce

many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("any")
    reference(path)
    return path


@pytest.fixture(scope="module")
def areas(folder: Path) -> Areas:
    return read_authorities(
        read_table(folder / "reference" / "authority_codes.csv"), read_table(folder / "reference" / "tile_grid.csv")
    )


@pytest.fixture(scope="module")
def tables() -> ImportTables:
    ids = {row["id"] for _, row in read_table(SHIPPED / "indicators.csv").rows}
    return load_tables(SHIPPED, ids)


crooked = st.text(st.sampled_from('ab,";\n\r\t \x00\ufeffé'), max_size=60).map(lambda text: text.encode("utf-8"))


@many
@given(st.one_of(st.binary(max_size=200), crooked))
@example(b"\xef\xbb\xbf")
@example(b"a,b\n1,\x00\n")
@example(b'a\n"' + b"x" * 140_000 + b'"\n')
@example("a\n".encode("utf-16"))
def test_any_bytes_are_a_table_or_a_data_problem(folder: Path, content: bytes) -> None:
    path = folder / "any.csv"
    path.write_bytes(content)
    try:
        table = read_table(path)
    except DataProblem as problem:
        assert str(problem).startswith(f"{folder.name}/any.csv")
        assert problem.reason
    else:
        assert any(table.columns)
        lines = [line for line, _ in table.rows]
        assert lines == sorted(set(lines))
        assert all(tuple(row) == table.columns for _, row in table.rows)


@many
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=8)] * 3),
        max_size=6,
    )
)
def test_what_we_write_we_read_back(folder: Path, rows: list[tuple[str, ...]]) -> None:
    columns = ("one", "two", "three")
    path = folder / "back.csv"
    path.write_bytes(csv_bytes(columns, [dict(zip(columns, row, strict=True)) for row in rows]))
    assert [tuple(row.values()) for _, row in read_table(path, strip=False).rows] == rows


texts = st.one_of(
    st.text(max_size=12), st.sampled_from([*MARKS, "C", "0", "12", "12.5", "-1", "1e5", "²", "٣", "½", "∞", "nan", ""])
)


@many
@given(texts)
def test_any_cell_is_a_number_a_mark_or_a_data_problem(text: str) -> None:
    table = Table("f.csv", ("count",), ())
    try:
        cell = figures._cell(table, 7, "count", text)
    except DataProblem as problem:
        assert str(problem).startswith("f.csv, line 7, column count: ")
    else:
        assert (cell.number is None) == (cell.mark in MARKS)
        assert cell.number is None or 0 <= cell.number < float("inf")


def as_table(rows: list[dict], columns: list[str]) -> Table:
    return Table("f.csv", tuple(columns), tuple((i, {c: str(r[c]) for c in columns}) for i, r in enumerate(rows, 2)))


@many
@given(
    st.integers(0, 7), st.sampled_from([*WHERE[:1], *WHERE[2:4], *WHERE[5:], *LAYOUTS["2025"]]),
    st.one_of(texts, st.sampled_from(["/", " / ", "2025", "E08000035", "383", "Total", "National", "E12000001"])),
)  # fmt: skip
def test_any_change_to_a_release_is_read_or_refused(areas, tables, line: int, column: str, text: str) -> None:
    rows = activity("E08000035", 2025, layout="2025") + activity("E12000003", 2025, 20, 20, 10, layout="2025")
    rows[line] = rows[line] | {column: text}
    table = as_table(rows, [*WHERE, *LAYOUTS["2025"]])
    layout = next(found for found in tables.layouts if found.layout == "care-leavers-2025")
    try:
        found = read_long(table, layout, tables, areas, FileReport("f.csv", ""))
    except DataProblem as problem:
        assert str(problem).startswith("f.csv, line ")
        return
    for observation in found:
        assert observation.status in {"ok", *MARKS}
        assert observation.value is None or observation.status in {"ok", "k"}
        assert observation.status != "c" or observation.numerator is None


@many
@given(st.sampled_from([*WHERE[:1], *WHERE[2:4], *WHERE[5:], *MEASURES]), texts)
def test_any_change_to_the_workforce_census_is_read_or_refused(areas, tables, column: str, text: str) -> None:
    table = as_table([workforce("E08000035", 2025) | {column: text}], [*WHERE, *MEASURES])
    try:
        found = read_wide(table, tables, areas, FileReport("f.csv", ""))
    except DataProblem as problem:
        assert str(problem).startswith("f.csv, line 2")
        return
    assert {o.period_end for o in found} <= {dt.date(year, 9, 30) for year in range(2000, 2100)}
    assert all(o.status in {"ok", *MARKS} and (o.value is None) == (o.status != "ok") for o in found)
    assert all(o.status != "c" or o.numerator is None for o in found)
