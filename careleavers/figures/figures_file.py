"""Figures that are too many for memory, in a database file that is built part by part and that every process reads from.

The rules (``queries/rules``) are the same: they run on some indicators at a time, with the figures of other indicators that these
need, so that building takes no more memory than one part. What grows with the figures stays in the file; all else is copied
into memory when the file is opened.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from careleavers import settings
from careleavers.figures.loading import MEMBERS

RULES = settings.HOME / "queries" / "rules"
# The rules about one indicator at a time, beside those whose figures it refers to: its not known, and its quarters.
OF_PARTS = ("1_macros", "1_quarters", "2_figures", "2_whole_periods", "3_headlines", "4_funnel")
# The rules that compare indicators or ask for none. What they make is small, and they read hardly any column of the figures.
OF_ALL = (
    "3_standings",
    "4_home",
    "4_releases",
    "5_association",
    "5_inspections",
    "5_restated_values",
    "6_local_rows",
    "7_plans",
)
# Tables that grow with the figures: they stay in the file. All of them have the column `indicator`.
IN_FILE = ("figures", "observations", "spread", "hidden_bases", "whole_periods", "funnels")
# A table in the file in the place of a view of the rules.
_HOME = "home_figures"
# What the rules make of a part besides, by whether all parts have the same.
_SMALL_OF_PARTS = ("held", "headlines")
_SAME_IN_ALL = ("nearness",)
# So many figures are worked out at once: about as many as are shipped, which takes some 400 MB.
PART_ROWS = 100_000
# A row group is the least that is read from the file.
_ROW_GROUP = 10_240
_DEFINED = re.compile(rf"(?:\s|--[^\n]*\n)*CREATE\s+(?:MACRO|VIEW)\s+(?!{_HOME}\s)", re.IGNORECASE)


def build(
    path: Path,
    stage: Callable[[duckdb.DuckDBPyConnection], None],
    config: Mapping[str, str | bool | int | float | list[str]],
) -> None:
    """Build the file. Others see the whole file or none, and two who build it at once do no harm.

    Parameters
    ----------
    path
        Where it is to be.
    stage
        Makes the tables that the rules read, ``observations`` among them, in the database that is in use.
    config
        The settings of the database; its limit of memory is that of :func:`careleavers.settings.figures_cache`.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{path.stem}.", suffix=".building", dir=path.parent) as name:
        beside = Path(name)
        with duckdb.connect(":memory:", config={**config, **_limited(beside)}) as connection:
            connection.execute(f"ATTACH '{_quoted(beside / 'staged.duckdb')}' AS staged; USE staged")
            stage(connection)
            _sort_observations(connection)
            connection.execute(f"ATTACH '{_quoted(beside / 'made.duckdb')}' AS made (ROW_GROUP_SIZE {_ROW_GROUP})")
            for first, last, others in _parts(connection):
                _build_part(connection, first, last, others)
            _build_rest(connection)
            connection.execute("USE memory; DETACH staged; DETACH made")
        # Somebody else's file of the same name is as good.
        (beside / "made.duckdb").replace(path)


def open_file(
    path: Path, config: Mapping[str, str | bool | int | float | list[str]], spill: Path
) -> duckdb.DuckDBPyConnection:
    """An in-memory database whose large tables are read from the file.

    Parameters
    ----------
    path
        What :func:`build` made.
    config
        The settings of the database.
    spill
        A folder for what a question cannot hold in memory.

    Returns
    -------
    duckdb.DuckDBPyConnection
        With all tables, views and macros that the rules make in memory.
    """
    connection = duckdb.connect(":memory:", config={**config, **_limited(spill)})
    try:
        connection.execute(f"ATTACH '{_quoted(path)}' AS kept (READ_ONLY)")
        for table in _tables(connection, "kept"):
            kind = "VIEW" if table in (*IN_FILE, _HOME) else "TABLE"
            connection.execute(f'CREATE {kind} "{table}" AS SELECT * FROM kept.main."{table}"')
        connection.execute(MEMBERS)
        _define(connection, (*OF_PARTS, *OF_ALL))
    except BaseException:
        connection.close()
        raise
    return connection


def _limited(spill: Path) -> dict[str, str]:
    return {"memory_limit": f"{settings.figures_cache()}B", "temp_directory": str(spill)}


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = $1 AND NOT temporary ORDER BY table_oid",
        [database],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _script(name: str) -> str:
    return (RULES / f"{name}.sql").read_text(encoding="utf-8")


def _define(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Make the macros and views of some rules, and none of their tables."""
    for name in sorted(names):
        for statement in duckdb.extract_statements(_script(name)):
            if _DEFINED.match(statement.query):
                connection.execute(statement)


def _sort_observations(connection: duckdb.DuckDBPyConnection) -> None:
    """An indicator's figures together and its periods in order: a question then reads few row groups."""
    connection.execute(
        """CREATE TABLE sorted AS SELECT * FROM observations ORDER BY indicator, age_group, layer, period_end, rowid;
        DROP TABLE observations;
        ALTER TABLE sorted RENAME TO observations"""
    )


def _parts(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, list[str]]]:
    """The indicators in parts: the first and last of each in order of their ids, and the others that their rules read."""
    rows = connection.execute(
        """SELECT i.id, coalesce(i.not_known, ''), coalesce(o.figures, 0)
        FROM indicators i FULL JOIN (SELECT indicator AS id, count(*) AS figures FROM observations GROUP BY ALL) o USING (id)
        WHERE id IS NOT NULL ORDER BY id"""
    ).fetchall()
    read = {name: {not_known, name.removesuffix("_year")} - {"", name} for name, not_known, _ in rows}
    some: list[str] = []
    held = 0
    for number, (name, _, figures) in enumerate(rows, 1):
        some.append(name)
        held += figures
        if number == len(rows) or held + rows[number][2] > PART_ROWS:
            needed = set(some)
            while more := {each for one in needed for each in read.get(one, ()) if each in read} - needed:
                needed |= more
            yield some[0], some[-1], sorted(needed - set(some))
            some, held = [], 0


@contextmanager
def _work(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Use a database of its own in memory, with the small tables that rules read."""
    connection.execute("ATTACH ':memory:' AS work; USE work")
    try:
        for table in _tables(connection, "staged"):
            if table != "observations":
                connection.execute(f'CREATE TABLE "{table}" AS SELECT * FROM staged.main."{table}"')
        connection.execute(MEMBERS)
        yield
    finally:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
            connection.execute(f'DROP TABLE "{table}"')
        connection.execute("USE staged; DETACH work")


def _build_part(connection: duckdb.DuckDBPyConnection, first: str, last: str, others: list[str]) -> None:
    with _work(connection):
        connection.execute(
            "CREATE TABLE observations AS SELECT * FROM staged.main.observations WHERE indicator BETWEEN $1 AND $2",
            [first, last],
        )
        for other in others:
            connection.execute(
                "INSERT INTO observations SELECT * FROM staged.main.observations WHERE indicator = $1", [other]
            )
        for name in OF_PARTS:
            connection.execute(_script(name))
        began = not _tables(connection, "made")
        for table in (*IN_FILE, *_SMALL_OF_PARTS):
            into = f'CREATE TABLE made.main."{table}" AS' if began else f'INSERT INTO made.main."{table}"'
            connection.execute(
                f'{into} SELECT * FROM work.main."{table}" WHERE indicator BETWEEN $1 AND $2', [first, last]
            )
        if began:
            for table in _SAME_IN_ALL:
                connection.execute(f'CREATE TABLE made.main."{table}" AS SELECT * FROM work.main."{table}"')


def _build_rest(connection: duckdb.DuckDBPyConnection) -> None:
    """What is made of all indicators, and the tables that the rules only read."""
    with _work(connection):
        for table in _tables(connection, "made"):
            connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM made.main."{table}"')
        _define(connection, OF_PARTS)
        for name in OF_ALL:
            connection.execute(_script(name))
        for table in _tables(connection, "work"):
            connection.execute(f'CREATE TABLE made.main."{table}" AS SELECT * FROM work.main."{table}"')
        connection.execute(
            f"CREATE TABLE made.main.{_HOME} AS SELECT * FROM figures WHERE indicator IN (SELECT indicator FROM home_measures)"
        )
