"""Words, texts and tables of the page on spread. Words only: limits, φ and sides are columns of the queries already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from careleavers.model import Indicator
from careleavers.views.inspections.words import GRADES
from careleavers.wording.changes import not_compared, not_known
from careleavers.wording.findings import SIDE_LISTS, SIDE_PLACES, VERDICT_MARKS, VERDICT_WORDS, in_words
from careleavers.wording.formats import (
    Row,
    axis_unit,
    count_text,
    day_text,
    figure_column,
    join_words,
    missing,
    plain_number,
    rounded,
    rounded_column,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.sentences import figure_phrase
from careleavers.wording.status import status
from careleavers.wording.tables import brief_note, records, table_places

BY = {"region": "Region", "overall": "Ofsted: overall", "care_leavers": "Ofsted: care leavers"}
TABLE_NOTE = (
    "Authorities furthest from England’s figure, given the size of their base, come first. The usual range lies between the outer limits; "
    "beyond an inner limit a figure is near its edge."
)
# Pixels of the columns that the page shows at first, which fill a screen. The other columns are shown on request.
WIDTHS = {
    "Authority": 200, "Figure (%)": 84, "Number": 84, "Average": 84, "Per 10,000": 94, "Figure (£)": 84, "Count": 66,
    "Base": 66, "Where it lies": 380, "Note": 146,
}  # fmt: skip
_LIMITS = {
    "Lower outer limit": "lower_998",
    "Lower inner limit": "lower_95",
    "Upper inner limit": "upper_95",
    "Upper outer limit": "upper_998",
}
_JUDGED = {
    "overall": "the overall effectiveness of children’s services",
    "care_leavers": "the experiences of care leavers",
}


def side_text(side: str, verdict: str, why: str = "") -> str:
    """Where an authority lies, and whether that is the better side: ``below the usual range, the worse side``.

    Parameters
    ----------
    side
        The code of where it lies.
    verdict
        The code of its verdict (``side_verdict`` of ``queries/spread_funnel.sql``).
    why
        Why it is not compared; "" where it is.

    Returns
    -------
    str
    """
    text = SIDE_PLACES[side]
    if why and not verdict and side:
        return f"{text}, not compared: {why}"
    return f"{text}, the {VERDICT_WORDS[verdict]} side" if verdict in {"better", "worse"} and side != "inside" else text


def _why(row: Row, indicator: Indicator) -> str:
    return not_compared({**row, "polarity": indicator.polarity})


def _role(chosen: Any, neighbour: Any) -> str:
    return "chosen" if bool(chosen) else "neighbour" if bool(neighbour) else "other"


def own_row(rows: pd.DataFrame, indicator: Indicator, age_group: str) -> dict[str, Any] | None:
    """The row of the authority looked at, or None.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql`` or ``spread_groups.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.

    Returns
    -------
    dict[str, Any] or None
        A row of the frame as a dictionary.
    """
    return next(iter(records(rows[rows["is_chosen"]], indicator, age_group)), None)


def has_funnel(rows: pd.DataFrame) -> bool:
    """Whether any row of ``queries/spread_funnel.sql`` has a place in a funnel.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.

    Returns
    -------
    bool
    """
    return bool(rows["z"].notna().any())


def no_funnel(indicator: Indicator) -> str:
    """Why a measure (or a period of it) has no funnel.

    Parameters
    ----------
    indicator
        The measure.

    Returns
    -------
    str
    """
    if indicator.tested:
        return (
            "There is no funnel for this choice: no authority has both a count and a base for it, so what chance alone "
            "would give cannot be worked out. The figures are shown by group instead."
        )
    return (
        "There is no funnel for this measure: it is not a part of a counted group, so what chance alone would give "
        "cannot be worked out. The figures are shown by group instead."
    )


def funnel_frame(rows: pd.DataFrame, indicator: Indicator, authority_code: str) -> pd.DataFrame:
    """The returns that have a z-score, as the funnel draws them: one row each.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.
    indicator
        The measure.
    authority_code
        The chosen authority; "" where none is.

    Returns
    -------
    pandas.DataFrame
        Columns: authority_code, authority_name, region, base (people or posts), value (in the unit of the measure),
        value_text, count_text, role, side, side_text.
    """
    kept = rows[rows["is_first"] & rows["z"].notna()]
    found = records(kept)
    return pd.DataFrame(
        {
            "authority_code": [authority_code if r["return_is_chosen"] else r["authority_code"] for r in found],
            "authority_name": [r["return_name"] for r in found],
            "region": [r["region"] for r in found],
            "base": [r["denominator"] for r in found],
            "value": [r["value"] for r in found],
            "value_text": [value_text(r["value"], indicator.unit, indicator.decimals, r["status"]) for r in found],
            "count_text": [count_text(r["numerator"], r["denominator"], indicator.unit) for r in found],
            "role": [_role(r["return_is_chosen"], r["return_is_neighbour"]) for r in found],
            "side": [r["side"] for r in found],
            "side_text": [sentence_case(side_text(r["side"], r["side_verdict"], _why(r, indicator))) for r in found],
        }
    )


def strip_frame(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """The rows with the text columns that the strip draws.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_groups.sql``.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        The columns given, and ``group_text, value_text, count_text, role, extra_text``.
    """
    found = records(rows)
    return rows.assign(
        group_text=[_group_text(r, indicator) for r in found],
        value_text=[value_text(r["value"], indicator.unit, indicator.decimals, r["status"]) for r in found],
        count_text=[count_text(r["numerator"], r["denominator"], indicator.unit) for r in found],
        role=[_role(r["is_chosen"], r["is_neighbour"]) for r in found],
        extra_text=[
            "" if missing(r["inspection_date"]) else f"Inspected {day_text(r['inspection_date'])}" for r in found
        ],
    )


def _group_text(row: Row, indicator: Indicator) -> str:
    number = int(row["group_of"])
    if not number:
        return "no figure"
    median = value_text(row["group_median"], indicator.unit, indicator.decimals)
    return f"{_authorities(number)}, median {median}"


def _authorities(number: int) -> str:
    return f"{number} authority" if number == 1 else f"{number} authorities"


def _outside(row: Row) -> str:
    """``none of 152 authorities is outside the usual range``."""
    number, of = int(row["above_998"] + row["below_998"]), int(row["returns"])
    if not number:
        return f"none of {_authorities(of)} is outside the usual range"
    return f"{number} of {_authorities(of)} {'is' if number == 1 else 'are'} outside the usual range"


def england_text(row: Row, indicator: Indicator) -> str:
    """``England 54%``; empty without a figure for England.

    Parameters
    ----------
    row
        A row with ``england``, in the unit of the measure.
    indicator
        The measure.

    Returns
    -------
    str
    """
    if missing(row["england"]):
        return ""
    return f"England {value_text(row['england'], indicator.unit, indicator.decimals)}"


def headline(rows: pd.DataFrame, indicator: Indicator, age_group: str, authority_name: str | None) -> str:
    """The finding of the funnel: how many are outside the usual range, and whether the authority looked at is.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.
    authority_name
        The chosen authority; None where none is.

    Returns
    -------
    str
    """
    own = own_row(rows, indicator, age_group)
    with_z = rows[rows["z"].notna()]
    first = records(with_z.head(1))[0]
    england = value_text(first["england"], indicator.unit, indicator.decimals)
    if authority_name and own is not None and not missing(own["z"]):
        where = SIDE_PLACES[own["side"]]
        unknown = not_known(own)
        aside = "" if not unknown else f", with {unknown}" if own["side_verdict"] else f", not compared: {unknown}"
        return f"{authority_name}: {figure_phrase(own)}, {where} around England’s {england}{aside}; {_outside(first)}"
    said = f"{with_age(indicator.short_title, age_group)}: {_outside(first)} around England’s {england}"
    if authority_name and own is not None:
        if missing(own["value"]):
            return f"{said}; {authority_name} is not on the chart: its figure is {status(own['status']).short}"
        value = value_text(own["value"], indicator.unit, indicator.decimals, own["status"])
        return f"{said}; {authority_name} ({value}) is not on the chart: its base is not published"
    return said


def dispersion(rows: pd.DataFrame) -> str:
    """Whether authorities differ by more than chance alone would give, in bold, and what that does to the limits.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``. The dispersion φ and what it does to the limits are worked out by
        ``queries/rules/4_funnel.sql`` (Spiegelhalter, 2005).

    Returns
    -------
    str
    """
    row = records(rows[rows["z"].notna()].head(1))[0]
    if missing(row["phi"]):
        return (
            f"Only {_authorities(int(row['returns']))} can be placed: too few to tell whether they differ by more "
            "than chance alone would give, so the usual range is not widened."
        )
    if bool(row["widened"]):
        return (
            "**Authorities differ by more than chance alone would give.** So the usual range is made "
            f"{rounded(float(row['widening']), 1)} times as wide; otherwise {int(row['plain_998'])} of "
            f"{int(row['returns'])} would be outside it."
        )
    return "**Authorities differ about as much as chance alone would give,** so the usual range is not widened."


def widening_text(rows: pd.DataFrame) -> str:
    """The same in the picture, as short as it can be.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.

    Returns
    -------
    str
    """
    row = records(rows[rows["z"].notna()].head(1))[0]
    if missing(row["phi"]):
        return "Limits not widened: too few authorities"
    if bool(row["widened"]):
        return f"Limits {rounded(float(row['widening']), 1)} times as wide as chance alone would give"
    return "Limits as chance alone would give"


def expectation(rows: pd.DataFrame) -> str:
    """What the usual range and the limits mean.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.

    Returns
    -------
    str
    """
    row = records(rows[rows["z"].notna()].head(1))[0]
    cause = "chance and the usual differences between authorities" if bool(row["widened"]) else "chance alone"
    return (
        f"**The usual range** lies between the outer limits, where {cause} would keep all but two in a thousand "
        "authorities. About one in twenty would lie near its edge, between an inner and an outer limit. The more young people a "
        "figure covers, the narrower the range. A figure outside it is worth asking about; the chart does not say why. "
        "Definitions gives the method."
    )


def outside_lists(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """The authorities outside the usual range by name, a sentence per side.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.
    indicator
        The measure.

    Returns
    -------
    list[str]
        At most two: above and below.
    """
    kept = rows[rows["is_first"]]
    found = []
    for side, words in SIDE_LISTS.items():
        beyond = kept[kept["side"] == side]
        unranked = records(beyond[beyond["side_verdict"] == ""])
        there = records(beyond[beyond["side_verdict"] != ""])
        if unranked:
            named = join_words(
                f"{r['return_name']} ({value_text(r['value'], indicator.unit, indicator.decimals, r['status'])}, {not_known(r)})"
                for r in unranked
            )
            found.append(f"{words}, but not compared, because many are not known: {named}.")
        if not there:
            continue
        verdict = str(there[0]["side_verdict"])
        which = f", the {VERDICT_WORDS[verdict]} side" if verdict in {"better", "worse"} else ""
        names = join_words(
            f"{r['return_name']} ({value_text(r['value'], indicator.unit, indicator.decimals, r['status'])})"
            for r in there
        )
        found.append(f"{words}{which}: {names}.")
    return found


def cautions(rows: pd.DataFrame, indicator: Indicator, own: Row | None) -> list[str]:
    """What to bear in mind about the funnel, a sentence or two each.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.
    indicator
        The measure.
    own
        The row of the chosen authority; None where there is none.

    Returns
    -------
    list[str]
    """
    notes = []
    if has_funnel(rows):
        notes.append(
            "Being inside the usual range is no proof that all is well: where the base is small, a figure must differ a great "
            "deal before chance can be ruled out."
        )
    if own is not None and bool(own["small_cohort"]) and not missing(own["value"]):
        notes.append(
            f"{own['authority_name']} has a small group: {count_text(own['numerator'], own['denominator'], indicator.unit)}."
            " One person more or less changes its figure a lot."
        )
    if bool(rows["joint"].any()):
        names = join_words(dict.fromkeys(str(name) for name in rows[rows["joint"]]["return_name"]))
        notes.append(f"Joint returns are drawn and counted once: {names}.")
    hidden = int(rows["value"].isna().sum())
    if hidden * 4 > len(rows):
        notes.append(
            f"Only {len(rows) - hidden} of {len(rows)} authorities have a figure. Counts of 1 to 5 are hidden, so the "
            "chart is not a fair picture of them all: those with low counts are missing, those with none are not."
        )
    elif hidden:
        notes.append(
            f"{hidden} of the {len(rows)} authorities {'has' if hidden == 1 else 'have'} no figure and no dot; the table "
            "says why."
        )
    if indicator.family == "workforce" and indicator.tested:
        notes.append("Counts are full-time equivalents, treated as if each were one person.")
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def table(rows: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Every authority, the farthest from the centre of the funnel first; without a funnel the highest first.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.
    indicator
        The measure.

    Returns
    -------
    pandas.DataFrame
        Columns: Authority, Region, the figure in its unit, Count, Base, Where it lies, the inner and the outer
        limits, Note. What the measure does not have is left out.
    """
    figure = figure_column(indicator.unit)
    places = table_places(indicator)
    found = records(rows)
    whole = pd.DataFrame(
        {
            "Authority": rows["authority_name"],
            "Region": rows["region"],
            figure: rounded_column(rows["value"], places),
            "Count": rows["numerator"],
            "Base": rows["denominator"],
            "Where it lies": [
                "" if missing(r["z"]) else f"{_mark(r)} {side_text(r['side'], r['side_verdict'], _why(r, indicator))}"
                for r in found
            ],
            **{title: rounded_column(rows[column], 1) for title, column in _LIMITS.items()},
            "Note": [brief_note(r) for r in found],
        }
    )
    if indicator.total:
        whole = whole.drop(columns=["Count", "Base"])
    if not has_funnel(rows):
        whole = whole.drop(columns=["Where it lies", *_LIMITS])
        return whole.sort_values([figure, "Authority"], ascending=[False, True], na_position="last", kind="stable")
    return whole


def _mark(row: Row) -> str:
    """The mark of a side: only beyond a limit is it anything but similar."""
    return VERDICT_MARKS[str(row["side_verdict"])]


def download(rows: pd.DataFrame, indicator: Indicator, age_group: str) -> pd.DataFrame:
    """The rows as they are exported, with ids: exact values, z, side, limits, φ, source and release.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``age_group``, then the columns of ``queries/spread_funnel.sql`` that the file keeps, with findings in
        words.
    """
    columns = [
        "authority_code", "authority_name", "return_name", "region", "period_end", "numerator", "denominator", "value",
        "published_value", "status", "z", "z_adjusted", "side", "side_verdict", "lower_998", "lower_95", "upper_95",
        "upper_998", "england", "centre", "phi", "widened", "widening", "layer", "source", "release", "not_known_share",
        "low_is_no_merit", "base_hidden",
    ]  # fmt: skip
    kept = in_words(rows[columns])
    kept.insert(0, "indicator", indicator.id)
    kept.insert(1, "age_group", age_group)
    return kept


def n_words(rows: pd.DataFrame, own: Row | None) -> str:
    """What n is in the footer of a funnel or strip.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_funnel.sql`` or ``spread_groups.sql``.
    own
        The row of the chosen authority; None where there is none.

    Returns
    -------
    str
    """
    shown = int(rows["value"].notna().sum())
    if own is None or missing(own["denominator"]) or missing(own["value"]):
        return f"{shown} authorities"
    return f"{plain_number(own['denominator'])} in {own['authority_name']}, {shown} authorities"


def strip_headline(
    rows: pd.DataFrame, indicator: Indicator, age_group: str, by: str, authority_name: str | None
) -> str:
    """The finding of the strip: how far apart the medians of the groups are, and the authority looked at.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_groups.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.
    by
        The grouping: ``region``, ``overall`` or ``care_leavers`` (Ofsted's judgement).
    authority_name
        The chosen authority; None where none is.

    Returns
    -------
    str
    """
    measure = with_age(indicator.short_title, age_group)
    groups = [r for r in _groups(rows) if r["group_named"]]
    own = own_row(rows, indicator, age_group)
    end = ""
    if own is not None:
        end = (
            f"; {authority_name} has no figure" + (" with a base" if own["base_hidden"] else "")
            if missing(own["value"])
            else f"; {authority_name} has {value_text(own['value'], indicator.unit, indicator.decimals, own['status'])}"
            + (f" ({not_known(own)})" if not_known(own) else "")
        )
    if not groups:
        return f"{measure}: too few authorities of any one group have a figure{end}"

    def median(row: Row) -> str:
        return value_text(row["group_median"], indicator.unit, indicator.decimals)

    if by == "region":
        low = min(groups, key=lambda row: float(row["group_median"]))
        high = max(groups, key=lambda row: float(row["group_median"]))
        if median(low) == median(high):
            return f"{measure}: every region’s median is {median(low)}{end}"
        return f"{measure}: regional medians run from {median(low)} in {_in(low)} to {median(high)} in {_in(high)}{end}"
    judged = [r for r in groups if r["group_name"] in GRADES]
    if not judged:
        return f"{measure}: too few authorities with any one judgement have a figure{end}"
    return f"{measure}: median " + join_words(f"{median(r)} where {GRADES[r['group_name']]}" for r in judged) + end


def _in(row: Row) -> str:
    name = str(row["group_name"])
    return name if name in {"London", "Yorkshire and The Humber"} else f"the {name}"


def _groups(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return records(rows.drop_duplicates("group_name"))


def by_subtitle(by: str) -> str:
    """The grouping as it stands in the subtitle of a strip.

    Parameters
    ----------
    by
        The grouping: ``region``, ``overall`` or ``care_leavers`` (Ofsted's judgement).

    Returns
    -------
    str
    """
    return "by region" if by == "region" else f"by Ofsted’s judgement of {_JUDGED[by]}"


def strip_cautions(rows: pd.DataFrame, by: str) -> list[str]:
    """What to know about the grouping.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_groups.sql``.
    by
        The grouping: ``region``, ``overall`` or ``care_leavers`` (Ofsted's judgement).

    Returns
    -------
    list[str]
        A sentence or two each.
    """
    hidden = [
        f"{int(r['group_hidden'])} in {_in(r) if by == 'region' else 'the group “' + str(r['group_name']) + '”'}"
        for r in _groups(rows)
        if int(r["group_hidden"])
    ]
    notes = []
    if by != "region":
        as_at = rows["as_at"].iloc[0]
        notes.append(
            f"Each authority is shown under the judgement of its latest full inspection begun by the end of the period "
            f"(inspections are recorded up to {day_text(as_at)}), which may be years older than the figures. Inspectors look at far more than "
            "this measure, and a group’s median says nothing about any one authority."
        )
    if by == "care_leavers":
        notes.append("Care leavers were not judged separately before January 2023.")
    if hidden:
        notes.append(f"Not drawn, because the figure or its base is missing: {join_words(hidden)}.")
    return notes


def group_table(rows: pd.DataFrame, indicator: Indicator, by: str) -> pd.DataFrame:
    """One row per group.

    Parameters
    ----------
    rows
        Rows of ``queries/spread_groups.sql``.
    indicator
        The measure.
    by
        The grouping: ``region``, ``overall`` or ``care_leavers`` (Ofsted's judgement).

    Returns
    -------
    pandas.DataFrame
        Columns: Region or Judgement, With a figure, Without (how many authorities), Lowest, Middle half from,
        Median, Middle half to, Highest (in the unit of the measure); by region, its own figure too.
    """
    places = table_places(indicator)
    groups = pd.DataFrame(_groups(rows))
    whole = pd.DataFrame(
        {
            "Region" if by == "region" else "Judgement": groups["group_name"],
            "With a figure": groups["group_of"],
            "Without": groups["group_hidden"],
            "Lowest": rounded_column(groups["group_minimum"], places),
            "Middle half from": rounded_column(groups["group_q25"], places),
            "Median": rounded_column(groups["group_median"], places),
            "Middle half to": rounded_column(groups["group_q75"], places),
            "Highest": rounded_column(groups["group_maximum"], places),
        }
    )
    if by != "region":
        return whole
    own = rounded_column(groups["group_value"], places)
    # A release that covers part of the country has no figures for regions.
    return whole.assign(
        **{
            "Region, in all" if indicator.total else "Region’s own figure": own
            if own.notna().all()
            else own.astype(object).where(own.notna(), "")
        }
    )


def axis_titles(indicator: Indicator, age_group: str) -> tuple[str, str]:
    """What the upright and the level axis of the funnel show.

    Parameters
    ----------
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.

    Returns
    -------
    tuple[str, str]
        The title of the upright axis, then of the level one.
    """
    unit = f", {axis_unit(indicator.unit)}".removesuffix(", ")
    counted: Sequence[str] = (indicator.denominator_counts, "what the figure is a share of")
    return f"{with_age(indicator.title, age_group)}{unit}", f"Base: {next(text for text in counted if text)}"
