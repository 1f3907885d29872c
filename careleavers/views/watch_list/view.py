"""What the page on the watch list shows: each target and its figure, what is new, and a version that names no other council."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.ranked import Comparator, ranked
from careleavers.charts.template import Width
from careleavers.views.context import Context
from careleavers.views.watch_list import words
from careleavers.wording.formats import POLARITY_WORDS, amount, axis_unit, file_name, missing, value_text, with_age
from careleavers.wording.tables import records
from careleavers.wording.uploaded_text import inert_frame


@dataclass(frozen=True)
class WatchListView:
    """The watch list as members read it.

    Attributes
    ----------
    headline
        How many targets are met.
    table
        Each target, its figure, the outcome and the distance.
    since
        The day of the last meeting; None for none.
    new
        What is new since that day, a sentence each.
    cautions
        What to bear in mind, a sentence each.
    measures
        The measures that can be shown with the others not named: label by ``indicator/age``.
    download, about
        The table to download, and what it says of itself.
    """

    headline: str
    table: pd.DataFrame
    since: dt.date | None
    new: tuple[str, ...]
    cautions: tuple[str, ...]
    measures: dict[str, str]
    download: pd.DataFrame
    about: dict[str, str]


@dataclass(frozen=True)
class AnonymousView:
    """One measure with the others not named: the chart, and its figures as a table."""

    chart: ChartResult
    table: pd.DataFrame


def build_view(
    context: Context, items: str, before: str | None, code: str, name: str, since: dt.date | None
) -> WatchListView | None:
    """The watch list of an authority.

    Parameters
    ----------
    context
        What the view is made from; whoever may read the list differs, so its answers are not to be kept for all.
    items
        From :attr:`.keeping.KeptList.items`.
    before
        The targets as they were on the day of the last meeting, from :func:`.keeping.items_on`.
    code, name
        The authority.
    since
        The day of the last meeting; None for none.

    Returns
    -------
    WatchListView or None
        None where the list holds no target of a measure that is known.
    """
    rows = inert_frame(
        context.query("watch_list", authority=code, items=items, before=before, since=since, today=context.today)
    )
    if rows.empty:
        return None
    held = rows.loc[rows["source"].notna(), ["source", "release"]].drop_duplicates().sort_values(["source", "release"])
    sources = [
        context.release(str(source), str(release)) for source, release in held.itertuples(index=False, name=None)
    ]
    compared = [row for row in records(rows) if not missing(row["value"])]
    return WatchListView(
        headline=words.headline(rows, name),
        table=words.table(rows),
        since=since,
        new=tuple(words.new_lines(rows)) if since else (),
        cautions=tuple(words.cautions(rows)),
        measures={f"{row['indicator']}/{row['age_group']}": words.measure_text(row) for row in compared},
        download=words.download(rows),
        about=words.about(name, context.today, context.version, sources),
    )


def build_anonymous(
    context: Context,
    items: str,
    code: str,
    name: str,
    indicator_id: str,
    age_group: str,
    width: Width,
) -> AnonymousView | None:
    """One measure of the list with the other authorities not named.

    Parameters
    ----------
    context
        What the view is made from.
    items
        From :attr:`.keeping.KeptList.items`: the targets that are drawn.
    code, name
        The authority that is named.
    indicator_id, age_group
        The measure.
    width
        The window that the chart is laid out for.

    Returns
    -------
    AnonymousView or None
        None where the authority has no figure.
    """
    indicator = context.indicators[indicator_id]
    rows = context.query("watch_list_anonymous", authority=code, indicator=indicator_id, age_group=age_group)
    if rows.empty or not rows["is_own"].any():
        return None
    first = records(rows.head(1))[0]
    targets = context.query("watch_list", authority=code, items=items, before=None, since=None, today=context.today)
    mine = targets[(targets["indicator"] == indicator_id) & (targets["age_group"] == age_group)]
    frame = pd.DataFrame(
        [
            {
                # A code of its own, so that nothing behind a mark says who it is.
                "authority_code": "own" if row["is_own"] else row["label"],
                "authority_name": words.anonymous_label(row, name),
                "region": "",
                "value": row["value"],
                "lower": None,
                "upper": None,
                "rank": None,
                "rank_text": "",
                "band_text": "",
                "value_text": value_text(row["value"], indicator.unit, indicator.decimals),
                "count_text": "",
                "status": "ok",
                "status_text": "",
            }
            for row in records(rows)
        ]
    )
    lines = [
        Comparator(
            f"{words.KIND_WORDS[row['kind']]} target", float(row["target"]), amount(f"{row['target']:g}", row["unit"])
        )
        for row in records(mine)
    ]
    if not missing(first["england"]):
        text = value_text(first["england"], indicator.unit, indicator.decimals)
        lines.append(Comparator("England", float(first["england"]), text))
    footer = context.footer(first["source"], first["release"], first["layer"], f"{len(rows)} authorities")
    chart = ranked(
        frame,
        indicator_title=with_age(indicator.title, age_group),
        unit=axis_unit(indicator.unit),
        polarity=indicator.polarity,
        polarity_words=POLARITY_WORDS[indicator.polarity],
        authority_code="own",
        neighbour_codes=[],
        comparators=lines,
        headline=words.anonymous_headline(rows, name, indicator, age_group),
        subtitle=words.anonymous_subtitle(rows, name, indicator, age_group),
        footer=replace(footer, n=f"{len(rows)} authorities"),
        filename=file_name(name, indicator_id, age_group, "others not named"),
        everyone=True,
        width=width,
    )
    return AnonymousView(chart, words.anonymous_table(rows, name, indicator))
