"""What accepting a file would change, against cases worked out by hand."""

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings

from careleavers.intake.preview import COUNTS, EFFECTS, Preview
from tests.intake.drafts import LEEDS, NAMES, YORK, Q, draft, figure, held, previewed
from tests.intake.test_checks import ROWS

YEAR = {"frequency": "year", "basis": "full_year", "period": Q[0]}
FILE = [
    figure(50, 100),  # new
    figure(20, 40, indicator="neet"),  # unchanged
    figure(9, 20, age="17-18", period=Q[1]),  # restated
    figure(5, 50, area=YORK),  # new
    figure(value=14.5, indicator="caseload", age="all"),  # restated, from another upload
]
BEFORE = [
    figure(20, 40, indicator="neet"),
    figure(8, 20, age="17-18", period=Q[1]),
    figure(value=15.0, indicator="caseload", age="all", upload=12),
    figure(49, 100, layer="final"),  # another layer
    figure(1, 100, period=Q[0]),  # not in the file
]


def made(**more: Any) -> Preview:
    return previewed(draft(FILE), held(BEFORE), "provisional", **more)


def test_each_figure_is_new_or_restated_or_unchanged() -> None:
    found = made()
    assert list(found.frame["effect"]) == ["new", "unchanged", "restated", "new", "restated"]
    assert found.effects == {"new": 2, "restated": 2, "unchanged": 1, "same as published": 0}
    assert list(found.frame["row"]) == [2, 3, 4, 5, 6]


def test_counts_by_authority_indicator_and_period() -> None:
    found = made()
    columns = ["figures", "new", "restated", "unchanged"]
    authorities = found.by_authority.set_index("authority_name")[columns]
    assert authorities.loc["Leeds"].tolist() == [4, 1, 2, 1]
    assert authorities.loc["York"].tolist() == [1, 1, 0, 0]
    indicators = found.by_indicator.set_index("short_title")[columns]
    assert indicators.loc["Eet"].tolist() == [3, 2, 1, 0]
    assert indicators.loc["Caseload"].tolist() == [1, 0, 1, 0]
    assert dict(zip(found.by_period["period"], found.by_period["figures"], strict=True)) == {
        "2025/26 Q1": 1, "2025/26 Q2": 4,
    }  # fmt: skip


def test_restated_figures_say_what_they_were_and_who_said_so() -> None:
    table = made().table("restated", 10)
    assert table[["authority", "measure", "ages", "period", "was", "now"]].to_numpy().tolist() == [
        ["Leeds", "Eet", "17 to 18", "2025/26 Q1", "40.0% (8 of 20), upload 7", "45.0% (9 of 20)"],
        ["Leeds", "Caseload", "All", "2025/26 Q2", "15.0, upload 12", "14.5"],
    ]
    assert list(made().table("new", 1)["was"]) == [""]
    assert made().table("same as published", 5).empty


def test_sentences_say_which_lines_gain_and_which_change() -> None:
    assert made().sentences == (
        "Local figures of York: 1 measure gains 2025/26 Q2.",
        "Local figures of Leeds: 1 measure gains 2025/26 Q2.",
        "Local figures of Leeds: 1 figure of 2025/26 Q2 changes.",
        "Local figures of Leeds: 1 figure of 2025/26 Q1 changes.",
    )


def test_many_authorities_are_counted_together() -> None:
    rows = [figure(5, 50, area=f"E0600000{n}", indicator=i) for n in range(1, 7) for i in ("eet", "neet")]
    assert previewed(draft(rows), held(), "final").sentences == (
        "Local figures of 6 authorities: 2 measures gain 2025/26 Q2.",
    )
    five = previewed(draft(rows[:10]), held(), "final").sentences
    assert len(five) == 5
    assert five[0] == "Local figures of E06000001: 2 measures gain 2025/26 Q2."


def test_nothing_changes_is_said() -> None:
    assert previewed(draft(BEFORE[:1]), held(BEFORE), "provisional").sentences == (
        "Nothing changes: every figure is held already.",
    )


def test_what_viewers_will_not_see_is_counted() -> None:
    shown = draft(FILE).figures.assign(hidden=[True, False, True, False, False], layer="provisional")
    found = made(protected=shown)
    assert found.hidden == 2
    assert list(found.frame["hidden"]) == [True, False, True, False, False]
    assert found.by_authority.set_index("area_code")["hidden"].to_dict() == {LEEDS: 2, YORK: 0}
    assert found.sentences[-1].startswith(
        "Viewers will not see 2 of the 5 figures: nothing is shown of fewer than 23 young people"
    )
    # Hidden figures of the other layer are not in this file.
    assert made(protected=shown.assign(layer="final")).hidden == 0
    assert "none of these figures" in made(protected=shown.assign(hidden=True)).sentences[-1]


def test_a_release_is_held_against_what_is_published() -> None:
    theirs = [figure(50, 100, **YEAR), figure(20, 40, **{**YEAR, "period": dt.date(2024, 3, 31)})]
    rows = [
        theirs[0],
        figure(21, 40, **{**YEAR, "period": dt.date(2024, 3, 31)}),
        figure(1, 10, indicator="neet", **YEAR),
    ]
    found = previewed(draft(rows, kind="release"), held([figure(1, 100, **YEAR)], theirs), "")
    assert list(found.frame["effect"]) == ["same as published", "restated", "new"]
    assert found.effects == {"new": 1, "restated": 1, "unchanged": 0, "same as published": 1}
    assert list(found.frame["held_by"].fillna("")) == ["release 2025", "release 2025", ""]
    assert found.sentences == (
        "Every page: 1 measure gains the year to 31 March 2025.",
        "Every page: 1 figure of the year to 31 March 2024 changes.",
    )
    assert list(found.by_period["period"]) == ["year to 31 March 2024", "year to 31 March 2025"]


def test_a_final_figure_stands_beside_the_provisional_one() -> None:
    rows = [figure(50, 100), figure(20, 40, indicator="neet"), figure(9, 20, age="17-18"), figure(7, 20, area=YORK)]
    before = [
        figure(49, 100), figure(20, 40, indicator="neet"),
        # Where a final figure is held, that is the one that changes.
        figure(7, 20, age="17-18"), figure(8, 20, age="17-18", layer="final", upload=12),
    ]  # fmt: skip
    found = previewed(draft(rows), held(before), "final")
    assert list(found.frame["effect"]) == ["finalised", "finalised", "restated", "new"]
    assert found.table("finalised", 5)[["was", "now"]].to_numpy().tolist() == [
        ["49.0% (49 of 100), upload 7, provisional", "50.0% (50 of 100)"],
        ["50.0% (20 of 40), upload 7, provisional", "50.0% (20 of 40)"],
    ]
    assert found.table("restated", 5)["was"].tolist() == ["40.0% (8 of 20), upload 12"]
    assert found.sentences == (
        "Local figures of York: 1 measure gains 2025/26 Q2.",
        "Local figures of Leeds: 2 figures of 2025/26 Q2 become final, 1 of them with another value.",
        "Local figures of Leeds: 1 figure of 2025/26 Q2 changes.",
    )
    # A provisional file is not compared with final figures in that way.
    assert list(previewed(draft(rows[2:3]), held(before[3:]), "provisional").frame["effect"]) == ["new"]


@pytest.mark.parametrize(
    ("source", "release", "effect", "said"),
    [
        ("cla", "2026", "restated", "Every page: 1 figure of the year to 31 March 2025 changes."),
        ("cla", "2025", "restated", "Every page: 1 figure of the year to 31 March 2025 changes."),
        ("cla", "2024", "superseded", "No page changes."),
        ("tool", "2026", "superseded", "No page changes."),
    ],
)
def test_of_a_release_only_what_would_be_in_force_changes_anything(
    source: str, release: str, effect: str, said: str
) -> None:
    asked = draft([figure(40, 100, **YEAR)], kind="release")
    asked.figures = asked.figures.assign(source=source, release=release)
    found = previewed(asked, held((), [figure(50, 100, **YEAR)]), "")
    assert (list(found.frame["effect"]), found.sentences[0]) == ([effect], said)
    table = found.table(effect, 5)
    assert table[["was", "now"]].to_numpy().tolist() == [["50.0% (50 of 100), release 2025", "40.0% (40 of 100)"]]


def test_indicators_of_an_authoritys_own() -> None:
    entries = pd.DataFrame({"row": [2, 3], "id": ["lessons", "eet"], "title": ["Driving lessons", "EET by our rules"]})
    found = previewed(draft(kind="catalogue", entries=entries), held(), "")
    assert found.effects == {"new": 1, "restated": 1, "unchanged": 0, "same as published": 0}
    assert found.sentences == (
        "Definitions: 1 indicator is added: Driving lessons.",
        "Definitions: 1 indicator is changed: EET by our rules.",
    )


def test_events() -> None:
    entries = pd.DataFrame({"row": [2, 3], "authority_code": [LEEDS, YORK]})
    found = previewed(draft(kind="events", entries=entries), held(), "")
    assert found.effects["new"] == 2
    assert found.sentences == ("Inspections: 2 events of Leeds and York are added.",)


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(ROWS, ROWS)
def test_the_counts_add_up_whatever_is_in_the_file(rows: Any, before: Any) -> None:
    file = draft(rows)
    found = previewed(file, held(before), "final", file.figures.assign(hidden=[n % 2 == 0 for n in range(len(rows))]))
    assert sum(found.effects.values()) == len(found.frame)
    assert set(found.frame["effect"]) <= set(EFFECTS)
    assert found.hidden == found.frame["hidden"].sum()
    for counts in (found.by_authority, found.by_indicator, found.by_period):
        assert counts["figures"].sum() == len(found.frame)
        assert counts["hidden"].sum() == found.hidden
        assert counts[list(COUNTS[1:-1])].sum().sum() == len(found.frame)
    assert sum(len(found.table(effect, len(rows))) for effect in EFFECTS) == len(found.frame)
    assert found.sentences
    assert set(found.names) == set(NAMES)
