"""What a council has one of, such as its improvement plan: read, saved, and where two officers have to agree proposed and approved.

It is a document of the store (:class:`careleavers.store.Documents`). A version that waits for a second officer is a document of its own
beside it, which only officers of the council can read; approving it saves what it says as the next version.

Example::

    plan = Place("plan", "improvement plan", "the plan")
    propose(documents, plan, code, content, ann, base=3)
    approve(documents, plan, waiting(documents, plan, code, lou), lou)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from careleavers.access.people import THIS_MACHINE, NotAllowed, Person
from careleavers.store import Document, Documents, StoreProblem
from careleavers.store.document import DocumentKind
from careleavers.views.commentary.words import SOMEBODY
from careleavers.wording.formats import day_text
from careleavers.wording.uploaded_text import inert

READERS = {"officers": "Officers of this council only", "everybody": "Everybody who can open this dashboard"}
_DONE = {"saved": "saved", "restored": "put back", "withdrawn": "withdrawn", "erased": "erased"}
# In the content of a version that somebody else approved: who proposed it.
_PROPOSED_BY = "proposed_by"


@dataclass(frozen=True)
class Place:
    """Where a council keeps something that it has one of.

    Attributes
    ----------
    kind, key
        What tells its document from others.
    what
        What it is called in a sentence: ``the plan``.
    """

    kind: DocumentKind
    key: str
    what: str

    @property
    def waiting_key(self) -> str:
        """The key of the document that waits for a second officer."""
        return f"{self.key}, proposed"


@dataclass(frozen=True)
class Proposal:
    """A version that waits for a second officer.

    Attributes
    ----------
    document
        The document that holds it.
    content
        What the version says.
    note
        What its officer tells colleagues.
    outdated
        Whether something else was saved since, so that it cannot be approved.
    """

    document: Document
    content: Mapping[str, Any]
    note: str
    outdated: bool

    def may_be_approved_by(self, person: Person) -> bool:
        """Whether somebody else than who proposed it asks.

        Parameters
        ----------
        person
            Who asks.

        Returns
        -------
        bool
        """
        return person.identity != (self.document.issuer, self.document.subject)


def newest(documents: Documents, place: Place, authority_code: str, person: Person) -> Document | None:
    """The version in force, as far as somebody may read it. Never fails.

    Parameters
    ----------
    documents
        The documents of the store.
    place, authority_code
        What, and whose.
    person
        Who reads.

    Returns
    -------
    Document or None
    """
    return documents.find(place.kind, authority_code, place.key, person)


def expected(documents: Documents, place: Place, authority_code: str, person: Person) -> int:
    """The version that an officer has before them: what saving is told, so that nobody else's is overwritten.

    Parameters
    ----------
    documents
        The documents of the store.
    place, authority_code
        What, and whose.
    person
        Who saves.

    Returns
    -------
    int
        0 where there never was one; a version that was withdrawn counts.
    """
    held = documents.find(place.kind, authority_code, place.key, person, withdrawn=True)
    return held.version if held is not None else 0


def save(
    documents: Documents,
    place: Place,
    authority_code: str,
    content: Mapping[str, Any],
    person: Person,
    *,
    public: bool,
    expected: int,
    note: str = "",
) -> Document:
    """Keep the next version.

    Parameters
    ----------
    documents
        The documents of the store.
    place, authority_code
        What, and whose.
    content
        What it says.
    person
        Who saves it.
    public
        Whether everybody may read it.
    expected
        From :func:`expected`.
    note
        What colleagues should know.

    Returns
    -------
    Document

    Raises
    ------
    NotAllowed, DocumentChanged, StoreProblem, StoreUnavailable
        As :meth:`careleavers.store.Documents.save` does.
    """
    return documents.save(
        place.kind, authority_code, place.key, content, person, public=public, expected=expected, reason=note
    )


def propose(
    documents: Documents,
    place: Place,
    authority_code: str,
    content: Mapping[str, Any],
    person: Person,
    *,
    base: int,
    note: str = "",
) -> Document:
    """Keep a version that everybody will be able to read once a second officer approves it. It takes the place of one that waits.

    Parameters
    ----------
    documents, place, authority_code, content, person, note
        As for :func:`save`.
    base
        The version that it is to follow: from :func:`expected`.

    Returns
    -------
    Document

    Raises
    ------
    NotAllowed, StoreProblem, StoreUnavailable
        As :meth:`careleavers.store.Documents.save` does.
    """
    return documents.save(
        place.kind, authority_code, place.waiting_key, {"content": content, "base": base, "note": note}, person,
        public=False, reason=note,
    )  # fmt: skip


def waiting(documents: Documents, place: Place, authority_code: str, person: Person) -> Proposal | None:
    """The version that waits for a second officer, for officers of the council. Never fails.

    Parameters
    ----------
    documents
        The documents of the store.
    place, authority_code
        What, and whose.
    person
        Who looks.

    Returns
    -------
    Proposal or None
    """
    held = documents.find(place.kind, authority_code, place.waiting_key, person)
    if held is None or not isinstance(content := held.content.get("content"), Mapping):
        return None
    now = expected(documents, place, authority_code, person)
    return Proposal(held, content, str(held.content.get("note", "")), now != held.content.get("base"))


def approve(documents: Documents, place: Place, proposal: Proposal, person: Person) -> Document:
    """Put a version that waits into force, for everybody to read.

    Parameters
    ----------
    documents
        The documents of the store.
    place
        What it is.
    proposal
        From :func:`waiting`.
    person
        Who approves it.

    Returns
    -------
    Document
        The version in force.

    Raises
    ------
    NotAllowed
        When the person proposed it, or may not upload for the authority.
    StoreProblem
        When another version was saved since it was proposed, or it does not wait any more.
    StoreUnavailable
        When the store cannot be written.
    """
    held = proposal.document
    if not proposal.may_be_approved_by(person):
        raise NotAllowed(f"{held.name or 'You'} proposed this version; a second person has to approve it.")
    now = waiting(documents, place, held.authority_code, person)
    if now is None or now.document.version != held.version:
        raise StoreProblem(
            "It does not wait any more: somebody approved, declined or replaced it. Look at what is in force."
        )
    if now.outdated:
        raise StoreProblem(
            "Another version was saved after this one was proposed. Decline this one and propose it again."
        )
    base = int(held.content["base"])
    # Saved and closed in one transaction: else the version would be in force and still wait, where the second half fails.
    return documents.save(
        place.kind, held.authority_code, place.key, {**proposal.content, _PROPOSED_BY: held.name}, person, public=True,
        expected=base, reason=proposal.note, closes=held, closed_for=f"Approved as version {base + 1}",
    )  # fmt: skip


def decline(documents: Documents, proposal: Proposal, person: Person, reason: str) -> Document:
    """Refuse a version that waits, or take back one's own; it stays in the history.

    Parameters
    ----------
    documents
        The documents of the store.
    proposal
        From :func:`waiting`.
    person
        Who declines it.
    reason
        Why.

    Returns
    -------
    Document

    Raises
    ------
    NotAllowed, DocumentChanged, StoreProblem, StoreUnavailable
        As :meth:`careleavers.store.Documents.withdraw` does.
    """
    return documents.withdraw(proposal.document.document, person, reason, expected=proposal.document.version)


def written_by(document: Document) -> str:
    """Who wrote a version, and who approved it: ``Ann Ames, approved by Lou Lee``.

    Parameters
    ----------
    document
        The version.

    Returns
    -------
    str
        ``an officer`` where no name is known.
    """
    # Where nobody signs in, the name is what the page calls whoever sits there.
    name = "" if document.issuer == THIS_MACHINE else document.name
    proposer = str(document.content.get(_PROPOSED_BY, ""))
    return f"{proposer}, approved by {name or SOMEBODY}" if proposer else name or SOMEBODY


def versions_table(
    history: Sequence[Document],
    counted: str,
    name: str,
    more: Callable[[Document], Mapping[str, str]] = lambda _: {},
) -> pd.DataFrame:
    """Versions as officers see them, in the order given.

    Parameters
    ----------
    history
        The versions.
    counted, name
        What the rows of a version are called on the page, and in what it says: ``Actions``, ``actions``.
    more
        Further columns of a version.

    Returns
    -------
    pandas.DataFrame
        Texts, without columns that are empty. Columns: Version, What, that of ``counted``, those of ``more``, By, On, For, Note.
    """
    shown = pd.DataFrame(
        [
            {
                "Version": str(each.version),
                "What": _DONE[each.action],
                counted: str(len(entries(each.content, name))) if each.in_force else "",
                **more(each),
                "By": inert(written_by(each)),
                "On": day_text(each.at),
                "For": READERS["everybody" if each.public else "officers"],
                "Note": inert(each.reason),
            }
            for each in history
        ]
    )
    return shown[[column for column in shown if any(shown[column])]]


def entries(content: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of a version: the actions of a plan, the targets of a list.

    Parameters
    ----------
    content
        What the version says.
    name
        What its rows are called there.

    Returns
    -------
    list of dict
    """
    found = content.get(name, [])
    return [dict(each) for each in found if isinstance(each, Mapping)] if isinstance(found, list) else []
