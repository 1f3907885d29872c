"""What is said about years: the finding, what stands behind it, texts for the charts, tables and downloads.

From the rows of ``queries/trend.sql`` and ``queries/trend_neighbours.sql``. Words only: change, trend, interval and
verdict are columns of those rows already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from careleavers.charts.lanes import Break, Event
from careleavers.charts.template import Footer
from careleavers.model import Indicator
from careleavers.views.inspections.words import GRADES, event_date, event_name, judged_month, judgement, reported_by
from careleavers.views.local_figures.words_newest import rounding_words
from careleavers.wording import tables
from careleavers.wording.changes import (
    SPANS,
    ChangeWords,
    change_text,
    clear_spans,
    explain_once,
    longer_changes,
    not_compared,
    not_known,
    share_not_known,
    trend,
    trend_code,
    year_before,
)
from careleavers.wording.findings import (
    CHANGE_WORDS,
    CLEAR,
    OWN_SIDE_WORDS,
    THAN,
    TREND_BRIEF,
    TREND_VERDICTS,
    over_five_years,
)
from careleavers.wording.formats import (
    MONTHS,
    Row,
    chance_text,
    count_text,
    day_text,
    in_period,
    interval_text,
    join_words,
    missing,
    period_label,
    plain_number,
    published_text,
    sentence_case,
    size_text,
    value_text,
    with_age,
)
from careleavers.wording.sentences import comparator_words, part_of_england
from careleavers.wording.status import reason, status
from careleavers.wording.tables import records

AXES = {"zero": "From zero", "fit": "Fit the data"}
MEAN = "Mean of neighbours"
# The four authorities that may be shown beside the one looked at are as many as a reader can tell apart.
MOST = 4
_NO_TREND = {"", "no_clear_trend"}


def newest(frame: pd.DataFrame, series: str) -> dict[str, Any] | None:
    """The last annual published row of a series (``authority`` or ``england``); None where it has none."""
    rows = frame[(frame["layer"] == "published") & (frame["series"] == series)]
    return next(iter(records(rows.tail(1))), None)


def axis_title(period_end: Any, basis: str) -> str:
    """What a point in time stands for below the chart: ``Year to 31 March``; ``On 30 September``; ``Quarters, by their last day``."""
    if basis == "quarter":
        return "Quarters, at the last day of each"
    day = day_text(period_end).rsplit(" ", 1)[0]
    if basis == "rolling_12m":
        return f"Twelve months to {day}"
    return f"On {day} of each year" if basis == "snapshot" else f"Year to {day}"


def span_text(frame: pd.DataFrame) -> str:
    """The years that a chart covers: ``years to 31 March 2018 to 2025``; ``30 September 2017 to 2025``.

    Of quarters: ``quarters to June 2018 to December 2025``.
    """
    rows = frame[frame["layer"] == "published"]
    ends = sorted(rows["period_end"].unique())
    basis = str(rows["basis"].iloc[0])
    first, last = pd.Timestamp(ends[0]), pd.Timestamp(ends[-1])
    if basis == "quarter":
        return f"quarters to {period_label(first)} until {period_label(last)}"
    day = f"{first.day} {MONTHS[first.month - 1]}"
    many = first.year != last.year
    years = f"{day} {first.year} to {last.year}" if many else f"{day} {first.year}"
    if basis == "snapshot":
        return f"on {years}"
    if basis == "rolling_12m":
        return f"twelve months to {years}"
    return f"years to {years}" if many else f"year to {years}"


def change_phrase(row: Row, indicator: Indicator) -> ChangeWords:
    """What happened since the year before, in words that agree with the test."""
    clear = year_before({**row, "unit": indicator.unit, "decimals": indicator.decimals})
    if clear.explained and not row["base_hidden"] and not missing(row["change"]):
        return clear
    said = _unclear(row, indicator)
    return ChangeWords(said, said)


def _unclear(row: Row, indicator: Indicator) -> str:
    """The same where no test says that the figure has changed."""
    verdict = str(row["change_verdict"])
    if row["base_hidden"]:
        return "not compared with other years, because its base is not published"
    if missing(row["change"]) or not verdict:
        return "no figure for the year before to compare with"
    if verdict == "no_clear_change":
        return f"{CHANGE_WORDS[verdict]} on the year before"
    size = size_text(row["change"], indicator.unit, indicator.decimals)
    direction = "up" if float(row["change"]) > 0 else "down"
    return (
        "the same as the year before"
        if float(row["change"]) == 0
        else f"{direction} {size} on the year before (not tested for chance)"
    )


def trend_phrase(row: Row, indicator: Indicator) -> ChangeWords:
    """The five-year trend in words: empty where the measure has no counts to test."""
    if not indicator.tested:
        return ChangeWords("", "")
    code = trend_code(row)
    if code not in _NO_TREND:
        return trend(row)
    said = over_five_years(code) if code else "too few years in a row to test for a trend"
    return ChangeWords(said, said)


def movement(row: Row, indicator: Indicator) -> str:
    """Change and trend as one phrase: ``no clear change on the year before and no statistically clear trend …``.

    A clear change over two or five years is named with its size, and the trend then only where it is clear too.
    """
    since, sloping = change_phrase(row, indicator), trend_phrase(row, indicator)
    if row["base_hidden"] or not sloping.explained:
        return since.explained
    measured = {**row, "unit": indicator.unit, "decimals": indicator.decimals}
    over = longer_changes(measured)
    verdict, moving = str(row["change_verdict"]), trend_code(row)
    if not moving and not verdict and not over.explained:
        looked = [words for span, words in SPANS if row[f"change{span}_verdict"]]
        if looked:
            return f"no figure for the year before, and no more than chance over {join_words(looked, last='or')}"
        return "too few years in a row to say whether it has changed"
    change, longer, along = explain_once([since, over, sloping])
    if longer:
        along = longer + (f"; {along}" if moving not in _NO_TREND else "")
    clear_change, clear_later = verdict in CLEAR, bool(longer) or moving not in _NO_TREND
    ways = {verdict, TREND_VERDICTS[moving]}
    ways |= {str(row[f"change{span}_verdict"]) for span in clear_spans(row) if span}
    turned = {"better", "worse"} <= ways
    return f"{change}{', but' if clear_change != clear_later or turned else ' and'} {along}"


def headline(row: Row | None, name: str, indicator: Indicator, age_group: str) -> str:
    """The finding of the page: the newest figure, and whether it has moved by more than chance.

    ``row`` is :func:`newest`; ``name`` the authority's, or England.
    """
    if row is None:
        return f"{name}: no figures are held of “{with_age(indicator.short_title, age_group)}”"
    when = in_period(row["period_end"], row["basis"])
    if missing(row["value"]):
        return f"{name}: {sentence_case(indicator.short_title)} is {status(row['status']).short} {when}"
    value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
    said = indicator.phrase.replace("{value}", value)
    unknown = not_known(row, first=row["not_known_first_england"])
    # Two of the phrases already end with the time they are about.
    if said.endswith(" in the year") and when.startswith("in the year "):
        when = when.removeprefix("in the year ")
    return f"{name}: {said} {when}{f', with {unknown}' if unknown else ''}; {movement(row, indicator)}"


def detail(row: Row | None, frame: pd.DataFrame, indicator: Indicator, against: str, region: str | None) -> str:
    """What stands behind the newest figure: count, interval, comparison; or the last figure there is."""
    if row is None:
        return ""
    if missing(row["value"]):
        shown = frame[
            (frame["area_code"] == row["area_code"]) & (frame["layer"] == "published") & frame["value"].notna()
        ]
        why = reason(row)
        if shown.empty:
            return f"{why} There is no figure in any of the years."
        last = records(shown.tail(1))[0]
        value = value_text(last["value"], indicator.unit, indicator.decimals, last["status"])
        return f"{why} The last figure is {value}, {in_period(last['period_end'], last['basis'])}."
    parts = []
    counted = count_text(row["numerator"], row["denominator"], indicator.unit, row.get("rounded"))
    between = interval_text(row["lower"], row["upper"], indicator.unit, indicator.decimals)
    if counted and between and row["series"] == "authority":
        parts.append(f"{sentence_case(counted)}. {chance_text(between, row['denominator'], row.get('rounded'))}.")
    elif counted:
        parts.append(f"{sentence_case(counted)}.")
    column = {"england": "england", "region": "region_value", "neighbours": "neighbours_mean"}[against]
    if row["series"] == "authority" and not missing(row[column]):
        value = value_text(row[column], indicator.unit, indicator.decimals)
        own = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
        verdict = str(row[f"verdict_{against}"])
        if own == value and verdict not in {"", "similar"}:
            value = value_text(row[column], indicator.unit, indicator.decimals + 1)
        beside = comparator_words(against, region, value)
        why = not_compared({**row, "polarity": indicator.polarity}, first=row[f"not_known_first_{against}"])
        not_said = f"Not compared with {beside}: {why}." if why and not verdict else ""
        said = f"{sentence_case(THAN[verdict])} {beside}." if verdict else f"For reference: {beside}."
        parts.append(not_said or said)
    if row["series"] == "authority" and (part := part_of_england(row, indicator.unit, indicator.decimals)):
        parts.append(f"{sentence_case(part)}.")
    return " ".join(parts)


def earlier_text(row: Row, indicator: Indicator) -> str:
    """What earlier releases said: ``55% (34 of 61) in the 2022 and 2024 releases``; empty where nothing differs."""
    said: dict[str, list[str]] = {}
    later: list[str] = []
    for before in row["earlier"] if isinstance(row["earlier"], list) else []:
        value = value_text(before["value"], indicator.unit, indicator.decimals, before["status"])
        counted = count_text(before["numerator"], before["denominator"], indicator.unit)
        text = f"{value} ({counted})" if counted and not missing(before["value"]) else value
        if missing(before["value"]):
            text = status(before["status"]).short
        if str(before["release"]) > str(row["release"]) and before["source"] != row["source"]:
            later.append(f"since published as {text}, without counts, in the Local Authority Interactive Tool")
            continue
        said.setdefault(text, []).append(str(before["release"]))
    earlier = [
        f"{text} in the {join_words(releases)} release{'s' if len(releases) > 1 else ''}"
        for text, releases in said.items()
    ]
    return "; ".join([*earlier, *later])


def is_marked_restated(row: Row) -> bool:
    """Whether a figure is marked as restated: an earlier release said something else, and it is still shown."""
    return bool(row["restated"]) and isinstance(row["earlier"], list)


def note(row: Row) -> str:
    """What a reader must know about one year's figure, in few words; the earlier value has a column of its own."""
    parts = []
    if why := reason(row):
        parts.append(why)
    if row["base_hidden"]:
        parts.append("Base not published: not ranked or compared.")
    if row["not_known_first_england"] and not missing(row["value"]):
        parts.append(f"{sentence_case(share_not_known(row))}.")
    if row["small_cohort"] and not missing(row["value"]):
        parts.append("Small group.")
    if row["joint"]:
        parts.append("Joint return of two authorities.")
    if is_marked_restated(row):
        parts.append("Restated.")
    elif row["restated"] and missing(row["value"]):
        parts.append("An earlier release differed.")
    return " ".join(parts)


def _hover(row: Row, name: str, indicator: Indicator) -> str:
    when = sentence_case(in_period(row["period_end"], row["basis"]).removeprefix("in the ").removeprefix("on "))
    value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
    counted = count_text(row["numerator"], row["denominator"], indicator.unit, row.get("rounded"))
    facts = [name, f"{when}: {value}{f' ({counted})' if counted else ''}"]
    if row["layer"] != "published":
        facts.append(f"{sentence_case(row['layer'])} local figure, not official statistics")
    between = interval_text(row["lower"], row["upper"], indicator.unit, indicator.decimals)
    if between and row["series"] not in {"region", "england"}:
        facts.append(f"95% interval: {between}")
    if row["series"] == "authority" and not missing(row["neighbours_mean"]):
        mean = value_text(row["neighbours_mean"], indicator.unit, indicator.decimals)
        facts.append(f"Mean of {int(row['neighbours_count'])} of 10 neighbours: {mean}")
    change = change_text(row["change"], row["change_verdict"], indicator.unit, indicator.decimals)
    if change and row["series"] != "region":
        facts.append(f"Since the year before: {change}")
    longer = longer_changes({**row, "unit": indicator.unit, "decimals": indicator.decimals}).explained
    if longer and row["series"] != "region":
        facts.append(sentence_case(longer))
    if not missing(row["not_known_share"]):
        facts.append(sentence_case(share_not_known(row)))
    if is_marked_restated(row):
        facts.append(f"Restated: {earlier_text(row, indicator)}")
    if row["small_cohort"]:
        facts.append("Small group")
    return "\n".join(facts)


def chart_frame(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Rows of ``queries/trend.sql`` as the trend chart takes them, the neighbours' mean a line of its own."""
    rows: list[dict[str, Any]] = []
    mean: list[dict[str, Any]] = []
    held = records(frame)
    # A total of a wider area is not drawn beside an authority's.
    alone = indicator.total and any(r["series"] == "authority" for r in held)
    apart = {"england", "region"} if alone else ()
    for row in held:
        if row["series"] in apart:
            continue
        line = {
            "line": row["area_code"],
            "role": row["series"],
            "name": row["area_name"],
            "layer": row["layer"],
            "basis": row["basis"],
            "day": pd.Timestamp(row["period_end"]).date(),
            "value": row["value"],
            "value_text": value_text(
                row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded")
            ),
            "lower": row["lower"],
            "upper": row["upper"],
            "reason": status(row["status"]).short if missing(row["value"]) else "",
            "restated": is_marked_restated(row),
            "hover": _hover(row, row["area_name"], indicator),
        }
        rows.append(line)
        if row["series"] == "authority" and row["layer"] == "published" and not indicator.total:
            value = value_text(row["neighbours_mean"], indicator.unit, indicator.decimals)
            count = int(row["neighbours_count"])
            when = sentence_case(in_period(row["period_end"], row["basis"]).removeprefix("in the ").removeprefix("on "))
            mean.append(
                {
                    **line,
                    "line": "neighbours",
                    "role": "neighbours",
                    "name": MEAN,
                    "value": row["neighbours_mean"],
                    "value_text": value,
                    "lower": None,
                    "upper": None,
                    "reason": f"only {count} of 10 have a figure" if missing(row["neighbours_mean"]) else "",
                    "restated": False,
                    "hover": f"{MEAN}\n{when}: {value}, of {count} of 10",
                }
            )
    # Beside the authority and the chosen, before region and England, as the query orders them.
    split = next((i for i, row in enumerate(rows) if row["role"] in {"region", "england"}), len(rows))
    return pd.DataFrame([*rows[:split], *mean, *rows[split:]])


def breaks(frame: pd.DataFrame) -> list[Break]:
    """The days on which the authority was made from others, or split, as far as the years show both sides."""
    found: dict[tuple[str, dt.date], None] = {}
    for row in records(frame[frame["series"].isin(["predecessor", "successor"]) & frame["value"].notna()]):
        found[(row["series"], pd.Timestamp(row["changed_on"]).date())] = None
    words = {"predecessor": "New authority from", "successor": "Abolished in"}
    return [Break(day, f"{words[series]} {MONTHS[day.month - 1]} {day.year}") for series, day in found]


def _event_head(row: Row) -> str:
    named = f"{row['authority_name']}, " if row["relation"] == "predecessor" else ""
    kind = "inspection" if row["kind"] == "full" else event_name(row["inspection_type"])
    return f"{named}{judged_month(row)} {kind}"


def _event_judgements(row: Row) -> str:
    if row["kind"] != "full":
        return judgement(row["theme"]) if row["theme"] else "no theme given"
    said = []
    if row["care_leavers"] in GRADES:
        said.append(f"care leavers {judgement(row['care_leavers'])}")
    if row["overall_effectiveness"] in GRADES:
        said.append(f"overall {judgement(row['overall_effectiveness'])}")
    return ", ".join(said) or "no judgement held"


def events(frame: pd.DataFrame) -> list[Event]:
    """Rows of ``queries/inspection_events.sql`` as dated marks, oldest first."""
    rows = [row for row in records(frame) if row["kind"] and not missing(row["day"])]
    found = []
    for row in sorted(rows, key=lambda row: row["day"]):
        facts = [
            row["authority_name"],
            f"{sentence_case(event_name(row['inspection_type']))}, {event_date(row)}",
            _event_judgements(row),
        ]
        if row["kind"] == "full" and row["care_leavers"] not in GRADES:
            facts.append(f"Care leavers: {judgement(row['care_leavers'])}")
        if not missing(row["publication_date"]) and not missing(row["inspection_date"]):
            facts.append(f"Report published {day_text(row['publication_date'])}")
        facts.append(sentence_case(reported_by(row)))
        text = f"{_event_head(row)}: {_event_judgements(row)}"
        found.append(Event(row["day"].date(), row["kind"] == "full", text, "\n".join(facts)))
    return found


def releases(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """The releases that the line's figures come from, oldest first, as (source, release)."""
    focus = frame[frame["release"].notna()]
    pairs = focus[["source", "release"]].drop_duplicates().itertuples(index=False, name=None)
    # The numbers of uploads have as many digits as they need.
    return sorted(
        ((str(source), str(number)) for source, number in pairs),
        key=lambda pair: (pair[0], len(pair[1]) if pair[1].isdigit() else 0, pair[1]),
    )


# More than this many releases are named by the first and the last.
FEW_RELEASES = 6


def release_words(found: Sequence[Row]) -> str:
    """The releases of one publication: ``2022, 2024 and 2025 (published November 2022, November 2024 and November 2025)``.

    Uploads of local figures come after them: ``; upload 12 (14 October 2025)``.
    """
    official, own = _official_and_local(found)
    if len(official) > FEW_RELEASES:
        first, last = official[0], official[-1]
        words = f"{first['release']} to {last['release']}, {len(official)} in all (the newest {published_text(last['published'])})"
        return f"{words}; {tables.upload_words(own)}" if own else words
    words = f"{join_words(str(r['release']) for r in official)} (published {join_words(str(r['published']) for r in official)})"
    return f"{words}; {tables.upload_words(own)}" if own else words


def _official_and_local(found: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows of ``queries/release.sql``: official releases, and uploads of local figures."""
    return [r for r in found if r["source"] != "local"], [r for r in found if r["source"] == "local"]


def footer(
    found: Sequence[Row], inspections: Sequence[Row], frame: pd.DataFrame, row: Row | None, taken: dt.date
) -> Footer:
    """The foot of the charts: every release the figures come from, and Ofsted's where inspections are drawn.

    ``found`` and ``inspections`` are rows of ``queries/release.sql``; ``row`` is :func:`newest`.
    """
    official, own = _official_and_local(found)
    base = tables.mixed_footer(official, "published", taken)
    release, source = release_words(found), base.source
    if own:
        source += f"; local figures: {join_words(dict.fromkeys(str(r['publisher']) for r in own))}"
    if inspections:
        named = [f"{held['publisher']}, {held['title']}" for held in inspections]
        source += f"; inspections: {join_words(named)}"
    local = sorted(set(frame.loc[frame["layer"] != "published", "layer"]), reverse=True)
    layer = join_words([base.layer, *(f"{word} local" for word in local)])
    n = "n differs by year: see the table"
    if row is not None and not missing(row["denominator"]) and row["series"] == "authority":
        n = f"{plain_number(row['denominator'])} in this authority in {period_label(row['period_end'])}; the table gives each year"
    if frame["rounded"].notna().any():
        n += f"; local counts are rounded to {frame['rounded'].dropna().iloc[0]:.0f} so that nobody can be recognised"
    return Footer(source, release, layer, base.taken, n)


def cautions(frame: pd.DataFrame, indicator: Indicator, outside: Sequence[Event]) -> list[str]:
    """What to bear in mind about the years, a sentence each; ``outside`` are inspections beyond the years drawn."""
    rows = records(frame)
    own = [row for row in rows if row["series"] == "authority" and row["layer"] == "published"]
    notes = []
    small = [row for row in own if row["small_cohort"] and not missing(row["value"])]
    if small:
        notes.append(
            f"A small group in {_some_years(small, own)}: one person more or less moves the figure, so read the shaded "
            "interval and several years together."
        )
    hidden = [row for row in own if missing(row["value"])]
    if hidden:
        notes.append(
            f"No figure in {'any year' if len(hidden) == len(own) else _some_years(hidden, own)}: the gap in the line says why. It is not drawn as zero, and "
            "nothing is drawn across it."
        )
    if own and own[-1]["joint"]:
        notes.append("This authority sends one return together with another: the line is of both.")
    again = [row for row in own if is_marked_restated(row)]
    if again:
        notes.append(
            f"The department has restated {_some_years(again, own)} since first publishing it: the newest figure is "
            "shown, ringed, and the table has the earlier one."
        )
    few = [row for row in own if missing(row["neighbours_mean"])]
    if own and indicator.total:
        notes.append(
            "It is a total and grows with the size of a place: England’s, its region’s and its neighbours’ are not drawn."
        )
    elif few:
        notes.append(
            f"The mean of its neighbours is not shown for {_some_years(few, own)}: fewer than 5 of 10 have a figure."
            if any(int(row["neighbours_count"]) for row in own)
            else "It has no statistical neighbours in the department’s model, so no mean of neighbours is shown."
        )
    related = [row for row in rows if row["series"] in {"predecessor", "successor"}]
    if related:
        notes.append(
            "The dashed lines are of other areas than the authority’s own: the step from one to the other is not a change "
            "in how it does."
        )
    for name in dict.fromkeys(row["area_name"] for row in rows if row["series"] == "chosen"):
        if all(missing(row["value"]) for row in rows if row["area_name"] == name):
            notes.append(f"{name} has no figure in any of the years, so it has no line.")
    if any(row["layer"] != "published" for row in rows):
        notes.append(
            "Local figures for quarters are the council’s own, may change, and are counted differently from the annual "
            "ones: compare a quarter with the same quarter of the year before."
        )
    if frame["rounded"].notna().any():
        notes.append(rounding_words(frame))
    if outside:
        notes.append(f"Outside the years drawn: {'; '.join(event.text for event in outside)}.")
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def _some_years(rows: Sequence[Row], of: Sequence[Row]) -> str:
    """Years in a sentence: ``2019 and 2020``; ``every year``; ``6 of the 8 years``."""
    if len(rows) == len(of) and len(of) > 1:
        return "every year"
    if len(rows) > 3:
        return f"{len(rows)} of the {len(of)} years"
    return join_words(str(row["period_end"].year) for row in rows)


def inspections_drawn(frame: pd.DataFrame, found: Sequence[Event]) -> list[Event]:
    """The inspections within half a year of the years drawn."""
    days = sorted(frame["period_end"])
    if not days:
        return []
    pad = pd.Timedelta(days=183)
    first, last = (days[0] - pad).date(), (days[-1] + pad).date()
    return [event for event in found if first <= event.day <= last]


def inspections_outside(frame: pd.DataFrame, found: Sequence[Event]) -> list[Event]:
    """The inspections that are not."""
    within = inspections_drawn(frame, found)
    return [event for event in found if event not in within]


def inspection_releases(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """The releases among the rows of ``queries/inspection_events.sql``, as (source, release)."""
    return list(dict.fromkeys((row["source"], row["release"]) for row in records(frame) if row["release"]))


# The ten neighbours.


def neighbours_frame(frame: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Rows of ``queries/trend_neighbours.sql`` as the small multiples take them: a panel a neighbour."""
    rows = records(frame)
    notes: dict[str, str] = {}
    for code in dict.fromkeys(row["area_code"] for row in rows):
        notes[code] = _panel_note([row for row in rows if row["area_code"] == code], indicator)
    made = []
    for row in rows:
        value = value_text(row["value"], indicator.unit, indicator.decimals, row["status"], row.get("rounded"))
        counted = count_text(row["numerator"], row["denominator"], indicator.unit, row.get("rounded"))
        when = sentence_case(in_period(row["period_end"], row["basis"]).removeprefix("in the ").removeprefix("on "))
        made.append(
            {
                "panel": row["area_code"],
                "name": row["area_name"],
                "note": notes[row["area_code"]],
                "day": row["period_end"],
                "value": row["value"],
                "value_text": value,
                "reason": status(row["status"]).short if missing(row["value"]) else "",
                "hover": f"{row['area_name']}\n{when}: {value}{f' ({counted})' if counted else ''}",
            }
        )
    return pd.DataFrame(
        made, columns=["panel", "name", "note", "day", "value", "value_text", "reason", "hover"]
    )  # fmt: skip


def _panel_note(rows: Sequence[Row], indicator: Indicator) -> str:
    """What stands under a neighbour's name: newest figure, how close it is, a clear trend, years without a figure."""
    last = rows[-1]
    value = value_text(last["value"], indicator.unit, indicator.decimals, last["status"])
    if missing(last["value"]):
        value = sentence_case(status(last["status"]).brief)
    parts = [f"{value}, {str(last['closeness']).lower()}"]
    if last["trend"] not in _NO_TREND:
        parts.append(sentence_case(TREND_BRIEF[last["trend"]]))
    if last["joint"]:
        parts.append("Joint return")
    return ". ".join(parts)


def own_line(frame: pd.DataFrame) -> pd.DataFrame:
    """The authority's published years as the line behind each panel: ``day, value``."""
    rows = frame[(frame["series"] == "authority") & (frame["layer"] == "published")]
    return pd.DataFrame({"day": rows["period_end"], "value": rows["value"]})


def neighbours_headline(frame: pd.DataFrame, name: str, indicator: Indicator) -> str:
    """The finding of the small multiples: which neighbours have a clear trend; else who is higher and lower now."""
    rows = records(frame[frame["newest"]])
    tested = [row for row in rows if row["trend"]]
    if tested:
        groups: dict[str, list[str]] = {}
        for row in tested:
            if row["trend"] not in _NO_TREND:
                groups.setdefault(TREND_BRIEF[row["trend"]], []).append(row["area_name"])
        none = sum(row["trend"] in _NO_TREND for row in tested)
        parts = [
            f"{len(found)} {kind} over five years ({join_words(found)})" if len(found) <= 3 else f"{len(found)} {kind} over five years"
            for kind, found in sorted(groups.items())
        ]  # fmt: skip
        if none:
            parts.append(f"{none} without a clear trend")
        if rest := len(rows) - len(tested):
            parts.append(f"{rest} with too few years to test")
        return f"Neighbours of {name}: {join_words(parts)}"
    sides = [str(row["own_side"]) for row in rows]
    counts = (
        *((OWN_SIDE_WORDS[side], sides.count(side)) for side in ("higher", "lower", "same")),
        ("without a figure", sum(missing(row["value"]) for row in rows)),
    )
    when = in_period(rows[0]["period_end"], rows[0]["basis"])
    if not any(sides):
        return f"Neighbours of {name} {when}: {len(rows) - counts[-1][1]} of {len(rows)} have a figure"
    return f"Neighbours of {name} {when}: {join_words(f'{number} {words}' for words, number in counts if number)}"
