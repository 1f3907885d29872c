"""Every headline measure as a table, with both ages side by side: rows of ``queries/at_a_glance.sql``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

from careleavers.charts import shared_scales
from careleavers.views.at_a_glance import words
from careleavers.views.at_a_glance.parts import Cell, MeasureRow, MeasureTable
from careleavers.wording.changes import not_compared, not_known
from careleavers.wording.findings import (
    verdict_text,
)
from careleavers.wording.formats import (
    Row,
    age_label,
    age_text,
    count_text,
    missing,
    period_label,
    rank_text,
    sentence_case,
    value_text,
)
from careleavers.wording.tables import row_note

GROUPS = (
    ("outcome", "How young people are doing"),
    ("enabler", "Services behind them: workforce and stability"),
    ("context", "Context: neither high nor low is better"),
)
_YOUNG, _OLD = "17-18", "19-21"
_PERCENT = (0.0, 100.0)


def tables(rows: Sequence[Row], label: str, link: Callable[[Row], str]) -> tuple[MeasureTable, ...]:
    """A table for each theme, in the order of the catalogue.

    Parameters
    ----------
    rows
        Rows of ``queries/at_a_glance.sql``, those not known among them.
    label
        What heads the comparator’s column.
    link
        The address of the Compare page of a row.

    Returns
    -------
    tuple[MeasureTable, ...]
        One per theme that has measures.
    """
    scales = shared_scales(rows)
    made = []
    newest = max((row["period_end"] for row in rows if row["theme"] == "outcome"), default=None)
    for theme, caption in GROUPS:
        of_theme = sorted((row for row in rows if row["theme"] == theme), key=lambda row: row["position"])
        if not of_theme:
            continue
        aged = any(row["age_group"] != "all" for row in of_theme)
        ages = (_YOUNG, _OLD) if aged else ()
        years = sorted({year for row in of_theme for year in row["years"]})
        # All sparklines in a table cover the same years, so that they can be compared down the column.
        span = range(years[0], years[-1] + 1) if years else range(0)
        measures: dict[str, list[Row]] = {}
        for row in of_theme:
            measures.setdefault(row["indicator"], []).append(row)
        lines = []
        for same in measures.values():
            same.sort(key=lambda row: row["age_group"])
            young = [row for row in same if aged and _is_young(row["age_group"])]
            old = [row for row in same if not aged or not _is_young(row["age_group"])]
            for pair in zip_longest(young, old) if aged else ((row,) for row in old):
                lines.append(_line(pair, ages, span, scales, link, newest if aged else None))
        made.append(
            MeasureTable(
                caption, tuple(sentence_case(age_text(age)) for age in ages), label, _years(span), tuple(lines)
            )
        )
    return tuple(made)


def _is_young(age_group: str) -> bool:
    return age_group.split("-")[0].removesuffix("+") < _OLD.split("-")[0]


def _line(
    pair: Sequence[Row | None],
    ages: Sequence[str],
    span: range,
    scales: dict[tuple[str, str], tuple[float, float]],
    link: Callable[[Row], str],
    newest: object,
) -> MeasureRow:
    shown = [row for row in pair if row is not None]
    periods = list(dict.fromkeys(period_label(row["period_end"]) for row in shown if row["period_end"] != newest))
    # A measure's age groups can be from different periods; then each cell gives its own.
    period = periods[0] if len({row["period_end"] for row in shown}) == 1 and periods else ""
    cells = tuple(
        None
        if row is None
        else _cell(
            row,
            ages[place] if ages else row["age_group"],
            span,
            scales,
            "" if period or row["period_end"] == newest else period_label(row["period_end"]),
        )
        for place, row in enumerate(pair)
    )
    # The link leads to the older age group, which has most of the care leavers.
    return MeasureRow(str(shown[0]["short_title"]), link(shown[-1]), period, cells)


def _years(span: range) -> str:
    return f"{span[0]} to {span[-1]}" if span else "Years"


def _cell(row: Row, age: str, span: range, scales: dict[tuple[str, str], tuple[float, float]], period: str) -> Cell:
    unit, decimals = str(row["unit"]), int(row["decimals"])
    absent = missing(row["value"])
    other_age = "" if row["age_group"] == age else f"aged {age_label(row['age_group'])}"
    verdict = row["verdict"]
    why = not_compared(row) if verdict == "" else not_known(row)
    comparator = "" if missing(row["comparator"]) else value_text(row["comparator"], unit, decimals)
    change = ""
    if not absent and (int(row["span"]) or words.trending(row)):
        size, since = words.moved(row)
        change = f"{size} {since}"
    held = dict(zip(row["years"], row["values"], strict=True))
    texts = (
        f"{year} {'no figure' if missing(value) else value_text(value, unit, decimals)}"
        for year, value in zip(row["years"], row["values"], strict=True)
    )
    return Cell(
        age=other_age,
        period=period,
        figure=value_text(row["value"], unit, decimals, row["status"]),
        counted="" if absent else _counted(row),
        note=_short_note(row),
        verdict=verdict,
        verdict_text=verdict_text(verdict, too_few=row["too_few"]),
        comparator=comparator,
        why=why,
        rank=""
        if row["polarity"] == "neutral"
        else rank_text(row["rank"], row["rank_tied"], row["of"]) or "not ranked",
        change=change,
        years=tuple(span),
        values=tuple(float(held[year]) if year in held and not missing(held[year]) else None for year in span),
        years_text="; ".join(texts),
        decimals=decimals,
        scale=_PERCENT if unit == "percent" else scales.get((row["family"], unit)),
        reason=row_note(row) if absent else "",
    )


def _counted(row: Row) -> str:
    """``273 of 600``; says so when a percentage of young people is published without its base, or for nobody with one."""
    if text := count_text(row["numerator"], row["denominator"], row["unit"]):
        return text
    if row["base_hidden"]:
        return "base not published"
    return "published without counts" if row["interval"] == "wilson" else ""


def _short_note(row: Row) -> str:
    """What a reader must know, in as few words as a cell of a table holds: ``small group, restated``."""
    words = {"small_cohort": "small group", "joint": "joint return", "restated": "restated"}
    return ", ".join(text for column, text in words.items() if row.get(column))
