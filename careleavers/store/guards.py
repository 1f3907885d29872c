"""Who may do what to the store: checked again where rows are written, whatever a page has checked before.

Each function raises or returns: :class:`careleavers.people.NotAllowed` where the person may not, :class:`StoreProblem` where
nobody could. ``about`` is a row of ``uploads.sql`` as :meth:`careleavers.store.Store.uploads` gives it.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.formats import day_text, listed
from careleavers.intake.personal import identifiers
from careleavers.people import COMMAND_LINE, NotAllowed, Person
from careleavers.store.model import NewUpload, State, StoreProblem

Upload = pd.Series
_DONE = {
    "in force": "in force", "proposed": "waiting for approval", "withdrawn": "withdrawn", "declined": "declined",
    "erased": "erased",
}  # fmt: skip


def check_may_upload(new: NewUpload, person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may upload for every authority of a file."""
    _check_may(person, new.kind, new.areas, "upload")


def check_may_define(owners: pd.DataFrame, person: Person) -> None:
    """Raise :class:`NotAllowed` when somebody else first defined one of the indicators (rows of ``indicator_owners.sql``)."""
    others = owners[(owners["issuer"] != person.issuer) | (owners["subject"] != person.subject)]
    if not others.empty and not person.is_administrator:
        first = others.iloc[0]
        raise NotAllowed(
            f"{person.name} may not define {listed(others['id'])} anew: {first['name'] or 'somebody else'} defined it in upload "
            f"{first['upload']}. Choose another id, or ask them or an administrator."
        )


def check_may_see_file(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may see the file of an upload."""
    # Viewers may know everything in a release or a catalogue.
    areas = about["areas"] if about["kind"] in {"local", "events"} else []
    person.require(areas, "see this file")


def check_may_withdraw(about: Upload[Any], person: Person, what: str) -> None:
    """Raise :class:`NotAllowed` unless the person may withdraw or restore an upload (``what`` says which)."""
    _check_may(person, about["kind"], about["areas"], what)
    if about["kind"] == "catalogue" and not _is_own(about, person) and not person.is_administrator:
        raise NotAllowed(
            f"{person.name} may not {what} upload {about['upload']}: {about['added_name'] or 'somebody else'} defined these "
            "indicators. Ask them or an administrator."
        )


def check_may_approve(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may approve an upload, which whoever proposed it may not."""
    _check_may(person, about["kind"], about["areas"], "approve")
    if _is_own(about, person):
        # On the command line the same account may have proposed it under another name.
        whose = str(about["added_name"]) or person.name
        same = "" if whose == person.name else f", from the account that {person.name} uses now"
        raise NotAllowed(f"{whose} proposed upload {about['upload']}{same}; a second person has to approve it.")


def check_may_decline(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may decline an upload."""
    _check_may(person, about["kind"], about["areas"], "decline")


def check_may_erase(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may erase an upload, which only administrators may."""
    if not person.is_administrator:
        raise NotAllowed(f"{person.name} may not erase upload {about['upload']}: that is for administrators.")


def check_not_erased(about: Upload[Any]) -> None:
    """Raise :class:`StoreProblem` when an upload was erased."""
    if about["state"] == "erased":
        raise StoreProblem(f"Upload {about['upload']} was erased on {day_text(about['at'])}; nothing of it is kept.")


def check_may_audit(person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may see who downloaded unprotected rows."""
    if not person.is_administrator:
        raise NotAllowed(f"{person.name or 'A visitor'} may not see who downloaded what: that is for administrators.")


def check_state(about: Upload[Any], state: State, become: str) -> None:
    """Raise :class:`StoreProblem` unless an upload is in the state from which it can ``become`` what was asked for."""
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
    """The reason as given; raises :class:`StoreProblem` where there is none, or it identifies a young person."""
    if not reason.strip():
        raise StoreProblem("Say why, in a few words: whoever looks at the history later has to understand it.")
    return checked_text(reason, "The reason")


def checked_text(text: str, what: str) -> str:
    """The text as given; raises :class:`StoreProblem` where it identifies a young person. ``what`` names it: ``The note``."""
    if found := identifiers(text):
        raise StoreProblem(
            f"{what} has what looks like {listed(found)}. Take it out and try again; nothing was changed."
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
