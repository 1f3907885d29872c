"""What the workforce page says: its finding, what stands behind each figure, and the rows of its chart and tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from careleavers.charts.text import lower_first
from careleavers.wording.comparators import comparator_name
from careleavers.wording.findings import ENDS, QUARTER_WORDS, in_quarter, in_words, than, verdict_word
from careleavers.wording.formats import (
    Row,
    count_text,
    join_words,
    missing,
    period_label,
    plain_number,
    rank_text,
    rounded_column,
    value_text,
)
from careleavers.wording.status import status
from careleavers.wording.tables import brief_note, provenance, records

FULL_TIME = (
    "**Full-time equivalent (FTE)** adds working hours up into full-time posts: two people who each work half the week "
    "are two people and one FTE. All five measures use FTE, so a small change in hours moves them too."
)
COVERS = (
    "These are all children’s social workers of the authority, not only those who work with care leavers. Caseload, "
    "agency workers and vacancies are counted on 30 September; turnover and sickness absence cover the year to that day."
)
TESTED = (
    "Only agency workers and vacancies are shares of a known number of posts, so only they can be tested against chance. "
    "Caseload, turnover and absence are shown next to others and not compared (○)."
)


def subject(row: Row) -> str:
    """A measure's short title within a sentence: ``cases per social worker``.

    Parameters
    ----------
    row
        A row of ``queries/workforce.sql``.

    Returns
    -------
    str
    """
    title = str(row["short_title"])
    return lower_first(title)


def headline(rows: pd.DataFrame, authority_name: str, against: str, region: str | None) -> str:
    """The finding on the workforce of one authority: what a test says, then where it is at an end of the list.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql`` with ``is_newest``.
    authority_name
        The authority; "" where none is chosen.
    against, region
        The comparator: its code, and the name of the authority's region (None without one).

    Returns
    -------
    str
        Without any figure it says why there is none.
    """
    newest = _newest(rows)
    known = [row for row in newest if not missing(row["value"])]
    if not known:
        reasons = {status(row["status"]).short for row in newest if row["status"]}
        year = max(row["period_end"] for row in newest).year
        return f"{authority_name}: workforce figures for {year} are {join_words(sorted(reasons)) or 'not there'}"
    beside = comparator_name(against, region)
    parts: list[str] = []
    for verdict, few in (("worse", False), ("better", False), ("similar", False), ("similar", True)):
        found = [subject(r) for r in known if r["verdict"] == verdict and r["too_few"] == few]
        if found:
            said = verdict_word(verdict, too_few=few) if parts else f"{than(verdict, too_few=few)} {beside}"
            parts.append(f"{said} on {join_words(found)}")
    for band in reversed(ENDS):
        # Of a few people a quarter says as little as a verdict.
        found = [subject(r) for r in known if r["verdict"] == "" and r["band"] == band and not r["small_cohort"]]
        if found:
            parts.append(f"{in_quarter(band)} of authorities on {join_words(found)}")
    if not parts:
        parts.append("not at either end of the list on any measure")
    return f"{authority_name}: {'; '.join(parts)}"


def england_headline(rows: pd.DataFrame) -> str:
    """The finding when no authority is chosen: England's newest figures and those of the first year.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql`` with ``is_newest``.

    Returns
    -------
    str
    """
    parts = []
    for row in _newest(rows):
        series = rows[rows["indicator"] == row["indicator"]]
        first = series.iloc[0]
        now, then = (value_text(r["england"], r["unit"], int(r["decimals"])) for r in (row, first))
        parts.append(f"{subject(row)} {now} ({then} in {first['period_end'].year})")
        if len(parts) == 2:
            break
    return f"England: {join_words(parts)}"


def _newest(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return records(rows[rows["is_newest"]])


def newest(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of the present year, each with ``last_text``: the newest earlier figure where this one is missing.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql`` with ``is_newest``.

    Returns
    -------
    list[dict[str, Any]]
        Rows of ``queries/workforce.sql`` as dictionaries.
    """
    found = _newest(rows)
    for row in found:
        earlier = rows[
            (rows["indicator"] == row["indicator"]) & rows["value"].notna() & (rows["period_end"] < row["period_end"])
        ]
        row["last_text"] = ""
        if missing(row["value"]) and not earlier.empty:
            last = earlier.iloc[-1]
            shown = value_text(last["value"], row["unit"], int(row["decimals"]))
            row["last_text"] = f"Its last figure is {shown}, for {last['period_end'].year}."
    return found


def subtitle(rows: pd.DataFrame, authority_name: str, third: str) -> str:
    """Measure, areas and period of the chart.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql``.
    authority_name
        The authority; "" where none is chosen.
    third
        What is drawn besides the authority and England; "" for nothing.

    Returns
    -------
    str
    """
    names = [name for name in (authority_name, third.replace("Neighbours’", "neighbours’"), "England") if name]
    unique = list(dict.fromkeys(names))
    first, last = rows["period_end"].iloc[0], rows["period_end"].iloc[-1]
    return f"Children’s social workers, {join_words(unique)}. 30 September of each year, {first.year} to {last.year}"


def panel_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns that the chart of panels draws.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql``.

    Returns
    -------
    pandas.DataFrame
        The columns given, and ``panel_title, year, value_text, england_text, comparator_text, gap_mark, gap_reason,
        hover``.
    """
    found = records(rows)
    return rows.assign(
        panel_title=rows["short_title"],
        year=[r["period_end"].year for r in found],
        value_text=[_value(r, "value", r["status"]) for r in found],
        england_text=[_value(r, "england") for r in found],
        comparator_text=[_value(r, "comparator") for r in found],
        gap_mark=[status(r["status"]).mark if r["status"] else "" for r in found],
        gap_reason=[status(r["status"]).short if r["status"] else "" for r in found],
        hover=[_hover(r) for r in found],
    )


def _value(row: Row, column: str, code: str = "ok") -> str:
    if column == "value" and not row["status"]:
        return ""
    return value_text(row[column], row["unit"], int(row["decimals"]), code)


def _hover(row: Row) -> str:
    counted = count_text(row["numerator"], row["denominator"], row["unit"])
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    return ", ".join(part for part in (f"{counted} FTE" if counted else "", ranked) if part)


def joint_note(rows: pd.DataFrame, authority_name: str) -> str:
    """How a joint return reads, naming the other authority; empty where the authority sends its own.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql``.
    authority_name
        The authority; "" where none is chosen.

    Returns
    -------
    str
    """
    others = [name for name in rows["joint_with"] if not missing(name) and name]
    if not others:
        return ""
    return (
        f"{authority_name} and {others[-1]} send one workforce return together. The figures are of both: they are shown "
        "for each and ranked once, and neither counts as the other’s neighbour. What each does alone is not published."
    )


def gap_notes(rows: pd.DataFrame, authority_name: str) -> list[str]:
    """Why years are missing, a sentence per reason: which measures and years, and what the mark means.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql``.
    authority_name
        The authority; "" where none is chosen.

    Returns
    -------
    list[str]
    """
    gaps = rows[rows["value"].isna() & (rows["status"] != "")]
    notes = []
    for code, part in gaps.groupby("status", sort=False):
        named = [
            f"{subject(dict(group.iloc[0]))} {_years([d.year for d in group['period_end']])}"
            for _, group in part.groupby("indicator", sort=False)
        ]
        found = status(str(code))
        notes.append(f"{found.mark} {found.reason} {authority_name}: {join_words(named)}.")
    return notes


def _years(years: list[int]) -> str:
    """``2017, 2019 and 2021 to 2025``."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return join_words(
        str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" if len(run) > 2 else f"{run[0]} and {run[1]}"
        for run in runs
    )


def small_note(rows: pd.DataFrame) -> str:
    """A caution where the newest figures rest on few posts; empty otherwise.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql`` with ``is_newest``.

    Returns
    -------
    str
    """
    small = [row for row in _newest(rows) if bool(row["small_cohort"]) and not missing(row["value"])]
    if not small:
        return ""
    least = min(float(row["denominator"]) for row in small if not missing(row["denominator"]))
    return (
        f"A small workforce (as few as {plain_number(least)} FTE): one person more or less changes these figures a lot, so look at "
        "several years."
    )


def table(rows: pd.DataFrame, authority_name: str, region: str | None) -> pd.DataFrame:
    """Every value of the chart as a table: one row per measure and year, newest first.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql``.
    authority_name
        The authority; "" where none is chosen.
    region
        The name of the region; None without one.

    Returns
    -------
    pandas.DataFrame
        Columns: Measure, Unit, Period, England and, with an authority, its figure, the neighbours' mean and how many
        have a figure, the region's, Rank, Of, Quarter, FTE counted, Out of, Note. Figures are numbers in the unit of
        the row.
    """
    shown = rows.iloc[::-1].sort_values("indicator", key=_catalogue_order(rows), kind="stable")
    found = records(shown)
    columns: dict[str, Any] = {
        "Measure": shown["short_title"],
        "Unit": ["%" if unit == "percent" else "cases" for unit in shown["unit"]],
        "Period": [period_label(r["period_end"]) for r in found],
    }
    if authority_name:
        columns |= {
            authority_name: rounded_column(shown["value"], 1),
            "Neighbours’ mean": rounded_column(shown["neighbours_mean"], 1),
            "Neighbours with a figure": shown["neighbours_count"].where(shown["status"] != "").astype("Int64"),
            region or "Region": rounded_column(shown["region_value"], 1),
        }
    columns["England"] = rounded_column(shown["england"], 1)
    if authority_name:
        columns |= {
            "Rank": shown["rank"].astype("Int64"),
            "Of": shown["of"],
            "Quarter": [QUARTER_WORDS[band] for band in shown["band"]],
            "FTE counted": shown["numerator"],
            "Out of": shown["denominator"],
            "Note": [_note(r) for r in found],
        }
    return pd.DataFrame(columns)


def widths(authority_name: str, region: str | None) -> dict[str, int]:
    """Pixels of the columns of :func:`table` that the page shows at first, which fill a screen.

    Parameters
    ----------
    authority_name, region
        As for :func:`table`.

    Returns
    -------
    dict[str, int]
        By column.
    """
    region = region or "Region"
    mine, theirs = _name_width(authority_name), _name_width(region)
    return {
        "Measure": 178, "Unit": 50, "Period": 114, authority_name: mine, "Neighbours’ mean": 124, region: theirs,
        "England": 64, "Rank": 50, "Quarter": 66, "Note": max(100, 298 - mine - theirs),
    }  # fmt: skip


def _name_width(name: str) -> int:
    """Room for a name at the head of a column, as far as a screen has it."""
    return min(max(20 + round(6.6 * len(name)), 72), 126)


def _note(row: Row) -> str:
    return brief_note(row) if row["status"] else "Did not exist then"


def _catalogue_order(rows: pd.DataFrame) -> Any:
    order = {name: place for place, name in enumerate(dict.fromkeys(rows["indicator"]))}
    return lambda column: column.map(order)


def download_table(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are exported, with ids: exact values, findings, source and release in columns of their own.

    Parameters
    ----------
    rows
        Rows of ``queries/workforce.sql``.

    Returns
    -------
    pandas.DataFrame
        The columns of ``queries/workforce.sql`` but those that only the page needs, with findings in words.
    """
    return in_words(rows.drop(columns=["phrase", "comparator", "verdict", "is_newest", "interval", "decimals"]))


def about(authority_name: str, source: Row, taken: dt.date, version: str) -> dict[str, str]:
    """The lines that describe a downloaded table.

    Parameters
    ----------
    authority_name
        The authority; "" where none is chosen.
    source
        The row of ``queries/release.sql``.
    taken
        The day on which it is downloaded.
    version
        The data version.

    Returns
    -------
    dict[str, str]
        Text by label.
    """
    return {
        "Authority": authority_name or "England",
        "Covers": COVERS,
        "FTE": FULL_TIME.replace("**", ""),
        "Compared": TESTED,
        **provenance([source], taken, version),
    }
