"""Questions as HTML, in which every text is escaped."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from careleavers.views.commentary.view import Comment
from careleavers.views.commentary.words import heading
from careleavers.views.questions import words
from careleavers.views.questions.answers import Answer
from careleavers.views.questions.view import Question


def question(
    asked: Question, answer: Answer | None, number: int, said: Comment | None = None, authority: str = ""
) -> str:
    """One question with what it rests on and, where it was asked before, what was answered.

    Parameters
    ----------
    asked
        The question.
    answer
        The newest answer; None where there is none.
    number
        Its number in the list.
    said, authority
        What the council says of its figure, None for nothing; and the name of the council.

    Returns
    -------
    str
        A section of HTML.
    """
    link = (
        f' <a href="{html.escape(asked.link, quote=True)}" target="_self" '
        f'aria-label="{html.escape(f"Compare: question {number}", quote=True)}">Compare</a>'
        if asked.link
        else ""
    )
    lines = [html.escape(asked.evidence), html.escape(asked.others), html.escape(asked.neighbour)]
    body = "".join(f"<p>{line}</p>" for line in lines if line)
    small = f'<p class="cl-small">{html.escape(asked.source)}{link}</p>'
    before = _answer(answer) if answer is not None else ""
    before += "" if said is None else _comment(said, authority)
    return f'<section class="cl-question"><h2>{number}. {html.escape(asked.text)}</h2>{body}{small}{before}</section>'


def _comment(said: Comment, authority: str) -> str:
    text = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in said.paragraphs)
    return (
        f'<blockquote class="cl-answer"><p><b>{html.escape(heading(authority))}</b></p>{text}'
        f"<footer>{html.escape(said.by_line)}</footer></blockquote>"
    )


def _answer(answer: Answer) -> str:
    said = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in answer.paragraphs)
    return (
        f'<blockquote class="cl-answer"><p><b>{html.escape(answer.heading)}</b></p>{said}'
        f"<footer>{html.escape(answer.by_line)}</footer></blockquote>"
    )


def taken(chosen: Sequence[Question], answers: Mapping[str, Answer]) -> str:
    """The questions that a member takes along, as one list to print, with the three to ask after each answer.

    Parameters
    ----------
    chosen
        At least one.
    answers
        The newest answers by the id of the question.

    Returns
    -------
    str
        HTML.
    """
    body = "".join(
        f"<li><b>{html.escape(each.text)}</b><span>{html.escape(' '.join(part for part in (each.evidence, each.others, each.neighbour) if part))}"
        f'</span><span class="cl-small">{html.escape(each.source)}</span>'
        + (_answer(answers[each.id]) if each.id in answers else "")
        + "</li>"
        for each in chosen
    )
    return f'<ol class="cl-questions">{body}</ol>{classics()}'


def classics(heading: str = "After each answer:") -> str:
    """The three questions to ask after each answer, and always.

    Parameters
    ----------
    heading
        What stands above them.

    Returns
    -------
    str
        HTML.
    """
    asked = "".join(f"<li>{html.escape(each)}</li>" for each in words.CLASSICS)
    return f'<div class="cl-classics"><p>{html.escape(heading)}</p><ul>{asked}</ul></div>'
