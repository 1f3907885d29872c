"""Who may do what to the store: checked again where rows are written, whatever a page has checked before.

Each function raises or returns: :class:`careleavers.access.people.NotAllowed` where the person may not, :class:`StoreProblem` where
nobody could. ``about`` is a row of ``uploads.sql`` as :meth:`careleavers.store.Store.uploads` gives it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.access.people import COMMAND_LINE, NotAllowed, Person
from careleavers.intake.personal import identifiers
from careleavers.store.model import NewUpload, State, StoreProblem
from careleavers.wording.formats import day_text, join_words

Upload = pd.Series
_DONE = {
    "in force": "in force", "proposed": "waiting for approval", "withdrawn": "withdrawn", "declined": "declined",
    "erased": "erased",
}  # fmt: skip


def check_may_upload(new: NewUpload, person: Person) -> None:
    """Check that a person may upload for every authority of a file.

    Parameters
    ----------
    new
        The checked file.
    person
        Who asks.

    Raises
    ------
    NotAllowed
        Unless they may.
    """
    _check_may(person, new.kind, new.areas, "upload")


def check_may_define(owners: pd.DataFrame, person: Person) -> None:
    """Check that nobody else first defined the indicators that a person wants to define.

    Parameters
    ----------
    owners
        Rows of ``indicator_owners.sql``.
    person
        Who asks.

    Raises
    ------
    NotAllowed
        When somebody else did, unless the person is an administrator.
    """
    others = owners[(owners["issuer"] != person.issuer) | (owners["subject"] != person.subject)]
    if not others.empty and not person.is_administrator:
        first = others.iloc[0]
        raise NotAllowed(
            f"{person.name} may not define {join_words(others['id'])} anew: {first['name'] or 'somebody else'} defined it in upload "
            f"{first['upload']}. Choose another id, or ask them or an administrator."
        )


def check_may_see_file(about: Upload[Any], person: Person) -> None:
    """Check that a person may see the file of an upload.

    Parameters
    ----------
    about
        The upload: a row of :meth:`careleavers.store.Store.uploads`.
    person
        Who asks.

    Raises
    ------
    NotAllowed
        Unless they may upload for all of its authorities.
    """
    # Viewers may know everything in a release or a catalogue.
    areas = about["areas"] if about["kind"] in {"local", "events"} else []
    person.require(areas, "see this file")


def check_may_withdraw(about: Upload[Any], person: Person, what: str) -> None:
    """Check that a person may withdraw or restore an upload.

    Parameters
    ----------
    about
        The upload: a row of :meth:`careleavers.store.Store.uploads`.
    person
        Who asks.
    what
        What the person wants to do: ``withdraw`` or ``restore``.

    Raises
    ------
    NotAllowed
        Unless they may upload for all of its authorities; of a catalogue, unless it is their own.
    """
    _check_may(person, about["kind"], about["areas"], what)
    if about["kind"] == "catalogue" and not _is_own(about, person) and not person.is_administrator:
        raise NotAllowed(
            f"{person.name} may not {what} upload {about['upload']}: {about['added_name'] or 'somebody else'} defined these "
            "indicators. Ask them or an administrator."
        )


def check_may_approve(about: Upload[Any], person: Person) -> None:
    """Check that a person may approve an upload.

    Parameters
    ----------
    about
        The upload: a row of :meth:`careleavers.store.Store.uploads`.
    person
        Who asks.

    Raises
    ------
    NotAllowed
        Unless they may upload for all of its authorities, and when they proposed it.
    """
    _check_may(person, about["kind"], about["areas"], "approve")
    if _is_own(about, person):
        # On the command line the same account may have proposed it under another name.
        whose = str(about["added_name"]) or person.name
        same = "" if whose == person.name else f", from the account that {person.name} uses now"
        raise NotAllowed(f"{whose} proposed upload {about['upload']}{same}; a second person has to approve it.")


def check_may_decline(about: Upload[Any], person: Person) -> None:
    """Check that a person may decline an upload.

    Parameters
    ----------
    about
        The upload: a row of :meth:`careleavers.store.Store.uploads`.
    person
        Who asks.

    Raises
    ------
    NotAllowed
        Unless they may upload for all of its authorities.
    """
    _check_may(person, about["kind"], about["areas"], "decline")


def check_may_erase(about: Upload[Any], person: Person) -> None:
    """Check that a person may erase an upload.

    Parameters
    ----------
    about
        The upload: a row of :meth:`careleavers.store.Store.uploads`.
    person
        Who asks.

    Raises
    ------
    NotAllowed
        Unless they are an administrator.
    """
    if not person.is_administrator:
        raise NotAllowed(f"{person.name} may not erase upload {about['upload']}: that is for administrators.")


def check_not_erased(about: Upload[Any]) -> None:
    """Check that the content of an upload is still there.

    Parameters
    ----------
    about
        The upload: a row of :meth:`careleavers.store.Store.uploads`.

    Raises
    ------
    StoreProblem
        When it was erased.
    """
    if about["state"] == "erased":
        raise StoreProblem(f"Upload {about['upload']} was erased on {day_text(about['at'])}; nothing of it is kept.")


def check_may_audit(person: Person) -> None:
    """Check that a person may see who downloaded unprotected rows.

    Parameters
    ----------
    person
        Who asks.

    Raises
    ------
    NotAllowed
        Unless they are an administrator.
    """
    if not person.is_administrator:
        raise NotAllowed(f"{person.name or 'A visitor'} may not see who downloaded what: that is for administrators.")


def check_state(about: Upload[Any], state: State, become: str) -> None:
    """Check that an upload is in the state from which it can become what was asked for.

    Parameters
    ----------
    about
        The upload: a row of :meth:`careleavers.store.Store.uploads`.
    state
        The state it has to be in.
    become
        What it is to become, for the sentence.

    Raises
    ------
    StoreProblem
        Unless it is; the sentence says which state it is in, and what to do instead.
    """
    if about["state"] == state:
        return
    hint = {
        ("proposed", "withdrawn"): " Decline it instead.",
        ("withdrawn", "approved"): " Restore it instead.",
        ("in force", "declined"): " Withdraw it instead.",
    }.get((about["state"], become), "")
    raise StoreProblem(
        f"Upload {about['upload']} cannot be {become}: it is {_DONE[about['state']]} since {day_text(about['at'])} "
        f"({about['name'] or 'somebody'}).{hint} Nothing was changed."
    )


def checked_reason(reason: str) -> str:
    """Check that there is a reason, and that it does not identify a young person.

    Parameters
    ----------
    reason
        What the person said.

    Returns
    -------
    str
        The reason as given.

    Raises
    ------
    StoreProblem
        When there is none, or it identifies somebody.
    """
    if not reason.strip():
        raise StoreProblem("Say why, in a few words: whoever looks at the history later has to understand it.")
    return checked_text(reason, "The reason")


def checked_text(text: str, what: str) -> str:
    """Check that a text does not identify a young person.

    Parameters
    ----------
    text
        What the person wrote.
    what
        What it is, for the sentence: ``The note``.

    Returns
    -------
    str
        The text as given.

    Raises
    ------
    StoreProblem
        When it does.
    """
    if found := identifiers(text):
        raise StoreProblem(
            f"{what} has what looks like {join_words(found)}. Take it out and try again; nothing was changed."
        )
    return text


def _is_own(about: Upload[Any], person: Person) -> bool:
    if (about["added_issuer"], about["added_subject"]) == person.identity:
        return True
    # On the command line an account acts in the name of an officer, who is then the same person as on the pages.
    by_name = COMMAND_LINE in (about["added_issuer"], person.issuer)
    return by_name and str(about["added_name"]).casefold() == person.name.casefold()


def _check_may(person: Person, kind: str, areas: Any, what: str) -> None:
    if kind == "release":
        person.require([], f"{what} the department's releases")
        if not person.for_all:
            raise NotAllowed(
                f"{person.name} may not {what} the department's releases: that is for officers who look after every authority."
            )
    else:
        person.require(areas if kind in {"local", "events"} else [], what)
