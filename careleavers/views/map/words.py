"""Words, tiles and tables of the map. Words only: bands, verdicts and regional counts are columns of the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from careleavers.charts.text import lower_first
from careleavers.model import AGAINST, Indicator
from careleavers.views.map import classes
from careleavers.views.map.tile_names import tile_names
from careleavers.wording import sentences
from careleavers.wording.changes import not_compared, share_not_known
from careleavers.wording.comparators import comparator_name, each_own_words
from careleavers.wording.findings import (
    BAND_WORDS,
    QUARTER_WORDS,
    VERDICT_MARKS,
    comparators_name,
    in_quarter,
    in_words,
    verdict_text,
    verdict_title,
    verdict_word,
)
from careleavers.wording.formats import (
    Row,
    count_text,
    figure_column,
    join_words,
    missing,
    rank_text,
    rounded_column,
    sentence_case,
    short_text,
    value_text,
    with_age,
)
from careleavers.wording.status import status
from careleavers.wording.tables import brief_note, records, table_places

# What a tile has room for of its quarter; the key has the words.
_QUARTER_MARKS = {"A": "T", "B": "2", "C": "3", "D": "B", "": ""}
# Pixels of the columns that the page shows at first, which fill a screen. The other columns are shown on request.
WIDTHS = {
    "Region": 180, "Authority": 190, "Tile": 56, "Figure (%)": 84, "Number": 84, "Average": 84, "Per 10,000": 94,
    "Figure (£)": 84, "Rank": 58, "Quarter": 70, **dict.fromkeys(map(verdict_title, AGAINST), 130), "Note": 176,
}  # fmt: skip
COLOURS = {"value": "Value", "band": "Quarter", "verdict": "Comparison"}


def colour_schemes(rows: pd.DataFrame) -> dict[str, str]:
    """The ways in which this measure and period can be coloured.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.

    Returns
    -------
    dict[str, str]
        Label by code.
    """
    offered = {"value": COLOURS["value"]}
    if bool(rows["banded"].any()):
        offered["band"] = COLOURS["band"]
    if bool((rows["verdict"] != "").any()):
        offered["verdict"] = COLOURS["verdict"]
    return offered


def missing_schemes_note(offered: Mapping[str, str], indicator: Indicator) -> str:
    """Why a way of colouring is missing; empty when none is.

    Parameters
    ----------
    offered
        What :func:`colour_schemes` gave.
    indicator
        The measure.

    Returns
    -------
    str
    """
    reasons = []
    if "band" not in offered:
        reasons.append(
            "there are no quarters, because neither high nor low is better"
            if indicator.polarity == "neutral"
            else "there are no quarters, because too many authorities tie for best or too few have a figure"
        )
    if "verdict" not in offered:
        reasons.append("no authority can be tested against the comparator")
    return f"For this choice {join_words(reasons)}." if reasons else ""


def tiles(rows: pd.DataFrame, indicator: Indicator, scheme: str, against: str) -> tuple[pd.DataFrame, list[str]]:
    """The authorities as tiles.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    indicator
        The measure.
    scheme
        What the colours show: ``value``, ``band`` or ``verdict``.
    against
        The comparator: ``neighbours``, ``region`` or ``england``.

    Returns
    -------
    tuple[pandas.DataFrame, list[str]]
        The columns given, and ``short, state, shade, tile_text, tile_mark, hover``; and the classes of the scheme
        “value” in words, palest first. Dark is the better end, whichever that is, and the higher where neither is. A
        figure that is only low because many are not known, or that has a hidden base, is not coloured.
    """
    cut = classes.cuts(rows["value"], indicator.decimals)
    short = tile_names(rows[rows["tile_row"].notna()]["authority_name"])
    found = records(rows)
    states = [_state(row, scheme) for row in found]
    marks = [_mark(row, scheme) if state == "figure" else "" for row, state in zip(found, states, strict=True)]
    seconds = []
    for row, state, mark in zip(found, states, marks, strict=True):
        if state == "absent":
            seconds.append("")
        elif state == "none":
            seconds.append(status(row["status"]).mark)
        else:
            seconds.append(mark or _tile_value_text(row, indicator))
    frame = rows.assign(
        short=[short.get(str(row["authority_name"]), "") for row in found],
        state=states,
        shade=[_shade(row, scheme, cut, indicator) for row in found],
        tile_text=seconds,
        tile_mark=marks,
        hover=[hover(row, indicator, against) for row in found],
    )
    labels = classes.class_words(cut, indicator.unit, indicator.decimals)
    if indicator.polarity == "low":
        labels = labels[::-1]
    if indicator.polarity != "neutral" and len(labels) > 1:
        labels = [f"{labels[0]}, the worse end", *labels[1:-1], f"{labels[-1]}, the better end"]
    return frame, labels


def _state(row: Row, scheme: str) -> str:
    if not bool(row["existed"]):
        return "absent"
    if missing(row["value"]):
        return "none"
    # Coloured by verdict it is “not compared” like any other.
    return "not compared" if scheme != "verdict" and (row["low_is_no_merit"] or row["base_hidden"]) else "figure"


def _shade(row: Row, scheme: str, cut: Sequence[float], indicator: Indicator) -> Any:
    if scheme == "value":
        found = classes.class_of(row["value"], cut, indicator.decimals)
        return len(cut) - found if found is not None and indicator.polarity == "low" else found
    return row["band"] if scheme == "band" else row["verdict"]


def _mark(row: Row, scheme: str) -> str:
    if scheme == "band":
        return _QUARTER_MARKS[str(row["band"])]
    return VERDICT_MARKS[str(row["verdict"])] if scheme == "verdict" else ""


def _tile_value_text(row: Row, indicator: Indicator) -> str:
    """The figure as short as a tile needs it: ``<1%`` for "under 1%", ``19.5`` for 19.5%, ``£1.2m``."""
    text = short_text(row["value"], indicator.unit, indicator.decimals, row["status"]).replace("under ", "<")
    return text.removesuffix("%") if indicator.decimals else text


def hover(row: Row, indicator: Indicator, against: str) -> str:
    """What there is to know of an authority, a line each.

    Parameters
    ----------
    row
        A row of ``queries/map.sql``.
    indicator
        The measure.
    against
        The comparator: ``neighbours``, ``region`` or ``england``.

    Returns
    -------
    str
    """
    lines = [str(row["region"])]
    if not bool(row["existed"]):
        lines.append("Did not exist then" + (f": its area belonged to {row['was']}" if row["was"] else ""))
        return "\n".join(lines)
    if missing(row["value"]):
        lines.append(f"No figure: {status(row['status']).short}")
        return "\n".join(lines)
    value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"])
    counted = count_text(row["numerator"], row["denominator"], indicator.unit)
    lines.append(f"{value} ({counted})" if counted else value)
    if ranked := rank_text(row["rank"], row["rank_tied"], row["of"]):
        quarter = BAND_WORDS[row["band"]]
        lines.append(f"Rank {ranked}" + (f", {quarter}" if quarter else ""))
    elif why := not_compared({**row, "polarity": indicator.polarity, "not_known_first": row["low_is_no_merit"]}):
        lines.append(f"Not ranked: {why}")
    if not missing(row["not_known_share"]) and not row["low_is_no_merit"]:
        lines.append(sentence_case(share_not_known(row)))
    if row["verdict"]:
        comparator = value_text(row["comparator"], indicator.unit, indicator.decimals)
        lines.append(
            f"{verdict_text(str(row['verdict']), too_few=row['too_few'])}, compared with {comparator_name(str(row['compared_with']))} ({comparator})"
        )
    if part := sentences.part_of_england(row, indicator.unit, indicator.decimals):
        lines.append(sentence_case(part))
    if bool(row["joint"]):
        lines.append("Joint return of two authorities")
    if bool(row["small_cohort"]):
        lines.append("Small group")
    return "\n".join(lines)


def headline(
    rows: pd.DataFrame,
    indicator: Indicator,
    age_group: str,
    *,
    scheme: str,
    authority_name: str | None,
    against: str,
    region: str | None,
) -> str:
    """The finding of the map, by what its colours show.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.
    scheme
        What the colours show: ``value``, ``band`` or ``verdict``.
    authority_name
        The chosen authority; None where none is.
    against
        The comparator: ``neighbours``, ``region`` or ``england``.
    region
        The name of its region; None without one.

    Returns
    -------
    str
    """
    own = next(iter(records(rows[rows["is_chosen"]], indicator, age_group)), None)
    if own is not None and authority_name:
        if not bool(own["existed"]):
            was = f"; its area belonged to {own['was']}" if own["was"] else ""
            return f"{authority_name} did not exist then{was}"
        said = sentences.headline(own, authority_name, against, region)
        if scheme == "band" and own["band"]:
            ranked = rank_text(own["rank"], own["rank_tied"], own["of"])
            return f"{authority_name}: {sentences.figure_phrase(own)}, {in_quarter(own['band'])} (ranked {ranked})"
        return said
    held = rows[rows["existed"]]
    if scheme == "verdict":
        once = _without_joint_repeats(held)
        parts = [
            f"{number} {verdict_word(verdict, too_few=few)}"
            for verdict, few in (
                ("better", False),
                ("similar", False),
                ("similar", True),
                ("worse", False),
                ("higher", False),
                ("lower", False),
            )
            if (number := int(((once["verdict"] == verdict) & (once["too_few"] == few)).sum()))
        ]
        beside = comparators_name(against)
        return f"{with_age(indicator.short_title, age_group)}: against {beside}, authorities are {join_words(parts)}"
    if scheme == "band" and bool(held["banded"].any()):
        low, high = (value_text(held[key].iloc[0], indicator.unit, indicator.decimals) for key in ("q25", "q75"))
        best, weakest = (
            (f"{low} or less", f"more than {high}")
            if indicator.polarity == "low"
            else (f"{high} or more", f"less than {low}")
        )
        said = f"{with_age(indicator.short_title, age_group)}: the top quarter of authorities has {best}"
        # Where many share the lowest figure, none is below the cut.
        return f"{said}, the bottom quarter {weakest}" if bool((held["band"] == "D").any()) else said
    return sentences.range_headline(held, indicator, age_group)


def _without_joint_repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """Joint returns once: their members share every figure."""
    joint = rows[rows["joint"]]
    return rows.drop(index=joint[joint.duplicated(["region", "value", "numerator", "denominator"])].index)


def alt(rows: pd.DataFrame, head: str, indicator: Indicator) -> str:
    """The text alternative: the finding, then each region's range.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    head
        The finding.
    indicator
        The measure.

    Returns
    -------
    str
    """
    regions = [
        f"{r['region']}: {value_text(r['region_minimum'], indicator.unit, indicator.decimals)} to "
        f"{value_text(r['region_maximum'], indicator.unit, indicator.decimals)}"
        for r in records(rows.drop_duplicates("region"))
        if not missing(r["region_minimum"])
    ]
    return f"{head}. " + (f"By region, lowest to highest: {'; '.join(regions)}." if regions else "No figures.")


def subtitle(rows: pd.DataFrame, indicator: Indicator, age_group: str, scheme: str, against: str) -> str:
    """Measure, ages, area and period, and what the colours show.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.
    scheme
        What the colours show: ``value``, ``band`` or ``verdict``.
    against
        The comparator: ``neighbours``, ``region`` or ``england``.

    Returns
    -------
    str
    """
    row = records(rows[rows["existed"]].head(1), indicator, age_group)[0]
    shown = {
        "value": "Coloured by the figure" + ("; neither end is better" if indicator.polarity == "neutral" else ""),
        "band": "Coloured by quarter of all authorities",
        "verdict": f"Coloured by whether the figure differs from {comparator_name(against, whose='the authority’s')} by more than chance",
    }[scheme]
    return f"{sentences.subtitle(row, 'authorities in England')}. {shown}"


def cautions(rows: pd.DataFrame, indicator: Indicator) -> list[str]:
    """What the map cannot show: abolished and later authorities, missing figures, joint returns.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    indicator
        The measure.

    Returns
    -------
    list[str]
        A sentence or two each.
    """
    notes = []
    gone = records(rows[rows["existed"] & rows["tile_row"].isna()])
    for row in gone:
        value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"])
        said = f"no figure ({status(row['status']).short})" if missing(row["value"]) else value
        notes.append(
            f"{row['authority_name']} has no tile, because it no longer exists: {said}. "
            + (f"Its area is now in {row['became']}." if row["became"] else "")
        )
    later = [str(name) for name in rows[~rows["existed"]]["authority_name"]]
    if later:
        notes.append(f"The map shows the authorities of today; {join_words(later)} did not exist yet.")
    unranked = rows[rows["existed"] & rows["value"].notna() & rows["low_is_no_merit"]]
    if len(unranked):
        notes.append(
            f"{len(unranked)} {'tile is' if len(unranked) == 1 else 'tiles are'} left white though there is a figure: more than 10% of their young people, or "
            "clearly more than elsewhere, are not known, so a low figure may not be good news. They have no rank or quarter."
        )
    hidden = rows[rows["existed"] & rows["value"].isna() & rows["tile_row"].notna()]
    if len(hidden):
        names = join_words(str(name) for name in hidden["authority_name"]) if len(hidden) <= 6 else ""
        notes.append(
            f"{len(hidden)} {'tile has' if len(hidden) == 1 else 'tiles have'} no figure"
            + (f" ({names})" if names else "")
            + f", so {'it is' if len(hidden) == 1 else 'they are'} hatched; the table says why."
        )
    if bool(rows["joint"].any()):
        notes.append("Authorities with a joint return show the same figure on both their tiles.")
    notes.append(
        "Tiles are roughly where the authorities are; all are the same size, whatever their area or number of young people."
    )
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def table(rows: pd.DataFrame, indicator: Indicator, against: str) -> pd.DataFrame:
    """Every authority by region, best first.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    indicator
        The measure.
    against
        The comparator: ``neighbours``, ``region`` or ``england``.

    Returns
    -------
    pandas.DataFrame
        Columns: Region, Authority, Tile (its letters), the figure in its unit, Count, Base, Rank, Quarter, the
        verdict, Not known (%), Note. What the measure does not have is left out.
    """
    figure = figure_column(indicator.unit)
    beside = verdict_title(against)
    short = tile_names(rows[rows["tile_row"].notna()]["authority_name"])
    found = records(rows)
    whole = pd.DataFrame(
        {
            "Region": rows["region"],
            "Authority": rows["authority_name"],
            "Tile": [short.get(str(name), "none") for name in rows["authority_name"]],
            figure: rounded_column(rows["value"], table_places(indicator)),
            "Count": rows["numerator"],
            "Base": rows["denominator"],
            "Rank": rows["rank"].astype("Int64"),
            "Quarter": [QUARTER_WORDS[band] for band in rows["band"]],
            beside: [
                verdict_text(
                    str(r["verdict"]), not_compared({**r, "polarity": indicator.polarity}), too_few=r["too_few"]
                )
                for r in found
            ],
            "Not known (%)": rounded_column(rows["not_known_share"], 1),
            "Note": [_note(r) for r in found],
        }
    )
    if indicator.polarity == "neutral":
        whole = whole.drop(columns=["Rank", "Quarter"])
    if not indicator.tested:
        whole = whole.drop(columns=[beside])
    if not indicator.not_known_phrase:
        whole = whole.drop(columns=["Not known (%)"])
    if indicator.total:
        whole = whole.drop(columns=["Count", "Base"])
    return whole


def _note(row: Row) -> str:
    if not bool(row["existed"]):
        return f"Then in {row['was']}" if row["was"] else "Did not exist then"
    note = brief_note(row)
    if not row["became"]:
        return note
    return f"Now {row['became']}" + (f", {lower_first(note)}" if note else "")


def region_table(rows: pd.DataFrame, indicator: Indicator, against: str) -> pd.DataFrame:
    """One row per region.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    indicator
        The measure.
    against
        The comparator: ``neighbours``, ``region`` or ``england``.

    Returns
    -------
    pandas.DataFrame
        Columns: Region, its own figure, Authorities with a figure, Lowest, Median, Highest (in the unit of the
        measure), and how many authorities are in the top and bottom quarter and on either side of what is compared
        with. What the measure does not have is left out.
    """
    places = table_places(indicator)
    # The region's own figure stands in the rows of authorities that have one.
    known = rows.assign(own=rows["region_total" if indicator.total else "region_value"])
    known = known.sort_values("own", na_position="last", kind="stable").drop_duplicates("region")
    known = known.sort_values("region")
    whole = pd.DataFrame(
        {
            "Region": known["region"],
            "Region, in all" if indicator.total else "Region’s own figure": rounded_column(known["own"], places),
            "Authorities with a figure": known["region_of"],
            "Lowest": rounded_column(known["region_minimum"], places),
            "Median": rounded_column(known["region_median"], places),
            "Highest": rounded_column(known["region_maximum"], places),
            "In the top quarter": known["region_best"],
            "In the bottom quarter": known["region_lowest"],
            ("Better" if indicator.polarity != "neutral" else "Higher") + f" than {each_own_words(against)}": known[
                "region_better"
            ],
            ("Worse" if indicator.polarity != "neutral" else "Lower") + f" than {each_own_words(against)}": known[
                "region_worse"
            ],
        }
    )
    if not bool(rows["banded"].any()):
        whole = whole.drop(columns=["In the top quarter", "In the bottom quarter"])
    if not indicator.tested:
        whole = whole[[column for column in whole.columns if " than " not in column]]
    return whole


def download(rows: pd.DataFrame, indicator: Indicator, age_group: str) -> pd.DataFrame:
    """The rows as they are exported, with ids, tile positions, exact values, findings, source and release.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.
    indicator
        The measure.
    age_group
        The age group, such as ``19-21``.

    Returns
    -------
    pandas.DataFrame
        ``indicator``, ``age_group``, then the columns of ``queries/map.sql`` that the file keeps, with findings in
        words.
    """
    columns = [
        "region", "authority_code", "authority_name", "tile_column", "tile_row", "existed", "period_end", "numerator",
        "denominator", "value", "published_value", "status", "base_hidden", "not_known_share", "low_is_no_merit", "rank", "rank_tied",
        "of", "band", "lower", "upper", "england", "region_value", "england_total", "region_total", "neighbours_mean", "neighbours_count", "compared_with",
        "comparator", "verdict", "too_few", "change", "change_verdict", "change_2", "change_2_verdict", "change_5", "change_5_verdict",
        "trend", "layer", "source", "release",
    ]  # fmt: skip
    kept = in_words(rows[columns])
    kept.insert(0, "indicator", indicator.id)
    kept.insert(1, "age_group", age_group)
    return kept


def n_words(rows: pd.DataFrame) -> str:
    """What n is in the footer: how many authorities have a figure.

    Parameters
    ----------
    rows
        Rows of ``queries/map.sql``.

    Returns
    -------
    str
    """
    return f"{int(rows['value'].notna().sum())} authorities with a figure"
