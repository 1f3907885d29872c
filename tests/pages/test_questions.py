"""The Questions page: what is asked, what is taken along in the address, and what was answered before."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.keeping import expected, save
from careleavers.views.questions import answers, words
from careleavers.views.watch_list.keeping import WATCH_LIST, list_content
from tests.pages.opened import Page, check
from tests.upload_service import ANN, LEEDS, VIEWER, YAN, Council, open_pages, said
from tests.upload_service import page as opened_by


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(tmp_path, warehouse) as made:
        yield made


def questions(at: AppTest) -> list[str]:
    return [found for each in at.get("html") for found in re.findall(r'cl-question"><h2>(.*?)</h2>', each.proto.body)]


def taken(at: AppTest) -> list[str]:
    return [
        found
        for each in at.get("html")
        if 'class="cl-questions"' in each.proto.body
        for found in re.findall(r"<li><b>(.*?)</b>", each.proto.body)
    ]


def test_the_questions_of_leeds_and_what_is_taken_along(page: Page) -> None:
    at = page(authority="Leeds")
    check(at)
    asked = questions(at)
    assert asked[0].startswith("1. Why do we no longer know what 81 of our 600 care leavers aged 19 to 21 are doing")
    assert len(asked) == len(at.checkbox) > 5
    assert taken(at) == []
    for classic in words.CLASSICS:
        assert classic in said(at)
    at.checkbox[1].check().run()
    at.checkbox[0].check().run()
    assert at.query_params["taken"] == "not_known.not_known,figure.activity"
    assert len(taken(at)) == 2
    assert taken(at)[0].startswith("Why do we no longer know")
    at.checkbox[0].uncheck().run()
    at.checkbox[1].uncheck().run()
    assert "taken" not in at.query_params
    assert not at.expander


def test_a_link_brings_the_questions_back(page: Page) -> None:
    at = page(authority="Leeds", taken="figure.touch,nonsense.<b>,not_known.not_known")
    assert [box.value for box in at.checkbox][:4] == [True, False, False, True]
    assert len(taken(at)) == 2
    assert at.query_params["taken"] == "not_known.not_known,figure.touch"


def test_without_a_council_or_with_one_that_is_gone(page: Page) -> None:
    at = page()
    check(at)
    assert at.title[0].value == "Questions to ask"
    at = page(authority="Cumbria (to 2023)")
    assert words.CLOSED in [each.value for each in at.info]
    assert not at.checkbox


@pytest.mark.parametrize("name", ["City of London", "Isles of Scilly", "Hampshire", "West Northamptonshire"])
def test_other_kinds_of_councils(page: Page, name: str) -> None:
    at = page(authority=name)
    check(at)
    # Two or three people are counted in the Isles of Scilly: no ground for a question about a percentage.
    assert bool(questions(at)) == (name != "Isles of Scilly")
    assert (words.NOTHING in [each.value for each in at.info]) == (name == "Isles of Scilly")


def record(at: AppTest, text: str, **more: str) -> AppTest:
    at.text_area[0].set_value(text)
    for box in at.radio:
        if more.get("readers"):
            box.set_value(more["readers"])
    return next(button for button in at.button if button.label == "Save the answer").click().run()


def test_an_answer_is_recorded_and_shown_when_it_is_asked_again(council: Council) -> None:
    at = opened_by("questions", ANN, authority="Leeds")
    assert not [each for each in at.get("html") if "cl-answer" in each.proto.body]
    at.date_input[0].set_value(dt.date(2026, 7, 1))
    at = record(at, "We call each of them\nonce a month now.")
    check(at)
    assert "The answer was recorded" in said(at)
    for person in (None, VIEWER, YAN, ANN):
        shown = said(opened_by("questions", person, authority="Leeds"))
        assert "Asked in July 2026: Why do we no longer know what 81 of our 600 care leavers" in shown
        assert "once a month now." in shown
        assert "Recorded by Ann Ames" in shown
    # Only officers of this council may record one.
    assert not opened_by("questions", VIEWER, authority="Leeds").expander
    assert not opened_by("questions", YAN, authority="Leeds").expander
    held = answers.answers(council.store.documents, ANN, LEEDS)
    assert list(held) == ["not_known.not_known"]
    assert "Asked in July 2026" not in said(opened_by("questions", None, authority="Kent"))


def test_names_and_identifiers_in_an_answer(council: Council) -> None:
    at = record(opened_by("questions", ANN, authority="Leeds"), "Write to ann@example.org")
    assert "looks like an email address" in at.error[0].value.replace("\\", "")
    at = record(at, "We asked Tom Baxter")
    assert "Tom Baxter" in at.warning[0].value
    assert council.store.documents.length() == 0
    next(box for box in at.checkbox if box.label.startswith("I have checked")).check()
    at = record(at, "We asked Tom Baxter", readers="officers")
    assert council.store.documents.length() == 1
    assert "Tom Baxter" not in said(opened_by("questions", None, authority="Leeds"))
    assert "for officers of this council only" in said(opened_by("questions", ANN, authority="Leeds"))


def test_a_target_that_is_missed_is_asked_about_by_those_who_may_know_it(council: Council) -> None:
    target = {
        "indicator": "vacancy_rate", "age_group": "all", "kind": "local", "target": 1.0, "tolerance": 0.0,
        "direction": "at_most", "note": "",
    }  # fmt: skip
    documents = council.store.documents
    for public, seen in ((False, {ANN}), (True, {ANN, VIEWER, None})):
        now = expected(documents, WATCH_LIST, LEEDS, ANN)
        save(documents, WATCH_LIST, LEEDS, list_content([target], None), ANN, public=public, expected=now)
        for person in (ANN, VIEWER, None):
            asked = "".join(questions(opened_by("questions", person, authority="Leeds")))
            assert ("when our own target is at most 1%?" in asked) == (person in seen)


def test_an_exact_count_in_an_answer_is_asked_about(council: Council) -> None:
    council.accept()
    at = record(opened_by("questions", ANN, authority="Leeds"), "It is 24 of 51 now.")
    assert "“24 of 51”: an exact count" in at.warning[0].value.replace("\\", "")
    assert council.store.documents.length() == 0
