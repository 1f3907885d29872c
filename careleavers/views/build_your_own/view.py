"""What the page of chosen figures shows, made from one query: findings, a small chart per measure, tables, downloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from careleavers.charts import ChartResult
from careleavers.charts.area_bars import area_bars
from careleavers.charts.area_lines import area_lines
from careleavers.charts.template import Width
from careleavers.views.build_your_own import words
from careleavers.views.context import Context
from careleavers.wording.formats import POLARITY_WORDS, axis_unit, file_name, with_age


@dataclass(frozen=True)
class BuildYourOwnView:
    """One table of chosen figures, and a chart for each measure.

    Attributes
    ----------
    headlines
        The finding of each chart.
    charts
        In the order of the choice.
    layout
        The layout that they were drawn in.
    cautions
        What to bear in mind, a sentence each.
    wide, long
        The figures with a row per area, and with a row per figure, as shown.
    marks
        What each mark in the tables means.
    wide_download, download
        The same two for download, with numbers.
    about
        The lines that describe the downloads: label and text.
    own
        The figures of the chosen authority among them: indicator, age group and last day of the period (ISO).
    """

    headlines: tuple[str, ...]
    charts: tuple[ChartResult, ...]
    layout: Width
    cautions: tuple[str, ...]
    wide: pd.DataFrame
    long: pd.DataFrame
    marks: tuple[str, ...]
    wide_download: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]
    own: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Options:
    """What can be chosen, by the codes that links carry.

    Attributes
    ----------
    measures, areas, years
        Label by code.
    measure_groups
        The codes of ``measures`` under their headings.
    area_aliases
        Other words that links may use for an area, and the code each stands for.
    """

    measures: dict[str, str]
    measure_groups: dict[str, list[str]]
    areas: dict[str, str]
    area_aliases: dict[str, str]
    years: dict[str, str]


@dataclass(frozen=True)
class ChosenAreas:
    """The areas of a choice (GSS codes), how many more were left out, and the source of each group's areas.

    Attributes
    ----------
    codes
        GSS codes, each once, in the order of the choice.
    left_out
        How many more were asked for than are shown.
    sources
        Who says which areas a group holds, a line per group.
    """

    codes: tuple[str, ...]
    left_out: int
    sources: tuple[str, ...]


def _chart(context: Context, rows: pd.DataFrame, width: Width) -> ChartResult:
    """The chart of one measure: bars for one period, lines for several."""
    first, drawn = rows.iloc[0], rows[~rows["apart"]]
    common: dict[str, Any] = {
        "measure_title": with_age(first["short_title"], first["age_group"]),
        "unit": axis_unit(first["unit"]),
        "polarity_words": POLARITY_WORDS[first["polarity"]],
        "headline": words.headline(rows),
        "subtitle": words.subtitle(drawn),
        "footer": replace(context.mixed_footer(rows), n=words.n_words(drawn)),
        "filename": file_name(first["measure"], "chosen areas"),
        "width": width,
    }
    if words.many_periods(rows):
        return area_lines(drawn, hidden_text=words.hidden_text(drawn), **common)
    return area_bars(words.best_first(drawn), **common)


def options(context: Context, authority: str) -> Options:
    """What can be chosen.

    Parameters
    ----------
    context
        What the view is made from.
    authority
        Code of the authority chosen, whose neighbours and region are groups of areas; "" for none.

    Returns
    -------
    Options
    """
    areas, aliases = words.area_options(context.query("build_your_own_areas", authority=authority))
    return Options(
        measures=words.measure_options(context.indicators),
        measure_groups=words.measure_groups(context.indicators),
        areas=areas,
        area_aliases=aliases,
        years={str(year): str(year) for year in context.query("build_your_own_years")["year"]},
    )


def chosen_areas(context: Context, authority: str, tokens: Sequence[str]) -> ChosenAreas:
    """What the chosen areas and groups come to.

    Parameters
    ----------
    context
        What the view is made from.
    authority
        Code of the authority chosen; "" for none.
    tokens
        Codes of :attr:`Options.areas`, each an area or a group of them.

    Returns
    -------
    ChosenAreas
        Each area once, at most :data:`.words.MOST_AREAS`.
    """
    areas = context.query("build_your_own_areas", authority=authority)
    codes, left_out = words.chosen_areas(areas, tokens)
    return ChosenAreas(tuple(codes), left_out, tuple(words.group_sources(areas, tokens)))


def build_view(
    context: Context,
    measures: tuple[str, ...],
    areas: tuple[str, ...],
    years: tuple[int, ...],
    groups: tuple[str, ...],
    authority: str,
    width: Width,
) -> tuple[BuildYourOwnView | None, tuple[str, ...]]:
    """The chosen figures in one table and a chart for each measure.

    Parameters
    ----------
    context
        What the view is made from.
    measures
        Codes of :attr:`Options.measures`.
    areas
        GSS codes.
    years
        Years in which a period ends; none for the newest of each measure.
    groups
        Who says which areas a chosen group holds: :attr:`ChosenAreas.sources`.
    authority
        Code of the authority to pick out; "" for none.
    width
        The window that charts are laid out for.

    Returns
    -------
    tuple[BuildYourOwnView or None, tuple[str, ...]]
        The view, None when nothing is published of the choice; and a sentence for each part of the choice of which
        nothing is.
    """
    found = context.query(
        "build_your_own_figures",
        measures=words.query_measures(measures),
        areas=list(areas),
        years=list(years),
        authority=authority,
    )
    titles = words.measure_options(context.indicators)
    gaps = tuple(words.not_published(found, measures, years, titles))
    if found.empty:
        return None, gaps
    rows = words.with_texts(found)
    each = words.by_measure(rows)
    # Several stand two in a row, where each has the room of a phone.
    layout: Width = "phone" if len(each) > 1 and width == "wide" else width
    return (
        BuildYourOwnView(
            headlines=tuple(words.headline(part) for part in each),
            charts=tuple(_chart(context, part, layout) for part in each),
            layout=layout,
            cautions=(*words.cautions(rows), *gaps, *groups),
            wide=words.wide_table(rows),
            long=words.long_table(rows),
            marks=tuple(words.mark_key(rows)),
            wide_download=words.wide_table(rows, numbers=True),
            download=words.download_table(rows),
            about=words.about(rows, groups, context.today, context.version),
            own=words.own_figures(rows),
        ),
        gaps,
    )
