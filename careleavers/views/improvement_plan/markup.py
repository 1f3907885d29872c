"""Parts of the improvement plan as HTML, in which every text is escaped. Streamlit has no component for them."""

from __future__ import annotations

import html
from collections.abc import Sequence

from careleavers.views.improvement_plan.view import ExceptionItem, Status


def statuses(shown: Sequence[Status]) -> str:
    """How many actions have each status: a colour, always with its word.

    Parameters
    ----------
    shown
        The statuses, the most pressing first.

    Returns
    -------
    str
        A list of HTML.
    """
    items = "".join(
        f'<li class="cl-rag-{html.escape(each.code)}"><b>{each.actions}</b> <span>{html.escape(each.word)}</span>'
        f"<small>{html.escape(each.note)}</small></li>"
        for each in shown
    )
    return f'<ul class="cl-rag" aria-label="Actions by status">{items}</ul>'


def exceptions(shown: Sequence[ExceptionItem]) -> str:
    """The report of exceptions: red, then amber, each with what the council says of it.

    Parameters
    ----------
    shown
        The actions.

    Returns
    -------
    str
        Sections of HTML.
    """
    return f'<div class="cl-exceptions">{"".join(map(_exception, shown))}</div>'


def _exception(item: ExceptionItem) -> str:
    facts = "".join(f"<dt>{html.escape(label)}</dt><dd>{html.escape(text)}</dd>" for label, text in item.facts)
    return (
        f'<section><h3><span class="cl-rag-{html.escape(item.code)}">{html.escape(item.word)}</span> {html.escape(item.title)}</h3>'
        f"<p>{html.escape(item.due)}</p><dl>{facts}</dl></section>"
    )
