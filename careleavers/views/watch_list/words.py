"""The sentences and tables of the watch list. ``rows`` are rows of ``queries/watch_list.sql``, and ``row`` is one of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from careleavers.model import Indicator
from careleavers.store import Document
from careleavers.views import keeping
from careleavers.wording.formats import (
    LAYER_WORDS,
    POLARITY_WORDS,
    Row,
    amount,
    day_text,
    join_words,
    missing,
    period_text,
    quarter_text,
    rounded,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import status
from careleavers.wording.tables import records

# Whether a figure reaches its target. Not red, amber and green: a comparison is said in words.
OUTCOME_WORDS = {"met": "met", "within": "within tolerance", "missed": "missed", "": "not compared"}
KIND_WORDS = {"national": "National", "statutory": "Statutory", "local": "Local", "stretch": "Stretch"}
DIRECTION_WORDS = {"at_least": "at least", "at_most": "at most"}
_PEOPLE = {"young_people": ("young person", "young people"), "children": ("child", "children")}
_AMONG = {"neighbours": "its statistical neighbours", "region": "the other councils of its region"}
INTRODUCTION = (
    "The measures that the committee keeps an eye on, each with its target: met, within its tolerance, or missed, and by how much. "
    "The newest official figure is compared; a council’s own newest quarter is shown next to it."
)
NOTHING = "No watch list of this council can be seen here."
NOTHING_YET = "No watch list is kept for this council yet. Add the first target below, or upload a list."
SAVED = "The watch list is saved."
WITHDRAWN = "The watch list is withdrawn: nobody but officers of this council sees it. Its versions stay."
ABOUT_ANONYMOUS = (
    "The same figure with the other councils not named, for a public report. The letters follow the order of the figures and do not "
    "say which council is which. Official figures are public, though: anyone who looks them up can find the names."
)
NOTHING_NEW = "Nothing is new since then: no figure on the list has come out, and no target has changed."


def target_text(row: Row) -> str:
    """A target as people say it: ``at least 55%``, ``at most 15.0, with a tolerance of 1``.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.

    Returns
    -------
    str
    """
    said = f"{DIRECTION_WORDS[row['direction']]} {amount(_plain(row['target']), row['unit'])}"
    if not row["tolerance"]:
        return said
    return f"{said} (tolerance {points(row['tolerance'], row['unit'])})"


def points(size: float, unit: str) -> str:
    """A distance: ``4.5 points`` of a percentage, ``1.2`` or ``£300`` of anything else.

    Parameters
    ----------
    size
        The distance, in the unit of the figure.
    unit
        Of the figure.

    Returns
    -------
    str
    """
    text = _plain(size, 1 if size >= 0.05 else 2)
    if unit == "percent":
        return f"{text} point{'' if text == '1' else 's'}"
    return amount(text, unit)


def _plain(number: float, decimals: int = 2) -> str:
    text = rounded(number, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact_text(row: Row, column: str = "value", code: str = "status") -> str:
    """A figure as it is compared: a percentage with one decimal, because a target may lie between two whole numbers.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.
    column, code
        The columns of the figure and of its status.

    Returns
    -------
    str
    """
    decimals = 1 if row["unit"] == "percent" else int(row["decimals"])
    return value_text(row[column], row["unit"], decimals, str(row[code]))


def distance_text(row: Row) -> str:
    """How far a figure is from its target: ``4.5 points too low; it would take 27 more young people``; empty where it is met.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.

    Returns
    -------
    str
    """
    if missing(row["short"]):
        return ""
    side = "too low" if row["direction"] == "at_least" else "too high"
    said = f"{points(row['short'], row['unit'])} {side}"
    if missing(row["people"]) or not row["people"]:
        return said
    one, many = _PEOPLE[row["counted"]]
    count = int(row["people"])
    more = "more" if row["direction"] == "at_least" else "fewer"
    return f"{said}; it would take {count:,} {more} {one if count == 1 else many}"


def why_not_compared(row: Row) -> str:
    """Why a figure is not held against its target; empty where it is.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.

    Returns
    -------
    str
    """
    if row["outcome"]:
        return ""
    if missing(row["period_end"]):
        return "no official figure is held"
    if missing(row["value"]):
        return status(str(row["status"])).reason
    if row["base_hidden"]:
        return "its base is not published"
    return f"{value_text(row['not_known_share'], 'percent', 0)} are not known, so a low figure may only be a minimum"


def outcome_text(row: Row) -> str:
    """The outcome in words, with the distance or the reason: ``missed: 4.5 points too low; it would take 27 more young people``.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.

    Returns
    -------
    str
    """
    more = why_not_compared(row) or distance_text(row)
    return f"{OUTCOME_WORDS[row['outcome']]}: {more}" if more else OUTCOME_WORDS[row["outcome"]]


def local_text(row: Row) -> str:
    """The council's own newest figure against the target: ``48.1% in 2025/26 Q2 (provisional): missed, 1.9 points too low``.

    How many young people that is is not said: local counts are rounded or hidden.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.

    Returns
    -------
    str
    """
    if missing(row["local_end"]):
        return ""
    when = (
        quarter_text(row["local_end"])
        if row["local_basis"] != "full_year"
        else period_text(row["local_end"], "full_year")
    )
    figure = exact_text(row, "local_value", "local_status")
    said = f"{figure} in {when} ({LAYER_WORDS[row['local_layer']]})"
    if not row["local_outcome"]:
        return said
    said += f": {OUTCOME_WORDS[row['local_outcome']]}"
    if missing(row["local_short"]):
        return said
    side = "too low" if row["direction"] == "at_least" else "too high"
    return f"{said}, {points(row['local_short'], row['unit'])} {side}"


def headline(rows: pd.DataFrame, name: str) -> str:
    """How many targets are met: ``Leeds: 1 of 3 targets met, 1 within tolerance and 1 missed``; ``Leeds: its one target is met``.

    Parameters
    ----------
    rows
        Rows of ``queries/watch_list.sql``.
    name
        The authority.

    Returns
    -------
    str
    """
    of = len(rows)
    if of == 1:
        return f"{name}: its one target is {OUTCOME_WORDS[str(rows['outcome'].iloc[0])]}"
    counts = {code: int((rows["outcome"] == code).sum()) for code in OUTCOME_WORDS}
    rest = [f"{counts[code]} {OUTCOME_WORDS[code]}" for code in ("within", "missed", "") if counts[code]]
    said = f"{name}: {counts['met']} of {of} targets met"
    return f"{said}, {join_words(rest)}" if rest else said


def measure_text(row: Row) -> str:
    """The measure of a row with its ages.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.

    Returns
    -------
    str
    """
    return with_age(str(row["short_title"]), str(row["age_group"]))


def when_text(row: Row) -> str:
    """The period of the newest official figure; empty where there is none.

    Parameters
    ----------
    row
        A row of ``queries/watch_list.sql``.

    Returns
    -------
    str
    """
    return "" if missing(row["period_end"]) else period_text(row["period_end"], row["basis"])


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Each target and how the newest figures stand to it.

    Parameters
    ----------
    rows
        Rows of ``queries/watch_list.sql``.

    Returns
    -------
    pandas.DataFrame
        Texts. Columns: Measure, Target, Official figure, Outcome, and Council’s own newest figure where there is one.
    """
    shown = pd.DataFrame(
        [
            {
                "Measure": measure_text(row),
                "Target": f"{KIND_WORDS[row['kind']]}: {target_text(row)}{f'. {note}' if (note := row['note']) else ''}",
                "Official figure": _official(row),
                "Outcome": sentence_case(outcome_text(row)),
                "Council’s own newest figure": local_text(row),
            }
            for row in records(rows)
        ]
    )
    return shown[[column for column in shown if any(shown[column])]]


def _official(row: Row) -> str:
    if missing(row["period_end"]):
        return "none held"
    counts = "" if missing(row["denominator"]) or row["unit"] != "percent" else f", n = {int(row['denominator']):,}"
    return f"{exact_text(row)} ({when_text(row)}{counts})"


def new_lines(rows: pd.DataFrame) -> list[str]:
    """What is new since the last meeting: figures that came out, outcomes that changed with them, and targets that changed.

    Parameters
    ----------
    rows
        Rows of ``queries/watch_list.sql``.

    Returns
    -------
    list[str]
    """
    every = records(rows)
    measures = dict.fromkeys((row["indicator"], row["age_group"]) for row in every)
    said = []
    for measure in measures:
        mine = [row for row in every if (row["indicator"], row["age_group"]) == measure]
        first = mine[0]
        if first["is_new"] and not missing(first["value"]):
            outcomes = join_words(_new_outcome(row) for row in mine)
            said.append(
                f"{measure_text(first)}: {exact_text(first)} ({when_text(first)}), published {first['published']}; {outcomes}."
            )
        for row in mine:
            if row["target_change"] == "new":
                said.append(
                    f"{measure_text(row)}: a new target, {KIND_WORDS[row['kind']].lower()}, {target_text(row)}."
                )
            elif row["target_change"] == "changed":
                said.append(
                    f"{measure_text(row)}: the {KIND_WORDS[row['kind']].lower()} target has changed to {target_text(row)}."
                )
    return said


def _new_outcome(row: Row) -> str:
    was = row["previous_outcome"]
    before = f" (a year before: {OUTCOME_WORDS[was]})" if was and row["outcome"] and was != row["outcome"] else ""
    return f"{KIND_WORDS[row['kind']].lower()} target {OUTCOME_WORDS[row['outcome']]}{before}"


def cautions(rows: pd.DataFrame) -> list[str]:
    """What to bear in mind.

    Parameters
    ----------
    rows
        Rows of ``queries/watch_list.sql``.

    Returns
    -------
    list[str]
    """
    said = [
        "A target is met or missed by the figure as it is. With few young people a figure moves by chance: Compare has the interval of each.",
    ]
    if rows["people"].notna().any():
        said.append(
            "How many more or fewer young people it would take to meet a target is worked out from the published counts, and not from a council’s own figures, whose "
            "counts are rounded to protect privacy."
        )
    if any(row["unit"] != "percent" or not row["counted"] for row in records(rows) if not missing(row["short"])):
        said.append("For averages and for staff, only the distance from the target is given.")
    return said


def download(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are downloaded: words in place of codes, exact values, source and release.

    Parameters
    ----------
    rows
        Rows of ``queries/watch_list.sql``.

    Returns
    -------
    pandas.DataFrame
    """
    outcomes = {column: [OUTCOME_WORDS[code] for code in rows[column]] for column in ("outcome", "previous_outcome")}
    kept = rows.assign(
        **outcomes,
        local_outcome=[
            "" if missing(row["local_end"]) else OUTCOME_WORDS[row["local_outcome"]] for row in records(rows)
        ],
        direction=[DIRECTION_WORDS[code] for code in rows["direction"]],
        counted=[_PEOPLE[code][1] if code else "" for code in rows["counted"]],
    )
    return kept.drop(
        columns=[
            "place",
            "low_is_no_merit",
            "base_hidden",
            "is_new",
            "target_change",
            "change_verdict",
            "change",
            "caveats",
            "numerator_counts",
            "denominator_counts",
            "asks",
        ]
    )


def about(name: str, taken: dt.date, version: str, sources: Sequence[Row]) -> dict[str, str]:
    """What the download says of itself.

    Parameters
    ----------
    name
        The authority.
    taken
        The day of the download.
    version
        The data version.
    sources
        Rows of ``queries/release.sql``.

    Returns
    -------
    dict[str, str]
    """
    return {
        "what": f"Watch list of {name}: targets of the council’s own choice, and the newest official figures",
        "source": "; ".join(f"{row['title']}, {row['release']}" for row in sources),
        "people": "Worked out from published counts only",
        "downloaded": day_text(taken),
        "data version": version,
    }


def item_label(item: Row, indicators: dict[str, Indicator] | Any) -> str:
    """A target in a list to choose from.

    Parameters
    ----------
    item
        A target as the store has it.
    indicators
        By id.

    Returns
    -------
    str
    """
    indicator = indicators.get(str(item["indicator"]))
    measure = with_age(indicator.short_title, str(item["age_group"])) if indicator else str(item["indicator"])
    kind = KIND_WORDS.get(str(item["kind"]), str(item["kind"])).lower()
    size = _plain(float(item["target"]))
    size = amount(size, indicator.unit) if indicator else size
    return f"{measure}, {kind} ({DIRECTION_WORDS.get(str(item['direction']), '')} {size})"


def anonymous_label(row: Row, name: str) -> str:
    """What an authority is called where others are not named.

    Parameters
    ----------
    row
        A row of ``queries/watch_list_anonymous.sql``.
    name
        The authority that is named.

    Returns
    -------
    str
    """
    return name if row["is_own"] else f"Authority {row['label']}"


def anonymous_headline(rows: pd.DataFrame, name: str, indicator: Indicator, age_group: str) -> str:
    """Where the authority stands among those that are not named.

    Parameters
    ----------
    rows
        Rows of ``queries/watch_list_anonymous.sql``, its own among them.
    name, indicator, age_group
        The authority and the measure.

    Returns
    -------
    str
    """
    own = records(rows[rows["is_own"]])[0]
    above = [row for row in records(rows) if not row["is_own"] and row["value"] > own["value"]]
    others = len(rows) - 1
    figure = value_text(own["value"], indicator.unit, indicator.decimals)
    higher = f"{len(above)} of {others} other councils {'has' if len(above) == 1 else 'have'} a higher figure"
    said = indicator.phrase.replace("{value}", figure)
    return f"{name}: {with_age(said, age_group)}; {higher}"


def anonymous_subtitle(rows: pd.DataFrame, name: str, indicator: Indicator, age_group: str) -> str:
    """Measure, ages, areas and period.

    Parameters
    ----------
    rows, name, indicator, age_group
        As for :func:`anonymous_headline`.

    Returns
    -------
    str
    """
    first = records(rows.head(1))[0]
    left = f"; {int(first['missing'])} of them have no figure" if first["missing"] else ""
    return (
        f"{with_age(indicator.title, age_group)}. {name} and {_AMONG[first['among']]}, not named{left}. "
        f"{sentence_case(period_text(first['period_end'], first['basis']))}"
    )


def anonymous_table(rows: pd.DataFrame, name: str, indicator: Indicator) -> pd.DataFrame:
    """The figures with the others not named.

    Parameters
    ----------
    rows, name, indicator
        As for :func:`anonymous_headline`.

    Returns
    -------
    pandas.DataFrame
        Texts. Columns: Authority, Figure.
    """
    return pd.DataFrame(
        [
            {
                "Authority": anonymous_label(row, name),
                "Figure": value_text(row["value"], indicator.unit, indicator.decimals),
            }
            for row in records(rows)
        ]
    )


def polarity_text(indicator: Indicator) -> str:
    """Which way is better.

    Parameters
    ----------
    indicator
        The measure.

    Returns
    -------
    str
    """
    return POLARITY_WORDS[indicator.polarity]


def versions_table(history: Sequence[Document]) -> pd.DataFrame:
    """The versions of a list, the newest first.

    Parameters
    ----------
    history
        Versions as the store has them.

    Returns
    -------
    pandas.DataFrame
        Texts. Columns: Version, What, Targets, By, On, For, Note.
    """
    return keeping.versions_table(history, "Targets", "items")
