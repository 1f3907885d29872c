"""The template that officers fill in: for which authorities and which quarter, as CSV or as a workbook."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from careleavers.access.people import Person
from careleavers.intake.template import template_csv, template_xlsx
from careleavers.quarters import quarter_before, quarter_end
from careleavers.ui import access, figures, selection, widgets
from careleavers.views.local_figures.words_newest import BASES
from careleavers.views.upload import words
from careleavers.wording.formats import file_name, quarter_text

_QUARTERS = 8
_EVERY = "*"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access.fragment
def show(who: Person) -> None:
    """Draw the choices of a template and its two downloads. A fragment: a choice does not check a given file again.

    Parameters
    ----------
    who
        The person who looks.
    """
    mine = _authorities(who)
    options = dict(mine) | ({_EVERY: words.every_authority(len(mine))} if len(mine) > 1 else {})
    chosen = selection.current().authority_code
    columns = st.columns(3)
    with columns[0]:
        codes = list(options)
        whose = st.selectbox(
            "Authority",
            codes,
            index=codes.index(chosen) if chosen in options else 0,
            format_func=lambda code: options[code],
            key="_template_authority",
        )
    with columns[1]:
        ends = last_quarters(widgets.today(), _QUARTERS)
        end = st.selectbox("Quarter", ends, format_func=quarter_text, key="_template_quarter")
    with columns[2]:
        basis = st.selectbox(
            "The figures cover", list(BASES), format_func=lambda key: BASES[key], key="_template_basis"
        )
    wide = st.toggle("One row for each authority, and a column for each measure", key="_template_wide")
    asked = [pair for pair in mine if whose in {_EVERY, pair[0]}]
    indicators = figures.ask("definitions", search="", theme="all", indicator="")
    period = quarter_text(end)
    stem = file_name("template", "all authorities" if whose == _EVERY else options[whose], period)
    with st.container(horizontal=True):
        st.download_button(
            "Download the template (Excel)",
            lambda: template_xlsx(asked, indicators, period, basis, wide=wide),
            file_name=f"{stem}.xlsx",
            mime=_XLSX,
            on_click="ignore",
        )
        st.download_button(
            "Download the template (CSV)",
            lambda: template_csv(asked, indicators, period, basis, wide=wide),
            file_name=f"{stem}.csv",
            mime="text/csv",
            on_click="ignore",
        )
    st.markdown(words.ABOUT_TEMPLATE)


def last_quarters(day: dt.date, most: int) -> list[dt.date]:
    """The last days of the newest quarters that have ended by a day.

    Parameters
    ----------
    day
        The day to count from.
    most
        How many.

    Returns
    -------
    list[dt.date]
        Newest first.
    """
    ends = [quarter_before(quarter_end(day))]
    while len(ends) < most:
        ends.append(quarter_before(ends[-1]))
    return ends


def _authorities(who: Person) -> list[tuple[str, str]]:
    """The authorities of today that a person may upload for: code and name."""
    frame = selection.authorities()
    current = frame[frame["is_current"]]
    pairs = zip(current["authority_code"], current["authority_name"], strict=True)
    return [(str(code), str(name)) for code, name in pairs if who.may_upload_for(str(code))]
