"""A table that an officer gives to a page, such as an improvement plan: taken, checked once, and forgotten on the server afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from careleavers.access.people import Person
from careleavers.errors import Refused
from careleavers.intake.annotated import annotated, annotated_name
from careleavers.intake.model import Findings
from careleavers.intake.report import Report, report_frame
from careleavers.intake.table_files import TableFile
from careleavers.store import StoreUnavailable
from careleavers.ui import markdown, private, upload
from careleavers.wording.exports import csv_bytes
from careleavers.wording.formats import file_name

T = TypeVar("T")

REFUSED = "The file was refused, and nothing of it is kept."


def ask(key: str, label: str) -> Any:
    """The file that the officer gives, or None.

    Parameters
    ----------
    key
        A name for what is uploaded, which no other control has.
    label
        What stands above the control.

    Returns
    -------
    Any
    """
    turn = st.session_state.setdefault(f"_{key}_turn", 0)
    given = st.file_uploader(
        label, key=f"_{key}_{turn}", help="CSV, Excel or OpenDocument. Nothing is kept until you accept it."
    )
    if given is None:
        _drop(key)
    return given


def discard(key: str) -> None:
    """Forget the file that was given, on the server too, and empty the control.

    Parameters
    ----------
    key
        As for :func:`ask`.
    """
    _drop(key)
    st.session_state[f"_{key}_turn"] = st.session_state.get(f"_{key}_turn", 0) + 1


def _drop(key: str) -> None:
    st.session_state.pop(f"_{key}_examined", None)
    if file := st.session_state.pop(f"_{key}_file", None):
        private.forget_file(file)


def examined(key: str, given: Any, who: Person, about: str, check: Callable[[bytes, str], T]) -> T | None:
    """What a file was found to be, worked out once for each file and person.

    Parameters
    ----------
    key
        As for :func:`ask`.
    given
        The file, as the control gives it.
    who
        The person who looks.
    about
        What it is checked for: the authority.
    check
        Reads and checks the bytes of a file of some name.

    Returns
    -------
    T or None
        None where the file was refused, which is said.
    """
    asked = (given.file_id, who.identity, about)
    held: tuple[Any, T] | None = st.session_state.get(f"_{key}_examined")
    if held is not None and held[0] == asked:
        return held[1]
    st.session_state[f"_{key}_file"] = given.file_id
    try:
        with st.spinner("Reading the file"):
            found = check(given.getvalue(), given.name)
    except Refused as refusal:
        st.error(f"**{REFUSED}** {markdown.escaped(str(refusal))}")
        private.forget_file(given.file_id)
        return None
    except StoreUnavailable as problem:
        st.warning(markdown.escaped(str(problem)))
        return None
    st.session_state[f"_{key}_examined"] = asked, found
    return found


def show_report(report: Report, findings: Findings, table: TableFile) -> None:
    """What was found in a table, and the officer's own file with messages.

    Parameters
    ----------
    report, findings
        The findings, grouped for reading and as they are.
    table
        The table.
    """
    st.markdown(f"**{markdown.escaped(report.headline)}**")
    if not report.count:
        return
    with st.container(horizontal=True):
        st.download_button(
            "Download your file with the messages in it",
            lambda: annotated(table.sheet, findings, table.header_row)[0],
            file_name=annotated_name(table.sheet),
            on_click="ignore",
        )
        st.download_button(
            "Download the whole report (CSV)",
            lambda: csv_bytes(report_frame(findings)),
            file_name=f"{file_name(table.sheet.file_name, 'report')}.csv",
            mime="text/csv",
            on_click="ignore",
        )
    upload.show_sections(report)
