"""The line under the title, and what is strong, weak and clearly changing, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from careleavers.charts.text import lower_first
from careleavers.views.at_a_glance.parts import Card, CardLine, Run
from careleavers.views.inspections.words import GRADES, NOT_JUDGED, judged_month
from careleavers.wording.changes import SPANS, arrow, ends, not_known, not_known_moved
from careleavers.wording.comparators import comparator_name, comparator_title, own_words
from careleavers.wording.findings import BAND_WORDS, CHANGE_WORDS, TREND_DIRECTIONS, VERDICT_MARKS
from careleavers.wording.formats import (
    Row,
    age_label,
    age_text,
    in_period,
    missing,
    period_label,
    plain_number,
    rank_text,
    sentence_case,
    value_text,
)
from careleavers.wording.status import status

CARD_TITLES = {
    "strong": "Strong",
    "weak": "Weak",
    "changing": "Clearly changing",
    "": "",
}
_NOTHING = {
    "strong": "Nothing stands out as strong.",
    "weak": "Nothing stands out as weak.",
    "changing": "No change over one, two or five years is more than chance would explain.",
}
_NOT_COMPARED = "No figure can be compared: there are too few young people, or none."
_TOO_FEW = "Nothing is called {kind}: each figure that can be compared counts too few people."
CARDS = ("strong", "weak", "changing")
# The endings of the columns for a span, by its number of years.
ENDINGS = dict(zip((1, 2, 5), (ending for ending, _ in SPANS), strict=True))

# How to read the marks of the tables, on the page and in the briefing.
MARKS = (
    "▲ better or ▼ worse: the difference from the comparator is more than chance would usually give. ● similar: no clear difference. ● too few to tell: one or two people decide the figure. "
    "○ not compared: no test is possible, or so many are not known that the figure cannot be relied on."
)
READING = (
    f"{MARKS} The test is whether a figure’s 95% interval includes the comparator. Rank 1st is best. A change is named only "
    "where a test over one, two or five years, or of the five-year trend, says it is more than chance. All percentages are drawn "
    "on one scale, 0 to 100%; cases and rates each have their own. Definitions explains each measure and rule."
)


def about(rows: Sequence[Row], region: str | None) -> tuple[Run, ...]:
    """The line under the title: region, how many care leavers there are, Ofsted’s judgement.

    Parameters
    ----------
    rows
        Rows of ``queries/at_a_glance_authority.sql``, the older ages first.
    region
        The name of the region; None without one.

    Returns
    -------
    tuple[Run, ...]
        Its pieces in order, spaces included.
    """
    runs = [Run(f"{region} · ")] if region else []
    held = [row for row in rows if not missing(row["value"])]
    for place, row in enumerate(held):
        joint, age = " and " if place else "", age_text(row["age_group"])
        if not row["value"]:
            runs.append(Run(f"{joint}{'none' if place else 'no care leavers'} {age}"))
        else:
            runs += [
                Run(joint),
                Run(plain_number(row["value"]), strong=True),
                Run(f"{'' if place else ' care leavers'} {age}"),
            ]
    if held:
        runs.append(Run(f" {in_period(held[0]['period_end'], held[0]['basis'])}"))
    hidden = [
        f"number {age_text(row['age_group'])} {status(row['status']).short}" for row in rows if missing(row["value"])
    ]
    if hidden:
        runs.append(Run(f" ({'; '.join(hidden)})" if held else sentence_case("; ".join(hidden))))
    if rows:
        runs += [Run(" · "), *_judged(rows[0])]
    return tuple(run for run in runs if run.text)


def _judged(row: Row) -> list[Run]:
    """Ofsted’s latest judgement on care leavers and when it inspected, or why there is none."""
    if missing(row["inspection_date"]):
        return [Run("Ofsted on care leavers: no full inspection recorded since 2018")]
    when = judged_month(row)
    if row["judgement"] in GRADES:
        return [Run("Ofsted on care leavers: "), Run(str(row["judgement"]), strong=True), Run(f" ({when})")]
    why = "they were not judged separately" if row["judgement"] == NOT_JUDGED else "no judgement was given"
    return [Run(f"Ofsted on care leavers: {why} at the last full inspection ({when})")]


def compared_label(against: str, region: str | None) -> str:
    """What a comparator’s figure follows within a line: ``neighbours’ mean``, ``London``, ``England``.

    Parameters
    ----------
    against, region
        The comparator: its code, and the name of the authority’s region (None without one).

    Returns
    -------
    str
    """
    title = comparator_title(against, region)
    return lower_first(title) if against == "neighbours" else title


def lower(text: str) -> str:
    """A title within a sentence: ``in touch with the council``, ``NEET: other reasons``.

    Parameters
    ----------
    text
        A title. An abbreviation at its start is left alone.

    Returns
    -------
    str
    """
    return lower_first(text) if text[1:2].islower() else text


def cards(
    findings: Sequence[Row],
    rows: dict[tuple[str, str], Row],
    against: str,
    region: str | None,
    link: Callable[[Row], str],
) -> tuple[Card, ...]:
    """The three cards.

    Parameters
    ----------
    findings
        Rows of ``queries/at_a_glance_findings.sql``.
    rows
        Rows of ``queries/at_a_glance.sql`` by indicator and age group.
    against, region
        What is compared with.
    link
        The address of the Compare page of a row.

    Returns
    -------
    tuple[Card, ...]
        Strong, weak and clearly changing, in that order.
    """
    own = own_words(against, region, short=True)
    verdicts = [row for row in rows.values() if row["verdict"] and row["theme"] != "context"]
    all_small = bool(verdicts) and all(row["small_cohort"] for row in verdicts)
    made = []
    for kind in CARDS:
        subjects = told(findings, rows, kind)
        line = _moving if kind == "changing" else _standing
        title = CARD_TITLES[kind] if kind == "changing" else f"{CARD_TITLES[kind]} compared with {own}"
        empty = _NOTHING[kind]
        if kind != "changing" and all_small:
            empty = _TOO_FEW.format(kind=kind)
        elif kind != "changing" and not verdicts:
            empty = _NOT_COMPARED
        shown = {(row["indicator"], row["age_group"]) for subject in subjects for row in figures_told(subject)}
        made.append(
            Card(kind, title, tuple(line(each, against, region, link, rows, shown) for each in subjects), empty)
        )
    return tuple(made)


def told(findings: Sequence[Row], rows: dict[tuple[str, str], Row], card: str) -> list[list[Row]]:
    """The subjects of a card in order, each with its figures, the leading one first.

    Parameters
    ----------
    findings
        Rows of ``queries/at_a_glance_findings.sql``, by card, place and turn.
    rows
        Rows of ``queries/at_a_glance.sql`` by indicator and age group.
    card
        ``strong``, ``weak`` or ``changing``.

    Returns
    -------
    list[list[Row]]
        A list per subject, never empty, of rows of ``queries/at_a_glance.sql``.
    """
    subjects: dict[int, list[Row]] = {}
    for found in findings:
        if found["card"] == card:
            subjects.setdefault(found["place"], []).append(rows[found["indicator"], found["age_group"]])
    return list(subjects.values())


def figures_told(subject: Sequence[Row]) -> list[Row]:
    """The figures of a subject that its line shows: the leading one, those named with it, and the same at the other ages.

    Parameters
    ----------
    subject
        One of those that :func:`told` gives.

    Returns
    -------
    list[Row]
    """
    first, *others = subject
    other = _other_age(first, others)
    return [first, *_named_with(first, others), *([] if other is None else [other])]


def _named_with(first: Row, others: Sequence[Row]) -> list[Row]:
    """What else the same share is not known of, at the same ages."""
    if first["is_headline"]:
        return []
    return [row for row in others if row["age_group"] == first["age_group"] and _figure(row) == _figure(first)]


def _counts(first: Row, others: Sequence[Row]) -> str:
    """What the figure of a line counts: ``in education, work or training, 19 to 21``.

    What the same share is not known of is said together: ``activity and accommodation not known, 19 to 21``.
    """
    title = lower(str(first["short_title"]))
    if also := _named_with(first, others):
        title = " and ".join(_what_is_not_known(row) for row in (first, *also)) + " not known"
    age = "" if first["age_group"] == "all" else _age(first["age_group"])
    return ", ".join(part for part in (title, age) if part)


def _what_is_not_known(row: Row) -> str:
    return lower(str(row["short_title"])).partition(" not known")[0]


def _age(age_group: str) -> str:
    """``19 to 21``, which stays on one line."""
    return age_label(age_group).replace(" ", "\u00a0")


def _figure(row: Row) -> str:
    return value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])


def _other_age(first: Row, others: Sequence[Row]) -> Row | None:
    """The same measure at the other ages, where that stands out too."""
    return next((row for row in others if row["indicator"] == first["indicator"]), None)


def compared(row: Row, against: str, region: str | None) -> str:
    """``neighbours’ mean 55%, 135th of 152``: what is compared with and the rank, as far as there are any.

    Parameters
    ----------
    row
        A row of ``queries/at_a_glance.sql``. Where it says what it was compared with, that wins over ``against``.
    against, region
        The comparator: its code, and the name of the authority’s region (None without one).

    Returns
    -------
    str
        "" where it is neither compared nor ranked.
    """
    parts = []
    if not missing(row["comparator"]):
        compared_with = str(row["compared_with"] or against)
        label = compared_label(compared_with, region)
        decimals = int(row["decimals"])
        value = value_text(row["comparator"], row["unit"], decimals)
        # Two figures that read the same once rounded are not compared: with one decimal more they differ, or are called the same.
        if value == _figure(row):
            closer = value_text(row["comparator"], row["unit"], decimals + 1)
            same = closer == value_text(row["value"], row["unit"], decimals + 1)
            parts.append(f"the same as {comparator_name(compared_with, region)}" if same else f"{label} {closer}")
        else:
            parts.append(f"{label} {value}")
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    return ", ".join(part for part in (*parts, ranked) if part)


def _standing(
    subject: Sequence[Row],
    against: str,
    region: str | None,
    link: Callable[[Row], str],
    rows: dict[tuple[str, str], Row],
    shown: Collection[tuple[str, str]],
) -> CardLine:
    first, *others = subject
    said = compared(first, against, region)
    # The shares are the same; what they are compared with need not be.
    if any(compared(row, against, region) != said for row in _named_with(first, others)):
        said = f"for {_what_is_not_known(first)} {said}"
    notes = [said]
    if not first["verdict"]:
        notes.append(f"{BAND_WORDS[first['band']]}, not tested")
    if first["is_headline"] and not _unknown_is_told(first, shown):
        notes.append(not_known(first))
    if first["joint"]:
        notes.append("a joint return")
    notes.append(_when(first, rows))
    other = _other_age(first, others)
    older = "" if other is None else f"{_age(other['age_group'])}: {_figure(other)}"
    return CardLine(_figure(first), _counts(first, others), _joined(notes), link(first), older)


def _joined(notes: Sequence[str]) -> str:
    return "; ".join(note for note in notes if note)


def _unknown_is_told(row: Row, shown: Collection[tuple[str, str]]) -> bool:
    """Whether a line of the same card shows how many are not known where this figure was asked for."""
    return (row["not_known"], row["age_group"]) in shown


def _when(row: Row, rows: dict[tuple[str, str], Row]) -> str:
    """The period of a figure of young people that is not the newest of them, or of one of services: ``March 2024``."""
    newest = max((each["period_end"] for each in rows.values() if each["theme"] == "outcome"), default=None)
    return "" if row["period_end"] == newest else period_label(row["period_end"])


def _moving(
    subject: Sequence[Row],
    against: str,
    region: str | None,
    link: Callable[[Row], str],
    rows: dict[tuple[str, str], Row],
    shown: Collection[tuple[str, str]],
) -> CardLine:
    first, *others = subject
    size, since = moved(first)
    other = _other_age(first, others)
    older = ""
    if other is not None:
        other_size, other_since = moved(other)
        older = f"{_age(other['age_group'])}: {_joined([f'{other_size}, {other_since}', _unknown_moved(other, shown)])}"
    return CardLine(size, _counts(first, others), _joined([since, _unknown_moved(first, shown)]), link(first), older)


def _unknown_moved(row: Row, shown: Collection[tuple[str, str]]) -> str:
    """How those not known have moved over the span that is named, unless another line of the card says it."""
    span = int(row["span"])
    return not_known_moved(row, ENDINGS[span]) if span and not _unknown_is_told(row, shown) else ""


def moved(row: Row) -> tuple[str, str]:
    """How a figure has moved: ``("54→46%", "▼ worse since 2023")``; along the trend of five years where no span is clear.

    Parameters
    ----------
    row
        A row of ``queries/at_a_glance.sql`` with a clear span (``span`` 1, 2 or 5) or a trend.

    Returns
    -------
    tuple[str, str]
        From and to, and since when or over how long; a mark and a verdict only where the change is better or worse.
    """
    span = int(row["span"])
    if not span:
        known = [value for value in row["values"][-5:] if not missing(value)]
        first, last = (value_text(value, row["unit"], int(row["decimals"])) for value in (known[0], known[-1]))
        return arrow(first, last), f"{TREND_DIRECTIONS[row['trend']]} over five years"
    ending = ENDINGS[span]
    verdict = row[f"change{ending}_verdict"]
    since = f"since {row['period_end'].year - span}"
    if verdict in {"better", "worse"}:
        since = f"{VERDICT_MARKS[verdict]} {CHANGE_WORDS[verdict]} {since}"
    return arrow(*ends(row, ending)), since


def trending(row: Row) -> bool:
    """Whether the trend of five years has a direction.

    Parameters
    ----------
    row
        A row of ``queries/at_a_glance.sql``; ``trend`` is read.

    Returns
    -------
    bool
    """
    return bool(TREND_DIRECTIONS[row["trend"]])


def sentence(parts: Sequence[str]) -> str:
    """Parts as one sentence; empty ones are left out.

    Parameters
    ----------
    parts
        What is said, in order; semicolons come between.

    Returns
    -------
    str
        "" where nothing is said.
    """
    said = "; ".join(part for part in parts if part)
    return f"{sentence_case(said)}." if said else ""
