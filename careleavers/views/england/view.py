"""What the home page shows before an authority is chosen, as data: cards, tiles, changes and news, all of it text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from careleavers.model import Indicator
from careleavers.views.context import Context
from careleavers.views.england import words
from careleavers.views.whats_new.view import events
from careleavers.wording.formats import with_age
from careleavers.wording.tables import records


@dataclass(frozen=True)
class TileMap:
    """A measure on the map.

    Attributes
    ----------
    title, subject
        What heads it; and ages, period, England's figure and which end is better.
    tiles
        One per authority, by region.
    key
        Looks of the tiles and what each means, best first.
    """

    title: str
    subject: str
    tiles: tuple[words.Tile, ...]
    key: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Changes:
    """The clear changes of that measure since the year before.

    Attributes
    ----------
    subject
        Which measure it is, and its ages.
    directions
        Up and down, as far as there are any.
    remark
        A sentence about the other councils.
    """

    subject: str
    directions: tuple[words.Direction, ...]
    remark: str


@dataclass(frozen=True)
class EnglandView:
    """The parts of the page.

    Attributes
    ----------
    title, subject
        The heading, and how many young people the figures are about.
    cards
        The national figures.
    map
        The map; None without figures.
    changes
        The clear changes on the map's measure.
    news
        What is new, newest first.
    sources
        Where the figures come from, as one sentence.
    links
        The choices that every link of the page keeps: key of the address and value.
    """

    title: str
    subject: str
    cards: tuple[words.EnglandCard, ...]
    map: TileMap | None
    changes: Changes
    news: tuple[words.News, ...]
    sources: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Story:
    """England on one measure in sentences, each "" where there is nothing to say.

    Attributes
    ----------
    figure
        England's figure and its period.
    change
        Whether it has moved by more than chance.
    spread
        How far apart the councils are.
    range
        The same with the lowest and the highest.
    """

    figure: str = ""
    change: str = ""
    spread: str = ""
    range: str = ""

    @property
    def detail(self) -> str:
        """What follows a headline that has the figure and the range already."""
        return " ".join(part for part in (self.change, self.spread) if part)


def suits(indicator: Indicator) -> bool:
    """Whether a measure can be chosen for the map: one of the headline figures of which one end is better.

    Parameters
    ----------
    indicator
        The measure.

    Returns
    -------
    bool
    """
    return indicator.headline and indicator.polarity != "neutral"


def build_view(
    context: Context, indicator_id: str, age_group: str, links: tuple[tuple[str, str], ...] = ()
) -> EnglandView:
    """England's figures, with one measure on the map.

    Parameters
    ----------
    context
        What the view is made from.
    indicator_id, age_group
        The measure of the map and of the changes.
    links
        The choices, as in the address, that every link of the page keeps.

    Returns
    -------
    EnglandView
    """
    indicator = context.indicators[indicator_id]
    figures = context.query("england_figures", measures=words.measures(tuple(words.CARDS)), period=None)
    tiles = context.query("england_tiles", indicator=indicator_id, age_group=age_group)
    moved = context.query("england_changes", indicator=indicator_id, age_group=age_group)
    held = [rows.loc[rows["value"].notna(), ["source", "release"]] for rows in (figures, tiles)]
    pairs = dict.fromkeys(pair for rows in held for pair in rows.itertuples(index=False, name=None))
    cohort = records(context.query("england_cohort"))
    changes = records(moved)
    return EnglandView(
        title=words.TITLE,
        subject=words.subject(cohort[0] if cohort else None),
        cards=tuple(words.card(row) for row in records(figures)),
        map=None if tiles.empty else _tile_map(records(tiles), indicator, age_group),
        changes=Changes(
            subject=f"{with_age(indicator.short_title, age_group)}.",
            directions=words.directions(changes),
            remark=words.changes_remark(changes),
        ),
        news=words.news(events(context, "", words.news_since(context.today))),
        sources=words.sources([context.release(source, release) for source, release in pairs]),
        links=links,
    )


def _tile_map(rows: list[dict[str, object]], indicator: Indicator, age_group: str) -> TileMap:
    unit, decimals = indicator.unit, indicator.decimals
    tiles = tuple(words.tile(row, unit, decimals) for row in rows)
    return TileMap(
        title=f"{indicator.short_title}, by council",
        subject=words.map_subject(rows[0], age_group, unit, indicator.polarity, decimals),
        tiles=tiles,
        key=words.key(rows, tiles, unit, decimals),
    )


def table(context: Context, measures: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    """England on several measures, one row each.

    Parameters
    ----------
    context
        What it is made from.
    measures
        Indicators and age groups, in order.

    Returns
    -------
    pandas.DataFrame
        Columns: Measure (with its period), England, Since the year before, Half of councils, All councils.
    """
    rows = context.query("england_figures", measures=words.measures(measures), period=None)
    context.name_releases(rows)
    return words.table(records(rows))


def story(context: Context, indicator_id: str, age_group: str, period: str = "") -> Story:
    """England on one measure, for a page on which no authority is chosen.

    Parameters
    ----------
    context
        What it is made from.
    indicator_id, age_group
        The measure.
    period
        The last day of the period, ISO; "" for the newest.

    Returns
    -------
    Story
        Empty where England has no figure.
    """
    day = dt.date.fromisoformat(period) if period else None
    found = records(context.query("england_figures", measures=words.measures([(indicator_id, age_group)]), period=day))
    if not found:
        return Story()
    row = found[0]
    return Story(
        figure=words.england_figure(row),
        change=words.england_change(row),
        spread=words.england_spread(row),
        range=words.england_range(row),
    )
