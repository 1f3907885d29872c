"""What was answered when a question was asked: recorded by officers beside it, and shown when it is asked again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from careleavers.access.people import Person
from careleavers.store import Document, Documents
from careleavers.views.commentary.view import author, paragraphs
from careleavers.views.questions import words
from careleavers.wording.uploaded_text import inert

LONGEST = 2000


@dataclass(frozen=True)
class Answer:
    """An answer that was given. Every text is plain and inert.

    Attributes
    ----------
    document, version
        The document of the store that holds it, and which version this is.
    question
        The question as it was asked then.
    asked
        The day of the meeting.
    paragraphs
        The answer.
    name
        Who recorded it.
    public
        Whether everybody may read it.
    """

    document: int
    version: int
    question: str
    asked: dt.date
    paragraphs: tuple[str, ...]
    name: str
    public: bool

    @property
    def heading(self) -> str:
        """When it was asked, and how: ``Asked in July 2026: Why are …?``"""
        return f"{words.asked_in(self.asked)}: {self.question}"

    @property
    def by_line(self) -> str:
        """Who recorded it, and for whom."""
        return f"Recorded by {self.name}" + ("" if self.public else " · for officers of this council only")


def answers(documents: Documents, person: Person, authority_code: str) -> dict[str, Answer]:
    """The newest answer to each question, as far as somebody may read it. Never fails.

    Parameters
    ----------
    documents
        Those of the store.
    person
        Who reads.
    authority_code
        The authority.

    Returns
    -------
    dict[str, Answer]
        By the id of the question.
    """
    found = ((document.key, _answer(document)) for document in documents.every(person, "question", authority_code))
    return {key: answer for key, answer in found if answer is not None}


def content(question: str, asked: dt.date, text: str, name: str = "") -> dict[str, str]:
    """What is kept of an answer.

    Parameters
    ----------
    question
        The question as it is asked.
    asked
        The day of the meeting.
    text
        The answer as typed.
    name
        The name that readers see, where nobody is signed in.

    Returns
    -------
    dict[str, str]
    """
    kept = {"question": question, "asked": asked.isoformat(), "text": text.strip()}
    return kept | ({"name": name.strip()} if name.strip() else {})


def day_asked(kept: Mapping[str, object]) -> dt.date | None:
    """The day of the meeting in what is kept of an answer; None where it has none.

    Parameters
    ----------
    kept
        The content of a document.

    Returns
    -------
    dt.date or None
    """
    try:
        return dt.date.fromisoformat(str(kept.get("asked", "")))
    except ValueError:
        return None


def _answer(document: Document) -> Answer | None:
    said, asked = paragraphs(str(document.content.get("text", ""))), day_asked(document.content)
    if not said or asked is None:
        return None
    return Answer(
        document=document.document,
        version=document.version,
        question=inert(str(document.content.get("question", ""))),
        asked=asked,
        paragraphs=said,
        name=author(document),
        public=document.public,
    )
