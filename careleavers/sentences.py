"""Findings in plain sentences, from the rows that the queries answer. Words only: every finding is a column already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from careleavers.formats import (
    VERDICT_WORDS,
    age_text,
    count_text,
    interval_text,
    listed,
    missing,
    period_text,
    plain,
    rank_text,
    sentence_case,
    value_text,
    with_age,
)
from careleavers.status import status

Row = Mapping[str, Any]
_THAN = {
    "better": "better than",
    "worse": "worse than",
    "similar": "similar to",
    "higher": "higher than",
    "lower": "lower than",
}


def comparator_words(against: str, region: str | None, value: str) -> str:
    """What is compared with and its value: ``England’s 54%``, ``its neighbours’ mean of 55%``."""
    if against == "england":
        return f"England’s {value}"
    if against == "region":
        return f"the {value} of {region or 'its region'}"
    return f"its neighbours’ mean of {value}"


def figure_phrase(row: Row) -> str:
    """The figure in the words of its indicator: ``46% in education, employment or training``."""
    value = value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])
    return str(row["phrase"]).replace("{value}", value)


def figure_pair(row: Row) -> tuple[str, str]:
    """The figure's and its comparator's value as text.

    When a test tells apart two values that round to the same text, both get one more decimal: “worse than 54%”
    must not stand beside 54%.
    """
    decimals = int(row["decimals"])
    own = value_text(row["value"], row["unit"], decimals, row["status"])
    other = value_text(row["comparator"], row["unit"], decimals)
    if own == other and row["verdict"] not in {"", "similar"}:
        own = value_text(row["value"], row["unit"], decimals + 1, row["status"])
        other = value_text(row["comparator"], row["unit"], decimals + 1)
    return own, other


def headline(row: Row, authority_name: str, against: str, region: str | None) -> str:
    """One sentence on one figure of an authority, agreeing with the verdict in every state.

    ``row``: phrase, short_title, age_group, unit, decimals, value, status, comparator, verdict.
    """
    if missing(row["value"]):
        return f"{authority_name}: {sentence_case(str(row['short_title']))} is {status(row['status']).short}"
    own, other = figure_pair(row)
    said = f"{authority_name}: {str(row['phrase']).replace('{value}', own)}"
    if missing(row["comparator"]):
        return said
    beside = comparator_words(against, region, other)
    if row["verdict"] == "":
        return f"{said}, beside {beside}"
    return f"{said}, {_THAN[row['verdict']]} {beside}"


def subtitle(row: Row, area: str) -> str:
    """Measure, ages, area and period of a chart: what a reader of a pasted picture needs."""
    return ". ".join(
        sentence_case(part)
        for part in (
            with_age(str(row["title"]), row["age_group"]),
            area,
            period_text(row["period_end"], row["basis"]),
        )
        if part
    )


def evidence(row: Row, against: str, region: str | None) -> str:
    """What stands behind a figure in one line: count, comparison, rank, change and trend, as far as there are any."""
    parts = []
    counted = count_text(row["numerator"], row["denominator"], row["unit"])
    said = str(row["phrase"]).replace("{value}", figure_pair(row)[0])
    parts.append(f"{said} ({counted})" if counted else said)
    if not missing(row["comparator"]) and row["verdict"] != "":
        parts.append(f"{_THAN[row['verdict']]} {comparator_words(against, region, figure_pair(row)[1])}")
    elif not missing(row["comparator"]):
        parts.append(f"beside {comparator_words(against, region, figure_pair(row)[1])}")
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    if ranked:
        parts.append(f"{ranked} authorities")
    if row["change_verdict"] in {"better", "worse"}:
        parts.append(f"{row['change_verdict']} than the year before")
    if " and getting " in str(row["trend"]):
        parts.append(f"{row['trend']} over five years")
    text = ", ".join(parts)
    if bool(row["small_cohort"]):
        text += ". A small group: one person more or less moves it"
    return sentence_case(text) + "."


def questions(rows: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """The rows of ``queries/glance.sql`` that most ask for a question: highest concern first, none without any."""
    asked = rows[rows["concern"].fillna(0) > 0]
    order = asked.assign(share=asked["rank"].astype("Float64") / asked["of"])
    return order.sort_values(["concern", "share"], ascending=False, kind="stable").head(most).drop(columns="share")


def question(row: Row) -> str:
    """A question to put to officers about one figure."""
    subject = with_age(str(row["short_title"]), row["age_group"])
    if row["verdict"] == "worse" and (row["change_verdict"] == "worse" or str(row["trend"]).endswith("worse")):
        return f"{subject}: why is it poor and getting worse, and what will change it?"
    if row["verdict"] == "worse":
        return f"{subject}: why is it worse than elsewhere, and what do the better ones do?"
    if row["change_verdict"] == "worse" or str(row["trend"]).endswith("worse"):
        return f"{subject}: why is it getting worse, and when will it turn?"
    return f"{subject}: why is it in the worst quarter of authorities?"


def summary(rows: pd.DataFrame, authority_name: str, against: str, region: str | None) -> str:
    """A paragraph on how an authority is doing, from the rows of ``queries/glance.sql``."""
    rated = rows[rows["theme"] != "context"]
    with_value = rated[rated["value"].notna()]
    if with_value.empty:
        return f"No figure of {authority_name} can be shown for the latest period."
    beside = {
        "england": "England",
        "region": region or "its region",
        "neighbours": "the mean of its statistical neighbours",
    }[against]
    counts = {word: int((with_value["verdict"] == word).sum()) for word in ("better", "similar", "worse")}
    compared = sum(counts.values())
    sentences = []
    if compared:
        parts = [f"{VERDICT_WORDS[word]} on {number}" for word, number in counts.items() if number]
        sentences.append(
            f"Of {compared} headline figures that can be tested against {beside}, {authority_name} is {listed(parts)}."
        )
    outcomes = with_value[with_value["theme"] == "outcome"]
    for word in ("worse", "better"):
        named = _grouped(outcomes[outcomes["verdict"] == word])
        if named:
            sentences.append(f"Among outcomes it is {word} on {named}.")
    for word in ("worse", "better"):
        moved = _grouped(with_value[with_value["change_verdict"] == word])
        if moved:
            sentences.append(f"Clearly {word} than the year before: {moved}.")
    if not any(s.startswith("Clearly") for s in sentences):
        sentences.append("No change since the year before is more than chance would explain.")
    hidden = int(len(rated) - len(with_value))
    if hidden:
        sentences.append(f"{hidden} of {len(rated)} figures cannot be shown; each row says why.")
    return " ".join(sentences)


def _grouped(rows: pd.DataFrame) -> str:
    """The measures of some rows, each once with its ages: ``in touch with the council (17 to 18 and 19 to 21)``."""
    ages: dict[str, list[str]] = {}
    for title, age in rows[["short_title", "age_group"]].itertuples(index=False, name=None):
        ages.setdefault(_lower(str(title)), []).append(age)
    return listed(
        f"{title} ({listed(sorted(age_text(a).removeprefix('aged ') for a in found))})" if age_text(found[0]) else title
        for title, found in ages.items()
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def alt_ranked(rows: pd.DataFrame, head: str, unit: str, decimals: int) -> str:
    """The text alternative of a ranked chart: the headline, how many bars, the ends of the list."""
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return f"{head}. Bar chart without bars: no authority has a figure."
    first, last = shown.iloc[0], shown.iloc[-1]
    text = (
        f"{head}. Bar chart of {len(shown)} authorities, from {first['authority_name']} with "
        f"{value_text(first['value'], unit, decimals)} to {last['authority_name']} with "
        f"{value_text(last['value'], unit, decimals)}."
    )
    hidden = len(rows) - len(shown)
    return text + (f" {hidden} without a figure." if hidden else "")


def spine_headline(rows: pd.DataFrame, authority_name: str, against: str, region: str | None) -> str:
    """The finding of the spine chart: on how many measures better, similar and worse."""
    rated = rows[(rows["theme"] != "context") & rows["value"].notna()]
    beside = {"england": "England", "region": region or "its region", "neighbours": "its neighbours’ mean"}[against]
    counts = {word: int((rated["verdict"] == word).sum()) for word in ("better", "similar", "worse")}
    if not sum(counts.values()):
        return f"{authority_name}: no headline measure can be tested against {beside}"
    parts = [f"{word} on {number}" for word, number in counts.items() if number]
    return f"{authority_name} against {beside}: {listed(parts)} of {sum(counts.values())} measures"


def range_headline(rows: pd.DataFrame, indicator: Any, age_group: str) -> str:
    """The finding of a ranked chart when no authority is picked out: England's figure and the ends of the list.

    ``indicator`` is a :class:`careleavers.catalogue.Indicator`.
    """
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return f"{with_age(indicator.title, age_group)}: no authority has a figure"
    england = rows["england"].iloc[0]
    low, high = shown["value"].min(), shown["value"].max()
    span = (
        f"from {value_text(low, indicator.unit, indicator.decimals)} to "
        f"{value_text(high, indicator.unit, indicator.decimals)} among authorities"
    )
    if missing(england):
        return f"{with_age(indicator.short_title, age_group)}: {span}"
    said = indicator.phrase.replace("{value}", value_text(england, indicator.unit, indicator.decimals))
    return f"England: {said}, {span}"


def detail(row: Row) -> str:
    """What stands behind one figure: count, interval, rank and quarter, change, trend; a sentence a part."""
    if missing(row["value"]):
        return status(row["status"]).reason
    parts = []
    counted = count_text(row["numerator"], row["denominator"], row["unit"])
    between = interval_text(row["lower"], row["upper"], row["unit"], int(row["decimals"]))
    if counted and between:
        parts.append(f"{counted}; chance alone could put it anywhere from {between}.")
    elif counted:
        parts.append(f"{counted}.")
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    if ranked:
        quarter = {"A": ", in the best quarter", "D": ", in the worst quarter"}.get(row["band"], "")
        parts.append(f"Ranked {ranked} authorities{quarter}.")
    if row["change_verdict"] in {"better", "worse", "higher", "lower"}:
        parts.append(f"Clearly {row['change_verdict']} than the year before.")
    elif row["change_verdict"] == "no clear change":
        parts.append("No clear change since the year before.")
    if row["trend"]:
        parts.append(f"Over five years: {row['trend']}.")
    return " ".join(parts)


def cuts(row: Row) -> tuple[float, float, float] | None:
    """The three quartile cuts for shading, or None where no bands are given."""
    return (row["q25"], row["median"], row["q75"]) if bool(row["banded"]) else None


def n_words(own: Row | None, rows: pd.DataFrame) -> str:
    """What n is in a chart's footer: the base of the authority, or how many authorities have a figure."""
    shown = int(rows["value"].notna().sum())
    authorities = f"{shown} authorities"
    if own is None or missing(own["denominator"]):
        return authorities
    return f"{plain(own['denominator'])} in this authority, {authorities}"


def cautions(own: Row | None, rows: pd.DataFrame, indicator: Any) -> list[str]:
    """What a reader must bear in mind about a comparison, a sentence each; first what concerns the authority."""
    notes = []
    if own is not None and bool(own["small_cohort"]) and not missing(own["value"]):
        notes.append(
            f"A small group: {count_text(own['numerator'], own['denominator'], indicator.unit)}. One person more or "
            "less moves the figure, so look at several years."
        )
    if own is not None and bool(own["joint"]):
        notes.append("This authority sends one return together with another: the figure is of both, and ranked once.")
    if own is not None and bool(own["restated"]):
        notes.append("The department has restated this figure since it first published it; the newest is shown.")
    if own is not None and not missing(own["neighbours_mean"]):
        mean, median = (
            value_text(own[key], indicator.unit, indicator.decimals) for key in ("neighbours_mean", "neighbours_median")
        )
        text = f"Its neighbours’ figure is the plain mean of {int(own['neighbours_count'])} of 10: {mean}; their median is {median}"
        if not missing(own["neighbours_pooled"]):
            pooled = value_text(own["neighbours_pooled"], indicator.unit, indicator.decimals)
            text += f", and all their young people together {pooled}" if indicator.tested else f", and pooled {pooled}"
        notes.append(text + ".")
    elif own is not None:
        notes.append(
            f"Its neighbours’ figure is not shown: only {int(own['neighbours_count'])} of 10 have one, and 5 are needed."
        )
    hidden = rows[rows["value"].isna()]
    if len(hidden):
        notes.append(
            f"{len(hidden)} of the {len(rows)} authorities listed have no figure; each says why, and none is drawn as nought."
        )
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def reading_ranked(*, tested: bool, shaded: bool) -> str:
    """How to read the ranked chart and what can be done with it."""
    text = "Click a bar to switch to that authority."
    if tested:
        text += " The thin line on a bar is its 95% interval: how far chance alone could move it."
    if shaded:
        text += " Shaded: the best and the worst quarter of authorities."
    return text
