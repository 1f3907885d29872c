"""What the page of chosen figures shows, made from one query: findings, a small chart a measure, tables, downloads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from careleavers import words_build as words
from careleavers.charts import ChartResult
from careleavers.charts.grouped import bars, lines
from careleavers.charts.template import Width
from careleavers.formats import POLARITY_WORDS, axis_unit, file_name, with_age
from careleavers.ui import choices, figures, view


@dataclass(frozen=True)
class Built:
    """One table of chosen figures, and a chart for each measure; ``about`` stands in its downloads."""

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


def _chart(rows: pd.DataFrame, width: Width) -> ChartResult:
    """The chart of one measure: bars for one period, lines for several."""
    first, drawn = rows.iloc[0], rows[~rows["apart"]]
    common: dict[str, Any] = {
        "measure_title": with_age(first["short_title"], first["age_group"]),
        "unit": axis_unit(first["unit"]),
        "polarity_words": POLARITY_WORDS[first["polarity"]],
        "headline": words.headline(rows),
        "subtitle": words.subtitle(drawn),
        "footer": replace(view.mixed_footer(rows), n=words.n_words(drawn)),
        "filename": file_name(first["measure"], "chosen areas"),
        "width": width,
    }
    if words.many_periods(rows):
        return lines(drawn, hidden_text=words.hidden_text(drawn), **common)
    return bars(words.best_first(drawn), **common)


def parts(
    measures: tuple[str, ...],
    areas: tuple[str, ...],
    years: tuple[int, ...],
    groups: tuple[str, ...],
    authority: str,
    width: Width,
) -> tuple[Built | None, tuple[str, ...]]:
    """The figures of these measures (codes of links), area codes and years, and what is not published of them.

    ``groups`` are lines on where the chosen groups come from. The first is None when nothing is published.
    """
    found = figures.ask("build_figures", measures=words.query_measures(measures), areas=list(areas), years=list(years))
    titles = words.measure_options(choices.indicators())
    gaps = tuple(words.not_published(found, measures, years, titles))
    if found.empty:
        return None, gaps
    rows = words.with_texts(found, authority)
    each = words.by_measure(rows)
    layout = width if len(each) == 1 else "narrow"
    return (
        Built(
            headlines=tuple(words.headline(part) for part in each),
            charts=tuple(_chart(part, layout) for part in each),
            layout=layout,
            cautions=(*words.cautions(rows), *gaps, *groups),
            wide=words.wide_table(rows),
            long=words.long_table(rows),
            marks=tuple(words.mark_key(rows)),
            wide_download=words.wide_table(rows, numbers=True),
            download=words.download_table(rows),
            about=words.about(rows, groups, view.today(), figures.warehouse().version),
        ),
        gaps,
    )
