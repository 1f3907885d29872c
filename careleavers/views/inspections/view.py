"""What the page on inspections shows, made from one query each: sentences, a table, two charts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.by_judgement import by_judgement
from careleavers.charts.since_inspection import since_inspection
from careleavers.charts.template import Width
from careleavers.views.context import Context
from careleavers.views.inspections import words
from careleavers.views.spread.words import england_text
from careleavers.wording.formats import POLARITY_WORDS, axis_unit, day_text, file_name, with_age
from careleavers.wording.tables import records


@dataclass(frozen=True)
class EventsView:
    """What Ofsted found in one authority.

    Attributes
    ----------
    headline, detail
        The finding on its latest full inspection, and what stands behind it.
    judgements
        Full inspections side by side; None without one.
    visits, visits_note
        Other inspections and visits as a list in Markdown, and what that leaves out.
    before
        The same of the authorities it replaced; "" where it replaced none.
    newer_than_release
        Whether the latest full inspection is later than Ofsted's release.
    reports
        Where the reports are, as Markdown; "" where no address is held.
    """

    headline: str
    detail: str
    judgements: pd.DataFrame | None
    visits: str
    visits_note: str
    before: str
    newer_than_release: bool
    reports: str


@dataclass(frozen=True)
class SinceView:
    """The time since the last full inspection, for all authorities.

    Attributes
    ----------
    headline, chart
        The finding, and its picture.
    cautions
        What to bear in mind, as a list in Markdown.
    table
        One row per authority, longest ago first.
    releases
        The releases of inspections, by source.
    as_at
        The last day that Ofsted's release covers.
    """

    headline: str
    chart: ChartResult
    cautions: str
    table: pd.DataFrame
    releases: dict[str, str]
    as_at: Any


@dataclass(frozen=True)
class OutcomesView:
    """One measure by judgement.

    Attributes
    ----------
    headline, detail
        The finding, and what stands behind it.
    chart
        Every authority within its judgement.
    cautions
        What to bear in mind, as a list in Markdown.
    table
        One row per authority, by judgement.
    found
        Whether the chosen authority is among them.
    """

    headline: str
    detail: str
    chart: ChartResult
    cautions: str
    table: pd.DataFrame
    found: bool


@dataclass(frozen=True)
class DownloadView:
    """Every inspection that is held, and what the downloaded table says of itself."""

    table: pd.DataFrame
    about: dict[str, str]


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def has_inspections(context: Context) -> bool:
    """Whether inspections are held at all, apart from those that councils report.

    Parameters
    ----------
    context
        What the view is made from.

    Returns
    -------
    bool
    """
    return bool(context.query("inspection_list", authority="")["source"].isin(words.SOURCE_WORDS).any())


def england_judgements(context: Context) -> tuple[str, str]:
    """How Ofsted judges care leavers over all authorities: the finding, and those without a judgement.

    Parameters
    ----------
    context
        What it is made from.

    Returns
    -------
    tuple[str, str]
        A sentence each.
    """
    return words.england_judgements(context.query("england_judgements"))


def build_events(context: Context, code: str, name: str) -> EventsView:
    """What was found in an authority and in those it replaced.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority.

    Returns
    -------
    EventsView
    """
    rows = context.query("inspection_events", authority=code)
    full = words.events(rows, kind="full")
    return EventsView(
        headline=words.latest_headline(name, full),
        detail=words.latest_detail(full),
        judgements=words.judgement_table(full) if full else None,
        visits=_list([words.event_line(row) for row in words.events(rows, kind="visit")]),
        visits_note=words.visits_words(rows.iloc[0]["as_at"]),
        before=_list(words.predecessor_lines(rows)),
        newer_than_release=words.newer_than_release(full),
        reports=words.report_links(full),
    )


def build_since(context: Context, code: str, name: str, own_newer: bool, width: Width) -> SinceView:
    """How long ago each authority was inspected.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority to pick out; "" for none.
    own_newer
        Whether the authority was inspected after Ofsted’s release: :attr:`EventsView.newer_than_release`.
    width
        The window that charts are laid out for.

    Returns
    -------
    SinceView
    """
    rows = context.query("inspection_since", authority=code)
    first = rows.iloc[0]
    covered, releases = first["covered"], words.inspection_sources({str(key): value for key, value in first.items()})
    pairs = pd.DataFrame(releases.items(), columns=["source", "release"]).assign(layer="published")
    head = words.since_headline(rows)
    chart = since_inspection(
        words.since_frame(rows),
        as_at_text=day_text(covered),
        median_months=first["median_months"],
        median_text=f"Median {words.since_text(first['median_months'])}",
        headline=head,
        subtitle="Time from the start of Ofsted’s last full inspection of children’s services to "
        f"{day_text(covered)}. Authorities in England",
        footer=replace(context.mixed_footer(pairs), n=f"{int(first['of'])} authorities"),
        filename=file_name(name or "England", "time since inspection", *releases.values()),
        width=width,
    )
    cautions = _list(words.since_cautions(rows, context.today, own_newer))
    return SinceView(head, chart, cautions, words.since_table(rows), releases, first["as_at"])


def build_outcomes(
    context: Context,
    indicator_id: str,
    age_group: str,
    period: str,
    aspect: str,
    code: str,
    releases: tuple[tuple[str, str], ...],
    width: Width,
) -> OutcomesView:
    """A measure by the judgement that each authority held when its period ended.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    period
        The last day of its period, ISO.
    aspect
        The judgement that groups the authorities: a key of :data:`.words.ASPECT_CHOICES`.
    code
        The authority to pick out; "" for none.
    releases
        The items of :attr:`SinceView.releases`, for the foot of the chart.
    width
        The window that charts are laid out for.

    Returns
    -------
    OutcomesView
    """
    indicator = context.indicators[indicator_id]
    rows = context.query(
        "inspection_outcomes", indicator=indicator_id, age_group=age_group, period=period, aspect=aspect, authority=code
    )
    first = rows.iloc[0]
    head = words.outcome_headline(rows, indicator, age_group, aspect)
    footer = context.mixed_footer(words.outcome_sources(rows, dict(releases)))
    chart = by_judgement(
        words.outcome_frame(rows, indicator),
        words.groups(rows, indicator),
        indicator_title=with_age(indicator.title, age_group),
        unit=axis_unit(indicator.unit),
        england=first["england"],
        england_text=england_text(records(rows.head(1))[0], indicator),
        polarity_words=POLARITY_WORDS[indicator.polarity],
        headline=head,
        subtitle=words.outcome_subtitle(rows, indicator, age_group, aspect),
        footer=replace(footer, n=f"{len(rows[rows['value'].notna()])} authorities"),
        filename=file_name(indicator.id, age_group, period, "by judgement", aspect),
        width=width,
    )
    return OutcomesView(
        headline=head,
        detail=words.outcome_detail(rows, indicator),
        chart=chart,
        cautions=_list(words.outcome_cautions(rows, indicator, aspect)),
        table=words.outcome_table(rows, indicator),
        found=bool(rows["is_chosen"].any()),
    )


def build_download(context: Context, releases: tuple[tuple[str, str], ...], as_at: Any) -> DownloadView:
    """Every inspection of every authority, to download.

    Parameters
    ----------
    context
        What the view is made from.
    releases
        The (source, release) pairs that the page rests on: the items of :attr:`SinceView.releases`.
    as_at
        The day up to which visits are covered: :attr:`SinceView.as_at`.

    Returns
    -------
    DownloadView
    """
    sources = [context.release(*pair) for pair in releases]
    return DownloadView(
        table=context.query("inspection_list", authority=""),
        about=words.download_about(as_at, sources, context.today, context.version),
    )
