"""What the home page shows of one authority, made from one query: sentences, tables, a chart, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers.charts import ChartResult, spine
from careleavers.charts.template import Width
from careleavers.model import AGAINST, Against
from careleavers.views import figure_table
from careleavers.views.at_a_glance import detail as words_detail
from careleavers.views.context import Context
from careleavers.wording import sentences
from careleavers.wording import tables as display
from careleavers.wording.findings import comparator_title
from careleavers.wording.formats import file_name

GROUPS = (
    ("outcome", "Outcomes: how young people are doing"),
    ("enabler", "Services behind them: workforce and stability"),
    ("context", "Context: neither high nor low is better"),
)
LABELS = {"neighbours": "Neighbours", "region": "Region", "england": "England"}


@dataclass(frozen=True)
class AtAGlanceView:
    """The parts of the page; ``chart`` is None when the authority has no figure at all."""

    summary: str
    questions: tuple[tuple[str, str], ...]
    tables: tuple[str, ...]
    chart: ChartResult | None
    detail: pd.DataFrame
    detail_caution: str
    spread: pd.DataFrame
    download: pd.DataFrame
    about: dict[str, str]


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
    """
    rows = context.query("glance", authority=code, against=against)
    behind = context.query("glance_detail", authority=code)
    context.name_releases(behind)
    # The address bar leaves defaults out: a link that names one would be rewritten, which costs a step of Back.
    links = {"authority": name} | ({} if against == "neighbours" else {"against": AGAINST[against]})
    chart = None
    beside = comparator_title(against, region)
    if rows["value"].notna().any():
        chart = spine(
            display.spine_rows(rows[rows["theme"] != "context"]),
            authority_name=name,
            comparator_name=beside,
            headline=sentences.spine_headline(rows, name, against, region),
            subtitle=f"Headline measures of {name}, newest year of each, compared with all authorities in England",
            footer=context.mixed_footer(rows),
            filename=file_name(name, "at a glance"),
            verdict_against=beside[:1].lower() + beside[1:] if against == "neighbours" else beside,
            width=width,
        )
    themes = [(display.records(rows[rows["theme"] == theme]), heading) for theme, heading in GROUPS]
    return AtAGlanceView(
        summary=sentences.summary(rows, name, against, region),
        questions=tuple(
            (sentences.question(row), sentences.evidence(row, against, region))
            for row in display.records(sentences.questions(rows))
        ),
        tables=tuple(
            figure_table.glance_table(part, caption=heading, comparator_label=LABELS[against], link_choices=links)
            for part, heading in themes
            if part
        ),
        chart=chart,
        detail=words_detail.detail_table(behind),
        detail_caution=words_detail.detail_caution(behind),
        spread=display.spread_table(rows, beside),
        download=display.glance_download(rows),
        about=display.glance_about(
            name, {**LABELS, "region": region or "Region"}[against], context.today, context.version
        ),
    )
