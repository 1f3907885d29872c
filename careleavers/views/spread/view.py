"""What the page on spread shows, made from its queries: the funnel with its findings, the strip, tables, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.funnel import funnel
from careleavers.charts.strip import strip
from careleavers.charts.template import Width
from careleavers.views.context import Context
from careleavers.views.spread import words
from careleavers.wording import sentences, tables
from careleavers.wording.formats import POLARITY_WORDS, axis_unit, file_name, period_text, with_age


@dataclass(frozen=True)
class SpreadView:
    """The parts about the funnel and all authorities.

    Attributes
    ----------
    headline, detail
        The finding, and what stands behind it; without a funnel, why there is none.
    subject
        Measure, ages, period, and which end is better.
    found
        Whether the chosen authority is among the rows.
    chart
        The funnel; None where there is none.
    reading
        How to read it.
    outside
        The authorities outside the usual range, a sentence per side.
    cautions
        What to bear in mind.
    table
        Every authority as shown.
    download, about
        The table to download, and the lines that describe it: label and text.
    """

    headline: str
    detail: str
    subject: str
    found: bool
    chart: ChartResult | None
    reading: str
    outside: tuple[str, ...]
    cautions: tuple[str, ...]
    table: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]


@dataclass(frozen=True)
class GroupsView:
    """The parts about regions, or groups with the same judgement.

    Attributes
    ----------
    headline, chart
        The finding, and its picture.
    cautions
        What to know about the grouping.
    table
        One row per group.
    """

    headline: str
    chart: ChartResult
    cautions: tuple[str, ...]
    table: pd.DataFrame


def build_view(
    context: Context, indicator_id: str, age_group: str, period: str, code: str | None, name: str | None, width: Width
) -> SpreadView | None:
    """One measure in one period about England.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    period
        The last day of its period, ISO.
    code, name
        The authority; None where none is chosen.
    width
        The window that charts are laid out for.

    Returns
    -------
    SpreadView or None
        None when no authority is in the release.
    """
    indicator = context.indicators[indicator_id]
    asked = {"indicator": indicator_id, "age_group": age_group, "period": period}
    rows = context.query("spread_funnel", **asked, authority=code or "")
    if rows.empty:
        return None
    own = words.own_row(rows, indicator, age_group)
    first = tables.records(rows.head(1), indicator, age_group)[0]
    title = with_age(indicator.title, age_group)
    chart, head, detail, reading = None, "", words.no_funnel(indicator), ""
    outside: list[str] = []
    if words.has_funnel(rows):
        head = words.headline(rows, indicator, age_group, name if own else None)
        detail, reading = words.dispersion(rows), words.expectation(rows)
        outside = words.outside_lists(rows, indicator)
        value_title, base_title = words.axis_titles(indicator, age_group)
        chart = funnel(
            words.funnel_frame(rows, indicator, code or ""),
            context.query("spread_funnel_limits", **asked),
            value_title=value_title,
            base_title=base_title,
            unit=axis_unit(indicator.unit),
            centre=first["centre"],
            centre_text=words.england_text(first, indicator),
            widening_text=words.widening_text(rows),
            headline=head,
            subtitle=sentences.subtitle(first, "all authorities in England with counts"),
            footer=context.footer(first["source"], first["release"], first["layer"], words.n_words(rows, own)),
            filename=file_name(name or "England", "funnel", indicator_id, age_group, period),
            width=width,
        )
    return SpreadView(
        headline=head,
        detail=detail,
        subject=f"{title}, {period_text(first['period_end'], first['basis'])}: {POLARITY_WORDS[indicator.polarity]}.",
        found=own is not None,
        chart=chart,
        reading=reading,
        outside=tuple(outside),
        cautions=tuple(words.cautions(rows, indicator, own)),
        table=words.table(rows, indicator),
        download=words.download(rows, indicator, age_group),
        about=tables.about(
            indicator,
            age_group,
            first["period_end"],
            first["basis"],
            context.release(first["source"], first["release"]),
            context.today,
            context.version,
        ),
    )


def build_groups(
    context: Context,
    indicator_id: str,
    age_group: str,
    period: str,
    code: str | None,
    name: str | None,
    by: str,
    width: Width,
) -> GroupsView:
    """The same measure within and between groups of authorities.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure.
    period
        The last day of its period, ISO; some authority must be in the release.
    code, name
        The authority; None where none is chosen.
    by
        How authorities are grouped: by region or by a judgement of Ofsted’s.
    width
        The window that charts are laid out for.

    Returns
    -------
    GroupsView
    """
    indicator = context.indicators[indicator_id]
    rows = context.query(
        "spread_groups", indicator=indicator_id, age_group=age_group, period=period, authority=code or "", by=by
    )
    own = words.own_row(rows, indicator, age_group)
    first = tables.records(rows.head(1), indicator, age_group)[0]
    head = words.strip_headline(rows, indicator, age_group, by, name)
    return GroupsView(
        headline=head,
        chart=strip(
            words.strip_frame(rows, indicator),
            value_title=with_age(indicator.title, age_group),
            unit=axis_unit(indicator.unit),
            centre=first["england"],
            centre_text=words.england_text(first, indicator),
            headline=head,
            subtitle=sentences.subtitle(first, f"authorities in England {words.by_subtitle(by)}"),
            footer=context.footer(first["source"], first["release"], first["layer"], words.n_words(rows, own)),
            filename=file_name(name or "England", "spread", by, indicator_id, age_group, period),
            polarity_words=POLARITY_WORDS[indicator.polarity],
            width=width,
        ),
        cautions=tuple(words.strip_cautions(rows, by)),
        table=words.group_table(rows, indicator, by),
    )
