"""What the Watch list page draws: the list for its readers, and for officers the ways to type it, upload it and go back.

The list of a council is read anew in every run, for the person who looks: nothing of it is kept for other visitors.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import streamlit as st

from careleavers import settings
from careleavers.access.people import Person
from careleavers.intake import watch_list as reading
from careleavers.intake.report import report
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
from careleavers.views.keeping import Proposal, entries
from careleavers.views.watch_list import keeping, view, words
from careleavers.views.watch_list.keeping import WATCH_LIST, KeptList
from careleavers.wording.formats import age_label, day_text, file_name

_KEY, _ASKED = "watch", "_watch_asked"
_FIRST_DAY = dt.date(2015, 1, 1)


def kept(code: str, who: Person) -> KeptList | None:
    """The watch list of an authority as far as somebody may read it.

    Parameters
    ----------
    code
        The authority.
    who
        Who looks.

    Returns
    -------
    KeptList or None
    """
    return keeping.kept_list(figures.versions().store.documents, code, who)


def since(watched: KeptList) -> dt.date | None:
    """The day of the last meeting: that of the link, else the one kept with the list.

    Parameters
    ----------
    watched
        The list.

    Returns
    -------
    dt.date or None
    """
    asked = whats_new.since("New since (the day of your last meeting)")
    notices.show(whats_new.KEY)
    return asked or watched.committee


def show_list(watched: KeptList, code: str, name: str, who: Person) -> view.WatchListView | None:
    """The list: how many targets are met, each of them, and what is new.

    Parameters
    ----------
    watched
        The list in force.
    code, name
        The authority.
    who
        Who looks.

    Returns
    -------
    view.WatchListView or None
    """
    day = since(watched)
    try:
        before = keeping.items_on(figures.versions().store.documents, watched, who, day)
    except StoreUnavailable:
        before = None
    shown = view.build_view(figures.context_of_one(), watched.items, before, code, name, day)
    if shown is None:
        st.info("The list holds no measure that this dashboard has.")
        return None
    st.markdown(f"**{markdown.escaped(shown.headline)}.**")
    short_table(
        shown.table,
        alt="Each target, the newest official figure, whether it meets the target and the distance",
        long=tuple(map(str, shown.table.columns[1:])),
        cards=True,
    )
    if not watched.document.public:
        st.caption("For officers of this council only.")
    widgets.downloads(shown.download, shown.about, f"Watch list of {name}", (name, "watch list"), "the watch list")
    if day is not None:
        st.header(f"New since {day_text(day)}", anchor="new")
        st.markdown("\n".join(f"- {markdown.escaped(line)}" for line in shown.new) or words.NOTHING_NEW)
        links.link("whats_new", "Everything that is new since then: What is new", since=day.isoformat())
    st.header("Before you use these figures", anchor="cautions")
    st.markdown("\n".join(f"- {markdown.escaped(line)}" for line in shown.cautions))
    return shown


@access.fragment
def show_anonymous(watched: KeptList, shown: view.WatchListView, code: str, name: str) -> None:
    """One measure with the other councils not named. A fragment: its choice redraws it only.

    Parameters
    ----------
    watched
        The list in force.
    shown
        What is shown of it.
    code, name
        The authority.
    """
    # A fragment can be redrawn by itself after a sign-in has expired.
    if not shown.measures or not watched.document.may_be_read_by(access.person()):
        return
    st.header("For a public report: other councils not named", anchor="anonymous")
    st.markdown(words.ABOUT_ANONYMOUS)
    key = state.choose("measure", "Measure", shown.measures, default=next(iter(shown.measures)), what="measure")
    indicator, _, age_group = key.rpartition("/")
    one = view.build_anonymous(
        figures.context_of_one(), watched.items, code, name, indicator, age_group, widgets.width()
    )
    if one is None:
        st.markdown("There is no figure to show.")
        return
    widgets.chart(one.chart, key="anonymous")
    short_table(one.table, alt="The same figures, with the other authorities not named")


def offer_changes(watched: KeptList | None, code: str, name: str, who: Person) -> None:
    """For officers of the authority: add or take out a target, upload a list, and the day of the last meeting.

    Parameters
    ----------
    watched
        The list in force; None where there is none.
    code, name
        The authority.
    who
        Who looks.
    """
    if not may_write(who, code):
        return
    shared.opened(WATCH_LIST, code, who)
    st.header("For officers: change the list", anchor="change")
    rows: Sequence[Mapping[str, object]] = watched.rows if watched is not None else []
    with st.expander("Add a target, or change one", expanded=not rows):
        _add(watched, rows, code, who)
    if rows:
        with st.expander("Take a target out"):
            _take_out(watched, rows, code, who)
    with st.expander("Who may read it, and the day of the last meeting"):
        _settings(watched, rows, code, who)
    with st.expander("Upload a list"):
        _upload(watched, code, name, who)


def _add(watched: KeptList | None, rows: Sequence[Mapping[str, object]], code: str, who: Person) -> None:
    indicators = figures.upload_service().reference().indicators
    options = [each.id for each in indicators.values() if each.age_groups]
    chosen = st.selectbox(
        "Measure to watch", options, format_func=lambda each: indicators[each].title, key="_watch_measure"
    )
    indicator = indicators[chosen]
    usual = reading.usual_direction(indicator)
    with st.form(f"watch-add-{chosen}", border=False):
        columns = st.columns(3)
        with columns[0]:
            age = st.selectbox("Age", list(reversed(indicator.age_groups)), format_func=age_label)
        with columns[1]:
            kind = st.selectbox(
                "Kind of target", list(reading.KINDS), index=2, format_func=lambda each: words.KIND_WORDS[each]
            )
        with columns[2]:
            direction = st.selectbox(
                "The figure should be",
                [usual] if usual else list(reading.DIRECTIONS),
                format_func=lambda each: words.DIRECTION_WORDS[each],
                help=f"{words.polarity_text(indicator).capitalize()}."
                if usual
                else "Neither high nor low is better by itself: say what is wanted.",
            )
        halves = st.columns(2)
        with halves[0]:
            target = st.number_input(
                "Target", min_value=0.0, max_value=100.0 if indicator.unit == "percent" else None, value=None, step=0.1
            )
        with halves[1]:
            tolerance = st.number_input("Within tolerance up to this distance", min_value=0.0, value=0.0, step=0.1)
        note = st.text_input("Note (readers see it)", max_chars=shared.LONGEST_NOTE)
        asked: list[str] = st.session_state.get(_ASKED, [])
        for each in asked:
            st.warning(markdown.escaped(each))
        confirmed = st.checkbox(shared.CONFIRM) if asked else False
        pressed = st.form_submit_button("Add the target", type="primary")
    if not pressed:
        return
    if target is None:
        st.warning("Fill in the target.")
        return
    item = {"indicator": chosen, "age_group": age, "kind": kind, "target": f"{target:g}{'%' if indicator.unit == 'percent' else ''}",
            "tolerance": tolerance, "direction": direction, "note": note.strip()}  # fmt: skip
    try:
        draft = _read(reading.watch_csv([item]), "typed.csv", code)
    except StoreUnavailable as problem:
        st.warning(markdown.escaped(str(problem)))
        return
    wrong = [each for each in draft.findings if each.rule.severity == "must fix"]
    asked = [f"{each.rule.title}. {each.expected}" for each in draft.findings if each.rule.severity == "please confirm"]
    for finding in wrong:
        st.error(markdown.escaped(f"{finding.rule.title}. {finding.expected} {finding.fix}"))
    if wrong:
        return
    if asked and not (confirmed and asked == st.session_state.get(_ASKED)):
        st.session_state[_ASKED] = asked
        st.rerun()
    st.session_state.pop(_ASKED, None)
    same = (chosen, age, kind)
    others = [row for row in rows if (row["indicator"], row["age_group"], row["kind"]) != same]
    _save(watched, [*others, *draft.items], code, who)


def _read(content: bytes, name: str, code: str) -> reading.WatchDraft:
    """What is typed is read and checked as a file is."""
    service = figures.upload_service()
    return reading.read_watch_list(
        content, name, service.reference(), service.places(), small=settings.rounding_step(),
        hidden=checks.hidden_counts(figures.versions(), code),
    )  # fmt: skip


def _take_out(watched: KeptList | None, rows: Sequence[Mapping[str, object]], code: str, who: Person) -> None:
    indicators = figures.indicators()
    with st.form("watch-out", border=False):
        place = st.selectbox(
            "Target", range(len(rows)), format_func=lambda each: words.item_label(rows[each], indicators)
        )
        pressed = st.form_submit_button("Take it out")
    if pressed:
        _save(watched, [row for number, row in enumerate(rows) if number != place], code, who)


def _settings(watched: KeptList | None, rows: Sequence[Mapping[str, object]], code: str, who: Person) -> None:
    with st.form("watch-settings", border=False):
        day = st.date_input(
            "Day of the last meeting (what came out after it is new)",
            value=watched.committee if watched is not None else None,
            min_value=_FIRST_DAY,
            max_value=widgets.today(),
            format="DD/MM/YYYY",
        )
        public = shared.choose_readers(WATCH_LIST, code, public=watched is not None and watched.document.public)
        pressed = st.form_submit_button("Save these")
    if pressed:
        _save(watched, rows, code, who, settings_too=(day, public))


def _upload(watched: KeptList | None, code: str, name: str, who: Person) -> None:
    with st.container(horizontal=True):
        st.download_button(
            "Download the template (CSV)",
            lambda: reading.watch_csv([]),
            file_name="watch-list.csv",
            mime="text/csv",
            on_click="ignore",
        )
        if watched is not None:
            rows = watched.rows
            st.download_button(
                "Download the list in force, to change it (CSV)",
                lambda: reading.watch_csv(rows),
                file_name=f"{file_name(name, 'watch list')}.csv",
                mime="text/csv",
                on_click="ignore",
            )
    given = table_upload.ask(_KEY, "The list to check")
    if given is None:
        return
    draft = table_upload.examined(_KEY, given, who, code, lambda content, name: _read(content, name, code))
    if draft is None:
        return
    said = report(draft.findings)
    table_upload.show_report(said, draft.findings, draft.table)
    if said.blocking:
        return
    with st.form("watch-accept", border=True):
        st.markdown(
            f"The list of {len(draft.items)} target{'' if len(draft.items) == 1 else 's'} takes the place of the one in force."
        )
        confirmed = st.checkbox(shared.CONFIRM) if said.to_confirm else True
        pressed = st.form_submit_button("Accept this list", type="primary")
    if pressed and not confirmed:
        st.warning(shared.NOT_CONFIRMED)
    elif pressed:
        _save(watched, draft.items, code, who, uploaded=True)


def _save(
    watched: KeptList | None,
    rows: Sequence[Mapping[str, object]],
    code: str,
    who: Person,
    *,
    settings_too: tuple[dt.date | None, bool] | None = None,
    uploaded: bool = False,
) -> None:
    """Save the list, with the day of the meeting and the readers that it had unless others are given."""
    was_public = watched is not None and watched.document.public
    committee, public = settings_too or (watched.committee if watched is not None else None, was_public)
    shared.save(
        WATCH_LIST,
        code,
        keeping.list_content(rows, committee),
        who,
        public=public,
        said=words.SAVED,
        # Whoever reads it already sees nothing new in another day of the meeting.
        news=not was_public or watched is None or list(rows) != watched.rows,
        done=(lambda: table_upload.discard(_KEY)) if uploaded else None,
    )


def show_waiting(code: str, who: Person) -> None:
    """For officers of the authority: the list that waits for a second officer.

    Parameters
    ----------
    code
        The authority.
    who
        Who looks.
    """

    def draw(proposal: Proposal) -> None:
        items = entries(proposal.content, "items")
        st.markdown(f"With it the list has {len(items)} target{'' if len(items) == 1 else 's'}:")
        st.markdown("\n".join(f"- {markdown.escaped(words.item_label(item, figures.indicators()))}" for item in items))

    shared.show_waiting(WATCH_LIST, code, who, draw)
