"""Text that somebody uploaded, made safe for everybody's pages: it is shown as it is, and nothing treats it as markup.

A title, a definition or the source of an inspection reaches sentences, Markdown, HTML, charts (Plotly knows ``<a href>`` and
``<b>``), tooltips and files. Rather than in each of these places, characters that any of them takes for markup are replaced here by ones that
look or read the same, once, where uploaded rows join the published ones.
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

# Characters that are markup anywhere, and ones that look alike and are not.
_EVERYWHERE = str.maketrans(
    {"<": "‹", ">": "›", "[": "(", "]": ")", "*": "∗", "`": "’", "~": "∼", "$": "USD ", "\\": "∖", "|": "ǀ"}
)  # fmt: skip
_PARTLY: tuple[tuple[re.Pattern[str], str], ...] = (
    # A bare address that becomes a link, a coloured word, a symbol by its name.
    (re.compile(r":(?=//|[A-Za-z])"), "∶"),
    (re.compile(r"\b(www|ftp)\.", re.IGNORECASE), r"\1․"),
    (re.compile(r"\s*@\s*"), " (at) "),
    # Emphasis; within a word an underline is only that.
    (re.compile(r"(?<!\w)_+|_+(?!\w)|__+"), "‗"),
    # A heading, a list or a rule, which begin a text.
    (re.compile(r"^\s*#[\s#]*"), ""),
    (re.compile(r"^\s*[-+](?=[\s-]|$)"), "–"),
    (re.compile(r"^\s*(\d{1,9})[.)](?=\s)"), r"\1․"),
)
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def inert(text: str) -> str:
    """The text on one line, as it looks, with nothing in it that Markdown, HTML, Plotly or a browser would act upon.

    Parameters
    ----------
    text
        What was uploaded.

    Returns
    -------
    str

    Examples
    --------
    >>> inert("<b>Our</b> *own*")
    '‹b›Our‹/b› ∗own∗'
    """
    text = _SPACES.sub(" ", text).strip().translate(_EVERYWHERE)
    for pattern, instead in _PARTLY:
        text = pattern.sub(instead, text)
    return text.strip()


def inert_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The same for every text in a frame of uploaded rows; what is no text stays as it is.

    Parameters
    ----------
    frame
        Uploaded rows.

    Returns
    -------
    pandas.DataFrame
        The same rows and columns.
    """
    kept: dict[str, Any] = {
        str(column): pd.Series(
            [inert(cell) if isinstance(cell, str) else cell for cell in frame[column]], frame.index, frame[column].dtype
        )
        for column in frame
        if pd.api.types.is_object_dtype(frame[column]) or pd.api.types.is_string_dtype(frame[column])
    }
    return frame.assign(**kept)
