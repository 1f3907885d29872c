"""The check report: counted, grouped, never cut short without saying so."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careleavers.intake import report as r
from careleavers.intake.model import SEVERITIES, Findings
from careleavers.intake.rules import RULES
from tests.intake.rule_words import template_words


def findings(*added: tuple[Any, ...], **words: str) -> Findings:
    made = Findings(RULES)
    for rule, *where in added:
        made.add(rule, *where, **{word: words.get(word, word) for word in template_words(RULES[rule])})
    return made


SOME = findings(
    ("small_n", 3, 7, "4"),
    ("small_n", 4, 7, "4"),
    ("small_n", 9, 7, "5"),
    ("negative", 12, 6, "-1"),
    ("restated", 5, 6, "52"),
    ("no_rows",),
)


def test_sections_go_from_what_stops_the_file_to_what_is_good_to_know() -> None:
    whole = r.report(SOME)
    assert [(s.severity, s.count) for s in whole.sections] == [
        ("must fix", 2), ("please confirm", 1), ("for information", 3)
    ]  # fmt: skip
    assert [each.rule.id for each in whole.sections[0].rules] == ["no_rows", "negative"]
    assert (whole.count, whole.blocking, whole.to_confirm) == (6, True, True)
    assert whole.headline == "2 things must be fixed, 1 to confirm and 3 for information."
    (few,) = whole.section("for information").rules
    assert (few.count, few.cells) == (3, ("H3", "H4", "H9"))
    assert [f.found for f in few.findings] == ["4", "5"]


def test_nothing_found_is_said() -> None:
    whole = r.report(Findings(RULES))
    assert whole.headline == "Nothing to put right."
    assert not whole.blocking
    assert not whole.to_confirm
    assert r.report_text(Findings(RULES)) == "Nothing to put right."
    assert r.report_frame(Findings(RULES)).empty


def test_one_thing_is_not_things() -> None:
    assert r.report(findings(("negative", 2, 6, "-1"))).headline == "1 thing must be fixed."


def test_what_is_not_shown_is_counted() -> None:
    many = Findings(RULES)
    for row in range(2, 4_133):
        many.add("negative", row, 6, f"-{row}", what="Numerator")
    (rule,) = r.report(many).section("must fix").rules
    first, more = rule.shown(most=11)
    assert [finding.cells for finding in first] == [(f"G{row}",) for row in range(2, 13)]
    assert more == "and 4,120 more cells, all in the checked file"
    assert rule.shown(most=5_000)[1] == ""
    text = r.report_text(many)
    assert "A negative number (4,131)" in text
    assert "and 4,126 more cells, all in the checked file" in text


@pytest.mark.parametrize(
    ("rows", "column", "said"),
    [
        ((14,), 2, "C14"),
        ((14, 15), 2, "C14:C15"),
        ((14, 16, 17, 18, 30), 27, "AB14, AB16:AB18 and AB30"),
        ((14, 15, 16, 40), None, "rows 14 to 16 and row 40"),
        ((), None, ""),
        ((1, 3, 5, 7, 9, 11, 13), 0, "A1, A3, A5, A7, A9, A11 and 1 more cell, all in the checked file"),
        ((1, 3, 5, 7, 9, 11, 13, 14), None, "row 1, row 3, row 5, row 7, row 9, row 11 and 2 more rows, all in the checked file"),
    ],
)  # fmt: skip
def test_cells_are_named_as_a_spreadsheet_names_them(rows: tuple[int, ...], column: int | None, said: str) -> None:
    made = findings(*(("negative", row, column, "x") for row in rows)) if rows else findings(("no_rows",))
    (finding,) = made
    assert r.cells_text(finding) == said


def test_the_download_has_a_row_a_cell() -> None:
    frame = r.report_frame(SOME)
    assert tuple(frame.columns) == r.COLUMNS
    assert list(frame["cell"]) == ["", "G12", "G5", "H3", "H4", "H9"]
    assert list(frame["severity"]) == ["must fix", "must fix", "please confirm", *["for information"] * 3]
    assert frame["found"].iloc[1] == "-1"
    assert frame["expected"].iloc[1] == "what: 0 or more."


def test_long_and_hostile_cells_are_kept_short_and_on_one_line() -> None:
    assert r.shortened("a\nb\tc") == "a b c"
    assert r.shortened("x" * 60) == "x" * 60
    assert r.shortened("x" * 61) == "x" * 59 + "…"
    # Escape sequences and characters that reverse the text direction could forge a terminal's output.
    text = r.report_text(findings(("negative", 2, 6, "\x1b[2J\u202eevil"), what="\x1b]0;title\x07"))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "evil" in text
    assert text.count("\n") == 6


cells = st.tuples(
    st.sampled_from(sorted(RULES)),
    st.one_of(st.none(), st.integers(1, 40)),
    st.one_of(st.none(), st.integers(0, 30)),
    st.text(max_size=80),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(cells, max_size=30))
def test_the_counts_add_up_whatever_was_found(added: list[tuple[Any, ...]]) -> None:
    made = findings(*added)
    whole = r.report(made)
    frame = r.report_frame(made)
    assert whole.count == made.count() == len(frame)
    assert whole.blocking == made.blocking
    for severity, section in zip(SEVERITIES, whole.sections, strict=True):
        assert section.count == made.count(severity) == (frame["severity"] == severity).sum()
        assert section.count == sum(rule.count for rule in section.rules)
    for finding in made:
        named = r.cells_text(finding, most=1_000)
        assert "more" not in named
    assert all(line.isprintable() for line in r.report_text(made).split("\n"))
