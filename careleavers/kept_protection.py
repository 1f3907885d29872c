"""Protected figures of authorities in files, so that a server that starts protects only those that have changed.

A file holds what viewers see of one authority’s figures, and is found by a hash of the raw figures, of what is published and of the
code. It holds nothing raw.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from careleavers.kept_files import KeptFiles, in_folder, name_of

log = logging.getLogger("careleavers.disclosure")

# What protection changes in a figure or adds to it. It blanks the note, and leaves everything else as it was.
_NUMBERS = ["numerator", "denominator", "value", "published_value", "rounded"]
_CHANGED = [*_NUMBERS, "status", "hidden"]


@cache
def _files() -> KeptFiles:
    return in_folder("protected")


def protect(
    figures: pd.DataFrame, given: tuple[object, ...], protect_some: Callable[[pd.DataFrame], pd.DataFrame]
) -> pd.DataFrame:
    """Protect raw local figures, those of each authority only if they are not kept.

    Parameters
    ----------
    figures
        Raw local figures of any number of authorities.
    given
        What protection depends on besides them and the code: plain values.
    protect_some
        Protects some of them; what it does with one authority must not depend on the others.

    Returns
    -------
    pandas.DataFrame
        What ``protect_some`` gives for all of them.
    """
    files = _files()
    if figures.empty or not files.usable:
        return protect_some(figures)
    places, areas = pd.factorize(figures["area_code"])
    order = np.argsort(places, kind="stable")
    try:
        table = pa.Table.from_pandas(figures.iloc[order], preserve_index=False)
    except pa.ArrowException:
        return protect_some(figures)
    rows_of = np.split(order, np.cumsum(np.bincount(places, minlength=len(areas)))[:-1])
    names = [name_of("protected", *given, content) for content in _contents(table, [len(rows) for rows in rows_of])]
    found = {
        area: part for area, name in enumerate(names) if (part := _read(files, name, len(rows_of[area]))) is not None
    }
    missing = np.concatenate(
        [np.empty(0, dtype=int), *(rows for area, rows in enumerate(rows_of) if area not in found)]
    )
    if not found:
        made = protect_some(figures)
        _keep(files, made, rows_of, names)
        return made
    result = figures.assign(note=figures["note"].mask(np.ones(len(figures), dtype=bool)), hidden=False, rounded=np.nan)
    columns = {
        column: result[column].to_numpy(dtype=object if column == "status" else None, copy=True) for column in _CHANGED
    }
    for area, part in found.items():
        for column in _CHANGED:
            columns[column][rows_of[area]] = part[column]
    if len(missing):
        missing.sort()
        made = protect_some(figures.iloc[missing])
        for column in _CHANGED:
            columns[column][missing] = made[column].to_numpy()
        at = pd.Series(np.arange(len(missing)), index=missing)
        new = [area for area in range(len(areas)) if area not in found]
        _keep(files, made, [at[rows_of[area]].to_numpy() for area in new], [names[area] for area in new])
    return result.assign(**columns).astype(figures.dtypes)


def _contents(table: pa.Table, lengths: list[int]) -> Iterator[bytes]:
    """The rows of each authority as bytes."""
    at = 0
    for length in lengths:
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            # Taken, not sliced: of a slice the bytes up to the next multiple of 64 would be written too, which are the next one's.
            stream.write_table(table.take(pa.array(np.arange(at, at + length))))
        yield sink.getvalue()
        at += length


def _read(files: KeptFiles, name: str, length: int) -> dict[str, np.ndarray] | None:
    content = files.get(name)
    if content is None:
        return None
    try:
        table = pa.ipc.open_stream(content).read_all()
        part = {column: table[column].to_numpy() for column in _CHANGED}
    except (pa.ArrowException, KeyError):
        log.warning("Protected figures that were kept cannot be read", exc_info=True)
        return None
    return part if table.num_rows == length else None


def _keep(files: KeptFiles, made: pd.DataFrame, rows_of: list[np.ndarray], names: list[str]) -> None:
    for rows, name in zip(rows_of, names, strict=True):
        part = made.iloc[rows]
        if part["hidden"].all():
            continue  # where protecting failed all is hidden, which must not outlast the failure
        table = pa.table(
            {
                **{column: part[column].to_numpy(dtype=np.float64, na_value=np.nan) for column in _NUMBERS},
                "status": pa.array(part["status"].tolist(), pa.string()),
                "hidden": part["hidden"].to_numpy(dtype=bool),
            }
        )
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table)
        files.put(name, sink.getvalue())
