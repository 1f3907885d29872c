"""The choice of a measure, its ages and its period: the same controls, words and address on every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from careleavers.figures import catalogue
from careleavers.model import Indicator
from careleavers.ui import figures, selection, state
from careleavers.wording.formats import age_label, period_label


@dataclass(frozen=True)
class MeasureChoice:
    """What is chosen on a page: an indicator, an age group, and the day its period ends (ISO; "" where not chosen)."""

    indicator: Indicator
    age_group: str
    period: str = ""


def measure(
    *, period: bool = True, default: str = "eet", suits: Callable[[Indicator], bool] = lambda indicator: True
) -> MeasureChoice:
    """Draw the choices of measure, age and period in one row, bound to the address bar.

    Parameters
    ----------
    period
        Whether a period is chosen too.
    default
        Id of the indicator shown first.
    suits
        Keeps the indicators that the page can show.
    """
    every = {key: found for key, found in figures.indicators().items() if suits(found)}
    columns = st.columns([4, 2, 2] if period else [4, 2])
    with columns[0]:
        titles = {key: found.short_title for key, found in every.items()}
        groups = {heading: [each.id for each in found] for heading, found in catalogue.in_groups(every).items()}
        indicator = every[state.choose("indicator", "Measure", titles, default=default, what="measure", groups=groups)]
    age_group = indicator.age_groups[0]
    if len(indicator.age_groups) > 1:
        with columns[1]:
            ages = {age: age_label(age) for age in indicator.age_groups}
            age_group = state.choose(
                "age", "Age", ages, default=indicator.age_groups[-1], what="age group for this measure"
            )
    if not period:
        return MeasureChoice(indicator, age_group)
    asked = {"indicator": indicator.id, "age_group": age_group}
    held = figures.ask("periods", **asked)["period_end"].tolist()
    if code := selection.current().authority_code:
        # A release that covers part of the country can be chosen for the authorities in it.
        held = sorted({*held, *figures.ask("part_periods", authority=code, **asked)["period_end"]}, reverse=True)
    periods = {f"{day:%Y-%m-%d}": period_label(day) for day in held}
    with columns[2 if len(indicator.age_groups) > 1 else 1]:
        day = state.choose("period", "Period", periods, default=next(iter(periods)), what="period for this measure")
    return MeasureChoice(indicator, age_group, day)
