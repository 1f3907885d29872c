"""Frames of uploaded figures, compact: half a million rows must not take much memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from careleavers.intake.encoded import EncodedColumn
from careleavers.intake.model import FIGURE_COLUMNS

_KINDS = {"INTEGER": "int32", "DOUBLE": "float64", "DATE": "datetime64[s]", "VARCHAR": "category"}


def figure_frame(content: Mapping[str, Any]) -> pd.DataFrame:
    """A frame of figures from its columns.

    Parameters
    ----------
    content
        Each column of :data:`FIGURE_COLUMNS` by name.

    Returns
    -------
    pandas.DataFrame
        Those columns in order: texts as categories, None in a number as NaN.
    """
    return compact(pd.DataFrame({column: content[column] for column in FIGURE_COLUMNS}, copy=False))


def categories(texts: EncodedColumn[str]) -> pd.Categorical[Any]:
    """A column of texts that repeat, each kept once.

    Parameters
    ----------
    texts
        The column.

    Returns
    -------
    pandas.Categorical
    """
    codes: dict[str, int] = {}
    places = texts.to_numpy(lambda text: codes.setdefault(text, len(codes)), np.int32)
    return pd.Categorical.from_codes(places, dtype=pd.CategoricalDtype(list(codes)))


def repeated_text(text: str, times: int) -> pd.Categorical[Any]:
    """A column with the same text in every row.

    Parameters
    ----------
    text
        The text.
    times
        How many rows.

    Returns
    -------
    pandas.Categorical
    """
    return pd.Categorical.from_codes(np.zeros(times, dtype=np.int8), dtype=pd.CategoricalDtype([text]))


def empty_figure_frame() -> pd.DataFrame:
    """Such a frame without a row."""
    return figure_frame({column: [] for column in FIGURE_COLUMNS})


def compact(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame of figures with the smallest type that each column can have.

    Parameters
    ----------
    frame
        Columns :data:`FIGURE_COLUMNS`.

    Returns
    -------
    pandas.DataFrame
    """
    return frame.astype({column: _KINDS[kind] for column, kind in FIGURE_COLUMNS.items()})
