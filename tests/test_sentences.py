"""Findings in words: they agree with the verdict in every state, for every authority there is."""

import re

import pandas as pd
import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.wording import sentences as s
from careleavers.wording.findings import TREND_VERDICTS
from careleavers.wording.formats import value_text
from careleavers.wording.status import status

AGAINST = ("neighbours", "region", "england")
NOT_WORDS = re.compile(r"\bnan\b|<NA>|\bNone\b|\bNaT\b|[{}]|\bTrue\b|\bFalse\b|  |\.\.|,,| ,|missing value")
NUMBER = re.compile(r"(?:under )?[\d,]+(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def frames(warehouse: Warehouse) -> list[tuple[pd.DataFrame, str, str, str]]:
    """The home page of every authority against each comparator: (rows, name, against, region)."""
    return [
        (warehouse.query("glance", authority=a.authority_code, against=against), a.authority_name, against, a.region)
        for a in warehouse.query("authorities").itertuples()
        for against in AGAINST
    ]


@pytest.fixture(scope="module")
def rows(frames) -> list[tuple[dict, str, str, str]]:
    """Every row of those pages: (row, name, against, region)."""
    return [(row, name, against, region) for frame, name, against, region in frames for row in frame.to_dict("records")]


def test_the_rows_cover_every_state(rows) -> None:
    assert len({name for _, name, _, _ in rows}) == 158
    assert {row["verdict"] for row, *_ in rows} == {"better", "similar", "worse", "higher", "lower", ""}
    assert {"ok", "c", "x", "z"} <= {row["status"] for row, *_ in rows}
    assert {"better", "worse", "no_clear_change", "not_tested", ""} <= {row["change_verdict"] for row, *_ in rows}


def test_every_sentence_of_every_authority_is_whole(rows) -> None:
    for row, name, against, region in rows:
        for text in (
            s.headline(row, name, against, region), s.evidence(row, against, region), s.subtitle(row, name),
            s.question(row), s.detail(row), s.figure_phrase(row),
        ):  # fmt: skip
            assert text.strip()
            assert not NOT_WORDS.search(text), text


def test_every_headline_agrees_with_its_verdict(rows) -> None:
    words = {"better": "better than", "worse": "worse than", "similar": "similar to", "higher": "higher than",
             "lower": "lower than"}  # fmt: skip
    for row, name, against, region in rows:
        text = s.headline(row, name, against, region)
        assert text.startswith(f"{name}: ")
        said = {verdict for verdict, phrase in words.items() if f", {phrase} " in text.removeprefix(f"{name}: ")}
        if pd.isna(row["value"]):
            assert text.endswith(status(row["status"]).short), text
            assert not said
            continue
        assert said == ({row["verdict"]} - {""}), text
        if row["verdict"] == "" and not pd.isna(row["comparator"]):
            assert ", next to " in text


def test_no_comparison_shows_two_equal_numbers_or_the_wrong_way_round(rows) -> None:
    compared = 0
    for row, *_ in rows:
        if row["verdict"] in ("", "similar"):
            continue
        own, other = s.figure_pair(row)
        assert own != other, (own, other)
        up = {"higher": True, "lower": False}.get(
            row["verdict"], (row["verdict"] == "better") == (row["polarity"] == "high")
        )
        assert (row["value"] > row["comparator"]) == up
        figures = [0.0 if "under" in text else float(text.rstrip("%").replace(",", "")) for text in (own, other)]
        assert figures[0] > figures[1] if up else figures[0] < figures[1], (own, other)
        compared += 1
    assert compared > 2000


def test_the_line_behind_a_figure_never_contradicts_itself(rows) -> None:
    for row, _, against, region in rows:
        if row["verdict"] in ("", "similar"):
            continue
        text = s.evidence(row, against, region)
        own = value_text(row["value"], row["unit"], int(row["decimals"]), row["status"])
        other = s.figure_pair(row)[1]
        # England stands in for neighbours that are not close.
        assert f" than {s.comparator_words(row['compared_with'], region, other)}" in text
        assert row["compared_with"] == against or (against, row["compared_with"]) == ("neighbours", "england")
        assert own != other, text


def test_figures_that_are_not_there_give_their_reason(rows) -> None:
    hidden = [row for row, *_ in rows if pd.isna(row["value"])]
    assert len(hidden) > 250
    for row in hidden:
        if row["status"] == "z" and row["denominator"] > 0:
            # There was somebody: Isles of Scilly's 319 children.
            assert s.detail(row).endswith(f"though its base is {row['denominator']:,.0f}.")
        else:
            assert s.detail(row) == status(row["status"]).reason
        assert pd.isna(row["rank"])
        assert row["verdict"] == row["change_verdict"] == row["trend"] == ""


def test_every_summary_adds_up(frames) -> None:
    # Every other page: each authority, and each comparator with half of them.
    for frame, name, against, region in frames[::2]:
        text = s.summary(frame, name, against, region)
        assert not NOT_WORDS.search(text), text
        rated = frame[(frame["theme"] != "context") & frame["value"].notna()]
        if rated.empty:
            assert text.startswith("No figure of")
            continue
        compared = int(rated["verdict"].isin(["better", "similar", "worse"]).sum())
        if compared:
            assert text.startswith(f"Of {compared} headline figures")
            for word in ("better", "similar", "worse"):
                number = int((rated["verdict"] == word).sum())
                assert (f"{word} on {number}" in text) == bool(number)
        for word in ("better", "worse"):
            moved = [
                rated[f"change{span}_verdict"].eq(word) | rated["trend"].map(TREND_VERDICTS).eq(word)
                for span in ("", "_2", "_5")
            ]
            assert (f"Clearly {word}: " in text) == bool(pd.concat(moved).any())
        asked = s.questions(frame)
        assert len(asked) <= 3
        assert (asked["concern"] > 0).all()
        assert asked["concern"].is_monotonic_decreasing
        assert asked.empty or asked["concern"].iloc[0] == frame["concern"].max()


# ---------------------------------------------------------------- by hand


def row(**changes) -> dict:
    usual = {
        "phrase": "{value} in education, employment or training", "short_title": "In education, work or training",
        "title": "Care leavers in EET", "age_group": "19-21", "unit": "percent", "decimals": 0, "value": 45.5,
        "status": "ok", "comparator": 54.0, "verdict": "worse", "numerator": 273.0, "denominator": 600.0, "rank": 135,
        "rank_tied": False, "of": 152, "band": "D", "lower": 41.6, "upper": 49.5, "change_verdict": "no_clear_change",
        "trend": "no_clear_trend", "small_cohort": False, "period_end": "2025-03-31",
        "basis": "full_year", "polarity": "high",
    }  # fmt: skip
    return usual | changes


@pytest.mark.parametrize(
    ("changes", "against", "expected"),
    [
        ({}, "england", "Leeds: 46% in education, employment or training, worse than England’s 54%"),
        ({"verdict": "similar", "comparator": 45.6}, "england",
         "Leeds: 46% in education, employment or training, similar to England’s 46%"),
        ({"verdict": "better", "comparator": 40.2}, "neighbours",
         "Leeds: 46% in education, employment or training, better than its neighbours’ mean of 40%"),
        ({"verdict": "", "comparator": 50.0}, "region",
         "Leeds: 46% in education, employment or training, next to the 50% of Yorkshire"),
        ({"comparator": None, "verdict": ""}, "neighbours", "Leeds: 46% in education, employment or training"),
        # Both would be written 46%.
        ({"comparator": 46.4}, "england", "Leeds: 45.5% in education, employment or training, worse than England’s 46.4%"),
        ({"value": None, "status": "c", "verdict": ""}, "england",
         "Leeds: In education, work or training is suppressed to protect privacy"),
        ({"value": None, "status": "missing", "verdict": ""}, "england",
         "Leeds: In education, work or training is not in the release"),
    ],
)  # fmt: skip
def test_headlines_by_hand(changes, against, expected) -> None:
    assert s.headline(row(**changes), "Leeds", against, "Yorkshire") == expected


def test_evidence_by_hand() -> None:
    assert s.evidence(row(), "england", None) == (
        "46% in education, employment or training (273 of 600), worse than England’s 54%. Ranked 135th of 152 authorities."
    )
    small = row(small_cohort=True, change_verdict="worse", trend="decreasing_worse", numerator=18.0,
                denominator=25.0, value=72.0, rank=7, rank_tied=True, verdict="better")  # fmt: skip
    assert s.evidence(small, "england", None) == (
        "72% in education, employment or training (18 of 25), better than England’s 54%. Ranked 7th= of 152 "
        "authorities. Worse than the year before. Falling over five years, which is worse. A small group: one person more or less moves it."
    )


HAMPSHIRE = {
    "value": 13.75, "numerator": 51.0, "denominator": 371.0, "polarity": "low", "verdict": "", "rank": None, "band": "",
    "low_is_no_merit": True, "base_hidden": False, "not_known_share": 66.04, "not_known_first": True, "comparator": 30.0,
    "phrase": "{value} not in education, employment or training", "short_title": "Not in education, work or training",
}  # fmt: skip


def test_not_known_is_said_in_the_same_sentence() -> None:
    assert s.headline(row(**HAMPSHIRE), "Hampshire", "england", None) == (
        "Hampshire: 14% not in education, employment or training, next to England’s 30%; not compared: 66% not known"
    )
    unknown = {"not_known_share": 66.04, "not_known_first": True}
    assert s.headline(row(**unknown), "Hampshire", "england", None) == (
        "Hampshire: 46% in education, employment or training, worse than England’s 54%, with 66% not known"
    )
    # A figure that is worse though it is the least it can be is called so.
    assert "worse than England’s 30%, with 66% not known" in s.headline(
        row(**HAMPSHIRE | {"verdict": "worse", "value": 45.0}), "Hampshire", "england", None
    )


def test_not_known_is_what_the_question_is_about() -> None:
    asked = row(asks="not_known", not_known_share=13.5, not_known_first=True)
    assert (
        s.question(asked)
        == "In education, work or training, aged 19 to 21: why are 14% not known, and who is finding out?"
    )
    fell = {"change_2": -8.4078, "change_2_verdict": "worse"}
    assert s.question(asked | fell) == (
        "In education, work or training, aged 19 to 21: why are 14% not known, who is finding out, and why has it fallen "
        "from 54% to 46% over two years?"
    )


def test_a_slow_change_is_named_with_its_size() -> None:
    fell = row(change_2=-8.4078, change_2_verdict="worse")
    assert "Ranked 135th of 152 authorities. Fell from 54% to 46% over two years." in s.evidence(fell, "england", None)
    assert s.question(fell) == (
        "In education, work or training, aged 19 to 21: why is it poor, why has it fallen from 54% to 46% over two years, "
        "and what will change it?"
    )
    more = fell | {"not_known_change_2": 5.28, "not_known_share": 13.5}
    assert "Fell from 54% to 46% over two years, while those not known rose from 8% to 14%." in s.evidence(
        more, "england", None
    )
    both = fell | {"change_5": -12.1, "change_5_verdict": "worse"}
    assert s.evidence(both | {"trend": "decreasing_worse"}, "england", None).endswith(
        "Fell from 54% to 46% over two years and from 58% over five years."
    )


def test_a_hidden_base_is_given_as_the_reason() -> None:
    hidden = row(value=0.0, verdict="", rank=None, band="", base_hidden=True, numerator=0.0, denominator=None, lower=None,
                 upper=None, change=None, change_verdict="", trend="", low_is_no_merit=False)  # fmt: skip
    assert s.headline(hidden, "City of London", "england", None) == (
        "City of London: 0% in education, employment or training, next to England’s 54%; not compared: its base is not "
        "published"
    )
    assert s.detail(hidden) == "Not ranked or compared: its base is not published."


def test_a_joint_return_is_said_in_the_evidence() -> None:
    assert s.evidence(row(joint_with="Richmond upon Thames"), "england", None).endswith(
        "The figure is of a joint return with Richmond upon Thames."
    )


def test_leeds_opening_names_its_slow_fall_and_those_not_known(warehouse: Warehouse) -> None:
    text = s.summary(warehouse.query("glance", authority="E08000035", against="neighbours"), "Leeds", "neighbours", "")
    assert "activity not known for 12% (aged 17 to 18) and 14% (aged 19 to 21)" in text
    assert "19 to 21 from 54% to 46% over two years, more not known" in text
    assert "Clearly better: agency social workers (from 4.4% to 2.1% over two years)" in text
    asked = s.questions(warehouse.query("glance", authority="E08000035", against="neighbours")).to_dict("records")
    assert any("why has it fallen from 54% to 46% over two years" in s.question(question) for question in asked)


def test_hampshires_opening_says_each_thing_once(warehouse: Warehouse) -> None:
    text = s.summary(warehouse.query("glance", authority="E10000014", against="england"), "Hampshire", "england", "")
    assert "activity and accommodation not known for 66% (aged 17 to 18) and 51% (aged 19 to 21)." in text
    stands, worse, better = text.split("\n\n")
    assert "(17 to 18 from 46% to 20% and 19 to 21 from 51% to 28% over two years, more not known)" in worse
    assert "not in education, work or training (19 to 21 from 14% to 21% in a year, fewer not known)" in worse
    assert "same carer for two years (falling over five years)" in worse
    assert all(part.count("in education, work or training (") <= 2 for part in (stands, worse, better))


def test_hampshire_has_no_strength_where_the_young_people_are_lost(warehouse: Warehouse) -> None:
    for against in AGAINST:
        frame = warehouse.query("glance", authority="E10000014", against=against)
        neet = frame[frame["indicator"] == "neet"]
        assert (neet["verdict"] == "").all()
        assert (neet["band"] == "").all()
        assert neet["rank"].isna().all()
        assert s.questions(frame)["asks"].iloc[0] == "not_known"
        assert "not in education, work or training" not in s.summary(frame, "H", against, "S").partition("Clearly")[0]


def test_no_question_rests_on_neighbours_that_are_not_close(warehouse: Warehouse) -> None:
    for code in ("E09000001", "E06000053"):
        frame = warehouse.query("glance", authority=code, against="neighbours")
        assert (frame["compared_with"] == "england").all()
        assert not (s.questions(frame)["base_hidden"]).any()


def test_everybody_getting_worse_over_five_years_is_told_so(warehouse: Warehouse) -> None:
    told = 0
    for a in warehouse.query("authorities").itertuples():
        frame = warehouse.query("glance", authority=a.authority_code, against="neighbours")
        text = s.summary(frame, a.authority_name, "neighbours", a.region)
        rated = frame[(frame["theme"] != "context") & frame["value"].notna()]
        for row_ in rated[rated["trend"].map(TREND_VERDICTS) == "worse"].to_dict("records"):
            moves = text.partition("Clearly worse: ")[2].partition("\n\n")[0]
            title = row_["short_title"][0].lower() + row_["short_title"][1:]
            assert title in moves, (a.authority_name, title)
            told += 1
    assert told > 52


def test_subtitle_and_question_by_hand() -> None:
    assert s.subtitle(row(), "Leeds") == "Care leavers in EET, aged 19 to 21. Leeds. Year to 31 March 2025"
    assert "poor and getting worse" in s.question(row(trend="decreasing_worse"))
    assert "worse than elsewhere" in s.question(row())
    assert "getting worse, and when" in s.question(row(verdict="similar", change_verdict="worse"))
    assert "bottom quarter" in s.question(row(verdict="", change_verdict="not_tested", trend=""))


def test_nothing_at_all_is_said_in_a_sentence(warehouse: Warehouse) -> None:
    frame = warehouse.query("glance", authority="E06000053", against="neighbours")
    assert not frame.empty
    text = s.summary(frame, "Isles of Scilly", "neighbours", "South West")
    assert text
    assert not NOT_WORDS.search(text)
