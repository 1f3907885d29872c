"""What the Upload page does with a file: takes it, has it checked, shows what was found and what would change."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NoReturn

import pandas as pd
import streamlit as st

from careleavers.access.people import NotAllowed, Person
from careleavers.errors import Refused
from careleavers.figures.warehouse import Warehouse
from careleavers.intake.preview import Preview
from careleavers.intake.report import Report, RuleReport, report_frame
from careleavers.store import (
    DuplicateUpload,
    PreviewOutdated,
    StoreProblem,
    StoreUnavailable,
)
from careleavers.ui import access, figures, links, markdown, private, selection, widgets
from careleavers.ui.server.stopping import STOPPING
from careleavers.ui.short_tables import short_table
from careleavers.uploads import UploadCheck
from careleavers.views.local_figures import view as local_figures_view
from careleavers.views.trends import view as trends_view
from careleavers.views.upload import words
from careleavers.wording.exports import csv_bytes
from careleavers.wording.formats import file_name

_MOST_ROWS = 500
_LONGEST_NOTE = 500
# A table with more rows than these scrolls in a box of this height, so that what follows it stays within reach.
_TALL_ROWS, _BOX = 12, 480
# What the session keeps of a file: its id, what was found in it, and the figures as they would be.
_FILE, _EXAMINED, _PREVIEW = "_upload_file", "_examined", "_upload_preview"
_OUTCOME, _TURN = "_upload_outcome", "_upload_turn"
# A page, the text of the link to it, and the choices in the link.
_Link = tuple[str, str, dict[str, str]]


def discard() -> None:
    """Forget the file that was given, what was found in it and its preview, on the server too."""
    st.session_state.pop(_EXAMINED, None)
    if held := st.session_state.pop(_PREVIEW, None):
        held[1].close()
    if file := st.session_state.pop(_FILE, None):
        private.forget_file(file)


def _restart(kind: str, text: str, onward: tuple[_Link, ...] = ()) -> NoReturn:
    """Forget the file, and say above the empty page what happened to it and where to look now."""
    discard()
    st.session_state[_TURN] += 1
    st.session_state[_OUTCOME] = kind, text, onward
    st.rerun()


def show_outcome() -> None:
    """Say, once, what became of the file that was here before this run."""
    outcome = st.session_state.pop(_OUTCOME, None)
    if outcome is None:
        return
    kind, text, onward = outcome
    {"done": st.success, "refused": st.error, "again": st.warning}[kind](text)
    if onward:
        with st.container(horizontal=True):
            for page, label, choices in onward:
                links.link(page, label, **choices)


def ask_for_file() -> Any:
    """The file that the officer gives, or None. Once it is taken back, refused or accepted the server forgets it."""
    turn = st.session_state.setdefault(_TURN, 0)
    # Any type: unlike the picker, the reader says what is wrong with a file that is not a table and what to do instead.
    given = st.file_uploader("File to check", key=f"_upload_{turn}", help="Nothing is kept until you accept it.")
    if given is None:
        discard()
    return given


def examine(given: Any, layer: str, who: Person) -> UploadCheck:
    """Read and check a file, once for each file, layer and person.

    Stops the page where that cannot be done now.

    Parameters
    ----------
    given
        The file, as the uploader of Streamlit gives it.
    layer
        ``provisional`` or ``final``.
    who
        The person who looks.

    Returns
    -------
    UploadCheck
        What was found, and what accepting the file would change.
    """
    asked = (given.file_id, layer, who.identity)
    held: tuple[Any, UploadCheck] | None = st.session_state.get(_EXAMINED)
    if held is not None and held[0] == asked:
        return held[1]
    if given.file_id != st.session_state.get(_FILE):
        discard()
        st.session_state[_FILE] = given.file_id
    bar = st.progress(0.0, "Reading the file")

    def progress(share: float, what: str) -> None:
        bar.progress(min(share, 1.0), what)

    try:
        found = figures.upload_service().check_file(given.getvalue(), given.name, who, layer, progress)
    except Refused as refusal:
        _restart("refused", f"**{words.REFUSED}** {markdown.escaped(str(refusal))}")
    except StoreUnavailable as problem:
        st.error(markdown.escaped(str(problem)))
        st.button(words.AGAIN)
        st.stop()
    finally:
        bar.empty()
    st.session_state[_EXAMINED] = asked, found
    return found


def show_report(checked: UploadCheck) -> None:
    """The check report: what must be fixed, what to confirm, what to know; and the officer's own file with messages.

    Parameters
    ----------
    checked
        The file, read and checked.
    """
    report = checked.report
    st.markdown(f"**{markdown.escaped(report.headline)}** Recognised as {markdown.escaped(words.recognised(checked))}")
    if report.count:
        with st.container(horizontal=True):
            st.download_button(
                "Download your file with the messages in it",
                lambda: checked.annotated()[0],
                file_name=checked.annotated_name,
                on_click="ignore",
            )
            st.download_button(
                "Download the whole report (CSV)",
                lambda: csv_bytes(report_frame(checked.findings)),
                file_name=f"{file_name(checked.draft.file_name, 'report')}.csv",
                mime="text/csv",
                on_click="ignore",
            )
    show_sections(report)


def show_sections(report: Report) -> None:
    """What was found, by severity and rule: where, what was found, what was expected and how to fix it.

    Parameters
    ----------
    report
        The report of any file.
    """
    for section in report.sections:
        if not section.count:
            continue
        title, about = words.SECTIONS[section.severity]
        st.markdown(f"### {title} ({section.count:,})\n\n{about}")
        for rule in section.rules:
            with st.expander(f"{rule.rule.title} ({rule.count:,})", expanded=section.severity != "for information"):
                _show_rule(rule)


def _show_rule(rule: RuleReport) -> None:
    table, more = words.findings_table(rule)
    what = f"{rule.rule.title}: where, what was found, what was expected, how to fix it"
    _table(table, alt=what, long=("Found", "Expected", "How to fix it"))
    if more:
        st.markdown(f"{more[:1].upper()}{more[1:]}.")


def _table(table: pd.DataFrame, *, alt: str, long: tuple[str, ...]) -> None:
    """A table of texts from a file, which stay texts; in a box of its own where it is long."""
    with st.container(height=_BOX if len(table) > _TALL_ROWS else "content", border=False):
        short_table(table, alt=alt, long=long, cards=True)


def show_effect(checked: UploadCheck) -> None:
    """Which figures are new, which change from what to what, and which viewers will not see.

    Parameters
    ----------
    checked
        The file, read and checked.
    """
    effect = checked.effect
    if effect is None:
        return
    st.markdown(f"**{words.effect_headline(effect.effects, effect.hidden)}**")
    st.markdown("\n".join(f"- {markdown.escaped(sentence)}" for sentence in effect.sentences))
    if checked.draft.kind in {"catalogue", "events"}:
        table = words.entry_rows(effect.frame)
        _table(table.head(_MOST_ROWS), alt="The rows of the file and whether each is new", long=tuple(table.columns))
        return
    shown = [name for name in words.EFFECTS if effect.effects.get(name)]
    if not shown:
        return
    for tab, name in zip(
        st.tabs([f"{words.EFFECTS[name]} ({effect.effects[name]:,})" for name in shown]), shown, strict=True
    ):
        with tab:
            _effect_table(effect, name, checked.draft.kind == "release")


def _effect_table(effect: Preview, name: str, release: bool) -> None:
    table = words.effect_table(effect.table(name, _MOST_ROWS), name, release=release)
    widgets.table(table, key=f"effect-{name}", alt=f"Figures that are {words.EFFECTS[name].lower()}")
    left = effect.effects[name] - len(table)
    if left > 0:
        st.markdown(f"And {left:,} more like these.")


@access.fragment
def show_pages(checked: UploadCheck) -> None:
    """The chart of one measure as viewers would see it once the file is accepted. A fragment: its choice redraws it only.

    Parameters
    ----------
    checked
        The file, read and checked.
    """
    if checked.draft.kind not in {"local", "release"}:
        return
    st.markdown("**The chart as viewers would see it**")
    areas = _names(checked)
    if not areas:
        st.markdown("None of these figures is of one authority.")
        return
    try:
        preview = _preview(checked)
    except StoreUnavailable as problem:
        # The file may be accepted all the same, once the store is back.
        st.warning(markdown.escaped(str(problem)))
        return
    columns = st.columns(2)
    with columns[0]:
        chosen = selection.current().authority_code
        code = st.selectbox(
            "Authority",
            list(areas),
            index=list(areas).index(chosen) if chosen in areas else 0,
            format_func=lambda each: areas[each],
            key="_preview_area",
        )
    mine = checked.draft.figures[checked.draft.figures["area_code"] == code]
    with figures.previewing(preview):
        release = checked.draft.kind == "release"
        latest = None if release else figures.ask("local_latest", authority=code)
        measures = words.drawable_measures(mine, latest, figures.indicators())
        if not measures:
            st.markdown("None of these figures can be drawn.")
            return
        with columns[1]:
            picked = st.selectbox(
                "Measure", list(measures), format_func=lambda each: measures[each], key="_preview_measure"
            )
        if release:
            indicator, age_group, _ = picked
            chart = trends_view.build_view(
                figures.context(), indicator, age_group, code, areas[code], (), True, widgets.width()
            ).chart
        else:
            drawn = local_figures_view.build_quarters(
                figures.context(), code, areas[code], *picked, (), True, widgets.width()
            )
            chart = drawn.chart
            st.markdown(f"**{markdown.escaped(drawn.headline)}.** {drawn.detail}")
    # Nobody should find it in a report: it may never come to be.
    widgets.chart(chart, key="preview", actions=False)


def _names(checked: UploadCheck) -> dict[str, str]:
    """The authorities of a file: code to name."""
    frame, draft = selection.authorities(), checked.draft
    codes = draft.entries["authority_code"] if draft.kind == "events" else draft.figures["area_code"]
    mine = frame[frame["authority_code"].isin(codes.unique())]
    return dict(zip(mine["authority_code"], mine["authority_name"], strict=True))


def _preview(checked: UploadCheck) -> Warehouse:
    """The figures as they would be, kept while this file is looked at and nothing else is accepted."""
    asked = (checked.draft.sha256, checked.layer, figures.versions().newest().version)
    held: tuple[Any, Warehouse] | None = st.session_state.get(_PREVIEW)
    if held is None or held[0] != asked:
        if held is not None:
            held[1].close()
        with st.spinner(words.PREVIEWING):
            held = st.session_state[_PREVIEW] = asked, figures.upload_service().preview(checked)
    return held[1]


def ask_to_accept(checked: UploadCheck, who: Person) -> None:
    """The last step: a note, a word on what is to confirm, and the button.

    Parameters
    ----------
    checked
        The file, read and checked.
    who
        The person who looks.
    """
    second = access.approval() == "second-person"
    if second:
        st.markdown("A second officer has to approve it on the History page before anybody sees it.")
    with st.form("accept", border=True):
        note = st.text_area(
            "Note for the History page (not shown to viewers)",
            max_chars=_LONGEST_NOTE,
            placeholder="What this is, and who signed it off",
        )
        confirmed = True
        if checked.report.to_confirm:
            count = checked.report.section("please confirm").count
            confirmed = st.checkbox(f"I have looked at the {count:,} to confirm, and they are right")
        pressed = st.form_submit_button(words.accept_label(checked, second), type="primary")
    if not pressed:
        return
    if not confirmed:
        st.warning("Check what needs confirming above, tick the box, and press the button again.")
        return
    try:
        with st.spinner(words.WORKING):
            entry = figures.upload_service().accept(
                checked, who, note=note.strip(), confirmed=confirmed, proposed=second
            )
            # The upload has been accepted whatever fails from here on; the next run tries again.
            with suppress(StoreUnavailable):
                if not STOPPING.begun:
                    figures.versions().newest()
    except DuplicateUpload as same:
        _restart("again", markdown.escaped(str(same)))
    except PreviewOutdated as changed:
        # Keep the file, so that it is compared again with the figures now held.
        st.session_state.pop(_EXAMINED, None)
        st.session_state[_OUTCOME] = "again", markdown.escaped(str(changed)), ()
        st.rerun()
    except (StoreProblem, StoreUnavailable, NotAllowed) as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    if STOPPING.begun:
        # Drawing the page anew would have the new figures made first, and there may be no time for that.
        st.success(words.accepted(entry, checked, second))
        st.stop()
    _restart("done", words.accepted(entry, checked, second), _links(checked, entry.upload, second))


def _links(checked: UploadCheck, upload: int, second: bool) -> tuple[_Link, ...]:
    """Where to look now: at the pages that show the figures, and at the upload itself."""
    names = list(_names(checked).values())
    shared = {"authority": names[0]} if len(names) == 1 else {}
    pages = () if second else tuple((page, label, shared) for page, label in words.NEXT[checked.draft.kind])
    label = "See it on the History page" if second else "Take it back on the History page"
    return (*pages, ("history", label, {**shared, "upload": str(upload)}))
