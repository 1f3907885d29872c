"""Comments as HTML, in which every text is escaped. Streamlit has no component that marks words as somebody else's."""

from __future__ import annotations

import html
from collections.abc import Sequence

from careleavers.views.commentary import words
from careleavers.views.commentary.view import Comment


def comments(shown: Sequence[Comment], authority: str, *, one_figure: bool) -> str:
    """Comments under a figure, marked as the council's own words.

    Parameters
    ----------
    shown
        At least one.
    authority
        The name of the authority.
    one_figure
        Whether they can only be about one figure, so that it need not be named.

    Returns
    -------
    str
        A section of HTML.
    """
    body = "".join(_comment(each, named=not one_figure) for each in shown)
    return (
        f'<section class="cl-comments" aria-label="{html.escape(words.heading(authority), quote=True)}">'
        f"<h2>{html.escape(words.heading(authority))}</h2>{body}</section>"
    )


def _comment(comment: Comment, *, named: bool) -> str:
    about = f"<p><b>{html.escape(comment.about)}</b></p>" if named else ""
    said = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in comment.paragraphs)
    return f"<blockquote>{about}{said}<footer>{html.escape(comment.by_line)}</footer></blockquote>"
