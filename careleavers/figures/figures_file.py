"""Figures that are too many for memory, in a database file that is built part by part and that every process reads from.

The rules (``queries/rules``) are the same: they run on some indicators at a time, with the figures of other indicators that these
need, so that building takes no more memory than one part. What grows with the figures stays in the file; all else is copied
into memory when the file is opened. Releases that were uploaded are added to a copy of it (:func:`rebuild`).
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from careleavers import settings
from careleavers.figures.loading import LOADED, MEMBERS

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
    "6_of_measures",
    "7_plans",
)
# Tables that grow with the figures: they stay in the file. All of them begin with the columns `indicator` and `age_group`, in whose
# place the file has one number: of text it knows the first eight letters only, and would read all that begin alike.
IN_FILE = ("figures", "observations", "spread", "hidden_bases", "whole_periods", "funnels")
# A table in the file in the place of a view of the rules.
_HOME = "home_figures"
# The numbers of indicators with their age groups.
_MEASURES = "measures"
_NUMBERED = f"made.main.{_MEASURES}"
# How the id of an indicator ends that adds up the quarters of another (queries/rules/1_quarters.sql).
_SUM = "_year"
_MADE = "made.duckdb"
# What the rules make of a part besides, by whether all parts have the same.
_SMALL_OF_PARTS = ("held", "headlines")
_SAME_IN_ALL = ("nearness",)
# So many figures are worked out at once: about as many as are shipped, which takes some 400 MB.
PART_ROWS = 100_000
# The database takes no more than this while it builds.
BUILDING_BYTES = 384 * 1024 * 1024
# To try these ways to pack text takes a quarter of the time of writing, and the file is not smaller for it: texts repeat, and a
# dictionary does as well.
_PACKING = {"disabled_compression_methods": "fsst,dict_fsst,zstd"}
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
        The settings of the database; its limit of memory is set here.
    """
    with _building(path, config) as (connection, beside):
        stage(connection)
        _sort_observations(connection)
        _attach_made(connection, beside)
        for some, others in _parts(connection):
            _build_part(connection, some, others)
        _build_rest(connection)


def rebuild(
    path: Path,
    base: Path,
    touched: Collection[str],
    add: Callable[[duckdb.DuckDBPyConnection], None],
    config: Mapping[str, str | bool | int | float | list[str]],
) -> None:
    """Build the file from one without some releases: only what these touch is worked out again, and the rest is copied.

    Parameters
    ----------
    path
        Where it is to be.
    base
        What :func:`build` made without the releases.
    touched
        The indicators that they have figures of.
    add
        Adds them to the tables of the database that is in use: ``observations``, of the indicators concerned alone,
        ``superseded`` and ``sources``.
    config
        As for :func:`build`.
    """
    with _building(path, config) as (connection, beside):
        shutil.copyfile(base, beside / _MADE)
        _attach_made(connection, beside)
        concerned = _stage_again(connection, touched)
        add(connection)
        connection.execute(_releases("keep_superseded"))
        _sort_observations(connection)
        _forget(connection, concerned)
        for some, others in _parts(connection, concerned):
            _build_part(connection, some, others)
        _build_rest(connection)


@contextmanager
def _building(
    path: Path, config: Mapping[str, str | bool | int | float | list[str]]
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """A database for staging, and the folder whose file `made` becomes what is built."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{path.stem}.", suffix=".building", dir=path.parent) as name:
        beside = Path(name)
        limited = _limited(beside, min(BUILDING_BYTES, settings.figures_cache()))
        with duckdb.connect(":memory:", config={**config, **limited, **_PACKING}) as connection:
            connection.execute(f"ATTACH '{_quoted(beside / 'staged.duckdb')}' AS staged; USE staged")
            yield connection, beside
            connection.execute("USE memory; DETACH staged; DETACH made")
        # Somebody else's file of the same name is as good.
        (beside / _MADE).replace(path)


def _attach_made(connection: duckdb.DuckDBPyConnection, beside: Path) -> None:
    connection.execute(f"ATTACH '{_quoted(beside / _MADE)}' AS made (ROW_GROUP_SIZE {_ROW_GROUP})")


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
    connection = duckdb.connect(":memory:", config={**config, **_limited(spill, settings.figures_cache())})
    try:
        connection.execute(f"ATTACH '{_quoted(path)}' AS kept (READ_ONLY)")
        for table in _tables(connection, "kept"):
            if table not in IN_FILE:
                kind = "VIEW" if table == _HOME else "TABLE"
                connection.execute(f'CREATE {kind} "{table}" AS SELECT * FROM kept.main."{table}"')
        for table in IN_FILE:
            _view(connection, table, "kept", f"main.{_MEASURES}")
        connection.execute(MEMBERS)
        _define(connection, (*OF_PARTS, *OF_ALL))
        for table in ("figures", "observations", "hidden_bases"):
            _define_of_measures(connection, table)
    except BaseException:
        connection.close()
        raise
    return connection


def _define_of_measures(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Find figures by the numbers of their measures in place of the rule `6_of_measures`, which would read all of them."""
    connection.execute(
        f"""CREATE OR REPLACE MACRO {table}_of(ids) AS TABLE SELECT m.indicator, m.age_group, t.* EXCLUDE (measure)
        FROM kept.main.{table} t
        JOIN (SELECT * FROM main.{_MEASURES} WHERE indicator IN (SELECT unnest(ids))) m USING (measure)"""
    )


def _limited(spill: Path, most: int) -> dict[str, str]:
    return {"memory_limit": f"{most}B", "temp_directory": str(spill)}


def _view(
    connection: duckdb.DuckDBPyConnection, table: str, database: str, measures: str, name: str | None = None
) -> None:
    """Show a table of the file with words in the place of numbers."""
    connection.execute(
        f"""CREATE VIEW "{name or table}" AS SELECT m.indicator, m.age_group, t.* EXCLUDE (measure)
        FROM {database}.main."{table}" t JOIN {measures} m USING (measure)"""
    )


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> list[str]:
    rows = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = $1 AND NOT temporary ORDER BY table_oid",
        [database],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _releases(name: str) -> str:
    return (RULES.parent / "releases" / f"{name}.sql").read_text(encoding="utf-8")


def _script(name: str) -> str:
    return (RULES / f"{name}.sql").read_text(encoding="utf-8")


def _define(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Make the macros and views of some rules, and none of their tables."""
    for name in sorted(names):
        for statement in duckdb.extract_statements(_script(name)):
            if _DEFINED.match(statement.query):
                connection.execute(statement)


def _sort_observations(connection: duckdb.DuckDBPyConnection) -> None:
    """An indicator's figures together and its periods in order, found by its number in the order of their ids."""
    connection.execute(
        """CREATE OR REPLACE TABLE memory.main.numbers AS
        SELECT row_number() OVER (ORDER BY indicator)::INTEGER AS number, indicator, figures
        FROM (SELECT indicator, count(*) AS figures FROM observations GROUP BY indicator);
        CREATE TABLE sorted AS
        SELECT n.number, o.* FROM observations o JOIN memory.main.numbers n USING (indicator)
        ORDER BY n.number, o.age_group, o.layer, o.period_end, o.rowid;
        DROP TABLE observations;
        ALTER TABLE sorted RENAME TO observations"""
    )


def _read_by_rules(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The other indicators whose figures the rules about each read, and those that these need in turn."""
    rows = connection.execute("SELECT id, coalesce(not_known, '') FROM indicators").fetchall()
    read = {name: {not_known, name.removesuffix(_SUM)} - {"", name} for name, not_known in rows}
    for name, others in read.items():
        while more := {each for one in others for each in read.get(one, ())} - others - {name}:
            others |= more
    return read


def _parts(
    connection: duckdb.DuckDBPyConnection, wanted: Collection[str] | None = None
) -> Iterator[tuple[list[str], list[str]]]:
    """The indicators, all or those wanted, in parts in order of their ids, each with the others that its rules read."""
    read = _read_by_rules(connection)
    held = dict(connection.execute("SELECT indicator, figures FROM memory.main.numbers").fetchall())
    # A sum of quarters has no figures yet.
    names = sorted(read.keys() | held.keys() if wanted is None else wanted)
    some: list[str] = []
    figures = 0
    for number, name in enumerate(names, 1):
        some.append(name)
        figures += held.get(name, 0)
        if number == len(names) or figures + held.get(names[number], 0) > PART_ROWS:
            yield some, sorted({each for one in some for each in read.get(one, ())} - set(some))
            some, figures = [], 0


@contextmanager
def _work(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Use a database of its own in memory, beside the tables that were staged."""
    connection.execute("ATTACH ':memory:' AS work; SET search_path = 'work.main,staged.main'")
    try:
        yield
    finally:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
            connection.execute(f'DROP TABLE "{table}"')
        connection.execute("USE staged; DETACH work")


def _build_part(connection: duckdb.DuckDBPyConnection, some: list[str], others: list[str]) -> None:
    with _work(connection):
        connection.execute(
            "CREATE TABLE observations AS SELECT * EXCLUDE (number) FROM staged.main.observations LIMIT 0"
        )
        for names in (some, others):
            connection.execute(
                """INSERT INTO observations SELECT * EXCLUDE (number) FROM staged.main.observations
                WHERE number IN (SELECT number FROM memory.main.numbers WHERE indicator IN (SELECT unnest($1::VARCHAR[])))""",
                [names],
            )
        for name in OF_PARTS:
            connection.execute(_script(name))
        held = _tables(connection, "made")
        _number_measures(connection, some)
        for table in (*IN_FILE, *_SMALL_OF_PARTS):
            into = f'INSERT INTO made.main."{table}"' if table in held else f'CREATE TABLE made.main."{table}" AS'
            what, numbers = "*", ""
            if table in IN_FILE:
                what, numbers = (
                    "m.measure, t.* EXCLUDE (indicator, age_group)",
                    f"JOIN {_NUMBERED} m USING (indicator, age_group)",
                )
            connection.execute(
                f'{into} SELECT {what} FROM work.main."{table}" t {numbers} WHERE indicator IN (SELECT unnest($1::VARCHAR[]))',
                [some],
            )
        for table in _SAME_IN_ALL:
            connection.execute(f'CREATE TABLE IF NOT EXISTS made.main."{table}" AS SELECT * FROM work.main."{table}"')


def _number_measures(connection: duckdb.DuckDBPyConnection, some: list[str]) -> None:
    """Give each age group of some indicators the next number, unless it has one."""
    connection.execute(
        f"CREATE TABLE IF NOT EXISTS {_NUMBERED} (measure INTEGER, indicator VARCHAR, age_group VARCHAR)"
    )
    connection.execute(
        f"""INSERT INTO {_NUMBERED}
        SELECT (SELECT count(*) FROM {_NUMBERED}) + row_number() OVER (ORDER BY indicator, age_group), indicator, age_group
        FROM (SELECT indicator, age_group FROM observations WHERE indicator IN (SELECT unnest($1::VARCHAR[]))
              EXCEPT SELECT indicator, age_group FROM {_NUMBERED})
        ORDER BY ALL""",
        [some],
    )


def _build_rest(connection: duckdb.DuckDBPyConnection) -> None:
    """What is made of all indicators, and the tables that the rules only read."""
    with _work(connection):
        for table in IN_FILE:
            _view(connection, table, "made", _NUMBERED)
        for table in (*_SMALL_OF_PARTS, *_SAME_IN_ALL):
            connection.execute(f'CREATE VIEW "{table}" AS SELECT * FROM made.main."{table}"')
        _define(connection, OF_PARTS)
        for name in OF_ALL:
            connection.execute(_script(name))
        for database in ("staged", "work"):
            for table in _tables(connection, database):
                if table not in IN_FILE:
                    connection.execute(
                        f'CREATE OR REPLACE TABLE made.main."{table}" AS SELECT * FROM {database}.main."{table}"'
                    )
        connection.execute(
            f"CREATE OR REPLACE TABLE made.main.{_HOME} AS "
            "SELECT * FROM figures WHERE indicator IN (SELECT indicator FROM home_measures)"
        )


def _stage_again(connection: duckdb.DuckDBPyConnection, touched: Collection[str]) -> set[str]:
    """Stage what a file holds, of observations only those that rules about the touched indicators read.

    Returns
    -------
    set[str]
        The indicators whose rules read touched ones, and these.
    """
    for table in LOADED:
        connection.execute(f'CREATE TABLE "{table}" AS SELECT * FROM made.main."{table}"')
    connection.execute(MEMBERS)
    read = _read_by_rules(connection)
    concerned = {*touched, *(name for name, others in read.items() if not others.isdisjoint(touched))}
    needed = concerned.union(*(read.get(name, ()) for name in concerned))
    _view(connection, "observations", "made", _NUMBERED, "observations_before")
    for name, indicators in (("touched", touched), ("needed", needed)):
        connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT unnest($1::VARCHAR[]) AS indicator", [sorted(indicators)]
        )
    connection.execute(_releases("stage_again"))
    return concerned


def _forget(connection: duckdb.DuckDBPyConnection, concerned: Collection[str]) -> None:
    """Remove what the file holds of the indicators that are built again."""
    asked = "indicator IN (SELECT unnest($1::VARCHAR[]))"
    for table in IN_FILE:
        connection.execute(
            f'DELETE FROM made.main."{table}" WHERE measure IN (SELECT measure FROM {_NUMBERED} WHERE {asked})',
            [sorted(concerned)],
        )
    for table in _SMALL_OF_PARTS:
        connection.execute(f'DELETE FROM made.main."{table}" WHERE {asked}', [sorted(concerned)])
