"""What the national page says: its cards, the tiles and key of its map, clear changes, and what is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from careleavers.importer.inspections import COMPILED
from careleavers.views.whats_new.words import NewsItem
from careleavers.wording.changes import change_text, changes_sentence, from_to, not_known_moved, share_not_known
from careleavers.wording.findings import BAND_WORDS, CLEAR
from careleavers.wording.formats import (
    POLARITY_WORDS,
    Row,
    age_text,
    join_words,
    missing,
    period_label,
    period_name,
    period_text,
    published_text,
    said_in_period,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.wording.status import status

TITLE = "How are England’s care leavers doing?"
FIND = "Find your council"
CHANGES_TITLE = "Clear changes since the year before"
NEWS_TITLE = "New here"
NEWS_MORE = "Everything that is new"
# The page's national figures by indicator and age group, in order, and the words that follow each figure.
CARDS = {
    ("eet", "19-21"): "of care leavers aged 19 to 21 are in education, work or training",
    ("suitable_accommodation", "19-21"): "of care leavers aged 19 to 21 live in suitable accommodation",
    ("in_touch", "19-21"): "of care leavers aged 19 to 21 are in touch with their council",
    ("staying_put", "18"): "of 18-year-olds leaving foster care stay put with their foster carers",
    ("caseload", "all"): "cases for each children’s social worker",
    ("agency_rate", "all"): "of children’s social workers are agency staff",
}
# How many changes in each direction are listed before the rest are folded away.
NAMED = 4
# How many events of each kind are listed, and how many days back to look for them.
TOLD = {"release": 4, "inspection": 2, "upload": 1}
NEWS_DAYS = 730


@dataclass(frozen=True)
class EnglandCard:
    """One national figure.

    Attributes
    ----------
    indicator, age_group
        The measure.
    figure
        England's figure as shown.
    text
        What it counts, read on from the figure.
    since
        Its period, and the figure of the first year.
    years, values
        Its line, in the unit of the measure.
    decimals
        Of the figures.
    spoken
        The line in words.
    """

    indicator: str
    age_group: str
    figure: str
    text: str
    since: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    decimals: int
    spoken: str


@dataclass(frozen=True)
class Tile:
    """One authority on the map.

    Attributes
    ----------
    name, region
        What it is called and where it lies.
    column, row
        Its place, from 0 at the top left.
    look
        The letter of its quarter, ``plain`` (a figure where there are no quarters), ``aside`` (a figure that is not
        compared) or ``none``.
    figure
        Its figure in words.
    label
        The text shown when it is pointed at or has the focus.
    """

    name: str
    region: str
    column: int
    row: int
    look: str
    figure: str
    label: str


@dataclass(frozen=True)
class Change:
    """One authority whose change since the year before is more than chance.

    Attributes
    ----------
    name
        The authority, or all those of a joint return.
    moved
        “from 62% to 79%”.
    note
        Why the change may not be called better; "" where nothing stands against it.
    """

    name: str
    moved: str
    note: str


@dataclass(frozen=True)
class Direction:
    """The clear changes in one direction, the largest first; ``word`` says whether it is the better one."""

    word: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class News:
    """One event.

    Attributes
    ----------
    when
        Its month, or its year where no more is known.
    text
        What happened.
    page, choices
        The page that shows it, and what its address says to do so.
    """

    when: str
    text: str
    page: str
    choices: tuple[tuple[str, str], ...]


def measures(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """Indicators and age groups as ``queries/england_figures.sql`` asks for them.

    Parameters
    ----------
    pairs
        Indicators and age groups, in the order in which they are wanted.

    Returns
    -------
    list[str]
        ``eet.19-21`` and so on.
    """
    return [f"{indicator}.{age_group}" for indicator, age_group in pairs]


def subject(row: Row | None) -> str:
    """How many young people there are, in how many councils, and when.

    Parameters
    ----------
    row
        The row of ``queries/england_cohort.sql``; None without one.

    Returns
    -------
    str
    """
    if row is None:
        return "The newest official figures, by council."
    return (
        f"{int(row['care_leavers']):,} care leavers aged 17 to 21 in {int(row['authorities'])} councils, "
        f"{period_text(row['period_end'], row['basis'])}. The newest official figures, by council."
    )


def card(row: Row) -> EnglandCard:
    """One of :data:`CARDS`.

    Parameters
    ----------
    row
        A row of ``queries/england_figures.sql``.

    Returns
    -------
    EnglandCard

    Raises
    ------
    KeyError
        Where the row's measure is not one of them.
    """
    unit, decimals = str(row["unit"]), int(row["decimals"])

    def text(value: object) -> str:
        return value_text(value, unit, decimals)

    when = sentence_case(period_name(row["period_end"], row["basis"]))
    since = when
    if row["first_period"] < row["period_end"]:
        since += f"; it was {text(row['first_value'])} in {row['first_period'].year}"
    years, values = tuple(map(int, row["years"])), tuple(map(float, row["values"]))
    return EnglandCard(
        indicator=str(row["indicator"]),
        age_group=str(row["age_group"]),
        figure=text(row["value"]),
        text=CARDS[str(row["indicator"]), str(row["age_group"])],
        since=since,
        years=years,
        values=values,
        decimals=decimals,
        spoken="; ".join(f"{year} {text(value)}" for year, value in zip(years, values, strict=True)),
    )


def tile(row: Row, unit: str, decimals: int) -> Tile:
    """One authority on the map.

    Parameters
    ----------
    row
        A row of ``queries/england_tiles.sql``.
    unit, decimals
        How its figures are written.

    Returns
    -------
    Tile
    """
    name, band = str(row["authority_name"]), str(row["band"])
    figure = value_text(row["value"], unit, decimals, str(row["status"]))
    if missing(row["value"]):
        look, figure = "none", f"no figure, {status(str(row['status'])).short}"
        more = ""
    elif row["low_is_no_merit"]:
        look, more = "aside", f"not compared, {value_text(row['not_known_share'], 'percent', 0)} not known"
    elif row["base_hidden"]:
        look, more = "aside", "not compared, its base is not published"
    else:
        look, more = band or "plain", BAND_WORDS[band]
    return Tile(
        name=name,
        region=str(row["region"]),
        column=int(row["tile_column"]),
        row=int(row["tile_row"]),
        look=look,
        figure=figure,
        label=f"{name}: {figure}" + (f", {more}" if more else ""),
    )


def key(rows: Sequence[Row], tiles: Sequence[Tile], unit: str, decimals: int) -> tuple[tuple[str, str], ...]:
    """What the looks of the tiles mean, best first: a look and its words, only those that are there.

    Parameters
    ----------
    rows
        Rows of ``queries/england_tiles.sql``.
    tiles
        The tiles made of them.
    unit, decimals
        How its figures are written.

    Returns
    -------
    tuple[tuple[str, str], ...]
        ``(look, words)`` each.
    """
    found = []
    first = {str(row["band"]): row for row in rows if row["band"]}
    ends = {band: [value_text(row[end], unit, decimals) for end in ("least", "most")] for band, row in first.items()}
    for band, words in BAND_WORDS.items():
        if band not in ends:
            continue
        least, most = ends[band]
        # Quarters part figures that may read the same once rounded: the lower one ends there.
        to = "up to" if any(start == most for other, (start, _) in ends.items() if other != band) else "to"
        best = {"A": " (best)", "D": " (worst)"}.get(band, "")
        found.append((band, f"{least if least == most else f'{least} {to} {most}'}: {words}{best}"))
    others = {
        "plain": "a figure; there are no quarters here",
        "aside": "not compared: many are not known, or the base is not published",
        "none": "no figure",
    }
    looks = {each.look for each in tiles}
    return (*found, *((look, words) for look, words in others.items() if look in looks))


def map_subject(row: Row, age_group: str, unit: str, polarity: str, decimals: int) -> str:
    """Of which ages and when the map is, and England's figure; the measure stands in its title.

    Parameters
    ----------
    row
        Any row of ``queries/england_tiles.sql``.
    age_group
        The age group, such as ``19-21``.
    unit, polarity, decimals
        How its figures are written, and which end is better.

    Returns
    -------
    str
    """
    parts = (age_text(age_group), period_text(row["period_end"], row["basis"]).removeprefix("on "))
    said = sentence_case(", ".join(part for part in parts if part))
    if not missing(row["england"]):
        said += f": {value_text(row['england'], unit, decimals)} in England"
    return f"{said}. {sentence_case(POLARITY_WORDS[polarity])}."


def directions(rows: Sequence[Row]) -> tuple[Direction, ...]:
    """The clear changes, up before down.

    Parameters
    ----------
    rows
        Rows of ``queries/england_changes.sql``, the largest change first.

    Returns
    -------
    tuple[Direction, ...]
        A direction in which nothing moved is left out. A fall that goes with more not known is not called better.
    """
    clear = [row for row in rows if row["change_verdict"] in CLEAR]
    found = []
    for arrow, up in (("↑ Up", True), ("↓ Down", False)):
        moved = [row for row in clear if (float(row["change"]) > 0) == up]
        if not moved:
            continue
        # A fall alongside a rise in those not known may not be an improvement, so it is not called one.
        ways = {str(row["change_verdict"]) for row in moved}
        word = arrow
        if ways in ({"better"}, {"worse"}):
            word = f"{arrow}, for the {moved[0]['change_verdict']}"
        elif "better" in ways:
            word = f"{arrow}, better unless it says otherwise"
        found.append(
            Direction(
                f"{word}: {len(moved)} {'council' if len(moved) == 1 else 'councils'}", tuple(map(_change, moved))
            )
        )
    return tuple(found)


def _change(row: Row) -> Change:
    moved = not_known_moved(row, "")
    note = f"while those {moved}" if moved else ""
    if row["polarity"] != "neutral" and row["change_verdict"] not in {"better", "worse"}:
        note = f"not called better: {f'those {moved}' if moved else share_not_known(row)}"
    return Change(str(row["authority_name"]), from_to(row, ""), note)


def changes_remark(rows: Sequence[Row]) -> str:
    """How many councils did not clearly change, or why no change can be told.

    Parameters
    ----------
    rows
        Rows of ``queries/england_changes.sql``.

    Returns
    -------
    str
    """
    tested = [row for row in rows if row["change_verdict"] != "not_tested"]
    if not rows:
        return "There is no year before to compare with."
    if not tested:
        return "No test is possible for this measure, so no council’s change is called clear."
    clear = sum(row["change_verdict"] in CLEAR for row in tested)
    if not clear:
        return f"In none of the {len(tested)} councils with a figure in both years is the change more than chance."
    return (
        f"In the other {len(tested) - clear} of {len(tested)} councils the change is no more than chance could explain."
    )


def news(events: Sequence[NewsItem]) -> tuple[News, ...]:
    """The newest of what is new, a few of each kind and each publication once, newest first.

    Parameters
    ----------
    events
        What is new, newest first.

    Returns
    -------
    tuple[News, ...]
        At most as many of a kind as :data:`TOLD` says.
    """
    left, seen, found = dict(TOLD), set(), []
    for event in events:
        kind, source = event.key.split(":")[:2]
        # Inspections compiled from Ofsted's reports are listed one by one, not as a release.
        if left.get(kind, 0) < 1 or event.title in seen or (kind == "release" and source == COMPILED):
            continue
        seen.add(event.title)
        left[kind] -= 1
        # If only the year of a release is known, it is dated to the first day of that year.
        when = f"{event.day:%Y}" if (event.day.month, event.day.day) == (1, 1) else f"{event.day:%B %Y}"
        found.append(News(when, event.title, event.page, tuple(event.choices.items())))
    return tuple(found)


def sources(releases: Sequence[Mapping[str, object]]) -> str:
    """Where the figures of the page come from, each publication once with the release that is shown.

    Parameters
    ----------
    releases
        Rows of ``queries/release.sql``.

    Returns
    -------
    str
        One sentence.
    """
    days: dict[str, dict[str, None]] = {}
    for row in releases:
        publication = f"{row['publisher']}, {row['title']}"
        days.setdefault(publication, {})[published_text(row["published"]).removeprefix("published ")] = None
    said = "; ".join(f"{publication} ({join_words(when)})" for publication, when in days.items())
    return f"Source: {said}."


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """England on several measures as a table of text, one row per measure.

    Parameters
    ----------
    rows
        Rows of ``queries/england_figures.sql``.

    Returns
    -------
    pandas.DataFrame
        Columns: Measure (with its period), England, Since the year before, Half of councils (the quartiles), All
        councils (the lowest and the highest).
    """

    def span(row: Row, low: str, high: str) -> str:
        if missing(row["of"]):
            return ""
        return " to ".join(value_text(row[end], str(row["unit"]), int(row["decimals"])) for end in (low, high))

    return pd.DataFrame(
        {
            "Measure": f"{with_age(str(row['short_title']), str(row['age_group']))}, {period_label(row['period_end'])}",
            "England": value_text(row["value"], str(row["unit"]), int(row["decimals"])),
            "Since the year before": change_text(
                row["change"], str(row["change_verdict"]), str(row["unit"]), int(row["decimals"])
            ),
            "Half of councils": span(row, "q25", "q75"),
            "All councils": span(row, "minimum", "maximum"),
        }
        for row in rows
    )


def england_change(row: Row) -> str:
    """Whether England's figure has moved by more than chance; "" where there is nothing to compare it with.

    Parameters
    ----------
    row
        A row of ``queries/england_figures.sql``.

    Returns
    -------
    str
    """
    if row["total"]:
        return ""
    return changes_sentence(row)


def england_spread(row: Row) -> str:
    """How far apart the councils are, as a sentence; "" where too few have a figure.

    Parameters
    ----------
    row
        A row of ``queries/england_figures.sql``; ``q25`` and ``q75`` are read.

    Returns
    -------
    str
    """
    if missing(row["q25"]):
        return ""
    return f"{_half(row)}."


def _half(row: Row) -> str:
    low, high = (value_text(row[end], str(row["unit"]), int(row["decimals"])) for end in ("q25", "q75"))
    alike = f"at {low}" if low == high else f"between {low} and {high}"
    return f"Half of the {int(row['of'])} councils with a figure are {alike}"


def england_range(row: Row) -> str:
    """The same with the lowest and the highest; "" where too few have a figure.

    Parameters
    ----------
    row
        A row of ``queries/england_figures.sql``.

    Returns
    -------
    str
    """
    if missing(row["q25"]):
        return ""
    low, high = (value_text(row[end], str(row["unit"]), int(row["decimals"])) for end in ("minimum", "maximum"))
    return f"{_half(row)}; the lowest has {low}, the highest {high}."


def england_figure(row: Row) -> str:
    """England's figure and when: “England: 54% in education, employment or training in the year to March 2025”.

    Parameters
    ----------
    row
        A row of ``queries/england_figures.sql``; its ``phrase`` says what the figure counts.

    Returns
    -------
    str
    """
    said = str(row["phrase"]).replace("{value}", value_text(row["value"], str(row["unit"]), int(row["decimals"])))
    return f"England: {said_in_period(said, row['period_end'], row['basis'])}"


def news_since(today: dt.date) -> dt.date:
    """The first day from which on something may be told as new.

    Parameters
    ----------
    today
        The day on which the page is made.

    Returns
    -------
    dt.date
    """
    return today - dt.timedelta(days=NEWS_DAYS)
