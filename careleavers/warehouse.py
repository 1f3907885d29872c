"""The figures in memory: shipped CSVs checked, loaded and joined once; then read-only questions, one SQL file each."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from weakref import finalize

import duckdb
import numpy as np
import pandas as pd

from careleavers import settings
from careleavers.errors import CareLeaversError, DataProblem, QueryProblem
from careleavers.importer.files import MANIFEST, check_seal, read_table
from careleavers.importer.precedence import PRECEDENCE

_NUMBERS = count(1)
QUERIES = Path(__file__).resolve().parent.parent / "queries"
_PARAMETER = re.compile(r"\$([a-z_]+)")
_COMMENT = re.compile(r"--[^\n]*")

# Each file of data/ that the warehouse holds as a table: its columns and their types. A column whose type is in
# capitals must have a value in every row.
TABLES: dict[str, dict[str, str]] = {
    "indicators": {
        "id": "VARCHAR", "title": "VARCHAR", "short_title": "VARCHAR", "phrase": "VARCHAR",
        "theme": "VARCHAR", "sub_theme": "VARCHAR", "family": "VARCHAR", "adds_up": "varchar", "part_of": "varchar",
        "unit": "VARCHAR", "polarity": "VARCHAR", "decimals": "INTEGER", "headline": "VARCHAR",
        "age_groups": "VARCHAR", "interval": "VARCHAR", "numerator_counts": "VARCHAR",
        "denominator_counts": "varchar", "definition": "VARCHAR", "caveats": "varchar", "source": "VARCHAR",
        "published_every": "VARCHAR", "statutory_return": "varchar", "target": "VARCHAR", "not_known": "varchar",
    },
    "glossary": {"term": "VARCHAR", "group": "VARCHAR", "meaning": "VARCHAR"},
    "sources": {
        "source": "VARCHAR", "title": "VARCHAR", "publisher": "VARCHAR", "release": "VARCHAR", "covers": "varchar",
        "published": "VARCHAR", "next_release": "varchar", "due_by": "date", "licence": "VARCHAR", "url": "varchar",
        "rounding": "varchar",
    },
    "authorities": {
        "authority_code": "VARCHAR", "authority_name": "VARCHAR", "department_code": "VARCHAR",
        "region_code": "VARCHAR", "region": "VARCHAR", "sub_region_code": "varchar", "sub_region": "varchar",
        "opened": "DATE", "closed": "date", "tile_column": "integer", "tile_row": "integer",
    },
    "authority_names": {"name": "VARCHAR", "authority_code": "VARCHAR"},
    "regions": {"region_code": "VARCHAR", "region": "VARCHAR", "level": "VARCHAR", "parent_code": "varchar"},
    "authority_changes": {
        "kind": "VARCHAR", "old_code": "VARCHAR", "new_code": "varchar", "new_name": "varchar", "date": "DATE",
        "note": "varchar",
    },
    "neighbours": {
        "authority_code": "VARCHAR", "place": "INTEGER", "neighbour_code": "VARCHAR", "closeness": "VARCHAR",
    },
    "joint_returns": {
        "joint_code": "VARCHAR", "authority_code": "VARCHAR", "joint_name": "VARCHAR", "theme": "VARCHAR",
    },
    "inspections": {
        "authority_code": "VARCHAR", "kind": "VARCHAR", "inspection_type": "VARCHAR", "inspection_date": "date",
        "end_date": "date", "publication_date": "date", "overall_effectiveness": "varchar", "leaders": "varchar",
        "help_and_protection": "varchar", "children_in_care": "varchar", "care_leavers": "varchar",
        "theme": "varchar", "note": "varchar", "source": "VARCHAR", "release": "varchar", "report_url": "varchar",
    },
    "authority_groups": {
        "group_id": "VARCHAR", "group_name": "VARCHAR", "authority_code": "VARCHAR", "source": "VARCHAR",
    },
}  # fmt: skip
OBSERVATION = {
    "indicator": "VARCHAR", "age_group": "VARCHAR", "area_code": "VARCHAR", "period_end": "DATE",
    "frequency": "VARCHAR", "basis": "VARCHAR", "layer": "VARCHAR", "numerator": "double", "denominator": "double",
    "value": "double", "published_value": "double", "status": "VARCHAR", "source": "VARCHAR", "release": "VARCHAR",
}  # fmt: skip
TABLES["superseded"] = {**OBSERVATION, "superseded_by": "VARCHAR"}
# What a version lays beside the published figures: see Warehouse.with_local.
LOCAL_TABLES = {
    "given": {**OBSERVATION, "target": "double", "restated": "BOOLEAN", "rounded": "double"},
    "catalogue": TABLES["indicators"],
    "events": TABLES["inspections"],
    "sources_added": TABLES["sources"],
}
# What a typed column may hold.
ALLOWED = {
    "theme": ("outcome", "enabler", "context"),
    "unit": ("percent", "count", "ratio", "per_10000"),
    "polarity": ("high", "low", "neutral"),
    "interval": ("wilson", "none"),
    "published_every": ("year", "quarter"),
    "frequency": ("year", "quarter", "snapshot"),
    "basis": ("full_year", "quarter", "year_to_date", "rolling_12m", "snapshot"),
    "layer": ("published", "provisional", "final"),
    "status": ("ok", "c", "x", "z", "k", "low", "u", "incomplete", "missing"),
}
_ALLOWED_IN = {
    "indicators": ("theme", "unit", "polarity", "interval", "published_every"),
    "observations": ("frequency", "basis", "layer", "status"),
}
# What no two rows of a file may share, and the columns whose codes another file must have.
KEYS = {
    "indicators": (("id",),),
    "glossary": (("term",),),
    "sources": (("source", "release"),),
    "authorities": (("authority_code",), ("authority_name",), ("department_code",)),
    "authority_names": (("name",),),
    "regions": (("region_code",),),
    "neighbours": (("authority_code", "place"), ("authority_code", "neighbour_code")),
    "joint_returns": (("joint_code", "authority_code"),),
    "authority_groups": (("group_id", "authority_code"),),
}
REFERENCES = {
    ("indicators", "source"): "sources.source",
    ("indicators", "not_known"): "indicators.id",
    ("authorities", "region_code"): "regions.region_code",
    ("authority_names", "authority_code"): "authorities.authority_code",
    ("neighbours", "authority_code"): "authorities.authority_code",
    ("neighbours", "neighbour_code"): "authorities.authority_code",
    ("joint_returns", "authority_code"): "authorities.authority_code",
    ("inspections", "authority_code"): "authorities.authority_code",
    ("authority_groups", "authority_code"): "authorities.authority_code",
}


# The database keeps what it frees for itself unless told to give it back: 80 MB after building.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "allocator_flush_threshold": "1MB",
    "allocator_bulk_deallocation_flush_threshold": "1MB",
}


class _Database:
    """An in-memory database and what the versions in it share."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        # Held while a version is made or let go.
        self.changing = threading.Lock()
        # Schemas of versions that nobody holds any more.
        self.gone: deque[str] = deque()
        self._opening = threading.Lock()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of one's own. They are made one at a time: making one is not thread-safe, using one is."""
        with self._opening:
            cursor = self.connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def sweep(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Drop the versions that are gone and the local figures that only they had."""
        if not self.gone:
            return
        while self.gone:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{self.gone.popleft()}" CASCADE')
        held = cursor.execute("SELECT schema_name FROM duckdb_tables() WHERE table_name = 'parts'").fetchall()
        parts = "".join(f' UNION ALL SELECT area_code, made FROM "{schema}".parts' for (schema,) in held)
        cursor.execute(f"DELETE FROM main.local_rows WHERE (area_code, made) NOT IN (SELECT '', 0{parts})")


class Warehouse:
    """An in-memory database that can only be read. Safe to share between threads: each query has its own cursor.

    ``version`` tells one set of figures from another. Several may share a database: see :meth:`with_local`.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, version: str) -> None:
        self._connection = connection
        self._database = _Database(connection)
        self._schema = "main"
        self._leave: Callable[[], object] = connection.close
        self.version = version

    def query(self, name: str, **parameters: Any) -> pd.DataFrame:
        """Run ``queries/<name>.sql`` with bound parameters; its head comment says what it takes and returns.

        Raises :class:`QueryProblem` for an unknown name and for missing or unknown parameters.
        """
        sql, wanted = _read_query(name)
        missing, unknown = wanted - parameters.keys(), parameters.keys() - wanted
        if missing:
            raise QueryProblem(f"The query “{name}” needs the parameter “{min(missing)}”.")
        if unknown:
            raise QueryProblem(f"The query “{name}” has no parameter “{min(unknown)}”.")
        with self._cursor() as cursor:
            frame = cursor.execute(sql, parameters).df()
        for column in [name for name, kind in frame.dtypes.items() if pd.api.types.is_object_dtype(kind)]:
            # Lists arrive as (masked) arrays; plain lists with None in the gaps are what callers can use.
            frame[column] = [cell.tolist() if isinstance(cell, np.ndarray) else cell for cell in frame[column]]
        return frame

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._database.cursor() as cursor:
            if self._schema != "main":
                # What is not in the schema is found in main: the published figures are there once for all versions.
                cursor.execute(f'USE "{self._schema}"')
            yield cursor

    def with_local(
        self,
        local: Mapping[str, pd.DataFrame],
        version: str,
        *,
        before: Warehouse | None = None,
        areas: Sequence[str] = (),
    ) -> Warehouse:
        """These figures and local ones beside them, sharing this database; call on a warehouse without local ones.

        ``local`` holds a frame for each of :data:`LOCAL_TABLES`: ``given`` are figures fit for viewers, and the others
        what uploads add to tables. With ``before``, an earlier version made here, ``given`` holds the rows of ``areas`` only and
        those of all other authorities are taken over from it. It takes memory until nobody holds it or it is closed.
        """
        number = next(_NUMBERS)
        schema = f"local_{number}"
        made = Warehouse(self._connection, version)
        made._database, made._schema = self._database, schema
        # Nothing can be dropped here and now: this may be called in the midst of a query.
        made._leave = finalize(made, self._database.gone.append, schema)
        with self._database.changing, self._database.cursor() as cursor:
            self._database.sweep(cursor)
            cursor.execute(f'CREATE SCHEMA "{schema}"; USE "{schema}"')
            for name, types in LOCAL_TABLES.items():
                _copy(cursor, name, local[name], types)
            cursor.execute(
                "CREATE TABLE parts AS SELECT area_code, $1::INTEGER AS made, list(DISTINCT release) AS releases "
                "FROM given GROUP BY area_code",
                [number],
            )
            if before is not None:
                _take_over(cursor, before._schema, list(areas))
            for script in sorted((QUERIES / "local").glob("*.sql")):
                cursor.execute(script.read_text(encoding="utf-8"))
        return made

    def close(self) -> None:
        """Let the memory go: of the local figures alone where they share a database, else of everything."""
        self._leave()
        if self._schema != "main":
            with self._database.changing, self._database.cursor() as cursor:
                self._database.sweep(cursor)


@cache
def query_names() -> tuple[str, ...]:
    """The names that :meth:`Warehouse.query` knows."""
    return tuple(sorted(path.stem for path in QUERIES.glob("*.sql")))


@cache
def _read_query(name: str) -> tuple[str, frozenset[str]]:
    if name not in query_names():
        raise QueryProblem(f"There is no query called “{name}”.")
    sql = (QUERIES / f"{name}.sql").read_text(encoding="utf-8")
    if [statement.type for statement in duckdb.extract_statements(sql)] != [duckdb.StatementType.SELECT]:
        raise QueryProblem(f"The query “{name}” must be one SELECT: the figures can only be read.")
    return sql, frozenset(_PARAMETER.findall(_COMMENT.sub("", sql)))


@dataclass(frozen=True)
class AddedReleases:
    """Published figures that were uploaded: ``figures`` (columns of ``OBSERVATION`` and ``upload``) and their ``sources``.

    ``name`` tells one set of them from another.
    """

    name: str
    figures: pd.DataFrame
    sources: pd.DataFrame


def open_warehouse(folder: Path | None = None, *, sealed: bool = True, added: AddedReleases | None = None) -> Warehouse:
    """Build the warehouse from a data folder (default: the configured one) and the releases ``added`` to it.

    Files that match ``manifest.csv`` were checked when they were sealed and are loaded as they are. With
    ``sealed=False`` the manifest is not asked for and every row is checked. Raises :class:`DataProblem` naming
    file, line and reason when a file is missing, broken or was edited.
    """
    folder = folder or settings.data_folder()
    if sealed and added is None:
        ahead = _AHEAD.pop((folder, settings.small_cohort()), None)
        if ahead is not None:
            return ahead.result()
    return _build(folder, sealed, added)


# What is being opened ahead, by folder and the one setting that is among the figures.
_AHEAD: dict[tuple[Path, int], Future[Warehouse]] = {}


def open_ahead() -> None:
    """Begin to open the configured folder on a thread; the next :func:`open_warehouse` of it takes what comes of it.

    For the start of a server: the building is the database's work, and Python goes on importing beside it. What is wrong
    with the folder or a setting is raised by :func:`open_warehouse`.
    """
    try:
        key = (settings.data_folder(), settings.small_cohort())
    except CareLeaversError:
        return
    pool = ThreadPoolExecutor(1, "open-ahead")
    _AHEAD[key] = pool.submit(_build, key[0], True, None)
    # The thread ends when it is done.
    pool.shutdown(wait=False)


def _build(folder: Path, sealed: bool, added: AddedReleases | None) -> Warehouse:
    contents = _contents(folder)
    if sealed:
        try:
            check_seal(folder, contents)
        except DataProblem as seal_problem:
            # A row that is wrong in itself says more than “something between these lines was changed”.
            check_folder(folder, contents)
            raise seal_problem
    else:
        check_folder(folder, contents)
    every = b"".join(name.encode() + contents[name] for name in sorted(contents)) + (
        added.name.encode() if added else b""
    )
    version = hashlib.sha256(every).hexdigest()[:10]
    connection = duckdb.connect(":memory:", config=CONFIG | {"threads": settings.threads()})
    try:
        _load(connection, folder, contents)
        if added is not None:
            _add(connection, added)
        _apply_rules(connection)
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall():
            connection.execute(f'DROP TABLE "{table}"')
        # Packing a few hundred rows before a sort costs more than it saves: a third of a query's time.
        connection.execute("SET disabled_optimizers = 'compressed_materialization'")
        connection.execute("SET enable_external_access = false; SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return Warehouse(connection, version)


def _take_over(connection: duckdb.DuckDBPyConnection, schema: str, areas: list[str]) -> None:
    """Add what an earlier version held of all other authorities."""
    connection.execute(
        f'INSERT INTO parts SELECT * FROM "{schema}".parts WHERE NOT list_contains($1, area_code)', [areas]
    )
    connection.execute(f'INSERT INTO sources_added SELECT * FROM "{schema}".sources_added')


def _copy(connection: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame, types: Mapping[str, str]) -> None:
    """Make a table of these types from a frame; a column that the frame lacks is empty."""
    held = {column: f'"{column}"' if column in frame.columns and len(frame) else "NULL" for column in types}
    columns = ", ".join(f'{held[column]}::{kind} AS "{column}"' for column, kind in types.items())
    if frame.empty:
        # Its columns have no type that could be relied on, and to look for one takes longer than all the rest.
        connection.execute(f'CREATE TABLE "{name}" AS SELECT {columns} WHERE false')
        return
    connection.register("copied", frame)
    connection.execute(f'CREATE TABLE "{name}" AS SELECT {columns} FROM copied')
    connection.unregister("copied")


def _add(connection: duckdb.DuckDBPyConnection, added: AddedReleases) -> None:
    _copy(connection, "uploaded", added.figures, {**OBSERVATION, "upload": "INTEGER"})
    _copy(connection, "uploaded_sources", added.sources, TABLES["sources"])
    connection.execute(
        """INSERT INTO sources BY NAME SELECT * FROM uploaded_sources
        WHERE (source, release) NOT IN (SELECT (source, release) FROM sources)"""
    )
    connection.execute(PRECEDENCE)
    connection.execute((QUERIES / "releases" / "settle.sql").read_text(encoding="utf-8"))
    connection.execute("DROP TABLE uploaded; DROP TABLE uploaded_sources")


def _apply_rules(connection: duckdb.DuckDBPyConnection) -> None:
    """Run ``queries/rules`` in order of name. What only the home page needs is made beside what other pages need."""
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in sorted((QUERIES / "rules").glob("*.sql"))}
    beside = scripts.pop("3_headlines")
    first = [name for name in scripts if name < "3"]
    for name in first:
        connection.execute(scripts.pop(name))
    with ThreadPoolExecutor(1) as pool:
        cursor = connection.cursor()
        apart = pool.submit(cursor.execute, beside)
        for script in scripts.values():
            connection.execute(script)
        apart.result()
        # Its temporary tables end with it.
        cursor.close()


def _contents(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise DataProblem("data", "the folder with the figures is missing")
    try:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*.csv"))
            if path.name != MANIFEST
        }
    except OSError as error:
        raise DataProblem("data", f"the figures cannot be read ({error.strerror})") from None


def _observation_files(contents: Mapping[str, bytes]) -> list[str]:
    return [name for name in contents if name.startswith("observations/")]


def _columns(types: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"'{column}': '{kind}'" for column, kind in types.items()) + "}"


def _read_csv(files: list[Path], types: Mapping[str, str]) -> str:
    names = ", ".join("'" + str(path).replace("'", "''") + "'" for path in files)
    return (
        f"read_csv([{names}], columns={_columns(types)}, header=true, delim=',', quote='\"', escape='\"', "
        "nullstr='', auto_detect=false, strict_mode=true)"
    )


def _load(connection: duckdb.DuckDBPyConnection, folder: Path, contents: Mapping[str, bytes]) -> None:
    files = {table: ([f"{table}.csv"], types) for table, types in TABLES.items()}
    files["observations"] = (_observation_files(contents), OBSERVATION)
    for table, (names, types) in files.items():
        for name in names:
            if name not in contents:
                raise DataProblem(f"data/{name}", "the file is missing")
        try:
            connection.execute(
                f'CREATE TABLE "{table}" AS SELECT * FROM {_read_csv([folder / name for name in names], types)}'
            )
        except duckdb.Error:
            raise DataProblem(
                f"data/{names[0]}" if len(names) == 1 else f"data/{table}",
                "this is not one well-formed table; save it as “CSV UTF-8”, every line ending alike",
            ) from None
    connection.execute("CREATE TABLE settings AS SELECT $n::INTEGER AS small_cohort", {"n": settings.small_cohort()})
    connection.execute("CREATE VIEW members AS SELECT joint_code, authority_code FROM joint_returns")
    connection.execute(
        """CREATE TABLE areas AS
        SELECT authority_code AS area_code, authority_name AS area_name, 'authority' AS level, region_code, region,
               opened, closed FROM authorities
        UNION ALL
        SELECT DISTINCT j.joint_code, j.joint_name, 'authority', a.region_code, a.region, a.opened, a.closed
        FROM joint_returns j JOIN authorities a USING (authority_code)
        WHERE a.authority_code = split_part(j.joint_code, ' / ', 1)
        UNION ALL
        SELECT region_code, region, level, region_code, region, NULL, NULL FROM regions"""
    )


def check_folder(folder: Path, contents: Mapping[str, bytes] | None = None) -> None:
    """Check every row of a data folder; raises :class:`DataProblem` naming the first file, line and reason.

    Checked: columns, types, allowed words, codes that other files define, duplicate keys, and that a value is
    what its counts and its status say.
    """
    contents = contents if contents is not None else _contents(folder)
    seen: dict[str, set[str]] = defaultdict(set)
    rows = {table: _check_table(folder, f"{table}.csv", table, types, seen) for table, types in TABLES.items()}
    _check_keys(rows, seen)
    areas = seen["authorities.authority_code"] | seen["regions.region_code"] | seen["joint_returns.joint_code"]
    ages = {row["id"]: set(row["age_groups"].split(";")) for _, row in read_table(folder / "indicators.csv").rows}
    kinds = {row["id"]: row for _, row in read_table(folder / "indicators.csv").rows}
    releases = {(row["source"], row["release"]) for _, row in read_table(folder / "sources.csv").rows}
    files = _observation_files(contents)
    if not files:
        raise DataProblem("data/observations", "there are no figures in the folder")
    keys: dict[tuple[str, ...], tuple[str, int]] = {}
    for name in files:
        table = _check_table(folder, name, "observations", OBSERVATION, defaultdict(set))
        for line, row in table:
            shown = f"data/{name}"
            if row["indicator"] not in ages:
                raise DataProblem(shown, f"“{row['indicator']}” is not in data/indicators.csv", line, "indicator")
            if row["age_group"] not in ages[row["indicator"]]:
                raise DataProblem(shown, f"{row['indicator']} has no age group “{row['age_group']}”", line, "age_group")
            if row["area_code"] not in areas:
                raise DataProblem(
                    shown, f"“{row['area_code']}” is not an authority, region or England", line, "area_code"
                )
            if (row["source"], row["release"]) not in releases:
                raise DataProblem(
                    shown, f"“{row['source']} {row['release']}” is not in data/sources.csv", line, "source"
                )
            key = tuple(row[c] for c in ("indicator", "age_group", "area_code", "period_end", "frequency", "layer"))
            if key in keys:
                first = keys[key]
                raise DataProblem(shown, f"the same figure stands in data/{first[0]}, line {first[1]}", line)
            keys[key] = (name, line)
            _check_value(shown, line, row, kinds[row["indicator"]]["unit"])


def _check_table(
    folder: Path, name: str, table: str, types: Mapping[str, str], seen: dict[str, set[str]]
) -> list[tuple[int, dict[str, str]]]:
    shown = f"data/{name}"
    content = read_table(folder / name, shown, strip=False)
    for column in types:
        if column not in content.columns:
            raise DataProblem(shown, f"the column “{column}” is missing", 1)
    if tuple(types) != content.columns:
        raise DataProblem(shown, f"the columns must be, in this order: {', '.join(types)}", 1)
    for line, row in content.rows:
        for column, kind in types.items():
            text = row[column]
            if not text:
                if kind.isupper():
                    raise DataProblem(shown, "there is no value", line, column)
                continue
            if not _fits(text, kind.upper()):
                wanted = {"DATE": "a date like 2025-03-31", "INTEGER": "a whole number"}.get(kind.upper(), "a number")
                raise DataProblem(shown, f"“{text}” is not {wanted}", line, column)
            if column in _ALLOWED_IN.get(table, ()) and text not in ALLOWED[column]:
                raise DataProblem(shown, f"“{text}” is not one of {', '.join(ALLOWED[column])}", line, column)
            seen[f"{table}.{column}"].add(text)
    return list(content.rows)


def _check_keys(tables: Mapping[str, list[tuple[int, dict[str, str]]]], seen: Mapping[str, set[str]]) -> None:
    for table, keys in KEYS.items():
        for key in keys:
            lines: dict[tuple[str, ...], int] = {}
            for line, row in tables[table]:
                first = lines.setdefault(tuple(row[column] for column in key), line)
                if first != line:
                    shown = " ".join(row[column] for column in key)
                    raise DataProblem(f"data/{table}.csv", f"“{shown}” stands in line {first} already", line, key[-1])
    for (table, column), known in REFERENCES.items():
        for line, row in tables[table]:
            if row[column] and row[column] not in seen[known]:
                defined = known.partition(".")[0]
                raise DataProblem(f"data/{table}.csv", f"“{row[column]}” is not in data/{defined}.csv", line, column)


_PATTERNS = {
    "DATE": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "INTEGER": re.compile(r"[0-9]{1,9}"),
    "DOUBLE": re.compile(r"[0-9]{1,15}(\.[0-9]+)?"),
}


def _fits(text: str, kind: str) -> bool:
    pattern = _PATTERNS.get(kind)
    if pattern is None:
        return True
    if pattern.fullmatch(text) is None:
        return False
    if kind != "DATE":
        return True
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_value(shown: str, line: int, row: Mapping[str, str], unit: str) -> None:
    numerator, denominator, value, published = (
        float(row[c]) if row[c] else None for c in ("numerator", "denominator", "value", "published_value")
    )
    if row["status"] == "ok" and value is None:
        raise DataProblem(shown, "the status is “ok” but there is no value", line, "value")
    if row["status"] not in {"ok", "k", "low"} and value is not None:
        raise DataProblem(shown, f"the status is “{row['status']}” but there is a value", line, "value")
    if row["status"] == "c" and numerator is not None:
        raise DataProblem(shown, "a suppressed figure must not carry its count", line, "numerator")
    factor = {"percent": 100.0, "per_10000": 10_000.0}.get(unit)
    if not factor or value is None:
        return
    if value != published and (numerator is None or not denominator):
        raise DataProblem(shown, "the value is neither the published one nor from counts", line, "value")
    if numerator is None or not denominator:
        return
    exact = factor * numerator / denominator
    if value != published and abs(exact - value) > 1e-6 * max(1.0, exact):
        raise DataProblem(shown, f"{numerator:g} of {denominator:g} is {exact:.4f}, not {value:g}", line, "value")
    # Rates of full-time equivalents come with a decimal and from rounded parts: only whole ones are held to theirs.
    if published is None or published % 1 or numerator % 1 or denominator % 1:
        return
    # Counts rounded to ten (regions and England) only bound the published figure.
    slack = factor * 5 / denominator * (1 + numerator / denominator) if numerator % 10 == 0 else 0.0
    if abs(exact - published) > 0.5 + slack + 1e-9:
        raise DataProblem(
            shown, f"{numerator:g} of {denominator:g} does not round to {published:g}", line, "published_value"
        )
