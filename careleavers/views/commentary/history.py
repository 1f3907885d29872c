"""What was written, as tables for officers: each document, and every version of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from careleavers.access.people import with_channel
from careleavers.model import Indicator
from careleavers.store import Document
from careleavers.views.commentary.view import FigureKey, author, figure_words
from careleavers.wording.formats import day_text
from careleavers.wording.uploaded_text import inert

KINDS = {
    "commentary": "Comment", "question": "Answer", "pack": "Report pack", "pack_template": "Report template",
    "plan": "Improvement plan", "watch_list": "Watch list",
}  # fmt: skip
_DONE = {"saved": "Saved", "withdrawn": "Withdrawn", "restored": "Put back", "erased": "Erased"}
# The most of a text that a table shows.
_LONGEST = 300


def documents_table(
    documents: Sequence[Document], names: Mapping[str, str], indicators: Mapping[str, Indicator]
) -> pd.DataFrame:
    """Documents as a table.

    Parameters
    ----------
    documents
        As they are now.
    names
        The name of each authority by its code.
    indicators
        The catalogue by id.

    Returns
    -------
    pandas.DataFrame
        ``Number``, ``What``, ``Of``, ``About``, ``State``, ``Readers``, ``Last changed``: texts only.
    """
    return pd.DataFrame(
        [
            {
                "Number": str(document.document),
                "What": KINDS.get(document.kind, document.kind),
                "Of": names.get(document.authority_code, document.authority_code) or "all councils",
                "About": _about(document, indicators),
                "State": _state(document),
                "Readers": "Everybody" if document.public else "Officers",
                "Last changed": _who(document),
            }
            for document in documents
        ],
        dtype=object,
    )


def versions_table(versions: Sequence[Document]) -> pd.DataFrame:
    """Every version of a document as a table.

    Parameters
    ----------
    versions
        The newest first.

    Returns
    -------
    pandas.DataFrame
        ``Version``, ``Done``, ``By``, ``Text``, ``Readers``, ``Reason``: texts only.
    """
    return pd.DataFrame(
        [
            {
                "Version": str(version.version),
                "Done": _DONE[version.action],
                "By": _who(version),
                "Text": _shortened(str(version.content.get("text", ""))),
                "Readers": "Everybody" if version.public else "Officers",
                "Reason": inert(version.reason),
            }
            for version in versions
        ],
        dtype=object,
    )


def name_of(document: Document, names: Mapping[str, str], indicators: Mapping[str, Indicator]) -> str:
    """A document on one line: ``12: Comment of Leeds, In education, work or training, aged 19 to 21, March 2025``.

    Parameters
    ----------
    document, names, indicators
        As for :func:`documents_table`.

    Returns
    -------
    str
    """
    of = names.get(document.authority_code, document.authority_code)
    about = _about(document, indicators)
    return f"{document.document}: {KINDS.get(document.kind, document.kind)}{f' of {of}' if of else ''}" + (
        f", {about}" if about else ""
    )


def _about(document: Document, indicators: Mapping[str, Indicator]) -> str:
    if document.erased:
        return ""
    if document.kind == "commentary" and (figure := FigureKey.of(document.key)) is not None:
        return figure_words(figure, indicators)
    return _shortened(str(document.content.get("question") or document.content.get("title") or document.key))


def _state(document: Document) -> str:
    return "Erased" if document.erased else "In force" if document.in_force else "Withdrawn"


def _who(document: Document) -> str:
    who = with_channel(author(document), document.issuer, document.subject)
    return f"{inert(who)}, {day_text(document.at)}"


def _shortened(text: str) -> str:
    line = inert(text)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"
