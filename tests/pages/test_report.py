"""The Report page: a pack is put together, kept in the link, previewed and made."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from careleavers import pictures
from careleavers.packs import model
from careleavers.packs.workshop import FILES
from tests.pages.opened import Page, check

LEEDS = "E08000035"


@pytest.fixture(autouse=True)
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser takes seconds to start; what it draws is tested elsewhere."""
    monkeypatch.setattr(pictures, "available", lambda: False)


def preview(at: AppTest) -> str:
    return next(found.proto.body for found in at.get("html") if "cl-pack" in found.proto.body)


def link(at: AppTest) -> str:
    found = at.query_params.get("pack", "")
    return found[0] if isinstance(found, list) else str(found)


def held(at: AppTest) -> model.PackSettings:
    return model.from_link(link(at), LEEDS, "neighbours")


def button(at: AppTest, start: str):
    return next(found for found in at.button if str(found.key).startswith(start))


def test_without_an_authority_it_asks_for_one(page: Page) -> None:
    at = page()
    check(at)
    assert "Choose a council to make its report" in [heading.value for heading in at.header]
    assert not at.get("download_button")


def test_it_begins_with_the_annual_report_and_its_figures(page: Page) -> None:
    at = page(authority="Leeds")
    check(at)
    said = preview(at)
    assert "Care leavers in Leeds: annual outcomes report" in said
    for heading in (
        "Summary",
        "Recommendations",
        "Background",
        "Current position",
        "Questions for members",
        "Implications",
    ):
        assert f"<h3>{heading}</h3>" in said
    assert "<h3>Appendix: definitions and sources</h3>" in said
    assert "Leeds: 46% in education, employment or training, worse than its neighbours’ mean of 55%" in said
    names = [found.label for found in at.button if str(found.key).split("-")[0] in {"up", "down", "remove"}]
    assert len(names) == len(set(names)) > 30
    # An untouched template needs no more in the address.
    assert link(at) == ""


def test_another_template_is_in_the_link_by_its_name(page: Page) -> None:
    at = page(authority="Leeds", template="inspection")
    check(at)
    assert "inspection follow-up" in preview(at)
    at.selectbox(key="template").set_value("quarterly").run()
    assert "quarterly scorecard" in preview(at)


def test_sections_are_moved_removed_and_added_and_the_link_brings_them_back(page: Page) -> None:
    at = page(authority="Leeds", template="quarterly")
    first, second, *_ = at.session_state["_report"].ids
    button(at, f"down-{first}").click().run()
    button(at, f"remove-{second}").click().run()
    check(at)
    kinds = [section.kind for section in held(at).sections]
    assert kinds[:2] == ["summary", "background"]
    assert "recommendations" not in kinds
    at.session_state["_add_kind"] = "measure"
    at.session_state["_add_measure"], at.session_state["_add_age"] = "neet", "17-18"
    next(found for found in at.button if found.label == "Add").click().run()
    check(at)
    assert model.Section("measure", "neet", "17-18") in held(at).sections
    again = page(authority="Leeds", template="quarterly", pack=link(at))
    assert again.session_state["_report"].settings == at.session_state["_report"].settings
    assert preview(again) == preview(at)


def test_the_councils_own_words_stand_in_the_pack_marked_as_such(page: Page) -> None:
    settings = model.from_template("quarterly", LEEDS, "neighbours", {})
    told = model.Section(
        "summary", commentary="A new <b>hub</b> opened.\nMore follow.", officer="Director of Children’s Services"
    )
    at = page(authority="Leeds", template="quarterly", pack=model.to_link(replace(settings, sections=(told,))))
    said = preview(at)
    assert "Leeds: the council’s own words" in said
    assert "A new &lt;b&gt;hub&lt;/b&gt; opened." in said
    assert "Responsible officer: Director of Children’s Services" in said
    # Whoever sent the link wrote it.
    assert any("came with the link" in found.value for found in at.warning)


def test_words_are_not_carried_to_another_authority(page: Page) -> None:
    settings = model.from_template("quarterly", LEEDS, "neighbours", {})
    told = model.Section("summary", commentary="Only of Leeds.")
    at = page(authority="Leeds", template="quarterly", pack=model.to_link(replace(settings, sections=(told,))))
    at.selectbox(key="authority").set_value("Kent").run()
    assert not at.exception
    assert "Only of Leeds" not in preview(at)
    assert "Care leavers in Kent" in preview(at)


@pytest.mark.parametrize("asked", ["x", "eNq", "A" * 7000, "eNqLNtRRiAYABJYBLA"])
def test_a_link_that_cannot_be_read_says_so_and_shows_the_template(page: Page, asked: str) -> None:
    at = page(authority="Leeds", template="indicator", pack=asked)
    check(at)
    assert any("cannot be read" in found.value for found in at.warning)
    assert "one indicator in depth" in preview(at)


def test_a_file_is_made_in_the_line_and_can_then_be_saved(page: Page) -> None:
    at = page(authority="Leeds", template="inspection")
    button(at, "make-zip").click().run()
    key = next(key for key in FILES._jobs if key.endswith("-zip"))
    job = FILES.found(key)
    assert job is not None
    assert job.finished.wait(60)
    assert job.problem == ""
    at.run()
    assert not at.exception
    labels = [found.proto.label for found in at.get("download_button")]
    assert any(label.startswith("Download Pictures and tables (ZIP)") for label in labels)


def test_without_a_browser_it_says_how_to_get_one(page: Page) -> None:
    at = page(authority="Leeds")
    said = "\n".join(found.value for found in at.info)
    assert "apt install chromium" in said
    assert "drawn more simply" in said


def test_questions_that_a_member_took_along_are_the_only_ones_in_it(page: Page) -> None:
    at = page(authority="Leeds", template="inspection")
    every = preview(at).partition("<h3>Questions for members</h3>")[2].partition("<h3>")[0].count("<li>")
    at = page(authority="Leeds", template="inspection", taken="not_known.not_known")
    check(at)
    assert held(at).taken == ("not_known.not_known",)
    asked = preview(at).partition("<h3>Questions for members</h3>")[2].partition("<h3>")[0]
    # One question, and the three that belong to each.
    assert asked.count("<li>") == 4 < every
