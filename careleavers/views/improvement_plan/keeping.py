"""The improvement plan of an authority in the store: a file checked, what it would change, and its versions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from careleavers.access.people import Person
from careleavers.intake.plan import PLAN_COLUMNS, PlanDraft, read_plan
from careleavers.intake.reference import ReferenceData
from careleavers.intake.report import Report, report
from careleavers.intake.small_counts import HiddenCounts
from careleavers.store import Document, Documents
from careleavers.views.keeping import Place, entries, newest

# An authority has one plan; an inspection or a review is a column of it.
PLAN = Place("plan", "improvement plan", "the plan")
# Versions that are compared; older ones stay in the store and on the list.
MOST_VERSIONS = 24


@dataclass(frozen=True)
class PlanCheck:
    """A file that was read and checked.

    Attributes
    ----------
    draft
        The plan as it was understood.
    report
        What was found in it.
    file_name
        The name of the file.
    """

    draft: PlanDraft
    report: Report
    file_name: str


@dataclass(frozen=True)
class KeptPlan:
    """The plan in force, as far as somebody may read it.

    Attributes
    ----------
    document
        Its newest version.
    history
        Every version that may be read, the newest first.
    versions
        Those of them that count, as JSON: what the questions ``queries/improvement_plan_*.sql`` are asked with.
    """

    document: Document
    history: tuple[Document, ...]
    versions: str


def check_plan(
    content: bytes,
    file_name: str,
    reference: ReferenceData,
    places: Iterable[str],
    today: dt.date,
    small: int,
    hidden: HiddenCounts | None = None,
) -> PlanCheck:
    """Read and check a plan; nothing is kept.

    Parameters
    ----------
    content, file_name
        The file.
    reference
        The indicators that an action may be meant to move.
    places
        Names that are no person's.
    today
        The day on which it is read.
    small
        The largest number of young people that is asked about.
    hidden
        Counts of the council's own figures that readers do not see as they are.

    Returns
    -------
    PlanCheck

    Raises
    ------
    Refused
        For a file that cannot be read at all, or that is about single young people.
    """
    draft = read_plan(content, file_name, reference, today=today, places=places, small=small, hidden=hidden)
    return PlanCheck(draft, report(draft.findings), file_name)


def kept_plan(documents: Documents, authority_code: str, person: Person) -> KeptPlan | None:
    """The plan of an authority and its versions.

    Parameters
    ----------
    documents
        The documents of the store.
    authority_code
        The authority.
    person
        Who reads.

    Returns
    -------
    KeptPlan or None
        None where there is none that they may read.

    Raises
    ------
    StoreUnavailable
        When the versions cannot be read.
    """
    document = newest(documents, PLAN, authority_code, person)
    if document is None:
        return None
    history = tuple(documents.history(document.document, person))
    return KeptPlan(document, history, versions_text(history))


def with_next(kept: KeptPlan | None, content: Mapping[str, Any], today: dt.date) -> str:
    """The versions as they would be with one more: what its preview is asked with.

    Parameters
    ----------
    kept
        The plan in force; None where there is none.
    content
        What the next version would say: from :func:`plan_content`.
    today
        The day on which it would be accepted.

    Returns
    -------
    str
        JSON.
    """
    before = _versions(kept.history) if kept else []
    number = max((int(each["version"]) for each in before), default=0) + 1
    day = str(content.get("as_at") or today.isoformat())
    return json.dumps([*before, {"version": number, "day": day, "actions": entries(content, "actions")}])


def plan_content(check: PlanCheck, *, confirmed: bool) -> dict[str, Any]:
    """What is kept of a checked plan.

    Parameters
    ----------
    check
        What :func:`check_plan` gave.
    confirmed
        Whether what the report asks to confirm was confirmed.

    Returns
    -------
    dict[str, Any]

    Raises
    ------
    ValueError
        While something must be fixed or is not confirmed, which a caller has to prevent.
    """
    if check.report.blocking or (check.report.to_confirm and not confirmed):
        raise ValueError("the report of this plan does not allow it to be accepted")
    return {
        "file": check.file_name,
        "as_at": check.draft.as_at.isoformat() if check.draft.as_at else "",
        # Most cells of a plan are empty.
        "actions": [{name: text for name, text in action.items() if text} for action in check.draft.actions],
    }


def kept_rows(document: Document) -> list[dict[str, str]]:
    """The actions of a version, in the columns of the template, to be changed and uploaded again.

    Parameters
    ----------
    document
        The version.

    Returns
    -------
    list of dict
        Texts as they were uploaded: not for a page.
    """
    rows = []
    for action in entries(document.content, "actions"):
        row = {name: str(action.get(name, "")) for name in PLAN_COLUMNS}
        row["indicator"] = f"{row['indicator']} {action.get('age_group', '')}".strip()
        rows.append(row)
    return rows


def versions_text(history: Sequence[Document]) -> str:
    """Versions as JSON.

    Parameters
    ----------
    history
        The newest first.

    Returns
    -------
    str
    """
    return json.dumps(_versions(history))


def _versions(history: Sequence[Document]) -> list[dict[str, Any]]:
    """The versions that count, the oldest first: what was undone between a version and its putting back never held."""
    held: list[Document] = []
    for each in sorted(history, key=lambda one: one.version):
        if not each.in_force:
            continue
        back = next((place for place, one in enumerate(held) if one.content == each.content), None)
        if each.action == "restored" and back is not None:
            del held[back + 1 :]
        else:
            held.append(each)
    return [
        {"version": each.version, "day": _day(each), "actions": entries(each.content, "actions")}
        for each in held[-MOST_VERSIONS:]
    ]


def _day(document: Document) -> str:
    return str(document.content.get("as_at") or document.at.date().isoformat())
