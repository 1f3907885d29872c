"""Findings are codes until they are worded: the rules list them, the figures have no others, and each has its words."""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from careleavers.charts.spine import VERDICTS
from careleavers.charts.tile_map import BAND_KEYS
from careleavers.charts.tile_map import TOO_FEW as TOO_FEW_ON_TILES
from careleavers.figures import catalogue
from careleavers.figures.warehouse import Warehouse, query_names
from careleavers.views.at_a_glance import download as glance_download
from careleavers.views.at_a_glance import words as glance_words
from careleavers.views.compare import words as compare_words
from careleavers.views.local_figures import words_newest, words_quarters
from careleavers.views.map import words as map_words
from careleavers.views.spread import words as spread_words
from careleavers.views.trends import tables as trends_tables
from careleavers.views.workforce import words as workforce_words
from careleavers.wording import findings
from careleavers.wording.changes import ChangeWords, change_text, explain_once
from tests.local_figures import sample, with_figures

QUERIES = Path(__file__).resolve().parents[1] / "queries"
RULES = QUERIES / "rules" / "1_macros.sql"
Words = Mapping[str, str]
# The words for each kind of finding listed in the rules.
WORDS: Mapping[str, tuple[Words, ...]] = {
    "verdict": (findings.VERDICT_WORDS, findings.VERDICT_MARKS, findings.THAN),
    "change_verdict": (findings.CHANGE_WORDS,),
    "trend": (findings.TREND_WORDS, findings.TREND_BRIEF, findings.TREND_DIRECTIONS, findings.TREND_VERDICTS),
    "not_known_trend": (findings.NOT_KNOWN_TREND_WORDS,),
    "band": (findings.BAND_WORDS, findings.QUARTER_WORDS),
    "target_met": (findings.TARGET_WORDS,),
}
# And for those that only one query gives. What a question is about has no words of its own.
OF_A_QUERY: Mapping[tuple[str, str], tuple[Words, ...]] = {
    ("spread_funnel", "side"): (findings.SIDE_WORDS, findings.SIDE_PLACES),
    ("together", "strength"): (findings.STRENGTH_WORDS, findings.STRENGTH_MEANS),
    ("together", "direction"): (findings.DIRECTION_WORDS,),
    ("trends_neighbours", "own_side"): (findings.OWN_SIDE_WORDS,),
    ("at_a_glance", "asks"): (),
    ("at_a_glance_findings", "card"): (glance_words.CARD_TITLES,),
}
# These cover only the parts of their code: the direction, and whether it is for the better.
PARTS = (findings.TREND_DIRECTIONS, findings.TREND_VERDICTS)


def head(path: Path) -> str:
    """The comment that a file begins with."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(lines[: next(place for place, line in enumerate(lines) if not line.startswith("--"))])


def codes(path: Path, column: str) -> set[str]:
    """The codes that the head of a file lists for a column, and the empty one."""
    found = re.search(rf"\b{column} +one of: ([\w, ]+)", head(path))
    assert found, f"{path.name} does not list the codes of {column}"
    return {code.strip() for code in found[1].split(",")} | {""}


def kinds() -> dict[str, str]:
    """Every column that holds a finding from the rules, and which kind it is."""
    found = {}
    for part in re.split(r"\n(?=--   \w)", head(RULES)):
        if named := re.match(r"--   (\w+) +one of:", part):
            also = re.search(r"Also ([\w,\s-]+)$", part)
            columns = re.findall(r"\w+", also[1]) if also else []
            found |= dict.fromkeys([named[1], *columns], named[1])
    return found


def held(frame: pd.DataFrame, column: str) -> set[str]:
    """The codes in a column; NULL where there is no row."""
    return set(frame[column].dropna())


def test_the_rules_list_what_has_words() -> None:
    assert set(kinds().values()) == set(WORDS)
    assert {"verdict_england", "verdict_against", "change_5_verdict", "trend", "target_met"} <= set(kinds())


@pytest.mark.parametrize("kind", WORDS)
def test_every_code_has_words_and_no_others_have(kind: str) -> None:
    _worded(codes(RULES, kind), WORDS[kind])


@pytest.mark.parametrize(("query", "column"), OF_A_QUERY)
def test_every_code_of_one_query_has_words(query: str, column: str) -> None:
    _worded(codes(QUERIES / f"{query}.sql", column), OF_A_QUERY[query, column])


def _worded(listed: set[str], written: tuple[Words, ...]) -> None:
    for words in written:
        assert set(words) == listed
        if words not in PARTS:
            assert all(text for code, text in words.items() if code)
        assert not any("_" in text for text in words.values())


def test_every_shipped_figure_has_the_listed_codes_and_no_others(figures: pd.DataFrame) -> None:
    seen: dict[str, set[str]] = {}
    for column, kind in kinds().items():
        if column in figures:
            assert held(figures, column) <= codes(RULES, kind), column
            seen.setdefault(kind, set()).update(held(figures, column))
    # No rule lists a code that never occurs; only councils' own figures have targets.
    assert seen == {kind: codes(RULES, kind) for kind in WORDS if kind != "target_met"}


@pytest.mark.slow
def test_every_query_answers_with_the_listed_codes_and_no_others(warehouse: Warehouse) -> None:
    measures = warehouse.query("indicators").dropna(subset="latest_period")
    seen: dict[tuple[str, str], set[str]] = {}
    for authority in ("E08000035", "E10000014"):
        asked = [
            (name, {"authority": authority, "against": "neighbours"})
            for name in ("at_a_glance", "at_a_glance_findings")
        ]
        for row in measures[:: 1 if authority == "E08000035" else 4].to_dict("records"):
            measure = {"indicator": row["indicator"], "age_group": row["age_group"], "authority": authority}
            asked += [
                ("trends_neighbours", measure),
                ("spread_funnel", {**measure, "period": f"{row['latest_period']:%Y-%m-%d}"}),
            ]
        _gather(warehouse, asked, seen)
    enablers, outcomes = (measures[measures["theme"] == theme].to_dict("records") for theme in ("enabler", "outcome"))
    pairs: list[tuple[str, dict]] = [
        ("together", {"enabler": e["indicator"], "enabler_age": e["age_group"], "outcome": o["indicator"],
                      "outcome_age": o["age_group"], "period": f"{o['latest_period']:%Y-%m-%d}", "authority": ""})
        for e in enablers[:2] for o in outcomes[::3]
    ]  # fmt: skip
    _gather(warehouse, pairs, seen)
    for (query, column), found in seen.items():
        listed = codes(QUERIES / f"{query}.sql", column)
        assert found <= listed, (query, column)
        # The list is as short as possible: with a few authorities and pairs at most one code is missed.
        assert len(listed - found) <= 1, (query, column, listed - found)
    assert set(seen) == set(OF_A_QUERY)


def _gather(warehouse: Warehouse, asked: list[tuple[str, dict]], seen: dict[tuple[str, str], set[str]]) -> None:
    for query, parameters in asked:
        answer = warehouse.query(query, **parameters)
        for name, column in OF_A_QUERY:
            if name == query:
                seen.setdefault((name, column), set()).update(held(answer, column))
        for column in kinds():
            if column in answer:
                assert held(answer, column) <= codes(RULES, kinds()[column]), (query, column)


def test_councils_own_figures_have_the_listed_codes_and_no_others(warehouse: Warehouse) -> None:
    made = with_figures(warehouse, sample())
    try:
        for query, more in (("local_latest", {}), ("trends", {"indicator": "eet", "age_group": "19-21", "others": ""})):
            answer = made.query(query, authority="E08000035", **more)
            for column in set(kinds()) & set(answer):
                assert held(answer, column) <= codes(RULES, kinds()[column]), (query, column)
        assert held(made.query("local_latest", authority="E08000035"), "target_met") == codes(RULES, "target_met")
    finally:
        made.close()


@pytest.mark.parametrize("name", query_names())
def test_a_query_that_gives_findings_says_where_their_codes_are(name: str) -> None:
    said = head(QUERIES / f"{name}.sql")
    if set(re.findall(r"\w+", said)) & set(kinds()):
        assert "rules/1_macros.sql lists them all" in said


def test_charts_mark_and_name_verdicts_and_quarters_as_the_text_does() -> None:
    assert {code: look.word for code, look in VERDICTS.items()} == findings.VERDICT_WORDS
    assert {code: look.mark for code, look in VERDICTS.items()} == findings.VERDICT_MARKS
    assert {
        band: f"{findings.QUARTER_WORDS[band][0].upper()} {findings.BAND_WORDS[band]}" for band in findings.ENDS
    } == BAND_KEYS


def test_every_verdict_has_a_mark_and_a_word_of_its_own() -> None:
    assert len(set(findings.VERDICT_MARKS.values())) == len(set(findings.VERDICT_WORDS.values())) == 6


def test_too_few_to_tell_stands_in_place_of_similar() -> None:
    assert findings.verdict_text("similar", too_few=True) == "● too few to tell"
    assert findings.than("similar", too_few=True) == "too few people to say whether it differs from"
    assert findings.verdict_text("similar") == "● similar"
    assert TOO_FEW_ON_TILES == findings.TOO_FEW


def test_no_download_has_a_code_that_has_words(warehouse: Warehouse) -> None:
    codes_apart = {
        code
        for words in (findings.CHANGE_WORDS, findings.TREND_WORDS, findings.TARGET_WORDS, findings.SIDE_WORDS)
        for code, text in words.items()
        if code != text
    }
    leeds = {"authority": "E08000035"}
    eet = {"indicator": "eet", "age_group": "19-21"}
    when = {**eet, **leeds, "period": "2025-03-31"}
    indicator = catalogue.from_rows(warehouse.query("indicators"))["eet"]
    made = with_figures(warehouse, sample())
    try:
        quarters = made.query("local_quarters", **eet, **leeds, basis="quarter", others="")
        latest = made.query("local_latest", **leeds)
        given = {
            "glance": glance_download.download_table(warehouse.query("at_a_glance", **leeds, against="england")),
            "compare": compare_words.download_table(
                warehouse.query("compare", **when, scope="all", against="england"), indicator, "19-21"
            ),
            "map": map_words.download(warehouse.query("map", **when, against="england"), indicator, "19-21"),
            "spread": spread_words.download(warehouse.query("spread_funnel", **when), indicator, "19-21"),
            "trends": trends_tables.download(warehouse.query("trends", **eet, **leeds, others=""), indicator, "19-21"),
            "workforce": workforce_words.download_table(warehouse.query("workforce", **leeds, against="england")),
            "local": words_newest.download(latest),
            "quarters": words_quarters.quarters_download(
                words_quarters.with_measure(quarters, latest.iloc[0].to_dict()), latest.iloc[0].to_dict()
            ),
        }
    finally:
        made.close()
    for name, frame in given.items():
        for column in frame.select_dtypes(exclude="number"):
            assert not codes_apart & {str(value) for value in frame[column]}, (name, column)
    # Each of them has some such findings, so that this could fail.
    read = {"no clear change", "not tested", "met", "not met", "inside"}
    for name, frame in given.items():
        assert read & {str(value) for column in frame for value in frame[column]}, name


def test_downloads_have_words_and_keep_what_is_not_there() -> None:
    given = pd.DataFrame(
        {
            "trend": ["increasing_better", "no_clear_trend", "", None],
            "change_verdict": ["no_clear_change", "not_tested", "worse", ""],
            "side": ["above_998", "inside", "", None],
            "verdict": ["better", "", "similar", "lower"],
            "value": [1.0, 2.0, 3.0, None],
        }
    )
    said = findings.in_words(given)
    assert said["trend"].tolist()[:3] == ["rising, better", "no statistically clear trend", ""]
    assert said["change_verdict"].tolist() == ["no clear change", "not tested", "worse", ""]
    assert said["side"].tolist()[:3] == ["above", "inside", ""]
    assert said[["trend", "side"]].iloc[3].isna().all()
    assert said[["verdict", "value"]].equals(given[["verdict", "value"]])
    assert given["trend"].iloc[0] == "increasing_better"
    with pytest.raises(KeyError, match="sideways"):
        findings.in_words(pd.DataFrame({"trend": ["sideways"]}))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((17.2, "better", "percent", 0), "↑ up 17 points, better"),
        ((17.2, "worse", "percent", 0), "↑ up 17 points, worse"),
        ((-4.9, "worse", "percent", 0), "↓ down 5 points, worse"),
        ((4.0, "higher", "percent", 0), "↑ up 4 points"),
        ((9.0, "no_clear_change", "percent", 0), "no clear change"),
        ((0.4, "not_tested", "ratio", 1), "up 0.4 (not tested)"),
        ((0.0, "not_tested", "ratio", 1), "unchanged (not tested)"),
        ((0.4, "better", "percent", 0), "↑ up 0.4 points, better"),
        ((5.0, "", "percent", 0), ""),
        ((-1200.3, "not_tested", "pounds", 0), "down £1,200 (not tested)"),
        ((250.0, "higher", "pounds", 0), "↑ up £250"),
    ],
)
def test_changes_carry_an_arrow_only_when_a_test_supports_them(arguments, expected) -> None:
    assert change_text(*arguments) == expected


def test_what_explains_several_moves_is_said_once_after_the_last_that_has_its_size() -> None:
    first = ChangeWords(
        "worse than the year before", "worse than the year before, while those not known rose from 8% to 14%"
    )
    plain = ChangeWords("fell from 54% to 46% over two years", "fell from 54% to 46% over two years")
    slope = ChangeWords("falling", "falling, while those not known are rising", sized=False)
    assert explain_once([first, plain, slope]) == [first.explained, plain.explained, slope.alone]
    assert explain_once([plain, slope]) == [plain.explained, slope.explained]
    assert explain_once([first, first._replace(alone="fell", explained="fell, while")]) == [first.alone, "fell, while"]
