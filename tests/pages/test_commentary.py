"""Comments under a figure: who sees and writes them, on every page that shows the figure, and what is asked before saving."""

from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from careleavers.figures.warehouse import Warehouse
from careleavers.views.commentary.view import FigureKey, content
from tests.pages.opened import check
from tests.upload_service import ANN, EVE, LEEDS, LOU, VIEWER, YAN, Council, open_pages, page, page_here, said

SAID = "More of our young people moved away in the autumn."
EET = {"authority": "Leeds", "indicator": "eet", "age": "19-21"}
KEY = FigureKey("eet", "19-21", "2025-03-31")


@pytest.fixture
def council(tmp_path: Path, warehouse: Warehouse) -> Iterator[Council]:
    with open_pages(tmp_path, warehouse) as made:
        yield made


@pytest.fixture(scope="module")
def with_comments(warehouse: Warehouse, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A comment for everybody and one for officers. No test changes them."""
    with open_pages(tmp_path_factory.mktemp("comments"), warehouse) as made:
        comment(made)
        comment(made, "Only for us", FigureKey("neet", "19-21", "2025-03-31"), public=False)
        yield


def comment(council: Council, text: str = SAID, figure: FigureKey = KEY, public: bool = True) -> None:
    council.store.documents.save("commentary", LEEDS, figure.key, content(text), ANN, public=public)


def comments(at: AppTest) -> str:
    return "".join(
        each.proto.body
        for each in at.get("html")
        if "cl-comments" in each.proto.body and "<style" not in each.proto.body
    )


def save(at: AppTest, text: str, readers: str = "everybody") -> AppTest:
    at.text_area[0].set_value(text)
    next(box for box in at.radio if box.label == "Who may read it").set_value(readers)
    return press(at, "Save the comment")


def press(at: AppTest, label: str) -> AppTest:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("compare", EET | {"period": "2025-03-31"}), ("spread", EET), ("map", EET), ("trends", EET),
        ("at_a_glance", {"authority": "Leeds"}), ("inspections", EET), ("together", EET),
        ("build_your_own", {"authority": "Leeds", "measures": "eet.19-21", "areas": "E08000035,E92000001"}),
    ],
)  # fmt: skip
def test_it_stands_under_the_figure_on_every_page(with_comments: None, name: str, query: dict[str, str]) -> None:
    at = page(name, None, **query)
    check(at)
    assert "Leeds: the council’s own words" in comments(at)
    assert SAID in comments(at)
    assert "Ann Ames, " in comments(at)
    assert "Only for us" not in said(at)
    assert not [each for each in at.expander if "comment" in each.label]
    # Another council's page has none of it.
    of_kent = page(name, None, **(query | {"authority": "Kent"}))
    assert SAID not in said(of_kent)
    assert comments(of_kent) == ""


def test_on_the_workforce_and_local_figures_pages(council: Council) -> None:
    comment(council, "We filled every post.", FigureKey("caseload", "all", "2025-09-30"))
    assert "We filled every post." in comments(page("workforce", None, authority="Leeds"))
    council.accept()
    comment(council, "A good quarter.", FigureKey("eet", "19-21", "2025-09-30", "quarter"))
    shown = comments(page("local_figures", None, authority="Leeds"))
    assert "A good quarter." in shown
    assert "In education, work or training, aged 19 to 21, 2025/26 Q2" in shown
    # The official figure of the year is another.
    assert "A good quarter." not in comments(page("compare", None, **EET))


def test_who_may_write_where_the_figure_is(council: Council) -> None:
    for person in (None, VIEWER, YAN):
        at = page("compare", person, **EET)
        assert not [each for each in at.expander if "comment" in each.label]
        assert comments(at) == ""
    at = page("compare", ANN, **EET)
    assert [each.label for each in at.expander] == ["Add a comment"]
    at = save(at, f"{SAID}\n\nWe visit each of them now.", readers="officers")
    check(at)
    assert "The comment was saved." in said(at)
    assert "for officers of this council only" in comments(at)
    assert comments(page("compare", None, **EET)) == ""
    at = page("compare", LOU, **EET)
    assert [each.label for each in at.expander] == ["Change or withdraw the comment"]
    assert at.text_area[0].value.startswith(SAID)
    save(at, "Better said.")
    assert "Better said." in comments(page("compare", None, **EET))
    assert [each.version for each in council.store.documents.history(1, ANN)] == [2, 1]
    at = page("compare", EVE, **EET)
    next(box for box in at.text_input if box.label == "Reason for withdrawing it").set_value("not agreed")
    at = press(at, "Withdraw the comment")
    assert comments(at) == ""
    assert [each.label for each in at.expander] == ["Add a comment"]
    assert comments(page("compare", None, **EET)) == ""


def test_what_is_looked_for_before_it_is_saved(council: Council) -> None:
    at = page("compare", ANN, **EET)
    for text, told in (("", "Write something first"), ("   ", "Write something first")):
        assert told in save(at, text).warning[0].value
    assert "a telephone number" in save(at, "Call 0113 496 0000").error[0].value
    at = save(at, "Two young people went to Spain with Tom Baxter.")
    assert council.store.documents.length() == 0
    warned = " ".join(each.value for each in at.warning).replace("\\", "")
    assert "“Tom Baxter”: is this a person?" in warned
    assert "“Two young people”: such a small number may show who they are" in warned
    # Pressing again without having looked keeps nothing, and neither does a tick for another text.
    at = save(at, "Two young people went to Spain with Tom Baxter.")
    assert council.store.documents.length() == 0
    next(box for box in at.checkbox if box.label.startswith("I have checked")).check()
    at = save(at, "Three young people went to Spain with Tom Baxter.")
    assert council.store.documents.length() == 0
    next(box for box in at.checkbox if box.label.startswith("I have checked")).check()
    at = save(at, "Three young people went to Spain with Tom Baxter.")
    assert council.store.documents.length() == 1


def test_somebody_who_saved_in_between_is_named(council: Council) -> None:
    at = page("compare", ANN, **EET)
    council.store.documents.save("commentary", LEEDS, KEY.key, content("Lou’s words"), LOU, public=True)
    at = save(at, "Ann’s words")
    assert "Lou Lee saved it" in at.error[0].value.replace("\\", "")
    assert council.store.documents.length() == 1
    assert "Lou’s words" in comments(page("compare", None, **EET))


def test_without_sign_in_the_writer_gives_a_name(council: Council) -> None:
    at = page_here("compare", **EET)
    with patch.object(type(streamlit.context), "headers", {"careleavers-origin": "local"}):
        at = save(at, SAID)
        assert "Give your name" in at.warning[0].value
        next(box for box in at.text_input if box.label.startswith("Your name")).set_value("Jo Bloggs")
        save(at, SAID)
    assert "Jo Bloggs, " in comments(page("compare", None, **EET))


def test_a_store_that_is_away_breaks_no_page(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    comment(council)
    assert SAID in comments(page("compare", None, **EET))
    path = Path(council.store._address.target)
    away = path.with_name("away")
    path.rename(away)
    at = page("compare", None, **EET)
    assert not at.error
    assert SAID in comments(at)
    away.rename(path)


def test_the_history_lists_what_was_written_with_its_versions(council: Council) -> None:
    comment(council)
    comment(council, "A second version")
    at = page("history", ANN, authority="Leeds")
    check(at)
    text = said(at)
    assert "Comments, answers, reports and plans" in text
    assert "A second version" in text
    assert SAID in text
    next(box for box in at.text_input if box.label.startswith("Reason")).set_value("not agreed")
    at = press(at, "Withdraw it")
    assert "The comment was withdrawn" in said(at)
    next(box for box in at.text_input if box.label.startswith("Reason")).set_value("agreed now")
    press(at, "Put it back")
    assert "A second version" in comments(page("compare", None, **EET))
    assert "Nothing has been written yet" in said(page("history", YAN))
    assert "Comments, answers, reports and plans" not in said(page("history", VIEWER))
