"""What councils say of their figures: who reads it, what is looked for in it, and that it is never markup."""

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careleavers.access.people import NOBODY, THIS_MACHINE, Person
from careleavers.figures.warehouse import Warehouse
from careleavers.store import open_store
from careleavers.views.commentary import checks, markup, view
from careleavers.views.commentary.history import documents_table, versions_table
from careleavers.views.commentary.view import FigureKey
from careleavers.views.context import context_of
from careleavers.views.questions import answers
from tests.upload_service import ANN, LEEDS, VIEWER, YAN, opened, row, table

EET = FigureKey("eet", "19-21", "2025-03-31")
QUARTER = FigureKey("eet", "19-21", "2025-09-30", "quarter")


@pytest.fixture
def documents(tmp_path: Path):
    store = open_store(str(tmp_path / "uploads.duckdb"))
    yield store.documents
    store._database.close()


@pytest.fixture(scope="module")
def indicators(warehouse: Warehouse):
    return context_of(warehouse).indicators


def say(documents, text: str, figure: FigureKey = EET, who: Person = ANN, **more):
    return documents.save("commentary", LEEDS, figure.key, view.content(text, more.pop("name", "")), who, **more)


def test_a_comment_says_whose_it_is_and_of_what(documents, indicators) -> None:
    say(documents, "More of our young people\n\n\nmoved away.", public=True)
    say(documents, "Not yet signed off", FigureKey("neet", "19-21", "2025-03-31"))
    say(documents, "The quarter", QUARTER, public=True)
    say(documents, "Of a measure that is gone", FigureKey("gone", "19-21", "2025-03-31"), public=True)
    (mine,) = view.comments(documents, NOBODY, LEEDS, indicators, [EET])
    assert mine.about == "In education, work or training, aged 19 to 21, March 2025"
    assert mine.paragraphs == ("More of our young people", "moved away.")
    assert mine.by_line.startswith("Ann Ames, ")
    about = [FigureKey("neet", "19-21", "2025-03-31")]
    assert view.comments(documents, NOBODY, LEEDS, indicators, about) == []
    (private,) = view.comments(documents, ANN, LEEDS, indicators, about)
    assert private.by_line.endswith("for officers of this council only")
    every = view.comments(documents, ANN, LEEDS, indicators)
    assert [comment.text for comment in every] == [
        "The quarter", "More of our young people\nmoved away.", "Not yet signed off",
    ]  # fmt: skip
    for person in (NOBODY, VIEWER, YAN):
        assert "Not yet signed off" not in str(view.comments(documents, person, LEEDS, indicators))
    say(documents, "More of them moved away.", public=True)
    (changed,) = view.comments(documents, NOBODY, LEEDS, indicators, [EET])
    assert "last changed on" in changed.by_line


def test_without_sign_in_the_name_that_was_given_is_shown(documents, indicators) -> None:
    here = Person(THIS_MACHINE, "account", "You, on this machine", "administrator")
    say(documents, "Said here", who=here, public=True, name="Jo Bloggs, head of service")
    (comment,) = view.comments(documents, NOBODY, LEEDS, indicators)
    assert comment.name == "Jo Bloggs, head of service"
    # Whoever signs in cannot write under another name.
    say(documents, "Said by Ann", public=True, name="Jo Bloggs")
    assert view.comments(documents, NOBODY, LEEDS, indicators)[0].name == "Ann Ames"


@given(st.text(max_size=200))
def test_nothing_that_is_typed_is_markup(text: str) -> None:
    said = view.paragraphs(text)
    comment = view.Comment(1, 1, EET, "About", said, True, "Ann", dt.datetime(2026, 3, 12, tzinfo=dt.UTC))
    drawn = markup.comments([comment], "Leeds", one_figure=True)
    inside = "".join(said)
    assert not set("<>`*[]|\\$") & set(inside)
    assert drawn.count("<") == drawn.count(">") == 2 * (4 + len(said))


def test_attacks_are_shown_as_they_look(documents, indicators) -> None:
    evil = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) $a$ =cmd|' /C calc'!A0 https://evil.example"
    say(documents, evil, public=True)
    (comment,) = view.comments(documents, NOBODY, LEEDS, indicators)
    drawn = markup.comments([comment], "Leeds", one_figure=False)
    assert "<script" not in drawn
    assert "](" not in drawn
    assert "https://" not in drawn
    assert "Leeds: the council’s own words" in drawn


@pytest.mark.parametrize("key", ["", "eet", "eet/19-21/2025", "a/b/c/d", "eet/19-21/2025-03-31/published/more"])
def test_keys_of_other_things_are_no_figures(key: str) -> None:
    assert FigureKey.of(key) is None
    assert FigureKey.of(EET.key) == EET


# ---------------------------------------------------------------- what is looked for


def asked(text: str, **more) -> str:
    return " ".join(checks.check_text(text, **({"public": True, "step": 5} | more)).to_confirm)


@pytest.mark.parametrize(
    "text", ["born 3.4.2006", "ann@example.org", "0113 496 0000", "NHS 943 476 5919", "case no 12345"]
)
def test_identifiers_are_refused(text: str) -> None:
    found = checks.check_text(f"One moved away, {text}", public=False)
    assert "looks like" in found.refused
    assert found.to_confirm == ()


def test_what_may_be_a_name_is_asked_about() -> None:
    assert "“Tom Baxter”" in asked("We lost touch with Tom Baxter in May", public=False)
    for text in (
        "Leeds City Council",
        "The Virtual School of Kirklees",
        "Children’s Social Care",
        "In March we changed it",
    ):
        assert asked(text, places=["Leeds", "Kirklees"]) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Two young people moved abroad", "“Two young people”"),
        ("we lost 3 of our care leavers", "“3 of our care leavers”"),
        ("Of these, four young mothers are at home", "“four young mothers”"),
        ("1 child", "“1 child”"),
        ("five of them", "“five of them”"),
        ("3 of our 25 moved out of the area", "“3 of our 25”"),
        ("Two of the 40 have a place", "“Two of the 40”"),
        ("one is in custody", "“one is in custody”"),
    ],
)
def test_small_numbers_of_young_people_are_asked_about(text: str, told: str) -> None:
    assert told in asked(text)
    # Officers of the council may know them.
    assert asked(text, public=False) == ""


@pytest.mark.parametrize(
    "text",
    [
        "A few young people moved away", "12 young people began work", "5% of care leavers", "two thirds of care leavers",
        "For three years young people have waited", "2 personal advisers left", "one reason is housing",
        "in 2025 care leavers moved", "Two new schemes for care leavers", "3 percentage points", "up 4 points for young people",
        "1 in 5 care leavers", "the 2 to 1 support",
    ],
)  # fmt: skip
def test_other_numbers_are_not(text: str) -> None:
    assert asked(text) == ""


def test_an_exact_count_behind_a_rounded_figure_is_asked_about(tmp_path: Path, warehouse: Warehouse) -> None:
    with opened(tmp_path, warehouse) as council:
        council.accept(table(row(37, 78), row(41, 78, indicator="neet")))
        council.accept(table(row(24, 63, indicator="in_touch", period="2025/26 Q1")))
        hidden = checks.hidden_counts(council.versions, LEEDS)
        assert hidden.by_measure[EET.measure] == {37, 78}
        about = {"hidden": hidden, "measure": QUARTER.measure}
        assert "“37”: an exact count" in asked("We reached 37 of our young people", **about)
        assert "“37 out of 78”: an exact count" in asked("37 out of 78 were in work", **about)
        assert asked("37% were in work, about 35 of 80", **about) == ""
        assert asked("41 others", **about) == ""
        # Of other figures only both numbers together say whom they count.
        assert "“24 of 63”" in asked("We met 24 of 63 and 24 advisers", **about)
        assert asked("24 of them, and 63 others", **about) == ""
        assert "“37 of the 78”" in asked("37 of the 78", hidden=hidden)
        assert asked("37 out of 78", hidden=hidden, public=False) == ""


def test_what_officers_see_of_it_is_text(documents, indicators) -> None:
    evil = "<b>bold</b>"
    say(documents, evil, public=True, reason=evil)
    documents.save(
        "question", LEEDS, "figure.activity", answers.content("Why?", dt.date(2026, 7, 1), evil), ANN, public=True
    )
    documents.withdraw(1, ANN, evil)
    every = documents.every(ANN, withdrawn=True)
    shown = documents_table(every, {LEEDS: "Leeds"}, indicators)
    assert shown["What"].tolist() == ["Comment", "Answer"]
    assert shown["State"].tolist() == ["Withdrawn", "In force"]
    assert shown["About"].tolist() == ["In education, work or training, aged 19 to 21, March 2025", "Why?"]
    versions = versions_table(documents.history(1, ANN))
    assert versions["Done"].tolist() == ["Withdrawn", "Saved"]
    assert "<" not in shown.to_csv() + versions.to_csv()
