"""What the Improvement plan page draws: the plan for its readers, and for officers the ways to upload, undo and withdraw it.

The plan of a council is read anew in every run, for the person who looks: nothing of it is kept for other visitors.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from careleavers import settings
from careleavers.access.people import Person
from careleavers.intake import plan_template
from careleavers.store import StoreUnavailable
from careleavers.store.documents import may_write
from careleavers.ui import (
    access,
    figures,
    links,
    markdown,
    notices,
    state,
    table_upload,
    whats_new,
    widgets,
)
from careleavers.ui import keeping as shared
from careleavers.ui.short_tables import short_table
from careleavers.views.commentary import checks
from careleavers.views.improvement_plan import keeping, markup, view, words
from careleavers.views.improvement_plan.keeping import PLAN, KeptPlan, PlanCheck
from careleavers.views.watch_list.keeping import kept_list
from careleavers.wording.exports import csv_bytes
from careleavers.wording.formats import file_name

_KEY = "plan"
_EVERY = "all"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def kept(code: str, who: Person) -> KeptPlan | None:
    """The plan of an authority as far as somebody may read it; where the store is away, a notice and None.

    Parameters
    ----------
    code
        The authority.
    who
        Who looks.

    Returns
    -------
    KeptPlan or None
    """
    try:
        return keeping.kept_plan(figures.versions().store.documents, code, who)
    except StoreUnavailable as problem:
        st.warning(markdown.escaped(str(problem)))
        return None


def choose_part(plan: KeptPlan, code: str, who: Person) -> tuple[str, str, dt.date | None]:
    """Which actions are shown, and the day of the last meeting; all three are kept in the address.

    Parameters
    ----------
    plan
        The plan.
    code
        The authority.
    who
        Who looks.

    Returns
    -------
    tuple[str, str, dt.date or None]
        The inspection and the owner, "" for all; the day, by default the one that is kept with the watch list, None for none.
    """
    inspections, owners = view.choices(figures.context_of_one(), keeping.versions_text((plan.document,)))
    asked = (
        ("inspection", "Where it comes from", inspections, "Every inspection and review"),
        ("owner", "Owner", owners, "Every owner"),
    )
    # A choice of one is none, unless a link asks for another.
    offered = [each for each in asked if len(each[2]) > 1 or each[0] in st.query_params]
    columns = st.columns(len(asked) + 1)
    chosen = {}
    for column, (key, label, options, every) in zip(columns, offered, strict=False):
        with column:
            chosen[key] = state.choose(key, label, {_EVERY: every, **options}, default=_EVERY, what=label.lower())
    with columns[len(offered)]:
        since = whats_new.since("Changes since (the day of your last meeting)")
    notices.show(whats_new.KEY)
    watched = kept_list(figures.versions().store.documents, code, who)
    inspection, owner = ("" if chosen.get(key, _EVERY) == _EVERY else chosen[key] for key, *_ in asked)
    return inspection, owner, since or (watched.committee if watched is not None else None)


def show_plan(plan: KeptPlan, shown: view.ImprovementPlanView) -> None:
    """The plan: how its actions stand, what is late, what changed, and the exceptions.

    Parameters
    ----------
    plan
        The plan in force.
    shown
        What is shown of it.
    """
    st.markdown(f"**{markdown.escaped(shown.headline)}.** {markdown.escaped(shown.detail)}")
    widgets.markup(markup.statuses(shown.statuses))
    st.caption(words.ABOUT_STATUS)
    st.caption(
        markdown.escaped(shown.position) + ("" if plan.document.public else " For officers of this council only.")
    )
    with st.expander("The statuses as a table, with the version before"):
        short_table(shown.counts, alt="How many actions have each status", long=("Meaning",))
    st.header("What has changed", anchor="changes")
    _changes(shown.since_heading, shown.since)
    if shown.changes is None and shown.since is None:
        st.markdown(words.NO_CHANGES)
    _changes(shown.changes_heading, shown.changes)
    st.header("Exceptions: red, then amber", anchor="exceptions")
    if shown.exceptions:
        widgets.markup(markup.exceptions(shown.exceptions))
    else:
        st.markdown(words.NO_EXCEPTIONS)


def _changes(heading: str, changes: pd.DataFrame | None) -> None:
    if changes is not None:
        st.markdown(f"**{markdown.escaped(heading)}**")
        short_table(changes, alt=heading, long=tuple(changes.columns), cards=True)


def show_actions(shown: view.ImprovementPlanView, name: str) -> None:
    """Every action as a table, and its downloads.

    Parameters
    ----------
    shown
        What is shown of the plan.
    name
        The authority.
    """
    st.header("Every action", anchor="actions")
    short_table(
        shown.table,
        alt="Every action with its status, date and owner",
        # The action has the room that the others leave it.
        long=("Due", "Owner", "Where it comes from", "Progress"),
        cards=True,
    )
    widgets.downloads(
        shown.download, shown.about, f"Improvement plan of {name}", (name, "improvement plan"), "the plan"
    )


@access.fragment
def show_action(plan: KeptPlan, shown: view.ImprovementPlanView, code: str, name: str) -> None:
    """One action over time, with the figure that it is meant to move. A fragment: its choice redraws it only.

    Parameters
    ----------
    plan
        The plan in force.
    shown
        What is shown of it.
    code, name
        The authority.
    """
    # A fragment can be redrawn by itself after a sign-in has expired.
    if not plan.document.may_be_read_by(access.person()):
        return
    st.header("One action", anchor="action")
    with_figure = [row["action_key"] for row in shown.rows.to_dict("records") if row["indicator"]]
    first = with_figure[0] if with_figure else next(iter(shown.names))
    key = state.choose("action", "Action", shown.names, default=first, what="action")
    one = view.build_action(figures.context_of_one(), plan.versions, shown.rows, key, code, name, widgets.width())
    st.markdown(f"**{one.word}.** {markdown.escaped(one.due)}")
    short_table(
        pd.DataFrame(one.facts, columns=["About", "What the council says"]),
        alt=f"What the council says of action {one.title}",
        long=("What the council says",),
    )
    st.markdown("**History of this action**")
    short_table(
        one.history,
        alt="History of the action, the newest first",
        long=("What changed", "Position", "Progress"),
        cards=True,
    )
    if one.line is not None:
        widgets.chart(one.line, key="action-line")
    if one.line_words:
        st.markdown(markdown.escaped(one.line_words))
        links.link("trends", "The figure over all years: Trends", indicator=one.indicator, age=one.age_group)


def show_judged(shown: view.ImprovementPlanView) -> None:
    """How Ofsted judged the area.

    Parameters
    ----------
    shown
        What is shown of the plan.
    """
    st.header("How the area was judged", anchor="judged")
    st.markdown(markdown.escaped(shown.judged) if shown.judged else "No judgement is recorded.")
    links.link("inspections", "Every judgement and visit: Inspections")


def offer_upload(plan: KeptPlan | None, code: str, name: str, who: Person) -> None:
    """For officers of the authority: the template, and a file checked, previewed and accepted.

    Parameters
    ----------
    plan
        The plan in force; None where there is none.
    code, name
        The authority.
    who
        Who looks.
    """
    if not may_write(who, code):
        return
    shared.opened(PLAN, code, who)
    st.header("For officers: a new version", anchor="upload")
    _offer_template(plan, name)
    given = table_upload.ask(_KEY, "The plan to check")
    if given is None:
        return
    service = figures.upload_service()
    checked = table_upload.examined(
        _KEY,
        given,
        who,
        code,
        lambda content, file: keeping.check_plan(
            content,
            file,
            service.reference(),
            [*service.places(), name],
            widgets.today(),
            settings.rounding_step(),
            checks.hidden_counts(figures.versions(), code),
        ),
    )
    if checked is None:
        return
    table_upload.show_report(checked.report, checked.draft.findings, checked.draft.table)
    if checked.report.blocking:
        return
    content = keeping.plan_content(checked, confirmed=True)
    st.markdown("**What accepting it would change**")
    _preview(plan, content)
    _ask_to_accept(plan, checked, code, who)


def _preview(plan: KeptPlan | None, content: Mapping[str, Any]) -> None:
    said, changes = view.build_preview(figures.context_of_one(), keeping.with_next(plan, content, widgets.today()))
    st.markdown(markdown.escaped(said))
    if changes is not None:
        short_table(changes, alt="What accepting the plan would change", long=tuple(changes.columns), cards=True)


def show_waiting(plan: KeptPlan | None, code: str, who: Person) -> None:
    """For officers of the authority: the version that waits for a second officer, and what it would change.

    Parameters
    ----------
    plan
        The plan in force; None where there is none.
    code
        The authority.
    who
        Who looks.
    """
    shared.show_waiting(PLAN, code, who, lambda proposal: _preview(plan, proposal.content))


def _offer_template(plan: KeptPlan | None, name: str) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Download the template (Excel)",
            plan_template.template_xlsx,
            file_name="improvement-plan.xlsx",
            mime=_XLSX,
            on_click="ignore",
        )
        st.download_button(
            "Download the template (CSV)",
            plan_template.template_csv,
            file_name="improvement-plan.csv",
            mime="text/csv",
            on_click="ignore",
        )
        st.download_button(
            "Download a worked example (CSV)", plan_template.example_csv, file_name="improvement-plan-example.csv", mime="text/csv",
            on_click="ignore", help=plan_template.ABOUT_EXAMPLE,
        )  # fmt: skip
        if plan is not None:
            document = plan.document
            st.download_button(
                "Download the plan in force, to bring it up to date (CSV)",
                lambda: csv_bytes(pd.DataFrame(keeping.kept_rows(document))),
                file_name=f"{file_name(name, 'improvement plan')}.csv",
                mime="text/csv",
                on_click="ignore",
            )


def _ask_to_accept(plan: KeptPlan | None, checked: PlanCheck, code: str, who: Person) -> None:
    with st.form("accept-plan", border=True):
        public = shared.choose_readers(PLAN, code, public=plan is not None and plan.document.public)
        note = st.text_input("Note for colleagues (kept with the version)", max_chars=shared.LONGEST_NOTE)
        confirmed = st.checkbox(shared.CONFIRM) if checked.report.to_confirm else True
        pressed = st.form_submit_button("Accept this version", type="primary")
    if not pressed:
        return
    if not confirmed:
        st.warning(shared.NOT_CONFIRMED)
        return
    shared.save(
        PLAN,
        code,
        keeping.plan_content(checked, confirmed=confirmed),
        who,
        public=public,
        said=words.ACCEPTED,
        note=note.strip(),
        done=lambda: table_upload.discard(_KEY),
    )
