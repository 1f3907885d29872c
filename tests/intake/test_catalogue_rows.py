"""Indicators of a council's own, by an uploaded catalogue."""

from collections.abc import Callable

import pytest

from careleavers.figures.schema import TABLES
from careleavers.intake.model import Draft

Read = Callable[..., Draft]
HEADER = "id,title,definition,polarity"
DRIVING = "driving_lessons,Care leavers having driving lessons,How many were having driving lessons.,high"


def catalogue(read: Read, *lines: str, header: str = HEADER) -> Draft:
    draft = read(*lines, header=header)
    assert draft.kind == "catalogue"
    assert draft.figures.empty
    return draft


def problems(draft: Draft) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.rule.id, finding.cells) for finding in draft.findings]


def test_four_columns_are_enough(read: Read) -> None:
    draft = catalogue(read, DRIVING)
    assert len(draft.findings) == 0
    assert tuple(draft.entries.columns) == ("row", *TABLES["indicators"])
    (entry,) = draft.entries.to_dict("records")
    assert entry == {
        "row": 2, "id": "driving_lessons", "title": "Care leavers having driving lessons",
        "short_title": "Care leavers having driving lessons", "phrase": "{value} Care leavers having driving lessons",
        "theme": "outcome", "sub_theme": "Councils’ own measures", "family": "driving_lessons", "adds_up": "", "part_of": "", "unit": "percent", "polarity": "high", "decimals": 0,
        "headline": "no", "age_groups": "all", "interval": "wilson", "numerator_counts": "what the definition says",
        "denominator_counts": "", "definition": "How many were having driving lessons.",
        "caveats": "A council's own measure: another council may count it differently or not at all.", "source": "local",
        "published_every": "quarter", "statutory_return": "No return: councils report it to themselves", "target": "yes", "not_known": "", "everyday": "",
    }  # fmt: skip


def test_what_is_given_is_kept_and_words_are_understood(read: Read) -> None:
    draft = catalogue(
        read,
        'pa_cases,Cases of a PA,Mean number of cases.,Lower is better,Average,"17 to 18, 19-21",2,Cases per PA,{value} cases per PA,'
        "cases,advisers.,enabler",
        header="ID,Title,Definition,Which way is better,Unit,Ages,Decimals,Short title,phrase,Numerator,Denominator,Theme",
    )
    (entry,) = draft.entries.to_dict("records")
    kept = ("polarity", "unit", "age_groups", "decimals", "short_title", "phrase", "numerator_counts", "denominator_counts",
            "theme", "interval")  # fmt: skip
    assert [entry[name] for name in kept] == [
        "low", "ratio", "17-18;19-21", 2, "Cases per PA", "{value} cases per PA", "cases", "advisers", "enabler", "none",
    ]  # fmt: skip


@pytest.mark.parametrize("unit", ["pounds", "Pounds", "£", "GBP"])
def test_a_measure_may_be_in_pounds(read: Read, unit: str) -> None:
    draft = catalogue(
        read,
        f"grants,Setting-up grant,What was paid on average.,neither,{unit}",
        header="id,title,definition,polarity,unit",
    )
    (entry,) = draft.entries.to_dict("records")
    assert (entry["unit"], entry["decimals"], entry["interval"]) == ("pounds", 0, "none")


def test_a_neutral_indicator_has_no_target(read: Read) -> None:
    draft = catalogue(read, DRIVING.replace("high", "neutral"))
    assert draft.entries["target"].tolist() == ["no"]


@pytest.mark.parametrize(
    ("line", "rule", "cell"),
    [
        ("driving,Driving,,high", "missing_text", "C2"),
        ("driving,Driving,How many.,", "missing_text", "D2"),
        (",Driving,How many.,high", "missing_text", "A2"),
        ("driving,Driving,How many.,good", "bad_word", "D2"),
        ("eet,Driving,How many.,high", "id_taken", "A2"),
        ("driving,In touch with the council,How many.,high", "id_taken", "B2"),
        ("driving lessons,Driving,How many.,high", "bad_id", "A2"),
        ("7up,Driving,How many.,high", "bad_id", "A2"),
        ("driving,Driving {value},How many.,high", "bad_text", "B2"),
        (f"driving,{'long ' * 50},How many.,high", "bad_text", "B2"),
    ],
)
def test_what_must_be_fixed(read: Read, line: str, rule: str, cell: str) -> None:
    draft = catalogue(read, line)
    assert (rule, (cell,)) in problems(draft)
    assert draft.findings.blocking
    assert draft.entries.empty


def test_a_phrase_takes_the_figure_and_nothing_else(read: Read) -> None:
    for phrase in ("no figure", "{value} and {value}", "{value.__class__}", "{value} {other}"):
        draft = catalogue(read, f"{DRIVING},{phrase}", header=f"{HEADER},phrase")
        assert problems(draft) == [("bad_text", ("E2",))]


def test_ids_and_titles_stand_once(read: Read) -> None:
    other = DRIVING.replace("driving_lessons", "driving_tests")
    assert problems(catalogue(read, DRIVING, DRIVING)) == [("id_taken", ("A3",)), ("id_taken", ("B3",))]
    assert problems(catalogue(read, DRIVING, other)) == [("id_taken", ("B3",))]


def test_missing_columns_and_an_empty_catalogue(read: Read) -> None:
    assert [rule for rule, _ in problems(catalogue(read, "a_b,A,high", header="id,title,polarity"))] == [
        "missing_column"
    ]
    assert [rule for rule, _ in problems(catalogue(read))] == ["no_rows"]


def test_an_indicator_of_ones_own_stands_alone(read: Read) -> None:
    draft = catalogue(read, f"{DRIVING},activity,eet", header=f"{HEADER},family,part_of")
    assert problems(draft) == [("column_not_used", ("E1",)), ("column_not_used", ("F1",))]
    assert draft.entries[["family", "part_of"]].values.tolist() == [["driving_lessons", ""]]


def test_ages_that_are_none(read: Read) -> None:
    assert problems(catalogue(read, f"{DRIVING},young", header=f"{HEADER},ages")) == [("bad_text", ("E2",))]
