"""What the home page shows of one authority: a line about it, cards, questions, pictures, tables, a download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pandas as pd

from careleavers.charts import ChartResult, spine
from careleavers.charts.template import Width
from careleavers.charts.text import lower_first
from careleavers.model import AGAINST, Against
from careleavers.views.at_a_glance import chart_words, divided, download, measures, words
from careleavers.views.at_a_glance import detail as words_detail
from careleavers.views.at_a_glance.parts import Card, MeasureTable, Run, Shares
from careleavers.views.context import Context
from careleavers.views.questions import view as questions_view
from careleavers.views.questions.view import Question
from careleavers.wording.comparators import LABELS, comparator_title
from careleavers.wording.formats import Row, file_name, missing
from careleavers.wording.tables import records


@dataclass(frozen=True)
class AtAGlanceView:
    """The parts of the page.

    Attributes
    ----------
    title
        The heading.
    compared_with
        What the figures are compared with, which is not what was asked for when the neighbours are not close.
    about
        The line under the title.
    cards
        What is strong, weak and clearly changing.
    questions
        What to ask, the most pressing first.
    shares
        Pictures of yes, no and not known.
    tables
        Every headline measure, a table per theme.
    chart
        Each measure's place among all authorities; None when the authority has no figure at all.
    detail, detail_caution
        The figures behind the measures, and what to bear in mind about them.
    spread
        The chart's figures as a table.
    download, download_about
        The table to download, and the lines that describe it: label and text.
    measures
        The headline figures that are shown: indicator, age group and the last day of the period (ISO).
    releases
        The releases (source, release) behind each part, for documents that show some of them: ``about``, ``cards``, ``shares``,
        ``measures`` (chart and tables).
    """

    title: str
    compared_with: str
    about: tuple[Run, ...]
    cards: tuple[Card, ...]
    questions: tuple[Question, ...]
    shares: tuple[Shares, ...]
    tables: tuple[MeasureTable, ...]
    chart: ChartResult | None
    detail: pd.DataFrame
    detail_caution: str
    spread: pd.DataFrame
    download: pd.DataFrame
    download_about: dict[str, str]
    measures: tuple[tuple[str, str, str], ...] = ()
    releases: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def build_view(
    context: Context, code: str, name: str, against: Against, region: str | None, width: Width
) -> AtAGlanceView:
    """The home page of one authority against one comparator, laid out for a window width.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority.
    against
        What it is compared with.
    region
        The name of its region; None without one.
    width
        The window that charts are laid out for.

    Returns
    -------
    AtAGlanceView
    """
    every = context.query("at_a_glance", authority=code, against=against)
    rows = every[every["is_headline"]].reset_index(drop=True)
    found = records(context.query("at_a_glance_findings", authority=code, against=against))
    behind = context.query("at_a_glance_detail", authority=code)
    context.name_releases(behind)
    counted = records(context.query("at_a_glance_authority", authority=code))
    if counted and counted[0]["judged_release"]:
        context.name_release(counted[0]["judged_source"], counted[0]["judged_release"])
    # The address bar leaves out defaults: a link that names one would be rewritten, which would add a step for Back.
    choices = {"authority": name} | ({} if against == "neighbours" else {"against": AGAINST[against]})

    def link(row: Row) -> str:
        return "compare?" + urlencode({**choices, "indicator": row["indicator"], "age": row["age_group"]})

    by_measure: dict[tuple[str, str], Row] = {(row["indicator"], row["age_group"]): row for row in records(every)}
    # Neighbours that are not close are not used for comparison: the queries say what replaces them.
    compared_with = str(every["compared_with"].iloc[0]) if len(every) else against
    shared = context.query("at_a_glance_shares", authority=code, against=against)
    chart = footer = None
    beside = comparator_title(compared_with, region)
    if rows["value"].notna().any():
        footer = context.mixed_footer(rows)
        chart = spine(
            chart_words.spine_rows(rows[rows["theme"] != "context"]),
            authority_name=name,
            comparator_name=beside,
            headline=chart_words.spine_headline(rows, name, compared_with, region),
            subtitle=f"Headline measures of {name}, newest year of each, compared with all authorities in England",
            footer=footer,
            filename=file_name(name, "at a glance"),
            verdict_against=lower_first(beside) if compared_with == "neighbours" else beside,
            width=width,
        )
    return AtAGlanceView(
        title=f"{name}: how are care leavers doing?",
        compared_with=compared_with,
        about=words.about(counted, region),
        cards=words.cards(found, by_measure, compared_with, region, link),
        questions=questions_view.few(
            questions_view.questions(context, code, name, against, region, by_measure, compared_with)
        ),
        shares=divided.build(context, shared, by_measure, name, against, region, width),
        tables=measures.tables(list(by_measure.values()), LABELS[compared_with], link),
        chart=chart,
        detail=words_detail.detail_table(behind),
        detail_caution=words_detail.detail_caution(behind),
        spread=chart_words.places_table(rows, beside),
        download=download.download_table(every),
        download_about=download.download_about(
            name, {**LABELS, "region": region or "Region"}[against], footer, context.today, context.version
        ),
        measures=tuple(
            (str(row["indicator"]), str(row["age_group"]), f"{row['period_end']:%Y-%m-%d}") for row in records(rows)
        ),
        releases=_releases(counted, found, by_measure, records(shared)),
    )


def _releases(
    counted: Sequence[Row], found: Sequence[Row], by_measure: dict[tuple[str, str], Row], shared: Sequence[Row]
) -> dict[str, tuple[tuple[str, str], ...]]:
    """The releases behind each part."""
    told = [
        row
        for kind in words.CARDS
        for subject in words.told(found, by_measure, kind)
        for row in words.figures_told(subject)
    ]
    named = {"about": counted, "cards": told, "shares": shared, "measures": list(by_measure.values())}
    held = {
        part: {(str(row["source"]), str(row["release"])) for row in rows if not missing(row["value"])}
        for part, rows in named.items()
    }
    if counted and counted[0]["judged_release"]:
        held["about"].add((str(counted[0]["judged_source"]), str(counted[0]["judged_release"])))
    return {part: tuple(sorted(pairs)) for part, pairs in held.items()}
