"""Years as tables: on the page and to download, from the rows of ``queries/trends.sql`` and its companions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from careleavers.model import Indicator
from careleavers.views.inspections.words import event_date, event_name, reported_by
from careleavers.views.trends.words_sources import release_words
from careleavers.views.trends.words_years import MEAN, earlier_text, note, span_text, unknown_hidden
from careleavers.wording import tables
from careleavers.wording.changes import change_text
from careleavers.wording.findings import TREND_WORDS, in_words
from careleavers.wording.formats import (
    FEW_OR_NONE,
    Row,
    interval_text,
    missing,
    period_label,
    period_name,
    plain_number,
    sentence_case,
    value_text,
)
from careleavers.wording.tables import records

# In place of a figure of a year in which the authority did not exist.
NO_AUTHORITY = "did not exist"


def _period_cell(row: Row) -> str:
    if row["layer"] != "published":
        return f"{sentence_case(period_name(row['period_end'], row['basis']))} ({row['layer']})"
    return period_label(row["period_end"])


def _figure(row: Row | None, indicator: Indicator) -> str:
    if row is None:
        return NO_AUTHORITY
    return value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row["rounded"])


def _count(row: Row, column: str) -> str:
    if missing(row[column]):
        return ""
    if missing(row["rounded"]):
        return plain_number(row[column])
    return f"about {plain_number(row[column])}" if row[column] else FEW_OR_NONE


def _mean(row: Row, indicator: Indicator) -> str:
    """``54% (10 of 10)``; how many there are where they are too few."""
    if row["layer"] != "published":
        return ""
    count = f"({int(row['neighbours_count'])} of 10)"
    if missing(row["neighbours_mean"]):
        return f"not shown {count}"
    return f"{value_text(row['neighbours_mean'], indicator.unit, indicator.decimals)} {count}"


def _not_known(row: Row) -> str:
    hidden = unknown_hidden(row)
    if missing(row["not_known_share"]) and not hidden:
        return ""
    return value_text(row["not_known_share"], "percent", 0, hidden or "ok")


def years_table(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The years as a table, newest first: one row per period, every value of the chart in it.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``, in its order.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        Columns: Year (or Quarter to), the figure headed by the authority (or England), Count, Base, 95% interval,
        Since the year before, Over two years, Over five years, Not known, England, the region, Mean of neighbours,
        each further authority, Earlier value, Note. What does not apply to the measure is left out.
    """
    rows = records(frame)
    focus = "authority" if any(row["series"] == "authority" for row in rows) else "england"
    own = {(row["period_end"], row["layer"]): row for row in rows if row["series"] == focus}
    name = str(next(iter(own.values()))["area_name"])
    ends = {row["period_end"] for row in rows if row["layer"] == "published"}
    keys = sorted({*own, *((end, "published") for end in ends)}, reverse=True)

    def of_own(text: Callable[[Row], str]) -> list[str]:
        return [text(own[key]) if key in own else "" for key in keys]

    def rows_by_area(*kinds: str) -> dict[str, list[str]]:
        found: dict[str, dict[Any, Row]] = {}
        for kind in kinds:
            for row in rows:
                if row["series"] == kind != focus:
                    found.setdefault(str(row["area_name"]), {})[row["period_end"]] = row
        return {
            area: [_figure(theirs.get(end), indicator) if layer == "published" else "" for end, layer in keys]
            for area, theirs in found.items()
        }

    table: dict[str, list[str]] = {
        "Quarter to" if rows[-1]["basis"] == "quarter" else "Year": [
            _period_cell(own[key]) if key in own else period_label(key[0]) for key in keys
        ],
        name: [_figure(own.get(key), indicator) for key in keys],
    }
    if not indicator.total:
        table["Count"] = of_own(lambda row: _count(row, "numerator"))
        table["Base"] = of_own(lambda row: _count(row, "denominator"))
    if indicator.tested:
        table["95% interval"] = of_own(
            lambda row: interval_text(row["lower"], row["upper"], indicator.unit, indicator.decimals)
        )
    table["Since the year before"] = of_own(
        lambda row: change_text(row["change"], row["change_verdict"], indicator.unit, indicator.decimals)
    )
    for span, heading in (("_2", "Over two years"), ("_5", "Over five years")):
        table[heading] = of_own(
            lambda row, span=span: change_text(  # type: ignore[misc]
                row[f"change{span}"], row[f"change{span}_verdict"], indicator.unit, indicator.decimals
            )
        )
    if indicator.not_known_phrase:
        table["Not known"] = of_own(_not_known)
    # Totals of wider areas are named as what they are, and there is no mean of them.
    wider = rows_by_area("england", "region")
    table |= {f"{area}, in all" if indicator.total else area: texts for area, texts in wider.items()}
    if focus == "authority" and not indicator.total:
        table[MEAN] = of_own(lambda row: _mean(row, indicator))
    table |= rows_by_area("chosen", "predecessor", "successor")
    table["Earlier value"] = of_own(lambda row: earlier_text(row, indicator))
    table["Note"] = of_own(note)
    optional = ("Over two years", "Over five years", "Not known", "Earlier value", "Note")
    empty = [column for column in optional if column in table and not any(table[column])]
    return pd.DataFrame(table).drop(columns=empty)


def download(frame: pd.DataFrame, indicator: Indicator, age_group: str) -> pd.DataFrame:
    """The years as they are exported.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``, in its order.
    indicator, age_group
        The measure.

    Returns
    -------
    pandas.DataFrame
        One row per series and period: ids, exact values, findings, earlier values, source and release.
    """
    columns = [
        "series", "area_code", "area_name", "period_end", "frequency", "basis", "layer", "numerator", "denominator", "value",
        "published_value", "status", "lower", "upper", "england", "england_total", "region_value", "neighbours_mean",
        "neighbours_count", "verdict_england", "verdict_region", "verdict_neighbours", "change", "change_verdict",
        "change_2", "change_2_verdict", "change_5", "change_5_verdict", "trend", "base_hidden", "not_known_share", "low_is_no_merit",
        "joint", "small_cohort", "restated",
    ]  # fmt: skip
    kept = in_words(frame[columns])
    kept.insert(0, "indicator", indicator.id)
    kept.insert(1, "age_group", age_group)
    kept["earlier_value"] = [earlier_text(row, indicator) for row in records(frame)]
    kept["source"] = frame["source"]
    kept["release"] = frame["release"]
    return kept


def about(
    frame: pd.DataFrame,
    indicator: Indicator,
    age_group: str,
    name: str,
    found: Sequence[Row],
    taken: dt.date,
    version: str,
) -> dict[str, str]:
    """What a downloaded table says of itself.

    Parameters
    ----------
    frame
        Rows of ``queries/trends.sql``, in its order.
    indicator, age_group
        The measure.
    name
        The authority, or England.
    found
        The releases that the years come from: rows of ``queries/release.sql``.
    taken
        The day it is downloaded.
    version
        The data version.

    Returns
    -------
    dict[str, str]
        Text by label: measure, area, years, polarity, caveats, every release, licence, date.
    """
    last = records(frame[frame["layer"] == "published"].tail(1))[0]
    text = tables.about(
        indicator, age_group, last["period_end"], last["basis"], _newest_official(found), taken, version
    )
    text["Authority"] = name
    text["Period"] = sentence_case(span_text(frame))
    text["Release"] = release_words(found)
    text["Caveats"] = " ".join(
        part
        for part in (
            indicator.caveats,
            "A figure can be restated by a later release: the newest is given, and earlier_value says what others said."
            if bool(frame["restated"].astype(bool).to_numpy().any())
            else "",
            "Local figures are not official statistics and are kept apart from the annual ones."
            if len(frame[frame["layer"] != "published"])
            else "",
        )
        if part
    )
    return text


def _newest_official(found: Sequence[Row]) -> Row:
    """The newest release that is not an upload of local figures."""
    return [row for row in found if row["source"] != "local"][-1]


def events_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The inspections as a table.

    Parameters
    ----------
    frame
        Rows of ``queries/inspection_events.sql``.

    Returns
    -------
    pandas.DataFrame
        Newest first. Columns: When, What, Overall, Care leavers, Theme, Whose word it is.
    """
    rows = sorted(
        (row for row in records(frame) if row["kind"] and not missing(row["day"])),
        key=lambda row: row["day"],
        reverse=True,
    )
    table = pd.DataFrame(
        {
            "When": [sentence_case(event_date(row)) for row in rows],
            "Authority": [row["authority_name"] for row in rows],
            "What": [sentence_case(event_name(row["inspection_type"])) for row in rows],
            "Care leavers": [row["care_leavers"] if row["kind"] == "full" else "" for row in rows],
            "Overall": [row["overall_effectiveness"] if row["kind"] == "full" else "" for row in rows],
            "Theme of a visit": [row["theme"] for row in rows],
            "From": [sentence_case(reported_by(row)) for row in rows],
        }
    )
    empty = [column for column in table if not any(table[column])]
    alone = [] if table["Authority"].nunique() > 1 else ["Authority"]
    return table.drop(columns=[*empty, *alone])


def neighbours_table(frame: pd.DataFrame, own: pd.DataFrame, name: str, indicator: Indicator) -> pd.DataFrame:
    """The neighbours’ years as a table.

    Parameters
    ----------
    frame
        Rows of ``queries/trends_neighbours.sql``.
    own
        Rows of ``queries/trends.sql`` of the authority.
    name
        The authority.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        Columns: Authority, How close, one column per year (newest first), Five-year trend.
    """
    rows = records(frame)
    ends = sorted({row["period_end"] for row in rows}, reverse=True)
    lines: list[dict[str, str]] = []
    mine: dict[Any, Row] = {
        row["period_end"]: row for row in records(own[(own["series"] == "authority") & (own["layer"] == "published")])
    }
    series: list[tuple[str, str, dict[Any, Row]]] = [(name, "itself", mine)]
    for area in dict.fromkeys(row["area_name"] for row in rows):
        theirs: dict[Any, Row] = {row["period_end"]: row for row in rows if row["area_name"] == area}
        series.append((area, str(next(iter(theirs.values()))["closeness"]), theirs))
    for area, close, found in series:
        line = {"Authority": area, "How close": close}
        for end in ends:
            row = found.get(end)
            line[period_label(end)] = (
                NO_AUTHORITY if row is None else value_text(row["value"], indicator.unit, indicator.decimals, row["status"])
            )  # fmt: skip
        if indicator.tested:
            last = found.get(ends[0])
            line["Five-year trend"] = (TREND_WORDS[last["trend"]] or "too few years") if last is not None else ""
        lines.append(line)
    return pd.DataFrame(lines)
