"""Findings in plain sentences, from the rows that the queries answer. Words only: every finding is a column already."""

from __future__ import annotations

from typing import Any

import pandas as pd

from careleavers.wording.changes import (
    BASE_HIDDEN,
    SPANS,
    Move,
    changes_sentence,
    clear_spans,
    from_to,
    more_not_known,
    not_compared,
    not_known,
    said_once,
    share_not_known,
    slow,
    trend,
    trend_code,
    while_not_known,
)
from careleavers.wording.findings import (
    ENDS,
    THAN,
    TREND_DIRECTIONS,
    TREND_VERDICTS,
    VERDICT_WORDS,
    comparator_name,
    in_quarter,
)
from careleavers.wording.formats import (
    Row,
    age_text,
    chance_text,
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
from careleavers.wording.status import reason, status
from careleavers.wording.tables import records


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

    ``row``: phrase, short_title, age_group, unit, decimals, value, status, comparator, verdict; compared_with stands
    in for ``against`` where the query compared with something else, and how many are not known is said where that
    comes first.
    """
    if missing(row["value"]):
        return f"{authority_name}: {sentence_case(str(row['short_title']))} is {status(row['status']).short}"
    return f"{authority_name}: {_compared(row, against, region)}"


def part_of_england(row: Row, unit: str, decimals: int) -> str:
    """Of a total, what it is a part of: ``of England’s 7,380``; empty for what is compared, and where England has none."""
    whole = row.get("england_total")
    return "" if missing(whole) else f"of England’s {value_text(whole, unit, decimals)}"


def _compared(row: Row, against: str, region: str | None, counted: str = "") -> str:
    """The figure, what is not known, and what it is compared with, as one phrase."""
    own, other = figure_pair(row)
    said = str(row["phrase"]).replace("{value}", own) + (f" ({counted})" if counted else "")
    if not missing(row["comparator"]):
        beside = comparator_words(str(row.get("compared_with") or against), region, other)
        said += f", {THAN[row['verdict']]} {beside}"
    elif whole := part_of_england(row, row["unit"], int(row["decimals"])):
        said += f", {whole}"
    why = not_compared(row) if row["verdict"] == "" else ""
    if why:
        return f"{said}; not compared: {why}"
    return f"{said}, with {not_known(row)}" if not_known(row) else said


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
    """What stands behind a figure in short sentences: count, comparison, rank, change and trend, as far as there are any."""
    first = _compared(row, against, region, count_text(row["numerator"], row["denominator"], row["unit"]))
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    moves = []
    if row["change_verdict"] in {"better", "worse"}:
        said = f"{THAN[row['change_verdict']]} the year before"
        moves.append(Move(said, said + while_not_known(row, "")))
    moves.append(slow(row))
    if TREND_VERDICTS[trend_code(row)] and "_5" not in clear_spans(row):
        moves.append(trend(row))
    parts = [first, f"ranked {ranked} authorities" if ranked else "", *said_once(moves)]
    if bool(row["small_cohort"]):
        parts.append("a small group: one person more or less moves it")
    if row.get("joint_with"):
        parts.append(f"the figure is of a joint return with {row['joint_with']}")
    return " ".join(f"{sentence_case(part)}." for part in parts if part)


def questions(rows: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """The rows of ``queries/glance.sql`` that most ask for a question: highest concern first, none without any."""
    asked = rows[rows["concern"].fillna(0) > 0]
    order = asked.assign(share=asked["rank"].astype("Float64") / asked["of"])
    return order.sort_values(["concern", "share"], ascending=False, kind="stable").head(most).drop(columns="share")


def question(row: Row) -> str:
    """A question to put to officers about one figure; about those not known where they come first."""
    subject = with_age(str(row["short_title"]), row["age_group"])
    slower = [span for span in clear_spans(row, "worse") if span]
    fell = ""
    if slower:
        way = "risen" if float(row[f"change{slower[0]}"]) > 0 else "fallen"
        fell = f"has it {way} {from_to(row, slower[0])} over {'two' if slower[0] == '_2' else 'five'} years"
    if row.get("asks") == "not_known":
        unknown = share_not_known(row)
        if fell:
            return f"{subject}: why are {unknown}, who is finding out, and why {fell}?"
        return f"{subject}: why are {unknown}, and who is finding out?"
    worsening = row["change_verdict"] == "worse" or TREND_VERDICTS[trend_code(row)] == "worse"
    if row["verdict"] == "worse" and fell:
        return f"{subject}: why is it poor, why {fell}, and what will change it?"
    if row["verdict"] == "worse" and worsening:
        return f"{subject}: why is it poor and getting worse, and what will change it?"
    if row["verdict"] == "worse":
        return f"{subject}: why is it worse than elsewhere, and what do the better ones do?"
    if fell:
        return f"{subject}: why {fell}, and when will it turn?"
    if worsening:
        return f"{subject}: why is it getting worse, and when will it turn?"
    return f"{subject}: why is it in the bottom quarter of authorities?"


def summary(rows: pd.DataFrame, authority_name: str, against: str, region: str | None) -> str:
    """How an authority is doing, in short paragraphs: how it stands, what is worse, what is better; from the rows of ``queries/glance.sql``."""
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
    unknown = with_value[with_value["asks"] == "not_known"]
    if len(unknown):
        sentences.append(
            f"Many are not known: {_unknown(unknown)}. Some of them may be doing badly, so a low figure is no merit."
        )
    outcomes = with_value[with_value["theme"] == "outcome"]
    for word in ("worse", "better"):
        named = _grouped(outcomes[outcomes["verdict"] == word])
        if named:
            sentences.append(f"{sentence_case(VERDICT_WORDS[word])} among outcomes: {named}.")
    paragraphs = [" ".join(sentences), *_moves(with_value)]
    hidden = int(len(rated) - len(with_value))
    if hidden:
        paragraphs.append(f"{hidden} of {len(rated)} figures cannot be shown; each row says why.")
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _moves(rows: pd.DataFrame) -> list[str]:
    """What has clearly moved over one, two or five years or along the trend, a paragraph each: what is worse, what is better.

    A figure is named once in each, over the shortest of its longer spans.
    """
    said = []
    for word in ("worse", "better"):
        titles: dict[str, dict[str, list[str]]] = {}
        for row in records(rows):
            size, span = _sized(row, word)
            if span:
                titles.setdefault(_lower(str(row["short_title"])), {}).setdefault(span, []).append(size)
        if titles:
            texts = "; ".join(
                f"{title} ({'; '.join(f'{listed(sizes)} {span}'.strip() for span, sizes in spans.items())})"
                for title, spans in titles.items()
            )
            said.append(f"Clearly {VERDICT_WORDS[word]}: {texts}.")
    return said or ["No change over one, two or five years is more than chance would explain."]


def _sized(row: Row, word: str) -> tuple[str, str]:
    """How far a figure moved and over what: ``("19 to 21 from 54% to 46%", "over two years, more not known")``.

    The trend, which has no size, stands in where no span is clear; empty where nothing is.
    """
    age = age_text(row["age_group"]).removeprefix("aged ")
    spans = clear_spans(row, word)
    if not spans:
        code = trend_code(row)
        return age, f"{TREND_DIRECTIONS[code]} over five years" if TREND_VERDICTS[code] == word else ""
    span = next((longer for longer in spans if longer), "")
    unknown = more_not_known(row, span)
    over = f"over {dict(SPANS)[span]}" if span else "in a year"
    return f"{age} {from_to(row, span)}".strip(), f"{over}, {unknown}" if unknown else over


def _unknown(rows: pd.DataFrame) -> str:
    """Who is not known: ``activity not known for 66% (aged 17 to 18) and 51% (aged 19 to 21)``."""
    shares: dict[str, list[str]] = {}
    for row in rows.sort_values("age_group", kind="stable").to_dict("records"):
        text = f"{value_text(row['not_known_share'], 'percent', 0)} ({age_text(row['age_group'])})"
        shares.setdefault(str(row["not_known_phrase"]), []).append(text)
    # What the same shares are not known of is said together.
    together: dict[str, list[str]] = {}
    for phrase, found in shares.items():
        together.setdefault(listed(found), []).append(phrase)
    return ", ".join(
        listed([*(phrase.partition(" not known")[0] for phrase in phrases[:-1]), phrases[-1].replace("{value}", said)])
        for said, phrases in together.items()
    )


def _grouped(rows: pd.DataFrame) -> str:
    """The measures of some rows, each once with its ages: ``in touch with the council (17 to 18 and 19 to 21)``."""
    ages: dict[str, list[str]] = {}
    for title, age in zip(rows["short_title"], rows["age_group"], strict=True):
        ages.setdefault(_lower(str(title)), []).append(age_text(age).removeprefix("aged "))
    return listed(f"{title} ({listed(sorted(found))})" if found[0] else title for title, found in ages.items())


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def spine_headline(rows: pd.DataFrame, authority_name: str, against: str, region: str | None) -> str:
    """The finding of the spine chart: on how many measures better, similar and worse."""
    rated = rows[(rows["theme"] != "context") & rows["value"].notna()]
    beside = comparator_name(against, region)
    counts = {word: int((rated["verdict"] == word).sum()) for word in ("better", "similar", "worse")}
    if not sum(counts.values()):
        return f"{authority_name}: no headline measure can be tested against {beside}"
    parts = [f"{VERDICT_WORDS[word]} on {number}" for word, number in counts.items() if number]
    return f"{authority_name} against {beside}: {listed(parts)} of {sum(counts.values())} measures"


def range_headline(rows: pd.DataFrame, indicator: Any, age_group: str) -> str:
    """The finding of a ranked chart when no authority is picked out: England's figure and the ends of the list.

    ``indicator`` is a :class:`careleavers.figures.catalogue.Indicator`.
    """
    shown = rows[rows["value"].notna()]
    if shown.empty:
        return f"{with_age(indicator.title, age_group)}: no authority has a figure"
    england, whole = rows["england"].iloc[0], rows["england_total"].iloc[0]
    low, high = shown["value"].min(), shown["value"].max()
    span = (
        f"from {value_text(low, indicator.unit, indicator.decimals)} to "
        f"{value_text(high, indicator.unit, indicator.decimals)} among authorities"
    )
    if not missing(whole):
        said = indicator.phrase.replace("{value}", value_text(whole, indicator.unit, indicator.decimals))
        return f"England: {said} in all, {span}"
    if missing(england):
        return f"{with_age(indicator.short_title, age_group)}: {span}"
    said = indicator.phrase.replace("{value}", value_text(england, indicator.unit, indicator.decimals))
    return f"England: {said}, {span}"


def detail(row: Row) -> str:
    """What stands behind one figure: count, interval, rank and quarter, change, trend; a sentence a part."""
    if missing(row["value"]):
        return reason(row)
    parts = []
    counted = count_text(row["numerator"], row["denominator"], row["unit"])
    between = interval_text(row["lower"], row["upper"], row["unit"], int(row["decimals"]))
    if counted and between:
        parts.append(f"{counted}. {chance_text(between, row['denominator'])}.")
    elif counted:
        parts.append(f"{counted}.")
    ranked = rank_text(row["rank"], row["rank_tied"], row["of"])
    if ranked:
        quarter = f", {in_quarter(row['band'])}" if row["band"] in ENDS else ""
        parts.append(f"Ranked {ranked} authorities{quarter}.")
    elif row["base_hidden"]:
        parts.append(f"Not ranked or compared: {BASE_HIDDEN}.")
    elif row["low_is_no_merit"]:
        parts.append(
            f"Not ranked: {share_not_known(row)}, so it is the least that the figure can be and not a good result."
        )
    parts.append(changes_sentence(row))
    return " ".join(part for part in parts if part)


def n_words(own: Row | None, rows: pd.DataFrame) -> str:
    """What n is in a chart's footer: the base of the authority, or how many authorities have a figure."""
    shown = int(rows["value"].notna().sum())
    authorities = f"{shown} authorities"
    if own is None or missing(own["denominator"]):
        return authorities
    return f"{plain(own['denominator'])} in this authority, {authorities}"


def without_figure(rows: pd.DataFrame) -> str:
    """The authorities without a figure by why there is none: ``Rutland (suppressed); Devon and Kent (not supplied)``.

    More than a dozen of one kind are counted: the table names them.
    """
    named: dict[str, list[str]] = {}
    for row in records(rows[rows["value"].isna()]):
        named.setdefault(status(row["status"]).short, []).append(str(row["authority_name"]))
    return "; ".join(
        f"{listed(names) if len(names) <= 12 else f'{len(names)} authorities, named in the table'} ({why})"
        for why, names in named.items()
    )


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
    if indicator.total:
        notes.append(
            "It is a total and grows with the size of a place: no authority’s is compared with England’s or its neighbours’."
        )
    elif own is not None and not missing(own["neighbours_mean"]):
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
    unranked, bases = int((rows["low_is_no_merit"] & rows["value"].notna()).sum()), int(rows["base_hidden"].sum())
    if unranked:
        notes.append(
            f"{unranked} of the {len(rows)} authorities listed {'is' if unranked == 1 else 'are'} given no rank or quarter, because more than 10% of their "
            "young people, or clearly more than elsewhere, are not known: a low figure is then no merit. They keep "
            "their place in the order, so nobody else’s rank is the better for it."
        )
    if bases:
        notes.append(
            f"{bases} of the {len(rows)} {'has a figure whose base is' if bases == 1 else 'have figures whose bases are'} not published: shown, but not counted in ranks, "
            "quarters or “of how many”."
        )
    if (rows["value"].isna()).any():
        notes.append(f"No figure, and none drawn as zero: {without_figure(rows)}.")
    if indicator.caveats:
        notes.append(indicator.caveats)
    return notes


def reading_ranked(*, tested: bool) -> str:
    """How to read the ranked chart and what can be done with it."""
    text = "Click a dot to switch to that authority."
    if tested:
        text += " The line through a dot is its 95% interval: how far the figure moves by chance."
    return text
