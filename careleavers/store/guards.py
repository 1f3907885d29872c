"""Who may do what to the store: asked again where rows are written, whatever a page has asked before."""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.access.people import COMMAND_LINE, NotAllowed, Person
from careleavers.intake.personal import identifiers
from careleavers.store.model import NewUpload, State, StoreProblem
from careleavers.wording.formats import day_text, listed

Upload = pd.Series
_DONE = {
    "in force": "in force", "proposed": "waiting for approval", "withdrawn": "withdrawn", "declined": "declined",
    "erased": "erased",
}  # fmt: skip


def may_bring(new: NewUpload, person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may upload what is in ``new``."""
    _may(person, new.kind, new.areas, "upload")


def may_define(owners: pd.DataFrame, person: Person) -> None:
    """Raise :class:`NotAllowed` when an indicator was first defined by somebody else (rows of ``owners.sql``)."""
    others = owners[(owners["issuer"] != person.issuer) | (owners["subject"] != person.subject)]
    if not others.empty and not person.is_administrator:
        first = others.iloc[0]
        raise NotAllowed(
            f"{person.name} may not define {listed(others['id'])} anew: {first['name'] or 'somebody else'} defined it in upload "
            f"{first['upload']}. Choose another id, or ask them or an administrator."
        )


def may_see(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may see an upload as it was sent in (a row of ``uploads.sql``)."""
    # A release and a catalogue hold nothing that viewers may not know.
    areas = about["areas"] if about["kind"] in {"local", "events"} else []
    person.need(areas, "see this file")


def may_undo(about: Upload[Any], person: Person, what: str) -> None:
    """Raise :class:`NotAllowed` unless the person may withdraw or restore an upload."""
    _may(person, about["kind"], about["areas"], what)
    if about["kind"] == "catalogue" and not _is_own(about, person) and not person.is_administrator:
        raise NotAllowed(
            f"{person.name} may not {what} upload {about['upload']}: {about['added_name'] or 'somebody else'} defined these "
            "indicators. Ask them or an administrator."
        )


def may_approve(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may approve an upload, which nobody may who proposed it."""
    _may(person, about["kind"], about["areas"], "approve")
    if _is_own(about, person):
        # By the command line it may have been proposed under another name: the account is the same.
        whose = str(about["added_name"]) or person.name
        same = "" if whose == person.name else f", from the account that {person.name} uses now"
        raise NotAllowed(f"{whose} proposed upload {about['upload']}{same}; a second person has to approve it.")


def may_decline(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may decline an upload."""
    _may(person, about["kind"], about["areas"], "decline")


def may_erase(about: Upload[Any], person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may erase an upload, which administrators alone may."""
    if not person.is_administrator:
        raise NotAllowed(f"{person.name} may not erase upload {about['upload']}: that is for administrators.")


def need_content(about: Upload[Any]) -> None:
    """Raise :class:`StoreProblem` when an upload was erased."""
    if about["state"] == "erased":
        raise StoreProblem(f"Upload {about['upload']} was erased on {day_text(about['at'])}; nothing of it is kept.")


def may_audit(person: Person) -> None:
    """Raise :class:`NotAllowed` unless the person may see who took unprotected rows away."""
    if not person.is_administrator:
        raise NotAllowed(f"{person.name or 'A visitor'} may not see who downloaded what: that is for administrators.")


def need_state(about: Upload[Any], state: State, become: str) -> None:
    """Raise :class:`StoreProblem` unless an upload is in a state from which it can ``become`` what was asked for."""
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


def need_reason(reason: str) -> str:
    """The reason as it is kept; raises :class:`StoreProblem` when there is none, or more about a person than may stay."""
    if not reason.strip():
        raise StoreProblem("Say why, in a few words: whoever looks at the history later has to understand it.")
    return need_impersonal(reason, "The reason")


def need_impersonal(text: str, what: str) -> str:
    """The text; raises :class:`StoreProblem` where it tells who a young person is. ``what`` names it: ``The note``."""
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


def _may(person: Person, kind: str, areas: Any, what: str) -> None:
    if kind == "release":
        person.need([], f"{what} the department's releases")
        if not person.for_all:
            raise NotAllowed(
                f"{person.name} may not {what} the department's releases: that is for officers who look after every authority."
            )
    else:
        person.need(areas if kind in {"local", "events"} else [], what)
