"""What the History page shows of the ledger, and the ways to take an upload back, put it back, approve or decline it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pandas as pd
import streamlit as st

from careleavers.access.people import NotAllowed, Person
from careleavers.errors import Refused
from careleavers.store import Entry, Store, StoreProblem, StoreUnavailable, guards, stored_file_name
from careleavers.store.ledger import ledger_table
from careleavers.ui import access, figures, links, markdown, selection, state, upload, widgets
from careleavers.ui.short_tables import short_table
from careleavers.uploads import UploadCheck
from careleavers.views.history import words
from careleavers.views.upload import words as upload_words
from careleavers.wording.exports import csv_bytes

_OUTCOME, _CHECKED = "_history_outcome", "_history_looked_at"
_LONGEST_REASON = 300
# The most uploads in the list and values in a table; downloads have all of them.
_MOST_LISTED, _MOST_VALUES = 50, 200
# A table with more rows than these scrolls in a box of this height.
_TALL_ROWS, _BOX = 6, 440
_ALL = "all"


@st.cache_data(max_entries=4, show_spinner=False)
def _uploads(store_at: int, version: int, _store: Store) -> pd.DataFrame:
    return _store.uploads(version)


def uploads(who: Person) -> pd.DataFrame:
    """The uploads that a person looks after.

    An officer sees those that say something about an authority of theirs, and releases and catalogues, which are for all.

    Parameters
    ----------
    who
        The person who looks.

    Returns
    -------
    pandas.DataFrame
        Newest first: columns of :meth:`careleavers.store.Store.uploads`.
    """
    store = figures.versions().store
    frame = _uploads(id(store), store.version(), store)
    if who.for_all or frame.empty:
        return frame
    mine = [
        kind in {"release", "catalogue"} or any(map(who.may_upload_for, areas))
        for kind, areas in zip(frame["kind"], frame["areas"], strict=True)
    ]
    return frame[mine].reset_index(drop=True)


def _names() -> dict[str, str]:
    frame = selection.authorities()
    return dict(zip(frame["authority_code"], frame["authority_name"], strict=True))


def show_outcome() -> None:
    """Say, once, what the last button did."""
    if text := st.session_state.pop(_OUTCOME, None):
        st.success(text)


def show_awaiting_approval(frame: pd.DataFrame) -> None:
    """Say which uploads wait for a second officer.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.
    """
    waiting = frame.loc[frame["state"] == "proposed", "upload"].astype(int).tolist()
    if waiting:
        st.warning(words.awaiting_approval(waiting))


def of_chosen_authority(frame: pd.DataFrame) -> pd.DataFrame:
    """Where an authority is chosen in the top bar: its uploads, or all if the visitor says so.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.

    Returns
    -------
    pandas.DataFrame
        Rows of ``frame``, in its order.
    """
    chosen = selection.current()
    code, name = chosen.authority_code, chosen.authority_name
    if code is None or name is None:
        return frame
    shown = state.choose(
        "of",
        "Uploads about",
        {"chosen": name, _ALL: "Every authority"},
        default="chosen",
        what="uploads",
        control="buttons",
    )
    # Releases and catalogues are about every authority.
    return frame if shown == _ALL else frame[[not areas or code in areas for areas in frame["areas"]]]


def show_list(frame: pd.DataFrame) -> None:
    """The newest uploads as a table, and all of them as files.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.
    """
    names = _names()
    table = words.uploads_table(frame.head(_MOST_LISTED), names)
    st.markdown(words.about_list(len(frame), len(table)))
    _table(
        table,
        alt="The uploads, newest first, with their state, what they are, who uploaded them and when",
        long=("What", "File", "Uploaded", "Note"),
    )
    st.download_button(
        "Download the list of uploads (CSV)",
        lambda: csv_bytes(words.uploads_table(frame, names)),
        file_name="uploads.csv",
        mime="text/csv",
        on_click="ignore",
    )


def _table(table: pd.DataFrame, *, alt: str, long: tuple[str, ...]) -> None:
    """A table of texts from files and people, which stay texts; in a box of its own where it is long."""
    with st.container(height=_BOX if len(table) > _TALL_ROWS else "content", border=False):
        short_table(table, alt=alt, long=long, cards=True)


def choose_upload(frame: pd.DataFrame, listed: pd.DataFrame) -> int:
    """Which upload to look at, kept in the address bar as ``?upload=12``.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.
    listed
        Those of them that the list shows.

    Returns
    -------
    int
        The number of an upload that is listed, or that a link asks for.
    """
    names = _names()
    asked = frame[frame["upload"].astype(str) == st.query_params.get("upload", "")]
    offered = pd.concat([frame if listed.empty else listed, asked]).drop_duplicates("upload")
    options = {str(row["upload"]): words.upload_label(row, names) for row in offered.to_dict("records")}
    return int(state.choose("upload", "Look at", options, default=next(iter(options)), what="upload"))


def show_upload(frame: pd.DataFrame, number: int, who: Person) -> None:
    """One upload: what it was, what was found in it, what it changed, what became of it, and its file.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.
    number
        The upload.
    who
        The person who looks.
    """
    row = _row(frame, number)
    short_table(
        words.about_upload({str(key): value for key, value in row.items()}, _names()),
        alt=f"About upload {number}",
        long=(f"Upload {number}",),
    )
    entries = figures.versions().store.ledger()
    entries = entries[entries["upload"] == number]
    short_table(
        words.entries_table(entries),
        alt="What was done with this upload, who did it, when and why",
        long=("By", "On", "Reason"),
        cards=True,
    )
    with st.container(horizontal=True):
        _offer_original(number, row, who)
        links.link("local_figures", words.AS_AT, as_at=str(entries["entry"].iloc[-1]), **_authority(row))


def _row(frame: pd.DataFrame, number: int) -> pd.Series[Any]:
    return frame[frame["upload"] == number].iloc[0]


def show_changes(frame: pd.DataFrame, number: int, who: Person) -> None:
    """What approving an upload would change, as whoever proposed it saw it; or what one changed, for whoever asks.

    For those who may see all of its file.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.
    number
        The upload.
    who
        The person who looks.
    """
    row = _row(frame, number)
    try:
        guards.check_may_see_file(row, who)
    except NotAllowed:
        return
    waits = row["state"] == "proposed"
    if waits:
        st.header(words.WOULD_CHANGE, anchor="changes")
    elif (
        pd.isna(row["position"])
        or row["kind"] not in {"local", "release"}
        or not st.toggle(words.SHOW_CHANGES, key=f"changes-{number}")
    ):
        return
    try:
        checked = _checked_upload(number, who)
    except (Refused, StoreUnavailable) as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    if waits:
        upload.show_report(checked)
    upload.show_effect(checked)
    if waits and checked.effect is not None:
        upload.show_pages(checked)


def _checked_upload(number: int, who: Person) -> UploadCheck:
    """An upload checked again, once for each person and data version."""
    asked = number, who.identity, figures.versions().store.version()
    held: tuple[Any, UploadCheck] | None = st.session_state.get(_CHECKED)
    if held is None or held[0] != asked:
        with st.spinner(upload_words.PREVIEWING):
            held = st.session_state[_CHECKED] = asked, figures.upload_service().check_again(number, who)
    return held[1]


def _authority(row: pd.Series[Any]) -> dict[str, str]:
    """The authority that an upload is about, as a choice for a link; none where there are several."""
    return {"authority": _names().get(row["areas"][0], "")} if len(row["areas"]) == 1 else {}


def _offer_original(number: int, row: pd.Series[Any], who: Person) -> None:
    """The file as it is kept, for those who may see all of it; the store asks again who wants it, and records who did."""
    if row["state"] == "erased":
        return
    try:
        guards.check_may_see_file(row, who)
    except NotAllowed as refusal:
        st.markdown(markdown.escaped(str(refusal)))
        return
    store = figures.versions().store
    st.download_button(
        words.download_label(row["checks"]),
        lambda: store.original(number, access.with_current_role(who))[1],
        file_name=stored_file_name(str(row["file_name"]), row["checks"]),
        mime="application/octet-stream",
        on_click="ignore",
    )


def _give_values(who: Person, code: str, what: str) -> None:
    """Before a file of exact values is made: whether the person may have it at that moment, and a note of it."""
    who = access.with_current_role(who)
    who.require([code], "see every value")
    figures.versions().store.record_download(who, what)


def ask_to_act(frame: pd.DataFrame, number: int, who: Person) -> None:
    """What the person can do with an upload in its state, each with a reason; and why they cannot do the rest.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.
    number
        The upload.
    who
        The person who looks.
    """
    row = _row(frame, number)
    allowed: dict[str, str] = {}
    refused: list[str] = []
    for action, label in words.ACTIONS[row["state"]].items():
        try:
            _GUARDS[action](row, who)
            allowed[action] = label
        except NotAllowed as refusal:
            refused.append(str(refusal))
    for sentence in refused:
        st.markdown(markdown.escaped(sentence))
    if not allowed:
        return
    # A separate form for each upload, so that a reason never goes with another upload.
    with st.form(f"act-{number}", border=True):
        reason = st.text_input("Reason (kept in the ledger)", max_chars=_LONGEST_REASON)
        with st.container(horizontal=True):
            pressed = [
                action
                for action, label in allowed.items()
                if st.form_submit_button(f"{label} upload {number}", key=f"{action}-{number}")
            ]
    if pressed:
        _act(pressed[0], number, who, reason.strip())


def ask_to_erase(frame: pd.DataFrame, number: int, who: Person) -> None:
    """For administrators: the way to take an upload out for good, with a reason and its number typed in full.

    Parameters
    ----------
    frame
        Uploads: columns of :meth:`careleavers.store.Store.uploads`.
    number
        The upload.
    who
        The person who looks.
    """
    if not who.is_administrator or _row(frame, number)["state"] == "erased":
        return
    wanted = words.erase_phrase(number)
    with st.expander("Erase this upload for good"), st.form(f"erase-{number}", border=False):
        st.markdown(words.ABOUT_ERASING)
        reason = st.text_input("Reason (kept in the ledger; nothing that is to be erased)", max_chars=_LONGEST_REASON)
        typed = st.text_input(f"Type “{wanted}” to confirm")
        pressed = st.form_submit_button(f"Erase upload {number}")
    if not pressed:
        return
    if " ".join(typed.split()).casefold() != wanted:
        st.warning(f"Nothing was erased: type “{wanted}” in the second box.")
        return
    try:
        with st.spinner(words.ERASING):
            erased = figures.versions().store.erase(number, who, reason.strip())
            figures.clear_caches()
            with suppress(StoreUnavailable):
                figures.versions().newest()
    except (StoreProblem, StoreUnavailable, NotAllowed) as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    st.session_state[_OUTCOME] = "\n\n".join(map(markdown.escaped, words.erased(number, erased)))
    st.rerun()


def show_audit(who: Person) -> None:
    """For administrators: who took unprotected rows away, and the whole ledger as a file.

    Parameters
    ----------
    who
        Who is looking.
    """
    if not who.is_administrator:
        return
    st.header("Who took unprotected rows away", anchor="audit")
    store, names = figures.versions().store, _names()
    taken = store.downloads(who)
    if taken.empty:
        st.markdown("Nobody has downloaded any.")
    else:
        table = words.downloads_table(taken.iloc[::-1].head(_MOST_LISTED))
        st.markdown(words.about_downloads(len(taken), len(table)))
        _table(table, alt="Downloads of unprotected rows, newest first", long=("By", "What"))
    st.download_button(
        "Download the whole ledger (CSV)",
        lambda: csv_bytes(ledger_table(store, who, names)),
        file_name="ledger.csv",
        mime="text/csv",
        on_click="ignore",
    )


_GUARDS: Mapping[str, Callable[[pd.Series[Any], Person], None]] = {
    "withdraw": lambda row, who: guards.check_may_withdraw(row, who, "withdraw"),
    "restore": lambda row, who: guards.check_may_withdraw(row, who, "restore"),
    "approve": guards.check_may_approve,
    "decline": guards.check_may_decline,
}


def _act(action: str, number: int, who: Person, reason: str) -> None:
    store = figures.versions().store
    acts: Mapping[str, Callable[[int, Person, str], Entry]] = {
        "withdraw": store.withdraw, "restore": store.restore, "approve": store.approve, "decline": store.decline,
    }  # fmt: skip
    try:
        with st.spinner(upload_words.WORKING):
            acts[action](number, who, reason)
            # The change has been made whatever fails from here on; the next run tries again.
            with suppress(StoreUnavailable):
                figures.versions().newest()
    except (StoreProblem, StoreUnavailable, NotAllowed) as refusal:
        st.error(markdown.escaped(str(refusal)))
        return
    st.session_state[_OUTCOME] = words.DONE[action].format(number=number)
    st.rerun()


@access.fragment
def show_values(who: Person) -> None:
    """Every value that a figure has ever had, and where each came from. A fragment: its choices redraw it only.

    Parameters
    ----------
    who
        Who is looking.
    """
    names = {code: name for code, name in _names().items() if who.may_upload_for(code)}
    chosen = selection.current().authority_code
    columns = st.columns(2)
    with columns[0]:
        codes = list(names)
        code = st.selectbox(
            "Authority",
            codes,
            index=codes.index(chosen) if chosen in names else 0,
            format_func=lambda each: names[each],
            key=f"_values_authority_{chosen}",
        )
    indicators = figures.ask("indicators")
    # Check again who is looking: this fragment can be redrawn by itself after a sign-in has expired.
    store, reader = figures.versions().store, access.person()
    measures = words.measure_choices(indicators, store.measures_uploaded(code, reader))
    if not measures:
        st.markdown(f"Nothing was ever uploaded for {names[code]}.")
        return
    with columns[1]:
        indicator, age = st.selectbox(
            "Measure", list(measures), format_func=lambda each: measures[each], key=f"_values_measure_{code}"
        )
    known = indicators[indicators["indicator"] == indicator]
    unit, decimals = (str(known["unit"].iloc[0]), int(known["decimals"].iloc[0])) if len(known) else ("count", 1)
    published = figures.ask("published_values", indicator=indicator, age_group=age, authority=code)
    history = words.in_force(store.history(indicator, age, code, None, reader), published)
    values = words.values_table(history, unit, decimals)
    _table(
        values.head(_MOST_VALUES),
        alt="Every uploaded value of this figure, newest upload first, with its state, who uploaded it and when",
        long=("From", "Note"),
    )
    if len(values) > _MOST_VALUES:
        st.markdown(words.more_values(len(values) - _MOST_VALUES))
    widgets.downloads(
        values,
        {},
        measures[indicator, age],
        ("every value", names[code], indicator, age),
        what="these values",
        given=lambda: _give_values(reader, code, f"every value of {measures[indicator, age]}, {names[code]}"),
        # Who takes such values away is recorded, which copying would pass by.
        copied=None,
    )
    if len(published):
        with st.expander(f"What the department published ({len(published):,})"):
            short_table(
                words.published_table(published),
                alt="Every value of this figure that the department published, newest period first",
                long=("Publication",),
            )
