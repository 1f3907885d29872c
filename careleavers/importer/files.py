"""Reading published CSV files with their line numbers, and writing ours so that the same figures give the same bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from careleavers.errors import DataProblem

BLOCK_LINES = 250


@dataclass(frozen=True)
class Table:
    """A CSV file in memory: ``name`` to quote in messages, ``columns``, and ``rows`` as (line number, fields)."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_table(path: Path, name: str | None = None, *, strip: bool = True) -> Table:
    """Read a UTF-8 CSV (with or without a byte-order mark) whose first row is the header.

    Parameters
    ----------
    path
        The file.
    name
        How messages call it (default: its folder and name).
    strip
        Whether to take spaces off both ends of every field.

    Returns
    -------
    Table

    Raises
    ------
    DataProblem
        The file is missing, is not text, has no header, repeats a column, or a row has more or fewer fields than the
        header.
    """
    name = name or f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise DataProblem(name, "the file is missing") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise DataProblem(name, "this is not UTF-8 text; save it as “CSV UTF-8”", line) from None
    except OSError as error:
        raise DataProblem(name, f"the file cannot be read ({error.strerror})") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [column.strip() for column in next(reader, [])]
        if not any(header):
            raise DataProblem(name, "the file is empty", 1)
        repeated = sorted({column for column in header if header.count(column) > 1})
        if repeated:
            raise DataProblem(name, f"the column “{repeated[0]}” stands twice in the header", 1)
        for fields in reader:
            if not fields:
                continue
            if len(fields) != len(header):
                raise DataProblem(name, f"{len(fields)} fields where the header has {len(header)}", reader.line_num)
            if strip:
                fields = [field.strip() for field in fields]
            rows.append((reader.line_num, dict(zip(header, fields, strict=True))))
    except csv.Error as error:
        raise DataProblem(name, f"this is not well-formed CSV ({error})", reader.line_num) from None
    return Table(name, tuple(header), tuple(rows))


def require_columns(table: Table, columns: Iterable[str]) -> None:
    """Make sure that a table has some columns.

    Parameters
    ----------
    table
        The table.
    columns
        Their names.

    Raises
    ------
    DataProblem
        Naming the first that is missing.
    """
    for column in columns:
        if column not in table.columns:
            raise DataProblem(table.name, f"the column “{column}” is missing", 1)


def number_text(value: float | int | None) -> str:
    """A number as the shortest text that keeps ten significant figures.

    Parameters
    ----------
    value
        The number.

    Returns
    -------
    str
        "" for None.
    """
    if value is None:
        return ""
    return f"{value:.10g}"


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """Rows as UTF-8 CSV with LF line ends.

    Parameters
    ----------
    columns
        The header, and the order of the fields.
    rows
        By column; None and a missing column are written as empty.

    Returns
    -------
    bytes
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if row.get(column) is None else row[column] for column in columns])
    return out.getvalue().encode("utf-8")


def write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write every file, or none.

    All are written next to their places first and moved in only when every one is on disk; when one cannot be moved
    (another program may hold it open), those before it are put back.

    Parameters
    ----------
    folder
        The data folder.
    files
        Path below it to bytes.

    Raises
    ------
    DataProblem
        The folder cannot be written to; nothing was changed.
    """
    staged: list[tuple[Path, Path]] = []
    moved: list[tuple[Path, bytes | None]] = []
    try:
        for name, content in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
            staged.append((Path(temporary), target))
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(temporary).chmod(0o644)
        for source, target in staged:
            before = target.read_bytes() if target.exists() else None
            source.replace(target)
            moved.append((target, before))
    except OSError as error:
        for target, before in moved:
            if before is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(before)
        raise DataProblem(
            str(folder), f"the folder cannot be written to ({error.strerror}); nothing was changed"
        ) from None
    finally:
        for source, _ in staged:
            source.unlink(missing_ok=True)


def block_digests(content: bytes) -> list[str]:
    """Short digests of each run of :data:`BLOCK_LINES` lines, so that an edit can be placed as well as noticed.

    Parameters
    ----------
    content
        The bytes of a file.

    Returns
    -------
    list[str]
        Twelve hexadecimal digits each.
    """
    lines = content.splitlines(keepends=True)
    return [
        hashlib.sha256(b"".join(lines[start : start + BLOCK_LINES])).hexdigest()[:12]
        for start in range(0, len(lines), BLOCK_LINES)
    ]


MANIFEST = "manifest.csv"
MANIFEST_COLUMNS = ("file", "lines", "sha256", "blocks")


def manifest_bytes(folder: Path, changed: Mapping[str, bytes] | None = None) -> bytes:
    """The manifest of every CSV below a folder.

    Parameters
    ----------
    folder
        The data folder.
    changed
        Contents that are about to be written there, by path below it.

    Returns
    -------
    bytes
        A CSV with the columns :data:`MANIFEST_COLUMNS`.
    """
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.csv"))
        if path.name != MANIFEST
    }
    contents.update(changed or {})
    return csv_bytes(
        MANIFEST_COLUMNS,
        (
            {
                "file": name,
                "lines": len(content.splitlines()),
                "sha256": hashlib.sha256(content).hexdigest(),
                "blocks": " ".join(block_digests(content)),
            }
            for name, content in sorted(contents.items())
        ),
    )


def seal(folder: Path) -> int:
    """Rewrite the manifest of a folder after a deliberate change by hand.

    Parameters
    ----------
    folder
        The data folder.

    Returns
    -------
    int
        How many files it covers.
    """
    content = manifest_bytes(folder)
    write_all(folder, {MANIFEST: content})
    return content.count(b"\n") - 1


def check_seal(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Hold files against the manifest.

    Parameters
    ----------
    folder
        The data folder.
    contents
        Path below it to bytes.

    Raises
    ------
    DataProblem
        A file was edited, added or removed since the manifest was written: names it, and the lines between which it
        differs.
    """
    manifest = read_table(folder / MANIFEST, f"data/{MANIFEST}")
    require_columns(manifest, MANIFEST_COLUMNS)
    listed = {row["file"]: row for _, row in manifest.rows}
    for name, row in listed.items():
        if name not in contents:
            raise DataProblem(f"data/{name}", "the file is missing", line=None)
        content = contents[name]
        if hashlib.sha256(content).hexdigest() == row["sha256"]:
            continue
        was, now = row["blocks"].split(), block_digests(content)
        block = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))
        first = block * BLOCK_LINES + 1
        last = min(first + BLOCK_LINES - 1, max(len(content.splitlines()), first))
        raise DataProblem(
            f"data/{name}",
            "the file was changed since it was imported. Import the release again, or, if the change was meant, "
            "run “python -m careleavers seal”",
            f"{first} to {last}",
        )
    for name in contents:
        if name not in listed:
            raise DataProblem(
                f"data/{name}",
                "the file is not in data/manifest.csv. If it was added on purpose, run “python -m careleavers seal”",
                1,
            )
