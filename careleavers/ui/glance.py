"""What the home page shows of one authority, made from one query: sentences, tables, a chart, a download."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from careleavers import display, sentences, words_detail
from careleavers.charts import ChartResult, spine
from careleavers.charts.template import Width
from careleavers.findings import comparator_title
from careleavers.formats import file_name
from careleavers.ui import figures, state, tables, view
from careleavers.ui.state import Against

GROUPS = (
    ("outcome", "Outcomes: how young people are doing"),
    ("enabler", "Enablers: the workforce and stability behind them"),
    ("context", "Context: neither high nor low is better"),
)
LABELS = {"neighbours": "Neighbours", "region": "Region", "england": "England"}


@dataclass(frozen=True)
class Glance:
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


def parts(code: str, name: str, against: Against, region: str | None, width: Width) -> Glance:
    """The home page of one authority against one comparator, laid out for a window width."""
    rows = figures.ask("glance", authority=code, against=against)
    behind = figures.ask("glance_detail", authority=code)
    figures.name_releases(behind)
    # The address bar leaves defaults out: a link that names one would be rewritten, which costs a step of Back.
    links = {"authority": name} | ({} if against == "neighbours" else {"against": state.AGAINST[against]})
    chart = None
    beside = comparator_title(against, region)
    if rows["value"].notna().any():
        chart = spine(
            display.spine_rows(rows[rows["theme"] != "context"]),
            authority_name=name,
            comparator_name=beside,
            headline=sentences.spine_headline(rows, name, against, region),
            subtitle=f"Headline measures of {name}, newest year of each, beside all authorities in England",
            footer=view.mixed_footer(rows),
            filename=file_name(name, "at a glance"),
            verdict_against=beside[:1].lower() + beside[1:] if against == "neighbours" else beside,
            width=width,
        )
    themes = [(display.records(rows[rows["theme"] == theme]), heading) for theme, heading in GROUPS]
    return Glance(
        summary=sentences.summary(rows, name, against, region),
        questions=tuple(
            (sentences.question(row), sentences.evidence(row, against, region))
            for row in display.records(sentences.questions(rows))
        ),
        tables=tuple(
            tables.glance_table(part, caption=heading, comparator_label=LABELS[against], link_choices=links)
            for part, heading in themes
            if part
        ),
        chart=chart,
        detail=words_detail.detail_table(behind),
        detail_caution=words_detail.detail_caution(behind),
        spread=display.spread_table(rows, beside),
        download=display.glance_download(rows),
        about=display.glance_about(
            name, {**LABELS, "region": region or "Region"}[against], view.today(), figures.warehouse().version
        ),
    )
