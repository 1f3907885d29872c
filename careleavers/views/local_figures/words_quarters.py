"""What is said about one measure of a council over its quarters: the finding, texts for chart, table and downloads.

From the rows of ``queries/local_quarters.sql`` and the one of ``queries/local_latest.sql`` that is of the measure. Words
only, as in :mod:`careleavers.views.local_figures.words_newest`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from careleavers.charts.quarters import Reference
from careleavers.charts.template import Footer
from careleavers.views.local_figures.words_newest import (
    BASES,
    NOT_OFFICIAL,
    change_words,
    figure_text,
    in_period,
    note,
    period_words,
    reason,
    target_text,
)
from careleavers.wording.changes import not_known
from careleavers.wording.findings import CHANGE_WORDS, CLEAR, THAN, in_words
from careleavers.wording.formats import (
    MONTHS,
    Row,
    age_label,
    chance_text,
    count_text,
    day_text,
    interval_text,
    join_words,
    missing,
    period_label,
    plain_number,
    sentence_case,
    with_age,
)
from careleavers.wording.status import status
from careleavers.wording.tables import records, upload_words

AXIS_TITLES = {
    "quarter": "Three months of each quarter",
    "year_to_date": "From April to the end of each quarter",
    "rolling_12m": "The twelve months to the end of each quarter",
    "snapshot": "On the last day of each quarter",
    "full_year": "Year to 31 March",
}
# The most other councils that a reader can tell apart.
MOST = 4


def tick_words(period_end: Any, basis: str) -> str:
    """The time that a figure is about as written below an axis, in two short lines: ``Jul–Sep`` over ``2025``.

    Parameters
    ----------
    period_end, basis
        The last day of the period, and what a figure covers: a day, a quarter, twelve months.

    Returns
    -------
    str
    """
    day = pd.Timestamp(period_end)
    month = MONTHS[day.month - 1][:3]
    first = {
        "snapshot": f"{day.day} {month}",
        "full_year": month,
        "rolling_12m": f"to {month}",
        "year_to_date": f"Apr–{month}",
        "quarter": f"{MONTHS[(day.month - 3) % 12][:3]}–{month}",
    }
    return f"{first[basis]}\n{day.year}"


def _sentence(row: Row) -> str:
    """Why there is no figure, as a sentence."""
    if row["status"] == "missing":
        return "Nothing was uploaded."
    return status(row["status"]).reason


def measure_names(frame: pd.DataFrame) -> dict[str, str]:
    """The measures of some rows by id in the catalogue's order; a council may name one of its own as another is named.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.

    Returns
    -------
    dict[str, str]
        Label by code.
    """
    ordered = frame.sort_values("position")
    titles = dict(zip(ordered["indicator"], ordered["short_title"], strict=True))
    given = list(titles.values())
    return {key: title if given.count(title) == 1 else f"{title} ({key})" for key, title in titles.items()}


def age_names(frame: pd.DataFrame, indicator: str) -> dict[str, str]:
    """The age groups in which there are figures of a measure, youngest first.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.
    indicator
        The id of the measure.

    Returns
    -------
    dict[str, str]
        Label by code.
    """
    return {age: age_label(age) for age in sorted(frame.loc[frame["indicator"] == indicator, "age_group"].unique())}


def basis_names(frame: pd.DataFrame, indicator: str, age_group: str) -> dict[str, str]:
    """The bases in which there are figures of a measure and age.

    Parameters
    ----------
    frame
        Rows of ``queries/local_latest.sql``.
    indicator
        The id of the measure.
    age_group
        The code of the ages.

    Returns
    -------
    dict[str, str]
        Label by code.
    """
    held = set(frame.loc[(frame["indicator"] == indicator) & (frame["age_group"] == age_group), "basis"])
    return {basis: name for basis, name in BASES.items() if basis in held}


def with_measure(frame: pd.DataFrame, measure: Row) -> pd.DataFrame:
    """The rows with the unit and decimals of their measure.

    Parameters
    ----------
    frame
        Rows of ``queries/local_quarters.sql``.
    measure
        The measure's row of ``queries/local_latest.sql``.

    Returns
    -------
    pandas.DataFrame
        The columns given, and ``unit, decimals``.
    """
    return frame.assign(unit=measure["unit"], decimals=int(measure["decimals"]))


def quarters_headline(row: Row, name: str) -> str:
    """The finding on one measure: the newest figure and what a test says of the year since.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.
    name
        The council.

    Returns
    -------
    str
    """
    when = in_period(row["period_end"], row["basis"])
    if missing(row["value"]):
        return f"{name}: no figure for “{sentence_case(str(row['short_title']))}” {when} ({reason(row)})"
    verdict = str(row["change_verdict"])
    clear = verdict in CLEAR
    before = figure_text(row, "previous_value", "previous_status")
    own = figure_text(row)
    if clear and own == before:
        own, before = figure_text(row, more=1), figure_text(row, "previous_value", "previous_status", more=1)
    said = f"{name}: {str(row['phrase']).replace('{value}', own)} {when}"
    if not_known(row):
        said += f", with {not_known(row)}"
    if not verdict:
        return said
    if clear:
        return f"{said}, {THAN[verdict]} the {before} of a year earlier"
    if verdict == "no_clear_change":
        return f"{said}, {CHANGE_WORDS[verdict]} from {before} a year earlier"
    return f"{said}, {before} a year earlier"


def quarters_detail(row: Row) -> str:
    """What stands behind the newest figure of one measure: count, interval, target; or why it is missing.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.

    Returns
    -------
    str
    """
    if missing(row["value"]):
        return _sentence(row)
    counted = count_text(row["numerator"], row["denominator"], row["unit"], row["rounded"])
    between = interval_text(row["lower"], row["upper"], row["unit"], int(row["decimals"]))
    parts = []
    if counted:
        parts.append(f"{sentence_case(counted)}.")
        if between:
            parts.append(f"{chance_text(between, row['denominator'], row['rounded'])}.")
    if aim := target_text(row):
        parts.append(f"Target {aim}.")
    return " ".join(parts)


def _hover(row: Row) -> str:
    facts = [row["area_name"], sentence_case(period_words(row["period_end"], row["basis"]))]
    counted = count_text(row["numerator"], row["denominator"], row["unit"], row["rounded"])
    facts.append(f"{figure_text(row)}{f' ({counted})' if counted else ''}, {row['layer']}")
    if between := interval_text(row["lower"], row["upper"], row["unit"], int(row["decimals"])):
        facts.append(f"95% interval: {between}")
    facts.append(f"Since a year earlier: {change_words(row)}")
    if aim := target_text(row):
        facts.append(f"Target {aim}")
    if said := note(row):
        facts.append(sentence_case(said))
    return "\n".join(facts)


def chart_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """The quarters as the chart takes them.

    Parameters
    ----------
    frame
        Rows of ``queries/local_quarters.sql``, with :func:`with_measure`.

    Returns
    -------
    pandas.DataFrame
        The columns that :func:`careleavers.charts.quarters.quarters` names.
    """
    return pd.DataFrame(
        {
            "line": row["area_code"],
            "role": row["series"],
            "name": row["area_name"],
            "layer": row["layer"],
            "basis": row["basis"],
            "day": row["period_end"],
            "when": period_words(row["period_end"], row["basis"]),
            "tick": tick_words(row["period_end"], row["basis"]),
            "value": row["value"],
            "value_text": figure_text(row),
            "lower": row["lower"],
            "upper": row["upper"],
            "reason": reason(row) if missing(row["value"]) else "",
            "restated": row["restated"],
            "hover": _hover(row) if not missing(row["value"]) else "",
            "target": row["target"],
            "target_text": figure_text(row, "target", "") if not missing(row["target"]) else "",
        }
        for row in records(frame)
    )


def reference(row: Row) -> Reference | None:
    """The last official figure of the authority for the chart; None where none is published or it is hidden.

    Parameters
    ----------
    row
        A row of ``queries/local_latest.sql``.

    Returns
    -------
    Reference or None
    """
    if missing(row["official_period"]) or missing(row["official_value"]):
        return None
    said = period_words(row["official_period"], row["official_basis"])
    return Reference(
        float(row["official_value"]), f"Official, {said}: {figure_text(row, 'official_value', 'official_status')}"
    )


def subtitle(frame: pd.DataFrame, measure: Row, name: str) -> str:
    """Measure, council and periods of the chart, and that it is not official.

    Parameters
    ----------
    frame
        Rows of ``queries/local_quarters.sql``, with :func:`with_measure`.
    measure
        The measure's row of ``queries/local_latest.sql``.
    name
        The council.

    Returns
    -------
    str
    """
    days = sorted(frame["period_end"])
    basis = str(measure["basis"])
    title = with_age(str(measure["title"]), str(measure["age_group"]))
    return f"{title}. {name}, {_span(days[0], days[-1], basis)}. Local figures, not official statistics"


def _span(first: Any, last: Any, basis: str) -> str:
    """The periods from one to another: ``quarters from April 2023 to September 2025``."""
    if first == last:
        return period_words(last, basis)
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    if basis == "full_year":
        return f"years to 31 March, {start.year} to {end.year}"
    if basis == "quarter":
        return f"quarters from {MONTHS[start.month - 3]} {start.year} to {period_label(end)}"
    every = {"year_to_date": "year to date", "rolling_12m": "rolling 12 months", "snapshot": "last day of each quarter"}
    return f"{every[basis]}, {period_label(start)} to {period_label(end)}"


def footer(frame: pd.DataFrame, measure: Row, found: Sequence[Row], official: Sequence[Row], taken: dt.date) -> Footer:
    """The foot of the chart: whose figures, which uploads, and the release of the official one that is drawn.

    Parameters
    ----------
    frame
        Rows of ``queries/local_quarters.sql``, with :func:`with_measure`.
    measure
        The measure's row of ``queries/local_latest.sql``.
    found, official
        Rows of ``queries/release.sql``: of the uploads, and of the official figure that is drawn.
    taken
        The day on which the picture is drawn.

    Returns
    -------
    Footer
    """
    names = list(dict.fromkeys(str(name) for name in frame["area_name"]))
    own = NOT_OFFICIAL if len(names) == 1 else NOT_OFFICIAL.replace("council’s", "councils’")
    source = f"{join_words(names)}, {own}"
    if official:
        source += f"; official figure: {official[0]['publisher']}, {official[0]['title']} {official[0]['release']}"
    layers = sorted(set(frame["layer"].dropna()), reverse=True)
    base = measure["denominator"]
    when = in_period(measure["period_end"], measure["basis"])
    n = (
        f"{plain_number(base)} {when}; the table gives each"
        if not missing(base)
        else "n not given: these figures have no counts"
    )
    if frame["rounded"].notna().any():
        step = f"counts are rounded to {frame['rounded'].dropna().iloc[0]:.0f} so that nobody can be recognised"
        n = f"about {n}; {step}" if not missing(base) else f"n not given; {step}"
    return Footer(
        source=source,
        release=upload_words(found),
        layer=f"{join_words(layers)} local",
        taken=day_text(taken),
        n=n,
    )


def quarters_table(frame: pd.DataFrame) -> pd.DataFrame:
    """The quarters as a table, newest first: one row per period, every value of the chart in it.

    Parameters
    ----------
    frame
        Rows of ``queries/local_quarters.sql``, with :func:`with_measure`.

    Returns
    -------
    pandas.DataFrame
        Columns: Period, the authority's figure, Count (``56 of 109``), 95% interval, Since a year earlier, Target,
        Kind (provisional or final, why there is no figure, small group, restated), each further council. What does not
        apply is left out.
    """
    rows = records(frame)
    own = {row["period_end"]: row for row in rows if row["series"] == "authority"}
    basis = str(rows[0]["basis"])
    name = str(next(iter(own.values()))["area_name"])
    ends = sorted({row["period_end"] for row in rows}, reverse=True)

    def of_own(text: Callable[[Row], str]) -> list[str]:
        return [text(own[end]) if end in own else "" for end in ends]

    table = {
        "Period": [sentence_case(period_words(end, basis)) for end in ends],
        name: of_own(figure_text),
        "Count": of_own(
            lambda row: _together(count_text(row["numerator"], row["denominator"], row["unit"], row["rounded"]))
        ),
        "95% interval": of_own(
            lambda row: _together(interval_text(row["lower"], row["upper"], row["unit"], int(row["decimals"])))
        ),
        "Since a year earlier": of_own(change_words),
        "Target": of_own(lambda row: _together(target_text(row))),
        "Kind": of_own(_kind),
    }
    others: dict[str, dict[Any, Row]] = {}
    for row in rows:
        if row["series"] == "chosen":
            others.setdefault(str(row["area_name"]), {})[row["period_end"]] = row
    for area, theirs in others.items():
        table[area] = [figure_text(theirs[end]) if end in theirs else "" for end in ends]
    return pd.DataFrame({column: cells for column, cells in table.items() if any(cells) or column in {"Period", name}})


def _kind(row: Row) -> str:
    """Provisional or final, and what else to know of a figure: ``Final, restated``."""
    layer = "" if missing(row["layer"]) else str(row["layer"])
    return sentence_case(", ".join(part for part in (layer, note(row)) if part))


def _together(text: str) -> str:
    """Words that a narrow column must not break."""
    return text.replace(" ", "\u00a0")


def quarters_download(frame: pd.DataFrame, measure: Row) -> pd.DataFrame:
    """The rows of one measure as they are exported: ids, exact values, findings, source and upload.

    Parameters
    ----------
    frame
        Rows of ``queries/local_quarters.sql``, with :func:`with_measure`.
    measure
        The measure's row of ``queries/local_latest.sql``.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``age_group``, then the columns of ``queries/local_quarters.sql`` with findings in words.
    """
    kept = in_words(frame.drop(columns=["place", "unit", "decimals"]))
    kept.insert(0, "indicator", measure["indicator"])
    kept.insert(1, "age_group", measure["age_group"])
    return kept


def quarters_cautions(frame: pd.DataFrame, measure: Row) -> list[str]:
    """What to bear in mind about this chart, a sentence each.

    Parameters
    ----------
    frame
        Rows of ``queries/local_quarters.sql``, with :func:`with_measure`.
    measure
        The measure's row of ``queries/local_latest.sql``.

    Returns
    -------
    list[str]
    """
    rows = records(frame)
    own = [row for row in rows if row["series"] == "authority"]
    notes = []
    if measure["basis"] == "year_to_date":
        notes.append("A count since April starts again each April: the line stops after March.")
    if measure["basis"] == "rolling_12m":
        notes.append("Twelve months to one quarter share nine with the next, so the line moves slowly.")
    if len({row["layer"] for row in rows if not missing(row["layer"])}) > 1:
        notes.append("Provisional figures are hollow and may change; final ones are filled. The two are not joined.")
    if any(missing(row["value"]) for row in own):
        notes.append("Where the line stops there is no figure, and the chart says why. It is not drawn as zero.")
    if not missing(measure["official_period"]):
        notes.append(_official_note(measure))
    if any(row["series"] == "chosen" for row in rows):
        notes.append("Other councils may count differently: ask them before drawing conclusions.")
    if not missing(measure["caveats"]):
        notes.append(str(measure["caveats"]))
    return notes


def _official_note(row: Row) -> str:
    said = figure_text(row, "official_value", "official_status")
    if missing(row["official_value"]):
        said = status(row["official_status"]).short
    england = (
        f"; England’s is {figure_text(row, 'official_england', '')}" if not missing(row["official_england"]) else ""
    )
    when = period_words(row["official_period"], row["official_basis"])
    on = "on" if row["official_basis"] == "snapshot" else "for the"
    return f"The last official figure, {on} {when}, is {said}{england}. It is counted differently and shown separately."
