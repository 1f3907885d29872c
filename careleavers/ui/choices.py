"""The choice of a measure, its ages and its period: the same controls, words and address on every page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from careleavers.figures import catalogue
from careleavers.model import Indicator
from careleavers.ui import figures, markdown, option_lists, selection, state, widgets
from careleavers.ui.private import DeltaGenerator
from careleavers.wording.formats import age_label, period_label

# The measure shown until one is chosen.
DEFAULT = "eet"
# How much of the row each choice takes, in parts.
_MEASURE_ROOM, _AGE_ROOM, _PERIOD_ROOM, _BESIDE_ROOM = 3.2, 1.2, 1.5, 3.6
# Words for notices about a choice in a link that cannot be shown.
_MEASURE, _AGE, _PERIOD = "measure", "age group for this measure", "period for this measure"


@dataclass(frozen=True)
class Measure:
    """What is chosen on a page.

    Attributes
    ----------
    indicator
        The measure.
    age_group
        The code of its ages, such as ``19-21``.
    period
        The day on which its period ends, ISO; "" where none is chosen.
    """

    indicator: Indicator
    age_group: str
    period: str = ""


def measure(
    *, period: bool = True, default: str = DEFAULT, suits: Callable[[Indicator], bool] = lambda indicator: True
) -> Measure:
    """Draw the choices of measure, age and period in one row, bound to the address bar.

    Parameters
    ----------
    period
        Whether a period is chosen too.
    default
        Id of the indicator shown first.
    suits
        Keeps the indicators that the page can show.

    Returns
    -------
    Measure
    """
    picked, _ = _row(period=period, default=default, suits=suits, beside=False)
    return picked


def measure_and_place(*, period: bool = True) -> tuple[Measure, DeltaGenerator]:
    """Draw the same choices, with room at the end of their row for one more choice, which the page draws.

    Parameters
    ----------
    period
        Whether a period is chosen too.

    Returns
    -------
    (Measure, DeltaGenerator)
        What is chosen, and where the page draws its own choice.
    """
    return _row(period=period, default=DEFAULT, suits=lambda indicator: True, beside=True)


def _row(
    *, period: bool, default: str, suits: Callable[[Indicator], bool], beside: bool
) -> tuple[Measure, DeltaGenerator]:
    every = {key: found for key, found in figures.indicators().items() if suits(found)}
    titles = {key: found.short_title for key, found in every.items()}
    groups = {heading: [each.id for each in found] for heading, found in catalogue.in_groups(every).items()}
    first = every[state.look_ahead("indicator", titles, default=default, what=_MEASURE)]
    rooms = [_MEASURE_ROOM, *([_AGE_ROOM] if len(ages(first)) > 1 else []), *([_PERIOD_ROOM] if period else [])]
    with _measure_in_one_line(every, titles, default=default, period=period) if widgets.on_phone() else st.container():
        columns = st.columns([*rooms, _BESIDE_ROOM] if beside else rooms)
        with columns[0]:
            chosen = state.choose("indicator", "Measure", titles, default=default, what=_MEASURE, groups=groups)
        indicator = every[chosen]
        age_group, day = indicator.age_groups[0], ""
        of_age = ages(indicator)
        if len(of_age) > 1:
            with columns[1]:
                age_group = state.choose("age", "Age", of_age, default=indicator.age_groups[-1], what=_AGE)
        if period:
            held = periods(indicator, age_group, selection.current().authority_code)
            with columns[len(rooms) - 1]:
                day = state.choose("period", "Period", held, default=next(iter(held)), what=_PERIOD)
    return Measure(indicator, age_group, day), columns[-1]


def columns(table: pd.DataFrame, main: Collection[str]) -> list[str] | None:
    """Draw the choice between the main columns of a table, for which there is room on a screen, and all of them.

    Paper and files have all of them anyway.

    Parameters
    ----------
    table
        What is shown.
    main
        Its main columns; what the table does not have is passed over.

    Returns
    -------
    list[str] or None
        The columns to show, in the order of the table; None for all.
    """
    few = [str(column) for column in table.columns if column in main]
    if len(few) == len(table.columns):
        return None
    labels = {"main": "Main", "all": f"All {len(table.columns)}"}
    chosen = state.choose("columns", "Columns", labels, default="main", what="choice of columns", control="buttons")
    return None if chosen == "all" else few


def ages(indicator: Indicator) -> dict[str, str]:
    """The age groups of a measure that can be chosen: label by code.

    Parameters
    ----------
    indicator
        The measure.

    Returns
    -------
    dict[str, str]
        In the order of the catalogue.
    """
    return {age: age_label(age) for age in indicator.age_groups}


def periods(indicator: Indicator, age_group: str, authority: str | None) -> dict[str, str]:
    """The periods that can be chosen: label by last day (ISO), newest first.

    Parameters
    ----------
    indicator, age_group
        The measure.
    authority
        The code of the authority; None where none is chosen.

    Returns
    -------
    dict[str, str]
        Empty where there are none.
    """
    asked = {"indicator": indicator.id, "age_group": age_group}
    held = figures.ask("periods", **asked)["period_end"].tolist()
    if authority:
        # A release for part of the country is offered to the authorities in it.
        held = sorted({*held, *figures.ask("part_periods", authority=authority, **asked)["period_end"]}, reverse=True)
    return {f"{day:%Y-%m-%d}": period_label(day) for day in held}


def meant(
    addressed: Mapping[str, str],
    authority: str | None,
    *,
    period: bool = True,
    suits: Callable[[Indicator], bool] = lambda indicator: True,
) -> Measure:
    """What :func:`measure` shows to somebody who arrives at an address, without drawing anything.

    Parameters
    ----------
    addressed
        What the address says, by key; what it does not say, or what is not known, is the default.
    authority
        The code of the authority; None where none is chosen.
    period
        Whether a period is chosen too.
    suits
        Keeps the indicators that the page can show.

    Returns
    -------
    Measure
    """
    every = {key: found for key, found in figures.indicators().items() if suits(found)}
    titles = {key: found.short_title for key, found in every.items()}
    indicator = every[option_lists.matching_code(addressed.get("indicator", ""), titles, {}) or DEFAULT]
    age = option_lists.matching_code(addressed.get("age", ""), ages(indicator), {}) or indicator.age_groups[-1]
    if not period:
        return Measure(indicator, age)
    held = periods(indicator, age, authority)
    return Measure(
        indicator, age, option_lists.matching_code(addressed.get("period", ""), held, {}) or next(iter(held))
    )


def _measure_in_one_line(
    every: Mapping[str, Indicator], titles: Mapping[str, str], *, default: str, period: bool
) -> DeltaGenerator:
    """On a phone the choices stand folded under one line that says what is chosen, so that the page begins above the fold."""
    indicator = every[state.look_ahead("indicator", titles, default=default, what=_MEASURE)]
    age_group, parts = indicator.age_groups[0], [indicator.short_title]
    of_age = ages(indicator)
    if len(of_age) > 1:
        age_group = state.look_ahead("age", of_age, default=indicator.age_groups[-1], what=_AGE)
        parts.append(of_age[age_group])
    if period:
        held = periods(indicator, age_group, selection.current().authority_code)
        parts.append(held[state.look_ahead("period", held, default=next(iter(held)), what=_PERIOD)])
    return in_one_line(parts)


def in_one_line(parts: Sequence[str]) -> DeltaGenerator:
    """Where the choices of a page stand on a phone: folded under one line that says what is chosen.

    Parameters
    ----------
    parts
        What is chosen, in words.

    Returns
    -------
    DeltaGenerator
    """
    # A separate key for each page, so that opening the line on one page does not open it on another.
    key = f"measure-{st.session_state.get('_page', '')}"
    return st.expander(f"{markdown.escaped(', '.join(part for part in parts if part))} – change", key=key)
