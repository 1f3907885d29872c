"""Findings in words: they agree with the verdict in every state, for every authority there is."""

import re
from itertools import cycle

import pandas as pd
import pytest

from careleavers.figures.warehouse import Warehouse
from careleavers.wording import sentences as s
from careleavers.wording.status import status

AGAINST = ("neighbours", "region", "england")
NOT_WORDS = re.compile(r"\bnan\b|<NA>|\bNone\b|\bNaT\b|[{}]|\bTrue\b|\bFalse\b|  |\.\.|,,| ,|missing value")
NUMBER = re.compile(r"(?:under )?[\d,]+(?:\.\d+)?%?")


@pytest.fixture(scope="module")
def frames(warehouse: Warehouse) -> list[tuple[pd.DataFrame, str, str, str]]:
    """The home page of every authority, each against one of the comparators in turn: (rows, name, against, region)."""
    return [
        (
            warehouse.query("at_a_glance", authority=a.authority_code, against=against),
            a.authority_name,
            against,
            a.region,
        )
        for a, against in zip(warehouse.query("authorities").itertuples(), cycle(AGAINST), strict=False)
    ]


@pytest.fixture(scope="module")
def rows(frames) -> list[tuple[dict, str, str, str]]:
    """Every row of those pages: (row, name, against, region)."""
    return [(row, name, against, region) for frame, name, against, region in frames for row in frame.to_dict("records")]


@pytest.mark.slow
def test_the_rows_cover_every_state(rows) -> None:
    assert len({name for _, name, _, _ in rows}) == 158
    assert {row["verdict"] for row, *_ in rows} == {"better", "similar", "worse", "higher", "lower", ""}
    assert {"ok", "c", "x", "z"} <= {row["status"] for row, *_ in rows}
    assert {"better", "worse", "no_clear_change", "not_tested", ""} <= {row["change_verdict"] for row, *_ in rows}


def test_every_sentence_of_every_authority_is_whole(rows) -> None:
    for row, name, against, region in rows:
        for text in (
            s.headline(row, name, against, region), s.subtitle(row, name), s.detail(row), s.figure_phrase(row),
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
            assert text.endswith(f"({status(row['status']).short})"), text
            assert not said
            continue
        few = (
            ", with too few people to say whether it differs from " in text
            or ", but with too few people to be sure" in text
        )
        assert few == row["too_few"]
        assert few or said == ({row["verdict"]} - {""}), text
        assert not few or (not said and row["denominator"] < 50), text
        if few:
            # A figure is not said to differ, or not, from the same figure.
            own, other = s.figure_pair(row)
            assert (own == other) == (", much the same as " in text), text
        if row["verdict"] == "" and not pd.isna(row["comparator"]):
            assert ", against " in text


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
    assert compared > 1000


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


# ---------------------------------------------------------------- by hand


def row(**changes) -> dict:
    usual = {
        "phrase": "{value} in education, employment or training", "short_title": "In education, work or training",
        "title": "Care leavers in EET", "age_group": "19-21", "unit": "percent", "decimals": 0, "value": 45.5,
        "status": "ok", "comparator": 54.0, "verdict": "worse", "numerator": 273.0, "denominator": 600.0, "rank": 135,
        "rank_tied": False, "of": 152, "band": "D", "lower": 41.6, "upper": 49.5, "change_verdict": "no_clear_change",
        "trend": "no_clear_trend", "small_cohort": False, "too_few": False, "period_end": "2025-03-31",
        "basis": "full_year", "polarity": "high",
    }  # fmt: skip
    return usual | changes


@pytest.mark.parametrize(
    ("changes", "against", "expected"),
    [
        ({}, "england", "Leeds: 46% in education, employment or training, worse than England’s 54%"),
        ({"verdict": "similar", "comparator": 45.6}, "england",
         "Leeds: 46% in education, employment or training, similar to England’s 46%"),
        ({"verdict": "similar", "comparator": 50.0, "too_few": True}, "england",
         "Leeds: 46% in education, employment or training, with too few people to say whether it differs from England’s 50%"),
        ({"verdict": "similar", "comparator": 45.6, "too_few": True}, "england",
         "Leeds: 46% in education, employment or training, much the same as England’s 46%, but with too few people to be sure"),
        ({"verdict": "better", "comparator": 40.2}, "neighbours",
         "Leeds: 46% in education, employment or training, better than its neighbours’ mean of 40%"),
        ({"verdict": "", "comparator": 50.0}, "region",
         "Leeds: 46% in education, employment or training, against Yorkshire’s 50%"),
        ({"comparator": None, "verdict": ""}, "neighbours", "Leeds: 46% in education, employment or training"),
        # Both would be shown as 46%.
        ({"comparator": 46.4}, "england", "Leeds: 45.5% in education, employment or training, worse than England’s 46.4%"),
        ({"value": None, "status": "c", "verdict": ""}, "england",
         "Leeds: no figure for “In education, work or training” (suppressed to protect privacy)"),
        ({"value": None, "status": "missing", "verdict": ""}, "england",
         "Leeds: no figure for “In education, work or training” (not in the release)"),
    ],
)  # fmt: skip
def test_headlines_by_hand(changes, against, expected) -> None:
    assert s.headline(row(**changes), "Leeds", against, "Yorkshire") == expected


HAMPSHIRE = {
    "value": 13.75, "numerator": 51.0, "denominator": 371.0, "polarity": "low", "verdict": "", "rank": None, "band": "",
    "low_is_no_merit": True, "base_hidden": False, "not_known_share": 66.04, "not_known_first": True, "comparator": 30.0,
    "phrase": "{value} not in education, employment or training", "short_title": "Not in education, work or training",
}  # fmt: skip


def test_not_known_is_said_in_the_same_sentence() -> None:
    assert s.headline(row(**HAMPSHIRE), "Hampshire", "england", None) == (
        "Hampshire: 14% not in education, employment or training, against England’s 30%; not compared: 66% not known"
    )
    unknown = {"not_known_share": 66.04, "not_known_first": True}
    assert s.headline(row(**unknown), "Hampshire", "england", None) == (
        "Hampshire: 46% in education, employment or training, worse than England’s 54%, with 66% not known"
    )
    # A figure that is worse even at its minimum is called worse.
    assert "worse than England’s 30%, with 66% not known" in s.headline(
        row(**HAMPSHIRE | {"verdict": "worse", "value": 45.0}), "Hampshire", "england", None
    )


def test_a_hidden_base_is_given_as_the_reason() -> None:
    hidden = row(value=0.0, verdict="", rank=None, band="", base_hidden=True, numerator=0.0, denominator=None, lower=None,
                 upper=None, change=None, change_verdict="", trend="", low_is_no_merit=False)  # fmt: skip
    assert s.headline(hidden, "City of London", "england", None) == (
        "City of London: 0% in education, employment or training, against England’s 54%; not compared: its base is not "
        "published"
    )
    assert s.detail(hidden) == "Not ranked or compared: its base is not published."


def test_hampshire_has_no_strength_where_the_young_people_are_lost(warehouse: Warehouse) -> None:
    for against in AGAINST:
        frame = warehouse.query("at_a_glance", authority="E10000014", against=against)
        neet = frame[frame["indicator"] == "neet"]
        assert (neet["verdict"] == "").all()
        assert (neet["band"] == "").all()
        assert neet["rank"].isna().all()


def test_subtitle_by_hand() -> None:
    assert s.subtitle(row(), "Leeds") == "Care leavers in EET, aged 19 to 21. Leeds. Year to 31 March 2025"
