"""How young people divide into yes, no and not known, as bars and as rows of text: rows of ``queries/at_a_glance_shares.sql``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd

from careleavers.charts.shares import shares
from careleavers.charts.template import Width
from careleavers.views.at_a_glance.parts import Shares
from careleavers.views.context import Context
from careleavers.wording import sentences
from careleavers.wording.comparators import comparator_title
from careleavers.wording.formats import (
    Row,
    age_text,
    count_text,
    file_name,
    join_words,
    missing,
    period_text,
    plain_number,
    sentence_case,
    value_text,
)
from careleavers.wording.status import status
from careleavers.wording.tables import records

# The subject of each bar: its heading, its anchor, and its three answers.
_ABOUT = {
    "activity": ("In work or study, or not?", "activity", ("In work or study", "Neither", "Not known")),
    "accommodation": ("In a suitable home?", "accommodation", ("Suitable", "Unsuitable", "Not known")),
}
_PARTS = ("good", "bad", "not_known")


def build(
    context: Context,
    frame: pd.DataFrame,
    rows: dict[tuple[str, str], Row],
    name: str,
    against: str,
    region: str | None,
    width: Width,
) -> tuple[Shares, ...]:
    """A picture and a table for each question that some answers are not known to.

    Parameters
    ----------
    context
        For the sources of the pictures.
    frame
        Rows of ``queries/at_a_glance_shares.sql``.
    rows
        Rows of ``queries/at_a_glance.sql`` by indicator and age group.
    name
        The authority.
    against, region
        What it is compared with.
    width
        The window that pictures are laid out for.

    Returns
    -------
    tuple[Shares, ...]
        One per question, in the order of the catalogue; none where nobody is unknown.
    """
    return tuple(
        _one(context, part.reset_index(drop=True), rows, name, against, region, width)
        for _, part in frame.groupby("family", sort=False)
    )


def _one(
    context: Context,
    frame: pd.DataFrame,
    rows: dict[tuple[str, str], Row],
    name: str,
    against: str,
    region: str | None,
    width: Width,
) -> Shares:
    every = records(frame)
    family = str(every[0]["family"])
    titles = tuple(str(row["short_title"]) for row in every[:3])
    heading, anchor, answers = _ABOUT.get(family, (titles[0], family, titles))
    ages: dict[str, dict[str, Row]] = {}
    for row in every:
        ages.setdefault(row["age_group"], {})[row["part"]] = row
    bars, table, counted = [], [], []
    for age, parts in ages.items():
        good = parts["good"]
        base = next((parts[part]["denominator"] for part in _PARTS if not missing(parts[part]["denominator"])), None)
        if base:
            counted.append(f"{plain_number(base)} {age_text(age)}")
        areas: list[tuple[str, str, Callable[[Row], object]]] = [("chosen", name, lambda row: row["value"])]
        if good["compared_with"] != "england":
            title = comparator_title(good["compared_with"], region)
            role = "neighbour" if good["compared_with"] == "neighbours" else "other"
            areas.append((role, title, lambda row: row["comparator"]))
        areas.append(("other", "England", lambda row: row["england"]))
        for role, title, of in areas:
            texts = [_text(parts[part], of(parts[part]), own=role == "chosen") for part in _PARTS]
            table.append((sentence_case(age_text(age)), title, *texts))
            why = _why(parts, of, answers, own=role == "chosen")
            for part, answer in zip(_PARTS, answers, strict=True):
                of_part = parts[part]
                bars.append(
                    {
                        "group": sentence_case(age_text(age)),
                        "bar": title,
                        "role": role,
                        "part": part,
                        "answer": answer,
                        "value": of(of_part),
                        "value_text": value_text(of(of_part), "percent", int(of_part["decimals"])),
                        "reason": why,
                    }
                )
    first = ages[next(iter(ages))]["good"]
    headed = rows.get((first["indicator"], first["age_group"]))
    headline = sentences.headline(headed, name, against, region) if headed else f"{name}: {heading}"
    if headed and not missing(headed["value"]):
        headline += f" ({age_text(first['age_group'])})"
    when = period_text(first["period_end"], first["basis"])
    drawn = pd.DataFrame(bars)
    footer = replace(context.mixed_footer(frame), n=f"n = {join_words(counted)}" if counted else "n not published")
    chart = shares(
        drawn,
        answers=answers,
        headline=headline,
        subtitle=f"{heading} Care leavers {join_words(age_text(age) if not place else age_text(age).removeprefix('aged ') for place, age in enumerate(ages))}. {name}. {sentence_case(when)}",
        footer=footer,
        filename=file_name(name, heading),
        width=width,
    )
    return Shares(heading, anchor, chart, ("Age", "Area", *answers), tuple(table), drawn, footer)


def _text(row: Row, value: object, *, own: bool) -> str:
    """A figure, with its counts where it is the authority’s own."""
    figure = value_text(value, "percent", int(row["decimals"]), row["status"] if own else "x")
    if not own:
        return "no figure" if missing(value) else figure
    if missing(value):
        return sentence_case(status(row["status"]).short)
    counted = count_text(row["numerator"], row["denominator"])
    return f"{figure} ({counted})" if counted else figure


def _why(parts: dict[str, Row], of: Callable[[Row], object], answers: Sequence[str], *, own: bool) -> str:
    """What is not drawn, and why; empty where all three parts have a figure."""
    absent = [place for place, part in enumerate(_PARTS) if missing(of(parts[part]))]
    if not absent:
        return ""
    if own:
        why = status(parts[_PARTS[absent[0]]]["status"]).short
    else:
        why = (
            "too few of its neighbours have a figure" if parts["good"]["compared_with"] == "neighbours" else "no figure"
        )
    # A bar without its first part is not drawn.
    return sentence_case(why if 0 in absent else f"{join_words(answers[place].lower() for place in absent)}: {why}")
