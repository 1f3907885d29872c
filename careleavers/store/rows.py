"""Rows on their way between frames and the tables of the store, each with its types."""

from __future__ import annotations

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
from careleavers.store.model import EVENT_KEY, NewUpload
from careleavers.wording.formats import missing

# The version that is never reached: everything.
NEWEST = 2**63 - 1
# What the statements of queries/store read a new upload from: the name there and the types of the columns.
_NEW: dict[str, Mapping[str, str]] = {
    "new_figures": FIGURE_COLUMNS,
    "new_catalogue": dict.fromkeys(("id", "cells"), "VARCHAR"),
    "new_events": dict.fromkeys((*EVENT_KEY, "cells"), "VARCHAR"),
    "new_sources": dict.fromkeys(("source", "release", "cells"), "VARCHAR"),
}


def ask(connection: Connection, name: str, **parameters: Any) -> pd.DataFrame:
    """The answer to ``queries/store/<name>.sql``."""
    return connection.execute(query_text(name), parameters).df()


@contextmanager
def rows_of(connection: Connection, new: NewUpload) -> Iterator[None]:
    """While it lasts, the rows of an upload can be read as new_figures, new_catalogue, new_events and new_sources."""
    packed = {
        "new_catalogue": new.entries if new.kind == "catalogue" else None,
        "new_events": new.entries if new.kind == "events" else None,
        "new_sources": new.sources,
    }
    frames = {name: _packed(frame, tuple(_NEW[name])) for name, frame in packed.items() if frame is not None}
    with _readable(connection, new_figures=new.figures, **frames):
        yield


@contextmanager
def rows_held(connection: Connection, upload: int) -> Iterator[None]:
    """The same for an upload that is in the store, where they never change."""
    with _readable(
        connection,
        new_figures=ask(connection, "figures_of", upload=upload),
        new_catalogue=ask(connection, "catalogue_of", upload=upload),
        new_events=ask(connection, "events_of", upload=upload),
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


def unpacked(frame: pd.DataFrame, table: str, *instead: str) -> pd.DataFrame:
    """Rows with JSON in ``cells`` as rows of a table of the warehouse: upload, then its columns with their types.

    What ``frame`` has in the columns ``instead`` takes the place of what stands in the cells.
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


def _packed(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Rows as they are kept: the cells of all columns as JSON, and apart those that tell one row from another."""
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
    return kept_text(str(cell))


def add_rows(connection: Connection, upload: int, new: NewUpload) -> None:
    """Write an upload, its file and its rows (which :func:`rows_of` made readable); part of a transaction."""
    connection.execute(
        query_text("add_upload"),
        {
            "upload": upload,
            "kind": new.kind,
            "layout": new.layout,
            "layer": new.layer,
            "file_name": kept_text(new.file_name),
            "sha256": new.sha256,
            "size": new.size,
            "rows": new.rows,
            "areas": ";".join(new.areas),
            "note": kept_text(new.note),
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


def kept_text(text: str) -> str:
    """Text as all kinds of store can hold it: without the character 0 and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8").strip()


def _json(value: Mapping[str, Any]) -> str:
    return kept_text(json.dumps(value, ensure_ascii=False, default=str))
