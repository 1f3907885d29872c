"""Rows on their way between data frames and the tables of the store, each column with its type.

A new upload is *staged* before its transaction begins: its rows can be read there as ``new_figures``, ``new_catalogue``,
``new_events`` and ``new_sources``, which the statements of ``queries/store`` insert from and compare with.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pandas as pd

from careleavers.figures.schema import TABLES
from careleavers.intake.model import FIGURE_COLUMNS
from careleavers.store.connection import Connection, query_text
from careleavers.store.model import EVENT_KEY, Entry, NewUpload
from careleavers.wording.formats import missing

# A version that no ledger reaches: all entries count.
NEWEST = 2**63 - 1
# The views that the statements of queries/store read a staged upload from, with the types of their columns.
_NEW: dict[str, Mapping[str, str]] = {
    "new_figures": FIGURE_COLUMNS,
    "new_catalogue": dict.fromkeys(("id", "cells"), "VARCHAR"),
    "new_events": dict.fromkeys((*EVENT_KEY, "cells"), "VARCHAR"),
    "new_sources": dict.fromkeys(("source", "release", "cells"), "VARCHAR"),
}


def run_query(connection: Connection, name: str, **parameters: Any) -> pd.DataFrame:
    """Run ``queries/store/<name>.sql``.

    Parameters
    ----------
    connection
        To the store, within a transaction.
    name
        The query; its head comment names parameters and columns.
    **parameters
        What the head comment names.

    Returns
    -------
    pandas.DataFrame
        The answer.
    """
    return connection.execute(query_text(name), parameters).df()


@contextmanager
def staged_new_upload(connection: Connection, new: NewUpload) -> Iterator[None]:
    """Stage the rows of a new upload for as long as the context lasts.

    Parameters
    ----------
    connection
        To the store, before its transaction.
    new
        The checked file.

    Returns
    -------
    Iterator[None]
    """
    packed = {
        "new_catalogue": new.entries if new.kind == "catalogue" else None,
        "new_events": new.entries if new.kind == "events" else None,
        "new_sources": new.sources,
    }
    frames = {name: _pack_cells(frame, tuple(_NEW[name])) for name, frame in packed.items() if frame is not None}
    with _readable(connection, new_figures=new.figures, **frames):
        yield


@contextmanager
def staged_stored_upload(connection: Connection, upload: int) -> Iterator[None]:
    """Stage the rows of an upload that is in the store, where they never change.

    Parameters
    ----------
    connection
        To the store, before its transaction.
    upload
        Its number.

    Returns
    -------
    Iterator[None]
    """
    with _readable(
        connection,
        new_figures=run_query(connection, "upload_figures", upload=upload),
        new_catalogue=run_query(connection, "upload_catalogue", upload=upload),
        new_events=run_query(connection, "upload_events", upload=upload),
    ):
        yield


@contextmanager
def _readable(connection: Connection, **frames: pd.DataFrame) -> Iterator[None]:
    try:
        for name, types in _NEW.items():
            frame = frames.get(name)
            if frame is None or frame.empty:
                columns = ", ".join(f'NULL::{kind} AS "{column}"' for column, kind in types.items())
                connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {columns} WHERE false")
            else:
                columns = ", ".join(f'"{column}"::{kind} AS "{column}"' for column, kind in types.items())
                connection.register(f"{name}_given", frame)
                connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT {columns} FROM {name}_given")
        yield
    finally:
        for name in _NEW:
            connection.execute(f"DROP VIEW IF EXISTS {name}")
            connection.unregister(f"{name}_given")


def unpack_cells(frame: pd.DataFrame, table: str, *instead: str) -> pd.DataFrame:
    """Unpack rows that are kept as JSON into the columns of a table of the warehouse.

    Parameters
    ----------
    frame
        Columns ``upload``, ``cells`` (a row of the table, as JSON) and those named in ``instead``.
    table
        A table of :data:`careleavers.figures.warehouse.TABLES`.
    *instead
        Columns of ``frame`` that take the place of what stands in the cells.

    Returns
    -------
    pandas.DataFrame
        ``upload``, then the columns of the table with their types; one row per row of ``frame``.
    """
    cells = [json.loads(text) for text in frame["cells"]]
    for column in instead:
        cells = [{**row, column: value} for row, value in zip(cells, frame[column], strict=True)]
    columns: dict[str, Any] = {"upload": frame["upload"].array}
    for column, kind in TABLES[table].items():
        values = pd.Series([row.get(column) for row in cells], dtype=object)
        if kind.upper() == "DATE":
            values = pd.to_datetime(values).astype("datetime64[us]")
        elif kind.upper() == "INTEGER":
            values = pd.to_numeric(values).astype("Int64")
        columns[column] = values
    return pd.DataFrame(columns)


def _pack_cells(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Pack rows for keeping: all cells as JSON, and separately the columns that tell one row from another."""
    rows = [
        {str(column): text for column, cell in row.items() if (text := _cell_text(cell))}
        for row in frame.to_dict("records")
    ]
    kept = [
        {**{column: row.get(column) for column in columns}, "cells": json.dumps(row, ensure_ascii=False)}
        for row in rows
    ]
    return pd.DataFrame(kept, columns=list(columns), dtype=object)


def _cell_text(cell: Any) -> str:
    if missing(cell):
        return ""
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return storable_text(str(cell))


def insert_upload(connection: Connection, upload: int, new: NewUpload) -> None:
    """Insert an upload, its file and its rows; part of a transaction.

    Parameters
    ----------
    connection
        To the store, with the rows staged by :func:`staged_new_upload`.
    upload
        The number that it gets.
    new
        The checked file.
    """
    connection.execute(
        query_text("add_upload"),
        {
            "upload": upload,
            "kind": new.kind,
            "layout": new.layout,
            "layer": new.layer,
            "file_name": storable_text(new.file_name),
            "sha256": new.sha256,
            "size": new.size,
            "rows": new.rows,
            "areas": ";".join(new.areas),
            "note": storable_text(new.note),
            "checks": _json(new.checks),
            "effect": _json(new.effect),
        },
    )
    connection.execute(query_text("add_original"), {"upload": upload, "content": zlib.compress(new.content, 6)})
    filled = {
        "figures": not new.figures.empty, "catalogue": new.kind == "catalogue", "events": new.kind == "events",
        "sources": not new.sources.empty,
    }  # fmt: skip
    for table in (table for table, has_rows in filled.items() if has_rows):
        connection.execute(query_text(f"add_{table}"), {"upload": upload})


def storable_text(text: str) -> str:
    """Make a text such that every kind of store can hold it.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        Trimmed, without the character 0 and without unpaired surrogates.
    """
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def _json(value: Mapping[str, Any]) -> str:
    return storable_text(json.dumps(value, ensure_ascii=False, default=str))


def entries_of(frame: pd.DataFrame) -> list[Entry]:
    """Turn rows of the ledger into entries.

    Parameters
    ----------
    frame
        Rows with at least the columns of the ledger.

    Returns
    -------
    list of Entry
        In the order of the rows.
    """
    names = [field.name for field in dataclasses.fields(Entry)]
    rows: list[dict[Any, Any]] = frame[names].to_dict("records")
    return [Entry(**{str(name): value for name, value in row.items()}) for row in rows]


def ledger_length(connection: Connection) -> int:
    """The number of entries of the ledger, which is the data version.

    Parameters
    ----------
    connection
        A connection to which a store is attached.

    Returns
    -------
    int
    """
    return int(run_query(connection, "ledger_length")["length"].iloc[0])
