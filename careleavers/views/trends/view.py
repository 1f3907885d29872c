"""What the Trends page draws, made from its queries: the line of years, and a panel for each neighbour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.small_multiples import small_multiples
from careleavers.charts.template import Footer, Width
from careleavers.charts.trend import trend
from careleavers.model import Against
from careleavers.views.context import Context
from careleavers.views.trends import tables, words_finding, words_neighbours, words_sources, words_years
from careleavers.wording.formats import POLARITY_WORDS, axis_unit, file_name, sentence_case, with_age


@dataclass(frozen=True)
class FindingView:
    """What the page says before its charts.

    Attributes
    ----------
    headline, detail
        The newest figure and whether it has moved, and what stands behind it.
    measure
        The measure, its ages and which way is better.
    newest_period
        The last day of the newest annual period, ISO; "" where no figure is held.
    inspections
        Ofsted's inspections and visits as a table; None where none is known.
    """

    headline: str
    detail: str
    measure: str
    newest_period: str
    inspections: pd.DataFrame | None


@dataclass(frozen=True)
class TrendsView:
    """The parts of the line of years.

    Attributes
    ----------
    chart
        The line, with what it is compared with.
    cautions
        What to bear in mind, a sentence each.
    table, official
        The chart's figures as shown, and the official ones of them alone: years, without a council's own quarters.
    download, about
        The table to download, and the lines that describe it: label and text.
    """

    chart: ChartResult
    cautions: tuple[str, ...]
    table: pd.DataFrame
    official: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]


@dataclass(frozen=True)
class NeighboursView:
    """The parts: the chart of ten panels, and the table of its figures."""

    chart: ChartResult
    table: pd.DataFrame


def _releases(context: Context, rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [context.release(*pair) for pair in words_sources.releases(rows)]


def _official(rows: pd.DataFrame) -> pd.DataFrame:
    """The official rows; all where nothing official is known of whom the chart is about."""
    focus = "authority" if (rows["series"] == "authority").any() else "england"
    official = rows[rows["layer"] == "published"]
    return official if (official["series"] == focus).any() else rows


def _footer(context: Context, rows: pd.DataFrame, code: str) -> Footer:
    """The foot of both charts: every release the figures come from, and Ofsted's where inspections are drawn."""
    held = context.query("inspection_events", authority=code)
    inspected = words_years.inspections_drawn(rows, words_years.events(held))
    ofsted = [context.release(*pair) for pair in words_sources.inspection_releases(held)] if inspected else []
    newest = words_finding.newest(rows, "authority" if code else "england")
    return words_sources.footer(_releases(context, rows), ofsted, rows, newest, context.today)


def build_finding(
    context: Context, indicator_id: str, age_group: str, code: str, name: str, against: Against, region: str | None
) -> FindingView:
    """The finding about an authority or England, and the inspections.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    code, name
        The authority; "" and England where none is chosen.
    against
        What it is compared with.
    region
        The name of its region; None without one.

    Returns
    -------
    FindingView
    """
    indicator = context.indicators[indicator_id]
    rows = context.query("trends", indicator=indicator_id, age_group=age_group, authority=code, others="")
    held = context.query("inspection_events", authority=code)
    newest = words_finding.newest(rows, "authority" if code else "england")
    return FindingView(
        headline=words_finding.headline(newest, name, indicator, age_group),
        detail=words_finding.detail(newest, rows, indicator, against, region),
        measure=f"{with_age(indicator.title, age_group)}: {POLARITY_WORDS[indicator.polarity]}.",
        newest_period="" if newest is None else f"{newest['period_end']:%Y-%m-%d}",
        inspections=tables.events_table(held) if words_years.events(held) else None,
    )


def build_view(
    context: Context,
    indicator_id: str,
    age_group: str,
    code: str,
    name: str,
    others: tuple[str, ...],
    from_zero: bool,
    width: Width,
) -> TrendsView:
    """The years of an authority as lines, with its comparators and further authorities.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    code, name
        The authority; "" and England where none is chosen.
    others
        Codes of up to four other authorities.
    from_zero
        Whether the scale begins at zero.
    width
        The window that charts are laid out for.

    Returns
    -------
    TrendsView
    """
    indicator = context.indicators[indicator_id]
    measure = {"indicator": indicator_id, "age_group": age_group, "authority": code}
    alone = context.query("trends", **measure, others="")
    shown = context.query("trends", **measure, others=",".join(others))
    events = words_years.events(context.query("inspection_events", authority=code))
    newest = words_finding.newest(alone, "authority" if code else "england")
    title = with_age(indicator.title, age_group)
    return TrendsView(
        chart=trend(
            words_years.chart_frame(shown, indicator),
            axis_title=words_years.axis_title(shown["period_end"].iloc[-1], shown["basis"].iloc[-1]),
            headline=words_finding.headline(newest, name, indicator, age_group),
            subtitle=f"{title}. {name}, {words_years.span_text(shown)}",
            footer=_footer(context, alone, code),
            filename=file_name(name, indicator_id, age_group, "trend"),
            events=events,
            breaks=words_years.breaks(shown),
            measure_title=title,
            unit=axis_unit(indicator.unit),
            decimals=indicator.decimals,
            from_zero=from_zero,
            width=width,
        ),
        cautions=tuple(words_years.cautions(shown, indicator, words_years.inspections_outside(shown, events))),
        table=tables.years_table(shown, indicator),
        official=tables.years_table(_official(shown), indicator),
        download=tables.download(shown, indicator, age_group),
        about=tables.about(
            shown, indicator, age_group, name, _releases(context, alone), context.today, context.version
        ),
    )


def official_source(context: Context, indicator_id: str, age_group: str, code: str) -> str:
    """Where the official lines alone come from, without inspections: the foot of a chart that shows no more.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    code
        The authority; "" for England.

    Returns
    -------
    str
    """
    alone = context.query("trends", indicator=indicator_id, age_group=age_group, authority=code, others="")
    official = _official(alone)
    newest = words_finding.newest(alone, "authority" if code else "england")
    return words_sources.footer(_releases(context, official), (), official, newest, context.today).text()


def neighbours_finding(context: Context, indicator_id: str, age_group: str, code: str, name: str) -> str:
    """The headline about the ten neighbours of an authority.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    code, name
        The authority.

    Returns
    -------
    str
        "" where the model has no neighbours for it.
    """
    near = context.query("trends_neighbours", indicator=indicator_id, age_group=age_group, authority=code)
    return "" if near.empty else words_neighbours.neighbours_headline(near, name, context.indicators[indicator_id])


def build_neighbours(
    context: Context, indicator_id: str, age_group: str, code: str, name: str, from_zero: bool, width: Width
) -> NeighboursView:
    """The ten neighbours on one measure over the years, a panel each.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    code, name
        The authority; it must have a :func:`neighbours_finding`.
    from_zero
        Whether the scales begin at zero.
    width
        The window that charts are laid out for.

    Returns
    -------
    NeighboursView
    """
    indicator = context.indicators[indicator_id]
    measure = {"indicator": indicator_id, "age_group": age_group, "authority": code}
    rows = context.query("trends", **measure, others="")
    near = context.query("trends_neighbours", **measure)
    title = with_age(indicator.title, age_group)
    return NeighboursView(
        chart=small_multiples(
            words_neighbours.neighbours_frame(near, indicator),
            words_neighbours.own_line(rows),
            own_name=name,
            headline=words_neighbours.neighbours_headline(near, name, indicator),
            subtitle=f"{title}. {sentence_case(words_years.span_text(rows))}",
            footer=_footer(context, rows, code),
            filename=file_name(name, "neighbours", indicator_id, age_group, "trend"),
            measure_title=title,
            unit=axis_unit(indicator.unit),
            decimals=indicator.decimals,
            from_zero=from_zero,
            width=width,
        ),
        table=tables.neighbours_table(near, rows, name, indicator),
    )
