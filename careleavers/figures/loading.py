"""The files of ``data/`` checked row by row, and loaded into tables of a database."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import duckdb

from careleavers import settings
from careleavers.errors import DataProblem
from careleavers.figures.schema import ALLOWED, ALLOWED_IN, KEYS, OBSERVATION, REFERENCES, TABLES
from careleavers.importer.files import MANIFEST, read_table

# The small tables that :func:`load` makes.
LOADED = (*TABLES, "settings", "areas")
# The members of joint returns.
MEMBERS = "CREATE VIEW members AS SELECT joint_code, authority_code FROM joint_returns"


def contents_of(folder: Path) -> dict[str, bytes]:
    """Read the CSV files of a data folder, the manifest aside.

    Parameters
    ----------
    folder
        The data folder.

    Returns
    -------
    dict[str, bytes]
        Name within the folder to bytes.

    Raises
    ------
    DataProblem
        When the folder is missing or a file cannot be read.
    """
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


def load(connection: duckdb.DuckDBPyConnection, folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make a table of each checked file of a data folder, and the tables that follow from them.

    Those are ``settings``, ``members`` (of joint returns) and ``areas`` (authorities, joint returns, regions, England).

    Parameters
    ----------
    connection
        The database to fill.
    folder
        The data folder.
    contents
        Its files: name within the folder to bytes.

    Raises
    ------
    DataProblem
        When a file is missing or is not one well-formed table.
    """
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
    connection.execute(MEMBERS)
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
    """Check every row of a data folder.

    Checked: columns, types, allowed words, codes that other files define, duplicate keys, and that a value is what its
    counts and its status say.

    Parameters
    ----------
    folder
        The data folder.
    contents
        Its files, where they have been read already.

    Raises
    ------
    DataProblem
        Naming the first file, line and reason.
    """
    contents = contents if contents is not None else contents_of(folder)
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
            if column in ALLOWED_IN.get(table, ()) and text not in ALLOWED[column]:
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
