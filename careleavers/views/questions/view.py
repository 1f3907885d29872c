"""The questions of one authority, the most pressing first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from careleavers.model import AGAINST, Against
from careleavers.views.context import Context
from careleavers.views.questions import words
from careleavers.wording.comparators import comparator_name
from careleavers.wording.formats import Row
from careleavers.wording.tables import records

# How many of them At a glance shows.
FEW = 3


@dataclass(frozen=True)
class Question:
    """A question in a member’s words, and what it rests on. Every text is plain.

    Attributes
    ----------
    text, evidence
        The question, and the figures behind it.
    id
        What tells it from the others, the same when it is asked again another year: ``figure.activity``.
    rule
        The rule that asks it: a row of ``data/question_rules.csv``.
    others
        The same measure at other ages; "" where it calls for no question there.
    neighbour
        Whom to ask how they do it; "" where no close neighbour does better.
    source
        The period and the publication of its figure.
    link
        The address of the page on which its figure is compared; "" where it is hidden.
    glance
        Whether it may be among the few of At a glance.
    figure
        The figure that it leads with: indicator, age group and last day of the period (ISO); None where it is hidden.
    release
        Source and release of its figure.
    """

    text: str
    evidence: str
    id: str = ""
    rule: str = ""
    others: str = ""
    neighbour: str = ""
    source: str = ""
    link: str = ""
    glance: bool = True
    figure: tuple[str, str, str] | None = None
    release: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class QuestionsView:
    """The page of questions.

    Attributes
    ----------
    title
        The heading.
    about
        What the questions are, and what is compared with.
    asked
        The questions, the most pressing first.
    compared_with
        What is compared with, which is England where the neighbours are not close.
    """

    title: str
    about: str
    asked: tuple[Question, ...]
    compared_with: str


def build_view(
    context: Context, code: str, name: str, against: Against, region: str | None, items: str | None = None
) -> QuestionsView:
    """The questions about one authority against one comparator.

    Parameters
    ----------
    context
        What the view is made from.
    code, name
        The authority.
    against
        What it is compared with.
    region
        The name of its region; None without one.
    items
        The targets of its watch list as JSON, as far as the reader may know them; None without one.

    Returns
    -------
    QuestionsView
    """
    rows = context.query("at_a_glance", authority=code, against=against)
    compared_with = str(rows["compared_with"].iloc[0]) if len(rows) else against
    every: dict[tuple[str, str], Row] = {(row["indicator"], row["age_group"]): row for row in records(rows)}
    return QuestionsView(
        title=f"{name}: what to ask",
        about=f"{words.ABOUT_TARGETS if items else words.ABOUT} Compared with {comparator_name(compared_with, region)}.",
        asked=questions(context, code, name, against, region, every, compared_with, items),
        compared_with=compared_with,
    )


def questions(
    context: Context,
    code: str,
    name: str,
    against: Against,
    region: str | None,
    every: dict[tuple[str, str], Row],
    compared_with: str,
    items: str | None = None,
) -> tuple[Question, ...]:
    """What to ask, the most pressing first.

    Parameters
    ----------
    context, code, name, against, region
        As for :func:`build_view`.
    every
        Rows of ``queries/at_a_glance.sql`` by indicator and age group.
    compared_with
        What is compared with.
    items
        As for :func:`build_view`.

    Returns
    -------
    tuple[Question, ...]
    """
    targets = _missed(context, code, items)
    aims = [f"{indicator}.{age}.{row['direction']}" for (indicator, age), row in targets.items()]
    asks = records(context.query("questions", authority=code, against=against, missed=aims))
    # A target may be of a measure that At a glance does not have: of that its figure alone is known.
    every = {key: {**row, "span": 0, "joint_with": ""} for key, row in targets.items()} | every
    places: dict[int, list[Row]] = {}
    for each in asks:
        places.setdefault(int(each["place"]), []).append(each)
    choices = {"authority": name} | ({} if against == "neighbours" else {"against": AGAINST[against]})
    made = []
    for found in places.values():
        subject = [every[str(each["indicator"]), str(each["age_group"])] for each in found]
        row, ask = subject[0], found[0]
        release = context.release(str(row["source"]), str(row["release"]))
        measure = {"indicator": row["indicator"], "age": row["age_group"]}
        made.append(
            Question(
                text=words.question(subject, found, targets),
                evidence=words.evidence(subject, found, compared_with, region, every, targets),
                id=f"{ask['topic']}.{ask['subject']}",
                rule=str(ask["rule"]),
                others=words.others(subject, found, compared_with, region),
                neighbour=words.neighbour(row, ask),
                source=words.source(row, str(release["title"]), str(release["release"])),
                link="" if ask["topic"] == "hidden" else "compare?" + urlencode({**choices, **measure}),
                glance=bool(ask["glance"]),
                figure=None
                if ask["topic"] == "hidden"
                else (str(row["indicator"]), str(row["age_group"]), f"{row['period_end']:%Y-%m-%d}"),
                release=(str(row["source"]), str(row["release"])),
            )
        )
    return tuple(made)


def _missed(context: Context, code: str, items: str | None) -> dict[tuple[str, str], Row]:
    """The targets that are missed and call for a question: rows of ``queries/watch_list.sql`` by indicator and age group."""
    if not items:
        return {}
    rows = context.query("watch_list", authority=code, items=items, before=None, since=None, today=context.today)
    return {(str(row["indicator"]), str(row["age_group"])): row for row in records(rows) if row["asks"]}


def few(asked: Sequence[Question]) -> tuple[Question, ...]:
    """Those that At a glance shows.

    Parameters
    ----------
    asked
        The most pressing first.

    Returns
    -------
    tuple[Question, ...]
    """
    return tuple(each for each in asked if each.glance)[:FEW]


def taken(asked: Sequence[Question], ids: str) -> tuple[Question, ...]:
    """Those that a member takes along.

    Parameters
    ----------
    asked
        All of them.
    ids
        Their ids, separated by commas, as a link carries them; what is not asked any more is left out.

    Returns
    -------
    tuple of Question
        In the order in which they are asked.
    """
    wanted = {part.strip() for part in ids.split(",")}
    return tuple(each for each in asked if each.id in wanted)
