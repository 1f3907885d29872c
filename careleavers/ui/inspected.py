"""What the page on inspections shows, made from one query each: sentences, a table, two charts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from careleavers import words_inspections as words
from careleavers.charts import ChartResult
from careleavers.charts.inspections import by_judgement, since_inspection
from careleavers.charts.template import Width
from careleavers.display import records
from careleavers.formats import POLARITY_WORDS, axis_unit, day_text, file_name, with_age
from careleavers.ui import choices, figures, view
from careleavers.words_spread import england_text


@dataclass(frozen=True)
class Found:
    """What Ofsted found in one authority; ``judgements`` is None without a full inspection."""

    headline: str
    detail: str
    judgements: pd.DataFrame | None
    visits: str
    visits_note: str
    before: str
    newer_than_release: bool
    reports: str


@dataclass(frozen=True)
class Since:
    """The time since the last full inspection, all authorities beside each other."""

    headline: str
    chart: ChartResult
    cautions: str
    table: pd.DataFrame
    releases: dict[str, str]
    as_at: Any


@dataclass(frozen=True)
class Outcomes:
    """One measure by judgement."""

    headline: str
    detail: str
    chart: ChartResult
    cautions: str
    table: pd.DataFrame


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def found(code: str, name: str) -> Found:
    """What was found in an authority and in those it replaced."""
    rows = figures.ask("inspection_events", authority=code)
    full = words.events(rows, kind="full")
    return Found(
        headline=words.latest_headline(name, full),
        detail=words.latest_detail(full),
        judgements=words.judgement_table(full) if full else None,
        visits=_list([words.event_line(row) for row in words.events(rows, kind="visit")]),
        visits_note=words.visits_words(rows.iloc[0]["as_at"]),
        before=_list(words.predecessor_lines(rows)),
        newer_than_release=words.newer_than_release(full),
        reports=words.report_links(full),
    )


def since(code: str, name: str, own_newer: bool, width: Width) -> Since:
    """How long ago each authority was inspected, ``code`` ("" for none) picked out."""
    rows = figures.ask("inspection_since", authority=code)
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
        footer=replace(view.mixed_footer(pairs), n=f"{int(first['of'])} authorities"),
        filename=file_name(name or "England", "time since inspection", *releases.values()),
        width=width,
    )
    cautions = _list(words.since_cautions(rows, view.today(), own_newer))
    return Since(head, chart, cautions, words.since_table(rows), releases, first["as_at"])


def outcomes(
    indicator_id: str,
    age_group: str,
    period: str,
    aspect: str,
    code: str,
    releases: tuple[tuple[str, str], ...],
    width: Width,
) -> Outcomes:
    """A measure by the judgement held when its period ended, ``code`` ("" for none) picked out."""
    indicator = choices.indicators()[indicator_id]
    rows = figures.ask(
        "inspection_outcomes", indicator=indicator_id, age_group=age_group, period=period, aspect=aspect, authority=code
    )
    first = rows.iloc[0]
    head = words.outcome_headline(rows, indicator, age_group, aspect)
    footer = view.mixed_footer(words.outcome_sources(rows, dict(releases)))
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
    return Outcomes(
        headline=head,
        detail=words.outcome_detail(rows, indicator),
        chart=chart,
        cautions=_list(words.outcome_cautions(rows, indicator, aspect)),
        table=words.outcome_table(rows, indicator),
    )
